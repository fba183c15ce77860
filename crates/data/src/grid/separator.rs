//! What separates the fields of a text: the character under which the first lines agree best.

use csv::ReaderBuilder;

/// Rows looked at.
const ROWS: usize = 60;
/// In this order where two fit as well: a comma may stand inside numbers, a tab hardly anywhere.
const CANDIDATES: [u8; 4] = [b'\t', b';', b'|', b','];

/// The separator of a text from its first bytes, `whole` of which end with the text.
///
/// Under a separator, rows that have as many fields as most rows agree. The one with which most rows agree on two or more fields is
/// taken, then the one that gives more fields. A first line `sep=;` decides, as in spreadsheets.
pub fn separator_of(start: &[u8], whole: Whole) -> u8 {
    if let Some(declared) = declared(start) {
        return declared;
    }
    let sample = match (whole, start.iter().rposition(|byte| *byte == b'\n')) {
        // The last line of a piece may be cut in two.
        (Whole::Piece, Some(end)) => start.get(..=end).unwrap_or(start),
        _ => start,
    };
    let mut best = (0, 0, b',');
    for candidate in CANDIDATES {
        let (agreeing, fields) = agreement(sample, candidate);
        if (agreeing, fields) > (best.0, best.1) {
            best = (agreeing, fields, candidate);
        }
    }
    best.2
}

/// Whether a text's first bytes are all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// All of it.
    Text,
    /// Its beginning.
    Piece,
}

/// `sep=;` in the first line.
pub fn declared(start: &[u8]) -> Option<u8> {
    let line = start.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    let rest = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match rest.strip_prefix(b"sep=").or_else(|| rest.strip_prefix(b"SEP="))? {
        [separator] => Some(*separator),
        [] if line.len() < start.len() && start.starts_with(b"sep=\t") => Some(b'\t'),
        _ => None,
    }
}

/// How many rows have the number of fields that most rows of two or more have, and that number.
fn agreement(sample: &[u8], separator: u8) -> (usize, usize) {
    let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(sample);
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for record in reader.byte_records().take(ROWS).flatten() {
        // Fields that are empty to the end (`;;;`) are padding of title rows and of blank columns.
        let filled = record.iter().rposition(|field| !field.trim_ascii().is_empty()).map_or(0, |last| last + 1);
        if filled >= 2 {
            *counts.entry(record.len()).or_default() += 1;
        }
    }
    counts.into_iter().map(|(fields, rows)| (rows, fields)).max().unwrap_or((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_found_out() {
        for (text, expect) in [
            ("date,orders\n2026-01-01,5\n", b','),
            ("Datum;Umsatz\n01.02.2026;1.234,50\n02.02.2026;2.000,00\n", b';'),
            ("Report, made today\n\nDatum;Umsatz\n01.02.2026;1,50\n02.02.2026;2,00\n", b';'),
            ("a\tb\n1,5\t2,5\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("name,note\nx,\"a;b;c\"\ny,\"d;e;f\"\n", b','),
            ("sep=;\na;b\n", b';'),
            ("one column\n1\n2\n", b','),
            ("", b','),
        ] {
            assert_eq!(char::from(separator_of(text.as_bytes(), Whole::Text)), char::from(expect), "{text}");
        }
    }
}
