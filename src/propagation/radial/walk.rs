//! The outward walk along a radial: what all receivers beyond a sample share, kept up to date sample by sample.
//!
//! Heights u = g − 500·Cₑ·d² put the curvature of the Earth into the terrain, so that lines of sight are straight and no
//! stored value depends on the receiver (see [`super`]).

use super::super::smooth_earth::{SmoothFit, fit_from_sums, v_1_term, v_2_term};
use super::super::{OWN_PLACE_KM, Radial};
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
    /// max (uᵢ − h_ts)/dᵢ, terrain with clutter and curvature, m/km.
    pub(super) steepest_curved: f64,
    /// max (hᵢ − h_ts)/dᵢ, bare terrain without curvature, m/km.
    pub(super) steepest_bare: f64,
    /// Upper hull of (dᵢ, uᵢ).
    pub(super) curved_hull: UpperHull,
    /// Upper hull of (dᵢ, hᵢ).
    pub(super) bare_hull: UpperHull,
    /// Slopes to (dᵢ, uᵢ) in blocks.
    pub(super) clearance: Clearance,
}

impl<'a> Walk<'a> {
    /// At the transmitter; `curvature` is 500·Cₑ, m/km².
    pub(super) fn new(radial: Radial<'a>, h_ts_amsl_m: f64, curvature: f64) -> Self {
        let points = radial.distance_km.len();
        Self {
            radial,
            curvature,
            h_ts_amsl_m,
            passed: 1,
            v_1: 0.0,
            v_2: 0.0,
            steepest_curved: f64::NEG_INFINITY,
            steepest_bare: f64::NEG_INFINITY,
            curved_hull: UpperHull::with_capacity(points),
            bare_hull: UpperHull::with_capacity(points),
            clearance: Clearance::with_capacity(points),
        }
    }

    /// Takes in all samples before a receiver at `distance_km`.
    #[inline]
    pub(super) fn advance_to(&mut self, distance_km: f64) {
        let nearer_than_km = distance_km - OWN_PLACE_KM;
        while self.passed < self.radial.distance_km.len() && self.radial.distance_km[self.passed] < nearer_than_km {
            let i = self.passed;
            let (d, h) = (self.radial.distance_km[i], self.radial.terrain_amsl_m[i]);
            let (d_before, h_before) = (self.radial.distance_km[i - 1], self.radial.terrain_amsl_m[i - 1]);
            self.v_1 += v_1_term(d_before, d, h_before, h);
            self.v_2 += v_2_term(d_before, d, h_before, h);
            let u = h + self.radial.clutter_m[i] - self.curvature * d * d;
            let curved = (u - self.h_ts_amsl_m) / d;
            self.steepest_curved = self.steepest_curved.max(curved);
            self.steepest_bare = self.steepest_bare.max((h - self.h_ts_amsl_m) / d);
            self.curved_hull.push(d, u);
            self.bare_hull.push(d, h);
            self.clearance.push(d, curved);
            self.passed += 1;
        }
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
