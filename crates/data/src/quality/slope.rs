//! Slopes: whether a target's objective asks for a larger change than its metric ever made.

use super::{Finding, Promise};
use crate::load::Observed;
use quarterdeck_calendar::Period;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Change, ChangeKind, Method, Metric, Plan, Target};
use std::collections::BTreeMap;

/// From so many changes between quarters on, the largest of them says how far the metric goes.
const FEWEST: usize = 4;

/// Every target whose objective is worked back through a written slope, for a change beyond what its metric has shown.
///
/// A slope that history gives (`drives:` without `at`) is doubted where it is estimated, and not here.
pub fn check(model: &Model, known: &BTreeMap<String, Observed>) -> Vec<Finding> {
    let targets = model.plans.values().flat_map(|plan| plan.targets.iter().map(move |target| (plan, target)));
    targets.filter_map(|(plan, target)| beyond(model, known, plan, target)).collect()
}

fn beyond(model: &Model, known: &BTreeMap<String, Observed>, plan: &Plan, target: &Target) -> Option<Finding> {
    let metric = model.metrics.get(&target.metric)?;
    let quarters = &known.get(&target.metric)?.history.quarters;
    target.methods.iter().find_map(|method| {
        let Method::Objective { metric: parent, change, slope, .. } = method else { return None };
        let (gives, per) = slope.as_ref().or_else(|| edge(metric, parent))?;
        let needed = needed(change, gives, per)?;
        let quarters = quarters.iter().filter(|quarter| quarter.complete);
        let values: Vec<(Period, f64)> = quarters.map(|quarter| (quarter.period, quarter.value)).collect();
        let (when, most) = furthest(&values, per.kind, needed)?;
        (needed.abs() > most.abs()).then(|| Finding {
            promise: Promise::Slope,
            subject: target.metric.clone(),
            message: format!(
                "the target of `{}` in {} asks it to move by {} for `{parent}`, and from one quarter to the next it never moved by more than {} (into {when})",
                target.metric,
                plan.period,
                shown(needed, per.kind, metric),
                shown(most, per.kind, metric),
            ),
            place: target.place.clone(),
        })
    })
}

fn edge<'m>(metric: &'m Metric, parent: &str) -> Option<&'m (Change, Change)> {
    metric.drives.iter().find(|edge| edge.metric == parent)?.slope.as_ref()
}

/// The change of the metric that gives its parent the change asked for: CHANGE / A × B.
fn needed(change: &Change, gives: &Change, per: &Change) -> Option<f64> {
    let needed = change.size.mid / gives.size.mid * per.size.mid;
    (change.kind == gives.kind && needed.is_finite() && needed != 0.0).then_some(needed)
}

/// The largest change from a quarter to the next in the needed direction, and the quarter it led to; `None` where too few
/// are known, and nothing moved that way.
fn furthest(quarters: &[(Period, f64)], kind: ChangeKind, needed: f64) -> Option<(Period, f64)> {
    let changes = quarters.iter().zip(quarters.iter().skip(1)).filter_map(|((_, before), (period, after))| {
        let change = if kind == ChangeKind::Relative { after / before - 1.0 } else { after - before };
        change.is_finite().then_some((*period, change))
    });
    let changes: Vec<(Period, f64)> = changes.collect();
    let enough = changes.len() >= FEWEST;
    let along = changes.into_iter().filter(|(_, change)| change.signum() == needed.signum());
    along.max_by(|one, two| one.1.abs().total_cmp(&two.1.abs())).filter(|_| enough)
}

fn shown(size: f64, kind: ChangeKind, metric: &Metric) -> String {
    match kind {
        ChangeKind::Relative => format!("{:.1}%", 100.0 * size),
        ChangeKind::Points => format!("{:.1}pp", 100.0 * size),
        ChangeKind::Amount => format!("{size:.1} {}", metric.unit.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quarterdeck_lang::model::Estimate;

    fn change(kind: ChangeKind, size: f64) -> Change {
        Change { kind, size: Estimate { low: size, mid: size, high: size, level: 0.8, from_range: false } }
    }

    #[test]
    fn what_is_needed_is_the_change_over_the_slope() {
        // 4 % of the parent at 0.25 pp... of it for 1 % of this one: 4 / 0.25 x 1 % = 16 %.
        let asked = change(ChangeKind::Relative, 0.04);
        let (gives, per) = (change(ChangeKind::Relative, 0.0025), change(ChangeKind::Relative, 0.01));
        assert!((needed(&asked, &gives, &per).unwrap_or_default() - 0.16).abs() < 1e-12);
        assert_eq!(needed(&change(ChangeKind::Points, 0.04), &gives, &per), None);
    }

    #[test]
    fn the_furthest_a_metric_went_in_that_direction() {
        let quarter = |text: &str| text.parse::<Period>().unwrap_or_else(|_| unreachable!("{text} is a quarter"));
        let names = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"];
        let values = [100.0, 110.0, 99.0, 108.9, 163.35];
        let quarters: Vec<(Period, f64)> = names.into_iter().map(quarter).zip(values).collect();
        let (up, most) = furthest(&quarters, ChangeKind::Relative, 0.2).unwrap_or((quarter("2025-Q1"), 0.0));
        assert_eq!((up, (most * 1e9).round() / 1e9), (quarter("2026-Q1"), 0.5));
        let (down, least) = furthest(&quarters, ChangeKind::Amount, -1.0).unwrap_or((quarter("2025-Q1"), 0.0));
        assert_eq!((down, least), (quarter("2025-Q3"), -11.0));
        let few = quarters.get(..4).unwrap_or_default();
        assert_eq!(furthest(few, ChangeKind::Relative, 0.2), None, "three changes say too little");
    }
}
