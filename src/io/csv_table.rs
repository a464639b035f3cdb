//! Tables as text, separated by comma, semicolon or tab, as people's spreadsheets save them.

use super::TableSource;
use super::table::Table;
use super::text::decode;
use crate::problem::{Problem, Problems};
use std::path::Path;

/// Reads a text table from a file.
pub(super) fn read(source: &TableSource, folder: &Path, problems: &mut Problems) -> Result<Table, Problem> {
    let bytes = std::fs::read(source.path(folder))
        .map_err(|e| Problem::error(source.name(), format!("cannot be read: {e}")))?;
    parse(bytes, source, problems)
}

/// Reads the bytes of a text table. The separator is the one that a first line `sep=;` names, else the one of comma, semicolon and tab
/// that the header has most often. Rows without a value are no rows; a row with too many or too few values is reported
/// and left out. A line ends with LF, CR LF or CR.
///
/// # Errors
/// What keeps the table from being read, with its line.
pub fn parse(bytes: Vec<u8>, source: &TableSource, problems: &mut Problems) -> Result<Table, Problem> {
    let name = source.name();
    if let Some(layer) = source.layer() {
        return Err(Problem::error(name, format!("is a text table and has no layer {layer:?}")).in_field("layer"));
    }
    let mut text = decode(bytes, source, problems)?;
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    let (separator, start) = match named_separator(&text) {
        Some(named) => named,
        None => (most_frequent_separator(&text), 0),
    };
    let body = &text.as_bytes()[start..];
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(body);
    let csv_problem = |error: csv::Error| Problem::error(name, format!("is not a well-formed table: {error}"));
    let first_line = if start == 0 { 0 } else { 1 };
    // The position of a record is where the one before ended: blank lines may follow.
    let line_of = |record: &csv::StringRecord| {
        let Some(position) = record.position() else { return 0 };
        let blank = body[position.byte() as usize..].iter().take_while(|b| matches!(b, b'\n' | b'\r'));
        first_line + position.line() as usize + blank.filter(|&&b| b == b'\n').count()
    };
    let is_blank = |record: &csv::StringRecord| record.iter().all(|value| value.trim().is_empty());

    let mut record = csv::StringRecord::new();
    let header = loop {
        if !reader.read_record(&mut record).map_err(csv_problem)? {
            return Err(Problem::error(name, "is empty; a header line and rows are needed"));
        }
        if !is_blank(&record) {
            break std::mem::take(&mut record);
        }
    };
    let headless = is_headless_opencellid(&header);
    let columns: Vec<&str> = if headless { OPENCELLID.into() } else { header.iter().collect() };
    let mut table = Table::new(source, columns.into_iter(), line_of(&header))?;
    table.decimal_comma = separator == b';';
    if headless {
        let row = line_of(&header);
        problems.push(Problem::warning(name, "has no header; it was read as OpenCelliD's official table").at_row(row));
        table.push(row, header.iter(), None)?;
    }
    let (mut last_start, mut last_line) = (0, 1);
    while reader.read_record(&mut record).map_err(csv_problem)? {
        if is_blank(&record) {
            continue;
        }
        last_start = record.position().map_or(0, |p| p.byte() as usize);
        last_line = line_of(&record);
        let columns = table.width();
        let is_complete = record.len() >= columns && record.iter().skip(columns).all(|value| value.trim().is_empty());
        if is_complete {
            table.push(line_of(&record), record.iter().take(columns), None)?;
        } else {
            let message = format!("has {} value(s), the header has {columns}", record.len());
            let problem = Problem::error(name, message).at_row(line_of(&record));
            problems.push(problem.suggest("quote values that hold the separator"));
        }
    }
    if has_open_quote(&body[last_start..], separator) {
        let message = "a quotation mark is not closed; the rows after it were taken for one value";
        problems.push(Problem::error(name, message).at_row(last_line));
    }
    Ok(table.finished(problems))
}

/// Whether a quoted value of the last record runs on to the end of the text.
fn has_open_quote(last_record: &[u8], separator: u8) -> bool {
    let mut before = separator;
    let quoted = last_record.iter().any(|&b| {
        let opens = b == b'"' && (before == separator || before == b'\n');
        before = b;
        opens
    });
    quoted && !last_record.iter().filter(|&&b| b == b'"').count().is_multiple_of(2)
}

/// The separator that Excel's first line `sep=;` names, and where the table begins.
fn named_separator(text: &str) -> Option<(u8, usize)> {
    let line = text.lines().next()?;
    let separator = line.trim().trim_matches('"').strip_prefix("sep=")?;
    let end = text.find('\n').map_or(text.len(), |i| i + 1);
    match separator.as_bytes() {
        [separator] => Some((*separator, end)),
        _ => None,
    }
}

