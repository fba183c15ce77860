//! Judges the forecast on any data of the form `series_id,split,t,value`: see the crate's README for what each figure means.
//!
//! `cargo run --release -p quarterdeck-forecast --example evaluate -- FILE.csv.gz --season 12 --horizon 18`

#![allow(clippy::print_stdout, clippy::print_stderr)]
// An example may read files; the crate may not.
#![allow(clippy::disallowed_methods)]

mod evaluate {
    pub mod args;
    pub mod data;
    pub mod measure;
    pub mod quarter;
    pub mod report;
}

use evaluate::{args::Args, data, measure, quarter, report};
use quarterdeck_forecast::accuracy::point;
use serde_json::{Map, Value, json};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("evaluate: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let args = Args::read(std::env::args().skip(1))?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build().map_err(|error| error.to_string())?;
    let set = data::read(&args.file, args.horizon, args.half, args.limit)?;
    if set.is_empty() {
        return Err(format!("{}: no series has both train and test rows", args.file));
    }
    let result = pool.install(|| judge(&args, &set));
    if args.json {
        println!("{result:#}");
    } else {
        report::print(&args, &result);
    }
    Ok(())
}

fn judge(args: &Args, set: &[data::Entry]) -> Value {
    let reference = measure::reference(set, args.lag());
    // Only the chosen forecast is timed, before anything else runs.
    let chosen = measure::score(args, set, None, &reference);
    let mut models = Map::new();
    let alone = if args.models { quarterdeck_forecast::sequence::models() } else { Vec::new() };
    for name in alone {
        models.insert(name.to_owned(), measure::score(args, set, Some(name), &reference));
    }
    let quarter = args.aggregate.map_or(Value::Null, |steps| quarter::score(args, set, steps));
    let dropped = set.iter().filter(|entry| point::scale(&entry.train, args.lag()) == 0.0).count();
    json!({
        "naive2": { "smape": reference.smape, "mase": reference.mase },
        "score_lag": args.lag(),
        "n_scored": set.len() - dropped,
        "n_dropped": dropped,
        "chosen": chosen,
        "models": models,
        "quarter": quarter,
    })
}
