//! How new sites can be connected to the network: microwave hops over clear terrain, fibre along roads, satellite at last.
//!
//! In: a study, the masts of candidates. Out: a [`BackhaulNetwork`] of roots and of every link that a plan may choose,
//! with its price, and counts of what could not be offered and why. [`village_fibre`] prices the fixed alternative to a mast. What a
//! link can carry is checked on a finished plan ([`BackhaulNetwork::overloaded`]).
//!
//! A hop is as good as the terrain model: what stands on the ground counts only where the study has land cover.

mod fibre;
#[cfg(test)]
mod fixture;
mod hops;
mod load;
mod microwave;
mod network;
mod roads;
mod roots;
mod shortest;
mod sight;
mod village;

pub use fibre::FibreRoute;
pub use load::{Loaded, Overload};
pub use microwave::{HopTally, MicrowaveHop, Tightest};
pub use network::backhaul_network;
pub use roots::{Root, RootKind, SitesLeftOut};
pub use village::{VillageFibre, village_fibre};

use super::Candidate;
use crate::geodesy::LonLat;

/// A mast with its antenna for microwave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mast {
    /// Where it stands.
    pub position: LonLat,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
}

impl From<&Candidate> for Mast {
    /// Dishes hang where the antennas of the candidate's cells do.
    fn from(candidate: &Candidate) -> Self {
        Self { position: candidate.position, height_agl_m: candidate.height_agl_m }
    }
}

/// Where a link starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A root: its index in the network.
    Root(usize),
    /// A candidate, by its index: it must be built.
    Candidate(usize),
    /// A satellite.
    Satellite,
}

/// How a link is built.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkKind {
    /// A microwave hop.
    Microwave(MicrowaveHop),
    /// New fibre.
    Fibre(FibreRoute),
    /// A satellite link.
    Satellite {
        /// What it carries, Mbit/s.
        capacity_mbps: f64,
    },
}

/// A link that can be built to a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkOption {
    /// Where it starts.
    pub from: End,
    /// The candidate that it connects, by its index.
    pub to: usize,
    /// How it is built.
    pub kind: LinkKind,
    /// What it costs, million VND.
    pub cost_million_vnd: f64,
    /// What it costs a year, million VND.
    pub per_year_million_vnd: f64,
}

impl LinkOption {
    /// Length along the ground or of the cable, m; `None` for a satellite link.
    pub fn length_m(&self) -> Option<f64> {
        self.kind.length_m()
    }

    /// Length of its cable, m; `None` where it is no fibre.
    fn fibre_m(&self) -> Option<f64> {
        self.length_m().filter(|_| matches!(self.kind, LinkKind::Fibre(_)))
    }

    /// What it carries, Mbit/s; `None` for fibre, which carries more than any tree of sites asks for.
    pub fn capacity_mbps(&self) -> Option<f64> {
        self.kind.capacity_mbps()
    }
}

impl LinkKind {
    /// The word in tables: `microwave`, `fibre`, `satellite`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Microwave(_) => "microwave",
            Self::Fibre(_) => "fibre",
            Self::Satellite { .. } => "satellite",
        }
    }

    /// Length along the ground or of the cable, m; `None` for a satellite link.
    pub fn length_m(&self) -> Option<f64> {
        match self {
            Self::Microwave(hop) => Some(hop.length_m),
            Self::Fibre(fibre) => Some(fibre.length_m),
            Self::Satellite { .. } => None,
        }
    }

    /// What it carries, Mbit/s; `None` for fibre.
    pub fn capacity_mbps(&self) -> Option<f64> {
        match self {
            Self::Microwave(MicrowaveHop { capacity_mbps, .. }) | Self::Satellite { capacity_mbps } => {
                Some(*capacity_mbps)
            }
            Self::Fibre(_) => None,
        }
    }
}

/// What can be connected to what.
#[derive(Debug, Clone, PartialEq)]
pub struct BackhaulNetwork {
    /// Places with capacity.
    pub roots: Vec<Root>,
    /// Links by the candidate that they connect: hops and fibre from roots, links from other candidates, satellite.
    pub links: Vec<LinkOption>,
    /// What is not among them.
    pub left_out: LeftOut,
}

/// What could not be offered, or was not.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Standing sites that are no roots.
    pub sites: SitesLeftOut,
    /// For each candidate the masts of roots that were looked at from the nearest on, until enough hops were found; none where no mast is within
    /// reach.
    pub root_hops: Vec<HopTally>,
    /// Pairs of candidates that were looked at.
    pub relay_hops: HopTally,
    /// Possible links between candidates that were dropped for being too many to one candidate.
    pub relay_links: usize,
    /// Candidates without any link.
    pub unconnected: Vec<usize>,
}

impl BackhaulNetwork {
    /// The root that a standing site is, by the site's index in the study.
    pub fn root_of_site(&self, site: usize) -> Option<usize> {
        self.roots.iter().position(|root| root.kind == RootKind::ExistingSite(site))
    }
}
