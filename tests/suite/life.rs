//! A whole quarter's life, replayed on real data day by day with `--as-of`: every output is a snapshot.
//!
//! A life is a list of lines: what is done, and on which day. A new step is a new line.

use crate::harness::Workspace;
use insta::assert_snapshot;

/// A workspace whose quarter is lived through.
struct Life {
    name: &'static str,
    workspace: Workspace,
    step: usize,
}

impl Life {
    fn new(name: &'static str, workspace: Workspace) -> Life {
        Life { name, workspace, step: 0 }
    }

    /// Runs a command that must end with this exit code; what a person sees is a snapshot named after the step.
    #[track_caller]
    fn does(&mut self, what: &str, args: &[&str], code: i32) -> &mut Life {
        let ran = self.workspace.qd(args).exits(code);
        self.keep(what, &ran.shown())
    }

    /// The same with answers on stdin.
    #[track_caller]
    fn answers(&mut self, what: &str, args: &[&str], answers: &str) -> &mut Life {
        let ran = self.workspace.qd_reading(args, answers).exits(0);
        self.keep(what, &ran.shown())
    }

    /// A file as it stands is a snapshot too.
    #[track_caller]
    fn shows(&mut self, what: &str, path: &str) -> &mut Life {
        let text = self.workspace.read(path);
        self.keep(what, &text)
    }

    /// What happens in the world, outside of `qd`.
    fn happens(&mut self, change: impl FnOnce(&Workspace)) -> &mut Life {
        change(&self.workspace);
        self
    }

    #[track_caller]
    fn keep(&mut self, what: &str, text: &str) -> &mut Life {
        self.step += 1;
        assert_snapshot!(format!("life_{}_{:02}_{what}", self.name, self.step), text);
        self
    }
}

/// A file with one of its lines changed: the one that starts so.
fn restate(workspace: &Workspace, path: &str, starts: &str, to: &str) {
    let text = workspace.read(path);
    let at = text.lines().position(|line| line.starts_with(starts)).unwrap_or_else(|| panic!("{path}: no {starts}"));
    workspace.change_line(path, at + 1, to);
}

/// The orders as a plain file, so that a row can be restated.
fn unpacked(workspace: &Workspace) {
    let packed = workspace.path().join("data/cdnow_orders.csv.gz");
    let unpacked = std::process::Command::new("gzip").arg("-d").arg(&packed).status();
    assert!(unpacked.is_ok_and(|status| status.success()), "gzip unpacks {}", packed.display());
    for path in workspace.files_in("metrics").into_iter().map(|(path, _)| path) {
        let text = workspace.read(&path);
        workspace.write(&path, text.replace("cdnow_orders.csv.gz", "cdnow_orders.csv"));
    }
}

