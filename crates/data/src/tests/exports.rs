//! What people export, as they declare it: spreadsheets, tables of periods, numbers and blanks of other places.

use super::support::{daily, shown, workspace, workspace_of_bytes, workspace_with};
use crate::grid::books::xlsx;

/// The series of a metric, or why there is none.
fn of(source: &str, measure: &str, files: &[(&str, &[u8])]) -> String {
    let text =
        format!("source pack {{ {source} }}\nmetric m {{ unit: points grain: month reads: last measure: {measure} }}");
    let workspace = workspace_of_bytes("", &text, files);
    match workspace.load(&["m"], None) {
        Ok(mut loaded) => {
            let series = shown(&loaded.metrics.remove("m").unwrap());
            if loaded.notes.is_empty() { series } else { format!("{series}\n{}", loaded.notes.join("\n")) }
        }
        Err(error) => format!("{error}\n{}", hint_of(&error)),
    }
}

fn hint_of(error: &crate::DataError) -> String {
    match error {
        crate::DataError::BadValue { hint, .. } | crate::DataError::Meaning { hint, .. } => hint.clone(),
        _ => String::new(),
    }
}

const ACROSS: &str = "Board pack;;;;;;;\n\nMetric;Owner;Aug-26;Sep-26;Q3 FY26;Oct-26;Nov-26;Dec-26 (plan)\nPaid subscribers;Ada;9.100;9.480;28.000;9.900;;10.500\nActivation;Bo;42,0 %;43,5 %;;-;;50,0 %\nRevenue;Cy;1.234,5 k\u{20ac};(1.200) \u{20ac};;2 M\u{20ac};;\nTotal;;1;2;3;4;5;6\n";

