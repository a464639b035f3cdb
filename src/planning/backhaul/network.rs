//! Which links are offered to a plan.
//!
//! Every candidate gets the shortest hops from roots (`root_hops` of them), the shortest fibre from a root, and a satellite link. A link
//! from another candidate is offered only where no link from a root costs as little, at once and a year: such a link would need
//! the other candidate and one hop more for no less money, so no cheapest plan loses by it. Of the rest, the `relay_links` over which
//! links to a root cost least are offered, of these the shortest. This last choice alone can cost a plan; what it drops is counted.

use super::fibre::{FibreMap, FibreRoute};
use super::hops::{self, Found};
use super::microwave::{HopTally, Planner};
use super::roots::{Root, roots};
use super::shortest::ShortestWays;
use super::{BackhaulNetwork, End, LeftOut, LinkKind, LinkOption, Mast};
use crate::progress::{Interrupted, Progress};
use crate::study::{Costs, Study};

/// Links to one candidate.
#[derive(Debug, Clone, Default)]
struct Offer {
    from_roots: Vec<LinkOption>,
    from_candidates: Vec<LinkOption>,
}

impl Offer {
    /// Whether a link from a root is no dearer than `other`, at once and a year.
    fn beats(&self, other: Price) -> bool {
        let is_no_dearer = |link: &LinkOption| {
            link.cost_million_vnd <= other.cost_million_vnd && link.per_year_million_vnd <= other.per_year_million_vnd
        };
        self.from_roots.iter().any(is_no_dearer)
    }
}

/// Works out the links that can be built to `candidates`.
///
/// # Errors
/// The work was interrupted.
pub fn backhaul_network(
    study: &Study,
    candidates: &[Mast],
    progress: &Progress,
) -> Result<BackhaulNetwork, Interrupted> {
    let settings = &study.config.planning.backhaul;
    let costs = &study.config.planning.costs;
    let (roots, sites) = roots(study);
    let planner = Planner::new(&study.terrain, settings);
    let mut offers = vec![Offer::default(); candidates.len()];

    let found = hops::from_roots(&planner, &roots, candidates, settings.root_hops as usize, progress)?;
    let root_hops = found.iter().map(|found| found.tally).collect();
    for (to, found) in found.into_iter().enumerate() {
        offers[to].from_roots = hop_links(found, to, End::Root, costs).collect();
    }
    add_fibre(study, &roots, candidates, &mut offers, progress)?;

    let targets: Vec<usize> = (0..offers.len()).filter(|&to| !offers[to].beats(Price::of_hop(costs))).collect();
    let found = hops::between(&planner, candidates, &targets, progress)?;
    let relay_hops = found.iter().fold(HopTally::default(), |sum, found| sum.plus(found.tally));
    for (to, found) in targets.into_iter().zip(found) {
        offers[to].from_candidates.extend(hop_links(found, to, End::Candidate, costs));
    }

    let satellite =
        Price { cost_million_vnd: costs.satellite_link, per_year_million_vnd: costs.satellite_link_per_year };
    let capacity_mbps = settings.satellite_mbps;
    let has_satellite = capacity_mbps >= settings.site_mbps;
    let relay_links = keep_cheapest(&mut offers, has_satellite, settings.relay_links as usize);
    let is_unconnected =
        |to: &usize| !has_satellite && offers[*to].from_roots.is_empty() && offers[*to].from_candidates.is_empty();
    let unconnected = (0..offers.len()).filter(is_unconnected).collect();
    let links = offers.into_iter().enumerate().flat_map(|(to, offer)| {
        let last = has_satellite.then(|| satellite.link(End::Satellite, to, LinkKind::Satellite { capacity_mbps }));
        offer.from_roots.into_iter().chain(offer.from_candidates).chain(last)
    });
    let links = links.collect();
    Ok(BackhaulNetwork { roots, links, left_out: LeftOut { sites, root_hops, relay_hops, relay_links, unconnected } })
}

fn hop_links(found: Found, to: usize, from: fn(usize) -> End, costs: &Costs) -> impl Iterator<Item = LinkOption> {
    let price = Price::of_hop(costs);
    found.hops.into_iter().map(move |(start, hop)| price.link(from(start), to, LinkKind::Microwave(hop)))
}

