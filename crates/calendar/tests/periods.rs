//! Periods on every kind of calendar: known dates, and what must hold for every date.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;
use quarterdeck_calendar::{Calendar, CalendarError, Grain, Kind, NamedBy, Period, PeriodError};

const KINDS: [Kind; 4] = [Kind::Gregorian, Kind::Weeks445, Kind::Weeks454, Kind::Weeks544];
const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar(kind: Kind, starts: (u32, u32), named_by: NamedBy, week_starts: Weekday) -> Calendar {
    Calendar::new(kind, starts, named_by, week_starts).unwrap()
}

/// Weeks from Sunday, the year near 1 February: the calendar of American retail.
fn retail(kind: Kind) -> Calendar {
    calendar(kind, (2, 1), NamedBy::Start, Weekday::Sun)
}

/// Each line: a period, its first and its last day.
#[track_caller]
fn check(calendar: &Calendar, table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let [name, starts, ends] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("bad line: {line}") };
        let period = calendar.parse(name).unwrap();
        let found = format!("{period} {} {}", calendar.starts(period), calendar.ends(period));
        assert_eq!(found, format!("{name} {starts} {ends}"));
        assert_eq!(calendar.days(period) as i64, (date(ends) - date(starts)).num_days() + 1);
        for day in [date(starts), date(ends)] {
            assert!(calendar.holds(period, day));
            if !(period.grain() == Grain::Month && calendar.is_retail() && !period.is_retail()) {
                assert_eq!(calendar.period_of(period.grain(), day), period);
            }
        }
    }
}

#[test]
fn gregorian_periods() {
    check(
        &Calendar::default(),
        "
        2027       2027-01-01 2027-12-31
        2027-H2    2027-07-01 2027-12-31
        2024-Q1    2024-01-01 2024-03-31
        2024-02    2024-02-01 2024-02-29
        2027-02    2027-02-01 2027-02-28
        2024-02-29 2024-02-29 2024-02-29
        2026-W53   2026-12-28 2027-01-03
        2027-W01   2027-01-04 2027-01-10
        2021-W01   2021-01-04 2021-01-10
        2020-W53   2020-12-28 2021-01-03
        ",
    );
}

#[test]
fn weeks_from_sunday() {
    // Week 1 is the first with four days in the year: 1 January 2025 is a Wednesday, so its week counts.
    let calendar = calendar(Kind::Gregorian, (1, 1), NamedBy::End, Weekday::Sun);
    check(
        &calendar,
        "
        2025-W01   2024-12-29 2025-01-04
        2025-W53   2025-12-28 2026-01-03
        2026-W01   2026-01-04 2026-01-10
        ",
    );
}

#[test]
fn fiscal_years_named_by_their_end() {
    check(
        &calendar(Kind::Gregorian, (7, 1), NamedBy::End, Weekday::Mon),
        "
        2027       2026-07-01 2027-06-30
        2027-Q1    2026-07-01 2026-09-30
        2027-Q3    2027-01-01 2027-03-31
        2027-H2    2027-01-01 2027-06-30
        2027-02    2027-02-01 2027-02-28
        ",
    );
}

#[test]
fn fiscal_years_named_by_their_start() {
    check(
        &calendar(Kind::Gregorian, (4, 6), NamedBy::Start, Weekday::Mon),
        "
        2026       2026-04-06 2027-04-05
        2026-Q1    2026-04-06 2026-07-05
        2026-Q4    2027-01-06 2027-04-05
        ",
    );
}

#[test]
fn a_year_from_january_has_one_name() {
    for named_by in [NamedBy::Start, NamedBy::End] {
        let calendar = calendar(Kind::Gregorian, (1, 1), named_by, Weekday::Mon);
        assert_eq!(calendar.starts(calendar.parse("2027").unwrap()), date("2027-01-01"));
    }
}

