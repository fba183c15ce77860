//! From a forecast and a plan to a world: nodes, identities between windows, and one draw per path of everything uncertain.

use super::{Acts, Calc, Effect, Group, Kind, Node, Sum, World, logit, share_of_window, shrink};
use crate::facts::Facts;
use crate::outlook::Inputs;
use crate::size::Size;
use crate::tree;
use quarterdeck_calendar::Period;
use quarterdeck_forecast::distribution::{quantile_sorted, sorted};
use quarterdeck_forecast::draws::Draws;
use quarterdeck_forecast::{Nature, Outlook, normal};
use quarterdeck_lang::model::{
    Change, ChangeKind, Formula, Grade, Initiative, Length, Moves, OutcomeKind, Plan, Reads, Scenario,
};
use std::collections::{BTreeMap, BTreeSet};

/// A world with a node for every forecast series, after those it is computed from, and a group for every initiative, risk,
/// judgement and scenario of the plan, and for `extra` scenarios after them.
pub fn build(
    inputs: &Inputs<'_>,
    period: Period,
    outlook: &Outlook,
    facts: &BTreeMap<String, Facts>,
    plan: Option<&Plan>,
    extra: &[Scenario],
) -> World {
    let builder = Builder { inputs, period, outlook, facts };
    let nodes = builder.nodes();
    let groups = builder.groups(plan, extra, &nodes);
    World::new(nodes, groups)
}

struct Builder<'a> {
    inputs: &'a Inputs<'a>,
    period: Period,
    outlook: &'a Outlook,
    facts: &'a BTreeMap<String, Facts>,
}

