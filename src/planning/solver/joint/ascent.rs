//! Dual ascent (Wong, Math. Program. 28 (1984) 271–287): a lower bound on the price of reaching every group, with reduced
//! prices, by raising the dual value of one cut after the other.

use super::super::numbers::{Rng, summation_error};
use super::graph::{Graph, ROOT};
use super::net::{Link, Net};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What the ascent proves.
pub(super) struct Ascent {
    /// No plan in the net costs less.
    pub(super) bound: f64,
    /// Price of each link less the cuts that it is in.
    pub(super) reduced: Vec<f64>,
    /// Links of each cut raised; each plan uses at least one of them.
    pub(super) cuts: Vec<Vec<u32>>,
}

/// Raises cuts, those of the fewest links first, ties in an order of the seed. A cut holds all nodes from which links of
/// no reduced price lead to a server of the group. Of rules, only that a group needs one new place is looked at.
pub(super) fn ascend(graph: &Graph, net: &Net, seed: u64) -> Ascent {
    let mut rng = Rng::new(seed);
    let mut reduced: Vec<f64> = net.links.iter().map(|l| l.price).collect();
    let (mut bound, mut magnitude, mut cuts) = (0.0, 0.0, Vec::new());
    let mut queue: BinaryHeap<Reverse<(usize, u64, usize)>> =
        (0..graph.groups()).map(|g| Reverse((0, rng.next(), g))).filter(|q| graph.new_places(q.0.2) > 0).collect();
    let mut inside = vec![usize::MAX; net.place.len()];
    let mut step = 0;
    while let Some(Reverse((size, tie, group))) = queue.pop() {
        step += 1;
        let mut stack: Vec<u32> = net.servers.row(group).to_vec();
        stack.iter().for_each(|&n| inside[n as usize] = step);
        let mut border: Vec<u32> = Vec::new();
        while let Some(n) = stack.pop() {
            for &l in net.into.row(n as usize) {
                let from = net.links[l as usize].from as usize;
                if inside[from] == step {
                    continue;
                }
                if reduced[l as usize] <= 0.0 {
                    inside[from] = step;
                    stack.push(from as u32);
                } else {
                    border.push(l);
                }
            }
        }
        if inside[ROOT as usize] == step {
            continue;
        }
        border.retain(|&l| inside[net.links[l as usize].from as usize] != step);
        if border.len() > size && size > 0 && queue.peek().is_some_and(|Reverse(next)| next.0 < border.len()) {
            queue.push(Reverse((border.len(), tie, group)));
            continue;
        }
        let raise = border.iter().map(|&l| reduced[l as usize]).fold(f64::INFINITY, f64::min);
        if raise == f64::INFINITY {
            // No way from the root: the net holds no plan.
            bound = f64::INFINITY;
            break;
        }
        border.iter().for_each(|&l| reduced[l as usize] -= raise);
        bound += raise;
        magnitude += raise;
        queue.push(Reverse((border.len(), tie, group)));
        cuts.push(border);
    }
    Ascent { bound: bound - summation_error(cuts.len(), magnitude), reduced, cuts }
}

/// For each link, a bound on every plan that needs it: the way from the root, the link, and the way on to a server.
pub(super) fn link_bounds(graph: &Graph, net: &Net, ascent: &Ascent) -> Vec<f64> {
    let from_root = distances(net, &ascent.reduced, vec![ROOT], true);
    let serving = (0..net.place.len() as u32).filter(|&n| !graph.serves.row(net.place[n as usize] as usize).is_empty());
    let onward = distances(net, &ascent.reduced, serving.collect(), false);
    let along = |(l, &r): (&Link, &f64)| from_root[l.from as usize] + r + onward[l.to as usize];
    net.links.iter().zip(&ascent.reduced).map(|p| ascent.bound + along(p)).collect()
}

fn distances(net: &Net, reduced: &[f64], start: Vec<u32>, forward: bool) -> Vec<f64> {
    let mut distance = vec![f64::INFINITY; net.place.len()];
    let mut queue = BinaryHeap::new();
    for n in start {
        distance[n as usize] = 0.0;
        queue.push(Reverse((Ordered(0.0), n)));
    }
    while let Some(Reverse((Ordered(d), n))) = queue.pop() {
        if d > distance[n as usize] {
            continue;
        }
        for &l in if forward { &net.out } else { &net.into }.row(n as usize) {
            let link = &net.links[l as usize];
            let (next, d) = (if forward { link.to } else { link.from }, d + reduced[l as usize].max(0.0));
            if d < distance[next as usize] {
                distance[next as usize] = d;
                queue.push(Reverse((Ordered(d), next)));
            }
        }
    }
    distance
}

#[derive(PartialEq)]
struct Ordered(f64);
impl Eq for Ordered {}
impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
