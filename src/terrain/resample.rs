//! Other rasters on the terrain's pixels: the nearest value for classes, sums kept for counts.

use crate::geodesy::LonLat;
use crate::grid::{Crs, GeoTransform, Grid};
use crate::io::{RasterInfo, from_wgs84, read_window, to_wgs84};
use crate::problem::Problem;
use gdal::errors::GdalError;
use ndarray::{Array2, s};

/// Pixels of a file held at once.
const MOST_PIXELS: f64 = 8e6;
/// Most points, along each side, that a pixel of counts is split into.
const MOST_SPLITS: f64 = 256.0;

/// Transforms coordinates of one system in place to another, through WGS 84.
fn transform(from: &Crs, to: &Crs, x: &mut [f64], y: &mut [f64]) -> Result<(), GdalError> {
    if from == to {
        return Ok(());
    }
    to_wgs84(from, x, y)?;
    from_wgs84(to, x, y)
}

/// Rows and columns `[first, end)` of a raster that hold points given by fractional row and column.
fn window_of(points: impl Iterator<Item = (f64, f64)>, size: (usize, usize)) -> Option<[usize; 4]> {
    let start = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
    let [top, bottom, left, right] = points
        .filter(|(r, c)| r.is_finite() && c.is_finite())
        .fold(start, |[t, b, l, r], (row, column)| [t.min(row), b.max(row), l.min(column), r.max(column)]);
    let range = |low: f64, high: f64, count: usize| {
        let first = low.round().max(0.0);
        let end = (high.round() + 1.0).min(count as f64);
        (first < end).then_some((first as usize, end as usize))
    };
    let (r0, r1) = range(top, bottom, size.0)?;
    let (c0, c1) = range(left, right, size.1)?;
    Some([r0, r1, c0, c1])
}

/// Value of the file's pixel in which each pixel centre of the frame lies; NaN where it has none.
pub(super) fn nearest(info: &RasterInfo, frame: &Grid<f32>) -> Result<Array2<f32>, Problem> {
    let fail = |e: GdalError| Problem::error(&info.name, format!("cannot be laid on the terrain: {e}"));
    let (rows, columns) = frame.values.dim();
    let places = |rows: std::ops::Range<usize>| -> Result<Vec<(f64, f64)>, GdalError> {
        let centers = rows.flat_map(|r| (0..columns).map(move |c| (r, c)));
        let (mut x, mut y): (Vec<f64>, Vec<f64>) =
            centers.map(|(r, c)| frame.transform.center(r as f64, c as f64)).unzip();
        transform(&frame.crs, &info.crs, &mut x, &mut y)?;
        Ok(x.iter().zip(&y).map(|(&x, &y)| info.transform.row_column(x, y)).collect())
    };
    let mut values = Array2::from_elem((rows, columns), f32::NAN);
    let ends = places(0..1).and_then(|first| Ok([first, places(rows - 1..rows)?].concat())).map_err(fail)?;
    let Some([r0, r1, c0, c1]) = window_of(ends.into_iter(), (usize::MAX, usize::MAX)) else { return Ok(values) };
    let strips = ((r1 - r0) as f64 * (c1 - c0) as f64 / MOST_PIXELS).ceil().max(1.0) as usize;
    let strip = rows.div_ceil(strips).max(1);
    for start in (0..rows).step_by(strip) {
        let end = (start + strip).min(rows);
        let at = places(start..end).map_err(fail)?;
        let Some([r0, r1, c0, c1]) = window_of(at.iter().copied(), info.size) else { continue };
        let window = info.transform.window(r0 as isize, c0 as isize);
        let read = read_window(info, &info.crs, &window, (r1 - r0, c1 - c0))?;
        for (value, (row, column)) in values.slice_mut(s![start..end, ..]).iter_mut().zip(at) {
            let (row, column) = (row.round() - r0 as f64, column.round() - c0 as f64);
            if row >= 0.0 && column >= 0.0 {
                *value = read.get([row as usize, column as usize]).copied().unwrap_or(f32::NAN);
            }
        }
    }
    Ok(values)
}

/// Row and column of the file's pixel in which the centre of a pixel of the frame lies.
pub(super) fn file_pixel(
    info: &RasterInfo,
    frame: &Grid<f32>,
    (row, column): (usize, usize),
) -> Option<(usize, usize)> {
    let (x, y) = frame.transform.center(row as f64, column as f64);
    let (mut x, mut y) = ([x], [y]);
    transform(&frame.crs, &info.crs, &mut x, &mut y).ok()?;
    let (row, column) = info.transform.row_column(x[0], y[0]);
    Some((row.round() as usize, column.round() as usize))
}

