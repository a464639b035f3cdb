//! Loss on the way into a building: Rec. ITU-R P.2109-2.
//!
//! In: frequency in GHz (0.08 to 100), kind of building, elevation angle of the path at the building, share of such
//! buildings. Out: the entry loss that is not exceeded, dB. It is added to the loss outdoors.

use statrs::function::erf::erfc_inv;
use std::f64::consts::SQRT_2;

/// Kinds of buildings that Rec. ITU-R P.2109-2 knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Building {
    /// Without particular insulation.
    Traditional,
    /// With metallised glass or foil-backed panels.
    ThermallyEfficient,
}

/// Coefficients r, s, t, u, v, w, x, y, z of Table 1.
type Coefficients = [f64; 9];
const TRADITIONAL: Coefficients = [12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0];
const THERMALLY_EFFICIENT: Coefficients = [28.19, -3.00, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1];

impl Building {
    /// The kind that a parameter names; `None` for no building.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "traditional" => Some(Self::Traditional),
            "thermally-efficient" => Some(Self::ThermallyEfficient),
            _ => None,
        }
    }
}

/// Building entry loss not exceeded for `percent` of the buildings, dB (§3, Eq. (1) to (9)).
///
/// `f_ghz` is 0.08 to 100 GHz, `percent` above 0 and below 100, `elevation_deg` the angle of the path above the horizontal.
pub fn loss_db(f_ghz: f64, building: Building, elevation_deg: f64, percent: f64) -> f64 {
    let [r, s, t, u, v, w, x, y, z] = match building {
        Building::Traditional => TRADITIONAL,
        Building::ThermallyEfficient => THERMALLY_EFFICIENT,
    };
    let log_f = f_ghz.log10();
    // L_h = r + s·log f + t·(log f)², L_e = 0.212·|θ|
    let l_h_db = r + s * log_f + t * log_f * log_f;
    let l_e_db = 0.212 * elevation_deg.abs();
    // μ₁ = L_h + L_e, μ₂ = w + x·log f, σ₁ = u + v·log f, σ₂ = y + z·log f
    let (mu_1, mu_2) = (l_h_db + l_e_db, w + x * log_f);
    let (sigma_1, sigma_2) = (u + v * log_f, y + z * log_f);
    // A(P) = F⁻¹(P)·σ₁ + μ₁, B(P) = F⁻¹(P)·σ₂ + μ₂, C = −3, F⁻¹ the inverse cumulative normal distribution
    let quantile = inverse_normal(percent);
    let parts_db = [quantile * sigma_1 + mu_1, quantile * sigma_2 + mu_2, -3.0];
    // L_BEL(P) = 10·log(10^(0.1·A) + 10^(0.1·B) + 10^(0.1·C))
    10.0 * parts_db.into_iter().map(|part_db| 10f64.powf(0.1 * part_db)).sum::<f64>().log10()
}

/// F⁻¹ of a percentage, from the nearer tail so that no digit is lost.
pub(super) fn inverse_normal(percent: f64) -> f64 {
    if percent > 50.0 { SQRT_2 * erfc_inv((100.0 - percent) / 50.0) } else { -SQRT_2 * erfc_inv(percent / 50.0) }
}

/// Elevation angle, degrees, of the straight line to a transmitter `rise_m` higher at `distance_km`.
pub fn elevation_deg(rise_m: f64, distance_km: f64) -> f64 {
    (rise_m / (1000.0 * distance_km)).atan().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_at_1_ghz_by_hand() {
        // log f = 0, F⁻¹ = 0: 10·log(10^1.264 + 10^0.91 + 10^−0.3) = 10·log(18.3654 + 8.1283 + 0.5012) = 14.3126 dB.
        assert!((loss_db(1.0, Building::Traditional, 0.0, 50.0) - 14.312_9).abs() < 1e-3);
        // The angle counts either way: 10° add 2.12 dB to A.
        assert_eq!(loss_db(1.0, Building::Traditional, 10.0, 50.0), loss_db(1.0, Building::Traditional, -10.0, 50.0));
        assert!(loss_db(1.0, Building::ThermallyEfficient, 0.0, 50.0) > 27.0);
    }
}
