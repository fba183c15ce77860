//! How a closed target and the scoreboard are told, on pages and on terminals alike.

use super::Status;
use crate::number::{Levels, UNKNOWN, chance, count, expected};
use quarterdeck_lang::Model;
use quarterdeck_lang::model::UnitForm;
use quarterdeck_plan::close::closing::{Cause, CauseKind, Part};
use quarterdeck_plan::close::{Closed, Closing, Grade, ShipClaim};
use quarterdeck_plan::score::{Board, Group, Interval, Line};

/// The status of a grade: a missed target with its promise kept is worth a look.
pub fn status(target: &Closed) -> Status {
    match target.grade.map(|graded| graded.grade) {
        Some(Grade::Target | Grade::Stretch) => Status::Good,
        Some(Grade::Commit) => Status::Watch,
        Some(Grade::Missed) => Status::Bad,
        None => Status::Unknown,
    }
}

/// How a target's levels are written: its own values whole, and with two digits more than its forecast deserved, for what came
/// is known.
pub fn levels(target: &Closed, model: &Model) -> Levels {
    let unit = model.metrics.get(&target.metric).map(|metric| &metric.unit);
    let spread = target.with_judgement.map(|fan| (fan.p90 - fan.p10) / 100.0).filter(|width| *width > 0.0);
    let exact: Vec<f64> = [target.target, target.commit, target.stretch].into_iter().flatten().collect();
    // What is counted in whole numbers stays whole, and money has no parts of a cent.
    let whole = exact.iter().chain(&target.value).all(|value| value.fract() == 0.0);
    let money = unit.is_some_and(|unit| unit.form == UnitForm::Money);
    let least = if whole {
        10.0
    } else if money {
        0.1
    } else {
        0.0
    };
    let spread = spread.map(|width| width.max(least));
    Levels::new(unit, &model.settings.currency, spread, &exact)
}

/// A target's label with its slice.
pub fn name(target: &Closed) -> String {
    match &target.slice {
        Some(slice) => format!("{}, {slice}", target.label),
        None => target.label.clone(),
    }
}

/// The grade in words, with its score: `target met`, `missed, 0.42 of the way`.
pub fn grade(target: &Closed) -> String {
    let dropped = if target.dropped { ", though it was dropped" } else { "" };
    let Some(graded) = target.grade else {
        return if target.dropped { "dropped, not graded".to_owned() } else { "not graded yet".to_owned() };
    };
    let words = graded.grade.words();
    if graded.grade >= Grade::Target {
        return format!("{words}{dropped}");
    }
    format!("{words}, score {:.2}{dropped}", graded.score)
}

/// What came, or what came so far.
pub fn came(closing: &Closing, target: &Closed, levels: &Levels) -> String {
    if let Some(value) = target.value {
        return levels.level(value);
    }
    let seen = closing.seen.iter().find(|seen| seen.name == target.name()).and_then(|seen| seen.value);
    seen.map_or_else(|| "–".to_owned(), |value| format!("{} so far", levels.level(value)))
}

/// What the score measures; empty where the target was met.
pub fn way(target: &Closed, levels: &Levels) -> String {
    let Some(graded) = target.grade.filter(|graded| graded.grade < Grade::Target) else { return String::new() };
    match graded.zero.zip(target.target) {
        Some((zero, goal)) => format!(
            "{:.2} of the way from {} (a bad quarter without the plan, as forecast then) to {}",
            graded.score,
            levels.level(zero),
            levels.level(goal)
        ),
        None => "a miss scores 0 here: a bad quarter without the plan was forecast to meet the target".to_owned(),
    }
}

/// Where in the forecast made then the value fell.
pub fn place(target: &Closed) -> String {
    let Some(pit) = target.pit else { return String::new() };
    let (share, side) = if pit <= 0.5 { (pit, "lower") } else { (1.0 - pit, "higher") };
    match share {
        share if share < 0.005 => format!("{side} than the forecast made then allowed in all but 1 of 200 cases"),
        share if share > 0.45 => "in the middle of the forecast made then".to_owned(),
        share => format!("so {side} or more in {} of the cases of the forecast made then", chance(share)),
    }
}

