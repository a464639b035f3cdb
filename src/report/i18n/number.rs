//! Numbers as each language writes them: 1.462 and 63,5 % in Vietnamese, 1,462 and 63.5% in English.

use crate::study::Language;

/// A space that does not break the line.
const NO_BREAK: char = '\u{a0}';

/// Writes numbers in a language.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    group: char,
    point: char,
    million: &'static str,
    billion: &'static str,
    percent: &'static str,
}

impl Numbers {
    /// Writes numbers in `language`.
    pub fn new(language: Language) -> Self {
        match language {
            Language::Vi => {
                Self { group: '.', point: ',', million: "triệu đồng", billion: "tỷ đồng", percent: "\u{a0}%" }
            }
            Language::En => {
                Self { group: ',', point: '.', million: "million VND", billion: "billion VND", percent: "%" }
            }
        }
    }

    /// A number with a fixed number of decimals and grouped thousands.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let is_zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
        let mut out = String::from(if value < 0.0 && !is_zero { "−" } else { "" });
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push(self.group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(self.point);
            out.push_str(fraction);
        }
        out
    }

    /// A number with at most `decimals` decimals, without trailing zeros.
    pub fn short(self, value: f64, decimals: usize) -> String {
        let text = self.decimal(value, decimals);
        if text.contains(self.point) {
            text.trim_end_matches('0').trim_end_matches(self.point).to_owned()
        } else {
            text
        }
    }

    /// A share of 0 to 1 as a percentage with a fixed number of decimals.
    pub fn percent(self, share: f64, decimals: usize) -> String {
        format!("{}{}", self.decimal(share * 100.0, decimals), self.percent)
    }

    /// Million VND, from a thousand on as billion.
    pub fn money(self, million: f64) -> String {
        let (value, decimals, unit) =
            if million.abs() >= 999.95 { (million / 1000.0, 2, self.billion) } else { (million, 1, self.million) };
        format!("{}{NO_BREAK}{unit}", self.short(value, decimals))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let (vi, en) = (Numbers::new(Language::Vi), Numbers::new(Language::En));
        assert_eq!((vi.decimal(1462.0, 0), en.decimal(1462.0, 0)), ("1.462".into(), "1,462".into()));
        assert_eq!((vi.percent(0.635, 1), en.percent(0.635, 1)), ("63,5\u{a0}%".into(), "63.5%".into()));
        assert_eq!(vi.decimal(-1_234_567.891, 2), "−1.234.567,89");
        assert_eq!(vi.decimal(-0.01, 1), "0,0");
        assert_eq!((vi.short(12.50, 2), vi.short(100.0, 0)), ("12,5".into(), "100".into()));
        assert_eq!(vi.money(12_350.0), "12,35\u{a0}tỷ đồng");
        assert_eq!(vi.money(999.96), "1\u{a0}tỷ đồng");
        assert_eq!(en.money(843.25), "843.2\u{a0}million VND");
    }
}
