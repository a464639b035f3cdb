//! Bytes of a text file to text.

use super::TableSource;
use crate::problem::Problem;
use encoding_rs::Encoding;

/// The file's text: in the encoding that the study states, else UTF-8 with or without a byte order mark.
pub(super) fn decode(bytes: Vec<u8>, source: &TableSource) -> Result<String, Problem> {
    let name = source.name();
    if let Some(label) = source.encoding() {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let problem = Problem::error(name, "is no known encoding").in_field("encoding").with_value(label);
            problem.suggest("write utf-8, windows-1258 or utf-16le")
        })?;
        let (text, used, faulty) = encoding.decode(&bytes);
        if faulty {
            return Err(Problem::error(name, format!("is not {} text", used.name())));
        }
        return Ok(text.into_owned());
    }
    let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if bytes.contains(&0) {
        return Err(Problem::error(name, "is not UTF-8 text: it holds zero bytes").suggest("save it as CSV UTF-8"));
    }
    let text = String::from_utf8(bytes[start..].to_vec());
    text.map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|&&b| b == b'\n').count();
        Problem::error(name, "is not UTF-8 text").at_row(line).suggest("save it as CSV UTF-8")
    })
}
