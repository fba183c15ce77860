//! `qd tree`: what metrics are made of and driven by.

mod mermaid;
mod numbers;
mod svg;
mod text;

use crate::args::{Tree, TreeFormat};
use crate::error::{Exit, Failure};
use crate::graph::{Bond, Graph};
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::view;
use crate::workspace::{Shaped, Workspace};
use chrono::NaiveDate;
use numbers::{Aim, Numbers};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::Metric;
use quarterdeck_plan::proposal::Actual;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// What is drawn.
struct Drawing<'a> {
    model: &'a Model,
    graph: Graph,
    /// Where it begins.
    roots: Vec<&'a str>,
    /// Metrics that hang together with no other.
    alone: Vec<&'a str>,
    /// What they are and are to be.
    numbers: Numbers,
}

/// Draws the workspace's tree, or that of one metric.
pub fn run(args: &Tree, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let root = args.metric.as_deref().map(|name| reading::metric(name, &workspace)).transpose()?;
    let needed: Vec<String> = root.map_or_else(|| model.metrics.keys().cloned().collect(), |root| vec![root.into()]);
    workspace.stop_at_errors(needed, None, Shaped::ByNothing, output)?;
    let graph = Graph::of(model);
    if args.validate {
        return validate(&workspace, root, &graph, settings, output);
    }
    let roots = root.map_or_else(|| graph.roots(model), |root| vec![root]);
    let drawn: BTreeSet<String> = roots.iter().flat_map(|root| graph.reached(root)).collect();
    let left = model.metrics.keys().map(String::as_str).filter(|name| root.is_none() && !drawn.contains(*name));
    let mut drawing = Drawing { model, roots, alone: left.collect(), graph, numbers: Numbers::default() };
    if !args.bare {
        drawing.numbers = Numbers::read(&workspace, &drawing.order(), settings.as_of, output);
        drawing.numbers.missing.iter().for_each(|why| output.talk(&format!("note: {why}")));
    }
    match args.format {
        TreeFormat::Json => output.object(&drawing.object())?,
        _ if output.json => output.object(&drawing.object())?,
        TreeFormat::Text => output.result(&text::drawn(&drawing, output.width)),
        TreeFormat::Mermaid => output.result(&mermaid::drawn(&drawing)),
        TreeFormat::Svg => output.bytes(svg::drawn(&drawing)?.as_bytes()),
    }
    Ok(Exit::Done)
}

/// Checks the tree, or what is below one metric of it, against the data.
fn validate(
    workspace: &Workspace,
    root: Option<&str>,
    graph: &Graph,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    let model = &workspace.checked.model;
    let reached = root.map(|root| graph.reached(root));
    let below = |name: &str| reached.as_ref().is_none_or(|reached| reached.contains(name));
    let names = quarterdeck_plan::validate::needed(model, below);
    if names.is_empty() {
        let what = root.map_or_else(|| "this workspace".to_owned(), |root| format!("`{root}`"));
        return Err(Failure::input(format!(
            "{what} has nothing to validate: no metric is made of others or drives one"
        ))
        .hint(
            "`equals: a * b` states what a metric is made of, `drives: other lag 4 weeks` what it is believed to move",
        ));
    }
    let chosen = reading::named(workspace.definitions(), names, None, settings.as_of, output)?;
    let histories = reading::histories(&chosen.loaded);
    let inputs = reading::inputs(model, &histories, chosen.loaded.as_of, reading::seed(settings, model));
    let mut found = quarterdeck_plan::validate::validate(&inputs);
    found.identities.retain(|identity| below(&identity.metric));
    found.edges.retain(|edge| below(&edge.parent));
    chosen.loaded.notes.iter().for_each(|note| output.talk(&format!("note: {note}")));
    if output.json {
        output.object(&found)?;
    } else {
        output.result(&view::validation::text(&found, model, output.width));
    }
    Ok(Exit::Done)
}

impl<'a> Drawing<'a> {
    fn metric(&self, name: &str) -> Option<&'a Metric> {
        self.model.metrics.get(name)
    }

    /// Every metric drawn, parents before their parts where there is no circle, each once.
    fn order(&self) -> Vec<&'a Metric> {
        let mut order = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = self.roots.iter().rev().copied().collect();
        while let Some(name) = open.pop() {
            let Some(metric) = self.metric(name).filter(|metric| seen.insert(metric.name.as_str())) else { continue };
            order.push(metric);
            open.extend(self.graph.below(name).iter().rev().map(|(child, _)| *child));
        }
        order.extend(self.alone.iter().filter_map(|name| self.metric(name)));
        order
    }

    fn object(&self) -> Drawn<'a> {
        let order = self.order();
        let node = |metric: &&'a Metric| Node {
            name: &metric.name,
            label: &metric.label,
            unit: &metric.unit.text,
            role: metric.role.as_deref(),
            owner: metric.owner.as_deref(),
            stage: metric.stage.as_deref(),
            revision: &metric.definition.revision,
            last_actual: self.numbers.of.get(&metric.name).and_then(|known| known.last),
            target: self.numbers.of.get(&metric.name).and_then(|known| known.target.clone()),
        };
        let mut edges = Vec::new();
        for metric in &order {
            let below = self.graph.below(&metric.name);
            edges.extend(below.into_iter().map(|(child, bond)| Edge {
                parent: metric.name.clone(),
                child: child.to_owned(),
                exact: bond == Bond::Exact,
            }));
        }
        Drawn {
            as_of: self.numbers.as_of,
            roots: self.roots.clone(),
            nodes: order.iter().map(node).collect(),
            edges,
            notes: self.numbers.missing.clone(),
        }
    }
}

/// The object of `qd tree --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Drawn<'a> {
    /// The last day that counts in the numbers; none where there are none.
    as_of: Option<NaiveDate>,
    /// The metrics that nothing stands above.
    roots: Vec<&'a str>,
    /// Every metric drawn, parents before their parts.
    nodes: Vec<Node<'a>>,
    /// What is made of what, and driven by what.
    edges: Vec<Edge>,
    /// Why some or all have no numbers.
    notes: Vec<String>,
}

/// A metric of a tree.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Node<'a> {
    name: &'a str,
    label: &'a str,
    unit: &'a str,
    role: Option<&'a str>,
    owner: Option<&'a str>,
    stage: Option<&'a str>,
    revision: &'a str,
    /// The last complete quarter, or the last complete period of its own where no quarter is.
    last_actual: Option<Actual>,
    /// Its target in the period that is open at the as-of date or comes next.
    target: Option<Aim>,
}

/// A line of a tree.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Edge {
    parent: String,
    child: String,
    /// Whether the child is an exact part; else it is believed to drive the parent.
    exact: bool,
}

/// Whether a metric is the north star.
fn is_star(metric: &Metric) -> bool {
    metric.role.as_deref() == Some("north star")
}
