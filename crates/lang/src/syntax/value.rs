//! The values fields can have, as written: numbers keep their suffix, names are unresolved, units are words.

use crate::{Span, Spanned};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};

/// The value of a field. The table of keys says which of these a key takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `"text"`.
    Text(String),
    /// `"a", "b"`.
    Texts(Vec<Spanned<String>>),
    /// `a, b, customers.country`: one or more names, possibly dotted.
    Names(Vec<Spanned<Path>>),
    /// One or more bare words of a closed set, joined by one space: `north star`, `higher`, `task success`, `zero`.
    Word(String),
    /// A bare number without unit: `3`, `1.5M`.
    Number(Number),
    /// `60%`, `2/3`, optionally followed by `likely`.
    Part(Number),
    /// A duration: `2 days`.
    Duration(Duration),
    /// A day: `2027-02-01`.
    Date(NaiveDate),
    /// `2024-11-29 to 2024-12-02, 2025-11-28`.
    Dates(Vec<(Spanned<NaiveDate>, Spanned<NaiveDate>)>),
    /// A day or the last day of a period: `2027-02-28`, `2026-06`, `2025`.
    When(When),
    /// A unit: `orders`, `orders per household`, `share`, `GBP`.
    Unit(UnitWords),
    /// An amount or a range of amounts, with an optional unit and an optional `by PERIOD`: `1_000_000`,
    /// `550_000 to 650_000`, `28 GBP to 34 GBP per order`, `100_000 by 2028-Q4`, `30 person-weeks`.
    Amount(Box<Amount>),
    /// A level with an optional tolerance: `94.5%`, `120_431 within 0.5%`.
    Level {
        /// The level.
        value: Spanned<Number>,
        /// `within 0.5%`.
        within: Option<Spanned<Number>>,
    },
    /// `A to B` in the metric's own unit, for `bounds` and `clip`.
    Bounds(Spanned<Number>, Spanned<Number>),
    /// `higher`, `lower`, `between A and B`.
    Better(Better),
    /// A change: `+1pp`, `-1%`, `1pp to 3pp`, `about 1.2pp (0.4pp to 2.0pp at 95%)`, `2% relative`.
    Change(Box<Change>),
    /// `M by CHANGE`.
    Moves {
        /// The metric moved.
        metric: Spanned<String>,
        /// By how much.
        by: Box<Change>,
    },
    /// `NAME 30%`.
    Overlaps {
        /// The other initiative.
        initiative: Spanned<String>,
        /// Which part of the smaller effect.
        part: Spanned<Number>,
    },
    /// `total`, `average week`, `last`, `average of last 4 weeks`, `whole`.
    Reads(Reads),
    /// A measure.
    Measure(Box<Measure>),
    /// A formula over metrics, for `equals` and `restate`.
    Formula(Box<Spanned<Formula>>),
    /// A condition over rows, for `where` and `expect` (several, separated by commas).
    Conditions(Vec<Spanned<Condition>>),
    /// `X [lag 4 weeks] [at 0.25pp per 1%]`.
    Drives {
        /// What is driven.
        metric: Spanned<String>,
        /// How much later.
        lag: Option<Spanned<Duration>>,
        /// `A per B`: B of this metric gives A of the driven one.
        slope: Option<(Box<Change>, Box<Change>)>,
    },
    /// A guard.
    Guard(Box<Guard>),
    /// `households at 0.6 orders per household`.
    MarketLink {
        /// The market.
        market: Spanned<String>,
        /// How much of the metric one of the market's units gives.
        per: Option<Spanned<Number>>,
        /// The unit written after it.
        unit: Option<Box<Spanned<UnitWords>>>,
    },
    /// `"data/x.csv"` or `warehouse table "public.orders"`.
    From(From),
    /// `customers on customer_id`.
    Join {
        /// The other source.
        source: Spanned<String>,
        /// The column of this source.
        on: Spanned<String>,
    },
    /// `8 days after month end`.
    Arrives {
        /// How long after.
        after: Spanned<Duration>,
        /// The end of which period.
        of: Spanned<Grain>,
    },
    /// `at most 5`.
    Skip(u32),
    /// `EUR 0.85, USD 0.79`: a currency and what one is worth.
    Rates(Vec<(Spanned<String>, Spanned<Number>)>),
    /// A planning method.
    Method(Box<Method>),
    /// `"a baseline" by 2027-02-28`.
    Learn {
        /// What is to be learnt.
        what: Spanned<String>,
        /// Until when.
        by: Spanned<When>,
    },
    /// `value by "ana@grocer.example" on 2026-11-02`.
    Attested {
        /// One of the [points](crate::keys::NORTH_STAR) a north star is checked by.
        point: Spanned<String>,
        /// Who vouches for it.
        by: Spanned<String>,
        /// Since when.
        on: Spanned<NaiveDate>,
    },
    /// `pilot "York depot"`.
    Evidence {
        /// `experiment`, `pilot`, `similar`, `benchmark`, `opinion`.
        grade: Spanned<String>,
        /// What it is.
        text: Option<Spanned<String>>,
    },
    /// `shipped 2027-02-01`, `slipped to 2027-03-15 because "…"`, `dropped because "…"`, `measured 1.4pp …`.
    Outcome {
        /// The first word.
        word: Spanned<String>,
        /// A day.
        date: Option<Spanned<NaiveDate>>,
        /// What was measured.
        change: Option<Box<Change>>,
        /// Why.
        because: Option<Spanned<String>>,
    },
    /// `draft` or `certified` is a [`Value::Word`]; `"use x" replaced by x until D`, `x until D`.
    Until {
        /// A sentence.
        text: Option<Spanned<String>>,
        /// Another metric.
        metric: Option<Spanned<String>>,
        /// The last day.
        until: Option<Spanned<When>>,
    },
    /// `CODE "why"`.
    Allow {
        /// The lint's code.
        code: Spanned<String>,
        /// Why it is allowed here.
        why: Option<Spanned<String>>,
    },
    /// What could not be read; its diagnostic is reported.
    Broken,
}

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Its value with `k` and `M` applied, percent and points not: `5%` is 5, `1.5pp` is 1.5, `10k` is 10,000, `2/3` is 0.666….
    pub value: f64,
    /// `%`, `pp` or nothing.
    pub suffix: Suffix,
}

