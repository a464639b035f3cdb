//! The study file: every input and parameter, with its default.

use super::{Planning, Preset, Survey};
use crate::io::TableSource;
use crate::radio::{Environment, Radio, Requirement, Technology};
use crate::terrain::WORLD_COVER;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The study file (`study.toml`). Paths are relative to the file's folder.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyFile {
    /// Name of the study, shown in every report.
    pub name: String,
    /// Whether the data is made up; every output says so then.
    #[serde(default)]
    pub synthetic: bool,
    /// Date of the study, `YYYY-MM-DD`: written into files, and the day on which coverage is looked at.
    pub date: String,
    /// Language of the report.
    #[serde(default)]
    pub language: Language,
    /// The input files.
    pub inputs: Inputs,
    /// How loss is predicted.
    #[serde(default)]
    pub propagation: Propagation,
    /// What stands on each class of land cover.
    #[serde(default)]
    pub clutter: Clutter,
    /// Extent and resolution of coverage.
    #[serde(default)]
    pub coverage: Coverage,
    /// Handsets, receivers and margins.
    #[serde(default)]
    pub radio: Radio,
    /// When a village counts as served.
    #[serde(default)]
    pub service: Service,
    /// How gaps are clustered.
    #[serde(default)]
    pub gaps: Gaps,
    /// What to build.
    #[serde(default)]
    pub planning: Planning,
    /// What a public run leaves out; positions and powers of sites when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidential: Option<super::Confidential>,
}

/// Language of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// The input files.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// Elevation rasters in any format and coordinate system that GDAL reads; earlier ones win where they overlap.
    pub terrain: Vec<String>,
    /// Villages.
    pub villages: TableSource,
    /// Sites and cells.
    pub sites: TableSource,
    /// The survey's list of villages, by name and commune and without coordinates: its rows are matched to the villages, and what it states
    /// outranks their table.
    pub survey: Option<TableSource>,
    /// What being on the survey's list means, when the list has neither `reported_signal` nor `reported_broadband`; no signal when absent.
    pub survey_lists: Option<SurveyMeaning>,
    /// Named places with coordinates, for villages whose table has none.
    pub gazetteer: Option<TableSource>,
    /// What a person said about rows that could not be matched for sure; `notspot match` writes it.
    pub name_matches: Option<TableSource>,
    /// Old and new names of communes: `old_name`, `old_district`, `new_name`.
    pub commune_mapping: Option<TableSource>,
    /// Commune polygons with their seats.
    pub communes: Option<TableSource>,
    /// Roads.
    pub roads: Option<TableSource>,
    /// Power lines, from which new sites can be connected; besides them villages with electricity.
    pub power_lines: Option<TableSource>,
    /// The areas of one's own country: the signal of sites beyond is not credited, and what crosses the border is mapped.
    pub country: Option<TableSource>,
    /// Candidate sites; generated when absent.
    pub candidates: Option<TableSource>,
    /// Areas where nothing may be built: protected forest, military land, the border strip.
    pub exclusions: Option<TableSource>,
    /// Antenna patterns (MSI Planet `.msi`, `.pln`) that cells name: files, or folders of them.
    #[serde(default)]
    pub antennas: Vec<String>,
    /// Land-cover rasters of class codes, ESA WorldCover's unless `[clutter]` lists others; earlier ones win.
    #[serde(default)]
    pub land_cover: Vec<String>,
    /// Rasters of radio-climatic zones: 1 sea, 3 coastal land, 4 inland, as the ITU's software numbers them; earlier ones win. All is inland
    /// when absent.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Raster of people per pixel.
    pub population: Option<String>,
}

impl Inputs {
    /// Whether a table lies in a database, so that no file says whether it has changed.
    pub fn read_database(&self) -> bool {
        let optional = [
            &self.survey,
            &self.gazetteer,
            &self.name_matches,
            &self.commune_mapping,
            &self.communes,
            &self.roads,
            &self.power_lines,
            &self.country,
            &self.candidates,
            &self.exclusions,
        ];
        let tables = [&self.villages, &self.sites].into_iter().chain(optional.into_iter().flatten());
        tables.into_iter().any(TableSource::is_database)
    }
}

