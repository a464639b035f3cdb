//! What sixteen receivers of a radial see, a SIMD lane each.
//!
//! Slopes are those of straight lines without the curvature of the Earth, b = (hᵢ − h_rs)/(d − dᵢ), worked out once a point
//! and receiver: on an Earth with curvature 500·Cₑ, S_rim + 500·Cₑ·d = max (b + 500·Cₑ·dᵢ) + 500·Cₑ·d. Lanes hold differences from the
//! origin of the batch, so that single precision loses nothing near the receivers, where it would matter.

use super::super::vector_math::single::{max, min};
use super::hull::Vertex;
use super::walk::Surface;
use std::ops::{Index, IndexMut};

/// Receivers of a batch.
pub(super) const LANES: usize = 16;

/// One number for each receiver of a batch.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Lanes(pub(super) [f32; LANES]);

impl Index<usize> for Lanes {
    type Output = f32;
    #[inline(always)]
    fn index(&self, lane: usize) -> &f32 {
        &self.0[lane]
    }
}

impl IndexMut<usize> for Lanes {
    #[inline(always)]
    fn index_mut(&mut self, lane: usize) -> &mut f32 {
        &mut self.0[lane]
    }
}

/// The receivers of a batch.
pub(super) struct Batch {
    /// Where distances in lanes count from, km.
    pub(super) origin_km: f64,
    /// Where heights in lanes count from, m above sea level.
    pub(super) origin_amsl_m: f64,
    /// d, from the origin.
    pub(super) distance_km: Lanes,
    /// d, from the transmitter: samples among the receivers can be as near to them as a millimetre.
    pub(super) exact_km: [f64; LANES],
    /// h_rs, from the origin.
    pub(super) height_m: Lanes,
    /// h_rs, m above sea level.
    pub(super) exact_amsl_m: [f64; LANES],
    /// S_tr, m/km.
    pub(super) direct: Lanes,
    /// h_ts, m above sea level, and a slope near those of the direct lines, m/km: obstructions are counted from that line, which
    /// leaves small numbers.
    pub(super) h_ts_amsl_m: f64,
    pub(super) lean: f64,
    /// S_tr less `lean`, m/km.
    pub(super) from_lean: Lanes,
    /// Samples before the receiver, the transmitter's included.
    pub(super) passed: Lanes,
}

/// What the receivers of a batch see of a surface.
pub(super) struct Sight {
    /// S_rim without its terms that no point has part in: max (b + 500·Cₑ·dᵢ), m/km, median Earth.
    pub(super) rim: Lanes,
    /// dᵢ of that point, the last of several, from the batch's origin, km.
    pub(super) rim_at: Lanes,
    /// The second largest of what `rim` is the largest of.
    pub(super) runner_up: Lanes,
    /// As `rim`, for the Earth of β₀.
    pub(super) rim_beta0: Lanes,
    /// max b, m/km.
    pub(super) bare: Lanes,
    /// h_obs = max (hᵢ − h_ts − S_tr·dᵢ), m.
    pub(super) highest: Lanes,
}

/// What is asked of a surface.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Ask {
    /// [`Sight::bare`] and [`Sight::highest`].
    pub(super) bare: bool,
    /// [`Sight::rim_beta0`].
    pub(super) beta0: bool,
}

impl Batch {
    /// Looks at a surface whose hull holds the samples before the first receiver; `in_between` are those before the last
    /// receiver that it does not hold, with their numbers. Lanes with `sees` 1 are in sight over it and ask nothing: theirs come out as
    /// +∞.
    #[inline(always)]
    pub(super) fn see(
        &self,
        surface: &Surface<'_>,
        sees: &Lanes,
        in_between: impl DoubleEndedIterator<Item = (usize, f64, f64)>,
        ask: Ask,
    ) -> Sight {
        match ask {
            Ask { bare: true, beta0: true } => self.scan::<true, true>(surface, sees, in_between),
            Ask { bare: true, beta0: false } => self.scan::<true, false>(surface, sees, in_between),
            Ask { bare: false, beta0: true } => self.scan::<false, true>(surface, sees, in_between),
            Ask { bare: false, beta0: false } => self.scan::<false, false>(surface, sees, in_between),
        }
    }

