//! Metrics that are known by name: what the templates define, with their pitfalls, one by one.
//!
//! A definition is taken out of its template as it is written there. What it cannot do without comes along (the metrics it is
//! computed from, the guards that watch it, their sources); what it merely mentions stays behind.

mod cutting;

pub use cutting::{Cut, Order, cut};

use crate::template::{TEMPLATES, Template};
use flate2::read::GzDecoder;
use quarterdeck_lang::model::Origin;
use quarterdeck_lang::{Checked, TextFile, check};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};

/// A template and what its definitions mean.
pub struct Shelf {
    /// The template.
    pub template: &'static Template,
    /// Its definitions, without its plans.
    pub checked: Checked,
}

/// A metric one can ask for.
#[derive(Clone, Copy, Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Offered<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub label: &'a str,
    /// Other words for it.
    pub also: &'a [String],
}

/// The templates, read: the one of this name, or every one.
pub fn shelves(name: Option<&str>) -> Vec<Shelf> {
    TEMPLATES.iter().filter(|template| name.is_none_or(|name| template.name == name)).map(Shelf::of).collect()
}

impl Shelf {
    fn of(template: &'static Template) -> Shelf {
        let file = |path: &str| TextFile::new(path, template.text(path).unwrap_or_default());
        let settings = file(crate::workspace::SETTINGS);
        Shelf { template, checked: check(Some(settings), template.metrics().map(file).collect()) }
    }

    /// The metrics it has, by name.
    pub fn offers(&self) -> impl Iterator<Item = Offered<'_>> {
        self.checked.model.metrics.values().map(|metric| Offered {
            name: &metric.name,
            label: &metric.label,
            also: &metric.also,
        })
    }

    /// The columns of a source's file, as its first line names them.
    pub fn columns(&self, source: &str) -> Vec<String> {
        let Some(Origin::Files(path)) = self.checked.model.sources.get(source).map(|source| &source.origin) else {
            return Vec::new();
        };
        let Some((_, content)) = self.template.files.iter().find(|(known, _)| known == path) else { return Vec::new() };
        let mut line = String::new();
        let read = match path.ends_with(".gz") {
            true => BufReader::new(GzDecoder::new(*content)).read_line(&mut line),
            false => BufReader::new(*content).read_line(&mut line),
        };
        read.map(|_| line.trim_end().split(',').map(str::to_owned).collect()).unwrap_or_default()
    }

    /// The metrics somebody means by these words: the one of that name, else all that are also called so.
    pub fn meant(&self, words: &str) -> BTreeSet<String> {
        let words = plain(words);
        let named: BTreeSet<String> =
            self.offers().filter(|metric| metric.name == words).map(|metric| metric.name.to_owned()).collect();
        if !named.is_empty() {
            return named;
        }
        let called =
            |metric: &Offered<'_>| plain(metric.label) == words || metric.also.iter().any(|also| plain(also) == words);
        self.offers().filter(called).map(|metric| metric.name.to_owned()).collect()
    }
}

/// Words as a name would have them: `CLV:CAC` is `clv_cac`.
fn plain(words: &str) -> String {
    let mut name = String::new();
    for letter in words.trim().chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.trim_end_matches('_').to_owned()
}

/// The known name nearest to what was asked for.
pub fn nearest<'a>(shelves: &'a [Shelf], words: &str) -> Option<&'a str> {
    let asked = plain(words);
    let names = shelves.iter().flat_map(|shelf| shelf.checked.model.metrics.keys());
    quarterdeck_lang::suggest::nearest(&asked, names.map(String::as_str))
}
