//! Straight lines through parts of a path and its mean height, from sums that are taken once for a radial.

use super::super::super::itm::{EqualRadial, NEAR_STEPS, PathEnd};

/// The samples of a radial. Heights are relative to the first.
pub(super) struct Samples<'a> {
    pub(super) heights_amsl_m: &'a [f64],
    /// Height of the first sample, m above sea level.
    pub(super) base_amsl_m: f64,
    /// Sums of the heights and of i·height before each sample.
    before: Vec<Sums>,
}

/// Σ yᵢ and Σ i·yᵢ.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    heights: f64,
    moments: f64,
}

impl Sums {
    #[inline(always)]
    fn and(self, i: usize, height_m: f64) -> Self {
        Self { heights: self.heights + height_m, moments: self.moments + i as f64 * height_m }
    }
}

impl<'a> Samples<'a> {
    pub(super) fn of(radial: &'a EqualRadial<'_>) -> Self {
        let heights_amsl_m = radial.heights_amsl_m();
        let base_amsl_m = heights_amsl_m[0];
        let mut sums = Sums::default();
        let mut before = Vec::with_capacity(heights_amsl_m.len() + 1);
        before.push(sums);
        for (i, height) in heights_amsl_m.iter().enumerate() {
            sums = sums.and(i, height - base_amsl_m);
            before.push(sums);
        }
        Self { heights_amsl_m, base_amsl_m, before }
    }
}

/// One path: shared samples and its own end. Points are numbered from 0 to `end.steps`.
pub(super) struct Path<'a> {
    samples: &'a Samples<'a>,
    pub(super) end: &'a PathEnd,
    /// Sums over all points before each of its own.
    before_near: [Sums; NEAR_STEPS + 1],
}

impl<'a> Path<'a> {
    #[inline(always)]
    pub(super) fn new(samples: &'a Samples<'a>, end: &'a PathEnd) -> Self {
        let mut sums = samples.before[end.shared + 1];
        let mut before_near = [sums; NEAR_STEPS + 1];
        for (j, height) in end.heights_amsl_m().iter().enumerate() {
            sums = sums.and(end.shared + 1 + j, height - samples.base_amsl_m);
            before_near[j + 1] = sums;
        }
        Self { samples, end, before_near }
    }

    /// Height of a point relative to the first, m.
    #[inline(always)]
    pub(super) fn height_m(&self, i: usize) -> f64 {
        let shared = self.end.shared;
        let amsl_m =
            if i <= shared { self.samples.heights_amsl_m[i] } else { self.end.heights_amsl_m()[i - shared - 1] };
        amsl_m - self.samples.base_amsl_m
    }

    #[inline(always)]
    fn sums_before(&self, i: usize) -> Sums {
        let shared = self.end.shared;
        if i <= shared + 1 { self.samples.before[i] } else { self.before_near[i - shared - 1] }
    }

    /// As [`super::super::super::itm::EqualProfile::mean_height_amsl_m`].
    #[inline(always)]
    pub(super) fn mean_height_amsl_m(&self) -> f64 {
        let steps = self.end.steps;
        let tenth = (0.1 * steps as f64) as usize;
        let (from, to) = (self.sums_before(tenth), self.sums_before(steps - tenth + 1));
        self.samples.base_amsl_m + (to.heights - from.heights) / (steps - 2 * tenth + 1) as f64
    }

    /// As the plain form's `fitted_ends_m`, relative to the first point.
    #[inline(always)]
    pub(super) fn fitted_ends_m(&self, from_steps: f64, to_steps: f64) -> [f64; 2] {
        let last = self.end.steps;
        let behind = |steps: f64| last - (last as f64 - steps).max(0.0) as usize;
        let (mut first, mut end) = (from_steps.max(0.0) as usize, behind(to_steps));
        if end <= first {
            first = first.saturating_sub(1);
            end = behind((end + 1) as f64);
        }
        let length = (end - first) as f64;
        let half = 0.5 * length;
        let middle = end as f64 - half;
        let (from, to) = (self.sums_before(first + 1), self.sums_before(end));
        let (start_m, end_m) = (self.height_m(first), self.height_m(end));
        let inner_m = to.heights - from.heights;
        let sum = 0.5 * (start_m + end_m) + inner_m;
        let moment = 0.5 * (end_m - start_m) * half + (to.moments - from.moments) - middle * inner_m;
        let mean = sum / length;
        let slope = moment * 12.0 / ((length * length + 2.0) * length);
        [mean - slope * middle, mean + slope * (last as f64 - middle)]
    }
}
