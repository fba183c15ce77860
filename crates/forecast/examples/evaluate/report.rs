//! The figures as a table for people.

use super::args::Args;
use serde_json::Value;

/// Prints them.
pub fn print(args: &Args, result: &Value) {
    let at = |value: &Value, key: &str| value.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    println!(
        "{} series scored, {} left out of MASE and MSIS (scale 0), lag {}",
        result["n_scored"],
        result["n_dropped"],
        args.lag()
    );
    println!("naive2: sMAPE {:.3}, MASE {:.3}", at(&result["naive2"], "smape"), at(&result["naive2"], "mase"));
    println!(
        "{:<16}{:>8}{:>8}{:>7}{:>7}{:>7}{:>8}{:>8}{:>8}{:>7}{:>7}{:>6}",
        "", "sMAPE", "MASE", "OWA", "80 %", "95 %", "MSIS80", "MSIS95", "wql", "sql", "CPU", "fail"
    );
    let mut rows = vec![("chosen", &result["chosen"])];
    if let Some(models) = result["models"].as_object() {
        rows.extend(models.iter().map(|(name, row)| (name.as_str(), row)));
    }
    for (name, row) in rows {
        let f = |key: &str| at(row, key);
        println!(
            "{name:<16}{:>8.3}{:>8.3}{:>7.3}{:>7.3}{:>7.3}{:>8.2}{:>8.2}{:>8.4}{:>7.3}{:>7.1}{:>6}",
            f("smape"),
            f("mase"),
            f("owa"),
            f("coverage80"),
            f("coverage95"),
            f("msis80"),
            f("msis95"),
            f("wql"),
            f("sql"),
            f("cpu_s_per_1000"),
            f("failures")
        );
    }
    let chosen = &result["chosen"];
    let below = ["below_p10", "below_p30", "below_p50", "below_p70", "below_p90"];
    println!(
        "chosen, share below p10 p30 p50 p70 p90: {}",
        below.map(|key| format!("{:.3}", at(chosen, key))).join(" ")
    );
    for window in ["next", "after_next"] {
        let Some(row) = result["quarter"].get(window).filter(|row| row.is_object()) else { continue };
        println!(
            "{window:<11} below {}  calibration error {:.3}  central 80 % {:.3}  Brier {:.4} (reference {:.4})",
            below.map(|key| format!("{:.3}", at(row, key))).join(" "),
            at(row, "calibration_error"),
            at(row, "central80"),
            at(row, "brier"),
            at(row, "brier_reference")
        );
        for bin in row["reliability"].as_array().into_iter().flatten() {
            println!("    stated {:.2} came {:.2} (n {})", at(bin, "stated"), at(bin, "came"), bin["n"]);
        }
    }
}
