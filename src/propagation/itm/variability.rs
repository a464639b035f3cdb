//! How the loss varies with time, place and situation ("Algorithm" §5).

use super::climate::CLIMATES;
use super::geometry::Geometry;
use super::ground::{irregularity_over_m, wave_number_per_m};
use crate::propagation::Trace;

/// How the kinds of variability are put together ("Algorithm" §5; NTIA Report TR-82-100 §3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// One message: time, place and situation are one.
    SingleMessage,
    /// One link: place and situation are one.
    Accidental,
    /// Moving terminals: time and place are one.
    Mobile,
    /// Time, place and situation each count.
    Broadcast,
}

/// Whose loss is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variability {
    /// Radio climate, 0 to 6 in NTIA's order.
    pub climate: usize,
    /// How time, place and situation are put together.
    pub combination: Combination,
    /// Whether the variability of place is left out.
    pub without_location: bool,
    /// Whether the direct variability of situation is left out.
    pub without_situation: bool,
    /// Standard normal deviates of the shares of time, places and situations.
    pub z: Deviates,
}

/// Standard normal deviates that are exceeded in a share of time, places and situations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviates {
    /// z_T.
    pub time: f64,
    /// z_L.
    pub location: f64,
    /// z_S.
    pub situation: f64,
}

impl Variability {
    /// The deviates that count under the combination.
    pub fn deviates(&self) -> Deviates {
        let z = self.z;
        match self.combination {
            Combination::SingleMessage => Deviates { time: z.situation, location: z.situation, ..z },
            Combination::Accidental => Deviates { location: z.situation, ..z },
            Combination::Mobile => Deviates { location: z.time, ..z },
            Combination::Broadcast => z,
        }
    }

    /// Attenuation below free space that is not exceeded, dB, from the reference attenuation A_ref.
    pub fn attenuation_db(&self, f_mhz: f64, geometry: &Geometry, a_ref_db: f64, trace: &mut Trace) -> f64 {
        let climate = &CLIMATES[self.climate];
        let k = wave_number_per_m(f_mhz);
        let z = self.deviates();
        let d_e_m = effective_distance_m(k, geometry);
        trace.record("d_e", "(5.4)", d_e_m / 1000.0, "km");
        let v_med_db = climate.median.at_db(d_e_m);
        trace.record("V_med", "(5.5)", v_med_db, "dB");
        // σ_L = 10·k·Δh(d)/(k·Δh(d) + 13)                                                          (5.9)
        let sigma_l_db = if self.without_location {
            0.0
        } else {
            let k_delta_h = k * irregularity_over_m(geometry.d_m, geometry.delta_h_m);
            10.0 * k_delta_h / (k_delta_h + 13.0)
        };
        // σ_S = 5 + 3·exp(−d_e/D), D = 100 km                                                      (5.10)
        let sigma_s_db = if self.without_situation { 0.0 } else { 5.0 + 3.0 * (-d_e_m / 100e3).exp() };
        // σ_T−, σ_T+, and σ_TD = C_D·σ_T+ for the rare strong signals                             (5.6, 5.7, 5.8)
        let sigma_t_db = if z.time < 0.0 {
            climate.weak.at_db(d_e_m) * climate.weak_factor.at(k)
        } else {
            let strong_db = climate.strong.at_db(d_e_m) * climate.strong_factor.at(k);
            if z.time <= climate.z_d {
                strong_db
            } else {
                let ducting_db = climate.c_d * strong_db;
                ducting_db + (strong_db - ducting_db) * climate.z_d / z.time
            }
        };
        trace.record("sigma_T", "(5.6)", sigma_t_db, "dB");
        trace.record("sigma_L", "(5.9)", sigma_l_db, "dB");
        trace.record("sigma_S", "(5.10)", sigma_s_db, "dB");
        let (y_t_db, y_l_db) = (sigma_t_db * z.time, sigma_l_db * z.location);
        // The rest of the situation: σ_S² + Y_T²/(7.8 + z_S²) + Y_L²/(24 + z_S²)                      (5.11)
        let z_s2 = z.situation * z.situation;
        let rest_db2 = sigma_s_db * sigma_s_db + y_t_db * y_t_db / (7.8 + z_s2) + y_l_db * y_l_db / (24.0 + z_s2);
        let (sigma_t_db2, sigma_l_db2) = (sigma_t_db * sigma_t_db, sigma_l_db * sigma_l_db);
        let (y_r_db, spread_db2) = match self.combination {
            Combination::SingleMessage => (0.0, sigma_t_db2 + sigma_l_db2 + rest_db2),
            Combination::Accidental => (y_t_db, sigma_l_db2 + rest_db2),
            Combination::Mobile => ((sigma_t_db2 + sigma_l_db2).sqrt() * z.time, rest_db2),
            Combination::Broadcast => (y_t_db + y_l_db, rest_db2),
        };
        let y_s_db = spread_db2.sqrt() * z.situation;
        trace.record("Y_R", "(5.11)", y_r_db, "dB");
        trace.record("Y_S", "(5.11)", y_s_db, "dB");
        // A' = A_ref − V_med − Y_R − Y_S, bent where it is negative                                   (5.1, 5.2)
        let a_db = a_ref_db - v_med_db - y_r_db - y_s_db;
        if a_db < 0.0 { a_db * (29.0 - a_db) / (29.0 - 10.0 * a_db) } else { a_db }
    }
}

