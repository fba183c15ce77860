//! A metric as arithmetic over leaves: aggregates of one table that queries can answer.
//!
//! Metrics a measure names are opened up, their filters folded in, so that any range of days can be asked of the whole:
//! a quarter's ratio is the quarter's sums divided, never an average of ratios.

use quarterdeck_calendar::Grain;
use quarterdeck_lang::model::{Empty, Filter, Journey, Length, Place, Reads, Window};
use std::collections::BTreeSet;

/// A source by one of its time columns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableId {
    /// The source.
    pub source: String,
    /// The time column.
    pub time: String,
}

/// What is asked of a table's rows.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// How many rows.
    Rows,
    /// How many rows with a value.
    Present(Filter),
    /// Their sum.
    Sum(Filter),
    /// The smallest.
    Smallest(Filter),
    /// The largest.
    Largest(Filter),
    /// How many different ones.
    Distinct(Filter),
    /// A percentile, 0 to 100.
    Percentile(Filter, f64),
    /// The sample standard deviation.
    Deviation(Filter),
    /// The sum over the last row of each key.
    Keyed {
        /// What is summed.
        value: Filter,
        /// The key.
        key: String,
    },
    /// How many keys enter.
    Entries(Box<Trail>),
    /// How many of them arrive.
    Arrivals(Box<Trail>),
    /// One value a period.
    Recorded {
        /// The column.
        column: String,
        /// The period.
        grain: Grain,
        /// What one of its units is.
        scale: f64,
        /// How many were asked.
        sample: Option<String>,
    },
}

/// A journey of keys: entries are the first row of each key in each period.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// What is followed. The filter of its entries is that of the leaf.
    pub journey: Journey,
    /// The period in which a key enters once.
    pub each: Grain,
    /// The rows of the goal's source, whatever they are: they tell which days it covers.
    pub goal: Option<usize>,
}

/// An aggregate of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Of which table.
    pub table: TableId,
    /// Over which rows.
    pub filter: Option<Filter>,
    /// What.
    pub what: What,
    /// Microseconds of one unit, where it is a length of time.
    pub unit: i64,
    /// Percentiles outside which values are pulled in.
    pub clip: Option<(f64, f64)>,
    /// Who asked first.
    pub metric: String,
    /// Where that is declared.
    pub place: Place,
}

impl Leaf {
    /// Whether its value over days is the sum of its values of the days.
    pub fn adds_up(&self) -> bool {
        matches!(self.what, What::Rows | What::Present(_) | What::Sum(_) | What::Entries(_) | What::Arrivals(_))
    }

    /// Whether its value over days follows from its values of the days.
    pub fn is_daily(&self) -> bool {
        // Journeys add up by day too, and are not the engine's work.
        matches!(self.what, What::Rows | What::Present(_) | What::Sum(_) | What::Smallest(_) | What::Largest(_))
    }
}

/// Arithmetic over leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Number(f64),
    /// The value before a declared change.
    Before,
    /// An aggregate.
    Leaf(usize),
    /// An aggregate that is empty, or zero, where no row counts.
    Counted {
        /// How many rows count.
        rows: usize,
        /// What a range without rows is.
        empty: Empty,
        /// The aggregate.
        inner: Box<Node>,
    },
    /// The sum over the last day that has rows.
    Snapshot {
        /// The rows of the source.
        rows: usize,
        /// The sum.
        sum: usize,
    },
    /// Recorded values.
    Recorded {
        /// The leaf.
        leaf: usize,
        /// How several periods are read as one.
        reads: Reads,
    },
    /// Minus.
    Neg(Box<Node>),
    /// Plus.
    Add(Box<Node>, Box<Node>),
    /// Minus.
    Sub(Box<Node>, Box<Node>),
    /// Times.
    Mul(Box<Node>, Box<Node>),
    /// Over.
    Div(Box<Node>, Box<Node>),
    /// A number where there is nothing.
    Coalesce(Box<Node>, f64),
    /// So much earlier.
    Ago(Box<Node>, Length),
    /// Over a window that ends where the range ends.
    Over(Box<Node>, Window),
    /// A part of a formula that is no flow, read by its own `reads` over ranges longer than its periods.
    Read {
        /// The part.
        inner: Box<Node>,
        /// How several of its periods are read as one.
        reads: Reads,
        /// How long one of its periods is.
        grain: Grain,
    },
    /// A flow beside an average per period: its own average per period, over ranges longer than one.
    PerPeriod {
        /// The flow.
        inner: Box<Node>,
        /// The period.
        each: Grain,
    },
    /// Restated before a day.
    Restated {
        /// What is restated.
        inner: Box<Node>,
        /// The first day after the change, in days since 1970.
        on: i32,
        /// What earlier values would be.
        by: Box<Node>,
    },
}

