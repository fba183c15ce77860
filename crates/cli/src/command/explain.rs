//! `qd explain`: what a code means and what to do about it.

use crate::args::Explain;
use crate::error::{Exit, Failure};
use crate::output::Output;
use anstyle::{AnsiColor, Style};
use quarterdeck_lang::codes::{self, Code};
use schemars::JsonSchema;
use serde::Serialize;

/// The object of `qd explain --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Codes<'a> {
    /// Every code, in order.
    codes: Vec<&'a Code>,
}

/// Explains one code, or lists them all.
pub fn run(args: &Explain, output: &Output) -> Result<Exit, Failure> {
    let Some(code) = &args.code else {
        return list(output);
    };
    let known = codes::find(code)
        .ok_or_else(|| Failure::input(format!("`{code}` is no code of qd")).hint("`qd explain` lists every code"))?;
    if output.json {
        output.object(known)?;
    } else {
        output.result(&text(known));
    }
    Ok(Exit::Done)
}

fn list(output: &Output) -> Result<Exit, Failure> {
    let codes: Vec<&Code> = codes::all().collect();
    if output.json {
        output.object(&Codes { codes })?;
    } else {
        let lines = codes.iter().map(|code| format!("{}  {}\n", code.code, code.title));
        output.result(&lines.collect::<String>());
    }
    Ok(Exit::Done)
}

/// The explanation with both texts, marked as wrong and right in words.
fn text(code: &Code) -> String {
    let bold = Style::new().bold();
    let (red, green) = (AnsiColor::Red.on_default(), AnsiColor::Green.on_default());
    let mut text = format!("{bold}{}: {}{bold:#}\n\n{}\n", code.code, code.title, code.explanation.trim_end());
    for (title, style, example) in [("Wrong", red, code.wrong), ("Right", green, code.right)] {
        if !example.is_empty() {
            let lines: String = example.lines().map(|line| format!("    {line}\n")).collect();
            text.push_str(&format!("\n{style}{title}:{style:#}\n\n{lines}"));
        }
    }
    text
}
