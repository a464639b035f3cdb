//! `notspot coverage`: the coverage stage of a study, or path loss around one transmitter.

mod area;

use super::study_commands::StudyArgs;
use super::{Common, DONE, usage};
use crate::coverage::{Quality, SweepMode, Transmitter, site_loss};
use crate::geodesy::{BoundingBox, LonLat};
use crate::grid::Grid;
use crate::io::{Overviews, RasterDescription, write_atomically, write_plain};
use crate::pipeline::Goal;
use crate::problem::{Problem, Problems};
use crate::propagation::{Model, PropagationError};
use crate::study::{follow_zones, swapped_site};
use crate::terrain::{Dem, read_zones};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;

/// Coverage rasters of a study, or path loss around one transmitter.
#[derive(Debug, Args)]
#[command(
    override_usage = "notspot coverage STUDY [--cells-of SITE_ID…] -o OUT\n       notspot coverage --site LAT,LON --dem FILE… \
    --frequency MHZ --tx-height M --rx-height M --radius KM [--model ID] [--param NAME=VALUE] [--clutter FILE] \
    [--zones FILE…] [--exact | --quality QUALITY] [--compress] -o loss.tif"
)]
pub struct CoverageArgs {
    /// Study file
    #[arg(value_name = "STUDY", required_unless_present = "site", conflicts_with = "site")]
    pub study: Option<PathBuf>,
    /// Output folder, or the raster file with --site
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Continue an interrupted run; inputs that have changed since start it afresh
    #[arg(long, conflicts_with = "site")]
    pub resume: bool,
    /// Keep what the study marks as confidential out of every output; positions and powers of sites by default
    #[arg(long, conflicts_with = "site")]
    pub public: bool,
    /// Sites of the study whose cells are written one by one besides, into OUT/coverage/cells
    #[arg(long, value_name = "SITE_ID", num_args = 1.., conflicts_with = "site")]
    pub cells_of: Vec<String>,
    /// Transmitter, degrees north and east
    #[arg(long, value_name = "LAT,LON", value_parser = super::lat_lon, allow_hyphen_values = true)]
    pub site: Option<LonLat>,
    /// Elevation rasters
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "study")]
    pub dem: Vec<PathBuf>,
    /// Rasters of radio-climatic zones (1 sea, 3 coastal land, 4 inland); all is inland without
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "study")]
    pub zones: Vec<PathBuf>,
    /// Propagation model; notspot models lists them
    #[arg(long, value_name = "ID", conflicts_with = "study")]
    pub model: Option<String>,
    /// A parameter of the model; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = super::model_parameter, conflicts_with = "study")]
    pub param: Vec<(String, serde_json::Value)>,
    /// Land-cover raster (ESA WorldCover classes) whose trees and buildings stand on the terrain
    #[arg(long, value_name = "FILE", conflicts_with = "study")]
    pub clutter: Option<PathBuf>,
    /// Carrier frequency
    #[arg(long, value_name = "MHZ", allow_negative_numbers = true, conflicts_with = "study")]
    pub frequency: Option<f64>,
    /// Transmitting antenna above ground
    #[arg(long, value_name = "M", allow_negative_numbers = true, conflicts_with = "study")]
    pub tx_height: Option<f64>,
    /// Receiving antenna above ground
    #[arg(long, value_name = "M", allow_negative_numbers = true, conflicts_with = "study")]
    pub rx_height: Option<f64>,
    /// Radius around the transmitter
    #[arg(long, value_name = "KM", allow_negative_numbers = true, conflicts_with = "study")]
    pub radius: Option<f64>,
    /// Give every pixel its own profile instead of sharing radials
    #[arg(long, conflicts_with = "study")]
    pub exact: bool,
    /// Density of the radials that pixels share: standard is a pixel apart at the outer edge, or closer where the model asks for
    /// it; each step is twice as dense
    #[arg(long, value_name = "QUALITY", default_value = "standard", conflicts_with_all = ["study", "exact"])]
    pub quality: Quality,
    /// Compress the raster
    #[arg(long, conflicts_with = "study")]
    pub compress: bool,
}

#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    model: &'static str,
    receivers: usize,
    missing_terrain: usize,
    cpu_seconds: f64,
    wall_seconds: f64,
    warnings: Vec<String>,
}