#[test]
fn cdnow_in_the_second_quarter_of_1998() {
    let shop = Workspace::example("cdnow");
    unpacked(&shop);
    // What the next plan says is written below, not read.
    shop.remove("plans/1998-Q3.qd");
    let mut life = Life::new("cdnow", shop);

    // Before the quarter.
    life.does("propose_early", &["propose", "1998-Q2", "--as-of", "1998-02-28", "--quiet"], 0)
        .does("propose", &["propose", "1998-Q2", "--as-of", "1998-03-31", "--quiet"], 0)
        .answers(
            "review",
            &["review", "--by", "ceo@cdnow.example", "--role", "CEO"],
            "a\nd 38 because the free shipping was tested on the best customers\na\nr because orders say it already\na\n",
        )
        .does("propose_again", &["propose", "1998-Q2", "--as-of", "1998-03-31", "--quiet"], 0)
        .does("accept", &["review", "--accept", "revenue", "--by", "cfo@cdnow.example"], 0)
        .does("approve", &["accept", "weekly_orders", "--by", "cfo@cdnow.example", "--on", "1998-04-02"], 0)
        .does("verify", &["verify"], 0);

    // The third week, and what is said of it.
    life.does("track_week_3", &["track", "--as-of", "1998-04-19"], 0).does(
        "note",
        &[
            "note",
            "weekly_orders",
            "The artists' calendar is late: ask for it again",
            "--by",
            "ceo@cdnow.example",
            "--owner",
            "retention@cdnow.example",
            "--due",
            "1998-05-03",
            "--as-of",
            "1998-04-19",
        ],
        0,
    );

    // An initiative slips, and the target follows with a reason.
    life.happens(|shop| {
        shop.change(
            "plans/1998-Q2.qd",
            "    starts: 1998-04-13\n",
            "    starts: 1998-04-13\n    outcome: slipped to 1998-07-06 because \"the artists' calendar came late\"\n",
        );
    })
    .does("verify_slipped", &["verify"], 0)
    .does(
        "amend",
        &[
            "amend",
            "weekly_orders",
            "--confidence",
            "75%",
            "--because",
            "The reminders start after the quarter.",
            "--by",
            "ceo@cdnow.example",
            "--as-of",
            "1998-05-10",
        ],
        0,
    )
    .does(
        "drop",
        &[
            "drop",
            "active_customers",
            "--because",
            "Without reminders nobody works on it.",
            "--by",
            "ceo@cdnow.example",
            "--as-of",
            "1998-05-10",
        ],
        0,
    )
    .does("drop_again", &["drop", "active_customers", "--because", "Twice.", "--by", "x", "--as-of", "1998-05-10"], 2)
    .does("verify_amended", &["verify"], 0);

    // The seventh week: an action is overdue, a target has gone.
    life.does("track_week_7", &["track", "--as-of", "1998-05-17"], 0);

    // Orders of March are corrected after the targets were accepted.
    life.happens(|shop| {
        let path = "data/cdnow_orders.csv";
        let text = shop.read(path);
        let kept: Vec<&str> = text
            .lines()
            .enumerate()
            .filter(|(at, line)| at % 3 != 0 || !line.contains("1998-03"))
            .map(|(_, line)| line)
            .collect();
        assert!(kept.len() < text.lines().count());
        shop.write(path, kept.join("\n") + "\n");
    })
    .does("verify_offline", &["verify", "--offline"], 0)
    .does("verify_live", &["verify", "--live"], 1);

    life.does("track_week_11", &["track", "--as-of", "1998-06-14"], 0);

    // The quarter is over, and its last week has not arrived.
    let whole = life.workspace.read("data/cdnow_orders.csv");
    life.happens(|shop| {
        let early: Vec<&str> = whole.lines().filter(|line| !line.contains("1998-06-2")).collect();
        let early: Vec<&str> = early.into_iter().filter(|line| !line.contains("1998-06-30")).collect();
        shop.write("data/cdnow_orders.csv", early.join("\n") + "\n");
    })
    .does("track_over", &["track", "--as-of", "1998-07-02"], 0)
    .does("close_provisional", &["close", "1998-Q2", "--as-of", "1998-07-02"], 0)
    .does("verify_provisional", &["verify", "--offline"], 0)
    .happens(|shop| {
        shop.write("data/cdnow_orders.csv", &whole);
    })
    .does("close", &["close", "1998-Q2", "--as-of", "1998-07-02"], 0)
    .does("close_again", &["close", "1998-Q2", "--as-of", "1998-07-02", "--quiet"], 0)
    .does("verify_closed", &["verify", "--offline"], 0)
    .shows("close_page", "pages/1998-Q2.close.md");

    // The next plan.
    life.does("plan_next", &["plan", "1998-Q3", "--from", "1998-Q2", "--as-of", "1998-06-30"], 0)
        .shows("next_plan", "plans/1998-Q3.qd")
        .does("plan_twice", &["plan", "1998-Q3", "--as-of", "1998-06-30"], 2)
        .does("propose_next", &["propose", "1998-Q3", "--as-of", "1998-06-30", "--quiet"], 0);
}

#[test]
fn ridership_in_the_third_quarter_of_2024() {
    let transit = Workspace::example("ridership");
    // The example plans the quarter after its data; here the same is planned for one that the data covers.
    let plan = transit.read("plans/2025-Q1.qd").replace("2025-Q1", "2024-Q3").replace("2025-01", "2024-07");
    transit.remove("plans/2025-Q1.qd").write("plans/2024-Q3.qd", plan);
    let mut life = Life::new("ridership", transit);

    life.does("propose", &["propose", "2024-Q3", "--as-of", "2024-06-30", "--quiet"], 0)
        .does("accept", &["accept", "--by", "president@transit.example", "--role", "president"], 0)
        .does("verify", &["verify"], 0);

    life.does("track_week_3", &["track", "--as-of", "2024-07-21"], 0);

    life.happens(|transit| {
        transit.change(
            "plans/2024-Q3.qd",
            "    starts: 2024-07-05\n",
            "    starts: 2024-07-05\n    outcome: slipped to 2025-01-05 because \"the governor paused it\"\n",
        );
    })
    .does(
        "amend",
        &[
            "amend",
            "bridge_crossings",
            "--confidence",
            "50%",
            "--because",
            "No toll this quarter.",
            "--by",
            "president@transit.example",
            "--as-of",
            "2024-08-18",
        ],
        0,
    )
    .does("verify_amended", &["verify"], 0)
    .happens(|transit| restate(transit, "data/subway.csv", "2024-06-12,", "2024-06-12,1000000,weekday"))
    .does("verify_live", &["verify", "--live"], 1);

    life.does("track_week_7", &["track", "--as-of", "2024-08-18"], 0).does(
        "track_week_11",
        &["track", "--as-of", "2024-09-15"],
        0,
    );
    let whole = life.workspace.read("data/subway.csv");
    life.happens(|transit| {
        let early: Vec<&str> =
            whole.lines().filter(|line| line.as_bytes() < &b"2024-09-26"[..] || line.starts_with("date")).collect();
        transit.write("data/subway.csv", early.join("\n") + "\n");
    })
    .does("close_provisional", &["close", "2024-Q3", "--as-of", "2024-09-30"], 0)
    .happens(|transit| {
        transit.write("data/subway.csv", &whole);
    })
    .does("close", &["close", "2024-Q3", "--as-of", "2024-09-30"], 0)
    .does("verify_closed", &["verify", "--offline"], 0);

    life.does("plan_next", &["plan", "2024-Q4", "--as-of", "2024-09-30"], 0).shows("next_plan", "plans/2024-Q4.qd");
}
