//! All series of a workspace at once: each on its own, then tied by identities, then ordered against each other.

use crate::basis::{self, Role};
use crate::couple;
use crate::derive::{self, Made, Unfinished};
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
    let declared: Vec<&Identity> = identities.iter().filter(|identity| names.contains(&identity.of)).collect();
    let own: Vec<Series> = all.iter().filter(|series| names.contains(&series.name)).cloned().collect();
    let members: Vec<Series> =
        own.iter().map(|series| basis::with_weights(series, &declared, &own, job.calendar)).collect();
    let named = |series: &&Series| declared.iter().any(|identity| identity.of == series.name);
    let alone = |series: &&Series| {
        // One that can only be computed need not be forecast by itself.
        let solvable = || declared.iter().any(|i| i.of == series.name && basis::solutions(i).len() > 1);
        !named(series) || (series.values.iter().flatten().count() > 0 && solvable())
    };
    let chosen: Vec<&Series> = members.iter().filter(alone).collect();
    let found: Vec<(&Series, Result<Single, ForecastError>)> =
        chosen.par_iter().map(|series| (*series, single::forecast(series, job))).collect();
    let (mut direct, mut failed) = (Made::new(), BTreeMap::new());
    for (series, result) in found {
        match result {
            Ok(single) => {
                direct.insert(series.name.clone(), single);
            }
            // What is named by an identity can still be computed.
            Err(error) if !named(&series) => {
                failed.insert(series.name.clone(), Err(error));
            }
            Err(_) => {}
        }
    }
    let mut banned = BTreeSet::new();
    loop {
        let roles = basis::choose(&declared, &members, &direct, &banned, job);
        match play(&roles, &members, &direct, job) {
            Ok(mut results) => {
                results.extend(failed);
                return results;
            }
            // Each pair is banned once at most, and what is declared never is.
            Err(pair) => banned.insert(pair),
        };
    }
}

/// Couples the basis and computes the rest. An error names the role (declared and computed series) that would leave the
/// bounds of what it computes.
fn play(roles: &[Role], members: &[Series], direct: &Made, job: &Job<'_>) -> Result<Results, (String, String)> {
    let is_computed = |name: &str| roles.iter().any(|role| role.computed.of == name);
    let is_named = |name: &str| roles.iter().any(|role| role.declared.of == name);
    let mut made: Made =
        direct.iter().filter(|(name, _)| !is_computed(name)).map(|(name, s)| (name.clone(), s.clone())).collect();
    if made.len() > 1 {
        couple_rows(&mut made, job);
    }
    // A named series that is forecast by itself is still to be squared with the rest.
    let (mut kept, mut made): (Made, Made) = made.into_iter().partition(|(name, _)| is_named(name));
    let mut failed: Results = BTreeMap::new();
    let mut waiting: Vec<&Role> = roles.iter().collect();
    loop {
        let before = waiting.len();
        let mut left = Vec::new();
        for role in waiting {
            if basis::inputs(role).iter().any(|name| !made.contains_key(*name)) {
                left.push(role);
            } else if role.is_solved() {
                solve(role, members, &mut kept, &mut made, job)?;
            } else if let Some(own) = members.iter().find(|series| series.name == role.computed.of) {
                let from = Unfinished::FromSteps;
                match derive::derive(&role.computed, own, members, &made, from, job) {
                    Ok(single) => made.insert(own.name.clone(), single).is_some(),
                    Err(error) => failed.insert(own.name.clone(), Err(error)).is_some(),
                };
            }
        }
        waiting = left;
        if waiting.len() == before {
            break;
        }
    }
    for role in waiting {
        let missing = basis::inputs(role).into_iter().find(|name| !made.contains_key(*name));
        let part = missing.unwrap_or(&role.declared.of).to_owned();
        for name in basis::outcomes(role) {
            failed.insert(name.to_owned(), Err(ForecastError::MissingPart { part: part.clone() }));
        }
    }
    square_windows(roles, members, &mut made, job);
    failed.extend(made.into_iter().map(|(name, single)| (name, Ok(single))));
    Ok(failed)
}

