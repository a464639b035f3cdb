//! A table on its way in: text cells with row numbers, and geometry on WGS 84 where the format has one.

use super::crs::crs_of_definition;
use super::hashing::sha256_of_parts;
use super::regular::refuse_endless;
use super::{TableSource, csv_table, ogr_table, spreadsheet};
use crate::grid::Crs;
use crate::problem::{Kind, Problem, Problems, did_you_mean};
use gdal::DriverManager;
use geo::{Coord, CoordsIter, Geometry};
use std::collections::HashSet;
use std::path::Path;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Rows of text, stored compactly: a million rows of ten columns take about 150 MB.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The file, as messages name it.
    pub file: String,
    /// Names of the columns; a column without a name is left out.
    pub columns: Vec<String>,
    /// Whether numbers may have a decimal comma (tables separated by semicolons).
    pub decimal_comma: bool,
    /// The system that the study states for the coordinates; columns of coordinates are WGS 84 degrees without it.
    pub crs: Option<Crs>,
    /// Name of the system of its geometry, where it has one.
    pub geometry_crs: Option<String>,
    /// For every column of the file, whether it has a name.
    named: Vec<bool>,
    /// For every column of the file, how many values it has that are left out with it.
    left_out: Vec<usize>,
    text: String,
    ends: Vec<u32>,
    row_numbers: Vec<u32>,
    /// Empty while no row has one.
    geometries: Vec<Option<Geometry<f64>>>,
}

impl Table {
    /// An empty table with the columns of a header that stands in a row of the file.
    pub(super) fn new<'a>(
        source: &TableSource,
        header: impl Iterator<Item = &'a str>,
        row: usize,
    ) -> Result<Self, Problem> {
        let mut table = Self { file: source.name().to_owned(), ..Self::default() };
        let mut seen = HashSet::new();
        for column in header {
            let column: String = column.trim().nfc().collect();
            if !column.is_empty() && !seen.insert(column.to_lowercase()) {
                let problem = Problem::error(&table.file, "column stands twice in the header");
                return Err(problem.at_row(row).in_field(column));
            }
            table.named.push(!column.is_empty());
            table.columns.extend(Some(column).filter(|c| !c.is_empty()));
        }
        table.left_out = vec![0; table.named.len()];
        Ok(table)
    }

    /// Number of columns of the file, those without a name included.
    pub(super) fn width(&self) -> usize {
        self.named.len()
    }

    /// Adds a row: its number in the file, one text per column of the file (empty is missing), and its geometry. Text is
    /// brought to Unicode's composed form (NFC), so that names compare equal whoever typed them.
    pub(super) fn push<'a>(
        &mut self,
        number: usize,
        values: impl Iterator<Item = &'a str>,
        geometry: Option<Geometry<f64>>,
    ) -> Result<(), Problem> {
        for (column, value) in values.map(str::trim).enumerate() {
            if !self.named[column] {
                self.left_out[column] += usize::from(!value.is_empty());
                continue;
            }
            if value.is_ascii() || is_nfc_quick(value.chars()) == IsNormalized::Yes {
                self.text.push_str(value);
            } else {
                self.text.extend(value.nfc());
            }
            let end = u32::try_from(self.text.len());
            self.ends.push(end.map_err(|_| Problem::error(&self.file, "holds more than 4 GB of text"))?);
        }
        if geometry.is_some() || !self.geometries.is_empty() {
            self.geometries.resize(self.row_numbers.len(), None);
            self.geometries.push(geometry);
        }
        self.row_numbers.push(u32::try_from(number).unwrap_or(u32::MAX));
        debug_assert_eq!(self.ends.len(), self.row_numbers.len() * self.columns.len());
        Ok(())
    }

    /// The table when all rows are in; values that were left out are a warning.
    pub(super) fn finished(self, problems: &mut Problems) -> Self {
        for (column, &count) in self.left_out.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let message = format!("column {} has no name; its {count} value(s) are not used", column + 1);
            problems.push(Problem::warning(&self.file, message));
        }
        self
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.row_numbers.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.row_numbers.is_empty()
    }

    /// Number of a row in the file: the line of a CSV table (its header is 1), the number of a feature from 1.
    pub fn row_number(&self, row: usize) -> usize {
        self.row_numbers[row] as usize
    }

    /// Text of a cell without surrounding blanks; `None` when empty.
    pub fn value(&self, row: usize, column: usize) -> Option<&str> {
        let cell = row * self.columns.len() + column;
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] as usize };
        let text = &self.text[start..self.ends[cell] as usize];
        (!text.is_empty()).then_some(text)
    }

    /// SHA-256 of all that was read: what identifies a table that is no file.
    pub fn sha256(&self) -> String {
        let columns = self.columns.iter().map(|column| [column.as_bytes(), &[0]].concat());
        let ends = self.ends.iter().map(|end| end.to_le_bytes().to_vec());
        let geometries = self.geometries.iter().enumerate().flat_map(|(row, geometry)| {
            let place =
                move |c: Coord<f64>| [(row as u64).to_le_bytes(), c.x.to_le_bytes(), c.y.to_le_bytes()].concat();
            geometry.iter().flat_map(CoordsIter::coords_iter).map(place)
        });
        sha256_of_parts(columns.chain([self.text.clone().into_bytes()]).chain(ends).chain(geometries))
    }

    /// Geometry of a row, on WGS 84.
    pub fn geometry(&self, row: usize) -> Option<&Geometry<f64>> {
        self.geometries.get(row)?.as_ref()
    }
}

