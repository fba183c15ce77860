//! Whether history shows what `drives` believes.
//!
//! Flows in: the histories of a model's metrics and its edges. Flows out: one [`EdgeReport`] each. Both sides are brought to
//! one grain and turned into changes from step to step whose season is taken out; their correlation is compared with that of
//! all circular shifts of one against the other, which keep each side's own memory and break only what ties them. Where no
//! lag is written the best of several is taken, and what shifts do is held against the best of as many. Over all edges the false discovery
//! rate is held at 10 % (Benjamini and Hochberg 1995). What is found is an association, never a cause.

mod changes;
mod shift;

use crate::outlook::{Inputs, series_of};
use crate::tree;
use crate::wording::{self, number};
use changes::{Kind, Paired, paired};
use quarterdeck_calendar::Grain;
use quarterdeck_forecast::normal;
use quarterdeck_lang::model::{Change, ChangeKind, Drives, Estimate, Metric};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The share of false ones among the associations that are shown.
const FALSE_DISCOVERIES: f64 = 0.10;
/// How sure the interval of a slope is.
const LEVEL: f64 = 0.8;

/// What history says of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Changes of the two go together more than chance explains.
    Associated,
    /// They do not, or not more than chance explains.
    NotShown,
    /// There is too little history to say.
    CannotTell,
    /// There is nothing to test: the one is computed from the other.
    Exact,
}

/// How much the parent changes with the child.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Steepness {
    /// A usual change of the child from step to step: one spread of those seen, which is what the slope was measured on.
    pub per: f64,
    /// How the child's changes are counted.
    pub per_kind: ChangeKind,
    /// What the parent changes by with it.
    pub gives: f64,
    /// How the parent's changes are counted.
    pub gives_kind: ChangeKind,
    /// Lower end of the 80 % interval of `gives`.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// An edge against history.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EdgeReport {
    /// What is believed to be driven.
    pub parent: String,
    /// What is believed to drive it.
    pub child: String,
    /// The grain both were compared at; `None` where they could not be.
    pub grain: Option<Grain>,
    /// How many steps later the parent moves.
    pub lag: u32,
    /// How many lags were tried: 1 where the lag was written beforehand.
    pub lags_tried: usize,
    /// How many pairs of changes there are.
    pub n: usize,
    /// Their correlation.
    pub correlation: Option<f64>,
    /// The chance of one as large were the two unrelated.
    pub p: Option<f64>,
    /// The false discovery rate at which it would just be shown, over all edges.
    pub q: Option<f64>,
    /// What that makes of it.
    pub verdict: Verdict,
    /// How much the parent moves with it.
    pub slope: Option<Steepness>,
    /// In how many parts of the history the sign is the same, and of how many.
    pub same_sign: Option<(usize, usize)>,
    /// All of it in a sentence or two.
    pub message: String,
}

/// Every edge of the model whose two metrics have histories, in order of parent and child.
pub fn test(inputs: &Inputs<'_>) -> Vec<EdgeReport> {
    let model = inputs.model;
    let identities = tree::identities(model);
    let mut found: Vec<(EdgeReport, &Metric, &Metric, &Drives)> = Vec::new();
    for child in model.metrics.values() {
        for edge in child.drives.iter().filter(|edge| edge.metric != child.name) {
            let Some(parent) = model.metrics.get(&edge.metric) else { continue };
            let known = |name: &str| inputs.histories.contains_key(name);
            if !known(&child.name) || !known(&parent.name) {
                continue;
            }
            // What is computed from the other goes together by arithmetic, and would only dilute what is found.
            let report = match tree::reaches(&identities, &parent.name, &child.name) {
                true => EdgeReport { verdict: Verdict::Exact, ..untold(child, parent) },
                false => one(inputs, child, parent, edge),
            };
            found.push((report, child, parent, edge));
        }
    }
    found.sort_by(|a, b| (&a.0.parent, &a.0.child).cmp(&(&b.0.parent, &b.0.child)));
    let adjusted = benjamini_hochberg(&found.iter().map(|(report, ..)| report.p).collect::<Vec<_>>());
    for ((report, child, parent, edge), q) in found.iter_mut().zip(adjusted) {
        report.q = q.map(crate::offer::three);
        if q.is_some_and(|q| q <= FALSE_DISCOVERIES) {
            report.verdict = Verdict::Associated;
        }
        report.message = message(report, child, parent, edge);
    }
    found.into_iter().map(|(report, ..)| report).collect()
}

