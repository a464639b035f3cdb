//! `notspot link`: one radio link in depth, or a batch of them.

mod batch;

pub use batch::answer as answer_batch_line;

use super::output::broken_pipe_is_success;
use super::{Common, DONE};
use crate::geodesy::{BoundingBox, LonLat};
use crate::io::write_atomically;
use crate::problem::{Problem, Problems};
use crate::propagation::{
    DEFAULT_MODEL, Link, MODELS, Model, Polarization, Prediction, Profile, PropagationError, Trace, TraceStep,
};
use crate::report::LinkReport;
use crate::study::{Language, fill_from_maps, follow_zones, read_profile};
use crate::terrain::{Dem, read_zones};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{self, Write};
use std::path::PathBuf;

/// Predicts the loss of one radio link, or of a batch
#[derive(Debug, Args)]
pub struct LinkCommand {
    /// Read links from stdin, one JSON object a line, and write one answer a line in the same order
    #[arg(long, conflicts_with_all = ["profile", "distance", "frequency", "tx_height", "rx_height", "model", "param",
        "polarization", "latitude"])]
    batch: bool,
    /// Terrain profile: a table with the columns distance_km, terrain_amsl_m and, if any, clutter_m and zone
    #[arg(long, value_name = "FILE", required_unless_present_any = ["batch", "distance", "dem"])]
    profile: Option<PathBuf>,
    /// Distance over flat ground, km, for models that need no profile
    #[arg(long, value_name = "KM", allow_negative_numbers = true, conflicts_with = "profile")]
    distance: Option<f64>,
    /// Elevation rasters for the profile between --from and --to
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["profile", "distance", "batch"], requires_all = ["from", "to"])]
    dem: Vec<PathBuf>,
    /// Land-cover raster (ESA WorldCover classes) whose trees and buildings stand on the terrain
    #[arg(long, value_name = "FILE", requires = "dem")]
    clutter: Option<PathBuf>,
    /// Rasters of radio-climatic zones (1 sea, 3 coastal land, 4 inland); all is inland without
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "dem")]
    zones: Vec<PathBuf>,
    /// Transmitter, degrees north and east
    #[arg(long, value_name = "LAT,LON", value_parser = super::lat_lon, allow_hyphen_values = true, requires = "dem")]
    from: Option<LonLat>,
    /// Receiver, degrees north and east
    #[arg(long, value_name = "LAT,LON", value_parser = super::lat_lon, allow_hyphen_values = true, requires = "dem")]
    to: Option<LonLat>,
    /// Frequency, MHz
    #[arg(long, value_name = "MHZ", allow_negative_numbers = true, required_unless_present = "batch")]
    frequency: Option<f64>,
    /// Transmitting antenna above ground, m
    #[arg(long, value_name = "M", allow_negative_numbers = true, required_unless_present = "batch")]
    tx_height: Option<f64>,
    /// Receiving antenna above ground, m
    #[arg(long, value_name = "M", allow_negative_numbers = true, required_unless_present = "batch")]
    rx_height: Option<f64>,
    /// Polarisation
    #[arg(long, value_name = "POLARIZATION", default_value = "vertical",
        value_parser = PossibleValuesParser::new(["horizontal", "vertical"]))]
    polarization: String,
    /// Latitude of the path's centre, degrees, for models that need it
    #[arg(long, value_name = "DEG", allow_negative_numbers = true)]
    latitude: Option<f64>,
    /// Propagation model; `notspot models` describes them
    #[arg(long, value_name = "ID", default_value = DEFAULT_MODEL,
        value_parser = PossibleValuesParser::new(MODELS.iter().map(|m| m.id)))]
    model: String,
    /// A parameter of the model; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = super::model_parameter)]
    param: Vec<(String, Value)>,
    /// The ITU's map DN50.TXT: ΔN at the middle of the path, in place of the parameter
    #[arg(long, value_name = "FILE", requires = "dem")]
    delta_n_map: Option<PathBuf>,
    /// The ITU's map N050.TXT: N₀ likewise
    #[arg(long, value_name = "FILE", requires = "dem")]
    n0_map: Option<PathBuf>,
    /// Show every intermediate quantity with its equation
    #[arg(long)]
    trace: bool,
    /// Draw the link: a page that needs nothing else (.html) or the picture alone (.svg)
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["batch", "distance"])]
    output: Option<PathBuf>,
    /// Language of the page
    #[arg(long, value_name = "LANGUAGE", default_value = "en", requires = "output",
        value_parser = PossibleValuesParser::new(["en", "vi"]))]
    language: String,
}

/// Where the terrain of a link comes from.
#[derive(Debug)]
enum Path {
    /// Terrain along the path.
    Profile(Profile),
    /// A distance over flat ground, km.
    Distance(f64),
}

impl Path {
    fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Profile(profile) => Some(profile),
            Self::Distance(_) => None,
        }
    }

    fn predict(&self, model: &Model, link: &Link, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        match self {
            Self::Profile(profile) => model.predict(link, profile, trace),
            Self::Distance(distance_km) => model.predict_distance(link, *distance_km, trace),
        }
    }
}

