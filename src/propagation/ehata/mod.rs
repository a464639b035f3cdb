//! Extended Hata: NTIA's extension of Okumura-Hata to 3 GHz and 100 km, with Okumura's terrain corrections.
//!
//! In: frequency, heights, a profile (or a distance), the surroundings and a reliability. Out: the basic transmission loss not
//! exceeded in that share of places. The numbers are those of NTIA's reference implementation, release of 2024-02-01, on the same profile,
//! with one difference: a point lies at sea where the profile's zone says so, not where its height is 0.
//!
//! The reference wants equally spaced points. A profile that has them, at most `COARSEST_KM` apart, is taken as it is;
//! any other is resampled between its points, [`RESAMPLED_KM`] apart or a little less.

mod corrections;
mod median;
mod terrain;

use super::p1812::inverse_normal;
use super::{
    Limit, Link, ModelEntry, Parameter, Parameters, Prediction, Profile, PropagationError, PropagationModel, Quantity,
    Trace, Validity, Zone,
};
use corrections::{fine_rolling_hills_db, general_slope_db, isolated_ridge_db, mixed_path_db, rolling_hills_db};
use terrain::{Horizons, PathAnalysis};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: "ehata",
    summary: "NTIA extended Hata: Okumura-Hata to 3 GHz and 100 km with Okumura's corrections for terrain and sea",
    reference: "NTIA Report TR-15-517 (2015), Appendix A; Okumura et al. 1968",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: false,
    uses_zones: true,
    validity: VALIDITY,
    parameters: &[
        Parameter::choice(
            "environment",
            "surroundings of the mobile by NLCD code: suburban 22, urban 23 and 24, rural all others",
            &["suburban", "urban", "rural"],
        ),
        Parameter::number("reliability_percent", "%", "places where the loss is not exceeded", 50.0, [0.1, 99.9]),
    ],
    build: |parameters| Ok(Box::new(EhataModel::from_parameters(parameters)?)),
};

const TR_15_517: &str = "NTIA Report TR-15-517, Appendix A";
const FAR_OUTSIDE: &str = "more than an octave and a half from the curves that it was fitted to";
const VALIDITY: Validity = &[
    Limit::warn(Quantity::FrequencyMhz, [1500.0, 3000.0], TR_15_517),
    Limit::refuse(Quantity::FrequencyMhz, [500.0, 9000.0], FAR_OUTSIDE),
    Limit::warn(Quantity::DistanceKm, [1.0, 100.0], TR_15_517),
    Limit::refuse(Quantity::DistanceKm, [0.0, 200.0], "twice the longest distance of the fit"),
    Limit::warn(Quantity::TxHeightAglM, [30.0, 200.0], TR_15_517),
    Limit::warn(Quantity::RxHeightAglM, [1.0, 10.0], TR_15_517),
    Limit::refuse(Quantity::TxHeightAglM, [0.0, 3000.0], "higher than any mast"),
    Limit::refuse(Quantity::RxHeightAglM, [0.0, 3000.0], "higher than any mast"),
];

/// Points of a profile may be this far apart, km.
pub const COARSEST_KM: f64 = 1.0;
/// Spacing of a resampled profile, km.
pub const RESAMPLED_KM: f64 = 0.1;

/// Surroundings of the mobile station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Cities, NLCD 23 and 24.
    Urban,
    /// NLCD 22.
    Suburban,
    /// All other land.
    Rural,
}

/// NTIA's extended Hata with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EhataModel {
    /// Surroundings of the mobile.
    pub environment: Environment,
    /// Share of places where the loss is not exceeded, %.
    pub reliability_percent: f64,
}

impl EhataModel {
    fn from_parameters(parameters: &Parameters) -> Result<Self, PropagationError> {
        let environment = match parameters.choice("environment")? {
            "urban" => Environment::Urban,
            "rural" => Environment::Rural,
            _ => Environment::Suburban,
        };
        Ok(Self { environment, reliability_percent: parameters.number("reliability_percent")? })
    }
}

/// The profile as the reference wants it: equally spaced, from the mobile (index 0) to the base station.
struct Path {
    spacing_m: f64,
    height_amsl_m: Vec<f64>,
    sea: Vec<bool>,
}

