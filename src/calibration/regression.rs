//! Robust regression of errors on groups and one variable: y = b(group) + s·x.
//!
//! Huber's M-estimator (P. J. Huber, Robust Statistics, 1981, ch. 7) by iteratively reweighted least squares (P. W. Holland, R. E. Welsch,
//! Commun. Statist. A6, 1977) from the medians of the groups: a gross error counts no more than one of k standard deviations. The spread is
//! the median absolute deviation of the residuals, worked out anew in every step.

/// Residuals up to this many standard deviations count in full: 95 % efficiency where errors are normal.
const HUBER_K: f64 = 1.345;
/// Median absolute deviation of a normal distribution with standard deviation 1, its inverse.
const MAD_TO_SIGMA: f64 = 1.482_602_218_505_602;
/// Steps end when no value changes by more, dB.
const CLOSE_ENOUGH: f64 = 1e-6;
const MOST_STEPS: usize = 200;

/// An observation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    /// Group, from 0.
    pub(super) group: usize,
    /// The variable.
    pub(super) x: f64,
    /// What is to be explained.
    pub(super) y: f64,
}

/// A fitted line: an intercept for each group, one slope for all.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    pub(super) intercepts: Vec<f64>,
    pub(super) slope: f64,
}

/// Fits the intercepts of `groups` groups, and the slope where asked for. A group without observations has intercept 0.
pub(super) fn fit(observations: &[Observation], groups: usize, with_slope: bool) -> Fit {
    let of_group = |group: usize| observations.iter().filter(move |o| o.group == group).map(|o| o.y);
    let intercepts = (0..groups).map(|group| median(of_group(group)).unwrap_or(0.0)).collect();
    let mut fitted = Fit { intercepts, slope: 0.0 };
    for _ in 0..MOST_STEPS {
        let residual = |o: &Observation| o.y - fitted.intercepts[o.group] - fitted.slope * o.x;
        let spread = MAD_TO_SIGMA * median(observations.iter().map(|o| residual(o).abs())).unwrap_or(0.0);
        if spread == 0.0 {
            break; // more than half of them lie on the line
        }
        let weight = |o: &Observation| (HUBER_K * spread / residual(o).abs()).min(1.0);
        let next = weighted(observations, groups, with_slope, weight);
        let change = next.intercepts.iter().zip(&fitted.intercepts).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let change = change.max((next.slope - fitted.slope).abs());
        fitted = next;
        if change < CLOSE_ENOUGH {
            break;
        }
    }
    fitted
}

/// Weighted least squares: the slope from the deviations within groups, the intercepts from the means.
fn weighted(
    observations: &[Observation],
    groups: usize,
    with_slope: bool,
    weight: impl Fn(&Observation) -> f64,
) -> Fit {
    let mut sums = vec![[0.0; 3]; groups]; // weight, x, y
    let weights: Vec<f64> = observations.iter().map(weight).collect();
    for (o, w) in observations.iter().zip(&weights) {
        let sum = &mut sums[o.group];
        *sum = [sum[0] + w, sum[1] + w * o.x, sum[2] + w * o.y];
    }
    let means: Vec<[f64; 2]> = sums.iter().map(|&[w, x, y]| if w > 0.0 { [x / w, y / w] } else { [0.0; 2] }).collect();
    let mut slope = 0.0;
    if with_slope {
        let (mut xy, mut xx) = (0.0, 0.0);
        for (o, w) in observations.iter().zip(&weights) {
            let [x, y] = means[o.group];
            xy += w * (o.x - x) * (o.y - y);
            xx += w * (o.x - x) * (o.x - x);
        }
        slope = if xx > 0.0 { xy / xx } else { 0.0 };
    }
    Fit { intercepts: means.into_iter().map(|[x, y]| y - slope * x).collect(), slope }
}

/// The middle value, the mean of the two middle ones; `None` without values.
pub(super) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

/// The value below which a share of the values lies (0 to 1), of the nearest rank; `None` without values.
pub(super) fn quantile(values: impl Iterator<Item = f64>, share: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.clamp(1, values.len().max(1)) - 1).copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lines(outlier: f64) -> Vec<Observation> {
        // two groups on y = 5 + 0.3 x and y = −2 + 0.3 x with a saw-tooth of ±2; every tenth is an outlier
        let tooth = |i: usize| f64::from((i as u32 * 7919) % 41) / 10.0 - 2.0;
        let one = |i: usize| {
            let (group, x) = (i % 2, f64::from((i as u32 * 31) % 97) / 2.0 - 24.0);
            let y = [5.0, -2.0][group] + 0.3 * x + tooth(i);
            Observation { group, x, y: if i % 10 == 3 { y + outlier } else { y } }
        };
        (0..1_000).map(one).collect()
    }

    #[test]
    fn the_line_is_found() {
        let fitted = fit(&lines(0.0), 2, true);
        assert!((fitted.intercepts[0] - 5.0).abs() < 0.1 && (fitted.intercepts[1] + 2.0).abs() < 0.1, "{fitted:?}");
        assert!((fitted.slope - 0.3).abs() < 0.01, "{fitted:?}");
    }

    #[test]
    fn gross_errors_count_little() {
        // every fifth of the second group is 40 dB off: the mean moves by 8 dB, the fit by less than 1
        let moved = fit(&lines(40.0), 2, true);
        assert!((moved.intercepts[1] + 2.0).abs() < 1.0 && (moved.intercepts[0] - 5.0).abs() < 0.3, "{moved:?}");
        assert!((moved.slope - 0.3).abs() < 0.02, "{moved:?}");
        let farther = fit(&lines(4_000.0), 2, true);
        assert!((farther.intercepts[1] - moved.intercepts[1]).abs() < 0.1, "no matter how far off: {farther:?}");
    }

    #[test]
    fn worked_values() {
        // the Huber estimate of 0, 0, 1, 1, 100 lies where the weighted residuals sum to 0: between the median 1 and the mean 20.4
        let of = |ys: &[f64]| {
            let all: Vec<_> = ys.iter().map(|&y| Observation { group: 0, x: 0.0, y }).collect();
            fit(&all, 1, false).intercepts[0]
        };
        // spread = 1.4826 · median|r|: at b the residuals are −b, −b, 1−b, 1−b and 100−b; with b > 0.5 the median is b, so
        // 2·(−b) + 2·(1 − b) + 1.345·1.4826·b = 0, that is b = 2 / (4 − 1.9941) = 0.9971
        assert!((of(&[0.0, 0.0, 1.0, 1.0, 100.0]) - 2.0 / (4.0 - HUBER_K * MAD_TO_SIGMA)).abs() < 1e-4);
        assert_eq!(of(&[3.0]), 3.0);
        assert_eq!(of(&[1.0, 2.0]), 1.5);
        assert_eq!(fit(&[], 2, true), Fit { intercepts: vec![0.0, 0.0], slope: 0.0 });
    }

    #[test]
    fn medians_and_quantiles() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), Some(2.5));
        assert_eq!(median(std::iter::empty()), None);
        let hundred = || (1..=100).map(f64::from);
        assert_eq!((quantile(hundred(), 0.01), quantile(hundred(), 0.99)), (Some(1.0), Some(99.0)));
        assert_eq!(quantile([7.0].into_iter(), 0.99), Some(7.0));
        assert_eq!(quantile(std::iter::empty(), 0.5), None);
    }
}
