//! From path loss to service: levels, both directions of the link budget, interference and throughput.
//!
//! In: a cell's technology, carrier, EIRP and antenna, and a path loss. Out: its antenna's attenuation in a direction; the level that the
//! technology's handsets report (RxLev, RSCP, RSRP, SS-RSRP), the margin of the uplink, the spread of both ([`CellBudget`]); SINR under
//! load and throughput down and up; the probability that a level reaches a threshold.

mod antenna;
mod band;
mod budget;
mod correction;
mod settings;
mod shadowing;
mod spectrum;
mod technology;

pub use antenna::{AntennaPattern, AttenuationTable, BUILT_IN_ANTENNAS, Orientation, depression_deg};
pub use band::{Band, Duplex};
pub use budget::{CellBudget, CellRadio, Conditions, Requirement};
pub use correction::{Correction, LossCorrection};
pub use settings::{BuildingKind, Environment, Gsm, Ofdma, Radio, Shannon, Umts};
pub use shadowing::{level_probability, shadowing_sigma_db};
pub use spectrum::Spectrum;
pub use technology::Technology;
