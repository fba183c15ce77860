//! Every verdict on a target with its answer: yes, no, or that there is too little to tell.
//!
//! A flag says that something holds. A reader also has to know what was asked and did not, and what could not be told: silence
//! would read as a no.

use crate::flag::Judged;
use crate::method::Case;
use crate::proposal::{Answer, Flag, MethodRow, Verdict};
use crate::wording::{chance, percent};
use quarterdeck_lang::model::{ChangeKind, Moves};

/// The least years a "faster than ever" is judged from.
const YEARS: usize = 8;
/// The least past claims that can miss more than chance explains.
const CLAIMS: usize = 5;

/// Why a question cannot be answered; `None` where it can.
type Lacks = fn(&Judged<'_>) -> Option<String>;

/// The questions in the order of the page.
const QUESTIONS: [(&str, Lacks); 11] = [
    ("impossible", few_years),
    ("moonshot", no_chance),
    ("sandbagged", thin_tail),
    ("padded", always),
    ("methods_disagree", one_method),
    ("unexplained_gap", no_chance),
    ("one_legged", always),
    ("points_mixed", always),
    ("slope_out_of_range", always),
    ("input_out_of_reach", no_chance),
    ("claims_missed", few_claims),
];

/// The answers to every question, given the flags that were raised.
pub fn verdicts(judged: &Judged<'_>, flags: &[Flag]) -> Vec<Verdict> {
    let answer = |(code, lacks): (&str, Lacks)| {
        let raised = flags.iter().find(|flag| flag.code == code);
        let (answer, message) = match (raised, lacks(judged)) {
            (Some(flag), _) => (Answer::Yes, Some(flag.message.clone())),
            (None, Some(why)) => (Answer::CannotTell, Some(why)),
            (None, None) => (Answer::No, None),
        };
        Verdict { code: code.to_owned(), answer, message }
    };
    QUESTIONS.into_iter().map(answer).collect()
}

/// Takes a flag that was raised later into the answers.
pub fn raise(verdicts: &mut [Verdict], flag: &Flag) {
    for verdict in verdicts.iter_mut().filter(|verdict| verdict.code == flag.code) {
        verdict.answer = Answer::Yes;
        verdict.message = Some(flag.message.clone());
    }
}

fn always(_: &Judged<'_>) -> Option<String> {
    None
}

fn complete(case: &Case<'_>) -> usize {
    case.past().map_or(0, |facts| facts.series.values.iter().flatten().count())
}

fn no_chance(judged: &Judged<'_>) -> Option<String> {
    let why = judged.case.no_forecast?;
    Some(format!("Cannot tell (n = {}): {why}.", complete(judged.case)))
}

fn few_years(judged: &Judged<'_>) -> Option<String> {
    let facts = judged.case.past();
    let calendar = &judged.case.inputs.model.settings.calendar;
    let n = facts.map_or(0, |facts| {
        facts.quarters.iter().filter(|actual| facts.at(calendar.year_before(actual.period)).is_some()).count()
    });
    // A chance that is not small answers by itself.
    let likely = judged.target.and_then(|offer| offer.p_hit).is_some_and(|p| p >= 0.3);
    (n < YEARS && !likely).then(|| {
        format!("Cannot tell (n = {n}): whether it is faster than ever takes {YEARS} past changes over a year.")
    })
}

fn thin_tail(judged: &Judged<'_>) -> Option<String> {
    if let Some(why) = no_chance(judged) {
        return Some(why);
    }
    let p = judged.target?.p_hit_without_plan.filter(|p| *p > crate::flag::SANDBAGGED)?;
    let n = crate::flag::tail_quarters(judged.case);
    (n < crate::flag::TAIL_QUARTERS).then(|| {
        format!(
            "Cannot tell (n = {n}): met with {} without the plan, but so far in the tail a chance needs {} past quarters behind it.",
            chance(p),
            crate::flag::TAIL_QUARTERS
        )
    })
}

fn one_method(judged: &Judged<'_>) -> Option<String> {
    let given = judged.methods.iter().filter(|row| matches!(row, MethodRow::Given { .. })).count();
    (given < 2).then(|| format!("Cannot tell (n = {given}): it takes two methods to disagree."))
}

fn few_claims(judged: &Judged<'_>) -> Option<String> {
    let n = judged.claims.map_or(0, |record| record.n);
    (n < CLAIMS).then(|| format!("Cannot tell (n = {n}): {CLAIMS} past claims are needed."))
}

/// Moves of one share told in points by some and in percent by others: side by side they read as if they were the same.
pub fn points_mixed(judged: &Judged<'_>) -> Option<Flag> {
    let case = judged.case;
    let plan = case.plan.filter(|_| case.metric.unit.is_share())?;
    let level = judged.with.map(|draws| draws.at(0.5)).or_else(|| case.standing().map(|(level, _)| level))?;
    let by_initiatives =
        plan.initiatives.iter().flat_map(|each| each.moves.iter().map(move |moves| (&each.label, moves)));
    let by_risks = plan.risks.iter().flat_map(|each| each.moves.iter().map(move |moves| (&each.label, moves)));
    let on_it: Vec<(&String, &Moves)> =
        by_initiatives.chain(by_risks).filter(|(_, moves)| moves.metric == case.metric.name).collect();
    let of = |kind: ChangeKind| on_it.iter().find(|(_, moves)| moves.by.kind == kind);
    let (points, relative) = (of(ChangeKind::Points)?, of(ChangeKind::Relative)?);
    let (a, b) = (points.1.by.size.mid, relative.1.by.size.mid);
    let points_of = |size: f64| format!("{} pp", crate::wording::number(100.0 * size));
    Some(Flag {
        code: "points_mixed".into(),
        message: format!(
            "{} is told in points ({}, which is {} of {}), {} in percent ({}, which is {}): compare them in one of the two.",
            points.0,
            points_of(a),
            percent(a / level),
            percent(level),
            relative.0,
            percent(b),
            points_of(b * level)
        ),
    })
}
