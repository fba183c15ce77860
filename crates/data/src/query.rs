//! From measures to queries and back: what each metric needs of which table, in SQL, and the answers.

pub mod answer;
pub mod build;
pub mod filter;
pub mod footing;
pub mod join;
pub mod journey;
pub mod kinds;
pub mod node;
pub mod ordered;
pub mod run;
pub mod walk;
pub mod whole;
