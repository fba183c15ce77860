//! From a ledger, what was frozen beside it and today's series to a [`Track`].

use super::colour::{COMMIT, TARGET};
use super::course::course;
use super::required::{Covered, required};
use super::watch::watched;
use super::{Colour, Cover, Detail, Log, Track, Tracked, Watched};
use crate::Inputs;
use crate::close::grade::Levels;
use crate::effect::Moved;
use crate::ledger::{Entry, Ledger, Stand};
use crate::offer::{Draws, hit, three, tidy};
use crate::outlook;
use crate::pace::Pace;
use crate::proposal::State;
use crate::scene::{Scene, draws};
use crate::wording;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;
use quarterdeck_forecast::Series;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Better, Guard, Length};
use std::collections::BTreeMap;

/// What is known on the day.
#[derive(Clone, Copy, Debug)]
pub struct Day<'a> {
    /// Today's definitions and series, as of the day.
    pub inputs: &'a Inputs<'a>,
    /// The same as of seven days before.
    pub week_ago: Option<&'a Inputs<'a>>,
    /// The readings so far.
    pub log: &'a Log,
    /// The plan's path of each target, by series.
    pub paces: &'a BTreeMap<String, Pace>,
    /// The last day that each series' sources cover, and how many days old that may be.
    pub arrived: &'a BTreeMap<String, Arrived>,
}

/// How far a series' sources reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrived {
    /// The last day covered.
    pub last: NaiveDate,
    /// How old it may be, in days, where the sources say; else a step of the metric.
    pub fresh: Option<f64>,
    /// The last day whose rows are to be there by now, where the sources say when they arrive; else the day itself.
    pub due: Option<NaiveDate>,
}

/// Follows the targets of a ledger on a day.
pub fn track(ledger: &Ledger, stands: &[Stand], day: &Day<'_>) -> Track {
    let period = ledger.period;
    // Once a period is over there is nothing left to forecast.
    let open = |inputs: &&Inputs<'_>| inputs.as_of < ledger.ends;
    let now = Some(day.inputs).filter(open).map(|inputs| Scene::new(inputs, period));
    let before = day.week_ago.filter(open).map(|inputs| Scene::new(inputs, period));
    let scenes = Scenes { now: now.as_ref(), before: before.as_ref() };
    let moved = (now.as_ref().map(Scene::everything), before.as_ref().map(Scene::everything));
    let view = |entry: &Entry| {
        let stand = stands.iter().find(|stand| stand.number == entry.basis)?;
        View { ledger, entry, frozen: &stand.model, scenes: &scenes, moved: (&moved.0, &moved.1), day }.tracked()
    };
    let mut targets: Vec<Tracked> =
        ledger.targets.iter().filter(|entry| entry.state != State::Dropped).filter_map(view).collect();
    targets.sort_by(|a, b| {
        let key =
            |one: &Tracked| (one.colour, one.notes.iter().all(|note| !note.overdue), one.no_new_data_since.is_none());
        let p = |one: &Tracked| one.p_hit.unwrap_or(0.0);
        key(a).cmp(&key(b)).then(p(a).total_cmp(&p(b))).then_with(|| a.name().cmp(&b.name()))
    });
    let plan = day.inputs.model.plans.get(&period);
    let settings = &day.inputs.model.settings;
    Track {
        period,
        starts: ledger.starts,
        ends: ledger.ends,
        as_of: day.inputs.as_of,
        day: (day.inputs.as_of - ledger.starts).num_days() + 1,
        days: (ledger.ends - ledger.starts).num_days() + 1,
        seed: day.inputs.seed,
        version: day.inputs.version.to_owned(),
        targets,
        dropped: ledger.targets.iter().filter(|entry| entry.state == State::Dropped).map(Entry::name).collect(),
        cover: Cover {
            workspace: settings.name.clone(),
            currency: settings.currency.clone(),
            title: plan.map(|plan| plan.label.clone()).unwrap_or_default(),
        },
    }
}

/// The scenes of today and of a week ago; none where the period was over.
struct Scenes<'a> {
    now: Option<&'a Scene<'a>>,
    before: Option<&'a Scene<'a>>,
}

