//! What a metric counts.

use super::{BinaryOp, Condition, Duration, Number, Path};
use crate::Spanned;
use quarterdeck_calendar::Grain;

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

impl Measure {
    /// The rows it is made of, where it is no formula.
    pub fn clauses(&self) -> impl Iterator<Item = &FromClause> {
        let (from, to) = match self {
            Measure::Formula(_) => (None, None),
            Measure::Conversion { from, to, .. } | Measure::Retention { from, to, .. } => (Some(from), Some(to)),
            Measure::Funnel { from, .. }
            | Measure::Churn { from, .. }
            | Measure::Stock { from, .. }
            | Measure::Recorded { from, .. } => (Some(from), None),
        };
        from.into_iter().chain(to)
    }
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