/// What follows a number without a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Nothing, `k` or `M`.
    None,
    /// `%`.
    Percent,
    /// `pp`.
    Points,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what; hours are only for sources' freshness and conversions.
    pub unit: TimeUnit,
}

/// What a duration counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days, weeks, months, quarters, halves or years.
    Grain(Grain),
}

/// A day or a period, meaning the period's last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(NaiveDate),
    /// Through the last day of a period.
    Period(Period),
}

/// A unit as its words: what stands over and under `per`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitWords {
    /// The words, `per` between them: `orders per household` is `["orders", "household"]`.
    pub parts: Vec<Spanned<String>>,
}

/// An amount: a point, `A to B`, or `about M (A to B at 95%)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// The numbers.
    pub range: Range,
    /// The unit at its right end, if any.
    pub unit: Option<Spanned<UnitWords>>,
    /// `by PERIOD`.
    pub by: Option<Spanned<When>>,
}

/// A point, a range or a middle with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The middle: the point itself, or what follows `about`.
    pub middle: Option<Spanned<Number>>,
    /// Lower and upper end.
    pub ends: Option<(Spanned<Number>, Spanned<Number>)>,
    /// The chance in percent that the ends enclose; 80 where unsaid.
    pub level: Option<Spanned<Number>>,
}

/// A change of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its size.
    pub range: Range,
    /// Whether `relative` is spelled out.
    pub relative: bool,
    /// A unit at its right end (`5 orders`), if any.
    pub unit: Option<Spanned<UnitWords>>,
    /// All of it.
    pub span: Span,
}

/// Which way is better.
#[derive(Clone, Debug, PartialEq)]
pub enum Better {
    /// `higher`
    Higher,
    /// `lower`
    Lower,
    /// `between A and B`
    Between(Spanned<Number>, Spanned<Number>),
}

/// What a quarter's number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// `total`
    Total,
    /// `average week`, `average month`
    Average(Grain),
    /// `last`
    Last,
    /// `average of last 4 weeks`
    AverageOfLast(u32, Grain),
    /// `whole`
    Whole,
}

/// A name, possibly dotted: `customers.country`, `checkout.paid`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// Its parts.
    pub parts: Vec<String>,
}

