//! What reaches each village without service: the ways from candidates within reach, and what stands in the carriers' way.

use super::cells::{Planned, PlannedCarrier, PlannedCell};
use crate::coverage::{Mast, Network, NetworkCell, PlaceLosses, Reached, Receptions};
use crate::index::PlaceIndex;
use crate::io::CacheFolder;
use crate::planning::Candidate;
use crate::progress::{Interrupted, Progress};
use crate::study::{ServiceKind, Study, Survey, Village};
use serde::{Deserialize, Serialize};

/// What reaches a village.
#[derive(Serialize, Deserialize)]
pub(super) struct Demand {
    /// The ways from candidates within reach, by candidate.
    pub(super) ways: Vec<Way>,
    /// What the cells that stand add to the noise of each planned carrier, mW; 0 where it does not matter.
    pub(super) others_mw: Vec<f32>,
    /// Whether terrain is missing on some way.
    pub(super) blocked: bool,
}

/// The way from a candidate to a village.
#[derive(Serialize, Deserialize)]
pub(super) struct Way {
    pub(super) candidate: u32,
    pub(super) distance_m: f64,
    /// Loss at each frequency of the plan, dB; NaN where it is not known or beyond the radius of all cells.
    pub(super) losses_db: Vec<f32>,
}

/// Looks at every village in `dark`.
pub(super) fn demands(
    study: &Study,
    network: &Network,
    planned: &Planned<'_>,
    candidates: &[Candidate],
    dark: &[usize],
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<Vec<Demand>, Interrupted> {
    let looking = Looking {
        study,
        network,
        planned,
        candidates,
        index: PlaceIndex::new(candidates.iter().map(|candidate| candidate.position)),
        receptions: Receptions::new(study, network),
        losses: PlaceLosses::new(study, cache, progress),
    };
    progress.in_parts("matrix", dark, |&village| looking.at(&study.villages[village]))
}

struct Looking<'a> {
    study: &'a Study,
    network: &'a Network,
    planned: &'a Planned<'a>,
    candidates: &'a [Candidate],
    index: PlaceIndex,
    receptions: Receptions<'a>,
    losses: PlaceLosses<'a>,
}

