//! The outside view: what a person or a script sees of `qd`.
//!
//! Each test starts the binary in a copy of a workspace and looks at stdout, stderr, the exit code and the files. Nothing
//! here links the engine. The suite lies beside the commands it looks at, one file each.

// Tests may fail loudly, and these write the workspaces they look at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod harness;
mod suite;
