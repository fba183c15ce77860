//! An identity between windows' numbers.
//!
//! At the grain of the data an identity is exact; at the window's it holds up to how each part is read (a week's average
//! times a last value is not the average of the products). So the window's number moves by the ratio of the formula after
//! and before, or by the difference where the formula is a sum. Both are exact where the identity holds at the window too.

/// Arithmetic over nodes of a world.
#[derive(Clone, Debug, PartialEq)]
pub enum Calc {
    /// A number: a constant, or a value of the past.
    Number(f64),
    /// A node's number times what turns it into a total.
    Part(usize, f64),
    /// Minus.
    Neg(Box<Calc>),
    /// Plus.
    Add(Box<Calc>, Box<Calc>),
    /// Minus.
    Sub(Box<Calc>, Box<Calc>),
    /// Times.
    Mul(Box<Calc>, Box<Calc>),
    /// Over.
    Div(Box<Calc>, Box<Calc>),
    /// A number where there is a gap.
    Coalesce(Box<Calc>, f64),
}

/// A formula and what turns its result into the node's own number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// The formula.
    pub calc: Calc,
    /// The node's number times this is what the formula gives.
    pub scale: f64,
}

impl Calc {
    /// Its value; `None` for a gap.
    pub fn value(&self, get: &impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let value = match self {
            Calc::Number(number) => *number,
            Calc::Part(node, scale) => scale * get(*node)?,
            Calc::Neg(inner) => -inner.value(get)?,
            Calc::Add(a, b) => a.value(get)? + b.value(get)?,
            Calc::Sub(a, b) => a.value(get)? - b.value(get)?,
            Calc::Mul(a, b) => a.value(get)? * b.value(get)?,
            Calc::Div(a, b) => a.value(get)? / Some(b.value(get)?).filter(|divisor| *divisor != 0.0)?,
            Calc::Coalesce(inner, number) => inner.value(get).unwrap_or(*number),
        };
        value.is_finite().then_some(value)
    }

    /// Adds the places of its parts, once for each time they stand in it.
    pub fn collect(&self, found: &mut Vec<usize>) {
        match self {
            Calc::Number(_) => {}
            Calc::Part(node, _) => found.push(*node),
            Calc::Neg(inner) | Calc::Coalesce(inner, _) => inner.collect(found),
            Calc::Add(a, b) | Calc::Sub(a, b) | Calc::Mul(a, b) | Calc::Div(a, b) => {
                a.collect(found);
                b.collect(found);
            }
        }
    }

    /// Whether it is a sum or a difference.
    pub fn is_sum(&self) -> bool {
        match self {
            Calc::Add(..) | Calc::Sub(..) => true,
            Calc::Neg(inner) | Calc::Coalesce(inner, _) => inner.is_sum(),
            _ => false,
        }
    }
}

impl Sum {
    /// The nodes it is made of.
    pub fn parts(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.calc.collect(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A number `own` after its parts have moved from `before` to `after`; `None` where the formula has a gap.
    pub fn moved(
        &self,
        own: f64,
        before: &impl Fn(usize) -> Option<f64>,
        after: &impl Fn(usize) -> Option<f64>,
    ) -> Option<f64> {
        let (old, new) = (self.calc.value(before)?, self.calc.value(after)?);
        if old == new {
            return Some(own);
        }
        let by_ratio = own * (new / old);
        if !self.calc.is_sum() && old != 0.0 && own != 0.0 && by_ratio.is_finite() {
            return Some(by_ratio);
        }
        let scale = if self.scale == 0.0 { 1.0 } else { self.scale };
        Some(own + (new - old) / scale)
    }
}
