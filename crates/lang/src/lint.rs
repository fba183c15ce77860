//! Lints: what is well formed and still worth a second look.
//!
//! One lint is one file with one implementation of `Lint` and one line in `LINTS`. A lint reads the resolved model
//! and the places of things; it never reads data, the ledger or the clock: what is old is old against the start of a
//! planned period.

mod bare_set;
mod benchmark_age;
mod benchmark_source;
mod beyond_sam;
mod beyond_som;
mod capacity;
mod counted_rate;
mod event_date;
mod expired;
mod few_methods;
mod heart_focus;
mod idle_initiative;
mod in_history;
mod index;
mod lagging_star;
mod lone_unit;
mod market_nesting;
mod market_source;
mod missing_owner;
mod missing_why;
mod north_star;
mod owner_load;
mod pathless_target;
mod refuted;
mod unguarded;

use crate::codes::Code;
use crate::model::{Allow, LintLevel, Metric, Plan, Target};
use crate::resolve::{Resolved, State, World, reached, target_site};
use crate::{Diagnostic, Model, Severity, Span, Subject};
use index::Index;
use quarterdeck_calendar::Period;
use std::collections::{BTreeMap, HashSet};

/// One thing to look for.
trait Lint: Sync {
    /// Its code and explanation.
    fn code(&self) -> &'static Code;

    /// How much it weighs where the settings do not say.
    fn level(&self) -> LintLevel {
        LintLevel::Warn
    }

    /// Looks for it in one metric, where that metric alone tells.
    fn of_metric(&self, _: &Workspace<'_>, _: &Metric) -> Vec<Finding> {
        Vec::new()
    }

    /// Looks for it in all of the workspace.
    fn check(&self, _: &Workspace<'_>) -> Vec<Finding> {
        Vec::new()
    }
}

/// Every lint, in order of code.
const LINTS: &[&dyn Lint] = &[
    &north_star::NorthStar,
    &lagging_star::LaggingStar,
    &unguarded::Unguarded,
    &pathless_target::PathlessTarget,
    &idle_initiative::IdleInitiative,
    &counted_rate::CountedRate,
    &missing_owner::MissingOwner,
    &missing_why::MissingWhy,
    &market_source::MarketSource,
    &benchmark_source::BenchmarkSource,
    &benchmark_age::BenchmarkAge,
    &capacity::Capacity,
    &few_methods::FewMethods,
    &bare_set::BareSet,
    &lone_unit::LoneUnit,
    &beyond_som::BeyondSom,
    &beyond_sam::BeyondSam,
    &market_nesting::MarketNesting,
    &owner_load::OwnerLoad,
    &heart_focus::HeartFocus,
    &event_date::EventDate,
    &expired::Expired,
    &refuted::Refuted,
    &in_history::InHistory,
];

/// Every lint's code, with its explanation.
pub const CODES: &[Code] = &[
    north_star::CODE,
    lagging_star::CODE,
    unguarded::CODE,
    pathless_target::CODE,
    idle_initiative::CODE,
    counted_rate::CODE,
    missing_owner::CODE,
    missing_why::CODE,
    market_source::CODE,
    benchmark_source::CODE,
    benchmark_age::CODE,
    capacity::CODE,
    few_methods::CODE,
    bare_set::CODE,
    lone_unit::CODE,
    beyond_som::CODE,
    beyond_sam::CODE,
    market_nesting::CODE,
    owner_load::CODE,
    heart_focus::CODE,
    event_date::CODE,
    expired::CODE,
    refuted::CODE,
    in_history::CODE,
];

/// The names of all codes `[lints]` and `allow:` take, in order: those found here and those found in data.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> + Clone {
    CODES.iter().chain(crate::codes::data::LINTS).map(|code| code.code)
}

/// What lints look at.
struct Workspace<'m> {
    model: &'m Model,
    state: &'m State,
    world: World<'m>,
    index: &'m Index,
    reach: &'m BTreeMap<Period, HashSet<String>>,
}

impl<'m> Workspace<'m> {
    /// The metrics whose role is north star.
    fn north_stars(&self) -> impl Iterator<Item = &'m Metric> {
        self.index.stars.iter().filter_map(|name| self.model.metrics.get(name))
    }

    /// Everything a metric is made of, through every step, and itself.
    fn made_of<'s>(&'s self, metric: &'s str) -> HashSet<&'s str> {
        reached(&self.index.parts, [metric])
    }

    /// Whether a target of a plan is on a metric, or on one that is made of it.
    fn reaches_target(&self, plan: &Plan, metric: &str) -> bool {
        self.reach.get(&plan.period).is_some_and(|reach| reach.contains(metric))
    }

    /// Everything a metric feeds, through every step, and itself.
    fn leads_to<'s>(&'s self, metric: &'s str) -> HashSet<&'s str> {
        reached(&self.index.feeds, [metric])
    }

    /// The place of a path, or of the nearest thing around it.
    fn find(&self, path: &str) -> Option<Span> {
        self.state.find(self.world, path)
    }

    /// Every target with its plan, those to be learnt first left out.
    fn targets(&self) -> impl Iterator<Item = (&'m Plan, &'m Target)> {
        let plans = self.model.plans.values();
        plans
            .flat_map(|plan| plan.targets.iter().map(move |target| (plan, target)))
            .filter(|(_, target)| target.learn.is_none())
    }

    /// A finding about a metric, at one of its keys or its name.
    fn metric(&self, metric: &Metric, key: &str, message: impl Into<String>) -> Finding {
        let path =
            if key.is_empty() { format!("metric/{}", metric.name) } else { format!("metric/{}/{key}", metric.name) };
        self.finding(&path, Subject::Metric(metric.name.clone()), &[&metric.allows], message)
    }

    /// A finding about a target, at one of its keys or its name.
    fn target(&self, plan: &Plan, target: &Target, key: &str, message: impl Into<String>) -> Finding {
        let site = target_site(plan.period, target);
        let path = if key.is_empty() { site.clone() } else { format!("{site}/{key}") };
        let path = if self.state.exact(self.world, &path).is_some() { path } else { site };
        let own = self.model.metrics.get(&target.metric).map(|metric| metric.allows.as_slice()).unwrap_or_default();
        self.finding(&path, Subject::Plan(plan.period.to_string()), &[&target.allows, &plan.allows, own], message)
    }

    /// A finding at a place, with the lists of lints allowed there.
    fn finding(&self, path: &str, subject: Subject, allows: &[&[Allow]], message: impl Into<String>) -> Finding {
        Finding {
            span: self.find(path),
            subject: Some(subject),
            allows: allows.iter().flat_map(|allows| allows.iter().map(|allow| allow.code.clone())).collect(),
            message: message.into(),
            note: String::new(),
            labels: Vec::new(),
            hint: String::new(),
        }
    }
}