#[test]
fn a_column_for_each_period_is_turned_round() {
    let source = "from: \"pack.csv\" layout: across header: 3 numbers: \"1.234,5\" blank: \"-\"";
    let read = |measure: &str| of(source, measure, &[("pack.csv", ACROSS.as_bytes())]);
    insta::assert_snapshot!(
        [
            read("recorded \"Paid subscribers\" in pack"),
            read("recorded Activation in pack"),
            read("recorded `Revenue` in pack"),
            read("recorded \"Paid subscriber\" in pack"),
            read("recorded Activation in pack scale 1%"),
            of(&source.replace("header: 3", ""), "recorded Activation in pack", &[("pack.csv", ACROSS.as_bytes())]),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_row_for_each_period_is_read_by_its_first_column() {
    let wide = "Month,Users,Rate\nNov 2025,9480,42%\nDec 2025,9500,0%\nJan 2026,9600,44.5%\nTotal,28580,\n";
    let read = |text: &str, source: &str, column: &str| {
        of(
            &format!("from: \"w.csv\" layout: wide {source}"),
            &format!("recorded {column} in pack"),
            &[("w.csv", text.as_bytes())],
        )
    };
    insta::assert_snapshot!(
        [
            read(wide, "", "Users"),
            read(wide, "time: Month", "Rate"),
            read("Week;Users\nW51;1\nW52;2\nW1;3\n", "", "Users"),
            read("Quarter;Users\nQ1;1\nQ2;2\n", "dates: \"Q1 is 2026-Q1\"", "Users"),
            read("Month,Users\nNov 2025,1\nNovember 25,2\n", "", "Users"),
            read("Month,Users\nNov 2025,1\nsoon,2\n", "", "Users"),
            read("Month,Users\n03/04/2026,1\n", "", "Users"),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_workbook_gives_its_typed_cells() {
    let book = xlsx(crate::grid::books::SHEET);
    let read = |source: &str, column: &str| {
        of(&format!("from: \"pack.xlsx\" {source}"), &format!("recorded {column} in pack"), &[("pack.xlsx", &book)])
    };
    insta::assert_snapshot!(
        [
            read("layout: across header: 3 blank: \"#DIV/0!\"", "\"Paid subscribers\""),
            read("layout: across header: 3 blank: \"n/a\"", "\"Activation & more\""),
            read("layout: across header: 3", "\"Paid subscribers\""),
            read("layout: across header: 3", "Revenue"),
            read("layout: across sheet: \"Q4\"", "Revenue"),
            read("time: Metric header: 3", "`2026-11-01`"),
        ]
        .join("\n\n")
    );
}

#[test]
fn rows_that_cannot_be_read_are_counted_and_listed() {
    let text = "date,n\n2026-01-01,1\n2026-02-01,oops\n2026-03-01,3,4\n2026-04-01,\n2026-05-01,5\n";
    let read = |skip: &str| {
        of(&format!("from: \"a.csv\" time: date {skip}"), "sum(n) from pack", &[("a.csv", text.as_bytes())])
    };
    insta::assert_snapshot!([read(""), read("skip: at most 1"), read("skip: at most 2")].join("\n\n"));
}

#[test]
fn money_of_several_currencies_is_turned_into_the_workspaces() {
    let sales =
        "date,ccy,amount,n\n2026-01-05,EUR,100,1\n2026-01-06,usd,10.5,2\n2026-02-01,GBP,200,3\n2026-03-01,USD,1,4\n";
    let signs = "date,amount\n2026-01-05,\u{20ac}100\n2026-01-06,$10\n2026-03-01,7\n";
    let read = |text: &str, source: &str, measure: &str| {
        of(&format!("from: \"a.csv\" time: date {source}"), measure, &[("a.csv", text.as_bytes())])
    };
    let rates = "rates: EUR 1.08, GBP 1.27";
    insta::assert_snapshot!(
        [
            read(sales, &format!("currency: ccy amounts: amount {rates}"), "sum(amount) from pack"),
            read(sales, &format!("currency: ccy amounts: amount {rates}"), "sum(n) from pack"),
            read(sales, "currency: ccy amounts: amount rates: EUR 1.08", "sum(amount) from pack"),
            read(signs, rates, "sum(amount) from pack"),
            read(signs, "", "sum(amount) from pack"),
            read("date,amount\n2026-01-05,\u{a3}100\n2026-02-06,\u{a3}10\n", "", "sum(amount) from pack"),
        ]
        .join("\n\n")
    );
}

#[test]
fn what_has_two_readings_is_asked() {
    let read = |value: &str, source: &str| {
        let text = format!("date;n\n2026-01-01;{value}\n2026-02-01;12\n");
        of(&format!("from: \"a.csv\" time: date {source}"), "sum(n) from pack", &[("a.csv", text.as_bytes())])
    };
    insta::assert_snapshot!(
        [
            read("1.204", ""),
            read("9,480", ""),
            read("9,480", "numbers: \"1,234.5\""),
            read("9,480", "numbers: \"1234,5\""),
            read("1.204", "numbers: \"1.234,5\""),
            read("94,5%", ""),
        ]
        .join("\n\n")
    );
}

#[test]
fn a_period_is_complete_when_its_rows_have_arrived() {
    let of = |arrives: &str, as_of: Option<&str>| {
        let text = format!(
            "source pack {{ from: \"a.csv\" time: date arrives: {arrives} }}
            metric m {{ unit: rides grain: month measure: sum(n) from pack }}"
        );
        // One ride a day from 1 September to 31 October.
        let file = daily("date,n", "2026-09-01", 61, |_, _| "1".into());
        shown(&workspace(&text, &[("a.csv", &file)]).load(&["m"], as_of).unwrap().metrics.remove("m").unwrap())
    };
    let days = "2 days after day end";
    assert_eq!(of(days, None), "2026-09: 30 + 29 through 2026-10-29 [2026-Q4: 29 through 2026-10-29]");
    // By 2 November all of October is there.
    assert_eq!(of(days, Some("2026-11-02")), "2026-09: 30 31 [2026-Q4: 31 through 2026-10-31]");
    let months = "8 days after month end";
    assert_eq!(of(months, Some("2026-11-07")), "2026-09: 30");
    assert_eq!(of(months, Some("2026-11-08")), "2026-09: 30 31 [2026-Q4: 31 through 2026-10-31]");
}

#[test]
fn a_recorded_value_has_arrived_where_it_stands_unless_an_earlier_day_is_asked_for() {
    let text = "source pack { from: \"a.csv\" layout: wide arrives: 8 days after month end }
        metric m { unit: points grain: month reads: last measure: recorded n in pack }";
    let file = "month,n\n2026-08,1\n2026-09,2\n2026-10,3\n";
    let of = |as_of: Option<&str>| {
        shown(&workspace(text, &[("a.csv", file)]).load(&["m"], as_of).unwrap().metrics.remove("m").unwrap())
    };
    assert_eq!(of(None), "2026-08: 1 2 3 [2026-Q3: 2] [2026-Q4: 3 through 2026-10-31]");
    assert_eq!(of(Some("2026-11-07")), "2026-08: 1 2 [2026-Q3: 2]");
    assert_eq!(of(Some("2026-11-08")), "2026-08: 1 2 3 [2026-Q3: 2] [2026-Q4: 3 through 2026-10-31]");
}

#[test]
fn a_source_says_what_it_covers() {
    let metric = "metric m { unit: rides grain: month measure: count() from pack }";
    let of = |covers: &str| {
        let text = format!("source pack {{ from: \"a.csv\" time: date {covers} }}\n{metric}");
        let file = "date\n2026-02-10\n2026-02-11\n2026-04-02\n2026-07-01\n";
        shown(&workspace(&text, &[("a.csv", file)]).load(&["m"], None).unwrap().metrics.remove("m").unwrap())
    };
    // Nothing happened in January, March and May; of what comes after, nothing is known.
    assert_eq!(
        of("covers: 2026-01-01 to 2026-05-31"),
        "2026-01: 0 2 0 1 0 [2026-Q1: 2] [2026-Q2: 1 through 2026-05-31]"
    );
}

#[test]
fn times_keep_to_the_workspaces_clock() {
    // On 29 March 2026 clocks in Berlin jump from 2 to 3 o'clock, on 25 October they strike 2 to 3 twice.
    let text = "date,n\n2026-03-28T23:30:00Z,1\n2026-03-29T21:59:59Z,2\n2026-03-29T22:00:00Z,4\n2026-10-24T22:00:00Z,8\n2026-10-25T22:59:59Z,16\n2026-10-25T23:00:00Z,32\n";
    let definitions =
        "source rows { from: \"a.csv\" time: date }\nmetric m { unit: rides grain: day measure: sum(n) from rows }";
    let workspace = workspace_with("[workspace]\ntime_zone = \"Europe/Berlin\"", definitions, &[("a.csv", text)]);
    let points: Vec<String> = workspace
        .read("m")
        .points
        .iter()
        .filter(|point| point.value != Some(0.0))
        .map(|point| format!("{} {}", point.start, point.value.unwrap()))
        .collect();
    assert_eq!(points, ["2026-03-29 3", "2026-03-30 4", "2026-10-25 24", "2026-10-26 32"]);
}
