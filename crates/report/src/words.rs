//! What things are called, for whom, and in which order they are told.
//!
//! Words for chances are fixed and the same for everybody. Headings, the verb of the ask and the name of an initiative
//! differ by audience; numbers never do.

pub mod close;
pub mod track;

use crate::number::{Levels, chance};
use crate::page::Key;
use quarterdeck_plan::proposal::Budget;

/// For whom a page is written. It decides what comes first and which words are used, never a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Those who approve.
    Leadership,
    /// Those who budget.
    Finance,
    /// Those who build.
    Engineering,
    /// Those who design.
    Design,
    /// Those who sell.
    Marketing,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Audience; 5] =
        [Audience::Leadership, Audience::Finance, Audience::Engineering, Audience::Design, Audience::Marketing];

    /// Its name, as in `--for` and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Audience::Leadership => "leadership",
            Audience::Finance => "finance",
            Audience::Engineering => "engineering",
            Audience::Design => "design",
            Audience::Marketing => "marketing",
        }
    }

    /// The audience of a name.
    pub fn from_name(name: &str) -> Option<Audience> {
        Audience::ALL.into_iter().find(|audience| audience.name() == name)
    }

    /// The order in which the sections of a sheet's body are told.
    pub(crate) fn order(self) -> [Key; 9] {
        use Key::{Bridge, Fan, Guards, Market, Methods, Must, Record, Risks, Unknown};
        match self {
            Audience::Leadership => [Fan, Methods, Bridge, Must, Guards, Market, Risks, Record, Unknown],
            Audience::Finance => [Record, Fan, Methods, Bridge, Market, Risks, Must, Guards, Unknown],
            Audience::Engineering => [Must, Bridge, Guards, Fan, Methods, Risks, Record, Market, Unknown],
            Audience::Design => [Guards, Must, Fan, Bridge, Unknown, Methods, Risks, Market, Record],
            Audience::Marketing => [Market, Fan, Must, Bridge, Methods, Guards, Risks, Record, Unknown],
        }
    }

    /// What a section of the sheet is called.
    pub(crate) fn heading(self, key: Key) -> &'static str {
        use Audience::{Design, Engineering, Finance, Marketing};
        match (key, self) {
            (Key::Fan, _) => "Where it is heading",
            (Key::Methods, Finance) => "How the number was arrived at",
            (Key::Methods, _) => "Five ways to the number",
            (Key::Bridge, Finance) => "From the last actual to the target",
            (Key::Bridge, Engineering) => "What the work adds",
            (Key::Bridge, _) => "What takes us there",
            (Key::Must, Finance) => "Assumptions",
            (Key::Must, Engineering) => "Inputs that must hold",
            (Key::Must, Design) => "What people must do",
            (Key::Must, _) => "What must be true",
            (Key::Guards, Finance) => "Limits",
            (Key::Guards, Design) => "What must not get worse",
            (Key::Guards, _) => "Guards",
            (Key::Market, Marketing) => "Our share of the market",
            (Key::Market, _) => "Market",
            (Key::Risks, _) => "Risks, and when we know",
            (Key::Record, Finance) => "Can the chances be believed?",
            (Key::Record, _) => "Track record",
            (Key::Unknown, _) => "What we do not know",
        }
    }

    /// What an initiative is called, in the singular and the plural.
    pub(crate) fn initiative(self) -> (&'static str, &'static str) {
        match self {
            Audience::Leadership => ("initiative", "initiatives"),
            Audience::Finance => ("investment", "investments"),
            Audience::Engineering => ("piece of work", "pieces of work"),
            Audience::Design => ("change", "changes"),
            Audience::Marketing => ("activity", "activities"),
        }
    }

    /// How the ask begins: it is followed by the metric's label and its two levels.
    pub(crate) fn ask(self) -> &'static str {
        match self {
            Audience::Leadership => "We ask you to approve",
            Audience::Finance => "We ask to plan with",
            Audience::Engineering => "The work is to take",
            Audience::Design => "The experience is to take",
            Audience::Marketing => "We aim to take",
        }
    }
}

/// A chance as a number and its word: `61 %, somewhat more likely than not`.
pub fn chance_phrase(p: f64) -> String {
    match chance_word(p) {
        Some(word) => format!("{}, {word}", crate::number::chance(p)),
        None => crate::number::UNKNOWN.to_owned(),
    }
}

/// The word of a chance, chosen after rounding to 5 points; `None` where it is not a number.
pub fn chance_word(p: f64) -> Option<&'static str> {
    if !p.is_finite() {
        return None;
    }
    let rounded = ((p * 20.0 + 1e-9).round() * 5.0).clamp(0.0, 100.0);
    Some(match rounded {
        r if r >= 90.0 => "very likely",
        r if r >= 70.0 => "likely",
        r if r >= 50.0 => "somewhat more likely than not",
        r if r >= 30.0 => "less likely than not",
        r if r >= 10.0 => "unlikely",
        _ => "very unlikely",
    })
}

/// A status: always a mark and a word, so that it reads without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing to worry about.
    Good,
    /// Worth a look.
    Watch,
    /// Needs an answer.
    Bad,
    /// Cannot be told.
    Unknown,
}

