//! What the formulas need that is the same for all paths of a radial.

use super::super::super::Link;
use super::super::super::itm::{CLIMATES, Combination, Curve, Ground, ItmModel};

/// Constants of one link and model.
pub(super) struct Terms {
    /// Frequency f, MHz.
    pub(super) f_mhz: f64,
    /// ∛f.
    pub(super) root_f: f64,
    /// ∛f/1000.
    pub(super) root_f_per_1000: f64,
    /// K over C₀: 0.017778/(∛f·|Z_g|).
    pub(super) k_of_c_0: f64,
    /// ln f.
    pub(super) ln_f: f64,
    /// Wave number k, 1/m.
    pub(super) k_per_m: f64,
    /// Free-space loss at 1 m, dB.
    pub(super) free_space_at_1_m_db: f64,
    /// Ground impedance Z_g, real and imaginary part and magnitude.
    pub(super) z_g: [f64; 3],
    /// h_g1·h_g2, m².
    pub(super) product_m2: f64,
    /// Refractivity reduced to sea level N₀, N-units.
    pub(super) n_0: f64,
    /// V_med over the effective distance.
    pub(super) median: Curve,
    /// σ_T over the effective distance, but for the factor.
    pub(super) time: Curve,
    /// What σ_T is multiplied with.
    pub(super) time_factor: f64,
    /// (575.7·10¹²/k)^⅓, m.
    pub(super) scatter_distance_m: f64,
    /// 1, or 0 where the variability of location or the direct one of situation is left out.
    pub(super) location_counts: f64,
    pub(super) situation_counts: f64,
    /// Deviates of time, location and situation.
    pub(super) z: [f64; 3],
    /// Shares of Y_T, Y_L and √(σ_T² + σ_L²)·z_T in Y_R, and of σ_T² and σ_L² in the spread of Y_S.
    pub(super) in_y_r: [f64; 3],
    pub(super) in_spread: [f64; 2],
}

impl Terms {
    pub(super) fn new(model: &ItmModel, link: &Link) -> Self {
        let f_mhz = link.frequency_mhz;
        let k_per_m = f_mhz / 47.7;
        let z_g = Ground::of(&model.surroundings, link, 0.0).z_g;
        let climate = &CLIMATES[model.variability.climate];
        let z = model.variability.deviates();
        let (time, time_factor) = if z.time < 0.0 {
            (climate.weak, climate.weak_factor.at(k_per_m))
        } else {
            let rare = z.time > climate.z_d;
            let ducting = if rare { climate.c_d + (1.0 - climate.c_d) * climate.z_d / z.time } else { 1.0 };
            (climate.strong, climate.strong_factor.at(k_per_m) * ducting)
        };
        let (in_y_r, in_spread) = match model.variability.combination {
            Combination::SingleMessage => ([0.0, 0.0, 0.0], [1.0, 1.0]),
            Combination::Accidental => ([1.0, 0.0, 0.0], [0.0, 1.0]),
            Combination::Mobile => ([0.0, 0.0, 1.0], [0.0, 0.0]),
            Combination::Broadcast => ([1.0, 1.0, 0.0], [0.0, 0.0]),
        };
        let counts = |left_out: bool| if left_out { 0.0 } else { 1.0 };
        Self {
            f_mhz,
            root_f: f_mhz.cbrt(),
            root_f_per_1000: f_mhz.cbrt() / 1000.0,
            k_of_c_0: 0.017_778 / f_mhz.cbrt() / z_g.norm(),
            ln_f: f_mhz.ln(),
            k_per_m,
            free_space_at_1_m_db: 32.45 + 20.0 * f_mhz.log10() - 60.0,
            z_g: [z_g.re, z_g.im, z_g.norm()],
            product_m2: link.tx_height_agl_m * link.rx_height_agl_m,
            n_0: model.surroundings.n_0,
            median: climate.median,
            time,
            time_factor,
            scatter_distance_m: (575.7e12 / k_per_m).cbrt(),
            location_counts: counts(model.variability.without_location),
            situation_counts: counts(model.variability.without_situation),
            z: [z.time, z.location, z.situation],
            in_y_r,
            in_spread,
        }
    }
}
