//! What is made of what: the identities of a model, and the edges between its metrics.

use quarterdeck_calendar::Grain;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Formula, Length, Measure, Metric};
use std::collections::{BTreeMap, BTreeSet};

/// The metrics a formula names, each once, in order of name.
pub fn parts(formula: &Formula) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(formula, &mut found);
    found
}

fn collect(formula: &Formula, found: &mut BTreeSet<String>) {
    match formula {
        Formula::Metric(name) | Formula::Where(name, _) => {
            found.insert(name.clone());
        }
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            collect(inner, found);
        }
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            collect(a, found);
            collect(b, found);
        }
        Formula::Number(_) | Formula::Query(_) | Formula::Journey(_) | Formula::Before => {}
    }
}

/// Whether a formula is arithmetic over whole metrics alone, so that it can be worked out from their numbers.
pub fn is_pure(formula: &Formula) -> bool {
    match formula {
        Formula::Number(_) | Formula::Metric(_) => true,
        Formula::Ago(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => is_pure(inner),
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => is_pure(a) && is_pure(b),
        Formula::Query(_) | Formula::Journey(_) | Formula::Before | Formula::Where(..) | Formula::Over(..) => false,
    }
}

/// Every metric another one's measure or `equals` names, it itself left out.
pub fn named(metric: &Metric) -> BTreeSet<String> {
    let mut names = match &metric.measure {
        Measure::Derived(formula) => parts(formula),
        _ => BTreeSet::new(),
    };
    names.extend(metric.equals.iter().flat_map(parts));
    names.remove(&metric.name);
    names
}

/// What a metric is made of exactly: its derived measure, or else its `equals`, where either is arithmetic over metrics.
pub fn identity(metric: &Metric) -> Option<&Formula> {
    let measured = match &metric.measure {
        Measure::Derived(formula) => Some(formula),
        _ => None,
    };
    // What is derived by its measure has no second definition.
    measured.or(metric.equals.as_ref()).filter(|formula| is_pure(formula) && !parts(formula).is_empty())
}

/// Every identity of a model by the metric it gives, without those that would close a circle (measures come before
/// `equals`, then the order of names decides).
pub fn identities(model: &Model) -> BTreeMap<String, &Formula> {
    let mut kept: BTreeMap<String, &Formula> = BTreeMap::new();
    let by_measure = |metric: &&Metric| matches!(metric.measure, Measure::Derived(_));
    let first = model.metrics.values().filter(by_measure);
    let second = model.metrics.values().filter(|metric| !by_measure(metric));
    for metric in first.chain(second) {
        let Some(formula) = identity(metric) else { continue };
        let circular = parts(formula).iter().any(|part| *part == metric.name || reaches(&kept, part, &metric.name));
        if !circular {
            kept.insert(metric.name.clone(), formula);
        }
    }
    kept
}

/// Counts that follow another: where a rate is a count over its base (`rate: count / base`) and something is made of the base
/// times that rate, the rate is what people do, and moving the base moves the count with it. By count: its base.
pub fn followers(identities: &BTreeMap<String, &Formula>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (rate, formula) in identities {
        let Formula::Div(count, base) = formula else { continue };
        let (Formula::Metric(count), Formula::Metric(base)) = (count.as_ref(), base.as_ref()) else { continue };
        let multiplied = identities.iter().any(|(whole, made)| {
            let parts = parts(made);
            whole != rate && parts.contains(rate) && parts.contains(base)
        });
        let free = !identities.contains_key(count) && count != base && !reaches(identities, base, count);
        if multiplied && free && !reaches(identities, base, rate) {
            found.entry(count.clone()).or_insert_with(|| base.clone());
        }
    }
    found
}

/// Whether `from` is made, through any number of identities, of `to`.
pub fn reaches(identities: &BTreeMap<String, &Formula>, from: &str, to: &str) -> bool {
    let mut open = vec![from.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        for part in identities.get(&name).map(|formula| parts(formula)).unwrap_or_default() {
            if part == to {
                return true;
            }
            if seen.insert(part.clone()) {
                open.push(part);
            }
        }
    }
    false
}

/// How many steps of a grain a length is: a year is 52 weeks, 12 months, 365 days.
pub fn steps(length: Length, grain: Grain) -> u32 {
    match length {
        Length::Grains(count, of) if of == grain => count,
        Length::Grains(count, Grain::Year) => count * grain.per_year() as u32,
        Length::Grains(count, of) if of > grain && grain != Grain::Day && grain != Grain::Week => {
            count * (grain.per_year() / of.per_year().max(1)) as u32
        }
        other => {
            let one = Length::Grains(1, grain).days();
            libm::round(other.days() / one).clamp(0.0, f64::from(u32::MAX)) as u32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{parts, steps};
    use quarterdeck_calendar::Grain;
    use quarterdeck_lang::model::{Formula, Length};

    #[test]
    fn parts_are_named_once() {
        let metric = |name: &str| Box::new(Formula::Metric(name.into()));
        let growth = Formula::Div(metric("b"), Box::new(Formula::Ago(metric("b"), Length::Grains(1, Grain::Year))));
        let formula = Formula::Mul(metric("a"), Box::new(growth));
        assert_eq!(parts(&formula).into_iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_year_has_the_steps_people_mean() {
        for (length, grain, expect) in [
            (Length::Grains(1, Grain::Year), Grain::Week, 52),
            (Length::Grains(1, Grain::Year), Grain::Month, 12),
            (Length::Grains(1, Grain::Quarter), Grain::Month, 3),
            (Length::Grains(1, Grain::Quarter), Grain::Week, 13),
            (Length::Grains(4, Grain::Week), Grain::Day, 28),
            (Length::Grains(1, Grain::Year), Grain::Day, 365),
            (Length::Grains(2, Grain::Quarter), Grain::Quarter, 2),
        ] {
            assert_eq!(steps(length, grain), expect, "{length:?} in {grain}");
        }
    }
}
