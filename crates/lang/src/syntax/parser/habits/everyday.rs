//! Words of everyday in the place of the language's.

use super::{Meant, Tokens, place, word_at, written};
use crate::keys::{Key, Type};

/// For a key: what people write, and what they mean.
const WORDS: &[(&str, &[&str], &str)] = &[
    (
        "better",
        &["down", "less", "low", "smaller", "fewer", "decrease", "decreasing", "min", "minimize", "minimise"],
        "lower",
    ),
    (
        "better",
        &["up", "more", "high", "bigger", "increase", "increasing", "max", "maximize", "maximise", "growth"],
        "higher",
    ),
    ("grain", &["daily", "days", "1 day", "per day", "each day", "every day"], "day"),
    ("grain", &["weekly", "weeks", "1 week", "per week", "each week", "every week"], "week"),
    ("grain", &["monthly", "months", "1 month", "per month", "each month", "every month"], "month"),
    ("grain", &["quarterly", "quarters", "1 quarter", "per quarter", "each quarter"], "quarter"),
    ("grain", &["yearly", "annual", "annually", "years", "1 year", "per year", "each year"], "year"),
    ("reads", &["sum", "cumulative", "count", "total sum"], "total"),
    (
        "reads",
        &["latest", "end", "closing", "final", "last value", "end of period", "eop", "last week", "last month"],
        "last",
    ),
    ("reads", &["ratio", "overall", "rate", "whole quarter"], "whole"),
    (
        "reads",
        &[
            "average",
            "avg",
            "mean",
            "weekly average",
            "average weekly",
            "weekly",
            "avg week",
            "mean week",
            "per week",
            "average per week",
        ],
        "average week",
    ),
    (
        "reads",
        &["monthly average", "average monthly", "monthly", "avg month", "mean month", "per month", "average per month"],
        "average month",
    ),
    ("role", &["northstar", "north_star", "nsm", "north-star", "north star metric"], "north star"),
    ("role", &["guard", "guardrails", "counter", "counter metric"], "guardrail"),
    ("role", &["driver", "lever", "inputs", "input metric"], "input"),
    ("status", &["live", "approved", "final", "active", "official", "stable", "verified", "done"], "certified"),
    ("status", &["wip", "experimental", "beta", "new", "proposed", "in progress"], "draft"),
    ("stage", &["monetization", "monetisation", "monetize", "pay"], "revenue"),
    ("stage", &["awareness", "acquire", "signup", "signups", "reach"], "acquisition"),
    ("stage", &["retained", "retain", "loyalty"], "retention"),
    ("stage", &["activate", "activated", "onboarding"], "activation"),
    ("empty", &["null", "none", "missing", "nan", "unknown", "skip", "nothing"], "gap"),
    ("empty", &["0", "zeros", "zeroes"], "zero"),
    ("heart", &["joy", "satisfaction", "happy", "delight"], "happiness"),
    ("ships", &["certain", "certainly", "yes", "sure", "definitely"], "100%"),
    ("format", &["whole", "whole numbers", "integer", "int", "no decimals", "number"], "\"0\""),
    ("format", &["one decimal", "1 decimal", "decimal"], "\"0.0\""),
    ("format", &["two decimals", "2 decimals"], "\"0.00\""),
    ("format", &["thousands", "in thousands", "k"], "\"0.0k\""),
    ("format", &["millions", "in millions", "m"], "\"0.0M\""),
    ("format", &["percent", "%", "percentage"], "\"0.0%\""),
    ("layout", &["rows", "tall", "tidy"], "long"),
    ("layout", &["columns", "pivot", "pivoted"], "wide"),
    ("layout", &["transposed", "horizontal"], "across"),
];

/// What people call the grades of evidence.
const GRADES: &[(&[&str], &str)] = &[
    (&["guess", "hunch", "gut", "assumption", "estimate", "intuition"], "opinion"),
    (&["ab", "abtest", "ab_test", "test", "trial", "experiments", "rct"], "experiment"),
    (&["analogy", "comparable", "precedent", "case"], "similar"),
    (&["pilots", "prototype", "beta"], "pilot"),
    (&["competitor", "industry", "survey"], "benchmark"),
];

/// What stands for a value nobody knows yet.
const NOT_KNOWN: &[&str] = &["tbd", "tbc", "todo", "unknown", "na", "n/a", "none", "null", "pending", "-"];

/// A word of everyday, or several.
pub fn word(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let said = written(tokens).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    if key.ty == Type::Evidence {
        let first = word_at(tokens, 0).to_lowercase();
        let (_, meant) = GRADES.iter().find(|(words, _)| words.contains(&first.as_str()))?;
        return Some(Meant::instead(place(tokens, 0, 0)?, meant));
    }
    let said = said.trim_matches('"');
    let (_, _, meant) = WORDS.iter().find(|(of, words, _)| *of == key.name && words.contains(&said))?;
    Some(Meant::instead(tokens.span(), meant).because(&format!("Did you mean `{meant}`?")))
}

/// `effort: TBD`
pub fn not_known(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    let said = written(tokens).trim_matches('"').to_lowercase();
    let open = NOT_KNOWN.contains(&said.as_str()) && !key.required && key.name != "empty";
    let place = tokens.span();
    open.then(|| {
        Meant { fix: String::new(), edits: Vec::new(), ..Meant::instead(place, "") }
            .because("Leave the line out until it is known.")
    })
}
