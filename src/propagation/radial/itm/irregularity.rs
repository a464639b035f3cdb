//! Δh of one path after the other, as [`super::super::super::itm`]'s plain form defines it: loops over columns, and deciles by counting.

use super::super::super::dispatch::with_widest_vectors;
use super::super::super::itm::decile_of_part;
use super::terrain::Path;
use super::vector_math::ROUNDER;

/// Heights go into columns of this many, so that loops have no rest.
const WIDTH: usize = 8;
/// Most heights that are looked at, 245, rounded up to whole columns.
const MOST: usize = 248;
/// How often a search for a decile tries places before it sorts.
const TRIES: usize = 40;

/// What is kept from path to path.
pub(super) struct Irregularity {
    /// Heights of the path's points relative to the first, m.
    heights_m: Vec<f64>,
    places: Box<Places>,
    /// Residuals at the deciles of the last path, m.
    deciles_m: [f64; 2],
}

/// Where the part of the path is looked at, and what is found there.
struct Places {
    before: [u32; MOST],
    part: [f64; MOST],
    /// Heights about the line; NaN beyond the last.
    residual_m: [f64; MOST],
}

impl Irregularity {
    /// For the samples of a radial.
    pub(super) fn new(heights_amsl_m: &[f64]) -> Self {
        let base = heights_amsl_m[0];
        let mut heights_m: Vec<f64> = heights_amsl_m.iter().map(|h| h - base).collect();
        heights_m.push(0.0);
        let places = Box::new(Places { before: [0; MOST], part: [0.0; MOST], residual_m: [0.0; MOST] });
        Self { heights_m, places, deciles_m: [0.0; 2] }
    }

    /// Δh of the part of a path from `from_m` to `to_m`, m.
    pub(super) fn delta_h_m(&mut self, path: &Path<'_>, from_m: f64, to_m: f64) -> f64 {
        let end = path.end;
        let (from_steps, to_steps) = (from_m / end.step_m, to_m / end.step_m);
        if to_steps - from_steps < 2.0 {
            return 0.0;
        }
        let decile = decile_of_part(to_steps - from_steps);
        // The path's own end in place of the samples there, for the time being.
        let own = end.shared + 1..=end.steps;
        let mut samples = [0.0; super::NEAR_STEPS];
        let samples = &mut samples[..own.clone().count()];
        samples.copy_from_slice(&self.heights_m[own.clone()]);
        for (height, i) in self.heights_m[own.clone()].iter_mut().zip(own.clone()) {
            *height = path.height_m(i);
        }
        let count = 10 * decile - 5;
        residuals(&mut self.places, &self.heights_m[..=end.steps], from_steps, to_steps, count);
        self.heights_m[own].copy_from_slice(samples);

        let columns = &mut self.places.residual_m[..count.next_multiple_of(WIDTH)];
        let [upper_m, lower_m] = self.deciles_m;
        // Of normally distributed numbers, every 0.45·count/(range of the deciles) is one there.
        let spread_m = (upper_m - lower_m) / (0.45 * count as f64);
        let upper_m = highest(columns, decile, upper_m, spread_m);
        columns.iter_mut().for_each(|r| *r = -*r);
        let lower_m = -highest(columns, decile, -lower_m, spread_m);
        self.deciles_m = [upper_m, lower_m];
        (upper_m - lower_m) / (1.0 - 0.8 * (-(to_m - from_m) / 50e3).exp())
    }
}

with_widest_vectors! {
    /// Heights at `count` equal steps between two places, less their least-squares line.
    fn residuals(places: &mut Places, heights_m: &[f64], from_steps: f64, to_steps: f64, count: usize) = residuals_body
}

#[inline(always)]
fn residuals_body(places: &mut Places, heights_m: &[f64], from_steps: f64, to_steps: f64, count: usize) {
    let Places { before, part, residual_m } = places;
    let step = (to_steps - from_steps) / (count - 1) as f64;
    let last = (heights_m.len() - 2) as f64;
    for i in 0..MOST {
        let place = from_steps + i as f64 * step;
        let place_before = place - 0.5;
        let rounded = (if place_before < last { place_before } else { last }) + ROUNDER;
        before[i] = rounded.to_bits() as u32;
        part[i] = place - (rounded - ROUNDER);
    }
    let columns = count.next_multiple_of(WIDTH);
    let residual_m = &mut residual_m[..columns];
    for ((height, &before), part) in residual_m[..count].iter_mut().zip(before.iter()).zip(part.iter()) {
        let [h_0, h_1] = [heights_m[before as usize], heights_m[before as usize + 1]];
        *height = h_0 + (h_1 - h_0) * part;
    }
    residual_m[count..].fill(0.0);
    // The points at the ends count half.
    let half = 0.5 * (count - 1) as f64;
    let mut sums = [0.0; WIDTH];
    for heights in residual_m.chunks_exact(WIDTH) {
        for lane in 0..WIDTH {
            sums[lane] += heights[lane];
        }
    }
    let mut moments = [0.0; WIDTH];
    let mut x: [f64; WIDTH] = std::array::from_fn(|lane| lane as f64 - half);
    for heights in residual_m.chunks_exact(WIDTH) {
        for lane in 0..WIDTH {
            moments[lane] += heights[lane] * x[lane];
            x[lane] += WIDTH as f64;
        }
    }
    let (first_m, last_m) = (residual_m[0], residual_m[count - 1]);
    let length = 2.0 * half;
    let mean = (sums.iter().sum::<f64>() - 0.5 * (first_m + last_m)) / length;
    let moment = moments.iter().sum::<f64>() - 0.5 * (last_m - first_m) * half;
    let slope = moment * 12.0 / ((length * length + 2.0) * length);
    let start = mean - slope * half;
    for (i, residual) in residual_m.iter_mut().enumerate() {
        *residual -= start + slope * i as f64;
    }
    residual_m[count..].fill(f64::NAN);
}

