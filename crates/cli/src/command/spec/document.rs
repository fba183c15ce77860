//! The document of one metric, and the index of all.

use super::Sql;
use super::history::History;
use super::measure;
use crate::changes::one_line;
use crate::graph::{Bond, Graph};
use crate::needs::Needs;
use crate::workspace::Workspace;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Better, Metric, Origin, Reads, Source};
use quarterdeck_lang::syntax::parse;
use quarterdeck_lang::syntax::tree::{Block, BlockKind};
use std::collections::BTreeMap;

/// What a document is made from.
pub(super) struct Document<'a> {
    pub workspace: &'a Workspace,
    pub graph: &'a Graph,
    pub metric: &'a Metric,
    /// The queries that compute it; `None` where its data cannot be read.
    pub sql: Option<&'a Sql>,
    /// What git tells of it.
    pub history: &'a History,
}

/// The fields a calculation is written in, in the order of the language.
const CALCULATION: [&str; 6] = ["measure", "where", "clip", "empty", "equals", "reads"];

impl Document<'_> {
    /// The whole document.
    pub(super) fn markdown(&self) -> String {
        let Metric { name, label, .. } = self.metric;
        let title = if label == name { format!("# `{name}`") } else { format!("# {} (`{name}`)", inline(label)) };
        let written = self.written();
        let sections = [
            self.metric.why.as_ref().map(|why| format!("> {}", inline(why))),
            self.warning(),
            Some(self.facts()),
            Some(self.calculation(&written)),
            Some(self.sources()),
            section("Guards", &listed(&written, &["guard"])),
            section("Tree", &self.tree()),
            section("Benchmarks", &self.benchmarks()),
            section("Golden values", &self.tests()),
            Some(self.history()),
        ];
        let body: Vec<String> = sections.into_iter().flatten().collect();
        format!("{title}\n\n{}\n", body.join("\n\n"))
    }

    fn model(&self) -> &Model {
        &self.workspace.checked.model
    }

    /// The fields of the metric as they are written, on one line each.
    fn written(&self) -> BTreeMap<String, Vec<String>> {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let path = &self.metric.definition.place.file;
        let Some((id, file)) = self.workspace.checked.files.iter().find(|(_, file)| file.path() == path) else {
            return fields;
        };
        let is_own = |block: &&Block| {
            let name = block.head.name.as_ref().map(|name| &name.node);
            block.kind.node == BlockKind::Metric && name == Some(&self.metric.name)
        };
        let tree = parse(id, file.text()).tree;
        for field in tree.blocks.iter().find(is_own).into_iter().flat_map(Block::fields) {
            let text = file.text().get(field.value.span.start as usize..field.value.span.end as usize);
            fields.entry(field.key.node.clone()).or_default().extend(text.map(one_line));
        }
        fields
    }

    /// What a reader must know before all else.
    fn warning(&self) -> Option<String> {
        let mut lines = Vec::new();
        if let Some((why, instead, until)) = &self.metric.deprecated {
            let instead = instead.as_ref().map(|name| format!("; use `{name}`")).unwrap_or_default();
            let until = until.map(|day| format!(", until {day}")).unwrap_or_default();
            lines.push(format!("**Deprecated{until}**: {}{instead}.", inline(why.trim_end_matches('.'))));
        }
        if let Some((what, until)) = &self.metric.proxy {
            let until = until.map(|day| format!(", until {day}")).unwrap_or_default();
            lines.push(format!("**A proxy{until}**: it stands in for {}.", inline(what.trim_end_matches('.'))));
        }
        (!lines.is_empty()).then(|| lines.join("\n\n"))
    }

    fn facts(&self) -> String {
        let metric = self.metric;
        let text = |value: &Option<String>| value.as_ref().map(|value| cell(value));
        let market = metric.market.as_ref().map(|link| format!("`{}`", link.market));
        let rows = [
            ("Owner", text(&metric.owner).or(Some("nobody".to_owned()))),
            ("Unit", Some(cell(&metric.unit.text))),
            ("Better", metric.better.map(better)),
            ("One value for each", Some(metric.grain.word().to_owned())),
            ("A quarter's number", Some(reads(metric.reads))),
            ("Role", text(&metric.role)),
            ("Stage", text(&metric.stage)),
            ("Category of experience", text(&metric.heart)),
            ("Goal", text(&metric.goal)),
            ("Signal", text(&metric.signal)),
            ("Market", market),
            ("Status", text(&metric.status)),
            ("Other words", Some(metric.also.join(", ")).filter(|words| !words.is_empty()).map(|words| cell(&words))),
            ("Defined in", Some(format!("`{}`", metric.definition.place.file))),
            ("Revision", Some(format!("`{}`", metric.definition.revision))),
        ];
        let rows = rows.into_iter().filter_map(|(name, value)| Some(format!("| {name} | {} |\n", value?)));
        format!("| | |\n| --- | --- |\n{}", rows.collect::<String>()).trim_end().to_owned()
    }

    fn calculation(&self, written: &BTreeMap<String, Vec<String>>) -> String {
        let mut parts = vec!["## Calculation".to_owned()];
        let words = measure::words(self.metric, self.model());
        parts.extend((!words.is_empty()).then(|| words.join(" ")));
        let fields = CALCULATION.iter().flat_map(|key| {
            let values = written.get(*key).into_iter().flatten();
            values.map(move |value| format!("{key}: {value}\n"))
        });
        parts.push(format!("As written:\n\n```qd\n{}```", fields.collect::<String>()));
        let fenced = |words: &str, queries: &[String]| {
            let queries = queries.iter().map(|query| format!("{};\n", query.trim_end().trim_end_matches(';')));
            format!("{words}:\n\n```sql\n{}```", queries.collect::<Vec<_>>().join("\n"))
        };
        let grain = self.metric.grain;
        match self.sql {
            Some(Sql { whole, .. }) if !whole.is_empty() => {
                parts.push(fenced(&format!("In SQL, for each {grain} that has rows"), whole));
            }
            Some(Sql { asked, .. }) if !asked.is_empty() => {
                parts.push(fenced("In SQL, the rows that are read; what is said above is computed from them", asked));
            }
            Some(_) => {}
            None => parts.push("Its data cannot be read here, so no SQL is shown.".to_owned()),
        }
        parts.join("\n\n")
    }

    fn sources(&self) -> String {
        let needs = Needs::of(self.model(), [self.metric.name.as_str()]);
        let lines = needs.sources.iter().filter_map(|name| self.model().sources.get(name)).map(source);
        section("Sources", &lines.collect::<Vec<_>>()).unwrap_or_else(|| "## Sources\n\nNone.".to_owned())
    }

    fn tree(&self) -> Vec<String> {
        let name = &self.metric.name;
        let below = self.graph.below(name);
        let above: Vec<(&str, Bond)> = self.graph.above(name).collect();
        let named = |list: &[(&str, Bond)], bond: Bond| {
            let names: Vec<String> =
                list.iter().filter(|(_, known)| *known == bond).map(|(name, _)| format!("`{name}`")).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let lines = [
            ("Made of, exactly", named(&below, Bond::Exact)),
            ("Believed to be driven by", named(&below, Bond::Believed)),
            ("Part of", named(&above, Bond::Exact)),
            ("Believed to drive", named(&above, Bond::Believed)),
        ];
        lines.into_iter().filter_map(|(words, names)| Some(format!("- {words}: {}", names?))).collect()
    }

    fn benchmarks(&self) -> Vec<String> {
        let of = |benchmark: &quarterdeck_lang::model::Benchmark| {
            let source = benchmark.source.as_deref().map(inline).unwrap_or_else(|| "no source".to_owned());
            let date = benchmark.date.map(|date| format!(", {date}")).unwrap_or_default();
            format!("- {}: {} ({source}{date})", inline(&benchmark.label), self.level(benchmark.value))
        };
        self.metric.benchmarks.iter().map(of).collect()
    }

    fn tests(&self) -> Vec<String> {
        let of = |test: &quarterdeck_lang::model::MetricTest| {
            format!("- {}: {} in {}", inline(&test.label), self.level(test.is), test.at)
        };
        self.metric.tests.iter().map(of).collect()
    }

    /// A level as the definition writes it.
    fn level(&self, value: f64) -> String {
        let rounded = |value: f64| (value * 1e9).round() / 1e9;
        if self.metric.unit.is_share() {
            format!("{} %", rounded(value * 100.0))
        } else {
            format!("{} {}", rounded(value), self.metric.unit.text)
        }
    }

    fn history(&self) -> String {
        let mut changes = self.metric.changes.clone();
        changes.sort_by_key(|change| change.on);
        let mut lines: Vec<String> = changes
            .iter()
            .map(|change| {
                let then =
                    if change.restate.is_some() { "earlier values are restated" } else { "the shift is estimated" };
                format!("- {}: {} ({then})", change.on, inline(change.why.trim_end_matches('.')))
            })
            .collect();
        if !self.metric.was.is_empty() {
            let names: Vec<String> = self.metric.was.iter().map(|name| format!("`{name}`")).collect();
            lines.push(format!("- Formerly {}", names.join(", ")));
        }
        let declared = section("History", &lines).unwrap_or_else(|| "## History\n\nNo declared change.".to_owned());
        let committed = self.history.lines(&self.metric.name);
        match committed.is_empty() {
            true => declared,
            false => format!("{declared}\n\nIn git, the newest first:\n\n{}", committed.join("\n")),
        }
    }
}

