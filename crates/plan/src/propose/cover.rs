//! What the cover page says besides the targets.

use super::{Case, needed};
use crate::effect::{Choice, Kind, Lined, World};
use crate::offer::{Draws, three};
use crate::outlook::Inputs;
use crate::proposal::{Cover, MilestoneRow, ScenarioRow, TargetProposal, TreeEdge};
use crate::tree;
use quarterdeck_calendar::Period;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Metric, Plan, Scenario};
use std::collections::BTreeSet;

/// The cover of a proposal.
pub fn cover(inputs: &Inputs<'_>, period: Period, cases: &[Case<'_>], targets: &[TargetProposal]) -> Cover {
    let model = inputs.model;
    let plan = model.plans.get(&period);
    let dependence = cases.first().map(|case| case.outlook.dependence.clone()).unwrap_or_default();
    Cover {
        workspace: model.settings.name.clone(),
        currency: model.settings.currency.clone(),
        title: plan.map(|plan| plan.label.clone()).unwrap_or_default(),
        objective: plan.and_then(|plan| plan.objective.clone()),
        approver: plan.and_then(|plan| plan.approver.clone()),
        revision: plan.map(|plan| plan.revision.clone()).unwrap_or_default(),
        north_star: north_star(model).map(|metric| metric.name.clone()),
        tree: edges(model, targets),
        milestones: plan.map(milestones).unwrap_or_default(),
        scenarios: scenarios(plan, cases, targets),
        dependence,
        learn: plan
            .into_iter()
            .flat_map(needed::to_learn)
            .filter_map(|target| {
                let learn = target.learn.as_ref()?;
                Some((target.metric.clone(), learn.what.clone(), learn.by))
            })
            .collect(),
        notes: notes(inputs, period, plan),
    }
}

fn north_star(model: &Model) -> Option<&Metric> {
    model.metrics.values().find(|metric| metric.role.as_deref() == Some("north star"))
}

fn notes(inputs: &Inputs<'_>, period: Period, plan: Option<&Plan>) -> Vec<String> {
    let mut notes = Vec::new();
    match plan {
        None => notes
            .push(format!("There is no plan for {period}: every metric that says which way is better has a proposal.")),
        Some(plan) if plan.targets.is_empty() => {
            notes.push(format!(
                "The plan for {period} has no targets: every metric that says which way is better has a proposal."
            ));
        }
        Some(plan) => {
            for target in plan.targets.iter().filter(|target| !inputs.model.metrics.contains_key(&target.metric)) {
                notes.push(format!(
                    "The target on `{}` is left out: no such metric could be understood.",
                    target.metric
                ));
            }
        }
    }
    notes
}

fn milestones(plan: &Plan) -> Vec<MilestoneRow> {
    let row = |milestone: &quarterdeck_lang::model::Milestone| MilestoneRow {
        label: milestone.label.clone(),
        by: milestone.by,
        chance: milestone.chance,
        owner: milestone.owner.clone(),
    };
    let mut rows: Vec<MilestoneRow> = plan.milestones.iter().map(row).collect();
    rows.sort_by(|a, b| (a.by, &a.label).cmp(&(b.by, &b.label)));
    rows
}

/// The edges of the part of the tree that holds the targets and the north star, in order of parent and child.
fn edges(model: &Model, targets: &[TargetProposal]) -> Vec<TreeEdge> {
    let mut all: Vec<TreeEdge> = Vec::new();
    for metric in model.metrics.values() {
        for child in tree::named(metric) {
            all.push(TreeEdge { parent: metric.name.clone(), child, exact: true });
        }
        for edge in &metric.drives {
            all.push(TreeEdge { parent: edge.metric.clone(), child: metric.name.clone(), exact: false });
        }
    }
    let mut near: BTreeSet<String> = targets.iter().map(|target| target.metric.clone()).collect();
    near.extend(north_star(model).map(|metric| metric.name.clone()));
    loop {
        let before = near.len();
        for edge in &all {
            if near.contains(&edge.parent) || near.contains(&edge.child) {
                near.insert(edge.parent.clone());
                near.insert(edge.child.clone());
            }
        }
        if near.len() == before {
            break;
        }
    }
    all.retain(|edge| near.contains(&edge.parent) && near.contains(&edge.child));
    all.sort_by(|a, b| (&a.parent, &a.child, !a.exact).cmp(&(&b.parent, &b.child, !b.exact)));
    // What is both an identity and believed is an identity.
    all.dedup_by(|later, first| later.parent == first.parent && later.child == first.child);
    all
}

/// Doing nothing, the plan, and each scenario it names.
fn scenarios(plan: Option<&Plan>, cases: &[Case<'_>], targets: &[TargetProposal]) -> Vec<ScenarioRow> {
    let Some(world) = cases.first().map(|case| case.world) else { return Vec::new() };
    let everything = world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]);
    let row = |label: String, chosen: &[Choice]| {
        let moved = world.with(chosen, Lined::Up);
        let of = |(case, target): (&Case<'_>, &TargetProposal)| {
            let draws = world.place(case.name).and_then(|node| Draws::new(moved.get(node)));
            let value = target.proposed.target.map(|offer| offer.value);
            let better = case.metric.better;
            let p = draws.as_ref().zip(value).zip(better).map(|((draws, value), better)| draws.chance(better, value));
            (case.name.to_owned(), draws.map(|draws| draws.at(0.5)), p.map(three))
        };
        ScenarioRow { label, targets: cases.iter().zip(targets).map(of).collect() }
    };
    let mut rows = vec![row("Doing nothing".into(), &[])];
    if let Some(plan) = plan {
        rows.push(row("The plan".into(), &everything));
        for scenario in &plan.scenarios {
            rows.push(row(scenario.label.clone(), &chosen(world, scenario, &everything)));
        }
    }
    rows
}

/// Everything without the initiatives a scenario leaves out, its risks certain, its own moves added.
pub fn chosen(world: &World, scenario: &Scenario, everything: &[Choice]) -> Vec<Choice> {
    let groups = world.groups();
    let named = |kind: Kind, name: &str, choice: &Choice| {
        groups.get(choice.group).is_some_and(|group| group.kind == kind && group.name == name)
    };
    let mut chosen: Vec<Choice> = everything
        .iter()
        .filter(|choice| !scenario.without.iter().any(|name| named(Kind::Initiative, name, choice)))
        .map(|choice| Choice { certain: scenario.with.iter().any(|name| named(Kind::Risk, name, choice)), ..*choice })
        .collect();
    let own =
        groups.iter().enumerate().filter(|(_, group)| group.kind == Kind::Scenario && group.name == scenario.name);
    chosen.extend(own.map(|(group, _)| Choice { group, certain: false }));
    chosen.sort_by_key(|choice| choice.group);
    chosen
}
