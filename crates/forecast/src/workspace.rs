//! All series of a workspace at once: each on its own, then tied by identities, then ordered against each other.

use crate::couple;
use crate::derive::{self, Made};
use crate::draws::Draws;
use crate::formula;
use crate::identity::Identity;
use crate::outlook::{Claim, Dependence, Forecast, ForecastError, Job, NamedForecast, Outlook, PairDependence};
use crate::series::{Bounds, Nature, Roll, Series};
use crate::single::{self, Single};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Past claims reported.
const REPORTED: usize = 16;

type Results = BTreeMap<String, Result<Single, ForecastError>>;

/// Forecasts every series of a job.
pub fn forecast(job: &Job<'_>) -> Outlook {
    let identities = usable(job.identities);
    let all = with_derived(job, &identities);
    let components = components(&all, &identities);
    let mut finished: Vec<Results> =
        components.par_iter().map(|names| forecast_component(names, &all, &identities, job)).collect();
    let (order, dependence) = arrange(&mut finished, &identities, job);
    let mut forecasts: Vec<NamedForecast> = finished
        .into_iter()
        .zip(order)
        .flat_map(|(results, order)| {
            results.into_iter().map(move |(name, result)| NamedForecast {
                name,
                forecast: result.map(|single| finish(single, &order)),
            })
        })
        .collect();
    forecasts.sort_by(|a, b| a.name.cmp(&b.name));
    Outlook { forecasts, dependence }
}

/// The first identity of each computed series; a later one for the same series is left aside.
fn usable(identities: &[Identity]) -> Vec<Identity> {
    let mut seen = BTreeSet::new();
    identities.iter().filter(|identity| seen.insert(identity.of.as_str())).cloned().collect()
}

/// The job's series, each name once, and one for each computed series that has no history of its own.
fn with_derived(job: &Job<'_>, identities: &[Identity]) -> Vec<Series> {
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for series in job.series {
        all.entry(series.name.clone()).or_insert_with(|| series.clone());
    }
    for identity in identities {
        if all.contains_key(&identity.of) {
            continue;
        }
        let like = formula::names(&identity.formula).into_iter().find_map(|name| all.get(name));
        if let Some(like) = like {
            let start = job.calendar.shift(like.start, like.values.len() as i64);
            all.insert(identity.of.clone(), bare(&identity.of, like, start));
        }
    }
    all.into_values().collect()
}

