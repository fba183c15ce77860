//! What a reader must be told about a target, each with its evidence.
//!
//! One function each, one line in [`flags`].

use crate::effect::Course;
use crate::method::Case;
use crate::offer::Draws;
use crate::proposal::{ClaimRecord, Flag, MethodRow, Offer};
use crate::wording::{chance, difference, list, number, percent};
use quarterdeck_forecast::Nature;
use quarterdeck_lang::model::{Better, Initiative};

/// Below this chance a target is a moonshot.
const MOONSHOT: f64 = 0.1;
/// Above this chance without any plan a target asks for nothing.
pub const SANDBAGGED: f64 = 0.95;
/// A chance far in the tail needs so many past quarters behind it.
pub const TAIL_QUARTERS: usize = 20;
/// A set target this far under the wanted chance leaves a gap that nothing explains.
const UNEXPLAINED: f64 = 0.1;

/// Days without data beyond which a history is told as old, cohorts that need two months to mature being none.
const OLD: i64 = 62;

/// One target, ready to be judged.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    /// The target and all that is known of it.
    pub case: &'a Case<'a>,
    /// What is proposed.
    pub target: Option<Offer>,
    /// Its number with everything.
    pub with: Option<&'a Draws>,
    /// Its methods.
    pub methods: &'a [MethodRow],
    /// Whether better is higher, lower or inside.
    pub better: Better,
    /// How past claims of its chance came true.
    pub claims: Option<&'a ClaimRecord>,
}

/// Past claims of this level came true less often than chance explains: the reader is to trust the chance less.
fn claims_missed(judged: &Judged<'_>) -> Option<Flag> {
    let record = judged.claims.filter(|record| record.hit < record.low)?;
    flag(
        "claims_missed",
        format!(
            "Of {} past claims of {} only {} came true, where {} were due and {} is the least that chance explains: believe \
             this one less than it says.",
            record.n,
            chance(record.level),
            record.hit,
            number(record.expected),
            record.low
        ),
    )
}

