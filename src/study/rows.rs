//! Typed access to the rows of a table, with every fault reported where it stands.

use super::columns::{Column, Found, find_columns, missing_column};
use super::date::{Date, parse_date};
use super::number::{NO_COMMA, parse_number};
use super::position::{COORDINATES, LAT, LON};
use crate::grid::Crs;
use crate::io::{Table, ToWgs84};
use crate::problem::{Problem, Problems};
use geo::Geometry;
use std::fmt::Display;

/// A table with the columns of a reader found.
pub(super) struct Rows<'a> {
    table: &'a Table,
    found: Found,
    /// The stated system of the coordinate columns with the way to WGS 84; `None` for WGS 84 degrees.
    system: Option<(&'a Crs, ToWgs84)>,
}

impl<'a> Rows<'a> {
    /// Finds the columns; a missing required one is reported with the column that may be meant, and gives `None`.
    pub(super) fn open(table: &'a Table, columns: &[Column], problems: &mut Problems) -> Option<Self> {
        let (found, mut complete) = find_columns(table, columns, problems);
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

    /// Whether rows can have a position: a geometry, both coordinate columns, or one for both. Reported once when not.
    pub(super) fn have_positions(&self, problems: &mut Problems) -> bool {
        let has_geometry = (0..self.table.len()).any(|row| self.table.geometry(row).is_some());
        let missing: Vec<&Column> = [LON, LAT].iter().filter(|column| !self.has(column)).collect();
        if has_geometry || missing.is_empty() || self.has(&COORDINATES) {
            return true;
        }
        for column in missing {
            problems.push(missing_column(self.table, column.name()));
        }
        false
    }

    /// What the table calls a column, where it has it.
    pub(super) fn header(&self, column: &Column) -> Option<&str> {
        self.index(column).map(|index| self.table.columns[index].as_str())
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, column: &Column) -> bool {
        self.index(column).is_some()
    }

    fn index(&self, column: &Column) -> Option<usize> {
        self.found.iter().find(|(name, _)| *name == column.name())?.1
    }

    /// Calls `read` for every row in order. Faults that it reports go to `problems`.
    pub(super) fn for_each(&self, problems: &mut Problems, mut read: impl FnMut(Row<'_>)) {
        for index in 0..self.table.len() {
            let number = self.table.row_number(index);
            read(Row { rows: self, index, number, faulty: false, problems });
        }
    }
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
        self.rows.table.value(self.index, self.rows.index(column)?)
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

    /// A date; `None` when absent or faulty (then reported).
    pub(super) fn date(&mut self, column: &Column) -> Option<Date> {
        let text = self.text(column)?;
        parse_date(text).map_err(|message| self.fault(column, text, &message)).ok()
    }

    /// Whether the row states a position, be it right or wrong.
    pub(super) fn has_position(&self) -> bool {
        self.geometry().is_some() || [LON, LAT, COORDINATES].iter().any(|column| self.text(column).is_some())
    }

    /// Geometry on WGS 84.
    pub(super) fn geometry(&self) -> Option<&'a Geometry<f64>> {
        self.rows.table.geometry(self.index)
    }

    /// Reports a fault of this row's value.
    pub(super) fn fault(&mut self, column: &Column, value: &(impl Display + ?Sized), message: &str) {
        self.report(Problem::error(&self.rows.table.file, message).in_field(column.name()).with_value(value));
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
