//! How far two names are from one another.

use super::name::Form;
use super::{MatchQuality, Named};

/// How two names differ; the smaller the cost the closer. Costs of different kinds of difference add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Grade {
    pub(super) cost: u32,
    pub(super) quality: MatchQuality,
}

/// Costs. Only their order matters: what people often do costs less than what they seldom do.
const KIND_MISSING: u32 = 1;
const KIND_DIFFERS: u32 = 2;
const MARKS_MISSING: u32 = 1;
const RESPELT: u32 = 2;
const MARKS_DIFFER: u32 = 3;
const PART: u32 = 6;
const ONE_LETTER: u32 = 20;

/// Shortest key in which one wrong letter is taken for a slip.
pub(super) const FUZZY_FROM_LETTERS: usize = 5;

/// The closest readings of two names; `None` when no two have the same key or one that is a letter off.
pub(super) fn grade(a: &Named, b: &Named) -> Option<Grade> {
    a.forms.iter().flat_map(|x| b.forms.iter().filter_map(move |y| grade_forms(x, y))).min()
}

fn grade_forms(a: &Form, b: &Form) -> Option<Grade> {
    let kind = match (a.kind, b.kind) {
        (x, y) if x == y => 0,
        (Some(_), Some(_)) => KIND_DIFFERS,
        _ => KIND_MISSING,
    };
    if a.key != b.key {
        let fuzzy = !a.is_part && !b.is_part && is_one_letter_off(&a.key, &b.key);
        return fuzzy.then_some(Grade { cost: ONE_LETTER + kind, quality: MatchQuality::Fuzzy });
    }
    let marks = marks(a, b);
    let part = if a.is_part || b.is_part { PART } else { 0 };
    let quality = match (kind + part, marks) {
        (0, 0) => MatchQuality::Exact,
        (0, MARKS_MISSING) => MatchQuality::Accents,
        _ => MatchQuality::Variant,
    };
    Some(Grade { cost: kind + part + marks, quality })
}

/// What the letters and marks of two forms with the same key cost.
fn marks(a: &Form, b: &Form) -> u32 {
    if a.syllables == b.syllables {
        return 0;
    }
    if a.syllables.len() != b.syllables.len() {
        return MARKS_DIFFER + RESPELT;
    }
    let pairs = || a.syllables.iter().zip(&b.syllables);
    let respelt = if pairs().all(|(x, y)| x.has_same_letters(y)) { 0 } else { RESPELT };
    if pairs().all(|(x, y)| x.agrees_with(y)) {
        MARKS_MISSING
    } else if pairs().all(|(x, y)| if x.has_same_letters(y) { x.agrees_with(y) } else { x.has_tone_of(y) }) {
        respelt
    } else {
        MARKS_DIFFER + respelt
    }
}

/// Whether one letter is changed, left out, added, or swapped with its neighbour; digits are all the same.
pub(super) fn is_one_letter_off(a: &str, b: &str) -> bool {
    let digits = |key: &str| key.chars().filter(|c| !c.is_alphabetic()).collect::<String>();
    a.chars().count().min(b.chars().count()) >= FUZZY_FROM_LETTERS
        && digits(a) == digits(b)
        && strsim::osa_distance(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &str, b: &str) -> Option<(MatchQuality, u32)> {
        let named = |name| Named::new(name, Vec::new(), None);
        let (one, other) = (grade(&named(a), &named(b)), grade(&named(b), &named(a)));
        assert_eq!(one, other, "{a} {b}");
        one.map(|g| (g.quality, g.cost))
    }

    #[test]
    fn every_difference_has_its_quality_and_cost() {
        use MatchQuality::{Accents, Exact, Fuzzy, Variant};
        for (a, b, expected) in [
            ("Xóm Nà Lủng", "XÓM  nà lủng", Some((Exact, 0))),
            ("Tổ dân phố 3", "TDP số 03", Some((Exact, 0))),
            ("Xóm Hoà Bình", "Xóm Hòa Bình", Some((Exact, 0))),
            ("Xóm Nà Lủng", "Xom Na Lung", Some((Accents, 1))),
            ("Xóm Đâư", "xom dau", Some((Accents, 1))),
            ("Xóm Nà Lủng", "Nà Lủng", Some((Variant, 1))),
            ("Xóm Nà Lủng", "Thôn Nà Lủng", Some((Variant, 2))),
            ("Xóm Nà Lủng", "Na Lung", Some((Variant, 2))),
            ("Xóm Nà Lủng", "Xóm Nà Lũng", Some((Variant, 3))),
            ("Xóm Lũng Rỵ", "Xóm Lũng Rị", Some((Variant, 2))),
            ("Xóm Phja Lỏong", "Xóm Phia Lỏng", Some((Variant, 2))),
            ("Xóm Nà Lủng (Nà Phia)", "Xóm Nà Phia", Some((Variant, 7))),
            ("Xóm Bản Khúa", "Bản Khúa", Some((Variant, 1))),
            ("Xóm Nà Lủng", "Xóm Nà Tủng", Some((Fuzzy, 20))),
            ("Xóm Khuổi Vài", "Xóm Khuỏi Vàii", Some((Fuzzy, 20))),
            ("Xóm 3", "Xóm 4", None),
            ("Xóm Nà Lủng 1", "Xóm Nà Lủng 2", None),
            ("Xóm Nà Lủng 1", "Xóm Nà Lủng", None),
            ("Nà Pò", "Nà Bò", None),
            ("Xóm Nà Lủng Trên", "Xóm Nà Lủng Dưới", None),
        ] {
            assert_eq!(of(a, b), expected, "{a} | {b}");
        }
    }
}
