//! The chances of meeting several targets, scenario by scenario.

use crate::offer::three;
use crate::proposal::{AtLeast, Conditional, Joint};
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::normal;

/// One target in the scenarios of a workspace.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The target, its slice in brackets.
    pub name: String,
    /// Whether each scenario meets it, with everything.
    pub hits: Vec<bool>,
    /// The same without the plan.
    pub hits_without_plan: Vec<bool>,
    /// Its number in each scenario, with everything.
    pub values: Vec<f64>,
    /// Its own chance, from its own paths.
    pub p: f64,
    /// Its own chance without the plan.
    pub p_without_plan: f64,
    /// Series tied by identities share their order of paths; this tells which do.
    pub component: usize,
}

/// By how much every correlation is raised to see what hangs on them.
const RAISED: f64 = 0.2;

/// The joint chances of some targets. No chance of several is above the smallest of one.
pub fn joint(lanes: &[Lane], seed: u64, excluded: Vec<String>) -> Joint {
    if lanes.is_empty() {
        return Joint { excluded, ..Joint::default() };
    }
    let hits: Vec<&[bool]> = lanes.iter().map(|lane| lane.hits.as_slice()).collect();
    let without: Vec<&[bool]> = lanes.iter().map(|lane| lane.hits_without_plan.as_slice()).collect();
    let least = smallest(lanes.iter().map(|lane| lane.p));
    let least_without = smallest(lanes.iter().map(|lane| lane.p_without_plan));
    let shares = at_least(&hits);
    let p_all = shares.last().copied().unwrap_or(0.0).min(least);
    let last = lanes.len();
    let p_at_least = shares.iter().enumerate().map(|(at, p)| {
        let p = if at + 1 == last { p_all } else { *p };
        AtLeast { k: at + 1, p: three(p) }
    });
    Joint {
        p_all: Some(three(p_all)),
        p_all_without_plan: Some(three(all(&without).min(least_without))),
        p_at_least: p_at_least.collect(),
        excluded,
        p_all_independent: Some(three(independent(lanes).min(least))),
        p_all_more_dependent: Some(three(more_dependent(lanes, seed).min(least))),
        conditional: conditional(lanes),
    }
}

/// The least paths behind a chance that depends on another target.
const BEHIND: usize = 400;

/// What missing and meeting one target says of every other.
fn conditional(lanes: &[Lane]) -> Vec<Conditional> {
    let pairs = lanes.iter().enumerate().flat_map(|(at, given)| {
        lanes.iter().enumerate().filter(move |(other, _)| *other != at).map(move |(_, lane)| (given, lane))
    });
    let one = |(given, lane): (&Lane, &Lane)| {
        let count = |met: bool| {
            let chosen = given.hits.iter().zip(&lane.hits).filter(|(hit, _)| **hit == met);
            let (mut paths, mut hits) = (0, 0);
            for (_, hit) in chosen {
                paths += 1;
                hits += usize::from(*hit);
            }
            (paths, (paths >= BEHIND).then(|| three(hits as f64 / paths as f64)))
        };
        let ((paths_missed, p_if_missed), (paths_met, p_if_met)) = (count(false), count(true));
        Conditional {
            given: given.name.clone(),
            target: lane.name.clone(),
            p: lane.p,
            p_if_missed,
            p_if_met,
            paths_missed,
            paths_met,
        }
    };
    pairs.map(one).collect()
}

fn smallest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(1.0, f64::min)
}

/// Share of scenarios that meet at least 1, 2, … targets.
pub fn at_least(hits: &[&[bool]]) -> Vec<f64> {
    let scenarios = hits.iter().map(|lane| lane.len()).min().unwrap_or(0);
    let mut counts = vec![0usize; hits.len() + 1];
    for scenario in 0..scenarios {
        let met = hits.iter().filter(|lane| lane.get(scenario).copied().unwrap_or(false)).count();
        if let Some(count) = counts.get_mut(met) {
            *count += 1;
        }
    }
    let mut sum = 0usize;
    let mut shares: Vec<f64> = Vec::with_capacity(hits.len());
    for count in counts.iter().skip(1).rev() {
        sum += count;
        shares.push(if scenarios == 0 { 0.0 } else { sum as f64 / scenarios as f64 });
    }
    shares.reverse();
    shares
}

