//! The normal form of a place's name: what stays the same however people write it.
//!
//! In: a name as a table has it. Out: its [`Form`]s, one for each way to read it ("Xóm Nà Lủng (Nà Lũng)" has two). A form
//! splits off the word for the kind of place and keeps the rest twice: as letters with their marks, to compare exactly, and
//! as a key without marks in one spelling, to find it. Made for Vietnamese names; others are compared letter by letter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word for a kind of place, with the ways it is written (lower case, without marks, the longest first).
pub(crate) struct Kind {
    id: &'static str,
    words: &'static [&'static str],
    /// Whether names also begin with it, or with what looks like it, as a part of the name itself ("Xóm Bản Khúa").
    part_of_names: bool,
}

const fn kind(id: &'static str, words: &'static [&'static str], part_of_names: bool) -> Kind {
    Kind { id, words, part_of_names }
}

/// Kinds of settlements.
pub(crate) static SETTLEMENTS: &[Kind] = &[
    kind("xóm", &["xom", "x."], false),
    kind("thôn", &["thon", "th."], false),
    kind("tổ dân phố", &["to dan pho", "tdp", "to"], true),
    kind("khối", &["khoi pho", "khoi"], false),
    kind("khu", &["khu pho", "khu dan cu", "khu"], true),
    kind("ấp", &["ap"], false),
    kind("bản", &["ban", "b."], true),
    kind("làng", &["lang"], true),
    kind("phố", &["pho"], true),
];

/// Kinds of communes and districts.
pub(crate) static COMMUNES: &[Kind] = &[
    kind("xã", &["xa", "x."], false),
    kind("phường", &["phuong", "p."], false),
    kind("thị trấn", &["thi tran", "tt.", "tt"], false),
    kind("thị xã", &["thi xa", "tx.", "tx"], false),
    kind("thành phố", &["thanh pho", "tp.", "tp"], false),
    kind("huyện", &["huyen", "h."], false),
    kind("quận", &["quan", "q."], false),
];

/// One reading of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// The kind of place, when the name says it.
    pub(crate) kind: Option<&'static str>,
    /// Syllables behind the kind, with their marks.
    pub(crate) syllables: Vec<Syllable>,
    /// Letters of the syllables without marks, in one spelling, without blanks; numbers in digits.
    pub(crate) key: String,
    /// Whether it is only a part of the name: what stands in brackets, one of two merged villages.
    pub(crate) is_part: bool,
}

/// A syllable: its letters with the marks that belong to the vowel (ă â ê ô ơ ư đ), and its tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Syllable {
    letters: String,
    plain: String,
    /// The combining mark of its tone, wherever in the syllable it was put; none for the level tone or a name without marks.
    tone: Option<char>,
}

/// Grave, acute, hook, tilde, dot below.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'];

impl Syllable {
    fn new(word: &str) -> Self {
        let tone = word.nfd().find(|c| TONES.contains(c));
        let letters: String = word.nfd().filter(|c| !TONES.contains(c)).nfc().collect();
        let plain = plain(&letters);
        Self { letters, plain, tone }
    }

    /// Whether the letters are the same when marks are left out.
    pub(super) fn has_same_letters(&self, other: &Self) -> bool {
        self.plain == other.plain
    }

    /// Whether both have the same tone, or none at all.
    pub(super) fn has_tone_of(&self, other: &Self) -> bool {
        self.tone == other.tone
    }

    /// Whether one is the other with all its marks or with some of them left out.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        self.is_reduced_from(other) || other.is_reduced_from(self)
    }

    fn is_bare(&self) -> bool {
        self.tone.is_none() && self.letters == self.plain
    }

    fn is_reduced_from(&self, full: &Self) -> bool {
        (self.tone.is_none() || self.tone == full.tone)
            && self.letters.chars().count() == full.letters.chars().count()
            && self.letters.chars().zip(full.letters.chars()).all(|(a, b)| a == b || a == plain_letter(b))
    }
}

/// Letters without any mark.
pub(in crate::study) fn plain(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).map(plain_letter).collect()
}

