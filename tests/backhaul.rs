//! What is offered to connect new sites of the demo province, checked against plain evaluations that share no code with the search.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, demo};
use notspot::planning::backhaul::{
    BackhaulNetwork, End, LinkKind, LinkOption, Mast, RootKind, backhaul_network, village_fibre,
};
use notspot::progress::Progress;
use notspot::propagation::microwave::Hop;
use notspot::propagation::microwave::fresnel::{ClearanceRule, clearance};
use notspot::propagation::microwave::gas::{Air, path_attenuation_db};
use notspot::propagation::microwave::multipath::{FadingClimate, FadingHop};
use notspot::propagation::{Link, Polarization, Trace};
use notspot::study::{MicrowaveBand, RootChoice, Study, Survey, load};
use std::sync::LazyLock;

static STUDY: LazyLock<Study> =
    LazyLock::new(|| load(&demo().join("study.toml")).unwrap_or_else(|_| panic!("the demo")));

static NETWORK: LazyLock<BackhaulNetwork> = LazyLock::new(|| network(&STUDY, &masts(&STUDY)));

fn network(study: &Study, masts: &[Mast]) -> BackhaulNetwork {
    backhaul_network(study, masts, &Progress::default()).unwrap()
}

/// Villages reported without a signal.
fn dark(study: &Study) -> Vec<usize> {
    (0..study.villages.len()).filter(|&v| study.villages[v].reported_signal == Survey::No).collect()
}

/// A mast on the highest pixel within eight of each dark village.
fn masts(study: &Study) -> Vec<Mast> {
    let grid = &study.terrain.grid;
    let mast = |village: usize| {
        let (row, column) = study.terrain.pixel_of(study.villages[village].position).unwrap();
        let rows = row.saturating_sub(8)..(row + 9).min(grid.rows());
        let pixels =
            rows.flat_map(|r| (column.saturating_sub(8)..(column + 9).min(grid.columns())).map(move |c| (r, c)));
        let known = pixels.filter(|&pixel| !grid.values[pixel].is_nan());
        let (row, column) = known.max_by(|&a, &b| grid.values[a].total_cmp(&grid.values[b])).unwrap();
        let (x, y) = grid.transform.center(row as f64, column as f64);
        Mast { position: study.terrain.locator.position(x, y), height_agl_m: 42.0 }
    };
    dark(study).into_iter().map(mast).collect()
}

/// A hop with one band by the plain forms of clearance and availability: whether it can be built, and how far it is from the edge of what
/// is allowed, as a share of it.
fn plain_hop(study: &Study, from: Mast, to: Mast, band: &MicrowaveBand) -> Option<(bool, f64)> {
    let microwave = &study.config.planning.backhaul.microwave;
    let profile = study.terrain.profile(from.position, to.position, study.terrain.pixel_size_m).ok()?;
    let link = Link {
        frequency_mhz: 1000.0 * band.frequency_ghz,
        polarization: Polarization::Vertical,
        tx_height_agl_m: from.height_agl_m,
        rx_height_agl_m: to.height_agl_m,
        path_center_latitude_deg: 0.0,
    };
    let mut near = f64::INFINITY;
    for rule in &microwave.clearance {
        let found = clearance(&link, &profile, ClearanceRule { k: rule.k, free_share: rule.free_share });
        near = near.min(found.smallest.map_or(f64::INFINITY, |edge| (edge.clearance() - rule.free_share).abs()));
        if !found.violations.is_empty() {
            return Some((false, near));
        }
    }
    let (d_km, (h_0, h_n)) = (profile.path_length_km(), profile.terrain_at_ends_amsl_m());
    let antennas_amsl_m = [h_0 + from.height_agl_m, h_n + to.height_agl_m];
    // free space over the slant distance, and dishes by their diameter in wavelengths
    let slant_km = d_km.hypot((antennas_amsl_m[0] - antennas_amsl_m[1]) / 1000.0);
    let loss_db = 92.4 + 20.0 * (band.frequency_ghz * slant_km).log10();
    let gain_db = 2.0 * (20.0 * (band.dish_m * band.frequency_ghz / 0.2998).log10() + 7.7);
    let gas_db = path_attenuation_db(band.frequency_ghz, d_km, Air::LOW_LATITUDE);
    let margin_db = band.power_dbm + gain_db - loss_db - gas_db - band.threshold_dbm;
    let hop = Hop {
        path: FadingHop { f_ghz: band.frequency_ghz, d_km, antennas_amsl_m },
        polarization: Polarization::Vertical,
        latitude_deg: (from.position.lat_deg + to.position.lat_deg) / 2.0,
        climate: FadingClimate::P530v17 { dn1: microwave.dn1, terrain_roughness_m: microwave.terrain_roughness_m },
        rain_rate_001_mm_per_h: microwave.rain_rate_mm_per_h,
        air: Air::LOW_LATITUDE,
    };
    let availability = hop.availability(margin_db, &mut Trace::off());
    let percent = availability.map_or(0.0, |found| found.availability_year_percent);
    Some((percent >= microwave.availability_percent, near.min((percent - microwave.availability_percent).abs())))
}

