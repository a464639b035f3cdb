//! The ITS Irregular Terrain Model (Longley-Rice), version 1.2.2, as NTIA's library 1.4 computes it: 20 MHz to 20 GHz.
//!
//! In: a link and a profile with equally spaced points, or a distance and statistics of the area. Out: the basic
//! transmission loss that is not exceeded in a share of time, places and situations. It joins line of sight, diffraction and
//! troposcatter. Clutter and zones are not looked at.
//!
//! Equation numbers are those of G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2: The Algorithm"; the ranges are
//! NTIA's. Where the library's arithmetic yields no number (it then reports the loss of free space), this is an error.
//! `mode` in a trace is 1 for line of sight, 2 for diffraction, 3 for troposcatter.

mod climate;
mod diffraction;
mod equal_profile;
mod equal_radial;
mod geometry;
mod ground;
mod irregularity;
mod line_fit;
mod line_of_sight;
mod parameters;
mod reference;
mod setting;
mod troposcatter;
mod variability;
mod warnings;

pub(super) use climate::{CLIMATES, Curve};
pub(super) use irregularity::decile_of_part;

pub use equal_profile::EqualProfile;
pub use equal_radial::{EqualRadial, NEAR_STEPS, PathEnd};
pub use geometry::{Geometry, Siting};
pub use ground::{Ground, Surroundings};
pub use reference::{Mechanism, reference_attenuation_db};
pub use setting::Setting;
pub use variability::{Combination, Deviates, Variability};

use super::radial::sweep_itm;
use super::{
    Limit, Link, ModelEntry, Outside, Prediction, Profile, PropagationError, PropagationModel, Quantity, Radial,
    RadialReceiver, Trace, Validity,
};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: ID,
    summary: "Longley-Rice: diffraction and troposcatter over a profile, or over a distance in an area (method area)",
    reference: "ITS Irregular Terrain Model 1.2.2 as in NTIA ITM 1.4; NTIA Report TR-82-100; Hufford, The Algorithm",
    needs_profile: true,
    needs_latitude: false,
    uses_clutter: false,
    uses_zones: false,
    validity: VALIDITY,
    parameters: parameters::PARAMETERS,
    build: |given| Ok(Box::new(ItmModel::from_parameters(given)?)),
};

const ID: &str = "itm";
const LIMITS: &str = "NTIA ITM 1.4, limits of the inputs";
const NEAR_LIMITS: &str = "NTIA ITM 1.4, near the limits";
const VALIDITY: Validity = &[
    Limit { quantity: Quantity::FrequencyMhz, min: 20.0, max: 20_000.0, outside: Outside::Error, source: LIMITS },
    Limit {
        quantity: Quantity::FrequencyMhz,
        min: 40.0,
        max: 10_000.0,
        outside: Outside::Warning,
        source: NEAR_LIMITS,
    },
    Limit {
        quantity: Quantity::DistanceKm,
        min: 1.0,
        max: 1000.0,
        outside: Outside::Warning,
        source: "NTIA ITM 1.4, near the limits of the distance: take care with the result",
    },
    Limit {
        quantity: Quantity::DistanceKm,
        min: 0.0,
        max: 2000.0,
        outside: Outside::Warning,
        source: "NTIA ITM 1.4, a large distance: take care with the result",
    },
    Limit { quantity: Quantity::TxHeightAglM, min: 0.5, max: 3000.0, outside: Outside::Error, source: LIMITS },
    Limit { quantity: Quantity::TxHeightAglM, min: 1.0, max: 1000.0, outside: Outside::Warning, source: NEAR_LIMITS },
    Limit { quantity: Quantity::RxHeightAglM, min: 0.5, max: 3000.0, outside: Outside::Error, source: LIMITS },
    Limit { quantity: Quantity::RxHeightAglM, min: 1.0, max: 1000.0, outside: Outside::Warning, source: NEAR_LIMITS },
];

/// Where the terrain of a path is known from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// The profile of the path.
    PointToPoint,
    /// Statistics of the area.
    Area {
        /// Terrain irregularity parameter Δh, m.
        delta_h_m: f64,
        /// How the places of transmitter and receiver were chosen.
        siting: [Siting; 2],
    },
}

/// The Irregular Terrain Model with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItmModel {
    /// Where the terrain is known from.
    pub method: Method,
    /// Ground and air.
    pub surroundings: Surroundings,
    /// Whose loss is asked for.
    pub variability: Variability,
}

impl ItmModel {
    /// A link over the terrain of a profile.
    pub(super) fn over_terrain(&self, link: &Link, profile: EqualProfile<'_>) -> Setting {
        let ground = Ground::of(&self.surroundings, link, profile.mean_height_amsl_m());
        let h_g_m = [link.tx_height_agl_m, link.rx_height_agl_m];
        Setting::new(link.frequency_mhz, ground, Geometry::of_profile(profile, h_g_m, ground.a_e_m))
    }

