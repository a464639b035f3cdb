//! What a public run keeps out of its outputs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a public run (`--public`) keeps out of its outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Confidential {
    /// What is confidential.
    pub fields: Vec<ConfidentialField>,
    /// Positions are moved to the middle of the cells of a grid of this size, km; without it they are left out.
    pub position_grid_km: Option<f64>,
}

impl Default for Confidential {
    fn default() -> Self {
        Self { fields: vec![ConfidentialField::Position, ConfidentialField::Power], position_grid_km: None }
    }
}

impl Confidential {
    /// Whether a field is confidential.
    pub fn holds(&self, field: ConfidentialField) -> bool {
        self.fields.contains(&field)
    }
}

/// A property of the sites that stand today which can be confidential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum ConfidentialField {
    /// Where sites stand, and whatever gives that away: distances and bearings to them, costs of links to them, levels.
    #[serde(rename = "sites.position")]
    Position,
    /// Their ids; they are numbered instead.
    #[serde(rename = "sites.id")]
    Id,
    /// Their operators.
    #[serde(rename = "sites.operator")]
    Operator,
    /// Power before the feeder and radiated, and the levels that give it away.
    #[serde(rename = "sites.power")]
    Power,
    /// Antenna heights, and the levels that give them away.
    #[serde(rename = "sites.height")]
    Height,
    /// Carrier frequencies and bandwidths.
    #[serde(rename = "sites.frequency")]
    Frequency,
    /// Antennas, azimuths and tilts.
    #[serde(rename = "sites.antenna")]
    Antenna,
}

impl ConfidentialField {
    /// The word that the study file uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Position => "sites.position",
            Self::Id => "sites.id",
            Self::Operator => "sites.operator",
            Self::Power => "sites.power",
            Self::Height => "sites.height",
            Self::Frequency => "sites.frequency",
            Self::Antenna => "sites.antenna",
        }
    }
}
