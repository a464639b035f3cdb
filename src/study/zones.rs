//! What rasters of radio-climatic zones mean for a model.

use crate::problem::Problem;
use crate::propagation::find_model;
use serde_json::{Map, Value};

/// Has distances to the coast that are not given taken from the zones along each path, where the model `id` asks for such. A model that
/// does not look at zones is a warning about `field` of `file`.
pub fn follow_zones(id: &str, given: &mut Map<String, Value>, file: &str, field: &str) -> Option<Problem> {
    const FROM_PATH: (&str, &str) = ("coast_distances", "path");
    let entry = find_model(id).ok()?; // reported where the model is built
    if entry.parameters.iter().any(|parameter| parameter.name == FROM_PATH.0) {
        given.entry(FROM_PATH.0).or_insert(FROM_PATH.1.into());
    }
    let message = format!("has no effect on losses: {id} does not look at zones");
    (!entry.uses_zones).then(|| Problem::warning(file, message).in_field(field))
}