/// Every flag of a target, those of its methods last.
pub fn flags(judged: &Judged<'_>, of_methods: Vec<Flag>) -> Vec<Flag> {
    let rules: [fn(&Judged<'_>) -> Option<Flag>; 15] = [
        too_little_history,
        old_data,
        impossible,
        past_cap,
        faster_than_ever,
        moonshot,
        sandbagged,
        methods_disagree,
        unexplained_gap,
        one_legged,
        set_mid_period,
        no_evidence,
        starts_after,
        claims_missed,
        crate::verdict::points_mixed,
    ];
    let mut flags: Vec<Flag> = rules.iter().filter_map(|rule| rule(judged)).collect();
    for flag in of_methods {
        // The same thing told by two variants is one thing.
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    flags
}

fn flag(code: &str, message: String) -> Option<Flag> {
    Some(Flag { code: code.to_owned(), message })
}

fn too_little_history(judged: &Judged<'_>) -> Option<Flag> {
    let why = judged.case.no_forecast?;
    let from = if judged.target.is_some() {
        "The value comes from the other methods alone."
    } else {
        "No method has input either."
    };
    let code = if judged.case.too_short { "too_little_history" } else { "no_chance" };
    flag(code, format!("No chance can be told: {why}. {from}"))
}

/// The history ends so long before the as-of date that the forecast first has to bridge what nobody has seen.
fn old_data(judged: &Judged<'_>) -> Option<Flag> {
    let case = judged.case;
    let (last, as_of) = (case.past()?.covered(&case.inputs.model.settings.calendar)?, case.inputs.as_of);
    let days = (as_of - last).num_days();
    let message = format!(
        "Its data ends on {last}, {} days before {as_of}: what came since is forecast too. Newer data, or `--as-of \
         {last}`, makes the chance firmer.",
        number(days as f64)
    );
    let step = 366.0 / case.metric.grain.per_year() as f64;
    if days > OLD && days as f64 > 2.0 * step { flag("old_data", message) } else { None }
}

/// Above a share of 1, or above what the market holds even at its high end.
fn impossible(judged: &Judged<'_>) -> Option<Flag> {
    let (case, value) = (judged.case, judged.target?.value);
    let share = case.metric.unit.is_share();
    let (low, high) = case.metric.bounds;
    if let Some(high) = high.filter(|high| share && value > *high) {
        return flag("impossible", format!("{} is above {}, the most it can be.", case.level(value), case.level(high)));
    }
    if let Some(low) = low.filter(|low| value < *low) {
        return flag("impossible", format!("{} is below {}, the least it can be.", case.level(value), case.level(low)));
    }
    let facts = case.past()?;
    let cap = facts.series.cap.as_ref()?;
    let high = cap.high * facts.per_window;
    let message = format!("{} is more than {} at its high end, {}.", case.level(value), cap.label, case.level(high));
    if value > high { flag("impossible", message) } else { None }
}

/// Inside the range of the market's size.
fn past_cap(judged: &Judged<'_>) -> Option<Flag> {
    let (case, value) = (judged.case, judged.target?.value);
    let facts = case.past()?;
    let cap = facts.series.cap.as_ref()?;
    let (low, high) = (cap.low * facts.per_window, cap.high * facts.per_window);
    let message = format!(
        "{} lies inside the range in which {} may end: {} to {}.",
        case.level(value),
        cap.label,
        case.level(low),
        case.level(high)
    );
    if value > low && value <= high && low < high { flag("past_cap", message) } else { None }
}

/// A larger step over a year than any year brought, where the chance agrees that it is a lot.
fn faster_than_ever(judged: &Judged<'_>) -> Option<Flag> {
    let (case, offer) = (judged.case, judged.target?);
    if offer.p_hit.is_some_and(|p| p >= 0.3) || matches!(judged.better, Better::Between(..)) {
        return None;
    }
    let facts = case.past()?;
    let calendar = &case.inputs.model.settings.calendar;
    let share = facts.series.nature == Nature::Share;
    let step = |from: f64, to: f64| if share { to - from } else { to / from - 1.0 };
    let needed = step(facts.at(calendar.year_before(case.period))?, offer.value);
    let past: Vec<f64> = facts
        .quarters
        .iter()
        .filter_map(|actual| Some(step(facts.at(calendar.year_before(actual.period))?, actual.value)))
        .filter(|step| step.is_finite())
        .collect();
    let sign = if judged.better == Better::Lower { -1.0 } else { 1.0 };
    let most = past.iter().map(|step| sign * step).fold(f64::NEG_INFINITY, f64::max);
    if past.len() < 8 || sign * needed <= most {
        return None;
    }
    let words = |step: f64| if share { difference(step, &case.metric.unit) } else { percent(step) };
    flag(
        "impossible",
        format!(
            "It takes {} over a year; the most in the {} years that ended with a past quarter was {}.",
            words(needed),
            past.len(),
            words(sign * most)
        ),
    )
}

fn moonshot(judged: &Judged<'_>) -> Option<Flag> {
    let offer = judged.target?;
    let p = offer.p_hit.filter(|p| *p < MOONSHOT)?;
    let middle = judged.with.map(|draws| judged.case.level(draws.at(0.5))).unwrap_or_default();
    let value = judged.case.level(offer.value);
    flag("moonshot", format!("{value} is met with {}; the middle of all paths is {middle}.", chance(p)))
}

fn sandbagged(judged: &Judged<'_>) -> Option<Flag> {
    let offer = judged.target?;
    let p = offer.p_hit_without_plan.filter(|p| *p > SANDBAGGED)?;
    let facts = judged.case.past()?;
    let quarters = tail_quarters(judged.case);
    let met =
        facts.quarters.iter().rev().take(4).filter(|q| crate::offer::hit(judged.better, offer.value, q.value)).count();
    let recent = facts.quarters.len().min(4);
    let behind = if facts.quarters.len() >= TAIL_QUARTERS { "quarters" } else { "outcomes of it and its like" };
    let message = format!(
        "{} is met with {} without doing anything; {quarters} past {behind} stand behind that, and {met} of the latest {recent} met it.",
        judged.case.level(offer.value),
        chance(p)
    );
    if quarters >= TAIL_QUARTERS { flag("sandbagged", message) } else { None }
}

/// How many past quarters stand behind a chance far in the tail: those of the metric, or those of like series that its
/// calibration was learnt from.
pub fn tail_quarters(case: &Case<'_>) -> usize {
    let own = case.past().map_or(0, |facts| facts.quarters.len());
    let pooled = case.outlook.get(case.name).map_or(0, |forecast| forecast.calibration.origins);
    own.max(pooled)
}

/// The methods' middles lie further apart than the forecast is wide.
fn methods_disagree(judged: &Judged<'_>) -> Option<Flag> {
    let (low, high) = ends(judged.methods)?;
    let width = judged.with.map(Draws::width).filter(|width| *width > 0.0);
    let allowed = width.unwrap_or(0.1 * low.1.abs().max(high.1.abs()));
    let unit = &judged.case.metric.unit;
    let message = format!(
        "{} says {}, {} says {}: {} apart, more than the {} between a bad and a good quarter.",
        high.0,
        judged.case.level(high.1),
        low.0,
        judged.case.level(low.1),
        difference(high.1 - low.1, unit),
        difference(allowed, unit)
    );
    if high.1 - low.1 > allowed { flag("methods_disagree", message) } else { None }
}

/// A method's name and its middle.
pub type Middle<'a> = (&'a str, f64);

/// The methods with the lowest and the highest middle; `None` for fewer than two.
pub fn ends(methods: &[MethodRow]) -> Option<(Middle<'_>, Middle<'_>)> {
    let given: Vec<(&str, f64)> = methods
        .iter()
        .filter_map(|row| match row {
            MethodRow::Given { name, p50, .. } => Some((name.as_str(), *p50)),
            MethodRow::Missing { .. } => None,
        })
        .collect();
    let low = given.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let high = given.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (given.len() > 1).then_some((*low, *high))
}

/// A set target that asks for more than what is known gives with the wanted chance.
fn unexplained_gap(judged: &Judged<'_>) -> Option<Flag> {
    let (case, offer, with) = (judged.case, judged.target?, judged.with?);
    let confidence = case.target.confidence;
    let p = offer.p_hit.filter(|p| *p < confidence - UNEXPLAINED)?;
    if case.target.set.is_none() || matches!(judged.better, Better::Between(..)) {
        return None;
    }
    let explained = with.met_with(judged.better, confidence);
    flag(
        "unexplained_gap",
        format!(
            "Set at {}, met with {}; what is known gives {} with {}. Nothing named here explains the remaining {}.",
            case.level(offer.value),
            chance(p),
            case.level(explained),
            chance(confidence),
            difference((offer.value - explained).abs(), &case.metric.unit)
        ),
    )
}

fn one_legged(judged: &Judged<'_>) -> Option<Flag> {
    let given: Vec<&str> = judged
        .methods
        .iter()
        .filter_map(|row| match row {
            MethodRow::Given { name, .. } => Some(name.as_str()),
            MethodRow::Missing { .. } => None,
        })
        .collect();
    match given.as_slice() {
        [one] => {
            flag("one_legged", format!("Only one method has input: {one}. Nothing else speaks for or against it."))
        }
        _ => None,
    }
}

fn set_mid_period(judged: &Judged<'_>) -> Option<Flag> {
    let ((starts, ends), as_of) = (judged.case.window, judged.case.inputs.as_of);
    if as_of < starts {
        return None;
    }
    let (day, days) = ((as_of - starts).num_days() + 1, (ends - starts).num_days() + 1);
    flag("set_mid_period", format!("Set on day {day} of {days}: what has come so far counts as it came."))
}

/// Initiatives that reach the metric and name no evidence, or evidence that is not known yet.
fn no_evidence(judged: &Judged<'_>) -> Option<Flag> {
    let case = judged.case;
    let counts = |initiative: &&Initiative| {
        let course = Course::of(initiative).filter(|course| course.ships > 0.0 && course.measured.is_none());
        course.is_some_and(|course| course.starts.is_none_or(|day| day <= case.window.1))
    };
    let bare: Vec<String> = reaching(case)
        .into_iter()
        .filter(|initiative| initiative.evidence.is_none())
        .filter(counts)
        .map(|initiative| initiative.label.clone())
        .collect();
    if bare.is_empty() {
        return None;
    }
    let number = number(bare.len() as f64);
    let subject = if bare.len() == 1 {
        "names no evidence; its effect counts".to_owned()
    } else {
        format!("name no evidence; the {number} effects count")
    };
    flag("no_evidence", format!("{} {subject} as stated. As an opinion it would count for half at most.", list(&bare)))
}

/// Initiatives that are to move the metric and begin when its period is over.
fn starts_after(judged: &Judged<'_>) -> Option<Flag> {
    let case = judged.case;
    let late: Vec<String> = case
        .plan?
        .initiatives
        .iter()
        .filter(|initiative| initiative.moves.iter().any(|moves| moves.metric == case.name))
        .filter_map(|initiative| {
            let starts = Course::of(initiative)?.starts.filter(|day| *day > case.window.1)?;
            Some(format!("{} starts on {starts}", initiative.label))
        })
        .collect();
    let verb = if late.len() == 1 { "it adds" } else { "they add" };
    let message = || format!("{}, after {} is over: {verb} nothing to it.", list(&late), case.period);
    if late.is_empty() { None } else { flag("starts_after", message()) }
}

/// The plan's initiatives that move the metric, or a part of it.
fn reaching<'a>(case: &Case<'a>) -> Vec<&'a Initiative> {
    let Some((plan, node)) = case.plan.zip(case.world.place(case.name)) else { return Vec::new() };
    let reaches = |name: &str| {
        let groups = case.world.groups().iter().filter(|group| group.name == name);
        let mut effects = groups.flat_map(|group| &group.effects);
        effects.any(|effect| effect.node == node || case.world.reaches(node, effect.node))
    };
    plan.initiatives.iter().filter(|initiative| reaches(&initiative.name)).collect()
}

#[cfg(test)]
#[path = "flag/tests.rs"]
mod tests;
