//! The funnel by its stages, its leaks ranked by what a point is worth to the north star.
//!
//! A point is one percentage point of a share, and one percent of anything else. What it is worth is what the north star's
//! number of the period gains where the metric stands one point better on every path: through identities exactly; else along
//! `drives`, by the slope that is stated or that history shows, and then the word is "associated". A leak is what lies between
//! a metric and the better of its best past quarter and its benchmarks.

use crate::edge::{self, EdgeReport, Steepness, Verdict};
use crate::effect::World;
use crate::facts::Facts;
use crate::offer::tidy;
use crate::outlook::{self, Inputs};
use crate::proposal::Actual;
use crate::smart::way;
use crate::tree;
use chrono::NaiveDate;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::Outlook;
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Better, ChangeKind, Metric, Unit};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The stages in their order (acquisition, activation, retention, referral, revenue).
pub const STAGES: [&str; 5] = ["acquisition", "activation", "retention", "referral", "revenue"];
/// Paths that are looked at.
const LOOKED_AT: usize = 1_000;

/// The funnel of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Funnel {
    /// The period a point is worth something in.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// The north star's metric; `None` where there is none.
    pub north_star: Option<String>,
    /// Its label.
    #[serde(skip)]
    pub star_label: String,
    /// Its unit.
    #[serde(skip)]
    pub star_unit: Option<Unit>,
    /// Its middle in the period, without the plan.
    pub north_star_expected: Option<f64>,
    /// Every metric with a stage, by stage, then by rank.
    pub steps: Vec<Step>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// A metric of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Step {
    /// Its stage.
    pub stage: String,
    /// The metric.
    pub metric: String,
    /// Its label.
    pub label: String,
    /// Its unit.
    #[serde(skip)]
    pub unit: Option<Unit>,
    /// The latest complete quarter.
    pub now: Option<Actual>,
    /// The same quarter a year before.
    pub year_before: Option<Actual>,
    /// What it could be compared with: the better of its best past quarter and its benchmarks.
    pub reference: Option<Reference>,
    /// What lies between it and that, in its unit; 0 where it is as good.
    pub leak: Option<f64>,
    /// How large a point is, in its unit.
    pub point: Option<f64>,
    /// What a point adds to the north star's number.
    pub worth: Option<PointWorth>,
    /// What closing the leak would add to it, at that worth.
    pub leak_worth: Option<f64>,
    /// Its place among all leaks, by what a point is worth; `None` where that cannot be told.
    pub rank: Option<usize>,
    /// Why its worth cannot be told.
    pub cannot_tell: Option<String>,
}

/// What a metric is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reference {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: f64,
}

/// What a point is worth to the north star, in its unit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PointWorth {
    /// 10th percentile.
    pub low: f64,
    /// Median.
    pub mid: f64,
    /// 90th percentile.
    pub high: f64,
    /// Whether it comes through identities alone; else it is an association.
    pub exact: bool,
    /// The way to the north star, the metric first.
    pub via: Vec<String>,
}

/// Which metrics a funnel reads: those of its stages, the north star, and what lies between.
pub fn needed(model: &Model) -> Vec<String> {
    let star = star(model);
    let mut names: std::collections::BTreeSet<String> = star.iter().map(|metric| metric.name.clone()).collect();
    for metric in model.metrics.values().filter(|metric| metric.stage.is_some()) {
        names.insert(metric.name.clone());
        names.extend(star.and_then(|star| way(model, &metric.name, &star.name)).into_iter().flatten());
    }
    // What any of them is made of, all the way down, for identities need all their parts.
    let identities = tree::identities(model);
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for part in identities.get(&name).map(|formula| tree::parts(formula)).unwrap_or_default() {
            if model.metrics.contains_key(&part) && names.insert(part.clone()) {
                open.push(part);
            }
        }
    }
    names.into_iter().filter(|name| model.metrics.contains_key(name)).collect()
}

fn star(model: &Model) -> Option<&Metric> {
    model.metrics.values().find(|metric| metric.role.as_deref() == Some("north star"))
}

/// The funnel in a period.
pub fn funnel(inputs: &Inputs<'_>, period: Period) -> Funnel {
    funnel_from(inputs, period, &outlook::forecast(inputs, &[period]))
}

