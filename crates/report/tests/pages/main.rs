//! Whole pages: what they look like (snapshots), and what must hold of every page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fixtures;
mod preview;

use fixtures::{accepted, draft, grocery, ridership, unborn};
use quarterdeck_report::{Audience, Format, cover_page, plan_document, target_page};

#[test]
fn a_plan_in_markdown() {
    let page = plan_document(&grocery(), &accepted(), Audience::Leadership, Format::Markdown, None);
    insta::assert_snapshot!("grocery_markdown", page);
}

#[test]
fn a_quarter_without_a_plan_in_markdown() {
    let page = plan_document(&ridership(), &draft(), Audience::Finance, Format::Markdown, None);
    insta::assert_snapshot!("ridership_markdown", page);
}

#[test]
fn a_target_without_history_in_text() {
    let proposal = grocery();
    let page = target_page(&proposal, &unborn(), &draft(), Audience::Engineering, Format::Text);
    insta::assert_snapshot!("unborn_text", page);
    insta::assert_snapshot!("cover_text", cover_page(&proposal, &draft(), Audience::Design, Format::Text));
}
