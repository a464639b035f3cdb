//! The masts of a network: whose losses are computed together, in which order, and what their cells make of them.

use super::Transmitter;
use super::antenna_tables::AntennaTables;
use super::cells::Network;
use super::correction::CorrectionTable;
use super::directions::{Directions, Heights};
use super::matrix::LossMatrix;
use super::merge::{Layer, STEPS_PER_DB, blocks};
use super::path_loss::PathLosses;
use crate::geodesy::LonLat;
use crate::radio::Technology;
use crate::study::{Cell, Site, Study};
use crate::terrain::Terrain;
use ndarray::Array2;
use std::collections::BTreeMap;
use std::ops::Range;

/// The sites at one place.
pub(super) struct Mast {
    position: LonLat,
    /// Indices in the study, ascending by id.
    pub(super) sites: Vec<usize>,
}

/// The masts of a study in the order of a curve through the terrain that seldom jumps (Morton 1966).
fn masts_along_a_curve(study: &Study) -> Vec<Mast> {
    let place = |site: &Site| {
        let (x, y) = study.terrain.locator.locate(site.position);
        let (row, column) = study.terrain.grid.transform.row_column(x, y);
        spread_bits(row as u32) << 1 | spread_bits(column as u32)
    };
    let mut sites: Vec<usize> = (0..study.sites.len()).collect();
    sites.sort_by_cached_key(|&index| {
        let site = &study.sites[index];
        (place(site), site.position.lon_deg.to_bits(), site.position.lat_deg.to_bits(), site.id.clone())
    });
    let position = |index: usize| study.sites[index].position;
    let together = sites.chunk_by(|&a, &b| position(a) == position(b));
    together.map(|sites| Mast { position: position(sites[0]), sites: sites.to_vec() }).collect()
}

/// The bits of a number with a zero between each and the next.
fn spread_bits(number: u32) -> u64 {
    (0..u32::BITS).fold(0, |all, bit| all | u64::from(number >> bit & 1) << (2 * bit))
}

/// Bytes of loss matrices and attenuations that are held at once, where threads do not need more.
const MATRIX_BYTES: f64 = 256e6;

/// Masts at once for each thread: the more, the less the threads wait for one another.
const MASTS_PER_THREAD: usize = 4;

/// Cells that share their path loss.
struct Shared {
    height_agl_m: f64,
    frequency_mhz: f64,
    reach_km: f64,
    /// Places in the network.
    cells: Vec<usize>,
}

/// The masts with what their losses and levels need.
pub(super) struct Masts<'a> {
    study: &'a Study,
    network: &'a Network,
    losses: &'a PathLosses<'a>,
    tables: AntennaTables<'a>,
    corrections: BTreeMap<Technology, CorrectionTable>,
    /// Along a curve on which neighbours lie near one another.
    pub(super) masts: Vec<Mast>,
}

impl<'a> Masts<'a> {
    pub(super) fn of(study: &'a Study, network: &'a Network, losses: &'a PathLosses<'a>) -> Self {
        let of = |technology| Some((technology, CorrectionTable::of(study.correction.of(technology)?)));
        let corrections = Technology::ALL.into_iter().filter_map(of).collect();
        Self {
            study,
            network,
            losses,
            tables: AntennaTables::new(study),
            corrections,
            masts: masts_along_a_curve(study),
        }
    }

    /// How many sites masts have.
    pub(super) fn sites(&self, masts: &[Mast]) -> u64 {
        masts.iter().map(|mast| mast.sites.len() as u64).sum()
    }

    fn properties(&self, place: usize) -> &Cell {
        self.network.properties(self.study, &self.network.cells[place])
    }

    fn radius_km(&self, technology: Technology) -> f64 {
        self.study.config.coverage.radius_km.get(&technology).copied().unwrap_or(0.0)
    }

    /// How many of the masts are computed at once: enough for all threads to have work, and not more than memory should hold.
    pub(super) fn at_once(&self, masts: &[Mast]) -> usize {
        let threads = rayon::current_num_threads();
        let most = masts.len().min(MASTS_PER_THREAD * threads);
        let mut bytes = 0.0;
        let bytes_per_pixel = |shared: &Shared| {
            let directional = |&&place: &&usize| self.tables.has_direction(self.properties(place).antenna);
            2 * (1 + shared.cells.iter().filter(directional).count())
        };
        let fits = |mast: &&Mast| {
            let pixels = |shared: &Shared| 2.0 * shared.reach_km * 1000.0 / self.study.terrain.pixel_size_m;
            let of = |shared: &Shared| bytes_per_pixel(shared) as f64 * pixels(shared).powi(2);
            bytes += self.shared_losses(mast).iter().map(of).sum::<f64>();
            bytes <= MATRIX_BYTES
        };
        masts.iter().take(most).take_while(fits).count().max(most.min(threads))
    }

