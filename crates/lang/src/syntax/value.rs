//! The values fields can have, as written: numbers keep their suffix, names are unresolved, units are words.

mod measure;
mod number;
mod plan;
mod row;

pub use measure::{AggregateFunction, Formula, FromClause, Measure, Step, Window};
pub use number::{Amount, Better, Change, Duration, Number, Range, Reads, Suffix, TimeUnit, UnitWords, When};
pub use plan::{From, Guard, GuardBase, GuardLimit, Method, Stretch};
pub use row::{BinaryOp, Condition, Path};

use crate::Spanned;
use chrono::NaiveDate;
use quarterdeck_calendar::Grain;

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
