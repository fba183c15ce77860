//! Stated sizes as distributions: one standard normal draw gives one size.

use quarterdeck_forecast::normal;
use quarterdeck_lang::model::{Change, ChangeKind, Estimate};

/// A size known as a range: normal or lognormal, with a spread of its own on each side of the median.
///
/// A positive draw always means a larger size: of a negative one, further below zero. So a draw that several metrics share is
/// a strong effect on all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// 1, or −1 for a negative size (then everything else describes its opposite).
    sign: f64,
    /// The median; its logarithm where `log`.
    mid: f64,
    /// Spread below and above.
    spread: (f64, f64),
    log: bool,
}

impl Size {
    /// A change: points and percentages are normal, amounts that keep their sign are lognormal.
    pub fn change(change: &Change) -> Size {
        let negative = change.size.low + change.size.high < 0.0;
        let Estimate { low, mid, high, .. } = change.size;
        let (low, mid, high) = if negative { (-high, -mid, -low) } else { (low, mid, high) };
        let log = change.kind == ChangeKind::Amount && low > 0.0;
        let size = Estimate { low, mid, high, ..change.size };
        Size { sign: if negative { -1.0 } else { 1.0 }, ..Size::made(&size, log) }
    }

    /// A positive amount: lognormal.
    pub fn amount(size: &Estimate) -> Size {
        Size::made(size, size.low > 0.0)
    }

    fn made(size: &Estimate, log: bool) -> Size {
        let scale = |value: f64| if log { libm::log(value.max(f64::MIN_POSITIVE)) } else { value };
        let (low, high) = (scale(size.low.min(size.high)), scale(size.high.max(size.low)));
        let mid = if size.from_range || !size.mid.is_finite() { (low + high) / 2.0 } else { scale(size.mid) };
        let mid = if mid.is_finite() { mid.clamp(low, high) } else { low };
        let level = if size.level > 0.0 && size.level < 1.0 { size.level } else { 0.8 };
        let z = normal::quantile(0.5 + level / 2.0);
        Size { sign: 1.0, mid, spread: ((mid - low) / z, (high - mid) / z), log }
    }

    /// The size at a standard normal draw.
    pub fn at(&self, z: f64) -> f64 {
        let on_scale = self.mid + z * if z < 0.0 { self.spread.0 } else { self.spread.1 };
        self.sign * if self.log { libm::exp(on_scale) } else { on_scale }
    }

    /// The median.
    pub fn middle(&self) -> f64 {
        self.at(0.0)
    }

    /// Half the distance between the sizes one spread below and above: 0 for a known size.
    pub fn spread(&self) -> f64 {
        ((self.at(1.0) - self.at(-1.0)) / 2.0).abs()
    }

    /// The chance that the size is zero or of the other sign than its median.
    pub fn chance_of_nothing(&self) -> f64 {
        match (self.log, self.spread.0 > 0.0) {
            (true, _) => 0.0,
            (false, true) => normal::cdf(-self.mid / self.spread.0),
            (false, false) => f64::from(u8::from(self.mid <= 0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Size;
    use quarterdeck_lang::model::{Change, ChangeKind, Estimate};

    fn change(kind: ChangeKind, low: f64, mid: f64, high: f64, level: f64, from_range: bool) -> Size {
        Size::change(&Change { kind, size: Estimate { low, mid, high, level, from_range } })
    }

    #[test]
    fn a_range_of_amounts_is_lognormal() {
        // Median 5,000 and σ 0.5: the 80 % range is 5,000 · e^(∓0.5 · 1.28155) = 2,634 to 9,490.
        let size = change(ChangeKind::Amount, 2634.0, 0.0, 9490.0, 0.8, true);
        assert!((size.middle() - 5000.0).abs() < 5.0, "{}", size.middle());
        assert!((size.at(1.0) / size.at(0.0) - libm::exp(0.5)).abs() < 1e-3);
    }

    #[test]
    fn ends_are_the_percentiles_they_say() {
        let z80 = quarterdeck_forecast::normal::quantile(0.9);
        let size = change(ChangeKind::Points, 0.01, 0.0, 0.03, 0.8, true);
        assert!((size.at(z80) - 0.03).abs() < 1e-12 && (size.at(-z80) - 0.01).abs() < 1e-12);
        let lopsided = change(ChangeKind::Points, 0.004, 0.012, 0.03, 0.95, false);
        let z95 = quarterdeck_forecast::normal::quantile(0.975);
        assert!((lopsided.at(z95) - 0.03).abs() < 1e-12 && (lopsided.at(-z95) - 0.004).abs() < 1e-12);
        assert_eq!(lopsided.middle(), 0.012);
    }

    #[test]
    fn a_strong_reduction_is_a_large_one() {
        let size = change(ChangeKind::Relative, -0.03, 0.0, -0.01, 0.8, true);
        assert!(size.at(1.0) < size.at(0.0) && size.at(0.0) < size.at(-1.0));
        assert!((size.middle() + 0.02).abs() < 1e-12);
    }
}
