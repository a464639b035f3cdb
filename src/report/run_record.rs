//! `run.json`: what was run, on what, with what. The only file that may differ between two runs of the same inputs.

use super::model_metadata::ModelMetadata;
use super::{Publication, ReportError, Results, Summary};
use crate::coverage::{MatrixCounts, land_cover_shares};
use crate::io::{RUN_RECORD, RUN_SCHEMA, Staging, library_versions, writing};
use crate::planning::solver::SolveOptions;
use crate::problem::{Kind, ProblemGroup};
use crate::study::{InputFile, StudyFile};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::{Instant, SystemTime};

/// A run that has started.
pub struct RunRecord {
    command: String,
    started: SystemTime,
    clock: Instant,
}

/// `run.json`.
#[derive(Serialize, JsonSchema)]
pub struct RunDocument<'a> {
    /// `notspot/run/1`.
    schema: String,
    /// Version of notspot.
    notspot: &'static str,
    /// Versions of the libraries that decide on results.
    libraries: BTreeMap<&'static str, String>,
    /// The command as it was given.
    command: &'a str,
    /// Name of the machine.
    host: String,
    /// Worker threads; results do not depend on them.
    threads: usize,
    /// When it started, UTC.
    started: String,
    /// How long it took.
    seconds: f64,
    /// Whether the data is made up.
    synthetic: bool,
    /// What was kept back; absent when the outputs are not public.
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<&'a Publication>,
    /// All parameters, defaults filled in.
    study: &'a StudyFile,
    /// Seed of the solver's random choices.
    solver_seed: u64,
    /// What a regulator asks of a prediction.
    model_metadata: ModelMetadata,
    /// The input files.
    inputs: &'a [InputFile],
    /// Share of the study area by land-cover class code; left out without land cover.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    land_cover: BTreeMap<u8, f64>,
    /// Where the losses of the rasters came from; left out without rasters. A continued run counts what it has done itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    path_loss_matrices: Option<MatrixCounts>,
    /// Warnings about the inputs: number of rows or values by what became of them.
    quality: BTreeMap<&'static str, usize>,
    /// The figures of the run.
    summary: Summary,
    /// Files of the output folder.
    files: Vec<String>,
    /// Warnings about the inputs, alike ones together.
    warnings: Vec<&'a ProblemGroup>,
}

impl RunRecord {
    /// Notes the command and the time.
    pub fn start(command: &str) -> Self {
        Self { command: command.to_owned(), started: SystemTime::now(), clock: Instant::now() }
    }

    /// Writes `run.json`.
    pub fn write(&self, results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
        let study = results.study;
        let warnings = study.warnings.groups();
        let concerned = |kind: Kind| warnings.iter().filter(|group| group.kind == kind).map(|group| group.count).sum();
        let record = RunDocument {
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
            public: results.publication.as_ref(),
            study: &study.config,
            solver_seed: SolveOptions::default().seed,
            model_metadata: ModelMetadata::of(study),
            inputs: &study.inputs,
            land_cover: land_cover_shares(study),
            path_loss_matrices: results.coverage.as_ref().map(|coverage| coverage.matrices),
            quality: Kind::ALL.map(|kind| (kind.name(), concerned(kind))).into(),
            summary: Summary::of(results),
            files: staging.files().map_err(|source| ReportError::Stage { file: RUN_RECORD.to_owned(), source })?,
            warnings,
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
