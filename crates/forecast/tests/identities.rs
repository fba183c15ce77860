//! Identities: which member is computed, and that they hold on every path whatever it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use proptest::prelude::*;
use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::{
    Bounds, Cap, Forecast, Formula, Identity, Job, Nature, Outlook, Partial, Roll, Series, forecast,
};

const PATHS: usize = 300;

fn series(name: &str, grain: Grain, values: Vec<f64>, nature: Nature, roll: Roll) -> Series {
    let bounds = Bounds { low: Some(0.0), high: (nature == Nature::Share).then_some(1.0) };
    Series {
        name: name.to_owned(),
        grain,
        start: Calendar::default().period_of(grain, "2019-01-01".parse().unwrap()),
        values: values.into_iter().map(Some).collect(),
        partial: None,
        weights: Vec::new(),
        nature,
        roll,
        bounds,
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
    }
}

fn flow(name: &str, grain: Grain, values: Vec<f64>) -> Series {
    series(name, grain, values, Nature::Flow, Roll::Total)
}

/// Numbers from 0 to 1 that a seed fixes.
fn noise(count: usize, seed: u64) -> Vec<f64> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..count + 8).map(|_| next()).skip(8).collect()
}

/// A walk on the scale of logarithms.
fn walk(count: usize, seed: u64, step: f64) -> Vec<f64> {
    let mut level: f64 = 7.0;
    noise(count, seed)
        .into_iter()
        .map(|u| {
            level += step * (u - 0.5);
            libm::exp(level)
        })
        .collect()
}

fn named(name: &str) -> Box<Formula> {
    Box::new(Formula::Series(name.to_owned()))
}

fn identity(of: &str, formula: Formula) -> Identity {
    Identity { of: of.to_owned(), formula }
}

fn run(series: &[Series], identities: &[Identity], windows: &[&str]) -> Outlook {
    let calendar = Calendar::default();
    let windows: Vec<Period> = windows.iter().map(|text| text.parse().unwrap()).collect();
    let last = |s: &Series| calendar.ends(calendar.shift(s.start, s.values.len() as i64 - 1));
    let seen = |s: &Series| s.partial.map_or(last(s), |partial| partial.through);
    let as_of = series.iter().map(seen).max().unwrap();
    forecast(&Job { series, identities, windows: &windows, as_of, calendar: &calendar, seed: 3, paths: PATHS })
}

fn is_computed(forecast: &Forecast) -> bool {
    forecast.notes.iter().any(|note| note.starts_with("Computed on every path"))
}

fn same(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-9), "{found} {expected}");
}

/// Rides, and those on weekdays: 0.7 to 0.72 of them, however wildly rides move.
fn share_of_rides(grain: Grain, count: usize) -> (Vec<Series>, Identity) {
    let rides = walk(count, 1, 0.3);
    let shares: Vec<f64> = noise(count, 2).into_iter().map(|u| 0.7 + 0.02 * u).collect();
    let weekday = rides.iter().zip(&shares).map(|(r, s)| r * s).collect();
    let all = vec![
        flow("rides", grain, rides),
        flow("weekday", grain, weekday),
        series("share", grain, shares, Nature::Share, Roll::Link),
    ];
    (all, identity("share", Formula::Div(named("weekday"), named("rides"))))
}

/// The share is the quotient of the flows at every step and window of every path.
fn quotient_holds(outlook: &Outlook) {
    let get = |name: &str| outlook.get(name).unwrap();
    let (share, weekday, rides) = (get("share"), get("weekday"), get("rides"));
    for path in 0..PATHS {
        let rows = [share, weekday, rides].map(|forecast| forecast.paths.row(path).unwrap());
        for ((share, weekday), rides) in rows[0].iter().zip(rows[1]).zip(rows[2]) {
            same(*share, weekday / rides);
            assert!((0.0..=1.0).contains(share) && weekday <= rides);
        }
        for ((share, weekday), rides) in share.windows.iter().zip(&weekday.windows).zip(&rides.windows) {
            same(share.values[path], weekday.values[path] / rides.values[path]);
            same(share.weights[path], rides.values[path]);
        }
    }
}

