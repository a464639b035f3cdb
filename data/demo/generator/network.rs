//! The mobile network: four operators, 1,217 BTS sites and 33 sites with 5G.

use super::communes::{Communes, WARDS};
use super::noise::{Rng, round_to};
use super::places::{Place, SERVED_DBM, Setting};
use super::terrain::{Terrain, to_degrees, to_km};
use super::villages::Village;
use super::visibility::{End, MARGIN_DB, REACH_KM, distance_km, loss_db};

/// The operators (1,217 BTS sites, 33 with 5G), each with its BTS sites, the households it wants to serve (share) and its 5G sites.
const OPERATORS: [(&str, usize, f64, usize); 4] = [
    ("Operator A", 506, 1.0, 16),
    ("Operator B", 366, 0.90, 10),
    ("Operator C", 258, 0.72, 7),
    ("Operator D", 87, 0.12, 0),
];

/// The level where no site is within reach, dBm.
const SILENCE_DBM: f64 = -160.0;

/// A radio cell of a site.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    /// GSM, UMTS, LTE or NR.
    pub(crate) technology: &'static str,
    /// Nominal band, MHz.
    pub(crate) frequency_mhz: u32,
    /// Channel bandwidth, MHz.
    pub(crate) bandwidth_mhz: f64,
    /// Peak EIRP, total of the carrier, dBm.
    pub(crate) eirp_dbm: f64,
}

impl Cell {
    /// Gain of its antenna, dBi: panels of a rural macro site (Report ITU-R M.2292-0), which the table has as one cell for all directions.
    pub(crate) fn antenna_gain_dbi(&self) -> u32 {
        if self.frequency_mhz < 1000 { 15 } else { 18 }
    }

    /// Loss of its feeder, dB: radios stand beside the antennas.
    pub(crate) fn feeder_loss_db(&self) -> u32 {
        0
    }
}

/// A site of one operator.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// Identifier.
    pub(crate) id: String,
    /// Name of the operator.
    pub(crate) operator: &'static str,
    /// Longitude, degrees.
    pub(crate) lon: f64,
    /// Latitude, degrees.
    pub(crate) lat: f64,
    /// Antenna above ground, m.
    pub(crate) height_m: f64,
    /// Its cells.
    pub(crate) cells: Vec<Cell>,
}

