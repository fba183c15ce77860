//! The common footing of a formula's parts over a range longer than their periods.
//!
//! Flows are totals, anything else is read by its own `reads`. Unless some part is a level whose `reads` is an average per
//! period: then the flows of that formula are taken as their average per such period as well. Orders over the average
//! week's customers are orders of an average week; the total of a quarter over them would be thirteen times too much.

use super::node::{Leaf, Node};
use quarterdeck_calendar::Grain;
use quarterdeck_lang::model::{Formula, Reads, Window};

/// A metric or query of a formula.
pub struct Part {
    /// Its arithmetic.
    pub node: Node,
    /// How a metric reads, and its grain; `None` for aggregates written in place.
    pub reads: Option<(Reads, Grain)>,
    /// The window it stands in.
    pub window: Option<Window>,
}

/// Parts with what their range needs around them, in the same order.
pub fn footed(parts: Vec<Part>, leaves: &[Leaf]) -> Vec<Node> {
    let grounds: Vec<(Option<Window>, Grain)> = parts.iter().filter_map(|part| part.ground(leaves)).collect();
    let ground =
        |window: Option<Window>| grounds.iter().filter(|(other, _)| *other == window).map(|(_, each)| *each).min();
    let foot = |part: Part| match (part.node.is_flow(leaves), ground(part.window)) {
        (true, Some(each)) => Node::PerPeriod { inner: Box::new(part.read(leaves)), each },
        _ => part.read(leaves),
    };
    parts.into_iter().map(foot).collect()
}

impl Part {
    /// The period its own number is an average of.
    fn ground(&self, leaves: &[Leaf]) -> Option<(Option<Window>, Grain)> {
        match self.reads {
            Some((Reads::Average(each), _)) if self.is_read() && !self.node.is_flow(leaves) => {
                Some((self.window, each))
            }
            _ => None,
        }
    }

    /// A window looks at all rows in it, so that nothing but recorded numbers is left to be read there.
    fn is_read(&self) -> bool {
        self.window.is_none() || self.node.is_recorded()
    }

    fn read(self, leaves: &[Leaf]) -> Node {
        let Some((reads, grain)) = self.reads.filter(|_| self.is_read()) else { return self.node };
        let reads = match reads {
            _ if !self.node.is_flow(leaves) => reads,
            _ if self.node.is_recorded() => Reads::Total,
            _ => return self.node,
        };
        let is_read = self.node.is_recorded() || matches!(reads, Reads::Average(_) | Reads::AverageOfLast(..));
        if is_read { Node::Read { inner: Box::new(self.node), reads, grain } } else { self.node }
    }
}

/// A formula with nodes in place of its metrics and queries.
pub fn assembled(formula: &Formula, parts: &mut impl Iterator<Item = Node>) -> Node {
    let mut go = |formula: &Formula| Box::new(assembled(formula, parts));
    match formula {
        Formula::Number(number) => Node::Number(*number),
        Formula::Before => Node::Before,
        // There are as many nodes as parts; both are found in the same order.
        Formula::Metric(_) | Formula::Where(..) | Formula::Query(_) | Formula::Journey(_) => {
            parts.next().unwrap_or(Node::Number(f64::NAN))
        }
        Formula::Ago(inner, length) => Node::Ago(go(inner), *length),
        Formula::Over(inner, window) => Node::Over(go(inner), *window),
        Formula::Neg(inner) => Node::Neg(go(inner)),
        Formula::Add(a, b) => Node::Add(go(a), go(b)),
        Formula::Sub(a, b) => Node::Sub(go(a), go(b)),
        Formula::Mul(a, b) => Node::Mul(go(a), go(b)),
        Formula::Div(a, b) => Node::Div(go(a), go(b)),
        Formula::Coalesce(inner, number) => Node::Coalesce(go(inner), *number),
    }
}
