//! The same proposal at the values that count: where a person adjusted, amended or withdrew a target, everything a page says
//! (bridge, implied inputs, joint chances) is to be about what people decided, not about what was proposed.

use super::needed;
use quarterdeck_calendar::Period;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Place, Plan, Target};

/// What people decided about one target.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The metric.
    pub metric: String,
    /// Which part of it, as written.
    pub slice: Option<String>,
    /// What they decided.
    pub what: Decision,
}

/// What people decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Another value, and the chance it was to have; with the reason, where there is one.
    Value {
        /// The value, in the metric's unit.
        value: f64,
        /// The chance wanted.
        confidence: f64,
        /// Why.
        because: Option<String>,
    },
    /// It is withdrawn, because.
    Withdrawn(String),
}

/// The model with a period's targets at the values that count; `None` where nothing was decided. Withdrawn targets are left
/// out, unless none would be left.
pub fn model(model: &Model, period: Period, decided: &[Decided]) -> Option<Model> {
    let is_meant = |target: &Target, one: &&Decided| {
        target.metric == one.metric && target.slice.as_ref().map(|slice| &slice.text) == one.slice.as_ref()
    };
    let mut targets = needed::targets(model, period);
    let mut changed = false;
    for target in &mut targets {
        let found = decided.iter().find(|one| is_meant(target, one));
        if let Some(Decided { what: Decision::Value { value, confidence, because }, .. }) = found {
            (target.set, target.confidence) = (Some(*value), *confidence);
            target.because = because.clone().or(target.because.take());
            changed = true;
        }
    }
    let withdrawn = |target: &Target| {
        let found = decided.iter().find(|one| is_meant(target, one));
        found.is_some_and(|one| matches!(one.what, Decision::Withdrawn(_)))
    };
    if !targets.iter().all(withdrawn) {
        let before = targets.len();
        targets.retain(|target| !withdrawn(target));
        changed |= targets.len() < before;
    }
    if !changed {
        return None;
    }
    let mut model = model.clone();
    let learns = model.plans.get(&period).into_iter().flat_map(|plan| &plan.targets);
    targets.extend(learns.filter(|target| target.learn.is_some()).cloned());
    match model.plans.get_mut(&period) {
        Some(plan) => plan.targets = targets,
        None => {
            model.plans.insert(period, bare(period, targets));
        }
    }
    Some(model)
}

/// A plan that says nothing but its targets.
pub(crate) fn bare(period: Period, targets: Vec<Target>) -> Plan {
    Plan {
        period,
        label: String::new(),
        objective: None,
        approver: None,
        targets,
        initiatives: Vec::new(),
        judgements: Vec::new(),
        quotes: Vec::new(),
        risks: Vec::new(),
        milestones: Vec::new(),
        scenarios: Vec::new(),
        allows: Vec::new(),
        revision: String::new(),
        place: Place::default(),
    }
}
