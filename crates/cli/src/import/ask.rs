//! Questions on a terminal, plain and numbered.

use crate::output::Output;
use crate::rendering::quoted;
use quarterdeck_import::{Answer, Answers, Question};
use std::io::{BufRead, Error, ErrorKind, IsTerminal, Write};

/// Whether somebody is there to answer.
pub fn is_possible(output: &Output) -> bool {
    !output.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks each question until it has an answer.
pub fn answers(questions: &[Question], known: &mut Answers) -> Result<(), Error> {
    let (mut stdin, mut stderr) = (std::io::stdin().lock(), std::io::stderr().lock());
    for question in questions {
        let value = ask(question, &mut stdin, &mut stderr)?;
        known.0.push(Answer { file: Some(question.file.clone()), key: question.key.clone(), value });
    }
    Ok(())
}

fn ask(question: &Question, from: &mut impl BufRead, to: &mut impl Write) -> Result<String, Error> {
    writeln!(to, "\n{}: {}", question.file, question.text)?;
    for (at, choice) in question.choices.iter().enumerate() {
        writeln!(to, "  {}  {}{}", at + 1, choice.means, line_of(choice.line.as_deref()))?;
    }
    let free = question.choices.len() == 1;
    loop {
        if free {
            write!(to, "Your answer: ")?;
        } else {
            write!(to, "Type the number of what is right: ")?;
        }
        to.flush()?;
        let mut typed = String::new();
        if from.read_line(&mut typed)? == 0 {
            return Err(Error::new(ErrorKind::UnexpectedEof, "a question was left without an answer"));
        }
        let typed = typed.trim();
        let chosen = typed.parse::<usize>().ok().and_then(|number| question.choices.get(number.checked_sub(1)?));
        if let Some(choice) = chosen.filter(|choice| choice.value != "YYYY") {
            return Ok(choice.value.clone());
        }
        let same = question.choices.iter().find(|choice| choice.value.eq_ignore_ascii_case(typed));
        if let Some(choice) = same {
            return Ok(choice.value.clone());
        }
        if (free || question.key == "fiscal-year") && !typed.is_empty() {
            return Ok(typed.to_owned());
        }
        writeln!(to, "`{typed}` is none of them.")?;
    }
}

/// The readings, each with the answer that chooses it.
pub fn choices(question: &Question, is_several: bool) -> String {
    let flags: Vec<String> = question.choices.iter().map(|choice| flag(question, &choice.value, is_several)).collect();
    let width = flags.iter().map(|flag| flag.chars().count()).max().unwrap_or(0);
    let lines = question.choices.iter().zip(&flags).map(|(choice, flag)| {
        let means = format!("  {flag:width$}   {}", choice.means);
        choice.line.as_ref().map_or(means.clone(), |line| format!("{means}\n  {:width$}   writes  {line}", ""))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn flag(question: &Question, value: &str, is_several: bool) -> String {
    let file = if is_several { format!("{}: ", question.file) } else { String::new() };
    format!("--answer {}", quoted(&format!("{file}{}={value}", question.key)))
}

/// The values that can be answered.
pub fn values(question: &Question) -> String {
    let values: Vec<String> =
        question.choices.iter().map(|choice| format!("{}={}", question.key, choice.value)).collect();
    values.join(" or ")
}

fn line_of(line: Option<&str>) -> String {
    line.map(|line| format!("   [{line}]")).unwrap_or_default()
}
