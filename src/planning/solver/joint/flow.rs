//! Cuts that a fractional plan violates, by maximum flow (Dinic) from the root to a set of nodes.

use super::graph::ROOT;
use super::net::Net;
use super::tree::NONE;

/// Less capacity than this is none.
const EPSILON: f64 = 1e-7;

/// Working space for flows in one net under one fractional plan.
pub(super) struct Flow<'a> {
    net: &'a Net,
    capacity: Vec<f64>,
    flow: Vec<f64>,
    level: Vec<u32>,
    next: Vec<usize>,
    sink: Vec<bool>,
}

impl<'a> Flow<'a> {
    /// Capacities are the values of the links.
    pub(super) fn new(net: &'a Net, values: &[f64]) -> Self {
        let nodes = net.place.len();
        Self {
            net,
            capacity: values[..net.links.len()].to_vec(),
            flow: vec![0.0; net.links.len()],
            level: vec![NONE; nodes],
            next: vec![0; nodes],
            sink: vec![false; nodes],
        }
    }

    /// Up to `most` sets of links, each of which separates the root from all sinks and carries less than `need`.
    pub(super) fn violated(&mut self, sinks: &[u32], need: f64, most: usize) -> Vec<Vec<u32>> {
        sinks.iter().for_each(|&n| self.sink[n as usize] = true);
        let mut cuts: Vec<Vec<u32>> = Vec::new();
        let mut widened: Vec<(u32, f64)> = Vec::new();
        while cuts.len() < most {
            self.flow.fill(0.0);
            if self.run(need) >= need - EPSILON {
                break;
            }
            let (near_sink, near_root) = (self.sink_side(sinks), self.root_side(sinks));
            for cut in [near_sink, near_root] {
                if cuts.contains(&cut) {
                    continue;
                }
                for &l in &cut {
                    widened.push((l, self.capacity[l as usize]));
                    self.capacity[l as usize] = 1.0;
                }
                cuts.push(cut);
            }
        }
        widened.into_iter().rev().for_each(|(l, capacity)| self.capacity[l as usize] = capacity);
        sinks.iter().for_each(|&n| self.sink[n as usize] = false);
        cuts
    }

    /// The flow, as far as it is needed.
    fn run(&mut self, need: f64) -> f64 {
        let mut total = 0.0;
        while need - total > EPSILON && self.find_levels() {
            self.next.fill(0);
            loop {
                let pushed = self.push(ROOT, need - total);
                if pushed <= EPSILON {
                    break;
                }
                total += pushed;
            }
        }
        total
    }

    /// The node at the other end of the k-th way out of a node, the link, whether along it, and what more it takes.
    fn way(&self, node: u32, k: usize) -> Option<(u32, u32, bool, f64)> {
        let out = self.net.out.row(node as usize);
        if let Some(&l) = out.get(k) {
            return Some((self.net.links[l as usize].to, l, true, self.capacity[l as usize] - self.flow[l as usize]));
        }
        let &l = self.net.into.row(node as usize).get(k - out.len())?;
        Some((self.net.links[l as usize].from, l, false, self.flow[l as usize]))
    }

    fn find_levels(&mut self) -> bool {
        self.level.fill(NONE);
        self.level[ROOT as usize] = 0;
        let mut queue = vec![ROOT];
        let mut at = 0;
        while let Some(&n) = queue.get(at) {
            at += 1;
            if self.sink[n as usize] {
                return true;
            }
            let mut k = 0;
            while let Some((to, _, _, room)) = self.way(n, k) {
                k += 1;
                if room > EPSILON && self.level[to as usize] == NONE {
                    self.level[to as usize] = self.level[n as usize] + 1;
                    queue.push(to);
                }
            }
        }
        false
    }

    /// Pushes along one path; depth is at most the number of levels.
    fn push(&mut self, node: u32, amount: f64) -> f64 {
        if self.sink[node as usize] {
            return amount;
        }
        while let Some((to, l, along, room)) = self.way(node, self.next[node as usize]) {
            if room > EPSILON && self.level[to as usize] == self.level[node as usize].saturating_add(1) {
                let pushed = self.push(to, amount.min(room));
                if pushed > EPSILON {
                    self.flow[l as usize] += if along { pushed } else { -pushed };
                    return pushed;
                }
            }
            self.next[node as usize] += 1;
        }
        0.0
    }

    /// The links into the nodes that can still reach a sink.
    fn sink_side(&self, sinks: &[u32]) -> Vec<u32> {
        let side = self.backwards(sinks, |from, l, along| {
            let room = if along { self.capacity[l as usize] - self.flow[l as usize] } else { self.flow[l as usize] };
            room > EPSILON && from != ROOT
        });
        self.border(&side)
    }

    /// The links by which what the root can still reach leads on to the sinks.
    fn root_side(&self, sinks: &[u32]) -> Vec<u32> {
        let side = self.backwards(sinks, |from, _, along| along && self.level[from as usize] == NONE);
        self.border(&side)
    }

    fn backwards(&self, sinks: &[u32], through: impl Fn(u32, u32, bool) -> bool) -> Vec<bool> {
        let mut side = vec![false; self.net.place.len()];
        sinks.iter().for_each(|&n| side[n as usize] = true);
        let mut stack = sinks.to_vec();
        while let Some(n) = stack.pop() {
            let along = self.net.into.row(n as usize).iter().map(|&l| (self.net.links[l as usize].from, l, true));
            let against = self.net.out.row(n as usize).iter().map(|&l| (self.net.links[l as usize].to, l, false));
            for (from, l, along) in along.chain(against) {
                if !side[from as usize] && through(from, l, along) {
                    side[from as usize] = true;
                    stack.push(from);
                }
            }
        }
        side
    }

    fn border(&self, side: &[bool]) -> Vec<u32> {
        let links = self.net.links.iter().enumerate();
        links.filter(|(_, l)| side[l.to as usize] && !side[l.from as usize]).map(|(k, _)| k as u32).collect()
    }
}
