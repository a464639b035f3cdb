//! A table with geometry, on its way out: what every vector and table writer takes.

use geo::Geometry;

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Number; `decimals` are written in text formats.
    Real {
        /// Digits after the point in text formats.
        decimals: usize,
    },
    /// Yes or no.
    Boolean,
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not known.
    Null,
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Number, finite.
    Real(f64),
    /// Yes or no.
    Boolean(bool),
}

/// A column of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name, `snake_case` with a unit suffix.
    pub name: &'static str,
    /// Type.
    pub kind: FieldType,
}

/// Kind of geometry of all features of a layer, on WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryType {
    /// Points.
    Point,
    /// Lines.
    LineString,
    /// Areas; single polygons are written as multipolygons.
    MultiPolygon,
}

/// A feature: geometry in WGS 84 degrees and one value per field.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Geometry of the layer's kind.
    pub geometry: Geometry<f64>,
    /// Values in the order of the layer's fields.
    pub values: Vec<Value>,
}

/// A named set of features with the same fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Name of the layer and of its file: `villages`.
    pub name: &'static str,
    /// What it holds, one sentence, English.
    pub description: String,
    /// Kind of geometry.
    pub geometry: GeometryType,
    /// Columns.
    pub fields: Vec<Field>,
    /// Rows in a fixed order.
    pub features: Vec<Feature>,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        if value.is_finite() { Value::Real(value) } else { Value::Null }
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Value::from(value as u64)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}
