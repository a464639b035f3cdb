//! Rec. ITU-R P.1812-8 for every receiver of a radial over inland terrain, equal to the plain form.
//!
//! Diffraction is that of [`super`], for the median radius and, below 50 % of the time, for that of β₀ as well. Horizons are
//! a running maximum and a tangent. Ducting is evaluated only where a lower bound of its loss lies below what diffraction
//! loses, because Eq. (61) takes no note of it elsewhere.

use super::super::earth::{BETA0_EFFECTIVE_RADIUS_KM, median_effective_radius_km};
use super::super::p1812::{
    Climate, Ducting, DuctingHeights, Horizons, Losses, P1812Model, SHORTEST_KM, mrad, troposcatter_loss_db,
};
use super::super::spherical_earth::{DB_PER_NEPER_POWER, Wave};
use super::super::{Link, Radial, RadialReceiver, Trace};
use super::{FreeSpace, Sweep};

/// At 50 % of the time β₀ has no part in the result but through I(0.5) ≈ 0; any value below 50 serves.
const ANY_BETA0_PERCENT: f64 = 10.0;

/// L_b of every receiver outdoors, dB; see [`super::super::PropagationModel::sweep`].
pub(in super::super) fn sweep_p1812(
    model: &P1812Model,
    link: &Link,
    radial: Radial<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    let mut sweep = P1812Sweep::new(model, link, radial);
    for (receiver, loss_db) in receivers.iter().zip(losses_db) {
        *loss_db = sweep.loss_db(*receiver);
    }
}

struct P1812Sweep<'a> {
    model: &'a P1812Model,
    link: &'a Link,
    f_ghz: f64,
    a_e_km: f64,
    /// For the median effective radius.
    median: Sweep<'a>,
    /// For the radius of β₀ %; `None` at 50 % of the time.
    beta0: Option<Sweep<'a>>,
    free_space: FreeSpace,
    h_0_amsl_m: f64,
    h_ts_amsl_m: f64,
    /// L_loc, dB, Eq. (67a).
    location_db: f64,
    /// Sum of A_f's terms that depend on the frequency alone, dB, Eq. (47).
    ducting_at_1_km_db: f64,
    /// γ_d, dB/mrad, Eq. (51).
    gamma_d: f64,
    /// L_bs without its terms in distance and angle, dB, Eq. (44).
    troposcatter_at_1_km_db: f64,
}

impl<'a> P1812Sweep<'a> {
    fn new(model: &'a P1812Model, link: &'a Link, radial: Radial<'a>) -> Self {
        let f_ghz = link.frequency_mhz / 1000.0;
        let wave = Wave { f_ghz, polarization: link.polarization, omega: 0.0 };
        let h_0_amsl_m = radial.terrain_amsl_m[0];
        let h_ts_amsl_m = h_0_amsl_m + link.tx_height_agl_m;
        let a_e_km = median_effective_radius_km(model.delta_n);
        let sweep = |a_p_km, horizons| Sweep::new(radial, h_ts_amsl_m, a_p_km, wave, model.smooth, horizons);
        Self {
            model,
            link,
            f_ghz,
            a_e_km,
            median: sweep(a_e_km, true),
            beta0: (model.time_percent < 50.0).then(|| sweep(BETA0_EFFECTIVE_RADIUS_KM, false)),
            free_space: FreeSpace::new(f_ghz, h_ts_amsl_m),
            h_0_amsl_m,
            h_ts_amsl_m,
            location_db: model.location_loss_db(),
            ducting_at_1_km_db: Ducting::fixed_loss_at_1_km_db(f_ghz),
            gamma_d: Ducting::gamma_d(f_ghz, a_e_km),
            troposcatter_at_1_km_db: troposcatter_loss_db(f_ghz, 1.0, 0.0, model.n0, model.time_percent),
        }
    }

    #[inline]
    fn loss_db(&mut self, receiver: RadialReceiver) -> f64 {
        let d = receiver.distance_km;
        let h_rs_amsl_m = receiver.terrain_amsl_m + self.link.rx_height_agl_m;
        self.median.walk.advance_to(d);
        if let Some(beta0) = &mut self.beta0 {
            beta0.walk.advance_to(d);
        }
        let l_bfs_db = self.free_space.loss_db(d, h_rs_amsl_m);
        if d < SHORTEST_KM {
            return l_bfs_db;
        }
        let l_d50_db = self.median.diffraction_loss_db(receiver, h_rs_amsl_m);
        let l_dbeta_db = self.beta0.as_ref().map_or(l_d50_db, |beta0| beta0.diffraction_loss_db(receiver, h_rs_amsl_m));
        let horizons = self.horizons(d, h_rs_amsl_m);
        let climate = (self.model.time_percent < 50.0).then(|| self.climate(d));
        let l_bd_at_most_db = l_bfs_db + l_d50_db.max(l_dbeta_db);
        let l_ba_db = if self.ducting_bound_db(d, &horizons, climate) > l_bd_at_most_db {
            f64::INFINITY // above every L_bd that Eq. (61) compares it with
        } else {
            self.ducting_loss_db(receiver, horizons, climate)
        };
        let p_percent = self.model.time_percent;
        let beta0_percent = climate.map_or(ANY_BETA0_PERCENT, |c| c.beta0_percent);
        let l_bs_db = self.troposcatter_at_1_km_db + 2.0 * DB_PER_NEPER_POWER * d.ln() + 0.573 * horizons.theta_mrad;
        let losses = Losses { l_bfs_db, l_d50_db, l_dbeta_db, l_ba_db, l_bs_db };
        let (l_b0p_db, l_bc_db) = losses.combine(d, 0.0, &horizons, beta0_percent, p_percent, &mut Trace::off());
        l_b0p_db.max(l_bc_db + self.location_db)
    }

