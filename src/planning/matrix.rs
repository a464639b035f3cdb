//! Which candidate would serve which village.

use super::candidate::Candidate;
use crate::coverage::{Carrier, Transmitter, levels_at};
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::radio::level_probability;
use crate::study::{ServiceKind, Study};
use crate::units::{Db, Dbm};
use rayon::prelude::*;

/// For each candidate the villages that it would serve with the required probability: places in `dark`, ascending.
///
/// The pairs within the radius of the new site's technologies come from an R-tree; each is evaluated on its own profile.
pub fn coverage_matrix(
    study: &Study,
    candidates: &[Candidate],
    dark: &[usize],
    progress: &Progress,
) -> Result<Vec<Vec<u32>>, Interrupted> {
    let config = &study.config;
    let service = &config.service;
    let thresholds = match config.planning.service {
        ServiceKind::Signal => &service.signal_threshold_dbm,
        ServiceKind::Broadband => &service.broadband_threshold_dbm,
    };
    let villages = PlaceIndex::new(dark.iter().map(|&v| study.villages[v].position));
    let radius_m = |technology| config.coverage.radius_km.get(&technology).map_or(0.0, |km| km * 1000.0);
    let reach_m = config.planning.new_site.cells.iter().map(|c| radius_m(c.technology)).fold(0.0, f64::max);
    let spacing_m = study.terrain.pixel_size_m();
    let sigma = Db(service.shadowing_sigma_db);
    let bar = progress.stage("matrix", candidates.len());
    candidates
        .par_iter()
        .map(|candidate| {
            progress.check()?;
            let carriers: Vec<(Carrier, f64)> = config
                .planning
                .new_site
                .cells
                .iter()
                .filter_map(|cell| {
                    let transmitter = Transmitter {
                        position: candidate.position,
                        height_agl_m: candidate.height_agl_m,
                        frequency_mhz: cell.frequency_mhz,
                    };
                    let (technology, bandwidth_mhz, eirp_dbm) = (cell.technology, cell.bandwidth_mhz, cell.eirp_dbm);
                    let threshold = *thresholds.get(&technology)?;
                    Some((Carrier { transmitter, technology, bandwidth_mhz, eirp_dbm }, threshold))
                })
                .collect();
            let mut served = Vec::new();
            for (place, distance_m) in villages.within(candidate.position, reach_m) {
                let in_reach: Vec<(Carrier, f64)> =
                    carriers.iter().filter(|(c, _)| distance_m <= radius_m(c.technology)).copied().collect();
                let (only_carriers, limits): (Vec<Carrier>, Vec<f64>) = in_reach.into_iter().unzip();
                let levels = levels_at(study, &only_carriers, study.villages[dark[place]].position, spacing_m);
                let serves = levels.into_iter().zip(limits).any(|(level, limit)| {
                    let probability = level.map(|dbm| level_probability(Dbm(dbm), Dbm(limit), sigma));
                    probability.is_some_and(|p| p >= service.required_probability)
                });
                if serves {
                    served.push(place as u32);
                }
            }
            bar.advance(1);
            Ok(served)
        })
        .collect()
}
