//! Promises of sources and metrics.

use super::support::workspace;
use crate::check_data;

#[test]
fn broken_promises_are_found() {
    let definitions = "source rows { from: \"a.csv\" time: date key: id fresh: 3 days
          expect: id is unique, n >= 0 and n < 100, city in (\"x\", \"y\") }
        source old { from: \"b.csv\" time: date fresh: 3 days expect: n > 0 }
        metric total { unit: rides grain: month measure: sum(n) from rows
          test \"right\" { at: 2024-01  is: 12 }
          test \"near\" { at: 2024-01  is: 12.1 within 1% }
          test \"wrong\" { at: 2024-01  is: 13 }
          test \"unknown\" { at: 2023-12  is: 13 } }";
    let a = "id,date,n,city\n1,2024-01-01,5,x\n2,2024-01-02,-1,y\n2,2024-01-03,7,z\n3,2024-01-31,,\n4,2024-01-31,1,q\n";
    let b = "date,n\n2024-01-20,1\n";
    let workspace = workspace(definitions, &[("a.csv", a), ("b.csv", b)]);
    let findings = check_data(workspace.folder.path(), &workspace.model, None).unwrap().findings;
    let lines: Vec<String> = findings.iter().map(|finding| finding.message.clone()).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn one_source_that_cannot_be_read_hides_nothing_of_the_others() {
    let definitions = "source gone { from: \"gone.csv\" time: date }
        source torn { from: \"torn.csv\" time: date }
        source sound { from: \"a.csv\" time: date key: id expect: n >= 0 }
        metric of_gone { unit: rides grain: month measure: count() from gone }
        metric of_torn { unit: rides grain: month measure: sum(n) from torn }
        metric total { unit: rides grain: month measure: sum(n) from sound equals: rows * 2 }
        metric rows { unit: rides grain: month measure: count() from sound test \"two\" { at: 2024-01  is: 3 } }";
    let files = [("torn.csv", "date,n\n2024-01-01,x\n"), ("a.csv", "id,date,n\n1,2024-01-01,5\n2,2024-01-31,-2\n")];
    let workspace = workspace(definitions, &files);
    let checked = check_data(workspace.folder.path(), &workspace.model, None).unwrap();
    let unread = checked.unread.iter().map(ToString::to_string);
    let findings = checked.findings.iter().map(|finding| finding.message.clone());
    insta::assert_snapshot!(unread.chain(findings).collect::<Vec<_>>().join("\n"));
}
