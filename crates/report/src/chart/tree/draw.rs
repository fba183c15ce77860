//! The tree as SVG, from left to right: solid lines for identities, dotted ones for hypotheses.

use super::{Node, Tree};
use crate::chart::label::{SIZE, fit, two_lines, width};
use crate::chart::svg::{Anchor, Svg};

const BETWEEN: f64 = 38.0;
/// The height of a line of text.
const LINE: f64 = 14.0;

/// How large boxes are and how far apart: larger where they hold more than a label and a target.
#[derive(Clone, Copy)]
struct Sizes {
    /// How wide a box is.
    wide: f64,
    /// From one row to the next.
    row: f64,
}

impl Sizes {
    fn of(tree: &Tree) -> Sizes {
        let more = tree.nodes.iter().map(|node| node.facts.len() + usize::from(node.last.is_some())).max().unwrap_or(0);
        match more {
            0 => Sizes { wide: 182.0, row: 58.0 },
            more => Sizes { wide: 236.0, row: 58.0 + more as f64 * LINE },
        }
    }
}

/// The chart; `id` and `title` as on the page.
pub(super) fn svg(tree: &Tree, id: &str, title: &str) -> String {
    let rows = rows(tree);
    let sizes = Sizes::of(tree);
    let Sizes { wide, row } = sizes;
    let columns = tree.nodes.iter().map(|node| node.depth).max().unwrap_or(0) + 1;
    // Narrow trees are not blown up to the page's width.
    let width = (columns as f64 * (wide + BETWEEN) - BETWEEN + 4.0).max(780.0);
    let most = rows.iter().copied().fold(0.0, f64::max);
    let height = (most + 1.0) * row + 24.0;
    let mut svg = Svg::new(id, title, &tree.text().join("; "), width, height);
    let spot = |at: usize| {
        let node = tree.nodes.get(at)?;
        let x = 2.0 + node.depth as f64 * (wide + BETWEEN);
        Some((x, row * (rows.get(at).copied().unwrap_or(0.0) + 0.5)))
    };
    for (from, to, exact) in &tree.edges {
        if let (Some(a), Some(b)) = (spot(*from), spot(*to)) {
            let class = if *exact { "edge" } else { "edge guess" };
            let bend = (b.0 - BETWEEN).max(a.0 + wide);
            if bend > a.0 + wide {
                // A long edge runs level past the columns between, where no box is in its way.
                let boxes: Vec<f64> = (0..tree.nodes.len())
                    .filter_map(spot)
                    .filter(|(x, _)| *x > a.0 + 1.0 && *x < b.0 - 1.0)
                    .map(|(_, y)| y)
                    .collect();
                let lane = lane(a.1, row, &boxes);
                let start = if lane == a.1 { a.0 + wide } else { a.0 + wide + BETWEEN };
                if lane != a.1 {
                    svg.bend((a.0 + wide, a.1), (start, lane), class);
                }
                svg.line((start, lane), (bend, lane), class);
                svg.bend((bend, lane), b, class);
            } else {
                svg.bend((bend, a.1), b, class);
            }
        }
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        if let Some(at) = spot(at) {
            node_box(&mut svg, node, at, wide);
        }
    }
    key(&mut svg, tree, height - 8.0);
    svg.finish()
}

fn node_box(svg: &mut Svg, node: &Node, (x, y): (f64, f64), wide: f64) {
    let class = if node.target.is_some() { "node aimed" } else { "node" };
    // The star stands before the first line.
    let aside = if node.star { 14.0 } else { 0.0 };
    let lines = two_lines(&node.label, wide - 16.0 - aside);
    let more = usize::from(node.last.is_some()) + usize::from(node.target.is_some()) + node.facts.len();
    let total = (lines.len() + more) as f64;
    let half = total * LINE / 2.0 + 5.0;
    svg.rect((x, y - half), (x + wide, y + half), class);
    let first = y - (total - 1.0) * LINE / 2.0 + SIZE * 0.35;
    for (at, line) in lines.iter().enumerate() {
        let class = if node.target.is_some() { "t strong" } else { "t" };
        svg.text((x + 8.0 + aside, first + at as f64 * LINE), Anchor::Start, class, line);
    }
    if node.star {
        svg.sign((x + 13.0, first - 4.0), "★", "dot");
    }
    let mut y = first + lines.len() as f64 * LINE;
    if let Some(last) = &node.last {
        svg.text((x + 8.0, y), Anchor::Start, "t num", &fit(last, wide - 16.0));
        y += LINE;
    }
    if let Some((level, chance, status)) = &node.target {
        svg.sign((x + 12.5, y - 4.0), status.mark(), &format!("mark-{}", status.class()));
        svg.text((x + 21.0, y), Anchor::Start, "t num", &fit(&format!("{level}, {chance}"), wide - 30.0));
        y += LINE;
    }
    for fact in &node.facts {
        svg.text((x + 8.0, y), Anchor::Start, "t", &fit(fact, wide - 16.0));
        y += LINE;
    }
}

/// Where a long edge can run: at its own height, or at the nearest one that no box between is in the way of.
fn lane(y: f64, row: f64, boxes: &[f64]) -> f64 {
    let free = |lane: f64| boxes.iter().all(|middle| (middle - lane).abs() >= row / 2.0 - 1.0);
    let steps = (0..=4 * boxes.len() + 4).map(|step| step as f64 * row / 4.0);
    let lanes = steps.flat_map(|step| [y + step, y - step]).filter(|lane| *lane >= 0.0);
    lanes.into_iter().find(|lane| free(*lane)).unwrap_or(y)
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
