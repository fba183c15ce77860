//! `--csv`: numbers that a spreadsheet opens cleanly.

use crate::harness::Workspace;
use insta::assert_snapshot;

/// A workspace with a text that a spreadsheet would compute, and a number below zero.
fn dangerous() -> Workspace {
    let folder = Workspace::empty();
    folder.write("quarterdeck.toml", "");
    let rows: String = (1..=36)
        .map(|month| {
            format!("{}-{:02},{}.5\n", 2023 + (month - 1) / 12, (month - 1) % 12 + 1, -1_000 - 7 * (month % 5))
        })
        .collect();
    folder.write("a.csv", format!("month,n\n{rows}"));
    folder.write(
        "a.qd",
        "source a { from: \"a.csv\" time: month }\n\
         metric loss { unit: things grain: month better: higher measure: sum(n) from a\n\
           owner: \"=HYPERLINK(\\\"http://evil.example\\\")\" }\n\
         plan 2026-Q1 { target loss { method: trend because: \"@SUM(1+1); \\\"Größe\\\"\" } }\n",
    );
    folder
}

#[test]
fn no_text_is_a_formula_and_no_number_a_text() {
    let folder = dangerous();
    let csv = folder.qd(&["propose", "--dry-run", "--csv"]).exits(0).stdout;
    assert_snapshot!("csv_propose_en", csv);
    let csv = folder.qd(&["propose", "--dry-run", "--csv", "--locale", "de"]).exits(0).stdout;
    assert_snapshot!("csv_propose_de", csv);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| {
        let at = csv.trim_start_matches('\u{feff}').lines().next().unwrap().split(';').position(|found| found == name);
        row.get(at.unwrap()).unwrap().to_owned()
    };
    assert!(cell("owner").starts_with("'=") && cell("because").starts_with("'@"), "{row:?}");
    assert!(cell("last_actual").starts_with('-') && cell("last_actual").contains(','), "{row:?}");
}

#[test]
fn numbers_come_back_as_they_were_in_every_country() {
    let folder = dangerous();
    let object = folder.qd(&["series", "loss", "--json"]).exits(0).json();
    for (locale, separator, decimal) in [
        ("en", b',', "."),
        ("en-GB", b',', "."),
        ("de", b';', ","),
        ("fr-FR", b';', ","),
        ("de-CH", b';', "."),
        ("pt_BR", b';', ","),
        ("es-MX", b',', "."),
        ("ja", b',', "."),
    ] {
        let csv = folder.qd(&["series", "loss", "--csv", "--locale", locale]).exits(0).stdout;
        assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n"), "{locale}");
        let text = csv.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let points = object["points"].as_array().unwrap();
        assert_eq!(rows.len(), points.len(), "{locale}");
        for (row, point) in rows.iter().zip(points) {
            let value: f64 = row.get(2).unwrap().replace(decimal, ".").parse().unwrap();
            assert_eq!(Some(value), point["value"].as_f64(), "{locale}: {row:?}");
        }
    }
}

#[test]
fn every_table_has_its_csv() {
    let example = Workspace::example("grocery");
    for command in [
        &["series", "nps", "--csv"][..],
        &["forecast", "nps", "--csv"],
        &["backtest", "nps", "--csv"],
        &["propose", "--dry-run", "--csv"],
    ] {
        let csv = example.qd(command).exits(0).stdout;
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let columns = reader.headers().unwrap().len();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == columns), "{command:?}");
    }
}

#[test]
fn csv_and_json_are_two_things() {
    let example = Workspace::example("grocery");
    assert_snapshot!("csv_and_json", example.qd(&["series", "nps", "--csv", "--json"]).exits(2).shown());
    assert_snapshot!("csv_locale", example.qd(&["series", "nps", "--csv", "--locale", "xx"]).exits(2).shown());
    assert_snapshot!("csv_locale_alone", example.qd(&["series", "nps", "--locale", "de"]).exits(2).shown());
}

#[test]
fn what_is_followed_and_closed_has_its_csv() {
    let shop = crate::suite::track::accepted();
    for command in
        [&["track", "1998-Q2", "--as-of", "1998-04-19", "--csv"][..], &["close", "1998-Q2", "--dry-run", "--csv"]]
    {
        let csv = shop.qd(command).exits(0).stdout;
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let columns = reader.headers().unwrap().len();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() == 4 && rows.iter().all(|row| row.len() == columns), "{command:?}: {csv}");
        assert!(rows.iter().all(|row| row.get(0) == Some("1998-Q2")), "{csv}");
    }
    assert_snapshot!("csv_scoreboard", shop.qd(&["close", "--csv"]).exits(2).shown());
}