/// Effective distance d_e, m (Eq. (5.3) and (5.4)).
fn effective_distance_m(k: f64, geometry: &Geometry) -> f64 {
    // d_ex = √(2·a₁·h_e1) + √(2·a₁·h_e2) + (575.7·10¹²/k)^⅓, a₁ = 9000 km
    let horizon_m = |h_e_m: f64| (2.0 * 9000e3 * h_e_m).sqrt();
    let d_ex_m = horizon_m(geometry.h_e_m[0]) + horizon_m(geometry.h_e_m[1]) + (575.7e12 / k).cbrt();
    if geometry.d_m < d_ex_m { 130e3 * geometry.d_m / d_ex_m } else { 130e3 + geometry.d_m - d_ex_m }
}

/// Standard normal deviate that is exceeded with the probability `share`, above 0 and below 1 (Abramowitz and Stegun 26.2.23,
/// with the model's digits).
pub(super) fn exceeded_deviate(share: f64) -> f64 {
    let upper = |tail: f64| {
        let t = (-2.0 * tail.ln()).sqrt();
        t - ((0.010_328 * t + 0.802_853) * t + 2.515_516) / (((0.001_308 * t + 0.189_269) * t + 1.432_788) * t + 1.0)
    };
    if share > 0.5 { -upper(1.0 - share) } else { upper(share) }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::Siting;
    use super::*;

    fn variability(combination: Combination, percent: [f64; 3]) -> Variability {
        let [time, location, situation] = percent.map(|p| exceeded_deviate(p / 100.0));
        let z = Deviates { time, location, situation };
        Variability { climate: 4, combination, without_location: false, without_situation: false, z }
    }

    #[test]
    fn the_usual_quantiles() {
        for (share, z) in [(0.1, 1.281_552), (0.01, 2.326_348), (0.9, -1.281_552)] {
            assert!((exceeded_deviate(share) - z).abs() < 4.5e-4);
        }
        assert!(exceeded_deviate(0.5).abs() < 1e-6);
    }

    #[test]
    fn a_combination_says_which_shares_count() {
        let of = |combination| {
            let z = variability(combination, [10.0, 50.0, 90.0]).deviates();
            [z.time, z.location, z.situation].map(|z| (z * 10.0).round() / 10.0)
        };
        assert_eq!(of(Combination::SingleMessage), [-1.3, -1.3, -1.3]);
        assert_eq!(of(Combination::Accidental), [1.3, -1.3, -1.3]);
        assert_eq!(of(Combination::Mobile), [1.3, 1.3, -1.3]);
        assert_eq!(of(Combination::Broadcast), [1.3, 0.0, -1.3]);
    }

    #[test]
    fn eq_5_3_to_5_11_by_hand() {
        // Flat ground, 15 m and 3 m, 100 km at 900 MHz: k = 18.868; d_ex = 16,432 + 7,348 + 31,251 = 55,031 m,
        // d_e = 130 + 100 − 55.03 = 174.97 km. σ_L = 0, σ_S = 5 + 3·exp(−1.7497) = 5.5215 dB. At half the time and
        // places and 90 % of the situations Y_S = −1.2817·5.5215 = −7.077: the loss grows by 7.077 − V_med.
        let geometry = Geometry::of_area(100e3, [15.0, 3.0], [Siting::Random; 2], 0.0, 8_493e3);
        assert!((effective_distance_m(900.0 / 47.7, &geometry) - 174.97e3).abs() < 50.0);
        let v_med_db = CLIMATES[4].median.at_db(174.97e3);
        let a_db = variability(Combination::Broadcast, [50.0, 50.0, 90.0]).attenuation_db(
            900.0,
            &geometry,
            40.0,
            &mut Trace::off(),
        );
        assert!((a_db - (40.0 - v_med_db + 7.077)).abs() < 5e-3, "{a_db} {v_med_db}");
    }
}
