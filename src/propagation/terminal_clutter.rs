//! Loss in the clutter around the receiver: Rec. ITU-R P.2108-1, for models that look at bare terrain only.
//!
//! In: frequency, height of the antenna, path length, kind of surroundings. Out: a loss to add to the basic transmission loss.
//!
//! A model offers it by listing the parameters of this file among its own; [`Model`](super::Model) then adds it. Models that know clutter (P.1812)
//! or surroundings (Hata, TR 38.901) do not list them, and a profile with clutter of its own is refused, so that
//! nothing is counted twice.

use super::building_entry::inverse_normal;
use super::{Limit, Link, Parameter, ParameterKind, Parameters, PropagationError, Quantity, Validity};

const KIND: &str = "terminal_clutter";

/// Parameters of a model on bare terrain that offers terminal clutter loss.
pub(super) const PARAMETERS: [Parameter; 4] = [
    Parameter::choice(
        KIND,
        "clutter around the receiver (Rec. ITU-R P.2108-1): none, statistical (§3.2, towns), or a kind of §3.1, Table 3",
        &["none", "statistical", "water", "open", "suburban", "urban", "forest", "dense-urban"],
    ),
    Parameter::number("terminal_clutter_percent", "%", "places p_L of statistical clutter", 50.0, [0.1, 99.9]),
    Parameter {
        name: "terminal_clutter_height_m",
        unit: "m",
        summary: "representative clutter height R of §3.1; that of Table 3 where none is given",
        kind: ParameterKind::Number { default: None, min: 1.0, max: 100.0 },
    },
    Parameter::number("terminal_street_width_m", "m", "street width w_s of §3.1", 27.0, [1.0, 200.0]),
];

const SECTION_3_1: &str = "Rec. ITU-R P.2108-1 §3.1";
const SECTION_3_2: &str = "Rec. ITU-R P.2108-1 §3.2";
/// Shortest path of §3.2, km.
const SHORTEST_KM: f64 = 0.25;
const HEIGHT_GAIN_VALIDITY: Validity = &[Limit::refuse(Quantity::FrequencyMhz, [30.0, 3000.0], SECTION_3_1)];
const STATISTICAL_VALIDITY: Validity = &[
    Limit::refuse(Quantity::FrequencyMhz, [500.0, 67_000.0], SECTION_3_2),
    Limit::warn(
        Quantity::DistanceKm,
        [SHORTEST_KM, f64::INFINITY],
        "Rec. ITU-R P.2108-1 §3.2; the loss at 0.25 km is taken below",
    ),
];

/// How clutter stands around a terminal (Table 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
    /// Water, sea, open or rural land: the loss grows with the logarithm of the height.
    Open,
    /// Suburban, urban, woodland: diffraction over the roof or the canopy across the street.
    BuiltUp,
}

/// Terminal clutter at the receiver.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TerminalClutter {
    /// §3.1, for a terminal below the representative clutter height.
    HeightGain {
        /// Kind of clutter.
        surroundings: Surroundings,
        /// Representative clutter height R, m.
        clutter_height_m: f64,
        /// Street width w_s, m.
        street_width_m: f64,
    },
    /// §3.2, for terminals well below the roofs of towns.
    Statistical {
        /// Places p_L where the loss is not exceeded, %.
        percent: f64,
    },
}

impl TerminalClutter {
    /// What the parameters of a model ask for: nothing for `none` and for models that do not offer it.
    ///
    /// # Errors
    /// A representative height together with a kind that has no use for it.
    pub(super) fn from_parameters(model: &str, parameters: &Parameters) -> Result<Option<Self>, PropagationError> {
        let Ok(kind) = parameters.choice(KIND) else { return Ok(None) };
        // Representative heights of Table 3.
        let (surroundings, default_m) = match kind {
            "water" | "open" => (Surroundings::Open, 10.0),
            "suburban" => (Surroundings::BuiltUp, 10.0),
            "urban" | "forest" => (Surroundings::BuiltUp, 15.0),
            "dense-urban" => (Surroundings::BuiltUp, 20.0),
            _ => {
                if parameters.optional_number("terminal_clutter_height_m").is_some() {
                    return Err(PropagationError::Parameter {
                        field: "terminal_clutter_height_m".into(),
                        message: format!("{KIND} = {kind} of {model} has no clutter height"),
                    });
                }
                let percent = parameters.number("terminal_clutter_percent")?;
                return Ok((kind == "statistical").then_some(Self::Statistical { percent }));
            }
        };
        Ok(Some(Self::HeightGain {
            surroundings,
            clutter_height_m: parameters.optional_number("terminal_clutter_height_m").unwrap_or(default_m),
            street_width_m: parameters.number("terminal_street_width_m")?,
        }))
    }

