//! The delta-Bullington loss of a tile of receivers, formulas in single precision over whole columns.
//!
//! - ν_b² = (0.002·d/λ)·(S_tim − S_tr)·(S_rim + S_tr), which Eq. (18) and (19) come to when d_bp is put in.
//! - Over zero heights every maximum over the profile has one peak, known in closed form; on the samples it is one of the two
//!   neighbours of that peak. The root of the cubic that gives the point of reflection of the spherical-Earth method,
//!   m·b³ − (m + 1)·b + c = 0, is also where ν of the smooth line-of-sight path peaks, because both are the stationary point of
//!   clearance/√(d₁·d₂).

use super::super::diffraction::{NU_WITHOUT_LOSS, SmoothMethod};
use super::super::earth::wavelength_m;
use super::super::spherical_earth::{self, Ground, SphericalPath, Wave};
use super::super::vector_math::single::{cbrt, decibels, exp, max, min, pow};
use super::tile::{Column, Edges, TILE, Tile};
use super::zones::ZoneColumns;

/// Steps of Newton's method towards the point of reflection; losses depend on it in second order only.
const REFLECTION_STEPS: usize = 8;
/// From this loss on, some hundred kilometres beyond the horizon, single precision does not hold L_dsph to 0.001 dB.
const FAR_DB: f32 = 1000.0;

/// What the losses of a radial share for one effective Earth radius.
pub(super) struct DeltaBullington {
    /// Without its ω.
    wave: Wave,
    exact_a_p_km: f64,
    /// 0.002/λ.
    scale: f32,
    lambda_m: f32,
    a_p_km: f32,
    /// 500·Cₑ, m/km².
    curvature: f32,
    /// f^(1/3), GHz.
    cbrt_f: f32,
    /// Normalised admittances of land and sea without their factor aₐ_dft^(−1/3).
    land: f32,
    sea: f32,
    method: SmoothMethod,
    samples: Samples,
}

/// Where the samples of a radial lie.
enum Samples {
    /// Every so many km.
    Equal(f64),
    /// At these distances, km.
    At(Vec<f64>),
}

impl Samples {
    fn of(distance_km: &[f64]) -> Self {
        let last = distance_km.len() - 1;
        let step = distance_km[last] / last.max(1) as f64;
        let equal = distance_km.iter().enumerate().all(|(i, d)| (d - i as f64 * step).abs() <= 1e-6 * step);
        if equal { Self::Equal(step) } else { Self::At(distance_km.to_vec()) }
    }

    /// The samples on both sides of each peak among those before the receiver, twice the same where there is but one side.
    #[inline(always)]
    fn beside(&self, peaks_km: &Column, tile: &Tile) -> [Places; 2] {
        let mut found = [Places { from_t: [0.0; TILE], from_r: [0.0; TILE] }; 2];
        let mut put = |k: usize, before: f64, after: f64| {
            for (places, x) in found.iter_mut().zip([before, after]) {
                places.from_t[k] = x as f32;
                places.from_r[k] = (tile.exact_km[k] - x) as f32;
            }
        };
        match self {
            Self::Equal(step_km) => {
                let per_km = (1.0 / step_km) as f32;
                for k in 0..TILE {
                    let last = tile.passed[k] as f32 - 1.0;
                    let number = max(min(peaks_km[k] * per_km, last), 1.0);
                    // Not negative, so the cast rounds down.
                    let before = min(number as i32 as f32, last);
                    put(k, f64::from(before) * step_km, f64::from(min(before + 1.0, last)) * step_km);
                }
            }
            Self::At(distance_km) => {
                for k in 0..TILE {
                    let points = &distance_km[1..tile.passed[k].max(2) as usize];
                    let after = points.partition_point(|&d| d < f64::from(peaks_km[k]));
                    put(k, points[after.saturating_sub(1)], points[after.min(points.len() - 1)]);
                }
            }
        }
        found
    }
}

/// A place on the way to each receiver: its distances from transmitter and receiver, km.
#[derive(Clone, Copy)]
struct Places {
    from_t: Column,
    from_r: Column,
}