#[test]
fn a_steady_share_of_wild_flows_is_forecast_and_a_flow_computed() {
    let (all, tied) = share_of_rides(Grain::Week, 200);
    let outlook = run(&all, &[tied], &["2023-Q1", "2023-Q2"]);
    quotient_holds(&outlook);
    let share = outlook.get("share").unwrap();
    assert!(!is_computed(share) && !share.models.is_empty() && share.claims.len() >= 8);
    let flows = ["rides", "weekday"].map(|name| is_computed(outlook.get(name).unwrap()));
    assert_eq!(flows.iter().filter(|computed| **computed).count(), 1, "one of the flows is computed");
    let draws = sorted(&share.windows[0].values);
    let (low, high) = (quantile_sorted(&draws, 0.05).unwrap(), quantile_sorted(&draws, 0.95).unwrap());
    assert!(0.695 < low && high < 0.725 && high - low < 0.015, "{low} {high}");
}

#[test]
fn totals_and_averages_compose_all_the_same() {
    let (mut all, tied) = share_of_rides(Grain::Week, 200);
    all[0].roll = Roll::Average(Grain::Week);
    let outlook = run(&all, &[tied], &["2023-Q1"]);
    let get = |name: &str| outlook.get(name).unwrap();
    let (share, weekday, rides) = (get("share"), get("weekday"), get("rides"));
    assert!(!is_computed(share));
    for path in 0..PATHS {
        // The first quarter of 2023 has 90 days.
        let total = rides.windows[0].values[path] * 90.0 / 7.0;
        same(share.windows[0].values[path], weekday.windows[0].values[path] / total);
    }
    let computed = [rides, weekday].into_iter().find(|forecast| is_computed(forecast)).unwrap();
    assert!(computed.claims.len() >= 8, "its past is made from totals: {}", computed.claims.len());
}

/// Orders a week per active customer: customers are averaged over the weeks of a quarter, and so must orders be. Their total
/// over thirteen weeks would say thirteen times as much.
#[test]
fn a_flow_beside_an_averaged_level_is_averaged_as_well() {
    let active = walk(200, 5, 0.05);
    let orders: Vec<f64> = active.iter().zip(noise(200, 6)).map(|(active, u)| active * (1.9 + 0.2 * u)).collect();
    let each: Vec<f64> = orders.iter().zip(&active).map(|(orders, active)| orders / active).collect();
    let all = vec![
        flow("orders", Grain::Week, orders),
        series("active", Grain::Week, active, Nature::Level, Roll::Average(Grain::Week)),
        series("each", Grain::Week, each, Nature::Level, Roll::Link),
    ];
    let tied = identity("each", Formula::Div(named("orders"), named("active")));
    let outlook = run(&all, &[tied], &["2023-Q1", "2023-Q2"]);
    for window in &outlook.get("each").unwrap().windows {
        let middle = quantile_sorted(&sorted(&window.values), 0.5).unwrap();
        assert!((1.6..2.4).contains(&middle), "{middle}");
    }
    let get = |name: &str| &outlook.get(name).unwrap().windows[0].values;
    for path in 0..PATHS {
        // 2023-Q1 has 90 days.
        same(get("each")[path], get("orders")[path] * 7.0 / 90.0 / get("active")[path]);
    }
}

#[test]
fn a_share_with_next_to_no_past_is_forecast_too() {
    let (all, tied) = share_of_rides(Grain::Week, 10);
    let outlook = run(&all, &[tied], &["2019-Q2"]);
    quotient_holds(&outlook);
    assert!(is_computed(outlook.get("weekday").unwrap()) && !is_computed(outlook.get("share").unwrap()));
}

