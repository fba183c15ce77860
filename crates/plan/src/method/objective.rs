//! What a parent objective takes of this metric: through a slope, or through the tree.
//!
//! With a slope of A per B the answer is CHANGE / A × B, to which the stretch is added; it is applied to what the metric would
//! be without the plan. Through the tree it is solved path by path: the metric's number with which the identities give the
//! parent's, everything else as on that path. A slope whose sign is open (more than 5 %) is refused.

use super::{Case, Method, Said, Slope, middle, single, spread};
use crate::proposal::{Flag, Variant};
use crate::size::Size;
use crate::tree;
use crate::wording::{chance, number, percent};
use quarterdeck_forecast::draws::Draws;
use quarterdeck_lang::model::{Change, ChangeKind, Estimate, Method as Written, Metric};

/// The method.
pub struct Objective;

/// Up to this chance of a slope of the other sign is put up with.
const MOST_DOUBT: f64 = 0.05;
/// Paths that are solved through the tree; a percentile of so many is as good as of all.
const SOLVED: usize = 2_000;
/// Draws of an uncertain slope.
const DRAWN: usize = 10_000;

/// An objective as written.
struct Asked<'a> {
    parent: &'a str,
    change: &'a Change,
    slope: Option<&'a (Change, Change)>,
    stretch: Option<&'a Change>,
}

impl Method for Objective {
    fn name(&self) -> &'static str {
        "objective"
    }

    fn say(&self, case: &Case<'_>) -> Result<Said, String> {
        let mut said = Said::default();
        let mut missing = "the plan names no parent objective for it".to_owned();
        for method in &case.target.methods {
            let Written::Objective { metric, change, slope, stretch } = method else { continue };
            let asked = Asked { parent: metric, change, slope: slope.as_ref(), stretch: stretch.as_ref() };
            let answer = match slope_of(case, &asked) {
                Some(slope) => through_slope(case, &asked, &slope),
                None => through_tree(case, &asked),
            };
            match answer {
                Ok((variant, flags)) => {
                    said.asked.push(variant);
                    said.flags.extend(flags);
                }
                Err(why) => missing = why,
            }
        }
        if said.asked.is_empty() { Err(missing) } else { Ok(said) }
    }

    fn meet(&self, case: &Case<'_>, value: f64) -> Vec<String> {
        let of = |method: &Written| {
            let Written::Objective { metric, change, slope, stretch } = method else { return None };
            let asked = Asked { parent: metric, change, slope: slope.as_ref(), stretch: stretch.as_ref() };
            let parent = parent(case, &asked).ok()?;
            let given = match slope_of(case, &asked) {
                Some(slope) => yields(case, &asked, &slope, value)?,
                None => yields_through_tree(case, &asked, value)?,
            };
            let (given, wanted) = (signed(given.0, given.1, parent), signed(change.kind, change.size.mid, parent));
            Some(format!("Objective: {given} of {} instead of {wanted}.", parent.label))
        };
        case.target.methods.iter().filter_map(of).collect()
    }
}

/// What the parent changes by with the metric at a value, less the stretch, by a slope.
fn yields(case: &Case<'_>, asked: &Asked<'_>, slope: &Slope, value: f64) -> Option<(ChangeKind, f64)> {
    let (level, _) = base(case).ok()?;
    let stretch = asked.stretch.map_or(0.0, |stretch| apply(0.0, stretch.kind, stretch.size.mid, level));
    let by = value - level - stretch;
    let by = if slope.per.kind == ChangeKind::Relative { by / level } else { by };
    let given = by / slope.per.size.mid * slope.gives.size.mid;
    given.is_finite().then_some((slope.gives.kind, given))
}

