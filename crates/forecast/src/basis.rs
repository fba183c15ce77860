//! Which member of an identity is computed and which are forecast.
//!
//! Of each identity all members but one are forecast: the basis. The one computed is the member whose own forecast gains
//! least over its computed version at past origins, since the joint forecast loses least by giving it up. Two flows that
//! move together show why: a share computed from separate forecasts of both is far too wide, while the share itself hardly
//! moves, and one flow follows from it and the other.
//!
//! A member can be computed where the formula names it once, outside of a look back and of a filled gap, and where the
//! windows of the identity compose: what came of the parts gives what came of the whole. With too little past the member
//! named by the identity is computed; of a quotient of two flows, the one above the line. A member with a cap is computed
//! only where nothing else can be, for a computed path knows no cap. Each series is computed by one identity at most, and
//! none from itself.

use crate::accuracy::spread::pinball;
use crate::derive::{self, Made};
use crate::formula;
use crate::futures::usable_cap;
use crate::history::History;
use crate::identity::{Formula, Identity};
use crate::outlook::Job;
use crate::series::{Nature, Roll, Series};
use crate::single::Single;
use crate::walk::{Past, known_scene};
use quarterdeck_calendar::Calendar;
use std::collections::{BTreeMap, BTreeSet};

/// Past windows a comparison needs.
const ENOUGH: usize = 4;
/// Past windows at which a measured gain counts half.
const HALF_TRUST: f64 = 8.0;
/// By how much (as a part of the error) another member must do better than the one named.
const NAMED_FIRST: f64 = 0.05;
/// How much more computing the flow above a ratio's line is worth, before any evidence.
const RATIO_FIRST: f64 = 0.1;
/// More than any gain: a path computed past its cap is wrong, not inaccurate.
const CAPPED_LAST: f64 = 1e6;

/// An identity, solved for the member that is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// As it was declared.
    pub declared: Identity,
    /// Solved for the member that is computed; as declared where that is the one named.
    pub computed: Identity,
    /// At how many past windows the choice was measured; 0 where it was assumed.
    pub windows: usize,
}

impl Role {
    /// The identity as it was declared.
    pub fn declared(identity: &Identity) -> Role {
        Role { declared: identity.clone(), computed: identity.clone(), windows: 0 }
    }

    /// Whether another member is computed than the one named.
    pub fn is_solved(&self) -> bool {
        self.declared.of != self.computed.of
    }
}

/// A member of an identity that could be computed.
struct Candidate {
    solved: Identity,
    /// What giving up its own forecast costs, as the logarithm of a ratio of errors, less what speaks for it beforehand.
    cost: f64,
    windows: usize,
}

/// The identity solved for each of its members that can be computed, the one named first.
pub fn solutions(identity: &Identity) -> Vec<Identity> {
    let names = formula::names(&identity.formula);
    let mut found = vec![identity.clone()];
    if names.contains(&identity.of.as_str()) {
        return found;
    }
    for name in names {
        if let Some(formula) = formula::solve(&identity.formula, &identity.of, name) {
            found.push(Identity { of: name.to_owned(), formula });
        }
    }
    found
}

/// A member of identities, ready to be forecast on its own: a ratio without weights takes those of what it is divided by in
/// an identity solved for it, where that adds up and gives the quarters there are.
pub fn with_weights(own: &Series, identities: &[&Identity], all: &[Series], calendar: &Calendar) -> Series {
    if !(own.roll.is_linked() || own.roll == Roll::Weighted) || own.weights.iter().any(Option::is_some) {
        return own.clone();
    }
    let adds_up = |name: &str| all.iter().any(|series| series.name == name && series.nature == Nature::Flow);
    for solved in identities.iter().flat_map(|identity| solutions(identity)).filter(|solved| solved.of == own.name) {
        let Some(divisor) = formula::divisor(&solved.formula) else { continue };
        if !formula::names(divisor).into_iter().all(adds_up) {
            continue;
        }
        let weights = (0..own.values.len()).map(|at| {
            let step = calendar.shift(own.start, at as i64);
            let value = formula::evaluate(divisor, 0, &|name, ago| {
                formula::Column::Same(known(all, name, calendar.shift(step, -i64::from(ago)), calendar))
            });
            Some(value.at(0)).filter(|weight| weight.is_finite() && *weight >= 0.0)
        });
        let weighted = Series { weights: weights.collect(), roll: Roll::Weighted, ..own.clone() };
        if weighted.weights.iter().any(Option::is_some) && gives_its_quarters(&weighted, calendar) {
            return weighted;
        }
    }
    own.clone()
}

/// Whether the weighted steps give the quarters that the source knows.
fn gives_its_quarters(weighted: &Series, calendar: &Calendar) -> bool {
    let steps = Series { quarters: Vec::new(), ..weighted.clone() };
    let history = History::new(&steps, calendar);
    let scene = known_scene(&history, steps.values.len());
    let (mut agree, mut tested) = (0, 0);
    for entry in weighted.quarters.iter().filter(|entry| entry.complete) {
        if let Some(value) = scene.actual(calendar, entry.period) {
            tested += 1;
            agree += i32::from(derive::is_close(value, entry.value));
        }
    }
    10 * agree >= 9 * tested
}

/// What is known of a series at a step of its own grain.
fn known(all: &[Series], name: &str, step: quarterdeck_calendar::Period, calendar: &Calendar) -> f64 {
    let value = || {
        let series = all.iter().find(|series| series.name == name && series.grain == step.grain())?;
        let at = usize::try_from(calendar.distance(series.start, step)).ok()?;
        series.values.get(at).copied().flatten()
    };
    value().unwrap_or(f64::NAN)
}

