//! `notspot formats`: what is read and written.

use super::{Common, DONE};
use crate::io::{READERS, WRITERS};
use clap::Args;
use serde::Serialize;

/// Lists the formats that are read and written.
#[derive(Debug, Args)]
pub struct FormatsArgs {}

#[derive(Serialize)]
struct Row {
    direction: &'static str,
    id: &'static str,
    summary: &'static str,
    extensions: Vec<&'static str>,
    /// Whether the GDAL of this machine can do it.
    available: bool,
}

#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    formats: Vec<Row>,
}

impl FormatsArgs {
    /// Prints the registries.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let read = READERS.iter().map(|r| Row {
            direction: "read",
            id: r.id,
            summary: r.summary,
            extensions: r.extensions.to_vec(),
            available: r.is_available(),
        });
        let raster = Row {
            direction: "read",
            id: "raster",
            summary: "elevation raster that GDAL reads, in any coordinate system",
            extensions: vec!["tif", "hgt", "vrt", "asc", "zip", "…"],
            available: true,
        };
        let write = WRITERS.iter().map(|w| Row {
            direction: "write",
            id: w.id,
            summary: w.summary,
            extensions: vec![w.extension],
            available: true,
        });
        let rows: Vec<Row> = read.chain([raster]).chain(write).collect();
        if common.json {
            super::print_json(&Answer { schema: "notspot/formats/1", formats: rows })?;
        } else {
            let line = |r: &Row| {
                let missing = if r.available { "" } else { " (this GDAL has no driver for it)" };
                format!("{:<6} {:<11} {:<28} {}{missing}\n", r.direction, r.id, r.extensions.join(" "), r.summary)
            };
            super::print(&rows.iter().map(line).collect::<String>())?;
        }
        Ok(DONE)
    }
}
