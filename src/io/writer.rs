//! The list of formats that layers are written to, and what can go wrong while writing.

use super::{Layer, csv_file, geojson_file, geopackage, xlsx_file};
use gdal::errors::GdalError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file was not written.
#[derive(Debug, Error)]
#[error("{}: cannot be written: {cause}", file.display())]
pub struct WriteError {
    /// The file.
    pub file: PathBuf,
    /// What happened.
    #[source]
    pub cause: WriteCause,
}

/// What happened while a file was written.
#[derive(Debug, Error)]
pub enum WriteCause {
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// GDAL refused.
    #[error(transparent)]
    Gdal(#[from] GdalError),
    /// A record of a text table could not be written.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A JSON document could not be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The content does not fit the format.
    #[error("{0}")]
    Content(String),
}

impl<C: Into<WriteCause>> From<(&Path, C)> for WriteError {
    fn from((file, cause): (&Path, C)) -> Self {
        Self { file: file.to_owned(), cause: cause.into() }
    }
}

/// Runs a writer's body and names the file in its error.
pub(crate) fn writing<T>(file: &Path, body: impl FnOnce() -> Result<T, WriteCause>) -> Result<T, WriteError> {
    body().map_err(|cause| WriteError { file: file.to_owned(), cause })
}

/// A format that layers are written to.
pub struct Writer {
    /// Short name.
    pub id: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// File name extension, lower case.
    pub extension: &'static str,
    /// Whether one file holds all layers; else there is one file a layer.
    pub holds_all_layers: bool,
    /// Whether it is for tables rather than maps.
    pub is_table: bool,
    /// Writes layers (exactly one, unless the format holds all) to a new file. The last argument is the date
    /// (`YYYY-MM-DD`) that formats with a date inside state, so that the same layers give the same bytes.
    pub write: fn(&[Layer], &Path, &str) -> Result<(), WriteError>,
}

/// What layers are written to.
pub static WRITERS: &[Writer] = &[
    Writer {
        id: "geopackage",
        summary: "GeoPackage with all layers, WGS 84, full precision",
        extension: "gpkg",
        holds_all_layers: true,
        is_table: false,
        write: geopackage::write,
    },
    Writer {
        id: "geojson",
        summary: "GeoJSON (RFC 7946), one file a layer, six decimals of a degree",
        extension: "geojson",
        holds_all_layers: false,
        is_table: false,
        write: geojson_file::write,
    },
    Writer {
        id: "csv",
        summary: "text table in UTF-8 separated by commas, with lon and lat for points",
        extension: "csv",
        holds_all_layers: false,
        is_table: true,
        write: csv_file::write,
    },
    Writer {
        id: "xlsx",
        summary: "Excel workbook with a sheet for each table, with lon and lat for points",
        extension: "xlsx",
        holds_all_layers: true,
        is_table: true,
        write: xlsx_file::write,
    },
];

/// The writer with an id.
pub fn find_writer(id: &str) -> Option<&'static Writer> {
    WRITERS.iter().find(|writer| writer.id == id)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::io::{Feature, Field, FieldType, GeometryType, Value};
    use geo::{LineString, Point, polygon};

    /// Two layers with every type of value, awkward texts and a clockwise polygon.
    pub(in crate::io) fn layers() -> Vec<Layer> {
        let field = |name, kind| Field { name, kind };
        let points = Layer {
            name: "villages",
            description: "Villages & <hamlets>".into(),
            geometry: GeometryType::Point,
            fields: vec![
                field("id", FieldType::Text),
                field("name", FieldType::Text),
                field("people", FieldType::Integer),
                field("level_dbm", FieldType::Real { decimals: 1 }),
                field("is_gap", FieldType::Boolean),
            ],
            features: vec![
                Feature {
                    geometry: Point::new(106.123_456_789, 22.5).into(),
                    values: vec![
                        "V1".into(),
                        "Xóm \"Lũng, Mật\"".into(),
                        9_007_199_254_740_993u64.into(),
                        (-101.26).into(),
                        true.into(),
                    ],
                },
                Feature {
                    geometry: Point::new(105.5, -22.000_000_4).into(),
                    values: vec!["V2".into(), "=cmd()".into(), Value::Null, Value::Null, false.into()],
                },
            ],
        };
        let square = polygon![(x: 1.0, y: 1.0), (x: 1.0, y: 2.0), (x: 2.0, y: 2.0), (x: 2.0, y: 1.0), (x: 1.0, y: 1.0)];
        let areas = Layer {
            name: "gaps",
            description: "Areas".into(),
            geometry: GeometryType::MultiPolygon,
            fields: vec![field("id", FieldType::Text)],
            features: vec![Feature { geometry: square.into(), values: vec!["G1".into()] }],
        };
        let lines = Layer {
            name: "plan_hops",
            description: "Nothing".into(),
            geometry: GeometryType::LineString,
            fields: vec![field("km", FieldType::Real { decimals: 3 })],
            features: vec![Feature {
                geometry: LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]).into(),
                values: vec![1.5.into()],
            }],
        };
        vec![points, areas, lines]
    }

    #[test]
    fn every_writer_gives_the_same_bytes_twice() {
        let folder = tempfile::tempdir().unwrap();
        for writer in WRITERS {
            let all = layers();
            let sets: Vec<&[Layer]> = if writer.holds_all_layers { vec![&all] } else { all.chunks(1).collect() };
            for set in sets {
                let written = ["a", "b"].map(|name| {
                    let file = folder.path().join(format!("{}-{name}.{}", set[0].name, writer.extension));
                    (writer.write)(set, &file, "2026-01-01").unwrap();
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    std::fs::read(file).unwrap()
                });
                assert!(written[0] == written[1], "{} differs between two runs", writer.id);
            }
        }
    }

    #[test]
    fn an_error_names_the_file() {
        let file = Path::new("/nowhere/at/all.out");
        for writer in WRITERS {
            let error = (writer.write)(&layers()[..1], file, "2026-01-01").unwrap_err();
            assert!(error.to_string().starts_with("/nowhere/at/all.out: cannot be written: "), "{error}");
        }
    }
}
