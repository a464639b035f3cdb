//! The smooth-Earth surface under a profile: Attachment 1 to Annex 1 of Rec. ITU-R P.1812-8, §5.6.1 and §5.6.2.
//!
//! In: distances in km, bare terrain and antenna heights in m above sea level. Out: heights of the smooth surface at the
//! two ends, in m above sea level. A profile without intermediate points has no obstacle.

/// Heights of the least-squares straight line through the terrain at the two ends, m above sea level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmoothFit {
    /// h_st, at the transmitter.
    pub h_st_amsl_m: f64,
    /// h_sr, at the receiver.
    pub h_sr_amsl_m: f64,
}

/// What the terrain rises above the straight line between the antennas (no Earth curvature).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Obstruction {
    /// h_obs, the highest obstruction above the line, m; −∞ without intermediate points, negative when all lies below.
    pub h_obs_m: f64,
    /// α_obt, the largest slope from the transmitter towards an obstruction, m/km.
    pub alpha_obt_m_per_km: f64,
    /// α_obr, the largest slope from the receiver towards an obstruction, m/km.
    pub alpha_obr_m_per_km: f64,
}

/// Smooth-surface heights for the diffraction model, m above sea level: never above the terrain at the ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiffractionHeights {
    /// h_std, at the transmitter.
    pub h_std_amsl_m: f64,
    /// h_srd, at the receiver.
    pub h_srd_amsl_m: f64,
}

/// Fits the smooth-Earth surface (§5.6.1, Eq. (85) to (88)).
///
/// Both slices have the same length, at least 2; distances in km increase from 0.
pub fn fit(d_km: &[f64], h_amsl_m: &[f64]) -> SmoothFit {
    let (mut v_1, mut v_2) = (0.0, 0.0);
    for i in 1..d_km.len() {
        v_1 += v_1_term(d_km[i - 1], d_km[i], h_amsl_m[i - 1], h_amsl_m[i]);
        v_2 += v_2_term(d_km[i - 1], d_km[i], h_amsl_m[i - 1], h_amsl_m[i]);
    }
    fit_from_sums(v_1, v_2, d_km[d_km.len() - 1])
}

/// One term of v₁ = Σ (dᵢ − dᵢ₋₁)(hᵢ + hᵢ₋₁), Eq. (85).
#[inline]
pub(super) fn v_1_term(d_0: f64, d_1: f64, h_0: f64, h_1: f64) -> f64 {
    (d_1 - d_0) * (h_1 + h_0)
}

/// One term of v₂ = Σ (dᵢ − dᵢ₋₁)[hᵢ(2dᵢ + dᵢ₋₁) + hᵢ₋₁(dᵢ + 2dᵢ₋₁)], Eq. (86).
#[inline]
pub(super) fn v_2_term(d_0: f64, d_1: f64, h_0: f64, h_1: f64) -> f64 {
    (d_1 - d_0) * (h_1 * (2.0 * d_1 + d_0) + h_0 * (d_1 + 2.0 * d_0))
}

/// The fit from the sums v₁ and v₂ over a path of `d_km`, Eq. (87) and (88).
#[inline]
pub(super) fn fit_from_sums(v_1: f64, v_2: f64, d_km: f64) -> SmoothFit {
    SmoothFit {
        // h_st = (2·v₁·d − v₂) / d²
        h_st_amsl_m: (2.0 * v_1 * d_km - v_2) / (d_km * d_km),
        // h_sr = (v₂ − v₁·d) / d²
        h_sr_amsl_m: (v_2 - v_1 * d_km) / (d_km * d_km),
    }
}

/// Finds the obstructions above the line between the antennas (§5.6.2, Eq. (89a) to (89d)).
///
/// `h_ts_amsl_m` and `h_rs_amsl_m` are the antennas' heights above sea level, m.
pub fn obstruction(d_km: &[f64], h_amsl_m: &[f64], h_ts_amsl_m: f64, h_rs_amsl_m: f64) -> Obstruction {
    let last = d_km.len() - 1;
    let d = d_km[last];
    let mut found = Obstruction {
        h_obs_m: f64::NEG_INFINITY,
        alpha_obt_m_per_km: f64::NEG_INFINITY,
        alpha_obr_m_per_km: f64::NEG_INFINITY,
    };
    for i in 1..last {
        // Hᵢ = hᵢ − [h_ts(d − dᵢ) + h_rs·dᵢ] / d                                                    (89d)
        let h_i_m = h_amsl_m[i] - (h_ts_amsl_m * (d - d_km[i]) + h_rs_amsl_m * d_km[i]) / d;
        // h_obs = max Hᵢ                                                                            (89a)
        found.h_obs_m = found.h_obs_m.max(h_i_m);
        // α_obt = max Hᵢ / dᵢ                                                                       (89b)
        found.alpha_obt_m_per_km = found.alpha_obt_m_per_km.max(h_i_m / d_km[i]);
        // α_obr = max Hᵢ / (d − dᵢ)                                                                 (89c)
        found.alpha_obr_m_per_km = found.alpha_obr_m_per_km.max(h_i_m / (d - d_km[i]));
    }
    found
}