impl DeltaBullington {
    /// For samples of a radial; `wave` without its ω.
    pub(super) fn new(wave: Wave, a_p_km: f64, method: SmoothMethod, distance_km: &[f64]) -> Self {
        let lambda_m = wavelength_m(wave.f_ghz);
        Self {
            wave,
            exact_a_p_km: a_p_km,
            scale: (0.002 / lambda_m) as f32,
            lambda_m: lambda_m as f32,
            a_p_km: a_p_km as f32,
            curvature: (500.0 / a_p_km) as f32,
            cbrt_f: wave.f_ghz.cbrt() as f32,
            land: Ground::LAND.admittance_times_cbrt_radius(wave.f_ghz, wave.polarization) as f32,
            sea: Ground::SEA.admittance_times_cbrt_radius(wave.f_ghz, wave.polarization) as f32,
            method,
            samples: Samples::of(distance_km),
        }
    }

    /// L_d, dB, Eq. (39); inland without zones.
    #[inline(always)]
    pub(super) fn losses_db(&self, tile: &Tile, edges: &Edges, zones: Option<&ZoneColumns>, losses_db: &mut Column) {
        let mut spherical_db = [0.0; TILE];
        let mut reflection = [0.0; TILE];
        let (mut counts, mut far) = (0u32, 0u32);
        for k in 0..TILE {
            losses_db[k] = edge_loss_db(self.nu(edges, tile.d[k], k), tile.d[k]);
            let omega = zones.map(|zones| zones.omega[k]);
            let (loss_db, t) = self.spherical_loss_db(tile.d[k], tile.h_te[k], tile.h_re[k], omega);
            (spherical_db[k], reflection[k]) = (loss_db, t);
            counts |= u32::from(loss_db > 0.0);
            far |= u32::from(loss_db > FAR_DB);
        }
        // L_bulls is not negative, so without L_dsph there is nothing to add.
        if counts == 0 {
            return;
        }
        if far != 0 {
            self.far_losses_db(tile, zones, &mut spherical_db);
        }
        let mut nu = [0.0; TILE];
        match self.method {
            SmoothMethod::Profile => self.smooth_nu_on_samples(tile, &reflection, &mut nu),
            SmoothMethod::ClosedForm => {
                for k in 0..TILE {
                    nu[k] = self.smooth_nu_at_peaks(tile.d[k], tile.h_te[k], tile.h_re[k], reflection[k]);
                }
            }
        }
        for k in 0..TILE {
            // L_d = L_bulla + max(L_dsph − L_bulls, 0)                                             (39)
            losses_db[k] += max(spherical_db[k] - edge_loss_db(nu[k], tile.d[k]), 0.0);
        }
    }

    /// L_dsph in double precision for the receivers that need it, dB.
    #[cold]
    #[inline(never)]
    fn far_losses_db(&self, tile: &Tile, zones: Option<&ZoneColumns>, spherical_db: &mut Column) {
        for (k, loss_db) in spherical_db.iter_mut().enumerate().filter(|(_, loss_db)| **loss_db > FAR_DB) {
            let path = SphericalPath {
                d_km: tile.exact_km[k],
                h_te_m: f64::from(tile.h_te[k]),
                h_re_m: f64::from(tile.h_re[k]),
            };
            let omega = zones.map_or(0.0, |zones| f64::from(zones.omega[k]));
            let wave = Wave { omega, ..self.wave };
            *loss_db = spherical_earth::loss_db(path, self.exact_a_p_km, wave) as f32;
        }
    }

    /// ν of the actual path, Eq. (15) or (19).
    #[inline(always)]
    fn nu(&self, edges: &Edges, d: f32, k: usize) -> f32 {
        let scale = self.scale * d;
        let beyond = (scale * max(edges.excess_t[k], 0.0) * max(edges.excess_r[k], 0.0)).sqrt();
        let within = -(scale * edges.least[k]).sqrt();
        if edges.excess_t[k] < 0.0 { within } else { beyond }
    }

