//! What kind of value each column of a text file holds, told from how expressions use it.

use crate::DataError;
use crate::query::node::Leaf;
use crate::source::column::Kind;
use quarterdeck_lang::Model;
use quarterdeck_lang::model::{Filter, Origin, Place, RowOp, Source};
use std::collections::BTreeMap;

/// How deep expressions, computed columns and segments may refer to each other.
pub const DEPTH: usize = 200;

/// The columns a source's expressions use, and as what.
pub struct Uses<'a> {
    model: &'a Model,
    source: &'a Source,
    name: &'a str,
    place: Place,
    columns: BTreeMap<String, (Kind, Place)>,
    joined: Vec<Reached>,
}

/// A column reached through a join.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The other source.
    pub source: String,
    /// Its column.
    pub column: String,
    /// What it is used as.
    pub kind: Kind,
    /// Where it is asked for.
    pub place: Place,
}

/// What an expression gives, where its form alone tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    Kind(Kind),
    /// A length of time, or the distance of two times.
    Length,
}

impl<'a> Uses<'a> {
    /// No uses yet of a source.
    pub fn new(model: &'a Model, name: &'a str, source: &'a Source) -> Uses<'a> {
        Uses { model, source, name, place: source.place.clone(), columns: BTreeMap::new(), joined: Vec::new() }
    }

    /// Notes the columns of an expression whose value is used as `kind`, asked for at a place.
    pub fn note(&mut self, expression: &Filter, kind: Kind, place: &Place) -> Result<(), DataError> {
        self.place = place.clone();
        self.visit(expression, Gives::Kind(kind), 0)
    }

    /// Whether a column is the one that says when rows of the source happened.
    pub fn is_time(&self, column: &str) -> bool {
        self.source.time.as_deref() == Some(column)
    }

    /// Tables of databases are not read yet.
    pub fn refuse_tables(&self, leaf: &Leaf) -> Result<(), DataError> {
        match self.source.origin {
            Origin::Files(_) => Ok(()),
            Origin::Table { .. } => Err(DataError::NotYetComputed {
                what: format!("metric `{}`, which reads `{}`, a table of a database,", leaf.metric, self.name),
                place: leaf.place.clone(),
            }),
        }
    }

    /// Where the source is declared.
    pub fn declared(&self) -> Place {
        self.source.place.clone()
    }

    /// Every column of the files that is used.
    pub fn into_columns(self) -> BTreeMap<String, (Kind, Place)> {
        self.columns
    }

    /// The columns of other sources that are used.
    pub fn joined(&self) -> &[Reached] {
        &self.joined
    }

    /// Notes a column of another source, and the column here that leads to it.
    fn reach(&mut self, source: &str, column: &str, wanted: Gives) -> Result<(), DataError> {
        let kind = if let Gives::Kind(kind) = wanted { kind } else { Kind::Number };
        let place = self.place.clone();
        let reached = Reached { source: source.to_owned(), column: column.to_owned(), kind, place };
        if !self.joined.contains(&reached) {
            self.joined.push(reached);
        }
        match self.source.joins.iter().find(|join| join.source == source) {
            Some(join) => self.visit(&Filter::Column(join.on.clone()), Gives::Kind(Kind::Any), DEPTH / 2),
            None => Err(DataError::Meaning {
                message: format!("source `{}` joins no `{source}`", self.name),
                hint: format!("add `join: {source} on …` to it"),
                place: self.place.clone(),
            }),
        }
    }

    fn computed(&self, name: &str) -> Option<&'a Filter> {
        self.source.columns.iter().find(|column| column.name == name).map(|column| &column.value)
    }

    fn visit(&mut self, expression: &Filter, wanted: Gives, depth: usize) -> Result<(), DataError> {
        if depth > DEPTH {
            return Err(too_deep(&self.place));
        }
        let deeper = depth + 1;
        let kind = |kind: Kind| Gives::Kind(kind);
        match expression {
            Filter::Column(name) => match self.computed(name) {
                Some(value) => self.visit(value, wanted, deeper),
                None => self.add(name, if let Gives::Kind(kind) = wanted { kind } else { Kind::Number }),
            },
            Filter::Not(inner) => self.visit(inner, kind(Kind::Bool), deeper),
            Filter::Neg(inner) => self.visit(inner, kind(Kind::Number), deeper),
            Filter::Binary(op, a, b) => self.visit_binary(*op, a, b, wanted, deeper),
            Filter::In(inner, list) => {
                let of = list.iter().find_map(|item| self.gives(item, deeper)).unwrap_or(kind(Kind::Guess));
                self.visit(inner, of, deeper)?;
                list.iter().try_for_each(|item| self.visit(item, of, deeper))
            }
            Filter::IsNull(inner) | Filter::IsUnique(inner) => self.visit(inner, kind(Kind::Any), deeper),
            Filter::Like(inner, _) => self.visit(inner, kind(Kind::Text), deeper),
            Filter::Between(inner, low, high) => {
                let all = [inner, low, high];
                let of = all.iter().find_map(|part| self.gives(part, deeper)).unwrap_or(kind(Kind::Guess));
                all.iter().try_for_each(|part| self.visit(part, of, deeper))
            }
            Filter::InSegment(name) => match self.model.segments.get(name) {
                Some(segment) => self.visit(&segment.filter, kind(Kind::Bool), deeper),
                None => Ok(()),
            },
            Filter::Joined { source, column } => self.reach(source, column, wanted),
            Filter::Number(_) | Filter::Text(_) | Filter::Date(_) | Filter::Length(_) | Filter::Bool(_) => Ok(()),
        }
    }

