//! Whole pages: what they look like (snapshots), and what must hold of every page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fixtures;
mod read;
mod vary;

use fixtures::{accepted, draft, grocery, hostile, on_time, ridership, unborn, wordy};
use proptest::prelude::*;
use quarterdeck_plan::Proposal;
use quarterdeck_report::{Audience, Format, Standing, cover_page, page_name, plan_document, target_key, target_page};

fn plans() -> [(&'static str, Proposal); 4] {
    [("grocery", grocery()), ("ridership", ridership()), ("hostile", hostile()), ("wordy", wordy())]
}

/// Every page of a plan, the cover first.
fn pages(plan: &Proposal, standing: &Standing, audience: Audience, format: Format) -> Vec<(String, String)> {
    let mut pages = vec![("cover".to_owned(), cover_page(plan, standing, audience, format))];
    let page = |target| (target_key(target), target_page(plan, target, standing, audience, format));
    pages.extend(plan.targets.iter().map(page));
    pages
}

#[test]
fn a_plan_in_markdown() {
    let page = plan_document(&grocery(), &accepted(), Audience::Leadership, Format::Markdown, None);
    insta::assert_snapshot!("grocery_markdown", page);
}

#[test]
fn a_quarter_without_a_plan_in_markdown() {
    let page = plan_document(&ridership(), &draft(), Audience::Finance, Format::Markdown, None);
    insta::assert_snapshot!("ridership_markdown", page);
}

#[test]
fn a_target_without_history_in_text() {
    let proposal = grocery();
    let page = target_page(&proposal, &unborn(), &draft(), Audience::Engineering, Format::Text);
    insta::assert_snapshot!("unborn_text", page);
    insta::assert_snapshot!("cover_text", cover_page(&proposal, &draft(), Audience::Design, Format::Text));
}

#[test]
fn text_is_six_lines_whatever_is_in_the_plan() {
    for (name, plan) in plans() {
        for (key, page) in pages(&plan, &accepted(), Audience::Leadership, Format::Text) {
            let lines = page.lines().count();
            assert!((3..=6).contains(&lines), "{name}, {key}: {page}");
            assert!(page.lines().all(|line| !line.trim().is_empty()), "{name}, {key}: {page}");
        }
    }
}

#[test]
fn pages_in_html() {
    // The style sheet is read where it is written, and not in a snapshot.
    let html = |page: String| read::without(&page, "<style>", "</style>").replace("><", ">\n<");
    let proposal = grocery();
    let page = target_page(&proposal, &on_time(), &accepted(), Audience::Leadership, Format::Html);
    insta::assert_snapshot!("on_time_html", html(page));
    insta::assert_snapshot!("cover_html", html(cover_page(&proposal, &draft(), Audience::Marketing, Format::Html)));
}

#[test]
fn words_that_try_to_be_markup_stay_words() {
    let page = plan_document(&hostile(), &draft(), Audience::Leadership, Format::Html, None);
    assert_eq!(read::well_formed(&page), Ok(()));
    let lower = page.to_lowercase();
    assert!(!lower.contains("<script") && !lower.contains("<img") && !lower.contains("<b>") && !lower.contains("<i>"));
    for link in read::attributes(&page, "href") {
        assert!(link.starts_with('#'), "{link}");
    }
    let page = plan_document(&hostile(), &draft(), Audience::Leadership, Format::Markdown, None);
    insta::assert_snapshot!("hostile_markdown", page.lines().take(60).collect::<Vec<&str>>().join("\n"));
    for (at, line) in page.lines().enumerate() {
        assert!(!line.starts_with("# not"), "line {at}: {line}");
    }
    let mut columns = 0;
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.starts_with("```");
        match (fenced, line.starts_with('|')) {
            (false, true) if columns == 0 => columns = read::pipes(line),
            (false, true) => assert_eq!(read::pipes(line), columns, "{line}"),
            _ => columns = 0,
        }
    }
}

