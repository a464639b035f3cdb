//! A propagation model of one's own: log-distance loss with an exponent.
//!
//! Inside the crate this is a file `src/propagation/log_distance.rs` with everything down to `main`, and one line in `MODELS`:
//! `log_distance::ENTRY,`. The command line, the study file, `--batch`, `notspot models`, docs/models.md and the conformance
//! tests then know it. Outside, as here, the same entry builds and the trait is enough. The default sweep evaluates it on
//! every path of a radial.
//!
//! `cargo run --example 05_add_a_model`

use notspot::propagation::{
    Limit, Link, ModelEntry, Parameter, Parameters, Polarization, Prediction, Profile, PropagationError,
    PropagationModel, Quantity, Radial, RadialReceiver, Trace, Zone,
};
use serde_json::{Map, json};

/// What the registry knows of it: names, validity and parameters in one place.
const ENTRY: ModelEntry = ModelEntry {
    id: "log-distance",
    summary: "log-distance loss with an exponent",
    reference: "textbook",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: false,
    uses_zones: false,
    validity: &[Limit::warn(Quantity::DistanceKm, [1.0, 100.0], "reference distance 1 km")],
    parameters: &[Parameter::number("exponent", "", "2 in free space, more in built-up land", 2.0, [1.0, 6.0])],
    build: |parameters| Ok(Box::new(LogDistance { exponent: parameters.number("exponent")? })),
};

/// L = 20·log f_MHz + 32.4 + 10·n·log d_km: free space where n = 2, steeper in built-up land.
struct LogDistance {
    exponent: f64,
}

impl PropagationModel for LogDistance {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let d_km = profile.path_length_km();
        let loss_db = 20.0 * link.frequency_mhz.log10() + 32.4 + 10.0 * self.exponent * d_km.log10();
        trace.record("L_db", "(1)", loss_db, "dB");
        Ok(Prediction { loss_db, warnings: Vec::new() })
    }
}

fn main() -> anyhow::Result<()> {
    let given = Map::from_iter([("exponent".into(), json!(3.5))]);
    let model = (ENTRY.build)(&Parameters::check(ENTRY.id, ENTRY.parameters, &given)?)?;
    let link = Link {
        frequency_mhz: 1800.0,
        polarization: Polarization::Vertical,
        tx_height_agl_m: 30.0,
        rx_height_agl_m: 1.5,
        path_center_latitude_deg: 22.7,
    };
    let distance_km: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.1).collect();
    let flat = vec![200.0; 100];
    let radial = Radial {
        distance_km: &distance_km,
        terrain_amsl_m: &flat,
        clutter_m: &vec![0.0; 100],
        zone: None,
        own_place_km: 0.05,
    };
    let receivers =
        [1.0, 2.0, 5.0].map(|distance_km| RadialReceiver { distance_km, terrain_amsl_m: 200.0, zone: Zone::Inland });
    let mut losses_db = [0.0; 3];
    model.sweep(&link, radial, &receivers, &mut losses_db);
    for (receiver, loss_db) in receivers.iter().zip(losses_db) {
        println!("{:.0} km: {loss_db:.1} dB", receiver.distance_km);
    }
    Ok(())
}
