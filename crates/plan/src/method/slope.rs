//! How much one metric moves another: as somebody states it, or as history shows it.

use crate::edge;
use crate::outlook::Inputs;
use crate::size::Size;
use quarterdeck_lang::model::{Change, Drives, Metric};

/// A change of the parent for a change of the child.
#[derive(Clone, Debug, PartialEq)]
pub struct Slope {
    /// What the parent changes by…
    pub gives: Change,
    /// …for this change of the child.
    pub per: Change,
    /// Where it comes from, in words.
    pub source: String,
}

impl Slope {
    /// The chance that it is zero or of the other sign.
    pub fn chance_of_nothing(&self) -> f64 {
        Size::change(&self.gives).chance_of_nothing()
    }

    /// The slope of an edge as history shows it (see [`crate::edge`]); `None` where too little is known.
    pub fn estimated(inputs: &Inputs<'_>, child: &Metric, parent: &Metric, edge: &Drives) -> Option<Slope> {
        let (gives, per, n) = edge::slope(inputs, child, parent, edge)?;
        Some(Slope { gives, per, source: format!("estimated from {n} past changes") })
    }
}
