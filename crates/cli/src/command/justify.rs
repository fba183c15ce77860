//! `qd justify`: the pages that justify a period's targets.

use crate::args::{Justify, PageFormat, Reader};
use crate::error::{Exit, Failure};
use crate::files::{self, Action, Lock, Write};
use crate::output::Output;
use crate::pages::{self, Page};
use crate::reading::{self, Chosen};
use crate::recompute;
use crate::settings::Settings;
use crate::standing::{Ledgers, Texts};
use crate::workspace::Workspace;
use quarterdeck_calendar::Period;
use quarterdeck_plan::Proposal;
use quarterdeck_plan::proposal::TargetProposal;
use quarterdeck_report::{Audience, Format, Standing};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The object of `qd justify --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PageFiles {
    /// The period.
    period: Period,
    /// The files that were written.
    files: Vec<String>,
}

/// The object of `qd justify -o - --json`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PageTexts<'a> {
    /// The period.
    period: Period,
    /// Each page.
    pages: Vec<Cow<'a, str>>,
}

/// Writes pages and prints their paths, or prints one page.
pub fn run(args: &Justify, settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let workspace = Workspace::open(settings)?;
    let period = reading::period(&args.period, &workspace.checked.model)?;
    let (proposal, standing) = proposal(&workspace, period, settings, output)?;
    let pages = pages(args, &proposal)?;
    let writes: Vec<Write> = if args.phasing {
        vec![pages::phasing(&proposal, &workspace.checked.model)]
    } else {
        pages.iter().map(|page| page.write(&proposal, &standing)).collect()
    };
    if args.output.as_deref() == Some("-") {
        let texts: Vec<_> = writes.iter().map(|write| String::from_utf8_lossy(&write.content)).collect();
        if output.json {
            output.object(&PageTexts { period, pages: texts })?;
        } else {
            output.result(&texts.join("\n"));
        }
        return Ok(Exit::Done);
    }
    let pictures = if args.png { pictures(&pages, &proposal, &standing) } else { Vec::new() };
    let paths = match &args.output {
        None => {
            let action = Action::writing(writes.into_iter().chain(pictures).collect());
            Lock::take(&workspace)?.commit(&workspace, &action)?;
            action.writes.into_iter().map(|write| write.path).collect()
        }
        Some(path) => elsewhere(path, writes.into_iter().chain(pictures).collect(), settings)?,
    };
    if output.json {
        output.object(&PageFiles { period, files: paths })?;
    } else {
        output.result(&paths.iter().map(|path| format!("{path}\n")).collect::<String>());
    }
    Ok(Exit::Done)
}

/// The charts of the pages, each once: several formats of a page have the same.
fn pictures(pages: &[Page<'_>], proposal: &Proposal, standing: &Standing) -> Vec<Write> {
    let mut seen = BTreeSet::new();
    let all = pages.iter().flat_map(|page| page.pictures(proposal, standing, |_| true));
    all.filter(|write| seen.insert(write.path.clone())).collect()
}

/// What the pages tell: what was frozen where all targets are accepted, else what is proposed now.
fn proposal(
    workspace: &Workspace,
    period: Period,
    settings: &Settings,
    output: &Output,
) -> Result<(Proposal, Standing), Failure> {
    let ledgers = Ledgers::read(workspace, period)?;
    if ledgers.is_settled()
        && let Some(texts) = Texts::read(workspace, period)?
    {
        let verification = recompute::offline(&texts.as_frozen(), false, output)?;
        if !verification.differences.is_empty() {
            output.talk("note: the ledger says other numbers than are recomputed here; `qd verify` shows them");
        }
        let standing = ledgers.standing(&verification.proposal);
        return Ok((verification.proposal, standing));
    }
    super::propose::stop_at_errors(workspace, Some(period), output)?;
    let model = &workspace.checked.model;
    let before = ledgers.proposed.as_ref().map(|ledger| &ledger.basis);
    let as_of = settings.as_of.or(before.map(|basis| basis.as_of));
    let seed = settings.seed.or(before.map(|basis| basis.seed)).unwrap_or(model.settings.forecast.seed);
    let Chosen { period, loaded } = reading::choose(workspace.definitions(), Some(period), as_of, output)?;
    let chosen = Chosen { period, loaded };
    let model = &workspace.model_for(period)?;
    let proposal = super::propose::propose(model, &chosen, seed, output)?;
    let proposal = super::propose::in_force(model, &chosen, &ledgers, seed, output)?.unwrap_or(proposal);
    let standing = ledgers.standing(&proposal);
    Ok((proposal, standing))
}

/// The pages asked for.
fn pages<'a>(args: &Justify, proposal: &'a Proposal) -> Result<Vec<Page<'a>>, Failure> {
    let audience = audience(args.audience);
    let formats = match (args.format, args.output.as_deref()) {
        (Some(format), _) => vec![self::format(format)],
        (None, Some("-")) => vec![Format::Markdown],
        (None, Some(path)) if path.ends_with(".html") => vec![Format::Html],
        (None, Some(path)) if path.ends_with(".md") => vec![Format::Markdown],
        (None, Some(path)) if path.ends_with(".txt") => vec![Format::Text],
        (None, _) => vec![Format::Markdown, Format::Html],
    };
    let targets: Vec<Option<&TargetProposal>> = if args.metrics.is_empty() {
        vec![None]
    } else {
        let each = args.metrics.iter().map(|name| targets(name, proposal));
        each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().map(Some).collect()
    };
    let page = |target| formats.iter().map(move |format| Page { audience, format: *format, target });
    Ok(targets.into_iter().flat_map(page).collect())
}

/// The targets of a metric.
fn targets<'a>(name: &str, proposal: &'a Proposal) -> Result<Vec<&'a TargetProposal>, Failure> {
    let found: Vec<&TargetProposal> = proposal.targets.iter().filter(|target| target.metric == name).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let known: Vec<String> = proposal.targets.iter().map(|target| target.metric.clone()).collect();
    let failure = Failure::input(format!("{} has no target for `{name}`", proposal.period));
    Err(match quarterdeck_lang::suggest::nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => failure.hint(format!("did you mean `{nearest}`?")),
        None => failure.hint(format!("it has targets for {}", crate::rendering::names(&known))),
    })
}

/// Writes pages to a file or into a folder, which are the current folder's and not the workspace's.
fn elsewhere(path: &str, mut writes: Vec<Write>, settings: &Settings) -> Result<Vec<String>, Failure> {
    let place = settings.directory.join(path);
    if let [only] = writes.as_mut_slice()
        && !path.ends_with('/')
        && !place.is_dir()
    {
        only.path = path.to_owned();
        files::write_all([(place, &*only)])?;
        return Ok(vec![path.to_owned()]);
    }
    let folder = path.trim_end_matches('/');
    for write in &mut writes {
        let name = write.path.rsplit('/').next().unwrap_or_default().to_owned();
        write.path = format!("{folder}/{name}");
    }
    files::write_all(writes.iter().map(|write| (settings.directory.join(&write.path), write)))?;
    Ok(writes.into_iter().map(|write| write.path).collect())
}

fn audience(reader: Reader) -> Audience {
    match reader {
        Reader::Leadership => Audience::Leadership,
        Reader::Finance => Audience::Finance,
        Reader::Engineering => Audience::Engineering,
        Reader::Design => Audience::Design,
        Reader::Marketing => Audience::Marketing,
    }
}

fn format(format: PageFormat) -> Format {
    match format {
        PageFormat::Md => Format::Markdown,
        PageFormat::Html => Format::Html,
        PageFormat::Text => Format::Text,
    }
}
