//! The metric language: text in, a resolved model and diagnostics out.
//!
//! Flows in: the texts of a workspace's `.qd` files and of its `quarterdeck.toml`. Flows out, in stages, each with a name
//! and a debug view: tokens → [`syntax::tree`] (never fails, keeps every comment) → [`model::Model`] (names, types, units
//! and cycles resolved) with all [`Diagnostic`]s. Never: files, the clock, data, forecasts.

pub mod check;
pub mod codes;
pub mod diagnostic;
pub mod keys;
pub mod lint;
pub mod model;
mod resolve;
mod revision;
mod settings;
pub mod span;
pub mod suggest;
pub mod syntax;

pub use check::{Checked, check};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity, Subject};
pub use model::Model;
pub use resolve::is_currency;
pub use span::{FileId, Files, Position, Span, Spanned, TextFile};
