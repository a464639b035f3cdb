//! The plan as a JSON document for scripts: `plan.json`, schema `notspot/plan/1`.

use super::{Lookup, Results};
use crate::geodesy::LonLat;
use crate::planning::backhaul::LinkKind;
use crate::planning::{
    LinkStart, Money, Outcome, Plan, PlanStatus, PlannedLink, PlannedRadio, PlannedSite, PlannedWay, PlannedYear,
    PlannedYears, PowerSource,
};
use crate::study::{ServiceKind, Survey};
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
    /// What everything that is built costs to build.
    pub cost_million_vnd: f64,
    /// What it costs in a year.
    pub yearly_cost_million_vnd: f64,
    /// Its net present value over the study's horizon, where the study states a revenue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present_value_million_vnd: Option<f64>,
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
    /// Rules and limits that cannot hold together, where there is no plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<String>,
    /// The years, where the plan is phased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phases: Option<PhasesDocument>,
    /// Masts that are built or used, in order.
    pub sites: Vec<SiteDocument>,
    /// Villages that are served by ways of their own, in the order of the study.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<WayDocument>,
    /// One per village without the service, in the order of the study.
    pub villages: Vec<VillageDocument>,
    /// What planning could not offer, with counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What is built when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PhasesDocument {
    /// The years.
    pub years: Vec<YearDocument>,
    /// Weight-years: for each village its weight times the years at whose end it is served.
    pub value: f64,
    /// No schedule of what the plan builds has more.
    pub bound: f64,
    /// Whether the bound proves it.
    pub proven: bool,
}

/// One year of a programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct YearDocument {
    /// The year.
    pub year: u16,
    /// Money that it brings, million VND.
    pub budget_million_vnd: f64,
    /// What is built in it, million VND.
    pub spent_million_vnd: f64,
    /// Villages newly served in it.
    pub villages: usize,
    /// People in them.
    pub people: u64,
}

/// A mast that the plan builds or uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SiteDocument {
    /// Place in the order of building, from 1.
    pub order: usize,
    /// Year in which it is built; absent where nothing is phased or the money of all years does not suffice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Whether the money of the years suffices for it.
    pub affordable: bool,
    /// Id of the candidate.
    pub id: String,
    /// Where.
    pub position: LonLat,
    /// `given`, `hilltop`, `shoulder`, `beside_village`, `upgrade`, `share` or `relay`.
    pub origin: String,
    /// Terrain above sea level, m.
    pub terrain_amsl_m: f64,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
    /// Names of the configurations that it carries; none on a relay.
    pub configurations: Vec<RadioDocument>,
    /// Its link to the network; absent where the mast is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkDocument>,
    /// Where its electricity comes from: `present`, `grid` or `solar`.
    pub power: String,
    /// Length of the new power line, m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_line_m: Option<f64>,
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
    /// Ids of the villages that nothing else of the plan serves without it and what hangs on it.
    pub only_here: Vec<String>,
    /// What the plan costs more at most when it cannot be built, million VND; absent where villages would then stay without service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement_million_vnd: Option<f64>,
}

/// Radio equipment on a mast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RadioDocument {
    /// Name of the configuration.
    pub name: String,
    /// Directions of its sectors, degrees clockwise from north; none with one antenna for all directions.
    pub azimuths_deg: Vec<f64>,
}

/// The link of a site to the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LinkDocument {
    /// `microwave`, `fibre` or `satellite`.
    pub kind: String,
    /// Site, commune or planned site where it starts; absent for a satellite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Whether that is a planned site.
    pub from_planned: bool,
    /// Length along the ground or of the cable, m; absent for a satellite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_m: Option<f64>,
    /// Frequency of a hop, GHz.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency_ghz: Option<f64>,
    /// Clearance at the tightest point of a hop, radii of the first Fresnel zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clearance_f1: Option<f64>,
    /// Availability of a hop over an average year, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_percent: Option<f64>,
    /// What it carries, Mbit/s; absent for fibre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_mbps: Option<f64>,
}

/// A village that is served by a way of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WayDocument {
    /// Id of the village.
    pub village: String,
    /// `fibre`, `repeater` or `satellite`.
    pub kind: String,
    /// Year in which it is built, as for sites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Whether the money of the years suffices for it.
    pub affordable: bool,
    /// What it costs to build, million VND.
    pub cost_million_vnd: f64,
    /// What it costs in a year, million VND.
    pub yearly_cost_million_vnd: f64,
}

