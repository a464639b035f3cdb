//! Which correction measurements bear out: the simplest form that lowers the error at places that the fit has not seen.

use super::folds::Folds;
use super::regression::{Observation, fit, median, quantile};
use crate::radio::{LossCorrection, Technology};
use crate::study::{CorrectionForm, ErrorFigures, LEAST_SLOPE, NoCorrection, StepRecord, TechnologyCalibration};
use std::collections::BTreeMap;

/// Measured places of a technology that a correction needs.
pub const FEWEST_PLACES: usize = 50;
/// Measured places of a class that a bias of its own needs.
pub const FEWEST_PLACES_OF_CLASS: usize = 20;

/// Places that must be left to fit to when a fold is predicted, beyond its buffer.
const FEWEST_LEFT: usize = FEWEST_PLACES / 2;

/// A measured place as the fit sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// Land-cover class, 0 where none is known.
    pub(super) class: u8,
    /// Measured loss, dB.
    pub(super) measured_db: f64,
    /// Predicted loss, dB.
    pub(super) predicted_db: f64,
}

/// What came of a technology.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) record: TechnologyCalibration,
    /// Fold of each place; `None` without cross-validation.
    pub(super) folds: Option<Folds>,
    /// Loss of each place after a correction that was fitted without its fold; `None` without a correction.
    pub(super) cross_validated_db: Option<Vec<f64>>,
}

/// Calibrates a technology on its places; `folds` is `None` where they are too near to one another for cross-validation.
pub(super) fn calibrate(technology: Technology, pairs: &[Pair], folds: Option<Folds>) -> Outcome {
    let mut places_by_class: BTreeMap<u8, usize> = BTreeMap::new();
    pairs.iter().for_each(|pair| *places_by_class.entry(pair.class).or_default() += 1);
    let measured: Vec<f64> = pairs.iter().map(|pair| pair.measured_db).collect();
    let nothing = ErrorFigures { bias_db: 0.0, standard_deviation_db: 0.0, rmse_db: 0.0 };
    let mut record = TechnologyCalibration {
        technology,
        places: pairs.len(),
        places_by_class,
        measured_standard_deviation_db: ErrorFigures::of(&measured).unwrap_or(nothing).standard_deviation_db,
        correction: None,
        none_because: None,
        before: figures(pairs, pairs.iter().map(|pair| pair.predicted_db)).unwrap_or(nothing),
        after: None,
        cross_validated: None,
        steps: Vec::new(),
    };
    let trial = match &folds {
        _ if pairs.len() < FEWEST_PLACES => Err(NoCorrection::TooFewPlaces),
        None => Err(NoCorrection::TooFewBlocks),
        Some(folds) if folds.fewest_left() < FEWEST_LEFT => Err(NoCorrection::TooFewBlocks),
        Some(folds) => Ok(Trial { pairs, folds }),
    };
    let taken = trial.and_then(|trial| trial.choose(&mut record.steps).ok_or(NoCorrection::NoImprovement));
    let cross_validated_db = match taken {
        Err(reason) => {
            record.none_because = Some(reason);
            None
        }
        Ok((form, losses_db)) => {
            let correction = correction_of(pairs.iter(), form);
            record.after = figures(pairs, pairs.iter().map(|p| correction.corrected_loss_db(p.class, p.predicted_db)));
            record.cross_validated = figures(pairs, losses_db.iter().copied());
            record.correction = Some(correction);
            Some(losses_db)
        }
    };
    Outcome { record, folds, cross_validated_db }
}

/// Errors of some losses at places.
fn figures(pairs: &[Pair], losses_db: impl Iterator<Item = f64>) -> Option<ErrorFigures> {
    let errors: Vec<f64> = pairs.iter().zip(losses_db).map(|(pair, loss_db)| loss_db - pair.measured_db).collect();
    ErrorFigures::of(&errors)
}

/// A comparison of forms of correction on folds.
struct Trial<'a> {
    pairs: &'a [Pair],
    folds: &'a Folds,
}

