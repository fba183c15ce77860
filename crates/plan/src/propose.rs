//! The main job: a period's targets with their chances.

mod cover;
pub mod in_force;
mod needed;
mod parts;
mod target;

pub(crate) use cover::chosen;
pub use needed::needed;

use crate::effect::{self, Choice, Kind, Lined, Moved, World};
use crate::facts::Facts;
use crate::joint::{Lane, joint};
use crate::method::Case;
use crate::offer::hit;
use crate::outlook::{self, Inputs};
use crate::proposal::{Joint, Proposal, TargetProposal};
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::{ForecastError, Outlook};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Scenario, Target};
use std::collections::BTreeMap;

/// Why nothing can be proposed at all; a single metric's trouble never is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The period is over on the as-of date.
    #[error("{period} ended on {ended}, and the data is as of {as_of}: there is nothing left to propose")]
    PastPeriod {
        /// The period.
        period: Period,
        /// Its last day.
        ended: NaiveDate,
        /// The as-of date.
        as_of: NaiveDate,
    },
    /// No metric could have a target.
    #[error("no metric has `better:`, so there is nothing to propose for {period}")]
    NothingToPropose {
        /// The period.
        period: Period,
    },
}

/// Proposes targets for a period: those of its plan, or without one every metric with `better:`.
///
/// # Errors
/// [`PlanError`] where the whole makes no sense.
pub fn propose(inputs: &Inputs<'_>, period: Period) -> Result<Proposal, PlanError> {
    check(inputs, period)?;
    propose_from(inputs, period, &outlook::forecast(inputs, &[period]))
}

/// What is proposed, and beside it the same at the values that count ([`in_force::model`]), from one forecast.
///
/// # Errors
/// As [`propose`].
pub fn propose_beside(
    inputs: &Inputs<'_>,
    period: Period,
    in_force: Option<&Model>,
) -> Result<(Proposal, Option<Proposal>), PlanError> {
    check(inputs, period)?;
    let outlook = outlook::forecast(inputs, &[period]);
    let proposal = propose_from(inputs, period, &outlook)?;
    let beside =
        in_force.map(|model| propose_from(&Inputs { model, ..inputs.clone() }, period, &outlook)).transpose()?;
    Ok((proposal, beside))
}

pub(crate) fn check(inputs: &Inputs<'_>, period: Period) -> Result<(), PlanError> {
    let ended = inputs.model.settings.calendar.ends(period);
    if ended <= inputs.as_of {
        return Err(PlanError::PastPeriod { period, ended, as_of: inputs.as_of });
    }
    let learns = inputs.model.plans.get(&period).is_some_and(|plan| plan.targets.iter().any(|t| t.learn.is_some()));
    if needed::targets(inputs.model, period).is_empty() && !learns {
        return Err(PlanError::NothingToPropose { period });
    }
    Ok(())
}

/// The same from a forecast that is there already: one of every history, with `period` among its windows.
///
/// # Errors
/// As [`propose`].
pub fn propose_from(inputs: &Inputs<'_>, period: Period, outlook: &Outlook) -> Result<Proposal, PlanError> {
    check(inputs, period)?;
    Ok(prepared(inputs, period, outlook, &[], |ready| ready.proposal()))
}

/// Everything worked out for a period, ready to be asked.
pub(crate) struct Ready<'a> {
    /// What the plan is made from.
    pub inputs: &'a Inputs<'a>,
    /// The period.
    pub period: Period,
    /// Numbers and what moves them.
    pub world: &'a World,
    /// The same in its states.
    pub states: &'a States<'a>,
    /// The targets.
    pub cases: &'a [Case<'a>],
    /// Their proposals, in the same order.
    pub targets: &'a [TargetProposal],
}

