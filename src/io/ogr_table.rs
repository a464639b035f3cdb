//! Vector layers and database tables through GDAL/OGR, transformed to WGS 84.

use super::crs::{ToWgs84, crs_of_definition, to_crs};
use super::shapefile::{open_option, recoded, shapefile_encoding};
use super::table::{Table, unknown_crs};
use super::{TableSource, archive};
use crate::problem::{Problem, Problems};
use gdal::errors::GdalError;
use gdal::spatial_ref::CoordTransform;
use gdal::vector::{Feature, FieldValue, Layer, LayerAccess, OGRFieldType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::{CoordsIter, Geometry, GeometryCollection, LineString, MultiLineString, MultiPolygon, Polygon};
use std::path::Path;

/// File name extensions that may stand inside an archive.
const IN_ARCHIVES: [&str; 6] = ["shp", "gpkg", "geojson", "fgb", "kml", "gml"];

/// Reads a layer: the one that the study names, else the only one with features.
pub(super) fn read(source: &TableSource, folder: &Path, problems: &mut Problems) -> Result<Table, Problem> {
    let name = source.name();
    let fail = |error: GdalError| {
        Problem::error(name, format!("cannot be read: {}", source.without_secrets(&error.to_string())))
    };
    let path = archive::inside(&source.path(folder), name, &IN_ARCHIVES)?;
    let encoding = shapefile_encoding(&path, source, problems)?;
    let open_options: Vec<&str> = encoding.map(open_option).into_iter().collect();
    let dataset = open(&path, &open_options).map_err(fail)?;
    let mut layer = choose_layer(&dataset, source)?;
    // A layer without a system: degrees, checked by the range of the coordinates.
    let crs = match source.crs() {
        Some(text) => Some(crs_of_definition(text).map_err(|_| unknown_crs(source, text))?),
        None => layer.spatial_ref().map(to_crs).transpose().map_err(fail)?,
    };
    let to_wgs84 = crs.as_ref().map(ToWgs84::new).transpose().map_err(fail)?;
    let transform = to_wgs84.as_ref().and_then(ToWgs84::transform);

    let columns = Columns::of(&layer, name, problems);
    let names: Vec<String> = columns.names.iter().map(|name| recoded(name, encoding)).collect();
    let mut table = Table::new(source, names.iter().map(String::as_str), 1)?;
    table.geometry_crs = crs.as_ref().map(|crs| crs.name.clone());
    let mut rows = Vec::new();
    for (index, feature) in layer.features().enumerate() {
        let number = index + 1;
        let at = |problem: Problem| problem.at_row(number);
        let values = columns.values(&feature).map_err(|e| at(fail(e)))?;
        let values: Vec<String> = values.iter().map(|text| recoded(text, encoding)).collect();
        if let Some(column) = values.iter().position(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
            let problem = Problem::error(name, "holds text in an unknown encoding").in_field(&names[column]);
            problems.push(at(problem.suggest("state encoding = \"windows-1258\" or the like, or save it as UTF-8")));
            continue;
        }
        let geometry = match geometry_of(&feature, transform) {
            Ok(geometry) => geometry,
            Err(message) => {
                problems.push(at(Problem::error(name, message).in_field("geometry")));
                continue;
            }
        };
        if source.is_database() {
            rows.push((feature.fid(), values, geometry));
        } else {
            table.push(number, values.iter().map(String::as_str), geometry)?;
        }
    }
    // A database gives its rows in any order.
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    for (index, (_, values, geometry)) in rows.into_iter().enumerate() {
        table.push(index + 1, values.iter().map(String::as_str), geometry)?;
    }
    Ok(table)
}

/// Opens a vector data set for reading.
pub(super) fn open(path: &Path, open_options: &[&str]) -> Result<Dataset, GdalError> {
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY;
    let open_options = Some(open_options).filter(|options| !options.is_empty());
    Dataset::open_ex(path, DatasetOptions { open_flags, open_options, ..Default::default() })
}

/// The layer that the study names, else the only one with features.
pub(super) fn choose_layer<'d>(dataset: &'d Dataset, source: &TableSource) -> Result<Layer<'d>, Problem> {
    let name = source.name();
    if let Some(wanted) = source.layer() {
        return dataset.layer_by_name(wanted).map_err(|_| {
            let layers: Vec<String> = dataset.layers().map(|l| l.name()).collect();
            Problem::error(name, format!("has no layer {wanted:?}; it has: {}", layers.join(", ")))
        });
    }
    let mut layers: Vec<Layer<'d>> = dataset.layers().filter(|l| l.feature_count() > 0).collect();
    match layers.len() {
        0 => Err(Problem::error(name, "has no layer with features")),
        1 => Ok(layers.remove(0)),
        _ => {
            let names: Vec<String> = layers.iter().map(|l| l.name()).collect();
            let problem = Problem::error(name, format!("has several layers: {}", names.join(", ")));
            Err(problem.suggest(format!("name one: {}", source.with_layer(&names[0]))))
        }
    }
}

