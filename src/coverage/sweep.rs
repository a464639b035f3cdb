//! Basic transmission loss around one transmitter, for every pixel within a radius.

use super::fan::Fan;
use crate::geodesy::LonLat;
use crate::propagation::{Link, Model, Polarization, Radial, RadialReceiver, Trace};
use crate::terrain::Terrain;
use ndarray::Array2;
use rayon::prelude::*;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SweepMode {
    /// Pixels share the profiles of radials that are one pixel apart at the outer edge; each pixel is evaluated at its own
    /// distance and height.
    #[default]
    Radial,
    /// Every pixel has its own profile.
    Exact,
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
    let radials = ((std::f64::consts::TAU * radius_m / spacing_m).ceil() as usize).max(8);
    let fan = Fan::new(terrain, transmitter.position, radius_m, radials)?;
    let link = transmitter.link(rx_height_agl_m);
    let work = Work { terrain, model, transmitter, link, fan: &fan, spacing_m };
    let per_radial: Vec<Vec<f32>> = (0..radials)
        .into_par_iter()
        .map_init(Scratch::default, |scratch, radial| match mode {
            SweepMode::Radial => work.sweep(radial, scratch),
            SweepMode::Exact => work.exact(radial),
        })
        .collect();
    let mut loss_db = Array2::from_elem(fan.size, f32::INFINITY);
    let mut missing_terrain = 0;
    if let Some(pixels) = loss_db.as_slice_mut() {
        for (radial, losses) in per_radial.iter().enumerate() {
            for (pixel, &loss) in fan.radial(radial).iter().zip(losses) {
                pixels[pixel.index as usize] = loss;
                missing_terrain += usize::from(loss.is_nan());
            }
        }
    }
    Some(LossRaster { origin: fan.origin, loss_db, receivers: fan.len(), missing_terrain })
}

#[derive(Default)]
struct Scratch {
    distance_m: Vec<f64>,
    distance_km: Vec<f64>,
    terrain_m: Vec<f64>,
    clutter_m: Vec<f64>,
    receivers: Vec<RadialReceiver>,
    slots: Vec<u32>,
    losses: Vec<f64>,
}

struct Work<'a> {
    terrain: &'a Terrain,
    model: &'a Model,
    transmitter: &'a Transmitter,
    link: Link,
    fan: &'a Fan,
    spacing_m: f64,
}

impl Work<'_> {
    fn pixel_height_m(&self, index: u32) -> f64 {
        let (_, width) = self.fan.size;
        let (row, column) = (index as usize / width, index as usize % width);
        f64::from(self.terrain.grid.values[[self.fan.origin.0 + row, self.fan.origin.1 + column]])
    }

    /// Losses of a radial's pixels in their order.
    fn sweep(&self, radial: usize, scratch: &mut Scratch) -> Vec<f32> {
        let pixels = self.fan.radial(radial);
        let mut losses = vec![f32::NAN; pixels.len()];
        let Some(last) = pixels.last() else { return losses };
        let samples = (f64::from(last.distance_m) / self.spacing_m).ceil() as usize + 1;
        if scratch.distance_m.len() < samples {
            let from = scratch.distance_m.len();
            scratch.distance_m.extend((from..samples).map(|i| i as f64 * self.spacing_m));
            scratch.distance_km.extend((from..samples).map(|i| i as f64 * self.spacing_m / 1000.0));
            scratch.clutter_m.resize(samples, 0.0);
        }
        scratch.terrain_m.clear();
        scratch.terrain_m.resize(samples, 0.0);
        let azimuth_deg = 360.0 * radial as f64 / self.fan.radials as f64;
        let (heights, clutter) = (&mut scratch.terrain_m, &mut scratch.clutter_m[..samples]);
        self.terrain.trace(self.transmitter.position, azimuth_deg, &scratch.distance_m[..samples], heights, clutter);
        let known = heights.iter().position(|h| h.is_nan()).unwrap_or(samples);
        if known == 0 {
            return losses;
        }
        let reach_m = if known == samples { f64::INFINITY } else { known as f64 * self.spacing_m };
        scratch.receivers.clear();
        scratch.slots.clear();
        for (slot, pixel) in pixels.iter().enumerate() {
            let distance_m = f64::from(pixel.distance_m).max(NEAREST_M);
            let terrain_amsl_m = self.pixel_height_m(pixel.index);
            if distance_m <= reach_m && terrain_amsl_m.is_finite() {
                scratch.receivers.push(RadialReceiver { distance_km: distance_m / 1000.0, terrain_amsl_m });
                scratch.slots.push(slot as u32);
            }
        }
        scratch.losses.clear();
        scratch.losses.resize(scratch.receivers.len(), f64::NAN);
        let walk = Radial {
            distance_km: &scratch.distance_km[..known],
            terrain_amsl_m: &scratch.terrain_m[..known],
            clutter_m: &scratch.clutter_m[..known],
            own_place_km: self.spacing_m / 2000.0,
        };
        self.model.sweep(&self.link, walk, &scratch.receivers, &mut scratch.losses);
        for (&slot, &loss_db) in scratch.slots.iter().zip(&scratch.losses) {
            losses[slot as usize] = loss_db as f32;
        }
        losses
    }

    fn exact(&self, radial: usize) -> Vec<f32> {
        let grid = &self.terrain.grid;
        let (_, width) = self.fan.size;
        let loss_at = |index: u32| {
            let row = self.fan.origin.0 + index as usize / width;
            let column = self.fan.origin.1 + index as usize % width;
            let (x, y) = grid.transform.center(row as f64, column as f64);
            let receiver = self.terrain.locator.position(x, y);
            point_loss(self.terrain, self.model, self.transmitter, receiver, self.link.rx_height_agl_m, self.spacing_m)
                .unwrap_or(f64::NAN) as f32
        };
        self.fan.radial(radial).iter().map(|pixel| loss_at(pixel.index)).collect()
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
    let from = transmitter.position;
    let receiver = if from.distance_m(receiver) < NEAREST_M { from.destination(0.0, NEAREST_M) } else { receiver };
    let profile = terrain.profile(from, receiver, spacing_m).ok()?;
    model.predict(&transmitter.link(rx_height_agl_m), &profile, &mut Trace::off()).ok().map(|p| p.loss_db)
}
