//! The file: columns `series_id,split,t,value`, rows of a series in time order.

use quarterdeck_forecast::draws::fnv1a;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;

/// One series.
pub struct Entry {
    pub id: String,
    pub train: Vec<f64>,
    pub test: Vec<f64>,
}

/// Reads the first series of a half (by whether the hash of the id is even, 0, or odd, 1) that have train and test rows, in
/// the order of the file; test rows past the horizon are left out.
pub fn read(path: &str, horizon: usize, half: Option<u64>, limit: usize) -> Result<Vec<Entry>, String> {
    let named = |error: &dyn std::fmt::Display| format!("{path}: {error}");
    let file = File::open(path).map_err(|error| named(&error))?;
    let input: Box<dyn Read> =
        if path.ends_with(".gz") { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut reader = csv::Reader::from_reader(input);
    let headers = reader.headers().map_err(|error| named(&error))?.clone();
    let column = |name: &str| {
        let found = headers.iter().position(|header| header == name);
        found.ok_or_else(|| named(&format!("no column `{name}`; expected series_id, split, t, value")))
    };
    let (id, split, value) = (column("series_id")?, column("split")?, column("value")?);
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in reader.records() {
        let row = row.map_err(|error| named(&error))?;
        let text = |column: usize| row.get(column).unwrap_or_default();
        let line = row.position().map_or(0, csv::Position::line);
        let number: f64 = text(value)
            .parse()
            .map_err(|_| named(&format!("line {line}: `{}` is no number in column value", text(value))))?;
        let place = *places.entry(text(id).to_owned()).or_insert_with(|| {
            entries.push(Entry { id: text(id).to_owned(), train: Vec::new(), test: Vec::new() });
            entries.len() - 1
        });
        match text(split) {
            "train" => entries[place].train.push(number),
            "test" if entries[place].test.len() < horizon => entries[place].test.push(number),
            "test" => {}
            other => return Err(named(&format!("line {line}: split is `{other}`; expected train or test"))),
        }
    }
    entries.retain(|entry| !entry.train.is_empty() && !entry.test.is_empty());
    entries.retain(|entry| half.is_none_or(|half| fnv1a(entry.id.as_bytes()) % 2 == half));
    entries.truncate(limit);
    Ok(entries)
}
