//! The sheet of one target: header, the ask, how likely it is, the methods, the way there, and the footer.

use super::voice::{Voice, sentence, state_status, state_word};
use super::{Block, Cell, Key, OfferCard, Section, Sheet, Table, Text, appendix, budget, evidence, slug};
use crate::chart::{Chart, Figure, bridge::Bridge, fan::FanChart};
use crate::number::{chance, chance_gap, count, day, expected, money_range};
use crate::words::{Audience, Status, chance_phrase, flag_name};
use crate::{Standing, target_key};
use quarterdeck_lang::model::Estimate;
use quarterdeck_plan::proposal::{BridgeKind, Budget, Flag, MethodRow, Offer, Proposal, TargetProposal};

/// The sheet and the appendix of a target.
pub(crate) fn target_sheet(
    proposal: &Proposal,
    target: &TargetProposal,
    standing: &Standing,
    audience: Audience,
) -> Sheet {
    let compose = |audience, budget| {
        let voice = Voice::new(proposal, target, standing, audience, budget);
        Sheet {
            id: slug(&target_key(target)),
            kicker: kicker(proposal),
            title: voice.label(),
            offers: offers(&voice),
            facts: facts(&voice),
            lead: lead(&voice),
            body: audience.order().into_iter().filter_map(|key| section(&voice, key)).collect(),
            foot: foot(&voice),
            appendix: Vec::new(),
        }
    };
    let (mut sheet, on_sheet) = budget::fit(audience, compose);
    let whole = Voice::new(proposal, target, standing, audience, budget::Budget::WHOLE);
    sheet.appendix = appendix::appendix(&whole, on_sheet);
    sheet
}

/// `2027-Q1 · 1 Jan 2027 to 31 Mar 2027`.
pub(super) fn kicker(proposal: &Proposal) -> Text {
    Text::from(format!("{} · {} to {}", proposal.period, day(proposal.starts), day(proposal.ends)))
}

fn section(voice: &Voice<'_>, key: Key) -> Option<Section> {
    let blocks = match key {
        Key::Fan => fan(voice),
        Key::Methods => methods(voice),
        Key::Bridge => bridge(voice),
        Key::Must => evidence::must(voice),
        Key::Guards => evidence::guards(voice),
        Key::Market => evidence::market(voice),
        Key::Risks => evidence::risks(voice),
        Key::Record => evidence::record(voice),
        Key::Unknown => evidence::unknown(voice),
    };
    (!blocks.is_empty()).then(|| Section::new(voice.audience.heading(key), blocks))
}

fn offers(voice: &Voice<'_>) -> Vec<OfferCard> {
    let card = |name, offer: Option<Offer>, main: bool| match offer {
        Some(offer) => OfferCard {
            name,
            value: voice.goal_with_unit(offer.value),
            chance: voice.chance_of(&offer),
            // A stretch is meant to be unlikely and a commitment likely: only the target has a status.
            status: main.then(|| Status::of_chance(offer.p_hit)),
        },
        None => {
            let (value, chance) = ("none".to_owned(), "not proposed".to_owned());
            OfferCard { name, value, chance, status: main.then_some(Status::Unknown) }
        }
    };
    let offers = &voice.target.proposed;
    vec![
        card("Commit", offers.commit, false),
        card("Target", offers.target, true),
        card("Stretch", offers.stretch, false),
    ]
}

fn facts(voice: &Voice<'_>) -> Vec<(String, Text)> {
    let standing = voice.standing;
    let state = voice.state();
    let mut facts = vec![
        ("State".to_owned(), Text::from(format!("{} {}", state_status(state).mark(), state_word(state)))),
        (
            "Owner".to_owned(),
            voice.target.owner.as_deref().map_or("nobody yet".into(), |who| Text::new().code(voice.budget.name(who))),
        ),
    ];
    let approvals = match (standing.approvals.is_empty(), &voice.proposal.cover.approver) {
        (false, _) => Text::from(voice.budget.clip(&standing.approvals.join("; "))),
        (true, Some(who)) => Text::from("not yet; asked: ").code(voice.budget.name(who)),
        (true, None) => Text::from("not yet"),
    };
    facts.push(("Approved".to_owned(), approvals));
    facts.push(("Definition".to_owned(), Text::new().code(&voice.target.revision)));
    if !standing.verify_id.is_empty() {
        facts.push(("Verify".to_owned(), Text::new().code(&standing.verify_id)));
    }
    facts
}

