//! The outward walk along a radial: what all receivers beyond a sample share, kept up to date sample by sample.
//!
//! Heights u = g − 500·Cₑ·d² put the curvature of the Earth into the terrain, so that lines of sight are straight and no
//! stored value depends on the receiver (see [`super`]).

use super::super::Radial;
use super::super::smooth_earth::{v_1_term, v_2_term};
use super::clearance::Clearance;
use super::hull::UpperHull;

/// State of the walk.
///
/// Hulls lag behind until [`Walk::settle`], so that a batch of receivers finds in them only what lies before its first one.
pub(super) struct Walk<'a> {
    pub(super) radial: Radial<'a>,
    /// Samples passed, the transmitter's included.
    pub(super) passed: usize,
    /// Samples in the hulls, the transmitter's counted.
    pub(super) settled: usize,
    /// v₁ and v₂ of the smooth-Earth fit up to the last sample passed.
    pub(super) v_1: f64,
    pub(super) v_2: f64,
    /// max (hᵢ − h_ts)/dᵢ, bare terrain without curvature, m/km.
    pub(super) steepest_bare: f64,
    /// Slopes (hᵢ − h_ts)/dᵢ, m/km.
    bare: Vec<f64>,
    /// Bare terrain.
    ground: Surface<'a>,
    /// Terrain with clutter; `None` where it is the same.
    cover: Option<Surface<'a>>,
}

/// A surface of points, seen on the Earth of the median radius and, where asked for, on that of β₀.
pub(super) struct Surface<'a> {
    /// Upper hull of (dᵢ, uᵢ) on the more curved of the two Earths. Every vertex of the hulls on a flatter Earth is one of this.
    pub(super) hull: UpperHull,
    /// 500·Cₑ of that Earth, m/km².
    pub(super) hull_curvature: f64,
    distance_km: &'a [f64],
    /// uᵢ on that Earth, m.
    bent_m: Vec<f64>,
    /// Whether a point lies above the line between its neighbours.
    outer: Vec<bool>,
    pub(super) median: Skyline<'a>,
    pub(super) beta0: Option<Skyline<'a>>,
}

/// What the points (dᵢ, uᵢ) hide.
pub(super) struct Skyline<'a> {
    /// 500·Cₑ, m/km².
    pub(super) curvature: f64,
    /// max (uᵢ − h_ts)/dᵢ, m/km.
    pub(super) steepest: f64,
    /// Where that is first reached, km.
    pub(super) steepest_at_km: f64,
    /// Slopes to (dᵢ, uᵢ) in blocks.
    pub(super) clearance: Clearance<'a>,
}

impl<'a> Skyline<'a> {
    /// `straight` are the slopes of the straight lines from the transmitter to the points without curvature, m/km.
    #[inline(always)]
    fn new(curvature: f64, distance_km: &'a [f64], straight: &[f64]) -> Self {
        let slopes = distance_km.iter().zip(straight).map(|(d, slope)| slope - curvature * d).collect();
        let clearance = Clearance::new(distance_km, slopes);
        Self { curvature, steepest: f64::NEG_INFINITY, steepest_at_km: 0.0, clearance }
    }

    /// Passes sample `i` at `d` km.
    #[inline(always)]
    fn pass(&mut self, i: usize, d: f64) {
        let slope = self.clearance.slopes()[i - 1];
        if slope > self.steepest {
            (self.steepest, self.steepest_at_km) = (slope, d);
        }
    }
}

impl<'a> Surface<'a> {
    /// `straight` are the slopes of the straight lines from the transmitter to the points, m/km.
    #[inline(always)]
    fn new(
        curvature: f64,
        beta0_curvature: Option<f64>,
        distance_km: &'a [f64],
        heights_amsl_m: &[f64],
        straight: &[f64],
    ) -> Self {
        let hull_curvature = beta0_curvature.map_or(curvature, |beta0| beta0.max(curvature));
        let count = distance_km.len();
        let (x, heights) = (&distance_km[..count], &heights_amsl_m[..count]);
        let (mut y, mut outer) = (vec![0.0; count], vec![true; count]);
        for i in 0..count {
            y[i] = heights[i] - hull_curvature * x[i] * x[i];
        }
        for i in 1..count.max(1) - 1 {
            outer[i] = (y[i] - y[i - 1]) * (x[i + 1] - x[i - 1]) > (y[i + 1] - y[i - 1]) * (x[i] - x[i - 1]);
        }
        Self {
            hull: UpperHull::with_capacity(count),
            hull_curvature,
            distance_km,
            bent_m: y,
            outer,
            median: Skyline::new(curvature, distance_km, straight),
            beta0: beta0_curvature.map(|curvature| Skyline::new(curvature, distance_km, straight)),
        }
    }

    /// Adds points to the hull, but for those that lie under the line between their neighbours or between the first and the last.
    #[inline(always)]
    fn settle(&mut self, points: std::ops::Range<usize>) {
        let (x, y) = (&self.distance_km[points.clone()], &self.bent_m[points.clone()]);
        let outer = &self.outer[points];
        let Some(last) = x.len().checked_sub(1) else { return };
        self.hull.push(x[0], y[0]);
        if last > 0 {
            let slope = (y[last] - y[0]) / (x[last] - x[0]);
            for i in 1..last {
                if outer[i] & (y[i] - y[0] > slope * (x[i] - x[0])) {
                    self.hull.push(x[i], y[i]);
                }
            }
            self.hull.push(x[last], y[last]);
        }
    }

