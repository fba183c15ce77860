//! From a ledger, what was frozen beside it and the numbers that came, to a closing.

use super::causes::{self, Wanted};
use super::closing::{ClaimRow, Closed, Closing, FORMAT, Overridden, Said, Seen, ShipClaim};
use super::grade::Levels;
use super::tree;
use crate::Inputs;
use crate::effect::Moved;
use crate::ledger::definitions::Defined;
use crate::ledger::stand::Stand;
use crate::ledger::{Entry, Ledger, data_hash};
use crate::offer::{Draws, hit, three, tidy};
use crate::outlook::{self, quarters};
use crate::proposal::{Fan, MethodRow, Offer, State};
use crate::scene::{Scene, draws};
use crate::score::Naive;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::Nature;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Better, Initiative, OutcomeKind};
use std::collections::BTreeMap;

/// What there is when a period is closed.
#[derive(Clone, Copy, Debug)]
pub struct Came<'a> {
    /// Today's definitions (for the outcomes of initiatives), series and as-of date.
    pub inputs: &'a Inputs<'a>,
    /// What of the sources is still to come, in sentences.
    pub waits: &'a [String],
}

/// Why a period cannot be closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// It is not over.
    #[error("{period} ends on {ends}, and the data is as of {as_of}: it is not over")]
    NotOver {
        /// The period.
        period: Period,
        /// Its last day.
        ends: NaiveDate,
        /// The as-of date.
        as_of: NaiveDate,
    },
}

