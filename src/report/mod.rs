//! What people get: layers, tables, rasters, the plan and the report, in Vietnamese and English.
//!
//! In: the [`Results`] of a run. Out: the files of an output folder. No number is computed here that another stage owns.

mod axis;
mod calibration;
mod document;
#[cfg(test)]
mod fixture;
mod gap_words;
mod html;
mod i18n;
mod layers;
mod link;
mod lookup;
mod map;
mod model_metadata;
mod page;
mod palette;
mod publication;
mod rasters;
mod run_record;
mod statistics;
mod summary;

pub use calibration::write_calibration;
pub use document::{
    CheapestDocument, CostDocument, LinkDocument, PLAN_SCHEMA, PhasesDocument, PlanDocument, RadioDocument,
    SiteDocument, VillageDocument, WayDocument, YearDocument, plan_document,
};
pub use html::write_report;
pub use i18n::{Catalogue, Numbers};
pub use layers::layers;
pub use link::LinkReport;
pub use model_metadata::{CellMetadata, ModelMetadata, TerrainMetadata};
pub use publication::Publication;
pub use rasters::{write_cells, write_rasters};
pub use run_record::{RunDocument, RunRecord};
pub use summary::{GapSummary, PlanSummary, SensitivityStep, SensitivitySummary, ServiceSummary, Summary};

use crate::coverage::{CellLevels, CoverageRasters, CoverageStatistics, Network};
use crate::io::{Layer, Staging, WRITERS, WriteCause, WriteError, Writer, find_writer};
use crate::planning::Plan;
use crate::service::{Gap, SensitivityRow, VillageService};
use crate::study::Study;
use lookup::Lookup;
use std::io;
use std::path::Path;
use thiserror::Error;

/// Everything a run has computed; stages that were not asked for are absent.
pub struct Results<'a> {
    /// The study.
    pub study: &'a Study,
    /// Coverage rasters on the pixels of the study's terrain.
    pub coverage: Option<CoverageRasters>,
    /// Land and people by status.
    pub statistics: Option<CoverageStatistics>,
    /// The cells by their numbers in rasters, the first of which is 1: the index of its site in the study, and its own in the site.
    pub numbered_cells: Vec<(usize, usize)>,
    /// Levels of single cells, where they were asked for.
    pub cells: Vec<CellLevels>,
    /// One per village, in their order.
    pub services: Option<Vec<VillageService>>,
    /// Villages that lack a service under other requirements; empty without the service stage.
    pub sensitivity: Vec<SensitivityRow>,
    /// Dead zones of the service that is planned for.
    pub gaps: Vec<Gap>,
    /// What to build.
    pub plan: Option<Plan>,
    /// What was kept back, when the results are public.
    pub publication: Option<Publication>,
}

impl<'a> Results<'a> {
    /// A study of which nothing has been computed.
    pub fn nothing_of(study: &'a Study) -> Self {
        Self {
            study,
            coverage: None,
            statistics: None,
            numbered_cells: Network::of(study).cells.iter().map(|cell| (cell.site, cell.cell)).collect(),
            cells: Vec::new(),
            services: None,
            sensitivity: Vec::new(),
            gaps: Vec::new(),
            plan: None,
            publication: None,
        }
    }
}

impl Results<'_> {
    /// Takes the results off their study, to be put beside it again when it has been changed.
    pub fn detach(self) -> impl for<'b> FnOnce(&'b Study) -> Results<'b> + use<> {
        let Results {
            study: _,
            coverage,
            statistics,
            numbered_cells,
            cells,
            services,
            sensitivity,
            gaps,
            plan,
            publication,
        } = self;
        move |study| Results {
            study,
            coverage,
            statistics,
            numbered_cells,
            cells,
            services,
            sensitivity,
            gaps,
            plan,
            publication,
        }
    }

    /// Whether layers of sites are written.
    fn shows_sites(&self) -> bool {
        self.publication.as_ref().is_none_or(Publication::shows_sites)
    }
}

