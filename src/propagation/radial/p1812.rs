//! Rec. ITU-R P.1812-8 for every receiver of a radial.
//!
//! Diffraction is that of [`super::delta_bullington`], for the median radius and, below 50 % of the time, for that of β₀ as well. Ducting
//! is evaluated only where a lower bound of its loss lies below what diffraction loses, because Eq. (61) takes no note of it
//! elsewhere.

use super::super::earth::{BETA0_EFFECTIVE_RADIUS_KM, median_effective_radius_km, wavelength_m};
use super::super::p1812::{
    Climate, Ducting, DuctingHeights, Horizons, P1812Model, SHORTEST_KM, inverse_normal, mrad, troposcatter_loss_db,
};
use super::super::spherical_earth::Wave;
use super::super::vector_math::single::{atan, decibels, exp, exp2, log2, max, min, pow, tanh};
use super::super::{Link, Radial, RadialReceiver};
use super::delta_bullington::DeltaBullington;
use super::free_space_at_1_km_db;
use super::tile::{Column, Setting, TILE, Tile};
use super::walk::Walk;
use super::zones::{OnTheWay, ZoneColumns, Zones, coupling_at_most_db};

/// Single precision is given so much when the bound of ducting is compared, dB.
const BOUND_MARGIN_DB: f32 = 0.01;
/// Single precision of a slope s_r, m/km, moves F_j by 5·10⁻⁷·s_r at most, and that the loss by ω·L_d as much, because Eq. (59) leaves
/// ω·L_d out: from this product on θ is worked out again.
const STEEP_OVER_SEA: f32 = 500.0;
/// So far from its middle F_j no longer changes with θ, mrad: below 2·10⁻⁶ for 1 mrad.
const FLAT_MRAD: f32 = 1.0;
/// η of Eq. (60).
const ETA: f32 = 2.5;

/// What a radial's losses share.
pub(super) struct P1812<'a> {
    model: &'a P1812Model,
    link: &'a Link,
    f_ghz: f64,
    a_e_km: f64,
    setting: Setting,
    median: DeltaBullington,
    /// `None` at 50 % of the time, where diffraction at β₀ has no part in the result.
    beta0: Option<DeltaBullington>,
    constants: Constants,
}

/// Numbers of the formulas, single precision.
struct Constants {
    free_space_db: f32,
    a_e_km: f32,
    /// p, %, log₁₀(p/50) and I(p/100).
    p_percent: f32,
    log_p: f32,
    inverse_p: f32,
    latitude_deg: f32,
    location_db: f32,
    /// Sum of A_f's terms that depend on the frequency alone, dB, Eq. (47).
    ducting_db: f32,
    /// γ_d, dB/mrad, Eq. (51).
    gamma_d: f32,
    f_ghz: f32,
    cbrt_f: f32,
    /// L_bs without its terms in distance and angle, dB, Eq. (44).
    troposcatter_db: f32,
    /// At least so far from either antenna is a horizon, km: transmitter, receiver.
    nearest_horizon_km: [f32; 2],
}

impl<'a> P1812<'a> {
    pub(super) fn new(model: &'a P1812Model, link: &'a Link, radial: Radial<'_>) -> Self {
        let f_ghz = link.frequency_mhz / 1000.0;
        let wave = Wave { f_ghz, polarization: link.polarization, omega: 0.0 };
        let h_0_amsl_m = radial.terrain_amsl_m[0];
        let a_e_km = median_effective_radius_km(model.delta_n);
        let p = model.time_percent;
        let diffraction = |a_p_km| DeltaBullington::new(wave, a_p_km, model.smooth, radial.distance_km);
        let first_km = radial.distance_km.get(1).copied().unwrap_or(f64::INFINITY);
        let constants = Constants {
            free_space_db: free_space_at_1_km_db(f_ghz) as f32,
            a_e_km: a_e_km as f32,
            p_percent: p as f32,
            log_p: (p / 50.0).log10() as f32,
            inverse_p: inverse_normal(p / 100.0) as f32,
            latitude_deg: link.path_center_latitude_deg.abs() as f32,
            location_db: model.location_loss_db() as f32,
            ducting_db: Ducting::fixed_loss_at_1_km_db(f_ghz) as f32,
            gamma_d: Ducting::gamma_d(f_ghz, a_e_km) as f32,
            f_ghz: f_ghz as f32,
            cbrt_f: f_ghz.cbrt() as f32,
            troposcatter_db: troposcatter_loss_db(f_ghz, 1.0, 0.0, model.n0, p) as f32,
            nearest_horizon_km: [first_km as f32, radial.own_place_km as f32],
        };
        Self {
            model,
            link,
            f_ghz,
            a_e_km,
            setting: Setting::new(link, h_0_amsl_m, wavelength_m(f_ghz), true),
            median: diffraction(a_e_km),
            beta0: (p < 50.0).then(|| diffraction(BETA0_EFFECTIVE_RADIUS_KM)),
            constants,
        }
    }

