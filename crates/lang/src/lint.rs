//! Lints: what is well formed and still worth a second look.

use crate::codes::Code;

/// Every lint's code.
pub const CODES: &[Code] = &[];

/// The codes' names, in order.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> + Clone {
    CODES.iter().map(|code| code.code)
}
