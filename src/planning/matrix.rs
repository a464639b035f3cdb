//! Which candidate would serve which village.

use super::candidate::Candidate;
use crate::coverage::{Carrier, Transmitter, levels_at};
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::radio::level_probability;
use crate::study::{ServiceKind, Study};
use crate::units::{Db, Dbm};

/// Which candidate would serve which village.
#[derive(Debug, Clone)]
pub struct CoverageMatrix {
    /// For each candidate the villages that it would serve with the required probability: places in `dark`, ascending.
    pub covers: Vec<Vec<u32>>,
    /// For each place in `dark` whether terrain is missing on the way from some candidate within reach.
    pub blocked: Vec<bool>,
}

/// Evaluates every candidate at every village in `dark` (indices in the study) within reach.
///
/// The pairs within the radius of the new site's technologies come from an R-tree; each is evaluated on its own profile.
pub fn coverage_matrix(
    study: &Study,
    candidates: &[Candidate],
    dark: &[usize],
    progress: &Progress,
) -> Result<CoverageMatrix, Interrupted> {
    let config = &study.config;
    let service = &config.service;
    let thresholds = match config.planning.service {
        ServiceKind::Signal => &service.signal_threshold_dbm,
        ServiceKind::Broadband => &service.broadband_threshold_dbm,
    };
    let villages = PlaceIndex::new(dark.iter().map(|&v| study.villages[v].position));
    let radius_m = |technology| config.coverage.radius_km.get(&technology).map_or(0.0, |km| km * 1000.0);
    let reach_m = config.planning.new_site.cells.iter().map(|c| radius_m(c.technology)).fold(0.0, f64::max);
    let spacing_m = study.terrain.pixel_size_m;
    let sigma = Db(service.shadowing_sigma_db.unwrap_or(7.0));
    let rows: Vec<(Vec<u32>, Vec<usize>)> = progress.in_parts("matrix", candidates, |candidate| {
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
        let mut blocked = Vec::new();
        for (place, distance_m) in villages.within(candidate.position, reach_m) {
            let in_reach: Vec<(Carrier, f64)> =
                carriers.iter().filter(|(c, _)| distance_m <= radius_m(c.technology)).copied().collect();
            let (only_carriers, limits): (Vec<Carrier>, Vec<f64>) = in_reach.into_iter().unzip();
            let levels = levels_at(study, &only_carriers, study.villages[dark[place]].position, spacing_m);
            if levels.iter().any(Option::is_none) {
                blocked.push(place);
            }
            let serves = levels.into_iter().zip(limits).any(|(level, limit)| {
                let probability = level.map(|dbm| level_probability(Dbm(dbm), Dbm(limit), sigma));
                probability.is_some_and(|p| p >= service.required_probability)
            });
            if serves {
                served.push(place as u32);
            }
        }
        (served, blocked)
    })?;
    let mut blocked = vec![false; dark.len()];
    rows.iter().flat_map(|(_, places)| places).for_each(|&place| blocked[place] = true);
    Ok(CoverageMatrix { covers: rows.into_iter().map(|(served, _)| served).collect(), blocked })
}
