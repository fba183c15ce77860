//! The next plan's file, begun from the last one: what goes on is carried over, what came of the last period stands beside it.
//!
//! - An initiative that slipped, has not shipped or still ramps goes on (`initiative x continues 2027-Q1`); one that was dropped,
//!   or shipped and is whole, is named in a comment: the history holds it.
//! - A target keeps its confidence and the methods that still make sense; a value that was set, and a reason that spoke of the
//!   last period, are for a person to give anew. Where it landed stands above it.
//! - Risks, and milestones that lie ahead, stay as they are written; quotes and judgements spoke of the last period.

use chrono::{Days, NaiveDate};
use quarterdeck_calendar::{Calendar, Period};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Initiative, OutcomeKind, Plan};
use quarterdeck_lang::syntax::tree::{Block, BlockKind, Field};
use quarterdeck_lang::{FileId, TextFile, syntax};
use std::collections::{BTreeMap, BTreeSet};

/// What the next plan is begun from.
#[derive(Clone, Copy, Debug)]
pub struct Begin<'a> {
    /// The definitions.
    pub model: &'a Model,
    /// Their texts.
    pub texts: &'a [TextFile],
    /// The plan to carry over from; `None` begins with every metric that has a direction.
    pub from: Option<Period>,
    /// The period to plan.
    pub next: Period,
    /// The last day that is known, where it is: of what lies after it nobody can be asked.
    pub as_of: Option<NaiveDate>,
    /// What came of targets, in words, by metric and slice as written: `landed 640 orders; the target was 644: missed`.
    pub landed: &'a BTreeMap<(String, Option<String>), String>,
}

/// A part of the new file: what it says, and how to say it where the language refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    text: String,
    is_comment: bool,
}

/// What goes into the new file, and what does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The file's text, in the one layout.
    pub text: String,
    /// Initiatives that go on.
    pub initiatives: Vec<String>,
    /// Initiatives that do not, with why.
    pub ended: Vec<(String, String)>,
    /// Metrics that have a target.
    pub targets: Vec<String>,
    /// Risks that stay open.
    pub risks: Vec<String>,
    /// Milestones that lie ahead.
    pub milestones: Vec<String>,
}

impl Begin<'_> {
    /// Whether a day is yet to come.
    fn is_ahead(&self, day: NaiveDate) -> bool {
        self.as_of.is_some_and(|as_of| day > as_of)
    }
}

/// Writes the next plan.
pub fn next(begin: &Begin<'_>) -> Carried {
    let mut carried = Carried::default();
    let plan = begin.from.and_then(|from| begin.model.plans.get(&from));
    let text = match plan {
        Some(plan) => continued(begin, plan, &mut carried),
        None => fresh(begin, &mut carried),
    };
    carried.text = syntax::format::format(&text).unwrap_or(text);
    carried
}

/// A plan with every metric that has a direction.
fn fresh(begin: &Begin<'_>, carried: &mut Carried) -> String {
    let mut text = format!(
        "# Every metric that has a direction. Take out what is no target, say why of the rest.\n\nplan {} {{\n",
        begin.next
    );
    for metric in begin.model.metrics.values().filter(|metric| metric.better.is_some()) {
        text.push_str(&above(begin, &metric.name, None));
        text.push_str(&format!("  target {} {{\n    confidence: 60%\n    method: trend\n  }}\n\n", metric.name));
        carried.targets.push(metric.name.clone());
    }
    text.push_str("}\n");
    text
}

/// The plan blocks of a period, each with the text it stands in.
fn blocks<'a>(begin: &Begin<'a>, from: Period) -> Vec<(&'a str, Block)> {
    let mut found = Vec::new();
    for file in begin.texts {
        let tree = syntax::parse(FileId(0), file.text()).tree;
        let is_it = |block: &Block| {
            block.kind.node == BlockKind::Plan && block.head.period.as_ref().is_some_and(|period| period.node == from)
        };
        found.extend(tree.blocks.into_iter().filter(is_it).map(|block| (file.text(), block)));
    }
    found
}

