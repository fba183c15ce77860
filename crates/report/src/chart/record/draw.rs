//! The track record as SVG: a bar per past quarter for the range claimed, its middle, and what came.

use super::{Record, is_inside};
use crate::chart::label::{SIZE, TICK, fit, margin, width};
use crate::chart::scale::{Scale, domain};
use crate::chart::svg::{Anchor, Svg};

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 190.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 168.0;

/// The chart; `id` and `title` as on the page.
pub(super) fn svg(chart: &Record, id: &str, title: &str) -> String {
    let mut svg = Svg::new(id, title, &describe(chart), WIDTH, HEIGHT);
    let values: Vec<f64> =
        chart.claims.iter().flat_map(|claim| [claim.quantiles[0], claim.quantiles[4], claim.actual]).collect();
    let floor = values.iter().all(|value| *value >= 0.0).then_some(0.0);
    let ceiling = chart.levels.is_share().then_some(1.0);
    let Some(range) = domain(values.into_iter(), floor, ceiling) else { return svg.finish() };
    let y = Scale::new(range, (BOTTOM, TOP));
    let (ticks, step) = y.ticks(4);
    let words = chart.levels.ticks(&ticks, step);
    let left = margin(&words);
    for (tick, words) in ticks.into_iter().zip(words) {
        svg.line((left, y.at(tick)), (WIDTH - 4.0, y.at(tick)), "grid");
        svg.text((left - 6.0, y.at(tick) + SIZE * 0.35), Anchor::End, "t", &fit(&words, TICK));
    }
    key(&mut svg, left);
    let n = chart.claims.len() as f64;
    let slot = ((WIDTH - 4.0 - left) / n).min(64.0);
    let half = (slot * 0.28).clamp(1.2, 7.0);
    let start = left + ((WIDTH - 4.0 - left) - slot * n) / 2.0;
    for (at, claim) in chart.claims.iter().enumerate() {
        let x = start + slot * (at as f64 + 0.5);
        let [p10, p30, p50, p70, p90] = claim.quantiles.map(|value| y.at(value));
        svg.rect((x - half, p10), (x + half, p90), "claim80");
        svg.rect((x - half, p30), (x + half, p70), "claim40");
        svg.line((x - half, p50), (x + half, p50), "glyph50");
        let actual = (x, y.at(claim.actual));
        if is_inside(claim) {
            svg.circle(actual, half.clamp(2.0, 3.4), "came");
        } else {
            svg.cross(actual, half.clamp(2.6, 4.6), "missed");
        }
    }
    names(&mut svg, chart, start, slot);
    svg.line((left, BOTTOM), (WIDTH - 4.0, BOTTOM), "axis");
    svg.finish()
}

/// Names of quarters as far as there is room: the latest always, then every so many before it.
fn names(svg: &mut Svg, chart: &Record, start: f64, slot: f64) {
    let stride = (width("2024-Q1 ") / slot).ceil().max(1.0) as usize;
    let mut free = WIDTH;
    for (at, claim) in chart.claims.iter().enumerate().rev().step_by(stride) {
        let words = claim.period.to_string();
        let half = width(&words) / 2.0;
        let x = (start + slot * (at as f64 + 0.5)).clamp(half, WIDTH - half);
        if x + half <= free {
            svg.text((x, BOTTOM + 16.0), Anchor::Middle, "t", &words);
            free = x - half - 4.0;
        }
    }
}

/// What the marks mean, in one line above the plot.
fn key(svg: &mut Svg, left: f64) {
    let mut x = left + 4.0;
    let y = 9.0;
    svg.rect((x, y - 5.0), (x + 8.0, y + 5.0), "claim80");
    svg.line((x, y), (x + 8.0, y), "glyph50");
    svg.text((x + 13.0, y + 4.0), Anchor::Start, "t", "claimed");
    x += 13.0 + width("claimed") + 14.0;
    svg.circle((x, y), 3.2, "came");
    svg.text((x + 8.0, y + 4.0), Anchor::Start, "t", "came inside");
    x += 8.0 + width("came inside") + 16.0;
    svg.cross((x, y), 3.8, "missed");
    svg.text((x + 8.0, y + 4.0), Anchor::Start, "t", "missed");
}

fn describe(chart: &Record) -> String {
    let missed: Vec<String> = chart
        .claims
        .iter()
        .filter(|claim| !is_inside(claim))
        .map(|claim| format!("{} ({})", claim.period, chart.levels.level(claim.actual)))
        .collect();
    let misses = if missed.is_empty() { "none".to_owned() } else { missed.join(", ") };
    format!("Ranges claimed with 80 % for {} past quarters. Missed: {misses}.", chart.claims.len())
}
