//! Writes the synthetic demonstration province: `cargo run --release --example generate_demo -- [FOLDER]`.

#[path = "mod.rs"]
mod generator;

use std::path::PathBuf;

use anyhow::Result;

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("data/demo"), PathBuf::from);
    print!("{}", generator::generate(&folder)?);
    Ok(())
}