impl Looking<'_> {
    fn at(&self, village: &Village) -> Demand {
        let carriers = self.planned.carriers.iter();
        let others_mw = carriers.map(|carrier| self.others_mw(village, carrier) as f32).collect();
        let near: Vec<(usize, f64, Vec<usize>)> = self
            .index
            .within(village.position, self.planned.reach_m)
            .into_iter()
            .map(|(candidate, distance_m)| (candidate, distance_m, self.frequencies(candidate, distance_m)))
            .filter(|(_, _, frequencies)| !frequencies.is_empty())
            .collect();
        let losses_db = self.losses.to(village.position, &self.masts(&near));
        let blocked = losses_db.iter().any(Option::is_none);
        let mut losses_db = losses_db.into_iter();
        let mut ways = Vec::with_capacity(near.len());
        for (candidate, distance_m, frequencies) in near {
            let mut way = Way {
                candidate: candidate as u32,
                distance_m,
                losses_db: vec![f32::NAN; self.planned.frequencies_mhz.len()],
            };
            for frequency in frequencies {
                way.losses_db[frequency] = losses_db.next().flatten().map_or(f32::NAN, |loss_db| loss_db as f32);
            }
            if let Some(site) = self.candidates[candidate].origin.standing_site()
                && self.may_serve(candidate, village, &way)
            {
                let more_db = self.contradicted_db(site, village) as f32;
                way.losses_db.iter_mut().for_each(|loss_db| *loss_db += more_db);
            }
            ways.push(way);
        }
        Demand { ways, others_mw, blocked }
    }

    /// The places of the frequencies that a candidate's cells bring as far as this, ascending.
    fn frequencies(&self, candidate: usize, distance_m: f64) -> Vec<usize> {
        let configurations = self.candidates[candidate].configurations.iter();
        let cells = configurations.flat_map(|&configuration| &self.planned.configurations[configuration].cells);
        let mut frequencies: Vec<usize> =
            cells.filter(|cell| distance_m <= cell.radius_m).map(|cell| cell.frequency).collect();
        frequencies.sort_unstable();
        frequencies.dedup();
        frequencies
    }

    /// Whether some cell of a candidate would be strong enough at the median, were its antenna to look straight at the village.
    fn may_serve(&self, candidate: usize, village: &Village, way: &Way) -> bool {
        let configurations = self.candidates[candidate].configurations.iter();
        let mut cells = configurations.flat_map(|&configuration| &self.planned.configurations[configuration].cells);
        cells.any(|PlannedCell { budget, needs, frequency, .. }| {
            let loss_db = f64::from(way.losses_db[*frequency]);
            let loss_db = self.study.corrected_loss_db(budget.technology, village.position, loss_db);
            budget.level_dbm(loss_db) as f32 >= needs.level_dbm
        })
    }

    /// The antennas of candidates, those of one place on one mast, in their order.
    fn masts(&self, near: &[(usize, f64, Vec<usize>)]) -> Vec<Mast> {
        let mut masts: Vec<Mast> = Vec::new();
        for (candidate, _, frequencies) in near {
            let Candidate { position, height_agl_m, .. } = self.candidates[*candidate];
            let antennas = frequencies.iter().map(|&frequency| (height_agl_m, self.planned.frequencies_mhz[frequency]));
            match masts.last_mut().filter(|mast| mast.position == position) {
                Some(mast) => mast.antennas.extend(antennas),
                None => masts.push(Mast { position, antennas: antennas.collect() }),
            }
        }
        masts
    }

    /// What cells that stand add to the noise of a carrier at a village, mW of what a level is the power of.
    ///
    /// A new cell is its operator's, which has the carrier to itself but for its own cells. Where it is not stated which operator builds, the one whose
    /// cells disturb most is taken, so that none finds less than is promised.
    fn others_mw(&self, village: &Village, carrier: &PlannedCarrier) -> f64 {
        if !carrier.is_disturbed {
            return 0.0;
        }
        let reached = self.receptions.of_cells(village.position, |cell| carrier.overlap[cell] > 0.0);
        let operators = &self.network.operators;
        let mut by_operator = vec![0.0; operators.len()];
        for Reached { cell, level_dbm, .. } in reached {
            let NetworkCell { budget, carrier: own, .. } = &self.network.cells[cell];
            if let Some(level_dbm) = level_dbm {
                by_operator[self.network.carriers[*own].operator] +=
                    carrier.overlap[cell] * budget.interference_mw(level_dbm);
            }
        }
        let builds =
            |operator: &str| self.study.config.planning.operator.as_ref().is_none_or(|stated| stated == operator);
        let disturbing = by_operator.iter().zip(operators).filter(|(_, operator)| builds(operator));
        disturbing.map(|(mw, _)| *mw).fold(0.0, f64::max)
    }

    /// By how much the loss from the mast of a site that stands must be larger than predicted at a village, dB: the survey finds no service
    /// where its cells are predicted to give it at the median. What stands in the way of those stands in the way of new cells on the same mast.
    fn contradicted_db(&self, site: usize, village: &Village) -> f64 {
        let planning = &self.study.config.planning;
        let surveyed = match planning.service {
            ServiceKind::Signal => village.reported_signal,
            ServiceKind::Broadband => village.reported_broadband,
        };
        if surveyed != Survey::No || !self.study.config.service.survey_wins {
            return 0.0;
        }
        let margin_db = |reached: Reached| {
            let cell = &self.network.cells[reached.cell];
            let needs = match planning.service {
                ServiceKind::Signal => cell.signal,
                ServiceKind::Broadband => cell.broadband,
            };
            reached.level_dbm.map(|level_dbm| level_dbm - f64::from(needs.level_dbm))
        };
        let reached = self.receptions.of_one_site(site, village.position);
        reached.into_iter().filter_map(margin_db).fold(0.0, f64::max)
    }
}
