//! Local search: part of the tree is taken away around a place, grown again under slightly other prices, and kept when that
//! is no worse than a threshold that sinks (threshold accepting: Dueck & Scheuer, J. Comput. Phys. 90 (1990) 161–175).

use super::super::control::Control;
use super::super::numbers::Rng;
use super::exchange::exchange;
use super::graph::Graph;
use super::grow::{Grower, Wish};
use super::plan::Plan;
use super::service;
use super::tree::Tree;

/// How far above the best a tree may be that the search goes on from, at the start.
const THRESHOLD: f64 = 0.02;
/// Prices are multiplied by up to 1 ± this.
const NOISE: f64 = 0.25;

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
    if let Some(ruled) = &graph.ruled {
        service::graft(graph, ruled, tree);
    } else if graph.limit.is_none() {
        (0..graph.groups()).for_each(|g| {
            if tree.served[g] == 0 {
                tree.graft(graph, g, |_| true);
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

/// A plan grown from nothing under disturbed prices, within so many tries.
pub(super) fn tried(graph: &Graph, tries: usize, seed: u64, control: &Control<'_>) -> Option<Plan> {
    let mut rng = Rng::new(seed);
    let mut grower = Grower::new(graph);
    (0..tries).filter(|_| !control.stop()).find_map(|_| {
        let prices = disturbed(graph, &mut rng);
        Plan::of(graph, grown(&mut grower, graph, &prices))
    })
}

fn disturbed(graph: &Graph, rng: &mut Rng) -> Vec<f64> {
    let unit = |rng: &mut Rng| rng.below(1 << 20) as f64 / f64::from(1 << 19) - 1.0;
    graph.edges.iter().map(|edge| edge.price * (1.0 + NOISE * unit(rng))).collect()
}

/// The best plan after so many rounds from a plan.
pub(super) fn improve(graph: &Graph, start: Plan, rounds: usize, seed: u64, control: &Control<'_>) -> Plan {
    let mut rng = Rng::new(seed);
    let mut grower = Grower::new(graph);
    let mut now = start.tree.clone();
    let mut best = start;
    for round in 0..rounds {
        if control.stop() {
            break;
        }
        let mut tree = now.clone();
        take_away(graph, &mut tree, &mut rng);
        let prices = disturbed(graph, &mut rng);
        regrow(&mut grower, graph, &mut tree, &prices);
        let Some(mut plan) = Plan::of(graph, tree) else { continue };
        let allowance = THRESHOLD * (1.0 - round as f64 / rounds as f64) * best.worth.abs();
        if plan.worth < best.worth - allowance {
            continue;
        }
        let quick = graph.ruled.as_ref().is_none_or(|ruled| ruled.one_is_enough);
        if graph.limit.is_none() && (quick || plan.worth > best.worth) {
            plan = exchange(graph, plan);
        }
        if plan.worth > best.worth {
            best = plan.clone();
        }
        now = plan.tree;
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
        let beside = graph.serves.row(p as usize).iter().flat_map(|&g| graph.servers.row(g as usize).iter().copied());
        let ways = ways.chain(beside.filter(|&q| tree.has(q)));
        for q in ways {
            if !std::mem::replace(&mut seen[q as usize], true) {
                queue.push(q);
            }
        }
    }
    tree.prune(graph);
}
