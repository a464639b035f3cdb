//! What to build, and what becomes of every village.

use super::backhaul::{LinkKind, Root};
use super::candidate::Candidate;
use super::matrix::Sector;
use super::money::Money;
use super::power::PowerSupply;
use super::village_ways::{VillageWay, WayKind};
use crate::geodesy::LonLat;
use serde::{Deserialize, Serialize};

/// How an optimisation ended. An outcome is data, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Proven best.
    Optimal,
    /// A plan within `gap` of the best that could exist.
    Feasible,
    /// No plan can satisfy the constraints.
    Infeasible,
    /// Nothing needs to be built.
    NothingToDo,
}

/// A mast that the plan builds or uses, with what it carries.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSite {
    /// Index in [`Plan::candidates`].
    pub candidate: usize,
    /// Place in the order of building, from 1: by year, each next site the one that newly serves the most weight per cost
    /// among those whose link leads to what stands by then.
    pub order: usize,
    /// Year in which it is built; `None` where nothing is phased, and where the money of all years does not suffice.
    pub year: Option<u16>,
    /// Whether the money of the years suffices for it; true where nothing is phased.
    pub is_affordable: bool,
    /// Where its traffic goes; `None` for a mast that is connected.
    pub link: Option<PlannedLink>,
    /// What it carries; nothing for a relay.
    pub radios: Vec<PlannedRadio>,
    /// Where its electricity comes from.
    pub power: PowerSupply,
    /// What it costs and brings.
    pub money: Money,
    /// Villages that it is the first to serve in that order, indices in the study.
    pub newly_served: Vec<usize>,
    /// Villages that nothing else of the plan serves, those included that only what hangs on it serves.
    pub only_here: Vec<usize>,
    /// What the plan costs more at most when it cannot be built, million VND; `None` where villages would then stay without service.
    pub replacement_million_vnd: Option<f64>,
}

/// Radio equipment on a planned mast.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRadio {
    /// Index among the study's configurations.
    pub configuration: usize,
    /// Its sectors; none with one antenna for all directions.
    pub sectors: Vec<Sector>,
}

/// The link of a planned site.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedLink {
    /// Where it starts.
    pub from: LinkStart,
    /// How it is built.
    pub kind: LinkKind,
    /// What it takes to build, million VND.
    pub cost_million_vnd: f64,
    /// What it takes in a year, million VND.
    pub yearly_cost_million_vnd: f64,
}

/// Where the link of a planned site starts.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkStart {
    /// In the network of today.
    Root(Root),
    /// At another planned site: its index in [`Plan::sites`].
    Site(usize),
    /// At a satellite.
    Satellite,
    /// At a standing site that a public edition does not name.
    Withheld,
}

/// A village that is served by a way of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedWay {
    /// Index of the village in the study.
    pub village: usize,
    /// Year in which it is built, and whether the money suffices, as for sites.
    pub year: Option<u16>,
    /// Whether the money of the years suffices for it.
    pub is_affordable: bool,
    /// How.
    pub way: VillageWay,
    /// What it costs and brings.
    pub money: Money,
}

/// A candidate in the ranking that looks at each one alone.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCandidate {
    /// Index in [`Plan::candidates`].
    pub candidate: usize,
    /// People that it would newly serve if it alone were built, with the configuration that serves most weight for its cost.
    pub people: u64,
    /// Villages that it would newly serve.
    pub villages: usize,
    /// What it would cost with that configuration and its cheapest link, million VND; `None` where nothing connects it but other candidates.
    pub cost_million_vnd: Option<f64>,
    /// Weight divided by that cost in million VND; 0 without a cost.
    pub weight_per_cost: f64,
}

/// What becomes of a village without service.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Newly served by a site.
    ServedBy {
        /// Index in [`Plan::sites`].
        site: usize,
        /// Probability of the service, 0 to 1.
        probability: f64,
    },
    /// Served by a way of its own.
    OwnWay {
        /// Index in [`Plan::ways`].
        way: usize,
    },
    /// Left out: by the plan's limits or rules, or because no candidate that can be connected reaches it.
    LeftOut {
        /// Why.
        reason: LeftOutReason,
        /// The cheapest way to serve it besides the plan.
        cheapest: CheapestWay,
    },
}

impl Outcome {
    /// The word in tables: `served_by_plan`, `own_way`, or why it is left out.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ServedBy { .. } => "served_by_plan",
            Self::OwnWay { .. } => "own_way",
            Self::LeftOut { reason, .. } => reason.name(),
        }
    }

    /// Whether the plan serves it.
    pub fn is_served(&self) -> bool {
        !matches!(self, Self::LeftOut { .. })
    }
}