/// Frequency of the first band that holds, 0 for none; `None` where terrain is missing or the case is too close to call.
fn plain_band(study: &Study, from: Mast, to: Mast) -> Option<f64> {
    for band in &study.config.planning.backhaul.microwave.bands {
        let (holds, near) = plain_hop(study, from, to, band)?;
        if near < 1e-4 {
            return None;
        }
        if holds {
            return Some(band.frequency_ghz);
        }
    }
    Some(0.0)
}

fn root_mast(network: &BackhaulNetwork, root: usize) -> Option<Mast> {
    let root = &network.roots[root];
    root.height_agl_m.map(|height_agl_m| Mast { position: root.position, height_agl_m })
}

fn links_to(network: &BackhaulNetwork, to: usize) -> impl Iterator<Item = &LinkOption> {
    network.links.iter().filter(move |link| link.to == to)
}

#[test]
fn every_hop_is_clear_and_available_by_the_plain_forms() {
    let masts = masts(&STUDY);
    let microwave = &STUDY.config.planning.backhaul.microwave;
    let mut hops = 0;
    for link in &NETWORK.links {
        let LinkKind::Microwave(hop) = &link.kind else { continue };
        let from = match link.from {
            End::Root(root) => root_mast(&NETWORK, root).unwrap(),
            End::Candidate(from) => masts[from],
            End::Satellite => panic!("no mast stands on a satellite"),
        };
        let band = microwave.bands.iter().find(|band| band.frequency_ghz == hop.frequency_ghz).unwrap();
        assert_eq!(plain_hop(&STUDY, from, masts[link.to], band).map(|(holds, _)| holds), Some(true), "{link:?}");
        assert!((hop.length_m - from.position.distance_m(masts[link.to].position)).abs() < 1e-3);
        assert!(hop.length_m <= 1000.0 * microwave.max_hop_km && hop.margin_db > 0.0);
        assert!(hop.availability_percent >= microwave.availability_percent);
        if let Some(tightest) = hop.tightest {
            assert!(tightest.clearance_f1 >= microwave.clearance[0].free_share);
            assert!((0.0..hop.length_m).contains(&tightest.distance_m));
        }
        hops += 1;
    }
    assert!(hops > masts.len(), "{hops}");
}

#[test]
fn the_hops_from_roots_are_the_shortest_that_the_plain_forms_allow() {
    let masts = masts(&STUDY);
    let settings = &STUDY.config.planning.backhaul;
    let mut compared = 0;
    for to in (0..masts.len()).step_by(9) {
        let mut near: Vec<(f64, usize)> = (0..NETWORK.roots.len())
            .filter_map(|root| Some((root_mast(&NETWORK, root)?.position.distance_m(masts[to].position), root)))
            .filter(|(distance_m, _)| (1.0..=1000.0 * settings.microwave.max_hop_km).contains(distance_m))
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let bands =
            near.iter().map(|&(_, root)| (root, plain_band(&STUDY, root_mast(&NETWORK, root).unwrap(), masts[to])));
        let mut expected = Vec::new();
        let mut is_sure = true;
        for (root, band) in bands {
            is_sure &= band.is_some();
            if let Some(band) = band.filter(|&band| band > 0.0) {
                expected.push((End::Root(root), band));
            }
            if expected.len() == settings.root_hops as usize {
                break;
            }
        }
        let hops = links_to(&NETWORK, to).filter_map(|link| match (&link.kind, link.from) {
            (LinkKind::Microwave(hop), End::Root(_)) => Some((link.from, hop.frequency_ghz)),
            _ => None,
        });
        if is_sure {
            assert_eq!(hops.collect::<Vec<_>>(), expected, "candidate {to}");
            compared += 1;
        }
    }
    assert!(compared >= 12, "{compared}");
}

