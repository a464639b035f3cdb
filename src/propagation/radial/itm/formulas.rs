//! The model's formulas for a block of paths: those of [`super::super::super::itm`], which cites them, written without branches so
//! that loops over the columns become vector code. Both sides of a condition are worked out and one is taken.

use super::super::super::vector_math::double::{exp, ln, log10};
use super::block::{Block, PATHS};
use super::diffraction::diffraction_lines;
use super::sight::reference_attenuations;
use super::terms::Terms;
use std::f64::consts::LOG10_E;

/// N_s and a_e from the mean heights (Eq. (1.2) and (1.3)).
#[inline(always)]
pub(super) fn ground(block: &mut Block, n_0: f64) {
    for i in 0..PATHS {
        let n_s = n_0 * exp(block.z_s_amsl_m[i] * (-1.0 / 9460.0));
        block.n_s[i] = n_s;
        block.a_e_m[i] = 1.0 / (157e-9 * (1.0 - 0.04665 * exp(n_s * (1.0 / 179.3))));
    }
}

/// Losses from the geometry, as if nothing were carried by scatter.
#[inline(always)]
pub(super) fn losses(block: &mut Block, terms: &Terms) {
    statistical_horizons(block);
    diffraction_lines(block, terms);
    reference_attenuations(block, terms);
    basic_losses(block, terms);
}

/// Δh(s), m (Eq. (3.9)).
#[inline(always)]
pub(super) fn irregularity_over_m(s_m: f64, delta_h_m: f64) -> f64 {
    delta_h_m * (1.0 - 0.8 * exp(s_m * (-1.0 / 50e3)))
}

/// σ_h from Δh(s), m (Eq. (3.10)).
#[inline(always)]
pub(super) fn sigma_h_m(delta_h_s_m: f64) -> f64 {
    0.78 * delta_h_s_m * exp(-0.5 * delta_h_s_m.sqrt().sqrt())
}

/// Horizons of paths in line of sight, where they would be beyond the other terminal, and d_Ls of all.
#[inline(always)]
fn statistical_horizons(block: &mut Block) {
    for i in 0..PATHS {
        let (a_e_m, delta_h_m, d_m) = (block.a_e_m[i], block.delta_h_m[i], block.d_m[i]);
        let smooth_m = |h_m: f64| (2.0 * h_m * a_e_m).sqrt();
        let horizon_m = |h_m: f64| smooth_m(h_m) * exp(-0.07 * (delta_h_m / h_m.max(5.0)).sqrt());
        let in_sight = block.in_sight[i] > 0.5;
        let (h_1, h_2) = (block.h_e_m[0][i], block.h_e_m[1][i]);
        let reach_m = horizon_m(h_1) + horizon_m(h_2);
        let stretch = d_m / reach_m;
        let grown = if in_sight && reach_m <= d_m { stretch * stretch } else { 1.0 };
        let (h_1, h_2) = (h_1 * grown, h_2 * grown);
        let (d_l_1, d_l_2) = (horizon_m(h_1), horizon_m(h_2));
        let (d_ls_1, d_ls_2) = (smooth_m(h_1), smooth_m(h_2));
        let theta_rad = |h_m: f64, d_l: f64, d_ls: f64| (0.65 * delta_h_m * (d_ls / d_l - 1.0) - 2.0 * h_m) / d_ls;
        let (theta_1, theta_2) = (theta_rad(h_1, d_l_1, d_ls_1), theta_rad(h_2, d_l_2, d_ls_2));
        block.h_e_m[0][i] = h_1;
        block.h_e_m[1][i] = h_2;
        block.d_l_m[0][i] = if in_sight { d_l_1 } else { block.d_l_m[0][i] };
        block.d_l_m[1][i] = if in_sight { d_l_2 } else { block.d_l_m[1][i] };
        block.theta_e_rad[0][i] = if in_sight { theta_1 } else { block.theta_e_rad[0][i] };
        block.theta_e_rad[1][i] = if in_sight { theta_2 } else { block.theta_e_rad[1][i] };
        block.d_ls_m[i] = d_ls_1 + d_ls_2;
    }
}

/// Variability and free space ("Algorithm" §5).
#[inline(always)]
fn basic_losses(block: &mut Block, terms: &Terms) {
    let [z_t, z_l, z_s] = terms.z;
    let z_s2 = z_s * z_s;
    let (of_time, of_location) = (1.0 / (7.8 + z_s2), 1.0 / (24.0 + z_s2));
    for i in 0..PATHS {
        let d_m = block.d_m[i];
        let horizon_m = |h_m: f64| (2.0 * 9000e3 * h_m).sqrt();
        let d_ex_m = horizon_m(block.h_e_m[0][i]) + horizon_m(block.h_e_m[1][i]) + terms.scatter_distance_m;
        let d_e_m = if d_m < d_ex_m { 130e3 * d_m / d_ex_m } else { 130e3 + d_m - d_ex_m };
        let k_delta_h = terms.k_per_m * irregularity_over_m(d_m, block.delta_h_m[i]);
        let sigma_l = terms.location_counts * 10.0 * k_delta_h / (k_delta_h + 13.0);
        let sigma_s = terms.situation_counts * (5.0 + 3.0 * exp(d_e_m * (-1.0 / 100e3)));
        let sigma_t = terms.time.at_db(d_e_m) * terms.time_factor;
        let (y_t, y_l) = (sigma_t * z_t, sigma_l * z_l);
        let rest = sigma_s * sigma_s + y_t * y_t * of_time + y_l * y_l * of_location;
        let (sigma_t2, sigma_l2) = (sigma_t * sigma_t, sigma_l * sigma_l);
        let y_r = terms.in_y_r[0] * y_t + terms.in_y_r[1] * y_l + terms.in_y_r[2] * (sigma_t2 + sigma_l2).sqrt() * z_t;
        let y_s = (terms.in_spread[0] * sigma_t2 + terms.in_spread[1] * sigma_l2 + rest).sqrt() * z_s;
        let a_db = block.a_ref_db[i] - terms.median.at_db(d_e_m) - y_r - y_s;
        let bent_db = a_db * (29.0 - a_db) / (29.0 - 10.0 * a_db);
        let attenuation_db = if a_db < 0.0 { bent_db } else { a_db };
        block.loss_db[i] = attenuation_db + terms.free_space_at_1_m_db + 20.0 * LOG10_E * ln(d_m);
    }
}

/// Diffraction of one knife edge Fn from v², dB (Eq. (6.1)).
#[inline(always)]
pub(super) fn fresnel_db(v_squared: f64) -> f64 {
    let near = 6.02 + 9.11 * v_squared.sqrt() - 1.27 * v_squared;
    let far = 12.953 + 10.0 * log10(v_squared);
    if v_squared < 5.76 { near } else { far }
}
