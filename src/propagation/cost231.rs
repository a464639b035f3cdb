//! COST 231-Hata: Okumura-Hata refitted for 1500–2000 MHz.
//!
//! In and out as [`super::hata`]; base 30–200 m above the roofs around it, mobile 1–10 m, 1–20 km.

use super::empirical::{effective_base_height_m, no_less_than_free_space};
use super::hata::mobile_height_gain_db;
use super::{
    Limit, Link, ModelEntry, Parameter, Prediction, Profile, PropagationError, PropagationModel, Quantity, Trace,
    Validity,
};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: "cost231",
    summary: "COST 231-Hata: Okumura-Hata for 1.5–2 GHz; terrain only sets the base height",
    reference: "COST 231 Final Report (1999) §4.4.1, Eq. (4.4.3)",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: false,
    uses_zones: false,
    validity: VALIDITY,
    parameters: &[Parameter::choice(
        "environment",
        "medium is a medium-sized city or suburban centre with moderate tree density (C_m = 0 dB), metropolitan a centre (3 dB)",
        &["medium", "metropolitan"],
    )],
    build: |parameters| {
        // C_m = 0 dB for medium-sized cities and suburban centres, 3 dB for metropolitan centres
        let c_m_db = if parameters.choice("environment")? == "metropolitan" { 3.0 } else { 0.0 };
        Ok(Box::new(Cost231Model { c_m_db }))
    },
};

const COST_231: &str = "COST 231 Final Report §4.4.1";
const FAR_OUTSIDE: &str = "more than an octave from the fit";
const VALIDITY: Validity = &[
    Limit::warn(Quantity::FrequencyMhz, [1500.0, 2000.0], COST_231),
    Limit::refuse(Quantity::FrequencyMhz, [750.0, 4000.0], FAR_OUTSIDE),
    Limit::warn(Quantity::DistanceKm, [1.0, 20.0], COST_231),
    Limit::refuse(Quantity::DistanceKm, [0.0, 100.0], "five times the longest distance of the fit"),
    Limit::warn(Quantity::TxHeightAglM, [30.0, 200.0], COST_231),
    Limit::warn(Quantity::RxHeightAglM, [1.0, 10.0], COST_231),
];

/// COST 231-Hata.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost231Model {
    /// C_m, dB: 0 for medium-sized cities and suburban centres, 3 for metropolitan centres.
    pub c_m_db: f64,
}

impl PropagationModel for Cost231Model {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let (f_mhz, d_km) = (link.frequency_mhz, profile.path_length_km());
        let mut warnings = Vec::new();
        trace.record("d", "", d_km, "km");
        let h_b_m = effective_base_height_m(link, profile, trace, &mut warnings);
        let a_db = mobile_height_gain_db(f_mhz, link.rx_height_agl_m);
        trace.record("a(h_m)", "(4.4.2)", a_db, "dB");
        trace.record("C_m", "(4.4.3)", self.c_m_db, "dB");
        // L_b = 46.3 + 33.9·log f − 13.82·log h_b − a(h_m) + (44.9 − 6.55·log h_b)·log d + C_m     (4.4.3)
        let loss_db = 46.3 + 33.9 * f_mhz.log10() - 13.82 * h_b_m.log10() - a_db
            + (44.9 - 6.55 * h_b_m.log10()) * d_km.log10()
            + self.c_m_db;
        trace.record("L_b formula", "(4.4.3)", loss_db, "dB");
        let loss_db = no_less_than_free_space(loss_db, link, profile, trace, &mut warnings);
        Ok(Prediction { loss_db, warnings })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::Polarization;

    #[test]
    fn eq_4_4_3_1800_mhz_at_two_kilometres_by_hand() {
        let link = Link {
            frequency_mhz: 1800.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 50.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 0.0,
        };
        let flat = Profile::bare(vec![0.0, 2.0], vec![10.0, 10.0]).unwrap();
        let loss_db = |c_m_db| Cost231Model { c_m_db }.predict(&link, &flat, &mut Trace::off()).unwrap().loss_db;
        // log f = 3.255273, log h_b = 1.698970: a = 2.880800·1.5 − 4.278225 = 0.042974;
        // 46.3 + 110.353739 − 23.479765 − 0.042974 + 33.771747·0.301030 = 143.297305.
        assert!((loss_db(0.0) - 143.297).abs() < 1e-3, "{}", loss_db(0.0));
        assert!((loss_db(3.0) - loss_db(0.0) - 3.0).abs() < 1e-12);
    }
}