/// The same by the identities, in the middle of all paths.
fn yields_through_tree(case: &Case<'_>, asked: &Asked<'_>, value: f64) -> Option<(ChangeKind, f64)> {
    let (node, of) = case.world.place(case.name).zip(case.world.place(asked.parent))?;
    let parents = &case.world.nodes().get(of)?.base;
    let every = (case.base.len() / SOLVED).max(1);
    let changes = (0..case.base.len()).step_by(every).filter_map(|path| {
        let after = case.world.were(path, node, value, of)?;
        let change = after - parents.get(path)?;
        change.is_finite().then_some(change)
    });
    let by = middle(changes.collect());
    let given = if asked.change.kind == ChangeKind::Relative { by / middle(parents.clone()) } else { by };
    given.is_finite().then_some((asked.change.kind, given))
}

/// The slope as written, else that of the edge `drives`; else the tree is asked; else what history shows.
fn slope_of(case: &Case<'_>, asked: &Asked<'_>) -> Option<Slope> {
    let made = |pair: &(Change, Change), source: &str| Slope { gives: pair.0, per: pair.1, source: source.to_owned() };
    if let Some(pair) = asked.slope {
        return Some(made(pair, "as the plan states"));
    }
    let edge = case.metric.drives.iter().find(|edge| edge.metric == asked.parent)?;
    if let Some(pair) = &edge.slope {
        return Some(made(pair, "as `drives` states"));
    }
    let identities = tree::identities(case.inputs.model);
    if tree::reaches(&identities, asked.parent, &case.metric.name) {
        return None;
    }
    let parent = case.inputs.model.metrics.get(asked.parent)?;
    Slope::estimated(case.inputs, case.metric, parent, edge)
}

/// What the metric would be without the plan, or where it stands.
fn base(case: &Case<'_>) -> Result<(f64, &'static str), String> {
    if !case.base.is_empty() {
        return Ok((middle(case.base.to_vec()), "expected without the plan"));
    }
    let (level, _) = case.standing().ok_or("it has no value yet that could change")?;
    Ok((level, "where it stands"))
}

fn through_slope(case: &Case<'_>, asked: &Asked<'_>, slope: &Slope) -> Result<(Variant, Vec<Flag>), String> {
    let doubt = slope.chance_of_nothing();
    let parent = parent(case, asked)?;
    if doubt > MOST_DOUBT {
        return Err(format!(
            "the slope ({}) may as well be nothing: the chance of no effect of its sign on {} is {}, and 5 % is put up with",
            slope.source,
            parent.label,
            chance(doubt)
        ));
    }
    let change = in_kind(case, asked, slope.gives.kind)?;
    let answer = change.size.mid / slope.gives.size.mid * slope.per.size.mid;
    if !answer.is_finite() {
        return Err(format!("the slope on {} is zero", parent.label));
    }
    let (level, word) = base(case)?;
    let stretch = asked.stretch.map_or(0.0, |stretch| stretch.size.mid);
    let stretch_kind = asked.stretch.map_or(slope.per.kind, |stretch| stretch.kind);
    let value = |answer: f64| apply(apply(level, slope.per.kind, answer, level), stretch_kind, stretch, level);
    let mut workings = vec![format!(
        "{} of {} at {} per {} ({}) takes {}.",
        sized(change.kind, change.size.mid, parent),
        parent.label,
        sized(slope.gives.kind, slope.gives.size.mid, parent),
        sized(slope.per.kind, slope.per.size.mid, case.metric),
        slope.source,
        sized(slope.per.kind, answer, case.metric)
    )];
    if stretch != 0.0 {
        let (stretch, all) = (sized(stretch_kind, stretch, case.metric), answer + stretch);
        let all = if stretch_kind == slope.per.kind { sized(stretch_kind, all, case.metric) } else { "both".into() };
        workings.push(format!("With {stretch} of stretch on the answer: {all}."));
    }
    workings.push(format!("Of {}, {word}: {}.", case.level(level), case.level(value(answer))));
    let flags = far_flag(case, slope, answer, parent).into_iter().collect::<Vec<_>>();
    workings.extend(flags.iter().map(|flag| flag.message.clone()));
    let label = format!(
        "{} of {} at {} per {}",
        signed(change.kind, change.size.mid, parent),
        parent.label,
        sized(slope.gives.kind, slope.gives.size.mid, parent),
        sized(slope.per.kind, slope.per.size.mid, case.metric)
    );
    if slope.gives.size.is_point() && change.size.is_point() {
        return Ok((single(label, value(answer), workings), flags));
    }
    let (slopes, changes) = (Size::change(&slope.gives), Size::change(&change));
    let name = format!("slope of {} on {}", case.name, asked.parent);
    let mut draws = Draws::named(case.inputs.seed, &name);
    let sign = slope.gives.size.mid.signum();
    let values: Vec<f64> = (0..DRAWN)
        .map(|_| {
            let (one, other) = (slopes.at(draws.normal()), changes.at(draws.normal()));
            // A slope of the other sign never gets there.
            let answer = other / if one * sign > 0.0 { one } else { f64::MIN_POSITIVE * sign } * slope.per.size.mid;
            value(answer).clamp(-1e300, 1e300)
        })
        .collect();
    let variant = spread(label, &values, workings).ok_or("it gives no number")?;
    Ok((variant, flags))
}

