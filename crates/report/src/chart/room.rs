//! Tests: in every chart, words stay inside the drawing and never lie on each other.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::bridge::Bridge;
use super::fan::FanChart;
use super::label::{SIZE, width};
use super::record::Record;
use super::{Chart, Figure};
use crate::number::Levels;
use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Grain, Period};
use quarterdeck_forecast::Claim;
use quarterdeck_lang::model::{Unit, UnitForm};
use quarterdeck_plan::proposal::{BridgeKind, BridgeStep, Fan};

/// The words of a drawing with the box they take: left, top, right, bottom.
fn words(svg: &str) -> Vec<(String, [f64; 4])> {
    let attribute = |tag: &str, name: &str| -> String {
        let key = format!(" {name}=\"");
        tag.split(key.as_str()).nth(1).map_or(String::new(), |rest| rest.split('"').next().unwrap().to_owned())
    };
    svg.split("<text")
        .skip(1)
        .map(|part| {
            let (tag, rest) = part.split_once('>').unwrap();
            let text = rest.split("</text>").next().unwrap().replace("&lt;", "<").replace("&#39;", "'");
            let (x, y): (f64, f64) = (attribute(tag, "x").parse().unwrap(), attribute(tag, "y").parse().unwrap());
            // Labels reckon with wide fonts; here they are measured as they mostly are.
            let wide = width(&text) / 1.1;
            let left = match attribute(tag, "text-anchor").as_str() {
                "start" => x,
                "middle" => x - wide / 2.0,
                _ => x - wide,
            };
            (text, [left, y - SIZE * 0.75, left + wide, y + 1.0])
        })
        .collect()
}

fn check(name: &str, figure: Figure) {
    let chart = Chart { id: "c".to_owned(), title: "t".to_owned(), figure };
    let svg = chart.svg();
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}: {svg}");
    let size: Vec<f64> = svg
        .split("viewBox=\"0 0 ")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .split(' ')
        .map(|v| v.parse().unwrap())
        .collect();
    let words = words(&svg);
    for (text, [left, top, right, bottom]) in &words {
        let inside = *left >= -0.5 && *top >= -0.5 && *right <= size[0] + 0.5 && *bottom <= size[1] + 0.5;
        assert!(inside, "{name}: `{text}` at {left}..{right}, {top}..{bottom} of {size:?}");
    }
    for (at, (a, one)) in words.iter().enumerate() {
        for (b, other) in &words[at + 1..] {
            let across = one[0] < other[2] && other[0] < one[2];
            let down = one[1] < other[3] && other[1] < one[3];
            assert!(!(across && down), "{name}: `{a}` lies on `{b}`: {one:?} {other:?}");
        }
    }
    assert_eq!(svg, chart.svg());
}

fn unit(text: &str, form: UnitForm) -> Unit {
    Unit { text: text.to_owned(), form, parts: Default::default(), format: None }
}

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap()
}

fn spread(middle: f64, half: f64) -> Fan {
    Fan { p10: middle - half, p30: middle - 0.4 * half, p50: middle, p70: middle + 0.4 * half, p90: middle + half }
}

/// Scales a chart may meet: middle, half of the width, unit.
fn scales() -> Vec<(f64, f64, Unit)> {
    let count = unit("orders", UnitForm::Amount);
    vec![
        (10_300.0, 1_200.0, count.clone()),
        (0.945, 0.02, unit("share", UnitForm::Share)),
        (0.0004, 0.0003, unit("share", UnitForm::Share)),
        (-42.0, 55.0, unit("points", UnitForm::Points)),
        (3.1e11, 2.0e9, unit("SEK", UnitForm::Money)),
        (-2.4e7, 1.0e6, unit("GBP", UnitForm::Money)),
        (3.0e-7, 1.0e-8, count.clone()),
        (5.0, 0.0, count.clone()),
        (0.0, 0.0, count.clone()),
        (1.0e300, 9.0e299, count),
    ]
}