/// Chooses what each identity computes, from what every member's own past forecasts were worth. `banned` pairs (named
/// member, computed member) are left out.
pub fn choose(
    identities: &[&Identity],
    all: &[Series],
    direct: &Made,
    banned: &BTreeSet<(String, String)>,
    job: &Job<'_>,
) -> Vec<Role> {
    let mut roles: Vec<Role> = identities.iter().map(|identity| Role::declared(identity)).collect();
    for at in 0..roles.len() {
        let Some(identity) = identities.get(at) else { continue };
        for candidate in candidates(identity, all, direct, job) {
            let pair = (identity.of.clone(), candidate.solved.of.clone());
            if banned.contains(&pair) {
                continue;
            }
            let before = roles[at].clone();
            roles[at] = Role { declared: (*identity).clone(), computed: candidate.solved, windows: candidate.windows };
            if !roles[at].is_solved() || is_sound(&roles) {
                break;
            }
            roles[at] = before;
        }
    }
    roles
}

/// What an identity could compute, cheapest first; only what it names where its own forecast cannot be compared.
fn candidates(identity: &Identity, all: &[Series], direct: &Made, job: &Job<'_>) -> Vec<Candidate> {
    let Some(own) = all.iter().find(|series| series.name == identity.of) else { return Vec::new() };
    let members = formula::names(&identity.formula);
    let complete = direct.contains_key(&identity.of) && members.iter().all(|name| direct.contains_key(*name));
    if !complete || !derive::composes(identity, own, all, direct, job) {
        return Vec::new();
    }
    let above = flow_over_flow(identity, all);
    let mut found: Vec<Candidate> = solutions(identity)
        .into_iter()
        .filter_map(|solved| {
            let member = all.iter().find(|series| series.name == solved.of)?;
            let (gain, windows) = gain(&solved, member, all, direct, job);
            let trust = windows as f64 / (windows as f64 + HALF_TRUST);
            let named = if solved.of == identity.of { 0.0 } else { NAMED_FIRST };
            let first = if above == Some(solved.of.as_str()) { NAMED_FIRST + RATIO_FIRST } else { 0.0 };
            let capped = if usable_cap(member).is_some() { CAPPED_LAST } else { 0.0 };
            Some(Candidate { cost: trust * gain + named - first + capped, solved, windows })
        })
        .collect();
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    found
}

/// The flow above the line of a quotient of two flows. What moves one mostly moves the other, so that their ratio is the
/// steadier of the three; from two forecasts whose dependence is not known it would come out far too wide.
fn flow_over_flow<'a>(identity: &'a Identity, all: &[Series]) -> Option<&'a str> {
    let Formula::Div(above, below) = &identity.formula else { return None };
    let (Formula::Series(above), Formula::Series(below)) = (&**above, &**below) else { return None };
    let is_flow = |name: &str| all.iter().any(|series| series.name == name && series.nature == Nature::Flow);
    (is_flow(above) && is_flow(below)).then_some(above)
}

/// What a member's own forecast gains over its computed version: the logarithm of the ratio of their mean errors at past
/// windows both have, and how many those are.
fn gain(solved: &Identity, member: &Series, all: &[Series], direct: &Made, job: &Job<'_>) -> (f64, usize) {
    let mut parts: Made = BTreeMap::new();
    for name in formula::names(&solved.formula) {
        let Some(single) = direct.get(name) else { return (0.0, 0) };
        parts.insert(name.to_owned(), Single::of_past(single.past.clone()));
    }
    crate::workspace::couple_past(&mut parts, job);
    let computed = derive::past(solved, member, all, &parts, job);
    let Some(own) = direct.get(&solved.of) else { return (0.0, 0) };
    let (mut with, mut without, mut windows) = (0.0, 0.0, 0);
    for past in &computed {
        if let Some(own) = own.past.iter().find(|own| own.window == past.window) {
            with += loss(own);
            without += loss(past);
            windows += 1;
        }
    }
    if windows < ENOUGH || with <= 0.0 || without <= 0.0 {
        return (0.0, 0);
    }
    (libm::log(without / with), windows)
}

/// The mean quantile loss of a past claim.
fn loss(past: &Past) -> f64 {
    let levels = [0.1, 0.3, 0.5, 0.7, 0.9];
    levels.into_iter().zip(past.claim.quantiles).map(|(level, at)| pinball(level, at, past.actual)).sum::<f64>() / 5.0
}

/// Whether no series is computed twice or from itself.
fn is_sound(roles: &[Role]) -> bool {
    let mut computed = BTreeSet::new();
    if !roles.iter().all(|role| computed.insert(role.computed.of.as_str())) {
        return false;
    }
    // What a series waits for: the inputs of the identity that makes it. A solved identity makes both the member it
    // computes and the numbers of the one it names.
    let mut waits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for role in roles {
        for of in outcomes(role) {
            waits.entry(of).or_default().extend(inputs(role));
        }
    }
    while !waits.is_empty() {
        let pending: BTreeSet<&str> = waits.keys().copied().collect();
        let before = waits.len();
        waits.retain(|_, needs| needs.iter().any(|name| pending.contains(name)));
        if waits.len() == before {
            return false;
        }
    }
    true
}

/// The series a role makes.
pub fn outcomes(role: &Role) -> BTreeSet<&str> {
    BTreeSet::from([role.declared.of.as_str(), role.computed.of.as_str()])
}

/// The series that must be made before a role can be played: all members but those it makes.
pub fn inputs(role: &Role) -> BTreeSet<&str> {
    let outcomes = if role.is_solved() { outcomes(role) } else { BTreeSet::new() };
    formula::names(&role.computed.formula).into_iter().filter(|name| !outcomes.contains(name)).collect()
}