#[test]
fn american_retail_years() {
    let calendar = retail(Kind::Weeks454);
    check(
        &calendar,
        "
        2022       2022-01-30 2023-01-28
        2023       2023-01-29 2024-02-03
        2023-P01   2023-01-29 2023-02-25
        2023-P02   2023-02-26 2023-04-01
        2023-P03   2023-04-02 2023-04-29
        2023-Q1    2023-01-29 2023-04-29
        2023-Q4    2023-10-29 2024-02-03
        2023-P12   2023-12-31 2024-02-03
        2023-W53   2024-01-28 2024-02-03
        2024       2024-02-04 2025-02-01
        2024-W01   2024-02-04 2024-02-10
        2024-H1    2024-02-04 2024-08-03
        ",
    );
    let long: Vec<i32> = (2000..2030).filter(|year| calendar.weeks_in(*year) == 53).collect();
    assert_eq!(long, [2000, 2006, 2012, 2017, 2023, 2028]);
}

#[test]
fn periods_of_each_pattern() {
    let weeks = |kind| -> Vec<u32> {
        let calendar = retail(kind);
        (1..=12).map(|number| calendar.days(Period::retail(2023, number)) / 7).collect()
    };
    assert_eq!(weeks(Kind::Weeks445), [4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 6]);
    assert_eq!(weeks(Kind::Weeks454), [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5]);
    assert_eq!(weeks(Kind::Weeks544), [5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 5]);
}

#[test]
fn a_calendar_month_on_a_retail_calendar_is_the_month() {
    let calendar = retail(Kind::Weeks445);
    check(&calendar, "2024-02 2024-02-01 2024-02-29");
    assert_eq!(calendar.shift(calendar.parse("2024-12").unwrap(), 1).to_string(), "2025-01");
    assert_eq!(calendar.period_of(Grain::Month, date("2024-02-01")).to_string(), "2023-P12");
}

#[test]
fn a_year_before() {
    let calendar = Calendar::default();
    for (from, to) in [
        ("2027-02-01", "2026-02-01"),
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-28"),
        ("2027-W10", "2026-W11"),
        ("2026-W53", "2026-W01"),
        ("2027-02", "2026-02"),
        ("2027-Q1", "2026-Q1"),
        ("2027-H2", "2026-H2"),
        ("2027", "2026"),
    ] {
        assert_eq!(calendar.year_before(calendar.parse(from).unwrap()).to_string(), to, "a year before {from}");
    }
}

#[test]
fn what_is_no_period_says_why() {
    let calendar = Calendar::default();
    let message = |text: &str| calendar.parse(text).unwrap_err().to_string();
    assert_eq!(message("2027-Q5"), "`2027-Q5` names quarter 5, but a year has only 4");
    assert_eq!(message("2027-W53"), "`2027-W53` names week 53, but a year has only 52");
    assert_eq!(message("1066-Q1"), "the year 1066 is outside 1900 to 2200");
    assert_eq!(
        message("2027-P02"),
        "`2027-P02` is a period of a 4-4-5 calendar, and this workspace's is gregorian: write 2027-02 for the month"
    );
    let form = "write 2027-Q1, 2027-H1, 2027, 2027-02, 2027-P02, 2027-W06 or 2027-02-01";
    for text in [
        "",
        "-",
        "2027-",
        "27-Q1",
        "2027-q1",
        "2027Q1",
        "2027-Q",
        "2027-Q01",
        "2027-02-30",
        "2027-2-1",
        "2027-02-01-01",
        "+027-Q1",
        "2027-Ä1",
        "2027-\u{664}1",
        " 2027",
        "2027-W",
        "2027--1",
    ] {
        assert_eq!(message(text), format!("`{text}` is not a period: {form}"));
    }
    for text in ["2027-Q0", "2027-H3", "2027-13", "2027-00", "2027-W00", "2027-W54"] {
        assert!(matches!(calendar.parse(text), Err(PeriodError::OutOfYear { .. })), "{text}");
    }
}

