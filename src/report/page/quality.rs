//! What the inputs were, and what was wrong with them.

use super::Writer;
use crate::problem::ProblemGroup;
use crate::study::InputFile;
use serde::Serialize;

/// The inputs, and their faults that did not stop the work.
#[derive(Debug, Serialize)]
pub(super) struct Quality {
    inputs: Vec<InputView>,
    summary: String,
    warnings: Vec<WarningView>,
    terrain: String,
}

/// An input file.
#[derive(Debug, Serialize)]
struct InputView {
    role: String,
    file: String,
    crs: String,
    /// Rows of a table, size of a raster.
    size: String,
    used: String,
}

/// Warnings of a file that differ only in row and value.
#[derive(Debug, Serialize)]
struct WarningView {
    file: String,
    /// What became of the values.
    kind: String,
    count: String,
    text: String,
    /// The language of the text.
    language: &'static str,
}

impl Writer<'_> {
    /// The inputs and their faults.
    pub(super) fn quality(&self) -> Quality {
        let study = self.results.study;
        let warnings = &study.warnings;
        let summary = match warnings.len() {
            0 => self.texts.text("quality_none").to_owned(),
            n => self.fill("quality_some", &[("n", &self.int(n))]),
        };
        let missing = self.results.coverage.as_ref().map_or(0, |c| c.missing_terrain);
        let terrain = match missing {
            0 => String::new(),
            n => self.fill("quality_terrain", &[("n", &self.int(n))]),
        };
        Quality {
            inputs: study.inputs.iter().map(|input| self.input(input)).collect(),
            summary,
            warnings: warnings.groups().into_iter().map(|group| self.warning(group)).collect(),
            terrain,
        }
    }

    fn input(&self, input: &InputFile) -> InputView {
        let key = format!("input_{}", input.role);
        let size = match (input.raster_size, input.rows) {
            (Some([width, height]), _) => {
                self.fill("input_pixels", &[("width", &self.int(width)), ("height", &self.int(height))])
            }
            (None, Some(rows)) => self.fill("input_rows", &[("n", &self.int(rows))]),
            (None, None) => String::new(),
        };
        InputView {
            role: self.texts.find(&key).unwrap_or(input.role).to_owned(),
            file: input.file.clone(),
            crs: input.crs.clone().unwrap_or_default(),
            size,
            used: input.used.map(|used| self.int(used)).unwrap_or_default(),
        }
    }

    fn warning(&self, group: &ProblemGroup) -> WarningView {
        let first = group.examples.first();
        let row = first.and_then(|w| w.row).map(|row| self.fill("quality_row", &[("n", &row.to_string())]));
        let value = first.and_then(|w| w.value.as_ref()).map(|v| format!("“{v}”"));
        let place: Vec<String> = [group.field.clone(), row, value].into_iter().flatten().collect();
        let (mut text, language) = self.texts.warning(&group.message);
        if !place.is_empty() {
            text = format!("{}: {text}", place.join(", "));
        }
        if group.problems > 1 {
            text += &self.fill("quality_more", &[("n", &self.int(group.problems - 1))]);
        }
        WarningView {
            file: group.file.clone(),
            kind: self.texts.text(&format!("kind_{}", group.kind.name())).to_owned(),
            count: self.int(group.count),
            text,
            language,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;
    use crate::report::fixture;
    use crate::study::Language;

    #[test]
    fn warnings_speak_the_language_of_the_report_where_they_can() {
        let mut study = fixture::study(Language::Vi);
        let known = "is not stated for 1 village(s), nor are households; each counts as one person";
        let warnings = [known, "is something new"].map(|text| Problem::warning("villages.csv", text));
        study.warnings = warnings.into_iter().collect();
        let told = |study: &crate::study::Study| {
            let results = fixture::bare_results(study);
            let warnings = Writer::new(&results).quality().warnings.into_iter();
            warnings.map(|warning| (warning.language, warning.text)).collect::<Vec<_>>()
        };
        let vietnamese = "không được ghi cho 1 thôn, xóm và cũng không có số hộ; mỗi nơi tính là một người";
        assert_eq!(told(&study), [("vi", vietnamese.to_owned()), ("en", "is something new".to_owned())]);
        study.config.language = Language::En;
        assert_eq!(told(&study)[0], ("en", known.to_owned()));
    }
}
