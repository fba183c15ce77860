//! Small tables and what they come to: the text that is written, or the question that is asked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use insta::assert_snapshot;
use proptest::prelude::*;
use quarterdeck_import::cell::{Cell, Grid};
use quarterdeck_import::date::{self, When};
use quarterdeck_import::number::{STYLES, Style, Written};
use quarterdeck_import::{Answer, Answers, File, Outcome, Request, infer};

/// A file of a text whose cells are separated by `|`.
fn file(name: &str, text: &str) -> File {
    let cell = |text: &str| if text.trim().is_empty() { Cell::Blank } else { Cell::Text(text.trim().into()) };
    let rows = text.trim_matches('\n').lines().map(|line| line.split('|').map(cell).collect()).collect();
    File { name: name.into(), path: format!("data/{name}"), grids: vec![Grid { sheet: None, rows }] }
}

/// Everything that comes of it, as text.
fn told(name: &str, text: &str, answers: &[&str]) -> String {
    let files = [file(name, text)];
    let answers = Answers(answers.iter().map(|answer| Answer::of(answer).unwrap()).collect());
    match infer(&Request { files: &files, answers: &answers, plan: None, existing: None }) {
        Outcome::Written(written) => written.files.iter().map(|(path, text)| format!("=== {path}\n{text}")).collect(),
        Outcome::Open(stop) => {
            let mut told = String::new();
            for question in stop.questions {
                told.push_str(&format!("? {} {}: {}\n", question.file, question.key, question.text));
                for choice in question.choices {
                    told.push_str(&format!(
                        "  - {} : {} ({})\n",
                        choice.value,
                        choice.means,
                        choice.line.unwrap_or_default()
                    ));
                }
            }
            for trouble in stop.troubles {
                told.push_str(&format!(
                    "! {} {:?}: {}\n  {}\n",
                    trouble.file, trouble.place, trouble.message, trouble.hint
                ));
            }
            told
        }
    }
}

const ACME: &str = "
Acme KPIs 2026||||||
||||||
Metric|Jan-26|Feb-26|Mar-26|Apr-26|Total|
MRR|£412,300|£420,100|£431,000|£440,200||
New customers|1,204|980|1,310|1,150|4,644|
Churn rate|2.1%|2.0%|1.9%|2.2%||
Support tickets|310|-|290|275|875|
|||||
Total|1|2|3|4|5|
";

#[test]
fn metrics_down_and_months_across() {
    assert_snapshot!(told("Acme KPIs.csv", ACME, &[]));
}

#[test]
fn rows_of_days() {
    let days: Vec<String> = (1..=31).map(|day| format!("{day:02}/01/2026|{}|{day},5", 1000 + day)).collect();
    assert_snapshot!(told("traffic.csv", &format!("Datum|Sessions|Bounce rate\n{}", days.join("\n")), &[]));
}

#[test]
fn events_with_people_and_amounts() {
    let text = "
id|Created (UTC)|Amount|Currency|Customer ID|Status
ch_1|2026-01-01 10:00|12.00|gbp|cus_1|Paid
ch_2|2026-01-01 11:00|15.00|gbp|cus_2|Paid
ch_3|2026-01-02 11:00|15.50|gbp|cus_1|Refunded
";
    assert_snapshot!(told("payments.csv", text, &[]));
}

#[test]
fn weeks_without_a_year() {
    let text = "Metric|W44|W45|W46\nSign-ups|1|2|3\n";
    assert_snapshot!("weeks_open", told("x.csv", text, &[]));
    assert_snapshot!("weeks_answered", told("x.csv", text, &["year=2026"]));
}

#[test]
fn what_is_open_is_asked_all_at_once() {
    let text = "Day|Sessions|Conversion rate\n03/04/2026|1.204|0.1\n04/04/2026|1.300|0.2\n05/04/2026|1.100|0.3";
    assert_snapshot!(told("traffic.csv", text, &[]));
}

