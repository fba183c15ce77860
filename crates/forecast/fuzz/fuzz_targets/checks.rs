//! What must hold of any history: bytes become series, series become paths, and every path is sound.

use quarterdeck_calendar::{Calendar, Grain, Period};
use quarterdeck_forecast::sequence::{self, Sequence};
use quarterdeck_forecast::{
    Bounds, Break, Cap, Event, Formula, Identity, Job, Nature, Outlook, Partial, QuarterValue, Roll, Series, forecast,
};

/// Few, as fuzzing wants many histories.
const PATHS: usize = 24;
/// The most values of a series: mostly few, as most that can go wrong goes wrong with few.
pub const SHORT: usize = 20;
/// The most values now and then.
pub const LONG: usize = 160;

/// Bytes taken one after the other; zeros when there are no more.
struct Source<'a>(std::slice::Iter<'a, u8>);

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end
    }

    /// A finite number; `None` for a gap. Most bytes are small whole numbers, some start a number of any size.
    fn value(&mut self) -> Option<f64> {
        match self.byte() {
            255 => None,
            254 => {
                let bits: [u8; 8] = std::array::from_fn(|_| self.byte());
                let value = f64::from_le_bytes(bits);
                // A sum over a window of larger ones is no number any more.
                Some(if value.is_finite() && value.abs() < 1e290 { value } else { 0.0 })
            }
            253 => Some(10f64.powi(i32::from(self.byte() as i8) / 2)),
            252 => Some(f64::from(self.byte()) / 255.0),
            small => Some(f64::from(small) - 20.0),
        }
    }

    fn values(&mut self, most: usize) -> Vec<Option<f64>> {
        let mut values = Vec::new();
        while self.0.len() > 0 && values.len() < most {
            let value = self.value();
            // The same value again and again: constants, zeros and long gaps are where models break.
            let times = if matches!(self.0.as_slice().first(), Some(251)) { 1 + self.below(250) % 64 } else { 1 };
            values.extend(std::iter::repeat_n(value, times));
        }
        values.truncate(most);
        values
    }
}

fn series(name: &str, source: &mut Source<'_>, calendar: &Calendar, most: usize) -> Series {
    let grain = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Half, Grain::Year][source.below(6)];
    let first = calendar.period_of(grain, "2015-01-01".parse().expect("a date"));
    let start = calendar.shift(first, source.below(256) as i64);
    let nature = [Nature::Flow, Nature::Level, Nature::Share][source.below(3)];
    let roll = [
        Roll::Total,
        Roll::Average(Grain::Week),
        Roll::Last,
        Roll::AverageOfLast { count: 3 },
        Roll::Min,
        Roll::Max,
        Roll::Weighted,
        Roll::Link,
        Roll::Distinct,
    ][source.below(9)];
    let flags = source.byte();
    let (scale, extra) = (source.value().unwrap_or(1.0), source.below(64));
    let values = source.values(most);
    let day = |step: usize| calendar.starts(calendar.shift(start, step as i64));
    let highest = values.iter().flatten().copied().fold(f64::MIN, f64::max);
    let mut one = Series {
        name: name.to_owned(),
        grain,
        start,
        partial: None,
        weights: Vec::new(),
        nature,
        roll,
        bounds: Bounds::default(),
        quarters: Vec::new(),
        breaks: Vec::new(),
        events: Vec::new(),
        cap: None,
        values,
    };
    if flags & 1 > 0 {
        one.bounds.low = Some(0.0);
        one.values.iter_mut().flatten().for_each(|value| *value = value.abs());
    }
    if flags & 2 > 0 {
        let high = if nature == Nature::Share { 1.0 } else { highest.max(1.0) };
        one.bounds.high = Some(high);
        one.values.iter_mut().flatten().for_each(|value| *value = value.min(high));
    }
    if flags & 4 > 0 {
        one.cap = Some(Cap { label: "cap".to_owned(), low: scale, high: scale * (1.0 + extra as f64) });
    }
    if flags & 8 > 0 {
        one.breaks.push(Break { on: day(extra), label: "new".to_owned(), drop_before: flags & 128 > 0 });
    }
    if flags & 16 > 0 {
        let days = [extra, extra + 12, extra + 52, one.values.len() + 2].map(|step| (day(step), day(step + extra % 3)));
        one.events.push(Event { name: "sale".to_owned(), days: days.to_vec() });
    }
    if flags & 32 > 0 {
        let through = day(one.values.len());
        one.partial = Some(Partial { value: scale, weight: Some(1.0), through });
    }
    if flags & 64 > 0 {
        one.weights = one.values.iter().map(|value| value.map(|value| value.abs() + extra as f64)).collect();
        for at in 0..4 {
            let period = calendar.shift(calendar.period_of(Grain::Quarter, day(0)), at);
            let through = calendar.ends(period);
            one.quarters.push(QuarterValue { period, value: scale, weight: Some(1.0), through, complete: at < 3 });
        }
    }
    one
}

