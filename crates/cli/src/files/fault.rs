//! Places at which a test can stop the command dead, to see what it leaves behind. In a release build there are none.

/// Stops at once, as if killed, at the so many-th point passed, where the environment says so.
#[cfg(debug_assertions)]
pub fn point() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static PASSED: AtomicUsize = AtomicUsize::new(0);
    let stop = std::env::var("QD_TEST_STOP_AT").ok().and_then(|text| text.parse().ok());
    if stop == Some(PASSED.fetch_add(1, Ordering::SeqCst)) {
        // No destructor runs and nothing is flushed: what is on disk is all there is.
        std::process::abort();
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
pub fn point() {}
