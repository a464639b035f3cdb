//! RMa, the rural macrocell of 3GPP TR 38.901, Table 7.4.1-1.
//!
//! In and out as [`super`]; 0.5–30 GHz, base station 10–150 m, terminal 1–10 m, 10 m to 10 km (5 km without line of sight),
//! mean building height and street width 5–50 m.

use super::{C_M_PER_S, Geometry, LOS, LosRule, Scenario, StateLoss, Tr38901Model};
use crate::propagation::{Limit, ModelEntry, Parameter, Quantity, Trace, Validity};
use std::f64::consts::PI;

/// Entry of the registry.
pub(in crate::propagation) const ENTRY: ModelEntry = ModelEntry {
    id: "tr38901-rma",
    summary: "3GPP rural macrocell: loss with and without line of sight, which the profile decides",
    reference: "3GPP TR 38.901 V19.4.0, Table 7.4.1-1 RMa, Table 7.4.2-1",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: true,
    uses_zones: false,
    validity: VALIDITY,
    parameters: &[
        LOS,
        Parameter::number("building_height_m", "m", "mean building height h", 5.0, [5.0, 50.0]),
        Parameter::number("street_width_m", "m", "mean street width W", 20.0, [5.0, 50.0]),
    ],
    build: |parameters| {
        let scenario = Rma {
            building_height_m: parameters.number("building_height_m")?,
            street_width_m: parameters.number("street_width_m")?,
        };
        Ok(Box::new(Tr38901Model { scenario, los: LosRule::from_parameters(parameters)? }))
    },
};

const TABLE: &str = "3GPP TR 38.901 V19.4.0 Table 7.4.1-1";
/// Longest path of the formula without line of sight, m.
const LONGEST_NLOS_M: f64 = 5000.0;
const VALIDITY: Validity = &[
    Limit::refuse(Quantity::FrequencyMhz, [500.0, 30_000.0], TABLE),
    Limit::warn(Quantity::DistanceKm, [0.01, 10.0], TABLE),
    Limit::warn(Quantity::TxHeightAglM, [10.0, 150.0], TABLE),
    Limit::warn(Quantity::RxHeightAglM, [1.0, 10.0], TABLE),
];

/// The rural macrocell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rma {
    /// Mean building height h, 5 to 50 m.
    pub building_height_m: f64,
    /// Mean street width W, 5 to 50 m.
    pub street_width_m: f64,
}

impl Rma {
    /// PL₁ over a distance of `d_3d_m`.
    fn pl_1_db(&self, f_ghz: f64, d_3d_m: f64) -> f64 {
        let h = self.building_height_m;
        // PL₁ = 20·log(40π·d_3D·f_c/3) + min(0.03·h^1.72, 10)·log d_3D − min(0.044·h^1.72, 14.77) + 0.002·log h·d_3D
        20.0 * (40.0 * PI * d_3d_m * f_ghz / 3.0).log10() + (0.03 * h.powf(1.72)).min(10.0) * d_3d_m.log10()
            - (0.044 * h.powf(1.72)).min(14.77)
            + 0.002 * h.log10() * d_3d_m
    }
}

impl Scenario for Rma {
    fn los(&self, geometry: &Geometry, trace: &mut Trace) -> StateLoss {
        let Geometry { f_ghz, h_bs_m, h_ut_m, d_2d_m, d_3d_m } = *geometry;
        // d_BP = 2π·h_BS·h_UT·f_c/c, f_c in Hz
        let d_bp_m = 2.0 * PI * h_bs_m * h_ut_m * f_ghz * 1e9 / C_M_PER_S;
        trace.record("d_BP", "T 7.4.1-1", d_bp_m, "m");
        if d_2d_m <= d_bp_m {
            StateLoss { loss_db: self.pl_1_db(f_ghz, d_3d_m), sigma_sf_db: 4.0 }
        } else {
            // PL₂ = PL₁(d_BP) + 40·log(d_3D/d_BP)
            let loss_db = self.pl_1_db(f_ghz, d_bp_m) + 40.0 * (d_3d_m / d_bp_m).log10();
            StateLoss { loss_db, sigma_sf_db: 6.0 }
        }
    }