impl Trial<'_> {
    /// The form that is taken with its losses in cross-validation; `None` when none is better than the prediction as it is.
    fn choose(&self, steps: &mut Vec<StepRecord>) -> Option<(CorrectionForm, Vec<f64>)> {
        use CorrectionForm::{Bias, BiasAndSlope, BiasByClass, BiasByClassAndSlope};
        let mut best = self.pairs.iter().map(|pair| pair.predicted_db).collect::<Vec<f64>>();
        let mut taken = None;
        let classes = classes_of(self.pairs.iter()).len();
        let first = if classes > 1 { vec![Bias, BiasByClass] } else { vec![Bias] };
        let mut try_form = |form: CorrectionForm, taken: &mut Option<CorrectionForm>| {
            let losses_db = self.cross_validated(form);
            let step = self.compare(form, &best, &losses_db);
            if step.taken {
                (best, *taken) = (losses_db, Some(form));
            }
            steps.push(step);
        };
        first.into_iter().for_each(|form| try_form(form, &mut taken));
        let sloped = if taken == Some(BiasByClass) { BiasByClassAndSlope } else { BiasAndSlope };
        try_form(sloped, &mut taken);
        taken.map(|form| (form, best))
    }

    /// Losses at each place after the correction fitted to the other folds.
    fn cross_validated(&self, form: CorrectionForm) -> Vec<f64> {
        let others = |fold: usize| {
            let trains = move |&(place, _): &(usize, &Pair)| self.folds.trains(place, fold);
            self.pairs.iter().enumerate().filter(trains).map(|(_, pair)| pair)
        };
        let corrections: Vec<LossCorrection> =
            (0..self.folds.count).map(|fold| correction_of(others(fold), form)).collect();
        let corrected =
            |(pair, &fold): (&Pair, &usize)| corrections[fold].corrected_loss_db(pair.class, pair.predicted_db);
        self.pairs.iter().zip(&self.folds.of).map(corrected).collect()
    }

    /// Whether losses are better than those before: by more than the standard error over the folds, so that what may be chance is
    /// not taken (the one-standard-error rule of L. Breiman et al., Classification and Regression Trees, 1984, §3.4.3).
    fn compare(&self, form: CorrectionForm, before_db: &[f64], losses_db: &[f64]) -> StepRecord {
        let count = self.folds.count;
        let mut gains = vec![0.0; count];
        for (place, pair) in self.pairs.iter().enumerate() {
            let square = |loss_db: f64| (loss_db - pair.measured_db).powi(2);
            gains[self.folds.of[place]] += square(before_db[place]) - square(losses_db[place]);
        }
        let (n, k) = (self.pairs.len() as f64, count as f64);
        let total: f64 = gains.iter().sum();
        let spread: f64 = gains.iter().map(|gain| (gain - total / k).powi(2)).sum();
        let (gain_db2, standard_error_db2) = (total / n, (spread * k / (k - 1.0)).sqrt() / n);
        StepRecord {
            form,
            rmse_db: figures(self.pairs, losses_db.iter().copied()).map_or(0.0, |f| f.rmse_db),
            gain_db2,
            standard_error_db2,
            taken: gain_db2 > standard_error_db2,
        }
    }
}

/// Classes with enough places for a bias of their own.
fn classes_of<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Vec<u8> {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    pairs.for_each(|pair| *counts.entry(pair.class).or_default() += 1);
    counts.into_iter().filter(|&(_, count)| count >= FEWEST_PLACES_OF_CLASS).map(|(class, _)| class).collect()
}

