//! Seeded randomness: every draw of a series comes from the workspace's seed and the series' name, nothing else.

use crate::normal;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of draws.
pub struct Draws {
    generator: ChaCha8Rng,
}

impl Draws {
    /// The stream of a series (or of another named purpose) under a seed.
    pub fn named(seed: u64, name: &str) -> Draws {
        let mixed = fnv1a(name.as_bytes()) ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
        Draws { generator: ChaCha8Rng::seed_from_u64(mixed) }
    }

    /// A draw from 0 to 1, neither included.
    pub fn uniform(&mut self) -> f64 {
        let bits = self.generator.next_u64() >> 12;
        // 52 bits and a half: the smallest is 2^-53, the largest 1 − 2^-53.
        (bits as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// A standard normal draw.
    pub fn normal(&mut self) -> f64 {
        normal::quantile(self.uniform())
    }

    /// A whole number below `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((self.uniform() * end as f64) as usize).min(end.saturating_sub(1))
    }
}

/// The FNV-1a hash of some bytes (Fowler, Noll, Vo), 64 bits.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::{Draws, fnv1a};

    #[test]
    fn a_name_and_a_seed_fix_the_stream() {
        let first = |seed, name: &str| Draws::named(seed, name).uniform();
        assert_eq!(first(1, "orders").to_bits(), first(1, "orders").to_bits());
        assert_ne!(first(1, "orders").to_bits(), first(2, "orders").to_bits());
        assert_ne!(first(1, "orders").to_bits(), first(1, "revenue").to_bits());
    }

    #[test]
    fn hash_is_the_published_one() {
        // Test vectors of draft-eastlake-fnv: the empty text and "foobar".
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn normal_draws_have_mean_zero_and_spread_one() {
        let mut draws = Draws::named(1, "x");
        let sample: Vec<f64> = (0..20_000).map(|_| draws.normal()).collect();
        let mean = sample.iter().sum::<f64>() / 20_000.0;
        let spread = sample.iter().map(|value| value * value).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.02 && (spread - 1.0).abs() < 0.03, "{mean} {spread}");
    }
}
