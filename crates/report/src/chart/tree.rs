//! The tree on the cover: what the north star is made of and driven by.

mod draw;

use crate::number::chance;
use crate::page::voice::{label, levels};
use crate::words::Status;
use quarterdeck_plan::proposal::Proposal;
use std::collections::{BTreeMap, BTreeSet};

/// How many metrics are drawn at most.
const MOST: usize = 30;

/// How deep a drawing goes where no target lies deeper: what is below that is left out.
const DEEPEST: usize = 5;
/// How deep a tree is looked into at all.
const BOTTOM: usize = 40;

/// What the chart draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The metrics, each after its parent and before the next branch.
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
    /// Whether it is the north star.
    pub star: bool,
    /// What it was last, where that is drawn.
    pub last: Option<String>,
    /// Its target and chance, where it has one.
    pub target: Option<(String, String, Status)>,
    /// Further facts, a line each, where they are drawn.
    pub facts: Vec<String>,
    /// How far right it stands: one further than its furthest parent.
    pub depth: usize,
    /// Its parent in the drawing, by position.
    pub parent: Option<usize>,
}

impl Tree {
    /// The tree of a plan; `None` without edges.
    pub(crate) fn of(proposal: &Proposal) -> Option<Tree> {
        if proposal.cover.tree.is_empty() {
            return None;
        }
        let graph = Graph::of(proposal);
        let depths = graph.depths();
        let order = graph.order(&depths);
        let depth = |name: &str| depths.get(name).copied().unwrap_or(0);
        let aimed = proposal.targets.iter().map(|target| depth(&target.metric)).max().unwrap_or(0);
        let shown = |(name, _): &&(&str, Option<&str>)| depth(name) <= DEEPEST.max(aimed);
        let kept: Vec<(&str, Option<&str>)> = order.iter().filter(shown).take(MOST).copied().collect();
        let position: BTreeMap<&str, usize> = kept.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
        let labels = labels(proposal);
        let nodes = kept.iter().map(|(name, parent)| {
            let parent = parent.and_then(|parent| position.get(parent).copied());
            node(proposal, &labels, name, depths.get(name).copied().unwrap_or(0), parent)
        });
        let nodes = nodes.collect();
        let mut edges: Vec<(usize, usize, bool)> = graph
            .edges
            .iter()
            .filter_map(|(from, to, exact)| Some((*position.get(from)?, *position.get(to)?, *exact)))
            .collect();
        edges.sort();
        edges.dedup_by_key(|(from, to, _)| (*from, *to));
        Some(Tree { nodes, edges, left_out: order.len() - kept.len() })
    }

    /// The chart as SVG.
    pub(super) fn svg(&self, id: &str, title: &str) -> String {
        draw::svg(self, id, title)
    }

    /// The tree with a branch per line.
    pub(super) fn text(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let star = if node.star { "★ " } else { "" };
            let target =
                node.target.as_ref().map(|(level, chance, status)| format!("{level} {} {chance}", status.mark()));
            let numbers: Vec<String> = node.last.iter().cloned().chain(target).collect();
            let numbers = if numbers.is_empty() { String::new() } else { format!(": {}", numbers.join(", ")) };
            let line = format!("{star}{}{numbers}", node.label);
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
        // Parents come before their parts, so this ends.
        while let Some(next) = self.parent_of(above) {
            out.insert_str(0, if has_next(above) { "│  " } else { "   " });
            above = next;
        }
        out
    }
}

