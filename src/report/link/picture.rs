//! The profile as an SVG: heights over the curved Earth against distance.

use super::super::axis::ticks;
use super::super::i18n::Catalogue;
use super::LinkReport;
use crate::propagation::sight::{earth_bulge_m, edges};
use std::fmt::Write;

const WIDTH: f64 = 1100.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 50.0;

/// From km and m to the picture.
struct Scale {
    d_km: f64,
    low_m: f64,
    high_m: f64,
}

impl Scale {
    fn x(&self, d_km: f64) -> f64 {
        LEFT + d_km / self.d_km * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, h_m: f64) -> f64 {
        TOP + (self.high_m - h_m) / (self.high_m - self.low_m) * (HEIGHT - TOP - BOTTOM)
    }

    fn path(&self, points: impl IntoIterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        for (d_km, h_m) in points {
            let command = if path.is_empty() { 'M' } else { 'L' };
            // Writing to a String cannot fail.
            let _ = write!(path, "{command}{:.1} {:.1}", self.x(d_km), self.y(h_m));
        }
        path
    }
}

/// Draws a link.
pub(super) fn draw(report: &LinkReport<'_>, texts: Catalogue) -> String {
    let numbers = texts.numbers();
    let (profile, link) = (report.profile, report.link);
    let a_e_km = report.effective_radius_km();
    let d = profile.path_length_km();
    let (d_km, h_m, clutter_m) = (profile.distance_km(), profile.terrain_amsl_m(), profile.clutter_m());
    let last = d_km.len() - 1;
    let bulge = |d_i: f64| earth_bulge_m(d_i, d, a_e_km);
    let ground: Vec<(f64, f64)> = d_km.iter().zip(h_m).map(|(&d_i, h)| (d_i, h + bulge(d_i))).collect();
    let tops: Vec<(f64, f64)> = ground.iter().zip(clutter_m).map(|(&(d_i, h), c)| (d_i, h + c)).collect();
    let (h_ts, h_rs) = (h_m[0] + link.tx_height_agl_m, h_m[last] + link.rx_height_agl_m);
    let line = |d_i: f64| h_ts + (h_rs - h_ts) * d_i / d;
    // The zone at the points of an even ladder, so that it is round however few points the profile has.
    let ladder = || (0..=120).map(|i| d * f64::from(i) / 120.0);
    let lambda_m = crate::propagation::earth::wavelength_m(link.frequency_mhz / 1000.0);
    let radius = |d_i: f64| (1000.0 * lambda_m * d_i * (d - d_i) / d).sqrt();
    let heights = || {
        tops.iter()
            .map(|p| p.1)
            .chain(ground.iter().map(|p| p.1))
            .chain(ladder().map(|x| line(x) + radius(x)))
            .chain([h_ts, h_rs])
    };
    let (lowest, highest) = (heights().fold(f64::INFINITY, f64::min), heights().fold(f64::NEG_INFINITY, f64::max));
    let room = ((highest - lowest) * 0.08).max(5.0);
    let scale = Scale { d_km: d, low_m: lowest - room, high_m: highest + 2.0 * room };

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"Arial, \
         'Liberation Sans', sans-serif\" font-size=\"14\"><title>{}</title>",
        texts.text("link_picture")
    );
    let mut add = |element: String| svg.push_str(&element);
    for h in ticks(scale.low_m, scale.high_m, 6) {
        let y = scale.y(h);
        add(format!(
            "<path d=\"M{LEFT} {y:.1}H{:.1}\" stroke=\"#d8dee4\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" \
             fill=\"#57606a\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 5.0,
            numbers.short(h, 1)
        ));
    }
    let base = HEIGHT - BOTTOM;
    for x_km in ticks(0.0, d, 9) {
        let x = scale.x(x_km);
        add(format!(
            "<path d=\"M{x:.1} {base}v5\" stroke=\"#57606a\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" \
             fill=\"#57606a\">{}</text>",
            base + 20.0,
            numbers.short(x_km, 3)
        ));
    }
    let closed = |mut path: String| {
        let _ = write!(path, "L{:.1} {base}L{LEFT} {base}Z", scale.x(d));
        path
    };
    if clutter_m.iter().any(|&c| c > 0.0) {
        let path = closed(scale.path(tops.iter().copied()));
        add(format!("<path d=\"{path}\" fill=\"#7aa874\"/>"));
    }
    let path = closed(scale.path(ground.iter().copied()));
    add(format!("<path d=\"{path}\" fill=\"#cdb892\" stroke=\"#7d6a45\" stroke-width=\"1.5\"/>"));
    let sea = scale.path(ladder().map(|x| (x, bulge(x))).filter(|p| p.1 >= scale.low_m));
    if !sea.is_empty() {
        add(format!("<path d=\"{sea}\" fill=\"none\" stroke=\"#00578a\" stroke-dasharray=\"2 4\"/>"));
    }
    let upper = ladder().map(|x| (x, line(x) + radius(x)));
    let lower = (0..=120).rev().map(|i| d * f64::from(i) / 120.0).map(|x| (x, line(x) - radius(x)));
    let zone = scale.path(upper.chain(lower));
    add(format!(
        "<path d=\"{zone}Z\" fill=\"#0072b2\" fill-opacity=\".16\" stroke=\"#0072b2\" stroke-opacity=\".5\"/>"
    ));
    let ray = scale.path([(0.0, h_ts), (d, h_rs)]);
    add(format!("<path d=\"{ray}\" fill=\"none\" stroke=\"#00578a\" stroke-width=\"2\"/>"));
    for (x_km, foot, top) in [(0.0, h_m[0], h_ts), (d, h_m[last], h_rs)] {
        let (x, y) = (scale.x(x_km), scale.y(top));
        add(format!(
            "<path d=\"M{x:.1} {:.1}V{y:.1}\" stroke=\"#1f2328\" stroke-width=\"3\"/><circle cx=\"{x:.1}\" \
             cy=\"{y:.1}\" r=\"4.5\" fill=\"#1f2328\"/>",
            scale.y(foot)
        ));
    }
    let blocking: Vec<usize> =
        edges(link, profile, a_e_km).filter(|e| e.above_line_m >= 0.0).map(|e| e.index).collect();
    for run in blocking.chunk_by(|a, b| b - a == 1) {
        let below = run.iter().rev().map(|&i| (d_km[i], line(d_km[i])));
        let outline = scale.path(run.iter().map(|&i| tops[i]).chain(below));
        add(format!("<path d=\"{outline}Z\" fill=\"#b3361d\" fill-opacity=\".45\" stroke=\"#b3361d\"/>"));
    }
    if let Some(edge) = report.main_edge() {
        let (d_i, top) = tops[edge.index];
        let (x, y) = (scale.x(d_i), scale.y(top));
        let key = if edge.above_line_m >= 0.0 { "link_label_above" } else { "link_label_below" };
        let values = [
            ("top", numbers.decimal(edge.top_amsl_m, 0)),
            ("d", numbers.decimal(d_i, 2)),
            ("m", numbers.decimal(edge.above_line_m.abs(), 1)),
            ("nu", numbers.decimal(edge.nu(), 2)),
        ];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let anchor = match x / WIDTH {
            part if part < 0.3 => "start",
            part if part > 0.7 => "end",
            _ => "middle",
        };
        add(format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#b3361d\" stroke=\"#fff\" stroke-width=\"1.5\"/><text \
             x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" font-weight=\"700\" fill=\"#b3361d\" stroke=\"#fff\" \
             stroke-width=\"4\" paint-order=\"stroke\">{}</text>",
            (y - 14.0).max(TOP - 8.0),
            texts.fill(key, &values)
        ));
    }
    add(format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text><text x=\"{LEFT}\" y=\"18\" \
         text-anchor=\"end\">m</text></svg>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 8.0,
        texts.text("link_axis")
    ));
    svg
}
