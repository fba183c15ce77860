//! `quarterdeck.toml`: text in, settings and diagnostics out. Every key is optional; an unknown one is a warning.

use crate::codes::Code;
use crate::codes::resolve::{LINT_UNKNOWN, NAMED_BY, SETTINGS_KEY, SETTINGS_SYNTAX, SETTINGS_VALUE};
use crate::model::{Connection, LintLevel, Settings, Team};
use crate::resolve::{currencies, is_currency};
use crate::suggest::nearest;
use crate::{Diagnostic, FileId, Severity, Span, Subject};
use quarterdeck_calendar::{Calendar, Kind, NamedBy, Weekday};
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How many paths a forecast may be drawn with.
const PATHS: RangeInclusive<i64> = 1_000..=1_000_000;

/// Reads settings; what cannot be read keeps its default and has a diagnostic.
pub(crate) fn parse(file: FileId, text: &str) -> (Settings, Vec<Diagnostic>) {
    let mut reader = Reader { file, out: Vec::new() };
    let (table, mistakes) = DeTable::parse_recoverable(text);
    for mistake in mistakes {
        let range = mistake.span().unwrap_or(0..0);
        reader.error(&SETTINGS_SYNTAX, range, format!("not TOML: {}", first_line(mistake.message())));
        let hint = "a line is `key = value` under a `[section]`; texts stand in quotes: name = \"Grocer\"";
        reader.out.last_mut().into_iter().for_each(|told| told.hints.push(hint.to_owned()));
    }
    let torn = reader.out.len();
    let mut settings = Settings::default();
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        let Some(section) = SECTIONS.iter().find(|(known, _)| *known == name) else {
            reader.unknown(key.span(), name, "", SECTIONS.iter().map(|(name, _)| *name));
            continue;
        };
        match value.get_ref().as_table() {
            Some(table) => (section.1)(&mut reader, &mut settings, table),
            None => reader.value(
                value.span(),
                format!("`{name}` is a section"),
                format!("write `[{name}]` and its keys below"),
            ),
        }
    }
    if torn > 0 {
        // What a torn text seems to say is used as far as it goes, and not blamed.
        reader.out.truncate(torn);
    }
    (settings, reader.out)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

type Section = (&'static str, fn(&mut Reader, &mut Settings, &DeTable<'_>));

/// Every section with what reads it.
const SECTIONS: &[Section] = &[
    ("workspace", workspace),
    ("calendar", calendar),
    ("sources", sources),
    ("engine", engine),
    ("forecast", forecast),
    ("lints", lints),
    ("teams", teams),
];

/// Where a file's diagnostics gather.
struct Reader {
    file: FileId,
    out: Vec<Diagnostic>,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl Reader {
    fn span(&self, range: Range<usize>) -> Span {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { file: self.file, start: byte(range.start), end: byte(range.end) }
    }

    fn error(&mut self, code: &Code, range: Range<usize>, message: impl Into<String>) {
        let diagnostic = Diagnostic::error(code.code, self.span(range), message);
        self.out.push(diagnostic.about(Subject::Settings));
    }

    /// A value of the wrong form.
    fn value(&mut self, range: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        let diagnostic = Diagnostic::error(SETTINGS_VALUE.code, self.span(range), message).hint(hint);
        self.out.push(diagnostic.about(Subject::Settings));
    }

    /// A key that means nothing, with the nearest known.
    fn unknown<'n>(
        &mut self,
        range: Range<usize>,
        name: &str,
        section: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let message = match section {
            "" => format!("there is no section `[{name}]`"),
            section => format!("`[{section}]` has no key `{name}`"),
        };
        let span = self.span(range);
        let mut diagnostic = Diagnostic::new(SETTINGS_KEY.code, Severity::Warning, Some(span), message);
        diagnostic = match nearest(name, known.clone()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near),
            None => diagnostic.hint(format!("known: {}", known.collect::<Vec<_>>().join(", "))),
        };
        self.out.push(diagnostic.about(Subject::Settings));
    }

    fn text<'t>(&mut self, key: &str, value: &'t Value<'_>) -> Option<&'t str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            let found = kind_of(value.get_ref());
            self.value(value.span(), format!("`{key}` is {found}, and a text is expected"), "write it in quotes");
        }
        text
    }

    fn word<T: Copy>(&mut self, key: &str, value: &Value<'_>, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key, value)?;
        if let Some((_, meant)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*meant);
        }
        let all: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let message = format!("`{key}` cannot be \"{text}\"");
        let span = self.span(value.span());
        let mut diagnostic =
            Diagnostic::error(SETTINGS_VALUE.code, span, message).note(format!("expected {}", all.join(", ")));
        if let Some(near) = nearest(text, words.iter().map(|(word, _)| *word)) {
            diagnostic = diagnostic.fix(format!("write \"{near}\""), span, format!("\"{near}\""));
        } else {
            diagnostic = diagnostic.hint(format!("write one of {}", all.join(", ")));
        }
        self.out.push(diagnostic.about(Subject::Settings));
        None
    }

    fn integer(&mut self, key: &str, value: &Value<'_>, range: RangeInclusive<i64>) -> Option<i64> {
        let found = value.get_ref().as_integer();
        let number =
            found.and_then(|number| i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok());
        if number.is_some_and(|number| range.contains(&number)) {
            return number;
        }
        let message = match number {
            Some(number) => format!("`{key}` cannot be {number}"),
            None => format!("`{key}` is {}, and a whole number is expected", kind_of(value.get_ref())),
        };
        let hint = match *range.end() {
            i64::MAX => format!("write a whole number, {} or more", range.start()),
            most => format!("write a whole number from {} to {most}", range.start()),
        };
        self.value(value.span(), message, hint);
        None
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn workspace(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" => {
                if let Some(name) = reader.text("name", value) {
                    settings.name = name.to_owned();
                }
            }
            "currency" => currency(reader, settings, value),
            "time_zone" => time_zone(reader, settings, value),
            other => reader.unknown(key.span(), other, "workspace", ["name", "currency", "time_zone"].into_iter()),
        }
    }
}

