//! One line of `notspot link --batch`: a finite loss, or an error in words; one line either way, and the same each time.

use notspot::cli::answer_batch_line;
use serde_json::Value;

/// Asserts it for one line; a line of odd length asks for the trace too.
pub fn run(bytes: &[u8]) {
    let line = bytes.split(|&b| b == b'\n').next().unwrap_or_default();
    let traced = line.len() % 2 == 1;
    let (text, failed) = answer_batch_line(line, traced);
    assert!(!text.contains('\n'));
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(answer["error"].as_str().is_some_and(|words| !words.is_empty()), failed, "{text}");
    assert_eq!(answer["loss_db"].as_f64().is_some_and(f64::is_finite), !failed, "{text}");
    assert_eq!(answer["trace"].as_array().is_some_and(|steps| !steps.is_empty()), traced && !failed, "{text}");
    if let Ok(Value::Object(given)) = serde_json::from_slice(line) {
        // An id that stands twice is none.
        let says = answer["error"].as_str().unwrap_or_default();
        let is_twice = says.contains("id") && says.ends_with("given twice") && answer["id"].is_null();
        assert!(is_twice || given.get("id").unwrap_or(&Value::Null) == &answer["id"], "{text}");
    }
}
