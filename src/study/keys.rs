//! Checks the keys and types of the study file against the schema of its types, all faults at once.
//!
//! A deserialiser stops at the first fault; a person who mends a file wants to see all of them.

use super::StudyFile;
use crate::problem::{Problem, Problems, did_you_mean};
use serde_json::Value as Json;
use std::ops::Range;
use std::sync::LazyLock;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reports keys that the schema of [`StudyFile`] does not know, keys that it requires and does not find, and values of the wrong type.
pub(super) fn check_keys(text: &str, table: &DeTable<'_>, file: &str, problems: &mut Problems) {
    let mut checker = Checker { text, definitions: &SCHEMA["$defs"], file, problems };
    checker.table(table, 0..0, &SCHEMA, "");
    if checker.is_enough() {
        problems.push(Problem::error(file, format!("has more than {MOST_LISTED} faults; the check ended there")));
    }
}

static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(StudyFile).into());

/// Faults of a study file that are listed; the check ends there.
const MOST_LISTED: usize = 100;

struct Checker<'a> {
    text: &'a str,
    definitions: &'a Json,
    file: &'a str,
    problems: &'a mut Problems,
}

impl<'a> Checker<'a> {
    /// Whether there is no need to look further: nobody reads that many.
    fn is_enough(&self) -> bool {
        self.problems.error_count() >= MOST_LISTED
    }

    fn fault(&self, span: Range<usize>, field: &str, message: String) -> Problem {
        let row = line_of(self.text, span.start);
        Problem::error(self.file, message).at_row(row).in_field(field)
    }

    /// The forms that a value may have: references followed, alternatives taken apart, null left out.
    fn forms(&self, schema: &'a Json) -> Vec<&'a Json> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.forms(&self.definitions[reference.trim_start_matches("#/$defs/")]);
        }
        match schema["anyOf"].as_array() {
            Some(options) => options.iter().filter(|o| o["type"] != "null").flat_map(|o| self.forms(o)).collect(),
            None => vec![schema],
        }
    }

    fn table(&mut self, table: &DeTable<'_>, span: Range<usize>, schema: &'a Json, path: &str) {
        let known = schema["properties"].as_object();
        let names = || known.into_iter().flat_map(|p| p.keys().map(String::as_str));
        for (key, value) in table {
            if self.is_enough() {
                return;
            }
            let name: &str = key.get_ref();
            let field = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            match known.and_then(|properties| properties.get(name)) {
                Some(property) => self.value(value, property, &field),
                None if schema["additionalProperties"].is_object() => {
                    let allowed = choices(&schema["propertyNames"]);
                    if !allowed.is_empty() && !allowed.contains(&name) {
                        let message = format!("is no key of this table; use {}", allowed.join(", "));
                        let suggestion = did_you_mean(name, allowed);
                        // named by its table, which is left out of what is checked further
                        let problem = self.fault(key.span(), path, message).with_value(name);
                        self.problems.push(Problem { suggestion, ..problem });
                        continue;
                    }
                    self.value(value, &schema["additionalProperties"], &field);
                }
                None if schema["additionalProperties"] == Json::Bool(true) => {
                    self.value(value, &Json::Bool(true), &field)
                }
                None if known.is_none() => {}
                None => {
                    let allowed = names().collect::<Vec<_>>().join(", ");
                    let message = format!("is no key of the study file; known here: {allowed}");
                    let suggestion = did_you_mean(name, names());
                    self.problems.push(Problem { suggestion, ..self.fault(key.span(), &field, message) });
                }
            }
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !table.iter().any(|(key, _)| key.get_ref() == required) {
                let field = if path.is_empty() { required.to_owned() } else { format!("{path}.{required}") };
                self.problems.push(self.fault(span.clone(), &field, "is missing; the study needs it".into()));
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'a Json, field: &str) {
        let forms = self.forms(schema);
        let kinds: Vec<&str> = forms.iter().flat_map(|form| kinds(form)).collect();
        let form = |kind: &str| forms.iter().copied().find(|form| self::kinds(form).contains(&kind));
        let found = match value.get_ref() {
            DeValue::String(text) => {
                let choices = forms.iter().flat_map(|form| choices(form)).collect::<Vec<_>>();
                if !choices.is_empty() && !choices.contains(&text.as_ref()) {
                    let message = format!("is not allowed; use one of {}", choices.join(", "));
                    let problem = self.fault(value.span(), field, message).with_value(text);
                    self.problems.push(Problem { suggestion: did_you_mean(text, choices), ..problem });
                    return;
                }
                "string"
            }
            DeValue::Integer(number) => {
                let text = number.to_string();
                if form("integer").is_some_and(|form| form["format"] == "uint32") && text.parse::<u32>().is_err() {
                    let message = format!("is outside 0 to {}", u32::MAX);
                    self.problems.push(self.fault(value.span(), field, message).with_value(text));
                    return;
                }
                "integer"
            }
            DeValue::Float(number) => {
                if number.as_str().parse::<f64>().is_ok_and(|value| !value.is_finite()) {
                    let message = "is not a finite number".to_owned();
                    self.problems.push(self.fault(value.span(), field, message).with_value(number.as_str()));
                    return;
                }
                "number"
            }
            DeValue::Boolean(_) => "boolean",
            DeValue::Datetime(_) => "date without quotes",
            DeValue::Array(items) => {
                if let Some(form) = form("array") {
                    for (i, item) in items.iter().enumerate() {
                        self.value(item, &form["items"], &format!("{field}[{i}]"));
                    }
                }
                "array"
            }
            DeValue::Table(table) => {
                if let Some(form) = form("object") {
                    self.table(table, value.span(), form, field);
                }
                "object"
            }
        };
        let fits = kinds.is_empty() || kinds.contains(&found) || (found == "integer" && kinds.contains(&"number"));
        if !fits {
            let wanted: Vec<&str> = kinds.iter().map(|&kind| plain(kind)).collect();
            let message = format!("is {}; {} is needed", plain(found), wanted.join(" or "));
            self.problems.push(self.fault(value.span(), field, message));
        }
    }
}

/// The types that a schema allows, null left out.
fn kinds(schema: &Json) -> Vec<&str> {
    match &schema["type"] {
        Json::String(kind) => vec![kind],
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).filter(|&k| k != "null").collect(),
        _ if !choices(schema).is_empty() => vec!["string"],
        _ => Vec::new(),
    }
}

/// The words that an enumeration allows.
fn choices(schema: &Json) -> Vec<&str> {
    let one_of = schema["oneOf"].as_array().into_iter().flatten().filter_map(|c| c["const"].as_str());
    schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).chain(one_of).collect()
}

fn plain(kind: &str) -> &str {
    match kind {
        "string" => "a text in quotes",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table",
        other => other,
    }
}

/// Line of a byte position, from 1.
pub(super) fn line_of(text: &str, position: usize) -> usize {
    1 + text.as_bytes()[..position.min(text.len())].iter().filter(|&&b| b == b'\n').count()
}