/// What was claimed when it was first proposed.
pub fn claims(target: &Closed, levels: &Levels) -> String {
    let said = target.claims.iter().map(|claim| {
        let came = match claim.hit {
            Some(true) => "came",
            Some(false) => "did not come",
            None => "is open",
        };
        format!("{} {} at {} {came}", claim.level, levels.level(claim.value), chance(claim.p))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// What a person put in its place.
pub fn overridden(target: &Closed, levels: &Levels) -> String {
    let Some(overridden) = &target.overridden else { return String::new() };
    let by = overridden.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let p = overridden.p.map(|p| format!(", at {} in the forecast made then", chance(p))).unwrap_or_default();
    let came = match overridden.hit {
        Some(true) => "it came",
        Some(false) => "it did not come",
        None => "it is open",
    };
    format!("{}{by}{p}: {came}", levels.level(overridden.value))
}

/// A cause: what it is, and what it adds to the distance from the target.
pub fn cause(cause: &Cause, levels: &Levels) -> (String, String) {
    let what = match cause.kind {
        CauseKind::Forecast => "The middle of the forecast made then".to_owned(),
        CauseKind::Unexplained => "Unexplained".to_owned(),
        CauseKind::Initiative if cause.became.is_empty() => cause.label.clone(),
        CauseKind::Initiative => format!("{}: {}", cause.label, cause.became),
    };
    (what, levels.change(cause.adds))
}

/// A part of the tree: its name, what it was to be and was, and what it adds.
pub fn part(part: &Part, levels: &Levels, model: &Model) -> [String; 4] {
    let own = part.metric.as_ref().and_then(|name| model.metrics.get(name));
    let write = |value: Option<f64>| match (value, own) {
        (Some(value), Some(metric)) => crate::number::level(value, &metric.unit, &model.settings.currency, None),
        _ => String::new(),
    };
    let indent = "› ".repeat(part.depth.saturating_sub(1));
    [format!("{indent}{}", part.label), write(part.planned), write(part.came), levels.change(part.adds)]
}

/// Whether an initiative shipped.
pub fn shipped(ship: &ShipClaim) -> (Status, String) {
    let status = match ship.shipped {
        Some(true) => Status::Good,
        Some(false) => Status::Bad,
        None => Status::Unknown,
    };
    // What somebody stated is no estimate: certain is certain.
    let likely = match ship.ships {
        ships if ships <= 0.0 => "not to ship".to_owned(),
        ships if ships >= 1.0 => "certain to ship".to_owned(),
        ships => format!("{} likely to ship", chance(ships)),
    };
    (status, format!("{}: {}; {likely} when it was planned", ship.label, ship.became))
}

/// Which columns of a group hold anything, in the order of [`COLUMNS`].
pub fn shown(group: &Group) -> [bool; 6] {
    let has = |score: fn(&Line) -> Option<Interval>| group.lines.iter().any(|line| score(line).is_some());
    [true, true, true, has(|line| line.brier), has(|line| line.pinball), has(|line| line.skill)]
}

/// Whether a closing is final, and what it waits for.
pub fn state(closing: &Closing) -> String {
    if closing.is_final { "closed for good".to_owned() } else { "closed provisionally".to_owned() }
}

/// How many targets were met: `2 of 4 targets met`.
pub fn summary(closing: &Closing) -> String {
    let standing: Vec<&Closed> = closing.targets.iter().filter(|target| !target.dropped).collect();
    let met = standing.iter().filter(|target| target.grade.is_some_and(|graded| graded.grade >= Grade::Target)).count();
    let open = standing.iter().filter(|target| target.grade.is_none()).count();
    let noun = if standing.len() == 1 { "target" } else { "targets" };
    let open = if open > 0 { format!(", {} still open", count(open)) } else { String::new() };
    format!("{} of {} {noun} met{open}", count(met), count(standing.len()))
}

/// The name of a group of the scoreboard.
pub fn group(group: &Group) -> &'static str {
    match group.name.as_str() {
        "levels" => "Commit, target, stretch",
        "stages" => "Forecast, plan, judgement",
        "models" => "Models",
        "methods" => "Methods",
        "overrides" => "Overrides",
        "ships" => "Chances to ship",
        _ => "Owners",
    }
}

/// The columns of a scoreboard's group.
pub const COLUMNS: [&str; 6] = ["", "claims", "came true", "Brier", "pinball", "skill"];

/// A line of the scoreboard, in the order of [`COLUMNS`].
pub fn line(line: &Line) -> [String; 6] {
    let came = match line.expected {
        Some(should) => format!("{} ({} expected)", count(line.hit), expected(should)),
        None => format!("{} inside 80 %", count(line.hit)),
    };
    let quarters = if line.quarters == 1 { "quarter" } else { "quarters" };
    let n = format!("{} in {} {quarters}", count(line.n), count(line.quarters));
    [line.name.clone(), n, came, score(line.brier, 3), score(line.pinball, 2), score(line.skill, 2)]
}

/// A score with its range.
pub fn score(interval: Option<Interval>, digits: usize) -> String {
    let Some(Interval { value, low, high }) = interval else { return "–".to_owned() };
    let write = |value: f64| {
        if value.is_finite() { format!("{value:.digits$}").replace('-', "−") } else { UNKNOWN.to_owned() }
    };
    match low.zip(high) {
        Some((low, high)) => format!("{} ({} to {})", write(value), write(low), write(high)),
        None => write(value),
    }
}

/// What a reader of the scoreboard should know, in sentences.
pub fn reading(board: &Board) -> Vec<String> {
    let mut told = Vec::new();
    if board.periods.is_empty() {
        told.push("No period is closed for good yet, so there is nothing to score.".to_owned());
    }
    if !board.provisional.is_empty() {
        let names: Vec<String> = board.provisional.iter().map(ToString::to_string).collect();
        told.push(format!("Left out, for not final yet: {}.", names.join(", ")));
    }
    if board.dropped.n > 0 {
        told.push(format!(
            "Dropped targets are counted apart: {}, of which {} would have been met.",
            count(board.dropped.n),
            count(board.dropped.hit)
        ));
    }
    if board.unscored > 0 {
        told.push(format!("Not scored, for no chance or no number: {}.", count(board.unscored)));
    }
    if !board.periods.is_empty() && board.periods.len() < quarterdeck_plan::score::board::RANKED_FROM {
        told.push(format!(
            "Nothing is ranked: {} {} of at least {}.",
            count(board.periods.len()),
            if board.periods.len() == 1 { "closed period" } else { "closed periods" },
            quarterdeck_plan::score::board::RANKED_FROM
        ));
    }
    told
}

/// What the scores mean, in one sentence each.
pub fn legend() -> [&'static str; 3] {
    [
        "Brier: the mean squared distance of a chance from what came; 0 is perfect, 0.25 what 50 % always gives.",
        "Pinball: how far a distribution lay from what came, in the metric's usual changes from year to year; 0 is perfect.",
        "Skill: 1 is perfect, 0 no better than last year's quarter with its usual change. In brackets: 8 of 10 redrawn sets of quarters.",
    ]
}

/// What the Brier score is made of, in a sentence.
pub fn parts(board: &Board) -> String {
    let Some(parts) = board.parts else { return String::new() };
    let all = parts.reliability - parts.resolution + parts.uncertainty + parts.within;
    let within = if parts.within.abs() < 0.0005 {
        String::new()
    } else {
        format!(" {} {:.3} within tenths", if parts.within < 0.0 { "−" } else { "+" }, parts.within.abs())
    };
    format!(
        "The targets' Brier score of {all:.3} is {:.3} off in reliability − {:.3} of resolution + {:.3} of uncertainty{within}.",
        parts.reliability, parts.resolution, parts.uncertainty
    )
}
