//! The median loss of the extended Hata model and how it varies from place to place: NTIA Report TR-15-517, Appendix A.
//!
//! In: frequency in MHz, effective heights in m, distance in km, surroundings. Out: dB.

use super::Environment;
use crate::propagation::Trace;
use std::f64::consts::PI;

/// Reference heights of Okumura's curves, m: base and mobile.
const REFERENCE_M: [f64; 2] = [200.0, 3.0];

/// Points of Okumura's curves at 1500, 2000 and 3000 MHz that the extension runs through, dB: the attenuation relative
/// to free space in cities at 1 km, and the suburban correction.
const SUBURBAN_DB: [f64; 3] = [11.5, 12.4, 14.0];

/// α, β, γ of α + β·log f + γ·(log f)².
struct Quadratic([f64; 3]);

impl Quadratic {
    fn at(&self, log_f: f64) -> f64 {
        let Self([alpha, beta, gamma]) = self;
        alpha + beta * log_f + gamma * log_f * log_f
    }
}

/// The distance law: intercept at 1 km, attenuation at 100 km, exponents on both sides of the breakpoint.
struct Urban {
    intercept: Quadratic,
    /// 2·π·1500 MHz/c, the wavenumber at 1500 MHz, 1/m.
    wavenumber_per_mhz: f64,
    /// 13.82·log 200.
    base_db: f64,
    /// 3.2·(log 11.75·3)² − 4.97.
    mobile_db: f64,
    /// 20·log(2·k·√(1000² + 197²)) without k: the slant distance at 1 km, m.
    slant_1_km_m: f64,
}

impl Urban {
    fn new() -> Self {
        let [h_b_ref, h_m_ref] = REFERENCE_M;
        // c = 1/√(ε₀·μ₀)
        let c_m_per_s = 1.0 / (8.854e-12 * (4.0e-7 * PI)).sqrt();
        let wavenumber_per_mhz = 2.0e6 * PI / c_m_per_s;
        let slant_1_km_m = (1.0e6 + (h_b_ref - h_m_ref).powi(2)).sqrt();
        let base_db = 13.82 * h_b_ref.log10();
        let mobile_db = 3.2 * (11.75 * h_m_ref).log10().powi(2) - 4.97;
        // Through 22, 23.5 and 25.85 dB at 1500, 2000 and 3000 MHz, 1 km.
        let gamma = (3.85 / 2.0_f64.log10() - 1.5 / (4.0_f64 / 3.0).log10()) / 1.5_f64.log10();
        let beta = 20.0 + 1.5 / (4.0_f64 / 3.0).log10() - gamma * 3.0e6_f64.log10();
        let log_1500 = 1500.0_f64.log10();
        let alpha = 22.0 + base_db + mobile_db + 20.0 * (2.0 * 1500.0 * wavenumber_per_mhz * slant_1_km_m).log10()
            - log_1500 * (beta + gamma * log_1500);
        Self { intercept: Quadratic([alpha, beta, gamma]), wavenumber_per_mhz, base_db, mobile_db, slant_1_km_m }
    }
}

/// The suburban correction through Okumura's points.
fn suburban() -> Quadratic {
    let (log_4_3, log_1_5, log_2) = ((4.0_f64 / 3.0).log10(), 1.5_f64.log10(), 2.0_f64.log10());
    let [at_1500, at_2000, at_3000] = SUBURBAN_DB;
    let (low, high) = (at_2000 - at_1500, at_3000 - at_1500);
    let denominator = log_4_3 * log_1_5 * log_2;
    let gamma = (high * log_4_3 - low * log_2) / denominator;
    let beta = (low * log_2 * 4.5e6_f64.log10() - high * log_4_3 * 3.0e6_f64.log10()) / denominator;
    let log_1500 = 1500.0_f64.log10();
    Quadratic([at_1500 - beta * log_1500 - gamma * log_1500 * log_1500, beta, gamma])
}

