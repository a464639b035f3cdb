//! Bytes of a text file to text: the encoding that the study states, a byte order mark, UTF-8, or Windows-1258 where the
//! bytes can be nothing else that Vietnamese is written in.

use super::TableSource;
use crate::problem::{Problem, Problems};
use encoding_rs::{Encoding, WINDOWS_1258};

/// What to do with text that is in none of the encodings that are read.
const CONVERT: &str = "save it as CSV UTF-8, or state encoding = \"…\"; text in TCVN3 (ABC), VNI or VISCII fonts must be converted to \
                       Unicode first";

/// The file's text. An encoding that was assumed is a warning.
pub(super) fn decode(mut bytes: Vec<u8>, source: &TableSource, problems: &mut Problems) -> Result<String, Problem> {
    let name = source.name();
    let marked = Encoding::for_bom(&bytes);
    if let Some(encoding) = source.encoding().map(|label| encoding_of(label, name)).transpose()? {
        let (encoding, start) = marked.unwrap_or((encoding, 0));
        return decode_as(encoding, &bytes[start..], name);
    }
    match marked {
        Some((encoding, start)) if encoding != encoding_rs::UTF_8 => return decode_as(encoding, &bytes[start..], name),
        Some((_, start)) => drop(bytes.drain(..start)),
        None => {}
    }
    if bytes.contains(&0) {
        let problem = Problem::error(name, "is no text that is recognised: it holds zero bytes");
        return Err(problem.suggest("if it is UTF-16, state encoding = \"utf-16le\"; or save it as CSV UTF-8"));
    }
    match guess(&bytes) {
        Guess::Windows1258 => {
            problems.push(is_assumed(source, "is"));
            decode_as(WINDOWS_1258, &bytes, name)
        }
        Guess::Utf8 | Guess::Unknown => String::from_utf8(bytes).map_err(|error| {
            let line = line_at(error.as_bytes(), error.utf8_error().valid_up_to());
            Problem::error(name, "is not UTF-8 text").at_row(line).suggest(CONVERT)
        }),
    }
}

/// What bytes can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// UTF-8.
    Utf8,
    /// Vietnamese in Windows-1258.
    Windows1258,
    /// Neither.
    Unknown,
}

/// What bytes without a mark can be. Bytes that begin as UTF-8 and go on otherwise are damaged, not Windows-1258.
pub(super) fn guess(bytes: &[u8]) -> Guess {
    let Err(error) = std::str::from_utf8(bytes) else { return Guess::Utf8 };
    let (text, faulty) = WINDOWS_1258.decode_without_bom_handling(bytes);
    let is_other = bytes[..error.valid_up_to()].is_ascii() && !faulty && is_vietnamese(&text);
    if is_other { Guess::Windows1258 } else { Guess::Unknown }
}

/// The warning that Windows-1258 was assumed; `what` says of what.
pub(super) fn is_assumed(source: &TableSource, what: &str) -> Problem {
    let message = format!("{what} not UTF-8; the encoding windows-1258 (Vietnamese) is assumed");
    let problem = Problem::warning(source.name(), message).in_field("encoding");
    problem.suggest("state encoding = \"windows-1258\", or save it as UTF-8")
}

/// The encoding that a study names.
pub(super) fn encoding_of(label: &str, name: &str) -> Result<&'static Encoding, Problem> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        let legacy = ["tcvn", "vni", "viscii", "abc", "vps"].iter().any(|l| label.to_lowercase().starts_with(l));
        let problem = Problem::error(name, "is no encoding that is read").in_field("encoding").with_value(label);
        problem.suggest(match legacy {
            true => "convert it to Unicode first, for example with UniKey",
            false => "write utf-8, windows-1258, utf-16le or another name of the WHATWG Encoding Standard",
        })
    })
}

/// The error about an encoding that is stated for a format whose text has one.
pub(super) fn states_its_own(name: &str, label: &str) -> Problem {
    let problem =
        Problem::error(name, "is stated for a format that states its own; text tables and shapefiles may have one");
    problem.in_field("encoding").with_value(label)
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8], name: &str) -> Result<String, Problem> {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    if !faulty {
        return Ok(text.into_owned());
    }
    let line = text.find('\u{fffd}').map_or(1, |at| line_at(text.as_bytes(), at));
    Err(Problem::error(name, format!("is not {} text", encoding.name())).at_row(line).suggest(CONVERT))
}

/// Line of a byte position, from 1.
fn line_at(bytes: &[u8], position: usize) -> usize {
    1 + bytes[..position].iter().filter(|&&b| b == b'\n').count()
}