#[test]
fn relays_are_offered_where_no_root_is_as_cheap_and_none_is_missing() {
    let mut study = load(&demo().join("study.toml")).unwrap_or_else(|_| panic!("the demo"));
    // few sites to hang on, so that many candidates need a relay
    study.config.planning.backhaul.operators = vec!["Operator D".into()];
    study.config.planning.backhaul.relay_links = 10_000;
    let masts = masts(&study);
    let network = network(&study, &masts);
    assert!(network.left_out.sites.other_operator > 900 && network.left_out.relay_links == 0);
    let costs = &study.config.planning.costs;
    let (mut targets, mut relays) = (0, 0);
    for to in 0..masts.len() {
        let is_cheap = |link: &LinkOption| {
            matches!(link.from, End::Root(_))
                && link.cost_million_vnd <= costs.microwave_hop
                && link.per_year_million_vnd <= costs.microwave_hop_per_year
        };
        let has_cheap = links_to(&network, to).any(is_cheap);
        let from: Vec<usize> = links_to(&network, to)
            .filter_map(|link| match (&link.kind, link.from) {
                (LinkKind::Microwave(_), End::Candidate(from)) => Some(from),
                _ => None,
            })
            .collect();
        assert!(!has_cheap || from.is_empty(), "candidate {to}");
        targets += usize::from(!has_cheap);
        relays += from.len();
        if has_cheap || to % 3 > 0 {
            continue;
        }
        for other in (0..masts.len()).filter(|&other| other != to) {
            let distance_m = masts[other].position.distance_m(masts[to].position);
            let is_near = (1.0..=1000.0 * study.config.planning.backhaul.microwave.max_hop_km).contains(&distance_m);
            let Some(band) = plain_band(&study, masts[other], masts[to]) else { continue };
            assert_eq!(from.contains(&other), is_near && band > 0.0, "{other} to {to}");
        }
    }
    assert!(targets > 10 && relays > 10, "{targets} {relays}");
}

/// Checks all fibre of a network; how many cables follow a road over several vertices.
fn check_fibre(study: &Study, masts: &[Mast], network: &BackhaulNetwork) -> usize {
    let factor = study.config.planning.backhaul.detour_factor;
    let mut by_road = 0;
    for link in &network.links {
        let LinkKind::Fibre(fibre) = &link.kind else { continue };
        let from = match link.from {
            End::Root(root) => network.roots[root].position,
            End::Candidate(from) => masts[from].position,
            End::Satellite => panic!("no fibre to a satellite"),
        };
        let to = masts[link.to].position;
        assert_eq!((fibre.route.first(), fibre.route.last()), (Some(&from), Some(&to)));
        let along: f64 = fibre.route.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
        assert!(along <= fibre.length_m + 0.01 && fibre.length_m <= factor * along + 0.01, "{along} {fibre:?}");
        assert!(fibre.length_m <= factor * from.distance_m(to) + 1e-6);
        let (km, costs) = (fibre.length_m / 1000.0, &study.config.planning.costs);
        assert!((link.cost_million_vnd - costs.fibre_per_km * km).abs() < 1e-6);
        assert!((link.per_year_million_vnd - costs.fibre_km_per_year * km).abs() < 1e-6);
        by_road += usize::from(fibre.route.len() > 3);
        if let End::Root(_) = link.from {
            let nearest = network.roots.iter().map(|root| factor * root.position.distance_m(to));
            assert!(fibre.length_m <= nearest.fold(f64::INFINITY, f64::min) + 1e-6);
        }
    }
    by_road
}

#[test]
fn fibre_is_no_shorter_than_the_straight_line_and_no_longer_than_the_straight_cable() {
    check_fibre(&STUDY, &masts(&STUDY), &NETWORK);
    // From communes alone the ways are long, and to villages with a signal roads lead; to the dark ones mostly none does.
    let mut study = load(&demo().join("study.toml")).unwrap_or_else(|_| panic!("the demo"));
    study.config.planning.backhaul.roots = RootChoice::Communes;
    study.config.planning.costs.fibre_km_per_year = 10.0;
    let lit = study.villages.iter().filter(|village| village.reported_signal != Survey::No);
    let masts: Vec<Mast> = lit.step_by(8).map(|v| Mast { position: v.position, height_agl_m: 42.0 }).collect();
    let network = network(&study, &masts);
    assert!(
        network.links.iter().all(|link| !matches!((&link.kind, link.from), (LinkKind::Microwave(_), End::Root(_))))
    );
    let by_road = check_fibre(&study, &masts, &network);
    let shared =
        network.links.iter().filter(|link| matches!((&link.kind, link.from), (LinkKind::Fibre(_), End::Candidate(_))));
    let shared = shared.count();
    assert!(by_road > 20 && shared > 50, "{by_road} {shared}");
}