/// The answer for one link, as `--json` writes it.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    schema: &'static str,
    model: &'static str,
    reference: &'static str,
    parameters: &'a Map<String, Value>,
    link: &'a Link,
    distance_km: f64,
    loss_db: f64,
    warnings: &'a [String],
    /// The point that blocks most or comes closest; none without intermediate points.
    obstacle: Option<&'a Obstacle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a Vec<TraceStep>>,
}

/// The point of a profile that blocks most, or comes closest to the direct line.
#[derive(Debug, Serialize)]
struct Obstacle {
    distance_km: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    /// Terrain with clutter.
    top_amsl_m: f64,
    /// Above the direct line over the curved Earth; negative below it.
    above_line_m: f64,
    /// Clearance as a part of the first Fresnel zone's radius; negative where the point blocks.
    fresnel_clearance: f64,
    nu: f64,
}

impl Obstacle {
    fn of(report: &LinkReport<'_>) -> Option<Self> {
        let edge = report.main_edge()?;
        let position = report.position(edge.distance_km);
        Some(Self {
            distance_km: edge.distance_km,
            lat: position.map(|p| p.lat_deg),
            lon: position.map(|p| p.lon_deg),
            top_amsl_m: edge.top_amsl_m,
            above_line_m: edge.above_line_m,
            fresnel_clearance: edge.clearance(),
            nu: edge.nu(),
        })
    }
}

/// Writes the page or the picture, by the file's extension.
fn write_report(file: &std::path::Path, report: &LinkReport<'_>) -> anyhow::Result<()> {
    let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase());
    let text = match extension.as_deref() {
        Some("html" | "htm") => report.html()?,
        Some("svg") => report.svg(),
        _ => return Err(super::usage("--output", "name a file that ends in .html or .svg")),
    };
    Ok(write_atomically(file, |partial| std::fs::write(partial, text))?)
}

impl LinkCommand {
    /// Evaluates the link or the batch.
    ///
    /// # Errors
    /// [`Problems`] of the input; stdin or stdout failing.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        if self.batch {
            return batch::run(io::stdin().lock(), &mut io::stdout().lock(), self.trace, common.threads);
        }
        let (path, warnings) = self.path()?;
        self.evaluate(&path, warnings, common)
    }

    pub(super) fn is_batch(&self) -> bool {
        self.batch
    }

    fn path(&self) -> Result<(Path, Problems), Problems> {
        if let (Some(from), Some(to)) = (self.from, self.to) {
            let (profile, warnings) = terrain_profile(&self.dem, self.clutter.as_ref(), &self.zones, from, to)?;
            return Ok((Path::Profile(profile), warnings));
        }
        match (&self.profile, self.distance) {
            (Some(file), _) => read_profile(file).map(|(profile, warnings)| (Path::Profile(profile), warnings)),
            (None, Some(distance_km)) => Ok((Path::Distance(distance_km), Problems::default())),
            (None, None) => Err(command_line_problem("--dem, --profile or --distance is needed").into()),
        }
    }

    /// Everything after the terrain is known: checks, prediction, output. Warnings about the input go to stderr.
    fn evaluate(&self, path: &Path, mut input_warnings: Problems, common: &Common) -> anyhow::Result<u8> {
        let bad = |error: PropagationError| Problems::from(command_line_problem(error));
        let mut given = super::model_parameters(&self.param)?;
        if let Some((from, to)) = self.from.zip(self.to) {
            let named = |path: &PathBuf| (path.clone(), path.display().to_string());
            let (delta_n, n0) = (self.delta_n_map.as_ref().map(named), self.n0_map.as_ref().map(named));
            let (length_m, azimuth_deg) = from.distance_and_azimuth(to);
            let middle = from.destination(azimuth_deg, length_m / 2.0);
            fill_from_maps(&self.model, &mut given, delta_n.as_ref(), n0.as_ref(), middle)?;
        }
        if !self.zones.is_empty() {
            input_warnings.extend(follow_zones(&self.model, &mut given, "command line", "--zones"));
        }
        let model = Model::build(&self.model, &given).map_err(bad)?;
        let link = self.link(&model)?;
        let mut trace = if self.trace || self.output.is_some() { Trace::on() } else { Trace::off() };
        let prediction = path.predict(&model, &link, &mut trace).map_err(bad)?;
        let trace = trace.into_steps();
        if !common.quiet {
            input_warnings.iter().for_each(super::say);
        }
        let report = path.profile().map(|profile| LinkReport {
            link: &link,
            profile,
            ends: self.from.zip(self.to),
            model: model.entry(),
            prediction: &prediction,
            trace: &trace,
            language: if self.language == "vi" { Language::Vi } else { Language::En },
        });
        let obstacle = report.as_ref().and_then(Obstacle::of);
        if let (Some(file), Some(report)) = (&self.output, &report) {
            write_report(file, report)?;
        }
        let answer = Answer {
            schema: "notspot/link/1",
            model: model.entry().id,
            reference: model.entry().reference,
            parameters: model.parameters().values(),
            link: &link,
            distance_km: match path {
                Path::Profile(profile) => profile.path_length_km(),
                Path::Distance(distance_km) => *distance_km,
            },
            loss_db: prediction.loss_db,
            warnings: &prediction.warnings,
            obstacle: obstacle.as_ref(),
            trace: self.trace.then_some(&trace),
        };
        let mut out = io::stdout().lock();
        let written = if common.json {
            serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from).and_then(|()| writeln!(out))
        } else {
            write_text(&mut out, &answer, path)
        };
        broken_pipe_is_success(written.and_then(|()| out.flush()))?;
        Ok(DONE)
    }

    fn center_latitude_deg(&self) -> Option<f64> {
        Some((self.from?.lat_deg + self.to?.lat_deg) / 2.0)
    }

    fn link(&self, model: &Model) -> Result<Link, Problems> {
        let needed = |name: &str, value: Option<f64>| {
            value.ok_or_else(|| Problems::from(command_line_problem(format!("--{name} is needed"))))
        };
        let path_center_latitude_deg = if model.entry().needs_latitude {
            needed("latitude", self.latitude.or(self.center_latitude_deg()))?
        } else {
            self.latitude.or(self.center_latitude_deg()).unwrap_or(0.0)
        };
        Ok(Link {
            frequency_mhz: needed("frequency", self.frequency)?,
            polarization: match self.polarization.as_str() {
                "horizontal" => Polarization::Horizontal,
                _ => Polarization::Vertical,
            },
            tx_height_agl_m: needed("tx-height", self.tx_height)?,
            rx_height_agl_m: needed("rx-height", self.rx_height)?,
            path_center_latitude_deg,
        })
    }
}

