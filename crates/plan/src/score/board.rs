//! The scoreboard: how claims of this workspace came true, over all closed periods.
//!
//! One claim per target counts: what was first stated, whether it was accepted as it was or overridden later. Claims of
//! dropped targets are counted apart, for a target that is dropped when it looks bad would flatter every score; periods that
//! are not final are left out. Chances are scored by Brier and logarithm, distributions by pinball; skill is 1 − score over
//! that of the yardstick ([`super::naive`]) on the same claims: 0 is no better, 1 perfect. Nobody is ranked on fewer than
//! [`RANKED_FROM`] quarters.

use super::bootstrap::{Interval, interval};
use super::brier::{self, Bin, Claimed, Parts, bins, parts};
use super::pinball::pinball;
use crate::close::closing::{ClaimRow, Closed, Closing};
use crate::proposal::Fan;
use quarterdeck_calendar::Period;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The fewest quarters on which anything is ranked.
pub const RANKED_FROM: usize = 8;

/// The scores of all closed periods.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Board {
    /// The closed periods, oldest first.
    pub periods: Vec<Period>,
    /// Periods that are not final yet, and left out.
    pub provisional: Vec<Period>,
    /// The seed of the intervals.
    pub seed: u64,
    /// How many claims count: one per target.
    pub claims: usize,
    /// Targets that had no chance, or no number, to score.
    pub unscored: usize,
    /// Dropped targets.
    pub dropped: Counted,
    /// What the Brier score of the targets' chances is made of.
    pub parts: Option<Parts>,
    /// Stated chances in tenths and what came: of commits, targets and stretches.
    pub reliability: Vec<Bin>,
    /// The scores, group by group.
    pub groups: Vec<Group>,
}

/// Claims that are only counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counted {
    /// How many.
    pub n: usize,
    /// How many of them would have been met.
    pub hit: usize,
}

/// Lines that can be compared with each other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Group {
    /// `levels`, `stages`, `models`, `methods`, `overrides`, `ships`, `owners`.
    pub name: String,
    /// Best first where they are ranked, else in a fixed order.
    pub lines: Vec<Line>,
    /// Whether every line has enough quarters to be ranked.
    pub ranked: bool,
}

/// The scores of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Line {
    /// What is scored.
    pub name: String,
    /// How many claims.
    pub n: usize,
    /// Of how many quarters.
    pub quarters: usize,
    /// How many should have come true; `None` for distributions.
    pub expected: Option<f64>,
    /// How many did; for distributions, how many numbers fell between the 10th and the 90th percentile.
    pub hit: usize,
    /// The Brier score of its chances: 0 is perfect.
    pub brier: Option<Interval>,
    /// Their logarithmic score: 0 is perfect.
    pub log: Option<f64>,
    /// The pinball score of its distributions over the metric's scale: 0 is perfect.
    pub pinball: Option<Interval>,
    /// Against the yardstick: 0 is no better, 1 perfect.
    pub skill: Option<Interval>,
}

/// One scored claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Record {
    /// A chance, and the yardstick's.
    Chance {
        /// The chance.
        p: f64,
        /// Whether it came true.
        hit: bool,
        /// The yardstick's chance.
        naive: Option<f64>,
    },
    /// A distribution.
    Spread {
        /// Its pinball score over the metric's scale.
        error: f64,
        /// The yardstick's.
        naive: Option<f64>,
        /// Whether the number fell between the 10th and the 90th percentile.
        inside: bool,
    },
}

/// Records by the name of their line.
type Lines = BTreeMap<String, Vec<(Period, Record)>>;

/// The scoreboard of some closings.
pub fn board(closings: &[Closing], seed: u64) -> Board {
    let mut closed: Vec<&Closing> = closings.iter().filter(|closing| closing.is_final).collect();
    closed.sort_by_key(|closing| closing.starts);
    let all: Vec<(Period, &Closed)> =
        closed.iter().flat_map(|closing| closing.targets.iter().map(|target| (closing.period, target))).collect();
    let standing: Vec<(Period, &Closed)> = all.iter().filter(|(_, target)| !target.dropped).copied().collect();
    let claims = |level: &str| -> Vec<Claimed> {
        let claim = |(period, target): &(Period, &Closed)| {
            let row = row(target, level)?;
            Some(Claimed { period: *period, p: row.p, hit: row.hit? })
        };
        standing.iter().filter_map(claim).collect()
    };
    let targets = claims("target");
    let every: Vec<Claimed> = [claims("commit"), targets.clone(), claims("stretch")].concat();
    let groups = [
        group("levels", &["commit", "target", "stretch"], levels(&standing), seed),
        group("stages", &STAGES, stages(&standing), seed),
        group("models", &[], models(&standing), seed),
        group("methods", &["trend", "benchmark", "market", "initiatives", "objective"], methods(&standing), seed),
        group("overrides", &["as proposed", "as overridden"], overrides(&standing), seed),
        group("ships", &["all initiatives"], ships(&closed), seed),
        group("owners", &[], owners(&standing), seed),
    ];
    let dropped: Vec<bool> =
        all.iter().filter(|(_, target)| target.dropped).filter_map(|(_, target)| met(target)).collect();
    Board {
        periods: closed.iter().map(|closing| closing.period).collect(),
        provisional: closings.iter().filter(|closing| !closing.is_final).map(|closing| closing.period).collect(),
        seed,
        claims: targets.len(),
        unscored: standing.len() - targets.len(),
        dropped: Counted {
            n: all.iter().filter(|(_, target)| target.dropped).count(),
            hit: dropped.iter().filter(|met| **met).count(),
        },
        parts: parts(&targets),
        reliability: bins(&every),
        groups: groups.into_iter().filter(|group| !group.lines.is_empty()).collect(),
    }
}

