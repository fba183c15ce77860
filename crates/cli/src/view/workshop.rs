//! The sheet of a workshop of two hours that finds a north star, or looks at the one there is.

use crate::graph::{Bond, Graph};
use quarterdeck_lang::Model;
use quarterdeck_plan::north_star::Check;

/// The parts of the two hours: when each ends, what it is about, what stands on the wall afterwards.
const PARTS: [(&str, &str, &str); 6] = [
    ("0:00 – 0:15", "Why we are here", "One sentence: for whom we build, and what is better for them afterwards."),
    (
        "0:15 – 0:35",
        "The moments that count",
        "Each alone: three moments in which somebody got what they came for. On the wall, in groups.",
    ),
    ("0:35 – 1:00", "Candidates", "For each group one number that counts those moments, by the week. At most five."),
    ("1:00 – 1:25", "The seven questions", "Each candidate against the table below: yes, no, or who finds out."),
    ("1:25 – 1:45", "Inputs", "For the best one: three to five numbers that teams can move, and who owns each."),
    (
        "1:45 – 2:00",
        "What must not suffer",
        "One number beside it that would fall if we cheated; the next step, its owner, its day.",
    ),
];

/// The seven questions, where no metric has been checked.
const QUESTIONS: [(&str, &str); 7] = [
    ("value", "Does it say what customers get?"),
    ("strategy", "Does it stand for where the product goes?"),
    ("leading", "Does it move before the money does?"),
    ("actionable", "Can teams move it?"),
    ("understandable", "Is it understood without a manual?"),
    ("measurable", "Is it measured, often and soon enough?"),
    ("honest", "Can it fall, and is something watched beside it?"),
];

/// The sheet as Markdown.
pub fn sheet(checks: &[Check], model: &Model) -> String {
    let workspace = if model.settings.name.is_empty() { String::new() } else { format!(": {}", model.settings.name) };
    let mut text = format!("# North star workshop{workspace}\n\n");
    text.push_str("Who: product, design, engineering, data, and one who talks with customers each week. One person leads, one writes.\n\n");
    text.push_str("| when | what | what stands on the wall |\n| --- | --- | --- |\n");
    for (when, what, wall) in PARTS {
        text.push_str(&format!("| {when} | {what} | {wall} |\n"));
    }
    text.push_str("\n## The seven questions\n\n");
    match checks {
        [] => questions(&mut text),
        checks => checks.iter().for_each(|check| checked(&mut text, check, model)),
    }
    text.push_str("\n## Decided\n\n| what | who | by when |\n| --- | --- | --- |\n| the north star: | | |\n");
    text.push_str(
        "| its inputs and their owners: | | |\n| what must not suffer: | | |\n| what we find out first: | | |\n",
    );
    text.push_str(
        "\nAfterwards: write `role: north star` into the metric, its inputs as `equals:` or `drives:`, what must not suffer as \
         `guard:`,\nand for each question somebody answered `attested: value by \"NAME\" on DATE`. `qd northstar` then checks the rest.\n",
    );
    text
}

fn questions(text: &mut String) {
    text.push_str("| question | candidate 1: | candidate 2: | candidate 3: |\n| --- | --- | --- | --- |\n");
    for (_, question) in QUESTIONS {
        text.push_str(&format!("| {question} | | | |\n"));
    }
}

/// What is known of the one there is, beside room for another.
fn checked(text: &mut String, check: &Check, model: &Model) {
    let name = plain(&check.label);
    text.push_str(&format!("| question | {name} (today) | another: |\n| --- | --- | --- |\n"));
    for point in &check.points {
        let word = match point.holds {
            Some(true) => "yes",
            Some(false) => "no",
            None => "open",
        };
        let says = plain(&point.computed.join(" "));
        let answer = if says.is_empty() { word.to_owned() } else { format!("{word}: {says}") };
        text.push_str(&format!("| {} | {answer} | |\n", point.question));
    }
    let graph = Graph::of(model);
    let below = graph.below(&check.metric);
    if !below.is_empty() {
        text.push_str(&format!("\n## What {name} is made of today\n\n| input | how | owner |\n| --- | --- | --- |\n"));
    }
    for (input, bond) in below {
        let metric = model.metrics.get(input);
        let label = metric.map_or(input, |metric| metric.label.as_str());
        let how = match bond {
            Bond::Exact => "made of it",
            Bond::Believed => "believed to move it",
        };
        let owner = metric.and_then(|metric| metric.owner.as_deref()).unwrap_or("nobody yet");
        text.push_str(&format!("| {} | {how} | {} |\n", plain(label), plain(owner)));
    }
}

/// A text inside a cell of a table.
fn plain(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
