//! What initiatives, risks and judgements do to a window's numbers, path by path.
//!
//! Flows in: each metric's number on every path of the forecast, the identities between them, and stated changes with one
//! draw per path each. Flows out: the numbers with any choice of those changes. A change acts on the metric it names and
//! reaches others only through identities, once. Metrics that nothing reaches keep their numbers bit by bit.

mod build;
mod calc;
mod profile;
mod ramp;
mod shrink;

pub use build::{Course, build, grade, logit_step};
pub use calc::{Calc, Sum};
pub use profile::Profile;
pub use ramp::share_of_window;
pub use shrink::{Shrunk, noise, shrink};

use std::collections::BTreeMap;

/// A metric's number in the window on every path.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// The series' name.
    pub name: String,
    /// One number per path, in the forecast's own order; empty where there is no forecast.
    pub base: Vec<f64>,
    /// Whether changes add on the logit scale.
    pub share: bool,
    /// No number is below, none above.
    pub bounds: (Option<f64>, Option<f64>),
    /// What each path cannot pass, one per path; empty without a market.
    pub ceiling: Vec<f64>,
    /// How it is computed from other nodes.
    pub identity: Option<Sum>,
    /// Path of scenario j; empty where path and scenario are the same.
    pub order: Vec<u32>,
    /// The node it moves in proportion with: a count with its base, where their rate is a part of something else.
    pub follows: Option<usize>,
}

/// How an effect acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acts {
    /// Adds on the logit scale.
    Logit,
    /// Multiplies by one plus.
    Relative,
    /// Adds.
    Amount,
}

/// What a group of effects is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An initiative.
    Initiative,
    /// A risk.
    Risk,
    /// A judgement: acts after all others.
    Judgement,
    /// Part of a scenario only.
    Scenario,
}

/// An effect on one node.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The node's place.
    pub node: usize,
    /// How it acts.
    pub acts: Acts,
    /// Its size per draw, were it to happen.
    pub sizes: Vec<f64>,
}

/// Effects that happen or not together.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// On which draws it happens; empty: on all.
    pub happens: Vec<bool>,
    /// What it does.
    pub effects: Vec<Effect>,
    /// Other groups that do part of the same: place and part of the smaller effect.
    pub overlaps: Vec<(usize, f64)>,
}

/// A group that is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its place.
    pub group: usize,
    /// Whether it happens for certain.
    pub certain: bool,
}

/// Which draw belongs to which path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lined {
    /// Path k has draw k: a metric's own chances, which no unrelated metric can move.
    Up,
    /// Scenario j has draw j: chances of several metrics together.
    ByScenario,
}

/// Everything that can be moved, and what can move it.
#[derive(Clone, Debug, Default)]
pub struct World {
    nodes: Vec<Node>,
    places: BTreeMap<String, usize>,
    groups: Vec<Group>,
    /// Draw of each path, per node; empty where they are the same.
    draws: Vec<Vec<u32>>,
}

/// The numbers of a world after some changes.
#[derive(Clone, Debug)]
pub struct Moved<'a> {
    world: &'a World,
    values: Vec<Option<Vec<f64>>>,
}

impl Moved<'_> {
    /// A node's numbers, path by path.
    pub fn get(&self, node: usize) -> &[f64] {
        let moved = self.values.get(node).and_then(|values| values.as_deref());
        moved.or_else(|| self.world.nodes.get(node).map(|node| node.base.as_slice())).unwrap_or_default()
    }

    /// Whether anything reached a node.
    pub fn reached(&self, node: usize) -> bool {
        self.values.get(node).is_some_and(Option::is_some)
    }

    /// A node's numbers, scenario by scenario.
    pub fn by_scenario(&self, node: usize) -> Vec<f64> {
        let values = self.get(node);
        let order = self.world.nodes.get(node).map(|node| node.order.as_slice()).unwrap_or_default();
        if order.is_empty() {
            return values.to_vec();
        }
        order.iter().filter_map(|path| values.get(*path as usize)).copied().collect()
    }
}

impl World {
    /// A world from its nodes, every node after those it is computed from, and the groups that can move them.
    pub fn new(nodes: Vec<Node>, groups: Vec<Group>) -> World {
        let places = nodes.iter().enumerate().map(|(place, node)| (node.name.clone(), place)).collect();
        let draws = nodes.iter().map(|node| inverse(&node.order)).collect();
        World { nodes, places, groups, draws }
    }