fn fan_chart(middle: f64, half: f64, unit: &Unit, quarters: usize) -> FanChart {
    let starts = day(2027, 1);
    let values = (0..quarters).map(|at| {
        let back = (quarters - at) as u64;
        (starts - Days::new(91 * back), middle - half * (1.5 - 0.3 * libm::sin(at as f64)))
    });
    let fan = spread(middle, half);
    FanChart {
        history: values.collect(),
        fan: vec![(starts + Days::new(45), fan)],
        plan: Vec::new(),
        quarters: Vec::new(),
        quarter: Some(fan),
        period: ("2027-Q1".to_owned(), starts, day(2027, 3) + Days::new(30)),
        target: Some(middle),
        range: None,
        cap: None,
        names: ["bad quarter", "middle quarter", "good quarter"],
        quarterly: true,
        levels: Levels::new(Some(unit), "SEK", Some(half * 2.0).filter(|w| *w > 0.0), &[middle]),
    }
}

#[test]
fn fans() {
    for (middle, half, unit) in scales() {
        for quarters in [0, 1, 2, 12, 60] {
            let name = format!("{middle} ± {half}, {quarters} quarters");
            let chart = fan_chart(middle, half, &unit, quarters);
            check(&name, Figure::Fan(Box::new(chart.clone())));
            let bare = FanChart { fan: Vec::new(), quarter: None, ..chart.clone() };
            check(&format!("{name}, no fan"), Figure::Fan(Box::new(bare)));
            let path = [(chart.period.1, middle - half), (chart.period.2, middle)];
            let inside =
                FanChart { plan: path.to_vec(), history: vec![(chart.period.1, middle - half)], ..chart.clone() };
            check(&format!("{name}, inside the period"), Figure::Fan(Box::new(inside)));
            let ranged = FanChart { range: Some((middle - half, middle + half)), ..chart.clone() };
            check(&format!("{name}, range"), Figure::Fan(Box::new(ranged)));
            for low in [middle + half * 1.2, middle + half * 40.0, middle - half * 30.0] {
                let label = "What the whole market could hold, if everybody came".to_owned();
                let capped = FanChart { cap: Some((label, low, low + half * 0.3)), ..chart.clone() };
                check(&format!("{name}, cap {low}"), Figure::Fan(Box::new(capped)));
            }
        }
    }
}

#[test]
fn bridges() {
    for (middle, half, unit) in scales() {
        for steps in [1_usize, 4, 14] {
            let levels = fan_chart(middle, half, &unit, 0).levels;
            let step = |label: &str, value: f64, kind| BridgeStep { label: label.to_owned(), value, kind };
            let mut rows = vec![(step("Last actual, 2026-Q4", middle, BridgeKind::Level), middle, middle)];
            let mut at = middle;
            for row in 0..steps {
                let by = half * if row % 3 == 0 { -0.4 } else { 0.7 };
                let label = format!("Initiative {row} with a label that goes on and on and on");
                rows.push((step(&label, by, BridgeKind::Initiative), at, at + by));
                at += by;
            }
            rows.push((step("Target, 2027-Q1", at, BridgeKind::Level), at, at));
            check(&format!("{middle}, {steps} steps"), Figure::Bridge(Bridge { steps: rows, levels }));
        }
    }
}

#[test]
fn records() {
    for (middle, half, unit) in scales() {
        for n in [1_usize, 2, 9, 60] {
            let levels = fan_chart(middle, half, &unit, 0).levels;
            let claims = (0..n).map(|at| {
                let fan = spread(middle + half * 0.1 * at as f64, half);
                Claim {
                    period: Period::new(Grain::Quarter, 2012 + (at / 4) as i32, (at % 4) as u32 + 1),
                    origin: day(2026, 1),
                    quantiles: [fan.p10, fan.p30, fan.p50, fan.p70, fan.p90],
                    actual: fan.p50 + half * if at % 5 == 0 { 1.7 } else { 0.3 },
                    pit: 0.5,
                }
            });
            check(&format!("{middle}, {n} claims"), Figure::Record(Record { claims: claims.collect(), levels }));
        }
    }
}
