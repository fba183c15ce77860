//! Freezing what accepted numbers were made from, so that they can be computed again.

use super::basis::marks;
use super::definitions::{self, Defined, Made, Models};
use super::inputs::{self, Histories, Parts};
use super::{Basis, Ledger, LedgerError, hash, seal};
use quarterdeck_calendar::Calendar;
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use std::collections::BTreeMap;

/// The texts that stand beside an accepted ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenTexts {
    /// `PERIOD.inputs.csv`.
    pub inputs: String,
    /// `PERIOD.definitions.json`.
    pub definitions: String,
}

impl Ledger {
    /// Freezes the series and definitions that newly accepted targets were proposed from, beside those that older targets
    /// stand on (`before`, the texts as they are), and writes their hashes and all seals into the ledger.
    ///
    /// # Errors
    /// Series or definitions that do not read back as they were, and earlier ones that `before` lacks.
    pub fn freeze(
        &mut self,
        histories: &BTreeMap<String, History>,
        model: &Model,
        before: Option<&FrozenTexts>,
    ) -> Result<FrozenTexts, LedgerError> {
        let definitions = definitions::part_for(model, self.period);
        check_series(&self.basis, self, histories)?;
        let Basis { as_of, version, seed, paths, .. } = &self.basis;
        let made = Made { as_of: *as_of, version: version.clone(), seed: *seed, paths: *paths };
        self.basis.series = marks(histories);
        self.basis.inputs = Some(inputs_hash(histories, &definitions.settings.calendar));
        let defined = Defined { made: Some(made), definitions };
        self.basis.definitions = Some(defined.hash());
        self.join_equal_bases();
        let (mut parts, mut models) = self.older(before)?;
        parts.insert(None, histories.clone());
        models.insert(None, defined);
        seal::all(self);
        let texts = write(&parts, &models);
        if inputs::read(&texts.inputs)? != parts || definitions::read(&texts.definitions)? != models {
            return Err(LedgerError::NotFrozen {
                what: "the series and definitions do not read back as they were".to_owned(),
                hint: "a metric's name has a `#` or `@`, or a number of a definition is infinite".to_owned(),
            });
        }
        Ok(texts)
    }

    /// Targets of an earlier basis that was the same in everything move to the newest one.
    fn join_equal_bases(&mut self) {
        let newest = &self.basis;
        let same = |basis: &&Basis| {
            basis.agrees_with(newest) && basis.inputs == newest.inputs && basis.definitions == newest.definitions
        };
        let joined: Vec<Option<u32>> = self.earlier.iter().filter(same).map(|basis| basis.number).collect();
        for basis in self.targets.iter_mut().flat_map(|entry| entry.bases_mut()).filter(|basis| joined.contains(basis))
        {
            *basis = None;
        }
        self.forget_unused_bases();
    }

    /// The inputs and definitions of the earlier bases, found in the texts by their hashes.
    fn older(&self, before: Option<&FrozenTexts>) -> Result<(Parts, Models), LedgerError> {
        let (mut parts, mut models) = (Parts::new(), Models::new());
        if self.earlier.is_empty() {
            return Ok((parts, models));
        }
        let (old_parts, old_models) = match before {
            Some(texts) => (inputs::read(&texts.inputs)?, definitions::read(&texts.definitions)?),
            None => Default::default(),
        };
        for basis in &self.earlier {
            let found = old_models.iter().find_map(|(number, defined)| {
                let histories = old_parts.get(number).cloned().unwrap_or_default();
                let is_it = basis.definitions == Some(defined.hash())
                    && basis.inputs == Some(inputs_hash(&histories, &defined.definitions.settings.calendar));
                is_it.then(|| (histories, defined.clone()))
            });
            let Some((histories, defined)) = found else {
                return Err(LedgerError::NotFrozen {
                    what: format!("what was accepted as of {} has no frozen inputs and definitions", basis.as_of),
                    hint: super::error::RESTORE.to_owned(),
                });
            };
            parts.insert(basis.number, histories);
            models.insert(basis.number, defined);
        }
        Ok((parts, models))
    }
}

/// The hash of one basis' inputs.
pub(super) fn inputs_hash(histories: &Histories, calendar: &Calendar) -> String {
    hash::hex(&inputs::to_csv(histories, calendar), 16)
}

/// Writes parts of which each has its model; a part without one is left out.
fn write(parts: &Parts, models: &Models) -> FrozenTexts {
    let tables = parts.iter().filter_map(|(number, histories)| {
        Some((*number, histories, &models.get(number)?.definitions.settings.calendar))
    });
    FrozenTexts { inputs: inputs::write_parts(tables), definitions: definitions::write(models) }
}

/// What is frozen must be what the accepted numbers were made from.
fn check_series(basis: &Basis, ledger: &Ledger, histories: &Histories) -> Result<(), LedgerError> {
    for entry in ledger.targets.iter().filter(|entry| entry.basis.is_none()) {
        let found = histories.get(&entry.name()).map(hash::data_hash);
        if !entry.data_hash.is_empty() && found.is_some_and(|found| found != entry.data_hash) {
            return Err(LedgerError::NotFrozen {
                what: format!("the data of `{}` as of {} changed since it was proposed", entry.name(), basis.as_of),
                hint: format!("run `qd propose {}` again, look at it and accept that", ledger.period),
            });
        }
    }
    Ok(())
}
