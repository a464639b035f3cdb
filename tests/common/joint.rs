//! Small random problems of covering with backhaul, and every tree that can be built in one.

use notspot::planning::solver::{Arc, Backhaul, Covering, Csr, Node, Objective};
use proptest::prelude::*;

/// Covering and backhaul.
#[derive(Debug, Clone)]
pub(crate) struct Joint {
    pub(crate) covering: Covering,
    pub(crate) backhaul: Backhaul,
}

/// What is built: for each candidate whether it is there, and what that costs beside what stands already.
pub(crate) struct Built {
    pub(crate) there: Vec<bool>,
    pub(crate) cost: f64,
    pub(crate) sites: usize,
}

impl Built {
    /// Whether a limit of the objective allows it.
    pub(crate) fn is_allowed(&self, objective: &Objective) -> bool {
        match *objective {
            Objective::LeastCost => true,
            Objective::MostWeightSites { max_sites } => self.sites <= max_sites as usize,
            Objective::MostWeightBudget { budget } => self.cost <= budget + 1e-9 * budget.max(1.0),
        }
    }
}

/// A small random problem: sometimes places that stand already, free sites and hops, relays, attachments, a hop limit.
pub(crate) fn small_problem(most: usize) -> impl Strategy<Value = Joint> {
    (1..most, 1..most, any::<bool>(), 1u32..3).prop_flat_map(|(candidates, demands, whole, roots)| {
        let amount = move |least: u32| {
            (least..30u32, 0.0..1.0f64).prop_map(move |(a, b)| f64::from(a) + if whole { 0.0 } else { b })
        };
        let (n, m) = (candidates as u32, demands as u32);
        let covers = prop::collection::vec(prop::collection::btree_set(0..m, 0..=demands.min(3)), candidates);
        let fixed = prop::collection::btree_set(0..n, 0..=candidates / 3);
        let attached = prop::collection::btree_set(0..n, 0..=candidates * 2 / 3);
        let arcs = prop::collection::vec((0..roots + n, 0..n, amount(0)), 1..15);
        let hops = prop::option::of(1u32..5);
        let costs = prop::collection::vec(amount(0), candidates);
        (costs, prop::collection::vec(amount(0), demands), covers, fixed, attached, arcs, hops).prop_map(
            move |(costs, weights, covers, fixed, attached, arcs, max_hops)| {
                let rows: Vec<Vec<u32>> = covers.into_iter().map(|s| s.into_iter().collect()).collect();
                let fixed = fixed.into_iter().collect();
                let covering = Covering::new(costs, weights, Csr::from_rows(rows), fixed).unwrap();
                let node = |k: u32| if k < roots { Node::Root(k) } else { Node::Candidate(k - roots) };
                let hops = |to| u32::from(!attached.contains(&to));
                let arcs = arcs.into_iter().map(|(from, to, cost)| Arc { from: node(from), to, cost, hops: hops(to) });
                let leaves = |from| matches!(from, Node::Candidate(j) if attached.contains(&j));
                let arcs = arcs.filter(|a| a.from != Node::Candidate(a.to) && !leaves(a.from)).collect();
                Joint { covering, backhaul: Backhaul { roots, arcs, max_hops } }
            },
        )
    })
}

/// Calls for everything that can be built: for each candidate, it is left out or built on one of its arcs.
pub(crate) fn for_each_tree(joint: &Joint, mut call: impl FnMut(&Built)) {
    let (problem, arcs) = (&joint.covering, &joint.backhaul.arcs);
    let n = problem.candidates();
    let stands = |j: u32| problem.fixed().contains(&j);
    let choices: Vec<Vec<Option<usize>>> = (0..n as u32)
        .map(|j| {
            let into = (0..arcs.len()).filter(|&a| arcs[a].to == j && !stands(j)).map(Some);
            std::iter::once(None).chain(into).collect()
        })
        .collect();
    let mut pick = vec![0usize; n];
    loop {
        let arc: Vec<Option<usize>> = pick.iter().zip(&choices).map(|(&k, c)| c[k]).collect();
        built(joint, &arc).iter().for_each(&mut call);
        let Some(k) = (0..n).find(|&k| pick[k] + 1 < choices[k].len()) else { return };
        pick[..k].fill(0);
        pick[k] += 1;
    }
}

/// What the arcs to candidates build; `None` when something does not hang on a root within the hops allowed.
fn built(joint: &Joint, arc: &[Option<usize>]) -> Option<Built> {
    let (problem, arcs) = (&joint.covering, &joint.backhaul.arcs);
    let there: Vec<bool> = (0..arc.len()).map(|j| arc[j].is_some() || problem.fixed().contains(&(j as u32))).collect();
    let mut cost = 0.0;
    for j in 0..arc.len() as u32 {
        let Some(a) = arc[j as usize] else { continue };
        cost += arcs[a].cost + problem.costs()[j as usize];
        let (mut at, mut hops) = (j, 0);
        while let Some(a) = arc[at as usize] {
            hops += arcs[a].hops;
            if hops > joint.backhaul.max_hops.unwrap_or(arc.len() as u32) {
                return None;
            }
            match arcs[a].from {
                Node::Root(_) => break,
                Node::Candidate(k) if there[k as usize] => at = k,
                Node::Candidate(_) => return None,
            }
        }
    }
    let sites = arc.iter().flatten().map(|&a| arcs[a].hops as usize).sum();
    Some(Built { there, cost, sites })
}

/// The better of two values, for an objective.
pub(crate) fn better_of(objective: &Objective, known: Option<f64>, value: f64) -> Option<f64> {
    let better: fn(f64, f64) -> f64 = if *objective == Objective::LeastCost { f64::min } else { f64::max };
    Some(known.map_or(value, |known| better(known, value)))
}
