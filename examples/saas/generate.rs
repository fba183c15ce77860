//! The data of a planning tool that teams pay for by the seat.

use super::made_up::{Draws, File, days, month_end, months, season};
use chrono::{Days, NaiveDate};
use std::fmt::Write;

const SEED: u64 = 20_240_102;
const PRICE: f64 = 12.0;
const WEEK: [f64; 7] = [1.15, 1.25, 1.22, 1.18, 1.0, 0.35, 0.30];
const YEAR: [f64; 12] = [1.04, 1.03, 1.02, 1.01, 1.0, 0.98, 0.93, 0.90, 1.02, 1.04, 1.03, 0.90];

/// Every file with its text.
pub fn files() -> Vec<File> {
    let mut draws = Draws::new(SEED);
    let (subscriptions, movements) = subscriptions(&mut draws);
    let (sign_ups, usage) = people(&mut draws);
    vec![
        ("subscriptions.csv.gz", subscriptions),
        ("movements.csv", movements),
        ("sign_ups.csv.gz", sign_ups),
        ("usage.csv.gz", usage),
        ("invitations.csv", invitations(&mut draws)),
        ("spend.csv", spend(&mut draws)),
        ("survey.csv", survey(&mut draws)),
        ("releases.csv", releases(&mut draws)),
        ("support.csv", support(&mut draws)),
    ]
}

/// Paying accounts at the end of each month, and what moved their revenue.
fn subscriptions(draws: &mut Draws) -> (String, String) {
    let mut rows = String::from("month_end,account_id,seats,mrr\n");
    let mut moves = String::from("month,mrr_before,new,expansion,contraction,lost,new_accounts\n");
    let mut accounts: Vec<(u32, u32)> = (1..=140).map(|id| (id, 3 + draws.one_of(14))).collect();
    let mut named = 140;
    for (month, start) in months() {
        let before: u32 = accounts.iter().map(|(_, seats)| seats).sum();
        let (mut expansion, mut contraction, mut lost) = (0, 0, 0);
        accounts.retain_mut(|(_, seats)| {
            if draws.happens(0.026 - 0.0002 * f64::from(month)) {
                lost += *seats;
                return false;
            }
            if draws.happens(0.10) {
                let more = 1 + draws.one_of(3);
                expansion += more;
                *seats += more;
            } else if *seats > 3 && draws.happens(0.03) {
                contraction += 1;
                *seats -= 1;
            }
            true
        });
        let new = draws.count(9.0 + 0.25 * f64::from(month));
        let mut won = 0;
        for _ in 0..new {
            named += 1;
            let seats = 3 + draws.one_of(10);
            won += seats;
            accounts.push((named, seats));
        }
        let end = month_end(start);
        for (id, seats) in &accounts {
            let _ = writeln!(rows, "{end},a{id:05},{seats},{:.2}", f64::from(*seats) * PRICE);
        }
        let money = |seats: u32| f64::from(seats) * PRICE;
        let _ = writeln!(
            moves,
            "{},{:.2},{:.2},{:.2},{:.2},{:.2},{new}",
            start.format("%Y-%m"),
            money(before),
            money(won),
            money(expansion),
            money(contraction),
            money(lost)
        );
    }
    (rows, moves)
}