/// What history says of one edge by itself, its place among all edges left open.
pub fn one(inputs: &Inputs<'_>, child: &Metric, parent: &Metric, edge: &Drives) -> EdgeReport {
    let mut report = untold(child, parent);
    let Some(pair) = pair_of(inputs, child, parent, edge) else { return report };
    let written = edge.lag.map(|lag| tree::steps(lag, pair.grain));
    report.grain = Some(pair.grain);
    report.lag = written.unwrap_or(0);
    report.n = pair.count(report.lag as usize);
    if report.n < needed(pair.grain) {
        return report;
    }
    let lags: Vec<usize> = match written {
        Some(lag) => vec![lag as usize],
        None => (0..=most_lags(pair.grain)).collect(),
    };
    report.lags_tried = lags.len();
    let Some(found) = shift::test(&pair.child, &pair.parent, &lags) else { return report };
    report.lag = found.lag as u32;
    report.n = found.n;
    report.correlation = Some(crate::offer::three(found.correlation));
    report.p = Some(found.p);
    report.verdict = Verdict::NotShown;
    report.slope = Some(steepness(&pair, &found));
    report.same_sign = Some(shift::same_sign(&pair.child, &pair.parent, found.lag, found.correlation));
    report
}

fn untold(child: &Metric, parent: &Metric) -> EdgeReport {
    EdgeReport {
        parent: parent.name.clone(),
        child: child.name.clone(),
        grain: None,
        lag: 0,
        lags_tried: 1,
        n: 0,
        correlation: None,
        p: None,
        q: None,
        verdict: Verdict::CannotTell,
        slope: None,
        same_sign: None,
        message: String::new(),
    }
}

/// The slope of an edge as history shows it, for a change of the child one spread wide; `None` where too little is known.
pub fn slope(inputs: &Inputs<'_>, child: &Metric, parent: &Metric, edge: &Drives) -> Option<(Change, Change, usize)> {
    let report = one(inputs, child, parent, edge);
    let slope = report.slope?;
    let size = Estimate { low: slope.low, mid: slope.gives, high: slope.high, level: LEVEL, from_range: false };
    let gives = Change { kind: slope.gives_kind, size };
    Some((gives, Change { kind: slope.per_kind, size: Estimate::point(slope.per) }, report.n))
}

fn pair_of(inputs: &Inputs<'_>, child: &Metric, parent: &Metric, edge: &Drives) -> Option<Paired> {
    let (child, parent) = (series_of(inputs, &child.name)?, series_of(inputs, &parent.name)?);
    let mut grain = child.grain.max(parent.grain);
    // Days are noise: they are compared by the week, unless the lag is shorter than one.
    if grain == Grain::Day && edge.lag.is_none_or(|lag| lag.days() >= 7.0 || lag.days() == 0.0) {
        grain = Grain::Week;
    }
    paired(inputs, &child, &parent, grain)
}

/// How many pairs of changes are needed: two whole seasons, and 24.
fn needed(grain: Grain) -> usize {
    // A week's season within days is the one that is taken out.
    (2 * season(grain)).max(24)
}

fn season(grain: Grain) -> usize {
    match grain {
        Grain::Day => 7,
        Grain::Week => 52,
        other => other.per_year(),
    }
}

/// The largest lag that is tried where none is written.
fn most_lags(grain: Grain) -> usize {
    match grain {
        Grain::Day => 14,
        Grain::Week => 8,
        Grain::Month => 3,
        _ => 2,
    }
}

fn steepness(pair: &Paired, found: &shift::Found) -> Steepness {
    let slope = found.correlation * found.spread_parent / found.spread_child;
    let error = found.null * (1.0 - found.correlation * found.correlation).max(0.0).sqrt() * found.spread_parent;
    let z = normal::quantile(0.5 + LEVEL / 2.0);
    let kind = |kind: Kind| match kind {
        Kind::Points => ChangeKind::Points,
        Kind::Relative => ChangeKind::Relative,
        Kind::Amount => ChangeKind::Amount,
    };
    let gives = slope * found.spread_child;
    Steepness {
        per: found.spread_child,
        per_kind: kind(pair.child_kind),
        gives,
        gives_kind: kind(pair.parent_kind),
        low: gives - z * error,
        high: gives + z * error,
    }
}

/// The rate of false discoveries at which each would just be shown (adjusted p-values), in the order given.
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = p.iter().enumerate().filter_map(|(at, p)| Some(((*p)?, at))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let m = order.len() as f64;
    let mut adjusted = vec![None; p.len()];
    let mut least = 1.0_f64;
    for (rank, (p, at)) in order.iter().enumerate().rev() {
        least = least.min(p * m / (rank as f64 + 1.0));
        if let Some(slot) = adjusted.get_mut(*at) {
            *slot = Some(least);
        }
    }
    adjusted
}

