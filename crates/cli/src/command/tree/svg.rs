//! The tree as a picture, drawn as pages draw theirs.

use super::{Drawing, is_star};
use crate::error::Failure;
use crate::graph::Bond;
use quarterdeck_lang::model::Metric;
use quarterdeck_report::chart::tree::{Node, Tree};
use quarterdeck_report::chart::{Chart, Figure};
use std::collections::{BTreeMap, BTreeSet};

/// The most metrics of a picture.
const MOST: usize = 200;

/// What a page's style sheet says, for a picture that stands alone.
const STYLE: &str = "<style>svg{background:#fff}text{font-family:system-ui,sans-serif;font-size:11px;fill:#4a5259}\
    .edge{fill:none;stroke:#98a1a9;stroke-width:1.4}.guess{stroke-dasharray:2 4}.node{fill:#fff;stroke:#c9d0d6}</style>";

/// The picture as one file.
pub(super) fn drawn(drawing: &Drawing<'_>) -> Result<String, Failure> {
    let tree = tree(drawing);
    if tree.nodes.is_empty() {
        return Err(Failure::input("no metric is declared in this workspace, so there is nothing to draw"));
    }
    let title = match drawing.roots.first().and_then(|root| drawing.metric(root)) {
        Some(root) => format!("What {} is made of and driven by", root.label),
        None => "What metrics are made of and driven by".to_owned(),
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
        label: label(metric),
        star: is_star(metric),
        target: None,
        depth: depths.get(at).copied().unwrap_or(0),
        parent: parents.get(&at).copied(),
    });
    Tree { nodes: nodes.collect(), edges, left_out: order.len() - kept.len() }
}

fn label(metric: &Metric) -> String {
    let facts = [Some(&metric.label), metric.stage.as_ref(), metric.owner.as_ref()];
    facts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ")
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
