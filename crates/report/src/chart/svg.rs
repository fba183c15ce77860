//! The one place that writes SVG: a few shapes, text that is always escaped, coordinates with one decimal.
//!
//! Colours live in the page's style sheet; here every shape has a class. A coordinate that is not finite is written as 0.

/// How text stands to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing under way.
pub(super) struct Svg {
    out: String,
}

impl Svg {
    /// An empty drawing with its title and description for those who cannot see it.
    pub fn new(id: &str, title: &str, describe: &str, width: f64, height: f64) -> Svg {
        let (id, title, describe) = (escape(id), escape(title), escape(describe));
        let (w, h) = (number(width), number(height));
        let out = format!(
            "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {w} {h}\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{describe}</desc>"
        );
        Svg { out }
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        self.out.push_str(&format!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    /// A rectangle between two corners, whichever way round.
    pub fn rect(&mut self, a: (f64, f64), b: (f64, f64), class: &str) {
        let [x, y] = [a.0.min(b.0), a.1.min(b.1)].map(number);
        let [w, h] = [(a.0 - b.0).abs(), (a.1 - b.1).abs()].map(number);
        self.out.push_str(&format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>"));
    }

    pub fn circle(&mut self, at: (f64, f64), radius: f64, class: &str) {
        let [x, y, r] = [at.0, at.1, radius].map(number);
        self.out.push_str(&format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"));
    }

    /// A line through points; nothing where there are fewer than two.
    pub fn polyline(&mut self, points: &[(f64, f64)], class: &str) {
        if points.len() > 1 {
            self.out.push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>", joined(points)));
        }
    }

    /// A filled shape through points; nothing where there are fewer than three.
    pub fn polygon(&mut self, points: &[(f64, f64)], class: &str) {
        if points.len() > 2 {
            self.out.push_str(&format!("<polygon class=\"{class}\" points=\"{}\"/>", joined(points)));
        }
    }

    /// A curve that leaves and arrives level.
    pub fn bend(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let middle = number((from.0 + to.0) / 2.0);
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        self.out.push_str(&format!("<path class=\"{class}\" d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}\"/>"));
    }

    /// Two strokes across each other.
    pub fn cross(&mut self, at: (f64, f64), half: f64, class: &str) {
        self.line((at.0 - half, at.1 - half), (at.0 + half, at.1 + half), class);
        self.line((at.0 - half, at.1 + half), (at.0 + half, at.1 - half), class);
    }

    /// One of the signs `●`, `◆`, `▲`, `▼`, `○`, `★` as a shape, so that no letters need to know it; its middle is at a point.
    pub fn sign(&mut self, (x, y): (f64, f64), sign: &str, class: &str) {
        let around = |points: &[(f64, f64)]| points.iter().map(|(a, b)| (x + a, y + b)).collect::<Vec<_>>();
        match sign {
            "◆" => self.polygon(&around(&[(0.0, -4.6), (4.6, 0.0), (0.0, 4.6), (-4.6, 0.0)]), class),
            "▲" => self.polygon(&around(&[(0.0, -4.4), (4.6, 3.6), (-4.6, 3.6)]), class),
            "▼" => self.polygon(&around(&[(0.0, 4.4), (4.6, -3.6), (-4.6, -3.6)]), class),
            "★" => {
                // The tips and the corners between them of a star with five rays.
                let star = [
                    (0.0, -5.0),
                    (1.2, -1.6),
                    (4.8, -1.5),
                    (1.9, 0.6),
                    (2.9, 4.0),
                    (0.0, 2.0),
                    (-2.9, 4.0),
                    (-1.9, 0.6),
                    (-4.8, -1.5),
                    (-1.2, -1.6),
                ];
                self.polygon(&around(&star), class);
            }
            "○" => self.circle((x, y), 3.2, &format!("{class} open")),
            _ => self.circle((x, y), 4.0, class),
        }
    }

    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, class: &str, words: &str) {
        let [x, y] = [at.0, at.1].map(number);
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let words = escape(words);
        self.out
            .push_str(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>"));
    }

    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

fn joined(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
    points.join(" ")
}

/// A coordinate with one decimal at most, never `-0`.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{:.1}", value.clamp(-1e5, 1e5));
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as XML holds it; control characters become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
