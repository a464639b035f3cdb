//! The encoding of a shapefile's attributes, which its .dbf rarely states.

use super::TableSource;
use super::archive::bytes_of;
use super::text::{Guess, encoding_of, guess, is_assumed, states_its_own};
use crate::problem::{Problem, Problems};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1258};
use std::path::Path;

/// Encoding of a shapefile's attributes: the stated one; Windows-1258 where a .cpg file says so; without such a file UTF-8 or
/// Windows-1258 where the attributes are that. `None` leaves it to GDAL, as for other formats, which state theirs.
pub(super) fn shapefile_encoding(
    path: &Path,
    source: &TableSource,
    problems: &mut Problems,
) -> Result<Option<&'static Encoding>, Problem> {
    let is_shapefile = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("shp"));
    if let Some(label) = source.encoding() {
        let encoding = encoding_of(label, source.name())?;
        return if is_shapefile { Ok(Some(encoding)) } else { Err(states_its_own(source.name(), label)) };
    }
    if !is_shapefile {
        return Ok(None);
    }
    let beside = |extension: &str| {
        [extension.to_lowercase(), extension.to_uppercase()].iter().find_map(|e| bytes_of(&path.with_extension(e)))
    };
    if let Some(stated) = beside("cpg") {
        return Ok(stated.windows(4).any(|digits| digits == b"1258").then_some(WINDOWS_1258));
    }
    let bytes = beside("dbf").unwrap_or_default();
    // The header's length stands in bytes 8 and 9 (dBASE III file structure).
    let header = bytes.get(8..10).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    match guess(bytes.get(header..).unwrap_or_default()) {
        Guess::Utf8 => Ok(Some(UTF_8)),
        Guess::Windows1258 => {
            problems.push(is_assumed(source, "its attributes are"));
            Ok(Some(WINDOWS_1258))
        }
        Guess::Unknown => Ok(None),
    }
}

/// How GDAL is asked for attributes in an encoding. It is trusted with UTF-8 alone: iconv, which it uses for Windows-1258, keeps
/// the last letter back and GDAL never fetches it. Anything else is asked for byte by byte, for [`recoded`].
pub(super) fn open_option(encoding: &'static Encoding) -> &'static str {
    if encoding == UTF_8 { "ENCODING=UTF-8" } else { "ENCODING=ISO-8859-1" }
}

/// Text whose characters stand for the bytes of an encoding.
pub(super) fn recoded(text: &str, encoding: Option<&'static Encoding>) -> String {
    let bytes = || text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>();
    match encoding
        .filter(|&e| e != UTF_8)
        .and_then(|encoding| Some(encoding.decode_without_bom_handling(&bytes()?).0.into_owned()))
    {
        Some(text) => text,
        None => text.to_owned(),
    }
}
