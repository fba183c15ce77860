//! Writes pages of the fixtures to look at: `QD_PREVIEW=DIR cargo test -p quarterdeck-report preview -- --ignored`.
#![allow(clippy::disallowed_methods, reason = "a person asks for files to look at")]

use crate::fixtures;
use quarterdeck_report::{Audience, Format, cover_page, plan_document, target_page};

#[test]
#[ignore = "writes files for a person to look at"]
fn preview() {
    let Ok(folder) = std::env::var("QD_PREVIEW") else { return };
    let plans = [
        ("grocery", fixtures::grocery()),
        ("ridership", fixtures::ridership()),
        ("hostile", fixtures::hostile()),
        ("wordy", fixtures::wordy()),
    ];
    for (name, plan) in plans {
        let cover = cover_page(&plan, &fixtures::draft(), Audience::Leadership, Format::Html);
        std::fs::write(format!("{folder}/{name}.cover.html"), cover).unwrap();
        for target in &plan.targets {
            let page = target_page(&plan, target, &fixtures::draft(), Audience::Leadership, Format::Html);
            std::fs::write(format!("{folder}/{name}.{}.html", target.metric), page).unwrap();
        }
        for standing in [fixtures::accepted(), fixtures::draft()] {
            let page = plan_document(&plan, &standing, Audience::Leadership, Format::Html, None);
            let kind = if standing.draft { "draft" } else { "accepted" };
            std::fs::write(format!("{folder}/{name}.{kind}.html"), page).unwrap();
        }
    }
}