/// Fits a form of correction to places.
fn correction_of<'a>(pairs: impl Iterator<Item = &'a Pair> + Clone, form: CorrectionForm) -> LossCorrection {
    use CorrectionForm::{BiasAndSlope, BiasByClass, BiasByClassAndSlope};
    let predicted = || pairs.clone().map(|pair| pair.predicted_db);
    let reference_db = median(predicted()).unwrap_or(0.0);
    let range_db = [0.01, 0.99].map(|share| quantile(predicted(), share).unwrap_or(reference_db));
    let classes = match form {
        BiasByClass | BiasByClassAndSlope => classes_of(pairs.clone()),
        _ => Vec::new(),
    };
    let with_slope = matches!(form, BiasAndSlope | BiasByClassAndSlope);
    let [low, high] = range_db;
    let x = |pair: &Pair| pair.predicted_db.max(low).min(high) - reference_db;
    // classes with too few places share the last group
    let group = |pair: &Pair| classes.iter().position(|class| *class == pair.class).unwrap_or(classes.len());
    let observation =
        |pair: &Pair| Observation { group: group(pair), x: x(pair), y: pair.measured_db - pair.predicted_db };
    let observations: Vec<Observation> = pairs.clone().map(observation).collect();
    let fitted = fit(&observations, classes.len() + 1, with_slope);
    let slope = if fitted.slope > LEAST_SLOPE { fitted.slope } else { LEAST_SLOPE };
    // the bias of all places together holds for classes that have none of their own
    let all: Vec<Observation> =
        observations.iter().map(|o| Observation { group: 0, x: 0.0, y: o.y - slope * o.x }).collect();
    LossCorrection {
        bias_db: rounded(fit(&all, 1, false).intercepts[0]),
        bias_by_class_db: classes.iter().zip(fitted.intercepts).map(|(class, db)| (*class, rounded(db))).collect(),
        slope: rounded(slope),
        reference_db: rounded(reference_db),
        range_db: range_db.map(rounded),
    }
}

