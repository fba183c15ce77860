//! Declarations as the text of a workspace.

use crate::draft::Declaration;
use crate::name::{quoted, remark};

/// Columns that are written before comments begin, where lines are short enough.
const COMMENTS: usize = 48;

/// A declaration as text.
pub fn declaration(declared: &Declaration) -> String {
    let mut text = String::new();
    for above in &declared.above {
        text.push_str(&format!("# {}\n", remark(above)));
    }
    let label = if declared.label.is_empty() { String::new() } else { format!(" {}", quoted(&declared.label)) };
    text.push_str(&format!("{} {}{label} {{\n", declared.kind, declared.name));
    let longest = declared
        .lines
        .iter()
        .filter(|line| line.remark.is_some())
        .map(|line| line.text.chars().count())
        .filter(|length| *length <= COMMENTS)
        .max();
    for line in &declared.lines {
        match &line.remark {
            None => text.push_str(&format!("  {}\n", line.text)),
            Some(because) => {
                let width = longest.unwrap_or(0);
                text.push_str(&format!("  {:width$}  # {}\n", line.text, remark(because)));
            }
        }
    }
    text.push_str("}\n");
    text
}
