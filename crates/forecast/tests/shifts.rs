//! What should not mislead a forecast: shifts that nobody declared, values that rest on few.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::distribution::sorted;
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::{Bounds, Break, Forecast, Job, Nature, Roll, Series, forecast};

fn monthly(name: &str, nature: Nature, values: Vec<f64>) -> Series {
    Series {
        name: name.to_owned(),
        grain: Grain::Month,
        start: "2018-01".parse().unwrap(),
        values: values.into_iter().map(Some).collect(),
        partial: None,
        weights: Vec::new(),
        nature,
        roll: if nature == Nature::Flow { Roll::Total } else { Roll::Weighted },
        bounds: Bounds { low: Some(0.0), high: (nature == Nature::Share).then_some(1.0) },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

fn next_quarter(one: &Series) -> (f64, f64, Forecast) {
    let calendar = Calendar::default();
    let last = calendar.shift(one.start, one.values.len() as i64 - 1);
    let as_of = calendar.ends(last);
    let window: Period = calendar.shift(calendar.period_of(Grain::Quarter, as_of), 1);
    let all = std::slice::from_ref(one);
    let job =
        Job { series: all, identities: &[], windows: &[window], as_of, calendar: &calendar, seed: 1, paths: 1_000 };
    let found = forecast(&job).forecasts.remove(0).forecast.unwrap();
    let draws = sorted(&found.windows[0].values);
    (draws[500], draws[900] - draws[100], found)
}

/// Six years of a season, with a jump by half after four.
fn jumped(seed: u64, jump: f64) -> Vec<f64> {
    let mut draws = Draws::named(seed, "jumped");
    (0..72)
        .map(|t| {
            let season = 0.2 * libm::sin(t as f64 / 12.0 * std::f64::consts::TAU);
            let level = if t >= 50 { jump } else { 0.0 };
            1000.0 * libm::exp(season + level + 0.03 * draws.normal())
        })
        .collect()
}

#[test]
fn a_shift_that_nobody_declared_is_found_and_forecast_through() {
    let (mut off, mut off_declared) = (0.0, 0.0);
    for seed in 0..10 {
        let truth: f64 =
            (72..75).map(|t| 1000.0 * libm::exp(0.5 + 0.2 * libm::sin(t as f64 / 12.0 * std::f64::consts::TAU))).sum();
        let mut one = monthly("orders", Nature::Flow, jumped(seed, 0.5));
        let (middle, _, found) = next_quarter(&one);
        let note = "A level shift at 2022-03-01 that nobody declared was found and taken out of the history.";
        assert!(found.notes.iter().any(|said| said == note), "{seed}: {:?}", found.notes);
        off += (middle / truth - 1.0).abs() / 10.0;
        one.breaks = vec![Break { on: "2022-03-01".parse().unwrap(), label: "moved".to_owned(), drop_before: false }];
        off_declared += (next_quarter(&one).0 / truth - 1.0).abs() / 10.0;
    }
    // As good as if it had been declared, and within noise of 3 % a month.
    assert!(off < 0.03 && (off - off_declared).abs() < 0.01, "{off} {off_declared}");
}

#[test]
fn without_a_jump_nothing_is_found() {
    for seed in 0..20 {
        let (_, _, found) = next_quarter(&monthly("orders", Nature::Flow, jumped(seed, 0.0)));
        assert!(!found.notes.iter().any(|note| note.contains("level shift")), "{seed}: {:?}", found.notes);
    }
}

/// A share of 60 % measured on 400 a month, and on 10 in the last one, where 9 said yes.
#[test]
fn a_share_of_ten_answers_moves_little() {
    let mut draws = Draws::named(1, "survey");
    let mut values: Vec<f64> = (0..48).map(|_| 0.6 + 0.0245 * draws.normal()).collect();
    values[47] = 0.9;
    let mut one = monthly("satisfied", Nature::Share, values);
    one.weights = vec![Some(400.0); 48];
    let (usual, _, _) = next_quarter(&one);
    one.weights[47] = Some(10.0);
    let (middle, _, found) = next_quarter(&one);
    assert!((middle - 0.6).abs() < 0.02 && usual > middle + 0.02, "{middle} {usual}");
    assert!(
        found.notes.iter().any(|note| note == "1 value rests on far fewer than usual and counts for less."),
        "{:?}",
        found.notes
    );
}
