//! Known answers: what a percentage, a range, a unit and a period mean under each key.

use super::{beside, beside_with, errors, shown};
use quarterdeck_lang::model::{ChangeKind, Estimate, Method, Stretch};

const METRICS: &str = "
metric basket { unit: USD per order  better: higher  grain: week  measure: revenue / weekly_orders }
metric growth { unit: ratio  better: higher  grain: week  measure: revenue / (revenue ago 1 year) - 1 }
metric nps { unit: points  better: higher  grain: month  reads: last  measure: recorded score in orders }
";

/// The kind and the three numbers of a change of a metric.
fn moved(metric: &str, by: &str) -> Result<(ChangeKind, [f64; 4]), Vec<&'static str>> {
    let plan = format!("plan 2027-Q1 {{ initiative i {{ moves: {metric} by {by} }} }}");
    let checked = beside(&[("m.qd", METRICS), ("p.qd", &plan)]);
    let errors = errors(&checked);
    if !errors.is_empty() {
        return Err(errors);
    }
    let plan = checked.model.plans.values().next().unwrap();
    let change = plan.initiatives[0].moves[0].by;
    let Estimate { low, mid, high, level, .. } = change.size;
    Ok((change.kind, [low, mid, high, level]))
}

#[track_caller]
fn is(found: Result<(ChangeKind, [f64; 4]), Vec<&'static str>>, kind: ChangeKind, numbers: [f64; 4]) {
    let (found_kind, found) = found.unwrap();
    assert_eq!(found_kind, kind);
    for (found, expected) in found.iter().zip(numbers) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} is not {expected}");
    }
}

#[test]
fn the_unit_decides_what_a_change_is() {
    use ChangeKind::{Amount, Points, Relative};
    is(moved("on_time_rate", "2pp"), Points, [0.02, 0.02, 0.02, 0.8]);
    is(moved("on_time_rate", "2% relative"), Relative, [0.02, 0.02, 0.02, 0.8]);
    is(moved("on_time_rate", "1 to 3pp"), Points, [0.01, 0.02, 0.03, 0.8]);
    is(moved("on_time_rate", "-2pp to -1pp"), Points, [-0.02, -0.015, -0.01, 0.8]);
    is(moved("on_time_rate", "about 1.2pp (0.4pp to 2.0pp at 95%)"), Points, [0.004, 0.012, 0.02, 0.95]);
    is(moved("weekly_orders", "2%"), Relative, [0.02, 0.02, 0.02, 0.8]);
    is(moved("weekly_orders", "-1.5%"), Relative, [-0.015, -0.015, -0.015, 0.8]);
    is(moved("weekly_orders", "200 orders"), Amount, [200.0, 200.0, 200.0, 0.8]);
    // Median 5,000 with sigma 0.5: √(2,634 × 9,490) = 4,999.66.
    is(moved("weekly_orders", "2_634 to 9_490"), Amount, [2634.0, 24_996_660f64.sqrt(), 9490.0, 0.8]);
    is(moved("weekly_orders", "-20 to 30"), Amount, [-20.0, 5.0, 30.0, 0.8]);
    is(moved("growth", "2pp"), Amount, [0.02, 0.02, 0.02, 0.8]);
    is(moved("growth", "2%"), Relative, [0.02, 0.02, 0.02, 0.8]);
    is(moved("nps", "3"), Amount, [3.0, 3.0, 3.0, 0.8]);
    is(moved("basket", "1 USD per order"), Amount, [1.0, 1.0, 1.0, 0.8]);
}

#[test]
fn what_a_change_cannot_be() {
    for (metric, by, code) in [
        ("on_time_rate", "2%", "E124"),
        ("on_time_rate", "1% to 3%", "E124"),
        ("on_time_rate", "2", "E126"),
        ("on_time_rate", "2pp relative", "E128"),
        ("on_time_rate", "1pp to 3%", "E127"),
        ("on_time_rate", "3pp to 1pp", "E132"),
        ("on_time_rate", "about 5pp (1pp to 3pp)", "E136"),
        ("weekly_orders", "1pp", "E125"),
        ("nps", "1pp", "E125"),
        ("weekly_orders", "10 to 200", "E133"),
        ("weekly_orders", "5 households", "E129"),
        ("basket", "5 USD", "E129"),
    ] {
        assert_eq!(moved(metric, by), Err(vec![code]), "{metric} by {by}");
    }
}

