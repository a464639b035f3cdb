//! The generator's own fixed rule for what a village hears: free space at 900 MHz and one knife edge.
//!
//! It is deliberately not the engine's propagation code, which will change: the survey of this province must not.

use super::terrain::Terrain;

/// Farthest site that is looked at, km.
pub(crate) const REACH_KM: f64 = 15.0;
/// Height of the handset above ground, m.
const HANDSET_M: f64 = 1.5;
/// Frequency, GHz, and wavelength, m.
const F_GHZ: f64 = 0.9;
const WAVELENGTH_M: f64 = 0.299_792_458 / F_GHZ;
/// Effective earth radius (4/3), km.
const EARTH_KM: f64 = 6371.0 * 4.0 / 3.0;
/// What the median level loses before a person counts on it: 7 dB for nine places in ten, 3 dB for the body, dB.
pub(crate) const MARGIN_DB: f64 = 10.0;
/// Spacing of the profile points, km.
const STEP_KM: f64 = 0.1;

/// An end of a link: place in km and height of the antenna above ground.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    /// km east and south.
    pub(crate) place_km: (f64, f64),
    /// Antenna above ground, m.
    pub(crate) height_m: f64,
}

/// Knife-edge loss J(ν), dB (Rec. ITU-R P.526).
fn knife_edge_db(nu: f64) -> f64 {
    if nu <= -0.78 {
        return 0.0;
    }
    let t = nu - 0.1;
    6.9 + 20.0 * libm::log10((t * t + 1.0).sqrt() + t)
}

/// Distance between two places, km.
pub(crate) fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (dx * dx + dy * dy).sqrt()
}

/// Transmission loss from a mast to a handset, dB: free space and the Bullington construction over the bare ground, with
/// the term for further obstacles that Rec. ITU-R P.1812 adds to it.
pub(crate) fn loss_db(terrain: &Terrain, mast: End, village_km: (f64, f64)) -> f64 {
    let d_km = distance_km(mast.place_km, village_km).max(0.05);
    let free_db = 92.45 + 20.0 * libm::log10(F_GHZ * d_km);
    let h_t = terrain.height_m(mast.place_km.0, mast.place_km.1) + mast.height_m;
    let h_r = terrain.height_m(village_km.0, village_km.1) + HANDSET_M;
    let count = (d_km / STEP_KM).ceil().max(2.0) as usize;
    let (mut up_t, mut up_r, mut nu) = (f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    let direct = (h_r - h_t) / d_km;
    for k in 1..count {
        let t = k as f64 / count as f64;
        let (d1, d2) = (d_km * t, d_km * (1.0 - t));
        let x = mast.place_km.0 + (village_km.0 - mast.place_km.0) * t;
        let y = mast.place_km.1 + (village_km.1 - mast.place_km.1) * t;
        let ground = terrain.height_m(x, y) + 500.0 * d1 * d2 / EARTH_KM;
        up_t = up_t.max((ground - h_t) / d1);
        up_r = up_r.max((ground - h_r) / d2);
        let clearance = ground - (h_t * d2 + h_r * d1) / d_km;
        nu = nu.max(clearance * (0.002 * d_km / (WAVELENGTH_M * d1 * d2)).sqrt());
    }
    if up_t > direct {
        // Beyond the horizon: the edge stands where the two horizon lines meet.
        let at = ((h_r - h_t + up_r * d_km) / (up_t + up_r)).clamp(0.01 * d_km, 0.99 * d_km);
        let edge = h_t + up_t * at - (h_t * (d_km - at) + h_r * at) / d_km;
        nu = edge * (0.002 * d_km / (WAVELENGTH_M * at * (d_km - at))).sqrt();
    }
    let j = knife_edge_db(nu);
    free_db + j + (1.0 - libm::exp(-j / 6.0)) * (10.0 + 0.02 * d_km)
}