    /// L_b of every receiver outdoors, dB.
    #[inline(always)]
    pub(super) fn sweep(
        &self,
        radial: Radial<'_>,
        mut zones: impl Zones,
        receivers: &[RadialReceiver],
        losses_db: &mut [f64],
    ) {
        let beta0_curvature = self.beta0.as_ref().map(|_| 500.0 / BETA0_EFFECTIVE_RADIUS_KM);
        let mut walk = Walk::new(radial, self.setting.h_ts_amsl_m, 500.0 / self.a_e_km, beta0_curvature);
        let mut tile = Tile::EMPTY;
        for (receivers, losses_db) in receivers.chunks(TILE).zip(losses_db.chunks_mut(TILE)) {
            tile.fill(&self.setting, &mut walk, receivers);
            let zones = zones.of_tile(&tile, receivers);
            let losses = self.tile_losses_db(&walk, &tile, zones, receivers);
            for (loss_db, loss) in losses_db.iter_mut().zip(losses) {
                *loss_db = f64::from(loss);
            }
        }
    }

    #[inline(always)]
    fn tile_losses_db(
        &self,
        walk: &Walk<'_>,
        tile: &Tile,
        zones: Option<&ZoneColumns>,
        receivers: &[RadialReceiver],
    ) -> Column {
        let constants = &self.constants;
        let mut l_d50_db = [0.0; TILE];
        self.median.losses_db(tile, &tile.median, zones, &mut l_d50_db);
        let mut l_dbeta_db = l_d50_db;
        if let Some(beta0) = &self.beta0 {
            beta0.losses_db(tile, &tile.beta0, zones, &mut l_dbeta_db);
        }
        let mut beta0_percent = [0.0; TILE];
        let (mut l_bfs_db, mut theta_mrad) = ([0.0; TILE], [0.0; TILE]);
        // Above every L_bd that Eq. (61) compares it with, unless worked out below.
        let mut l_ba_db = [f32::INFINITY; TILE];
        let mut matters = [0u32; TILE];
        let mut any = 0;
        let mut coupling_db = [0.0; TILE];
        if let Some(zones) = zones {
            for k in 0..TILE {
                let h_ts = self.setting.h_ts_amsl_m;
                let h_s_amsl_m = [h_ts, h_ts - 1e3 * f64::from(tile.rise_km[k])];
                coupling_db[k] = coupling_at_most_db(&self.model.coasts, &zones.paths[k], tile.exact_km[k], h_s_amsl_m);
            }
        }
        for k in 0..TILE {
            let (d, rise_km) = (tile.d[k], tile.rise_km[k]);
            l_bfs_db[k] = constants.free_space_db + decibels(d * d + rise_km * rise_km);
            let theta = [1e3 * atan(1e-3 * tile.s_t[k]), 1e3 * atan(1e-3 * tile.s_r[k])];
            theta_mrad[k] = 1e3 * (d / constants.a_e_km + sum_of_arcs(tile.s_t[k], tile.s_r[k], tile.s_sum[k]));
            let (d_tm, d_lm) = zones.map_or((d, d), |zones| (zones.d_tm[k], zones.d_lm[k]));
            beta0_percent[k] = constants.beta0_percent(d_tm, d_lm);
            let over_land_db = constants.ducting_bound_db(tile, k, theta, beta0_percent[k]);
            let bound_db = if zones.is_some() { over_land_db - coupling_db[k] } else { over_land_db };
            let l_bd_at_most_db = l_bfs_db[k] + max(l_d50_db[k], l_dbeta_db[k]);
            matters[k] = u32::from(bound_db < l_bd_at_most_db + BOUND_MARGIN_DB);
            any |= matters[k];
        }
        if any != 0 {
            for k in 0..receivers.len() {
                if matters[k] != 0 && receivers[k].distance_km >= SHORTEST_KM {
                    l_ba_db[k] = {
                        let path = zones.map_or(OnTheWay::inland(receivers[k].distance_km), |zones| zones.paths[k]);
                        self.ducting_loss_db(walk, tile, k, receivers[k], &path) as f32
                    };
                }
            }
        }
        if let Some(zones) = zones {
            for k in 0..receivers.len() {
                let at_stake = zones.omega[k] * max(l_d50_db[k], l_dbeta_db[k]) * tile.s_r[k].abs();
                let bends = (theta_mrad[k] - 0.3).abs() < FLAT_MRAD;
                if at_stake > STEEP_OVER_SEA && bends && tile.sees[k] == 0.0 {
                    theta_mrad[k] = self.theta_mrad(walk, tile, k, receivers[k]) as f32;
                }
            }
        }
        let mut losses_db = [0.0; TILE];
        for k in 0..TILE {
            let losses =
                Losses { l_bfs_db: l_bfs_db[k], l_d50_db: l_d50_db[k], l_dbeta_db: l_dbeta_db[k], l_ba_db: l_ba_db[k] };
            let horizons_km = tile.d_lt[k] + tile.d_lr[k];
            let grounds = zones.map_or(Grounds { over_land: 1.0, location_db: constants.location_db }, |zones| {
                Grounds { over_land: 1.0 - zones.omega[k], location_db: constants.location_db * zones.on_land[k] }
            });
            let loss_db = constants.combine(losses, tile.d[k], horizons_km, theta_mrad[k], beta0_percent[k], grounds);
            losses_db[k] = if tile.d[k] < SHORTEST_KM as f32 { l_bfs_db[k] } else { loss_db };
        }
        losses_db
    }

