//! The appendix of a target's page: workings, states, initiatives, backtests, and what people said, in full.

use super::budget::Budget;
use super::evidence::{RULE, UNKNOWNS, guard_label, guard_limit, implied_text, risk_text, shares, tier_name};
use super::target::{AGREEMENT, BECAUSE, first_upper, flags_told};
use super::voice::{Voice, sentence};
use super::{Block, Cell, Item, Section, Table, Text};
use crate::number::{Levels, chance, count, day, money_range};
use crate::words::{Status, flag_name};
use quarterdeck_plan::proposal::{Answer, Fan, MethodRow, RiskRow};

/// Every part of the appendix that has something to say; `on_sheet` is what the sheet had room for.
pub(super) fn appendix(voice: &Voice<'_>, on_sheet: Budget) -> Vec<Section> {
    let parts = [
        ("Questions a reader asks", questions(voice)),
        ("With and without the plan", states(voice)),
        ("Workings of each method", workings(voice)),
        ("What would reconcile the methods", reconcile(voice)),
        ("The steps of the way", steps(voice)),
        (first_upper_many(voice), initiatives(voice)),
        ("Judgements", judgements(voice)),
        ("Inputs, in full", inputs(voice, on_sheet)),
        ("Guards, in full", guards(voice)),
        ("Risks, in full", risks(voice, on_sheet)),
        ("The market", market(voice)),
        ("What people said", quotes(voice)),
        ("SMART, letter by letter", smart(voice)),
        ("What cannot be told yet", open(voice)),
        ("Notes, in full", notes(voice, on_sheet)),
        ("How the forecast was made", models(voice)),
        ("Every past claim", claims(voice)),
    ];
    parts
        .into_iter()
        .filter(|(_, blocks)| !blocks.is_empty())
        .map(|(heading, blocks)| Section::new(heading, blocks))
        .collect()
}