/// The columns that hold text, numbers or dates.
struct Columns {
    names: Vec<String>,
    indices: Vec<usize>,
}

impl Columns {
    /// Those of a layer; columns of lists and binary data are left out with a warning.
    fn of(layer: &Layer<'_>, name: &str, problems: &mut Problems) -> Self {
        use OGRFieldType::{OFTBinary, OFTInteger64List, OFTIntegerList, OFTRealList, OFTStringList};
        let mut columns = Self { names: Vec::new(), indices: Vec::new() };
        for (index, field) in layer.defn().fields().enumerate() {
            let lists = [OFTBinary, OFTInteger64List, OFTIntegerList, OFTRealList, OFTStringList];
            if lists.contains(&field.field_type()) {
                let message = "holds lists or binary data and is not used; text, numbers and dates are read";
                problems.push(Problem::warning(name, message).in_field(field.name()));
            } else {
                columns.names.push(field.name());
                columns.indices.push(index);
            }
        }
        columns
    }

    fn values(&self, feature: &Feature<'_>) -> Result<Vec<String>, GdalError> {
        // What has no value of the column's type, such as half a date, is text. A property that a feature of a GeoJSON lacks is not null
        // there but not set, which only its text tells from 0.
        let text = |&index: &usize| match (feature.field(index), feature.field_as_string(index)?) {
            (_, None) => Ok(String::new()),
            (_, Some(text)) if text.is_empty() => Ok(text),
            (Ok(value), _) => Ok(value.map_or(String::new(), text_of)),
            (Err(_), Some(text)) => Ok(text),
        };
        self.indices.iter().map(text).collect()
    }
}

/// Text of a value. A time keeps its date.
fn text_of(value: FieldValue) -> String {
    match value {
        FieldValue::IntegerValue(v) => v.to_string(),
        FieldValue::Integer64Value(v) => v.to_string(),
        FieldValue::RealValue(v) => v.to_string(),
        FieldValue::StringValue(v) => v,
        FieldValue::DateValue(v) => v.to_string(),
        FieldValue::DateTimeValue(v) => v.date_naive().to_string(),
        _ => String::new(),
    }
}

/// A feature's geometry on WGS 84, heights and measures left out; what is wrong with it otherwise.
fn geometry_of(feature: &Feature<'_>, transform: Option<&CoordTransform>) -> Result<Option<Geometry<f64>>, String> {
    let Some(geometry) = feature.geometry().filter(|g| g.has_gdal_ptr() && !g.is_empty()) else { return Ok(None) };
    let mut geometry = geometry.clone();
    geometry.flatten_to_2d();
    if let Some(transform) = transform {
        geometry = geometry.transform(transform).map_err(|e| format!("cannot be transformed to WGS 84: {e}"))?;
    }
    let kind = geometry.geometry_name();
    let geometry: Geometry<f64> = geometry.to_geo().map_err(|_| {
        format!("is a {kind}; points, lines and areas of straight lines are read (ogr2ogr -nlt CONVERT_TO_LINEAR)")
    })?;
    if geometry.coords_iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Err("holds a coordinate that is not a finite number".into());
    }
    Ok(Some(joined(geometry)))
}

/// A collection of areas alone, or of lines alone, as one geometry; others as they are.
fn joined(geometry: Geometry<f64>) -> Geometry<f64> {
    let Geometry::GeometryCollection(GeometryCollection(parts)) = &geometry else { return geometry };
    let areas: Option<Vec<Vec<Polygon<f64>>>> = parts
        .iter()
        .map(|part| match part {
            Geometry::Polygon(area) => Some(vec![area.clone()]),
            Geometry::MultiPolygon(areas) => Some(areas.0.clone()),
            _ => None,
        })
        .collect();
    let lines: Option<Vec<Vec<LineString<f64>>>> = parts
        .iter()
        .map(|part| match part {
            Geometry::LineString(line) => Some(vec![line.clone()]),
            Geometry::MultiLineString(lines) => Some(lines.0.clone()),
            _ => None,
        })
        .collect();
    match (areas, lines) {
        (Some(areas), _) => Geometry::MultiPolygon(MultiPolygon(areas.concat())),
        (None, Some(lines)) => Geometry::MultiLineString(MultiLineString(lines.concat())),
        (None, None) => geometry,
    }
}
