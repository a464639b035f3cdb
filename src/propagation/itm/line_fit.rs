//! The straight line that stands for the terrain ("Algorithm" §3, used for effective heights and Δh).

/// Heights at the first and at the last of `heights_m` of the least-squares line through the points from `from_steps` to
/// `to_steps`, both counted in steps from the first point and cut to whole points.
///
/// The points at the ends of the range count half, as in the model's source.
pub(super) fn fitted_ends_m(heights_m: &[f64], from_steps: f64, to_steps: f64) -> [f64; 2] {
    let last = heights_m.len() - 1;
    let behind = |steps: f64| last - (last as f64 - steps).max(0.0) as usize;
    let (mut first, mut end) = (from_steps.max(0.0) as usize, behind(to_steps));
    if end <= first {
        first = first.saturating_sub(1);
        end = behind((end + 1) as f64);
    }
    let length = (end - first) as f64;
    // Abscissae x count from the middle of the range.
    let mut x = -0.5 * length;
    let middle = end as f64 + x;
    let mut sum = 0.5 * (heights_m[first] + heights_m[end]);
    let mut moment = 0.5 * (heights_m[first] - heights_m[end]) * x;
    for height in &heights_m[first + 1..end] {
        x += 1.0;
        sum += height;
        moment += height * x;
    }
    let mean = sum / length;
    let slope = moment * 12.0 / ((length * length + 2.0) * length);
    [mean - slope * middle, mean + slope * (last as f64 - middle)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_slope_is_its_own_line() {
        let heights: Vec<f64> = (0..11).map(|i| 100.0 + 3.0 * f64::from(i)).collect();
        for range in [(0.0, 10.0), (2.4, 7.9), (3.0, 4.0)] {
            let [start, end] = fitted_ends_m(&heights, range.0, range.1);
            assert!((start - 100.0).abs() < 1e-9 && (end - 130.0).abs() < 1e-9, "{range:?} {start} {end}");
        }
    }

    #[test]
    fn a_hump_by_hand() {
        // Heights 0, 6, 0: mean (0 + 6 + 0)/2 = 3, no slope.
        assert_eq!(fitted_ends_m(&[0.0, 6.0, 0.0], 0.0, 2.0), [3.0, 3.0]);
        // An empty range takes a point more on either side: points 0 to 2 of four.
        assert_eq!(fitted_ends_m(&[0.0, 6.0, 0.0, 9.0], 1.0, 1.0), [3.0, 3.0]);
    }
}
