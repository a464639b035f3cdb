//! Layers as text tables: UTF-8 without a byte order mark, commas, one header line, `\n` line ends.
//!
//! Point layers get columns `lon` and `lat` (six decimals, about 0.1 m) behind their leading texts; other geometries are
//! left out. Unknown values are empty. Numbers have a decimal point and the decimals of their field.
//!
//! Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula. Such a *text*
//! is written with an apostrophe before it, which they show as text; so that nothing is ambiguous, a text that begins
//! with apostrophes followed by one of these gets one more. Taking one apostrophe away gives the text back. Numbers are
//! never changed.

use super::writer::{WriteCause, WriteError, writing};
use super::{FieldType, GeometryType, Layer, Value};
use geo::Geometry;
use std::path::Path;

/// Decimals of degrees.
const DEGREE_DECIMALS: usize = 6;

/// Writes one layer.
pub(super) fn write(layers: &[Layer], path: &Path, _date: &str) -> Result<(), WriteError> {
    writing(path, || {
        let file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let mut table = csv::Writer::from_writer(file);
        for layer in layers {
            write_layer(layer, &mut table)?;
        }
        table.flush()?;
        Ok(())
    })
}

fn write_layer(layer: &Layer, table: &mut csv::Writer<impl std::io::Write>) -> Result<(), WriteCause> {
    let has_position = layer.geometry == GeometryType::Point;
    let position_at = layer
        .fields
        .iter()
        .scan(false, |seen_text, field| {
            let is_text = field.kind == FieldType::Text;
            let still_leading = is_text || !*seen_text;
            *seen_text |= is_text;
            Some(still_leading)
        })
        .take_while(|&leading| leading)
        .count();
    let mut header: Vec<&str> = layer.fields.iter().map(|f| f.name).collect();
    if has_position {
        header.splice(position_at..position_at, ["lon", "lat"]);
    }
    table.write_record(&header)?;
    for feature in &layer.features {
        let mut record: Vec<String> =
            layer.fields.iter().zip(&feature.values).map(|(field, value)| cell(field.kind, value)).collect();
        if has_position {
            let Geometry::Point(point) = &feature.geometry else {
                return Err(WriteCause::Content(format!("layer {} holds something else than points", layer.name)));
            };
            let degrees = |v: f64| format!("{v:.DEGREE_DECIMALS$}");
            record.splice(position_at..position_at, [degrees(point.x()), degrees(point.y())]);
        }
        table.write_record(&record)?;
    }
    Ok(())
}

fn cell(kind: FieldType, value: &Value) -> String {
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::Text(text), _) => without_formula(text),
        (Value::Integer(number), _) => number.to_string(),
        (Value::Real(number), FieldType::Real { decimals }) => decimal(*number, decimals),
        (Value::Real(number), _) => number.to_string(),
        (Value::Boolean(yes), _) => if *yes { "yes" } else { "no" }.into(),
    }
}

/// A number with a fixed number of decimals, never "-0.0".
fn decimal(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let is_zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// A text as spreadsheets may have it: with an apostrophe before it where they would run it.
pub(crate) fn without_formula(text: &str) -> String {
    let runs = text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::writer::tests::layers;

    #[test]
    fn a_table_can_be_read_by_people_spreadsheets_and_scripts() {
        let file = tempfile::NamedTempFile::new().unwrap();
        write(&layers()[..1], file.path(), "2026-01-01").unwrap();
        assert_eq!(
            std::fs::read_to_string(file.path()).unwrap(),
            "id,name,lon,lat,people,level_dbm,is_gap\n\
             V1,\"Xóm \"\"Lũng, Mật\"\"\",106.123457,22.500000,9007199254740993,-101.3,yes\n\
             V2,'=cmd(),105.500000,-22.000000,,,no\n"
        );
    }

    #[test]
    fn texts_that_spreadsheets_would_run_are_quoted_and_can_be_restored() {
        for (text, written) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("'=1", "''=1"), ("'tis", "'tis"), ("a=1", "a=1")] {
            assert_eq!(without_formula(text), written);
        }
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(-0.06, 1), "-0.1");
    }
}
