//! The province's outline, the 56 commune seats, and the communes around them.

use anyhow::{Result, ensure};

use super::lattice::Lattice;
use super::names::COMMUNES;
use super::noise::{Noise, Rng, smoothstep};
use super::terrain::to_km;
use super::tracing::{self, Ring};

/// Communes and wards.
pub(crate) const COUNT: usize = 56;
/// Wards (the province's town), the first of the list.
pub(crate) const WARDS: usize = 3;
/// West, south, east and north of the province, degrees.
pub(crate) const FRAME_DEG: [f64; 4] = [105.27, 22.36, 106.84, 23.12];

/// Corners of the invented outline, clockwise, degrees.
const OUTLINE_DEG: [(f64, f64); 35] = [
    (105.27, 22.93),
    (105.33, 23.05),
    (105.45, 23.07),
    (105.56, 23.12),
    (105.66, 23.05),
    (105.78, 22.97),
    (105.88, 22.94),
    (105.99, 22.99),
    (106.08, 22.98),
    (106.17, 22.94),
    (106.28, 22.88),
    (106.37, 22.88),
    (106.50, 22.90),
    (106.62, 22.88),
    (106.73, 22.84),
    (106.84, 22.79),
    (106.77, 22.70),
    (106.70, 22.63),
    (106.65, 22.57),
    (106.66, 22.47),
    (106.58, 22.42),
    (106.55, 22.36),
    (106.43, 22.39),
    (106.33, 22.43),
    (106.22, 22.45),
    (106.11, 22.47),
    (106.02, 22.50),
    (105.92, 22.53),
    (105.83, 22.58),
    (105.75, 22.66),
    (105.64, 22.70),
    (105.55, 22.70),
    (105.48, 22.77),
    (105.38, 22.78),
    (105.31, 22.85),
];

/// A commune or ward.
#[derive(Debug, Clone)]
pub(crate) struct Commune {
    /// Name without its kind.
    pub(crate) name: &'static str,
    /// Whether it is a ward of the town.
    pub(crate) ward: bool,
    /// Lattice cell of the seat.
    pub(crate) seat_cell: usize,
    /// Place of the seat, km.
    pub(crate) seat_km: (f64, f64),
    /// The border, degrees.
    pub(crate) ring_deg: Ring,
}

/// The province divided into communes.
#[derive(Debug, Clone)]
pub(crate) struct Communes {
    /// The communes, wards first, then from west to east.
    pub(crate) list: Vec<Commune>,
    /// The commune of each lattice cell (1-based; 0 outside the province).
    pub(crate) label: Vec<u8>,
}

impl Communes {
    /// Draws the outline, chooses the seats and divides the province.
    pub(crate) fn build(lattice: &Lattice) -> Result<Self> {
        let inside = province(lattice);
        let seats = seats(lattice, &inside);
        ensure!(seats.len() == COUNT, "found {} seats instead of {COUNT}", seats.len());
        let (_, _, owner) = lattice.least_cost(&seats, 4, |from, to, km, source| {
            if !inside[to] {
                return f64::INFINITY;
            }
            let climb = (lattice.z[to] - lattice.z[from]).abs() / 1000.0;
            let size = if source < WARDS { 1.8 } else { 1.0 };
            size * (km + 9.0 * climb + 2.0 * km * lattice.slope[to])
        });
        let mut label: Vec<u8> = owner.iter().map(|&o| if o == usize::MAX { 0 } else { o as u8 + 1 }).collect();
        tracing::untangle(&mut label, lattice.columns, lattice.rows);
        let rings = tracing::rings(&label, lattice.columns, lattice.rows, COUNT, FRAME_DEG)?;
        let list = seats
            .iter()
            .zip(rings)
            .enumerate()
            .map(|(k, (&seat_cell, ring_deg))| Commune {
                name: COMMUNES[k],
                ward: k < WARDS,
                seat_cell,
                seat_km: lattice.center_km(seat_cell),
                ring_deg,
            })
            .collect();
        Ok(Self { list, label })
    }

    /// The commune (0-based) whose polygon holds a point.
    pub(crate) fn at(&self, lon: f64, lat: f64) -> Option<usize> {
        self.list.iter().position(|c| tracing::contains(&c.ring_deg, lon, lat))
    }
}

