//! Amounts of several currencies: which of them count, or what they are worth, is asked.

use super::{Facts, Reading, Rows, Sheet, Stop, column};
use crate::question::Choice;

/// Amounts in several currencies: what they are worth, or which of them count, is asked.
pub(super) fn currencies(sheet: &Sheet<'_>, reading: &mut Reading, stop: &mut Stop) {
    let Rows::Events(Facts { currency: Some(fact), .. }) = &reading.rows else { return };
    if fact.distinct < 2 || !reading.metrics.iter().any(|found| found.is_money) {
        return;
    }
    let codes: Vec<&str> = fact.values.iter().filter_map(|value| crate::number::currency(value)).collect();
    if let Some(rates) = sheet.answer("rates") {
        match worth(rates, &codes) {
            Some((rates, worth)) => (reading.rates, reading.worth) = (Some(rates), Some(worth)),
            None => {
                let message =
                    format!("`{rates}` does not say what one of {} is worth in the remaining one", codes.join(", "));
                stop.troubles.extend(
                    sheet
                        .trouble(None, message, "leave out the currency all is turned into: rates=GBP 1.17, USD 0.92")
                        .troubles,
                );
            }
        }
        return;
    }
    if let Some(only) =
        sheet.answer("currency").and_then(|only| fact.values.iter().find(|value| value.eq_ignore_ascii_case(only)))
    {
        reading.only = Some(only.clone());
        return;
    }
    let label = crate::name::label_of(&fact.label);
    let mut choices: Vec<Choice> = fact
        .values
        .iter()
        .map(|value| {
            let code = crate::number::currency(value).unwrap_or("USD");
            let line = format!("where {} = {}", column(&fact.label), crate::name::quoted(value));
            Choice { value: code.to_owned(), means: format!("amounts are those in {code} alone"), line: Some(line) }
        })
        .collect();
    let others: Vec<String> = codes.iter().skip(1).map(|code| format!("{code} …")).collect();
    choices.push(Choice {
        value: "rates".into(),
        means: format!(
            "everything is turned into {}; answer with rates={} instead, what one of each is worth",
            codes.first().unwrap_or(&""),
            others.join(", ")
        ),
        line: None,
    });
    let text = format!(
        "`{label}` has {} currencies ({}), and amounts in different ones cannot be added up",
        fact.distinct,
        codes.join(", ")
    );
    stop.questions.push(sheet.question("currency", text, choices));
}

/// Rates as the language writes them, and the one currency they are in.
pub(super) fn worth(rates: &str, codes: &[&str]) -> Option<(String, String)> {
    let mut told: Vec<(String, f64)> = Vec::new();
    for rate in rates.split(',') {
        let mut words = rate.split_whitespace();
        let code = crate::number::currency(words.next()?)?;
        told.push((code.to_owned(), words.next()?.parse::<f64>().ok().filter(|worth| *worth > 0.0)?));
    }
    let left: Vec<&&str> = codes.iter().filter(|code| !told.iter().any(|(known, _)| known == **code)).collect();
    let [worth] = left.as_slice() else { return None };
    let text: Vec<String> = told.iter().map(|(code, rate)| format!("{code} {rate}")).collect();
    Some((text.join(", "), (**worth).to_string()))
}
