//! `notspot models`: what is built in, with references, validity and parameters.

use super::output::broken_pipe_is_success;
use super::{Common, DONE};
use crate::propagation::{DEFAULT_MODEL, MODELS, ModelEntry, Outside};
use clap::Args;
use serde_json::json;
use std::io::{self, Write};

/// Lists the propagation models with their references, validity and parameters
#[derive(Debug, Args)]
pub struct Models {}

impl Models {
    /// Writes the list to stdout.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let mut out = io::stdout().lock();
        let written = if common.json {
            let document = json!({"schema": "notspot/models/1", "default": DEFAULT_MODEL, "models": MODELS});
            serde_json::to_writer_pretty(&mut out, &document).map_err(io::Error::from).and_then(|()| writeln!(out))
        } else {
            MODELS.iter().try_for_each(|entry| write_entry(&mut out, entry))
        };
        broken_pipe_is_success(written.and_then(|()| out.flush()))?;
        Ok(DONE)
    }
}

fn write_entry(out: &mut impl Write, entry: &ModelEntry) -> io::Result<()> {
    let default = if entry.id == DEFAULT_MODEL { "  (default)" } else { "" };
    writeln!(out, "{}{default}", entry.id)?;
    writeln!(out, "  {}", entry.summary)?;
    writeln!(out, "  reference   {}", entry.reference)?;
    writeln!(out, "  path        {}", if entry.needs_profile { "terrain profile" } else { "distance or profile" })?;
    for limit in entry.validity {
        let outside = match limit.outside {
            Outside::Error => "error",
            Outside::Warning => "warning",
        };
        let (field, range) = (limit.quantity.field(), limit.range());
        writeln!(out, "  validity    {field:<16} {range:<20} outside: {outside}; {}", limit.source)?;
    }
    for parameter in entry.parameters {
        let default = match parameter.default_value() {
            serde_json::Value::Null => "optional".into(),
            value => format!("default {value}"),
        };
        writeln!(
            out,
            "  parameter   {:<26} {}, {default}; {}",
            parameter.name,
            parameter.allowed(),
            parameter.summary
        )?;
    }
    writeln!(out)
}