impl Path {
    fn new(profile: &Profile) -> Self {
        let (d_km, h_amsl_m, zone) = (profile.distance_km(), profile.terrain_amsl_m(), profile.zone());
        let (last, length_km) = (profile.len() - 1, profile.path_length_km());
        let spacing_km = length_km / last as f64;
        let equal = d_km.iter().enumerate().all(|(i, d)| (d - i as f64 * spacing_km).abs() < 1e-6 * spacing_km);
        if equal && spacing_km <= COARSEST_KM {
            // Distances that were added up are a hair off; the reference counts whole intervals in 3, 10 and 15 km.
            let spacing_m = (1e9 * spacing_km).round() / 1e6;
            return Self {
                spacing_m: if spacing_m > 0.0 { spacing_m } else { 1000.0 * spacing_km },
                height_amsl_m: h_amsl_m.iter().rev().copied().collect(),
                sea: zone.iter().rev().map(|&z| z == Zone::Sea).collect(),
            };
        }
        let n = (length_km / RESAMPLED_KM).ceil().max(1.0);
        let spacing_km = length_km / n;
        let at = |i: usize| {
            let at_km = i as f64 * spacing_km;
            let before = d_km.partition_point(|&d| d <= at_km).clamp(1, last) - 1;
            let along = ((at_km - d_km[before]) / (d_km[before + 1] - d_km[before])).clamp(0.0, 1.0);
            let height_amsl_m = h_amsl_m[before] + along * (h_amsl_m[before + 1] - h_amsl_m[before]);
            let nearest = if along < 0.5 { before } else { before + 1 };
            (height_amsl_m, zone[nearest] == Zone::Sea)
        };
        let (height_amsl_m, sea) = (0..=n as usize).rev().map(at).unzip();
        Self { spacing_m: 1000.0 * spacing_km, height_amsl_m, sea }
    }

    /// Number of intervals.
    fn intervals(&self) -> usize {
        self.height_amsl_m.len() - 1
    }

    fn length_m(&self) -> f64 {
        self.intervals() as f64 * self.spacing_m
    }
}

impl PropagationModel for EhataModel {
    /// Whether the horizons of both ends meet within half a step decides between two sets of corrections, and the steps themselves
    /// enter: a profile on other steps gives another loss by tens of decibels.
    fn takes_own_profiles(&self) -> bool {
        true
    }

    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let path = Path::new(profile);
        let analysis = PathAnalysis::new(&path, link.tx_height_agl_m, link.rx_height_agl_m);
        let d_km = path.length_m() / 1000.0;
        trace.record("d", "", d_km, "km");
        let mut warnings = Vec::new();
        let mut clamp = |name: &str, value_m: f64, [min, max]: [f64; 2]| {
            let clamped = value_m.clamp(min, max);
            if clamped != value_m {
                warnings.push(format!("the {name}'s effective height {value_m:.1} m is taken as {clamped} m"));
            }
            clamped
        };
        let h_b_m = clamp("base", analysis.base_height_m, [30.0, 200.0]);
        let h_m_m = clamp("mobile", analysis.mobile_height_m, [1.0, 10.0]);
        trace.record("h_b_eff", "A.2", h_b_m, "m");
        trace.record("h_m_eff", "A.2", h_m_m, "m");
        let median_db = median::loss_db(link.frequency_mhz, h_b_m, h_m_m, d_km, self.environment, trace);
        trace.record("L_median", "A.3", median_db, "dB");
        let sigma_db = median::sigma_db(link.frequency_mhz, self.environment);
        trace.record("sigma", "A.4", sigma_db, "dB");
        // L = L_median − Q⁻¹(q)·σ − K, with the approximation of Q⁻¹ that P.1812 and NTIA share
        let variability_db = -inverse_normal(self.reliability_percent / 100.0) * sigma_db;
        trace.record("L_variability", "A.4", variability_db, "dB");
        let sea_db = mixed_path_db(d_km, analysis.sea_fraction, analysis.sea_end);
        trace.record("K_mixed", "Okumura §4.4", sea_db, "dB");
        let terrain_db = match analysis.horizons {
            Horizons::Single { mobile_m, base_m, edge_m } => {
                trace.record("h_edge", "Okumura §4.2", edge_m, "m");
                let ridge_db = isolated_ridge_db(base_m / 1000.0, mobile_m / 1000.0, edge_m);
                trace.record("K_ridge", "Okumura §4.2", ridge_db, "dB");
                ridge_db
            }
            Horizons::Two => {
                trace.record("delta_h", "Okumura §2.4", analysis.delta_h_m, "m");
                trace.record("theta_m", "Okumura §4.3", analysis.mobile_slope_mrad, "mrad");
                let hills_db = rolling_hills_db(analysis.delta_h_m);
                let fine_db = fine_rolling_hills_db(&analysis, path.height_amsl_m[0]);
                let slope_db = general_slope_db(analysis.mobile_slope_mrad, d_km);
                trace.record("K_rolling", "Okumura §4.1", hills_db, "dB");
                trace.record("K_fine", "Okumura §4.1", fine_db, "dB");
                trace.record("K_slope", "Okumura §4.3", slope_db, "dB");
                hills_db + fine_db + slope_db
            }
        };
        let loss_db = median_db + variability_db - terrain_db - sea_db;
        trace.record("L_b", "A.5", loss_db, "dB");
        Ok(Prediction { loss_db, warnings })
    }
}
