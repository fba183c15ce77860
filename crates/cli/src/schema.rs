//! The JSON Schema of every object a command prints, made from the types the objects are made from.
//!
//! A command that prints an object of a type of its own is registered by one line in [`SCHEMAS`]; `qd export schema`
//! lists them, the tests hold each to its snapshot and validate what commands print on the examples against it.

use crate::command::{
    accept, add, amend, backtest, check, close, completions, diff, drop, explain, export, fmt, forecast, init, justify,
    northstar, plan, review, series, spec, track, tree, verify, welcome,
};
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
    entry::<accept::Yes<'static>>("accept", "qd accept --json"),
    entry::<add::Added<'static>>("add", "qd add METRIC --json"),
    entry::<add::Shop<'static>>("add-list", "qd add --json"),
    entry::<amend::Amended<'static>>("amend", "qd amend --json"),
    entry::<backtest::Records>("backtest", "qd backtest --json"),
    entry::<check::Report<'static>>("check", "qd check --json"),
    entry::<close::Closed<'static>>("close", "qd close --json"),
    entry::<completions::Script<'static>>("completions", "qd completions SHELL --json"),
    entry::<diff::Changes>("diff", "qd diff --json"),
    entry::<drop::Dropped<'static>>("drop", "qd drop --json"),
    entry::<error::Told<'static>>("error", "any command that fails, with --json"),
    entry::<explain::Codes<'static>>("explain", "qd explain --json"),
    entry::<quarterdeck_lang::codes::Code>("explain-code", "qd explain CODE --json"),
    entry::<fmt::Report<'static>>("fmt", "qd fmt --json"),
    entry::<forecast::Outlook<'static>>("forecast", "qd forecast METRIC --json"),
    entry::<quarterdeck_plan::funnel::Funnel>("funnel", "qd funnel --json"),
    entry::<crate::import::Imported<'static>>("import", "qd import csv FILE --json, qd init --from FILE --json"),
    entry::<init::Begun<'static>>("init", "qd init --json"),
    entry::<quarterdeck_plan::gains::Ranking>("initiatives", "qd initiatives --json"),
    entry::<justify::PageFiles>("justify", "qd justify PERIOD --json"),
    entry::<justify::PageTexts<'static>>("justify-text", "qd justify PERIOD -o - --json"),
    entry::<export::Exported<'static>>("model", "qd export json"),
    entry::<northstar::Stars<'static>>("northstar", "qd northstar --json"),
    entry::<track::Noted<'static>>("note", "qd note METRIC NOTE --json"),
    entry::<plan::Planned<'static>>("plan", "qd plan PERIOD --json"),
    entry::<quarterdeck_plan::Proposal>("propose", "qd propose --json"),
    entry::<review::Reviewed<'static>>("review", "qd review --json"),
    entry::<series::Values<'static>>("series", "qd series METRIC --json"),
    entry::<series::Queries<'static>>("series-sql", "qd series METRIC --sql --json"),
    entry::<spec::Documents<'static>>("spec", "qd spec METRIC --json"),
    entry::<spec::Written<'static>>("spec-files", "qd spec -o DIR --json"),
    entry::<quarterdeck_plan::track::Track>("track", "qd track --json"),
    entry::<tree::Drawn<'static>>("tree", "qd tree --json"),
    entry::<quarterdeck_plan::validate::Validation>("tree-validate", "qd tree --validate --json"),
    entry::<verify::Verified<'static>>("verify", "qd verify --json"),
    entry::<welcome::Welcome<'static>>("welcome", "qd --json"),
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
