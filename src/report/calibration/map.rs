//! The errors after the correction on a map.

use super::plot::drawn_one_in;
use crate::calibration::CalibratedPlace;
use crate::geodesy::{BoundingBox, LonLat};
use crate::io::WriteCause;
use crate::report::Results;
use crate::report::i18n::Catalogue;
use crate::report::map::{Frame, draw};
use crate::report::palette::ERROR_COLORS;
use crate::study::Study;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The map with its legend.
#[derive(Debug, Serialize)]
pub(super) struct ErrorMap {
    svg: String,
    /// How many places are hidden by others; empty where none is.
    hidden: String,
    legend: Vec<Swatch>,
}

#[derive(Debug, Serialize)]
struct Swatch {
    color: String,
    label: String,
}

/// Draws the places over the terrain, in the colours of their errors; `None` without places.
pub(super) fn error_map(
    study: &Study,
    places: &[CalibratedPlace],
    texts: Catalogue,
) -> Result<Option<ErrorMap>, WriteCause> {
    let sites: BTreeSet<usize> = places.iter().map(|p| p.place.site).collect();
    let sites: Vec<LonLat> = sites.into_iter().map(|site| study.sites[site].position).collect();
    let all = places.iter().map(|p| p.place.position).chain(sites.iter().copied());
    let Some(bounds) = BoundingBox::around(all) else { return Ok(None) };
    let extent_m =
        LonLat::new(bounds.west_deg, bounds.south_deg).distance_m(LonLat::new(bounds.east_deg, bounds.north_deg));
    let picture = draw(&Results::nothing_of(study), Frame::new(bounds.expanded(0.05 * extent_m + 100.0)))?;
    let frame = picture.frame;
    let (width, height) = (frame.width, frame.height);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{}</title><image width=\"{width}\" height=\"{height}\" \
         href=\"data:image/png;base64,{}\"/>",
        texts.text("calibration_map"),
        STANDARD.encode(&picture.png)
    );
    let mut taken: BTreeSet<(i64, i64)> = BTreeSet::new();
    let mut hidden = 0;
    for place in places.iter().step_by(drawn_one_in(places.len())) {
        let (x, y) = frame.pixel(place.place.position);
        hidden += usize::from(!taken.insert((x.round() as i64, y.round() as i64)));
        let color = color_of(place.corrected_db - place.place.measured_db);
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"{color}\" stroke=\"#222\" stroke-width=\".6\"/>"
        );
    }
    for site in sites {
        let (x, y) = frame.pixel(site);
        let _ =
            write!(svg, "<path d=\"M{x:.1} {y:.1}m-9 9h18l-9-20z\" fill=\"#111\" stroke=\"#fff\" stroke-width=\"2\"/>");
    }
    let (km, pixels) = frame.scale_bar();
    let label = format!("{} km", texts.numbers().short(km, 2));
    let y = height.saturating_sub(40);
    let _ = write!(
        svg,
        "<g class=\"scale\" transform=\"translate(28 {y})\"><path d=\"M0-8V0H{pixels:.0}V-8\"/><text x=\"{:.0}\" \
         y=\"4\">{label}</text></g></svg>",
        pixels + 10.0
    );
    let count = texts.numbers().decimal(hidden as f64, 0);
    let hidden = if hidden > 0 { texts.fill("calibration_map_hidden", &[("n", &count)]) } else { String::new() };
    Ok(Some(ErrorMap { svg, hidden, legend: legend(texts) }))
}

/// Colour of an error.
fn color_of(error_db: f64) -> String {
    let (_, color) = ERROR_COLORS.iter().find(|(below_db, _)| error_db < *below_db).unwrap_or(&ERROR_COLORS[4]);
    color.hex()
}

fn legend(texts: Catalogue) -> Vec<Swatch> {
    let numbers = texts.numbers();
    let db = |value: f64| numbers.short(value, 0);
    let mut low = f64::NEG_INFINITY;
    let of = |(high, color): &(f64, crate::io::Rgb)| {
        let label = match (low.is_finite(), high.is_finite()) {
            (false, _) => format!("< {} dB", db(*high)),
            (_, false) => format!("> {} dB", db(low)),
            _ => format!("{} … {} dB", db(low), db(*high)),
        };
        low = *high;
        Swatch { color: color.hex(), label }
    };
    ERROR_COLORS.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Language;

    #[test]
    fn errors_have_the_colours_of_their_legend() {
        let legend = legend(Catalogue::new(Language::En));
        let labels: Vec<&str> = legend.iter().map(|swatch| swatch.label.as_str()).collect();
        assert_eq!(labels, ["< −12 dB", "−12 … −4 dB", "−4 … 4 dB", "4 … 12 dB", "> 12 dB"]);
        for (error_db, index) in [(-30.0, 0), (-5.0, 1), (0.0, 2), (4.0, 3), (99.0, 4)] {
            assert_eq!(color_of(error_db), legend[index].color, "{error_db} dB");
        }
    }
}
