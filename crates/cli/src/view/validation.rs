//! A validated tree on the terminal: what holds, what is shown, what cannot be told.

use super::table::wrap;
use anstyle::{AnsiColor, Style};
use quarterdeck_lang::Model;
use quarterdeck_plan::edge::{EdgeReport, Verdict};
use quarterdeck_plan::validate::{IdentityReport, Validation};

/// The whole validation, at most `width` columns wide.
pub fn text(found: &Validation, model: &Model, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = format!("as of {}\n", found.as_of);
    if !found.identities.is_empty() {
        text.push_str(&format!("\n{bold}Made of, exactly{bold:#}\n"));
    }
    for identity in &found.identities {
        text.push_str(&one(identity_mark(identity), &identity_name(identity), &identity.message, width));
    }
    if !found.edges.is_empty() {
        text.push_str(&format!("\n{bold}Believed to drive{bold:#}\n"));
    }
    for edge in &found.edges {
        let name = format!("{} → {}", edge.child, edge.parent);
        text.push_str(&one(edge_mark(edge), &name, &edge.message, width));
    }
    if !found.edges.is_empty() {
        text.push('\n');
        text.push_str(&wrap(&summary(found), width, 0));
        text.push('\n');
    }
    let left: Vec<String> = untested(found, model);
    if !left.is_empty() {
        text.push_str(&wrap(&format!("Not read, so not tested: {}.", left.join(", ")), width, 0));
        text.push('\n');
    }
    text
}

fn one(mark: String, name: &str, message: &str, width: usize) -> String {
    let bold = Style::new().bold();
    format!("  {mark} {bold}{name}{bold:#}\n      {}\n", wrap(message, width.saturating_sub(6), 6))
}

fn identity_name(identity: &IdentityReport) -> String {
    format!("{} = {}", identity.metric, identity.parts.join(", "))
}

fn identity_mark(identity: &IdentityReport) -> String {
    mark(match identity.holds {
        Some(true) => Verdict::Associated,
        Some(false) => Verdict::NotShown,
        None => Verdict::CannotTell,
    })
}

fn edge_mark(edge: &EdgeReport) -> String {
    mark(edge.verdict)
}

fn mark(verdict: Verdict) -> String {
    let (style, mark) = match verdict {
        Verdict::Associated | Verdict::Exact => (AnsiColor::Green.on_default(), "✓"),
        Verdict::NotShown => (AnsiColor::Yellow.on_default(), "✗"),
        Verdict::CannotTell => (Style::new().dimmed(), "?"),
    };
    format!("{style}{mark}{style:#}")
}

fn summary(found: &Validation) -> String {
    let count = |verdict: Verdict| found.edges.iter().filter(|edge| edge.verdict == verdict).count();
    let (shown, open) = (count(Verdict::Associated), count(Verdict::CannotTell));
    let tested = found.edges.len() - open - count(Verdict::Exact);
    if tested == 0 {
        return "No belief can be tested yet: there is too little history for any.".to_owned();
    }
    let cannot = if open == 0 { String::new() } else { format!(" Of {open} nothing can be told yet.") };
    format!(
        "{shown} of {tested} beliefs that could be tested are associated in the history; of such findings at most one in ten \
         is expected to be luck (false discovery rate 10 %). What goes together need not bring about each other.{cannot}"
    )
}

/// Edges of the model that no test has seen, because one of their metrics could not be read.
fn untested(found: &Validation, model: &Model) -> Vec<String> {
    if found.edges.is_empty() {
        return Vec::new();
    }
    let seen = |child: &str, parent: &str| found.edges.iter().any(|edge| edge.child == child && edge.parent == parent);
    let parents: Vec<&str> = found.edges.iter().map(|edge| edge.parent.as_str()).collect();
    let edges = model.metrics.values().flat_map(|metric| metric.drives.iter().map(move |edge| (metric, edge)));
    edges
        .filter(|(metric, edge)| parents.contains(&edge.metric.as_str()) && !seen(&metric.name, &edge.metric))
        .filter(|(metric, edge)| metric.name != edge.metric)
        .map(|(metric, edge)| format!("{} → {}", metric.name, edge.metric))
        .collect()
}
