//! Where a period's targets stand: exceptions first, then each target with its chart.

use super::target::first_upper;
use super::voice::sentence;
use super::{Block, Cell, Document, Item, Section, Sheet, Table, Text};
use crate::chart::{Chart, Figure, fan::FanChart};
use crate::number::{Levels, chance, day};
use crate::words::track as words;
use crate::words::{Status, quarter_names};
use quarterdeck_plan::proposal::Fan;
use quarterdeck_plan::track::{Colour, Track, Tracked};

/// The page of a period's targets on a day.
pub(crate) fn document(track: &Track) -> Document {
    let title = match track.cover.title.trim() {
        "" => format!("Targets for {}", track.period),
        title => title.to_owned(),
    };
    let sheet = Sheet {
        id: "track".to_owned(),
        kicker: kicker(track),
        title,
        offers: Vec::new(),
        facts: vec![
            ("As of".to_owned(), Text::from(format!("{}, {}", day(track.as_of), words::day_of(track)))),
            ("Targets".to_owned(), Text::from(words::summary(track))),
        ],
        lead: exceptions(track),
        body: body(track),
        foot: foot(track),
        appendix: Vec::new(),
    };
    Document { title: format!("{} as of {}", track.period, track.as_of), draft: false, sheets: vec![sheet] }
}

fn kicker(track: &Track) -> Text {
    let dates = format!("{} · {} to {}", track.period, day(track.starts), day(track.ends));
    match track.cover.workspace.as_str() {
        "" => Text::from(dates),
        name => Text::from(format!("{name} · {dates}")),
    }
}

/// What needs an answer: targets that are not green, actions that are overdue, data that did not come.
fn exceptions(track: &Track) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for target in &track.targets {
        let mut parts: Vec<String> = Vec::new();
        if target.colour != Colour::Green {
            parts.push(target.why.clone());
        }
        parts.extend(
            Some(words::stale(target)).filter(|stale| !stale.is_empty()).map(|stale| sentence(&first_upper(&stale))),
        );
        let overdue = target.notes.iter().filter(|note| note.overdue).count();
        if overdue > 0 {
            let noun = if overdue == 1 { "action is" } else { "actions are" };
            parts.push(format!("{overdue} {noun} overdue."));
        }
        if !parts.is_empty() {
            let text = Text::new().strong(format!("{}: {}.", words::name(target), target.colour.word()));
            blocks.push(Block::Note(words::status(target.colour), text.plain(format!(" {}", parts.join(" ")))));
        }
    }
    if blocks.is_empty() && !track.targets.is_empty() {
        blocks.push(Block::Note(Status::Good, "No exceptions: every target is green.".into()));
    }
    if !track.dropped.is_empty() {
        blocks.push(Block::paragraph(format!("Dropped, and followed no more: {}.", track.dropped.join(", "))));
    }
    blocks
}

fn body(track: &Track) -> Vec<Section> {
    let mut sections = vec![Section::wide("Targets", vec![table(track)])];
    sections.extend(track.targets.iter().map(|target| section(track, target)));
    sections
}

fn table(track: &Track) -> Block {
    let columns = [
        ("Target", false),
        ("To reach", true),
        ("So far", true),
        ("Plan so far", true),
        ("Lands at", true),
        ("Chance", true),
        ("In a week", true),
    ];
    let rows = track.targets.iter().map(|target| {
        let levels = words::levels(track, target);
        let level = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| levels.level(value));
        let chance = target.p_hit.map_or_else(|| "unknown".to_owned(), chance);
        vec![
            Cell::with_status(words::status(target.colour), words::name(target)),
            Cell::new(words::goal(target, &levels)),
            Cell::new(level(target.actual_so_far)),
            Cell::new(level(target.plan_so_far)),
            Cell::new(level(target.landing.map(|fan| fan.p50))),
            Cell::new(format!("{chance}, {}", target.colour.word())),
            Cell::new(words::change(target)),
        ]
    });
    Block::Table(Table {
        caption: "Exceptions first; the chance is that of meeting the target, with the plan".to_owned(),
        columns: columns.map(|(name, number)| (name.to_owned(), number)).to_vec(),
        rows: rows.collect(),
    })
}