    fn over_area(&self, link: &Link, d_km: f64, delta_h_m: f64, siting: [Siting; 2]) -> Setting {
        let ground = Ground::of(&self.surroundings, link, 0.0);
        let h_g_m = [link.tx_height_agl_m, link.rx_height_agl_m];
        let geometry = Geometry::of_area(1000.0 * d_km, h_g_m, siting, delta_h_m, ground.a_e_m);
        Setting::new(link.frequency_mhz, ground, geometry)
    }

    /// Basic transmission loss, dB: free space, reference attenuation, variability.
    pub(super) fn loss_db(&self, setting: &Setting, trace: &mut Trace) -> Result<f64, PropagationError> {
        check_ground(&setting.ground)?;
        record_setting(setting, trace);
        let (a_ref_db, mechanism) = reference_attenuation_db(setting);
        trace.record("A_ref", "(4.1)", a_ref_db, "dB");
        trace.record("mode", "(4.1)", f64::from(mechanism as u8), "");
        if a_ref_db.is_nan() {
            return Err(PropagationError::Parameter {
                field: "conductivity_s_m".into(),
                message: "the ground conducts too well for horizons this near at this frequency; \
                    the diffraction of itm over rounded Earth has no value there"
                    .into(),
            });
        }
        let a_fs_db = 32.45 + 20.0 * setting.f_mhz.log10() + 20.0 * (setting.geometry.d_m / 1000.0).log10();
        trace.record("A_fs", "", a_fs_db, "dB");
        let attenuation_db = self.variability.attenuation_db(setting.f_mhz, &setting.geometry, a_ref_db, trace);
        trace.record("A'", "(5.2)", attenuation_db, "dB");
        let loss_db = attenuation_db + a_fs_db;
        trace.record("A", "", loss_db, "dB");
        Ok(loss_db)
    }
}

/// What NTIA's library refuses after it has looked at the terrain. Within these N_s the effective Earth always keeps to its limits.
fn check_ground(ground: &Ground) -> Result<(), PropagationError> {
    let refuse = |field, value, allowed: &str| {
        Err(PropagationError::OutOfRange { field, value, allowed: allowed.into(), model: ID })
    };
    if !(150.0..=400.0).contains(&ground.n_s) {
        let field = "surface_refractivity at the mean height of the path";
        return refuse(field, ground.n_s, "150–400 N-units");
    }
    if ground.z_g.re <= ground.z_g.im.abs() {
        let field = "imaginary over real ground impedance (permittivity, conductivity_s_m)";
        return refuse(field, (ground.z_g.im / ground.z_g.re).abs(), "0–1 (1 excluded)");
    }
    Ok(())
}

fn record_setting(setting: &Setting, trace: &mut Trace) {
    let (geometry, ground) = (&setting.geometry, &setting.ground);
    trace.record("d", "", geometry.d_m / 1000.0, "km");
    trace.record("N_s", "(1.2)", ground.n_s, "N-units");
    trace.record("a_e", "(1.3)", ground.a_e_m / 1000.0, "km");
    for (i, [theta, d, h]) in
        [["theta_hzn_tx", "d_hzn_tx", "h_e_tx"], ["theta_hzn_rx", "d_hzn_rx", "h_e_rx"]].into_iter().enumerate()
    {
        trace.record(theta, "(3.4)", 1000.0 * geometry.theta_e_rad[i], "mrad");
        trace.record(d, "(3.3)", geometry.d_l_m[i], "m");
        trace.record(h, "(3.2)", geometry.h_e_m[i], "m");
    }
    trace.record("delta_h", "(3.9)", geometry.delta_h_m, "m");
    trace.record("d_Ls", "(3.6)", setting.d_ls_m / 1000.0, "km");
    trace.record("theta_e", "(3.8)", 1000.0 * setting.theta_e_rad, "mrad");
}

impl PropagationModel for ItmModel {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let setting = match self.method {
            Method::PointToPoint => self.over_terrain(link, EqualProfile::of(profile)?),
            Method::Area { delta_h_m, siting } => self.over_area(link, profile.path_length_km(), delta_h_m, siting),
        };
        let loss_db = self.loss_db(&setting, trace)?;
        let mut warnings = warnings::of(&setting, &self.variability);
        if self.method == Method::PointToPoint && profile.len() < 3 {
            warnings.push("the profile has no points between its ends; terrain was not looked at".into());
        }
        Ok(Prediction { loss_db, warnings })
    }

    fn distance_is_enough(&self) -> bool {
        self.method != Method::PointToPoint
    }

    /// Δh, horizons and the number of steps make losses of neighbouring paths differ.
    fn radials_per_pixel(&self) -> f64 {
        if self.method == Method::PointToPoint { 2.0 } else { 1.0 }
    }

    fn sweep(&self, link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        let Method::Area { delta_h_m, siting } = self.method else {
            return sweep_itm(self, link, radial, receivers, losses_db);
        };
        for (receiver, loss_db) in receivers.iter().zip(losses_db) {
            let setting = self.over_area(link, receiver.distance_km, delta_h_m, siting);
            *loss_db = self.loss_db(&setting, &mut Trace::off()).unwrap_or(f64::NAN);
        }
    }
}