/// Whether text decoded from Windows-1258 can be Vietnamese: letters of its alphabet, tone marks after vowels, and
/// punctuation that does not stand inside words. Text of the fonts TCVN3 (signs inside words) and VNI (ø, ï, û after vowels) fails.
fn is_vietnamese(text: &str) -> bool {
    const LETTERS: &str = "ÀÁÂĂÈÉÊÌÍĐÒÓÔƠÙÚƯÝàáâăèéêìíđòóôơùúưý";
    const TONES: &str = "\u{300}\u{301}\u{303}\u{309}\u{323}";
    const VOWELS: &str = "AEIOUYaeiouyÂĂÊÔƠƯâăêôơư";
    const PUNCTUATION: &str = "“”‘’–—…•°²³\u{a0}«»₫×·½¼¾§©®±€";
    let mut before = '\n';
    let mut letters = 0;
    for c in text.chars() {
        let fits = if c.is_ascii() {
            true
        } else if LETTERS.contains(c) {
            letters += 1;
            true
        } else if TONES.contains(c) {
            VOWELS.contains(before)
        } else {
            PUNCTUATION.contains(c) && (!before.is_alphabetic() || "“”‘’–—…²³\u{a0}".contains(c))
        };
        if !fits {
            return false;
        }
        before = c;
    }
    letters > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    const TEXT: &str = "Xóm Khuổi Nặm, xã Bảo Lạc, tỉnh Cao Bằng – 12°; Đường Hưng Đạo; Nguyễn Huệ; Vũ Quý Kỵ\n";

    fn read(bytes: &[u8], encoding: Option<&str>) -> (Result<String, Problem>, Problems) {
        let mut table = toml::Table::from_iter([("file".to_owned(), "t.csv".into())]);
        table.extend(encoding.map(|e| ("encoding".to_owned(), e.into())));
        let mut problems = Problems::default();
        let text = decode(bytes.to_vec(), &table.try_into().unwrap(), &mut problems);
        (text.map(|text| text.nfc().collect()), problems)
    }

    /// Windows-1258 as a Vietnamese system writes it: a tone that has no letter of its own follows its vowel.
    fn windows_1258(text: &str) -> Vec<u8> {
        let apart = |c: char| -> Vec<char> {
            if !WINDOWS_1258.encode(&c.to_string()).2 {
                return vec![c];
            }
            let parts: Vec<char> = c.nfd().collect();
            let tone = parts.iter().copied().find(|p| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*p));
            let letter: String = parts.iter().copied().filter(|p| Some(*p) != tone).nfc().collect();
            letter.chars().chain(tone).collect()
        };
        let text: String = text.chars().flat_map(apart).collect();
        let (bytes, _, faulty) = WINDOWS_1258.encode(&text);
        assert!(!faulty, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn the_same_text_comes_out_of_every_encoding() {
        let utf_16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(TEXT.encode_utf16().flat_map(bytes)).collect()
        };
        let decomposed: String = TEXT.nfd().collect();
        for (bytes, encoding) in [
            (TEXT.into(), None),
            (decomposed.into_bytes(), None),
            (["\u{feff}", TEXT].concat().into_bytes(), None),
            (utf_16([0xff, 0xfe], u16::to_le_bytes), None),
            (utf_16([0xfe, 0xff], u16::to_be_bytes), None),
            (TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect(), Some("utf-16le")),
            (windows_1258(TEXT), Some("windows-1258")),
            (utf_16([0xff, 0xfe], u16::to_le_bytes), Some("utf-8")), // a mark knows better
        ] {
            let (text, problems) = read(&bytes, encoding);
            assert_eq!(text.unwrap(), TEXT, "{encoding:?}");
            assert!(problems.is_empty());
        }
        let (text, problems) = read(&windows_1258(TEXT), None);
        assert_eq!(text.unwrap(), TEXT);
        assert!(problems.to_string().contains("windows-1258 (Vietnamese) is assumed"), "{problems}");
    }

    #[test]
    fn other_bytes_are_refused_with_the_line() {
        let tcvn3 = b"id,name\nv1,Cao B\xbbng, x\xe3m Khu\xe6i\n"; // "Cao Bằng, xóm Khuổi"
        let vni = b"id,name\nv1,Cao Ba\xe8ng, Ba\xefc Khu\xf4\xfbi\n";
        let broken = "id,name\nv1,Bản Đông\nv2,".bytes().chain(*b"B\xff\n").collect::<Vec<u8>>();
        for (bytes, row) in [(&tcvn3[..], 2), (vni, 2), (&broken, 3)] {
            let problem = read(bytes, None).0.unwrap_err();
            assert_eq!(problem.row, Some(row));
            assert!(problem.to_string().contains("TCVN3 (ABC), VNI"), "{problem}");
        }
        assert!(read(b"a\0b\0", None).0.unwrap_err().to_string().contains("utf-16le"));
        assert!(read(b"a", Some("TCVN3")).0.unwrap_err().to_string().contains("UniKey"));
        assert!(read(b"a", Some("utf8x")).0.unwrap_err().to_string().contains("is no encoding"));
        assert_eq!(read(b"a\nb\xff", Some("utf-8")).0.unwrap_err().row, Some(2));
    }
}