/// The places each operator builds on.
fn choose(places: &[Place], villages: &[Village], hidden: &[bool], rng: &mut Rng) -> Vec<(usize, usize)> {
    let open: Vec<usize> = (0..places.len()).filter(|&p| !places[p].forbidden).collect();
    let luck: Vec<f64> = places.iter().map(|_| rng.range(0.7, 1.0)).collect();
    let mut standing = vec![0_usize; places.len()];
    let mut out = Vec::new();
    for (operator, &(_, sites, share, _)) in OPERATORS.iter().enumerate() {
        let mut mine: Vec<usize> = Vec::new();
        // First coverage: the place that serves most households not yet served, shared masts first among near equals.
        let mut served: Vec<bool> = hidden.to_vec();
        let total: f64 = villages.iter().zip(hidden).filter(|(_, h)| !**h).map(|(v, _)| f64::from(v.households)).sum();
        let mut reached = 0.0;
        while reached < share * total - 0.5 && mine.len() < sites {
            let gain = |p: usize, shared: usize| {
                let people: f64 = places[p]
                    .hears
                    .iter()
                    .filter(|h| !served[h.0] && h.1 >= SERVED_DBM + 6.0)
                    .map(|h| f64::from(villages[h.0].households))
                    .sum();
                let last: f64 = places[p].hears.iter().filter(|h| !served[h.0] && h.1 >= SERVED_DBM).count() as f64;
                let high = match places[p].setting {
                    Setting::Hill => 0.8,
                    Setting::Low => 0.7,
                    _ => 1.0,
                };
                (people + last) * luck[p] * high * if shared > 0 { 1.25 } else { 1.0 }
            };
            let Some((best, value)) =
                open.iter().map(|&p| (p, gain(p, standing[p]))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
            else {
                break;
            };
            if value <= 0.0 {
                break;
            }
            for &(v, level) in &places[best].hears {
                if level >= SERVED_DBM && !served[v] {
                    served[v] = true;
                    reached += f64::from(villages[v].households);
                }
            }
            mine.push(best);
            standing[best] += 1;
            out.push((operator, best));
        }
        // Then capacity: where many people live and the operator's own sites are far, along roads, in the town.
        let pull: Vec<f64> = places.iter().map(|p| attraction(p, villages)).collect();
        let mut crowd = vec![0.0; places.len()];
        let near = |a: usize, b: usize| {
            let d = distance_km(places[a].end.place_km, places[b].end.place_km) / 1.1;
            1.0 / (1.0 + d * d * d)
        };
        for &m in &mine {
            for &p in &open {
                crowd[p] += near(p, m);
            }
        }
        while mine.len() < sites {
            let value = |p: usize, shared: usize| {
                let company = if shared > 0 { 1.3 } else { 1.0 };
                pull[p] * luck[p] * company / ((1.0 + 3.0 * crowd[p]) * (1.0 + 3.0 * crowd[p]))
            };
            let best = open
                .iter()
                .filter(|p| !mine.contains(p))
                .map(|&p| (p, value(p, standing[p])))
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            let Some((best, _)) = best else { break };
            mine.push(best);
            standing[best] += 1;
            out.push((operator, best));
            for &p in &open {
                crowd[p] += near(p, best);
            }
        }
    }
    out
}

/// How much an operator wants a place: people within 3 km, and the traffic of a road or a seat.
fn attraction(place: &Place, villages: &[Village]) -> f64 {
    let people: f64 = place
        .hears
        .iter()
        .map(|h| {
            let d = distance_km(villages[h.0].place_km, place.end.place_km) / 1.6;
            f64::from(villages[h.0].households) / (1.0 + d * d * d * d)
        })
        .sum();
    match place.setting {
        Setting::Seat => 1.4 * people + 60.0,
        Setting::Road => people + 60.0,
        Setting::Village => people + 10.0,
        Setting::Hill => 0.5 * people + 10.0,
        Setting::Low => 0.45 * people + 10.0,
    }
}

/// Builds the network. Sites are numbered from west to east, 5G sites after the BTS sites.
pub(crate) fn build(places: &[Place], villages: &[Village], communes: &Communes, hidden: &[bool]) -> Vec<Site> {
    let mut rng = Rng::new(61);
    let mut sites: Vec<Site> = choose(places, villages, hidden, &mut rng)
        .into_iter()
        .enumerate()
        .map(|(k, (operator, p))| site(&mut rng, places, operator, p, k))
        .collect();
    sites.sort_by(|a, b| a.lon.total_cmp(&b.lon).then(a.lat.total_cmp(&b.lat)).then(a.operator.cmp(b.operator)));
    for (k, site) in sites.iter_mut().enumerate() {
        site.id = format!("S{:04}", k + 1);
    }
    let mut towns: Vec<(f64, usize)> = sites
        .iter()
        .enumerate()
        .map(|(k, site)| {
            let at = to_km(site.lon, site.lat);
            let seats = communes.list.iter().enumerate();
            let far = seats.map(|(c, s)| distance_km(at, s.seat_km) + if c < WARDS { 0.0 } else { 0.9 });
            (far.fold(f64::INFINITY, f64::min) + 0.8 * rng.uniform(), k)
        })
        .collect();
    towns.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut with_5g: Vec<Site> = Vec::new();
    for (operator, _, _, count) in OPERATORS {
        let mut stand: Vec<(f64, f64)> = Vec::new();
        for &(_, k) in &towns {
            let place = to_km(sites[k].lon, sites[k].lat);
            let apart = stand.iter().all(|&s| distance_km(s, place) > 0.8);
            if sites[k].operator == operator && stand.len() < count && apart {
                stand.push(place);
                let (frequency_mhz, eirp_dbm) = if operator == "Operator A" { (2600, 72.0) } else { (3500, 73.0) };
                let cell = Cell { technology: "NR", frequency_mhz, bandwidth_mhz: 100.0, eirp_dbm };
                with_5g.push(Site { cells: vec![cell], ..sites[k].clone() });
            }
        }
    }
    with_5g.sort_by(|a, b| a.lon.total_cmp(&b.lon).then(a.lat.total_cmp(&b.lat)));
    for (k, site) in with_5g.iter_mut().enumerate() {
        site.id = format!("N{:02}", k + 1);
    }
    sites.extend(with_5g);
    sites
}

fn site(rng: &mut Rng, places: &[Place], operator: usize, p: usize, order: usize) -> Site {
    let place = &places[p];
    // A mast is shared, or the next operator's stands some tens of metres away.
    let shared = order.is_multiple_of(3) || place.setting == Setting::Hill;
    let reach = if shared { 0.0 } else { 0.012 };
    let x = place.end.place_km.0 + rng.range(-reach, reach);
    let y = place.end.place_km.1 + rng.range(-reach, reach);
    let (lon, lat) = to_degrees(x, y);
    Site {
        id: String::new(),
        operator: OPERATORS[operator].0,
        lon: round_to(lon, 5),
        lat: round_to(lat, 5),
        height_m: place.end.height_m,
        cells: cells(rng, operator, place.setting),
    }
}

/// A plausible mix of cells: low bands everywhere, capacity in towns.
fn cells(rng: &mut Rng, operator: usize, setting: Setting) -> Vec<Cell> {
    const GSM: usize = 0;
    const UMTS: usize = 1;
    const LTE900: usize = 2;
    const LTE1800: usize = 3;
    const LTE2100: usize = 4;
    let draw = rng.uniform();
    let town = setting == Setting::Seat;
    let mix: &[usize] = match (operator == 3, town) {
        (true, _) if draw < 0.6 => &[UMTS],
        (true, _) => &[UMTS, LTE1800],
        (false, true) => match draw {
            d if d < 0.24 => &[GSM, UMTS, LTE1800, LTE2100],
            d if d < 0.46 => &[GSM, LTE1800, LTE2100],
            d if d < 0.82 => &[GSM, UMTS, LTE1800],
            d if d < 0.93 => &[UMTS, LTE1800],
            _ => &[LTE1800],
        },
        (false, false) => match draw {
            d if d < 0.36 => &[GSM, LTE1800],
            d if d < 0.60 => &[GSM, UMTS, LTE1800],
            d if d < 0.82 => &[GSM, LTE900],
            d if d < 0.90 => &[GSM, LTE900, LTE1800],
            _ => &[GSM, UMTS],
        },
    };
    // Everything of an omnidirectional mast is as much weaker as its 900 MHz carrier.
    let base = 0.5 * rng.below(3) as f64 - (Setting::Village.eirp_dbm() - setting.eirp_dbm());
    mix.iter()
        .map(|&kind| match kind {
            GSM => Cell { technology: "GSM", frequency_mhz: 900, bandwidth_mhz: 0.2, eirp_dbm: 58.0 + base },
            UMTS => Cell { technology: "UMTS", frequency_mhz: 2100, bandwidth_mhz: 5.0, eirp_dbm: 60.0 + base },
            LTE900 => Cell { technology: "LTE", frequency_mhz: 900, bandwidth_mhz: 5.0, eirp_dbm: 58.0 + base },
            LTE1800 => Cell {
                technology: "LTE",
                frequency_mhz: 1800,
                bandwidth_mhz: if operator == 0 { 20.0 } else { 15.0 },
                eirp_dbm: 61.0 + base,
            },
            _ => Cell { technology: "LTE", frequency_mhz: 2100, bandwidth_mhz: 10.0, eirp_dbm: 61.0 + base },
        })
        .collect()
}

/// The best level each village can count on from a 900 MHz cell, dBm, by the fixed rule and the sites as they are written.
pub(crate) fn levels_dbm(terrain: &Terrain, sites: &[Site], villages: &[Village]) -> Vec<f64> {
    let low_band: Vec<(End, f64)> = sites
        .iter()
        .filter_map(|site| {
            let eirp = site.cells.iter().filter(|c| c.frequency_mhz == 900).map(|c| c.eirp_dbm).reduce(f64::max)?;
            Some((End { place_km: to_km(site.lon, site.lat), height_m: site.height_m }, eirp))
        })
        .collect();
    villages
        .iter()
        .map(|village| {
            let near = low_band.iter().filter(|(end, _)| distance_km(end.place_km, village.place_km) < REACH_KM);
            near.map(|(end, eirp)| eirp - MARGIN_DB - loss_db(terrain, *end, village.place_km))
                .fold(SILENCE_DBM, f64::max)
        })
        .collect()
}
