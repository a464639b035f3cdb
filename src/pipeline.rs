//! The stages in order: study → terrain → coverage → service → gaps → planning → report. Read this first.

use crate::coverage::{cell_levels, cover_network, coverage_statistics};
use crate::io::{CacheFolder, Staging, library_versions, sha256_of_parts, sha256_of_program};
use crate::planning::{PlanError, dark_villages, make_plan};
use crate::problem::{Problem, Problems, did_you_mean};
use crate::progress::{Interrupted, Progress};
use crate::report::{self, Publication, ReportError, Results, RunRecord};
use crate::service::{assess, fill_footprints, find_gaps, sensitivity};
use crate::study::{self, Study};
use std::collections::BTreeMap;
use std::path::Path;
use thiserror::Error;

/// What a command asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// Coverage rasters.
    Coverage,
    /// Status of every village, and the gaps.
    Gaps,
    /// The plan, with what it needs.
    Plan,
    /// The report alone.
    Report,
    /// Everything.
    All,
}

impl Goal {
    fn needs_rasters(self) -> bool {
        matches!(self, Self::Coverage | Self::Report | Self::All)
    }

    fn needs_villages(self) -> bool {
        self != Self::Coverage
    }

    fn needs_plan(self) -> bool {
        matches!(self, Self::Plan | Self::Report | Self::All)
    }
}

