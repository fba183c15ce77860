//! What changed in the meaning of metrics, commit by commit, as git has it.

use crate::changes::words::{Form, said, summary};
use crate::changes::{About, Change, Declared, Kind, between};
use crate::git::{self, Commit};
use crate::rendering;
use crate::workspace::Workspace;
use quarterdeck_lang::{Checked, check};
use std::collections::BTreeMap;

/// The history of every metric by its name of today.
#[derive(Debug, Default)]
pub(super) struct History {
    events: BTreeMap<String, Vec<String>>,
    /// Whether older commits are not at hand.
    is_cut: bool,
    /// Whether git has any.
    is_there: bool,
}

/// How Markdown marks words.
const FORM: Form = Form {
    heading: str::to_owned,
    item: "- ",
    inner: "  - ",
    name: rendering::code,
    code: rendering::code,
    width: None,
};

impl History {
    /// Reads a workspace's history; empty where there is none. Commits whose definitions have errors are passed over: what
    /// they changed is told with the next one that means something.
    pub fn of(workspace: &Workspace) -> History {
        let Some(log) = git::log(&workspace.root) else { return History::default() };
        let mut history = History { is_cut: log.is_cut, is_there: !log.states.is_empty(), ..History::default() };
        let mut before: Option<Checked> = None;
        for (commit, past) in log.states {
            let after = check(past.settings, past.texts);
            if after.errors().next().is_some() {
                continue;
            }
            match &before {
                Some(before) => history.add(&who(&commit), &between(before, &after), [before, &after]),
                // Where older commits are cut off, what the first one at hand holds may be older.
                None if history.is_cut => {}
                None => {
                    history.add(&who(&commit), &between(&Checked::default(), &after), [&Checked::default(), &after])
                }
            }
            before = Some(after);
        }
        if let Some(before) = before.filter(|_| workspace.checked.errors().next().is_none()) {
            let declared = between(&before, &workspace.checked);
            history.add("Not committed yet", &declared, [&before, &workspace.checked]);
        }
        history
    }

    /// The lines about a metric, newest first.
    pub fn lines(&self, metric: &str) -> Vec<String> {
        let mut lines: Vec<String> = self.events.get(metric).into_iter().flatten().rev().cloned().collect();
        if self.is_there && self.is_cut {
            lines.push("- Older commits are not at hand or too many to read here".to_owned());
        }
        lines
    }

    fn add(&mut self, who: &str, declared: &Declared, [before, after]: [&Checked; 2]) {
        for change in &declared.metrics {
            if let Some(events) = change.was.as_ref().and_then(|was| self.events.remove(was)) {
                self.events.insert(change.name.clone(), events);
            }
            if change.change == Kind::Removed {
                self.events.remove(&change.name);
            }
        }
        for metric in after.model.metrics.values() {
            let own = declared.metrics.iter().find(|change| change.name == metric.name);
            let Some(words) = words(own, declared, &metric.name) else { continue };
            let was = own.and_then(|change| change.was.as_ref()).unwrap_or(&metric.name);
            let revision = &metric.definition.revision;
            let moved = match before.model.metrics.get(was).map(|metric| &metric.definition.revision) {
                Some(old) if old != revision => format!("; revision `{old}` → `{revision}`"),
                Some(_) => String::new(),
                None => format!("; revision `{revision}`"),
            };
            let mut lines = vec![format!("- {who}: {words}{moved}")];
            let edits = own.into_iter().flat_map(|change| &change.edits).filter(|edit| edit.about != About::Words);
            lines.extend(edits.map(|edit| format!("{}{}", FORM.inner, said(edit, &FORM))));
            self.events.entry(metric.name.clone()).or_default().push(lines.join("\n"));
        }
    }
}

/// How a metric changed, by itself and by what it stands on; `None` where only words did.
fn words(own: Option<&Change>, declared: &Declared, name: &str) -> Option<String> {
    let told = own.filter(|change| change.change != Kind::Docs);
    let mut parts: Vec<String> = told.map(|change| summary(change, &FORM)).into_iter().collect();
    let metrics = declared.metrics.iter().map(|change| ("", change));
    let sources = declared.sources.iter().map(|change| ("source ", change));
    let others = declared.others.iter().map(|change| ("", change));
    let causes: Vec<String> = metrics
        .chain(sources)
        .chain(others)
        .filter(|(_, change)| change.downstream.iter().any(|other| other == name))
        .map(|(word, change)| {
            let kind = change.kind.map(|kind| format!("{kind} ")).unwrap_or_default();
            format!("{word}{kind}{} ({})", rendering::code(&change.name), change.fields.join(", "))
        })
        .collect();
    if !causes.is_empty() {
        parts.push(format!("its numbers follow {}", causes.join(", ")));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// When, who and which commit.
fn who(commit: &Commit) -> String {
    let Commit { id, on, by, subject } = commit;
    let short = id.get(..10).unwrap_or(id);
    format!("{on}, {}, {} (`{short}`)", super::document::inline(by), super::document::inline(subject))
}
