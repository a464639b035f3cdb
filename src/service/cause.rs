//! Why villages lack a service, and what would help: fixed rules, told in docs/service.md.

use super::status::{Server, Status, VillageService};
use crate::study::{ServiceKind, Survey, Village};
use serde::Serialize;

/// Why a village lacks a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The way to a site is obstructed, and in free space the site would serve.
    Terrain,
    /// There are sites within reach, but they are too far or too weak even where nothing stands in the way.
    Distance,
    /// No cell that gives the service lies within its radius.
    NoSite,
    /// The village has no electricity, and either a service is predicted that is reported missing, or there is no site.
    Power,
    /// The level suffices for broadband, but not the throughput: too much load or interference, or too little spectrum.
    Capacity,
    /// The service is predicted and reported missing: the prediction does not say why.
    Unexplained,
    /// Terrain is missing on the way, so that nothing is predicted.
    Unknown,
}

impl Reason {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terrain => "terrain",
            Self::Distance => "distance",
            Self::NoSite => "no_site",
            Self::Power => "power",
            Self::Capacity => "capacity",
            Self::Unexplained => "unexplained",
            Self::Unknown => "unknown",
        }
    }

    /// Why a village lacks a service that needs a margin of `needed` standard deviations.
    pub(super) fn of(village: &Village, service: &VillageService, kind: ServiceKind, needed: f64) -> Self {
        let has_no_power = village.electricity == Survey::No;
        let assessment = service.of(kind);
        let servers = &assessment.servers;
        match assessment.predicted {
            Status::Unknown => Self::Unknown,
            Status::Served if has_no_power => Self::Power,
            Status::Served => Self::Unexplained,
            _ if servers.is_empty() => {
                if has_no_power {
                    Self::Power
                } else {
                    Self::NoSite
                }
            }
            _ if kind == ServiceKind::Broadband && servers.iter().any(|server| suffices(server, 0.0, needed)) => {
                Self::Capacity
            }
            _ if servers.iter().any(|s| s.obstacle.is_some() && suffices(s, s.excess_db, needed)) => Self::Terrain,
            _ => Self::Distance,
        }
    }
}

/// Whether a server would serve, were it `more_db` stronger and no other cell disturbed.
fn suffices(server: &Server, more_db: f64, needed: f64) -> bool {
    server.lacks_db(needed).iter().all(|&lacks_db| lacks_db <= more_db)
}

/// What would help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// Raise or strengthen an existing site.
    Upgrade,
    /// Raise an existing site: its uplink decides, which more power does not help.
    Raise,
    /// More spectrum, sectors or backhaul at the best site.
    Capacity,
    /// A repeater, a small cell or community Wi-Fi: few households live there.
    Repeater,
    /// A new site on high ground.
    HighGround,
    /// A new site.
    NewSite,
    /// Electricity first.
    Power,
    /// Measure on the spot: survey and prediction contradict one another.
    Measure,
    /// Get terrain for the way.
    TerrainData,
}

impl Help {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Raise => "raise",
            Self::Capacity => "capacity",
            Self::Repeater => "repeater",
            Self::HighGround => "high_ground",
            Self::NewSite => "new_site",
            Self::Power => "power",
            Self::Measure => "measure",
            Self::TerrainData => "terrain_data",
        }
    }
}

/// A hint at what would end a dead zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remedy {
    /// What would help.
    pub help: Help,
    /// The site that it is about, an index in the study; `None` where there is none.
    pub site: Option<usize>,
    /// What that site lacks in the village that it reaches worst, dB; `None` where it is not about that.
    pub lacks_db: Option<f64>,
}

/// What raising a mast to about twice its height gives in both directions, dB, or a better antenna in its place.
const RAISED_DB: f64 = 3.0;
/// What twice the power gives down, dB; up it gives nothing, since the handset decides there.
const POWER_DB: f64 = 3.0;

/// Up to this many households a repeater, small cell or community Wi-Fi is looked at before a mast: the province counts villages below 50
/// households among those that operators leave out.
const FEW_HOUSEHOLDS: u64 = 50;

