//! The tree on the cover: what the north star is made of and driven by.

use crate::number::chance;
use crate::page::voice::{label, levels};
use crate::words::Status;
use quarterdeck_plan::proposal::Proposal;
use std::collections::{BTreeMap, BTreeSet};

/// How many metrics are drawn at most; what has no target and no part that has one goes first.
const MOST: usize = 36;

/// What the chart draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The metrics in the order they are drawn, parents before parts.
    pub nodes: Vec<Node>,
    /// From a node to what it is made of or driven by, by position, and whether exactly.
    pub edges: Vec<(usize, usize, bool)>,
    /// How many metrics were left out.
    pub left_out: usize,
}

/// A metric in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its target and chance, where it has one.
    pub target: Option<(String, String, Status)>,
    /// How far from a root, along the longest way that has no circle.
    pub depth: usize,
    /// Its parent in the drawing, by position.
    pub parent: Option<usize>,
}

impl Tree {
    /// The tree of a plan; `None` without edges.
    pub(crate) fn of(proposal: &Proposal) -> Option<Tree> {
        let cover = &proposal.cover;
        if cover.tree.is_empty() {
            return None;
        }
        let mut children: BTreeMap<&str, Vec<(&str, bool)>> = BTreeMap::new();
        let mut is_child = BTreeSet::new();
        for edge in &cover.tree {
            children.entry(&edge.parent).or_default().push((&edge.child, edge.exact));
            is_child.insert(edge.child.as_str());
        }
        // The north star first, then what nothing is made of, then whatever a circle hides.
        let star = cover.north_star.as_deref();
        let roots = cover.tree.iter().map(|edge| edge.parent.as_str()).filter(|name| !is_child.contains(name));
        let rest = cover.tree.iter().map(|edge| edge.parent.as_str());
        let mut walk = Walk { children: &children, order: Vec::new(), seen: BTreeSet::new() };
        for root in star.into_iter().chain(roots).chain(rest) {
            walk.visit(root, 0, None);
        }
        Some(walk.finish(proposal))
    }

    /// A metric's label; its name where the tree does not hold it.
    pub(crate) fn label(&self, name: &str) -> String {
        self.nodes.iter().find(|node| node.name == name).map_or_else(|| name.to_owned(), |node| node.label.clone())
    }

    /// The tree with a branch per line.
    pub(super) fn text(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let line = match &node.target {
                Some((level, chance, status)) => format!("{}: {level} {} {chance}", node.label, status.mark()),
                None => node.label.clone(),
            };
            lines.push(format!("{}{line}", self.branch(at)));
        }
        for (from, to, exact) in self.edges.iter().filter(|(from, to, _)| self.parent_of(*to) != Some(*from)) {
            if let (Some(from), Some(to)) = (self.nodes.get(*from), self.nodes.get(*to)) {
                let how = if *exact { "is also made of" } else { "is also driven by" };
                lines.push(format!("{} {how} {}", from.label, to.label));
            }
        }
        if self.left_out > 0 {
            lines.push(format!("{} more metrics are not drawn", self.left_out));
        }
        lines
    }

    fn parent_of(&self, at: usize) -> Option<usize> {
        self.nodes.get(at).and_then(|node| node.parent)
    }

    /// What stands before a node: its ancestors' lines, and its own corner, dotted for a hypothesis.
    fn branch(&self, at: usize) -> String {
        let Some(parent) = self.parent_of(at) else { return String::new() };
        let exact = self.edges.iter().any(|(from, to, exact)| (*from, *to) == (parent, at) && *exact);
        let has_next = |at: usize| {
            let parent = self.parent_of(at);
            self.nodes.iter().skip(at + 1).any(|node| parent.is_some() && node.parent == parent)
        };
        let corner = if has_next(at) { "├" } else { "└" };
        let mut out = format!("{corner}{} ", if exact { "─" } else { "╌" });
        let mut above = parent;
        while let Some(next) = self.parent_of(above) {
            out.insert_str(0, if has_next(above) { "│  " } else { "   " });
            above = next;
        }
        out
    }
}

/// A walk over the edges in which every metric is met once.
struct Walk<'a> {
    children: &'a BTreeMap<&'a str, Vec<(&'a str, bool)>>,
    /// Name, depth, and the position of the parent.
    order: Vec<(&'a str, usize, Option<usize>)>,
    seen: BTreeSet<&'a str>,
}

impl<'a> Walk<'a> {
    /// Not recursive: a hostile tree may be a chain of any length.
    fn visit(&mut self, root: &'a str, depth: usize, parent: Option<usize>) {
        let mut stack = vec![(root, depth, parent)];
        while let Some((name, depth, parent)) = stack.pop() {
            if !self.seen.insert(name) {
                continue;
            }
            let at = self.order.len();
            self.order.push((name, depth, parent));
            let parts = self.children.get(name).map(Vec::as_slice).unwrap_or_default();
            stack.extend(parts.iter().rev().map(|(child, _)| (*child, depth + 1, Some(at))));
        }
    }

    fn finish(self, proposal: &Proposal) -> Tree {
        let labels = labels(proposal);
        let kept = self.order.get(..MOST).unwrap_or(&self.order);
        let position: BTreeMap<&str, usize> = kept.iter().enumerate().map(|(at, (name, ..))| (*name, at)).collect();
        let nodes = kept.iter().map(|(name, depth, parent)| node(proposal, &labels, name, *depth, *parent)).collect();
        let mut edges: Vec<(usize, usize, bool)> = Vec::new();
        for (parent, parts) in self.children {
            for (child, exact) in parts {
                if let (Some(from), Some(to)) = (position.get(parent), position.get(child)) {
                    edges.push((*from, *to, *exact));
                }
            }
        }
        edges.sort();
        edges.dedup();
        Tree { nodes, edges, left_out: self.order.len() - kept.len() }
    }
}

fn node(proposal: &Proposal, labels: &BTreeMap<&str, &str>, name: &str, depth: usize, parent: Option<usize>) -> Node {
    let target = proposal.targets.iter().find(|target| target.metric == name && target.slice.is_none());
    let shown = target.map_or_else(|| labels.get(name).map_or(name, |label| *label).to_owned(), label);
    let offer = target.and_then(|target| target.proposed.target.map(|offer| (target, offer)));
    let target = offer.map(|(target, offer)| {
        let level = levels(proposal, target).level(offer.value);
        let chance = offer.p_hit.map_or_else(|| "no chance".to_owned(), chance);
        (level, chance, Status::of_chance(offer.p_hit))
    });
    Node { name: name.to_owned(), label: shown, target, depth, parent }
}

/// Labels of metrics without a target, from where a target names them.
fn labels(proposal: &Proposal) -> BTreeMap<&str, &str> {
    let mut labels = BTreeMap::new();
    for target in &proposal.targets {
        let inputs = target.detail.implied.iter().map(|input| (input.metric.as_str(), input.label.as_str()));
        let guards = target.guards.iter().map(|guard| (guard.metric.as_str(), guard.label.as_str()));
        labels.extend(inputs.chain(guards).filter(|(_, label)| !label.is_empty()));
    }
    labels
}
