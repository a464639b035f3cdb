//! Land and what lies on it: areas of one's own country and of what must not be built on, roads and power lines.

use super::position::{is_on_earth, not_on_earth};
use super::{GivenCandidate, Site};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use geo::{Geometry, Intersects, LineString, MultiPolygon, Point};

/// The areas of a table, as one.
pub(super) fn read_areas(table: &Table, problems: &mut Problems) -> MultiPolygon<f64> {
    let mut all = MultiPolygon::new(Vec::new());
    for row in 0..table.len() {
        match table.geometry(row) {
            Some(Geometry::Polygon(area)) => all.0.push(area.clone()),
            Some(Geometry::MultiPolygon(areas)) => all.0.extend_from_slice(&areas.0),
            _ => {
                let problem = Problem::error(&table.file, "must be an area").at_row(table.row_number(row));
                problems.push(problem.in_field("geometry"));
            }
        }
    }
    if all.0.is_empty() {
        problems.push(Problem::error(&table.file, "has no areas; at least one is needed"));
    }
    all
}

fn holds(areas: &MultiPolygon<f64>, place: LonLat) -> bool {
    areas.intersects(&Point::new(place.lon_deg, place.lat_deg))
}

/// Marks the sites that stand abroad: their signal is not credited.
pub(super) fn mark_foreign(sites: &mut [Site], country: &MultiPolygon<f64>, file: &str, problems: &mut Problems) {
    let mut count = 0;
    for site in sites {
        site.is_foreign = !holds(country, site.position);
        count += usize::from(site.is_foreign);
    }
    if count > 0 {
        let message = format!("{count} site(s) stand outside inputs.country; their signal is not credited");
        problems.push(Problem::warning(file, message).of_kind(Kind::Noticed, count));
    }
}

/// Leaves out candidates on land where nothing may be built, unless a mast stands there already.
pub(super) fn drop_excluded(
    candidates: &mut Vec<GivenCandidate>,
    exclusions: &MultiPolygon<f64>,
    file: &str,
    problems: &mut Problems,
) {
    let is_free = |candidate: &GivenCandidate| candidate.existing_tower || !holds(exclusions, candidate.position);
    for candidate in candidates.iter().filter(|candidate| !is_free(candidate)) {
        let message = format!("candidate \"{}\" lies in inputs.exclusions and is left out", candidate.id);
        let problem = Problem::warning(file, message).at_row(candidate.row).in_field("lon, lat");
        problems.push(problem.of_kind(Kind::Dropped, 1));
    }
    candidates.retain(is_free);
}

/// The lines of a table of roads or power lines.
pub(super) fn read_lines(table: &Table, problems: &mut Problems) -> Vec<LineString<f64>> {
    let mut read = Vec::new();
    for row in 0..table.len() {
        let mut fault = |message: &str| {
            let problem = Problem::error(&table.file, message).at_row(table.row_number(row));
            problems.push(problem.in_field("geometry"));
        };
        let lines = match table.geometry(row) {
            Some(Geometry::LineString(line)) => std::slice::from_ref(line),
            Some(Geometry::MultiLineString(lines)) => &lines.0[..],
            _ => {
                fault("must be a line");
                continue;
            }
        };
        match lines.iter().flatten().find(|vertex| !is_on_earth(**vertex)) {
            Some(vertex) => fault(&not_on_earth(vertex.x, vertex.y)),
            None => read.extend_from_slice(lines),
        }
    }
    read
}
