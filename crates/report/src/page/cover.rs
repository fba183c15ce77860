//! The plan's cover page: the north star, every target as a row, the chances of meeting several, and the tree.

use super::target::{first_upper, kicker, origin};
use super::voice::{label, levels, sentence, state, state_status, state_word};
use super::{Block, Cell, Item, Links, Section, Sheet, Table, Text, budget, cover_appendix, evidence};
use crate::chart::{Chart, Figure, tree::Tree};
use crate::number::{chance, count, day};
use crate::words::{Audience, Status, chance_phrase};
use crate::{Standing, target_key};
use budget::Budget;
use quarterdeck_plan::proposal::{Conditional, GuardRow, Proposal, State, TargetProposal};

/// The heading of the section that needs the sheet's whole width.
const TREE: &str = "The tree";

/// The most notes on the cover, and the most words of each.
pub(super) const NOTES: (usize, usize) = (3, 16);

/// The cover sheet and its appendix.
pub(crate) fn cover_sheet(proposal: &Proposal, standing: &Standing, audience: Audience, links: &Links) -> Sheet {
    let compose = |audience: Audience, budget: Budget| Sheet {
        id: "cover".to_owned(),
        kicker: cover_kicker(proposal),
        title: title(proposal),
        offers: Vec::new(),
        facts: facts(proposal, standing, budget),
        lead: lead(proposal, budget),
        body: body(proposal, standing, audience, links, budget),
        foot: origin(proposal, standing),
        appendix: Vec::new(),
    };
    let (mut sheet, on_sheet) = budget::fit(audience, compose);
    sheet.appendix = cover_appendix::appendix(proposal, on_sheet);
    sheet
}

fn cover_kicker(proposal: &Proposal) -> Text {
    let dates = kicker(proposal);
    if proposal.cover.workspace.is_empty() {
        return dates;
    }
    Text::from(format!("{} · ", proposal.cover.workspace)).then(dates)
}

fn title(proposal: &Proposal) -> String {
    let title = proposal.cover.title.trim();
    if title.is_empty() { format!("Targets for {}", proposal.period) } else { title.to_owned() }
}

fn facts(proposal: &Proposal, standing: &Standing, budget: Budget) -> Vec<(String, Text)> {
    let mut facts = Vec::new();
    if let Some(star) = &proposal.cover.north_star {
        let found = proposal.targets.iter().find(|target| target.metric == *star);
        let text = match found {
            Some(target) => budget.name(&label(target)),
            None => format!("{star}, without a target of its own"),
        };
        facts.push(("North star".to_owned(), Text::from(text)));
    }
    let counted = |of: &[State]| proposal.targets.iter().filter(|one| of.contains(&state(standing, one))).count();
    let closed = counted(&[State::Closed]);
    let done = counted(&[State::Accepted, State::Amended]) + closed;
    let status = if done == proposal.targets.len() && done > 0 { Status::Good } else { Status::Unknown };
    let n = proposal.targets.len();
    let noun = if n == 1 { "target" } else { "targets" };
    let closed = if closed > 0 { format!(", {} closed", count(closed)) } else { String::new() };
    let state = format!("{} {} of {} {noun} accepted{closed}", status.mark(), count(done), count(n));
    facts.push(("State".to_owned(), Text::from(state)));
    let approved = match (standing.approvals.is_empty(), &proposal.cover.approver) {
        (false, _) => Text::from(budget.clip(&standing.approvals.join("; "))),
        (true, Some(who)) => Text::from("not yet; asked: ").code(budget.name(who)),
        (true, None) => Text::from("not yet"),
    };
    facts.push(("Approved".to_owned(), approved));
    if !standing.verify_id.is_empty() {
        facts.push(("Verify".to_owned(), Text::new().code(&standing.verify_id)));
    }
    facts
}

/// What the period is for, and how likely all of it is.
fn lead(proposal: &Proposal, budget: Budget) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(objective) = &proposal.cover.objective {
        blocks.push(Block::Ask(Text::from(sentence(&budget.clip(objective)))));
    }
    blocks.push(joint(proposal));
    blocks
}

