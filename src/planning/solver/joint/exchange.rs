//! Exchanges: one place more, hung on the tree, where that makes others needless; or in the stead of those that exclude it.

use super::graph::Graph;
use super::plan::Plan;
use super::service::Service;
use super::tree::Tree;

/// Exchanges places as long as that lowers the price of a plan that serves all.
pub(super) fn exchange(graph: &Graph, plan: Plan) -> Plan {
    let mut tree = plan.tree.clone();
    exchange_all(graph, &mut tree);
    Plan::of(graph, tree).filter(|other| other.worth > plan.worth).unwrap_or(plan)
}

fn exchange_all(graph: &Graph, tree: &mut Tree) {
    let mut gained = vec![false; graph.groups()];
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for place in (1..graph.places as u32).filter(|&p| !graph.serves.row(p as usize).is_empty()) {
            if tree.has(place) {
                continue;
            }
            let Some(arc) = cheapest_arc(graph, tree, place) else { continue };
            let rivals = rivals(graph, tree, place);
            graph.serves.row(place as usize).iter().for_each(|&g| gained[g as usize] = true);
            let promising = !rivals.is_empty() || frees_something(graph, tree, place, &gained);
            graph.serves.row(place as usize).iter().for_each(|&g| gained[g as usize] = false);
            if promising && let Some(better) = exchanged(graph, tree, arc, &rivals) {
                *tree = better;
                changed = true;
            }
        }
    }
}

/// The cheapest arc from the tree to a place, where hops allow one.
fn cheapest_arc(graph: &Graph, tree: &Tree, place: u32) -> Option<u32> {
    let fits = |&&a: &&u32| {
        let edge = &graph.edges[a as usize];
        tree.has(edge.from)
            && graph
                .hops
                .is_none_or(|most| tree.depth[edge.from as usize] + edge.hops + graph.onward[place as usize] <= most)
    };
    let price = |a: u32| graph.edges[a as usize].price;
    graph.into.row(place as usize).iter().filter(fits).copied().min_by(|&a, &b| price(a).total_cmp(&price(b)))
}

/// Places of the tree that a place excludes.
fn rivals(graph: &Graph, tree: &Tree, place: u32) -> Vec<u32> {
    let all = graph.ruled.iter().flat_map(|ruled| &ruled.rivals[place as usize]);
    all.copied().filter(|&p| tree.has(p)).collect()
}

/// Whether an end of the tree is not needed any more once these groups are served once more.
fn frees_something(graph: &Graph, tree: &Tree, place: u32, gained: &[bool]) -> bool {
    let needless = |p: u32| {
        tree.has(p)
            && tree.is_end(p)
            && graph.serves.row(p as usize).iter().all(|&g| tree.served[g as usize] + u32::from(gained[g as usize]) > 1)
    };
    let groups = graph.serves.row(place as usize).iter();
    groups.flat_map(|&g| graph.servers.row(g as usize)).any(|&p| needless(p))
}

/// The tree with one more arc, without rivals of its end and without what is needless then; `None` where that is no cheaper
/// or serves less.
fn exchanged(graph: &Graph, tree: &Tree, arc: u32, rivals: &[u32]) -> Option<Tree> {
    let mut other = tree.clone();
    rivals.iter().for_each(|&p| other.remove(graph, p));
    if !other.has(graph.edges[arc as usize].from) {
        return None;
    }
    other.add(graph, arc);
    other.prune(graph);
    let cheaper = other.price(graph) < tree.price(graph) * (1.0 - 1e-9);
    let serves_as_much = match graph.ruled.as_ref().filter(|ruled| !ruled.one_is_enough) {
        None => other.covers_all(),
        Some(ruled) => cheaper && Service::of(ruled, &other).merit().0 <= Service::of(ruled, tree).merit().0,
    };
    (cheaper && serves_as_much).then_some(other)
}
