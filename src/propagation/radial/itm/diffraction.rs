//! The line of attenuation beyond the horizon, for a block of paths ("Algorithm" §4.2).

use super::super::super::vector_math::double::{cbrt, exp, ln, log10};
use super::block::{Block, PATHS};
use super::formulas::{fresnel_db, irregularity_over_m, sigma_h_m};
use super::terms::Terms;

/// A_ed and m_d from the diffraction at the distances d₃ and d₄.
#[inline(always)]
pub(super) fn diffraction_lines(block: &mut Block, terms: &Terms) {
    for i in 0..PATHS {
        let (a_e_m, delta_h_m, d_ls_m) = (block.a_e_m[i], block.delta_h_m[i], block.d_ls_m[i]);
        let d_l_m = [block.d_l_m[0][i], block.d_l_m[1][i]];
        let h_e_m = [block.h_e_m[0][i], block.h_e_m[1][i]];
        let gamma_e_per_m = 1.0 / a_e_m;
        let horizons_m = d_l_m[0] + d_l_m[1];
        let theta_e_rad = (block.theta_e_rad[0][i] + block.theta_e_rad[1][i]).max(-horizons_m * gamma_e_per_m);

        let sigma_h_m = sigma_h_m(irregularity_over_m(d_ls_m, delta_h_m));
        let a_fo_db = (5.0 * log10(1.0 + 1e-5 * terms.product_m2 * terms.f_mhz * sigma_h_m)).min(15.0);
        let excess_m2 = h_e_m[0] * h_e_m[1] - terms.product_m2;
        let height_ratio = (1.0 + excess_m2 / (terms.product_m2 + 10.0)).sqrt();

        let (x_1, f_1_db) = terminal(d_l_m[0], h_e_m[0], terms);
        let (x_2, f_2_db) = terminal(d_l_m[1], h_e_m[1], terms);

        let diffraction = Diffraction {
            terms,
            a_e_m,
            gamma_e_per_m,
            delta_h_m,
            d_l_m,
            horizons_m,
            theta_e_rad,
            x_terminals: x_1 + x_2,
            gain_db: f_1_db + f_2_db + 20.0,
            a_fo_db,
            height_ratio,
        };
        let scale_m = cbrt(a_e_m * a_e_m) / terms.root_f;
        let d_3_m = d_ls_m.max(horizons_m + 5.0 * scale_m);
        let d_4_m = d_3_m + 10.0 * scale_m;
        let (a_3_db, a_4_db) = (diffraction.loss_db(d_3_m), diffraction.loss_db(d_4_m));
        let slope_db_per_m = (a_4_db - a_3_db) / (d_4_m - d_3_m);
        block.diffraction_at_0_db[i] = a_3_db - slope_db_per_m * d_3_m;
        block.diffraction_slope_db_per_m[i] = slope_db_per_m;
        block.scale_m[i] = scale_m;
    }
}

/// Diffraction over one path.
struct Diffraction<'a> {
    terms: &'a Terms,
    a_e_m: f64,
    gamma_e_per_m: f64,
    delta_h_m: f64,
    d_l_m: [f64; 2],
    horizons_m: f64,
    theta_e_rad: f64,
    x_terminals: f64,
    gain_db: f64,
    a_fo_db: f64,
    height_ratio: f64,
}

impl Diffraction<'_> {
    /// A_diff over the distance s, dB.
    #[inline(always)]
    fn loss_db(&self, s_m: f64) -> f64 {
        let terms = self.terms;
        let theta_rad = s_m * self.gamma_e_per_m + self.theta_e_rad;
        let between_m = s_m - self.horizons_m;
        let scale = 0.079_577_5 * terms.k_per_m * theta_rad * theta_rad;
        let [d_l_1, d_l_2] = self.d_l_m;
        let a_k_db = fresnel_db(scale * d_l_1 * between_m / (between_m + d_l_1))
            + fresnel_db(scale * d_l_2 * between_m / (between_m + d_l_2));
        let (_, per_m) = vogler(theta_rad / between_m, terms);
        let x_0 = per_m * between_m + self.x_terminals;
        let a_r_db = 0.057_51 * x_0 - 10.0 * log10(x_0) - self.gain_db;
        let roughness = (irregularity_over_m(s_m, self.delta_h_m) * terms.k_per_m).min(6283.2);
        let bend = (self.theta_e_rad * self.a_e_m + self.horizons_m) / s_m;
        let q = (self.height_ratio + bend) * roughness;
        let w = 25.1 / (25.1 + q.sqrt());
        w * a_r_db + (1.0 - w) * a_k_db + self.a_fo_db
    }
}

/// x and F(x, K) of one terminal, dB.
#[inline(always)]
fn terminal(d_l_m: f64, h_e_m: f64, terms: &Terms) -> (f64, f64) {
    let (k, per_m) = vogler(2.0 * h_e_m / (d_l_m * d_l_m), terms);
    let x = per_m * d_l_m;
    (x, height_gain_db(x, k))
}

/// K of an Earth of the curvature 1/a and what a metre over it adds to x.
#[inline(always)]
fn vogler(curvature_per_m: f64, terms: &Terms) -> (f64, f64) {
    let c_0 = cbrt(4.0 / 3.0 * 6370e3 * curvature_per_m);
    let k = terms.k_of_c_0 * c_0;
    (k, (1.607 - k) * c_0 * c_0 * terms.root_f_per_1000)
}

/// Height gain F(x, K), dB (Eq. (6.4) to (6.6)).
#[inline(always)]
fn height_gain_db(x: f64, k: f64) -> f64 {
    let ln_x = ln(x);
    let far_db = 0.057_51 * x - 4.343 * ln_x;
    let near_db = 17.372 * ln_x - 117.0;
    let mix = 0.0134 * x * exp(-0.005 * x);
    let mixed_db = (1.0 - mix) * far_db + mix * near_db;
    let w = -ln(k);
    let low_db = 2.5e-5 * x * x / k - 8.686 * w - 15.0;
    let least_db = if x > 1.0 { near_db } else { -117.0 };
    let below_db = if k >= 1e-5 && x * (w * w * w) <= 5495.0 { low_db } else { least_db };
    let below_db = if x >= 200.0 { mixed_db } else { below_db };
    if x >= 2000.0 { far_db } else { below_db }
}
