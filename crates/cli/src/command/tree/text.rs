//! The tree as lines of text.

use super::{Drawing, is_star};
use crate::graph::Bond;
use crate::rendering;
use anstyle::Style;
use quarterdeck_lang::model::Metric;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// How deep branches are followed; what lies deeper has a tree of its own.
const DEEPEST: usize = 40;

/// A line to come.
struct Next<'a> {
    name: &'a str,
    /// What stands before its corner.
    before: String,
    /// Its corner, `None` at a root, and whether it is the last of its branch.
    corner: Option<(Bond, bool)>,
    depth: usize,
}

/// The whole drawing.
pub(super) fn drawn(drawing: &Drawing<'_>, width: usize) -> String {
    let mut text = String::new();
    let mut seen = BTreeSet::new();
    for (at, root) in drawing.roots.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        branch(drawing, root, &mut seen, width, &mut text);
    }
    let exact = text.contains('─');
    let believed = text.contains('╌');
    if !drawing.alone.is_empty() {
        let names: Vec<String> = drawing.alone.iter().map(|name| (*name).to_owned()).collect();
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}On their own: {}\n", rendering::names(&names)));
    }
    let dim = Style::new().dimmed();
    let day = drawing.numbers.as_of.map(|day| format!("numbers as of {day}"));
    let key: Vec<&str> = [(exact, "─ made of, exactly"), (believed, "╌ believed to be driven by")]
        .into_iter()
        .filter_map(|(there, words)| there.then_some(words))
        .chain(day.as_deref())
        .collect();
    if !key.is_empty() {
        text.push_str(&format!("\n{dim}{}{dim:#}\n", key.join("   ")));
    }
    if text.is_empty() { "no metric is declared in this workspace\n".to_owned() } else { text }
}

/// A root and everything below it; what was drawn before is named and not followed again.
fn branch<'a>(drawing: &'a Drawing<'a>, root: &'a str, seen: &mut BTreeSet<&'a str>, width: usize, text: &mut String) {
    let mut open = vec![Next { name: root, before: String::new(), corner: None, depth: 0 }];
    while let Some(next) = open.pop() {
        let Some(metric) = drawing.metric(next.name) else { continue };
        let (corner, inner) = match next.corner {
            None => (String::new(), String::new()),
            Some((bond, last)) => {
                let line = if bond == Bond::Exact { '─' } else { '╌' };
                let corner = if last { '└' } else { '├' };
                let inner = if last { "   " } else { "│  " };
                (format!("{}{corner}{line} ", next.before), format!("{}{inner}", next.before))
            }
        };
        let below = drawing.graph.below(next.name);
        let again = !seen.insert(&metric.name);
        let more = match (below.is_empty(), again, next.depth >= DEEPEST) {
            (true, false, _) | (false, false, false) => String::new(),
            (_, true, _) => "  (above)".to_owned(),
            (_, _, true) => format!("  (deeper: qd tree {})", metric.name),
        };
        // What stands before further lines of a node: the bar of its own branch, where it has one.
        let bar = if below.is_empty() || again || next.depth >= DEEPEST { "   " } else { "│  " };
        text.push_str(&node(drawing, metric, &corner, &format!("{inner}{bar}"), &more, again, width));
        if again || next.depth >= DEEPEST {
            continue;
        }
        let last = below.len().saturating_sub(1);
        for (at, (name, bond)) in below.into_iter().enumerate().rev() {
            open.push(Next { name, before: inner.clone(), corner: Some((bond, at == last)), depth: next.depth + 1 });
        }
    }
}

/// A metric: its name, its label, what it is and is to be, its stage and who answers for it; what does not fit goes on below.
fn node(
    drawing: &Drawing<'_>,
    metric: &Metric,
    corner: &str,
    below: &str,
    more: &str,
    again: bool,
    width: usize,
) -> String {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let star = if is_star(metric) { "★ " } else { "" };
    let mut text = format!("{corner}{star}{bold}{}{bold:#}", metric.name);
    let mut at = corner.width() + star.width() + metric.name.width();
    for (number, (words, is_number)) in facts(drawing, metric, again).into_iter().enumerate() {
        let between = match number {
            0 => "  ",
            _ if words.starts_with('→') => " ",
            _ => " · ",
        };
        let (start, end) = if is_number { (Style::new(), String::new()) } else { (dim, format!("{dim:#}")) };
        if at + between.width() + words.width() > width {
            // A fact is never torn: it stands whole on a line of its own, wider than the terminal where it must.
            text.push_str(&format!("\n{below}{start}{words}{end}"));
            at = below.width() + words.width();
        } else {
            text.push_str(&format!("{dim}{between}{dim:#}{start}{words}{end}"));
            at += between.width() + words.width();
        }
    }
    format!("{text}{more}\n")
}

/// The facts of a node in their order, and whether each is a number; of one drawn before only its label.
fn facts(drawing: &Drawing<'_>, metric: &Metric, again: bool) -> Vec<(String, bool)> {
    let mut facts = Vec::new();
    if metric.label != metric.name {
        facts.push((metric.label.clone(), false));
    }
    if again {
        return facts;
    }
    let known = drawing.numbers.of.get(&metric.name);
    facts.extend(known.and_then(|known| known.last_words(metric, drawing.model)).map(|last| (last, true)));
    let target = known.and_then(|known| known.target_words(metric, drawing.model));
    facts.extend(target.map(|(level, chance)| (format!("→ {level}, P(hit) {chance}"), true)));
    facts.extend([&metric.stage, &metric.owner].into_iter().flatten().map(|fact| (fact.clone(), false)));
    facts
}
