//! Which column of a table is meant: names, the other names people give them, and words that are nearly one of them.

use super::matching::plain;
use super::position::{COORDINATES, LAT, LON};
use crate::io::Table;
use crate::problem::{Problem, Problems, did_you_mean, shorten};

/// A column that a reader asks for: its name, the other names people give it, and whether it must be there. Names are lower
/// case, without marks, with underscores; tables may write them with blanks, capitals and marks: "Tên thôn" is ten_thon.
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

    /// Places of the columns that have one of its names, those of the first name first.
    fn find(&self, header: &Header) -> impl Iterator<Item = usize> {
        self.names().filter_map(|name| header.0.iter().position(|column| column == name))
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// The names of a table's columns as [`Column`] has them.
struct Header(Vec<String>);

impl Header {
    fn of(table: &Table) -> Self {
        let spelt = |name: &String| {
            let mut spelt = if name.is_ascii() { name.to_ascii_lowercase() } else { plain(&name.to_lowercase()) };
            if spelt.contains(' ') {
                spelt = spelt.replace(' ', "_");
            }
            spelt
        };
        Self(table.columns.iter().map(spelt).collect())
    }
}

/// Whether a table has one of the columns.
pub(super) fn has_any(table: &Table, columns: &[Column]) -> bool {
    let header = Header::of(table);
    columns.iter().any(|column| column.find(&header).next().is_some())
}

/// Names of columns with their place in a table, where it has them.
pub(super) type Found = Vec<(&'static str, Option<usize>)>;

/// Finds the columns of a reader and those of coordinates, and says whether all that must be there are. Missing ones are
/// reported with the column that may be meant, and columns that are not read though they look like one.
pub(super) fn find_columns(table: &Table, columns: &[Column], problems: &mut Problems) -> (Found, bool) {
    let header = Header::of(table);
    let mut found = Vec::with_capacity(columns.len() + 3);
    let mut complete = true;
    for column in columns.iter().chain(&[LON, LAT, COORDINATES]) {
        let mut places = column.find(&header);
        let index = places.next();
        if index.is_none() && column.required {
            problems.push(missing_column(table, column.name));
            complete = false;
        }
        if let Some((first, second)) = index.zip(places.find(|&place| Some(place) != index)) {
            let message = format!("column is not read; it means the same as {:?}", table.columns[first]);
            problems.push(Problem::warning(&table.file, message).in_field(&table.columns[second]));
        }
        found.push((column.name, index));
    }
    choose_coordinates(table, &mut found, problems);
    warn_misspelt(table, columns, &found, problems);
    (found, complete)
}

/// Coordinates stand in two columns or in one: with both ways there, that of two columns is read.
fn choose_coordinates(table: &Table, found: &mut Found, problems: &mut Problems) {
    let of = |found: &Found, column: &Column| found.iter().find(|(name, _)| *name == column.name).and_then(|f| f.1);
    let Some(one) = of(found, &COORDINATES) else { return };
    let has_two = of(found, &LON).is_some() && of(found, &LAT).is_some();
    if has_two {
        let message = "column is not read; the table has columns for lon and lat";
        problems.push(Problem::warning(&table.file, message).in_field(&table.columns[one]));
    }
    let unread: &[Column] = if has_two { &[COORDINATES] } else { &[LON, LAT] };
    found.iter_mut().filter(|(name, _)| unread.iter().any(|c| c.name == *name)).for_each(|(_, at)| *at = None);
}

/// Tables with more columns than this are no tables that a person typed.
const MOST_TYPED_COLUMNS: usize = 200;

/// Warns about columns that nobody reads and that are spelt almost like one that is missing.
fn warn_misspelt(table: &Table, columns: &[Column], found: &Found, problems: &mut Problems) {
    if table.columns.len() > MOST_TYPED_COLUMNS {
        return;
    }
    let is_missing = |column: &&Column| !column.required && found.contains(&(column.name, None));
    let missing: Vec<&str> = columns.iter().filter(is_missing).flat_map(Column::names).collect();
    for (index, column) in table.columns.iter().enumerate().filter(|(_, column)| column.len() >= 4) {
        if found.iter().any(|&(_, at)| at == Some(index)) {
            continue;
        }
        if let Some(suggestion) = did_you_mean(column, missing.iter().copied()) {
            let problem = Problem::warning(&table.file, "column is not read").in_field(column).suggest(suggestion);
            problems.push(problem);
        }
    }
}

/// The error about a column that must be there.
pub(super) fn missing_column(table: &Table, name: &str) -> Problem {
    let columns = table.columns.iter().map(|c| c.trim()).collect::<Vec<_>>();
    let message = format!("column is missing; the file has: {}", shorten(&columns.join(", ")));
    let mut problem = Problem::error(&table.file, message).in_field(name);
    // A word is compared with words: the first line of another kind of file is none.
    problem.suggestion = did_you_mean(name, columns.into_iter().filter(|column| column.len() < 100));
    problem
}
