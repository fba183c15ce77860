//! The one table of keys: for each block and key whether it is required or may repeat, its type and its class.
//!
//! Parsing, checking, completion, documentation and revisions read it.

use crate::syntax::tree::BlockKind;
use BlockKind::*;
use Class::*;
use Type::*;

/// One key of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// In which block.
    pub block: BlockKind,
    /// The word before the colon.
    pub name: &'static str,
    /// Whether the block means nothing without it.
    pub required: bool,
    /// Whether it may stand more than once.
    pub repeatable: bool,
    /// What its value looks like.
    pub ty: Type,
    /// What it says about the block.
    pub class: Class,
    /// What it is for, in a sentence.
    pub doc: &'static str,
}

/// What a key's value looks like; each is read into the variant of [`Value`](crate::syntax::value::Value) named beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `Value::Text`
    Text,
    /// `Value::Texts`
    Texts,
    /// `Value::Names`, exactly one
    Name,
    /// `Value::Names`
    Names,
    /// `Value::Word`, one of these
    Word(&'static [&'static str]),
    /// `Value::Number`
    Number,
    /// `Value::Part`: a chance or part, 0–100 %
    Part,
    /// `Value::Duration`
    Duration,
    /// `Value::Date`
    Date,
    /// `Value::Dates`
    Dates,
    /// `Value::When`
    When,
    /// `Value::Unit`
    Unit,
    /// `Value::Amount`
    Amount,
    /// `Value::Level`
    Level,
    /// `Value::Bounds`
    Bounds,
    /// `Value::Better`
    Better,
    /// `Value::Change`
    Change,
    /// `Value::Moves`
    Moves,
    /// `Value::Overlaps`
    Overlaps,
    /// `Value::Reads`
    Reads,
    /// `Value::Measure`
    Measure,
    /// `Value::Formula`
    Formula,
    /// `Value::Conditions`, exactly one
    Condition,
    /// `Value::Conditions`
    Conditions,
    /// `Value::Drives`
    Drives,
    /// `Value::Guard`
    Guard,
    /// `Value::MarketLink`
    MarketLink,
    /// `Value::From`
    From,
    /// `Value::Join`
    Join,
    /// `Value::Arrives`
    Arrives,
    /// `Value::Skip`
    Skip,
    /// `Value::Rates`
    Rates,
    /// `Value::Method`
    Method,
    /// `Value::Learn`
    Learn,
    /// `Value::Evidence`, a block of kind `Evidence` may follow
    Evidence,
    /// `Value::Outcome`
    Outcome,
    /// `Value::Until` with a text (`deprecated`) or without (`proxy`)
    Until,
    /// `Value::Attested`
    Attested,
    /// `Value::Allow`
    Allow,
}

/// What a key says about its block; only meaning enters a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What the number is.
    Meaning,
    /// How it hangs together with others.
    Tree,
    /// Who answers for it.
    Governance,
    /// What is planned.
    Planning,
    /// Words for readers.
    Words,
}

const fn key(block: BlockKind, name: &'static str, ty: Type, class: Class, doc: &'static str) -> Key {
    Key { block, name, required: false, repeatable: false, ty, class, doc }
}

const fn required(key: Key) -> Key {
    Key { required: true, ..key }
}

const fn repeatable(key: Key) -> Key {
    Key { repeatable: true, ..key }
}

/// The keys a kind of block takes.
pub fn of(block: BlockKind) -> impl Iterator<Item = &'static Key> {
    let (start, end) = EXTENTS.get(block as usize).copied().unwrap_or((0, KEYS.len()));
    KEYS.get(start..end).unwrap_or(KEYS).iter().filter(move |key| key.block == block)
}

/// First and one past the last index in [`KEYS`] of each kind of block, by its number: every field of a workspace is
/// looked up several times.
const EXTENTS: [(usize, usize); BlockKind::Evidence as usize + 1] = {
    let mut extents = [(0, 0); BlockKind::Evidence as usize + 1];
    let mut at = 0;
    while at < KEYS.len() {
        let extent = &mut extents[KEYS[at].block as usize];
        if extent.1 == 0 {
            extent.0 = at;
        }
        extent.1 = at + 1;
        at += 1;
    }
    extents
};

