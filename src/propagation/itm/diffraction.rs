//! Attenuation beyond the horizon: two knife edges and a rounded Earth, weighed by the terrain ("Algorithm" §4.2).

use super::ground::{irregularity_over_m, sigma_h_m, wave_number_per_m};
use super::setting::Setting;

/// Diffraction over one path, for any distance s.
#[derive(Debug, Clone, Copy)]
pub(super) struct Diffraction<'a> {
    setting: &'a Setting,
    rounded: RoundedEarth,
    /// Clutter factor A_fo, dB.
    a_fo_db: f64,
    /// √(h_e1·h_e2 + C over h_g1·h_g2 + C) of the weight.
    height_ratio: f64,
}

impl<'a> Diffraction<'a> {
    /// What does not depend on the distance.
    pub(super) fn new(setting: &'a Setting) -> Self {
        let geometry = &setting.geometry;
        // A_fo = min{15, 5·log[1 + α·k·h_g1·h_g2·σ_h(d_Ls)]}                                        (4.10)
        let sigma_h_m = sigma_h_m(irregularity_over_m(setting.d_ls_m, geometry.delta_h_m));
        let product_m2 = geometry.h_g_m[0] * geometry.h_g_m[1];
        let a_fo_db = (5.0 * (1.0 + 1e-5 * product_m2 * setting.f_mhz * sigma_h_m).log10()).min(15.0);
        let excess_m2 = geometry.h_e_m[0] * geometry.h_e_m[1] - product_m2;
        let c_m2 = if geometry.known_terrain { 10.0 } else { 0.0 };
        let height_ratio = (1.0 + excess_m2 / (product_m2 + c_m2)).sqrt();
        Self { setting, rounded: RoundedEarth::new(setting), a_fo_db, height_ratio }
    }

    /// Attenuation A_diff over the distance s beyond the horizons, dB.
    pub(super) fn loss_db(&self, s_m: f64) -> f64 {
        let setting = self.setting;
        let a_k_db = knife_edges_db(setting, s_m);
        let a_r_db = self.rounded.loss_db(setting, s_m);
        // Q = min[k·Δh(s), 1000·2π]·{√[(h_e1·h_e2 + C)/(h_g1·h_g2 + C)] + (a·θ_e + d_L)/s}
        let roughness = (irregularity_over_m(s_m, setting.geometry.delta_h_m) * setting.f_mhz / 47.7).min(6283.2);
        let bend = (setting.theta_e_rad * setting.ground.a_e_m + setting.d_l_m) / s_m;
        let q = (self.height_ratio + bend) * roughness;
        // w = 1/(1 + 0.1·√(Q/2π)), in the digits of the model's source                                (4.9)
        let w = 25.1 / (25.1 + q.sqrt());
        // A_diff = (1 − w)·A_k + w·A_r + A_fo                                                       (4.11)
        w * a_r_db + (1.0 - w) * a_k_db + self.a_fo_db
    }
}

/// Attenuation of the two horizons as knife edges A_k, dB (Eq. (4.13) and (4.14)).
fn knife_edges_db(setting: &Setting, s_m: f64) -> f64 {
    let theta_rad = setting.angular_distance_rad(s_m);
    let between_m = s_m - setting.d_l_m;
    // v_j² = k/(4π)·θ²·d_Lj·(s − d_L)/(s − d_L + d_Lj), with 1/(4π) = 0.0795775
    let scale = 0.079_577_5 * wave_number_per_m(setting.f_mhz) * theta_rad * theta_rad;
    let edge = |d_lj_m: f64| fresnel_db(scale * d_lj_m * between_m / (between_m + d_lj_m));
    edge(setting.geometry.d_l_m[0]) + edge(setting.geometry.d_l_m[1])
}

/// Attenuation of one knife edge Fn, dB, from v² (Eq. (6.1)).
fn fresnel_db(v_squared: f64) -> f64 {
    if v_squared < 5.76 { 6.02 + 9.11 * v_squared.sqrt() - 1.27 * v_squared } else { 12.953 + 10.0 * v_squared.log10() }
}

/// Diffraction over rounded Earth by three radii (Vogler 1964; "Algorithm" Eq. (4.15) to (4.20)).
#[derive(Debug, Clone, Copy)]
struct RoundedEarth {
    /// x₁ + x₂.
    x_terminals: f64,
    /// F(x₁, K₁) + F(x₂, K₂) + C₁, dB.
    gain_db: f64,
}