/// A letter without its marks.
fn plain_letter(letter: char) -> char {
    match letter {
        'đ' => 'd',
        _ => std::iter::once(letter).nfd().next().unwrap_or(letter),
    }
}

/// All readings of a name, the whole name first; empty when it holds no letter and no digit.
pub(crate) fn forms(name: &str, kinds: &'static [Kind]) -> Vec<Form> {
    let name: String = name.nfc().collect();
    let (outside, inside) = split_brackets(&name);
    let mut forms = Vec::new();
    let whole = push(&mut forms, &outside, kinds, false);
    let parts = split_parts(&outside);
    for part in parts.iter().filter(|_| parts.len() > 1).chain(&inside) {
        push(&mut forms, part, kinds, whole);
    }
    forms
}

/// Adds the forms of one text; says whether there were any.
fn push(forms: &mut Vec<Form>, text: &str, kinds: &'static [Kind], is_part: bool) -> bool {
    let words = words(text);
    let (found, rest) = split_kind(&words, kinds);
    let mut add = |kind: Option<&'static str>, words: &[String]| {
        let syllables: Vec<Syllable> = words.iter().map(|w| Syllable::new(w)).collect();
        let key: String = syllables.iter().map(|s| key_of(&s.plain)).collect();
        let form = Form { kind, syllables, key, is_part };
        if !form.key.is_empty() && !forms.contains(&form) {
            forms.push(form);
        }
    };
    add(found.map(|kind| kind.id), rest);
    if found.is_some_and(|kind| kind.part_of_names) && rest.len() < words.len() {
        add(None, &words);
    }
    !words.is_empty()
}

/// What stands outside brackets, and each bracket's content.
fn split_brackets(name: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut depth) = (String::new(), Vec::new(), 0_usize);
    for c in name.chars() {
        match c {
            '(' | '[' => {
                depth += 1;
                inside.push(String::new());
                outside.push(' ');
            }
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => match inside.last_mut().filter(|_| depth > 0) {
                Some(last) => last.push(c),
                None => outside.push(c),
            },
        }
    }
    (outside, inside)
}

/// Names of villages that were merged: "Nà Lủng - Pác Bó", "Nà Lủng, Pác Bó", "Nà Lủng và Pác Bó".
fn split_parts(text: &str) -> Vec<String> {
    let text = text.replace(" - ", "\n").replace(" – ", "\n").replace(" và ", "\n").replace([',', ';', '+', '&'], "\n");
    text.split('\n').map(|part| part.trim().to_owned()).filter(|part| part.chars().any(char::is_alphabetic)).collect()
}

/// Lower-case words; hyphens and other signs separate, a dot stays with an abbreviation before it, a slash between numbers.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::new();
    for c in text.chars() {
        match c {
            '.' => spaced.push_str(". "),
            '/' => spaced.push('/'),
            c if c.is_alphanumeric() || is_combining_mark(c) => spaced.push(c),
            _ => spaced.push(' '),
        }
    }
    let has_lower_case = text.chars().any(char::is_lowercase);
    let mut words: Vec<String> = Vec::new();
    for word in spaced.split_whitespace() {
        for number in digits_apart(word) {
            let roman = roman_number(&number, has_lower_case && !words.is_empty());
            words.push(roman.unwrap_or_else(|| number.to_lowercase()));
        }
    }
    // "Tổ dân phố số 3": the word for "number" says nothing.
    let numbered = |i: usize| words.get(i + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    let silent: Vec<bool> = (0..words.len()).map(|i| plain(&words[i]) == "so" && numbered(i)).collect();
    words.into_iter().zip(silent).filter(|(word, silent)| !silent && word != ".").map(|(word, _)| word).collect()
}

