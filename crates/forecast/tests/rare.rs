//! Things that mostly do not happen: made-up counts whose truth is known.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::accuracy::spread::covered;
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::{Bounds, Forecast, Job, Nature, Roll, Series, forecast};
use rayon::prelude::*;

/// Steps in which something happens with a chance, then 1 and more as a geometric distribution of mean 2 has it.
fn counts(draws: &mut Draws, chance: f64, steps: usize) -> Vec<f64> {
    let size = |draws: &mut Draws| 1.0 + libm::floor(libm::log(draws.uniform()) / libm::log(0.5));
    (0..steps).map(|_| if draws.uniform() < chance { size(draws) } else { 0.0 }).collect()
}

fn outlook(grain: Grain, values: &[f64], seed: u64) -> Forecast {
    let calendar = Calendar::default();
    let window: Period = "2024-Q1".parse().unwrap();
    let as_of = calendar.ends("2023-12".parse().unwrap());
    let last = calendar.shift(calendar.period_of(grain, calendar.starts(window)), -1);
    let one = Series {
        name: format!("rare {seed}"),
        grain,
        start: calendar.shift(last, 1 - values.len() as i64),
        values: values.iter().copied().map(Some).collect(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Flow,
        roll: Roll::Total,
        bounds: Bounds { low: Some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    };
    let all = [one];
    let job = Job { series: &all, identities: &[], windows: &[window], as_of, calendar: &calendar, seed, paths: 2_000 };
    forecast(&job).forecasts.remove(0).forecast.unwrap()
}

/// The mean of quarters over the true one, the share inside the middle 80 % (its ends count), its mean width over the true one.
fn judge(grain: Grain, steps: usize, ahead: usize, chance: f64) -> (f64, f64, f64) {
    let runs: Vec<(f64, f64, f64)> = (0..60u64)
        .into_par_iter()
        .map(|seed| {
            let mut draws = Draws::named(seed, &format!("rare {chance}"));
            let all = counts(&mut draws, chance, steps + ahead);
            let window = &outlook(grain, &all[..steps], seed).windows[0].values;
            let middle = sorted(window);
            let (low, high) = (quantile_sorted(&middle, 0.1).unwrap(), quantile_sorted(&middle, 0.9).unwrap());
            let mean = window.iter().sum::<f64>() / window.len() as f64;
            (mean, covered(low, high, all[steps..].iter().sum()), high - low)
        })
        .collect();
    let mean = |of: fn(&(f64, f64, f64)) -> f64| runs.iter().map(of).sum::<f64>() / runs.len() as f64;
    // Sizes have mean 2 and mean square 6.
    let truth = ahead as f64 * chance * 2.0;
    let spread = (ahead as f64 * (6.0 * chance - 4.0 * chance * chance)).sqrt();
    (mean(|run| run.0) / truth, mean(|run| run.1), mean(|run| run.2) / (2.563 * spread))
}

#[test]
fn quarters_of_rare_things_are_as_many_as_they_should_be() {
    for (grain, steps, ahead, chance) in [
        (Grain::Week, 156, 13, 0.05),
        (Grain::Week, 156, 13, 0.2),
        (Grain::Week, 156, 13, 0.4),
        (Grain::Day, 730, 91, 0.1),
        (Grain::Month, 48, 3, 0.3),
    ] {
        let (mean, inside, width) = judge(grain, steps, ahead, chance);
        let said = format!("{grain} {chance}: mean {mean:.2} of the truth, {inside:.2} inside, width {width:.2}");
        // Of 60 runs each, 0.8 is within 0.13 nineteen times in twenty; ranges of counts hold a little more than they say.
        assert!((0.85..1.2).contains(&mean) && (0.67..=0.98).contains(&inside), "{said}");
        assert!((0.75..1.25).contains(&width), "{said}");
    }
}

#[test]
fn most_steps_of_a_rare_thing_hold_nothing() {
    let mut draws = Draws::named(5, "rare");
    let found = outlook(Grain::Week, &counts(&mut draws, 0.15, 156), 5);
    let zeros = found.paths.rows().flatten().filter(|value| **value == 0.0).count() as f64;
    let share = zeros / (found.paths.len() * found.paths.steps()) as f64;
    assert!((share - 0.85).abs() < 0.07, "{share}");
    assert_eq!(found.models[0].name, "tsb");
}
