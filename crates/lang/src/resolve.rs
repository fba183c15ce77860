//! From syntax trees to the model: names found, values typed, units worked out, circles told.

mod allow;
mod amount;
mod circle;
mod context;
mod currency;
mod defaults;
mod dimension;
mod export;
mod fields;
mod formula;
mod guard;
mod identity;
mod initiative;
mod market;
mod measure;
mod method;
mod metric;
mod names;
mod percent;
mod plan;
mod range;
mod reads;
mod restate;
mod row;
mod segment;
mod source;
mod target;
mod tree;
mod unit;
mod when;
mod world;

pub(crate) use circle::Circles;
pub(crate) use context::Notes;
pub(crate) use currency::all as currencies;
pub use currency::is_currency;
pub(crate) use defaults::{inputs, inputs_first, metrics_in};
pub(crate) use formula::leads;
pub(crate) use names::{Declares, Kind, Names, declared_in, declares};
pub(crate) use target::site as target_site;
pub(crate) use tree::reached;
pub(crate) use unit::singular;
pub(crate) use world::{Trees, World};

use crate::model::{Metric, Settings, Source};
use crate::revision::Own;
use crate::{Diagnostic, Files, Model, Subject};
use context::Context;
use defaults::Said;
use quarterdeck_calendar::Period;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What resolving one declaration gave, beside its meaning.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// What it left behind.
    pub notes: Notes,
    /// What a metric said itself of what is filled in.
    said: Said,
    /// The hash of its own meaning, with the names of what else it means.
    pub own: Option<Own>,
}

/// Which declarations are to be resolved, by kind, each in order of name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dirty {
    names: BTreeMap<Kind, BTreeSet<String>>,
    /// The periods of plans.
    pub plans: BTreeSet<Period>,
}

impl Dirty {
    /// Everything that is declared.
    pub fn all(names: &Names) -> Dirty {
        let of = |kind: Kind| (kind, names.in_order(kind).into_iter().map(str::to_owned).collect());
        Dirty { names: Kind::ALL.map(of).into(), plans: names.plans.keys().copied().collect() }
    }

    /// Adds a declaration; whether it was not in yet.
    pub fn add(&mut self, subject: &Subject) -> bool {
        let (kind, name) = match subject {
            Subject::Source(name) => (Kind::Source, name),
            Subject::Segment(name) => (Kind::Segment, name),
            Subject::Metric(name) => (Kind::Metric, name),
            Subject::Market(name) => (Kind::Market, name),
            Subject::Event(name) => (Kind::Event, name),
            Subject::Plan(period) => return period.parse().is_ok_and(|period| self.plans.insert(period)),
            Subject::File(_) | Subject::Settings => return false,
        };
        self.names.entry(kind).or_default().insert(name.clone())
    }

    /// The names of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &String> {
        self.names.get(&kind).into_iter().flatten()
    }
}

/// What is kept of a workspace beside its texts and its meaning, so that an edit costs what it changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// What is written.
    pub trees: Trees,
    /// What is declared.
    pub names: Names,
    /// What resolving each declaration gave.
    pub outcomes: HashMap<Subject, Outcome>,
    /// Declarations that something is to be said of.
    loud: BTreeSet<Subject>,
    /// Metrics made of themselves.
    pub circles: Circles,
    /// Segments that stand on themselves, with what is to be said of them.
    pub knotted: (BTreeSet<String>, Vec<Diagnostic>),
    /// Which declarations looked at one; made when it is first asked for.
    readers: Option<HashMap<Subject, BTreeSet<Subject>>>,
}

impl State {
    /// The declarations that looked at one.
    pub fn readers(&mut self, subject: &Subject) -> BTreeSet<Subject> {
        let readers = self.readers.get_or_insert_with(|| {
            let mut readers: HashMap<Subject, BTreeSet<Subject>> = HashMap::new();
            for (reader, outcome) in &self.outcomes {
                for read in &outcome.notes.reads {
                    readers.entry(read.subject.clone()).or_default().insert(reader.clone());
                }
            }
            readers
        });
        readers.get(subject).cloned().unwrap_or_default()
    }

