//! What the names of metrics tell: which way is better, whether they add up, what they count.
//!
//! Nothing here is sure. Each answer carries the word it was read from, and stands as a guess in a comment.

/// What a quarter's number is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Adds up: orders, revenue, sign-ups.
    Flow,
    /// A level at a moment: subscribers, MRR.
    Stock,
    /// A number of different people in a period: visitors. Neither adds up nor is a level.
    Distinct,
    /// A part of a whole.
    Share,
    /// A mean, a price, a score, a length of time.
    Mean,
    /// A net promoter score.
    Points,
    /// A plain number over another: LTV:CAC, a K-factor.
    Ratio,
}

/// The words of a label in small letters.
pub fn words(label: &str) -> Vec<String> {
    let lower = label
        .to_lowercase()
        .replace('_', " ")
        .replace("sign ups", "signups")
        .replace("sign-ups", "signups")
        .replace("page views", "pageviews");
    let split = lower.split(|letter: char| !letter.is_alphanumeric() && letter != '%');
    split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Words with what they say, first come first.
const NATURES: &[(Nature, &[&str])] = &[
    (Nature::Points, &["nps", "promoter"]),
    (Nature::Ratio, &["ratio", "factor", "multiple", "roas", "roi", "index"]),
    (
        Nature::Mean,
        &[
            "average",
            "max",
            "maximum",
            "min",
            "peak",
            "largest",
            "highest",
            "größter",
            "größte",
            "avg",
            "mean",
            "median",
            "ø",
            "durchschnitt",
            "arpu",
            "arppu",
            "arpa",
            "aov",
            "csat",
            "ces",
            "score",
            "rating",
            "ratings",
            "stars",
            "duration",
            "latency",
            "cac",
            "clv",
            "ltv",
            "cltv",
            "cpa",
            "cpc",
            "cpm",
            "cpl",
            "price",
            "preis",
            "p50",
            "p90",
            "p95",
            "p99",
            "age",
            "ttfb",
            "lcp",
            "acv",
            "asp",
        ],
    ),
    (
        Nature::Share,
        &[
            "rate",
            "share",
            "%",
            "percent",
            "percentage",
            "pct",
            "conversion",
            "ctr",
            "cvr",
            "churn",
            "retention",
            "margin",
            "stickiness",
            "utilisation",
            "utilization",
            "adoption",
            "penetration",
            "occupancy",
            "uptime",
            "anteil",
            "quote",
            "availability",
            "grr",
            "nrr",
            "winrate",
            "taux",
            "tasa",
        ],
    ),
    (
        Nature::Flow,
        &[
            "new",
            "neu",
            "neue",
            "neuer",
            "nouveaux",
            "nouvelles",
            "nuevos",
            "nuevas",
            "signups",
            "registrations",
            "added",
            "lost",
            "churned",
            "cancelled",
            "canceled",
            "activated",
        ],
    ),
    (
        Nature::Stock,
        &[
            "mrr",
            "arr",
            "subscribers",
            "subscriptions",
            "followers",
            "members",
            "headcount",
            "balance",
            "inventory",
            "backlog",
            "seats",
            "licences",
            "licenses",
            "installed",
            "cumulative",
            "paying",
            "accounts",
            "stock",
            "open",
            "pipeline",
            "abonnenten",
            "mitglieder",
            "bestand",
            "employees",
            "mau",
        ],
    ),
    (
        Nature::Distinct,
        &[
            "users",
            "visitors",
            "uniques",
            "unique",
            "customers",
            "buyers",
            "dau",
            "wau",
            "active",
            "people",
            "nutzer",
            "besucher",
            "kunden",
            "households",
            "clients",
            "utilisateurs",
        ],
    ),
];

/// What a name says of how its values add up, with the word that says so.
pub fn nature(label: &str) -> Option<(Nature, String)> {
    let words = words(label);
    // `Net revenue retention` is no revenue, `revenue per customer` no revenue either.
    if words.iter().any(|word| word == "per" || word == "pro") {
        return Some((Nature::Mean, "per".into()));
    }
    if let Some(time) = words.windows(2).find_map(|pair| match pair {
        [time, to] if time == "time" && ["to", "on", "in", "per"].contains(&to.as_str()) => {
            Some(format!("{time} {to}"))
        }
        _ => None,
    }) {
        return Some((Nature::Mean, time));
    }
    if words.iter().any(|word| LATE.contains(&word.as_str()))
        && let Some((_, word)) = duration(label)
    {
        return Some((Nature::Mean, word));
    }
    let outside = self::words(label.split(['(', '[']).next().unwrap_or_default());
    if outside.last().is_some_and(|word| word == "time") && outside.len() > 1 {
        return Some((Nature::Mean, "time".into()));
    }
    // Words are written together in some languages: `Absprungrate`, `Abbruchquote`.
    if let Some(word) = words.iter().find(|word| word.len() > 6 && (word.ends_with("rate") || word.ends_with("quote")))
    {
        return Some((Nature::Share, word.clone()));
    }
    NATURES.iter().find_map(|(nature, known)| {
        let word = words.iter().find(|word| known.contains(&word.as_str()))?;
        Some((*nature, word.clone()))
    })
}

/// Words of what should fall.
const LOWER: [&str; 44] = [
    "churn",
    "churned",
    "tickets",
    "ticket",
    "cost",
    "costs",
    "cac",
    "cpa",
    "cpc",
    "cpm",
    "cpl",
    "latency",
    "complaints",
    "bugs",
    "bug",
    "incidents",
    "refunds",
    "refund",
    "returns",
    "return",
    "bounce",
    "bounces",
    "errors",
    "error",
    "unsubscribes",
    "cancellations",
    "cancelled",
    "canceled",
    "defects",
    "downtime",
    "spam",
    "crashes",
    "crash",
    "abandonment",
    "abandoned",
    "lost",
    "wait",
    "waiting",
    "backlog",
    "spend",
    "expenses",
    "kosten",
    "beschwerden",
    "failed",
];

/// Words of what is waited for.
const LATE: [&str; 13] = [
    "response",
    "reply",
    "resolution",
    "load",
    "loading",
    "lead",
    "cycle",
    "delivery",
    "handling",
    "processing",
    "wait",
    "waiting",
    "queue",
];

/// Which way a metric is better, with the word that says so; `None` where no word does.
pub fn lower_is_better(label: &str) -> Option<String> {
    let words = words(label);
    let timed = words.first().is_some_and(|word| word == "time") && words.iter().any(|word| word == "to");
    let late = words.iter().any(|word| LATE.contains(&word.as_str()));
    let slow = late && (words.iter().any(|word| word == "time" || word == "duration") || duration(label).is_some());
    if timed || slow {
        return Some("time".into());
    }
    // A return on what is spent is no return of goods, and what is had for a cost is no cost.
    let return_on = words.iter().any(|word| word == "on") && words.iter().any(|word| word == "return");
    let over_cost = words.iter().any(|word| word == "ratio")
        && words.iter().any(|word| ["ltv", "clv", "cltv"].contains(&word.as_str()));
    if return_on || over_cost {
        return None;
    }
    let starts = ["absprung", "abbruch", "abwander", "kündigung", "storno", "fehler"];
    words.into_iter().find(|word| LOWER.contains(&word.as_str()) || starts.iter().any(|start| word.starts_with(start)))
}

/// A unit of time that a label names, and the word.
pub fn duration(label: &str) -> Option<(&'static str, String)> {
    let known: [(&str, &[&str]); 5] = [
        ("seconds", &["seconds", "second", "sec", "secs", "s", "sekunden"]),
        ("minutes", &["minutes", "minute", "min", "mins", "minuten"]),
        ("hours", &["hours", "hour", "hrs", "hr", "h", "stunden"]),
        ("days", &["days", "tage"]),
        ("milliseconds", &["ms", "milliseconds", "millis"]),
    ];
    let timed = ["time", "duration", "latency", "age", "length", "zeit", "dauer"];
    let words = words(label);
    let about_time = words.iter().any(|word| timed.contains(&word.as_str()) || LATE.contains(&word.as_str()));
    let (unit, word) = known.into_iter().find_map(|(unit, known)| {
        words.iter().find(|word| known.contains(&word.as_str())).map(|word| (unit, word.clone()))
    })?;
    // `Active days` counts days; `Resolution time (days)` lasts them. Short forms stand for nothing else.
    (about_time || word.len() <= 3).then_some((unit, word))
}

/// Nouns behind what is named without one.
const NOUNS: &[(&str, &[&str])] = &[
    ("users", &["mau", "dau", "wau", "users", "actives"]),
    ("customers", &["customers", "buyers"]),
    ("views", &["pageviews", "views"]),
    ("stars", &["rating", "ratings", "stars"]),
    ("sign_ups", &["signups"]),
];

/// The noun a label counts: the last of its words that is one, before what stands in brackets.
pub fn noun(label: &str) -> Option<String> {
    let outside = label.split(['(', '[', '–', ':']).next().unwrap_or_default();
    let words = words(outside);
    let known = NOUNS.iter().find(|(_, known)| words.iter().any(|word| known.contains(&word.as_str())));
    if let Some((noun, _)) = known {
        return Some((*noun).to_owned());
    }
    if let Some((over, under)) = outside.to_lowercase().split_once(" per ") {
        let (over, under) = (noun(over)?, crate::name::name_of(under.split_whitespace().last()?, ""));
        return (!under.is_empty()).then(|| format!("{over} per {under}"));
    }
    let skipped = [
        "total", "number", "of", "count", "sum", "the", "all", "no", "value", "amount", "qty", "quantity", "col",
        "column", "field", "metric", "data", "y",
    ];
    let fits = |word: &&String| {
        !skipped.contains(&word.as_str()) && word.len() > 2 && !word.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let money = |word: &&String| word.len() == 3 && crate::number::currency(word).is_some();
    let word = words.iter().filter(fits).rfind(|word| !money(word))?;
    let name = crate::name::name_of(word, "");
    (!name.is_empty() && !RESERVED.contains(&name.as_str())).then_some(name)
}

/// Words that mean something else where a unit stands.
const RESERVED: [&str; 12] =
    ["share", "ratio", "points", "point", "per", "second", "minute", "hour", "day", "week", "month", "year"];

/// What a row of a file of events is, by the file's name: its last noun in the plural, `answers` of a survey.
pub fn event(file: &str) -> Option<String> {
    let words = words(file);
    if words.iter().any(|word| ["survey", "nps", "csat", "umfrage", "feedback"].contains(&word.as_str())) {
        return Some("answers".into());
    }
    let skipped = ["exports", "export", "report", "reports", "data", "crm", "list", "log", "unified", "all"];
    let known = words.iter().filter(|word| !skipped.contains(&word.as_str()));
    let plural = known.clone().rfind(|word| word.len() > 3 && word.ends_with('s') && !word.ends_with("ss"));
    let name = plural.map(|word| crate::name::name_of(word, ""));
    name.filter(|name| !name.is_empty() && !RESERVED.contains(&name.as_str())).or_else(|| noun(file))
}

/// Whose rows a column such as `Customer ID` or `requester_email` names, in the plural.
pub fn people(label: &str) -> String {
    let skipped =
        ["id", "ids", "email", "e", "mail", "number", "no", "nr", "key", "uuid", "hash", "address", "kundennummer"];
    let noun = words(label).into_iter().rfind(|word| !skipped.contains(&word.as_str()) && word.len() > 2);
    let noun = noun.map(|noun| crate::name::name_of(&noun, "")).filter(|noun| !noun.is_empty());
    let noun = noun.unwrap_or_else(|| "customers".into());
    if noun.ends_with('s') { noun } else { format!("{noun}s") }
}

/// Whether a name says nothing but that there is a number.
pub fn is_generic(label: &str) -> bool {
    let words = words(label);
    let generic = [
        "value", "values", "y", "count", "n", "number", "metric", "total", "amount", "wert", "valor", "data", "ds", "x",
    ];
    words.len() <= 1 && words.first().is_none_or(|word| generic.contains(&word.as_str()))
}

/// What a column of a row tells of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Tells rows apart.
    Id,
    /// Says whose row it is.
    Person,
    /// Names a currency.
    Currency,
    /// Whether the row counts: paid, refunded.
    Status,
}

/// What a column's name says of it.
pub fn role(label: &str) -> Option<Role> {
    let words = words(label);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    if has(&["currency", "waehrung", "währung", "ccy", "devise", "moneda"]) {
        return Some(Role::Currency);
    }
    if has(&[
        "customer",
        "user",
        "client",
        "buyer",
        "member",
        "visitor",
        "subscriber",
        "email",
        "contact",
        "account",
        "kunde",
        "kundennummer",
        "respondent",
        "household",
    ]) && (has(&["id", "email", "key", "uuid", "contact"])
        || words.len() == 1
        || ["number", "no", "nr"].contains(&words.last().map_or("", String::as_str)))
    {
        return Some(Role::Person);
    }
    // `Order number` tells rows apart, `number of orders` counts.
    let last = words.last().map_or("", String::as_str);
    let first = words.first().map_or("", String::as_str);
    let ids = ["id", "uuid", "guid", "key", "nr", "no", "number", "invoice", "nummer", "reference", "ref"];
    if ids.contains(&last) || ["id", "uuid", "guid"].contains(&first) {
        return Some(Role::Id);
    }
    if has(&["status", "state", "outcome", "result", "stage"]) {
        return Some(Role::Status);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        for (label, expect) in [
            ("Revenue (£)", "Flow? higher revenue"),
            ("MRR", "Stock higher mrr"),
            ("New customers", "Flow higher customers"),
            ("Monthly active users", "Distinct higher users"),
            ("Conversion rate", "Share higher rate"),
            ("Churn rate", "Share lower rate"),
            ("NPS", "Points higher nps"),
            ("App store rating", "Mean higher stars"),
            ("Support tickets", "Flow? lower tickets"),
            ("Average session duration (s)", "Mean higher duration"),
            ("Time to first value (days)", "Mean lower first"),
            ("First response time (hours)", "Mean lower time"),
            ("first_reply_minutes", "Mean lower minutes"),
            ("Minutes watched", "Flow? higher watched"),
            ("Orders per customer", "Mean higher orders per customer"),
            ("Page views", "Flow? higher views"),
            ("Return on ad spend", "Flow? higher spend"),
            ("LTV:CAC ratio", "Ratio higher ltv"),
            ("value", "Flow? higher -"),
            ("number_of_cds", "Flow? higher cds"),
            ("Umsatz (€)", "Flow? higher umsatz"),
            ("Neue Nutzer", "Flow higher nutzer"),
            ("Absprungrate", "Share lower absprungrate"),
        ] {
            let nature = nature(label).map_or("Flow?".into(), |(nature, _)| format!("{nature:?}"));
            let better = if lower_is_better(label).is_some() { "lower" } else { "higher" };
            let noun = noun(label).unwrap_or("-".into());
            assert_eq!(format!("{nature} {better} {noun}"), expect, "{label}");
        }
    }

    #[test]
    fn lengths_of_time() {
        for (label, expect) in [
            ("Average session duration (s)", Some("seconds")),
            ("First response time (hours)", Some("hours")),
            ("p95 latency ms", Some("milliseconds")),
            ("Active days", None),
            ("Session duration", None),
        ] {
            assert_eq!(duration(label).map(|(unit, _)| unit), expect, "{label}");
        }
    }
}