impl CoverageArgs {
    /// Runs the stage or the single transmitter.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        match (&self.study, self.site) {
            (Some(study), _) => {
                let arguments = StudyArgs {
                    study: study.clone(),
                    output: self.output.clone(),
                    resume: self.resume,
                    public: self.public,
                };
                arguments.run_with_cells(Goal::Coverage, &self.cells_of, common)
            }
            (None, Some(site)) => self.one_site(site, common),
            (None, None) => Err(usage("coverage", "a study or --site is needed")),
        }
    }

    fn one_site(&self, position: LonLat, common: &Common) -> anyhow::Result<u8> {
        let started = Instant::now();
        if self.dem.is_empty() {
            return Err(usage("--dem", "is missing; --site needs it"));
        }
        let extension = self.output.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        if !["tif", "tiff"].contains(&extension.as_str()) {
            return Err(usage("--output", "is no GeoTIFF; name a .tif file"));
        }
        let clutter: &[PathBuf] = self.clutter.as_slice();
        area::refuse_loss_of_inputs(
            &self.output,
            &[("--dem", &self.dem), ("--zones", &self.zones), ("--clutter", clutter)],
        )?;
        let number = |name: &'static str, value: Option<f64>, min: f64, max: f64, unit: &str| -> anyhow::Result<f64> {
            let value = value.ok_or_else(|| usage(name, "is missing; --site needs it"))?;
            if (min..=max).contains(&value) {
                return Ok(value);
            }
            let message = format!("is outside {min} to {max} {unit}");
            Err(Problems::from(Problem::error("command line", message).in_field(name).with_value(value)).into())
        };
        let frequency_mhz = number("--frequency", self.frequency, 1.0, 100_000.0, "MHz")?;
        let height_agl_m = number("--tx-height", self.tx_height, 0.1, 3_000.0, "m")?;
        let rx_height = number("--rx-height", self.rx_height, 0.1, 3_000.0, "m")?;
        let radius_km = number("--radius", self.radius, 0.05, 1_000.0, "km")?;
        let transmitter = Transmitter { position, height_agl_m, frequency_mhz };
        let id = self.model.as_deref().unwrap_or(crate::propagation::DEFAULT_MODEL);
        let bad = |error: PropagationError| {
            let field = if let PropagationError::UnknownModel { .. } = error { "--model" } else { "--param" };
            Problems::from(Problem::error("command line", error.to_string()).in_field(field))
        };
        let mut parameters = super::model_parameters(&self.param)?;
        let unused_zones =
            (!self.zones.is_empty()).then(|| follow_zones(id, &mut parameters, "command line", "--zones"));
        let model = Model::build(id, &parameters).map_err(bad)?;
        if self.clutter.is_some() && model.adds_terminal_clutter() {
            return Err(usage("--clutter", "counts clutter twice: the parameter terminal_clutter adds it too"));
        }
        let mut warnings =
            model.check_link(&transmitter.link(rx_height)).map_err(|e| usage("coverage", &e.to_string()))?;

        let named = |paths: &[PathBuf]| paths.iter().map(|p| (p.clone(), p.display().to_string())).collect::<Vec<_>>();
        let dem = Dem::open(&named(&self.dem))?;
        if let Some(problem) = swapped_site(position, dem.bounds()) {
            return Err(Problems::from(problem).into());
        }
        let around = BoundingBox::around([position]).map(|b| b.expanded(radius_km * 1000.0));
        let mut terrain = dem.window(around.unwrap_or(dem.bounds())).map_err(Problems::from)?;
        warnings.extend(terrain.warnings.iter().map(ToString::to_string));
        let mut problems = Problems::default();
        if !self.zones.is_empty() {
            problems.extend(unused_zones.flatten());
            terrain.zones = read_zones(&named(&self.zones), &terrain.grid, "--zones", &mut problems);
        }
        if let Some(file) = &self.clutter {
            super::stand_clutter_on(&mut terrain, file, &mut problems);
            if !model.entry().uses_clutter {
                let message = format!("has no effect on losses: {id} does not look at clutter");
                problems.push(Problem::warning("command line", message).in_field("--clutter"));
            }
        }
        warnings.extend(problems.into_warnings()?.iter().map(ToString::to_string));
        area::require_terrain(&terrain, position)?;
        warnings.extend(area::check_distances(&model, &terrain, &transmitter, radius_km)?);
        warnings.extend(area::warn_of_cut_circle(&terrain, position, radius_km * 1000.0));
        if model.takes_own_profiles() && self.quality != Quality::default() {
            warnings.push(format!("--quality has no effect: {id} takes a profile of its own for every pixel"));
        }
        let mode = if self.exact { SweepMode::Exact } else { SweepMode::Radial(self.quality) };
        let loss = site_loss(&terrain, &model, &transmitter, rx_height, radius_km * 1000.0, mode);
        let loss = loss.filter(|loss| loss.receivers > 0);
        let loss = loss.ok_or_else(|| usage("--radius", "holds no pixel's centre; it is smaller than the pixels"))?;

        let (row, column) = loss.origin;
        let values = loss.loss_db.mapv_into(|l| if l.is_finite() { l } else { f32::NAN });
        let transform = terrain.grid.transform.window(row as isize, column as isize);
        let raster = Grid { values, transform, crs: terrain.grid.crs.clone() };
        let metadata = [("MODEL", model.entry().id.to_owned()), ("NATURE", "prediction".to_owned())];
        let about = RasterDescription {
            description: "Basic transmission loss",
            unit: "dB",
            nodata: Some(f64::NAN),
            overviews: Overviews::Average,
            palette: &[],
            metadata: &metadata,
        };
        write_atomically(&self.output, |path| -> anyhow::Result<()> {
            Ok(write_plain(path, &raster, &about, self.compress)?)
        })
        .map_err(|error| match error.downcast_ref::<std::io::Error>() {
            Some(e) if e.kind() == std::io::ErrorKind::InvalidInput => usage("--output", &e.to_string()),
            _ => error,
        })?;

        let answer = Answer {
            schema: "notspot/site-coverage/1",
            model: model.entry().id,
            receivers: loss.receivers,
            missing_terrain: loss.missing_terrain,
            cpu_seconds: cpu_seconds(),
            wall_seconds: started.elapsed().as_secs_f64(),
            warnings,
        };
        if !common.quiet {
            answer.warnings.iter().for_each(super::say);
        }
        if common.json {
            super::print_json(&answer)?;
        } else if !common.quiet {
            super::print(&format!(
                "{}: {} receivers, {} without terrain, {:.2} s of CPU, {:.2} s\n",
                self.output.display(),
                answer.receivers,
                answer.missing_terrain,
                answer.cpu_seconds,
                answer.wall_seconds
            ))?;
        }
        Ok(DONE)
    }
}

/// CPU time of this process so far, s.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
