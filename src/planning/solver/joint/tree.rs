//! A plan: a tree of arcs from the root, with the depth of each place and how often each group is served.

use super::graph::{Graph, ROOT};
use super::service;
use std::cmp::Reverse;

/// No arc, or no depth: the place is not in the tree.
pub(super) const NONE: u32 = u32::MAX;

/// A tree within a graph.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    /// The arc that leads to each place.
    pub(super) parent: Vec<u32>,
    /// Hops from the root.
    pub(super) depth: Vec<u32>,
    /// Number of arcs that leave each place.
    children: Vec<u32>,
    /// How many places of the tree serve each group.
    pub(super) served: Vec<u32>,
}

impl Tree {
    /// The root alone.
    pub(super) fn new(graph: &Graph) -> Self {
        let mut depth = vec![NONE; graph.places];
        depth[ROOT as usize] = 0;
        Self {
            parent: vec![NONE; graph.places],
            depth,
            children: vec![0; graph.places],
            served: vec![0; graph.groups()],
        }
    }

    /// The tree of shortest paths, in hops, along a set of arcs: what of them hangs on the root within the hop limit.
    pub(super) fn along(graph: &Graph, arcs: &[u32]) -> Self {
        let mut tree = Self::new(graph);
        let mut waiting = arcs.to_vec();
        waiting.sort_unstable();
        let mut level = 0;
        loop {
            let (now, later): (Vec<u32>, Vec<u32>) =
                waiting.iter().partition(|&&a| tree.depth[graph.edges[a as usize].from as usize] == level);
            if now.is_empty() {
                return tree;
            }
            for a in now {
                let edge = &graph.edges[a as usize];
                if !tree.has(edge.to) && graph.hops.is_none_or(|most| level + edge.hops <= most) {
                    tree.add(graph, a);
                }
            }
            waiting = later;
            level += 1;
        }
    }

    /// Whether a place is in the tree.
    pub(super) fn has(&self, place: u32) -> bool {
        self.depth[place as usize] != NONE
    }