    fn nlos(&self, geometry: &Geometry, pl_los_db: f64, trace: &mut Trace) -> StateLoss {
        let Geometry { f_ghz, h_bs_m, h_ut_m, d_3d_m, .. } = *geometry;
        let (w, h) = (self.street_width_m, self.building_height_m);
        // PL'_NLOS = 161.04 − 7.1·log W + 7.5·log h − (24.37 − 3.7·(h/h_BS)²)·log h_BS
        //            + (43.42 − 3.1·log h_BS)·(log d_3D − 3) + 20·log f_c − (3.2·(log 11.75·h_UT)² − 4.97)
        let formula_db = 161.04 - 7.1 * w.log10() + 7.5 * h.log10()
            - (24.37 - 3.7 * (h / h_bs_m).powi(2)) * h_bs_m.log10()
            + (43.42 - 3.1 * h_bs_m.log10()) * (d_3d_m.log10() - 3.0)
            + 20.0 * f_ghz.log10()
            - (3.2 * (11.75 * h_ut_m).log10().powi(2) - 4.97);
        trace.record("PL'_NLOS", "T 7.4.1-1", formula_db, "dB");
        // PL_NLOS = max(PL_LOS, PL'_NLOS)
        StateLoss { loss_db: pl_los_db.max(formula_db), sigma_sf_db: 8.0 }
    }

    fn los_probability(&self, geometry: &Geometry) -> f64 {
        // Pr_LOS = 1 up to 10 m, exp(−(d_2D − 10)/1000) beyond
        (-(geometry.d_2d_m - 10.0) / 1000.0).exp().min(1.0)
    }

    fn warnings(&self, geometry: &Geometry, with_nlos: bool) -> Vec<String> {
        // Beyond 10 km the model's validity has warned already.
        if with_nlos && geometry.d_2d_m > LONGEST_NLOS_M && geometry.d_2d_m <= 10_000.0 {
            let km = LONGEST_NLOS_M / 1000.0;
            vec![format!("without line of sight the formula holds to {km} km only ({TABLE})")]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RMA: Rma = Rma { building_height_m: 5.0, street_width_m: 20.0 };

    fn geometry(d_2d_m: f64) -> Geometry {
        let rise_m: f64 = 35.0 - 1.5;
        let d_3d_m = (d_2d_m * d_2d_m + rise_m * rise_m).sqrt();
        Geometry { f_ghz: 0.7, h_bs_m: 35.0, h_ut_m: 1.5, d_2d_m, d_3d_m }
    }

    #[test]
    fn before_the_breakpoint_by_hand() {
        // h^1.72 = 15.9295. d_3D = √(500² + 33.5²) = 501.1210 m; 20·log(40π·501.1210·0.7/3) = 83.3427;
        // 0.477885·log 501.1210 = 1.290267; −0.700898; 0.002·0.698970·501.1210 = 0.700537. Sum 84.6324 dB.
        let los = RMA.los(&geometry(500.0), &mut Trace::off());
        assert!((los.loss_db - 84.63).abs() < 0.01 && los.sigma_sf_db == 4.0, "{los:?}");
    }

    #[test]
    fn beyond_the_breakpoint_the_slope_is_40_db_a_decade() {
        // d_BP = 2π·35·1.5·0.7·10⁹/3·10⁸ = 769.69 m.
        let (a, b) = (RMA.los(&geometry(2000.0), &mut Trace::off()), RMA.los(&geometry(8000.0), &mut Trace::off()));
        let expected_db = 40.0 * (geometry(8000.0).d_3d_m / geometry(2000.0).d_3d_m).log10();
        assert!((b.loss_db - a.loss_db - expected_db).abs() < 1e-9 && a.sigma_sf_db == 6.0);
        let at_break_db = RMA.pl_1_db(0.7, 769.690_2);
        assert!((a.loss_db - at_break_db - 40.0 * (geometry(2000.0).d_3d_m / 769.690_2).log10()).abs() < 1e-4);
    }

    #[test]
    fn without_line_of_sight_by_hand() {
        // 161.04 − 9.237313 + 5.242275 − (24.37 − 0.075510)·1.544068 + (43.42 − 4.786611)·0.301091 − 3.098039
        // − (3.2·1.552863 − 4.97) = 128.0675 at 2 km.
        let nlos = RMA.nlos(&geometry(2000.0), 0.0, &mut Trace::off());
        assert!((nlos.loss_db - 128.068).abs() < 0.01 && nlos.sigma_sf_db == 8.0, "{nlos:?}");
        // Never below the loss with line of sight.
        assert_eq!(RMA.nlos(&geometry(2000.0), 150.0, &mut Trace::off()).loss_db, 150.0);
    }
}
