//! What was asked on the command line.

/// The arguments, read.
pub struct Args {
    pub file: String,
    pub season: usize,
    pub horizon: usize,
    pub score_lag: Option<usize>,
    pub aggregate: Option<usize>,
    pub gap: usize,
    pub origins: usize,
    pub pool: usize,
    pub threads: usize,
    pub limit: usize,
    pub json: bool,
    /// Whether every model is judged alone as well.
    pub models: bool,
    /// Only series whose FNV-1a hash of the id is even (0) or odd (1).
    pub half: Option<u64>,
}

const USAGE: &str = "write FILE.csv[.gz] --season N --horizon N [--score-lag L] [--aggregate K] [--gap G] [--origins R] \
                     [--pool N|all] [--threads N] [--limit N] [--half even|odd] [--chosen] [--json]";

impl Args {
    /// Reads them; the message says what is wrong and what is right.
    pub fn read(words: impl Iterator<Item = String>) -> Result<Args, String> {
        let mut args = Args {
            file: String::new(),
            season: 0,
            horizon: 0,
            score_lag: None,
            aggregate: None,
            gap: 0,
            origins: 4,
            pool: 20,
            threads: 1,
            limit: usize::MAX,
            json: false,
            models: true,
            half: None,
        };
        let mut words = words;
        while let Some(word) = words.next() {
            let mut number = |least: usize| -> Result<usize, String> {
                let text = words.next().unwrap_or_default();
                let found = text.parse().ok().filter(|value| *value >= least);
                found.ok_or_else(|| format!("`{word} {text}`: expected a whole number from {least}; {USAGE}"))
            };
            match word.as_str() {
                "--season" => args.season = number(1)?,
                "--horizon" => args.horizon = number(1)?,
                "--score-lag" => args.score_lag = Some(number(1)?),
                "--aggregate" => args.aggregate = Some(number(1)?),
                "--gap" => args.gap = number(0)?,
                "--origins" => args.origins = number(1)?,
                "--threads" => args.threads = number(1)?,
                "--limit" => args.limit = number(1)?,
                "--json" => args.json = true,
                "--chosen" => args.models = false,
                "--pool" => args.pool = pool(words.next())?,
                "--half" => args.half = Some(half(words.next())?),
                file if !file.starts_with("--") && args.file.is_empty() => args.file = word,
                _ => return Err(format!("`{word}` is not known here; {USAGE}")),
            }
        }
        let window = args.aggregate.map_or(0, |steps| steps + args.gap);
        match () {
            () if args.file.is_empty() => Err(format!("no file named; {USAGE}")),
            () if args.season == 0 || args.horizon == 0 => Err(format!("--season and --horizon are needed; {USAGE}")),
            () if window > args.horizon => {
                Err(format!("--aggregate and --gap reach {window} steps, the horizon only {}", args.horizon))
            }
            () => Ok(args),
        }
    }

    /// The lag of the MASE scale.
    pub fn lag(&self) -> usize {
        self.score_lag.unwrap_or(self.season)
    }
}

fn pool(word: Option<String>) -> Result<usize, String> {
    let word = word.unwrap_or_default();
    if word == "all" {
        return Ok(usize::MAX);
    }
    word.parse()
        .ok()
        .filter(|size| *size > 0)
        .ok_or_else(|| format!("`--pool {word}`: expected a number from 1, or all"))
}

fn half(word: Option<String>) -> Result<u64, String> {
    match word.as_deref() {
        Some("even") => Ok(0),
        Some("odd") => Ok(1),
        other => Err(format!("`--half {}`: expected even or odd", other.unwrap_or_default())),
    }
}
