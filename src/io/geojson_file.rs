//! Layers as GeoJSON (RFC 7946): WGS 84, six decimals of a degree, outer rings counter-clockwise, a `name` member.

use super::writer::{WriteCause, WriteError, writing};
use super::{Field, FieldType, GeometryType, Layer, Value};
use geo::orient::{Direction, Orient};
use geo::{Geometry, MapCoords, MultiPolygon};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::io::Write;
use std::path::Path;

/// Writes one layer.
pub(super) fn write(layers: &[Layer], path: &Path, _date: &str) -> Result<(), WriteError> {
    writing(path, || {
        let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
        for layer in layers {
            let document = Document {
                kind: "FeatureCollection",
                name: layer.name,
                description: &layer.description,
                features: Features(layer),
            };
            serde_json::to_writer(&mut file, &document)?;
            file.write_all(b"\n")?;
        }
        file.flush().map_err(WriteCause::from)
    })
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    description: &'a str,
    features: Features<'a>,
}

struct Features<'a>(&'a Layer);

impl Serialize for Features<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.features.len()))?;
        for feature in &self.0.features {
            list.serialize_element(&OneFeature {
                kind: "Feature",
                geometry: geojson::Geometry::new(geometry(&feature.geometry, self.0.geometry)),
                properties: Properties { fields: &self.0.fields, values: &feature.values },
            })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct OneFeature<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: geojson::Geometry,
    properties: Properties<'a>,
}

/// Values under the names of their fields, in the order of the layer.
struct Properties<'a> {
    fields: &'a [Field],
    values: &'a [Value],
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (field, value) in self.fields.iter().zip(self.values) {
            match value {
                Value::Null => map.serialize_entry(field.name, &())?,
                Value::Text(text) => map.serialize_entry(field.name, text)?,
                Value::Integer(number) => map.serialize_entry(field.name, number)?,
                Value::Real(number) => map.serialize_entry(field.name, &shortened(*number, field.kind))?,
                Value::Boolean(yes) => map.serialize_entry(field.name, yes)?,
            }
        }
        map.end()
    }
}

fn shortened(number: f64, kind: FieldType) -> f64 {
    match kind {
        FieldType::Real { decimals } => rounded(number, 10f64.powi(i32::try_from(decimals).unwrap_or(15))),
        _ => number,
    }
}

/// A number rounded to a fraction, without negative zero.
fn rounded(number: f64, scale: f64) -> f64 {
    (number * scale).round() / scale + 0.0
}

fn geometry(geometry: &Geometry<f64>, kind: GeometryType) -> geojson::GeometryValue {
    let geometry = geometry.map_coords(|c| geo::coord! { x: rounded(c.x, 1e6), y: rounded(c.y, 1e6) });
    let geometry = match (geometry, kind) {
        (Geometry::Polygon(polygon), GeometryType::MultiPolygon) => {
            Geometry::MultiPolygon(MultiPolygon::new(vec![polygon]).orient(Direction::Default))
        }
        (Geometry::MultiPolygon(polygons), _) => Geometry::MultiPolygon(polygons.orient(Direction::Default)),
        (other, _) => other,
    };
    geojson::GeometryValue::from(&geometry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::writer::tests::layers;
    use geojson::GeoJson;

    fn written(layer: usize) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(&layers()[layer..=layer], file.path(), "2026-01-01").unwrap();
        std::fs::read_to_string(file.path()).unwrap()
    }

    #[test]
    fn points_keep_every_value_in_the_order_of_the_fields() {
        assert_eq!(
            written(0),
            "{\"type\":\"FeatureCollection\",\"name\":\"villages\",\"description\":\"Villages & <hamlets>\",\"features\":[\
             {\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[106.123457,22.5]},\"properties\":\
             {\"id\":\"V1\",\"name\":\"Xóm \\\"Lũng, Mật\\\"\",\"people\":9007199254740993,\"level_dbm\":-101.3,\"is_gap\":true}},\
             {\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[105.5,-22.0]},\"properties\":\
             {\"id\":\"V2\",\"name\":\"=cmd()\",\"people\":null,\"level_dbm\":null,\"is_gap\":false}}]}\n"
        );
    }

    #[test]
    fn areas_follow_the_right_hand_rule() {
        let GeoJson::FeatureCollection(collection) = written(1).parse().unwrap() else { panic!("no collection") };
        let geometry = collection.features[0].geometry.as_ref().unwrap();
        let area: MultiPolygon<f64> = geometry.value.clone().try_into().unwrap();
        assert!(geo::Winding::is_ccw(area.0[0].exterior()));
        assert!(written(2).contains("\"LineString\",\"coordinates\":[[1.0,2.0],[3.0,4.0]]"));
    }
}
