//! Okumura-Hata: the median loss that Okumura measured around Tokyo, as a formula of frequency, heights and distance.
//!
//! In: frequency, base and mobile height, distance, kind of surroundings; over a profile the base height is the effective
//! one, above the mean terrain towards the mobile (P.1546-6 Annex 5). Out: the median basic transmission loss. Fitted for 150–1500 MHz, base 30–200 m, mobile
//! 1–10 m, 1–20 km on quasi-smooth ground; beyond 20 km the distance exponent of Rec. ITU-R P.529-3 carries on to 100 km.
//! Hills and shadows are not in it.

use super::empirical::{effective_base_height_m, no_less_than_free_space};
use super::{
    Limit, Link, ModelEntry, Parameter, Parameters, Prediction, Profile, PropagationError, PropagationModel, Quantity,
    Trace, Validity,
};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: "hata",
    summary: "Okumura-Hata: median loss by distance in cities, suburbs and open country; terrain only sets the base height",
    reference: "M. Hata, IEEE Trans. Veh. Technol. VT-29 (1980) 317; Rec. ITU-R P.529-3",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: false,
    uses_zones: false,
    validity: VALIDITY,
    parameters: &[Parameter::choice(
        "environment",
        "surroundings of the mobile; urban is a small or medium-sized city",
        &["suburban", "open", "urban", "urban-large"],
    )],
    build: |parameters| Ok(Box::new(HataModel::from_parameters(parameters)?)),
};

const HATA: &str = "Hata 1980, Section V";
const P_529: &str = "Rec. ITU-R P.529-3, distance exponent to 100 km";
const FAR_OUTSIDE: &str = "three octaves and more from any measurement of Okumura's";
const VALIDITY: Validity = &[
    Limit::warn(Quantity::FrequencyMhz, [150.0, 1500.0], HATA),
    Limit::refuse(Quantity::FrequencyMhz, [20.0, 12_000.0], FAR_OUTSIDE),
    Limit::warn(Quantity::DistanceKm, [1.0, 20.0], HATA),
    Limit::refuse(Quantity::DistanceKm, [0.0, 100.0], P_529),
    Limit::warn(Quantity::TxHeightAglM, [30.0, 200.0], HATA),
    Limit::warn(Quantity::RxHeightAglM, [1.0, 10.0], HATA),
];

/// Surroundings of the mobile station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A large city, buildings above 15 m.
    UrbanLarge,
    /// A small or medium-sized city.
    Urban,
    /// Villages, suburbs, roads with trees and houses.
    Suburban,
    /// Open country: no tall trees or buildings for 300 to 400 m ahead.
    Open,
}

/// Okumura-Hata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HataModel {
    /// Surroundings of the mobile.
    pub environment: Environment,
}

impl HataModel {
    fn from_parameters(parameters: &Parameters) -> Result<Self, PropagationError> {
        let environment = match parameters.choice("environment")? {
            "urban-large" => Environment::UrbanLarge,
            "urban" => Environment::Urban,
            "open" => Environment::Open,
            _ => Environment::Suburban,
        };
        Ok(Self { environment })
    }
}

/// a(h_m) for a small or medium-sized city, dB (Hata 1980, Eq. (11)): what the mobile's height gains over 1.5 m.
pub(super) fn mobile_height_gain_db(f_mhz: f64, h_m_m: f64) -> f64 {
    // a(h_m) = (1.1·log f − 0.7)·h_m − (1.56·log f − 0.8)
    (1.1 * f_mhz.log10() - 0.7) * h_m_m - (1.56 * f_mhz.log10() - 0.8)
}

/// a(h_m) for a large city, dB (Hata 1980, Eq. (12)). Hata gives one form up to 200 MHz and another from 400 MHz; this
/// changes over at 300 MHz.
fn mobile_height_gain_large_city_db(f_mhz: f64, h_m_m: f64) -> f64 {
    if f_mhz < 300.0 {
        // a(h_m) = 8.29·(log 1.54·h_m)² − 1.1
        8.29 * (1.54 * h_m_m).log10().powi(2) - 1.1
    } else {
        // a(h_m) = 3.2·(log 11.75·h_m)² − 4.97
        3.2 * (11.75 * h_m_m).log10().powi(2) - 4.97
    }
}

/// Loss with distance, dB: (44.9 − 6.55·log h_b)·(log d)^b.
fn distance_term_db(f_mhz: f64, h_b_m: f64, d_km: f64) -> f64 {
    let b = if d_km <= 20.0 {
        1.0
    } else {
        // h_b' = h_b / √(1 + 7·10⁻⁶·h_b²)
        let h_b_prime_m = h_b_m / (1.0 + 7e-6 * h_b_m * h_b_m).sqrt();
        // b = 1 + (0.14 + 1.87·10⁻⁴·f + 1.07·10⁻³·h_b')·(log(d/20))^0.8                    (P.529-3)
        1.0 + (0.14 + 1.87e-4 * f_mhz + 1.07e-3 * h_b_prime_m) * (d_km / 20.0).log10().powf(0.8)
    };
    // Within a kilometre log d is negative and b is 1.
    let log_d = d_km.log10();
    (44.9 - 6.55 * h_b_m.log10()) * if b == 1.0 { log_d } else { log_d.powf(b) }
}

