//! From path loss to received level: technologies and the downlink budget.
//!
//! In: a cell's technology, bandwidth and EIRP, and a path loss. Out: the level that the technology's handsets report
//! (RxLev, RSCP, RSRP, SS-RSRP) and the probability that it reaches a threshold. Cells radiate alike in all directions here.

mod budget;
mod technology;

pub use budget::{level_probability, received_level};
pub use technology::Technology;