    /// Whether something is to be said of a declaration.
    pub fn is_loud(&self, subject: &Subject) -> bool {
        self.loud.contains(subject)
    }

    /// Puts what resolving a declaration gave in the place of what it gave before; `None` where it is gone.
    fn settle(&mut self, subject: Subject, outcome: Option<Outcome>) {
        let reads = |outcome: &Outcome| outcome.notes.reads.iter().map(|read| read.subject.clone()).collect::<Vec<_>>();
        let before = self.outcomes.remove(&subject);
        if let Some(readers) = &mut self.readers {
            for read in before.iter().flat_map(reads) {
                readers.get_mut(&read).map(|readers| readers.remove(&subject));
            }
            for read in outcome.iter().flat_map(reads) {
                readers.entry(read).or_default().insert(subject.clone());
            }
        }
        match outcome {
            Some(outcome) => {
                if outcome.notes.is_silent() {
                    self.loud.remove(&subject);
                } else {
                    self.loud.insert(subject.clone());
                }
                self.outcomes.insert(subject, outcome);
            }
            None => {
                self.loud.remove(&subject);
            }
        }
    }

    /// What is known of the workspace while it is resolved.
    pub fn world<'a>(
        &'a self,
        files: &'a Files,
        settings: &'a Settings,
        sources: &'a BTreeMap<String, Source>,
    ) -> World<'a> {
        World { files, settings, trees: &self.trees, names: &self.names, sources }
    }

    /// Everything that is wrong with the declarations.
    pub fn diagnostics(&self, files: &Files, model: &Model) -> Vec<Diagnostic> {
        let world = self.world(files, &model.settings, &model.sources);
        let notes: Vec<&Notes> =
            self.loud.iter().filter_map(|subject| Some(&self.outcomes.get(subject)?.notes)).collect();
        let mut out = names::report_twice(world);
        out.extend(notes.iter().flat_map(|notes| notes.out.iter().cloned()));
        out.extend(self.circles.diagnostics.iter().chain(&self.knotted.1).cloned());
        out.extend(names::report_unknown(world, notes.iter().flat_map(|notes| &notes.unknown)));
        out.extend(formula::report_timeless(world, notes.iter().flat_map(|notes| &notes.timeless)));
        out
    }

    /// Everything that is needed by some things, and they themselves. A metric needs the events that move it: those that
    /// name it, and those that name none.
    pub fn needed(&self, model: &Model, start: impl IntoIterator<Item = Subject>) -> BTreeSet<Subject> {
        let events = self.names.in_order(Kind::Event);
        let moves = |event: &&str, metric: &str| match model.events.get(*event) {
            Some(event) => event.affects.is_empty() || event.affects.iter().any(|affected| affected == metric),
            None => true,
        };
        let mut found = BTreeSet::new();
        let mut open: Vec<Subject> = start.into_iter().collect();
        while let Some(subject) = open.pop() {
            if found.contains(&subject) {
                continue;
            }
            let reads = self.outcomes.get(&subject).map(|outcome| outcome.notes.reads.as_slice()).unwrap_or_default();
            open.extend(reads.iter().filter(|read| read.needed).map(|read| read.subject.clone()));
            if let Subject::Metric(name) = &subject {
                let moving = events.iter().filter(|event| moves(event, name));
                open.extend(moving.map(|event| Kind::Event.subject(event)));
            }
            found.insert(subject);
        }
        found
    }

    /// The place of a path such as `metric/weekly_orders/unit`, or of the nearest thing around it.
    pub fn find(&self, world: World<'_>, path: &str) -> Option<crate::Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.exact(world, path) {
                return Some(span);
            }
            path = path.rsplit_once('/')?.0;
        }
    }

    /// The place of exactly this path.
    pub fn exact(&self, world: World<'_>, path: &str) -> Option<crate::Span> {
        let mut parts = path.splitn(3, '/');
        let (kind, name, key) = (parts.next()?, parts.next()?, parts.next());
        let Some(kind) = Kind::ALL.into_iter().find(|known| known.word() == kind) else {
            let plans = self.names.plans.keys().map(|period| Subject::Plan(period.to_string()));
            let sites = plans.filter_map(|plan| self.outcomes.get(&plan));
            return sites.into_iter().find_map(|outcome| outcome.notes.sites.get(path));
        };
        let declared = world.declared(kind, name)?;
        let Some(key) = key else { return Some(declared.span) };
        if let Some(benchmark) = key.strip_prefix("benchmark/") {
            let mut names = declared.block.blocks().filter_map(|inner| inner.head.name.as_ref());
            return names.find(|name| name.node == benchmark).map(|name| name.span);
        }
        let readable = |value: &crate::syntax::value::Value| *value != crate::syntax::value::Value::Broken;
        let mut fields = declared.block.fields().filter(|field| field.key.node == key && readable(&field.value.node));
        fields.next().map(|field| field.value.span)
    }
}