#[test]
fn what_cannot_be_read_is_told_with_its_cell() {
    let mut told_all = String::new();
    for text in [
        "",
        "hello",
        "2026-01-01|5\n2026-01-02|6",
        "a|b\n1|2\n3|4",
        "date|value\n2026-01-01|5\nsoon|6\n2026-01-03|7",
        "date|value|other\n2026-01-01|5|1\n2026-01-02|6|2\n2026-01-03|7|x\n2026-01-04|7|4\n2026-01-05|7|5\n2026-01-06|7|5\n2026-01-07|7|5\n2026-01-08|7|5\n2026-01-09|7|5\n2026-01-10|7|5\n2026-01-11|7|5\n2026-01-12|7|5",
        "date|value\n2026-01-01|1,5\n2026-01-02|1.5",
        "date|rate\n2026-01-01|1%\n2026-01-02|0.5",
        "Metric|Jan-26|Feb-26|Mar-26\nSales|€12.00|$13.00|€14.00",
        "Team|Metric|Jan-26|Feb-26|Mar-26\nWeb|Visits|1|2|3\nWeb|Orders|1|2|3\nApp|Installs|1|2|3",
    ] {
        told_all.push_str(&format!("--- {text:.60}\n{}", told("a.csv", text, &[])));
    }
    assert_snapshot!(told_all);
}

/// How a country writes numbers and dates: decimal sign, sign between thousands, date.
const LOCALES: [(char, char, &str); 12] = [
    ('.', ',', "%m/%d/%Y"),
    ('.', ',', "%d/%m/%Y"),
    ('.', ',', "%Y-%m-%d"),
    (',', '.', "%d.%m.%Y"),
    (',', '.', "%d/%m/%Y"),
    (',', '.', "%d-%m-%Y"),
    (',', '\u{a0}', "%d.%m.%Y"),
    (',', '\u{202f}', "%d/%m/%Y"),
    (',', ' ', "%Y-%m-%d"),
    ('.', '\'', "%d.%m.%Y"),
    ('.', ',', "%Y/%m/%d"),
    ('.', ',', "%d-%b-%Y"),
];

/// A number in thousandths as a locale writes it, with so many decimals.
fn written(thousandths: i64, places: usize, decimal: char, group: char) -> String {
    let (whole, part) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
    let digits = whole.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(group);
        }
        text.push(digit);
    }
    let sign = if thousandths < 0 { "-" } else { "" };
    let part = format!("{part:03}");
    if places == 0 { format!("{sign}{text}") } else { format!("{sign}{text}{decimal}{}", &part[..places]) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is written in whichever country is read back as it was, or asked about.
    #[test]
    fn no_value_is_read_wrong(
        locale in 0..LOCALES.len(),
        rows in prop::collection::vec((0..3_000i64, -20_000_000..20_000_000i64, 0..=3usize), 2..12),
    ) {
        let (decimal, group, pattern) = LOCALES[locale];
        let start = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let cells: Vec<(NaiveDate, String, f64, String)> = rows
            .iter()
            .map(|(day, value, places)| {
                let day = start + chrono::Days::new(*day as u64);
                // What is not written cannot be read back.
                let unit = 10i64.pow(3 - *places as u32);
                let value = value / unit * unit;
                (day, day.format(pattern).to_string(), value as f64 / 1000.0, written(value, *places, decimal, group))
            })
            .collect();
        let lines: Vec<String> = cells.iter().map(|(_, day, _, value)| format!("{day}|{value}")).collect();
        let told = told("a.csv", &format!("when|orders\n{}", lines.join("\n")), &[]);
        if told.starts_with('?') {
            let asked = told.lines().filter(|line| line.starts_with('?')).all(|line| line.contains(" dates: ") || line.contains(" numbers: "));
            prop_assert!(asked, "{}", told);
            return Ok(());
        }
        prop_assert!(told.starts_with("==="), "{}", told);
        let field = |key: &str| {
            let line = told.lines().find(|line| line.trim_start().starts_with(key))?;
            line.split('"').nth(1).map(str::to_owned)
        };
        let style = field("numbers: ").map_or(STYLES[0], |example| Style::of_example(&example).unwrap());
        let format = field("dates: ").unwrap_or_default();
        for (day, written_day, value, written_value) in &cells {
            let read = date::read_in(&format, written_day);
            prop_assert_eq!(read, Some(When::Day { day: *day, clock: false, zoned: false }), "{} in {:?}", written_day, format);
            let read = Written::of(written_value).and_then(|written| written.value(style));
            prop_assert_eq!(read, Some(*value), "{} in {:?}", written_value, style);
        }
    }

    /// No text makes it fail.
    #[test]
    fn nothing_makes_it_fail(text in "[ -~|\n€£äß0-9/.,%-]{0,300}") {
        told("a.csv", &text, &[]);
    }
}
