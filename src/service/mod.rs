//! Is this village served, by which cell, how surely, and what does the survey say.
//!
//! In: villages, cells and terrain. Out: a [`VillageService`] per village and the [`Gap`]s that unserved villages form.

mod cause;
mod footprint;
mod gaps;
mod land;
mod sensitivity;
mod status;

pub use cause::{Help, Reason, Remedy};
pub use footprint::{FootprintService, fill_footprints};
pub use gaps::{Gap, find_gaps};
pub use land::NotSpotLand;
pub use sensitivity::{PROBABILITIES, SHIFTS_DB, SensitivityRow, reference_threshold, sensitivity, sensitivity_at};
pub use status::{Assessment, Margin, Obstacle, Outlook, Server, Status, VillageService, assess, is_gap, is_unknown};
