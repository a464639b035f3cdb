//! What `notspot calibrate` writes: the calibration, the measured places with their errors as layers, charts, and a page.
//!
//! In: a [`Calibrated`] and its study. Out: files of an output folder.

mod charts;
mod map;
mod page;
mod plot;

use super::i18n::Catalogue;
use super::layers::{Columns, INTEGER, TEXT, layer, point, real};
use super::{ReportError, Results, staged, write_set};
use crate::calibration::{Calibrated, CalibratedPlace, MeasuredPlace, UnmatchedSample};
use crate::io::{GeometryType, Layer, Staging, WRITERS, WriteError, find_writer};
use crate::study::Study;
use charts::charts;

/// Writes `calibration.json`, `residuals.csv`, `residuals.gpkg`, `geojson/residuals.geojson`, `unmatched.csv`, `plots/*.svg` and
/// `calibration.html`.
///
/// # Errors
/// A file cannot be written; the error names it.
pub fn write_calibration(calibrated: &Calibrated, study: &Study, staging: &Staging) -> Result<(), ReportError> {
    let texts = Catalogue::new(study.config.language);
    let json = serde_json::to_string_pretty(&calibrated.calibration);
    write_text(staging, "calibration.json", json.map(|text| text + "\n"))?;
    let results = Results::nothing_of(study);
    let residuals = [residuals(&results, &calibrated.places)];
    for writer in WRITERS {
        let folder = if writer.id == "geojson" { "geojson/" } else { "" };
        write_set(&results, staging, writer, &residuals, &format!("{folder}residuals.{}", writer.extension))?;
    }
    if let Some(writer) = find_writer("csv") {
        write_set(&results, staging, writer, &[unmatched(&results, &calibrated.unmatched)], "unmatched.csv")?;
    }
    let pictures = charts(&calibrated.places, texts);
    for picture in &pictures {
        write_text(staging, &format!("plots/{}.svg", picture.name), Ok(picture.svg.clone()))?;
    }
    let path = staged(staging, "calibration.html")?;
    let map = map::error_map(study, &calibrated.places, texts).map_err(|cause| WriteError { file: path, cause })?;
    let html = page::html(calibrated, study, pictures, map, texts)?;
    write_text(staging, "calibration.html", Ok(html))
}

fn write_text(staging: &Staging, file: &str, text: Result<String, serde_json::Error>) -> Result<(), ReportError> {
    let path = staged(staging, file)?;
    let write = || Ok(std::fs::write(&path, text?)?);
    Ok(crate::io::writing(&path, write)?)
}

/// The measured places with their errors.
fn residuals(results: &Results<'_>, places: &[CalibratedPlace]) -> Layer {
    let study = results.study;
    let site = |row: &&CalibratedPlace| &study.sites[row.place.site];
    let cell = |row: &&CalibratedPlace| &study.sites[row.place.site].cells[row.place.cell];
    let error = |row: &CalibratedPlace, loss_db: f64| loss_db - row.place.measured_db;
    let columns = Columns::<&CalibratedPlace>::new()
        .with("technology", TEXT, |row| row.technology.name())
        .with("operator", TEXT, move |row| site(row).operator.clone())
        .with("site_id", TEXT, move |row| site(row).id.clone())
        .with("cell_id", TEXT, move |row| cell(row).id.clone())
        .with("frequency_mhz", real(1), move |row| cell(row).frequency_mhz)
        .with("azimuth_deg", real(1), move |row| cell(row).azimuth_deg)
        .with("matched_by", TEXT, |row| ways(&row.place))
        .with("distance_km", real(3), |row| row.place.distance_m / 1000.0)
        .with("height_m", real(1), |row| row.place.height_agl_m)
        .with("class", INTEGER, |row| u64::from(row.place.class))
        .with("samples", INTEGER, |row| row.place.samples)
        .with("first_row", INTEGER, |row| row.place.row)
        .with("measured_loss_db", real(2), |row| row.place.measured_db)
        .with("predicted_loss_db", real(2), |row| row.place.predicted_db)
        .with("corrected_loss_db", real(2), |row| row.corrected_db)
        .with("fold", INTEGER, |row| row.fold)
        .with("error_before_db", real(2), move |row| error(row, row.place.predicted_db))
        .with("error_after_db", real(2), move |row| error(row, row.corrected_db))
        .with("error_cross_validated_db", real(2), move |row| row.cross_validated_db.map(|db| error(row, db)));
    let rows = places.iter().map(|row| (point(row.place.position), row));
    let description = "Measured places: the median of a cell's samples on a pixel, and the errors of predictions, predicted minus measured loss.";
    layer(results, "residuals", description, GeometryType::Point, rows, columns)
}

/// How the samples of a place were matched: `cell`, or `cell+best_server` where not all of them alike.
fn ways(place: &MeasuredPlace) -> String {
    place.matched_by.keys().map(|way| way.name()).collect::<Vec<_>>().join("+")
}

/// The samples that are of no use.
fn unmatched(results: &Results<'_>, samples: &[UnmatchedSample]) -> Layer {
    let columns =
        Columns::<&UnmatchedSample>::new()
            .with("row", INTEGER, |sample| sample.row)
            .with("reason", TEXT, |sample| sample.why.name());
    let rows = samples.iter().map(|sample| (point(sample.position), sample));
    layer(results, "unmatched", "Samples without a cell or a prediction.", GeometryType::Point, rows, columns)
}
