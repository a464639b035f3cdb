//! Places where a site could be built, with their cost.

use crate::geodesy::LonLat;
use crate::study::{Configuration, Costs, SitePower};

/// Where a candidate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file names it.
    Given,
    /// The highest point around.
    Hilltop,
    /// It stands out of its slope below the top, and a village without service is in sight.
    Shoulder,
    /// In a village without service or on the highest point beside it.
    BesideVillage,
    /// The mast of a site that stands; its own operator adds cells, where the plan is for one.
    Upgrade {
        /// Index of the site in the study.
        site: usize,
    },
    /// The mast of another operator's site, shared by the one that the plan is for.
    Share {
        /// Index of the site in the study.
        site: usize,
    },
    /// High ground for a microwave relay; it carries no cells.
    Relay,
}

impl Origin {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Hilltop => "hilltop",
            Self::Shoulder => "shoulder",
            Self::BesideVillage => "beside_village",
            Self::Upgrade { .. } => "upgrade",
            Self::Share { .. } => "share",
            Self::Relay => "relay",
        }
    }

    /// The site whose mast it is, as an index in the study.
    pub fn standing_site(self) -> Option<usize> {
        match self {
            Self::Upgrade { site } | Self::Share { site } => Some(site),
            _ => None,
        }
    }
}

/// What a site costs without its link, electricity and radio equipment, million VND.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SiteCost {
    /// Ground and mast; of a candidate whose cost is given that cost, with electricity and radio equipment.
    pub mast: f64,
    /// Track from the nearest road; `None` without roads.
    pub access: Option<f64>,
    /// Whether the candidates' file gives it.
    pub is_given: bool,
}

impl SiteCost {
    /// Sum of the parts.
    pub fn total(&self) -> f64 {
        self.mast + self.access.unwrap_or(0.0)
    }
}

/// A mast that could be built at a place, or stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Unique id: the given one, or `C1` … of generated places, `M1` … of masts that stand, `R1` … of relays; with its height
    /// where a place has several: `C1-60m`.
    pub id: String,
    /// Where.
    pub position: LonLat,
    /// Terrain above sea level, m.
    pub terrain_amsl_m: f64,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
    /// Where it comes from.
    pub origin: Origin,
    /// Number of its place: of the candidates with the same one, which differ in height, one at most is built.
    pub place: usize,
    /// Which of the study's configurations ([`crate::study::Planning::configurations`]) it can carry, ascending; none for a relay.
    pub configurations: Vec<usize>,
    /// Whether a mast stands there.
    pub has_mast: bool,
    /// Where its power comes from, where that is stated.
    pub power: Option<SitePower>,
    /// Who owns the land or the mast, where that is stated.
    pub owner: Option<String>,
    /// Slope of the ground over the pixel and its neighbours, degrees; `None` where terrain is missing.
    pub slope_deg: Option<f64>,
    /// Distance to the nearest site or commune seat, m; `None` when there is none.
    pub network_distance_m: Option<f64>,
    /// Distance to the nearest road, m; `None` without roads.
    pub road_distance_m: Option<f64>,
    /// What it costs without its link, electricity and radio equipment.
    pub cost: SiteCost,
}

impl Candidate {
    /// What the radio equipment of a configuration costs there, million VND: nothing where the given cost holds it.
    pub fn radio_cost(&self, configuration: &Configuration, costs: &Costs) -> f64 {
        if self.cost.is_given { 0.0 } else { configuration.radio_cost(costs) }
    }
}
