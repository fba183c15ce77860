//! Chart 3: the range claimed for each past quarter, and what came.

mod draw;

use super::strip::{Strip, aligned};
use crate::number::Levels;
use crate::page::voice::Voice;
use quarterdeck_forecast::Claim;

/// What the chart draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Past claims, oldest first.
    pub claims: Vec<Claim>,
    /// How levels are written.
    pub levels: Levels,
}

/// Past claims as strips of characters, oldest first: the range claimed with 80 %, its middle, and what came.
pub fn strips(claims: &[Claim], levels: &Levels) -> Vec<String> {
    let finite = |claim: &&Claim| claim.actual.is_finite() && claim.quantiles.iter().all(|q| q.is_finite());
    let claims = claims.iter().filter(finite).cloned().collect();
    Record { claims, levels: levels.clone() }.lines(usize::MAX)
}

impl Record {
    /// The chart of a target; `None` without a claim.
    pub(crate) fn of(voice: &Voice<'_>) -> Option<Record> {
        let finite = |claim: &&Claim| claim.actual.is_finite() && claim.quantiles.iter().all(|q| q.is_finite());
        let claims: Vec<Claim> = voice.target.detail.record.iter().filter(finite).cloned().collect();
        (!claims.is_empty()).then(|| Record { claims, levels: voice.levels.clone() })
    }

    /// How many came inside the range claimed with 80 %.
    pub(crate) fn inside(&self) -> usize {
        self.claims.iter().filter(|claim| is_inside(claim)).count()
    }

    /// The chart as SVG.
    pub(super) fn svg(&self, id: &str, title: &str) -> String {
        draw::svg(self, id, title)
    }

    /// The last claims as strips.
    pub(super) fn text(&self) -> Vec<String> {
        const LAST: usize = 12;
        self.lines(LAST)
    }

    fn lines(&self, most: usize) -> Vec<String> {
        let recent = self.claims.get(self.claims.len().saturating_sub(most)..).unwrap_or(&[]);
        let values = recent.iter().flat_map(|claim| [claim.quantiles[0], claim.quantiles[4], claim.actual]);
        let Some(strip) = Strip::over(values) else { return Vec::new() };
        let level = |value| self.levels.level(value);
        let rows = recent.iter().map(|claim| {
            let [low, .., high] = claim.quantiles;
            let (mark, word) = if is_inside(claim) { ('●', "inside") } else { ('✕', "missed") };
            let drawn = strip.draw(&[(low, high, '─')], &[(claim.quantiles[2], '┃'), (claim.actual, mark)]);
            let words = format!("{} {word} {}", level(claim.actual), self.levels.range(low, high));
            (claim.period.to_string(), drawn, words)
        });
        aligned(rows.collect())
    }
}

/// Whether what came lies inside the range claimed with 80 %.
pub(super) fn is_inside(claim: &Claim) -> bool {
    // A number that is known to its last bits may differ in them.
    let slack = 1e-9 * claim.quantiles[2].abs();
    claim.actual >= claim.quantiles[0] - slack && claim.actual <= claim.quantiles[4] + slack
}
