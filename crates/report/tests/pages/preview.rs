//! Writes pages of the fixtures to look at: `QD_PREVIEW=DIR cargo test -p quarterdeck-report preview -- --ignored`.

use crate::fixtures;
use quarterdeck_report::{Audience, Format, plan_document};

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
        for standing in [fixtures::accepted(), fixtures::draft()] {
            let page = plan_document(&plan, &standing, Audience::Leadership, Format::Html, None);
            let kind = if standing.draft { "draft" } else { "accepted" };
            std::fs::write(format!("{folder}/{name}.{kind}.html"), page).unwrap();
        }
    }
}