fn row<'a>(target: &'a Closed, level: &str) -> Option<&'a ClaimRow> {
    target.claims.iter().find(|row| row.level == level)
}

fn met(target: &Closed) -> Option<bool> {
    Some(target.grade?.grade >= crate::close::Grade::Target)
}

fn levels(all: &[(Period, &Closed)]) -> Lines {
    let mut lines = Lines::new();
    for (period, target) in all {
        for row in &target.claims {
            push(&mut lines, &row.level, *period, chance(row.p, row));
        }
    }
    lines
}

const STAGES: [&str; 3] = ["forecast alone", "with the plan", "with judgements"];

/// The target's chance, and the distribution, before and after the plan and the judgements.
fn stages(all: &[(Period, &Closed)]) -> Lines {
    let mut lines = Lines::new();
    for (period, target) in all {
        if let Some(row) = row(target, "target") {
            let chances = [row.p_without_plan, row.p_without_judgement, Some(row.p)];
            for (name, p) in STAGES.into_iter().zip(chances) {
                push(&mut lines, name, *period, p.and_then(|p| chance(p, row)));
            }
        }
        let fans = [target.without_plan, target.with_plan, target.with_judgement];
        for (name, fan) in STAGES.into_iter().zip(fans) {
            push(&mut lines, name, *period, fan.and_then(|fan| spread(target, &five(&fan))));
        }
    }
    lines
}

/// Targets by the model that had the most weight in their forecast.
fn models(all: &[(Period, &Closed)]) -> Lines {
    let mut lines = Lines::new();
    for (period, target) in all {
        let Some(model) = &target.model else { continue };
        let name = format!("led by {model}");
        push(&mut lines, &name, *period, target.without_plan.and_then(|fan| spread(target, &five(&fan))));
        let row = row(target, "target");
        push(&mut lines, &name, *period, row.and_then(|row| chance(row.p_without_plan?, row)));
    }
    lines
}

fn methods(all: &[(Period, &Closed)]) -> Lines {
    let mut lines = Lines::new();
    for (period, target) in all {
        for said in &target.methods {
            let said_by = [(0.1, said.p10), (0.5, said.p50), (0.9, said.p90)];
            push(&mut lines, &said.name, *period, spread(target, &said_by));
        }
    }
    lines
}

/// Targets that a person overrode: the proposal's claim and that of the value put in its place.
fn overrides(all: &[(Period, &Closed)]) -> Lines {
    let mut lines = Lines::new();
    for (period, target) in all {
        let Some(overridden) = &target.overridden else { continue };
        let Some(row) = row(target, "target") else { continue };
        push(&mut lines, "as proposed", *period, chance(row.p, row));
        let own = overridden.p.zip(overridden.hit);
        push(&mut lines, "as overridden", *period, own.map(|(p, hit)| Record::Chance { p, hit, naive: None }));
    }
    lines
}

/// Chances to ship: all of them, and by who does the work.
fn ships(closings: &[&Closing]) -> Lines {
    let mut lines = Lines::new();
    for closing in closings {
        for ship in &closing.initiatives {
            let record = ship.shipped.map(|hit| Record::Chance { p: ship.ships, hit, naive: None });
            push(&mut lines, "all initiatives", closing.period, record);
            if let Some(owner) = &ship.owner {
                push(&mut lines, owner, closing.period, record);
            }
        }
    }
    lines
}

fn owners(all: &[(Period, &Closed)]) -> Lines {
    let mut lines = Lines::new();
    for (period, target) in all {
        let Some(owner) = &target.owner else { continue };
        push(&mut lines, owner, *period, row(target, "target").and_then(|row| chance(row.p, row)));
    }
    lines
}

fn push(lines: &mut Lines, name: &str, period: Period, record: Option<Record>) {
    if let Some(record) = record {
        lines.entry(name.to_owned()).or_default().push((period, record));
    }
}

fn chance(p: f64, row: &ClaimRow) -> Option<Record> {
    Some(Record::Chance { p, hit: row.hit?, naive: row.p_naive })
}

fn five(fan: &Fan) -> [(f64, f64); 5] {
    [(0.1, fan.p10), (0.3, fan.p30), (0.5, fan.p50), (0.7, fan.p70), (0.9, fan.p90)]
}

