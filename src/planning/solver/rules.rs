//! Rules beyond covering: what must or must not be built, redundancy, fair shares, capacities, least use.

use super::Covering;

/// Rules beyond covering, by number. The default is none, and a list that is empty holds no rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rules {
    /// Candidates that must be chosen.
    pub forced: Vec<u32>,
    /// Candidates that must not be chosen.
    pub forbidden: Vec<u32>,
    /// Groups of candidates, such as the heights of one mast; at most one of each group is chosen.
    pub one_of: Vec<Vec<u32>>,
    /// For each demand, at how many different places it needs a server before it counts as served, ≥ 1. Empty: 1 for all.
    pub redundancy: Vec<u32>,
    /// For each candidate the number of its place (mast), any labels. Empty: every candidate is a place of its own.
    pub places: Vec<u32>,
    /// Groups of demands, such as communes, of each of which enough must be served.
    pub shares: Vec<Share>,
    /// For each candidate the load that it can carry, ≥ 0 or infinite. Empty: no limits. With capacities or floors, a served
    /// demand is assigned to as many chosen candidates as its redundancy asks for, and puts its whole load on each.
    pub capacities: Vec<f64>,
    /// For each demand its load, finite and ≥ 0, in the unit of the capacities. Empty: 0 for all.
    pub loads: Vec<f64>,
    /// For each candidate the least weight that must be assigned to it if it is chosen, finite and ≥ 0. Empty: 0 for all.
    /// What stands already has no floor.
    pub floors: Vec<f64>,
}

/// A group of demands of which enough must be served.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The demands, each once.
    pub demands: Vec<u32>,
    /// How much of them.
    pub least: Least,
}

/// How much of a group must be served.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Least {
    /// At least this weight, finite and ≥ 0.
    Weight(f64),
    /// At least so many demands.
    Count(u32),
}

/// A served demand and a chosen candidate that serves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    /// Number of the demand.
    pub demand: u32,
    /// Number of the candidate.
    pub candidate: u32,
}

/// A rule or limit, as a conflict names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleName {
    /// This candidate is forced.
    Forced(u32),
    /// This candidate is forbidden.
    Forbidden(u32),
    /// The group at this place of [`Rules::one_of`].
    OneOf(u32),
    /// The redundancy of demands.
    Redundancy,
    /// The group at this place of [`Rules::shares`].
    Share(u32),
    /// The capacities of candidates.
    Capacity,
    /// The floors of candidates.
    Floor,
    /// The most sites of the objective.
    MaxSites,
    /// The budget of the objective.
    Budget,
    /// The most hops of the backhaul.
    MaxHops,
}

/// Amounts that exceed a capacity, or miss a floor or a share, by this part of it (or of 1) still count as within.
pub(crate) const TOLERANCE: f64 = 1e-6;

/// Whether an amount is within a limit, but for rounding.
pub(crate) fn within(amount: f64, limit: f64) -> bool {
    amount <= limit + TOLERANCE * limit.abs().max(1.0)
}

impl Rules {
    /// Whether there are no rules at all.
    pub fn is_none(&self) -> bool {
        self.forced.is_empty()
            && self.forbidden.is_empty()
            && self.one_of.is_empty()
            && self.shares.is_empty()
            && !self.redundancy.iter().any(|&r| r > 1)
            && !self.assigns()
    }

    /// Whether demands are assigned to candidates: where there are capacities or floors.
    pub fn assigns(&self) -> bool {
        self.capacities.iter().any(|c| c.is_finite()) || self.floors.iter().any(|&f| f > 0.0)
    }

    /// At how many places a demand needs a server.
    pub fn need(&self, demand: u32) -> u32 {
        self.redundancy.get(demand as usize).copied().unwrap_or(1)
    }

    /// The place of a candidate.
    pub fn place(&self, candidate: u32) -> u32 {
        self.places.get(candidate as usize).copied().unwrap_or(candidate)
    }

    /// The load that a candidate can carry.
    pub fn capacity(&self, candidate: u32) -> f64 {
        self.capacities.get(candidate as usize).copied().unwrap_or(f64::INFINITY)
    }

    /// The load of a demand.
    pub fn load(&self, demand: u32) -> f64 {
        self.loads.get(demand as usize).copied().unwrap_or(0.0)
    }

    /// The least weight to be assigned to a candidate.
    pub fn floor(&self, candidate: u32) -> f64 {
        self.floors.get(candidate as usize).copied().unwrap_or(0.0)
    }

    /// Everything that makes the rules unusable for a problem: numbers that do not exist, amounts out of range.
    pub fn faults(&self, problem: &Covering) -> Vec<String> {
        let (candidates, demands) = (problem.candidates(), problem.demands());
        let mut faults = Vec::new();
        let mut numbers = |what: &str, list: &[u32], below: usize| {
            let mut sorted = list.to_vec();
            sorted.sort_unstable();
            if let Some(&last) = sorted.last().filter(|&&k| k as usize >= below) {
                faults.push(format!("{what}: number {last} does not exist, there are {below}"));
            }
            if let Some(pair) = sorted.windows(2).find(|w| w[0] == w[1]) {
                faults.push(format!("{what}: number {} is named twice", pair[0]));
            }
        };
        numbers("forced candidates", &self.forced, candidates);
        numbers("forbidden candidates", &self.forbidden, candidates);
        self.one_of.iter().for_each(|group| numbers("a group of which one is chosen", group, candidates));
        self.shares.iter().for_each(|share| numbers("a group with a least share", &share.demands, demands));
        let lengths = [
            ("redundancies", self.redundancy.len(), demands),
            ("places", self.places.len(), candidates),
            ("capacities", self.capacities.len(), candidates),
            ("loads", self.loads.len(), demands),
            ("floors", self.floors.len(), candidates),
        ];
        for (what, length, wanted) in lengths {
            if length != 0 && length != wanted {
                faults.push(format!("{length} {what} for {wanted}"));
            }
        }
        let finite = |x: f64| x.is_finite() && x >= 0.0;
        let shares = self.shares.iter().filter_map(|s| match s.least {
            Least::Weight(w) => Some(w),
            Least::Count(_) => None,
        });
        let amounts = [
            ("load", self.loads.iter().copied().find(|&x| !finite(x))),
            ("floor", self.floors.iter().copied().find(|&x| !finite(x))),
            ("least weight", shares.into_iter().find(|&x| !finite(x))),
            ("capacity", self.capacities.iter().copied().find(|&x| x.is_nan() || x < 0.0)),
        ];
        for (what, amount) in amounts {
            if let Some(x) = amount {
                faults.push(format!("{what} {x} is not a number of 0 or more"));
            }
        }
        if self.redundancy.contains(&0) {
            faults.push("a redundancy is 0, the least is 1".into());
        }
        faults
    }
}