/// What resolving a kind of declaration gives.
type Made<T> = Vec<(String, Option<(Option<T>, Outcome)>)>;

/// From so many declarations on it pays to resolve them on several threads.
const SIDE_BY_SIDE: usize = 64;

/// Resolves names of a kind side by side; of two declarations of one name the first counts, and the mistakes of both are
/// told. A name that is not declared any more gives `None`.
fn each<'a, T: Send>(
    world: World<'a>,
    kind: Kind,
    names: &BTreeSet<String>,
    resolve: impl Fn(&mut Context<'a>, &str, world::Declared<'a>) -> Option<(T, Said, Option<Own>)> + Sync,
) -> Made<T> {
    let one = |name: &String| {
        let places = world.names.get(kind, name).map(|entry| entry.places.as_slice()).unwrap_or_default();
        let mut made: Option<(Option<T>, Outcome)> = None;
        for declared in places.iter().filter_map(|at| world.declared_at(*at)) {
            let mut cx = Context::new(world, kind.subject(name));
            let resolved = resolve(&mut cx, name, declared);
            let notes = cx.notes();
            if let Some((_, outcome)) = &mut made {
                outcome.notes.join(notes);
                continue;
            }
            made = Some(match resolved {
                Some((thing, said, own)) => (Some(thing), Outcome { notes, said, own }),
                None => (None, Outcome { notes, ..Outcome::default() }),
            });
        }
        (name.clone(), made)
    };
    if names.len() < SIDE_BY_SIDE {
        return names.iter().map(one).collect();
    }
    names.iter().collect::<Vec<_>>().into_par_iter().map(one).collect()
}

/// Puts what was resolved into the model and the state.
fn place<T>(state: &mut State, kind: Kind, things: &mut BTreeMap<String, T>, made: Made<T>) {
    // A whole map at once is made much faster than name by name.
    let whole = things.is_empty();
    let mut fresh = Vec::new();
    for (name, made) in made {
        let (thing, outcome) = made.unzip();
        state.settle(kind.subject(&name), outcome);
        match thing.flatten() {
            Some(thing) if whole => fresh.push((name, thing)),
            Some(thing) => {
                things.insert(name, thing);
            }
            None => {
                things.remove(&name);
            }
        }
    }
    if whole {
        *things = fresh.into_iter().collect();
    }
}

/// What an update did beside what it was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolved {
    /// Metrics that were resolved, or whose filled-in parts changed.
    pub metrics: BTreeSet<String>,
    /// Everything that was resolved.
    pub dirty: Dirty,
}

/// Whether a workspace is resolved for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing is known of it.
    First,
    /// It was resolved before, and what changed is known.
    Again,
}

