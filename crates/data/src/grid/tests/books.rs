//! Spreadsheets as spreadsheets write them, small enough to be read in a test.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Rows of a sheet: a title, headers with true dates, a percentage, an error, a text in a number's place.
pub const SHEET: &str = r#"
<row r="1"><c r="A1" t="inlineStr"><is><t>Board pack</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" s="1"><v>46327</v></c><c r="C3" s="1"><v>46357</v></c></row>
<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>9480</v></c><c r="C4" t="e"><v>#DIV/0!</v></c></row>
<row r="5"><c r="A5" t="s"><v>2</v></c><c r="B5" s="2"><v>0.42</v></c><c r="C5" t="str"><v>n/a</v></c></row>
<row r="6"><c r="A6" t="inlineStr"><is><t>Revenue</t></is></c><c r="B6" s="3"><v>412300</v></c><c r="C6" t="b"><v>1</v></c></row>
<row r="7"><c r="B7" s="4"><v>46327.5</v></c></row>"#;

const STYLES: &str = r##"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="3"><numFmt numFmtId="164" formatCode="mmm\-yy"/><numFmt numFmtId="165" formatCode="0.0%"/><numFmt numFmtId="166" formatCode="&quot;£&quot;#,##0"/></numFmts>
<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs>
</styleSheet>"##;

const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hidden" sheetId="2" state="hidden" r:id="rId2"/><sheet name="Board pack" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

const STRINGS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Metric</t></si><si><t>Paid subscribers</t></si><si><t>Activation &amp; more</t></si></sst>"#;

/// A zip file of named parts.
pub fn zip(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with a sheet of these rows and a hidden one.
pub fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = |rows: &str| {
        let open = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
        format!("{open}{rows}</sheetData></worksheet>").into_bytes()
    };
    zip(&[
        ("_rels/.rels", ROOT.into()),
        ("xl/workbook.xml", BOOK.into()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.into()),
        ("xl/worksheets/sheet1.xml", sheet(rows)),
        ("xl/worksheets/sheet2.xml", sheet("")),
        ("xl/styles.xml", STYLES.into()),
        ("xl/sharedStrings.xml", STRINGS.into()),
    ])
}

/// A workbook with a part that expands to so many bytes.
pub fn xlsx_of_size(bytes: usize) -> Vec<u8> {
    zip(&[("xl/workbook.xml", BOOK.into()), ("xl/media/huge.bin", vec![0; bytes])])
}

/// The content of a sheet: a title, a note beside a cell, repeated cells, a percentage, a currency, a date, an error.
pub const CONTENT: &str = r##"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">
<office:automatic-styles><style:style style:name="ta1"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Old" table:style-name="ta1"><table:table-row><table:table-cell office:value-type="string"><text:p>old</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="Kennzahlen">
<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>seen by nobody</text:p></office:annotation><text:p>Umsatz &amp; mehr</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="2026-11-01"><text:p>Nov 26</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="9480"><text:p>9.480</text:p></table:table-cell><table:table-cell table:number-columns-repeated="1000"/></table:table-row>
<table:table-row><table:table-cell/><table:table-cell office:value-type="percentage" office:value="0.42"><text:p>42,0 %</text:p></table:table-cell><table:table-cell office:value-type="currency" office:currency="EUR" office:value="1234.5"><text:p>1.234,50 €</text:p></table:table-cell><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>
<!--more-->
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"##;

/// An OpenDocument spreadsheet with this content.
pub fn ods(content: &str) -> Vec<u8> {
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".to_vec()), ("content.xml", content.into())])
}
