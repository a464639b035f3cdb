//! The least-cost plan of the demo province, and the most people for a budget.
//!
//! `cargo run --release --example 04_plan`

use notspot::planning::{dark_villages, make_plan};
use notspot::progress::Progress;
use notspot::service::assess;
use notspot::study;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let mut study = study::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/study.toml"))?;
    let progress = Progress::default();
    let services = assess(&study, &progress)?;
    let dark = dark_villages(&study, &services);
    for (objective, budget_million_vnd) in [("least-cost", None), ("most-people-budget", Some(20_000.0))] {
        study.config.planning.objective = objective.into();
        study.config.planning.budget_million_vnd = budget_million_vnd;
        let plan = make_plan(&study, &services, &dark, None, &progress)?;
        println!(
            "synthetic data, {objective}: {:?}, {} sites, {:.0} million VND, value {:.0}, bound {:.0}",
            plan.status,
            plan.sites.len(),
            plan.investment(),
            plan.value,
            plan.bound
        );
    }
    Ok(())
}
