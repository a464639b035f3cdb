//! Status of each village for signal and for broadband, next to the surveyed status.

use crate::coverage::{Carrier, Transmitter, levels_at};
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::radio::{Technology, level_probability};
use crate::study::{Service, Study, Survey, Village};
use crate::units::{Db, Dbm};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How well a village is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The required level is reached with the required probability.
    Served,
    /// With at least 50 %, but not with the required probability.
    Marginal,
    /// With less than 50 %.
    Unserved,
    /// Terrain is missing at the village or on the way to a cell that could serve, and no other serves.
    Unknown,
}

impl Status {
    /// All statuses, best first.
    pub const ALL: [Status; 4] = [Self::Served, Self::Marginal, Self::Unserved, Self::Unknown];

    /// Status at a probability of the required level.
    pub fn of_probability(probability: f64, required: f64) -> Self {
        if probability >= required {
            Self::Served
        } else if probability >= 0.5 {
            Self::Marginal
        } else {
            Self::Unserved
        }
    }

    /// The word in tables: `served`, `marginal`, `unserved`, `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Marginal => "marginal",
            Self::Unserved => "unserved",
            Self::Unknown => "unknown",
        }
    }
}

/// One service of one village: predicted, surveyed, and what planning makes of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Predicted status.
    pub predicted: Status,
    /// Probability that the best cell reaches the required level, 0 to 1; `None` when unknown.
    pub probability: Option<f64>,
    /// Level of the best cell above its threshold, dB; `None` without a cell within reach.
    pub margin_db: Option<f64>,
    /// What the survey says.
    pub surveyed: Survey,
    /// Whether the village counts as a dead zone of this service: the survey's answer where it has one and the study lets
    /// it win, else a predicted Marginal or Unserved. What is unknown is no dead zone.
    pub is_gap: bool,
}

/// A cell that reaches a village.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// Index of the site in the study.
    pub site: usize,
    /// Index of the cell in the site.
    pub cell: usize,
    /// Level at the village, dBm, of the quantity the technology measures.
    pub level_dbm: f64,
    /// Level above the signal threshold, dB.
    pub margin_db: f64,
    /// Distance, m.
    pub distance_m: f64,
    /// Bearing from the village to the site, degrees clockwise from north.
    pub azimuth_deg: f64,
}

/// What a village has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VillageService {
    /// Voice and data at all.
    pub signal: Assessment,
    /// A throughput, mobile or fixed.
    pub broadband: Assessment,
    /// Up to three cells of different sites with the largest signal margin, best first.
    pub servers: Vec<Server>,
}

/// Assesses every village: which cells reach it, with which level and probability, next to what the survey says.
pub fn assess(study: &Study, progress: &Progress) -> Result<Vec<VillageService>, Interrupted> {
    let config = &study.config;
    let reach_m = config.coverage.radius_km.values().copied().fold(0.0, f64::max) * 1000.0;
    let sites = PlaceIndex::new(study.sites.iter().map(|s| s.position));
    let spacing_m = study.terrain.pixel_size_m;
    progress.in_parts("service", &study.villages, |village| {
        let reached: Vec<Reached> = sites
            .within(village.position, reach_m)
            .into_iter()
            .flat_map(|(site, distance_m)| reach(study, village, site, distance_m, spacing_m))
            .collect();
        village_service(study, village, &reached)
    })
}

/// A cell within its radius of a village; no level where terrain is missing on the way.
struct Reached {
    site: usize,
    cell: usize,
    technology: Technology,
    distance_m: f64,
    level_dbm: Option<f64>,
}

fn reach(study: &Study, village: &Village, site: usize, distance_m: f64, spacing_m: f64) -> Vec<Reached> {
    let place = &study.sites[site];
    let radius_km = &study.config.coverage.radius_km;
    let (cells, carriers): (Vec<usize>, Vec<Carrier>) = place
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| radius_km.get(&cell.technology).is_some_and(|&km| distance_m <= km * 1000.0))
        .map(|(index, cell)| {
            let transmitter = Transmitter {
                position: place.position,
                height_agl_m: cell.height_agl_m,
                frequency_mhz: cell.frequency_mhz,
            };
            let (technology, bandwidth_mhz, eirp_dbm) = (cell.technology, cell.bandwidth_mhz, cell.eirp_dbm);
            (index, Carrier { transmitter, technology, bandwidth_mhz, eirp_dbm })
        })
        .unzip();
    let levels = levels_at(study, &carriers, village.position, spacing_m);
    let reached = |((cell, carrier), level_dbm): ((usize, Carrier), Option<f64>)| Reached {
        site,
        cell,
        technology: carrier.technology,
        distance_m,
        level_dbm,
    };
    cells.into_iter().zip(carriers).zip(levels).map(reached).collect()
}