/// "TDP3" is two words; leading zeros of a number say nothing.
fn digits_apart(word: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for c in word.chars() {
        match parts.last_mut() {
            Some(last)
                if last.ends_with(|l: char| l.is_ascii_digit()) == c.is_ascii_digit()
                    || c == '/'
                    || last.ends_with('/') =>
            {
                last.push(c);
            }
            _ => parts.push(c.to_string()),
        }
    }
    let trimmed = |part: String| match part.trim_start_matches('0') {
        rest if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ => part,
    };
    parts.into_iter().map(trimmed).collect()
}

/// A Roman number to twenty in digits, alone or before a slash ("I/1"). "V", "I", "X", "VI", "XI" could be letters or syllables:
/// they count only in capitals behind other words of a name that has small letters.
fn roman_number(word: &str, is_sure_to_be_capital: bool) -> Option<String> {
    const NUMBERS: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
        "xviii", "xix", "xx",
    ];
    let (head, tail) = word.split_once('/').map_or((word, ""), |(head, tail)| (head, tail));
    let at = NUMBERS.iter().position(|n| *n == head.to_lowercase())?;
    let doubtful = matches!(NUMBERS[at], "i" | "v" | "x" | "vi" | "xi" | "xv");
    let sure = !doubtful || !tail.is_empty() || (is_sure_to_be_capital && head.chars().all(char::is_uppercase));
    let tail = if tail.is_empty() { String::new() } else { format!("/{}", tail.to_lowercase()) };
    sure.then(|| format!("{}{tail}", at + 1))
}

/// Takes the word for the kind of place off the front, unless nothing would be left.
fn split_kind<'a>(words: &'a [String], kinds: &'static [Kind]) -> (Option<&'static Kind>, &'a [String]) {
    for kind in kinds {
        for spelling in kind.words {
            let length = spelling.split(' ').count();
            let begins = words.len() > length
                && spelling.split(' ').zip(words).all(|(expected, word)| plain(word) == expected)
                && is_kind_word(kind, &words[..length]);
            if begins {
                return (Some(kind), &words[length..]);
            }
        }
    }
    (None, words)
}

/// Whether the words may stand for the kind: "Tô Hiệu" begins with no "tổ", "Lăng Hiếu" with no "làng".
fn is_kind_word(kind: &Kind, words: &[String]) -> bool {
    let right = kind.id.split(' ').map(Syllable::new);
    words
        .iter()
        .map(|word| Syllable::new(word))
        .zip(right)
        .all(|(word, right)| word.plain != right.plain || word == right || word.is_bare())
}

