//! The log of readings: what was seen and said of each target, and who does what until when.
//!
//! `targets/PERIOD.log.jsonl` holds one reading a line, in order of day and metric, each known by a hash of itself. Lines never
//! change: what is done is said by a further line. So two branches that both add lines merge by keeping both (`merge=union` in
//! `.gitattributes`); the same line twice counts once, and the order of lines does not matter.

use super::{Colour, Open};
use crate::ledger::{LedgerError, error, hash};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// What it is known by: a hash of the rest.
    #[serde(default)]
    pub id: String,
    /// The as-of date of the reading.
    pub on: NaiveDate,
    /// The series: the metric, with its slice in brackets.
    pub target: String,
    /// The chance then.
    pub p_hit: Option<f64>,
    /// The colour then.
    pub colour: Colour,
    /// What was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Who acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// The note that this one says is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
}

/// All readings of a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    readings: Vec<Reading>,
}

impl Log {
    /// Reads a log; `path` is for messages.
    ///
    /// # Errors
    /// A line that is no reading, with its number.
    pub fn read(path: &str, text: &str) -> Result<Log, LedgerError> {
        let mut log = Log::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let reading: Reading = serde_json::from_str(line).map_err(|problem| LedgerError::Text {
                file: path.to_owned(),
                line: Some(at + 1),
                found: error::quoted(line),
                expected: format!("a reading as `qd note` writes it ({problem})"),
                hint: "restore the line from version control, or take it out".to_owned(),
            })?;
            log.readings.push(reading);
        }
        log.arrange();
        Ok(log)
    }

    /// The lines of a log's text that do not say what they are known by: its number, what is written, what follows from the
    /// rest of the line. A line without one is as good as any.
    pub fn altered(text: &str) -> Vec<(usize, String, String)> {
        let lines = text.lines().enumerate();
        let readings = lines.filter_map(|(at, line)| Some((at + 1, serde_json::from_str::<Reading>(line).ok()?)));
        let altered = readings.filter(|(_, reading)| !reading.id.is_empty() && reading.id != id_of(reading));
        altered.map(|(line, reading)| (line, reading.id.clone(), id_of(&reading))).collect()
    }

    /// The canonical text.
    pub fn to_text(&self) -> String {
        // A reading serialises: text keys, and a number that is none becomes `null`.
        self.readings.iter().map(|reading| serde_json::to_string(reading).unwrap_or_default() + "\n").collect()
    }

    /// Adds a reading and gives what it is known by; the same one twice is one.
    pub fn add(&mut self, reading: Reading) -> String {
        let id = id_of(&reading);
        self.readings.push(reading);
        self.arrange();
        id
    }

    /// Every reading, in order of day and target.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// A note by its id, or by the beginning of it where that is enough.
    pub fn note(&self, id: &str) -> Option<&Reading> {
        let mut found = self.readings.iter().filter(|reading| reading.note.is_some() && reading.id.starts_with(id));
        found.next().filter(|_| !id.is_empty() && found.next().is_none())
    }

    /// The colour of the latest reading of a target before a day.
    pub fn colour_before(&self, target: &str, day: NaiveDate) -> Option<Colour> {
        let mut earlier = self.readings.iter().rev().filter(|reading| reading.target == target && reading.on < day);
        earlier.next().map(|reading| reading.colour)
    }

    /// The notes on a target that are not done on a day, those due first.
    pub fn open(&self, target: &str, day: NaiveDate) -> Vec<Open> {
        let done =
            |id: &str| self.readings.iter().any(|reading| reading.done.as_deref() == Some(id) && reading.on <= day);
        let mut open: Vec<Open> = self
            .readings
            .iter()
            .filter(|reading| reading.target == target && reading.on <= day && !done(&reading.id))
            // What only says that another is done asks for nothing.
            .filter(|reading| reading.done.is_none() || reading.due.is_some())
            .filter_map(|reading| {
                Some(Open {
                    id: reading.id.clone(),
                    on: reading.on,
                    note: reading.note.clone()?,
                    by: reading.by.clone().unwrap_or_default(),
                    owner: reading.owner.clone(),
                    due: reading.due,
                    overdue: reading.due.is_some_and(|due| due < day),
                })
            })
            .collect();
        open.sort_by_key(|open| (open.due.is_none(), open.due, open.on, open.id.clone()));
        open
    }

    fn arrange(&mut self) {
        for reading in &mut self.readings {
            reading.id = id_of(reading);
        }
        self.readings.sort_by(|a, b| (a.on, &a.target, &a.id).cmp(&(b.on, &b.target, &b.id)));
        self.readings.dedup();
    }
}

