//! 3GPP TR 38.901: path loss of rural (RMa) and urban (UMa) macrocells, with and without line of sight.
//!
//! In: frequency, heights of base station (transmitter) and user terminal (receiver), distance or profile. Out: the path loss
//! of Table 7.4.1-1. Whether there is line of sight is decided by the profile where there is one: the ray over the curved Earth
//! (effective radius [`EFFECTIVE_RADIUS_KM`]) against terrain and clutter. A bare distance cannot tell: `auto` then
//! gives the expectation over the LOS probability of Table 7.4.2-1 and says so. Shadow fading σ_SF is in the trace, not in
//! the loss.

pub mod rma;
pub mod uma;

use super::earth::EARTH_RADIUS_KM;
use super::sight::edges;
use super::{Link, Parameter, Parameters, Prediction, Profile, PropagationError, PropagationModel, Trace};

/// Effective Earth radius of the line-of-sight test, km: four thirds of the Earth's.
pub const EFFECTIVE_RADIUS_KM: f64 = 4.0 / 3.0 * EARTH_RADIUS_KM;

/// Speed of light as TR 38.901 takes it, m/s (Table 7.4.1-1, note 1).
const C_M_PER_S: f64 = 3.0e8;

const LOS: Parameter = Parameter::choice(
    "los",
    "line of sight: decided by the profile (auto; by a distance alone as probability-weighted), given, or the \
     expected loss over the LOS probability",
    &["auto", "los", "nlos", "probability-weighted"],
);

/// How line of sight is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LosRule {
    /// By the profile; by a distance alone as [`LosRule::Weighted`].
    Auto,
    /// There is line of sight.
    Los,
    /// There is none.
    Nlos,
    /// Expected loss over the LOS probability.
    Weighted,
}

impl LosRule {
    fn from_parameters(parameters: &Parameters) -> Result<Self, PropagationError> {
        Ok(match parameters.choice("los")? {
            "los" => Self::Los,
            "nlos" => Self::Nlos,
            "probability-weighted" => Self::Weighted,
            _ => Self::Auto,
        })
    }
}

/// Geometry of a path as Table 7.4.1-1 wants it (Figure 7.4.1-1).
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    /// f_c, GHz.
    pub f_ghz: f64,
    /// h_BS above ground, m.
    pub h_bs_m: f64,
    /// h_UT above ground, m.
    pub h_ut_m: f64,
    /// Distance along the ground, m.
    pub d_2d_m: f64,
    /// Distance between the antennas, m.
    pub d_3d_m: f64,
}

impl Geometry {
    fn new(link: &Link, profile: &Profile) -> Self {
        let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
        let d_2d_m = 1000.0 * profile.path_length_km();
        let rise_m = h_0 + link.tx_height_agl_m - h_n - link.rx_height_agl_m;
        Self {
            f_ghz: link.frequency_mhz / 1000.0,
            h_bs_m: link.tx_height_agl_m,
            h_ut_m: link.rx_height_agl_m,
            d_2d_m,
            // d_3D = √(d_2D² + (h_BS − h_UT)²)
            d_3d_m: (d_2d_m * d_2d_m + rise_m * rise_m).sqrt(),
        }
    }
}

/// Loss and shadow fading of one state, dB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateLoss {
    /// Path loss PL, dB.
    pub loss_db: f64,
    /// Standard deviation of shadow fading σ_SF, dB.
    pub sigma_sf_db: f64,
}

/// One scenario of TR 38.901.
pub trait Scenario: Send + Sync {
    /// Loss with line of sight.
    fn los(&self, geometry: &Geometry, trace: &mut Trace) -> StateLoss;
    /// Loss without line of sight, given the loss with it.
    fn nlos(&self, geometry: &Geometry, pl_los_db: f64, trace: &mut Trace) -> StateLoss;
    /// Probability of line of sight, 0 to 1 (Table 7.4.2-1).
    fn los_probability(&self, geometry: &Geometry) -> f64;
    /// What the table says of this path beyond the model's validity.
    fn warnings(&self, geometry: &Geometry, with_nlos: bool) -> Vec<String>;
}

/// A scenario of TR 38.901 with its rule for line of sight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tr38901Model<S> {
    /// Scenario.
    pub scenario: S,
    /// Line of sight.
    pub los: LosRule,
}

/// Whether the ray between the antennas clears terrain and clutter over the curved Earth; `None` for a profile without
/// intermediate points, which says nothing. The clutter at the antennas' own places does not count.
fn line_of_sight(link: &Link, profile: &Profile) -> Option<bool> {
    (profile.len() > 2).then(|| edges(link, profile, EFFECTIVE_RADIUS_KM).all(|edge| edge.above_line_m < 0.0))
}

