//! The ledger: `targets/PERIOD.toml`, its proposed sibling, the frozen inputs and the frozen definitions.
