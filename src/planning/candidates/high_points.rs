//! Hilltops, and the shoulders of ridges below them.

use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::study::Study;
use ndarray::{Array2, Axis, s};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::Range;

/// Rows and columns of the part of the terrain that is looked at once.
const TILE: usize = 512;

/// A shoulder stands above the mean height around it by at least this part of the distance within which it stands out most: 20 m within 400 m.
const STANDS_OUT: f64 = 0.05;

/// A pixel that is higher, or stands out more, than all within a distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct HighPoint {
    pub(super) row: usize,
    pub(super) column: usize,
    /// Whether it is the highest around.
    pub(super) is_top: bool,
    /// What it is ordered by, m: its height, and of shoulders the height above the mean around.
    pub(super) height_m: f32,
}

impl HighPoint {
    /// Tops before shoulders, the highest of each first.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let place = |point: &Self| (point.row, point.column);
        let height = other.height_m.total_cmp(&self.height_m);
        other.is_top.cmp(&self.is_top).then(height).then(place(self).cmp(&place(other)))
    }
}

/// High points of the study's land within `reach_m` of villages.
pub(super) fn high_points(
    study: &Study,
    villages: &PlaceIndex,
    reach_m: f64,
    progress: &Progress,
) -> Result<Vec<HighPoint>, Interrupted> {
    let (grid, locator) = (&study.terrain.grid, &study.terrain.locator);
    let radius_m = study.config.planning.candidates.hilltop_radius_m;
    let around = (radius_m / study.terrain.pixel_size_m).round().max(1.0) as usize;
    let position = |row: f64, column: f64| -> LonLat {
        let (x, y) = grid.transform.center(row, column);
        locator.position(x, y)
    };
    let (rows, columns) = grid.values.dim();
    let starts = |n: usize| (0..n).step_by(TILE).map(move |start| start..(start + TILE).min(n));
    let tiles: Vec<(Range<usize>, Range<usize>)> = starts(rows)
        .flat_map(|r| starts(columns).map(move |c| (r.clone(), c)))
        .filter(|(r, c)| {
            let middle = position((r.start + r.end) as f64 / 2.0, (c.start + c.end) as f64 / 2.0);
            let half_m = middle.distance_m(position(r.start as f64, c.start as f64));
            !villages.within(middle, reach_m + 1.1 * half_m).is_empty()
        })
        .collect();
    let of_tile = |(r, c): &(Range<usize>, Range<usize>)| -> Vec<HighPoint> {
        let with_margin =
            |range: &Range<usize>, n: usize| range.start.saturating_sub(2 * around)..(range.end + 2 * around).min(n);
        let (outer_rows, outer_columns) = (with_margin(r, rows), with_margin(c, columns));
        let heights = grid.values.slice(s![outer_rows.clone(), outer_columns.clone()]).to_owned();
        let points = points_of(&heights, around, (STANDS_OUT * radius_m) as f32);
        let on_grid = |point: HighPoint| HighPoint {
            row: point.row + outer_rows.start,
            column: point.column + outer_columns.start,
            ..point
        };
        let is_wanted = |point: &HighPoint| {
            r.contains(&point.row)
                && c.contains(&point.column)
                && study.inside[[point.row, point.column]]
                && !villages.within(position(point.row as f64, point.column as f64), reach_m).is_empty()
        };
        points.into_iter().map(on_grid).filter(is_wanted).collect()
    };
    Ok(progress.in_parts("candidates", &tiles, of_tile)?.into_iter().flatten().collect())
}

/// The pixels that are highest within `around` pixels on all sides, and of the others those that stand above the mean around most there, by at
/// least `stands_out_m`.
fn points_of(heights: &Array2<f32>, around: usize, stands_out_m: f32) -> Vec<HighPoint> {
    let highest = highest_around(heights, around);
    let above_mean = heights - mean_around(heights, around);
    let most = highest_around(&above_mean, around);
    let point = |((row, column), &height_m): ((usize, usize), &f32)| {
        let at = [row, column];
        if height_m == highest[at] {
            return Some(HighPoint { row, column, is_top: true, height_m });
        }
        let is_shoulder = above_mean[at] == most[at] && above_mean[at] >= stands_out_m;
        is_shoulder.then(|| HighPoint { row, column, is_top: false, height_m: above_mean[at] })
    };
    heights.indexed_iter().filter_map(point).collect()
}

/// Largest value in the square of `2·reach + 1` pixels around each pixel; missing ones count for nothing.
fn highest_around(values: &Array2<f32>, reach: usize) -> Array2<f32> {
    let mut highest = values.mapv(|h| if h.is_nan() { f32::NEG_INFINITY } else { h });
    for axis in [Axis(0), Axis(1)] {
        for mut lane in highest.lanes_mut(axis) {
            let values = lane.to_vec();
            let mut window = VecDeque::new(); // indices of falling values
            let n = values.len();
            let mut next = 0;
            for (center, out) in lane.iter_mut().enumerate() {
                while next < n && next <= center + reach {
                    while window.back().is_some_and(|&last: &usize| values[last] <= values[next]) {
                        window.pop_back();
                    }
                    window.push_back(next);
                    next += 1;
                }
                while window.front().is_some_and(|&first| first + reach < center) {
                    window.pop_front();
                }
                *out = window.front().map_or(f32::NEG_INFINITY, |&first| values[first]);
            }
        }
    }
    highest
}