/// What a site costs and brings, million VND.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostDocument {
    /// Ground and mast, or the whole of a cost given with the candidate.
    pub mast: f64,
    /// Track from the nearest road.
    pub access: f64,
    /// Electricity.
    pub power: f64,
    /// Radio equipment.
    pub radio: f64,
    /// Link to the network.
    pub link: f64,
    /// Sum: what it costs to build.
    pub total: f64,
    /// Operation in a year.
    pub yearly: f64,
    /// Revenue in a year, where the study states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly_revenue: Option<f64>,
    /// Net present value over the study's horizon, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present_value: Option<f64>,
    /// What somebody must add for it to pay, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subsidy: Option<f64>,
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
    /// `served_by_plan`, `own_way`, or why it is left out: `limits`, `years_end`, `no_link`, `no_candidate`, `terrain_missing`.
    pub outcome: String,
    /// The planned site that newly serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Probability of the service from that site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Its own way: `fibre`, `repeater` or `satellite`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// Year from which it is served; absent where nothing is phased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// When that site is built in the order, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<usize>,
    /// Whether it has electricity, and where the site that serves it has it from.
    pub electricity: Survey,
    /// Electricity of the site that serves it: `present`, `grid` or `solar`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_power: Option<String>,
    /// Its share of that site's cost, by people, or the cost of its own way, million VND.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_share_million_vnd: Option<f64>,
    /// The cheapest way to serve a village that is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cheapest: Option<CheapestDocument>,
}

/// The cheapest way to serve a village that is left out, given what the plan builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheapestDocument {
    /// Candidates that would have to be built, from the network outwards.
    pub candidates: Vec<String>,
    /// `fibre`, `repeater` or `satellite`, where that is the cheapest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// What it costs, million VND.
    pub cost_million_vnd: f64,
}

/// The document of a plan.
pub fn plan_document(results: &Results<'_>, plan: &Plan) -> PlanDocument {
    let config = &results.study.config;
    let lookup = Lookup::new(results);
    let villages: Vec<VillageDocument> =
        plan.outcomes.iter().map(|(v, outcome)| village(results, plan, &lookup, *v, outcome)).collect();
    let served = || villages.iter().filter(|v| v.site.is_some() || v.way.is_some());
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
        cost_million_vnd: plan.investment(),
        yearly_cost_million_vnd: plan.yearly_cost(),
        present_value_million_vnd: plan.present_value(),
        budget_million_vnd: config.planning.budget(),
        max_sites: config.planning.max_sites,
        candidates: plan.candidates.len(),
        gap_villages: villages.len(),
        gap_people: villages.iter().map(|v| v.people).sum(),
        newly_served_villages: served().count(),
        newly_served_people: served().map(|v| v.people).sum(),
        conflict: plan.conflict.clone(),
        phases: plan.years.as_ref().map(phases),
        sites: plan.sites.iter().map(|site| site_document(results, plan, site)).collect(),
        ways: plan.ways.iter().map(|way| way_document(results, way)).collect(),
        villages,
        notes: plan.notes.clone(),
    }
}

fn phases(years: &PlannedYears) -> PhasesDocument {
    let year = |year: &PlannedYear| {
        let &PlannedYear { year, budget_million_vnd, spent_million_vnd, villages, people } = year;
        YearDocument { year, budget_million_vnd, spent_million_vnd, villages, people }
    };
    let years_of = years.years.iter().map(year).collect();
    PhasesDocument { years: years_of, value: years.value, bound: years.bound, proven: years.is_proven }
}

