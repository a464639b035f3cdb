//! Dead zones of the demo province, prediction next to survey.
//!
//! `cargo run --release --example 03_gaps`

use notspot::planning::dark_villages;
use notspot::progress::Progress;
use notspot::service::{assess, find_gaps};
use notspot::study;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let study = study::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/study.toml"))?;
    let services = assess(&study, &Progress::default())?;
    let dark = dark_villages(&study, &services);
    let gaps = find_gaps(&study, &services, &dark, None);
    println!("synthetic data: {} villages without signal in {} gaps", dark.len(), gaps.len());
    for gap in gaps.iter().take(5) {
        println!("{} with {} people ({}):", gap.id, gap.people, gap.reason.name());
        for &village in &gap.villages {
            let (village, signal) = (&study.villages[village], &services[village].signal);
            let probability = signal.probability.map_or("unknown".into(), |p| format!("{:.0} %", 100.0 * p));
            println!(
                "    {}, {}: predicted {} ({probability})",
                village.name,
                village.commune,
                signal.predicted.name()
            );
        }
    }
    Ok(())
}
