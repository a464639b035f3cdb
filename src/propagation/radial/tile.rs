//! The receivers of a radial in tiles of columns: geometry batch by batch, then formulas over whole columns.

use super::super::diffraction::NU_WITHOUT_LOSS;
use super::super::smooth_earth::{SmoothFit, fit_from_sums, v_1_term, v_2_term};
use super::super::{Link, RadialReceiver};
use super::batch::{Ask, Batch, LANES, Lanes};
use super::clearance::Directs;
use super::walk::{Skyline, Walk};

/// Receivers of a tile.
pub(super) const TILE: usize = 64;

/// One number for each receiver of a tile.
pub(super) type Column = [f32; TILE];

/// What a tile's receivers see on the Earth of one radius.
pub(super) struct Edges {
    /// S_tim − S_tr, m/km; negative on a line of sight, −∞ without points.
    pub(super) excess_t: Column,
    /// S_rim + S_tr, m/km, beyond the horizon.
    pub(super) excess_r: Column,
    /// The smallest e of [`super::clearance`] on a line of sight, m²/km², or one at which ν costs nothing.
    pub(super) least: Column,
}

/// The receivers of a tile. The last columns repeat the last receiver.
pub(super) struct Tile {
    /// d, km.
    pub(super) exact_km: [f64; TILE],
    pub(super) d: Column,
    /// (h_ts − h_rs)/1000, km.
    pub(super) rise_km: Column,
    /// Terrain with clutter on the median Earth and on that of β₀.
    pub(super) median: Edges,
    pub(super) beta0: Edges,
    /// Heights of the antennas above the smooth surface of diffraction, m.
    pub(super) h_te: Column,
    pub(super) h_re: Column,
    /// The least-squares line through the terrain.
    pub(super) fit: [SmoothFit; TILE],
    /// Slopes of the two horizons over bare terrain, m/km, and their distances, km (only the sum holds on a line of sight).
    pub(super) s_t: Column,
    pub(super) s_r: Column,
    /// s_t + s_r, where large slopes cancel.
    pub(super) s_sum: Column,
    pub(super) d_lt: Column,
    pub(super) d_lr: Column,
    /// 1 where bare terrain leaves a line of sight, else 0.
    pub(super) sees: Column,
    /// Samples before the receiver, the transmitter's included.
    pub(super) passed: [u32; TILE],
}

/// What does not change along a radial.
pub(super) struct Setting {
    pub(super) h_0_amsl_m: f64,
    pub(super) h_ts_amsl_m: f64,
    pub(super) rx_height_agl_m: f64,
    pub(super) lambda_m: f64,
    /// Whether horizons are asked for.
    pub(super) horizons: bool,
}

impl Setting {
    pub(super) fn new(link: &Link, h_0_amsl_m: f64, lambda_m: f64, horizons: bool) -> Self {
        let (h_ts_amsl_m, rx_height_agl_m) = (h_0_amsl_m + link.tx_height_agl_m, link.rx_height_agl_m);
        Self { h_0_amsl_m, h_ts_amsl_m, rx_height_agl_m, lambda_m, horizons }
    }
}

impl Edges {
    const EMPTY: Self = Self { excess_t: [0.0; TILE], excess_r: [0.0; TILE], least: [0.0; TILE] };
}

/// Running values of the walk at each receiver of a batch.
#[derive(Default)]
struct Passed {
    d: [f64; LANES],
    terrain: [f64; LANES],
    v_1: [f64; LANES],
    v_2: [f64; LANES],
    steepest_bare: [f64; LANES],
    steepest_ground: [f64; LANES],
    steepest_at: [f64; LANES],
    steepest_cover: [f64; LANES],
    steepest_beta0: [f64; LANES],
    /// What the lines to the receivers come to, m/km.
    s_tr: [f64; LANES],
}

impl Tile {
    pub(super) const EMPTY: Self = Self {
        exact_km: [0.0; TILE],
        d: [0.0; TILE],
        rise_km: [0.0; TILE],
        median: Edges::EMPTY,
        beta0: Edges::EMPTY,
        h_te: [0.0; TILE],
        h_re: [0.0; TILE],
        fit: [SmoothFit { h_st_amsl_m: 0.0, h_sr_amsl_m: 0.0 }; TILE],
        s_t: [0.0; TILE],
        s_r: [0.0; TILE],
        s_sum: [0.0; TILE],
        d_lt: [0.0; TILE],
        d_lr: [0.0; TILE],
        sees: [0.0; TILE],
        passed: [0; TILE],
    };

