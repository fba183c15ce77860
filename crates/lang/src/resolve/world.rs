//! What a declaration may look at while it is resolved: the texts, the settings, the names, the sources.

use super::metric::Head;
use super::names::{At, Kind, Names};
use crate::model::{Settings, Source};
use crate::syntax::Parsed;
use crate::syntax::tree::Block;
use crate::{Files, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The syntax trees of a workspace, by the number of their file; files that hold no declarations have none.
pub(crate) type Trees = Vec<Option<Arc<Parsed>>>;

/// A declaration and the place of its name.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'a> {
    pub block: &'a Block,
    pub span: Span,
}

/// A workspace that is being resolved. It does not change meanwhile, so declarations are resolved side by side.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    /// The texts, for quoting.
    pub files: &'a Files,
    /// The workspace's settings.
    pub settings: &'a Settings,
    /// What is written.
    pub trees: &'a Trees,
    /// What is declared.
    pub names: &'a Names,
    /// Sources that could be resolved; empty while they are.
    pub sources: &'a BTreeMap<String, Source>,
}

impl<'a> World<'a> {
    /// The block at a place.
    pub fn block(&self, at: At) -> Option<&'a Block> {
        self.trees.get(at.file.0 as usize)?.as_ref()?.tree.blocks.get(at.block as usize)
    }

    /// A declaration with the place of its name.
    pub fn declared_at(&self, at: At) -> Option<Declared<'a>> {
        let block = self.block(at)?;
        Some(Declared { block, span: block.head.name.as_ref()?.span })
    }

    /// The declaration of a name that counts: the first.
    pub fn declared(&self, kind: Kind, name: &str) -> Option<Declared<'a>> {
        self.declared_at(*self.names.get(kind, name)?.places.first()?)
    }

    /// What is known of a metric before its body is.
    pub fn head_of(&self, metric: &str) -> Option<&'a Head> {
        Some(&self.names.get(Kind::Metric, metric)?.head)
    }

    /// Whether the innermost block around a place could not be read whole.
    pub fn is_damaged(&self, span: Span) -> bool {
        let holds = |block: &&Block| block.span.start <= span.start && span.end <= block.span.end;
        let tree = self.trees.get(span.file.0 as usize).and_then(Option::as_ref);
        let mut innermost = tree.and_then(|parsed| parsed.tree.blocks.iter().find(holds));
        while let Some(block) = innermost {
            match block.blocks().find(holds) {
                Some(inner) => innermost = Some(inner),
                None => return block.damaged,
            }
        }
        false
    }

    /// The path of the file of a place.
    pub fn path(&self, span: Span) -> &'a str {
        self.files.get(span.file).map_or("", |file| file.path())
    }
}