/// The score of a distribution, and of the yardstick at the same percentiles.
fn spread(target: &Closed, said: &[(f64, f64)]) -> Option<Record> {
    let (came, scale) = (target.value?, target.scale?);
    let naive = |level: f64| target.naive.as_ref().and_then(|fan| five(fan).into_iter().find(|(of, _)| *of == level));
    let yardstick: Option<Vec<(f64, f64)>> = said.iter().map(|(level, _)| naive(*level)).collect();
    let (low, high) = (said.first()?.1, said.last()?.1);
    Some(Record::Spread {
        error: pinball(said, came)? / scale,
        naive: yardstick.and_then(|yardstick| Some(pinball(&yardstick, came)? / scale)),
        inside: low <= came && came <= high,
    })
}

/// A group with its lines scored; `order` names those that have a fixed place.
fn group(name: &str, order: &[&str], lines: Lines, seed: u64) -> Group {
    let mut scored: Vec<Line> =
        lines.into_iter().filter_map(|(line, records)| score(name, line, &records, seed)).collect();
    // Levels and stages are no rivals; all others are compared once there is enough to compare.
    let rivals = !matches!(name, "levels" | "stages" | "overrides");
    let ranked = rivals && scored.len() > 1 && scored.iter().all(|line| line.quarters >= RANKED_FROM);
    let place = |line: &Line| order.iter().position(|name| *name == line.name).unwrap_or(order.len());
    if ranked {
        let key = |line: &Line| line.skill.or(line.brier.map(negated)).map_or(f64::NEG_INFINITY, |score| score.value);
        scored.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.name.cmp(&b.name)));
    } else {
        scored.sort_by(|a, b| place(a).cmp(&place(b)).then(a.name.cmp(&b.name)));
    }
    Group { name: name.to_owned(), lines: scored, ranked }
}

fn negated(interval: Interval) -> Interval {
    Interval { value: -interval.value, low: None, high: None }
}

/// The scores of one line.
fn score(group: &str, line: String, records: &[(Period, Record)], seed: u64) -> Option<Line> {
    let chances: Vec<(Period, Record)> =
        records.iter().filter(|(_, record)| matches!(record, Record::Chance { .. })).copied().collect();
    let spreads: Vec<(Period, Record)> =
        records.iter().filter(|(_, record)| matches!(record, Record::Spread { .. })).copied().collect();
    let quarters: BTreeSet<Period> = records.iter().map(|(period, _)| *period).collect();
    let claimed: Vec<Claimed> = chances.iter().filter_map(|(period, record)| claimed(*period, record)).collect();
    let stream = |what: &str| format!("{group} {line} {what}");
    let main = if chances.is_empty() { &spreads } else { &chances };
    if main.is_empty() {
        return None;
    }
    let expected = claimed.iter().map(|claim| claim.p).sum::<f64>();
    let inside = |(_, record): &&(Period, Record)| matches!(record, Record::Spread { inside: true, .. });
    Some(Line {
        n: main.len(),
        quarters: quarters.len(),
        expected: (!claimed.is_empty()).then(|| libm::round(100.0 * expected) / 100.0),
        hit: if claimed.is_empty() {
            spreads.iter().filter(inside).count()
        } else {
            claimed.iter().filter(|claim| claim.hit).count()
        },
        brier: interval(&chances, mean_of(own), seed, &stream("brier")),
        log: brier::mean(&claimed, Claimed::log),
        pinball: interval(&spreads, mean_of(own), seed, &stream("pinball")),
        skill: interval(main, skill, seed, &stream("skill")),
        name: line,
    })
}

fn claimed(period: Period, record: &Record) -> Option<Claimed> {
    match record {
        Record::Chance { p, hit, .. } => Some(Claimed { period, p: *p, hit: *hit }),
        Record::Spread { .. } => None,
    }
}

/// A record's own score and the yardstick's.
fn scores(record: &Record) -> (f64, Option<f64>) {
    match *record {
        Record::Chance { p, hit, naive } => {
            let outcome = f64::from(u8::from(hit));
            let brier = |p: f64| (p - outcome) * (p - outcome);
            (brier(p), naive.map(brier))
        }
        Record::Spread { error, naive, .. } => (error, naive),
    }
}

fn own(record: &Record) -> f64 {
    scores(record).0
}

fn mean_of(score: fn(&Record) -> f64) -> impl Fn(&[&Record]) -> Option<f64> {
    move |records| {
        let sum = records.iter().map(|record| score(record)).sum::<f64>();
        (!records.is_empty()).then(|| sum / records.len() as f64)
    }
}

/// 1 − score over the yardstick's, on the records that have both.
fn skill(records: &[&Record]) -> Option<f64> {
    let both = records.iter().filter_map(|record| {
        let (own, naive) = scores(record);
        Some((own, naive?))
    });
    let (own, naive) = both.fold((0.0, 0.0), |(a, b), (own, naive)| (a + own, b + naive));
    (naive > 0.0).then(|| 1.0 - own / naive)
}

#[cfg(test)]
#[path = "board/tests.rs"]
mod tests;
