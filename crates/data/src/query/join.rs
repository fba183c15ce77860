//! The sources a reading needs, with the columns of others that they reach through `join:`.
//!
//! A join is many to one: it finds at most one row of the other source, through its `key:`. Two rows of one key would double
//! what they are joined to, and are an error. A row without a partner has no value in the joined columns.

use super::filter::{Scope, Sql, Type, double, joined_name};
use super::kinds::Uses;
use super::run::{Found, cells, column, strip};
use crate::DataError;
use crate::engine::{Engine, quote};
use crate::source::column::Kind;
use crate::source::{ROW, ReadSource, read_source, zone_of};
use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Filter, Join, Place, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is needed of each source.
pub struct Needs<'a> {
    model: &'a Model,
    uses: BTreeMap<String, Uses<'a>>,
}

/// Sources that were read and handed to an engine.
pub struct Joined {
    /// By name.
    pub sources: BTreeMap<String, ReadSource>,
    /// The engine.
    pub engine: Engine,
    /// How a source with joined columns is put together, by its name.
    pub views: BTreeMap<String, String>,
}

impl<'a> Needs<'a> {
    /// Nothing yet.
    pub fn new(model: &'a Model) -> Needs<'a> {
        Needs { model, uses: BTreeMap::new() }
    }

    /// What is used of a source; its filter and key always are.
    pub fn of(&mut self, name: &str) -> Result<&mut Uses<'a>, DataError> {
        if !self.uses.contains_key(name) {
            let Some((name, source)) = self.model.sources.get_key_value(name) else {
                return Err(DataError::Meaning {
                    message: format!("`{name}` is used and not declared"),
                    hint: "declare it, or correct its name".into(),
                    place: Place::default(),
                });
            };
            let mut uses = Uses::new(self.model, name, source);
            if let Some(filter) = &source.filter {
                uses.note(filter, Kind::Bool, &source.place)?;
            }
            if let Some(key) = &source.key {
                uses.note(&Filter::Column(key.clone()), Kind::Any, &source.place)?;
            }
            self.uses.insert(name.clone(), uses);
        }
        // It was put there above.
        self.uses.get_mut(name).ok_or_else(|| DataError::Engine(format!("source `{name}` was lost")))
    }

    /// The sources that are needed, those reached through joins included.
    pub fn names(mut self) -> Result<BTreeSet<String>, DataError> {
        self.follow()?;
        Ok(self.uses.into_keys().collect())
    }

    /// Reads the sources and puts joined columns beside their own.
    pub fn read(mut self, root: &Path) -> Result<Joined, DataError> {
        self.follow()?;
        let mut reached: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        let mut sources = BTreeMap::new();
        for (name, uses) in self.uses {
            let others: &mut BTreeMap<String, BTreeSet<String>> = reached.entry(name.clone()).or_default();
            for joined in uses.joined() {
                others.entry(joined.source.clone()).or_default().insert(joined.column.clone());
            }
            if let Some(source) = self.model.sources.get(&name) {
                let read = read_source(root, self.model, &name, source, uses.into_columns())?;
                sources.insert(name, read);
            }
        }
        let rows = sources.values().map(|source| source.rows).max().unwrap_or(0);
        let engine = Engine::new(&self.model.settings.calendar, zone_of(self.model)?, rows)?;
        let mut joined = Joined { sources, engine, views: BTreeMap::new() };
        joined.register(self.model, reached)?;
        Ok(joined)
    }

    /// Notes what joins use of the other sources, until nothing new is found.
    fn follow(&mut self) -> Result<(), DataError> {
        let mut known = Vec::new();
        loop {
            let found: Vec<_> = self.uses.values().flat_map(Uses::joined).cloned().collect();
            let new: Vec<_> = found.into_iter().filter(|reached| !known.contains(reached)).collect();
            if new.is_empty() {
                return Ok(());
            }
            for reached in new {
                let uses = self.of(&reached.source)?;
                uses.note(&Filter::Column(reached.column.clone()), reached.kind, &reached.place)?;
                known.push(reached);
            }
        }
    }
}