/// What a survey's list without columns for signal and broadband is a list of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveyMeaning {
    /// Villages reported to have no mobile signal.
    #[default]
    NoSignal,
    /// Villages reported to have no broadband.
    NoBroadband,
    /// Villages reported to have neither.
    Neither,
}

impl SurveyMeaning {
    /// What a village on the list is reported to have: signal, broadband.
    pub(super) fn statuses(self) -> (Survey, Survey) {
        match self {
            Self::NoSignal => (Survey::No, Survey::Unknown),
            Self::NoBroadband => (Survey::Unknown, Survey::No),
            Self::Neither => (Survey::No, Survey::No),
        }
    }
}

/// How loss is predicted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Propagation {
    /// Id of the model (`notspot models`).
    pub model: String,
    /// Receiving antenna above ground, m.
    pub receiver_height_m: f64,
    /// Parameters of the model; see `notspot models`.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// The ITU's map `DN50.TXT`: ΔN in the middle of the study, in place of the parameter.
    pub delta_n_map: Option<String>,
    /// The ITU's map `N050.TXT`: N₀ likewise.
    pub n0_map: Option<String>,
    /// `calibration.json` of `notspot calibrate`: corrects every loss, and must have been fitted to the same model and parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<String>,
}

impl Default for Propagation {
    fn default() -> Self {
        Self {
            model: crate::propagation::DEFAULT_MODEL.into(),
            receiver_height_m: 1.5,
            parameters: BTreeMap::new(),
            delta_n_map: None,
            n0_map: None,
            calibration: None,
        }
    }
}

/// What stands on each class of land cover.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Clutter {
    /// Representative height, m, by class code 1 to 255. The defaults are for ESA WorldCover.
    pub heights_m: BTreeMap<String, f64>,
}

impl Default for Clutter {
    fn default() -> Self {
        Self { heights_m: WORLD_COVER.iter().map(|&(code, _, height_m)| (code.to_string(), height_m)).collect() }
    }
}

impl Clutter {
    /// Heights by code; codes that are none are left out (they are reported as faults of the study).
    pub fn heights_by_code(&self) -> BTreeMap<u8, f64> {
        self.heights_m.iter().filter_map(|(code, &height_m)| Some((code.parse().ok()?, height_m))).collect()
    }
}

/// Extent of coverage.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Coverage {
    /// Distance up to which a cell is looked at, km, per technology.
    #[schemars(extend("propertyNames" = Technology::key_schema()))]
    pub radius_km: BTreeMap<Technology, f64>,
    /// Level that must not be exceeded outside `inputs.country`, dBm, per technology.
    #[schemars(extend("propertyNames" = Technology::key_schema()))]
    pub border_limit_dbm: BTreeMap<Technology, f64>,
}

impl Default for Coverage {
    fn default() -> Self {
        use Technology::{Gsm, Lte, Nr, Umts};
        Self {
            radius_km: [(Gsm, 15.0), (Umts, 15.0), (Lte, 15.0), (Nr, 8.0)].into(),
            border_limit_dbm: BTreeMap::new(),
        }
    }
}

