//! A mosaic of elevation rasters on one frame, read window by window.

use super::{Locator, Terrain};
use crate::geodesy::{BoundingBox, LonLat, METERS_PER_DEGREE};
use crate::grid::{Crs, GeoTransform, Grid};
use crate::io::{RasterInfo, bounds_from_wgs84, crs_of_epsg, describe_raster, read_window, to_wgs84};
use crate::problem::{Problem, Problems};
use gdal::errors::GdalError;
use ndarray::{Array2, ArrayViewMut2, Axis, Zip, s};
use rayon::prelude::*;
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

    /// Reads the part of the mosaic that covers a box, on the frame's pixels, limited to the extent of the files: of every file
    /// only what overlaps and no earlier file has filled. In memory is the window and one block per thread.
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
            let Some(overlap) = source.bounds.intersection(shared) else { continue };
            let [west, south, east, north] = bounds_from_wgs84(&self.crs, overlap).map_err(fail)?;
            let (top, left) = transform.row_column(west, north);
            let (bottom, right) = transform.row_column(east, south);
            // a pixel more on every side: the box of a source in another system is not exact
            let pixels = |from: f64, to: f64, end: usize| {
                let limit = |at: f64| at.clamp(0.0, end as f64) as usize;
                limit(from.floor() - 1.0)..limit(to.ceil() + 2.0)
            };
            let (rows, columns) = (pixels(top, bottom, size.0), pixels(left, right, size.1));
            if !rows.is_empty() && !columns.is_empty() {
                let window = transform.window(rows.start as isize, columns.start as isize);
                warnings.extend(self.fill(source, &window, values.slice_mut(s![rows, columns]))?);
            }
        }
        let locator = Locator::new(&self.crs, &transform, size).map_err(fail)?;
        let grid = Grid { values, transform, crs: self.crs.clone() };
        Ok(Terrain {
            grid,
            frame: *a,
            first_pixel: (first_row, first_column),
            locator,
            pixel_size_m: self.pixel_size_m,
            clutter_m: None,
            zones: None,
            warnings,
        })
    }

    /// Fills the missing heights of a part of the frame from a file, block by block.
    fn fill(
        &self,
        source: &RasterInfo,
        transform: &GeoTransform,
        mut heights: ArrayViewMut2<'_, f32>,
    ) -> Result<Option<Problem>, Problem> {
        let strips: Vec<_> = heights.axis_chunks_iter_mut(Axis(0), BLOCK_ROWS).enumerate().collect();
        let impossible = strips.into_par_iter().map(|(i, mut strip)| {
            let mut impossible = Impossible::default();
            for (j, mut block) in strip.axis_chunks_iter_mut(Axis(1), BLOCK_COLUMNS).enumerate() {
                if block.iter().any(|height| height.is_nan()) {
                    let at = transform.window((i * BLOCK_ROWS) as isize, (j * BLOCK_COLUMNS) as isize);
                    let read = read_window(source, &self.crs, &at, block.dim())?;
                    Zip::from(&mut block).and(&read).for_each(|height, &candidate| {
                        if height.is_nan() {
                            *height = impossible.sieve(candidate);
                        }
                    });
                }
            }
            Ok(impossible)
        });
        let impossible: Vec<Impossible> = impossible.collect::<Result<_, Problem>>()?;
        Ok(Impossible::problem(&impossible, source))
    }
}

/// Size of a block that is read at once: with its double-precision copy 24 MB for each thread.
const BLOCK_ROWS: usize = 1024;
const BLOCK_COLUMNS: usize = 2048;

/// How files name metres; most name nothing.
const METRES: [&str; 6] = ["", "m", "metre", "meter", "metres", "meters"];

/// Heights that the land of the earth has, m above sea level, with room for errors.
const POSSIBLE_HEIGHTS_M: RangeInclusive<f32> = -500.0..=9_000.0;

/// Heights that were taken out because they cannot be, such as voids that the file does not declare.
#[derive(Default)]
struct Impossible {
    count: usize,
    first: Option<f32>,
}

