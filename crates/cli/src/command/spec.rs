//! `qd spec`: the Metric Spec Document, in Markdown.

mod document;
mod history;
mod measure;

use crate::args::Spec;
use crate::error::{Exit, Failure};
use crate::files::{self, Write};
use crate::graph::Graph;
use crate::output::Output;
use crate::reading;
use crate::settings::Settings;
use crate::workspace::{Shaped, Workspace};
use document::Document;
use history::History;
use quarterdeck_calendar::Grain;
use quarterdeck_data::{Request, Wanted, load};
use quarterdeck_lang::model::Metric;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// The name of the index among documents.
const INDEX: &str = "README.md";

/// Writes the document of one metric, or of all with an index.
pub fn run(args: &Spec, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let model = &workspace.checked.model;
    let names: Vec<String> = match &args.metric {
        Some(name) => vec![reading::metric(name, &workspace)?.to_owned()],
        None => model.metrics.keys().cloned().collect(),
    };
    workspace.stop_at_errors(names.iter().cloned(), None, Shaped::ByNothing, output)?;
    let working = output.working("reading data");
    let graph = Graph::of(model);
    let history = History::of(&workspace);
    let mut writes = Vec::new();
    for metric in names.iter().filter_map(|name| model.metrics.get(name)) {
        let sql = sql(&workspace, metric, settings);
        let text =
            Document { workspace: &workspace, graph: &graph, metric, sql: sql.as_ref(), history: &history }.markdown();
        writes.push(Write::new(format!("{}.md", metric.name), text));
    }
    drop(working);
    if args.all {
        let index = document::index(model);
        writes.insert(0, Write::new(INDEX, index));
    }
    match &args.output {
        Some(folder) => {
            let place = settings.directory.join(folder);
            files::write_all(writes.iter().map(|write| (place.join(&write.path), write)))?;
            let shown = folder.to_string_lossy().replace('\\', "/");
            let shown = shown.trim_end_matches('/');
            let paths: Vec<String> = writes.iter().map(|write| format!("{shown}/{}", write.path)).collect();
            if output.json {
                output.object(&Written { files: paths.iter().map(|path| path.as_str()).collect() })?;
            } else {
                output.result(&paths.iter().map(|path| format!("{path}\n")).collect::<String>());
            }
        }
        None if output.json => {
            let documents =
                writes.iter().map(|write| Text { name: &write.path, text: String::from_utf8_lossy(&write.content) });
            output.object(&Documents { documents: documents.collect() })?;
        }
        None => {
            let texts: Vec<_> = writes.iter().map(|write| String::from_utf8_lossy(&write.content)).collect();
            output.bytes(texts.join("\n").as_bytes());
        }
    }
    Ok(Exit::Done)
}

/// A metric in SQL.
#[derive(Clone, Debug)]
struct Sql {
    /// One query that gives its values; empty where there is none that says it plainly.
    whole: Vec<String>,
    /// The queries the engine is asked.
    asked: Vec<String>,
}

/// The queries that compute a metric; `None` where its data cannot be read.
fn sql(workspace: &Workspace, metric: &Metric, settings: &Settings) -> Option<Sql> {
    let wanted = [Wanted::whole(metric.name.clone())];
    let model = &workspace.checked.model;
    let request =
        Request { root: &workspace.root, model, wanted: &wanted, as_of: settings.as_of, window: Grain::Quarter };
    let mut loaded = load(&request).ok()?;
    let observed = loaded.metrics.remove(&metric.name)?;
    Some(Sql { whole: observed.whole, asked: observed.sql })
}

/// The object of `qd spec --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Documents<'a> {
    /// Each document, the index first where there are several.
    documents: Vec<Text<'a>>,
}

/// A document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Text<'a> {
    /// The name of its file.
    name: &'a str,
    /// It, in Markdown.
    text: Cow<'a, str>,
}

/// The object of `qd spec -o DIR --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Written<'a> {
    /// The files that were written.
    files: Vec<&'a str>,
}