    /// L_dsph, dB, at least 0 within the horizon, and where on the path the reflection lies, 0 to 1 (§4.3.2, Eq. (22) to (27)).
    #[inline(always)]
    fn spherical_loss_db(&self, d: f32, h_te: f32, h_re: f32, omega: Option<f32>) -> (f32, f32) {
        let sum = h_te + h_re;
        let c = (h_te - h_re) / sum;
        let m = 0.5 * self.curvature * d * d / sum;
        // On the side of c the cubic is convex and falls from c at 0, so Newton's steps from 0 approach the root from one side
        // and never pass it.
        let c_abs = c.abs();
        let mut b = c_abs / (m + 1.0);
        for _ in 0..REFLECTION_STEPS {
            let b_2 = b * b;
            // Beyond the horizon the slope can vanish; what follows is not used there.
            b = min(b + ((m * b_2 - (m + 1.0)) * b + c_abs) / ((m + 1.0) - 3.0 * m * b_2), 1.0);
        }
        let (near, far) = (0.5 * (1.0 - b), 0.5 * (1.0 + b));
        let (t, rest) = if c < 0.0 { (near, far) } else { (far, near) };
        let spread = near * far;
        // (23) and (25), divided by d
        let h_se = h_te * rest + h_re * t - self.curvature * d * d * spread;
        let h_req = 17.456 * (d * self.lambda_m * spread).sqrt();
        let roots = h_te.sqrt() + h_re.sqrt();
        // d ≥ d_los = √(2·a_p)·(√(0.001·h_te) + √(0.001·h_re))                                         (22)
        let beyond = d * d >= 0.002 * self.a_p_km * roots * roots;
        // a_em = 500·(d/(√h_te + √h_re))²                                                            (26)
        let a_em = 500.0 * d * d / (roots * roots);
        let a_dft_km = if beyond { self.a_p_km } else { a_em };
        let over_land_db = self.first_term_db(d, h_te, h_re, a_dft_km, self.land);
        // L_dft = ω·L_dftsea + (1 − ω)·L_dftland                                                     (28)
        let first_term_db = match omega {
            Some(omega) => omega * self.first_term_db(d, h_te, h_re, a_dft_km, self.sea) + (1.0 - omega) * over_land_db,
            None => over_land_db,
        };
        // L_dsph = (1 − h_se/h_req)·L_dft                                                            (27)
        let within_db = max(1.0 - h_se / h_req, 0.0) * max(first_term_db, 0.0);
        (if beyond { first_term_db } else { within_db }, t)
    }

    /// L_dft over ground of an admittance, dB (§4.3.3, Eq. (29) to (36)).
    #[inline(always)]
    fn first_term_db(&self, d: f32, h_te: f32, h_re: f32, a_dft_km: f32, admittance: f32) -> f32 {
        let cbrt_a = cbrt(a_dft_km);
        let k = admittance / cbrt_a;
        let k_2 = k * k;
        // β_dft = (1 + 1.6K² + 0.67K⁴)/(1 + 4.5K² + 1.53K⁴)                                         (30)
        let beta = (1.0 + 1.6 * k_2 + 0.67 * k_2 * k_2) / (1.0 + 4.5 * k_2 + 1.53 * k_2 * k_2);
        // X = 21.88·β_dft·(f/a_dft²)^(1/3)·d                                                        (31)
        let x = 21.88 * beta * self.cbrt_f * d / (cbrt_a * cbrt_a);
        // F_X = 11 + 10·log X − 17.6·X for X ≥ 1.6, −20·log X − 5.6488·X^1.425 below                  (33)
        let x_db = decibels(x);
        let f_x = if x >= 1.6 { 11.0 + x_db - 17.6 * x } else { -2.0 * x_db - 5.6488 * pow(x, 1.425) };
        // B = β_dft·Y, Y = 0.9575·β_dft·(f²/a_dft)^(1/3)·h                                      (32, 34)
        let b_per_m = 0.9575 * beta * beta * self.cbrt_f * self.cbrt_f / cbrt_a;
        let floor_db = 2.0 + 2.0 * decibels(k);
        // L_dft = −F_X − G(Y_t) − G(Y_r)                                                            (36)
        -f_x - gain_db(b_per_m * h_te, floor_db) - gain_db(b_per_m * h_re, floor_db)
    }