/// Mean of the known values in the square of `2·reach + 1` pixels around each pixel.
fn mean_around(values: &Array2<f32>, reach: usize) -> Array2<f32> {
    let sum_around = |mut sums: Array2<f64>| {
        for axis in [Axis(0), Axis(1)] {
            for mut lane in sums.lanes_mut(axis) {
                let until: Vec<f64> = std::iter::once(0.0)
                    .chain(lane.iter().scan(0.0, |sum, value| {
                        *sum += value;
                        Some(*sum)
                    }))
                    .collect();
                for (center, out) in lane.iter_mut().enumerate() {
                    *out = until[(center + reach + 1).min(until.len() - 1)] - until[center.saturating_sub(reach)];
                }
            }
        }
        sums
    };
    let sums = sum_around(values.mapv(|v| if v.is_nan() { 0.0 } else { f64::from(v) }));
    let counts = sum_around(values.mapv(|v| if v.is_nan() { 0.0 } else { 1.0 }));
    (sums / counts).mapv(|mean| mean as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rough() -> Array2<f32> {
        Array2::from_shape_fn(
            (17, 23),
            |(r, c)| if (r, c) == (3, 4) { f32::NAN } else { ((r * 31 + c * 17) % 29) as f32 },
        )
    }

    fn plain(values: &Array2<f32>, (r, c): (usize, usize), reach: usize) -> Vec<f32> {
        let (rows, columns) = values.dim();
        let near = |at: usize, n: usize| at.saturating_sub(reach)..(at + reach + 1).min(n);
        let all = near(r, rows).flat_map(|y| near(c, columns).map(move |x| values[[y, x]]));
        all.filter(|v| !v.is_nan()).collect()
    }

    #[test]
    fn the_highest_and_the_mean_around_match_a_plain_search() {
        let values = rough();
        for reach in [1, 3, 30] {
            let (highest, mean) = (highest_around(&values, reach), mean_around(&values, reach));
            for (at, _) in values.indexed_iter() {
                let near = plain(&values, at, reach);
                assert_eq!(highest[at], near.iter().copied().fold(f32::NEG_INFINITY, f32::max), "{at:?} {reach}");
                let expected = near.iter().sum::<f32>() / near.len() as f32;
                assert!((mean[at] - expected).abs() < 1e-4, "{at:?} {reach}: {} {expected}", mean[at]);
            }
        }
    }

    #[test]
    fn points_are_those_of_their_definition() {
        let values = rough();
        for (reach, least) in [(1, 2.0), (3, 5.0), (30, 1.0)] {
            let above_mean = |at| {
                let near = plain(&values, at, reach);
                values[at] - near.iter().sum::<f32>() / near.len() as f32
            };
            for (at, &value) in values.indexed_iter() {
                let point = points_of(&values, reach, least).into_iter().find(|p| (p.row, p.column) == at);
                let is_top = plain(&values, at, reach).iter().all(|&v| v <= value);
                let near = values.indexed_iter().map(|(other, _)| other).filter(|other| {
                    at.0.abs_diff(other.0) <= reach && at.1.abs_diff(other.1) <= reach && !values[*other].is_nan()
                });
                let most = near.map(above_mean).fold(f32::NEG_INFINITY, f32::max);
                let is_shoulder = !is_top && above_mean(at) >= most - 1e-4 && above_mean(at) >= least;
                assert_eq!(point.as_ref().is_some_and(|p| p.is_top), is_top, "{at:?} {reach}");
                assert_eq!(point.is_some_and(|p| !p.is_top), is_shoulder, "{at:?} {reach}");
            }
        }
    }

    #[test]
    fn a_ridge_that_runs_down_from_a_top_has_a_shoulder_at_its_end() {
        // a crest of 600 m at column 40 falls by 5 m a pixel eastward, to 400 m at column 80, then by 40 m; it falls by 20 m a pixel to the west and to both sides
        let heights = Array2::from_shape_fn((81, 121), |(r, c)| {
            let (c, side) = (c as f32, (r as f32 - 40.0).abs());
            let crest =
                600.0 - if c < 40.0 { 20.0 * (40.0 - c) } else { 5.0 * (c - 40.0) + 35.0 * (c - 80.0).max(0.0) };
            (crest - 20.0 * side).max(0.0)
        });
        let of = |least| points_of(&heights, 13, least).into_iter().filter(|p| heights[[p.row, p.column]] > 0.0);
        let tops: Vec<_> = of(20.0).filter(|p| p.is_top).map(|p| (p.row, p.column)).collect();
        assert_eq!(tops, [(40, 40)]);
        let shoulders: Vec<_> = of(20.0).filter(|p| !p.is_top).collect();
        assert_eq!(shoulders.len(), 1, "{shoulders:?}");
        assert!(shoulders[0].row == 40 && (76..=84).contains(&shoulders[0].column), "{shoulders:?}");
        assert_eq!(of(400.0).filter(|p| !p.is_top).count(), 0, "nothing stands out by 400 m");
    }
}