    /// Walks out to the next receivers, at least one and at most [`TILE`], and notes what they see. Gives the number of columns in
    /// use, a multiple of the lanes.
    #[inline(always)]
    pub(super) fn fill(&mut self, setting: &Setting, walk: &mut Walk<'_>, receivers: &[RadialReceiver]) -> usize {
        let mut from = 0;
        for batch in receivers.chunks(LANES) {
            self.fill_batch(setting, walk, batch, from);
            from += LANES;
        }
        from
    }

    #[inline(always)]
    fn fill_batch(&mut self, setting: &Setting, walk: &mut Walk<'_>, receivers: &[RadialReceiver], from: usize) {
        walk.advance_to(receivers[0].distance_km);
        walk.settle();
        let mut at = Passed::default();
        for k in 0..LANES {
            let receiver = receivers[k.min(receivers.len() - 1)];
            walk.advance_to(receiver.distance_km);
            at.note(k, walk, receiver);
            self.passed[from + k] = walk.passed as u32;
        }
        let h_ts = setting.h_ts_amsl_m;
        let (curvature, origin_km) = (walk.ground().median.curvature, walk.radial.distance_km[walk.settled - 1]);
        let mut batch = Batch {
            origin_km,
            origin_amsl_m: receivers[0].terrain_amsl_m + setting.rx_height_agl_m,
            distance_km: Lanes::default(),
            exact_km: at.d,
            height_m: Lanes::default(),
            exact_amsl_m: [0.0; LANES],
            direct: Lanes::default(),
            h_ts_amsl_m: h_ts,
            lean: (at.terrain[LANES - 1] + setting.rx_height_agl_m - h_ts) / at.d[LANES - 1],
            from_lean: Lanes::default(),
            passed: Lanes::default(),
        };
        for k in 0..LANES {
            let h_rs = at.terrain[k] + setting.rx_height_agl_m;
            let s_tr = (h_rs - h_ts) / at.d[k];
            at.s_tr[k] = s_tr;
            batch.distance_km[k] = (at.d[k] - origin_km) as f32;
            batch.exact_amsl_m[k] = h_rs;
            batch.height_m[k] = (h_rs - batch.origin_amsl_m) as f32;
            batch.direct[k] = s_tr as f32;
            batch.from_lean[k] = (s_tr - batch.lean) as f32;
            batch.passed[k] = self.passed[from + k] as f32;
            self.exact_km[from + k] = at.d[k];
            self.d[from + k] = at.d[k] as f32;
            self.rise_km[from + k] = (0.001 * (h_ts - h_rs)) as f32;
        }
        let numbers = walk.settled..walk.passed;
        let radial = walk.radial;
        let point = |i: usize, clutter_m: f64| (i, radial.distance_km[i], radial.terrain_amsl_m[i] + clutter_m);
        let ground_points = numbers.clone().map(|i| point(i, 0.0));
        let in_sight = |steepest: &[f64; LANES], beta0: Option<&Skyline<'_>>| {
            let mut sees = Lanes::default();
            let (bend, steepest_beta0) = beta0.map_or((curvature, steepest), |s| (s.curvature, &at.steepest_beta0));
            for k in 0..LANES {
                let (s_tr, d) = (at.s_tr[k], at.d[k]);
                let seen = (steepest[k] < s_tr - curvature * d) & (steepest_beta0[k] < s_tr - bend * d);
                sees[k] = if seen { 1.0 } else { 0.0 };
            }
            sees
        };
        let ask_bare = Ask { bare: true, beta0: walk.ground().beta0.is_some() };
        let ground = batch.see(
            walk.ground(),
            &in_sight(&at.steepest_ground, walk.ground().beta0.as_ref()),
            ground_points,
            ask_bare,
        );
        let (rim, rim_beta0) = if walk.is_cluttered() {
            let cover_points = numbers.clone().map(|i| point(i, radial.clutter_m[i]));
            let ask = Ask { bare: false, beta0: walk.cover().beta0.is_some() };
            let cover =
                batch.see(walk.cover(), &in_sight(&at.steepest_cover, walk.cover().beta0.as_ref()), cover_points, ask);
            (cover.rim, cover.rim_beta0)
        } else {
            (ground.rim, ground.rim_beta0)
        };
        let cover = walk.cover();
        let points = [walk.settled - 1, walk.passed - 1];
        self.median.note(from, setting, &batch, &at, &cover.median, &at.steepest_cover, &rim, points);
        self.median.sharpen(from, setting, walk, &at, &self.passed, &cover.median);
        if let Some(beta0) = &cover.beta0 {
            self.beta0.note(from, setting, &batch, &at, beta0, &at.steepest_beta0, &rim_beta0, points);
            self.beta0.sharpen(from, setting, walk, &at, &self.passed, beta0);
        }
        for k in 0..LANES {
            let (d, s_tr) = (at.d[k], at.s_tr[k]);
            let (terrain, h_rs) = (at.terrain[k], at.terrain[k] + setting.rx_height_agl_m);
            let fit = fit_from_sums(at.v_1[k], at.v_2[k], d);
            self.fit[from + k] = fit;
            // (89a) to (91d)
            let a_t = at.steepest_bare[k] - s_tr;
            let a_r = f64::from(ground.bare[k]) + s_tr;
            let h_obs = f64::from(ground.highest[k]);
            let sum = a_t + a_r;
            let (share_t, share_r) = (h_obs * a_t / sum, h_obs * a_r / sum);
            let obstructed = a_t > 0.0 && h_obs > 0.0;
            let (sink_t, sink_r) = if obstructed { (share_t, share_r) } else { (0.0, 0.0) };
            let h_std = least(fit.h_st_amsl_m - sink_t, setting.h_0_amsl_m);
            let h_srd = least(fit.h_sr_amsl_m - sink_r, terrain);
            self.h_te[from + k] = (h_ts - h_std) as f32;
            self.h_re[from + k] = (h_rs - h_srd) as f32;
        }
        if setting.horizons {
            for k in 0..LANES {
                let (d, s_tr) = (at.d[k], at.s_tr[k]);
                let direct = s_tr - curvature * d;
                let beyond = at.steepest_ground[k] > direct;
                let s_t = if beyond { at.steepest_ground[k] } else { direct };
                let (mut rim, mut at_km) = (f64::from(ground.rim[k]), f64::from(ground.rim_at[k]) + origin_km);
                if beyond && ground.rim[k] - ground.runner_up[k] <= TIE * (1.0 + ground.rim[k].abs()) {
                    let to = (d, at.terrain[k] + setting.rx_height_agl_m);
                    (rim, at_km) = walk.rim(self.passed[from + k] as usize, to, curvature, false);
                }
                let s_r = if beyond { rim } else { -s_tr };
                let d_lr = d - at_km;
                self.s_t[from + k] = s_t as f32;
                let s_r = s_r - curvature * d;
                self.s_r[from + k] = s_r as f32;
                self.s_sum[from + k] = (s_t + s_r) as f32;
                self.d_lt[from + k] = if beyond { at.steepest_at[k] } else { d } as f32;
                self.d_lr[from + k] = if beyond { d_lr } else { 0.0 } as f32;
                self.sees[from + k] = if beyond { 0.0 } else { 1.0 };
            }
        }
    }
}

