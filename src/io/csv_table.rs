//! Tables as text: separated by comma, semicolon or tab, UTF-8 with or without a byte order mark.

use super::TableSource;
use super::table::Table;
use super::text::decode;
use crate::problem::{Problem, Problems};
use std::path::Path;

/// Reads a text table. The separator is the one of comma, semicolon and tab that the header has most often.
pub(super) fn read(source: &TableSource, folder: &Path, problems: &mut Problems) -> Result<Table, Problem> {
    let name = source.name();
    let bytes = std::fs::read(source.path(folder)).map_err(|e| Problem::error(name, format!("cannot be read: {e}")))?;
    let text = decode(bytes, source)?;
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| header.matches(separator).count();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|&s| (count(s), s == ',')).unwrap_or(',');

    let mut reader = csv::ReaderBuilder::new().delimiter(separator as u8).flexible(true).from_reader(text.as_bytes());
    let csv_problem = |error: csv::Error| {
        let row = error.position().map_or(1, |p| p.line() as usize);
        Problem::error(name, format!("is not a well-formed table: {error}")).at_row(row)
    };
    let first = reader.headers().map_err(csv_problem)?.clone();
    let headless = is_headless_opencellid(&first);
    let columns: Vec<String> =
        if headless { OPENCELLID.map(str::to_owned).into() } else { first.iter().map(str::to_owned).collect() };
    if columns.iter().all(|c| c.trim().is_empty()) {
        return Err(Problem::error(name, "is empty; a header line and rows are needed"));
    }
    for (i, column) in columns.iter().enumerate() {
        if !column.trim().is_empty() && columns[..i].iter().any(|c| c.trim().eq_ignore_ascii_case(column.trim())) {
            return Err(Problem::error(name, "column stands twice in the header").at_row(1).in_field(column.trim()));
        }
    }
    let mut table = Table::new(name, columns);
    table.decimal_comma = separator == ';';
    if headless {
        let row = first.position().map_or(1, |p| p.line() as usize);
        problems.push(Problem::warning(name, "has no header; it was read as OpenCelliD's official table").at_row(row));
        table.push(row, first.iter(), None)?;
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(csv_problem)? {
        let line = record.position().map_or(0, |p| p.line() as usize);
        if record.len() != table.columns.len() {
            let message = format!("has {} value(s), the header has {}", record.len(), table.columns.len());
            return Err(Problem::error(name, message).at_row(line).suggest("quote values that hold the separator"));
        }
        table.push(line, record.iter(), None)?;
    }
    Ok(table)
}

/// Columns of OpenCelliD's downloads, whose parts by country come without a header.
const OPENCELLID: [&str; 14] = [
    "radio",
    "mcc",
    "net",
    "area",
    "cell",
    "unit",
    "lon",
    "lat",
    "range",
    "samples",
    "changeable",
    "created",
    "updated",
    "averageSignal",
];

/// Whether a first line is no header but a row of OpenCelliD: a radio, and numbers in all other places that are not empty.
fn is_headless_opencellid(first: &csv::StringRecord) -> bool {
    let is_number = |text: &str| text.trim().is_empty() || text.trim().parse::<f64>().is_ok();
    let radio = first.get(0).unwrap_or_default().trim();
    first.len() == OPENCELLID.len()
        && ["GSM", "CDMA", "UMTS", "LTE", "NR"].contains(&radio)
        && first.iter().skip(1).all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Result<Table, Problem> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.csv"), bytes).unwrap();
        read(&"t.csv".into(), folder.path(), &mut Problems::default())
    }

    #[test]
    fn separators_and_byte_order_mark_are_recognised() {
        let table = parse("\u{feff}id;name;lat\nv1;Xóm Nà Lủng, trên;22,5\n".as_bytes()).unwrap();
        assert_eq!(table.columns, ["id", "name", "lat"]);
        assert_eq!(table.value(0, 1), Some("Xóm Nà Lủng, trên"));
        assert!(table.decimal_comma);
        assert_eq!(table.row_number(0), 2);
        let table = parse(b"id,name\nv1,\"a, b\"\nv2,\n").unwrap();
        assert_eq!((table.len(), table.value(0, 1), table.value(1, 1)), (2, Some("a, b"), None));
    }

    #[test]
    fn opencellid_without_a_header_is_recognised() {
        let row = "GSM,452,1,117,11201,0,106.1,22.5,1000,7,1,1369925573,1443966345,0\n";
        let table = parse(row.repeat(2).as_bytes()).unwrap();
        assert_eq!((table.len(), table.row_number(0), table.row_number(1)), (2, 1, 2));
        assert_eq!((table.columns[4].as_str(), table.value(0, 4)), ("cell", Some("11201")));
        assert_eq!(parse(row.replace("117", "x").repeat(2).as_bytes()).unwrap_err().field.as_deref(), Some("1"));
    }

    #[test]
    fn faults_name_the_line() {
        assert_eq!(parse(b"id,name\nv1,a\nv2\n").unwrap_err().row, Some(3));
        assert_eq!(parse(b"id,name\nv1,\xff\n").unwrap_err().row, Some(2));
        assert!(parse(b"").unwrap_err().message.contains("empty"));
        assert_eq!(parse(b"id,ID\n1,2\n").unwrap_err().field.as_deref(), Some("ID"));
    }
}
