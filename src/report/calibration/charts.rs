//! The charts of a calibration.

use super::plot::Chart;
use crate::calibration::CalibratedPlace;
use crate::radio::Technology;
use crate::report::i18n::{Catalogue, Numbers};
use crate::report::palette::technology_color;

/// A chart with the name of its file.
pub(super) struct Picture {
    pub(super) name: &'static str,
    pub(super) svg: String,
}

/// Width of a bar of the histogram, dB.
const BIN_DB: f64 = 2.0;
/// Errors beyond this stand at the edge, dB.
const MOST_ERROR_DB: f64 = 60.0;

/// The error before and after the correction, predicted minus measured loss, dB.
fn errors(place: &CalibratedPlace) -> [f64; 2] {
    [place.place.predicted_db, place.corrected_db].map(|db| db - place.place.measured_db)
}

/// All charts: predicted against measured loss and error against distance, each before and after; the histogram of errors.
pub(super) fn charts(places: &[CalibratedPlace], texts: Catalogue) -> Vec<Picture> {
    let draw = Draw { places, texts, numbers: texts.numbers() };
    vec![
        Picture {
            name: "predicted-measured-before",
            svg: draw.scatter("calibration_before", |p| p.place.predicted_db),
        },
        Picture { name: "predicted-measured-after", svg: draw.scatter("calibration_after", |p| p.corrected_db) },
        Picture { name: "error-distance-before", svg: draw.distance("calibration_before", 0) },
        Picture { name: "error-distance-after", svg: draw.distance("calibration_after", 1) },
        Picture { name: "error-histogram", svg: draw.histogram() },
    ]
}

struct Draw<'a> {
    places: &'a [CalibratedPlace],
    texts: Catalogue,
    numbers: Numbers,
}

impl Draw<'_> {
    fn title(&self, chart: &str, when: &str) -> String {
        format!("{}: {}", self.texts.text(chart), self.texts.text(when).to_lowercase())
    }

    fn scatter(&self, when: &str, loss_db: impl Fn(&CalibratedPlace) -> f64) -> String {
        let all = self.places.iter().flat_map(|p| [p.place.measured_db, p.place.predicted_db, p.corrected_db]);
        let range = range_around(all, 10.0);
        let points: Vec<_> = self
            .places
            .iter()
            .map(|p| ([p.place.measured_db, loss_db(p)], technology_color(p.technology).hex()))
            .collect();
        let axes = [self.texts.text("calibration_measured"), self.texts.text("calibration_predicted")];
        Chart::new(&self.title("calibration_scatter", when), axes, range, range, self.numbers)
            .points(&points)
            .line([range[0]; 2], [range[1]; 2])
            .legend(&self.legend())
            .finished()
    }

    fn distance(&self, when: &str, index: usize) -> String {
        let km = |p: &CalibratedPlace| p.place.distance_m / 1000.0;
        let farthest = self.places.iter().map(km).fold(0.1, f64::max);
        let points: Vec<_> =
            self.places.iter().map(|p| ([km(p), errors(p)[index]], technology_color(p.technology).hex())).collect();
        let axes = [self.texts.text("calibration_distance"), self.texts.text("calibration_error")];
        let range = self.error_range();
        Chart::new(&self.title("calibration_by_distance", when), axes, [0.0, farthest], range, self.numbers)
            .points(&points)
            .line([0.0, 0.0], [farthest, 0.0])
            .legend(&self.legend())
            .finished()
    }

    fn histogram(&self) -> String {
        let [low, high] = self.error_range();
        let bins = ((high - low) / BIN_DB).round() as usize;
        let count = |index: usize| {
            let mut bars: Vec<[f64; 2]> = (0..bins).map(|bin| [low + BIN_DB * bin as f64, 0.0]).collect();
            for place in self.places {
                let bin = (errors(place)[index].clamp(low, high - BIN_DB / 2.0) - low) / BIN_DB;
                bars[bin as usize][1] += 100.0 / self.places.len() as f64;
            }
            bars
        };
        let [before, after] = [0, 1].map(count);
        let most = before.iter().chain(&after).map(|bar| bar[1]).fold(1.0, f64::max);
        let styles = ["fill=\"#8c959f\" fill-opacity=\".55\"", "fill=\"#0072b2\" fill-opacity=\".6\""];
        let entry = |key: &str, style: &str| (self.texts.text(key).to_owned(), style.to_owned());
        let axes = [self.texts.text("calibration_error"), self.texts.text("calibration_share")];
        let title = self.texts.text("calibration_histogram");
        Chart::new(title, axes, [low, high], [0.0, most * 1.05], self.numbers)
            .bars(&before, BIN_DB, styles[0])
            .bars(&after, BIN_DB, styles[1])
            .legend(&[entry("calibration_before", styles[0]), entry("calibration_after", styles[1])])
            .finished()
    }

    /// The same for every chart of errors, in whole bins.
    fn error_range(&self) -> [f64; 2] {
        let largest = self.places.iter().flat_map(errors).map(f64::abs).fold(BIN_DB, f64::max).min(MOST_ERROR_DB);
        let edge = (largest / BIN_DB).ceil() * BIN_DB;
        [-edge, edge]
    }

    /// Technologies and their colours, where there are several.
    fn legend(&self) -> Vec<(String, String)> {
        let is_there = |technology: &Technology| self.places.iter().any(|p| p.technology == *technology);
        let there: Vec<Technology> = Technology::ALL.into_iter().filter(is_there).collect();
        let entry = |t: Technology| (t.name().to_owned(), format!("fill=\"{}\"", technology_color(t).hex()));
        if there.len() > 1 { there.into_iter().map(entry).collect() } else { Vec::new() }
    }
}

/// The range of some values, to multiples of a step.
fn range_around(values: impl Iterator<Item = f64>, step: f64) -> [f64; 2] {
    let [low, high] =
        values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
    [(low / step).floor() * step, ((high / step).floor() + 1.0) * step]
}