impl Builder<'_> {
    fn nodes(&self) -> Vec<Node> {
        let identities = tree::identities(self.inputs.model);
        let followers = tree::followers(&identities);
        let stands_on: BTreeMap<&str, BTreeSet<String>> = self
            .facts
            .keys()
            .map(|name| {
                let mut on = identities.get(name).map(|formula| tree::parts(formula)).unwrap_or_default();
                on.extend(followers.get(name).cloned());
                (name.as_str(), on)
            })
            .collect();
        let mut order: Vec<String> = Vec::new();
        for name in self.facts.keys() {
            visit(name, &stands_on, &mut order);
        }
        let places: BTreeMap<String, usize> = order.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
        let node = |name: &String| {
            let node = self.node(name, identities.get(name).copied(), &places);
            let follows = followers.get(name).and_then(|base| places.get(base)).copied();
            Node { follows: follows.filter(|_| node.identity.is_none()), ..node }
        };
        order.iter().map(node).collect()
    }

    fn base(&self, name: &str) -> Option<&[f64]> {
        let forecast = self.outlook.get(name)?;
        let window = forecast.windows.iter().find(|window| window.period == self.period)?;
        let usable = !window.values.is_empty() && window.values.iter().all(|value| value.is_finite());
        usable.then_some(window.values.as_slice())
    }

    fn node(&self, name: &str, identity: Option<&Formula>, places: &BTreeMap<String, usize>) -> Node {
        let (Some(base), Some(facts)) = (self.base(name), self.facts.get(name)) else {
            return Node { name: name.to_owned(), ..Node::default() };
        };
        let order = self.outlook.get(name).map(|forecast| forecast.order.clone()).unwrap_or_default();
        let plain = order.iter().enumerate().all(|(at, path)| at == *path as usize) || order.len() != base.len();
        let series = &facts.series;
        // A total of many steps is bounded by none of them.
        let bounds = match series.nature {
            Nature::Flow => (series.bounds.low.filter(|low| *low == 0.0), None),
            _ => (series.bounds.low, series.bounds.high),
        };
        let calc = identity.filter(|_| !name.contains('[')).and_then(|formula| self.calc(formula, places));
        Node {
            name: name.to_owned(),
            base: base.to_vec(),
            share: series.nature == Nature::Share,
            bounds,
            ceiling: self.ceiling(name, facts, base.len()),
            identity: calc.map(|calc| Sum { calc, scale: facts.to_total }),
            order: if plain { Vec::new() } else { order },
            follows: None,
        }
    }

    /// The market's size on each path, in numbers of the period.
    fn ceiling(&self, name: &str, facts: &Facts, paths: usize) -> Vec<f64> {
        let Some(cap) = &facts.series.cap else { return Vec::new() };
        if cap.low >= cap.high {
            return vec![cap.high * facts.per_window; paths];
        }
        let z = normal::quantile(0.9);
        let (low, high) = (libm::log(cap.low), libm::log(cap.high));
        let mut draws = Draws::named(self.inputs.seed, &format!("ceiling of {name}"));
        let draw = |_| libm::exp((low + high) / 2.0 + draws.normal() * (high - low) / (2.0 * z)) * facts.per_window;
        (0..paths).map(draw).collect()
    }

    /// A formula between the window's numbers; `None` where a part has no forecast.
    fn calc(&self, formula: &Formula, places: &BTreeMap<String, usize>) -> Option<Calc> {
        let next = |inner: &Formula| self.calc(inner, places).map(Box::new);
        Some(match formula {
            Formula::Number(number) => Calc::Number(*number),
            Formula::Metric(name) => {
                self.base(name)?;
                Calc::Part(*places.get(name)?, self.facts.get(name)?.to_total)
            }
            Formula::Ago(inner, length) => match self.windows_back(*length) {
                Some(back) => Calc::Number(self.past(inner, back)?),
                // Less than a window ago is mostly inside it: what moves now has moved then.
                None => return self.calc(inner, places),
            },
            Formula::Neg(inner) => Calc::Neg(next(inner)?),
            Formula::Add(a, b) => Calc::Add(next(a)?, next(b)?),
            Formula::Sub(a, b) => Calc::Sub(next(a)?, next(b)?),
            Formula::Mul(a, b) => Calc::Mul(next(a)?, next(b)?),
            Formula::Div(a, b) => Calc::Div(next(a)?, next(b)?),
            Formula::Coalesce(inner, number) => Calc::Coalesce(next(inner)?, *number),
            Formula::Query(_) | Formula::Journey(_) | Formula::Before | Formula::Where(..) | Formula::Over(..) => {
                return None;
            }
        })
    }

    /// How many windows a length is; `None` where it is no whole number of them.
    fn windows_back(&self, length: Length) -> Option<i64> {
        let ratio = length.days() / Length::Grains(1, self.period.grain()).days();
        let whole = libm::round(ratio);
        (whole >= 1.0 && (ratio - whole).abs() < 0.05).then_some(whole as i64)
    }

    /// A formula at a past window; the forecast's middle stands in for a window that is not over yet.
    fn past(&self, formula: &Formula, back: i64) -> Option<f64> {
        let next = |inner: &Formula| self.past(inner, back);
        let calendar = &self.inputs.model.settings.calendar;
        let value = match formula {
            Formula::Number(number) => *number,
            Formula::Metric(name) => {
                let facts = self.facts.get(name)?;
                let window = calendar.shift(self.period, -back);
                let days = f64::from(calendar.days(window)) / f64::from(calendar.days(self.period).max(1));
                let scale = if facts.to_total == 1.0 { 1.0 } else { facts.to_total * days };
                facts.at(window).or_else(|| median(self.base(name)?))? * scale
            }
            Formula::Ago(inner, length) => self.past(inner, back + self.windows_back(*length).unwrap_or(0))?,
            Formula::Neg(inner) => -next(inner)?,
            Formula::Add(a, b) => next(a)? + next(b)?,
            Formula::Sub(a, b) => next(a)? - next(b)?,
            Formula::Mul(a, b) => next(a)? * next(b)?,
            Formula::Div(a, b) => next(a)? / next(b)?,
            Formula::Coalesce(inner, number) => next(inner).unwrap_or(*number),
            Formula::Query(_) | Formula::Journey(_) | Formula::Before | Formula::Where(..) | Formula::Over(..) => {
                return None;
            }
        };
        value.is_finite().then_some(value)
    }

    fn groups(&self, plan: Option<&Plan>, extra: &[Scenario], nodes: &[Node]) -> Vec<Group> {
        let places: BTreeMap<&str, usize> =
            nodes.iter().enumerate().map(|(place, node)| (node.name.as_str(), place)).collect();
        let paths = nodes.iter().map(|node| node.base.len()).max().unwrap_or(0);
        let site = Site { builder: self, nodes, places, paths };
        let mut groups = plan.map(|plan| site.planned(plan)).unwrap_or_default();
        let scenarios = plan.map(|plan| plan.scenarios.as_slice()).unwrap_or_default();
        for scenario in scenarios.iter().chain(extra).filter(|scenario| !scenario.moves.is_empty()) {
            let mut draws = Draws::named(self.inputs.seed, &format!("scenario {}", scenario.name));
            groups.push(site.group(Kind::Scenario, &scenario.name, &scenario.moves, 1.0, &mut draws));
        }
        groups
    }
}

