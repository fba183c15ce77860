//! Two texts line by line: what went and what came.

use anstyle::{AnsiColor, Style};

/// The largest product of line counts that is compared line by line; larger differences are shown as one block.
const LARGEST: usize = 4_000_000;

/// The lines that differ, each with its number: `-12 old` in the first text, `+12 new` in the second.
pub fn difference(before: &str, after: &str) -> Vec<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same_start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(same_start..).unwrap_or_default(), b.get(same_start..).unwrap_or_default());
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let a = a.get(..a.len() - same_end).unwrap_or_default();
    let b = b.get(..b.len() - same_end).unwrap_or_default();
    let kept = if a.len().saturating_mul(b.len()) > LARGEST { Vec::new() } else { common(a, b) };
    let (mut lines, mut at, mut to) = (Vec::new(), 0, 0);
    for (next, other) in kept.into_iter().chain([(a.len(), b.len())]) {
        lines.extend((at..next).filter_map(|line| Some(gone(same_start + line, a.get(line)?))));
        lines.extend((to..other).filter_map(|line| Some(came(same_start + line, b.get(line)?))));
        (at, to) = (next + 1, other + 1);
    }
    lines
}

fn gone(at: usize, line: &str) -> String {
    marked(AnsiColor::Red.on_default(), '-', at, line)
}

fn came(at: usize, line: &str) -> String {
    marked(AnsiColor::Green.on_default(), '+', at, line)
}

fn marked(style: Style, mark: char, at: usize, line: &str) -> String {
    format!("{style}{mark}{:<4} {line}{style:#}", at + 1)
}

/// The pairs of lines of a longest common part, in order.
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    // `best` at (i, j) is how many lines the rests from i and j have in common.
    let mut best = vec![0_u32; (a.len() + 1) * width];
    let get = |best: &[u32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0);
    for (i, line) in a.iter().enumerate().rev() {
        for (j, other) in b.iter().enumerate().rev() {
            let value = match line == other {
                true => get(&best, i + 1, j + 1) + 1,
                false => get(&best, i + 1, j).max(get(&best, i, j + 1)),
            };
            if let Some(cell) = best.get_mut(i * width + j) {
                *cell = value;
            }
        }
    }
    let (mut pairs, mut i, mut j) = (Vec::new(), 0, 0);
    while let (Some(line), Some(other)) = (a.get(i), b.get(j)) {
        if line == other {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if get(&best, i + 1, j) >= get(&best, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
