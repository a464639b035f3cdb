//! The downlink budget and the probability of a level.

use super::Technology;
use crate::units::{Db, Dbm};

/// Level that a handset measures: EIRP of the carrier, less what the measured quantity lies below it, path loss and body loss.
///
/// level = EIRP − Δ(technology, bandwidth) − L_b − L_body
pub fn received_level(eirp: Dbm, technology: Technology, bandwidth_mhz: f64, path_loss: Db, body_loss: Db) -> Dbm {
    eirp - technology.level_below_total(bandwidth_mhz) - path_loss - body_loss
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
    fn a_link_budget_adds_up() {
        // 46 dBm + 15 dBi, 10 MHz LTE, 140 dB loss, 3 dB body: 61 − 27.78 − 140 − 3 = −109.78 dBm.
        let level = received_level(Dbm(61.0), Technology::Lte, 10.0, Db(140.0), Db(3.0));
        assert!((level.0 + 109.782).abs() < 1e-3);
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
