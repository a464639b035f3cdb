//! Whether two antennas see one another over the terrain.

use crate::geodesy::LonLat;
use crate::propagation::earth::STANDARD_EFFECTIVE_RADIUS_KM;
use crate::propagation::sight::earth_bulge_m;
use crate::study::Study;

/// An antenna.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Eye {
    pub(super) position: LonLat,
    height_amsl_m: f64,
}

impl Eye {
    /// An antenna above the ground of a place; `None` where that is not known.
    pub(super) fn above_ground(study: &Study, position: LonLat, height_agl_m: f64) -> Option<Self> {
        let ground_m = study.terrain.height_m(position)?;
        Some(Self { position, height_amsl_m: ground_m + height_agl_m })
    }
}

/// Whether the straight line between two antennas clears the bare terrain between them over an Earth of 4/3 its radius. Heights are looked at a
/// pixel apart on the straight line of the raster; a missing one hides all behind it.
pub(super) fn sees(study: &Study, from: Eye, to: Eye) -> bool {
    let terrain = &study.terrain;
    let distance_km = from.position.distance_m(to.position) / 1000.0;
    let parts = (1000.0 * distance_km / terrain.pixel_size_m).ceil() as usize;
    if parts < 2 {
        return true;
    }
    let [start, end] = [from, to].map(|eye| {
        let (x, y) = terrain.locator.locate(eye.position);
        terrain.grid.transform.row_column(x, y)
    });
    let step = ((end.0 - start.0) / parts as f64, (end.1 - start.1) / parts as f64);
    let (mut heights_m, mut clutter_m) = (Vec::new(), Vec::new());
    terrain.sample((start.0 + step.0, start.1 + step.1), step, parts - 1, &mut heights_m, &mut clutter_m);
    heights_m.iter().enumerate().all(|(i, height_m)| {
        let share = (i + 1) as f64 / parts as f64;
        let line_m = from.height_amsl_m + (to.height_amsl_m - from.height_amsl_m) * share;
        height_m + earth_bulge_m(share * distance_km, distance_km, STANDARD_EFFECTIVE_RADIUS_KM) <= line_m
    })
}