/// What a node stands on before it; neither identities nor what follows them have circles.
fn visit(name: &str, stands_on: &BTreeMap<&str, BTreeSet<String>>, order: &mut Vec<String>) {
    let Some(on) = stands_on.get(name).filter(|_| order.iter().all(|done| done != name)) else { return };
    for part in on {
        visit(part, stands_on, order);
    }
    order.push(name.to_owned());
}

/// Overlaps are told once and hold for both: each pair is kept with the later group.
fn add_overlaps(groups: &mut [Group], plan: &Plan) {
    let mut pairs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for initiative in &plan.initiatives {
        let place = |name: &str| groups.iter().position(|group| group.name == name);
        for (other, part) in &initiative.overlaps {
            let (Some(a), Some(b)) = (place(&initiative.name), place(other)) else { continue };
            if a != b {
                let kept = pairs.entry((a.max(b), a.min(b))).or_insert(0.0);
                *kept = kept.max(part.clamp(0.0, 1.0));
            }
        }
    }
    for ((later, earlier), part) in pairs {
        if let Some(group) = groups.get_mut(later) {
            group.overlaps.push((earlier, part));
        }
    }
}

/// Where effects are drawn.
struct Site<'a> {
    builder: &'a Builder<'a>,
    nodes: &'a [Node],
    places: BTreeMap<&'a str, usize>,
    paths: usize,
}