/// Resolves declarations, and what else stands on how they resolve.
pub(crate) fn update(state: &mut State, files: &Files, model: &mut Model, dirty: Dirty, turn: Turn) -> Resolved {
    let mut dirty = dirty;
    // What goes in circles is left out of the model; whether it still does is not known.
    for name in state.circles.measured.iter().chain(&state.circles.identical) {
        dirty.add(&Subject::Metric(name.clone()));
    }
    for name in &state.knotted.0 {
        dirty.add(&Subject::Segment(name.clone()));
    }
    sources(state, files, model, &mut dirty, turn);
    segments(state, files, model, &dirty, turn);
    markets_and_events(state, files, model, &dirty);
    let metrics = metrics(state, files, model, &dirty, turn);
    for period in &dirty.plans {
        let world = state.world(files, &model.settings, &model.sources);
        let blocks = state.names.plans.get(period).map(Vec::as_slice).unwrap_or_default();
        let blocks: Vec<_> = blocks.iter().filter_map(|at| world.block(*at)).collect();
        let subject = Subject::Plan(period.to_string());
        let mut cx = Context::new(world, subject.clone());
        let plan = plan::plan(&mut cx, *period, &blocks);
        let outcome = (!blocks.is_empty()).then(|| Outcome { notes: cx.notes(), ..Outcome::default() });
        state.settle(subject, outcome);
        match plan {
            Some(plan) => model.plans.insert(*period, plan),
            None => model.plans.remove(period),
        };
    }
    Resolved { metrics, dirty }
}

fn names_of(dirty: &Dirty, kind: Kind) -> BTreeSet<String> {
    dirty.names.get(&kind).cloned().unwrap_or_default()
}

fn sources(state: &mut State, files: &Files, model: &mut Model, dirty: &mut Dirty, turn: Turn) {
    let names = names_of(dirty, Kind::Source);
    let before: BTreeMap<String, Source> = match turn {
        Turn::First => BTreeMap::new(),
        Turn::Again => names.iter().filter_map(|name| Some((name.clone(), model.sources.get(name)?.clone()))).collect(),
    };
    let none = BTreeMap::new();
    let made = each(state.world(files, &model.settings, &none), Kind::Source, &names, |cx, name, declared| {
        let source = source::source(cx, name, declared)?;
        let own = crate::revision::of_source(&source);
        Some((source, Said::default(), Some(own)))
    });
    place(state, Kind::Source, &mut model.sources, made);
    if turn == Turn::First {
        return;
    }
    // Metrics take over a source's own condition.
    for name in names {
        let condition = |source: Option<&Source>| source.map(|source| source.filter.clone());
        if condition(before.get(&name)) != condition(model.sources.get(&name)) {
            for reader in state.readers(&Subject::Source(name)) {
                dirty.add(&reader);
            }
        }
    }
}

fn segments(state: &mut State, files: &Files, model: &mut Model, dirty: &Dirty, turn: Turn) {
    let names = names_of(dirty, Kind::Segment);
    if names.is_empty() && turn == Turn::Again {
        return;
    }
    let made =
        each(state.world(files, &model.settings, &model.sources), Kind::Segment, &names, |cx, name, declared| {
            let segment = segment::segment(cx, name, declared)?;
            let own = crate::revision::of_segment(&segment);
            Some((segment, Said::default(), Some(own)))
        });
    place(state, Kind::Segment, &mut model.segments, made);
    let changed = (turn == Turn::Again).then_some(&names);
    let world = state.world(files, &model.settings, &model.sources);
    let knotted = segment::without_cycles(world, &mut model.segments, changed);
    state.knotted = knotted;
}

fn markets_and_events(state: &mut State, files: &Files, model: &mut Model, dirty: &Dirty) {
    let names = names_of(dirty, Kind::Market);
    let world = state.world(files, &model.settings, &model.sources);
    let made = each(world, Kind::Market, &names, |cx, name, declared| {
        Some((market::market(cx, name, declared)?, Said::default(), None))
    });
    place(state, Kind::Market, &mut model.markets, made);
    let names = names_of(dirty, Kind::Event);
    let world = state.world(files, &model.settings, &model.sources);
    let made = each(world, Kind::Event, &names, |cx, name, declared| {
        Some((market::event(cx, name, declared)?, Said::default(), None))
    });
    place(state, Kind::Event, &mut model.events, made);
}

