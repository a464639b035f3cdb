//! The median loss of the extended Hata model and how it varies from place to place: NTIA Report TR-15-517, Appendix A.
//!
//! In: frequency in MHz, effective heights in m, distance in km, surroundings. Out: dB.

use super::Environment;
use crate::propagation::Trace;
use std::f64::consts::PI;

/// α, β, γ of α + β·x + γ·x², x the logarithm of a frequency in MHz or of a height in m.
struct Quadratic([f64; 3]);

impl Quadratic {
    /// The quadratic through three points, their abscissas before the logarithm.
    fn through([(x_0, y_0), (x_1, y_1), (x_2, y_2)]: [(f64, f64); 3]) -> Self {
        let [x_0, x_1, x_2] = [x_0, x_1, x_2].map(f64::log10);
        // Newton's divided differences
        let (first, second) = ((y_1 - y_0) / (x_1 - x_0), (y_2 - y_1) / (x_2 - x_1));
        let gamma = (second - first) / (x_2 - x_0);
        let beta = first - gamma * (x_0 + x_1);
        Self([y_0 - x_0 * (beta + gamma * x_0), beta, gamma])
    }

    fn at(&self, x: f64) -> f64 {
        let Self([alpha, beta, gamma]) = self;
        let log = x.log10();
        alpha + beta * log + gamma * log * log
    }
}

/// Reference heights of Okumura's curves, m.
const REFERENCE_BASE_M: f64 = 200.0;
const REFERENCE_MOBILE_M: f64 = 3.0;

/// 20·log(2·k·s), dB, for a frequency in MHz and a slant distance s in m, with c = 1/√(ε₀·μ₀).
fn wave_term_db(f_mhz: f64, slant_m: f64) -> f64 {
    let c_m_per_s = 1.0 / (8.854e-12 * (4.0e-7 * PI)).sqrt();
    let wavenumber_per_m = 2.0e6 * PI * f_mhz / c_m_per_s;
    20.0 * (2.0 * wavenumber_per_m * slant_m).log10()
}

/// Slant distance, m.
fn slant_m(d_km: f64, h_b_m: f64, h_m_m: f64) -> f64 {
    (1.0e6 * d_km * d_km + (h_b_m - h_m_m).powi(2)).sqrt()
}

/// 3.2·(log 11.75·h_m)² − 4.97, dB (Hata 1980, Eq. (12)).
fn mobile_term_db(h_m_m: f64) -> f64 {
    3.2 * (11.75 * h_m_m).log10().powi(2) - 4.97
}

/// What the reference heights and the wave take at 1 km: 13.82·log 200 + a(3 m) + 20·log(2·k·s), dB.
fn reference_terms_db(f_mhz: f64) -> f64 {
    let slant_m = slant_m(1.0, REFERENCE_BASE_M, REFERENCE_MOBILE_M);
    13.82 * REFERENCE_BASE_M.log10() + mobile_term_db(REFERENCE_MOBILE_M) + wave_term_db(f_mhz, slant_m)
}

/// Intercept of the loss in cities at 1 km, dB, over frequency: Okumura's attenuation there, 22, 23.5 and 25.85 dB at 1500,
/// 2000 and 3000 MHz, and the terms that the formula takes off again.
fn intercept() -> Quadratic {
    Quadratic::through(
        [(1500.0, 22.0), (2000.0, 23.5), (3000.0, 25.85)]
            .map(|(f_mhz, attenuation_db)| (f_mhz, attenuation_db + reference_terms_db(f_mhz))),
    )
}

/// Okumura's suburban correction, dB, over frequency.
fn suburban() -> Quadratic {
    Quadratic::through([(1500.0, 11.5), (2000.0, 12.4), (3000.0, 14.0)])
}

/// Exponent n_h of the loss beyond the breakpoint, from Okumura's Fig. 12: n/2 = 2.5, 3 and 3.22 at base heights of 24.5, 70 and
/// 200 m.
fn far_exponent(h_b_m: f64) -> f64 {
    2.0 * (Quadratic::through([(24.5, 2.5), (70.0, 3.0), (200.0, 3.22)]).at(h_b_m) - 1.0)
}

