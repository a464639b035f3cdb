//! The smooth path of the delta-Bullington method: spherical-Earth loss and the Bullington loss over zero heights.
//!
//! Over zero heights every maximum over the profile has one peak, known in closed form; on the samples it is one of the
//! two neighbours of that peak. The root of the cubic that gives the point of reflection of the spherical-Earth method,
//! m·b³ − (m + 1)·b + c = 0, is also where ν of the smooth line-of-sight path peaks, because both are the stationary point of
//! clearance / √(d₁·d₂).

use super::super::diffraction::SmoothMethod;
use super::super::earth::wavelength_m;
use super::super::spherical_earth::{FirstTerm, SphericalPath, Wave};

/// What the losses of smooth paths share along a radial.
pub(super) struct SmoothPaths {
    first_term: FirstTerm,
    lambda_m: f64,
    a_p_km: f64,
    /// 500·Cₑ, m/km².
    curvature: f64,
    method: SmoothMethod,
}

/// Spherical-Earth loss of a path.
pub(super) struct Spherical {
    /// L_dsph, dB.
    pub(super) loss_db: f64,
    /// d_se1/d, where it had to be worked out.
    pub(super) reflection: Option<f64>,
}

impl SmoothPaths {
    /// For one wave and one effective Earth radius, km.
    pub(super) fn new(wave: Wave, a_p_km: f64, method: SmoothMethod) -> Self {
        let (lambda_m, curvature) = (wavelength_m(wave.f_ghz), 500.0 / a_p_km);
        Self { first_term: FirstTerm::new(wave), lambda_m, a_p_km, curvature, method }
    }

    /// L_dsph, dB, as [`super::super::spherical_earth::loss_db`].
    #[inline]
    pub(super) fn spherical(&self, path: SphericalPath) -> Spherical {
        let without_reflection = |loss_db| Spherical { loss_db, reflection: None };
        let SphericalPath { d_km: d, h_te_m: h_te, h_re_m: h_re } = path;
        let reach = 17.456 * (d * self.lambda_m).sqrt();
        // With t = d_se1/d, h_se > h_req reads h_te(1 − t) + h_re·t > 500·Cₑ·d²·t(1 − t) + reach·√(t(1 − t)) for every t. The left
        // side is at least 2√(h_te·h_re)·√(t(1 − t)), the right at most (250·Cₑ·d² + reach)·√(t(1 − t)).
        let bound = 0.5 * self.curvature * d * d + reach;
        if 4.0 * h_te * h_re > bound * bound {
            return without_reflection(0.0);
        }
        let roots = h_te.sqrt() + h_re.sqrt();
        // d ≥ d_los = √(2·a_p)·(√(0.001·h_te) + √(0.001·h_re))                                         (22)
        if d * d >= 0.002 * self.a_p_km * roots * roots {
            return without_reflection(self.first_term.loss_db(path, self.a_p_km));
        }
        let t = self.reflection(path);
        let spread = t * (1.0 - t);
        let h_se_m = h_te * (1.0 - t) + h_re * t - self.curvature * d * d * spread;
        let h_req_m = reach * spread.sqrt();
        if h_se_m > h_req_m {
            return without_reflection(0.0);
        }
        let a_em_km = 500.0 * d * d / (roots * roots);
        let loss_db = (1.0 - h_se_m / h_req_m) * self.first_term.loss_db(path, a_em_km).max(0.0);
        Spherical { loss_db, reflection: Some(t) }
    }

    /// d_se1/d: where on the path the reflection lies, between 0 and 1, Eq. (24a) to (24e).
    #[inline]
    fn reflection(&self, path: SphericalPath) -> f64 {
        let sum = path.h_te_m + path.h_re_m;
        let c = (path.h_te_m - path.h_re_m) / sum;
        let m = 0.5 * self.curvature * path.d_km * path.d_km / sum;
        // On the side of c the cubic is convex and falls from c at 0, so Newton's steps from 0 approach the root from one
        // side and never pass it. Losses depend on it in second order only.
        let c_abs = c.abs();
        let mut b = c_abs / (m + 1.0);
        for _ in 0..40 {
            let b_2 = b * b;
            let step = ((m * b_2 - (m + 1.0)) * b + c_abs) / ((m + 1.0) - 3.0 * m * b_2);
            b += step;
            if step < 1e-9 {
                break;
            }
        }
        0.5 * (1.0 + b.min(1.0).copysign(c))
    }

    /// ν of the Bullington construction over zero heights at the points `d_i_km`, for antennas at the path's heights.
    ///
    /// `reflection` is that of [`Spherical`], where it is known. −∞ without points.
    #[inline]
    pub(super) fn bullington_nu(&self, path: SphericalPath, reflection: Option<f64>, d_i_km: &[f64]) -> f64 {
        let SphericalPath { d_km: d, h_te_m: h_te, h_re_m: h_re } = path;
        let scale = 0.002 * d / self.lambda_m;
        if self.method == SmoothMethod::ClosedForm {
            return self.closed_form_nu(path, scale, reflection);
        }
        if d_i_km.is_empty() {
            return f64::NEG_INFINITY;
        }
        let s_tr = (h_re - h_te) / d;
        // Slope to point i: 500·Cₑ(d − dᵢ) − h_te/dᵢ; it peaks at dᵢ = √(h_te/(500·Cₑ)).
        let excess_t =
            max_beside(d_i_km, (h_te / self.curvature).sqrt(), |x| self.curvature * (d - x) - h_te / x) - s_tr;
        if excess_t >= 0.0 {
            // From the receiver: 500·Cₑ·dᵢ − h_re/(d − dᵢ), peak at d − dᵢ = √(h_re/(500·Cₑ)).
            let peak = d - (h_re / self.curvature).sqrt();
            let excess_r = max_beside(d_i_km, peak, |x| self.curvature * x - h_re / (d - x)) + s_tr;
            return nu_beyond_horizon(scale, excess_t, excess_r);
        }
        let peak = reflection.unwrap_or_else(|| self.reflection(path)) * d;
        max_beside(d_i_km, peak, |x| self.clearance_nu(path, scale, x))
    }