/// Smooth-surface heights for the diffraction model (§5.6.2, Eq. (90a) to (91d)).
///
/// `h_0_amsl_m` and `h_n_amsl_m` are the terrain heights at the two ends, m above sea level.
#[inline]
pub fn diffraction_heights(
    fit: SmoothFit,
    obstruction: Obstruction,
    h_0_amsl_m: f64,
    h_n_amsl_m: f64,
) -> DiffractionHeights {
    let SmoothFit { h_st_amsl_m, h_sr_amsl_m } = fit;
    let (h_stp_m, h_srp_m) = if obstruction.h_obs_m <= 0.0 {
        // h_stp = h_st, h_srp = h_sr                                                            (90a, 90b)
        (h_st_amsl_m, h_sr_amsl_m)
    } else {
        let sum = obstruction.alpha_obt_m_per_km + obstruction.alpha_obr_m_per_km;
        // g_t = α_obt / (α_obt + α_obr), g_r = α_obr / (α_obt + α_obr)                          (90e, 90f)
        let g_t = obstruction.alpha_obt_m_per_km / sum;
        let g_r = obstruction.alpha_obr_m_per_km / sum;
        // h_stp = h_st − h_obs·g_t, h_srp = h_sr − h_obs·g_r                                    (90c, 90d)
        (h_st_amsl_m - obstruction.h_obs_m * g_t, h_sr_amsl_m - obstruction.h_obs_m * g_r)
    };
    DiffractionHeights {
        // h_std = min(h_stp, h₀)                                                                (91a, 91b)
        h_std_amsl_m: h_stp_m.min(h_0_amsl_m),
        // h_srd = min(h_srp, hₙ)                                                                (91c, 91d)
        h_srd_amsl_m: h_srp_m.min(h_n_amsl_m),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn eq_85_to_88_a_straight_slope_is_its_own_fit() {
        let d_km = [0.0, 0.4, 1.0, 2.5, 3.0];
        let h_amsl_m = d_km.map(|d| 100.0 + 20.0 * d);
        let fit = fit(&d_km, &h_amsl_m);
        assert!(close(fit.h_st_amsl_m, 100.0) && close(fit.h_sr_amsl_m, 160.0), "{fit:?}");
    }

    #[test]
    fn eq_85_to_88_a_triangle_by_hand() {
        // 0, 100, 0 m at 0, 1, 2 km: v₁ = 200, v₂ = 100·2 + 100·(2+2) = 600 − … by hand: (1)(100·2) + (1)(100·4) = 600.
        let fit = fit(&[0.0, 1.0, 2.0], &[0.0, 100.0, 0.0]);
        // h_st = (2·200·2 − 600)/4 = 50, h_sr = (600 − 400)/4 = 50: the line of least squares through a symmetric triangle.
        assert!(close(fit.h_st_amsl_m, 50.0) && close(fit.h_sr_amsl_m, 50.0), "{fit:?}");
    }

    #[test]
    fn eq_89_to_91_one_hill_shares_its_height_by_slopes() {
        let (d_km, h_amsl_m) = ([0.0, 1.0, 4.0], [0.0, 90.0, 0.0]);
        let o = obstruction(&d_km, &h_amsl_m, 10.0, 10.0);
        assert!(close(o.h_obs_m, 80.0) && close(o.alpha_obt_m_per_km, 80.0));
        assert!(close(o.alpha_obr_m_per_km, 80.0 / 3.0));
        let heights = diffraction_heights(SmoothFit { h_st_amsl_m: 30.0, h_sr_amsl_m: 25.0 }, o, 0.0, 0.0);
        // g_t = 3/4, g_r = 1/4: 30 − 60 = −30 and 25 − 20 = 5, the latter cut to the terrain at 0.
        assert!(close(heights.h_std_amsl_m, -30.0) && close(heights.h_srd_amsl_m, 0.0), "{heights:?}");
    }

    #[test]
    fn without_intermediate_points_nothing_obstructs() {
        let o = obstruction(&[0.0, 5.0], &[3.0, 4.0], 13.0, 5.5);
        assert!(o.h_obs_m <= 0.0);
        let heights = diffraction_heights(fit(&[0.0, 5.0], &[3.0, 4.0]), o, 3.0, 4.0);
        assert!(close(heights.h_std_amsl_m, 3.0) && close(heights.h_srd_amsl_m, 4.0), "{heights:?}");
    }
}
