//! `notspot link --batch`: JSON Lines in, JSON Lines out, in the same order.
//!
//! A line that cannot be answered gets `{"id":…,"error":…}` and does not stop the others; the exit code is then 1. Empty
//! lines are passed over.

use super::super::output::broken_pipe_is_success;
use super::super::{DONE, FAILURE};
use super::Path;
use crate::problem::did_you_mean;
use crate::propagation::{DEFAULT_MODEL, Link, Model, Polarization, Profile, PropagationError, Trace, TraceStep, Zone};
use rayon::prelude::*;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use std::io::{self, BufRead, BufWriter, Write};

/// Lines evaluated together; bounds memory.
const CHUNK: usize = 1024;

const LINE_KEYS: &[&str] = &[
    "id",
    "model",
    "frequency_mhz",
    "polarization",
    "tx_height_agl_m",
    "rx_height_agl_m",
    "profile",
    "distance_km",
    "path_center_latitude_deg",
    "params",
];
const PROFILE_KEYS: &[&str] = &["distance_km", "terrain_amsl_m", "clutter_m", "zone"];

/// Answers every line of `input` on `out`, with `threads` workers or one per core. The exit code.
pub(super) fn run(input: impl BufRead, out: &mut impl Write, trace: bool, threads: Option<u16>) -> anyhow::Result<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.map_or(0, usize::from)).build()?;
    let mut out = BufWriter::new(out);
    let mut lines = input.split(b'\n').filter(|line| !line.as_ref().is_ok_and(|l| l.trim_ascii().is_empty()));
    let mut code = DONE;
    loop {
        let chunk = lines.by_ref().take(CHUNK).collect::<io::Result<Vec<_>>>()?;
        if chunk.is_empty() {
            return Ok(code);
        }
        let answers: Vec<_> = pool.install(|| chunk.par_iter().map(|line| answer(line, trace)).collect());
        for (text, failed) in answers {
            code = if failed { FAILURE } else { code };
            if let Err(error) = writeln!(out, "{text}") {
                broken_pipe_is_success(Err(error))?;
                return Ok(DONE);
            }
        }
        if let Err(error) = out.flush() {
            broken_pipe_is_success(Err(error))?;
            return Ok(DONE);
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Loss {
        id: Value,
        loss_db: f64,
        warnings: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        trace: Option<Vec<TraceStep>>,
    },
    Error {
        id: Value,
        error: String,
    },
}

/// The answer to one line of `notspot link --batch`, without a line end, and whether it is an error.
pub fn answer(line: &[u8], trace: bool) -> (String, bool) {
    let (id, result) = match parse_object(line) {
        Ok(Line { mut object, twice }) => {
            let id = object.remove("id").unwrap_or_default();
            let result = match &twice[..] {
                [] => evaluate(object, trace),
                [key] => Err(format!("{key} is given twice")),
                keys => Err(format!("{} are given twice", keys.join(", "))),
            };
            (id, result)
        }
        Err(error) => (Value::Null, Err(error)),
    };
    let failed = result.is_err();
    let answer = match result {
        Ok((loss_db, warnings, trace)) => Answer::Loss { id, loss_db, warnings, trace },
        Err(error) => Answer::Error { id, error },
    };
    // Serialising plain numbers and strings does not fail; if it did, the line says so.
    match serde_json::to_string(&answer) {
        Ok(text) => (text, failed),
        Err(error) => (serde_json::json!({"id": null, "error": error.to_string()}).to_string(), true),
    }
}

fn parse_object(line: &[u8]) -> Result<Line, String> {
    // What is no object at all is told apart from what is no JSON.
    serde_json::from_slice(line).map_err(|_| match serde_json::from_slice::<Value>(line) {
        Ok(other) => format!("a line holds one JSON object, not {}", kind(&other)),
        Err(error) => format!("not JSON: {error}"),
    })
}

/// A JSON object: what stands in it once, and the keys that do not.
struct Line {
    object: Map<String, Value>,
    twice: Vec<String>,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Line;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Line, A::Error> {
                let (mut object, mut twice) = (Map::new(), Vec::new());
                while let Some((key, value)) = entries.next_entry::<String, Value>()? {
                    if object.insert(key.clone(), value).is_some() && !twice.contains(&key) {
                        twice.push(key);
                    }
                }
                twice.iter().for_each(|key| drop(object.remove(key)));
                Ok(Line { object, twice })
            }
        }
        deserializer.deserialize_map(Once)
    }
}

