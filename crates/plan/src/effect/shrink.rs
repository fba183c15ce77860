//! Stated effects, drawn towards zero by how weak their evidence is.
//!
//! Stated effects are mostly too large: what is put forward was picked because it looked large. Before any evidence an
//! effect is as likely good as bad, and about as large as stated: normal about 0 with a spread of one stated effect m. The
//! evidence measures it with an error of spread √(s² + (c·m)²): s is the stated range's own, c what evidence of this grade
//! misses by when the effect is measured again, as a part of the effect (0.1 for an experiment to 1.0 for an opinion). By
//! Bayes' rule for two normals the middle then counts for f = 1 / (1 + (s/m)² + c²) of itself.

use crate::size::Size;
use quarterdeck_lang::model::Grade;

/// What evidence of a grade misses by, as a part of the stated effect.
pub fn noise(grade: Grade) -> f64 {
    match grade {
        Grade::Experiment => 0.1,
        Grade::Pilot => 0.5,
        Grade::Similar => 0.7,
        Grade::Benchmark => 0.85,
        Grade::Opinion => 1.0,
    }
}

/// A stated size after shrinking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunk {
    size: Size,
    /// The part of the stated middle that counts, 0 to 1.
    pub factor: f64,
    /// Spread of what remains, over that of the stated range; of a known size, the spread itself.
    spread: f64,
}

/// Shrinks a size by the grade of its evidence; without a grade it stays as stated.
pub fn shrink(size: Size, grade: Option<Grade>) -> Shrunk {
    let middle = size.middle().abs();
    let (Some(grade), true) = (grade, middle > 0.0) else { return Shrunk { size, factor: 1.0, spread: 1.0 } };
    let (stated, missed) = (size.spread() / middle, noise(grade));
    let error = stated * stated + missed * missed;
    let factor = 1.0 / (1.0 + error);
    let left = middle * (error * factor).sqrt();
    Shrunk { size, factor, spread: if stated > 0.0 { left / size.spread() } else { left } }
}

impl Shrunk {
    /// The size at a standard normal draw.
    pub fn at(&self, z: f64) -> f64 {
        let middle = self.size.middle();
        let away = self.size.at(z) - middle;
        if self.factor == 1.0 {
            return middle + away;
        }
        // A known size is uncertain only by its evidence.
        let away = if self.size.spread() > 0.0 { away } else { z * if middle < 0.0 { -1.0 } else { 1.0 } };
        self.factor * middle + self.spread * away
    }
}

#[cfg(test)]
mod tests {
    use super::shrink;
    use crate::size::Size;
    use quarterdeck_lang::model::{Change, ChangeKind, Estimate, Grade};

    #[test]
    fn weaker_evidence_counts_for_less() {
        let size = |low: f64, mid: f64, high: f64, level: f64| {
            let size = Estimate { low, mid, high, level, from_range: false };
            Size::change(&Change { kind: ChangeKind::Points, size })
        };
        // About 1.2 pp (0.4 to 2.0 at 95 %): s = 0.8 / 1.96 = 0.408, s/m = 0.340; f = 1 / (1 + 0.1157 + 0.01) = 0.888.
        let experiment = shrink(size(0.004, 0.012, 0.020, 0.95), Some(Grade::Experiment));
        assert!((experiment.factor - 0.888).abs() < 5e-4, "{}", experiment.factor);
        assert!((experiment.at(0.0) - 0.888 * 0.012).abs() < 1e-5);
        // A bare number of somebody's opinion: f = 1 / (1 + 1) = 0.5, spread m·√(1 · 0.5) = 0.71 m.
        let opinion = shrink(size(0.02, 0.02, 0.02, 0.8), Some(Grade::Opinion));
        assert_eq!(opinion.factor, 0.5);
        assert!((opinion.at(1.0) - (0.01 + 0.02 * 0.5_f64.sqrt())).abs() < 1e-12);
        // 1 to 3 pp, 80 %: s/m = 0.390.
        let range = size(0.01, 0.02, 0.03, 0.8);
        let mut last = 1.0;
        for grade in [Grade::Experiment, Grade::Pilot, Grade::Similar, Grade::Benchmark, Grade::Opinion] {
            let factor = shrink(range, Some(grade)).factor;
            assert!(factor < last, "{grade:?}: {factor}");
            last = factor;
        }
        assert_eq!(shrink(range, None).at(0.7), range.at(0.7));
    }
}
