//! Shortest ways in a graph with lengths (Dijkstra 1959).

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Shortest ways from one or more nodes.
#[derive(Debug)]
pub(super) struct ShortestWays {
    /// To each node; infinite where none leads.
    pub lengths: Vec<f64>,
    /// The node before each on its way; itself where the way starts.
    before: Vec<usize>,
}

impl ShortestWays {
    /// Ways of at most `limit` from nodes with what lies before them; `neighbours` has for each node where its edges lead and how long they are,
    /// from 0.
    pub(super) fn new(
        neighbours: &[Vec<(usize, f64)>],
        starts: impl IntoIterator<Item = (usize, f64)>,
        limit: f64,
    ) -> Self {
        let mut ways = Self { lengths: vec![f64::INFINITY; neighbours.len()], before: (0..neighbours.len()).collect() };
        let mut queue = BinaryHeap::new();
        for (node, length) in starts {
            if length <= limit && length < ways.lengths[node] {
                ways.lengths[node] = length;
                queue.push(Reverse(Reached { length, node }));
            }
        }
        while let Some(Reverse(Reached { length, node })) = queue.pop() {
            if length > ways.lengths[node] {
                continue;
            }
            for &(next, edge) in &neighbours[node] {
                let there = length + edge;
                if there <= limit && there < ways.lengths[next] {
                    ways.lengths[next] = there;
                    ways.before[next] = node;
                    queue.push(Reverse(Reached { length: there, node: next }));
                }
            }
        }
        ways
    }

    /// The nodes of the way to a node, from its start; `None` where none leads.
    pub(super) fn to(&self, node: usize) -> Option<Vec<usize>> {
        if self.lengths[node].is_infinite() {
            return None;
        }
        let mut nodes = vec![node];
        let mut node = node;
        while self.before[node] != node {
            node = self.before[node];
            nodes.push(node);
        }
        nodes.reverse();
        Some(nodes)
    }
}

/// A node and how far it is.
#[derive(PartialEq)]
struct Reached {
    length: f64,
    node: usize,
}

impl Eq for Reached {}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        self.length.total_cmp(&other.length).then(self.node.cmp(&other.node))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_those_of_a_plain_relaxation(
            edges in proptest::collection::vec((0..12usize, 0..12usize, 1.0..100.0_f64), 1..40),
            starts in proptest::collection::vec(0.0..50.0_f64, 1..4), limit in 20.0..300.0_f64,
        ) {
            let mut neighbours = vec![Vec::new(); 12];
            let mut plain = [f64::INFINITY; 12];
            plain[..starts.len()].copy_from_slice(&starts);
            edges.iter().for_each(|&(from, to, length)| neighbours[from].push((to, length)));
            for _ in 0..12 {
                edges.iter().for_each(|&(from, to, length)| plain[to] = plain[to].min(plain[from] + length));
            }
            let ways = ShortestWays::new(&neighbours, starts.iter().copied().enumerate(), limit);
            for (node, &plain) in plain.iter().enumerate() {
                let expected = if plain <= limit { plain } else { f64::INFINITY };
                prop_assert_eq!(ways.lengths[node], expected);
                let Some(nodes) = ways.to(node) else { continue };
                // its edges add up to its length
                let edge = |pair: &[usize]| {
                    let lengths = neighbours[pair[0]].iter().filter(|(to, _)| *to == pair[1]).map(|(_, length)| *length);
                    lengths.fold(f64::INFINITY, f64::min)
                };
                let sum = nodes.windows(2).fold(starts[nodes[0]], |sum, pair| sum + edge(pair));
                prop_assert_eq!(sum, expected);
            }
        }
    }
}
