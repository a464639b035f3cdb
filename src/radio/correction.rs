//! What measurements say of predicted losses: a bias by clutter class, and a slope where the error grows with the loss.

use super::Technology;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The correction of one technology's losses: L + bias(class) + slope · (L′ − reference), with L′ the loss brought into the range of what was
/// measured, so that the slope is not drawn out to losses that nobody has seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LossCorrection {
    /// Added to the loss where the class has no bias of its own, dB.
    pub bias_db: f64,
    /// Added to the loss instead of it, dB, by land-cover class of the receiver's pixel; 0 is where no class is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bias_by_class_db: BTreeMap<u8, f64>,
    /// Added for each dB that the loss exceeds the reference, more than −1: a larger loss stays larger.
    #[serde(default)]
    pub slope: f64,
    /// Loss at which the slope adds nothing, dB: the median of the predicted losses.
    pub reference_db: f64,
    /// Predicted losses of the measured places, 1st and 99th percentile, dB; beyond them the slope adds what it adds at the end.
    pub range_db: [f64; 2],
}

impl LossCorrection {
    /// Bias of a class, dB.
    pub fn bias_of_class_db(&self, class: u8) -> f64 {
        self.bias_by_class_db.get(&class).copied().unwrap_or(self.bias_db)
    }

    /// What the slope adds at a loss, dB.
    pub fn sloped_db(&self, loss_db: f64) -> f64 {
        let [low, high] = self.range_db;
        self.slope * (loss_db.max(low).min(high) - self.reference_db)
    }

    /// The corrected loss of a path to a receiver in a class.
    pub fn corrected_loss_db(&self, class: u8, loss_db: f64) -> f64 {
        loss_db + self.bias_of_class_db(class) + self.sloped_db(loss_db)
    }
}

/// The corrections of a study by technology; technologies that have none are predicted as the model says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Correction(BTreeMap<Technology, LossCorrection>);

impl Correction {
    /// The correction of a technology, where it has one.
    pub fn of(&self, technology: Technology) -> Option<&LossCorrection> {
        self.0.get(&technology)
    }

    /// Whether no technology has one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The corrected loss of a path, dB; the loss itself for a technology without a correction.
    pub fn corrected_loss_db(&self, technology: Technology, class: u8, loss_db: f64) -> f64 {
        self.of(technology).map_or(loss_db, |correction| correction.corrected_loss_db(class, loss_db))
    }
}

impl FromIterator<(Technology, LossCorrection)> for Correction {
    fn from_iter<I: IntoIterator<Item = (Technology, LossCorrection)>>(corrections: I) -> Self {
        Self(corrections.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_its_bias_and_the_slope_ends_with_the_range() {
        let gsm = LossCorrection {
            bias_db: 3.0,
            bias_by_class_db: [(50, 8.0)].into(),
            slope: -0.25,
            reference_db: 120.0,
            range_db: [100.0, 140.0],
        };
        let correction: Correction = [(Technology::Gsm, gsm)].into_iter().collect();
        let corrected = |class, loss_db| correction.corrected_loss_db(Technology::Gsm, class, loss_db);
        assert_eq!(corrected(30, 120.0), 123.0);
        assert_eq!(corrected(50, 120.0), 128.0);
        assert_eq!(corrected(30, 132.0), 132.0 + 3.0 - 3.0);
        assert_eq!(corrected(30, 200.0), 200.0 + 3.0 - 5.0, "beyond the range as at its end");
        assert_eq!(corrected(30, 60.0), 60.0 + 3.0 + 5.0);
        assert_eq!(correction.corrected_loss_db(Technology::Lte, 50, 120.0), 120.0);
        assert!(corrected(0, f64::NAN).is_nan());
    }
}
