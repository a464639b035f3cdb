//! The line of a text file that a problem is about, and where in it the value stands.

use crate::problem::Problem;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Files are read up to here for the line of a problem, bytes.
const MOST_READ: u64 = 64 << 20;

/// Characters of a line that are shown.
const MOST_SHOWN: usize = 110;

/// Text files whose rows are lines.
const TABLES: [&str; 3] = ["csv", "tsv", "txt"];

/// Where the files that problems name are found.
pub(in crate::cli) struct Source {
    folder: PathBuf,
}

/// A line of a file.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
    /// First character of the value and how many there are, in `text`.
    pub(super) mark: Option<(usize, usize)>,
}

impl Source {
    /// Files lie relative to the folder of the study.
    pub(in crate::cli) fn of_study(study: &Path) -> Self {
        Self { folder: study.parent().unwrap_or(Path::new("")).to_owned() }
    }

    /// The line of a problem; `None` where the file is no text, cannot be read, or nothing says where to look.
    pub(super) fn line(&self, problem: &Problem) -> Option<Line> {
        let path = self.folder.join(&problem.file);
        let extension = path.extension()?.to_str()?.to_lowercase();
        if extension == "toml" {
            return toml_line(&path, problem);
        }
        let row = problem.row.filter(|_| TABLES.contains(&extension.as_str()))?;
        let (header, text) = first_line_and(&path, row)?;
        let span = value_span(&header, &text, problem);
        Some(shown(row, &text, span))
    }
}

fn toml_line(path: &Path, problem: &Problem) -> Option<Line> {
    let mut text = String::new();
    File::open(path).ok()?.take(MOST_READ).read_to_string(&mut text).ok()?;
    let span = problem.field.as_deref().and_then(|field| toml_span(&text, field, problem.value.is_some()));
    let start_of_row = |row: usize| text.split_inclusive('\n').take(row - 1).map(str::len).sum::<usize>();
    let start = match (&span, problem.row) {
        (Some(span), _) => text[..span.start].rfind('\n').map_or(0, |at| at + 1),
        (None, Some(row)) if row > 0 => start_of_row(row),
        _ => return None,
    };
    let line = text.get(start..)?.lines().next()?;
    let number = 1 + text[..start].matches('\n').count();
    let in_line = span.map(|s| s.start - start..s.end.min(start + line.len()) - start);
    Some(shown(number, line, in_line))
}

/// Where a key such as `planning.new_site.cells[0].eirp_dbm` stands, or its value.
fn toml_span(text: &str, field: &str, of_value: bool) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let mut span = None;
    let mut value: Option<&DeValue<'_>> = None;
    for step in field.split(['.', '[']) {
        let next = match (value, step.strip_suffix(']')) {
            (None, None) => table.get_ref().get_key_value(step).map(|(key, value)| (key.span(), value)),
            (Some(DeValue::Table(table)), None) => table.get_key_value(step).map(|(key, value)| (key.span(), value)),
            (Some(DeValue::Array(items)), Some(index)) => {
                items.get(index.parse::<usize>().ok()?).map(|item| (item.span(), item))
            }
            _ => None,
        }?;
        let (key, item) = next;
        span = Some(if of_value { item.span() } else { key });
        value = Some(item.get_ref());
    }
    span.filter(|span| span.end <= text.len() && text.is_char_boundary(span.start) && text.is_char_boundary(span.end))
}

/// The first line of a file and another one, without line ends; `None` where they are no UTF-8 or too far down.
fn first_line_and(path: &Path, row: usize) -> Option<(String, String)> {
    let mut reader = BufReader::new(File::open(path).ok()?.take(MOST_READ));
    let mut first = Vec::new();
    reader.read_until(b'\n', &mut first).ok()?;
    let mut line = first.clone();
    for _ in 1..row {
        line.clear();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
    }
    let text = |bytes: Vec<u8>| Some(String::from_utf8(bytes).ok()?.trim_end_matches(['\n', '\r']).to_owned());
    Some((text(first)?, text(line)?))
}

/// Where the value stands in a row: in the column that the header names so, or where its text occurs once.
fn value_span(header: &str, text: &str, problem: &Problem) -> Option<Range<usize>> {
    let value = problem.value.as_deref()?;
    let separator = [';', '\t', ','].into_iter().max_by_key(|&s| header.matches(s).count())?;
    let names = cells(header, separator);
    let column = names.iter().position(|name| problem.field.as_deref() == Some(header[name.clone()].trim()));
    let spans = cells(text, separator);
    if let Some(span) = column.and_then(|column| spans.get(column)) {
        return (!span.is_empty()).then(|| span.clone());
    }
    let mut same = spans.into_iter().filter(|span| !value.is_empty() && &text[span.clone()] == value);
    same.next().filter(|_| same.next().is_none())
}

/// The cells of a row without surrounding quotes and blanks.
fn cells(text: &str, separator: char) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in text.char_indices().chain([(text.len(), separator)]) {
        match c {
            '"' => quoted = !quoted,
            c if c == separator && (!quoted || at == text.len()) => {
                let cell = &text[start..at];
                let inner = cell.trim_start_matches(['"', ' ', '\u{feff}']);
                let from = at - inner.len();
                cells.push(from..from + inner.trim_end_matches(['"', ' ']).len());
                start = (at + c.len_utf8()).min(text.len());
            }
            _ => {}
        }
    }
    cells
}

/// A line cut to what fits, with its mark counted in characters.
fn shown(number: usize, line: &str, span: Option<Range<usize>>) -> Line {
    let characters = |bytes: &str| bytes.chars().count();
    let mark = span.map(|s| (characters(&line[..s.start]), characters(&line[s]).max(1)));
    let skipped = match mark {
        Some((from, width)) if from + width > MOST_SHOWN => from.saturating_sub(MOST_SHOWN / 2),
        _ => 0,
    };
    let start = if skipped > 0 { "…" } else { "" };
    let rest: Vec<char> = line.chars().skip(skipped).collect();
    let end = if rest.len() > MOST_SHOWN { "…" } else { "" };
    let middle = rest.into_iter().take(MOST_SHOWN).map(|c| if c.is_control() { ' ' } else { c });
    let text = format!("{start}{}{end}", middle.collect::<String>());
    let mark = mark.map(|(from, width)| {
        let from = from - skipped + characters(start);
        (from, width.min(characters(&text).saturating_sub(from).max(1)))
    });
    Line { number, text, mark }
}