/// The reason keeps so many words.
pub(super) const BECAUSE: usize = 16;

fn lead(voice: &Voice<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Ask(ask(voice))];
    if let Some(why) = &voice.target.because {
        let why = sentence(&voice.budget.at_least(BECAUSE).clip(why));
        blocks.push(Block::paragraph(Text::new().strong("Because: ").plain(why)));
    }
    if let Some(budget) = &voice.target.findings.budget {
        blocks.push(Block::paragraph(against_budget(voice, budget)));
    }
    for longer in &voice.target.findings.goals {
        let period = longer.period;
        blocks.push(Block::paragraph(Text::new().strong(format!("Against {period}: ")).plain(longer.words.clone())));
    }
    blocks.push(likely(voice));
    blocks.push(Block::paragraph(past_claims(voice)));
    let flags = flags_told(voice);
    let (flags, more) = voice.budget.take(&flags);
    for flag in flags {
        let text = Text::new().strong(format!("{}: ", flag_name(&flag.code)));
        blocks.push(Block::Note(Status::Watch, text.plain(sentence(&voice.budget.longer().clip(&flag.message)))));
    }
    if more > 0 {
        blocks.push(Block::paragraph(format!("And {more} more, in the appendix.")));
    }
    blocks
}

/// The flags the sheet tells: too little history is told by the chance that cannot be given.
pub(super) fn flags_told<'a>(voice: &Voice<'a>) -> Vec<&'a Flag> {
    let silent = voice.target.proposed.target.is_some_and(|offer| offer.p_hit.is_none());
    voice.target.flags.iter().filter(|flag| !(silent && flag.code == "too_little_history")).collect()
}

/// The ask, with the base it is compared with and what it is worth.
fn ask(voice: &Voice<'_>) -> Text {
    let target = voice.target;
    let period = voice.proposal.period;
    let Some(offer) = target.proposed.target else {
        let why = target.detail.no_p_hit.as_deref().unwrap_or("no method has input");
        return Text::from(format!("No target can be proposed for {period}: {}", sentence(&voice.budget.clip(why))));
    };
    let to = voice.phrase(offer.value);
    let begin = Text::from(format!("{} ", voice.audience.ask())).strong(voice.budget.name(&voice.label()));
    let from = target.last_actual.map(|actual| (voice.levels.level(actual.value), actual.period));
    let takes = !matches!(voice.audience, Audience::Leadership | Audience::Finance);
    let text = match from {
        Some((from, when)) if takes => {
            begin.plain(format!(" from {from} in {when} to ")).strong(to).plain(format!(" in {period}."))
        }
        Some((from, when)) => begin.plain(" at ").strong(to).plain(format!(" in {period}, against {from} in {when}.")),
        None => {
            let word = if takes { " to " } else { " at " };
            begin.plain(word).strong(to).plain(format!(" in {period}; no complete quarter is there to compare with."))
        }
    };
    match &target.detail.worth {
        Some(worth) if worth.mid < 0.0 => {
            let less = Estimate { low: -worth.high, mid: -worth.mid, high: -worth.low, ..*worth };
            let says = if target.better == "lower" { "The step is worth" } else { "The step down gives up" };
            text.plain(format!(" {says} {}.", money_range(&less, voice.currency())))
        }
        Some(worth) => text.plain(format!(" The step is worth {}.", money_range(worth, voice.currency()))),
        None => text,
    }
}

/// What the budget counts on: how likely it is, and where the middle of all paths lies.
fn against_budget(voice: &Voice<'_>, budget: &Budget) -> Text {
    let text = Text::new().strong("Against the budget: ");
    text.plain(sentence(&crate::words::budget(budget, &voice.levels)))
}

