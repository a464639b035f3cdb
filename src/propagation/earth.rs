//! The effective Earth, the wavelength and free space: what every path model of this crate starts from.
//!
//! In: refractivity, frequency, distance, heights. Out: radii in km, wavelength in m, loss in dB.

/// Radius of the Earth, km (Rec. ITU-R P.1812-8 §3.5).
pub const EARTH_RADIUS_KM: f64 = 6371.0;

/// Radius of an Earth over which rays are straight in the standard atmosphere, km: k = 4/3 (Rec. ITU-R P.834-9 §2); of P.1812 at ΔN = 39.
pub const STANDARD_EFFECTIVE_RADIUS_KM: f64 = 4.0 / 3.0 * EARTH_RADIUS_KM;

/// Effective radius exceeded for β₀ % of the time, km: a_β = 6371·k_β with k_β = 3 (Rec. ITU-R P.1812-8 §3.5, Eq. (7b)).
pub const BETA0_EFFECTIVE_RADIUS_KM: f64 = 3.0 * EARTH_RADIUS_KM;

/// Median effective Earth radius aₑ, km (Rec. ITU-R P.1812-8 §3.5, Eq. (6) and (7a)).
///
/// `delta_n` is ΔN, the mean lapse rate of refractivity in the lowest kilometre, N-units/km, positive and below 157.
pub fn median_effective_radius_km(delta_n: f64) -> f64 {
    // k₅₀ = 157 / (157 − ΔN)
    let k_50 = 157.0 / (157.0 - delta_n);
    // aₑ = 6371·k₅₀
    EARTH_RADIUS_KM * k_50
}

/// Wavelength, m, for a frequency in GHz, with the speed of light rounded as in Rec. ITU-R P.2001: λ = 0.2998 / f.
pub fn wavelength_m(f_ghz: f64) -> f64 {
    0.2998 / f_ghz
}

/// Free-space basic transmission loss, dB (Rec. ITU-R P.1812-8 §4.2, Eq. (8) and (8a); the same constant as
/// Rec. ITU-R P.525-4, 32.4 + 20·log f_MHz + 20·log d).
///
/// `d_km` is the distance along the ground; the heights of the two antennas above sea level make it the slant distance.
pub fn free_space_loss_db(f_ghz: f64, d_km: f64, h_ts_amsl_m: f64, h_rs_amsl_m: f64) -> f64 {
    // d_fs = √(d² + ((h_ts − h_rs)/1000)²)
    let d_fs_squared = d_km * d_km + ((h_ts_amsl_m - h_rs_amsl_m) / 1000.0).powi(2);
    // L_bfs = 92.4 + 20·log f + 20·log d_fs
    92.4 + 20.0 * f_ghz.log10() + 10.0 * d_fs_squared.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eq_6_and_7_the_median_radius_at_45_n_units() {
        assert!((median_effective_radius_km(45.0) - 8_930.776_786).abs() < 1e-6);
        assert_eq!(median_effective_radius_km(0.0), EARTH_RADIUS_KM);
    }

    #[test]
    fn eq_8_free_space_over_96_2_km_at_98_2_mhz() {
        // The rburg case of the WP 3M validation set: antennas at 407 m and 515 m.
        assert!((free_space_loss_db(0.0982, 96.2, 407.0, 515.0) - 111.905_736_7).abs() < 1e-7);
    }

    #[test]
    fn eq_8_the_antennas_heights_lengthen_a_short_path() {
        // 3 km along the ground and 4 km up: 5 km.
        let l_bfs_db = free_space_loss_db(1.0, 3.0, 4000.0, 0.0);
        assert!((l_bfs_db - (92.4 + 20.0 * 5.0_f64.log10())).abs() < 1e-12);
    }
}