/// The cells inside the outline: its sides are bent by noise, then the largest connected part is kept.
fn province(lattice: &Lattice) -> Vec<bool> {
    let (bend_x, bend_y) = (Noise::new(31), Noise::new(32));
    let corners: Vec<(f64, f64)> = OUTLINE_DEG.iter().map(|&(lon, lat)| to_km(lon, lat)).collect();
    let (west, north) = to_km(FRAME_DEG[0], FRAME_DEG[3]);
    let (east, south) = to_km(FRAME_DEG[2], FRAME_DEG[1]);
    let marks: Vec<bool> = (0..lattice.z.len())
        .map(|cell| {
            let (x, y) = lattice.center_km(cell);
            let (u, v) = (x / 13.0, y / 13.0);
            let px = x + 3.6 * bend_x.fractal(u, v, 5, 0.6);
            let py = y + 3.6 * bend_y.fractal(u, v, 5, 0.6);
            x > west && x < east && y > north && y < south && tracing::contains(&corners, px, py)
        })
        .collect();
    let middle = lattice.cell((west + east) / 2.0, (north + south) / 2.0);
    let (reach, _, _) = lattice.least_cost(&[middle], 4, |_, to, km, _| if marks[to] { km } else { f64::INFINITY });
    // Holes are filled: what the outside cannot reach is inside.
    let (outside, _, _) =
        lattice.least_cost(&[0], 4, |_, to, km, _| if reach[to].is_finite() { f64::INFINITY } else { km });
    outside.iter().map(|d| d.is_infinite()).collect()
}

/// Seats: first three wards around the town, then communes on the kindest ground, well apart, from west to east.
fn seats(lattice: &Lattice, inside: &[bool]) -> Vec<usize> {
    let mut rng = Rng::new(33);
    let town = to_km(106.245, 22.665);
    let deep = |cell: usize, reach: usize| {
        let (row, column) = (cell / lattice.columns, cell % lattice.columns);
        row >= reach
            && column >= reach
            && row + reach < lattice.rows
            && column + reach < lattice.columns
            && [(0, reach), (reach, 0), (reach, 2 * reach), (2 * reach, reach)]
                .iter()
                .all(|&(i, j)| inside[(row + i - reach) * lattice.columns + column + j - reach])
    };
    let mut ranked: Vec<(f64, usize)> = Vec::new();
    for (cell, &within) in inside.iter().enumerate() {
        let luck = rng.range(0.6, 1.0);
        if within && deep(cell, 4) {
            let flat = libm::exp(-lattice.roughness[cell] / 0.10 - lattice.slope[cell] / 0.08);
            let river = 0.25 + smoothstep(2.0, 60.0, lattice.river_km2[cell]);
            ranked.push((flat * river * luck, cell));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let far = |chosen: &[usize], cell: usize, least: f64| {
        let (x, y) = lattice.center_km(cell);
        chosen.iter().all(|&c| {
            let (a, b) = lattice.center_km(c);
            (x - a) * (x - a) + (y - b) * (y - b) >= least * least
        })
    };
    let mut wards: Vec<usize> = Vec::new();
    for &(_, cell) in &ranked {
        let (x, y) = lattice.center_km(cell);
        let near = (x - town.0) * (x - town.0) + (y - town.1) * (y - town.1) < 49.0;
        if wards.len() < WARDS && near && far(&wards, cell, 3.2) {
            wards.push(cell);
        }
    }
    let mut apart_km = 14.0;
    loop {
        let mut chosen = wards.clone();
        for &(_, cell) in &ranked {
            if chosen.len() < COUNT && far(&wards, cell, 7.5_f64.min(apart_km)) && far(&chosen[WARDS..], cell, apart_km)
            {
                chosen.push(cell);
            }
        }
        if chosen.len() == COUNT || apart_km < 1.0 {
            chosen[WARDS..].sort_by(|&a, &b| lattice.center_km(a).0.total_cmp(&lattice.center_km(b).0).then(a.cmp(&b)));
            return chosen;
        }
        apart_km -= 0.1;
    }
}
