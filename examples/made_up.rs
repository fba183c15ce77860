//! What the generators of made-up data share: seeded draws, days and months.

use chrono::{Datelike, Months, NaiveDate};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A file of a data folder: its name and its text. Names that end in `.gz` are written compressed.
pub type File = (&'static str, String);

/// Draws from a fixed seed.
pub struct Draws(ChaCha8Rng);

impl Draws {
    pub fn new(seed: u64) -> Draws {
        Draws(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Between 0 and 1.
    pub fn share(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// Whether something of this chance happens.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    /// Mean 0 and standard deviation 1: twelve uniform draws added up are close enough to a normal one.
    pub fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// How many of something that comes `mean` times: as spread out as a count is.
    pub fn count(&mut self, mean: f64) -> u32 {
        (mean + mean.max(0.0).sqrt() * self.noise()).round().max(0.0) as u32
    }

    /// One of `choices` numbers from 0.
    pub fn one_of(&mut self, choices: u32) -> u32 {
        (self.share() * f64::from(choices)) as u32
    }
}

/// The first day of all made-up data.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}

/// The days of 2024 to 2026, each with the part of the three years that has passed.
pub fn days() -> impl Iterator<Item = (f64, NaiveDate)> {
    first_day().iter_days().take(1096).enumerate().map(|(at, day)| (at as f64 / 1095.0, day))
}

/// First days of the 36 months, each with its number from 0.
pub fn months() -> impl Iterator<Item = (u32, NaiveDate)> {
    (0..36).map(|month| (month, first_day() + Months::new(month)))
}

/// The last day of the month that starts on `start`.
pub fn month_end(start: NaiveDate) -> NaiveDate {
    start + Months::new(1) - chrono::Days::new(1)
}

/// Seven factors of a week from Monday, and twelve of a year from January, multiplied for a day.
pub fn season(week: [f64; 7], year: [f64; 12], day: NaiveDate) -> f64 {
    year.get(day.month0() as usize).unwrap_or(&1.0)
        * week.get(day.weekday().num_days_from_monday() as usize).unwrap_or(&1.0)
}