impl Impossible {
    /// The height, or NaN where it cannot be; that is counted.
    fn sieve(&mut self, height: f32) -> f32 {
        if height.is_nan() || POSSIBLE_HEIGHTS_M.contains(&height) {
            return height;
        }
        self.first.get_or_insert(height);
        self.count += 1;
        f32::NAN
    }

    /// What is said of a file's parts, north to south.
    fn problem(parts: &[Self], source: &RasterInfo) -> Option<Problem> {
        let first = parts.iter().find_map(|part| part.first)?;
        let message = format!(
            "{} pixel(s) have heights outside {} to {} m and count as missing",
            parts.iter().map(|part| part.count).sum::<usize>(),
            POSSIBLE_HEIGHTS_M.start(),
            POSSIBLE_HEIGHTS_M.end()
        );
        let hint = "if it marks voids, declare it: gdal_edit.py -a_nodata";
        Some(Problem::warning(&source.name, message).with_value(first).suggest(hint))
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{Overviews, RasterDescription, write_plain};

    fn write(path: &std::path::Path, west: f64, size: (usize, usize), height: impl Fn((usize, usize)) -> f32) {
        let grid = Grid {
            values: Array2::from_shape_fn(size, height),
            transform: GeoTransform { west, north: 23.0, pixel_width: 0.001, pixel_height: 0.001 },
            crs: crs_of_epsg(4326).unwrap(),
        };
        let about = RasterDescription {
            description: "",
            unit: "m",
            nodata: None,
            overviews: Overviews::Average,
            palette: &[],
            metadata: &[],
        };
        write_plain(path, &grid, &about, false).unwrap();
    }

    #[test]
    fn blocks_of_overlapping_files_make_one_mosaic() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a.tif"), folder.path().join("b.tif"));
        let a = |row: usize, column: usize| (row * 3 + column) as f32 % 1500.0;
        let b = |row: usize, column: usize| 2000.0 + (row + column * 2) as f32 % 900.0;
        let is_void = |row: usize, column: usize| row % 50 == 7 && column % 31 == 5;
        // b starts 2,000 columns east of a and overlaps its last 300; some of a is void, once by an undeclared mark
        let rows = BLOCK_ROWS + 80;
        write(&first, 105.0, (rows, 2300), |(r, c)| match (r, c) {
            (0, 0) | (1100, 2200) => -32768.0,
            _ if is_void(r, c) => f32::NAN,
            _ => a(r, c),
        });
        write(&second, 107.0, (rows, 400), |(r, c)| b(r, c));
        let dem = Dem::open(&[(first, "a.tif".into()), (second, "b.tif".into())]).unwrap();
        let terrain = dem.window(dem.bounds()).unwrap();
        assert_eq!(terrain.grid.values.dim(), (rows, 2400));
        for ((row, column), &height) in terrain.grid.values.indexed_iter() {
            let missing = is_void(row, column) || [(0, 0), (1100, 2200)].contains(&(row, column));
            let expected = match column {
                0..2300 if !missing => a(row, column),
                2000.. => b(row, column - 2000),
                _ => f32::NAN,
            };
            assert!(height == expected || (height.is_nan() && expected.is_nan()), "{row} {column}: {height}");
        }
        let [warning] = &terrain.warnings[..] else { panic!("{:?}", terrain.warnings) };
        assert!(warning.message.starts_with("2 pixel(s)"), "{warning}");

        let part = BoundingBox { west_deg: 106.9, south_deg: 22.4, east_deg: 107.2, north_deg: 22.6 };
        let window = dem.window(part).unwrap();
        let (row, column) = terrain.grid.transform.row_column(window.grid.transform.west, window.grid.transform.north);
        let (row, column) = ((row + 0.5).round() as usize, (column + 0.5).round() as usize);
        let same = terrain.grid.values.slice(s![row..row + 200, column..column + 300]);
        assert!(window.grid.values.iter().zip(same).all(|(x, y)| x == y || (x.is_nan() && y.is_nan())));
    }
}
