//! What a configuration at a candidate serves, and how its sectors are turned towards the demand.

use super::cells::{PlannedCell, PlannedCells};
use super::{Covered, LEAST_PROBABILITY};
use crate::radio::{Orientation, level_probability};
use crate::units::{Db, Dbm};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A sector of a planned site.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sector {
    /// Direction of its antennas, degrees clockwise from north.
    pub azimuth_deg: f64,
    /// Electrical tilt, degrees below the horizon.
    pub tilt_deg: f64,
}

impl Sector {
    fn orientation(self) -> Orientation {
        Orientation { azimuth_deg: self.azimuth_deg, mechanical_tilt_deg: 0.0, electrical_tilt_deg: self.tilt_deg }
    }
}

/// A village as a candidate sees it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// Place in `dark`.
    pub(super) village: u32,
    /// People times priority.
    pub(super) weight: f64,
    pub(super) distance_m: f64,
    /// Direction of the village from the candidate, degrees clockwise from north.
    pub(super) azimuth_deg: f64,
    /// How far below the candidate's horizon it lies, degrees.
    pub(super) depression_deg: f64,
    /// Loss on each planned carrier, dB; NaN where it is not known.
    pub(super) losses_db: Vec<f32>,
}

/// A configuration at a candidate.
pub(super) struct Site<'a> {
    pub(super) cells: &'a PlannedCells<'a>,
    /// The villages within reach, by place in `dark`.
    pub(super) views: &'a [View],
    /// For each village in `dark` what stands in the way on each planned carrier, mW.
    pub(super) others_mw: &'a [Vec<f32>],
    pub(super) required_probability: f64,
}

/// Half of the width within which villages count for the tilt of a sector, degrees: that of the built-in antenna.
const HALF_WIDTH_DEG: f64 = 32.5;
/// Largest tilt, degrees.
const MOST_TILT_DEG: f64 = 15.0;
/// Directions that are tried; with more, those within [`COARSE_DEG`] of one another count as one.
const MOST_DIRECTIONS: usize = 36;
const COARSE_DEG: f64 = 10.0;
/// Half-way between a direction and so many next ones is a direction too.
const NEIGHBOURS: usize = 3;
/// Rounds in which each sector is turned anew while the others stay.
const ROUNDS: usize = 3;

/// How good a set of sectors is: the weight that it serves, then the weight that it serves on average.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Score(f64, f64);

impl Score {
    fn is_better_than(self, other: Self) -> bool {
        self.partial_cmp(&other) == Some(Ordering::Greater)
    }
}

