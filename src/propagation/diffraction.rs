//! Diffraction over terrain: Bullington's construction and the delta-Bullington method of Rec. ITU-R P.1812-8 §4.3.1 and
//! §4.3.4 (the same as Rec. ITU-R P.526-15 §4.5).
//!
//! In: distances in km, heights in m above sea level, an effective Earth radius in km, frequency in GHz. Out: losses in dB.
//! Clutter counts at intermediate points only. A profile without intermediate points has no Bullington loss.

use super::earth::wavelength_m;
use super::smooth_earth::DiffractionHeights;
use super::spherical_earth::{self, SphericalPath, Wave};
use super::{Profile, Trace};

/// ν below which a knife edge loses nothing.
pub const NU_WITHOUT_LOSS: f64 = -0.78;

/// What Bullington's construction finds on a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bullington {
    /// Bullington diffraction loss L_bull, dB (Eq. (21)).
    pub l_bull_db: f64,
    /// Loss of the equivalent knife edge L_uc, dB (Eq. (16) or (20)).
    pub l_uc_db: f64,
    /// Diffraction parameter ν of the equivalent knife edge (Eq. (15) or (19)); −∞ without intermediate points.
    pub nu: f64,
    /// Whether the antennas see each other over the curved Earth.
    pub line_of_sight: bool,
}

/// Knife-edge loss J(ν), dB: 6.9 + 20·log(√((ν − 0.1)² + 1) + ν − 0.1) above ν = −0.78, nothing below (Eq. (12)).
#[inline]
pub fn knife_edge_loss_db(nu: f64) -> f64 {
    if nu > NU_WITHOUT_LOSS { 6.9 + 20.0 * (((nu - 0.1).powi(2) + 1.0).sqrt() + nu - 0.1).log10() } else { 0.0 }
}

/// L_bull = L_uc + [1 − exp(−L_uc/6)]·(10 + 0.02·d), Eq. (21), dB.
#[inline]
pub fn bullington_from_edge_db(l_uc_db: f64, d_km: f64) -> f64 {
    l_uc_db + (1.0 - (-l_uc_db / 6.0).exp()) * (10.0 + 0.02 * d_km)
}