/// The same from a forecast that is there already.
pub fn funnel_from(inputs: &Inputs<'_>, period: Period, outlook: &Outlook) -> Funnel {
    let facts = Facts::all(inputs, period);
    let world = crate::effect::build(inputs, period, outlook, &facts, None, &[]);
    let edges = edge::test(inputs);
    let site = Site { inputs, facts: &facts, world: &world, edges: &edges };
    let calendar = &inputs.model.settings.calendar;
    let star = star(inputs.model);
    let staged = inputs.model.metrics.values().filter(|metric| metric.stage.is_some());
    let mut steps: Vec<Step> = staged.map(|metric| site.step(metric, star)).collect();
    rank(&mut steps);
    let mut notes = Vec::new();
    if star.is_none() {
        notes.push("No metric is the north star (`role: north star`), so no point has a worth.".to_owned());
    }
    if steps.is_empty() {
        notes.push(
            "No metric has a stage: write `stage: acquisition` (activation, retention, referral, revenue).".into(),
        );
    }
    if steps.iter().any(|step| step.worth.as_ref().is_some_and(|worth| !worth.exact)) {
        notes.push(
            "Where a worth goes along `drives`, it is what is associated with a point, not what a point brings about."
                .into(),
        );
    }
    Funnel {
        period,
        starts: calendar.starts(period),
        ends: calendar.ends(period),
        as_of: inputs.as_of,
        north_star: star.map(|metric| metric.name.clone()),
        star_label: star.map(|metric| metric.label.clone()).unwrap_or_default(),
        star_unit: star.map(|metric| metric.unit.clone()),
        north_star_expected: star.and_then(|metric| site.middle(&metric.name)).map(tidy),
        steps,
        notes,
    }
}

/// Ranks leaks by what a point is worth and lays them out by stage.
fn rank(steps: &mut [Step]) {
    let worth = |step: &Step| step.worth.as_ref().map_or(f64::NEG_INFINITY, |worth| worth.mid.abs());
    steps.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.metric.cmp(&b.metric)));
    let ranked = steps.iter_mut().filter(|step| step.worth.is_some());
    ranked.enumerate().for_each(|(at, step)| step.rank = Some(at + 1));
    let stage = |step: &Step| STAGES.iter().position(|stage| *stage == step.stage).unwrap_or(STAGES.len());
    steps.sort_by_key(|step| (stage(step), step.rank.unwrap_or(usize::MAX)));
}

struct Site<'a> {
    inputs: &'a Inputs<'a>,
    facts: &'a BTreeMap<String, Facts>,
    world: &'a World,
    edges: &'a [EdgeReport],
}