/// The key of a name in a kind of block; `None` where it has none of that name.
pub fn find(block: BlockKind, name: &str) -> Option<&'static Key> {
    of(block).find(|key| key.name == name)
}

/// Words for `heart:`.
pub const HEART: &[&str] = &["happiness", "engagement", "adoption", "retention", "task success"];
/// Words for `stage:`.
pub const STAGES: &[&str] = &["acquisition", "activation", "retention", "referral", "revenue"];
/// Words for an evidence's grade, strongest first.
pub const GRADES: &[&str] = &["experiment", "pilot", "similar", "benchmark", "opinion"];

/// What a north star is checked by: it says what customers get, serves the strategy, moves before the money does, can be moved
/// by the teams, is understood without a manual, can be measured, and can fall.
pub const NORTH_STAR: &[&str] =
    &["value", "strategy", "leading", "actionable", "understandable", "measurable", "honest"];

/// Every key, block by block, in the order `fmt` writes them.
pub static KEYS: &[Key] = &[
    required(key(Source, "from", From, Meaning, "The file, files or table its rows come from.")),
    key(Source, "time", Name, Meaning, "The column that says when a row happened."),
    key(Source, "dates", Text, Meaning, "How its dates are written, such as \"dd/mm/yyyy\"; ISO 8601 where unsaid."),
    key(
        Source,
        "layout",
        Word(&["long", "wide", "across"]),
        Meaning,
        "Whether metrics are rows' values (long), columns (wide) or rows with a column per period (across).",
    ),
    key(Source, "sheet", Text, Meaning, "The sheet of a spreadsheet; the first where unsaid."),
    key(
        Source,
        "header",
        Number,
        Meaning,
        "The row that names the columns; the first that holds anything where unsaid.",
    ),
    key(
        Source,
        "numbers",
        Text,
        Meaning,
        "How its numbers are written, such as \"1.234,5\"; plain digits with a point where unsaid.",
    ),
    key(Source, "blank", Texts, Meaning, "What stands in a cell without a value, such as \"n/a\"."),
    key(Source, "separator", Text, Meaning, "What separates the fields of a text; found out where unsaid."),
    key(
        Source,
        "encoding",
        Text,
        Meaning,
        "How its text is encoded, such as \"windows-1252\"; found out where unsaid.",
    ),
    key(Source, "skip", Type::Skip, Meaning, "How many rows that cannot be read may be left out; none where unsaid."),
    key(Source, "currency", Name, Meaning, "The column that says in which currency a row's amounts are."),
    key(Source, "amounts", Names, Meaning, "The columns that hold amounts of that currency."),
    key(Source, "rates", Type::Rates, Meaning, "What one of each currency is worth in the workspace's."),
    key(Source, "covers", Dates, Meaning, "The first and last day it covers, where its rows do not show that."),
    key(Source, "arrives", Type::Arrives, Meaning, "How long after a period's end all its rows are there."),
    key(Source, "key", Name, Meaning, "The column that tells its rows apart."),
    repeatable(key(Source, "join", Join, Meaning, "Another source, found through its key.")),
    key(Source, "where", Condition, Meaning, "Which of its rows count at all."),
    key(Source, "fresh", Duration, Governance, "How old its newest row may be."),
    repeatable(key(Source, "expect", Conditions, Governance, "What holds for every row.")),
    key(Source, "owner", Text, Governance, "Who answers for it."),
    key(Source, "why", Text, Words, "What it is for."),
    key(Source, "tags", Texts, Words, "Words to find it by."),
    repeatable(key(Source, "allow", Allow, Governance, "A lint that is allowed here, and why.")),
    required(key(Segment, "where", Condition, Meaning, "Which rows belong to it.")),
    key(Segment, "why", Text, Words, "What it is for."),
    key(Metric, "why", Text, Words, "Why anybody should care."),
    key(Metric, "role", Word(&["north star", "input", "guardrail", "health"]), Tree, "Its part in the tree."),
    key(Metric, "owner", Text, Governance, "Who answers for it."),
    required(key(Metric, "unit", Unit, Meaning, "What it counts.")),
    key(Metric, "better", Better, Meaning, "Which way is better."),
    required(key(
        Metric,
        "grain",
        Word(&["day", "week", "month", "quarter", "year"]),
        Meaning,
        "How long one of its periods is.",
    )),
    key(Metric, "reads", Reads, Meaning, "What a quarter's number is."),
    required(key(Metric, "measure", Measure, Meaning, "How it is computed.")),
    key(Metric, "where", Condition, Meaning, "Which rows count."),
    key(Metric, "clip", Bounds, Meaning, "Percentiles outside which values are pulled in."),
    key(Metric, "empty", Word(&["zero", "gap"]), Meaning, "What a period without rows is."),
    key(Metric, "bounds", Bounds, Meaning, "The range its values lie in."),
    key(Metric, "sample", Name, Meaning, "The column that holds how many were asked."),
    key(Metric, "equals", Formula, Tree, "What it is made of, exactly."),
    repeatable(key(Metric, "drives", Drives, Tree, "What it is believed to move.")),
    repeatable(key(Metric, "guard", Guard, Governance, "What must not suffer when it is pushed.")),
    key(Metric, "stage", Word(STAGES), Tree, "Its stage in the funnel."),
    key(Metric, "heart", Word(HEART), Words, "Its category of user experience."),
    key(Metric, "goal", Text, Words, "The goal behind it."),
    key(Metric, "signal", Text, Words, "What people do that shows the goal is met."),
    key(
        Metric,
        "facet",
        Word(&["effectiveness", "efficiency", "satisfaction"]),
        Words,
        "Which facet of quality it shows.",
    ),
    key(Metric, "market", MarketLink, Tree, "The market that limits it."),
    key(Metric, "worth", Amount, Governance, "What one of its units is worth."),
    key(Metric, "slice", Names, Tree, "Columns it is cut by."),
    key(Metric, "status", Word(&["draft", "certified"]), Governance, "How far it can be relied on."),
    repeatable(key(Metric, "attested", Attested, Governance, "What somebody vouches for, who and when.")),
    key(Metric, "deprecated", Until, Governance, "That it goes, when, and what to use."),
    key(Metric, "proxy", Until, Governance, "What it stands in for, and until when."),
    key(Metric, "was", Names, Governance, "Names it had before."),
    key(Metric, "also", Texts, Words, "Other words people use for it."),
    key(Metric, "tags", Texts, Words, "Words to find it by."),
    key(Metric, "format", Text, Words, "How its numbers are written, such as \"0.0\" or \"0.0k\"."),
    repeatable(key(Metric, "allow", Allow, Governance, "A lint that is allowed here, and why.")),
    required(key(Column, "value", Condition, Meaning, "What it computes (written after the header's colon).")),
    required(key(Benchmark, "value", Level, Tree, "Where the other stands.")),
    key(Benchmark, "source", Text, Governance, "Who says so."),
    key(Benchmark, "date", When, Governance, "When it was so."),
    key(Changed, "restate", Formula, Meaning, "What earlier values would be under the new definition, of `before`."),
    required(key(Test, "at", When, Governance, "The period it looks at.")),
    required(key(Test, "is", Level, Governance, "What the value must be.")),
    required(key(Market, "unit", Unit, Meaning, "What it counts.")),
    required(key(Market, "tam", Amount, Meaning, "The total addressable market.")),
    key(Market, "sam", Amount, Meaning, "The part that can be served."),
    key(Market, "som", Amount, Meaning, "The part that can be won, and by when."),
    key(Market, "source", Text, Governance, "Who says so."),
    key(Market, "date", When, Governance, "When it was so."),
    key(Market, "why", Text, Words, "How it was counted."),
    repeatable(key(Market, "allow", Allow, Governance, "A lint that is allowed here, and why.")),
    required(key(Event, "on", Dates, Meaning, "Its days, past and future.")),
    key(Event, "affects", Names, Meaning, "The metrics it moves."),
    key(Event, "why", Text, Words, "What it is."),
    key(BlockKind::Plan, "objective", Text, Words, "What the quarter is for."),
    key(BlockKind::Plan, "approver", Text, Governance, "Who says yes."),
    key(BlockKind::Plan, "owner", Text, Governance, "Who drafts it, and answers for what in it names nobody."),
    repeatable(key(BlockKind::Plan, "allow", Allow, Governance, "A lint that is allowed here, and why.")),
    key(Target, "confidence", Part, Planning, "The chance the proposal is to have; 60 % where unsaid."),
    key(Target, "set", Level, Planning, "The target itself, where it is given."),
    key(Target, "budget", Level, Planning, "What the budget counts on; it stands beside the forecast."),
    repeatable(key(Target, "method", Method, Planning, "A way to arrive at it.")),
    repeatable(key(Target, "guard", Guard, Governance, "What must not suffer for it.")),
    key(Target, "because", Text, Planning, "Why this target."),
    key(Target, "learn", Learn, Planning, "What is to be learnt first, in place of a number."),
    key(Target, "owner", Text, Governance, "Who answers for it, where that is not the metric's owner."),
    key(Target, "approver", Text, Governance, "Who says yes, where that is not the plan's approver."),
    repeatable(key(Target, "allow", Allow, Governance, "A lint that is allowed here, and why.")),
    key(Initiative, "owner", Text, Governance, "Who does it."),
    repeatable(key(Initiative, "moves", Moves, Planning, "What it is expected to move, and by how much.")),
    key(Initiative, "ships", Part, Planning, "The chance that it ships; certain where unsaid."),
    key(Initiative, "starts", Date, Planning, "The day its effect begins."),
    key(Initiative, "ramps", Duration, Planning, "How long until its effect is whole."),
    key(Initiative, "evidence", Type::Evidence, Planning, "How it is known."),
    key(Initiative, "in_trend", Part, Planning, "Which part of it history's usual pace already holds."),
    repeatable(key(Initiative, "overlaps", Overlaps, Planning, "Another initiative that does part of the same.")),
    key(Initiative, "cost", Amount, Planning, "What it costs."),
    key(Initiative, "effort", Amount, Planning, "The work it takes."),
    key(Initiative, "team", Name, Governance, "Which team's capacity it takes."),
    repeatable(key(Initiative, "outcome", Outcome, Governance, "What became of it.")),
    key(Initiative, "why", Text, Words, "Why it should work."),
    repeatable(key(Initiative, "allow", Allow, Governance, "A lint that is allowed here, and why.")),
    key(BlockKind::Evidence, "people", Number, Planning, "How many took part."),
    key(BlockKind::Evidence, "date", When, Planning, "When it was found."),
    key(BlockKind::Evidence, "source", Text, Words, "Where it is written down."),
    required(key(Judgement, "shift", Change, Planning, "What the forecast cannot know.")),
    required(key(Judgement, "because", Text, Planning, "Why.")),
    key(Judgement, "owner", Text, Governance, "Who says so."),
    key(Quote, "from", Text, Words, "Who said it, where."),
    key(Quote, "about", Names, Words, "Which metrics it is about."),
    required(key(Risk, "chance", Part, Planning, "How likely it is.")),
    repeatable(key(Risk, "moves", Moves, Planning, "What it moves if it comes.")),
    key(Risk, "sign", Text, Planning, "What shows that it comes."),
    key(Risk, "owner", Text, Governance, "Who watches it."),
    required(key(Milestone, "by", When, Planning, "Its last day.")),
    key(Milestone, "chance", Part, Planning, "How likely it is met."),
    key(Milestone, "owner", Text, Governance, "Who answers for it."),
    repeatable(key(Scenario, "without", Names, Planning, "Initiatives left out.")),
    repeatable(key(Scenario, "with", Names, Planning, "Risks taken to happen.")),
    repeatable(key(Scenario, "moves", Moves, Planning, "What else moves.")),
];
