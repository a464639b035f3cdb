//! The warning flags of NTIA's library that come from the path itself, as sentences. Those of the inputs' ranges are in the
//! model's validity.

use super::setting::Setting;
use super::variability::Variability;

/// Steepest horizon for which the model's small angles hold, rad.
const STEEPEST_RAD: f64 = 0.2;
/// Standard normal deviate beyond which the model's statistics are guesses.
const FAR_IN_THE_TAIL: f64 = 3.10;

/// All warnings about a path.
pub(super) fn of(setting: &Setting, variability: &Variability) -> Vec<String> {
    let mut warnings = Vec::new();
    let geometry = &setting.geometry;
    for (i, name) in ["transmitter", "receiver"].into_iter().enumerate() {
        let (theta_rad, d_l_m, d_lsj_m) = (geometry.theta_e_rad[i], geometry.d_l_m[i], setting.d_lsj_m[i]);
        if theta_rad.abs() > STEEPEST_RAD {
            let mrad = 1000.0 * theta_rad;
            warnings.push(format!(
                "the {name}'s horizon lies at {mrad:.0} mrad; beyond 200 mrad the small angles of itm may break down"
            ));
        }
        let (km, smooth_km) = (d_l_m / 1000.0, d_lsj_m / 1000.0);
        if d_l_m < 0.1 * d_lsj_m {
            warnings.push(format!(
                "the {name}'s horizon, {km:.2} km away, is nearer than a tenth of that over smooth Earth, {smooth_km:.2} km"
            ));
        }
        if d_l_m > 3.0 * d_lsj_m {
            warnings.push(format!(
                "the {name}'s horizon, {km:.2} km away, is farther than three times that over smooth Earth, \
                {smooth_km:.2} km"
            ));
        }
    }
    if setting.ground.n_s < 250.0 {
        let n_s = setting.ground.n_s;
        warnings.push(format!(
            "the surface refractivity at the path's height is {n_s:.1} N-units, below 250; take care with the result"
        ));
    }
    let shortest_m = (geometry.h_e_m[0] - geometry.h_e_m[1]).abs() / STEEPEST_RAD;
    if geometry.d_m < shortest_m {
        let (km, shortest_km) = (geometry.d_m / 1000.0, shortest_m / 1000.0);
        warnings.push(format!(
            "the path of {km:.3} km is shorter than {shortest_km:.3} km, \
            five times the difference of the effective antenna heights"
        ));
    }
    let z = variability.deviates();
    if [z.time, z.location, z.situation].into_iter().any(|z| z.abs() > FAR_IN_THE_TAIL) {
        warnings.push("a percentage lies far in the tail of its distribution (below 0.1 % or above 99.9 %)".into());
    }
    warnings
}
