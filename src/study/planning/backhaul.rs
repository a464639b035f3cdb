//! What a study file says of how new sites are connected.

use crate::radio::Technology;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How new sites are connected to the network.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BackhaulSettings {
    /// Where a connection may start.
    pub roots: RootChoice,
    /// Which of these have fibre that can be prolonged; the others take microwave hops alone.
    pub fibre_from: RootChoice,
    /// Operators whose sites may be connected to; when empty, the one that the plan is for, or all.
    pub operators: Vec<String>,
    /// A standing site may be connected to when it carries one of these: a link that feeds nothing but telephony has no capacity to spare.
    pub site_technologies: Vec<Technology>,
    /// What the link of a standing site can carry besides its own traffic, Mbit/s; not limited when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_spare_mbps: Option<f64>,
    /// Antenna above ground at communes' fibre points, m; when absent they have no mast, and fibre alone starts there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune_mast_m: Option<f64>,
    /// What the link of a new site must carry, Mbit/s; a link with several sites behind it carries their sum.
    pub site_mbps: f64,
    /// Most links in a row between a root and a site.
    pub max_hops: u32,
    /// Longest new fibre between two places, km; 0: none is offered.
    pub max_fibre_km: f64,
    /// How much longer a cable is than the straight line where no road is followed. In South Korea roads are 1.26 times as long as the straight
    /// line, in its mountain province Gangwon 1.435 times (Kim, Shin, Lee & Suh 2015).
    pub detour_factor: f64,
    /// Ends of roads that lie this close to another road are joined to it, m.
    pub road_join_m: f64,
    /// Microwave hops from roots that are offered to each candidate, the shortest.
    pub root_hops: u32,
    /// Links from other candidates that are offered to each candidate where none from a root costs as little: those over which links to a root cost
    /// least, of these the shortest.
    pub relay_links: u32,
    /// What a satellite link carries, Mbit/s; 0: none is offered.
    pub satellite_mbps: f64,
    /// Microwave hops.
    pub microwave: Microwave,
}

impl Default for BackhaulSettings {
    fn default() -> Self {
        Self {
            roots: RootChoice::Both,
            fibre_from: RootChoice::Both,
            operators: Vec::new(),
            site_technologies: vec![Technology::Lte, Technology::Nr],
            site_spare_mbps: None,
            commune_mast_m: None,
            site_mbps: 60.0,
            max_hops: 5,
            max_fibre_km: 30.0,
            detour_factor: 1.4,
            road_join_m: 20.0,
            root_hops: 4,
            relay_links: 24,
            satellite_mbps: 60.0,
            microwave: Microwave::default(),
        }
    }
}

/// Which of the places with capacity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RootChoice {
    /// The fibre points of communes, at their seats.
    Communes,
    /// Standing sites.
    Sites,
    /// Both.
    #[default]
    Both,
}

impl RootChoice {
    /// Whether communes' fibre points are among them.
    pub fn has_communes(self) -> bool {
        self != Self::Sites
    }

    /// Whether standing sites are among them.
    pub fn has_sites(self) -> bool {
        self != Self::Communes
    }
}

/// When a microwave hop can be built.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Microwave {
    /// What must be free of terrain and clutter; every rule must hold.
    pub clearance: Vec<Clearance>,
    /// Longest hop, km.
    pub max_hop_km: f64,
    /// Least availability of a hop over an average year, %.
    pub availability_percent: f64,
    /// Rain rate exceeded for 0.01 % of an average year, one-minute integration, mm/h. Rec. ITU-R P.837-7 has 84 at Hà Giang, 74 at Cao Bằng and 89 at
    /// Hà Nội.
    pub rain_rate_mm_per_h: f64,
    /// Refractivity gradient dN₁ not exceeded for 1 % of an average year in the lowest 65 m, N-units/km. Rec. ITU-R P.453-13 has −199 at Cao Bằng.
    pub dn1: f64,
    /// Terrain roughness s_a: standard deviation of the heights within 110 km × 110 km, m. The map of Rec. ITU-R P.530-16 has 244 at Cao Bằng.
    pub terrain_roughness_m: f64,
    /// Equipment; of several that hold, the first of the list is taken. None: no hops.
    pub bands: Vec<MicrowaveBand>,
}

impl Default for Microwave {
    fn default() -> Self {
        // Dishes and powers are usual ones of split-mount radios. A threshold is −174 dBm/Hz over 56 MHz with 6 dB of noise figure and 27 dB for 256-QAM
        // at a bit error ratio of 1e-6; 56 MHz carry about 350 Mbit/s with it.
        let band = |frequency_ghz, dish_m, power_dbm| MicrowaveBand {
            frequency_ghz,
            dish_m,
            power_dbm,
            threshold_dbm: -63.5,
            capacity_mbps: 350.0,
        };
        Self {
            clearance: vec![Clearance { k: 4.0 / 3.0, free_share: 0.6 }],
            max_hop_km: 30.0,
            availability_percent: 99.95,
            rain_rate_mm_per_h: 84.0,
            dn1: -199.0,
            terrain_roughness_m: 244.0,
            bands: vec![band(23.0, 0.6, 20.0), band(15.0, 1.2, 22.0), band(7.5, 1.8, 26.0)],
        }
    }
}

/// What a path must keep free. The default, 0.6 of the first Fresnel zone at k = 4/3, is free-space loss in the standard atmosphere and what most
/// planners ask for. Rec. ITU-R P.530-18 §2.2.2 is stricter: the whole zone at the median k (4/3 where it is not known), and on long tropical paths 0.6
/// of it at the k exceeded for 99.9 % of the time, which its Fig. 2 gives for the hop's length. State both for a design that goes to the builder.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clearance {
    /// Effective Earth factor k.
    pub k: f64,
    /// Share of the first Fresnel zone's radius that must be free.
    pub free_share: f64,
}

/// Equipment of one frequency band, the same at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MicrowaveBand {
    /// Frequency, GHz.
    pub frequency_ghz: f64,
    /// Diameter of the dishes, m.
    pub dish_m: f64,
    /// Transmitted power, dBm.
    pub power_dbm: f64,
    /// Received level at which the capacity is just held, dBm.
    pub threshold_dbm: f64,
    /// What a hop carries in each direction, Mbit/s.
    pub capacity_mbps: f64,
}
