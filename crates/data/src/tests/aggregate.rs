//! Aggregates by period: flows, ratios, and what does not add up.

use super::support::{check, daily, workspace};

#[test]
fn a_flow_by_day_week_and_month() {
    let csv = daily("date,riders", "2024-01-01", 100, |day, _| (day + 1).to_string());
    let metrics = "
        metric weekly { unit: rides grain: week measure: sum(riders) from rows }
        metric monthly { unit: rides grain: month measure: sum(riders) from rows }
        metric average { unit: rides grain: week reads: average week measure: sum(riders) from rows }
        metric monthly_average { unit: rides grain: month reads: average month measure: sum(riders) from rows }
    ";
    // Day n counts n: week k (from 0) sums 49·k + 28; 2024 began on a Monday. 91 days are in the quarter: 91·92/2 = 4186, a
    // week of them 4186·7/91 = 322, a month of them 4186·30.4375/91 = 1400.125.
    let weeks = "2024-W01: 28 77 126 175 224 273 322 371 420 469 518 567 616 665 + 199 through 2024-04-09";
    check(
        "",
        metrics,
        &csv,
        &[
            ("weekly", &format!("{weeks} [2024-Q1: 4186] [2024-Q2: 864 through 2024-04-09]")),
            ("average", &format!("{weeks} [2024-Q1: 322] [2024-Q2: 672 through 2024-04-09]")),
            (
                "monthly",
                "2024-01: 496 1334 2356 + 864 through 2024-04-09 [2024-Q1: 4186] [2024-Q2: 864 through 2024-04-09]",
            ),
            (
                "monthly_average",
                "2024-01: 496 1334 2356 + 864 through 2024-04-09 [2024-Q1: 1400.125] [2024-Q2: 2922 through 2024-04-09]",
            ),
        ],
    );
}

#[test]
fn ratios_and_means_carry_their_denominators() {
    let csv = "date,amount,good\n2024-01-05,10,1\n2024-01-20,20,0\n2024-02-03,30.5,1\n2024-03-01,,1\n2024-03-31,7.25,1\n2024-04-01,1,0\n2024-04-30,1,1\n";
    let metrics = "
        metric share { unit: share grain: month measure: (sum(good) / count()) from rows }
        metric percent { unit: points grain: month measure: (100 * sum(good) / count() - 50) from rows }
        metric average { unit: USD grain: month measure: mean(amount) from rows }
        metric mixed { unit: share grain: month measure: (count() from rows where good = 1) / (count() from rows) }
    ";
    check(
        "",
        metrics,
        csv,
        &[
            // Silences of four weeks are usual here, so that January counts from its first day.
            ("share", "2024-01: 0.5{2} 1{1} 1{2} 0.5{2} [2024-Q1: 0.8{5}] [2024-Q2: 0.5{2} through 2024-04-30]"),
            ("percent", "2024-01: 0{2} 50{1} 50{2} 0{2} [2024-Q1: 30{5}] [2024-Q2: 0{2} through 2024-04-30]"),
            ("average", "2024-01: 15{2} 30.5{1} 7.25{1} 1{2} [2024-Q1: 16.9375{4}] [2024-Q2: 1{2} through 2024-04-30]"),
            ("mixed", "2024-01: 0.5{2} 1{1} 1{2} 0.5{2} [2024-Q1: 0.8{5}] [2024-Q2: 0.5{2} through 2024-04-30]"),
        ],
    );
}

#[test]
fn what_does_not_add_up_is_counted_afresh() {
    let csv = "date,who,x\n2024-01-01,a,4\n2024-01-02,b,7\n2024-01-31,a,13\n2024-02-01,a,16\n2024-02-02,,2.5\n2024-02-29,c,1\n2024-03-01,b,1\n2024-03-31,b,\n";
    let metrics = "
        metric people { unit: people grain: month reads: whole measure: count_distinct(who) from rows }
        metric middle { unit: points grain: month measure: median(x) from rows }
        metric high { unit: points grain: month measure: percentile(x, 90) from rows }
        metric spread { unit: points grain: month measure: stddev(x) from rows }
        metric least { unit: points grain: month measure: min(x) from rows }
        metric most { unit: points grain: month measure: max(x) from rows }
    ";
    // By hand: January {4, 7, 13}, February {16, 2.5, 1}, March {1}; the quarter {1, 1, 2.5, 4, 7, 13, 16} (deviations from Python's statistics).
    check(
        "",
        metrics,
        csv,
        &[
            ("people", "2024-01: 2 2 1 [2024-Q1: 3]"),
            ("middle", "2024-01: 7 2.5 1 [2024-Q1: 4]"),
            ("high", "2024-01: 11.8 13.3 1 [2024-Q1: 14.2]"),
            ("spread", "2024-01: 4.58257569495584 8.261355820929152 gap [2024-Q1: 5.991064775384852]"),
            ("least", "2024-01: 4 1 1 [2024-Q1: 1]"),
            ("most", "2024-01: 13 16 1 [2024-Q1: 16]"),
        ],
    );
}

