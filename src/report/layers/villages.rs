//! The layer of villages, and the table of those where survey and prediction contradict one another.

use super::super::{Lookup, Results};
use super::{BOOLEAN, Columns, INTEGER, TEXT, layer, point, real};
use crate::io::{GeometryType, Layer};
use crate::planning::{CheapestWay, Outcome, Plan, WayKind};
use crate::service::{Assessment, Obstacle, Server, VillageService};
use crate::study::{MatchQuality, ServiceKind, Study, Survey, Village};

/// Names of the columns of a village's server: site, operator, technology, level, margin, distance, azimuth, and of the obstacle on the
/// way to it: distance from the village, top, height above the direct line, ν.
macro_rules! server_columns {
    ($server:literal) => {
        [
            concat!($server, "_site"),
            concat!($server, "_operator"),
            concat!($server, "_technology"),
            concat!($server, "_level_dbm"),
            concat!($server, "_margin_db"),
            concat!($server, "_distance_km"),
            concat!($server, "_azimuth_deg"),
            concat!($server, "_obstacle_km"),
            concat!($server, "_obstacle_amsl_m"),
            concat!($server, "_obstacle_above_line_m"),
            concat!($server, "_obstacle_nu"),
        ]
    };
}

/// The columns of the servers, best first.
const SERVERS: [[&str; 11]; 3] =
    [server_columns!("server_1"), server_columns!("server_2"), server_columns!("server_3")];

/// A village with everything that is known of it.
struct VillageRow<'a> {
    village: &'a Village,
    service: Option<&'a VillageService>,
    index: usize,
}

impl VillageRow<'_> {
    /// The server of a signal with a rank, best first.
    fn server(&self, rank: usize) -> Option<&Server> {
        self.service?.signal.servers.get(rank)
    }
}