type Evaluation = (f64, Vec<String>, Option<Vec<TraceStep>>);

fn evaluate(mut line: Map<String, Value>, trace_wanted: bool) -> Result<Evaluation, String> {
    refuse_unknown_keys(&line, LINE_KEYS, "")?;
    let id: String = take(&mut line, "model")?.unwrap_or_else(|| DEFAULT_MODEL.into());
    let mut given: Map<String, Value> = take(&mut line, "params")?.unwrap_or_default();
    // The length of a path is no parameter of a model, but a line may write it among them.
    let distance_km: Option<f64> = match (take(&mut line, "distance_km")?, take(&mut given, "distance_km")?) {
        (Some(_), Some(_)) => return Err("distance_km is given twice, in the line and in params".into()),
        (in_line, in_params) => in_line.or(in_params),
    };
    let said = |error: PropagationError| error.to_string();
    let model = Model::build(&id, &given).map_err(said)?;
    let latitude: Option<f64> = take(&mut line, "path_center_latitude_deg")?;
    if model.entry().needs_latitude && latitude.is_none() {
        return Err(format!("path_center_latitude_deg is missing; {id} needs it"));
    }
    let link = Link {
        frequency_mhz: need(&mut line, "frequency_mhz")?,
        polarization: take::<Polarization>(&mut line, "polarization")?.unwrap_or_default(),
        tx_height_agl_m: need(&mut line, "tx_height_agl_m")?,
        rx_height_agl_m: need(&mut line, "rx_height_agl_m")?,
        path_center_latitude_deg: latitude.unwrap_or(0.0),
    };
    let path = match (take::<Map<String, Value>>(&mut line, "profile")?, distance_km) {
        (Some(profile), None) => Path::Profile(parse_profile(profile)?),
        (None, Some(distance_km)) => Path::Distance(distance_km),
        (None, None) if model.needs_profile() => return Err(format!("profile is missing; {id} needs it")),
        (None, None) => return Err("profile or distance_km is missing".into()),
        (Some(_), Some(_)) => return Err("profile and distance_km exclude each other".into()),
    };
    let mut trace = if trace_wanted { Trace::on() } else { Trace::off() };
    let prediction = path.predict(&model, &link, &mut trace).map_err(said)?;
    Ok((prediction.loss_db, prediction.warnings, trace_wanted.then(|| trace.into_steps())))
}

fn parse_profile(mut columns: Map<String, Value>) -> Result<Profile, String> {
    refuse_unknown_keys(&columns, PROFILE_KEYS, "profile.")?;
    let within = |error: String| format!("profile.{error}");
    let distance_km: Vec<f64> = need(&mut columns, "distance_km").map_err(within)?;
    let terrain_amsl_m: Vec<f64> = need(&mut columns, "terrain_amsl_m").map_err(within)?;
    let n = distance_km.len();
    let clutter_m = take(&mut columns, "clutter_m").map_err(within)?.unwrap_or_else(|| vec![0.0; n]);
    let zone = take(&mut columns, "zone").map_err(within)?.unwrap_or_else(|| vec![Zone::default(); n]);
    Profile::new(distance_km, terrain_amsl_m, clutter_m, zone).map_err(|error| error.to_string())
}

fn refuse_unknown_keys(object: &Map<String, Value>, known: &[&str], prefix: &str) -> Result<(), String> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let hint =
                did_you_mean(key, known.iter().copied()).unwrap_or_else(|| format!("known are {}", known.join(", ")));
            Err(format!("{prefix}{key} is not known; {hint}"))
        }
    }
}

/// The value of a key, where it is given and not null.
fn take<T: DeserializeOwned>(object: &mut Map<String, Value>, key: &str) -> Result<Option<T>, String> {
    match object.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value).map(Some).map_err(|error| format!("{key}: {error}")),
    }
}

fn need<T: DeserializeOwned>(object: &mut Map<String, Value>, key: &str) -> Result<T, String> {
    take(object, key)?.ok_or_else(|| format!("{key} is missing"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
