//! Where words go: results to stdout, talk to stderr, files whole or not at all.

use crate::error::Failure;
use crate::settings::Settings;
use anstream::AutoStream;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// The streams of a command.
#[derive(Clone, Debug)]
pub struct Output {
    color: anstream::ColorChoice,
    quiet: bool,
    /// Whether results are one JSON object.
    pub json: bool,
    /// How many columns results may take: the terminal's, at most 100, and 100 where there is none.
    pub width: usize,
}

/// The widest text is set.
const WIDEST: usize = 100;
/// The narrowest terminal text is set for; narrower ones wrap.
const NARROWEST: usize = 60;

impl Output {
    /// The streams as the settings want them.
    pub fn new(settings: &Settings) -> Output {
        let terminal = std::io::stdout().is_terminal().then(terminal_width).flatten();
        let width = terminal.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST);
        Output { color: settings.color, quiet: settings.quiet, json: settings.json, width }
    }

    /// Streams before any setting is known.
    pub fn plain(json: bool) -> Output {
        Output { color: anstream::ColorChoice::Auto, quiet: false, json, width: WIDEST }
    }

    /// The same streams, with talk left out.
    pub fn quietly(&self) -> Output {
        Output { quiet: true, ..self.clone() }
    }

    /// A result. A reader that has gone away (`qd … | head`) is no error.
    pub fn result(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stdout().lock(), self.color);
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// A result that is passed on byte by byte.
    pub fn bytes(&self, bytes: &[u8]) {
        let mut stream = std::io::stdout().lock();
        let _ = stream.write_all(bytes).and_then(|()| stream.flush());
    }

    /// A result that is one JSON object.
    pub fn object(&self, value: &impl Serialize) -> Result<(), Failure> {
        // serde_json writes what is no number as null, as the contract wants it.
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::engine(format!("the result cannot be written as JSON: {error}")))?;
        self.result(&(text + "\n"));
        Ok(())
    }

    /// Talk: what a person likes to know and a script does not read.
    pub fn talk(&self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// What must be said even when quiet.
    pub fn error(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stderr().lock(), self.color);
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.write_all(end.as_bytes()));
    }

    /// A spinner for work that takes over a second, on a terminal that is listened to.
    pub fn working(&self, what: &'static str) -> Working {
        if self.quiet || !std::io::stderr().is_terminal() {
            return Working { done: None };
        }
        let (done, ended) = std::sync::mpsc::channel::<()>();
        let worker = std::thread::spawn(move || spin(what, &ended));
        Working { done: Some((done, worker)) }
    }
}

/// Work going on; dropping it clears its line.
#[derive(Debug)]
pub struct Working {
    done: Option<(std::sync::mpsc::Sender<()>, std::thread::JoinHandle<()>)>,
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some((done, worker)) = self.done.take() {
            drop(done);
            let _ = worker.join();
        }
    }
}

/// Shows a spinner from the first second on, until the other side hangs up.
fn spin(what: &'static str, ended: &std::sync::mpsc::Receiver<()>) {
    let second = std::time::Duration::from_secs(1);
    if ended.recv_timeout(second) != Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        return;
    }
    let bar = indicatif::ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    let _ = ended.recv();
    bar.finish_and_clear();
}

/// The terminal's width in columns; `None` where there is no terminal.
fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
