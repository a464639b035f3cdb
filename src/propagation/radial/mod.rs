//! Losses of every receiver of a radial in one outward walk, equal to the plain forms.
//!
//! All receivers of a radial share prefixes of one profile. With Cₑ = 1/a, uᵢ = gᵢ − 500·Cₑ·dᵢ² and a receiver at (d, h_rs):
//!
//! - S_tim = max (uᵢ − h_ts)/dᵢ + 500·Cₑ·d: a running maximum ([`walk`]).
//! - S_rim: a tangent to the upper hull of the (dᵢ, uᵢ) ([`hull`]), found for sixteen receivers at once ([`batch`]).
//! - ν_max on a line-of-sight path: block bounds, exact ([`clearance`]).
//! - h_obs, α_obt, α_obr: the same on bare terrain without curvature; v₁, v₂: running sums.
//! - Zones: running sums and longest runs, beside the walk on radials that have them ([`zones`]).
//! - The rest are formulas over columns of receivers ([`tile`], [`delta_bullington`], [`p1812`]), in single precision ([`super::vector_math`]).
//!
//! The loops over lanes and columns are plain code that compilers turn into SIMD instructions; [`super::dispatch`] compiles them
//! for several instruction sets and picks one at run time. No result depends on which. Pruning drops only what cannot
//! change the result.

// Loops over lanes and columns run over several of them at once; an index is how they are written.
#![allow(clippy::needless_range_loop)]

mod batch;
mod clearance;
mod delta_bullington;
mod hull;
mod itm;
mod p1812;
mod tile;
mod walk;
mod zones;

use super::diffraction::SmoothMethod;
use super::dispatch::with_widest_vectors;
use super::earth::{free_space_loss_db, wavelength_m};
use super::p1812::P1812Model;
use super::spherical_earth::Wave;
use super::{Link, Radial, RadialReceiver, Zone};
use delta_bullington::DeltaBullington;
pub(super) use itm::sweep_itm;
use p1812::P1812;
use tile::{Setting, TILE, Tile};
use walk::Walk;
use zones::{Inland, Zoned, Zones};

/// L_b of every receiver outdoors by Rec. ITU-R P.1812-8, dB; see [`super::PropagationModel::sweep`] for the other arguments.
pub(super) fn sweep_p1812(
    model: &P1812Model,
    link: &Link,
    radial: Radial<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    debug_assert!(receivers.is_sorted_by(|a, b| a.distance_km <= b.distance_km), "receivers go outward");
    let sweep = P1812::new(model, link, radial);
    match radial.zone {
        None => p1812_widest(&sweep, radial, receivers, losses_db),
        Some(zone) => p1812_zoned_widest(&sweep, radial, zone, receivers, losses_db),
    }
}

with_widest_vectors! {
    fn p1812_widest(
        sweep: &P1812<'_>,
        radial: Radial<'_>,
        receivers: &[RadialReceiver],
        losses_db: &mut [f64]
    ) = p1812_tiles
}

#[inline(always)]
fn p1812_tiles(sweep: &P1812<'_>, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
    sweep.sweep(radial, Inland, receivers, losses_db);
}

with_widest_vectors! {
    fn p1812_zoned_widest(
        sweep: &P1812<'_>,
        radial: Radial<'_>,
        zone: &[Zone],
        receivers: &[RadialReceiver],
        losses_db: &mut [f64]
    ) = p1812_zoned_tiles
}

#[inline(always)]
fn p1812_zoned_tiles(
    sweep: &P1812<'_>,
    radial: Radial<'_>,
    zone: &[Zone],
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    sweep.sweep(radial, Zoned::new(radial, zone), receivers, losses_db);
}