/// A village without the service as the rules see it.
#[derive(Clone, Copy)]
pub(super) struct DarkVillage<'a> {
    pub(super) village: &'a Village,
    pub(super) service: &'a VillageService,
    pub(super) reason: Reason,
}

impl DarkVillage<'_> {
    fn servers(&self, kind: ServiceKind) -> &[Server] {
        &self.service.of(kind).servers
    }
}

/// The reason of most people in a dead zone; of several the first of [`Reason`].
pub(super) fn main_reason(villages: &[DarkVillage<'_>]) -> Reason {
    let mut people: Vec<(Reason, u64)> = Vec::new();
    for dark in villages {
        let count = u64::from(dark.village.people()).max(1);
        match people.iter_mut().find(|(reason, _)| *reason == dark.reason) {
            Some((_, sum)) => *sum += count,
            None => people.push((dark.reason, count)),
        }
    }
    people.sort_unstable_by_key(|&(reason, sum)| (std::cmp::Reverse(sum), reason));
    people.first().map_or(Reason::Unknown, |&(reason, _)| reason)
}

/// What would help a dead zone; `needed` is the margin in standard deviations that the service needs.
pub(super) fn remedy(
    villages: &[DarkVillage<'_>],
    reason: Reason,
    kind: ServiceKind,
    households: u64,
    needed: f64,
) -> Remedy {
    let plain = |help| Remedy { help, site: None, lacks_db: None };
    let concerned = villages.iter().rev().filter(|dark| dark.reason == reason);
    let largest = concerned.max_by_key(|dark| dark.village.people());
    let best = largest.and_then(|dark| dark.servers(kind).iter().find(|server| suffices(server, 0.0, needed)));
    let site = best.map(|server| server.site);
    match reason {
        Reason::Unknown => plain(Help::TerrainData),
        Reason::Unexplained => Remedy { site, ..plain(Help::Measure) },
        Reason::Power => plain(Help::Power),
        Reason::Capacity => Remedy { site, ..plain(Help::Capacity) },
        Reason::Terrain | Reason::Distance | Reason::NoSite => match upgrade(villages, kind, needed) {
            Some(upgrade) => upgrade,
            _ if households <= FEW_HOUSEHOLDS => plain(Help::Repeater),
            _ if reason == Reason::Terrain => plain(Help::HighGround),
            _ => plain(Help::NewSite),
        },
    }
}

/// Of the sites that are a server of every village and that can be made strong enough the one that lacks least where it lacks most.
fn upgrade(villages: &[DarkVillage<'_>], kind: ServiceKind, needed: f64) -> Option<Remedy> {
    let of = |site: usize| {
        let lacks = |dark: &DarkVillage<'_>| {
            let server = dark.servers(kind).iter().find(|server| server.site == site);
            server.map(|server| server.lacks_db(needed))
        };
        let all: Option<Vec<[f64; 2]>> = villages.iter().map(lacks).collect();
        let [down_db, up_db] = all?.into_iter().fold([0.0, 0.0], |[a, b], [down, up]| [f64::max(a, down), b.max(up)]);
        let help = if down_db > up_db { Help::Upgrade } else { Help::Raise };
        let can_do = up_db <= RAISED_DB && down_db <= RAISED_DB + POWER_DB;
        can_do.then(|| Remedy { help, site: Some(site), lacks_db: Some(down_db.max(up_db)) })
    };
    let sites = villages.first()?.servers(kind).iter().map(|server| server.site);
    let order = |remedy: &Remedy| remedy.lacks_db.unwrap_or(0.0);
    sites.filter_map(of).min_by(|a, b| order(a).total_cmp(&order(b)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::status::{Assessment, Obstacle, Outlook};
    use super::*;
    use crate::geodesy::LonLat;

    /// Standard deviations for 90 %: 8.97 dB of the servers' 7.
    const NEEDED: f64 = 1.2816;

    fn server(site: usize, down_margin_db: f64, up_margin_db: f64, ridge_excess_db: Option<f64>) -> Server {
        let obstacle = ridge_excess_db.map(|_| Obstacle {
            position: LonLat::new(106.0, 22.5),
            distance_m: 900.0,
            top_amsl_m: 812.0,
            above_line_m: 46.0,
            nu: 3.0,
        });
        Server {
            site,
            cell: 0,
            level_dbm: -110.0,
            down_margin_db,
            up_margin_db,
            sigma_db: 7.0,
            excess_db: ridge_excess_db.unwrap_or(1.0),
            obstacle,
            distance_m: 4_000.0,
            azimuth_deg: 10.0,
        }
    }

    /// A server whose directions have the same margin.
    fn even(site: usize, margin_db: f64) -> Server {
        server(site, margin_db, margin_db, None)
    }

    fn service((signal, its): (Status, Vec<Server>), (broadband, theirs): (Status, Vec<Server>)) -> VillageService {
        let of = |predicted, servers| Assessment {
            predicted,
            probability: None,
            margin_db: None,
            surveyed: Survey::Unknown,
            is_gap: true,
            servers,
            outlook: Outlook::default(),
        };
        VillageService {
            signal: of(signal, its),
            broadband: of(broadband, theirs),
            operators: Vec::new(),
            throughput_mbps: None,
            footprint: None,
        }
    }

    /// What only a signal is looked at for.
    fn signal(status: Status, servers: Vec<Server>) -> VillageService {
        service((status, servers), (Status::Unserved, Vec::new()))
    }

    #[test]
    fn every_reason_by_its_rule() {
        use ServiceKind::{Broadband, Signal};
        use Status::{Served, Unknown, Unserved};
        let lit = Village { electricity: Survey::Yes, ..Village::named("v") };
        let dark = Village { electricity: Survey::No, ..Village::named("v") };
        let ridge = |margin_db, excess_db| vec![server(0, margin_db, margin_db, Some(excess_db))];
        let strong = || vec![even(0, 30.0)];
        let broadband = |servers| service((Served, strong()), (Unserved, servers));
        let cases = [
            (&lit, Signal, signal(Unserved, ridge(-20.0, 40.0)), Reason::Terrain),
            (&dark, Signal, signal(Unserved, ridge(-20.0, 40.0)), Reason::Terrain),
            // 28 dB of excess leave a margin of 8 dB in free space, and 90 % need 9
            (&lit, Signal, signal(Unserved, ridge(-20.0, 28.0)), Reason::Distance),
            (&lit, Signal, signal(Unserved, vec![server(0, 20.0, -20.0, Some(28.0))]), Reason::Distance),
            (&lit, Signal, signal(Unserved, vec![even(0, -20.0)]), Reason::Distance),
            (&lit, Signal, signal(Unserved, vec![]), Reason::NoSite),
            (&dark, Signal, signal(Unserved, vec![]), Reason::Power),
            (&lit, Signal, signal(Served, strong()), Reason::Unexplained),
            (&dark, Signal, signal(Served, strong()), Reason::Power),
            (&lit, Signal, signal(Unknown, vec![]), Reason::Unknown),
            // whatever gives a signal, it is what gives broadband that decides here
            (&lit, Broadband, broadband(vec![]), Reason::NoSite),
            (&dark, Broadband, broadband(vec![]), Reason::Power),
            (&lit, Broadband, broadband(strong()), Reason::Capacity),
            (&lit, Broadband, broadband(ridge(-30.0, 40.0)), Reason::Terrain),
            (&lit, Broadband, broadband(ridge(-30.0, 38.0)), Reason::Distance),
        ];
        for (number, (village, kind, service, reason)) in cases.into_iter().enumerate() {
            assert_eq!(Reason::of(village, &service, kind, NEEDED), reason, "case {number}");
        }
    }

    #[test]
    fn most_people_name_the_reason_of_a_zone() {
        let few = Village { population: Some(40), ..Village::named("few") };
        let many = Village { population: Some(70), ..Village::named("many") };
        let s = signal(Status::Unserved, vec![]);
        let dark = |village, reason| DarkVillage { village, service: &s, reason };
        let zone = [dark(&few, Reason::Power), dark(&many, Reason::Distance), dark(&few, Reason::Power)];
        assert_eq!(main_reason(&zone), Reason::Power);
        assert_eq!(main_reason(&zone[1..]), Reason::Distance);
        assert_eq!(main_reason(&[dark(&few, Reason::Distance), dark(&few, Reason::Terrain)]), Reason::Terrain);
    }

    #[test]
    fn an_upgrade_must_reach_every_village_and_few_households_need_no_mast() {
        let v = Village::named("v");
        // 90 % need 8.97 dB
        let a = signal(Status::Unserved, vec![server(4, 5.0, 9.0, None), server(7, 4.0, 9.0, None)]);
        let b = signal(Status::Unserved, vec![server(7, 3.0, 9.0, None), server(9, 8.0, 9.0, None)]);
        let dark = |service| DarkVillage { village: &v, service, reason: Reason::Terrain };
        let of = |zone: &[DarkVillage<'_>], households| {
            remedy(zone, Reason::Terrain, ServiceKind::Signal, households, NEEDED)
        };
        let upgrade = of(&[dark(&a), dark(&b)], 400);
        assert_eq!((upgrade.help, upgrade.site), (Help::Upgrade, Some(7)));
        assert!((upgrade.lacks_db.unwrap() - 5.97).abs() < 0.01);
        let far = signal(Status::Unserved, vec![server(7, 2.0, 9.0, None)]);
        assert_eq!(of(&[dark(&a), dark(&far)], 51).help, Help::HighGround);
        assert_eq!(of(&[dark(&a), dark(&far)], 50).help, Help::Repeater);
        let new = remedy(&[dark(&far)], Reason::NoSite, ServiceKind::Broadband, 51, NEEDED);
        assert_eq!((new.help, new.site, new.lacks_db), (Help::NewSite, None, None));
    }

    #[test]
    fn power_is_no_help_where_the_uplink_decides() {
        let v = Village::named("v");
        let of = |down_db, up_db| {
            let s = signal(Status::Unserved, vec![server(4, down_db, up_db, None)]);
            let zone = [DarkVillage { village: &v, service: &s, reason: Reason::Distance }];
            remedy(&zone, Reason::Distance, ServiceKind::Signal, 400, NEEDED).help
        };
        // 90 % need 8.97 dB: 2.97 more up, 3.97 more up, both directions
        assert_eq!(of(20.0, 6.0), Help::Raise);
        assert_eq!(of(20.0, 5.0), Help::NewSite);
        assert_eq!(of(3.0, 6.0), Help::Upgrade);
        assert_eq!(of(3.0, 5.0), Help::NewSite);
        assert_eq!(of(f64::INFINITY, 6.0), Help::Raise);
    }

    #[test]
    fn a_hint_names_a_site_that_its_reason_is_about() {
        let large = Village { population: Some(100), ..Village::named("large") };
        let small = Village { population: Some(60), ..Village::named("small") };
        let shadowed = signal(Status::Unserved, vec![even(4, -30.0)]);
        let served = signal(Status::Served, vec![even(7, 20.0)]);
        let unexplained = DarkVillage { village: &small, service: &served, reason: Reason::Unexplained };
        let dark = DarkVillage { village: &large, service: &shadowed, reason: Reason::Terrain };
        let zone = [dark, unexplained, unexplained];
        assert_eq!(main_reason(&zone), Reason::Unexplained);
        let measure = remedy(&zone, Reason::Unexplained, ServiceKind::Signal, 400, NEEDED);
        assert_eq!((measure.help, measure.site), (Help::Measure, Some(7)));
        // a fixed line is no site
        let fixed = signal(Status::Served, vec![even(4, -30.0)]);
        let zone = [DarkVillage { village: &large, service: &fixed, reason: Reason::Unexplained }];
        assert_eq!(remedy(&zone, Reason::Unexplained, ServiceKind::Signal, 400, NEEDED).site, None);
        // of the servers the one whose level suffices: the first has the larger margin of a wider spread
        let servers = vec![Server { sigma_db: 10.0, ..even(4, 11.0) }, even(7, 10.0)];
        let busy = service((Status::Served, vec![even(2, 20.0)]), (Status::Unserved, servers));
        let zone = [DarkVillage { village: &large, service: &busy, reason: Reason::Capacity }];
        let capacity = remedy(&zone, Reason::Capacity, ServiceKind::Broadband, 400, NEEDED);
        assert_eq!((capacity.help, capacity.site), (Help::Capacity, Some(7)));
    }
}
