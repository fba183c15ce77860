//! The data of a local newspaper that is read on phones.

use super::made_up::{Draws, File, days, month_end, months, season};
use chrono::NaiveDate;
use std::fmt::Write;

const SEED: u64 = 20_240_104;
const WEEK: [f64; 7] = [1.06, 1.04, 1.03, 1.02, 0.98, 0.90, 0.97];
const YEAR: [f64; 12] = [1.05, 1.03, 1.02, 0.99, 0.98, 0.95, 0.92, 0.94, 1.01, 1.03, 1.05, 1.03];
const SECTIONS: [(&str, f64); 4] = [("city", 0.42), ("culture", 0.13), ("sport", 0.27), ("weather", 0.18)];

/// Every file with its text.
pub fn files() -> Vec<File> {
    let mut draws = Draws::new(SEED);
    vec![
        ("visits.csv", visits(&mut draws)),
        ("readers.csv.gz", readers(&mut draws)),
        ("subscriptions.csv", subscriptions(&mut draws)),
        ("adverts.csv", adverts(&mut draws)),
        ("newsletter.csv", newsletter(&mut draws)),
        ("ratings.csv", ratings(&mut draws)),
        ("survey.csv", survey(&mut draws)),
    ]
}

/// Sessions by day and section; some days bring news that everybody reads.
fn visits(draws: &mut Draws) -> String {
    let mut text = String::from("day,section,sessions,page_views,minutes\n");
    let mut news: f64 = 0.0;
    for (elapsed, day) in days() {
        news = 0.6 * news + if draws.happens(0.02) { 0.5 * draws.share() } else { 0.0 };
        for (section, size) in SECTIONS {
            let mean =
                (5_200.0 + 1_500.0 * elapsed) * size * season(WEEK, YEAR, day) * (1.0 + news + 0.03 * draws.noise());
            let sessions = draws.count(mean);
            let views = draws.count(f64::from(sessions) * (2.3 + 0.1 * elapsed));
            let minutes = f64::from(sessions) * (3.1 + 0.4 * elapsed + 0.08 * draws.noise());
            let _ = writeln!(text, "{day},{section},{sessions},{views},{minutes:.0}");
        }
    }
    text
}

/// A tenth of the readers, by their cookie: who read on which day of the last two years.
fn readers(draws: &mut Draws) -> String {
    let mut text = String::from("reader_id,day,first_day\n");
    let logged = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default();
    let mut known: Vec<(u32, NaiveDate, f64)> = Vec::new();
    let mut named = 0;
    for (elapsed, day) in days() {
        known.retain(|_| !draws.happens(0.012));
        for _ in 0..draws.count((2.6 + 0.8 * elapsed) * season(WEEK, YEAR, day)) {
            named += 1;
            known.push((named, day, 0.06 + 0.5 * draws.share() * draws.share()));
        }
        for &(reader, first, habit) in &known {
            if day >= logged && (first == day || draws.happens(habit * season(WEEK, YEAR, day))) {
                let _ = writeln!(text, "r{reader:05},{day},{first}");
            }
        }
    }
    text
}

/// Subscribers at the end of each month with what they pay, who came and who went.
fn subscriptions(draws: &mut Draws) -> String {
    let mut text = String::from("month_end,subscribers,new,cancelled,revenue\n");
    let mut subscribers = 4_200;
    for (month, start) in months() {
        let cancelled = draws.count(f64::from(subscribers) * (0.031 - 0.00015 * f64::from(month)));
        let new = draws.count(205.0 + 1.2 * f64::from(month));
        subscribers = subscribers + new - cancelled.min(subscribers);
        let revenue = f64::from(subscribers) * (8.9 + 0.02 * f64::from(month));
        let _ = writeln!(text, "{},{subscribers},{new},{cancelled},{revenue:.2}", month_end(start));
    }
    text
}

fn adverts(draws: &mut Draws) -> String {
    let mut text = String::from("month,impressions,revenue\n");
    for (month, start) in months() {
        let impressions = draws.count((610_000.0 + 5_000.0 * f64::from(month)) * season([1.0; 7], YEAR, start));
        let price = 4.6 - 0.01 * f64::from(month) + 0.15 * draws.noise();
        let _ =
            writeln!(text, "{},{impressions},{:.2}", start.format("%Y-%m"), f64::from(impressions) * price / 1_000.0);
    }
    text
}

fn newsletter(draws: &mut Draws) -> String {
    let mut text = String::from("month,delivered,opened,left\n");
    for (month, start) in months() {
        let delivered = draws.count(62_000.0 + 900.0 * f64::from(month));
        let opened = draws.count(f64::from(delivered) * (0.37 + 0.001 * f64::from(month)));
        let left = draws.count(f64::from(delivered) * 0.0021);
        let _ = writeln!(text, "{},{delivered},{opened},{left}", start.format("%Y-%m"));
    }
    text
}

/// Stars given in the app stores: their sum and how many gave them.
fn ratings(draws: &mut Draws) -> String {
    let mut text = String::from("month,stars,ratings\n");
    for (month, start) in months() {
        let ratings = draws.count(95.0 + f64::from(month)).max(1);
        let mean = 4.2 + 0.004 * f64::from(month) + 0.06 * draws.noise();
        let _ = writeln!(text, "{},{:.0},{ratings}", start.format("%Y-%m"), mean.min(5.0) * f64::from(ratings));
    }
    text
}

fn survey(draws: &mut Draws) -> String {
    let mut text = String::from("month,nps,responses\n");
    for (month, start) in months() {
        let nps = 17.0 + 0.25 * f64::from(month) + 3.0 * draws.noise();
        let _ = writeln!(text, "{},{nps:.1},{}", start.format("%Y-%m"), draws.count(410.0));
    }
    text
}
