//! Where a mast could stand, what each place would reach, and which villages can stay hidden from all of them.

use super::communes::{Communes, WARDS};
use super::lattice::Lattice;
use super::noise::Rng;
use super::roads::Roads;
use super::terrain::Terrain;
use super::villages::{Kind, Village};
use super::visibility::{End, REACH_KM, distance_km, loss_db};

/// Highest EIRP of a 900 MHz carrier with sector antennas, dBm.
const REFERENCE_DBM: f64 = 59.0;
/// Highest EIRP of a 900 MHz carrier with an omnidirectional antenna, dBm.
const LOW_DBM: f64 = 52.0;
/// A village is served by a place at this level or more, dBm.
pub(crate) const SERVED_DBM: f64 = -88.0;
/// A hidden village hears no place above one of these median levels, dBm: the darkest are looked for first.
const HIDDEN_DBM: [f64; 4] = [-101.0, -99.0, -97.0, -95.0];
/// Villages to hide.
pub(crate) const HIDDEN: usize = 138;

/// What a place is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// In the town or at a commune seat.
    Seat,
    /// By a main road.
    Road,
    /// In a village.
    Village,
    /// On a height near a village.
    Hill,
    /// A low mast with an omnidirectional antenna on a valley floor.
    Low,
}

impl Setting {
    /// Highest EIRP of a 900 MHz carrier, dBm.
    pub(crate) fn eirp_dbm(self) -> f64 {
        if self == Self::Low { LOW_DBM } else { REFERENCE_DBM }
    }
}

/// A place for a mast.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Position and height of the antenna.
    pub(crate) end: End,
    /// What it is good for.
    pub(crate) setting: Setting,
    /// Villages within reach with the level each would hear, dBm, at the highest EIRP.
    pub(crate) hears: Vec<(usize, f64)>,
    /// Whether it would uncover a hidden village.
    pub(crate) forbidden: bool,
}

/// The highest of several draws around a point.
fn vantage(terrain: &Terrain, rng: &mut Rng, around_km: (f64, f64), reach_km: f64, draws: usize) -> (f64, f64) {
    let mut best = (f64::NEG_INFINITY, around_km);
    for _ in 0..draws {
        let point = (around_km.0 + rng.range(-reach_km, reach_km), around_km.1 + rng.range(-reach_km, reach_km));
        let height = terrain.z[terrain.pixel(point.0, point.1)];
        if height > best.0 {
            best = (height, point);
        }
    }
    best.1
}

/// All places with what they reach.
pub(crate) fn build(
    terrain: &Terrain,
    lattice: &Lattice,
    communes: &Communes,
    roads: &Roads,
    villages: &[Village],
) -> Vec<Place> {
    let mut rng = Rng::new(51);
    let mut spots: Vec<((f64, f64), f64, Setting)> = Vec::new();
    for (k, commune) in communes.list.iter().enumerate() {
        for _ in 0..if k < WARDS { 30 } else { 6 } {
            let reach = if k < WARDS { 2.0 } else { 0.9 };
            let around = (commune.seat_km.0 + rng.range(-reach, reach), commune.seat_km.1 + rng.range(-reach, reach));
            spots.push((vantage(terrain, &mut rng, around, 0.25, 4), rng.range(25.0, 38.0), Setting::Seat));
        }
    }
    for cell in 0..lattice.z.len() {
        if roads.class[cell].is_some_and(|c| c < 2) && communes.label[cell] > 0 && rng.chance(0.35) {
            spots.push((
                vantage(terrain, &mut rng, lattice.center_km(cell), 0.5, 7),
                rng.range(30.0, 45.0),
                Setting::Road,
            ));
        }
    }
    for village in villages {
        spots.push((vantage(terrain, &mut rng, village.place_km, 0.30, 5), rng.range(28.0, 42.0), Setting::Village));
        if village.kind != Kind::Town {
            spots.push((vantage(terrain, &mut rng, village.place_km, 1.0, 16), rng.range(30.0, 45.0), Setting::Hill));
            // A low mast on the valley floor serves its own village and little else.
            let low = (village.place_km.0 + rng.range(-0.12, 0.12), village.place_km.1 + rng.range(-0.12, 0.12));
            spots.push((low, 25.0, Setting::Low));
        }
    }
    spots.retain(|(point, _, _)| communes.label[lattice.cell(point.0, point.1)] > 0);
    spots
        .into_iter()
        .map(|(place_km, height_m, setting)| {
            let end = End { place_km, height_m: height_m.round() };
            let hears = villages
                .iter()
                .enumerate()
                .filter(|(_, v)| distance_km(v.place_km, place_km) < REACH_KM)
                .map(|(k, v)| (k, setting.eirp_dbm() - loss_db(terrain, end, v.place_km)))
                .collect();
            Place { end, setting, hears, forbidden: false }
        })
        .collect()
}

