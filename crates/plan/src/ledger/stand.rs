//! What the targets of a ledger stand on, read back from the files frozen beside it.

use super::definitions;
use super::error::RESTORE;
use super::freeze::FrozenTexts;
use super::{Ledger, LedgerError, inputs};
use crate::Inputs;
use chrono::NaiveDate;
use quarterdeck_forecast::History;
use quarterdeck_lang::Model;
use std::collections::BTreeMap;

/// The frozen series and definitions of one basis, and by which facts its numbers were computed.
#[derive(Clone, Debug)]
pub struct Stand {
    /// Its number among the earlier ones; `None` for the newest.
    pub number: Option<u32>,
    /// The frozen series.
    pub histories: BTreeMap<String, History>,
    /// The frozen definitions.
    pub model: Model,
    /// The last day that was known.
    pub as_of: NaiveDate,
    /// The seed.
    pub seed: u64,
    /// How many paths.
    pub paths: usize,
    /// The tool's version then.
    pub version: String,
}

impl Stand {
    /// What its numbers were computed from.
    pub fn inputs(&self) -> Inputs<'_> {
        let Stand { model, histories, as_of, seed, paths, version, .. } = self;
        Inputs { model, histories, as_of: *as_of, seed: *seed, paths: *paths, version }
    }
}

impl Ledger {
    /// Every basis with what was frozen for it, the newest first.
    ///
    /// # Errors
    /// Frozen texts that cannot be read, or that lack a basis.
    pub fn stands(&self, texts: &FrozenTexts) -> Result<Vec<Stand>, LedgerError> {
        let (mut parts, mut models) = (inputs::read(&texts.inputs)?, definitions::read(&texts.definitions)?);
        let stand = |basis: &super::Basis| {
            let defined = models.remove(&basis.number).ok_or_else(|| LedgerError::NotFrozen {
                what: format!("what was accepted as of {} has no frozen definitions", basis.as_of),
                hint: RESTORE.to_owned(),
            })?;
            Ok(Stand {
                number: basis.number,
                histories: parts.remove(&basis.number).unwrap_or_default(),
                model: defined.definitions,
                as_of: basis.as_of,
                seed: basis.seed,
                paths: basis.paths,
                version: basis.version.clone(),
            })
        };
        std::iter::once(&self.basis).chain(&self.earlier).map(stand).collect()
    }
}
