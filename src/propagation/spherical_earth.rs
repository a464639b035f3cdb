//! Diffraction over a smooth spherical Earth: Rec. ITU-R P.1812-8 §4.3.2 and §4.3.3 (the same as Rec. ITU-R P.526-15 §3).
//!
//! In: path length in km, effective antenna heights in m, effective Earth radius in km, frequency in GHz, polarisation and
//! the fraction of the path over sea. Out: loss in dB. Holds from about 10 MHz; heights must be positive.

use super::Polarization;
use super::earth::wavelength_m;
use std::f64::consts::PI;

/// Electrical properties of a surface (Rec. ITU-R P.1812-8 §4.3.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    /// Relative permittivity εᵣ.
    pub permittivity: f64,
    /// Conductivity σ, S/m.
    pub conductivity_s_m: f64,
}

impl Ground {
    /// Land: εᵣ = 22, σ = 0.003 S/m.
    pub const LAND: Self = Self { permittivity: 22.0, conductivity_s_m: 0.003 };
    /// Sea: εᵣ = 80, σ = 5 S/m.
    pub const SEA: Self = Self { permittivity: 80.0, conductivity_s_m: 5.0 };

    /// Normalised factor of surface admittance without its factor aₐ_dft^(−1/3), Eq. (29a) and (29b).
    pub(super) fn admittance_times_cbrt_radius(self, f_ghz: f64, polarization: Polarization) -> f64 {
        let (eps, s) = (self.permittivity, 18.0 * self.conductivity_s_m / f_ghz);
        // K_H = 0.036·(a_dft·f)^(−1/3)·[(εᵣ − 1)² + (18σ/f)²]^(−1/4)                            (29a)
        let horizontal = 0.036 * f_ghz.powf(-1.0 / 3.0) * ((eps - 1.0).powi(2) + s * s).powf(-0.25);
        match polarization {
            Polarization::Horizontal => horizontal,
            // K_V = K_H·[εᵣ² + (18σ/f)²]^(1/2)                                                  (29b)
            Polarization::Vertical => horizontal * (eps * eps + s * s).sqrt(),
        }
    }
}

/// A path over a smooth Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphericalPath {
    /// Path length d, km.
    pub d_km: f64,
    /// Effective height of the transmitting antenna above the smooth surface h_te, m, positive.
    pub h_te_m: f64,
    /// Effective height of the receiving antenna above the smooth surface h_re, m, positive.
    pub h_re_m: f64,
}

/// What a wave is and what it runs over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wave {
    /// Frequency f, GHz.
    pub f_ghz: f64,
    /// Polarisation.
    pub polarization: Polarization,
    /// Fraction of the path over sea ω, 0 to 1.
    pub omega: f64,
}

/// First-term spherical-Earth diffraction loss L_dft, dB, for effective radius `a_dft_km` (§4.3.3, Eq. (28)).
pub fn first_term_loss_db(path: SphericalPath, a_dft_km: f64, wave: Wave) -> f64 {
    let over = |ground| first_term_over_db(path, a_dft_km, wave, ground);
    // L_dft = ω·L_dftsea + (1 − ω)·L_dftland                                                      (28)
    wave.omega * over(Ground::SEA) + (1.0 - wave.omega) * over(Ground::LAND)
}

/// First-term loss over one kind of ground, dB (§4.3.3, Eq. (29) to (36)).
fn first_term_over_db(path: SphericalPath, a_dft_km: f64, wave: Wave, ground: Ground) -> f64 {
    let f_ghz = wave.f_ghz;
    let k = ground.admittance_times_cbrt_radius(f_ghz, wave.polarization) * a_dft_km.powf(-1.0 / 3.0);
    let beta = beta_dft(k);
    // X = 21.88·β_dft·(f / a_dft²)^(1/3)·d                                                        (31)
    let x = 21.88 * beta * (f_ghz / a_dft_km.powi(2)).cbrt() * path.d_km;
    // Y_t = 0.9575·β_dft·(f² / a_dft)^(1/3)·h_te, Y_r likewise with h_re                       (32a, 32b)
    let y = |h_m: f64| 0.9575 * beta * (f_ghz * f_ghz / a_dft_km).cbrt() * h_m;
    // F_X = 11 + 10·log X − 17.6·X for X ≥ 1.6, −20·log X − 5.6488·X^1.425 below                  (33)
    let f_x = if x >= 1.6 { 11.0 + 10.0 * x.log10() - 17.6 * x } else { -20.0 * x.log10() - 5.6488 * x.powf(1.425) };
    // L_dft = −F_X − G(Y_t) − G(Y_r)                                                              (36)
    -f_x - height_gain_db(beta * y(path.h_te_m), k) - height_gain_db(beta * y(path.h_re_m), k)
}

