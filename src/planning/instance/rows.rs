//! The JSON shape of a covering instance, borrowed from the text where it can be.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A name, borrowed from the text unless it holds escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id<'a>(Cow<'a, str>);

impl Id<'_> {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Id<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: Error>(self, v: &'de str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Borrowed(v)))
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Id<'de>, E> {
                Ok(Id(Cow::Owned(v.to_owned())))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

impl schemars::JsonSchema for Id<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
    fn inline_schema() -> bool {
        true
    }
}

/// The whole document, `notspot/instance/1`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceFile<'a> {
    /// `notspot/instance/1`.
    #[serde(borrow, default)]
    pub schema: Option<Id<'a>>,
    /// A name for people, not used by the solver.
    #[serde(borrow, default)]
    pub name: Option<Id<'a>>,
    /// What is to be covered.
    #[serde(borrow)]
    pub demands: Vec<DemandRow<'a>>,
    /// What can be built.
    #[serde(borrow)]
    pub candidates: Vec<CandidateRow<'a>>,
    /// Candidates that stand already: cost 0, always chosen.
    #[serde(borrow, default)]
    pub fixed: Vec<Id<'a>>,
    /// What to optimise.
    #[serde(borrow, default)]
    pub objective: Option<ObjectiveRow<'a>>,
    /// The hops that connect sites, when connectivity is part of the problem.
    #[serde(borrow, default)]
    pub backhaul: Option<BackhaulRow<'a>>,
    /// Rules beyond covering; more of them are keys of demands and candidates.
    #[serde(borrow, default)]
    pub rules: Option<RulesRow<'a>>,
}

/// One demand, such as a village.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandRow<'a> {
    /// Its name, unique among demands.
    #[serde(borrow)]
    pub id: Id<'a>,
    /// What serving it is worth, ≥ 0, in any unit (people, households); 1 when absent.
    #[serde(default = "one")]
    pub weight: f64,
    /// At how many different places it needs a server before it counts as served, ≥ 1; 1 when absent.
    #[serde(default)]
    pub redundancy: Option<u32>,
    /// Its load, ≥ 0, in the unit of the candidates' capacities; needed where a candidate has a capacity.
    #[serde(default)]
    pub load: Option<f64>,
}

fn one() -> f64 {
    1.0
}

/// One candidate site or configuration.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateRow<'a> {
    /// Its name, unique among candidates.
    #[serde(borrow)]
    pub id: Id<'a>,
    /// What it costs to build, ≥ 0, in any one unit.
    pub cost: f64,
    /// Names of the demands that it serves, each once.
    #[serde(borrow)]
    pub covers: Vec<Id<'a>>,
    /// Where it stands, any name; candidates of one place (configurations of one mast) count once for `redundancy`. Absent: a
    /// place of its own.
    #[serde(borrow, default)]
    pub place: Option<Id<'a>>,
    /// The load that it can carry, ≥ 0; absent: any. With a capacity or a floor anywhere, each served demand is assigned to
    /// one chosen candidate that serves it, or to as many as its `redundancy`, and puts its whole load on each.
    #[serde(default)]
    pub capacity: Option<f64>,
    /// The least weight, ≥ 0, that must be assigned to it if it is chosen; fixed candidates have none.
    #[serde(default)]
    pub floor: Option<f64>,
}

/// Rules beyond covering.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesRow<'a> {
    /// Names of candidates that must be chosen.
    #[serde(borrow, default)]
    pub forced: Vec<Id<'a>>,
    /// Names of candidates that must not be chosen.
    #[serde(borrow, default)]
    pub forbidden: Vec<Id<'a>>,
    /// Groups of candidates; at most one of each is chosen, fixed ones included.
    #[serde(borrow, default)]
    pub one_of: Vec<Vec<Id<'a>>>,
    /// Groups of demands of which enough must be served.
    #[serde(borrow, default)]
    pub shares: Vec<ShareRow<'a>>,
}

/// A group of demands, such as a commune, of which enough must be served: `least_weight` or `least_count`, not both.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRow<'a> {
    /// Its name, unique among shares.
    #[serde(borrow)]
    pub id: Id<'a>,
    /// Names of its demands, each once.
    #[serde(borrow)]
    pub demands: Vec<Id<'a>>,
    /// The least weight that must be served, ≥ 0.
    #[serde(default)]
    pub least_weight: Option<f64>,
    /// The least number of demands that must be served.
    #[serde(default)]
    pub least_count: Option<u32>,
}

/// What to optimise: `minimize: cost, cover: all`, or `maximize: weight` with `max_sites` or `budget`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveRow<'a> {
    /// `cost`.
    #[serde(borrow, default)]
    pub minimize: Option<Id<'a>>,
    /// `all`.
    #[serde(borrow, default)]
    pub cover: Option<Id<'a>>,
    /// `weight`.
    #[serde(borrow, default)]
    pub maximize: Option<Id<'a>>,
    /// Most candidates that may be built; those that stand already do not count.
    #[serde(default)]
    pub max_sites: Option<u32>,
    /// Most money that may be spent, ≥ 0, in the unit of the costs.
    #[serde(default)]
    pub budget: Option<f64>,
}

/// Backhaul: places that are connected, and hops that can be built.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackhaulRow<'a> {
    /// Names of connected places.
    #[serde(borrow)]
    pub roots: Vec<Id<'a>>,
    /// Hops that can be built.
    #[serde(borrow)]
    pub arcs: Vec<ArcRow<'a>>,
    /// Most hops between a root and a site; absent: any number.
    #[serde(default)]
    pub max_hops: Option<u32>,
}

/// One hop that can be built.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArcRow<'a> {
    /// A root or a candidate.
    #[serde(borrow)]
    pub from: Id<'a>,
    /// The candidate that it connects.
    #[serde(borrow)]
    pub to: Id<'a>,
    /// What it costs, ≥ 0, in the unit of the candidates' costs.
    pub cost: f64,
    /// 1 for a hop, which is the default. 0 makes its end part of the place where it starts: the end counts neither as a hop
    /// nor in `max_sites`, no arc leaves it, and all arcs to it are of 0 hops.
    #[serde(default = "one_hop")]
    pub hops: u32,
}

fn one_hop() -> u32 {
    1
}
