//! A plan: a tree that keeps all limits and rules, with who serves whom.

use super::super::rules::within;
use super::graph::{Graph, ROOT};
use super::ruled::Ruled;
use super::service::Service;
use super::tree::Tree;

/// A plan.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) tree: Tree,
    /// More is better: minus its price when all is to be served, else its weight.
    pub(super) worth: f64,
    /// Under rules, the hosts that serve each group.
    pub(super) by: Vec<Vec<u32>>,
}

impl Plan {
    /// The tree as a plan; `None` when it breaks a limit or a rule, or serves too little. Under rules, groups are assigned
    /// by a heuristic.
    pub(super) fn of(graph: &Graph, tree: Tree) -> Option<Self> {
        let Some(ruled) = &graph.ruled else {
            let stands = graph.limit.map_or_else(|| tree.covers_all(), |limit| tree.price(graph) <= limit);
            let worth = if graph.limit.is_some() { tree.weight(graph) } else { -tree.price(graph) };
            return stands.then_some(Self { tree, worth, by: Vec::new() });
        };
        let by = Service::of(ruled, &tree).by;
        Self::assigned(graph, ruled, tree, by)
    }

    /// The same with given hosts for each group.
    pub(super) fn assigned(graph: &Graph, ruled: &Ruled, tree: Tree, by: Vec<Vec<u32>>) -> Option<Self> {
        let price = tree.price(graph);
        let affordable = graph.limit.is_none_or(|limit| price <= limit);
        if !affordable || !ruled.one_of_each(&tree) || !keeps_rules(ruled, &tree, &by) {
            return None;
        }
        let served = |g: &usize| !by[*g].is_empty();
        let weight = (0..by.len()).filter(served).fold(0.0, |sum, g| sum + ruled.groups[g].weight);
        let worth = if graph.limit.is_some() { weight } else { -price };
        Some(Self { tree, worth, by })
    }

    /// The tree without ends that serve nothing in the plan.
    pub(super) fn trimmed(&self, graph: &Graph) -> Tree {
        let mut tree = self.tree.clone();
        let Some(ruled) = &graph.ruled else { return tree };
        let mut busy = vec![false; graph.places];
        self.by.iter().flatten().for_each(|&h| busy[ruled.hosts[h as usize].place as usize] = true);
        loop {
            let idle = tree.places().find(|&p| tree.is_end(p) && !busy[p as usize]);
            let Some(idle) = idle else { return tree };
            tree.remove(graph, idle);
        }
    }

    /// Whether each group is served.
    pub(super) fn serves(&self, group: usize) -> bool {
        self.by.get(group).map_or(self.tree.served[group] > 0, |hosts| !hosts.is_empty())
    }
}

/// Whether hosts are there, at different places, enough for each group that is served or must be, within capacities, and
/// whether floors and shares are reached.
fn keeps_rules(ruled: &Ruled, tree: &Tree, by: &[Vec<u32>]) -> bool {
    let (mut load, mut weight) = (vec![0.0; ruled.hosts.len()], vec![0.0; ruled.hosts.len()]);
    let present = |h: usize| ruled.hosts[h].place == ROOT || tree.has(ruled.hosts[h].place);
    for (group, hosts) in ruled.groups.iter().zip(by) {
        if hosts.len() != group.need as usize && (group.must || !hosts.is_empty()) {
            return false;
        }
        for (k, &h) in hosts.iter().enumerate() {
            let label = |h: u32| ruled.hosts[h as usize].label;
            if !present(h as usize) || hosts[..k].iter().any(|&other| label(other) == label(h)) {
                return false;
            }
            load[h as usize] += group.load;
            weight[h as usize] += group.weight;
        }
    }
    let hosts_hold = ruled
        .hosts
        .iter()
        .enumerate()
        .filter(|&(h, _)| present(h))
        .all(|(h, host)| !ruled.assigns || (within(load[h], host.capacity) && within(host.floor, weight[h])));
    let served = |g: &&(u32, f64)| !by[g.0 as usize].is_empty();
    let shares_met =
        ruled.shares.iter().all(|share| within(share.least, share.groups.iter().filter(served).map(|g| g.1).sum()));
    hosts_hold && shares_met
}