    /// The places beside the root, increasing.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.parent.len() as u32).filter(|&p| self.parent[p as usize] != NONE)
    }

    /// The arcs, by the place that they lead to.
    pub(super) fn arcs(&self) -> Vec<u32> {
        self.parent.iter().copied().filter(|&a| a != NONE).collect()
    }

    /// What the arcs cost together.
    pub(super) fn price(&self, graph: &Graph) -> f64 {
        self.parent.iter().filter(|&&a| a != NONE).fold(0.0, |sum, &a| sum + graph.edges[a as usize].price)
    }

    /// Weight of the groups that are served.
    pub(super) fn weight(&self, graph: &Graph) -> f64 {
        self.served.iter().zip(&graph.weights).filter(|p| *p.0 > 0).fold(0.0, |sum, (_, w)| sum + w)
    }

    /// Whether every group is served.
    pub(super) fn covers_all(&self) -> bool {
        self.served.iter().all(|&n| n > 0)
    }

    /// Adds an arc from the tree to a place outside.
    pub(super) fn add(&mut self, graph: &Graph, arc: u32) {
        let edge = &graph.edges[arc as usize];
        let to = edge.to as usize;
        self.parent[to] = arc;
        self.depth[to] = self.depth[edge.from as usize] + edge.hops;
        self.children[edge.from as usize] += 1;
        graph.serves.row(to).iter().for_each(|&g| self.served[g as usize] += 1);
    }

    fn remove_leaf(&mut self, graph: &Graph, place: u32) {
        let p = place as usize;
        self.children[graph.edges[self.parent[p] as usize].from as usize] -= 1;
        self.parent[p] = NONE;
        self.depth[p] = NONE;
        graph.serves.row(p).iter().for_each(|&g| self.served[g as usize] -= 1);
    }

    /// Whether a place of the tree has no other below it.
    pub(super) fn is_end(&self, place: u32) -> bool {
        self.children[place as usize] == 0
    }

    /// The places below a place, itself first.
    fn below(&self, graph: &Graph, place: u32) -> Vec<u32> {
        let mut below = vec![place];
        let mut k = 0;
        while let Some(&p) = below.get(k) {
            if self.children[p as usize] > 0 {
                let ends = graph.out.row(p as usize).iter().map(|&a| (a, graph.edges[a as usize].to));
                below.extend(ends.filter(|&(a, to)| self.parent[to as usize] == a).map(|(_, to)| to));
            }
            k += 1;
        }
        below
    }

    /// Removes a place and all that hangs on it.
    pub(super) fn remove(&mut self, graph: &Graph, place: u32) {
        if self.parent[place as usize] != NONE {
            self.below(graph, place).into_iter().rev().for_each(|p| self.remove_leaf(graph, p));
        }
    }

    /// Serves a group by a way of fewest hops to one of the servers that are allowed, hanging what lies deeper than need be on
    /// that way. Where hops are limited this succeeds when paths beside the tree do not, since its places may stand too deep
    /// to go on from.
    pub(super) fn graft(&mut self, graph: &Graph, group: usize, allowed: impl Fn(u32) -> bool) {
        let servers = graph.servers.row(group).iter().filter(|&&p| allowed(p));
        let Some(&server) = servers.min_by_key(|&&p| graph.near[p as usize]) else { return };
        let (mut way, mut at) = (Vec::new(), server);
        while at != ROOT {
            let before = |&&a: &&u32| {
                let edge = &graph.edges[a as usize];
                graph.near[edge.from as usize] + edge.hops == graph.near[at as usize]
            };
            let price = |a: u32| graph.edges[a as usize].price;
            let arcs = graph.into.row(at as usize).iter().filter(before);
            let Some(&arc) = arcs.min_by(|&&a, &&b| price(a).total_cmp(&price(b))) else { return };
            way.push(arc);
            at = graph.edges[arc as usize].from;
        }
        for arc in way.into_iter().rev() {
            let to = graph.edges[arc as usize].to;
            if !self.has(to) {
                self.add(graph, arc);
            } else if self.depth[to as usize] > graph.near[to as usize] {
                let below = self.below(graph, to);
                self.move_to(graph, to, arc, &below);
            }
        }
    }

    /// Removes ends of the tree that nothing needs, the dearest first.
    pub(super) fn prune(&mut self, graph: &Graph) {
        if let Some(ruled) = graph.ruled.as_ref().filter(|ruled| !ruled.one_is_enough) {
            return service::prune(graph, ruled, self);
        }
        let idle = |tree: &Self, p: u32| {
            tree.has(p) && tree.is_end(p) && graph.serves.row(p as usize).iter().all(|&g| tree.served[g as usize] > 1)
        };
        let mut ends: Vec<u32> = self.places().filter(|&p| idle(self, p)).collect();
        let price = |tree: &Self, p: u32| graph.edges[tree.parent[p as usize] as usize].price;
        loop {
            ends.retain(|&p| idle(self, p));
            let dearer = |a: u32, b: u32| price(self, a).total_cmp(&price(self, b)).then(b.cmp(&a));
            let Some(dearest) = ends.iter().copied().max_by(|&a, &b| dearer(a, b)) else { return };
            let from = graph.edges[self.parent[dearest as usize] as usize].from;
            self.remove_leaf(graph, dearest);
            if from != ROOT {
                ends.push(from);
            }
        }
    }

    /// Hangs each place on the cheapest other place of the tree where the hops allow, until nothing gets cheaper.
    pub(super) fn rehang(&mut self, graph: &Graph) {
        let mut order: Vec<u32> = self.places().collect();
        order.sort_by_key(|&p| Reverse(self.depth[p as usize]));
        let most = graph.hops.unwrap_or(NONE - 1);
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for &p in &order {
                let now = graph.edges[self.parent[p as usize] as usize].price;
                let cheaper = |&&a: &&u32| {
                    let e = &graph.edges[a as usize];
                    e.price < now && self.has(e.from)
                };
                let mut arcs: Vec<u32> = graph.into.row(p as usize).iter().filter(cheaper).copied().collect();
                if arcs.is_empty() {
                    continue;
                }
                arcs.sort_by(|&a, &b| graph.edges[a as usize].price.total_cmp(&graph.edges[b as usize].price));
                let below = self.below(graph, p);
                let height = below.iter().map(|&q| self.depth[q as usize]).max().unwrap_or(0) - self.depth[p as usize];
                let fits = |&&a: &&u32| {
                    let edge = &graph.edges[a as usize];
                    self.depth[edge.from as usize] + edge.hops + height <= most && !below.contains(&edge.from)
                };
                if let Some(&arc) = arcs.iter().find(fits) {
                    self.move_to(graph, p, arc, &below);
                    changed = true;
                }
            }
        }
    }

    fn move_to(&mut self, graph: &Graph, place: u32, arc: u32, below: &[u32]) {
        let (old, new) = (graph.edges[self.parent[place as usize] as usize].from, graph.edges[arc as usize].from);
        self.children[old as usize] -= 1;
        self.children[new as usize] += 1;
        self.parent[place as usize] = arc;
        for &p in below {
            let edge = &graph.edges[self.parent[p as usize] as usize];
            self.depth[p as usize] = self.depth[edge.from as usize] + edge.hops;
        }
    }
}