/// Why a village stays without service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// Candidates reach it, but the budget, the number of sites or a rule leaves it out.
    Limits,
    /// The plan serves it, but the money of the years does not suffice for the site.
    YearsEnd,
    /// Candidates reach it, but none of them can be connected.
    NoLink,
    /// No candidate reaches it.
    NoCandidate,
    /// No candidate is known to reach it, but terrain is missing on the way from some.
    TerrainMissing,
}

impl LeftOutReason {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Limits, Self::YearsEnd, Self::NoLink, Self::NoCandidate, Self::TerrainMissing];

    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::YearsEnd => "years_end",
            Self::NoLink => "no_link",
            Self::NoCandidate => "no_candidate",
            Self::TerrainMissing => "terrain_missing",
        }
    }
}

/// The cheapest way to serve a village that is left out, given what the plan builds.
#[derive(Debug, Clone, PartialEq)]
pub struct CheapestWay {
    /// Candidates that would have to be built beside the plan, from the network outwards, the last with a configuration that serves the village;
    /// none for a way of its own.
    pub candidates: Vec<usize>,
    /// A way of its own, where that is the cheapest.
    pub own: Option<WayKind>,
    /// What it costs, million VND.
    pub cost_million_vnd: f64,
}

/// What is built when.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedYears {
    /// The years.
    pub years: Vec<PlannedYear>,
    /// Weight-years of the schedule: for each village its weight times the years at whose end it is served.
    pub value: f64,
    /// No schedule of the same works has more.
    pub bound: f64,
    /// Whether the bound proves it.
    pub is_proven: bool,
}

/// One year of a programme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedYear {
    /// The year.
    pub year: u16,
    /// Money that it brings, million VND.
    pub budget_million_vnd: f64,
    /// What is built in it, million VND.
    pub spent_million_vnd: f64,
    /// Villages newly served in it.
    pub villages: usize,
    /// People in them.
    pub people: u64,
}

/// The plan with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Id of the objective.
    pub objective: &'static str,
    /// How the optimisation ended.
    pub status: PlanStatus,
    /// Value of the objective: million VND for a least-cost objective, weight for the others.
    pub value: f64,
    /// What no plan of these candidates can beat.
    pub bound: f64,
    /// |value − bound| / max(1, |value|).
    pub gap: f64,
    /// Rules and limits that cannot hold together, where there is no plan.
    pub conflict: Vec<String>,
    /// Everything that could be built.
    pub candidates: Vec<Candidate>,
    /// What is built, in order.
    pub sites: Vec<PlannedSite>,
    /// Villages that are served by ways of their own.
    pub ways: Vec<PlannedWay>,
    /// The years; `None` where nothing is phased.
    pub years: Option<PlannedYears>,
    /// All candidates by newly served weight per cost, best first.
    pub ranking: Vec<RankedCandidate>,
    /// One per village that lacks the service: index in the study and what becomes of it.
    pub outcomes: Vec<(usize, Outcome)>,
    /// What planning could not offer, in words, with counts.
    pub notes: Vec<String>,
}

impl Plan {
    /// What everything that is built costs to build, million VND.
    pub fn investment(&self) -> f64 {
        self.moneys().map(Money::investment).fold(0.0, |sum, cost| sum + cost)
    }

    /// What everything that is built costs in a year, million VND.
    pub fn yearly_cost(&self) -> f64 {
        self.moneys().map(|money| money.yearly_cost).fold(0.0, |sum, cost| sum + cost)
    }

    /// Net present value of everything that is built, million VND; `None` where the study states no revenue.
    pub fn present_value(&self) -> Option<f64> {
        self.moneys().map(|money| money.present_value).sum()
    }

    /// Name of the place where a link starts: a site, a commune, a planned site; `None` for a satellite.
    pub fn start_of<'a>(&'a self, link: &'a PlannedLink) -> Option<&'a str> {
        match &link.from {
            LinkStart::Root(root) => Some(&root.id),
            LinkStart::Site(site) => self.sites.get(*site).map(|site| self.candidates[site.candidate].id.as_str()),
            LinkStart::Satellite | LinkStart::Withheld => None,
        }
    }

    /// Where a link starts, where that is on the ground.
    pub fn start_position(&self, link: &PlannedLink) -> Option<LonLat> {
        match &link.from {
            LinkStart::Root(root) => Some(root.position),
            LinkStart::Site(site) => self.sites.get(*site).map(|site| self.candidates[site.candidate].position),
            LinkStart::Satellite | LinkStart::Withheld => None,
        }
    }

    /// Sites that the money suffices for.
    pub fn built(&self) -> impl Iterator<Item = &PlannedSite> {
        self.sites.iter().filter(|site| site.is_affordable)
    }

    fn moneys(&self) -> impl Iterator<Item = &Money> {
        let sites = self.built().map(|site| &site.money);
        sites.chain(self.ways.iter().filter(|way| way.is_affordable).map(|way| &way.money))
    }
}
