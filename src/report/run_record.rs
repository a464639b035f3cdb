//! `run.json`: what was run, on what, with what. The only file that may differ between two runs of the same inputs.

use super::{ReportError, Results, Summary};
use crate::coverage::land_cover_shares;
use crate::io::{RUN_RECORD, RUN_SCHEMA, Staging, library_versions, writing};
use crate::problem::ProblemGroup;
use crate::study::{InputFile, StudyFile};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::{Instant, SystemTime};

/// A run that has started.
pub struct RunRecord {
    command: String,
    started: SystemTime,
    clock: Instant,
}

#[derive(Serialize)]
struct RunJson<'a> {
    schema: String,
    notspot: &'static str,
    libraries: BTreeMap<&'static str, String>,
    command: &'a str,
    host: String,
    threads: usize,
    started: String,
    seconds: f64,
    synthetic: bool,
    study: &'a StudyFile,
    model: ModelRecord,
    inputs: &'a [InputFile],
    /// Share of the study area by land-cover class code; left out without land cover.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    land_cover: BTreeMap<u8, f64>,
    summary: Summary,
    files: Vec<String>,
    warnings: Vec<&'a ProblemGroup>,
}

#[derive(Serialize)]
struct ModelRecord {
    id: &'static str,
    reference: &'static str,
    prediction: &'static str,
}

impl RunRecord {
    /// Notes the command and the time.
    pub fn start(command: &str) -> Self {
        Self { command: command.to_owned(), started: SystemTime::now(), clock: Instant::now() }
    }

    /// Writes `run.json`.
    pub fn write(&self, results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
        let study = results.study;
        let entry = study.model.entry();
        let record = RunJson {
            schema: format!("{RUN_SCHEMA}1"),
            notspot: env!("CARGO_PKG_VERSION"),
            libraries: library_versions(),
            command: &self.command,
            host: host_name(),
            threads: rayon::current_num_threads(),
            started: chrono::DateTime::<chrono::Utc>::from(self.started)
                .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            seconds: (self.clock.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            synthetic: study.config.synthetic,
            study: &study.config,
            model: ModelRecord {
                id: entry.id,
                reference: entry.reference,
                prediction: "median basic transmission loss with log-normal shadowing; predictions are no measurements",
            },
            inputs: &study.inputs,
            land_cover: land_cover_shares(study),
            summary: Summary::of(results),
            files: staging.files().map_err(|source| ReportError::Stage { file: RUN_RECORD.to_owned(), source })?,
            warnings: study.warnings.groups(),
        };
        let path = super::staged(staging, RUN_RECORD)?;
        writing(&path, || Ok(std::fs::write(&path, serde_json::to_string_pretty(&record)? + "\n")?))?;
        Ok(())
    }
}

/// Name of this machine, as the kernel knows it; empty where that cannot be read.
fn host_name() -> String {
    let uname = rustix::system::uname();
    uname.nodename().to_string_lossy().into_owned()
}
