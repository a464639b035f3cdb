//! The correction of a technology on whole matrices of losses, in their steps of 0.01 dB.

use super::matrix::{LARGEST, LossMatrix, STEPS_PER_DB};
use crate::grid::Grid;
use crate::radio::LossCorrection;

/// What a correction adds, by loss and by class.
pub(super) struct CorrectionTable {
    /// What the slope adds at each loss, steps; empty without a slope.
    sloped: Vec<i32>,
    /// Bias of each class, steps.
    biases: [i32; 256],
}

impl CorrectionTable {
    pub(super) fn of(correction: &LossCorrection) -> Self {
        let steps = |db: f64| (db * f64::from(STEPS_PER_DB)).round() as i32;
        let sloped = |code: u16| steps(correction.sloped_db(f64::from(code) / f64::from(STEPS_PER_DB)));
        Self {
            sloped: if correction.slope == 0.0 { Vec::new() } else { (0..=LARGEST).map(sloped).collect() },
            biases: std::array::from_fn(|class| steps(correction.bias_of_class_db(class as u8))),
        }
    }

    /// The corrected losses of a matrix; `classes` are those of the grid's pixels.
    pub(super) fn corrected(&self, matrix: &LossMatrix, classes: Option<&Grid<u8>>) -> LossMatrix {
        let (row, column) = matrix.origin;
        matrix.changed(|(r, c), code| {
            let class = classes.map_or(0, |classes| classes.values[[row + r, column + c]]);
            self.sloped.get(usize::from(code)).copied().unwrap_or(0) + self.biases[usize::from(class)]
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::coverage::LossRaster;
    use crate::coverage::path_loss::tests::terrain;
    use ndarray::array;

    #[test]
    fn a_matrix_is_corrected_as_its_losses_are() {
        let correction = LossCorrection {
            bias_db: -4.0,
            bias_by_class_db: [(50, 9.5)].into(),
            slope: -0.25,
            reference_db: 120.0,
            range_db: [90.0, 150.0],
        };
        let loss_db = array![[100.0, 130.25, f32::NAN], [f32::INFINITY, 2.0, 655.33]];
        let matrix = LossMatrix::of(&LossRaster { origin: (3, 5), loss_db, receivers: 0, missing_terrain: 0 });
        let mut classes = terrain(4326).grid.filled_like(30u8);
        classes.values[[3, 6]] = 50;
        for (classes, second) in [(Some(&classes), 50), (None, 0)] {
            let corrected = CorrectionTable::of(&correction).corrected(&matrix, classes);
            let db = |class, loss_db| correction.corrected_loss_db(class, loss_db);
            let codes = |db: f64| (db * 100.0).round().clamp(0.0, 65_533.0) as u16;
            let expected = [codes(db(30, 100.0)), codes(db(second, 130.25)), codes(db(30, 2.0)), codes(db(30, 655.33))];
            let found = corrected.codes();
            for (at, expected) in [[0, 0], [0, 1], [1, 1], [1, 2]].into_iter().zip(expected) {
                assert!(found[at].abs_diff(expected) <= 1, "{at:?}: {} and {expected}", found[at]);
            }
            assert_eq!(
                (found[[0, 2]], found[[1, 0]]),
                (matrix.codes()[[0, 2]], matrix.codes()[[1, 0]]),
                "stay unknown"
            );
            assert_eq!((corrected.receivers, corrected.missing), (matrix.receivers, matrix.missing));
        }
    }
}