/// Who opened an account, and who used it on which day of the last two years.
fn people(draws: &mut Draws) -> (String, String) {
    let mut sign_ups = String::from("user_id,team_id,signed_up_at,source\n");
    let mut usage = String::from("user_id,team_id,day,event\n");
    let logged = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default();
    let mut active: Vec<(u32, u32, f64)> = Vec::new();
    let (mut users, mut teams) = (0, 0);
    for (elapsed, day) in days() {
        active.retain(|_| !draws.happens(0.0035));
        for _ in 0..draws.count((2.2 + 2.0 * elapsed) * season(WEEK, YEAR, day)) {
            users += 1;
            let invited = teams > 0 && draws.happens(0.45);
            let team = if invited { teams - draws.one_of(teams.min(40)) } else { teams + 1 };
            teams = teams.max(team);
            let source = if invited { "invitation" } else { ["search", "friend", "advert"][draws.one_of(3) as usize] };
            let _ = writeln!(sign_ups, "u{users:05},t{team:05},{day},{source}");
            if draws.happens(0.36 + 0.07 * elapsed) {
                active.push((users, team, 0.14 + 0.22 * draws.share()));
                log(&mut usage, (users, team), day + Days::new(1 + u64::from(draws.one_of(5))), logged, "plan_shared");
            } else if draws.happens(0.6) {
                log(&mut usage, (users, team), day + Days::new(1), logged, "plan_opened");
            }
        }
        for &(user, team, habit) in &active {
            if draws.happens(habit * season(WEEK, YEAR, day)) {
                let event = if draws.happens(0.3) { "plan_shared" } else { "plan_opened" };
                log(&mut usage, (user, team), day, logged, event);
            }
        }
    }
    (sign_ups, usage)
}

fn log(usage: &mut String, (user, team): (u32, u32), day: NaiveDate, logged: NaiveDate, event: &str) {
    let last = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default();
    if day >= logged && day <= last {
        let _ = writeln!(usage, "u{user:05},t{team:05},{day},{event}");
    }
}

fn invitations(draws: &mut Draws) -> String {
    let mut text = String::from("month,inviters,sent,accepted\n");
    for (month, start) in months() {
        let inviters = draws.count(60.0 + 2.0 * f64::from(month));
        let sent = draws.count(f64::from(inviters) * 2.4);
        let accepted = draws.count(f64::from(sent) * (0.20 + 0.001 * f64::from(month)));
        let _ = writeln!(text, "{},{inviters},{sent},{accepted}", start.format("%Y-%m"));
    }
    text
}

fn spend(draws: &mut Draws) -> String {
    let mut text = String::from("month,sales,marketing,hosting\n");
    for (month, start) in months() {
        let growth = f64::from(month);
        let sales = 7_400.0 + 160.0 * growth + 320.0 * draws.noise();
        let marketing = 3_600.0 + 90.0 * growth + 380.0 * draws.noise();
        let hosting = 2_900.0 + 95.0 * growth + 60.0 * draws.noise();
        let _ = writeln!(text, "{},{sales:.2},{marketing:.2},{hosting:.2}", start.format("%Y-%m"));
    }
    text
}

fn survey(draws: &mut Draws) -> String {
    let mut text = String::from("month,nps,satisfied,responses\n");
    for (month, start) in months() {
        let nps = 28.0 + 0.2 * f64::from(month) + 3.0 * draws.noise();
        let satisfied = 81.0 + 0.1 * f64::from(month) + 1.5 * draws.noise();
        let _ = writeln!(text, "{},{nps:.1},{satisfied:.1},{}", start.format("%Y-%m"), draws.count(210.0));
    }
    text
}

/// One row a release: when work on it started and when everybody had it.
fn releases(draws: &mut Draws) -> String {
    let mut text = String::from("released_on,days_from_start\n");
    for (elapsed, day) in days() {
        let working = season([1.2, 1.3, 1.3, 1.1, 0.3, 0.0, 0.0], [1.0; 12], day);
        for _ in 0..draws.count((0.45 + 0.35 * elapsed) * working) {
            let took = (34.0 - 12.0 * elapsed + 8.0 * draws.noise()).max(2.0);
            let _ = writeln!(text, "{day},{took:.0}");
        }
    }
    text
}

fn support(draws: &mut Draws) -> String {
    let mut text = String::from("day,tickets\n");
    for (elapsed, day) in days() {
        let tickets = draws.count((7.0 + 5.0 * elapsed) * season(WEEK, YEAR, day));
        let _ = writeln!(text, "{day},{tickets}");
    }
    text
}