impl Joined {
    /// Hands every source to the engine, those that others join first.
    fn register(
        &mut self,
        model: &Model,
        mut open: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    ) -> Result<(), DataError> {
        while !open.is_empty() {
            let ready =
                |others: &BTreeMap<String, BTreeSet<String>>| !others.keys().any(|other| open.contains_key(other));
            let next = open.iter().find(|(_, others)| ready(others)).map(|(name, _)| name.clone());
            let Some((name, others)) = next.and_then(|name| open.remove_entry(&name)) else {
                let names: Vec<String> = open.keys().map(|name| format!("`{name}`")).collect();
                let place = open.keys().find_map(|name| model.sources.get(name)).map(|source| source.place.clone());
                return Err(DataError::Meaning {
                    message: format!("sources take columns of each other in a circle: {}", names.join(", ")),
                    hint: "let one of them use columns of its own file alone".into(),
                    place: place.unwrap_or_default(),
                });
            };
            let Some(source) = model.sources.get(&name) else { continue };
            if others.is_empty() {
                self.read(&name)?.register(&self.engine, &name)?;
            } else {
                self.join(model, &name, source, &others)?;
            }
        }
        Ok(())
    }

    fn read(&self, name: &str) -> Result<&ReadSource, DataError> {
        self.sources.get(name).ok_or_else(|| DataError::Engine(format!("source `{name}` was not read")))
    }

