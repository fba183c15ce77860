//! The bridge as SVG: a row per step with its label, its bar and its value in a column.
//!
//! Levels are marks and not bars: the axis does not start at zero, and a bar would lie about its length.

use super::Bridge;
use crate::chart::label::{SIZE, fit, width};
use crate::chart::scale::{Scale, domain};
use crate::chart::svg::{Anchor, Svg};
use quarterdeck_plan::proposal::BridgeKind;

const WIDTH: f64 = 480.0;
const ROW: f64 = 21.0;
const TOP: f64 = 4.0;
/// The most room for labels.
const LABEL: f64 = 200.0;

/// The chart; `id` and `title` as on the page.
pub(super) fn svg(chart: &Bridge, id: &str, title: &str) -> String {
    let height = TOP * 2.0 + ROW * chart.steps.len() as f64;
    let steps: Vec<String> =
        chart.steps.iter().map(|(step, ..)| format!("{}: {}", step.label, chart.value(step))).collect();
    let mut svg = Svg::new(id, title, &steps.join("; "), WIDTH, height);
    let ends = chart.steps.iter().flat_map(|(_, from, to)| [*from, *to]);
    let Some(range) = domain(ends, None, None) else { return svg.finish() };
    let values = chart.steps.iter().map(|(step, ..)| width(&chart.value(step)) + 6.0).fold(30.0, f64::max).min(130.0);
    let label = chart.steps.iter().map(|(step, ..)| width(&step.label)).fold(60.0, f64::max).min(LABEL);
    let x = Scale::new(range, (label + 12.0, WIDTH - values - 10.0));
    let middle = |row: usize| TOP + ROW * (row as f64 + 0.5);
    if let Some((_, _, goal)) = chart.steps.last() {
        svg.line((x.at(*goal), TOP), (x.at(*goal), height - TOP), "target-thin");
    }
    for (row, (step, from, to)) in chart.steps.iter().enumerate() {
        let y = middle(row);
        let level = step.kind == BridgeKind::Level;
        let class = if level { "t strong" } else { "t" };
        svg.text((0.0, y + SIZE * 0.35), Anchor::Start, class, &fit(&step.label, LABEL));
        svg.text((WIDTH - 4.0, y + SIZE * 0.35), Anchor::End, &format!("{class} num"), &chart.value(step));
        if row + 1 < chart.steps.len() {
            svg.line((x.at(*to), y), (x.at(*to), middle(row + 1)), "join");
        }
        if level {
            svg.line((x.at(*to), y - 8.0), (x.at(*to), y + 8.0), "level");
            svg.circle((x.at(*to), y), 3.6, "level-dot");
        } else {
            bar(&mut svg, (x.at(*from), x.at(*to)), y, class_of(step.kind));
        }
    }
    svg.finish()
}

/// A bar with a pointed end, so that its direction reads without colour.
fn bar(svg: &mut Svg, (from, to): (f64, f64), y: f64, class: &str) {
    let half = 6.0;
    let tip = (to - from).abs().min(5.0) * if to >= from { 1.0 } else { -1.0 };
    if (to - from).abs() < 0.8 {
        svg.line((to, y - half), (to, y + half), &format!("{class} hair"));
        return;
    }
    let neck = to - tip;
    svg.polygon(&[(from, y - half), (neck, y - half), (to, y), (neck, y + half), (from, y + half)], class);
}

fn class_of(kind: BridgeKind) -> &'static str {
    match kind {
        BridgeKind::Level => "level",
        BridgeKind::Forecast => "step-forecast",
        BridgeKind::Initiative => "step-initiative",
        BridgeKind::Risk => "step-risk",
        BridgeKind::Judgement => "step-judgement",
        BridgeKind::Confidence => "step-confidence",
        BridgeKind::Unexplained => "step-unexplained",
    }
}
