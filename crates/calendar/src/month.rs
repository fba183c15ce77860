//! Months by their English names.

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of a month, 1 to 12, by its English name, whole or cut to three letters or more, in any case; `None` of
/// another word.
pub fn month_named(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    if name.len() < 3 {
        return None;
    }
    let named = |month: &str| month.starts_with(&name) || name == "sept" && month == "september";
    (1..).zip(MONTHS).find(|(_, month)| named(month)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::month_named;

    #[test]
    fn whole_or_cut_but_not_too_short() {
        for (name, number) in [
            ("January", Some(1)),
            ("mar", Some(3)),
            ("MAY", Some(5)),
            ("Sept", Some(9)),
            ("decem", Some(12)),
            ("ju", None),
            ("", None),
            ("mayday", None),
            ("märz", None),
        ] {
            assert_eq!(month_named(name), number, "{name}");
        }
    }
}
