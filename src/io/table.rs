//! A table on its way in: text cells with row numbers, and geometry on WGS 84 where the format has one.

use super::raster::crs_of_definition;
use super::{TableSource, csv_table, ogr_table};
use crate::grid::Crs;
use crate::problem::{Problem, Problems, did_you_mean};
use geo::Geometry;
use std::path::Path;

/// Rows of text, stored compactly: a million rows of ten columns take about 200 MB.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The file, as the study names it.
    pub file: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Whether numbers may have a decimal comma (tables separated by semicolons).
    pub decimal_comma: bool,
    /// The system that the study states for the coordinates; columns of coordinates are WGS 84 degrees without it.
    pub crs: Option<Crs>,
    text: String,
    ends: Vec<u32>,
    row_numbers: Vec<u32>,
    geometries: Vec<Option<Geometry<f64>>>,
}

impl Table {
    /// An empty table with columns.
    pub(super) fn new(file: &str, columns: Vec<String>) -> Self {
        Self { file: file.to_owned(), columns, ..Self::default() }
    }

    /// Adds a row: its number in the file, one text per column (empty is missing), and its geometry.
    pub(super) fn push<'a>(
        &mut self,
        number: usize,
        values: impl Iterator<Item = &'a str>,
        geometry: Option<Geometry<f64>>,
    ) -> Result<(), Problem> {
        for value in values {
            self.text.push_str(value.trim());
            let end = u32::try_from(self.text.len());
            self.ends.push(end.map_err(|_| Problem::error(&self.file, "holds more than 4 GB of text"))?);
        }
        debug_assert_eq!(self.ends.len(), (self.row_numbers.len() + 1) * self.columns.len());
        self.row_numbers.push(u32::try_from(number).unwrap_or(u32::MAX));
        self.geometries.push(geometry);
        Ok(())
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

    /// Geometry of a row, on WGS 84.
    pub fn geometry(&self, row: usize) -> Option<&Geometry<f64>> {
        self.geometries[row].as_ref()
    }
}

/// A family of formats that tables are read from.
pub struct Reader {
    /// Short name.
    pub id: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// File name extensions, lower case; `pg:` for a database.
    pub extensions: &'static [&'static str],
    /// Reads a table in the study's folder; what it assumes or drops goes to the problems as warnings.
    pub read: fn(&TableSource, &Path, &mut Problems) -> Result<Table, Problem>,
}

/// What tables are read from.
pub static READERS: &[Reader] = &[
    Reader {
        id: "csv",
        summary: "text table separated by comma, semicolon or tab",
        extensions: &["csv", "tsv", "txt"],
        read: csv_table::read,
    },
    Reader {
        id: "ogr",
        summary: "vector layer that GDAL reads, in any coordinate system",
        extensions: &["geojson", "json", "gpkg"],
        read: ogr_table::read,
    },
    Reader {
        id: "postgis",
        summary: "table of a PostgreSQL/PostGIS database: PG:dbname=… host=…|layername=…",
        extensions: &["pg:"],
        read: ogr_table::read,
    },
];

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
    if source.file(folder).is_some_and(|path| !path.exists()) {
        return Err(Problem::error(source.name(), "file does not exist"));
    }
    let kind = source.kind();
    READERS.iter().find(|reader| reader.extensions.contains(&kind.as_str())).ok_or_else(|| {
        let known: Vec<&str> = READERS.iter().flat_map(|r| r.extensions.iter().copied()).collect();
        let message = format!("has extension {kind:?}; known are {}", known.join(", "));
        Problem { suggestion: did_you_mean(&kind, known), ..Problem::error(source.name(), message) }
    })
}

/// The message about a coordinate reference system that nobody knows.
pub(super) fn unknown_crs(source: &TableSource, text: &str) -> Problem {
    Problem::error(source.name(), "is no coordinate reference system")
        .in_field("crs")
        .with_value(text)
        .suggest("write EPSG:9210, EPSG:4326 or the like")
}
