//! What people get: layers, tables, rasters, the plan and the report, in Vietnamese and English.
//!
//! In: the [`Results`] of a run. Out: the files of an output folder. No number is computed here that another stage owns.

mod run_record;
mod summary;

pub use run_record::RunRecord;
pub use summary::{PlanSummary, ServiceSummary, Summary};

use crate::coverage::{AreaStatistics, CoverageRasters};
use crate::planning::Plan;
use crate::service::{Gap, VillageService};
use crate::study::Study;

/// Everything a run has computed; stages that were not asked for are absent.
pub struct Results<'a> {
    /// The study.
    pub study: &'a Study,
    /// Coverage rasters on the pixels of the study's terrain.
    pub coverage: Option<CoverageRasters>,
    /// Land by signal status inside the communes (or the whole terrain without communes).
    pub area: Option<AreaStatistics>,
    /// One per village, in their order.
    pub services: Option<Vec<VillageService>>,
    /// Dead zones of the service that is planned for.
    pub gaps: Vec<Gap>,
    /// What to build.
    pub plan: Option<Plan>,
}