    /// θ beyond the horizon in double precision, mrad.
    #[cold]
    #[inline(never)]
    fn theta_mrad(&self, walk: &Walk<'_>, tile: &Tile, k: usize, receiver: RadialReceiver) -> f64 {
        let RadialReceiver { distance_km: d, terrain_amsl_m, .. } = receiver;
        let passed = tile.passed[k] as usize;
        let skyline = &walk.ground().median;
        let horizon = nearest(&walk.radial.distance_km[1..passed], f64::from(tile.d_lt[k]));
        let to = (d, terrain_amsl_m + self.link.rx_height_agl_m);
        let (rim, _) = walk.rim(passed, to, skyline.curvature, false);
        1e3 * d / self.a_e_km + mrad(skyline.clearance.slopes()[horizon]) + mrad(rim - skyline.curvature * d)
    }

    /// L_ba, dB.
    #[cold]
    #[inline(never)]
    fn ducting_loss_db(
        &self,
        walk: &Walk<'_>,
        tile: &Tile,
        k: usize,
        receiver: RadialReceiver,
        zones: &OnTheWay,
    ) -> f64 {
        let RadialReceiver { distance_km: d, terrain_amsl_m, .. } = receiver;
        let (h_ts, h_rs) = (self.setting.h_ts_amsl_m, terrain_amsl_m + self.link.rx_height_agl_m);
        let passed = tile.passed[k] as usize;
        let curvature = walk.ground().median.curvature;
        let (s_tr, line_of_sight) = ((h_rs - h_ts) / d, tile.sees[k] > 0.0);
        let (d_lt_km, d_lr_km) = if line_of_sight {
            let narrowest = walk.ground().median.clearance.narrowest_km(passed - 1, d, s_tr - curvature * d);
            let d_lt_km = narrowest.unwrap_or(d / 2.0);
            (d_lt_km, d - d_lt_km)
        } else {
            // To the digit, because a horizon may lie centimetres away, of which Eq. (48a) takes the root, and Eq. (49) compares them with
            // distances to the coast.
            let samples = &walk.radial.distance_km[1..passed];
            let at = |km: f64| samples[nearest(samples, km)];
            (at(f64::from(tile.d_lt[k])), d - at(d - f64::from(tile.d_lr[k])))
        };
        let (theta_t_mrad, theta_r_mrad) = (mrad(f64::from(tile.s_t[k])), mrad(f64::from(tile.s_r[k])));
        let theta_mrad = 1e3 * d / self.a_e_km + theta_t_mrad + theta_r_mrad;
        let horizons =
            Horizons { theta_t_mrad, theta_r_mrad, theta_mrad, d_lt_km, d_lr_km, points: None, line_of_sight };
        let h_st_amsl_m = tile.fit[k].h_st_amsl_m.min(self.setting.h_0_amsl_m);
        let h_sr_amsl_m = tile.fit[k].h_sr_amsl_m.min(terrain_amsl_m);
        // A centimetre makes good for the rounding of the horizons' distances.
        let (from_km, to_km) = (d_lt_km - 1e-5, d - d_lr_km + 1e-5);
        let slope = (h_sr_amsl_m - h_st_amsl_m) / d;
        let heights = DuctingHeights {
            h_st_amsl_m,
            h_sr_amsl_m,
            h_te_m: h_ts - h_st_amsl_m,
            h_re_m: h_rs - h_sr_amsl_m,
            h_m_m: walk.highest_between(passed, from_km, to_km, h_st_amsl_m, slope),
        };
        let ducting = Ducting {
            f_ghz: self.f_ghz,
            d_km: d,
            p_percent: self.model.time_percent,
            omega: zones.sea_fraction(d),
            a_e_km: self.a_e_km,
            h_s_amsl_m: [h_ts, h_rs],
            d_c_km: self.model.coasts.distances_km(zones.sea_from_ends_km(d)),
        };
        let (d_tm_km, d_lm_km) = zones.sections_km();
        let climate = Climate::of_sections(d_tm_km, d_lm_km, self.link.path_center_latitude_deg);
        ducting.loss_db(&horizons, &heights, &climate)
    }
}

