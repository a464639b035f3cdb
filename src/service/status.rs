//! Status of each village for signal and for broadband, next to the surveyed status.

use super::footprint::FootprintService;
use crate::coverage::{Needs, Network, NetworkCell, Reached, Reception, Receptions};
use crate::geodesy::LonLat;
use crate::progress::{Interrupted, Progress};
use crate::propagation::sight::Edge;
use crate::radio::level_probability;
use crate::study::{Service, ServiceKind, Study, Survey, Village};
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

/// By how much a cell is stronger than a service needs, and how far that spreads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// Of the level over the study's threshold at the median, dB; +∞ without a threshold.
    pub level_db: f64,
    /// Of what does not move with the threshold, dB: the uplink, and the SINR for the throughput down.
    pub rest_db: f64,
    /// Standard deviation, dB.
    pub sigma_db: f64,
}

impl Margin {
    /// That of a cell with a reception.
    fn of(needs: Needs, reception: &Reception, sigma_db: f64) -> Self {
        let uplink_db = reception.level_dbm - needs.uplink_dbm;
        let rest_db = uplink_db.min(reception.sinr_db - needs.sinr_db);
        Self { level_db: f64::from(reception.level_dbm - needs.threshold_dbm), rest_db: f64::from(rest_db), sigma_db }
    }

    /// The least of both, dB.
    pub fn margin_db(self) -> f64 {
        self.level_db.min(self.rest_db)
    }

    /// Probability that the service is reached when the threshold is `shift_db` higher.
    pub fn probability(self, shift_db: f64) -> f64 {
        level_probability(Dbm((self.level_db - shift_db).min(self.rest_db)), Dbm(0.0), Db(self.sigma_db))
    }

    /// Whether it is as good as another whatever the threshold.
    fn is_as_good_as(self, other: Self) -> bool {
        self.sigma_db == other.sigma_db && self.level_db >= other.level_db && self.rest_db >= other.rest_db
    }
}

/// What a predicted status rests on, so that it can also be told for other requirements.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Those of the serving cells of which none is as good as another whatever the threshold.
    pub margins: Vec<Margin>,
    /// Whether terrain is missing at the village or on the way to a cell that could serve.
    pub terrain_missing: bool,
    /// Whether a fixed line serves, whatever cells do.
    pub fixed: bool,
}

impl Outlook {
    fn of(margins: impl Iterator<Item = Margin>, terrain_missing: bool, fixed: bool) -> Self {
        let mut kept: Vec<Margin> = Vec::new();
        for margin in margins.filter(|margin| margin.margin_db() > f64::NEG_INFINITY) {
            if !kept.iter().any(|kept| kept.is_as_good_as(margin)) {
                kept.retain(|kept| !margin.is_as_good_as(*kept));
                kept.push(margin);
            }
        }
        Self { margins: kept, terrain_missing, fixed }
    }

    /// The margin that is surest to be reached; `None` without a cell within reach.
    pub fn surest(&self) -> Option<Margin> {
        let order = |a: &&Margin, b: &&Margin| {
            a.probability(0.0).total_cmp(&b.probability(0.0)).then(a.margin_db().total_cmp(&b.margin_db()))
        };
        self.margins.iter().max_by(order).copied()
    }

    /// Probability of the service when its threshold is `shift_db` higher than the study's.
    pub fn probability(&self, shift_db: f64) -> f64 {
        if self.fixed {
            return 1.0;
        }
        self.margins.iter().map(|margin| margin.probability(shift_db)).fold(0.0, f64::max)
    }

