//! The losses around one transmitter as they are kept and used: hundredths of a decibel in 16 bits.

use super::LossRaster;
use ndarray::Array2;

/// Code of a pixel beyond the radius.
const OUTSIDE: u16 = u16::MAX;
/// Code of a pixel within it that has no loss, because terrain is missing.
const MISSING: u16 = u16::MAX - 1;
/// Largest loss, 655.33 dB; larger ones count as this, and those below 0 dB, which no path has, as 0.
pub(super) const LARGEST: u16 = u16::MAX - 2;
/// Steps in a decibel.
pub(super) const STEPS_PER_DB: f32 = 100.0;

/// Whether a code stands for a pixel beyond the radius.
#[inline(always)]
pub(super) fn is_outside(code: u16) -> bool {
    code == OUTSIDE
}

/// Whether terrain is missing at the pixel of a code or on the way to it.
#[inline(always)]
pub(super) fn is_missing(code: u16) -> bool {
    code == MISSING
}

/// Losses in a window of a grid, rounded to 0.01 dB.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LossMatrix {
    /// First row and column of the window.
    pub(super) origin: (usize, usize),
    codes: Array2<u16>,
    /// Pixels within the radius.
    pub(super) receivers: usize,
    /// Those of them without a loss.
    pub(super) missing: usize,
}

impl LossMatrix {
    fn new(origin: (usize, usize), codes: Array2<u16>) -> Self {
        let (mut outside, mut missing) = (0, 0);
        for row in codes.rows() {
            let count = |code| row.iter().map(|&c| u32::from(c == code)).sum::<u32>() as usize;
            outside += count(OUTSIDE);
            missing += count(MISSING);
        }
        Self { origin, receivers: codes.len() - outside, missing, codes }
    }

    /// Rounds the losses of a raster.
    pub(super) fn of(raster: &LossRaster) -> Self {
        let code = |&loss_db: &f32| match loss_db {
            f32::INFINITY => OUTSIDE,
            missing if missing.is_nan() => MISSING,
            loss_db => (loss_db * STEPS_PER_DB).round().clamp(0.0, f32::from(LARGEST)) as u16,
        };
        Self::new(raster.origin, raster.loss_db.map(code))
    }

    /// Rows and columns.
    pub(super) fn size(&self) -> (usize, usize) {
        self.codes.dim()
    }

    /// The code of each pixel: hundredths of a decibel, unless [`is_outside`] or [`is_missing`].
    pub(super) fn codes(&self) -> &Array2<u16> {
        &self.codes
    }

    /// The matrix with something added to each loss: `added` sees the pixel of the window and the code.
    pub(super) fn changed(&self, added: impl Fn((usize, usize), u16) -> i32) -> Self {
        let mut codes = self.codes.clone();
        for (pixel, code) in codes.indexed_iter_mut().filter(|(_, code)| **code <= LARGEST) {
            *code = (i32::from(*code) + added(pixel, *code)).clamp(0, i32::from(LARGEST)) as u16;
        }
        Self { codes, ..*self }
    }

