//! How far the real level spreads round the predicted one, and what probability that leaves.

use crate::propagation::p1812::location_sigma_db;
use crate::units::{Db, Dbm};

/// Widths of squares for which Rec. ITU-R P.1812-8 §4.8 gives the variation with location, m.
const SQUARE_M: (f64, f64) = (50.0, 1000.0);
/// Frequencies for which it does, GHz.
const FREQUENCY_GHZ: (f64, f64) = (0.03, 6.0);

/// Standard deviation of the level round its prediction outdoors, dB: σ = √(σ_L² + σ_model²), where σ_L is the variation with location
/// over a pixel (Rec. ITU-R P.1812-8 §4.8, Eq. (64), with the receiver in the clutter).
pub fn shadowing_sigma_db(frequency_mhz: f64, pixel_size_m: f64, model_error_db: f64) -> f64 {
    let f_ghz = (frequency_mhz / 1000.0).clamp(FREQUENCY_GHZ.0, FREQUENCY_GHZ.1);
    let sigma_l_db = location_sigma_db(f_ghz, 0.0, 0.0, pixel_size_m.clamp(SQUARE_M.0, SQUARE_M.1));
    sigma_l_db.hypot(model_error_db)
}

/// Probability that the level reaches the threshold when it spreads normally (in dB) around its median with standard
/// deviation `sigma`: Φ((level − threshold) / σ). Log-normal shadowing as in Rec. ITU-R P.1812-8 §4.8 and P.1546-6
/// Annex 5 §12. A spread of 0 dB gives 0 or 1.
pub fn level_probability(level: Dbm, threshold: Dbm, sigma: Db) -> f64 {
    let margin_db = (level - threshold).0;
    if sigma.0 <= 0.0 {
        return f64::from(u8::from(margin_db >= 0.0));
    }
    normal_cdf(margin_db / sigma.0)
}

/// Cumulative distribution of the standard normal distribution; absolute error below 1.5e-7 (Abramowitz & Stegun 1964,
/// 7.1.26, on erfc).
fn normal_cdf(x: f64) -> f64 {
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial =
        t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let upper_tail = 0.5 * polynomial * (-z * z).exp();
    if x >= 0.0 { 1.0 - upper_tail } else { upper_tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_add_as_squares() {
        // 900 MHz, 100 m: σ_L = 1.96643 dB (Eq. (64)); √(1.96643² + 6.7²) = 6.98263 dB. 3 m are taken as 50 m: (0.5416)·50^0.28 = 1.61944.
        assert!((shadowing_sigma_db(900.0, 100.0, 6.7) - 6.982_6).abs() < 1e-3);
        assert!((shadowing_sigma_db(900.0, 3.0, 0.0) - 1.619_4).abs() < 1e-3);
    }

    #[test]
    fn probabilities_match_the_tables_of_the_normal_distribution() {
        for (margin, expected) in [(0.0, 0.5), (7.0, 0.841_344_7), (1.281_551_6 * 7.0, 0.9), (-14.0, 0.022_750_1)] {
            let p = level_probability(Dbm(-100.0 + margin), Dbm(-100.0), Db(7.0));
            assert!((p - expected).abs() < 2e-7, "{margin}: {p}");
        }
        assert_eq!(level_probability(Dbm(-100.0), Dbm(-100.0), Db(0.0)), 1.0);
        assert_eq!(level_probability(Dbm(-100.1), Dbm(-100.0), Db(0.0)), 0.0);
    }
}