/// Losses of the single mechanisms, dB.
#[derive(Clone, Copy)]
struct Losses {
    l_bfs_db: f32,
    l_d50_db: f32,
    l_dbeta_db: f32,
    l_ba_db: f32,
}

/// What the zones have to do with [`Constants::combine`].
#[derive(Clone, Copy)]
struct Grounds {
    /// 1 − ω.
    over_land: f32,
    /// L_loc, dB: 0 at sea.
    location_db: f32,
}

/// Which of increasing distances, at least one, is nearest to `x`.
fn nearest(distances: &[f64], x: f64) -> usize {
    let after = distances.partition_point(|&d| d < x).min(distances.len() - 1);
    let before = after.saturating_sub(1);
    if x - distances[before] < distances[after] - x { before } else { after }
}

impl Constants {
    /// β₀, %, (Eq. (2) to (5)).
    #[inline(always)]
    fn beta0_percent(&self, d_tm_km: f32, d_lm_km: f32) -> f32 {
        const LOG2_10: f32 = std::f32::consts::LOG2_10;
        let tau = 1.0 - exp(-4.12e-4 * pow(d_lm_km, 2.41));
        let mu_1 = exp2(-LOG2_10 * d_tm_km / (16.0 - 6.6 * tau)) + exp2(-5.0 * LOG2_10 * (0.496 + 0.354 * tau));
        let log_mu_1 = min(0.2 * log2(mu_1), 0.0);
        let phi = self.latitude_deg;
        let (log_10, power) =
            if phi <= 70.0 { (-0.015 * phi + 1.67, 1.0 - 0.935 + 0.0176 * phi) } else { (4.17f32.log10(), 1.3) };
        exp2(LOG2_10 * log_10 + log_mu_1 * power)
    }

    /// A loss that L_ba is not below, dB: A(p) with β at β₀, its largest, and shielding by horizons whose distance is not known
    /// as little as it can be.
    #[inline(always)]
    fn ducting_bound_db(&self, tile: &Tile, k: usize, theta: [f32; 2], beta0_percent: f32) -> f32 {
        let d = tile.d[k];
        let sees = tile.sees[k] > 0.0;
        let far_km = [if sees { d } else { tile.d_lt[k] }, if sees { d } else { tile.d_lr[k] }];
        let mut bent_mrad = 1e3 * d / self.a_e_km;
        let mut shielding_db = 0.0;
        for end in 0..2 {
            let near_km = if sees { min(self.nearest_horizon_km[end], 0.5 * d) } else { far_km[end] };
            // θ'_t,r = min(θ_t,r, 0.1·d_lt,lr)                                                     (52a)
            bent_mrad += min(theta[end], 0.1 * near_km);
            // A_st,sr                                                                             (48a)
            let above = max(theta[end] - 0.1 * far_km[end], 0.0);
            shielding_db += 2.0 * decibels(1.0 + 0.361 * above * (self.f_ghz * near_km).sqrt());
            shielding_db += 0.264 * above * self.cbrt_f;
        }
        // (53) and (53a). A(p) falls with β as long as the exponential is near 1, which it is up to 300 km for any terrain on Earth; its
        // power is not negative beyond.
        const LOG10_2: f32 = std::f32::consts::LOG10_2;
        let log_beta = LOG10_2 * log2(beta0_percent);
        let log_ratio = LOG10_2 * log2(self.p_percent) - log_beta;
        let decay = (9.51 - 4.8 * log_beta + 0.198 * log_beta * log_beta) * 1e-6 * pow(d, 1.13);
        let gamma = 1.076 * exp(-decay) / pow(2.0058 - log_beta, 1.012);
        let power = exp2(std::f32::consts::LOG2_10 * log_ratio * gamma);
        let power = if d < 300.0 { power } else { 0.0 };
        let variability_db = (1.2 + 3.7e-3 * d) * log_ratio + 12.0 * power - 12.0;
        let horizons_km = tile.d_lt[k] + tile.d_lr[k];
        self.ducting_db + 2.0 * decibels(horizons_km) + self.gamma_d * bent_mrad + shielding_db + variability_db
    }

