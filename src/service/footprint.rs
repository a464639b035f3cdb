//! How much of the land of a village is served.

use super::status::{Status, VillageService, outlooks};
use crate::coverage::{CoverageRasters, Network, Receptions, status_code};
use crate::grid::Grid;
use crate::progress::{Interrupted, Progress};
use crate::study::{Study, Village};
use serde::{Deserialize, Serialize};

/// Shares of a village's footprint that mobile networks serve, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FootprintService {
    /// With a signal.
    pub signal: f64,
    /// With broadband.
    pub broadband: f64,
}

/// Places of a footprint that are looked at on profiles of their own where no rasters were computed.
const MOST_PLACES: usize = 9;

/// Gives villages with a footprint the share of it that is served: of the rasters' pixels inside where there are rasters, else of
/// nine of those pixels, evenly spread over their order, on profiles of their own. Pixels where nothing is known do not count.
pub fn fill_footprints(
    study: &Study,
    services: &mut [VillageService],
    rasters: Option<&CoverageRasters>,
    progress: &Progress,
) -> Result<(), Interrupted> {
    if study.villages.iter().all(|village| village.footprint.is_none()) {
        return Ok(());
    }
    let shares: Vec<Option<FootprintService>> = match rasters {
        Some(rasters) => study.villages.iter().map(|village| of_rasters(study, rasters, village)).collect(),
        None => {
            let network = Network::of(study);
            let receptions = Receptions::new(study, &network);
            let of_profiles = |village: &Village| of_profiles(study, &network, &receptions, village);
            progress.in_parts("footprints", &study.villages, of_profiles)?
        }
    };
    for (service, share) in services.iter_mut().zip(shares) {
        service.footprint = share;
    }
    Ok(())
}

fn of_rasters(study: &Study, rasters: &CoverageRasters, village: &Village) -> Option<FootprintService> {
    let pixels = study.terrain.pixels_of(village.footprint.as_ref()?, village.position);
    let share = |codes: &Grid<u8>| served_share(pixels.iter().map(|&pixel| codes.values[pixel]));
    Some(FootprintService { signal: share(&rasters.signal_status)?, broadband: share(&rasters.broadband_status)? })
}

fn of_profiles(
    study: &Study,
    network: &Network,
    receptions: &Receptions<'_>,
    village: &Village,
) -> Option<FootprintService> {
    let pixels = study.terrain.pixels_of(village.footprint.as_ref()?, village.position);
    let required = study.config.service.required_probability;
    let statuses = spread(&pixels, MOST_PLACES).map(|(row, column)| {
        let (x, y) = study.terrain.grid.transform.center(row as f64, column as f64);
        let place = study.terrain.locator.position(x, y);
        let reached = receptions.at(place);
        let serving = receptions.serving(&reached);
        let outlooks = outlooks(study, place, network, &reached, &serving, false);
        outlooks.map(|outlook| status_code(outlook.status(outlook.probability(0.0), required)))
    });
    let statuses: Vec<[u8; 2]> = statuses.collect();
    let share = |service: usize| served_share(statuses.iter().map(|codes| codes[service]));
    Some(FootprintService { signal: share(0)?, broadband: share(1)? })
}

/// At most `count` of the pixels, from the middle of as many equal parts of their list.
fn spread(pixels: &[(usize, usize)], count: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = count.min(pixels.len());
    (0..count).map(move |part| pixels[(2 * part + 1) * pixels.len() / (2 * count)])
}

/// Share of status codes that are served among those that are known; `None` without any.
fn served_share(codes: impl Iterator<Item = u8>) -> Option<f64> {
    let (mut served, mut known) = (0usize, 0usize);
    for code in codes.filter(|&code| code != status_code(Status::Unknown)) {
        known += 1;
        served += usize::from(code == status_code(Status::Served));
    }
    (known > 0).then(|| served as f64 / known as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_count_what_is_known() {
        assert_eq!(served_share([3, 3, 2, 1, 0, 0].into_iter()), Some(0.5));
        assert_eq!(served_share([0, 0].into_iter()), None);
    }

    #[test]
    fn places_are_spread_evenly() {
        let pixels: Vec<(usize, usize)> = (0..90).map(|i| (0, i)).collect();
        let columns: Vec<usize> = spread(&pixels, 9).map(|(_, column)| column).collect();
        assert_eq!(columns, [5, 15, 25, 35, 45, 55, 65, 75, 85]);
        assert_eq!(spread(&pixels[..2], 9).count(), 2);
        assert_eq!(spread(&[], 9).count(), 0);
    }
}