impl Site<'_> {
    /// The groups of a plan but those of its scenarios.
    fn planned(&self, plan: &Plan) -> Vec<Group> {
        let inputs = self.builder.inputs;
        let mut groups: Vec<Group> =
            plan.initiatives.iter().filter_map(|initiative| self.initiative(initiative)).collect();
        add_overlaps(&mut groups, plan);
        for risk in &plan.risks {
            let mut draws = Draws::named(inputs.seed, &format!("risk {}", risk.name));
            groups.push(self.group(Kind::Risk, &risk.name, &risk.moves, risk.chance, &mut draws));
        }
        for judgement in &plan.judgements {
            let name = format!("judgement {} {}", judgement.metric, judgement.owner.as_deref().unwrap_or_default());
            let moves = [Moves { metric: judgement.metric.clone(), by: judgement.shift }];
            let mut draws = Draws::named(inputs.seed, &name);
            groups.push(self.group(Kind::Judgement, &judgement.metric, &moves, 1.0, &mut draws));
        }
        groups
    }

    /// An initiative's group; `None` where it was dropped.
    fn initiative(&self, initiative: &Initiative) -> Option<Group> {
        let inputs = self.builder.inputs;
        let course = Course::of(initiative)?;
        let mut draws = Draws::named(inputs.seed, &format!("initiative {}", initiative.name));
        let mut happens = Vec::with_capacity(self.paths);
        let mut sizes = Vec::with_capacity(self.paths);
        for _ in 0..self.paths {
            happens.push(draws.uniform() < course.ships);
            sizes.push(draws.normal());
        }
        let grade = grade(initiative, inputs.as_of);
        let effects = initiative.moves.iter().filter_map(|moves| {
            let grade = grade.filter(|_| course.measured.is_none());
            let by = course.measured.unwrap_or(moves.by);
            let part = self.part(&moves.metric, course.starts, initiative.ramps);
            self.effect(&moves.metric, &by, grade, part * (1.0 - initiative.in_trend.clamp(0.0, 1.0)), &sizes)
        });
        let effects = effects.collect();
        Some(Group { kind: Kind::Initiative, name: initiative.name.clone(), happens, effects, overlaps: Vec::new() })
    }

    /// A group that acts on what remains of the window, each with its own chance and one draw per path.
    fn group(&self, kind: Kind, name: &str, moves: &[Moves], chance: f64, draws: &mut Draws) -> Group {
        let mut happens = Vec::with_capacity(self.paths);
        let mut sizes = Vec::with_capacity(self.paths);
        for _ in 0..self.paths {
            happens.push(draws.uniform() < chance);
            sizes.push(draws.normal());
        }
        let effects = moves.iter().filter_map(|moves| {
            let part = if kind == Kind::Judgement { 1.0 } else { self.part(&moves.metric, None, 0.0) };
            self.effect(&moves.metric, &moves.by, None, part, &sizes)
        });
        Group { kind, name: name.to_owned(), happens, effects: effects.collect(), overlaps: Vec::new() }
    }

    /// The part of an effect that the window gets; what has no start begins when the known days end.
    fn part(&self, metric: &str, starts: Option<chrono::NaiveDate>, ramps: f64) -> f64 {
        let Builder { inputs, period, .. } = self.builder;
        let calendar = &inputs.model.settings.calendar;
        let (first, last) = (calendar.starts(*period), calendar.ends(*period));
        let reads = inputs.model.metrics.get(metric).map_or(Reads::Whole, |metric| metric.reads);
        let unsaid = first.max(inputs.as_of.succ_opt().unwrap_or(first));
        share_of_window(Some(starts.unwrap_or(unsaid)), ramps, (first, last), inputs.as_of, reads)
    }

    fn effect(&self, metric: &str, by: &Change, grade: Option<Grade>, part: f64, draws: &[f64]) -> Option<Effect> {
        let place = *self.places.get(metric)?;
        let node = self.nodes.get(place).filter(|node| !node.base.is_empty())?;
        let size = shrink(Size::change(by), grade);
        let middle = median(&node.base)?;
        let acts = match (node.share, by.kind) {
            (true, _) => Acts::Logit,
            (false, ChangeKind::Relative) => Acts::Relative,
            (false, _) => Acts::Amount,
        };
        let sizes = draws.iter().map(|z| {
            let size = part * size.at(*z);
            match (acts, by.kind) {
                (Acts::Logit, ChangeKind::Relative) => logit_step(middle, middle * size),
                (Acts::Logit, _) => logit_step(middle, size),
                _ => size,
            }
        });
        Some(Effect { node: place, acts, sizes: sizes.collect() })
    }
}

/// What a change in points is on the logit scale at a share.
pub fn logit_step(share: f64, by: f64) -> f64 {
    logit((share + by).clamp(1e-6, 1.0 - 1e-6)) - logit(share.clamp(1e-6, 1.0 - 1e-6))
}

/// How an initiative stands, outcomes counted in.
pub struct Course {
    /// The chance that it ships.
    pub ships: f64,
    /// When its effect begins.
    pub starts: Option<chrono::NaiveDate>,
    /// What its effect was measured to be.
    pub measured: Option<Change>,
}

impl Course {
    /// `None` for one that was dropped.
    pub fn of(initiative: &Initiative) -> Option<Course> {
        let mut course = Course { ships: initiative.ships, starts: initiative.starts, measured: None };
        for outcome in &initiative.outcomes {
            match &outcome.kind {
                OutcomeKind::Dropped => return None,
                OutcomeKind::Slipped(on) => course.starts = Some(*on),
                OutcomeKind::Shipped(on) => {
                    course.ships = 1.0;
                    course.starts = on.or(course.starts);
                }
                // What was measured is of one metric; with several it is not said which.
                OutcomeKind::Measured(change) if initiative.moves.len() == 1 => course.measured = Some(*change),
                OutcomeKind::Measured(_) => {}
            }
        }
        Some(course)
    }
}

/// The grade of an initiative's evidence: of an opinion where the evidence is dated after the as-of date.
pub fn grade(initiative: &Initiative, as_of: chrono::NaiveDate) -> Option<Grade> {
    let evidence = initiative.evidence.as_ref()?;
    let later = evidence.date.is_some_and(|date| date > as_of);
    Some(if later { Grade::Opinion } else { evidence.grade })
}

fn median(values: &[f64]) -> Option<f64> {
    quantile_sorted(&sorted(values), 0.5)
}
