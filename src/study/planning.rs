//! What of a study file says what may be built, for how much, and to what end.

mod backhaul;

pub use backhaul::{BackhaulSettings, Clearance, Microwave, MicrowaveBand, RootChoice};

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
    /// Operator whose dead zones the plan ends, as the table of sites names it: villages that its own cells do not serve, whoever else does. Goes with
    /// the signal; when absent, any operator's service counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Probability of the service from which a new site counts as serving a village, 0.5 to 0.99; `service.required_probability` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_probability: Option<f64>,
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
    /// Where sites could be built besides those of a file, and how many of them are kept.
    pub candidates: CandidateSearch,
    /// What a new site carries.
    pub new_site: NewSite,
    /// What a site may carry, in place of `new_site.cells`: of a candidate's configurations one is built.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub configurations: Vec<Configuration>,
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
    /// How it is connected.
    pub backhaul: BackhaulSettings,
}

impl Default for Planning {
    fn default() -> Self {
        Self {
            service: ServiceKind::Signal,
            operator: None,
            required_probability: None,
            objective: "least-cost".into(),
            budget_million_vnd: None,
            max_sites: None,
            weight: WeightUnit::default(),
            facility_weights: BTreeMap::new(),
            gap: 0.0,
            candidates: CandidateSearch::default(),
            new_site: NewSite::default(),
            configurations: Vec::new(),
            costs: Costs::default(),
            power: Power::default(),
            phases: Phases::default(),
            fallback: Fallback::default(),
            rules: Rules::default(),
            backhaul: BackhaulSettings::default(),
        }
    }
}

impl Planning {
    /// Money that may be spent, million VND: as stated, else what the years bring together.
    pub fn budget(&self) -> Option<f64> {
        let phased = (!self.phases.years.is_empty()).then(|| self.phases.budgets_million_vnd.iter().sum());
        self.budget_million_vnd.or(phased)
    }

    /// What a site may carry: the study's configurations, or its new site as the only one. All have heights: their own, or those of the
    /// new site.
    pub fn configurations(&self) -> Vec<Configuration> {
        let new_site = Configuration {
            name: NEW_SITE.into(),
            cells: self.new_site.cells.clone(),
            sectors: 0,
            cost_million_vnd: None,
            heights_m: Vec::new(),
        };
        let stated = if self.configurations.is_empty() { vec![new_site] } else { self.configurations.clone() };
        let with_heights = |mut configuration: Configuration| {
            if configuration.heights_m.is_empty() {
                configuration.heights_m = self.new_site.all_heights_m();
            }
            configuration
        };
        stated.into_iter().map(with_heights).collect()
    }

    /// Key of a configuration in the study file.
    pub fn configuration_key(&self, index: usize) -> String {
        if self.configurations.is_empty() {
            "planning.new_site".into()
        } else {
            format!("planning.configurations[{index}]")
        }
    }
}

/// Name of the only configuration of a study that states none.
const NEW_SITE: &str = "new-site";

/// Where sites could be built, and how many such places are kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CandidateSearch {
    /// Whether places are looked for on the terrain; when absent, where no file gives candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generate: Option<bool>,
    /// Whether cells may be added to the masts of sites that stand; when absent, where no file gives candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrades: Option<bool>,
    /// How far from an unserved village high ground is looked for, km.
    pub search_radius_km: f64,
    /// A hilltop is the highest point within this distance, a shoulder the one that stands out most, m.
    pub hilltop_radius_m: f64,
    /// Hilltops and shoulders keep at least this distance from one another, m.
    pub spacing_m: f64,
    /// Generated places farther from a road are left out, km; without roads there is no limit.
    pub max_road_distance_km: f64,
    /// Generated places on steeper ground are left out, degrees: the slope over the pixel and its eight neighbours.
    pub max_slope_deg: f64,
    /// Candidates that are kept of those that serve somebody, the most newly served people per cost first; more where villages would lose
    /// servers.
    pub max_candidates: u32,
    /// Hilltops that are kept as places for microwave relays alone.
    pub relays: u32,
}

impl Default for CandidateSearch {
    fn default() -> Self {
        Self {
            generate: None,
            upgrades: None,
            search_radius_km: 5.0,
            hilltop_radius_m: 400.0,
            spacing_m: 300.0,
            max_road_distance_km: 8.0,
            max_slope_deg: 35.0,
            max_candidates: 2_000,
            relays: 100,
        }
    }
}

/// What a new site carries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewSite {
    /// Antennas above ground, m.
    pub height_m: f64,
    /// Other heights that may be built instead, m.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heights_m: Vec<f64>,
    /// Its cells, alike in all directions unless they name an antenna.
    pub cells: Vec<NewCell>,
}

impl NewSite {
    /// All heights that may be built, ascending, each once.
    fn all_heights_m(&self) -> Vec<f64> {
        let mut heights_m: Vec<f64> = std::iter::once(self.height_m).chain(self.heights_m.iter().copied()).collect();
        heights_m.sort_by(f64::total_cmp);
        heights_m.dedup();
        heights_m
    }
}

impl Default for NewSite {
    fn default() -> Self {
        Self {
            height_m: 42.0,
            heights_m: Vec::new(),
            cells: vec![NewCell {
                technology: Technology::Lte,
                frequency_mhz: 900.0,
                bandwidth_mhz: 10.0,
                eirp_dbm: 60.0,
                antenna: None,
            }],
        }
    }
}

/// A cell of a new site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Its antenna, one of the study's or a built-in one; when absent, alike in all directions, or of sectors 3GPP's of 65°.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antenna: Option<String>,
}

/// What a site may carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Its name in every output.
    pub name: String,
    /// Its cells; with sectors, those of each.
    pub cells: Vec<NewCell>,
    /// Most sectors, 1 to 6, turned towards the villages that they can newly serve; 0: one antenna for all directions.
    #[serde(default)]
    pub sectors: u32,
    /// What its radio equipment costs, million VND; `planning.costs.radio` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_million_vnd: Option<f64>,
    /// Heights above ground at which it may be built, m; those of the new site when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heights_m: Vec<f64>,
}

impl Configuration {
    /// What its radio equipment costs, million VND.
    pub fn radio_cost(&self, costs: &Costs) -> f64 {
        self.cost_million_vnd.unwrap_or(costs.radio)
    }
}
