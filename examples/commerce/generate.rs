//! The data of a shop that sells tea by post.

use super::made_up::{Draws, File, days, months, season};
use std::fmt::Write;

const SEED: u64 = 20_240_105;
const WEEK: [f64; 7] = [1.06, 1.02, 1.00, 0.98, 0.92, 0.95, 1.07];
const YEAR: [f64; 12] = [0.95, 0.96, 0.95, 0.93, 0.90, 0.86, 0.84, 0.88, 0.98, 1.08, 1.28, 1.39];

/// Every file with its text.
pub fn files() -> Vec<File> {
    let mut draws = Draws::new(SEED);
    let (visits, orders) = shop(&mut draws);
    vec![
        ("visits.csv", visits),
        ("orders.csv.gz", orders),
        ("marketing.csv", marketing(&mut draws)),
        ("support.csv", support(&mut draws)),
        ("survey.csv", survey(&mut draws)),
    ]
}

/// Visits by day as far as they came, and one row for each order.
fn shop(draws: &mut Draws) -> (String, String) {
    let mut visits = String::from("day,visits,product,cart,checkout,paid\n");
    let mut orders = String::from("order_id,customer_id,ordered_on,amount,shipping_days,returned\n");
    let (mut named, mut number) = (300, 0);
    let mut wave = 0.0;
    for (elapsed, day) in days() {
        wave = 0.95 * wave + 0.012 * draws.noise();
        let mean = (640.0 + 320.0 * elapsed) * season(WEEK, YEAR, day) * (1.0 + wave);
        let seen = draws.count(mean);
        let product = draws.count(f64::from(seen) * 0.62).min(seen);
        let cart = draws.count(f64::from(product) * (0.13 + 0.012 * elapsed)).min(product);
        let checkout = draws.count(f64::from(cart) * 0.58).min(cart);
        let paid = draws.count(f64::from(checkout) * (0.70 + 0.03 * elapsed)).min(checkout);
        let _ = writeln!(visits, "{day},{seen},{product},{cart},{checkout},{paid}");
        for _ in 0..paid {
            number += 1;
            let customer = if draws.happens(0.48) {
                named += 1;
                named
            } else {
                named - draws.one_of(named.min(900))
            };
            let amount = 14.0 + 3.0 * elapsed + 38.0 * draws.share() * draws.share();
            let shipping = 1 + draws.one_of(3) + u32::from(draws.happens(0.15 - 0.05 * elapsed)) * 3;
            let returned = u8::from(draws.happens(0.045));
            let _ = writeln!(orders, "o{number:06},c{customer:05},{day},{amount:.2},{shipping},{returned}");
        }
    }
    (visits, orders)
}

fn marketing(draws: &mut Draws) -> String {
    let mut text = String::from("month,spend,new_customers\n");
    for (month, start) in months() {
        let new = draws.count((310.0 + 5.0 * f64::from(month)) * season([1.0; 7], YEAR, start));
        let spend = f64::from(new) * (7.5 + 0.04 * f64::from(month)) + 120.0 * draws.noise();
        let _ = writeln!(text, "{},{spend:.2},{new}", start.format("%Y-%m"));
    }
    text
}

fn support(draws: &mut Draws) -> String {
    let mut text = String::from("day,tickets\n");
    for (elapsed, day) in days() {
        let _ = writeln!(text, "{day},{}", draws.count((2.6 + 0.6 * elapsed) * season(WEEK, YEAR, day)));
    }
    text
}

fn survey(draws: &mut Draws) -> String {
    let mut text = String::from("month,nps,satisfied,responses\n");
    for (month, start) in months() {
        let nps = 41.0 + 0.1 * f64::from(month) + 3.0 * draws.noise();
        let satisfied = 88.0 + 0.08 * f64::from(month) + 1.2 * draws.noise();
        let _ = writeln!(text, "{},{nps:.1},{satisfied:.1},{}", start.format("%Y-%m"), draws.count(260.0));
    }
    text
}
