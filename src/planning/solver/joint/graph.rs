//! The joint problem as a graph: one root for all that is connected, one place per candidate, one group per village.
//!
//! A chosen candidate has exactly one arc to it, so its own cost is put on its arcs, and the problem is to find a tree from
//! the root: cheapest through all groups (a Steiner arborescence), or of most weight within a price. Reductions made here
//! are exact: what stands already becomes part of the root, its villages are served; villages with the same servers are one
//! group; of parallel arcs the cheapest stays; places beyond the hop limit, or from which no village can be reached within
//! it, go.

use super::super::{Backhaul, Covering, Csr, Hop, Node, Objective};
use super::preset::Preset;
use super::ruled::{Groups, Ruled};
use super::tree::NONE;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// The place of all roots and fixed candidates.
pub(super) const ROOT: u32 = 0;

/// An arc between places; its price holds what building its end costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Money; where sites are counted, 1 for a site and 0 for what is attached to one.
    pub(super) price: f64,
    /// Hops that it adds to the depth: 1, or 0 for an attachment, which nothing leaves.
    pub(super) hops: u32,
    /// The hop that it stands for.
    pub(super) hop: Hop,
}

/// The reduced problem.
#[derive(Debug)]
pub(super) struct Graph {
    /// Number of places, the root included.
    pub(super) places: usize,
    /// The candidate of each place; none at the root.
    pub(super) candidates: Vec<u32>,
    pub(super) edges: Vec<Edge>,
    /// Numbers of the arcs that leave each place.
    pub(super) out: Csr,
    /// Numbers of the arcs that enter each place.
    pub(super) into: Csr,
    /// The places that serve each group.
    pub(super) servers: Csr,
    /// The groups that each place serves.
    pub(super) serves: Csr,
    /// Weight of each group.
    pub(super) weights: Vec<f64>,
    /// Weight of what stands already.
    pub(super) base: f64,
    /// Most that the arcs may cost together; absent: every group is to be reached at least price.
    pub(super) limit: Option<f64>,
    /// Most hops, when the limit can bind.
    pub(super) hops: Option<u32>,
    /// Fewest hops from the root to each place.
    pub(super) near: Vec<u32>,
    /// Fewest hops from each place to one that serves (0 where it serves itself).
    pub(super) onward: Vec<u32>,
    /// Rules beyond covering, when there are any.
    pub(super) ruled: Option<Ruled>,
}

impl Graph {
    /// Builds and reduces. Demands that cannot be served are left out; under rules, those that are excused.
    pub(super) fn new(
        problem: &Covering,
        backhaul: &Backhaul,
        objective: &Objective,
        preset: Option<&Preset<'_>>,
    ) -> Self {
        let counts_sites = matches!(objective, Objective::MostWeightSites { .. });
        // Places by candidate: fixed ones are the root.
        let mut place: Vec<u32> = (1..=problem.candidates() as u32).collect();
        problem.fixed().iter().for_each(|&j| place[j as usize] = ROOT);
        let mut cheapest: BTreeMap<(u32, u32), Edge> = BTreeMap::new();
        let gone = |j: u32| preset.is_some_and(|p| p.removed[j as usize]);
        for arc in backhaul.arcs.iter().filter(|a| !gone(a.to) && !matches!(a.from, Node::Candidate(j) if gone(j))) {
            let from = match arc.from {
                Node::Root(_) => ROOT,
                Node::Candidate(j) => place[j as usize],
            };
            let to = place[arc.to as usize];
            if to == ROOT || from == to {
                continue;
            }
            let money = arc.cost + problem.costs()[arc.to as usize];
            let price = if counts_sites { f64::from(arc.hops) } else { money };
            let edge = Edge { from, to, price, hops: arc.hops, hop: Hop { from: arc.from, to: arc.to } };
            let known = cheapest.entry((from, to)).or_insert(edge);
            if price < known.price {
                *known = edge;
            }
        }
        let edges: Vec<Edge> = cheapest.into_values().collect();
        let limit = match *objective {
            Objective::LeastCost => None,
            Objective::MostWeightSites { max_sites } => Some(f64::from(max_sites)),
            Objective::MostWeightBudget { budget } => Some(budget + 1e-9 * budget.max(1.0)),
        };
        if let Some(preset) = preset {
            let groups = Groups::new(problem, preset, limit.is_none());
            let mut useful = groups.useful.clone();
            problem.fixed().iter().for_each(|&j| useful[j as usize].clear());
            useful.insert(ROOT as usize, Vec::new());
            let weights: Vec<f64> = groups.list.iter().map(|group| group.weight).collect();
            let kept = Kept::find(&edges, &useful, backhaul.max_hops);
            let rows = kept.servers(&useful, weights.len());
            let mut graph = kept.graph(&edges, (rows, weights), groups.base, limit);
            graph.ruled = Some(Ruled::new(problem, preset, groups, &graph));
            return graph;
        }
        let mut served = vec![false; problem.demands()];
        problem.fixed().iter().for_each(|&j| problem.covers(j).iter().for_each(|&i| served[i as usize] = true));
        let base = problem.weights().iter().zip(&served).filter(|p| *p.1).map(|(w, _)| w).sum();
        let mut useful: Vec<Vec<u32>> = vec![Vec::new(); problem.candidates() + 1];
        let worthless = |i: u32| limit.is_some() && problem.weights()[i as usize] == 0.0;
        for j in 0..problem.candidates() as u32 {
            let open = problem.covers(j).iter().copied().filter(|&i| !served[i as usize] && !worthless(i));
            useful[j as usize + 1] = open.collect();
        }
        useful[ROOT as usize].clear();
        let kept = Kept::find(&edges, &useful, backhaul.max_hops);
        let groups = merged(&kept.servers(&useful, problem.demands()), problem.weights());
        kept.graph(&edges, groups, base, limit)
    }

