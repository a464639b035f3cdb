//! Path loss around one transmitter on the demo's terrain.
//!
//! `cargo run --example 02_coverage`

use notspot::coverage::{SweepMode, Transmitter, site_loss};
use notspot::geodesy::{BoundingBox, LonLat};
use notspot::propagation::Model;
use notspot::terrain::Dem;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/terrain.tif");
    let dem = Dem::open(&[(file, "terrain.tif".into())])?;
    let transmitter = Transmitter { position: LonLat::new(106.05, 22.74), height_agl_m: 30.0, frequency_mhz: 900.0 };
    let radius_m = 8_000.0;
    let around = BoundingBox::around([transmitter.position]).map_or(dem.bounds(), |b| b.expanded(radius_m));
    let terrain = dem.window(around)?;
    let model = Model::build("delta-bullington", &serde_json::Map::new())?;

    let Some(loss) = site_loss(&terrain, &model, &transmitter, 1.5, radius_m, SweepMode::default()) else {
        anyhow::bail!("the terrain does not reach the transmitter");
    };
    println!("{} receivers, {} without terrain", loss.receivers, loss.missing_terrain);
    for limit_db in [100.0, 120.0, 140.0, 160.0] {
        let within = loss.loss_db.iter().filter(|&&l| l <= limit_db).count();
        println!("loss up to {limit_db} dB: {:5.1} %", 100.0 * within as f64 / loss.receivers as f64);
    }
    Ok(())
}
