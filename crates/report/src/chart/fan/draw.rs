//! The fan chart as SVG.
//!
//! Left to right: the history, the fan at the metric's grain, and a glyph for the quarter's number with its labels. The
//! target crosses all of it, so that it can be read against everything.

use super::FanChart;
use crate::chart::label::{SIZE, TICK, apart, fit, margin, width};
use crate::chart::scale::{Scale, date_ticks, day_number, domain};
use crate::chart::svg::{Anchor, Svg};
use chrono::NaiveDate;
use quarterdeck_plan::proposal::Fan;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 250.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 226.0;
/// Between the plot and the glyph, and between the glyph and its labels.
const GAP: f64 = 12.0;

/// Where everything goes.
struct Plan<'a> {
    chart: &'a FanChart,
    x: Scale,
    y: Scale,
    left: f64,
    right: f64,
    days: (NaiveDate, NaiveDate),
    /// Whether the cap lies within the plot.
    capped: bool,
}

/// The chart; `id` and `title` as on the page.
pub(super) fn svg(chart: &FanChart, id: &str, title: &str) -> String {
    let mut svg = Svg::new(id, title, &describe(chart), WIDTH, HEIGHT);
    if let Some(plan) = Plan::of(chart) {
        plan.axes(&mut svg);
        plan.limits(&mut svg);
        plan.fan(&mut svg);
        plan.planned(&mut svg);
        plan.history(&mut svg);
        plan.target(&mut svg);
        plan.labels(&mut svg);
    }
    svg.finish()
}

fn describe(chart: &FanChart) -> String {
    let mut parts = Vec::new();
    let level = |value| chart.levels.with_unit(value);
    match (chart.history.first(), chart.history.last()) {
        (Some((first, _)), Some((last, value))) => {
            parts.push(format!("History from {first} to {last}, ending at {}.", level(*value)));
        }
        _ => parts.push("No history.".to_owned()),
    }
    if let Some(fan) = chart.quarter {
        let [low, middle, high] = chart.names;
        parts.push(format!(
            "{}: {low} {}, {middle} {}, {high} {}.",
            chart.period.0,
            level(fan.p10),
            level(fan.p50),
            level(fan.p90)
        ));
    }
    if let (Some((first, _)), Some((last, value))) = (chart.plan.first(), chart.plan.last()) {
        parts.push(format!("The plan's path from {first} to {last} ends at {}.", level(*value)));
    }
    if let Some(target) = chart.target {
        parts.push(format!("Target {}.", level(target)));
    }
    parts.join(" ")
}

