//! Kinds of files, dates and clocks; what counts by a day; calendars; parts of metrics.

use super::support::{Workspace, daily, shown, workspace, workspace_of_bytes, workspace_with};
use crate::Wanted;
use datafusion::arrow::array::{
    ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::Arc;

const TOTAL: &str = "metric total { unit: rides grain: day measure: sum(n) from rows }";
const EXPECT: &str = "2024-01-01: 1 2.5 0 4 [2024-Q1: 7.5 through 2024-01-04]";

fn of(source: &str, files: &[(&str, &[u8])]) -> Workspace {
    workspace_of_bytes("", &format!("source rows {{ {source} }}\n{TOTAL}"), files)
}

#[test]
fn files_of_many_kinds_give_the_same_series() {
    let plain = "date,n,text\n2024-01-01,1,\"a,\nb\"\n2024-01-02,2.5,\n2024-01-04,4,x\n";
    let mut zip = GzEncoder::new(Vec::new(), Compression::default());
    zip.write_all(plain.as_bytes()).unwrap();
    let zip = zip.finish().unwrap();
    let semicolons = plain.replace("\"a,\nb\"", "a").replace(',', ";");
    let marked = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let json = "{\"date\": \"2024-01-01\", \"n\": 1}\n\n{\"n\": \"2.5\", \"date\": \"2024-01-02\"}\n{\"date\": \"2024-01-04\", \"n\": 4, \"more\": null}\n";
    let (january, rest) = ("date,n\n2024-01-01,1\n", "n,date\n2.5,2024-01-02\n4,2024-01-04\n");
    for (source, files) in [
        ("from: \"a.csv\" time: date", vec![("a.csv", plain.as_bytes())]),
        ("from: \"a.csv.gz\" time: date", vec![("a.csv.gz", zip.as_slice())]),
        ("from: \"a.csv\" time: date", vec![("a.csv", zip.as_slice())]),
        ("from: \"a.csv\" time: date", vec![("a.csv", semicolons.as_bytes())]),
        ("from: \"a.csv\" time: date", vec![("a.csv", marked.as_bytes())]),
        ("from: \"a.jsonl\" time: date", vec![("a.jsonl", json.as_bytes())]),
        ("from: \"d/*.csv\" time: date", vec![("d/1.csv", january.as_bytes()), ("d/2.csv", rest.as_bytes())]),
        ("from: \"**/?.csv\" time: date", vec![("d/e/1.csv", january.as_bytes()), ("2.csv", rest.as_bytes())]),
    ] {
        assert_eq!(of(source, &files).shown("total"), EXPECT, "{source}");
    }
}

#[test]
fn parquet_files_of_many_types() {
    let times: ArrayRef = Arc::new(
        // 31 December 23:30 UTC is 1 January in Berlin.
        TimestampMillisecondArray::from(vec![1_704_065_400_000, 1_704_193_200_000, 1_704_366_000_000])
            .with_timezone("UTC"),
    );
    let days: ArrayRef = Arc::new(StringArray::from(vec!["01/01/2024", "02/01/2024", "04/01/2024"]));
    let whole: ArrayRef = Arc::new(Int32Array::from(vec![Some(2), Some(5), Some(8)]));
    let half: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.5, 4.0]));
    let batch = RecordBatch::try_from_iter([("at", times), ("day", days), ("n2", whole), ("n", half)]).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    let bytes = writer.into_inner().unwrap();
    let definitions = "source rows { from: \"a.parquet\" time: at }
        source named { from: \"a.parquet\" time: day dates: \"dd/mm/yyyy\" }
        metric total { unit: rides grain: day measure: sum(n) from rows }
        metric halved { unit: rides grain: day measure: sum(n2 / 2) from rows }
        metric texts { unit: rides grain: day measure: (sum(n2) / 2) from named }
        metric late { unit: rides grain: day measure: count() from rows where day like \"04%\" }";
    let workspace =
        workspace_of_bytes("[workspace]\ntime_zone = \"Europe/Berlin\"", definitions, &[("a.parquet", &bytes)]);
    for metric in ["total", "halved", "texts"] {
        assert_eq!(workspace.shown(metric), EXPECT, "{metric}");
    }
    assert_eq!(workspace.shown("late"), "2024-01-01: 0 0 0 1 [2024-Q1: 1 through 2024-01-04]");
}

#[test]
fn times_fall_on_the_workspaces_days() {
    let rows = "date,n\n2023-12-31T23:30:00Z,1\n2024-01-02T12:00:00+01:00,2.5\n2024-01-04T21:00:00-02:00,4\n";
    let definitions = format!("source rows {{ from: \"a.csv\" time: date }}\n{TOTAL}");
    let in_zone =
        |zone: &str| workspace_with(&format!("[workspace]\ntime_zone = \"{zone}\""), &definitions, &[("a.csv", rows)]);
    assert_eq!(in_zone("Europe/Berlin").shown("total"), "2024-01-01: 1 2.5 0 0 4 [2024-Q1: 7.5 through 2024-01-05]");
    assert_eq!(in_zone("UTC").shown("total"), "2023-12-31: 1 0 2.5 0 4 [2024-Q1: 6.5 through 2024-01-04]");
}

#[test]
fn only_what_happened_by_the_day_counts() {
    let csv = daily("date,n", "2024-01-01", 40, |day, _| day.to_string());
    let definitions = "source rows { from: \"a.csv\" time: date key: n }
        metric total { unit: rides grain: week measure: sum(n) from rows }
        metric people { unit: rides grain: week measure: count_distinct(n) from rows }";
    let workspace = workspace(definitions, &[("a.csv", &csv)]);
    let loaded = workspace.load(&["total", "people"], Some("2024-01-16")).unwrap();
    let coverage = loaded.sources.get("rows").unwrap();
    assert_eq!((coverage.rows, coverage.later, coverage.last.to_string().as_str()), (16, 24, "2024-01-16"));
    let of = |name: &str| shown(loaded.metrics.get(name).unwrap());
    assert_eq!(of("total"), "2024-W01: 21 70 + 29 through 2024-01-16 [2024-Q1: 120 through 2024-01-16]");
    assert_eq!(of("people"), "2024-W01: 7 7 + 2 through 2024-01-16 [2024-Q1: 16 through 2024-01-16]");
    assert_eq!(loaded.metrics.get("total").unwrap().duplicates, Some(0));
    // Nothing is known after the last row.
    let later = workspace.load(&["total"], Some("2024-03-31")).unwrap();
    let expect = "2024-W01: 21 70 119 168 217 + 185 through 2024-02-09 [2024-Q1: 780 through 2024-02-09]";
    assert_eq!(shown(later.metrics.get("total").unwrap()), expect);
}

#[test]
fn the_first_and_the_last_week_are_shown_and_not_counted() {
    let csv = daily("date,n", "2024-01-03", 14, |_, _| "1".into());
    let definitions =
        "source rows { from: \"a.csv\" time: date } metric total { unit: rides grain: week measure: sum(n) from rows }";
    let observed = workspace(definitions, &[("a.csv", &csv)]).read("total");
    assert_eq!(shown(&observed), "2024-W02: 7 + 2 through 2024-01-16");
    let points: Vec<(Option<f64>, bool)> = observed.points.iter().map(|point| (point.value, point.complete)).collect();
    assert_eq!(points, [(Some(5.0), false), (Some(7.0), true), (Some(2.0), false)]);
}

#[test]
fn duplicates_and_rows_without_a_time_are_told() {
    let csv = "id,date,n\n1,2024-01-01,1\n1,2024-01-02,1\n2,2024-01-03,1\n3,,1\n1,2024-01-04,1\n";
    let workspace = of("from: \"a.csv\" time: date key: id", &[("a.csv", csv.as_bytes())]);
    let loaded = workspace.load(&["total"], None).unwrap();
    assert_eq!(loaded.metrics.get("total").unwrap().duplicates, Some(3));
    assert_eq!(
        loaded.notes,
        ["1 row of `rows` has no `date` and count in no period.".replace("count in", "counts in")]
    );
    insta::assert_snapshot!(loaded.metrics.get("total").unwrap().sql.join("\n\n"));
}

#[test]
fn calendars_cut_the_same_days_differently() {
    let csv = daily("date,n", "2023-01-01", 820, |_, _| "1".into());
    let metrics = "metric total { unit: rides grain: month reads: total measure: sum(n) from rows }";
    let definitions = format!("source rows {{ from: \"a.csv\" time: date }} {metrics}");
    let quarters = |settings: &str| {
        let observed = workspace_with(settings, &definitions, &[("a.csv", &csv)]).read("total");
        let quarters = &observed.history.quarters;
        quarters
            .iter()
            .take(3)
            .map(|quarter| format!("{} {}", quarter.period, quarter.value))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(quarters(""), "2023-Q1 90, 2023-Q2 91, 2023-Q3 92");
    let april = "[calendar]\nfiscal_year_starts = \"04-01\"\nnamed_by = \"end\"";
    assert_eq!(quarters(april), "2023-Q4 90, 2024-Q1 91, 2024-Q2 92");
    let retail =
        "[calendar]\nkind = \"4-4-5\"\nfiscal_year_starts = \"02-01\"\nnamed_by = \"start\"\nweek_starts = \"sunday\"";
    assert_eq!(quarters(retail), "2023-Q1 91, 2023-Q2 91, 2023-Q3 91");
}

#[test]
fn formulas_over_metrics_are_read_over_the_whole_quarter() {
    let csv = daily("date,n,k", "2023-01-01", 456, |day, date| {
        format!("{},{}", day % 7 + 1, if chrono::Datelike::year(&date) < 2024 { "a" } else { "b" })
    });
    let definitions = "source rows { from: \"a.csv\" time: date }
        metric sum { unit: rides grain: month measure: sum(n) from rows }
        metric days { unit: days grain: month measure: count() from rows }
        metric rate { unit: rides per day grain: month measure: sum / days }
        metric growth { unit: ratio grain: month measure: sum / (sum ago 1 year) - 1 }
        metric part { unit: ratio grain: month measure: (sum where k = \"b\") / sum }
        metric both { unit: rides grain: month measure: sum - 2 * days }";
    let workspace = workspace(definitions, &[("a.csv", &csv)]);
    let loaded = workspace.load(&["rate", "growth", "part", "both"], None).unwrap();
    let quarter = |name: &str, at: usize| loaded.metrics.get(name).unwrap().history.quarters.get(at).unwrap().value;
    let total = |from: u64, to: u64| (from..to).map(|day| (day % 7 + 1) as f64).sum::<f64>();
    assert_eq!(quarter("rate", 0), total(0, 90) / 90.0);
    assert_eq!(quarter("growth", 0), total(365, 456) / total(0, 90) - 1.0);
    assert_eq!((quarter("part", 0), quarter("part", 4)), (0.0, 1.0));
    assert_eq!(quarter("both", 0), total(0, 90) - 180.0);
    assert_eq!(loaded.metrics.get("growth").unwrap().history.start.to_string(), "2024-01");
    assert!(loaded.metrics.contains_key("sum") && loaded.metrics.contains_key("days"));
}

#[test]
fn restatements_change_what_came_before() {
    let csv = daily("date,n,ok", "2024-01-01", 91, |_, _| "10,5".into());
    let definitions = "source rows { from: \"a.csv\" time: date }
        metric total { unit: rides grain: month reads: total measure: sum(n) from rows
          changed 2024-02-15 \"counted anew\" { restate: before * 0.5 } }
        metric moved { unit: rides grain: month reads: total measure: sum(n) from rows
          changed 2024-02-15 \"counted anew\" { restate: before - 29 } }
        metric share { unit: share grain: month measure: (sum(ok) / sum(n)) from rows
          changed 2024-02-15 \"counted anew\" { restate: before - 10pp } }
        metric kept { unit: rides grain: month reads: total measure: sum(n) from rows
          changed 2024-02-15 \"only said\" { } }";
    let workspace = workspace(definitions, &[("a.csv", &csv)]);
    // 14 of February's 29 days lie before the change.
    assert_eq!(workspace.shown("total"), "2024-01: 155 220 310 [2024-Q1: 685]");
    assert_eq!(workspace.read("moved").history.values, [Some(281.0), Some(276.0), Some(310.0)]);
    let share = workspace.read("share").history.values;
    assert_eq!(share.first(), Some(&Some(0.4)));
    assert!((share.get(1).unwrap().unwrap() - (0.4 * 14.0 + 0.5 * 15.0) / 29.0).abs() < 1e-12);
    assert_eq!(workspace.shown("kept"), "2024-01: 310 290 310 [2024-Q1: 910]");
}

#[test]
fn a_part_of_a_metric_is_a_series_of_its_own() {
    let csv = daily("date,n,city", "2024-01-01", 31, |day, _| format!("1,{}", if day % 2 == 0 { "it's" } else { "b" }));
    let definitions = "source rows { from: \"a.csv\" time: date }
        metric total { unit: rides grain: month better: higher measure: sum(n) from rows
          slice: city }
        plan 2024-Q2 \"p\" { target total for city = \"it's\" { set: 5 because: \"x\" } }";
    let workspace = workspace(definitions, &[("a.csv", &csv)]);
    let slice = workspace.model.plans.values().next().unwrap().targets.first().unwrap().slice.clone();
    let wanted = Wanted { metric: "total".into(), slice };
    let loaded = workspace.load_wanted(std::slice::from_ref(&wanted), None).unwrap();
    assert_eq!(loaded.metrics.get(&wanted.series_name()).unwrap().history.values, [Some(16.0)]);
}

#[test]
fn days_add_up_to_quarters() {
    let csv = daily("date,n", "2022-11-15", 700, |day, _| format!("{}.{:02}", day * 37 % 101, day % 97));
    let definitions = "source rows { from: \"a.csv\" time: date }
        metric day { unit: rides grain: day measure: sum(n) from rows }
        metric week { unit: rides grain: week measure: sum(n) from rows }";
    let workspace = workspace(definitions, &[("a.csv", &csv)]);
    let loaded = workspace.load(&["day", "week"], None).unwrap();
    let (day, week) = (&loaded.metrics.get("day").unwrap(), &loaded.metrics.get("week").unwrap());
    assert_eq!(day.history.quarters, week.history.quarters);
    let calendar = &workspace.model.settings.calendar;
    for quarter in &day.history.quarters {
        let inside = day.points.iter().filter(|point| calendar.holds(quarter.period, point.start));
        let sum: f64 = inside.filter_map(|point| point.value).sum();
        assert!((sum - quarter.value).abs() < 1e-9, "{}", quarter.period);
    }
    assert_eq!(day.history.quarters.len(), 8);
}

#[test]
fn rows_too_many_for_the_memory_give_the_same_answers() {
    use crate::engine::Engine;
    use crate::source::column::Kind;
    use crate::source::dates::DateReader;
    use crate::source::field::Manner;
    use crate::source::files::{Owner, SourceFile};
    use crate::source::text::{Held, TextRequest, WantedColumn, read_text};
    use quarterdeck_calendar::Calendar;
    use quarterdeck_lang::model::{Export, Place};

    // A number that floats, a date that has a time, and a text come late; a column begins with nothing.
    let text =
        "at,n,late,who\n2024-01-01,1,,a\n2024-01-02,2.5,,b\n2024-01-03,,,\n2024-01-04,1e3,7,d\n2024-01-05,4,8,e\n";
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, text).unwrap();
    let place = Place::default();
    let of = |name: &str, kind: Kind| WantedColumn { name: name.into(), kind, place: place.clone() };
    let columns = [of("at", Kind::Time), of("n", Kind::Number), of("late", Kind::Guess), of("who", Kind::Text)];
    let dates = DateReader::new(None, chrono_tz::Tz::UTC, &Calendar::default()).unwrap();
    let (export, files) = (Export::default(), [SourceFile { path, shown: "a.csv".into() }]);
    let manner = Manner::new(dates, false, &export, "USD");
    let answers = |chunk: usize| {
        let owner = Owner { name: "t", place: &place };
        let request = TextRequest {
            owner,
            files: &files,
            columns: &columns,
            time: None,
            export: &export,
            manner: &manner,
            chunk,
        };
        let table = read_text(&request).unwrap();
        let engine = Engine::new(&Calendar::default(), chrono_tz::Tz::UTC, 5).unwrap();
        match &table.held {
            Held::Memory(batch) => engine.add_table("t", batch.clone()).unwrap(),
            Held::Aside(_, paths) => engine.add_parquet("t", paths).unwrap(),
        }
        let sql = "SELECT \"row number\", \"at\", CAST(n AS DOUBLE), CAST(late AS DOUBLE), CAST(who AS VARCHAR) FROM t ORDER BY 1";
        let rows: Vec<String> =
            engine.rows(sql).unwrap().iter().map(|batch| format!("{:?}", batch.columns())).collect();
        let lines: Vec<_> = (0..5).map(|row| table.lines.get(row)).collect();
        (matches!(table.held, Held::Aside(..)), rows.join(" ").replace("StringViewArray", "StringArray"), lines)
    };
    let (aside, whole, lines) = answers(1000);
    assert!(!aside && whole.contains("1000.0"));
    for chunk in [1, 2, 5] {
        let (aside, parts, same) = answers(chunk);
        assert!(aside);
        assert_eq!((parts, same), (whole.clone(), lines.clone()), "{chunk}");
    }
}
