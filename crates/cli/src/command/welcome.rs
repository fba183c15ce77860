//! Bare `qd`: what it is and what to type next.

use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::settings::Settings;
use crate::workspace;
use serde_json::json;

/// Says what `qd` is and the next three commands: those of a newcomer, or those of somebody in a workspace.
pub fn run(settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let next = if workspace::is_there(settings) {
        [
            ("qd check", "read and check every definition"),
            ("qd propose", "propose the next quarter's targets with their chances"),
            ("qd forecast METRIC", "draw a metric's forecast with the models behind it"),
        ]
    } else {
        [
            ("qd init grocery", "write a workspace that works at once"),
            ("qd propose -C grocery", "propose its next quarter's targets with their chances"),
            ("qd --help", "see every command"),
        ]
    };
    let version = env!("CARGO_PKG_VERSION");
    if output.json {
        let next: Vec<_> = next.iter().map(|(command, does)| json!({ "command": command, "does": does })).collect();
        output.object(&json!({ "name": "qd", "version": version, "next": next }))?;
        return Ok(Exit::Done);
    }
    let mut text = format!(
        "Quarterdeck {version}\n\n\
         Metric definitions as code, forecasts, quarterly targets with an honest chance of being met,\n\
         and the page that justifies them.\n\nNext:\n"
    );
    for (command, does) in next {
        text.push_str(&format!("  {command:<22} {does}\n"));
    }
    output.result(&text);
    Ok(Exit::Done)
}