    /// Status at a probability of the service.
    pub fn status(&self, probability: f64, required: f64) -> Status {
        match Status::of_probability(probability, required) {
            Status::Unserved if self.terrain_missing => Status::Unknown,
            known => known,
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
    /// Whether the village counts as a dead zone of this service: see [`is_gap`].
    pub is_gap: bool,
    /// Up to three cells of different sites that give this service, the largest margin first.
    pub servers: Vec<Server>,
    /// What the prediction rests on.
    pub outlook: Outlook,
}

impl Assessment {
    fn of(outlook: Outlook, servers: Vec<Server>, surveyed: Survey, service: &Service) -> Self {
        let probability = outlook.probability(0.0);
        let predicted = outlook.status(probability, service.required_probability);
        Self {
            predicted,
            probability: (predicted != Status::Unknown).then_some(probability),
            margin_db: outlook.surest().map(Margin::margin_db),
            surveyed,
            is_gap: is_gap(predicted, surveyed, service.survey_wins),
            servers,
            outlook,
        }
    }

    /// Whether survey and prediction contradict one another: "no" where Served, or "yes" where Unserved is predicted.
    pub fn contradicts_survey(&self) -> bool {
        matches!((self.surveyed, self.predicted), (Survey::No, Status::Served) | (Survey::Yes, Status::Unserved))
    }
}

/// Whether a village is a dead zone: the survey's answer where it has one and wins, else a predicted Marginal or Unserved. What is unknown is no
/// dead zone.
pub fn is_gap(predicted: Status, surveyed: Survey, survey_wins: bool) -> bool {
    match surveyed {
        Survey::No if survey_wins => true,
        Survey::Yes if survey_wins => false,
        _ => matches!(predicted, Status::Marginal | Status::Unserved),
    }
}

/// Whether nothing is known of a village: the prediction says nothing, and no survey that counts does.
pub fn is_unknown(predicted: Status, surveyed: Survey, survey_wins: bool) -> bool {
    predicted == Status::Unknown && !(survey_wins && surveyed != Survey::Unknown)
}

/// What stands in the way from a village to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Obstacle {
    /// Where it stands.
    pub position: LonLat,
    /// Distance from the village, m.
    pub distance_m: f64,
    /// Its top with what grows or is built on it, m above sea level.
    pub top_amsl_m: f64,
    /// How far it rises above the direct line over the curved Earth, m; negative where it only reaches into the first Fresnel zone.
    pub above_line_m: f64,
    /// Diffraction parameter ν (Rec. ITU-R P.526-15 §4.1): above −0.85 it takes from the signal.
    pub nu: f64,
}

impl Obstacle {
    /// The point of a way of `distance_m` towards `azimuth_deg` that stands in it most; `None` where 60 % of the first Fresnel zone are clear.
    fn of(village: LonLat, distance_m: f64, azimuth_deg: f64, edge: &Edge) -> Option<Self> {
        let from_village_m = (distance_m - 1000.0 * edge.distance_km).max(0.0);
        edge.obstructs().then(|| Self {
            position: village.destination(azimuth_deg, from_village_m),
            distance_m: from_village_m,
            top_amsl_m: edge.top_amsl_m,
            above_line_m: edge.above_line_m,
            nu: edge.nu(),
        })
    }
}

/// A cell that reaches a village, as one service sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// Index of the site in the study.
    pub site: usize,
    /// Index of the cell in the site.
    pub cell: usize,
    /// Level at the village, dBm, of the quantity the technology measures.
    pub level_dbm: f64,
    /// By how much it is stronger than the service needs down where no other cell disturbs, dB; +∞ where nothing is asked for.
    pub down_margin_db: f64,
    /// By how much the handset is stronger than the service needs up, dB.
    pub up_margin_db: f64,
    /// How far the level spreads, dB.
    pub sigma_db: f64,
    /// What the way takes beyond free space, dB.
    pub excess_db: f64,
    /// What stands in the way; `None` where it is free.
    pub obstacle: Option<Obstacle>,
    /// Distance, m.
    pub distance_m: f64,
    /// Bearing from the village to the site, degrees clockwise from north.
    pub azimuth_deg: f64,
}

impl Server {
    /// The margin of the weaker direction, dB.
    pub fn margin_db(&self) -> f64 {
        self.down_margin_db.min(self.up_margin_db)
    }

    /// What is missing down and up for the service to be reached by `deviations` standard deviations, dB; negative where there is more.
    pub(super) fn lacks_db(&self, deviations: f64) -> [f64; 2] {
        [self.down_margin_db, self.up_margin_db].map(|margin_db| deviations * self.sigma_db - margin_db)
    }
}

/// What a village has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VillageService {
    /// Voice and data at all.
    pub signal: Assessment,
    /// A throughput, mobile or fixed.
    pub broadband: Assessment,
    /// Operators that serve with the required probability, by name.
    pub operators: Vec<String>,
    /// Largest throughput down, and largest up, that one user has of the free share of a cell that gives a service at the median, Mbit/s;
    /// `None` without one.
    pub throughput_mbps: Option<(f64, f64)>,
    /// How much of its footprint is served; `None` without a footprint, and until [`super::fill_footprints`] has looked.
    pub footprint: Option<FootprintService>,
}

impl VillageService {
    /// Whether it is a dead zone of one operator's signal: the survey finds no signal at all and wins, or none of the operator's cells is predicted to
    /// serve. That the survey finds a signal does not say whose.
    pub fn lacks_signal_of(&self, operator: &str, survey_wins: bool) -> bool {
        let is_surveyed_dark = survey_wins && self.signal.surveyed == Survey::No;
        let is_served = || self.operators.iter().any(|serving| serving == operator);
        is_surveyed_dark || (self.signal.predicted != Status::Unknown && !is_served())
    }

