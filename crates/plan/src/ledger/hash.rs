//! Hashes: SHA-256 of canonical texts, in hexadecimal, cut to a length that a person can compare.

use super::inputs;
use quarterdeck_forecast::History;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The hash of a series' points: everything observed of it, values, denominators, the unfinished period and whole quarters.
///
/// 16 hexadecimal digits of SHA-256 over one line per point in the order of [`inputs::to_csv`], numbers in the shortest
/// form that reads back to the same bits. It is over points, not files: a history read as of the same day has the same
/// hash, however its files are laid out and whatever rows came later.
///
/// ```
/// use quarterdeck_forecast::History;
/// use quarterdeck_plan::ledger::data_hash;
///
/// let start: quarterdeck_calendar::Period = "2027-01".parse()?;
/// let mut history =
///     History { grain: start.grain(), start, values: vec![Some(1.5)], weights: vec![], partial: None, quarters: vec![] };
/// let before = data_hash(&history);
/// assert_eq!(before.len(), 16);
/// history.values[0] = Some(1.6);
/// assert_ne!(data_hash(&history), before);
/// # Ok::<(), quarterdeck_calendar::PeriodError>(())
/// ```
pub fn data_hash(history: &History) -> String {
    hex(&inputs::canonical(history), 16)
}

/// The first digits of the SHA-256 of a text.
pub(crate) fn hex(text: &str, digits: usize) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String never fails.
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(digits);
    hex
}
