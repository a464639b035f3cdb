//! Coverage as Cloud-Optimised GeoTIFFs, each with a QGIS style in the study's language.

use super::i18n::Catalogue;
use super::palette::{
    COUNT_COLORS, LEVEL_RAMP, PROBABILITY_RAMP, SINR_RAMP, SPILL_RAMP, THROUGHPUT_RAMP, server_color, status_color,
};
use super::{ReportError, Results, software};
use crate::coverage::{CoverageRasters, QualityLayers, TechnologyCoverage, UNKNOWN, status_code};
use crate::grid::Grid;
use crate::io::{Overviews, PaletteEntry, RasterDescription, Rgb, Staging, palette_style, ramp_style, write_cog};
use crate::radio::{Environment, Technology};
use crate::service::Status;
use crate::study::{Cell, Site};
use gdal::raster::GdalType;
use rayon::prelude::*;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Writes the rasters of docs/outputs.md into `coverage/`, each with a `.qml`. Nothing without coverage.
///
/// # Errors
/// A file cannot be written; the error names it.
pub fn write_rasters(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let Some(coverage) = &results.coverage else { return Ok(()) };
    let out = &Output { results, staging, metadata: metadata(results) };
    let statuses = |prefix| out.statuses(prefix);
    let mut jobs: Vec<Job<'_>> = vec![
        Box::new(|| {
            let about = "Predicted signal status: 0 unknown, 1 unserved, 2 marginal, 3 served";
            out.classes("signal_status", &coverage.signal_status, about, None, &statuses("signal"))
        }),
        Box::new(|| {
            let about = "Predicted status of mobile broadband: 0 unknown, 1 unserved, 2 marginal, 3 served";
            out.classes("broadband_status", &coverage.broadband_status, about, None, &statuses("broadband"))
        }),
    ];
    if let Some(quality) = &coverage.quality {
        jobs.extend(out.quality(quality, coverage.operators.len() > 1));
    }
    if let Some(spill) = &coverage.border_spill_db {
        jobs.push(Box::new(move || {
            let about = "Level abroad above the limit of its technology";
            out.ramp("border_spill", spill, about, ("dB", Some(f64::NAN)), &SPILL_RAMP)
        }));
    }
    if coverage.operators.len() > 1 {
        for (operator, name) in coverage.operators.iter().zip(file_names(coverage)) {
            jobs.push(Box::new(move || {
                let about = format!("Predicted signal status of {}", operator.operator);
                let name = format!("signal_status_{name}");
                out.classes(&name, &operator.signal_status, &about, None, &statuses("signal"))
            }));
        }
    }
    for technology in &coverage.technologies {
        let (kind, name) = (technology.technology, technology.technology.name().to_lowercase());
        let suffix = name.clone();
        jobs.push(Box::new(move || {
            let about = format!("Largest {} of {kind}, {}", kind.level_name(), out.around_user());
            out.ramp(&format!("level_{suffix}"), &technology.level_dbm, &about, ("dBm", Some(f64::NAN)), &LEVEL_RAMP)
        }));
        if let Some(sinr_db) = &technology.sinr_db {
            let suffix = name.clone();
            jobs.push(Box::new(move || {
                let of = if kind == Technology::Umts { " (of the carrier, not Ec/N0 of the pilot)" } else { "" };
                let about = format!("SINR of the strongest {kind} cell under the load of the others{of}");
                out.ramp(&format!("sinr_{suffix}"), sinr_db, &about, ("dB", Some(f64::NAN)), &SINR_RAMP)
            }));
        }
        jobs.push(Box::new(move || out.servers(&format!("best_server_{name}"), technology)));
    }
    // a raster is packed by one thread; the first error in the order of the files is told
    jobs.into_par_iter().map(|job| job()).collect::<Vec<_>>().into_iter().collect()
}

