//! The data of a market for second-hand bicycles.

use super::made_up::{Draws, File, days, months, season};
use chrono::{Days, NaiveDate};
use std::fmt::Write;

const SEED: u64 = 20_240_103;
const WEEK: [f64; 7] = [0.95, 0.92, 0.93, 0.95, 0.98, 1.15, 1.12];
const YEAR: [f64; 12] = [0.75, 0.82, 1.05, 1.22, 1.28, 1.24, 1.15, 1.08, 1.05, 0.88, 0.76, 0.72];
const CITIES: [&str; 4] = ["Hamburg", "Köln", "Leipzig", "München"];

/// Every file with its text.
pub fn files() -> Vec<File> {
    let mut draws = Draws::new(SEED);
    let (listings, deals) = trade(&mut draws);
    vec![
        ("listings.csv.gz", listings),
        ("deals.csv.gz", deals),
        ("visits.csv", visits(&mut draws)),
        ("sign_ups.csv", sign_ups(&mut draws)),
        ("marketing.csv", marketing(&mut draws)),
        ("ratings.csv", ratings(&mut draws)),
        ("survey.csv", survey(&mut draws)),
    ]
}

/// What was offered, and what found a new rider.
fn trade(draws: &mut Draws) -> (String, String) {
    let mut listings = String::from("listing_id,seller_id,city,listed_on,price\n");
    let mut deals: Vec<(NaiveDate, String)> = Vec::new();
    let last = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default();
    let (mut listed, mut sellers, mut buyers) = (0, 400, 500);
    for (elapsed, day) in days() {
        for _ in 0..draws.count((9.0 + 8.0 * elapsed) * season(WEEK, YEAR, day)) {
            listed += 1;
            let seller = known_or_new(draws, &mut sellers, 0.55);
            let city = CITIES[draws.one_of(4) as usize];
            let price = (180.0 + 40.0 * elapsed + 260.0 * draws.share() * draws.share()).round();
            let _ = writeln!(listings, "l{listed:06},s{seller:05},{city},{day},{price}");
            if draws.happens(0.52 + 0.08 * elapsed) {
                let sold = day + Days::new(1 + u64::from(draws.one_of(40)));
                let buyer = known_or_new(draws, &mut buyers, 0.70);
                let cancelled = draws.happens(0.07 - 0.02 * elapsed);
                let paid = (price * (0.90 + 0.08 * draws.share())).round();
                let disputed = !cancelled && draws.happens(0.025);
                if sold <= last {
                    let state = if cancelled { "cancelled" } else { "done" };
                    let row = format!(
                        "l{listed:06},b{buyer:05},s{seller:05},{city},{sold},{paid},{:.2},{state},{}",
                        paid * 0.09,
                        u8::from(disputed)
                    );
                    deals.push((sold, row));
                }
            }
        }
    }
    deals.sort();
    let mut text = String::from("listing_id,buyer_id,seller_id,city,agreed_on,amount,fee,state,disputed\n");
    deals.iter().for_each(|(_, row)| {
        let _ = writeln!(text, "{row}");
    });
    (listings, text)
}

/// Somebody new, or one of the last thousand who came.
fn known_or_new(draws: &mut Draws, named: &mut u32, new: f64) -> u32 {
    if draws.happens(new) {
        *named += 1;
        *named
    } else {
        *named - draws.one_of((*named).min(1_000))
    }
}

fn visits(draws: &mut Draws) -> String {
    let mut text = String::from("day,visits,searches,offers_opened,messages\n");
    for (elapsed, day) in days() {
        let weather = 1.0 + 0.04 * draws.noise();
        let visits = draws.count((900.0 + 700.0 * elapsed) * season(WEEK, YEAR, day) * weather);
        let searches = draws.count(f64::from(visits) * 0.71);
        let opened = draws.count(f64::from(searches) * 0.46);
        let messages = draws.count(f64::from(opened) * (0.085 + 0.012 * elapsed));
        let _ = writeln!(text, "{day},{visits},{searches},{opened},{messages}");
    }
    text
}

/// New members, and how many of them came because a member sent an invitation.
fn sign_ups(draws: &mut Draws) -> String {
    let mut text = String::from("month,members_before,invitations,accepted,new_members\n");
    let mut members = 900;
    for (month, start) in months() {
        let invitations = draws.count(f64::from(members) * 0.12);
        let accepted = draws.count(f64::from(invitations) * 0.31);
        let new = accepted + draws.count((240.0 + 7.0 * f64::from(month)) * season([1.0; 7], YEAR, start));
        let _ = writeln!(text, "{},{members},{invitations},{accepted},{new}", start.format("%Y-%m"));
        members += new;
    }
    text
}

fn marketing(draws: &mut Draws) -> String {
    let mut text = String::from("month,spend,new_buyers\n");
    for (month, start) in months() {
        let new = draws.count((95.0 + 3.0 * f64::from(month)) * season([1.0; 7], YEAR, start));
        let spend = f64::from(new) * (11.0 + 0.05 * f64::from(month)) + 90.0 * draws.noise();
        let _ = writeln!(text, "{},{spend:.2},{new}", start.format("%Y-%m"));
    }
    text
}

/// Stars given in the app stores: their sum and how many gave them.
fn ratings(draws: &mut Draws) -> String {
    let mut text = String::from("month,stars,ratings\n");
    for (month, start) in months() {
        let ratings = draws.count(140.0 + 4.0 * f64::from(month)).max(1);
        let mean = 4.05 + 0.008 * f64::from(month) + 0.05 * draws.noise();
        let _ = writeln!(text, "{},{:.0},{ratings}", start.format("%Y-%m"), mean.min(5.0) * f64::from(ratings));
    }
    text
}

fn survey(draws: &mut Draws) -> String {
    let mut text = String::from("month,nps,responses\n");
    for (month, start) in months() {
        let nps = 22.0 + 0.3 * f64::from(month) + 3.0 * draws.noise();
        let _ = writeln!(text, "{},{nps:.1},{}", start.format("%Y-%m"), draws.count(330.0));
    }
    text
}
