//! Copies of workspaces, and `qd` run in them.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A copy of a workspace in a folder of its own.
pub struct Workspace {
    folder: TempDir,
}

/// What a run of `qd` left behind.
pub struct Ran {
    command: String,
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The repository's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The names of all example workspaces.
pub fn examples() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("quarterdeck.toml").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Workspace {
    /// The small made-up shop most tests look at.
    pub fn shop() -> Workspace {
        Workspace::copy(&root().join("tests/fixtures/shop"))
    }

    /// One of the examples.
    pub fn example(name: &str) -> Workspace {
        Workspace::copy(&root().join("examples").join(name))
    }

    /// An empty folder.
    pub fn empty() -> Workspace {
        Workspace { folder: TempDir::with_prefix("qd-test-").unwrap() }
    }

    fn copy(from: &Path) -> Workspace {
        let workspace = Workspace::empty();
        // What qd itself wrote into an example is no part of it.
        copy(from, workspace.path(), &["targets", "pages"]);
        workspace
    }

    /// What a repository of metrics needs, copied into it; what can be run stays so.
    pub fn with_repository(self) -> Workspace {
        let from = root().join("examples/repository");
        copy(&from, self.path(), &[]);
        let hook = "hooks/pre-commit";
        fs::set_permissions(self.path().join(hook), fs::metadata(from.join(hook)).unwrap().permissions()).unwrap();
        self
    }

    /// Runs a program in it, with `qd` on the path behind `first`.
    pub fn runs(&self, program: &str, args: &[&str], first: &Path, variables: &[(&str, &str)]) -> Ran {
        let own = Path::new(env!("CARGO_BIN_EXE_qd")).parent().unwrap();
        let known = std::env::var_os("PATH").unwrap_or_default();
        let paths = [first.to_owned(), own.to_owned()].into_iter().chain(std::env::split_paths(&known));
        let mut command = Command::new(program);
        command.args(args).current_dir(self.path()).env("PATH", std::env::join_paths(paths).unwrap());
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env_remove("GIT_DIR").envs(variables.iter().copied());
        ran(args, command.output().unwrap())
    }

    /// A copy of this very folder.
    pub fn again(&self) -> Workspace {
        let workspace = Workspace::empty();
        copy(self.path(), workspace.path(), &[]);
        workspace
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A file's content.
    pub fn read_bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A file's text.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Workspace {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Changes a text in a file; it must be there.
    pub fn change(&self, path: &str, from: &str, to: &str) -> &Workspace {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not contain {from:?}");
        self.write(path, text.replacen(from, to, 1))
    }

    /// Changes a line, numbered from 1.
    pub fn change_line(&self, path: &str, number: usize, to: &str) -> &Workspace {
        let text = self.read(path);
        let lines: Vec<&str> =
            text.lines().enumerate().map(|(at, line)| if at + 1 == number { to } else { line }).collect();
        self.write(path, lines.join("\n") + "\n")
    }

    /// Takes a file away.
    pub fn remove(&self, path: &str) -> &Workspace {
        fs::remove_file(self.path().join(path)).unwrap();
        self
    }

    /// Every file but those that were copied into it and data, with its content, in order of path.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        list(self.path(), self.path(), &mut files);
        files.sort();
        files
    }

    /// Every file below a folder, by path.
    pub fn files_in(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let start = format!("{folder}/");
        self.files().into_iter().filter(|(path, _)| path.starts_with(&start)).collect()
    }

    /// Runs `qd` in it.
    pub fn qd(&self, args: &[&str]) -> Ran {
        self.qd_with(args, &[])
    }

    /// Runs `qd` in it with variables of the environment.
    pub fn qd_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(args);
        command.envs(variables.iter().copied());
        ran(args, command.output().unwrap())
    }

    /// Starts `qd` in it, and lets it run.
    pub fn starts(&self, args: &[&str]) -> std::process::Child {
        self.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs `qd` in it with a text on stdin.
    pub fn qd_reading(&self, args: &[&str], text: &str) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        ran(args, child.wait_with_output().unwrap())
    }

    /// Runs `git` in it, as nobody in particular.
    pub fn git(&self, args: &[&str]) -> &Workspace {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Nobody", "-c", "user.email=nobody@shop.example", "-c", "commit.gpgsign=false"]);
        command.args(args).current_dir(self.path()).env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qd"));
        command.args(args).current_dir(self.path());
        for noise in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "RUST_BACKTRACE", "COLUMNS"] {
            command.env_remove(noise);
        }
        command
    }
}

fn ran(args: &[&str], output: Output) -> Ran {
    Ran {
        command: args.join(" "),
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// Everything a person sees, for a snapshot.
    pub fn shown(&self) -> String {
        let mut text = format!("$ qd {}\n", self.command);
        if !self.stdout.is_empty() {
            text.push_str(&format!("{}\n", self.stdout.trim_end()));
        }
        if !self.stderr.is_empty() {
            text.push_str(&format!("--- stderr\n{}\n", self.stderr.trim_end()));
        }
        text.push_str(&format!("--- exit code {}\n", self.code));
        text
    }

    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}", self.shown());
        self
    }

    /// Stdout as the one object it must be.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() && !without.iter().any(|name| entry.file_name() == *name) {
            copy(&from, &to, &[]);
        } else if from.is_file() {
            // Read and written, not copied: a read-only original must not make a read-only copy.
            fs::write(&to, fs::read(&from).unwrap()).unwrap();
        }
    }
}

fn list(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, fs::read(&path).unwrap()));
        }
    }
}
