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
mod itm;
mod p1812;
mod smooth_path;
mod walk;

use super::diffraction::{NU_WITHOUT_LOSS, SmoothMethod, bullington_from_edge_db};
use super::earth::{free_space_loss_db, wavelength_m};
use super::smooth_earth::{Obstruction, diffraction_heights};
use super::spherical_earth::{DB_PER_NEPER_POWER, SphericalPath, Wave};
use super::{Link, Radial, RadialReceiver};
pub(super) use itm::sweep_itm;
pub(super) use p1812::sweep_p1812;
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
    let h_ts_amsl_m = radial.terrain_amsl_m[0] + link.tx_height_agl_m;
    let mut sweep = Sweep::new(radial, h_ts_amsl_m, a_p_km, wave, SmoothMethod::Profile, false);
    let free_space = FreeSpace::new(wave.f_ghz, h_ts_amsl_m);
    for (receiver, loss_db) in receivers.iter().zip(losses_db) {
        let h_rs_amsl_m = receiver.terrain_amsl_m + link.rx_height_agl_m;
        sweep.walk.advance_to(receiver.distance_km);
        *loss_db =
            free_space.loss_db(receiver.distance_km, h_rs_amsl_m) + sweep.diffraction_loss_db(*receiver, h_rs_amsl_m);
    }
}

/// Free-space basic transmission loss of every receiver, dB; see [`super::PropagationModel::sweep`].
pub(super) fn sweep_free_space(link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
    let h_ts_amsl_m = radial.terrain_amsl_m[0] + link.tx_height_agl_m;
    let free_space = FreeSpace::new(link.frequency_mhz / 1000.0, h_ts_amsl_m);
    for (receiver, loss_db) in receivers.iter().zip(losses_db) {
        *loss_db = free_space.loss_db(receiver.distance_km, receiver.terrain_amsl_m + link.rx_height_agl_m);
    }
}

/// Eq. (8) with what belongs to the transmitter worked out once.
struct FreeSpace {
    at_1_km_db: f64,
    h_ts_amsl_m: f64,
}

impl FreeSpace {
    fn new(f_ghz: f64, h_ts_amsl_m: f64) -> Self {
        Self { at_1_km_db: free_space_loss_db(f_ghz, 1.0, h_ts_amsl_m, h_ts_amsl_m), h_ts_amsl_m }
    }

    #[inline]
    fn loss_db(&self, d_km: f64, h_rs_amsl_m: f64) -> f64 {
        let rise_km = 0.001 * (self.h_ts_amsl_m - h_rs_amsl_m);
        self.at_1_km_db + DB_PER_NEPER_POWER * (d_km * d_km + rise_km * rise_km).ln()
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

impl<'a> Sweep<'a> {
    /// At the transmitter of a radial, for one effective Earth radius. `horizons`: see [`Walk::new`].
    fn new(
        radial: Radial<'a>,
        h_ts_amsl_m: f64,
        a_p_km: f64,
        wave: Wave,
        method: SmoothMethod,
        horizons: bool,
    ) -> Self {
        let curvature = 500.0 / a_p_km;
        Self {
            walk: Walk::new(radial, h_ts_amsl_m, curvature, horizons),
            smooth_paths: SmoothPaths::new(wave, a_p_km, method),
            h_0_amsl_m: radial.terrain_amsl_m[0],
            h_ts_amsl_m,
            curvature,
            lambda_m: wavelength_m(wave.f_ghz),
        }
    }

    /// L_d, dB, Eq. (39), of the receiver that the walk has just reached.
    #[inline]
    fn diffraction_loss_db(&self, receiver: RadialReceiver, h_rs_amsl_m: f64) -> f64 {
        let d = receiver.distance_km;
        let l_bulla_db = edge_loss_db(self.actual_nu(d, h_rs_amsl_m), d);
        let path = self.smooth_path(receiver, h_rs_amsl_m);
        let spherical = self.smooth_paths.spherical(path);
        if spherical.loss_db <= 0.0 {
            return l_bulla_db;
        }
        let nu = self.smooth_paths.bullington_nu(path, spherical.reflection, self.walk.intermediate_km());
        l_bulla_db + (spherical.loss_db - edge_loss_db(nu, d)).max(0.0)
    }

    /// ν of the actual path, Eq. (15) or (19).
    #[inline]
    fn actual_nu(&self, d: f64, h_rs_amsl_m: f64) -> f64 {
        let scale = 0.002 * d / self.lambda_m;
        let s_tr = (h_rs_amsl_m - self.h_ts_amsl_m) / d;
        // The slope of the direct line over the curved terrain.
        let direct = s_tr - self.curvature * d;
        let excess_t = self.walk.cluttered.steepest - direct;
        if excess_t < 0.0 {
            // ν ≤ −0.78 costs nothing: no need to know how much clearance there is beyond that.
            let enough = NU_WITHOUT_LOSS * NU_WITHOUT_LOSS / scale;
            let smallest = self.walk.cluttered.clearance.smallest(d, direct, enough);
            if smallest < enough { -(scale * smallest).sqrt() } else { f64::NEG_INFINITY }
        } else {
            let w = h_rs_amsl_m - self.curvature * d * d;
            let excess_r = self.walk.cluttered.hull.steepest_from(d, w) + direct;
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
    if nu > NU_WITHOUT_LOSS {
        let x = nu - 0.1;
        let l_uc_db = 6.9 + 2.0 * DB_PER_NEPER_POWER * ((x * x + 1.0).sqrt() + x).ln();
        bullington_from_edge_db(l_uc_db, d_km)
    } else {
        0.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