/// How likely it is, with the plan and without.
fn likely(voice: &Voice<'_>) -> Block {
    let target = voice.target;
    let offer = target.proposed.target;
    let Some(with) = offer.and_then(|offer| offer.p_hit) else {
        let why = target.detail.no_p_hit.as_deref().unwrap_or("there is too little history");
        let text =
            Text::new().strong("No chance can be given").plain(format!(": {}", sentence(&voice.budget.clip(why))));
        return Block::Note(Status::Unknown, text);
    };
    let text = Text::new().strong(format!("Chance of meeting it: {},", chance_phrase(with)));
    let text = match offer.and_then(|offer| offer.p_hit_without_plan) {
        None => text.plain(" with everything counted in."),
        Some(_) if voice.proposal.cover.revision.is_empty() => text.plain(" without any plan."),
        Some(without) if chance(without) == chance(with) => {
            text.plain(format!(" with the plan and without ({}).", chance(without)))
        }
        Some(without) => {
            let turn = if with > without { "adds" } else { "takes away" };
            text.plain(format!(
                " with the plan; {}, without it. The plan {turn} {}.",
                chance_phrase(without),
                chance_gap(with, without)
            ))
        }
    };
    Block::Note(Status::of_chance(Some(with)), text.plain(quarters(voice)))
}

/// ` Bad quarter (1 in 10): 9,400 or less; …`.
fn quarters(voice: &Voice<'_>) -> String {
    let Some(fan) = voice.quarter() else { return String::new() };
    let [(first, a), (_, b), (last, c)] = voice.named((fan.p10, fan.p50, fan.p90));
    let (low, high) = if a <= c { ("or less", "or more") } else { ("or more", "or less") };
    let level = |value| voice.levels.level(value);
    let (first, last) = (first_upper(first), last.trim_end_matches(" quarter"));
    format!(" {first} (1 in 10): {} {low}; middle: {}; {last} (1 in 10): {} {high}.", level(a), level(b), level(c))
}

/// How such claims came true.
fn past_claims(voice: &Voice<'_>) -> Text {
    let Some(claims) = &voice.target.claims else {
        return Text::from("How often such claims came true is not known: there is too little history.");
    };
    let source = if claims.source == "ledger" { "on record" } else { "in a backtest" };
    let verdict = match claims.hit {
        hit if hit < claims.low => " Such claims have been too bold.",
        hit if hit > claims.high => " Such claims have been too cautious.",
        _ => "",
    };
    Text::from(format!(
        "Of {} past claims of {} {source}, {} came true; {} were expected, and {} to {} are within chance.{verdict}",
        count(claims.n),
        chance(claims.level),
        count(claims.hit),
        expected(claims.expected),
        count(claims.low),
        count(claims.high),
    ))
}

fn fan(voice: &Voice<'_>) -> Vec<Block> {
    let Some(chart) = FanChart::of(voice) else { return Vec::new() };
    let target = voice.target;
    let title = match (target.proposed.target, voice.quarter()) {
        (Some(offer), Some(fan)) => {
            let (middle, at) = (voice.levels.level(fan.p50), voice.goal(offer.value));
            let side = match target.detail.range {
                Some((low, high)) if (low..=high).contains(&fan.p50) => "inside",
                Some(_) => "outside",
                None if middle == at => "right on",
                None if fan.p50 > offer.value => "above",
                None => "below",
            };
            match offer.p_hit {
                Some(p) => format!("{at} has a chance of {}: the middle quarter, {middle}, is {side} it", chance(p)),
                None => format!("The middle quarter, {middle}, is {side} the target of {at}"),
            }
        }
        (Some(offer), None) => format!("{} stands on other methods than history", voice.goal(offer.value)),
        (None, _) => "Where the history points".to_owned(),
    };
    vec![Block::Chart(Box::new(Chart {
        id: format!("{}-fan", slug(&target_key(target))),
        title,
        figure: Figure::Fan(Box::new(chart)),
    }))]
}

/// Why the methods agree or differ keeps so many words.
pub(super) const AGREEMENT: usize = 22;

fn methods(voice: &Voice<'_>) -> Vec<Block> {
    let mut columns = vec![("Method".to_owned(), false)];
    let names = voice.named((0.0, 0.0, 0.0)).map(|(name, _)| name);
    columns.extend(names.map(|name| (first_upper(name), true)));
    let [first, _, last] = names;
    columns.push(("How".to_owned(), false));
    let rows = voice.target.methods.iter().map(|row| method_row(voice, row)).collect();
    let mut blocks = vec![Block::Table(Table {
        caption: format!("What each method says; a {first} and a {last} come 1 in 10 times"),
        columns,
        rows,
    })];
    let agreement = voice.target.detail.agreement.trim();
    if !agreement.is_empty() {
        blocks.push(Block::paragraph(sentence(&voice.budget.at_least(AGREEMENT).clip(agreement))));
    }
    blocks
}