    /// L_b outdoors, dB: §4.2, §4.3.5, §4.6 and §4.9 as [`super::super::p1812`] has them.
    #[inline(always)]
    fn combine(
        &self,
        losses: Losses,
        d_km: f32,
        horizons_km: f32,
        theta_mrad: f32,
        beta0_percent: f32,
        grounds: Grounds,
    ) -> f32 {
        let Losses { l_bfs_db, l_d50_db, l_dbeta_db, l_ba_db } = losses;
        const LOG10_2: f32 = std::f32::consts::LOG10_2;
        // (9a) to (11)
        let multipath_db = 2.6 * (1.0 - exp(-0.1 * horizons_km));
        let l_b0p_db = l_bfs_db + multipath_db * self.log_p;
        let l_b0beta_db = l_bfs_db + multipath_db * LOG10_2 * log2(beta0_percent / 50.0);
        // F_i                                                                                      (40)
        let above = self.p_percent > beta0_percent;
        let f_i = if above { self.inverse_p / upper_tail(0.01 * beta0_percent) } else { 1.0 };
        // (41) to (43)
        let l_dp_db = l_d50_db + f_i * (l_dbeta_db - l_d50_db);
        let (l_bd50_db, l_bd_db) = (l_bfs_db + l_d50_db, l_b0p_db + l_dp_db);
        // F_j and F_k                                                                          (57, 58)
        let f_j = 0.5 * (1.0 - tanh(8.0 * (theta_mrad - 0.3)));
        let f_k = 0.5 * (1.0 - tanh(0.075 * (d_km - 20.0)));
        // L_minb0p                                                                                 (59)
        let over_land_db = grounds.over_land * l_dp_db;
        let high = l_bd50_db + (l_b0beta_db + over_land_db - l_bd50_db) * f_i;
        let l_minb0p_db = if self.p_percent < beta0_percent { l_b0p_db + over_land_db } else { high };
        // L_minbap                                                                                 (60)
        let apart = (l_ba_db - l_b0p_db).abs();
        let l_minbap_db = max(l_ba_db, l_b0p_db) + ETA / std::f32::consts::LOG2_E * log2(1.0 + exp(-apart / ETA));
        // L_bda                                                                                    (61)
        let mixed = l_minbap_db + (l_bd_db - l_minbap_db) * f_k;
        let l_bda_db = if l_minbap_db > l_bd_db { l_bd_db } else { mixed };
        // L_bam                                                                                    (62)
        let l_bam_db = l_bda_db + (l_minb0p_db - l_bda_db) * f_j;
        // L_bs                                                                                     (44)
        let l_bs_db = self.troposcatter_db + 2.0 * decibels(d_km) + 0.573 * theta_mrad;
        // L_bc                                                                                     (63)
        let apart = (l_bs_db - l_bam_db).abs();
        let l_bc_db = min(l_bs_db, l_bam_db) - 0.5 * decibels(1.0 + exp2(-0.2 * std::f32::consts::LOG2_10 * apart));
        // L_b = max(L_b0p, L_bc + L_loc)                                                           (69)
        max(l_b0p_db, l_bc_db + grounds.location_db)
    }
}

/// atan a + atan b, rad, of slopes a and b in m/km and their sum.
#[inline(always)]
fn sum_of_arcs(a: f32, b: f32, sum: f32) -> f32 {
    let rest = 1.0 - 1e-6 * a * b;
    let arc = atan(1e-3 * sum / if rest == 0.0 { 1e-7 } else { rest });
    arc + if rest < 0.0 { std::f32::consts::PI.copysign(a) } else { 0.0 }
}

/// I(x) for x up to one half (Attachment 2, Eq. (96a) to (97b)).
#[inline(always)]
fn upper_tail(x: f32) -> f32 {
    let t = (-2.0 * std::f32::consts::LN_2 * log2(max(x, 1e-6))).sqrt();
    let c = ((0.010_328 * t + 0.802_853) * t + 2.515_516_7) / (((0.001_308 * t + 0.189_269) * t + 1.432_788) * t + 1.0);
    t - c
}
