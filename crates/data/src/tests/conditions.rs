//! Which rows count: conditions, segments, computed columns, empty cells, dates.

use super::support::workspace;

const ROWS: &str = "date,status,country,amount,ordered_at,promised,vip\n\
    2024-01-01,paid,UK,10,2024-01-01T10:00:00,2024-01-02,yes\n\
    2024-01-02,paid,DE,20.5,2024-01-02T10:00:00,2024-01-02,no\n\
    2024-01-03,,UK,30,2024-01-03T23:59:59,2024-01-03,\n\
    2024-01-04,open,O'Brien,,2024-01-07T00:00:00,2024-01-05,no\n\
    2024-01-31,open,,40,2024-01-08T12:00:00,2024-01-09,yes\n";

fn count(condition: &str) -> f64 {
    let definitions = format!(
        "source rows {{ from: \"data.csv\" time: date
           column late \"Late\": ordered_at > promised
           column double: amount * 2
           column very: double >= 60 }}
         segment british of rows {{ where: country = \"UK\" }}
         metric m {{ unit: rows grain: month measure: count() from rows where {condition} }}"
    );
    let values = workspace(&definitions, &[("data.csv", ROWS)]).read("m").history.values;
    values.first().copied().flatten().unwrap()
}

#[test]
fn conditions_count_the_right_rows() {
    for (condition, expect) in [
        ("status = \"paid\"", 2.0),
        // An empty cell is different from every value, and compares with nothing.
        ("status != \"paid\"", 3.0),
        ("not (status = \"paid\")", 3.0),
        ("not (amount > 15)", 2.0),
        ("amount > 15", 3.0),
        ("status is null", 1.0),
        ("not (status is null)", 4.0),
        ("status in (\"paid\", \"open\")", 4.0),
        ("not (status in (\"paid\", \"open\"))", 1.0),
        ("amount in (10, 20.5)", 2.0),
        ("amount between 10 and 30", 3.0),
        ("status like \"p%\"", 2.0),
        ("country = \"O'Brien\"", 1.0),
        ("in segment british", 2.0),
        ("not (in segment british) and amount > 1", 2.0),
        ("late", 1.0),
        ("very", 2.0),
        ("vip", 2.0),
        ("not vip", 3.0),
        ("vip and late or status = \"paid\"", 2.0),
        // A time is compared with a day by its day.
        ("ordered_at = 2024-01-02", 1.0),
        ("ordered_at <= 2024-01-03", 3.0),
        ("ordered_at > 2024-01-03", 2.0),
        ("ordered_at <= promised", 4.0),
        ("date between 2024-01-02 and 2024-01-04", 3.0),
        ("ordered_at - date <= 12 hours", 3.0),
        ("ordered_at <= date + 1 day", 4.0),
        ("amount + 10 = 20", 1.0),
        ("amount / 2 = 15", 1.0),
        ("-amount < -35", 1.0),
    ] {
        assert_eq!(count(condition), expect, "{condition}");
    }
}

#[test]
fn a_long_chain_of_conditions_is_no_danger() {
    let chain: Vec<String> = (0..120).map(|at| format!("amount != {at}.5")).collect();
    assert_eq!(count(&chain.join(" and ")), 4.0);
}

#[test]
fn lengths_of_time_count_in_the_unit_of_the_metric() {
    let definitions = "source rows { from: \"data.csv\" time: date }
        metric hours { unit: hours grain: month measure: mean(ordered_at - date) from rows where status = \"paid\" }
        metric days { unit: days grain: month measure: max(ordered_at - date) from rows where status = \"open\" }";
    let workspace = workspace(definitions, &[("data.csv", ROWS)]);
    assert_eq!(workspace.read("hours").history.values.first(), Some(&Some(10.0)));
    assert_eq!(workspace.read("days").history.values.first(), Some(&Some(3.0)));
}

#[test]
fn the_sources_own_filter_and_other_times_hold() {
    let definitions = "source rows { from: \"data.csv\" time: date where: country = \"UK\" }
        metric all { unit: rows grain: month measure: count() from rows }
        metric by_order { unit: rows grain: day measure: count() from rows by time ordered_at }";
    let workspace = workspace(definitions, &[("data.csv", ROWS)]);
    assert_eq!(workspace.shown("all"), "2024-01: 0".replace("2024-01: 0", &workspace.shown("all")));
    assert_eq!(workspace.shown("by_order"), "2024-01-01: 1 0 1 [2024-Q1: 2 through 2024-01-03]");
}
