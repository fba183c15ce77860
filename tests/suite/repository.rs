//! What a repository of metrics copies: its hook, its workflow, its owners and its attributes are run as git and a CI service
//! would run them.

use crate::harness::{Ran, Workspace};
use std::fs;
use std::path::Path;

const NOBODY: [&str; 6] =
    ["-c", "user.name=Nobody", "-c", "user.email=nobody@shop.example", "-c", "commit.gpgsign=false"];

/// The shop with everything a repository of metrics has, committed, its hook in place.
fn repository() -> Workspace {
    let shop = Workspace::shop().with_repository();
    shop.qd(&["fmt", "--quiet"]).exits(0);
    shop.git(&["init", "-q", "-b", "main"]).git(&["add", "."]).git(&["commit", "-q", "-m", "The shop opens"]);
    shop.git(&["config", "core.hooksPath", "hooks"]);
    shop
}

/// A commit of what is staged, through the hook.
fn commit(shop: &Workspace) -> Ran {
    let args = [&NOBODY[..], &["commit", "-q", "-m", "A change"]].concat();
    shop.runs("git", &args, shop.path(), &[])
}

#[test]
fn the_hook_lets_good_commits_through_and_refuses_bad_ones() {
    let shop = repository();
    let file = "metrics/shop.qd";
    shop.change(file, "unit: EUR", "unit: GBP").git(&["add", "."]);
    commit(&shop).exits(0);
    // An error in what is staged.
    shop.change(file, "late_orders / orders", "late_orders / order").git(&["add", "."]);
    let ran = commit(&shop).exits(1);
    assert!(
        ran.stderr.contains("there is no metric `order`") && ran.stderr.contains("metrics/shop.qd:"),
        "{}",
        ran.shown()
    );
    // Mended on disk and not staged: the commit would still be wrong.
    shop.change(file, "late_orders / order\n", "late_orders / orders\n");
    commit(&shop).exits(1);
    shop.git(&["add", "."]).change(file, "why:", "wh y:");
    // Broken on disk and not staged: nothing wrong is committed; here nothing is left to commit.
    let ran = commit(&shop);
    assert!(!ran.stderr.contains("error[") && ran.stdout.contains("no changes added"), "{}", ran.shown());
    shop.git(&["checkout", "-q", "."]);
    // A layout that is not the one layout.
    shop.change(file, "  unit: GBP\n", "      unit:   GBP\n").git(&["add", "."]);
    let ran = commit(&shop).exits(1);
    assert!(ran.stderr.contains("Run `qd fmt`"), "{}", ran.shown());
    shop.qd(&["fmt", "--quiet"]).exits(0);
    // A file of another kind is none of the hook's business, and a definition with blanks and umlauts in its name is.
    shop.git(&["checkout", "-q", "HEAD", "--", "."]).write("notes.txt", "metric {").git(&["add", "."]);
    commit(&shop).exits(0);
    shop.write("metrics/ä b.qd", "metric {").git(&["add", "."]);
    commit(&shop).exits(1);
}

#[test]
fn the_hook_says_so_where_qd_is_not_there() {
    let shop = repository();
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order").git(&["add", "."]);
    // A path with the tools a hook needs and without qd.
    let tools = Workspace::empty();
    for tool in ["git", "sh", "grep"] {
        let paths = std::env::var_os("PATH").unwrap();
        let found = std::env::split_paths(&paths).map(|folder| folder.join(tool)).find(|path| path.is_file()).unwrap();
        std::os::unix::fs::symlink(found, tools.path().join(tool)).unwrap();
    }
    let args = [&NOBODY[..], &["commit", "-q", "-m", "A change"]].concat();
    let ran = shop.runs("git", &args, tools.path(), &[("PATH", tools.path().to_str().unwrap())]).exits(0);
    assert!(ran.stderr.contains("qd is not installed"), "{}", ran.shown());
}

/// A step of the workflow that runs something: its name and its lines.
fn steps(workflow: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut lines = workflow.lines().peekable();
    let mut name = String::new();
    while let Some(line) = lines.next() {
        let told = line.trim_start();
        if let Some(said) = told.strip_prefix("- name: ") {
            name = said.to_owned();
        } else if told.starts_with("- uses:") {
            name = String::new();
        } else if told == "run: |" {
            let depth = line.len() - told.len();
            let mut script = String::new();
            while let Some(next) =
                lines.next_if(|next| next.trim().is_empty() || next.len() - next.trim_start().len() > depth)
            {
                script.push_str(next.get(depth + 2..).unwrap_or_default());
                script.push('\n');
            }
            steps.push((name.clone(), script));
        } else if let Some(script) = told.strip_prefix("run: ") {
            steps.push((name.clone(), script.to_owned()));
        }
    }
    steps
}

