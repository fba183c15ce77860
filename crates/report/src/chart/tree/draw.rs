//! The tree as SVG, from left to right: solid lines for identities, dotted ones for hypotheses.

use super::{Node, Tree};
use crate::chart::label::{SIZE, fit, two_lines, width};
use crate::chart::svg::{Anchor, Svg};

const BOX: f64 = 182.0;
const BETWEEN: f64 = 38.0;
const ROW: f64 = 58.0;

/// The chart; `id` and `title` as on the page.
pub(super) fn svg(tree: &Tree, id: &str, title: &str) -> String {
    let rows = rows(tree);
    let columns = tree.nodes.iter().map(|node| node.depth).max().unwrap_or(0) + 1;
    // Narrow trees are not blown up to the page's width.
    let width = (columns as f64 * (BOX + BETWEEN) - BETWEEN + 4.0).max(780.0);
    let most = rows.iter().copied().fold(0.0, f64::max);
    let height = (most + 1.0) * ROW + 24.0;
    let mut svg = Svg::new(id, title, &tree.text().join("; "), width, height);
    let spot = |at: usize| {
        let node = tree.nodes.get(at)?;
        let x = 2.0 + node.depth as f64 * (BOX + BETWEEN);
        Some((x, ROW * (rows.get(at).copied().unwrap_or(0.0) + 0.5)))
    };
    for (from, to, exact) in &tree.edges {
        if let (Some(a), Some(b)) = (spot(*from), spot(*to)) {
            let class = if *exact { "edge" } else { "edge guess" };
            // A long edge runs level until the last gap, behind the boxes between.
            let bend = (b.0 - BETWEEN).max(a.0 + BOX);
            if bend > a.0 + BOX {
                svg.line((a.0 + BOX, a.1), (bend, a.1), class);
            }
            svg.bend((bend, a.1), b, class);
        }
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        if let Some(at) = spot(at) {
            node_box(&mut svg, node, at);
        }
    }
    key(&mut svg, tree, height - 8.0);
    svg.finish()
}

fn node_box(svg: &mut Svg, node: &Node, (x, y): (f64, f64)) {
    let class = if node.target.is_some() { "node aimed" } else { "node" };
    // The star stands before the first line.
    let aside = if node.star { 14.0 } else { 0.0 };
    let lines = two_lines(&node.label, BOX - 16.0 - aside);
    let total = (lines.len() + usize::from(node.target.is_some())) as f64;
    let half = total * 7.0 + 5.0;
    svg.rect((x, y - half), (x + BOX, y + half), class);
    let first = y - (total - 1.0) * 7.0 + SIZE * 0.35;
    for (at, line) in lines.iter().enumerate() {
        let class = if node.target.is_some() { "t strong" } else { "t" };
        svg.text((x + 8.0 + aside, first + at as f64 * 14.0), Anchor::Start, class, line);
    }
    if node.star {
        svg.sign((x + 13.0, first - 4.0), "★", "dot");
    }
    if let Some((level, chance, status)) = &node.target {
        let y = first + lines.len() as f64 * 14.0;
        svg.sign((x + 12.5, y - 4.0), status.mark(), &format!("mark-{}", status.class()));
        svg.text((x + 21.0, y), Anchor::Start, "t num", &fit(&format!("{level}, {chance}"), BOX - 30.0));
    }
}

fn key(svg: &mut Svg, tree: &Tree, y: f64) {
    svg.line((2.0, y - 4.0), (28.0, y - 4.0), "edge");
    svg.text((34.0, y), Anchor::Start, "t", "made of, exactly");
    let mut x = 34.0 + width("made of, exactly") + 18.0;
    svg.line((x, y - 4.0), (x + 26.0, y - 4.0), "edge guess");
    let mut say = vec!["believed to be driven by".to_owned()];
    if tree.nodes.iter().any(|node| node.star) {
        say.push("north star".to_owned());
    }
    if tree.left_out > 0 {
        say.push(format!("{} more metrics are not drawn", tree.left_out));
    }
    x += 32.0;
    for words in say {
        if words == "north star" {
            svg.sign((x + 5.0, y - 4.0), "★", "dot");
            x += 14.0;
        }
        svg.text((x, y), Anchor::Start, "t", &words);
        x += width(&words) + 18.0;
    }
}

/// The row of each node: leaves one below the other, parents in the middle of their parts.
fn rows(tree: &Tree) -> Vec<f64> {
    let n = tree.nodes.len();
    let mut rows = vec![0.0; n];
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (at, node) in tree.nodes.iter().enumerate() {
        if let Some(list) = node.parent.and_then(|parent| parts.get_mut(parent)) {
            list.push(at);
        }
    }
    let mut next = 0.0;
    for (at, row) in rows.iter_mut().enumerate() {
        if parts.get(at).is_none_or(Vec::is_empty) {
            *row = next;
            next += 1.0;
        }
    }
    // Nodes are in order of depth first, so parts come after their parents.
    for at in (0..n).rev() {
        let Some(list) = parts.get(at).filter(|list| !list.is_empty()) else { continue };
        let first = list.first().and_then(|at| rows.get(*at)).copied().unwrap_or(0.0);
        let last = list.last().and_then(|at| rows.get(*at)).copied().unwrap_or(0.0);
        if let Some(row) = rows.get_mut(at) {
            *row = (first + last) / 2.0;
        }
    }
    rows
}
