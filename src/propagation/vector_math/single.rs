//! Single precision. Arguments are finite; relative errors stay below 3·10⁻⁷.

use super::polynomial;

/// The larger of two numbers that are not NaN: one instruction, unlike [`f32::max`].
#[inline(always)]
pub(crate) fn max(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The smaller of two numbers that are not NaN.
#[inline(always)]
pub(crate) fn min(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// log₂ x for positive normal x; about −127 at 0.
#[inline(always)]
pub(crate) fn log2(x: f32) -> f32 {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let bits = x.to_bits();
    let exponent = (bits.wrapping_sub(SQRT_HALF) as i32) >> 23;
    // The mantissa lies between √½ and √2; log m = 2·artanh((m − 1)/(m + 1)).
    let mantissa = f32::from_bits(bits.wrapping_sub((exponent as u32) << 23));
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let t_2 = t * t;
    let series = polynomial!(t_2; 0.320_598_9, 0.412_198_6, 0.577_078, 0.961_796_7);
    exponent as f32 + t * (2.885_39 + t_2 * series)
}

/// 2ˣ, x cut to ±126.
#[inline(always)]
pub(crate) fn exp2(x: f32) -> f32 {
    // Adding 1.5·2²³ rounds to a whole number and leaves it in the last bits.
    const ROUND: f32 = 12_582_912.0;
    let x = max(min(x, 126.0), -126.0);
    let shifted = x + ROUND;
    let f = x - (shifted - ROUND);
    let power = polynomial!(
        f;
        0.000_015_252_73, 0.000_154_035_3, 0.001_333_355_8, 0.009_618_129, 0.055_504_11, 0.240_226_5,
        std::f32::consts::LN_2, 1.0
    );
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// eˣ.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    exp2(x * std::f32::consts::LOG2_E)
}

/// ∛x for positive x.
#[inline(always)]
pub(crate) fn cbrt(x: f32) -> f32 {
    let y = exp2(log2(x) * (1.0 / 3.0));
    // A step of Newton's method makes good what the logarithm's rounding costs.
    y - (y - x / (y * y)) * (1.0 / 3.0)
}

/// xʸ for positive x.
#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    exp2(y * log2(x))
}

/// 10·log₁₀ x for positive x.
#[inline(always)]
pub(crate) fn decibels(x: f32) -> f32 {
    3.010_3 * log2(x)
}

/// tanh x.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// atan x for |x| up to 10⁴.
#[inline(always)]
pub(crate) fn atan(x: f32) -> f32 {
    // atan x = π/2 − atan(1/x) beyond 1, and atan x = π/4 + atan((x − 1)/(x + 1)) beyond tan(π/8).
    let size = x.abs();
    let inverted = size > 1.0;
    let y = if inverted { 1.0 / max(size, 1.0) } else { size };
    let shifted = y > 0.414_213_57;
    let z = if shifted { (y - 1.0) / (y + 1.0) } else { y };
    let z_2 = z * z;
    let series = polynomial!(
        z_2;
        -1.0 / 17.0, 1.0 / 13.0, -1.0 / 11.0, 1.0 / 9.0, -1.0 / 7.0, 0.2, -1.0 / 3.0
    );
    let part = z + z * z_2 * series + if shifted { std::f32::consts::FRAC_PI_4 } else { 0.0 };
    let angle = if inverted { std::f32::consts::FRAC_PI_2 - part } else { part };
    angle.copysign(x)
}

/// Sine and cosine of 2πx, x within ±10⁵; absolute errors stay below 3·10⁻⁷ for x within ±2.
#[inline(always)]
pub(crate) fn sin_cos_of_turns(x: f32) -> (f32, f32) {
    // the nearest quarter and what is left, at most an eighth of a turn
    let quarter = (4.0 * x + 0.5).floor();
    let angle = (x - 0.25 * quarter) * std::f32::consts::TAU;
    let square = angle * angle;
    let sin = angle * polynomial!(square; 1.0 / 362_880.0, -1.0 / 5_040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0);
    let cos = polynomial!(square; 1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0);
    let quarter = quarter as i32;
    let (sin, cos) = if quarter & 1 == 0 { (sin, cos) } else { (cos, -sin) };
    if quarter & 2 == 0 { (sin, cos) } else { (-sin, -cos) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(fast: f32, exact: f64, scale: f64) -> bool {
        (f64::from(fast) - exact).abs() <= 3e-7 * scale
    }

    proptest! {
        #[test]
        fn logarithms_and_powers(x in 1e-30..1e30_f32, small in 1e-4..1e4_f32, e in -20.0..20.0_f32) {
            let exact = f64::from(x).log2();
            prop_assert!(close(log2(x), exact, exact.abs().max(1.0)), "{x}");
            let exact = f64::from(small).log2();
            prop_assert!(close(log2(small), exact, exact.abs().max(0.5)), "{small}");
            let exact = f64::from(e).exp2();
            prop_assert!(close(exp2(e), exact, exact), "{e}");
            prop_assert!(close(tanh(e), f64::from(e).tanh(), 1.0), "{e}");
            let exact = f64::from(small).cbrt();
            prop_assert!(close(cbrt(small), exact, exact), "{small}");
        }

        #[test]
        fn arcs(x in prop_oneof![-3.0..3.0_f32, -1e4..1e4_f32]) {
            prop_assert!(close(atan(x), f64::from(x).atan(), 1.0), "{x} {} {}", atan(x), f64::from(x).atan());
        }
    }

    proptest! {
        #[test]
        fn turns(x in prop_oneof![-2.0..2.0_f32, (-8i32..8).prop_map(|eighths| eighths as f32 / 8.0)]) {
            let (sin, cos) = sin_cos_of_turns(x);
            let exact = f64::from(x) * std::f64::consts::TAU;
            prop_assert!(close(sin, exact.sin(), 1.0) && close(cos, exact.cos(), 1.0), "{x} {sin} {cos}");
        }
    }

    #[test]
    fn the_ends_of_the_ranges_stay_finite() {
        assert_eq!(exp2(f32::NEG_INFINITY), 2.0_f32.powi(-126));
        assert_eq!(exp2(1e9), 2.0_f32.powi(126));
        assert!((-127.5..-126.0).contains(&log2(0.0)));
        assert_eq!((max(1.0, 2.0), min(1.0, 2.0)), (2.0, 1.0));
    }
}