/// The Bullington part of the diffraction loss (§4.3.1).
///
/// `d_km` are the distances of the profile points, km; `g_amsl_m(i)` is the height of intermediate point i including clutter;
/// `h_ts_amsl_m` and `h_rs_amsl_m` are antenna heights, all m above sea level; `a_p_km` is the effective Earth radius and
/// `lambda_m` the wavelength.
pub fn bullington(
    d_km: &[f64],
    g_amsl_m: impl Fn(usize) -> f64,
    h_ts_amsl_m: f64,
    h_rs_amsl_m: f64,
    a_p_km: f64,
    lambda_m: f64,
) -> Bullington {
    let (h_ts, h_rs) = (h_ts_amsl_m, h_rs_amsl_m);
    let last = d_km.len() - 1;
    let d = d_km[last];
    let intermediate = 1..last;
    if intermediate.is_empty() {
        return Bullington { l_bull_db: 0.0, l_uc_db: 0.0, nu: f64::NEG_INFINITY, line_of_sight: true };
    }
    let c_e = 1.0 / a_p_km;
    // The height of point i above the chord of the curved Earth: gᵢ + 500·Cₑ·dᵢ(d − dᵢ)
    let raised = |i: usize| g_amsl_m(i) + 500.0 * c_e * d_km[i] * (d - d_km[i]);
    // S_tim = max [(gᵢ + 500·Cₑ·dᵢ(d − dᵢ) − h_ts) / dᵢ]                                          (13)
    let s_tim = intermediate.clone().map(|i| (raised(i) - h_ts) / d_km[i]).fold(f64::NEG_INFINITY, f64::max);
    // S_tr = (h_rs − h_ts) / d                                                                    (14)
    let s_tr = (h_rs - h_ts) / d;
    let line_of_sight = s_tim < s_tr;
    let nu = if line_of_sight {
        // ν_max = max {[gᵢ + 500·Cₑ·dᵢ(d − dᵢ) − (h_ts(d − dᵢ) + h_rs·dᵢ)/d]·√(0.002·d / (λ·dᵢ(d − dᵢ)))}   (15)
        intermediate
            .map(|i| {
                let d_i = d_km[i];
                (raised(i) - (h_ts * (d - d_i) + h_rs * d_i) / d) * (0.002 * d / (lambda_m * d_i * (d - d_i))).sqrt()
            })
            .fold(f64::NEG_INFINITY, f64::max)
    } else {
        // S_rim = max [(gᵢ + 500·Cₑ·dᵢ(d − dᵢ) − h_rs) / (d − dᵢ)]                                 (17)
        let s_rim = intermediate.map(|i| (raised(i) - h_rs) / (d - d_km[i])).fold(f64::NEG_INFINITY, f64::max);
        // d_bp = (h_rs − h_ts + S_rim·d) / (S_tim + S_rim)                                        (18)
        let d_bp = (h_rs - h_ts + s_rim * d) / (s_tim + s_rim);
        if d_bp > 0.0 && d_bp < d {
            // ν_b = [h_ts + S_tim·d_bp − (h_ts(d − d_bp) + h_rs·d_bp)/d]·√(0.002·d / (λ·d_bp(d − d_bp)))    (19)
            (h_ts + s_tim * d_bp - (h_ts * (d - d_bp) + h_rs * d_bp) / d)
                * (0.002 * d / (lambda_m * d_bp * (d - d_bp))).sqrt()
        } else {
            // The obstacle touches the direct line, S_tim = S_tr and S_rim = −S_tr: ν_b tends to 0 there.
            0.0
        }
    };
    // L_uc = J(ν_max) or J(ν_b)                                                              (16) or (20)
    let l_uc_db = knife_edge_loss_db(nu);
    // L_bull = L_uc + [1 − exp(−L_uc/6)]·(10 + 0.02·d)                                            (21)
    Bullington { l_bull_db: bullington_from_edge_db(l_uc_db, d), l_uc_db, nu, line_of_sight }
}

/// Losses of the delta-Bullington method, dB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeltaBullington {
    /// Bullington loss over the actual profile L_bulla.
    pub l_bulla_db: f64,
    /// Bullington loss over the smooth profile L_bulls.
    pub l_bulls_db: f64,
    /// Spherical-Earth loss L_dsph.
    pub l_dsph_db: f64,
    /// Diffraction loss L_d.
    pub l_d_db: f64,
}

/// How the Bullington loss of the smooth path L_bulls is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SmoothMethod {
    /// On the points of the profile with all heights zero (§4.3.4).
    #[default]
    Profile,
    /// In closed form, without the profile's points (Attachment 4). Up to 0.8 dB from the other.
    ClosedForm,
}

