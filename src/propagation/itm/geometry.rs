//! Horizons and effective heights of the two terminals: from a profile, or from statistics of the area ("Algorithm" §3).

use super::equal_profile::EqualProfile;
use super::irregularity::delta_h_m;
use super::line_fit::fitted_ends_m;
use std::f64::consts::PI;

/// How carefully a terminal's place was chosen, in area predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Siting {
    /// As chance had it.
    Random,
    /// With care.
    Careful,
    /// With great care.
    VeryCareful,
}

/// A path as the model sees it. Arrays hold the transmitter first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Length d, m.
    pub d_m: f64,
    /// Antennas above ground h_g, m.
    pub h_g_m: [f64; 2],
    /// Effective antenna heights h_e, m.
    pub h_e_m: [f64; 2],
    /// Distances of the horizons d_L, m.
    pub d_l_m: [f64; 2],
    /// Elevation angles of the horizons θ_e, rad.
    pub theta_e_rad: [f64; 2],
    /// Terrain irregularity parameter Δh, m.
    pub delta_h_m: f64,
    /// Whether the terrain of the path is known, so that the weight of Eq. (4.9) has its C = 10 m².
    pub known_terrain: bool,
}

impl Geometry {
    /// A path over known terrain on an Earth of effective radius `a_e_m`.
    pub fn of_profile(profile: EqualProfile<'_>, h_g_m: [f64; 2], a_e_m: f64) -> Self {
        let d_m = profile.length_m();
        let [tx, rx] = horizons(profile, h_g_m, a_e_m);
        let (mut d_l_m, mut theta_e_rad) = ([tx.d_m, rx.d_m], [tx.theta_rad, rx.theta_rad]);
        // The terrain counts from 15 antenna heights or a tenth of the horizon distance on, whichever is less.
        let near_m = |i: usize| (15.0 * h_g_m[i]).min(0.1 * d_l_m[i]);
        let (from_m, to_m) = (near_m(0), d_m - near_m(1));
        let delta_h_m = delta_h_m(profile, from_m, to_m);
        let ends_m = profile.ends_amsl_m();
        let fit = |from_m: f64, to_m: f64| {
            fitted_ends_m(profile.heights_amsl_m, from_m / profile.step_m, to_m / profile.step_m)
        };
        let above = |i: usize, line_m: f64| h_g_m[i] + (ends_m[i] - line_m).max(0.0);
        let h_e_m;
        if d_l_m[0] + d_l_m[1] > 1.5 * d_m {
            // In line of sight: the horizons are where they would be beyond the other terminal, as over an area.
            let [line_tx_m, line_rx_m] = fit(from_m, to_m);
            let mut heights_m = [above(0, line_tx_m), above(1, line_rx_m)];
            let mut distances_m = heights_m.map(|h| statistical_horizon_m(h, a_e_m, delta_h_m));
            let reach_m = distances_m[0] + distances_m[1];
            if reach_m <= d_m {
                heights_m = heights_m.map(|h| h * (d_m / reach_m).powi(2));
                distances_m = heights_m.map(|h| statistical_horizon_m(h, a_e_m, delta_h_m));
            }
            theta_e_rad = [0, 1].map(|i| statistical_elevation_rad(heights_m[i], distances_m[i], a_e_m, delta_h_m));
            (h_e_m, d_l_m) = (heights_m, distances_m);
        } else {
            let [line_tx_m, _] = fit(from_m, 0.9 * d_l_m[0]);
            let [_, line_rx_m] = fit(d_m - 0.9 * d_l_m[1], to_m);
            h_e_m = [above(0, line_tx_m), above(1, line_rx_m)];
        }
        Self { d_m, h_g_m, h_e_m, d_l_m, theta_e_rad, delta_h_m, known_terrain: true }
    }

    /// A path of which only its length, the irregularity of the area and the care in siting are known.
    pub fn of_area(d_m: f64, h_g_m: [f64; 2], siting: [Siting; 2], delta_h_m: f64, a_e_m: f64) -> Self {
        let h_e_m = [0, 1].map(|i| sited_height_m(h_g_m[i], siting[i], delta_h_m));
        let d_l_m = h_e_m.map(|h| statistical_horizon_m(h, a_e_m, delta_h_m));
        let theta_e_rad = [0, 1].map(|i| statistical_elevation_rad(h_e_m[i], d_l_m[i], a_e_m, delta_h_m));
        Self { d_m, h_g_m, h_e_m, d_l_m, theta_e_rad, delta_h_m, known_terrain: false }
    }
}

/// Effective height of a terminal, m (Eq. (3.1) and (3.2)).
fn sited_height_m(h_g_m: f64, siting: Siting, delta_h_m: f64) -> f64 {
    let b = match siting {
        Siting::Random => return h_g_m,
        Siting::Careful => 4.0,
        Siting::VeryCareful => 9.0,
    };
    let b = if h_g_m < 5.0 { b * (0.1 * PI * h_g_m).sin() } else { b };
    h_g_m + (1.0 + b) * (-(2.0 * h_g_m / delta_h_m.max(1e-3)).min(20.0)).exp()
}