/// The edges of a plan by name, without those that would close a circle.
struct Graph<'a> {
    edges: Vec<(&'a str, &'a str, bool)>,
    /// What each metric is made of or driven by, in order.
    parts: BTreeMap<&'a str, Vec<&'a str>>,
    /// Where to begin: the branch of the north star first.
    roots: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    fn of(proposal: &'a Proposal) -> Graph<'a> {
        let mut graph = Graph { edges: Vec::new(), parts: BTreeMap::new(), roots: Vec::new() };
        for edge in &proposal.cover.tree {
            let (from, to) = (edge.parent.as_str(), edge.child.as_str());
            if from != to && !graph.reaches(to, from) {
                graph.edges.push((from, to, edge.exact));
                graph.parts.entry(from).or_default().push(to);
            }
        }
        let is_part: BTreeSet<&str> = graph.edges.iter().map(|(_, to, _)| *to).collect();
        let mut met = BTreeSet::new();
        let parents = graph.edges.iter().map(|(from, ..)| *from);
        let mut roots: Vec<&str> = parents.filter(|name| !is_part.contains(name)).collect();
        roots.retain(|name| met.insert(*name));
        let star = proposal.cover.north_star.as_deref();
        // False sorts first; the sort keeps the order of the others.
        roots.sort_by_key(|root| !star.is_some_and(|star| star == *root || graph.reaches(root, star)));
        graph.roots = roots;
        graph
    }

    fn parts(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.parts.get(name).into_iter().flatten().copied()
    }

    /// Whether one can walk from one to the other. Not recursive: a hostile tree may be a chain of any length.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<&str> = self.parts(from).collect();
        while let Some(name) = stack.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                stack.extend(self.parts(name));
            }
        }
        false
    }

    /// The longest way from a root to each metric.
    fn depths(&self) -> BTreeMap<&'a str, usize> {
        let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
        for _ in 0..BOTTOM {
            for (from, to, _) in &self.edges {
                let next = (depths.get(from).copied().unwrap_or(0) + 1).min(BOTTOM);
                let depth = depths.entry(to).or_insert(0);
                *depth = (*depth).max(next);
            }
        }
        depths
    }

    /// Every metric once, after the parent it is drawn under: the first that stands just left of it.
    fn order(&self, depths: &BTreeMap<&'a str, usize>) -> Vec<(&'a str, Option<&'a str>)> {
        let depth = |name: &str| depths.get(name).copied().unwrap_or(0);
        let mut parents: BTreeMap<&str, &str> = BTreeMap::new();
        for (from, to, _) in &self.edges {
            if depth(from) < depth(to) {
                let parent = parents.entry(to).or_insert(from);
                if depth(parent) < depth(from) {
                    *parent = from;
                }
            }
        }
        let mut order = Vec::new();
        let mut seen = BTreeSet::new();
        let ends = self.edges.iter().flat_map(|(from, to, _)| [*from, *to]);
        for root in self.roots.iter().copied().chain(ends) {
            let mut stack = vec![root];
            while let Some(name) = stack.pop() {
                if !seen.insert(name) {
                    continue;
                }
                order.push((name, parents.get(name).copied().filter(|parent| seen.contains(parent))));
                let own: Vec<&str> = self.parts(name).filter(|part| parents.get(part) == Some(&name)).collect();
                stack.extend(own.into_iter().rev());
            }
        }
        order
    }
}

fn node(proposal: &Proposal, labels: &BTreeMap<&str, &str>, name: &str, depth: usize, parent: Option<usize>) -> Node {
    let target = proposal.targets.iter().find(|target| target.metric == name && target.slice.is_none());
    let known = || labels.get(name).map_or_else(|| spoken(name), |label| (*label).to_owned());
    let shown = target.map_or_else(known, label);
    let offer = target.and_then(|target| target.proposed.target.map(|offer| (target, offer)));
    let target = offer.map(|(target, offer)| {
        let levels = levels(proposal, target);
        let level =
            target.detail.range.map_or_else(|| levels.level(offer.value), |(low, high)| levels.range(low, high));
        let chance = offer.p_hit.map_or_else(|| "no chance given".to_owned(), chance);
        (level, chance, Status::of_chance(offer.p_hit))
    });
    let star = proposal.cover.north_star.as_deref() == Some(name);
    Node { name: name.to_owned(), label: shown, star, last: None, target, facts: Vec::new(), depth, parent }
}

/// A name as words, where no label is known: `revenue_growth` reads `Revenue growth`.
fn spoken(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
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
