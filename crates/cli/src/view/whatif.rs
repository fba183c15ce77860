//! Scenarios on the terminal, target by target, and what a target would take.

use super::table::{Align, Table, cut, wrap};
use anstyle::Style;
use quarterdeck_plan::proposal::Implied;
use quarterdeck_plan::whatif::{Answer, Ask, TargetAnswer};
use quarterdeck_report::number::{self, Levels};

/// The whole answer, at most `width` columns wide; `asked` is the question as typed.
pub fn text(answer: &Answer, asked: &[String], currency: &str, width: usize) -> String {
    let bold = Style::new().bold();
    let (from, to) = (number::day(answer.starts), number::day(answer.ends));
    let mut text = format!("{bold}{}{bold:#} ({from} to {to}) · what if\n", answer.period);
    text.push_str(&format!("as of {} · seed {}\n", answer.as_of, answer.seed));
    if !asked.is_empty() {
        text.push_str(&format!("asked: {}\n", wrap(&asked.join(", "), width.saturating_sub(7), 7)));
    }
    if answer.asks.is_empty() || !asked.is_empty() {
        text.push_str(&scenarios(answer, currency, width));
    }
    for ask in &answer.asks {
        text.push('\n');
        text.push_str(&takes(ask, currency, width));
    }
    for note in &answer.notes {
        text.push_str(&format!("\n- {}\n", wrap(note, width.saturating_sub(2), 2)));
    }
    text
}

fn scenarios(answer: &Answer, currency: &str, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = String::new();
    let count = answer.scenarios.first().map_or(0, |row| row.targets.len());
    for at in 0..count {
        let of = |row: &quarterdeck_plan::whatif::ScenarioAnswer| row.targets.get(at).cloned();
        let rows: Vec<(String, TargetAnswer)> =
            answer.scenarios.iter().filter_map(|row| Some((row.label.clone(), of(row)?))).collect();
        let Some((_, first)) = rows.first() else { continue };
        let levels = levels(first, currency);
        let target = first.target.map_or_else(|| "no value".to_owned(), |value| levels.with_unit(value));
        let name = if first.metric.contains('[') { &first.metric } else { &first.label };
        text.push_str(&format!("\n{bold}{name}{bold:#}: target {target}\n"));
        text.push_str(&one_target(&rows, &levels, width));
    }
    text.push_str(&together(answer, width));
    if !answer.moved.is_empty() {
        let moved: Vec<String> = answer
            .moved
            .iter()
            .map(|moved| {
                let levels = Levels::new(moved.unit.as_ref(), currency, Some((moved.after - moved.before).abs()), &[]);
                format!("{} {} → {}", moved.label, levels.level(moved.before), levels.with_unit(moved.after))
            })
            .collect();
        text.push_str(&format!("Moved besides: {}\n", wrap(&moved.join("; "), width.saturating_sub(15), 15)));
    }
    text
}

/// How levels of a target are written: as precisely as its range deserves.
fn levels(target: &TargetAnswer, currency: &str) -> Levels {
    let spread = target.p90.zip(target.p10).map(|(high, low)| high - low);
    let exact: Vec<f64> = target.target.into_iter().collect();
    Levels::new(target.unit.as_ref(), currency, spread, &exact)
}

fn one_target(rows: &[(String, TargetAnswer)], levels: &Levels, width: usize) -> String {
    let columns = [
        ("", Align::Left),
        ("middle", Align::Right),
        ("8 of 10", Align::Left),
        ("chance", Align::Right),
        ("against the plan", Align::Left),
    ];
    let mut table = Table::new(&columns);
    let plan = rows.iter().find(|(label, _)| label == "The plan").and_then(|(_, target)| target.p_hit);
    for (label, target) in rows {
        let level = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| levels.level(value));
        let range = target.p10.zip(target.p90).map(|(low, high)| levels.range(low, high)).unwrap_or_default();
        let chance = target.p_hit.map_or_else(|| "?".to_owned(), number::chance);
        let against = match target.p_hit.zip(plan) {
            Some((own, plan)) if (own - plan).abs() >= 0.005 => {
                format!("{} {}", if own > plan { "up" } else { "down" }, number::chance_gap(own, plan))
            }
            _ => String::new(),
        };
        table.row([format!("  {}", cut(label, width / 3)), level(target.p50), range, chance, against]);
    }
    table.text()
}

fn together(answer: &Answer, width: usize) -> String {
    let count = answer.scenarios.first().map_or(0, |row| row.targets.iter().filter(|t| t.p_hit.is_some()).count());
    if count < 2 {
        return "\n".into();
    }
    let each: Vec<String> = answer
        .scenarios
        .iter()
        .filter_map(|row| Some(format!("{} {}", row.label.to_lowercase(), number::chance(row.p_all?))))
        .collect();
    format!("\nAll {count} together: {}\n", wrap(&each.join(", "), width.saturating_sub(18), 18))
}

fn takes(ask: &Ask, currency: &str, width: usize) -> String {
    let bold = Style::new().bold();
    let levels = Levels::new(ask.unit.as_ref(), currency, None, &[ask.value]);
    let mut text = format!("{bold}{} at {}{bold:#}: what it would take\n", ask.label, levels.with_unit(ask.value));
    for sentence in &ask.sentences {
        text.push_str(&format!("  {}\n", wrap(sentence, width.saturating_sub(2), 2)));
    }
    if ask.inputs.is_empty() {
        text.push_str(&wrap("  It is made of no other metric, so no input can be told.\n", width, 2));
        text.push('\n');
        return text;
    }
    text.push_str("  With the least effort its inputs together, and each alone with the others as expected:\n");
    let columns = [
        ("", Align::Left),
        ("last", Align::Right),
        ("expected", Align::Right),
        ("together", Align::Right),
        ("chance", Align::Right),
        ("past quarters below", Align::Left),
        ("alone", Align::Right),
    ];
    let mut table = Table::new(&columns);
    inputs(&ask.inputs, 1, currency, width, &mut table);
    text.push_str(&table.text());
    text
}

fn inputs(rows: &[Implied], depth: usize, currency: &str, width: usize, table: &mut Table) {
    for row in rows {
        let width_of = (row.needed - row.expected).abs();
        let levels =
            Levels::new(Some(&row.unit), currency, Some(width_of.max(0.01 * row.expected.abs())), &[row.needed]);
        let level = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| levels.level(value));
        let below = match row.percentile {
            Some(share) => {
                let count = (share * row.n as f64).round();
                format!("{count} of {}", row.n)
            }
            None => "no history".to_owned(),
        };
        let space = "  ".repeat(depth);
        table.row([
            format!("{space}{}", cut(&row.label, (width / 3).saturating_sub(2 * depth))),
            level(row.last),
            level(Some(row.expected)),
            level(Some(row.needed)),
            row.p_reach.map_or_else(|| "?".to_owned(), number::chance),
            below,
            level(row.alone),
        ]);
        inputs(&row.inputs, depth + 1, currency, width, table);
    }
}
