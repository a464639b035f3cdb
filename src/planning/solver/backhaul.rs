//! Possible backhaul: which places are connected already, and which hops can be built between places.

/// Possible backhaul hops, by number; the names stay with the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Backhaul {
    /// How many places are connected already.
    pub roots: u32,
    /// Possible hops. Of several between the same two places, the cheapest counts.
    pub arcs: Vec<Arc>,
    /// Most hops between a root (or a fixed candidate) and a site, at least 1; absent: any number.
    pub max_hops: Option<u32>,
}

/// One possible hop, from a connected place to a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// Where it starts.
    pub from: Node,
    /// Number of the candidate that it connects.
    pub to: u32,
    /// Its cost, finite and ≥ 0, in the unit of the candidates' costs.
    pub cost: f64,
}

/// A hop of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// Where it starts.
    pub from: Node,
    /// Number of the candidate that it connects.
    pub to: u32,
}

/// Where a hop starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A root, by its number below [`Backhaul::roots`].
    Root(u32),
    /// A candidate, by number.
    Candidate(u32),
}
