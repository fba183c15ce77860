//! The tree as Mermaid, which code hosts draw in Markdown.

use super::{Drawing, is_star};
use crate::graph::Bond;
use quarterdeck_lang::model::Metric;
use std::collections::BTreeMap;

/// The whole drawing: solid lines for what is made of what, dotted ones for what is believed.
pub(super) fn drawn(drawing: &Drawing<'_>) -> String {
    let order = drawing.order();
    // Names of the language may be words of Mermaid's, so nodes are numbered.
    let ids: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, metric)| (metric.name.as_str(), at)).collect();
    let mut text = "flowchart LR\n".to_owned();
    if let Some(day) = drawing.numbers.as_of {
        text.push_str(&format!("  %% numbers as of {day}\n"));
    }
    for (at, metric) in order.iter().enumerate() {
        text.push_str(&format!("  m{at}[\"{}\"]\n", label(metric, drawing)));
    }
    for (at, metric) in order.iter().enumerate() {
        for (child, bond) in drawing.graph.below(&metric.name) {
            let Some(child) = ids.get(child) else { continue };
            let arrow = if bond == Bond::Exact { "---" } else { "-.-" };
            text.push_str(&format!("  m{at} {arrow} m{child}\n"));
        }
    }
    text
}

fn label(metric: &Metric, drawing: &Drawing<'_>) -> String {
    let star = if is_star(metric) { "★ " } else { "" };
    let mut lines = vec![format!("{star}{}", escaped(&metric.label))];
    let known = drawing.numbers.of.get(&metric.name);
    lines.extend(known.and_then(|known| known.last_words(metric, drawing.model)).map(|last| escaped(&last)));
    let target = known.and_then(|known| known.target_words(metric, drawing.model));
    lines.extend(target.map(|(level, chance)| escaped(&format!("→ {level}, P(hit) {chance}"))));
    lines.extend([&metric.stage, &metric.owner].into_iter().flatten().map(|fact| escaped(fact)));
    lines.join("<br/>")
}

/// A text inside a quoted label; Mermaid reads `#…;` as a character, and tags as tags.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            '\n' | '\r' => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
