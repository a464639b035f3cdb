//! The upper convex hull of points that arrive by increasing distance, as a monotone stack.
//!
//! In: points (distance, height). Out: the point with the largest slope seen from beyond the last one, and the farthest
//! point in a direction, each in O(log n) and usually after a step or two from the top.

/// Vertices tried one by one from the top before the search halves.
const STEPS_BEFORE_HALVING: usize = 6;

/// Upper hull; the slopes of its edges decrease from the first vertex to the last.
#[derive(Debug, Default)]
pub(super) struct UpperHull {
    vertices: Vec<Vertex>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Vertex {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Slope of the edge that arrives here; +∞ at the first vertex.
    pub(super) slope: f64,
}

impl UpperHull {
    /// An empty hull with room for `points`.
    pub(super) fn with_capacity(points: usize) -> Self {
        Self { vertices: Vec::with_capacity(points) }
    }

    /// Adds a point to the right of all others. Amortised O(1).
    #[inline]
    pub(super) fn push(&mut self, x: f64, y: f64) {
        // Where the new edge is not flatter than the one before, the top lies under the line and goes.
        while self.vertices.last().is_some_and(|top| y - top.y >= top.slope * (x - top.x)) {
            self.vertices.pop();
        }
        let slope = self.vertices.last().map_or(f64::INFINITY, |top| (y - top.y) / (x - top.x));
        self.vertices.push(Vertex { x, y, slope });
    }

    /// The vertices by increasing x.
    #[inline(always)]
    pub(super) fn vertices(&self) -> &[Vertex] {
        &self.vertices
    }

    /// The x of the point with the largest yᵢ − slope·xᵢ, and that; `None` without points.
    #[inline]
    pub(super) fn extreme(&self, slope: f64) -> Option<(f64, f64)> {
        self.last_before(|v| v.slope < slope).map(|v| (v.x, v.y - slope * v.x))
    }

    /// The points (xᵢ, yᵢ) of the hull from the last one with the largest (yᵢ − y)/(x − xᵢ) back to the first, for a place (x, y) to the
    /// right of all; the slopes seen from there fall along them.
    #[inline]
    pub(super) fn back_from_tangent(&self, x: f64, y: f64) -> impl Iterator<Item = (f64, f64)> {
        // The line of an edge, drawn on to x, runs lower the later the edge; the tangent ends where it first passes under y.
        let count = self.count_before(|v| v.y + v.slope * (x - v.x) < y);
        self.vertices[..count].iter().rev().map(|v| (v.x, v.y))
    }

    /// The last vertex for which `past` is false, where `past` is false for the first vertices and true for the others.
    #[inline]
    fn last_before(&self, past: impl Fn(&Vertex) -> bool) -> Option<Vertex> {
        self.vertices[..self.count_before(past)].last().copied()
    }

    /// How many vertices there are up to that of [`UpperHull::last_before`]: 0 without vertices only.
    #[inline]
    fn count_before(&self, past: impl Fn(&Vertex) -> bool) -> usize {
        let mut top = self.vertices.len();
        for _ in 0..STEPS_BEFORE_HALVING {
            match self.vertices[..top].last() {
                Some(v) if top > 1 && past(v) => top -= 1,
                _ => return top,
            }
        }
        self.vertices.get(1..top).map_or(top, |from_second| 1 + from_second.partition_point(|v| !past(v)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let heights = prop_oneof![
            proptest::collection::vec(-500.0..3000.0_f64, 1..300),
            proptest::collection::vec(0u8..3, 1..300).prop_map(|v| v.into_iter().map(f64::from).collect()),
            (1..300usize, -3.0..3.0_f64).prop_map(|(n, s)| (0..n).map(|i| s * i as f64).collect()),
            (1..300usize).prop_map(|n| (0..n).map(|i| -0.01 * (i * i) as f64).collect()),
        ];
        heights.prop_map(|h| h.into_iter().enumerate().map(|(i, y)| (0.03 * (i + 1) as f64, y)).collect())
    }

    proptest! {
        #[test]
        fn the_queries_equal_a_search_over_all_points(
            points in points(), beyond in 1e-6..5.0_f64, y in -1000.0..5000.0_f64, slope in -2000.0..2000.0_f64,
        ) {
            let mut hull = UpperHull::default();
            for &(x, y) in &points {
                hull.push(x, y);
            }
            let x = points[points.len() - 1].0 + beyond;
            let tangent = points.iter().map(|p| (p.1 - y) / (x - p.0)).fold(f64::NEG_INFINITY, f64::max);
            let (x_t, y_t) = hull.back_from_tangent(x, y).next().unwrap();
            prop_assert!(((y_t - y) / (x - x_t) - tangent).abs() <= 1e-9 * tangent.abs().max(1.0));
            let extreme = points.iter().map(|p| p.1 - slope * p.0).fold(f64::NEG_INFINITY, f64::max);
            prop_assert!((hull.extreme(slope).unwrap().1 - extreme).abs() <= 1e-9 * extreme.abs().max(1.0));
        }
    }

    #[test]
    fn an_empty_hull_hides_nothing() {
        assert!(UpperHull::default().back_from_tangent(1.0, 0.0).next().is_none());
        assert!(UpperHull::default().extreme(0.0).is_none());
    }
}
