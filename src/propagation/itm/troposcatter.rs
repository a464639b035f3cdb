//! Attenuation by scatter in the troposphere ("Algorithm" §4.5).

use super::ground::wave_number_per_m;
use super::setting::Setting;
use std::f64::consts::SQRT_2;

/// Scatter attenuation A_scat at the distance d₅ and at d₆ beyond it, dB; `None` where it is not defined at d₅.
///
/// Where the frequency gain H₀ exceeds 15 dB at d₆, its value there stands for both.
pub(super) fn losses_db(setting: &Setting, d_5_m: f64, d_6_m: f64) -> Option<(f64, f64)> {
    let h_06_db = frequency_gain_db(setting, d_6_m);
    let h_05_db = match h_06_db {
        Some(h_0_db) if h_0_db > 15.0 => h_06_db,
        _ => frequency_gain_db(setting, d_5_m)
            .map(|h_0_db| if h_0_db > 15.0 { h_06_db.unwrap_or(h_0_db) } else { h_0_db }),
    };
    let (a_5_db, a_6_db) = (scatter_db(setting, d_5_m, h_05_db?), scatter_db(setting, d_6_m, h_06_db?));
    (a_5_db < 1000.0).then_some((a_5_db, a_6_db))
}

/// A_scat = 10·log(k·H·θ⁴) + F(θ·s, N_s) + H₀, dB, with H = 47.7 m (Eq. (4.63)).
fn scatter_db(setting: &Setting, s_m: f64, h_0_db: f64) -> f64 {
    let theta_rad = setting.angular_distance_rad(s_m);
    let k = wave_number_per_m(setting.f_mhz);
    // F(D, N_s) = F₀(D) − 0.1·(N_s − 301)·exp(−D/D₀), D₀ = 40 km                                      (6.8)
    let beyond_m = theta_rad * s_m;
    let f_db = attenuation_function_db(beyond_m) - 0.1 * (setting.ground.n_s - 301.0) * (-beyond_m / 40e3).exp();
    f_db + 10.0 * (k * 47.7 * theta_rad.powi(4)).log10() + h_0_db
}

/// F₀(D), dB (Eq. (6.9)).
fn attenuation_function_db(d_m: f64) -> f64 {
    let (a, b, c) = if d_m <= 10e3 {
        (133.4, 0.332e-3, -10.0)
    } else if d_m <= 70e3 {
        (104.6, 0.212e-3, -2.5)
    } else {
        (71.8, 0.157e-3, 5.0)
    };
    a + b * d_m + c * d_m.log10()
}

/// Frequency gain H₀ at the distance s, dB; `None` where both antennas are too low for it to be defined (Eq. (4.61) to
/// (4.67) and (6.10) to (6.14)).
fn frequency_gain_db(setting: &Setting, s_m: f64) -> Option<f64> {
    let geometry = &setting.geometry;
    // θ' = θ_e1 + θ_e2 + s·γ_e                                                                    (4.61)
    let theta_rad = geometry.theta_e_rad[0] + geometry.theta_e_rad[1] + s_m / setting.ground.a_e_m;
    // r_j = 2·k·θ'·h_ej                                                                           (4.62)
    let r = geometry.h_e_m.map(|h_m| 2.0 * wave_number_per_m(setting.f_mhz) * theta_rad * h_m);
    if r[0] < 0.2 && r[1] < 0.2 {
        return None;
    }
    let difference_m = geometry.d_l_m[0] - geometry.d_l_m[1];
    let height_ratio = geometry.h_e_m[1] / geometry.h_e_m[0];
    let (apart_m, height_ratio) =
        if difference_m < 0.0 { (-difference_m, 1.0 / height_ratio) } else { (difference_m, height_ratio) };
    // Asymmetry s and q, kept between 0.1 and 10                                                   (4.64, 4.65)
    let asymmetry = (s_m - apart_m) / (s_m + apart_m);
    let q = (height_ratio / asymmetry).clamp(0.1, 10.0);
    let asymmetry = asymmetry.max(0.1);
    // z₀ = (s − |Δ|)·(s + |Δ|)·θ'/(4·s)                                                            (4.66)
    let z_0_m = (s_m - apart_m) * (s_m + apart_m) * theta_rad * 0.25 / s_m;
    // η_s = z₀/Z₀·{1 + (0.031 − 2.32·10⁻³·N_s + 5.67·10⁻⁶·N_s²)·exp[−min(1.7, z₀/Z₁)⁶]}              (4.67)
    let n_s = setting.ground.n_s;
    let air = (0.031 - n_s * 2.32e-3 + n_s * n_s * 5.67e-6) * (-(z_0_m / 8e3).min(1.7).powi(6)).exp();
    let eta_s = z_0_m / 1755.6 * (1.0 + air);
    // H₀ = H₀₀ + ΔH₀, ΔH₀ ≤ H₀₀, not negative                                                  (6.10, 6.11, 6.12)
    let h_00_db = (curve_db(r[0], eta_s) + curve_db(r[1], eta_s)) / 2.0;
    let delta_db = 6.0 * (0.6 - eta_s.max(1.0).log10()) * asymmetry.log10() * q.log10();
    let h_0_db = (h_00_db + delta_db.min(h_00_db)).max(0.0);
    if eta_s >= 1.0 {
        return Some(h_0_db);
    }
    // Below η_s = 1 towards the closed form at η_s = 0                                                (6.14)
    let product = (1.0 + SQRT_2 / r[0]) * (1.0 + SQRT_2 / r[1]);
    let sum = r[0] + r[1];
    let at_0_db = 10.0 * (product * product * sum / (sum + 2.0 * SQRT_2)).log10();
    Some(eta_s * h_0_db + (1.0 - eta_s) * at_0_db)
}

/// H₀₁(r, η_s), dB, η_s kept between 1 and 5 and interpolated between whole numbers (Eq. (6.13)).
fn curve_db(r: f64, eta_s: f64) -> f64 {
    const A: [f64; 5] = [25.0, 80.0, 177.0, 395.0, 705.0];
    const B: [f64; 5] = [24.0, 45.0, 68.0, 80.0, 105.0];
    let at = |j: usize| 10.0 * (1.0 + A[j] / (r * r * r * r) + B[j] / (r * r)).log10();
    let eta_s = eta_s.clamp(1.0, 5.0);
    let whole = (eta_s as usize).max(1);
    let part = eta_s - whole as f64;
    if part == 0.0 { at(whole - 1) } else { (1.0 - part) * at(whole - 1) + part * at(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_6_9_the_attenuation_function() {
        // 1 km: 133.4 + 0.332 − 30; 50 km: 104.6 + 10.6 − 2.5·4.69897; 100 km: 71.8 + 15.7 + 25.
        assert!((attenuation_function_db(1e3) - 103.732).abs() < 1e-9);
        assert!((attenuation_function_db(50e3) - 103.452_6).abs() < 1e-4);
        assert!((attenuation_function_db(100e3) - 112.5).abs() < 1e-9);
    }

    #[test]
    fn eq_6_13_frequency_gain_curves() {
        // r = 1: 10·log(1 + 25 + 24) and 10·log(1 + 80 + 45), and half way between; beyond 5 the last one.
        assert!((curve_db(1.0, 1.0) - 16.989_7).abs() < 1e-4);
        assert!((curve_db(1.0, 1.5) - 0.5 * (16.989_7 + 21.003_7)).abs() < 1e-4);
        assert_eq!(curve_db(1.0, 0.3), curve_db(1.0, 1.0));
        assert!((curve_db(1.0, 9.0) - 10.0 * 811f64.log10()).abs() < 1e-9);
    }
}
