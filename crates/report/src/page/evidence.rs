//! The sections that say what a target stands on: inputs, guards, market, risks, track record, and what is not known.

use super::voice::{Voice, sentence};
use super::{Block, Item, Text, slug};
use crate::chart::{Chart, Figure, record::Record};
use crate::number::{Levels, chance, count, day, expected};
use crate::target_key;
use crate::words::{Status, chance_phrase};
use quarterdeck_lang::model::Tier;
use quarterdeck_plan::proposal::{GuardRow, Implied, MarketDetail, RiskRow};

/// What must be true of the inputs.
pub(super) fn must(voice: &Voice<'_>) -> Vec<Block> {
    let implied = &voice.target.detail.implied;
    if implied.is_empty() {
        return vec![Block::paragraph("The tree ties no input to this target, so it asks nothing of one.")];
    }
    let (kept, more) = voice.budget.take_rows(implied);
    let mut items: Vec<Item> = kept.iter().map(|input| Item::new(implied_text(voice, input))).collect();
    items.extend(left_out(more));
    vec![Block::List(items)]
}

/// `Customers who order: 5,600, from 5,200 (12 of 12 past quarters at or below)`.
pub(super) fn implied_text(voice: &Voice<'_>, input: &Implied) -> Text {
    let spread = input.last.map(|last| (input.needed - last).abs() * 2.0).filter(|width| *width > 0.0);
    let levels = Levels::new(Some(&input.unit), voice.currency(), spread, &[]).sized_for(input.needed);
    let levels = levels.without_zeros(&[input.needed, input.last.unwrap_or(input.needed)]);
    let text = Text::new().strong(voice.budget.name(&input.label)).plain(format!(": {}", levels.level(input.needed)));
    let text = match input.last {
        Some(last) => text.plain(format!(", from {}", levels.level(last))),
        None => text.plain(", with no quarter to compare with"),
    };
    match input.percentile {
        Some(share) if share.is_finite() && input.n > 0 => {
            let below = (share * input.n as f64).round().max(0.0) as usize;
            text.plain(format!(" ({} of {} past quarters at or below)", count(below), count(input.n)))
        }
        _ => text,
    }
}

/// What must not suffer, how likely it is to, and who acts.
pub(super) fn guards(voice: &Voice<'_>) -> Vec<Block> {
    let guards = &voice.target.guards;
    if guards.is_empty() {
        return vec![Block::Note(Status::Watch, "No guard watches what this target could harm.".into())];
    }
    let (kept, more) = voice.budget.take_rows(guards);
    let mut items: Vec<Item> = kept
        .iter()
        .map(|guard| Item { status: Some(Status::of_breach(guard.p_breach)), text: guard_text(voice, guard) })
        .collect();
    items.extend(left_out(more));
    vec![Block::List(items)]
}

fn guard_text(voice: &Voice<'_>, guard: &GuardRow) -> Text {
    let text = Text::new()
        .strong(voice.budget.name(&guard_label(guard)))
        .plain(format!(" {}: ", guard_limit(guard, voice.currency())));
    let text = match guard.p_breach {
        Some(p) => {
            let breach = match guard.p_breach_without_plan {
                Some(without) => format!("breach {} ({} without the plan)", chance_phrase(p), chance(without)),
                None => format!("breach {}", chance_phrase(p)),
            };
            text.plain(breach)
        }
        None => text.plain("no chance of a breach can be given"),
    };
    match &guard.owner {
        Some(owner) => text.plain(". ").code(voice.budget.name(owner)).plain(" acts"),
        None => text.plain(". Nobody is named to act"),
    }
}

/// A guard's label; its metric's name where it has none.
pub(super) fn guard_label(guard: &GuardRow) -> String {
    if guard.label.is_empty() { guard.metric.clone() } else { guard.label.clone() }
}

/// A guard's limit: `at most 12 %`.
pub(super) fn guard_limit(guard: &GuardRow, currency: &str) -> String {
    let side = if guard.at_most { "at most" } else { "at least" };
    match guard.limit {
        Some(limit) => {
            let levels = Levels::new(guard.unit.as_ref(), currency, None, &[]).sized_for(limit);
            format!("{side} {}", levels.level(limit))
        }
        None => format!("{side} a limit that is not known yet"),
    }
}

/// The share of the market it implies, and who says how large the market is.
pub(super) fn market(voice: &Voice<'_>) -> Vec<Block> {
    let Some(market) = &voice.target.detail.market else { return Vec::new() };
    let shares = shares(market);
    let (low, middle, high) = market.implied_share;
    let mut text = Text::from("The target implies ").strong(shares.level(middle));
    if low != high {
        text = text.plain(format!(" ({})", shares.range(low, high)));
    }
    text = text.plain(" of ").strong(voice.budget.name(&market.label));
    text = match market.share_now {
        Some(now) => text.plain(format!("; the last actual is {}", shares.level(now))),
        None => text.plain("; there is no actual to compare with"),
    };
    let source = match (&market.source, market.date) {
        (Some(source), Some(date)) => format!(". Source: {}, {}.", voice.budget.clip(source), day(date)),
        (Some(source), None) => format!(". Source: {}, undated.", voice.budget.clip(source)),
        (None, Some(date)) => format!(". No source, dated {}.", day(date)),
        (None, None) => ". No source is named.".to_owned(),
    };
    vec![Block::Paragraph(text.plain(source))]
}