/// β_dft = (1 + 1.6K² + 0.67K⁴) / (1 + 4.5K² + 1.53K⁴), Eq. (30).
#[inline]
fn beta_dft(k: f64) -> f64 {
    let k_2 = k * k;
    (1.0 + 1.6 * k_2 + 0.67 * k_2 * k_2) / (1.0 + 4.5 * k_2 + 1.53 * k_2 * k_2)
}

/// Height gain G, dB, of B = β_dft·Y, at least 2 + 20·log K (Eq. (34) and (35)).
fn height_gain_db(b: f64, k: f64) -> f64 {
    let gain_db = if b > 2.0 {
        // G = 17.6·(B − 1.1)^(1/2) − 5·log(B − 1.1) − 8
        17.6 * (b - 1.1).sqrt() - 5.0 * (b - 1.1).log10() - 8.0
    } else {
        // G = 20·log(B + 0.1·B³)
        20.0 * (b + 0.1 * b.powi(3)).log10()
    };
    gain_db.max(2.0 + 20.0 * k.log10())
}

/// Distance up to which two antennas see each other over the smooth Earth d_los, km (§4.3.2, Eq. (22)).
pub fn line_of_sight_km(path: SphericalPath, a_p_km: f64) -> f64 {
    // d_los = √(2·a_p)·(√(0.001·h_te) + √(0.001·h_re))                                            (22)
    (2.0 * a_p_km).sqrt() * ((0.001 * path.h_te_m).sqrt() + (0.001 * path.h_re_m).sqrt())
}

/// The place where a line-of-sight path comes closest to the smooth Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmallestClearance {
    /// Distance from the transmitter d_se1, km.
    pub d_se1_km: f64,
    /// Distance from the receiver d_se2, km.
    pub d_se2_km: f64,
    /// Clearance h_se, m.
    pub h_se_m: f64,
}

/// Smallest clearance of a line-of-sight path over the smooth Earth (§4.3.2, Eq. (23) to (24e)).
pub fn smallest_clearance(path: SphericalPath, a_p_km: f64) -> SmallestClearance {
    let SphericalPath { d_km: d, h_te_m: h_te, h_re_m: h_re } = path;
    // c = (h_te − h_re) / (h_te + h_re)                                                          (24d)
    let c = (h_te - h_re) / (h_te + h_re);
    // m = 250·d² / (a_p·(h_te + h_re))                                                           (24e)
    let m = 250.0 * d * d / (a_p_km * (h_te + h_re));
    // b = 2·√((m + 1)/3m)·cos{π/3 + ⅓·arccos(3c/2·√(3m/(m + 1)³))}                               (24c)
    let argument = 1.5 * c * (3.0 * m / (m + 1.0).powi(3)).sqrt();
    let b = 2.0 * ((m + 1.0) / (3.0 * m)).sqrt() * (PI / 3.0 + argument.clamp(-1.0, 1.0).acos() / 3.0).cos();
    // d_se1 = d/2·(1 + b)                                                                        (24a)
    let d_se1_km = d / 2.0 * (1.0 + b);
    // d_se2 = d − d_se1                                                                          (24b)
    let d_se2_km = d - d_se1_km;
    // h_se = [(h_te − 500·d_se1²/a_p)·d_se2 + (h_re − 500·d_se2²/a_p)·d_se1] / d                  (23)
    let h_se_m = ((h_te - 500.0 * d_se1_km.powi(2) / a_p_km) * d_se2_km
        + (h_re - 500.0 * d_se2_km.powi(2) / a_p_km) * d_se1_km)
        / d;
    SmallestClearance { d_se1_km, d_se2_km, h_se_m }
}