/// Writes the level of each cell that was asked for: `coverage/cells/<site>_<cell>_<technology>.tif`, cells of a site from 1.
///
/// # Errors
/// A file cannot be written; the error names it.
pub fn write_cells(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let out = Output { results, staging, metadata: metadata(results) };
    let mut names: Vec<(usize, String)> = Vec::new();
    for levels in &results.cells {
        let site = &results.study.sites[levels.site];
        let cell = &site.cells[levels.cell];
        let technology = cell.technology.name().to_lowercase();
        if names.iter().all(|(index, _)| *index != levels.site) {
            names.push((levels.site, distinct_name(&site.id, names.iter().map(|(_, name)| name.as_str()))));
        }
        let site_name = names.iter().find(|(index, _)| *index == levels.site).map_or("", |(_, name)| name);
        let name = format!("cells/{site_name}_{}_{technology}", levels.cell + 1);
        let about = format!(
            "{} of cell {} of {}, {} MHz, {}",
            cell.technology.level_name(),
            levels.cell + 1,
            site.id,
            cell.frequency_mhz,
            out.around_user()
        );
        out.ramp(&name, &levels.level_dbm, &about, ("dBm", Some(f64::NAN)), &LEVEL_RAMP)?;
    }
    Ok(())
}

/// What writes a raster with its style.
type Job<'a> = Box<dyn Fn() -> Result<(), ReportError> + Send + Sync + 'a>;

/// Unit and missing value of throughputs.
const MBPS: (&str, Option<f64>) = ("Mbit/s", Some(f64::NAN));

/// The names of the operators as files have them.
fn file_names(coverage: &CoverageRasters) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for operator in &coverage.operators {
        names.push(distinct_name(&operator.operator, names.iter().map(String::as_str)));
    }
    names
}

/// A text as files have it, numbered where it leaves nothing or is taken.
fn distinct_name<'n>(text: &str, taken: impl Iterator<Item = &'n str> + Clone) -> String {
    let name = file_name(text);
    let is_free = |name: &str| !name.is_empty() && taken.clone().all(|taken| taken != name);
    if is_free(&name) {
        return name;
    }
    let numbered = |number: usize| format!("{name}_{number}").trim_start_matches('_').to_owned();
    (taken.clone().count() + 1..).map(numbered).find(|name| is_free(name)).unwrap_or(name.clone())
}