#[test]
fn an_unfinished_week_keeps_the_identity_and_what_was_seen() {
    let (mut all, tied) = share_of_rides(Grain::Week, 120);
    let start = Calendar::default().starts(Calendar::default().shift(all[0].start, 120));
    let through = start + chrono::Days::new(2);
    // Three days of seven, every ride of them on a weekday.
    for (series, value) in all.iter_mut().zip([500.0, 500.0, 1.0]) {
        series.partial = Some(Partial { value, weight: None, through });
    }
    let outlook = run(&all, &[tied], &["2021-Q2", "2021-Q3"]);
    quotient_holds(&outlook);
    for name in ["rides", "weekday"] {
        assert!(outlook.get(name).unwrap().paths.step(0).iter().all(|value| *value >= 500.0), "{name}");
    }
}

#[test]
fn what_is_named_is_computed_where_the_past_cannot_tell() {
    let customers = walk(9, 21, 0.05);
    let rate = walk(9, 22, 0.05);
    let orders = customers.iter().zip(&rate).map(|(c, r)| c * r).collect();
    let all = [
        series("customers", Grain::Month, customers, Nature::Level, Roll::Last),
        series("rate", Grain::Month, rate, Nature::Level, Roll::Last),
        flow("orders", Grain::Month, orders),
    ];
    let outlook = run(&all, &[identity("orders", Formula::Mul(named("customers"), named("rate")))], &["2019-Q4"]);
    assert!(is_computed(outlook.get("orders").unwrap()));
}

#[test]
fn a_series_with_a_cap_is_not_computed() {
    let customers = walk(60, 5, 0.05);
    let rate: Vec<f64> = noise(60, 6).into_iter().map(|u| 0.4 + 0.05 * u).collect();
    let orders: Vec<f64> = customers.iter().zip(&rate).map(|(c, r)| c * r).collect();
    let cap = 1.02 * orders.iter().copied().fold(0.0, f64::max);
    let mut whole = series("orders", Grain::Month, orders, Nature::Level, Roll::Last);
    whole.cap = Some(Cap { label: "seats".to_owned(), low: cap, high: cap });
    let all = [
        whole,
        series("customers", Grain::Month, customers, Nature::Level, Roll::Last),
        series("rate", Grain::Month, rate, Nature::Level, Roll::Last),
    ];
    let tied = identity("orders", Formula::Mul(named("customers"), named("rate")));
    let outlook = run(&all, &[tied], &["2024-Q1", "2024-Q4"]);
    let get = |name: &str| outlook.get(name).unwrap();
    let (orders, customers, rate) = (get("orders"), get("customers"), get("rate"));
    assert!(!is_computed(orders));
    for path in 0..PATHS {
        for step in 0..orders.steps.len() {
            let value = orders.paths.row(path).unwrap()[step];
            assert!(value <= cap * (1.0 + 1e-12));
            same(value, customers.paths.row(path).unwrap()[step] * rate.paths.row(path).unwrap()[step]);
        }
    }
}

#[test]
fn a_chain_of_identities_has_no_circle_and_holds() {
    // revenue = orders · basket, orders = visits · conversion, and twice the revenue: each series computed once at most.
    let visits = walk(72, 7, 0.2);
    let conversion: Vec<f64> = noise(72, 8).into_iter().map(|u| 0.05 + 0.001 * u).collect();
    let orders: Vec<f64> = visits.iter().zip(&conversion).map(|(v, c)| v * c).collect();
    let basket: Vec<f64> = walk(72, 9, 0.02).into_iter().map(|v| v / 30.0).collect();
    let revenue: Vec<f64> = orders.iter().zip(&basket).map(|(o, b)| o * b).collect();
    let all = [
        flow("visits", Grain::Month, visits),
        series("conversion", Grain::Month, conversion, Nature::Share, Roll::Link),
        flow("orders", Grain::Month, orders),
        series("basket", Grain::Month, basket, Nature::Level, Roll::Link),
        flow("revenue", Grain::Month, revenue),
    ];
    let identities = [
        identity("conversion", Formula::Div(named("orders"), named("visits"))),
        identity("revenue", Formula::Mul(named("orders"), named("basket"))),
        identity("twice", Formula::Mul(named("revenue"), Box::new(Formula::Number(2.0)))),
    ];
    let outlook = run(&all, &identities, &["2025-Q1"]);
    let get = |name: &str| outlook.get(name).unwrap();
    let rows = |path: usize, step: usize| {
        ["visits", "conversion", "orders", "basket", "revenue", "twice"]
            .map(|name| get(name).paths.row(path).unwrap()[step])
    };
    let windows = |path: usize| {
        ["visits", "conversion", "orders", "basket", "revenue"].map(|name| get(name).windows[0].values[path])
    };
    for path in 0..PATHS {
        for step in 0..3 {
            let [visits, conversion, orders, basket, revenue, twice] = rows(path, step);
            same(conversion, orders / visits);
            same(revenue, orders * basket);
            same(twice, 2.0 * revenue);
        }
        let [visits, conversion, orders, basket, revenue] = windows(path);
        same(conversion, orders / visits);
        same(basket, revenue / orders);
    }
}