impl PropagationModel for HataModel {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let (f_mhz, h_m_m, d_km) = (link.frequency_mhz, link.rx_height_agl_m, profile.path_length_km());
        let mut warnings = Vec::new();
        trace.record("d", "", d_km, "km");
        let h_b_m = effective_base_height_m(link, profile, trace, &mut warnings);
        let a_db = match self.environment {
            Environment::UrbanLarge => mobile_height_gain_large_city_db(f_mhz, h_m_m),
            Environment::Urban | Environment::Suburban | Environment::Open => mobile_height_gain_db(f_mhz, h_m_m),
        };
        trace.record("a(h_m)", "Hata (11, 12)", a_db, "dB");
        // L_p = 69.55 + 26.16·log f − 13.82·log h_b − a(h_m) + (44.9 − 6.55·log h_b)·(log d)^b       (Hata 10)
        let urban_db =
            69.55 + 26.16 * f_mhz.log10() - 13.82 * h_b_m.log10() - a_db + distance_term_db(f_mhz, h_b_m, d_km);
        trace.record("L_p urban", "Hata (10)", urban_db, "dB");
        let log_f = f_mhz.log10();
        let loss_db = match self.environment {
            Environment::UrbanLarge | Environment::Urban => urban_db,
            // L_ps = L_p − 2·(log(f/28))² − 5.4                                                    (Hata 20)
            Environment::Suburban => urban_db - 2.0 * (f_mhz / 28.0).log10().powi(2) - 5.4,
            // L_po = L_p − 4.78·(log f)² + 18.33·log f − 40.94                                     (Hata 22)
            Environment::Open => urban_db - 4.78 * log_f * log_f + 18.33 * log_f - 40.94,
        };
        trace.record("L_p", "Hata (20, 22)", loss_db, "dB");
        let loss_db = no_less_than_free_space(loss_db, link, profile, trace, &mut warnings);
        Ok(Prediction { loss_db, warnings })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Model, Polarization};
    use serde_json::{Map, json};

    fn loss(environment: &str, f_mhz: f64, h_b_m: f64, h_m_m: f64, d_km: f64) -> Prediction {
        let given = Map::from_iter([("environment".into(), json!(environment))]);
        let link = Link {
            frequency_mhz: f_mhz,
            polarization: Polarization::Vertical,
            tx_height_agl_m: h_b_m,
            rx_height_agl_m: h_m_m,
            path_center_latitude_deg: 0.0,
        };
        Model::build("hata", &given).unwrap().predict_distance(&link, d_km, &mut Trace::off()).unwrap()
    }

    fn close(prediction: &Prediction, expected_db: f64) {
        assert!((prediction.loss_db - expected_db).abs() < 1e-3, "{prediction:?}, expected {expected_db}");
    }

    #[test]
    fn eq_10_900_mhz_at_one_kilometre_by_hand() {
        // a(1.5) = 2.549668·1.5 − 3.808618 = 0.015883; 69.55 + 77.283 − 20.4138 − 0.0159 + 0 = 126.4033.
        close(&loss("urban", 900.0, 30.0, 1.5, 1.0), 126.403);
        // log²(900/28) = 2.27168: 126.4033 − 4.5434 − 5.4 = 116.4600.
        close(&loss("suburban", 900.0, 30.0, 1.5, 1.0), 116.460);
        // 4.78·8.72755 = 41.7177; 18.33·2.954243 = 54.1513: 126.4033 − 41.7177 + 54.1513 − 40.94 = 97.8969.
        close(&loss("open", 900.0, 30.0, 1.5, 1.0), 97.897);
    }

    #[test]
    fn eq_12_a_large_city_by_hand() {
        // log²(17.625) = 1.552863: a = 4.969161 − 4.97 = −0.000839; 10 km add 44.9 − 6.55·1.477121 = 35.224856.
        close(&loss("urban-large", 900.0, 30.0, 1.5, 10.0), 126.419_176 + 0.000_839 + 35.224_856);
        // 200 MHz: log²(2.31) = 0.132247: a = 8.29·0.132247 − 1.1 = −0.003675; 26.16·2.30103 = 60.194945.
        close(&loss("urban-large", 200.0, 30.0, 1.5, 1.0), 69.55 + 60.194_945 - 20.413_815 + 0.003_675);
    }

    #[test]
    fn p_529_bends_the_distance_law_beyond_20_km() {
        // 900 MHz, 30 m, 50 km: h' = 30/√1.0063 = 29.9059; log(2.5)^0.8 = 0.478423;
        // b = 1 + (0.14 + 0.1683 + 0.031999)·0.478423 = 1.162806; log(50)^b = 1.69897^1.162806 = 1.852026.
        let expected_db = 126.403_294 + 35.224_856 * 1.852_026;
        let prediction = loss("urban", 900.0, 30.0, 1.5, 50.0);
        assert!((prediction.loss_db - expected_db).abs() < 0.01, "{prediction:?} {expected_db}");
        assert!(prediction.warnings[0].starts_with("distance_km = 50 is outside 1–20 km for hata"), "{prediction:?}");
        // No jump at 20 km.
        let step_db =
            loss("urban", 900.0, 30.0, 1.5, 20.000_001).loss_db - loss("urban", 900.0, 30.0, 1.5, 20.0).loss_db;
        assert!(step_db.abs() < 1e-3, "{step_db}");
    }

    #[test]
    fn close_to_the_mast_the_loss_is_free_space_with_a_warning() {
        let prediction = loss("open", 900.0, 30.0, 1.5, 0.02);
        // 32.4 + 20·log 900 + 20·log 0.0348 = 62.32 dB over the slant distance √(20² + 28.5²) m.
        assert!((prediction.loss_db - 62.32).abs() < 0.02, "{prediction:?}");
        assert!(prediction.warnings.iter().any(|w| w.contains("less than free space")), "{prediction:?}");
    }
}
