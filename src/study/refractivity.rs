//! Refractivity from the ITU's maps: parameters of the propagation model that the user leaves to `DN50.TXT` and `N050.TXT`.

use crate::geodesy::LonLat;
use crate::io::ItuMap;
use crate::problem::{Problem, Problems};
use crate::propagation::find_model;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// A map: its file and its name in messages.
pub type MapFile = (PathBuf, String);

/// Sets ΔN and N₀ among the parameters of the model `id` to the maps' values at a place. A model takes the ones that it knows: `delta_n`, and
/// `n0` or `surface_refractivity`.
///
/// # Errors
/// A map that cannot be read, that the model has no use for, or whose parameter is given as well.
pub fn fill_from_maps(
    id: &str,
    given: &mut Map<String, Value>,
    delta_n: Option<&MapFile>,
    n0: Option<&MapFile>,
    place: LonLat,
) -> Result<(), Problems> {
    let Ok(entry) = find_model(id) else { return Ok(()) }; // reported where the model is built
    let mut problems = Problems::default();
    for (map, names) in [(delta_n, &["delta_n"][..]), (n0, &["n0", "surface_refractivity"])] {
        let Some((path, name)) = map else { continue };
        let Some(parameter) = entry.parameters.iter().find(|p| names.contains(&p.name)) else {
            problems.push(Problem::error(name, format!("is a map that {id} has no parameter for")));
            continue;
        };
        if given.contains_key(parameter.name) {
            let message = format!("gives {} as well as the parameter; leave one of them out", parameter.name);
            problems.push(Problem::error(name, message));
            continue;
        }
        match ItuMap::read(path, name) {
            Ok(map) => drop(given.insert(parameter.name.into(), map.at(place).into())),
            Err(problem) => problems.push(problem),
        }
    }
    problems.into_warnings().map(drop)
}
