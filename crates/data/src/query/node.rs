//! A metric as arithmetic over leaves: aggregates of one table that queries can answer.
//!
//! Metrics a measure names are opened up, their filters folded in, so that any range of days can be asked of the whole:
//! a quarter's ratio is the quarter's sums divided, never an average of ratios.

use super::footing::{self, Part};
use super::kinds::{DEPTH, too_deep};
use crate::DataError;
use quarterdeck_calendar::Grain;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{
    Aggregate, Arithmetic, Empty, Filter, Formula, Journey, Length, Measure, Metric, Place, Query, Reads, RowOp, Unit,
    Window,
};
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

/// Builds nodes and collects their leaves.
pub struct Builder<'a> {
    model: &'a Model,
    /// The leaves so far.
    pub leaves: Vec<Leaf>,
}

/// The metric that is being built.
struct Asker<'a> {
    metric: &'a Metric,
    extra: Option<&'a Filter>,
    depth: usize,
}

impl<'a> Builder<'a> {
    /// Nothing built yet.
    pub fn new(model: &'a Model) -> Builder<'a> {
        Builder { model, leaves: Vec::new() }
    }

    /// A metric, restatements applied, over the rows that also fulfil `extra`.
    pub fn metric(&mut self, name: &str, extra: Option<&Filter>, depth: usize) -> Result<Node, DataError> {
        let Some(metric) = self.model.metrics.get(name) else {
            return Err(DataError::Meaning {
                message: format!("there is no metric `{name}`"),
                hint: "declare it, or correct its name".into(),
                place: Place::default(),
            });
        };
        if depth > DEPTH {
            return Err(too_deep(&metric.definition.place));
        }
        let asker = Asker { metric, extra, depth };
        let mut node = self.measure(&asker)?;
        let mut changes: Vec<_> =
            metric.changes.iter().filter_map(|change| change.restate.as_ref().map(|by| (change.on, by))).collect();
        changes.sort_by_key(|(on, _)| *on);
        for (on, by) in changes {
            let by = Box::new(self.formula(&asker, by)?);
            node = Node::Restated { inner: Box::new(node), on: crate::source::dates::day_number(on), by };
        }
        Ok(node)
    }

    fn measure(&mut self, asker: &Asker<'_>) -> Result<Node, DataError> {
        let metric = asker.metric;
        match &metric.measure {
            Measure::Aggregate(query) => self.counted(asker, query),
            Measure::Windowed(query, window) => Ok(Node::Over(Box::new(self.counted(asker, query)?), *window)),
            Measure::Stock { value, source, filter, time, per } => {
                let table = self.table(asker, source, time.as_deref())?;
                let filter = both(filter.as_ref(), asker.extra);
                match per {
                    Some(key) => {
                        let what = What::Keyed { value: value.clone(), key: key.clone() };
                        Ok(Node::Leaf(self.leaf(asker, table, filter, what)))
                    }
                    None => {
                        let all = self.model.sources.get(source).and_then(|source| source.filter.clone());
                        let rows = self.leaf(asker, table.clone(), all, What::Rows);
                        let sum = self.leaf(asker, table, filter, What::Sum(value.clone()));
                        Ok(Node::Snapshot { rows, sum })
                    }
                }
            }
            Measure::Recorded { column, source, filter, scale } => {
                let table = self.table(asker, source, None)?;
                let filter = both(filter.as_ref(), asker.extra);
                let (column, sample) = (column.clone(), metric.sample.clone());
                let what = What::Recorded { column, grain: metric.grain, scale: *scale, sample };
                Ok(Node::Recorded { leaf: self.leaf(asker, table, filter, what), reads: metric.reads })
            }
            Measure::Derived(formula) => self.formula(asker, formula),
            Measure::Journey(journey) => self.journey(asker, journey),
        }
    }

    fn journey(&mut self, asker: &Asker<'_>, journey: &Journey) -> Result<Node, DataError> {
        let entries = journey.entries();
        let table = self.table(asker, &entries.source, entries.time.as_deref())?;
        let filter = both(entries.filter.as_ref(), asker.extra);
        let goal = match journey.goal() {
            Some(rows) => {
                let table = self.table(asker, &rows.source, rows.time.as_deref())?;
                let all = self.model.sources.get(&rows.source).and_then(|source| source.filter.clone());
                Some(self.leaf(asker, table, all, What::Rows))
            }
            None => None,
        };
        let each = if let Journey::Churn { per, .. } = journey { *per } else { asker.metric.grain };
        let trail = Box::new(Trail { journey: journey.clone(), each, goal });
        let rows = self.leaf(asker, table.clone(), filter.clone(), What::Entries(trail.clone()));
        let arrivals = Box::new(Node::Leaf(self.leaf(asker, table, filter, What::Arrivals(trail))));
        let empty = asker.metric.empty;
        if journey.is_count() {
            return Ok(Node::Counted { rows, empty, inner: arrivals });
        }
        let inner = Box::new(Node::Div(arrivals, Box::new(Node::Leaf(rows))));
        Ok(Node::Counted { rows, empty, inner })
    }

    fn counted(&mut self, asker: &Asker<'_>, query: &Query) -> Result<Node, DataError> {
        let inner = Box::new(self.query(asker, query)?);
        let table = self.table(asker, &query.source, query.time.as_deref())?;
        let rows = self.leaf(asker, table, both(query.filter.as_ref(), asker.extra), What::Rows);
        Ok(Node::Counted { rows, empty: asker.metric.empty, inner })
    }

    fn query(&mut self, asker: &Asker<'_>, query: &Query) -> Result<Node, DataError> {
        let table = self.table(asker, &query.source, query.time.as_deref())?;
        let filter = both(query.filter.as_ref(), asker.extra);
        Ok(self.arithmetic(asker, &table, filter.as_ref(), &query.value))
    }

    fn arithmetic(&mut self, asker: &Asker<'_>, table: &TableId, filter: Option<&Filter>, value: &Arithmetic) -> Node {
        let mut go = |value: &Arithmetic| Box::new(self.arithmetic(asker, table, filter, value));
        match value {
            Arithmetic::Number(number) => Node::Number(*number),
            Arithmetic::Neg(inner) => Node::Neg(go(inner)),
            Arithmetic::Add(a, b) => Node::Add(go(a), go(b)),
            Arithmetic::Sub(a, b) => Node::Sub(go(a), go(b)),
            Arithmetic::Mul(a, b) => Node::Mul(go(a), go(b)),
            Arithmetic::Div(a, b) => Node::Div(go(a), go(b)),
            Arithmetic::Coalesce(inner, number) => Node::Coalesce(go(inner), *number),
            Arithmetic::Aggregate(aggregate) => self.aggregate(asker, table, filter, aggregate),
        }
    }

    fn aggregate(
        &mut self,
        asker: &Asker<'_>,
        table: &TableId,
        filter: Option<&Filter>,
        aggregate: &Aggregate,
    ) -> Node {
        let mut leaf = |what: What| Node::Leaf(self.leaf(asker, table.clone(), filter.cloned(), what));
        match aggregate {
            Aggregate::Count => leaf(What::Rows),
            Aggregate::CountDistinct(value) => leaf(What::Distinct(value.clone())),
            Aggregate::Sum(value) => leaf(What::Sum(value.clone())),
            Aggregate::Mean(value) => {
                let sum = leaf(What::Sum(value.clone()));
                Node::Div(Box::new(sum), Box::new(leaf(What::Present(value.clone()))))
            }
            Aggregate::Min(value) => leaf(What::Smallest(value.clone())),
            Aggregate::Max(value) => leaf(What::Largest(value.clone())),
            Aggregate::Median(value) => leaf(What::Percentile(value.clone(), 50.0)),
            Aggregate::Percentile(value, percent) => leaf(What::Percentile(value.clone(), *percent)),
            Aggregate::StdDev(value) => leaf(What::Deviation(value.clone())),
        }
    }

    /// Arithmetic over metrics, its parts on a common footing.
    fn formula(&mut self, asker: &Asker<'_>, formula: &Formula) -> Result<Node, DataError> {
        let mut parts = Vec::new();
        self.parts(asker, formula, None, &mut parts)?;
        let leaves = &self.leaves;
        let mut footed = footing::footed(parts, leaves).into_iter();
        Ok(footing::assembled(formula, &mut footed))
    }

    /// The metrics and queries of a formula, in their order.
    fn parts(
        &mut self,
        asker: &Asker<'_>,
        formula: &Formula,
        window: Option<Window>,
        found: &mut Vec<Part>,
    ) -> Result<(), DataError> {
        match formula {
            Formula::Number(_) | Formula::Before => Ok(()),
            Formula::Metric(name) => {
                let node = self.metric(name, asker.extra, asker.depth + 1)?;
                found.push(self.part(name, node, window));
                Ok(())
            }
            Formula::Where(name, filter) => {
                let filter = both(Some(filter), asker.extra);
                let node = self.metric(name, filter.as_ref(), asker.depth + 1)?;
                found.push(self.part(name, node, window));
                Ok(())
            }
            Formula::Query(query) => {
                found.push(Part { node: self.query(asker, query)?, reads: None, window });
                Ok(())
            }
            Formula::Journey(journey) => {
                found.push(Part { node: self.journey(asker, journey)?, reads: None, window });
                Ok(())
            }
            Formula::Over(inner, window) => self.parts(asker, inner, Some(*window), found),
            Formula::Ago(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
                self.parts(asker, inner, window, found)
            }
            Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
                self.parts(asker, a, window, found)?;
                self.parts(asker, b, window, found)
            }
        }
    }

