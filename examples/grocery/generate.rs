//! The data of a grocery delivery service in six cities.

use super::made_up::{Draws, File, days, month_end, months, season};
use chrono::{Datelike, Days, NaiveDate};
use std::fmt::Write;

const SEED: u64 = 20_240_101;
const CITIES: [(&str, f64); 6] = [
    ("Bristol", 0.14),
    ("Leeds", 0.16),
    ("Leicester", 0.11),
    ("Manchester", 0.24),
    ("Sheffield", 0.15),
    ("York", 0.20),
];
/// How orders lie over the week, and over the year: more in winter, fewest in August.
const WEEK: [f64; 7] = [0.95, 0.90, 0.93, 1.00, 1.12, 1.15, 0.95];
const YEAR: [f64; 12] = [1.04, 1.02, 1.01, 1.00, 0.98, 0.97, 0.95, 0.93, 0.99, 1.01, 1.03, 1.07];

/// Every file with its text.
pub fn files() -> Vec<File> {
    let mut draws = Draws::new(SEED);
    let (deliveries, customers) = deliveries_and_customers(&mut draws);
    vec![
        ("deliveries.csv", deliveries),
        ("customers.csv", customers),
        ("households.csv", households()),
        ("sign_ups.csv", sign_ups()),
        ("survey.csv", survey(&mut draws)),
        ("checkout.csv", checkout()),
        ("campaigns.csv", campaigns()),
    ]
}

/// Households that can be reached, on the last day of a month: 50,000 at the end of 2026.
fn households_at(month: u32) -> f64 {
    let t = f64::from(month + 1) / 36.0;
    20_000.0 + 30_000.0 * t * (1.3 - 0.3 * t)
}

fn deliveries_and_customers(draws: &mut Draws) -> (String, String) {
    let mut deliveries = String::from("date,city,delivered,on_time,revenue,cost,tickets\n");
    let mut customers = String::from("week,customers\n");
    let (mut wave, mut late, mut week_orders) = (0.0, 0.0, 0.0);
    for (elapsed, date) in days() {
        // Slow waves on top of growth, as weather, rivals and advertising make them.
        wave = 0.97 * wave + 0.006 * draws.noise();
        late = 0.95 * late + 0.004 * draws.noise();
        let households = 20_000.0 + 30_000.0 * elapsed * (1.3 - 0.3 * elapsed);
        for (city, size) in CITIES {
            let orders = households * size * 0.085 * season(WEEK, YEAR, date) * (1.0 + wave + 0.02 * draws.noise());
            let delivered = orders.round();
            let strict = date >= NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default();
            let promise = if strict { 0.94 } else { 1.0 };
            let rush = if date.month() == 12 { 0.02 } else { 0.0 };
            let rate = (0.955 + 0.015 * elapsed - rush + late + 0.006 * draws.noise()) * promise;
            let on_time = (delivered * rate.min(1.0)).round();
            let basket = 41.0 + 3.0 * elapsed + 0.5 * draws.noise();
            let cost = 6.3 - 0.4 * elapsed + 0.12 * draws.noise();
            let tickets = (delivered * (0.046 - 0.006 * elapsed + 0.002 * draws.noise())).round();
            let (revenue, cost) = (delivered * basket, delivered * cost);
            let _ = writeln!(deliveries, "{date},{city},{delivered},{on_time},{revenue:.2},{cost:.2},{tickets}");
            week_orders += delivered;
        }
        if date.weekday().num_days_from_monday() == 6 {
            let per_customer = 1.38 + 0.06 * elapsed + 0.01 * draws.noise();
            let monday = date - Days::new(6);
            let _ = writeln!(customers, "{monday},{}", (week_orders / per_customer).round());
            week_orders = 0.0;
        }
    }
    (deliveries, customers)
}

fn households() -> String {
    let mut text = String::from("month_end,city,households\n");
    for (month, start) in months() {
        let end = month_end(start);
        for (city, size) in CITIES {
            let _ = writeln!(text, "{end},{city},{}", (households_at(month) * size).round());
        }
    }
    text
}

/// 5 % more each month, 10,000 in the last.
fn sign_ups() -> String {
    let mut text = String::from("month,sign_ups\n");
    for (month, start) in months() {
        let value = 10_000.0 / (0..35 - month).fold(1.0, |product, _| product * 1.05);
        let _ = writeln!(text, "{},{value:.3}", start.format("%Y-%m"));
    }
    text
}

fn survey(draws: &mut Draws) -> String {
    let mut text = String::from("month,score,responses\n");
    for (month, start) in months() {
        let score = 31.0 + 0.25 * f64::from(month) + 2.0 * draws.noise();
        let responses = 380.0 + 15.0 * draws.noise();
        let _ = writeln!(text, "{},{score:.1},{responses:.0}", start.format("%Y-%m"));
    }
    text
}

/// Seven of a hundred who look at a product pay for it, and the steps on the way.
fn checkout() -> String {
    let mut text = String::from("month,visits,paid,to_product,to_cart,to_address,to_payment\n");
    for (month, start) in months() {
        let visits = 100_000 + 2_000 * month;
        let _ = writeln!(text, "{},{visits},{},0.70,0.80,0.50,0.90", start.format("%Y-%m"), visits / 100 * 7);
    }
    text
}

/// No campaign has run yet.
fn campaigns() -> String {
    let mut text = String::from("month,sign_ups\n");
    for (_, start) in months() {
        let _ = writeln!(text, "{},0", start.format("%Y-%m"));
    }
    text
}
