//! What the ground and the air along a path do to a wave: refractivity, effective curvature, impedance, roughness.
//!
//! In: the link and the constants of ground and air. Out: the quantities of Hufford's "Algorithm" §1 and §3 that are the same
//! in both methods.

use crate::propagation::{Link, Polarization};
use num_complex::Complex64;

/// Ground and air of a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// Surface refractivity reduced to sea level N₀, N-units.
    pub n_0: f64,
    /// Relative permittivity of the ground ε_r.
    pub permittivity: f64,
    /// Conductivity of the ground σ, S/m.
    pub conductivity_s_m: f64,
}

/// Ground and air of one path at one frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    /// Surface refractivity at the path's height N_s, N-units.
    pub n_s: f64,
    /// Effective Earth radius a_e = 1/γ_e, m.
    pub a_e_m: f64,
    /// Transfer impedance of the ground Z_g, relative to free space.
    pub z_g: Complex64,
}

impl Ground {
    /// Ground and air of a path whose terrain lies `z_s_amsl_m` above sea level on average.
    pub fn of(surroundings: &Surroundings, link: &Link, z_s_amsl_m: f64) -> Self {
        // N_s = N₀·exp(−z_s/z₁), z₁ = 9.46 km                                                        (1.2)
        let n_s = surroundings.n_0 * (-z_s_amsl_m / 9460.0).exp();
        // γ_e = γ_a·[1 − 0.04665·exp(N_s/N₁)], γ_a = 157·10⁻⁹ 1/m, N₁ = 179.3                          (1.3)
        let gamma_e_per_m = 157e-9 * (1.0 - 0.04665 * (n_s / 179.3).exp());
        // ε'_r = ε_r + i·18000·σ/f                                                                  (1.5)
        let epsilon =
            Complex64::new(surroundings.permittivity, 18_000.0 * surroundings.conductivity_s_m / link.frequency_mhz);
        // Z_g = √(ε'_r − 1), divided by ε'_r for vertical polarisation                                (1.4)
        let horizontal = (epsilon - 1.0).sqrt();
        let z_g = match link.polarization {
            Polarization::Horizontal => horizontal,
            Polarization::Vertical => horizontal / epsilon,
        };
        Self { n_s, a_e_m: 1.0 / gamma_e_per_m, z_g }
    }
}

/// Wave number k = f/47.7, 1/m (Eq. (1.1)).
pub(super) fn wave_number_per_m(f_mhz: f64) -> f64 {
    f_mhz / 47.7
}

/// Terrain irregularity Δh(s) seen over the distance s, m (Eq. (3.9)).
pub(super) fn irregularity_over_m(s_m: f64, delta_h_m: f64) -> f64 {
    delta_h_m * (1.0 - 0.8 * (-s_m / 50e3).exp())
}

/// Standard deviation of heights within the first Fresnel zone σ_h, m, from Δh(s), m (Eq. (3.10) with H = 16 m).
pub(super) fn sigma_h_m(delta_h_s_m: f64) -> f64 {
    0.78 * delta_h_s_m * (-0.5 * delta_h_s_m.powf(0.25)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AVERAGE: Surroundings = Surroundings { n_0: 301.0, permittivity: 15.0, conductivity_s_m: 0.005 };

    fn link(polarization: Polarization) -> Link {
        Link {
            frequency_mhz: 900.0,
            polarization,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 0.0,
        }
    }

    #[test]
    fn eq_1_2_and_1_3_refractivity_falls_with_height() {
        // N_s = 301·exp(−1700/9460) = 251.499; γ_e = 157e-9·(1 − 0.04665·exp(301/179.3)) = 117.75e-9: 4/3 of the Earth.
        assert!((Ground::of(&AVERAGE, &link(Polarization::Vertical), 1700.0).n_s - 251.49).abs() < 0.01);
        let sea = Ground::of(&AVERAGE, &link(Polarization::Vertical), 0.0);
        assert_eq!(sea.n_s, 301.0);
        assert!((sea.a_e_m / 6370e3 - 4.0 / 3.0).abs() < 2e-3, "{sea:?}");
    }

    #[test]
    fn eq_1_4_and_1_5_impedance_of_average_ground() {
        // ε' = 15 + 0.1i: √(14 + 0.1i) = 3.741681 + 0.013363i, over ε' 0.249451 − 0.000772i.
        let horizontal = Ground::of(&AVERAGE, &link(Polarization::Horizontal), 0.0).z_g;
        assert!((horizontal - Complex64::new(3.741_681, 0.013_363)).norm() < 1e-6, "{horizontal}");
        let vertical = Ground::of(&AVERAGE, &link(Polarization::Vertical), 0.0).z_g;
        assert!((vertical - Complex64::new(0.249_440, -0.000_772)).norm() < 2e-5, "{vertical}");
    }

    #[test]
    fn eq_3_9_and_3_10_roughness() {
        // Δh = 90 m over 50 km: 90·(1 − 0.8/e) = 63.513; σ_h = 0.78·63.513·exp(−0.5·63.513^¼) = 12.077 m.
        let delta_h_s_m = irregularity_over_m(50e3, 90.0);
        assert!((delta_h_s_m - 63.513).abs() < 1e-3);
        assert!((sigma_h_m(delta_h_s_m) - 12.077).abs() < 1e-3, "{}", sigma_h_m(delta_h_s_m));
        assert_eq!(sigma_h_m(0.0), 0.0);
    }
}
