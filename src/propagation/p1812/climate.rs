//! How often the air bends waves strongly: β₀ and what it depends on (Rec. ITU-R P.1812-8 §3.3 and §3.4).
//!
//! In: the zones of a profile and the latitude of the path's centre. Out: percentages of time and lengths in km.

use crate::propagation::{Profile, Zone};

/// Radio climate of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Climate {
    /// Longest continuous land (inland and coastal) section of the path d_tm, km.
    pub d_tm_km: f64,
    /// Longest continuous inland section of the path d_lm, km.
    pub d_lm_km: f64,
    /// τ, which weighs the inland part (Eq. (3)).
    pub tau: f64,
    /// Time for which the lapse rate of refractivity exceeds 100 N-units/km in the lowest 100 m β₀, %.
    pub beta0_percent: f64,
}

impl Climate {
    /// Climate of a path whose centre lies at `latitude_deg`.
    pub fn of(profile: &Profile, latitude_deg: f64) -> Self {
        let d_tm_km = longest_section_km(profile, |zone| zone != Zone::Sea);
        let d_lm_km = longest_section_km(profile, |zone| zone == Zone::Inland);
        Self::of_sections(d_tm_km, d_lm_km, latitude_deg)
    }

    /// Climate from the longest land and inland sections, km (Eq. (2) to (5)).
    pub fn of_sections(d_tm_km: f64, d_lm_km: f64, latitude_deg: f64) -> Self {
        let phi = latitude_deg.abs();
        // τ = 1 − exp(−4.12·10⁻⁴·d_lm^2.41)                                                          (3)
        let tau = 1.0 - (-4.12e-4 * d_lm_km.powf(2.41)).exp();
        // μ₁ = [10^(−d_tm/(16 − 6.6τ)) + 10^(−5(0.496 + 0.354τ))]^0.2, at most 1                     (2)
        let mu_1 = (10f64.powf(-d_tm_km / (16.0 - 6.6 * tau)) + 10f64.powf(-5.0 * (0.496 + 0.354 * tau))).powf(0.2);
        let mu_1 = mu_1.min(1.0);
        let beta0_percent = if phi <= 70.0 {
            // μ₄ = μ₁^(−0.935 + 0.0176|φ|), β₀ = 10^(−0.015|φ| + 1.67)·μ₁·μ₄                          (4, 5)
            10f64.powf(-0.015 * phi + 1.67) * mu_1 * mu_1.powf(-0.935 + 0.0176 * phi)
        } else {
            // μ₄ = μ₁^0.3, β₀ = 4.17·μ₁·μ₄
            4.17 * mu_1 * mu_1.powf(0.3)
        };
        Self { d_tm_km, d_lm_km, tau, beta0_percent }
    }
}

/// Longest run of points in the zones that `belongs` accepts, km; the points at its ends reach half way to their
/// neighbours.
fn longest_section_km(profile: &Profile, belongs: impl Fn(Zone) -> bool) -> f64 {
    let (d_km, zone) = (profile.distance_km(), profile.zone());
    let last = d_km.len() - 1;
    let mut longest_km = 0.0_f64;
    let mut start = None;
    for i in 0..=last {
        if !belongs(zone[i]) {
            start = None;
            continue;
        }
        let first: usize = *start.get_or_insert(i);
        let from_km = if first > 0 { (d_km[first - 1] + d_km[first]) / 2.0 } else { 0.0 };
        let to_km = if i < last { (d_km[i] + d_km[i + 1]) / 2.0 } else { d_km[last] };
        longest_km = longest_km.max(to_km - from_km);
    }
    longest_km
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn eq_2_to_5_a_path_over_land_in_cao_bang() {
        // 20 km inland at 22.7°: τ = 1 − exp(−4.12e-4·20^2.41) = 0.43032,
        // μ₁ = (10^(−20/13.15990) + 10^(−3.24166))^0.2 = (0.030216 + 0.000573)^0.2 = 0.498458,
        // β₀ = 10^1.3295·μ₁^(1 − 0.935 + 0.39952) = 21.3551·0.498458^0.46452 = 15.455 %.
        let climate = Climate::of_sections(20.0, 20.0, 22.7);
        assert!((climate.tau - 0.430_32).abs() < 1e-4, "{climate:?}");
        assert!((climate.beta0_percent - 15.455).abs() < 2e-2, "{climate:?}");
    }

    #[test]
    fn eq_4_and_5_beyond_70_degrees() {
        // All sea: μ₁ = 1 cut from (1 + 10^−2.48)^0.2, β₀ = 4.17 %.
        assert!((Climate::of_sections(0.0, 0.0, -75.0).beta0_percent - 4.17).abs() < 1e-12);
    }

    #[test]
    fn sections_reach_half_way_to_the_next_zone() {
        use Zone::{Coastal, Inland, Sea};
        let zones = vec![Inland, Inland, Coastal, Sea, Coastal];
        let profile = Profile::new(vec![0.0, 1.0, 2.0, 4.0, 5.0], vec![0.0; 5], vec![0.0; 5], zones).unwrap();
        let climate = Climate::of(&profile, 0.0);
        assert_eq!((climate.d_tm_km, climate.d_lm_km), (3.0, 1.5));
        let sea = Profile::new(vec![0.0, 1.0], vec![0.0; 2], vec![0.0; 2], vec![Sea; 2]).unwrap();
        assert_eq!(Climate::of(&sea, 0.0).d_tm_km, 0.0);
    }
}
