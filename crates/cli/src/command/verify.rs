//! `qd verify`: every number of ledgers and pages computed again.

use crate::args::Verify;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::paths;
use crate::reading;
use crate::recompute;
use crate::rendering;
use crate::settings::Settings;
use crate::standing::{self, Ledgers, Texts};
use crate::view::table::wrap;
use crate::workspace::Workspace;
use anstyle::{AnsiColor, Style};
use quarterdeck_calendar::Period;
use quarterdeck_plan::ledger::{Difference, Kind};
use schemars::JsonSchema;
use serde::Serialize;

/// How many differences are listed for people.
const SHOWN: usize = 40;

/// What was found in one or several ledgers.
#[derive(Debug, Default)]
struct Found {
    checked: usize,
    differences: Vec<Difference>,
    notes: Vec<String>,
}

/// Verifies one period's ledger, or all.
pub fn run(args: &Verify, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let periods = match &args.period {
        Some(text) => vec![reading::period(text, &workspace.checked.model)?],
        None => standing::periods(&workspace, paths::ACCEPTED),
    };
    let mut found = Found::default();
    for period in &periods {
        let Some(texts) = Texts::read(&workspace, *period)? else {
            return Err(Failure::input(format!(
                "no target of {period} is accepted: there is no `{}`",
                paths::accepted(*period)
            ))
            .hint(format!("`qd propose {period}` proposes targets, `qd accept` takes them")));
        };
        verify(args, &workspace, &texts, &mut found, output)?;
    }
    if output.json {
        let differences = found.differences.iter().map(Told::of).collect();
        output.object(&Verified { checked: found.checked, differences, notes: &found.notes })?;
    } else {
        output.result(&text(&found, &periods, output.width));
    }
    Ok(if found.differences.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Adds what one period's ledger and pages give.
fn verify(
    args: &Verify,
    workspace: &Workspace,
    texts: &Texts,
    found: &mut Found,
    output: &Output,
) -> Result<(), Failure> {
    let frozen = texts.as_frozen();
    let verification = if args.offline {
        recompute::offline(&frozen, args.strict, output)?
    } else {
        let histories = match recompute::today(workspace, texts, output) {
            Ok(histories) => Some(histories),
            Err(failure) if args.live => return Err(failure),
            Err(failure) => {
                found.notes.push(format!(
                    "{}: the frozen series stand uncompared with today's data ({failure})",
                    texts.period
                ));
                None
            }
        };
        let model = &workspace.model_for(texts.period)?;
        recompute::against(&frozen, model, histories.as_ref(), args.strict, output)?
    };
    let ledgers = Ledgers::read(workspace, texts.period)?;
    let (pages, differences) = recompute::compare_pages(workspace, &ledgers, &verification)?;
    let (values, ended) = recompute::compare_closing(workspace, texts)?;
    let (readings, altered) = recompute::compare_log(workspace, texts.period)?;
    found.checked += verification.checked + pages + values + readings;
    found.differences.extend(ended.into_iter().chain(altered));
    // Where the ledger's own files are wrong, pages differ from them without anybody having touched a page.
    let is_sound =
        verification.differences.iter().all(|each| each.kind == Kind::Data || !each.file.starts_with(paths::TARGETS));
    found.differences.extend(verification.differences);
    found.notes.extend(verification.notes);
    if is_sound {
        found.differences.extend(differences);
    }
    Ok(())
}

/// The object of `qd verify --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verified<'a> {
    /// How many values were computed again.
    checked: usize,
    differences: Vec<Told<'a>>,
    notes: &'a [String],
}

/// Something that is not as it was computed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Told<'a> {
    /// The file in which it shows.
    file: &'a str,
    /// Which value, by its path.
    what: &'a str,
    /// What stands there.
    written: &'a str,
    /// What should stand there, or stands elsewhere today.
    recomputed: &'a str,
    /// number, input, data, definition, version, seal or page.
    kind: &'static str,
}

impl Told<'_> {
    fn of(difference: &Difference) -> Told<'_> {
        let Difference { file, what, written, recomputed, kind: which } = difference;
        Told { file, what, written, recomputed, kind: kind(*which) }
    }
}

/// A kind of difference in a word.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::Input => "input",
        Kind::Data => "data",
        Kind::Definition => "definition",
        Kind::Version => "version",
        Kind::Seal => "seal",
        Kind::Page => "page",
    }
}