fn village_service(study: &Study, village: &Village, reached: &[Reached]) -> VillageService {
    let service = &study.config.service;
    let mut signal = predict(service, reached, &service.signal_threshold_dbm);
    let mut broadband = predict(service, reached, &service.broadband_threshold_dbm);
    if village.fixed_broadband_share().is_some_and(|share| share >= service.fixed_broadband_share) {
        broadband.predicted = Status::Served;
        broadband.probability = Some(1.0);
    }
    if study.terrain.height_m(village.position).is_none() {
        for assessment in [&mut signal, &mut broadband].into_iter().filter(|a| a.predicted == Status::Unserved) {
            (assessment.predicted, assessment.probability) = (Status::Unknown, None);
        }
    }
    conclude(&mut signal, village.reported_signal, service.survey_wins);
    conclude(&mut broadband, village.reported_broadband, service.survey_wins);

    let mut servers: Vec<Server> = reached
        .iter()
        .filter_map(|r| {
            let level_dbm = r.level_dbm?;
            let margin_db = level_dbm - service.signal_threshold_dbm.get(&r.technology)?;
            Some(Server {
                site: r.site,
                cell: r.cell,
                level_dbm,
                margin_db,
                distance_m: r.distance_m,
                azimuth_deg: 0.0,
            })
        })
        .collect();
    servers.sort_by(|a, b| b.margin_db.total_cmp(&a.margin_db).then((a.site, a.cell).cmp(&(b.site, b.cell))));
    let mut best: Vec<Server> = Vec::new();
    for server in servers {
        if best.iter().all(|b| b.site != server.site) {
            let azimuth_deg = village.position.azimuth_deg(study.sites[server.site].position);
            best.push(Server { azimuth_deg, ..server });
        }
        if best.len() == MOST_SERVERS {
            break;
        }
    }
    VillageService { signal, broadband, servers: best }
}

/// Servers that are kept per village.
const MOST_SERVERS: usize = 3;

/// Predicted status from the best margin over the technologies that have a threshold.
fn predict(service: &Service, reached: &[Reached], thresholds: &BTreeMap<Technology, f64>) -> Assessment {
    let relevant = || reached.iter().filter_map(|r| thresholds.get(&r.technology).map(|&threshold| (r, threshold)));
    let margin_db = relevant().filter_map(|(r, threshold)| Some(r.level_dbm? - threshold)).max_by(f64::total_cmp);
    let blocked = relevant().any(|(r, _)| r.level_dbm.is_none());
    let probability = margin_db.map_or(0.0, |margin_db| {
        level_probability(Dbm(margin_db), Dbm(0.0), Db(service.shadowing_sigma_db.unwrap_or(7.0)))
    });
    let known = Status::of_probability(probability, service.required_probability);
    let unknown = blocked && known == Status::Unserved;
    Assessment {
        predicted: if unknown { Status::Unknown } else { known },
        probability: (!unknown).then_some(probability),
        margin_db,
        surveyed: Survey::Unknown,
        is_gap: false,
    }
}

fn conclude(assessment: &mut Assessment, surveyed: Survey, survey_wins: bool) {
    assessment.surveyed = surveyed;
    let predicted_gap = matches!(assessment.predicted, Status::Marginal | Status::Unserved);
    assessment.is_gap = match surveyed {
        Survey::No if survey_wins => true,
        Survey::Yes if survey_wins => false,
        _ => predicted_gap,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(technology: Technology, level_dbm: Option<f64>) -> Reached {
        Reached { site: 0, cell: 0, technology, distance_m: 1000.0, level_dbm }
    }

    #[test]
    fn status_follows_the_probability_of_the_best_margin() {
        let service = Service::default(); // σ 7 dB: 90 % needs 8.97 dB of margin
        let status = |reached: &[Reached]| predict(&service, reached, &service.signal_threshold_dbm).predicted;
        use Technology::{Gsm, Lte, Nr};
        assert_eq!(status(&[cell(Gsm, Some(-91.0))]), Status::Served);
        assert_eq!(status(&[cell(Gsm, Some(-91.1))]), Status::Marginal);
        assert_eq!(status(&[cell(Gsm, Some(-100.0)), cell(Lte, Some(-140.0))]), Status::Marginal);
        assert_eq!(status(&[cell(Gsm, Some(-100.1))]), Status::Unserved);
        assert_eq!(status(&[]), Status::Unserved);
        assert_eq!(status(&[cell(Gsm, Some(-120.0)), cell(Lte, None)]), Status::Unknown);
        assert_eq!(status(&[cell(Gsm, Some(-80.0)), cell(Nr, None)]), Status::Served);
    }

    #[test]
    fn the_survey_wins_unless_the_study_says_otherwise() {
        for (predicted, surveyed, wins, gap) in [
            (Status::Served, Survey::No, true, true),
            (Status::Served, Survey::No, false, false),
            (Status::Unserved, Survey::Yes, true, false),
            (Status::Unserved, Survey::Yes, false, true),
            (Status::Marginal, Survey::Unknown, true, true),
            (Status::Unknown, Survey::Unknown, true, false),
            (Status::Unknown, Survey::No, true, true),
            (Status::Served, Survey::Unknown, true, false),
        ] {
            let mut a = Assessment { predicted, probability: None, margin_db: None, surveyed, is_gap: false };
            conclude(&mut a, surveyed, wins);
            assert_eq!(a.is_gap, gap, "{predicted:?} {surveyed:?} {wins}");
        }
    }
}
