//! The JSON Schema of every object a command prints, made from the types the objects are made from.
//!
//! A command that prints an object of a type of its own is registered by one line in [`SCHEMAS`]; `qd export schema`
//! lists them, the tests hold each to its snapshot and validate what commands print on the examples against it.

use crate::command::{backtest, check, close, diff, explain, export, fmt, forecast, northstar, series, spec, tree};
use crate::error;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

/// One object's schema.
pub struct Entry {
    /// The command that prints it, or what it is where several do.
    pub name: &'static str,
    /// How it is got.
    pub by: &'static str,
    schema: fn() -> Schema,
}

impl Entry {
    /// The schema.
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }
}

const fn entry<T: JsonSchema>(name: &'static str, by: &'static str) -> Entry {
    Entry { name, by, schema: of::<T> }
}

/// The schema of a type as it is written, not as it is read.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// Every object with a schema, in order of name.
pub const SCHEMAS: &[Entry] = &[
    entry::<backtest::Records>("backtest", "qd backtest --json"),
    entry::<check::Report<'static>>("check", "qd check --json"),
    entry::<close::Closed<'static>>("close", "qd close --json"),
    entry::<diff::Changes>("diff", "qd diff --json"),
    entry::<error::Told<'static>>("error", "any command that fails, with --json"),
    entry::<explain::Codes<'static>>("explain", "qd explain --json"),
    entry::<quarterdeck_lang::codes::Code>("explain-code", "qd explain CODE --json"),
    entry::<fmt::Report<'static>>("fmt", "qd fmt --json"),
    entry::<forecast::Outlook<'static>>("forecast", "qd forecast METRIC --json"),
    entry::<quarterdeck_plan::funnel::Funnel>("funnel", "qd funnel --json"),
    entry::<quarterdeck_plan::gains::Ranking>("initiatives", "qd initiatives --json"),
    entry::<export::Exported<'static>>("model", "qd export json"),
    entry::<northstar::Stars<'static>>("northstar", "qd northstar --json"),
    entry::<quarterdeck_plan::Proposal>("propose", "qd propose --json"),
    entry::<series::Values<'static>>("series", "qd series METRIC --json"),
    entry::<spec::Documents<'static>>("spec", "qd spec METRIC --json"),
    entry::<spec::Written<'static>>("spec-files", "qd spec -o DIR --json"),
    entry::<quarterdeck_plan::track::Track>("track", "qd track --json"),
    entry::<tree::Drawn<'static>>("tree", "qd tree --json"),
    entry::<quarterdeck_plan::validate::Validation>("tree-validate", "qd tree --validate --json"),
    entry::<quarterdeck_plan::whatif::Answer>("whatif", "qd whatif --json"),
];

/// The schema of a name.
pub fn find(name: &str) -> Option<&'static Entry> {
    SCHEMAS.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::SCHEMAS;

    #[test]
    fn each_name_stands_once_and_in_order() {
        let names: Vec<_> = SCHEMAS.iter().map(|entry| entry.name).collect();
        assert!(names.is_sorted_by(|one, two| one < two), "{names:?}");
    }
}
