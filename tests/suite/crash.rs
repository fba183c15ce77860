//! Killed at any moment, a command that writes leaves everything as it was or everything as it meant it; two at once lose
//! nothing of each other's work.

use crate::harness::Workspace;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

/// A command that writes, and the workspace it is run in.
struct Writing {
    args: &'static [&'static str],
    before: fn() -> Workspace,
    /// The fewest places it can be stopped at: one for each step of writing that it goes through.
    points: usize,
}

const ADA: &[&str] = &["--by", "Ada"];

/// Every command that writes ledgers or pages. A new one is a new line.
const WRITING: &[Writing] = &[
    Writing { args: &["propose", "--quiet"], before: Workspace::shop, points: 9 },
    Writing { args: &["propose", "--quiet", "--as-of", "2024-12-31"], before: proposed_early, points: 9 },
    Writing {
        args: &["review", "--adjust", "orders=660", "--because", "More.", "--by", "Ada"],
        before: proposed,
        points: 3,
    },
    Writing { args: &["review", "--reject", "orders"], before: proposed, points: 3 },
    Writing { args: &["accept", "--by", "Ada"], before: proposed, points: 13 },
    Writing { args: &["accept", "revenue", "--by", "Ada"], before: half_accepted, points: 13 },
    Writing { args: &["accept", "orders", "--by", "Bob"], before: accepted, points: 12 },
    Writing {
        args: &["amend", "orders", "--to", "600", "--because", "Rain.", "--by", "Ada", "--on", "2025-02-01"],
        before: accepted,
        points: 8,
    },
    Writing {
        args: &["drop", "orders", "--because", "Sold.", "--by", "Ada", "--on", "2025-02-01"],
        before: accepted,
        points: 8,
    },
    Writing { args: &["justify", "2025-Q1", "--for", "finance"], before: accepted, points: 6 },
    Writing { args: &["justify", "2025-Q1", "orders", "--png"], before: accepted, points: 9 },
    Writing { args: &["note", "orders", "Rain.", "--by", "Ada"], before: accepted, points: 3 },
    Writing { args: &["track", "--keep"], before: accepted, points: 3 },
    Writing { args: &["close", "2024-Q4"], before: accepted_before, points: 15 },
];

fn once(cell: &'static OnceLock<Workspace>, make: impl FnOnce() -> Workspace) -> Workspace {
    cell.get_or_init(make).again()
}

fn done(shop: Workspace, args: &[&str]) -> Workspace {
    shop.qd(args).exits(0);
    shop
}

fn proposed_early() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    once(&ONCE, || done(Workspace::shop(), &["propose", "2025-Q1", "--as-of", "2024-11-30"]))
}

fn proposed() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    once(&ONCE, || done(Workspace::shop(), &["propose"]))
}

fn half_accepted() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    once(&ONCE, || done(proposed(), &[&["accept", "orders"], ADA].concat()))
}

fn accepted() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    once(&ONCE, || done(proposed(), &[&["accept"], ADA].concat()))
}

/// The shop's last quarter with data, accepted before it began.
fn accepted_before() -> Workspace {
    static ONCE: OnceLock<Workspace> = OnceLock::new();
    once(&ONCE, || {
        let proposed = done(Workspace::shop(), &["propose", "2024-Q4", "--as-of", "2024-09-30"]);
        done(proposed, &[&["accept"], ADA].concat())
    })
}

/// The ledgers and pages as they lie there.
fn state(shop: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let files = shop.files().into_iter();
    files.filter(|(path, _)| path.starts_with("targets/") || path.starts_with("pages/")).collect()
}

/// Fails unless what a killed command left is one of the two, once somebody has looked at it.
#[track_caller]
fn is_one_of(
    shop: &Workspace,
    before: &BTreeMap<String, Vec<u8>>,
    after: &BTreeMap<String, Vec<u8>>,
    when: &str,
) -> bool {
    // Reading finishes what was decided; every ledger that is there holds.
    shop.qd(&["verify"]).exits(0);
    let mut found = state(shop);
    // What is hidden is nobody's file; the next command that writes sweeps it away.
    found.retain(|path, _| !path.contains("/.qd-"));
    let names = |state: &BTreeMap<String, Vec<u8>>| state.keys().cloned().collect::<Vec<_>>();
    assert!(
        found == *before || found == *after,
        "{when}: neither as it was ({:?}) nor as it was meant ({:?}): {:?}",
        names(before),
        names(after),
        names(&found)
    );
    found == *after
}

