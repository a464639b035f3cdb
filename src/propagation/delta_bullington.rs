//! Free space plus delta-Bullington diffraction over the actual terrain, for the median effective Earth radius.
//!
//! In: a link and a profile with clutter. Out: the basic transmission loss that diffraction alone causes at 50 % of the
//! time, L_bd50 of Rec. ITU-R P.1812-8 Eq. (42); its terms are those of §4.2, §4.3 and Attachment 1 §5.6 of the same edition
//! (diffraction also Rec. ITU-R P.526-15 §4.5.2). Ducting, layer reflection and troposcatter are not in it, so it is too
//! pessimistic far beyond the horizon (some 50 km and more).

use super::diffraction::{Ends, SmoothMethod, delta_bullington};
use super::earth::{free_space_loss_db, median_effective_radius_km};
use super::spherical_earth::Wave;
use super::terminal_clutter::PARAMETERS as CLUTTER;
use super::{
    Limit, Link, ModelEntry, Outside, Parameter, Prediction, Profile, PropagationError, PropagationModel, Quantity,
    Radial, RadialReceiver, Trace, Validity, radial, smooth_earth,
};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: "delta-bullington",
    summary: "free space plus terrain diffraction by the delta-Bullington method, median of time",
    reference: "Rec. ITU-R P.1812-8 §4.2, §4.3 and Attachment 1 §5.6 (diffraction as Rec. ITU-R P.526-15 §4.5.2)",
    needs_profile: true,
    needs_latitude: false,
    uses_clutter: true,
    uses_zones: true,
    validity: VALIDITY,
    parameters: &[
        Parameter::number(
            "delta_n",
            "N-units/km",
            "mean lapse rate of refractivity in the lowest kilometre; sets the median effective Earth radius",
            45.0,
            [0.0, 150.0],
        ),
        CLUTTER[0],
        CLUTTER[1],
        CLUTTER[2],
        CLUTTER[3],
    ],
    build: |parameters| Ok(Box::new(DeltaBullingtonModel { delta_n: parameters.number("delta_n")? })),
};

const P_526: &str = "Rec. ITU-R P.526-15 §3.2 from 10 MHz; not tested above 100 GHz";
const P_1812: &str = "Rec. ITU-R P.1812-8 §1";
const VALIDITY: Validity = &[
    Limit { quantity: Quantity::FrequencyMhz, min: 10.0, max: 100_000.0, outside: Outside::Error, source: P_526 },
    Limit { quantity: Quantity::FrequencyMhz, min: 30.0, max: 6000.0, outside: Outside::Warning, source: P_1812 },
    Limit { quantity: Quantity::DistanceKm, min: 0.0, max: 3000.0, outside: Outside::Error, source: P_1812 },
    Limit { quantity: Quantity::TxHeightAglM, min: 0.0, max: 3000.0, outside: Outside::Warning, source: P_1812 },
    Limit { quantity: Quantity::RxHeightAglM, min: 0.0, max: 3000.0, outside: Outside::Warning, source: P_1812 },
];

/// Free space plus delta-Bullington diffraction.
#[derive(Debug, Clone, Copy)]
pub struct DeltaBullingtonModel {
    /// Mean lapse rate of refractivity ΔN, N-units/km, 0 to 150.
    pub delta_n: f64,
}

impl PropagationModel for DeltaBullingtonModel {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
        let (h_ts_amsl_m, h_rs_amsl_m) = (h_0 + link.tx_height_agl_m, h_n + link.rx_height_agl_m);
        let d_km = profile.path_length_km();
        let f_ghz = link.frequency_mhz / 1000.0;
        let wave = Wave { f_ghz, polarization: link.polarization, omega: profile.sea_fraction() };
        trace.record("d", "", d_km, "km");
        trace.record("h_ts", "", h_ts_amsl_m, "m");
        trace.record("h_rs", "", h_rs_amsl_m, "m");
        trace.record("omega", "", wave.omega, "");
        let a_e_km = median_effective_radius_km(self.delta_n);
        trace.record("a_e", "(7a)", a_e_km, "km");

        let (distances_km, terrain_amsl_m) = (profile.distance_km(), profile.terrain_amsl_m());
        let fit = smooth_earth::fit(distances_km, terrain_amsl_m);
        trace.record("h_st", "(87)", fit.h_st_amsl_m, "m");
        trace.record("h_sr", "(88)", fit.h_sr_amsl_m, "m");
        let obstruction = smooth_earth::obstruction(distances_km, terrain_amsl_m, h_ts_amsl_m, h_rs_amsl_m);
        trace.record("h_obs", "(89a)", obstruction.h_obs_m, "m");
        let smooth = smooth_earth::diffraction_heights(fit, obstruction, h_0, h_n);
        trace.record("h_std", "(91)", smooth.h_std_amsl_m, "m");
        trace.record("h_srd", "(91)", smooth.h_srd_amsl_m, "m");

        let l_bfs_db = free_space_loss_db(f_ghz, d_km, h_ts_amsl_m, h_rs_amsl_m);
        trace.record("L_bfs", "(8)", l_bfs_db, "dB");
        let diffraction = delta_bullington(
            profile,
            Ends { h_ts_amsl_m, h_rs_amsl_m, smooth },
            a_e_km,
            wave,
            SmoothMethod::Profile,
            trace,
        );
        // L_bd50 = L_bfs + L_d50                                                                  (42)
        let loss_db = l_bfs_db + diffraction.l_d_db;
        trace.record("L_bd50", "(42)", loss_db, "dB");
        let mut warnings = Vec::new();
        if profile.len() < 3 {
            warnings.push("the profile has no points between its ends; terrain and clutter were not looked at".into());
        }
        Ok(Prediction { loss_db, warnings })
    }

    fn sweep(&self, link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        radial::sweep_delta_bullington(link, median_effective_radius_km(self.delta_n), radial, receivers, losses_db);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::Polarization;

    #[test]
    fn a_profile_of_two_points_is_free_space_and_spherical_earth_with_a_warning() {
        let link = Link {
            frequency_mhz: 900.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 0.0,
        };
        let profile = Profile::bare(vec![0.0, 1.0], vec![0.0, 0.0]).unwrap();
        let model = DeltaBullingtonModel { delta_n: 45.0 };
        let prediction = model.predict(&link, &profile, &mut Trace::off()).unwrap();
        // Clear of the first Fresnel zone over 1 km: free space, 32.4 + 20·log 900 = 91.485 dB and 0.004 dB of slant.
        assert!((prediction.loss_db - 91.488).abs() < 1e-3, "{prediction:?}");
        assert!(prediction.warnings[0].contains("no points between its ends"), "{prediction:?}");
    }
}
