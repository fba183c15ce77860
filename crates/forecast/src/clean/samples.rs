//! Values that rest on few: a survey with a tenth of the usual answers says a tenth as much.

use super::middle_around;
use crate::decompose::Sample;
use crate::history::History;
use crate::transform::median;

/// A value that rests on less than this part of what its neighbours rest on is drawn towards them.
const FEW: f64 = 0.25;

/// Takes sampling noise out of the values that have far more of it than their neighbours. The noise of a mean of n is the usual one times
/// N/n (N what the neighbours rest on), and is held against as much wandering as values usually show: by the rule of inverse
/// variances (Cochran 1954, "The Combination of Estimates from Different Experiments", Biometrics 10) a value then keeps n/N
/// of its distance from the middle of its neighbours. Whether anything was changed.
pub fn steady(history: &History<'_>, from: usize, z: &mut [f64], season: usize, notes: &mut Vec<String>) -> bool {
    let sizes = history.series.weights.get(from..).unwrap_or_default();
    if sizes.len() < z.len() || z.len() < 8 {
        return false;
    }
    let stride = if season == 7 { 7 } else { 1 };
    let adjusted = if stride == 7 { z.to_vec() } else { Sample::new(z.to_vec(), season).adjusted() };
    let mut few = 0;
    for (t, value) in z.iter_mut().enumerate() {
        let Some(part) = part_of_usual(sizes, t, stride).filter(|part| *part < FEW) else { continue };
        let middle = middle_around(&adjusted, t, stride);
        *value -= (1.0 - part) * adjusted.get(t).map_or(0.0, |own| own - middle);
        few += 1;
    }
    if few > 0 {
        let (rest, count) = if few == 1 { ("value rests", "counts") } else { ("values rest", "count") };
        notes.push(format!("{few} {rest} on far fewer than usual and {count} for less."));
    }
    few > 0
}

/// What a value rests on over what the three before and after it rest on; `None` where that is unknown.
fn part_of_usual(sizes: &[Option<f64>], t: usize, stride: usize) -> Option<f64> {
    let at = |place: usize| sizes.get(place).copied().flatten().filter(|size| *size > 0.0 && size.is_finite());
    let own = at(t)?;
    let before = (1..=3).filter_map(|reach| at(t.checked_sub(reach * stride)?));
    let near: Vec<f64> = before.chain((1..=3).filter_map(|reach| at(t + reach * stride))).collect();
    Some(own / median(&near)?)
}

#[cfg(test)]
mod tests {
    use super::part_of_usual;

    #[test]
    fn a_size_is_held_against_its_neighbours() {
        let mut sizes = vec![Some(200.0); 9];
        sizes[4] = Some(20.0);
        assert_eq!((part_of_usual(&sizes, 4, 1), part_of_usual(&sizes, 0, 1)), (Some(0.1), Some(1.0)));
        sizes[4] = None;
        assert_eq!((part_of_usual(&sizes, 4, 1), part_of_usual(&[Some(5.0)], 0, 1)), (None, None));
    }
}