    /// The path losses that a mast's cells need: cells of a site share one by height and frequency as far as the farthest of them reaches, and
    /// sites share it where it reaches as far. So what one site gets does not depend on the others.
    fn shared_losses(&self, mast: &Mast) -> Vec<Shared> {
        let mut all: Vec<Shared> = Vec::new();
        for &site in &mast.sites {
            let mut own: Vec<Shared> = Vec::new();
            for &place in &self.network.places[site] {
                let cell = self.properties(place);
                let (height_agl_m, frequency_mhz) = (cell.height_agl_m, cell.frequency_mhz);
                let reach_km = self.radius_km(cell.technology);
                match own.iter_mut().find(|s| (s.height_agl_m, s.frequency_mhz) == (height_agl_m, frequency_mhz)) {
                    Some(shared) => {
                        shared.reach_km = shared.reach_km.max(reach_km);
                        shared.cells.push(place);
                    }
                    None => own.push(Shared { height_agl_m, frequency_mhz, reach_km, cells: vec![place] }),
                }
            }
            for shared in own.into_iter().filter(|shared| shared.reach_km > 0.0) {
                let what = |s: &Shared| (s.height_agl_m, s.frequency_mhz, s.reach_km);
                match all.iter_mut().find(|other| what(other) == what(&shared)) {
                    Some(other) => other.cells.extend(shared.cells),
                    None => all.push(shared),
                }
            }
        }
        all
    }

    /// Losses with the cells that have them, as measurements correct them: once for each technology that has a correction.
    fn corrected(&self, matrix: LossMatrix, cells: Vec<usize>) -> Vec<(LossMatrix, Vec<usize>)> {
        let mut groups: BTreeMap<Option<Technology>, Vec<usize>> = BTreeMap::new();
        for place in cells {
            let technology = self.properties(place).technology;
            groups.entry(Some(technology).filter(|t| self.corrections.contains_key(t))).or_default().push(place);
        }
        let plain = groups.remove(&None);
        let mut all: Vec<(LossMatrix, Vec<usize>)> = Vec::with_capacity(groups.len() + 1);
        for (technology, cells) in groups {
            let table = technology.and_then(|technology| self.corrections.get(&technology));
            all.extend(table.map(|table| (table.corrected(&matrix, self.study.land_cover.as_ref()), cells)));
        }
        all.extend(plain.map(|cells| (matrix, cells)));
        all
    }

    /// The losses around a mast that reach into some rows, each with the cells that have it.
    pub(super) fn layers(&self, mast: &Mast, rows: &Range<usize>) -> Vec<(LossMatrix, Vec<Layer>)> {
        let of = |shared: Shared| {
            let Shared { height_agl_m, frequency_mhz, reach_km, cells } = shared;
            let transmitter = Transmitter { position: mast.position, height_agl_m, frequency_mhz };
            let radius_m = reach_km * 1000.0;
            if !self.losses.reaches(&transmitter, radius_m, rows) {
                return Vec::new();
            }
            let matrix = self.losses.around(&transmitter, radius_m);
            let corrected = matrix.map_or_else(Vec::new, |matrix| self.corrected(matrix, cells)).into_iter();
            let with_layers = |(matrix, cells): (LossMatrix, Vec<usize>)| {
                let attenuations = self.attenuations(&transmitter, radius_m, &matrix, &cells);
                let layers = cells.into_iter().zip(attenuations);
                let layers = layers.map(|(place, attenuation)| self.layer(place, mast, reach_km, &matrix, attenuation));
                let layers = layers.collect();
                (matrix, layers)
            };
            corrected.map(with_layers).collect()
        };
        self.shared_losses(mast).into_iter().flat_map(of).collect()
    }

    fn layer(
        &self,
        place: usize,
        mast: &Mast,
        reach_km: f64,
        matrix: &LossMatrix,
        attenuation: Option<Array2<u16>>,
    ) -> Layer {
        let cell = &self.network.cells[place];
        let properties = self.properties(place);
        let radius_km = self.radius_km(properties.technology);
        let terrain = &self.study.terrain;
        let steps = |db: f64| (db * f64::from(STEPS_PER_DB)).round() as i32;
        Layer {
            carrier: cell.carrier,
            cell: place as u32,
            at_zero_loss: steps(cell.budget.level_at_zero_loss_dbm),
            attenuation,
            load: cell.budget.load as f32,
            serves_from: cell.signal.is_possible().then(|| steps(f64::from(cell.signal.level_dbm))),
            operator: self.network.carriers[cell.carrier].operator,
            blocks: if cell.signal.is_possible() { blocks::SIGNAL } else { 0 }
                | if cell.broadband.is_possible() { blocks::BROADBAND } else { 0 },
            within: (radius_km < reach_km).then(|| disc(terrain, mast.position, matrix, radius_km * 1000.0)),
        }
    }