fn currency(reader: &mut Reader, settings: &mut Settings, value: &Value<'_>) {
    let Some(code) = reader.text("currency", value) else { return };
    if is_currency(code) {
        settings.currency = code.to_owned();
        return;
    }
    let hint = match nearest(code, currencies()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "write a code of ISO 4217, such as \"USD\", \"EUR\" or \"GBP\"".to_owned(),
    };
    reader.value(value.span(), format!("there is no currency \"{code}\""), hint);
}

fn time_zone(reader: &mut Reader, settings: &mut Settings, value: &Value<'_>) {
    let Some(zone) = reader.text("time_zone", value) else { return };
    if zone.parse::<chrono_tz::Tz>().is_ok() {
        settings.time_zone = zone.to_owned();
        return;
    }
    let hint = match nearest(zone, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "write a zone of the IANA list, such as \"Europe/London\" or \"UTC\"".to_owned(),
    };
    reader.value(value.span(), format!("there is no time zone \"{zone}\""), hint);
}

fn calendar(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    const KEYS: [&str; 4] = ["kind", "fiscal_year_starts", "named_by", "week_starts"];
    let (mut kind, mut starts, mut named, mut week) = (Kind::Gregorian, None, None, Weekday::Mon);
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "kind" => {
                let kinds = [
                    ("gregorian", Kind::Gregorian),
                    ("4-4-5", Kind::Weeks445),
                    ("4-5-4", Kind::Weeks454),
                    ("5-4-4", Kind::Weeks544),
                ];
                kind = reader.word("kind", value, &kinds).unwrap_or(kind);
            }
            "fiscal_year_starts" => starts = month_and_day(reader, value).map(|day| (day, value.span())).or(starts),
            "named_by" => {
                let years = [("start", NamedBy::Start), ("end", NamedBy::End)];
                named = reader.word("named_by", value, &years).or(Some(NamedBy::End));
            }
            "week_starts" => week = reader.word("week_starts", value, &WEEKDAYS).unwrap_or(week),
            other => reader.unknown(key.span(), other, "calendar", KEYS.into_iter()),
        }
    }
    if let (Some((_, range)), None) = (starts.as_ref().filter(|(day, _)| *day != (1, 1)), named) {
        let span = reader.span(range.clone());
        let message = "the fiscal year does not start in January, and `named_by` is not set";
        let hint = "add `named_by = \"end\"` if 2027-Q1 is of the year that ends in 2027, `named_by = \"start\"` if of the one that starts then";
        let diagnostic =
            Diagnostic::error(NAMED_BY.code, span, message).note("it lies in two calendar years").hint(hint);
        reader.out.push(diagnostic.about(Subject::Settings));
    }
    let day = starts.as_ref().map_or((1, 1), |(day, _)| *day);
    match Calendar::new(kind, day, named.unwrap_or_default(), week) {
        Ok(calendar) => settings.calendar = calendar,
        Err(reason) => {
            let range = starts.map_or(0..0, |(_, range)| range);
            reader.value(range, reason.to_string(), "write it as \"04-01\"");
        }
    }
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

