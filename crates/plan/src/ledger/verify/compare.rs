//! Two TOML values side by side: what differs, by path.

use super::NOTHING;
use toml::Value;

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where.
    pub path: String,
    /// What stands there.
    pub written: String,
    /// What should.
    pub expected: String,
}

/// Compares a value with what it should be; gives how many values were compared.
pub fn values(path: &str, written: Option<&Value>, expected: Option<&Value>, leaves: &mut Vec<Leaf>) -> usize {
    match (written, expected) {
        (Some(Value::Table(a)), Some(Value::Table(b))) => {
            let mut keys: Vec<&String> = b.keys().chain(a.keys().filter(|key| !b.contains_key(*key))).collect();
            keys.dedup();
            let inside = |key: &String| if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            keys.into_iter().map(|key| values(&inside(key), a.get(key), b.get(key), leaves)).sum()
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => arrays(path, a, b, leaves),
        (None, None) => 0,
        (written, expected) => {
            let (written, expected) = (shown(written), shown(expected));
            if written != expected {
                leaves.push(Leaf { path: path.to_owned(), written, expected });
            }
            1
        }
    }
}

/// Elements are told by their name, label or the like, and by their place where they have none.
fn arrays(path: &str, written: &[Value], expected: &[Value], leaves: &mut Vec<Leaf>) -> usize {
    let (a, b) = (labels(written), labels(expected));
    // The same number of elements: told by place, under the label that should stand there.
    if written.len() == expected.len() {
        let pairs = written.iter().zip(expected).zip(&b);
        return pairs.map(|((a, b), label)| values(&format!("{path}[{label}]"), Some(a), Some(b), leaves)).sum();
    }
    let find = |labels: &[String], values: &[Value], label: &String| {
        labels.iter().position(|other| other == label).and_then(|at| values.get(at)).cloned()
    };
    let all = b.iter().chain(a.iter().filter(|label| !b.contains(label)));
    all.map(|label| {
        let (a, b) = (find(&a, written, label), find(&b, expected, label));
        values(&format!("{path}[{label}]"), a.as_ref(), b.as_ref(), leaves)
    })
    .sum()
}

fn labels(elements: &[Value]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        let words = ["name", "label", "code", "k", "metric", "by", "number"];
        let word = words.iter().find_map(|word| element.get(word).filter(|value| !value.is_table()));
        let label = word.map_or_else(|| (at + 1).to_string(), |word| shown(Some(word)));
        let label = if labels.contains(&label) { format!("{label} #{}", at + 1) } else { label };
        labels.push(label);
    }
    labels
}

/// A value as a message shows it: texts as they are, everything else as TOML.
pub fn shown(value: Option<&Value>) -> String {
    match value {
        None => NOTHING.to_owned(),
        Some(Value::String(text)) if !text.is_empty() && text != NOTHING => text.clone(),
        Some(Value::Table(table)) => {
            let parts: Vec<String> =
                table.iter().map(|(key, value)| format!("{key} = {}", shown(Some(value)))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Some(other) => other.to_string(),
    }
}

/// The first line in which two texts differ, from 1, with both lines.
pub fn first_line(written: &str, expected: &str) -> Option<(usize, String, String)> {
    let (mut a, mut b) = (written.split('\n'), expected.split('\n'));
    for line in 1.. {
        match (a.next(), b.next()) {
            (None, None) => return None,
            (a, b) if a != b => {
                let shown = |line: Option<&str>| line.map_or(NOTHING.to_owned(), str::to_owned);
                return Some((line, shown(a), shown(b)));
            }
            _ => {}
        }
    }
    None
}
