//! One radio link over a ridge, with every intermediate quantity.
//!
//! `cargo run --example 01_link`

use notspot::propagation::{Link, MODELS, Model, Polarization, Profile, Trace};

fn main() -> anyhow::Result<()> {
    let link = Link {
        frequency_mhz: 900.0,
        polarization: Polarization::Vertical,
        tx_height_agl_m: 30.0,
        rx_height_agl_m: 1.5,
        path_center_latitude_deg: 22.7,
    };
    // a 6 km path over a ridge 180 m high in its middle: distance in km, terrain in m above sea level
    let distance_km: Vec<f64> = (0..=60).map(|i| f64::from(i) * 0.1).collect();
    let terrain_amsl_m = distance_km.iter().map(|d| 300.0 + 180.0 * (-(d - 3.0) * (d - 3.0)).exp()).collect();
    let profile = Profile::bare(distance_km, terrain_amsl_m)?;

    for entry in MODELS {
        let model = Model::build(entry.id, &serde_json::Map::new())?;
        let mut trace = Trace::on();
        let prediction = model.predict(&link, &profile, &mut trace)?;
        println!("{}: {:.2} dB ({})", entry.id, prediction.loss_db, entry.reference);
        for step in trace.into_steps() {
            println!("    {:<14} {:>12.4} {:<6} {}", step.symbol, step.value, step.unit, step.equation);
        }
    }
    Ok(())
}
