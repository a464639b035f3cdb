//! Layers as an Excel workbook: a sheet a layer, a frozen header that filters, numbers as numbers.
//!
//! Point layers get columns `lon` and `lat` in front; other geometries are left out. Unknown values are empty cells. Texts are
//! stored as texts, which Excel never runs as formulas. The workbook's date is the one given, so that the same layers give the same bytes.

use super::writer::{WriteCause, WriteError, writing};
use super::{FieldType, GeometryType, Layer, Value};
use geo::Geometry;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Longest name of a sheet that Excel takes.
const LONGEST_NAME: usize = 31;

/// Whole numbers up to this are exact in a cell; larger ones are written as texts.
const EXACT: u64 = 1 << 53;

/// Writes a workbook.
pub(super) fn write(layers: &[Layer], path: &Path, date: &str) -> Result<(), WriteError> {
    writing(path, || {
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::parse_from_str(date).map_err(excel)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        for layer in layers {
            let sheet = workbook.add_worksheet();
            sheet.set_name(layer.name.chars().take(LONGEST_NAME).collect::<String>()).map_err(excel)?;
            write_sheet(layer, sheet)?;
        }
        workbook.save(path).map_err(excel)
    })
}

fn excel(error: XlsxError) -> WriteCause {
    match error {
        XlsxError::IoError(error) => WriteCause::Io(error),
        error => WriteCause::Content(error.to_string()),
    }
}

fn write_sheet(layer: &Layer, sheet: &mut Worksheet) -> Result<(), WriteCause> {
    let has_position = layer.geometry == GeometryType::Point && !layer.features.is_empty();
    let first = if has_position { 2 } else { 0 };
    let header = Format::new().set_bold().set_align(FormatAlign::VerticalCenter);
    let formats: Vec<Format> = layer.fields.iter().map(|field| number_format(field.kind)).collect();
    let degrees = number_format(FieldType::Real { decimals: 6 });
    for (column, name) in
        ["lon", "lat"].iter().take(first).copied().chain(layer.fields.iter().map(|f| f.name)).enumerate()
    {
        sheet.write_string_with_format(0, column as u16, name, &header).map_err(excel)?;
    }
    for (row, feature) in layer.features.iter().enumerate() {
        let row = row as u32 + 1;
        if has_position {
            let Geometry::Point(point) = &feature.geometry else {
                return Err(WriteCause::Content(format!("layer {} holds something else than points", layer.name)));
            };
            sheet.write_number_with_format(row, 0, point.x(), &degrees).map_err(excel)?;
            sheet.write_number_with_format(row, 1, point.y(), &degrees).map_err(excel)?;
        }
        for (column, (value, format)) in feature.values.iter().zip(&formats).enumerate() {
            let column = (first + column) as u16;
            match value {
                Value::Null => continue,
                Value::Text(text) => sheet.write_string(row, column, text),
                Value::Integer(number) if number.unsigned_abs() > EXACT => {
                    sheet.write_string(row, column, number.to_string())
                }
                Value::Integer(number) => sheet.write_number(row, column, *number as f64),
                Value::Real(number) => sheet.write_number_with_format(row, column, *number, format),
                Value::Boolean(yes) => sheet.write_string(row, column, if *yes { "yes" } else { "no" }),
            }
            .map_err(excel)?;
        }
    }
    let columns = (first + layer.fields.len()) as u16;
    if columns > 0 {
        sheet.autofilter(0, 0, layer.features.len() as u32, columns - 1).map_err(excel)?;
        sheet.set_freeze_panes(1, 0).map_err(excel)?;
        sheet.autofit();
    }
    Ok(())
}

/// Decimals as the field states them, thousands apart from them where there are few.
fn number_format(kind: FieldType) -> Format {
    match kind {
        FieldType::Real { decimals: 0 } => Format::new().set_num_format("#,##0"),
        FieldType::Real { decimals } if decimals > 3 => {
            Format::new().set_num_format(format!("0.{}", "0".repeat(decimals)))
        }
        FieldType::Real { decimals } => Format::new().set_num_format(format!("#,##0.{}", "0".repeat(decimals))),
        FieldType::Text | FieldType::Integer | FieldType::Boolean => Format::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::writer::tests::layers;
    use crate::io::{TableSource, read_table};
    use crate::problem::Problems;

    #[test]
    fn a_workbook_can_be_read_back_and_repeats_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a.xlsx"), folder.path().join("b.xlsx"));
        write(&layers(), &a, "2026-01-01").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1100));
        write(&layers(), &b, "2026-01-01").unwrap();
        assert!(std::fs::read(&a).unwrap() == std::fs::read(&b).unwrap());
        let mut problems = Problems::default();
        let source = TableSource::new(&format!("a.xlsx|layername={}", layers()[0].name));
        let table = read_table(&source, folder.path(), &mut problems).unwrap();
        let columns = ["lon", "lat", "id", "name", "people"].iter().enumerate();
        let row = |row: usize| columns.clone().map(|(column, _)| table.value(row, column)).collect::<Vec<_>>();
        assert_eq!(row(0)[..3], [Some("106.123456789"), Some("22.5"), Some("V1")]);
        assert_eq!(row(1)[2..], [Some("V2"), Some("=cmd()"), None], "a text, no formula");
    }
}