impl Ready<'_> {
    fn proposal(&self) -> Proposal {
        let Ready { inputs, period, .. } = *self;
        let mut targets = self.targets.to_vec();
        crate::detail::goals(inputs, period, &mut targets);
        let calendar = &inputs.model.settings.calendar;
        Proposal {
            period,
            starts: calendar.starts(period),
            ends: calendar.ends(period),
            as_of: inputs.as_of,
            seed: inputs.seed,
            version: inputs.version.to_owned(),
            joint: chances(inputs, self.cases, self.targets, self.states),
            cover: cover::cover(inputs, period, self.cases, self.targets),
            targets,
            paths: inputs.paths,
        }
    }

    /// Whether each scenario meets each target that has a chance, after `moved`: one row per target.
    pub fn hits(&self, moved: &Moved<'_>) -> Vec<Vec<bool>> {
        let of = |(case, proposal): (&Case<'_>, &TargetProposal)| {
            let offer = proposal.proposed.target.filter(|offer| offer.p_hit.is_some())?;
            let (node, better) = (self.world.place(case.name)?, case.metric.better?);
            Some(moved.by_scenario(node).iter().map(|value| hit(better, offer.value, *value)).collect())
        };
        self.cases.iter().zip(self.targets).filter_map(of).collect()
    }
}

/// Works everything out and hands it to `then`; `extra` scenarios stand beside those of the plan.
pub(crate) fn prepared<T>(
    inputs: &Inputs<'_>,
    period: Period,
    outlook: &Outlook,
    extra: &[Scenario],
    then: impl FnOnce(&Ready<'_>) -> T,
) -> T {
    let calendar = &inputs.model.settings.calendar;
    let window = (calendar.starts(period), calendar.ends(period));
    let plan = inputs.model.plans.get(&period);
    let facts = Facts::all(inputs, period);
    let world = effect::build(inputs, period, outlook, &facts, plan, extra);
    let states = States::of(&world);
    let targets = needed::targets(inputs.model, period);
    let named: Vec<Named<'_>> = targets.iter().filter_map(|target| named(inputs, outlook, &world, target)).collect();
    let cases: Vec<Case<'_>> = named
        .iter()
        .map(|named| Case {
            inputs,
            period,
            window,
            plan,
            outlook,
            world: &world,
            facts: &facts,
            target: named.target,
            name: &named.name,
            metric: named.metric,
            base: world.place(&named.name).map(|node| states.base.get(node)).unwrap_or_default(),
            with_initiatives: world.place(&named.name).map(|node| states.initiatives.get(node)).unwrap_or_default(),
            alone: &states.alone,
            no_forecast: named.no_forecast.as_deref(),
            too_short: named.too_short,
        })
        .collect();
    let mut proposals: Vec<TargetProposal> = cases.iter().map(|case| target::target(case, &states)).collect();
    parts::check(&cases, &mut proposals, &states);
    then(&Ready { inputs, period, world: &world, states: &states, cases: &cases, targets: &proposals })
}

/// A target whose metric is known.
struct Named<'a> {
    target: &'a Target,
    name: String,
    metric: &'a quarterdeck_lang::model::Metric,
    no_forecast: Option<String>,
    too_short: bool,
}

fn named<'a>(inputs: &Inputs<'a>, outlook: &Outlook, world: &World, target: &'a Target) -> Option<Named<'a>> {
    let metric = inputs.model.metrics.get(&target.metric)?;
    let name = match &target.slice {
        Some(slice) => format!("{}[{}]", target.metric, slice.text),
        None => target.metric.clone(),
    };
    let has_paths =
        world.place(&name).and_then(|node| world.nodes().get(node)).is_some_and(|node| !node.base.is_empty());
    let found = outlook.find(&name).map(|found| &found.forecast);
    let no_forecast = (!has_paths).then(|| match found {
        Some(Err(error)) => error.to_string(),
        Some(Ok(_)) => "its forecast has no number for this period".into(),
        None => "it has no history".into(),
    });
    let too_short = !matches!(found, Some(Err(ForecastError::CapContradicted { .. }) | Ok(_)));
    Some(Named { target, name, metric, no_forecast, too_short })
}

/// The world in its states, one thing taken in after the other.
pub struct States<'a> {
    /// Without the plan.
    pub base: Moved<'a>,
    /// After each initiative, in the order of groups: the group's place and the numbers.
    pub one_by_one: Vec<(usize, Moved<'a>)>,
    /// With each group alone: initiatives with their chance, risks for certain; those of scenarios without effect.
    pub alone: Vec<Moved<'a>>,
    /// With all initiatives.
    pub initiatives: Moved<'a>,
    /// With risks too.
    pub plan: Moved<'a>,
    /// With judgements too: everything.
    pub everything: Moved<'a>,
}