fn first_upper_many(voice: &Voice<'_>) -> &'static str {
    use crate::words::Audience;
    match voice.audience {
        Audience::Leadership => "Initiatives",
        Audience::Finance => "Investments",
        Audience::Engineering => "Pieces of work",
        Audience::Design => "Changes",
        Audience::Marketing => "Activities",
    }
}

/// A table with plain text cells.
pub(super) fn table<S: AsRef<str>>(caption: &str, columns: &[(S, bool)], rows: Vec<Vec<Cell>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = columns.iter().map(|(name, number)| (first_upper(name.as_ref()), *number)).collect();
    vec![Block::Table(Table { caption: caption.to_owned(), columns, rows })]
}

/// What a reader who doubts the number asks first.
fn questions(voice: &Voice<'_>) -> Vec<Block> {
    let offers = voice.target.proposed;
    let mut items = Vec::new();
    let mut ask = |question: &str, answer: String| {
        items.push(Item::new(Text::new().strong(format!("{question} ")).plain(answer)));
    };
    let with_chance = |offer: quarterdeck_plan::proposal::Offer| match offer.p_hit {
        Some(p) => format!("{} has a chance of {}", voice.levels.level(offer.value), chance(p)),
        None => format!("{} has no chance that could be given", voice.levels.level(offer.value)),
    };
    if let (Some(target), Some(stretch)) = (offers.target, offers.stretch) {
        ask("Why not more?", format!("{}; the target's {}.", with_chance(stretch), with_chance(target)));
    }
    if let (Some(target), Some(commit)) = (offers.target, offers.commit) {
        ask("Why not less?", format!("{}; the target's {}.", with_chance(commit), with_chance(target)));
    }
    if let Some((p, target)) = offers.target.and_then(|o| o.p_hit_without_plan.map(|p| (p, o))) {
        let level = voice.levels.level(target.value);
        ask("What if we do nothing?", format!("Then {level} has a chance of {}.", chance(p)));
    }
    ask("Which chance was aimed at?", format!("{}.", chance(voice.target.confidence)));
    vec![Block::List(items)]
}

/// The quarter's number in three states, doing nothing first.
fn states(voice: &Voice<'_>) -> Vec<Block> {
    let Some(states) = voice.target.detail.states else { return Vec::new() };
    if states.with_judgement == states.without_plan {
        // The sheet has said it.
        return Vec::new();
    }
    let row = |name: &str, fan: Fan| {
        let mut cells = vec![Cell::new(name)];
        cells.extend(voice.named((fan.p10, fan.p50, fan.p90)).map(|(_, value)| Cell::new(voice.levels.level(value))));
        cells
    };
    let names = voice.named((0.0, 0.0, 0.0)).map(|(name, _)| name);
    let [first, middle, last] = names;
    let columns = [("State", false), (first, true), (middle, true), (last, true)];
    let mut rows = vec![row("Doing nothing", states.without_plan)];
    if states.with_plan != states.without_plan {
        rows.push(row("With the plan", states.with_plan));
    }
    if states.with_judgement != states.with_plan {
        rows.push(row("With the plan and judgements", states.with_judgement));
    }
    table(&format!("The quarter's number; a {first} and a {last} come 1 in 10 times"), &columns, rows)
}

fn workings(voice: &Voice<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for row in &voice.target.methods {
        let MethodRow::Given { name, variants, .. } = row else { continue };
        for variant in variants {
            let values = if variant.p10 == variant.p90 {
                voice.levels.level(variant.p50)
            } else {
                let [(a, x), (b, y), (c, z)] = voice.named((variant.p10, variant.p50, variant.p90));
                let level = |value| voice.levels.level(value);
                format!("{a} {}, {b} {}, {c} {}", level(x), level(y), level(z))
            };
            let head = Text::new().strong(format!("{}, {}", first_upper(name), variant.label));
            blocks.push(Block::Paragraph(head.plain(format!(": {values}."))));
            if !variant.workings.is_empty() {
                blocks.push(Block::List(variant.workings.iter().map(|step| Item::new(step.clone())).collect()));
            }
        }
    }
    blocks
}

fn steps(voice: &Voice<'_>) -> Vec<Block> {
    use quarterdeck_plan::proposal::BridgeKind;
    let rows = voice.target.detail.bridge.iter().map(|step| {
        let value = match step.kind {
            BridgeKind::Level => voice.levels.level(step.value),
            _ => voice.levels.change(step.value),
        };
        vec![Cell::new(step.label.clone()), Cell::new(value)]
    });
    table("From the last actual to the target; parts are rounded", &[("Step", false), ("Value", true)], rows.collect())
}

fn initiatives(voice: &Voice<'_>) -> Vec<Block> {
    let rows = voice.target.detail.initiatives.iter().map(|each| {
        let evidence = match &each.evidence {
            Some((grade, text)) if text.is_empty() => grade_name(*grade).to_owned(),
            Some((grade, text)) => format!("{}: {text}", grade_name(*grade)),
            None => "none".to_owned(),
        };
        let [bad, good] = [each.range.0, each.range.1].map(|value| voice.levels.change(value));
        vec![
            Cell::new(each.label.clone()),
            Cell::new(each.owner.as_ref().map_or("nobody yet".into(), |who| Text::new().code(who))),
            Cell::new(chance(each.ships)),
            Cell::new(day(each.starts)),
            Cell::new(format!("{} ({bad} to {good})", voice.levels.change(each.adds))),
            Cell::new(evidence),
            Cell::new(chance(each.shrunk)),
            Cell::new(each.cost.as_ref().map_or("not given".to_owned(), |cost| money_range(cost, voice.currency()))),
        ]
    });
    let columns = [
        ("What", false),
        ("Owner", false),
        ("Ships", true),
        ("Effect from", true),
        ("Adds on average (1 in 10 less, 1 in 10 more)", true),
        ("Evidence", false),
        ("Of the stated effect, counted", true),
        ("Cost", true),
    ];
    table("What moves it, shipping or not", &columns, rows.collect())
}

fn grade_name(grade: quarterdeck_lang::model::Grade) -> &'static str {
    use quarterdeck_lang::model::Grade;
    match grade {
        Grade::Experiment => "experiment",
        Grade::Pilot => "pilot",
        Grade::Similar => "something similar",
        Grade::Benchmark => "benchmark",
        Grade::Opinion => "opinion",
    }
}

