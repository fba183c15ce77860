//! The tree as a picture, drawn as pages draw theirs.

use super::numbers::Known;
use super::{Drawing, is_star};
use crate::error::Failure;
use crate::graph::Bond;
use quarterdeck_lang::model::Metric;
use quarterdeck_report::chart::tree::{Node, Tree};
use quarterdeck_report::chart::{Chart, Figure};
use quarterdeck_report::words::Status;
use std::collections::{BTreeMap, BTreeSet};

/// The most metrics of a picture.
const MOST: usize = 200;

/// What a page's style sheet says, for a picture that stands alone.
const STYLE: &str = "<style>svg{background:#fff}text{font-family:system-ui,sans-serif;font-size:11px;fill:#4a5259}\
    .edge{fill:none;stroke:#98a1a9;stroke-width:1.4}.guess{stroke-dasharray:2 4}.node{fill:#fff;stroke:#c9d0d6}\
    .aimed{stroke:#4a5259;stroke-width:1.4}.strong{font-weight:600}.num{fill:#1d2328}\
    .mark-good{fill:#1d7a46}.mark-watch{fill:#9a6a00}.mark-bad{fill:#b3261e}.mark-unknown{fill:#4a5259}</style>";

/// The picture as one file.
pub(super) fn drawn(drawing: &Drawing<'_>) -> Result<String, Failure> {
    let tree = tree(drawing);
    if tree.nodes.is_empty() {
        return Err(Failure::input("no metric is declared in this workspace, so there is nothing to draw"));
    }
    let day = drawing.numbers.as_of.map(|day| format!(", numbers as of {day}")).unwrap_or_default();
    let title = match drawing.roots.first().and_then(|root| drawing.metric(root)) {
        Some(root) => format!("What {} is made of and driven by{day}", root.label),
        None => format!("What metrics are made of and driven by{day}"),
    };
    let svg = Chart { id: "tree".to_owned(), title, figure: Figure::Tree(tree) }.svg();
    let alone = svg.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
    let inside = alone.find('>').map_or(0, |at| at + 1);
    let (start, rest) = alone.split_at(inside);
    Ok(format!("{start}{STYLE}{rest}\n"))
}

fn tree(drawing: &Drawing<'_>) -> Tree {
    let order = drawing.order();
    let kept = order.get(..MOST).unwrap_or(&order);
    let position: BTreeMap<&str, usize> =
        kept.iter().enumerate().map(|(at, metric)| (metric.name.as_str(), at)).collect();
    let (mut edges, mut parents) = (Vec::new(), BTreeMap::new());
    for (at, metric) in kept.iter().enumerate() {
        for (child, bond) in drawing.graph.below(&metric.name) {
            // A line back to an ancestor would close a circle, which a drawing from left to right has no place for.
            let Some(to) = position.get(child).copied().filter(|to| *to != at) else { continue };
            if !leads_back(&edges, to, at) {
                edges.push((at, to, bond == Bond::Exact));
                if to > at {
                    parents.entry(to).or_insert(at);
                }
            }
        }
    }
    let depths = depths(kept.len(), &edges);
    let nodes = kept.iter().enumerate().map(|(at, metric)| Node {
        name: metric.name.clone(),
        label: metric.label.clone(),
        star: is_star(metric),
        last: known(drawing, metric).and_then(|known| known.last_words(metric, drawing.model)),
        target: known(drawing, metric).and_then(|known| target(known, metric, drawing)),
        facts: facts(metric),
        depth: depths.get(at).copied().unwrap_or(0),
        parent: parents.get(&at).copied(),
    });
    Tree { nodes: nodes.collect(), edges, left_out: order.len() - kept.len() }
}

fn known<'d>(drawing: &'d Drawing<'_>, metric: &Metric) -> Option<&'d Known> {
    drawing.numbers.of.get(&metric.name)
}

fn target(known: &Known, metric: &Metric, drawing: &Drawing<'_>) -> Option<(String, String, Status)> {
    let (level, chance) = known.target_words(metric, drawing.model)?;
    Some((level, chance, Status::of_chance(known.target.as_ref()?.p_hit)))
}

/// Its stage, and who answers for it.
fn facts(metric: &Metric) -> Vec<String> {
    [&metric.stage, &metric.owner].into_iter().flatten().cloned().collect()
}

/// Whether one can walk along the edges from one node to another.
fn leads_back(edges: &[(usize, usize, bool)], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(edges.iter().filter(|(start, ..)| *start == next).map(|(_, end, _)| *end));
        }
    }
    false
}

/// The longest way from a root to each node; the edges have no circle, so this ends.
fn depths(nodes: usize, edges: &[(usize, usize, bool)]) -> Vec<usize> {
    let mut depths = vec![0; nodes];
    for _ in 0..nodes {
        let mut moved = false;
        for (from, to, _) in edges {
            let deep = depths.get(*from).copied().unwrap_or(0) + 1;
            if let Some(depth) = depths.get_mut(*to).filter(|depth| **depth < deep) {
                *depth = deep;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    depths
}