impl Site<'_> {
    /// The sectors and what they serve.
    pub(super) fn evaluated(&self) -> (Vec<Sector>, Vec<Covered>) {
        let sectors = if self.cells.sectors == 0 { Vec::new() } else { self.turned() };
        let villages = match (self.cells.sectors, sectors.len()) {
            (1.., 0) => Vec::new(),
            _ => self.views.iter().filter_map(|view| self.covered(view, &sectors)).collect(),
        };
        (sectors, villages)
    }

    /// What a village has of the site; `None` where that is less than likely. Without sectors the antenna serves all directions.
    fn covered(&self, view: &View, sectors: &[Sector]) -> Option<Covered> {
        let of_cell = |cell: &PlannedCell<'_>| {
            let around = [Orientation::default()];
            let attenuation_db = |orientation: &Orientation| {
                cell.pattern.attenuation_db(view.azimuth_deg, view.depression_deg, orientation)
            };
            if sectors.is_empty() {
                self.covered_by(view, cell, around.iter().map(attenuation_db))
            } else {
                self.covered_by(view, cell, sectors.iter().map(|sector| attenuation_db(&sector.orientation())))
            }
        };
        self.surest(of_cell)
    }

    /// The same were an antenna to look straight at the village.
    fn at_best(&self, view: &View) -> Option<Covered> {
        self.surest(|cell| self.covered_by(view, cell, std::iter::once(0.0)))
    }

    fn surest(&self, of_cell: impl FnMut(&PlannedCell<'_>) -> Option<Covered>) -> Option<Covered> {
        let order = |a: &Covered, b: &Covered| {
            let surer = a.probability.total_cmp(&b.probability).then(a.margin_db.total_cmp(&b.margin_db));
            surer.then(b.cell.cmp(&a.cell))
        };
        let likely = |covered: &Covered| f64::from(covered.probability) >= LEAST_PROBABILITY;
        self.cells.cells.iter().filter_map(of_cell).max_by(order).filter(likely)
    }

    /// What a village has of a cell whose antennas take so much from its level, one of each sector, dB: the strongest serves, the others disturb.
    fn covered_by(
        &self,
        view: &View,
        cell: &PlannedCell<'_>,
        attenuations_db: impl Iterator<Item = f64>,
    ) -> Option<Covered> {
        let loss_db = f64::from(view.losses_db[cell.carrier]);
        if view.distance_m > cell.radius_m || loss_db.is_nan() {
            return None;
        }
        let (mut level_dbm, mut total_mw) = (f64::NEG_INFINITY, 0.0);
        for attenuation_db in attenuations_db {
            let sector_dbm = cell.budget.level_dbm(loss_db) - attenuation_db;
            level_dbm = level_dbm.max(sector_dbm);
            total_mw += cell.budget.interference_mw(sector_dbm);
        }
        let own_mw = (total_mw - cell.budget.interference_mw(level_dbm)).max(0.0);
        let others_mw = f64::from(self.others_mw[view.village as usize][cell.carrier]) + own_mw;
        let margin_db = cell.needs.margin_db(level_dbm as f32, cell.budget.sinr_db(level_dbm, others_mw) as f32);
        let probability = level_probability(Dbm(f64::from(margin_db)), Dbm(0.0), Db(cell.budget.sigma_db));
        Some(Covered {
            village: view.village,
            probability: probability as f32,
            margin_db,
            level_dbm: level_dbm as f32,
            cell: cell.index,
        })
    }

    /// As many sectors as serve more, at most those of the configuration: each next one in the best of the directions, then each turned anew while
    /// the others stay. The directions are those of villages that a sector could serve, and those half-way between them and their neighbours.
    fn turned(&self) -> Vec<Sector> {
        let likely: Vec<&View> = self.views.iter().filter(|view| self.at_best(view).is_some()).collect();
        let options = options(&likely);
        let mut sectors: Vec<Sector> = Vec::new();
        let mut best = Score(0.0, 0.0);
        while sectors.len() < self.cells.sectors {
            sectors.push(Sector { azimuth_deg: 0.0, tilt_deg: 0.0 });
            let last = sectors.len() - 1;
            match self.best_option(&likely, &options, &mut sectors, last, best).filter(|score| score.0 > best.0) {
                Some(score) => best = score,
                None => {
                    sectors.pop();
                    break;
                }
            }
        }
        for _ in 0..ROUNDS {
            let before = best;
            for place in 0..sectors.len() {
                if let Some(score) = self.best_option(&likely, &options, &mut sectors, place, best) {
                    best = score;
                }
            }
            if before == best {
                break;
            }
        }
        sectors.sort_by(|a, b| a.azimuth_deg.total_cmp(&b.azimuth_deg));
        sectors
    }

    /// Turns one sector into the best direction and gives the score; leaves it where none is better than `least`.
    fn best_option(
        &self,
        likely: &[&View],
        options: &[Sector],
        sectors: &mut [Sector],
        place: usize,
        least: Score,
    ) -> Option<Score> {
        let (kept, mut best) = (sectors[place], None);
        for &option in options {
            sectors[place] = option;
            let score = self.score(likely, sectors);
            if score.is_better_than(best.map_or(least, |(score, _)| score)) {
                best = Some((score, option));
            }
        }
        sectors[place] = best.map_or(kept, |(_, option)| option);
        best.map(|(score, _)| score)
    }

    fn score(&self, likely: &[&View], sectors: &[Sector]) -> Score {
        let mut score = Score(0.0, 0.0);
        for view in likely {
            let Some(covered) = self.covered(view, sectors) else { continue };
            let probability = f64::from(covered.probability);
            score.0 += if probability >= self.required_probability { view.weight } else { 0.0 };
            score.1 += probability * view.weight;
        }
        score
    }
}

