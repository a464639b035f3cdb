//! Horizons and roughness of a path: Attachment 1 to Annex 1 of Rec. ITU-R P.1812-8, §4, §5.1 to §5.5 and §5.6.3.
//!
//! In: distances in km, bare terrain and antenna heights in m above sea level, the median effective Earth radius in km.
//! Out: horizon angles in mrad, horizon distances in km, effective heights and roughness in m.

use crate::propagation::smooth_earth::SmoothFit;

/// Horizons of the two antennas over bare terrain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizons {
    /// Horizon elevation angle of the transmitter θ_t, mrad.
    pub theta_t_mrad: f64,
    /// Horizon elevation angle of the receiver θ_r, mrad.
    pub theta_r_mrad: f64,
    /// Path angular distance θ, mrad (Eq. (84)).
    pub theta_mrad: f64,
    /// Distance of the transmitter's horizon d_lt, km.
    pub d_lt_km: f64,
    /// Distance of the receiver's horizon d_lr, km.
    pub d_lr_km: f64,
    /// Profile points of the two horizons, first the transmitter's; `None` without intermediate points.
    pub points: Option<(usize, usize)>,
    /// Whether the antennas see each other.
    pub line_of_sight: bool,
}

/// Milliradians of a slope in m/km.
#[inline]
pub(in crate::propagation) fn mrad(slope_m_per_km: f64) -> f64 {
    1000.0 * (slope_m_per_km / 1000.0).atan()
}

/// Finds the horizons (Eq. (75) to (84)).
///
/// On a line-of-sight path both horizons are the point with the largest diffraction parameter ν over bare terrain. A profile
/// without intermediate points is a line of sight whose horizons are taken in its middle.
pub fn horizons(
    d_km: &[f64],
    h_amsl_m: &[f64],
    h_ts_amsl_m: f64,
    h_rs_amsl_m: f64,
    a_e_km: f64,
    lambda_m: f64,
) -> Horizons {
    let (h_ts, h_rs) = (h_ts_amsl_m, h_rs_amsl_m);
    let last = d_km.len() - 1;
    let d = d_km[last];
    let half_curvature = 1000.0 / (2.0 * a_e_km);
    let s_td = (h_rs - h_ts) / d - half_curvature * d;
    let s_rd = (h_ts - h_rs) / d - half_curvature * d;
    let total = |theta_t: f64, theta_r: f64| 1e3 * d / a_e_km + theta_t + theta_r; // (84)
    // θ_max = max θᵢ, θᵢ = atan[(hᵢ − h_ts)/dᵢ − dᵢ/(2aₑ)]                                       (76, 77)
    let (mut s_max, mut lt) = (f64::NEG_INFINITY, 0);
    for i in 1..last {
        let s = (h_amsl_m[i] - h_ts) / d_km[i] - half_curvature * d_km[i];
        if s > s_max {
            (s_max, lt) = (s, i);
        }
    }
    // Beyond the horizon when θ_max > θ_td = atan[(h_rs − h_ts)/d − d/(2aₑ)]                        (78)
    if s_max > s_td {
        // θ_r = max atan[(hⱼ − h_rs)/(d − dⱼ) − (d − dⱼ)/(2aₑ)]                                   (82)
        let (mut s_r, mut lr) = (f64::NEG_INFINITY, 0);
        for i in 1..last {
            let back = d - d_km[i];
            let s = (h_amsl_m[i] - h_rs) / back - half_curvature * back;
            if s >= s_r {
                (s_r, lr) = (s, i);
            }
        }
        // θ_t = θ_max, d_lt = d_lt(θ_max), d_lr = d − d_lr(θ_r)                               (79, 80, 83)
        let (theta_t_mrad, theta_r_mrad) = (mrad(s_max), mrad(s_r));
        return Horizons {
            theta_t_mrad,
            theta_r_mrad,
            theta_mrad: total(theta_t_mrad, theta_r_mrad),
            d_lt_km: d_km[lt],
            d_lr_km: d - d_km[lr],
            points: Some((lt, lr)),
            line_of_sight: false,
        };
    }
    // ν_max = max {[hᵢ + 500·Cₑ·dᵢ(d − dᵢ) − (h_ts(d − dᵢ) + h_rs·dᵢ)/d]·√(0.002·d/(λ·dᵢ(d − dᵢ)))}   (81)
    let (mut nu_max, mut at) = (f64::NEG_INFINITY, None);
    for i in 1..last {
        let (d_i, back) = (d_km[i], d - d_km[i]);
        let nu = (h_amsl_m[i] + half_curvature * d_i * back - (h_ts * back + h_rs * d_i) / d)
            * (0.002 * d / (lambda_m * d_i * back)).sqrt();
        if nu >= nu_max {
            (nu_max, at) = (nu, Some(i));
        }
    }
    // θ_t = θ_td, θ_r = θ_rd, d_lt = dᵢ, d_lr = d − d_lt                                    (79, 80, 82a, 83a)
    let (theta_t_mrad, theta_r_mrad) = (mrad(s_td), mrad(s_rd));
    let d_lt_km = at.map_or(d / 2.0, |i| d_km[i]);
    Horizons {
        theta_t_mrad,
        theta_r_mrad,
        theta_mrad: total(theta_t_mrad, theta_r_mrad),
        d_lt_km,
        d_lr_km: d - d_lt_km,
        points: at.map(|i| (i, i)),
        line_of_sight: true,
    }
}

