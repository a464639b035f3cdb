//! Local search: part of the tree is taken away around a place, grown again under slightly other prices, and kept when that
//! is no worse than a threshold that sinks (threshold accepting: Dueck & Scheuer, J. Comput. Phys. 90 (1990) 161–175).

use super::super::control::Control;
use super::super::numbers::Rng;
use super::graph::Graph;
use super::grow::{Grower, Wish};
use super::tree::Tree;

/// How far above the best a tree may be that the search goes on from, at the start.
const THRESHOLD: f64 = 0.02;
/// Prices are multiplied by up to 1 ± this.
const NOISE: f64 = 0.25;

/// Worth of a tree, more is better: minus its price when all is to be served, else its weight.
pub(super) fn worth(graph: &Graph, tree: &Tree) -> f64 {
    if graph.limit.is_some() { tree.weight(graph) } else { -tree.price(graph) }
}

/// Whether the tree is a plan: within the price, or with all served.
pub(super) fn is_plan(graph: &Graph, tree: &Tree) -> bool {
    graph.limit.map_or_else(|| tree.covers_all(), |limit| tree.price(graph) <= limit)
}

/// Whether `tree` is a plan and better than the best.
pub(super) fn is_better(graph: &Graph, tree: &Tree, best: Option<&Tree>) -> bool {
    is_plan(graph, tree) && best.is_none_or(|b| worth(graph, tree) > worth(graph, b))
}

/// A tree grown from nothing under the prices, cleaned, and what then fits added.
pub(super) fn grown(grower: &mut Grower<'_>, graph: &Graph, prices: &[f64]) -> Tree {
    let mut tree = Tree::new(graph);
    regrow(grower, graph, &mut tree, prices);
    tree
}

fn regrow(grower: &mut Grower<'_>, graph: &Graph, tree: &mut Tree, prices: &[f64]) {
    let ones = vec![1.0; graph.groups()];
    let values: &[f64] = if graph.limit.is_some() { &graph.weights } else { &ones };
    grower.grow(tree, &Wish { prices, values });
    if graph.limit.is_none() {
        (0..graph.groups()).for_each(|g| {
            if tree.served[g] == 0 {
                tree.graft(graph, g);
            }
        });
    }
    tree.prune(graph);
    tree.rehang(graph);
    if graph.limit.is_some() {
        // What pruning and hanging freed may pay for more.
        grower.grow(tree, &Wish { prices, values });
        tree.prune(graph);
    }
}

/// The best tree after so many rounds from a plan.
pub(super) fn improve(graph: &Graph, start: &Tree, rounds: usize, seed: u64, control: &Control<'_>) -> Tree {
    let mut rng = Rng::new(seed);
    let mut grower = Grower::new(graph);
    let (mut best, mut now) = (start.clone(), start.clone());
    let mut prices = graph.prices();
    for round in 0..rounds {
        if control.stop() {
            break;
        }
        let mut tree = now.clone();
        take_away(graph, &mut tree, &mut rng);
        for (price, edge) in prices.iter_mut().zip(&graph.edges) {
            let unit = rng.below(1 << 20) as f64 / f64::from(1 << 19) - 1.0;
            *price = edge.price * (1.0 + NOISE * unit);
        }
        regrow(&mut grower, graph, &mut tree, &prices);
        if !is_plan(graph, &tree) {
            continue;
        }
        if is_better(graph, &tree, Some(&best)) {
            best = tree.clone();
        }
        let allowance = THRESHOLD * (1.0 - round as f64 / rounds as f64) * worth(graph, &best).abs();
        if worth(graph, &tree) >= worth(graph, &best) - allowance {
            now = tree;
        }
    }
    best
}

/// Takes some places of the tree near one of them, and what hangs on them.
fn take_away(graph: &Graph, tree: &mut Tree, rng: &mut Rng) {
    let inside: Vec<u32> = tree.places().collect();
    if inside.is_empty() {
        return;
    }
    let wanted = 1 + rng.below((inside.len() / 3).clamp(2, 20));
    let mut seen = vec![false; graph.places];
    let mut queue = vec![inside[rng.below(inside.len())]];
    seen[queue[0] as usize] = true;
    seen[super::graph::ROOT as usize] = true;
    let (mut k, mut taken) = (0, 0);
    while k < queue.len() && taken < wanted {
        let p = queue[k];
        k += 1;
        if tree.has(p) {
            tree.remove(graph, p);
            taken += 1;
        }
        let ways = graph.out.row(p as usize).iter().map(|&a| graph.edges[a as usize].to);
        let ways = ways.chain(graph.into.row(p as usize).iter().map(|&a| graph.edges[a as usize].from));
        for q in ways {
            if !std::mem::replace(&mut seen[q as usize], true) {
                queue.push(q);
            }
        }
    }
    tree.prune(graph);
}