fn text(found: &Found, periods: &[Period], width: usize) -> String {
    let red = AnsiColor::Red.on_default().bold();
    let (green, bold) = (AnsiColor::Green.on_default().bold(), Style::new().bold());
    let mut text = String::new();
    let is_restated = |difference: &&Difference| difference.kind == Kind::Data;
    let restated: Vec<&Difference> = found.differences.iter().filter(is_restated).collect();
    text.push_str(&restatements(&restated, width));
    for difference in found.differences.iter().filter(|difference| !is_restated(difference)).take(SHOWN) {
        let Difference { file, what, written, recomputed, kind } = difference;
        text.push_str(&format!("{red}{}{red:#}: {file}: {what}\n", kind.words()));
        for (name, value) in names(*kind).into_iter().zip([written, recomputed]) {
            text.push_str(&format!("  {name:<11} {}\n", wrap(value, width.saturating_sub(14), 14)));
        }
    }
    let shown = restated.len().min(SHOWN) + (found.differences.len() - restated.len()).min(SHOWN);
    if let Some(more) = found.differences.len().checked_sub(shown).filter(|more| *more > 0) {
        text.push_str(&format!("… and {more} more; `--json` lists them all\n"));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    for note in &found.notes {
        text.push_str(&format!("- {}\n", wrap(note, width - 2, 2)));
    }
    if periods.is_empty() {
        text.push_str(&format!(
            "No target is accepted yet; {bold}qd accept{bold:#} takes what {bold}qd propose{bold:#} proposes.\n"
        ));
        return text;
    }
    let names: Vec<String> = periods.iter().map(ToString::to_string).collect();
    let values = rendering::count(found.checked, "value");
    match found.differences.len() {
        0 => text.push_str(&format!("{green}✓{green:#} {}: {values} recomputed, nothing differs\n", names.join(", "))),
        many => {
            let many = rendering::count(many, "difference");
            text.push_str(&format!("{red}✗{red:#} {}: {values} recomputed, {many}\n", names.join(", ")));
        }
    }
    text
}

/// Numbers that today's data gives otherwise than when they were frozen: `orders 2024-10  9,902 → 9,640`.
fn restatements(differences: &[&Difference], width: usize) -> String {
    if differences.is_empty() {
        return String::new();
    }
    let red = AnsiColor::Red.on_default().bold();
    let mut files: Vec<&str> = differences.iter().map(|difference| difference.file.as_str()).collect();
    files.dedup();
    let mut text = format!("{red}{}{red:#}: restated since {} was frozen\n", Kind::Data.words(), files.join(", "));
    let room = differences.iter().take(SHOWN).map(|difference| difference.what.chars().count()).max().unwrap_or(0);
    for Difference { what, written, recomputed, .. } in differences.iter().take(SHOWN) {
        let (then, today) = (grouped(written), grouped(recomputed));
        let told = if then == today { (written.clone(), recomputed.clone()) } else { (then, today) };
        let line = format!("{what:<room$}  {} → {}", told.0, told.1);
        text.push_str(&format!("  {}\n", wrap(&line, width.saturating_sub(2), 2)));
    }
    text
}

/// A number as people read it, the rest of the text as it is: `9902.5 through 2024-12-31` is `9,902.5 through 2024-12-31`.
fn grouped(text: &str) -> String {
    let (number, rest) =
        text.split_once(' ').map_or((text, String::new()), |(number, rest)| (number, format!(" {rest}")));
    let Ok(value) = number.parse::<f64>() else { return text.to_owned() };
    // Six significant digits tell two values apart as well as a reader can; `--json` has them all.
    let digits = if value == 0.0 { 0 } else { (5 - value.abs().log10().floor() as i32).clamp(0, 12) as usize };
    let shown = format!("{value:.digits$}");
    let shown = if shown.contains('.') { shown.trim_end_matches('0').trim_end_matches('.').to_owned() } else { shown };
    let (whole, part) =
        shown.split_once('.').map_or((shown.as_str(), String::new()), |(whole, part)| (whole, format!(".{part}")));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("−", whole));
    let count = whole.len();
    let mut groups = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (count - at) % 3 == 0 {
            groups.push(',');
        }
        groups.push(digit);
    }
    format!("{sign}{groups}{part}{rest}")
}

/// What the two sides of a difference are called.
fn names(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Data | Kind::Definition => ["frozen", "today"],
        Kind::Version => ["made by", "this is"],
        Kind::Number | Kind::Input | Kind::Seal | Kind::Page => ["written", "recomputed"],
    }
}
