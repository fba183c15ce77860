//! Targets on parts of a metric, against the target on the whole.

use crate::method::Case;
use crate::proposal::{Flag, TargetProposal};
use quarterdeck_forecast::Nature;
use quarterdeck_lang::model::{Filter, RowOp};

/// Flags a whole whose parts sum to more than it. Only parts that cannot overlap are summed: different values of one column,
/// of a metric that adds up and is read as a total or an average.
pub fn check(cases: &[Case<'_>], proposals: &mut [TargetProposal]) {
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
        let Some(target) = proposal.proposed.target.filter(|target| sum > target.value) else { continue };
        let message = format!(
            "The targets of {} of its parts sum to {}, more than the whole's {}.",
            parts.len(),
            whole.level(sum),
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
