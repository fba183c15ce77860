//! What only a target's page says: history and fan, what must be true, who does what, what we do not know.

mod bridge;
mod curve;
mod longer;
mod pace;

pub use bridge::{Stage, bridge};
pub use curve::{fan, history};
pub use longer::{goals, longer};
pub use pace::pace;

use crate::effect::{Course, Kind, grade, shrink};
use crate::flag;
use crate::method::Case;
use crate::nested::{self, Nest};
use crate::outlook::percentiles;
use crate::proposal::{InitiativeRow, MarketDetail, MethodRow, RiskRow};
use crate::size::Size;
use crate::wording::{difference, list, number, percent};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_lang::model::{ChangeKind, Estimate, Judgement, Tier};

/// The market behind a metric, and the shares of its tiers that a target takes.
pub fn market(case: &Case<'_>, target: f64) -> Option<MarketDetail> {
    let link = case.metric.market.as_ref()?;
    let market = case.inputs.model.markets.get(&link.market)?;
    let scale = link.per * case.past().map_or(1.0, |facts| facts.per_window);
    let (_, mid, _) = percentiles(&market.tam.size);
    let tiers = nested::tiers(market);
    let nest = Nest::draw(market, case.inputs.seed);
    let share = |tier: Tier| {
        let shares: Vec<f64> = nest.of(tier)?.iter().map(|size| target / (size * scale)).collect();
        let shares = sorted(&shares);
        let at = |p: f64| quantile_sorted(&shares, p);
        Some((at(0.1)?, at(0.5)?, at(0.9)?))
    };
    let further = [Tier::Sam, Tier::Som].into_iter();
    Some(MarketDetail {
        label: market.label.clone().unwrap_or_else(|| market.name.clone()),
        unit: market.unit.clone(),
        tiers,
        implied_share: share(Tier::Tam)?,
        implied_of: further.filter_map(|tier| Some((tier, share(tier)?))).collect(),
        share_now: case.standing().map(|(level, _)| level / (mid * scale)),
        source: market.source.clone(),
        date: market.date,
    })
}

/// The initiatives that reach a metric, in the order of the plan.
pub fn initiatives(case: &Case<'_>) -> Vec<InitiativeRow> {
    let Some((plan, node)) = case.plan.zip(case.world.place(case.name)) else { return Vec::new() };
    let row = |place: usize, name: &str| {
        let initiative = plan.initiatives.iter().find(|initiative| initiative.name == name)?;
        let course = Course::of(initiative)?;
        let moved = case.alone.get(place).filter(|moved| moved.reached(node))?;
        let adds = differences(moved.get(node), case.base);
        let mean = adds.iter().sum::<f64>() / adds.len().max(1) as f64;
        let own = initiative.moves.iter().find(|moves| moves.metric == case.name).or(initiative.moves.first())?;
        let grade = grade(initiative, case.inputs.as_of).filter(|_| course.measured.is_none());
        let evidence = initiative.evidence.as_ref();
        Some(InitiativeRow {
            name: initiative.name.clone(),
            label: initiative.label.clone(),
            owner: initiative.owner.clone(),
            ships: course.ships,
            starts: course.starts.unwrap_or(case.window.0),
            adds: mean,
            range: (quantile_sorted(&adds, 0.1).unwrap_or(mean), quantile_sorted(&adds, 0.9).unwrap_or(mean)),
            evidence: evidence.map(|evidence| (evidence.grade, evidence.text.clone().unwrap_or_default())),
            shrunk: shrink(Size::change(&own.by), grade).factor,
            cost: initiative.cost,
        })
    };
    groups(case, Kind::Initiative).into_iter().filter_map(|(place, name)| row(place, name)).collect()
}

/// The risks that reach a metric, each as if it came.
pub fn risks(case: &Case<'_>) -> Vec<RiskRow> {
    let Some((plan, node)) = case.plan.zip(case.world.place(case.name)) else { return Vec::new() };
    let row = |place: usize, name: &str| {
        let risk = plan.risks.iter().find(|risk| risk.name == name)?;
        let moved = case.alone.get(place).filter(|moved| moved.reached(node))?;
        let adds = differences(moved.get(node), case.base);
        Some(RiskRow {
            label: risk.label.clone(),
            chance: risk.chance,
            adds: adds.iter().sum::<f64>() / adds.len().max(1) as f64,
            sign: risk.sign.clone(),
            owner: risk.owner.clone(),
        })
    };
    groups(case, Kind::Risk).into_iter().filter_map(|(place, name)| row(place, name)).collect()
}

fn groups<'a>(case: &Case<'a>, kind: Kind) -> Vec<(usize, &'a str)> {
    let groups = case.world.groups().iter().enumerate();
    groups.filter(|(_, group)| group.kind == kind).map(|(place, group)| (place, group.name.as_str())).collect()
}

