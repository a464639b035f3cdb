//! What the fitted distance laws (Hata and its kin) share: the effective height of the base station over a profile, and the
//! floor of free space.
//!
//! In these models the transmitter is the base station and the receiver the mobile.

use super::earth::free_space_loss_db;
use super::{Link, Profile, Trace};

/// Base antenna heights for which Hata's formulae were fitted, m.
const FITTED_BASE_HEIGHT_M: std::ops::RangeInclusive<f64> = 30.0..=200.0;

/// Effective height h_b of the base antenna, m: above the mean terrain between 3 and 15 km towards the mobile, or between
/// 0.2·d and d on a path shorter than 15 km (Rec. ITU-R P.1546-6 Annex 5 §3.1 and §3.2, the definition that Okumura and Hata
/// use, carried on to short paths).
///
/// Never below the height above the ground at the mast: in a valley the mean terrain is higher than the antenna, and a fit
/// over its logarithm has nothing to say about that. Notes a height outside the fitted range in `warnings`, and the
/// lift out of a valley too.
pub(super) fn effective_base_height_m(
    link: &Link,
    profile: &Profile,
    trace: &mut Trace,
    warnings: &mut Vec<String>,
) -> f64 {
    let d_km = profile.path_length_km();
    // The mean runs from 3 to 15 km, or from 0.2·d to d where d < 15 km
    let (from_km, to_km) = if d_km < 15.0 { (0.2 * d_km, d_km) } else { (3.0, 15.0) };
    let mean_amsl_m = mean_height_m(profile, from_km, to_km);
    trace.record("h_mean", "P.1546-6 A5 §3", mean_amsl_m, "m");
    let (h_0_amsl_m, _) = profile.terrain_at_ends_amsl_m();
    // h_b = h_0 + h_tx − h_mean
    let above_mean_m = link.tx_height_agl_m + (h_0_amsl_m - mean_amsl_m);
    let h_b_m = above_mean_m.max(link.tx_height_agl_m);
    trace.record("h_b", "P.1546-6 A5 §3", h_b_m, "m");
    // A tenth of a metre is no valley but rounding of the terrain.
    if h_b_m - above_mean_m > 0.1 {
        warnings.push(format!(
            "the base antenna is {above_mean_m:.1} m above the mean terrain towards the mobile, less than above its own \
             ground; {h_b_m:.1} m above ground is taken and the rising ground is not in the loss"
        ));
    }
    if !FITTED_BASE_HEIGHT_M.contains(&h_b_m) && FITTED_BASE_HEIGHT_M.contains(&link.tx_height_agl_m) {
        let (low, high) = (FITTED_BASE_HEIGHT_M.start(), FITTED_BASE_HEIGHT_M.end());
        warnings.push(format!("the base antenna's effective height {h_b_m:.1} m is outside the fitted {low}–{high} m"));
    }
    h_b_m
}

/// Mean of the terrain between two distances, m above sea level; heights run straight between the points of the profile.
fn mean_height_m(profile: &Profile, from_km: f64, to_km: f64) -> f64 {
    let (d_km, h_amsl_m) = (profile.distance_km(), profile.terrain_amsl_m());
    let mut area = 0.0;
    for i in 1..profile.len() {
        let (low, high) = (from_km.max(d_km[i - 1]), to_km.min(d_km[i]));
        if low < high {
            let slope = (h_amsl_m[i] - h_amsl_m[i - 1]) / (d_km[i] - d_km[i - 1]);
            area += (high - low) * (h_amsl_m[i - 1] + slope * ((low + high) / 2.0 - d_km[i - 1]));
        }
    }
    area / (to_km - from_km)
}

/// The loss of a fitted distance law, dB, but no less than free space, which such a law undercuts at short distances. Says so in
/// `warnings` and ends the trace with the loss.
pub(super) fn no_less_than_free_space(
    loss_db: f64,
    link: &Link,
    profile: &Profile,
    trace: &mut Trace,
    warnings: &mut Vec<String>,
) -> f64 {
    let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
    let ends_amsl_m = (h_0 + link.tx_height_agl_m, h_n + link.rx_height_agl_m);
    let f_ghz = link.frequency_mhz / 1000.0;
    let l_bfs_db = free_space_loss_db(f_ghz, profile.path_length_km(), ends_amsl_m.0, ends_amsl_m.1);
    trace.record("L_bfs", "P.525-4", l_bfs_db, "dB");
    if loss_db < l_bfs_db {
        warnings.push(format!("the formula gives {loss_db:.1} dB, less than free space; free space is taken"));
    }
    // A loss that is not a number stays one, for the caller to refuse.
    let l_b_db = if loss_db < l_bfs_db { l_bfs_db } else { loss_db };
    trace.record("L_b", "", l_b_db, "dB");
    l_b_db
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::Polarization;

    fn h_b_m(d_km: &[f64], h_amsl_m: &[f64]) -> (f64, Vec<String>) {
        let link = Link {
            frequency_mhz: 900.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 0.0,
        };
        let profile = Profile::bare(d_km.to_vec(), h_amsl_m.to_vec()).unwrap();
        let mut warnings = Vec::new();
        (effective_base_height_m(&link, &profile, &mut Trace::off(), &mut warnings), warnings)
    }

    #[test]
    fn a_long_path_looks_at_3_to_15_km() {
        // A step from 100 to 40 m at 3 km, and a mountain beyond 15 km that does not count: 100 + 30 − 40.
        let (h, warnings) = h_b_m(&[0.0, 2.999_999, 3.0, 15.0, 15.1, 20.0], &[100.0, 100.0, 40.0, 40.0, 900.0, 900.0]);
        assert!((h - 90.0).abs() < 1e-9 && warnings.is_empty(), "{h} {warnings:?}");
    }

    #[test]
    fn a_short_path_looks_at_its_last_four_fifths() {
        // A slope from 100 m down to 0 over 10 km: the mean from 2 to 10 km is that at 6 km, 40 m.
        let (h, _) = h_b_m(&[0.0, 10.0], &[100.0, 0.0]);
        assert!((h - 90.0).abs() < 1e-9, "{h}");
    }

    #[test]
    fn a_mast_in_a_valley_keeps_its_height_above_ground_and_says_so() {
        let (h, warnings) = h_b_m(&[0.0, 10.0], &[0.0, 100.0]);
        assert!(h == 30.0 && warnings[0].contains("-30.0 m above the mean terrain"), "{h} {warnings:?}");
        let (h, warnings) = h_b_m(&[0.0, 10.0], &[600.0, 0.0]);
        assert!((h - 390.0).abs() < 1e-9 && warnings[0].contains("390.0 m is outside"), "{h} {warnings:?}");
    }
}
