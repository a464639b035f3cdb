//! Reads a terrain profile from CSV and reports every fault with its row and column.

use crate::problem::{Problem, Problems, did_you_mean};
use crate::propagation::{Profile, Zone};
use std::path::Path;

const COLUMNS: [&str; 4] = ["distance_km", "terrain_amsl_m", "clutter_m", "zone"];

/// The profile and warnings about the file.
///
/// The separator is a comma, a semicolon or a tab; with a semicolon numbers may have a decimal comma. Columns may come in
/// any order; `clutter_m` (0) and `zone` (inland) may be left out or empty.
pub(super) fn read(path: &Path) -> Result<(Profile, Vec<Problem>), Problems> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Problem::error(&file, format!("cannot be read: {e}")))?;
    parse(&file, text.strip_prefix('\u{feff}').unwrap_or(&text))
}

fn parse(file: &str, text: &str) -> Result<(Profile, Vec<Problem>), Problems> {
    // With other line ends the reader would count lines otherwise than a person.
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    let header = text.lines().next().unwrap_or_default();
    let separator = [b';', b'\t'].into_iter().find(|&s| header.as_bytes().contains(&s)).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let mut problems = Problems::default();
    let mut place = [None; COLUMNS.len()];
    let names = reader.headers().map_err(|e| Problem::error(file, e.to_string()).at_row(1))?;
    let columns = names.len();
    for (i, name) in names.iter().enumerate() {
        match COLUMNS.iter().position(|c| c.eq_ignore_ascii_case(name)) {
            Some(known) if place[known].is_some() => {
                problems.push(Problem::error(file, "column stands twice in the header").at_row(1).in_field(name));
            }
            Some(known) => place[known] = Some(i),
            None => {
                let warning = Problem::warning(file, "column is not known and was not read").at_row(1).in_field(name);
                problems.push(match did_you_mean(name, COLUMNS) {
                    Some(suggestion) => warning.suggest(suggestion),
                    None => warning,
                });
            }
        }
    }
    if text.matches('"').count() % 2 == 1 {
        problems.push(Problem::error(file, "a quotation mark is not closed"));
    }
    for required in 0..2 {
        if place[required].is_none() {
            problems.push(Problem::error(file, "column is missing").at_row(1).in_field(COLUMNS[required]));
        }
    }
    if problems.error_count() > 0 {
        return Err(problems);
    }
    let (mut numbers, mut zones, mut rows) = ([const { Vec::new() }; 3], Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(Problem::error(file, error.to_string()));
                continue;
            }
        };
        let row = record.position().map_or(0, |p| p.line() as usize);
        if record.len() != columns {
            let message = format!("has {} value(s), the header has {columns}", record.len());
            problems.push(Problem::error(file, message).at_row(row));
            continue;
        }
        rows.push(row);
        let cell = |column: usize| place[column].and_then(|i| record.get(i)).unwrap_or_default();
        for (column, values) in numbers.iter_mut().enumerate() {
            let default = if column == 2 { Some(0.0) } else { None };
            match parse_number(cell(column), separator).or(default.filter(|_| cell(column).is_empty())) {
                Some(value) => values.push(value),
                None => {
                    let message = match is_ambiguous(cell(column), separator) {
                        true => "may be a decimal number or thousands; write it without a mark for thousands",
                        false => "is not a number",
                    };
                    let problem = Problem::error(file, message);
                    problems.push(problem.at_row(row).in_field(COLUMNS[column]).with_value(cell(column)));
                    values.push(f64::NAN);
                }
            }
        }
        zones.push(match cell(3).to_lowercase().as_str() {
            "" | "inland" => Zone::Inland,
            "coastal" => Zone::Coastal,
            "sea" => Zone::Sea,
            _ => {
                let problem = Problem::error(file, "zone is sea, coastal or inland");
                problems.push(problem.at_row(row).in_field(COLUMNS[3]).with_value(cell(3)));
                Zone::Inland
            }
        });
    }
    if problems.error_count() > 0 {
        return Err(problems);
    }
    let [distance_km, terrain_amsl_m, clutter_m] = numbers;
    match Profile::new(distance_km, terrain_amsl_m, clutter_m, zones) {
        Ok(profile) => Ok((profile, problems.iter().cloned().collect())),
        Err(error) => {
            problems.push(problem_of(file, &rows, error));
            Err(problems)
        }
    }
}

/// A profile's fault, said in the file's own terms.
fn problem_of(file: &str, rows: &[usize], error: crate::propagation::ProfileError) -> Problem {
    use crate::propagation::ProfileError::Value;
    match error {
        Value { field, index, value, allowed } => {
            let problem = Problem::error(file, allowed).in_field(field).with_value(value);
            rows.get(index).map_or(problem.clone(), |&row| problem.at_row(row))
        }
        other => Problem::error(file, other.to_string()),
    }
}

/// Whether a point in a table with decimal commas stands where it may part thousands: `1.500`.
fn is_ambiguous(cell: &str, separator: u8) -> bool {
    let after_point = cell.rsplit_once('.').map(|(_, digits)| digits);
    separator == b';' && after_point.is_some_and(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit()))
}

fn parse_number(cell: &str, separator: u8) -> Option<f64> {
    if is_ambiguous(cell, separator) {
        return None;
    }
    if separator == b';' { cell.replace(',', ".").parse().ok() } else { cell.parse().ok() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn columns_in_any_order_with_defaults() {
        let (profile, warnings) = parse("p.csv", "zone;Terrain_amsl_m;distance_km\n;10,5;0\nsea;12;1,5\n").unwrap();
        assert_eq!((profile.distance_km(), profile.terrain_amsl_m()), (&[0.0, 1.5][..], &[10.5, 12.0][..]));
        assert_eq!((profile.zone(), profile.clutter_m()), (&[Zone::Inland, Zone::Sea][..], &[0.0, 0.0][..]));
        assert!(warnings.is_empty());
    }

    #[test]
    fn thousands_are_never_taken_for_decimals() {
        let message = parse("p.csv", "distance_km;terrain_amsl_m\r\n0;500\r\n1;1.600\r\n2;480\r\n").unwrap_err();
        let expected = "error: p.csv, row 3, terrain_amsl_m = \"1.600\": may be a decimal number or thousands";
        assert!(message.to_string().starts_with(expected), "{message}");
    }

    #[test]
    fn every_fault_is_reported_with_row_and_field() {
        let text = "distance_km,terrain_amsl_m,zone,cluter_m\n0,abc,inland,1\n1,5,lake,1\n";
        let message = parse("p.csv", text).unwrap_err().to_string();
        for part in [
            "warning: p.csv, row 1, cluter_m: column is not known and was not read (did you mean \"clutter_m\"?)",
            "error: p.csv, row 2, terrain_amsl_m = \"abc\": is not a number",
            "error: p.csv, row 3, zone = \"lake\": zone is sea, coastal or inland",
        ] {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
        let message = parse("p.csv", "distance_km,terrain_amsl_m\n0,1\n2,1\n1,1\n").unwrap_err().to_string();
        assert!(message.starts_with("error: p.csv, row 4, distance_km = \"1\": distances must be"), "{message}");
        let message = parse("p.csv", "distance_km\n0\n1\n").unwrap_err().to_string();
        assert_eq!(message, "error: p.csv, row 1, terrain_amsl_m: column is missing");
        assert!(parse("p.csv", "").is_err());
    }
}
