//! Rain on a microwave hop: specific attenuation by Rec. ITU-R P.838-3 and its statistics by Rec. ITU-R P.530-18 §2.4.1.
//!
//! In: frequency in GHz, polarisation, rain rate exceeded for 0.01 % of an average year in mm/h, path length in km. Out:
//! attenuation in dB exceeded for a percentage of the year, or the percentage for an attenuation.

use crate::propagation::Polarization;

/// Σ aⱼ·exp[−((log f − bⱼ)/cⱼ)²] + m·log f + c, the form of Eq. (2) and (3).
struct Curve<const N: usize> {
    /// (aⱼ, bⱼ, cⱼ).
    bells: [(f64, f64, f64); N],
    m: f64,
    c: f64,
}

impl<const N: usize> Curve<N> {
    fn at(&self, log_f: f64) -> f64 {
        let bells: f64 = self.bells.iter().map(|&(a, b, c)| a * (-((log_f - b) / c).powi(2)).exp()).sum();
        bells + self.m * log_f + self.c
    }
}

/// Table 1: log k_H.
const K_H: Curve<4> = Curve {
    bells: [
        (-5.33980, -0.10008, 1.13098),
        (-0.35351, 1.26970, 0.45400),
        (-0.23789, 0.86036, 0.15354),
        (-0.94158, 0.64552, 0.16817),
    ],
    m: -0.18961,
    c: 0.71147,
};
/// Table 2: log k_V.
const K_V: Curve<4> = Curve {
    bells: [
        (-3.80595, 0.56934, 0.81061),
        (-3.44965, -0.22911, 0.51059),
        (-0.39902, 0.73042, 0.11899),
        (0.50167, 1.07319, 0.27195),
    ],
    m: -0.16398,
    c: 0.63297,
};
/// Table 3: α_H.
const ALPHA_H: Curve<5> = Curve {
    bells: [
        (-0.14318, 1.82442, -0.55187),
        (0.29591, 0.77564, 0.19822),
        (0.32177, 0.63773, 0.13164),
        (-5.37610, -0.96230, 1.47828),
        (16.1721, -3.29980, 3.43990),
    ],
    m: 0.67849,
    c: -1.95537,
};
/// Table 4: α_V.
const ALPHA_V: Curve<5> = Curve {
    bells: [
        (-0.07771, 2.33840, -0.76284),
        (0.56727, 0.95545, 0.54039),
        (-0.20238, 1.14520, 0.26809),
        (-48.2991, 0.791669, 0.116226),
        (48.5833, 0.791459, 0.116479),
    ],
    m: -0.053739,
    c: 0.83433,
};

/// Coefficients k and α of γ_R = k·R^α for a level path and linear polarisation (P.838-3 Eq. (2) to (5), Tables 1 to 4).
///
/// `f_ghz` is 1 to 1000 GHz.
pub fn coefficients(f_ghz: f64, polarization: Polarization) -> (f64, f64) {
    let log_f = f_ghz.log10();
    // On a level path with τ = 0° (horizontal) or 90° (vertical) Eq. (4) and (5) leave one polarisation's pair.
    match polarization {
        Polarization::Horizontal => (10f64.powf(K_H.at(log_f)), ALPHA_H.at(log_f)),
        Polarization::Vertical => (10f64.powf(K_V.at(log_f)), ALPHA_V.at(log_f)),
    }
}

/// Specific attenuation γ_R, dB/km, in rain of `rate_mm_per_h` (P.838-3 Eq. (1)).
pub fn specific_db_per_km(f_ghz: f64, polarization: Polarization, rate_mm_per_h: f64) -> f64 {
    let (k, alpha) = coefficients(f_ghz, polarization);
    // γ_R = k·R^α
    k * rate_mm_per_h.powf(alpha)
}

/// Rain on one hop: what P.530-18 §2.4.1 makes of the rain rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RainFading {
    /// γ_R at the rain rate R₀.₀₁, dB/km.
    pub gamma_r_db_per_km: f64,
    /// Effective path length d_eff, km.
    pub d_eff_km: f64,
    /// Attenuation A₀.₀₁ exceeded for 0.01 % of the year, dB.
    pub a_001_db: f64,
    /// C₁, C₂, C₃ of the power law.
    c: [f64; 3],
}

/// Largest distance factor r (§2.4.1 step 3).
const MAX_DISTANCE_FACTOR: f64 = 2.5;
/// Percentages of the year that the power law holds for, % (§2.4.1 step 5).
pub const PERCENT: std::ops::RangeInclusive<f64> = 0.001..=1.0;

