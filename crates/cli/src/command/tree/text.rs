//! The tree as lines of text.

use super::{Drawing, is_star};
use crate::graph::Bond;
use crate::rendering;
use anstyle::Style;
use quarterdeck_lang::model::Metric;
use std::collections::BTreeSet;

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
pub(super) fn drawn(drawing: &Drawing<'_>) -> String {
    let mut text = String::new();
    let mut seen = BTreeSet::new();
    for (at, root) in drawing.roots.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        branch(drawing, root, &mut seen, &mut text);
    }
    let exact = text.contains('─');
    let believed = text.contains('╌');
    if !drawing.alone.is_empty() {
        let names: Vec<String> = drawing.alone.iter().map(|name| (*name).to_owned()).collect();
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}On their own: {}\n", rendering::names(&names)));
    }
    let dim = Style::new().dimmed();
    let key: Vec<&str> = [(exact, "─ made of, exactly"), (believed, "╌ believed to be driven by")]
        .into_iter()
        .filter_map(|(there, words)| there.then_some(words))
        .collect();
    if !key.is_empty() {
        text.push_str(&format!("\n{dim}{}{dim:#}\n", key.join("   ")));
    }
    if text.is_empty() { "no metric is declared in this workspace\n".to_owned() } else { text }
}

/// A root and everything below it; what was drawn before is named and not followed again.
fn branch<'a>(drawing: &'a Drawing<'a>, root: &'a str, seen: &mut BTreeSet<&'a str>, text: &mut String) {
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
        text.push_str(&format!("{corner}{}{more}\n", line(metric)));
        if again || next.depth >= DEEPEST {
            continue;
        }
        let last = below.len().saturating_sub(1);
        for (at, (name, bond)) in below.into_iter().enumerate().rev() {
            open.push(Next { name, before: inner.clone(), corner: Some((bond, at == last)), depth: next.depth + 1 });
        }
    }
}

/// A metric: its name, its label, its stage and who answers for it.
fn line(metric: &Metric) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let star = if is_star(metric) { "★ " } else { "" };
    let label = Some(&metric.label).filter(|label| **label != metric.name);
    let facts: Vec<&str> =
        [label, metric.stage.as_ref(), metric.owner.as_ref()].into_iter().flatten().map(String::as_str).collect();
    let facts = if facts.is_empty() { String::new() } else { format!("  {dim}{}{dim:#}", facts.join(" · ")) };
    format!("{star}{bold}{}{bold:#}{facts}", metric.name)
}