/// The workflow's steps run one after the other, as the service does: `bash -e`, ended by the first that fails.
fn workflow(shop: &Workspace, variables: &[(&str, &str)]) -> Vec<(String, Ran)> {
    let tools = Workspace::empty();
    // What comments on a pull request writes down what it was asked.
    let gh = "#!/bin/sh\necho \"gh $*\"\ncp diff.md comment.md\n";
    tools.write("gh", gh);
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(tools.path().join("gh"), executable).unwrap();
    let file = shop.read(".github/workflows/metrics.yml");
    let mut done = Vec::new();
    for (name, script) in steps(&file) {
        let ran =
            shop.runs("bash", &["--noprofile", "--norc", "-eo", "pipefail", "-c", &script], tools.path(), variables);
        let failed = ran.code != 0;
        done.push((name, ran));
        if failed {
            break;
        }
    }
    done
}

#[test]
fn the_workflow_runs_step_by_step() {
    let shop = repository();
    shop.qd(&["propose", "2025-Q1", "--as-of", "2024-12-31"]).exits(0);
    shop.qd(&["accept", "--by", "owner@shop.example"]).exits(0);
    shop.git(&["add", "."]).git(&["commit", "-q", "--no-verify", "-m", "Accepted"]);
    let base = shop.runs("git", &["rev-parse", "HEAD"], shop.path(), &[]).stdout.trim().to_owned();
    shop.change("metrics/shop.qd", "sum(takings) from days", "sum(takings) from days where takings > 0");
    let home = Workspace::empty();
    let url = format!("file://{}", env!("CARGO_BIN_EXE_qd"));
    let path = home.path().join("path");
    let variables = |fork: &'static str| {
        let (home, path) = (home.path().to_str().unwrap(), path.to_str().unwrap());
        let all =
            [("HOME", home), ("GITHUB_PATH", path), ("QD_URL", &url), ("BASE", &base), ("NUMBER", "7"), ("FORK", fork)];
        all.map(|(name, value)| (name, value.to_owned()))
    };
    let run = |fork| {
        let variables = variables(fork);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        workflow(&shop, &variables)
    };
    let done = run("false");
    let codes: Vec<(&str, i32)> = done.iter().map(|(name, ran)| (name.as_str(), ran.code)).collect();
    let all = ["Install qd", "Definitions", "Layout", "What changed in meaning", "Numbers"];
    // A definition that changed under an accepted target is a difference that `verify` finds.
    assert_eq!(codes, all.map(|name| (name, i32::from(name == "Numbers"))), "{}", done.last().unwrap().1.shown());
    assert!(home.path().join(".local/bin/qd").is_file() && fs::read_to_string(&path).unwrap().contains(".local/bin"));
    let told = &done[3].1.stdout;
    assert!(told.contains("`revenue`: another meaning (measure)") && told.contains("gh pr comment 7"), "{told}");
    assert!(shop.read("comment.md").contains("Stale: accepted on another definition"));
    // The same without that change holds in every step; a fork's pull request is not commented on.
    shop.git(&["checkout", "-q", "--", "metrics"]).remove("comment.md");
    let done = run("true");
    assert!(done.len() == all.len() && done.iter().all(|(_, ran)| ran.code == 0), "{}", done.last().unwrap().1.shown());
    assert!(!shop.path().join("comment.md").exists());
    // Errors stand at their lines.
    shop.change("metrics/shop.qd", "late_orders / orders", "late_orders / order");
    let done = run("false");
    let (name, ran) = done.last().unwrap();
    assert!(
        name == "Definitions" && ran.code == 2 && ran.stdout.contains("::error file=metrics/shop.qd,line="),
        "{}",
        ran.shown()
    );
    // Without a place to fetch it from, the first step says what to set.
    let ran = &workflow(&shop, &[("QD_URL", "")])[0].1;
    assert!(ran.code != 0 && ran.stdout.contains("::error::set the variable QD_URL"), "{}", ran.shown());
}

