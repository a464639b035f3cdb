//! Attenuation by oxygen and water vapour: Rec. ITU-R P.676-13 Annex 1, line by line.
//!
//! In: frequency in GHz (1 to 1000), dry air pressure in hPa, water vapour density in g/m³, temperature in K. Out: specific
//! attenuation in dB/km; times the path length it is the attenuation of a terrestrial path (§2.1).

use super::gas_lines::{Line, OXYGEN, WATER_VAPOUR};

/// The air along a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Air {
    /// Dry air pressure p, hPa.
    pub dry_pressure_hpa: f64,
    /// Water vapour density ρ, g/m³.
    pub vapour_g_per_m3: f64,
    /// Temperature T, K.
    pub temperature_k: f64,
}

impl Air {
    /// Mean annual global reference atmosphere at sea level: 1013.25 hPa, 7.5 g/m³, 288.15 K (Rec. ITU-R P.835-6 Annex 1).
    pub const STANDARD: Self = Self { dry_pressure_hpa: 1013.25, vapour_g_per_m3: 7.5, temperature_k: 288.15 };

    /// Annual reference atmosphere of low latitudes (below 22°) at sea level: 1012.0306 hPa of which the vapour has 27.2483, 19.6542 g/m³, 300.4222 K (Rec.
    /// ITU-R P.835-6 Annex 2 §1).
    pub const LOW_LATITUDE: Self =
        Self { dry_pressure_hpa: 984.7823, vapour_g_per_m3: 19.6542, temperature_k: 300.4222 };

    /// θ = 300/T.
    fn theta(&self) -> f64 {
        300.0 / self.temperature_k
    }

    /// Water vapour partial pressure, hPa: e = ρ·T/216.7 (Eq. (4)).
    fn vapour_pressure_hpa(&self) -> f64 {
        self.vapour_g_per_m3 * self.temperature_k / 216.7
    }
}

/// Line shape factor Fᵢ (Eq. (5)) for a line of width Δf and interference correction δ.
fn shape(f: f64, f_i: f64, width: f64, delta: f64) -> f64 {
    // Fᵢ = f/fᵢ·{[Δf − δ·(fᵢ − f)]/[(fᵢ − f)² + Δf²] + [Δf − δ·(fᵢ + f)]/[(fᵢ + f)² + Δf²]}
    let (low, high) = (f_i - f, f_i + f);
    f / f_i
        * ((width - delta * low) / (low * low + width * width) + (width - delta * high) / (high * high + width * width))
}

/// Specific attenuation γ_o by dry air, dB/km (Eq. (1), (2a), (8)).
pub fn dry_air_db_per_km(f_ghz: f64, air: Air) -> f64 {
    let (p, e, theta, f) = (air.dry_pressure_hpa, air.vapour_pressure_hpa(), air.theta(), f_ghz);
    let lines: f64 = OXYGEN
        .iter()
        .map(|&Line { f_0_ghz, c: [a_1, a_2, a_3, a_4, a_5, a_6] }| {
            // Sᵢ = a₁·10⁻⁷·p·θ³·exp[a₂·(1 − θ)]                                                        (3)
            let strength = a_1 * 1e-7 * p * theta.powi(3) * (a_2 * (1.0 - theta)).exp();
            // Δf = a₃·10⁻⁴·(p·θ^(0.8 − a₄) + 1.1·e·θ), then √(Δf² + 2.25·10⁻⁶) for the Zeeman splitting  (6a, 6b)
            let width = a_3 * 1e-4 * (p * theta.powf(0.8 - a_4) + 1.1 * e * theta);
            let width = (width * width + 2.25e-6).sqrt();
            // δ = (a₅ + a₆·θ)·10⁻⁴·(p + e)·θ^0.8                                                       (7)
            let delta = (a_5 + a_6 * theta) * 1e-4 * (p + e) * theta.powf(0.8);
            strength * shape(f, f_0_ghz, width, delta)
        })
        .sum();
    // d = 5.6·10⁻⁴·(p + e)·θ^0.8                                                                       (9)
    let d = 5.6e-4 * (p + e) * theta.powf(0.8);
    // N''_D = f·p·θ²·{6.14·10⁻⁵/[d·(1 + (f/d)²)] + 1.4·10⁻¹²·p·θ^1.5/(1 + 1.9·10⁻⁵·f^1.5)}                (8)
    let continuum = f
        * p
        * theta
        * theta
        * (6.14e-5 / (d * (1.0 + (f / d).powi(2))) + 1.4e-12 * p * theta.powf(1.5) / (1.0 + 1.9e-5 * f.powf(1.5)));
    // γ_o = 0.1820·f·N''_oxygen                                                                        (1)
    0.1820 * f * (lines + continuum)
}

/// Specific attenuation γ_w by water vapour, dB/km (Eq. (1), (2b)).
pub fn water_vapour_db_per_km(f_ghz: f64, air: Air) -> f64 {
    let (p, e, theta) = (air.dry_pressure_hpa, air.vapour_pressure_hpa(), air.theta());
    let lines: f64 = WATER_VAPOUR
        .iter()
        .map(|&Line { f_0_ghz, c: [b_1, b_2, b_3, b_4, b_5, b_6] }| {
            // Sᵢ = b₁·10⁻¹·e·θ^3.5·exp[b₂·(1 − θ)]                                                     (3)
            let strength = b_1 * 1e-1 * e * theta.powf(3.5) * (b_2 * (1.0 - theta)).exp();
            // Δf = b₃·10⁻⁴·(p·θ^b₄ + b₅·e·θ^b₆)                                                       (6a)
            let width = b_3 * 1e-4 * (p * theta.powf(b_4) + b_5 * e * theta.powf(b_6));
            // then 0.535·Δf + √(0.217·Δf² + 2.1316·10⁻¹²·fᵢ²/θ) for the Doppler broadening            (6b)
            let width = 0.535 * width + (0.217 * width * width + 2.1316e-12 * f_0_ghz * f_0_ghz / theta).sqrt();
            strength * shape(f_ghz, f_0_ghz, width, 0.0)
        })
        .sum();
    // γ_w = 0.1820·f·N''_water vapour                                                                  (1)
    0.1820 * f_ghz * lines
}

/// Gaseous attenuation of a terrestrial path of `d_km`, dB: A = (γ_o + γ_w)·d (§2.1).
pub fn path_attenuation_db(f_ghz: f64, d_km: f64, air: Air) -> f64 {
    (dry_air_db_per_km(f_ghz, air) + water_vapour_db_per_km(f_ghz, air)) * d_km
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_absorption_peaks_of_figure_1() {
        // Fig. 1 of P.676-13, standard air: 15 dB/km of oxygen at 60 GHz, 0.2 of water vapour at 22.2 GHz.
        assert!((14.0..16.0).contains(&dry_air_db_per_km(60.0, Air::STANDARD)));
        assert!((0.17..0.21).contains(&water_vapour_db_per_km(22.235, Air::STANDARD)));
    }

    #[test]
    fn without_vapour_there_is_none_of_its_attenuation() {
        let dry = Air { vapour_g_per_m3: 0.0, ..Air::STANDARD };
        assert_eq!(water_vapour_db_per_km(22.0, dry), 0.0);
        assert_eq!(path_attenuation_db(22.0, 10.0, dry), 10.0 * dry_air_db_per_km(22.0, dry));
    }
}
