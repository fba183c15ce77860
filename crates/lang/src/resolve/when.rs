//! Days and periods by the workspace's calendar; `by P` means P's last day.

use super::context::{Context, error};
use crate::Spanned;
use crate::codes::resolve::{LENGTH_SHORT, PERIOD_UNKNOWN};
use crate::model::Length;
use crate::syntax::value::{Duration, TimeUnit, When};
use chrono::NaiveDate;
use quarterdeck_calendar::{Grain, Period};

/// A period, made sure to be one of the workspace's calendar.
pub(super) fn period(cx: &mut Context<'_>, period: &Spanned<Period>) -> Option<Period> {
    let calendar = &cx.settings.calendar;
    if period.node.is_retail() && !calendar.is_retail() {
        let message = format!("{} is a period of weeks, and this workspace's calendar is gregorian", period.node);
        let month = Period::new(Grain::Month, period.node.year(), period.node.number()).to_string();
        cx.report(
            error(&PERIOD_UNKNOWN, period.span, message)
                .hint(
                    "periods P01 to P12 need `kind = \"4-4-5\"` (or 4-5-4, 5-4-4) under [calendar] in quarterdeck.toml",
                )
                .fix(format!("the calendar month: write `{month}`"), period.span, month),
        );
        return None;
    }
    match calendar.parse(&period.node.to_string()) {
        Ok(period) => Some(period),
        Err(reason) => {
            cx.report(error(&PERIOD_UNKNOWN, period.span, reason.to_string()));
            None
        }
    }
}

/// A day, or the last day of a period.
pub(super) fn last_day(cx: &mut Context<'_>, when: &Spanned<When>) -> Option<NaiveDate> {
    match when.node {
        When::Day(day) => Some(day),
        When::Period(named) => {
            let period = period(cx, &Spanned::new(named, when.span))?;
            Some(cx.settings.calendar.ends(period))
        }
    }
}

/// A period, a day being one too.
pub(super) fn any_period(cx: &mut Context<'_>, when: &Spanned<When>) -> Option<Period> {
    match when.node {
        When::Day(day) => Some(Period::day(day)),
        When::Period(named) => period(cx, &Spanned::new(named, when.span)),
    }
}

/// A length of time, not zero.
pub(super) fn length(cx: &mut Context<'_>, duration: &Spanned<Duration>) -> Option<Length> {
    let Duration { count, unit } = duration.node;
    if count == 0 {
        let message = format!("`{}` is no time at all", cx.quote(duration.span));
        cx.report(error(&LENGTH_SHORT, duration.span, message).hint("write at least 1"));
        return None;
    }
    Some(match unit {
        TimeUnit::Minute => Length::Minutes(count),
        TimeUnit::Hour => Length::Minutes(count.saturating_mul(60)),
        TimeUnit::Grain(grain) => Length::Grains(count, grain),
    })
}

/// A length of whole days or longer, as windows and shifts need.
pub(super) fn grains(cx: &mut Context<'_>, duration: &Spanned<Duration>) -> Option<(u32, Grain)> {
    match length(cx, duration)? {
        Length::Grains(count, grain) => Some((count, grain)),
        Length::Minutes(_) => {
            let message = format!("`{}` is shorter than a metric's days", cx.quote(duration.span));
            cx.report(
                error(&LENGTH_SHORT, duration.span, message).hint("write days, weeks, months, quarters or years"),
            );
            None
        }
    }
}
