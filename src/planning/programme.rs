//! The solver's problem of a study: masts, what they can carry, single villages' own ways, and the links between them.
//!
//! A mast is a place that links lead to and start from; it carries the cost of building and powering it and serves nobody by
//! itself. Each configuration is attached to its mast with the cost of its radio equipment and serves its villages. A village's
//! own ways (fibre, repeater, satellite) are attached to a root and serve that village alone.

use super::backhaul::{BackhaulNetwork, End};
use super::build::Demand;
use super::power::PowerSupply;
use super::solver::{Arc, Backhaul, Covering, CoveringError, Csr, Hop, Node};
use super::village_ways::VillageWay;
use super::{Candidate, CoverageMatrix, MatrixRow};
use crate::study::{Configuration, Costs, FallbackUse, Study};
use std::collections::{HashMap, VecDeque};

/// What a number of the solver's candidates stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A mast: index of the candidate.
    Mast(usize),
    /// A configuration on a mast: index of the matrix row.
    Radio(usize),
    /// A village's own way: its index.
    Way(usize),
}

/// What a study offers to a plan.
#[derive(Clone, Copy)]
pub(super) struct Offer<'a> {
    pub(super) study: &'a Study,
    pub(super) configurations: &'a [Configuration],
    pub(super) candidates: &'a [Candidate],
    /// Electricity of each candidate.
    pub(super) power: &'a [PowerSupply],
    pub(super) matrix: &'a CoverageMatrix,
    pub(super) network: &'a BackhaulNetwork,
    pub(super) ways: &'a [VillageWay],
    pub(super) demands: &'a [Demand],
}

impl Offer<'_> {
    fn costs(&self) -> &Costs {
        &self.study.config.planning.costs
    }

    /// What a mast costs on the study's basis, million VND: building, track, electricity, operation.
    pub(super) fn mast_cost(&self, candidate: usize) -> f64 {
        let power = &self.power[candidate];
        let own = &self.candidates[candidate];
        let yearly = if own.origin.standing_site().is_some() { 0.0 } else { self.costs().operation_per_year };
        let investment = own.cost.total() + power.cost_million_vnd;
        self.costs().on_basis(investment, yearly + power.yearly_cost_million_vnd)
    }

    /// What the radio equipment of a matrix row costs, million VND.
    pub(super) fn radio_cost(&self, row: &MatrixRow) -> f64 {
        self.candidates[row.candidate].radio_cost(&self.configurations[row.configuration], self.costs())
    }

    /// What a link costs on the study's basis, million VND.
    pub(super) fn link_cost(&self, link: usize) -> f64 {
        let link = &self.network.links[link];
        self.costs().on_basis(link.cost_million_vnd, link.per_year_million_vnd)
    }

    /// What a village's own way costs on the study's basis, million VND.
    pub(super) fn way_cost(&self, way: usize) -> f64 {
        let way = &self.ways[way];
        self.costs().on_basis(way.cost_million_vnd, way.yearly_cost_million_vnd)
    }
}

/// The solver's problem and what its numbers stand for.
#[derive(Debug)]
pub(super) struct Programme {
    pub(super) items: Vec<Item>,
    pub(super) covering: Covering,
    pub(super) backhaul: Backhaul,
    /// The cheapest link of each possible hop; hops that are no link (configurations, ways, masts that are connected) are not there.
    links: HashMap<(Node, u32), usize>,
}