impl Status {
    /// The mark, different in shape for each.
    pub fn mark(self) -> &'static str {
        match self {
            Status::Good => "●",
            Status::Watch => "◆",
            Status::Bad => "▲",
            Status::Unknown => "○",
        }
    }

    /// A word for style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Status::Good => "good",
            Status::Watch => "watch",
            Status::Bad => "bad",
            Status::Unknown => "unknown",
        }
    }

    /// The status of a target's chance: good from 60 %, worth a look from 30 %.
    pub fn of_chance(p: Option<f64>) -> Status {
        // A chance is judged as it is printed, in whole percent.
        match p.map(|p| (p * 100.0).round()) {
            Some(p) if p >= 60.0 => Status::Good,
            Some(p) if p >= 30.0 => Status::Watch,
            Some(p) if p < 30.0 => Status::Bad,
            _ => Status::Unknown,
        }
    }

    /// The status of a guard's chance of a breach.
    pub fn of_breach(p: Option<f64>) -> Status {
        match p.map(|p| (p * 100.0).round()) {
            Some(p) if p < 10.0 => Status::Good,
            Some(p) if p < 30.0 => Status::Watch,
            Some(p) if p >= 30.0 => Status::Bad,
            _ => Status::Unknown,
        }
    }
}

/// The names of the 10th percentile, the median and the 90th, by which way is better.
///
/// Where less is better, a high number is the bad quarter; where a range is aimed at, both ends are named by their size.
pub fn quarter_names(better: &str) -> [&'static str; 3] {
    match better {
        "lower" => ["good quarter", "middle quarter", "bad quarter"],
        "between" => ["low quarter", "middle quarter", "high quarter"],
        _ => ["bad quarter", "middle quarter", "good quarter"],
    }
}

/// What the budget counts on, how likely that is, and where the middle of all paths lies: `$1.2M is met with 44 % (38 % without
/// the plan); the middle of the forecast with everything is $30,000 above it`.
pub fn budget(budget: &Budget, levels: &Levels) -> String {
    let value = levels.with_unit(budget.value);
    let Some((p, without)) = budget.p_hit.zip(budget.p_hit_without_plan) else {
        return format!("{value}; how likely it is cannot be told");
    };
    let middle = budget.middle_above.map_or(String::new(), |above| {
        let change = levels.change(above);
        let far = change.trim_start_matches(['+', '−', '-']);
        match above {
            above if above > 0.0 => format!("; the middle of the forecast with everything is {far} above it"),
            above if above < 0.0 => format!("; the middle of the forecast with everything is {far} below it"),
            _ => "; it is the middle of the forecast with everything".to_owned(),
        }
    });
    format!("{value} is met with {} ({} without the plan){middle}", chance(p), chance(without))
}

/// How a flag is called in a few words.
pub fn flag_name(code: &str) -> String {
    match code {
        "impossible" => "Beyond what is possible".to_owned(),
        "moonshot" => "A moonshot".to_owned(),
        "sandbagged" => "Met even without the plan".to_owned(),
        "methods_disagree" => "Methods disagree".to_owned(),
        "unexplained_gap" => "Unexplained gap".to_owned(),
        "one_legged" => "A single method".to_owned(),
        "too_little_history" => "Too little history".to_owned(),
        "old_data" => "Old data".to_owned(),
        "claims_missed" => "Past claims fell short".to_owned(),
        "padded" => "Care taken twice".to_owned(),
        "points_mixed" => "Points beside percents".to_owned(),
        "slope_out_of_range" => "A slope used too far".to_owned(),
        "input_out_of_reach" => "An input out of reach".to_owned(),
        "parts_fall_short" => "Parts fall short".to_owned(),
        "past_cap" => "Inside the market's range".to_owned(),
        "no_evidence" => "No evidence".to_owned(),
        "starts_after" => "Too late for the period".to_owned(),
        "set_mid_period" => "Set within the period".to_owned(),
        other => {
            let mut letters = other.replace('_', " ").chars().collect::<Vec<char>>();
            if let Some(first) = letters.first_mut() {
                *first = first.to_ascii_uppercase();
            }
            letters.into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_chosen_after_rounding_to_five_points() {
        let cases = [
            (0.9, "very likely"),
            (0.876, "very likely"),
            (0.874, "likely"),
            (0.675, "likely"),
            (0.67, "somewhat more likely than not"),
            (0.49, "somewhat more likely than not"),
            (0.47, "less likely than not"),
            (0.28, "less likely than not"),
            (0.27, "unlikely"),
            (0.08, "unlikely"),
            (0.07, "very unlikely"),
            (0.0, "very unlikely"),
            (1.0, "very likely"),
        ];
        for (p, word) in cases {
            assert_eq!(chance_word(p), Some(word), "{p}");
        }
        assert_eq!(chance_word(f64::NAN), None);
        assert_eq!(chance_phrase(0.61), "61 %, somewhat more likely than not");
    }

    #[test]
    fn every_audience_tells_every_section_once() {
        for audience in Audience::ALL {
            let mut order = audience.order().to_vec();
            order.sort();
            order.dedup();
            assert_eq!(order.len(), 9, "{audience:?}");
            assert_eq!(Audience::from_name(audience.name()), Some(audience));
        }
    }
}
