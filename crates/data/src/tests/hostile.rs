//! Files nobody meant to write: an answer or an error with a file, never a panic.

use super::support::workspace_of_bytes;

const METRICS: &str = "source rows { from: \"a.csv\" time: date key: who }
    metric sum { unit: rides grain: week measure: sum(n) from rows where who != \"x\" }
    metric people { unit: people grain: month reads: last measure: count_distinct(who) from rows over trailing 2 months }
    metric level { unit: rides grain: day reads: last measure: sum(n) from rows at end per who }
    metric middle { unit: points grain: quarter measure: median(n) from rows }";

fn read(bytes: &[u8]) -> String {
    let workspace = workspace_of_bytes("", METRICS, &[("a.csv", bytes)]);
    match workspace.load(&["sum", "people", "level", "middle"], None) {
        Ok(loaded) => format!("{} rows", loaded.sources.values().map(|source| source.rows).sum::<u64>()),
        Err(error) => {
            assert!(!error.is_engine(), "{error}: {}", String::from_utf8_lossy(bytes));
            error.to_string()
        }
    }
}

#[test]
fn files_nobody_meant_to_write() {
    let long = format!("date,n,who\n2024-01-01,1,\"{}\n", "x\n".repeat(5_000));
    let cases: [(&str, &[u8]); 10] = [
        ("nothing but a mark", b"\xef\xbb\xbf"),
        ("latin 1", b"date,n,who\n2024-01-01,1,J\xfcrgen\n"),
        ("utf 16", b"\xff\xfed\0a\0t\0e\0"),
        ("half a gzip", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("no end of a quote", long.as_bytes()),
        ("blank lines", b"date,n,who\n\n2024-01-01,1,a\n   \n\n"),
        ("zero bytes", b"date,n,who\n2024-01-01,\0,a\n"),
        (
            "a huge number",
            b"date,n,who\n2024-01-01,999999999999999999999999999999,a\n2024-01-02,1e308,b\n2024-01-03,1e308,b\n",
        ),
        ("the last day of all", b"date,n,who\n9999-12-31,1,a\n"),
        ("no times", b"date,n,who\n,1,a\n,2,b\n"),
    ];
    let shown: Vec<String> = cases.iter().map(|(name, bytes)| format!("{name}: {}", read(bytes))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn damaged_files_never_panic() {
    let whole =
        b"date,n,who\n2024-01-01,1.5,a\n2024-01-09,,\"b \"\"q\"\"\"\n2024-02-29,-3,c\n2024-12-31,7,a\n".to_vec();
    let mut state = 1u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = next(256) as u8,
                _ => bytes.insert(at, b",\"\n-0\r"[next(6)]),
            }
        }
        read(&bytes);
    }
}
