//! Vector layers through GDAL/OGR, transformed to WGS 84.

use super::TableSource;
use super::crs::{ToWgs84, crs_of_definition, to_crs};
use super::table::{Table, unknown_crs};
use crate::problem::{Problem, Problems};
use gdal::errors::GdalError;
use gdal::vector::{FieldValue, LayerAccess};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::{CoordsIter, Geometry};
use std::path::Path;

/// Reads a layer: the one that the study names, else the only one with features.
pub(super) fn read(source: &TableSource, folder: &Path, _problems: &mut Problems) -> Result<Table, Problem> {
    let name = source.name();
    let fail = |error: GdalError| {
        Problem::error(name, format!("cannot be read: {}", source.without_secrets(&error.to_string())))
    };
    let flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY;
    let dataset = Dataset::open_ex(source.path(folder), DatasetOptions { open_flags: flags, ..Default::default() })
        .map_err(fail)?;
    let mut layer = match source.layer() {
        Some(wanted) => dataset.layer_by_name(wanted).map_err(|_| {
            let layers: Vec<String> = dataset.layers().map(|l| l.name()).collect();
            Problem::error(name, format!("has no layer {wanted:?}; it has: {}", layers.join(", ")))
        })?,
        None => {
            let mut layers: Vec<_> = dataset.layers().filter(|l| l.feature_count() > 0).collect();
            match layers.len() {
                0 => return Err(Problem::error(name, "has no layer with features")),
                1 => layers.remove(0),
                _ => {
                    let names: Vec<String> = layers.iter().map(|l| l.name()).collect();
                    return Err(Problem::error(name, format!("has several layers: {}", names.join(", ")))
                        .suggest(format!("name one: {}", source.with_layer(&names[0]))));
                }
            }
        }
    };
    let columns: Vec<String> = layer.defn().fields().map(|f| f.name()).collect();
    // A layer without a system: degrees, checked by the range of the coordinates.
    let crs = match source.crs() {
        Some(text) => Some(crs_of_definition(text).map_err(|_| unknown_crs(source, text))?),
        None => layer.spatial_ref().map(to_crs).transpose().map_err(fail)?,
    };
    let to_wgs84 = crs.as_ref().map(ToWgs84::new).transpose().map_err(fail)?;
    let transform = to_wgs84.as_ref().and_then(ToWgs84::transform);
    let mut table = Table::new(source, columns.iter().map(String::as_str), 1)?;
    table.geometry_crs = crs.as_ref().map(|crs| crs.name.clone());
    for (index, feature) in layer.features().enumerate() {
        let number = index + 1;
        let at = |error: GdalError| Problem::error(name, format!("cannot be read: {error}")).at_row(number);
        let mut values = Vec::with_capacity(table.columns.len());
        for (field, value) in feature.fields() {
            values.push(match value.map(text_of) {
                None => String::new(),
                Some(Some(text)) => text,
                Some(None) => {
                    let message = "holds a list or binary data; text, numbers and dates are read";
                    return Err(Problem::error(name, message).at_row(number).in_field(field));
                }
            });
        }
        let geometry = match feature.geometry() {
            Some(geometry) if !geometry.is_empty() => {
                let geometry = match transform {
                    Some(transform) => geometry.transform(transform).map_err(at)?,
                    None => geometry.clone(),
                };
                let geometry: Geometry<f64> = geometry.to_geo().map_err(at)?;
                if geometry.coords_iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
                    return Err(Problem::error(name, "holds a coordinate that is not a finite number")
                        .at_row(number)
                        .in_field("geometry"));
                }
                Some(geometry)
            }
            _ => None,
        };
        table.push(number, values.iter().map(String::as_str), geometry)?;
    }
    Ok(table)
}

/// Text of a value; `None` for lists and binary data. A time keeps its date.
fn text_of(value: FieldValue) -> Option<String> {
    match value {
        FieldValue::IntegerValue(v) => Some(v.to_string()),
        FieldValue::Integer64Value(v) => Some(v.to_string()),
        FieldValue::RealValue(v) => Some(v.to_string()),
        FieldValue::StringValue(v) => Some(v),
        FieldValue::DateValue(v) => Some(v.to_string()),
        FieldValue::DateTimeValue(v) => Some(v.date_naive().to_string()),
        _ => None,
    }
}