    /// What the antennas of cells take from their levels; `None` for those that radiate alike in all directions.
    fn attenuations(
        &self,
        transmitter: &Transmitter,
        radius_m: f64,
        matrix: &LossMatrix,
        cells: &[usize],
    ) -> Vec<Option<Array2<u16>>> {
        let directed = |place: &&usize| self.tables.has_direction(self.properties(**place).antenna);
        if !cells.iter().any(|place| directed(&place)) {
            return vec![None; cells.len()];
        }
        let terrain = &self.study.terrain;
        let ground_m = terrain.height_m(transmitter.position).unwrap_or(0.0);
        let heights = Heights {
            antenna_amsl_m: (ground_m + transmitter.height_agl_m) as f32,
            receiver_agl_m: self.study.config.propagation.receiver_height_m as f32,
        };
        let directions = Directions::of(terrain, transmitter.position, radius_m, matrix);
        let depressions = directions.depressions(terrain, matrix, heights);
        let of = |place: &usize| {
            let cell = self.properties(*place);
            let table = self.tables.of(cell.antenna)?;
            Some(directions.attenuations(&depressions, table.get(), &cell.orientation()))
        };
        cells.iter().map(of).collect()
    }
}

/// Columns of each row of a matrix within a radius of its transmitter.
fn disc(terrain: &Terrain, center: LonLat, matrix: &LossMatrix, radius_m: f64) -> Vec<Range<usize>> {
    let transform = &terrain.grid.transform;
    let (height, width) = matrix.size();
    let (x, y) = terrain.locator.locate(center);
    let nearest = transform.row_column(x, y).1 - matrix.origin.1 as f64;
    let nearest = nearest.round().clamp(0.0, width as f64 - 1.0) as usize;
    let columns = |row: usize| {
        let beyond = |column: usize| {
            let (x, y) = transform.center((matrix.origin.0 + row) as f64, (matrix.origin.1 + column) as f64);
            terrain.locator.position(x, y).distance_m(center) > radius_m
        };
        if beyond(nearest) {
            return 0..0;
        }
        // along a row the distance grows on both sides of the nearest pixel
        let west = first_where(0, nearest, |column| !beyond(column));
        west..first_where(nearest + 1, width, beyond)
    };
    (0..height).map(columns).collect()
}

/// The first of the numbers from `start` for which something holds that holds for all after it; `end` when there is none.
fn first_where(start: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (start, end);
    while start < end {
        let middle = start.midpoint(end);
        if holds(middle) { end = middle } else { start = middle + 1 }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::LossRaster;
    use crate::coverage::path_loss::tests::terrain;

    #[test]
    fn a_disc_holds_the_pixels_within_its_radius() {
        for epsg in [4326, 32648] {
            let terrain = terrain(epsg);
            let position = |row: f64, column: f64| {
                let (x, y) = terrain.grid.transform.center(row, column);
                terrain.locator.position(x, y)
            };
            let loss_db = Array2::from_elem((100, 90), 100.0);
            let matrix = LossMatrix::of(&LossRaster { origin: (40, 50), loss_db, receivers: 0, missing_terrain: 0 });
            for center in [position(80.3, 91.8), position(41.0, 50.2), position(120.0, 138.9)] {
                let rows = disc(&terrain, center, &matrix, 2_500.0);
                assert_eq!(rows.len(), 100);
                for (row, columns) in rows.iter().enumerate() {
                    for column in 0..90 {
                        let pixel = position((40 + row) as f64, (50 + column) as f64);
                        let within = pixel.distance_m(center) <= 2_500.0;
                        assert_eq!(columns.contains(&column), within, "EPSG:{epsg} {row} {column}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_curve_visits_a_square_before_it_leaves_it() {
        let code = |row: u32, column: u32| spread_bits(row) << 1 | spread_bits(column);
        assert_eq!([code(0, 0), code(0, 1), code(1, 0), code(1, 1), code(0, 2)], [0, 1, 2, 3, 4]);
        assert_eq!(code(u32::MAX, u32::MAX), u64::MAX);
    }
}
