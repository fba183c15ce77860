//! What must hold of every outlook, whatever the data.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use chrono::NaiveDate;
use proptest::prelude::*;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::{
    Bounds, Break, Cap, Event, ForecastError, Formula, Identity, Job, Nature, Outlook, Partial, QuarterValue, Roll,
    Series, forecast,
};

const PATHS: usize = 400;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn series(name: &str, grain: Grain, values: &[f64]) -> Series {
    let start = Calendar::default().period_of(grain, day("2019-01-01"));
    Series {
        name: name.to_owned(),
        grain,
        start,
        values: values.iter().map(|value| Some(*value)).collect(),
        partial: None,
        weights: Vec::new(),
        nature: Nature::Flow,
        roll: Roll::Total,
        bounds: Bounds { low: Some(0.0), high: None },
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

/// Values with growth, a season and noise that a seed fixes.
fn made_up(count: usize, season: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|t| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
            let place = (t % season) as f64 / season as f64 * std::f64::consts::TAU;
            100.0 * libm::exp(0.01 * t as f64 + 0.2 * libm::sin(place) + 0.1 * noise)
        })
        .collect()
}

fn run(series: &[Series], identities: &[Identity], windows: &[&str], seed: u64) -> Outlook {
    let calendar = Calendar::default();
    let windows: Vec<Period> = windows.iter().map(|text| text.parse().unwrap()).collect();
    let as_of = series.iter().map(|s| calendar.ends(calendar.shift(s.start, s.values.len() as i64 - 1))).max().unwrap();
    forecast(&Job { series, identities, windows: &windows, as_of, calendar: &calendar, seed, paths: PATHS })
}

fn sound(outlook: &Outlook, series: &[Series]) {
    for entry in &outlook.forecasts {
        let Ok(forecast) = &entry.forecast else { continue };
        assert_eq!(forecast.paths.len(), PATHS, "{}", entry.name);
        assert_eq!(forecast.paths.steps(), forecast.steps.len());
        assert!(forecast.paths.rows().flatten().all(|value| value.is_finite()), "{}", entry.name);
        assert!(forecast.windows.iter().flat_map(|w| w.values.iter().chain(&w.weights)).all(|value| value.is_finite()));
        let mut order = forecast.order.clone();
        order.sort_unstable();
        assert_eq!(order, (0..PATHS as u32).collect::<Vec<u32>>(), "order is a permutation");
        if !forecast.models.is_empty() {
            let sum: f64 = forecast.models.iter().map(|model| model.weight).sum();
            assert!((sum - 1.0).abs() < 1e-9 && forecast.models.iter().any(|m| m.name == "seasonal_naive"));
        }
        for claim in &forecast.claims {
            assert!((0.0..=1.0).contains(&claim.pit) && claim.quantiles.is_sorted() && claim.actual.is_finite());
        }
        let Some(own) = series.iter().find(|s| s.name == entry.name) else { continue };
        if forecast.models.is_empty() {
            continue;
        }
        for value in forecast.paths.rows().flatten() {
            assert!(
                own.bounds.low.is_none_or(|low| *value >= low) && own.bounds.high.is_none_or(|high| *value <= high)
            );
        }
    }
}

/// Paths of a series as a sorted list of rows in bits: what must not move.
fn marginal(outlook: &Outlook, name: &str) -> Vec<Vec<u64>> {
    let mut rows: Vec<Vec<u64>> =
        outlook.get(name).unwrap().paths.rows().map(|row| row.iter().map(|value| value.to_bits()).collect()).collect();
    rows.sort();
    rows
}

fn named(name: &str) -> Box<Formula> {
    Box::new(Formula::Series(name.to_owned()))
}

