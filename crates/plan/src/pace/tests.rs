#![allow(clippy::unwrap_used)]
use super::{Pace, Step, nearest_tenth};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use quarterdeck_calendar::Grain;
use quarterdeck_forecast::Roll;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Weeks of seven days from 2027-01-04 on, the last one cut to three days by the period's end.
fn weeks(values: &[f64], known: usize) -> Vec<Step> {
    let step = |(at, value): (usize, &f64)| {
        let starts = day("2027-01-04") + Days::new(7 * at as u64);
        let is_last = at + 1 == values.len();
        let ends = starts + Days::new(if is_last { 2 } else { 6 });
        Step { starts, ends, days: 7.0, ends_inside: !is_last, value: *value, weight: 1.0, known: at < known }
    };
    values.iter().enumerate().map(step).collect()
}

#[test]
fn the_nearest_tenth_is_by_distance_and_then_by_place() {
    let landings: Vec<f64> = (0..30).map(f64::from).collect();
    // 30 paths: 3 of them. 10 itself, then 9 and 11 at the same distance.
    assert_eq!(nearest_tenth(&landings, 10.0), [10, 9, 11]);
    assert_eq!(nearest_tenth(&[5.0], 0.0), [0]);
    assert!(nearest_tenth(&[], 0.0).is_empty());
}

#[test]
fn a_total_adds_up_in_proportion() {
    // 70 + 140 + 3/7 of 70 = 240; to end on 480 everything doubles.
    let pace = Pace::new(Roll::Total, true, weeks(&[70.0, 140.0, 70.0], 0), 480.0).unwrap();
    assert_eq!(pace.so_far(day("2027-01-10")), Some(140.0));
    // Two days into the second week: 140 + 280 · 2/7.
    assert_eq!(pace.so_far(day("2027-01-12")), Some(220.0));
    assert_eq!(pace.end(), Some(480.0));
    assert_eq!(pace.so_far(day("2027-01-03")), None);
}

#[test]
fn what_was_observed_stays() {
    // 70 are there; the other 170 become 340, twice as much.
    let pace = Pace::new(Roll::Total, true, weeks(&[70.0, 140.0, 70.0], 1), 410.0).unwrap();
    assert_eq!(pace.so_far(day("2027-01-10")), Some(70.0));
    assert_eq!(pace.so_far(day("2027-01-17")), Some(350.0));
    assert_eq!(pace.end(), Some(410.0));
}

#[test]
fn an_average_week_is_the_days_so_far_times_seven() {
    // 240 in 17 days are 98.82 a week; twice that is wanted.
    let pace =
        Pace::new(Roll::Average(Grain::Week), true, weeks(&[70.0, 140.0, 70.0], 0), 2.0 * 240.0 / 17.0 * 7.0).unwrap();
    assert!((pace.so_far(day("2027-01-10")).unwrap() - 140.0).abs() < 1e-9);
    assert!((pace.so_far(day("2027-01-17")).unwrap() - 210.0).abs() < 1e-9);
    assert!((pace.between(day("2027-01-11"), day("2027-01-17")).unwrap() - 280.0).abs() < 1e-9);
}

#[test]
fn a_stock_leans_to_the_end() {
    // Whole weeks: 100, 101, 102. To end on 105 the three are lifted by 1, 2, 3.
    let mut steps = weeks(&[100.0, 101.0, 102.0], 0);
    if let Some(last) = steps.last_mut() {
        (last.ends, last.ends_inside) = (last.starts + Days::new(6), true);
    }
    let pace = Pace::new(Roll::Last, false, steps.clone(), 105.0).unwrap();
    let at = |text: &str| pace.so_far(day(text)).unwrap();
    assert_eq!((at("2027-01-10"), at("2027-01-17"), at("2027-01-24")), (101.0, 103.0, 105.0));
    // The mean of the last two: 101.5, lifted by 2/3 and 1 of an amount whose mean is to be 3.5: 4.2 at the end.
    let pace = Pace::new(Roll::AverageOfLast { count: 2 }, false, steps, 105.0).unwrap();
    assert!((pace.end().unwrap() - 105.0).abs() < 1e-9);
}

#[test]
fn a_share_weighs_its_denominators() {
    // 0.5 of 700 and 0.8 of 2,100, and 0.8 of 3 days of 700/7: (350 + 1680 + 240) / 3100 = 0.7323. To end on 0.75: + 0.0177.
    let mut steps = weeks(&[0.5, 0.8, 0.8], 0);
    for (step, weight) in steps.iter_mut().zip([100.0, 300.0, 100.0]) {
        step.weight = weight;
    }
    let pace = Pace::new(Roll::Weighted, false, steps, 0.75).unwrap();
    let lift = 0.75 - 2270.0 / 3100.0;
    assert!((pace.so_far(day("2027-01-10")).unwrap() - (0.5 + lift)).abs() < 1e-12);
    assert!((pace.so_far(day("2027-01-17")).unwrap() - (2030.0 / 2800.0 + lift)).abs() < 1e-12);
    assert!((pace.end().unwrap() - 0.75).abs() < 1e-12);
}

#[test]
fn phases_are_clipped_to_the_period_and_add_up() {
    let pace = Pace::new(Roll::Total, true, weeks(&[70.0, 140.0, 70.0], 0), 480.0).unwrap();
    let cuts = [("2027-01-01", "2027-01-15"), ("2027-01-16", "2027-01-31"), ("2027-02-01", "2027-02-28")];
    let phases = pace.phases(cuts.map(|(a, b)| (day(a), day(b))));
    assert_eq!(phases.len(), 2);
    assert_eq!((phases[0].starts, phases[1].ends), (day("2027-01-04"), day("2027-01-20")));
    assert!((phases.iter().map(|phase| phase.alone).sum::<f64>() - 480.0).abs() < 1e-9);
    assert!((phases[0].so_far - phases[0].alone).abs() < 1e-12);
}

proptest! {
    #[test]
    fn every_path_ends_on_its_target(
        values in prop::collection::vec(0.1..1e6f64, 1..20), known in 0..19usize, target in 0.1..1e6f64, roll in 0..5usize,
    ) {
        let flow = roll < 2;
        let roll = [Roll::Total, Roll::Average(Grain::Week), Roll::Average(Grain::Week), Roll::Weighted, Roll::Link][roll];
        let steps = weeks(&values, known.min(values.len() - 1));
        let pace = Pace::new(roll, flow, steps, target).unwrap();
        let end = pace.end().unwrap();
        prop_assert!((end - target).abs() <= 1e-6 * target.abs().max(1.0), "{end} {target}");
    }
}
