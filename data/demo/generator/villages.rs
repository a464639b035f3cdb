//! The villages: where people live, how many, and what each is called.

use anyhow::{Result, ensure};

use super::communes::{Communes, WARDS};
use super::lattice::Lattice;
use super::names;
use super::noise::{Rng, round_to, smoothstep};
use super::pockets::{self, EMPTY_KM, Pocket};
use super::roads::Roads;
use super::terrain::{Terrain, to_degrees, to_km};
use super::visibility::distance_km;

/// Villages of the province.
pub(crate) const COUNT: usize = 1462;
/// Households of the province.
const HOUSEHOLDS: f64 = 130_000.0;
/// People of the province.
const POPULATION: f64 = 540_000.0;

/// What kind of place a village is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A quarter of the town.
    Town,
    /// Near a commune seat.
    Seat,
    /// In a valley or by a road.
    Valley,
    /// Far from roads.
    Remote,
}

/// A village.
#[derive(Debug, Clone)]
pub(crate) struct Village {
    /// Name, unique in its commune.
    pub(crate) name: String,
    /// Index of its commune.
    pub(crate) commune: usize,
    /// Longitude, degrees.
    pub(crate) lon: f64,
    /// Latitude, degrees.
    pub(crate) lat: f64,
    /// Place, km.
    pub(crate) place_km: (f64, f64),
    /// What kind of place it is.
    pub(crate) kind: Kind,
    /// Distance to the nearest main road, km.
    pub(crate) road_km: f64,
    /// Whether it lies in the border belt in the north and east.
    pub(crate) border: bool,
    /// Households.
    pub(crate) households: u32,
    /// People.
    pub(crate) population: u32,
}

/// What the placing of villages looks at.
struct Land<'a> {
    terrain: &'a Terrain,
    lattice: &'a Lattice,
    communes: &'a Communes,
    roads: &'a Roads,
    pockets: Vec<Pocket>,
}

/// Places all villages, commune by commune.
pub(crate) fn build(terrain: &Terrain, lattice: &Lattice, communes: &Communes, roads: &Roads) -> Result<Vec<Village>> {
    let pockets = pockets::find(terrain, lattice, communes, roads);
    let land = Land { terrain, lattice, communes, roads, pockets };
    let mut rng = Rng::new(41);
    let quotas = quotas(&land);
    let mut list: Vec<Village> = Vec::with_capacity(COUNT);
    for (commune, &quota) in quotas.iter().enumerate() {
        let mut here = place(&land, &mut rng, commune, quota);
        ensure!(here.len() == quota, "commune {} holds {} of {quota} villages", commune + 1, here.len());
        here.sort_by(|a, b| a.kind_rank().cmp(&b.kind_rank()).then(a.lon.total_cmp(&b.lon)));
        let mut taken: Vec<String> = Vec::new();
        for (number, village) in here.iter_mut().enumerate() {
            village.name = names::village(&mut rng, commune < WARDS, number + 1, |n| taken.iter().any(|t| t == n));
            taken.push(village.name.clone());
        }
        list.extend(here);
    }
    people(&mut rng, &mut list);
    border_belt(lattice, communes, &mut list);
    Ok(list)
}

impl Village {
    fn kind_rank(&self) -> usize {
        match self.kind {
            Kind::Town => 0,
            Kind::Seat => 1,
            Kind::Valley => 2,
            Kind::Remote => 3,
        }
    }
}

/// How many villages each commune has: by kind ground and size, 14 at least.
fn quotas(land: &Land<'_>) -> Vec<usize> {
    let n = land.communes.list.len();
    let mut weight = vec![0.0; n];
    for (cell, &label) in land.communes.label.iter().enumerate() {
        if label > 0 {
            weight[label as usize - 1] += settled(land, cell, 0.0) + 0.06;
        }
    }
    weight[..WARDS].iter_mut().for_each(|w| *w *= 1.3);
    let least = 14.0;
    let total: f64 = weight.iter().map(|w| w.sqrt()).sum();
    let exact: Vec<f64> = weight.iter().map(|w| least + (COUNT as f64 - least * n as f64) * w.sqrt() / total).collect();
    let mut quotas: Vec<usize> = exact.iter().map(|&e| e as usize).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let missing = COUNT - quotas.iter().sum::<usize>();
    order.iter().take(missing).for_each(|&k| quotas[k] += 1);
    quotas
}