#[test]
fn edges_give_a_forecast_or_a_named_error_and_never_a_panic() {
    let grains = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Half, Grain::Year];
    let shapes: Vec<Vec<f64>> = vec![
        vec![0.0; 30],
        vec![7.0; 30],
        vec![7.0, 7.0],
        vec![1.0, 2.0, 4.0],
        made_up(25, 4, 1).iter().map(|v| v * 1e-14).collect(),
        made_up(25, 4, 2).iter().map(|v| v * 1e13).collect(),
        made_up(25, 4, 3).iter().map(|v| v - 110.0).collect(),
        (0..40).map(|t| if t % 5 == 0 { 3.0 } else { 0.0 }).collect(),
        (0..40).map(|t| if t == 20 { 1e9 } else { 1.0 }).collect(),
        (0..130).map(|t| f64::from(t % 7)).collect(),
        vec![f64::NAN, 1.0, f64::INFINITY, 2.0, 3.0],
        vec![f64::MAX / 4.0, f64::MAX / 8.0, f64::MAX / 4.0],
        vec![5e-324; 9],
    ];
    for grain in grains {
        for (at, shape) in shapes.iter().enumerate() {
            for nature in [Nature::Flow, Nature::Level] {
                let mut one = series(&format!("{grain} {at}"), grain, shape);
                one.nature = nature;
                one.roll = if nature == Nature::Flow { Roll::Total } else { Roll::Last };
                let low = shape.iter().all(|value| value.is_nan() || *value >= 0.0).then_some(0.0);
                one.bounds.low = low;
                let window = Calendar::default().shift(
                    Calendar::default().period_of(
                        Grain::Quarter,
                        Calendar::default().ends(Calendar::default().shift(one.start, shape.len() as i64 - 1)),
                    ),
                    1,
                );
                let all = [one];
                let outlook = run(&all, &[], &[&window.to_string()], 1);
                sound(&outlook, &all);
                assert!(outlook.find(&format!("{grain} {at}")).unwrap().forecast.is_ok(), "{grain} {at} {nature:?}");
            }
        }
    }
}

#[test]
fn too_little_history_says_how_much_is_needed() {
    for values in [vec![], vec![None; 6], vec![None, Some(3.0)], vec![Some(f64::NAN); 3]] {
        let got = values.iter().flatten().filter(|value: &&f64| value.is_finite()).count();
        let mut one = series("x", Grain::Month, &[]);
        one.values = values;
        let good = series("y", Grain::Month, &made_up(20, 12, 1));
        let outlook = run(&[one, good], &[], &["2021-Q1"], 1);
        let error = outlook.find("x").unwrap().forecast.as_ref().unwrap_err();
        assert_eq!(*error, ForecastError::NotEnoughData { needed: 2, got });
        assert!(outlook.get("y").is_some(), "one failure never blocks the others");
    }
}

#[test]
fn shares_at_their_ends_stay_inside() {
    for values in [vec![1.0; 20], vec![0.0; 20], vec![1.0, 0.0, 1.0, 0.5, 1.0, 0.0, 0.9, 1.0, 1.0, 0.2]] {
        let mut one = series("share", Grain::Month, &values);
        (one.nature, one.roll) = (Nature::Share, Roll::Weighted);
        one.bounds = Bounds { low: Some(0.0), high: Some(1.0) };
        one.weights = vec![Some(100.0); values.len()];
        let all = [one];
        let outlook = run(&all, &[], &["2020-Q4"], 1);
        sound(&outlook, &all);
        let window = &outlook.get("share").unwrap().windows[0];
        assert!(window.values.iter().all(|value| (0.0..=1.0).contains(value)));
        assert!(window.weights.iter().all(|weight| *weight > 0.0));
    }
}

