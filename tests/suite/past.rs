//! Every past quarter an example's data allows: proposed on what was known then, accepted, closed, scored.

use crate::harness::Workspace;
use insta::assert_snapshot;
use serde_json::Value;

/// Proposes, accepts and closes quarters, each as of the day before it began and the day it ended; gives the workspace and
/// the object of the scoreboard.
fn replayed(example: &str, quarters: &[(&str, &str, &str)]) -> (Workspace, Value) {
    let workspace = Workspace::example(example);
    for (quarter, before, end) in quarters {
        workspace.qd(&["propose", quarter, "--as-of", before, "--quiet"]).exits(0);
        workspace.qd(&["accept", "--period", quarter, "--by", "Ada"]).exits(0);
        workspace.qd(&["close", quarter, "--as-of", end, "--quiet"]).exits(0);
    }
    let board = workspace.qd(&["close", "--json"]).exits(0).json()["scoreboard"].clone();
    (workspace, board)
}

/// What the closings' own files say of the targets' claims: number, hits, and the Brier score, worked out here once more.
fn by_hand(workspace: &Workspace, quarters: &[(&str, &str, &str)]) -> (usize, usize, f64) {
    let (mut n, mut hits, mut sum) = (0, 0, 0.0);
    for (quarter, ..) in quarters {
        let text = workspace.read(&format!("targets/{quarter}.close.toml"));
        let closing: toml::Table = text.parse().unwrap();
        assert_eq!(closing["final"].as_bool(), Some(true), "{text}");
        for target in closing["targets"].as_array().unwrap() {
            let claims = target.get("claims").and_then(|claims| claims.as_array()).cloned().unwrap_or_default();
            for claim in claims.iter().filter(|claim| claim["level"].as_str() == Some("target")) {
                let (p, hit) = (claim["p"].as_float().unwrap(), claim["hit"].as_bool().unwrap());
                n += 1;
                hits += usize::from(hit);
                sum += (p - f64::from(u8::from(hit))).powi(2);
            }
        }
    }
    (n, hits, sum / n as f64)
}

fn check(workspace: &Workspace, board: &Value, quarters: &[(&str, &str, &str)]) {
    let (n, hits, brier) = by_hand(workspace, quarters);
    assert_eq!(board["periods"].as_array().unwrap().len(), quarters.len());
    assert_eq!(board["claims"].as_u64(), Some(n as u64));
    let levels = board["groups"].as_array().unwrap().iter().find(|group| group["name"] == "levels").unwrap();
    let line = levels["lines"].as_array().unwrap().iter().find(|line| line["name"] == "target").unwrap();
    assert_eq!((line["n"].as_u64(), line["hit"].as_u64()), (Some(n as u64), Some(hits as u64)));
    assert!((line["brier"]["value"].as_f64().unwrap() - brier).abs() < 1e-9, "{line} {brier}");
    let part = |name: &str| board["parts"][name].as_f64().unwrap();
    let sum = part("reliability") - part("resolution") + part("uncertainty") + part("within");
    assert!((sum - brier).abs() < 1e-9, "{sum} {brier}");
}

#[test]
fn the_record_shop() {
    let quarters = [
        ("1997-Q3", "1997-06-30", "1997-09-30"),
        ("1997-Q4", "1997-09-30", "1997-12-31"),
        ("1998-Q1", "1997-12-31", "1998-03-31"),
        ("1998-Q2", "1998-03-31", "1998-06-30"),
    ];
    let (workspace, board) = replayed("cdnow", &quarters);
    check(&workspace, &board, &quarters);
    assert_snapshot!("past_cdnow", workspace.qd(&["close"]).exits(0).shown());
}

#[test]
fn the_subway() {
    let days = ["03-31", "06-30", "09-30", "12-31"];
    let mut quarters = Vec::new();
    for year in 2021..=2024 {
        for quarter in 1..=4 {
            let before =
                if quarter == 1 { format!("{}-12-31", year - 1) } else { format!("{year}-{}", days[quarter - 2]) };
            quarters.push((format!("{year}-Q{quarter}"), before, format!("{year}-{}", days[quarter - 1])));
        }
    }
    // The counts end in October 2024.
    quarters.truncate(15);
    let quarters: Vec<(&str, &str, &str)> =
        quarters.iter().map(|(quarter, before, end)| (quarter.as_str(), before.as_str(), end.as_str())).collect();
    let (workspace, board) = replayed("ridership", &quarters);
    check(&workspace, &board, &quarters);
    assert_snapshot!("past_ridership", workspace.qd(&["close"]).exits(0).shown());
}
