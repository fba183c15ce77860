//! That a unit used once is not a misspelt one.

use super::{Finding, Lint, Workspace};
use crate::Subject;
use crate::codes::Code;
use crate::model::Allow;
use crate::resolve::singular;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CODE: Code = Code {
    code: "L015",
    title: "a unit used once, much like another",
    explanation: "A unit that stands in one place only and is spelt almost like another is likely a slip, and metrics in it cannot be compared with the others.",
    wrong: "metric refunds { unit: ordrs  grain: week  measure: count() from orders }",
    right: "metric refunds { unit: orders  grain: week  measure: count() from orders }",
};

/// See [`CODE`].
pub(super) struct LoneUnit;

impl Lint for LoneUnit {
    fn code(&self) -> &'static Code {
        &CODE
    }

    fn check(&self, workspace: &Workspace<'_>) -> Vec<Finding> {
        let markets = workspace.model.markets.values();
        let mut markets_in: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (noun, market) in markets.flat_map(|market| market.unit.parts.keys().map(move |noun| (noun, market))) {
            markets_in.entry(noun).or_default().push(&market.name);
        }
        let metrics = &workspace.index.nouns;
        let currency = workspace.model.settings.currency.as_str();
        let nouns: BTreeSet<&str> = metrics.keys().map(String::as_str).chain(markets_in.keys().copied()).collect();
        let mut found = Vec::new();
        for noun in &nouns {
            let of_markets = markets_in.get(noun).map(Vec::as_slice).unwrap_or_default();
            if metrics.get(*noun).copied().unwrap_or_default() + of_markets.len() != 1 {
                continue;
            }
            let known = nouns.iter().copied().chain([currency]).filter(|known| known != noun);
            let Some(near) =
                known.filter(|known| alike(noun, known)).min_by_key(|known| strsim::osa_distance(noun, known))
            else {
                continue;
            };
            if is_spoken_of(workspace, noun) {
                continue;
            }
            let Some(place) = place(workspace, noun, of_markets) else { continue };
            let (subject, allows) = home(workspace, &place);
            let finding =
                workspace.finding(&place, subject, &[allows], format!("the unit `{noun}` is used nowhere else"));
            found.push(
                finding.note(format!("`{near}` is spelt almost like it")).hint(format!("did you mean `{near}`?")),
            );
        }
        found
    }
}

/// Where a noun stands that stands in one place: in a market's unit, or in that of a metric.
fn place(workspace: &Workspace<'_>, noun: &str, of_markets: &[&str]) -> Option<String> {
    if let Some(market) = of_markets.first() {
        return Some(format!("market/{market}/unit"));
    }
    let mut metrics = workspace.model.metrics.values();
    metrics.find(|metric| metric.unit.parts.contains_key(noun)).map(|metric| format!("metric/{}/unit", metric.name))
}

/// Whether a name holds a noun: then it is meant. Asked of few nouns, and of all names.
fn is_spoken_of(workspace: &Workspace<'_>, noun: &str) -> bool {
    let model = workspace.model;
    let mut names = model.sources.keys().chain(model.metrics.keys()).chain(model.markets.keys());
    names.any(|name| name.split('_').any(|word| singular(word) == noun))
}

/// Whether two nouns differ by a slip: one letter, or two in a long word.
fn alike(noun: &str, known: &str) -> bool {
    let most = if noun.chars().count() >= 8 { 2 } else { 1 };
    noun.chars().count() >= 3 && strsim::osa_distance(noun, known) <= most
}

/// What a unit's place is about, and the lints allowed there.
fn home<'m>(workspace: &Workspace<'m>, place: &str) -> (Subject, &'m [Allow]) {
    let mut parts = place.split('/');
    let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if kind == "market" {
        let allows = workspace.model.markets.get(name).map(|market| market.allows.as_slice());
        return (Subject::Market(name.to_owned()), allows.unwrap_or_default());
    }
    let allows = workspace.model.metrics.get(name).map(|metric| metric.allows.as_slice());
    (Subject::Metric(name.to_owned()), allows.unwrap_or_default())
}
