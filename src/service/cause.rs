//! Why villages lack a service, and what would help: fixed rules, told in docs/service.md.

use super::status::{Margin, Server, Status, VillageService};
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

    /// Why a village lacks a service that needs `required` probability.
    pub(super) fn of(village: &Village, service: &VillageService, kind: ServiceKind, required: f64) -> Self {
        let is_reached = |server: &Server, more_db: f64| {
            level_margin(server, kind, more_db).is_some_and(|margin| margin.probability(0.0) >= required)
        };
        let has_no_power = village.electricity == Survey::No;
        let mut giving = service.servers.iter().filter(|server| level_margin(server, kind, 0.0).is_some()).peekable();
        match service.of(kind).predicted {
            Status::Unknown => Self::Unknown,
            Status::Served if has_no_power => Self::Power,
            Status::Served => Self::Unexplained,
            _ if giving.peek().is_none() => {
                if has_no_power {
                    Self::Power
                } else {
                    Self::NoSite
                }
            }
            _ if kind == ServiceKind::Broadband && giving.clone().any(|server| is_reached(server, 0.0)) => {
                Self::Capacity
            }
            _ if giving.any(|server| server.obstacle.is_some() && is_reached(server, server.excess_db)) => {
                Self::Terrain
            }
            _ => Self::Distance,
        }
    }
}

/// By how much a server is stronger than a service needs, were it `more_db` stronger; `None` where its cell does not give the service.
fn level_margin(server: &Server, kind: ServiceKind, more_db: f64) -> Option<Margin> {
    let margin_db = match kind {
        ServiceKind::Signal => Some(server.margin_db),
        ServiceKind::Broadband => server.broadband_margin_db,
    };
    margin_db.map(|margin_db| Margin {
        level_db: margin_db + more_db,
        rest_db: f64::INFINITY,
        sigma_db: server.sigma_db,
    })
}

/// What would help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// Raise or strengthen an existing site.
    Upgrade,
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

/// A site that lacks no more than this can be raised or strengthened: twice the height and twice the power are about 6 dB together over smooth
/// ground, and so is a sector antenna in place of an omnidirectional one.
const MOST_UPGRADE_DB: f64 = 6.0;

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
    let largest = villages.iter().rev().max_by_key(|dark| dark.village.people());
    let best_site = largest.and_then(|dark| dark.service.servers.first()).map(|server| server.site);
    match reason {
        Reason::Unknown => plain(Help::TerrainData),
        Reason::Unexplained => Remedy { site: best_site, ..plain(Help::Measure) },
        Reason::Power => plain(Help::Power),
        Reason::Capacity => Remedy { site: best_site, ..plain(Help::Capacity) },
        Reason::Terrain | Reason::Distance | Reason::NoSite => match least_lacking(villages, kind, needed) {
            Some((site, lacks_db)) if lacks_db <= MOST_UPGRADE_DB => {
                Remedy { help: Help::Upgrade, site: Some(site), lacks_db: Some(lacks_db.max(0.0)) }
            }
            _ if households <= FEW_HOUSEHOLDS => plain(Help::Repeater),
            _ if reason == Reason::Terrain => plain(Help::HighGround),
            _ => plain(Help::NewSite),
        },
    }
}