impl<'a> States<'a> {
    fn of(world: &'a World) -> States<'a> {
        let initiatives = world.choose(&[Kind::Initiative]);
        let one_by_one = (1..=initiatives.len()).filter_map(|count| {
            let taken = initiatives.get(..count)?;
            Some((taken.last()?.group, world.with(taken, Lined::Up)))
        });
        let alone = world.groups().iter().enumerate().map(|(group, entry)| {
            let chosen = Choice { group, certain: entry.kind == Kind::Risk };
            let shown = entry.kind != Kind::Scenario;
            world.with(if shown { std::slice::from_ref(&chosen) } else { &[] }, Lined::Up)
        });
        States {
            alone: alone.collect(),
            base: world.with(&[], Lined::Up),
            one_by_one: one_by_one.collect(),
            initiatives: world.with(&initiatives, Lined::Up),
            plan: world.with(&world.choose(&[Kind::Initiative, Kind::Risk]), Lined::Up),
            everything: world.with(&world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]), Lined::Up),
        }
    }
}

/// The joint chances of all targets that have one of their own.
fn chances(inputs: &Inputs<'_>, cases: &[Case<'_>], proposals: &[TargetProposal], states: &States<'_>) -> Joint {
    let Some(world) = cases.first().map(|case| case.world) else { return Joint::default() };
    let mut excluded = Vec::new();
    let mut members = Vec::new();
    for (case, proposal) in cases.iter().zip(proposals) {
        let offer = proposal.proposed.target.filter(|offer| offer.p_hit.is_some());
        match offer.zip(world.place(case.name)).zip(case.metric.better) {
            Some(((offer, node), better)) => members.push((case.name, offer, node, better)),
            None => excluded.push(case.name.to_owned()),
        }
    }
    let order = |node: usize| world.nodes().get(node).map(|node| node.order.as_slice()).unwrap_or_default();
    // Series in one order of paths, tied by identities, need no lining up; their own chances stay as they are.
    let alike = members.iter().all(|member| members.first().is_some_and(|first| order(first.2) == order(member.2)));
    let everything = world.choose(&[Kind::Initiative, Kind::Risk, Kind::Judgement]);
    let lined = (!alike).then(|| world.with(&everything, Lined::ByScenario));
    let components = components(world);
    let lanes: Vec<Lane> = members
        .into_iter()
        .map(|(name, offer, node, better)| {
            let (values, without) = match &lined {
                Some(moved) => (moved.by_scenario(node), states.base.by_scenario(node)),
                None => (states.everything.get(node).to_vec(), states.base.get(node).to_vec()),
            };
            Lane {
                name: name.to_owned(),
                hits: values.iter().map(|value| hit(better, offer.value, *value)).collect(),
                hits_without_plan: without.iter().map(|value| hit(better, offer.value, *value)).collect(),
                values,
                p: offer.p_hit.unwrap_or(1.0),
                p_without_plan: offer.p_hit_without_plan.unwrap_or(1.0),
                component: components.get(&node).copied().unwrap_or(node),
            }
        })
        .collect();
    joint(&lanes, inputs.seed, excluded)
}

/// The smallest node that each is tied to by identities.
fn components(world: &World) -> BTreeMap<usize, usize> {
    let mut of: BTreeMap<usize, usize> = (0..world.nodes().len()).map(|node| (node, node)).collect();
    for (node, entry) in world.nodes().iter().enumerate() {
        for part in entry.identity.as_ref().map(|sum| sum.parts()).unwrap_or_default() {
            let (a, b) = (of.get(&node).copied().unwrap_or(node), of.get(&part).copied().unwrap_or(part));
            let (from, to) = (a.max(b), a.min(b));
            of.values_mut().filter(|component| **component == from).for_each(|component| *component = to);
        }
    }
    of
}

#[cfg(test)]
#[path = "propose/tests.rs"]
mod tests;
