//! The outward walk along a radial: what all receivers beyond a sample share, kept up to date sample by sample.
//!
//! Heights u = g − 500·Cₑ·d² put the curvature of the Earth into the terrain, so that lines of sight are straight and no
//! stored value depends on the receiver (see [`super`]).

use super::super::Radial;
use super::super::smooth_earth::{SmoothFit, fit_from_sums, v_1_term, v_2_term};
use super::clearance::Clearance;
use super::hull::UpperHull;

/// State of the walk: everything about the samples passed so far.
pub(super) struct Walk<'a> {
    radial: Radial<'a>,
    /// 500·Cₑ, m/km².
    curvature: f64,
    h_ts_amsl_m: f64,
    /// Samples passed, the transmitter's included.
    passed: usize,
    /// v₁ and v₂ of the smooth-Earth fit up to the last sample passed.
    v_1: f64,
    v_2: f64,
    /// max (hᵢ − h_ts)/dᵢ, bare terrain without curvature, m/km.
    pub(super) steepest_bare: f64,
    /// Upper hull of (dᵢ, hᵢ).
    pub(super) bare_hull: UpperHull,
    /// Terrain with clutter on the curved Earth.
    pub(super) cluttered: Skyline,
    /// Bare terrain on the curved Earth; `None` where it is the same, without clutter, or nobody asks.
    bare: Option<Skyline>,
}

/// What the points (dᵢ, uᵢ) hide.
pub(super) struct Skyline {
    /// max (uᵢ − h_ts)/dᵢ, m/km.
    pub(super) steepest: f64,
    /// Where that is first reached, km.
    pub(super) steepest_at_km: f64,
    /// Upper hull of (dᵢ, uᵢ).
    pub(super) hull: UpperHull,
    /// Slopes to (dᵢ, uᵢ) in blocks.
    pub(super) clearance: Clearance,
}

impl Skyline {
    fn with_capacity(points: usize) -> Self {
        Self {
            steepest: f64::NEG_INFINITY,
            steepest_at_km: 0.0,
            hull: UpperHull::with_capacity(points),
            clearance: Clearance::with_capacity(points),
        }
    }

    #[inline]
    fn push(&mut self, d: f64, u: f64, h_ts_amsl_m: f64) {
        let slope = (u - h_ts_amsl_m) / d;
        if slope > self.steepest {
            (self.steepest, self.steepest_at_km) = (slope, d);
        }
        self.hull.push(d, u);
        self.clearance.push(d, slope);
    }
}

impl<'a> Walk<'a> {
    /// At the transmitter; `curvature` is 500·Cₑ, m/km². `horizons` says whether [`Walk::bare`] will be asked for.
    pub(super) fn new(radial: Radial<'a>, h_ts_amsl_m: f64, curvature: f64, horizons: bool) -> Self {
        let points = radial.distance_km.len();
        let two_skylines = horizons && radial.clutter_m.iter().any(|&c| c > 0.0);
        Self {
            radial,
            curvature,
            h_ts_amsl_m,
            passed: 1,
            v_1: 0.0,
            v_2: 0.0,
            steepest_bare: f64::NEG_INFINITY,
            bare_hull: UpperHull::with_capacity(points),
            cluttered: Skyline::with_capacity(points),
            bare: two_skylines.then(|| Skyline::with_capacity(points)),
        }
    }

    /// Takes in all samples before a receiver at `distance_km`.
    #[inline]
    pub(super) fn advance_to(&mut self, distance_km: f64) {
        let nearer_than_km = distance_km - self.radial.own_place_km;
        while self.passed < self.radial.distance_km.len() && self.radial.distance_km[self.passed] < nearer_than_km {
            let i = self.passed;
            let (d, h) = (self.radial.distance_km[i], self.radial.terrain_amsl_m[i]);
            let (d_before, h_before) = (self.radial.distance_km[i - 1], self.radial.terrain_amsl_m[i - 1]);
            self.v_1 += v_1_term(d_before, d, h_before, h);
            self.v_2 += v_2_term(d_before, d, h_before, h);
            let u = h - self.curvature * d * d;
            self.cluttered.push(d, u + self.radial.clutter_m[i], self.h_ts_amsl_m);
            if let Some(bare) = &mut self.bare {
                bare.push(d, u, self.h_ts_amsl_m);
            }
            self.steepest_bare = self.steepest_bare.max((h - self.h_ts_amsl_m) / d);
            self.bare_hull.push(d, h);
            self.passed += 1;
        }
    }

    /// Bare terrain on the curved Earth.
    #[inline]
    pub(super) fn bare(&self) -> &Skyline {
        self.bare.as_ref().unwrap_or(&self.cluttered)
    }

    /// max (hᵢ − base − slope·dᵢ) over the samples from `from_km` to `to_km`, m; −∞ without one.
    pub(super) fn highest_between(&self, from_km: f64, to_km: f64, base_m: f64, slope: f64) -> f64 {
        let d_km = self.intermediate_km();
        let first = d_km.partition_point(|&d| d < from_km);
        let heights = &self.radial.terrain_amsl_m[1..self.passed];
        let points = d_km[first..].iter().zip(&heights[first..]).take_while(|(d, _)| **d <= to_km);
        points.map(|(d, h)| h - (base_m + slope * d)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Distances of the intermediate points, km: the samples passed but for the transmitter's.
    #[inline]
    pub(super) fn intermediate_km(&self) -> &'a [f64] {
        &self.radial.distance_km[1..self.passed]
    }

    /// The smooth-Earth fit of the path that ends at `distance_km` on terrain of `terrain_amsl_m`.
    #[inline]
    pub(super) fn smooth_fit(&self, distance_km: f64, terrain_amsl_m: f64) -> SmoothFit {
        let (d, h) = (self.radial.distance_km[self.passed - 1], self.radial.terrain_amsl_m[self.passed - 1]);
        let v_1 = self.v_1 + v_1_term(d, distance_km, h, terrain_amsl_m);
        let v_2 = self.v_2 + v_2_term(d, distance_km, h, terrain_amsl_m);
        fit_from_sums(v_1, v_2, distance_km)
    }
}
