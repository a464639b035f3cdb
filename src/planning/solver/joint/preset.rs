//! What rules decide before any search: candidates that cannot be chosen, and contradictions that need no search.

use super::super::{Backhaul, Covering, Rules};
use crate::planning::verify;

/// Rules with what follows from them at once.
pub(super) struct Preset<'a> {
    pub(super) rules: &'a Rules,
    /// Candidates that no plan holds.
    pub(super) removed: Vec<bool>,
    /// Candidates that every plan holds, those that stand already left out, increasing.
    pub(super) forced: Vec<u32>,
    /// Demands that are left out, increasing.
    pub(super) excused: &'a [u32],
}

impl<'a> Preset<'a> {
    /// `None` when the rules contradict each other.
    pub(super) fn new(problem: &Covering, backhaul: &Backhaul, rules: &'a Rules, excused: &'a [u32]) -> Option<Self> {
        let stands = |j: &u32| problem.fixed().binary_search(j).is_ok();
        if rules.forbidden.iter().any(stands) {
            return None;
        }
        let mut forced: Vec<u32> = rules.forced.iter().copied().filter(|j| !stands(j)).collect();
        forced.sort_unstable();
        let mut removed: Vec<bool> = verify::usable(problem, rules).iter().map(|u| !u).collect();
        for group in &rules.one_of {
            let taken = |j: &u32| stands(j) || forced.binary_search(j).is_ok();
            match group.iter().filter(|j| taken(j)).count() {
                0 => {}
                1 => group.iter().filter(|j| !taken(j)).for_each(|&j| removed[j as usize] = true),
                _ => return None,
            }
        }
        let left: Vec<bool> = removed.iter().map(|r| !r).collect();
        let connected = verify::connectable(problem, backhaul, &left);
        let possible = forced.iter().all(|&j| connected[j as usize]);
        possible.then_some(Self { rules, removed, forced, excused })
    }
}
