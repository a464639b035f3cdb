//! Ways to serve a single village without a site: fibre, a repeater where a signal arrives weakly, a satellite terminal.

use super::backhaul::{Root, VillageFibre, village_fibre};
use crate::service::VillageService;
use crate::study::{Fallback, FallbackUse, ServiceKind, Study};

/// How a village is served without a site.
#[derive(Debug, Clone, PartialEq)]
pub enum WayKind {
    /// Fibre to its households.
    Fibre(VillageFibre),
    /// A repeater of a signal that arrives weakly.
    Repeater {
        /// By how much the level is below what the service needs, dB.
        lacks_db: f64,
    },
    /// Satellite terminal with community Wi-Fi.
    Satellite,
}

impl WayKind {
    /// The word in tables: `fibre`, `repeater`, `satellite`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fibre(_) => "fibre",
            Self::Repeater { .. } => "repeater",
            Self::Satellite => "satellite",
        }
    }
}

/// One way to serve one village.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageWay {
    /// Place of the village among those without service.
    pub place: usize,
    /// How.
    pub kind: WayKind,
    /// What it takes to build, million VND.
    pub cost_million_vnd: f64,
    /// What it takes in a year, million VND.
    pub yearly_cost_million_vnd: f64,
}

/// Fibre to each village in `dark` (indices in the study) that can have it; only where broadband is planned for, since a
/// mobile signal is none of what fibre gives.
pub(super) fn fibre_ways(study: &Study, roots: &[Root], dark: &[usize]) -> Vec<VillageWay> {
    if study.config.planning.service != ServiceKind::Broadband {
        return Vec::new();
    }
    let fibres = village_fibre(study, roots, dark).into_iter().enumerate();
    let way = |(place, fibre): (usize, Option<VillageFibre>)| {
        let fibre = fibre?;
        let (cost_million_vnd, yearly_cost_million_vnd) = (fibre.cost_million_vnd, fibre.per_year_million_vnd);
        Some(VillageWay { place, kind: WayKind::Fibre(fibre), cost_million_vnd, yearly_cost_million_vnd })
    };
    fibres.filter_map(way).collect()
}

/// The cheapest fallback of a village: a repeater where its best cell lacks little enough, else a satellite terminal.
pub(super) fn fallback_way(study: &Study, service: &VillageService, place: usize) -> VillageWay {
    let planning = &study.config.planning;
    let &Fallback { satellite, satellite_per_year, repeater, repeater_per_year, repeater_lifts_db, .. } =
        &planning.fallback;
    let way = |kind, cost_million_vnd, yearly_cost_million_vnd| VillageWay {
        place,
        kind,
        cost_million_vnd,
        yearly_cost_million_vnd,
    };
    let lacks_db = service.of(planning.service).margin_db.map(|margin_db| (-margin_db).max(0.0));
    let repeated = lacks_db.filter(|lacks_db| *lacks_db <= repeater_lifts_db);
    let repeated = repeated.map(|lacks_db| way(WayKind::Repeater { lacks_db }, repeater, repeater_per_year));
    let terminal = way(WayKind::Satellite, satellite, satellite_per_year);
    let cost = |way: &VillageWay| planning.costs.on_basis(way.cost_million_vnd, way.yearly_cost_million_vnd);
    repeated.into_iter().chain([terminal.clone()]).min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(terminal)
}

/// The fallbacks that a plan may choose, given which villages something else can serve.
pub(super) fn fallback_ways(study: &Study, services: &[&VillageService], reachable: &[bool]) -> Vec<VillageWay> {
    let wanted = |place: &usize| match study.config.planning.fallback.when {
        FallbackUse::Alternative => true,
        FallbackUse::LastResort => !reachable[*place],
        FallbackUse::Never => false,
    };
    (0..services.len()).filter(wanted).map(|place| fallback_way(study, services[place], place)).collect()
}
