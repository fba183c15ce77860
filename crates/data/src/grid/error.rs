//! Why a file is no grid.

/// Why a file cannot be read; a message puts the file's name before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// The disk or the packing says no.
    #[error("{0}")]
    Io(String),
    /// It is another kind of file, or damaged.
    #[error("{0}")]
    Format(String),
    /// It is not in the encoding it is said or found to be in.
    #[error("{0}")]
    Encoding(String),
    /// It has no sheet of that name.
    #[error("it has no sheet `{wanted}`; its sheets are {}", .sheets.join(", "))]
    NoSheet {
        /// The sheet asked for.
        wanted: String,
        /// Those it has.
        sheets: Vec<String>,
    },
    /// It is larger than what is read.
    #[error("{found}, and at most {limit} are read; {hint}")]
    TooLarge {
        /// What is too large.
        found: String,
        /// How much is read.
        limit: String,
        /// What to do.
        hint: String,
    },
}

impl GridError {
    /// More cells than are held.
    pub(crate) fn cells(limit: usize) -> GridError {
        GridError::TooLarge {
            found: format!("it has more than {limit} cells"),
            limit: format!("{limit} cells"),
            hint: "keep the part that is needed, or save it as CSV in the long layout, or as Parquet".into(),
        }
    }
}

impl From<std::io::Error> for GridError {
    fn from(error: std::io::Error) -> GridError {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<GridError>()) {
            Some(own) => own.clone(),
            None => GridError::Io(crate::source::files::io_reason(&error)),
        }
    }
}
