//! What is wrong with the circle around a transmitter before its losses are computed, and what its raster does not show.

use crate::cli::usage;
use crate::coverage::Transmitter;
use crate::geodesy::LonLat;
use crate::io::files_of_raster;
use crate::propagation::Model;
use crate::terrain::Terrain;
use std::path::{Path, PathBuf};

/// Refuses to write over a raster that is read, under whatever name, and over the parts of a mosaic.
///
/// # Errors
/// The output is one of them.
pub(super) fn refuse_loss_of_inputs(output: &Path, inputs: &[(&str, &[PathBuf])]) -> anyhow::Result<()> {
    let Ok(output) = output.canonicalize() else { return Ok(()) }; // nothing stands there
    let is_output = |file: &PathBuf| file.canonicalize().is_ok_and(|file| file == output);
    for (flag, files) in inputs {
        for file in *files {
            if is_output(file) {
                return Err(usage("--output", &format!("is one of the rasters of {flag}; it would be lost")));
            }
            if files_of_raster(file).iter().any(is_output) {
                let message = format!("is a part of {} ({flag}); it would be lost", file.display());
                return Err(usage("--output", &message));
            }
        }
    }
    Ok(())
}

/// Refuses a place without terrain, which may have latitude and longitude exchanged.
///
/// # Errors
/// The rasters have no height there.
pub(super) fn require_terrain(terrain: &Terrain, position: LonLat) -> anyhow::Result<()> {
    if terrain.height_m(position).is_some() {
        return Ok(());
    }
    Err(usage("--site", "has no terrain height; the elevation rasters do not reach it or have a void there"))
}

/// What a model says of the lengths of the paths of a circle, from the pixel of the mast to its edge.
///
/// # Errors
/// The model gives no loss at the edge, or at the mast.
pub(super) fn check_distances(
    model: &Model,
    terrain: &Terrain,
    transmitter: &Transmitter,
    radius_km: f64,
) -> anyhow::Result<Vec<String>> {
    let nearest_km = terrain.pixel_of(transmitter.position).map(|(row, column)| {
        let (x, y) = terrain.grid.transform.center(row as f64, column as f64);
        let distance_m = transmitter.position.distance_m(terrain.locator.position(x, y)).max(1.0);
        distance_m.round() / 1000.0
    });
    let mut warnings = model.check_distance(radius_km).map_err(|e| usage("--radius", &e.to_string()))?;
    if let Some(nearest_km) = nearest_km.filter(|nearest_km| *nearest_km < radius_km) {
        let near = model.check_distance(nearest_km).map_err(|e| usage("--site", &e.to_string()))?;
        let range = |warning: &String| warning.split_once("is outside").map(|(_, range)| range.to_owned());
        let known: Vec<_> = warnings.iter().map(range).collect();
        warnings.extend(near.into_iter().filter(|warning| !known.contains(&range(warning))));
    }
    Ok(warnings)
}

/// Rings and directions at which a circle is looked at: 10,000 places that stand for equal areas.
const RINGS: u32 = 100;
const DIRECTIONS: u32 = 100;

/// Warns of the part of a circle that lies off the terrain.
pub(super) fn warn_of_cut_circle(terrain: &Terrain, position: LonLat, radius_m: f64) -> Option<String> {
    let outside = |ring: u32, direction: u32| {
        let distance_m = radius_m * ((f64::from(ring) + 0.5) / f64::from(RINGS)).sqrt();
        let azimuth_deg = f64::from(direction) * 360.0 / f64::from(DIRECTIONS);
        !terrain.reaches(position.destination(azimuth_deg, distance_m))
    };
    let count = (0..RINGS).flat_map(|r| (0..DIRECTIONS).map(move |d| (r, d))).filter(|&(r, d)| outside(r, d)).count();
    let percent = 100.0 * count as f64 / f64::from(RINGS * DIRECTIONS);
    (count > 0).then(|| {
        format!("{percent:.1} % of the circle lies off the elevation rasters; the raster ends there, and no receiver is counted")
    })
}
