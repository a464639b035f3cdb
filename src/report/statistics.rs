//! Coverage by commune: the layer `communes`, and `statistics.csv`.

use super::Results;
use super::layers::{Columns, layer};
use crate::coverage::{AreaStatistics, CommuneStatistics};
use crate::io::{FieldType, GeometryType, Layer};
use crate::service::{Status, VillageService};
use crate::study::{ServiceKind, Village};
use geo::{Geometry, MultiPolygon};

/// A row: a commune, an operator, or the whole province.
struct Row<'a> {
    name: Option<String>,
    /// As villages name it; `None` for all together.
    operator: Option<&'a str>,
    signal: Option<AreaStatistics>,
    broadband: Option<AreaStatistics>,
    villages: Vec<(&'a Village, Option<&'a VillageService>)>,
}

impl Row<'_> {
    /// Whether villages are told apart by a status of a service: of an operator only those are known that it serves with a signal.
    fn tells(&self, service: ServiceKind, status: Status) -> bool {
        self.operator.is_none() || (service, status) == (ServiceKind::Signal, Status::Served)
    }

    /// Whether a village has a status of a service that the row tells of.
    fn has(&self, village: &VillageService, service: ServiceKind, status: Status) -> bool {
        match self.operator {
            None => village.of(service).predicted == status,
            Some(operator) => village.operators.iter().any(|name| name == operator),
        }
    }
}

/// In the place of a commune's name where the row is about the whole.
const ALL_COMMUNES: &str = "(all)";

/// In the place of an operator's name that the table of sites does not state.
const NOT_STATED: &str = "(not stated)";

const KM2: FieldType = FieldType::Real { decimals: 2 };
const PEOPLE: FieldType = FieldType::Real { decimals: 0 };

