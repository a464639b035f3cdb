//! The text of a study file: refused with problems, or a study that writes itself down and reads back the same.

use notspot::study::StudyFile;

const FILE: &str = "study.toml";

/// Asserts it for one text.
pub fn run(bytes: &[u8]) {
    let study = match StudyFile::parse(bytes, FILE) {
        Ok(study) => study,
        Err(problems) => return super::check_refusal(&problems, FILE, bytes),
    };
    let text = toml::to_string(&study).expect("a sound study can be written");
    let again = StudyFile::parse(text.as_bytes(), FILE).unwrap_or_else(|p| panic!("{p}\n{text}"));
    let json = |study: &StudyFile| serde_json::to_value(study).expect("plain values");
    assert_eq!(json(&study), json(&again), "{text}");
}
