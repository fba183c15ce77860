//! What can be wrong with data, with the facts a message needs.

use quarterdeck_lang::model::Place;

/// Why data could not be read as the model declares it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DataError {
    /// No file is there.
    #[error("source `{source_name}` reads `{path}`, and there is no such file")]
    MissingFile {
        /// The source.
        source_name: String,
        /// The path or glob as declared.
        path: String,
        /// The nearest file that is there, if one is near.
        nearest: Option<String>,
        /// Where the source is declared.
        place: Place,
    },
    /// A file has no rows.
    #[error("`{path}` has no rows")]
    EmptyFile {
        /// The source.
        source_name: String,
        /// The file.
        path: String,
        /// Where the source is declared.
        place: Place,
    },
    /// A file has no such column.
    #[error("`{path}` has no column `{column}`")]
    MissingColumn {
        /// The source.
        source_name: String,
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// The nearest column it has.
        nearest: Option<String>,
        /// All columns it has.
        columns: Vec<String>,
        /// Where it is asked for.
        place: Place,
    },
    /// A value cannot be read.
    #[error("`{path}`, line {line}, column `{column}`: found `{found}`, expected {expected}")]
    BadValue {
        /// The source.
        source_name: String,
        /// The file.
        path: String,
        /// Its line, from 1, the header counted.
        line: u64,
        /// The column.
        column: String,
        /// What stands there.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        hint: String,
        /// Where the source is declared.
        place: Place,
    },
    /// A file is not what its name says.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The source.
        source_name: String,
        /// The file.
        path: String,
        /// Why.
        reason: String,
        /// Where the source is declared.
        place: Place,
    },
    /// A row lies far past all others: more than 400 days after every other row of its own and the other sources.
    #[error("source `{source_name}` has a row on {found}, long after all other rows end ({others})")]
    FarFuture {
        /// The source.
        source_name: String,
        /// The row's day.
        found: chrono::NaiveDate,
        /// The last day of all other rows.
        others: chrono::NaiveDate,
        /// Where the source is declared.
        place: Place,
    },
    /// The expression means nothing for these columns.
    #[error("{message}")]
    Meaning {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
        /// Where it is declared.
        place: Place,
    },
    /// The language knows it and the engine does not compute it yet.
    #[error("{what} cannot be computed yet")]
    NotYetComputed {
        /// What.
        what: String,
        /// Where it is declared.
        place: Place,
    },
    /// The engine failed.
    #[error("the engine failed: {0}")]
    Engine(String),
}

impl DataError {
    /// Whether the engine failed (exit code 3), and not the input (exit code 2).
    pub fn is_engine(&self) -> bool {
        matches!(self, DataError::Engine(_))
    }

    /// Where in the definitions it comes from; `None` where it has no place.
    pub fn place(&self) -> Option<&Place> {
        match self {
            DataError::MissingFile { place, .. }
            | DataError::EmptyFile { place, .. }
            | DataError::MissingColumn { place, .. }
            | DataError::BadValue { place, .. }
            | DataError::Unreadable { place, .. }
            | DataError::FarFuture { place, .. }
            | DataError::Meaning { place, .. }
            | DataError::NotYetComputed { place, .. } => Some(place),
            DataError::Engine(_) => None,
        }
    }
}
