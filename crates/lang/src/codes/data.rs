//! Codes of data, and of accepted targets, that are not what definitions promise. `D0..`; found by whoever reads them, not
//! by this crate.
//!
//! They are here so that `[lints]`, `allow:` and `qd explain` know every code there is. The examples stand beside the
//! workspace of `tests/fixtures/explain/base.qd`: as text both are sound, and what is wrong is in the data.

use super::Code;

/// Data that cannot be read as declared; no lint: nothing can be said of what cannot be read.
pub const UNREADABLE: Code = Code {
    code: "D001",
    title: "data that cannot be read as it is declared",
    explanation: "A file is missing, empty, or holds something else than its source and the metrics on it say. The message \
        names the file, and the line and column where there is one.",
    wrong: "source refunds { from: \"data/refund.csv\"  time: refunded_at }",
    right: "source refunds { from: \"data/refunds.csv\"  time: refunded_at }",
};

/// Rows that break an expectation.
pub const EXPECT: Code = Code {
    code: "D002",
    title: "rows that break an expectation of their source",
    explanation: "`expect:` says what holds for every row. Some rows are otherwise; they are counted, never dropped. Mend the \
        rows, or the expectation. An empty cell breaks none, and `is unique` does not count it.",
    wrong: "# The data has refunds of 0.\n\
        source refunds { from: \"data/refunds.csv\"  time: refunded_at  expect: amount > 0 }",
    right: "source refunds { from: \"data/refunds.csv\"  time: refunded_at  expect: amount >= 0 }",
};

/// A source that is older than it may be.
pub const FRESH: Code = Code {
    code: "D003",
    title: "a source that is older than it may be",
    explanation: "`fresh:` says how old the newest row of a source may be. Its age is counted from the as-of date, which is the \
        last day any source covers unless `--as-of` says otherwise. Bring the data up to date, or say how old it may be.",
    wrong: "# The files come once a week.\n\
        source refunds { from: \"data/refunds.csv\"  time: refunded_at  fresh: 2 days }",
    right: "source refunds { from: \"data/refunds.csv\"  time: refunded_at  fresh: 8 days }",
};

/// A golden value missed.
pub const GOLDEN: Code = Code {
    code: "D004",
    title: "a golden value that the data does not give",
    explanation: "A `test` of a metric holds a value somebody has checked against the books. The definition, the data or the \
        value has changed since: find out which of them is right before anybody sets a target on it.",
    wrong: "# Cancelled orders are counted here, and not in the ledger.\n\
        metric gross {\n  why: \"Ties to the ledger.\"\n  owner: \"finance@shop.example\"\n  unit: USD\n  better: higher\n  \
        grain: month\n  measure: sum(amount) from orders\n  \
        test \"ties to the ledger\" { at: 2026-09  is: 120_431 within 0.5% }\n}",
    right: "metric gross {\n  why: \"Ties to the ledger.\"\n  owner: \"finance@shop.example\"\n  unit: USD\n  better: higher\n  \
        grain: month\n  measure: sum(amount) from orders where not cancelled\n  \
        test \"ties to the ledger\" { at: 2026-09  is: 120_431 within 0.5% }\n}",
};

/// An identity that does not hold.
pub const IDENTITY: Code = Code {
    code: "D005",
    title: "an identity that does not hold in the data",
    explanation: "`equals:` says what a metric is made of, exactly. In the data the two sides differ by more than one in a \
        thousand. Forecasts compute one side from the other, so the difference ends up in a target: look for rows that one \
        side counts and the other does not.",
    wrong: "# Revenue holds delivery fees, and the price does not.\n\
        metric price {\n  why: \"What an order brings.\"\n  owner: \"finance@shop.example\"\n  unit: USD per order\n  \
        grain: week\n  measure: (sum(basket) from orders) / weekly_orders\n}\n\
        metric takings {\n  why: \"Pays for all.\"\n  owner: \"finance@shop.example\"\n  unit: USD\n  grain: week\n  \
        measure: sum(amount) from orders\n  equals: weekly_orders * price\n}",
    right: "metric price {\n  why: \"What an order brings.\"\n  owner: \"finance@shop.example\"\n  unit: USD per order\n  \
        grain: week\n  measure: (sum(amount) from orders) / weekly_orders\n}\n\
        metric takings {\n  why: \"Pays for all.\"\n  owner: \"finance@shop.example\"\n  unit: USD\n  grain: week\n  \
        measure: sum(amount) from orders\n  equals: weekly_orders * price\n}",
};

/// A slope used further than its metric ever moved.
pub const SLOPE: Code = Code {
    code: "D006",
    title: "a slope used further than its metric ever moved",
    explanation: "An objective is worked back through a slope: so much of this metric for so much of its parent. A slope is known \
        where the metric has been; here it is used for a change larger than any from one quarter to the next in its history. \
        Ask less of this metric, share the objective among several, or say why the slope holds so far out.",
    wrong: "# Orders never grew by more than 6% in a quarter.\n\
        plan 2027-Q1 { target weekly_orders { method: objective revenue +4% at 0.25% per 1%  because: \"x\" } }",
    right: "plan 2027-Q1 { target weekly_orders { method: objective revenue +1% at 0.25% per 1%  because: \"x\" } }",
};

/// A target accepted on another definition.
pub const OUTDATED: Code = Code {
    code: "D007",
    title: "a target that was accepted on another definition",
    explanation: "What a metric means, or what it stands on, has changed since its target was accepted: the number agreed on is no \
        longer the number measured. `qd propose` computes it anew, and `qd amend` says why it stands as it is.",
    wrong: "# Accepted when cancelled orders were not counted.\n\
        metric goal_orders {\n  why: \"w\"\n  owner: \"ops@shop.example\"\n  unit: orders\n  better: higher\n  grain: week\n  \
        measure: count() from orders\n}",
    right: "metric goal_orders {\n  why: \"w\"\n  owner: \"ops@shop.example\"\n  unit: orders\n  better: higher\n  grain: week\n  \
        measure: count() from orders where not cancelled\n}",
};

/// Every code of data.
pub const CODES: &[Code] = &[UNREADABLE, EXPECT, FRESH, GOLDEN, IDENTITY, SLOPE, OUTDATED];

/// Those that are judgements and may be allowed, warned of or denied; data that cannot be read is none.
pub const LINTS: &[Code] = &[EXPECT, FRESH, GOLDEN, IDENTITY, SLOPE, OUTDATED];