fn joint(proposal: &Proposal) -> Block {
    let joint = &proposal.joint;
    let n = proposal.targets.len().saturating_sub(joint.excluded.len());
    let Some(all) = joint.p_all else {
        return Block::Note(Status::Unknown, "No target has a chance, so there is none of meeting all.".into());
    };
    let what = match n {
        1 => "Chance of meeting the one target".to_owned(),
        n if joint.excluded.is_empty() => format!("Chance of meeting all {} targets", count(n)),
        n => format!("Chance of meeting all {} targets that have one", count(n)),
    };
    let text = Text::new().strong(format!("{what}: {},", chance_phrase(all)));
    let text = match joint.p_all_without_plan {
        Some(without) if chance(without) == chance(all) => text.plain(" with the plan and without."),
        Some(without) => text.plain(format!(" with the plan; {}, without it.", chance_phrase(without))),
        None => text.plain(" with everything counted in."),
    };
    // All targets at once are rarely likely: a low chance here is arithmetic and no alarm.
    let status = if all >= 0.3 { Status::Good } else { Status::Watch };
    Block::Note(status, text)
}

fn body(proposal: &Proposal, standing: &Standing, audience: Audience, links: &Links, budget: Budget) -> Vec<Section> {
    let targets = Section::wide("Targets", vec![targets(proposal, standing, links)]);
    let rest = [
        (TREE, tree(proposal)),
        ("Meeting several", several(proposal)),
        ("Milestones", milestones(proposal, budget)),
        ("To learn", learn(proposal, budget)),
        ("What a reader should know", notes(proposal, budget)),
    ];
    // Finance asks for the joint chances first; the others see how the targets hang together.
    let order: [usize; 5] = match audience {
        Audience::Finance => [1, 4, 2, 0, 3],
        Audience::Engineering => [0, 2, 1, 3, 4],
        Audience::Design => [0, 3, 1, 2, 4],
        Audience::Leadership | Audience::Marketing => [0, 1, 2, 3, 4],
    };
    let mut sections = vec![targets];
    let mut rest = rest.map(Some);
    for at in order {
        if let Some((heading, blocks)) = rest.get_mut(at).and_then(Option::take)
            && !blocks.is_empty()
        {
            sections.push(Section { wide: heading == TREE, ..Section::new(heading, blocks) });
        }
    }
    sections
}

fn targets(proposal: &Proposal, standing: &Standing, links: &Links) -> Block {
    let columns = [
        ("Target", false),
        ("Last actual", false),
        ("Proposed", false),
        ("Chance with the plan", false),
        ("Without", true),
        ("Past claims came true", false),
        ("Guards", false),
        ("State", false),
    ];
    let rows = proposal.targets.iter().map(|target| row(proposal, target, standing, links)).collect();
    Block::Table(Table {
        caption: "Every target of the period".to_owned(),
        columns: columns.map(|(name, number)| (name.to_owned(), number)).into(),
        rows,
    })
}

fn row(proposal: &Proposal, target: &TargetProposal, standing: &Standing, links: &Links) -> Vec<Cell> {
    let levels = levels(proposal, target);
    let none = || "none".to_owned();
    let last = target.last_actual.map_or_else(none, |a| format!("{} ({})", levels.level(a.value), a.period));
    let offer = target.proposed.target;
    let proposed = offer.map_or_else(none, |offer| {
        let phrase = target.detail.reads_phrase.as_str();
        let level = match target.detail.range {
            Some((low, high)) => format!("{} to {}", levels.level(low), levels.with_unit(high)),
            None => levels.with_unit(offer.value),
        };
        format!("{level} {phrase}").trim_end().to_owned()
    });
    let p = offer.and_then(|offer| offer.p_hit);
    let with = p.map_or_else(|| "too little history".to_owned(), chance_phrase);
    let without = offer.and_then(|offer| offer.p_hit_without_plan).map_or_else(none, chance);
    let claims = target.claims.as_ref().map_or_else(
        || "too little history".to_owned(),
        |claims| format!("{} of {}, {} expected", claims.hit, claims.n, crate::number::expected(claims.expected)),
    );
    let state = state(standing, target);
    let (guard_status, guards) = guards(&target.guards);
    vec![
        Cell::new(Text::new().link(label(target), links.to(proposal, target))),
        Cell::new(last),
        Cell::new(Text::new().strong(proposed)),
        Cell::with_status(Status::of_chance(p), with),
        Cell::new(without),
        Cell::new(claims),
        Cell::with_status(guard_status, guards),
        Cell::with_status(state_status(state), state_word(state)),
    ]
}

/// The guard most likely to be breached.
fn guards(guards: &[GuardRow]) -> (Status, String) {
    let worst = guards
        .iter()
        .filter(|guard| guard.p_breach.is_some())
        .max_by(|a, b| a.p_breach.unwrap_or_default().total_cmp(&b.p_breach.unwrap_or_default()));
    match worst {
        Some(guard) => {
            let p = guard.p_breach.unwrap_or_default();
            (Status::of_breach(Some(p)), format!("{}: breach {}", evidence::guard_label(guard), chance(p)))
        }
        None if guards.is_empty() => (Status::Watch, "none".to_owned()),
        None => (Status::Unknown, format!("{} without a chance", count(guards.len()))),
    }
}

