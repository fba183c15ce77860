//! From metrics to nodes: metrics a measure names are opened up, their filters folded in, their leaves collected.

use super::footing::{self, Part};
use super::kinds::{DEPTH, too_deep};
use super::node::{Leaf, Node, TableId, Trail, What};
use crate::DataError;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{
    Aggregate, Arithmetic, Filter, Formula, Journey, Measure, Metric, Place, Query, RowOp, Unit, Window,
};

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
                        let level = Node::Leaf(self.leaf(asker, table, filter, what));
                        Ok(self.restated(source, level))
                    }
                    None => {
                        let all = self.model.sources.get(source).and_then(|source| source.filter.clone());
                        let rows = self.leaf(asker, table.clone(), all, What::Rows);
                        let sum = self.leaf(asker, table, filter, What::Sum(value.clone()));
                        Ok(self.restated(source, Node::Snapshot { rows, sum }))
                    }
                }
            }
            Measure::Recorded { column, source, filter, scale } => {
                let table = self.table(asker, source, None)?;
                let filter = both(filter.as_ref(), asker.extra);
                let (column, sample) = (column.clone(), metric.sample.clone());
                let what = What::Recorded { column, grain: metric.grain, scale: *scale, sample };
                let recorded = Node::Recorded { leaf: self.leaf(asker, table, filter, what), reads: metric.reads };
                Ok(self.restated(source, recorded))
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
            let inner = Box::new(self.restated(&entries.source, *arrivals));
            return Ok(Node::Counted { rows, empty, inner });
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
        let mut leaf = |what: What| {
            // Counts and sums are so many times as large; the smallest, largest and middle of the values are what they are.
            let adds = matches!(what, What::Rows | What::Present(_) | What::Distinct(_) | What::Sum(_));
            let node = Node::Leaf(self.leaf(asker, table.clone(), filter.cloned(), what));
            if adds { self.restated(&table.source, node) } else { node }
        };
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

    /// What is counted of a source, as it would have been before its declared changes: so many times as much.
    fn restated(&self, source: &str, mut node: Node) -> Node {
        let changes = self.model.sources.get(source).map(|source| source.changes.as_slice()).unwrap_or_default();
        let mut changes: Vec<_> =
            changes.iter().filter_map(|change| Some((change.on, times(change.restate.as_ref()?)?))).collect();
        changes.sort_by_key(|(on, _)| *on);
        for (on, times) in changes {
            let by = Box::new(Node::Mul(Box::new(Node::Before), Box::new(Node::Number(times))));
            node = Node::Restated { inner: Box::new(node), on: crate::source::dates::day_number(on), by };
        }
        node
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

/// How many times `before` a restatement of a source is.
fn times(formula: &Formula) -> Option<f64> {
    match formula {
        Formula::Before => Some(1.0),
        Formula::Number(number) => Some(*number),
        Formula::Mul(a, b) => Some(times(a)? * times(b)?),
        Formula::Div(a, b) => Some(times(a)? / times(b)?).filter(|times| times.is_finite()),
        _ => None,
    }
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