fn continued(begin: &Begin<'_>, plan: &Plan, carried: &mut Carried) -> String {
    let mut text = format!(
        "# Begun from {} with `qd plan {}`: what goes on is carried over, what came of it stands beside it.\n",
        plan.period, begin.next
    );
    for (source, block) in blocks(begin, plan.period) {
        let team = block.head.team.as_ref().map_or(String::new(), |team| format!(" {}", team.node));
        let label = block.label.as_ref().map_or(String::new(), |label| format!(" {}", cut(source, label.span)));
        text.push_str(&format!("\nplan {}{team}{label} {{\n", begin.next));
        for field in block.fields().filter(|field| ["objective", "approver"].contains(&field.key.node.as_str())) {
            text.push_str(&format!("  {}\n", cut(source, field.span)));
        }
        let mut parts = Vec::new();
        for inner in block.blocks() {
            parts.extend(part(begin, plan, source, inner, carried));
        }
        for part in parts {
            text.push('\n');
            text.push_str(&if part.is_comment { commented(&part.text) } else { part.text + "\n" });
        }
        text.push_str("}\n");
    }
    text
}

/// What becomes of a block inside the plan.
fn part(begin: &Begin<'_>, plan: &Plan, source: &str, block: &Block, carried: &mut Carried) -> Vec<Part> {
    let name = block.head.name.as_ref().map(|name| name.node.clone()).unwrap_or_default();
    let label = block.label.as_ref().map_or(name.clone(), |label| label.node.clone());
    let keep = |text: String| vec![Part { text, is_comment: false }];
    let say = |text: String| vec![Part { text, is_comment: true }];
    match block.kind.node {
        BlockKind::Target => target(begin, source, block, &name, carried),
        BlockKind::Initiative => initiative(begin, plan, &name, carried),
        BlockKind::Risk => {
            carried.risks.push(name);
            keep(cut(source, block.span).to_owned())
        }
        BlockKind::Milestone => {
            let ends = begin.model.settings.calendar.ends(plan.period);
            let found = plan.milestones.iter().find(|milestone| milestone.name == name);
            match found.filter(|milestone| milestone.by <= ends) {
                Some(milestone) if begin.is_ahead(milestone.by) => {
                    say(format!("{label} is due by {}, still in {}.", milestone.by, plan.period))
                }
                Some(milestone) => say(format!("{label} was due by {}: met?", milestone.by)),
                None => {
                    carried.milestones.push(name);
                    keep(cut(source, block.span).to_owned())
                }
            }
        }
        BlockKind::Scenario => {
            let found = plan.scenarios.iter().find(|scenario| scenario.name == name);
            let goes_on: BTreeSet<&String> = plan
                .initiatives
                .iter()
                .filter(|initiative| fate(begin, plan, initiative).is_ok())
                .map(|initiative| &initiative.name)
                .collect();
            let fits = found.is_some_and(|scenario| scenario.without.iter().all(|name| goes_on.contains(name)));
            if fits { keep(cut(source, block.span).to_owned()) } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// What came of a target, as a comment above it.
fn above(begin: &Begin<'_>, metric: &str, slice: Option<&str>) -> String {
    let words = begin.landed.get(&(metric.to_owned(), slice.map(str::to_owned)));
    words.map_or(String::new(), |words| commented(words))
}

fn target(begin: &Begin<'_>, source: &str, block: &Block, name: &str, carried: &mut Carried) -> Vec<Part> {
    let slice = block.head.filter.as_ref().map(|filter| cut(source, filter.span).to_owned());
    let words = begin.landed.get(&(name.to_owned(), slice.clone()));
    let above = words.map_or(String::new(), |words| commented(words));
    let mut parts = Vec::new();
    if let Some(learn) = block.fields().find(|field| field.key.node == "learn") {
        let text = format!("{name} was to be learnt ({}): set a target if it was.", cut(source, learn.span));
        parts.push(Part { text, is_comment: true });
        return parts;
    }
    let kept: Vec<&str> =
        block.fields().filter(|field| goes_on(begin, source, field)).map(|field| cut(source, field.span)).collect();
    let head = slice.map_or(String::new(), |slice| format!(" for {slice}"));
    let mut text = format!("{above}  target {name}{head} {{\n");
    for field in kept {
        text.push_str(&format!("    {field}\n"));
    }
    if let Some(set) = block.fields().find(|field| field.key.node == "set") {
        text.push_str(&format!(
            "    # It was set ({}); set it again with a because, or let it be proposed.\n",
            cut(source, set.span)
        ));
    }
    text.push_str("  }");
    parts.push(Part { text, is_comment: false });
    carried.targets.push(name.to_owned());
    parts
}

/// Whether a field of a target still makes sense in the next period: not what was given for the last one, nor a method whose
/// last day lies before it.
fn goes_on(begin: &Begin<'_>, source: &str, field: &Field) -> bool {
    if ["set", "because", "learn", "budget"].contains(&field.key.node.as_str()) {
        return false;
    }
    let starts = begin.model.settings.calendar.starts(begin.next);
    let words = cut(source, field.span);
    let by = words.rsplit_once(" by ").map(|(_, by)| by.trim());
    let day = by.and_then(|by| last_day(&begin.model.settings.calendar, by));
    field.key.node != "method" || day.is_none_or(|day| day >= starts)
}

/// The last day of a date or period as written.
fn last_day(calendar: &Calendar, text: &str) -> Option<NaiveDate> {
    text.parse().ok().or_else(|| calendar.parse(text).ok().map(|period| calendar.ends(period)))
}

/// What becomes of an initiative: how it goes on, or why it does not.
fn fate(begin: &Begin<'_>, plan: &Plan, initiative: &Initiative) -> Result<String, String> {
    let calendar = &begin.model.settings.calendar;
    let (ends, starts) = (calendar.ends(plan.period), calendar.starts(begin.next));
    let because = |because: &Option<String>| because.as_ref().map_or(String::new(), |words| format!(" ({words})"));
    let whole_by = |day: NaiveDate| day.checked_add_days(Days::new(initiative.ramps.max(0.0) as u64)).unwrap_or(day);
    let mut start = initiative.starts.unwrap_or(calendar.starts(plan.period));
    let (mut shipped, mut known) = (None, false);
    for outcome in &initiative.outcomes {
        match &outcome.kind {
            OutcomeKind::Dropped => return Err(format!("dropped{}", because(&outcome.because))),
            OutcomeKind::Slipped(day) => {
                start = *day;
                known = true;
            }
            OutcomeKind::Shipped(on) => {
                shipped = Some(on.unwrap_or(start));
                known = true;
            }
            OutcomeKind::Measured(_) => {
                shipped = shipped.or(Some(start));
                known = true;
            }
        }
    }
    if let Some(on) = shipped {
        if whole_by(on) <= ends {
            return Err(format!("shipped on {on} and whole since: the history holds it"));
        }
        return Ok(format!(
            "    # Shipped on {on}; its effect grows until {}.\n    starts: {on}\n    ships: 100% likely\n",
            whole_by(on)
        ));
    }
    if start > ends {
        let why = initiative.outcomes.iter().rev().find_map(|outcome| outcome.because.clone());
        let slipped = match why {
            Some(why) if known => format!("    # Slipped: {}\n", one_line(&why)),
            _ => String::new(),
        };
        return Ok(format!("{slipped}    starts: {start}\n"));
    }
    if begin.is_ahead(start) {
        let later = format!("what becomes of it is said in plan {}", plan.period);
        return Ok(format!("    # It is to start on {start}; {later}.\n    starts: {start}\n"));
    }
    let asked = if known { "It was to start by then" } else { "Nothing says what became of it" };
    Ok(format!(
        "    # {asked}: write `outcome: shipped {start}` (or slipped, or dropped) in plan {}, or give its new start.\n    starts: {starts}\n",
        plan.period
    ))
}

fn initiative(begin: &Begin<'_>, plan: &Plan, name: &str, carried: &mut Carried) -> Vec<Part> {
    let Some(found) = plan.initiatives.iter().find(|initiative| initiative.name == name) else { return Vec::new() };
    match fate(begin, plan, found) {
        Ok(fields) => {
            carried.initiatives.push(name.to_owned());
            let text = format!("  initiative {name} continues {} {{\n{fields}  }}", plan.period);
            vec![Part { text, is_comment: false }]
        }
        Err(why) => {
            carried.ended.push((name.to_owned(), why.clone()));
            vec![Part { text: format!("{} ({name}): {why}.", found.label), is_comment: true }]
        }
    }
}

/// The text of a span.
fn cut(text: &str, span: quarterdeck_lang::Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words as a comment inside a plan.
fn commented(text: &str) -> String {
    format!("  # {}\n", one_line(text))
}