#[test]
fn the_fix_of_a_percent_change_offers_both_readings() {
    let checked =
        beside(&[("p.qd", "plan 2027-Q1 { initiative i { moves: on_time_rate by about 2% (1% to 3% at 95%) } }")]);
    let told = checked.errors().next().unwrap();
    let text = "plan 2027-Q1 { initiative i { moves: on_time_rate by about 2% (1% to 3% at 95%) } }";
    let mended: Vec<String> = told
        .fixes
        .iter()
        .map(|fix| {
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            let mut text = text.to_owned();
            for edit in edits {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            text
        })
        .collect();
    assert_eq!(
        mended,
        [
            "plan 2027-Q1 { initiative i { moves: on_time_rate by about 2pp (1pp to 3pp at 95%) } }",
            "plan 2027-Q1 { initiative i { moves: on_time_rate by about 2% (1% to 3% at 95%) relative } }",
        ]
    );
    for text in mended {
        let checked = beside(&[("p.qd", &text)]);
        assert_eq!(errors(&checked), [""; 0], "{text}\n{}", shown(&checked));
    }
}

/// The target a `set:` gives.
fn set(metric: &str, value: &str) -> Result<f64, Vec<&'static str>> {
    let plan = format!("plan 2027-Q1 {{ target {metric} {{ set: {value}  because: \"x\" }} }}");
    let checked = beside(&[("m.qd", METRICS), ("p.qd", &plan)]);
    let errors = errors(&checked);
    if errors.is_empty() {
        Ok(checked.model.plans.values().next().unwrap().targets[0].set.unwrap())
    } else {
        Err(errors)
    }
}

#[test]
fn the_unit_decides_what_a_level_is() {
    assert_eq!(set("on_time_rate", "94.5%"), Ok(0.945));
    assert_eq!(set("on_time_rate", "0%"), Ok(0.0));
    assert_eq!(set("weekly_orders", "120_431"), Ok(120_431.0));
    assert_eq!(set("weekly_orders", "1.5M"), Ok(1_500_000.0));
    assert_eq!(set("growth", "5%"), Ok(0.05));
    assert_eq!(set("growth", "0.05"), Ok(0.05));
    assert_eq!(set("nps", "42"), Ok(42.0));
    assert_eq!(set("on_time_rate", "0.945"), Err(vec!["E121"]));
    assert_eq!(set("on_time_rate", "5"), Err(vec!["E121"]));
    assert_eq!(set("on_time_rate", "5pp"), Err(vec!["E123"]));
    assert_eq!(set("weekly_orders", "5%"), Err(vec!["E122"]));
    assert_eq!(set("nps", "42%"), Err(vec!["E122"]));
}

/// The chance a `ships:` gives.
fn ships(value: &str) -> Result<f64, Vec<&'static str>> {
    let plan = format!("plan 2027-Q1 {{ initiative i {{ moves: weekly_orders by 1%  ships: {value} }} }}");
    let checked = beside(&[("p.qd", &plan)]);
    let errors = errors(&checked);
    if errors.is_empty() { Ok(checked.model.plans.values().next().unwrap().initiatives[0].ships) } else { Err(errors) }
}

#[test]
fn a_chance_is_a_part_of_one() {
    assert_eq!(ships("80%"), Ok(0.8));
    assert_eq!(ships("80% likely"), Ok(0.8));
    assert_eq!(ships("2/3"), Ok(2.0 / 3.0));
    assert_eq!(ships("0%"), Ok(0.0));
    assert_eq!(ships("100%"), Ok(1.0));
    for wrong in ["80", "1", "120%", "80pp"] {
        assert_eq!(ships(wrong), Err(vec!["E131"]), "{wrong}");
    }
}

#[test]
fn points_stretch_the_growth_of_any_metric() {
    // 10,000 sign-ups growing 5 % a month with 1 pp added give 10,600: the point adds to the monthly rate.
    let text = "plan 2027-Q1 { target weekly_orders { method: trend stretch +1pp  because: \"x\" } target on_time_rate { method: trend stretch +1pp  because: \"x\" } }";
    let checked = beside(&[("p.qd", text)]);
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    for target in &checked.model.plans.values().next().unwrap().targets {
        let [Method::Trend(Some(Stretch::Change(change)))] = target.methods.as_slice() else {
            panic!("{:?}", target.methods)
        };
        assert_eq!((change.kind, change.size.mid), (ChangeKind::Points, 0.01));
    }
}

#[test]
fn an_objective_has_its_numbers_in_the_units_of_each_metric() {
    // 4 pp of the parent at 0.25 pp per 1 % and 4 % stretch.
    let text = "plan 2027-Q1 { target weekly_orders { method: objective on_time_rate +4pp at 0.25pp per 1% stretch 4%  because: \"x\" } }";
    let checked = beside(&[("p.qd", text)]);
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    let plan = checked.model.plans.values().next().unwrap();
    let [Method::Objective { change, slope: Some((of, per)), stretch: Some(stretch), .. }] =
        plan.targets[0].methods.as_slice()
    else {
        panic!("{:?}", plan.targets[0].methods)
    };
    assert_eq!((change.kind, change.size.mid), (ChangeKind::Points, 0.04));
    assert_eq!((of.kind, of.size.mid), (ChangeKind::Points, 0.0025));
    assert_eq!((per.kind, per.size.mid), (ChangeKind::Relative, 0.01));
    assert_eq!((stretch.kind, stretch.size.mid), (ChangeKind::Relative, 0.04));
    let answer = change.size.mid / of.size.mid * per.size.mid;
    assert!((answer - 0.16).abs() < 1e-12);
}

