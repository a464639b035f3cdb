//! One warning for many rows of the same kind: how many, and the first few.

use crate::problem::{Kind, Problem, Problems};

/// Examples that a warning holds.
const MOST_EXAMPLES: usize = 3;

/// Rows with the same finding.
#[derive(Debug, Default)]
pub(super) struct Tally {
    count: usize,
    examples: Vec<String>,
}

impl Tally {
    /// Counts a row; the text is made for the first few only.
    pub(super) fn add(&mut self, row: usize, text: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < MOST_EXAMPLES {
            self.examples.push(format!("row {row}: {}", text()));
        }
    }

    /// Warns, if there was any: "`count` `message` (row 3: …; row 5: …; …)".
    pub(super) fn warn(self, file: &str, field: &str, message: &str, problems: &mut Problems) {
        if self.count == 0 {
            return;
        }
        let more = if self.count > self.examples.len() { "; …" } else { "" };
        let message = format!("{} {message} ({}{more})", self.count, self.examples.join("; "));
        problems.push(Problem::warning(file, message).in_field(field).of_kind(Kind::Noticed, self.count));
    }
}
