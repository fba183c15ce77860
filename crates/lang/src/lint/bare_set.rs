//! That a number given by hand has a reason.

use super::{Finding, Lint, Workspace};
use crate::codes::Code;
use crate::model::Method;

pub(super) const CODE: Code = Code {
    code: "L014",
    title: "a set target or a stretch without a because",
    explanation: "A number that does not come from the forecast needs the reason it was chosen, or nobody can tell later whether it was a good one.",
    wrong: "plan 2027-Q1 { target on_time_rate { set: 94.5% } }",
    right: "plan 2027-Q1 { target on_time_rate { set: 94.5%  because: \"Board commitment.\" } }",
};

/// See [`CODE`].
pub(super) struct BareSet;

impl Lint for BareSet {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (plan, target) in workspace.targets().filter(|(_, target)| target.because.is_none()) {
            let stretched = target
                .methods
                .iter()
                .any(|method| matches!(method, Method::Trend(Some(_)) | Method::Objective { stretch: Some(_), .. }));
            let (what, key) = match (target.set, stretched) {
                (Some(_), _) => ("is set by hand", "set"),
                (None, true) => ("is stretched", "method"),
                (None, false) => continue,
            };
            let message = format!("the target of `{}` {what} and does not say why", target.metric);
            found.push(workspace.target(plan, target, key, message).hint("add `because: \"…\"`"));
        }
        found
    }
}
