//! Hilltops for microwave relays: those that see both what is to be connected and the network.
//!
//! Coarse: straight lines over bare terrain, without Fresnel zones, clutter and fading; which hops can be built, backhaul decides.

use super::sight::{Eye, sees};
use super::surroundings::Surroundings;
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::planning::Candidate;
use crate::progress::{Interrupted, Progress};
use crate::study::Study;
use serde::{Deserialize, Serialize};

/// Between places of relays, m.
const SPACING_M: f64 = 1_500.0;
/// How far a relay is looked from, m.
const REACH_M: f64 = 25_000.0;
/// Of what stands, the nearest so many places are looked at.
const MOST_ROOTS: usize = 8;
/// Antennas of the network whose height is not known, m above ground.
const USUAL_HEIGHT_M: f64 = 30.0;

/// What a place sees of what is to be connected, and how many places of the network.
#[derive(Serialize, Deserialize)]
struct Sight {
    ends: Vec<u32>,
    roots: usize,
}

/// The hilltops that connect best as candidates that carry no cells, at most as many as the study asks for, numbered on after `candidates`.
///
/// Each next one is that which sees most of `ends`, places to be connected; one that is seen by k others or places of the network counts 1/(1 + k).
/// A relay sees at least one end and one place of the network.
pub(in crate::planning) fn relays(
    study: &Study,
    surroundings: &Surroundings<'_>,
    hilltops: &[LonLat],
    candidates: &[Candidate],
    ends: &[usize],
    progress: &Progress,
) -> Result<Vec<Candidate>, Interrupted> {
    let mast_m = surroundings.greatest_height_m();
    let (standing, mut spaced) = (PlaceIndex::new(candidates.iter().map(|c| c.position)), PlaceIndex::new([]));
    let spacing_m = study.config.planning.candidates.spacing_m;
    let mut places: Vec<LonLat> = Vec::new();
    for &hilltop in hilltops {
        if standing.within(hilltop, spacing_m).is_empty() && spaced.within(hilltop, SPACING_M).is_empty() {
            spaced.insert(hilltop);
            places.push(hilltop);
        }
    }
    let ends: Vec<Eye> = ends
        .iter()
        .filter_map(|&end| Eye::above_ground(study, candidates[end].position, candidates[end].height_agl_m))
        .collect();
    let roots = roots(study);
    let (end_index, root_index) =
        (PlaceIndex::new(ends.iter().map(|eye| eye.position)), PlaceIndex::new(roots.iter().map(|eye| eye.position)));
    let sees_roots = |eye: Eye| {
        let mut near = root_index.within(eye.position, REACH_M);
        near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        near.into_iter().take(MOST_ROOTS).filter(|&(root, _)| sees(study, eye, roots[root])).count()
    };
    let sight = |&place: &LonLat| {
        let Some(eye) = Eye::above_ground(study, place, mast_m) else { return Sight { ends: Vec::new(), roots: 0 } };
        let near = end_index.within(place, REACH_M).into_iter().filter(|&(end, _)| sees(study, eye, ends[end]));
        let ends: Vec<u32> = near.map(|(end, _)| end as u32).collect();
        Sight { roots: if ends.is_empty() { 0 } else { sees_roots(eye) }, ends }
    };
    let sights = progress.in_parts("relays", &places, sight)?;
    let seen: Vec<usize> = ends.iter().map(|&eye| sees_roots(eye)).collect();
    let chosen = chosen(&sights, seen, study.config.planning.candidates.relays as usize);
    let first = candidates.last().map_or(0, |last| last.place + 1);
    let relay = |(i, place): (usize, usize)| surroundings.relay(first + i, places[place], format!("R{}", i + 1));
    Ok(chosen.into_iter().enumerate().map(relay).collect())
}

/// Antennas of the network: sites and commune seats.
fn roots(study: &Study) -> Vec<Eye> {
    let own = study.sites.iter().filter(|site| !site.is_foreign);
    let sites = own
        .map(|site| (site.position, site.cells.iter().map(|cell| cell.height_agl_m).fold(f64::NEG_INFINITY, f64::max)));
    let seats = study.communes.iter().map(|commune| (commune.seat, USUAL_HEIGHT_M));
    sites.chain(seats).filter_map(|(position, height_m)| Eye::above_ground(study, position, height_m)).collect()
}

/// Places in `sights` of at most `most` relays, in the order of choice; `seen` says how often each end is seen already.
fn chosen(sights: &[Sight], seen: Vec<usize>, most: usize) -> Vec<usize> {
    let mut seen = seen;
    let mut left: Vec<usize> =
        (0..sights.len()).filter(|&i| sights[i].roots > 0 && !sights[i].ends.is_empty()).collect();
    let mut chosen = Vec::new();
    while chosen.len() < most {
        let value = |i: usize| sights[i].ends.iter().map(|&end| 1.0 / (1 + seen[end as usize]) as f64).sum::<f64>();
        // the first of equal ones
        let best = left.iter().enumerate().map(|(at, &i)| (at, value(i))).rev().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((at, _)) = best else { break };
        let relay = left.remove(at);
        sights[relay].ends.iter().for_each(|&end| seen[end as usize] += 1);
        chosen.push(relay);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relays_are_chosen_for_what_is_seen_least() {
        let sight = |ends: &[u32], roots| Sight { ends: ends.to_vec(), roots };
        let sights = [sight(&[0, 1, 2], 1), sight(&[0, 1], 1), sight(&[3], 1), sight(&[0, 1, 2, 3], 0), sight(&[], 4)];
        // 3 ends first; then end 3, which nothing sees yet: 1 against 2 halves, and the first of equal ones is taken
        assert_eq!(chosen(&sights, vec![0; 4], 9), [0, 1, 2]);
        assert_eq!(chosen(&sights, vec![2, 2, 2, 0], 9), [0, 2, 1], "1 = 3·1/3, then 1 against 2·1/4");
        assert_eq!(chosen(&sights, vec![0; 4], 1), [0]);
        assert_eq!(chosen(&sights, vec![0; 4], 0), [0usize; 0]);
    }
}