impl<S: Scenario> PropagationModel for Tr38901Model<S> {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let geometry = Geometry::new(link, profile);
        trace.record("d_2D", "", geometry.d_2d_m, "m");
        trace.record("d_3D", "(7.4-1)", geometry.d_3d_m, "m");
        let decided = match self.los {
            LosRule::Los => Some(true),
            LosRule::Nlos => Some(false),
            LosRule::Weighted => None,
            LosRule::Auto => line_of_sight(link, profile),
        };
        let los = self.scenario.los(&geometry, trace);
        trace.record("PL_LOS", "T 7.4.1-1", los.loss_db, "dB");
        let mut warnings = self.scenario.warnings(&geometry, decided != Some(true));
        let (loss_db, sigma_sf_db) = if decided == Some(true) {
            (los.loss_db, los.sigma_sf_db)
        } else {
            let nlos = self.scenario.nlos(&geometry, los.loss_db, trace);
            trace.record("PL_NLOS", "T 7.4.1-1", nlos.loss_db, "dB");
            if decided == Some(false) {
                (nlos.loss_db, nlos.sigma_sf_db)
            } else {
                let p = self.scenario.los_probability(&geometry);
                trace.record("Pr_LOS", "T 7.4.2-1", p, "");
                if self.los == LosRule::Auto {
                    warnings.push(format!(
                        "a distance alone does not tell line of sight: the loss is the expectation over the LOS \
                         probability {p:.3}"
                    ));
                }
                // E[PL] = Pr_LOS·PL_LOS + (1 − Pr_LOS)·PL_NLOS, and the variance of that mixture
                let spread_db = nlos.loss_db - los.loss_db;
                let variance = p * los.sigma_sf_db.powi(2)
                    + (1.0 - p) * nlos.sigma_sf_db.powi(2)
                    + p * (1.0 - p) * spread_db * spread_db;
                (los.loss_db + (1.0 - p) * spread_db, variance.sqrt())
            }
        };
        trace.record("sigma_SF", "T 7.4.1-1", sigma_sf_db, "dB");
        trace.record("PL", "T 7.4.1-1", loss_db, "dB");
        Ok(Prediction { loss_db, warnings })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Model, Polarization, Zone};
    use serde_json::{Map, json};

    fn link() -> Link {
        Link {
            frequency_mhz: 700.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 35.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 0.0,
        }
    }

    fn model(los: &str) -> Model {
        Model::build("tr38901-rma", &Map::from_iter([("los".into(), json!(los))])).unwrap()
    }

    fn loss_db(los: &str, profile: &Profile) -> f64 {
        model(los).predict(&link(), profile, &mut Trace::off()).unwrap().loss_db
    }

    #[test]
    fn the_profile_decides_line_of_sight() {
        let d_km = vec![0.0, 1.0, 2.0, 3.0];
        let with = |hill_m: f64, clutter_m: f64| {
            let clutter = vec![0.0, 0.0, clutter_m, 0.0];
            Profile::new(d_km.clone(), vec![0.0, 0.0, hill_m, 0.0], clutter, vec![Zone::Inland; 4]).unwrap()
        };
        // At 2 km the ray is at 35 − 33.5·2/3 = 12.67 m; the Earth bulges 2·1·10⁶/(2·8494.67·10³) = 0.118 m there.
        for (profile, los) in [(with(12.5, 0.0), "los"), (with(12.6, 0.0), "nlos"), (with(5.0, 7.6), "nlos")] {
            assert_eq!(loss_db("auto", &profile), loss_db(los, &profile));
        }
        assert!(loss_db("nlos", &with(0.0, 0.0)) > loss_db("los", &with(0.0, 0.0)) + 10.0);
    }

    #[test]
    fn a_distance_alone_gives_the_expected_loss_and_says_so() {
        let predict = |los| model(los).predict_distance(&link(), 1.01, &mut Trace::off()).unwrap();
        let (auto, los, nlos) = (predict("auto"), predict("los").loss_db, predict("nlos").loss_db);
        // Pr_LOS = e⁻¹ at 1010 m.
        let p = (-1.0_f64).exp();
        assert!((auto.loss_db - (p * los + (1.0 - p) * nlos)).abs() < 1e-9, "{auto:?}");
        assert!(auto.warnings[0].contains("expectation over the LOS probability 0.368"), "{auto:?}");
        assert!(predict("probability-weighted").warnings.is_empty());
    }

    #[test]
    fn the_shadow_fading_of_the_state_is_in_the_trace() {
        let sigma_db = |los| {
            let mut trace = Trace::on();
            model(los).predict_distance(&link(), 1.01, &mut trace).unwrap();
            trace.into_steps().into_iter().find(|s| s.symbol == "sigma_SF").unwrap().value
        };
        // 1010 m are beyond the breakpoint at 770 m.
        assert_eq!((sigma_db("los"), sigma_db("nlos")), (6.0, 8.0));
        assert!(sigma_db("auto") > 8.0);
    }
}
