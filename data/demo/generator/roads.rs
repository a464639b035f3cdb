//! The main roads: least-cost paths over the ground between the commune seats and to the province's exits.

use super::communes::{Communes, WARDS};
use super::lattice::Lattice;
use super::noise::round_to;
use super::terrain::{to_degrees, to_km};
use super::tracing::{simplify, smooth};
use super::visibility::distance_km;

/// Classes in falling order of importance.
pub(crate) const CLASSES: [&str; 3] = ["national", "provincial", "district"];

/// One road between two junctions or ends.
#[derive(Debug, Clone)]
pub(crate) struct Road {
    /// Index into [`CLASSES`].
    pub(crate) class: usize,
    /// Number of its route within the class, from 1.
    pub(crate) route: usize,
    /// The line, degrees.
    pub(crate) line_deg: Vec<(f64, f64)>,
}

/// The network.
#[derive(Debug, Clone)]
pub(crate) struct Roads {
    /// Roads split at junctions.
    pub(crate) list: Vec<Road>,
    /// Distance of each lattice cell from the nearest road, km.
    pub(crate) distance_km: Vec<f64>,
    /// Class of the best road of each lattice cell, if any.
    pub(crate) class: Vec<Option<usize>>,
}

/// Steps of the network: for each cell and each of the eight directions, class and route of the road that takes it.
struct Builder<'a> {
    lattice: &'a Lattice,
    steps: Vec<[Option<(usize, usize)>; 8]>,
    touched: Vec<bool>,
    inside: Vec<bool>,
    routes: [usize; 3],
}

impl Builder<'_> {
    fn search(&self, from: &[usize]) -> (Vec<f64>, Vec<usize>) {
        let lattice = self.lattice;
        let (cost, previous, _) = lattice.least_cost(from, 8, |a, b, km, _| {
            if !self.inside[b] {
                return f64::INFINITY;
            }
            let grade = (lattice.z[b] - lattice.z[a]).abs() / (km * 1000.0);
            let side = lattice.slope[b];
            let steep = 1.0 + (grade / 0.07) * (grade / 0.07) + (side / 0.22) * (side / 0.22);
            let bridge = if lattice.river_km2[b] > 150.0 { 0.5 } else { 0.0 };
            if self.touched[a] && self.touched[b] { km * 0.35 } else { km * steep + bridge }
        });
        (cost, previous)
    }

    /// Marks the path that ends at `end` as a road.
    fn lay(&mut self, previous: &[usize], end: usize, class: usize) {
        self.routes[class] += 1;
        let route = self.routes[class];
        let (mut here, mut fresh) = (end, false);
        let mut path = vec![here];
        while previous[here] != usize::MAX {
            here = previous[here];
            path.push(here);
        }
        for pair in path.windows(2) {
            for (a, b) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                let Some(d) = direction(self.lattice, a, b) else { continue };
                let better = self.steps[a][d].is_none_or(|(c, _)| class < c);
                if better {
                    self.steps[a][d] = Some((class, route));
                    fresh = true;
                }
            }
        }
        for cell in path {
            self.touched[cell] = true;
        }
        if !fresh {
            self.routes[class] -= 1;
        }
    }
}

fn direction(lattice: &Lattice, a: usize, b: usize) -> Option<usize> {
    (0..8).find(|&d| step(lattice, a, d) == Some(b))
}

/// The neighbour in one of eight directions, clockwise from east; opposite directions differ by four.
fn step(lattice: &Lattice, cell: usize, direction: usize) -> Option<usize> {
    const STEPS: [(isize, isize); 8] = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)];
    let (i, j) = STEPS[direction];
    let row = (cell / lattice.columns).checked_add_signed(i)?;
    let column = (cell % lattice.columns).checked_add_signed(j)?;
    (row < lattice.rows && column < lattice.columns).then_some(row * lattice.columns + column)
}

impl Roads {
    /// Lays the network.
    pub(crate) fn build(lattice: &Lattice, communes: &Communes) -> Self {
        let n = lattice.z.len();
        let mut builder = Builder {
            lattice,
            steps: vec![[None; 8]; n],
            touched: vec![false; n],
            inside: communes.label.iter().map(|&l| l > 0).collect(),
            routes: [0; 3],
        };
        let town = communes.list[0].seat_cell;
        national(&mut builder, communes, town);
        let seats: Vec<usize> = communes.list.iter().map(|c| c.seat_cell).collect();
        // Every seat not yet reached joins the network where that is cheapest, the cheapest first.
        let mut order = 0;
        loop {
            let sources: Vec<usize> = (0..n).filter(|&c| builder.touched[c]).collect();
            let (cost, previous) = builder.search(&sources);
            let open = seats.iter().filter(|&&s| !builder.touched[s] && cost[s].is_finite());
            let Some(&seat) = open.min_by(|&&a, &&b| cost[a].total_cmp(&cost[b]).then(a.cmp(&b))) else { break };
            builder.lay(&previous, seat, if order % 3 == 2 { 2 } else { 1 });
            order += 1;
        }
        // Links between neighbouring seats whose way round is long.
        for k in WARDS..seats.len() {
            let (x, y) = communes.list[k].seat_km;
            let mut near: Vec<(f64, usize)> = (0..k)
                .map(|o| {
                    let (a, b) = communes.list[o].seat_km;
                    (((x - a) * (x - a) + (y - b) * (y - b)).sqrt(), o)
                })
                .collect();
            near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for &(km, other) in near.iter().take(2).filter(|(km, _)| *km < 17.0) {
                let (_, previous) = builder.search(&[seats[k]]);
                let reached = previous[seats[other]] != usize::MAX;
                if reached && new_km(&builder, &previous, seats[other]) > 0.25 * km {
                    builder.lay(&previous, seats[other], 2);
                }
            }
        }
        let list = chains(&builder, &seats);
        let touched = (0..n).filter(|&c| builder.touched[c]).collect::<Vec<_>>();
        let (distance_km, _, _) = lattice.least_cost(&touched, 8, |_, _, km, _| km);
        let class = builder.steps.iter().map(|s| s.iter().flatten().map(|(c, _)| *c).min()).collect();
        Self { list, distance_km, class }
    }
}

