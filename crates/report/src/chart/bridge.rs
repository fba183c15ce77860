//! Chart 2: the way from the last actual to the target, step by step.

mod draw;

use super::strip::{Strip, aligned};
use crate::number::Levels;
use crate::page::voice::Voice;
use quarterdeck_plan::proposal::{BridgeKind, BridgeStep};

/// What the chart draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Bridge {
    /// The steps with where each begins and ends, in the metric's unit.
    pub steps: Vec<(BridgeStep, f64, f64)>,
    /// How levels are written.
    pub levels: Levels,
}

impl Bridge {
    /// The chart of a target; `None` without steps.
    pub(crate) fn of(voice: &Voice<'_>) -> Option<Bridge> {
        let mut running = 0.0;
        let steps: Vec<(BridgeStep, f64, f64)> = voice
            .target
            .detail
            .bridge
            .iter()
            .filter(|step| step.value.is_finite())
            .map(|step| {
                let from = if step.kind == BridgeKind::Level { step.value } else { running };
                running = if step.kind == BridgeKind::Level { step.value } else { running + step.value };
                (step.clone(), from, running)
            })
            .collect();
        (steps.len() > 1).then(|| Bridge { steps, levels: voice.levels.clone() })
    }

    /// What stands beside a step.
    pub(super) fn value(&self, step: &BridgeStep) -> String {
        match step.kind {
            BridgeKind::Level => self.levels.level(step.value),
            _ => self.levels.change(step.value),
        }
    }

    /// The chart as SVG.
    pub(super) fn svg(&self, id: &str, title: &str) -> String {
        draw::svg(self, id, title)
    }

    /// The steps as strips.
    pub(super) fn text(&self) -> Vec<String> {
        let ends = self.steps.iter().flat_map(|(_, from, to)| [*from, *to]);
        let Some(strip) = Strip::over(ends) else { return Vec::new() };
        let rows = self.steps.iter().map(|(step, from, to)| {
            let drawn = match step.kind {
                BridgeKind::Level => strip.draw(&[], &[(*to, '●')]),
                _ if to >= from => strip.draw(&[(*from, *to, '─')], &[(*to, '▶')]),
                _ => strip.draw(&[(*from, *to, '─')], &[(*to, '◀')]),
            };
            (step.label.clone(), drawn, self.value(step))
        });
        aligned(rows.collect())
    }
}
