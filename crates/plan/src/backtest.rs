//! Past quarters of one metric: what was claimed, what came, and how that compares with repeating the year before.

use crate::claim::{self, binomial_range};
use crate::proposal::ClaimRecord;
use chrono::NaiveDate;
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_forecast::Claim;
use quarterdeck_lang::model::Better;
use schemars::JsonSchema;
use serde::Serialize;

/// The percentiles every claim gives.
pub const LEVELS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];

/// The record of one series.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Backtest {
    /// Past quarters, oldest first.
    pub quarters: Vec<Quarter>,
    /// How many outcomes came below each of the five percentiles.
    pub below: Vec<Reading>,
    /// How many outcomes came between the 10th and the 90th percentile.
    pub inside: Option<Reading>,
    /// How many targets with the wanted chance would have been met; `None` where no direction is better.
    pub claims: Option<ClaimRecord>,
    /// The middle of the forecast beside the same quarter of the year before; `None` where that is not known once.
    pub yardstick: Option<Yardstick>,
}

/// A past quarter, forecast with what was known on its origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Quarter {
    /// Which one.
    pub period: Period,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day.
    pub ends: NaiveDate,
    /// The last day that was known.
    pub origin: NaiveDate,
    /// 10th percentile of what was claimed.
    pub p10: f64,
    /// 30th percentile.
    pub p30: f64,
    /// Median.
    pub p50: f64,
    /// 70th percentile.
    pub p70: f64,
    /// 90th percentile.
    pub p90: f64,
    /// What came.
    pub actual: f64,
    /// Share of the claimed distribution below it.
    pub percentile: f64,
    /// The number of the same quarter a year before, where it was known on the origin.
    pub year_before: Option<f64>,
}

/// A count beside what chance would give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reading {
    /// The share that is due.
    pub level: f64,
    /// How many there were.
    pub count: usize,
    /// Of how many.
    pub n: usize,
    /// How many were due.
    pub expected: f64,
    /// 5th percentile of what chance allows.
    pub low: usize,
    /// 95th percentile of what chance allows.
    pub high: usize,
}

/// Mean distances from what came, over the quarters where both are known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Yardstick {
    /// Over how many quarters.
    pub n: usize,
    /// Mean absolute distance of the forecast's median, in the metric's unit.
    pub error: f64,
    /// Mean absolute distance of the number of the year before (the seasonal naive forecast).
    pub naive_error: f64,
    /// `1 − error / naive_error`: 0 is no better than repeating the year before; `None` where that never errs.
    pub skill: Option<f64>,
}

/// The record of claims at the wanted chance; `known` are the complete quarters of the series.
pub fn backtest(
    claims: &[Claim],
    known: &[(Period, f64)],
    better: Option<Better>,
    confidence: f64,
    calendar: &Calendar,
) -> Backtest {
    let quarters: Vec<Quarter> = claims.iter().map(|claim| quarter(claim, known, calendar)).collect();
    let reading = |level: f64, count: usize| {
        let n = quarters.len();
        let (low, high) = binomial_range(n, level);
        Reading { level, count, n, expected: n as f64 * level, low, high }
    };
    let below = |level: f64| claims.iter().filter(|claim| claim::place(claim) <= level).count();
    let inside = quarters.iter().filter(|quarter| is_inside(quarter)).count();
    Backtest {
        below: LEVELS.iter().map(|level| reading(*level, below(*level))).collect(),
        inside: (!quarters.is_empty()).then(|| reading(0.8, inside)),
        claims: better.and_then(|better| claim::record(claims, better, confidence)),
        yardstick: yardstick(&quarters),
        quarters,
    }
}

/// Whether what came lies between the 10th and the 90th percentile, but for its last bits.
fn is_inside(quarter: &Quarter) -> bool {
    let slack = 1e-9 * quarter.p50.abs();
    quarter.p10 - slack <= quarter.actual && quarter.actual <= quarter.p90 + slack
}

