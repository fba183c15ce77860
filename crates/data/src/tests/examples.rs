//! The examples' own data, against numbers computed from the files by other means.

use super::support::{Workspace, shown};
use quarterdeck_lang::TextFile;
use std::path::{Path, PathBuf};

fn texts(folder: &Path, root: &Path, found: &mut Vec<TextFile>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            texts(&path, root, found);
        } else if path.extension().is_some_and(|ending| ending == "qd") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push(TextFile::new(name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn example(name: &str) -> (PathBuf, Workspace) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let settings = std::fs::read_to_string(root.join("quarterdeck.toml")).unwrap();
    let mut found = Vec::new();
    texts(&root, &root, &mut found);
    let checked = quarterdeck_lang::check(Some(TextFile::new("quarterdeck.toml", settings)), found);
    let workspace = Workspace { folder: tempfile::TempDir::new().unwrap(), model: checked.model };
    (root, workspace)
}

fn report(name: &str) -> String {
    let (root, workspace) = example(name);
    let wanted: Vec<crate::Wanted> = workspace.model.metrics.keys().map(crate::Wanted::whole).collect();
    let window = quarterdeck_calendar::Grain::Quarter;
    let started = std::time::Instant::now();
    let request = crate::Request { root: &root, model: &workspace.model, wanted: &wanted, as_of: None, window };
    let loaded = crate::load(&request).unwrap();
    let mut text = format!("as of {}\n", loaded.as_of);
    for (source, coverage) in &loaded.sources {
        text += &format!("{source}: {coverage:?}\n");
    }
    for (metric, observed) in &loaded.metrics {
        let shown = shown(observed);
        let (head, tail) = (shown.chars().take(60).collect::<String>(), shown.len().saturating_sub(500));
        text += &format!("{metric} {head} … {}\n", shown.chars().skip(tail).collect::<String>());
    }
    eprintln!("{name}: {:?}", started.elapsed());
    text
}

#[test]
fn try_examples() {
    for name in ["ridership", "cdnow", "social", "grocery"] {
        eprintln!("{}", report(name));
    }
}
