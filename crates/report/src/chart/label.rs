//! Room for words: how wide they are about, how to shorten them, and how to keep labels apart.

use unicode_width::UnicodeWidthChar;

/// The size of all text in charts.
pub(super) const SIZE: f64 = 11.0;

/// About how wide a text is at [`SIZE`]. Fonts differ; this is on the wide side.
pub(super) fn width(text: &str) -> f64 {
    let em: f64 = text.chars().map(letter_width).sum();
    em * SIZE * 1.1
}

fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'j' => 0.28,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | ' ' | '-' | '/' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' => 0.88,
        'A'..='Z' => 0.68,
        c if c.width().unwrap_or(1) > 1 => 1.05,
        _ => 0.56,
    }
}

/// The most room for the words of an axis.
pub(super) const TICK: f64 = 90.0;

/// The room that the words of an axis need to its left.
pub(super) fn margin(ticks: &[String]) -> f64 {
    ticks.iter().map(|words| width(words)).fold(20.0, f64::max).min(TICK) + 8.0
}

/// A text cut with `…` to a width.
pub(super) fn fit(text: &str, room: f64) -> String {
    let text: String = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    if width(&text) <= room {
        return text;
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if width(&kept) + (letter_width(letter) + 1.0) * SIZE * 1.1 > room {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

/// A text on at most two lines of a width, broken between words.
pub(super) fn two_lines(text: &str, room: f64) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut first = String::new();
    let mut used = 0;
    for word in &words {
        let longer = if first.is_empty() { (*word).to_owned() } else { format!("{first} {word}") };
        if width(&longer) > room {
            break;
        }
        first = longer;
        used += 1;
    }
    let rest = words.get(used..).unwrap_or(&[]).join(" ");
    match (first.is_empty(), rest.is_empty()) {
        (true, _) => vec![fit(text, room)],
        (false, true) => vec![first],
        (false, false) => vec![first, fit(&rest, room)],
    }
}

/// Moves places apart until they are `gap` from each other, keeping their order, as near to where they were as that allows,
/// inside `low..high` as far as there is room.
pub(super) fn apart(places: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| {
        let of = |at: &usize| places.get(*at).copied().unwrap_or(0.0);
        of(a).total_cmp(&of(b)).then(a.cmp(b))
    });
    // Clusters of labels that touch, each centred on its members' mean place.
    let mut clusters: Vec<(f64, usize)> = Vec::new();
    for at in &order {
        let mut cluster = (places.get(*at).copied().unwrap_or(0.0), 1);
        while let Some((centre, n)) = clusters.last().copied() {
            let touching = cluster.0 - centre < gap * (n + cluster.1) as f64 / 2.0;
            if !touching {
                break;
            }
            clusters.pop();
            let size = n + cluster.1;
            cluster = ((centre * n as f64 + cluster.0 * cluster.1 as f64) / size as f64, size);
        }
        let half = gap * (cluster.1 as f64 - 1.0) / 2.0;
        cluster.0 = cluster.0.min(high - half).max(low + half);
        clusters.push(cluster);
    }
    let mut out = vec![0.0; places.len()];
    let spots = clusters.iter().flat_map(|(centre, n)| {
        let first = centre - gap * (*n as f64 - 1.0) / 2.0;
        (0..*n).map(move |at| first + gap * at as f64)
    });
    for (at, spot) in order.iter().zip(spots) {
        if let Some(place) = out.get_mut(*at) {
            *place = spot;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_distance_and_order() {
        let cases: [&[f64]; 5] =
            [&[10.0, 11.0, 12.0], &[50.0, 10.0, 51.0, 49.5], &[99.0, 99.0, 99.0, 99.0], &[0.0], &[5.0, 40.0, 80.0]];
        for places in cases {
            let moved = apart(places, 12.0, 0.0, 100.0);
            let mut pairs: Vec<(f64, f64)> = places.iter().copied().zip(moved.iter().copied()).collect();
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            for pair in pairs.windows(2) {
                assert!(pair[1].1 - pair[0].1 >= 12.0 - 1e-9, "{places:?} {moved:?}");
            }
            assert!(moved.iter().all(|place| (-1e-9..=100.0 + 1e-9).contains(place)), "{moved:?}");
        }
        assert_eq!(apart(&[5.0, 40.0, 80.0], 12.0, 0.0, 100.0), [5.0, 40.0, 80.0]);
    }

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(fit("Depot", 100.0), "Depot");
        let cut = fit("A label that goes on and on and on", 90.0);
        assert!(cut.ends_with('…') && width(&cut) <= 90.0, "{cut}");
        assert_eq!(two_lines("Weekly orders delivered on time", 110.0).len(), 2);
    }
}
