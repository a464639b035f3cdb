//! Status of each village for signal and for broadband, next to the surveyed status.

use crate::coverage::{Network, NetworkCell, Reached, Reception, Receptions};
use crate::progress::{Interrupted, Progress};
use crate::radio::level_probability;
use crate::study::{Service, Study, Survey, Village};
use crate::units::{Db, Dbm};
use serde::{Deserialize, Serialize};

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
    /// By how much the best cell is stronger than the service needs in the weaker direction, dB; `None` without a cell within reach.
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
    /// By how much it is stronger than a signal needs in the weaker direction, dB.
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
    /// Operators that serve with the required probability, by name.
    pub operators: Vec<String>,
    /// Largest throughput down and up that one user has of a cell's free share, Mbit/s; `None` without a cell within reach.
    pub throughput_mbps: Option<(f64, f64)>,
}

/// Assesses every village: which cells reach it, with which level and probability, next to what the survey says.
pub fn assess(study: &Study, progress: &Progress) -> Result<Vec<VillageService>, Interrupted> {
    let network = Network::of(study);
    let receptions = Receptions::new(study, &network);
    progress.in_parts("service", &study.villages, |village| {
        let reached = receptions.at(village.position);
        let serving = receptions.serving(&reached);
        village_service(study, village, &network, &reached, &serving)
    })
}

fn village_service(
    study: &Study,
    village: &Village,
    network: &Network,
    reached: &[Reached],
    serving: &[(usize, Reception)],
) -> VillageService {
    let service = &study.config.service;
    let receptions = || serving.iter().map(|(cell, reception)| (&network.cells[*cell], reception));
    let blocked = |gives: fn(&NetworkCell) -> bool| {
        reached.iter().any(|r| r.level_dbm.is_none() && gives(&network.cells[r.cell]))
    };
    let signal_margins = receptions().map(|(cell, r)| (r.signal_margin_db, cell.budget.sigma_db));
    let mut signal = predict(service, signal_margins, blocked(|cell| cell.signal.is_possible()));
    let broadband_margins = receptions().map(|(cell, r)| (r.broadband_margin_db, cell.budget.sigma_db));
    let mut broadband = predict(service, broadband_margins, blocked(|cell| cell.broadband.is_possible()));
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

    let serves = |&&(cell, ref reception): &&(usize, Reception)| {
        let probability = probability(reception.signal_margin_db, network.cells[cell].budget.sigma_db);
        Status::of_probability(probability, service.required_probability) == Status::Served
    };
    let operator = |(cell, _): &(usize, Reception)| network.carriers[network.cells[*cell].carrier].operator;
    let mut operators: Vec<usize> = serving.iter().filter(serves).map(operator).collect();
    operators.sort_unstable();
    operators.dedup();
    let largest = |of: fn(&Reception) -> f32| serving.iter().map(|(_, r)| f64::from(of(r))).max_by(f64::total_cmp);
    VillageService {
        signal,
        broadband,
        servers: servers(study, village, network, reached),
        operators: operators.into_iter().map(|operator| network.operators[operator].clone()).collect(),
        throughput_mbps: largest(|r| r.down_mbps).zip(largest(|r| r.up_mbps)),
    }
}

/// Servers that are kept per village.
const MOST_SERVERS: usize = 3;

/// The strongest cells of different sites, by their signal margin.
fn servers(study: &Study, village: &Village, network: &Network, reached: &[Reached]) -> Vec<Server> {
    let margin_db = |r: &Reached| {
        let margin_db = r.level_dbm? - f64::from(network.cells[r.cell].signal.level_dbm);
        margin_db.is_finite().then_some(margin_db)
    };
    let mut known: Vec<(&Reached, f64)> = reached.iter().filter_map(|r| Some((r, margin_db(r)?))).collect();
    known.sort_by(|(a, a_db), (b, b_db)| b_db.total_cmp(a_db).then(a.cell.cmp(&b.cell)));
    let mut best: Vec<Server> = Vec::new();
    for (reached, margin_db) in known {
        let NetworkCell { site, cell, .. } = network.cells[reached.cell];
        if best.len() < MOST_SERVERS && best.iter().all(|b| b.site != site) {
            let azimuth_deg = village.position.azimuth_deg(study.sites[site].position);
            let level_dbm = reached.level_dbm.unwrap_or(f64::NAN);
            best.push(Server { site, cell, level_dbm, margin_db, distance_m: reached.distance_m, azimuth_deg });
        }
    }
    best
}

/// Probability that a margin is above zero where it spreads normally with a standard deviation.
fn probability(margin_db: f32, sigma_db: f64) -> f64 {
    level_probability(Dbm(f64::from(margin_db)), Dbm(0.0), Db(sigma_db))
}

/// Predicted status from the margins of the serving cells with their standard deviations, dB.
fn predict(service: &Service, margins: impl Iterator<Item = (f32, f64)>, blocked: bool) -> Assessment {
    let reaching = margins.filter(|(margin_db, _)| *margin_db > f32::NEG_INFINITY);
    let surest = reaching.map(|(margin_db, sigma_db)| (probability(margin_db, sigma_db), margin_db));
    let best = surest.max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let probability = best.map_or(0.0, |(probability, _)| probability);
    let known = Status::of_probability(probability, service.required_probability);
    let unknown = blocked && known == Status::Unserved;
    Assessment {
        predicted: if unknown { Status::Unknown } else { known },
        probability: (!unknown).then_some(probability),
        margin_db: best.map(|(_, margin_db)| f64::from(margin_db)),
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

    #[test]
    fn status_follows_the_probability_of_the_best_margin() {
        let service = Service::default();
        // σ 7 dB: 90 % needs 8.97 dB of margin
        let status = |margins: &[f32], blocked| {
            predict(&service, margins.iter().map(|&margin_db| (margin_db, 7.0)), blocked).predicted
        };
        assert_eq!(status(&[9.0], false), Status::Served);
        assert_eq!(status(&[8.9], false), Status::Marginal);
        assert_eq!(status(&[0.0, -25.0], false), Status::Marginal);
        assert_eq!(status(&[-0.1], false), Status::Unserved);
        assert_eq!(status(&[], false), Status::Unserved);
        assert_eq!(status(&[-20.0], true), Status::Unknown);
        assert_eq!(status(&[20.0], true), Status::Served);
        assert_eq!(status(&[f32::NEG_INFINITY], false), Status::Unserved);
        // half the spread makes the same margin twice as sure
        let best = predict(&service, [(9.0, 7.0), (6.0, 3.0)].into_iter(), false);
        assert_eq!(best.margin_db, Some(6.0));
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
