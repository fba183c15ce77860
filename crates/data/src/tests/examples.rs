//! The examples' own data. `examples.py` beside this file computes the same numbers from the files by other means.

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

fn read(name: &str, metrics: &[&str]) -> crate::Loaded {
    let (root, workspace) = example(name);
    let wanted: Vec<crate::Wanted> = metrics.iter().map(|metric| crate::Wanted::whole(*metric)).collect();
    let window = quarterdeck_calendar::Grain::Quarter;
    let request = crate::Request { root: &root, model: &workspace.model, wanted: &wanted, as_of: None, window };
    crate::load(&request).unwrap()
}

#[test]
fn ridership() {
    let loaded = read("ridership", &["subway_rides", "bridge_crossings"]);
    assert_eq!(loaded.as_of.to_string(), "2024-10-31");
    for metric in loaded.metrics.values() {
        insta::assert_snapshot!(shown(metric));
    }
}

#[test]
fn cdnow() {
    let loaded = read("cdnow", &["weekly_orders", "revenue", "active_customers"]);
    assert_eq!(loaded.as_of.to_string(), "1998-06-30");
    // The sum of all orders is published with the data.
    let revenue = loaded.metrics.get("revenue").unwrap();
    let total: f64 = revenue.history.quarters.iter().map(|quarter| quarter.value).sum();
    assert!((total - 2_500_315.63).abs() < 1e-6, "{total}");
    for metric in loaded.metrics.values() {
        insta::assert_snapshot!(shown(metric));
    }
}
