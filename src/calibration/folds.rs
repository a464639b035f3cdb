//! Folds for cross-validation that keep neighbours together: shadowing is alike within hundreds of metres, and a fit that has seen the next
//! street knows this one (D. R. Roberts et al., Ecography 40, 2017).

use crate::geodesy::{BoundingBox, LonLat};
use crate::index::PlaceIndex;
use std::collections::BTreeMap;

/// Metres in a degree of latitude, to lay out blocks.
const METERS_PER_DEGREE: f64 = 111_195.0;

/// The square of a place in a chequerboard of squares with sides of `block_km`; rows and columns from 0° N, 0° E.
pub(super) fn blocks(places: &[LonLat], block_km: f64) -> Vec<(i64, i64)> {
    let middle = BoundingBox::around(places.iter().copied()).map_or(0.0, |bounds| bounds.center().lat_deg);
    let shrink = middle.to_radians().cos();
    let number =
        |degrees: f64, shrink: f64| (degrees * METERS_PER_DEGREE * shrink / (1000.0 * block_km)).floor() as i64;
    places.iter().map(|p| (number(p.lat_deg, 1.0), number(p.lon_deg, shrink))).collect()
}

/// A fold for each place such that all places of a group share theirs, and folds are as equal as groups allow: the largest group first, each
/// into the fold with the fewest places. `None` with fewer groups than [`FEWEST_GROUPS`].
pub(super) fn folds<G: Ord + Copy>(groups: &[G], most: usize) -> Option<Vec<usize>> {
    let mut sizes: BTreeMap<G, usize> = BTreeMap::new();
    groups.iter().for_each(|group| *sizes.entry(*group).or_default() += 1);
    if sizes.len() < FEWEST_GROUPS {
        return None;
    }
    let mut by_size: Vec<(G, usize)> = sizes.into_iter().collect();
    by_size.sort_by_key(|(group, size)| (usize::MAX - size, *group));
    let mut filled = vec![0; most.min(by_size.len())];
    let mut fold_of = BTreeMap::new();
    for (group, size) in by_size {
        let fold = (0..filled.len()).min_by_key(|&fold| filled[fold]).unwrap_or(0);
        filled[fold] += size;
        fold_of.insert(group, fold);
    }
    Some(groups.iter().map(|group| fold_of[group]).collect())
}

/// The folds of places, and which of them are too near to a fold to be fitted to when it is predicted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Folds {
    /// By place.
    pub(super) of: Vec<usize>,
    /// How many there are.
    pub(super) count: usize,
    /// By place, the other folds that have a place within the buffer, ascending.
    beside: Vec<Vec<usize>>,
}

impl Folds {
    /// Folds with a buffer around each: what lies on both sides of a border, or was heard from two sites on one street, is shadowed alike.
    pub(super) fn of(of: Vec<usize>, places: &[LonLat], buffer_m: f64) -> Self {
        let index = PlaceIndex::new(places.iter().copied());
        let beside = |(place, own): (&LonLat, &usize)| {
            let near = if buffer_m > 0.0 { index.within(*place, buffer_m) } else { Vec::new() };
            let mut folds: Vec<usize> = near.into_iter().map(|(i, _)| of[i]).filter(|fold| fold != own).collect();
            folds.sort_unstable();
            folds.dedup();
            folds
        };
        let beside = places.iter().zip(&of).map(beside).collect();
        Self { count: of.iter().max().map_or(0, |fold| fold + 1), beside, of }
    }

    /// How many places are left to fit to for the fold that leaves fewest.
    pub(super) fn fewest_left(&self) -> usize {
        let left = |fold| (0..self.of.len()).filter(|&place| self.trains(place, fold)).count();
        (0..self.count).map(left).min().unwrap_or(0)
    }

    /// Whether a place may be fitted to when a fold is predicted.
    pub(super) fn trains(&self, place: usize, fold: usize) -> bool {
        self.of[place] != fold && self.beside[place].binary_search(&fold).is_err()
    }
}

/// With fewer blocks nothing can be said of places that were not measured.
pub(super) const FEWEST_GROUPS: usize = 3;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_block() {
        let here = LonLat::new(106.0, 22.5);
        let line: Vec<LonLat> = (0..100).map(|i| here.destination(90.0, f64::from(i) * 100.0)).collect();
        let blocks = blocks(&line, 1.0);
        let mut distinct = blocks.clone();
        distinct.dedup();
        assert!((10..=11).contains(&distinct.len()), "ten kilometres in blocks of one: {}", distinct.len());
    }

    #[test]
    fn places_beside_a_fold_do_not_train_it() {
        // 100 m apart, the fold changes between the fifth and the sixth: with 150 m between them 0 to 3 and 6 to 9 are far enough
        let here = LonLat::new(106.0, 22.5);
        let line: Vec<LonLat> = (0..10).map(|i| here.destination(90.0, f64::from(i) * 100.0)).collect();
        let of: Vec<usize> = (0..10).map(|i| usize::from(i > 4)).collect();
        let trains = |buffer_m, fold| -> Vec<usize> {
            let folds = Folds::of(of.clone(), &line, buffer_m);
            (0..10).filter(|&place| folds.trains(place, fold)).collect()
        };
        assert_eq!((trains(150.0, 1), trains(150.0, 0)), (vec![0, 1, 2, 3], vec![6, 7, 8, 9]));
        assert_eq!((trains(250.0, 1), trains(0.0, 1)), (vec![0, 1, 2], vec![0, 1, 2, 3, 4]));
        let left = |buffer_m| Folds::of(of.clone(), &line, buffer_m).fewest_left();
        assert_eq!([left(0.0), left(150.0), left(450.0), left(600.0)], [5, 4, 1, 0]);
    }

    #[test]
    fn groups_stay_together_and_folds_are_even() {
        let groups: Vec<u32> = (0..1_000u32).map(|i| i * i % 37).collect();
        let folds = folds(&groups, 5).unwrap();
        for (a, b) in groups.iter().zip(&folds) {
            assert!(groups.iter().zip(&folds).all(|(other, fold)| other != a || fold == b));
        }
        let size = |fold| folds.iter().filter(|&&f| f == fold).count();
        let sizes: Vec<usize> = (0..5).map(size).collect();
        let largest_group = 54; // the squares modulo 37 are 0 (27 or 28 times) and 18 others (54 times)
        let (most, least) = (sizes.iter().max().unwrap(), sizes.iter().min().unwrap());
        assert!(most - least <= largest_group, "{sizes:?}");
        assert_eq!(folds, super::folds(&groups, 5).unwrap());
        assert_eq!(super::folds(&[1, 2, 1, 2], 5), None, "two blocks are too few");
        assert_eq!(super::folds(&[1, 2, 3], 5), Some(vec![0, 1, 2]), "no more folds than blocks");
    }
}
