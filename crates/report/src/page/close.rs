//! How a period ended: grades, reasons, and the scoreboard of all closed periods.

use super::target::first_upper;
use super::{Block, Cell, Document, Item, Section, Sheet, Table, Text};
use crate::number::day;
use crate::words::Status;
use crate::words::close as words;
use quarterdeck_lang::Model;
use quarterdeck_plan::close::{Closed, Closing};
use quarterdeck_plan::score::{Bin, Board, Group};

/// The page of a closing.
pub(crate) fn document(closing: &Closing, board: &Board, model: &Model) -> Document {
    let plan = model.plans.get(&closing.period).map(|plan| plan.label.trim()).filter(|label| !label.is_empty());
    let title = plan.map_or_else(|| format!("How {} ended", closing.period), |label| format!("{label}: how it ended"));
    let dates = format!("{} · {} to {}", closing.period, day(closing.starts), day(closing.ends));
    let name = model.settings.name.as_str();
    let sheet = Sheet {
        id: "close".to_owned(),
        kicker: Text::from(if name.is_empty() { dates } else { format!("{name} · {dates}") }),
        title,
        offers: Vec::new(),
        facts: vec![
            ("State".to_owned(), Text::from(format!("{}, as of {}", words::state(closing), day(closing.as_of)))),
            ("Targets".to_owned(), Text::from(words::summary(closing))),
        ],
        lead: lead(closing),
        body: body(closing, board, model),
        foot: foot(closing, board),
        appendix: Vec::new(),
    };
    Document { title: format!("{} closed", closing.period), draft: false, sheets: vec![sheet] }
}

fn lead(closing: &Closing) -> Vec<Block> {
    if closing.is_final {
        return Vec::new();
    }
    let waits = closing.waits.join(" ");
    vec![Block::Note(Status::Watch, Text::new().strong("Not final yet.").plain(format!(" {waits}")))]
}

fn body(closing: &Closing, board: &Board, model: &Model) -> Vec<Section> {
    let mut sections = vec![Section::wide("Grades", vec![grades(closing, model)])];
    sections.extend(closing.targets.iter().map(|target| section(target, model)));
    if !closing.initiatives.is_empty() {
        let items = closing.initiatives.iter().map(|ship| {
            let (status, words) = words::shipped(ship);
            Item { status: Some(status), text: Text::from(words) }
        });
        sections.push(Section::new("What became of the initiatives", vec![Block::List(items.collect())]));
    }
    sections.push(Section::wide("Scoreboard", scoreboard(board)));
    sections
}

fn grades(closing: &Closing, model: &Model) -> Block {
    let columns =
        [("Target", false), ("Commit", true), ("To reach", true), ("Stretch", true), ("Came", true), ("Grade", false)];
    let rows = closing.targets.iter().map(|target| {
        let levels = words::levels(target, model);
        let level = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| levels.level(value));
        vec![
            Cell::with_status(words::status(target), words::name(target)),
            Cell::new(level(target.commit)),
            Cell::new(level(target.target)),
            Cell::new(level(target.stretch)),
            Cell::new(words::came(closing, target, &levels)),
            Cell::new(words::grade(target)),
        ]
    });
    Block::Table(Table {
        caption: "Parts stand before what is made of them".to_owned(),
        columns: columns.map(|(name, number)| (name.to_owned(), number)).to_vec(),
        rows: rows.collect(),
    })
}

/// One target: where its number fell, and what explains the distance.
fn section(target: &Closed, model: &Model) -> Section {
    let levels = words::levels(target, model);
    let lines = [
        ("Score", words::way(target, &levels)),
        ("Fell", words::place(target)),
        ("Claimed", words::claims(target, &levels)),
        ("Overridden", words::overridden(target, &levels)),
    ];
    let told = |(name, words): (&str, String)| Item::new(Text::new().strong(format!("{name}: ")).plain(words));
    let mut items: Vec<Item> = lines.into_iter().filter(|(_, words)| !words.is_empty()).map(told).collect();
    items.extend(target.notes.iter().map(|note| Item { status: Some(Status::Watch), text: Text::from(note.as_str()) }));
    let mut blocks = vec![Block::List(items)];
    if let Some(gap) = target.value.zip(target.target).map(|(came, goal)| came - goal) {
        let caption = format!("What explains {} against the target", levels.change(gap));
        blocks.extend(causes(target, &levels, &caption));
        blocks.extend(parts(target, &levels, model));
    }
    Section::new(words::name(target), blocks)
}

