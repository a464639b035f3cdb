//! Typed access to the rows of a table, with every fault reported where it stands.

use super::matching::plain;
use super::number::{NO_COMMA, parse_number};
use super::position::{LAT, LON};
use crate::grid::Crs;
use crate::io::{Table, ToWgs84};
use crate::problem::{Kind, Problem, Problems, did_you_mean, shorten};
use geo::Geometry;
use std::fmt::Display;

/// A column that a reader asks for: its name, the other names people give it, and whether it must be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    name: &'static str,
    aliases: &'static [&'static str],
    required: bool,
}

impl Column {
    pub(super) const fn required(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, required: true }
    }

    pub(super) const fn optional(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, required: false }
    }

    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a table has it.
    pub(super) fn is_in(&self, table: &Table) -> bool {
        self.find(table).is_some()
    }

    fn find(&self, table: &Table) -> Option<usize> {
        self.all(table).next()
    }

    /// A second column of a table that means the same.
    fn another(&self, table: &Table) -> Option<usize> {
        let first = self.find(table)?;
        self.all(table).find(|&index| index != first)
    }

    fn all(&self, table: &Table) -> impl Iterator<Item = usize> {
        let names = std::iter::once(&self.name).chain(self.aliases);
        names.filter_map(move |name| table.columns.iter().position(|column| is_same_name(column, name)))
    }
}

/// Whether a table's column has a name, blanks for underscores, capitals and Vietnamese marks aside: "Tên thôn" is ten_thon.
fn is_same_name(column: &str, name: &str) -> bool {
    if column.is_ascii() {
        let same =
            |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || (a == b' ' && b == b'_') || (a == b'_' && b == b' ');
        return column.len() == name.len() && column.bytes().zip(name.bytes()).all(same);
    }
    let spelt = |text: &str| plain(&text.to_lowercase()).replace(' ', "_");
    spelt(column) == spelt(name)
}

