//! Sums of floating numbers that come out the same in any order: every partial sum is kept exactly and rounded once.
//!
//! A sum is kept as an expansion, numbers whose bits do not overlap and whose sum is the exact one (J. R. Shewchuk,
//! *Adaptive Precision Floating-Point Arithmetic*, Discrete & Computational Geometry 18, 1997). So partial sums can be
//! merged in any order. `exact_deviation` keeps the exact sums of values and squares, and needs two of each expansion's
//! numbers (106 bits) at the end.

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, Signature, Volatility};
use std::sync::Arc;

/// A sum without rounding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expansion {
    /// Smallest first; their bits do not overlap.
    parts: Vec<f64>,
    /// Infinities and what is no number, which have no expansion.
    odd: f64,
}

impl Expansion {
    /// Adds a number.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.odd += value;
            return;
        }
        let mut carry = value;
        let mut kept = 0;
        for at in 0..self.parts.len() {
            let (sum, error) = two_sum(carry, self.parts.get(at).copied().unwrap_or(0.0));
            if error != 0.0 {
                if let Some(place) = self.parts.get_mut(kept) {
                    *place = error;
                }
                kept += 1;
            }
            carry = sum;
        }
        self.parts.truncate(kept);
        self.parts.push(carry);
    }

    /// Adds the square of a number.
    fn add_square(&mut self, value: f64) {
        let (square, error) = two_product(value, value);
        self.add(square);
        self.add(error);
    }

    /// The sum, rounded once to the nearest number, ties to even.
    pub fn value(&self) -> f64 {
        if self.odd != 0.0 || self.odd.is_nan() {
            return self.odd;
        }
        let mut rest = self.parts.iter().rev();
        let mut high = rest.next().copied().unwrap_or(0.0);
        let mut low = 0.0;
        for part in rest.by_ref() {
            let (sum, error) = two_sum(high, *part);
            (high, low) = (sum, error);
            if low != 0.0 {
                break;
            }
        }
        // A tie is broken by what lies below it.
        if let Some(next) = rest.next()
            && ((low < 0.0 && *next < 0.0) || (low > 0.0 && *next > 0.0))
        {
            let twice = low * 2.0;
            let candidate = high + twice;
            if candidate - high == twice {
                high = candidate;
            }
        }
        high
    }

    fn bytes(&self) -> Vec<u8> {
        std::iter::once(&self.odd).chain(&self.parts).flat_map(|part| part.to_le_bytes()).collect()
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        let mut parts = bytes.chunks_exact(8).map(|part| f64::from_le_bytes(part.try_into().unwrap_or_default()));
        self.odd += parts.next().unwrap_or(0.0);
        parts.for_each(|part| self.add(part));
    }

    fn size(&self) -> usize {
        self.parts.capacity() * 8
    }
}

/// The sum of numbers, rounded once.
pub fn exact_sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = Expansion::default();
    values.into_iter().for_each(|value| sum.add(value));
    sum.value()
}

/// The sample standard deviation of numbers; `None` for fewer than two.
pub fn deviation_of(values: &[f64]) -> Option<f64> {
    let (mut sum, mut squares) = (Expansion::default(), Expansion::default());
    for value in values {
        sum.add(*value);
        squares.add_square(*value);
    }
    deviation(values.len() as u64, &sum, &squares)
}

fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// A product and its rounding error, which is itself a floating number (T. J. Dekker, *A floating-point technique for extending
/// the available precision*, Numerische Mathematik 18, 1971). Products near the end of the range have no error to tell.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let halves = |value: f64| {
        let wide = 134_217_729.0 * value;
        let high = wide - (wide - value);
        (high, value - high)
    };
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, if error.is_finite() { error } else { 0.0 })
}

