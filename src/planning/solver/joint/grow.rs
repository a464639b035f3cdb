//! Growing a tree along cheapest paths: the path that serves most per price first, within the hops and the price allowed.
//!
//! Paths are Dijkstra labels of (place, depth). A label is dominated where its place was reached before at no greater depth.

use super::graph::Graph;
use super::ruled::Ruled;
use super::service::Service;
use super::tree::{NONE, Tree};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A label in the queue, cheapest first, then by number.
#[derive(PartialEq)]
struct Label {
    price: f64,
    state: u32,
}

impl Eq for Label {}
impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        other.price.total_cmp(&self.price).then(other.state.cmp(&self.state))
    }
}

/// What to grow by.
pub(super) struct Wish<'a> {
    /// Price of each arc as the search sees it.
    pub(super) prices: &'a [f64],
    /// Value of each group as the search sees it.
    pub(super) values: &'a [f64],
}

/// Working space that is used again.
pub(super) struct Grower<'g> {
    graph: &'g Graph,
    /// Number of depths kept apart: 1 where hops are not limited.
    depths: u32,
    price: Vec<f64>,
    arc: Vec<u32>,
    least_depth: Vec<u32>,
    touched: Vec<u32>,
    queue: BinaryHeap<Label>,
    gain: Vec<f64>,
    /// Places that rules bar.
    barred: Vec<bool>,
}

impl<'g> Grower<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        let depths = graph.layers() + 1;
        let states = graph.places * depths as usize;
        Self {
            graph,
            depths,
            price: vec![f64::INFINITY; states],
            arc: vec![NONE; states],
            least_depth: vec![NONE; graph.places],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
            gain: Vec::new(),
            barred: vec![false; graph.places],
        }
    }

    /// Grows until all is served or nothing more fits.
    pub(super) fn grow(&mut self, tree: &mut Tree, wish: &Wish<'_>) {
        let graph = self.graph;
        if let Some(ruled) = graph.ruled.as_ref().filter(|r| graph.limit.is_some() || !r.one_is_enough) {
            return self.grow_ruled(tree, wish, ruled);
        }
        self.barred = graph.ruled.as_ref().map_or_else(|| vec![false; graph.places], |ruled| ruled.excluded(tree));
        let mut left = graph.limit.map(|limit| limit - tree.price(graph));
        self.gain = vec![0.0; graph.places];
        for g in (0..graph.groups()).filter(|&g| tree.served[g] == 0) {
            graph.servers.row(g).iter().for_each(|&p| self.gain[p as usize] += wish.values[g]);
        }
        while let Some(path) = self.best_path(tree, wish, left) {
            for arc in path {
                let edge = &graph.edges[arc as usize];
                if self.barred[edge.to as usize] {
                    break;
                }
                for &g in graph.serves.row(edge.to as usize) {
                    if tree.served[g as usize] == 0 {
                        let value = wish.values[g as usize];
                        graph.servers.row(g as usize).iter().for_each(|&p| self.gain[p as usize] -= value);
                    }
                }
                tree.add(graph, arc);
                left = left.map(|left| left - edge.price);
                let rivals = graph.ruled.iter().flat_map(|ruled| &ruled.rivals[edge.to as usize]);
                rivals.for_each(|&p| self.barred[p as usize] = true);
            }
        }
    }

    /// The same under rules: what places would add is worked out anew after each path.
    fn grow_ruled(&mut self, tree: &mut Tree, wish: &Wish<'_>, ruled: &Ruled) {
        let graph = self.graph;
        loop {
            (self.gain, self.barred) = Service::of(ruled, tree).gains(graph, tree, wish.values);
            let left = graph.limit.map(|limit| limit - tree.price(graph));
            let Some(path) = self.best_path(tree, wish, left) else { return };
            for arc in path {
                if ruled.excluded(tree)[graph.edges[arc as usize].to as usize] {
                    break;
                }
                tree.add(graph, arc);
            }
        }
    }

    /// The arcs of the path of most value per price, from the tree on; of a place's value, only its end counts.
    fn best_path(&mut self, tree: &Tree, wish: &Wish<'_>, left: Option<f64>) -> Option<Vec<u32>> {
        let graph = self.graph;
        // What is left of sums and differences is no gain.
        let least = 1e-9 * wish.values.iter().copied().fold(0.0, f64::max);
        let open = self.gain.iter().zip(&self.barred).filter(|g| !g.1);
        let most = open.map(|g| *g.0).fold(0.0, f64::max);
        if most <= least {
            return None;
        }
        self.clear();
        for (place, &depth) in tree.depth.iter().enumerate().filter(|d| *d.1 != NONE) {
            let depth = if self.depths > 1 { depth } else { 0 };
            self.offer(place as u32 * self.depths + depth, 0.0, NONE);
        }
        let mut best: Option<(f64, u32)> = None;
        while let Some(Label { price, state }) = self.queue.pop() {
            if best.is_some_and(|(rate, _)| rate * price >= most) {
                break;
            }
            let (place, depth) = (state / self.depths, state % self.depths);
            if price > self.price[state as usize] || self.least_depth[place as usize] <= depth {
                continue;
            }
            self.least_depth[place as usize] = depth;
            let gain = self.gain[place as usize];
            if gain > least && best.is_none_or(|(rate, _)| gain > rate * price) {
                let fits = left.is_none_or(|left| self.real_price(state) <= left);
                if fits {
                    best = Some((if price > 0.0 { gain / price } else { f64::INFINITY }, state));
                    if price <= 0.0 {
                        break;
                    }
                }
            }
            for &a in graph.out.row(place as usize) {
                let edge = &graph.edges[a as usize];
                let next = depth + self.deeper(a);
                if next < self.depths && !tree.has(edge.to) && !self.barred[edge.to as usize] {
                    self.offer(edge.to * self.depths + next, price + wish.prices[a as usize], a);
                }
            }
        }
        best.map(|(_, state)| self.path(state))
    }

    fn clear(&mut self) {
        self.queue.clear();
        for state in self.touched.drain(..) {
            self.price[state as usize] = f64::INFINITY;
            self.least_depth[(state / self.depths) as usize] = NONE;
        }
    }

    fn offer(&mut self, state: u32, price: f64, arc: u32) {
        let known = &mut self.price[state as usize];
        if price < *known {
            if *known == f64::INFINITY {
                self.touched.push(state);
            }
            *known = price;
            self.arc[state as usize] = arc;
            self.queue.push(Label { price, state });
        }
    }

    /// How much deeper an arc leads, where depths are kept apart.
    fn deeper(&self, arc: u32) -> u32 {
        if self.depths > 1 { self.graph.edges[arc as usize].hops } else { 0 }
    }

    /// The arcs that lead to a state, from the tree on.
    fn path(&self, mut state: u32) -> Vec<u32> {
        let mut path = Vec::new();
        while self.arc[state as usize] != NONE {
            let arc = self.arc[state as usize];
            path.push(arc);
            let from = self.graph.edges[arc as usize].from;
            state = from * self.depths + (state % self.depths - self.deeper(arc));
        }
        path.reverse();
        path
    }

    fn real_price(&self, state: u32) -> f64 {
        self.path(state).iter().map(|&a| self.graph.edges[a as usize].price).sum()
    }
}
