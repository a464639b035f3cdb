//! Land and what lies on it: areas of one's own country and of what must not be built on, roads and power lines.

use super::commune_areas::outline_distance_m;
use super::position::{is_on_earth, not_on_earth};
use super::{GivenCandidate, Site, Village};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use geo::{Geometry, Intersects, LineString, LinesIter, MultiPolygon, Point};

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

/// Borders are drawn so coarsely that a village this far outside, m, may belong to the country.
const BORDER_M: f64 = 1_000.0;

/// Leaves out villages abroad: nobody there is to be served by this study. Those next to the border are kept; all of them are named.
pub(super) fn drop_foreign_villages(
    villages: &mut Vec<Village>,
    country: &MultiPolygon<f64>,
    file: &str,
    problems: &mut Problems,
) {
    let abroad = |village: &Village| {
        let edges = || country.lines_iter().map(|line| [line.start.into(), line.end.into()]);
        (!holds(country, village.position)).then(|| outline_distance_m(edges(), village.position))
    };
    let count = villages.len();
    villages.retain(|village| {
        let Some(distance_m) = abroad(village) else { return true };
        let is_kept = distance_m <= BORDER_M;
        let (effect, kind) = if is_kept {
            ("m outside inputs.country and is kept: the border may be drawn coarsely", Kind::Noticed)
        } else {
            ("m outside inputs.country and is left out", Kind::Dropped)
        };
        let message = format!("\"{}\" lies {distance_m:.0} {effect}", village.id);
        let problem = Problem::warning(file, message).at_row(village.row).in_field("lon, lat");
        problems.push(problem.of_kind(kind, 1));
        is_kept
    });
    if 2 * villages.len() < count {
        let message = format!("{} of {count} villages lie outside inputs.country", count - villages.len());
        let hint = "is it the area of the right country, and is its coordinate system right (crs = \"EPSG:…\")?";
        problems.push(Problem::error(file, message).in_field("lon, lat").suggest(hint));
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