/// Computes a member from the series its identity names, then the numbers of that series from all of them, so that the
/// identity holds at every step and window.
fn solve(
    role: &Role,
    members: &[Series],
    kept: &mut Made,
    made: &mut Made,
    job: &Job<'_>,
) -> Result<(), (String, String)> {
    let (named, name) = (&role.declared.of, &role.computed.of);
    let broken = || (named.clone(), name.clone());
    let find = |name: &str| members.iter().find(|series| series.name == name).ok_or_else(broken);
    let (whole, own) = (find(named)?, find(name)?);
    let direct = kept.remove(named).ok_or_else(broken)?;
    made.insert(named.clone(), direct);
    let from = if whole.nature == Nature::Flow { Unfinished::FromSteps } else { Unfinished::FromRest };
    let mut computed = derive::derive(&role.computed, own, members, made, from, job).map_err(|_| broken())?;
    if !stays_inside(own, &computed) {
        return Err(broken());
    }
    computed.notes.push(match role.windows {
        0 => format!("It is computed and `{named}` forecast, as is usual for them; no past quarters could tell."),
        n => {
            format!("Of its identity's members, it gains least from a forecast of its own: so said {n} past quarters.")
        }
    });
    made.insert(name.clone(), computed);
    let direct = made.remove(named).ok_or_else(broken)?;
    let from = Unfinished::FromSteps;
    let again = derive::derive(&role.declared, whole, members, made, from, job).map_err(|_| broken())?;
    if !stays_inside(whole, &again) {
        return Err(broken());
    }
    let (paths, rates, windows, steps) = (again.paths, again.rates, again.windows, again.steps);
    made.insert(named.clone(), Single { paths, rates, windows, steps, ..direct });
    Ok(())
}

/// Whether a computed series keeps its bounds, but for rounding, and adds nothing negative to what was observed.
fn stays_inside(own: &Series, single: &Single) -> bool {
    let low = own.bounds.low;
    let slack = |end: f64| 1e-9 * end.abs().max(1e-3);
    let inside = |value: &f64| {
        low.is_none_or(|low| *value >= low - slack(low))
            && own.bounds.high.is_none_or(|high| *value <= high + slack(high))
    };
    let forwards = own.nature != Nature::Flow || low.is_none_or(|low| low < 0.0);
    single.paths.rows().flatten().all(inside) && (forwards || single.rates.iter().all(|rate| *rate >= -1e-9))
}

/// A ratio that is forecast by itself and part of an identity: its windows follow from those of the other members, where it
/// is the only such one (else the windows would not say which of them gives way).
fn square_windows(roles: &[Role], members: &[Series], made: &mut Made, job: &Job<'_>) {
    for role in roles {
        let rolled = |name: &str| {
            let own = members.iter().find(|series| series.name == name)?;
            let is_ratio = own.roll == Roll::Weighted || own.roll.is_linked();
            (is_ratio && name != role.computed.of && name != role.declared.of).then_some(own)
        };
        let ratios: Vec<&Series> = formula::names(&role.declared.formula).into_iter().filter_map(rolled).collect();
        let [own] = ratios.as_slice() else { continue };
        // One that another identity makes has its windows from there.
        if roles.iter().any(|other| basis::outcomes(other).contains(own.name.as_str())) {
            continue;
        }
        let solved = basis::solutions(&role.declared).into_iter().find(|solved| solved.of == own.name);
        let Some(solved) = solved.filter(|solved| derive::composes(solved, own, members, made, job)) else { continue };
        if let Some(windows) = derive::windows(&solved, own, members, made, job)
            && let Some(single) = made.get_mut(&own.name)
        {
            single.windows = windows;
        }
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
    couple_past(made, job);
}

/// Reorders the draws of past forecasts likewise, each by what was known before.
pub fn couple_past(made: &mut Made, job: &Job<'_>) {
    if made.len() < 2 {
        return;
    }
    let scores: Vec<couple::Scores> = made.values().map(|single| couple::scores(&claims(single))).collect();
    let purpose = made.keys().map(String::as_str).collect::<Vec<_>>().join(" with ");
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
