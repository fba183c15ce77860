//! Targets on parts of a metric, against the target on the whole: parts by slice, and parts by identity.

use super::States;
use crate::implied::{Ground, composed};
use crate::method::Case;
use crate::offer::Draws;
use crate::proposal::{Flag, Offer, TargetProposal};
use crate::verdict::raise;
use crate::wording::{chance, list};
use quarterdeck_forecast::Nature;
use quarterdeck_lang::model::{Better, Filter, RowOp};
use std::collections::BTreeMap;

/// A part that is promised with at least this chance is promised with care.
const CAREFUL: f64 = 0.8;
/// A whole that careful parts make with at least this chance has care taken twice.
const PADDED: f64 = 0.95;
/// A whole is short of its parts' making from this chance lower on.
const SHORT: f64 = 0.05;

/// Flags what targets on parts make of the whole.
pub fn check(cases: &[Case<'_>], proposals: &mut [TargetProposal], states: &States<'_>) {
    by_slice(cases, proposals);
    by_identity(cases, proposals, states);
}

/// Flags a metric whose parts by identity have targets of their own that make too little of it, or all but surely enough: parts
/// at 90 % each make a whole at 99 %, so that the care of each is taken once more.
fn by_identity(cases: &[Case<'_>], proposals: &mut [TargetProposal], states: &States<'_>) {
    for at in 0..cases.len() {
        let Some(case) = cases.get(at).filter(|case| case.target.slice.is_none()) else { continue };
        let flags = whole(case, cases, proposals, states);
        let Some(proposal) = proposals.get_mut(at) else { continue };
        for flag in flags {
            raise(&mut proposal.findings.verdicts, &flag);
            proposal.flags.push(flag);
        }
    }
}

fn whole(case: &Case<'_>, cases: &[Case<'_>], proposals: &[TargetProposal], states: &States<'_>) -> Vec<Flag> {
    let Some(node) = case.world.place(case.name) else { return Vec::new() };
    let parts = case.world.nodes().get(node).and_then(|node| node.identity.as_ref()).map(|sum| sum.parts());
    let (Some(parts), Some(better)) = (parts, case.metric.better) else { return Vec::new() };
    let of = |part: &usize| {
        let named = |other: &Case<'_>| case.world.place(other.name) == Some(*part) && other.target.slice.is_none();
        let at = cases.iter().position(named)?;
        Some((*part, cases.get(at)?, proposals.get(at)?.proposed.target?))
    };
    let targets: Vec<(usize, &Case<'_>, Offer)> = parts.iter().filter_map(of).collect();
    if targets.is_empty() || matches!(better, Better::Between(..)) {
        return Vec::new();
    }
    let given: BTreeMap<usize, f64> = targets.iter().map(|(part, _, offer)| (*part, offer.value)).collect();
    let ground = Ground { inputs: case.inputs, world: case.world, facts: case.facts, moved: &states.everything };
    let (Some(value), Some(draws)) = (composed(&ground, node, &given), Draws::new(states.everything.get(node))) else {
        return Vec::new();
    };
    let names: Vec<String> = targets
        .iter()
        .map(|(_, part, offer)| {
            let p = offer.p_hit.map(|p| format!(" ({})", chance(p))).unwrap_or_default();
            format!("{} at {}{p}", part.metric.label, part.level(offer.value))
        })
        .collect();
    let own =
        proposals.iter().zip(cases).find(|(_, other)| other.name == case.name).and_then(|(own, _)| own.proposed.target);
    let p = draws.chance(better, value);
    let rest = if targets.len() < parts.len() { ", the rest as expected" } else { "" };
    let mut flags = Vec::new();
    let careful = targets.len() > 1 && targets.iter().all(|(.., offer)| offer.p_hit.is_some_and(|p| p >= CAREFUL));
    let most = targets.iter().filter_map(|(.., offer)| offer.p_hit).fold(0.0, f64::max);
    if careful && p >= PADDED && p > most {
        flags.push(Flag {
            code: "padded".into(),
            message: format!(
                "{} make {}{rest}, which is met with {}: the care of each part is taken once more. At {} the whole is {}.",
                list(&names),
                case.level(value),
                chance(p),
                chance(most),
                case.level(draws.met_with(better, most))
            ),
        });
    }
    // Short only where what the parts make is clearly likelier than the whole: the wider rest is for the whole to find.
    if let Some(own) =
        own.filter(|own| own.p_hit.is_some_and(|whole| p > whole + SHORT) && targets.len() == parts.len())
    {
        flags.push(Flag {
            code: "parts_fall_short".into(),
            message: format!("{} make {}{rest}, short of {}.", list(&names), case.level(value), case.level(own.value)),
        });
    }
    flags
}

/// Flags a whole whose parts sum to more than it, or to less, with the difference. Only parts that cannot overlap are summed: different values of one column,
/// of a metric that adds up and is read as a total or an average.
fn by_slice(cases: &[Case<'_>], proposals: &mut [TargetProposal]) {
    for (at, whole) in cases.iter().enumerate().filter(|(_, case)| case.target.slice.is_none()) {
        let flow = whole.past().is_some_and(|facts| facts.series.nature == Nature::Flow);
        let of_it = cases
            .iter()
            .zip(proposals.iter())
            .filter(|(case, _)| case.target.slice.is_some() && case.metric.name == whole.metric.name);
        let mut parts: Vec<(&Filter, &str, f64)> = Vec::new();
        for (case, proposal) in of_it {
            let Some((column, value)) = case.target.slice.as_ref().and_then(|slice| equality(&slice.filter)) else {
                continue;
            };
            let Some(offer) = proposal.proposed.target else { continue };
            let fits = parts.iter().all(|(other, said, _)| *other == column && *said != value);
            if fits {
                parts.push((column, value, offer.value));
            }
        }
        let sum: f64 = parts.iter().map(|(_, _, value)| value).sum();
        let Some(proposal) = proposals.get_mut(at).filter(|_| flow && !parts.is_empty()) else { continue };
        let Some(target) = proposal.proposed.target else { continue };
        let rest = target.value - sum;
        if parts.len() > 1 && rest > 1e-9 * target.value.abs() {
            let message = format!(
                "The targets of {} of its parts sum to {}; {} of the whole's {} is left to parts without a target.",
                parts.len(),
                whole.level(sum),
                whole.level(rest),
                whole.level(target.value)
            );
            proposal.flags.push(Flag { code: "parts_leave_rest".into(), message });
        }
        if rest >= -1e-9 * target.value.abs() {
            continue;
        }
        let message = format!(
            "The targets of {} of its parts sum to {}, {} more than the whole's {}.",
            parts.len(),
            whole.level(sum),
            whole.level(-rest),
            whole.level(target.value)
        );
        proposal.flags.push(Flag { code: "parts_exceed_whole".into(), message });
    }
}

/// A column and the text it is to equal.
fn equality(filter: &Filter) -> Option<(&Filter, &str)> {
    let Filter::Binary(RowOp::Equal, column, value) = filter else { return None };
    match (column.as_ref(), value.as_ref()) {
        (column @ (Filter::Column(_) | Filter::Joined { .. }), Filter::Text(text)) => Some((column, text)),
        _ => None,
    }
}
