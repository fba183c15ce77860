//! Reads pages back: tags, words, numbers, tables. Independent of the code that wrote them.

/// The open and close tags of a page balance, attributes are quoted, and every `&` begins an entity.
pub fn well_formed(html: &str) -> Result<(), String> {
    const VOID: [&str; 5] = ["meta", "wbr", "br", "link", "!doctype"];
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at(at);
        if !open.iter().any(|tag| tag == "style") {
            entities(text)?;
        }
        let end = tail.find('>').ok_or_else(|| format!("no > after {}", head(tail)))?;
        let tag = &tail[1..end];
        rest = &tail[end + 1..];
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| !c.is_whitespace() && *c != '/').collect();
        if tag.matches('"').count() % 2 != 0 {
            return Err(format!("quotes in <{tag}>"));
        }
        if tag.starts_with('/') {
            let last = open.pop();
            if last.as_deref() != Some(name.as_str()) {
                return Err(format!("</{name}> closes {last:?}"));
            }
        } else if !tag.ends_with('/') && !VOID.contains(&name.to_lowercase().as_str()) {
            if !name.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(format!("<{tag}>"));
            }
            open.push(name);
        }
    }
    if rest.contains('>') || open.is_empty() {
        entities(rest)?
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

fn entities(text: &str) -> Result<(), String> {
    for part in text.split('&').skip(1) {
        let name: String = part.chars().take_while(|c| *c != ';').collect();
        let known = ["amp", "lt", "gt", "quot"].contains(&name.as_str()) || name.starts_with('#');
        if !known || name.len() > 8 {
            return Err(format!("a bare & before {}", head(part)));
        }
    }
    Ok(())
}

fn head(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A page without everything between an opening and its closing tag.
pub fn without(html: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(open) {
        out.push_str(&rest[..at]);
        rest = rest[at..].find(close).map_or("", |end| &rest[at + end + close.len()..]);
    }
    out.push_str(rest);
    out
}

/// The prose words of the first sheet: without tables, drawings and the appendix.
pub fn words_on_sheet(html: &str) -> usize {
    let from = html.find("<section class=\"sheet\">").unwrap();
    let sheet = &html[from..];
    let sheet = &sheet[..sheet.find("<section class=\"appendix\">").unwrap_or(sheet.len())];
    let sheet = without(&without(sheet, "<table>", "</table>"), "<svg", "</svg>").replace("<wbr>", "");
    let text = without(&sheet.replace('<', " <"), "<", ">");
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// Every number of a text, sorted.
pub fn numbers(text: &str) -> Vec<String> {
    let mut out: Vec<String> = text
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .map(|part| part.trim_matches(['.', ',']).to_owned())
        .filter(|part| part.bytes().any(|b| b.is_ascii_digit()))
        .collect();
    out.sort();
    out
}

/// Values of an attribute.
pub fn attributes(html: &str, name: &str) -> Vec<String> {
    let key = format!(" {name}=\"");
    html.split(key.as_str()).skip(1).map(|part| part.split('"').next().unwrap_or("").to_owned()).collect()
}

/// Pipes that end a cell: not escaped.
pub fn pipes(line: &str) -> usize {
    let mut escaped = false;
    let mut found = 0;
    for letter in line.chars() {
        found += usize::from(letter == '|' && !escaped);
        escaped = letter == '\\' && !escaped;
    }
    found
}