fn judgements(voice: &Voice<'_>) -> Vec<Block> {
    let items: Vec<Item> = voice
        .target
        .detail
        .judgements
        .iter()
        .map(|(shift, because, who)| {
            let text = Text::new().strong(shift.clone()).plain(format!(": {}", sentence(because)));
            Item::new(match who {
                Some(who) => text.plain(" ").code(who),
                None => text,
            })
        })
        .collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn inputs(voice: &Voice<'_>, on_sheet: Budget) -> Vec<Block> {
    let implied = &voice.target.detail.implied;
    if on_sheet.take_rows(implied).1 == 0 {
        return Vec::new();
    }
    let items: Vec<Item> = implied.iter().map(|input| Item::new(implied_text(voice, input))).collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

/// What each method would need to say the target.
fn reconcile(voice: &Voice<'_>) -> Vec<Block> {
    let items: Vec<Item> = voice.target.findings.reconcile.iter().map(|text| Item::new(text.as_str())).collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn smart(voice: &Voice<'_>) -> Vec<Block> {
    let word = |letter: &str| match letter {
        "S" => "Specific",
        "M" => "Measurable",
        "A" => "Achievable",
        "R" => "Relevant",
        _ => "Time-bound",
    };
    let rows = voice.target.findings.smart.iter().map(|row| {
        let (status, answer) = match row.answer {
            Answer::Yes => (Status::Good, "yes"),
            Answer::No => (Status::Watch, "no"),
            Answer::CannotTell => (Status::Unknown, "cannot tell"),
        };
        vec![Cell::new(word(&row.letter)), Cell::with_status(status, answer), Cell::new(row.why.clone())]
    });
    let columns = [("Letter", false), ("Holds", false), ("Why", false)];
    table("Computed from the definitions and the numbers", &columns, rows.collect())
}

/// Questions with too little behind them to be answered.
fn open(voice: &Voice<'_>) -> Vec<Block> {
    let verdicts = voice.target.findings.verdicts.iter().filter(|verdict| verdict.answer == Answer::CannotTell);
    let items: Vec<Item> = verdicts
        .map(|verdict| {
            let name = Text::new().strong(format!("{}? ", flag_name(&verdict.code)));
            Item::new(name.plain(verdict.message.clone().unwrap_or_default()))
        })
        .collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn guards(voice: &Voice<'_>) -> Vec<Block> {
    let or_none = |p: Option<f64>| p.map_or("none can be given".to_owned(), chance);
    let rows = voice.target.guards.iter().map(|guard| {
        vec![
            Cell::with_status(Status::of_breach(guard.p_breach), guard_label(guard)),
            Cell::new(guard_limit(guard, voice.currency())),
            Cell::new(guard.rule.clone()),
            Cell::new(or_none(guard.p_breach)),
            Cell::new(or_none(guard.p_breach_without_plan)),
            Cell::new(guard.owner.as_ref().map_or("nobody yet".into(), |who| Text::new().code(who))),
        ]
    });
    let columns = [
        ("Guard", false),
        ("Limit", true),
        ("Rule", false),
        ("Breach with the plan", true),
        ("Without", true),
        ("Who acts", false),
    ];
    table("The chance that any reading of the quarter breaches it", &columns, rows.collect())
}

fn risks(voice: &Voice<'_>, on_sheet: Budget) -> Vec<Block> {
    let risks = &voice.target.detail.risks;
    let cut = |risk: &RiskRow| risk.sign.as_deref().is_some_and(|sign| on_sheet.cuts(sign));
    if risks.len() <= on_sheet.items && !risks.iter().any(cut) {
        return Vec::new();
    }
    let items: Vec<Item> = risks.iter().map(|risk| Item::new(risk_text(voice, risk))).collect();
    if items.is_empty() { Vec::new() } else { vec![Block::List(items)] }
}

fn market(voice: &Voice<'_>) -> Vec<Block> {
    let Some(market) = &voice.target.detail.market else { return Vec::new() };
    let rows = market.tiers.iter().map(|(tier, size)| {
        let levels = Levels::new(Some(&market.unit), voice.currency(), None, &[]).sized_for(size.mid);
        let range = if size.is_point() {
            "taken as known".to_owned()
        } else {
            format!("{}, enclosing it with {}", levels.range(size.low, size.high), chance(size.level))
        };
        vec![Cell::new(tier_name(*tier)), Cell::new(levels.with_unit(size.mid)), Cell::new(range)]
    });
    let columns = [("Tier", false), ("Size", true), ("Range", true)];
    let (low, _, high) = market.implied_share;
    let mut blocks = table(&format!("How large {} is", market.label), &columns, rows.collect());
    let note = format!("The share implied runs from {}, for the size is a range.", shares(market).range(low, high));
    if low != high {
        blocks.push(Block::paragraph(note));
    }
    for (tier, (low, middle, high)) in &market.implied_of {
        let shares = shares(market);
        let range = if low == high { String::new() } else { format!(" ({})", shares.range(*low, *high)) };
        let note = format!("Of the {} it is {}{range}.", tier_name(*tier), shares.level(*middle));
        blocks.push(Block::paragraph(note));
    }
    blocks
}

fn quotes(voice: &Voice<'_>) -> Vec<Block> {
    voice.target.detail.quotes.iter().map(|(words, from)| Block::Quote(words.clone(), from.clone())).collect()
}

/// What the sheet had to cut, and why the metric is worth anybody's care.
fn notes(voice: &Voice<'_>, on_sheet: Budget) -> Vec<Block> {
    let target = voice.target;
    let mut blocks = Vec::new();
    let mut say = |name: &str, text: &str| {
        if !text.trim().is_empty() {
            blocks.push(Block::Paragraph(Text::new().strong(format!("{name}: ")).plain(sentence(text))));
        }
    };
    say("Why the metric", target.detail.why.as_deref().unwrap_or(""));
    let mut say_if_cut = |budget: Budget, name: &str, text: &str| {
        if budget.cuts(text) {
            say(name, text);
        }
    };
    say_if_cut(on_sheet.at_least(BECAUSE), "Because", target.because.as_deref().unwrap_or(""));
    say_if_cut(on_sheet, "Why no chance", target.detail.no_p_hit.as_deref().unwrap_or(""));
    say_if_cut(on_sheet.at_least(AGREEMENT), "The methods", &target.detail.agreement);
    say_if_cut(on_sheet.at_least(RULE), "The rule when we know", &target.detail.rule);
    say_if_cut(on_sheet, "Approved", &voice.standing.approvals.join("; "));
    // The chance that cannot be given is told without its flag, which keeps its own words here.
    let told = flags_told(voice);
    for flag in &target.flags {
        let at = told.iter().position(|each| *each == flag);
        if at.is_none_or(|at| at >= on_sheet.items) || on_sheet.longer().cuts(&flag.message) {
            say(&flag_name(&flag.code), &flag.message);
        }
    }
    let unknowns = &target.detail.unknowns;
    let shown = on_sheet.at_most(UNKNOWNS.0, UNKNOWNS.1);
    if unknowns.len() > shown.items || unknowns.iter().any(|text| shown.cuts(text)) {
        blocks.push(Block::paragraph(Text::new().strong("Not known:")));
        blocks.push(Block::List(unknowns.iter().map(|text| Item::new(sentence(text))).collect()));
    }
    blocks
}

fn models(voice: &Voice<'_>) -> Vec<Block> {
    let detail = &voice.target.detail;
    let error = |mase: Option<f64>| match mase {
        Some(mase) if mase.is_finite() => format!("{mase:.2}"),
        _ => "not tested".to_owned(),
    };
    let rows = detail.models.iter().map(|model| {
        vec![
            Cell::new(Text::new().code(&model.name)),
            Cell::new(chance(model.weight)),
            Cell::new(error(model.mase)),
            Cell::new(model.coverage80.map_or("not tested".to_owned(), chance)),
        ]
    });
    let columns = [
        ("Model", false),
        ("Weight", true),
        ("Error (1: as last year's changes)", true),
        ("Came inside the 80 % range", true),
    ];
    let mut blocks = table("The models behind the forecast, in a backtest", &columns, rows.collect());
    if !detail.calibration.trim().is_empty() {
        blocks.push(Block::paragraph(sentence(&detail.calibration)));
    }
    blocks
}

fn claims(voice: &Voice<'_>) -> Vec<Block> {
    let level = |value| voice.levels.level(value);
    let rows = voice.target.detail.record.iter().map(|claim| {
        let [p10, _, p50, _, p90] = claim.quantiles;
        let [(_, a), (_, b), (_, c)] = voice.named((p10, p50, p90));
        let inside = claim.actual >= p10 && claim.actual <= p90;
        let status = if inside { (Status::Good, "inside") } else { (Status::Bad, "missed") };
        let values = [a, b, c, claim.actual].map(|value| Cell::new(level(value)));
        let mut cells = vec![Cell::new(claim.period.to_string()), Cell::new(day(claim.origin))];
        cells.extend(values);
        cells.push(Cell::with_status(status.0, status.1));
        cells
    });
    let [first, middle, last] = voice.named((0.0, 0.0, 0.0)).map(|(name, _)| name);
    let columns = [
        ("Quarter", false),
        ("Claimed on", true),
        (first, true),
        (middle, true),
        (last, true),
        ("What came", true),
        ("Range", false),
    ];
    let n = voice.target.detail.record.len();
    let caption = format!("{} past quarters, each claimed with what was known then", count(n));
    table(&caption, &columns, rows.collect())
}