    fn part(&self, metric: &str, node: Node, window: Option<Window>) -> Part {
        let reads = self.model.metrics.get(metric).map(|metric| (metric.reads, metric.grain));
        Part { node, reads, window }
    }

    fn table(&self, asker: &Asker<'_>, source: &str, time: Option<&str>) -> Result<TableId, DataError> {
        let place = &asker.metric.definition.place;
        let Some(declared) = self.model.sources.get(source) else {
            return Err(DataError::Meaning {
                message: format!("metric `{}` reads source `{source}`, and there is none", asker.metric.name),
                hint: "declare the source, or correct its name".into(),
                place: place.clone(),
            });
        };
        match time.or(declared.time.as_deref()) {
            Some(time) => Ok(TableId { source: source.to_owned(), time: time.to_owned() }),
            None => Err(DataError::Meaning {
                message: format!("source `{source}` does not say when its rows happened"),
                hint: "add `time: COLUMN` to the source".into(),
                place: declared.place.clone(),
            }),
        }
    }

    fn leaf(&mut self, asker: &Asker<'_>, table: TableId, filter: Option<Filter>, what: What) -> usize {
        let metric = asker.metric;
        let counts = matches!(what, What::Rows | What::Present(_) | What::Distinct(_) | What::Recorded { .. });
        let clips = !counts && !matches!(what, What::Entries(_) | What::Arrivals(_));
        let leaf = Leaf {
            table,
            filter,
            what,
            unit: unit_micros(&metric.unit),
            clip: metric.clip.filter(|_| clips),
            metric: metric.name.clone(),
            place: metric.definition.place.clone(),
        };
        let same = |other: &Leaf| {
            other.table == leaf.table
                && other.filter == leaf.filter
                && other.what == leaf.what
                && other.unit == leaf.unit
                && other.clip == leaf.clip
        };
        match self.leaves.iter().position(same) {
            Some(known) => known,
            None => {
                self.leaves.push(leaf);
                self.leaves.len() - 1
            }
        }
    }
}