    /// The most hops that a path can have, where that is to be counted; 0 where it is not.
    pub(super) fn layers(&self) -> u32 {
        self.hops.unwrap_or(0)
    }

    /// Number of groups.
    pub(super) fn groups(&self) -> usize {
        self.weights.len()
    }

    /// At how many new places each plan that serves a group needs a server, at least.
    pub(super) fn new_places(&self, group: usize) -> u32 {
        self.ruled.as_ref().map_or(1, |ruled| ruled.groups[group].new_places)
    }

    /// Prices of all arcs.
    pub(super) fn prices(&self) -> Vec<f64> {
        self.edges.iter().map(|e| e.price).collect()
    }
}

/// One group for all demands with the same places that serve them, and the weights of the groups.
fn merged(servers: &[Vec<u32>], weights: &[f64]) -> (Vec<Vec<u32>>, Vec<f64>) {
    let mut group_of: HashMap<&[u32], usize> = HashMap::new();
    let (mut rows, mut sums): (Vec<Vec<u32>>, Vec<f64>) = (Vec::new(), Vec::new());
    for (row, weight) in servers.iter().zip(weights).filter(|p| !p.0.is_empty()) {
        let group = *group_of.entry(row).or_insert_with(|| {
            rows.push(row.clone());
            sums.push(0.0);
            rows.len() - 1
        });
        sums[group] += weight;
    }
    (rows, sums)
}

/// The places of use, by their number before.
struct Kept {
    near: Vec<u32>,
    onward: Vec<u32>,
    /// The places that stay, increasing.
    places: Vec<usize>,
    most: Option<u32>,
}

impl Kept {
    fn find(edges: &[Edge], useful: &[Vec<u32>], most: Option<u32>) -> Self {
        let places = useful.len();
        let ends = |reverse: bool| {
            let mut next: Vec<Vec<(u32, u32)>> = vec![Vec::new(); places];
            for e in edges {
                let (a, b) = if reverse { (e.to, e.from) } else { (e.from, e.to) };
                next[a as usize].push((b, e.hops));
            }
            next
        };
        let near = hops_from([ROOT].into(), &ends(false));
        let serving = (0..places as u32).filter(|&p| !useful[p as usize].is_empty()).collect();
        let onward = hops_from(serving, &ends(true));
        let fits = |&p: &usize| near[p].saturating_add(onward[p]) <= most.unwrap_or(u32::MAX - 1);
        let places = (0..places).filter(|p| *p == ROOT as usize || fits(p)).collect();
        Self { near, onward, places, most }
    }

    /// The places that serve each of so many demands, in new numbers.
    fn servers(&self, useful: &[Vec<u32>], demands: usize) -> Vec<Vec<u32>> {
        let mut servers = vec![Vec::new(); demands];
        for (new, &p) in self.places.iter().enumerate() {
            useful[p].iter().for_each(|&i| servers[i as usize].push(new as u32));
        }
        servers
    }

    fn graph(
        self,
        edges: &[Edge],
        (servers, weights): (Vec<Vec<u32>>, Vec<f64>),
        base: f64,
        limit: Option<f64>,
    ) -> Graph {
        let mut number = vec![u32::MAX; self.near.len()];
        self.places.iter().enumerate().for_each(|(new, &p)| number[p] = new as u32);
        let places = self.places.len();
        let pick = |of: &[u32]| -> Vec<u32> { self.places.iter().map(|&p| of[p]).collect() };
        let (near, onward) = (pick(&self.near), pick(&self.onward));
        let most = self.most.filter(|&h| (h as usize) < places - 1);
        let fits = |e: &Edge| most.is_none_or(|h| near[e.from as usize] + e.hops + onward[e.to as usize] <= h);
        let renumbered = |e: &Edge| {
            let (from, to) = (number[e.from as usize], number[e.to as usize]);
            (from != u32::MAX && to != u32::MAX).then_some(Edge { from, to, ..*e })
        };
        let edges: Vec<Edge> = edges.iter().filter_map(renumbered).filter(fits).collect();
        let by = |end: fn(&Edge) -> u32| Csr::from_rows(edges.iter().map(|e| [end(e)])).transpose(places);
        let servers = Csr::from_rows(servers);
        let serves = servers.transpose(places);
        let (out, into) = (by(|e| e.from), by(|e| e.to));
        let candidates = self.places.iter().map(|&p| (p as u32).checked_sub(1).unwrap_or(NONE)).collect();
        let hops = most;
        Graph {
            places,
            candidates,
            out,
            into,
            servers,
            serves,
            weights,
            base,
            limit,
            hops,
            near,
            onward,
            edges,
            ruled: None,
        }
    }
}

/// Fewest hops from any of the places; `u32::MAX` where there is no way.
fn hops_from(start: Vec<u32>, next: &[Vec<(u32, u32)>]) -> Vec<u32> {
    let mut hops = vec![u32::MAX; next.len()];
    start.iter().for_each(|&p| hops[p as usize] = 0);
    let mut queue: VecDeque<(u32, u32)> = start.into_iter().map(|p| (p, 0)).collect();
    while let Some((p, reached)) = queue.pop_front() {
        if hops[p as usize] < reached {
            continue;
        }
        for &(to, more) in &next[p as usize] {
            if reached + more < hops[to as usize] {
                hops[to as usize] = reached + more;
                match more {
                    0 => queue.push_front((to, reached)),
                    _ => queue.push_back((to, reached + more)),
                }
            }
        }
    }
    hops
}