/// Why a run ended without outputs.
#[derive(Debug, Error)]
pub enum PipelineError {
    /// The study or one of its inputs is wrong.
    #[error(transparent)]
    Input(#[from] Problems),
    /// Somebody stopped it.
    #[error("{0}; the same command with --resume continues")]
    Interrupted(#[from] Interrupted),
    /// A file could not be written.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The output folder cannot be made or put in its place.
    #[error("output folder: {0}")]
    Folder(std::io::Error),
    /// Planning failed.
    #[error("{0}")]
    Planning(String),
}

impl From<std::io::Error> for PipelineError {
    fn from(error: std::io::Error) -> Self {
        Self::Folder(error)
    }
}

impl From<PlanError> for PipelineError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Study(problems) => Self::Input(problems),
            PlanError::Interrupted(interrupted) => Self::Interrupted(interrupted),
            PlanError::Solver(message) => Self::Planning(message),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The study file.
    pub study: &'a Path,
    /// The output folder.
    pub output: &'a Path,
    /// What is wanted.
    pub goal: Goal,
    /// Whether confidential fields are kept out of the outputs.
    pub public: bool,
    /// Ids of the sites whose cells are written one by one, besides what the goal asks for.
    pub cells_of: &'a [String],
    /// Whether an interrupted run is continued.
    pub resume: bool,
    /// Where path losses are kept; `None`: nowhere.
    pub cache: Option<&'a CacheFolder>,
    /// The command, for `run.json`.
    pub command: &'a str,
}

/// Reads a study, does what is asked for, and puts the outputs into their folder, all at once at the end. What a stage has
/// finished is kept until then, so that an interrupted run can be continued.
///
/// `finish` sees the results before the folder is put in its place; what it returns is handed back.
pub fn run<T>(
    request: &Request<'_>,
    progress: &Progress,
    finish: impl FnOnce(&Results<'_>) -> T,
) -> Result<T, PipelineError> {
    let record = RunRecord::start(request.command);
    let staging = Staging::new(request.output)?;
    let mut study = study::load(request.study)?;
    let (checkpoints, message) = staging.checkpoints(&identity(&study), request.resume);
    message.iter().for_each(|text| progress.note(text));
    let progress = progress.keeping(checkpoints);
    let sites = sites_named(&study, request.cells_of)?;
    if request.public && !sites.is_empty() && !Publication::of(&study).shows_cells() {
        let message = "asks for levels of single cells, which this study keeps back; leave it out, or --public";
        return Err(Problems::from(Problem::error("command line", message).in_field("--cells-of")).into());
    }
    let mut results = compute(&study, request.goal, request.cache, &progress)?;
    if !sites.is_empty() {
        results.cells = cell_levels(&study, &sites, request.cache, &progress);
    }
    if request.public {
        let publication = Publication::of(&study);
        if !publication.stated {
            progress.note("the study has no [confidential] section; positions and powers of sites are kept back");
        }
        let attach = results.detach();
        if publication.confidential.fields.is_empty() {
            progress.note("confidential.fields is empty: nothing of the sites is kept back in these public outputs");
        }
        publication.withhold(&mut study);
        results = attach(&study);
        publication.publish(&mut results);
    }
    write(&results, request.goal, &staging, &progress)?;
    record.write(&results, &staging)?;
    let summary = finish(&results);
    staging.commit()?;
    Ok(summary)
}

/// Everything that decides what the stages compute, by name. The goal and what is written are not part of it: they choose
/// among stages whose results they do not change. Nor is the number of threads.
fn identity(study: &Study) -> BTreeMap<String, String> {
    let mut identity: BTreeMap<String, String> =
        library_versions().into_iter().map(|(name, version)| (name.to_owned(), version)).collect();
    identity.insert("notspot".into(), sha256_of_program().into());
    for input in &study.inputs {
        identity.insert(format!("{} ({})", input.file, input.role), input.sha256.clone().unwrap_or_default());
    }
    // what lies in other files than those named (tiles of a mosaic, a .prj beside a raster) or in a database
    let terrain = &study.terrain.grid;
    let heights = terrain.values.outer_iter().map(|row| row.iter().flat_map(|h| h.to_le_bytes()).collect::<Vec<u8>>());
    let frame = format!("{:?} {:?}", terrain.transform, terrain.crs);
    identity.insert("terrain heights".into(), sha256_of_parts(heights.chain([frame.into_bytes()])));
    if let Some(clutter) = &study.terrain.clutter_m {
        let rows = clutter.outer_iter().map(|row| row.iter().flat_map(|c| c.to_le_bytes()).collect::<Vec<u8>>());
        identity.insert("clutter".into(), sha256_of_parts(rows));
    }
    if let Some(zones) = &study.terrain.zones {
        let rows = zones.outer_iter().map(|row| row.iter().map(|&zone| zone as u8).collect::<Vec<u8>>());
        identity.insert("zones".into(), sha256_of_parts(rows));
    }
    if study.config.inputs.read_database() {
        let rows = (&study.villages, &study.sites, &study.communes, &study.roads, &study.candidates);
        identity.insert("rows of the database".into(), sha256_of_parts([format!("{rows:?}")]));
    }
    identity
}

/// Indices of the sites with these ids.
fn sites_named(study: &Study, ids: &[String]) -> Result<Vec<usize>, Problems> {
    let mut problems = Problems::default();
    let known = || study.sites.iter().filter(|site| !site.is_foreign).map(|site| site.id.as_str());
    let find = |id: &String| {
        let site = study.sites.iter().position(|site| site.id == *id && !site.is_foreign);
        if site.is_none() {
            let problem = Problem::error("command line", "is no site of the study that is in service and credited");
            let problem = problem.in_field("--cells-of").with_value(id);
            problems.push(match did_you_mean(id, known()) {
                Some(hint) => problem.suggest(hint),
                None => problem,
            });
        }
        site
    };
    let sites = ids.iter().filter_map(find).collect();
    problems.into_warnings()?;
    Ok(sites)
}

/// The stages that a goal needs.
pub fn compute<'a>(
    study: &'a Study,
    goal: Goal,
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<Results<'a>, PipelineError> {
    let mut results = Results::nothing_of(study);
    if goal.needs_rasters() {
        let rasters = cover_network(study, cache, progress)?;
        results.statistics = Some(coverage_statistics(study, &rasters));
        results.coverage = Some(rasters);
    }
    if goal.needs_villages() {
        let mut services = assess(study, progress)?;
        fill_footprints(study, &mut services, results.coverage.as_ref(), progress)?;
        let dark = dark_villages(study, &services);
        results.gaps = find_gaps(study, &services, &dark, results.coverage.as_ref());
        let required = study.config.service.required_probability;
        results.sensitivity = sensitivity(&study.villages, &services, required);
        if goal.needs_plan() {
            results.plan = Some(make_plan(study, &services, &dark, cache, progress)?);
        }
        results.services = Some(services);
    }
    Ok(results)
}

fn write(results: &Results<'_>, goal: Goal, staging: &Staging, progress: &Progress) -> Result<(), PipelineError> {
    let bar = progress.stage("outputs", 7);
    type Writer = fn(&Results<'_>, &Staging) -> Result<(), ReportError>;
    let writers: [(bool, Writer); 7] = [
        (matches!(goal, Goal::Coverage | Goal::All), report::write_rasters),
        (!results.cells.is_empty(), report::write_cells),
        (goal != Goal::Report, report::write_statistics),
        (goal.needs_villages() && goal != Goal::Report, report::write_layers),
        (goal.needs_villages() && goal != Goal::Report, report::write_tables),
        (matches!(goal, Goal::Plan | Goal::All), report::write_plan),
        (matches!(goal, Goal::Report | Goal::All), report::write_report),
    ];
    for (wanted, write) in writers {
        progress.check()?;
        if wanted {
            write(results, staging)?;
        }
        bar.advance(1);
    }
    Ok(progress.check()?)
}