    /// Its name in messages.
    pub(super) fn id(&self) -> &'static str {
        "terminal_clutter"
    }

    /// Where it holds.
    pub(super) fn validity(&self) -> Validity {
        match self {
            Self::HeightGain { .. } => HEIGHT_GAIN_VALIDITY,
            Self::Statistical { .. } => STATISTICAL_VALIDITY,
        }
    }

    /// Its equation, for the trace.
    pub(super) fn equation(&self) -> &'static str {
        match self {
            Self::HeightGain { .. } => "P.2108-1 (2)",
            Self::Statistical { .. } => "P.2108-1 (3a)",
        }
    }

    /// Refuses clutter in the profile.
    pub(super) fn refuse_clutter_in(&self, clutter_m: &[f64]) -> Result<(), PropagationError> {
        match clutter_m.iter().position(|&c| c > 0.0) {
            None => Ok(()),
            Some(i) => Err(PropagationError::Parameter {
                field: KIND.into(),
                message: format!(
                    "the profile has clutter of its own (clutter_m[{i}] = {} m), which must not be counted twice; none \
                     is allowed here",
                    clutter_m[i]
                ),
            }),
        }
    }

    /// The link whose loss the clutter is added to: §3.1 wants the loss to the representative clutter height.
    pub(super) fn link_above_clutter(&self, link: &Link) -> Link {
        match *self {
            Self::HeightGain { clutter_height_m, .. } => {
                Link { rx_height_agl_m: link.rx_height_agl_m.max(clutter_height_m), ..link.clone() }
            }
            Self::Statistical { .. } => link.clone(),
        }
    }

    /// The loss in the clutter around the receiver, dB, over a path of `d_km`.
    pub(super) fn loss_db(&self, link: &Link, d_km: f64) -> f64 {
        let f_ghz = link.frequency_mhz / 1000.0;
        match *self {
            Self::HeightGain { surroundings, clutter_height_m, street_width_m } => {
                height_gain_loss_db(f_ghz, link.rx_height_agl_m, surroundings, clutter_height_m, street_width_m)
            }
            Self::Statistical { percent } => statistical_loss_db(f_ghz, d_km.max(SHORTEST_KM), percent),
        }
    }
}

/// Loss A_h of a terminal at `h_m` in clutter of representative height `clutter_height_m`, dB (§3.1, Eq. (1) to (2g)); 0 at or
/// above that height.
///
/// `f_ghz` is 0.03 to 3 GHz. It is added to the loss of the path to the representative clutter height.
pub fn height_gain_loss_db(
    f_ghz: f64,
    h_m: f64,
    surroundings: Surroundings,
    clutter_height_m: f64,
    street_width_m: f64,
) -> f64 {
    if h_m >= clutter_height_m {
        return 0.0;
    }
    match surroundings {
        // A_h = −K_h2·log(h/R), K_h2 = 21.8 + 6.2·log f                                             (2b, 2f)
        Surroundings::Open => -(21.8 + 6.2 * f_ghz.log10()) * (h_m / clutter_height_m).log10(),
        Surroundings::BuiltUp => {
            // h_dif = R − h, θ_clut = arctan(h_dif/w_s) in degrees                                   (2d, 2e)
            let h_dif_m = clutter_height_m - h_m;
            let theta_clut_deg = (h_dif_m / street_width_m).atan().to_degrees();
            // ν = K_ν·√(h_dif·θ_clut), K_ν = 0.342·√f                                               (2c, 2g)
            let nu = 0.342 * f_ghz.sqrt() * (h_dif_m * theta_clut_deg).sqrt();
            // A_h = J(ν) − 6.03, J(ν) = 6.9 + 20·log(√((ν − 0.1)² + 1) + ν − 0.1)                    (2a)
            6.9 + 20.0 * (((nu - 0.1).powi(2) + 1.0).sqrt() + nu - 0.1).log10() - 6.03
        }
    }
}