/// Spherical-Earth diffraction loss L_dsph, dB, for effective radius `a_p_km` (§4.3.2, Eq. (22) to (27)).
///
/// Beyond the horizon of the smooth Earth it may be negative; [`super::diffraction`] takes only what exceeds Bullington's loss.
pub fn loss_db(path: SphericalPath, a_p_km: f64, wave: Wave) -> f64 {
    let d = path.d_km;
    if d >= line_of_sight_km(path, a_p_km) {
        return first_term_loss_db(path, a_p_km, wave);
    }
    let SmallestClearance { d_se1_km, d_se2_km, h_se_m } = smallest_clearance(path, a_p_km);
    // h_req = 17.456·√(d_se1·d_se2·λ / d)                                                         (25)
    let h_req_m = 17.456 * (d_se1_km * d_se2_km * wavelength_m(wave.f_ghz) / d).sqrt();
    if h_se_m > h_req_m {
        return 0.0;
    }
    // a_em = 500·(d / (√h_te + √h_re))²                                                           (26)
    let a_em_km = 500.0 * (d / (path.h_te_m.sqrt() + path.h_re_m.sqrt())).powi(2);
    let l_dft_db = first_term_loss_db(path, a_em_km, wave);
    if l_dft_db < 0.0 {
        return 0.0;
    }
    // L_dsph = (1 − h_se / h_req)·L_dft                                                           (27)
    (1.0 - h_se_m / h_req_m) * l_dft_db
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(f_ghz: f64, polarization: Polarization, omega: f64) -> Wave {
        Wave { f_ghz, polarization, omega }
    }

    #[test]
    fn eq_29_surface_admittance_of_land_at_900_mhz() {
        // By hand: (18·0.003/0.9)² = 0.0036; (21² + 0.0036)^(−1/4) = 0.2182174; (8500·0.9)^(−1/3) = 0.0507512.
        let k_h = Ground::LAND.admittance_times_cbrt_radius(0.9, Polarization::Horizontal) / 8500.0_f64.cbrt();
        assert!((k_h - 0.036 * 0.050_751_2 * 0.218_217_4).abs() < 1e-9, "{k_h}");
        let k_v = Ground::LAND.admittance_times_cbrt_radius(0.9, Polarization::Vertical) / 8500.0_f64.cbrt();
        assert!((k_v / k_h - (484.0_f64 + 0.0036).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn eq_34_35_both_branches_and_the_floor() {
        assert!((height_gain_db(1.0, 1e-3) - 20.0 * 1.1_f64.log10()).abs() < 1e-12);
        assert!((height_gain_db(5.1, 1e-3) - (17.6 * 2.0 - 5.0 * 4.0_f64.log10() - 8.0)).abs() < 1e-12);
        assert!((height_gain_db(1e-9, 0.01) - (2.0 - 40.0)).abs() < 1e-12);
    }

    #[test]
    fn eq_24_the_point_of_reflection_between_equal_antennas_is_the_middle() {
        // 100 m antennas 20 km apart: sagitta 500·10·10/8500 = 5.88 m, clearance 94.12 m, more than h_req.
        let path = SphericalPath { d_km: 20.0, h_te_m: 100.0, h_re_m: 100.0 };
        assert_eq!(loss_db(path, 8500.0, wave(0.9, Polarization::Vertical, 0.0)), 0.0);
        // With 20 m antennas h_se = 14.1176 m and h_req = 17.456·√(5·0.33311) = 22.528 m.
        let path = SphericalPath { d_km: 20.0, h_te_m: 20.0, h_re_m: 20.0 };
        let w = wave(0.9, Polarization::Vertical, 0.0);
        let a_em_km = 500.0 * (20.0 / (2.0 * 20.0_f64.sqrt())).powi(2);
        let expected_db = (1.0 - 14.117_647 / 22.528_0) * first_term_loss_db(path, a_em_km, w);
        assert!((loss_db(path, 8500.0, w) - expected_db).abs() < 1e-3, "{expected_db}");
    }
}
