//! Codes of data that is not what its definitions promise. `D0..`; found by whoever reads the data, not by this crate.
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

/// Every code of data.
pub const CODES: &[Code] = &[UNREADABLE, EXPECT, FRESH, GOLDEN, IDENTITY];

/// Those that are judgements and may be allowed, warned of or denied; data that cannot be read is none.
pub const LINTS: &[Code] = &[EXPECT, FRESH, GOLDEN, IDENTITY];
