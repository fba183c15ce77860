//! Writes made-up series whose truth is known, for `evaluate` to be tried on what no one tuned it on: one file per family, of
//! the form `series_id,split,t,value`, always the same.
//!
//! ```text
//! cargo run --release -p quarterdeck-forecast --example simulate -- DIR
//! cargo run --release -p quarterdeck-forecast --example evaluate -- DIR/airline.csv.gz --season 12 --horizon 18
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)]
// An example may write files; the crate may not.
#![allow(clippy::disallowed_methods)]

use quarterdeck_forecast::draws::Draws;
use std::io::Write;
use std::process::ExitCode;

/// A kind of made-up series.
struct Family {
    name: &'static str,
    /// What the process is, in a few words.
    idea: &'static str,
    season: usize,
    horizon: usize,
    /// The shortest and the longest train part.
    lengths: (usize, usize),
    make: fn(usize, usize, &mut Draws) -> Vec<f64>,
}

/// How many series of each.
const SERIES: usize = 240;

const FAMILIES: [Family; 12] = [
    Family { name: "walk", idea: "random walk with drift", season: 4, horizon: 8, lengths: (20, 70), make: walk },
    Family {
        name: "growth",
        idea: "logarithm walks with a drift that walks",
        season: 12,
        horizon: 12,
        lengths: (30, 90),
        make: growth,
    },
    Family {
        name: "airline",
        idea: "(0,1,1)(0,1,1) on the logarithm",
        season: 12,
        horizon: 18,
        lengths: (50, 130),
        make: airline,
    },
    Family {
        name: "season",
        idea: "fixed season about an AR(1) level",
        season: 12,
        horizon: 12,
        lengths: (40, 120),
        make: fixed_season,
    },
    Family {
        name: "noise",
        idea: "a level and noise, nothing else",
        season: 12,
        horizon: 12,
        lengths: (20, 80),
        make: noise,
    },
    Family {
        name: "shifts",
        idea: "a level with noise that jumps once in 40 steps",
        season: 4,
        horizon: 8,
        lengths: (30, 90),
        make: shifts,
    },
    Family {
        name: "heavy",
        idea: "local level, shocks of a t distribution with 3 degrees",
        season: 12,
        horizon: 12,
        lengths: (30, 100),
        make: heavy,
    },
    Family {
        name: "share",
        idea: "a share whose logit walks with drift",
        season: 12,
        horizon: 12,
        lengths: (24, 80),
        make: share,
    },
    Family {
        name: "volatile",
        idea: "walk on logarithms whose spread walks",
        season: 52,
        horizon: 13,
        lengths: (80, 250),
        make: volatile,
    },
    Family {
        name: "weeks",
        idea: "weeks of two yearly waves, a slow walk and noise",
        season: 52,
        horizon: 13,
        lengths: (110, 300),
        make: weeks,
    },
    Family {
        name: "days",
        idea: "days with a week, a year and a slow walk",
        season: 7,
        horizon: 28,
        lengths: (300, 900),
        make: days,
    },
    Family {
        name: "counts",
        idea: "Poisson counts about a slowly moving mean of 1 to 8",
        season: 12,
        horizon: 12,
        lengths: (30, 90),
        make: counts,
    },
];

