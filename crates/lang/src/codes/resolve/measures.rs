//! Codes of measures: units that do not meet, aggregates, conditions, readings, markets.

use super::{Code, code};

pub(crate) const UNIT_MISMATCH: Code = code(
    "E151",
    "a unit that does not come out",
    "Units multiply and cancel along a formula: revenue in USD over orders in orders is USD per order. What comes out must be the metric's own unit. Both units are shown, and where each comes from.",
    "metric basket { unit: orders  grain: week  measure: revenue / weekly_orders }",
    "metric basket { unit: USD per order  grain: week  measure: revenue / weekly_orders }",
);
pub(crate) const UNIT_SUM: Code = code(
    "E152",
    "a sum of unlike things",
    "Only amounts of one unit can be added or taken from each other.",
    "metric odd { unit: orders  grain: week  measure: weekly_orders + revenue }",
    "metric even { unit: orders  grain: week  measure: weekly_orders + weekly_orders ago 1 week }",
);
pub(crate) const AGGREGATE_SOURCE: Code = code(
    "E153",
    "an aggregate without a source",
    "An aggregate says from which source its rows come: `count() from orders`. Several from one source share it behind parentheses.",
    "metric signups { unit: people  grain: week  measure: count() }",
    "metric signups { unit: people  grain: week  measure: count() from orders }",
);
pub(crate) const COLUMN_OUTSIDE: Code = code(
    "E154",
    "a column that is not aggregated",
    "A period has many rows, so a column must be made one number: by `sum`, `mean`, `count_distinct` and the like. `count()` counts rows and takes no column.",
    "metric basket { unit: USD per order  grain: week  measure: (sum(amount) / quantity) from orders }",
    "metric basket { unit: USD per order  grain: week  measure: (sum(amount) / sum(quantity)) from orders }",
);
pub(crate) const INSIDE_AGGREGATE: Code = code(
    "E155",
    "a metric among the aggregates of a source",
    "Between the parentheses before `from` stand aggregates of that source's rows alone; metrics and other sources stand outside.",
    "metric basket { unit: USD per order  grain: week  measure: (sum(amount) / weekly_orders) from orders }",
    "metric basket { unit: USD per order  grain: week  measure: (sum(amount) from orders) / weekly_orders }",
);
pub(crate) const PERCENTILE_RANGE: Code = code(
    "E156",
    "not a percentile",
    "A percentile lies between 0 and 100.",
    "metric slowest { unit: minutes  grain: week  measure: percentile(minutes, 100) from orders }",
    "metric slowest { unit: minutes  grain: week  measure: percentile(minutes, 99) from orders }",
);
pub(crate) const STEP_UNKNOWN: Code = code(
    "E157",
    "not a step of the funnel",
    "`funnel.step` names a step that the funnel declares.",
    "metric shop { unit: share  grain: week  measure: funnel from orders by customer_id within 1 day { step cart: name = \"add\"  step paid: name = \"paid\" } }\nmetric carts { unit: share  grain: week  measure: shop.carts }",
    "metric shop { unit: share  grain: week  measure: funnel from orders by customer_id within 1 day { step cart: name = \"add\"  step paid: name = \"paid\" } }\nmetric carts { unit: share  grain: week  measure: shop.cart }",
);
pub(crate) const TIME_MISSING: Code = code(
    "E158",
    "rows without a time",
    "To count rows by period, the source says which column tells when a row happened: `time:`; a measure may choose another with `by time`.",
    "source visits { from: \"data/visits.csv\" }\nmetric visits { unit: visits  grain: week  measure: count() from visits }",
    "source visits { from: \"data/visits.csv\"  time: at }\nmetric visits { unit: visits  grain: week  measure: count() from visits }",
);
pub(crate) const SCALE_ZERO: Code = code(
    "E159",
    "a scale of zero",
    "`scale` says what one of the recorded column's units is: `scale 1%` reads 12 as 12%.",
    "metric nps { unit: points  grain: month  reads: last  measure: recorded score in orders scale 0 }",
    "metric nps { unit: points  grain: month  reads: last  measure: recorded score in orders scale 1 }",
);
pub(crate) const RESTATE_NAME: Code = code(
    "E160",
    "a restatement of something else",
    "`restate:` says what earlier values would be under the new definition, of `before` and numbers.",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  changed 2026-03-01 \"new form\" { restate: weekly_orders * 0.5 }\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  changed 2026-03-01 \"new form\" { restate: before * 0.5 }\n}",
);
pub(crate) const CONDITION_EXPECTED: Code = code(
    "E161",
    "not a condition",
    "A condition is true or false for each row: a comparison, or a column that is.",
    "segment large of orders { where: amount + 5 }",
    "segment large of orders { where: amount > 5 }",
);
pub(crate) const KIND_MISMATCH: Code = code(
    "E162",
    "values of different kinds",
    "Numbers are compared and computed with numbers, texts with texts, days with days.",
    "segment large of orders { where: amount * 2 > \"five\" }",
    "segment large of orders { where: amount * 2 > 5 }",
);
pub(crate) const UNIQUE_OUTSIDE: Code = code(
    "E163",
    "uniqueness of one row",
    "`is unique` is about all rows of a source, so it stands under its `expect:` alone.",
    "segment single of orders { where: order_id is unique }",
    "source visits { from: \"data/visits.csv\"  time: at  expect: visit_id is unique }",
);
pub(crate) const READS_MISSING: Code = code(
    "E164",
    "what a quarter of it is",
    "A recorded number was computed by somebody else, so its text does not tell whether a quarter of it is its last value, an average or a total.",
    "metric nps { unit: points  grain: month  measure: recorded score in orders }",
    "metric nps { unit: points  grain: month  reads: last  measure: recorded score in orders }",
);
pub(crate) const READS_UNFIT: Code = code(
    "E165",
    "a reading that does not fit",
    "Shares and ratios are computed over the whole quarter, never added up; an average is over periods at least as long as the metric's own and shorter than a year.",
    "metric late_rate { unit: share  grain: week  reads: total  measure: weekly_orders / weekly_orders }",
    "metric late_rate { unit: share  grain: week  reads: whole  measure: weekly_orders / weekly_orders }",
);
pub(crate) const TEST_PERIOD: Code = code(
    "E166",
    "a golden value of another grain",
    "A test looks at one period of the metric's own grain.",
    "metric refunds { unit: orders  grain: week  measure: count() from orders  test \"ledger\" { at: 2026-09  is: 120 } }",
    "metric refunds { unit: orders  grain: week  measure: count() from orders  test \"ledger\" { at: 2026-W36  is: 120 } }",
);
pub(crate) const WHERE_UNUSED: Code = code(
    "E167",
    "a condition without rows",
    "The measure reads no rows for `where:` to choose from.",
    "metric goal { unit: orders  grain: week  measure: 120  where: status = \"paid\" }",
    "metric goal { unit: orders  grain: week  measure: 120 }",
);
pub(crate) const STEP_IN_IDENTITY: Code = code(
    "E168",
    "a step of a funnel in an identity",
    "`equals:` says which metrics make another exactly, and each of them has a history of its own. A funnel's last step is the funnel itself and may stand there; one before it is declared as a metric first.",
    "metric shop { unit: share  grain: week  measure: funnel from orders by customer_id within 1 day { step view: name = \"view\"  step cart: name = \"add\"  step paid: name = \"paid\" } }\nmetric carts { unit: orders  grain: week  measure: count() from orders where name = \"add\"  equals: weekly_orders * shop.cart }",
    "metric shop { unit: share  grain: week  measure: funnel from orders by customer_id within 1 day { step view: name = \"view\"  step cart: name = \"add\"  step paid: name = \"paid\" } }\nmetric to_cart { unit: share  grain: week  measure: shop.cart }\nmetric carts { unit: orders  grain: week  measure: count() from orders where name = \"add\"  equals: weekly_orders * to_cart }",
);
pub(crate) const MARKET_UNIT: Code = code(
    "E169",
    "a market in another unit",
    "A market counts what there is to win, in one unit: households, people, a currency.",
    "market cities { unit: people  tam: 1000 households }",
    "market cities { unit: people  tam: 1000 people }",
);
pub(crate) const MARKET_NESTED: Code = code(
    "E170",
    "markets that do not nest",
    "The total market holds the part that can be served, and that the part that can be won: tam, sam, som.",
    "market cities { unit: people  tam: 1000  sam: 2000 }",
    "market cities { unit: people  tam: 2000  sam: 1000 }",
);
pub(crate) const LINK_SIZE: Code = code(
    "E171",
    "the size of a market link",
    "`market: households at 0.6 orders per household` says how much of the metric one of the market's units gives: a positive amount.",
    "metric reach { unit: orders  grain: week  measure: count() from orders  market: households at 0 orders per household }",
    "metric reach { unit: orders  grain: week  measure: count() from orders  market: households at 0.6 orders per household }",
);
pub(crate) const LINK_UNIT: Code = code(
    "E172",
    "a market link of another unit",
    "The market's unit times the link's must give the metric's: households × orders per household are orders. Without `at`, both count the same thing.",
    "metric reach { unit: orders  grain: week  measure: count() from orders  market: households }",
    "metric reach { unit: orders  grain: week  measure: count() from orders  market: households at 0.6 orders per household }",
);
pub(crate) const CHURN_PERIOD: Code = code(
    "E173",
    "churn over more than the grain",
    "Churn looks at who is present in a period and absent in the next. A grain shorter than that period has no value of its own.",
    "metric lost { unit: share  grain: week  measure: churn from orders by customer_id per month }",
    "metric lost { unit: share  grain: month  measure: churn from orders by customer_id per month }",
);
pub(crate) const SHARE_OF_HUNDRED: Code = code(
    "E174",
    "a share multiplied by 100",
    "A share is a number from 0 to 1 and is written in percent wherever it is printed. Multiplied by 100 it would be a hundred times itself: 54% would read 5,400%.",
    "metric paid_share { unit: share  grain: week  measure: 100 * weekly_orders / (count() from orders) }",
    "metric paid_share { unit: share  grain: week  measure: weekly_orders / (count() from orders) }",
);