/// Free space plus delta-Bullington diffraction for the effective Earth radius `a_p_km`; see
/// [`super::PropagationModel::sweep`] for the other arguments.
pub(super) fn sweep_delta_bullington(
    link: &Link,
    a_p_km: f64,
    radial: Radial<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    debug_assert!(receivers.is_sorted_by(|a, b| a.distance_km <= b.distance_km), "receivers go outward");
    let wave = Wave { f_ghz: link.frequency_mhz / 1000.0, polarization: link.polarization, omega: 0.0 };
    let diffraction = DeltaBullington::new(wave, a_p_km, SmoothMethod::Profile, radial.distance_km);
    let setting = Setting::new(link, radial.terrain_amsl_m[0], wavelength_m(wave.f_ghz), false);
    let mut walk = Walk::new(radial, setting.h_ts_amsl_m, 500.0 / a_p_km, None);
    match radial.zone {
        None => delta_bullington_widest(&diffraction, &setting, &mut walk, receivers, losses_db),
        Some(zone) => {
            delta_bullington_zoned_widest(&diffraction, &setting, &mut walk, zone, receivers, losses_db);
        }
    }
    let mut free_space_db = vec![0.0; receivers.len()];
    sweep_free_space(link, radial, receivers, &mut free_space_db);
    losses_db.iter_mut().zip(free_space_db).for_each(|(loss_db, more_db)| *loss_db += more_db);
}

with_widest_vectors! {
    fn delta_bullington_widest(
        diffraction: &DeltaBullington,
        setting: &Setting,
        walk: &mut Walk<'_>,
        receivers: &[RadialReceiver],
        losses_db: &mut [f64]
    ) = delta_bullington_tiles
}

#[inline(always)]
fn delta_bullington_tiles(
    diffraction: &DeltaBullington,
    setting: &Setting,
    walk: &mut Walk<'_>,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    delta_bullington_over(diffraction, setting, walk, Inland, receivers, losses_db);
}

with_widest_vectors! {
    fn delta_bullington_zoned_widest(
        diffraction: &DeltaBullington,
        setting: &Setting,
        walk: &mut Walk<'_>,
        zone: &[Zone],
        receivers: &[RadialReceiver],
        losses_db: &mut [f64]
    ) = delta_bullington_zoned_tiles
}

#[inline(always)]
fn delta_bullington_zoned_tiles(
    diffraction: &DeltaBullington,
    setting: &Setting,
    walk: &mut Walk<'_>,
    zone: &[Zone],
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    let zones = Zoned::new(walk.radial, zone);
    delta_bullington_over(diffraction, setting, walk, zones, receivers, losses_db);
}

#[inline(always)]
fn delta_bullington_over(
    diffraction: &DeltaBullington,
    setting: &Setting,
    walk: &mut Walk<'_>,
    mut zones: impl Zones,
    receivers: &[RadialReceiver],
    losses_db: &mut [f64],
) {
    let mut tile = Tile::EMPTY;
    let mut losses = [0.0; TILE];
    for (receivers, losses_db) in receivers.chunks(TILE).zip(losses_db.chunks_mut(TILE)) {
        tile.fill(setting, walk, receivers);
        diffraction.losses_db(&tile, &tile.median, zones.of_tile(&tile, receivers), &mut losses);
        for (loss_db, loss) in losses_db.iter_mut().zip(losses) {
            *loss_db = f64::from(loss);
        }
    }
}

/// Free-space basic transmission loss of every receiver, dB; see [`super::PropagationModel::sweep`].
pub(super) fn sweep_free_space(link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
    let h_ts_amsl_m = radial.terrain_amsl_m[0] + link.tx_height_agl_m;
    let at_1_km_db = free_space_at_1_km_db(link.frequency_mhz / 1000.0);
    for (receiver, loss_db) in receivers.iter().zip(losses_db) {
        let (d_km, h_rs_amsl_m) = (receiver.distance_km, receiver.terrain_amsl_m + link.rx_height_agl_m);
        let rise_km = 0.001 * (h_ts_amsl_m - h_rs_amsl_m);
        *loss_db = at_1_km_db + 10.0 * (d_km * d_km + rise_km * rise_km).log10();
    }
}

/// Eq. (8) with what belongs to the transmitter worked out once: the loss over 1 km, dB.
fn free_space_at_1_km_db(f_ghz: f64) -> f64 {
    free_space_loss_db(f_ghz, 1.0, 0.0, 0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