/// Metrics a metric's measure names, itself not among them.
pub fn parts_of(metric: &Metric) -> Vec<String> {
    fn visit(formula: &Formula, found: &mut Vec<String>) {
        match formula {
            Formula::Metric(name) => found.push(name.clone()),
            Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
                visit(inner, found);
            }
            Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
                visit(a, found);
                visit(b, found);
            }
            Formula::Where(..) | Formula::Number(_) | Formula::Query(_) | Formula::Journey(_) | Formula::Before => {}
        }
    }
    let mut found = Vec::new();
    if let Measure::Derived(formula) = &metric.measure {
        visit(formula, &mut found);
    }
    found
}

/// Whether a formula holds aggregates of its own.
pub fn has_query(formula: &Formula) -> bool {
    match formula {
        Formula::Query(_) | Formula::Journey(_) => true,
        Formula::Ago(inner, _) | Formula::Over(inner, _) | Formula::Neg(inner) | Formula::Coalesce(inner, _) => {
            has_query(inner)
        }
        Formula::Add(a, b) | Formula::Sub(a, b) | Formula::Mul(a, b) | Formula::Div(a, b) => {
            has_query(a) || has_query(b)
        }
        Formula::Metric(_) | Formula::Where(..) | Formula::Number(_) | Formula::Before => false,
    }
}

/// Two conditions at once.
pub fn both(a: Option<&Filter>, b: Option<&Filter>) -> Option<Filter> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Filter::Binary(RowOp::And, Box::new(a.clone()), Box::new(b.clone()))),
        (one, other) => one.or(other).cloned(),
    }
}

/// Microseconds of the unit a length of time is counted in: days where the metric's unit is none.
fn unit_micros(unit: &Unit) -> i64 {
    const SECOND: i64 = 1_000_000;
    let known = [("second", SECOND), ("minute", 60 * SECOND), ("hour", 3600 * SECOND), ("week", 604_800 * SECOND)];
    let is = |noun: &str| unit.parts.get(noun).is_some_and(|power| *power == 1);
    known.into_iter().find(|(noun, _)| is(noun)).map_or(86_400 * SECOND, |(_, micros)| micros)
}
