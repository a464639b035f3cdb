//! Is this village served, by which cell, how surely, and what does the survey say.
//!
//! In: villages, cells and terrain. Out: a [`VillageService`] per village and the [`Gap`]s that unserved villages form.

mod gaps;
mod status;

pub use gaps::{Gap, find_gaps};
pub use status::{Assessment, Server, Status, VillageService, assess};
