//! `quarterdeck.toml`: every key, and what is said of mistaken ones.

use super::{TextFile, check, shown};

#[test]
fn every_key_is_read() {
    let text = "
[workspace]
name = \"Grocer\"
currency = \"GBP\"
time_zone = \"Europe/London\"
[calendar]
kind = \"4-5-4\"
fiscal_year_starts = \"02-01\"
named_by = \"start\"
week_starts = \"sunday\"
[sources.warehouse]
kind = \"postgres\"
url_env = \"WAREHOUSE_URL\"
[engine]
kind = \"embedded\"
[forecast]
seed = 7
paths = 20_000
[lints]
L003 = \"deny\"
l013 = \"allow\"
[teams.growth]
capacity = \"60 person-weeks\"
";
    let checked = check(Some(TextFile::new("quarterdeck.toml", text)), Vec::new());
    assert_eq!(shown(&checked), "nothing to say\n");
    insta::assert_json_snapshot!("settings", checked.model.settings);
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let text = "
colour = \"red\"
engine = \"embedded\"
[workspce]
[workspace]
name = 5
currency = \"GPB\"
time_zone = \"Europe/Londn\"
nmae = \"x\"
[calendar]
kind = \"lunar\"
fiscal_year_starts = \"13-01\"
named_by = \"middle\"
week_starts = \"Monday\"
[sources.warehouse]
kind = \"oracle\"
[sources.other]
kind = \"postgres\"
[sources]
plain = 5
[forecast]
seed = -1
paths = \"many\"
speed = 3
[lints]
L999 = \"allow\"
L003 = \"error\"
[teams.growth]
capacity = 60
[teams.core]
capacity = \"sixty\"
";
    let text = text.replace("[sources]\nplain = 5\n", "");
    let checked = check(Some(TextFile::new("quarterdeck.toml", text)), Vec::new());
    insta::assert_snapshot!("settings_mistakes", shown(&checked));
}

#[test]
fn torn_settings_are_one_error_and_keep_what_could_be_read() {
    let checked = check(
        Some(TextFile::new(
            "quarterdeck.toml",
            "[workspace]\ncurrency = \"GBP\"\nname = \n[teams.x]\ncapacity = \"5 person-weeks\"\n",
        )),
        Vec::new(),
    );
    assert_eq!(checked.diagnostics.len(), 1, "{}", shown(&checked));
    assert_eq!(checked.diagnostics[0].code, "E195");
    assert_eq!(checked.model.settings.currency, "GBP");
}