#[test]
fn calendars_are_checked_when_made_and_when_read() {
    for (month, day) in [(0, 1), (13, 1), (2, 29), (1, 31), (1, 0), (u32::MAX, u32::MAX)] {
        let made = Calendar::new(Kind::Gregorian, (month, day), NamedBy::End, Weekday::Mon);
        assert_eq!(made, Err(CalendarError::Starts { month, day }));
        let text = format!(r#"{{"kind":"4-4-5","starts":[{month},{day}],"named_by":"end","week_starts":"Mon"}}"#);
        assert!(serde_json::from_str::<Calendar>(&text).is_err(), "{text}");
    }
    let calendar = retail(Kind::Weeks544);
    let text = serde_json::to_string(&calendar).unwrap();
    assert_eq!(text, r#"{"kind":"5-4-4","starts":[2,1],"named_by":"start","week_starts":"Sun"}"#);
    assert_eq!(serde_json::from_str::<Calendar>(&text).unwrap(), calendar);
}

#[test]
fn grains_have_words() {
    for grain in Grain::ALL {
        assert_eq!(Grain::from_word(grain.word()), Some(grain));
        assert!(grain.season_length() <= grain.per_year());
    }
    assert_eq!(Grain::from_word("weeks"), Some(Grain::Week));
    assert_eq!(Grain::from_word("halves"), Some(Grain::Half));
    for word in ["", "s", "weekss", "Week", "fortnight"] {
        assert_eq!(Grain::from_word(word), None, "{word}");
    }
}

#[test]
fn a_list_of_periods_ends() {
    let calendar = Calendar::default();
    let names =
        |from, to| -> Vec<String> { calendar.periods(Grain::Month, from, to).iter().map(Period::to_string).collect() };
    assert_eq!(names(date("2026-12-31"), date("2027-02-01")), ["2026-12", "2027-01", "2027-02"]);
    assert!(names(date("2027-02-01"), date("2027-01-31")).is_empty());
    assert_eq!(names(NaiveDate::MIN, NaiveDate::MAX).len(), 301 * 12);
    assert!(names(NaiveDate::MAX, NaiveDate::MAX).is_empty());
    assert!(names(NaiveDate::MIN, NaiveDate::MIN).is_empty());
}

fn calendars() -> impl Strategy<Value = Calendar> {
    (0..4usize, 1..=12u32, 1..=28u32, any::<bool>(), 0..7usize).prop_map(|(kind, month, day, end, weekday)| {
        let named_by = if end { NamedBy::End } else { NamedBy::Start };
        calendar(KINDS[kind], (month, day), named_by, WEEKDAYS[weekday])
    })
}

fn grains() -> impl Strategy<Value = Grain> {
    (0..6usize).prop_map(|at| Grain::ALL[at])
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    (0..108_000u64).prop_map(|days| date("1901-06-01") + Days::new(days))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_date_is_inside_its_period(calendar in calendars(), grain in grains(), date in dates()) {
        let period = calendar.period_of(grain, date);
        prop_assert_eq!(period.grain(), grain);
        prop_assert!(calendar.starts(period) <= date && date <= calendar.ends(period), "{} in {}", date, period);
        prop_assert!(calendar.holds(period, date));
    }

    #[test]
    fn periods_tile_the_days(calendar in calendars(), grain in grains(), date in dates()) {
        let period = calendar.period_of(grain, date);
        let next = calendar.shift(period, 1);
        prop_assert_eq!(calendar.ends(period).succ_opt().unwrap(), calendar.starts(next));
        prop_assert_eq!(calendar.period_of(grain, calendar.starts(next)), next);
        prop_assert_eq!(calendar.period_of(grain, calendar.ends(period)), period);
        prop_assert!(period < next, "{} before {}", period, next);
    }

    #[test]
    fn steps_and_distances_agree(calendar in calendars(), grain in grains(), date in dates(), by in -3000i64..3000) {
        let period = calendar.period_of(grain, date);
        let there = calendar.shift(period, by);
        prop_assert_eq!(calendar.distance(period, there), by);
        prop_assert_eq!(calendar.distance(there, period), -by);
        prop_assert_eq!(calendar.shift(there, -by), period);
    }

    #[test]
    fn distances_count_steps(calendar in calendars(), grain in grains(), a in dates(), b in dates()) {
        let (a, b) = (calendar.period_of(grain, a), calendar.period_of(grain, b));
        prop_assert_eq!(calendar.shift(a, calendar.distance(a, b)), b);
    }

    #[test]
    fn what_is_shown_reads_back(calendar in calendars(), grain in grains(), date in dates()) {
        let period = calendar.period_of(grain, date);
        prop_assert_eq!(calendar.parse(&period.to_string()), Ok(period));
        prop_assert_eq!(serde_json::from_str::<Period>(&serde_json::to_string(&period).unwrap()).unwrap(), period);
    }

    #[test]
    fn weeks_from_monday_are_iso_weeks(date in dates()) {
        let week = Calendar::default().period_of(Grain::Week, date);
        prop_assert_eq!((week.year(), week.number()), (date.iso_week().year(), date.iso_week().week()));
    }

    #[test]
    fn years_have_52_or_53_weeks_and_quarters_nest(calendar in calendars(), year in 1902i32..2199) {
        prop_assert!((52..=53).contains(&calendar.weeks_in(year)));
        let whole = Period::new(Grain::Year, year, 1);
        let days = |grain: Grain, count: u32| -> u32 {
            (1..=count).map(|number| calendar.days(Period::new(grain, year, number))).sum()
        };
        prop_assert_eq!(days(Grain::Quarter, 4), calendar.days(whole));
        prop_assert_eq!(days(Grain::Half, 2), calendar.days(whole));
        if calendar.is_retail() {
            prop_assert_eq!(calendar.days(whole), 7 * calendar.weeks_in(year));
            let months: u32 = (1..=12).map(|number| calendar.days(Period::retail(year, number))).sum();
            prop_assert_eq!(months, calendar.days(whole));
            let start = calendar.starts(whole);
            prop_assert_eq!(start.weekday(), calendar.week_starts());
            let (month, day) = calendar.fiscal_year_starts();
            let nearest = (year - 1..=year + 1)
                .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
                .map(|anchor| (start - anchor).num_days().abs())
                .min();
            prop_assert!(nearest.is_some_and(|days| days <= 3));
        }
    }

    #[test]
    fn a_list_tiles_its_days(calendar in calendars(), grain in grains(), from in dates(), days in 0u64..900) {
        let to = from + Days::new(days);
        let list = calendar.periods(grain, from, to);
        prop_assert!(calendar.holds(list[0], from) && calendar.holds(list[list.len() - 1], to));
        prop_assert_eq!(list.len() as i64, calendar.distance(list[0], list[list.len() - 1]) + 1);
    }

    #[test]
    fn hostile_parts_never_panic(
        calendar in calendars(), grain in grains(), retail in any::<bool>(),
        year in prop_oneof![any::<i32>(), Just(i32::MIN), Just(i32::MAX), Just(262_142), Just(-262_143)],
        number in prop_oneof![any::<u32>(), 0u32..60, Just(u32::MAX)],
        by in prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)],
        date in prop_oneof![Just(NaiveDate::MIN), Just(NaiveDate::MAX), (-262_143i32..=262_142).prop_map(|year| NaiveDate::from_yo_opt(year, 1).unwrap())],
    ) {
        let period = if retail { Period::retail(year, number) } else { Period::new(grain, year, number) };
        let of_date = calendar.period_of(grain, date);
        for period in [period, of_date, calendar.shift(period, by), calendar.year_before(period)] {
            let _ = (calendar.starts(period), calendar.ends(period), calendar.days(period), period.to_string());
            let _ = (calendar.holds(period, date), calendar.distance(period, of_date), calendar.distance(of_date, period));
            let _ = (calendar.shift(period, by), calendar.year_before(period), calendar.weeks_in(year));
        }
        if year.unsigned_abs() < 200_000 {
            prop_assert!(calendar.days(Period::new(grain, year, number)) > 0);
        }
        prop_assert!(calendar.periods(Grain::Month, NaiveDate::MIN, date).len() <= 302 * 12);
    }

    #[test]
    fn hostile_texts_never_panic(text in ".{0,16}", digits in "[0-9QHWP-]{0,12}") {
        let _ = (Calendar::default().parse(&text), Calendar::default().parse(&digits));
    }
}
