//! The nearest known word to an unknown one.

/// The known word nearest to `found`; `None` where none is near enough to be meant.
///
/// Near enough: at most one letter in three wrong, left out, added or swapped with its neighbour, or one contains the
/// other after its first three letters.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = found.to_lowercase();
    let most = (lower.chars().count() / 3).max(1);
    let distance = |word: &str| {
        if word.len().abs_diff(lower.len()) > most.max(12) || lower.len() > 100 {
            return usize::MAX;
        }
        let contained = word.len() >= 4 && lower.len() >= 4 && (word.starts_with(&lower) || lower.starts_with(word));
        // So many letters must be added at least; of most words that says enough.
        if !contained && word.is_ascii() && lower.is_ascii() && word.len().abs_diff(lower.len()) > most {
            return usize::MAX;
        }
        let edits = strsim::osa_distance(&lower, &word.to_lowercase());
        if contained { edits.min(most) } else { edits }
    };
    let nearest = known.into_iter().map(|word| (distance(word), word)).min_by_key(|(distance, _)| *distance);
    nearest.filter(|(distance, _)| *distance <= most).map(|(_, word)| word)
}