/// Counts of a file's pixels on the frame's pixels.
pub(super) struct Spread {
    /// Counts on the frame. Their sum is that of the file where both overlap.
    pub(super) counts: Array2<f64>,
    /// Which pixels of the frame the file has values for.
    pub(super) known: Array2<bool>,
    /// Pixels with a negative count, which are left out, and the first such count.
    pub(super) negative: Option<(usize, f32)>,
    /// The first count of the file above the limit: its row, its column and it; nothing is counted then.
    pub(super) excessive: Option<(usize, usize, f32)>,
}

/// Splits every pixel of counts into points evenly spread over it and adds each point's share to the frame's pixel in which it
/// lies. No count is lost or made, whatever the sizes and systems of both rasters.
/// A count above `most` ends it.
pub(super) fn spread(info: &RasterInfo, frame: &Grid<f32>, most: f32) -> Result<Spread, Problem> {
    let fail = |e: GdalError| Problem::error(&info.name, format!("cannot be laid on the terrain: {e}"));
    let dim = frame.values.dim();
    let (negative, excessive) = (None, None);
    let mut spread = Spread { counts: Array2::zeros(dim), known: Array2::from_elem(dim, false), negative, excessive };
    let border = border_of(&frame.transform, dim);
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = border.into_iter().unzip();
    transform(&frame.crs, &info.crs, &mut x, &mut y).map_err(fail)?;
    let border = x.iter().zip(&y).map(|(&x, &y)| info.transform.row_column(x, y));
    let Some([r0, r1, c0, c1]) = window_of(border, info.size) else { return Ok(spread) };
    let splits = splits(info, frame).map_err(fail)?;
    let share = 1.0 / (splits * splits) as f64;
    let strip = ((MOST_PIXELS / (splits * splits) as f64 / (c1 - c0) as f64) as usize).max(1);
    for start in (r0..r1).step_by(strip) {
        let end = (start + strip).min(r1);
        let window = info.transform.window(start as isize, c0 as isize);
        let read = read_window(info, &info.crs, &window, (end - start, c1 - c0))?;
        let mut counts = Vec::new();
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for ((row, column), &count) in read.indexed_iter().filter(|(_, count)| count.is_finite()) {
            if count < 0.0 {
                spread.negative.get_or_insert((0, count)).0 += 1;
                continue;
            }
            if count > most {
                spread.excessive = Some((start + row, c0 + column, count));
                return Ok(spread);
            }
            counts.push(f64::from(count));
            for point in 0..splits * splits {
                let part = |i: usize| (i as f64 + 0.5) / splits as f64 - 0.5;
                let (px, py) = window.center(row as f64 + part(point / splits), column as f64 + part(point % splits));
                x.push(px);
                y.push(py);
            }
        }
        transform(&info.crs, &frame.crs, &mut x, &mut y).map_err(fail)?;
        for (point, (&x, &y)) in x.iter().zip(&y).enumerate() {
            let (row, column) = frame.transform.row_column(x, y);
            let (row, column) = (row.round(), column.round());
            if row >= 0.0 && column >= 0.0 && row < dim.0 as f64 && column < dim.1 as f64 {
                let at = [row as usize, column as usize];
                spread.counts[at] += counts[point / (splits * splits)] * share;
                spread.known[at] = true;
            }
        }
    }
    Ok(spread)
}

/// Points around a frame's edge.
fn border_of(transform: &GeoTransform, (rows, columns): (usize, usize)) -> Vec<(f64, f64)> {
    let part = |i: usize, count: usize| i as f64 / 20.0 * count as f64 - 0.5;
    let sides = (0..=20).flat_map(|i| {
        let (row, column) = (part(i, rows), part(i, columns));
        [(row, -0.5), (row, columns as f64 - 0.5), (-0.5, column), (rows as f64 - 0.5, column)]
    });
    sides.map(|(row, column)| transform.center(row, column)).collect()
}

/// Points along each side of a file's pixel: at least two for a pixel of the frame.
fn splits(info: &RasterInfo, frame: &Grid<f32>) -> Result<usize, GdalError> {
    let side = |crs: &Crs, t: &GeoTransform, size: (usize, usize)| -> Result<[f64; 2], GdalError> {
        let (row, column) = (size.0 as f64 / 2.0, size.1 as f64 / 2.0);
        let corners = [t.center(row, column), t.center(row, column + 1.0), t.center(row + 1.0, column)];
        let (mut x, mut y): (Vec<f64>, Vec<f64>) = corners.into_iter().unzip();
        to_wgs84(crs, &mut x, &mut y)?;
        let p = |i: usize| LonLat::new(x[i], y[i]);
        Ok([p(0).distance_m(p(1)), p(0).distance_m(p(2))])
    };
    let file = side(&info.crs, &info.transform, info.size)?;
    let pixel = side(&frame.crs, &frame.transform, frame.values.dim())?;
    let ratio = (file[0] / pixel[0]).max(file[1] / pixel[1]);
    Ok((2.0 * ratio.ceil()).clamp(2.0, MOST_SPLITS) as usize)
}