/// Adds the shortest fibre from a root to each candidate, and fibre from other candidates that no link from a root beats.
fn add_fibre(
    study: &Study,
    roots: &[Root],
    candidates: &[Mast],
    offers: &mut [Offer],
    progress: &Progress,
) -> Result<(), Interrupted> {
    let settings = &study.config.planning.backhaul;
    if settings.max_fibre_km == 0.0 {
        return Ok(());
    }
    let costs = &study.config.planning.costs;
    let sources: Vec<usize> = (0..roots.len()).filter(|&root| roots[root].has_fibre).collect();
    let from: Vec<_> = sources.iter().map(|&root| roots[root].position).collect();
    let to: Vec<_> = candidates.iter().map(|candidate| candidate.position).collect();
    let map = FibreMap::new(&study.roads, &from, &to, settings);
    for (to, offer) in offers.iter_mut().enumerate() {
        if let Some((source, route)) = map.way_from_source(to) {
            let price = Price::of_fibre(costs, &route);
            offer.from_roots.push(price.link(End::Root(sources[source]), to, LinkKind::Fibre(route)));
        }
    }
    let all: Vec<usize> = (0..offers.len()).collect();
    let shared = progress.in_parts("fibre", &all, |&to| {
        // Fibre from a candidate that is longer than fibre from a root is beaten by it.
        let own_m = offers[to].from_roots.iter().filter_map(LinkOption::fibre_m).fold(f64::INFINITY, f64::min);
        let mut ways = map.ways_from_places(to, own_m);
        ways.retain(|(_, route)| !offers[to].beats(Price::of_fibre(costs, route)));
        ways
    })?;
    for (to, ways) in shared.into_iter().enumerate() {
        let link = |(from, route): (usize, FibreRoute)| {
            Price::of_fibre(costs, &route).link(End::Candidate(from), to, LinkKind::Fibre(route))
        };
        offers[to].from_candidates = ways.into_iter().map(link).collect();
    }
    Ok(())
}

/// Leaves each candidate at most `most` links from others: those over which links to a root cost least, of these the shortest. A start that
/// no root leads to comes last, and only where it can hang on a satellite. How many were dropped.
fn keep_cheapest(offers: &mut [Offer], has_satellite: bool, most: usize) -> usize {
    let mut onward = vec![Vec::new(); offers.len()];
    let mut starts = Vec::new();
    for link in offers.iter().flat_map(|offer| offer.from_roots.iter().chain(&offer.from_candidates)) {
        match link.from {
            End::Candidate(from) => onward[from].push((link.to, link.cost_million_vnd)),
            End::Root(_) | End::Satellite => starts.push((link.to, link.cost_million_vnd)),
        }
    }
    let from_roots = ShortestWays::new(&onward, starts, f64::INFINITY);
    let cost = |link: &LinkOption| match link.from {
        End::Candidate(from) => from_roots.lengths[from] + link.cost_million_vnd,
        End::Root(_) | End::Satellite => link.cost_million_vnd,
    };
    let mut dropped = 0;
    for links in offers.iter_mut().map(|offer| &mut offer.from_candidates) {
        links.retain(|link| has_satellite || cost(link).is_finite());
        let order = |link: &LinkOption| [cost(link), link.length_m().unwrap_or_default()];
        links.sort_by(|a, b| {
            let ([cost_a, m_a], [cost_b, m_b]) = (order(a), order(b));
            cost_a.total_cmp(&cost_b).then(m_a.total_cmp(&m_b))
        });
        dropped += links.len().saturating_sub(most);
        links.truncate(most);
    }
    dropped
}

/// What a link costs.
#[derive(Debug, Clone, Copy)]
struct Price {
    cost_million_vnd: f64,
    per_year_million_vnd: f64,
}

impl Price {
    fn of_hop(costs: &Costs) -> Self {
        Self { cost_million_vnd: costs.microwave_hop, per_year_million_vnd: costs.microwave_hop_per_year }
    }

    fn of_fibre(costs: &Costs, route: &FibreRoute) -> Self {
        let km = route.length_m / 1000.0;
        Self { cost_million_vnd: costs.fibre_per_km * km, per_year_million_vnd: costs.fibre_km_per_year * km }
    }

    fn link(self, from: End, to: usize, kind: LinkKind) -> LinkOption {
        let Self { cost_million_vnd, per_year_million_vnd } = self;
        LinkOption { from, to, kind, cost_million_vnd, per_year_million_vnd }
    }
}