    /// The assessment of a service.
    pub fn of(&self, service: ServiceKind) -> &Assessment {
        match service {
            ServiceKind::Signal => &self.signal,
            ServiceKind::Broadband => &self.broadband,
        }
    }
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

/// What the status of signal and of broadband at a place rests on.
pub(super) fn outlooks(
    study: &Study,
    place: LonLat,
    network: &Network,
    reached: &[Reached],
    serving: &[(usize, Reception)],
    fixed: bool,
) -> [Outlook; 2] {
    let no_height = study.terrain.height_m(place).is_none();
    let outlook = |needs: fn(&NetworkCell) -> Needs, fixed| {
        let margins = serving.iter().map(|(cell, reception)| {
            let cell = &network.cells[*cell];
            Margin::of(needs(cell), reception, cell.budget.sigma_db)
        });
        let blocked = reached.iter().any(|r| r.level_dbm.is_none() && needs(&network.cells[r.cell]).is_possible());
        Outlook::of(margins, no_height || blocked, fixed)
    };
    [outlook(|cell| cell.signal, false), outlook(|cell| cell.broadband, fixed)]
}

fn village_service(
    study: &Study,
    village: &Village,
    network: &Network,
    reached: &[Reached],
    serving: &[(usize, Reception)],
) -> VillageService {
    let service = &study.config.service;
    let fixed = village.fixed_broadband_share().is_some_and(|share| share >= service.fixed_broadband_share);
    let [signal, broadband] = outlooks(study, village.position, network, reached, serving, fixed);

    let serves = |&&(cell, ref reception): &&(usize, Reception)| {
        let cell = &network.cells[cell];
        Margin::of(cell.signal, reception, cell.budget.sigma_db).probability(0.0) >= service.required_probability
    };
    let operator = |(cell, _): &(usize, Reception)| network.carriers[network.cells[*cell].carrier].operator;
    let mut operators: Vec<usize> = serving.iter().filter(serves).map(operator).collect();
    operators.sort_unstable();
    operators.dedup();
    let throughputs = serving.iter().filter_map(|(_, reception)| reception.throughput_mbps());
    let fastest = throughputs.reduce(|(down, up), (next_down, next_up)| (down.max(next_down), up.max(next_up)));
    let servers = |needs: fn(&NetworkCell) -> Needs| servers(study, village, network, reached, needs);
    VillageService {
        signal: Assessment::of(signal, servers(|cell| cell.signal), village.reported_signal, service),
        broadband: Assessment::of(broadband, servers(|cell| cell.broadband), village.reported_broadband, service),
        operators: operators.into_iter().map(|operator| network.operators[operator].clone()).collect(),
        throughput_mbps: fastest.map(|(down, up)| (f64::from(down), f64::from(up))),
        footprint: None,
    }
}

/// Servers that are kept per village and service.
const MOST_SERVERS: usize = 3;

/// The cells of different sites that have the largest margins of a service.
fn servers(
    study: &Study,
    village: &Village,
    network: &Network,
    reached: &[Reached],
    needs: fn(&NetworkCell) -> Needs,
) -> Vec<Server> {
    let seen = |r: &Reached| {
        let NetworkCell { site, cell, budget, .. } = &network.cells[r.cell];
        let needs = Some(needs(&network.cells[r.cell])).filter(|needs| needs.is_possible())?;
        let level_dbm = r.level_dbm?;
        let azimuth_deg = village.position.azimuth_deg(study.sites[*site].position);
        let edge = r.main_edge.as_ref();
        let alone_db = budget.sinr_db(level_dbm, 0.0) - f64::from(needs.sinr_db);
        Some(Server {
            site: *site,
            cell: *cell,
            level_dbm,
            down_margin_db: alone_db.min(level_dbm - f64::from(needs.threshold_dbm)),
            up_margin_db: level_dbm - f64::from(needs.uplink_dbm),
            sigma_db: budget.sigma_db,
            excess_db: r.excess_db.unwrap_or(f64::NAN),
            obstacle: edge.and_then(|edge| Obstacle::of(village.position, r.distance_m, azimuth_deg, edge)),
            distance_m: r.distance_m,
            azimuth_deg,
        })
    };
    let mut known: Vec<Server> = reached.iter().filter_map(seen).collect();
    // of equally strong ones the first of the network stays first
    known.sort_by(|a, b| b.margin_db().total_cmp(&a.margin_db()));
    let mut best: Vec<Server> = Vec::new();
    for server in known {
        if best.len() < MOST_SERVERS && best.iter().all(|b| b.site != server.site) {
            best.push(server);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margin(level_db: f64, sigma_db: f64) -> Margin {
        Margin { level_db, rest_db: f64::INFINITY, sigma_db }
    }

    fn outlook(margins: &[(f64, f64)], terrain_missing: bool) -> Outlook {
        Outlook::of(margins.iter().map(|&(db, sigma_db)| margin(db, sigma_db)), terrain_missing, false)
    }

    #[test]
    fn status_follows_the_probability_of_the_best_margin() {
        let service = Service::default();
        // σ 7 dB: 90 % needs 8.97 dB of margin
        let status = |margins: &[f64], missing| {
            let margins: Vec<(f64, f64)> = margins.iter().map(|&margin_db| (margin_db, 7.0)).collect();
            Assessment::of(outlook(&margins, missing), Vec::new(), Survey::Unknown, &service).predicted
        };
        assert_eq!(status(&[9.0], false), Status::Served);
        assert_eq!(status(&[8.9], false), Status::Marginal);
        assert_eq!(status(&[0.0, -25.0], false), Status::Marginal);
        assert_eq!(status(&[-0.1], false), Status::Unserved);
        assert_eq!(status(&[], false), Status::Unserved);
        assert_eq!(status(&[-20.0], true), Status::Unknown);
        assert_eq!(status(&[20.0], true), Status::Served);
        assert_eq!(status(&[f64::NEG_INFINITY], false), Status::Unserved);
        // half the spread makes the same margin twice as sure
        let best = Assessment::of(outlook(&[(9.0, 7.0), (6.0, 3.0)], false), Vec::new(), Survey::Unknown, &service);
        assert_eq!(best.margin_db, Some(6.0));
    }

    #[test]
    fn a_fixed_line_serves_whatever_cells_do() {
        let fixed = Outlook::of([margin(-30.0, 7.0)].into_iter(), true, true);
        let a = Assessment::of(fixed, Vec::new(), Survey::Unknown, &Service::default());
        assert_eq!((a.predicted, a.probability, a.margin_db), (Status::Served, Some(1.0), Some(-30.0)));
        assert_eq!(a.outlook.probability(20.0), 1.0);
    }

    #[test]
    fn margins_that_others_are_as_good_as_are_dropped() {
        let all = [(3.0, 7.0), (5.0, 7.0), (f64::NEG_INFINITY, 4.0), (4.0, 4.0), (1.0, 4.0)];
        assert_eq!(outlook(&all, false).margins, [margin(5.0, 7.0), margin(4.0, 4.0)]);
        // needing 5 dB more, the wider spread has the better chance
        assert!((outlook(&[(5.0, 7.0), (4.0, 4.0)], false).probability(5.0) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn a_lower_threshold_does_not_help_a_handset_that_is_too_weak() {
        let weak = Margin { level_db: 10.0, rest_db: -3.0, sigma_db: 7.0 };
        assert_eq!(weak.margin_db(), -3.0);
        assert_eq!(weak.probability(-20.0), weak.probability(0.0));
        assert_eq!(weak.probability(13.0), weak.probability(0.0));
        assert!(weak.probability(14.0) < weak.probability(0.0));
        // the stronger in the one and the stronger in the other both stay
        let strong = Margin { level_db: 1.0, rest_db: 5.0, sigma_db: 7.0 };
        let both = Outlook::of([weak, strong].into_iter(), false, false);
        assert_eq!(both.margins, [weak, strong]);
        assert_eq!(both.probability(0.0), strong.probability(0.0));
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
            assert_eq!(is_gap(predicted, surveyed, wins), gap, "{predicted:?} {surveyed:?} {wins}");
        }
    }

    #[test]
    fn an_obstacle_is_told_from_the_village() {
        let village = LonLat::new(106.0, 22.5);
        let edge = Edge { index: 3, distance_km: 6.6, top_amsl_m: 812.0, above_line_m: 46.0, fresnel_radius_m: 23.0 };
        let Some(obstacle) = Obstacle::of(village, 10_000.0, 90.0, &edge) else { panic!("46 m are in the way") };
        assert!((obstacle.distance_m - 3_400.0).abs() < 1e-9 && (obstacle.nu - 2.0 * 2f64.sqrt()).abs() < 1e-9);
        assert!((obstacle.position.distance_m(village) - 3_400.0).abs() < 0.01 && obstacle.position.lon_deg > 106.0);
        assert_eq!(Obstacle::of(village, 10_000.0, 90.0, &Edge { above_line_m: -14.0, ..edge }), None);
    }
}
