//! Codes of meaning: names, values, units, measures, plans and settings. `E1..`, a hundred for each stage.
//!
//! The examples stand beside the workspace of `tests/explain/base.qd`, whose names they use; the tests run every one.

mod measures;
mod names;
mod plans;
mod settings;
mod values;

use super::Code;
pub(crate) use measures::*;
pub(crate) use names::*;
pub(crate) use plans::*;
pub(crate) use settings::*;
pub(crate) use values::*;

/// Every code of this stage.
pub const CODES: &[Code] = &[
    UNKNOWN_NAME,
    DECLARED_TWICE,
    KEY_TWICE,
    KEY_MISSING,
    WRONG_FORM,
    SELF_REFERENCE,
    CYCLE,
    CONNECTION_UNKNOWN,
    TEAM_UNKNOWN,
    PATH_ABSOLUTE,
    DATES_FORM,
    JOIN_KEY,
    JOIN_SELF,
    NOT_JOINED,
    SEGMENT_SOURCE,
    LINT_UNKNOWN,
    NUMBERS_FORM,
    EXPORT_FORM,
    MONEY_RATES,
    COVERS,
    LEVEL_BARE,
    LEVEL_PERCENT,
    LEVEL_POINTS,
    CHANGE_PERCENT,
    CHANGE_POINTS,
    CHANGE_BARE,
    CHANGE_MIXED,
    CHANGE_RELATIVE,
    CHANGE_UNIT,
    CHANGE_SIGN,
    PART_RANGE,
    RANGE_REVERSED,
    RANGE_WIDE,
    RANGE_SIGN,
    RANGE_LEVEL,
    ABOUT_OUTSIDE,
    AMOUNT_PERCENT,
    AMOUNT_SIGN,
    MONEY_UNIT,
    EFFORT_UNIT,
    UNIT_FORM,
    LENGTH_SHORT,
    PERIOD_UNKNOWN,
    DATES_REVERSED,
    BOUNDS_ORDER,
    CLIP,
    TOLERANCE,
    ALARMS,
    FORMAT,
    UNIT_MISMATCH,
    UNIT_SUM,
    AGGREGATE_SOURCE,
    COLUMN_OUTSIDE,
    INSIDE_AGGREGATE,
    PERCENTILE_RANGE,
    STEP_UNKNOWN,
    TIME_MISSING,
    SCALE_ZERO,
    RESTATE_NAME,
    CONDITION_EXPECTED,
    KIND_MISMATCH,
    UNIQUE_OUTSIDE,
    READS_MISSING,
    READS_UNFIT,
    TEST_PERIOD,
    WHERE_UNUSED,
    STEP_IN_IDENTITY,
    MARKET_UNIT,
    MARKET_NESTED,
    LINK_SIZE,
    LINK_UNIT,
    CHURN_PERIOD,
    SHARE_OF_HUNDRED,
    PLAN_PERIOD,
    BETTER_MISSING,
    CONFIDENCE,
    LEARN_SET,
    BENCHMARK_UNKNOWN,
    BY_PAST,
    LINK_MISSING,
    TIER_MISSING,
    PATH_MISSING,
    CARRIED,
    SETTINGS_SYNTAX,
    SETTINGS_VALUE,
    SETTINGS_KEY,
    NAMED_BY,
];

/// A code of its parts.
const fn code(
    code: &'static str,
    title: &'static str,
    explanation: &'static str,
    wrong: &'static str,
    right: &'static str,
) -> Code {
    Code { code, title, explanation, wrong, right }
}