/// Names of the columns of a service by land, by people of a population raster, and by villages, people and households in them.
type Names = ([&'static str; 4], [&'static str; 4], [&'static str; 4], [&'static str; 4], [&'static str; 4]);

const SIGNAL: Names = (
    ["signal_served_km2", "signal_marginal_km2", "signal_unserved_km2", "signal_unknown_km2"],
    [
        "signal_served_raster_people",
        "signal_marginal_raster_people",
        "signal_unserved_raster_people",
        "signal_unknown_raster_people",
    ],
    ["signal_served_villages", "signal_marginal_villages", "signal_unserved_villages", "signal_unknown_villages"],
    ["signal_served_people", "signal_marginal_people", "signal_unserved_people", "signal_unknown_people"],
    [
        "signal_served_households",
        "signal_marginal_households",
        "signal_unserved_households",
        "signal_unknown_households",
    ],
);
const BROADBAND: Names = (
    ["broadband_served_km2", "broadband_marginal_km2", "broadband_unserved_km2", "broadband_unknown_km2"],
    [
        "broadband_served_raster_people",
        "broadband_marginal_raster_people",
        "broadband_unserved_raster_people",
        "broadband_unknown_raster_people",
    ],
    [
        "broadband_served_villages",
        "broadband_marginal_villages",
        "broadband_unserved_villages",
        "broadband_unknown_villages",
    ],
    ["broadband_served_people", "broadband_marginal_people", "broadband_unserved_people", "broadband_unknown_people"],
    [
        "broadband_served_households",
        "broadband_marginal_households",
        "broadband_unserved_households",
        "broadband_unknown_households",
    ],
);

/// Predicted coverage by commune, on the communes' areas; `None` without communes.
pub(super) fn communes(results: &Results<'_>) -> Option<Layer> {
    let communes = &results.study.communes;
    let rows = communes.iter().enumerate().map(|(index, commune)| {
        let statistics = results.statistics.as_ref().and_then(|s| s.communes.get(index));
        (Geometry::MultiPolygon(commune.area.clone()), commune_row(results, &commune.name, statistics))
    });
    let description = "Communes with predicted signal and mobile broadband of their land and villages. Predictions.";
    let columns = columns(Columns::new().with("commune", FieldType::Text, |row: &Row<'_>| row.name.clone()));
    (!communes.is_empty()).then(|| layer(results, "communes", description, GeometryType::MultiPolygon, rows, columns))
}

/// The table of the whole, of its operators, and of the communes.
pub(super) fn statistics(results: &Results<'_>) -> Layer {
    let whole = results.statistics.as_ref();
    let all = || of_villages(results, |_| true);
    let (signal, broadband) = (whole.map(|s| s.signal), whole.map(|s| s.broadband));
    let mut rows = vec![Row { name: None, operator: None, signal, broadband, villages: all() }];
    rows.extend(whole.iter().flat_map(|s| &s.operators).map(|of| Row {
        name: None,
        operator: Some(&of.operator),
        signal: Some(of.signal),
        broadband: None,
        villages: all(),
    }));
    rows.extend(
        results
            .study
            .communes
            .iter()
            .enumerate()
            .map(|(index, commune)| commune_row(results, &commune.name, whole.and_then(|s| s.communes.get(index)))),
    );
    let rows = rows.into_iter().map(|row| (Geometry::MultiPolygon(MultiPolygon::new(Vec::new())), row));
    let commune = |row: &Row<'_>| row.name.clone().unwrap_or_else(|| ALL_COMMUNES.to_owned());
    let first = Columns::new().with("commune", FieldType::Text, commune).with("operator", FieldType::Text, |row| {
        row.operator.map(|name| if name.is_empty() { NOT_STATED } else { name })
    });
    let description = "Predicted coverage of the whole, by operator and by commune. Predictions.";
    layer(results, "statistics", description, GeometryType::MultiPolygon, rows, columns(first))
}

fn commune_row<'a>(results: &'a Results<'_>, name: &str, statistics: Option<&CommuneStatistics>) -> Row<'a> {
    Row {
        name: Some(name.to_owned()),
        operator: None,
        signal: statistics.map(|s| s.signal),
        broadband: statistics.map(|s| s.broadband),
        villages: of_villages(results, |village| village.commune == name),
    }
}

fn of_villages<'a>(
    results: &'a Results<'_>,
    belongs: impl Fn(&Village) -> bool,
) -> Vec<(&'a Village, Option<&'a VillageService>)> {
    let service = |index: usize| results.services.as_ref().and_then(|all| all.get(index));
    let villages = results.study.villages.iter().enumerate().filter(|(_, village)| belongs(village));
    villages.map(|(index, village)| (village, service(index))).collect()
}

/// Land, people and villages by status of both services.
fn columns<'a>(columns: Columns<'a, Row<'a>>) -> Columns<'a, Row<'a>> {
    let columns = columns.with("villages", FieldType::Integer, |row: &Row<'_>| row.villages.len());
    let columns = of_service(columns, &SIGNAL, |row| row.signal, ServiceKind::Signal);
    of_service(columns, &BROADBAND, |row| row.broadband, ServiceKind::Broadband)
}

fn of_service<'a>(
    mut columns: Columns<'a, Row<'a>>,
    (land, raster, villages, people, households): &Names,
    area: fn(&Row<'_>) -> Option<AreaStatistics>,
    kind: ServiceKind,
) -> Columns<'a, Row<'a>> {
    type Km2 = fn(&AreaStatistics) -> f64;
    let km2: [Km2; 4] = [|a| a.served_km2, |a| a.marginal_km2, |a| a.unserved_km2, |a| a.unknown_km2];
    let raster_people: [Km2; 4] = [
        |a| a.people.map_or(f64::NAN, |p| p.served),
        |a| a.people.map_or(f64::NAN, |p| p.marginal),
        |a| a.people.map_or(f64::NAN, |p| p.unserved),
        |a| a.people.map_or(f64::NAN, |p| p.unknown),
    ];
    for (names, field, of) in [(land, KM2, km2), (raster, PEOPLE, raster_people)] {
        for (name, of) in names.iter().zip(of) {
            columns = columns.with(name, field, move |row| area(row).map(|area| of(&area)));
        }
    }
    // a status is counted where villages were assessed at all
    let sum = move |row: &Row<'_>, status: Status, of: fn(&Village) -> u64| {
        let assessed = row.villages.iter().filter_map(|(village, service)| Some((village, (*service)?)));
        let mut assessed = assessed.peekable();
        assessed.peek().filter(|_| row.tells(kind, status))?;
        Some(assessed.filter(|(_, s)| row.has(s, kind, status)).map(|(village, _)| of(village)).sum::<u64>())
    };
    type Count = fn(&Village) -> u64;
    let counts: [Count; 3] =
        [|_| 1, |village| u64::from(village.people()), |village| u64::from(village.counted_households())];
    for (names, of) in [villages, people, households].into_iter().zip(counts) {
        for (name, status) in names.iter().zip(Status::ALL) {
            columns = columns.with(name, FieldType::Integer, move |row| sum(row, status, of));
        }
    }
    columns
}