/// Of comma, semicolon and tab the one that the header has most often outside quotes; a comma where it has none.
fn most_frequent_separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside_quotes = || header.split('"').step_by(2).flat_map(str::bytes);
    let count = |separator: u8| outside_quotes().filter(|&b| b == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
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

    fn parse(bytes: &[u8]) -> (Result<Table, Problem>, Problems) {
        let mut problems = Problems::default();
        (super::parse(bytes.to_vec(), &"t.csv".into(), &mut problems), problems)
    }

    fn rows(table: &Table) -> Vec<(usize, Vec<&str>)> {
        let values = |row| (0..table.columns.len()).map(|c| table.value(row, c).unwrap_or_default()).collect();
        (0..table.len()).map(|row| (table.row_number(row), values(row))).collect()
    }

    #[test]
    fn an_open_quote_in_the_last_column_swallows_no_rows_unseen() {
        let read = |text: &str| {
            let (table, problems) = parse(text.as_bytes());
            (table.unwrap().len(), problems.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let (rows, problems) = read("id,name\nv1,a\nv2,\"Ban Tay\nv3,c\nv4,d\n");
        assert_eq!(rows, 2);
        assert!(problems[0].contains("row 3: a quotation mark is not closed"), "{problems:?}");
        for sound in ["id,name\nv1,\"two\nlines\"\n", "id,name\nv1,5\" pipe\n", "id,name\nv1,\"a \"\"b\"\"\"\n"] {
            assert_eq!(read(sound).1, Vec::<String>::new(), "{sound}");
        }
    }

    #[test]
    fn separators_and_byte_order_mark_are_recognised() {
        let table = parse("\u{feff}id;name;lat\nv1;Xóm Nà Lủng, trên;22,5\n".as_bytes()).0.unwrap();
        assert_eq!(table.columns, ["id", "name", "lat"]);
        assert_eq!(rows(&table), [(2, vec!["v1", "Xóm Nà Lủng, trên", "22,5"])]);
        assert!(table.decimal_comma);
        let table = parse(b"id,\"a;b;c\"\nv1,\"a, b\"\nv2,\n").0.unwrap();
        assert_eq!(rows(&table), [(2, vec!["v1", "a, b"]), (3, vec!["v2", ""])]);
        assert_eq!(parse(b"id\tname\nv1\ta, b\n").0.unwrap().columns, ["id", "name"]);
    }

    #[test]
    fn rows_keep_the_lines_of_the_file() {
        let lines = ["", "id;name;;", "v1;a;;", "", ";;;", "v2;\"two", "lines\";;", "", "v3;c", "v4;d;", ""];
        for end in ["\n", "\r\n", "\r"] {
            for (start, shift) in [("", 0), ("sep=;\n", 1), ("\u{feff}\"sep=;\"\n", 1)] {
                let text = format!("{}{}", start.replace('\n', end), lines.join(end));
                let (table, problems) = parse(text.as_bytes());
                let table = table.unwrap();
                let found = rows(&table);
                assert_eq!(table.columns, ["id", "name"], "{text:?}");
                let numbers: Vec<(usize, &str)> = found.iter().map(|(row, values)| (*row - shift, values[0])).collect();
                assert_eq!(numbers, [(3, "v1"), (6, "v2")], "{text:?}");
                // a short row is none that can be trusted
                let short: Vec<_> = problems.iter().map(|p| p.row.unwrap() - shift).collect();
                assert_eq!(short, [9, 10], "{problems}");
            }
        }
    }

    #[test]
    fn opencellid_without_a_header_is_recognised() {
        let row = "GSM,452,1,117,11201,0,106.1,22.5,1000,7,1,1369925573,1443966345,0\n";
        let table = parse(row.repeat(2).as_bytes()).0.unwrap();
        assert_eq!((table.len(), table.row_number(0), table.row_number(1)), (2, 1, 2));
        assert_eq!((table.columns[4].as_str(), table.value(0, 4)), ("cell", Some("11201")));
        let other = parse(row.replace("117", "x").repeat(2).as_bytes()).0.unwrap_err();
        assert_eq!(other.field.as_deref(), Some("1"));
    }

    #[test]
    fn faults_name_the_line() {
        let (table, problems) = parse(b"id,name\nv1,a\nv2\nv3,c,d\nv4,e,\n");
        assert_eq!(rows(&table.unwrap()).iter().map(|r| r.0).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(problems.iter().map(|p| p.row).collect::<Vec<_>>(), [Some(3), Some(4)]);
        assert!(parse(b"").0.unwrap_err().message.contains("empty"));
        assert!(parse(b"\n\n;;\n").0.unwrap_err().message.contains("empty"));
        let twice = parse(b"\nid,ID\n1,2\n").0.unwrap_err();
        assert_eq!((twice.row, twice.field.as_deref()), (Some(2), Some("ID")));
        let (table, problems) = parse(b"id,,\nv1,x,\n");
        assert_eq!(table.unwrap().columns, ["id"]);
        assert!(problems.to_string().contains("column 2 has no name; its 1 value(s) are not used"), "{problems}");
    }
}
