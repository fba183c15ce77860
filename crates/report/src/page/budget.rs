//! The word budget of a sheet.
//!
//! Our own sentences are few; what people wrote (reasons, risks, unknowns) can be any length. So a sheet is composed at a
//! generous limit first, then at tighter ones, until it fits. The limit is the tightest that any audience needs, so that
//! all of them show the same items and the same numbers.

use super::{Block, Sheet};
use crate::words::Audience;

/// The most words on a sheet: all prose of header, sentences, lists and footer; tables, charts and the appendix are not counted.
pub const WORDS: usize = 450;

/// Kept free for the banner of a draft, which a sheet does not know of.
const BANNER: usize = 6;

/// A text that is longer than its limit by this many words only is left whole: the cut would say less than it saves.
const GRACE: usize = 3;

/// How much of what people wrote stands on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// The most items of a list.
    pub items: usize,
    /// The most words of one text.
    pub words: usize,
}

/// Limits, the generous first.
const LADDER: [Budget; 17] = [
    Budget { items: 6, words: 40 },
    Budget { items: 5, words: 30 },
    Budget { items: 4, words: 24 },
    Budget { items: 3, words: 20 },
    Budget { items: 3, words: 16 },
    Budget { items: 2, words: 20 },
    Budget { items: 2, words: 16 },
    Budget { items: 2, words: 13 },
    Budget { items: 2, words: 11 },
    Budget { items: 1, words: 14 },
    Budget { items: 2, words: 9 },
    Budget { items: 1, words: 12 },
    Budget { items: 1, words: 10 },
    Budget { items: 1, words: 8 },
    Budget { items: 1, words: 6 },
    Budget { items: 1, words: 4 },
    Budget { items: 1, words: 2 },
];

/// The sheet of an audience within the word budget, and the limit it took.
pub(crate) fn fit(audience: Audience, compose: impl Fn(Audience, Budget) -> Sheet) -> (Sheet, Budget) {
    let fits =
        |budget: &&Budget| Audience::ALL.iter().all(|each| words_on(&compose(*each, **budget)) + BANNER <= WORDS);
    let last = LADDER[LADDER.len() - 1]; // The ladder is a constant that is not empty.
    let budget = LADDER.iter().find(fits).copied().unwrap_or(last);
    (compose(audience, budget), budget)
}

/// How many words stand on a sheet, without tables, charts and the appendix.
pub(crate) fn words_on(sheet: &Sheet) -> usize {
    let lead: usize = sheet.lead.iter().map(words_in).sum();
    let body: usize = sheet.body.iter().map(|s| count(&s.heading) + s.blocks.iter().map(words_in).sum::<usize>()).sum();
    let offers: usize =
        sheet.offers.iter().map(|card| count(card.name) + count(&card.value) + count(&card.chance)).sum();
    let facts: usize = sheet.facts.iter().map(|(name, value)| count(name) + count(&value.flat())).sum();
    let foot: usize = sheet.foot.iter().map(|text| count(&text.flat())).sum();
    count(&sheet.kicker.flat()) + count(&sheet.title) + lead + body + offers + facts + foot
}

fn words_in(block: &Block) -> usize {
    match block {
        Block::Ask(text) | Block::Paragraph(text) => count(&text.flat()),
        Block::Note(_, text) => 1 + count(&text.flat()),
        Block::Quote(words, from) => count(words) + from.as_deref().map_or(0, count),
        Block::List(items) => {
            items.iter().map(|item| usize::from(item.status.is_some()) + count(&item.text.flat())).sum()
        }
        Block::Table(_) => 0,
        // A chart's title is prose; what stands inside the drawing is not.
        Block::Chart(chart) => count(&chart.title),
    }
}

/// Words as a reader counts them: separated by spaces, signs alone not counted.
fn count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

impl Budget {
    /// No limit, for the appendix.
    pub(crate) const WHOLE: Budget = Budget { items: usize::MAX, words: usize::MAX };

    /// What a person wrote, on one line, cut to the budget.
    pub(crate) fn clip(self, text: &str) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.get(..self.words) {
            Some(kept) if words.len() > self.words.saturating_add(GRACE) => {
                format!("{} …", kept.join(" ").trim_end_matches([',', ';', ':', '.', '–', '-']))
            }
            _ => clip_letters(&words.join(" ")),
        }
    }

    /// At most so many items and words, for what is never worth more.
    pub(crate) fn at_most(self, items: usize, words: usize) -> Budget {
        Budget { items: self.items.min(items), words: self.words.min(words) }
    }

    /// No fewer than so many words, for what says nothing when cut short.
    pub(crate) fn at_least(self, words: usize) -> Budget {
        Budget { words: self.words.max(words), ..self }
    }

    /// A name, a label or an address: cut only where it is far longer than such things are.
    pub(crate) fn name(self, text: &str) -> String {
        self.at_least(4).clip(text)
    }

    /// Half as many words again, for what matters most.
    pub(crate) fn longer(self) -> Budget {
        Budget { words: self.words.saturating_add(self.words / 2), ..self }
    }

    /// Whether the sheet cuts a text.
    pub(crate) fn cuts(self, text: &str) -> bool {
        text.split_whitespace().count() > self.words.saturating_add(GRACE)
    }

    /// The same for rows of numbers without prose, of which two stand on the sheet unless room is very short.
    pub(crate) fn take_rows<T>(self, items: &[T]) -> (&[T], usize) {
        let least = if self.words >= 7 { 2 } else { 1 };
        Budget { items: self.items.max(least), ..self }.take(items)
    }

    /// The first items, and how many were left out.
    pub(crate) fn take<T>(self, items: &[T]) -> (&[T], usize) {
        let kept = items.get(..self.items).unwrap_or(items);
        (kept, items.len() - kept.len())
    }
}

/// A text without spaces can be one endless word.
fn clip_letters(text: &str) -> String {
    const MOST: usize = 400;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