/// A workspace of two series of `most` values at most, with and without an identity between them.
pub fn outlook(bytes: &[u8], most: usize) {
    let calendar = Calendar::default();
    let mut source = Source(bytes.iter());
    let (late, tied) = (source.below(8) as i64, source.below(4));
    let half = source.0.len() / 2;
    let (mut first, mut second) =
        (Source(source.0.as_slice()[..half].iter()), Source(source.0.as_slice()[half..].iter()));
    let all = [series("a", &mut first, &calendar, most), series("b", &mut second, &calendar, most)];
    let named = |name: &str| Box::new(Formula::Series(name.to_owned()));
    let formula = match tied {
        0 => None,
        1 => Some(Formula::Add(named("a"), named("b"))),
        2 => Some(Formula::Div(named("a"), named("b"))),
        _ => Some(Formula::Mul(named("a"), named("b"))),
    };
    let identities: Vec<Identity> =
        formula.map(|formula| Identity { of: "c".to_owned(), formula }).into_iter().collect();
    let last = |one: &Series| calendar.starts(calendar.shift(one.start, one.values.len() as i64));
    let as_of = calendar.ends(calendar.shift(calendar.period_of(Grain::Day, last(&all[0])), late - 4));
    let next = calendar.shift(calendar.period_of(Grain::Quarter, as_of), 1);
    let windows: [Period; 2] = [next, calendar.shift(next, 1)];
    let job = Job {
        series: &all,
        identities: &identities,
        windows: &windows,
        as_of,
        calendar: &calendar,
        seed: 1,
        paths: PATHS,
    };
    sound(&forecast(&job), &all);
}

/// What must be true of any outlook.
fn sound(outlook: &Outlook, all: &[Series]) {
    for entry in &outlook.forecasts {
        let Ok(forecast) = &entry.forecast else { continue };
        assert_eq!(forecast.paths.len(), PATHS);
        let values = || forecast.paths.rows().flatten().chain(forecast.windows.iter().flat_map(|w| &w.values));
        assert!(values().all(|value| value.is_finite()), "{}: not a number", entry.name);
        let mut order = forecast.order.clone();
        order.sort_unstable();
        assert!(order.iter().enumerate().all(|(at, place)| *place as usize == at), "the order is a permutation");
        for claim in &forecast.claims {
            assert!((0.0..=1.0).contains(&claim.pit) && claim.quantiles.is_sorted());
        }
        let weights: f64 = forecast.models.iter().map(|model| model.weight).sum();
        assert!(forecast.models.is_empty() || (weights - 1.0).abs() < 1e-9, "weights sum to {weights}");
        let Some(one) = all.iter().find(|one| one.name == entry.name) else { continue };
        let inside = |value: &f64| {
            one.bounds.low.is_none_or(|low| *value >= low) && one.bounds.high.is_none_or(|high| *value <= high)
        };
        assert!(
            forecast.models.is_empty() || forecast.paths.rows().flatten().all(inside),
            "{}: off bounds",
            entry.name
        );
    }
}

/// A bare sequence of `most` values at most, by every model alone.
pub fn models(bytes: &[u8], most: usize) {
    let mut source = Source(bytes.iter());
    let season = [1, 2, 4, 7, 12, 24, 52, 90][source.below(8)];
    let horizon = 1 + source.below(30);
    let values: Vec<f64> = source.values(most).into_iter().flatten().collect();
    for only in sequence::models() {
        let sequence =
            Sequence { name: "any", values: &values, season, horizon, paths: PATHS, seed: 1, only: Some(only) };
        let Some(prepared) = sequence::prepare(&sequence) else { continue };
        let paths = prepared.paths(&sequence::widths(&[&prepared]));
        assert!(paths.len() == PATHS && paths.steps() == horizon, "{only}");
        assert!(paths.rows().flatten().all(|value| value.is_finite()), "{only}: not a number");
    }
}

/// How long the series of some bytes may be when fuzzing.
pub fn most(bytes: &[u8]) -> usize {
    if bytes.len() % 16 == 15 { LONG } else { SHORT }
}
