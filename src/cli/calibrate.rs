//! `notspot calibrate`: corrects the losses of a model by measurements, where they bear it out.

use super::{Common, DONE, progress};
use crate::calibration::{self, Calibrated, FEWEST_PLACES, Options};
use crate::io::{Staging, TableSource, read_table, sha256_of_file};
use crate::pipeline::PipelineError;
use crate::problem::{Problem, Problems};
use crate::report::{Results, RunRecord, write_calibration};
use crate::study::{self, Grouping, InputFile, Measurements, NoCorrection, Period, Study};
use clap::Args;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Corrects the predicted losses of a study by a drive test or by samples of phones.
///
/// Name the calibration.json that it writes as propagation.calibration in the study.
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Study file; the calibration that it names is not looked at
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Table of measurements (docs/calibration.md), with its layer as FILE|layername=NAME
    #[arg(long, value_name = "FILE")]
    pub measurements: String,
    /// Coordinate reference system of its coordinates, such as EPSG:9210; WGS 84, or what the file says, when absent
    #[arg(long, value_name = "CRS")]
    pub crs: Option<String>,
    /// Output folder; new, empty, or written by an earlier run (which is replaced)
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// First day of the samples that are used, by their column time
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<String>,
    /// Last day of them
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub until: Option<String>,
    /// Loss between the receiver and an isotropic antenna in the open, dB: a body, a car, a cable, less the antenna's gain
    #[arg(long, value_name = "DB", default_value_t = 0.0, value_parser = loss, allow_negative_numbers = true)]
    pub receiver_loss: f64,
    /// Places nearer to their site are left out, km: P.1812 begins there, and antennas are looked at from below
    #[arg(long, value_name = "KM", default_value_t = 0.25, value_parser = distance, allow_negative_numbers = true)]
    pub min_distance: f64,
    /// What stays together in cross-validation
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub folds_by: Grouping,
    /// Side of a block, km
    #[arg(long, value_name = "KM", default_value_t = 1.0, value_parser = block, allow_negative_numbers = true)]
    pub block_km: f64,
    /// Places nearer to a part of cross-validation are left out of the fit that predicts it, km
    #[arg(long, value_name = "KM", default_value_t = 0.1, value_parser = buffer)]
    pub buffer_km: f64,
    /// Parts of cross-validation
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(3..=100))]
    pub folds: u16,
}

fn within(text: &str, least: f64, most: f64, unit: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|value| (least..=most).contains(value));
    number.ok_or_else(|| format!("write a number from {least} to {most} {unit}"))
}

fn day(text: &str) -> Result<String, String> {
    if study::is_date(text) { Ok(text.to_owned()) } else { Err("write a date as YYYY-MM-DD".into()) }
}

fn loss(text: &str) -> Result<f64, String> {
    within(text, -40.0, 60.0, "dB")
}

fn distance(text: &str) -> Result<f64, String> {
    within(text, 0.0, 50.0, "km")
}

fn buffer(text: &str) -> Result<f64, String> {
    within(text, 0.0, 10.0, "km")
}

fn block(text: &str) -> Result<f64, String> {
    within(text, 0.05, 100.0, "km")
}