/// The smaller of two numbers that are not NaN.
#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

impl Passed {
    #[inline(always)]
    fn note(&mut self, k: usize, walk: &Walk<'_>, receiver: RadialReceiver) {
        let (d, terrain) = (receiver.distance_km, receiver.terrain_amsl_m);
        let last = walk.passed - 1;
        let (d_last, h_last) = (walk.radial.distance_km[last], walk.radial.terrain_amsl_m[last]);
        self.d[k] = d;
        self.terrain[k] = terrain;
        self.v_1[k] = walk.v_1 + v_1_term(d_last, d, h_last, terrain);
        self.v_2[k] = walk.v_2 + v_2_term(d_last, d, h_last, terrain);
        self.steepest_bare[k] = walk.steepest_bare;
        self.steepest_ground[k] = walk.ground().median.steepest;
        self.steepest_at[k] = walk.ground().median.steepest_at_km;
        self.steepest_cover[k] = walk.cover().median.steepest;
        self.steepest_beta0[k] = walk.cover().beta0.as_ref().map_or(0.0, |s| s.steepest);
    }
}

/// Slopes nearer than this to each other, and to 1 m/km, may lie the other way round in double precision.
const TIE: f32 = 1e-6;

/// ν² at which a clearance costs nothing, a little beyond [`NU_WITHOUT_LOSS`], where the loss jumps by 0.01 dB.
const NU_2_ENOUGH: f64 = 1.001 * NU_WITHOUT_LOSS * NU_WITHOUT_LOSS;
/// So near to that jump, in ν², single precision does not tell the side.
const NU_2_DOUBT: f32 = 2e-4;