fn month_and_day(reader: &mut Reader, value: &Value<'_>) -> Option<(u32, u32)> {
    let text = reader.text("fiscal_year_starts", value)?;
    let digits =
        |part: &str| part.parse().ok().filter(|_| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let day = text.split_once('-').and_then(|(month, day)| Some((digits(month)?, digits(day)?)));
    if day.is_none() {
        reader.value(
            value.span(),
            format!("`fiscal_year_starts` cannot be \"{text}\""),
            "write month and day: \"04-01\"",
        );
    }
    day
}

fn sources(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    for (name, value) in table {
        let Some(table) = value.get_ref().as_table() else {
            reader.value(value.span(), "a connection is a section", format!("write `[sources.{}]`", name.get_ref()));
            continue;
        };
        let (mut kind, mut url_env, mut sound) = (None, None, true);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "kind" => {
                    kind = reader.word("kind", value, &[("postgres", "postgres")]);
                    sound &= kind.is_some();
                }
                "url_env" => {
                    url_env = reader.text("url_env", value);
                    sound &= url_env.is_some();
                }
                other => reader.unknown(key.span(), other, "sources.…", ["kind", "url_env"].into_iter()),
            }
        }
        match (kind, url_env) {
            (Some(kind), Some(url_env)) => {
                let connection = Connection { kind: kind.to_owned(), url_env: url_env.to_owned() };
                settings.sources.insert(name.get_ref().to_string(), connection);
            }
            _ if sound => {
                let message = format!(
                    "the connection `{}` has no {}",
                    name.get_ref(),
                    if kind.is_none() { "`kind`" } else { "`url_env`" }
                );
                let hint = "write `kind = \"postgres\"` and `url_env = \"NAME\"`, the environment variable that holds its address";
                reader.value(name.span(), message, hint);
            }
            _ => {}
        }
    }
}

fn engine(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "kind" => {
                if let Some(kind) = reader.word("kind", value, &[("embedded", "embedded")]) {
                    settings.engine = kind.to_owned();
                }
            }
            other => reader.unknown(key.span(), other, "engine", ["kind"].into_iter()),
        }
    }
}

fn forecast(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "seed" => {
                if let Some(seed) = reader.integer("seed", value, 0..=i64::MAX) {
                    settings.forecast.seed = seed.unsigned_abs();
                }
            }
            "paths" => {
                if let Some(paths) = reader.integer("paths", value, PATHS) {
                    settings.forecast.paths = usize::try_from(paths).unwrap_or(settings.forecast.paths);
                }
            }
            other => reader.unknown(key.span(), other, "forecast", ["seed", "paths"].into_iter()),
        }
    }
}

fn lints(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    let levels = [("allow", LintLevel::Allow), ("warn", LintLevel::Warn), ("deny", LintLevel::Deny)];
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let Some(known) = crate::lint::codes().find(|known| known.eq_ignore_ascii_case(name)) else {
            let span = reader.span(key.span());
            let unknown =
                Diagnostic::new(LINT_UNKNOWN.code, Severity::Warning, Some(span), format!("there is no lint `{name}`"));
            reader.out.push(unknown.hint("`qd explain` lists every lint").about(Subject::Settings));
            continue;
        };
        if let Some(level) = reader.word(name, value, &levels) {
            settings.lints.insert(known.to_owned(), level);
        }
    }
}

fn teams(reader: &mut Reader, settings: &mut Settings, table: &DeTable<'_>) {
    for (name, value) in table {
        let Some(table) = value.get_ref().as_table() else {
            reader.value(value.span(), "a team is a section", format!("write `[teams.{}]`", name.get_ref()));
            continue;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "capacity" => {
                    let Some(text) = reader.text("capacity", value) else { continue };
                    match weeks(text) {
                        Some(capacity) => {
                            settings.teams.insert(name.get_ref().to_string(), Team { capacity });
                        }
                        None => {
                            let message = format!("`capacity` cannot be \"{text}\"");
                            reader.value(value.span(), message, "write person-weeks a quarter: \"60 person-weeks\"");
                        }
                    }
                }
                other => reader.unknown(key.span(), other, "teams.…", ["capacity"].into_iter()),
            }
        }
    }
}

/// `60 person-weeks`.
fn weeks(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: f64 = number.replace('_', "").parse().ok()?;
    let known = matches!(unit.trim(), "person-weeks" | "person-week");
    (known && number.is_finite() && number > 0.0).then_some(number)
}
