//! Measurements and corrections that cannot be right.

use super::{Calibrated, FEWEST_PLACES};
use crate::problem::{Problem, Problems};
use crate::propagation::earth::free_space_loss_db;
use crate::radio::Technology;
use crate::study::{ErrorFigures, LEAST_SLOPE, Measured, Measurements, Study};

/// Levels around a mast vary by some 10 dB; a receiver whose levels vary by less than this (standard deviation) does not measure, dB.
const LEAST_SPREAD_DB: f64 = 0.5;

/// A corrected loss may lie so far below free space, dB: reflections add up, and a level is a median.
const BELOW_FREE_SPACE_DB: f64 = 3.0;

/// Share of the places that may lie further below it.
const MOST_BELOW_FREE_SPACE: f64 = 0.05;

/// Reports technologies of which all samples are all but equal. A few samples at one place may well be.
pub fn stuck(measurements: &Measurements, file: &str) -> Problems {
    let of = |technology: Option<Technology>| {
        let samples = measurements.samples.iter().filter(|s| measurements.heard[s.heard].technology == technology);
        let values: Vec<f64> = samples
            .map(|sample| match sample.measured {
                Measured::Level(v) | Measured::Loss(v) => v,
            })
            .collect();
        let spread_db = ErrorFigures::of(&values)?.standard_deviation_db;
        let (count, name) = (values.len(), technology.map_or("", Technology::name));
        (count >= FEWEST_PLACES && spread_db < LEAST_SPREAD_DB).then(|| {
            let message = format!(
                "all {count} {name} samples are equal within {spread_db:.1} dB; a receiver that moves measures others"
            );
            Problem::error(file, message.replace("  ", " "))
                .suggest("is it the right column, and did the receiver work?")
        })
    };
    Technology::ALL.into_iter().map(Some).chain([None]).filter_map(of).collect()
}

/// Warns of corrections that say less of the model than of the measurements.
pub fn doubtful(calibrated: &Calibrated, study: &Study, file: &str) -> Problems {
    let mut problems = Problems::default();
    for entry in &calibrated.calibration.technologies {
        let Some(correction) = &entry.correction else { continue };
        let name = entry.technology.name();
        if correction.slope <= LEAST_SLOPE {
            let message = format!(
                "the slope of {name} is at its limit of {LEAST_SLOPE}: the measured losses do not follow the predicted ones, and corrected levels are all but the same everywhere"
            );
            problems
                .push(Problem::warning(file, message).suggest("do the measurements belong to these cells and places?"));
        }
        let own = calibrated.places.iter().filter(|place| place.technology == entry.technology);
        let below = own.filter(|of| {
            let cell = &study.sites[of.place.site].cells[of.place.cell];
            let (f_ghz, d_km) = (cell.frequency_mhz / 1000.0, of.place.distance_m / 1000.0);
            of.corrected_db < free_space_loss_db(f_ghz, d_km, 0.0, 0.0) - BELOW_FREE_SPACE_DB
        });
        let count = below.count();
        if count as f64 > MOST_BELOW_FREE_SPACE * entry.places as f64 {
            let message = format!(
                "corrected losses of {name} are more than {BELOW_FREE_SPACE_DB} dB below free space at {count} of {} places",
                entry.places
            );
            problems.push(
                Problem::warning(file, message).suggest("are power, antenna gain and the receiver's loss right?"),
            );
        }
    }
    problems
}
