//! Codes of names: unknown, declared twice, in circles, out of reach.

use super::{Code, code};

pub(crate) const UNKNOWN_NAME: Code = code(
    "E101",
    "unknown name",
    "Nothing of this kind has this name. Sources, segments, metrics, markets and events each have names of their own, and the place decides which kind is meant; names inside a plan belong to its period. The nearest known name is shown where there is one.",
    "event sale { on: 2026-05-04  affects: weekly_order }",
    "event sale { on: 2026-05-04  affects: weekly_orders }",
);
pub(crate) const DECLARED_TWICE: Code = code(
    "E102",
    "declared twice",
    "Two declarations of one kind have the same name, or a plan holds two targets for the same metric and the same part of it. Both places are shown. The plan blocks of a period merge, so the other one may stand in another team's file.",
    "plan 2027-Q1 {\n  target revenue { because: \"a\" }\n  target revenue { because: \"b\" }\n}",
    "plan 2027-Q1 {\n  target revenue { because: \"a\" }\n}",
);
pub(crate) const KEY_TWICE: Code = code(
    "E103",
    "said twice",
    "A key that may stand once stands twice in a block, or a block names the same thing twice where once is enough.",
    "event sale {\n  on: 2026-05-04\n  on: 2026-05-05\n}",
    "event sale { on: 2026-05-04, 2026-05-05 }",
);
pub(crate) const KEY_MISSING: Code = code(
    "E104",
    "a required key is missing",
    "Without this key the block means nothing.",
    "metric signups {\n  unit: people\n  measure: count() from orders\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n}",
);
pub(crate) const WRONG_FORM: Code = code(
    "E105",
    "a value of another form",
    "The key takes a value of another form. Reading catches such values before they are understood, with a message of their own; this one stands behind it.",
    "",
    "",
);
pub(crate) const SELF_REFERENCE: Code = code(
    "E106",
    "refers to itself",
    "A metric cannot guard or drive itself, be its own objective, nor an initiative overlap itself.",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  drives: signups\n}",
    "metric signups {\n  unit: people\n  grain: week\n  measure: count() from orders\n  drives: weekly_orders\n}",
);
pub(crate) const CYCLE: Code = code(
    "E107",
    "a circle",
    "Metrics, computed columns or segments are made of each other in a circle, so that none of them can be computed first. The whole circle is shown.",
    "metric a {\n  unit: orders\n  grain: week\n  measure: b + 1\n}\nmetric b {\n  unit: orders\n  grain: week\n  measure: a - 1\n}",
    "metric a {\n  unit: orders\n  grain: week\n  measure: count() from orders\n}\nmetric b {\n  unit: orders\n  grain: week\n  measure: a - 1\n}",
);
pub(crate) const CONNECTION_UNKNOWN: Code = code(
    "E108",
    "unknown connection",
    "A source reads a table of a connection that quarterdeck.toml does not declare under `[sources.NAME]`.",
    "source visits {\n  from: warehouse table \"public.visits\"\n  time: at\n}",
    "source visits {\n  from: \"data/visits.csv\"\n  time: at\n}",
);
pub(crate) const TEAM_UNKNOWN: Code = code(
    "E109",
    "unknown team",
    "An initiative takes the capacity of a team that quarterdeck.toml does not declare under `[teams.NAME]`.",
    "plan 2027-Q1 {\n  initiative depot { moves: weekly_orders by 100  team: growht }\n}",
    "plan 2027-Q1 {\n  initiative depot { moves: weekly_orders by 100 }\n}",
);
pub(crate) const PATH_ABSOLUTE: Code = code(
    "E110",
    "a path on one machine",
    "Paths of sources are relative to the folder that holds quarterdeck.toml, so that the workspace means the same for everybody who clones it.",
    "source visits { from: \"/home/ada/visits.csv\"  time: at }",
    "source visits { from: \"data/visits.csv\"  time: at }",
);
pub(crate) const DATES_FORM: Code = code(
    "E111",
    "how dates are written",
    "`dates:` says where day, month and year stand: `dd`, `mm` and `yyyy`, with what stands between them. It is needed where a file does not write dates as 2026-02-28, because 03/04/2026 can be read in two ways.",
    "source visits { from: \"data/visits.csv\"  time: at  dates: \"european\" }",
    "source visits { from: \"data/visits.csv\"  time: at  dates: \"dd/mm/yyyy\" }",
);
pub(crate) const NUMBERS_FORM: Code = code(
    "E117",
    "how numbers are written",
    "`numbers:` shows one number as the file writes it, with what stands between thousands and before decimals. It is needed where a file does not write plain digits with a point, because 1.204 can be read in two ways.",
    "source visits { from: \"data/visits.csv\"  time: at  numbers: \"1,234\" }",
    "source visits { from: \"data/visits.csv\"  time: at  numbers: \"1,234.5\" }",
);
pub(crate) const EXPORT_FORM: Code = code(
    "E118",
    "how a file is laid out",
    "`header:` is the number of the row that names the columns, and `separator:` the one sign between the fields of a text.",
    "source visits { from: \"data/visits.csv\"  time: at  separator: \"comma\" }",
    "source visits { from: \"data/visits.csv\"  time: at  separator: \",\" }",
);
pub(crate) const MONEY_RATES: Code = code(
    "E119",
    "amounts of several currencies",
    "Amounts of several currencies are added once each is turned into the workspace's: `currency:` names the column that says which currency a row is in, `amounts:` the columns that hold money, `rates:` what one of each is worth.",
    "source sales { from: \"data/sales.csv\"  time: at  currency: ccy  amounts: amount }",
    "source sales { from: \"data/sales.csv\"  time: at  currency: ccy  amounts: amount  rates: EUR 1.08, GBP 1.27 }",
);
pub(crate) const COVERS: Code = code(
    "E120",
    "what a source covers",
    "`covers:` is the first and the last day of which a source knows everything: between them a day without rows is a day without events, outside them nothing is known.",
    "source visits { from: \"data/visits.csv\"  time: at  covers: 2026-10-31 to 2024-01-01 }",
    "source visits { from: \"data/visits.csv\"  time: at  covers: 2024-01-01 to 2026-10-31 }",
);
pub(crate) const JOIN_KEY: Code = code(
    "E112",
    "a join without a key",
    "A join finds one row of the other source for each row of this one, through the other's `key:`. Without a key a row might be found many times, and sums would be counted many times.",
    "source stores { from: \"data/stores.csv\" }\nsource visits { from: \"data/visits.csv\"  time: at  join: stores on store_id }",
    "source stores { from: \"data/stores.csv\"  key: id }\nsource visits { from: \"data/visits.csv\"  time: at  join: stores on store_id }",
);
pub(crate) const JOIN_SELF: Code = code(
    "E113",
    "a source joined with itself",
    "A source's own columns need no join.",
    "source visits { from: \"data/visits.csv\"  time: at  key: id  join: visits on id }",
    "source visits { from: \"data/visits.csv\"  time: at  key: id }",
);
pub(crate) const NOT_JOINED: Code = code(
    "E114",
    "not a joined source",
    "`source.column` names a column of a source that this one joins; add a `join:` to reach it.",
    "segment uk of orders { where: stores.country = \"UK\" }",
    "segment uk of orders { where: customers.country = \"UK\" }",
);
pub(crate) const SEGMENT_SOURCE: Code = code(
    "E115",
    "a segment of another source",
    "A segment chooses rows of one source, so it cannot choose rows of another.",
    "segment adults of customers { where: age >= 18 }\nmetric adult_orders {\n  unit: orders\n  grain: week\n  measure: count() from orders where in segment adults\n}",
    "segment adults of orders { where: customers.age >= 18 }\nmetric adult_orders {\n  unit: orders\n  grain: week\n  measure: count() from orders where in segment adults\n}",
);
pub(crate) const LINT_UNKNOWN: Code = code(
    "E116",
    "unknown lint",
    "`allow:` and `[lints]` take the code of a lint; `qd explain` lists them. This is a warning.",
    "market cities { unit: people  tam: 1000  allow: L999 \"no reason\" }",
    "market cities { unit: people  tam: 1000  allow: L001 \"one north star per product\" }",
);