/// Share of scenarios that meet all.
pub fn all(hits: &[&[bool]]) -> f64 {
    at_least(hits).last().copied().unwrap_or(0.0)
}

/// The chance of all were metrics without common identities independent of each other: the product of the chances
/// of each group tied by identities.
fn independent(lanes: &[Lane]) -> f64 {
    let mut components: Vec<usize> = lanes.iter().map(|lane| lane.component).collect();
    components.sort_unstable();
    components.dedup();
    components
        .iter()
        .map(|component| {
            let of = lanes.iter().filter(|lane| lane.component == *component);
            all(&of.map(|lane| lane.hits.as_slice()).collect::<Vec<_>>())
        })
        .product()
}

/// The chance of all with every correlation higher by 0.2: the normal scores of each target's numbers are mixed with one
/// common factor, √(1 − a)·z + √a·f, which turns a correlation ρ into (1 − a)·ρ + a; a is chosen by the mean correlation.
fn more_dependent(lanes: &[Lane], seed: u64) -> f64 {
    let scores: Vec<Vec<f64>> = lanes.iter().map(|lane| normal_scores(&lane.values)).collect();
    let scenarios = scores.iter().map(Vec::len).min().unwrap_or(0);
    let mean = mean_correlation(&scores);
    let mix = (RAISED / (1.0 - mean).max(RAISED)).clamp(0.0, 1.0);
    let mut draws = Draws::named(seed, "more dependent");
    let factor: Vec<f64> = (0..scenarios).map(|_| draws.normal()).collect();
    let hits: Vec<Vec<bool>> = lanes.iter().zip(&scores).map(|(lane, own)| remixed(lane, own, &factor, mix)).collect();
    all(&hits.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Which scenarios meet a target after its numbers were put into the order of mixed scores.
fn remixed(lane: &Lane, own: &[f64], factor: &[f64], mix: f64) -> Vec<bool> {
    let mixed: Vec<f64> =
        own.iter().zip(factor).map(|(own, common)| (1.0 - mix).sqrt() * own + mix.sqrt() * common).collect();
    let (new, old) = (ranking(&mixed), ranking(&lane.values));
    let mut hits = vec![false; lane.hits.len()];
    for (to, from) in new.iter().zip(&old) {
        if let (Some(slot), Some(hit)) = (hits.get_mut(*to), lane.hits.get(*from)) {
            *slot = *hit;
        }
    }
    hits
}

/// Places in ascending order of value; ties keep their order.
fn ranking(values: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    places
        .sort_by(|a, b| values.get(*a).zip(values.get(*b)).map_or(std::cmp::Ordering::Equal, |(a, b)| a.total_cmp(b)));
    places
}

fn normal_scores(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    let mut scores = vec![0.0; values.len()];
    for (rank, place) in ranking(values).into_iter().enumerate() {
        if let Some(slot) = scores.get_mut(place) {
            *slot = normal::quantile((rank as f64 + 0.5) / n);
        }
    }
    scores
}

fn mean_correlation(scores: &[Vec<f64>]) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (at, a) in scores.iter().enumerate() {
        for b in scores.iter().skip(at + 1) {
            // Normal scores have mean 0 and spread 1.
            sum += a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len().max(1) as f64;
            pairs += 1.0;
        }
    }
    if pairs > 0.0 { sum / pairs } else { 0.0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Lane, joint};
    use quarterdeck_forecast::draws::Draws;
    use quarterdeck_forecast::normal;

    /// Five targets at 70 %, their latent normals with one common correlation.
    fn five(correlation: f64) -> Vec<Lane> {
        let mut draws = Draws::named(7, "five");
        let mut lanes: Vec<Vec<f64>> = vec![Vec::new(); 5];
        for _ in 0..40_000 {
            let common = draws.normal();
            for lane in &mut lanes {
                lane.push(correlation.sqrt() * common + (1.0 - correlation).sqrt() * draws.normal());
            }
        }
        let cut = normal::quantile(0.3);
        let lane = |(component, values): (usize, Vec<f64>)| Lane {
            name: component.to_string(),
            hits: values.iter().map(|value| *value >= cut).collect(),
            hits_without_plan: values.iter().map(|value| *value >= 0.0).collect(),
            values,
            p: 0.7,
            p_without_plan: 0.5,
            component,
        };
        lanes.into_iter().enumerate().map(lane).collect()
    }

    /// P(all five) by the midpoint rule over the common factor.
    fn quadrature(correlation: f64) -> f64 {
        let cut = normal::quantile(0.3);
        let steps = 4000;
        (0..steps)
            .map(|at| {
                let f = normal::quantile((f64::from(at) + 0.5) / f64::from(steps));
                let one = normal::cdf((correlation.sqrt() * f - cut) / (1.0 - correlation).sqrt());
                one * one * one * one * one / f64::from(steps)
            })
            .sum()
    }

    #[test]
    fn five_targets_at_seventy_percent() {
        // 0.7⁵ = 0.168; with latent normals that correlate 0.6 it is 0.407.
        assert!((quadrature(0.6) - 0.407).abs() < 1e-3 && (quadrature(0.0) - 0.168).abs() < 1e-3);
        for (correlation, expect) in [(0.0, 0.168), (0.6, 0.407)] {
            let joint = joint(&five(correlation), 1, Vec::new());
            assert!((joint.p_all.unwrap() - expect).abs() < 0.01, "{correlation}: {:?}", joint.p_all);
            let raised = joint.p_all_more_dependent.unwrap();
            assert!((raised - quadrature(correlation + 0.2)).abs() < 0.015, "{correlation}: {raised}");
            assert!((joint.p_all_independent.unwrap() - 0.168).abs() < 0.01);
        }
    }

    #[test]
    fn at_least_k_falls_in_k_and_no_joint_chance_beats_a_single_one() {
        let mut lanes = five(0.6);
        lanes[0].p = 0.05;
        let joint = joint(&lanes, 1, vec!["x".into()]);
        assert_eq!(joint.p_all, Some(0.05));
        assert_eq!(joint.p_at_least.last().unwrap().p, 0.05);
        assert!(joint.p_at_least.windows(2).all(|pair| pair[0].p >= pair[1].p && pair[0].k + 1 == pair[1].k));
        assert_eq!(joint.excluded, ["x"]);
    }

    #[test]
    fn what_one_target_says_of_another_needs_paths_behind_it() {
        // Two lanes of 1,000 scenarios: the first misses the first 400 (then 399), the second hits 100 of those and all others.
        let lane = |name: &str, hit: &dyn Fn(usize) -> bool| {
            let hits: Vec<bool> = (0..1_000).map(hit).collect();
            let p = hits.iter().filter(|hit| **hit).count() as f64 / 1_000.0;
            let values = hits.iter().map(|hit| f64::from(u8::from(*hit))).collect();
            let (name, component) = (name.to_owned(), name.len());
            Lane { name, hits_without_plan: hits.clone(), hits, values, p, p_without_plan: p, component }
        };
        let second = lane("second", &|at| !(100..400).contains(&at));
        for (missed, expect) in [(400, Some(0.25)), (399, None)] {
            let first = lane("first", &move |at| at >= missed);
            let found = joint(&[first, second.clone()], 1, Vec::new()).conditional;
            let told = found.iter().find(|each| each.given == "first").unwrap();
            assert_eq!((told.target.as_str(), told.p, told.paths_missed), ("second", 0.7, missed));
            assert_eq!((told.p_if_missed, told.paths_met), (expect, 1_000 - missed));
            assert!(told.p_if_met.unwrap() >= 0.998);
            // 300 misses of the second are too few to say anything of the first.
            assert_eq!(found.iter().find(|each| each.given == "second").unwrap().p_if_missed, None);
        }
    }

    #[test]
    fn nothing_has_no_joint_chance() {
        assert_eq!(joint(&[], 1, Vec::new()).p_all, None);
    }
}
