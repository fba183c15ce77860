//! Goals of a year, accepted, and the quarters read against them.

use crate::harness::Workspace;
use insta::assert_snapshot;

const YEAR: &str = r#"
plan 2025 "A second oven" {
  approver: "owner@shop.example"
  target orders { confidence: 60%  because: "The second oven pays for itself at so many." }
  target revenue { confidence: 60%  because: "The oven has to be paid." allow: L004 "Pays for the rest." }
}
"#;

fn accepted_year() -> Workspace {
    let shop = Workspace::shop();
    shop.write("plans/2025.qd", YEAR);
    shop.qd(&["propose", "2025"]).exits(0);
    shop.qd(&["accept", "--by", "Ada", "--on", "2024-12-31"]).exits(0);
    shop
}

/// Another goal for the year, accepted already.
fn amend_year(shop: &Workspace) {
    let words = ["amend", "revenue", "--period", "2025", "--to", "400_000", "--because", "A loan.", "--by", "Ada"];
    shop.qd(&[&words[..], &["--on", "2025-01-02"]].concat()).exits(0);
}

#[test]
fn a_quarter_is_read_against_the_year_people_accepted() {
    let shop = accepted_year();
    let against = |shop: &Workspace| {
        let shown = shop.qd(&["propose", "2025-Q1", "--dry-run", "--quiet"]).exits(0).shown();
        let lines: Vec<&str> = shown.lines().collect();
        // What is said of the year, with the lines it runs on.
        let told = lines.iter().enumerate().filter(|(_, line)| line.starts_with("  2025  ")).map(|(at, _)| {
            let more = lines[at + 1..].iter().take_while(|line| line.starts_with("        "));
            std::iter::once(&lines[at]).chain(more).map(|line| format!("{line}\n")).collect::<String>()
        });
        told.collect::<String>()
    };
    let before = against(&shop);
    assert_snapshot!("yearly_against", before);
    // An amended year is another goal.
    amend_year(&shop);
    let after = against(&shop);
    assert!(after != before && after.contains("400,000 EUR"), "{after}");
}

#[test]
fn both_hold_side_by_side() {
    let shop = accepted_year();
    shop.qd(&["propose", "2025-Q1"]).exits(0);
    shop.qd(&["accept", "--period", "2025-Q1", "--by", "Ada", "--on", "2024-12-31"]).exits(0);
    shop.qd(&["verify"]).exits(0);
    assert!(shop.read("pages/2025-Q1.leadership.md").contains("Against 2025:"));
    amend_year(&shop);
    // The quarter was accepted against the year as it was then.
    shop.qd(&["verify"]).exits(0);
}
