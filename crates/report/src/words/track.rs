//! How a followed target is told, on pages and on terminals alike.

use super::{Status, chance_word, quarter_names};
use crate::number::{Levels, UNKNOWN, chance, chance_gap, count, day, level};
use quarterdeck_calendar::Grain;
use quarterdeck_plan::track::required::Kind;
use quarterdeck_plan::track::{Colour, Open, Required, Track, Tracked, Watched};

/// The status of a colour.
pub fn status(colour: Colour) -> Status {
    match colour {
        Colour::Green => Status::Good,
        Colour::Yellow => Status::Watch,
        Colour::Red => Status::Bad,
        Colour::Unknown => Status::Unknown,
    }
}

/// How a target's levels are written: as precisely as its landing deserves, its own values whole.
pub fn levels(track: &Track, target: &Tracked) -> Levels {
    // A number that is known is written with three digits or four.
    let width = |fan: quarterdeck_plan::proposal::Fan| match fan.p90 - fan.p10 {
        width if width > 0.0 => width,
        _ => fan.p50.abs() / 50.0,
    };
    let spread = target.landing.map(width).filter(|width| *width > 0.0);
    let mut exact: Vec<f64> = vec![target.target];
    exact.extend(target.commit);
    exact.extend(target.stretch);
    exact.extend(target.detail.range.into_iter().flat_map(|(low, high)| [low, high]));
    Levels::new(target.detail.unit.as_ref(), &track.cover.currency, spread, &exact)
}

/// A target's label with its slice.
pub fn name(target: &Tracked) -> String {
    match &target.slice {
        Some(slice) => format!("{}, {slice}", target.label),
        None => target.label.clone(),
    }
}

/// What is aimed at: a value, or a range.
pub fn goal(target: &Tracked, levels: &Levels) -> String {
    match target.detail.range {
        Some((low, high)) => levels.range(low, high),
        None => levels.level(target.target),
    }
}

/// Which day of the period it is.
pub fn day_of(track: &Track) -> String {
    match track.day {
        before if before < 1 => match 1 - before {
            1 => "the day before it begins".to_owned(),
            days => format!("{days} days before it begins"),
        },
        after if after > track.days => format!("{} days after its end", after - track.days),
        within => format!("day {within} of {}", track.days),
    }
}

/// How many targets have which colour: `1 red, 2 yellow, 1 green`.
pub fn summary(track: &Track) -> String {
    let colours = [Colour::Red, Colour::Yellow, Colour::Unknown, Colour::Green];
    let counted = colours.into_iter().filter_map(|colour| {
        let n = track.targets.iter().filter(|target| target.colour == colour).count();
        (n > 0).then(|| format!("{} {} {}", status(colour).mark(), count(n), colour.word()))
    });
    let words: Vec<String> = counted.collect();
    if words.is_empty() { "no target is in force".to_owned() } else { words.join(", ") }
}

/// Where the number is, beside the plan's path on the same day.
pub fn so_far(target: &Tracked, levels: &Levels) -> String {
    let Some((actual, through)) = target.actual_so_far.zip(target.through) else { return "nothing yet".to_owned() };
    let plan = match target.plan_so_far {
        Some(plan) => format!("; the plan's path is at {}", levels.level(plan)),
        None => String::new(),
    };
    format!("{} through {}{plan}", levels.with_unit(actual), day(through))
}

/// Where it lands.
pub fn landing(target: &Tracked, levels: &Levels) -> String {
    let Some(fan) = target.landing else {
        return target.no_p_hit.as_ref().map_or_else(|| UNKNOWN.to_owned(), |why| format!("{UNKNOWN}: {why}"));
    };
    if fan.p10 == fan.p90 {
        return levels.with_unit(fan.p50);
    }
    let [low, middle, high] = quarter_names(&target.better);
    let (low_at, high_at) = (levels.level(fan.p10), levels.level(fan.p90));
    format!("{} ({middle}), {low_at} ({low}), {high_at} ({high})", levels.with_unit(fan.p50))
}

/// The chance now, and what it was.
pub fn chances(target: &Tracked) -> String {
    let Some(p) = target.p_hit else { return UNKNOWN.to_owned() };
    let word = chance_word(p).map(|word| format!(" ({word})")).unwrap_or_default();
    let before = |was: Option<f64>, when: &str| was.map(|was| format!("{} {when}", chance(was)));
    let was: Vec<String> =
        [before(target.p_hit_week_ago, "a week ago"), before(target.p_hit_accepted, "when it was accepted")]
            .into_iter()
            .flatten()
            .collect();
    let was = if was.is_empty() { String::new() } else { format!("; {}", was.join(", ")) };
    format!("{}{word} that the target is met{was}", chance(p))
}

/// By how much the chance changed in a week: `+4 pp`, `−12 pp`, `±0 pp`.
pub fn change(target: &Tracked) -> String {
    let Some((now, before)) = target.p_hit.zip(target.p_hit_week_ago) else { return String::new() };
    let gap = chance_gap(now, before);
    match gap.as_str() {
        "0 pp" => "±0 pp".to_owned(),
        gap if now > before => format!("+{gap}"),
        gap => format!("−{gap}"),
    }
}

