//! The plan as a JSON document for scripts: `plan.json`, schema `notspot/plan/1`.

use super::layers::outcome_name;
use super::{Lookup, Results};
use crate::geodesy::LonLat;
use crate::planning::{Outcome, Plan, PlanStatus};
use crate::study::ServiceKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and version of the document.
pub const PLAN_SCHEMA: &str = "notspot/plan/1";

/// What to build, with its proof, and what becomes of every village without the service. Costs in million VND.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanDocument {
    /// `notspot/plan/1`.
    pub schema: String,
    /// Name of the study.
    pub study: String,
    /// Date of the study, `YYYY-MM-DD`.
    pub date: String,
    /// Whether the data is made up.
    pub synthetic: bool,
    /// The service whose dead zones the plan ends.
    pub service: ServiceKind,
    /// Id of the objective.
    pub objective: String,
    /// How the optimisation ended.
    pub status: PlanStatus,
    /// Value of the objective: million VND for a least-cost objective, people times priority for the others.
    pub value: f64,
    /// What no plan can beat.
    pub bound: f64,
    /// |value − bound| / max(1, |value|).
    pub gap: f64,
    /// Cost of all planned sites.
    pub cost_million_vnd: f64,
    /// Money that may be spent, where the study limits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_million_vnd: Option<f64>,
    /// Sites that may be built, where the study limits them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sites: Option<u32>,
    /// Candidates that were looked at.
    pub candidates: usize,
    /// Villages without the service before the plan.
    pub gap_villages: usize,
    /// People in them.
    pub gap_people: u64,
    /// Villages that the plan newly serves.
    pub newly_served_villages: usize,
    /// People in them.
    pub newly_served_people: u64,
    /// What is built, in order.
    pub sites: Vec<SiteDocument>,
    /// One per village without the service, in the order of the study.
    pub villages: Vec<VillageDocument>,
}

/// A site that the plan builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteDocument {
    /// Place in the order of building, from 1.
    pub order: usize,
    /// Id of the candidate.
    pub id: String,
    /// Where.
    pub position: LonLat,
    /// `given`, `hilltop`, `shoulder`, `beside_village`, `upgrade` or `share`.
    pub origin: String,
    /// Terrain above sea level, m; absent where it is confidential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terrain_amsl_m: Option<f64>,
    /// Antenna above ground, m; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_agl_m: Option<f64>,
    /// Distance to the nearest road, m; absent without roads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road_distance_m: Option<f64>,
    /// Distance to the nearest site or commune seat, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_distance_m: Option<f64>,
    /// What it costs.
    pub cost_million_vnd: CostDocument,
    /// Ids of the villages that it is the first to serve in the order of building.
    pub newly_served: Vec<String>,
    /// People in them.
    pub newly_served_people: u64,
    /// Ids of the villages that no other site of the plan serves.
    pub only_here: Vec<String>,
}

/// Parts of a cost, million VND.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostDocument {
    /// Mast, radio, power; absent for a cost given with the candidate.
    pub site: Option<f64>,
    /// Link to the network; absent likewise.
    pub transmission: Option<f64>,
    /// Track from the nearest road; absent likewise, and without roads.
    pub access: Option<f64>,
    /// Sum, or the figure given with the candidate.
    pub total: f64,
}

/// What becomes of a village without the service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VillageDocument {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its commune; empty when not stated.
    pub commune: String,
    /// People for planning.
    pub people: u64,
    /// `served_by_plan`, `no_candidate` or `left_out`.
    pub outcome: String,
    /// The planned site that newly serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// When that site is built in the order, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<usize>,
    /// Its share of that site's cost, by people, million VND.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_share_million_vnd: Option<f64>,
    /// The cheapest candidate that would serve a village that is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cheapest_candidate: Option<String>,
    /// What that candidate costs, million VND.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cheapest_cost_million_vnd: Option<f64>,
}

/// The document of a plan.
pub fn plan_document(results: &Results<'_>, plan: &Plan) -> PlanDocument {
    let config = &results.study.config;
    let lookup = Lookup::new(results);
    let villages: Vec<VillageDocument> =
        plan.outcomes.iter().map(|(v, outcome)| village(results, plan, &lookup, *v, outcome)).collect();
    let served = || villages.iter().filter(|v| v.site.is_some());
    PlanDocument {
        schema: PLAN_SCHEMA.into(),
        study: config.name.clone(),
        date: config.date.clone(),
        synthetic: config.synthetic,
        service: config.planning.service,
        objective: plan.objective.into(),
        status: plan.status,
        value: plan.value,
        bound: plan.bound,
        gap: plan.gap,
        cost_million_vnd: plan.cost(),
        budget_million_vnd: config.planning.budget_million_vnd,
        max_sites: config.planning.max_sites,
        candidates: plan.candidates.len(),
        gap_villages: villages.len(),
        gap_people: villages.iter().map(|v| v.people).sum(),
        newly_served_villages: served().count(),
        newly_served_people: served().map(|v| v.people).sum(),
        sites: (0..plan.sites.len()).map(|site| site_document(results, plan, site)).collect(),
        villages,
    }
}

/// A number that is one.
fn known(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

fn site_document(results: &Results<'_>, plan: &Plan, index: usize) -> SiteDocument {
    let villages = &results.study.villages;
    let site = &plan.sites[index];
    let candidate = &plan.candidates[site.candidate];
    let ids = |list: &[usize]| list.iter().map(|&v| villages[v].id.clone()).collect();
    SiteDocument {
        order: site.order,
        id: candidate.id.clone(),
        position: candidate.position,
        origin: candidate.origin.name().into(),
        terrain_amsl_m: known(candidate.terrain_amsl_m),
        height_agl_m: known(candidate.height_agl_m),
        road_distance_m: candidate.road_distance_m,
        network_distance_m: candidate.network_distance_m,
        cost_million_vnd: CostDocument {
            site: candidate.cost.parts.map(|p| p.site),
            transmission: candidate.cost.parts.map(|p| p.transmission),
            access: candidate.cost.parts.and_then(|p| p.access),
            total: candidate.cost.total,
        },
        newly_served: ids(&site.newly_served),
        newly_served_people: site.newly_served.iter().map(|&v| u64::from(villages[v].people())).sum(),
        only_here: ids(&site.only_here),
    }
}

fn village(results: &Results<'_>, plan: &Plan, lookup: &Lookup, index: usize, outcome: &Outcome) -> VillageDocument {
    let village = &results.study.villages[index];
    let site = match outcome {
        Outcome::ServedBy(site) => plan.sites.get(*site),
        _ => None,
    };
    let cheapest = match outcome {
        Outcome::LeftOut { cheapest } => plan.candidates.get(*cheapest),
        _ => None,
    };
    VillageDocument {
        id: village.id.clone(),
        name: village.name.clone(),
        commune: village.commune.clone(),
        people: u64::from(village.people()),
        outcome: outcome_name(outcome).into(),
        site: site.map(|s| plan.candidates[s.candidate].id.clone()),
        order: site.map(|s| s.order),
        cost_share_million_vnd: lookup.cost_share[index],
        cheapest_candidate: cheapest.map(|c| c.id.clone()),
        cheapest_cost_million_vnd: cheapest.map(|c| c.cost.total),
    }
}
