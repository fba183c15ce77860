//! `qd add`: a well-known metric in the workspace, with its pitfalls and its guards.

use crate::args::Add;
use crate::catalogue::{self, Cut, Order, Shelf};
use crate::error::{Exit, Failure};
use crate::files::{Action, Lock, Write};
use crate::output::Output;
use crate::settings::Settings;
use crate::workspace::Workspace;
use quarterdeck_lang::{Diagnostic, TextFile};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Lists what there is, or writes one definition with what it needs.
pub fn run(args: &Add, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let shelves = catalogue::shelves(args.template.as_deref());
    match &args.metric {
        None => list(&shelves, output),
        Some(metric) => add(metric, &shelves, args, settings, output),
    }
}

/// The object of `qd add --json`: every metric there is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shop<'a> {
    metrics: Vec<Offer<'a>>,
}

/// A metric that can be added.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Offer<'a> {
    /// The template it is from.
    template: &'a str,
    #[serde(flatten)]
    metric: catalogue::Offered<'a>,
}

/// The object of `qd add METRIC --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Added<'a> {
    /// The file that was written.
    file: &'a str,
    /// The template it is from.
    template: &'a str,
    /// The metrics in it.
    metrics: &'a [String],
    /// The sources in it.
    sources: Vec<Read<'a>>,
    /// The sources of the workspace that it reads.
    reads: &'a [String],
}

/// A source that was added.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Read<'a> {
    name: &'a str,
    /// The file it reads.
    from: &'a str,
}

/// Every metric one can ask for.
fn list<'s>(shelves: &'s [Shelf], output: &Output) -> Result<Exit, Failure> {
    if output.json {
        let one = |shelf: &'s Shelf| {
            let template = shelf.template.name;
            shelf.offers().map(move |metric| Offer { template, metric })
        };
        output.object(&Shop { metrics: shelves.iter().flat_map(one).collect() })?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for shelf in shelves {
        text.push_str(&format!("{}, {}\n", shelf.template.name, shelf.template.whose));
        let wide = shelf.offers().map(|metric| metric.name.len()).max().unwrap_or_default();
        for metric in shelf.offers() {
            let also = if metric.also.is_empty() { String::new() } else { format!(" ({})", metric.also.join(", ")) };
            text.push_str(&format!("  {:<wide$}  {}{also}\n", metric.name, metric.label));
        }
        text.push('\n');
    }
    text.push_str("`qd add NAME` puts one of them into your workspace, with its pitfalls and its guards.\n");
    output.result(&text);
    Ok(Exit::Done)
}

fn add(metric: &str, shelves: &[Shelf], args: &Add, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let found = shelves.iter().map(|shelf| (shelf, shelf.meant(metric))).find(|(_, meant)| !meant.is_empty());
    let (shelf, meant) = found.ok_or_else(|| unknown(metric, shelves))?;
    if let Some(there) = meant.iter().find_map(|name| workspace.checked.model.metrics.get(name)) {
        let place = &there.definition.place;
        return Err(Failure::input(format!("`{}` is already declared in {}:{}", there.name, place.file, place.line))
            .hint("nothing was written"));
    }
    let order = Order { metrics: &meant, owner: args.owner.as_deref(), file: args.from.as_deref() };
    let cut = catalogue::cut(shelf, &order, &workspace.checked.model);
    if args.from.is_some() && cut.sources.len() != 1 {
        return Err(not_one_file(&cut));
    }
    let path = format!("metrics/{}.qd", meant.first().map_or(metric, String::as_str));
    if workspace.path(&path).symlink_metadata().is_ok() {
        return Err(Failure::input(format!("`{path}` is there already"))
            .hint("nothing was written; move its content, or the file"));
    }
    fits(&workspace, &path, &cut)?;
    Lock::take(&workspace)?.commit(&workspace, &Action::writing(vec![Write::new(path.as_str(), cut.text.as_str())]))?;
    tell(&path, shelf, &cut, args, output)
}

/// Fails where the definitions do not go together with those of the workspace.
fn fits(workspace: &Workspace, path: &str, cut: &Cut) -> Result<(), Failure> {
    let checked = workspace.with_text(TextFile::new(path, cut.text.as_str()));
    let before: BTreeSet<&str> = workspace.checked.errors().map(|error| error.message.as_str()).collect();
    let new: Vec<Diagnostic> =
        checked.errors().filter(|error| !before.contains(error.message.as_str())).cloned().collect();
    if new.is_empty() { Ok(()) } else { Err(Failure::Definitions { files: checked.files.clone(), diagnostics: new }) }
}

fn unknown(metric: &str, shelves: &[Shelf]) -> Failure {
    let failure = Failure::input(format!("no template has a metric called `{metric}`"));
    match catalogue::nearest(shelves, metric) {
        Some(near) => failure.hint(format!("did you mean `qd add {near}`? `qd add` lists them all")),
        None => failure.hint("`qd add` lists them all"),
    }
}

fn not_one_file(cut: &Cut) -> Failure {
    let names: Vec<String> = cut.sources.iter().map(|(name, _)| name.clone()).collect();
    let why = match names.as_slice() {
        [] => "all it reads is in the workspace".to_owned(),
        names => format!("it reads {}", crate::rendering::names(names)),
    };
    Failure::input(format!("`--from` names one file, and {why}"))
        .hint("leave `--from` out; afterwards `from:` of each source says which file it is")
}

/// What was written, and what is left to do.
fn tell(path: &str, shelf: &Shelf, cut: &Cut, args: &Add, output: &Output) -> Result<Exit, Failure> {
    if output.json {
        let sources = cut.sources.iter().map(|(name, from)| Read { name, from });
        output.object(&Added {
            file: path,
            template: shelf.template.name,
            metrics: &cut.metrics,
            sources: sources.collect(),
            reads: &cut.reused,
        })?;
        return Ok(Exit::Done);
    }
    let mut text = format!("Wrote {path}: {}\n\nTo do:\n", crate::rendering::names(&cut.metrics));
    for (source, file) in &cut.sources {
        let columns = shelf.columns(source).join(", ");
        text.push_str(&format!("  `{source}` reads {file}, with the columns {columns}\n"));
    }
    for source in &cut.reused {
        let columns = shelf.columns(source).join(", ");
        text.push_str(&format!("  it reads your `{source}`, which must have the columns {columns}\n"));
    }
    if args.owner.is_none() {
        text.push_str("  nobody answers for it yet: write `owner:` into it\n");
    }
    text.push_str("\nNext:\n  qd check --data\n");
    output.result(&text);
    Ok(Exit::Done)
}
