//! `qd track` and `qd note`: where targets stand inside their period, in text, Markdown, HTML and JSON.

use crate::harness::Workspace;
use insta::assert_snapshot;
use std::sync::OnceLock;

/// The record shop, with the targets of its second quarter of 1998 accepted on what was known before it.
pub fn accepted() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    let accepted = ONCE.get_or_init(|| {
        let shop = Workspace::example("cdnow");
        shop.qd(&["propose", "1998-Q2", "--as-of", "1998-03-31"]).exits(0);
        shop.qd(&["accept", "--by", "Ada"]).exits(0);
        shop
    });
    accepted.again()
}

#[test]
fn a_quarter_is_followed() {
    let shop = accepted();
    assert_snapshot!("track_week_3", shop.qd(&["track", "--as-of", "1998-04-19"]).exits(0).shown());
    let markdown = shop.qd(&["track", "1998-Q2", "--as-of", "1998-05-17", "--format", "md"]).exits(0);
    assert_snapshot!("track_markdown", markdown.shown());
    let html = shop.qd(&["track", "--as-of", "1998-05-17", "--format", "html", "-o", "track.html"]).exits(0);
    assert_eq!(html.stdout, "track.html\n");
    let page = shop.read("track.html");
    assert!(page.contains("class=\"planned\"") && page.matches("<figure>").count() == 4, "{page}");
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
}

#[test]
fn the_object_has_its_form() {
    let shop = accepted();
    let ran = shop.qd(&["track", "--as-of", "1998-05-17", "--json"]).exits(0);
    let object = ran.json();
    for key in ["period", "starts", "ends", "as_of", "day", "days", "seed", "version", "targets", "dropped"] {
        assert!(!object[key].is_null(), "{key}: {}", ran.shown());
    }
    assert_eq!((object["day"].as_i64(), object["days"].as_i64()), (Some(47), Some(91)));
    let targets = object["targets"].as_array().unwrap();
    assert_eq!(targets.len(), 4);
    for target in targets {
        let now = target["p_hit"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&now));
        let change = target["change"].as_f64().unwrap();
        assert!((change - (now - target["p_hit_week_ago"].as_f64().unwrap())).abs() < 1.1e-3);
        assert!(["red", "yellow", "green"].contains(&target["colour"].as_str().unwrap()));
        let required = &target["required"];
        assert!(required["reached"].as_u64().unwrap() <= required["n"].as_u64().unwrap());
    }
    // Exceptions first.
    let place = |colour: &str| ["red", "yellow", "unknown", "green"].iter().position(|known| *known == colour).unwrap();
    let places: Vec<usize> = targets.iter().map(|target| place(target["colour"].as_str().unwrap())).collect();
    assert!(places.windows(2).all(|pair| pair[0] <= pair[1]), "{places:?}");
}

#[test]
fn it_fails_on_red_where_asked_to() {
    let shop = accepted();
    let red = shop.qd(&["track", "--as-of", "1998-05-17", "--fail-on", "red", "--json"]);
    let any = red.json()["targets"].as_array().unwrap().iter().any(|target| target["colour"] == "red");
    assert!(any, "{}", red.shown());
    assert_eq!(red.code, 1);
    shop.qd(&["track", "--as-of", "1998-05-17"]).exits(0);
}

#[test]
fn notes_stay_until_they_are_done() {
    let shop = accepted();
    let day = ["--as-of", "1998-05-17"];
    let note = |words: &[&str]| shop.qd(&[&["note"], words, &day].concat());
    let said = note(&[
        "weekly_orders",
        "The second mail goes out a week earlier",
        "--by",
        "Ada",
        "--owner",
        "Bob",
        "--due",
        "1998-06-01",
    ]);
    assert_snapshot!("note", said.exits(0).shown());
    let log = shop.read("targets/1998-Q2.log.jsonl");
    assert_eq!(log.lines().count(), 1);
    let id = log.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let notes = |day: &str| {
        let object = shop.qd(&["track", "--as-of", day, "--json"]).exits(0).json();
        let targets = object["targets"].as_array().unwrap().clone();
        let orders = targets.iter().find(|target| target["metric"] == "weekly_orders").unwrap();
        orders["notes"].as_array().unwrap().iter().map(|note| note["overdue"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((notes("1998-05-24"), notes("1998-06-07")), (vec![false], vec![true]));
    note(&["weekly_orders", "Done", "--by", "Bob", "--done", &id[..4]]).exits(0);
    assert_eq!(notes("1998-06-07"), [false; 0]);
    assert_snapshot!("note_unknown", note(&["weekly_order", "x", "--by", "Ada"]).exits(2).shown());
    assert_snapshot!("note_no_such", note(&["weekly_orders", "x", "--by", "Ada", "--done", "zzz"]).exits(2).shown());
    assert_snapshot!("note_not_followed", note(&["discs_per_order", "x", "--by", "Ada"]).exits(2).shown());
    note(&["weekly_orders", " ", "--by", "Ada"]).exits(2);
}

#[test]
fn readings_are_kept_where_asked_to() {
    let shop = accepted();
    for _ in 0..2 {
        shop.qd(&["track", "--as-of", "1998-04-19", "--keep"]).exits(0);
    }
    let log = shop.read("targets/1998-Q2.log.jsonl");
    assert_eq!(log.lines().count(), 4, "{log}");
    shop.write("targets/1998-Q2.log.jsonl", log.replacen("\"on\"", "\"when\"", 1));
    assert_snapshot!("log_broken", shop.qd(&["track", "--as-of", "1998-04-26"]).exits(2).shown());
}

#[test]
fn without_targets_there_is_nothing_to_follow() {
    let shop = Workspace::shop();
    assert_snapshot!("track_nothing", shop.qd(&["track"]).exits(2).shown());
    assert_snapshot!("track_no_period", accepted().qd(&["track", "1998-Q3"]).exits(2).shown());
}

#[test]
fn notes_at_once_are_all_there() {
    let shop = accepted();
    std::thread::scope(|scope| {
        for words in ["One", "Two", "Three"] {
            let shop = &shop;
            scope.spawn(move || {
                shop.qd(&["note", "revenue", words, "--by", "Ada", "--as-of", "1998-04-19"]).exits(0);
            });
        }
    });
    assert_eq!(shop.read("targets/1998-Q2.log.jsonl").lines().count(), 3);
}