#[test]
fn killed_at_any_step_it_is_all_or_nothing() {
    for writing in WRITING {
        let shop = (writing.before)();
        let before = state(&shop);
        shop.qd(writing.args).exits(0);
        let after = state(&shop);
        assert_ne!(before, after, "{:?} writes nothing", writing.args);
        assert!(after.keys().all(|path| !path.contains("/.")), "{:?} leaves {:?}", writing.args, after.keys());
        let (mut kept, mut happened) = (0, 0);
        for point in 0.. {
            let shop = (writing.before)();
            let ran = shop.qd_with(writing.args, &[("QD_TEST_STOP_AT", &point.to_string())]);
            if ran.code == 0 {
                assert_eq!(state(&shop), after);
                break;
            }
            assert_eq!(ran.code, -1, "{}", ran.shown());
            let when = format!("{:?} stopped at step {point}", writing.args);
            if is_one_of(&shop, &before, &after, &when) {
                happened += 1;
            } else {
                kept += 1;
                // Nothing stands in the way of doing it again.
                shop.qd(writing.args).exits(0);
                assert_eq!(state(&shop), after, "{when}, and then again");
            }
        }
        assert!(kept > 0, "{:?} was never stopped before it was decided", writing.args);
        assert!(kept + happened >= writing.points, "{:?} passes {} points", writing.args, kept + happened);
        assert_eq!(happened > 0, writing.points > 3, "{:?}", writing.args);
    }
}

#[test]
#[cfg(unix)]
fn killed_at_any_moment_it_is_all_or_nothing() {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(9);
    for writing in WRITING.iter().filter(|writing| ["accept", "amend", "propose"].contains(&writing.args[0])) {
        let shop = (writing.before)();
        let before = state(&shop);
        shop.qd(writing.args).exits(0);
        let after = state(&shop);
        for kill in 0..6 {
            let shop = (writing.before)();
            let mut child = shop.starts(writing.args);
            std::thread::sleep(Duration::from_millis(random.random_range(0..600)));
            // It may be done already.
            let _ = child.kill();
            child.wait().unwrap();
            is_one_of(&shop, &before, &after, &format!("{:?}, kill {kill}", writing.args));
        }
    }
}

#[test]
fn several_at_once_lose_nothing() {
    let shop = accepted();
    std::thread::scope(|scope| {
        for (metric, to) in [("orders", "600"), ("revenue", "200000")] {
            let shop = &shop;
            scope.spawn(move || {
                let why = ["--because", "Rain.", "--by", "Ada", "--on", "2025-02-01"];
                shop.qd(&[&["amend", metric, "--to", to], &why[..]].concat()).exits(0)
            });
        }
        scope.spawn(|| shop.qd(&["accept", "orders", "--by", "Bob"]).exits(0));
        scope.spawn(|| shop.qd(&["justify", "2025-Q1", "--for", "finance"]).exits(0));
    });
    let ledger = shop.read("targets/2025-Q1.toml");
    assert_eq!(ledger.matches("[[target.amendment]]").count(), 2, "{ledger}");
    assert!(ledger.contains("by = \"Bob\""), "{ledger}");
    // A page made beside an amendment may be the one before it: `verify` says so, and `justify` makes it again.
    shop.qd(&["justify", "2025-Q1", "--for", "finance"]).exits(0);
    shop.qd(&["verify"]).exits(0);

    let shop = proposed();
    std::thread::scope(|scope| {
        scope.spawn(|| shop.qd(&["review", "--adjust", "orders=660", "--because", "More.", "--by", "Ada"]).exits(0));
        scope.spawn(|| shop.qd(&["review", "--reject", "revenue", "--because", "No oven."]).exits(0));
        scope.spawn(|| shop.qd(&["propose", "--quiet"]).exits(0));
    });
    let ledger = shop.read("targets/2025-Q1.proposed.toml");
    assert!(ledger.contains("value = 660") && ledger.contains("No oven."), "{ledger}");
}

#[test]
fn a_journal_that_names_other_files_is_refused() {
    for path in
        ["../outside.txt", "/tmp/outside.txt", "metrics/shop.qd", "targets/../metrics/shop.qd", "targets/a/b.toml"]
    {
        let shop = accepted();
        let journal = format!("{{\"format\":1,\"writes\":[{{\"path\":\"{path}\",\"text\":\"x\"}}],\"removes\":[]}}");
        shop.write("targets/.qd-journal", journal);
        let ran = shop.qd(&["verify"]).exits(2);
        assert!(ran.stderr.contains(".qd-journal"), "{}", ran.shown());
    }
}
