//! Greedy plans with lazy evaluation (CELF: Leskovec et al., KDD 2007), and what is superfluous in a plan.
//!
//! Gains only shrink as a plan grows, so a candidate whose old gain is below another's fresh gain need not be looked at.

use super::covering::Covering;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A candidate in the queue with the value it had when it was last looked at.
#[derive(PartialEq)]
struct Entry {
    value: f64,
    candidate: u32,
}

impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.total_cmp(&other.value).then(other.candidate.cmp(&self.candidate))
    }
}

/// Adds candidates by `rate(gain, candidate)`, the largest first, while `take(candidate)` allows; a candidate that is not
/// taken is out for good. Gains are the demands' `weights` not served yet; stops when no candidate gains anything.
pub(super) fn lazy(
    problem: &Covering,
    weights: &[f64],
    served: &mut [bool],
    rate: impl Fn(f64, u32) -> f64,
    mut take: impl FnMut(u32) -> bool,
) -> Vec<u32> {
    let gain = |served: &[bool], j: u32| -> f64 {
        problem.covers(j).iter().filter(|&&i| !served[i as usize]).map(|&i| weights[i as usize]).sum()
    };
    let fresh = |served: &[bool], candidate: u32| {
        let gain = gain(served, candidate);
        (gain > 0.0).then(|| Entry { value: rate(gain, candidate), candidate })
    };
    let mut queue: BinaryHeap<Entry> = (0..problem.candidates() as u32).filter_map(|j| fresh(served, j)).collect();
    let mut plan = Vec::new();
    while let Some(top) = queue.pop() {
        let Some(now) = fresh(served, top.candidate) else { continue };
        if queue.peek().is_some_and(|next| *next > now) {
            queue.push(now);
        } else if take(now.candidate) {
            plan.push(now.candidate);
            problem.covers(now.candidate).iter().for_each(|&i| served[i as usize] = true);
        }
    }
    plan
}

/// A plan that covers every demand: most new demands per cost first, then the superfluous removed.
pub(super) fn full_cover(problem: &Covering) -> Vec<u32> {
    let ones = vec![1.0; problem.demands()];
    let mut served = vec![false; problem.demands()];
    let mut plan = lazy(problem, &ones, &mut served, |gain, j| gain / problem.costs()[j as usize], |_| true);
    drop_superfluous(problem, &mut plan);
    plan
}

/// Removes candidates without which all that the plan serves is still served, the dearest first.
pub(super) fn drop_superfluous(problem: &Covering, plan: &mut Vec<u32>) {
    let mut count = vec![0u32; problem.demands()];
    for &j in plan.iter() {
        problem.covers(j).iter().for_each(|&i| count[i as usize] += 1);
    }
    let mut order = plan.clone();
    order.sort_by(|&a, &b| problem.costs()[b as usize].total_cmp(&problem.costs()[a as usize]).then(b.cmp(&a)));
    let mut superfluous = vec![];
    for j in order {
        if problem.covers(j).iter().all(|&i| count[i as usize] > 1) {
            problem.covers(j).iter().for_each(|&i| count[i as usize] -= 1);
            superfluous.push(j);
        }
    }
    superfluous.sort_unstable();
    plan.retain(|j| superfluous.binary_search(j).is_err());
}
