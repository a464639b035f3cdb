//! The study: one file that names all inputs and parameters, read and validated.
//!
//! In: a path. Out: a [`Study`] whose numbers are in range, whose ids are unique and whose references hold, together with
//! warnings about what was dropped or defaulted; or every problem of every file at once.

mod antenna;
mod budget;
mod calibration;
mod candidate;
mod checks;
mod columns;
mod commune;
mod commune_areas;
mod commune_names;
mod confidential;
mod config;
mod coordinates;
mod counted_twice;
mod date;
mod gazetteer;
mod inputs;
mod keys;
mod land;
mod link_profile;
mod load;
mod matching;
mod measured;
mod measurement;
mod money;
mod name_matches;
mod naming;
mod number;
mod parse;
mod planned;
mod planning;
mod position;
mod preset;
mod ranges;
mod refractivity;
mod rows;
mod silent;
mod site;
mod survey;
mod tally;
mod template;
mod village;
mod zones;

pub use crate::io::TableSource;
pub use antenna::Antenna;
pub use calibration::{
    CALIBRATION_SCHEMA, Calibration, CorrectionForm, CrossValidation, ErrorFigures, Grouping, LEAST_SLOPE,
    MeasurementRecord, NoCorrection, PredictionIdentity, StepRecord, TechnologyCalibration,
};
pub use candidate::{GivenCandidate, SitePower, read as read_candidates};
pub use commune::Commune;
pub use confidential::{Confidential, ConfidentialField};
pub use config::{
    Clutter, Coverage, Gaps, Inputs, Language, Propagation, Service, ServiceKind, StudyFile, SurveyMeaning,
};
pub use date::is_date;
pub use inputs::InputFile;
pub use link_profile::read_profile;
pub use load::{Study, load, load_uncalibrated, match_names, name_matches_file};
pub use matching::MatchQuality;
pub use measurement::{Heard, Measured, Measurement, Measurements, Period, read as read_measurements};
pub use money::{CostBasis, Costs, Fallback, FallbackUse, Phases, Power, Rules, WeightUnit};
pub use name_matches::{FoundPlace, MatchResult, NameList, NameMatch, NameMatches, OpenMatch};
pub use planning::{
    BackhaulSettings, CandidateSearch, Clearance, Configuration, Microwave, MicrowaveBand, NewCell, NewSite, Planning,
    RootChoice,
};
pub use position::{swapped_measurements, swapped_site};
pub use preset::Preset;
pub use refractivity::{MapFile, fill_from_maps};
pub use site::{Cell, Radiation, Site, SiteTable, read as read_sites};
pub use template::write_template;
pub use village::{Survey, Village, read_placed as read_villages};
pub use zones::follow_zones;