/// How a market's shares are written: fine enough to tell now from then.
pub(super) fn shares(market: &MarketDetail) -> Levels {
    let (low, middle, high) = market.implied_share;
    let gap = market.share_now.map_or(0.0, |now| (middle - now).abs());
    let spread = (high - low).abs().max(gap);
    let share = quarterdeck_lang::model::Unit {
        text: "share".to_owned(),
        form: quarterdeck_lang::model::UnitForm::Share,
        parts: Default::default(),
        format: None,
    };
    Levels::new(Some(&share), "", Some(spread).filter(|width| *width > 0.0), &[])
}

/// A tier as people say it.
pub(super) fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Tam => "TAM",
        Tier::Sam => "SAM",
        Tier::Som => "SOM",
    }
}

/// The rule of the day on which we know keeps so many words: half of it would be no rule.
pub(super) const RULE: usize = 34;

/// What may happen, when we know, and what is done then.
pub(super) fn risks(voice: &Voice<'_>) -> Vec<Block> {
    let detail = &voice.target.detail;
    let (kept, more) = voice.budget.take(&detail.risks);
    let mut items: Vec<Item> = kept.iter().map(|risk| Item::new(risk_text(voice, risk))).collect();
    items.extend(left_out(more));
    let mut blocks = Vec::new();
    if items.is_empty() {
        blocks.push(Block::paragraph("The plan names no risk that moves it."));
    } else {
        blocks.push(Block::List(items));
    }
    let known = Text::from("We know on ").strong(day(voice.target.known_by)).plain(" at the earliest");
    // A rule that begins with the same day goes on from it.
    let same_day = format!("On {}: ", voice.target.known_by);
    let clip = |rule: &str| sentence(&voice.budget.at_least(RULE).clip(rule));
    blocks.push(Block::Paragraph(match detail.rule.strip_prefix(&same_day) {
        Some(rule) => known.plain(format!(": {}", clip(rule))),
        None if detail.rule.is_empty() => known.plain("."),
        None => known.plain(format!(". {}", clip(&detail.rule))),
    }));
    blocks
}

pub(super) fn risk_text(voice: &Voice<'_>, risk: &RiskRow) -> Text {
    let of = voice.target.proposed.target.map_or_else(String::new, |o| format!(" of {}", voice.levels.level(o.value)));
    let text = Text::new().strong(voice.budget.name(&risk.label)).plain(format!(
        ": {}, then {}{of}",
        chance_phrase(risk.chance),
        voice.levels.change(risk.adds)
    ));
    let text = match &risk.sign {
        Some(sign) => text.plain(format!("; sign: {}", voice.budget.clip(sign))),
        None => text,
    };
    match &risk.owner {
        Some(owner) => text.plain("; watched by ").code(voice.budget.name(owner)),
        None => text,
    }
}

/// Past claims and what came.
pub(super) fn record(voice: &Voice<'_>) -> Vec<Block> {
    let Some(record) = Record::of(voice) else {
        return vec![Block::paragraph("No past quarter has enough history before it to test a claim on.")];
    };
    let (inside, n) = (record.inside(), record.claims.len());
    let title = format!(
        "{} of {} past quarters came inside the range claimed with {}; {} were expected",
        count(inside),
        count(n),
        chance(0.8),
        expected(0.8 * n as f64)
    );
    let id = format!("{}-record", slug(&target_key(voice.target)));
    vec![Block::Chart(Box::new(Chart { id, title, figure: Figure::Record(record) }))]
}

/// The most unknowns on the sheet and the most words of one; the appendix has them all.
pub(super) const UNKNOWNS: (usize, usize) = (3, 14);

/// What is not known.
pub(super) fn unknown(voice: &Voice<'_>) -> Vec<Block> {
    let unknowns = &voice.target.detail.unknowns;
    if unknowns.is_empty() {
        return vec![Block::paragraph("Nothing is listed as unknown. That is unusual; ask.")];
    }
    let budget = voice.budget.at_most(UNKNOWNS.0, UNKNOWNS.1);
    let (kept, more) = budget.take(unknowns);
    let mut items: Vec<Item> = kept.iter().map(|text| Item::new(sentence(&budget.clip(text)))).collect();
    items.extend(left_out(more));
    vec![Block::List(items)]
}

/// Says how many items stand in the appendix alone.
pub(super) fn left_out(more: usize) -> Option<Item> {
    (more > 0).then(|| Item::new(format!("and {more} more")))
}
