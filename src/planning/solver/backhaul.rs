//! Possible backhaul: which places are connected already, which hops can be built, and what can be attached to a place.

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

/// One possible hop or attachment, from a connected place to a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// Where it starts.
    pub from: Node,
    /// Number of the candidate that it connects.
    pub to: u32,
    /// Its cost, finite and ≥ 0, in the unit of the candidates' costs.
    pub cost: f64,
    /// 1: a hop. 0: an attachment, which makes its end part of the place where it starts (a radio configuration of a mast,
    /// fibre to a village): the end counts neither as a hop nor as a site, no arc leaves it, and no hop leads to it.
    pub hops: u32,
}

/// A hop or an attachment of a plan.
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

/// What makes an arc unusable; `arc` is its number.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ArcError {
    /// An end does not exist, or both ends are the same.
    #[error("arc {arc} does not join two places that exist")]
    Ends {
        /// Number of the arc.
        arc: usize,
    },
    /// The cost is negative or not finite.
    #[error("arc {arc}: cost {cost} is not a finite number of 0 or more")]
    Cost {
        /// Number of the arc.
        arc: usize,
        /// The cost given.
        cost: f64,
    },
    /// The number of hops is neither 0 nor 1.
    #[error("arc {arc}: {hops} hops, 0 (an attachment) or 1 are allowed")]
    Hops {
        /// Number of the arc.
        arc: usize,
        /// The hops given.
        hops: u32,
    },
    /// The arc starts at the end of an attachment.
    #[error(
        "arc {arc} starts at candidate {start}, which is attached to a place by an arc of 0 hops: nothing may leave it"
    )]
    LeavesAttachment {
        /// Number of the arc.
        arc: usize,
        /// The candidate where it starts.
        start: u32,
    },
    /// A hop leads to a candidate that is attached by another arc.
    #[error("arc {arc} is a hop to candidate {end}, to which arcs of 0 hops lead: all of them must be of 0 hops")]
    HopToAttachment {
        /// Number of the arc.
        arc: usize,
        /// The candidate where it ends.
        end: u32,
    },
}

impl Backhaul {
    /// For each of so many candidates, whether arcs of 0 hops lead to it.
    pub fn attached(&self, candidates: usize) -> Vec<bool> {
        let mut attached = vec![false; candidates];
        for arc in self.arcs.iter().filter(|a| a.hops == 0) {
            if let Some(flag) = attached.get_mut(arc.to as usize) {
                *flag = true;
            }
        }
        attached
    }

    /// Everything that makes the arcs unusable for a problem of so many candidates, in order of the arcs.
    pub fn faults(&self, candidates: usize) -> Vec<ArcError> {
        let attached = self.attached(candidates);
        let mut faults = Vec::new();
        for (arc, &Arc { from, to, cost, hops }) in self.arcs.iter().enumerate() {
            let start_exists = match from {
                Node::Root(r) => r < self.roots,
                Node::Candidate(j) => (j as usize) < candidates && j != to,
            };
            if !start_exists || to as usize >= candidates {
                faults.push(ArcError::Ends { arc });
                continue;
            }
            if !(cost.is_finite() && cost >= 0.0) {
                faults.push(ArcError::Cost { arc, cost });
            }
            match from {
                Node::Candidate(start) if attached[start as usize] => {
                    faults.push(ArcError::LeavesAttachment { arc, start });
                }
                _ => {}
            }
            match hops {
                0 => {}
                1 if attached[to as usize] => faults.push(ArcError::HopToAttachment { arc, end: to }),
                1 => {}
                _ => faults.push(ArcError::Hops { arc, hops }),
            }
        }
        faults
    }
}