/// When a village counts as served.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// A regulator's rules, from which thresholds, probability, environment and throughputs are taken where they are not stated here;
    /// see docs/radio.md.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Where handsets are used; it costs `radio.in_car_loss_db` in a car and the loss of `radio.building` indoors.
    pub environment: Environment,
    /// Probability of the required level from which a village is Served, 0.5 to 0.99.
    pub required_probability: f64,
    /// Standard deviation of the level around the prediction outdoors (shadow fading and model error), dB, 0 to 20; from `radio.model_error_db`
    /// and the variation with location when absent. The spread of losses into cars and buildings is added to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadowing_sigma_db: Option<f64>,
    /// Loss by the user's body, dB.
    pub body_loss_db: f64,
    /// Whether a surveyed "no" outranks a predicted "served" when gaps and newly served people are counted.
    pub survey_wins: bool,
    /// Lowest level for voice and data per technology, dBm: RxLev (GSM), RSCP (UMTS), RSRP (LTE), SS-RSRP (NR). A
    /// technology that is absent gives no signal service; where that is meant, 0 says so and spares the warning.
    #[schemars(extend("propertyNames" = Technology::key_schema()))]
    pub signal_threshold_dbm: BTreeMap<Technology, f64>,
    /// Lowest level for broadband per technology, dBm, of the same quantities. A technology that has neither this nor a throughput gives
    /// no broadband; where that is meant, 0 says so.
    #[schemars(extend("propertyNames" = Technology::key_schema()))]
    pub broadband_threshold_dbm: BTreeMap<Technology, f64>,
    /// Throughput down that broadband needs per technology, Mbit/s.
    #[schemars(extend("propertyNames" = Technology::key_schema()))]
    pub broadband_down_mbps: BTreeMap<Technology, f64>,
    /// Throughput up that broadband needs per technology, Mbit/s.
    #[schemars(extend("propertyNames" = Technology::key_schema()))]
    pub broadband_up_mbps: BTreeMap<Technology, f64>,
    /// Share of households with fixed broadband from which a village counts as served by it, 0 to 1.
    pub fixed_broadband_share: f64,
}

impl Default for Service {
    fn default() -> Self {
        use Technology::{Gsm, Lte, Nr, Umts};
        Self {
            preset: None,
            environment: Environment::default(),
            required_probability: 0.9,
            shadowing_sigma_db: None,
            body_loss_db: 3.0,
            survey_wins: true,
            signal_threshold_dbm: [(Gsm, -100.0), (Umts, -108.0), (Lte, -115.0), (Nr, -115.0)].into(),
            broadband_threshold_dbm: [(Lte, -105.0), (Nr, -105.0)].into(),
            broadband_down_mbps: BTreeMap::new(),
            broadband_up_mbps: BTreeMap::new(),
            fixed_broadband_share: 0.5,
        }
    }
}

impl Service {
    /// What a service needs of a technology's cells; `None` where the technology does not give it.
    pub fn requirement(&self, service: ServiceKind, technology: Technology) -> Option<Requirement> {
        let of = |map: &BTreeMap<Technology, f64>| map.get(&technology).copied();
        let threshold_dbm = of(self.thresholds_dbm(service)).filter(|dbm| *dbm < 0.0);
        let requirement = match service {
            ServiceKind::Signal => Requirement { threshold_dbm, down_mbps: None, up_mbps: None },
            ServiceKind::Broadband => Requirement {
                threshold_dbm,
                down_mbps: of(&self.broadband_down_mbps),
                up_mbps: of(&self.broadband_up_mbps),
            },
        };
        (requirement != Requirement::default()).then_some(requirement)
    }

    /// Levels that a service asks for, dBm, as the study states them: 0 for a technology that shall not give it.
    pub fn thresholds_dbm(&self, service: ServiceKind) -> &BTreeMap<Technology, f64> {
        match service {
            ServiceKind::Signal => &self.signal_threshold_dbm,
            ServiceKind::Broadband => &self.broadband_threshold_dbm,
        }
    }
}

/// How unserved villages are put together.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gaps {
    /// Villages closer than this belong to the same gap, km.
    pub link_distance_km: f64,
}

impl Default for Gaps {
    fn default() -> Self {
        Self { link_distance_km: 3.0 }
    }
}

/// One of the two services of which every village has a status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ServiceKind {
    /// Voice and data at all.
    #[default]
    Signal,
    /// A throughput, mobile or fixed.
    Broadband,
}

impl ServiceKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Signal, Self::Broadband];

    /// The word in tables: `signal`, `broadband`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::Broadband => "broadband",
        }
    }
}
