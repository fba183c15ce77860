//! The same workspace gives the same bytes, wherever and however it is read.

use crate::harness::Workspace;

/// Everything a proposal leaves: stdout, the JSON and every file.
fn everything(shop: &Workspace, variables: &[(&str, &str)]) -> (String, String, Vec<(String, Vec<u8>)>) {
    let text = shop.qd_with(&["propose"], variables).exits(0).stdout;
    let object = shop.qd_with(&["propose", "--json"], variables).exits(0).stdout;
    let mut files = shop.files_in("targets");
    files.extend(shop.files_in("pages"));
    assert_eq!(files.len(), 3);
    (text, object, files)
}

#[test]
fn threads_locales_time_zones_and_folders_change_nothing() {
    let expected = everything(&Workspace::shop(), &[]);
    let surroundings: [&[(&str, &str)]; 5] = [
        &[("RAYON_NUM_THREADS", "1")],
        &[("RAYON_NUM_THREADS", "2")],
        &[("RAYON_NUM_THREADS", "5")],
        &[("LC_ALL", "de_DE.UTF-8"), ("LANG", "de_DE.UTF-8"), ("TZ", "Pacific/Kiritimati")],
        &[("LC_ALL", "C"), ("TZ", "America/Los_Angeles"), ("HOME", "/nowhere"), ("TOKIO_WORKER_THREADS", "1")],
    ];
    for variables in surroundings {
        assert!(everything(&Workspace::shop(), variables) == expected, "{variables:?} changes what is proposed");
    }
}

#[test]
fn no_path_clock_or_host_is_in_any_output() {
    let shop = Workspace::shop();
    let (text, object, files) = everything(&shop, &[]);
    let folder = shop.path().to_str().unwrap().to_owned();
    let pages = files.iter().map(|(_, content)| String::from_utf8(content.clone()).unwrap());
    for text in [text, object].into_iter().chain(pages) {
        assert!(!text.contains(&folder), "the folder is in an output");
        assert!(!text.contains("/tmp/"), "a path is in an output");
    }
}

#[test]
fn the_order_of_declarations_changes_nothing() {
    let shop = Workspace::shop();
    let expected = everything(&shop, &[]);
    let other = Workspace::shop();
    let text = other.read("metrics/shop.qd");
    let (first, second) = text.split_at(text.find("metric late_share").unwrap());
    other.write("metrics/shop.qd", second).write("a/first.qd", first);
    assert!(everything(&other, &[]) == expected);
}

#[test]
fn another_seed_gives_other_draws() {
    let shop = Workspace::shop();
    let one = shop.qd(&["propose", "--json", "--dry-run"]).exits(0).json();
    let again = shop.qd(&["propose", "--json", "--dry-run", "--seed", "1"]).exits(0).json();
    let two = shop.qd(&["propose", "--json", "--dry-run", "--seed", "2"]).exits(0).json();
    assert_eq!(one, again);
    assert_eq!(two["seed"], 2);
    assert_ne!(one["targets"][0]["forecast"], two["targets"][0]["forecast"]);
}
