//! What of a study file says what may be built, for how much, and to what end.

use super::ServiceKind;
use super::money::{Costs, Fallback, Phases, Power, Rules, WeightUnit};
use crate::radio::Technology;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to build.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Planning {
    /// Which dead zones the plan ends.
    pub service: ServiceKind,
    /// Id of the objective.
    pub objective: String,
    /// Money that may be spent, million VND; for objectives with a budget.
    pub budget_million_vnd: Option<f64>,
    /// Number of sites that may be built; for objectives with a limit.
    pub max_sites: Option<u32>,
    /// What the villages of the objectives "most people" count for, before their priority.
    pub weight: WeightUnit,
    /// Factor of a village's weight by what it has (`facilities` of its table), for example `{ school = 2.0, clinic = 3.0 }`; the largest counts.
    pub facility_weights: BTreeMap<String, f64>,
    /// Relative gap at which the search for a better plan ends, 0 to 1; 0 asks for proof.
    pub gap: f64,
    /// How candidates are generated when no file gives them.
    pub candidates: CandidateSearch,
    /// What a new site carries.
    pub new_site: NewSite,
    /// What it costs.
    pub costs: Costs,
    /// How it gets electricity.
    pub power: Power,
    /// Over which years it is built.
    pub phases: Phases,
    /// What villages get that no site serves.
    pub fallback: Fallback,
    /// What the plan must keep to.
    pub rules: Rules,
}

impl Default for Planning {
    fn default() -> Self {
        Self {
            service: ServiceKind::Signal,
            objective: "least-cost".into(),
            budget_million_vnd: None,
            max_sites: None,
            weight: WeightUnit::default(),
            facility_weights: BTreeMap::new(),
            gap: 0.0,
            candidates: CandidateSearch::default(),
            new_site: NewSite::default(),
            costs: Costs::default(),
            power: Power::default(),
            phases: Phases::default(),
            fallback: Fallback::default(),
            rules: Rules::default(),
        }
    }
}

impl Planning {
    /// Money that may be spent, million VND: as stated, else what the years bring together.
    pub fn budget(&self) -> Option<f64> {
        let phased = (!self.phases.years.is_empty()).then(|| self.phases.budgets_million_vnd.iter().sum());
        self.budget_million_vnd.or(phased)
    }
}

/// How candidates are generated.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CandidateSearch {
    /// How far from an unserved village high ground is looked for, km.
    pub search_radius_km: f64,
    /// A hilltop is the highest point within this distance, m.
    pub hilltop_radius_m: f64,
    /// Candidates keep at least this distance from one another, m.
    pub spacing_m: f64,
    /// Candidates farther from a road are left out, km; without roads there is no limit.
    pub max_road_distance_km: f64,
}

impl Default for CandidateSearch {
    fn default() -> Self {
        Self { search_radius_km: 5.0, hilltop_radius_m: 400.0, spacing_m: 300.0, max_road_distance_km: 8.0 }
    }
}

/// What a new site carries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewSite {
    /// Antennas above ground, m.
    pub height_m: f64,
    /// Its cells.
    pub cells: Vec<NewCell>,
}

impl Default for NewSite {
    fn default() -> Self {
        Self {
            height_m: 42.0,
            cells: vec![NewCell {
                technology: Technology::Lte,
                frequency_mhz: 900.0,
                bandwidth_mhz: 10.0,
                eirp_dbm: 60.0,
            }],
        }
    }
}

/// A cell of a new site.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCell {
    /// Technology.
    pub technology: Technology,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Carrier bandwidth, MHz.
    pub bandwidth_mhz: f64,
    /// Equivalent isotropically radiated power of the whole carrier at its peak, dBm.
    pub eirp_dbm: f64,
}