#[test]
fn an_unrelated_series_moves_no_bit() {
    let a = series("a", Grain::Month, &made_up(60, 12, 1));
    let b = series("b", Grain::Month, &made_up(60, 12, 2));
    let c = series("c", Grain::Week, &made_up(120, 52, 3));
    let alone = run(std::slice::from_ref(&a), &[], &["2024-Q1", "2024-Q2"], 1);
    let together = run(&[c.clone(), b.clone(), a.clone()], &[], &["2024-Q1", "2024-Q2"], 1);
    let tied = Identity { of: "d".to_owned(), formula: Formula::Add(named("b"), named("c")) };
    let elsewhere = run(&[b, a.clone(), c.clone()], &[tied], &["2024-Q1", "2024-Q2"], 1);
    for other in [&together, &elsewhere] {
        let (before, after) = (alone.get("a").unwrap(), other.get("a").unwrap());
        assert_eq!(before.paths, after.paths);
        assert_eq!(before.windows, after.windows);
        assert_eq!(before.claims, after.claims);
    }
    assert_eq!(marginal(&together, "c"), marginal(&elsewhere, "c"), "an identity moves rows, not distributions");
    let reseeded = run(&[a], &[], &["2024-Q1", "2024-Q2"], 2);
    assert_ne!(alone.get("a").unwrap().paths, reseeded.get("a").unwrap().paths);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let all: Vec<Series> =
        (0..6).map(|k| series(&format!("s{k}"), Grain::Month, &made_up(60 + k, 12, k as u64))).collect();
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let identity = Identity { of: "sum".to_owned(), formula: Formula::Add(named("s0"), named("s1")) };
        pool.install(|| run(&all, &[identity], &["2024-Q2"], 7))
    };
    let (one, many) = (of(1), of(5));
    for (a, b) in one.forecasts.iter().zip(&many.forecasts) {
        assert_eq!((&a.name, &a.forecast), (&b.name, &b.forecast));
    }
    assert_eq!(one.dependence, many.dependence);
}

#[test]
fn identities_hold_on_every_path_at_steps_and_windows() {
    let revenue = series("revenue", Grain::Month, &made_up(48, 12, 1));
    let orders = series("orders", Grain::Month, &made_up(48, 12, 9));
    let mut aov = series("aov", Grain::Month, &[]);
    aov.values = revenue.values.iter().zip(&orders.values).map(|(r, o)| Some(r.unwrap() / o.unwrap())).collect();
    (aov.nature, aov.roll) = (Nature::Level, Roll::Weighted);
    aov.weights = orders.values.clone();
    let growth = Formula::Sub(
        Box::new(Formula::Div(named("revenue"), Box::new(Formula::Ago(named("revenue"), 12)))),
        Box::new(Formula::Number(1.0)),
    );
    let identities = [
        Identity { of: "aov".to_owned(), formula: Formula::Div(named("revenue"), named("orders")) },
        Identity { of: "growth".to_owned(), formula: growth },
        Identity { of: "both".to_owned(), formula: Formula::Add(named("aov"), named("growth")) },
    ];
    let all = [revenue.clone(), orders, aov];
    let outlook = run(&all, &identities, &["2023-Q1", "2023-Q2", "2023-Q3"], 1);
    sound(&outlook, &all);
    let get = |name: &str| outlook.get(name).unwrap();
    let (r, o, a, g, both) = (get("revenue"), get("orders"), get("aov"), get("growth"), get("both"));
    let same = |found: f64, expected: f64| {
        assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} {expected}")
    };
    for path in 0..PATHS {
        for step in 0..a.steps.len() {
            let (sales, count) = (r.paths.row(path).unwrap()[step], o.paths.row(path).unwrap()[step]);
            same(a.paths.row(path).unwrap()[step], sales / count);
            let year_ago =
                if step < 12 { revenue.values[36 + step].unwrap() } else { r.paths.row(path).unwrap()[step - 12] };
            same(g.paths.row(path).unwrap()[step], sales / year_ago - 1.0);
            same(both.paths.row(path).unwrap()[step], sales / count + sales / year_ago - 1.0);
        }
        for window in 0..3 {
            same(a.windows[window].values[path], r.windows[window].values[path] / o.windows[window].values[path]);
            same(a.windows[window].weights[path], o.windows[window].values[path]);
            let last_year: f64 = (0..3).map(|month| revenue.values[36 + 3 * window + month].unwrap()).sum();
            same(g.windows[window].values[path], r.windows[window].values[path] / last_year - 1.0);
        }
    }
    assert!(a.claims.len() >= 8, "a derived series has its track record: {}", a.claims.len());
    assert_eq!(a.order, r.order, "one component, one order");
    assert!(outlook.dependence.pairs.is_empty(), "all are tied");
}

