//! Histories at the edge of what there is, as a table: each gives a forecast that is sound, or says what is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::distribution::sorted;
use quarterdeck_forecast::{
    Bounds, Cap, Forecast, ForecastError, Job, Nature, Partial, QuarterValue, Roll, Series, forecast,
};

const PATHS: usize = 400;

/// A history that ends with 2023, and what it is.
struct Edge {
    name: &'static str,
    grain: Grain,
    nature: Nature,
    values: Vec<Option<f64>>,
}

fn edge(name: &'static str, grain: Grain, nature: Nature, values: impl IntoIterator<Item = f64>) -> Edge {
    Edge { name, grain, nature, values: values.into_iter().map(Some).collect() }
}

/// Growth, a season and some noise, always the same.
fn ordinary(count: usize, season: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |t| {
        let place = (t % season) as f64 / season as f64 * std::f64::consts::TAU;
        100.0 * libm::exp(0.5 * t as f64 / count as f64 + 0.2 * libm::sin(place) + 0.05 * libm::sin((t * t) as f64))
    })
}

fn series(edge: &Edge) -> Series {
    let calendar = Calendar::default();
    let last = calendar.period_of(edge.grain, day("2023-12-31"));
    let known = edge.values.iter().flatten();
    let low = known.clone().all(|value| *value >= 0.0).then_some(0.0);
    Series {
        name: edge.name.to_owned(),
        grain: edge.grain,
        start: calendar.shift(last, 1 - edge.values.len() as i64),
        values: edge.values.clone(),
        partial: None,
        weights: Vec::new(),
        nature: edge.nature,
        roll: match edge.nature {
            Nature::Flow => Roll::Total,
            Nature::Level => Roll::Last,
            Nature::Share => Roll::Average(Grain::Week),
        },
        bounds: Bounds { low, high: (edge.nature == Nature::Share).then_some(1.0) },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn run(one: &Series, as_of: NaiveDate, windows: &[&str]) -> Result<Forecast, ForecastError> {
    let calendar = Calendar::default();
    let windows: Vec<Period> = windows.iter().map(|text| text.parse().unwrap()).collect();
    let all = std::slice::from_ref(one);
    let job =
        Job { series: all, identities: &[], windows: &windows, as_of, calendar: &calendar, seed: 1, paths: PATHS };
    forecast(&job).forecasts.remove(0).forecast
}

/// Numbers everywhere, inside bounds and cap, sums of steps and claims in order.
fn sound(one: &Series, forecast: &Forecast) {
    let name = &one.name;
    assert_eq!(forecast.paths.len(), PATHS, "{name}");
    let mut all = forecast.paths.rows().flatten().chain(forecast.windows.iter().flat_map(|window| &window.values));
    assert!(all.all(|value| value.is_finite()), "{name}: not a number");
    let inside = |value: &f64| {
        one.bounds.low.is_none_or(|low| *value >= low)
            && (one.nature != Nature::Share || *value <= 1.0)
            && one.cap.as_ref().is_none_or(|cap| cap.low < cap.high || *value <= cap.high)
    };
    assert!(forecast.paths.rows().flatten().all(inside), "{name}: outside its bounds");
    assert!(forecast.calibration.width.is_finite() && forecast.calibration.width > 0.0, "{name}");
    for claim in &forecast.claims {
        assert!(claim.quantiles.is_sorted() && (0.0..=1.0).contains(&claim.pit), "{name}: {claim:?}");
        assert!(claim.quantiles.iter().all(|value| value.is_finite()), "{name}: {claim:?}");
    }
    for model in &forecast.models {
        assert!(model.mase.is_none_or(f64::is_finite) && model.weight.is_finite(), "{name}: {model:?}");
    }
}

fn table() -> Vec<Edge> {
    use Grain::{Day, Month, Quarter, Week};
    use Nature::{Flow, Level, Share};
    let spike = |size: f64| (0..60).map(move |t| if t == 30 { size } else { 0.0 });
    vec![
        edge("two points", Month, Level, [5.0, 6.0]),
        edge("two equal points", Month, Flow, [5.0, 5.0]),
        edge("three points", Quarter, Flow, [5.0, 6.0, 4.0]),
        edge("three days", Day, Flow, [5.0, 6.0, 4.0]),
        edge("constant", Month, Flow, [7.0; 40]),
        edge("constant days", Day, Level, [7.0; 400]),
        edge("all zeros", Week, Flow, [0.0; 60]),
        edge("all zeros by day", Day, Flow, [0.0; 200]),
        edge("zero share", Week, Share, [0.0; 60]),
        edge("full share", Week, Share, [1.0; 60]),
        edge("share at both ends", Week, Share, (0..60).map(|t| f64::from(t % 2))),
        edge("share near one", Month, Share, (0..48).map(|t| 1.0 - 1e-9 * f64::from(t % 5))),
        edge("one spike", Week, Flow, spike(1.0)),
        edge("one great spike", Week, Flow, spike(1e12)),
        edge("one spike in a level", Day, Level, (0..200).map(|t| if t == 100 { 1e9 } else { 5.0 })),
        edge("tiny", Month, Flow, ordinary(60, 12).map(|value| value * 1e-14)),
        edge("huge", Month, Flow, ordinary(60, 12).map(|value| value * 1e13)),
        edge("tiny to huge", Month, Flow, (0..40).map(|t| libm::pow(10.0, f64::from(t) - 20.0))),
        edge("subnormal", Month, Level, [5e-324; 30]),
        edge("near the largest number", Quarter, Level, (0..20).map(|t| 1e300 * (1.0 + f64::from(t % 3)))),
        edge("twenty years of days", Day, Flow, ordinary(7_305, 365)),
        edge(
            "twenty years of weekdays",
            Day,
            Flow,
            (0..7_305).map(|t| if t % 7 < 5 { 100.0 + f64::from(t % 31) } else { 0.0 }),
        ),
        edge("twenty years of rare days", Day, Flow, (0..7_305).map(|t| f64::from(u8::from(t % 11 == 0)))),
        edge("a season longer than the history", Week, Flow, ordinary(40, 52)),
        edge("a year and a step", Month, Flow, ordinary(13, 12)),
        edge("two years less a step", Week, Flow, ordinary(103, 52)),
        edge("alternating signs", Month, Level, (0..50).map(|t| if t % 2 == 0 { 3.0 } else { -3.0 })),
        edge("alternating and great", Week, Level, (0..120).map(|t| if t % 2 == 0 { 1e15 } else { -1e15 })),
        edge("always below zero", Month, Level, ordinary(50, 12).map(|value| -value)),
        edge("falling to zero", Month, Flow, (0..40).map(|t| f64::from(40 - t) / 40.0)),
        edge("exploding", Month, Flow, (0..60).map(|t| libm::exp(0.5 * f64::from(t)))),
        edge("stopped", Week, Flow, ordinary(104, 52).chain([0.0; 30])),
        edge("just begun", Week, Flow, std::iter::repeat_n(0.0, 80).chain(ordinary(12, 52))),
    ]
}

#[test]
fn every_edge_gives_a_sound_forecast() {
    for edge in table() {
        let one = series(&edge);
        let forecast =
            run(&one, day("2023-12-31"), &["2024-Q1", "2024-Q2"]).unwrap_or_else(|e| panic!("{}: {e}", edge.name));
        sound(&one, &forecast);
    }
}

#[test]
fn what_never_moved_stays() {
    for edge in table().iter().filter(|edge| edge.name.starts_with("constant") || edge.name.starts_with("all zeros")) {
        let one = series(edge);
        let found = run(&one, day("2023-12-31"), &["2024-Q1"]).unwrap();
        let value = edge.values[0].unwrap();
        let expected =
            |step: usize| if one.nature == Nature::Flow && edge.grain == Grain::Month { step > 3 } else { true };
        let near = |draw: &f64| (draw - value).abs() <= 0.1 * value;
        assert!(
            (0..found.steps.len()).filter(|step| expected(*step)).all(|step| found.paths.step(step).iter().all(near)),
            "{}",
            edge.name
        );
    }
}

#[test]
fn too_little_says_how_much_is_needed() {
    for (values, got) in [(vec![], 0), (vec![Some(3.0)], 1), (vec![None; 9], 0), (vec![None, Some(1.0), None], 1)] {
        let one = series(&Edge { name: "little", grain: Grain::Month, nature: Nature::Level, values });
        let error = run(&one, day("2023-12-31"), &["2024-Q1"]).unwrap_err();
        assert_eq!(error, ForecastError::NotEnoughData { needed: 2, got });
    }
}

/// What is no number is a gap, wherever it stands.
#[test]
fn what_is_no_number_counts_as_a_gap() {
    let gap = |holes: &dyn Fn(usize) -> bool, hole: Option<f64>| {
        let values = ordinary(120, 52).enumerate().map(|(t, value)| if holes(t) { hole } else { Some(value) });
        let one = series(&Edge { name: "holes", grain: Grain::Week, nature: Nature::Flow, values: values.collect() });
        let found = run(&one, day("2023-12-31"), &["2024-Q1"]).unwrap();
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let clean = Series { values: one.values.iter().copied().map(finite).collect(), ..one.clone() };
        sound(&clean, &found);
        found.paths
    };
    let places: [&dyn Fn(usize) -> bool; 5] =
        [&|t| t % 3 == 1, &|t| t > 110, &|t| t < 60, &|t| (30..100).contains(&t), &|t| t % 40 != 0];
    for holes in places {
        let gaps = gap(holes, None);
        assert_eq!(gaps, gap(holes, Some(f64::NAN)));
        assert_eq!(gaps, gap(holes, Some(f64::INFINITY)));
    }
}

/// Every day of a quarter, seen so far and not: the quarter is what was seen plus the rest, and ends as what came.
#[test]
fn every_day_of_a_quarter_can_be_the_day_of_the_forecast() {
    let calendar = Calendar::default();
    let daily: Vec<f64> = ordinary(821, 7).collect();
    let first = day("2022-01-01");
    let mut widths = Vec::new();
    for back in 0..91 {
        let as_of = day("2024-03-31") - chrono::Days::new(back);
        let known = ((as_of - first).num_days() + 1) as usize;
        for grain in [Grain::Day, Grain::Week, Grain::Month] {
            let (mut values, mut so_far, mut period) = (Vec::new(), None, calendar.period_of(grain, first));
            while calendar.starts(period) <= as_of {
                let at = |date: NaiveDate| (date - first).num_days();
                let (from, to) = (at(calendar.starts(period)).max(0) as usize, at(calendar.ends(period)) as usize + 1);
                let sum: f64 = daily.get(from..to.min(known)).unwrap_or_default().iter().sum();
                if to <= known {
                    values.push(Some(sum))
                } else {
                    so_far = Some(sum)
                }
                period = calendar.shift(period, 1);
            }
            let mut one = series(&Edge { name: "as of", grain, nature: Nature::Flow, values: Vec::new() });
            (one.start, one.values) = (calendar.period_of(grain, first), values);
            one.partial = so_far.map(|value| Partial { value, weight: None, through: as_of });
            let window: Period = "2024-Q1".parse().unwrap();
            let seen: f64 = daily[730..known.max(730)].iter().sum();
            let complete = back == 0;
            one.quarters = vec![QuarterValue { period: window, value: seen, weight: None, through: as_of, complete }];
            let found = run(&one, as_of, &["2024-Q1", "2024-Q2"]).unwrap();
            sound(&one, &found);
            let quarter = sorted(&found.windows[0].values);
            assert!(quarter[0] >= seen - 1e-6, "{grain} as of {as_of}: {} of {seen}", quarter[0]);
            if grain == Grain::Day {
                widths.push(quarter[PATHS - PATHS / 10] - quarter[PATHS / 10]);
            }
            if complete {
                assert!((quarter[PATHS - 1] - seen).abs() < 1e-6, "{grain}: {quarter:?}");
            }
        }
    }
    assert!(widths[0] < 1e-6 && widths[45] > widths[10] && widths[90] > widths[45], "{widths:?}");
}

#[test]
fn a_cap_below_what_was_seen_is_refused_and_one_just_above_is_held() {
    let edge = edge("capped", Grain::Month, Nature::Level, ordinary(60, 12));
    let mut one = series(&edge);
    let most = edge.values.iter().flatten().copied().fold(0.0, f64::max);
    for (low, high) in [(0.5 * most, 0.5 * most), (0.1 * most, 0.9 * most), (1e-300, 1e-299)] {
        one.cap = Some(Cap { label: "low".to_owned(), low, high });
        let error = run(&one, day("2023-12-31"), &["2024-Q1"]).unwrap_err();
        assert!(matches!(error, ForecastError::CapContradicted { .. }), "{low} {high}: {error}");
    }
    one.cap = Some(Cap { label: "near".to_owned(), low: 1.000_001 * most, high: 1.000_001 * most });
    sound(&one, &run(&one, day("2023-12-31"), &["2024-Q1"]).unwrap());
    for (low, high) in [(f64::NAN, 1.0), (-1.0, 5.0), (9.0, 3.0), (1.0, f64::INFINITY)] {
        one.cap = Some(Cap { label: "none".to_owned(), low, high });
        let found = run(&one, day("2023-12-31"), &["2024-Q1"]).unwrap();
        assert!(found.notes.iter().any(|note| note.contains("no range")), "{:?}", found.notes);
    }
}