/// Clutter loss not exceeded at `percent` of the places, dB, for one terminal in a town (§3.2, Eq. (3a) to (6)).
///
/// `f_ghz` is 0.5 to 67 GHz, `d_km` the path length from 0.25 km, `percent` above 0 and below 100.
pub fn statistical_loss_db(f_ghz: f64, d_km: f64, percent: f64) -> f64 {
    // σ_l = 4 dB, σ_s = 6 dB                                                                       (4b, 5b)
    let (sigma_l_db, sigma_s_db) = (4.0_f64, 6.0_f64);
    // L_l = −2·log(10^(−5·log f − 12.5) + 10^−16.5)                                                 (4a)
    let l_l_db = -2.0 * (10f64.powf(-5.0 * f_ghz.log10() - 12.5) + 10f64.powf(-16.5)).log10();
    // Q⁻¹(p/100) = −F⁻¹(p/100)
    let quantile = -inverse_normal(percent);
    let at = |d_km: f64| {
        // L_s = 32.98 + 23.9·log d + 3·log f                                                        (5a)
        let l_s_db = 32.98 + 23.9 * d_km.log10() + 3.0 * f_ghz.log10();
        let (weight_l, weight_s) = (10f64.powf(-0.2 * l_l_db), 10f64.powf(-0.2 * l_s_db));
        // σ_cb = √[(σ_l²·10^(−0.2·L_l) + σ_s²·10^(−0.2·L_s))/(10^(−0.2·L_l) + 10^(−0.2·L_s))]         (3b)
        let sigma_cb_db =
            ((sigma_l_db.powi(2) * weight_l + sigma_s_db.powi(2) * weight_s) / (weight_l + weight_s)).sqrt();
        // L_ctt = −5·log(10^(−0.2·L_l) + 10^(−0.2·L_s)) − σ_cb·Q⁻¹(p/100)                            (3a)
        -5.0 * (weight_l + weight_s).log10() - sigma_cb_db * quantile
    };
    // No more than at 2 km                                                                          (6)
    at(d_km).min(at(2.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{MODELS, Model, Polarization, Profile, Radial, RadialReceiver, Trace, Zone};
    use serde_json::{Map, Value, json};

    /// NTIA/p2108-test-data v1, HeightGainTerminalCorrectionModelTestData.csv: f, h, w_s, R, built up, A_h to 0.1 dB.
    const HEIGHT_GAIN: [(f64, f64, f64, f64, bool, f64); 9] = [
        (1.5, 2.0, 27.0, 10.0, false, 16.0),
        (1.5, 2.0, 27.0, 6.0, false, 10.9),
        (1.5, 2.0, 27.0, 10.0, true, 20.5),
        (1.5, 2.0, 27.0, 15.0, true, 24.5),
        (1.5, 2.0, 27.0, 20.0, true, 27.1),
        (3.0, 3.0, 15.0, 15.0, true, 29.0),
        (0.9, 2.3, 30.0, 10.0, false, 13.7),
        (0.03, 2.1, 24.5, 9.8, true, 5.7),
        (1.7, 30.0, 24.5, 30.0, true, 0.0),
    ];

    /// The same, TerrestrialStatisticalModelTestData.csv: f, d, p, L_ctt to 0.1 dB.
    const STATISTICAL: [(f64, f64, f64, f64); 7] = [
        (0.5, 0.25, 50.0, 17.4),
        (0.5, 0.25, 1.0, 3.9),
        (0.5, 0.25, 99.0, 30.9),
        (26.6, 15.8, 45.0, 32.5),
        (67.0, 5.4, 30.5, 30.9),
        (3.5, 1.0, 0.1, 16.8),
        (3.5, 1.0, 99.9, 42.8),
    ];

    fn link(frequency_mhz: f64, rx_height_agl_m: f64) -> Link {
        Link {
            frequency_mhz,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m,
            path_center_latitude_deg: 22.0,
        }
    }

    fn model(id: &str, given: Value) -> Result<Model, PropagationError> {
        Model::build(id, &serde_json::from_value::<Map<_, _>>(given).unwrap())
    }

    #[test]
    fn the_published_test_data_of_both_sections() {
        for (f_ghz, h_m, w_s_m, r_m, built_up, expected_db) in HEIGHT_GAIN {
            let surroundings = if built_up { Surroundings::BuiltUp } else { Surroundings::Open };
            let loss_db = height_gain_loss_db(f_ghz, h_m, surroundings, r_m, w_s_m);
            assert!((loss_db - expected_db).abs() <= 0.05 + 1e-9, "{f_ghz} {h_m} {r_m} {loss_db}");
        }
        for (f_ghz, d_km, percent, expected_db) in STATISTICAL {
            let loss_db = statistical_loss_db(f_ghz, d_km, percent);
            assert!((loss_db - expected_db).abs() <= 0.05 + 1e-9, "{f_ghz} {d_km} {percent} {loss_db}");
        }
    }

    #[test]
    fn it_is_added_once_and_to_the_loss_above_the_clutter() {
        let bare = Profile::bare(vec![0.0, 1.0, 2.0], vec![0.0; 3]).unwrap();
        let loss_db = |given: Value, link: &Link| {
            model("free-space", given).unwrap().predict(link, &bare, &mut Trace::off()).unwrap().loss_db
        };
        let (low, at_roof) = (link(900.0, 1.5), link(900.0, 15.0));
        let expected_db =
            loss_db(json!({}), &at_roof) + height_gain_loss_db(0.9, 1.5, Surroundings::BuiltUp, 15.0, 27.0);
        assert!((loss_db(json!({"terminal_clutter": "urban"}), &low) - expected_db).abs() < 1e-12);
        // At roof height nothing is added.
        assert_eq!(loss_db(json!({"terminal_clutter": "urban"}), &at_roof), loss_db(json!({}), &at_roof));
        let statistical_db = loss_db(json!({"terminal_clutter": "statistical"}), &low) - loss_db(json!({}), &low);
        assert!((statistical_db - statistical_loss_db(0.9, 2.0, 50.0)).abs() < 1e-9);
    }

    #[test]
    fn it_cannot_be_counted_twice() {
        let given = json!({"terminal_clutter": "urban"});
        // Models that know clutter or surroundings do not take it; those on bare terrain do.
        let takers: Vec<_> = MODELS.iter().map(|m| m.id).filter(|id| model(id, given.clone()).is_ok()).collect();
        assert_eq!(takers, ["itm", "delta-bullington", "free-space"]);
        let with_clutter = |clutter_m: f64| {
            Profile::new(vec![0.0, 1.0, 2.0], vec![0.0; 3], vec![0.0, clutter_m, 0.0], vec![Zone::Inland; 3]).unwrap()
        };
        let model = model("delta-bullington", given).unwrap();
        let predict = |clutter_m| model.predict(&link(900.0, 1.5), &with_clutter(clutter_m), &mut Trace::off());
        assert!(predict(0.0).is_ok());
        let message = predict(8.0).unwrap_err().to_string();
        assert!(
            message.contains("terminal_clutter: the profile has clutter of its own (clutter_m[1] = 8 m)"),
            "{message}"
        );
    }

    #[test]
    fn the_sweep_adds_the_same() {
        let model = model("delta-bullington", json!({"terminal_clutter": "statistical"})).unwrap();
        let (d_km, terrain) = ([0.0, 0.5, 1.0, 1.5, 2.0], [0.0, 40.0, 10.0, 60.0, 5.0]);
        let radial = Radial {
            distance_km: &d_km,
            terrain_amsl_m: &terrain,
            clutter_m: &[0.0; 5],
            zone: None,
            own_place_km: 1e-6,
        };
        let receiver = RadialReceiver { distance_km: 2.0, terrain_amsl_m: 5.0, zone: Zone::Inland };
        let mut losses_db = [0.0];
        model.sweep(&link(900.0, 1.5), radial, &[receiver], &mut losses_db);
        let profile = Profile::bare(d_km.to_vec(), terrain.to_vec()).unwrap();
        let plain_db = model.predict(&link(900.0, 1.5), &profile, &mut Trace::off()).unwrap().loss_db;
        assert!((losses_db[0] - plain_db).abs() < 1e-3, "{losses_db:?} {plain_db}");
    }

    #[test]
    fn outside_its_range_it_is_an_error_or_a_warning() {
        let flat = |d_km: f64| Profile::bare(vec![0.0, d_km], vec![0.0; 2]).unwrap();
        let predict = |kind: &str, f_mhz, d_km| {
            let model = model("free-space", json!({"terminal_clutter": kind})).unwrap();
            model.predict(&link(f_mhz, 1.5), &flat(d_km), &mut Trace::off())
        };
        let message = predict("urban", 3500.0, 1.0).unwrap_err().to_string();
        assert_eq!(message, "frequency_mhz = 3500 is outside 30–3000 MHz for terminal_clutter");
        assert!(predict("statistical", 450.0, 1.0).is_err());
        let near = predict("statistical", 900.0, 0.1).unwrap();
        assert!(near.warnings[0].contains("the loss at 0.25 km is taken below"), "{near:?}");
        assert!(model("free-space", json!({"terminal_clutter_height_m": 12})).is_err());
    }
}