#[test]
fn units_multiply_and_cancel() {
    let check = |unit: &str, measure: &str, expect: &[&str]| {
        let text = format!("metric m {{ unit: {unit}  grain: week  measure: {measure} }}");
        let checked = beside(&[("a.qd", METRICS), ("m.qd", &text)]);
        assert_eq!(errors(&checked), expect, "{unit}: {measure}\n{}", shown(&checked));
    };
    check("order", "weekly_orders", &[]);
    check("USD", "basket * weekly_orders", &[]);
    check("USD per order", "revenue / weekly_orders", &[]);
    check("orders per USD", "weekly_orders / revenue", &[]);
    check("share", "weekly_orders / (weekly_orders ago 1 year)", &[]);
    check("ratio", "weekly_orders / (weekly_orders ago 1 year) - 1", &[]);
    check("USD", "basket * weekly_orders * on_time_rate", &[]);
    check("USD", "weekly_orders * 25", &[]);
    check("points", "on_time_rate * 100", &[]);
    check("orders", "coalesce(weekly_orders, 0) + 5", &[]);
    check("orders", "(count() from orders) - weekly_orders", &[]);
    check("orders", "revenue", &["E151"]);
    check("share", "weekly_orders", &["E151"]);
    check("share", "count() from orders", &["E151"]);
    check("orders", "weekly_orders / 100 * revenue", &["E151"]);
    check("orders", "weekly_orders - revenue", &["E152"]);
    check("share", "weekly_orders / revenue", &["E151"]);
}

#[test]
fn a_worth_is_that_of_the_metrics_own_unit() {
    let check = |unit: &str, worth: &str, expect: Result<f64, &str>| {
        let text = format!("metric m {{ unit: {unit}  grain: week  measure: mean(x) from orders  worth: {worth} }}");
        let checked = beside(&[("m.qd", &text)]);
        let found = match errors(&checked).first() {
            Some(code) => Err(*code),
            None => Ok(checked.model.metrics["m"].worth.unwrap().mid),
        };
        assert_eq!(found, expect, "{unit}: {worth}\n{}", shown(&checked));
    };
    check("orders", "30 USD per order", Ok(30.0));
    check("orders", "30 USD", Ok(30.0));
    check("orders", "30", Ok(30.0));
    check("orders per household", "30 USD per household", Err("E139"));
    check("orders", "30 GBP per order", Err("E139"));
    check("orders", "30 orders", Err("E139"));
}

#[test]
fn periods_end_by_the_workspaces_calendar() {
    let fiscal = "[calendar]\nfiscal_year_starts = \"04-01\"\nnamed_by = \"start\"\n";
    let retail = "[calendar]\nkind = \"4-4-5\"\nfiscal_year_starts = \"02-01\"\nnamed_by = \"start\"\nweek_starts = \"sunday\"\n";
    let check = |settings: &str, by: &str, expect: Result<&str, &str>| {
        let text = format!("plan 2027-Q1 {{ milestone m {{ by: {by} }} }}");
        let checked = beside_with(settings, &[("p.qd", &text)]);
        let found = match errors(&checked).first() {
            Some(code) => Err(*code),
            None => Ok(checked.model.plans.values().next().unwrap().milestones[0].by.to_string()),
        };
        assert_eq!(found, expect.map(str::to_owned), "{settings} {by}\n{}", shown(&checked));
    };
    check("", "2027-03-31", Ok("2027-03-31"));
    check("", "2027-Q1", Ok("2027-03-31"));
    check("", "2027-H1", Ok("2027-06-30"));
    check("", "2027", Ok("2027-12-31"));
    check("", "2028-02", Ok("2028-02-29"));
    check("", "2026-W53", Ok("2027-01-03"));
    check("", "2027-W53", Err("E143"));
    check("", "2027-P02", Err("E143"));
    check(fiscal, "2027-Q1", Ok("2027-06-30"));
    check(fiscal, "2027-Q4", Ok("2028-03-31"));
    check(fiscal, "2027-02", Ok("2027-02-28"));
    // The Sunday nearest to 1 February 2027 is 31 January; period 1 has four weeks.
    check(retail, "2027-P01", Ok("2027-02-27"));
    check(retail, "2027-Q1", Ok("2027-05-01"));
}
