//! Basic transmission loss around one transmitter, for every pixel within a radius.

use super::fan::{BEYOND_M, Fan};
use crate::geodesy::LonLat;
use crate::propagation::{Link, Model, Polarization, Profile, Radial, RadialReceiver, Trace, Zone};
use crate::terrain::Terrain;
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU32, Ordering};

/// What radiates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transmitter {
    /// Where it stands.
    pub position: LonLat,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
}

impl Transmitter {
    /// The link to a receiver.
    pub fn link(&self, rx_height_agl_m: f64) -> Link {
        Link {
            frequency_mhz: self.frequency_mhz,
            polarization: Polarization::Vertical,
            tx_height_agl_m: self.height_agl_m,
            rx_height_agl_m,
            path_center_latitude_deg: self.position.lat_deg,
        }
    }
}

/// How the profiles of an area are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepMode {
    /// Pixels share the profiles of radials; each pixel is evaluated at its own distance and height. A model that takes own profiles
    /// ([`Model::takes_own_profiles`]) is evaluated as with [`SweepMode::Exact`].
    Radial(Quality),
    /// Every pixel has its own profile.
    Exact,
}

impl Default for SweepMode {
    fn default() -> Self {
        Self::Radial(Quality::Standard)
    }
}

/// How dense radials are, by what the model needs ([`Model::radials_per_pixel`]). How far from exact profiles each is, and what it costs, stands in docs/performance.md.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// As the model asks for: one pixel apart at the outer edge, closer for a few.
    #[default]
    Standard,
    /// Twice as dense.
    Fine,
    /// Four times as dense.
    Finest,
}

impl Quality {
    /// Between radials at the outer edge.
    fn spacing_m(self, model: &Model, pixel_size_m: f64) -> f64 {
        let denser = match self {
            Self::Standard => 1.0,
            Self::Fine => 2.0,
            Self::Finest => 4.0,
        };
        pixel_size_m / (denser * model.radials_per_pixel())
    }
}

/// Loss in a window of the terrain grid.
#[derive(Debug, Clone)]
pub struct LossRaster {
    /// First row and column of the window in the terrain grid.
    pub origin: (usize, usize),
    /// Basic transmission loss, dB; NaN where terrain is missing at the pixel or on the way, +∞ outside the radius.
    pub loss_db: Array2<f32>,
    /// Pixels whose centre lies within the radius.
    pub receivers: usize,
    /// Those of them without a loss, because terrain is missing.
    pub missing_terrain: usize,
}

/// Pixels nearer than this are evaluated as if this far, m: a receiver at the mast has no path.
const NEAREST_M: f64 = 1.0;

/// Loss of every pixel whose centre lies within `radius_m` of the transmitter; `None` when there is none.
pub fn site_loss(
    terrain: &Terrain,
    model: &Model,
    transmitter: &Transmitter,
    rx_height_agl_m: f64,
    radius_m: f64,
    mode: SweepMode,
) -> Option<LossRaster> {
    let spacing_m = terrain.pixel_size_m;
    let mode = if model.takes_own_profiles() { SweepMode::Exact } else { mode };
    let quality = if let SweepMode::Radial(quality) = mode { quality } else { Quality::Standard };
    let spacing_of_radials_m = quality.spacing_m(model, spacing_m);
    let (fan, distance_m) = Fan::new(terrain, transmitter.position, radius_m, spacing_of_radials_m)?;
    let link = transmitter.link(rx_height_agl_m);
    let pixels: Vec<AtomicU32> = distance_m.into_iter().map(|d| AtomicU32::new(d.to_bits())).collect();
    let work = Work { terrain, model, transmitter, link, fan: &fan, spacing_m, pixels: &pixels };
    let missing_terrain = (0..fan.radials)
        .into_par_iter()
        .with_min_len(RADIALS_AT_ONCE)
        .map_init(Scratch::default, |scratch, radial| match mode {
            SweepMode::Radial(_) => work.sweep(radial, scratch),
            SweepMode::Exact => work.exact(radial),
        })
        .sum();
    let losses_db = pixels.into_iter().map(|bits| f32::from_bits(bits.into_inner())).collect();
    let loss_db = Array2::from_shape_vec(fan.size, losses_db).ok()?;
    Some(LossRaster { origin: fan.origin, loss_db, receivers: fan.len(), missing_terrain })
}

