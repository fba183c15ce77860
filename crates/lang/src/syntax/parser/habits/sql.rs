//! SQL in the place of a measure or a condition, said in the language where that is possible.

use super::{Meant, Tokens, reads, written};
use crate::Diagnostic;
use crate::codes::syntax as codes;
use crate::keys::{Key, Type};
use crate::syntax::parser::basic::unquoted;
use crate::syntax::token::Kind;

/// Words of the language that SQL often has in capitals, and its functions with what they are here.
const WORDS: &[(&str, &str)] = &[
    ("from", "from"),
    ("where", "where"),
    ("and", "and"),
    ("or", "or"),
    ("not", "not"),
    ("in", "in"),
    ("is", "is"),
    ("null", "null"),
    ("like", "like"),
    ("ilike", "like"),
    ("between", "between"),
    ("true", "true"),
    ("false", "false"),
    ("count", "count"),
    ("sum", "sum"),
    ("avg", "mean"),
    ("mean", "mean"),
    ("min", "min"),
    ("max", "max"),
    ("median", "median"),
    ("stddev", "stddev"),
    ("stdev", "stddev"),
    ("coalesce", "coalesce"),
    ("count_distinct", "count_distinct"),
];

/// What ends the part of a query that a measure says.
const ENDS: &[&str] = &["group", "order", "having", "limit"];

/// A whole query, or words of one.
pub fn pasted(key: &Key, tokens: Tokens<'_>) -> Option<Meant> {
    if !matches!(key.ty, Type::Measure | Type::Formula | Type::Condition | Type::Conditions) {
        return None;
    }
    let only = tokens.first().filter(|only| tokens.len() == 1 && only.kind == Kind::Text);
    let text = only.map_or_else(|| written(tokens).to_owned(), |only| unquoted(only, tokens.text));
    let is_query = text.trim_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("select "));
    let said = translated(&text);
    let place = tokens.span();
    let known = said != text && reads(key, &said);
    if is_query {
        let hint = "It says what is counted, of which source and which rows; `grain:` says by which period.";
        let meant = if known {
            Meant::instead(place, &said).because(hint)
        } else {
            Meant::hint(
                place,
                "Write what is counted, from which source and which rows, such as: count() from orders where status = \"paid\"",
            )
        };
        return Some(meant.told("a measure is no SQL query"));
    }
    let first = tokens.first()?.text(tokens.text).to_owned();
    if known {
        return Some(Meant::instead(place, &said).told(format!("`{}` is written otherwise here", short(&text))));
    }
    let hint = "Count those rows alone: count() from SOURCE where CONDITION, and divide by all of them";
    let counts_if = ["count_if", "countif", "sum_if", "sumif"].iter().any(|name| first.eq_ignore_ascii_case(name));
    counts_if.then(|| tokens.first().map(|token| Meant::hint(tokens.span_of(token), hint)))?
}

/// A measure that starts with `select` and holds signs that can be read nowhere.
pub fn query(key: &Key, tokens: Tokens<'_>) -> Option<Diagnostic> {
    let starts = super::word_at(tokens, 0).eq_ignore_ascii_case("select");
    if !starts || key.ty != Type::Measure {
        return None;
    }
    let told = Diagnostic::error(codes::VALUE, tokens.span(), "");
    Some(super::mend(key, tokens, told))
}

fn short(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

/// The words of a query as the language has them.
fn translated(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text.trim().trim_end_matches(';');
    if rest.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("select ")) {
        rest = rest.get(7..).unwrap_or("");
    }
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\'' | '"' => {
                let end = rest.get(1..).and_then(|inside| inside.find(letter)).map_or(rest.len(), |end| end + 2);
                let content = rest.get(1..end.saturating_sub(1)).unwrap_or("");
                out.push(if letter == '\'' {
                    format!("\"{content}\"")
                } else {
                    rest.get(..end).unwrap_or(rest).to_owned()
                });
                end
            }
            _ if letter.is_ascii_alphabetic() || letter == '_' => {
                let end =
                    rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or(rest);
                let lower = word.to_lowercase();
                if ENDS.contains(&lower.as_str()) {
                    break;
                }
                let meant = WORDS.iter().find(|(sql, _)| *sql == lower).map(|(_, meant)| *meant);
                out.push(meant.unwrap_or(word).to_owned());
                end
            }
            _ => {
                out.push(letter.to_string());
                letter.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or("");
    }
    let joined = out.concat().split_whitespace().collect::<Vec<_>>().join(" ");
    let joined = joined.replace("count(*)", "count()").replace("count (*)", "count()").replace("<>", "!=");
    distinct(&joined)
}

/// `count(distinct x)` is `count_distinct(x)`.
fn distinct(text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.find("count(distinct ") {
        Some(at) => {
            let (before, after) =
                (text.get(..at).unwrap_or(""), text.get(at + "count(distinct ".len()..).unwrap_or(""));
            format!("{before}count_distinct({}", distinct(after))
        }
        None => text.to_owned(),
    }
}
