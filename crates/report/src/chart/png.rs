//! A chart as a picture file: the page's SVG and colours, its title above it, drawn with letters that come along.

use super::svg::escape;
use resvg::{tiny_skia, usvg};
use std::sync::Arc;

/// The style sheet of every page, from which the colours come.
const STYLE: &str = include_str!("../../templates/page.css");
const REGULAR: &[u8] = include_bytes!("../../fonts/Roboto-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/Roboto-Bold.ttf");
/// Picture dots for one unit of the drawing: sharp on a screen of today and in a document.
const SCALE: f32 = 2.0;
/// Room around the drawing.
const MARGIN: f64 = 14.0;
/// Height of the line that says what it is about.
const ABOUT_LINE: f64 = 18.0;
/// Height of a line of the title, and how many letters stand on one for each unit of width.
const TITLE_LINE: f64 = 21.0;
const LETTERS: f64 = 0.125;

/// The picture as PNG; `None` where the drawing cannot be read, which no drawing of ours is.
pub(super) fn png(svg: &str, about: &str, title: &str) -> Option<Vec<u8>> {
    let whole = framed(svg, about, title)?;
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(REGULAR.to_vec());
    fonts.load_font_data(BOLD.to_vec());
    let options = usvg::Options { font_family: "Roboto".into(), fontdb: Arc::new(fonts), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&whole, &options).ok()?;
    let size = tree.size();
    let dots = |length: f32| (length * SCALE).ceil().clamp(1.0, 8_000.0) as u32;
    let mut pixmap = tiny_skia::Pixmap::new(dots(size.width()), dots(size.height()))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap.encode_png().ok()
}

/// The drawing with its title, its colours and white paper behind it, as a file that stands alone.
fn framed(svg: &str, about: &str, title: &str) -> Option<String> {
    let (width, height) = view_box(svg)?;
    let inner = svg.get(svg.find('>')? + 1..svg.rfind("</svg>")?)?;
    let lines = lines(title, (width * LETTERS) as usize);
    let top = MARGIN + ABOUT_LINE + lines.len() as f64 * TITLE_LINE + 6.0;
    let texts = lines.iter().enumerate().map(|(at, line)| {
        let y = MARGIN + ABOUT_LINE + (at as f64 + 0.75) * TITLE_LINE;
        format!("<text class=\"title\" x=\"{MARGIN}\" y=\"{y:.1}\">{}</text>", escape(line))
    });
    let (w, h) = (width + 2.0 * MARGIN, height + top + MARGIN);
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" width=\"{w}\" height=\"{h:.1}\" viewBox=\"0 0 {w} {h:.1}\">\
         <style>{}</style><rect class=\"paper\" width=\"{w}\" height=\"{h:.1}\"/>\
         <text x=\"{MARGIN}\" y=\"{:.1}\">{}</text>{}\
         <g transform=\"translate({MARGIN} {top:.1})\">{inner}</g></svg>",
        colours(),
        MARGIN + 0.6 * ABOUT_LINE,
        escape(about),
        texts.collect::<String>()
    ))
}

/// Width and height of a drawing, as its head says them.
fn view_box(svg: &str) -> Option<(f64, f64)> {
    let box_ = svg.split("viewBox=\"0 0 ").nth(1)?.split('"').next()?;
    let (width, height) = box_.split_once(' ')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// The rules of charts with the light colours written out: a picture has no page that would know them.
fn colours() -> String {
    let variables =
        STYLE.split_once(":root {").and_then(|(_, rest)| rest.split_once('}')).map_or("", |(block, _)| block);
    let rules =
        STYLE.split_once("svg.chart").and_then(|(_, rest)| rest.split_once("@media")).map_or("", |(block, _)| block);
    let marks = STYLE.lines().filter(|line| line.starts_with(".mark-"));
    // The first rule is about how the drawing lies on the page.
    let rules = rules.split_once('}').map_or("", |(_, rest)| rest);
    let mut text: String = marks.chain([rules]).collect::<Vec<_>>().join("\n");
    for variable in variables.split(';') {
        if let Some((name, value)) = variable.split_once(':') {
            text = text.replace(&format!("var({})", name.trim()), value.trim());
        }
    }
    format!(
        "{text} .chart text {{ font-family: Roboto; }} .chart .title {{ font-size: 16px; font-weight: 700; fill: #1b2127; }} \
         .paper {{ fill: #ffffff; }}"
    )
}

/// A title in lines of at most so many letters, two of them at most.
fn lines(title: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in title.replace(" %", "\u{a0}%").replace(" pp", "\u{a0}pp").split(' ').filter(|word| !word.is_empty()) {
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= letters || lines.len() == 3 {
            if let Some(line) = lines.last_mut() {
                line.push(' ');
                line.push_str(word);
            }
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