    fn climate(&self, d_km: f64) -> Climate {
        Climate::of_sections(d_km, d_km, self.link.path_center_latitude_deg)
    }

    /// Horizons of the path; d_lt and d_lr of a line of sight are left for [`Self::ducting_loss_db`], only their sum holds.
    #[inline]
    fn horizons(&self, d: f64, h_rs_amsl_m: f64) -> Horizons {
        let (skyline, curvature) = (self.median.walk.bare(), self.median.curvature);
        let s_tr = (h_rs_amsl_m - self.h_ts_amsl_m) / d;
        let direct = s_tr - curvature * d;
        let beyond_horizon = skyline.steepest > direct;
        let tangent = || skyline.hull.tangent_from(d, h_rs_amsl_m - curvature * d * d);
        let (s_t, s_r, d_lt_km, d_lr_km) = match if beyond_horizon { tangent() } else { None } {
            Some((s_r, at_km)) => (skyline.steepest, s_r - 2.0 * curvature * d, skyline.steepest_at_km, d - at_km),
            None => (direct, -s_tr - curvature * d, d, 0.0),
        };
        let (theta_t_mrad, theta_r_mrad) = (mrad(s_t), mrad(s_r));
        let theta_mrad = 1e3 * d / self.a_e_km + theta_t_mrad + theta_r_mrad;
        let line_of_sight = !beyond_horizon;
        Horizons { theta_t_mrad, theta_r_mrad, theta_mrad, d_lt_km, d_lr_km, points: None, line_of_sight }
    }

    /// A loss that L_ba is not below, dB: shielding left out, and A(p) with β at β₀, its largest, and its power at least 0.
    #[inline]
    fn ducting_bound_db(&self, d: f64, horizons: &Horizons, climate: Option<Climate>) -> f64 {
        let limited = |theta: f64, d_l: f64| theta.min(if horizons.line_of_sight { 0.0 } else { 0.1 * d_l });
        let theta_mrad = 1e3 * d / self.a_e_km
            + limited(horizons.theta_t_mrad, horizons.d_lt_km)
            + limited(horizons.theta_r_mrad, horizons.d_lr_km);
        let variability_db = match climate {
            // At 50 % β is below p, so both powers and the logarithm are at least 1, 1 and 0.
            None => 0.0,
            Some(c) => (-12.0 + (1.2 + 3.7e-3 * d) * (self.model.time_percent / c.beta0_percent).log10()).min(-12.0),
        };
        self.ducting_at_1_km_db
            + 2.0 * DB_PER_NEPER_POWER * (horizons.d_lt_km + horizons.d_lr_km).ln()
            + self.gamma_d * theta_mrad
            + variability_db
    }

    /// L_ba, dB.
    #[cold]
    fn ducting_loss_db(&self, receiver: RadialReceiver, mut horizons: Horizons, climate: Option<Climate>) -> f64 {
        let d = receiver.distance_km;
        let walk = &self.median.walk;
        let h_rs_amsl_m = receiver.terrain_amsl_m + self.link.rx_height_agl_m;
        if horizons.line_of_sight {
            let direct = (h_rs_amsl_m - self.h_ts_amsl_m) / d - self.median.curvature * d;
            horizons.d_lt_km = walk.bare().clearance.narrowest_km(d, direct).unwrap_or(d / 2.0);
            horizons.d_lr_km = d - horizons.d_lt_km;
        }
        let fit = walk.smooth_fit(d, receiver.terrain_amsl_m);
        let h_st_amsl_m = fit.h_st_amsl_m.min(self.h_0_amsl_m);
        let h_sr_amsl_m = fit.h_sr_amsl_m.min(receiver.terrain_amsl_m);
        let slope = (h_sr_amsl_m - h_st_amsl_m) / d;
        // A micrometre makes good for the rounding of d − d_lr.
        let (from_km, to_km) = (horizons.d_lt_km, d - horizons.d_lr_km + 1e-9);
        let heights = DuctingHeights {
            h_st_amsl_m,
            h_sr_amsl_m,
            h_te_m: self.h_ts_amsl_m - h_st_amsl_m,
            h_re_m: h_rs_amsl_m - h_sr_amsl_m,
            h_m_m: walk.highest_between(from_km, to_km, h_st_amsl_m, slope),
        };
        let ducting = Ducting {
            f_ghz: self.f_ghz,
            d_km: d,
            p_percent: self.model.time_percent,
            omega: 0.0,
            a_e_km: self.a_e_km,
            h_s_amsl_m: [self.h_ts_amsl_m, h_rs_amsl_m],
            d_c_km: self.model.coast_distance_km,
        };
        ducting.loss_db(&horizons, &heights, &climate.unwrap_or_else(|| self.climate(d)))
    }
}
