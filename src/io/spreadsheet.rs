//! Sheets of XLSX and ODS workbooks through GDAL: cells as text, rows numbered as the program numbers them.

use super::TableSource;
use super::ogr_table::{choose_layer, open};
use super::table::{Table, is_title};
use super::text::states_its_own;
use crate::problem::{Problem, Problems};
use gdal::config::set_thread_local_config_option;
use gdal::errors::GdalError;
use gdal::vector::{FieldValue, LayerAccess};
use std::path::Path;

/// GDAL is to leave headers and types to us: it guesses both from the first rows.
const AS_TEXT: [(&str, &str); 4] = [
    ("OGR_XLSX_HEADERS", "DISABLE"),
    ("OGR_XLSX_FIELD_TYPES", "STRING"),
    ("OGR_ODS_HEADERS", "DISABLE"),
    ("OGR_ODS_FIELD_TYPES", "STRING"),
];

/// What spreadsheets write into cells that they cannot compute.
const ERRORS: [&str; 7] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"];

/// Decimals from which a number was printed in full: it is written again as short as it is exact.
const FULL_DECIMALS: usize = 13;

/// Reads a sheet: the one that the study names, else the only one with cells. Its header is the first row with two cells or
/// more: a row with one is a title, and left out with a warning.
pub(super) fn read(source: &TableSource, folder: &Path, problems: &mut Problems) -> Result<Table, Problem> {
    let name = source.name();
    if let Some(label) = source.encoding() {
        return Err(states_its_own(name, label));
    }
    let fail = |error: GdalError| Problem::error(name, format!("cannot be read: {error}"));
    for (option, value) in AS_TEXT {
        set_thread_local_config_option(option, value).map_err(fail)?;
    }
    let dataset = open(&source.path(folder), &[]).map_err(fail)?;
    let mut sheet = choose_layer(&dataset, source)?;
    let columns = sheet.defn().fields().count();
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for (index, feature) in sheet.features().enumerate() {
        let number = feature.fid().and_then(|fid| usize::try_from(fid).ok()).unwrap_or(index + 1);
        let cell = |column| feature.field(column).map(|value| value.map_or(String::new(), cell_text));
        rows.push((number, (0..columns).map(cell).collect::<Result<_, _>>().map_err(fail)?));
    }

    let filled = |cells: &[String]| cells.iter().filter(|text| !text.trim().is_empty()).count();
    let first = |least| rows.iter().position(|(_, cells)| filled(cells) >= least);
    let Some(header) = first(2).or_else(|| first(1)) else {
        return Err(Problem::error(name, "is empty; a header row and rows are needed"));
    };
    for (number, cells) in rows[..header].iter().filter(|(_, cells)| filled(cells) > 0) {
        problems.push(is_title(name, *number, cells.iter().map(String::as_str)));
    }
    let titles: Vec<String> = rows[header].1.iter().map(|title| title.replace(['\n', '\r'], " ")).collect();
    let mut table = Table::new(source, titles.iter().map(String::as_str), rows[header].0)?;
    for (number, cells) in rows.iter().skip(header + 1).filter(|(_, cells)| filled(cells) > 0) {
        let mut usable = Vec::with_capacity(columns);
        for (title, text) in titles.iter().zip(cells) {
            let is_error = ERRORS.contains(&text.trim());
            if is_error {
                let problem = Problem::error(name, "is an error of the spreadsheet; mend or empty the cell");
                problems.push(problem.at_row(*number).in_field(title.trim()).with_value(text));
            }
            usable.push(if is_error { "" } else { text.as_str() });
        }
        table.push(*number, usable.into_iter(), None)?;
    }
    Ok(table.finished(problems))
}

/// Text of a cell: dates as YYYY-MM-DD without their time, numbers without digits that only binary fractions have.
fn cell_text(value: FieldValue) -> String {
    let FieldValue::StringValue(text) = value else { return String::new() };
    let bytes = text.as_bytes();
    let is_digit = |i: &usize| bytes[*i].is_ascii_digit();
    let is_date = |mark: u8| {
        bytes.len() >= 10 && bytes[4] == mark && bytes[7] == mark && [0, 1, 2, 3, 5, 6, 8, 9].iter().all(is_digit)
    };
    if is_date(b'/') || (is_date(b'-') && bytes.get(10) == Some(&b'T')) {
        return text[..10].replace('/', "-");
    }
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    match text.parse::<f64>() {
        Ok(number) if decimals >= FULL_DECIMALS => number.to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_a_person_sees_them() {
        for (cell, seen) in [
            ("106.2654299999999949", "106.26543"),
            ("22.5000000000000000", "22.5"),
            ("2026/01/01", "2026-01-01"),
            ("2026/01/01 12:30:00", "2026-01-01"),
            ("2026-01-01T12:30:00", "2026-01-01"),
            ("2026-01-01", "2026-01-01"),
            ("1.234", "1.234"),
            ("Bản Đông/2", "Bản Đông/2"),
        ] {
            assert_eq!(cell_text(FieldValue::StringValue(cell.into())), seen);
        }
    }
}
