//! Codes of values: percentages, ranges, amounts, units, dates.

use super::{Code, code};

pub(crate) const LEVEL_BARE: Code = code(
    "E121",
    "a share without its percent sign",
    "A share lies between 0% and 100% and is written in percent, so that 5 and 0.05 are not taken for each other.",
    "plan 2027-Q1 { target on_time_rate { set: 94.5  because: \"x\" } }",
    "plan 2027-Q1 { target on_time_rate { set: 94.5%  because: \"x\" } }",
);
pub(crate) const LEVEL_PERCENT: Code = code(
    "E122",
    "a percentage where an amount is expected",
    "A level is where a metric stands. Shares and ratios stand at percentages; everything else at an amount of its unit.",
    "plan 2027-Q1 { target weekly_orders { set: 5%  because: \"x\" } }",
    "plan 2027-Q1 { target weekly_orders { set: 120_000  because: \"x\" } }",
);
pub(crate) const LEVEL_POINTS: Code = code(
    "E123",
    "points where a level is expected",
    "`pp` is the difference of two shares. A level is written with `%`.",
    "plan 2027-Q1 { target on_time_rate { set: 94.5pp  because: \"x\" } }",
    "plan 2027-Q1 { target on_time_rate { set: 94.5%  because: \"x\" } }",
);
pub(crate) const CHANGE_PERCENT: Code = code(
    "E124",
    "a percent change of a share",
    "On a share, `2%` can mean two points (from 50% to 52%) or two percent of its value (from 50% to 51%). Write `2pp` for the first and `2% relative` for the second.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 2% } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 2pp } }",
);
pub(crate) const CHANGE_POINTS: Code = code(
    "E125",
    "points of something that is not a share",
    "Percentage points are differences of shares. Other metrics change by a percentage of their value or by an amount. Only `method: trend stretch +1pp` takes points of any metric: they add to its monthly growth rate.",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2pp } }",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2% } }",
);
pub(crate) const CHANGE_BARE: Code = code(
    "E126",
    "a change of a share without its unit",
    "A share changes by points, `2pp`, or by a percentage of its value, `2% relative`.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 2 } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 2pp } }",
);
pub(crate) const CHANGE_MIXED: Code = code(
    "E127",
    "a range of two units",
    "Both ends of a range have the same unit; one at the right end covers both.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 1pp to 3% } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 1pp to 3pp } }",
);
pub(crate) const CHANGE_RELATIVE: Code = code(
    "E128",
    "relative without a percentage",
    "`relative` says that a percentage is one of the share's value, so it stands after `%` alone.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 2pp relative } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 2% relative } }",
);
pub(crate) const CHANGE_UNIT: Code = code(
    "E129",
    "a change in another unit",
    "A change of a metric is written in the metric's own unit.",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 200 households } }",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 200 orders } }",
);
pub(crate) const CHANGE_SIGN: Code = code(
    "E130",
    "a distance or a step of the wrong sign",
    "A guard's distance from its base is one number, not below zero: `above` and `below` say its direction. A slope's `per` is one step, not zero.",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  guard: tickets at most -5% above last quarter\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  guard: tickets at most 5% above last quarter\n}",
);
pub(crate) const PART_RANGE: Code = code(
    "E131",
    "not a chance or a part",
    "Chances and parts lie between 0% and 100%; a fraction such as 2/3 is one too.",
    "plan 2027-Q1 { target weekly_orders { confidence: 60  because: \"x\" } }",
    "plan 2027-Q1 { target weekly_orders { confidence: 60%  because: \"x\" } }",
);
pub(crate) const RANGE_REVERSED: Code = code(
    "E132",
    "a range from high to low",
    "`A to B` holds 80 % of what may come, from its lower end to its upper.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 3pp to 1pp } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by 1pp to 3pp } }",
);
pub(crate) const RANGE_WIDE: Code = code(
    "E133",
    "a range too wide to have one middle",
    "Where the upper end of an amount is more than ten times the lower, the middle decides what is expected, so it must be said: `about 50_000 (10_000 to 300_000)`.",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  cost: 10_000 to 300_000 USD } }",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  cost: about 50_000 (10_000 to 300_000) USD } }",
);
pub(crate) const RANGE_SIGN: Code = code(
    "E134",
    "a range of amounts from zero",
    "An amount known as a range is positive at both ends: write the smallest it may well be.",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  cost: 0 to 5_000 USD } }",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  cost: 1_000 to 5_000 USD } }",
);
pub(crate) const RANGE_LEVEL: Code = code(
    "E135",
    "the level of a range",
    "A range holds with a chance between 0% and 100%, both left out: `at 95%`.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by about 2pp (1pp to 3pp at 100%) } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by about 2pp (1pp to 3pp at 95%) } }",
);
pub(crate) const ABOUT_OUTSIDE: Code = code(
    "E136",
    "a middle outside its range",
    "In `about M (A to B)` the middle lies between the two ends.",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by about 4pp (1pp to 3pp at 95%) } }",
    "plan 2027-Q1 { initiative depot { moves: on_time_rate by about 2pp (1pp to 3pp at 95%) } }",
);
pub(crate) const AMOUNT_PERCENT: Code = code(
    "E137",
    "a percentage where an amount is expected",
    "Sizes of markets, costs and efforts are amounts.",
    "market cities { unit: people  tam: 1000  sam: 60% }",
    "market cities { unit: people  tam: 1000  sam: 600 }",
);
pub(crate) const AMOUNT_SIGN: Code = code(
    "E138",
    "an amount below zero",
    "Amounts are zero or more; a market is larger than zero.",
    "market cities { unit: people  tam: 0 }",
    "market cities { unit: people  tam: 1000 }",
);
pub(crate) const MONEY_UNIT: Code = code(
    "E139",
    "money in another unit",
    "Costs and worths are in the workspace's currency (`currency` under `[workspace]` in quarterdeck.toml), and a worth is that of one of the metric's own units.",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  cost: 5_000 GBP } }",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  cost: 5_000 USD } }",
);
pub(crate) const EFFORT_UNIT: Code = code(
    "E140",
    "effort in another unit",
    "Work is counted in person-weeks (or person-days, five to a week).",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  effort: 30 } }",
    "plan 2027-Q1 { initiative depot { moves: weekly_orders by 2%  effort: 30 person-weeks } }",
);
pub(crate) const UNIT_FORM: Code = code(
    "E141",
    "not a unit",
    "A unit is a noun (`orders`), one noun per another (`orders per household`), `share`, `ratio`, `points`, a currency or a length of time. Shares, ratios and points have no parts.",
    "metric signups {\n  unit: share per week\n  grain: week\n  measure: count() from orders\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n}",
);
pub(crate) const LENGTH_SHORT: Code = code(
    "E142",
    "a length of time too short",
    "Lengths are at least one; windows and shifts of metrics are whole days or longer.",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders over trailing 12 hours\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders over trailing 28 days\n}",
);
pub(crate) const PERIOD_UNKNOWN: Code = code(
    "E143",
    "a period the calendar does not have",
    "A year has 52 weeks, some have 53; periods P01 to P12 belong to calendars of 4-4-5 weeks and the like, set under `[calendar]` in quarterdeck.toml.",
    "market cities { unit: people  tam: 1000  date: 2026-P02 }",
    "market cities { unit: people  tam: 1000  date: 2026-02 }",
);
pub(crate) const DATES_REVERSED: Code = code(
    "E144",
    "dates from late to early",
    "`A to B` runs from the first day to the last, both included.",
    "event sale { on: 2026-05-05 to 2026-05-04 }",
    "event sale { on: 2026-05-04 to 2026-05-05 }",
);
pub(crate) const BOUNDS_ORDER: Code = code(
    "E145",
    "a range that holds nothing",
    "Bounds run from the smaller end to the larger.",
    "metric nps { unit: points  grain: month  bounds: 100 to -100  measure: recorded score in orders  reads: last }",
    "metric nps { unit: points  grain: month  bounds: -100 to 100  measure: recorded score in orders  reads: last }",
);
pub(crate) const CLIP: Code = code(
    "E146",
    "not two percentiles",
    "`clip:` pulls the values of rows in to two percentiles, written in percent, the smaller first.",
    "metric basket { unit: USD per order  grain: week  measure: mean(amount) from orders  clip: 99% to 1% }",
    "metric basket { unit: USD per order  grain: week  measure: mean(amount) from orders  clip: 1% to 99% }",
);
pub(crate) const TOLERANCE: Code = code(
    "E147",
    "a tolerance around zero",
    "`within` is a fraction of the golden value, and there is no fraction of zero.",
    "metric refunds { unit: orders  grain: week  measure: count() from orders  test \"quiet\" { at: 2026-W36  is: 0 within 5 } }",
    "metric refunds { unit: orders  grain: week  measure: count() from orders  test \"quiet\" { at: 2026-W36  is: 0 } }",
);
pub(crate) const ALARMS: Code = code(
    "E148",
    "a guard that never sounds",
    "A guard is tuned to the false alarms it may give in a year; with none it would never sound.",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  guard: tickets alarms 0 per year\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  guard: tickets alarms 1 per year\n}",
);
pub(crate) const FORMAT: Code = code(
    "E149",
    "not a way to write numbers",
    "`format:` is written as in a spreadsheet: a `0`, a point and a `0` for each decimal, then `k` or `M` where numbers are to be written in thousands or millions. Currency, percent and nouns come from the unit. A target is never rounded to another number by it.",
    "metric goal { unit: orders  grain: week  measure: count() from orders  format: \"two decimals\" }",
    "metric goal { unit: orders  grain: week  measure: count() from orders  format: \"0.00\" }",
);
