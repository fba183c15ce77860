//! Past claims on the terminal: a metric's quarters one by one, or a line for each metric.

use crate::command::backtest::{Record, Records};
use crate::view::table::{Align, Table, cut, shortened, wrap};
use anstyle::Style;
use quarterdeck_forecast::Claim;
use quarterdeck_lang::Model;
use quarterdeck_plan::backtest::{Backtest, Quarter, Reading, Yardstick};
use quarterdeck_plan::proposal::ClaimRecord;
use quarterdeck_report::chart::record::strips;
use quarterdeck_report::number::{self, Levels};

/// The whole record, at most `width` columns wide.
pub fn text(records: &Records, model: &Model, width: usize, detailed: bool) -> String {
    match records.metrics.as_slice() {
        [one] if detailed => single(one, records, model, width),
        _ => overview(records, model, width),
    }
}

/// A line for each metric.
fn overview(records: &Records, model: &Model, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = format!(
        "{bold}Past quarters, forecast as they came{bold:#}\nas of {}; every quarter is forecast with what was known before it\n\n",
        records.as_of
    );
    let claims = format!("met at {}", number::chance(records.confidence));
    let mut table = Table::new(&[
        ("metric", Align::Left),
        ("quarters", Align::Right),
        ("in P10–P90", Align::Right),
        (claims.as_str(), Align::Right),
        ("chance allows", Align::Left),
        ("skill", Align::Right),
    ]);
    for each in &records.metrics {
        let label = model.metrics.get(&each.metric).map_or(each.metric.as_str(), |metric| metric.label.as_str());
        let cells = match &each.record {
            Some(record) => of_one(record),
            None => [unknown(), unknown(), unknown(), unknown(), unknown()],
        };
        table.row(std::iter::once(cut(label, width.saturating_sub(58).max(16))).chain(cells));
    }
    text.push_str(&table.text());
    for each in &records.metrics {
        if let Some(missing) = &each.missing {
            text.push_str(&format!("- {}\n", wrap(&format!("{}: {missing}", each.metric), width - 2, 2)));
        }
    }
    text.push_str(&format!(
        "\n{}\n",
        wrap(
            "skill: how much closer the middle of the forecast came than the same quarter of the year before, in the mean. `qd backtest METRIC` shows the quarters one by one.",
            width,
            0
        )
    ));
    text
}

fn unknown() -> String {
    "–".to_owned()
}

fn of_one(record: &Backtest) -> [String; 5] {
    let inside = record.inside.map_or_else(unknown, |inside| inside.count.to_string());
    let (hit, range) = match &record.claims {
        Some(claims) => (claims.hit.to_string(), format!("{} to {}", claims.low, claims.high)),
        None => (unknown(), unknown()),
    };
    let skill = record.yardstick.and_then(|yardstick| yardstick.skill);
    [record.quarters.len().to_string(), inside, hit, range, skill.map_or_else(unknown, percent)]
}

/// A part that may be negative.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0).replace('-', "−")
}

/// One metric's quarters.
fn single(each: &Record, records: &Records, model: &Model, width: usize) -> String {
    let bold = Style::new().bold();
    let metric = model.metrics.get(&each.metric);
    let label = metric.map_or(each.metric.as_str(), |metric| metric.label.as_str());
    let slice = each.slice.as_ref().map(|slice| format!(", {slice}")).unwrap_or_default();
    let mut text = format!(
        "{bold}{label}{bold:#}{slice} ({})\n{}, as of {}; every quarter is forecast with what was known before it\n\n",
        each.metric, each.unit, records.as_of
    );
    let Some(record) = each.record.as_ref().filter(|record| !record.quarters.is_empty()) else {
        let why = each.missing.as_deref().unwrap_or("no past quarter could be forecast: its history is too short");
        text.push_str(&wrap(&format!("Nothing to tell: {why}."), width, 0));
        return text + "\n";
    };
    let spreads: Vec<f64> = record.quarters.iter().map(|quarter| quarter.p90 - quarter.p10).collect();
    let spread = middle(spreads).filter(|spread| *spread > 0.0);
    let levels = Levels::new(metric.map(|metric| &metric.unit), &model.settings.currency, spread, &[]);
    text.push_str(&quarters(record, &levels));
    text.push('\n');
    let claims: Vec<Claim> = record.quarters.iter().map(claim).collect();
    for line in strips(&claims, &levels) {
        text.push_str(&cut(&shortened(&line), width));
        text.push('\n');
    }
    text.push('\n');
    for sentence in sentences(record, &levels) {
        text.push_str(&format!("- {}\n", wrap(&sentence, width - 2, 2)));
    }
    text
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn claim(quarter: &Quarter) -> Claim {
    let Quarter { period, origin, p10, p30, p50, p70, p90, actual, percentile, .. } = *quarter;
    Claim { period, origin, quantiles: [p10, p30, p50, p70, p90], actual, pit: percentile }
}

fn quarters(record: &Backtest, levels: &Levels) -> String {
    let mut table = Table::new(&[
        ("quarter", Align::Left),
        ("known until", Align::Left),
        ("bad (P10)", Align::Right),
        ("middle", Align::Right),
        ("good (P90)", Align::Right),
        ("what came", Align::Right),
        ("below it", Align::Right),
        ("year before", Align::Right),
    ]);
    for quarter in &record.quarters {
        let level = |value| levels.level(value);
        table.row([
            quarter.period.to_string(),
            quarter.origin.to_string(),
            level(quarter.p10),
            level(quarter.p50),
            level(quarter.p90),
            level(quarter.actual),
            number::chance(quarter.percentile),
            quarter.year_before.map_or_else(unknown, level),
        ]);
    }
    table.map(shortened).text()
}

/// What the quarters say together.
fn sentences(record: &Backtest, levels: &Levels) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(inside) = &record.inside {
        all.push(format!("Between P10 and P90 came {}", counted(inside)));
    }
    let below: Vec<String> =
        record.below.iter().map(|reading| format!("P{:.0} {}", reading.level * 100.0, reading.count)).collect();
    let due: Vec<String> = record.below.iter().map(|reading| number::expected(reading.expected)).collect();
    all.push(format!("Below {}; due are {}.", below.join(", "), due.join(", ")));
    all.extend(record.claims.as_ref().map(met));
    all.extend(record.yardstick.as_ref().map(|yardstick| beside(yardstick, levels)));
    all
}

fn counted(reading: &Reading) -> String {
    let Reading { count, n, expected, low, high, .. } = *reading;
    format!("{count} of {n}; {} are due, {low} to {high} is what chance allows.", number::expected(expected))
}

fn met(claims: &ClaimRecord) -> String {
    let ClaimRecord { n, hit, expected, low, high, level, .. } = claims;
    format!(
        "Targets with a chance of {} would have been met in {hit} of {n}; {} are due, {low} to {high} is what chance allows.",
        number::chance(*level),
        number::expected(*expected)
    )
}

/// How far two levels lie apart.
fn distance(levels: &Levels, value: f64) -> String {
    levels.change(value).trim_start_matches('+').to_owned()
}

fn beside(yardstick: &Yardstick, levels: &Levels) -> String {
    let Yardstick { n, error, naive_error, skill } = *yardstick;
    let verdict = match skill {
        Some(skill) if skill >= 0.0 => format!(", {} closer", percent(skill)),
        Some(skill) => format!(", {} farther off", percent(-skill)),
        None => String::new(),
    };
    format!(
        "The middle was off by {} in the mean of {n} quarters, repeating the year before by {}{verdict}.",
        distance(levels, error),
        distance(levels, naive_error)
    )
}
