//! How the coverage was predicted, in the terms in which regulators ask for it.
//!
//! The names follow the Mobile Propagation Model Details and link budget files of the FCC's Broadband Data Collection, which
//! carry out 47 CFR § 1.7004(c). What this program does not know or does not do stands there as null or false.

use crate::radio::Technology;
use crate::study::{Cell, Study};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// How the coverage was predicted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ModelMetadata {
    /// Id of the propagation model.
    pub model_id: &'static str,
    /// Its source with edition.
    pub model_reference: &'static str,
    /// Its parameters, defaults filled in.
    pub model_parameters: serde_json::Map<String, serde_json::Value>,
    /// What is predicted.
    pub prediction: &'static str,
    /// Name of the tool.
    pub tool_name: &'static str,
    /// Its version.
    pub tool_version: &'static str,
    /// Size of a pixel, m.
    pub model_resolution_m: f64,
    /// Receiving antenna above ground, m.
    pub receiver_height_m: f64,
    /// Whether predictions hold outdoors or indoors.
    pub environment: &'static str,
    /// Elevation data.
    pub terrain: Vec<TerrainMetadata>,
    /// Land-cover rasters whose heights stand in the profiles; none: heights of buildings and trees are those in the elevation data.
    pub clutter_sources: Vec<String>,
    /// Whether the model was calibrated with measurements.
    pub calibrated: bool,
    /// Probability of the required level at the edge of a served place, 0 to 1.
    pub cell_edge_probability: f64,
    /// Share of the carrier in use, 0 to 1, where a cell does not state its own. Levels of reference signals do not depend on it.
    pub cell_loading: Option<f64>,
    /// Standard deviation of the level around the prediction, dB: least and largest over the cells in service.
    pub shadowing_sigma_db: Option<[f64; 2]>,
    /// Loss by the user's body, dB.
    pub body_loss_db: f64,
    /// Lowest level for signal, dBm, by technology.
    pub signal_threshold_dbm: BTreeMap<Technology, f64>,
    /// Lowest level for broadband, dBm, by technology.
    pub broadband_threshold_dbm: BTreeMap<Technology, f64>,
    /// The cells in service by technology.
    pub cells: Vec<CellMetadata>,
}

/// An elevation raster.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TerrainMetadata {
    /// The file; its supplier is not known to this program.
    pub terrain_source: String,
    /// Date of the data; null: not stated.
    pub terrain_vintage: Option<String>,
    /// Width and height of a pixel in units of its coordinate reference system.
    pub terrain_resolution: Option<[f64; 2]>,
    /// Coordinate reference system.
    pub crs: Option<String>,
}

/// Cells of a technology. Null is confidential.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CellMetadata {
    /// Technology.
    pub technology: Technology,
    /// Number of cells.
    pub cells: usize,
    /// Carrier frequencies, MHz, ascending.
    pub frequencies_mhz: Option<Vec<f64>>,
    /// Least and largest equivalent isotropically radiated power at the peak, dBm.
    pub eirp_dbm: Option<[f64; 2]>,
    /// Least and largest height of antennas above ground, m.
    pub height_agl_m: Option<[f64; 2]>,
}

impl ModelMetadata {
    /// How the coverage of a study is predicted.
    pub fn of(study: &Study) -> Self {
        let (config, entry) = (&study.config, study.model.entry());
        let terrain = study.inputs.iter().filter(|input| input.role == "terrain").map(|input| TerrainMetadata {
            terrain_source: input.file.clone(),
            terrain_vintage: None,
            terrain_resolution: input.pixel_size,
            crs: input.crs.clone(),
        });
        Self {
            model_id: entry.id,
            model_reference: entry.reference,
            model_parameters: study.model.parameters().values().clone(),
            prediction: "median basic transmission loss with log-normal shadowing; predictions are no measurements",
            tool_name: "notspot",
            tool_version: env!("CARGO_PKG_VERSION"),
            model_resolution_m: (study.terrain.pixel_size_m * 100.0).round() / 100.0,
            receiver_height_m: config.propagation.receiver_height_m,
            environment: config.service.environment.name(),
            terrain: terrain.collect(),
            clutter_sources: if study.model.entry().uses_clutter {
                config.inputs.land_cover.clone()
            } else {
                Vec::new()
            },
            calibrated: !study.correction.is_empty(),
            cell_edge_probability: config.service.required_probability,
            cell_loading: Some(config.radio.load),
            shadowing_sigma_db: study.sigma_range_db(),
            body_loss_db: config.service.body_loss_db,
            signal_threshold_dbm: config.service.signal_threshold_dbm.clone(),
            broadband_threshold_dbm: config.service.broadband_threshold_dbm.clone(),
            cells: Technology::ALL.into_iter().filter_map(|technology| cells(study, technology)).collect(),
        }
    }
}

fn cells(study: &Study, technology: Technology) -> Option<CellMetadata> {
    let cells: Vec<&Cell> =
        study.sites.iter().flat_map(|site| &site.cells).filter(|cell| cell.technology == technology).collect();
    let values = |of: fn(&Cell) -> f64| -> Option<Vec<f64>> {
        let mut values: Vec<f64> = cells.iter().map(|cell| of(cell)).filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        (!values.is_empty()).then_some(values)
    };
    let range = |of| values(of).and_then(|values| Some([*values.first()?, *values.last()?]));
    (!cells.is_empty()).then(|| CellMetadata {
        technology,
        cells: cells.len(),
        frequencies_mhz: values(|cell| cell.frequency_mhz),
        eirp_dbm: range(|cell| cell.eirp_dbm),
        height_agl_m: range(|cell| cell.height_agl_m),
    })
}
