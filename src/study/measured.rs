//! Measured sites outside the study. A crowd-sourced table holds a whole country; what does not matter here is counted and
//! left out, where an inventory's site off the terrain is a fault.

use super::{Commune, Site, StudyFile, Village};
use crate::geodesy::{BoundingBox, LonLat};
use crate::problem::{Kind, Problem, Problems};
use crate::terrain::Terrain;
use geo::BoundingRect;

/// Drops sites that no cell's radius brings to the villages and communes.
pub(super) fn drop_far(
    sites: &mut Vec<Site>,
    config: &StudyFile,
    villages: &[Village],
    communes: &[Commune],
    problems: &mut Problems,
) {
    let corners = communes.iter().filter_map(|c| c.area.bounding_rect()).flat_map(|r| [r.min(), r.max()]);
    let points = villages.iter().map(|v| v.position).chain(corners.map(|c| LonLat::new(c.x, c.y)));
    let Some(area) = BoundingBox::around(points) else { return };
    let reach_km = config.coverage.radius_km.values().copied().fold(1.0, f64::max);
    let near = area.expanded(reach_km * 1000.0);
    let why = format!("lie more than {reach_km} km outside the box around the villages and communes");
    drop(sites, config.inputs.sites.name(), &why, |position| near.contains(position), problems);
}

/// Drops sites without a terrain height.
pub(super) fn drop_off_terrain(sites: &mut Vec<Site>, file: &str, terrain: &Terrain, problems: &mut Problems) {
    let why = "have no terrain height; the terrain files do not reach them or have a void there";
    drop(sites, file, why, |position| terrain.height_m(position).is_some(), problems);
}

fn drop(sites: &mut Vec<Site>, file: &str, why: &str, keep: impl Fn(LonLat) -> bool, problems: &mut Problems) {
    let mut cells = 0;
    let mut first_row = None;
    sites.retain(|site| {
        let kept = keep(site.position);
        if !kept {
            cells += site.cells.len();
            first_row = first_row.or(site.cells.first().map(|cell| cell.row));
        }
        kept
    });
    if cells > 0 {
        let message = format!("{cells} cell(s) {why}; they were left out, this is the first");
        problems.push(Problem { row: first_row, ..Problem::warning(file, message).of_kind(Kind::Dropped, cells) });
    }
}