/// Every metric with its owner and document.
pub(super) fn index(model: &Model) -> String {
    let mut text =
        "# Metrics\n\n| metric | | owner | role | status | revision |\n| --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    for metric in model.metrics.values() {
        let fact = |fact: &Option<String>| fact.as_deref().map(cell).unwrap_or_default();
        let Metric { name, label, owner, role, status, definition, .. } = metric;
        text.push_str(&format!(
            "| [`{name}`]({name}.md) | {} | {} | {} | {} | `{}` |\n",
            cell(label),
            fact(owner),
            fact(role),
            fact(status),
            definition.revision
        ));
    }
    text
}

fn section(title: &str, lines: &[String]) -> Option<String> {
    (!lines.is_empty()).then(|| format!("## {title}\n\n{}", lines.join("\n")))
}

/// Fields as written, one item each.
fn listed(written: &BTreeMap<String, Vec<String>>, keys: &[&str]) -> Vec<String> {
    let values = keys.iter().flat_map(|key| written.get(*key).into_iter().flatten());
    values.map(|value| format!("- `{}`", value.replace('`', "'"))).collect()
}

fn source(source: &Source) -> String {
    let from = match &source.origin {
        Origin::Files(path) => format!("`{path}`"),
        Origin::Table { connection, table } => format!("table `{table}` of `{connection}`"),
    };
    let mut facts = vec![format!("from {from}")];
    facts.extend(source.time.as_ref().map(|time| format!("time `{time}`")));
    facts.extend(source.key.as_ref().map(|key| format!("key `{key}`")));
    facts.extend(source.joins.iter().map(|join| format!("joined to `{}` on `{}`", join.source, join.on)));
    facts.extend(source.fresh.map(|fresh| format!("at most {} days old", fresh.days().ceil())));
    facts.extend(source.owner.as_ref().map(|owner| format!("answered for by {}", inline(owner))));
    facts.extend(
        source.expects.iter().map(|expect| format!("every row: `{}`", one_line(&expect.text).replace('`', "'"))),
    );
    let label = source.label.as_ref().map(|label| format!(", {}", inline(label))).unwrap_or_default();
    format!("- `{}`{label}: {}", source.name, facts.join("; "))
}

fn better(better: Better) -> String {
    match better {
        Better::Higher => "higher".to_owned(),
        Better::Lower => "lower".to_owned(),
        Better::Between(low, high) => format!("between {low} and {high}"),
    }
}

fn reads(reads: Reads) -> String {
    match reads {
        Reads::Total => "the total of the quarter".to_owned(),
        Reads::Average(grain) => format!("the average of its {}s", grain.word()),
        Reads::Last => "its last value".to_owned(),
        Reads::AverageOfLast(count, grain) => format!("the average of its last {count} {}s", grain.word()),
        Reads::Whole => "computed over the whole quarter".to_owned(),
        Reads::Min => "its smallest value".to_owned(),
        Reads::Max => "its largest value".to_owned(),
    }
}

/// A text inside a paragraph: what Markdown reads as marks is read as letters.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if ['\\', '`', '*', '_', '[', ']', '<', '>', '#', '|'].contains(&letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn cell(text: &str) -> String {
    inline(text)
}
