//! The reference attenuation of a block of paths: within line of sight a curve through up to three distances, beyond it the
//! line of diffraction ("Algorithm" §4.1, §4.3 and §4.4).

use super::super::super::vector_math::double::{cos_sin, exp, ln, log10};
use super::block::{Block, PATHS};
use super::formulas::{irregularity_over_m, sigma_h_m};
use super::terms::Terms;
use std::f64::consts::{FRAC_PI_2, PI};

/// A_ref, scatter left out.
#[inline(always)]
pub(super) fn reference_attenuations(block: &mut Block, terms: &Terms) {
    for i in 0..PATHS {
        let (d_0_m, d_1_m) = distances_m(block, terms, i);
        block.sight_db[0][i] = two_ray_and_diffraction_db(block, terms, i, d_0_m);
        block.sight_db[1][i] = two_ray_and_diffraction_db(block, terms, i, d_1_m);
    }
    for i in 0..PATHS {
        let (d_m, d_ls_m) = (block.d_m[i], block.d_ls_m[i]);
        let (at_0_db, slope_db_per_m) = (block.diffraction_at_0_db[i], block.diffraction_slope_db_per_m[i]);
        let (d_0_m, d_1_m) = distances_m(block, terms, i);
        let (a_0_db, a_1_db) = (block.sight_db[0][i], block.sight_db[1][i]);
        let a_2_db = slope_db_per_m * d_ls_m + at_0_db;
        // Through three points, or the two outer ones.
        let (rise_1_db, rise_2_db) = (a_1_db - a_0_db, a_2_db - a_0_db);
        let (run_1_m, run_2_m) = (d_1_m - d_0_m, d_ls_m - d_0_m);
        let (ln_ls, ln_0) = (ln(d_ls_m), ln(d_0_m));
        let (log_1, log_2) = (ln(d_1_m) - ln_0, ln_ls - ln_0);
        let k_2 = ((run_2_m * rise_1_db - run_1_m * rise_2_db) / (run_2_m * log_1 - run_1_m * log_2)).max(0.0);
        let three = d_0_m < d_1_m && (at_0_db > 0.0 || k_2 > 0.0);
        let k_1 = (rise_2_db - k_2 * log_2) / run_2_m;
        let falls = k_1 < 0.0 || k_1.is_nan();
        let k_2_of_two = rise_2_db.max(0.0) / log_2;
        let k_1_of_two = if k_2_of_two == 0.0 { slope_db_per_m } else { 0.0 };
        let (k_1, k_2) = if falls { (k_1_of_two, k_2_of_two) } else { (k_1, k_2) };
        // A straight line from d₁ to d_Ls, or that of diffraction.
        let straight = (a_2_db - a_1_db).max(0.0) / (d_ls_m - d_1_m);
        let straight = if straight == 0.0 { slope_db_per_m } else { straight };
        let (k_1, k_2) = if three { (k_1, k_2) } else { (straight, 0.0) };
        let sight_db = a_2_db - k_1 * d_ls_m - k_2 * ln_ls + k_1 * d_m + k_2 * ln(d_m);
        let diffraction_db = slope_db_per_m * d_m + at_0_db;
        let a_ref_db = if d_m < d_ls_m { sight_db } else { diffraction_db };
        block.a_ref_db[i] = if a_ref_db < 0.0 { 0.0 } else { a_ref_db };
    }
}

/// d₀ and d₁, m.
#[inline(always)]
fn distances_m(block: &Block, terms: &Terms, i: usize) -> (f64, f64) {
    let (at_0_db, slope_db_per_m) = (block.diffraction_at_0_db[i], block.diffraction_slope_db_per_m[i]);
    let d_l_m = block.d_l_m[0][i] + block.d_l_m[1][i];
    let d_0_m = 0.04 * terms.f_mhz * block.h_e_m[0][i] * block.h_e_m[1][i];
    let d_0_near_m = d_0_m.min(0.5 * d_l_m);
    let d_1_near_m = d_0_near_m + 0.25 * (d_l_m - d_0_near_m);
    let d_1_m = (-at_0_db / slope_db_per_m).max(0.25 * d_l_m);
    if at_0_db >= 0.0 { (d_0_near_m, d_1_near_m) } else { (d_0_m, d_1_m) }
}

/// A_los at the distance s, dB.
#[inline(always)]
fn two_ray_and_diffraction_db(block: &Block, terms: &Terms, i: usize, s_m: f64) -> f64 {
    let (h_1_m, h_2_m, delta_h_m) = (block.h_e_m[0][i], block.h_e_m[1][i], block.delta_h_m[i]);
    let sigma_h_m = sigma_h_m(irregularity_over_m(s_m, delta_h_m));
    let both_m = h_1_m + h_2_m;
    let sin_psi = both_m / (s_m * s_m + both_m * both_m).sqrt();
    // (sin ψ − Z)/(sin ψ + Z)·exp(…), multiplied out
    let [z_re, z_im, z_norm] = terms.z_g;
    let sum = sin_psi + z_re;
    let reduced = exp(-(terms.k_per_m * sigma_h_m * sin_psi).min(10.0)) / (sum * sum + z_im * z_im);
    let r_re = (sin_psi * sin_psi - z_norm * z_norm) * reduced;
    let r_im = -2.0 * sin_psi * z_im * reduced;
    let magnitude = r_re * r_re + r_im * r_im;
    let raised = if magnitude < 0.25 || magnitude < sin_psi { (sin_psi / magnitude).sqrt() } else { 1.0 };
    let delta_rad = terms.k_per_m * 2.0 * h_1_m * h_2_m / s_m;
    let delta_rad = if delta_rad > FRAC_PI_2 { PI - FRAC_PI_2 * FRAC_PI_2 / delta_rad } else { delta_rad };
    let (cos, sin) = cos_sin(delta_rad);
    let (re, im) = (cos + r_re * raised, r_im * raised - sin);
    let a_t_db = -10.0 * log10(re * re + im * im);
    let w = 1.0 / (1.0 + terms.f_mhz * delta_h_m / block.d_ls_m[i].max(10e3));
    let diffraction_db = block.diffraction_slope_db_per_m[i] * s_m + block.diffraction_at_0_db[i];
    w * a_t_db + (1.0 - w) * diffraction_db
}
