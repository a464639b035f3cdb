//! Hidden pockets: sheltered hollows far from the roads, where a few hamlets live behind ridges.

use super::communes::{Communes, WARDS};
use super::lattice::Lattice;
use super::noise::Rng;
use super::roads::Roads;
use super::terrain::Terrain;
use super::visibility::distance_km;

/// A hollow and the hamlets it holds.
#[derive(Debug, Clone)]
pub(crate) struct Pocket {
    /// Its middle, km.
    pub(crate) center_km: (f64, f64),
    /// Places of its hamlets, km.
    pub(crate) hamlets_km: Vec<(f64, f64)>,
}

/// Number of pockets looked for.
const COUNT: usize = 58;
/// Least distance between two pockets, km.
const APART_KM: f64 = 5.0;
/// Hamlets in all pockets together.
const HAMLETS: usize = 152;
/// Nobody else lives this near a pocket's middle, km.
pub(crate) const EMPTY_KM: f64 = 3.7;

/// How high the horizon stands around a point: mean and least tangent over 24 directions.
fn horizon(terrain: &Terrain, point_km: (f64, f64)) -> (f64, f64) {
    let eye = terrain.height_m(point_km.0, point_km.1) + 2.0;
    let (mut sum, mut least) = (0.0, f64::INFINITY);
    for k in 0..24 {
        let angle = 2.0 * std::f64::consts::PI * f64::from(k) / 24.0;
        let (east, south) = (libm::cos(angle), libm::sin(angle));
        let mut highest = f64::NEG_INFINITY;
        for s in 1..=22 {
            let km = 0.2 * f64::from(s);
            let pixel = terrain.pixel(point_km.0 + east * km, point_km.1 + south * km);
            highest = f64::max(highest, (terrain.z[pixel] - eye) / (km * 1000.0));
        }
        sum += highest;
        least = least.min(highest);
    }
    (sum / 24.0, least)
}

/// The most sheltered of several draws around a point, with its score.
fn hollow(terrain: &Terrain, rng: &mut Rng, around_km: (f64, f64), reach_km: f64, draws: usize) -> (f64, (f64, f64)) {
    let mut best = (f64::NEG_INFINITY, around_km);
    for _ in 0..draws {
        let point = (around_km.0 + rng.range(-reach_km, reach_km), around_km.1 + rng.range(-reach_km, reach_km));
        let (mean, least) = horizon(terrain, point);
        let score = mean + 0.8 * least - 0.25 * terrain.slope[terrain.pixel(point.0, point.1)];
        if score > best.0 {
            best = (score, point);
        }
    }
    best
}

/// Finds the pockets.
pub(crate) fn find(terrain: &Terrain, lattice: &Lattice, communes: &Communes, roads: &Roads) -> Vec<Pocket> {
    let mut rng = Rng::new(45);
    let mut ranked: Vec<(f64, (f64, f64))> = Vec::new();
    for cell in 0..lattice.z.len() {
        let (x, y) = lattice.center_km(cell);
        let label = communes.label[cell] as usize;
        let road_km = roads.distance_km[cell];
        // A third of the cells is looked at, in an even pattern.
        if label <= WARDS || road_km < 2.6 || !(cell / lattice.columns + 2 * (cell % lattice.columns)).is_multiple_of(3)
        {
            continue;
        }
        if communes.list.iter().any(|c| distance_km(c.seat_km, (x, y)) < EMPTY_KM + 0.8) {
            continue;
        }
        let (score, point) = hollow(terrain, &mut rng, (x, y), 0.35, 3);
        ranked.push((score + 0.035 * road_km.min(9.0), point));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.0.total_cmp(&b.1.0)));
    let mut pockets: Vec<Pocket> = Vec::new();
    for &(_, center_km) in &ranked {
        if pockets.len() < COUNT && pockets.iter().all(|p| distance_km(p.center_km, center_km) >= APART_KM) {
            pockets.push(Pocket { center_km, hamlets_km: vec![center_km] });
        }
    }
    let mut count = pockets.len();
    for _ in 0..2000 {
        let k = rng.below(pockets.len());
        let middle = pockets[k].center_km;
        let around = (middle.0 + rng.range(-1.5, 1.5), middle.1 + rng.range(-1.5, 1.5));
        let (score, point) = hollow(terrain, &mut rng, around, 0.4, 8);
        let apart = pockets[k].hamlets_km.iter().all(|h| distance_km(*h, point) > 0.5);
        let inside = communes.label[lattice.cell(point.0, point.1)] as usize > WARDS;
        if count < HAMLETS && pockets[k].hamlets_km.len() < 6 && apart && inside && score > 0.25 {
            pockets[k].hamlets_km.push(point);
            count += 1;
        }
    }
    pockets
}