/// How likely people live in a cell near roads and water; `seat_km` pulls towards the seat when above zero.
fn settled(land: &Land<'_>, cell: usize, seat_km: f64) -> f64 {
    let slope = land.lattice.slope[cell];
    let flat = libm::exp(-slope / 0.16);
    let road = 0.10 + libm::exp(-land.roads.distance_km[cell] / 1.3);
    let water = 0.35 + smoothstep(0.5, 12.0, land.lattice.river_km2[cell]);
    let seat = if seat_km > 0.0 { libm::exp(-seat_km / 2.2) * 2.5 } else { 0.0 };
    flat * water * (road + seat)
}

/// How likely a hamlet hides in a cell far from the roads.
fn remote(land: &Land<'_>, cell: usize) -> f64 {
    let away = smoothstep(2.0, 4.5, land.roads.distance_km[cell]);
    let brook = 0.25 + smoothstep(0.2, 2.0, land.lattice.river_km2[cell]);
    away * brook * libm::exp(-land.lattice.slope[cell] / 0.30)
}

fn place(land: &Land<'_>, rng: &mut Rng, commune: usize, quota: usize) -> Vec<Village> {
    let ward = commune < WARDS;
    let seat = land.communes.list[commune].seat_km;
    let cells: Vec<usize> =
        (0..land.lattice.z.len()).filter(|&c| land.communes.label[c] as usize == commune + 1).collect();
    let cumulative = |weight: &dyn Fn(usize) -> f64| -> Vec<f64> {
        cells
            .iter()
            .scan(0.0, |sum, &c| {
                *sum += weight(c);
                Some(*sum)
            })
            .collect()
    };
    let from_seat = |c: usize| {
        let (x, y) = land.lattice.center_km(c);
        ((x - seat.0) * (x - seat.0) + (y - seat.1) * (y - seat.1)).sqrt()
    };
    let near = cumulative(&|c| settled(land, c, from_seat(c).max(0.01)));
    let far = cumulative(&|c| remote(land, c));
    let mut out: Vec<Village> = Vec::new();
    for &hamlet in land.pockets.iter().flat_map(|p| &p.hamlets_km) {
        let (lon, lat) = to_degrees(hamlet.0, hamlet.1);
        let (lon, lat) = (round_to(lon, 5), round_to(lat, 5));
        if land.communes.at(lon, lat) == Some(commune) {
            out.push(blank(land, commune, lon, lat, Kind::Remote));
        }
    }
    for attempt in 0..40_000 {
        if out.len() == quota {
            break;
        }
        let apart_km = (if ward { 0.32 } else { 0.60 }) * (1.0 - attempt as f64 / 60_000.0);
        let hidden = !ward && rng.chance(0.30) && far.last().is_some_and(|&w| w > 0.5);
        let table = if hidden { &far } else { &near };
        let draw = rng.uniform() * table.last().copied().unwrap_or(0.0);
        let cell = cells[table.partition_point(|&w| w < draw).min(cells.len() - 1)];
        let (x, y) = settle(land.terrain, rng, land.lattice.center_km(cell), hidden);
        let (lon, lat) = to_degrees(x, y);
        let (lon, lat) = (round_to(lon, 5), round_to(lat, 5));
        let place_km = to_km(lon, lat);
        let free = out.iter().all(|v| distance_km(v.place_km, place_km) > apart_km)
            && land.pockets.iter().all(|p| distance_km(p.center_km, place_km) > EMPTY_KM);
        if !free || land.communes.at(lon, lat) != Some(commune) {
            continue;
        }
        let cell = land.lattice.cell(place_km.0, place_km.1);
        let kind = if ward {
            Kind::Town
        } else if from_seat(cell) < 1.5 {
            Kind::Seat
        } else if land.roads.distance_km[cell] > 2.5 {
            Kind::Remote
        } else {
            Kind::Valley
        };
        out.push(blank(land, commune, lon, lat, kind));
    }
    out
}

