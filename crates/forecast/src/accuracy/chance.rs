//! Stated chances: the Brier score and reliability.

/// The squared miss of a stated chance, 0 to 1. Averaged it is the score of Brier (1950), "Verification of Forecasts
/// Expressed in Terms of Probability", Monthly Weather Review 78.
pub fn brier(stated: f64, came: bool) -> f64 {
    let miss = stated - f64::from(u8::from(came));
    miss * miss
}

/// What was stated about a tenth of all chances, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many chances.
    pub n: usize,
    /// Their mean; `None` of none.
    pub stated: Option<f64>,
    /// The share of them that came true; `None` of none.
    pub came: Option<f64>,
}

/// Ten bins of stated chance, from 0 to 1: a reliability diagram as numbers (Murphy & Winkler 1977, "Reliability of
/// Subjective Probability Forecasts of Precipitation and Temperature", Applied Statistics 26).
pub fn reliability(chances: impl Iterator<Item = (f64, bool)>) -> [Bin; 10] {
    let mut sums = [(0_usize, 0.0, 0.0); 10];
    for (stated, came) in chances {
        // The last bin holds 1 as well; what is no number counts as 0.
        if let Some(sum) = sums.get_mut(((stated * 10.0) as usize).min(9)) {
            *sum = (sum.0 + 1, sum.1 + stated, sum.2 + f64::from(u8::from(came)));
        }
    }
    sums.map(|(n, stated, came)| {
        let share = |sum: f64| (n > 0).then(|| sum / n as f64);
        Bin { n, stated: share(stated), came: share(came) }
    })
}

#[cfg(test)]
mod tests {
    use super::{Bin, brier, reliability};

    #[test]
    fn worked_by_hand() {
        assert!((brier(0.7, true) - 0.09).abs() < 1e-12 && (brier(0.7, false) - 0.49).abs() < 1e-12);
        let bins = reliability([(0.62, true), (0.68, false), (1.0, true), (0.0, false)].into_iter());
        let found = bins[6];
        assert!(
            found.n == 2 && found.came == Some(0.5) && found.stated.is_some_and(|mean| (mean - 0.65).abs() < 1e-12)
        );
        assert_eq!(bins[9], Bin { n: 1, stated: Some(1.0), came: Some(1.0) });
        assert_eq!((bins[0].n, bins[3]), (1, Bin::default()));
    }
}
