//! The text of a study file: keys, types and ranges, all faults at once. Nothing here touches a disk.

use super::StudyFile;
use super::keys::{check_keys, line_of};
use super::preset::fill_from_preset;
use super::ranges::check_ranges;
use crate::problem::{Problem, Problems};
use toml::de::DeTable;

impl StudyFile {
    /// Reads and checks the text of a study file; `file` names it in messages. The files that it names are not looked at.
    ///
    /// # Errors
    /// Every key, type and value that is wrong, with its row.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let config = parse_into(bytes, file, &mut problems)?;
        problems.into_warnings()?;
        Ok(config)
    }
}

/// The same for a reader that goes on: wrong keys are reported and taken out, so that what is left is checked too. An
/// error where nothing usable is left.
pub(super) fn parse_into(bytes: &[u8], file: &str, problems: &mut Problems) -> Result<StudyFile, Problems> {
    let text = text_of(bytes, file)?;
    let mut config = usable(text, file, problems)?;
    fill_from_preset(&mut config.service, text);
    check_ranges(&config, file, problems);
    Ok(config)
}

/// UTF-8, with or without a byte order mark.
fn text_of<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|e| {
        let row = 1 + bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
        Problem::error(file, "is not UTF-8 text").at_row(row).suggest("save it as UTF-8")
    })
}

fn usable(text: &str, file: &str, problems: &mut Problems) -> Result<StudyFile, Problems> {
    let at = |error: toml::de::Error| {
        let problem = Problem::error(file, error.message().to_owned());
        match error.span() {
            Some(span) => problem.at_row(line_of(text, span.start)),
            None => problem,
        }
    };
    let table = DeTable::parse(text).map_err(at)?;
    check_keys(text, table.get_ref(), file, problems);
    if problems.error_count() == 0 {
        return toml::from_str(text).map_err(|e| at(e).into());
    }
    let mut usable: toml::Table = toml::from_str(text).map_err(at)?;
    for field in problems.iter().filter_map(|p| p.field.as_deref()) {
        let plain = field.split('[').next().unwrap_or(field);
        let mut keys: Vec<&str> = plain.split('.').collect();
        let last = keys.pop().unwrap_or_default();
        let parent = keys.into_iter().try_fold(&mut usable, |table, key| table.get_mut(key)?.as_table_mut());
        parent.and_then(|table| table.remove(last));
    }
    usable.try_into().map_err(|_| std::mem::take(problems))
}
