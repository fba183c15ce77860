//! The standard normal distribution, the same on every machine.

/// The quantile of the standard normal distribution: Wichura (1988), "Algorithm AS 241: The Percentage Points of the
/// Normal Distribution", Applied Statistics 37, routine PPND16, about 1 part in 10^16. `p` is held inside the open
/// interval 0..1, so the answer is always finite.
pub fn quantile(p: f64) -> f64 {
    let p = p.clamp(1e-300, 1.0 - 1e-16);
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let tail = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    if q < 0.0 { -tail } else { tail }
}

/// The chance that a standard normal draw is at most `x`.
pub fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Two polynomials of degree 7, highest power first, one over the other.
fn ratio(x: f64, [top, bottom]: &[[f64; 8]; 2]) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient);
    horner(top) / horner(bottom)
}

/// For |p − ½| ≤ 0.425.
const CENTRE: [[f64; 8]; 2] = [
    [
        2.509_080_928_730_122_7e3,
        3.343_057_558_358_813e4,
        6.726_577_092_700_87e4,
        4.592_195_393_154_987e4,
        1.373_169_376_550_946_2e4,
        1.971_590_950_306_551_3e3,
        1.331_416_678_917_843_8e2,
        3.387_132_872_796_366_5,
    ],
    [
        5.226_495_278_852_854e3,
        2.872_908_573_572_194_3e4,
        3.930_789_580_009_271e4,
        2.121_379_430_158_659_7e4,
        5.394_196_021_424_751e3,
        6.871_870_074_920_579e2,
        4.231_333_070_160_091e1,
        1.0,
    ],
];

/// Down to p of about 1.4e-11.
const MIDDLE: [[f64; 8]; 2] = [
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
];

/// Beyond.
const FAR: [[f64; 8]; 2] = [
    [
        2.010_334_399_292_288e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{cdf, quantile};
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn quantile_agrees_with_an_independent_implementation() {
        let reference = Normal::standard();
        for p in
            [1e-12, 1e-6, 0.001, 0.01, 0.07, 0.074, 0.075, 0.1, 0.3, 0.5, 0.7, 0.925, 0.93, 0.975, 0.999, 1.0 - 1e-9]
        {
            let (ours, theirs) = (quantile(p), reference.inverse_cdf(p));
            assert!((ours - theirs).abs() < 1e-8 * (1.0 + theirs.abs()), "{p}: {ours} {theirs}");
            assert!((cdf(ours) - p).abs() < 1e-12, "{p}: {}", cdf(ours));
        }
        assert!((quantile(0.9) - 1.281_551_565_544_600_4).abs() < 1e-14);
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
    }

    #[test]
    fn quantile_is_finite_at_the_ends() {
        assert!(quantile(0.0).is_finite() && quantile(1.0).is_finite() && quantile(-3.0).is_finite());
    }
}