/// Radials that one thread takes at once: neighbours run over the same terrain.
const RADIALS_AT_ONCE: usize = 32;
/// Places along a radial are worked out exactly at points this far apart, m, and linearly in between (error below 1 cm).
const SEGMENT_M: f64 = 1_000.0;

/// A pixel of a radial.
#[derive(Clone, Copy)]
struct Place {
    /// Index in the window, row-major.
    index: u32,
    distance_m: f32,
}

/// By increasing distance; pixels come nearly in order, so that they are only put in where they belong.
fn sort_outward(pixels: &mut [Place]) {
    for i in 1..pixels.len() {
        let pixel = pixels[i];
        let mut at = i;
        while at > 0 && pixels[at - 1].distance_m > pixel.distance_m {
            pixels[at] = pixels[at - 1];
            at -= 1;
        }
        pixels[at] = pixel;
    }
}

#[derive(Default)]
struct Scratch {
    pixels: Vec<Place>,
    distance_km: Vec<f64>,
    terrain_m: Vec<f64>,
    clutter_m: Vec<f64>,
    zones: Vec<Zone>,
    receivers: Vec<RadialReceiver>,
    indices: Vec<u32>,
    losses: Vec<f64>,
}

struct Work<'a> {
    terrain: &'a Terrain,
    model: &'a Model,
    transmitter: &'a Transmitter,
    link: Link,
    fan: &'a Fan,
    spacing_m: f64,
    /// Bits of numbers, row-major: of a pixel's distance, m, until its radial puts the loss, dB, there; +∞ beyond the radius.
    pixels: &'a [AtomicU32],
}

impl Work<'_> {
    /// Row and column of a pixel in the terrain grid.
    fn pixel(&self, index: u32) -> [usize; 2] {
        let width = self.fan.size.1 as u32;
        [self.fan.origin.0 + (index / width) as usize, self.fan.origin.1 + (index % width) as usize]
    }

    fn pixel_zone(&self, at: [usize; 2]) -> Zone {
        self.terrain.zones.as_ref().map_or(Zone::Inland, |zones| zones[at])
    }

    fn distance_m(&self, index: u32) -> f32 {
        f32::from_bits(self.pixels[index as usize].load(Ordering::Relaxed))
    }

    fn set(&self, index: u32, loss_db: f32) {
        self.pixels[index as usize].store(loss_db.to_bits(), Ordering::Relaxed);
    }

    /// Heights, clutter and zones (none where all is inland) at the first `samples` of a radial; NaN where there is no height.
    fn trace(&self, radial: usize, samples: usize, scratch: &mut Scratch) {
        let known = scratch.distance_km.len();
        scratch.distance_km.extend((known..samples).map(|i| i as f64 * self.spacing_m / 1000.0));
        scratch.terrain_m.clear();
        scratch.clutter_m.clear();
        scratch.zones.clear();
        const { assert!(SEGMENT_M < BEYOND_M) };
        let per_segment = ((SEGMENT_M / self.spacing_m) as usize).max(1);
        let along = self.fan.along(radial);
        let mut start = along(0.0);
        for from in (0..samples).step_by(per_segment) {
            let end = along((from + per_segment) as f64 * self.spacing_m);
            let parts = per_segment as f64;
            let step = ((end.0 - start.0) / parts, (end.1 - start.1) / parts);
            let count = per_segment.min(samples - from);
            self.terrain.sample(start, step, count, &mut scratch.terrain_m, &mut scratch.clutter_m);
            if self.terrain.zones.is_some() {
                self.terrain.sample_zones(start, step, count, &mut scratch.zones);
            }
            start = end;
        }
    }

    /// Losses of a radial's pixels; gives how many have none.
    fn sweep(&self, radial: usize, scratch: &mut Scratch) -> usize {
        let outward = self.fan.radial(radial).iter().map(|&index| Place { index, distance_m: self.distance_m(index) });
        let mut pixels = std::mem::take(&mut scratch.pixels);
        pixels.clear();
        pixels.extend(outward);
        sort_outward(&mut pixels);
        let missing = self.sweep_pixels(radial, &pixels, scratch);
        scratch.pixels = pixels;
        missing
    }

    fn sweep_pixels(&self, radial: usize, pixels: &[Place], scratch: &mut Scratch) -> usize {
        let Some(last) = pixels.last() else { return 0 };
        let samples = (f64::from(last.distance_m) / self.spacing_m).ceil() as usize + 1;
        self.trace(radial, samples, scratch);
        let known = scratch.terrain_m.iter().position(|h| h.is_nan()).unwrap_or(samples);
        let reach_m = if known == samples { f64::INFINITY } else { known as f64 * self.spacing_m };
        scratch.receivers.clear();
        scratch.indices.clear();
        for pixel in pixels {
            let distance_m = f64::from(pixel.distance_m).max(NEAREST_M);
            let at = self.pixel(pixel.index);
            let terrain_amsl_m = f64::from(self.terrain.grid.values[at]);
            if known > 0 && distance_m <= reach_m && terrain_amsl_m.is_finite() {
                scratch.receivers.push(RadialReceiver {
                    distance_km: distance_m / 1000.0,
                    terrain_amsl_m,
                    zone: self.pixel_zone(at),
                });
                scratch.indices.push(pixel.index);
            } else {
                self.set(pixel.index, f32::NAN);
            }
        }
        let mut missing = pixels.len() - scratch.receivers.len();
        if scratch.receivers.is_empty() {
            return missing;
        }
        scratch.losses.clear();
        scratch.losses.resize(scratch.receivers.len(), f64::NAN);
        let mut zones = scratch.zones.iter().take(known).copied().chain(scratch.receivers.iter().map(|r| r.zone));
        let zoned = !scratch.zones.is_empty() && zones.any(|zone| zone != Zone::Inland);
        let walk = Radial {
            distance_km: &scratch.distance_km[..known],
            terrain_amsl_m: &scratch.terrain_m[..known],
            clutter_m: &scratch.clutter_m[..known],
            zone: zoned.then(|| &scratch.zones[..known]),
            own_place_km: self.spacing_m / 2000.0,
        };
        self.model.sweep(&self.link, walk, &scratch.receivers, &mut scratch.losses);
        for (&index, &loss_db) in scratch.indices.iter().zip(&scratch.losses) {
            self.set(index, loss_db as f32);
            missing += usize::from(loss_db.is_nan());
        }
        missing
    }

    fn exact(&self, radial: usize) -> usize {
        let grid = &self.terrain.grid;
        let loss_at = |index: u32| {
            let [row, column] = self.pixel(index);
            let (x, y) = grid.transform.center(row as f64, column as f64);
            let receiver = self.terrain.locator.position(x, y);
            point_loss(self.terrain, self.model, self.transmitter, receiver, self.link.rx_height_agl_m, self.spacing_m)
        };
        let mut missing = 0;
        for &index in self.fan.radial(radial) {
            let loss_db = loss_at(index);
            self.set(index, loss_db.map_or(f32::NAN, |loss_db| loss_db as f32));
            missing += usize::from(loss_db.is_none());
        }
        missing
    }
}

