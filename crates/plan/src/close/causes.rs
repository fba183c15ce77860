//! The distance from the target by what was done: where the forecast stood, what became of each initiative, and the rest.
//!
//! The frozen forecast is taken with its plan as frozen, then with each initiative as it turned out: shipped for certain,
//! later, not at all, or with the effect that was measured. The distance between the two middles is shared out over the
//! initiatives by their Shapley values, so that it does not matter which is told first. What is left is named unexplained: it
//! is not known what else happened.

use super::closing::{Cause, CauseKind};
use super::shapley::shapley;
use crate::scene::{Scene, draws, with_everything};
use crate::wording;
use quarterdeck_lang::model::{ChangeKind, Initiative, Outcome, OutcomeKind, Plan};

/// Up to so many initiatives are tried in all orders; more are taken in the order of the plan.
const ALL_ORDERS: usize = 6;

/// A target whose distance is explained.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its series.
    pub name: &'a str,
    /// The target in force.
    pub target: f64,
    /// What came.
    pub came: f64,
}

/// The causes of each target's distance, in their order; they sum to it.
pub fn causes(scene: &Scene<'_>, now: Option<&Plan>, wanted: &[Wanted<'_>]) -> Vec<Vec<Cause>> {
    let frozen = scene.inputs.model.plans.get(&scene.period);
    let turned = frozen.map(|frozen| turned_out(frozen, now)).unwrap_or_default();
    let middles = |plan: &Plan| {
        let world = scene.world_with(plan);
        let moved = with_everything(&world);
        wanted.iter().map(|each| Some(draws(&moved, &world, each.name)?.at(0.5))).collect::<Vec<Option<f64>>>()
    };
    let adds = match frozen {
        Some(frozen) if !turned.is_empty() => added(frozen, &turned, wanted.len(), &middles),
        _ => vec![Vec::new(); wanted.len()],
    };
    let (moved, world) = (scene.everything(), &scene.world);
    let explain = |(each, adds): (&Wanted<'_>, Vec<f64>)| {
        let mut rows = Vec::new();
        if let Some(draws) = draws(&moved, world, each.name) {
            let adds = draws.at(0.5) - each.target;
            let label = "the middle of the forecast made then".to_owned();
            rows.push(Cause { kind: CauseKind::Forecast, initiative: None, label, became: String::new(), adds });
        }
        for (turned, adds) in turned.iter().zip(adds).filter(|(_, adds)| *adds != 0.0) {
            rows.push(cause(turned, words(&turned.outcomes), adds));
        }
        rows.extend(frozen.into_iter().flat_map(|plan| silent(scene, plan, &turned, each.name)));
        let explained: f64 = rows.iter().map(|row| row.adds).sum();
        let (label, adds) = ("what none of this explains".to_owned(), each.came - each.target - explained);
        rows.push(Cause { kind: CauseKind::Unexplained, initiative: None, label, became: String::new(), adds });
        rows
    };
    wanted.iter().zip(adds).map(explain).collect()
}

fn cause(initiative: &Initiative, became: String, adds: f64) -> Cause {
    let (name, label) = (initiative.name.clone(), initiative.label.clone());
    Cause { kind: CauseKind::Initiative, initiative: Some(name), label, became, adds }
}

/// The plan's initiatives of which it is known what became, as they turned out.
fn turned_out(frozen: &Plan, now: Option<&Plan>) -> Vec<Initiative> {
    let outcome = |initiative: &Initiative| {
        let today = now?.initiatives.iter().find(|other| other.name == initiative.name)?;
        let changed = today.outcomes != initiative.outcomes && !today.outcomes.is_empty();
        changed.then(|| Initiative { outcomes: today.outcomes.clone(), ..initiative.clone() })
    };
    frozen.initiatives.iter().filter_map(outcome).collect()
}

/// What each initiative's outcome adds to the middle of each target.
fn added(
    frozen: &Plan,
    turned: &[Initiative],
    targets: usize,
    middles: &dyn Fn(&Plan) -> Vec<Option<f64>>,
) -> Vec<Vec<f64>> {
    if turned.len() > ALL_ORDERS {
        return in_order(frozen, turned, targets, middles);
    }
    let with = |set: u32| {
        let mut plan = frozen.clone();
        // No more than ALL_ORDERS initiatives come here, so a set has a bit for each.
        for (_, initiative) in turned.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0) {
            for own in plan.initiatives.iter_mut().filter(|own| own.name == initiative.name) {
                own.clone_from(initiative);
            }
        }
        middles(&plan)
    };
    let sets: Vec<Vec<Option<f64>>> = (0..1_u32 << turned.len()).map(with).collect();
    let of = |target: usize| {
        let value = |set: u32| sets.get(set as usize)?.get(target).copied().flatten();
        shapley(turned.len(), value).unwrap_or_else(|| vec![0.0; turned.len()])
    };
    (0..targets).map(of).collect()
}

/// The same, one initiative after the other in the order of the plan.
fn in_order(
    frozen: &Plan,
    turned: &[Initiative],
    targets: usize,
    middles: &dyn Fn(&Plan) -> Vec<Option<f64>>,
) -> Vec<Vec<f64>> {
    let mut plan = frozen.clone();
    let mut before = middles(&plan);
    let mut adds = vec![Vec::new(); targets];
    for initiative in turned {
        for own in plan.initiatives.iter_mut().filter(|own| own.name == initiative.name) {
            own.clone_from(initiative);
        }
        let after = middles(&plan);
        for (adds, (before, after)) in adds.iter_mut().zip(before.iter().zip(&after)) {
            adds.push(before.zip(*after).map_or(0.0, |(before, after)| after - before));
        }
        before = after;
    }
    adds
}

/// Initiatives that reach a target and of which nobody said what became: they stay as expected.
fn silent(scene: &Scene<'_>, plan: &Plan, turned: &[Initiative], name: &str) -> Vec<Cause> {
    let reaches = |initiative: &&Initiative| {
        let group = scene.world.groups().iter().position(|group| group.name == initiative.name);
        let chosen = group.map(|group| crate::effect::Choice { group, certain: false });
        let moved = scene.world.with(chosen.as_slice(), crate::effect::Lined::Up);
        scene.world.place(name).is_some_and(|node| moved.reached(node))
    };
    let unsaid = |initiative: &&Initiative| {
        initiative.outcomes.is_empty() && turned.iter().all(|other| other.name != initiative.name)
    };
    let rows = plan.initiatives.iter().filter(unsaid).filter(reaches);
    rows.map(|initiative| cause(initiative, "no outcome is written".to_owned(), 0.0)).collect()
}

/// What became of an initiative, in words.
pub fn words(outcomes: &[Outcome]) -> String {
    let one = |outcome: &Outcome| {
        let what = match &outcome.kind {
            OutcomeKind::Shipped(Some(on)) => format!("shipped on {on}"),
            OutcomeKind::Shipped(None) => "shipped".to_owned(),
            OutcomeKind::Slipped(to) => format!("slipped to {to}"),
            OutcomeKind::Dropped => "dropped".to_owned(),
            OutcomeKind::Measured(change) => {
                let size = change.size.mid;
                match change.kind {
                    ChangeKind::Points => format!("measured at {} pp", wording::number(100.0 * size)),
                    ChangeKind::Relative => format!("measured at {}", wording::percent(size)),
                    ChangeKind::Amount => format!("measured at {}", wording::number(size)),
                }
            }
        };
        match &outcome.because {
            Some(because) => format!("{what} ({because})"),
            None => what,
        }
    };
    wording::list(&outcomes.iter().map(one).collect::<Vec<_>>())
}
