//! Where a model holds: one constant per model that the check, the messages and the docs all read.

use super::{Link, PropagationError};
use serde::Serialize;

/// A quantity of a path that a model may limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Carrier frequency, MHz.
    FrequencyMhz,
    /// Path length, km.
    DistanceKm,
    /// Transmitting antenna above ground, m.
    TxHeightAglM,
    /// Receiving antenna above ground, m.
    RxHeightAglM,
}

impl Quantity {
    /// Name of the field that carries it.
    pub fn field(self) -> &'static str {
        match self {
            Self::FrequencyMhz => "frequency_mhz",
            Self::DistanceKm => "distance_km",
            Self::TxHeightAglM => "tx_height_agl_m",
            Self::RxHeightAglM => "rx_height_agl_m",
        }
    }

    /// Its unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::FrequencyMhz => "MHz",
            Self::DistanceKm => "km",
            Self::TxHeightAglM | Self::RxHeightAglM => "m",
        }
    }

    fn of_link(self, link: &Link) -> Option<f64> {
        match self {
            Self::FrequencyMhz => Some(link.frequency_mhz),
            Self::DistanceKm => None,
            Self::TxHeightAglM => Some(link.tx_height_agl_m),
            Self::RxHeightAglM => Some(link.rx_height_agl_m),
        }
    }
}

/// What leaving a range means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outside {
    /// No loss is given.
    Error,
    /// The loss is given with a warning.
    Warning,
}

/// One range of validity, both ends included. A quantity may have two: one to warn at and a wider one to stop at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limit {
    /// What is limited.
    pub quantity: Quantity,
    /// Smallest, in the quantity's unit.
    pub min: f64,
    /// Largest, in the quantity's unit.
    pub max: f64,
    /// What leaving it means.
    pub outside: Outside,
    /// Where the range comes from.
    pub source: &'static str,
}

impl Limit {
    /// A range outside which the loss is given with a warning.
    pub const fn warn(quantity: Quantity, [min, max]: [f64; 2], source: &'static str) -> Self {
        Self { quantity, min, max, outside: Outside::Warning, source }
    }

    /// A range outside which no loss is given.
    pub const fn refuse(quantity: Quantity, [min, max]: [f64; 2], source: &'static str) -> Self {
        Self { quantity, min, max, outside: Outside::Error, source }
    }

    /// `30–6000 MHz`.
    pub fn range(&self) -> String {
        let max = if self.max.is_finite() { self.max.to_string() } else { "∞".into() };
        format!("{}–{max} {}", self.min, self.quantity.unit())
    }
}

/// Where a model holds.
pub type Validity = &'static [Limit];

/// Checks a link's own fields and the model's ranges for them. The warnings, or all errors.
pub(super) fn check_link(
    model: &'static str,
    validity: Validity,
    link: &Link,
) -> Result<Vec<String>, PropagationError> {
    let mut faults = Vec::new();
    let mut require = |field, value: f64, holds: bool, allowed: &str| {
        if !holds {
            faults.push(PropagationError::OutOfRange { field, value, allowed: allowed.into(), model });
        }
    };
    let positive = |value: f64| value.is_finite() && value > 0.0;
    require("frequency_mhz", link.frequency_mhz, positive(link.frequency_mhz), "positive frequencies");
    require("tx_height_agl_m", link.tx_height_agl_m, positive(link.tx_height_agl_m), "heights above ground");
    require("rx_height_agl_m", link.rx_height_agl_m, positive(link.rx_height_agl_m), "heights above ground");
    let latitude = link.path_center_latitude_deg;
    require("path_center_latitude_deg", latitude, (-90.0..=90.0).contains(&latitude), "−90–90 degrees");
    if let Some(error) = PropagationError::gather(faults) {
        return Err(error);
    }
    check(model, validity, |quantity| quantity.of_link(link))
}

/// Checks a path's length. The warnings, or all errors.
pub(super) fn check_distance(
    model: &'static str,
    validity: Validity,
    distance_km: f64,
) -> Result<Vec<String>, PropagationError> {
    if !(distance_km.is_finite() && distance_km > 0.0) {
        let (field, allowed) = ("distance_km", "positive distances".into());
        return Err(PropagationError::OutOfRange { field, value: distance_km, allowed, model });
    }
    check(model, validity, |quantity| (quantity == Quantity::DistanceKm).then_some(distance_km))
}

pub(super) fn check(
    model: &'static str,
    validity: Validity,
    value_of: impl Fn(Quantity) -> Option<f64>,
) -> Result<Vec<String>, PropagationError> {
    let (mut faults, mut warnings) = (Vec::new(), Vec::new());
    for limit in validity {
        let Some(value) = value_of(limit.quantity) else { continue };
        if (limit.min..=limit.max).contains(&value) {
            continue;
        }
        let error =
            PropagationError::OutOfRange { field: limit.quantity.field(), value, allowed: limit.range(), model };
        match limit.outside {
            Outside::Error => faults.push(error),
            Outside::Warning => warnings.push(format!("{error} ({})", limit.source)),
        }
    }
    PropagationError::gather(faults).map_or(Ok(warnings), Err)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::Polarization;

    const VALIDITY: Validity = &[
        Limit { quantity: Quantity::FrequencyMhz, min: 30.0, max: 6000.0, outside: Outside::Warning, source: "§1" },
        Limit { quantity: Quantity::FrequencyMhz, min: 10.0, max: 9000.0, outside: Outside::Error, source: "§2" },
        Limit { quantity: Quantity::DistanceKm, min: 0.25, max: 3000.0, outside: Outside::Error, source: "§1" },
    ];

    fn link() -> Link {
        Link {
            frequency_mhz: 900.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 22.0,
        }
    }

    #[test]
    fn a_range_left_is_a_warning_or_an_error_that_names_field_value_and_range() {
        let at = |frequency_mhz| check_link("m", VALIDITY, &Link { frequency_mhz, ..link() });
        assert_eq!(at(30.0), Ok(vec![]));
        assert_eq!(at(7200.0), Ok(vec!["frequency_mhz = 7200 is outside 30–6000 MHz for m (§1)".into()]));
        assert_eq!(at(9e4).unwrap_err().to_string(), "frequency_mhz = 90000 is outside 10–9000 MHz for m");
        assert_eq!(
            check_distance("m", VALIDITY, 0.1).unwrap_err().to_string(),
            "distance_km = 0.1 is outside 0.25–3000 km for m"
        );
    }

    #[test]
    fn what_no_model_can_use_is_an_error_that_names_the_field() {
        let fault = |change: fn(&mut Link)| {
            let mut link = link();
            change(&mut link);
            check_link("m", &[], &link).unwrap_err().to_string()
        };
        assert!(fault(|l| l.frequency_mhz = 0.0).starts_with("frequency_mhz = 0 is outside"));
        assert!(fault(|l| l.frequency_mhz = f64::NAN).starts_with("frequency_mhz = NaN is outside"));
        assert!(fault(|l| l.tx_height_agl_m = -3.0).starts_with("tx_height_agl_m = -3 is outside heights above"));
        assert!(fault(|l| l.rx_height_agl_m = 0.0).starts_with("rx_height_agl_m = 0 is outside"));
        assert!(fault(|l| l.rx_height_agl_m = f64::INFINITY).starts_with("rx_height_agl_m = inf is outside"));
        assert!(fault(|l| l.path_center_latitude_deg = 91.0).starts_with("path_center_latitude_deg = 91"));
        assert!(check_distance("m", &[], 0.0).is_err() && check_distance("m", &[], f64::NAN).is_err());
    }
}