fn message(report: &EdgeReport, child: &Metric, parent: &Metric, edge: &Drives) -> String {
    if report.verdict == Verdict::Exact {
        return format!("Nothing to test: {} is computed from {}.", parent.label, child.label);
    }
    let (Some(slope), Some(p), Some(q)) = (report.slope, report.p, report.q) else {
        let (n, needed) = (report.n, report.grain.map_or(24, needed));
        return match report.grain {
            None => format!("Cannot tell (n = 0): {} and {} have no days in common.", child.label, parent.label),
            Some(_) if n < needed => {
                let unit = report.grain.map_or("step", Grain::word);
                format!("Cannot tell (n = {n}): {needed} changes from {unit} to {unit} are needed.")
            }
            Some(_) => format!("Cannot tell (n = {n}): one of the two never changes."),
        };
    };
    let when = later(report);
    if report.verdict != Verdict::Associated {
        let tried = match report.lags_tried {
            1 => String::new(),
            tried => format!(" at any of {tried} lags"),
        };
        return format!(
            "Not shown: changes go together{tried} no more than chance explains (p = {}, n = {}).{}",
            decimals(p),
            report.n,
            if q > p && p <= FALSE_DISCOVERIES {
                " Alone it would pass; among all edges tested it may be luck."
            } else {
                ""
            }
        );
    }
    let parts = report.same_sign.map(|(same, of)| format!("; the same sign in {same} of {of} parts of the history"));
    let size = |kind, value| sized(kind, value, parent);
    let unit = unit_of(slope.per_kind);
    let per = if slope.per == 0.0 { 0.0 } else { unit / slope.per };
    format!(
        "Associated: with {} more of {}, {} moves {} {when} (8 of 10: {} to {}; p = {}, n = {}){}.{}",
        sized(slope.per_kind, unit, child),
        child.label,
        parent.label,
        size(slope.gives_kind, slope.gives * per),
        size(slope.gives_kind, slope.low * per),
        size(slope.gives_kind, slope.high * per),
        decimals(p),
        report.n,
        parts.unwrap_or_default(),
        stated(edge, &slope, parent, child).map(|text| format!(" {text}")).unwrap_or_default()
    )
}

/// What a slope is told for: one percent, one point, one unit.
fn unit_of(kind: ChangeKind) -> f64 {
    if kind == ChangeKind::Amount { 1.0 } else { 0.01 }
}

fn later(report: &EdgeReport) -> String {
    let word = report.grain.map_or("step", Grain::word);
    match report.lag {
        0 => format!("in the same {word}"),
        1 => format!("1 {word} later"),
        lag => format!("{lag} {word}s later"),
    }
}

/// Whether a stated slope lies inside what history shows.
fn stated(edge: &Drives, slope: &Steepness, parent: &Metric, child: &Metric) -> Option<String> {
    let (gives, per) = edge.slope.as_ref()?;
    if gives.kind != slope.gives_kind || per.kind != slope.per_kind || per.size.mid == 0.0 || slope.per == 0.0 {
        return None;
    }
    let (stated, scale) = (gives.size.mid / per.size.mid, 1.0 / slope.per);
    let inside = (slope.low * scale..=slope.high * scale).contains(&stated);
    let words = format!("{} per {}", sized(gives.kind, gives.size.mid, parent), sized(per.kind, per.size.mid, child));
    Some(if inside { format!("The stated {words} lies inside.") } else { format!("The stated {words} lies outside.") })
}

fn sized(kind: ChangeKind, size: f64, metric: &Metric) -> String {
    match kind {
        ChangeKind::Points => format!("{} pp", number(100.0 * size)),
        ChangeKind::Relative => wording::percent(size),
        ChangeKind::Amount => wording::level(size, &metric.unit),
    }
}

fn decimals(p: f64) -> String {
    if p < 0.001 { "under 0.001".to_owned() } else { format!("{:.3}", p) }
}

/// Slopes of all associated edges, by child and parent.
pub fn associated(reports: &[EdgeReport]) -> BTreeMap<(&str, &str), Steepness> {
    let shown = reports.iter().filter(|report| report.verdict == Verdict::Associated);
    shown.filter_map(|report| Some(((report.child.as_str(), report.parent.as_str()), report.slope?))).collect()
}

#[cfg(test)]
#[path = "edge/tests.rs"]
mod tests;