/// Exponent n_h of the loss beyond the breakpoint: a quadratic in log h_b through n/2 = 2.5, 3 and 3.22 at 24.5, 70 and 200 m
/// (Okumura, Fig. 12).
fn far_exponent(h_b_m: f64) -> f64 {
    let (low, middle, high) = (24.5_f64, 70.0_f64, 200.0_f64);
    let tau = (0.72 * (middle / low).log10() - 0.5 * (high / low).log10())
        / (middle / low).log10()
        / (high / middle).log10()
        / (high / low).log10();
    let sigma = 0.72 / (high / low).log10() - tau * (high * low).log10();
    let rho = 2.5 - low.log10() * (sigma + tau * low.log10());
    2.0 * (rho + h_b_m.log10() * (sigma + tau * h_b_m.log10()) - 1.0)
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
    let urban = Urban::new();
    let (log_f, log_h_b) = (f_mhz.log10(), h_b_m.log10());
    let intercept_db = urban.intercept.at(log_f);
    let wavenumber_per_m = urban.wavenumber_per_mhz * f_mhz;
    // A(1 km) = intercept − 13.82·log 200 − a(3 m) − 20·log(2·k·s(1 km))
    let attenuation_1_km_db =
        intercept_db - urban.base_db - urban.mobile_db - 20.0 * (2.0 * wavenumber_per_m * urban.slant_1_km_m).log10();
    let attenuation_100_km_db = ATTENUATION_100_KM.at(log_f);
    let n_h = far_exponent(h_b_m);
    // n_l = 0.1·(44.9 − 6.55·log h_b) − 2
    let n_l = 0.1 * (44.9 - 6.55 * log_h_b) - 2.0;
    // d_bp = 10^[(2·n_h + 0.1·(A(1 km) − A(100 km)))/(n_h − n_l)]
    let d_bp_km = 10f64.powf((2.0 * n_h + 0.1 * (attenuation_1_km_db - attenuation_100_km_db)) / (n_h - n_l));
    trace.record("A_1km", "A.3", attenuation_1_km_db, "dB");
    trace.record("A_100km", "A.3", attenuation_100_km_db, "dB");
    trace.record("d_bp", "A.3", d_bp_km, "km");
    // Height terms: −13.82·log h_b − (3.2·(log 11.75·h_m)² − 4.97)
    let heights_db = -13.82 * log_h_b - 3.2 * (11.75 * h_m_m).log10().powi(2) + 4.97;
    let urban_db = if d_km <= d_bp_km {
        // L = intercept + heights + (44.9 − 6.55·log h_b)·log d
        intercept_db + heights_db + (44.9 - 6.55 * log_h_b) * d_km.log10()
    } else {
        // L = A(100 km) + 13.82·log 200 + a(3 m) + heights − 20·n_h + 10·n_h·log d + 20·log(2·k·s)
        let slant_m = (1.0e6 * d_km * d_km + (h_b_m - h_m_m).powi(2)).sqrt();
        attenuation_100_km_db + urban.base_db + urban.mobile_db + heights_db - 20.0 * n_h
            + 10.0 * n_h * d_km.log10()
            + 20.0 * (2.0 * wavenumber_per_m * slant_m).log10()
    };
    match environment {
        Environment::Urban => urban_db,
        Environment::Suburban => urban_db - suburban().at(log_f),
        Environment::Rural => urban_db - RURAL.at(log_f),
    }
}

/// Standard deviation of the loss from place to place, dB: 2 dB more outside cities.
pub(super) fn sigma_db(f_mhz: f64, environment: Environment) -> f64 {
    let urban_db = SIGMA_URBAN.at(f_mhz.log10());
    if environment == Environment::Urban { urban_db } else { urban_db + 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_runs_through_okumuras_points() {
        let attenuation_db = |f_mhz: f64| {
            let urban = Urban::new();
            urban.intercept.at(f_mhz.log10())
                - urban.base_db
                - urban.mobile_db
                - 20.0 * (2.0 * f_mhz * urban.wavenumber_per_mhz * urban.slant_1_km_m).log10()
        };
        for (f_mhz, at_1_km_db, at_100_km_db, suburban_db, sigma) in
            [(1500.0, 22.0, 63.5, 11.5, 7.1), (2000.0, 23.5, 65.75, 12.4, 7.5), (3000.0, 25.85, 69.5, 14.0, 8.1)]
        {
            assert!((attenuation_db(f_mhz) - at_1_km_db).abs() < 1e-9);
            assert!((ATTENUATION_100_KM.at(f_mhz.log10()) - at_100_km_db).abs() < 1e-4);
            assert!((suburban().at(f_mhz.log10()) - suburban_db).abs() < 1e-9);
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