/// The sample standard deviation of numbers from their exact sums; `None` for fewer than two.
fn deviation(count: u64, sum: &Expansion, squares: &Expansion) -> Option<f64> {
    if count < 2 {
        return None;
    }
    // Σ(x − mean)² = Σx² − (Σx)²/n, with Σx in two parts and everything added up exactly but the division.
    let n = count as f64;
    let high = sum.value();
    let mut rest = sum.clone();
    rest.add(-high);
    let low = rest.value();
    let mean = high / n;
    // high = mean·n + left exactly, so that (Σx)²/n = mean·(2·Σx − mean·n) + small², of which small² is far below rounding.
    let (product, error) = two_product(mean, n);
    let left = (high - product) - error;
    let mut spread = squares.clone();
    for (a, b) in [(-mean, high), (-mean, left), (-2.0 * mean, low)] {
        let (product, error) = two_product(a, b);
        spread.add(product);
        spread.add(error);
    }
    spread.add(-(left + low) * (left + low) / n);
    Some((spread.value().max(0.0) / (n - 1.0)).sqrt())
}

macro_rules! aggregate {
    ($(#[$doc:meta])* $name:ident, $word:literal, $takes:literal, $state:expr, $accumulator:ident) => {
        $(#[$doc])*
        #[derive(Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            signature: Signature,
        }

        impl $name {
            /// The function.
            pub fn new() -> $name {
                $name { signature: Signature::exact(vec![DataType::Float64; $takes], Volatility::Immutable) }
            }
        }

        impl AggregateUDFImpl for $name {
            fn name(&self) -> &str {
                $word
            }
            fn signature(&self) -> &Signature {
                &self.signature
            }
            fn return_type(&self, _: &[DataType]) -> Result<DataType> {
                Ok(DataType::Float64)
            }
            fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
                Ok(Box::new($accumulator::default()))
            }
            fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
                let states: &[(&str, DataType)] = $state;
                let field = |(part, kind): &(&str, DataType)| {
                    Arc::new(Field::new(format!("{}[{part}]", args.name), kind.clone(), true))
                };
                Ok(states.iter().map(field).collect())
            }
        }
    };
}

aggregate!(
    /// `exact_sum(x)`: the sum of floating numbers, rounded once.
    ExactSum,
    "exact_sum",
    1,
    &[("sum", DataType::Binary), ("count", DataType::UInt64)],
    Total
);
aggregate!(
    /// `exact_deviation(x)`: the sample standard deviation of floating numbers.
    ExactDeviation,
    "exact_deviation",
    1,
    &[("sum", DataType::Binary), ("count", DataType::UInt64), ("squares", DataType::Binary)],
    Spread
);

aggregate!(
    /// `exact_percentile(x, percent)`: the value that so many of a hundred do not exceed, between the two nearest.
    ExactPercentile,
    "exact_percentile",
    2,
    &[("values", DataType::Binary), ("part", DataType::Float64)],
    Ranked
);

/// A percentile, 0 to 100: so much of the way from the smallest to the largest, between the two nearest.
pub fn percentile(values: &mut [f64], percent: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let place = percent * (values.len().checked_sub(1)? as f64);
    let low = (place / 100.0).floor();
    let (a, b) = (*values.get(low as usize)?, values.get(low as usize + 1));
    Some(b.map_or(a, |b| a + (b - a) * ((place - 100.0 * low) / 100.0)))
}

#[derive(Debug, Default)]
struct Ranked {
    values: Vec<f64>,
    part: Option<f64>,
}

#[derive(Debug, Default)]
struct Total {
    sum: Expansion,
    count: u64,
}

#[derive(Debug, Default)]
struct Spread {
    total: Total,
    squares: Expansion,
}

fn each(values: &[ArrayRef], mut take: impl FnMut(f64)) -> Result<()> {
    let Some(numbers) = values.first().and_then(|array| array.as_primitive_opt::<Float64Type>()) else {
        return exec_err!("exact sums take floating numbers");
    };
    numbers.iter().flatten().for_each(&mut take);
    Ok(())
}

fn merge(state: Option<&ArrayRef>, into: &mut Expansion) -> Result<()> {
    let Some(parts) = state.and_then(|array| array.as_binary_opt::<i32>()) else {
        return exec_err!("the state of an exact sum is bytes");
    };
    parts.iter().flatten().for_each(|bytes| into.add_bytes(bytes));
    Ok(())
}