fn differences(after: &[f64], before: &[f64]) -> Vec<f64> {
    sorted(&after.iter().zip(before).map(|(after, before)| after - before).collect::<Vec<_>>())
}

/// The judgements on a metric: the shift in words, because, who.
pub fn judgements(case: &Case<'_>) -> Vec<(String, String, Option<String>)> {
    let words = |judgement: &Judgement| {
        let Estimate { low, mid, high, .. } = judgement.shift.size;
        let one = |value: f64| match judgement.shift.kind {
            ChangeKind::Points => format!("{} pp", number(100.0 * value)),
            ChangeKind::Relative => percent(value),
            ChangeKind::Amount => difference(value, &case.metric.unit),
        };
        if low == high { one(mid) } else { format!("{} to {}", one(low), one(high)) }
    };
    let on_it =
        case.plan.into_iter().flat_map(|plan| &plan.judgements).filter(|judgement| judgement.metric == case.name);
    on_it.map(|judgement| (words(judgement), judgement.because.clone(), judgement.owner.clone())).collect()
}

/// What the way from the last actual to the target is worth over the period, in the workspace's currency.
pub fn worth(case: &Case<'_>, target: f64) -> Option<Estimate> {
    let worth = case.metric.worth?;
    let facts = case.past()?;
    // An average per week counts once for every week of the period.
    let times = facts.to_total * (target - facts.last?.value);
    let (low, high) = if times < 0.0 { (worth.high, worth.low) } else { (worth.low, worth.high) };
    Some(Estimate { low: low * times, mid: worth.mid * times, high: high * times, ..worth })
}

/// Whether the methods agree, and if not where each starts from.
pub fn agreement(case: &Case<'_>, methods: &[MethodRow], disagree: bool) -> String {
    let starts = |name: &str| match name {
        "trend" => "continues what the history does",
        "benchmark" => "starts from where others stand",
        "market" => "starts from the size of the market",
        "initiatives" => "adds what the plan does to the forecast",
        _ => "starts from what the parent objective needs",
    };
    let given: Vec<(&str, f64)> = methods
        .iter()
        .filter_map(|row| match row {
            MethodRow::Given { name, p50, .. } => Some((name.as_str(), *p50)),
            MethodRow::Missing { .. } => None,
        })
        .collect();
    let Some((low, high)) = flag::ends(methods) else {
        return match given.first() {
            Some((name, _)) => format!("Only {name} has input, so there is nothing to compare."),
            None => "No method has input.".into(),
        };
    };
    if !disagree {
        let names: Vec<String> = given.iter().map(|(name, _)| (*name).to_owned()).collect();
        let (low, high) = (case.level(low.1), case.level(high.1));
        if low == high {
            let all = if names.len() == 2 { "both" } else { "all" };
            return format!("{} {all} say {low}.", capital(&list(&names)));
        }
        return format!(
            "{} lie between {low} and {high}, closer together than a bad and a good quarter.",
            capital(&list(&names))
        );
    }
    format!(
        "They differ by {}: {} {} and says {}; {} {} and says {}.",
        difference(high.1 - low.1, &case.metric.unit),
        high.0,
        starts(high.0),
        case.level(high.1),
        low.0,
        starts(low.0),
        case.level(low.1)
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What we do not know, in sentences.
pub fn unknowns(case: &Case<'_>) -> Vec<String> {
    let mut unknowns = Vec::new();
    if let Some(why) = case.no_forecast {
        unknowns.push(format!("How likely the target is: {why}."));
    }
    if let Some(forecast) = case.outlook.get(case.name) {
        let n = forecast.claims.len();
        match n {
            0 => unknowns.push("How often such claims came true: no past quarter could be checked.".into()),
            1..=7 => unknowns.push(format!("How often such claims come true: only {n} past quarters could be checked, and chance alone moves that much.")),
            _ => {}
        }
        unknowns.extend(forecast.notes.iter().cloned());
    }
    let Some(plan) = case.plan else { return unknowns };
    let dated_later = plan.initiatives.iter().filter(|initiative| {
        let evidence = initiative.evidence.as_ref().and_then(|evidence| evidence.date);
        evidence.is_some_and(|date| date > case.inputs.as_of)
    });
    for initiative in dated_later {
        unknowns.push(format!(
            "What {} will show: its evidence is dated after {} and counts as an opinion.",
            initiative.label, case.inputs.as_of
        ));
    }
    let in_history: Vec<String> = plan
        .initiatives
        .iter()
        .filter(|initiative| initiative.moves.iter().any(|moves| moves.metric == case.name))
        .filter(|initiative| {
            Course::of(initiative).and_then(|course| course.starts).is_some_and(|on| on <= case.inputs.as_of)
        })
        .map(|initiative| initiative.label.clone())
        .collect();
    if !in_history.is_empty() {
        let names = list(&in_history);
        unknowns.push(format!(
            "How much of {names} the history holds already: it began before {}, and only what comes after is added.",
            case.inputs.as_of
        ));
    }
    unknowns
}
