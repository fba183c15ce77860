//! Every diagnostic's code with its explanation: what `qd explain CODE` prints.

pub mod data;
pub mod resolve;
pub mod syntax;

use schemars::JsonSchema;
use serde::Serialize;

/// What there is to say about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Code {
    /// The code, as in every diagnostic that carries it.
    pub code: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What it means and what to do, in a product manager's words.
    pub explanation: &'static str,
    /// A text that gets it.
    pub wrong: &'static str,
    /// The same text, mended.
    pub right: &'static str,
}

/// Every code, in the order they are documented.
pub fn all() -> impl Iterator<Item = &'static Code> {
    LISTS.iter().flat_map(|list| list.iter())
}

/// What there is to say about a code; upper and lower case are one.
pub fn find(code: &str) -> Option<&'static Code> {
    all().find(|known| known.code.eq_ignore_ascii_case(code))
}

/// One list per stage.
const LISTS: &[&[Code]] = &[syntax::CODES, resolve::CODES, crate::lint::CODES, data::CODES];