/// The profile between two places, one point a pixel, and what was noticed in the files.
fn terrain_profile(
    files: &[PathBuf],
    clutter: Option<&PathBuf>,
    zones: &[PathBuf],
    from: LonLat,
    to: LonLat,
) -> Result<(Profile, Problems), Problems> {
    let name = |path: &PathBuf| (path.clone(), path.display().to_string());
    let named: Vec<_> = files.iter().map(name).collect();
    let dem = Dem::open(&named)?;
    let around = BoundingBox::around([from, to]).map_or(dem.bounds(), |b| b.expanded(1_000.0));
    let mut terrain = dem.window(around)?;
    let mut problems = Problems::default();
    terrain.warnings.drain(..).for_each(|warning| problems.push(warning));
    if let Some(file) = clutter {
        super::stand_clutter_on(&mut terrain, file, &mut problems);
    }
    if !zones.is_empty() {
        let files: Vec<_> = zones.iter().map(name).collect();
        terrain.zones = read_zones(&files, &terrain.grid, "--zones", &mut problems);
    }
    match terrain.profile(from, to, terrain.pixel_size_m) {
        Ok(profile) => problems.into_warnings().map(|warnings| (profile, warnings)),
        Err(error) => Err(Problem::error(&named[0].1, error.to_string()).into()),
    }
}

fn command_line_problem(message: impl ToString) -> Problem {
    Problem::error("command line", message.to_string())
}

fn write_text(out: &mut impl Write, answer: &Answer<'_>, path: &Path) -> io::Result<()> {
    let link = answer.link;
    let polarization = match link.polarization {
        Polarization::Horizontal => "horizontal",
        Polarization::Vertical => "vertical",
    };
    let terrain = match path {
        Path::Profile(profile) => format!("{} profile points", profile.len()),
        Path::Distance(_) => "flat ground".into(),
    };
    writeln!(out, "model      {} — {}", answer.model, answer.reference)?;
    for (name, value) in answer.parameters {
        writeln!(out, "           {name} = {value}")?;
    }
    writeln!(out, "path       {:.3} km, {terrain}", answer.distance_km)?;
    let (tx, rx) = (link.tx_height_agl_m, link.rx_height_agl_m);
    writeln!(out, "link       {} MHz, {polarization}, {tx} m to {rx} m above ground", link.frequency_mhz)?;
    writeln!(out, "loss       {:.2} dB", answer.loss_db)?;
    if let Some(o) = answer.obstacle {
        let place = o.lat.zip(o.lon).map_or(String::new(), |(lat, lon)| format!(" ({lat:.5}, {lon:.5})"));
        let (km, top, by) = (o.distance_km, o.top_amsl_m, o.above_line_m.abs());
        let sight = if o.above_line_m >= 0.0 { "blocked by" } else { "clear of" };
        let side = if o.above_line_m >= 0.0 { "above" } else { "below" };
        writeln!(
            out,
            "sight      {sight} {top:.0} m at {km:.3} km{place}: {by:.1} m {side} the direct line, ν = {:.2}",
            o.nu
        )?;
        writeln!(out, "           clearance {:.2} of the first Fresnel zone", o.fresnel_clearance)?;
    }
    for warning in answer.warnings {
        writeln!(out, "warning    {warning}")?;
    }
    for step in answer.trace.into_iter().flatten() {
        writeln!(out, "  {:<10} {:<7} {:>16.6} {}", step.symbol, step.equation, step.value, step.unit)?;
    }
    Ok(())
}