/// A village without name and people.
fn blank(land: &Land<'_>, commune: usize, lon: f64, lat: f64, kind: Kind) -> Village {
    let place_km = to_km(lon, lat);
    let road_km = land.roads.distance_km[land.lattice.cell(place_km.0, place_km.1)];
    let name = String::new();
    Village { name, commune, lon, lat, place_km, kind, road_km, border: false, households: 0, population: 0 }
}

/// The exact place: of several draws around a cell the gentlest ground; hidden hamlets take the lowest.
fn settle(terrain: &Terrain, rng: &mut Rng, center_km: (f64, f64), hidden: bool) -> (f64, f64) {
    let reach_km = if hidden { 0.45 } else { 0.30 };
    let mut best = (f64::INFINITY, center_km);
    for _ in 0..if hidden { 14 } else { 7 } {
        let x = center_km.0 + rng.range(-reach_km, reach_km);
        let y = center_km.1 + rng.range(-reach_km, reach_km);
        let pixel = terrain.pixel(x, y);
        let wet = if terrain.area_km2[pixel] > 40.0 { 0.6 } else { 0.0 };
        let height = if hidden { terrain.z[pixel] / 60.0 } else { 0.0 };
        let score = terrain.slope[pixel] * if hidden { 2.0 } else { 1.0 } + wet + height;
        if score < best.0 {
            best = (score, (x, y));
        }
    }
    best.1
}

/// Households and people: lognormal sizes that add up to the province's totals.
fn people(rng: &mut Rng, list: &mut [Village]) {
    let raw: Vec<(f64, bool)> = list
        .iter()
        .map(|v| {
            let (median, spread) = match v.kind {
                Kind::Town => (210.0, 0.35),
                Kind::Seat => (150.0, 0.40),
                Kind::Valley => (82.0, 0.42),
                Kind::Remote => (38.0, 0.28),
            };
            let size = median * libm::exp(spread * rng.normal());
            let small = v.kind == Kind::Remote && v.road_km > 3.0;
            (if small { size.clamp(20.0, 60.0) } else { size.clamp(20.0, 520.0) }, small)
        })
        .collect();
    let fixed: f64 = raw.iter().filter(|r| r.1).map(|r| r.0).sum();
    let scalable: f64 = raw.iter().filter(|r| !r.1).map(|r| r.0).sum();
    let factor = (HOUSEHOLDS - fixed) / scalable;
    let size: Vec<f64> =
        list.iter().map(|v| if v.kind == Kind::Town { 3.7 } else { 4.2 } * rng.range(0.88, 1.14)).collect();
    for (village, (households, small)) in list.iter_mut().zip(&raw) {
        village.households = (households * if *small { 1.0 } else { factor }).round() as u32;
    }
    let total: f64 = list.iter().zip(&size).map(|(v, s)| f64::from(v.households) * s).sum();
    for (village, people) in list.iter_mut().zip(&size) {
        village.population = (f64::from(village.households) * people * POPULATION / total).round() as u32;
    }
}

/// Marks villages within 4 km of the outline in the north and east.
fn border_belt(lattice: &Lattice, communes: &Communes, list: &mut [Village]) {
    let inside = |c: usize| communes.label[c] > 0;
    let rim: Vec<usize> =
        (0..lattice.z.len()).filter(|&c| !inside(c) && lattice.neighbours(c, 4).any(|(o, _)| inside(o))).collect();
    let (km, _, owner) = lattice.least_cost(&rim, 8, |_, _, km, _| km);
    for village in list {
        let cell = lattice.cell(village.place_km.0, village.place_km.1);
        let (x, y) = lattice.center_km(rim[owner[cell]]);
        let north = y < village.place_km.1 - 0.3 * (x - village.place_km.0).abs();
        let east = x > village.place_km.0 && village.lon > 106.6;
        village.border = km[cell] < 4.0 && (north || east);
    }
}
