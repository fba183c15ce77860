//! Codes of plans: targets, methods, initiatives.

use super::{Code, code};

pub(crate) const PLAN_PERIOD: Code = code(
    "E181",
    "a plan for another period",
    "Plans are made for quarters, halves and years.",
    "plan 2027-02 { target weekly_orders { because: \"x\" } }",
    "plan 2027-Q1 { target weekly_orders { because: \"x\" } }",
);
pub(crate) const BETTER_MISSING: Code = code(
    "E182",
    "which way is better",
    "A metric that has a target or a benchmark, or is a guard, says which way is better: `better: higher`, `lower` or `between A and B`.",
    "metric visits { unit: visits  grain: week  measure: count() from orders }\nplan 2027-Q1 { target visits { because: \"x\" } }",
    "metric visits { unit: visits  grain: week  better: higher  measure: count() from orders }\nplan 2027-Q1 { target visits { because: \"x\" } }",
);
pub(crate) const CONFIDENCE: Code = code(
    "E183",
    "a confidence of all or nothing",
    "The proposal is the value that is met with this chance; 0% and 100% belong to no number.",
    "plan 2027-Q1 { target weekly_orders { confidence: 100%  because: \"x\" } }",
    "plan 2027-Q1 { target weekly_orders { confidence: 80%  because: \"x\" } }",
);
pub(crate) const LEARN_SET: Code = code(
    "E184",
    "to be learnt, and a number",
    "`learn:` stands in place of a number: what has to be known before there can be a target.",
    "plan 2027-Q1 { target weekly_orders { learn: \"a baseline\" by 2027-02-28  set: 5 } }",
    "plan 2027-Q1 { target weekly_orders { learn: \"a baseline\" by 2027-02-28 } }",
);
pub(crate) const BENCHMARK_UNKNOWN: Code = code(
    "E185",
    "unknown benchmark",
    "The method closes a gap to a benchmark that the metric declares.",
    "plan 2027-Q1 { target on_time_rate { method: benchmark competitor close 2/3 by 2027-Q4  because: \"x\" } }",
    "plan 2027-Q1 { target on_time_rate { method: benchmark competitor_a close 2/3 by 2027-Q4  because: \"x\" } }",
);
pub(crate) const BY_PAST: Code = code(
    "E186",
    "reached before the period starts",
    "`by P` is the day by which something is to be reached; it cannot lie before the planned period.",
    "plan 2027-Q1 { target on_time_rate { method: benchmark competitor_a close 2/3 by 2026-Q4  because: \"x\" } }",
    "plan 2027-Q1 { target on_time_rate { method: benchmark competitor_a close 2/3 by 2027-Q4  because: \"x\" } }",
);
pub(crate) const LINK_MISSING: Code = code(
    "E187",
    "a metric without a market",
    "A share of a market needs the metric's `market:`, which says how much of the metric one of the market's units gives.",
    "plan 2027-Q1 { target revenue { method: market 10% of tam by 2028-Q4  because: \"x\" } }",
    "plan 2027-Q1 { target weekly_orders { method: market 10% of tam by 2028-Q4  because: \"x\" } }",
);
pub(crate) const TIER_MISSING: Code = code(
    "E188",
    "a market without this tier",
    "The method takes a share of a tier (tam, sam or som) that the market does not declare.",
    "plan 2027-Q1 { target weekly_orders { method: market 10% of som by 2028-Q4  because: \"x\" } }",
    "plan 2027-Q1 { target weekly_orders { method: market 10% of sam by 2028-Q4  because: \"x\" } }",
);
pub(crate) const PATH_MISSING: Code = code(
    "E189",
    "no path to the objective",
    "To solve an objective backwards, something says how the metric moves it: a slope (`at 0.25% per 1%`), an edge (`drives:`), or the tree (`equals:` or the measure).",
    "plan 2027-Q1 { target on_time_rate { method: objective revenue +4%  because: \"x\" } }",
    "plan 2027-Q1 { target on_time_rate { method: objective revenue +4% at 0.25% per 1pp  because: \"x\" } }",
);
pub(crate) const CARRIED: Code = code(
    "E190",
    "nothing to continue",
    "`initiative x continues 2026-Q4` takes over the initiative of the same name from the plan of an earlier period.",
    "plan 2027-Q1 { initiative depot continues 2026-Q4 { moves: weekly_orders by 2% } }",
    "plan 2026-Q4 { initiative depot { moves: weekly_orders by 2% } }\nplan 2027-Q1 { initiative depot continues 2026-Q4 { starts: 2027-02-01 } }",
);