impl Programme {
    /// The problem of what is offered. The masts are its first candidates, in their order.
    pub(super) fn new(offer: &Offer<'_>) -> Result<Self, CoveringError> {
        let (mut items, mut costs) = (Vec::new(), Vec::new());
        let mut covers: Vec<Vec<u32>> = Vec::new();
        let mut arcs = Vec::new();
        let mut links = HashMap::new();
        for candidate in 0..offer.candidates.len() {
            items.push(Item::Mast(candidate));
            costs.push(offer.mast_cost(candidate));
            covers.push(Vec::new());
        }
        // Satellites, and the ways of villages, start at a root of their own.
        let sky = offer.network.roots.len() as u32;
        let by_satellite = satellites_for(offer);
        for (index, link) in offer.network.links.iter().enumerate() {
            if link.from == End::Satellite && !by_satellite[link.to] {
                continue;
            }
            let from = match link.from {
                End::Root(root) => Node::Root(root as u32),
                End::Candidate(candidate) => Node::Candidate(candidate as u32),
                End::Satellite => Node::Root(sky),
            };
            let cost = offer.link_cost(index);
            arcs.push(Arc { from, to: link.to as u32, cost, hops: 1 });
            let known = links.entry((from, link.to as u32)).or_insert(index);
            if cost < offer.link_cost(*known) {
                *known = index;
            }
        }
        for (candidate, own) in offer.candidates.iter().enumerate() {
            let root = own.origin.standing_site().and_then(|site| offer.network.root_of_site(site));
            if let Some(root) = root {
                let from = Node::Root(root as u32);
                arcs.push(Arc { from, to: candidate as u32, cost: 0.0, hops: 1 });
                links.remove(&(from, candidate as u32));
            }
        }
        let mut attach = |item, from, cost, villages| {
            arcs.push(Arc { from, to: items.len() as u32, cost: 0.0, hops: 0 });
            items.push(item);
            costs.push(cost);
            covers.push(villages);
        };
        for (index, row) in offer.matrix.rows.iter().enumerate() {
            let villages: Vec<u32> = offer.matrix.served(row).collect();
            if !villages.is_empty() {
                let mast = Node::Candidate(row.candidate as u32);
                attach(Item::Radio(index), mast, offer.radio_cost(row), villages);
            }
        }
        for (index, way) in offer.ways.iter().enumerate() {
            attach(Item::Way(index), Node::Root(sky), offer.way_cost(index), vec![way.place as u32]);
        }
        let weights = offer.demands.iter().map(|demand| demand.weight).collect();
        let covering = Covering::new(costs, weights, Csr::from_rows(covers), Vec::new())?;
        let max_hops = Some(offer.study.config.planning.backhaul.max_hops);
        Ok(Self { items, covering, backhaul: Backhaul { roots: sky + 1, arcs, max_hops }, links })
    }

    /// The link that a hop of a solution stands for; `None` where its end is connected already.
    pub(super) fn link(&self, hop: Hop) -> Option<usize> {
        self.links.get(&(hop.from, hop.to)).copied()
    }
}

/// Which masts may have a satellite link: those that nothing on the ground connects within the hops allowed, unless the study takes satellites as
/// an alternative, or never.
fn satellites_for(offer: &Offer<'_>) -> Vec<bool> {
    let count = offer.candidates.len();
    match offer.study.config.planning.fallback.when {
        FallbackUse::Alternative => return vec![true; count],
        FallbackUse::Never => return vec![false; count],
        FallbackUse::LastResort => {}
    }
    let mut hops = vec![u32::MAX; count];
    let mut onward = vec![Vec::new(); count];
    let mut open = VecDeque::new();
    let connected = offer
        .candidates
        .iter()
        .enumerate()
        .filter(|(_, own)| own.origin.standing_site().and_then(|site| offer.network.root_of_site(site)).is_some());
    let connected = connected.map(|(candidate, _)| candidate);
    let from_roots = offer.network.links.iter().filter(|link| matches!(link.from, End::Root(_))).map(|link| link.to);
    for to in from_roots.chain(connected) {
        if hops[to] == u32::MAX {
            hops[to] = 1;
            open.push_back(to);
        }
    }
    for link in &offer.network.links {
        if let End::Candidate(from) = link.from {
            onward[from].push(link.to);
        }
    }
    while let Some(at) = open.pop_front() {
        if hops[at] >= offer.study.config.planning.backhaul.max_hops {
            continue;
        }
        for &to in &onward[at] {
            if hops[to] == u32::MAX {
                hops[to] = hops[at] + 1;
                open.push_back(to);
            }
        }
    }
    hops.into_iter().map(|hops| hops == u32::MAX).collect()
}
