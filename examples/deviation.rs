//! How far the shared radials of an area calculation are from exact profiles, and what denser ones cost.
//!
//! `cargo run --release --example deviation -- DEM MODEL LAT,LON [LAT,LON …]`; 900 MHz, 30 m, 1.5 m, 10 km. Without arguments: one place on the
//! demo's terrain.

use notspot::coverage::{Quality, SweepMode, Transmitter, site_loss};
use notspot::geodesy::LonLat;
use notspot::propagation::Model;
use notspot::terrain::Dem;
use std::time::Instant;

const RADIUS_M: f64 = 10_000.0;
/// Loss at which 61 dBm of EIRP leave −105 dBm, dB.
const LIMIT_DB: f32 = 166.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() {
        let dem = concat!(env!("CARGO_MANIFEST_DIR"), "/data/demo/terrain.tif");
        arguments = [dem, "p1812", "22.74,106.05"].map(String::from).to_vec();
    }
    let [dem, model, sites @ ..] = &arguments[..] else { return Err("DEM MODEL LAT,LON …".into()) };
    let dem = Dem::open(&[(dem.into(), dem.clone())]).map_err(|p| p.to_string())?;
    let terrain = dem.window(dem.bounds())?;
    let model = Model::build(model, &serde_json::Map::new())?;
    let mut exact: Vec<Vec<f32>> = Vec::new();
    for mode in [
        SweepMode::Exact,
        SweepMode::Radial(Quality::Standard),
        SweepMode::Radial(Quality::Fine),
        SweepMode::Radial(Quality::Finest),
    ] {
        let started = Instant::now();
        let mut differences = Vec::new();
        let mut sides = 0;
        for (i, site) in sites.iter().enumerate() {
            let (lat, lon) = site.split_once(',').ok_or("LAT,LON")?;
            let position = LonLat::new(lon.parse()?, lat.parse()?);
            let transmitter = Transmitter { position, height_agl_m: 30.0, frequency_mhz: 900.0 };
            let loss = site_loss(&terrain, &model, &transmitter, 1.5, RADIUS_M, mode).ok_or("no terrain")?;
            let losses: Vec<f32> = loss.loss_db.into_iter().collect();
            if mode == SweepMode::Exact {
                exact.push(losses);
                continue;
            }
            for (&found, &expected) in losses.iter().zip(&exact[i]) {
                if found.is_finite() && expected.is_finite() {
                    differences.push(f64::from(found - expected));
                    sides += usize::from((found > LIMIT_DB) != (expected > LIMIT_DB));
                }
            }
        }
        let seconds = started.elapsed().as_secs_f64();
        let count = differences.len() as f64;
        let bias = differences.iter().sum::<f64>() / count;
        let mut signed = differences.clone();
        signed.sort_by(f64::total_cmp);
        let mut sizes: Vec<f64> = differences.iter().map(|d| d.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let at = |sorted: &[f64], part: f64| sorted.get((part * (count - 1.0)) as usize).copied().unwrap_or(f64::NAN);
        println!(
            "{mode:?}: {seconds:.2} s, {count} pixels, bias {bias:+.3}, median {:+.3}, |p95| {:.2}, |p99| {:.2}, max {:.1} dB, {:.2} % change side",
            at(&signed, 0.5),
            at(&sizes, 0.95),
            at(&sizes, 0.99),
            at(&sizes, 1.0),
            100.0 * sides as f64 / count
        );
    }
    Ok(())
}