/// Of the sites that are a server of every village the one that lacks least where it lacks most, with that, dB.
fn least_lacking(villages: &[DarkVillage<'_>], kind: ServiceKind, needed: f64) -> Option<(usize, f64)> {
    let lacks = |dark: &DarkVillage<'_>, site: usize| {
        let server = dark.service.servers.iter().find(|server| server.site == site)?;
        level_margin(server, kind, 0.0).map(|margin| needed * margin.sigma_db - margin.margin_db())
    };
    let worst = |site: usize| {
        let all: Option<Vec<f64>> = villages.iter().map(|dark| lacks(dark, site)).collect();
        Some((site, all?.into_iter().fold(f64::NEG_INFINITY, f64::max)))
    };
    let sites = villages.first()?.service.servers.iter().map(|server| server.site);
    sites.filter_map(worst).min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::status::{Assessment, Obstacle, Outlook};
    use super::*;
    use crate::geodesy::LonLat;

    const REQUIRED: f64 = 0.9;
    /// Standard deviations for 90 %.
    const NEEDED: f64 = 1.2816;

    fn server(site: usize, margin_db: f64, broadband_margin_db: Option<f64>, ridge_excess_db: Option<f64>) -> Server {
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
            margin_db,
            broadband_margin_db,
            sigma_db: 7.0,
            excess_db: ridge_excess_db.unwrap_or(1.0),
            obstacle,
            distance_m: 4_000.0,
            azimuth_deg: 10.0,
        }
    }

    fn service(signal: Status, broadband: Status, servers: Vec<Server>) -> VillageService {
        let of = |predicted| Assessment {
            predicted,
            probability: None,
            margin_db: None,
            surveyed: Survey::Unknown,
            is_gap: true,
            outlook: Outlook::default(),
        };
        VillageService {
            signal: of(signal),
            broadband: of(broadband),
            servers,
            operators: Vec::new(),
            throughput_mbps: None,
            footprint: None,
        }
    }

    #[test]
    fn every_reason_by_its_rule() {
        use ServiceKind::{Broadband, Signal};
        use Status::{Served, Unknown, Unserved};
        let lit = Village { electricity: Survey::Yes, ..Village::named("v") };
        let dark = Village { electricity: Survey::No, ..Village::named("v") };
        let ridge = |excess_db| vec![server(0, -20.0, Some(-30.0), Some(excess_db))];
        let cases = [
            (&lit, Signal, service(Unserved, Unserved, ridge(40.0)), Reason::Terrain),
            (&dark, Signal, service(Unserved, Unserved, ridge(40.0)), Reason::Terrain),
            // 28 dB of excess leave a margin of 8 dB in free space, and 90 % need 9
            (&lit, Signal, service(Unserved, Unserved, ridge(28.0)), Reason::Distance),
            (&lit, Broadband, service(Unserved, Unserved, ridge(38.0)), Reason::Distance),
            (&lit, Signal, service(Unserved, Unserved, vec![server(0, -20.0, None, None)]), Reason::Distance),
            (&lit, Signal, service(Unserved, Unserved, vec![]), Reason::NoSite),
            (&dark, Signal, service(Unserved, Unserved, vec![]), Reason::Power),
            (&lit, Broadband, service(Served, Unserved, vec![server(0, 30.0, None, None)]), Reason::NoSite),
            (&lit, Broadband, service(Served, Unserved, vec![server(0, 30.0, Some(20.0), None)]), Reason::Capacity),
            (&lit, Signal, service(Served, Unserved, vec![server(0, 30.0, None, None)]), Reason::Unexplained),
            (&dark, Signal, service(Served, Unserved, vec![server(0, 30.0, None, None)]), Reason::Power),
            (&lit, Signal, service(Unknown, Unserved, vec![]), Reason::Unknown),
        ];
        for (number, (village, kind, service, reason)) in cases.into_iter().enumerate() {
            assert_eq!(Reason::of(village, &service, kind, REQUIRED), reason, "case {number}");
        }
    }

    #[test]
    fn most_people_name_the_reason_of_a_zone() {
        let few = Village { population: Some(40), ..Village::named("few") };
        let many = Village { population: Some(70), ..Village::named("many") };
        let s = service(Status::Unserved, Status::Unserved, vec![]);
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
        let a =
            service(Status::Unserved, Status::Unserved, vec![server(4, 5.0, None, None), server(7, 4.0, None, None)]);
        let b =
            service(Status::Unserved, Status::Unserved, vec![server(7, 3.0, None, None), server(9, 8.0, None, None)]);
        let dark = |service| DarkVillage { village: &v, service, reason: Reason::Terrain };
        let of = |zone: &[DarkVillage<'_>], households| {
            remedy(zone, Reason::Terrain, ServiceKind::Signal, households, NEEDED)
        };
        let upgrade = of(&[dark(&a), dark(&b)], 400);
        assert_eq!((upgrade.help, upgrade.site), (Help::Upgrade, Some(7)));
        assert!((upgrade.lacks_db.unwrap() - 5.97).abs() < 0.01);
        let far = service(Status::Unserved, Status::Unserved, vec![server(7, 2.0, None, None)]);
        assert_eq!(of(&[dark(&a), dark(&far)], 51).help, Help::HighGround);
        assert_eq!(of(&[dark(&a), dark(&far)], 50).help, Help::Repeater);
        let new = remedy(&[dark(&far)], Reason::NoSite, ServiceKind::Broadband, 51, NEEDED);
        assert_eq!((new.help, new.site, new.lacks_db), (Help::NewSite, None, None));
    }
}