/// Chooses the villages to hide, and forbids every place that would uncover one of them.
///
/// Taken one by one, those few places reach first; hiding a village may leave neighbours without any place that serves
/// them, and these are then hidden with it if the pocket stays small.
pub(crate) fn hide(places: &mut [Place], villages: &[Village]) -> Vec<bool> {
    let n = villages.len();
    let mut heard_by: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
    for (p, place) in places.iter().enumerate() {
        for &(v, level) in &place.hears {
            heard_by[v].push((p, level));
        }
    }
    let exposure = |v: usize| heard_by[v].iter().filter(|h| h.1 > HIDDEN_DBM[0]).count();
    let mut order: Vec<(f64, usize)> = (0..n)
        .filter(|&v| {
            villages[v].kind == Kind::Remote || (villages[v].kind == Kind::Valley && villages[v].households < 60)
        })
        .map(|v| (exposure(v) as f64 * (0.6 + f64::from(villages[v].households) / 120.0), v))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut servers: Vec<usize> = (0..n).map(|v| heard_by[v].iter().filter(|h| h.1 >= SERVED_DBM).count()).collect();
    let (mut hidden, mut count) = (vec![false; n], 0);
    let mut in_commune = vec![0_usize; villages.iter().map(|v| v.commune + 1).max().unwrap_or(0)];
    let rounds = HIDDEN_DBM.iter().flat_map(|&level| [3_usize, 7, 16].map(|most| (level, most)));
    for (level_dbm, most) in rounds {
        for &(_, seed) in &order {
            if hidden[seed] || count >= HIDDEN || in_commune[villages[seed].commune] >= most {
                continue;
            }
            let (mut pocket, mut fallen, mut next) = (vec![seed], Vec::new(), 0);
            let mut left = servers.clone();
            let mut possible = true;
            while next < pocket.len() && possible {
                let v = pocket[next];
                next += 1;
                for &(p, level) in &heard_by[v] {
                    if level <= level_dbm || places[p].forbidden || fallen.contains(&p) {
                        continue;
                    }
                    fallen.push(p);
                    for &(other, level) in &places[p].hears {
                        if level >= SERVED_DBM && !hidden[other] {
                            left[other] -= 1;
                            if left[other] == 0 && !pocket.contains(&other) {
                                pocket.push(other);
                                possible &= villages[other].kind == Kind::Remote || villages[other].households < 100;
                            }
                        }
                    }
                }
                possible &= pocket.len() <= 6;
            }
            let seats = fallen.iter().filter(|&&p| places[p].setting == Setting::Seat).count();
            if possible && count + pocket.len() <= HIDDEN && seats <= 3 {
                for &v in &pocket {
                    hidden[v] = true;
                    in_commune[villages[v].commune] += 1;
                }
                count += pocket.len();
                fallen.iter().for_each(|&p| places[p].forbidden = true);
                servers = left;
            }
        }
    }
    hidden
}
