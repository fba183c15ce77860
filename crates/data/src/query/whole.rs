//! A metric's values in one query of standard SQL, for people to read, run and check: nothing is computed with it.
//!
//! Its rows are the periods that have rows of the source, with their values. What SQL has no plain words for has none:
//! levels, restated values, what is read from earlier periods, calendars of weeks.

mod journey;

use super::filter::{Scope, double, quote_day};
use super::node::{Leaf, Node, TableId, What};
use super::ordered::Scopes;
use super::run::{Limits, pulled_in, strip};
use crate::engine::quote;
use crate::source::dates::date_of;
use chrono::Weekday;
use quarterdeck_calendar::{Calendar, Grain, Kind};
use quarterdeck_lang::model::{Empty, Window};
use std::collections::BTreeMap;

/// What a query is made from.
pub struct Asked<'a> {
    /// Tables and columns.
    pub scopes: &'a dyn Scopes,
    /// Every leaf.
    pub leaves: &'a [Leaf],
    /// What `clip:` pulls values into.
    pub limits: &'a Limits,
    /// The workspace's calendar.
    pub calendar: &'a Calendar,
    /// How long a period is.
    pub grain: Grain,
    /// The last day that counts.
    pub as_of: i32,
}

impl Asked<'_> {
    /// The first day of a day's period.
    fn start(&self, grain: Grain, day: &str) -> String {
        match grain {
            Grain::Day => day.to_owned(),
            grain => format!("CAST(date_trunc('{}', {day}) AS DATE)", grain.word()),
        }
    }
}

/// The query of a metric; `None` where standard SQL cannot say it plainly.
pub fn sql(asked: &Asked<'_>, node: &Node) -> Option<String> {
    let calendar = asked.calendar;
    let is_plain = calendar.kind() == Kind::Gregorian
        && (asked.grain != Grain::Week || calendar.week_starts() == Weekday::Mon)
        && (asked.grain <= Grain::Month || calendar.fiscal_year_starts() == (1, 1))
        && asked.grain != Grain::Half;
    if !is_plain {
        return None;
    }
    if let Some(query) = journey::sql(asked, node) {
        return Some(query);
    }
    let mut parts = Parts { asked, of: BTreeMap::new(), count: 0, whole: false };
    let mut value = parts.value(node, None)?;
    // Where everything is of the same rows, only periods that have some are listed, and none needs to be told empty.
    parts.whole = match parts.of.iter().collect::<Vec<_>>().as_slice() {
        [((_, None), columns)] => parts.shared(columns).is_some(),
        _ => false,
    };
    if parts.whole {
        (parts.of, parts.count) = (BTreeMap::new(), 0);
        value = parts.value(node, None)?;
    }
    parts.assembled(&value)
}

/// What is asked of one table over one window: the number of each leaf's column.
type Columns = Vec<(usize, usize)>;

/// The parts of a query: one for each table and window.
struct Parts<'a> {
    asked: &'a Asked<'a>,
    of: BTreeMap<(TableId, Option<Days>), Columns>,
    count: usize,
    /// Whether all of it is of the same rows of one table.
    whole: bool,
}

/// The days of a window that ends with a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Days {
    /// So many.
    Last(u32),
    /// From the first of the month, quarter or year.
    Since(Grain),
    /// All.
    Every,
}

impl Days {
    fn of(window: Window) -> Option<Days> {
        match window {
            Window::Trailing(count, Grain::Day) => Some(Days::Last(count)),
            Window::Trailing(count, Grain::Week) => Some(Days::Last(count * 7)),
            Window::Trailing(..) => None,
            Window::ToDate(grain) => Some(Days::Since(grain)),
            Window::AllTime => Some(Days::Every),
        }
    }
}

/// Which rows an aggregate is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    /// All of the table's.
    All,
    /// Those that count.
    Chosen,
}

impl Rows {
    fn of(shared: &Option<String>) -> Rows {
        if shared.is_some() { Rows::Chosen } else { Rows::All }
    }
}

/// Where a column will stand in an expression, until it is known how it is called there.
fn mark(column: usize) -> String {
    format!("\u{1}{column}\u{2}")
}