    /// A node's place by its name.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Every group of some kinds.
    pub fn choose(&self, kinds: &[Kind]) -> Vec<Choice> {
        let chosen = self.groups.iter().enumerate().filter(|(_, group)| kinds.contains(&group.kind));
        chosen.map(|(group, _)| Choice { group, certain: false }).collect()
    }

    /// The numbers with the chosen groups.
    pub fn with(&self, chosen: &[Choice], lined: Lined) -> Moved<'_> {
        self.with_fixed(chosen, lined, &BTreeMap::new())
    }

    /// The same with some nodes held at a number on every path; what is computed from them follows.
    pub fn with_fixed(&self, chosen: &[Choice], lined: Lined, fixed: &BTreeMap<usize, f64>) -> Moved<'_> {
        let mut moved = Moved { world: self, values: vec![None; self.nodes.len()] };
        for (place, node) in self.nodes.iter().enumerate() {
            if node.base.is_empty() {
                continue;
            }
            if let (Some(value), Some(slot)) = (fixed.get(&place), moved.values.get_mut(place)) {
                *slot = Some(vec![*value; node.base.len()]);
                continue;
            }
            let through = self.through_identity(node, &moved);
            let acting = self.acting(place, chosen);
            if through.is_none() && acting.is_empty() {
                continue;
            }
            let mut values = through.unwrap_or_else(|| node.base.clone());
            let draws = match lined {
                Lined::Up => &[],
                Lined::ByScenario => self.draws.get(place).map(Vec::as_slice).unwrap_or_default(),
            };
            let mut single = Vec::with_capacity(acting.len());
            for (path, value) in values.iter_mut().enumerate() {
                let draw = draws.get(path).map_or(path, |draw| *draw as usize);
                *value = self.hold(node, path, act(*value, draw, &acting, &mut single));
            }
            if let Some(slot) = moved.values.get_mut(place) {
                *slot = Some(values);
            }
        }
        moved
    }

    /// What a node would be on a path were another one at a value; `None` where the formula has a gap.
    pub fn were(&self, path: usize, node: usize, value: f64, of: usize) -> Option<f64> {
        let base = |place: usize| self.nodes.get(place).and_then(|node| node.base.get(path)).copied();
        if of == node {
            return Some(value);
        }
        let own = base(of)?;
        match self.nodes.get(of).and_then(|of| of.identity.as_ref()) {
            Some(sum) if self.reaches(of, node) => sum.moved(own, &base, &|part| self.were(path, node, value, part)),
            None if self.reaches(of, node) => {
                let follows = self.nodes.get(of)?.follows?;
                in_proportion(own, base(follows)?, self.were(path, node, value, follows)?)
            }
            _ => Some(own),
        }
    }

    /// Whether a node is computed, through any number of identities, from another.
    pub fn reaches(&self, of: usize, node: usize) -> bool {
        let sum = self.nodes.get(of).and_then(|of| of.identity.as_ref());
        let follows = self.nodes.get(of).and_then(|of| of.follows);
        // Parts come before what is made of them, so this ends.
        let reached = |part: usize| part == node || self.reaches(part, node);
        sum.is_some_and(|sum| sum.parts().into_iter().any(reached)) || follows.is_some_and(reached)
    }

    /// What a node is after its parts have moved; `None` where none has.
    fn through_identity(&self, node: &Node, moved: &Moved<'_>) -> Option<Vec<f64>> {
        if let Some(follows) = node.follows.filter(|follows| moved.reached(*follows)) {
            let before = &self.nodes.get(follows)?.base;
            let after = moved.get(follows);
            let each = node.base.iter().zip(before.iter().zip(after));
            return Some(
                each.map(|(own, (before, after))| in_proportion(*own, *before, *after).unwrap_or(*own)).collect(),
            );
        }
        let sum = node.identity.as_ref()?;
        if !sum.parts().into_iter().any(|part| moved.reached(part)) {
            return None;
        }
        let before = |part: usize, path: usize| self.nodes.get(part).and_then(|part| part.base.get(path)).copied();
        let after = |part: usize, path: usize| moved.get(part).get(path).copied();
        let values =
            node.base.iter().enumerate().map(|(path, own)| {
                sum.moved(*own, &|part| before(part, path), &|part| after(part, path)).unwrap_or(*own)
            });
        Some(values.collect())
    }

    /// What acts on a node, in the order of groups, with overlaps as places within the list.
    fn acting<'a>(&'a self, node: usize, chosen: &[Choice]) -> Vec<Acting<'a>> {
        let mut acting: Vec<Acting<'a>> = Vec::new();
        for choice in chosen {
            let Some(group) = self.groups.get(choice.group) else { continue };
            for effect in group.effects.iter().filter(|effect| effect.node == node) {
                let earlier = |other: usize| acting.iter().position(|earlier| earlier.place == other);
                let overlaps: Vec<(usize, f64)> =
                    group.overlaps.iter().filter_map(|(other, part)| Some((earlier(*other)?, *part))).collect();
                let happens = if choice.certain { &[] } else { group.happens.as_slice() };
                let last = group.kind == Kind::Judgement;
                acting.push(Acting { place: choice.group, last, happens, effect, overlaps });
            }
        }
        acting
    }

    fn hold(&self, node: &Node, path: usize, value: f64) -> f64 {
        let base = node.base.get(path).copied().unwrap_or(value);
        if !value.is_finite() {
            return base;
        }
        let ceiling = node.ceiling.get(path).map(|ceiling| ceiling.max(base));
        let value = ceiling.map_or(value, |ceiling| value.min(ceiling));
        let value = node.bounds.1.map_or(value, |high| value.min(high));
        node.bounds.0.map_or(value, |low| value.max(low))
    }
}

