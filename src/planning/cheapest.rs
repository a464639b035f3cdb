//! The cheapest way to serve a village besides what a plan builds: a shortest path over masts, within the limit of hops.
//!
//! The price of one village alone, not of several together: what two of them share is in both prices.

use super::programme::{Item, Programme};
use super::solver::Node;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap};

/// What stands of a plan, by the numbers of the solver's candidates.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    /// Whether each is built.
    pub(super) is_built: Vec<bool>,
    /// Hops between each built mast and a root.
    pub(super) hops: Vec<u32>,
}

/// What would have to be built for a village.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    /// Numbers of what is not built yet, from the network outwards; the last serves the village.
    pub(super) items: Vec<u32>,
    /// Hop from which each of them hangs.
    pub(super) from: Vec<Node>,
    /// Its cost, million VND.
    pub(super) cost: f64,
}

/// The links of a programme, by their start.
pub(super) struct Links<'a> {
    programme: &'a Programme,
    /// Arcs of masts by the candidate where they start; the last list is that of roots.
    out: Vec<Vec<usize>>,
    /// Numbers that serve each village.
    servers: Vec<Vec<u32>>,
    /// The mast of each configuration, and the root of each way.
    at: Vec<Node>,
    most_hops: u32,
}

/// A mast that a search has reached.
#[derive(Clone, Copy, PartialEq)]
struct Reached {
    cost: f64,
    mast: u32,
    hops: u32,
}

impl Eq for Reached {}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cost.total_cmp(&other.cost).then((self.mast, self.hops).cmp(&(other.mast, other.hops)))
    }
}

/// The cheapest ways to all masts.
pub(super) struct Ways<'a> {
    links: &'a Links<'a>,
    standing: &'a Standing,
    /// For each mast and number of hops the cost and the hop that leads there.
    best: Vec<Vec<(f64, Option<Node>)>>,
}

impl<'a> Links<'a> {
    pub(super) fn new(programme: &'a Programme) -> Self {
        let count = programme.items.len();
        let (mut out, mut at) = (vec![Vec::new(); count + 1], vec![Node::Root(0); count]);
        for (number, arc) in programme.backhaul.arcs.iter().enumerate() {
            if arc.hops == 0 {
                at[arc.to as usize] = arc.from;
                continue;
            }
            match arc.from {
                Node::Root(_) => out[count].push(number),
                Node::Candidate(from) => out[from as usize].push(number),
            }
        }
        let covering = &programme.covering;
        let servers = (0..covering.demands() as u32).map(|place| covering.servers(place).to_vec()).collect();
        let masts = programme.items.iter().filter(|item| matches!(item, Item::Mast(_))).count() as u32;
        Self { programme, out, servers, at, most_hops: programme.backhaul.max_hops.unwrap_or(masts).min(masts) }
    }

    /// Searches from what stands; masts in `barred` are not used.
    pub(super) fn ways(&'a self, standing: &'a Standing, barred: &BTreeSet<u32>) -> Ways<'a> {
        let (arcs, costs) = (&self.programme.backhaul.arcs, self.programme.covering.costs());
        let layers = self.most_hops as usize + 1;
        let mut best = vec![vec![(f64::INFINITY, None); layers]; self.programme.items.len()];
        let mut open = BinaryHeap::new();
        for (number, item) in self.programme.items.iter().enumerate() {
            if matches!(item, Item::Mast(_)) && standing.is_built[number] && !barred.contains(&(number as u32)) {
                let hops = standing.hops[number];
                if let Some(entry) = best[number].get_mut(hops as usize) {
                    *entry = (0.0, None);
                    open.push(Reverse(Reached { cost: 0.0, mast: number as u32, hops }));
                }
            }
        }
        let mut relax = |open: &mut BinaryHeap<Reverse<Reached>>, list: &[usize], cost: f64, hops: u32| {
            if hops >= self.most_hops {
                return;
            }
            for arc in list.iter().map(|&arc| &arcs[arc]) {
                let to = arc.to as usize;
                if standing.is_built[to] || barred.contains(&arc.to) {
                    continue;
                }
                let reached = Reached { cost: cost + arc.cost + costs[to], mast: arc.to, hops: hops + 1 };
                let entry = &mut best[to][hops as usize + 1];
                if reached.cost < entry.0 {
                    *entry = (reached.cost, Some(arc.from));
                    open.push(Reverse(reached));
                }
            }
        };
        relax(&mut open, &self.out[self.programme.items.len()], 0.0, 0);
        let mut settled = vec![false; self.programme.items.len() * layers];
        while let Some(Reverse(Reached { cost, mast, hops })) = open.pop() {
            if std::mem::replace(&mut settled[mast as usize * layers + hops as usize], true) {
                continue;
            }
            relax(&mut open, &self.out[mast as usize], cost, hops);
        }
        Ways { links: self, standing, best }
    }
}

impl Ways<'_> {
    /// The cheapest way to serve a village by its place; `None` where nothing does. Configurations on barred masts are out of reach.
    pub(super) fn to(&self, place: u32) -> Option<Way> {
        let costs = self.links.programme.covering.costs();
        let mut found: Option<(f64, u32, Option<usize>)> = None;
        for &server in &self.links.servers[place as usize] {
            let own = if self.standing.is_built[server as usize] { 0.0 } else { costs[server as usize] };
            let (cost, hops) = match self.links.at[server as usize] {
                Node::Root(_) => (own, None),
                Node::Candidate(mast) => {
                    let layers = self.best[mast as usize].iter().enumerate();
                    let cheapest = layers.min_by(|a, b| a.1.0.total_cmp(&b.1.0));
                    let Some((hops, (way, _))) = cheapest else { continue };
                    (own + way, Some(hops))
                }
            };
            if cost.is_finite() && found.is_none_or(|(least, ..)| cost < least) {
                found = Some((cost, server, hops));
            }
        }
        let (cost, server, hops) = found?;
        let (mut items, mut from) = (vec![server], vec![self.links.at[server as usize]]);
        let mut at = self.links.at[server as usize];
        let mut hops = hops.unwrap_or(0);
        while let Node::Candidate(mast) = at {
            let Some(before) = self.best[mast as usize][hops].1 else { break };
            items.push(mast);
            from.push(before);
            at = before;
            hops = hops.saturating_sub(1);
        }
        items.reverse();
        from.reverse();
        Some(Way { items, from, cost })
    }
}
