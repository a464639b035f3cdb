//! The synthetic demonstration province: terrain, communes, roads, villages and mobile sites, the same on every machine.

mod communes;
mod erosion;
mod karst;
mod lattice;
mod names;
mod network;
mod noise;
mod places;
mod pockets;
mod roads;
mod survey;
mod terrain;
mod tracing;
mod villages;
mod visibility;
mod writers;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The files of the province.
pub(crate) const FILES: [&str; 5] = ["terrain.tif", "communes.geojson", "roads.geojson", "villages.csv", "sites.csv"];

/// Writes every file of the demonstration province into a folder; returns a summary of the survey.
pub(crate) fn generate(folder: &Path) -> Result<String> {
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let terrain = terrain::Terrain::build();
    writers::geotiff(&folder.join(FILES[0]), &terrain.heights_m)?;
    let lattice = lattice::Lattice::new(&terrain);
    let communes = communes::Communes::build(&lattice)?;
    writers::text(&folder.join(FILES[1]), &writers::communes(&communes))?;
    let roads = roads::Roads::build(&lattice, &communes);
    writers::text(&folder.join(FILES[2]), &writers::roads(&roads))?;
    let villages = villages::build(&terrain, &lattice, &communes, &roads)?;
    let mut places = places::build(&terrain, &lattice, &communes, &roads, &villages);
    let hidden = places::hide(&mut places, &villages);
    let sites = network::build(&places, &villages, &communes, &hidden);
    let levels = network::levels_dbm(&terrain, &sites, &villages);
    let answers = survey::build(&villages, &levels);
    writers::text(&folder.join(FILES[3]), &writers::villages(&villages, &communes, &answers))?;
    writers::text(&folder.join(FILES[4]), &writers::sites(&sites))?;
    Ok(survey::summary(&villages, &sites, &levels, &answers))
}
