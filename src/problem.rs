//! What is wrong with an input, said so that a person can mend it: file, row, field, value and what is allowed.
//!
//! Readers never stop at the first fault: they collect [`Problem`]s in a [`Problems`] and go on, so that one check
//! reports everything. Nothing is repaired in silence; what was dropped or defaulted is a warning.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input is used as stated in the message, and the reports say so.
    Warning,
}

/// One fault of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// Whether it stops the work.
    pub severity: Severity,
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
        Self { value: Some(value.to_string()), ..self }
    }

    /// Adds what to do about it.
    pub fn suggest(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{kind}: {}", self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", {field}")?;
        }
        if let Some(value) = &self.value {
            write!(f, " = {value:?}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " ({suggestion})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// All faults found so far, in the order of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// How many of them are errors.
    pub fn error_count(&self) -> usize {
        self.0.iter().filter(|p| p.severity == Severity::Error).count()
    }

    /// The warnings alone, or all problems as an error when one of them stops the work.
    pub fn into_warnings(self) -> Result<Vec<Problem>, Problems> {
        if self.error_count() > 0 { Err(self) } else { Ok(self.0) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// "did you mean …?" for a misspelt word, when one of the allowed words is close.
pub fn did_you_mean<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    allowed
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| format!("did you mean \"{candidate}\"?"))
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
    }
}
