//! What git knows of a workspace: its texts at a revision. The binary is asked, so that its settings and helpers count.

use crate::error::Failure;
use crate::workspace::{self, SETTINGS};
use quarterdeck_lang::TextFile;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A workspace's texts at a revision.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// `quarterdeck.toml`; without it, there was no workspace.
    pub settings: Option<TextFile>,
    /// Its `.qd` files.
    pub texts: Vec<TextFile>,
    /// Its ledgers, by path.
    pub ledgers: BTreeMap<String, String>,
}

/// Reads a workspace at a revision.
pub fn past(root: &Path, revision: &str) -> Result<Past, Failure> {
    let commit = commit(root, revision)?;
    let listed = run(root, &["ls-tree", "-r", "-z", &commit])?;
    if !listed.status.success() {
        return Err(refused("list the files of that revision", &listed));
    }
    let files = files(&listed.stdout);
    let nested: Vec<&str> = files.keys().filter_map(|path| path.strip_suffix("/quarterdeck.toml")).collect();
    let ledger = |path: &str| path.starts_with("targets/") && path.ends_with(".toml");
    let wanted: Vec<(&String, &String)> =
        files.iter().filter(|(path, _)| *path == SETTINGS || ledger(path) || is_definition(path, &nested)).collect();
    let contents = contents(root, &wanted)?;
    let mut past = Past::default();
    for ((path, _), bytes) in wanted.into_iter().zip(contents) {
        let text = workspace::text(&format!("{revision}:{path}"), bytes)?;
        if path == SETTINGS {
            past.settings = Some(TextFile::new(path, text));
        } else if ledger(path) {
            past.ledgers.insert(path.clone(), text);
        } else {
            past.texts.push(TextFile::new(path, text));
        }
    }
    Ok(past)
}

/// Whether a path is one of the workspace's definitions, as on disk: hidden folders, `target/` and nested workspaces are
/// skipped.
fn is_definition(path: &str, nested: &[&str]) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    let skipped = folders.iter().any(|folder| folder.starts_with('.') || *folder == "target");
    let inner = nested.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')));
    path.ends_with(".qd") && !skipped && !inner
}

/// The full name of a revision's commit.
fn commit(root: &Path, revision: &str) -> Result<String, Failure> {
    let name = format!("{revision}^{{commit}}");
    let found = run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
    if found.status.success() {
        return Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned());
    }
    let inside = run(root, &["rev-parse", "--is-inside-work-tree"])?;
    if !inside.status.success() {
        let words = String::from_utf8_lossy(&inside.stderr).to_lowercase();
        if words.contains("not a git repository") {
            return Err(Failure::input(
                "this workspace is in no git repository, so there is nothing to compare it with",
            )
            .hint("`git init`, then commit the definitions"));
        }
        return Err(refused("look at this repository", &inside));
    }
    let any = run(root, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    if !any.status.success() {
        return Err(Failure::input("nothing is committed in this repository yet, so there is nothing to compare with")
            .hint("commit the definitions first"));
    }
    if let Some((from, _)) = revision.split_once("..").filter(|(from, _)| !from.is_empty()) {
        let failure =
            Failure::input(format!("`{revision}` is a range, and the files on disk are compared with one revision"));
        return Err(failure
            .hint(format!("`qd diff {from}` compares with where it starts"))
            .hint(format!("`qd diff $(git merge-base {from} HEAD)` with where the two parted")));
    }
    Err(Failure::input(format!("git knows no revision `{revision}`"))
        .hint("name a commit, a branch or a tag, as in `qd diff main`")
        .hint("where the history is cut short, as in many CI checkouts, fetch more of it: `git fetch --unshallow`"))
}

/// Files and their objects from `ls-tree -z`; links and submodules are no files.
fn files(listed: &[u8]) -> BTreeMap<String, String> {
    let entries = listed.split(|byte| *byte == 0).filter_map(|entry| {
        let entry = std::str::from_utf8(entry).ok()?;
        let (facts, path) = entry.split_once('\t')?;
        let mut facts = facts.split(' ');
        let (mode, kind, object) = (facts.next()?, facts.next()?, facts.next()?);
        (kind == "blob" && mode != "120000").then(|| (path.to_owned(), object.to_owned()))
    });
    entries.collect()
}

/// What objects hold, in order, asked of one process.
fn contents(root: &Path, wanted: &[(&String, &String)]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut child = git(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| missing(&error))?;
    let asked: String = wanted.iter().map(|(_, object)| format!("{object}\n")).collect();
    let input = child.stdin.take();
    // Written from beside, for git answers while it is still being asked.
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(asked.as_bytes())));
    let output = child.wait_with_output().map_err(|error| missing(&error))?;
    let _ = writer.join();
    if !output.status.success() {
        return Err(refused("read the files of that revision", &output));
    }
    let mut rest = output.stdout.as_slice();
    let mut contents = Vec::with_capacity(wanted.len());
    for (path, _) in wanted {
        let one = next(&mut rest).ok_or_else(|| {
            Failure::input(format!("git cannot read `{path}` of that revision"))
                .hint("`git fsck` says whether the repository is whole")
        })?;
        contents.push(one);
    }
    Ok(contents)
}

/// The next object: a line `NAME blob SIZE`, so many bytes, a line end.
fn next(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let size: usize = std::str::from_utf8(rest.get(..end)?).ok()?.rsplit(' ').next()?.parse().ok()?;
    let content = rest.get(end + 1..)?.get(..size)?.to_vec();
    *rest = rest.get(end + 2 + size..)?;
    Some(content)
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root);
    // Words are looked for in what git says.
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn run(root: &Path, args: &[&str]) -> Result<Output, Failure> {
    git(root).args(args).stdin(Stdio::null()).output().map_err(|error| missing(&error))
}

fn missing(error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::input("`git` is not installed, or not on the PATH")
            .hint("`qd diff` asks git for the definitions of a revision"),
        _ => Failure::input(format!("git cannot be started: {}", workspace::reason(error))),
    }
}

fn refused(what: &str, output: &Output) -> Failure {
    let words = String::from_utf8_lossy(&output.stderr);
    let first = words.lines().next().unwrap_or("it said nothing").trim_start_matches("fatal: ").to_owned();
    Failure::input(format!("git cannot {what}: {first}"))
}
