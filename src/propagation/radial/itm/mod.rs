//! The Irregular Terrain Model for every receiver of a radial in one outward walk, equal to the plain form on the paths of
//! [`EqualRadial`].
//!
//! - Mean heights and least-squares lines: differences of running sums ([`terrain`]).
//! - Horizons: extreme point and tangent of hulls ([`horizons`]).
//! - Δh: each path's own, in loops over columns, with deciles by counting ([`irregularity`]).
//! - The formulas: loops over blocks of paths ([`formulas`], [`diffraction`], [`sight`]), compiled for several instruction sets
//!   ([`dispatch`]). Scatter needs long paths; where it may count, the plain form is asked.

mod block;
mod diffraction;
mod formulas;
mod horizons;
mod irregularity;
mod sight;
mod terms;
mod terrain;

use super::super::dispatch::with_widest_vectors;
use super::super::itm::{EqualRadial, Geometry, Ground, ItmModel, NEAR_STEPS, PathEnd, Setting};
use super::super::{Link, Radial, RadialReceiver, Trace};
use block::{Block, PATHS};
use horizons::Skyline;
use irregularity::Irregularity;
use terms::Terms;
use terrain::{Path, Samples};

/// Losses of all receivers, dB, by the point-to-point method; see [`super::super::PropagationModel::sweep`]. NaN where the model has
/// no result.
pub(in super::super) fn sweep_itm(
    model: &ItmModel,
    link: &Link,
    radial: Radial<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    debug_assert!(receivers.is_sorted_by(|a, b| a.distance_km <= b.distance_km), "receivers go outward");
    let radial = EqualRadial::of(radial);
    let samples = Samples::of(&radial);
    let terms = Terms::new(model, link);
    let [z_re, z_im, _] = terms.z_g;
    if z_re <= z_im.abs() {
        losses_db.fill(f64::NAN);
        return;
    }
    let z_tx_amsl_m = samples.heights_amsl_m[0] + link.tx_height_agl_m;
    let most_curved = most_curved(&radial, receivers, &terms);
    let mut sweep = ItmSweep {
        model,
        link,
        skyline: Skyline::new(samples.heights_amsl_m.len(), z_tx_amsl_m, most_curved),
        irregularity: Irregularity::new(samples.heights_amsl_m),
        samples: &samples,
        terms,
        block: Box::new(Block::new()),
    };
    for (receivers, losses_db) in receivers.chunks(PATHS).zip(losses_db.chunks_mut(PATHS)) {
        sweep_block(&mut sweep, &radial, receivers, losses_db);
    }
}

/// A κ of [`horizons`] that no path with shared samples exceeds: that of the longest step in the thinnest air.
fn most_curved(radial: &EqualRadial<'_>, receivers: &[RadialReceiver], terms: &Terms) -> f64 {
    let of_receivers = receivers.iter().map(|r| r.terrain_amsl_m);
    let highest_amsl_m = radial.heights_amsl_m().iter().copied().chain(of_receivers).fold(f64::NEG_INFINITY, f64::max);
    let n_s = terms.n_0 * (-highest_amsl_m / 9460.0).exp();
    let gamma_e_per_m = 157e-9 * (1.0 - 0.04665 * (n_s / 179.3).exp());
    let step_km = |r: &RadialReceiver| {
        let steps = radial.steps_to(r.distance_km);
        if steps > NEAR_STEPS { r.distance_km / steps as f64 } else { 0.0 }
    };
    let step_m = 1000.0 * receivers.iter().map(step_km).fold(0.0, f64::max);
    // A hair more makes good for rounding.
    (1.0 + 1e-9) * 0.5 * gamma_e_per_m * step_m * step_m
}

struct ItmSweep<'a> {
    model: &'a ItmModel,
    link: &'a Link,
    samples: &'a Samples<'a>,
    skyline: Skyline,
    irregularity: Irregularity,
    terms: Terms,
    block: Box<Block>,
}

