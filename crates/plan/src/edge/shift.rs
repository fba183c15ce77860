//! A correlation against all circular shifts of one side.

use quarterdeck_forecast::normal;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// How many steps later.
    pub lag: usize,
    /// The correlation there.
    pub correlation: f64,
    /// Pairs behind it.
    pub n: usize,
    /// The chance of one as large by chance, the choice of the lag counted in.
    pub p: f64,
    /// The spread of correlations when nothing ties the two.
    pub null: f64,
    /// Spread of the child's changes.
    pub spread_child: f64,
    /// Spread of the parent's changes.
    pub spread_parent: f64,
}

/// Shifts this close to none are left out of what chance does: what ties the two may last for some steps.
const NEAR: usize = 3;

/// The best of some lags; `None` where one side never changes.
pub fn test(child: &[Option<f64>], parent: &[Option<f64>], lags: &[usize]) -> Option<Found> {
    // A lag that is fixed beforehand lines the two up first; several share the turn that shifts take.
    let (child, parent, lags, fixed) = match lags {
        [lag] => {
            let kept = child.len().checked_sub(*lag)?;
            (child.get(..kept)?, parent.get(*lag..)?, vec![0], *lag)
        }
        several => (child, parent, several.to_vec(), 0),
    };
    let n = child.len().min(parent.len());
    let most = lags.iter().copied().max()?;
    let best = |shift: usize| {
        let found = lags.iter().filter_map(|lag| Some((*lag, correlation(child, parent, shift + lag)?)));
        found.max_by(|a, b| a.1.r.abs().total_cmp(&b.1.r.abs()).then(b.0.cmp(&a.0)))
    };
    let (lag, observed) = best(0)?;
    let first = most + NEAR;
    let last = n.checked_sub(most + NEAR)?;
    let shifted: Vec<f64> = (first..=last).filter_map(|shift| Some(correlation(child, parent, shift)?.r)).collect();
    if shifted.len() < 12 {
        return None;
    }
    let count = shifted.len() as f64;
    let null = (shifted.iter().map(|r| r * r).sum::<f64>() / count).sqrt();
    let reached = shifted.iter().filter(|r| r.abs() >= observed.r.abs()).count() as f64;
    let rank = of_several((1.0 + reached) / (1.0 + count), lags.len());
    // No shift comes near: how far beyond them it lies tells how rare it is, by the tail of what they spread.
    let tail = of_several(2.0 * normal::cdf(-as_normal(observed.r.abs() / null, count / 2.0)), lags.len());
    let p = if reached == 0.0 { tail.min(rank) } else { rank };
    let (spread_child, spread_parent) = observed.spreads;
    let lag = fixed + lag;
    Some(Found { lag, correlation: observed.r, n: observed.n, p, null, spread_child, spread_parent })
}

/// The chance that the best of several is as rare, where one alone has this chance: each shift takes the best of as many lags,
/// and shifts side by side share all of them but one, so they count as that many tries.
fn of_several(p: f64, tries: usize) -> f64 {
    1.0 - libm::pow(1.0 - p.clamp(0.0, 1.0), tries as f64)
}

/// A distance in spreads that were themselves estimated, as the normal distance that is as rare (Wallace 1959).
fn as_normal(t: f64, freedom: f64) -> f64 {
    (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0) * (freedom * libm::log1p(t * t / freedom)).sqrt()
}

#[derive(Clone, Copy, Debug)]
struct Correlation {
    r: f64,
    n: usize,
    spreads: (f64, f64),
}

/// The correlation with the parent taken so many steps later, its end joined to its beginning.
fn correlation(child: &[Option<f64>], parent: &[Option<f64>], later: usize) -> Option<Correlation> {
    let length = child.len().min(parent.len());
    let (mut n, mut sx, mut sy, mut sxx, mut syy, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (at, x) in child.iter().enumerate().take(length) {
        let (Some(x), Some(Some(y))) = (x, parent.get((at + later) % length.max(1))) else { continue };
        n += 1.0;
        sx += x;
        sy += y;
        sxx += x * x;
        syy += y * y;
        sxy += x * y;
    }
    if n < 8.0 {
        return None;
    }
    let (vx, vy, cov) = (sxx - sx * sx / n, syy - sy * sy / n, sxy - sx * sy / n);
    let tiny = |v: f64, s: f64| v <= 1e-18 * s.max(f64::MIN_POSITIVE);
    if tiny(vx, sxx) || tiny(vy, syy) {
        return None;
    }
    let r = cov / (vx * vy).sqrt();
    let spreads = ((vx / (n - 1.0)).sqrt(), (vy / (n - 1.0)).sqrt());
    r.is_finite().then_some(Correlation { r: r.clamp(-1.0, 1.0), n: n as usize, spreads })
}

/// In how many parts of the history, each of at least eight pairs and at most five of them, the sign is that of the whole.
pub fn same_sign(child: &[Option<f64>], parent: &[Option<f64>], lag: usize, whole: f64) -> (usize, usize) {
    let pairs: Vec<(f64, f64)> =
        child.iter().zip(parent.iter().skip(lag)).filter_map(|(x, y)| Some(((*x)?, (*y)?))).collect();
    let parts = (pairs.len() / 8).clamp(1, 5);
    let size = pairs.len().div_ceil(parts).max(1);
    let sign = |part: &[(f64, f64)]| {
        let n = part.len() as f64;
        let (mx, my) = (part.iter().map(|p| p.0).sum::<f64>() / n, part.iter().map(|p| p.1).sum::<f64>() / n);
        part.iter().map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() * whole > 0.0
    };
    let of = pairs.chunks(size).count();
    (pairs.chunks(size).filter(|part| sign(part)).count(), of)
}