/// Names of the columns of a service, and where its assessment and its survey stand.
type ServiceColumns = ([&'static str; 5], fn(&VillageService) -> &Assessment, fn(&Village) -> Survey);

const SERVICES: [ServiceColumns; 2] = [
    (
        ["signal_status", "signal_probability", "signal_margin_db", "signal_surveyed", "signal_gap"],
        |service| &service.signal,
        |village| village.reported_signal,
    ),
    (
        ["broadband_status", "broadband_probability", "broadband_margin_db", "broadband_surveyed", "broadband_gap"],
        |service| &service.broadband,
        |village| village.reported_broadband,
    ),
];

pub(super) fn villages(results: &Results<'_>, lookup: &Lookup) -> Layer {
    let study = results.study;
    let mut columns = Columns::<VillageRow<'_>>::new()
        .with("id", TEXT, |row| row.village.id.clone())
        .with("name", TEXT, |row| row.village.name.clone())
        .with("commune", TEXT, |row| (!row.village.commune.is_empty()).then(|| row.village.commune.clone()))
        .with("population", INTEGER, |row| row.village.population.map(u64::from))
        .with("households", INTEGER, |row| row.village.households.map(u64::from))
        .with("people", INTEGER, |row| u64::from(row.village.people()))
        .with("priority", real(2), |row| row.village.priority)
        .with("has_electricity", TEXT, |row| row.village.electricity.name())
        .with("fixed_broadband_households", INTEGER, |row| row.village.fixed_broadband_households.map(u64::from));
    for ([status, probability, margin, survey, gap], of, surveyed) in SERVICES {
        columns = columns
            .with(status, TEXT, move |row| row.service.map(|s| of(s).predicted.name()))
            .with(probability, real(3), move |row| row.service.and_then(|s| of(s).probability))
            .with(margin, real(1), move |row| row.service.and_then(|s| of(s).margin_db))
            .with(survey, TEXT, move |row| surveyed(row.village).name())
            .with(gap, BOOLEAN, move |row| row.service.map(|s| of(s).is_gap));
    }
    let throughput = |row: &VillageRow<'_>| row.service.and_then(|s| s.throughput_mbps);
    columns = columns
        .with("operators", TEXT, |row| row.service.map(|s| s.operators.join("; ")).filter(|names| !names.is_empty()))
        .with("throughput_down_mbps", real(2), move |row| throughput(row).map(|(down, _)| down))
        .with("throughput_up_mbps", real(2), move |row| throughput(row).map(|(_, up)| up));
    let footprint = |row: &VillageRow<'_>| row.service.and_then(|s| s.footprint);
    columns = columns.with("footprint_signal_share", real(3), move |row| footprint(row).map(|f| f.signal)).with(
        "footprint_broadband_share",
        real(3),
        move |row| footprint(row).map(|f| f.broadband),
    );
    for (rank, names) in SERVERS.into_iter().enumerate() {
        columns = server_columns(columns, study, names, rank);
    }
    let columns = outcome_columns(columns, results, lookup)
        .with("commune_stated", TEXT, |row| row.village.commune_stated.clone())
        .with("survey_match", TEXT, |row| row.village.survey_match.map(MatchQuality::name))
        .with("place_match", TEXT, |row| row.village.place_match.map(MatchQuality::name));
    let rows = study.villages.iter().enumerate().map(|(index, village)| {
        let service = results.services.as_ref().and_then(|all| all.get(index));
        (point(village.position), VillageRow { village, service, index })
    });
    let description = "Villages with predicted and surveyed service, and what the plan does for them. Predictions.";
    layer(results, "villages", description, GeometryType::Point, rows, columns)
}

/// Adds a server of a village with what stands in the way to it.
fn server_columns<'a>(
    columns: Columns<'a, VillageRow<'a>>,
    study: &'a Study,
    names: [&'static str; 11],
    rank: usize,
) -> Columns<'a, VillageRow<'a>> {
    let [site, operator, technology, level, margin, distance, azimuth, km, amsl, above, nu] = names;
    let cell = move |server: &Server| study.sites[server.site].cells[server.cell].technology.name();
    let obstacle = move |row: &VillageRow<'_>, of: fn(&Obstacle) -> f64| row.server(rank)?.obstacle.as_ref().map(of);
    columns
        .with(site, TEXT, move |row| row.server(rank).map(|s| study.sites[s.site].id.clone()))
        .with(operator, TEXT, move |row| row.server(rank).map(|s| study.sites[s.site].operator.clone()))
        .with(technology, TEXT, move |row| row.server(rank).map(cell))
        .with(level, real(1), move |row| row.server(rank).map(|s| s.level_dbm))
        .with(margin, real(1), move |row| row.server(rank).map(Server::margin_db))
        .with(distance, real(2), move |row| row.server(rank).map(|s| s.distance_m / 1000.0))
        .with(azimuth, real(0), move |row| row.server(rank).map(|s| s.azimuth_deg))
        .with(km, real(2), move |row| obstacle(row, |o| o.distance_m / 1000.0))
        .with(amsl, real(0), move |row| obstacle(row, |o| o.top_amsl_m))
        .with(above, real(1), move |row| obstacle(row, |o| o.above_line_m))
        .with(nu, real(2), move |row| obstacle(row, |o| o.nu))
}

/// Adds the dead zone of a village and what the plan does for it.
fn outcome_columns<'a>(
    columns: Columns<'a, VillageRow<'a>>,
    results: &'a Results<'_>,
    lookup: &'a Lookup,
) -> Columns<'a, VillageRow<'a>> {
    let outcome = |row: &VillageRow<'_>| lookup.outcome_of[row.index].as_ref();
    let built = move |row: &VillageRow<'_>| match (outcome(row), &results.plan) {
        (Some(Outcome::ServedBy { site, .. }), Some(plan)) => plan.sites.get(*site).map(|site| (plan, site)),
        _ => None,
    };
    let way = move |row: &VillageRow<'_>| match (outcome(row), &results.plan) {
        (Some(Outcome::OwnWay { way }), Some(plan)) => plan.ways.get(*way),
        _ => None,
    };
    let probability = move |row: &VillageRow<'_>| match outcome(row) {
        Some(Outcome::ServedBy { probability, .. }) => Some(*probability),
        _ => None,
    };
    let cheapest = move |row: &VillageRow<'_>| match (outcome(row), &results.plan) {
        (Some(Outcome::LeftOut { cheapest, .. }), Some(plan)) => Some((plan, cheapest)),
        _ => None,
    };
    let ids = |(plan, cheapest): (&Plan, &CheapestWay)| {
        let ids = cheapest.candidates.iter().map(|&c| plan.candidates[c].id.as_str());
        ids.chain(cheapest.own.as_ref().map(WayKind::name)).collect::<Vec<_>>().join(" ")
    };
    let year = move |row: &VillageRow<'_>| {
        let year = built(row).map_or_else(|| way(row).and_then(|way| way.year), |(_, site)| site.year);
        year.map(u64::from)
    };
    columns
        .with("gap", TEXT, |row| lookup.gap_of[row.index].map(|gap| results.gaps[gap].id.clone()))
        .with("outcome", TEXT, move |row| outcome(row).map(Outcome::name))
        .with("served_year", INTEGER, year)
        .with("planned_site", TEXT, move |row| built(row).map(|(plan, s)| plan.candidates[s.candidate].id.clone()))
        .with("planned_probability", real(3), probability)
        .with("planned_way", TEXT, move |row| way(row).map(|way| way.way.kind.name()))
        .with("planned_power", TEXT, move |row| built(row).map(|(_, site)| site.power.source.name()))
        .with("build_order", INTEGER, move |row| built(row).map(|(_, site)| site.order))
        .with("cost_share_million_vnd", real(1), |row| lookup.cost_share[row.index])
        .with("cheapest_way", TEXT, move |row| cheapest(row).map(ids))
        .with("cheapest_cost_million_vnd", real(1), move |row| cheapest(row).map(|(_, c)| c.cost_million_vnd))
}

