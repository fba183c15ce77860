//! A proposal on the terminal: the targets as one table, then each target's reasons, then what holds for all of them.

use crate::rendering;
use crate::view::table::{Align, Table, cut, shortened, wrap};
use anstyle::{AnsiColor, Style};
use quarterdeck_plan::proposal::{
    Answer, ClaimRecord, Conditional, Fan, GuardRow, Implied, Joint, MethodRow, Offer, Proposal, SmartRow, State,
    TargetProposal, Variant,
};
use quarterdeck_report::number::{self, Levels};
use quarterdeck_report::words::{self, Status};

/// Where a target's details start, under the names of what they tell.
const INDENT: usize = 14;

/// The whole proposal, at most `width` columns wide.
pub fn text(proposal: &Proposal, width: usize) -> String {
    let mut text = heading(proposal, width);
    text.push_str(&table(proposal, width));
    for target in &proposal.targets {
        text.push('\n');
        text.push_str(&details(target, proposal, width));
    }
    text.push('\n');
    text.push_str(&joint(&proposal.joint, proposal.targets.len(), width));
    text.push_str(&learning(proposal, width));
    for note in &proposal.cover.notes {
        text.push_str(&format!("- {}\n", wrap(note, width - 2, 2)));
    }
    text
}

fn heading(proposal: &Proposal, width: usize) -> String {
    let bold = Style::new().bold();
    let cover = &proposal.cover;
    let (from, to) = (number::day(proposal.starts), number::day(proposal.ends));
    let mut text = format!("{bold}{}{bold:#} ({from} to {to})", proposal.period);
    for part in [&cover.workspace, &cover.title] {
        if !part.is_empty() {
            text.push_str(&format!(" · {part}"));
        }
    }
    text.push('\n');
    if let Some(objective) = &cover.objective {
        text.push_str(&wrap(objective, width, 0));
        text.push('\n');
    }
    let paths = number::count(proposal.paths);
    text.push_str(&format!("as of {} · seed {} · {paths} paths\n\n", proposal.as_of, proposal.seed));
    text
}

/// How one target's levels are written: as precisely as its forecast deserves, its offers whole.
fn levels(target: &TargetProposal, proposal: &Proposal) -> Levels {
    let spread = target.forecast.map(|fan| fan.p90 - fan.p10);
    let offers = [target.proposed.commit, target.proposed.target, target.proposed.stretch];
    let exact: Vec<f64> = offers.iter().flatten().map(|offer| offer.value).collect();
    Levels::new(target.detail.unit.as_ref(), &proposal.cover.currency, spread, &exact)
}

/// The table of targets: with the words of large numbers cut short, then the names, where it would be too wide.
fn table(proposal: &Proposal, width: usize) -> String {
    const SHORTEST: usize = 16;
    let mut room = width / 3;
    let mut whole = rows(proposal, room, Magnitudes::Words).text();
    if widest(&whole) > width {
        whole = rows(proposal, room, Magnitudes::Letters).text();
    }
    while widest(&whole) > width && room > SHORTEST {
        room -= 1;
        whole = rows(proposal, room, Magnitudes::Letters).text();
    }
    whole
}

/// How large numbers are named in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Magnitudes {
    /// `1.2 million`
    Words,
    /// `1.2M`
    Letters,
}

fn widest(text: &str) -> usize {
    text.lines().map(super::table::width).max().unwrap_or(0)
}