fn method_row(voice: &Voice<'_>, row: &MethodRow) -> Vec<Cell> {
    // The row's text is in a table and outside the word count, but a table on one sheet has no room for essays either.
    let room = budget::Budget { items: 1, words: 12 };
    match row {
        MethodRow::Missing { name, missing } => {
            let text = format!("no input: {}", room.clip(missing));
            vec![Cell::new(first_upper(name)), Cell::wide(Text::from(text), 4)]
        }
        MethodRow::Given { name, p10, p50, p90, variants } => {
            let mut cells = vec![Cell::new(first_upper(name))];
            let levels = voice.named((*p10, *p50, *p90)).map(|(_, value)| voice.levels.level(value));
            if p10 == p90 {
                // A single number and not a range: it is said once.
                cells.extend([String::new(), voice.levels.level(*p50), String::new()].map(Cell::new));
            } else {
                cells.extend(levels.map(Cell::new));
            }
            let how = match variants.as_slice() {
                [only] => room.clip(&only.label),
                [] => String::new(),
                several => format!("{} ways, in the appendix", several.len()),
            };
            cells.push(Cell::new(how));
            cells
        }
    }
}

fn bridge(voice: &Voice<'_>) -> Vec<Block> {
    let detail = &voice.target.detail;
    let Some(chart) = Bridge::of(voice) else { return Vec::new() };
    let of_kind = |kind| detail.bridge.iter().filter(move |step| step.kind == kind);
    let unexplained: f64 = of_kind(BridgeKind::Unexplained).map(|step| step.value).sum();
    let named: f64 = of_kind(BridgeKind::Initiative).map(|step| step.value).sum();
    let (one, many) = voice.audience.initiative();
    let way = whole_way(voice);
    let title = match of_kind(BridgeKind::Initiative).count() {
        0 => format!("No {one} is counted on for {way}"),
        1 => format!("One {one} gives {} of {way}", voice.levels.change(named)),
        n => format!("{n} {many} give {} of {way}", voice.levels.change(named)),
    };
    let rest = match unexplained {
        0.0 => "No part of the way is unexplained.".to_owned(),
        _ => format!("Of it, {} has no cause that anybody named.", voice.levels.change(unexplained)),
    };
    let id = format!("{}-bridge", slug(&target_key(voice.target)));
    vec![Block::Chart(Box::new(Chart { id, title, figure: Figure::Bridge(chart) })), Block::paragraph(rest)]
}

/// `the +1,200 from 9,100 to 10,300`; `the way to 10,300` where there is no last actual.
fn whole_way(voice: &Voice<'_>) -> String {
    let level = |value| voice.levels.level(value);
    match (voice.target.last_actual, voice.target.proposed.target) {
        (Some(last), Some(target)) => {
            let change = voice.levels.change(target.value - last.value);
            format!("the {change} from {} to {}", level(last.value), level(target.value))
        }
        (None, Some(target)) => format!("the way to {}", level(target.value)),
        _ => "the way".to_owned(),
    }
}

fn foot(voice: &Voice<'_>) -> Vec<Text> {
    let target = voice.target;
    let mut foot = vec![Text::from("Data ").code(&target.data_hash)];
    foot.extend(origin(voice.proposal, voice.standing));
    foot
}

/// What a page was made from: version, seed, paths, the last known day, the command.
pub(super) fn origin(proposal: &Proposal, standing: &Standing) -> Vec<Text> {
    let mut made = Text::new();
    if !proposal.cover.revision.is_empty() {
        made = made.plain("Plan ").code(&proposal.cover.revision).plain(", ");
    }
    made = made.plain(format!(
        "quarterdeck {}, seed {}, {} paths, data to {}",
        proposal.version,
        proposal.seed,
        count(proposal.paths),
        day(proposal.as_of)
    ));
    let mut foot = vec![made];
    if !standing.command.is_empty() {
        foot.push(Text::from("Made by ").code(&standing.command));
    }
    foot
}

/// A word that begins a line.
pub(super) fn first_upper(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
