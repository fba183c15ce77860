//! Makes the data of the grocery example: `cargo run --example grocery_data`.
//!
//! Nothing in it is real. A seeded generator writes three years of a delivery service in six cities, so that every number in
//! the example can be made again, byte for byte.

use chrono::{Datelike, Days, Months, NaiveDate};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::fmt::Write;
use std::path::Path;

const SEED: u64 = 20_240_101;
const CITIES: [(&str, f64); 6] = [
    ("Bristol", 0.14),
    ("Leeds", 0.16),
    ("Leicester", 0.11),
    ("Manchester", 0.24),
    ("Sheffield", 0.15),
    ("York", 0.20),
];

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/grocery/data");
    for (name, text) in files() {
        #[expect(clippy::disallowed_methods, reason = "writing the files is what this program is for")]
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Every file with its text.
pub fn files() -> Vec<(&'static str, String)> {
    let mut draws = ChaCha8Rng::seed_from_u64(SEED);
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

/// A draw with mean 0 and standard deviation 1: twelve uniform ones added up are close enough to a normal one.
fn noise(draws: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| draws.random::<f64>()).sum::<f64>() - 6.0
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}

/// Days of the three years 2024 to 2026.
fn days() -> impl Iterator<Item = NaiveDate> {
    first_day().iter_days().take(1096)
}

/// First days of the 36 months.
fn months() -> impl Iterator<Item = (u32, NaiveDate)> {
    (0..36).map(|month| (month, first_day() + Months::new(month)))
}

/// Households that can be reached, on the last day of a month: 50,000 at the end of 2026.
fn households_at(month: u32) -> f64 {
    let t = f64::from(month + 1) / 36.0;
    20_000.0 + 30_000.0 * t * (1.3 - 0.3 * t)
}

/// More in winter, fewest in August; how orders lie over the week.
fn season(date: NaiveDate) -> f64 {
    let year = [1.04, 1.02, 1.01, 1.00, 0.98, 0.97, 0.95, 0.93, 0.99, 1.01, 1.03, 1.07];
    let week = [0.95, 0.90, 0.93, 1.00, 1.12, 1.15, 0.95];
    year.get(date.month0() as usize).unwrap_or(&1.0)
        * week.get(date.weekday().num_days_from_monday() as usize).unwrap_or(&1.0)
}

fn deliveries_and_customers(draws: &mut ChaCha8Rng) -> (String, String) {
    let mut deliveries = String::from("date,city,delivered,on_time,revenue,cost,tickets\n");
    let mut customers = String::from("week,customers\n");
    let (mut wave, mut late, mut week_orders) = (0.0, 0.0, 0.0);
    for (at, date) in days().enumerate() {
        // Slow waves on top of growth, as weather, rivals and advertising make them.
        wave = 0.97 * wave + 0.006 * noise(draws);
        late = 0.95 * late + 0.004 * noise(draws);
        let elapsed = at as f64 / 1095.0;
        let households = 20_000.0 + 30_000.0 * elapsed * (1.3 - 0.3 * elapsed);
        for (city, size) in CITIES {
            let orders = households * size * 0.085 * season(date) * (1.0 + wave + 0.02 * noise(draws));
            let delivered = orders.round();
            let strict = date >= NaiveDate::from_ymd_opt(2026, 3, 1).unwrap_or_default();
            let promise = if strict { 0.94 } else { 1.0 };
            let rush = if date.month() == 12 { 0.02 } else { 0.0 };
            let rate = (0.955 + 0.015 * elapsed - rush + late + 0.006 * noise(draws)) * promise;
            let on_time = (delivered * rate.min(1.0)).round();
            let basket = 41.0 + 3.0 * elapsed + 0.5 * noise(draws);
            let cost = 6.3 - 0.4 * elapsed + 0.12 * noise(draws);
            let tickets = (delivered * (0.046 - 0.006 * elapsed + 0.002 * noise(draws))).round();
            let (revenue, cost) = (delivered * basket, delivered * cost);
            let _ = writeln!(deliveries, "{date},{city},{delivered},{on_time},{revenue:.2},{cost:.2},{tickets}");
            week_orders += delivered;
        }
        if date.weekday().num_days_from_monday() == 6 {
            let per_customer = 1.38 + 0.06 * elapsed + 0.01 * noise(draws);
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
        let end = start + Months::new(1) - Days::new(1);
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

fn survey(draws: &mut ChaCha8Rng) -> String {
    let mut text = String::from("month,score,responses\n");
    for (month, start) in months() {
        let score = 31.0 + 0.25 * f64::from(month) + 2.0 * noise(draws);
        let responses = 380.0 + 15.0 * noise(draws);
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
