//! The sweep against the plain form on the same paths.

use super::super::tests::{Case, case};
use crate::propagation::itm::{
    Combination, Deviates, EqualProfile, EqualRadial, ItmModel, Method, Surroundings, Variability,
};
use crate::propagation::{PropagationModel, Trace};
use proptest::prelude::*;

/// Promised: 0.001 dB. Held: this.
const TOLERANCE_DB: f64 = 1e-4;

fn model() -> impl Strategy<Value = ItmModel> {
    let combination = prop_oneof![
        Just(Combination::SingleMessage),
        Just(Combination::Accidental),
        Just(Combination::Mobile),
        Just(Combination::Broadcast)
    ];
    let deviate = || prop_oneof![Just(0.0), -3.0..3.0_f64];
    let ground = (250.0..400.0_f64, 1.0..90.0_f64, prop_oneof![Just(0.005), 1e-4..10.0_f64]);
    let flags = (any::<bool>(), any::<bool>());
    (ground, 0..7usize, combination, flags, deviate(), deviate(), deviate()).prop_map(
        |((n_0, permittivity, conductivity_s_m), climate, combination, flags, time, location, situation)| ItmModel {
            method: Method::PointToPoint,
            surroundings: Surroundings { n_0, permittivity, conductivity_s_m },
            variability: Variability {
                climate,
                combination,
                without_location: flags.0,
                without_situation: flags.1,
                z: Deviates { time, location, situation },
            },
        },
    )
}

fn assert_sweep_equals_plain(case: &Case, model: &ItmModel) -> Result<(), TestCaseError> {
    let mut swept_db = vec![0.0; case.receivers.len()];
    model.sweep(&case.link, case.radial(), &case.receivers, &mut swept_db);
    let radial = EqualRadial::of(case.radial());
    let mut heights = Vec::new();
    for (receiver, swept_db) in case.receivers.iter().zip(swept_db) {
        let profile = EqualProfile::to_receiver(&radial, *receiver, &mut heights);
        let setting = model.over_terrain(&case.link, profile);
        let plain_db = model.loss_db(&setting, &mut Trace::off()).unwrap_or(f64::NAN);
        let equal = plain_db == swept_db || (plain_db - swept_db).abs() <= TOLERANCE_DB;
        prop_assert!(
            equal || plain_db.is_nan() && swept_db.is_nan(),
            "{receiver:?}: {plain_db} {swept_db} {setting:?}"
        );
    }
    Ok(())
}

proptest! {
    // PROPTEST_CASES asks for more.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(600)))]

    #[test]
    fn itm_sweep_equals_the_plain_form(case in case(), model in model(), far in prop_oneof![3 => Just(1.0), 1 => 1.0..30.0_f64]) {
        assert_sweep_equals_plain(&case.stretched(far), &model)?;
    }
}

proptest! {
    #[test]
    fn all_vectors_give_itm_the_same_bits(case in case(), model in model(), far in prop_oneof![3 => Just(1.0), 1 => 1.0..30.0_f64]) {
        case.stretched(far).assert_same_bits(&model)?;
    }
}
