//! Grids of texts and of spreadsheets that are made here, hostile ones among them.

use super::books::{ods, xlsx, xlsx_of_size};
use super::*;
use std::path::PathBuf;
use tempfile::TempDir;

/// A file of these bytes, kept as long as the folder.
fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Every cell with its address, what is shown and what is kept of it.
fn shown(bytes: &[u8], options: &Options) -> String {
    let (_folder, path) = file("export.bin", bytes);
    let grid = match read(&path, options) {
        Ok(grid) => grid,
        Err(error) => return error.to_string(),
    };
    let mut text = format!("{:?} sheets {:?} more {}\n", grid.format, grid.sheets, grid.more);
    for row in &grid.rows {
        for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let value = match &cell.value {
                Value::Number(number) => format!(" = {number}"),
                Value::Date(date, clock) => format!(" = {date} {clock:?}"),
                Value::Bool(yes) => format!(" = {yes}"),
                Value::Error => " = error".into(),
                Value::Text | Value::Empty => String::new(),
            };
            let format = cell.format.as_ref().map_or(String::new(), |format| format!("  [{format}]"));
            text += &format!("{} {}{value}{format}\n", grid.address(row.number, column), cell.shown);
        }
    }
    text
}

#[test]
fn a_text_says_how_it_is_written() {
    let text =
        b"Umsatz je Tag;;\n\nDatum;Umsatz;Anmerkung\n01.02.2026;1.234,50;\"gut; sehr\"\n02.02.2026;-;J\xfcrgen\n";
    insta::assert_snapshot!(shown(text, &Options::default()));
    let some = Options { rows: Some(1), separator: Some(','), ..Options::default() };
    assert!(shown(b"a,b\n1,2\n", &some).ends_with("more true\n1:1 a\n1:2 b\n"));
    assert!(shown(b"a,b\r\n\r\n\"1\r\n2\",2", &Options::default()).ends_with("3:1 1\n2\n3:2 2\n"));
    let declared = shown(b"sep=|\r\na|b\r\n", &Options::default());
    assert!(declared.contains("separator: '|'") && declared.ends_with("2:1 a\n2:2 b\n"), "{declared}");
}

#[test]
fn a_workbook_is_read_with_its_formats() {
    let whole = shown(&xlsx(books::SHEET), &Options::default());
    insta::assert_snapshot!(whole);
    let other = Options { sheet: Some("Q4".into()), ..Options::default() };
    assert_eq!(shown(&xlsx(books::SHEET), &other), "it has no sheet `Q4`; its sheets are Hidden, Board pack");
}

#[test]
fn an_opendocument_sheet_is_read_as_it_is_seen() {
    insta::assert_snapshot!(shown(&ods(books::CONTENT), &Options::default()));
}

#[test]
fn hostile_files_are_refused_in_words() {
    let huge = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    let many = books::CONTENT.replace("<!--more-->", "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"1000\" office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell></table:table-row>");
    let whole = xlsx(books::SHEET);
    let open = format!("a,b\n1,\"{}", "x\n".repeat(3000));
    let cases: [(&str, Vec<u8>); 10] = [
        ("a bomb", xlsx_of_size(300 << 20)),
        ("cells repeated", ods(&many)),
        ("a sheet cut off", ods(books::CONTENT.split_once("<!--more-->").unwrap().0)),
        ("half a workbook", whole[..whole.len() / 2].to_vec()),
        ("no xml", xlsx("<row><c r=\"ZZZZZZZZZZZ1\"><v>1</v></c></row>")),
        ("a zip", books::zip(&[("a.csv", b"a,b\n".to_vec())])),
        ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        ("a quote without end", open.into_bytes()),
        ("half a gzip", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ("nothing", Vec::new()),
    ];
    let shown: Vec<String> =
        cases.iter().map(|(name, bytes)| format!("{name}: {}", shown(bytes, &Options::default()).trim())).collect();
    insta::assert_snapshot!(shown.join("\n"));
    // A sheet may name its last cell without filling those before.
    let far = super::tests::shown(&xlsx(huge), &Options::default());
    assert!(far.contains("A1 1 = 1\n") && far.contains("XFD1048576 2 = 2"), "{far}");
}

#[test]
fn columns_have_letters() {
    for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
        assert_eq!(column_letters(column), letters);
    }
}