fn rows(proposal: &Proposal, room: usize, magnitudes: Magnitudes) -> Table {
    let last = format!("last {}", proposal.period.grain());
    let columns = [
        ("target", Align::Left),
        (last.as_str(), Align::Right),
        ("commit", Align::Right),
        ("", Align::Right),
        ("target", Align::Right),
        ("", Align::Right),
        ("stretch", Align::Right),
        ("", Align::Right),
        ("", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for target in &proposal.targets {
        let levels = levels(target, proposal);
        let level = |value: f64| match magnitudes {
            Magnitudes::Words => levels.level(value),
            Magnitudes::Letters => shortened(&levels.level(value)),
        };
        let last = target.last_actual.map_or_else(|| "–".to_owned(), |actual| level(actual.value));
        let offer = |offer: Option<Offer>, style: Style| match offer {
            Some(offer) => [format!("{style}{}{style:#}", level(offer.value)), chance(offer.p_hit)],
            None => ["–".to_owned(), String::new()],
        };
        let (plain, bold) = (Style::new(), Style::new().bold());
        let mut cells = vec![cut(&name(target), room), last];
        cells.extend(offer(target.proposed.commit, plain));
        cells.extend(offer(target.proposed.target, bold));
        cells.extend(offer(target.proposed.stretch, plain));
        cells.push(state(target.state).to_owned());
        table.row(cells);
    }
    table
}

/// A target's label with its slice.
fn name(target: &TargetProposal) -> String {
    match &target.slice {
        Some(slice) => format!("{}, {slice}", target.detail.label),
        None => target.detail.label.clone(),
    }
}

fn chance(p: Option<f64>) -> String {
    p.map_or_else(|| "?".to_owned(), number::chance)
}

/// The state in a word, where it is another than proposed.
fn state(state: State) -> &'static str {
    if state == State::Proposed { "" } else { rendering::state(state) }
}

/// Everything about one target, line by line.
fn details(target: &TargetProposal, proposal: &Proposal, width: usize) -> String {
    let bold = Style::new().bold();
    let levels = levels(target, proposal);
    let mut lines = Lines { text: String::new(), width };
    let owner = target.owner.as_deref().map(|owner| format!(" · {owner}")).unwrap_or_default();
    let reads = &target.detail.reads_phrase;
    let better = match target.better.as_str() {
        "between" => "best inside a range".to_owned(),
        way => format!("{way} is better"),
    };
    let facts = format!("({}, {reads}, {better}){owner}", target.metric);
    let name = name(target);
    lines.text.push_str(&wrap(&format!("{bold}{name}{bold:#} {facts}"), width, 2));
    lines.text.push('\n');
    lines.add("because", &target.because.clone().unwrap_or_default());
    if let Some(fan) = target.forecast {
        lines.add("forecast", &forecast(fan, target, &levels));
    }
    lines.add("chance", &states(target));
    for method in &target.methods {
        match method {
            MethodRow::Missing { name, missing } => lines.add(name, &format!("no input: {missing}")),
            MethodRow::Given { name, variants, .. } => {
                for (at, variant) in variants.iter().enumerate() {
                    lines.add(if at == 0 { name } else { "" }, &variant_words(variant, &levels));
                }
            }
        }
    }
    lines.add("", &target.detail.agreement);
    if let (Some(offer), false) = (target.proposed.target, target.findings.reconcile.is_empty()) {
        let value = levels.with_unit(offer.value);
        lines.add("", &format!("To say {value}. {}", target.findings.reconcile.join(" ")));
    }
    lines.add("inputs", &inputs(target, proposal));
    for guard in &target.guards {
        lines.add("guard", &guard_words(guard));
    }
    if let Some(budget) = &target.findings.budget {
        lines.add("budget", &words::budget(budget, &levels));
    }
    for longer in &target.findings.goals {
        lines.add(&longer.period.to_string(), &longer.words);
    }
    lines.add("record", &record(target));
    lines.add("SMART", &smart(target));
    let open = target.findings.verdicts.iter().filter(|verdict| verdict.answer == Answer::CannotTell);
    for verdict in open {
        let words = verdict.message.clone().unwrap_or_default();
        lines.add("open", &format!("{}? {words}", words::flag_name(&verdict.code)));
    }
    for flag in &target.flags {
        let style = AnsiColor::Yellow.on_default();
        let mark = Status::Watch.mark();
        lines.add("flag", &format!("{style}{mark} {}{style:#}: {}", words::flag_name(&flag.code), flag.message));
    }
    let known_by = number::day(target.known_by);
    lines.add("known by", if target.detail.rule.is_empty() { &known_by } else { &target.detail.rule });
    lines.text
}

/// Lines that each start with the name of what they tell.
struct Lines {
    text: String,
    width: usize,
}

impl Lines {
    /// Adds a line; nothing where there are no words.
    fn add(&mut self, name: &str, words: &str) {
        if words.trim().is_empty() {
            return;
        }
        let dim = Style::new().dimmed();
        let space = " ".repeat((INDENT - 2).saturating_sub(name.len()));
        let words =
            wrap(words, self.width.saturating_sub(INDENT), 0).replace('\n', &format!("\n{}", " ".repeat(INDENT)));
        self.text.push_str(&format!("  {dim}{name}{dim:#}{space}{words}\n"));
    }
}

fn forecast(fan: Fan, target: &TargetProposal, levels: &Levels) -> String {
    let [low, middle, high] = words::quarter_names(&target.better);
    format!(
        "without the plan {} ({}), {} ({}), {} ({})",
        levels.with_unit(fan.p50),
        middle,
        levels.level(fan.p10),
        low,
        levels.level(fan.p90),
        high,
    )
}

/// The target's chance with and without the plan, or why there is none.
fn states(target: &TargetProposal) -> String {
    let why = || target.detail.no_p_hit.clone().unwrap_or_default();
    let Some(offer) = target.proposed.target else { return why() };
    let Some(with) = offer.p_hit else { return format!("unknown: {}", why()) };
    let without = offer.p_hit_without_plan.map(|p| format!("; {} without the plan", number::chance(p)));
    let word = words::chance_word(with).map(|word| format!(" ({word})")).unwrap_or_default();
    format!("{} that the target is met{word}{}", number::chance(with), without.unwrap_or_default())
}

fn variant_words(variant: &Variant, levels: &Levels) -> String {
    let middle = levels.level(variant.p50);
    let range = if variant.p10 == variant.p90 {
        middle
    } else {
        format!("{middle} ({})", levels.range(variant.p10, variant.p90))
    };
    if variant.label.is_empty() { range } else { format!("{range} {}", variant.label) }
}

/// What its inputs must be, each with where that stands in its own past.
fn inputs(target: &TargetProposal, proposal: &Proposal) -> String {
    let one = |input: &Implied| {
        let spread = (input.needed - input.expected).abs().max(0.01 * input.expected.abs());
        let levels = Levels::new(Some(&input.unit), &proposal.cover.currency, Some(spread), &[input.needed]);
        let past = match input.percentile {
            Some(share) => format!("at or above {:.0} of {} past quarters", share * input.n as f64, input.n),
            None => "no past quarter".to_owned(),
        };
        let reach = input.p_reach.map(|p| format!("; {} by itself", number::chance(p))).unwrap_or_default();
        format!("{} {} ({past}{reach})", input.label, levels.with_unit(input.needed))
    };
    let all: Vec<String> = target.findings.implied.iter().map(one).collect();
    if all.is_empty() { String::new() } else { format!("with the least effort {}", all.join(", ")) }
}

/// The letters that hold, and why the others do not.
fn smart(target: &TargetProposal) -> String {
    let letter = |row: &SmartRow| match row.answer {
        Answer::Yes => row.letter.clone(),
        Answer::No => format!("not {}: {}", row.letter, row.why),
        Answer::CannotTell => format!("{}? {}", row.letter, row.why),
    };
    let (hold, other): (Vec<&SmartRow>, Vec<&SmartRow>) =
        target.findings.smart.iter().partition(|row| row.answer == Answer::Yes);
    let hold: Vec<String> = hold.into_iter().map(letter).collect();
    let other: Vec<String> = other.into_iter().map(letter).collect();
    match (hold.is_empty(), other.is_empty()) {
        (true, true) => String::new(),
        (_, true) => format!("{} hold", hold.join(" ")),
        (true, false) => other.join(" "),
        (false, false) => format!("{} hold; {}", hold.join(" "), other.join(" ")),
    }
}

fn guard_words(guard: &GuardRow) -> String {
    let mark = Status::of_breach(guard.p_breach).mark();
    let chance = match guard.p_breach {
        Some(p) => format!("{} chance that it sounds.", number::chance(p)),
        None => "It is unknown how likely it sounds.".to_owned(),
    };
    format!("{mark} {}: {chance} {}", guard.label, guard.rule)
}

fn record(target: &TargetProposal) -> String {
    let Some(claims) = &target.claims else {
        return "too little history to know how often such claims come true".into();
    };
    let ClaimRecord { n, hit, low, high, .. } = claims;
    let level = number::chance(claims.level);
    let expected = number::expected(claims.expected);
    let source =
        if claims.source == "ledger" { "claims of this ledger" } else { "past quarters, forecast as they came" };
    format!(
        "of {n} claims at {level}, {hit} came true; {expected} expected, {low} to {high} is what chance allows ({source})"
    )
}

fn joint(joint: &Joint, targets: usize, width: usize) -> String {
    let bold = Style::new().bold();
    let mut text = String::new();
    if let Some(all) = joint.p_all.filter(|_| targets > 1) {
        let mut words = format!("all met with a chance of {}", number::chance(all));
        if let Some(without) = joint.p_all_without_plan {
            words.push_str(&format!(", {} without the plan", number::chance(without)));
        }
        let least: Vec<String> =
            joint.p_at_least.iter().map(|each| format!("{} {}", each.k, number::chance(each.p))).collect();
        if !least.is_empty() {
            words.push_str(&format!("; at least {}", least.join(", ")));
        }
        text.push_str(&format!("{bold}Together{bold:#}: {}\n", wrap(&words, width - 10, 10)));
    }
    if let Some(each) = strongest(joint) {
        let missed = each.p_if_missed.map(number::chance).unwrap_or_default();
        let words = format!(
            "If {} is missed, the chance of {} falls from {} to {missed}.",
            each.given,
            each.target,
            number::chance(each.p)
        );
        text.push_str(&format!("          {}\n", wrap(&words, width.saturating_sub(10), 10)));
    }
    if !joint.excluded.is_empty() && targets > 1 {
        text.push_str(&format!("Left out, for no chance is known: {}\n", joint.excluded.join(", ")));
    }
    text
}

/// The pair of targets of which one says the most of the other.
fn strongest(joint: &Joint) -> Option<&Conditional> {
    let falls = |each: &&Conditional| each.p_if_missed.map_or(0.0, |missed| each.p - missed);
    joint.conditional.iter().filter(|each| falls(each) >= 0.1).max_by(|a, b| falls(a).total_cmp(&falls(b)))
}

fn learning(proposal: &Proposal, width: usize) -> String {
    let each = proposal.cover.learn.iter().map(|(metric, what, by)| {
        format!("To learn: {}\n", wrap(&format!("{what} ({metric}) by {}", number::day(*by)), width - 10, 0))
    });
    each.collect()
}
