//! What metrics are made of and driven by, as edges between names.

use quarterdeck_lang::Model;
use quarterdeck_lang::model::Metric;
use quarterdeck_plan::tree::named;
use std::collections::{BTreeMap, BTreeSet};

/// How two metrics hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bond {
    /// One is computed from the other.
    Exact,
    /// One is believed to move the other.
    Believed,
}

/// The edges of a model, from a metric to what stands below it.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    below: BTreeMap<String, BTreeMap<String, Bond>>,
    above: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// The edges of a model.
    pub fn of(model: &Model) -> Graph {
        let mut graph = Graph::default();
        for metric in model.metrics.values() {
            for part in named(metric) {
                graph.add(&metric.name, &part, Bond::Exact);
            }
        }
        for metric in model.metrics.values() {
            for drives in metric.drives.iter().filter(|drives| drives.metric != metric.name) {
                graph.add(&drives.metric, &metric.name, Bond::Believed);
            }
        }
        graph
    }

    /// What is computed wins over what is believed.
    fn add(&mut self, parent: &str, child: &str, bond: Bond) {
        self.below.entry(parent.to_owned()).or_default().entry(child.to_owned()).or_insert(bond);
        self.above.entry(child.to_owned()).or_default().insert(parent.to_owned());
    }

    /// What stands below a metric: first what it is computed from, then what is believed to move it; by name.
    pub fn below(&self, name: &str) -> Vec<(&str, Bond)> {
        let mut below: Vec<(&str, Bond)> =
            self.below.get(name).into_iter().flatten().map(|(name, bond)| (name.as_str(), *bond)).collect();
        below.sort_by_key(|(name, bond)| (*bond, *name));
        below
    }

    /// What stands above a metric.
    pub fn above(&self, name: &str) -> impl Iterator<Item = (&str, Bond)> {
        self.above.get(name).into_iter().flatten().filter_map(move |parent| {
            let bond = self.below.get(parent)?.get(name)?;
            Some((parent.as_str(), *bond))
        })
    }

    /// Where drawings begin: the north star, then what nothing stands above, then one metric of each closed circle.
    /// A metric that hangs together with no other is left out.
    pub fn roots<'m>(&self, model: &'m Model) -> Vec<&'m str> {
        let is_star = |metric: &&Metric| metric.role.as_deref() == Some("north star");
        let (stars, others): (Vec<&Metric>, Vec<&Metric>) = model.metrics.values().partition(is_star);
        let tops = others.iter().filter(|metric| !self.above.contains_key(&metric.name));
        let tied = |metric: &&&Metric| self.below.contains_key(&metric.name) || self.above.contains_key(&metric.name);
        let mut roots = Vec::new();
        let mut seen = BTreeSet::new();
        for metric in stars.iter().chain(tops).chain(&others).filter(tied) {
            if !seen.contains(&metric.name) {
                roots.push(metric.name.as_str());
                seen.extend(self.reached(&metric.name));
            }
        }
        roots
    }

    /// A metric and everything below it.
    pub fn reached(&self, name: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            for child in self.below.get(next).into_iter().flat_map(|below| below.keys()) {
                if seen.insert(child.clone()) {
                    open.push(child);
                }
            }
        }
        seen
    }
}
