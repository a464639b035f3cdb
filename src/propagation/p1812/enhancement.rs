//! Propagation by ducting and layer reflection, and by troposcatter: Rec. ITU-R P.1812-8 §4.4 and §4.5.
//!
//! In: frequency in GHz, distances in km, angles in mrad, heights in m, percentages of time. Out: losses in dB.

use super::climate::Climate;
use super::horizon::{DuctingHeights, Horizons};

/// Basic transmission loss by troposcatter L_bs, dB (§4.4, Eq. (44) and (45)).
///
/// `n_0` is the sea-level surface refractivity at the path's centre, N-units; `p_percent` is below or equal to 50.
pub fn troposcatter_loss_db(f_ghz: f64, d_km: f64, theta_mrad: f64, n_0: f64, p_percent: f64) -> f64 {
    // L_f = 25·log f − 2.5·[log(0.5·f)]²                                                          (45)
    let l_f_db = 25.0 * f_ghz.log10() - 2.5 * (0.5 * f_ghz).log10().powi(2);
    // L_bs = 190.1 + L_f + 20·log d + 0.573·θ − 0.15·N₀ − 10.125·[log(50/p)]^0.7                   (44)
    190.1 + l_f_db + 20.0 * d_km.log10() + 0.573 * theta_mrad
        - 0.15 * n_0
        - 10.125 * (50.0 / p_percent).log10().powf(0.7)
}

/// What the ducting loss depends on besides horizons, heights and climate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ducting {
    /// Frequency, GHz.
    pub f_ghz: f64,
    /// Length of the path, km.
    pub d_km: f64,
    /// Time, %.
    pub p_percent: f64,
    /// Fraction of the path over sea ω.
    pub omega: f64,
    /// Median effective Earth radius, km.
    pub a_e_km: f64,
    /// Antenna heights above sea level, m: transmitter, receiver.
    pub h_s_amsl_m: [f64; 2],
    /// Distances over land from the antennas to the coast along the path, km: transmitter, receiver.
    pub d_c_km: [f64; 2],
}

impl Ducting {
    /// The part of A_f that depends on the frequency alone, dB: 102.45 + 20·log f + A_lf (Eq. (47) and (48)).
    pub(in crate::propagation) fn fixed_loss_at_1_km_db(f_ghz: f64) -> f64 {
        // A_lf = 45.375 − 137·f + 92.5·f² below 0.5 GHz                                            (48)
        let a_lf_db = if f_ghz < 0.5 { 45.375 - 137.0 * f_ghz + 92.5 * f_ghz * f_ghz } else { 0.0 };
        102.45 + 20.0 * f_ghz.log10() + a_lf_db
    }

    /// Specific attenuation γ_d = 5·10⁻⁵·aₑ·f^(1/3), dB/mrad (Eq. (51)).
    pub(in crate::propagation) fn gamma_d(f_ghz: f64, a_e_km: f64) -> f64 {
        5e-5 * a_e_km * f_ghz.cbrt()
    }

    /// Basic transmission loss by ducting and layer reflection L_ba, dB (§4.5, Eq. (46) to (56)).
    pub fn loss_db(&self, horizons: &Horizons, heights: &DuctingHeights, climate: &Climate) -> f64 {
        let (f, d) = (self.f_ghz, self.d_km);
        let theta = [horizons.theta_t_mrad, horizons.theta_r_mrad];
        let d_l = [horizons.d_lt_km, horizons.d_lr_km];
        let mut coupling_db = 0.0;
        for end in 0..2 {
            coupling_db += shielding_db(f, theta[end], d_l[end]);
            coupling_db += self.over_sea_coupling_db(end, d_l[end]);
        }
        // A_f = 102.45 + 20·log f + 20·log(d_lt + d_lr) + A_lf + A_st + A_sr + A_ct + A_cr             (47)
        let a_f_db = Self::fixed_loss_at_1_km_db(f) + 20.0 * (d_l[0] + d_l[1]).log10() + coupling_db;
        // θ' = 10³·d/aₑ + θ'_t + θ'_r with θ'_t,r = min(θ_t,r, 0.1·d_lt,lr)                       (52, 52a)
        let theta_mrad = 1e3 * d / self.a_e_km + theta[0].min(0.1 * d_l[0]) + theta[1].min(0.1 * d_l[1]);
        // L_ba = A_f + A_d(p), A_d(p) = γ_d·θ' + A(p)                                            (46, 50)
        a_f_db + Self::gamma_d(f, self.a_e_km) * theta_mrad + self.time_variability_db(horizons, heights, climate)
    }

    /// Over-sea surface-duct coupling A_ct or A_cr, dB (Eq. (49)): only near the coast of a path mostly over sea.
    fn over_sea_coupling_db(&self, end: usize, d_l_km: f64) -> f64 {
        let d_c = self.d_c_km[end];
        if self.omega >= 0.75 && d_c <= d_l_km && d_c <= 5.0 {
            // A_ct = −3·exp(−0.25·d_ct²)·{1 + tanh[0.07(50 − h_ts)]}
            -3.0 * (-0.25 * d_c * d_c).exp() * (1.0 + (0.07 * (50.0 - self.h_s_amsl_m[end])).tanh())
        } else {
            0.0
        }
    }