impl Parts<'_> {
    /// A node as an expression over columns.
    fn value(&mut self, node: &Node, window: Option<Days>) -> Option<String> {
        Some(match node {
            Node::Number(number) => format!("{number:?}"),
            Node::Leaf(leaf) | Node::Recorded { leaf, .. } => {
                format!("CAST({} AS DOUBLE)", self.column(*leaf, window)?)
            }
            Node::Counted { inner, .. } if self.whole => self.value(inner, window)?,
            Node::Counted { rows, empty, inner } => {
                let inner = self.value(inner, window)?;
                let counted = self.column(*rows, window)?;
                if *empty == Empty::Zero && inner == format!("CAST({counted} AS DOUBLE)") {
                    return Some(format!("CAST(COALESCE({counted}, 0) AS DOUBLE)"));
                }
                let otherwise = if *empty == Empty::Zero { "0.0" } else { "NULL" };
                format!("CASE WHEN COALESCE({counted}, 0) = 0 THEN {otherwise} ELSE {inner} END")
            }
            Node::Neg(inner) => format!("(- {})", self.value(inner, window)?),
            Node::Add(a, b) => format!("({} + {})", self.value(a, window)?, self.value(b, window)?),
            Node::Sub(a, b) => format!("({} - {})", self.value(a, window)?, self.value(b, window)?),
            Node::Mul(a, b) => format!("({} * {})", self.value(a, window)?, self.value(b, window)?),
            Node::Div(a, b) => format!("({} / NULLIF({}, 0.0))", self.value(a, window)?, self.value(b, window)?),
            Node::Coalesce(inner, number) => format!("COALESCE({}, {number:?})", self.value(inner, window)?),
            Node::Over(inner, over) if window.is_none() => self.value(inner, Some(Days::of(*over)?))?,
            Node::Read { inner, grain, .. } | Node::PerPeriod { inner, each: grain } if *grain == self.asked.grain => {
                self.value(inner, window)?
            }
            _ => return None,
        })
    }

    /// The mark of a leaf's column.
    fn column(&mut self, leaf: usize, window: Option<Days>) -> Option<String> {
        let table = self.asked.leaves.get(leaf)?.table.clone();
        let columns = self.of.entry((table, window)).or_default();
        if let Some((_, column)) = columns.iter().find(|(known, _)| *known == leaf) {
            return Some(mark(*column));
        }
        self.count += 1;
        columns.push((leaf, self.count));
        Some(mark(self.count))
    }

    /// The whole query, with the value in place.
    fn assembled(&self, value: &str) -> Option<String> {
        let period = self.period_name()?;
        if let [(key, columns)] = self.of.iter().collect::<Vec<_>>().as_slice()
            && key.1.is_none()
        {
            let mut value = value.to_owned();
            let shared = self.shared(columns);
            for (leaf, column) in *columns {
                value = value.replace(&mark(*column), &self.aggregate(*leaf, Rows::of(&shared))?);
            }
            let item = format!("{} AS \"value\"", strip(&value));
            return Some(format!("{}\nORDER BY 1", self.by_period(&key.0, &period, &item, shared)?));
        }
        let mut value = value.to_owned();
        let (mut tables, mut names) = (Vec::new(), Vec::new());
        for (at, ((table, window), columns)) in self.of.iter().enumerate() {
            let (mut items, shared) = (Vec::new(), self.shared(columns));
            for (leaf, column) in columns {
                let name = quote(&format!("a{column}"));
                items.push(format!("{} AS {name}", self.aggregate(*leaf, Rows::of(&shared))?));
                value = value.replace(&mark(*column), &name);
            }
            let items = items.join(",\n  ");
            let text = match window {
                None => self.by_period(table, &period, &items, shared)?,
                Some(days) => self.over(table, &period, *days, &items, shared)?,
            };
            let name = format!("\"part_{}\"", at + 1);
            tables.push(format!("{name} AS (\n{text}\n)"));
            names.push(name);
        }
        let all: Vec<String> = names.iter().map(|name| format!("SELECT {period} FROM {name}")).collect();
        let joins: String = names.iter().map(|name| format!("\nLEFT JOIN {name} USING ({period})")).collect();
        Some(format!(
            "WITH {}\nSELECT {period}, {} AS \"value\"\nFROM ({}) AS \"periods\"{joins}\nORDER BY 1",
            tables.join(",\n"),
            strip(&value),
            all.join(" UNION ")
        ))
    }

    /// The condition that all leaves of a part have; `None` where they differ, empty where none has one.
    fn shared(&self, columns: &Columns) -> Option<String> {
        let leaves: Vec<&Leaf> = columns.iter().filter_map(|(leaf, _)| self.asked.leaves.get(*leaf)).collect();
        let first = leaves.first()?;
        if leaves.iter().any(|leaf| leaf.filter != first.filter) {
            return None;
        }
        let scope = self.asked.scopes.scope(&first.table).ok()?;
        match &first.filter {
            Some(filter) => Scope { place: &first.place, ..scope }.condition(filter).ok(),
            None => Some(String::new()),
        }
    }

    /// What the column of periods is called: a name that no table has.
    fn period_name(&self) -> Option<String> {
        let scopes =
            self.of.keys().map(|(table, _)| self.asked.scopes.scope(table).ok()).collect::<Option<Vec<_>>>()?;
        let is_free = |name: &&str| scopes.iter().all(|scope| !scope.columns.contains_key(*name));
        [self.asked.grain.word(), "period", "period_start"].iter().find(|name| is_free(name)).map(|name| quote(name))
    }

    /// Aggregates of a table by period.
    fn by_period(&self, table: &TableId, period: &str, items: &str, shared: Option<String>) -> Option<String> {
        let also = and(shared);
        let day = self.asked.scopes.scope(table).ok()?.day(&table.time).ok()?;
        Some(format!(
            "SELECT\n  {} AS {period},\n  {items}\nFROM {}\nWHERE {day} <= {}{also}\nGROUP BY 1",
            self.asked.start(self.asked.grain, &day),
            quote(&table.source),
            quote_day(date_of(self.asked.as_of))
        ))
    }

    /// Aggregates of a table over days that end with each period.
    fn over(&self, table: &TableId, period: &str, days: Days, items: &str, shared: Option<String>) -> Option<String> {
        let also = and(shared);
        let day = self.asked.scopes.scope(table).ok()?.day(&table.time).ok()?;
        let (rows, last) = (quote(&table.source), quote_day(date_of(self.asked.as_of)));
        let of = format!("\"of\".{period}");
        let end = match self.asked.grain {
            Grain::Day => of.clone(),
            Grain::Week => format!("{of} + INTERVAL '6' DAY"),
            Grain::Month => format!("{of} + INTERVAL '1' MONTH - INTERVAL '1' DAY"),
            Grain::Quarter => format!("{of} + INTERVAL '3' MONTH - INTERVAL '1' DAY"),
            Grain::Half => return None,
            Grain::Year => format!("{of} + INTERVAL '1' YEAR - INTERVAL '1' DAY"),
        };
        let first = match days {
            Days::Last(count) => format!(" AND {day} > {end} - INTERVAL '{count}' DAY"),
            Days::Since(grain) => format!(" AND {day} >= {}", self.asked.start(grain, &format!("({end})"))),
            Days::Every => String::new(),
        };
        let start = self.asked.start(self.asked.grain, &day);
        Some(format!(
            "SELECT\n  {of},\n  {items}\nFROM (SELECT DISTINCT {start} AS {period} FROM {rows} WHERE {day} <= {last}) AS \"of\"\n\
             JOIN {rows} ON {day} <= {end}{first} AND {day} <= {last}{also}\nGROUP BY 1"
        ))
    }

    /// A leaf as an aggregate, of the rows chosen already or of those among all that fulfil its condition.
    fn aggregate(&self, leaf: usize, rows: Rows) -> Option<String> {
        let limits = self.asked.limits.get(&leaf).copied();
        let leaf = self.asked.leaves.get(leaf)?;
        let scope = self.asked.scopes.scope(&leaf.table).ok()?;
        let scope = Scope { place: &leaf.place, ..scope };
        let number = |value| {
            let sql = scope.number(value, leaf.unit).ok()?;
            Some(limits.map_or_else(|| sql.text.clone(), |limits| pulled_in(&double(&sql), limits)))
        };
        let call = match &leaf.what {
            What::Rows => "count(*)".to_owned(),
            What::Present(value) => format!("count({})", scope.value(value).ok()?.text),
            What::Sum(value) => format!("sum({})", strip(&number(value)?)),
            What::Smallest(value) => format!("min({})", strip(&number(value)?)),
            What::Largest(value) => format!("max({})", strip(&number(value)?)),
            What::Distinct(value) => format!("count(DISTINCT {})", scope.value(value).ok()?.text),
            What::Deviation(value) => format!("stddev_samp({})", strip(&number(value)?)),
            What::Percentile(value, part) => {
                format!("percentile_cont({}) WITHIN GROUP (ORDER BY {})", part / 100.0, strip(&number(value)?))
            }
            What::Recorded { column, scale, .. } => {
                let column = scope.value(&quarterdeck_lang::model::Filter::Column(column.clone())).ok()?.text;
                match *scale == 1.0 {
                    true => format!("max({column})"),
                    false => format!("max({column} * {scale:?})"),
                }
            }
            What::Keyed { .. } | What::Entries(_) | What::Arrivals(_) => return None,
        };
        match &leaf.filter {
            Some(filter) if rows == Rows::All => {
                Some(format!("{call} FILTER (WHERE {})", strip(&scope.condition(filter).ok()?)))
            }
            _ => Some(call),
        }
    }
}

/// One more condition, where there is one.
fn and(condition: Option<String>) -> String {
    condition.filter(|text| !text.is_empty()).map(|text| format!("\n  AND {text}")).unwrap_or_default()
}
