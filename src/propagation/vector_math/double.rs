//! Double precision. Relative errors stay below 1e-14 (absolute ones for the sine and cosine, and for logarithms near 0).

use super::polynomial;
use std::f64::consts::{FRAC_PI_2, LN_2, LOG2_E, LOG10_E};

/// 2⁵² + 2⁵¹: a number added to it is rounded, and stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const MANTISSA_BITS: u32 = 52;
/// Bits of √½; mantissas are taken from there to √2.
const ROOT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
/// Makes the exponents of all numbers positive.
const EXPONENT_OFFSET: u64 = 1024;

/// Natural logarithm; −∞ at 0, NaN below.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = bits.wrapping_sub(ROOT_HALF).wrapping_add(EXPONENT_OFFSET << MANTISSA_BITS) >> MANTISSA_BITS;
    let mantissa = f64::from_bits(bits.wrapping_sub(exponent.wrapping_sub(EXPONENT_OFFSET) << MANTISSA_BITS));
    let exponent = f64::from_bits(ROUNDER.to_bits() + exponent) - (ROUNDER + EXPONENT_OFFSET as f64);
    // ln m = 2·artanh s, s = (m − 1)/(m + 1), |s| ≤ 0.1716
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let z = s * s;
    let sum = polynomial!(
        z;
        1.0 / 21.0, 1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0,
        1.0 / 3.0
    );
    let value = exponent * LN_2 + 2.0 * s * (1.0 + z * sum);
    let at_zero = if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN };
    let value = if x > 0.0 { value } else { at_zero };
    if x == f64::INFINITY { x } else { value }
}

/// Decimal logarithm.
#[inline(always)]
pub(crate) fn log10(x: f64) -> f64 {
    ln(x) * LOG10_E
}

/// Exponential function; 0 below −700, NaN for NaN, the value at 700 beyond.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    // The comparisons keep NaN.
    let y = if x > 700.0 { 700.0 } else { x };
    let y = if y < -700.0 { -700.0 } else { y };
    let rounded = y * LOG2_E + ROUNDER;
    let power = rounded - ROUNDER;
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let r = (y - power * LN_2_HIGH) - power * LN_2_LOW;
    let sum = polynomial!(
        r;
        1.0 / 479_001_600.0, 1.0 / 39_916_800.0, 1.0 / 3_628_800.0, 1.0 / 362_880.0, 1.0 / 40_320.0, 1.0 / 5_040.0,
        1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0
    );
    let value = f64::from_bits(sum.to_bits().wrapping_add(rounded.to_bits() << MANTISSA_BITS));
    let value = if x < -700.0 { 0.0 } else { value };
    if x.is_nan() { x } else { value }
}

/// Cube root.
#[inline(always)]
pub(crate) fn cbrt(x: f64) -> f64 {
    exp(ln(x.abs()) * (1.0 / 3.0)).copysign(x)
}

/// Cosine and sine of an angle from 0 to π, rad.
#[inline(always)]
pub(crate) fn cos_sin(angle_rad: f64) -> (f64, f64) {
    let t = FRAC_PI_2 - angle_rad;
    let z = t * t;
    // cos x = sin t, sin x = cos t
    let sine = polynomial!(
        z;
        -1.0 / 121_645_100_408_832_000.0, 1.0 / 355_687_428_096_000.0, -1.0 / 1_307_674_368_000.0,
        1.0 / 6_227_020_800.0, -1.0 / 39_916_800.0, 1.0 / 362_880.0, -1.0 / 5_040.0, 1.0 / 120.0, -1.0 / 6.0
    );
    let cosine = polynomial!(
        z;
        1.0 / 2_432_902_008_176_640_000.0, -1.0 / 6_402_373_705_728_000.0, 1.0 / 20_922_789_888_000.0,
        -1.0 / 87_178_291_200.0, 1.0 / 479_001_600.0, -1.0 / 3_628_800.0, 1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0,
        -0.5
    );
    (t + t * z * sine, 1.0 + z * cosine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_equal_the_standard_library_s(x in -690.0..690.0_f64, angle in 0.0..std::f64::consts::PI) {
            let y = x.exp();
            prop_assert!((exp(x) / y - 1.0).abs() < 1e-14);
            prop_assert!((ln(y) - x).abs() <= 1e-14 * x.abs().max(1.0));
            prop_assert!((cbrt(x) - x.cbrt()).abs() <= 1e-14 * x.cbrt().abs());
            let (cos, sin) = cos_sin(angle);
            prop_assert!((cos - angle.cos()).abs() < 1e-14 && (sin - angle.sin()).abs() < 1e-14);
        }
    }

    #[test]
    fn at_the_ends_of_their_ranges() {
        assert_eq!((ln(1.0), ln(0.0), ln(f64::INFINITY)), (0.0, f64::NEG_INFINITY, f64::INFINITY));
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan() && exp(f64::NAN).is_nan());
        assert_eq!((exp(0.0), exp(f64::NEG_INFINITY), cbrt(0.0)), (1.0, 0.0, 0.0));
        assert!((cbrt(-27.0) + 3.0).abs() < 1e-14 && (log10(1e-12) + 12.0).abs() < 1e-13);
        let near = [f64::MIN_POSITIVE, 1.0 - f64::EPSILON, 1.0 + f64::EPSILON, 0.5f64.sqrt(), 2f64.sqrt(), 1e300];
        assert!(near.iter().all(|&x| (ln(x) - x.ln()).abs() <= 1e-14 * x.ln().abs()));
    }
}