    /// A view of a source with joined columns.
    fn join(
        &mut self,
        model: &Model,
        name: &str,
        source: &Source,
        others: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<(), DataError> {
        let rows = format!("{name} rows");
        self.read(name)?.register(&self.engine, &rows)?;
        let (mut items, mut joins, mut columns) = (vec!["r.*".to_owned()], String::new(), BTreeMap::new());
        for (other, wanted) in others {
            let (Some(join), Some(declared)) =
                (source.joins.iter().find(|join| join.source == *other), model.sources.get(other))
            else {
                continue;
            };
            let read = self.read(other)?;
            let scope = Scope { model, source: declared, name: other, columns: &read.columns, place: &declared.place };
            let key = key_of(declared, scope)?;
            let filter = declared.filter.as_ref().map(|filter| scope.condition(filter)).transpose()?;
            let condition = filter.map_or(String::new(), |text| format!(" WHERE {}", strip(&text)));
            self.refuse_fan_out(read, (name, join), (other, declared), (&key, &condition))?;
            let key_name = quote(&format!("{other} key"));
            let mut inner = vec![format!("{} AS {key_name}", key.text)];
            for wanted in wanted {
                let value = scope.value(&Filter::Column(wanted.clone()))?;
                let shown = joined_name(other, wanted);
                inner.push(format!("{} AS {}", value.text, quote(&shown)));
                items.push(quote(&shown));
                columns.insert(shown.clone(), Sql { text: quote(&shown), gives: value.gives });
            }
            let own = Scope { model, source, name, columns: &self.read(name)?.columns, place: &source.place };
            let on = own.value(&Filter::Column(join.on.clone()))?;
            let equal = equal(own, (&on, join), (&Sql { text: key_name, gives: key.gives }, declared))?;
            joins += &format!("\nLEFT JOIN (SELECT {} FROM {}{condition}) ON {equal}", inner.join(", "), quote(other));
        }
        let sql = format!("SELECT {}\nFROM {} AS r{joins}", items.join(", "), quote(&rows));
        self.engine.add_view(name, &sql)?;
        self.views.insert(name.to_owned(), format!("CREATE VIEW {} AS {sql}", quote(name)));
        if let Some(read) = self.sources.get_mut(name) {
            read.columns.extend(columns);
        }
        Ok(())
    }

    /// Two rows of one key.
    fn refuse_fan_out(
        &self,
        read: &ReadSource,
        (from, join): (&str, &Join),
        (other, declared): (&str, &Source),
        (key, condition): (&Sql, &str),
    ) -> Result<(), DataError> {
        let row = if read.columns.contains_key(ROW) { quote(ROW) } else { "CAST(NULL AS BIGINT)".to_owned() };
        let sql = format!(
            "SELECT {key} AS \"key\", min({row}), max({row}), count(*) FROM {}{condition} GROUP BY {key} HAVING count(*) > 1 AND {key} IS NOT NULL ORDER BY 2, 1 LIMIT 1",
            quote(other),
            key = key.text,
        );
        let rows = self.engine.rows(&sql)?;
        let Some(batch) = rows.iter().find(|batch| batch.num_rows() > 0) else { return Ok(()) };
        let texts = cast(column(batch, 0)?, &DataType::Utf8).map_err(|error| DataError::Engine(error.to_string()))?;
        let found = texts.as_string::<i32>().value(0).to_owned();
        let number = |place: usize| -> Result<i64, DataError> {
            Ok(match cells(column(batch, place)?)?.at(0) {
                Found::Exact(value, _) => i64::try_from(value).unwrap_or(-1),
                _ => -1,
            })
        };
        let (first, last, count) = (number(1)?, number(2)?, number(3)?);
        Err(fan_out(read, (from, join), (other, declared), (found, count), (first, last)))
    }
}

/// Two rows of one key, by their lines where there are lines.
fn fan_out(
    read: &ReadSource,
    (from, join): (&str, &Join),
    (other, declared): (&str, &Source),
    (found, count): (String, i64),
    (first, last): (i64, i64),
) -> DataError {
    let key = declared.key.clone().unwrap_or_default();
    let hint = format!("keep one row for each `{key}`, or choose them with `where:` in the source `{other}`");
    let place = declared.place.clone();
    let Some(((file, line), (second, at))) = read.line(first).zip(read.line(last)) else {
        let on = &join.on;
        let message =
            format!("source `{other}` has {count} rows whose `{key}` is `{found}`, and `{from}` joins it on `{on}`");
        return DataError::Meaning { message, hint, place };
    };
    let elsewhere = if file.shown == second.shown { String::new() } else { format!(" of `{}`", file.shown) };
    DataError::BadValue {
        source_name: other.to_owned(),
        path: second.shown.clone(),
        line: at,
        column: key,
        found,
        expected: format!(
            "each key once, since `{from}` joins it on `{}`, and line {line}{elsewhere} has it already",
            join.on
        ),
        hint,
        place,
    }
}

fn key_of(declared: &Source, scope: Scope<'_>) -> Result<Sql, DataError> {
    match &declared.key {
        Some(key) => scope.value(&Filter::Column(key.clone())),
        None => Err(DataError::Meaning {
            message: format!("source `{}` is joined and declares no `key:`", scope.name),
            hint: "a join finds one row there for each row here, through the other's `key:`".into(),
            place: declared.place.clone(),
        }),
    }
}

/// That a column holds a key; keys of two files may be of two kinds.
fn equal(own: Scope<'_>, (on, join): (&Sql, &Join), (key, declared): (&Sql, &Source)) -> Result<String, DataError> {
    let whole = |sql: &Sql| matches!(sql.gives, Type::Exact(0));
    let number = |sql: &Sql| matches!(sql.gives, Type::Exact(_) | Type::Float);
    let text =
        |sql: &Sql| if sql.gives == Type::Text { sql.text.clone() } else { format!("CAST({} AS VARCHAR)", sql.text) };
    let read = |sql: &Sql| if number(sql) { double(sql) } else { format!("TRY_CAST({} AS DOUBLE)", sql.text) };
    let (a, b) = match (on.gives, key.gives) {
        (one, other) if one == other => (on.text.clone(), key.text.clone()),
        _ if number(on) && number(key) => (double(on), double(key)),
        (Type::Text, _) if whole(key) => (on.text.clone(), text(key)),
        (_, Type::Text) if whole(on) => (text(on), key.text.clone()),
        (Type::Text, _) if number(key) => (read(on), double(key)),
        (_, Type::Text) if number(on) => (double(on), read(key)),
        _ => {
            return Err(DataError::Meaning {
                message: format!(
                    "source `{}` joins `{}` on `{}`, which is of another kind than its key `{}`",
                    own.name,
                    join.source,
                    join.on,
                    declared.key.as_deref().unwrap_or_default()
                ),
                hint: "a column and the key it is joined to hold the same kind of value".into(),
                place: own.place.clone(),
            });
        }
    };
    Ok(format!("{a} = {b}"))
}