impl Accumulator for Total {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        each(values, |value| {
            self.sum.add(value);
            self.count += 1;
        })
    }
    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64((self.count > 0).then(|| self.sum.value())))
    }
    fn size(&self) -> usize {
        size_of_val(self) + self.sum.size()
    }
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Binary(Some(self.sum.bytes())), ScalarValue::UInt64(Some(self.count))])
    }
    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        merge(states.first(), &mut self.sum)?;
        let counts =
            states.get(1).and_then(|array| array.as_primitive_opt::<datafusion::arrow::datatypes::UInt64Type>());
        self.count += counts.map_or(0, |counts| counts.iter().flatten().sum());
        Ok(())
    }
}

impl Accumulator for Ranked {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        each(values, |value| self.values.push(value))?;
        if let Some(parts) = values.get(1..) {
            each(parts, |part| self.part = Some(part))?;
        }
        Ok(())
    }
    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.part.and_then(|part| percentile(&mut self.values, part))))
    }
    fn size(&self) -> usize {
        size_of_val(self) + self.values.capacity() * 8
    }
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let bytes = self.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Ok(vec![ScalarValue::Binary(Some(bytes)), ScalarValue::Float64(self.part)])
    }
    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some(values) = states.first().and_then(|array| array.as_binary_opt::<i32>()) else {
            return exec_err!("the state of a percentile is bytes");
        };
        for bytes in values.iter().flatten() {
            let parts = bytes.chunks_exact(8);
            self.values.extend(parts.map(|part| f64::from_le_bytes(part.try_into().unwrap_or_default())));
        }
        if let Some(parts) = states.get(1..) {
            each(parts, |part| self.part = Some(part))?;
        }
        Ok(())
    }
}

impl Accumulator for Spread {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.total.update_batch(values)?;
        each(values, |value| self.squares.add_square(value))
    }
    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(deviation(self.total.count, &self.total.sum, &self.squares)))
    }
    fn size(&self) -> usize {
        self.total.size() + self.squares.size()
    }
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let mut state = self.total.state()?;
        state.push(ScalarValue::Binary(Some(self.squares.bytes())));
        Ok(state)
    }
    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.total.merge_batch(states)?;
        merge(states.get(2), &mut self.squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_in_any_order() {
        let mut values = vec![1e16, 1.0, -1e16, 1e-8, 3.5, 1e100, -1e100, 0.1, 0.2, -0.3];
        // By hand with exact fractions: 1 + 1e-8 + 3.5 + (0.1 + 0.2 − 0.3 as doubles, 2.7755575615628914e-17).
        let expect = 4.500_000_01_f64;
        for _ in 0..values.len() {
            assert_eq!(exact_sum(values.iter().copied()), expect);
            values.rotate_left(1);
        }
        assert_eq!(exact_sum([1e16, 1.0, 1e-16]), 1e16 + 2.0 - 0.0 * 1.0, "a tie is broken upwards by what lies below");
        assert!(exact_sum([f64::INFINITY, 1.0]).is_infinite());
    }

    #[test]
    fn merging_equals_adding() {
        let values: Vec<f64> = (0..1000).map(|at| f64::from(at) * 0.1 - 17.3).collect();
        let (mut one, mut two) = (Expansion::default(), Expansion::default());
        values.iter().take(400).for_each(|value| one.add(*value));
        values.iter().skip(400).for_each(|value| two.add(*value));
        let mut merged = Expansion::default();
        merged.add_bytes(&two.bytes());
        merged.add_bytes(&one.bytes());
        assert_eq!(merged.value(), exact_sum(values));
    }

    #[test]
    fn deviations_survive_a_large_mean() {
        let mut spread = Spread::default();
        for value in [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0] {
            spread.total.sum.add(value);
            spread.squares.add_square(value);
            spread.total.count += 1;
        }
        // The textbook example: mean + {4, 7, 13, 16} has variance 30.
        assert_eq!(deviation(spread.total.count, &spread.total.sum, &spread.squares), Some(30f64.sqrt()));
        assert_eq!(deviation(1, &spread.total.sum, &spread.squares), None);
    }
}