impl Edges {
    /// Works S_rim out again where the obstacle but touches the direct line: ν is then the root of a difference that single precision
    /// has lost. With an error of 1.2·10⁻⁷·|S_rim| and 9 dB for 1 of ν the loss is within 0.0003 dB elsewhere.
    #[inline(always)]
    fn sharpen(
        &mut self,
        from: usize,
        setting: &Setting,
        walk: &Walk<'_>,
        at: &Passed,
        passed: &[u32; TILE],
        skyline: &Skyline<'_>,
    ) {
        let mut doubtful = 0u32;
        for k in 0..LANES {
            let (excess_t, excess_r) = (self.excess_t[from + k], self.excess_r[from + k]);
            let size = at.s_tr[k].abs() as f32 + 1.0;
            let nu_2 = (0.002 / setting.lambda_m * at.d[k]) as f32 * excess_t * excess_r;
            let doubt = (excess_t >= 0.0) & (nu_2 * size * size > 9e4 * excess_r * excess_r);
            doubtful |= u32::from(doubt) << k;
        }
        while doubtful != 0 {
            let k = doubtful.trailing_zeros() as usize;
            doubtful &= doubtful - 1;
            let to = (at.d[k], at.terrain[k] + setting.rx_height_agl_m);
            let (rim, _) = walk.rim(passed[from + k] as usize, to, skyline.curvature, true);
            self.excess_r[from + k] = (rim + at.s_tr[k]) as f32;
        }
    }

    #[inline(always)]
    #[allow(clippy::too_many_arguments)]
    fn note(
        &mut self,
        from: usize,
        setting: &Setting,
        batch: &Batch,
        at: &Passed,
        skyline: &Skyline<'_>,
        steepest: &[f64; LANES],
        rim: &Lanes,
        [common, all]: [usize; 2],
    ) {
        let curvature = skyline.curvature;
        // That of the farthest receiver: at the foot of the mast slopes are steep beyond all others.
        let origin_slope = at.s_tr[LANES - 1] - curvature * at.d[LANES - 1];
        let mut lines = Directs {
            origin_km: batch.origin_km,
            origin_slope,
            distance_km: batch.distance_km,
            exact_km: batch.exact_km,
            slope: Lanes::default(),
            exact_slope: [0.0; LANES],
            points: Lanes::default(),
        };
        let mut smallest = Lanes::default();
        let mut asking = 0u32;
        for k in 0..LANES {
            let direct = at.s_tr[k] - curvature * at.d[k];
            let excess_t = (steepest[k] - direct) as f32;
            let enough = (NU_2_ENOUGH * setting.lambda_m / 0.002 / at.d[k]) as f32;
            lines.slope[k] = (direct - origin_slope) as f32;
            lines.exact_slope[k] = direct;
            lines.points[k] = batch.passed[k] - 1.0;
            smallest[k] = if excess_t < 0.0 { enough } else { 0.0 };
            asking |= u32::from(excess_t < 0.0);
            self.excess_t[from + k] = excess_t;
            self.excess_r[from + k] = rim[k] + batch.direct[k];
        }
        if asking != 0 {
            skyline.clearance.lower(&lines, common, all, &mut smallest);
            let mut doubtful = 0u32;
            for k in 0..LANES {
                let nu_2 = (0.002 / setting.lambda_m * at.d[k]) as f32 * smallest[k];
                let doubt = (nu_2 - (NU_WITHOUT_LOSS * NU_WITHOUT_LOSS) as f32).abs() < 0.5 * NU_2_DOUBT;
                doubtful |= u32::from(doubt) << k;
            }
            while doubtful != 0 {
                let k = doubtful.trailing_zeros() as usize;
                doubtful &= doubtful - 1;
                let direct = at.s_tr[k] - curvature * at.d[k];
                let exact = skyline.clearance.smallest(lines.points[k] as usize, at.d[k], direct);
                let free = 0.002 / setting.lambda_m * at.d[k] * exact >= NU_WITHOUT_LOSS * NU_WITHOUT_LOSS;
                smallest[k] = if free { f32::INFINITY } else { exact as f32 };
            }
        }
        self.least[from..from + LANES].copy_from_slice(&smallest.0);
    }
}