fn section(track: &Track, target: &Tracked) -> Section {
    let levels = words::levels(track, target);
    let mut blocks: Vec<Block> = Vec::new();
    if let Some(chart) = chart(track, target, &levels) {
        blocks.push(Block::Chart(Box::new(chart)));
    }
    let mut items = vec![
        Item {
            status: Some(words::status(target.colour)),
            text: told(&first_upper(target.colour.word()), &target.why),
        },
        Item::new(told("So far", &words::so_far(target, &levels))),
        Item::new(told("Lands at", &words::landing(target, &levels))),
        Item::new(told("Chance", &words::chances(target))),
    ];
    let needs = words::needs(target, &levels);
    if !needs.is_empty() {
        items.push(Item::new(told("Needs", &needs)));
    }
    let promise = words::promise(target, &levels);
    if !promise.is_empty() {
        items.push(Item::new(told("Promise", &promise)));
    }
    items.extend(
        target.guards.iter().map(|guard| Item::new(told("Guard", &words::guard(guard, &track.cover.currency)))),
    );
    items.extend(target.notes.iter().map(|note| Item::new(told("Note", &words::note(note)))));
    let stale = words::stale(target);
    if !stale.is_empty() {
        items.push(Item { status: Some(Status::Watch), text: Text::from(first_upper(&stale)) });
    }
    items.extend(
        target.remarks.iter().map(|remark| Item { status: Some(Status::Watch), text: Text::from(remark.as_str()) }),
    );
    blocks.push(Block::List(items));
    Section::new(heading(target), blocks)
}

fn heading(target: &Tracked) -> String {
    match &target.owner {
        Some(owner) => format!("{} · {owner}", words::name(target)),
        None => words::name(target),
    }
}

fn told(name: &str, words: &str) -> Text {
    Text::new().strong(format!("{name}: ")).plain(words)
}

fn chart(track: &Track, target: &Tracked, levels: &Levels) -> Option<Chart> {
    let detail = &target.detail;
    if detail.path.is_empty() && detail.actual.is_empty() {
        return None;
    }
    let finite = |fan: &Fan| [fan.p10, fan.p30, fan.p50, fan.p70, fan.p90].iter().all(|value| value.is_finite());
    let figure = FanChart {
        history: detail.actual.clone(),
        fan: detail.fan.iter().filter(|(_, fan)| finite(fan)).copied().collect(),
        plan: detail.path.iter().filter(|(_, value)| value.is_finite()).copied().collect(),
        quarters: Vec::new(),
        quarter: target.landing.filter(finite),
        period: (track.period.to_string(), track.starts, track.ends),
        target: Some(target.target).filter(|value| value.is_finite()),
        range: detail.range,
        cap: None,
        names: quarter_names(&target.better),
        quarterly: false,
        levels: levels.clone(),
    };
    let p = target.p_hit.map_or_else(|| "an unknown chance".to_owned(), |p| format!("a chance of {}", chance(p)));
    let title = match target.landing {
        Some(fan) => format!("Heading for {}: {p} of meeting {}", levels.level(fan.p50), words::goal(target, levels)),
        None => format!("On the way to {}", words::goal(target, levels)),
    };
    let id = format!("track-{}", super::slug(&target.name()));
    Some(Chart { id, title, figure: Figure::Fan(Box::new(figure)) })
}

fn foot(track: &Track) -> Vec<Text> {
    vec![
        Text::from("Dashed: the plan's path. Line: what came. Band: where it may land, 8 of 10 and 4 of 10 cases."),
        Text::from(format!("As of {}, seed {}, qd {}.", track.as_of, track.seed, track.version)),
        Text::new().code(format!("qd track {} --as-of {} --seed {}", track.period, track.as_of, track.seed)),
    ]
}
