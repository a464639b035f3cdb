//! Charts as SVG documents: points, bars, axes.

use crate::report::axis::ticks;
use crate::report::i18n::Numbers;
use std::fmt::Write;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 58.0;

/// Points that a chart draws at most: more hide one another and swell the file.
const MOST_POINTS: usize = 1_500;

/// A chart under construction.
pub(super) struct Chart {
    svg: String,
    x: [f64; 2],
    y: [f64; 2],
}

/// The text as markup shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Chart {
    /// Axes from the lowest to the highest values, with their titles.
    pub(super) fn new(title: &str, axes: [&str; 2], x: [f64; 2], y: [f64; 2], numbers: Numbers) -> Self {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"Arial, \
             'Liberation Sans', sans-serif\" font-size=\"13\"><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/><text \
             x=\"{LEFT}\" y=\"20\" font-size=\"14\" font-weight=\"700\">{}</text>",
            escaped(title)
        );
        let mut chart = Self { svg, x, y };
        let (right, base) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for value in ticks(x[0], x[1], 7) {
            let at = chart.at_x(value);
            let label = numbers.short(value, 2);
            chart.add(&format!(
                "<path d=\"M{at:.1} {TOP}V{base}\" stroke=\"#e3e7eb\"/><text x=\"{at:.1}\" y=\"{:.1}\" \
                 text-anchor=\"middle\" fill=\"#57606a\">{label}</text>",
                base + 18.0
            ));
        }
        for value in ticks(y[0], y[1], 7) {
            let at = chart.at_y(value);
            let label = numbers.short(value, 2);
            chart.add(&format!(
                "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#e3e7eb\"/><text x=\"{:.1}\" y=\"{:.1}\" \
                 text-anchor=\"end\" fill=\"#57606a\">{label}</text>",
                LEFT - 6.0,
                at + 4.0
            ));
        }
        let middle = f64::midpoint(TOP, base);
        chart.add(&format!(
            "<path d=\"M{LEFT} {TOP}V{base}H{right}\" fill=\"none\" stroke=\"#57606a\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{}</text><text x=\"16\" y=\"{middle:.1}\" text-anchor=\"middle\" \
             transform=\"rotate(-90 16 {middle:.1})\">{}</text>",
            f64::midpoint(LEFT, right),
            HEIGHT - 14.0,
            escaped(axes[0]),
            escaped(axes[1])
        ));
        chart
    }

    fn add(&mut self, element: &str) {
        self.svg.push_str(element);
    }

    fn at_x(&self, value: f64) -> f64 {
        LEFT + (value - self.x[0]) / (self.x[1] - self.x[0]) * (WIDTH - LEFT - RIGHT)
    }

    fn at_y(&self, value: f64) -> f64 {
        TOP + (self.y[1] - value) / (self.y[1] - self.y[0]) * (HEIGHT - TOP - BOTTOM)
    }

    /// A straight line between two points.
    pub(super) fn line(mut self, from: [f64; 2], to: [f64; 2]) -> Self {
        let ends = [from, to].map(|[x, y]| (self.at_x(x), self.at_y(y)));
        let [(x1, y1), (x2, y2)] = ends;
        self.add(&format!("<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"#b3361d\"/>"));
        self
    }

    /// Points in their colours, every n-th where there are many; those outside the axes stand at their edge.
    pub(super) fn points(mut self, points: &[([f64; 2], String)]) -> Self {
        let step = drawn_one_in(points.len());
        for ([x, y], color) in points.iter().step_by(step) {
            let x = self.at_x(x.clamp(self.x[0], self.x[1]));
            let y = self.at_y(y.clamp(self.y[0], self.y[1]));
            // Writing to a String cannot fail.
            let _ = write!(
                self.svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{color}\" fill-opacity=\".4\"/>"
            );
        }
        self
    }

    /// Bars from 0, side by side, each as wide as `width`: their left edges and heights.
    pub(super) fn bars(mut self, bars: &[[f64; 2]], width: f64, style: &str) -> Self {
        for &[x, height] in bars.iter().filter(|bar| bar[1] > 0.0) {
            let (left, right) = (self.at_x(x), self.at_x(x + width));
            let (top, base) = (self.at_y(height), self.at_y(0.0));
            let _ = write!(
                self.svg,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" {style}/>",
                right - left,
                base - top
            );
        }
        self
    }

    /// Words for colours, in the upper right corner.
    pub(super) fn legend(mut self, entries: &[(String, String)]) -> Self {
        for (row, (label, style)) in entries.iter().enumerate() {
            let y = TOP + 8.0 + 18.0 * row as f64;
            let x = WIDTH - RIGHT - 10.0;
            self.add(&format!(
                "<rect x=\"{:.1}\" y=\"{y:.1}\" width=\"10\" height=\"10\" {style}/><text x=\"{:.1}\" y=\"{:.1}\" \
                 text-anchor=\"end\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
                x - 4.0,
                x - 10.0,
                y + 10.0,
                escaped(label)
            ));
        }
        self
    }

    /// The document.
    pub(super) fn finished(self) -> String {
        self.svg + "</svg>\n"
    }
}

/// One point in how many is drawn.
pub(super) fn drawn_one_in(points: usize) -> usize {
    points.div_ceil(MOST_POINTS).max(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::study::Language;

    #[test]
    fn a_chart_is_markup_whatever_its_words() {
        let numbers = Numbers::new(Language::Vi);
        let points = vec![([0.5, 5.0], "#000".to_owned()), ([9.0, 99.0], "#000".to_owned())];
        let svg = Chart::new("a < b & c", ["x", "y"], [0.0, 1.0], [0.0, 10.0], numbers)
            .points(&points)
            .bars(&[[0.2, 4.0], [0.4, 0.0]], 0.2, "fill=\"#ccc\"")
            .line([0.0, 0.0], [1.0, 10.0])
            .legend(&[("LTE".into(), "fill=\"#000\"".into())])
            .finished();
        assert!(svg.contains("a &lt; b &amp; c") && svg.ends_with("</svg>\n"));
        // half-way along both axes: x = 64 + 480/2, y = 40 + 342/2
        assert!(svg.contains("cx=\"304.0\" cy=\"211.0\""), "{svg}");
        assert!(svg.contains("cx=\"544.0\" cy=\"40.0\""), "what lies outside stands at the edge: {svg}");
        assert_eq!(svg.matches("<rect").count(), 1 + 1 + 1, "an empty bar is not drawn");
        assert!(svg.contains(">0,2</text>"));
        assert_eq!([1, 1_500, 1_501, 10_000].map(drawn_one_in), [1, 1, 2, 7]);
    }
}