/// Closes a period: what came, grades and reasons. Provisional where a number is not complete.
///
/// # Errors
/// A period that is not over.
pub fn close(ledger: &Ledger, stands: &[Stand], came: &Came<'_>) -> Result<Closing, CloseError> {
    let Inputs { as_of, version, .. } = *came.inputs;
    if as_of < ledger.ends {
        return Err(CloseError::NotOver { period: ledger.period, ends: ledger.ends, as_of });
    }
    let all_inputs: Vec<(Option<u32>, Inputs<'_>)> =
        stands.iter().map(|stand| (stand.number, stand.inputs())).collect();
    let used = |number: &Option<u32>| ledger.targets.iter().any(|entry| entry.basis == *number);
    let scenes: Vec<(Option<u32>, Scene<'_>)> = all_inputs
        .iter()
        .filter(|(number, _)| used(number))
        .map(|(number, inputs)| (*number, Scene::new(inputs, ledger.period)))
        .collect();
    let seen: BTreeMap<String, Seen> =
        came.inputs.histories.keys().filter_map(|name| seen(came.inputs, name, ledger)).collect();
    let mut targets = Vec::new();
    for (number, scene) in &scenes {
        let entries: Vec<&Entry> = ledger.targets.iter().filter(|entry| entry.basis == *number).collect();
        targets.extend(of_scene(scene, &entries, &seen, came.inputs.model));
    }
    in_order(&mut targets, &scenes);
    let mut waits: Vec<String> = came.waits.to_vec();
    // Nobody waits for the number of what was withdrawn: it may never come.
    let open = targets.iter().filter(|target| target.value.is_none() && !target.dropped);
    waits.extend(open.map(|target| waiting(target, &seen)));
    let initiatives = scenes.first().map(|(_, scene)| ships(scene, came.inputs.model, ledger)).unwrap_or_default();
    let needed = |name: &str| {
        let part = |target: &Closed| target.parts.iter().any(|part| part.metric.as_deref() == Some(name));
        targets.iter().any(|target| target.name() == name || part(target))
    };
    Ok(Closing {
        format: FORMAT,
        period: ledger.period,
        starts: ledger.starts,
        ends: ledger.ends,
        as_of,
        is_final: waits.is_empty(),
        version: version.to_owned(),
        definitions: Defined::of(came.inputs, ledger.period).hash(),
        waits,
        seen: seen.values().filter(|seen| needed(&seen.name)).cloned().collect(),
        targets,
        initiatives,
    })
}

/// A series' number of the period as today's data has it.
fn seen(inputs: &Inputs<'_>, name: &str, ledger: &Ledger) -> Option<(String, Seen)> {
    let series = outlook::series_of(inputs, name)?;
    let calendar = &inputs.model.settings.calendar;
    let data_hash = inputs.histories.get(name).map(data_hash).unwrap_or_default();
    let own = series.quarters.iter().find(|entry| entry.period == ledger.period && entry.value.is_finite());
    let rolled = || {
        let all = quarters(&series, calendar, ledger.period.grain(), inputs.as_of);
        all.into_iter().find(|actual| actual.period == ledger.period)
    };
    let (value, through, complete) = match own {
        Some(own) => (Some(own.value), Some(own.through), own.complete && own.through >= ledger.ends),
        None if series.quarters.iter().any(|entry| entry.period.grain() == ledger.period.grain()) => {
            (None, None, false)
        }
        None => rolled().map_or((None, None, false), |actual| (Some(actual.value), Some(ledger.ends), true)),
    };
    Some((name.to_owned(), Seen { name: name.to_owned(), value: value.map(tidy), through, complete, data_hash }))
}

fn waiting(target: &Closed, seen: &BTreeMap<String, Seen>) -> String {
    let through = seen.get(&target.name()).and_then(|seen| seen.through);
    match through {
        Some(day) => format!("{}: its number is complete through {day} only.", target.label),
        None => format!("{}: it has no number yet.", target.label),
    }
}

/// The closings of the targets that stand on one basis.
fn of_scene(scene: &Scene<'_>, entries: &[&Entry], seen: &BTreeMap<String, Seen>, today: &Model) -> Vec<Closed> {
    let everything = scene.everything();
    let (planned, base) = (scene.planned(), scene.base());
    let complete = |name: &str| seen.get(name).filter(|seen| seen.complete).and_then(|seen| seen.value);
    let mut closed: Vec<Closed> = Vec::new();
    for entry in entries {
        let name = entry.name();
        let three = |moved: &Moved<'_>| draws(moved, &scene.world, &name);
        let view = View {
            scene,
            entry,
            without: three(&base),
            planned: three(&planned),
            everything: three(&everything),
            came: complete(&name),
        };
        let mut one = view.closed(today);
        if let Some(target) = one.target.filter(|_| one.value.is_some()) {
            one.parts = tree::parts(scene, &everything, &name, target, &complete);
        }
        closed.push(one);
    }
    let names: Vec<String> = closed.iter().map(Closed::name).collect();
    let graded: Vec<(usize, f64, f64)> =
        closed.iter().enumerate().filter_map(|(at, one)| Some((at, one.target?, one.value?))).collect();
    let wanted: Vec<Wanted<'_>> = graded
        .iter()
        .filter_map(|(at, target, came)| Some(Wanted { name: names.get(*at)?, target: *target, came: *came }))
        .collect();
    let rows = causes::causes(scene, today.plans.get(&scene.period), &wanted);
    for ((at, ..), causes) in graded.iter().zip(rows) {
        if let Some(one) = closed.get_mut(*at) {
            one.causes = causes;
        }
    }
    closed
}

/// One target, the forecast frozen for it, and what came.
struct View<'a> {
    scene: &'a Scene<'a>,
    entry: &'a Entry,
    without: Option<Draws>,
    planned: Option<Draws>,
    everything: Option<Draws>,
    came: Option<f64>,
}

impl View<'_> {
    fn better(&self) -> Better {
        let metric = self.scene.inputs.model.metrics.get(&self.entry.metric);
        metric.and_then(|metric| metric.better).unwrap_or(Better::Higher)
    }

    fn closed(&self, today: &Model) -> Closed {
        let (entry, better) = (self.entry, self.better());
        let model = self.scene.inputs.model;
        let metric = model.metrics.get(&entry.metric);
        let target = entry.target().map(|offer| offer.value);
        let levels = target.map(|target| Levels::new(better, target, &entry.proposed));
        let naive = self.naive();
        let fan = |draws: &Option<Draws>| draws.as_ref().map(Draws::fan);
        let without = fan(&self.without);
        let forecast = self.scene.outlook.get(&entry.name());
        let spread = |naive: &Naive| Fan {
            p10: naive.at(0.1),
            p30: naive.at(0.3),
            p50: naive.at(0.5),
            p70: naive.at(0.7),
            p90: naive.at(0.9),
        };
        Closed {
            metric: entry.metric.clone(),
            slice: entry.slice.clone(),
            label: metric.map_or_else(|| entry.metric.clone(), |metric| metric.label.clone()),
            unit: entry.unit.clone(),
            better: entry.better.clone(),
            owner: entry.owner.clone(),
            dropped: entry.state == State::Dropped,
            target,
            commit: levels.and_then(|levels| levels.commit),
            stretch: levels.and_then(|levels| levels.stretch),
            value: self.came,
            pit: self.came.zip(self.everything.as_ref()).map(|(came, draws)| three(place(draws, came))),
            model: forecast.and_then(|forecast| forecast.models.first()).map(|model| model.name.clone()),
            scale: naive.as_ref().map(|naive| tidy(naive.scale)).filter(|scale| *scale > 0.0),
            grade: self.came.zip(levels).map(|(came, levels)| levels.grade(came, without)),
            without_plan: without,
            with_plan: fan(&self.planned),
            with_judgement: fan(&self.everything),
            naive: naive.as_ref().map(spread),
            overridden: self.overridden(better),
            claims: self.claims(better, naive.as_ref()),
            methods: entry.methods.iter().filter_map(said).collect(),
            parts: Vec::new(),
            causes: Vec::new(),
            notes: self.notes(today),
        }
    }

    fn naive(&self) -> Option<Naive> {
        let facts = self.scene.facts.get(&self.entry.name())?;
        let calendar = &self.scene.inputs.model.settings.calendar;
        let bounds = (facts.series.bounds.low, facts.series.bounds.high);
        // What adds up over a period is bounded by nothing but zero.
        let bounds =
            if facts.series.nature == Nature::Flow { (bounds.0.filter(|low| *low == 0.0), None) } else { bounds };
        Naive::new(&facts.quarters, self.scene.period, calendar, bounds)
    }

    /// What a person put in place of the proposed value, when it was accepted or later.
    fn overridden(&self, better: Better) -> Option<Overridden> {
        let offer = self.entry.in_force?;
        let amended = self.entry.amendments.iter().rev().find(|amendment| amendment.target.is_some());
        let by = amended.map(|amendment| amendment.by.clone());
        let stated = offer.p_hit.or_else(|| self.everything.as_ref().map(|draws| draws.chance(better, offer.value)));
        Some(Overridden {
            value: offer.value,
            by: by.or_else(|| self.entry.adjusted.as_ref().and_then(|adjusted| adjusted.by.clone())),
            p: stated.map(three),
            hit: self.came.map(|came| hit(better, offer.value, came)),
        })
    }

    /// What was claimed when it was first proposed.
    fn claims(&self, better: Better, naive: Option<&Naive>) -> Vec<ClaimRow> {
        let first = self.entry.replaced.first().map_or(&self.entry.proposed, |replaced| &replaced.proposed);
        let row = |(level, offer): (&str, Option<Offer>)| {
            let offer = offer?;
            Some(ClaimRow {
                level: level.to_owned(),
                value: offer.value,
                p: offer.p_hit?,
                p_without_judgement: self.planned.as_ref().map(|draws| three(draws.chance(better, offer.value))),
                p_without_plan: offer.p_hit_without_plan,
                p_naive: naive.map(|naive| three(naive.chance(better, offer.value))),
                hit: self.came.map(|came| hit(better, offer.value, came)),
            })
        };
        let levels = [("commit", first.commit), ("target", first.target), ("stretch", first.stretch)];
        levels.into_iter().filter_map(row).collect()
    }

    fn notes(&self, today: &Model) -> Vec<String> {
        let (entry, mut notes) = (self.entry, Vec::new());
        match today.metrics.get(&entry.metric) {
            Some(metric) if metric.definition.revision != entry.revision_explained() => notes.push(format!(
                "Its definition has changed since it was accepted ({} → {}): the number is that of today's definition.",
                entry.revision_explained(),
                metric.definition.revision
            )),
            Some(_) => {}
            None => notes.push("It is defined no longer, so it has no number.".to_owned()),
        }
        if let Some(first) = entry.replaced.first().and_then(|first| first.proposed.target) {
            notes.push(format!("First proposed as {}; scored by the chance stated then.", first.value));
        }
        notes
    }
}