    fn visit_binary(
        &mut self,
        op: RowOp,
        a: &Filter,
        b: &Filter,
        wanted: Gives,
        depth: usize,
    ) -> Result<(), DataError> {
        let (time, number) = (Gives::Kind(Kind::Time), Gives::Kind(Kind::Number));
        let (left, right) = (self.gives(a, depth), self.gives(b, depth));
        let (for_a, for_b) = match op {
            RowOp::And | RowOp::Or => (Gives::Kind(Kind::Bool), Gives::Kind(Kind::Bool)),
            RowOp::Multiply | RowOp::Divide => (number, number),
            RowOp::Add | RowOp::Subtract => match (left, right) {
                (Some(Gives::Length), Some(Gives::Length)) => (Gives::Length, Gives::Length),
                // A time and a length give a time, whichever comes first.
                (Some(Gives::Length), _) if wanted != Gives::Length => (Gives::Length, time),
                (_, Some(Gives::Length)) if wanted != Gives::Length => (time, Gives::Length),
                _ if op == RowOp::Subtract && wanted == Gives::Length => (time, time),
                (Some(known), _) | (_, Some(known)) => (known, known),
                // A difference of two columns is one of numbers or of times.
                (None, None) if op == RowOp::Subtract => (Gives::Kind(Kind::Guess), Gives::Kind(Kind::Guess)),
                (None, None) => (number, number),
            },
            _ => match (left, right) {
                (Some(known), Some(other)) => (known, other),
                (Some(known), None) | (None, Some(known)) => (known, known),
                (None, None) => (Gives::Kind(Kind::Guess), Gives::Kind(Kind::Guess)),
            },
        };
        self.visit(a, for_a, depth)?;
        self.visit(b, for_b, depth)
    }

    /// What an expression gives as far as its form tells; `None` for a bare column of the file.
    fn gives(&self, expression: &Filter, depth: usize) -> Option<Gives> {
        if depth > DEPTH {
            return None;
        }
        let kind = |kind: Kind| Some(Gives::Kind(kind));
        match expression {
            Filter::Column(name) => self.computed(name).and_then(|value| self.gives(value, depth + 1)),
            Filter::Number(_) | Filter::Neg(_) => kind(Kind::Number),
            Filter::Text(_) => kind(Kind::Text),
            Filter::Date(_) => kind(Kind::Time),
            Filter::Length(_) => Some(Gives::Length),
            Filter::Joined { source, column } => {
                let other = self.model.sources.get(source)?;
                let uses = Uses::new(self.model, source, other);
                uses.gives(&Filter::Column(column.clone()), depth + 1)
            }
            Filter::Binary(RowOp::Multiply | RowOp::Divide, ..) => kind(Kind::Number),
            Filter::Binary(op @ (RowOp::Add | RowOp::Subtract), a, b) => {
                let time = Gives::Kind(Kind::Time);
                match (self.gives(a, depth + 1), self.gives(b, depth + 1)) {
                    (Some(Gives::Length), Some(Gives::Length)) => Some(Gives::Length),
                    (Some(Gives::Length), _) | (_, Some(Gives::Length)) => Some(time),
                    (Some(one), _) | (_, Some(one)) if one == time && *op == RowOp::Subtract => Some(Gives::Length),
                    (one, other) => one.or(other),
                }
            }
            _ => kind(Kind::Bool),
        }
    }

    fn add(&mut self, name: &str, kind: Kind) -> Result<(), DataError> {
        let place = self.place.clone();
        let entry = self.columns.entry(name.to_owned()).or_insert((kind, place));
        let (known, new) = (entry.0, kind);
        if known == new || new <= Kind::Guess {
            entry.0 = known.max(new);
            return Ok(());
        }
        if known <= Kind::Guess {
            entry.0 = new;
            return Ok(());
        }
        Err(DataError::Meaning {
            message: format!(
                "column `{name}` of source `{}` is used as {} in one place and as {} in another",
                self.name,
                known.words(),
                new.words()
            ),
            hint: match (known, new) {
                (Kind::Time, Kind::Text) | (Kind::Text, Kind::Time) => "write dates without quotes: 2027-02-01".into(),
                (Kind::Number, Kind::Text) | (Kind::Text, Kind::Number) => {
                    "write numbers without quotes, texts in quotes".into()
                }
                _ => "a column holds one kind of value: compare it with that kind everywhere".into(),
            },
            place: self.place.clone(),
        })
    }
}

/// Expressions that refer to each other too deeply.
pub fn too_deep(place: &Place) -> DataError {
    DataError::Meaning {
        message: format!("an expression is nested more than {DEPTH} deep"),
        hint: "name parts of it as computed columns or metrics, and let none refer to itself".into(),
        place: place.clone(),
    }
}
