//! The layers of dead zones: the villages of each in a hull, and the land without the service around them.

use super::super::Results;
use super::{Columns, INTEGER, TEXT, ids, layer, real};
use crate::io::{GeometryType, Layer};
use crate::service::Gap;
use geo::Geometry;

/// Dead zones as hulls round their villages.
pub(super) fn gaps(results: &Results<'_>) -> Layer {
    let study = results.study;
    let columns = Columns::<&Gap>::new()
        .with("id", TEXT, |gap| gap.id.clone())
        .with("villages", INTEGER, |gap| gap.villages.len())
        .with("people", INTEGER, |gap| gap.people)
        .with("households", INTEGER, |gap| gap.households)
        .with("villages_without_electricity", INTEGER, |gap| gap.without_electricity)
        .with("not_spot_km2", real(2), |gap| gap.land.as_ref().map(|land| land.area_km2))
        .with("reason", TEXT, |gap| gap.reason.name())
        .with("remedy", TEXT, |gap| gap.remedy.help.name())
        .with("remedy_site", TEXT, |gap| gap.remedy.site.map(|site| study.sites[site].id.clone()))
        .with("remedy_lacks_db", real(1), |gap| gap.remedy.lacks_db)
        .with("center_lon", real(6), |gap| gap.center.lon_deg)
        .with("center_lat", real(6), |gap| gap.center.lat_deg)
        .with("village_ids", TEXT, |gap| ids(&study.villages, &gap.villages));
    let rows = results.gaps.iter().map(|gap| (Geometry::Polygon(gap.area.clone()), gap));
    let description = "Dead zones: clusters of villages without the service, most people first.";
    layer(results, "gaps", description, GeometryType::MultiPolygon, rows, columns)
}

/// The land without the service around the villages of dead zones.
pub(super) fn gap_land(results: &Results<'_>) -> Layer {
    let columns = Columns::<(&Gap, f64)>::new()
        .with("gap", TEXT, |row| row.0.id.clone())
        .with("not_spot_km2", real(2), |row| row.1)
        .with("people", INTEGER, |row| row.0.people)
        .with("reason", TEXT, |row| row.0.reason.name());
    let land = results.gaps.iter().filter_map(|gap| Some((gap, gap.land.as_ref()?)));
    let rows = land.map(|(gap, land)| (Geometry::MultiPolygon(land.outline.clone()), (gap, land.area_km2)));
    let description = "Land without the service around the villages of dead zones. Predictions.";
    layer(results, "gap_land", description, GeometryType::MultiPolygon, rows, columns)
}