/// One spelling for a syllable without marks: i for y and j, k for c, t for th …
fn key_of(plain: &str) -> String {
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        return plain.to_owned();
    }
    let mut key = plain.replace(['y', 'j'], "i").replace("oo", "o").replace("ngh", "ng").replace("gh", "g");
    if !key.starts_with("ch") {
        key = key.replacen('c', "k", usize::from(key.starts_with('c')));
    }
    if let Some(rest) = key.strip_prefix("sl") {
        key = format!("s{rest}");
    }
    match key.as_str() {
        // The word for a mouth of a stream or a valley: Pác, Pắc, Pak, Bác.
        "bak" | "bac" | "pak" => "pac".into(),
        // The word for a rock or mountain: Phja, Phia, Pia.
        "pia" => "phia".into(),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(name: &str) -> Form {
        forms(name, SETTLEMENTS).remove(0)
    }

    #[test]
    fn the_kind_is_split_off_in_all_its_spellings() {
        for (name, kind, key) in [
            ("Xóm Nà Lủng", Some("xóm"), "nalung"),
            ("XÓM NÀ LỦNG", Some("xóm"), "nalung"),
            ("xom na lung", Some("xóm"), "nalung"),
            ("x. Nà Lủng", Some("xóm"), "nalung"),
            ("X.Nà Lủng", Some("xóm"), "nalung"),
            ("Tổ dân phố 3", Some("tổ dân phố"), "3"),
            ("TDP 03", Some("tổ dân phố"), "3"),
            ("TDP3", Some("tổ dân phố"), "3"),
            ("tổ 3", Some("tổ dân phố"), "3"),
            ("Tổ dân phố số 3", Some("tổ dân phố"), "3"),
            ("Khu phố 2", Some("khu"), "2"),
            ("Nà Lủng", None, "nalung"),
            ("Lăng Hiếu", None, "langhieu"),
            ("Tô Hiệu", None, "tohieu"),
            ("Bản", None, "ban"),
            ("Xóm III", Some("xóm"), "3"),
            ("Xóm I/1", Some("xóm"), "1/1"),
            ("Nà Vi", None, "navi"),
            ("Nà Pục VI", None, "napuc6"),
        ] {
            let form = whole(name);
            assert_eq!((form.kind, form.key.as_str()), (kind, key), "{name}");
        }
    }

    #[test]
    fn one_spelling_for_what_is_spelt_in_several() {
        for (a, b) in [
            ("Lũng Rỵ", "Lũng Rị"),
            ("Lý Quốc", "Lí Quốc"),
            ("Phja Lỏong", "Phia Lỏng"),
            ("Pác Bó", "Bác Bó"),
            ("Pác Bó", "Pắc Bó"),
            ("Sliếc", "Siếc"),
            ("Nà Đoỏng", "Nà Đỏng"),
            ("Kéo Cỏng", "Kéo Kỏng"),
            ("Nà-Lủng", "Nà Lủng"),
            ("Nghiều", "Ngiều"),
        ] {
            assert_eq!(whole(a).key, whole(b).key, "{a} {b}");
        }
        for (a, b) in [("Nà Lủng", "Nà Tủng"), ("Xóm 3", "Xóm 4"), ("Chộc", "Cộc"), ("Nà Pò", "Nà Bò")]
        {
            assert_ne!(whole(a).key, whole(b).key, "{a} {b}");
        }
    }

    #[test]
    fn composition_and_the_place_of_the_tone_say_nothing() {
        let decomposed: String = "Xóm Nà Lủng".nfd().collect();
        assert_eq!(whole(&decomposed), whole("Xóm Nà Lủng"));
        assert_eq!(whole("Hoà An"), whole("Hòa An"));
        assert_eq!(whole("Đàm Thuỷ"), whole("Đàm Thủy"));
    }

    #[test]
    fn a_mark_against_none_agrees_and_against_another_not() {
        let agree =
            |a: &str, b: &str| whole(a).syllables.iter().zip(&whole(b).syllables).all(|(a, b)| a.agrees_with(b));
        assert!(agree("Nà Lủng", "Na Lung"));
        assert!(agree("Nà Lủng", "Nà Lung"));
        assert!(agree("Đường Ươm", "Duong Uom"));
        assert!(!agree("Nà Lủng", "Nà Lũng"));
        assert!(!agree("Nà Cốc", "Nà Cộc"));
        assert!(!agree("Nà Cơn", "Nà Côn"));
        assert!(!agree("Nà Lăng", "Nà Làng"));
    }

    #[test]
    fn brackets_and_merged_villages_give_parts() {
        let keys = |name: &str| -> Vec<(String, bool)> {
            forms(name, SETTLEMENTS).into_iter().map(|form| (form.key, form.is_part)).collect()
        };
        assert_eq!(keys("Xóm Nà Lủng (Nà Phia)"), [("nalung".into(), false), ("naphia".into(), true)]);
        assert_eq!(
            keys("Nà Lủng - Pác Bó"),
            [("nalungpacbo".into(), false), ("nalung".into(), true), ("pacbo".into(), true)]
        );
        assert_eq!(keys("Bản Khúa"), [("khua".into(), false), ("bankhua".into(), false)]);
        assert_eq!(keys("Xóm Bản Khúa"), [("bankhua".into(), false)]);
        assert_eq!(keys("--"), []);
    }

    #[test]
    fn communes_have_their_own_kinds() {
        for (name, key) in [("TT. Nước Hai", "nuochai"), ("Xã Lý Bôn", "libon"), ("TP Cao Bằng", "kaobang")] {
            assert_eq!(forms(name, COMMUNES)[0].key, key, "{name}");
        }
    }
}