impl CalibrateArgs {
    /// Writes the output folder and prints the figures.
    ///
    /// # Errors
    /// [`Problems`] of the study and the measurements; measurements of which none is of use; a folder that cannot be written.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let record = RunRecord::start(&super::command_line());
        let progress = progress(common);
        let staging = Staging::new(&self.output).map_err(PipelineError::from)?;
        let mut study = study::load_uncalibrated(&self.study)?;
        let (measurements, input) = self.read(&mut study)?;
        let options = Options {
            receiver_loss_db: self.receiver_loss,
            least_distance_km: self.min_distance,
            grouping: self.folds_by,
            block_km: self.block_km,
            buffer_km: self.buffer_km,
            folds: self.folds.into(),
        };
        let name =
            Path::new(&input.file).file_name().map_or_else(|| input.file.clone(), |n| n.to_string_lossy().into_owned());
        let file = (name.as_str(), input.sha256.as_deref().unwrap_or_default());
        let calibrated = calibration::calibrate(&study, &measurements, file, &options, &progress)?;
        if calibrated.places.is_empty() {
            return Err(nothing_used(&calibrated, &input.file).into());
        }
        let doubtful = calibration::doubtful(&calibrated, &study, &input.file);
        if !common.quiet {
            doubtful.iter().for_each(super::say);
        }
        study.warnings.append(doubtful);
        study.inputs.push(input);
        write_calibration(&calibrated, &study, &staging)?;
        record.write(&Results::nothing_of(&study), &staging)?;
        staging.commit().map_err(PipelineError::from)?;
        if common.json {
            super::print_json(&calibrated.calibration)?;
        } else if !common.quiet {
            super::print(&format!("{}outputs    {}\n", summary(&calibrated), self.output.display()))?;
        }
        Ok(DONE)
    }

    /// The measurements, and their file as the record of the run has it; warnings go to those of the study.
    fn read(&self, study: &mut Study) -> Result<(Measurements, InputFile), Problems> {
        let source = TableSource::new(&self.measurements).in_crs(self.crs.as_deref());
        let period = Period { from: self.from.clone(), until: self.until.clone() };
        let mut problems = Problems::default();
        let table = read_table(&source, Path::new(""), &mut problems);
        let read = table.as_ref().map(|table| study::read_measurements(table, &period, &mut problems));
        let path = source.file(Path::new(""));
        let hashed = path.as_ref().map(|path| sha256_of_file(path));
        let sha256 = match (hashed, &table) {
            (Some(Ok(sha256)), _) => Some(sha256),
            (Some(Err(error)), Some(_)) => {
                problems.push(Problem::error(source.name(), format!("cannot be read: {error}")));
                None
            }
            (None, Some(table)) => Some(table.sha256()),
            (_, None) => None,
        };
        let warnings = problems.into_warnings()?;
        study.warnings.append(warnings);
        if let Some(measurements) = &read {
            let mut faults = calibration::stuck(measurements, source.name());
            faults.extend(study::swapped_measurements(measurements, &study.terrain, source.name()));
            faults.into_warnings()?;
        }
        let (Some(measurements), Some(table)) = (read, table) else {
            return Err(Problem::error(source.name(), "has no measurements").into());
        };
        let input = InputFile {
            role: "measurements",
            file: source.name().to_owned(),
            sha256,
            bytes: path.as_ref().and_then(|path| Some(path.metadata().ok()?.len())),
            format: path
                .as_ref()
                .map_or("postgis".into(), |p| p.extension().unwrap_or_default().to_string_lossy().to_lowercase()),
            crs: table.geometry_crs.clone().or_else(|| table.crs.as_ref().map(|crs| crs.name.clone())),
            rows: Some(table.len()),
            used: Some(measurements.samples.len()),
            raster_size: None,
            pixel_size: None,
        };
        Ok((measurements, input))
    }
}

/// The error about measurements of which none is of use.
fn nothing_used(calibrated: &Calibrated, file: &str) -> Problems {
    let reasons = &calibrated.calibration.measurements.unmatched;
    let counts: Vec<String> = reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    let message = format!("none of its samples has a cell of the study and a prediction: {}", counts.join(", "));
    Problem::error(file, message).suggest("are names of cells, technologies and coordinates those of the study?").into()
}

fn summary(calibrated: &Calibrated) -> String {
    let record = &calibrated.calibration.measurements;
    let counts = |counts: &std::collections::BTreeMap<String, usize>| {
        counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    };
    let mut text = format!(
        "samples    {} of {} used ({}) on {} places\n",
        record.used,
        record.samples,
        counts(&record.matched_by),
        record.places
    );
    if !record.unmatched.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "unmatched  {}", counts(&record.unmatched));
    }
    for entry in &calibrated.calibration.technologies {
        let before = entry.before.rmse_db;
        let _ = match (&entry.correction, entry.after, entry.cross_validated) {
            (Some(correction), Some(after), Some(cross)) => writeln!(
                text,
                "{:<10} RMSE {before:.1} dB, after {:.1}, cross-validated {:.1} (measured losses spread by {:.1}); bias {:+.1} dB, {} class(es), slope {:+.3}",
                entry.technology.name(),
                after.rmse_db,
                cross.rmse_db,
                entry.measured_standard_deviation_db,
                correction.bias_db,
                correction.bias_by_class_db.len(),
                correction.slope,
            ),
            _ => writeln!(
                text,
                "{:<10} RMSE {before:.1} dB; no correction: {}",
                entry.technology.name(),
                match entry.none_because {
                    Some(NoCorrection::TooFewPlaces) => format!("fewer than {FEWEST_PLACES} places"),
                    Some(NoCorrection::TooFewBlocks) => "too few blocks to try it on others".into(),
                    _ => "none lowers the cross-validated error".into(),
                }
            ),
        };
    }
    text
}