/// A table with the columns of a reader found.
pub(super) struct Rows<'a> {
    table: &'a Table,
    found: Vec<(&'static str, Option<usize>)>,
    /// The stated system of the coordinate columns with the way to WGS 84; `None` for WGS 84 degrees.
    system: Option<(&'a Crs, ToWgs84)>,
}

impl<'a> Rows<'a> {
    /// Finds the columns; a missing required one is reported with the column that may be meant, and gives `None`.
    pub(super) fn open(table: &'a Table, columns: &[Column], problems: &mut Problems) -> Option<Self> {
        let mut found = Vec::new();
        let mut complete = true;
        for column in columns.iter().chain(&[LON, LAT]) {
            let index = column.find(table);
            if index.is_none() && column.required {
                problems.push(missing_column(table, column.name));
                complete = false;
            }
            if let Some(second) = column.another(table) {
                let message =
                    format!("column is not read; it means the same as {:?}", table.columns[index.unwrap_or(0)]);
                problems.push(Problem::warning(&table.file, message).in_field(&table.columns[second]));
            }
            found.push((column.name, index));
        }
        warn_misspelt(table, columns, &found, problems);
        let system = table.crs.as_ref().filter(|crs| !crs.is_wgs84_degrees).and_then(|crs| match ToWgs84::new(crs) {
            Ok(to_wgs84) => Some((crs, to_wgs84)),
            Err(error) => {
                let message = format!("cannot be transformed to WGS 84: {error}");
                problems.push(Problem::error(&table.file, message).in_field("crs").with_value(&crs.name));
                complete = false;
                None
            }
        });
        complete.then_some(Self { table, found, system })
    }

    /// Whether rows can have a position: a geometry, or both coordinate columns. Reported once when not.
    pub(super) fn have_positions(&self, problems: &mut Problems) -> bool {
        let has_geometry = (0..self.table.len()).any(|row| self.table.geometry(row).is_some());
        let found = |column: &Column| column.find(self.table).is_some();
        let missing: Vec<&str> = [LON, LAT].iter().filter(|c| !found(c)).map(|c| c.name).collect();
        if has_geometry || missing.is_empty() {
            return true;
        }
        for name in missing {
            problems.push(missing_column(self.table, name));
        }
        false
    }

    /// What the table calls a column, where it has it.
    pub(super) fn header(&self, column: &Column) -> Option<&str> {
        let index = self.found.iter().find(|(name, _)| *name == column.name)?.1?;
        Some(self.table.columns[index].as_str())
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, column: &Column) -> bool {
        self.found.iter().any(|(name, index)| *name == column.name && index.is_some())
    }

    /// Warns about columns that people state and this reader does not use.
    pub(super) fn warn_unused(&self, names: &[&str], why: &str, problems: &mut Problems) {
        for name in names {
            let index = self.table.columns.iter().position(|c| c.trim().eq_ignore_ascii_case(name));
            let stated =
                index.map_or(0, |i| (0..self.table.len()).filter(|&r| self.table.value(r, i).is_some()).count());
            if stated > 0 {
                let message = format!("is not used ({stated} value(s)): {why}");
                problems
                    .push(Problem::warning(&self.table.file, message).in_field(*name).of_kind(Kind::Dropped, stated));
            }
        }
    }

    /// Calls `read` for every row in order. Faults that it reports go to `problems`.
    pub(super) fn for_each(&self, problems: &mut Problems, mut read: impl FnMut(Row<'_>)) {
        for index in 0..self.table.len() {
            let number = self.table.row_number(index);
            read(Row { rows: self, index, number, faulty: false, problems });
        }
    }
}

/// Tables with more columns than this are no tables that a person typed.
const MOST_TYPED_COLUMNS: usize = 200;

/// Warns about columns that nobody reads and that are spelt almost like one that is missing.
fn warn_misspelt(table: &Table, columns: &[Column], found: &[(&str, Option<usize>)], problems: &mut Problems) {
    let is_missing = |column: &&Column| !column.required && found.contains(&(column.name, None));
    let missing: Vec<&str> = columns
        .iter()
        .filter(is_missing)
        .flat_map(|c| std::iter::once(c.name).chain(c.aliases.iter().copied()))
        .collect();
    if table.columns.len() > MOST_TYPED_COLUMNS {
        return;
    }
    for (index, column) in table.columns.iter().enumerate().filter(|(_, column)| column.len() >= 4) {
        let is_read = found.iter().any(|&(_, at)| at == Some(index));
        if let Some(suggestion) = did_you_mean(column, missing.iter().copied()).filter(|_| !is_read) {
            let problem = Problem::warning(&table.file, "column is not read").in_field(column).suggest(suggestion);
            problems.push(problem);
        }
    }
}

fn missing_column(table: &Table, name: &str) -> Problem {
    let columns = table.columns.iter().map(|c| c.trim()).collect::<Vec<_>>();
    let message = format!("column is missing; the file has: {}", shorten(&columns.join(", ")));
    let mut problem = Problem::error(&table.file, message).in_field(name);
    // A word is compared with words: the first line of another kind of file is none.
    problem.suggestion = did_you_mean(name, columns.into_iter().filter(|column| column.len() < 100));
    problem
}

/// One row.
pub(super) struct Row<'a> {
    rows: &'a Rows<'a>,
    index: usize,
    /// Its number in the file.
    pub(super) number: usize,
    faulty: bool,
    problems: &'a mut Problems,
}

impl<'a> Row<'a> {
    /// Text of a column; `None` when the column or the value is missing.
    pub(super) fn text(&self, column: &Column) -> Option<&'a str> {
        let index = self.rows.found.iter().find(|(name, _)| *name == column.name)?.1?;
        self.rows.table.value(self.index, index)
    }

    /// Text that must be there.
    pub(super) fn required_text(&mut self, column: &Column) -> Option<String> {
        let text = self.text(column).map(str::to_owned);
        if text.is_none() {
            self.fault(column, "", "is empty; a value is needed");
        }
        text
    }

    /// A finite number in a range; `None` when absent or faulty (then reported).
    pub(super) fn number(&mut self, column: &Column, min: f64, max: f64) -> Option<f64> {
        self.parsed(column, min, max, false)
    }

    /// A whole number in a range; `None` when absent or faulty (then reported).
    pub(super) fn integer(&mut self, column: &Column, min: f64, max: f64) -> Option<u32> {
        self.parsed(column, min, max, true).map(|value| value as u32)
    }

    fn parsed(&mut self, column: &Column, min: f64, max: f64, whole: bool) -> Option<f64> {
        let text = self.text(column)?;
        let read = match parse_number(text, self.decimal_comma()) {
            Some(number) => number.within(min, max, whole),
            None if parse_number(text, true).is_some() => Err(format!("{NO_COMMA}; write {}", text.replace(',', "."))),
            None => Err(format!("is not a number; {min} to {max} is allowed")),
        };
        read.map_err(|message| self.fault(column, text, &message)).ok()
    }

    /// Whether numbers of the table may have a decimal comma.
    pub(super) fn decimal_comma(&self) -> bool {
        self.rows.table.decimal_comma
    }

    /// The stated system of the coordinate columns with the way to WGS 84; `None` for WGS 84 degrees.
    pub(super) fn system(&self) -> Option<&'a (&'a Crs, ToWgs84)> {
        self.rows.system.as_ref()
    }

    /// A date `YYYY-MM-DD`; `None` when absent or faulty (then reported).
    pub(super) fn date(&mut self, column: &Column) -> Option<String> {
        let text = self.text(column)?;
        if is_date(text) {
            return Some(text.to_owned());
        }
        self.fault(column, text, "is not a date; write YYYY-MM-DD");
        None
    }

    /// Whether the row states a position, be it right or wrong.
    pub(super) fn has_position(&self) -> bool {
        self.geometry().is_some() || self.text(&LON).is_some() || self.text(&LAT).is_some()
    }

    /// Geometry on WGS 84.
    pub(super) fn geometry(&self) -> Option<&'a Geometry<f64>> {
        self.rows.table.geometry(self.index)
    }

    /// Reports a fault of this row's value.
    pub(super) fn fault(&mut self, column: &Column, value: &(impl Display + ?Sized), message: &str) {
        self.report(Problem::error(&self.rows.table.file, message).in_field(column.name).with_value(value));
    }

    /// Reports a fault of this row's geometry.
    pub(super) fn fault_geometry(&mut self, message: &str) {
        self.report(Problem::error(&self.rows.table.file, message).in_field("geometry"));
    }

    /// Reports something to know about this row's geometry.
    pub(super) fn warn_geometry(&mut self, message: &str) {
        let problem = Problem::warning(&self.rows.table.file, message).in_field("geometry");
        self.problems.push(problem.at_row(self.number));
    }

    fn report(&mut self, problem: Problem) {
        self.faulty = true;
        self.problems.push(problem.at_row(self.number));
    }

    /// Whether a fault of this row was reported.
    pub(super) fn is_faulty(&self) -> bool {
        self.faulty
    }
}

/// Whether a text is a calendar date `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>()) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_are_calendar_dates() {
        for good in ["2026-01-01", "2024-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["2026-02-29", "2026-13-01", "26-01-01", "2026/01/01", "2026-1-1", "2026-04-31", ""] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
