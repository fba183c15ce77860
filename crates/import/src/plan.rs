//! The plan: a target for every metric, for the first quarter after the data.

use crate::date::When;
use crate::draft::Draft;
use crate::found::{File, Reading, Trouble};
use crate::name::{quoted, remark};
use quarterdeck_calendar::{Calendar, Grain, NaiveDate, Period};

/// The period of the plan: as asked for, or the first quarter that starts after the last value that is no plan.
pub fn period<'a>(
    asked: Option<&str>,
    calendar: &Calendar,
    readings: impl Iterator<Item = &'a Reading>,
) -> Result<Period, Trouble> {
    if let Some(text) = asked {
        let refused = |message: String| Trouble {
            file: format!("--as {text}"),
            place: None,
            message,
            hint: "write a quarter as 2027-Q1, a half-year as 2027-H1, a year as 2027".into(),
        };
        let period = calendar.parse(text).map_err(|error| refused(error.to_string()))?;
        if period.grain() < Grain::Quarter {
            return Err(refused(format!("`{text}` is a {}, and targets are set for quarters", period.grain())));
        }
        return Ok(period);
    }
    let last = readings.filter_map(|reading| Some(last_day(reading, calendar, reading.last()?))).max();
    let last = last.unwrap_or_default();
    Ok(calendar.shift(calendar.period_of(Grain::Quarter, last), 1))
}

/// The last day a value speaks of.
fn last_day(reading: &Reading, calendar: &Calendar, when: When) -> NaiveDate {
    match when {
        When::Day { day, .. } if reading.grain > Grain::Day => calendar.ends(calendar.period_of(reading.grain, day)),
        When::Day { day, .. } => day,
        When::Period(period) => calendar.ends(period),
        When::Yearless(grain, number) => {
            let year = reading.year.as_ref().map_or(1970, |(year, _)| *year);
            calendar.ends(Period::new(grain, year, number))
        }
    }
}

/// The plan's text.
pub fn text<'a>(period: Period, beside: bool, drafts: impl Iterator<Item = (&'a File, &'a Draft)>) -> String {
    let mut text = format!(
        "# A first draft of the targets for {period}. Nobody has decided anything yet: take out what is no target, say who owns the\n\
         # rest (`owner:` in the metric) and why it matters (`because:` here). `qd check` tells what is still missing.\n\n"
    );
    let team = if beside { " import" } else { "" };
    text.push_str(&format!("plan {period}{team} \"First draft\" {{\n"));
    for (file, draft) in drafts {
        for metric in &draft.metrics {
            if !metric.lines.iter().any(|line| line.text.starts_with("better:")) {
                continue;
            }
            let because =
                format!("Proposed from the history in {}; nobody has said yet why it matters.", remark(&file.name));
            text.push_str(&format!(
                "  target {} {{\n    method: trend\n    because: {}\n  }}\n",
                metric.name,
                quoted(&because)
            ));
        }
    }
    text.push_str("}\n");
    text
}
