//! The reference attenuation A_ref: line of sight, diffraction and troposcatter put together over distance ("Algorithm" §4).

use super::diffraction::Diffraction;
use super::line_of_sight::{self, Line};
use super::setting::Setting;
use super::troposcatter;

/// What carries the signal at a path's distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// Line of sight.
    LineOfSight = 1,
    /// Diffraction.
    Diffraction = 2,
    /// Scatter in the troposphere.
    Troposcatter = 3,
}

/// Reference attenuation below free space A_ref, dB, and what carries the signal (Eq. (4.1)). NaN where the arithmetic
/// of the model fails.
pub fn reference_attenuation_db(setting: &Setting) -> (f64, Mechanism) {
    let d_m = setting.geometry.d_m;
    let diffraction = diffraction_line(setting);
    let (a_ref_db, mechanism) = if d_m < setting.d_ls_m {
        (line_of_sight::reference_db(setting, diffraction), Mechanism::LineOfSight)
    } else {
        match scatter_line(setting, diffraction) {
            Some((scatter, d_x_m)) if d_m > d_x_m => (scatter.at_db(d_m), Mechanism::Troposcatter),
            _ => (diffraction.at_db(d_m), Mechanism::Diffraction),
        }
    };
    (if a_ref_db < 0.0 { 0.0 } else { a_ref_db }, mechanism)
}

/// (a_e²/f)^⅓, m MHz^−⅓, which scales the distances of diffraction (X_ae of Eq. (4.2) but for a factor).
fn scale_m(setting: &Setting) -> f64 {
    (setting.ground.a_e_m * setting.ground.a_e_m / setting.f_mhz).cbrt()
}

/// The line A_ed + m_d·s through the diffraction at two distances far beyond the horizon.
fn diffraction_line(setting: &Setting) -> Line {
    let diffraction = Diffraction::new(setting);
    // d₃ = max(d_Ls, d_L + 1.3787·X_ae), d₄ = d₃ + 2.7574·X_ae                                      (4.3, 4.4)
    let scale_m = scale_m(setting);
    let d_3_m = setting.d_ls_m.max(setting.d_l_m + 5.0 * scale_m);
    let d_4_m = d_3_m + 10.0 * scale_m;
    // m_d = (A₄ − A₃)/(d₄ − d₃), A_ed = A₃ − m_d·d₃                                              (4.5 to 4.8)
    let (a_3_db, a_4_db) = (diffraction.loss_db(d_3_m), diffraction.loss_db(d_4_m));
    let slope_db_per_m = (a_4_db - a_3_db) / (d_4_m - d_3_m);
    Line { at_0_db: a_3_db - slope_db_per_m * d_3_m, slope_db_per_m }
}

/// The line A_es + m_s·s of scatter and the distance d_x from which it holds, m; `None` where scatter has no real result.
fn scatter_line(setting: &Setting, diffraction: Line) -> Option<(Line, f64)> {
    // d₅ = d_L + 200 km, d₆ = d₅ + 200 km                                                        (4.52, 4.53)
    let (d_5_m, d_6_m) = (setting.d_l_m + 200e3, setting.d_l_m + 400e3);
    let (a_5_db, a_6_db) = troposcatter::losses_db(setting, d_5_m, d_6_m)?;
    // m_s = (A₆ − A₅)/200 km                                                                        (4.57)
    let slope_db_per_m = (a_6_db - a_5_db) / 200e3;
    let steeper = diffraction.slope_db_per_m - slope_db_per_m;
    // d_x = max[d_Ls, d_L + 0.3·X_ae·ln(k·H_s), (A₅ − A_ed − m_s·d₅)/(m_d − m_s)]                     (4.58)
    let crossing_m = (a_5_db - diffraction.at_0_db - slope_db_per_m * d_5_m) / steeper;
    let d_x_m = setting.d_ls_m.max(setting.d_l_m + 1.088 * scale_m(setting) * setting.f_mhz.ln()).max(crossing_m);
    // A_es = A_ed + (m_d − m_s)·d_x                                                                 (4.59)
    Some((Line { at_0_db: steeper * d_x_m + diffraction.at_0_db, slope_db_per_m }, d_x_m))
}