/// Attenuation at 100 km through 63.5, 65.75 and 69.5 dB at 1500, 2000 and 3000 MHz.
const ATTENUATION_100_KM: Quadratic = Quadratic([120.78129, -52.714929, 10.919011]);
/// Correction for open country (Hata 1980, Eq. (22)).
const RURAL: Quadratic = Quadratic([40.94, -18.33, 4.78]);
/// Standard deviation in cities through 7.1, 7.5 and 8.1 dB at 1500, 2000 and 3000 MHz.
const SIGMA_URBAN: Quadratic = Quadratic([4.0976291, -1.2255656, 0.68350345]);

/// Median basic transmission loss, dB.
pub(super) fn loss_db(
    f_mhz: f64,
    h_b_m: f64,
    h_m_m: f64,
    d_km: f64,
    environment: Environment,
    trace: &mut Trace,
) -> f64 {
    let log_h_b = h_b_m.log10();
    let intercept_db = intercept().at(f_mhz);
    // A(1 km) = intercept − 13.82·log 200 − a(3 m) − 20·log(2·k·s(1 km))
    let attenuation_1_km_db = intercept_db - reference_terms_db(f_mhz);
    let attenuation_100_km_db = ATTENUATION_100_KM.at(f_mhz);
    let n_h = far_exponent(h_b_m);
    // n_l = 0.1·(44.9 − 6.55·log h_b) − 2
    let n_l = 0.1 * (44.9 - 6.55 * log_h_b) - 2.0;
    // d_bp = 10^[(2·n_h + 0.1·(A(1 km) − A(100 km)))/(n_h − n_l)]
    let d_bp_km = 10f64.powf((2.0 * n_h + 0.1 * (attenuation_1_km_db - attenuation_100_km_db)) / (n_h - n_l));
    trace.record("A_1km", "A.3", attenuation_1_km_db, "dB");
    trace.record("A_100km", "A.3", attenuation_100_km_db, "dB");
    trace.record("d_bp", "A.3", d_bp_km, "km");
    // Height terms: −13.82·log h_b − a(h_m)
    let heights_db = -13.82 * log_h_b - mobile_term_db(h_m_m);
    let urban_db = if d_km <= d_bp_km {
        // L = intercept + heights + (44.9 − 6.55·log h_b)·log d
        intercept_db + heights_db + (44.9 - 6.55 * log_h_b) * d_km.log10()
    } else {
        // L = A(100 km) + 13.82·log 200 + a(3 m) + heights − 20·n_h + 10·n_h·log d + 20·log(2·k·s)
        attenuation_100_km_db + 13.82 * REFERENCE_BASE_M.log10() + mobile_term_db(REFERENCE_MOBILE_M) + heights_db
            - 20.0 * n_h
            + 10.0 * n_h * d_km.log10()
            + wave_term_db(f_mhz, slant_m(d_km, h_b_m, h_m_m))
    };
    match environment {
        Environment::Urban => urban_db,
        Environment::Suburban => urban_db - suburban().at(f_mhz),
        Environment::Rural => urban_db - RURAL.at(f_mhz),
    }
}

/// Standard deviation of the loss from place to place, dB: 2 dB more outside cities.
pub(super) fn sigma_db(f_mhz: f64, environment: Environment) -> f64 {
    let urban_db = SIGMA_URBAN.at(f_mhz);
    if environment == Environment::Urban { urban_db } else { urban_db + 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_runs_through_okumuras_points() {
        for (f_mhz, at_1_km_db, at_100_km_db, suburban_db, sigma) in
            [(1500.0, 22.0, 63.5, 11.5, 7.1), (2000.0, 23.5, 65.75, 12.4, 7.5), (3000.0, 25.85, 69.5, 14.0, 8.1)]
        {
            assert!((intercept().at(f_mhz) - reference_terms_db(f_mhz) - at_1_km_db).abs() < 1e-9);
            assert!((ATTENUATION_100_KM.at(f_mhz) - at_100_km_db).abs() < 1e-4);
            assert!((suburban().at(f_mhz) - suburban_db).abs() < 1e-9);
            assert!((sigma_db(f_mhz, Environment::Urban) - sigma).abs() < 1e-3);
        }
    }

    #[test]
    fn the_far_exponent_runs_through_okumuras_figure_12() {
        for (h_b_m, half) in [(24.5, 2.5), (70.0, 3.0), (200.0, 3.22)] {
            assert!((far_exponent(h_b_m) - 2.0 * (half - 1.0)).abs() < 1e-9);
        }
    }
}
