//! Windows that end with each period, levels, and recorded values.

use super::support::{check, daily, workspace};
use std::collections::BTreeSet;

#[test]
fn trailing_distinct_counts_equal_a_count_by_hand() {
    let row = |day: u64| (day * day + 3 * day) % 17;
    let csv = daily("date,who", "2024-01-01", 70, |day, _| format!("p{}", row(day)));
    let metrics = "
        metric active { unit: people grain: day reads: last measure: count_distinct(who) from rows over trailing 28 days }
        metric weekly { unit: people grain: week reads: last measure: count_distinct(who) from rows over trailing 3 weeks }
    ";
    let definitions = format!("source rows {{ from: \"data.csv\" time: date }}\n{metrics}");
    let workspace = workspace(&definitions, &[("data.csv", &csv)]);
    let by_hand = |to: u64, days: u64| (to + 1 - days..=to).map(row).collect::<BTreeSet<_>>().len() as f64;
    let active = workspace.read("active").history;
    assert_eq!(active.start.to_string(), "2024-01-28");
    let expect: Vec<Option<f64>> = (27..70).map(|day| Some(by_hand(day, 28))).collect();
    assert_eq!(active.values, expect);
    let weekly = workspace.read("weekly").history;
    let expect: Vec<Option<f64>> = (3..=10).map(|week| Some(by_hand(week * 7 - 1, 21))).collect();
    assert_eq!((weekly.start.to_string().as_str(), weekly.values), ("2024-W03", expect));
}

#[test]
fn trailing_sums_and_ratios() {
    let csv = daily("date,x", "2024-01-01", 60, |day, _| (day % 5).to_string());
    let metrics = "
        metric sum { unit: rides grain: week reads: last measure: sum(x) from rows over trailing 14 days }
        metric mean { unit: points grain: week reads: last measure: mean(x) from rows over trailing 2 weeks }
        metric middle { unit: points grain: week reads: last measure: median(x) from rows over trailing 2 weeks }
        metric total { unit: rides grain: week measure: sum(x) from rows }
        metric smooth { unit: rides grain: week reads: last measure: total over trailing 2 weeks }
        metric so_far { unit: rides grain: week reads: last measure: sum(x) from rows over month to date }
        metric ever { unit: rides grain: week reads: last measure: sum(x) from rows over all time }
    ";
    // Ten days of 0 1 2 3 4 sum to 20; fourteen days from day d: d=0 → 20+6, 7 → 29, 14 → 32 (4+0+1+2 …), by hand below.
    let csv_sum = |from: u64, to: u64| (from..=to).map(|day| day % 5).sum::<u64>();
    let weeks: Vec<String> = (2..=8u64).map(|week| csv_sum(week * 7 - 14, week * 7 - 1).to_string()).collect();
    let expect = format!(
        "2024-W02: {} + {} through 2024-02-29 [2024-Q1: {} through 2024-02-29]",
        weeks.join(" "),
        csv_sum(46, 59),
        csv_sum(46, 59)
    );
    let definitions = format!("source rows {{ from: \"data.csv\" time: date }}\n{metrics}");
    let workspace = workspace(&definitions, &[("data.csv", &csv)]);
    assert_eq!(workspace.shown("sum"), expect);
    assert_eq!(workspace.shown("smooth"), expect);
    let mean = workspace.read("mean").history.values;
    assert_eq!(mean.first(), Some(&Some(26.0 / 14.0)));
    assert_eq!(workspace.read("middle").history.values.first(), Some(&Some(2.0)));
    // Week 5 ends on 4 February: four days of the month, days 31 to 34 from the first.
    assert_eq!(workspace.read("so_far").history.values.get(4), Some(&Some(csv_sum(31, 34) as f64)));
    assert_eq!(workspace.read("ever").history.values.get(4), Some(&Some(csv_sum(0, 34) as f64)));
}

