//! What a metric leaves unsaid: how its quarter reads, what an empty period is, in which range its values lie.

use super::{beside, errors, shown};
use quarterdeck_lang::model::{Empty, Reads};

#[test]
fn each_kind_of_measure_has_its_defaults() {
    use Reads::{Last, Max, Min, Total, Whole};
    let check = |unit: &str, measure: &str, reads: Reads, empty: Empty, low: Option<f64>, high: Option<f64>| {
        let text = format!(
            "metric stock {{ unit: users  grain: week  measure: sum(x) from orders at end per customer_id }}\nmetric m {{ unit: {unit}  grain: week  measure: {measure} }}"
        );
        let checked = beside(&[("m.qd", &text)]);
        assert_eq!(errors(&checked), [""; 0], "{measure}\n{}", shown(&checked));
        let metric = &checked.model.metrics["m"];
        assert_eq!((metric.reads, metric.empty, metric.bounds), (reads, empty, (low, high)), "{unit}: {measure}");
        assert_eq!(metric.label, "m");
    };
    let (zero, gap) = (Empty::Zero, Empty::Gap);
    check("orders", "count() from orders", Total, zero, Some(0.0), None);
    check("USD", "sum(amount) from orders", Total, zero, None, None);
    check("USD", "(sum(amount) - sum(refund)) from orders", Total, zero, None, None);
    check("kUSD", "(sum(amount) / 1000) from orders", Total, zero, None, None);
    check("USD per order", "(sum(amount) / count()) from orders", Whole, gap, None, None);
    check("customers", "count_distinct(customer_id) from orders", Whole, zero, Some(0.0), None);
    check("USD", "mean(amount) from orders", Whole, gap, None, None);
    check("USD", "percentile(amount, 95) from orders", Whole, gap, None, None);
    check("USD", "min(amount) from orders", Min, gap, None, None);
    check("USD", "max(amount) from orders", Max, gap, None, None);
    check("customers", "count_distinct(customer_id) from orders over trailing 28 days", Last, zero, Some(0.0), None);
    check("users", "sum(x) from orders at end per customer_id", Last, gap, None, None);
    check("share", "(count() from orders where on_time) / (count() from orders)", Whole, gap, Some(0.0), Some(1.0));
    check("ratio", "revenue / (revenue ago 1 year) - 1", Whole, gap, None, None);
    check("orders", "weekly_orders where status = \"paid\"", Total, gap, Some(0.0), None);
    check("orders", "weekly_orders + 2 * weekly_orders", Total, gap, Some(0.0), None);
    check("orders", "weekly_orders - (weekly_orders ago 1 week)", Total, gap, None, None);
    check("USD per order", "revenue / weekly_orders", Whole, gap, None, None);
    check("orders", "weekly_orders * on_time_rate", Whole, gap, Some(0.0), None);
    check("orders", "weekly_orders over trailing 4 weeks", Last, gap, Some(0.0), None);
    check("users", "stock + stock", Last, gap, None, None);
    check(
        "share",
        "conversion from customers to orders by customer_id within 7 days",
        Whole,
        gap,
        Some(0.0),
        Some(1.0),
    );
    check(
        "people",
        "conversion count from customers to orders by customer_id within 7 days",
        Total,
        zero,
        Some(0.0),
        None,
    );
    let funnel = "funnel from orders by customer_id within 1 day { step a: x = 1  step b: x = 2 }";
    check("share", funnel, Whole, gap, Some(0.0), Some(1.0));
    let retention = "retention from customers to orders by customer_id after 28 days for 28 days";
    check("ratio", retention, Whole, gap, Some(0.0), None);
    check("share", "churn from orders by customer_id per week", Whole, gap, Some(0.0), Some(1.0));
}

#[test]
fn what_is_said_stands() {
    let text = "metric m { unit: points  grain: month  reads: average of last 4 months  empty: gap  bounds: -100 to 100  measure: recorded score in orders scale 1% }";
    let checked = beside(&[("m.qd", text)]);
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    let metric = &checked.model.metrics["m"];
    assert_eq!(metric.reads, Reads::AverageOfLast(4, quarterdeck_calendar::Grain::Month));
    assert_eq!(metric.bounds, (Some(-100.0), Some(100.0)));
}

#[test]
fn a_condition_reaches_the_rows_of_every_part() {
    let text = "source visits { from: \"v.csv\"  time: at  where: not bot }\nmetric a { unit: visits  grain: week  measure: count() from visits where page = \"x\"  where: country = \"UK\" }";
    let checked = beside(&[("m.qd", text)]);
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    insta::assert_json_snapshot!("folded_where", checked.model.metrics["a"].measure);
    let text = "metric b { unit: orders  grain: week  measure: weekly_orders + (count() from orders)  where: country = \"UK\" }\nmetric c { unit: USD per order  grain: week  measure: (revenue / weekly_orders) over trailing 4 weeks }";
    let checked = beside(&[("m.qd", text)]);
    assert_eq!(errors(&checked), [""; 0], "{}", shown(&checked));
    insta::assert_json_snapshot!("spread_where", checked.model.metrics["b"].measure);
    insta::assert_json_snapshot!("spread_window", checked.model.metrics["c"].measure);
}