impl ItmSweep<'_> {
    #[inline(always)]
    fn block(&mut self, radial: &EqualRadial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        let mut ends = [PathEnd::default(); PATHS];
        for (i, receiver) in receivers.iter().enumerate() {
            ends[i] = radial.path_end(*receiver);
            self.block.z_s_amsl_m[i] = Path::new(self.samples, &ends[i]).mean_height_amsl_m();
        }
        formulas::ground(&mut self.block, self.terms.n_0);
        for i in 0..receivers.len() {
            self.geometry(i, &ends[i], receivers[i].terrain_amsl_m);
        }
        formulas::losses(&mut self.block, &self.terms);
        for (i, loss_db) in losses_db.iter_mut().enumerate() {
            *loss_db = self.loss_db(i);
        }
    }

    /// Horizons, Δh and heights above the fitted line, as `Geometry::of_profile` up to where it takes statistics.
    #[inline(always)]
    fn geometry(&mut self, i: usize, end: &PathEnd, terrain_amsl_m: f64) {
        let path = Path::new(self.samples, end);
        self.skyline.advance_to(self.samples.heights_amsl_m, end.shared);
        let (n, step_m, a_e_m) = (end.steps as f64, end.step_m, self.block.a_e_m[i]);
        let d_m = n * step_m;
        let h_g_m = [self.link.tx_height_agl_m, self.link.rx_height_agl_m];
        let z_rx_amsl_m = terrain_amsl_m + h_g_m[1];
        let horizons = self.skyline.horizons(&path, z_rx_amsl_m, step_m * step_m / (2.0 * a_e_m));
        let d_l_m = horizons.map_or([d_m; 2], |[tx, rx]| [tx as f64 * step_m, (end.steps - rx) as f64 * step_m]);
        let near_m = |j: usize| (15.0 * h_g_m[j]).min(0.1 * d_l_m[j]);
        let (from_m, to_m) = (near_m(0), d_m - near_m(1));
        let fit = |from_m: f64, to_m: f64| path.fitted_ends_m(from_m / step_m, to_m / step_m);
        let lines_m = match horizons {
            None => fit(from_m, to_m),
            Some(_) => [fit(from_m, 0.9 * d_l_m[0])[0], fit(d_m - 0.9 * d_l_m[1], to_m)[1]],
        };
        let delta_h_m = self.irregularity.delta_h_m(&path, from_m, to_m);
        let block = &mut self.block;
        let ends_m = [0.0, terrain_amsl_m - self.samples.base_amsl_m];
        if let Some(points) = horizons {
            for (j, z_m) in [self.link.tx_height_agl_m, ends_m[1] + h_g_m[1]].into_iter().enumerate() {
                let run_m = d_l_m[j];
                block.theta_e_rad[j][i] = (path.height_m(points[j]) - z_m) / run_m - run_m / (2.0 * a_e_m);
            }
        }
        block.d_m[i] = d_m;
        block.in_sight[i] = if horizons.is_none() { 1.0 } else { 0.0 };
        block.delta_h_m[i] = delta_h_m;
        for j in 0..2 {
            block.d_l_m[j][i] = d_l_m[j];
            block.h_e_m[j][i] = h_g_m[j] + (ends_m[j] - lines_m[j]).max(0.0);
        }
    }

    /// The loss, or the plain form's where scatter may carry the signal: beyond d_Ls and d_L + 0.3·X_ae·ln(k·H_s) (Eq. (4.58)).
    #[inline]
    fn loss_db(&self, i: usize) -> f64 {
        let block = &self.block;
        if !(150.0..=400.0).contains(&block.n_s[i]) {
            return f64::NAN;
        }
        let horizons_m = block.d_l_m[0][i] + block.d_l_m[1][i];
        let nearest_m = block.d_ls_m[i].max(horizons_m + 1.088 * block.scale_m[i] * self.terms.ln_f);
        if block.d_m[i] < nearest_m { block.loss_db[i] } else { self.plain_loss_db(i) }
    }

    #[cold]
    fn plain_loss_db(&self, i: usize) -> f64 {
        let block = &self.block;
        let [z_re, z_im, _] = self.terms.z_g;
        let ground = Ground { n_s: block.n_s[i], a_e_m: block.a_e_m[i], z_g: num_complex::Complex64::new(z_re, z_im) };
        let geometry = Geometry {
            d_m: block.d_m[i],
            h_g_m: [self.link.tx_height_agl_m, self.link.rx_height_agl_m],
            h_e_m: [block.h_e_m[0][i], block.h_e_m[1][i]],
            d_l_m: [block.d_l_m[0][i], block.d_l_m[1][i]],
            theta_e_rad: [block.theta_e_rad[0][i], block.theta_e_rad[1][i]],
            delta_h_m: block.delta_h_m[i],
            known_terrain: true,
        };
        let setting = Setting::new(self.terms.f_mhz, ground, geometry);
        self.model.loss_db(&setting, &mut Trace::off()).unwrap_or(f64::NAN)
    }
}

with_widest_vectors! {
    /// [`ItmSweep::block`].
    fn sweep_block(
        sweep: &mut ItmSweep<'_>,
        radial: &EqualRadial<'_>,
        receivers: &[RadialReceiver],
        losses_db: &mut [f64]
    ) = sweep_block_body
}

#[inline(always)]
fn sweep_block_body(
    sweep: &mut ItmSweep<'_>,
    radial: &EqualRadial<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    sweep.block(radial, receivers, losses_db);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