/// Share of draws below a number, ties half.
fn place(draws: &Draws, value: f64) -> f64 {
    (1.0 - draws.at_least(value) + draws.at_most(value)) / 2.0
}

fn said(row: &MethodRow) -> Option<Said> {
    match row {
        MethodRow::Given { name, p10, p50, p90, .. } => {
            Some(Said { name: name.clone(), p10: *p10, p50: *p50, p90: *p90 })
        }
        MethodRow::Missing { .. } => None,
    }
}

/// Parts before what is made of them, else by name.
fn in_order(targets: &mut [Closed], scenes: &[(Option<u32>, Scene<'_>)]) {
    let depth = |target: &Closed| {
        let place = |scene: &Scene<'_>| scene.world.place(&target.name());
        scenes.iter().find_map(|(_, scene)| Some(height(scene, place(scene)?))).unwrap_or(0)
    };
    targets.sort_by_cached_key(|target| (depth(target), target.name()));
}

/// How many identities lie below a node.
fn height(scene: &Scene<'_>, node: usize) -> usize {
    let parts = scene.world.nodes().get(node).and_then(|node| node.identity.as_ref()).map(|sum| sum.parts());
    // Nodes stand after those they are made of, so this ends.
    parts.map_or(0, |parts| {
        1 + parts.into_iter().filter(|part| *part < node).map(|part| height(scene, part)).max().unwrap_or(0)
    })
}

/// Every initiative of the frozen plan: its stated chance, and whether it shipped by the period's end.
fn ships(scene: &Scene<'_>, today: &Model, ledger: &Ledger) -> Vec<ShipClaim> {
    let now = today.plans.get(&ledger.period);
    let claim = |initiative: &Initiative| {
        let found = now.and_then(|plan| plan.initiatives.iter().find(|other| other.name == initiative.name));
        let outcomes = found.map_or(initiative.outcomes.as_slice(), |found| found.outcomes.as_slice());
        let mut shipped = None;
        for outcome in outcomes {
            shipped = match outcome.kind {
                OutcomeKind::Shipped(on) => Some(on.is_none_or(|on| on <= ledger.ends)),
                OutcomeKind::Measured(_) => Some(true),
                OutcomeKind::Dropped => Some(false),
                OutcomeKind::Slipped(to) if to > ledger.ends => Some(false),
                OutcomeKind::Slipped(_) => shipped,
            };
        }
        let became = match outcomes {
            [] => "no outcome is written".to_owned(),
            _ => causes::words(outcomes),
        };
        ShipClaim {
            name: initiative.name.clone(),
            label: initiative.label.clone(),
            owner: initiative.owner.clone(),
            ships: initiative.ships,
            shipped,
            became,
            outcomes: outcomes.to_vec(),
        }
    };
    let plan = scene.inputs.model.plans.get(&ledger.period);
    plan.map(|plan| plan.initiatives.iter().map(claim).collect()).unwrap_or_default()
}