    /// ν of the Bullington construction over zero heights at the samples; −∞ without samples on the way.
    #[inline(always)]
    fn smooth_nu_on_samples(&self, tile: &Tile, reflection: &Column, nu: &mut Column) {
        let (mut peaks_t, mut peaks_r, mut peaks) = ([0.0; TILE], [0.0; TILE], [0.0; TILE]);
        let flattening = 1.0 / self.curvature;
        for k in 0..TILE {
            // Slopes over zero heights: 500·Cₑ(d − dᵢ) − h_te/dᵢ and 500·Cₑ·dᵢ − h_re/(d − dᵢ).
            peaks_t[k] = (tile.h_te[k] * flattening).sqrt();
            peaks_r[k] = tile.d[k] - (tile.h_re[k] * flattening).sqrt();
            peaks[k] = reflection[k] * tile.d[k];
        }
        let beside_t = self.samples.beside(&peaks_t, tile);
        let beside_r = self.samples.beside(&peaks_r, tile);
        let beside = self.samples.beside(&peaks, tile);
        let c = self.curvature;
        for k in 0..TILE {
            let (d, h_te, h_re) = (tile.d[k], tile.h_te[k], tile.h_re[k]);
            let s_tr = (h_re - h_te) / d;
            let from_t = |at: &Places| c * (d - at.from_t[k]) - h_te / at.from_t[k];
            let from_r = |at: &Places| c * at.from_t[k] - h_re / at.from_r[k];
            let excess_t = max(from_t(&beside_t[0]), from_t(&beside_t[1])) - s_tr;
            let excess_r = max(from_r(&beside_r[0]), from_r(&beside_r[1])) + s_tr;
            let beyond = (self.scale * d * max(excess_t, 0.0) * max(excess_r, 0.0)).sqrt();
            let clearance = |at: &Places| self.clearance_nu(d, h_te, h_re, at.from_t[k], at.from_r[k]);
            let within = max(clearance(&beside[0]), clearance(&beside[1]));
            let some = if excess_t >= 0.0 { beyond } else { within };
            nu[k] = if tile.passed[k] > 1 { some } else { f32::NEG_INFINITY };
        }
    }

    /// ν of the smooth Earth on a line of sight at `x` km from the transmitter and `y` from the receiver, Eq. (15).
    #[inline(always)]
    fn clearance_nu(&self, d: f32, h_te: f32, h_re: f32, x: f32, y: f32) -> f32 {
        (self.curvature * x * y - (h_te * y + h_re * x) / d) * (self.scale * d / (x * y)).sqrt()
    }

    /// ν at the peaks themselves instead of the samples beside them (Attachment 4, Eq. (105) to (110)).
    #[inline(always)]
    fn smooth_nu_at_peaks(&self, d: f32, h_te: f32, h_re: f32, reflection: f32) -> f32 {
        let roots = h_te.sqrt() + h_re.sqrt();
        let s_tr = (h_re - h_te) / d;
        let horizon = |h: f32| self.curvature * d - 2.0 * (self.curvature * h).sqrt();
        let (excess_t, excess_r) = (max(horizon(h_te) - s_tr, 0.0), max(horizon(h_re) + s_tr, 0.0));
        let beyond = (self.scale * d * excess_t * excess_r).sqrt();
        let within = self.clearance_nu(d, h_te, h_re, reflection * d, (1.0 - reflection) * d);
        if d * d < 0.002 * self.a_p_km * roots * roots { within } else { beyond }
    }
}

/// G of a normalised height B, dB, at least `floor_db`:
/// 17.6·(B − 1.1)^(1/2) − 5·log(B − 1.1) − 8 above 2, 20·log(B + 0.1·B³) below (Eq. (34) and (35)).
#[inline(always)]
fn gain_db(b: f32, floor_db: f32) -> f32 {
    let high = max(b - 1.1, 0.9);
    let above = 17.6 * high.sqrt() - 0.5 * decibels(high) - 8.0;
    let below = 2.0 * decibels(b + 0.1 * b * b * b);
    max(if b > 2.0 { above } else { below }, floor_db)
}

/// Bullington loss, dB, from ν, Eq. (12) and (21).
#[inline(always)]
fn edge_loss_db(nu: f32, d_km: f32) -> f32 {
    let x = max(nu, -1.0) - 0.1;
    let l_uc_db = 6.9 + 2.0 * decibels((x * x + 1.0).sqrt() + x);
    // L_bull = L_uc + [1 − exp(−L_uc/6)]·(10 + 0.02·d)                                            (21)
    let l_bull_db = l_uc_db + (1.0 - exp(-l_uc_db / 6.0)) * (10.0 + 0.02 * d_km);
    if nu > NU_WITHOUT_LOSS as f32 { l_bull_db } else { 0.0 }
}
