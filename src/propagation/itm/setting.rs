//! What every part of the reference attenuation needs of a path.

use super::geometry::{Geometry, smooth_horizon_m};
use super::ground::Ground;

/// A path over its ground at one frequency, with the sums over both terminals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Frequency, MHz.
    pub f_mhz: f64,
    /// Ground and air.
    pub ground: Ground,
    /// Terminals and horizons.
    pub geometry: Geometry,
    /// Distances of the horizons over smooth Earth d_Lsj, m.
    pub d_lsj_m: [f64; 2],
    /// Their sum d_Ls, m: the longest line of sight over smooth Earth.
    pub d_ls_m: f64,
    /// Sum of the actual horizon distances d_L, m.
    pub d_l_m: f64,
    /// Elevation of the horizons together θ_e, rad.
    pub theta_e_rad: f64,
}

impl Setting {
    /// Joins a path and its ground.
    pub fn new(f_mhz: f64, ground: Ground, geometry: Geometry) -> Self {
        // d_Lsj, d_Ls = d_Ls1 + d_Ls2, d_L = d_L1 + d_L2                                         (3.5, 3.6, 3.7)
        let d_lsj_m = geometry.h_e_m.map(|h| smooth_horizon_m(h, ground.a_e_m));
        let d_l_m = geometry.d_l_m[0] + geometry.d_l_m[1];
        // θ_e = max(θ_e1 + θ_e2, −d_L·γ_e)                                                          (3.8)
        let theta_e_rad = (geometry.theta_e_rad[0] + geometry.theta_e_rad[1]).max(-d_l_m / ground.a_e_m);
        Self { f_mhz, ground, geometry, d_lsj_m, d_ls_m: d_lsj_m[0] + d_lsj_m[1], d_l_m, theta_e_rad }
    }

    /// Angular distance over the length s, θ = θ_e + s·γ_e, rad (Eq. (4.12)).
    pub fn angular_distance_rad(&self, s_m: f64) -> f64 {
        s_m / self.ground.a_e_m + self.theta_e_rad
    }
}
