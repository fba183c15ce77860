//! What git knows of a workspace: its texts at a revision. The binary is asked, so that its settings and helpers count.

use crate::error::Failure;
use crate::workspace::{self, SETTINGS};
use quarterdeck_lang::TextFile;
use std::collections::{BTreeMap, BTreeSet};
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

/// A commit of a workspace's history.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its full name.
    pub id: String,
    /// The day its author made it, where they were.
    pub on: String,
    /// Who made it.
    pub by: String,
    /// The first line of its message.
    pub subject: String,
}

/// The commits that touched a workspace's definitions, and what they left.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Each with the texts as it left them, oldest first.
    pub states: Vec<(Commit, Past)>,
    /// Whether older ones are not at hand or not read.
    pub is_cut: bool,
}

/// The most bytes of texts that a history reads, counted for each commit anew.
const MOST_READ: u64 = 64 << 20;

/// The history of a workspace's definitions along the first parents of what is checked out; `None` where git is not there, has
/// none or cannot read it. Nothing is fetched.
pub fn log(root: &Path) -> Option<Log> {
    let asked = [
        "-c",
        "log.showSignature=false",
        "log",
        "--first-parent",
        "--no-color",
        "-z",
        "--format=%H%x1f%as%x1f%aN%x1f%s",
        "--",
        "*.qd",
        SETTINGS,
    ];
    let listed = run(root, &asked).ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let commits = text.split('\0').filter_map(|line| {
        let mut parts = line.splitn(4, '\u{1f}').map(str::to_owned);
        Some(Commit {
            id: parts.next().filter(|id| !id.is_empty())?,
            on: parts.next()?,
            by: parts.next()?,
            subject: parts.next()?,
        })
    });
    let (mut trees, mut read, mut is_cut) = (Vec::new(), 0, false);
    for commit in commits {
        let listed =
            run(root, &["ls-tree", "-r", "-l", "-z", &commit.id]).ok().filter(|output| output.status.success())?;
        let files = files(&listed.stdout);
        let wanted = definitions(&files);
        read += wanted.iter().map(|(_, file)| file.size).sum::<u64>();
        // The newest state is read whatever its size: it is the one on disk, or near it.
        if read > MOST_READ && !trees.is_empty() {
            is_cut = true;
            break;
        }
        trees.push((commit, wanted));
    }
    let shallow = run(root, &["rev-parse", "--is-shallow-repository"]).ok()?;
    is_cut |= shallow.stdout.starts_with(b"true");
    let objects: BTreeSet<&String> =
        trees.iter().flat_map(|(_, wanted)| wanted.iter().map(|(_, file)| &file.object)).collect();
    let named: Vec<(&String, &String)> = objects.iter().map(|object| (*object, *object)).collect();
    let contents = contents(root, &named).ok()?;
    let known: BTreeMap<&String, Vec<u8>> = objects.into_iter().zip(contents).collect();
    let states = trees.iter().rev().map(|(commit, wanted)| Some((commit.clone(), state(wanted, &known)?)));
    Some(Log { states: states.collect::<Option<Vec<_>>>()?, is_cut })
}

/// A workspace's definitions in one commit.
fn state(wanted: &[(String, Blob)], known: &BTreeMap<&String, Vec<u8>>) -> Option<Past> {
    let mut past = Past::default();
    for (path, file) in wanted {
        // Bytes that are no text were an error then, and have no history now.
        let text = workspace::text(path, known.get(&file.object)?.clone()).ok()?;
        match path == SETTINGS {
            true => past.settings = Some(TextFile::new(path, text)),
            false => past.texts.push(TextFile::new(path, text)),
        }
    }
    Some(past)
}

/// The settings and definitions among files.
fn definitions(files: &BTreeMap<String, Blob>) -> Vec<(String, Blob)> {
    let nested: Vec<&str> = files.keys().filter_map(|path| path.strip_suffix("/quarterdeck.toml")).collect();
    let wanted = files.iter().filter(|(path, _)| *path == SETTINGS || is_definition(path, &nested));
    wanted.map(|(path, blob)| (path.clone(), blob.clone())).collect()
}

/// Reads a workspace at a revision.
pub fn past(root: &Path, revision: &str) -> Result<Past, Failure> {
    let commit = commit(root, revision)?;
    let listed = run(root, &["ls-tree", "-r", "-z", &commit])?;
    if !listed.status.success() {
        return Err(refused("list the files of that revision", &listed));
    }
    let files = files(&listed.stdout);
    let ledger = |path: &str| path.starts_with("targets/") && path.ends_with(".toml");
    let mut all = definitions(&files);
    all.extend(files.into_iter().filter(|(path, _)| ledger(path)));
    let wanted: Vec<(&String, &String)> = all.iter().map(|(path, file)| (path, &file.object)).collect();
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

/// A file of a commit.
#[derive(Clone, Debug)]
struct Blob {
    object: String,
    /// In bytes; 0 where it was not asked for.
    size: u64,
}

/// Files and their objects from `ls-tree -z`; links and submodules are no files.
fn files(listed: &[u8]) -> BTreeMap<String, Blob> {
    let entries = listed.split(|byte| *byte == 0).filter_map(|entry| {
        let entry = std::str::from_utf8(entry).ok()?;
        let (facts, path) = entry.split_once('\t')?;
        let mut facts = facts.split_ascii_whitespace();
        let (mode, kind, object) = (facts.next()?, facts.next()?, facts.next()?.to_owned());
        let size = facts.next().and_then(|size| size.parse().ok()).unwrap_or(0);
        (kind == "blob" && mode != "120000").then(|| (path.to_owned(), Blob { object, size }))
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
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
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
