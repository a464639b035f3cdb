//! The part of the check that looks at hops: does every chosen site hang on a root, within the hops allowed?

use super::Names;
use crate::planning::solver::{Arc, Backhaul, Covering, Hop, Node};
use std::collections::{HashMap, HashSet};

/// What the hops of a plan cost together and what is wrong with them; `active` marks the chosen and the fixed candidates.
pub(super) fn check(
    problem: &Covering,
    backhaul: &Backhaul,
    active: &[bool],
    hops: &[Hop],
    names: &Names<'_>,
    faults: &mut Vec<String>,
) -> f64 {
    let mut prices: HashMap<(Node, u32), f64> = HashMap::new();
    for arc in &backhaul.arcs {
        let price = prices.entry((arc.from, arc.to)).or_insert(arc.cost);
        *price = price.min(arc.cost);
    }
    let standing: HashSet<u32> = problem.fixed().iter().copied().collect();
    let is_active = |j: u32| active.get(j as usize).copied().unwrap_or(false);
    let mut cost = 0.0;
    let mut from: HashMap<u32, Node> = HashMap::new();
    for hop in hops {
        let shown = || format!("the hop from {} to {}", names.node(hop.from), (names.candidate)(hop.to));
        match prices.get(&(hop.from, hop.to)) {
            Some(price) => cost += price,
            None => faults.push(format!("{} is chosen but is not an arc", shown())),
        }
        if let Node::Candidate(j) = hop.from
            && !is_active(j)
        {
            faults.push(format!("{} starts at a place that is not chosen", shown()));
        }
        if !is_active(hop.to) {
            faults.push(format!("{} ends at a place that is not chosen", shown()));
        }
        if standing.contains(&hop.to) {
            faults.push(format!("{} ends at a place that stands already", shown()));
        } else if from.insert(hop.to, hop.from).is_some() {
            faults.push(format!("{} has more than one hop to it", (names.candidate)(hop.to)));
        }
    }
    let most = backhaul.max_hops.map_or(usize::MAX, |h| h as usize);
    let attached = backhaul.attached(active.len());
    for j in (0..active.len() as u32).filter(|&j| is_active(j) && !standing.contains(&j)) {
        let name = || (names.candidate)(j);
        let (mut at, mut arcs, mut length) = (j, 0usize, 0usize);
        let fault = loop {
            let Some(&before) = from.get(&at) else {
                let what = if arcs == 0 { "has no hop to it" } else { "does not hang on a root" };
                break Some(format!("{} {what}", name()));
            };
            arcs += 1;
            length += usize::from(!attached[at as usize]);
            if arcs > active.len() {
                break Some(format!("{} does not hang on a root, its hops go round", name()));
            }
            match before {
                Node::Candidate(k) if !standing.contains(&k) => at = k,
                _ => {
                    break (length > most)
                        .then(|| format!("{} is {length} hops from a root, {most} are allowed", name()));
                }
            }
        };
        faults.extend(fault);
    }
    cost
}

/// Whether each of the candidates that may be chosen can be connected through others of them, within the hops allowed.
pub(crate) fn connectable(problem: &Covering, backhaul: &Backhaul, usable: &[bool]) -> Vec<bool> {
    let mut reached = vec![false; problem.candidates()];
    let can_be_used = |a: &&Arc| {
        usable[a.to as usize]
            && match a.from {
                Node::Root(_) => true,
                Node::Candidate(j) => usable[j as usize],
            }
    };
    problem.fixed().iter().for_each(|&j| reached[j as usize] = true);
    let mut next: Vec<Vec<u32>> = vec![Vec::new(); problem.candidates()];
    let mut edge: Vec<u32> = problem.fixed().to_vec();
    let mut first: Vec<u32> = Vec::new();
    for arc in backhaul.arcs.iter().filter(|a| a.hops > 0).filter(can_be_used) {
        match arc.from {
            Node::Root(_) => first.push(arc.to),
            Node::Candidate(j) => next[j as usize].push(arc.to),
        }
    }
    let mut hops = 0u32;
    while (!edge.is_empty() || hops == 0) && backhaul.max_hops.is_none_or(|most| hops < most) {
        let onward = edge.iter().flat_map(|&j| next[j as usize].iter().copied());
        let onward: Vec<u32> = onward.chain(first.drain(..)).collect();
        edge = onward.into_iter().filter(|&j| !std::mem::replace(&mut reached[j as usize], true)).collect();
        hops += 1;
    }
    for arc in backhaul.arcs.iter().filter(|a| a.hops == 0).filter(can_be_used) {
        // Nothing leaves what is attached, so no chain of attachments is to be followed.
        let start = match arc.from {
            Node::Root(_) => true,
            Node::Candidate(j) => reached[j as usize],
        };
        reached[arc.to as usize] |= start;
    }
    reached
}
