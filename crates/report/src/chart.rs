//! Charts: numbers to geometry, geometry to SVG or to a strip of characters.
//!
//! Each kind of chart is one file with the data it draws, `svg` and `text`. Geometry is plain arithmetic on `f64` with
//! fixed decimals, so the same numbers give the same bytes.

pub mod bridge;
pub mod fan;
mod label;
mod png;
pub mod record;
#[cfg(test)]
mod room;
mod scale;
mod strip;
pub(crate) mod svg;
pub mod tree;

/// A chart on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Unique in its file.
    pub id: String,
    /// The answer it gives.
    pub title: String,
    /// What is drawn.
    pub figure: Figure,
}

/// The kinds of charts.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// History, fan, target and cap.
    Fan(Box<fan::FanChart>),
    /// From the last actual to the target.
    Bridge(bridge::Bridge),
    /// Past claims and what came.
    Record(record::Record),
    /// What is made of what.
    Tree(tree::Tree),
}

impl Chart {
    /// The chart as SVG, to stand inside a page whose style sheet knows its classes.
    pub fn svg(&self) -> String {
        match &self.figure {
            Figure::Fan(fan) => fan.svg(&self.id, &self.title),
            Figure::Bridge(bridge) => bridge.svg(&self.id, &self.title),
            Figure::Record(record) => record.svg(&self.id, &self.title),
            Figure::Tree(tree) => tree.svg(&self.id, &self.title),
        }
    }

    /// The chart as a PNG picture, twice as fine as the drawing, with its title above it and above that what it is about;
    /// `None` where it cannot be drawn.
    pub fn png(&self, about: &str) -> Option<Vec<u8>> {
        png::png(&self.svg(), about, &self.title)
    }

    /// The chart in characters, line by line.
    pub fn text(&self) -> Vec<String> {
        match &self.figure {
            Figure::Fan(fan) => fan.text(),
            Figure::Bridge(bridge) => bridge.text(),
            Figure::Record(record) => record.text(),
            Figure::Tree(tree) => tree.text(),
        }
    }
}