/// Resolves metrics and fills in what they leave unsaid; gives those whose meaning may have changed.
fn metrics(state: &mut State, files: &Files, model: &mut Model, dirty: &Dirty, turn: Turn) -> BTreeSet<String> {
    let names = names_of(dirty, Kind::Metric);
    let world = state.world(files, &model.settings, &model.sources);
    let head =
        |name: &String| (name.clone(), world.declared(Kind::Metric, name).map(|it| metric::quiet_head(world, it)));
    let heads: Vec<_> = match names.len() {
        few if few < SIDE_BY_SIDE => names.iter().map(head).collect(),
        _ => names.iter().collect::<Vec<_>>().into_par_iter().map(head).collect(),
    };
    for (name, head) in heads {
        state.names.set_head(&name, head.unwrap_or_default());
    }
    let before: BTreeMap<String, defaults::Settled> =
        names.iter().filter_map(|name| Some((name.clone(), defaults::settled(model.metrics.get(name)?)))).collect();
    let world = state.world(files, &model.settings, &model.sources);
    let none = BTreeMap::new();
    let made = each(world, Kind::Metric, &names, |cx, name, declared| {
        let (mut metric, said) = metric::metric(cx, name, declared)?;
        // Most metrics stand on no other: what they leave unsaid is known at once.
        if inputs(&metric.measure).is_empty() {
            (metric.reads, metric.bounds, metric.empty) = defaults::settle(&metric, said, &none);
        }
        let own = crate::revision::of_metric(&metric);
        Some((metric, said, Some(own)))
    });
    place(state, Kind::Metric, &mut model.metrics, made);
    let world = state.world(files, &model.settings, &model.sources);
    state.circles = circle::find(world, (turn == Turn::Again).then_some(&names));
    for name in &state.circles.measured {
        model.metrics.remove(name);
    }
    for name in &state.circles.identical {
        if let Some(metric) = model.metrics.get_mut(name) {
            metric.equals = None;
        }
    }
    fill(state, model, names, before, turn)
}

/// Fills in what derived metrics leave unsaid, and goes on to those that stand on what changed by it.
fn fill(
    state: &mut State,
    model: &mut Model,
    names: BTreeSet<String>,
    before: BTreeMap<String, defaults::Settled>,
    turn: Turn,
) -> BTreeSet<String> {
    settle_all(state, &mut model.metrics, &names);
    if turn == Turn::First {
        return names;
    }
    let differs = |metrics: &BTreeMap<String, Metric>, name: &String| {
        metrics.get(name).map(defaults::settled) != before.get(name).copied()
    };
    let mut open: Vec<String> = names.iter().filter(|name| differs(&model.metrics, name)).cloned().collect();
    let mut touched = names;
    while let Some(name) = open.pop() {
        for user in users(state, &model.metrics, &name) {
            let known = model.metrics.get(&user).map(defaults::settled);
            settle_all(state, &mut model.metrics, &BTreeSet::from([user.clone()]));
            if model.metrics.get(&user).map(defaults::settled) != known {
                touched.insert(user.clone());
                open.push(user);
            }
        }
    }
    touched
}

/// The metrics whose measure names a metric.
fn users(state: &mut State, metrics: &BTreeMap<String, Metric>, name: &str) -> Vec<String> {
    let readers = state.readers(&Subject::Metric(name.to_owned()));
    let metric = |reader: Subject| match reader {
        Subject::Metric(reader) => Some(reader),
        _ => None,
    };
    let made_of = |user: &String| metrics.get(user).is_some_and(|user| inputs(&user.measure).contains(&name));
    readers.into_iter().filter_map(metric).filter(made_of).collect()
}

fn settle_all(state: &State, metrics: &mut BTreeMap<String, Metric>, names: &BTreeSet<String>) {
    let derived = |name: &&str| metrics.get(*name).is_some_and(|metric| !inputs(&metric.measure).is_empty());
    let derived: BTreeSet<&str> = names.iter().map(String::as_str).filter(derived).collect();
    let order: Vec<String> = inputs_first(metrics, &derived).into_iter().map(str::to_owned).collect();
    for name in order {
        let said = state.outcomes.get(&Subject::Metric(name.clone())).map(|outcome| outcome.said).unwrap_or_default();
        let Some(settled) = metrics.get(&name).map(|metric| defaults::settle(metric, said, metrics)) else { continue };
        if let Some(metric) = metrics.get_mut(&name) {
            (metric.reads, metric.bounds, metric.empty) = settled;
        }
    }
}