fn parent<'a>(case: &Case<'a>, asked: &Asked<'_>) -> Result<&'a Metric, String> {
    case.inputs.model.metrics.get(asked.parent).ok_or_else(|| format!("the parent `{}` is unknown", asked.parent))
}

/// The objective's change in the words of a slope.
fn in_kind(case: &Case<'_>, asked: &Asked<'_>, kind: ChangeKind) -> Result<Change, String> {
    if asked.change.kind == kind {
        return Ok(*asked.change);
    }
    let level = case.facts.get(asked.parent).and_then(|facts| facts.level_now());
    let level = level.filter(|level| *level != 0.0).ok_or("the parent has no value its change could be turned into")?;
    let factor = match (asked.change.kind, kind) {
        (ChangeKind::Relative, _) => level,
        (_, ChangeKind::Relative) => 1.0 / level,
        _ => 1.0,
    };
    let Estimate { low, mid, high, level, from_range } = asked.change.size;
    let (low, high) = if factor < 0.0 { (high, low) } else { (low, high) };
    let size = Estimate { low: low * factor, mid: mid * factor, high: high * factor, level, from_range };
    Ok(Change { kind, size })
}

fn apply(value: f64, kind: ChangeKind, size: f64, level: f64) -> f64 {
    if kind == ChangeKind::Relative { value + level * size } else { value + size }
}

fn sized(kind: ChangeKind, size: f64, metric: &Metric) -> String {
    match kind {
        ChangeKind::Points => format!("{} pp", number(100.0 * size)),
        ChangeKind::Relative => percent(size),
        ChangeKind::Amount => crate::wording::level(size, &metric.unit),
    }
}

fn signed(kind: ChangeKind, size: f64, metric: &Metric) -> String {
    let sign = if size > 0.0 { "+" } else { "" };
    format!("{sign}{}", sized(kind, size, metric))
}

/// A slope used further than it is quoted.
fn far_flag(case: &Case<'_>, slope: &Slope, answer: f64, parent: &Metric) -> Option<Flag> {
    let times = (answer / slope.per.size.mid).abs();
    (times > 1.5).then(|| Flag {
        code: "slope_out_of_range".into(),
        message: format!(
            "The slope on {} is quoted for {} and used for {}: {} times as far, where nobody has looked.",
            parent.label,
            sized(slope.per.kind, slope.per.size.mid, case.metric),
            sized(slope.per.kind, answer, case.metric),
            number(times)
        ),
    })
}