/// The warning about a row above the header that is no header: a title.
pub(super) fn is_title<'a>(file: &str, row: usize, mut values: impl Iterator<Item = &'a str>) -> Problem {
    let title = values.find(|value| !value.trim().is_empty()).unwrap_or_default().trim();
    let message = "stands alone above the header and was left out as a title";
    Problem::warning(file, message).at_row(row).with_value(title).of_kind(Kind::Dropped, 1)
}

/// A format that tables are read from.
pub struct Reader {
    /// Short name.
    pub id: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// File name extensions, lower case; `pg:` for a database.
    pub extensions: &'static [&'static str],
    /// Drivers of GDAL of which one is needed; none for formats that are read without GDAL.
    pub drivers: &'static [&'static str],
    /// Reads a table in the study's folder; what it assumes or drops goes to the problems as warnings.
    pub read: fn(&TableSource, &Path, &mut Problems) -> Result<Table, Problem>,
}

impl Reader {
    /// Whether the GDAL of this machine has a driver for it.
    pub fn is_available(&self) -> bool {
        self.drivers.is_empty() || self.drivers.iter().any(|name| DriverManager::get_driver_by_name(name).is_ok())
    }
}

/// What tables are read from.
pub static READERS: &[Reader] = &[
    Reader {
        id: "csv",
        summary: "text separated by comma, semicolon or tab; UTF-8, UTF-16, Windows-1258",
        extensions: &["csv", "tsv", "txt"],
        drivers: &[],
        read: csv_table::read,
    },
    Reader {
        id: "spreadsheet",
        summary: "sheet of an Excel or LibreOffice workbook",
        extensions: &["xlsx", "ods"],
        drivers: &["XLSX", "ODS"],
        read: spreadsheet::read,
    },
    ogr("geojson", "GeoJSON", &["geojson", "json"], &["GeoJSON"]),
    ogr("geopackage", "GeoPackage", &["gpkg"], &["GPKG"]),
    ogr("shapefile", "shapefile, also zipped", &["shp", "zip"], &["ESRI Shapefile"]),
    ogr("flatgeobuf", "FlatGeobuf", &["fgb"], &["FlatGeobuf"]),
    ogr("kml", "KML and KMZ", &["kml", "kmz"], &["LIBKML", "KML"]),
    ogr("gml", "Geography Markup Language", &["gml"], &["GML"]),
    ogr("postgis", "PostgreSQL/PostGIS: \"PG:dbname=… host=…|layername=…\"", &["pg:"], &["PostgreSQL"]),
];

/// A format that GDAL reads.
const fn ogr(
    id: &'static str,
    summary: &'static str,
    extensions: &'static [&'static str],
    drivers: &'static [&'static str],
) -> Reader {
    Reader { id, summary, extensions, drivers, read: ogr_table::read }
}

/// Reads a table that a study in `folder` names. What is wrong with it as a whole, and what was assumed, goes to
/// `problems`; `None` when it cannot be read.
pub fn read_table(source: &TableSource, folder: &Path, problems: &mut Problems) -> Option<Table> {
    let read = reader_of(source, folder).and_then(|reader| {
        let mut table = (reader.read)(source, folder, problems)?;
        table.crs =
            source.crs().map(|text| crs_of_definition(text).map_err(|_| unknown_crs(source, text))).transpose()?;
        Ok(table)
    });
    read.map_err(|problem| problems.push(problem)).ok()
}

fn reader_of(source: &TableSource, folder: &Path) -> Result<&'static Reader, Problem> {
    if let Some(path) = source.file(folder) {
        if !path.exists() {
            return Err(Problem::error(source.name(), "file does not exist"));
        }
        refuse_endless(&path, source.name())?;
    }
    let kind = source.kind();
    let reader = READERS.iter().find(|reader| reader.extensions.contains(&kind.as_str())).ok_or_else(|| {
        let known: Vec<&str> = READERS.iter().flat_map(|r| r.extensions.iter().copied()).collect();
        let message = format!("has extension {kind:?}; known are {}", known.join(", "));
        Problem { suggestion: did_you_mean(&kind, known), ..Problem::error(source.name(), message) }
    })?;
    if reader.is_available() {
        return Ok(reader);
    }
    let message = format!("cannot be read: the GDAL of this machine has no driver {}", reader.drivers.join(" or "));
    Err(Problem::error(source.name(), message).suggest("on Debian: apt-get install libgdal-dev gdal-plugins"))
}

/// The message about a coordinate reference system that nobody knows.
pub(super) fn unknown_crs(source: &TableSource, text: &str) -> Problem {
    Problem::error(source.name(), "is no coordinate reference system")
        .in_field("crs")
        .with_value(text)
        .suggest("write EPSG:9210, EPSG:4326 or the like")
}
