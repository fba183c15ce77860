//! Quantiles and chances read off a set of draws.

/// The `p`-quantile of a sorted sample by linear interpolation between order statistics (Hyndman & Fan 1996, "Sample
/// Quantiles in Statistical Packages", type 7). `None` for an empty sample; `p` is held to 0..=1.
pub fn quantile_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = libm::floor(position) as usize;
    let low = *sorted.get(below)?;
    let high = *sorted.get(below + 1).unwrap_or(&low);
    Some(low + (position - below as f64) * (high - low))
}

/// A sample in ascending order.
pub fn sorted(draws: &[f64]) -> Vec<f64> {
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Share of draws at or above a value; 0 for none.
pub fn share_at_least(draws: &[f64], value: f64) -> f64 {
    share(draws, |draw| draw >= value)
}

/// Share of draws at or below a value; 0 for none.
pub fn share_at_most(draws: &[f64], value: f64) -> f64 {
    share(draws, |draw| draw <= value)
}

/// Share of draws inside a closed range; 0 for none.
pub fn share_between(draws: &[f64], low: f64, high: f64) -> f64 {
    share(draws, |draw| low <= draw && draw <= high)
}

fn share(draws: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    if draws.is_empty() {
        return 0.0;
    }
    draws.iter().filter(|draw| holds(**draw)).count() as f64 / draws.len() as f64
}
