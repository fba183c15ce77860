//! See `checks::models`.
#![no_main]

#[allow(dead_code)]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::models(bytes, checks::most(bytes)));