    /// The bytes from which [`LossMatrix::from_bytes`] makes it again.
    ///
    /// The four numbers of the window, then LZ4 of the differences between a row and the one before, the low bytes of all of them
    /// before the high bytes, which are mostly small.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (height, width) = self.codes.dim();
        let (mut low, mut high) = (Vec::with_capacity(2 * self.codes.len()), Vec::with_capacity(self.codes.len()));
        let mut before = vec![0u16; width];
        for row in self.codes.rows() {
            for (before, &code) in before.iter_mut().zip(row) {
                let [low_byte, high_byte] = zigzag(code.wrapping_sub(*before)).to_le_bytes();
                low.push(low_byte);
                high.push(high_byte);
                *before = code;
            }
        }
        low.append(&mut high);
        let window = [self.origin.0, self.origin.1, height, width];
        let header = window.into_iter().flat_map(|number| (number as u32).to_le_bytes());
        [header.collect(), lz4_flex::block::compress(&low)].concat()
    }

    /// The matrix of these bytes; `None` when they make none that fits into a grid of `size`.
    pub(super) fn from_bytes(bytes: &[u8], size: (usize, usize)) -> Option<Self> {
        let (window, packed) = bytes.split_at_checked(WINDOW_BYTES)?;
        let mut numbers = window.chunks_exact(4).map(|c| c.iter().rev().fold(0, |n, &byte| n << 8 | usize::from(byte)));
        let mut next = || numbers.next();
        let (origin, (height, width)) = ((next()?, next()?), (next()?, next()?));
        if width == 0 || origin.0 + height > size.0 || origin.1 + width > size.1 {
            return None;
        }
        let planes = lz4_flex::block::decompress(packed, 2 * height * width).ok()?;
        let (low, high) = planes.split_at_checked(height * width).filter(|(low, high)| low.len() == high.len())?;
        let mut codes = Vec::with_capacity(low.len());
        let mut before = vec![0u16; width];
        for (low, high) in low.chunks_exact(width).zip(high.chunks_exact(width)) {
            for ((code, &low), &high) in before.iter_mut().zip(low).zip(high) {
                *code = code.wrapping_add(unzigzag(u16::from_le_bytes([low, high])));
            }
            codes.extend_from_slice(&before);
        }
        Some(Self::new(origin, Array2::from_shape_vec((height, width), codes).ok()?))
    }
}

/// Four numbers of 32 bits.
const WINDOW_BYTES: usize = 16;

/// 0, −1, 1, −2 … (in two's complement) as 0, 1, 2, 3 …
fn zigzag(difference: u16) -> u16 {
    difference << 1 ^ 0u16.wrapping_sub(difference >> 15)
}

fn unzigzag(code: u16) -> u16 {
    code >> 1 ^ 0u16.wrapping_sub(code & 1)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use ndarray::array;

    pub(in super::super) fn loss_db(code: u16) -> f32 {
        if code <= LARGEST { f32::from(code) / STEPS_PER_DB } else { f32::INFINITY }
    }

    fn matrix(losses_db: Array2<f32>) -> LossMatrix {
        LossMatrix::of(&LossRaster { origin: (3, 4), loss_db: losses_db, receivers: 0, missing_terrain: 0 })
    }

    #[test]
    fn losses_are_rounded_and_unknown_ones_stay_unknown() {
        let losses = array![
            [f32::INFINITY, 120.004, 120.006, f32::NAN],
            [0.0, -3.0, 700.0, 655.33],
            [f32::INFINITY, f32::NAN, 99.995, 1.0]
        ];
        let m = matrix(losses);
        let expected = array![
            [f32::INFINITY, 120.0, 120.01, f32::INFINITY],
            [0.0, 0.0, 655.33, 655.33],
            [f32::INFINITY, f32::INFINITY, 100.0, 1.0]
        ];
        assert_eq!(m.codes().mapv(loss_db), expected);
        assert_eq!(m.codes().mapv(is_missing).row(2).to_vec(), [false, true, false, false]);
        assert_eq!((m.receivers, m.missing, m.size()), (10, 2, (3, 4)));
    }

    #[test]
    fn bytes_make_the_same_matrix_again() {
        let mut state = 1u64;
        let losses = Array2::from_shape_fn((70, 61), |(r, c)| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match state >> 60 {
                0 => f32::NAN,
                1 => f32::INFINITY,
                2 => (state >> 40) as f32 % 700.0,
                _ => 100.0 + (r + c) as f32 + (state >> 50) as f32 / 1000.0,
            }
        });
        let m = matrix(losses);
        let bytes = m.to_bytes();
        assert_eq!(LossMatrix::from_bytes(&bytes, (73, 65)), Some(m));
        assert_eq!(LossMatrix::from_bytes(&bytes, (72, 65)), None, "does not fit");
        assert_eq!(LossMatrix::from_bytes(&bytes, (73, 64)), None, "does not fit");
        for length in 0..bytes.len() {
            assert_eq!(LossMatrix::from_bytes(&bytes[..length], (73, 65)), None, "cut at {length}");
        }
    }

    #[test]
    fn every_difference_has_its_code() {
        for difference in 0..=u16::MAX {
            assert_eq!(unzigzag(zigzag(difference)), difference);
        }
        assert_eq!([0, 65_535, 1, 65_534].map(zigzag), [0, 1, 2, 3]);
    }
}
