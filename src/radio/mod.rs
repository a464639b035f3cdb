//! From path loss to received level: technologies and the downlink budget.
//!
//! In: a cell's technology, bandwidth and EIRP, and a path loss. Out: the level that the technology's handsets report
//! (RxLev, RSCP, RSRP, SS-RSRP) and the probability that it reaches a threshold. Bands and antenna patterns are
//! read here; cells radiate alike in all directions so far.

mod antenna;
mod band;
mod budget;
mod technology;

pub use antenna::AntennaPattern;
pub use band::Band;
pub use budget::{level_probability, received_level};
pub use technology::Technology;
