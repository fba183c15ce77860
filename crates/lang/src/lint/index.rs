//! What lints ask of all metrics, kept so that an edit does not ask all of them again.

use crate::model::Metric;
use crate::resolve::{inputs, metrics_in};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is known of the metrics together.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Those whose role is north star.
    pub stars: BTreeSet<String>,
    /// Each with the metrics it is made of, by measure and identity.
    pub parts: HashMap<String, BTreeSet<String>>,
    /// Each with the metrics it feeds: those made of it, and those it drives.
    pub feeds: HashMap<String, BTreeSet<String>>,
    /// In how many metrics' units a noun stands.
    pub nouns: BTreeMap<String, usize>,
    /// What each driven metric's drivers are, to take a driver out again.
    drives: HashMap<String, Vec<String>>,
    /// The nouns of each metric's unit.
    units: HashMap<String, Vec<String>>,
}

impl Index {
    /// Adds a metric.
    pub fn put_in(&mut self, metric: &Metric) {
        let name = &metric.name;
        if metric.role.as_deref() == Some("north star") {
            self.stars.insert(name.clone());
        }
        let mut parts = inputs(&metric.measure);
        if let Some(equals) = &metric.equals {
            metrics_in(equals, &mut parts);
        }
        for part in parts {
            self.feeds.entry(part.to_owned()).or_default().insert(name.clone());
            self.parts.entry(name.clone()).or_default().insert(part.to_owned());
        }
        if !metric.drives.is_empty() {
            let driven: Vec<String> = metric.drives.iter().map(|drives| drives.metric.clone()).collect();
            self.feeds.entry(name.clone()).or_default().extend(driven.iter().cloned());
            self.drives.insert(name.clone(), driven);
        }
        for noun in metric.unit.parts.keys() {
            match self.nouns.get_mut(noun) {
                Some(metrics) => *metrics += 1,
                None => {
                    self.nouns.insert(noun.clone(), 1);
                }
            }
        }
        if !metric.unit.parts.is_empty() {
            self.units.insert(name.clone(), metric.unit.parts.keys().cloned().collect());
        }
    }

    /// Takes a metric out again; gives what it was made of.
    pub fn take_out(&mut self, name: &str) -> Option<BTreeSet<String>> {
        self.stars.remove(name);
        for driven in self.drives.remove(name).into_iter().flatten() {
            // It may still feed what it drove, as a part of it.
            if !self.parts.get(&driven).is_some_and(|parts| parts.contains(name)) {
                remove(&mut self.feeds, name, &driven);
            }
        }
        let parts = self.parts.remove(name);
        for part in parts.iter().flatten() {
            if !self.drives.get(part).is_some_and(|driven| driven.iter().any(|driven| driven == name)) {
                remove(&mut self.feeds, part, name);
            }
        }
        for noun in self.units.remove(name).into_iter().flatten() {
            if let Some(metrics) = self.nouns.get_mut(&noun) {
                *metrics = metrics.saturating_sub(1);
            }
        }
        self.nouns.retain(|_, metrics| *metrics > 0);
        parts
    }
}

/// Takes a value from the set of a key, and the key with its last value.
fn remove(map: &mut HashMap<String, BTreeSet<String>>, key: &str, value: &str) {
    if let Some(values) = map.get_mut(key) {
        values.remove(value);
        if values.is_empty() {
            map.remove(key);
        }
    }
}
