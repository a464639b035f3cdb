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

/// What a site costs, million VND.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteCost {
    /// Where the total comes from; `None` where the candidates' file gives it.
    pub parts: Option<CostParts>,
    /// Sum of the parts, or the figure given in the candidates' file.
    pub total: f64,
}

/// Parts of a site's cost, million VND.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostParts {
    /// Mast, radio, power.
    pub site: f64,
    /// Link to the network.
    pub transmission: f64,
    /// Track from the nearest road; `None` without roads, when it is not in the total.
    pub access: Option<f64>,
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
    /// What it costs without radio equipment; where it is given, with it.
    pub cost: SiteCost,
}

impl Candidate {
    /// What it costs with a configuration, million VND.
    pub fn cost_with(&self, configuration: &Configuration, costs: &Costs) -> SiteCost {
        let radio = self.cost.parts.map_or(0.0, |_| configuration.radio_cost(costs));
        let parts = self.cost.parts.map(|parts| CostParts { site: parts.site + radio, ..parts });
        SiteCost { parts, total: self.cost.total + radio }
    }
}