/// One effect on one node.
struct Acting<'a> {
    place: usize,
    last: bool,
    happens: &'a [bool],
    effect: &'a Effect,
    /// Place in the list of an earlier one, and the part of the smaller of the two.
    overlaps: Vec<(usize, f64)>,
}

impl Acting<'_> {
    /// What it adds on a draw: to the logit of a share, else to the number.
    fn adds(&self, value: f64, draw: usize) -> f64 {
        if !self.happens.get(draw).copied().unwrap_or(true) {
            return 0.0;
        }
        let size = self.effect.sizes.get(draw).copied().unwrap_or(0.0);
        if self.effect.acts == Acts::Relative { value * size } else { size }
    }
}

/// A number after everything that acts on it; judgements multiply or shift what all others left. `single` is room for what
/// each adds.
fn act(value: f64, draw: usize, acting: &[Acting<'_>], single: &mut Vec<f64>) -> f64 {
    let mut logit = 0.0;
    let mut added = 0.0;
    single.clear();
    for one in acting.iter() {
        let adds = if one.last { 0.0 } else { one.adds(value, draw) };
        // Two that do part of the same: the shared part of the smaller one counts once.
        let shared: f64 =
            one.overlaps.iter().map(|(other, part)| part * common(single.get(*other).copied(), adds)).sum();
        match one.effect.acts {
            Acts::Logit => logit += adds - shared,
            Acts::Relative | Acts::Amount => added += adds - shared,
        }
        single.push(adds);
    }
    let mut value = shift_logit(value + added, logit);
    for one in acting.iter().filter(|one| one.last) {
        let adds = one.adds(value, draw);
        value = if one.effect.acts == Acts::Logit { shift_logit(value, adds) } else { value + adds };
    }
    value
}

/// The smaller of two effects of one sign; nothing where they pull apart.
fn common(a: Option<f64>, b: f64) -> f64 {
    match a {
        Some(a) if a > 0.0 && b > 0.0 => a.min(b),
        Some(a) if a < 0.0 && b < 0.0 => a.max(b),
        _ => 0.0,
    }
}

/// A number moved by the ratio another one moved by; `None` where that one was nothing.
fn in_proportion(own: f64, before: f64, after: f64) -> Option<f64> {
    let moved = own * (after / before);
    moved.is_finite().then_some(moved)
}

/// A share moved on the logit scale; 0 and 1 stay where they are.
pub fn shift_logit(share: f64, by: f64) -> f64 {
    if by == 0.0 || share <= 0.0 || share >= 1.0 { share } else { logistic(logit(share) + by) }
}

/// ln(p / (1 − p)).
pub fn logit(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    libm::log(share / (1.0 - share))
}

/// 1 / (1 + e^−x).
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Where each path stands in an order.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; order.len()];
    for (scenario, path) in order.iter().enumerate() {
        if let Some(slot) = inverse.get_mut(*path as usize) {
            *slot = scenario as u32;
        }
    }
    inverse
}

#[cfg(test)]
#[path = "effect/tests.rs"]
mod tests;