    #[inline(always)]
    fn scan<const BARE: bool, const BETA0: bool>(
        &self,
        surface: &Surface<'_>,
        sees: &Lanes,
        in_between: impl DoubleEndedIterator<Item = (usize, f64, f64)>,
    ) -> Sight {
        let curvature = surface.median.curvature;
        let bends = [curvature, surface.beta0.as_ref().map_or(0.0, |s| s.curvature)];
        let mut sight = Sight::NOTHING;
        for k in 0..LANES {
            // Nothing is asked for where the receiver is seen.
            let start = if sees[k] > 0.0 { f32::INFINITY } else { f32::NEG_INFINITY };
            (sight.rim[k], sight.rim_beta0[k], sight.bare[k], sight.highest[k]) = (start, start, start, start);
        }
        for (number, x, height) in in_between.rev() {
            self.meet::<BARE, BETA0, true>(&mut sight, number as f32, x, height, bends);
        }
        for &Vertex { x, y, slope } in surface.hull.vertices().iter().rev() {
            self.meet::<BARE, BETA0, false>(&mut sight, 0.0, x, y + surface.hull_curvature * x * x, bends);
            if self.is_settled::<BARE, BETA0>(&sight, Vertex { x, y, slope }, surface.hull_curvature) {
                break;
            }
        }
        sight
    }

    /// Whether no vertex before `vertex` can change what is seen.
    ///
    /// The hull lies under the line L of the edge that arrives at the vertex j, so with L(d) ≥ w all vertices i before it have
    /// S_rim,i ≤ S_rim,j, hence bᵢ + 500·C·dᵢ ≤ bⱼ + 500·Cₑ·dⱼ for every C up to the hull's Cₑ. And hᵢ − S_tr·dᵢ ≤ L(dᵢ) + 500·Cₑ·dᵢ² − S_tr·dᵢ is convex
    /// in dᵢ: it is largest at the vertex or at the transmitter.
    #[inline(always)]
    fn is_settled<const BARE: bool, const BETA0: bool>(&self, sight: &Sight, vertex: Vertex, curvature: f64) -> bool {
        let Vertex { x, y, slope } = vertex;
        let (place, bend) = ((x - self.origin_km) as f32, (curvature * x) as f32);
        let height = (y + curvature * x * x - self.origin_amsl_m) as f32;
        // L(d) ≥ w is h + (slope + 1000·Cₑ·x)(d − x) + 500·Cₑ·(d − x)² ≥ h_rs.
        let tilt = (slope + 2.0 * curvature * x) as f32;
        let at_transmitter = (y - slope * x - self.h_ts_amsl_m) as f32;
        let mut open = 0u32;
        for k in 0..LANES {
            let back = self.distance_km[k] - place;
            let seen = sight.rim[k] == f32::INFINITY;
            let over = height + tilt * back + curvature as f32 * back * back >= self.height_m[k];
            let b = (height - self.height_m[k]) / back + bend;
            let mut done = over & (b <= sight.rim[k]);
            if BARE {
                done = done & (b <= sight.bare[k]) & (at_transmitter <= sight.highest[k]);
            }
            if BETA0 {
                done &= b <= sight.rim_beta0[k];
            }
            open |= u32::from(!(done | seen));
        }
        open == 0
    }

    /// Takes in a point at `x` km, `height` m above sea level. With `SOME`, only lanes that have passed sample `number` see it.
    #[inline(always)]
    fn meet<const BARE: bool, const BETA0: bool, const SOME: bool>(
        &self,
        sight: &mut Sight,
        number: f32,
        x: f64,
        height: f64,
        [curvature, beta0_curvature]: [f64; 2],
    ) {
        let (place, amsl_m, height) = ((x - self.origin_km) as f32, height, (height - self.origin_amsl_m) as f32);
        let (bend, bend_beta0) = ((curvature * x) as f32, (beta0_curvature * x) as f32);
        let (whole, over_lean) = (x as f32, (amsl_m - self.h_ts_amsl_m - self.lean * x) as f32);
        for k in 0..LANES {
            let seen = !SOME || number < self.passed[k];
            let back = if SOME { (self.exact_km[k] - x) as f32 } else { self.distance_km[k] - place };
            let above = if SOME { (amsl_m - self.exact_amsl_m[k]) as f32 } else { height - self.height_m[k] };
            let b = above / back;
            let b = if seen { b } else { f32::NEG_INFINITY };
            let s = b + bend;
            sight.runner_up[k] = max(min(s, sight.rim[k]), sight.runner_up[k]);
            let steeper = s > sight.rim[k];
            sight.rim_at[k] = if steeper { place } else { sight.rim_at[k] };
            sight.rim[k] = if steeper { s } else { sight.rim[k] };
            if BETA0 {
                sight.rim_beta0[k] = max(b + bend_beta0, sight.rim_beta0[k]);
            }
            if BARE {
                sight.bare[k] = max(b, sight.bare[k]);
                let above = over_lean - self.from_lean[k] * whole;
                let above = if seen { above } else { f32::NEG_INFINITY };
                sight.highest[k] = max(above, sight.highest[k]);
            }
        }
    }
}

impl Sight {
    /// Before any point.
    const NOTHING: Self = {
        let lowest = Lanes([f32::NEG_INFINITY; LANES]);
        Self {
            rim: lowest,
            rim_at: Lanes([0.0; LANES]),
            runner_up: lowest,
            rim_beta0: lowest,
            bare: lowest,
            highest: lowest,
        }
    };
}