impl Node {
    /// Whether a range's value is the sum of its days' values.
    pub fn is_additive(&self, leaves: &[Leaf]) -> bool {
        let both = |a: &Node, b: &Node| a.is_additive(leaves) && b.is_additive(leaves);
        match self {
            Node::Leaf(leaf) => leaves.get(*leaf).is_some_and(|leaf| leaf.adds_up()),
            Node::Counted { inner, .. } | Node::Neg(inner) | Node::Ago(inner, _) | Node::Restated { inner, .. } => {
                inner.is_additive(leaves)
            }
            Node::Coalesce(inner, number) => *number == 0.0 && inner.is_additive(leaves),
            Node::Add(a, b) | Node::Sub(a, b) => both(a, b),
            Node::Mul(a, b) => {
                matches!(**a, Node::Number(_)) && b.is_additive(leaves)
                    || matches!(**b, Node::Number(_)) && a.is_additive(leaves)
            }
            Node::Div(a, b) => a.is_additive(leaves) && matches!(**b, Node::Number(_)),
            _ => false,
        }
    }

    /// Whether a range's value is a total of it: what adds up over days, perhaps times or over what does not.
    pub fn is_flow(&self, leaves: &[Leaf]) -> bool {
        match self {
            Node::Neg(inner) | Node::Ago(inner, _) | Node::Counted { inner, .. } | Node::Restated { inner, .. } => {
                inner.is_flow(leaves)
            }
            Node::Add(a, b) | Node::Sub(a, b) => a.is_flow(leaves) && b.is_flow(leaves),
            Node::Mul(a, b) => a.is_flow(leaves) != b.is_flow(leaves),
            Node::Div(a, b) => a.is_flow(leaves) && !b.is_flow(leaves),
            Node::Coalesce(inner, _) => inner.is_flow(leaves),
            Node::Recorded { leaf, reads } => match (leaves.get(*leaf).map(|leaf| &leaf.what), reads) {
                (_, Reads::Total) => true,
                (Some(What::Recorded { grain, .. }), Reads::Average(over)) => over > grain,
                _ => false,
            },
            Node::Read { reads, .. } => *reads == Reads::Total,
            node => node.is_additive(leaves),
        }
    }

    /// Whether it is what somebody else computed, perhaps restated.
    pub fn is_recorded(&self) -> bool {
        match self {
            Node::Recorded { .. } => true,
            Node::Restated { inner, .. } => inner.is_recorded(),
            _ => false,
        }
    }

    /// Whether it is read on the last day of a range, whatever the range.
    pub fn is_level(&self, leaves: &[Leaf]) -> bool {
        match self {
            Node::Snapshot { .. } => true,
            Node::Leaf(leaf) => leaves.get(*leaf).is_some_and(|leaf| matches!(leaf.what, What::Keyed { .. })),
            Node::Restated { inner, .. } | Node::Neg(inner) | Node::Coalesce(inner, _) => inner.is_level(leaves),
            _ => false,
        }
    }

    /// The denominator of a ratio of sums (perhaps scaled and moved by numbers): what its values are weighted with.
    pub fn denominator(&self, leaves: &[Leaf]) -> Option<Node> {
        let number = |node: &Node| matches!(node, Node::Number(_));
        match self {
            Node::Counted { inner, .. } | Node::Neg(inner) | Node::Restated { inner, .. } => inner.denominator(leaves),
            Node::Div(a, b) if number(b) => a.denominator(leaves),
            Node::Div(a, b) => {
                let sums = a.is_additive(leaves) && b.is_additive(leaves);
                sums.then(|| (**b).clone())
            }
            Node::Mul(a, b) | Node::Add(a, b) | Node::Sub(a, b) if number(a) => b.denominator(leaves),
            Node::Mul(a, b) | Node::Add(a, b) | Node::Sub(a, b) if number(b) => a.denominator(leaves),
            Node::Add(a, b) | Node::Sub(a, b) => {
                let (one, other) = (a.denominator(leaves)?, b.denominator(leaves)?);
                (one == other).then_some(one)
            }
            _ => None,
        }
    }

    /// Every leaf below, those only reached through earlier years left out where `now` is asked.
    pub fn leaves(&self, reach: Reach) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        self.gather(reach, &mut found);
        found
    }

    fn gather(&self, reach: Reach, found: &mut BTreeSet<usize>) {
        match self {
            Node::Number(_) | Node::Before => {}
            Node::Leaf(leaf) | Node::Recorded { leaf, .. } => {
                found.insert(*leaf);
            }
            Node::Counted { rows, inner, .. } => {
                found.insert(*rows);
                inner.gather(reach, found);
            }
            Node::Snapshot { rows, sum } => {
                found.extend([*rows, *sum]);
            }
            Node::Ago(inner, _) if reach == Reach::All => inner.gather(reach, found),
            Node::Ago(..) => {}
            Node::Neg(inner)
            | Node::Coalesce(inner, _)
            | Node::Over(inner, _)
            | Node::Read { inner, .. }
            | Node::PerPeriod { inner, .. } => inner.gather(reach, found),
            Node::Restated { inner, by, .. } => {
                inner.gather(reach, found);
                by.gather(reach, found);
            }
            Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) | Node::Div(a, b) => {
                a.gather(reach, found);
                b.gather(reach, found);
            }
        }
    }
}

/// Which leaves are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All.
    All,
    /// Those of the same time: not those read `ago`.
    Now,
}