/// An expression over the columns of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A column, or a column of a joined source.
    Column(Path),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A duration.
    Duration(Duration),
    /// `true` or `false`.
    Bool(bool),
    /// `not x`
    Not(Box<Spanned<Condition>>),
    /// `-x`
    Neg(Box<Spanned<Condition>>),
    /// `a op b`
    Binary(BinaryOp, Box<Spanned<Condition>>, Box<Spanned<Condition>>),
    /// `x [not] in (a, b)`
    In {
        /// What is looked for.
        value: Box<Spanned<Condition>>,
        /// Among what.
        list: Vec<Spanned<Condition>>,
        /// `not in`.
        negated: bool,
    },
    /// `x is [not] null`
    IsNull {
        /// What is asked.
        value: Box<Spanned<Condition>>,
        /// `is not null`.
        negated: bool,
    },
    /// `x [not] like "a%"`
    Like {
        /// What is compared.
        value: Box<Spanned<Condition>>,
        /// The pattern: `%` any text, `_` any letter.
        pattern: Spanned<String>,
        /// `not like`.
        negated: bool,
    },
    /// `x [not] between a and b`
    Between {
        /// What is compared.
        value: Box<Spanned<Condition>>,
        /// From here.
        low: Box<Spanned<Condition>>,
        /// To here, included.
        high: Box<Spanned<Condition>>,
        /// `not between`.
        negated: bool,
    },
    /// `[not] in segment NAME`
    InSegment {
        /// Which.
        segment: Spanned<String>,
        /// `not in segment`.
        negated: bool,
    },
    /// `x is unique`, in `expect` only.
    IsUnique(Box<Spanned<Condition>>),
    /// What could not be read; its diagnostic is reported.
    Broken,
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AggregateFunction {
    /// `count()`
    Count,
    /// `count_distinct(x)`
    CountDistinct,
    /// `sum(x)`
    Sum,
    /// `mean(x)`
    Mean,
    /// `min(x)`
    Min,
    /// `max(x)`
    Max,
    /// `median(x)`
    Median,
    /// `percentile(x, 95)`
    Percentile(f64),
    /// `stddev(x)`
    StdDev,
}

/// `SOURCE [where COND] [by time COLUMN]`.
#[derive(Clone, Debug, PartialEq)]
pub struct FromClause {
    /// The source.
    pub source: Spanned<String>,
    /// `where`.
    pub filter: Option<Spanned<Condition>>,
    /// `by time COLUMN`.
    pub time: Option<Spanned<String>>,
}

/// What a metric counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Aggregates, metrics and arithmetic.
    Formula(Spanned<Formula>),
    /// `conversion [rate|count] from A to B by KEY within D`
    Conversion {
        /// `count` and not the rate.
        count: bool,
        /// The entry.
        from: FromClause,
        /// The goal.
        to: FromClause,
        /// The key that ties them.
        by: Spanned<String>,
        /// The window.
        within: Spanned<Duration>,
    },
    /// `funnel from SOURCE by KEY within D { step … }`
    Funnel {
        /// The source.
        from: FromClause,
        /// The key.
        by: Spanned<String>,
        /// The window.
        within: Spanned<Duration>,
        /// The steps in order.
        steps: Vec<Step>,
    },
    /// `retention from A to B by KEY after D for D`
    Retention {
        /// The entry.
        from: FromClause,
        /// The return.
        to: FromClause,
        /// The key.
        by: Spanned<String>,
        /// When the window opens.
        after: Spanned<Duration>,
        /// How long it is open.
        lasting: Spanned<Duration>,
    },
    /// `churn from SOURCE by KEY per month`
    Churn {
        /// The source.
        from: FromClause,
        /// The key.
        by: Spanned<String>,
        /// The period.
        per: Spanned<Grain>,
    },
    /// `sum(x) from SOURCE at end [per KEY]`
    Stock {
        /// What is summed.
        value: Spanned<Condition>,
        /// Where from.
        from: FromClause,
        /// `per KEY`.
        per: Option<Spanned<String>>,
    },
    /// `recorded COLUMN in SOURCE [scale 1%]`
    Recorded {
        /// The column.
        column: Spanned<String>,
        /// The source, with its filter.
        from: FromClause,
        /// What one of its units is.
        scale: Option<Spanned<Number>>,
    },
}