impl RoundedEarth {
    fn new(setting: &Setting) -> Self {
        let geometry = &setting.geometry;
        let terminal = |i: usize| {
            let d_l_m = geometry.d_l_m[i];
            // a_j = d_Lj²/(2·h_ej)                                                                 (4.15)
            let (k, per_km) = vogler(setting, 0.5 * d_l_m * d_l_m / geometry.h_e_m[i]);
            let x = per_km * (d_l_m / 1000.0);
            (x, height_gain_db(x, k))
        };
        let ((x_1, f_1_db), (x_2, f_2_db)) = (terminal(0), terminal(1));
        Self { x_terminals: x_1 + x_2, gain_db: f_1_db + f_2_db + 20.0 }
    }

    /// A_r = G(x₀) − F(x₁, K₁) − F(x₂, K₂) − C₁, dB (Eq. (4.20)).
    fn loss_db(&self, setting: &Setting, s_m: f64) -> f64 {
        let theta_rad = setting.angular_distance_rad(s_m);
        // a₀ = (s − d_L)/θ
        let a_0_m = (s_m - setting.d_l_m) / theta_rad;
        let (_, per_km) = vogler(setting, a_0_m);
        let x_0 = per_km * (a_0_m * theta_rad / 1000.0) + self.x_terminals;
        // G(x) = 0.05751·x − 10·log x                                                              (6.3)
        0.057_51 * x_0 - 10.0 * x_0.log10() - self.gain_db
    }
}

/// K of an Earth of radius `a_m` (Eq. (4.17)) and what a kilometre over it adds to x (Eq. (4.18), B = 1.607 − K).
fn vogler(setting: &Setting, a_m: f64) -> (f64, f64) {
    // C₀ = (4/3·6370 km/a)^⅓
    let c_0 = (4.0 / 3.0 * 6370e3 / a_m).cbrt();
    let root_f = setting.f_mhz.cbrt();
    let k = 0.017_778 * c_0 / root_f / setting.ground.z_g.norm();
    (k, (1.607 - k) * c_0 * c_0 * root_f)
}

/// Height gain F(x, K), dB (Eq. (6.4) to (6.6)).
fn height_gain_db(x: f64, k: f64) -> f64 {
    let far_db = || 0.057_51 * x - 4.343 * x.ln();
    let near_db = || 17.372 * x.ln() - 117.0;
    if x >= 2000.0 {
        far_db()
    } else if x >= 200.0 {
        let w = 0.0134 * x * (-0.005 * x).exp();
        (1.0 - w) * far_db() + w * near_db()
    } else {
        let w = -k.ln();
        if k >= 1e-5 && x * w.powi(3) <= 5495.0 {
            2.5e-5 * x * x / k - 8.686 * w - 15.0
        } else if x > 1.0 {
            near_db()
        } else {
            -117.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_6_1_one_knife_edge() {
        // v = 1: 6.02 + 9.11 − 1.27; v = 10: 12.953 + 20. The two forms meet at v = 2.4 within 0.02 dB.
        assert!((fresnel_db(1.0) - 13.86).abs() < 1e-12);
        assert!((fresnel_db(100.0) - 32.953).abs() < 1e-12);
        assert!((fresnel_db(5.76) - fresnel_db(5.76 - 1e-9)).abs() < 0.02);
    }

    #[test]
    fn eq_6_4_to_6_6_height_gain() {
        // K = 0.01, x = 100: w³·x = 4.605³·100 = 9,767 > 5495: 17.372·ln 100 − 117 = −36.999.
        assert!((height_gain_db(100.0, 0.01) + 36.999).abs() < 1e-3);
        // K = 0.1, x = 100: 2.5e-5·10⁴/0.1 − 8.686·2.302585 − 15 = −32.5003.
        assert!((height_gain_db(100.0, 0.1) + 32.500_3).abs() < 1e-4);
        // x = 3000: 172.53 − 4.343·8.006368 = 137.758.
        assert!((height_gain_db(3000.0, 0.1) - 137.758).abs() < 1e-3);
        assert_eq!(height_gain_db(0.5, 1e-6), -117.0);
        // x = 200 passes into the mixed form: w = 2.68/e.
        let w = 2.68 / 1f64.exp();
        let mixed_db = (1.0 - w) * (11.502 - 4.343 * 200f64.ln()) + w * (17.372 * 200f64.ln() - 117.0);
        assert!((height_gain_db(200.0, 0.1) - mixed_db).abs() < 1e-9);
    }
}