#[test]
fn hunks_are_headed_by_the_declaration_they_are_in() {
    let shop = repository();
    let readme = shop.read("README.md");
    let set = readme.lines().find(|line| line.starts_with("git config diff.qd.xfuncname ")).unwrap();
    shop.runs("sh", &["-c", set], shop.path(), &[]).exits(0);
    let (metrics, plan) = ("metrics/shop.qd", "plans/2025-Q1.qd");
    shop.change(metrics, "sum(takings) from days", "sum(takings) from days where takings > 0");
    shop.change(metrics, "measure: late_orders / orders", "measure: late_orders / orders + 0");
    shop.change(plan, "ramps: 4 weeks", "ramps: 5 weeks").change(plan, "confidence: 60%", "confidence: 70%");
    let diff = shop.runs("git", &["diff", "-U0"], shop.path(), &[]).stdout;
    let heads: Vec<&str> =
        diff.lines().filter(|line| line.starts_with("@@")).filter_map(|line| line.splitn(3, "@@").nth(2)).collect();
    let expected = [
        " metric late_share \"Orders delivered late\" {",
        " metric revenue \"Takings\" {",
        " target orders {",
        " initiative second_rider \"A second rider in the morning\" {",
    ];
    assert_eq!(heads, expected, "{diff}");
    // Ledgers are records, logs only grow, definitions end their lines alike everywhere.
    let attribute = |path: &str, name: &str| {
        let told = shop.runs("git", &["check-attr", name, "--", path], shop.path(), &[]).stdout;
        told.trim().rsplit(": ").next().unwrap().to_owned()
    };
    assert_eq!(attribute("targets/2025-Q1.toml", "merge"), "unset");
    assert_eq!(attribute("targets/2025-Q1.log.jsonl", "merge"), "union");
    assert_eq!((attribute(plan, "diff"), attribute(plan, "eol")), ("qd".to_owned(), "lf".to_owned()));
}

/// Patterns of owners are those of ignored files, so git itself says which of them decides.
#[test]
fn every_file_has_its_owners() {
    let shop = Workspace::shop().with_repository();
    shop.git(&["init", "-q"]);
    let owners = shop.read(".github/CODEOWNERS");
    let rules: Vec<&str> = owners.lines().map(|line| if line.starts_with('#') { "" } else { line }).collect();
    let patterns: String =
        rules.iter().map(|line| format!("{}\n", line.split_whitespace().next().unwrap_or_default())).collect();
    shop.write(".git/info/exclude", patterns);
    let of = |path: &str| -> String {
        let told = shop.runs("git", &["check-ignore", "-v", "--no-index", path], shop.path(), &[]).stdout;
        let Some(line) = told.split(':').nth(1).and_then(|line| line.parse::<usize>().ok()) else {
            return String::new();
        };
        rules[line - 1].split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    let expected = [
        ("metrics/shop.qd", "@example/analytics"),
        ("anything/deeper/more.qd", "@example/analytics"),
        ("quarterdeck.toml", "@example/analytics"),
        ("plans/2025-Q1.qd", "@example/product-leads"),
        ("targets/2025-Q1.toml", "@example/finance @example/product-leads"),
        ("targets/2025-Q1.inputs.csv", "@example/finance @example/product-leads"),
        ("pages/2025-Q1.leadership.md", "@example/finance @example/product-leads"),
        (".github/CODEOWNERS", "@example/analytics @example/product-leads @example/finance"),
        ("README.md", ""),
    ];
    for (path, owners) in expected {
        assert_eq!(of(path), owners, "{path}");
    }
}

/// What shells load is what shells can read, for those that are here.
#[test]
fn completions_are_read_by_their_shells() {
    let empty = Workspace::empty();
    let mut read = 0;
    for shell in ["bash", "zsh", "fish"] {
        let script = empty.qd(&["completions", shell]).exits(0).stdout;
        empty.write(shell, &script);
        let is_there =
            std::env::split_paths(&std::env::var_os("PATH").unwrap()).any(|folder| folder.join(shell).is_file());
        if is_there {
            empty.runs(shell, &["-n", shell], Path::new("."), &[]).exits(0);
            read += 1;
        }
    }
    assert!(read > 0, "none of these shells is here");
    // What bash completes after `qd pro` and `qd tree --form`.
    let asks = "source ./bash; COMP_WORDS=(qd pro); COMP_CWORD=1; _qd qd pro qd; echo \"${COMPREPLY[@]}\"; \
        COMP_WORDS=(qd tree --form); COMP_CWORD=2; _qd qd --form tree; echo \"${COMPREPLY[@]}\"";
    let ran = empty.runs("bash", &["--noprofile", "--norc", "-c", asks], Path::new("."), &[]).exits(0);
    assert_eq!(ran.stdout, "propose\n--format\n", "{}", ran.shown());
}