fn through_tree(case: &Case<'_>, asked: &Asked<'_>) -> Result<(Variant, Vec<Flag>), String> {
    let parent = parent(case, asked)?;
    let edge = case.metric.drives.iter().find(|edge| edge.metric == asked.parent);
    let none = || match edge {
        Some(edge) => {
            let n = crate::edge::one(case.inputs, case.metric, parent, edge).n;
            format!("history is too short to tell its slope on {} (n = {n}): state it, `at A per B`", parent.label)
        }
        None => format!("there is no slope from {} to {} and it is no part of it", case.metric.label, parent.label),
    };
    let (node, of) = case.world.place(case.name).zip(case.world.place(asked.parent)).ok_or_else(none)?;
    if !case.world.reaches(of, node) || case.base.is_empty() {
        return Err(none());
    }
    let parents = case.world.nodes().get(of).map(|node| node.base.as_slice()).unwrap_or_default();
    let now = middle(parents.to_vec());
    let size = asked.change.size.mid;
    let wanted = if asked.change.kind == ChangeKind::Relative { now * (1.0 + size) } else { now + size };
    let every = (case.base.len() / SOLVED).max(1);
    let solved: Vec<Option<(f64, f64)>> =
        (0..case.base.len()).step_by(every).map(|path| solve(case, path, node, of, wanted)).collect();
    let found: Vec<(f64, f64)> = solved.iter().flatten().copied().collect();
    if (found.len() as f64) < 0.8 * solved.len() as f64 {
        return Err(format!(
            "on most paths no value of it gives {} of {}",
            sized(asked.change.kind, size, parent),
            parent.label
        ));
    }
    let rising = found.iter().filter(|(_, slope)| *slope > 0.0).count() as f64 / found.len() as f64;
    let doubt = rising.min(1.0 - rising);
    if doubt > MOST_DOUBT {
        return Err(format!("whether it raises {} is open: {} of the paths say no", parent.label, chance(doubt)));
    }
    let level = middle(case.base.to_vec());
    let stretch = asked.stretch.map_or(0.0, |stretch| apply(0.0, stretch.kind, stretch.size.mid, level));
    let values: Vec<f64> = found.iter().map(|(value, _)| value + stretch).collect();
    let beyond = values.iter().filter(|value| outside(case, **value)).count() as f64 / values.len() as f64;
    let mut workings = vec![
        format!(
            "{} of {}, expected at {}, makes {}.",
            sized(asked.change.kind, size, parent),
            parent.label,
            crate::wording::level(now, &parent.unit),
            crate::wording::level(wanted, &parent.unit)
        ),
        format!(
            "Solved through the tree on {} paths, the rest as on each path: {} in the middle, of {} expected without the plan.",
            number(values.len() as f64),
            case.level(middle(values.clone())),
            case.level(level)
        ),
    ];
    if stretch != 0.0 {
        workings
            .push(format!("With {} of stretch on the answer.", crate::wording::difference(stretch, &case.metric.unit)));
    }
    let mut flags = Vec::new();
    if beyond > 0.05 {
        let message = format!(
            "On {} of the paths {} of {} takes a value that cannot be.",
            chance(beyond),
            sized(asked.change.kind, size, parent),
            parent.label
        );
        workings.push(message.clone());
        if beyond > 0.5 {
            flags.push(Flag { code: "impossible".into(), message });
        }
    }
    let label = format!("{} of {}, through the tree", signed(asked.change.kind, size, parent), parent.label);
    Ok((spread(label, &values, workings).ok_or("it gives no number")?, flags))
}

fn outside(case: &Case<'_>, value: f64) -> bool {
    let (low, high) = case.metric.bounds;
    low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high && case.metric.unit.is_share())
}

/// The node's number on a path with which another has a wanted one, and the slope there, by the secant method: exact at once
/// for products and sums.
fn solve(case: &Case<'_>, path: usize, node: usize, of: usize, wanted: f64) -> Option<(f64, f64)> {
    let start = *case.base.get(path)?;
    let at = |value: f64| case.world.were(path, node, value, of);
    let (mut a, mut b) = (start, if start == 0.0 { 1.0 } else { 1.1 * start });
    let (mut at_a, mut at_b) = (at(a)?, at(b)?);
    let slope = (at_b - at_a) / (b - a);
    for _ in 0..40 {
        if (at_b - wanted).abs() <= 1e-9 * wanted.abs().max(1e-9) {
            return Some((b, slope));
        }
        let next = b - (at_b - wanted) * (b - a) / (at_b - at_a);
        if !next.is_finite() {
            return None;
        }
        (a, at_a) = (b, at_b);
        b = next;
        at_b = at(b)?;
    }
    None
}
