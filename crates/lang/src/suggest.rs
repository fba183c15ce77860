//! The nearest known word to an unknown one.

/// The known word nearest to `found`; `None` where none is near enough to be meant. Of words equally near the first counts.
///
/// Near enough: at most one letter in three wrong, left out, added or swapped with its neighbour, or one contains the
/// other after its first three letters.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    best(found, known, |_, _| false)
}

/// The same, for names in any order: of those equally near the first by name counts.
pub fn nearest_name<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    best(found, known, |word, best| word < best)
}

fn best<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
    goes_before: impl Fn(&str, &str) -> bool,
) -> Option<&'a str> {
    let lower = found.to_lowercase();
    if lower.len() > 100 {
        return None;
    }
    let letters = Letters::of(&lower);
    let mut most = (lower.chars().count() / 3).max(1);
    let mut best: Option<&str> = None;
    for word in known {
        let Some(distance) = distance(&lower, &letters, word, most) else { continue };
        if distance < most || best.is_none_or(|best| distance == most && goes_before(word, best)) {
            (most, best) = (distance, Some(word));
        }
    }
    best
}

/// How far a word is from another in lower case, where that is at most so much.
fn distance(lower: &str, letters: &Letters, word: &str, most: usize) -> Option<usize> {
    let contained = word.len() >= 4 && lower.len() >= 4 && (word.starts_with(lower) || lower.starts_with(word));
    let plain = word.is_ascii() && lower.is_ascii();
    // Letters that one has and the other has not are mistakes: of most words that says enough.
    if plain && !contained && (word.len().abs_diff(lower.len()) > most || letters.missing(word) > most) {
        return None;
    }
    if word.len().abs_diff(lower.len()) > most.max(12) {
        return None;
    }
    let edits = if plain && !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        strsim::osa_distance(lower, word)
    } else {
        strsim::osa_distance(lower, &word.to_lowercase())
    };
    let edits = if contained { edits.min((lower.chars().count() / 3).max(1)) } else { edits };
    (edits <= most).then_some(edits)
}

/// How often each letter of a word in lower case stands in it; letters are counted in 32 heaps.
struct Letters([i16; 32]);

impl Letters {
    fn of(word: &str) -> Letters {
        let mut letters = Letters([0; 32]);
        word.bytes().for_each(|byte| letters.add(byte, 1));
        letters
    }

    fn add(&mut self, byte: u8, by: i16) {
        let heap = self.0.get_mut(usize::from(byte.to_ascii_lowercase() & 31));
        heap.into_iter().for_each(|heap| *heap += by);
    }

    /// At least so many changes lead from the word to another: each adds a letter and takes one away at most.
    fn missing(&self, other: &str) -> usize {
        let mut left = Letters(self.0);
        other.bytes().for_each(|byte| left.add(byte, -1));
        let sum = |sign: i16| left.0.iter().map(|count| (count * sign).max(0) as usize).sum::<usize>();
        sum(1).max(sum(-1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found_in_any_order() {
        let names = ["weekly_orders", "weekly_order_rate", "weekly_borders", "orders", "revenue"];
        for turn in 0..names.len() {
            let mut turned = names;
            turned.rotate_left(turn);
            assert_eq!(nearest_name("weekly_oders", turned), Some("weekly_orders"));
            assert_eq!(nearest_name("ordres", turned), Some("orders"));
            assert_eq!(nearest_name("churn", turned), None);
        }
        assert_eq!(nearest("cat", ["bat", "car"]), Some("bat"));
        assert_eq!(nearest_name("cat", ["car", "bat"]), Some("bat"));
        assert_eq!(nearest("Unit", ["grain", "unit"]), Some("unit"));
        assert_eq!(nearest("north", ["input", "north star"]), Some("north star"));
    }
}