#[test]
fn a_sheet_has_at_most_450_words() {
    for (name, plan) in plans() {
        for audience in Audience::ALL {
            for standing in [accepted(), draft()] {
                for (page, html) in pages(&plan, &standing, audience, Format::Html) {
                    let words = read::words_on_sheet(&html);
                    assert!(words <= 450, "{name}, {page}, {audience:?}: {words}");
                }
            }
        }
    }
}

#[test]
fn every_audience_reads_the_same_numbers() {
    for (name, plan) in plans() {
        for format in Format::ALL {
            let of = |audience| pages(&plan, &accepted(), audience, format);
            // The audience is named in links to files and nowhere else.
            let clean = |page: &str, audience: Audience| page.replace(audience.name(), "");
            let first: Vec<_> = of(Audience::Leadership)
                .iter()
                .map(|(_, page)| read::numbers(&clean(page, Audience::Leadership)))
                .collect();
            for audience in Audience::ALL {
                for ((key, page), expect) in of(audience).iter().zip(&first) {
                    assert_eq!(&read::numbers(&clean(page, audience)), expect, "{name}, {key}, {audience:?}");
                }
            }
        }
    }
}

#[test]
fn audiences_differ_in_what_comes_first() {
    let plan = grocery();
    let of = |audience| target_page(&plan, &fixtures::orders(), &accepted(), audience, Format::Markdown);
    let first = |audience: Audience| {
        let page = of(audience);
        page.lines().find_map(|line| line.strip_prefix("## ")).unwrap().to_owned()
    };
    let firsts = Audience::ALL.map(first);
    let expect = [
        "Where it is heading",
        "Can the chances be believed?",
        "Inputs that must hold",
        "What must not get worse",
        "Our share of the market",
    ];
    assert_eq!(firsts, expect);
}

#[test]
fn the_methods_table_always_has_five_rows() {
    for (name, plan) in plans() {
        for target in &plan.targets {
            let page = target_page(&plan, target, &draft(), Audience::Leadership, Format::Html);
            let table = page.split("<caption>What each method says").nth(1).unwrap();
            let table = table.split("</table>").next().unwrap();
            assert_eq!(table.matches("<tr><th scope=\"row\">").count(), 5, "{name}, {}", target.metric);
        }
    }
}

#[test]
fn forbidden_phrases_are_never_ours() {
    for plan in [grocery(), ridership()] {
        for audience in Audience::ALL {
            let page = plan_document(&plan, &accepted(), audience, Format::Markdown, None).to_lowercase();
            for phrase in [" will ", "this is your number", "causes", "caused by", "guarantee", "none none"] {
                assert!(!page.contains(phrase), "{phrase}");
            }
        }
    }
}

#[test]
fn pages_load_nothing_and_link_only_to_each_other() {
    let plan = grocery();
    for audience in Audience::ALL {
        let page = cover_page(&plan, &draft(), audience, Format::Html);
        let files: Vec<String> =
            plan.targets.iter().map(|target| page_name(&plan, Some(target), audience, Format::Html)).collect();
        assert_eq!(read::attributes(&page, "href"), files);
        let whole = plan_document(&plan, &draft(), audience, Format::Html, None);
        let ids = read::attributes(&whole, "id");
        for link in read::attributes(&whole, "href") {
            assert!(ids.contains(&link.trim_start_matches('#').to_owned()), "{link}");
        }
        let mut sorted = ids.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), ids.len(), "every id is used once");
        for reference in read::attributes(&whole, "aria-labelledby") {
            assert!(reference.split(' ').all(|id| ids.contains(&id.to_owned())), "{reference}");
        }
        for loaded in ["<script", "<link", "@import", "src=", "url(", "http:", "https:"] {
            assert!(!whole.contains(loaded), "{loaded}");
        }
    }
}

