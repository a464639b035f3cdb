//! Delta-Bullington for every receiver of a radial in one outward walk, O(log n) a receiver, equal to the plain form.
//!
//! All receivers of a radial share prefixes of one profile. With Cₑ = 1/a, uᵢ = gᵢ − 500·Cₑ·dᵢ² and a receiver at (d, h_rs):
//!
//! - S_tim = max (uᵢ − h_ts)/dᵢ + 500·Cₑ·d: a running maximum ([`walk`]).
//! - S_rim = max (uᵢ − w)/(d − dᵢ) − 500·Cₑ·d with w = h_rs − 500·Cₑ·d²: a tangent to the upper hull of the (dᵢ, uᵢ) ([`hull`]).
//! - ν_b² = (0.002·d/λ)·(S_tim − S_tr)·(S_rim + S_tr).
//! - ν_max on a line-of-sight path: block bounds, exact ([`clearance`]).
//! - h_obs, α_obt, α_obr: the same on bare terrain without curvature; v₁, v₂: running sums.
//! - The smooth path: closed forms ([`smooth_path`]); skipped where its loss is zero, because L_bulls ≥ 0.
//!
//! No allocation per receiver. Pruning drops only what cannot change the result.

mod clearance;
mod hull;
mod smooth_path;
mod walk;

use super::diffraction::{NU_WITHOUT_LOSS, bullington_from_edge_db, knife_edge_loss_db};
use super::earth::{free_space_loss_db, wavelength_m};
use super::smooth_earth::{Obstruction, diffraction_heights};
use super::spherical_earth::{SphericalPath, Wave};
use super::{Link, Radial, RadialReceiver};
use smooth_path::{SmoothPaths, nu_beyond_horizon};
use walk::Walk;

/// Free space plus delta-Bullington diffraction for the effective Earth radius `a_p_km`, all inland; see
/// [`super::PropagationModel::sweep`] for the other arguments.
pub(super) fn sweep_delta_bullington(
    link: &Link,
    a_p_km: f64,
    radial: Radial<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    debug_assert!(receivers.is_sorted_by(|a, b| a.distance_km <= b.distance_km), "receivers go outward");
    let wave = Wave { f_ghz: link.frequency_mhz / 1000.0, polarization: link.polarization, omega: 0.0 };
    let h_0_amsl_m = radial.terrain_amsl_m[0];
    let h_ts_amsl_m = h_0_amsl_m + link.tx_height_agl_m;
    let mut sweep = Sweep {
        walk: Walk::new(radial, h_ts_amsl_m, 500.0 / a_p_km),
        smooth_paths: SmoothPaths::new(wave, a_p_km),
        h_0_amsl_m,
        h_ts_amsl_m,
        curvature: 500.0 / a_p_km,
        lambda_m: wavelength_m(wave.f_ghz),
    };
    for (receiver, loss_db) in receivers.iter().zip(losses_db) {
        let h_rs_amsl_m = receiver.terrain_amsl_m + link.rx_height_agl_m;
        sweep.walk.advance_to(receiver.distance_km);
        *loss_db = free_space_loss_db(wave.f_ghz, receiver.distance_km, h_ts_amsl_m, h_rs_amsl_m)
            + sweep.diffraction_loss_db(*receiver, h_rs_amsl_m);
    }
}

struct Sweep<'a> {
    walk: Walk<'a>,
    smooth_paths: SmoothPaths,
    h_0_amsl_m: f64,
    h_ts_amsl_m: f64,
    /// 500·Cₑ, m/km².
    curvature: f64,
    lambda_m: f64,
}

impl Sweep<'_> {
    /// L_d, dB, Eq. (39), of the receiver that the walk has just reached.
    #[inline]
    fn diffraction_loss_db(&self, receiver: RadialReceiver, h_rs_amsl_m: f64) -> f64 {
        let d = receiver.distance_km;
        let l_bulla_db = edge_loss_db(self.actual_nu(d, h_rs_amsl_m), d);
        let path = self.smooth_path(receiver, h_rs_amsl_m);
        let l_dsph_db = self.smooth_paths.spherical_loss_db(path);
        if l_dsph_db <= 0.0 {
            return l_bulla_db;
        }
        let l_bulls_db = edge_loss_db(self.smooth_paths.bullington_nu(path, self.walk.intermediate_km()), d);
        l_bulla_db + (l_dsph_db - l_bulls_db).max(0.0)
    }

    /// ν of the actual path, Eq. (15) or (19).
    #[inline]
    fn actual_nu(&self, d: f64, h_rs_amsl_m: f64) -> f64 {
        let scale = 0.002 * d / self.lambda_m;
        let s_tr = (h_rs_amsl_m - self.h_ts_amsl_m) / d;
        // The slope of the direct line over the curved terrain.
        let direct = s_tr - self.curvature * d;
        let excess_t = self.walk.steepest_curved - direct;
        if excess_t < 0.0 {
            // ν ≤ −0.78 costs nothing: no need to know how much clearance there is beyond that.
            let enough = NU_WITHOUT_LOSS * NU_WITHOUT_LOSS / scale;
            -(scale * self.walk.clearance.smallest(d, direct, enough)).sqrt()
        } else {
            let w = h_rs_amsl_m - self.curvature * d * d;
            let excess_r = self.walk.curved_hull.steepest_from(d, w) + direct;
            nu_beyond_horizon(scale, excess_t, excess_r)
        }
    }

    /// The smooth path with antenna heights above the smooth surface, Eq. (38a) and (38b).
    #[inline]
    fn smooth_path(&self, receiver: RadialReceiver, h_rs_amsl_m: f64) -> SphericalPath {
        let d = receiver.distance_km;
        let direct = (h_rs_amsl_m - self.h_ts_amsl_m) / d;
        let alpha_obt_m_per_km = self.walk.steepest_bare - direct;
        let obstruction = if alpha_obt_m_per_km > 0.0 {
            Obstruction {
                h_obs_m: self.walk.bare_hull.highest_above(direct) - self.h_ts_amsl_m,
                alpha_obt_m_per_km,
                alpha_obr_m_per_km: self.walk.bare_hull.steepest_from(d, h_rs_amsl_m) + direct,
            }
        } else {
            Obstruction { h_obs_m: 0.0, alpha_obt_m_per_km, alpha_obr_m_per_km: 0.0 }
        };
        let fit = self.walk.smooth_fit(d, receiver.terrain_amsl_m);
        let smooth = diffraction_heights(fit, obstruction, self.h_0_amsl_m, receiver.terrain_amsl_m);
        SphericalPath {
            d_km: d,
            h_te_m: self.h_ts_amsl_m - smooth.h_std_amsl_m,
            h_re_m: h_rs_amsl_m - smooth.h_srd_amsl_m,
        }
    }
}

/// Bullington loss, dB, from ν, Eq. (12) and (21).
#[inline]
fn edge_loss_db(nu: f64, d_km: f64) -> f64 {
    if nu > NU_WITHOUT_LOSS { bullington_from_edge_db(knife_edge_loss_db(nu), d_km) } else { 0.0 }
}

#[cfg(test)]
mod tests;