/// Eight hexadecimal digits over all that a reading says.
fn id_of(reading: &Reading) -> String {
    let bare = Reading { id: String::new(), ..reading.clone() };
    hash::hex(&serde_json::to_string(&bare).unwrap_or_default(), 8)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::{Log, Reading};
    use crate::fixture::date;
    use crate::track::Colour;

    fn said(on: &str, target: &str, note: &str, due: Option<&str>) -> Reading {
        Reading {
            id: String::new(),
            on: date(on),
            target: target.into(),
            p_hit: Some(0.41),
            colour: Colour::Yellow,
            note: Some(note.into()),
            by: Some("Ann".into()),
            owner: None,
            due: due.map(date),
            done: None,
        }
    }

    #[test]
    fn a_log_reads_back_and_keeps_its_order() {
        let mut log = Log::default();
        log.add(said("2027-02-07", "orders", "Promotion moved to March", Some("2027-03-01")));
        log.add(said("2027-01-24", "orders", "Warehouse closed for a day", None));
        log.add(said("2027-01-24", "orders", "Warehouse closed for a day", None));
        let text = log.to_text();
        assert_eq!(text.lines().count(), 2);
        assert!(
            text.starts_with(r#"{"id":"#)
                && text.contains(r#""on":"2027-01-24","target":"orders","p_hit":0.41,"colour":"yellow""#),
            "{text}"
        );
        assert_eq!(Log::read("log", &text).unwrap(), log);
        assert_eq!(Log::altered(&text), []);
        // An edited chance shows, in its line.
        let edited = text.replacen("0.41", "0.61", 1);
        assert_eq!(Log::altered(&edited).iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1]);
        // Two branches merged by keeping both, in any order.
        let merged = format!("{}{text}", text.lines().rev().map(|line| format!("{line}\n")).collect::<String>());
        assert_eq!(Log::read("log", &merged).unwrap().to_text(), text);
    }

    #[test]
    fn notes_are_open_until_they_are_done() {
        let mut log = Log::default();
        let id = log.add(said("2027-01-24", "orders", "Ask for a second van", Some("2027-02-10")));
        log.add(said("2027-01-24", "orders", "Snow on two days", None));
        log.add(said("2027-01-24", "revenue", "Other", None));
        let open = |log: &Log, day: &str| {
            log.open("orders", date(day)).into_iter().map(|open| (open.note, open.overdue)).collect::<Vec<_>>()
        };
        assert_eq!(
            open(&log, "2027-02-10"),
            [("Ask for a second van".into(), false), ("Snow on two days".into(), false)]
        );
        assert!(open(&log, "2027-02-11")[0].1);
        assert_eq!(open(&log, "2027-01-20"), []);
        log.add(Reading { done: Some(id.clone()), ..said("2027-02-12", "orders", "It came", None) });
        assert_eq!(open(&log, "2027-02-14"), [("Snow on two days".into(), false)]);
        // Before it was done it was open.
        assert_eq!(open(&log, "2027-02-11").len(), 2);
        assert_eq!(log.note(&id[..4]).map(|note| note.on), Some(date("2027-01-24")));
        assert_eq!(log.note(""), None);
        assert_eq!(log.colour_before("orders", date("2027-01-24")), None);
        assert_eq!(log.colour_before("orders", date("2027-02-01")), Some(Colour::Yellow));
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = Log::read("targets/2027-Q1.log.jsonl", "\n{\"on\": 3}\n").expect_err("no reading").to_string();
        assert!(error.starts_with("targets/2027-Q1.log.jsonl, line 2: found `{\"on\": 3}`"), "{error}");
    }
}