fn site_document(results: &Results<'_>, plan: &Plan, site: &PlannedSite) -> SiteDocument {
    let villages = &results.study.villages;
    let configurations = results.study.config.planning.configurations();
    let candidate = &plan.candidates[site.candidate];
    let ids = |list: &[usize]| list.iter().map(|&v| villages[v].id.clone()).collect();
    let radio = |radio: &PlannedRadio| RadioDocument {
        name: configurations[radio.configuration].name.clone(),
        azimuths_deg: radio.sectors.iter().map(|sector| sector.azimuth_deg).collect(),
    };
    SiteDocument {
        order: site.order,
        year: site.year,
        affordable: site.is_affordable,
        id: candidate.id.clone(),
        position: candidate.position,
        origin: candidate.origin.name().into(),
        terrain_amsl_m: candidate.terrain_amsl_m,
        height_agl_m: candidate.height_agl_m,
        configurations: site.radios.iter().map(radio).collect(),
        link: site.link.as_ref().map(|link| link_document(plan, link)),
        power: site.power.source.name().into(),
        power_line_m: match site.power.source {
            PowerSource::Grid { line_m, .. } => Some(line_m),
            PowerSource::Present | PowerSource::Solar => None,
        },
        road_distance_m: candidate.road_distance_m,
        network_distance_m: candidate.network_distance_m,
        cost_million_vnd: cost_document(&site.money),
        newly_served: ids(&site.newly_served),
        newly_served_people: site.newly_served.iter().map(|&v| u64::from(villages[v].people())).sum(),
        only_here: ids(&site.only_here),
        replacement_million_vnd: site.replacement_million_vnd,
    }
}

fn link_document(plan: &Plan, link: &PlannedLink) -> LinkDocument {
    let hop = match &link.kind {
        LinkKind::Microwave(hop) => Some(hop),
        LinkKind::Fibre(_) | LinkKind::Satellite { .. } => None,
    };
    LinkDocument {
        kind: link.kind.name().into(),
        from: plan.start_of(link).map(str::to_owned),
        from_planned: matches!(link.from, LinkStart::Site(_)),
        length_m: link.kind.length_m(),
        frequency_ghz: hop.map(|hop| hop.frequency_ghz),
        clearance_f1: hop.and_then(|hop| hop.tightest).map(|tightest| tightest.clearance_f1),
        availability_percent: hop.map(|hop| hop.availability_percent),
        capacity_mbps: link.kind.capacity_mbps(),
    }
}

fn way_document(results: &Results<'_>, way: &PlannedWay) -> WayDocument {
    WayDocument {
        village: results.study.villages[way.village].id.clone(),
        kind: way.way.kind.name().into(),
        year: way.year,
        affordable: way.is_affordable,
        cost_million_vnd: way.way.cost_million_vnd,
        yearly_cost_million_vnd: way.way.yearly_cost_million_vnd,
    }
}

fn cost_document(money: &Money) -> CostDocument {
    let &Money { mast, access, power, radio, link, yearly_cost, yearly_revenue, present_value } = money;
    let (total, subsidy) = (money.investment(), money.subsidy());
    CostDocument {
        mast,
        access,
        power,
        radio,
        link,
        total,
        yearly: yearly_cost,
        yearly_revenue,
        present_value,
        subsidy,
    }
}

fn village(results: &Results<'_>, plan: &Plan, lookup: &Lookup, index: usize, outcome: &Outcome) -> VillageDocument {
    let village = &results.study.villages[index];
    let (site, probability) = match outcome {
        Outcome::ServedBy { site, probability } => (plan.sites.get(*site), Some(*probability)),
        _ => (None, None),
    };
    let way = match outcome {
        Outcome::OwnWay { way } => plan.ways.get(*way),
        _ => None,
    };
    let cheapest = match outcome {
        Outcome::LeftOut { cheapest, .. } => Some(CheapestDocument {
            candidates: cheapest.candidates.iter().map(|&c| plan.candidates[c].id.clone()).collect(),
            way: cheapest.own.as_ref().map(|way| way.name().to_owned()),
            cost_million_vnd: cheapest.cost_million_vnd,
        }),
        _ => None,
    };
    VillageDocument {
        id: village.id.clone(),
        name: village.name.clone(),
        commune: village.commune.clone(),
        people: u64::from(village.people()),
        outcome: outcome.name().into(),
        site: site.map(|s| plan.candidates[s.candidate].id.clone()),
        probability,
        way: way.map(|way| way.way.kind.name().to_owned()),
        year: site.and_then(|site| site.year).or(way.and_then(|way| way.year)),
        order: site.map(|s| s.order),
        electricity: village.electricity,
        site_power: site.map(|s| s.power.source.name().to_owned()),
        cost_share_million_vnd: lookup.cost_share[index],
        cheapest,
    }
}
