//! Places where a site could be built, with their cost.

use crate::geodesy::LonLat;

/// Where a candidate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file names it.
    Given,
    /// High ground near a village without service.
    Generated,
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

/// A place where a site could be built.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Unique id: the given one, or `C1`, `C2` … .
    pub id: String,
    /// Where.
    pub position: LonLat,
    /// Terrain above sea level, m.
    pub terrain_amsl_m: f64,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
    /// Where it comes from.
    pub origin: Origin,
    /// Distance to the nearest site or commune seat, m; `None` when there is none.
    pub network_distance_m: Option<f64>,
    /// Distance to the nearest road, m; `None` without roads.
    pub road_distance_m: Option<f64>,
    /// What it costs.
    pub cost: SiteCost,
}
