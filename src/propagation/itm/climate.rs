//! The seven radio climates: curves of long-term variability over distance ("Algorithm" §5, Table 5.1; NBS Technical
//! Note 101, Annex III.7).

/// A curve (C₁ + C₂/{1 + [(d_e − x₂)/x₃]²})·(d_e/x₁)²/[1 + (d_e/x₁)²] of the effective distance, dB; lengths in km.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::propagation) struct Curve {
    c_1_db: f64,
    c_2_db: f64,
    x_1_km: f64,
    x_2_km: f64,
    x_3_km: f64,
}

impl Curve {
    /// Value at the effective distance d_e, dB (Eq. (5.5) and (5.7)).
    #[inline(always)]
    pub(in crate::propagation) fn at_db(&self, d_e_m: f64) -> f64 {
        let bump = (d_e_m - 1e3 * self.x_2_km) / (1e3 * self.x_3_km);
        let rise = d_e_m / (1e3 * self.x_1_km);
        (self.c_1_db + self.c_2_db / (1.0 + bump * bump)) * (rise * rise) / (1.0 + rise * rise)
    }
}

/// A factor b₁ + b₂/[1 + (b₃·ln 0.133k)²] of frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::propagation) struct FrequencyFactor(f64, f64, f64);

impl FrequencyFactor {
    /// Value at the wave number k, 1/m.
    pub(in crate::propagation) fn at(self, wave_number_per_m: f64) -> f64 {
        let Self(b_1, b_2, b_3) = self;
        let q = b_3 * (0.133 * wave_number_per_m).ln();
        b_1 + b_2 / (q * q + 1.0)
    }
}

/// How the signal varies with time in one climate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::propagation) struct Climate {
    /// All-year median V_med.
    pub(in crate::propagation) median: Curve,
    /// Standard deviation of weak signals σ_T−.
    pub(in crate::propagation) weak: Curve,
    /// Standard deviation of strong signals σ_T+.
    pub(in crate::propagation) strong: Curve,
    /// g₋ of σ_T−.
    pub(in crate::propagation) weak_factor: FrequencyFactor,
    /// g₊ of σ_T+.
    pub(in crate::propagation) strong_factor: FrequencyFactor,
    /// C_D of σ_TD, for the rare strong signals.
    pub(in crate::propagation) c_d: f64,
    /// The standard normal deviate z_D from which σ_TD holds.
    pub(in crate::propagation) z_d: f64,
}

const fn curve(c_1_db: f64, c_2_db: f64, x_1_km: f64, x_2_km: f64, x_3_km: f64) -> Curve {
    Curve { c_1_db, c_2_db, x_1_km, x_2_km, x_3_km }
}

const NO_FACTOR: FrequencyFactor = FrequencyFactor(1.0, 0.0, 0.0);
const CONTINENTAL: FrequencyFactor = FrequencyFactor(0.93, 0.31, 2.0);

/// Equatorial, continental subtropical, maritime subtropical, desert, continental temperate, maritime temperate over land,
/// maritime temperate over sea.
pub(in crate::propagation) const CLIMATES: [Climate; 7] = [
    Climate {
        median: curve(-9.67, 12.7, 144.9, 190.3, 133.8),
        weak: curve(2.13, 159.5, 762.2, 123.6, 94.5),
        strong: curve(2.11, 102.3, 636.9, 134.8, 95.6),
        weak_factor: NO_FACTOR,
        strong_factor: NO_FACTOR,
        c_d: 1.224,
        z_d: 1.282,
    },
    Climate {
        median: curve(-0.62, 9.19, 228.9, 205.2, 143.6),
        weak: curve(2.66, 7.67, 100.4, 172.5, 136.4),
        strong: curve(6.87, 15.53, 138.7, 143.7, 98.6),
        weak_factor: NO_FACTOR,
        strong_factor: CONTINENTAL,
        c_d: 0.801,
        z_d: 2.161,
    },
    Climate {
        median: curve(1.26, 15.5, 262.6, 185.2, 99.8),
        weak: curve(6.11, 6.65, 138.2, 242.2, 178.6),
        strong: curve(10.08, 9.60, 165.3, 225.7, 129.7),
        weak_factor: NO_FACTOR,
        strong_factor: NO_FACTOR,
        c_d: 1.380,
        z_d: 1.282,
    },
    Climate {
        median: curve(-9.21, 9.05, 84.1, 101.1, 98.6),
        weak: curve(1.98, 13.11, 139.1, 132.7, 193.5),
        strong: curve(3.68, 159.3, 464.4, 93.1, 94.2),
        weak_factor: NO_FACTOR,
        strong_factor: FrequencyFactor(0.93, 0.19, 1.79),
        c_d: 1.000,
        z_d: 20.0,
    },
    Climate {
        median: curve(-0.62, 9.19, 228.9, 205.2, 143.6),
        weak: curve(2.68, 7.16, 93.7, 186.8, 133.5),
        strong: curve(4.75, 8.12, 93.2, 135.9, 113.4),
        weak_factor: FrequencyFactor(0.92, 0.25, 1.77),
        strong_factor: CONTINENTAL,
        c_d: 1.224,
        z_d: 1.282,
    },
    Climate {
        median: curve(-0.39, 2.86, 141.7, 315.9, 167.4),
        weak: curve(6.86, 10.38, 187.8, 169.6, 108.9),
        strong: curve(8.58, 13.97, 216.0, 152.0, 122.7),
        weak_factor: NO_FACTOR,
        strong_factor: NO_FACTOR,
        c_d: 1.518,
        z_d: 1.282,
    },
    Climate {
        median: curve(3.15, 857.9, 2222.0, 164.8, 116.3),
        weak: curve(8.51, 169.8, 609.8, 119.9, 106.6),
        strong: curve(8.43, 8.19, 136.2, 188.5, 122.9),
        weak_factor: NO_FACTOR,
        strong_factor: NO_FACTOR,
        c_d: 1.518,
        z_d: 1.282,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_and_a_factor_by_hand() {
        // At d_e = x₂ = 205.2 km: (−0.62 + 9.19)·(205.2/228.9)²/[1 + (205.2/228.9)²] = 8.57·0.80364/1.80364 = 3.8185 dB.
        assert!((CLIMATES[4].median.at_db(205.2e3) - 3.818_5).abs() < 1e-3);
        // ln(0.133k) = 0 at k = 1/0.133: 0.93 + 0.31.
        assert!((CONTINENTAL.at(1.0 / 0.133) - 1.24).abs() < 1e-12);
        assert_eq!(NO_FACTOR.at(20.0), 1.0);
    }
}
