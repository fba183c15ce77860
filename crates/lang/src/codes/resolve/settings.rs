//! Codes of `quarterdeck.toml`. Their examples are texts of that file.

use super::{Code, code};

pub(crate) const SETTINGS_SYNTAX: Code = code(
    "E195",
    "quarterdeck.toml cannot be read",
    "The file is TOML: `key = value` under `[section]` headings.",
    "[workspace\nname = \"Grocer\"",
    "[workspace]\nname = \"Grocer\"",
);
pub(crate) const SETTINGS_VALUE: Code = code(
    "E196",
    "a setting of another form",
    "The key takes another kind of value, or another of its words.",
    "[calendar]\nweek_starts = \"mon\"",
    "[calendar]\nweek_starts = \"monday\"",
);
pub(crate) const SETTINGS_KEY: Code = code(
    "E197",
    "unknown setting",
    "The key means nothing here and is passed over. This is a warning.",
    "[workspace]\ncurrancy = \"GBP\"",
    "[workspace]\ncurrency = \"GBP\"",
);
pub(crate) const NAMED_BY: Code = code(
    "E198",
    "which year a fiscal year is named after",
    "A fiscal year that does not start on 1 January lies in two calendar years; `named_by` says whether 2027-Q1 is of the year that starts or of the one that ends in 2027.",
    "[calendar]\nfiscal_year_starts = \"04-01\"",
    "[calendar]\nfiscal_year_starts = \"04-01\"\nnamed_by = \"end\"",
);