/// A computed series of which nothing is known but its steps.
fn bare(name: &str, like: &Series, start: quarterdeck_calendar::Period) -> Series {
    Series {
        name: name.to_owned(),
        grain: like.grain,
        start,
        values: Vec::new(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Level,
        roll: Roll::Weighted,
        bounds: Bounds::default(),
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

/// Names tied by identities, directly or through others; in order.
fn components(all: &[Series], identities: &[Identity]) -> Vec<BTreeSet<String>> {
    let mut components: Vec<BTreeSet<String>> = all.iter().map(|s| BTreeSet::from([s.name.clone()])).collect();
    for identity in identities {
        let mut tied: BTreeSet<String> = formula::names(&identity.formula).into_iter().map(str::to_owned).collect();
        tied.insert(identity.of.clone());
        let (touched, rest) = components.into_iter().partition::<Vec<_>, _>(|names| !names.is_disjoint(&tied));
        components = rest;
        let merged: BTreeSet<String> = touched.into_iter().flatten().collect();
        if !merged.is_empty() {
            components.push(merged);
        }
    }
    components.sort();
    components
}

/// Forecasts the series of one component: the basis, coupled, and all that follows from it.
fn forecast_component(names: &BTreeSet<String>, all: &[Series], identities: &[Identity], job: &Job<'_>) -> Results {
    let derived: Vec<&Identity> = identities.iter().filter(|identity| names.contains(&identity.of)).collect();
    let members: Vec<&Series> = all.iter().filter(|series| names.contains(&series.name)).collect();
    let basis: Vec<&Series> =
        members.iter().filter(|series| derived.iter().all(|identity| identity.of != series.name)).copied().collect();
    let mut results: Results = basis
        .par_iter()
        .map(|series| (series.name.clone(), single::forecast(series, job)))
        .collect::<Vec<_>>()
        .into_iter()
        .collect();
    let mut made: Made = BTreeMap::new();
    let mut failed: Results = BTreeMap::new();
    for (name, result) in std::mem::take(&mut results) {
        match result {
            Ok(single) => {
                made.insert(name, single);
            }
            Err(error) => {
                failed.insert(name, Err(error));
            }
        }
    }
    if made.len() > 1 {
        couple_rows(&mut made, job);
    }
    derive_all(&derived, &members, all, &mut made, &mut failed, job);
    results = failed;
    results.extend(made.into_iter().map(|(name, single)| (name, Ok(single))));
    results
}

/// Computes what can be computed, parts before wholes; what is left lacks a part or needs itself.
fn derive_all(
    derived: &[&Identity],
    members: &[&Series],
    all: &[Series],
    made: &mut Made,
    failed: &mut Results,
    job: &Job<'_>,
) {
    let mut waiting: Vec<&Identity> = derived.to_vec();
    loop {
        let before = waiting.len();
        waiting.retain(|identity| {
            let ready = formula::names(&identity.formula).iter().all(|name| made.contains_key(*name));
            let own = members.iter().find(|series| series.name == identity.of);
            if let Some(own) = own.filter(|_| ready) {
                match derive::derive(identity, own, all, made, job) {
                    Ok(single) => made.insert(identity.of.clone(), single).is_some(),
                    Err(error) => failed.insert(identity.of.clone(), Err(error)).is_some(),
                };
            }
            !ready
        });
        if waiting.len() == before {
            break;
        }
    }
    for identity in waiting {
        let missing = formula::names(&identity.formula).into_iter().find(|name| !made.contains_key(*name));
        let part = missing.unwrap_or(&identity.of).to_owned();
        failed.insert(identity.of.clone(), Err(ForecastError::MissingPart { part }));
    }
}

/// The number by which a path of a series is ranked: its first window, else the sum of its steps.
fn statistic(single: &Single) -> Vec<f64> {
    match single.windows.first() {
        Some(window) => window.values.clone(),
        None => single.paths.rows().map(|row| row.iter().sum()).collect(),
    }
}

fn claims(single: &Single) -> Vec<Claim> {
    single.past.iter().map(|past| past.claim.clone()).collect()
}

/// Reorders the rows of basis series of one component so that row k is one scenario; their past forecasts likewise.
fn couple_rows(made: &mut Made, job: &Job<'_>) {
    let scores: Vec<couple::Scores> = made.values().map(|single| couple::scores(&claims(single))).collect();
    let correlations = couple::correlations(&scores.iter().collect::<Vec<_>>());
    let statistics: Vec<Vec<f64>> = made.values().map(statistic).collect();
    let purpose = made.keys().map(String::as_str).collect::<Vec<_>>().join(" with ");
    let mut draws = Draws::named(job.seed, &purpose);
    let borrowed: Vec<&[f64]> = statistics.iter().map(Vec::as_slice).collect();
    let orders = couple::orders(&borrowed, &correlations, &mut draws);
    for (single, order) in made.values_mut().zip(&orders) {
        reorder_rows(single, order);
    }
    let windows: BTreeSet<_> = made.values().flat_map(|single| single.past.iter().map(|past| past.window)).collect();
    for window in windows {
        // Only errors known before may say how the parts of a past forecast moved together.
        let then: Vec<couple::Scores> =
            scores.iter().map(|scores| scores.range(..window).map(|(p, score)| (*p, *score)).collect()).collect();
        let correlations = couple::correlations(&then.iter().collect::<Vec<_>>());
        let found: Vec<Option<&[f64]>> = made
            .values()
            .map(|single| single.past.iter().find(|past| past.window == window).map(|past| past.values.as_slice()))
            .collect();
        // A series without this window takes no part; an empty column would leave nothing to order.
        let longest: Vec<f64> = found.iter().flatten().next().map_or(Vec::new(), |values| values.to_vec());
        let columns: Vec<&[f64]> = found.iter().map(|values| values.unwrap_or(&longest)).collect();
        let mut draws = Draws::named(job.seed, &format!("{purpose} at {window}"));
        let orders = couple::orders(&columns, &correlations, &mut draws);
        for (single, order) in made.values_mut().zip(&orders) {
            if let Some(past) = single.past.iter_mut().find(|past| past.window == window) {
                couple::reorder(&mut past.values, 1, order);
            }
        }
    }
}

fn reorder_rows(single: &mut Single, order: &[u32]) {
    let width = single.paths.steps();
    let mut values: Vec<f64> = single.paths.rows().flatten().copied().collect();
    couple::reorder(&mut values, width, order);
    single.paths = crate::outlook::Paths::new(values, width);
    couple::reorder(&mut single.rates, width, order);
    couple::reorder(&mut single.weight_rates, width, order);
    for window in &mut single.windows {
        couple::reorder(&mut window.values, 1, order);
        couple::reorder(&mut window.weights, 1, order);
    }
}

/// Orders whole components against each other, each by one of its series, and reports all pairs.
fn arrange(finished: &mut [Results], identities: &[Identity], job: &Job<'_>) -> (Vec<Vec<u32>>, Dependence) {
    let paths = job.paths.max(1);
    let own: Vec<u32> = (0..paths as u32).collect();
    let leaders: Vec<Option<&Single>> = finished.iter().map(|results| leader(results, identities)).collect();
    let present: Vec<usize> = (0..leaders.len()).filter(|at| leaders[*at].is_some()).collect();
    let statistics: Vec<Vec<f64>> = leaders.iter().flatten().map(|single| statistic(single)).collect();
    let scores: Vec<couple::Scores> = leaders.iter().flatten().map(|single| couple::scores(&claims(single))).collect();
    let mut order = vec![own; finished.len()];
    if present.len() > 1 {
        let correlations = couple::correlations(&scores.iter().collect::<Vec<_>>());
        let borrowed: Vec<&[f64]> = statistics.iter().map(Vec::as_slice).collect();
        let found = couple::orders(&borrowed, &correlations, &mut Draws::named(job.seed, "order of scenarios"));
        for (at, found) in present.into_iter().zip(found) {
            order[at] = found;
        }
    }
    (order, Dependence { pairs: pairs(finished) })
}

/// The series a component is ordered by: one that is computed and part of nothing else, else the first.
fn leader<'a>(results: &'a Results, identities: &[Identity]) -> Option<&'a Single> {
    let is_part = |name: &str| identities.iter().any(|identity| formula::names(&identity.formula).contains(&name));
    let good = || results.iter().filter_map(|(name, result)| Some((name, result.as_ref().ok()?)));
    let whole = good().find(|(name, _)| identities.iter().any(|i| i.of == **name) && !is_part(name));
    whole.or_else(|| good().next()).map(|(_, single)| single)
}

/// Every pair of series of different components.
fn pairs(finished: &[Results]) -> Vec<PairDependence> {
    let mut named: Vec<(&str, usize, couple::Scores)> = Vec::new();
    for (component, results) in finished.iter().enumerate() {
        for (name, result) in results {
            if let Ok(single) = result {
                named.push((name, component, couple::scores(&claims(single))));
            }
        }
    }
    named.sort_by(|a, b| a.0.cmp(b.0));
    let correlations = couple::correlations(&named.iter().map(|(_, _, scores)| scores).collect::<Vec<_>>());
    let mut pairs = Vec::new();
    for (first, (a, component, _)) in named.iter().enumerate() {
        for (second, (b, other, _)) in named.iter().enumerate().skip(first + 1) {
            if component != other {
                let correlation = correlations.matrix[first][second];
                let origins = correlations.origins[first][second];
                pairs.push(PairDependence { a: (*a).to_owned(), b: (*b).to_owned(), correlation, origins });
            }
        }
    }
    pairs
}

fn finish(single: Single, order: &[u32]) -> Forecast {
    let mut claims = claims(&single);
    let late = claims.split_off(claims.len().saturating_sub(REPORTED));
    Forecast {
        steps: single.steps,
        paths: single.paths,
        windows: single.windows,
        order: order.to_vec(),
        models: single.models,
        calibration: single.calibration,
        claims: late,
        notes: single.notes,
    }
}