#[test]
fn the_network_is_in_order_and_does_not_depend_on_threads() {
    let masts = masts(&STUDY);
    let settings = &STUDY.config.planning.backhaul;
    assert!(NETWORK.links.is_sorted_by_key(|link| link.to));
    for to in 0..masts.len() {
        let hops = |link: &&LinkOption| matches!((&link.kind, link.from), (LinkKind::Microwave(_), End::Root(_)));
        assert!(links_to(&NETWORK, to).filter(hops).count() <= settings.root_hops as usize);
        let relays = links_to(&NETWORK, to).filter(|link| matches!(link.from, End::Candidate(_)));
        assert!(relays.count() <= settings.relay_links as usize);
        assert!(links_to(&NETWORK, to).all(|link| link.from != End::Candidate(to)));
        let last = links_to(&NETWORK, to).last().unwrap();
        assert_eq!((last.from, last.cost_million_vnd, last.per_year_million_vnd), (End::Satellite, 100.0, 240.0));
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| network(&STUDY, &masts))
    };
    assert!(with(1) == *NETWORK && with(5) == *NETWORK);
}

#[test]
fn roots_are_the_communes_with_fibre_and_the_sites_with_capacity() {
    let communes = NETWORK.roots.iter().filter(|root| matches!(root.kind, RootKind::CommuneFibre(_))).count();
    assert_eq!(communes, STUDY.communes.len());
    let with_capacity = STUDY.sites.iter().filter(|site| {
        site.cells.iter().any(|cell| STUDY.config.planning.backhaul.site_technologies.contains(&cell.technology))
    });
    let with_capacity = with_capacity.count();
    assert_eq!(NETWORK.roots.len() - communes, with_capacity);
    assert_eq!(NETWORK.left_out.sites.other_technology, STUDY.sites.len() - with_capacity);
    assert!(
        NETWORK.roots.iter().all(|root| root.height_agl_m.is_some() == matches!(root.kind, RootKind::ExistingSite(_)))
    );
}

#[test]
fn fibre_to_a_village_is_priced_with_its_households() {
    let villages = dark(&STUDY);
    let found = village_fibre(&STUDY, &NETWORK.roots, &villages);
    assert_eq!(found.len(), villages.len());
    for (fibre, &village) in found.iter().zip(&villages) {
        let fibre = fibre.as_ref().unwrap();
        let place = &STUDY.villages[village];
        assert_eq!((fibre.village, Some(fibre.households)), (village, place.households));
        assert_eq!(fibre.route.route.first(), Some(&NETWORK.roots[fibre.root].position));
        assert_eq!(fibre.route.route.last(), Some(&place.position));
        let expected = 500.0 * fibre.route.length_m / 1000.0 + 5.0 * f64::from(fibre.households);
        assert!((fibre.cost_million_vnd - expected).abs() < 1e-9);
    }
}

#[test]
fn missing_terrain_on_the_way_is_no_hop_and_is_counted() {
    let small = SmallStudy::new();
    let (west, east) = (
        Mast { position: notspot::geodesy::LonLat::new(106.005, 22.55), height_agl_m: 40.0 },
        Mast { position: notspot::geodesy::LonLat::new(106.08, 22.55), height_agl_m: 40.0 },
    );
    let mut study = load(&small.path("study.toml")).unwrap_or_else(|_| panic!("the small study"));
    let tallies = |study: &Study| network(study, &[west, east]).left_out.root_hops;
    let found = tallies(&study);
    assert_eq!((found[0].possible, found[0].looked_at()), (1, 1), "S1 stands on the same side");
    assert_eq!((found[1].blocked, found[1].looked_at()), (1, 1), "the ridge stands between");
    // without the ridge, but with a gap in its place
    study.terrain.grid.values.fill(200.0);
    assert_eq!(tallies(&study)[1].possible, 1);
    study.terrain.grid.values.slice_mut(ndarray::s![.., 45..55]).fill(f32::NAN);
    let found = network(&study, &[west, east]);
    assert_eq!((found.left_out.root_hops[1].terrain_missing, found.left_out.root_hops[1].looked_at()), (1, 1));
    assert!(found.links.iter().all(|link| link.to != 1 || !matches!(link.kind, LinkKind::Microwave(_))));
    // a root that is nowhere near, and nothing else: the candidates are named
    let settings = &mut study.config.planning.backhaul;
    (settings.satellite_mbps, settings.max_fibre_km, settings.microwave.max_hop_km) = (0.0, 0.0, 0.2);
    assert_eq!(network(&study, &[west, east]).left_out.unconnected, [0, 1]);
}