#[test]
fn levels_are_read_at_the_end() {
    let csv = "date,who,mrr,status\n2024-01-10,a,10,on\n2024-01-20,b,5.5,on\n2024-02-05,a,12,on\n2024-02-06,a,12,off\n2024-03-31,c,1,on\n";
    let metrics = "
        metric mrr { unit: USD grain: month measure: sum(mrr) from rows at end per who }
        metric paying { unit: USD grain: month measure: sum(mrr) from rows where status = \"on\" at end per who }
    ";
    // The last row per key counts, if it fulfils the condition.
    check(
        "",
        metrics,
        csv,
        &[("mrr", "2024-01: 15.5 17.5 18.5 [2024-Q1: 18.5]"), ("paying", "2024-01: 15.5 5.5 6.5 [2024-Q1: 6.5]")],
    );
    let snapshots = "date,city,homes\n2024-01-31,x,1\n2024-01-31,y,2\n2024-02-29,x,3\n2024-02-29,y,4\n2024-03-31,x,5\n2024-04-30,y,1\n";
    check(
        "",
        "metric homes { unit: homes grain: month measure: sum(homes) from rows at end }
         metric x { unit: homes grain: month measure: sum(homes) from rows where city = \"x\" at end }",
        snapshots,
        &[
            ("homes", "2024-01: 3 7 5 1 [2024-Q1: 5] [2024-Q2: 1 through 2024-04-30]"),
            ("x", "2024-01: 1 3 5 0 [2024-Q1: 5] [2024-Q2: 0 through 2024-04-30]"),
        ],
    );
}

#[test]
fn a_restated_level_is_dated_by_its_last_day() {
    check(
        "",
        "metric homes { unit: homes grain: month measure: sum(homes) from rows at end
           changed 2024-02-15 \"counted anew\" { restate: before * 2 } }",
        "date,homes\n2024-01-31,1\n2024-02-29,3\n2024-03-31,5\n",
        &[("homes", "2024-01: 2 3 5 [2024-Q1: 5]")],
    );
}

#[test]
fn a_restated_source_restates_what_is_counted_of_it() {
    // Until 15 January every second visit was lost: four days a week of two, later three.
    let csv = daily("date,x,who", "2024-01-01", 28, |day, _| if day < 14 { "2,a".into() } else { "3,b".into() });
    check(
        "changed 2024-01-15 \"a new counter\" { restate: before * 2 }",
        "metric visits { unit: visits grain: week measure: count() from rows }
         metric sum { unit: rides grain: week measure: sum(x) from rows }
         metric people { unit: people grain: week measure: count_distinct(who) from rows }
         metric mean { unit: rides per visit grain: week measure: mean(x) from rows }
         metric most { unit: rides grain: week measure: max(x) from rows }
         metric each { unit: rides per visit grain: week measure: sum / visits }
         metric month { unit: visits grain: month measure: count() from rows }",
        &csv,
        &[
            ("visits", "2024-W01: 14 14 7 7 [2024-Q1: 42 through 2024-01-28]"),
            ("sum", "2024-W01: 28 28 21 21 [2024-Q1: 98 through 2024-01-28]"),
            ("people", "2024-W01: 2 2 1 1 [2024-Q1: 3 through 2024-01-28]"),
            ("mean", "2024-W01: 2{14} 2{14} 3{7} 3{7} [2024-Q1: 2.3333333333333335{42} through 2024-01-28]"),
            ("most", "2024-W01: 2 2 3 3 [2024-Q1: 3 through 2024-01-28]"),
            ("each", "2024-W01: 2 2 3 3 [2024-Q1: 2.3333333333333335 through 2024-01-28]"),
            // 14 days twice, 14 days once.
            ("month", "2024-01: + 42 through 2024-01-28 [2024-Q1: 42 through 2024-01-28]"),
        ],
    );
}

#[test]
fn nothing_is_known_before_the_first_row() {
    let csv = daily("date,x", "2024-01-01", 366 + 31, |_, _| "1".into());
    check(
        "",
        "metric sum { unit: rides grain: month measure: sum(x) from rows }
         metric more { unit: rides grain: month reads: total measure: sum - (sum ago 1 year) }",
        &csv,
        &[("more", "2025-01: 0 [2025-Q1: 0 through 2025-01-31]")],
    );
}

#[test]
fn recorded_rows_cover_their_period() {
    let csv = "date,share,asked\n2024-01,12.3,100\n2024-02,10,300\n2024-03,,50\n2024-05,50,10\n";
    let metrics = "
        metric last { unit: share grain: month reads: last measure: recorded share in rows scale 1% }
        metric whole { unit: share grain: month reads: whole sample: asked measure: recorded share in rows scale 1% }
        metric total { unit: points grain: month reads: total measure: recorded share in rows }
    ";
    check(
        "",
        metrics,
        csv,
        &[
            ("last", "2024-01: 0.123 0.1 gap gap 0.5 [2024-Q1: 0.1] [2024-Q2: 0.5 through 2024-05-31]"),
            ("whole", "2024-01: 0.123 0.1 gap gap 0.5 [2024-Q1: 0.10575] [2024-Q2: 0.5 through 2024-05-31]"),
            ("total", "2024-01: 12.3 10 gap gap 50 [2024-Q1: 22.3] [2024-Q2: 50 through 2024-05-31]"),
        ],
    );
}

#[test]
fn quarter_ends_date_quarters() {
    check(
        "",
        "metric users { unit: users grain: quarter reads: last measure: recorded n in rows scale 1_000_000 }
         metric growth { unit: ratio grain: quarter measure: users / (users ago 1 year) - 1 }",
        "date,n\n2023-03-31,1\n2023-06-30,2\n2023-09-30,3\n2023-12-31,4\n2024-03-31,5.5\n",
        &[
            (
                "users",
                "2023-Q1: 1000000 2000000 3000000 4000000 5500000 [2023-Q1: 1000000] [2023-Q2: 2000000] [2023-Q3: 3000000] [2023-Q4: 4000000] [2024-Q1: 5500000]",
            ),
            ("growth", "2024-Q1: 4.5 [2024-Q1: 4.5]"),
        ],
    );
}