/// Directions worth looking at, by azimuth, each with its tilt: the mean depression of the villages in front, by weight.
fn options(likely: &[&View]) -> Vec<Sector> {
    let mut bearings: Vec<f64> = likely.iter().map(|view| view.azimuth_deg.round().rem_euclid(360.0)).collect();
    bearings.sort_by(f64::total_cmp);
    bearings.dedup();
    if bearings.len() > MOST_DIRECTIONS / 2 {
        bearings.iter_mut().for_each(|azimuth_deg| *azimuth_deg = (*azimuth_deg / COARSE_DEG).floor() * COARSE_DEG);
        bearings.dedup();
    }
    let half_way = |(a, b): (&f64, &f64)| {
        let turn = (b - a).rem_euclid(360.0);
        (turn > 1.0 && turn < 4.0 * HALF_WIDTH_DEG).then(|| (a + (turn / 2.0).round()).rem_euclid(360.0))
    };
    let between =
        (1..=NEIGHBOURS).flat_map(|next| bearings.iter().zip(bearings.iter().cycle().skip(next)).filter_map(half_way));
    let mut azimuths: Vec<f64> = bearings.iter().copied().chain(between).collect();
    azimuths.sort_by(f64::total_cmp);
    azimuths.dedup();
    let tilted = |azimuth_deg: f64| {
        let off = |view: &View| ((view.azimuth_deg - azimuth_deg + 180.0).rem_euclid(360.0) - 180.0).abs();
        let ahead = || likely.iter().filter(|view| off(view) <= HALF_WIDTH_DEG);
        let weight: f64 = ahead().map(|view| view.weight).sum();
        let mean_deg = ahead().map(|view| view.weight * view.depression_deg).sum::<f64>() / weight;
        let tilt_deg = if weight > 0.0 { mean_deg.round().clamp(0.0, MOST_TILT_DEG) } else { 0.0 };
        Sector { azimuth_deg, tilt_deg }
    };
    azimuths.into_iter().map(tilted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::Needs;
    use crate::radio::{AntennaPattern, CellBudget, Conditions, Environment, Radio, Requirement, Technology};
    use crate::study::NewCell;

    /// A cell of 10 MHz LTE at 900 MHz with 60 dBm, handsets in the open, σ 7 dB, and half of the carrier in use.
    fn budget() -> CellBudget {
        let cell = NewCell {
            technology: Technology::Lte,
            frequency_mhz: 900.0,
            bandwidth_mhz: 10.0,
            eirp_dbm: 60.0,
            antenna: None,
        };
        let conditions = Conditions {
            radio: &Radio::default(),
            environment: Environment::Outdoor,
            body_loss_db: 3.0,
            stated_sigma_db: Some(7.0),
            pixel_size_m: 30.0,
        };
        CellBudget::of(&cell.radio(), &conditions)
    }

    fn cells(pattern: &AntennaPattern, sectors: usize, sinr_db: f32) -> PlannedCells<'_> {
        let needs = Needs {
            sinr_db,
            ..Needs::of(&budget(), &Requirement { threshold_dbm: Some(-115.0), ..Default::default() })
        };
        let cell =
            PlannedCell { index: 0, frequency: 0, carrier: 0, radius_m: 15_000.0, budget: budget(), needs, pattern };
        PlannedCells { sectors, cells: vec![cell] }
    }

    /// Villages by azimuth and weight; each is served where its antenna takes at most `spare_db`.
    fn views(needs: Needs, spare_db: f64, villages: &[(f64, f64)]) -> Vec<View> {
        // Φ(1.28155) = 0.9
        let loss_db = budget().level_at_zero_loss_dbm - f64::from(needs.level_dbm) - 7.0 * 1.28155 - spare_db;
        let view = |(i, &(azimuth_deg, weight)): (usize, &(f64, f64))| View {
            village: i as u32,
            weight,
            distance_m: 5_000.0,
            azimuth_deg,
            depression_deg: 0.0,
            losses_db: vec![loss_db as f32],
        };
        villages.iter().enumerate().map(view).collect()
    }

    fn evaluated(sectors: usize, spare_db: f64, villages: &[(f64, f64)]) -> (Vec<f64>, Vec<u32>) {
        let [_, pattern, _] = AntennaPattern::built_in();
        let cells = cells(&pattern, sectors, f32::NEG_INFINITY);
        let views = views(cells.cells[0].needs, spare_db, villages);
        let others_mw = vec![vec![0.0]; villages.len()];
        let site = Site { cells: &cells, views: &views, others_mw: &others_mw, required_probability: 0.9 };
        let (sectors, covered) = site.evaluated();
        let served = covered.iter().filter(|c| c.probability >= 0.9).map(|c| c.village).collect();
        (sectors.into_iter().map(|sector| sector.azimuth_deg).collect(), served)
    }

    #[test]
    fn sectors_turn_to_where_most_can_be_served() {
        // 12·(φ/65)² ≤ 0.5 dB up to φ = 13.3°: one sector at 10° serves the villages at 0° and 20°, with more people than that at 180°
        let villages = [(0.0, 100.0), (20.0, 100.0), (180.0, 150.0)];
        assert_eq!(evaluated(1, 0.5, &villages), (vec![10.0], vec![0, 1]));
        assert_eq!(evaluated(2, 0.5, &villages), (vec![10.0, 180.0], vec![0, 1, 2]));
        assert_eq!(evaluated(6, 0.5, &villages), (vec![10.0, 180.0], vec![0, 1, 2]), "more would serve nobody");
        // 40 people more at 180°: the one sector turns there
        assert_eq!(evaluated(1, 0.5, &[(0.0, 100.0), (20.0, 100.0), (180.0, 201.0)]), (vec![180.0], vec![2]));
        // 28° apart is more than one sector spans
        assert_eq!(evaluated(1, 0.5, &[(350.0, 100.0), (18.0, 101.0)]), (vec![18.0], vec![1]));
        // across north
        assert_eq!(evaluated(1, 0.5, &[(350.0, 100.0), (10.0, 100.0)]), (vec![0.0], vec![0, 1]));
        assert_eq!(evaluated(3, -0.1, &villages), (vec![], vec![]), "nobody can be served");
    }

    #[test]
    fn directions_are_as_good_as_all_degrees_round() {
        // two sectors on scattered villages: no pair of whole degrees serves more weight
        let mut state = 7u64;
        let mut random = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % most
        };
        for _ in 0..20 {
            let villages: Vec<(f64, f64)> = (0..6).map(|_| (random(360) as f64, 10.0 + random(300) as f64)).collect();
            let weight_of = |served: &[u32]| served.iter().map(|&v| villages[v as usize].1).sum::<f64>();
            let off = |a: f64, b: f64| ((a - b + 180.0).rem_euclid(360.0) - 180.0).abs();
            let served_by = |a: f64, b: f64| {
                let near = |&&(azimuth, _): &&(f64, f64)| off(azimuth, a) <= 13.26 || off(azimuth, b) <= 13.26;
                villages.iter().filter(near).map(|(_, weight)| weight).sum::<f64>()
            };
            let all = (0..360).flat_map(|a| (0..360).map(move |b| (f64::from(a), f64::from(b))));
            let most = all.map(|(a, b)| served_by(a, b)).fold(0.0, f64::max);
            let (_, served) = evaluated(2, 0.5, &villages);
            assert!(weight_of(&served) >= 0.9 * most, "{villages:?}: {} of {most}", weight_of(&served));
        }
    }

    #[test]
    fn what_stands_and_other_sectors_take_from_the_sinr() {
        let [pattern, ..] = AntennaPattern::built_in();
        let cells = cells(&pattern, 0, 10.0);
        let margin_db = |others_mw: f64, attenuations_db: &[f64]| {
            let views = views(cells.cells[0].needs, 20.0, &[(0.0, 1.0)]);
            let others_mw = vec![vec![others_mw as f32]];
            let site = Site { cells: &cells, views: &views, others_mw: &others_mw, required_probability: 0.9 };
            let covered = site.covered_by(&views[0], &cells.cells[0], attenuations_db.iter().copied()).unwrap();
            (f64::from(covered.margin_db), f64::from(covered.level_dbm))
        };
        let (alone_db, level_dbm) = margin_db(0.0, &[0.0]);
        assert!((alone_db - (level_dbm - budget().noise_dbm - 10.0)).abs() < 1e-3, "over noise alone: {alone_db}");
        // another 12 dB below, loaded by half: S/I = 12 + 3.01 dB, of which 10 are needed; noise lies far below
        let others_mw = budget().interference_mw(level_dbm - 12.0);
        assert!((margin_db(others_mw, &[0.0]).0 - 5.01).abs() < 0.05, "{}", margin_db(others_mw, &[0.0]).0);
        // two sectors of the site just as strong: S/I = 3.01 dB
        assert!((margin_db(0.0, &[0.0, 0.0]).0 + 6.99).abs() < 0.05);
        assert_eq!(margin_db(0.0, &[0.0, 0.0]).1, level_dbm);
        // 12 dB apart as above
        assert!((margin_db(0.0, &[12.0, 0.0]).0 - 5.01).abs() < 0.05);
    }

    #[test]
    fn a_sector_is_tilted_towards_its_villages() {
        let [_, pattern, _] = AntennaPattern::built_in();
        let cells = cells(&pattern, 1, f32::NEG_INFINITY);
        let mut views = views(cells.cells[0].needs, 0.5, &[(0.0, 100.0), (4.0, 300.0)]);
        (views[0].depression_deg, views[1].depression_deg) = (2.0, 10.0);
        let site = Site { cells: &cells, views: &views, others_mw: &[vec![0.0], vec![0.0]], required_probability: 0.9 };
        let (sectors, _) = site.evaluated();
        assert_eq!(sectors.iter().map(|sector| sector.tilt_deg).collect::<Vec<_>>(), [8.0], "(2 + 3·10)/4");
    }
}