impl<'a> Plan<'a> {
    fn of(chart: &'a FanChart) -> Option<Plan<'a>> {
        let fans = chart.fan.iter().map(|(_, fan)| fan).chain(chart.quarter.as_ref());
        let values: Vec<f64> = chart
            .history
            .iter()
            .map(|(_, value)| *value)
            .chain(fans.flat_map(|fan| [fan.p10, fan.p90]))
            .chain(chart.plan.iter().map(|(_, value)| *value))
            .chain(chart.target)
            .chain(chart.range.into_iter().flat_map(|(low, high)| [low, high]))
            .collect();
        let (floor, ceiling) =
            (values.iter().all(|v| *v >= 0.0).then_some(0.0), chart.levels.is_share().then_some(1.0));
        let bare = domain(values.iter().copied(), floor, ceiling)?;
        // A cap far above would press everything else flat; it is named at the edge then.
        let reach = bare.1 + (bare.1 - bare.0) * 0.4;
        let cap = chart.cap.as_ref().filter(|(_, low, _)| *low <= reach && *low >= bare.0);
        let capped = cap.is_some();
        let with_cap = cap.into_iter().flat_map(|(_, low, high)| [*low, high.min(reach)]);
        let range = domain(values.iter().copied().chain(with_cap), floor, ceiling)?;
        let days = days(chart);
        let y = Scale::new(range, (BOTTOM, TOP));
        let (ticks, step) = y.ticks(4);
        let left = margin(&chart.levels.ticks(&ticks, step));
        let room = labels(chart).iter().map(|(_, words, _)| width(words)).fold(0.0, f64::max).clamp(30.0, 150.0);
        let right = WIDTH - room - GAP * 2.0 - 4.0;
        let x = Scale::new((day_number(days.0), day_number(days.1)), (left, right));
        Some(Plan { chart, x, y, left, right, days, capped })
    }

    fn day(&self, day: NaiveDate) -> f64 {
        self.x.at(day_number(day))
    }

    /// Where the period's name is centred.
    fn name_at(&self) -> f64 {
        let (name, starts, ends) = &self.chart.period;
        ((self.day(*starts) + self.day(*ends)) / 2.0).min(self.right - width(name) / 2.0)
    }

    fn axes(&self, svg: &mut Svg) {
        let (name, starts, ends) = &self.chart.period;
        let (from, to) = (self.day(*starts), self.day(*ends));
        svg.rect((from, TOP), (to, BOTTOM), "period");
        svg.text((self.name_at(), TOP - 6.0), Anchor::Middle, "t strong", name);
        let (ticks, step) = self.y.ticks(4);
        let words = self.chart.levels.ticks(&ticks, step);
        for (tick, words) in ticks.into_iter().zip(words) {
            let y = self.y.at(tick);
            svg.line((self.left, y), (self.right, y), "grid");
            svg.text((self.left - 6.0, y + SIZE * 0.35), Anchor::End, "t", &fit(&words, TICK));
        }
        let room = ((self.right - self.left) / 62.0) as usize;
        let mut free = f64::NEG_INFINITY;
        for (day, words) in date_ticks(self.days.0, self.days.1, room) {
            let (x, half) = (self.day(day), width(&words) / 2.0);
            if x - half < free || x - half < 0.0 {
                continue;
            }
            svg.line((x, BOTTOM), (x, BOTTOM + 3.0), "tick");
            svg.text((x, BOTTOM + 15.0), Anchor::Middle, "t", &words);
            free = x + half + 8.0;
        }
        svg.line((self.left, BOTTOM), (self.right, BOTTOM), "axis");
    }

    /// The cap, and the range a number is to stay inside.
    fn limits(&self, svg: &mut Svg) {
        if let Some((low, high)) = self.chart.range {
            svg.rect((self.left, self.y.at(low)), (self.right, self.y.at(high)), "within");
        }
        let Some((label, low, high)) = &self.chart.cap else { return };
        let levels = &self.chart.levels;
        let ends = if low == high { levels.level(*low) } else { levels.range(*low, *high) };
        let room = (self.name_at() - width(&self.chart.period.0) / 2.0 - self.left - 12.0).max(0.0);
        let words = match room - width(&format!("↑ : {ends}")) {
            rest if rest > 40.0 => format!("{}: {ends}", fit(label, rest)),
            _ => fit(&ends, room - width("↑ ")),
        };
        if self.capped {
            let y = self.y.at(*low);
            if low != high {
                svg.rect((self.left, y), (self.right, self.y.at(*high).max(TOP)), "cap-band");
            }
            svg.line((self.left, y), (self.right, y), "cap");
            let below = if y < TOP + SIZE + 4.0 { y + SIZE + 2.0 } else { y - 4.0 };
            svg.text((self.left + 4.0, below), Anchor::Start, "t cap-t", &words);
        } else {
            // Off the scale: said at the edge where it lies.
            let sign = if *low > self.chart.target.unwrap_or(0.0) { "▲" } else { "▼" };
            svg.sign((self.left + 8.0, TOP - 10.0), sign, "cap-t");
            svg.text((self.left + 16.0, TOP - 6.0), Anchor::Start, "t cap-t", &words);
        }
    }

    fn fan(&self, svg: &mut Svg) {
        let mut fan: Vec<(f64, Fan)> = self.chart.fan.iter().map(|(day, fan)| (self.day(*day), *fan)).collect();
        if let Some((day, value)) = self.chart.history.last() {
            let v = *value;
            // The fan opens from the last known point.
            fan.insert(0, (self.day(*day), Fan { p10: v, p30: v, p50: v, p70: v, p90: v }));
        }
        let band = |low: fn(&Fan) -> f64, high: fn(&Fan) -> f64| -> Vec<(f64, f64)> {
            let upper = fan.iter().map(|(x, fan)| (*x, self.y.at(high(fan))));
            let lower = fan.iter().rev().map(|(x, fan)| (*x, self.y.at(low(fan))));
            upper.chain(lower).collect()
        };
        if fan.len() > 1 {
            svg.polygon(&band(|fan| fan.p10, |fan| fan.p90), "band80");
            svg.polygon(&band(|fan| fan.p30, |fan| fan.p70), "band40");
        }
        let middle: Vec<(f64, f64)> = fan.iter().map(|(x, fan)| (*x, self.y.at(fan.p50))).collect();
        svg.polyline(&middle, "middle");
    }

    /// The way that was planned.
    fn planned(&self, svg: &mut Svg) {
        let points: Vec<(f64, f64)> =
            self.chart.plan.iter().map(|(day, value)| (self.day(*day), self.y.at(*value))).collect();
        if !points.is_empty() {
            svg.polyline(&points, "planned");
        }
    }

    fn history(&self, svg: &mut Svg) {
        let points: Vec<(f64, f64)> =
            self.chart.history.iter().map(|(day, value)| (self.day(*day), self.y.at(*value))).collect();
        svg.polyline(&points, "history");
        if points.len() <= 24 {
            points.iter().for_each(|point| svg.circle(*point, 2.4, "dot"));
        } else if let Some(last) = points.last() {
            svg.circle(*last, 2.4, "dot");
        }
        if points.is_empty() {
            svg.text((self.left + 6.0, TOP + SIZE + 4.0), Anchor::Start, "t", "no history yet");
        }
    }

    fn target(&self, svg: &mut Svg) {
        let Some(target) = self.chart.target.filter(|_| self.chart.range.is_none()) else { return };
        let y = self.y.at(target);
        svg.line((self.left, y), (self.right + GAP + 5.0, y), "target-thin");
        let (_, starts, ends) = &self.chart.period;
        svg.line((self.day(*starts), y), (self.day(*ends), y), "target");
    }

    /// The quarter's number as a glyph, and what stands beside it.
    fn labels(&self, svg: &mut Svg) {
        let x = self.right + GAP;
        if let Some(fan) = self.chart.quarter {
            svg.rect((x - 2.0, self.y.at(fan.p10)), (x + 2.0, self.y.at(fan.p90)), "glyph80");
            svg.rect((x - 4.5, self.y.at(fan.p30)), (x + 4.5, self.y.at(fan.p70)), "glyph40");
            svg.line((x - 4.5, self.y.at(fan.p50)), (x + 4.5, self.y.at(fan.p50)), "glyph50");
        }
        let labels = labels(self.chart);
        let places: Vec<f64> = labels.iter().map(|(value, ..)| self.y.at(*value)).collect();
        let moved = apart(&places, SIZE + 3.0, TOP, BOTTOM);
        for (((_, words, class), from), to) in labels.iter().zip(&places).zip(&moved) {
            svg.line((x + 6.0, *from), (x + GAP, *to), "leader");
            svg.text((x + GAP + 2.0, to + SIZE * 0.35), Anchor::Start, class, &fit(words, 150.0));
        }
    }
}

/// What stands at the right edge: value, words and class.
fn labels(chart: &FanChart) -> Vec<(f64, String, &'static str)> {
    let mut out = Vec::new();
    if let Some(fan) = chart.quarter {
        let values = [fan.p90, fan.p50, fan.p10];
        for (value, name) in values.into_iter().zip(chart.names.into_iter().rev()) {
            let name = name.trim_end_matches(" quarter");
            out.push((value, format!("{name} {}", chart.levels.level(value)), "t"));
        }
    }
    match (chart.range, chart.target) {
        (Some((low, high)), _) => {
            out.push((high, format!("at most {}", chart.levels.level(high)), "t target-t"));
            out.push((low, format!("at least {}", chart.levels.level(low)), "t target-t"));
        }
        (None, Some(target)) => out.push((target, format!("Target {}", chart.levels.level(target)), "t target-t")),
        (None, None) => {}
    }
    out
}

/// The first and the last day of the plot: at most a third of it lies ahead of the period's start.
fn days(chart: &FanChart) -> (NaiveDate, NaiveDate) {
    let (_, starts, ends) = chart.period;
    let first = chart.history.first().map_or(starts, |(day, _)| *day).min(starts);
    // Inside its own period a chart begins with it; else a past is shown, though there be none.
    let bare = first == starts && chart.plan.is_empty();
    let first = if bare { starts - chrono::TimeDelta::days(120) } else { first };
    let last = chart.fan.last().map_or(ends, |(day, _)| *day).max(ends);
    (first, last)
}
