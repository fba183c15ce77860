//! What a file leaves open: both readings, and what to say to choose one.

use crate::name::remark;

/// Something a file can be read as in two ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The file it is about.
    pub file: String,
    /// What an answer is given for: `dates`, `conversion.percent`.
    pub key: String,
    /// What was found and why it is open.
    pub text: String,
    /// The readings.
    pub choices: Vec<Choice>,
}

/// One reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What the answer says.
    pub value: String,
    /// What is then read.
    pub means: String,
    /// The line of the language it comes to, where it is one.
    pub line: Option<String>,
}

impl Choice {
    /// A reading that comes to a line.
    pub fn new(value: impl Into<String>, means: impl Into<String>, line: impl Into<String>) -> Choice {
        Choice { value: value.into(), means: remark(&means.into()), line: Some(line.into()) }
    }

    /// A reading that changes what is written, and is no line of its own.
    pub fn plain(value: impl Into<String>, means: impl Into<String>) -> Choice {
        Choice { value: value.into(), means: remark(&means.into()), line: None }
    }
}

/// An answer: `dates=dd/mm/yyyy`, or `traffic.csv: dates=dd/mm/yyyy` for one file alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The file it is for; every file where `None`.
    pub file: Option<String>,
    /// What it answers.
    pub key: String,
    /// The answer.
    pub value: String,
}

impl Answer {
    /// Reads an answer as typed; `None` where it has no `=`.
    pub fn of(text: &str) -> Option<Answer> {
        let (left, value) = text.split_once('=')?;
        let (file, key) = match left.rsplit_once(':') {
            Some((file, key)) => (Some(file.trim().to_owned()), key),
            None => (None, left),
        };
        let value = value.trim().trim_matches('"').to_owned();
        Some(Answer { file, key: key.trim().to_owned(), value })
    }

    /// Whether it answers a question about a file.
    pub fn is_for(&self, file: &str, key: &str) -> bool {
        let file_fits =
            self.file.as_ref().is_none_or(|own| own == file || own.rsplit(['/', '\\']).next() == Some(file));
        let last = key.rsplit('.').next().unwrap_or(key);
        file_fits && (self.key == key || self.key == last)
    }
}

/// Everything that was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers(pub Vec<Answer>);

impl Answers {
    /// The answer to a question about a file: the last that was given; one about just this comes before one about all.
    pub fn get(&self, file: &str, key: &str) -> Option<&str> {
        let fit = || self.0.iter().rev().filter(|answer| answer.is_for(file, key));
        let exact = fit().find(|answer| answer.key == key);
        exact.or_else(|| fit().next()).map(|answer| answer.value.as_str())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn answers_find_their_question() {
        let answers = Answers(
            ["dates=dd/mm/yyyy", "b.csv: dates=mm/dd/yyyy", "percent=0-100", "ctr.percent=0-1", "x: y=a=b"]
                .iter()
                .map(|text| Answer::of(text).unwrap())
                .collect(),
        );
        assert_eq!(answers.get("a.csv", "dates"), Some("dd/mm/yyyy"));
        assert_eq!(answers.get("b.csv", "dates"), Some("mm/dd/yyyy"));
        assert_eq!(answers.get("a.csv", "churn.percent"), Some("0-100"));
        assert_eq!(answers.get("a.csv", "ctr.percent"), Some("0-1"));
        assert_eq!(answers.get("x", "y"), Some("a=b"));
        assert_eq!(answers.get("a.csv", "time"), None);
        assert!(Answer::of("dates").is_none());
    }
}