fn quarter(claim: &Claim, known: &[(Period, f64)], calendar: &Calendar) -> Quarter {
    let [p10, p30, p50, p70, p90] = claim.quantiles;
    let before = calendar.shift(claim.period, -(claim.period.grain().season_length() as i64));
    let was_known = calendar.ends(before) <= claim.origin;
    let number = known.iter().find(|(period, _)| *period == before).map(|(_, value)| *value);
    Quarter {
        period: claim.period,
        starts: calendar.starts(claim.period),
        ends: calendar.ends(claim.period),
        origin: claim.origin,
        p10,
        p30,
        p50,
        p70,
        p90,
        actual: claim.actual,
        percentile: claim.pit,
        year_before: number.filter(|value| was_known && value.is_finite()),
    }
}

fn yardstick(quarters: &[Quarter]) -> Option<Yardstick> {
    let both: Vec<(f64, f64)> = quarters
        .iter()
        .filter_map(|quarter| {
            let naive = quarter.year_before?;
            Some(((quarter.p50 - quarter.actual).abs(), (naive - quarter.actual).abs()))
        })
        .collect();
    let n = both.len();
    let mean = |pick: fn(&(f64, f64)) -> f64| both.iter().map(pick).sum::<f64>() / n as f64;
    (n > 0).then(|| {
        let (error, naive_error) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let skill = Some(1.0 - error / naive_error).filter(|skill| skill.is_finite());
        Yardstick { n, error, naive_error, skill }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::backtest;
    use quarterdeck_calendar::{Calendar, Grain, Period};
    use quarterdeck_forecast::Claim;
    use quarterdeck_lang::model::Better;

    fn quarter(year: i32, number: u32) -> Period {
        Period::new(Grain::Quarter, year, number)
    }

    /// Three quarters forecast at 80 to 120 around 100, known until the day before each.
    fn claims() -> Vec<Claim> {
        let calendar = Calendar::default();
        let claim = |(period, actual, pit)| Claim {
            period,
            origin: calendar.ends(calendar.shift(period, -1)),
            quantiles: [80.0, 90.0, 100.0, 110.0, 120.0],
            actual,
            pit,
        };
        [(quarter(2024, 1), 104.0, 0.6), (quarter(2024, 2), 125.0, 0.95), (quarter(2024, 3), 85.0, 0.2)]
            .into_iter()
            .map(claim)
            .collect()
    }

    #[test]
    fn a_record_worked_by_hand() {
        // Of the year before, the third quarter is not known: the yardstick looks at two quarters.
        let known = [(quarter(2023, 1), 94.0), (quarter(2023, 2), 90.0)];
        let record = backtest(&claims(), &known, Some(Better::Higher), 0.6, &Calendar::default());
        let below: Vec<usize> = record.below.iter().map(|reading| reading.count).collect();
        assert_eq!(below, [0, 1, 1, 2, 2]);
        // 104 and 85 lie between 80 and 120; of three, 2.4 are due. P(0) = 0.008, P(≤ 1) = 0.104; P(≤ 2) = 0.488.
        let inside = record.inside.unwrap();
        assert_eq!((inside.count, inside.low, inside.high), (2, 1, 3));
        assert!((inside.expected - 2.4).abs() < 1e-12);
        // Met with 60 % are those at or above the 40th percentile: 104 and 125.
        assert_eq!(record.claims.unwrap().hit, 2);
        // |100 − 104| = 4 and |100 − 125| = 25 make 14.5; |94 − 104| = 10 and |90 − 125| = 35 make 22.5.
        let yardstick = record.yardstick.unwrap();
        assert_eq!((yardstick.n, yardstick.error, yardstick.naive_error), (2, 14.5, 22.5));
        assert!((yardstick.skill.unwrap() - (1.0 - 14.5 / 22.5)).abs() < 1e-12);
    }

    #[test]
    fn a_quarter_that_was_not_over_on_the_origin_was_not_known() {
        let known = [(quarter(2023, 1), 94.0)];
        let mut early = claims();
        early.truncate(1);
        early[0].origin = "2023-03-30".parse().unwrap();
        assert_eq!(backtest(&early, &known, None, 0.6, &Calendar::default()).quarters[0].year_before, None);
    }

    #[test]
    fn nothing_known_is_nothing_said() {
        let record = backtest(&[], &[], Some(Better::Higher), 0.6, &Calendar::default());
        assert!(record.quarters.is_empty() && record.inside.is_none() && record.claims.is_none());
        assert!(record.yardstick.is_none());
    }
}
