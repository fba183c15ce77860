//! The forecast plus each initiative that reaches the metric, directly or through an identity.

use super::{Case, Method, Said, spread};
use crate::effect::{Course, Kind, grade, shrink};
use crate::offer::Draws;
use crate::size::Size;
use crate::wording::{difference, number, percent};
use quarterdeck_lang::model::{ChangeKind, Grade, Initiative, Unit};

/// The method.
pub struct Initiatives;

impl Method for Initiatives {
    fn name(&self) -> &'static str {
        "initiatives"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let none = "no initiative of the plan moves it";
        let plan = case.plan.filter(|plan| !plan.initiatives.is_empty()).ok_or(none)?;
        let node = case.world.place(case.name).filter(|_| !case.base.is_empty());
        let Some((node, draws)) = node.zip(Draws::new(case.base)) else {
            let why = case.no_forecast.unwrap_or("it has no history");
            return Err(format!("initiatives add to a forecast, and there is none: {why}"));
        };
        let before = draws.at(0.5);
        let mut beside = Vec::new();
        let mut steps = vec![format!("The forecast without the plan: {}.", case.level(before))];
        for (place, group) in case.world.groups().iter().enumerate() {
            if group.kind != Kind::Initiative {
                continue;
            }
            let Some(moved) = case.alone.get(place).filter(|moved| moved.reached(node)) else { continue };
            let initiative = plan.initiatives.iter().find(|initiative| initiative.name == group.name);
            let label = initiative.map_or(group.name.as_str(), |initiative| initiative.label.as_str());
            let adds = moved.get(node).iter().zip(case.base).map(|(after, before)| after - before).sum::<f64>()
                / case.base.len() as f64;
            steps.push(format!("{label}: {} on average over all paths.", difference(adds, &case.metric.unit)));
            steps.extend(initiative.and_then(|initiative| shrinkage(case, initiative)));
            beside.extend(spread(format!("with {label} alone"), moved.get(node), Vec::new()));
        }
        if beside.is_empty() {
            return Err(none.into());
        }
        let asked: Vec<_> = spread("with every initiative", case.with_initiatives, steps).into_iter().collect();
        let beside = if beside.len() > 1 { beside } else { Vec::new() };
        Ok(Said { asked, beside, flags: Vec::new() })
    }

    fn meet(&self, case: &Case<'_>, value: f64) -> Vec<String> {
        let (Some(base), Some(with)) = (Draws::new(case.base), Draws::new(case.with_initiatives)) else {
            return Vec::new();
        };
        let (adds, needed) = (with.at(0.5) - base.at(0.5), value - base.at(0.5));
        let unit = &case.metric.unit;
        // Towards the better side is what has to be added; the middle may lie there already.
        let lower = case.metric.better == Some(quarterdeck_lang::model::Better::Lower);
        if if lower { needed >= 0.0 } else { needed <= 0.0 } {
            return vec![format!(
                "Initiatives: nothing need be added, the middle of the forecast meets it without them; they {}.",
                step(adds, ["add", "take away"], unit)
            )];
        }
        let instead = match needed.is_sign_negative() == adds.is_sign_negative() {
            true => difference(adds.abs(), unit),
            false => step(adds, ["adding", "taking away"], unit),
        };
        vec![format!(
            "Initiatives: they would have to {} in the middle instead of {instead}.",
            step(needed, ["add", "take away"], unit)
        )]
    }
}

/// How an initiative's evidence makes of what is stated what counts.
fn shrinkage(case: &Case<'_>, initiative: &Initiative) -> Option<String> {
    let grade = grade(initiative, case.inputs.as_of)?;
    let course = Course::of(initiative).filter(|course| course.measured.is_none())?;
    let moves = initiative.moves.iter().find(|moves| moves.metric == case.metric.name)?;
    let size = Size::change(&moves.by);
    let shrunk = shrink(size, Some(grade));
    let words = |value: f64| match moves.by.kind {
        ChangeKind::Points => format!("{} pp", number(100.0 * value)),
        ChangeKind::Relative => percent(value),
        ChangeKind::Amount => case.level(value),
    };
    Some(format!(
        "  stated {} in the middle; {} evidence (its prior: 0 ± {}) counts for {} of it: {}; ships with {}{}.",
        words(size.middle()),
        grade_word(grade),
        words(size.middle().abs()),
        number(shrunk.factor),
        words(shrunk.at(0.0)),
        percent(course.ships),
        if initiative.in_trend > 0.0 {
            format!("; {} of it is in the history already", percent(initiative.in_trend))
        } else {
            String::new()
        }
    ))
}

/// A change in words: the first of two verbs for what is added, the second for what is taken away.
fn step(change: f64, [adds, takes]: [&str; 2], unit: &Unit) -> String {
    format!("{} {}", if change < 0.0 { takes } else { adds }, difference(change.abs(), unit))
}

fn grade_word(grade: Grade) -> &'static str {
    match grade {
        Grade::Experiment => "experiment",
        Grade::Pilot => "pilot",
        Grade::Similar => "similar",
        Grade::Benchmark => "benchmark",
        Grade::Opinion => "opinion",
    }
}