#[test]
fn a_plan_with_nothing_in_it_still_has_its_pages() {
    let empty = Proposal { targets: Vec::new(), joint: Default::default(), cover: Default::default(), ..grocery() };
    let bare = Proposal { targets: vec![fixtures::bare("nothing_known")], ..empty.clone() };
    for plan in [empty, bare.clone()] {
        let page = plan_document(&plan, &Standing::default(), Audience::Leadership, Format::Html, None);
        assert_eq!(read::well_formed(&page), Ok(()));
    }
    let page = target_page(&bare, &bare.targets[0], &Standing::default(), Audience::Leadership, Format::Text);
    insta::assert_snapshot!("bare_text", page);
}

#[test]
fn some_targets_can_be_asked_for_alone() {
    let plan = grocery();
    let names = vec!["weekly_orders".to_owned()];
    let page = plan_document(&plan, &draft(), Audience::Leadership, Format::Html, Some(&names));
    assert_eq!(read::attributes(&page, "href"), ["#weekly_orders"]);
    assert_eq!(page.matches("<article").count(), 2);
}

#[test]
fn drafts_say_so_on_every_page() {
    let plan = grocery();
    for format in Format::ALL {
        let said = |standing: &Standing| plan_document(&plan, standing, Audience::Leadership, format, None);
        // Six lines of text are one page.
        let pages = if format == Format::Text { 1 } else { 6 };
        assert_eq!(said(&draft()).matches("DRAFT").count(), pages);
        assert_eq!(said(&accepted()).matches("DRAFT").count(), 0);
    }
}

#[test]
fn slices_have_names_that_suit_a_file() {
    let plan = grocery();
    let mut target = fixtures::orders();
    target.slice = Some("country = \"UK\" and platform in (\"ios\", \"../etc\")".to_owned());
    let name = page_name(&plan, Some(&target), Audience::Finance, Format::Markdown);
    assert_eq!(name, "2027-Q1.weekly_orders-for-country-UK-and-platform-in-ios-etc.finance.md");
    assert_eq!(page_name(&plan, None, Audience::Finance, Format::Text), "2027-Q1.finance.txt");
}

fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6f64,
        2 => 0.0..1.0f64,
        1 => proptest::num::f64::ANY,
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(f64::MAX),
        1 => Just(f64::MIN_POSITIVE),
        1 => Just(0.0),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_give_a_page(values in proptest::collection::vec(wild(), 1..40)) {
        let mut plan = grocery();
        let mut at = 0;
        vary::numbers(&mut plan, &mut |_| {
            at += 1;
            values[at % values.len()]
        });
        for format in Format::ALL {
            let page = plan_document(&plan, &draft(), Audience::Finance, format, None);
            let bad = |word: &str| matches!(word, "NaN" | "inf" | "-inf" | "−inf" | "infinity");
            let word = page.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '−').find(|word| bad(word));
            prop_assert_eq!(word, None);
            if format == Format::Html {
                prop_assert_eq!(read::well_formed(&page), Ok(()));
            }
            prop_assert_eq!(&page, &plan_document(&plan, &draft(), Audience::Finance, format, None));
        }
    }

    #[test]
    fn any_words_give_a_page(words in "\\PC{0,60}", more in "[<>&\"'|`*_\\[\\]()#\\\\\n\r\t$~!@ -]{0,30}") {
        let mut plan = grocery();
        let text = format!("{words}{more}");
        for target in &mut plan.targets {
            target.detail.label = text.clone();
            target.because = Some(text.clone());
            target.owner = Some(text.clone());
            target.slice = Some(text.clone());
            target.detail.unknowns = vec![text.clone()];
            target.detail.bridge.iter_mut().for_each(|step| step.label = text.clone());
            target.guards.iter_mut().for_each(|guard| guard.label = text.clone());
        }
        let html = plan_document(&plan, &draft(), Audience::Design, Format::Html, None);
        prop_assert_eq!(read::well_formed(&html), Ok(()));
        let markdown = plan_document(&plan, &draft(), Audience::Design, Format::Markdown, None);
        for table in markdown.split("\n\n").filter(|part| part.starts_with('|')) {
            let columns: Vec<usize> = table.lines().map(read::pipes).collect();
            prop_assert!(columns.iter().all(|n| *n == columns[0]), "{}", table);
        }
    }
}
