//! The files frozen beside a ledger, and which parts of them are as they were.

use super::Frozen;
use crate::ledger::definitions::{self, Made, Models};
use crate::ledger::error::RESTORE;
use crate::ledger::inputs::{self, Histories, Parts};
use crate::ledger::seal::Facts;
use crate::ledger::{LedgerError, freeze};
use chrono::NaiveDate;
use quarterdeck_lang::Model;

/// The frozen files as read.
pub struct Files {
    /// The inputs' path.
    pub inputs_path: String,
    /// The definitions' path.
    pub definitions_path: String,
    pub parts: Parts,
    pub models: Models,
    none: Histories,
}

/// What one basis stands on.
#[derive(Clone, Copy)]
pub struct Stand<'a> {
    pub histories: &'a Histories,
    pub model: &'a Model,
    /// Whether the inputs have another hash than the ledger says.
    pub inputs_edited: bool,
    /// The same of the definitions.
    pub definitions_edited: bool,
}

impl Files {
    pub fn read(frozen: &Frozen<'_>) -> Result<Files, LedgerError> {
        let stem = frozen.ledger_path.strip_suffix(".toml").unwrap_or(frozen.ledger_path);
        let (inputs_path, definitions_path) = (format!("{stem}.inputs.csv"), format!("{stem}.definitions.json"));
        let parts = inputs::read(frozen.inputs).map_err(|error| error.in_file(&inputs_path))?;
        let models = definitions::read(frozen.definitions).map_err(|error| error.in_file(&definitions_path))?;
        Ok(Files { inputs_path, definitions_path, parts, models, none: Histories::new() })
    }

    /// The series of a basis; a basis without any has no rows.
    fn histories(&self, number: Option<u32>) -> &Histories {
        self.parts.get(&number).unwrap_or(&self.none)
    }

    /// The last day that a basis' inputs cover.
    pub fn last_day(&self, number: Option<u32>) -> NaiveDate {
        let calendar = self.model(number).map(|model| model.settings.calendar.clone()).unwrap_or_default();
        let ends = self.histories(number).values().flat_map(|history| {
            let last = (history.values.len() as i64 - 1).max(0);
            let whole = history.quarters.iter().map(|quarter| quarter.through);
            let part = history.partial.map(|partial| partial.through);
            whole.chain(part).chain([calendar.ends(calendar.shift(history.start, last))])
        });
        ends.max().unwrap_or_default()
    }

    /// The hashes that the files have for a basis.
    pub fn hashes(&self, number: Option<u32>) -> (Option<String>, Option<String>) {
        let model = self.model(number);
        let inputs = model.map(|model| freeze::inputs_hash(self.histories(number), &model.settings.calendar));
        (inputs, self.models.get(&number).map(definitions::Defined::hash))
    }

    /// The definitions of a basis.
    pub fn model(&self, number: Option<u32>) -> Option<&Model> {
        self.models.get(&number).map(|defined| &defined.definitions)
    }

    /// How the numbers of a basis were made, as it stands beside its definitions.
    pub fn made(&self, number: Option<u32>) -> Option<&Made> {
        self.models.get(&number)?.made.as_ref()
    }

    /// What a basis stands on.
    pub fn stand(&self, number: Option<u32>, facts: &Facts) -> Result<Stand<'_>, LedgerError> {
        let missing = || LedgerError::NotFrozen {
            what: match number {
                None => format!("{} does not hold what the ledger was made from", self.definitions_path),
                Some(number) => format!("{} does not hold basis {number} of the ledger", self.definitions_path),
            },
            hint: RESTORE.to_owned(),
        };
        let model = self.model(number).ok_or_else(missing)?;
        let (inputs, definitions) = self.hashes(number);
        let differs = |written: &Option<String>, found: Option<String>| written.is_some() && *written != found;
        Ok(Stand {
            histories: self.histories(number),
            model,
            inputs_edited: differs(&facts.inputs, inputs),
            definitions_edited: differs(&facts.definitions, definitions),
        })
    }
}