#[test]
fn what_is_outside_moves_no_bit_of_what_is_tied() {
    let (all, tied) = share_of_rides(Grain::Month, 60);
    let alone = run(&all, std::slice::from_ref(&tied), &["2024-Q1"]);
    let mut more = all.clone();
    more.push(flow("other", Grain::Month, walk(60, 11, 0.2)));
    more.reverse();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let together = pool.install(|| run(&more, &[tied], &["2024-Q1"]));
    for name in ["rides", "weekday", "share"] {
        let (a, b) = (alone.get(name).unwrap(), together.get(name).unwrap());
        assert_eq!((&a.paths, &a.windows, &a.claims, &a.notes), (&b.paths, &b.windows, &b.claims, &b.notes), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn identities_hold_whatever_is_computed(
        kind in 0..4usize,
        count in 0..70usize,
        seeds in (0..50u64, 0..50u64),
        wild in 0.01..0.8f64,
        zeros in any::<bool>(),
        flows in any::<bool>(),
        windows in 0..3usize,
    ) {
        let (mut a, b) = (walk(count, seeds.0, wild), walk(count, seeds.1 + 50, 0.1));
        if zeros {
            a.iter_mut().step_by(5).for_each(|value| *value = 0.0);
        }
        let join = |a: f64, b: f64| match kind {
            0 => a + b,
            1 => a - b,
            2 => a * b,
            _ => a / b,
        };
        let of: Vec<f64> = a.iter().zip(&b).map(|(a, b)| join(*a, *b)).collect();
        let make = |name, values| match flows {
            true => flow(name, Grain::Month, values),
            false => series(name, Grain::Month, values, Nature::Level, Roll::Last),
        };
        let mut whole = make("of", of);
        (whole.nature, whole.bounds) = (Nature::Level, Bounds::default());
        whole.roll = if kind == 3 && flows { Roll::Link } else { Roll::Last };
        if kind < 2 && flows {
            (whole.nature, whole.roll) = (Nature::Flow, Roll::Total);
        }
        let all = [whole, make("a", a), make("b", b)];
        let formula = match kind {
            0 => Formula::Add(named("a"), named("b")),
            1 => Formula::Sub(named("a"), named("b")),
            2 => Formula::Mul(named("a"), named("b")),
            _ => Formula::Div(named("a"), named("b")),
        };
        let outlook = run(&all, &[identity("of", formula)], &["2025-Q1", "2025-Q2"][..windows]);
        let Some(of) = outlook.get("of") else { return Ok(()) };
        let (a, b) = (outlook.get("a").unwrap(), outlook.get("b").unwrap());
        for path in 0..PATHS {
            let rows = [of, a, b].map(|forecast| forecast.paths.row(path).unwrap());
            for ((of, a), b) in rows[0].iter().zip(rows[1]).zip(rows[2]) {
                // A step that divides by zero is a gap, filled from its neighbours.
                if *b > 0.0 {
                    same(*of, join(*a, *b));
                }
                prop_assert!(*a >= 0.0 && *b >= 0.0 && of.is_finite());
            }
            if kind < 2 || (kind == 3 && flows) {
                for ((of, a), b) in of.windows.iter().zip(&a.windows).zip(&b.windows) {
                    if kind < 2 || b.values[path] > 0.0 {
                        same(of.values[path], join(a.values[path], b.values[path]));
                    }
                }
            }
        }
    }
}