    #[inline(always)]
    fn pass(&mut self, i: usize, d: f64) {
        self.median.pass(i, d);
        if let Some(beta0) = &mut self.beta0 {
            beta0.pass(i, d);
        }
    }
}

/// Slopes from the transmitter to points, m/km.
#[inline(always)]
fn slopes_to(distance_km: &[f64], heights_amsl_m: &[f64], h_ts_amsl_m: f64) -> Vec<f64> {
    distance_km.iter().zip(heights_amsl_m).map(|(d, h)| (h - h_ts_amsl_m) / d).collect()
}

impl<'a> Walk<'a> {
    /// At the transmitter; curvatures are 500·Cₑ, m/km².
    #[inline(always)]
    pub(super) fn new(radial: Radial<'a>, h_ts_amsl_m: f64, curvature: f64, beta0_curvature: Option<f64>) -> Self {
        let Radial { distance_km, terrain_amsl_m, clutter_m, .. } = radial;
        let points = &distance_km[1..];
        let cluttered = clutter_m.iter().any(|&c| c > 0.0);
        let on_ground = if cluttered { None } else { beta0_curvature };
        let heights = &terrain_amsl_m[1..];
        let bare = slopes_to(points, heights, h_ts_amsl_m);
        let cover = cluttered.then(|| {
            let heights: Vec<f64> = heights.iter().zip(&clutter_m[1..]).map(|(h, c)| h + c).collect();
            Surface::new(curvature, beta0_curvature, points, &heights, &slopes_to(points, &heights, h_ts_amsl_m))
        });
        let ground = Surface::new(curvature, on_ground, points, heights, &bare);
        Self {
            radial,
            passed: 1,
            settled: 1,
            v_1: 0.0,
            v_2: 0.0,
            steepest_bare: f64::NEG_INFINITY,
            ground,
            cover,
            bare,
        }
    }

    /// Passes all samples before a receiver at `distance_km`.
    #[inline(always)]
    pub(super) fn advance_to(&mut self, distance_km: f64) {
        let nearer_than_km = distance_km - self.radial.own_place_km;
        while self.passed < self.radial.distance_km.len() && self.radial.distance_km[self.passed] < nearer_than_km {
            let i = self.passed;
            let (d, h) = (self.radial.distance_km[i], self.radial.terrain_amsl_m[i]);
            let (d_before, h_before) = (self.radial.distance_km[i - 1], self.radial.terrain_amsl_m[i - 1]);
            self.v_1 += v_1_term(d_before, d, h_before, h);
            self.v_2 += v_2_term(d_before, d, h_before, h);
            let slope = self.bare[i - 1];
            self.steepest_bare = if slope > self.steepest_bare { slope } else { self.steepest_bare };
            self.ground.pass(i, d);
            if let Some(cover) = &mut self.cover {
                cover.pass(i, d);
            }
            self.passed += 1;
        }
    }

    /// Takes the samples passed into the hulls.
    #[inline(always)]
    pub(super) fn settle(&mut self) {
        // Surfaces are without the transmitter.
        let points = self.settled - 1..self.passed - 1;
        self.ground.settle(points.clone());
        if let Some(cover) = &mut self.cover {
            cover.settle(points);
        }
        self.settled = self.passed;
    }

    /// Bare terrain.
    #[inline(always)]
    pub(super) fn ground(&self) -> &Surface<'a> {
        &self.ground
    }

    /// Terrain with clutter.
    #[inline(always)]
    pub(super) fn cover(&self) -> &Surface<'a> {
        self.cover.as_ref().unwrap_or(&self.ground)
    }

    /// Whether clutter makes [`Walk::cover`] another surface than [`Walk::ground`].
    #[inline(always)]
    pub(super) fn is_cluttered(&self) -> bool {
        self.cover.is_some()
    }

    /// max (b + 500·Cₑ·dᵢ) as [`super::batch::Sight::rim`] and where it is, km, the last of several, from all of the first `passed` samples in
    /// double precision: for the few receivers whose lane does not tell.
    #[cold]
    #[inline(never)]
    pub(super) fn rim(&self, passed: usize, to: (f64, f64), curvature: f64, with_clutter: bool) -> (f64, f64) {
        let Radial { distance_km, terrain_amsl_m, clutter_m, .. } = self.radial;
        let (mut steepest, mut at_km) = (f64::NEG_INFINITY, 0.0);
        for i in 1..passed {
            let height = terrain_amsl_m[i] + if with_clutter { clutter_m[i] } else { 0.0 };
            let slope = (height - to.1) / (to.0 - distance_km[i]) + curvature * distance_km[i];
            if slope >= steepest {
                (steepest, at_km) = (slope, distance_km[i]);
            }
        }
        (steepest, at_km)
    }

    /// max (hᵢ − base − slope·dᵢ) over the first `passed` samples but the transmitter's, from `from_km` to `to_km`, m; −∞ without one.
    pub(super) fn highest_between(&self, passed: usize, from_km: f64, to_km: f64, base_m: f64, slope: f64) -> f64 {
        let d_km = &self.radial.distance_km[1..passed];
        let first = d_km.partition_point(|&d| d < from_km);
        let heights = &self.radial.terrain_amsl_m[1..passed];
        let points = d_km[first..].iter().zip(&heights[first..]).take_while(|(d, _)| **d <= to_km);
        points.map(|(d, h)| h - (base_m + slope * d)).fold(f64::NEG_INFINITY, f64::max)
    }
}
