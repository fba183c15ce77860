//! Numbers of other implementations (`tests/reference/`: the scripts that made them name the versions).

use serde_json::Value;

/// What Python's statsforecast and statsmodels say.
pub fn python() -> Value {
    serde_json::from_str(include_str!("../../tests/reference/reference.json")).expect("made by make.py")
}

/// What R's stats and forecast say.
pub fn r() -> Value {
    serde_json::from_str(include_str!("../../tests/reference/r.json")).expect("made by make.R")
}

/// A list of numbers.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

/// A number.
pub fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// Whether two lists agree, each number within a tolerance.
pub fn agree(name: &str, ours: &[f64], theirs: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() < tolerance, "{name} at {at}: {a} and {b}");
    }
}