/// Why an output was not written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file cannot be placed in the output folder.
    #[error("{file}: cannot be placed in the output folder: {source}")]
    Stage {
        /// The file, inside the output folder.
        file: String,
        /// What the file system says.
        source: io::Error,
    },
    /// The page cannot be made from its template.
    #[error("report.html: {0:#}")]
    Template(#[from] minijinja::Error),
}

/// The name and version that files carry.
fn software() -> String {
    format!("notspot {}", env!("CARGO_PKG_VERSION"))
}

/// Writes the layers: `notspot.gpkg` and `geojson/*.geojson`.
///
/// # Errors
/// A file cannot be written; the error names it.
pub fn write_layers(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let layers = layers(results);
    for writer in WRITERS.iter().filter(|writer| !writer.is_table) {
        if writer.holds_all_layers {
            write_set(results, staging, writer, &layers, &format!("notspot.{}", writer.extension))?;
        } else {
            for layer in layers.chunks(1) {
                let file = format!("{}/{}.{}", writer.id, layer[0].name, writer.extension);
                write_set(results, staging, writer, layer, &file)?;
            }
        }
    }
    Ok(())
}

/// The writer of tables.
const TABLE_FORMAT: &str = "csv";

/// Writes the tables: `villages.csv`, `disagreements.csv`, `sensitivity.csv`; with a plan `ranking.csv`, `bill_of_quantities.csv`, and the workbook
/// `tables.xlsx` with all of them, the sites, links and years.
///
/// # Errors
/// A file cannot be written; the error names it.
pub fn write_tables(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let Some(writer) = find_writer(TABLE_FORMAT) else { return Ok(()) };
    let villages = layers(results).swap_remove(0);
    write_set(results, staging, writer, &[villages], "villages.csv")?;
    write_set(results, staging, writer, &[layers::disagreements(results)], "disagreements.csv")?;
    write_set(results, staging, writer, &[layers::sensitivity(results)], "sensitivity.csv")?;
    if results.plan.is_some() {
        write_set(results, staging, writer, &[layers::ranking(results)], "ranking.csv")?;
        write_set(results, staging, writer, &[layers::bill(results)], "bill_of_quantities.csv")?;
        let Some(workbook) = find_writer("xlsx") else { return Ok(()) };
        let mut sheets = vec![layers::bill(results), layers::years(results)];
        let planned = ["plan_sites", "plan_hops", "plan_ways", "villages"];
        sheets.extend(layers(results).into_iter().filter(|layer| planned.contains(&layer.name)));
        sheets.push(layers::ranking(results));
        write_set(results, staging, workbook, &sheets, "tables.xlsx")?;
    }
    Ok(())
}

/// Writes `statistics.csv`: land, people and villages by status, as a whole, by operator and by commune.
///
/// # Errors
/// The file cannot be written.
pub fn write_statistics(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let Some(writer) = find_writer(TABLE_FORMAT) else { return Ok(()) };
    write_set(results, staging, writer, &[statistics::statistics(results)], "statistics.csv")
}

/// Writes `plan.json`; nothing without a plan.
///
/// # Errors
/// The file cannot be written.
pub fn write_plan(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let Some(plan) = &results.plan else { return Ok(()) };
    let path = staged(staging, "plan.json")?;
    let write = |path: &Path| -> Result<(), WriteCause> {
        let mut text = serde_json::to_string_pretty(&plan_document(results, plan))?;
        text.push('\n');
        Ok(std::fs::write(path, text)?)
    };
    write(&path).map_err(|cause| WriteError { file: path, cause }.into())
}

fn write_set(
    results: &Results<'_>,
    staging: &Staging,
    writer: &Writer,
    layers: &[Layer],
    file: &str,
) -> Result<(), ReportError> {
    let path = staged(staging, file)?;
    (writer.write)(layers, &path, &results.study.config.date)?;
    Ok(())
}

/// Path of a file under construction.
fn staged(staging: &Staging, file: &str) -> Result<std::path::PathBuf, ReportError> {
    staging.file(file).map_err(|source| ReportError::Stage { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests;