/// Kilometres of new road on a path.
fn new_km(builder: &Builder<'_>, previous: &[usize], end: usize) -> f64 {
    let (mut here, mut fresh) = (end, 0.0);
    while previous[here] != usize::MAX {
        let next = previous[here];
        if direction(builder.lattice, here, next).is_some_and(|d| builder.steps[here][d].is_none()) {
            fresh += distance_km(builder.lattice.center_km(here), builder.lattice.center_km(next));
        }
        here = next;
    }
    fresh
}

/// The national roads: from the town to the exits in the west, north, east, south-east, south and south-west.
fn national(builder: &mut Builder<'_>, communes: &Communes, town: usize) {
    const EXITS: [(f64, f64); 7] = [
        (106.58, 22.44),
        (105.36, 22.82),
        (106.26, 22.86),
        (106.78, 22.79),
        (106.38, 22.42),
        (105.93, 22.56),
        (105.62, 23.06),
    ];
    builder.touched[town] = true;
    for ward in &communes.list[1..WARDS] {
        let (_, previous) = builder.search(&[town]);
        builder.lay(&previous, ward.seat_cell, 0);
    }
    builder.routes[0] = 0;
    for (lon, lat) in EXITS {
        // The nearest seat to the exit gives the road its reason.
        let (x, y) = to_km(lon, lat);
        let end = communes.list[WARDS..].iter().min_by(|a, b| {
            let off = |c: &super::communes::Commune| {
                (c.seat_km.0 - x) * (c.seat_km.0 - x) + (c.seat_km.1 - y) * (c.seat_km.1 - y)
            };
            off(a).total_cmp(&off(b))
        });
        let (_, previous) = builder.search(&[town]);
        if let Some(end) = end {
            builder.lay(&previous, end.seat_cell, 0);
            let here = end.seat_cell;
            let out = (0..builder.inside.len())
                .filter(|&c| builder.inside[c] && builder.lattice.neighbours(c, 4).any(|(o, _)| !builder.inside[o]));
            let (cost, previous) = builder.search(&[here]);
            if let Some(edge) = out.min_by(|&a, &b| cost[a].total_cmp(&cost[b]).then(a.cmp(&b))) {
                builder.lay(&previous, edge, 0);
                builder.routes[0] -= 1;
            }
        }
    }
}

/// Follows the marked steps into lines that end at junctions, seats and changes of route.
fn chains(builder: &Builder<'_>, seats: &[usize]) -> Vec<Road> {
    let lattice = builder.lattice;
    let ends = |cell: usize| {
        let ways: Vec<_> = builder.steps[cell].iter().flatten().collect();
        ways.len() != 2 || ways[0] != ways[1] || seats.contains(&cell)
    };
    let mut used = vec![[false; 8]; builder.steps.len()];
    let mut out = Vec::new();
    for cell in (0..builder.steps.len()).filter(|&c| builder.steps[c].iter().any(Option::is_some) && ends(c)) {
        for start in 0..8 {
            let Some((class, route)) = builder.steps[cell][start] else { continue };
            if used[cell][start] {
                continue;
            }
            let (mut line, mut here, mut heading) = (vec![lattice.center_km(cell)], cell, start);
            loop {
                used[here][heading] = true;
                let Some(next) = step(lattice, here, heading) else { break };
                used[next][(heading + 4) % 8] = true;
                line.push(lattice.center_km(next));
                here = next;
                if ends(here) {
                    break;
                }
                let back = (heading + 4) % 8;
                match (0..8).find(|&d| d != back && builder.steps[here][d].is_some()) {
                    Some(d) => heading = d,
                    None => break,
                }
            }
            smooth(&mut line, 3);
            let line_deg = simplify(&line, 0.03)
                .into_iter()
                .map(|(x, y)| to_degrees(x, y))
                .map(|(lon, lat)| (round_to(lon, 5), round_to(lat, 5)))
                .collect();
            out.push(Road { class, route, line_deg });
        }
    }
    out.sort_by_key(|road| (road.class, road.route));
    out
}
