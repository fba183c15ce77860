#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{CURVES, Curve, Setting, profile, simulated};
use proptest::prelude::*;
use rayon::prelude::*;

/// A ceiling that is known, far from 1 so that nothing is right by accident.
const CAP: f64 = 70.0;

/// Of runs with one curve, how many ranges are closed and how many of these hold the cap.
fn held(curve: Curve, setting: Setting, runs: u64, prior: Option<(f64, f64)>) -> (usize, usize) {
    let ranges: Vec<(f64, f64)> = (0..runs)
        .into_par_iter()
        .filter_map(|run| {
            let found = profile(&[curve], &simulated(curve, CAP, setting, run), prior, 0.8)?;
            Some((found.low, found.high?))
        })
        .collect();
    (ranges.len(), ranges.iter().filter(|(low, high)| *low <= CAP && CAP <= *high).count())
}

/// Of 500 runs at many settings, as `examples/growth.rs` counts them, it is 75 to 85 % nearly everywhere; fewer are run here.
#[test]
fn the_range_holds_the_true_cap_as_often_as_it_says() {
    for curve in CURVES {
        let (closed, held) = held(curve, Setting { steps: 24, reach: 0.75, noise: 0.02 }, 100, None);
        assert!(closed > 80 && (0.70..=0.90).contains(&(held as f64 / closed as f64)), "{curve:?}: {held} of {closed}");
    }
}

/// Where data alone say nothing, a range from elsewhere is what is said; where they say much it hardly matters.
#[test]
fn a_prior_closes_the_range_and_gives_way_to_data() {
    let early = simulated(Curve::Logistic, CAP, Setting { steps: 24, reach: 0.1, noise: 0.002 }, 3);
    assert_eq!(profile(&CURVES, &early, None, 0.8).unwrap().high, None);
    let found = profile(&CURVES, &early, Some((50.0, 98.0)), 0.8).unwrap();
    let high = found.high.unwrap();
    assert!((40.0..60.0).contains(&found.low) && (80.0..110.0).contains(&high), "{found:?}");
    let late = simulated(Curve::Logistic, CAP, Setting { steps: 60, reach: 0.97, noise: 0.005 }, 3);
    for prior in [None, Some((50.0, 98.0)), Some((90.0, 130.0))] {
        let found = profile(&[Curve::Logistic], &late, prior, 0.8).unwrap();
        assert!((found.cap / CAP - 1.0).abs() < 0.01 && found.high.unwrap() < 1.02 * CAP, "{prior:?}: {found:?}");
    }
}

#[test]
fn early_growth_does_not_identify_a_cap_and_late_growth_does() {
    for curve in CURVES {
        let early = Setting { steps: 40, reach: 0.1, noise: 0.002 };
        let found = (0..20).map(|run| profile(&[curve], &simulated(curve, 5.0, early, run), None, 0.8).unwrap());
        let found: Vec<_> = found.collect();
        let open = found.iter().filter(|found| found.high.is_none()).count();
        let right = found.iter().filter(|found| found.low <= 5.0 && found.high.is_none_or(|high| high >= 5.0)).count();
        // A Gompertz curve bends from its beginning, so that its cap shows early.
        assert!(right >= 13 && (curve == Curve::Gompertz || open >= 12), "{curve:?}: {open} open, {right} right");
        let late = Setting { steps: 40, reach: 0.97, noise: 0.005 };
        let late = profile(&[curve], &simulated(curve, 5.0, late, 1), None, 0.8).unwrap();
        assert!((late.cap / 5.0 - 1.0).abs() < 0.03 && late.high.unwrap() < 5.3, "{late:?}");
    }
}

/// Sums of sales that began with a jump no curve has: what was sold stays sold.
#[test]
fn a_sum_ends_no_lower_than_it_is() {
    let steps = |t: f64| 30.0 * libm::exp(-0.3 * t) + if t == 0.0 { 60.0 } else { 0.0 };
    let mut sum = 0.0;
    let values: Vec<f64> = (0..24)
        .map(|t| {
            sum += steps(f64::from(t));
            sum
        })
        .collect();
    let found = profile(&CURVES, &values, None, 0.8).unwrap();
    let (low, high) = found.level.unwrap();
    assert!(low > 0.98 * sum && high < 1.1 * sum, "{found:?} {sum}");
}

#[test]
fn what_cannot_be_profiled_gives_nothing() {
    for values in [vec![], vec![1.0; 7], vec![0.0; 20], vec![f64::NAN; 20], vec![-1.0; 20]] {
        assert_eq!(profile(&[Curve::Bass], &values, None, 0.8), None);
    }
    let values: Vec<f64> = (1..20).map(f64::from).collect();
    assert_eq!(profile(&[], &values, None, 0.8), None);
    for prior in [(0.0, 3.0), (5.0, 5.0), (9.0, 3.0), (1.0, f64::INFINITY), (f64::NAN, 1.0)] {
        assert_eq!(profile(&CURVES, &values, Some(prior), 0.8), None, "{prior:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_series_has_a_range_of_numbers(
        values in prop::collection::vec(prop_oneof![-10.0..100.0f64, Just(0.0), Just(1e-300), Just(1e300)], 8..40),
        prior in prop::option::of((1e-3..1e6f64, 1.01..50.0f64)),
    ) {
        let prior = prior.map(|(low, times)| (low, low * times));
        if let Some(found) = profile(&CURVES, &values, prior, 0.8) {
            prop_assert!(found.cap.is_finite() && found.low.is_finite(), "{found:?}");
            prop_assert!(found.high.is_none_or(|high| high.is_finite() && found.low <= high), "{found:?}");
            prop_assert!(prior.is_none() || found.high.is_some());
        }
    }
}
