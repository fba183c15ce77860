//! How a period's number is graded against its target.
//!
//! Two things are said. The highest of the three levels that was met (stretch, target, commit, or none), and a score from 0 to
//! 1: 1 where the target is met; else how much of the way was gone from a bad quarter without the plan, as it was forecast
//! then, to the target. A target nearer than that bad quarter leaves no way to go: missing it scores 0.

use crate::offer::hit;
use crate::proposal::{Fan, Offers};
use quarterdeck_lang::model::Better;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The highest level that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// None of them.
    Missed,
    /// What could be promised, and no more.
    Commit,
    /// The target.
    Target,
    /// What would be a great quarter.
    Stretch,
}

/// A grade with its score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Graded {
    /// The highest level met.
    pub grade: Grade,
    /// 0 to 1, with three decimals.
    pub score: f64,
    /// The number that scores 0; `None` where a miss has no way to measure.
    #[serde(default)]
    pub zero: Option<f64>,
}

/// The levels a number is graded against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// Which way is better.
    pub better: Better,
    /// The target in force.
    pub target: f64,
    /// Commit, where there is one.
    pub commit: Option<f64>,
    /// Stretch, where there is one.
    pub stretch: Option<f64>,
}

impl Levels {
    /// The levels of offers; `target` is the one in force, which a person may have put in place of the proposed one. Commit
    /// and stretch belong to the proposal: those on the wrong side of the target in force are left out.
    pub fn new(better: Better, target: f64, offers: &Offers) -> Levels {
        let easier = |value: &f64| hit(better, *value, target);
        let commit = offers.commit.map(|offer| offer.value).filter(easier);
        let stretch = offers.stretch.map(|offer| offer.value).filter(|value| hit(better, target, *value));
        Levels { better, target, commit, stretch }
    }

    /// Grades a number. `without` is the forecast without the plan, as it was frozen.
    pub fn grade(&self, came: f64, without: Option<Fan>) -> Graded {
        let met = |level: f64| hit(self.better, level, came);
        let zero = without.and_then(|fan| self.zero(came, fan));
        if met(self.target) {
            let stretched = self.stretch.is_some_and(met) && !matches!(self.better, Better::Between(..));
            let grade = if stretched { Grade::Stretch } else { Grade::Target };
            return Graded { grade, score: 1.0, zero };
        }
        let grade = if self.commit.is_some_and(met) { Grade::Commit } else { Grade::Missed };
        let way = zero.map(|zero| (came - zero) / (self.edge(came) - zero));
        let score = way.filter(|way| way.is_finite()).map_or(0.0, |way| way.clamp(0.0, 1.0));
        // What rounds up to 1 was still missed.
        Graded { grade, score: (libm::floor(1000.0 * score) / 1000.0).min(0.999), zero }
    }

    /// Where the way to the target begins: a bad quarter without the plan, if that lies short of the target.
    fn zero(&self, came: f64, fan: Fan) -> Option<f64> {
        let edge = self.edge(came);
        let (zero, short) = match self.better {
            Better::Higher => (fan.p10, fan.p10 < edge),
            Better::Lower => (fan.p90, fan.p90 > edge),
            Better::Between(low, _) if came < low => (fan.p10, fan.p10 < edge),
            Better::Between(..) => (fan.p90, fan.p90 > edge),
        };
        short.then_some(zero)
    }

    /// The number to reach: the target, or the end of the range that is nearer.
    fn edge(&self, came: f64) -> f64 {
        match self.better {
            Better::Between(low, _) if came < low => low,
            Better::Between(_, high) => high,
            Better::Higher | Better::Lower => self.target,
        }
    }
}

impl Grade {
    /// In a few words.
    pub fn words(self) -> &'static str {
        match self {
            Grade::Missed => "missed",
            Grade::Commit => "commit met, target missed",
            Grade::Target => "target met",
            Grade::Stretch => "stretch met",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Grade, Levels};
    use crate::proposal::{Fan, Offer, Offers};
    use quarterdeck_lang::model::Better;

    fn fan(p10: f64, p90: f64) -> Option<Fan> {
        let at = |part: f64| p10 + part * (p90 - p10);
        Some(Fan { p10, p30: at(0.3), p50: at(0.5), p70: at(0.7), p90 })
    }

    fn levels(better: Better, commit: f64, target: f64, stretch: f64) -> Levels {
        let offer = |value| Some(Offer { value, p_hit: None, p_hit_without_plan: None });
        let offers = Offers { commit: offer(commit), target: offer(target), stretch: offer(stretch) };
        Levels::new(better, target, &offers)
    }

    #[test]
    fn grades_and_scores_worked_by_hand() {
        // A bad quarter without the plan is 8,000, the target 10,000: 9,500 is three quarters of the way.
        let orders = levels(Better::Higher, 9_400.0, 10_000.0, 11_000.0);
        for (came, grade, score) in [
            (11_200.0, Grade::Stretch, 1.0),
            (10_000.0, Grade::Target, 1.0),
            (9_500.0, Grade::Commit, 0.75),
            (9_000.0, Grade::Missed, 0.5),
            (7_000.0, Grade::Missed, 0.0),
            (9_999.9, Grade::Commit, 0.999),
        ] {
            let graded = orders.grade(came, fan(8_000.0, 12_000.0));
            assert_eq!((graded.grade, graded.score), (grade, score), "{came}");
        }
        // Where less is better the bad quarter is the high one: from 50 down to 40, 42 is four fifths.
        let tickets = levels(Better::Lower, 41.0, 40.0, 36.0);
        assert_eq!(tickets.grade(42.0, fan(35.0, 50.0)).score, 0.8);
        assert_eq!(tickets.grade(36.0, fan(35.0, 50.0)).grade, Grade::Stretch);
    }

    #[test]
    fn a_range_is_missed_on_either_side() {
        let range = levels(Better::Between(40.0, 60.0), 50.0, 50.0, 50.0);
        let fan = fan(30.0, 80.0);
        assert_eq!(range.grade(60.0, fan).grade, Grade::Target);
        assert_eq!((range.grade(35.0, fan).grade, range.grade(35.0, fan).score), (Grade::Missed, 0.5));
        assert_eq!(range.grade(65.0, fan).score, 0.75);
    }

    #[test]
    fn an_override_beyond_the_stretch_has_none() {
        let offer = |value| Some(Offer { value, p_hit: None, p_hit_without_plan: None });
        let offers = Offers { commit: offer(9_000.0), target: offer(10_000.0), stretch: offer(11_000.0) };
        let harder = Levels::new(Better::Higher, 12_000.0, &offers);
        assert_eq!((harder.commit, harder.stretch), (Some(9_000.0), None));
        let easier = Levels::new(Better::Higher, 8_000.0, &offers);
        assert_eq!((easier.commit, easier.stretch), (None, Some(11_000.0)));
        // Without any forecast a miss scores nothing.
        assert_eq!(easier.grade(7_999.0, None).score, 0.0);
        // A target below the bad quarter leaves no way to go.
        assert_eq!(easier.grade(7_999.0, fan(8_500.0, 9_000.0)).zero, None);
    }
}
