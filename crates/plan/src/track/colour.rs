//! Colours of chances, and when they change.
//!
//! A target is green from 60 %, yellow from 30 %, red below; what could be promised is green from 80 %. A chance that wanders
//! about a line would turn its colour every week, so a colour changes only when the chance is past the line by five points,
//! or lies past it at the reading seven days before too. Chances are compared as they are printed, in whole percent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Needs an answer.
    Red,
    /// Worth a look.
    Yellow,
    /// Cannot be told.
    Unknown,
    /// On its way.
    Green,
}

/// The lines of a colour: yellow from the first, green from the second, in whole percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    yellow: i64,
    green: i64,
}

/// The lines of a target.
pub const TARGET: Lines = Lines { yellow: 30, green: 60 };
/// The lines of what could be promised.
pub const COMMIT: Lines = Lines { yellow: 30, green: 80 };
/// So many points past a line a colour changes at once.
const MARGIN: i64 = 5;

impl Colour {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Colour::Red => "red",
            Colour::Yellow => "yellow",
            Colour::Unknown => "unknown",
            Colour::Green => "green",
        }
    }
}

impl Lines {
    /// The colour of a chance by itself.
    pub fn of(self, p: Option<f64>) -> Colour {
        let Some(p) = p.filter(|p| p.is_finite()).map(percent) else { return Colour::Unknown };
        match p {
            p if p >= self.green => Colour::Green,
            p if p >= self.yellow => Colour::Yellow,
            _ => Colour::Red,
        }
    }

    /// The colour of a chance after the colour of the reading before; `week_ago` is the chance seven days before.
    pub fn after(self, p: Option<f64>, before: Option<Colour>, week_ago: Option<f64>) -> Colour {
        let own = self.of(p);
        let (Some(before), Some(p)) = (before.filter(|before| *before != Colour::Unknown), p) else { return own };
        if own == before || own == Colour::Unknown {
            return own;
        }
        // The line next to the old colour is the one that was crossed.
        let past = match (before, own < before) {
            (Colour::Green, _) => self.green - percent(p),
            (Colour::Yellow, true) => self.yellow - percent(p),
            (Colour::Yellow, false) => percent(p) - self.green,
            _ => percent(p) - self.yellow,
        };
        let again = self.of(week_ago) == own;
        if past >= MARGIN || again { own } else { before }
    }
}

fn percent(p: f64) -> i64 {
    libm::round(100.0 * p.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::{COMMIT, Colour, TARGET};
    use Colour::{Green, Red, Unknown, Yellow};

    #[test]
    fn a_chance_has_a_colour() {
        for (p, target, commit) in [
            (0.6, Green, Yellow),
            (0.596, Green, Yellow),
            (0.594, Yellow, Yellow),
            (0.8, Green, Green),
            (0.3, Yellow, Yellow),
            (0.29, Red, Red),
            (0.0, Red, Red),
        ] {
            assert_eq!((TARGET.of(Some(p)), COMMIT.of(Some(p))), (target, commit), "{p}");
        }
        assert_eq!(TARGET.of(None), Unknown);
    }

    #[test]
    fn colours_do_not_flicker() {
        for (before, week_ago, p, expect) in [
            // Just past the line: it stays until the next reading says so too.
            (Some(Green), Some(0.62), 0.58, Green),
            (Some(Green), Some(0.58), 0.57, Yellow),
            // Five points past: at once.
            (Some(Green), Some(0.62), 0.55, Yellow),
            (Some(Yellow), Some(0.55), 0.63, Yellow),
            (Some(Yellow), Some(0.55), 0.65, Green),
            (Some(Yellow), Some(0.61), 0.61, Green),
            (Some(Yellow), Some(0.33), 0.26, Yellow),
            (Some(Yellow), Some(0.33), 0.25, Red),
            (Some(Red), Some(0.2), 0.33, Red),
            (Some(Red), Some(0.2), 0.35, Yellow),
            // Two lines at once are far past the first.
            (Some(Green), Some(0.62), 0.29, Red),
            (Some(Red), Some(0.2), 0.7, Green),
            // Without a reading before, the chance alone decides.
            (None, None, 0.58, Yellow),
            (Some(Unknown), None, 0.58, Yellow),
        ] {
            assert_eq!(TARGET.after(Some(p), before, week_ago), expect, "{before:?} {week_ago:?} {p}");
        }
        assert_eq!(TARGET.after(None, Some(Green), Some(0.6)), Unknown);
    }
}
