//! Rows of an inventory put together to sites, whatever their order.

use super::{OPERATOR, SITE_ID};
use crate::geodesy::LonLat;
use crate::problem::{Kind, Problem, Problems};
use crate::study::rows::Row;
use crate::study::site::{Cell, Site};
use std::collections::HashMap;

/// Cells of a site stand no farther from its middle, m.
const FARTHEST_CELL_M: f64 = 100.0;

/// Sites with the positions that their rows state.
#[derive(Default)]
pub(super) struct Gathering {
    sites: Vec<Gathered>,
    index_of: HashMap<String, usize>,
}

struct Gathered {
    site: Site,
    /// By cell.
    positions: Vec<LonLat>,
}

impl Gathering {
    /// Adds the cell of a row. Rows without an id are of the same site where place and operator are the same: masts are shared.
    pub(super) fn add(&mut self, row: &mut Row<'_>, id: Option<String>, position: LonLat, cell: Cell) {
        let operator = row.text(&OPERATOR).unwrap_or_default().to_owned();
        let of_place = || format!("{:.5},{:.5} {operator}", position.lat_deg, position.lon_deg).trim_end().to_owned();
        let id = id.unwrap_or_else(of_place);
        let next = self.sites.len();
        match self.sites.get_mut(*self.index_of.entry(id.clone()).or_insert(next)) {
            None => {
                let site = Site { id, operator, position, is_foreign: false, cells: vec![cell] };
                self.sites.push(Gathered { site, positions: vec![position] });
            }
            Some(Gathered { site, .. }) if site.operator != operator => {
                let first = site.cells.first().map_or(row.number, |cell| cell.row);
                let message = format!("has operator {operator:?} here and {:?} in row {first}", site.operator);
                row.fault(&SITE_ID, &id, &message);
            }
            Some(Gathered { site, positions }) => {
                site.cells.push(cell);
                positions.push(position);
            }
        }
    }

    /// The sites, each in the middle of its cells; cells too far from it are reported, others that stand elsewhere counted.
    pub(super) fn into_sites(self, file: &str, problems: &mut Problems) -> Vec<Site> {
        let (mut moved, mut farthest_m) = (0, 0.0f64);
        let mut settle = |Gathered { mut site, positions }: Gathered| {
            site.position = middle(&positions);
            for (cell, position) in site.cells.iter().zip(positions).filter(|(_, position)| *position != site.position)
            {
                let apart_m = site.position.distance_m(position);
                if apart_m > FARTHEST_CELL_M {
                    let message = format!(
                        "lies {apart_m:.0} m from the middle of the site's cells; they stand within {FARTHEST_CELL_M} m of it"
                    );
                    let problem = Problem::error(file, message).at_row(cell.row).in_field(SITE_ID.name());
                    problems.push(problem.with_value(&site.id));
                }
                moved += 1;
                farthest_m = farthest_m.max(apart_m);
            }
            site
        };
        let sites = self.sites.into_iter().map(&mut settle).collect();
        if moved > 0 {
            let message = format!(
                "of {moved} cell(s) is up to {farthest_m:.0} m from the middle of their site's cells, from which all of them radiate here"
            );
            problems.push(Problem::warning(file, message).in_field("lat, lon").of_kind(Kind::Corrected, moved));
        }
        sites
    }
}

/// The medians of longitudes and latitudes: one position that strays moves them little, and their order does not matter.
fn middle(positions: &[LonLat]) -> LonLat {
    let median = |of: fn(&LonLat) -> f64| {
        let mut all: Vec<f64> = positions.iter().map(of).collect();
        all.sort_unstable_by(f64::total_cmp);
        f64::midpoint(all[(all.len() - 1) / 2], all[all.len() / 2])
    };
    LonLat::new(median(|p| p.lon_deg), median(|p| p.lat_deg))
}