/// One target on the day.
struct View<'a> {
    ledger: &'a Ledger,
    entry: &'a Entry,
    /// The definitions frozen with it.
    frozen: &'a Model,
    scenes: &'a Scenes<'a>,
    moved: (&'a Option<Moved<'a>>, &'a Option<Moved<'a>>),
    day: &'a Day<'a>,
}

/// The number of the period so far.
#[derive(Clone, Copy, Debug, Default)]
struct SoFar {
    value: Option<f64>,
    through: Option<NaiveDate>,
    complete: bool,
}

impl View<'_> {
    /// `None` where the target has no value.
    fn tracked(&self) -> Option<Tracked> {
        let (entry, ledger) = (self.entry, self.ledger);
        let target = entry.target()?.value;
        let (name, better) = (entry.name(), self.better());
        let metric = self.day.inputs.model.metrics.get(&entry.metric);
        let levels = Levels::new(better, target, &entry.proposed);
        let series = outlook::series_of(self.day.inputs, &name);
        let so_far = series.as_ref().map(|series| self.so_far(series, self.day.inputs)).unwrap_or_default();
        let landing = self.landing(&so_far);
        let chance =
            |landing: &Option<Draws>, value: f64| landing.as_ref().map(|draws| three(draws.chance(better, value)));
        let p_hit = chance(&landing, target);
        let p_week_ago = self.week_ago(&name, better, target);
        let p_commit = levels.commit.and_then(|commit| chance(&landing, commit));
        let before = self.day.log.colour_before(&name, self.day.inputs.as_of);
        let before = before.or_else(|| p_week_ago.map(|p| TARGET.of(Some(p))));
        let own = TARGET.after(p_hit, before, p_week_ago);
        let guards = self.guards();
        let sounding = guards.iter().find(|guard| guard.colour == Colour::Red);
        let colour = if sounding.is_some() { Colour::Red } else { own };
        let detail = self.detail(&so_far);
        let through = so_far.through.filter(|_| so_far.value.is_some());
        let plan_so_far = through.and_then(|day| self.day.paces.get(&name)?.so_far(day));
        let required = series.as_ref().filter(|_| !so_far.complete).and_then(|series| {
            let through = through.or_else(|| ledger.starts.pred_opt())?;
            let covered = Covered { window: (ledger.starts, ledger.ends), through, so_far: so_far.value };
            required(series, &self.day.inputs.model.settings.calendar, &covered, better, target)
        });
        Some(Tracked {
            metric: entry.metric.clone(),
            slice: entry.slice.clone(),
            label: metric.map_or_else(|| entry.metric.clone(), |metric| metric.label.clone()),
            unit: entry.unit.clone(),
            better: entry.better.clone(),
            reads: entry.reads.clone(),
            owner: entry.owner.clone(),
            state: entry.state,
            target,
            commit: levels.commit,
            stretch: levels.stretch,
            plan_so_far: plan_so_far.map(tidy),
            actual_so_far: so_far.value.map(tidy),
            through,
            no_new_data_since: self.no_new_data_since(&name),
            landing: landing.as_ref().map(Draws::fan),
            p_hit,
            p_hit_accepted: entry.target().and_then(|offer| offer.p_hit),
            p_hit_week_ago: p_week_ago,
            change: p_hit.zip(p_week_ago).map(|(now, before)| three(now - before)),
            p_commit,
            no_p_hit: p_hit.is_none().then(|| self.no_chance(&name)),
            colour,
            colour_before: before,
            commit_colour: COMMIT.of(p_commit),
            why: why(p_hit, own, colour, sounding),
            required,
            guards,
            notes: self.day.log.open(&name, self.day.inputs.as_of),
            remarks: self.remarks(),
            detail,
        })
    }

    fn better(&self) -> Better {
        let metric = self.frozen.metrics.get(&self.entry.metric);
        metric.and_then(|metric| metric.better).unwrap_or(Better::Higher)
    }

    /// The number so far: as the source has it, else the sum of whole steps.
    fn so_far(&self, series: &Series, inputs: &Inputs<'_>) -> SoFar {
        let period = self.ledger.period;
        if let Some(own) = series.quarters.iter().find(|entry| entry.period == period && entry.value.is_finite()) {
            let complete = own.complete && own.through >= self.ledger.ends;
            return SoFar { value: Some(own.value), through: Some(own.through), complete };
        }
        let calendar = &inputs.model.settings.calendar;
        let whole = outlook::quarters(series, calendar, period.grain(), inputs.as_of);
        if let Some(actual) = whole.into_iter().find(|actual| actual.period == period) {
            return SoFar { value: Some(actual.value), through: Some(self.ledger.ends), complete: true };
        }
        let (Some(scene), Some(moved)) = (self.scenes.now, self.moved.0) else { return SoFar::default() };
        let points = course(scene, moved, &series.name, &[0]);
        let latest = points.iter().rev().find(|point| point.observed);
        let value = latest.and_then(|point| point.values.first()).copied();
        SoFar { value, through: latest.map(|point| point.ends), complete: false }
    }

    /// The draws of the period's number, now; the number itself once it is complete.
    fn landing(&self, so_far: &SoFar) -> Option<Draws> {
        if so_far.complete {
            return Draws::new(&[so_far.value?]);
        }
        let (scene, moved) = (self.scenes.now?, self.moved.0.as_ref()?);
        draws(moved, &scene.world, &self.entry.name())
    }

    /// The chance as it was seven days before.
    fn week_ago(&self, name: &str, better: Better, target: f64) -> Option<f64> {
        if let (Some(scene), Some(moved)) = (self.scenes.before, self.moved.1) {
            return Some(three(draws(moved, &scene.world, name)?.chance(better, target)));
        }
        let inputs = self.day.week_ago?;
        let series = outlook::series_of(inputs, name)?;
        let so_far = self.so_far(&series, inputs);
        let value = so_far.value.filter(|_| so_far.complete)?;
        Some(if hit(better, target, value) { 1.0 } else { 0.0 })
    }

    fn no_chance(&self, name: &str) -> String {
        match self.scenes.now {
            None => "the period is over, and its number is not complete".to_owned(),
            Some(scene) => match scene.outlook.find(name).map(|found| &found.forecast) {
                Some(Err(error)) => error.to_string(),
                Some(Ok(_)) => "its forecast has no number for this period".to_owned(),
                None => "it has no history".to_owned(),
            },
        }
    }

    /// The guards that were frozen with the target.
    fn guards(&self) -> Vec<Watched> {
        let (Some(scene), Some(moved)) = (self.scenes.now, self.moved.0) else { return Vec::new() };
        let declared: Vec<&Guard> = self.declared_guards();
        let guard = |(at, row)| watched(scene, moved, row, declared.get(at).copied());
        self.entry.guards.iter().enumerate().map(guard).collect()
    }

    /// The declarations behind the frozen rows, in their order.
    fn declared_guards(&self) -> Vec<&Guard> {
        let model = self.frozen;
        let slice = |slice: &Option<quarterdeck_lang::model::Slice>| slice.as_ref().map(|slice| slice.text.clone());
        let plan = model.plans.get(&self.ledger.period);
        let target = plan.and_then(|plan| {
            let same = |target: &&quarterdeck_lang::model::Target| {
                target.metric == self.entry.metric && slice(&target.slice) == self.entry.slice
            };
            plan.targets.iter().find(same)
        });
        let own = model.metrics.get(&self.entry.metric).into_iter().flat_map(|metric| &metric.guards);
        let all = own.chain(target.into_iter().flat_map(|target| &target.guards));
        all.filter(|guard| model.metrics.contains_key(&guard.metric)).collect()
    }

    /// The last day covered, where more than a reading's length has gone by since.
    fn no_new_data_since(&self, name: &str) -> Option<NaiveDate> {
        let arrived = self.day.arrived.get(name)?;
        let grain = self.day.inputs.metric(name)?.grain;
        let may = arrived.fresh.unwrap_or_else(|| Length::Grains(1, grain).days()).max(1.0);
        let until = arrived.due.unwrap_or(self.day.inputs.as_of).min(self.ledger.ends);
        ((until - arrived.last).num_days() as f64 > may).then_some(arrived.last)
    }

    fn remarks(&self) -> Vec<String> {
        let entry = self.entry;
        match self.day.inputs.model.metrics.get(&entry.metric) {
            Some(metric) if metric.definition.revision != entry.revision_explained() => vec![format!(
                "Its definition has changed since it was accepted ({} → {}): `qd propose {}` re-bases it, `qd amend` says why it stands.",
                entry.revision_explained(),
                metric.definition.revision,
                self.ledger.period
            )],
            Some(_) => Vec::new(),
            None => vec!["It is defined no longer.".to_owned()],
        }
    }

    /// The lines of the chart.
    fn detail(&self, so_far: &SoFar) -> Detail {
        let (name, model) = (self.entry.name(), self.day.inputs.model);
        let metric = model.metrics.get(&self.entry.metric);
        let path = self.path(&name);
        let (mut actual, mut fan) = (Vec::new(), Vec::new());
        if let (Some(scene), Some(moved)) = (self.scenes.now, self.moved.0) {
            let count = scene.world.place(&name).map_or(0, |node| moved.get(node).len());
            // Two thousand paths draw the same fan as all.
            let paths: Vec<usize> = (0..count).step_by((count / 2_000).max(1)).collect();
            for point in course(scene, moved, &name, &paths) {
                match (point.observed, Draws::new(&point.values)) {
                    (true, _) => actual.extend(point.values.first().map(|value| (point.ends, *value))),
                    (false, Some(draws)) => fan.push((point.ends, draws.fan())),
                    (false, None) => {}
                }
            }
        }
        if let Some((value, through)) = so_far.value.zip(so_far.through)
            && actual.last().is_none_or(|(last, _): &(NaiveDate, f64)| *last < through)
        {
            actual.push((through, value));
        }
        Detail {
            unit: metric.map(|metric| metric.unit.clone()),
            reads_phrase: metric
                .map(|metric| wording::reads_phrase(metric.reads, self.ledger.period.grain().word()))
                .unwrap_or_default(),
            range: match self.better() {
                Better::Between(low, high) => Some((low, high)),
                _ => None,
            },
            path,
            actual,
            fan,
        }
    }

    /// The plan's path at the ends of weeks, or of the metric's own steps where they are longer.
    fn path(&self, name: &str) -> Vec<(NaiveDate, f64)> {
        let Some(pace) = self.day.paces.get(name) else { return Vec::new() };
        let calendar = &self.frozen.settings.calendar;
        let grain = self.frozen.metrics.get(&self.entry.metric).map_or(Grain::Week, |metric| metric.grain);
        let steps = calendar.periods(grain.max(Grain::Week), self.ledger.starts, self.ledger.ends);
        let days = steps.into_iter().map(|step| (calendar.starts(step), calendar.ends(step)));
        pace.phases(days).into_iter().map(|phase| (phase.ends, phase.so_far)).collect()
    }
}

/// Why a target has its colour.
fn why(p: Option<f64>, own: Colour, colour: Colour, sounding: Option<&Watched>) -> String {
    if let Some(guard) = sounding {
        let side = if guard.at_most { "above" } else { "below" };
        let limit = guard.limit.zip(guard.unit.as_ref()).map(|(limit, unit)| wording::level(limit, unit));
        return format!("Its guard {} sounds: {side} {}.", guard.label, limit.unwrap_or_default());
    }
    let Some(chance) = p.map(wording::chance) else { return "No chance can be given.".to_owned() };
    let alone = TARGET.of(p);
    if alone != own {
        let line = if alone < own { "under" } else { "over" };
        return format!(
            "The chance of {chance} is {line} the line by less than five points for the first time: it stays {}.",
            colour.word()
        );
    }
    match colour {
        Colour::Green => format!("The chance is {chance}, at least 60 %."),
        Colour::Yellow => format!("The chance is {chance}, under 60 %."),
        _ => format!("The chance is {chance}, under 30 %."),
    }
}