/// Heights that the ducting model needs, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DuctingHeights {
    /// Smooth surface at the transmitter, h_st, m above sea level (Eq. (92a)).
    pub h_st_amsl_m: f64,
    /// Smooth surface at the receiver, h_sr, m above sea level (Eq. (92b)).
    pub h_sr_amsl_m: f64,
    /// Effective height of the transmitting antenna h_te, m (Eq. (94a)).
    pub h_te_m: f64,
    /// Effective height of the receiving antenna h_re, m (Eq. (94b)).
    pub h_re_m: f64,
    /// Terrain roughness h_m, m (Eq. (95)); −∞ without intermediate points.
    pub h_m_m: f64,
}

/// Effective heights and roughness for the ducting model (§5.6.3, Eq. (92a) to (95)).
pub fn ducting_heights(
    d_km: &[f64],
    h_amsl_m: &[f64],
    fit: SmoothFit,
    horizons: &Horizons,
    h_tg_m: f64,
    h_rg_m: f64,
) -> DuctingHeights {
    let last = d_km.len() - 1;
    let (h_0, h_n) = (h_amsl_m[0], h_amsl_m[last]);
    // h_st = min(h_st, h₀), h_sr = min(h_sr, hₙ)                                                (92a, 92b)
    let (h_st, h_sr) = (fit.h_st_amsl_m.min(h_0), fit.h_sr_amsl_m.min(h_n));
    // m = (h_sr − h_st) / d                                                                       (93)
    let m = (h_sr - h_st) / d_km[last];
    // h_m = max [hᵢ − (h_st + m·dᵢ)] from the transmitter's to the receiver's horizon                 (95)
    let h_m_m = horizons.points.map_or(f64::NEG_INFINITY, |(lt, lr)| {
        (lt..=lr).map(|i| h_amsl_m[i] - (h_st + m * d_km[i])).fold(f64::NEG_INFINITY, f64::max)
    });
    DuctingHeights {
        h_st_amsl_m: h_st,
        h_sr_amsl_m: h_sr,
        // h_te = h_tg + h₀ − h_st, h_re = h_rg + hₙ − h_sr                                     (94a, 94b)
        h_te_m: h_tg_m + h_0 - h_st,
        h_re_m: h_rg_m + h_n - h_sr,
        h_m_m,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_76_to_84_one_hill_between_two_masts() {
        // A hill of 100 m at 4 km of 10 km, antennas at 10 m: slopes 90/4 = 22.5 and 90/6 = 15 m/km, less d/(2aₑ).
        let h = horizons(&[0.0, 4.0, 10.0], &[0.0, 100.0, 0.0], 10.0, 10.0, 8500.0, 0.33);
        assert!(!h.line_of_sight && h.points == Some((1, 1)) && (h.d_lt_km, h.d_lr_km) == (4.0, 6.0));
        let s_t: f64 = 22.5 - 4.0 / 17.0;
        let s_r: f64 = 15.0 - 6.0 / 17.0;
        assert!((h.theta_t_mrad - 1000.0 * (s_t / 1000.0).atan()).abs() < 1e-9, "{h:?}");
        assert!((h.theta_r_mrad - 1000.0 * (s_r / 1000.0).atan()).abs() < 1e-9, "{h:?}");
        assert!((h.theta_mrad - (1e4 / 8500.0 + h.theta_t_mrad + h.theta_r_mrad)).abs() < 1e-12);
    }

    #[test]
    fn eq_81_the_horizon_of_a_line_of_sight_is_its_narrowest_point() {
        // 5 m below the line at 1 km of 10 is narrower than 6 m below in the middle: ν −5/√0.9 < −6/√2.5 in size only.
        let h = horizons(&[0.0, 1.0, 5.0, 10.0], &[0.0, 95.0, 94.0, 0.0], 100.0, 100.0, 1e12, 0.3);
        // ν at 1 km: −5·√(0.02/(0.3·9)) = −0.430; at 5 km: −6·√(0.02/(0.3·25)) = −0.310.
        assert!(h.line_of_sight && h.points == Some((2, 2)) && (h.d_lt_km, h.d_lr_km) == (5.0, 5.0), "{h:?}");
    }

    #[test]
    fn without_intermediate_points_the_horizons_meet_in_the_middle() {
        let h = horizons(&[0.0, 6.0], &[0.0, 0.0], 30.0, 1.5, 8500.0, 0.3);
        assert!(h.line_of_sight && h.points.is_none() && (h.d_lt_km, h.d_lr_km) == (3.0, 3.0));
    }

    #[test]
    fn eq_92_to_95_roughness_between_the_horizons() {
        let (d_km, h_m) = ([0.0, 1.0, 2.0, 3.0], [10.0, 60.0, 40.0, 10.0]);
        let horizons = horizons(&d_km, &h_m, 20.0, 20.0, 8500.0, 0.3);
        let fit = SmoothFit { h_st_amsl_m: 5.0, h_sr_amsl_m: 14.0 };
        let heights = ducting_heights(&d_km, &h_m, fit, &horizons, 10.0, 10.0);
        // h_sr is cut to 10; m = 5/3; h_m at 1 km: 60 − (5 + 5/3).
        assert!((heights.h_m_m - (55.0 - 5.0 / 3.0)).abs() < 1e-12, "{heights:?}");
        assert_eq!((heights.h_te_m, heights.h_re_m), (15.0, 10.0));
    }
}
