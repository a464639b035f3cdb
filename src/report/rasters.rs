//! Coverage as Cloud-Optimised GeoTIFFs, each with a QGIS style in the study's language.

use super::i18n::Catalogue;
use super::palette::{LEVEL_RAMP, server_color, status_color};
use super::{ReportError, Results, software};
use crate::coverage::{TechnologyCoverage, status_code};
use crate::io::{Overviews, PaletteEntry, RasterDescription, Staging, palette_style, ramp_style, write_cog};
use crate::service::Status;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes `coverage/signal_status.tif` and, per technology, `coverage/level_<technology>.tif` and
/// `coverage/best_server_<technology>.tif`, each with a `.qml`. Nothing without coverage.
///
/// # Errors
/// A file cannot be written; the error names it.
pub fn write_rasters(results: &Results<'_>, staging: &Staging) -> Result<(), ReportError> {
    let Some(coverage) = &results.coverage else { return Ok(()) };
    let catalogue = Catalogue::new(results.study.config.language);
    let metadata = metadata(results);
    let status = raster_file(staging, "signal_status")?;
    let palette: Vec<PaletteEntry> = Status::ALL
        .iter()
        .map(|&status| PaletteEntry {
            value: u32::from(status_code(status)),
            color: status_color(status),
            label: catalogue.text(&format!("signal_{}", status.name())).to_owned(),
        })
        .collect();
    let about = RasterDescription {
        description: "Predicted signal status: 0 unknown, 1 unserved, 2 marginal, 3 served",
        unit: "",
        nodata: None,
        overviews: Overviews::Nearest,
        palette: &palette,
        metadata: &metadata,
    };
    write_cog(&status, &coverage.signal_status, &about)?;
    palette_style(&status.with_extension("qml"), &palette, 0.6)?;
    for technology in &coverage.technologies {
        let name = technology.technology.name().to_lowercase();
        write_level(&raster_file(staging, &format!("level_{name}"))?, technology, &metadata)?;
        write_servers(&raster_file(staging, &format!("best_server_{name}"))?, results, technology, &metadata)?;
    }
    Ok(())
}

fn raster_file(staging: &Staging, name: &str) -> Result<std::path::PathBuf, ReportError> {
    super::staged(staging, &format!("coverage/{name}.tif"))
}

fn metadata(results: &Results<'_>) -> Vec<(&'static str, String)> {
    let config = &results.study.config;
    vec![
        ("STUDY", config.name.clone()),
        ("STUDY_DATE", config.date.clone()),
        ("MODEL", config.propagation.model.clone()),
        ("RECEIVER_HEIGHT_AGL_M", config.propagation.receiver_height_m.to_string()),
        ("SYNTHETIC_DATA", if config.synthetic { "yes" } else { "no" }.into()),
        ("NATURE", "prediction".into()),
        ("TIFFTAG_SOFTWARE", software()),
    ]
}

fn write_level(
    path: &Path,
    coverage: &TechnologyCoverage,
    metadata: &[(&'static str, String)],
) -> Result<(), ReportError> {
    let technology = coverage.technology;
    let description = format!("Largest {} of {technology}", technology.level_name());
    let about = RasterDescription {
        description: &description,
        unit: "dBm",
        nodata: Some(f64::NAN),
        overviews: Overviews::Average,
        palette: &[],
        metadata,
    };
    write_cog(path, &coverage.level_dbm, &about)?;
    ramp_style(&path.with_extension("qml"), &LEVEL_RAMP, "dBm", 0.7)?;
    Ok(())
}

fn write_servers(
    path: &Path,
    results: &Results<'_>,
    coverage: &TechnologyCoverage,
    metadata: &[(&'static str, String)],
) -> Result<(), ReportError> {
    let description =
        format!("Number of the {} cell with the largest level, as in the layer cells", coverage.technology);
    let about = RasterDescription {
        description: &description,
        unit: "",
        nodata: Some(0.0),
        overviews: Overviews::Nearest,
        palette: &[],
        metadata,
    };
    write_cog(path, &coverage.best_server, &about)?;
    let present: BTreeSet<u32> = coverage.best_server.values.iter().copied().filter(|&cell| cell > 0).collect();
    let cells = results.study.sites.iter().flat_map(|site| site.cells.iter().map(move |cell| (site, cell)));
    let entries: Vec<PaletteEntry> = (1u32..)
        .zip(cells)
        .filter(|(number, _)| present.contains(number))
        .map(|(number, (site, cell))| PaletteEntry {
            value: number,
            color: server_color(number),
            label: format!("{} {} {} {} MHz", site.id, site.operator, cell.technology, cell.frequency_mhz),
        })
        .collect();
    palette_style(&path.with_extension("qml"), &entries, 0.6)?;
    Ok(())
}