/// Bullington loss of a smooth path in closed form L_bulls, dB (Attachment 4 to Annex 1, Eq. (105) to (112)).
pub fn smooth_bullington_db(path: SphericalPath, a_p_km: f64, lambda_m: f64) -> f64 {
    let SphericalPath { d_km: d, h_te_m: h_te, h_re_m: h_re } = path;
    let nu = if d < spherical_earth::line_of_sight_km(path, a_p_km) {
        let clearance = spherical_earth::smallest_clearance(path, a_p_km);
        // ν_max = −h_se·√(0.002·d / (λ·d_se1(d − d_se1)))                                             (105)
        -clearance.h_se_m * (0.002 * d / (lambda_m * clearance.d_se1_km * clearance.d_se2_km)).sqrt()
    } else {
        let c_e = 1.0 / a_p_km;
        // S_tm = 500·Cₑ·d − 2·√(500·Cₑ·h_te), S_rm likewise with h_re                            (107, 108)
        let s_tm = 500.0 * c_e * d - 2.0 * (500.0 * c_e * h_te).sqrt();
        let s_rm = 500.0 * c_e * d - 2.0 * (500.0 * c_e * h_re).sqrt();
        // d_s = (h_re − h_te + S_rm·d) / (S_tm + S_rm)                                              (109)
        let d_s = (h_re - h_te + s_rm * d) / (s_tm + s_rm);
        if d_s > 0.0 && d_s < d {
            // ν_s = [h_te + S_tm·d_s − (h_te(d − d_s) + h_re·d_s)/d]·√(0.002·d / (λ·d_s(d − d_s)))       (110)
            (h_te + s_tm * d_s - (h_te * (d - d_s) + h_re * d_s) / d)
                * (0.002 * d / (lambda_m * d_s * (d - d_s))).sqrt()
        } else {
            0.0 // the path just grazes, as in Eq. (19)
        }
    };
    // L_bulls = L_us + [1 − exp(−L_us/6)]·(10 + 0.02·d)                                        (106, 111, 112)
    bullington_from_edge_db(knife_edge_loss_db(nu), d)
}

/// Heights at the two ends of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// Transmitting antenna h_ts, m above sea level.
    pub h_ts_amsl_m: f64,
    /// Receiving antenna h_rs, m above sea level.
    pub h_rs_amsl_m: f64,
    /// The smooth surface below them (from [`super::smooth_earth`]).
    pub smooth: DiffractionHeights,
}

