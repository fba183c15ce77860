//! `qd check` as a process, from its start to its exit code.

use super::{best, generated};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The program, where one was built: the one `QD` names, or that of the release profile.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("QD").map(PathBuf::from);
    // The benchmark lies in `deps`, beside which the program is.
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.parent()?.join("qd")));
    named.or(beside).filter(|program| program.is_file())
}

/// Prints how long the process takes on workspaces of two sizes, and how long it takes to say its version.
pub fn times() {
    let Some(program) = program() else {
        println!("qd check as a process: no `qd` beside this benchmark; `cargo build --release`, or QD=path/to/qd");
        return;
    };
    println!("qd --version: {:.1} ms", milliseconds(&program, &["--version"], Path::new(".")));
    for (metrics, files) in [(500, 25), (10_000, 100)] {
        let folder = std::env::temp_dir().join(format!("qd-bench-{}-{metrics}", std::process::id()));
        if let Err(error) = write(&folder, metrics, files) {
            println!("a workspace of {metrics} metrics cannot be written: {error}");
            continue;
        }
        println!("qd check, {metrics} metrics in {files} files: {:.1} ms", milliseconds(&program, &["check"], &folder));
        std::fs::remove_dir_all(&folder).ok();
    }
}

fn write(folder: &Path, metrics: usize, files: usize) -> std::io::Result<()> {
    for text in generated::workspace(metrics, files) {
        let path = folder.join(text.path());
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, text.text())?;
    }
    std::fs::write(folder.join("quarterdeck.toml"), "")
}

/// The shortest of ten runs.
fn milliseconds(program: &Path, args: &[&str], folder: &Path) -> f64 {
    let run = |()| {
        let mut command = Command::new(program);
        command.args(args).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
    };
    let shortest: Duration = best(10, || (), run);
    shortest.as_secs_f64() * 1e3
}
