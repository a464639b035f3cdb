//! Tables as text, separated by comma, semicolon or tab, as people's spreadsheets save them.

use super::TableSource;
use super::table::{Table, is_title};
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
/// that the header has most often. The header is the first row with two values or more; rows with one value above it are a
/// title, and left out with a warning. Rows without a value are no rows; a row with too many or too few values is reported
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
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(std::io::Cursor::new(body));
    let csv_problem = |error: csv::Error| Problem::error(name, format!("is not a well-formed table: {error}"));
    let first_line = if start == 0 { 0 } else { 1 };
    // The position of a record is where the one before ended: blank lines may follow.
    let line_of = |record: &csv::StringRecord| {
        let Some(position) = record.position() else { return 0 };
        let blank = body[position.byte() as usize..].iter().take_while(|b| matches!(b, b'\n' | b'\r'));
        first_line + position.line() as usize + blank.filter(|&&b| b == b'\n').count()
    };
    let mut titles = count_titles(&mut reader).map_err(csv_problem)?;
    let mut record = csv::StringRecord::new();
    let header = loop {
        if !reader.read_record(&mut record).map_err(csv_problem)? {
            return Err(Problem::error(name, "is empty; a header line and rows are needed"));
        }
        match filled(&record) {
            0 => {}
            _ if titles > 0 => {
                problems.push(is_title(name, line_of(&record), record.iter()));
                titles -= 1;
            }
            _ => break std::mem::take(&mut record),
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
        if filled(&record) == 0 {
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

/// Number of a record's values that are not blank.
fn filled(record: &csv::StringRecord) -> usize {
    record.iter().filter(|value| !value.trim().is_empty()).count()
}

/// A header is looked for in so many rows and lines that are not blank.
const MOST_TITLES: usize = 20;

/// Number of rows with one value above the first row with more; 0 where none has more, as in a table with one column. The reader
/// goes back to where it was.
fn count_titles(reader: &mut csv::Reader<impl std::io::Read + std::io::Seek>) -> csv::Result<usize> {
    let start = reader.position().clone();
    let mut record = csv::StringRecord::new();
    let (mut titles, mut header) = (0, false);
    while titles <= MOST_TITLES && !header && reader.read_record(&mut record)? {
        match filled(&record) {
            0 => {}
            1 => titles += 1,
            _ => header = true,
        }
    }
    reader.seek(start)?;
    Ok(if header { titles } else { 0 })
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
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(MOST_TITLES + 1).map(outside_quotes);
    let best = |line: &str| {
        let count = |separator: char| line.matches(separator).count();
        ['\t', ';', ','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(',')
    };
    let is_header = |line: &String| line.split(best(line)).filter(|value| !value.trim().is_empty()).count() > 1;
    let header = lines().find(is_header).or_else(|| lines().next());
    header.map_or(b',', |line| best(&line) as u8)
}

/// A line with a letter for each quoted part.
fn outside_quotes(line: &str) -> String {
    line.split('"').enumerate().map(|(i, part)| if i % 2 == 0 { part } else { "x" }).collect()
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
    fn titles_above_the_header_are_left_out_with_a_word() {
        let title = "DANH SÁCH TRẠM BTS, TỈNH CAO BẰNG";
        for text in [
            format!("{title};;\n;;\nid;name;lat\nv1;A, B;22,5\n"),
            format!("\"{title}\"\n\nid;name;lat\nv1;A, B;22,5\n"),
            format!("sep=;\n{title}\nid;name;lat\nv1;A, B;22,5\n"),
            format!("\"{title}\"\t\t\n\nid\tname\tlat\nv1\tA, B\t22,5\n"),
        ] {
            let (table, problems) = parse(text.as_bytes());
            let table = table.unwrap();
            assert_eq!(rows(&table).last().unwrap().1, ["v1", "A, B", "22,5"], "{text}");
            let row = if text.starts_with("sep") { 2 } else { 1 };
            let expected = format!(
                "warning: t.csv, row {row} = {title:?}: stands alone above the header and was left out as a title"
            );
            assert_eq!(problems.to_string(), expected);
        }
        let (table, problems) = parse(b"Cao Bang,\nNovember 2025,\nid,name\nv1,\n,\nv2,b\n");
        assert_eq!(rows(&table.unwrap()), [(4, vec!["v1", ""]), (6, vec!["v2", "b"])]);
        assert_eq!(problems.groups().iter().map(|g| g.count).collect::<Vec<_>>(), [2]);
        let (table, problems) = parse("name\nXóm Nà Lủng\nPác Bó\n".as_bytes());
        assert_eq!((table.unwrap().len(), problems.len()), (2, 0));
        let long = format!("{}id,name\n", "x\n".repeat(MOST_TITLES + 1));
        assert_eq!(parse(long.as_bytes()).0.unwrap().columns, ["x"]);
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
        let (table, problems) = parse(b"id,name,,\nv1,a,x,\n");
        assert_eq!(table.unwrap().columns, ["id", "name"]);
        assert!(problems.to_string().contains("column 3 has no name; its 1 value(s) are not used"), "{problems}");
    }
}