/// Distance of the horizon over smooth Earth d_Ls, m (Eq. (3.5)).
pub(super) fn smooth_horizon_m(h_e_m: f64, a_e_m: f64) -> f64 {
    (2.0 * h_e_m * a_e_m).sqrt()
}

/// Distance of the horizon over irregular terrain d_L, m (Eq. (3.3) with H₃ = 5 m).
fn statistical_horizon_m(h_e_m: f64, a_e_m: f64, delta_h_m: f64) -> f64 {
    smooth_horizon_m(h_e_m, a_e_m) * (-0.07 * (delta_h_m / h_e_m.max(5.0)).sqrt()).exp()
}

/// Elevation of the horizon over irregular terrain θ_e, rad (Eq. (3.4)).
fn statistical_elevation_rad(h_e_m: f64, d_l_m: f64, a_e_m: f64, delta_h_m: f64) -> f64 {
    let d_ls_m = smooth_horizon_m(h_e_m, a_e_m);
    (0.65 * delta_h_m * (d_ls_m / d_l_m - 1.0) - 2.0 * h_e_m) / d_ls_m
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Horizon {
    theta_rad: f64,
    d_m: f64,
}

/// Horizons of both terminals: the other terminal, or the steepest point that hides it.
///
/// Distances are running sums of the step, as in the model's source: the fits cut multiples of them to whole points, so the
/// last digit can decide on a point.
fn horizons(profile: EqualProfile<'_>, h_g_m: [f64; 2], a_e_m: f64) -> [Horizon; 2] {
    let d_m = profile.length_m();
    let ends_m = profile.ends_amsl_m();
    let z_m = [ends_m[0] + h_g_m[0], ends_m[1] + h_g_m[1]];
    let rise = (z_m[1] - z_m[0]) / d_m;
    let drop = d_m / (2.0 * a_e_m);
    let mut tx = Horizon { theta_rad: rise - drop, d_m };
    let mut rx = Horizon { theta_rad: -rise - drop, d_m };
    let (mut from_tx_m, mut from_rx_m) = (0.0, d_m);
    for height_m in &profile.heights_amsl_m[1..profile.steps()] {
        from_tx_m += profile.step_m;
        from_rx_m -= profile.step_m;
        let theta_tx_rad = (height_m - z_m[0]) / from_tx_m - from_tx_m / (2.0 * a_e_m);
        let theta_rx_rad = (height_m - z_m[1]) / from_rx_m - from_rx_m / (2.0 * a_e_m);
        if theta_tx_rad > tx.theta_rad {
            tx = Horizon { theta_rad: theta_tx_rad, d_m: from_tx_m };
        }
        if theta_rx_rad > rx.theta_rad {
            rx = Horizon { theta_rad: theta_rx_rad, d_m: from_rx_m };
        }
    }
    [tx, rx]
}

#[cfg(test)]
mod tests {
    use super::*;

    const A_E_M: f64 = 8_493e3;

    #[test]
    fn one_hill_is_the_horizon_of_both() {
        // 100 m high at 4 km of 10 km, antennas at 10 m: 90/4000 − 4000/2a and 90/6000 − 6000/2a rad.
        let mut heights = [0.0; 11];
        heights[4] = 100.0;
        let [tx, rx] = horizons(EqualProfile { step_m: 1000.0, heights_amsl_m: &heights }, [10.0, 10.0], A_E_M);
        assert_eq!((tx.d_m, rx.d_m), (4000.0, 6000.0));
        assert!((tx.theta_rad - (0.0225 - 2000.0 / A_E_M)).abs() < 1e-15);
        assert!((rx.theta_rad - (0.015 - 3000.0 / A_E_M)).abs() < 1e-15);
    }

    #[test]
    fn over_flat_ground_the_effective_height_is_the_antenna_s() {
        // √(2·15·8493e3) = 15,962 m; −2·15/15,962 = −1.879 mrad: the area method over Δh = 0.
        let geometry =
            Geometry::of_profile(EqualProfile { step_m: 100.0, heights_amsl_m: &[50.0; 101] }, [15.0, 3.0], A_E_M);
        assert_eq!((geometry.h_e_m, geometry.delta_h_m), ([15.0, 3.0], 0.0));
        assert!((geometry.d_l_m[0] - 15_962.0).abs() < 1.0, "{geometry:?}");
        assert!((geometry.theta_e_rad[0] + 1.879e-3).abs() < 1e-6, "{geometry:?}");
        let area = Geometry::of_area(10e3, [15.0, 3.0], [Siting::Random; 2], 0.0, A_E_M);
        assert_eq!(Geometry { known_terrain: false, ..geometry }, area);
    }

    #[test]
    fn eq_3_2_care_raises_an_antenna() {
        // 3 m, Δh 30 m, very careful: 3 + (1 + 9·sin 0.3π)·exp(−0.2) = 3 + 8.28115·0.81873 = 9.7800 m.
        assert!((sited_height_m(3.0, Siting::VeryCareful, 30.0) - 9.780_0).abs() < 1e-3);
        // 10 m, careful: 10 + 5·exp(−2/3) = 12.5671 m.
        assert!((sited_height_m(10.0, Siting::Careful, 30.0) - 12.567_1).abs() < 1e-3);
    }
}
