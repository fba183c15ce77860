//! What is wrong with data, each with its whole message.

use super::support::{daily, workspace, workspace_with};

const METRICS: &str = "
    metric total { unit: rides grain: week measure: sum(riders) from rows }
    metric paid { unit: rides grain: week measure: count() from rows where status = \"paid\" }
    metric recorded { unit: rides grain: month reads: last measure: recorded riders in rows }
";

fn error(metric: &str, source: &str, files: &[(&str, &str)]) -> String {
    workspace(&format!("source rows {{ from: \"data/rows.csv\" time: date {source} }}{METRICS}"), files).error(metric)
}

fn rows(text: &str) -> String {
    error("total", "", &[("data/rows.csv", text)])
}

#[test]
fn a_missing_file() {
    insta::assert_snapshot!(error("total", "", &[("data/rowes.csv", "date,riders\n")]));
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(rows(""));
}

#[test]
fn a_file_with_a_header_alone() {
    insta::assert_snapshot!(rows("date,riders\n"));
}

#[test]
fn a_missing_column() {
    insta::assert_snapshot!(rows("date,Riders,other\n2024-01-01,5,x\n"));
}

#[test]
fn a_wrong_type_in_row_1000() {
    let text = daily("date,riders", "2020-01-01", 1100, |day, _| if day == 999 { "12,5".into() } else { "7".into() });
    insta::assert_snapshot!(rows(&text.replace("12,5", "\"12,5\"")));
}

#[test]
fn amounts_of_two_currencies() {
    insta::assert_snapshot!(rows("date,riders\n2024-01-01,£5\n2024-01-02,€5\n"));
}

#[test]
fn mixed_date_formats() {
    insta::assert_snapshot!(rows("date,riders\n2024-01-01,5\n2024-01-02,5\n03/01/2024,5\n"));
}

#[test]
fn days_among_times() {
    insta::assert_snapshot!(rows("date,riders\n2024-01-01T10:00:00Z,5\n2024-01-02,5\n"));
}

#[test]
fn a_date_that_is_not_as_declared() {
    let text = "date,riders\n01/02/2024,5\n13/13/2024,5\n";
    insta::assert_snapshot!(error("total", "dates: \"dd/mm/yyyy\"", &[("data/rows.csv", text)]));
}

#[test]
fn a_row_with_too_many_fields() {
    insta::assert_snapshot!(rows("date,riders\n2024-01-01,1,000\n"));
}

#[test]
fn two_columns_of_one_name() {
    insta::assert_snapshot!(rows("date,riders,riders\n2024-01-01,1,2\n"));
}

#[test]
fn a_second_row_for_a_period() {
    let text = "date,riders\n2024-01-05,1\n2024-02-05,2\n2024-01-20,3\n";
    insta::assert_snapshot!(error("recorded", "", &[("data/rows.csv", text)]));
}

#[test]
fn a_row_in_another_century() {
    insta::assert_snapshot!(rows("date,riders\n2024-01-01,1\n2024-01-02,2\n2204-01-03,3\n"));
}

#[test]
fn a_column_used_as_two_kinds() {
    let definitions = "source rows { from: \"data/rows.csv\" time: date }
        metric both { unit: rides grain: week measure: sum(riders) from rows where riders != \"none\" }";
    let workspace = workspace(definitions, &[("data/rows.csv", "date,riders\n2024-01-01,1\n")]);
    insta::assert_snapshot!(workspace.error("both"));
}

#[test]
fn a_spreadsheet_named_csv() {
    insta::assert_snapshot!(rows("PK\u{3}\u{4}rest"));
}

#[test]
fn what_is_not_computed_yet() {
    let settings = "[sources.warehouse]\nkind = \"postgres\"\nurl_env = \"NOWHERE\"\n";
    let definitions = "source rows { from: \"data/rows.csv\" time: date key: who }
        source far { from: warehouse table \"public.rows\" time: date }
        metric total { unit: rides grain: week measure: count() from rows }
        metric back { unit: share grain: month measure: (count() from far where x = 1) / (count() from far) }
        metric half { unit: share grain: month measure: back / 2 }";
    let workspace = workspace_with(settings, definitions, &[("data/rows.csv", "date,who\n2024-01-01,1\n")]);
    insta::assert_snapshot!(workspace.error("half"));
    assert!(workspace.load(&["total"], None).is_ok(), "a metric nobody asked for stands in nobody's way");
}

#[test]
fn no_row_that_counts_tells_no_day() {
    let definitions = "source rows { from: \"rows.csv\" time: date where: kind = \"ride\" }
        metric total { unit: rides grain: week measure: count() from rows }
        metric five { unit: rides grain: week measure: 5 }";
    let workspace = workspace(definitions, &[("rows.csv", "date,kind\n2024-01-01,walk\n")]);
    insta::assert_snapshot!(workspace.error("total"));
    insta::assert_snapshot!(workspace.error("five"));
    let loaded = workspace.load(&["total"], Some("2024-03-01")).unwrap();
    assert_eq!((loaded.as_of.to_string().as_str(), loaded.metrics["total"].points.len()), ("2024-03-01", 0));
}
