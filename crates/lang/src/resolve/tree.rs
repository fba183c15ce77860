//! Circles among names: found whole, each once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The names that use each other in circles, group by group, in order of their first name.
pub(super) fn knots(uses: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<&String>> {
    // Names become numbers, in order of name: they are compared once each and not at every step.
    let names: BTreeSet<&String> = uses.iter().flat_map(|(name, used)| std::iter::once(name).chain(used)).collect();
    let names: Vec<&String> = names.into_iter().collect();
    let number = |name: &String| names.binary_search(&name).unwrap_or_default();
    let (mut used, mut users) = (vec![Vec::new(); names.len()], vec![Vec::new(); names.len()]);
    for (name, parts) in uses {
        let name = number(name);
        for part in parts.iter().map(number) {
            used.get_mut(name).into_iter().for_each(|used| used.push(part));
            users.get_mut(part).into_iter().for_each(|users| users.push(name));
        }
    }
    // Kosaraju's two passes, with stacks of their own so that no chain is too long.
    let finished = finished(&used);
    let (mut placed, mut knots) = (vec![false; names.len()], Vec::new());
    for start in finished.into_iter().rev() {
        let (mut group, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(name) = open.pop() {
            if first_time(&mut placed, name) {
                group.extend(names.get(name));
                open.extend(users.get(name).into_iter().flatten());
            }
        }
        let alone = group.len() == 1 && !used.get(start).is_some_and(|used| used.contains(&start));
        if !group.is_empty() && !alone {
            knots.push(group);
        }
    }
    knots.sort();
    knots
}

/// Every number in the order in which all it uses is done.
fn finished(used: &[Vec<usize>]) -> Vec<usize> {
    let (mut seen, mut finished) = (vec![false; used.len()], Vec::with_capacity(used.len()));
    for start in 0..used.len() {
        let mut open = vec![(start, false)];
        while let Some((name, done)) = open.pop() {
            if done {
                finished.push(name);
            } else if first_time(&mut seen, name) {
                open.push((name, true));
                open.extend(used.get(name).into_iter().flatten().map(|used| (*used, false)));
            }
        }
    }
    finished
}

/// Whether a number was not marked before; it is now.
fn first_time(marks: &mut [bool], at: usize) -> bool {
    marks.get_mut(at).is_some_and(|mark| !std::mem::replace(mark, true))
}

/// One shortest circle of every group of names that use each other in circles, from the group's first name on, in the
/// direction of use.
pub(super) fn cycles(uses: &BTreeMap<String, BTreeSet<String>>, knots: &[BTreeSet<&String>]) -> Vec<Vec<String>> {
    knots.iter().filter_map(|knot| shortest(uses, knot.first()?)).collect()
}

/// The shortest way from a name back to itself.
fn shortest(uses: &BTreeMap<String, BTreeSet<String>>, start: &String) -> Option<Vec<String>> {
    let mut came: BTreeMap<&String, &String> = BTreeMap::new();
    let mut edge = vec![start];
    while !edge.is_empty() {
        let mut next = Vec::new();
        for name in edge {
            for used in uses.get(name).into_iter().flatten() {
                if used == start {
                    return Some(way(&came, name));
                }
                if !came.contains_key(used) {
                    came.insert(used, name);
                    next.push(used);
                }
            }
        }
        edge = next;
    }
    None
}

fn way(came: &BTreeMap<&String, &String>, last: &String) -> Vec<String> {
    let mut circle = vec![last.clone()];
    let mut name = last;
    while let Some(before) = came.get(name) {
        circle.push((*before).clone());
        name = before;
    }
    circle.reverse();
    circle
}

/// Everything that is reached from some names by any number of steps, and they themselves.
pub(crate) fn reached<'a>(
    uses: &'a HashMap<String, BTreeSet<String>>,
    start: impl IntoIterator<Item = &'a str>,
) -> HashSet<&'a str> {
    let mut open: Vec<&str> = start.into_iter().collect();
    let mut found = HashSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(uses.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for edge in text.split_whitespace() {
            let (from, to) = edge.split_once('>').unwrap_or((edge, ""));
            uses.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
        uses
    }

    #[test]
    fn finds_each_circle_once_and_whole() {
        let check = |text: &str, expect: &[&str]| {
            let uses = graph(text);
            let found: Vec<_> = cycles(&uses, &knots(&uses)).iter().map(|circle| circle.join(">")).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("a>b b>c", &[]);
        check("a>a", &["a"]);
        check("a>b b>c c>a", &["a>b>c"]);
        check("x>a a>b b>a", &["a>b"]);
        check("a>b b>a c>d d>c", &["a>b", "c>d"]);
        check("a>b b>a b>c c>b", &["a>b"]);
        check("a>b a>c b>d c>d", &[]);
        check("c>d d>e e>c a>c e>f f>f", &["c>d>e", "f"]);
    }

    #[test]
    fn reaches_far() {
        let uses = graph("a>b b>c c>b d>a");
        let uses: HashMap<_, _> = uses.into_iter().collect();
        assert_eq!(reached(&uses, ["a"]), HashSet::from(["a", "b", "c"]));
        assert_eq!(reached(&uses, ["c", "x"]), HashSet::from(["c", "x", "b"]));
    }
}