/// The complete delta-Bullington method for one effective Earth radius (§4.3.4, Eq. (37) to (39)).
///
/// `a_p_km` is aₑ for the median, [`super::earth::BETA0_EFFECTIVE_RADIUS_KM`] for β₀ %.
pub fn delta_bullington(
    profile: &Profile,
    ends: Ends,
    a_p_km: f64,
    wave: Wave,
    method: SmoothMethod,
    trace: &mut Trace,
) -> DeltaBullington {
    let Ends { h_ts_amsl_m, h_rs_amsl_m, smooth } = ends;
    let (d_km, h_amsl_m, clutter_m) = (profile.distance_km(), profile.terrain_amsl_m(), profile.clutter_m());
    let lambda_m = wavelength_m(wave.f_ghz);
    let actual = bullington(d_km, |i| h_amsl_m[i] + clutter_m[i], h_ts_amsl_m, h_rs_amsl_m, a_p_km, lambda_m);
    trace.record("nu", if actual.line_of_sight { "(15)" } else { "(19)" }, actual.nu, "");
    trace.record("L_uc", if actual.line_of_sight { "(16)" } else { "(20)" }, actual.l_uc_db, "dB");
    trace.record("L_bulla", "(21)", actual.l_bull_db, "dB");
    // h'_ts = h_ts − h_std, h'_rs = h_rs − h_srd                                              (37a, 37b)
    let h_ts_smooth_m = h_ts_amsl_m - smooth.h_std_amsl_m;
    let h_rs_smooth_m = h_rs_amsl_m - smooth.h_srd_amsl_m;
    trace.record("h'_ts", "(37a)", h_ts_smooth_m, "m");
    trace.record("h'_rs", "(37b)", h_rs_smooth_m, "m");
    // h_te = h'_ts, h_re = h'_rs                                                              (38a, 38b)
    let path = SphericalPath { d_km: profile.path_length_km(), h_te_m: h_ts_smooth_m, h_re_m: h_rs_smooth_m };
    let l_bulls_db = match method {
        SmoothMethod::Profile => bullington(d_km, |_| 0.0, h_ts_smooth_m, h_rs_smooth_m, a_p_km, lambda_m).l_bull_db,
        SmoothMethod::ClosedForm => smooth_bullington_db(path, a_p_km, lambda_m),
    };
    trace.record("L_bulls", if method == SmoothMethod::Profile { "(21)" } else { "(112)" }, l_bulls_db, "dB");
    let l_dsph_db = spherical_earth::loss_db(path, a_p_km, wave);
    trace.record("L_dsph", "(27)", l_dsph_db, "dB");
    // L_d = L_bulla + max{L_dsph − L_bulls, 0}                                                    (39)
    let l_d_db = actual.l_bull_db + (l_dsph_db - l_bulls_db).max(0.0);
    trace.record("L_d", "(39)", l_d_db, "dB");
    DeltaBullington { l_bulla_db: actual.l_bull_db, l_bulls_db, l_dsph_db, l_d_db }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Polarization, Zone};

    #[test]
    fn eq_12_the_knife_edge_at_grazing_and_far_below() {
        // J(0) = 6.9 + 20·log(√1.01 − 0.1) = 6.0328 dB.
        assert!((knife_edge_loss_db(0.0) - 6.032_85).abs() < 1e-5);
        assert_eq!(knife_edge_loss_db(-0.78), 0.0);
        assert!(knife_edge_loss_db(-0.779) > 0.0);
    }

    #[test]
    fn eq_21_an_edge_of_6_db_over_10_km() {
        // 6 + (1 − e⁻¹)·10.2
        assert!((bullington_from_edge_db(6.0, 10.0) - (6.0 + 0.632_120_558_8 * 10.2)).abs() < 1e-8);
    }

    #[test]
    fn eq_13_to_20_one_edge_in_the_middle_of_a_flat_earth() {
        // 50 m above the line in the middle of 10 km, λ = 0.3 m, no curvature: ν = 50·√(0.002·10/(0.3·25)) = 2.5820.
        let b = bullington(&[0.0, 5.0, 10.0], |_| 60.0, 10.0, 10.0, 1e15, 0.3);
        assert!(!b.line_of_sight);
        assert!((b.nu - 2.581_989).abs() < 1e-5, "{b:?}");
        // The same 50 m below the line.
        let b = bullington(&[0.0, 5.0, 10.0], |_| -40.0, 10.0, 10.0, 1e15, 0.3);
        assert!(b.line_of_sight && (b.nu + 2.581_989).abs() < 1e-5 && b.l_bull_db == 0.0, "{b:?}");
    }

    #[test]
    fn a_point_on_the_direct_line_grazes() {
        let b = bullington(&[0.0, 5.0, 10.0], |_| 10.0, 10.0, 10.0, f64::INFINITY, 0.3);
        assert_eq!(b.nu, 0.0);
    }

    #[test]
    fn without_intermediate_points_there_is_nothing_to_diffract_at() {
        let b = bullington(&[0.0, 10.0], |_| 1e4, 10.0, 10.0, 8500.0, 0.3);
        assert_eq!((b.l_bull_db, b.line_of_sight), (0.0, true));
    }

    #[test]
    fn clutter_at_the_ends_does_not_count() {
        let at = |clutter_m: [f64; 3]| {
            let (d_km, h_amsl_m) = (vec![0.0, 2.0, 4.0], vec![10.0, 20.0, 10.0]);
            let profile = Profile::new(d_km, h_amsl_m, clutter_m.to_vec(), vec![Zone::Inland; 3]).unwrap();
            let smooth = DiffractionHeights { h_std_amsl_m: 10.0, h_srd_amsl_m: 10.0 };
            let wave = Wave { f_ghz: 0.9, polarization: Polarization::Vertical, omega: 0.0 };
            delta_bullington(
                &profile,
                Ends { h_ts_amsl_m: 40.0, h_rs_amsl_m: 11.5, smooth },
                8500.0,
                wave,
                SmoothMethod::Profile,
                &mut Trace::off(),
            )
        };
        assert_eq!(at([30.0, 0.0, 30.0]), at([0.0, 0.0, 0.0]));
        assert!(at([0.0, 15.0, 0.0]).l_d_db > at([0.0, 0.0, 0.0]).l_d_db);
    }
}
