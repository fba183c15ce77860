//! That a carried initiative still expects what was measured of it.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;
use crate::model::{Change, Initiative, Moves, OutcomeKind, Plan};

pub(super) const CODE: Code = Code {
    code: "L023",
    title: "an effect that was measured otherwise",
    explanation: "An initiative is carried over with an expected effect whose range does not hold what was measured of it in the earlier plan. Either the measurement or the expectation is wrong. (Looked at where the initiative moves one metric.)",
    wrong: "plan 2026-Q4 { initiative depot { moves: on_time_rate by 1pp to 3pp  outcome: measured 0.2pp } }\nplan 2027-Q1 {\n  target on_time_rate { because: \"x\" }\n  initiative depot continues 2026-Q4 { starts: 2027-02-01 }\n}",
    right: "plan 2026-Q4 { initiative depot { moves: on_time_rate by 1pp to 3pp  outcome: measured 0.2pp } }\nplan 2027-Q1 {\n  target on_time_rate { because: \"x\" }\n  initiative depot continues 2026-Q4 { moves: on_time_rate by 0.1pp to 0.5pp }\n}",
};

/// See [`CODE`].
pub(super) struct Refuted;

impl Lint for Refuted {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let plans = workspace.model.plans.values();
        let carried = plans.flat_map(|plan| plan.initiatives.iter().map(move |initiative| (plan, initiative)));
        carried.filter_map(|(plan, initiative)| refuted(workspace, plan, initiative)).collect()
    }
}

fn refuted(workspace: &Workspace<'_>, plan: &Plan, initiative: &Initiative) -> Option<Finding> {
    let earlier = workspace.model.plans.get(&initiative.continues?)?;
    let before = earlier.initiatives.iter().find(|before| before.name == initiative.name)?;
    let ([now], [then]) = (initiative.moves.as_slice(), before.moves.as_slice()) else { return None };
    let measured = before.outcomes.iter().rev().find_map(|outcome| match &outcome.kind {
        OutcomeKind::Measured(change) => Some(change),
        _ => None,
    })?;
    if now.metric != then.metric || holds(now, measured) {
        return None;
    }
    let path = format!("plan/{}/initiative/{}", plan.period, initiative.name);
    let message = format!("`{}` is expected to move `{}` otherwise than was measured", initiative.name, now.metric);
    let subject = Subject::Plan(plan.period.to_string());
    let finding = workspace.finding(&path, subject, &[&initiative.allows, &plan.allows], message);
    let place = workspace.find(&format!("plan/{}/initiative/{}/outcome", earlier.period, initiative.name));
    let hint = "give `moves:` a range that holds what was measured, or say with `allow:` why it will be otherwise";
    Some(finding.label(place, "measured here").hint(hint))
}

/// Whether what was measured lies inside what is expected; changes of different kinds cannot be compared.
fn holds(expected: &Moves, measured: &Change) -> bool {
    let size = expected.by.size;
    expected.by.kind != measured.kind
        || size.is_point()
        || size.low <= measured.size.mid && measured.size.mid <= size.high
}
