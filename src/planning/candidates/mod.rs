//! Where sites could be built: places that a file gives, masts of sites that stand, high ground and the surroundings of villages without service.
//!
//! Hilltops are the highest points around; shoulders stand out of their slope below a top and see a village without service; beside each such
//! village its own place and the highest point near it are looked at. Generated places lie within the study's communes, on no excluded land,
//! on no steep ground and not too far from a road.

mod existing;
mod ground;
mod high_points;
mod relays;
mod sight;
mod surroundings;

pub(super) use relays::relays;
pub(super) use surroundings::Surroundings;

use super::candidate::{Candidate, Origin};
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::study::Study;
use ground::{Ground, Refusals};
use high_points::{HighPoint, high_points};
use sight::{Eye, sees};
use std::collections::HashSet;
use surroundings::Place;

/// How far from villages without service hilltops are looked for as places of relays, m.
const RELAY_SEARCH_M: f64 = 10_000.0;

/// Candidates, and the hilltops on which relays could stand.
pub(super) struct Found {
    /// The candidates, those of one place in a row.
    pub(super) candidates: Vec<Candidate>,
    /// Hilltops on ground that may be built on, the highest first.
    pub(super) hilltops: Vec<LonLat>,
}

/// Candidates for the villages `dark` (indices in the study): those of the candidates' file, masts that stand, generated ones, as the study asks.
pub(super) fn candidates(
    study: &Study,
    surroundings: &Surroundings<'_>,
    dark: &[usize],
    progress: &Progress,
) -> Result<Found, Interrupted> {
    let search = &study.config.planning.candidates;
    let (given, none_given) = (study.candidates.iter().flatten(), study.candidates.is_none());
    let mut places: Vec<Place> = given.map(Place::given).collect();
    let mut hilltops = Vec::new();
    if search.generate.unwrap_or(none_given) {
        let generated = generated(study, surroundings, dark, progress)?;
        places.extend(generated.places);
        hilltops = generated.hilltops;
    }
    if search.upgrades.unwrap_or(none_given) {
        places.extend(existing::masts(study, dark));
    }
    let candidates = places.iter().enumerate().flat_map(|(number, place)| surroundings.candidates(number, place));
    Ok(Found { candidates: candidates.collect(), hilltops })
}

struct Generated {
    places: Vec<Place>,
    hilltops: Vec<LonLat>,
}

/// Generated places: hilltops, shoulders, then those beside villages.
fn generated(
    study: &Study,
    surroundings: &Surroundings<'_>,
    dark: &[usize],
    progress: &Progress,
) -> Result<Generated, Interrupted> {
    let search = &study.config.planning.candidates;
    let villages: Vec<LonLat> = dark.iter().map(|&v| study.villages[v].position).collect();
    let index = PlaceIndex::new(villages.iter().copied());
    let (ground, search_m) = (Ground::new(study, surroundings), search.search_radius_km * 1000.0);
    let reach_m = if search.relays > 0 { search_m.max(RELAY_SEARCH_M) } else { search_m };
    let mut points = high_points(study, &index, reach_m, progress)?;
    points.sort_by(HighPoint::compare);
    let (mut spaced, mut seen) = (PlaceIndex::new([]), HashSet::new());
    let (mut refusals, mut hilltops, mut places) = (Refusals::default(), Vec::new(), Vec::new());
    for point in &points {
        let pixel = (point.row, point.column);
        let position = ground.position(pixel);
        let near = index.within(position, search_m);
        let is_wanted = point.is_top || !near.is_empty() && spaced.within(position, search.spacing_m).is_empty();
        if !is_wanted || !refusals.allow(ground.judge(pixel, position), !near.is_empty()) {
            continue;
        }
        if point.is_top {
            hilltops.push(position);
        }
        let in_sight =
            || near.iter().any(|&(village, _)| sees_village(study, surroundings, position, villages[village]));
        if near.is_empty() || !spaced.within(position, search.spacing_m).is_empty() || !(point.is_top || in_sight()) {
            continue;
        }
        spaced.insert(position);
        seen.insert(pixel);
        let origin = if point.is_top { Origin::Hilltop } else { Origin::Shoulder };
        places.push(Place::generated(position, origin, format!("C{}", places.len() + 1)));
    }
    for &village in &villages {
        for pixel in ground.beside(village, &mut refusals).into_iter().filter(|pixel| seen.insert(*pixel)) {
            let position = ground.position(pixel);
            places.push(Place::generated(position, Origin::BesideVillage, format!("C{}", places.len() + 1)));
        }
    }
    if places.is_empty() && !dark.is_empty() {
        progress.note(&format!("no place for a new site is left: {refusals}"));
    } else {
        progress.detail(&format!("{} places for new sites; {refusals}", places.len()));
    }
    Ok(Generated { places, hilltops })
}

/// Whether the lowest antenna that may be built at a place sees a village's receiver.
fn sees_village(study: &Study, surroundings: &Surroundings<'_>, place: LonLat, village: LonLat) -> bool {
    let eyes = Eye::above_ground(study, place, surroundings.least_height_m()).zip(Eye::above_ground(
        study,
        village,
        study.config.propagation.receiver_height_m,
    ));
    eyes.is_some_and(|(from, to)| sees(study, from, to))
}
