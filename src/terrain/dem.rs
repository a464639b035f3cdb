//! A mosaic of elevation rasters on one frame, read window by window.

use super::{Locator, Terrain};
use crate::geodesy::{BoundingBox, METERS_PER_DEGREE};
use crate::grid::{Crs, GeoTransform, Grid};
use crate::io::{RasterInfo, bounds_from_wgs84, crs_of_epsg, describe_raster, read_window};
use crate::problem::{Problem, Problems};
use ndarray::{Array2, Zip};
use std::path::PathBuf;

/// Elevation rasters as one mosaic. Earlier files win where several have a height; gaps of one are filled from the others.
#[derive(Debug, Clone)]
pub struct Dem {
    sources: Vec<RasterInfo>,
    crs: Crs,
    /// A pixel corner and the pixel size that all windows share.
    anchor: GeoTransform,
    bounds: BoundingBox,
}

impl Dem {
    /// Looks at the files; each comes with its name in messages. Files of one coordinate system keep it; different
    /// systems meet on WGS 84 degrees. The finest pixel size is taken.
    ///
    /// # Errors
    /// No file, or files that are not north-up georeferenced rasters: all of them named.
    pub fn open(files: &[(PathBuf, String)]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut sources = Vec::new();
        for (path, name) in files {
            match describe_raster(path, name) {
                Ok(info) => sources.push(info),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.error_count() > 0 {
            return Err(problems);
        }
        let Some(first) = sources.first() else {
            return Err(Problem::error("terrain", "no elevation raster is named; at least one is needed").into());
        };
        let bounds = sources.iter().skip(1).fold(first.bounds, |all, s| all.union(s.bounds));
        let one_crs = sources.iter().all(|s| s.crs == first.crs);
        let (crs, anchor) = if one_crs {
            let width = |s: &&RasterInfo| s.transform.pixel_width;
            let finest = sources.iter().min_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(first);
            (first.crs.clone(), finest.transform)
        } else {
            let degrees = |s: &RasterInfo| {
                let unit = if s.transform.pixel_width > 0.5 { METERS_PER_DEGREE } else { 1.0 };
                s.transform.pixel_height / unit
            };
            let size = sources.iter().map(degrees).fold(f64::INFINITY, f64::min);
            let crs = crs_of_epsg(4326).map_err(|e| Problem::error("terrain", e.to_string()))?;
            let (west, north) = (bounds.west_deg, bounds.north_deg);
            (crs, GeoTransform { west, north, pixel_width: size, pixel_height: size })
        };
        Ok(Self { sources, crs, anchor, bounds })
    }

    /// Extent of all files together.
    pub fn bounds(&self) -> BoundingBox {
        self.bounds
    }

    /// The frame's coordinate system.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The files.
    pub fn sources(&self) -> &[RasterInfo] {
        &self.sources
    }

    /// Reads the part of the mosaic that covers a box, on the frame's pixels, limited to the extent of the files.
    ///
    /// # Errors
    /// The box and the files do not touch, or a file cannot be read.
    pub fn window(&self, wanted: BoundingBox) -> Result<Terrain, Problem> {
        let outside = || {
            let b = self.bounds;
            let message = format!(
                "the terrain covers {:.4}–{:.4} E, {:.4}–{:.4} N and not {:.4}–{:.4} E, {:.4}–{:.4} N",
                b.west_deg,
                b.east_deg,
                b.south_deg,
                b.north_deg,
                wanted.west_deg,
                wanted.east_deg,
                wanted.south_deg,
                wanted.north_deg,
            );
            Problem::error(&self.sources[0].name, message)
        };
        let fail = |e: gdal::errors::GdalError| Problem::error(&self.sources[0].name, e.to_string());
        let shared = self.bounds.intersection(wanted).ok_or_else(outside)?;
        let [west, south, east, north] = bounds_from_wgs84(&self.crs, shared).map_err(fail)?;
        let a = &self.anchor;
        let first_column = ((west - a.west) / a.pixel_width + 1e-6).floor() as isize;
        let last_column = ((east - a.west) / a.pixel_width - 1e-6).ceil() as isize;
        let first_row = ((a.north - north) / a.pixel_height + 1e-6).floor() as isize;
        let last_row = ((a.north - south) / a.pixel_height - 1e-6).ceil() as isize;
        let size = ((last_row - first_row).max(1) as usize, (last_column - first_column).max(1) as usize);
        let transform = a.window(first_row, first_column);
        let mut values = Array2::from_elem(size, f32::NAN);
        for source in &self.sources {
            if source.bounds.intersection(shared).is_none() {
                continue;
            }
            let layer = read_window(source, &self.crs, &transform, size)?;
            Zip::from(&mut values).and(&layer).for_each(|height, &candidate| {
                if height.is_nan() {
                    *height = candidate;
                }
            });
        }
        let locator = Locator::new(&self.crs, shared).map_err(fail)?;
        Ok(Terrain { grid: Grid { values, transform, crs: self.crs.clone() }, locator })
    }
}
