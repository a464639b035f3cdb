//! Texts and numbers of the report in Vietnamese and English.

mod calibration;
mod number;
mod service;
mod texts;
mod warnings;

pub use number::Numbers;

use crate::study::Language;
use texts::TEXTS;

/// One text in both languages; there is no way to enter it in one alone.
struct Text {
    key: &'static str,
    vi: &'static str,
    en: &'static str,
}

/// The texts of one language.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue {
    language: Language,
}

impl Catalogue {
    /// The catalogue of a language.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language's tag for `lang` attributes (BCP 47).
    pub fn tag(self) -> &'static str {
        match self.language {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }

    /// How the language writes numbers.
    pub fn numbers(self) -> Numbers {
        Numbers::new(self.language)
    }

    /// A text; an unknown key is given back, so that a slip is visible and not fatal.
    pub fn text(self, key: &str) -> &str {
        self.find(key).unwrap_or(key)
    }

    /// A text; `None` for an unknown key.
    pub fn find(self, key: &str) -> Option<&'static str> {
        let text = all_texts().find(|text| text.key == key)?;
        Some(match self.language {
            Language::Vi => text.vi,
            Language::En => text.en,
        })
    }

    /// A warning about the inputs, and the language in which it is written: English where it is not known in the other.
    pub fn warning(self, message: &str) -> (String, &'static str) {
        let vietnamese = match self.language {
            Language::Vi => warnings::vietnamese(message),
            Language::En => None,
        };
        let language = if vietnamese.is_some() { Language::Vi } else { Language::En };
        (vietnamese.unwrap_or_else(|| message.to_owned()), Self::new(language).tag())
    }

    /// A text with its places filled: `{name}` with the value, `{name?one|many}` with `one` where the value is 1.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text(key);
        while let Some((before, place, after)) = next_place(rest) {
            filled.push_str(before);
            let (name, forms) = place.split_once('?').map_or((place, None), |(name, forms)| (name, Some(forms)));
            let value = values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value);
            filled.push_str(match forms.and_then(|forms| forms.split_once('|')) {
                Some((one, many)) => {
                    if value == "1" {
                        one
                    } else {
                        many
                    }
                }
                None => value,
            });
            rest = after;
        }
        filled + rest
    }
}

/// The texts of all pages.
fn all_texts() -> impl Iterator<Item = &'static Text> {
    TEXTS.iter().chain(service::TEXTS).chain(calibration::TEXTS)
}

/// What stands before, in and after the first place of a text.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (place, after) = rest.split_once('}')?;
    Some((before, place, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        let mut places = BTreeSet::new();
        let mut rest = text;
        while let Some((_, place, after)) = next_place(rest) {
            places.insert(place.split_once('?').map_or(place, |(name, _)| name));
            rest = after;
        }
        places
    }

    #[test]
    fn every_text_stands_in_both_languages_with_the_same_places() {
        let mut keys = BTreeSet::new();
        for text in all_texts() {
            assert!(keys.insert(text.key), "{} stands twice", text.key);
            assert!(!text.vi.trim().is_empty() && !text.en.trim().is_empty(), "{} is empty", text.key);
            assert_eq!(places(text.vi), places(text.en), "{}", text.key);
        }
    }

    #[test]
    fn statuses_answers_and_objectives_have_names() {
        use crate::service::Status;
        let statuses = Status::ALL.iter().flat_map(|s| ["signal", "broadband"].map(|k| format!("{k}_{}", s.name())));
        let answers = ["yes", "no", "unknown"].map(|answer| format!("survey_{answer}"));
        for key in statuses.chain(answers).chain(["objective_least-cost".into()]) {
            assert!(Catalogue::new(Language::Vi).find(&key).is_some(), "{key}");
        }
    }

    #[test]
    fn every_input_of_a_study_has_a_name() {
        let inputs: serde_json::Value = schemars::schema_for!(crate::study::Inputs).into();
        for key in inputs["properties"].as_object().unwrap().keys().filter(|key| *key != "survey_lists") {
            let role = if key == "antennas" { "antenna" } else { key };
            assert!(Catalogue::new(Language::Vi).find(&format!("input_{role}")).is_some(), "{role}");
        }
    }

    #[test]
    fn texts_are_filled_in_the_language() {
        let vi = Catalogue::new(Language::Vi);
        assert_eq!(vi.text("signal_unserved"), "Chưa có sóng");
        assert_eq!(vi.fill("order_n", &[("n", "3")]), "thứ 3");
        let en = Catalogue::new(Language::En);
        assert_eq!(en.text("no such key"), "no such key");
        let rest = |n| en.fill("lead_rest", &[("n", n), ("people", "7")]);
        assert_eq!(rest("1"), "1 village (7 people) remains without it.");
        assert_eq!(rest("2"), "2 villages (7 people) remain without it.");
    }
}
