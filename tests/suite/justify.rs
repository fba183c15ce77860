//! `qd justify`.

use crate::harness::Workspace;
use insta::assert_snapshot;

#[test]
fn pages_for_every_audience_in_every_format() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    for audience in ["leadership", "finance", "engineering", "design", "marketing"] {
        for (format, extension) in [("md", "md"), ("html", "html"), ("text", "txt")] {
            let ran = shop.qd(&["justify", "2025-Q1", "--for", audience, "--format", format]).exits(0);
            let path = format!("pages/2025-Q1.{audience}.{extension}");
            assert_eq!(ran.stdout.trim(), path);
            assert!(shop.read(&path).contains("Orders"), "{path}");
        }
    }
}

#[test]
fn text_is_six_lines_for_a_chat() {
    let example = Workspace::example("grocery");
    let text = |metric: &[&str]| {
        let arguments: Vec<&str> =
            ["justify", "2027-Q1"].iter().chain(metric).chain(&["--format", "text", "-o", "-"]).copied().collect();
        example.qd(&arguments).exits(0).stdout
    };
    assert_snapshot!("justify_text_plan", text(&[]));
    assert_snapshot!("justify_text_target", text(&["weekly_orders"]));
}

#[test]
fn one_metric_has_a_page_of_its_own() {
    let shop = Workspace::shop();
    let ran = shop.qd(&["justify", "2025-Q1", "orders"]).exits(0);
    assert_eq!(ran.stdout, "pages/2025-Q1.orders.leadership.md\npages/2025-Q1.orders.leadership.html\n");
    assert!(!shop.read("pages/2025-Q1.orders.leadership.md").contains("Takings: "));
}

#[test]
fn a_page_goes_to_stdout_or_to_a_file() {
    let shop = Workspace::shop();
    let before = shop.files();
    let page = shop.qd(&["justify", "2025-Q1", "-o", "-"]).exits(0).stdout;
    assert!(page.contains("DRAFT"), "{page}");
    assert!(shop.files() == before);
    shop.qd(&["justify", "2025-Q1", "--format", "md", "-o", "out/page.md"]).exits(0);
    assert_eq!(shop.read("out/page.md"), page);
}

#[test]
fn a_page_is_a_draft_until_its_targets_are_accepted() {
    let shop = Workspace::shop();
    assert!(shop.qd(&["justify", "2025-Q1", "-o", "-"]).exits(0).stdout.contains("DRAFT"));
    shop.qd(&["propose"]).exits(0);
    assert!(shop.qd(&["justify", "2025-Q1", "-o", "-"]).exits(0).stdout.contains("DRAFT"));
    shop.qd(&["accept", "--by", "Ada"]).exits(0);
    let page = shop.qd(&["justify", "2025-Q1", "-o", "-"]).exits(0).stdout;
    assert!(!page.contains("DRAFT"), "{page}");
    assert!(page.contains("Ada"), "{page}");
    assert_eq!(page, shop.read("pages/2025-Q1.leadership.md"));
}

#[test]
fn an_accepted_page_stands_on_what_was_frozen() {
    let shop = Workspace::shop();
    shop.qd(&["propose"]).exits(0);
    shop.qd(&["accept", "--by", "Ada"]).exits(0);
    let before = shop.qd(&["justify", "2025-Q1", "-o", "-"]).exits(0).stdout;
    shop.remove("data/days.csv");
    assert_eq!(shop.qd(&["justify", "2025-Q1", "-o", "-"]).exits(0).stdout, before);
}

#[test]
fn an_unknown_metric_or_period_is_said() {
    let shop = Workspace::shop();
    assert_snapshot!("justify_metric", shop.qd(&["justify", "2025-Q1", "order"]).exits(2).shown());
    assert_snapshot!("justify_period", shop.qd(&["justify", "2023"]).exits(2).shown());
}

#[test]
fn charts_are_pictures_beside_the_page() {
    let example = Workspace::example("grocery");
    let listed = example.qd(&["justify", "2027-Q1", "weekly_orders", "--png", "--format", "html"]).exits(0).stdout;
    assert_snapshot!("justify_png", listed);
    let pictures: Vec<&str> = listed.lines().filter(|path| path.ends_with(".png")).collect();
    assert_eq!(pictures.len(), 3, "{listed}");
    for picture in pictures {
        let bytes = example.read_bytes(picture);
        assert!(bytes.starts_with(b"\x89PNG\r\n"), "{picture}");
        // Width and height stand in the head, after sixteen bytes; two dots for each unit of the drawing.
        let length = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert!((800..4_000).contains(&length(16)) && (300..4_000).contains(&length(20)), "{picture}");
    }
    // The same again, byte for byte.
    let before = example.files_in("pages");
    example.qd(&["justify", "2027-Q1", "weekly_orders", "--png", "--format", "html"]).exits(0);
    assert_eq!(before, example.files_in("pages"));
}
