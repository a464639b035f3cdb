//! What is wrong with an input, said so that a person can mend it: file, row, field, value and what is allowed.
//!
//! Readers never stop at the first fault: they collect [`Problem`]s in a [`Problems`] and go on, so that one check
//! reports everything. Nothing is repaired in silence; what was dropped or defaulted is a warning of that [`Kind`] with the
//! number of values concerned.

mod collected;

pub use collected::{ProblemGroup, Problems, RowRanges};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input is used as stated in the message, and the reports say so.
    Warning,
}

/// What became of the value that a problem names.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It cannot be used, or it is used as it stands and somebody should look at it.
    #[default]
    Noticed,
    /// It was left out.
    Dropped,
    /// It was not stated, and something was concluded from other values.
    Assumed,
    /// It was not stated, and the documented default was taken.
    Defaulted,
    /// It was changed.
    Corrected,
}

impl Kind {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Dropped, Self::Corrected, Self::Assumed, Self::Defaulted, Self::Noticed];

    /// The word that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noticed => "noticed",
            Self::Dropped => "dropped",
            Self::Assumed => "assumed",
            Self::Defaulted => "defaulted",
            Self::Corrected => "corrected",
        }
    }
}

/// One fault of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// Whether it stops the work.
    pub severity: Severity,
    /// What became of the value.
    #[serde(default)]
    pub kind: Kind,
    /// How many rows or values it is about, 1 when it names one.
    pub count: usize,
    /// The file, as the study names it.
    pub file: String,
    /// Row or feature number: 1 is the line of a table's header, or the first feature of a layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Column or key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong and what is allowed, one sentence.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Problem {
    /// An error in a file.
    pub fn error(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            kind: Kind::Noticed,
            count: 1,
            file: file.into(),
            row: None,
            field: None,
            value: None,
            message: message.into(),
            suggestion: None,
        }
    }

    /// A warning about a file.
    pub fn warning(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, message) }
    }

    /// Adds the row.
    pub fn at_row(self, row: usize) -> Self {
        Self { row: Some(row), ..self }
    }

    /// Adds the column or key.
    pub fn in_field(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// Adds the value found.
    pub fn with_value(self, value: impl fmt::Display) -> Self {
        Self { value: Some(shorten(&value.to_string())), ..self }
    }

    /// Says what became of the value, and how many values it is about.
    pub fn of_kind(self, kind: Kind, count: usize) -> Self {
        Self { kind, count, ..self }
    }

    /// Adds what to do about it.
    pub fn suggest(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }
}

impl Problem {
    /// Where it stands: `sites.csv, row 14, power_dbm = "80"`.
    pub fn place(&self) -> String {
        let mut place = self.file.clone();
        if let Some(row) = self.row {
            place += &format!(", row {row}");
        }
        if let Some(field) = &self.field {
            place += &format!(", {field}");
        }
        if let Some(value) = &self.value {
            place += &format!(" = {value:?}");
        }
        place
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.severity, self.place(), self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, " ({suggestion})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

/// The beginning of a text that is too long to be shown.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Characters of a value that a message shows.
const MOST_SHOWN: usize = 300;

/// "did you mean …?" for a misspelt word, when one of the allowed words is close.
pub fn did_you_mean<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word = word.to_lowercase();
    let letters = Letters::of(&word);
    let distance = |candidate: &'a str| {
        let most = 1 + candidate.len() / 4;
        if letters.least_distance(Letters::of(candidate)) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
        (distance <= most).then_some((distance, candidate))
    };
    allowed.into_iter().filter_map(distance).min().map(|(_, candidate)| format!("did you mean \"{candidate}\"?"))
}

/// Two words are at least as far apart as their lengths differ, and as one has letters that the other lacks: comparing
/// this first spares most comparisons.
#[derive(Clone, Copy)]
struct Letters {
    count: usize,
    /// A bit for each kind of letter; kinds share bits, capitals have those of small letters.
    kinds: u32,
}

impl Letters {
    fn of(word: &str) -> Self {
        let add = |Self { count, kinds }, c| Self { count: count + 1, kinds: kinds | 1 << (c as u32 & 31) };
        let none = Self { count: 0, kinds: 0 };
        match word.is_ascii() {
            true => word.bytes().map(char::from).fold(none, add),
            false => word.to_lowercase().chars().fold(none, add),
        }
    }

    fn least_distance(self, other: Self) -> usize {
        let lacks = |a: Self, b: Self| (a.kinds & !b.kinds).count_ones() as usize;
        self.count.abs_diff(other.count).max(lacks(self, other)).max(lacks(other, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_file_row_field_value_and_what_is_allowed() {
        let problem = Problem::error("sites.csv", "frequency is outside 30–6000 MHz")
            .at_row(14)
            .in_field("frequency_mhz")
            .with_value("7200");
        assert_eq!(
            problem.to_string(),
            "error: sites.csv, row 14, frequency_mhz = \"7200\": frequency is outside 30–6000 MHz"
        );
    }

    #[test]
    fn suggestions_are_close_words_only() {
        assert_eq!(did_you_mean("vilages", ["villages", "sites"]), Some("did you mean \"villages\"?".into()));
        assert_eq!(did_you_mean("qqq", ["villages", "sites"]), None);
        assert_eq!(did_you_mean("SIETS", ["villages", "Sites"]), Some("did you mean \"Sites\"?".into()));
    }

    proptest::proptest! {
        #[test]
        fn letters_never_say_that_words_are_farther_apart_than_they_are(a in "[a-eắđß_ ]{0,8}", b in "[a-eắđß_ ]{0,8}") {
            let least = Letters::of(&a).least_distance(Letters::of(&b));
            assert!(least <= strsim::damerau_levenshtein(&a, &b), "{a} {b}: {least}");
        }
    }
}