/// What the promise has for a chance.
pub fn promise(target: &Tracked, levels: &Levels) -> String {
    let Some((commit, p)) = target.commit.zip(target.p_commit) else { return String::new() };
    let colour = target.commit_colour;
    format!(
        "{} {}: the commit of {} is met with {}",
        status(colour).mark(),
        colour.word(),
        levels.level(commit),
        chance(p)
    )
}

/// What the rest of the period must be, and how often that was so.
pub fn needs(target: &Tracked, levels: &Levels) -> String {
    let Some(required) = &target.required else { return String::new() };
    let Required { per, needed, steps, n, reached, stretches, stretches_reached, .. } = required;
    let noun = |count: usize| if count == 1 { format!("{per}") } else { format!("{per}s") };
    let lower = target.better == "lower";
    if *needed <= 0.0 && required.kind == Kind::Rate && !lower {
        return "nothing more: the target is reached already".to_owned();
    }
    let most = if lower { "at most " } else { "" };
    let amount = match required.kind {
        Kind::Rate => format!("{most}{} a {per}", levels.with_unit(*needed)),
        Kind::Level => format!("{most}{} over the rest", levels.with_unit(*needed)),
        Kind::Change => format!("{} a {per}", levels.change(*needed)),
    };
    let left = match required.kind {
        Kind::Rate | Kind::Change => format!(" for {} {}", count(*steps), noun(*steps)),
        Kind::Level => String::new(),
    };
    let so_far = match (required.kind, required.so_far) {
        (Kind::Rate, Some(value)) => format!(", after {} a {per} so far", levels.level(value)),
        (_, Some(value)) => format!(", after {} so far", levels.level(value)),
        (_, None) => String::new(),
    };
    let mut text = format!("{amount}{left}{so_far}");
    if *n > 0 {
        let only = if reached * 10 <= *n { "only " } else { "" };
        text.push_str(&format!("; {only}{} of {} past {} reached that", count(*reached), count(*n), noun(*n)));
    }
    if *stretches > 0 && *steps > 1 {
        text.push_str(&format!(
            ", and {} of {} stretches of {} {}",
            count(*stretches_reached),
            count(*stretches),
            count(*steps),
            noun(*steps)
        ));
    }
    text
}

/// How a guard stands.
pub fn guard(guard: &Watched, currency: &str) -> String {
    let mark = status(guard.colour).mark();
    let Watched { label, colour, limit, latest, p_breach, alarms, allowed, .. } = guard;
    let write = |value: f64| match &guard.unit {
        Some(unit) => level(value, unit, currency, limit.map(|limit| limit.abs() / 10.0)),
        None => value.to_string(),
    };
    let side = if guard.at_most { "at most" } else { "at least" };
    let Some(limit) = limit.map(write) else {
        return format!("{mark} {label}: it has no limit, for there was no history to take one from");
    };
    let reading = match latest.zip(guard.on) {
        Some((value, on)) if *colour == Colour::Red => {
            format!("sounds at {} on {}, {side} {limit} is allowed", write(value), day(on))
        }
        Some((value, on)) => format!("reads {} on {}, {side} {limit} is allowed", write(value), day(on)),
        None => format!("has no reading yet; {side} {limit} is allowed"),
    };
    let times = match alarms {
        0 => String::new(),
        1 => "; it has sounded once".to_owned(),
        n => format!("; it has sounded {} times", count(*n)),
    };
    let budget = if *alarms > 0 { format!(" (at most {allowed} a year may be false)") } else { String::new() };
    let chance =
        p_breach.filter(|_| *colour != Colour::Red).map(|p| format!("; {} that it sounds by the end", chance(p)));
    let who = guard.owner.as_ref().filter(|_| *colour == Colour::Red);
    let who = who.map_or_else(String::new, |who| format!("; who acts: {who}"));
    format!("{mark} {label}: {reading}{times}{budget}{}{who}", chance.unwrap_or_default())
}

/// An open note.
pub fn note(note: &Open) -> String {
    let Open { id, on, note, by, owner, due, overdue } = note;
    let mut facts: Vec<String> = Vec::new();
    facts.extend(owner.as_ref().map(|owner| format!("{owner} acts")));
    facts.extend(due.map(|due| format!("due {}{}", day(due), if *overdue { ", overdue" } else { "" })));
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    let mark = if *overdue { format!("{} ", Status::Bad.mark()) } else { String::new() };
    format!("{mark}{note} · {by}, {}{facts} · {id}", day(*on))
}

/// That nothing new arrived; empty where something did.
pub fn stale(target: &Tracked) -> String {
    target.no_new_data_since.map(|since| format!("no new data since {}", day(since))).unwrap_or_default()
}

/// The noun of a period, for pages: `quarter`.
pub fn period_noun(track: &Track) -> &'static str {
    match track.period.grain() {
        Grain::Half => "half-year",
        Grain::Year => "year",
        _ => "quarter",
    }
}