impl RainFading {
    /// Steps 1 to 4 for `rate_001_mm_per_h`, the rain rate R₀.₀₁ exceeded for 0.01 % of an average year (one-minute integration).
    ///
    /// `f_ghz` is 1 to 100 GHz, `d_km` up to 60 km.
    pub fn new(f_ghz: f64, polarization: Polarization, d_km: f64, rate_001_mm_per_h: f64) -> Self {
        let (_, alpha) = coefficients(f_ghz, polarization);
        let gamma_r_db_per_km = specific_db_per_km(f_ghz, polarization, rate_001_mm_per_h);
        // r = 1/[0.477·d^0.633·R₀.₀₁^(0.073·α)·f^0.123 − 10.579·(1 − exp(−0.024·d))], at most 2.5   (step 3)
        let denominator = 0.477 * d_km.powf(0.633) * rate_001_mm_per_h.powf(0.073 * alpha) * f_ghz.powf(0.123)
            - 10.579 * (1.0 - (-0.024 * d_km).exp());
        let r = if denominator < 1.0 / MAX_DISTANCE_FACTOR { MAX_DISTANCE_FACTOR } else { 1.0 / denominator };
        let d_eff_km = d_km * r;
        // C₀ = 0.12 + 0.4·log[(f/10)^0.8] from 10 GHz, 0.12 below                                     (step 5)
        let c_0 = 0.12 + if f_ghz >= 10.0 { 0.4 * 0.8 * (f_ghz / 10.0).log10() } else { 0.0 };
        // C₁ = 0.07^C₀·0.12^(1 − C₀), C₂ = 0.855·C₀ + 0.546·(1 − C₀), C₃ = 0.139·C₀ + 0.043·(1 − C₀)
        let c = [
            0.07_f64.powf(c_0) * 0.12_f64.powf(1.0 - c_0),
            0.855 * c_0 + 0.546 * (1.0 - c_0),
            0.139 * c_0 + 0.043 * (1.0 - c_0),
        ];
        // A₀.₀₁ = γ_R·d_eff                                                                           (step 4)
        Self { gamma_r_db_per_km, d_eff_km, a_001_db: gamma_r_db_per_km * d_eff_km, c }
    }

    /// Attenuation exceeded for `percent` of the year, dB (step 5); `percent` is 0.001 to 1 %.
    pub fn attenuation_db(&self, percent: f64) -> f64 {
        let [c_1, c_2, c_3] = self.c;
        // A_p/A₀.₀₁ = C₁·p^−(C₂ + C₃·log p)
        self.a_001_db * c_1 * percent.powf(-(c_2 + c_3 * percent.log10()))
    }

    /// Percentage of the year for which rain takes more than `margin_db`, the inverse of [`RainFading::attenuation_db`],
    /// cut to its range: a value at either end of [`PERCENT`] means "no more than" or "no less than".
    pub fn percent_exceeding(&self, margin_db: f64) -> f64 {
        let [c_1, c_2, c_3] = self.c;
        if margin_db >= self.attenuation_db(*PERCENT.start()) {
            return *PERCENT.start();
        }
        if margin_db <= self.attenuation_db(*PERCENT.end()) {
            return *PERCENT.end();
        }
        // C₃·x² + C₂·x + log[A_p/(A₀.₀₁·C₁)] = 0 with x = log p; the larger root is on the falling branch.
        let constant = (margin_db / (self.a_001_db * c_1)).log10();
        10f64.powf((-c_2 + (c_2 * c_2 - 4.0 * c_3 * constant).sqrt()) / (2.0 * c_3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Polarization::{Horizontal, Vertical};

    #[test]
    fn the_coefficients_of_table_5() {
        // P.838-3 Table 5: frequency in GHz, k_H, α_H, k_V, α_V.
        for (f_ghz, k_h, alpha_h, k_v, alpha_v) in [
            (1.0, 0.0000259, 0.9691, 0.0000308, 0.8592),
            (10.0, 0.01217, 1.2571, 0.01129, 1.2156),
            (20.0, 0.09164, 1.0568, 0.09611, 0.9847),
            (40.0, 0.4431, 0.8673, 0.4274, 0.8421),
            (100.0, 1.3671, 0.6815, 1.3680, 0.6765),
        ] {
            let ((k_1, alpha_1), (k_2, alpha_2)) = (coefficients(f_ghz, Horizontal), coefficients(f_ghz, Vertical));
            assert!((k_1 / k_h - 1.0).abs() < 3e-3 && (k_2 / k_v - 1.0).abs() < 3e-3, "{f_ghz} {k_1} {k_2}");
            assert!(
                (alpha_1 - alpha_h).abs() < 6e-5 && (alpha_2 - alpha_v).abs() < 6e-5,
                "{f_ghz} {alpha_1} {alpha_2}"
            );
        }
    }

    #[test]
    fn the_power_law_and_its_inverse_agree() {
        let rain = RainFading::new(18.0, Vertical, 8.0, 80.0);
        for percent in [0.001, 0.003, 0.01, 0.1, 1.0] {
            let back = rain.percent_exceeding(rain.attenuation_db(percent));
            assert!((back / percent - 1.0).abs() < 1e-9, "{percent} {back}");
        }
        // At 0.01 % the power law gives A₀.₀₁ again, but for the rounding of its coefficients.
        assert!((rain.attenuation_db(0.01) / rain.a_001_db - 1.0).abs() < 0.03);
        assert_eq!((rain.percent_exceeding(500.0), rain.percent_exceeding(0.0)), (0.001, 1.0));
    }

    #[test]
    fn a_short_hop_takes_the_largest_distance_factor() {
        let rain = RainFading::new(80.0, Horizontal, 0.1, 80.0);
        assert!((rain.d_eff_km - 0.25).abs() < 1e-12, "{rain:?}");
    }
}