/// The villages where survey and prediction contradict one another, by service and in the order of the study, with the best
/// server of the service.
pub(in crate::report) fn disagreements(results: &Results<'_>) -> Layer {
    let study = results.study;
    let site = |row: &(&'static str, &Assessment, VillageRow<'_>)| row.1.servers.first().map(|s| &study.sites[s.site]);
    let columns = Columns::<(&'static str, &Assessment, VillageRow<'_>)>::new()
        .with("service", TEXT, |row| row.0)
        .with("id", TEXT, |row| row.2.village.id.clone())
        .with("name", TEXT, |row| row.2.village.name.clone())
        .with("commune", TEXT, |row| (!row.2.village.commune.is_empty()).then(|| row.2.village.commune.clone()))
        .with("people", INTEGER, |row| u64::from(row.2.village.people()))
        .with("surveyed", TEXT, |row| row.1.surveyed.name())
        .with("predicted", TEXT, |row| row.1.predicted.name())
        .with("probability", real(3), |row| row.1.probability)
        .with("margin_db", real(1), |row| row.1.margin_db)
        .with("server_site", TEXT, move |row| site(row).map(|site| site.id.clone()))
        .with("server_operator", TEXT, move |row| site(row).map(|site| site.operator.clone()))
        .with("server_technology", TEXT, |row| {
            row.1.servers.first().map(|s| study.sites[s.site].cells[s.cell].technology.name())
        })
        .with("server_level_dbm", real(1), |row| row.1.servers.first().map(|s| s.level_dbm))
        .with("server_distance_km", real(2), |row| row.1.servers.first().map(|s| s.distance_m / 1000.0));
    let services: &[VillageService] = results.services.as_deref().unwrap_or_default();
    let of_service = |kind: ServiceKind| {
        let villages = study.villages.iter().zip(services).enumerate();
        let contradicting = villages.filter(move |(_, (_, service))| service.of(kind).contradicts_survey());
        contradicting.map(move |(index, (village, service))| {
            let row = VillageRow { village, service: Some(service), index };
            (point(village.position), (kind.name(), service.of(kind), row))
        })
    };
    let rows = ServiceKind::ALL.into_iter().flat_map(of_service);
    let description = "Villages where survey and prediction contradict one another.";
    layer(results, "disagreements", description, GeometryType::Point, rows, columns)
}
