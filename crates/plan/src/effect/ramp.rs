//! Which part of an effect a window gets: the mean of its ramp over the window's days.

use chrono::{Days, NaiveDate};
use quarterdeck_lang::model::{Length, Reads};

/// The mean over the window's days of a ramp that rises in a straight line from 0 on `starts` to 1 after `ramps` days, as the
/// metric is read: at the window's end for `last`, over the last weeks or months for `average of last`. What the ramp had
/// reached by the as-of date is in the history already and does not count again. From 0 to 1.
pub fn share_of_window(
    starts: Option<NaiveDate>,
    ramps: f64,
    window: (NaiveDate, NaiveDate),
    as_of: NaiveDate,
    reads: Reads,
) -> f64 {
    let (first, last) = window;
    let starts = starts.unwrap_or(first);
    let from = match reads {
        Reads::Last => last,
        Reads::AverageOfLast(count, grain) => {
            let days = Length::Grains(count, grain).days().max(1.0) as u64;
            last.checked_sub_days(Days::new(days - 1)).unwrap_or(first).max(first)
        }
        _ => first,
    };
    let held = height(starts, ramps, as_of);
    let (mut sum, mut days) = (0.0, 0.0);
    let mut day = from;
    while day <= last {
        if day > as_of {
            sum += (height(starts, ramps, day) - held).max(0.0);
        }
        days += 1.0;
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    if days > 0.0 { sum / days } else { 0.0 }
}

/// How high the ramp is in the middle of a day.
pub(super) fn height(starts: NaiveDate, ramps: f64, day: NaiveDate) -> f64 {
    if day < starts {
        return 0.0;
    }
    let into = (day - starts).num_days() as f64 + 0.5;
    if ramps > 0.0 { (into / ramps).min(1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::share_of_window;
    use chrono::NaiveDate;
    use quarterdeck_calendar::Grain;
    use quarterdeck_lang::model::Reads;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn check(starts: &str, ramps: f64, as_of: &str, reads: Reads, expect: f64) {
        let window = (date("2027-01-01"), date("2027-03-31"));
        let share = share_of_window(Some(date(starts)), ramps, window, date(as_of), reads);
        assert!((share - expect).abs() < 1e-9, "{starts} {ramps} {as_of} {reads:?}: {share}, not {expect}");
    }

    #[test]
    fn a_quarter_gets_the_mean_of_the_ramp_over_its_days() {
        let ago = "2026-12-31";
        check("2027-01-01", 0.0, ago, Reads::Total, 1.0);
        check("2026-12-31", 0.0, "2026-12-30", Reads::Total, 1.0);
        // From 1 February on: 28 + 31 of 90 days.
        check("2027-02-01", 0.0, ago, Reads::Total, 59.0 / 90.0);
        // Six weeks of rising count half: 42 / 2 + 17 full days.
        check("2027-02-01", 42.0, ago, Reads::Average(Grain::Week), (21.0 + 17.0) / 90.0);
        // A level read at the end has all of it.
        check("2027-02-01", 42.0, ago, Reads::Last, 1.0);
        check("2027-03-31", 10.0, ago, Reads::Last, 0.05);
        check("2027-03-01", 0.0, ago, Reads::AverageOfLast(4, Grain::Week), 1.0);
        check("2027-04-01", 0.0, ago, Reads::Total, 0.0);
    }

    #[test]
    fn what_history_holds_does_not_count_again() {
        check("2026-11-01", 0.0, "2026-12-31", Reads::Total, 0.0);
        // Half way up on the as-of date: the other half remains.
        check("2026-12-27", 10.0, "2026-12-31", Reads::Last, 0.55);
    }
}