fn several(proposal: &Proposal) -> Vec<Block> {
    let joint = &proposal.joint;
    let mut items: Vec<Item> = Vec::new();
    let n = proposal.targets.len().saturating_sub(joint.excluded.len());
    // Meeting all of them is said above; 9 rows are more than anybody asks for.
    let partial = joint.p_at_least.iter().rev().filter(|each| each.k < n && each.k > 0).take(9);
    items.extend(partial.map(|each| {
        Item::new(Text::from(format!("At least {} of {}: ", count(each.k), count(n))).strong(chance_phrase(each.p)))
    }));
    if let (Some(independent), true) = (joint.p_all_independent, n > 1) {
        let text = format!("All of them, were each independent of the others: {}", chance(independent));
        items.push(Item::new(text));
    }
    if let (Some(more), true) = (joint.p_all_more_dependent, n > 1) {
        let text = format!("All of them, were every correlation higher by 0.2: {}", chance(more));
        items.push(Item::new(text));
    }
    // What one says of another, the strongest first; three are as many as a reader keeps in mind.
    let falls = |each: &&Conditional| each.p_if_missed.map_or(0.0, |missed| each.p - missed);
    let mut tied: Vec<&Conditional> = joint.conditional.iter().filter(|each| falls(each) >= 0.1).collect();
    tied.sort_by(|a, b| falls(b).total_cmp(&falls(a)));
    let label = |name: &str| {
        proposal.targets.iter().find(|t| t.metric == name).map_or(name.to_owned(), |t| t.detail.label.clone())
    };
    items.extend(tied.into_iter().take(3).map(|each| {
        let missed = each.p_if_missed.map(chance).unwrap_or_default();
        let (given, target) = (label(&each.given), label(&each.target));
        Item::new(format!("If {given} is missed, the chance of {target} falls from {} to {missed}", chance(each.p)))
    }));
    if !joint.excluded.is_empty() {
        items.push(Item::new(format!("Left out, having no chance of their own: {}", joint.excluded.join(", "))));
    }
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn tree(proposal: &Proposal) -> Vec<Block> {
    let Some(tree) = Tree::of(proposal) else { return Vec::new() };
    let title = match tree.nodes.iter().filter(|node| node.target.is_some()).count() {
        0 => "No metric of the tree has a target of its own".to_owned(),
        1 => format!("One of {} metrics has a target", count(tree.nodes.len())),
        n => format!("{} of {} metrics have a target", count(n), count(tree.nodes.len())),
    };
    vec![Block::Chart(Box::new(Chart { id: "cover-tree".to_owned(), title, figure: Figure::Tree(tree) }))]
}

fn milestones(proposal: &Proposal, budget: Budget) -> Vec<Block> {
    let (kept, more) = budget.take(&proposal.cover.milestones);
    let items = kept.iter().map(|each| Item::new(milestone_text(each))).chain(evidence::left_out(more)).collect();
    if kept.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

/// `SOC 2 report by 31 Mar 2027: 70 %, likely; security@…`.
pub(super) fn milestone_text(each: &quarterdeck_plan::proposal::MilestoneRow) -> Text {
    let text = Text::new().strong(each.label.clone()).plain(format!(" by {}", day(each.by)));
    let text = match each.chance {
        Some(p) => text.plain(format!(": {}", chance_phrase(p))),
        None => text.plain(": no chance given"),
    };
    match &each.owner {
        Some(owner) => text.plain("; ").code(owner),
        None => text,
    }
}

fn learn(proposal: &Proposal, budget: Budget) -> Vec<Block> {
    let (kept, more) = budget.take(&proposal.cover.learn);
    let items: Vec<Item> = kept
        .iter()
        .map(|(metric, what, by)| {
            let what = sentence(&budget.clip(what)).trim_end_matches('.').to_owned();
            Item::new(Text::new().strong(metric.clone()).plain(format!(": {what}, by {}", day(*by))))
        })
        .chain(evidence::left_out(more))
        .collect();
    if kept.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn notes(proposal: &Proposal, budget: Budget) -> Vec<Block> {
    let budget = budget.at_most(NOTES.0, NOTES.1);
    let (kept, more) = budget.take(&proposal.cover.notes);
    let mut items: Vec<Item> = kept.iter().map(|note| Item::new(first_upper(&sentence(&budget.clip(note))))).collect();
    items.extend(evidence::left_out(more));
    if kept.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

/// A target's short name in tables: its key.
pub(super) fn short(target: &TargetProposal) -> String {
    target_key(target)
}