impl Site<'_> {
    fn middle(&self, name: &str) -> Option<f64> {
        let node = self.world.nodes().get(self.world.place(name)?)?;
        quantile_sorted(&sorted(&node.base), 0.5)
    }

    fn step(&self, metric: &Metric, star: Option<&Metric>) -> Step {
        let facts = self.facts.get(&metric.name);
        let now = facts.and_then(|facts| facts.last);
        let calendar = &self.inputs.model.settings.calendar;
        let year_before = now.zip(facts).and_then(|(now, facts)| {
            let period = calendar.year_before(now.period);
            Some(Actual { period, value: facts.at(period)? })
        });
        let reference = self.reference(metric);
        let leak = now.zip(reference.as_ref()).map(|(now, reference)| gap(metric, now.value, reference.value));
        let point = self.point(metric);
        let (worth, cannot_tell) = match star.zip(point) {
            Some((star, _)) if star.name == metric.name => (None, Some("it is the north star itself".to_owned())),
            Some((star, point)) => match self.worth(metric, star, point) {
                Ok(worth) => (Some(worth), None),
                Err(why) => (None, Some(why)),
            },
            None if star.is_none() => (None, Some("no metric is the north star".to_owned())),
            None if self.middle(&metric.name).is_none() => (None, Some("there is no forecast of it".to_owned())),
            None => (None, Some("it is nothing, and one percent of nothing is none".to_owned())),
        };
        let per_unit = worth.as_ref().zip(point).map(|(worth, point)| worth.mid.abs() / point.abs());
        Step {
            stage: metric.stage.clone().unwrap_or_default(),
            metric: metric.name.clone(),
            label: metric.label.clone(),
            unit: Some(metric.unit.clone()),
            now,
            year_before,
            reference,
            leak: leak.map(tidy),
            point: point.map(f64::abs).map(tidy),
            leak_worth: leak.zip(per_unit).map(|(leak, per_unit)| tidy(leak * per_unit)),
            worth,
            rank: None,
            cannot_tell,
        }
    }

    /// The best of past quarters and benchmarks that are known.
    fn reference(&self, metric: &Metric) -> Option<Reference> {
        let lower = matches!(metric.better, Some(Better::Lower));
        let quarters = self.facts.get(&metric.name).map(|facts| facts.quarters.as_slice()).unwrap_or_default();
        let past = quarters
            .iter()
            .map(|actual| Reference { label: format!("best quarter, {}", actual.period), value: actual.value });
        let known = metric.benchmarks.iter().filter(|b| b.date.is_none_or(|date| date <= self.inputs.as_of));
        let others = known.map(|b| Reference { label: b.label.clone(), value: b.value });
        let better = |a: &Reference, b: &Reference| {
            if lower { b.value.total_cmp(&a.value) } else { a.value.total_cmp(&b.value) }
        };
        past.chain(others).max_by(better)
    }

    /// A point in the metric's unit, towards its better side.
    fn point(&self, metric: &Metric) -> Option<f64> {
        let level = self.middle(&metric.name)?;
        let size = if metric.unit.is_share() { 0.01 } else { 0.01 * level.abs() };
        let sign = if matches!(metric.better, Some(Better::Lower)) { -1.0 } else { 1.0 };
        (size > 0.0).then_some(sign * size)
    }

    /// What a point of a metric adds to the north star.
    fn worth(&self, metric: &Metric, star: &Metric, point: f64) -> Result<PointWorth, String> {
        let none = || "there is no forecast of it or of the north star".to_owned();
        let (node, of) = self.world.place(&metric.name).zip(self.world.place(&star.name)).ok_or_else(none)?;
        if self.world.reaches(of, node) {
            let via = way(self.inputs.model, &metric.name, &star.name).unwrap_or_default();
            let [low, mid, high] = self.through(node, of, point).ok_or_else(none)?;
            return Ok(PointWorth { low, mid, high, exact: true, via });
        }
        let via = way(self.inputs.model, &metric.name, &star.name)
            .ok_or_else(|| format!("nothing leads from it to {}", star.label))?;
        let (mut worth, mut spread) = (point, 0.0_f64);
        for pair in via.windows(2) {
            let [child, parent] = pair else { continue };
            let (add, relative) = self.link(child, parent, worth)?;
            worth = add;
            spread += relative * relative;
        }
        // Ranges of factors add up as the squares of what they are of themselves.
        let away = worth.abs() * spread.sqrt();
        let [low, mid, high] = [worth - away, worth, worth + away].map(tidy);
        Ok(PointWorth { low, mid, high, exact: false, via })
    }

    /// What a change of one metric adds to another through identities: three percentiles over paths.
    fn through(&self, node: usize, of: usize, by: f64) -> Option<[f64; 3]> {
        let base = |place: usize| self.world.nodes().get(place).map(|node| node.base.as_slice());
        let (own, parent) = (base(node)?, base(of)?);
        let every = (own.len() / LOOKED_AT).max(1);
        let adds: Vec<f64> = (0..own.len())
            .step_by(every)
            .filter_map(|path| Some(self.world.were(path, node, own.get(path)? + by, of)? - parent.get(path)?))
            .collect();
        let adds = sorted(&adds);
        let at = |p: f64| quantile_sorted(&adds, p).map(tidy);
        Some([at(0.1)?, at(0.5)?, at(0.9)?])
    }

    /// What a change of a metric adds to one right above it, and half the range of that as a part of it.
    fn link(&self, child: &str, parent: &str, by: f64) -> Result<(f64, f64), String> {
        let place = |name: &str| self.world.place(name).ok_or_else(|| format!("there is no data of `{name}`"));
        let (node, of) = (place(child)?, place(parent)?);
        if self.world.reaches(of, node) {
            let [low, mid, high] = self.through(node, of, by).ok_or("an identity on the way has gaps")?;
            let part = if mid == 0.0 { 0.0 } else { ((high - low) / 2.0 / mid).abs() };
            return Ok((mid, part));
        }
        let model = self.inputs.model;
        let (metric, above) =
            model.metrics.get(child).zip(model.metrics.get(parent)).ok_or("it leads out of the tree")?;
        let level = |name: &str| self.middle(name).ok_or_else(|| format!("there is no forecast of `{name}`"));
        let steep = self.slope(metric, above)?;
        let counted = match steep.per_kind {
            ChangeKind::Relative => by / level(child)?,
            _ => by,
        };
        let gives = steep.gives / steep.per * counted;
        let adds = match steep.gives_kind {
            ChangeKind::Relative => gives * level(parent)?,
            _ => gives,
        };
        let part = if steep.gives == 0.0 { 0.0 } else { ((steep.high - steep.low) / 2.0 / steep.gives).abs() };
        if adds.is_finite() { Ok((adds, part)) } else { Err("a slope on the way is no number".into()) }
    }

    /// The stated slope of an edge, else the one that history shows.
    fn slope(&self, child: &Metric, parent: &Metric) -> Result<Steepness, String> {
        let edge = child.drives.iter().find(|edge| edge.metric == parent.name);
        if let Some((gives, per)) = edge.and_then(|edge| edge.slope.as_ref()) {
            return Ok(Steepness {
                per: per.size.mid,
                per_kind: per.kind,
                gives: gives.size.mid,
                gives_kind: gives.kind,
                low: gives.size.low,
                high: gives.size.high,
            });
        }
        let report = self.edges.iter().find(|report| report.child == child.name && report.parent == parent.name);
        let said = |verdict: Verdict| match verdict {
            Verdict::NotShown => "history does not show",
            _ => "history is too short to show",
        };
        match report {
            Some(report) if report.verdict == Verdict::Associated => report.slope.ok_or_else(|| "no slope".to_owned()),
            Some(report) => {
                Err(format!("{} that {} drives {} (n = {})", said(report.verdict), child.label, parent.label, report.n))
            }
            None => Err(format!("there is no data on whether {} drives {}", child.label, parent.label)),
        }
    }
}

/// How far a metric is from a better value; 0 where it is there.
fn gap(metric: &Metric, now: f64, reference: f64) -> f64 {
    match metric.better {
        Some(Better::Lower) => (now - reference).max(0.0),
        _ => (reference - now).max(0.0),
    }
}

#[cfg(test)]
#[path = "funnel/tests.rs"]
mod tests;
