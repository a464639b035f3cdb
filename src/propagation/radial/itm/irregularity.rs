//! Δh of one path after the other, as [`super::super::super::itm`]'s plain form defines it: loops over columns, and deciles by counting.

use super::super::super::dispatch::with_widest_vectors;
use super::super::super::itm::decile_of_part;
use super::super::super::vector_math::double::exp;
use super::terrain::Path;

/// Heights are summed in this many columns.
const WIDTH: usize = 8;
/// Numbers in an array, a little more than are looked at, so that loops over it have no rest.
const ROOM: usize = 256;
/// Places are whole numbers of this share of a step.
const FRACTION_BITS: u32 = 44;
const ONE_STEP: f64 = (1u64 << FRACTION_BITS) as f64;
/// How often a search for a decile tries places before it sorts.
const TRIES: usize = 40;

/// What is kept from path to path.
pub(super) struct Irregularity {
    /// Height of each sample relative to the first, m, and the rise to the next over [`ONE_STEP`].
    samples: Vec<[f64; 2]>,
    places: Box<Places>,
    /// Residuals at the deciles of the last path, m.
    deciles_m: [f32; 2],
}

/// Heights of a part of a path.
struct Places {
    height_m: [f64; ROOM],
    /// Keys of the heights about the line.
    residual: [i32; ROOM],
}

/// The part of a path that counts, and the path's points.
struct Part<'a> {
    /// Its ends, in steps from the transmitter.
    from_steps: f64,
    to_steps: f64,
    /// How many heights are looked at.
    count: usize,
    /// Heights and rises of the samples before the path's own points, and of those.
    samples: &'a [[f64; 2]],
    near: &'a [[f64; 2]],
}

impl Irregularity {
    /// For the samples of a radial.
    pub(super) fn new(heights_amsl_m: &[f64]) -> Self {
        let base = heights_amsl_m[0];
        let rises = heights_amsl_m.windows(2).map(|h| h[1] - h[0]).chain([0.0]);
        let samples = heights_amsl_m.iter().zip(rises).map(|(h, rise)| [h - base, rise / ONE_STEP]).collect();
        let places = Box::new(Places { height_m: [0.0; ROOM], residual: [LEAST; ROOM] });
        Self { samples, places, deciles_m: [0.0; 2] }
    }

    /// Δh of the part of a path from `from_m` to `to_m`, m.
    #[inline]
    pub(super) fn delta_h_m(&mut self, path: &Path<'_>, from_m: f64, to_m: f64) -> f64 {
        let end = path.end;
        let (from_steps, to_steps) = (from_m / end.step_m, to_m / end.step_m);
        if to_steps - from_steps < 2.0 {
            return 0.0;
        }
        let decile = decile_of_part(to_steps - from_steps);
        // The last shared sample, with a rise of the path's own, and all after it but the receiver.
        let mut near = [[0.0; 2]; super::NEAR_STEPS];
        let near = &mut near[..end.steps - end.shared];
        let mut height_m = path.height_m(end.shared);
        for (point, i) in near.iter_mut().zip(end.shared + 1..) {
            let next_m = path.height_m(i);
            *point = [height_m, (next_m - height_m) / ONE_STEP];
            height_m = next_m;
        }
        let count = 10 * decile - 5;
        let part = Part { from_steps, to_steps, count, samples: &self.samples[..end.shared], near };
        residuals(&mut self.places, &part);

        let residuals = &mut self.places.residual;
        let [upper_m, lower_m] = self.deciles_m;
        // Of normally distributed numbers, every 0.45·count/(range of the deciles) is one there.
        let spread_m = (upper_m - lower_m) / (0.45 * count as f32);
        let upper_m = of_key(highest(residuals, decile, upper_m, spread_m));
        // The other way round.
        residuals[..count].iter_mut().for_each(|key| *key = !*key);
        let lower_m = of_key(!highest(residuals, decile, -lower_m, spread_m));
        self.deciles_m = [upper_m, lower_m];
        f64::from(upper_m - lower_m) / (1.0 - 0.8 * exp((from_m - to_m) / 50e3))
    }
}