with_widest_vectors! {
    /// The `rank`-th highest of the numbers, which come in whole columns and may have NaN at the end. `guess` is about what to
    /// expect, and `spread` about how far apart numbers lie there.
    fn highest(values: &[f64], rank: usize, guess: f64, spread: f64) -> f64 = highest_body
}

#[inline(always)]
fn highest_body(values: &[f64], rank: usize, guess: f64, spread: f64) -> f64 {
    // `above` numbers are greater than `low`, at least `rank`; `beyond` are greater than `high`, fewer than `rank`.
    let (mut low, mut above) = (f64::NEG_INFINITY, usize::MAX);
    let (mut high, mut beyond) = (f64::INFINITY, 0);
    let mut next = guess;
    let mut stride = spread;
    for attempt in 0..TRIES {
        let greater = count_greater(values, next);
        if greater >= rank {
            (low, above) = (next, greater);
        } else {
            (high, beyond) = (next, greater);
        }
        if above == rank {
            return least_greater(values, low);
        }
        if beyond + 1 == rank || high <= low.next_up() {
            return greatest_up_to(values, high);
        }
        next = if high == f64::INFINITY {
            stride *= 2.0;
            low + stride * (above - rank + 1) as f64
        } else if attempt % 4 == 3 {
            // Where equal numbers leave a step in the counts, take the numbers themselves.
            greatest_up_to(values, high).next_down()
        } else if low == f64::NEG_INFINITY {
            stride *= 2.0;
            high - stride * (rank - beyond) as f64
        } else {
            let part = (above as f64 + 0.5 - rank as f64) / (above - beyond) as f64;
            low + (high - low) * part
        };
        if !(low < next && next < high) {
            next = 0.5 * (low + high);
        }
    }
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    *sorted.select_nth_unstable_by(rank - 1, |a, b| b.total_cmp(a)).1
}

#[inline(always)]
fn count_greater(values: &[f64], than: f64) -> usize {
    values.iter().map(|&v| u64::from(v > than)).sum::<u64>() as usize
}

/// The least of the numbers above one; whole numbers in the same order, because vector code may take them in any order.
#[inline(always)]
fn least_greater(values: &[f64], than: f64) -> f64 {
    of_key(values.iter().map(|&v| if v > than { key(v) } else { i64::MAX }).min().unwrap_or(i64::MAX))
}

#[inline(always)]
fn greatest_up_to(values: &[f64], most: f64) -> f64 {
    of_key(values.iter().map(|&v| if v <= most { key(v) } else { i64::MIN }).max().unwrap_or(i64::MIN))
}

/// Whole numbers in the order of the floating-point numbers.
#[inline(always)]
fn key(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

#[inline(always)]
fn of_key(key: i64) -> f64 {
    f64::from_bits((if key < 0 { key ^ i64::MAX } else { key }) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_finds_what_sorting_finds(
            values in prop_oneof![
                proptest::collection::vec(-50.0..900.0_f64, 35..246),
                proptest::collection::vec((0u8..4).prop_map(f64::from), 35..246),
                proptest::collection::vec(prop_oneof![Just(0.0), Just(1e-300), Just(-0.0), Just(1e9)], 35..246),
            ],
            rank in 1..35usize, guess in prop_oneof![Just(0.0), -100.0..1000.0_f64],
            spread in prop_oneof![Just(0.0), 0.0..20.0_f64],
        ) {
            let mut sorted = values.clone();
            sorted.sort_unstable_by(|a, b| b.total_cmp(a));
            let mut columns = values.clone();
            columns.resize(values.len().next_multiple_of(WIDTH), f64::NAN);
            prop_assert_eq!(highest(&columns, rank, guess, spread), sorted[rank - 1]);
        }
    }
}