/// `step name "Label": COND`.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: Spanned<String>,
    /// Its label.
    pub label: Option<Spanned<String>>,
    /// Which rows are it.
    pub condition: Spanned<Condition>,
}

/// Arithmetic over aggregates and metrics.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number.
    Number(Number),
    /// A metric, a funnel's step, or `before` in a restatement.
    Name(Path),
    /// An aggregate; the source may stand further out (`(sum(a) / count()) from orders`).
    Aggregate {
        /// The function.
        function: AggregateFunction,
        /// Its argument; `None` for `count()`.
        argument: Option<Box<Spanned<Condition>>>,
    },
    /// `x from SOURCE …`
    From(Box<Spanned<Formula>>, FromClause),
    /// `x where COND`
    Where(Box<Spanned<Formula>>, Box<Spanned<Condition>>),
    /// `x over trailing 28 days`
    Over(Box<Spanned<Formula>>, Spanned<Window>),
    /// `x ago 1 year`
    Ago(Box<Spanned<Formula>>, Spanned<Duration>),
    /// `coalesce(x, 0)`
    Coalesce(Box<Spanned<Formula>>, Spanned<Number>),
    /// `-x`
    Neg(Box<Spanned<Formula>>),
    /// `a op b`, the operator one of `+ - * /`.
    Binary(BinaryOp, Box<Spanned<Formula>>, Box<Spanned<Formula>>),
    /// What could not be read.
    Broken,
}

/// A window that ends with the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// `trailing 28 days`, the last of them the period's last.
    Trailing(Duration),
    /// `month to date`, `quarter to date`, `year to date`
    ToDate(Grain),
    /// `all time`
    AllTime,
}

/// `M [at most|at least …] [alarms N per year]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// What is watched.
    pub metric: Spanned<String>,
    /// Its limit; `None` where only alarms (or nothing) are given.
    pub limit: Option<GuardLimit>,
    /// `alarms N per year`.
    pub alarms: Option<Spanned<Number>>,
}

/// Where a guard sounds.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardLimit {
    /// `at most LEVEL` (true) or `at least LEVEL` (false).
    Level {
        /// `at most`.
        at_most: bool,
        /// The level.
        level: Spanned<Number>,
    },
    /// `at most CHANGE above same quarter last year`.
    Against {
        /// `at most`.
        at_most: bool,
        /// By how much.
        change: Change,
        /// `above` (true) or `below`.
        above: bool,
        /// Of what.
        base: Spanned<GuardBase>,
    },
}

/// What a guard compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub enum GuardBase {
    /// `forecast`
    Forecast,
    /// `last quarter`
    LastQuarter,
    /// `same quarter last year`
    SameQuarterLastYear,
}

/// Where a source's rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    /// Files: a path or a glob.
    Files(Spanned<String>),
    /// A table of a connection in `quarterdeck.toml`.
    Table {
        /// The connection.
        connection: Spanned<String>,
        /// The table.
        table: Spanned<String>,
    },
}

/// A planning method, as written.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "trees are small and short-lived")]
pub enum Method {
    /// `trend [stretch …]`
    Trend {
        /// The stretch.
        stretch: Option<Spanned<Stretch>>,
    },
    /// `benchmark NAME close 2/3 by P`
    Benchmark {
        /// The benchmark.
        benchmark: Spanned<String>,
        /// Which part of the gap.
        close: Spanned<Number>,
        /// Until when.
        by: Spanned<When>,
    },
    /// `market 10% of tam by P`
    Market {
        /// Which share.
        share: Spanned<Number>,
        /// `tam`, `sam` or `som`.
        of: Spanned<String>,
        /// Until when.
        by: Spanned<When>,
    },
    /// `initiatives`
    Initiatives,
    /// `objective METRIC CHANGE [at A per B] [stretch CHANGE]`
    Objective {
        /// The parent.
        metric: Spanned<String>,
        /// What it is to change by.
        change: Change,
        /// `A per B`.
        slope: Option<(Change, Change)>,
        /// Added to the answer.
        stretch: Option<Change>,
    },
}

/// What is added to the trend.
#[derive(Clone, Debug, PartialEq)]
pub enum Stretch {
    /// `stretch initiatives`
    Initiatives,
    /// `stretch confidence 70%`
    Confidence(Number),
    /// `stretch market`
    Market,
    /// `stretch +1pp`, `stretch +5%`
    Change(Change),
}