fn causes(target: &Closed, levels: &crate::number::Levels, caption: &str) -> Option<Block> {
    let rows: Vec<Vec<Cell>> = target
        .causes
        .iter()
        .map(|cause| {
            let (what, adds) = words::cause(cause, levels);
            vec![Cell::new(what), Cell::new(adds)]
        })
        .collect();
    let columns = vec![("Cause".to_owned(), false), ("Adds".to_owned(), true)];
    (!rows.is_empty()).then(|| Block::Table(Table { caption: caption.to_owned(), columns, rows }))
}

fn parts(target: &Closed, levels: &crate::number::Levels, model: &Model) -> Option<Block> {
    let rows: Vec<Vec<Cell>> =
        target.parts.iter().map(|part| words::part(part, levels, model).map(Cell::new).to_vec()).collect();
    let columns = [("Part", false), ("On the way", true), ("Came", true), ("Adds", true)];
    let columns = columns.map(|(name, number)| (name.to_owned(), number)).to_vec();
    (!rows.is_empty()).then(|| Block::Table(Table { caption: "The same by its parts".to_owned(), columns, rows }))
}

/// The scoreboard, group by group.
pub(crate) fn scoreboard(board: &Board) -> Vec<Block> {
    let mut blocks: Vec<Block> = words::reading(board).into_iter().map(Block::paragraph).collect();
    blocks.extend(board.groups.iter().map(group));
    if !board.reliability.is_empty() {
        blocks.push(reliability(&board.reliability));
    }
    let parts = words::parts(board);
    if !parts.is_empty() {
        blocks.push(Block::paragraph(parts));
        blocks.push(Block::List(words::legend().into_iter().map(Item::new).collect()));
    }
    blocks
}

fn group(group: &Group) -> Block {
    let shown = words::shown(group);
    let kept = |at: &usize| shown.get(*at).copied().unwrap_or(false);
    let name =
        |(at, name): (usize, &&str)| (if at == 0 { words::group(group).to_owned() } else { first_upper(name) }, at > 0);
    let columns = words::COLUMNS.iter().enumerate().filter(|(at, _)| kept(at)).map(name).collect();
    let row = |cells: [String; 6]| {
        let cells = cells.into_iter().enumerate().filter(|(at, _)| kept(at));
        cells.map(|(_, cell)| Cell::new(cell)).collect()
    };
    let rows = group.lines.iter().map(|line| row(words::line(line))).collect();
    let caption = if group.ranked { "Best skill first".to_owned() } else { String::new() };
    Block::Table(Table { caption, columns, rows })
}

/// Stated chances in tenths and what came of them.
fn reliability(bins: &[Bin]) -> Block {
    let columns = [("Stated chance", false), ("Claims", true), ("Came true", true), ("Chance allows", true)];
    let rows = bins.iter().map(|bin| {
        let stated =
            format!("{:.0} to {:.0} %, {:.0} % on average", 100.0 * bin.from, 100.0 * bin.to, 100.0 * bin.stated);
        let allows = format!("{} to {}", bin.low, bin.high);
        vec![
            Cell::new(stated),
            Cell::new(crate::number::count(bin.n)),
            Cell::new(crate::number::count(bin.hit)),
            Cell::new(allows),
        ]
    });
    Block::Table(Table {
        caption: "Stated chances of commits, targets and stretches, and how many came true".to_owned(),
        columns: columns.map(|(name, number)| (name.to_owned(), number)).to_vec(),
        rows: rows.collect(),
    })
}

fn foot(closing: &Closing, board: &Board) -> Vec<Text> {
    vec![
        Text::from(format!("As of {}, intervals with seed {}, qd {}.", closing.as_of, board.seed, closing.version)),
        Text::new().code(format!("qd close {} --as-of {}", closing.period, closing.as_of)),
    ]
}