#[test]
fn a_missing_part_and_a_cycle_are_named() {
    let identities = [
        Identity { of: "ratio".to_owned(), formula: Formula::Div(named("a"), named("nothing")) },
        Identity { of: "p".to_owned(), formula: Formula::Add(named("q"), named("a")) },
        Identity { of: "q".to_owned(), formula: Formula::Add(named("p"), named("a")) },
    ];
    let all = [series("a", Grain::Month, &made_up(40, 12, 1)), series("p", Grain::Month, &made_up(40, 12, 2))];
    let outlook = run(&all, &identities, &["2022-Q3"], 1);
    let part = |name: &str| match &outlook.find(name).unwrap().forecast {
        Err(ForecastError::MissingPart { part }) => part.clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(part("ratio"), "nothing");
    assert_eq!(part("p"), "q");
    assert!(outlook.get("a").is_some());
}

#[test]
fn no_path_passes_its_cap_and_a_contradicted_cap_is_refused() {
    let logistic: Vec<f64> = (0..40).map(|t| 1000.0 / (1.0 + libm::exp(-0.2 * (f64::from(t) - 25.0)))).collect();
    let mut one = series("users", Grain::Quarter, &logistic);
    (one.nature, one.roll) = (Nature::Level, Roll::Last);
    one.cap = Some(Cap { label: "everybody".to_owned(), low: 1000.0, high: 1000.0 });
    let known = run(std::slice::from_ref(&one), &[], &["2030-Q4"], 1);
    let found = known.get("users").unwrap();
    assert!(found.paths.rows().flatten().all(|value| *value <= 1000.0));
    let middle = quarterdeck_forecast::distribution::sorted(&found.paths.step(7))[PATHS / 2];
    assert!(middle > 960.0, "it nears the cap: {middle}");

    one.cap = Some(Cap { label: "everybody".to_owned(), low: 1000.0, high: 2000.0 });
    let spread = run(std::slice::from_ref(&one), &[], &["2030-Q4"], 1);
    let highest = spread.get("users").unwrap().paths.rows().flatten().copied().fold(0.0, f64::max);
    assert!(highest < 4000.0 && highest > 960.0, "{highest}");

    one.cap = Some(Cap { label: "too few".to_owned(), low: 500.0, high: 1000.0 });
    let refused = run(std::slice::from_ref(&one), &[], &["2030-Q4"], 1);
    let error = refused.find("users").unwrap().forecast.as_ref().unwrap_err();
    assert_eq!(
        error.to_string(),
        // The last value is 942.7; (ln 942.7 − 6.561) / 0.2704 = 1.06, and Φ(1.06) = 0.856.
        "the cap `too few` contradicts the data: 86 % of its range lies below the highest value seen"
    );
}

#[test]
fn a_month_of_a_capped_flow_never_holds_more_than_the_cap() {
    let near: Vec<f64> = made_up(60, 12, 4).iter().map(|v| 1000.0 / (1.0 + 100.0 / v)).collect();
    let mut one = series("trips", Grain::Month, &near);
    one.cap = Some(Cap { label: "seats".to_owned(), low: 700.0, high: 700.0 });
    let all = [one];
    let outlook = run(&all, &[], &["2024-Q1", "2024-Q4"], 1);
    assert!(outlook.get("trips").unwrap().paths.rows().flatten().all(|value| *value <= 700.0));
}

#[test]
fn the_quarter_so_far_is_part_of_the_quarter() {
    let calendar = Calendar::default();
    let values = vec![10.0; 400];
    let mut one = series("daily", Grain::Day, &values);
    // 2019-01-01 and 400 days: through 2020-02-04, 35 days into the quarter of 91.
    let window: Period = "2020-Q1".parse().unwrap();
    let as_of = day("2020-02-04");
    let ask = |series: &Series| {
        let all = std::slice::from_ref(series);
        let job =
            Job { series: all, identities: &[], windows: &[window], as_of, calendar: &calendar, seed: 1, paths: PATHS };
        forecast(&job).get("daily").unwrap().windows[0].values[0]
    };
    assert!((ask(&one) - 910.0).abs() < 1e-6, "{}", ask(&one));
    let through = as_of;
    one.quarters = vec![QuarterValue { period: window, value: 500.0, weight: None, through, complete: false }];
    assert!((ask(&one) - (500.0 + 560.0)).abs() < 1e-6, "the source's own figure counts: {}", ask(&one));
    one.quarters[0].complete = true;
    assert!((ask(&one) - 500.0).abs() < 1e-6);
}

#[test]
fn a_straddling_week_is_split_by_days() {
    let calendar = Calendar::default();
    let mut one = series("weekly", Grain::Week, &[70.0; 60]);
    one.start = "2019-W01".parse().unwrap();
    let last = calendar.ends(calendar.shift(one.start, 59));
    let window: Period = "2020-Q2".parse().unwrap();
    for (roll, expected) in
        [(Roll::Total, 910.0), (Roll::Average(Grain::Week), 70.0), (Roll::Average(Grain::Day), 10.0)]
    {
        one.roll = roll;
        let all = std::slice::from_ref(&one);
        let job = Job {
            series: all,
            identities: &[],
            windows: &[window],
            as_of: last,
            calendar: &calendar,
            seed: 1,
            paths: 50,
        };
        let found = forecast(&job).get("weekly").unwrap().windows[0].values[0];
        assert!((found - expected).abs() < 1e-9, "{roll:?}: {found}");
    }
}

#[test]
fn an_unfinished_month_holds_what_is_seen() {
    let calendar = Calendar::default();
    let mut one = series("orders", Grain::Month, &made_up(36, 12, 5));
    let through = day("2022-01-20");
    one.partial = Some(Partial { value: 400.0, weight: None, through });
    let windows: [Period; 1] = ["2022-Q1".parse().unwrap()];
    let all = [one];
    let job = Job {
        series: &all,
        identities: &[],
        windows: &windows,
        as_of: through,
        calendar: &calendar,
        seed: 1,
        paths: PATHS,
    };
    let outlook = forecast(&job);
    let found = outlook.get("orders").unwrap();
    assert_eq!(found.steps[0].to_string(), "2022-01");
    for (path, value) in found.windows[0].values.iter().enumerate() {
        let row = found.paths.row(path).unwrap();
        assert!(row[0] >= 400.0);
        assert!((row.iter().take(3).sum::<f64>() - value).abs() < 1e-9 * value, "a quarter is its months");
    }
}

#[test]
fn a_declared_break_is_joined_or_cuts_the_history() {
    let mut values = made_up(48, 12, 6);
    values.iter_mut().skip(30).for_each(|value| *value *= 3.0);
    let mut one = series("metric", Grain::Month, &values);
    let on = day("2021-07-01");
    let middle = |series: &Series| {
        let outlook = run(std::slice::from_ref(series), &[], &["2023-Q1"], 1);
        let forecast = outlook.get("metric").unwrap();
        (quarterdeck_forecast::distribution::sorted(&forecast.windows[0].values)[PATHS / 2], forecast.notes.clone())
    };
    one.breaks = vec![Break { on, label: "new scope".to_owned(), drop_before: false }];
    let (joined, notes) = middle(&one);
    one.breaks[0].drop_before = true;
    let (cut, _) = middle(&one);
    let last: f64 = values[45..].iter().sum();
    assert!((joined / last - 1.0).abs() < 0.35 && (cut / last - 1.0).abs() < 0.5, "{joined} {cut} {last}");
    assert!(notes.iter().any(|note| note.contains("new scope")), "{notes:?}");
}

#[test]
fn an_event_that_comes_again_lifts_its_week() {
    let mut values = vec![100.0; 150];
    let mut wobble = made_up(150, 52, 8);
    wobble
        .iter_mut()
        .enumerate()
        .for_each(|(t, v)| *v = libm::exp(0.2 * (*v / 100.0 / libm::exp(0.01 * t as f64) - 1.0)));
    values.iter_mut().zip(&wobble).for_each(|(value, factor)| *value *= factor);
    for week in [47, 99] {
        values[week] *= 2.0;
    }
    let mut one = series("orders", Grain::Week, &values);
    let calendar = Calendar::default();
    let of = |week: i64| {
        let period = calendar.shift(one.start, week);
        (calendar.starts(period), calendar.ends(period))
    };
    let days = vec![of(47), of(99), of(155)];
    one.events = vec![Event { name: "sale".to_owned(), days }];
    let all = [one];
    let outlook = run(&all, &[], &["2022-Q1"], 1);
    let paths = &outlook.get("orders").unwrap().paths;
    let middle = |step| quarterdeck_forecast::distribution::sorted(&paths.step(step))[PATHS / 2];
    assert!(middle(5) > 1.4 * middle(4) && middle(5) > 1.4 * middle(6), "{} {} {}", middle(4), middle(5), middle(6));
}

#[test]
fn a_quarter_that_does_not_compose_is_linked_to_its_steps() {
    let calendar = Calendar::default();
    let values = made_up(60, 12, 11);
    let mut one = series("people", Grain::Month, &values);
    (one.nature, one.roll) = (Nature::Level, Roll::Link);
    // A quarter counts 1.8 times the people of a mean month.
    for quarter in 0..20 {
        let period = calendar.shift("2019-Q1".parse().unwrap(), quarter);
        let at = 3 * quarter as usize;
        let days: Vec<f64> =
            (0..3).map(|m| f64::from(calendar.days(calendar.shift(one.start, at as i64 + m)))).collect();
        let mean = (0..3).map(|m| values[at + m] * days[m]).sum::<f64>() / days.iter().sum::<f64>();
        let (value, through) = (1.8 * mean, calendar.ends(period));
        one.quarters.push(QuarterValue { period, value, weight: None, through, complete: true });
    }
    let all = [one];
    let outlook = run(&all, &[], &["2024-Q1"], 1);
    let found = outlook.get("people").unwrap();
    let ratio = |path: usize| {
        let row = found.paths.row(path).unwrap();
        found.windows[0].values[path] / ((row[0] * 31.0 + row[1] * 29.0 + row[2] * 31.0) / 91.0)
    };
    assert!((0..PATHS).all(|path| (ratio(path) - 1.8).abs() < 1e-6), "{}", ratio(0));
    assert!(found.claims.len() >= 8);
}

#[test]
fn claims_look_at_nothing_that_came_later() {
    // The same past with two different presents: claims for quarters both have seen are the same.
    let long = made_up(72, 12, 12);
    let mut short_then_wild = long.clone();
    short_then_wild.iter_mut().skip(66).for_each(|value| *value *= 10.0);
    let one = run(&[series("m", Grain::Month, &long)], &[], &["2025-Q1"], 1);
    let other = run(&[series("m", Grain::Month, &short_then_wild)], &[], &["2025-Q1"], 1);
    let (a, b) = (&one.get("m").unwrap().claims, &other.get("m").unwrap().claims);
    let seen = |claims: &[quarterdeck_forecast::Claim]| {
        claims.iter().filter(|claim| claim.period < "2024-Q3".parse().unwrap()).cloned().collect::<Vec<_>>()
    };
    assert!(seen(a).len() >= 8);
    assert_eq!(seen(a), seen(b));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn anything_gives_sound_paths(
        values in proptest::collection::vec(proptest::option::weighted(0.9, -1e6..1e6f64), 0..90),
        grain in 0..4usize,
        roll in 0..7usize,
        positive in any::<bool>(),
        seed in 0..4u64,
    ) {
        let grain = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter][grain];
        let mut one = series("any", grain, &[]);
        one.values = values.iter().map(|value| value.map(|v| if positive { v.abs() } else { v })).collect();
        one.nature = if roll < 2 { Nature::Flow } else { Nature::Level };
        one.roll = [
            Roll::Total, Roll::Average(Grain::Week), Roll::Last, Roll::AverageOfLast { count: 4 }, Roll::Min, Roll::Max,
            Roll::Weighted,
        ][roll];
        one.bounds.low = positive.then_some(0.0);
        let all = [one, series("other", Grain::Month, &made_up(30, 12, seed))];
        let outlook = run(&all, &[], &["2022-Q1", "2022-Q2"], seed);
        sound(&outlook, &all);
    }
}
