//! See `checks::outlook`.
#![no_main]

#[allow(dead_code)]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::outlook(bytes, checks::most(bytes)));
