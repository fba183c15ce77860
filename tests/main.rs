//! The outside view: what a person or a script sees of `qd`.
//!
//! Each test starts the binary in a copy of a workspace and looks at stdout, stderr, the exit code and the files. Nothing
//! here links the engine. The suite lies beside the commands it looks at, one file each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod harness;
mod suite;