#[test]
fn decimal_sums_are_exact() {
    let csv = daily("date,amount", "2024-01-01", 91, |_, _| "0.1".into());
    let metrics = "
        metric money { unit: USD grain: month measure: sum(amount) from rows }
        metric tripled { unit: USD grain: month measure: sum(amount * 3) from rows }
        metric squared { unit: USD grain: month measure: sum(amount * amount) from rows }
    ";
    check(
        "",
        metrics,
        &csv,
        &[
            ("money", "2024-01: 3.1 2.9 3.1 [2024-Q1: 9.1]"),
            ("tripled", "2024-01: 9.3 8.7 9.3 [2024-Q1: 27.3]"),
            ("squared", "2024-01: 0.31 0.29 0.31 [2024-Q1: 0.91]"),
        ],
    );
}

#[test]
fn floating_sums_are_exact_too() {
    // 1e-10 has more places than an exact number keeps, so the column is floating.
    let csv = "date,x\n2024-01-01,1e16\n2024-01-02,0.0000000001\n2024-01-03,1\n2024-01-04,-1e16\n2024-03-31,0.5\n";
    check(
        "",
        "metric sum { unit: points grain: month measure: sum(x) from rows }",
        csv,
        &[("sum", "2024-01: 1.0000000001 0 0.5 [2024-Q1: 1.5000000001]")],
    );
}

#[test]
fn a_period_without_rows_is_zero_or_a_gap() {
    let csv = "date,x\n2024-01-01,1\n2024-01-15,1\n2024-02-01,1\n2024-02-10,1\n2024-04-05,2\n2024-04-30,3\n";
    let metrics = "
        metric zero { unit: rides grain: month measure: count() from rows }
        metric gap { unit: rides grain: month empty: gap measure: count() from rows }
        metric mean { unit: points grain: month measure: mean(x) from rows }
        metric filled { unit: points grain: month measure: coalesce(mean, 0) }
    ";
    let workspace =
        workspace(&format!("source rows {{ from: \"data.csv\" time: date }}\n{metrics}"), &[("data.csv", csv)]);
    assert_eq!(workspace.shown("zero"), "2024-01: 2 2 0 2 [2024-Q1: 4] [2024-Q2: 2 through 2024-04-30]");
    assert_eq!(workspace.shown("gap"), "2024-01: 2 2 gap 2 [2024-Q1: 4] [2024-Q2: 2 through 2024-04-30]");
    let mean = workspace.read("mean");
    assert_eq!(mean.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2024-03"]);
    assert_eq!(workspace.shown("filled"), "2024-01: 1 1 0 2.5 [2024-Q1: 1] [2024-Q2: 2.5 through 2024-04-30]");
}

#[test]
fn clipped_values_are_pulled_in() {
    // Percentiles 0.1 and 0.9 of 1..9 and 1000 are 1.9 and 108.1 (between the two nearest values).
    let csv = daily("date,x", "2024-01-01", 91, |day, _| match day {
        0..=8 => (day + 1).to_string(),
        9 => "1000".into(),
        _ => String::new(),
    });
    let metric = "metric clipped { unit: points grain: month clip: 10% to 90% measure: sum(x) from rows }";
    let definitions = format!("source rows {{ from: \"data.csv\" time: date }}\n{metric}");
    let values = workspace(&definitions, &[("data.csv", &csv)]).read("clipped").history.values;
    let [Some(january), Some(0.0), Some(0.0)] = values.as_slice() else { panic!("{values:?}") };
    assert!((january - 154.0).abs() < 1e-9, "{january}");
}
