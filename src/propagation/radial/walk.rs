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
    #[inline(always)]
    fn new(curvature: f64, beta0_curvature: Option<f64>, distance_km: &'a [f64], straight: &[f64]) -> Self {
        Self {
            hull: UpperHull::with_capacity(distance_km.len()),
            hull_curvature: beta0_curvature.map_or(curvature, |beta0| beta0.max(curvature)),
            median: Skyline::new(curvature, distance_km, straight),
            beta0: beta0_curvature.map(|curvature| Skyline::new(curvature, distance_km, straight)),
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

/// Adds points to a hull, but for those that lie under the line between their neighbours.
#[inline(always)]
fn push_outer(hull: &mut UpperHull, points: std::ops::Range<usize>, point: impl Fn(usize) -> (f64, f64)) {
    for i in points.clone() {
        let (x, y) = point(i);
        let inner = points.contains(&(i.wrapping_sub(1))) && points.contains(&(i + 1)) && {
            let ((x_0, y_0), (x_1, y_1)) = (point(i - 1), point(i + 1));
            (y - y_0) * (x_1 - x_0) <= (y_1 - y_0) * (x - x_0)
        };
        if !inner {
            hull.push(x, y);
        }
    }
}

impl<'a> Walk<'a> {
    /// At the transmitter; curvatures are 500·Cₑ, m/km².
    #[inline(always)]
    pub(super) fn new(radial: Radial<'a>, h_ts_amsl_m: f64, curvature: f64, beta0_curvature: Option<f64>) -> Self {
        let Radial { distance_km, terrain_amsl_m, clutter_m, .. } = radial;
        let points = &distance_km[1..];
        let heights = points.iter().zip(&terrain_amsl_m[1..]).zip(&clutter_m[1..]);
        let cluttered = clutter_m.iter().any(|&c| c > 0.0);
        let on_ground = if cluttered { None } else { beta0_curvature };
        let bare: Vec<f64> = heights.clone().map(|((d, h), _)| (h - h_ts_amsl_m) / d).collect();
        let cover = cluttered.then(|| {
            let covered: Vec<f64> = heights.map(|((d, h), c)| (h + c - h_ts_amsl_m) / d).collect();
            Surface::new(curvature, beta0_curvature, points, &covered)
        });
        let ground = Surface::new(curvature, on_ground, points, &bare);
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
        let Radial { distance_km, terrain_amsl_m, clutter_m, .. } = self.radial;
        let bent = |curvature: f64, d: f64, h: f64| (d, h - curvature * d * d);
        let curvature = self.ground.hull_curvature;
        let bare = |i: usize| bent(curvature, distance_km[i], terrain_amsl_m[i]);
        let points = self.settled..self.passed;
        push_outer(&mut self.ground.hull, points.clone(), bare);
        if let Some(cover) = &mut self.cover {
            let curvature = cover.hull_curvature;
            let cluttered = |i: usize| bent(curvature, distance_km[i], terrain_amsl_m[i] + clutter_m[i]);
            push_outer(&mut cover.hull, points, cluttered);
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