fn main() -> ExitCode {
    match std::env::args().nth(1).ok_or("which DIR?".to_owned()).and_then(|to| run(&to)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("simulate: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(to: &str) -> Result<(), String> {
    std::fs::create_dir_all(to).map_err(|error| format!("{to}: {error}"))?;
    for family in &FAMILIES {
        let path = format!("{to}/{}.csv.gz", family.name);
        write(family, &path).map_err(|error| format!("{path}: {error}"))?;
        println!("{path} --season {} --horizon {}: {}", family.season, family.horizon, family.idea);
    }
    Ok(())
}

fn write(family: &Family, path: &str) -> std::io::Result<()> {
    let file = std::fs::File::create(path)?;
    let mut out = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    writeln!(out, "series_id,split,t,value")?;
    for series in 0..SERIES {
        let name = format!("{}{series:03}", family.name);
        let mut draws = Draws::named(1, &name);
        let (short, long) = family.lengths;
        let train = short + draws.below(long - short + 1);
        let values = (family.make)(train + family.horizon, family.season, &mut draws);
        for (t, value) in values.iter().enumerate() {
            writeln!(out, "{name},{},{},{value}", if t < train { "train" } else { "test" }, t + 1)?;
        }
    }
    out.finish()?.flush()
}

/// From one number to another, any as likely.
fn between(draws: &mut Draws, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.uniform()
}

fn exp(values: Vec<f64>) -> Vec<f64> {
    values.into_iter().map(libm::exp).collect()
}

fn walk(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let (drift, mut at) = (between(draws, -20.0, 40.0), 10_000.0);
    (0..n)
        .map(|_| {
            at += drift + 100.0 * draws.normal();
            at
        })
        .collect()
}

fn growth(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let (mut slope, mut at) = (between(draws, 0.0, 0.04), 6.0);
    exp((0..n)
        .map(|_| {
            slope = 0.98 * slope + 0.002 * draws.normal();
            at += slope + 0.03 * draws.normal();
            at
        })
        .collect())
}

fn airline(n: usize, season: usize, draws: &mut Draws) -> Vec<f64> {
    let (theta, seasonal) = (between(draws, 0.2, 0.8), between(draws, 0.3, 0.8));
    let spread = between(draws, 0.02, 0.08);
    let from = 3 * season;
    let shock: Vec<f64> = (0..n + from).map(|_| spread * draws.normal()).collect();
    let past = |at: usize, lag: usize| at.checked_sub(lag).and_then(|at| shock.get(at)).copied().unwrap_or(0.0);
    let first: Vec<f64> = (0..season).map(|_| 0.15 * draws.normal()).collect();
    let mut z: Vec<f64> = Vec::new();
    for (t, fresh) in shock.iter().enumerate() {
        let before = |lag: usize| t.checked_sub(lag).and_then(|at| z.get(at)).copied();
        let carried = match (before(1), before(season), before(season + 1)) {
            (Some(last), Some(year), Some(both)) => last + year - both,
            _ => first.get(t % season).copied().unwrap_or(0.0),
        };
        z.push(
            carried + fresh - theta * past(t, 1) - seasonal * past(t, season) + theta * seasonal * past(t, season + 1),
        );
    }
    exp(z.split_off(from).into_iter().map(|z| 5.0 + z).collect())
}

fn fixed_season(n: usize, season: usize, draws: &mut Draws) -> Vec<f64> {
    let pattern: Vec<f64> = (0..season).map(|_| 60.0 * draws.normal()).collect();
    let (keeps, spread) = (between(draws, 0.3, 0.95), between(draws, 10.0, 60.0));
    let mut level = 0.0;
    (0..n)
        .map(|t| {
            level = keeps * level + spread * draws.normal();
            1_000.0 + pattern[t % season] + level
        })
        .collect()
}

fn noise(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let spread = between(draws, 10.0, 150.0);
    (0..n).map(|_| 1_000.0 + spread * draws.normal()).collect()
}

fn shifts(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let mut level = 1_000.0;
    (0..n)
        .map(|_| {
            level += if draws.uniform() < 0.025 { 150.0 * draws.normal() } else { 0.0 };
            level + 30.0 * draws.normal()
        })
        .collect()
}

fn heavy(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let (gain, mut level) = (between(draws, 0.1, 0.9), 5_000.0);
    (0..n)
        .map(|_| {
            let size = (0..3).map(|_| draws.normal()).map(|z| z * z).sum::<f64>() / 3.0;
            let shock = 50.0 * draws.normal() / size.sqrt().max(0.01);
            let value = level + shock;
            level += gain * shock;
            value
        })
        .collect()
}

fn share(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let (drift, mut z) = (between(draws, -0.03, 0.05), between(draws, -3.0, 1.0));
    (0..n)
        .map(|_| {
            z += drift + 0.06 * draws.normal();
            1.0 / (1.0 + libm::exp(-(z + 0.05 * draws.normal())))
        })
        .collect()
}

fn volatile(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let (mut size, mut z) = (-3.5, 7.0);
    exp((0..n)
        .map(|_| {
            size = -3.5 + 0.97 * (size + 3.5) + 0.15 * draws.normal();
            z += libm::exp(size) * draws.normal();
            z
        })
        .collect())
}

fn wave(t: usize, length: f64, place: f64) -> f64 {
    libm::sin(std::f64::consts::TAU * (t as f64 / length + place))
}

fn weeks(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let (a, b, place) = (between(draws, 0.0, 0.3), between(draws, 0.0, 0.15), draws.uniform());
    let (drift, steps, noise) =
        (between(draws, -0.001, 0.004), between(draws, 0.005, 0.03), between(draws, 0.02, 0.08));
    let mut level = 8.0;
    exp((0..n)
        .map(|t| {
            level += drift + steps * draws.normal();
            level + a * wave(t, 52.18, place) + b * wave(t, 26.09, 2.0 * place) + noise * draws.normal()
        })
        .collect())
}

fn days(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let pattern: Vec<f64> = (0..7).map(|_| 0.2 * draws.normal()).collect();
    let (a, place, steps) = (between(draws, 0.0, 0.3), draws.uniform(), between(draws, 0.002, 0.02));
    let mut level = 6.0;
    exp((0..n)
        .map(|t| {
            level += steps * draws.normal();
            level + pattern[t % 7] + a * wave(t, 365.25, place) + 0.06 * draws.normal()
        })
        .collect())
}

fn counts(n: usize, _: usize, draws: &mut Draws) -> Vec<f64> {
    let mut z = libm::log(between(draws, 1.0, 8.0));
    (0..n)
        .map(|_| {
            z = (z + 0.05 * draws.normal()).clamp(-1.0, 3.0);
            let (mut left, mut count) = (libm::exp(-libm::exp(z)), 0.0);
            let end = draws.uniform();
            let (mut sum, mean) = (left, libm::exp(z));
            while sum < end && count < 200.0 {
                count += 1.0;
                left *= mean / count;
                sum += left;
            }
            count
        })
        .collect()
}