    /// ν of the smooth Earth at `x` km on a line-of-sight path, Eq. (15).
    #[inline]
    fn clearance_nu(&self, path: SphericalPath, scale: f64, x: f64) -> f64 {
        let y = path.d_km - x;
        (self.curvature * x * y - (path.h_te_m * y + path.h_re_m * x) / path.d_km) * (scale / (x * y)).sqrt()
    }

    /// ν at the peaks themselves instead of the points beside them (Attachment 4, Eq. (105) to (110)).
    fn closed_form_nu(&self, path: SphericalPath, scale: f64, reflection: Option<f64>) -> f64 {
        let SphericalPath { d_km: d, h_te_m: h_te, h_re_m: h_re } = path;
        let roots = h_te.sqrt() + h_re.sqrt();
        if d * d < 0.002 * self.a_p_km * roots * roots {
            let peak = reflection.unwrap_or_else(|| self.reflection(path)) * d;
            return self.clearance_nu(path, scale, peak);
        }
        let s_tr = (h_re - h_te) / d;
        let horizon = |h_m: f64| self.curvature * d - 2.0 * (self.curvature * h_m).sqrt();
        nu_beyond_horizon(scale, (horizon(h_te) - s_tr).max(0.0), horizon(h_re) + s_tr)
    }
}

/// ν_b of Bullington's point from the slopes by which the two horizons exceed the direct line, m/km:
/// ν_b² = (0.002·d/λ)·excess_t·excess_r, which Eq. (18) and (19) come to when d_bp is put in.
#[inline]
pub(super) fn nu_beyond_horizon(scale: f64, excess_t: f64, excess_r: f64) -> f64 {
    (scale * excess_t * excess_r.max(0.0)).sqrt()
}

/// The largest value of a function with a single peak near `peak` on increasing points (at least one): the better of the
/// two points beside the peak.
#[inline]
fn max_beside(points: &[f64], peak: f64, value: impl Fn(f64) -> f64) -> f64 {
    let after = first_not_below(points, peak);
    let last = points.len() - 1;
    let right = value(points[after.min(last)]);
    if after == 0 || after > last { right } else { right.max(value(points[after - 1])) }
}

/// Index of the first point that is not below `x`. Samples are about equally spaced, so a guess is nearly always close.
#[inline]
fn first_not_below(points: &[f64], x: f64) -> usize {
    let (first, last) = (points[0], points[points.len() - 1]);
    let guess = (x - first) / (last - first) * (points.len() - 1) as f64;
    // Not a number with a single point; the cast makes that 0 and cuts what lies outside.
    let mut at = (guess as usize).min(points.len());
    for _ in 0..4 {
        if at > 0 && points[at - 1] >= x {
            at -= 1;
        } else if at < points.len() && points[at] < x {
            at += 1;
        } else {
            return at;
        }
    }
    points.partition_point(|&p| p < x)
}

#[cfg(test)]
mod tests {
    use super::super::super::{Polarization, diffraction, spherical_earth};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_closed_forms_equal_the_plain_ones(
            spacing_km in prop_oneof![Just(0.03), 0.001..0.3_f64], count in 1..700usize, part in 1e-4..1.0_f64,
            h_te_m in prop_oneof![0.1..60.0_f64, 1.0..3000.0_f64], h_re_m in prop_oneof![0.1..60.0_f64, 1.0..3000.0_f64],
            f_ghz in prop_oneof![Just(0.9), 0.03..6.0_f64], a_p_km in prop_oneof![Just(8930.0), Just(19113.0)],
        ) {
            let mut d_km: Vec<f64> = (0..=count).map(|i| i as f64 * spacing_km).collect();
            let d = (count as f64 + part) * spacing_km;
            d_km.push(d);
            let wave = Wave { f_ghz, polarization: Polarization::Vertical, omega: 0.0 };
            let path = SphericalPath { d_km: d, h_te_m, h_re_m };
            let paths = SmoothPaths::new(wave, a_p_km, SmoothMethod::Profile);
            let plain_db = spherical_earth::loss_db(path, a_p_km, wave);
            let Spherical { loss_db: fast_db, reflection } = paths.spherical(path);
            prop_assert!((plain_db - fast_db).abs() <= 1e-8, "L_dsph {plain_db} {fast_db}");
            let plain = diffraction::bullington(&d_km, |_| 0.0, h_te_m, h_re_m, a_p_km, wavelength_m(f_ghz));
            let l_uc_db = diffraction::knife_edge_loss_db(paths.bullington_nu(path, reflection, &d_km[1..=count]));
            prop_assert!((plain.l_uc_db - l_uc_db).abs() <= 1e-7, "L_uc {} {l_uc_db}", plain.l_uc_db);
        }

        #[test]
        fn the_guess_finds_what_the_search_finds(
            steps in proptest::collection::vec(0.001..3.0_f64, 1..100), x in -10.0..300.0_f64,
        ) {
            let points: Vec<f64> = steps.iter().scan(0.0, |sum, s| { *sum += s; Some(*sum) }).collect();
            prop_assert_eq!(first_not_below(&points, x), points.partition_point(|&p| p < x));
        }
    }
}