/// Something a lint found.
struct Finding {
    span: Option<Span>,
    subject: Option<Subject>,
    allows: Vec<String>,
    message: String,
    note: String,
    labels: Vec<(Span, String)>,
    hint: String,
}

impl Finding {
    fn note(mut self, note: impl Into<String>) -> Finding {
        self.note = note.into();
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Finding {
        self.hint = hint.into();
        self
    }

    fn label(mut self, span: Option<Span>, message: impl Into<String>) -> Finding {
        self.labels.extend(span.map(|span| (span, message.into())));
        self
    }
}

/// What lints found, and what they know of the metrics.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lints {
    index: Index,
    /// What was found in each metric by itself.
    metrics: BTreeMap<String, Vec<Diagnostic>>,
    /// What was found in all of the workspace.
    rest: Vec<Diagnostic>,
    /// What the targets of each plan are made of, and their metrics themselves; kept until either changes.
    reach: BTreeMap<Period, HashSet<String>>,
}

impl Lints {
    /// Everything that was found.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.metrics.values().flatten().chain(&self.rest)
    }

    /// Runs every lint at the weight the settings give it; `allow:` silences it in place. Only what was resolved may have
    /// changed since the last time.
    pub fn update(&mut self, model: &Model, state: &State, world: World<'_>, resolved: &Resolved) {
        let metrics = &resolved.metrics;
        let mut grown = false;
        for name in metrics {
            let before = self.index.take_out(name);
            if let Some(metric) = model.metrics.get(name) {
                self.index.put_in(metric);
            }
            grown |= self.index.parts.get(name) != before.as_ref();
        }
        self.reach.retain(|period, _| !grown && !resolved.dirty.plans.contains(period));
        for (period, plan) in &model.plans {
            let reach = || reached(&self.index.parts, plan.targets.iter().map(|target| target.metric.as_str()));
            let reach = || reach().into_iter().map(str::to_owned).collect();
            self.reach.entry(*period).or_insert_with(reach);
        }
        let workspace = Workspace { model, state, world, index: &self.index, reach: &self.reach };
        let weighed: Vec<(&dyn Lint, Severity)> =
            LINTS.iter().filter_map(|lint| Some((*lint, severity(model, *lint)?))).collect();
        // What could not be read may be just what a lint misses: it speaks when that is mended.
        let sound = |diagnostic: &Diagnostic| !diagnostic.span.is_some_and(|span| world.is_damaged(span));
        for name in metrics {
            let metric = model.metrics.get(name);
            let found = |(lint, severity): &(&dyn Lint, Severity)| match metric {
                Some(metric) => told(*lint, *severity, lint.of_metric(&workspace, metric)),
                None => Vec::new(),
            };
            let found: Vec<Diagnostic> = weighed.iter().flat_map(found).filter(sound).collect();
            if found.is_empty() {
                self.metrics.remove(name);
            } else {
                self.metrics.insert(name.clone(), found);
            }
        }
        let found = weighed.iter().flat_map(|(lint, weight)| told(*lint, *weight, lint.check(&workspace)));
        self.rest = found.filter(sound).collect();
    }
}

/// How much a lint weighs here; `None` where the settings allow what it finds.
fn severity(model: &Model, lint: &dyn Lint) -> Option<Severity> {
    match model.settings.lints.get(lint.code().code).copied().unwrap_or(lint.level()) {
        LintLevel::Allow => None,
        LintLevel::Warn => Some(Severity::Warning),
        LintLevel::Deny => Some(Severity::Deny),
    }
}

/// The findings of a lint that are not allowed in place.
fn told(lint: &dyn Lint, severity: Severity, found: Vec<Finding>) -> Vec<Diagnostic> {
    let code = lint.code().code;
    let kept = found.into_iter().filter(|finding| !finding.allows.iter().any(|allowed| allowed == code));
    kept.map(|finding| diagnostic(code, severity, finding)).collect()
}

fn diagnostic(code: &'static str, severity: Severity, finding: Finding) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(code, severity, finding.span, finding.message).note(finding.note);
    for (span, message) in finding.labels {
        diagnostic = diagnostic.label(span, message);
    }
    if !finding.hint.is_empty() {
        diagnostic = diagnostic.hint(finding.hint);
    }
    diagnostic.subject = finding.subject;
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::{CODES, LINTS};

    #[test]
    fn the_two_lists_are_one() {
        let lints: Vec<_> = LINTS.iter().map(|lint| lint.code().code).collect();
        let codes: Vec<_> = CODES.iter().map(|code| code.code).collect();
        assert_eq!(lints, codes);
        assert!(codes.is_sorted());
    }
}