with_widest_vectors! {
    /// Heights at equal steps of a part of a path, less their least-squares line.
    fn residuals(places: &mut Places, part: &Part<'_>) = residuals_body
}

#[inline(always)]
fn residuals_body(places: &mut Places, part: &Part<'_>) {
    let Places { height_m, residual } = places;
    let &Part { from_steps, to_steps, count, samples, near } = part;
    let height_m = &mut height_m[..count.next_multiple_of(WIDTH)];
    let step = ((to_steps - from_steps) / (count - 1) as f64 * ONE_STEP) as u64;
    let mut place = (from_steps * ONE_STEP) as u64;
    let shared = (samples.len() as u64) << FRACTION_BITS;
    let in_samples = (shared.saturating_sub(place).div_ceil(step) as usize).min(count);
    let (first, rest) = height_m[..count].split_at_mut(in_samples);
    for height in first {
        let [start, rise] = samples[(place >> FRACTION_BITS) as usize];
        *height = start + rise * (place % (1 << FRACTION_BITS)) as i64 as f64;
        place += step;
    }
    for height in rest {
        let from_shared = place - shared;
        let point = ((from_shared >> FRACTION_BITS) as usize).min(near.len() - 1);
        let [start, rise] = near[point];
        *height = start + rise * (from_shared - ((point as u64) << FRACTION_BITS)) as i64 as f64;
        place += step;
    }
    height_m[count..].fill(0.0);
    let half = 0.5 * (count - 1) as f64;
    let mut sums = [0.0; WIDTH];
    for heights in height_m.chunks_exact(WIDTH) {
        for lane in 0..WIDTH {
            sums[lane] += heights[lane];
        }
    }
    let mut moments = [0.0; WIDTH];
    let mut x: [f64; WIDTH] = std::array::from_fn(|lane| lane as f64 - half);
    for heights in height_m.chunks_exact(WIDTH) {
        for lane in 0..WIDTH {
            moments[lane] += heights[lane] * x[lane];
            x[lane] += WIDTH as f64;
        }
    }
    // The points at the ends count half.
    let (first_m, last_m) = (height_m[0], height_m[count - 1]);
    let length = 2.0 * half;
    let mean = (sums.iter().sum::<f64>() - 0.5 * (first_m + last_m)) / length;
    let moment = moments.iter().sum::<f64>() - 0.5 * (last_m - first_m) * half;
    let slope = moment * 12.0 / ((length * length + 2.0) * length);
    let start = mean - slope * half;
    // Single precision from here on: the line is off, so that it is relative to Δh itself.
    for (i, (residual, height)) in residual.iter_mut().zip(height_m.iter()).enumerate() {
        *residual = key((height - (start + slope * i as f64)) as f32);
    }
    residual[count..].fill(LEAST);
}

with_widest_vectors! {
    /// The `rank`-th highest of some keys; [`LEAST`] does not count. `guess_m` is about what to expect, and `spread_m` about how far
    /// apart numbers lie there.
    fn highest(keys: &[i32; ROOM], rank: usize, guess_m: f32, spread_m: f32) -> i32 = highest_body
}

#[inline(always)]
fn highest_body(keys: &[i32; ROOM], rank: usize, guess_m: f32, spread_m: f32) -> i32 {
    // `above` keys are greater than `low`, at least `rank`; `beyond` are greater than `high`, fewer than `rank`.
    let (mut low, mut above) = (LEAST, usize::MAX);
    let (mut high, mut beyond) = (i32::MAX, 0);
    let mut next = key(guess_m);
    let mut stride_m = spread_m;
    for attempt in 0..TRIES {
        let greater = keys.iter().map(|&k| u32::from(k > next)).sum::<u32>() as usize;
        if greater >= rank {
            (low, above) = (next, greater);
        } else {
            (high, beyond) = (next, greater);
        }
        if above == rank {
            return keys.iter().map(|&k| if k > low { k } else { i32::MAX }).min().unwrap_or(low);
        }
        if beyond + 1 == rank || high == low + 1 {
            return greatest_up_to(keys, high);
        }
        next = if high == i32::MAX {
            stride_m *= 2.0;
            key(of_key(low) + stride_m * (above - rank + 1) as f32)
        } else if attempt % 4 == 3 {
            // Where equal numbers leave a step in the counts, take the numbers themselves.
            greatest_up_to(keys, high) - 1
        } else if low == LEAST {
            stride_m *= 2.0;
            key(of_key(high) - stride_m * (rank - beyond) as f32)
        } else {
            let part = (above as f32 + 0.5 - rank as f32) / (above - beyond) as f32;
            key(of_key(low) + (of_key(high) - of_key(low)) * part)
        };
        if !(low < next && next < high) {
            next = i32::midpoint(low, high);
        }
    }
    let mut sorted = *keys;
    *sorted.select_nth_unstable_by(rank - 1, |a, b| b.cmp(a)).1
}

#[inline(always)]
fn greatest_up_to(keys: &[i32; ROOM], most: i32) -> i32 {
    keys.iter().map(|&k| if k <= most { k } else { LEAST }).max().unwrap_or(LEAST)
}

/// Below all keys of numbers.
const LEAST: i32 = i32::MIN;

/// A whole number that stands in the order of the numbers. Vector code may compare whole numbers in any order.
#[inline(always)]
fn key(value: f32) -> i32 {
    let bits = value.to_bits() as i32;
    bits ^ ((bits >> 31) & i32::MAX)
}

#[inline(always)]
fn of_key(key: i32) -> f32 {
    f32::from_bits((key ^ ((key >> 31) & i32::MAX)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_finds_what_sorting_finds(
            values in prop_oneof![
                proptest::collection::vec(-50.0..900.0_f32, 35..246),
                proptest::collection::vec((0u8..4).prop_map(f32::from), 35..246),
                proptest::collection::vec(prop_oneof![Just(0.0), Just(1e-30), Just(-0.0), Just(1e9)], 35..246),
            ],
            rank in 1..35usize, guess in prop_oneof![Just(0.0), -100.0..1000.0_f32],
            spread in prop_oneof![Just(0.0), 0.0..20.0_f32],
        ) {
            let mut sorted = values.clone();
            sorted.sort_unstable_by(|a, b| b.total_cmp(a));
            let mut keys = [LEAST; ROOM];
            values.iter().zip(&mut keys).for_each(|(value, k)| *k = key(*value));
            prop_assert_eq!(of_key(highest(&keys, rank, guess, spread)), sorted[rank - 1]);
        }
    }
}
