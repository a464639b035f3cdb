//! A mosaic of elevation rasters on one frame, read window by window.

use super::{Locator, Terrain};
use crate::geodesy::{BoundingBox, LonLat, METERS_PER_DEGREE};
use crate::grid::{Crs, GeoTransform, Grid};
use crate::io::{RasterInfo, bounds_from_wgs84, crs_of_epsg, describe_raster, read_window, to_wgs84};
use crate::problem::{Problem, Problems};
use gdal::errors::GdalError;
use ndarray::{Array2, Zip};
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Elevation rasters as one mosaic. Earlier files win where several have a height; gaps of one are filled from the others.
#[derive(Debug, Clone)]
pub struct Dem {
    sources: Vec<RasterInfo>,
    crs: Crs,
    /// A pixel corner and the pixel size that all windows share.
    anchor: GeoTransform,
    bounds: BoundingBox,
    pixel_size_m: f64,
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
                Ok(info) if !METRES.contains(&info.unit.to_lowercase().as_str()) => {
                    let problem =
                        Problem::error(name, "is no elevation in metres").in_field("unit").with_value(info.unit);
                    problems.push(problem.suggest("gdal_calc.py converts feet: --calc=\"A*0.3048\""));
                }
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
        let mut size_m = f64::INFINITY;
        for source in &sources {
            let size = pixel_size_m(source).map_err(|e| Problem::error(&source.name, e.to_string()))?;
            size_m = size_m.min(size);
        }
        Ok(Self { sources, crs, anchor, bounds, pixel_size_m: size_m })
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
        let fail = |e: GdalError| Problem::error(&self.sources[0].name, e.to_string());
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
        let mut warnings = Vec::new();
        for source in &self.sources {
            if source.bounds.intersection(shared).is_none() {
                continue;
            }
            let mut layer = read_window(source, &self.crs, &transform, size)?;
            warnings.extend(drop_impossible(&mut layer, source));
            Zip::from(&mut values).and(&layer).for_each(|height, &candidate| {
                if height.is_nan() {
                    *height = candidate;
                }
            });
        }
        let locator = Locator::new(&self.crs, &transform, size).map_err(fail)?;
        let grid = Grid { values, transform, crs: self.crs.clone() };
        Ok(Terrain { grid, locator, pixel_size_m: self.pixel_size_m, warnings })
    }
}

/// How files name metres; most name nothing.
const METRES: [&str; 6] = ["", "m", "metre", "meter", "metres", "meters"];

/// Heights that the land of the earth has, m above sea level, with room for errors.
const POSSIBLE_HEIGHTS_M: RangeInclusive<f32> = -500.0..=9_000.0;

/// Takes heights out that cannot be, such as voids that the file does not declare.
fn drop_impossible(heights: &mut Array2<f32>, source: &RasterInfo) -> Option<Problem> {
    let mut dropped = 0;
    let mut first = None;
    for height in heights.iter_mut().filter(|h| h.is_finite() && !POSSIBLE_HEIGHTS_M.contains(h)) {
        first.get_or_insert(*height);
        dropped += 1;
        *height = f32::NAN;
    }
    let message = format!(
        "{dropped} pixel(s) have heights outside {} to {} m and count as missing",
        POSSIBLE_HEIGHTS_M.start(),
        POSSIBLE_HEIGHTS_M.end()
    );
    let hint = "if it marks voids, declare it: gdal_edit.py -a_nodata";
    first.map(|height| Problem::warning(&source.name, message).with_value(height).suggest(hint))
}

/// Smaller side of a raster's pixel in its middle, m.
fn pixel_size_m(source: &RasterInfo) -> Result<f64, GdalError> {
    let t = &source.transform;
    let (row, column) = (source.size.0 as f64 / 2.0, source.size.1 as f64 / 2.0);
    let corners = [t.center(row, column), t.center(row, column + 1.0), t.center(row + 1.0, column)];
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = corners.into_iter().unzip();
    to_wgs84(&source.crs, &mut x, &mut y)?;
    let p = |i: usize| LonLat::new(x[i], y[i]);
    Ok(p(0).distance_m(p(1)).min(p(0).distance_m(p(2))))
}
