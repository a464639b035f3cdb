//! UMa, the urban macrocell of 3GPP TR 38.901, Table 7.4.1-1.
//!
//! In and out as [`super`]; 0.5–100 GHz, base station about 25 m, terminal 1.5–22.5 m, 10 m to 5 km. The effective
//! environment height h_E is 1 m, as it is for every terminal below 13 m; for higher ones the table draws it at random, and
//! the result says that 1 m was taken.

use super::{C_M_PER_S, Geometry, LOS, LosRule, Scenario, StateLoss, Tr38901Model};
use crate::propagation::{Limit, ModelEntry, Quantity, Trace, Validity};

/// Entry of the registry.
pub(in crate::propagation) const ENTRY: ModelEntry = ModelEntry {
    id: "tr38901-uma",
    summary: "3GPP urban macrocell: loss with and without line of sight, which the profile decides",
    reference: "3GPP TR 38.901 V19.4.0, Table 7.4.1-1 UMa, Table 7.4.2-1",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: true,
    uses_zones: false,
    validity: VALIDITY,
    parameters: &[LOS],
    build: |parameters| Ok(Box::new(Tr38901Model { scenario: Uma, los: LosRule::from_parameters(parameters)? })),
};

const TABLE: &str = "3GPP TR 38.901 V19.4.0 Table 7.4.1-1";
const VALIDITY: Validity = &[
    Limit::refuse(Quantity::FrequencyMhz, [500.0, 100_000.0], TABLE),
    Limit::warn(Quantity::DistanceKm, [0.01, 5.0], TABLE),
    Limit::warn(Quantity::TxHeightAglM, [10.0, 150.0], "no range in TR 38.901, which has 25 m; that of its RMa"),
    Limit::warn(Quantity::RxHeightAglM, [1.5, 22.5], TABLE),
];

/// Effective environment height h_E, m (Table 7.4.1-1, note 1).
const H_E_M: f64 = 1.0;
/// Terminals above this height, m, have a random h_E and more line of sight.
const HIGH_TERMINAL_M: f64 = 13.0;

/// The urban macrocell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uma;

impl Scenario for Uma {
    fn los(&self, geometry: &Geometry, trace: &mut Trace) -> StateLoss {
        let Geometry { f_ghz, h_bs_m, h_ut_m, d_2d_m, d_3d_m } = *geometry;
        // d'_BP = 4·(h_BS − h_E)·(h_UT − h_E)·f_c/c, f_c in Hz
        let d_bp_m = 4.0 * (h_bs_m - H_E_M) * (h_ut_m - H_E_M) * f_ghz * 1e9 / C_M_PER_S;
        trace.record("d'_BP", "T 7.4.1-1", d_bp_m, "m");
        let loss_db = if d_2d_m <= d_bp_m {
            // PL₁ = 28.0 + 22·log d_3D + 20·log f_c
            28.0 + 22.0 * d_3d_m.log10() + 20.0 * f_ghz.log10()
        } else {
            // PL₂ = 28.0 + 40·log d_3D + 20·log f_c − 9·log(d'_BP² + (h_BS − h_UT)²)
            28.0 + 40.0 * d_3d_m.log10() + 20.0 * f_ghz.log10()
                - 9.0 * (d_bp_m * d_bp_m + (h_bs_m - h_ut_m).powi(2)).log10()
        };
        StateLoss { loss_db, sigma_sf_db: 4.0 }
    }

    fn nlos(&self, geometry: &Geometry, pl_los_db: f64, trace: &mut Trace) -> StateLoss {
        let Geometry { f_ghz, h_ut_m, d_3d_m, .. } = *geometry;
        // PL'_NLOS = 13.54 + 39.08·log d_3D + 20·log f_c − 0.6·(h_UT − 1.5)
        let formula_db = 13.54 + 39.08 * d_3d_m.log10() + 20.0 * f_ghz.log10() - 0.6 * (h_ut_m - 1.5);
        trace.record("PL'_NLOS", "T 7.4.1-1", formula_db, "dB");
        // PL_NLOS = max(PL_LOS, PL'_NLOS)
        StateLoss { loss_db: pl_los_db.max(formula_db), sigma_sf_db: 6.0 }
    }

    fn los_probability(&self, geometry: &Geometry) -> f64 {
        let d = geometry.d_2d_m;
        // C' = 0 up to 13 m, ((h_UT − 13)/10)^1.5 up to 23 m
        let c = ((geometry.h_ut_m - HIGH_TERMINAL_M).max(0.0) / 10.0).powf(1.5);
        if d <= 18.0 {
            return 1.0;
        }
        // Pr_LOS = [18/d + exp(−d/63)·(1 − 18/d)]·[1 + C'·(5/4)·(d/100)³·exp(−d/150)]
        let ground = 18.0 / d + (-d / 63.0).exp() * (1.0 - 18.0 / d);
        (ground * (1.0 + c * 1.25 * (d / 100.0).powi(3) * (-d / 150.0).exp())).min(1.0)
    }

    fn warnings(&self, geometry: &Geometry, _with_nlos: bool) -> Vec<String> {
        if geometry.h_ut_m > HIGH_TERMINAL_M {
            vec![format!(
                "h_E is random for a terminal above {HIGH_TERMINAL_M} m; {H_E_M} m is taken ({TABLE}, note 1)"
            )]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometry(d_2d_m: f64, h_ut_m: f64) -> Geometry {
        let rise_m = 25.0 - h_ut_m;
        Geometry { f_ghz: 3.5, h_bs_m: 25.0, h_ut_m, d_2d_m, d_3d_m: (d_2d_m * d_2d_m + rise_m * rise_m).sqrt() }
    }

    #[test]
    fn both_slopes_and_no_line_of_sight_by_hand() {
        let trace = &mut Trace::off();
        // d'_BP = 4·24·0.5·3.5·10⁹/3·10⁸ = 560 m. 500 m: d_3D = 500.5519: 28 + 22·2.699449 + 10.881361 = 98.269237.
        assert!((Uma.los(&geometry(500.0, 1.5), trace).loss_db - 98.269).abs() < 1e-3);
        // 1000 m: d_3D = 1000.276: 28 + 40·3.000120 + 10.881361 − 9·log(313600 + 552.25) = 109.411.
        assert!((Uma.los(&geometry(1000.0, 1.5), trace).loss_db - 109.411).abs() < 1e-3);
        // 13.54 + 39.08·3.000120 + 10.881361 = 141.666.
        assert!((Uma.nlos(&geometry(1000.0, 1.5), 0.0, trace).loss_db - 141.666).abs() < 1e-3);
    }

    #[test]
    fn the_probability_of_line_of_sight_by_hand() {
        assert_eq!(Uma.los_probability(&geometry(18.0, 1.5)), 1.0);
        // 0.18 + e^(−100/63)·0.82 = 0.18 + 0.204485·0.82 = 0.347677.
        assert!((Uma.los_probability(&geometry(100.0, 1.5)) - 0.347_68).abs() < 1e-4);
        // h_UT = 23 m: C' = 1; 0.347677·(1 + 1.25·e^(−2/3)) = 0.347677·1.641771 = 0.570807.
        assert!((Uma.los_probability(&geometry(100.0, 23.0)) - 0.570_81).abs() < 1e-4);
    }
}
