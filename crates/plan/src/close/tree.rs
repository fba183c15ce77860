//! The distance from the target, part by part along the tree.
//!
//! What each part of a metric was to be is its mean on the tenth of all paths of the frozen forecast that land nearest the
//! target; what it was is its number of the period. The distance between the formula's two results is shared out by
//! [`super::shapley`]. What the formula leaves over (parts of a quarter do not compose to the last digit) is a row of its
//! own, so that the rows sum to the distance. A part that is itself made of parts is opened below its row: its own rows sum
//! to what it adds.

use super::closing::Part;
use super::shapley::{self, Numbers};
use crate::effect::{Moved, World};
use crate::pace::nearest_tenth;
use crate::scene::Scene;
use std::collections::BTreeMap;

/// How deep the tree is opened.
const DEEPEST: usize = 4;

/// Numbers that came, by series.
pub type CameBy<'a> = dyn Fn(&str) -> Option<f64> + 'a;

/// The rows of one target; empty where it has no parts, or one of them no number.
pub fn parts(scene: &Scene<'_>, moved: &Moved<'_>, name: &str, target: f64, came: &CameBy<'_>) -> Vec<Part> {
    let Some((node, value)) = scene.world.place(name).zip(came(name)) else { return Vec::new() };
    let nearest = nearest_tenth(moved.get(node), target);
    let planned = |node: usize| {
        let values = moved.get(node);
        let sum: f64 = nearest.iter().filter_map(|path| values.get(*path)).sum();
        (!values.is_empty() && !nearest.is_empty()).then(|| sum / nearest.len() as f64)
    };
    let opened = Opened { scene, planned: &planned, came };
    let mut rows = Vec::new();
    opened.open(node, value - target, 1, &mut rows);
    rows
}

struct Opened<'a> {
    scene: &'a Scene<'a>,
    planned: &'a dyn Fn(usize) -> Option<f64>,
    came: &'a CameBy<'a>,
}

impl Opened<'_> {
    /// Adds the rows below a node; they sum to `distance`.
    fn open(&self, node: usize, distance: f64, depth: usize, rows: &mut Vec<Part>) {
        if depth > DEEPEST {
            return;
        }
        let world = &self.scene.world;
        let Some(shares) = self.shares(world, node) else { return };
        let own: f64 = shares.values().sum();
        // Of a part inside the tree, the formula's own change is stretched to what the part adds above.
        let times = if depth == 1 { 1.0 } else { self.stretch(node, distance) };
        for (part, share) in &shares {
            let Some(name) = world.nodes().get(*part).map(|node| node.name.clone()) else { continue };
            let label = self.scene.inputs.metric(&name).map_or_else(|| name.clone(), |metric| metric.label.clone());
            let (planned, came) = ((self.planned)(*part), (self.came)(&name));
            rows.push(Part { metric: Some(name), label, depth, planned, came, adds: times * share });
            self.open(*part, times * share, depth + 1, rows);
        }
        let rest = distance - times * own;
        let sizes = shares.values().map(|share| share.abs()).fold(distance.abs(), f64::max);
        if rest.abs() > 1e-9 * sizes {
            let label = "what the parts of the period do not add up to".to_owned();
            rows.push(Part { metric: None, label, depth, planned: None, came: None, adds: rest });
        }
    }

    /// By how much a part's own change is multiplied to be what it adds above it.
    fn stretch(&self, node: usize, distance: f64) -> f64 {
        let name = self.scene.world.nodes().get(node).map(|node| node.name.as_str());
        let change = name.and_then(|name| Some((self.came)(name)? - (self.planned)(node)?));
        change.filter(|change| *change != 0.0).map_or(0.0, |change| distance / change)
    }

    /// What each part adds to the change of a node's number.
    fn shares(&self, world: &World, node: usize) -> Option<BTreeMap<usize, f64>> {
        let sum = world.nodes().get(node)?.identity.as_ref()?;
        let parts = sum.parts();
        let number = |part: &usize| {
            let name = &world.nodes().get(*part)?.name;
            Some((*part, (self.planned)(*part)?, (self.came)(name)?))
        };
        let numbers: Vec<(usize, f64, f64)> = parts.iter().map(number).collect::<Option<_>>()?;
        let before: Numbers = numbers.iter().map(|(part, planned, _)| (*part, *planned)).collect();
        let after: Numbers = numbers.iter().map(|(part, _, came)| (*part, *came)).collect();
        let scale = if sum.scale == 0.0 { 1.0 } else { sum.scale };
        let shares = shapley::parts(&sum.calc, &before, &after)?;
        Some(shares.into_iter().map(|(part, share)| (part, share / scale)).collect())
    }
}
