//! Texts and numbers of the report in Vietnamese and English.

mod number;
mod texts;

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
        let text = TEXTS.iter().find(|text| text.key == key)?;
        Some(match self.language {
            Language::Vi => text.vi,
            Language::En => text.en,
        })
    }

    /// A text with its places `{name}` filled.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.text(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }

    #[test]
    fn every_text_stands_in_both_languages_with_the_same_places() {
        let mut keys = BTreeSet::new();
        for text in TEXTS {
            assert!(keys.insert(text.key), "{} stands twice", text.key);
            assert!(!text.vi.trim().is_empty() && !text.en.trim().is_empty(), "{} is empty", text.key);
            assert_eq!(places(text.vi), places(text.en), "{}", text.key);
        }
    }

    #[test]
    fn texts_are_filled_in_the_language() {
        let vi = Catalogue::new(Language::Vi);
        assert_eq!(vi.text("signal_unserved"), "Chưa có sóng");
        assert_eq!(vi.fill("order_n", &[("n", "3")]), "thứ 3");
        assert_eq!(Catalogue::new(Language::En).text("no such key"), "no such key");
    }
}