/// A text as files have it: small letters without marks, digits, and underscores.
fn file_name(text: &str) -> String {
    let plain: String = text.replace(['đ', 'Đ'], "d").nfd().filter(|c| !is_combining_mark(*c)).collect();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

/// The classes of a count, as far as it goes.
fn counts(raster: &Grid<u8>) -> Vec<PaletteEntry> {
    let most = raster.values.iter().copied().filter(|&n| n != UNKNOWN).max().unwrap_or(0);
    let color = |n: u8| COUNT_COLORS[usize::from(n).min(COUNT_COLORS.len() - 1)];
    (0..=most).map(|n| PaletteEntry { value: u32::from(n), color: color(n), label: n.to_string() }).collect()
}

fn metadata(results: &Results<'_>) -> Vec<(&'static str, String)> {
    let config = &results.study.config;
    vec![
        ("STUDY", config.name.clone()),
        ("STUDY_DATE", config.date.clone()),
        ("MODEL", config.propagation.model.clone()),
        ("RECEIVER_HEIGHT_AGL_M", config.propagation.receiver_height_m.to_string()),
        ("ENVIRONMENT", config.service.environment.name().into()),
        ("BODY_LOSS_DB", config.service.body_loss_db.to_string()),
        ("FOLIAGE_LOSS_DB", config.radio.foliage_loss_db.to_string()),
        ("SYNTHETIC_DATA", if config.synthetic { "yes" } else { "no" }.into()),
        ("NATURE", "prediction".into()),
        ("TIFFTAG_SOFTWARE", software()),
    ]
}

/// A cell in the legend of strongest cells, without what is kept back.
fn server_label(site: &Site, cell: &Cell) -> String {
    let frequency = if cell.frequency_mhz.is_finite() { format!("{} MHz", cell.frequency_mhz) } else { String::new() };
    let azimuth = cell.azimuth_deg.map_or_else(String::new, |degrees| format!("{degrees}°"));
    let id = cell.id.as_deref().unwrap_or_default();
    let words = [&site.id, id, &site.operator, cell.technology.name(), &frequency, &azimuth];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where rasters go and what they carry.
struct Output<'a> {
    results: &'a Results<'a>,
    staging: &'a Staging,
    metadata: Vec<(&'static str, String)>,
}

impl Output<'_> {
    fn file(&self, name: &str) -> Result<std::path::PathBuf, ReportError> {
        super::staged(self.staging, &format!("coverage/{name}.tif"))
    }

    /// Where levels are, in words.
    fn around_user(&self) -> String {
        let config = &self.results.study.config;
        let environment = config.service.environment;
        let around_db = config.service.body_loss_db + config.radio.foliage_loss_db;
        let entry = if environment == Environment::Outdoor { "" } else { " and the loss on the way in" };
        format!("at a handset ({}): body and foliage, {around_db} dB{entry}, are taken off", environment.name())
    }

    /// The classes of a status of a service.
    fn statuses(&self, service: &str) -> Vec<PaletteEntry> {
        let catalogue = Catalogue::new(self.results.study.config.language);
        let entry = |status: Status| PaletteEntry {
            value: u32::from(status_code(status)),
            color: status_color(status),
            label: catalogue.text(&format!("{service}_{}", status.name())).to_owned(),
        };
        Status::ALL.map(entry).to_vec()
    }

    /// Probability, counts of servers and operators, throughputs.
    fn quality<'b>(&'b self, quality: &'b QualityLayers, several_operators: bool) -> Vec<Job<'b>> {
        let mut jobs: Vec<Job<'b>> = vec![
            Box::new(|| {
                let about = "Probability that the best cell gives a signal";
                let unknown = Some(f64::from(UNKNOWN));
                self.ramp("signal_probability", &quality.signal_probability, about, ("%", unknown), &PROBABILITY_RAMP)
            }),
            Box::new(|| {
                let about = "Cells that give a signal at the median";
                self.classes("servers", &quality.servers, about, Some(UNKNOWN), &counts(&quality.servers))
            }),
            Box::new(|| {
                let about = "Largest throughput down of one user in the free share of a cell";
                self.ramp("throughput_down", &quality.throughput_down_mbps, about, MBPS, &THROUGHPUT_RAMP)
            }),
            Box::new(|| {
                let about = "Largest throughput up of one user in the free share of a cell";
                self.ramp("throughput_up", &quality.throughput_up_mbps, about, MBPS, &THROUGHPUT_RAMP)
            }),
        ];
        if several_operators {
            jobs.push(Box::new(|| {
                let about = "Operators that serve: 0 is a total, fewer than all a partial not-spot";
                let served = &quality.operators_served;
                self.classes("operators_served", served, about, Some(UNKNOWN), &counts(served))
            }));
        }
        jobs
    }

    fn classes(
        &self,
        name: &str,
        raster: &Grid<u8>,
        description: &str,
        nodata: Option<u8>,
        palette: &[PaletteEntry],
    ) -> Result<(), ReportError> {
        let path = self.file(name)?;
        let about = RasterDescription {
            description,
            unit: "",
            nodata: nodata.map(f64::from),
            overviews: Overviews::Nearest,
            palette,
            metadata: &self.metadata,
        };
        write_cog(&path, raster, &about)?;
        Ok(palette_style(&path.with_extension("qml"), palette, 0.6)?)
    }

    fn ramp<T: GdalType + Copy + Into<f64>>(
        &self,
        name: &str,
        raster: &Grid<T>,
        description: &str,
        (unit, nodata): (&str, Option<f64>),
        ramp: &[(f64, Rgb)],
    ) -> Result<(), ReportError> {
        let path = self.file(name)?;
        let overviews = Overviews::Average;
        let about = RasterDescription { description, unit, nodata, overviews, palette: &[], metadata: &self.metadata };
        write_cog(&path, raster, &about)?;
        Ok(ramp_style(&path.with_extension("qml"), ramp, unit, 0.7)?)
    }

    fn servers(&self, name: &str, coverage: &TechnologyCoverage) -> Result<(), ReportError> {
        let path = self.file(name)?;
        let description =
            format!("Number of the {} cell with the largest level, as in the layer cells", coverage.technology);
        let about = RasterDescription {
            description: &description,
            unit: "",
            nodata: Some(0.0),
            overviews: Overviews::Nearest,
            palette: &[],
            metadata: &self.metadata,
        };
        write_cog(&path, &coverage.best_server, &about)?;
        let present: BTreeSet<u32> = coverage.best_server.values.iter().copied().filter(|&cell| cell > 0).collect();
        let sites = &self.results.study.sites;
        let entries: Vec<PaletteEntry> = (1u32..)
            .zip(&self.results.numbered_cells)
            .filter(|(number, _)| present.contains(number))
            .map(|(number, &(site, cell))| PaletteEntry {
                value: number,
                color: server_color(number),
                label: server_label(&sites[site], &sites[site].cells[cell]),
            })
            .collect();
        Ok(palette_style(&path.with_extension("qml"), &entries, 0.6)?)
    }
}