/// To 0.0001: what is written is what was tried.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::folds::folds;
    use super::*;
    use crate::geodesy::LonLat;

    /// Calibrates with groups that lie far from one another.
    fn calibrate<G: Ord + Copy>(technology: Technology, pairs: &[Pair], groups: &[G], most: usize) -> Outcome {
        let far = |folds: Vec<usize>| Folds::of(folds, &vec![LonLat::new(0.0, 0.0); pairs.len()], 0.0);
        super::calibrate(technology, pairs, folds(groups, most).map(far))
    }

    /// Pseudo-random numbers from 0 to 1 (Knuth's multiplier), the same everywhere.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }

        /// About normal with standard deviation 1.
        fn normal(&mut self) -> f64 {
            (0..12).map(|_| self.next()).sum::<f64>() - 6.0
        }
    }

    /// Places in 40 blocks with their own offsets (shadowing) and noise; the truth is a function of class and predicted loss.
    fn places(truth: impl Fn(u8, f64) -> f64, block_db: f64, noise_db: f64) -> (Vec<Pair>, Vec<usize>) {
        let mut random = Random(7);
        let mut pairs = Vec::new();
        let mut blocks = Vec::new();
        for block in 0..40 {
            let offset = block_db * random.normal();
            for _ in 0..30 {
                let class = [10, 50, 30][(random.next() * 3.0) as usize];
                let predicted_db = 100.0 + 50.0 * random.next();
                let measured_db = predicted_db + truth(class, predicted_db) + offset + noise_db * random.normal();
                pairs.push(Pair { class, measured_db, predicted_db });
                blocks.push(block);
            }
        }
        (pairs, blocks)
    }

    #[test]
    fn biases_of_classes_and_the_slope_are_recovered() {
        let truth = |class: u8, db: f64| (if class == 50 { 12.0 } else { -3.0 }) - 0.3 * (db - 125.0);
        let (pairs, blocks) = places(truth, 1.0, 4.0);
        let outcome = calibrate(Technology::Lte, &pairs, &blocks, 5);
        let correction = outcome.record.correction.clone().unwrap();
        assert!((correction.slope + 0.3).abs() < 0.03, "{correction:?}");
        for (class, db) in [(50, 12.0), (10, -3.0), (30, -3.0)] {
            let found = correction.corrected_loss_db(class, 125.0) - 125.0;
            assert!((found - db).abs() < 0.7, "class {class}: {found}");
        }
        let record = &outcome.record;
        assert!(record.steps.iter().all(|step| step.taken), "{:?}", record.steps);
        let (after, cross) = (record.after.unwrap(), record.cross_validated.unwrap());
        assert!(record.before.rmse_db > 9.0 && after.rmse_db < 4.5 && cross.rmse_db < 4.6, "{record:?}");
        assert!(after.rmse_db <= cross.rmse_db && after.bias_db.abs() < 0.3);
    }

    #[test]
    fn gross_errors_hardly_move_it() {
        let (mut pairs, blocks) = places(|_, _| 6.0, 1.0, 4.0);
        pairs.iter_mut().step_by(20).for_each(|pair| pair.measured_db += 45.0);
        let bias = calibrate(Technology::Gsm, &pairs, &blocks, 5).record.correction.unwrap().bias_db;
        let mean: f64 = pairs.iter().map(|p| p.measured_db - p.predicted_db).sum::<f64>() / pairs.len() as f64;
        assert!((bias - 6.0).abs() < 0.7 && mean > 8.0, "{bias} where the mean says {mean}");
    }

    #[test]
    fn what_the_measurements_do_not_bear_out_is_not_taken() {
        // nothing is wrong with the prediction: no correction
        let (pairs, blocks) = places(|_, _| 0.0, 5.0, 5.0);
        let outcome = calibrate(Technology::Gsm, &pairs, &blocks, 5);
        assert_eq!((outcome.record.correction, outcome.record.none_because), (None, Some(NoCorrection::NoImprovement)));
        assert!(outcome.record.after.is_none() && outcome.cross_validated_db.is_none());
        // a bias alone: neither classes nor slope
        let (pairs, blocks) = places(|_, _| 9.0, 3.0, 5.0);
        let correction = calibrate(Technology::Gsm, &pairs, &blocks, 5).record.correction.unwrap();
        assert!(correction.bias_by_class_db.is_empty() && correction.slope == 0.0, "{correction:?}");
        assert!((correction.bias_db - 9.0).abs() < 1.5);
    }

    #[test]
    fn spatial_folds_see_through_what_random_ones_would_take() {
        // every block has a class of its own and its own shadowing: class biases explain all of it, and nothing elsewhere
        let mut random = Random(3);
        let (mut pairs, mut blocks) = (Vec::new(), Vec::new());
        for block in 0..12u8 {
            let offset = 8.0 * random.normal();
            for _ in 0..40 {
                let predicted_db = 110.0 + 20.0 * random.next();
                let measured_db = predicted_db + offset + random.normal();
                pairs.push(Pair { class: block, measured_db, predicted_db });
                blocks.push(block);
            }
        }
        let spatial = calibrate(Technology::Gsm, &pairs, &blocks, 6);
        let by_class =
            |outcome: &Outcome| outcome.record.steps.iter().any(|s| s.form == CorrectionForm::BiasByClass && s.taken);
        assert!(!by_class(&spatial), "{:?}", spatial.record.steps);
        let scattered: Vec<usize> = (0..pairs.len()).collect();
        assert!(by_class(&calibrate(Technology::Gsm, &pairs, &scattered, 6)), "random folds would be taken in");
    }

    #[test]
    fn a_buffer_that_leaves_nothing_to_fit_to_is_no_test() {
        // all stand together, as streets that every site hears
        let (pairs, blocks) = places(|_, _| 9.0, 1.0, 1.0);
        let here = vec![LonLat::new(106.0, 22.5); pairs.len()];
        let of = |buffer_m| {
            super::calibrate(Technology::Gsm, &pairs, folds(&blocks, 5).map(|f| Folds::of(f, &here, buffer_m)))
        };
        assert_eq!(of(100.0).record.none_because, Some(NoCorrection::TooFewBlocks));
        assert!(of(0.0).record.correction.is_some());
    }

    #[test]
    fn too_few_places_and_blocks_give_none() {
        let (pairs, blocks) = places(|_, _| 9.0, 1.0, 1.0);
        let few = calibrate(Technology::Gsm, &pairs[..49], &blocks[..49], 5).record;
        assert_eq!((few.correction, few.none_because, few.places), (None, Some(NoCorrection::TooFewPlaces), 49));
        let near = calibrate(Technology::Gsm, &pairs, &vec![1; pairs.len()], 5);
        assert_eq!((near.record.none_because, near.folds), (Some(NoCorrection::TooFewBlocks), None));
        let rare: Vec<Pair> = pairs.iter().enumerate().map(|(i, p)| Pair { class: u8::from(i < 19), ..*p }).collect();
        assert_eq!(classes_of(rare.iter()), [0], "a class with 19 places has no bias of its own");
    }
}
