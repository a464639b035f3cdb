//! Attenuation within line of sight: two rays near the transmitter, diffraction near the horizon ("Algorithm" §4.3, §4.4).

use super::ground::{irregularity_over_m, sigma_h_m, wave_number_per_m};
use super::setting::Setting;
use num_complex::Complex64;
use std::f64::consts::{FRAC_PI_2, PI};

/// A straight line of attenuation over distance, dB and dB/m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) at_0_db: f64,
    pub(super) slope_db_per_m: f64,
}

impl Line {
    /// Attenuation at the distance s, dB.
    pub(super) fn at_db(self, s_m: f64) -> f64 {
        self.slope_db_per_m * s_m + self.at_0_db
    }
}

/// Reference attenuation before it is kept from being negative, dB, of a path shorter than d_Ls: a curve
/// A_el + K₁·d + K₂·ln d through the attenuation at up to three distances (Eq. (4.1) and (4.28) to (4.42)).
pub(super) fn reference_db(setting: &Setting, diffraction: Line) -> f64 {
    let (d_ls_m, d_l_m, d_m) = (setting.d_ls_m, setting.d_l_m, setting.geometry.d_m);
    let los_db = |s_m: f64| two_ray_and_diffraction_db(setting, diffraction, s_m);
    let a_2_db = diffraction.at_db(d_ls_m);
    // d₀ = 1.908·k·h_e1·h_e2, d₁ by the sign of A_ed                                        (4.28, 4.29, 4.38, 4.39)
    let d_0_m = 0.04 * setting.f_mhz * setting.geometry.h_e_m[0] * setting.geometry.h_e_m[1];
    let (d_0_m, d_1_m) = if diffraction.at_0_db >= 0.0 {
        let d_0_m = d_0_m.min(0.5 * d_l_m);
        (d_0_m, d_0_m + 0.25 * (d_l_m - d_0_m))
    } else {
        (d_0_m, (-diffraction.at_0_db / diffraction.slope_db_per_m).max(0.25 * d_l_m))
    };
    let a_1_db = los_db(d_1_m);
    let through_a_0 = || {
        let a_0_db = los_db(d_0_m);
        let (rise_1_db, rise_2_db) = (a_1_db - a_0_db, a_2_db - a_0_db);
        let (run_1_m, run_2_m) = (d_1_m - d_0_m, d_ls_m - d_0_m);
        let log_2 = (d_ls_m / d_0_m).ln();
        // K₂' from the three points, not negative                                              (4.32)
        let k_2 = (run_2_m * rise_1_db - run_1_m * rise_2_db) / (run_2_m * (d_1_m / d_0_m).ln() - run_1_m * log_2);
        let k_2 = k_2.max(0.0);
        if !(diffraction.at_0_db > 0.0 || k_2 > 0.0) {
            return None;
        }
        // K₁' from the two outer ones, not negative either                                         (4.33 to 4.37)
        let k_1 = (rise_2_db - k_2 * log_2) / run_2_m;
        if k_1 >= 0.0 {
            return Some((k_1, k_2));
        }
        let k_2 = rise_2_db.max(0.0) / log_2;
        Some((if k_2 == 0.0 { diffraction.slope_db_per_m } else { 0.0 }, k_2))
    };
    let (k_1, k_2) = (d_0_m < d_1_m).then(through_a_0).flatten().unwrap_or_else(|| {
        // A straight line from d₁ to d_Ls, or that of diffraction                                (4.37, 4.40, 4.41)
        let k_1 = (a_2_db - a_1_db).max(0.0) / (d_ls_m - d_1_m);
        (if k_1 == 0.0 { diffraction.slope_db_per_m } else { k_1 }, 0.0)
    });
    // A_el = A₂ − K₁·d_Ls − K₂·ln d_Ls                                                           (4.42)
    a_2_db - k_1 * d_ls_m - k_2 * d_ls_m.ln() + k_1 * d_m + k_2 * d_m.ln()
}

/// A_los at the distance s, dB (Eq. (4.43) to (4.51)).
fn two_ray_and_diffraction_db(setting: &Setting, diffraction: Line, s_m: f64) -> f64 {
    let geometry = &setting.geometry;
    let [h_1_m, h_2_m] = geometry.h_e_m;
    let k = wave_number_per_m(setting.f_mhz);
    let sigma_h_m = sigma_h_m(irregularity_over_m(s_m, geometry.delta_h_m));
    // sin ψ = (h_e1 + h_e2)/√[s² + (h_e1 + h_e2)²]                                                 (4.46)
    let sin_psi = (h_1_m + h_2_m) / (s_m * s_m + (h_1_m + h_2_m) * (h_1_m + h_2_m)).sqrt();
    // R'_e = (sin ψ − Z_g)/(sin ψ + Z_g)·exp[−min(10, k·σ_h(s)·sin ψ)]                              (4.47)
    let z_g = setting.ground.z_g;
    let mut r_e = (sin_psi - z_g) / (sin_psi + z_g) * (-(k * sigma_h_m * sin_psi).min(10.0)).exp();
    // |R_e|² is sin ψ at least where it is small                                                   (4.48)
    let magnitude = r_e.norm_sqr();
    if magnitude < 0.25 || magnitude < sin_psi {
        r_e *= (sin_psi / magnitude).sqrt();
    }
    // δ' = 2·k·h_e1·h_e2/s, bent below π                                                        (4.49, 4.50)
    let mut delta_rad = k * 2.0 * h_1_m * h_2_m / s_m;
    if delta_rad > FRAC_PI_2 {
        delta_rad = PI - FRAC_PI_2 * FRAC_PI_2 / delta_rad;
    }
    // A_t = −10·log|exp(−iδ) + R_e|²                                                              (4.51)
    let a_t_db = -10.0 * (Complex64::new(delta_rad.cos(), -delta_rad.sin()) + r_e).norm_sqr().log10();
    // w = 1/[1 + D₁·k·Δh/max(D₂, d_Ls)], A_los = w·A_t + (1 − w)·A_d                              (4.43, 4.44, 4.45)
    let w = 1.0 / (1.0 + setting.f_mhz * geometry.delta_h_m / setting.d_ls_m.max(10e3));
    w * a_t_db + (1.0 - w) * diffraction.at_db(s_m)
}

#[cfg(test)]
mod tests {
    use super::super::geometry::{Geometry, Siting};
    use super::super::ground::Ground;
    use super::*;

    #[test]
    fn two_rays_over_flat_ground_by_hand() {
        // 15 m and 3 m at 3.5 GHz, 5 km apart: k = 73.375, δ' = 2·73.375·45/5000 = 1.32075; sin ψ = 18/5000.03 = 0.0036.
        // Z = 0.25: R_e = (0.0036 − 0.25)/(0.0036 + 0.25) = −0.97161. |e^(−iδ) + R_e|² = 1 + R² + 2R·cos δ
        // = 1.94403 − 1.94322·0.24746 = 1.46316: A_t = −1.653 dB.
        let a_e_m = 8_493e3;
        let ground = Ground { n_s: 301.0, a_e_m, z_g: Complex64::new(0.25, 0.0) };
        let setting =
            Setting::new(3500.0, ground, Geometry::of_area(5e3, [15.0, 3.0], [Siting::Random; 2], 0.0, a_e_m));
        let flat = Line { at_0_db: 0.0, slope_db_per_m: 0.0 };
        let a_t_db = two_ray_and_diffraction_db(&setting, flat, 5e3);
        assert!((a_t_db + 1.653).abs() < 2e-3, "{a_t_db}");
    }
}