    /// A(p), dB (Eq. (53) to (56)).
    fn time_variability_db(&self, horizons: &Horizons, heights: &DuctingHeights, climate: &Climate) -> f64 {
        let d = self.d_km;
        // α = −0.6 − 3.5·10⁻⁹·d^3.1·τ, at least −3.4                                              (55a)
        let alpha = (-0.6 - 3.5e-9 * d.powf(3.1) * climate.tau).max(-3.4);
        // μ₂ = [500/aₑ · d²/(√h_te + √h_re)²]^α, at most 1                                         (55)
        let geometry = 500.0 / self.a_e_km * d * d / (heights.h_te_m.sqrt() + heights.h_re_m.sqrt()).powi(2);
        let mu_2 = geometry.powf(alpha).min(1.0);
        // μ₃ = exp[−4.6·10⁻⁵·(h_m − 10)(43 + 6·d_I)] above 10 m, d_I = min(d − d_lt − d_lr, 40)      (56, 56a)
        let mu_3 = if heights.h_m_m > 10.0 {
            let d_i = (d - horizons.d_lt_km - horizons.d_lr_km).min(40.0);
            (-4.6e-5 * (heights.h_m_m - 10.0) * (43.0 + 6.0 * d_i)).exp()
        } else {
            1.0
        };
        // β = β₀·μ₂·μ₃                                                                           (54)
        let beta = climate.beta0_percent * mu_2 * mu_3;
        let log_beta = beta.log10();
        // Γ = 1.076/(2.0058 − log β)^1.012 · exp{−[9.51 − 4.8·log β + 0.198·(log β)²]·10⁻⁶·d^1.13}   (53a)
        let gamma = 1.076 / (2.0058 - log_beta).powf(1.012)
            * (-(9.51 - 4.8 * log_beta + 0.198 * log_beta * log_beta) * 1e-6 * d.powf(1.13)).exp();
        // A(p) = −12 + (1.2 + 3.7·10⁻³·d)·log(p/β) + 12·(p/β)^Γ                                     (53)
        let log_ratio = self.p_percent.log10() - log_beta;
        -12.0 + (1.2 + 3.7e-3 * d) * log_ratio + 12.0 * 10f64.powf(log_ratio * gamma)
    }
}

/// Site-shielding diffraction loss A_st or A_sr, dB (Eq. (48a)).
fn shielding_db(f_ghz: f64, theta_mrad: f64, d_l_km: f64) -> f64 {
    // θ'' = θ_t,r − 0.1·d_lt,lr; A_s = 20·log[1 + 0.361·θ''·(f·d_l)^(1/2)] + 0.264·θ''·f^(1/3) above 0
    let theta = theta_mrad - 0.1 * d_l_km;
    if theta > 0.0 {
        20.0 * (1.0 + 0.361 * theta * (f_ghz * d_l_km).sqrt()).log10() + 0.264 * theta * f_ghz.cbrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_44_and_45_the_first_case_of_the_validation_set() {
        // 95.3 MHz over 235.1 km at p = 1 %: L_f = 25·log 0.0953 − 2.5·(log 0.04765)² = −29.8915,
        // 190.1 − 29.8915 + 47.4250 + 0.573·7.673516 − 48.9120 − 10.125·(log 50)^0.7 = 148.4453 dB.
        let l_bs_db = troposcatter_loss_db(0.0953, 235.1, 7.673515171, 326.079979, 1.0);
        assert!((l_bs_db - 148.445_301_7).abs() < 1e-6, "{l_bs_db}");
    }

    #[test]
    fn eq_48a_the_shield_of_a_horizon_two_milliradians_up() {
        // f = 1 GHz, d_l = 10 km, θ = 3 mrad: θ'' = 2, 20·log(1 + 0.722·√10) + 0.528.
        let expected_db = 20.0 * (1.0 + 0.722 * 10f64.sqrt()).log10() + 0.528;
        assert!((shielding_db(1.0, 3.0, 10.0) - expected_db).abs() < 1e-12);
        assert_eq!(shielding_db(1.0, 0.9, 10.0), 0.0);
    }

    #[test]
    fn eq_49_couples_only_near_the_coast_of_a_sea_path() {
        let ducting = |omega, d_c| Ducting {
            f_ghz: 1.0,
            d_km: 100.0,
            p_percent: 1.0,
            omega,
            a_e_km: 8500.0,
            h_s_amsl_m: [50.0; 2],
            d_c_km: [d_c; 2],
        };
        // At 50 m the hyperbolic tangent is 0: −3·exp(−0.25·4).
        assert!((ducting(0.8, 2.0).over_sea_coupling_db(0, 20.0) + 3.0 * (-1f64).exp()).abs() < 1e-12);
        assert_eq!(ducting(0.7, 2.0).over_sea_coupling_db(0, 20.0), 0.0);
        assert_eq!(ducting(0.8, 5.1).over_sea_coupling_db(0, 20.0), 0.0);
        assert_eq!(ducting(0.8, 2.0).over_sea_coupling_db(1, 1.9), 0.0);
    }
}
