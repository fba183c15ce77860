//! The codes of what is wrong with data, explained as those of the language are.

use quarterdeck_lang::codes::Code;

/// Data that cannot be read as declared.
pub const UNREADABLE: &str = "D001";
/// Rows that break an expectation.
pub const EXPECT: &str = "D002";
/// A source that is older than it may be.
pub const FRESH: &str = "D003";
/// A golden value missed.
pub const GOLDEN: &str = "D004";
/// An identity that does not hold.
pub const IDENTITY: &str = "D005";

/// All of them.
pub const CODES: &[Code] = &[
    Code {
        code: UNREADABLE,
        title: "data that cannot be read as it is declared",
        explanation: "A file is missing, empty, or holds something else than its source and the metrics on it say. The message \
            names the file, and the line and column where there is one.",
        wrong: "source days { from: \"data/day.csv\"  time: date }",
        right: "source days { from: \"data/days.csv\"  time: date }",
    },
    Code {
        code: EXPECT,
        title: "rows that break an expectation of their source",
        explanation: "`expect:` says what holds for every row. Some rows up to the as-of date are otherwise; they are counted, \
            never dropped. Mend the rows, or the expectation.",
        wrong: "",
        right: "source days { from: \"data/days.csv\"  time: date  expect: orders >= 0 }",
    },
    Code {
        code: FRESH,
        title: "a source that is older than it may be",
        explanation: "`fresh:` says how old the newest row of a source may be. Its age is counted from the as-of date, which is \
            the end of what the workspace's sources cover unless `--as-of` says otherwise.",
        wrong: "",
        right: "source days { from: \"data/days.csv\"  time: date  fresh: 2 days }",
    },
    Code {
        code: GOLDEN,
        title: "a golden value that the data does not give",
        explanation: "A `test` of a metric holds a value somebody has checked against the books. The definition, the data or the \
            value has changed since.",
        wrong: "",
        right: "test \"ties to the ledger\" { at: 2026-W36  is: 120_431 within 0.5% }",
    },
    Code {
        code: IDENTITY,
        title: "an identity that does not hold in the data",
        explanation: "`equals:` says what a metric is made of, exactly. In the data the two sides differ by more than one in a \
            thousand. Forecasts compute one side from the other, so the difference ends up in a target.",
        wrong: "",
        right: "metric orders { … equals: customers * orders_per_customer }",
    },
];
