//! Which place is meant by a name: rows of a list without coordinates against places that have an id.
//!
//! In: names with the communes they may lie in, on both sides. Out: for each row of the list one place with the
//! [`MatchQuality`] of the match, or the candidates among which a person has to choose. What differs is never overlooked: a
//! row with two equally good places, or a place that two rows want, is left to a person. `docs/matching.md` has the rules and
//! what they reach.

mod assign;
mod grade;
mod name;

pub(super) use assign::{Outcome, Settlement, assign};
pub(super) use name::{COMMUNES, Form, SETTLEMENTS, forms, plain};

use crate::geodesy::LonLat;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How sure a match of two names is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatchQuality {
    /// The same kind of place and the same letters with the same marks, in the same commune, where no other place has that name but
    /// for its marks, spelling or kind.
    Exact,
    /// The same but for marks that one side leaves out.
    Accents,
    /// Another or no word for the kind of place, another usual spelling, other marks, a name in brackets or of a merged village; or
    /// the closest of several such.
    Variant,
    /// One letter is wrong, left out, too many or swapped, and no other place of the commune is as close.
    Fuzzy,
    /// The only place of that name close to the commune, or anywhere when one side states no commune.
    Elsewhere,
    /// A person said so.
    Settled,
}

impl MatchQuality {
    /// All qualities, best first.
    pub const ALL: [Self; 6] = [Self::Exact, Self::Accents, Self::Variant, Self::Fuzzy, Self::Elsewhere, Self::Settled];

    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Accents => "accents",
            Self::Variant => "variant",
            Self::Fuzzy => "fuzzy",
            Self::Elsewhere => "elsewhere",
            Self::Settled => "settled",
        }
    }
}

/// A name on either side.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Its readings.
    forms: Vec<Form>,
    /// Numbers of the communes in which it may lie, ascending; empty when not known.
    communes: Vec<usize>,
    /// Where it lies, when that is known.
    position: Option<LonLat>,
}

impl Named {
    pub(super) fn new(name: &str, mut communes: Vec<usize>, position: Option<LonLat>) -> Self {
        communes.sort_unstable();
        communes.dedup();
        Self { forms: forms(name, SETTLEMENTS), communes, position }
    }

    fn shares_commune(&self, other: &Self) -> bool {
        self.communes.iter().any(|c| other.communes.binary_search(c).is_ok())
    }
}
