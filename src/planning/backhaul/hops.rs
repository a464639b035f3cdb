//! Which microwave hops can be built between roots and candidates.
//!
//! In: masts of roots and of candidates. Out: for each candidate the hops to it, and counts of the pairs that were looked at.

use super::Mast;
use super::microwave::{HopTally, MicrowaveHop, Planner};
use super::roots::Root;
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use serde::{Deserialize, Serialize};

/// Places closer than this are one: their masts are joined by a cable, m.
pub(super) const SAME_PLACE_M: f64 = 1.0;

/// The hops to one candidate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Found {
    /// Where each starts, by number, with the hop; the shortest first.
    pub hops: Vec<(usize, MicrowaveHop)>,
    /// Pairs that were looked at.
    pub tally: HopTally,
}

/// The shortest hops from roots to each candidate, at most `most`.
pub(super) fn from_roots(
    planner: &Planner<'_>,
    roots: &[Root],
    candidates: &[Mast],
    most: usize,
    progress: &Progress,
) -> Result<Vec<Found>, Interrupted> {
    let masts: Vec<(usize, Mast)> = roots
        .iter()
        .enumerate()
        .filter_map(|(root, place)| Some((root, Mast { position: place.position, height_agl_m: place.height_agl_m? })))
        .collect();
    let index = PlaceIndex::new(masts.iter().map(|(_, mast)| mast.position));
    progress.in_parts("root hops", candidates, |candidate| {
        let mut found = Found::default();
        for (near, _) in nearest_first(&index, candidate, planner.reach_m()) {
            let (root, mast) = masts[near];
            if let Some(hop) = planner.hop(mast, *candidate, &mut found.tally) {
                found.hops.push((root, hop));
                if found.hops.len() == most {
                    break;
                }
            }
        }
        found
    })
}

/// All hops from other candidates to those of `targets`, in their order.
pub(super) fn between(
    planner: &Planner<'_>,
    candidates: &[Mast],
    targets: &[usize],
    progress: &Progress,
) -> Result<Vec<Found>, Interrupted> {
    let index = PlaceIndex::new(candidates.iter().map(|candidate| candidate.position));
    progress.in_parts("relay hops", targets, |&target| {
        let mut found = Found::default();
        for (from, _) in nearest_first(&index, &candidates[target], planner.reach_m()) {
            let hop = planner.hop(candidates[from], candidates[target], &mut found.tally);
            found.hops.extend(hop.map(|hop| (from, hop)));
        }
        found
    })
}

/// Numbers and distances of the places around a candidate but not at it, the nearest first.
fn nearest_first(index: &PlaceIndex, candidate: &Mast, reach_m: f64) -> Vec<(usize, f64)> {
    let mut near = index.within(candidate.position, reach_m);
    near.retain(|&(_, distance_m)| distance_m >= SAME_PLACE_M);
    near.sort_by(|a, b| a.1.total_cmp(&b.1)); // stable: of those at the same distance the first
    near
}