/// Loss of one path with its own profile of ⌈d/s⌉ equal intervals; `None` when terrain is missing on the way or the model
/// does not allow the path.
pub fn point_loss(
    terrain: &Terrain,
    model: &Model,
    transmitter: &Transmitter,
    receiver: LonLat,
    rx_height_agl_m: f64,
    spacing_m: f64,
) -> Option<f64> {
    point_path(terrain, model, transmitter, receiver, rx_height_agl_m, spacing_m, |_, _| ())
        .map(|(loss_db, ())| loss_db)
}

/// Loss of one path as [`point_loss`] has it, with what `look` sees on the same profile.
pub(super) fn point_path<T>(
    terrain: &Terrain,
    model: &Model,
    transmitter: &Transmitter,
    receiver: LonLat,
    rx_height_agl_m: f64,
    spacing_m: f64,
    look: impl FnOnce(&Link, &Profile) -> T,
) -> Option<(f64, T)> {
    let profile = point_profile(terrain, transmitter.position, receiver, spacing_m)?;
    let link = transmitter.link(rx_height_agl_m);
    let prediction = model.predict(&link, &profile, &mut Trace::off()).ok()?;
    Some((prediction.loss_db, look(&link, &profile)))
}

/// The profile of [`point_loss`]; `None` when terrain is missing on the way.
pub(super) fn point_profile(terrain: &Terrain, from: LonLat, receiver: LonLat, spacing_m: f64) -> Option<Profile> {
    let receiver = if from.distance_m(receiver) < NEAREST_M { from.destination(0.0, NEAREST_M) } else { receiver };
    terrain.profile(from, receiver, spacing_m).ok()
}
