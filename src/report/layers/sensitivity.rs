//! The table of how many villages lack a service under other requirements.

use super::super::Results;
use super::{BOOLEAN, Columns, INTEGER, TEXT, layer, real};
use crate::io::{GeometryType, Layer, Value};
use crate::radio::Technology;
use crate::service::SensitivityRow;
use geo::MultiPolygon;

/// Names of the columns of thresholds.
const THRESHOLDS: [(Technology, &str); 4] = [
    (Technology::Gsm, "threshold_gsm_dbm"),
    (Technology::Umts, "threshold_umts_dbm"),
    (Technology::Lte, "threshold_lte_dbm"),
    (Technology::Nr, "threshold_nr_dbm"),
];

/// A row per service, with and without the survey, required probability and step of the threshold.
pub(in crate::report) fn sensitivity(results: &Results<'_>) -> Layer {
    let service = &results.study.config.service;
    let mut columns = Columns::<&SensitivityRow>::new()
        .with("service", TEXT, |row| row.service.name())
        .with("survey_wins", BOOLEAN, |row| row.survey_wins)
        .with("required_probability", real(3), |row| row.required_probability)
        .with("threshold_shift_db", INTEGER, |row| Value::Integer(row.shift_db.into()));
    for (technology, name) in THRESHOLDS {
        let threshold = move |row: &&SensitivityRow| {
            let required = service.requirement(row.service, technology)?.threshold_dbm?;
            Some(required + f64::from(row.shift_db))
        };
        columns = columns.with(name, real(1), threshold);
    }
    let columns = columns
        .with("villages_without", INTEGER, |row| row.villages)
        .with("people_without", INTEGER, |row| row.people)
        .with("villages_unknown", INTEGER, |row| row.unknown);
    // a table without places: areas are not written into tables
    let nowhere = || MultiPolygon::new(Vec::new()).into();
    let rows = results.sensitivity.iter().map(|row| (nowhere(), row));
    let description =
        "Villages without a service when thresholds and the required probability are others. Predictions.";
    layer(results, "sensitivity", description, GeometryType::MultiPolygon, rows, columns)
}
