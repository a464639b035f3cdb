//! The graph as bounds see it: with a hop limit, a copy of each place for each depth at which it can be used.
//!
//! In the layered net every path keeps the hop limit by itself (Gouveia, Simonetti & Uchoa, Math. Program. 128 (2011)
//! 123–148), so hops need no rows of their own, and cuts in it bound more than cuts in the graph. A place that no arc leaves
//! needs one copy alone.

use super::super::Csr;
use super::graph::{Graph, ROOT};
use super::tree::{NONE, Tree};

/// An arc between nodes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The graph's arc that it is a copy of.
    pub(super) edge: u32,
    pub(super) price: f64,
}

/// A directed net from node 0, the root. Every link can be used by some plan, as far as is known.
#[derive(Debug)]
pub(super) struct Net {
    /// The place of each node.
    pub(super) place: Vec<u32>,
    /// Depth of each node, the least one for a place that no arc leaves; 0 where hops are not limited.
    depth: Vec<u32>,
    pub(super) links: Vec<Link>,
    pub(super) out: Csr,
    pub(super) into: Csr,
    /// The nodes that serve each group.
    pub(super) servers: Csr,
    /// The nodes of each place.
    pub(super) copies: Csr,
}

/// Larger nets are not built.
const MOST_LINKS: usize = 4_000_000;

impl Net {
    /// All copies of the graph's arcs; `None` when there are too many.
    pub(super) fn new(graph: &Graph) -> Option<Self> {
        let Some(most) = graph.hops else {
            let links = graph.edges.iter().enumerate();
            let links = links.map(|(k, e)| Link { from: e.from, to: e.to, edge: k as u32, price: e.price }).collect();
            return Some(Self::assemble(graph, (0..graph.places as u32).collect(), vec![0; graph.places], links));
        };
        // Place p has a node for each depth from near to most − onward, but one alone when nothing leaves it.
        let deepest = |p: usize| if p == ROOT as usize { 0 } else { most - graph.onward[p] };
        let (mut first, mut place, mut depth) = (Vec::with_capacity(graph.places), Vec::new(), Vec::new());
        for p in 0..graph.places {
            first.push(place.len() as u32);
            let last = if graph.out.row(p).is_empty() { graph.near[p] } else { deepest(p) };
            for d in graph.near[p]..=last {
                place.push(p as u32);
                depth.push(d);
            }
        }
        let node = |p: u32, d: u32| {
            let p = p as usize;
            if graph.out.row(p).is_empty() { first[p] } else { first[p] + (d - graph.near[p]) }
        };
        let mut links = Vec::new();
        for (k, e) in graph.edges.iter().enumerate() {
            let (from, to) = (e.from as usize, e.to as usize);
            let least = graph.near[from].max(graph.near[to].saturating_sub(e.hops));
            let depths = least..=deepest(from).min(most - graph.onward[to] - e.hops);
            links.extend(depths.map(|d| Link {
                from: node(e.from, d),
                to: node(e.to, d + e.hops),
                edge: k as u32,
                price: e.price,
            }));
            if links.len() > MOST_LINKS {
                return None;
            }
        }
        let all = vec![true; links.len()];
        Some(Self::assemble(graph, place, depth, links).restrict(graph, &all).0)
    }

    fn assemble(graph: &Graph, place: Vec<u32>, depth: Vec<u32>, links: Vec<Link>) -> Self {
        let nodes = place.len();
        let by = |end: fn(&Link) -> u32| Csr::from_rows(links.iter().map(|l| [end(l)])).transpose(nodes);
        let (out, into) = (by(|l| l.from), by(|l| l.to));
        let serves = Csr::from_rows(place.iter().map(|&p| graph.serves.row(p as usize)));
        let servers = serves.transpose(graph.groups());
        let copies = Csr::from_rows(place.iter().map(|&p| [p])).transpose(graph.places);
        Self { place, depth, links, out, into, servers, copies }
    }

    /// The net of the links to keep, less what no longer leads from the root to a serving node; and the number there of each
    /// link of this net.
    pub(super) fn restrict(&self, graph: &Graph, keep: &[bool]) -> (Self, Vec<Option<u32>>) {
        let nodes = self.place.len();
        let walk = |start: Vec<u32>, by: &Csr, end: fn(&Link) -> u32| {
            let mut seen = vec![false; nodes];
            let mut stack = start;
            stack.iter().for_each(|&n| seen[n as usize] = true);
            while let Some(n) = stack.pop() {
                for &l in by.row(n as usize).iter().filter(|&&l| keep[l as usize]) {
                    let next = end(&self.links[l as usize]);
                    if !std::mem::replace(&mut seen[next as usize], true) {
                        stack.push(next);
                    }
                }
            }
            seen
        };
        let reached = walk(vec![ROOT], &self.out, |l| l.to);
        let serving = |&n: &u32| reached[n as usize] && !graph.serves.row(self.place[n as usize] as usize).is_empty();
        let useful = walk((0..nodes as u32).filter(serving).collect(), &self.into, |l| l.from);
        let mut number = vec![NONE; nodes];
        let (mut place, mut depth) = (Vec::new(), Vec::new());
        for n in (0..nodes).filter(|&n| n == ROOT as usize || (reached[n] && useful[n])) {
            number[n] = place.len() as u32;
            place.push(self.place[n]);
            depth.push(self.depth[n]);
        }
        let mut links = Vec::new();
        let mut moved = vec![None; self.links.len()];
        for (k, link) in self.links.iter().enumerate().filter(|p| keep[p.0]) {
            let (from, to) = (number[link.from as usize], number[link.to as usize]);
            if from != NONE && to != NONE {
                moved[k] = Some(links.len() as u32);
                links.push(Link { from, to, ..*link });
            }
        }
        (Self::assemble(graph, place, depth, links), moved)
    }

    /// Whether each link is part of a tree.
    pub(super) fn marks(&self, graph: &Graph, tree: &Tree) -> Vec<bool> {
        let used = |l: &Link| {
            let at = if graph.hops.is_some() { tree.depth[self.place[l.from as usize] as usize] } else { 0 };
            tree.parent[self.place[l.to as usize] as usize] == l.edge && at == self.depth[l.from as usize]
        };
        self.links.iter().map(used).collect()
    }
}
