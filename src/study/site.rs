//! Sites and their cells: what stands and radiates today.

use super::rows::{Column, Rows};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Problem, Problems};
use crate::radio::Technology;
use std::collections::HashMap;

/// A place with antennas.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Unique id.
    pub id: String,
    /// Operator; empty when not stated.
    pub operator: String,
    /// Where it stands.
    pub position: LonLat,
    /// Its cells, in the order of the table.
    pub cells: Vec<Cell>,
}

/// One carrier of one technology at a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Technology.
    pub technology: Technology,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Carrier bandwidth, MHz.
    pub bandwidth_mhz: f64,
    /// Equivalent isotropically radiated power of the whole carrier at its peak, dBm.
    pub eirp_dbm: f64,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
    /// Day from which it is off, `YYYY-MM-DD`.
    pub switch_off_date: Option<String>,
    /// Row of the table.
    pub row: usize,
}

const SITE_ID: Column = Column::optional("site_id", &["site", "id", "bts", "bts_id"]);
const OPERATOR: Column = Column::optional("operator", &["carrier", "provider", "nha_mang"]);
const TECHNOLOGY: Column = Column::required("technology", &["radio", "radio_type", "tech", "rat"]);
const HEIGHT: Column = Column::optional("height_m", &["antenna_height", "height", "antenna_height_m"]);
const FREQUENCY: Column = Column::optional("frequency_mhz", &["frequency", "freq_mhz"]);
const BANDWIDTH: Column = Column::optional("bandwidth_mhz", &["bandwidth"]);
const EIRP: Column = Column::optional("eirp_dbm", &["eirp"]);
const STATUS: Column = Column::optional("status", &["state"]);
const SWITCH_OFF: Column = Column::optional("switch_off_date", &["switch_off"]);

/// Antenna height taken when a table has none, m.
const DEFAULT_HEIGHT_M: f64 = 30.0;

/// Frequency and EIRP taken when a table has none.
fn defaults(technology: Technology) -> (f64, f64) {
    match technology {
        Technology::Gsm => (900.0, 59.0),
        Technology::Umts => (2100.0, 60.0),
        Technology::Lte => (1800.0, 61.0),
        Technology::Nr => (3500.0, 72.0),
    }
}

/// Sites of a table with one row a cell; faulty rows are reported and left out, cells that are not in service dropped.
pub(super) fn read(table: &Table, problems: &mut Problems) -> Vec<Site> {
    let columns = [SITE_ID, OPERATOR, TECHNOLOGY, HEIGHT, FREQUENCY, BANDWIDTH, EIRP, STATUS, SWITCH_OFF];
    let Some(rows) = Rows::open(table, &columns, problems) else { return Vec::new() };
    if !rows.have_positions(problems) {
        return Vec::new();
    }
    rows.warn_unused(
        &[
            "band",
            "power_dbm",
            "antenna",
            "azimuth_deg",
            "mechanical_tilt_deg",
            "electrical_tilt_deg",
            "feeder_loss_db",
        ],
        "cells radiate alike in all directions with eirp_dbm at frequency_mhz",
        problems,
    );
    let mut unnamed = 0;
    let mut sites: Vec<Site> = Vec::new();
    let mut index_of: HashMap<String, (usize, usize)> = HashMap::new();
    let mut defaulted: HashMap<&'static str, usize> = HashMap::new();
    let mut inactive = 0;
    rows.for_each(problems, |mut row| {
        let id = row.text(&SITE_ID).map(str::to_owned);
        let technology = row.required_text(&TECHNOLOGY).and_then(|text| {
            let technology = Technology::parse(&text);
            if technology.is_none() {
                row.fault(&TECHNOLOGY, &text, "must be GSM, UMTS, LTE or NR");
            }
            technology
        });
        let position = row.position();
        let height = row.number(&HEIGHT, 1.0, 500.0);
        let frequency = row.number(&FREQUENCY, 30.0, 100_000.0);
        let bandwidth = row.number(&BANDWIDTH, 0.1, 2_000.0);
        let eirp = row.number(&EIRP, -30.0, 100.0);
        let switch_off_date = row.date(&SWITCH_OFF);
        let active = match row.text(&STATUS).map(str::to_lowercase).as_deref() {
            None | Some("active" | "on-air" | "on air" | "in service" | "operational") => true,
            Some("planned" | "off" | "inactive" | "decommissioned") => false,
            Some(other) => {
                let other = other.to_owned();
                row.fault(&STATUS, &other, "must be active, planned, off, inactive or decommissioned");
                false
            }
        };
        if row.is_faulty() {
            return;
        }
        let (Some(technology), Some(position)) = (technology, position) else { return };
        let id = id.unwrap_or_else(|| {
            unnamed += 1;
            format!("{:.5},{:.5}", position.lat_deg, position.lon_deg)
        });
        if !active {
            inactive += 1;
            return;
        }
        let mut or_default = |value: Option<f64>, field: &'static str, default: f64| {
            value.unwrap_or_else(|| {
                *defaulted.entry(field).or_default() += 1;
                default
            })
        };
        let (default_frequency, default_eirp) = defaults(technology);
        let cell = Cell {
            technology,
            frequency_mhz: or_default(frequency, "frequency_mhz", default_frequency),
            bandwidth_mhz: or_default(bandwidth, "bandwidth_mhz", technology.default_bandwidth_mhz()),
            eirp_dbm: or_default(eirp, "eirp_dbm", default_eirp),
            height_agl_m: or_default(height, "height_m", DEFAULT_HEIGHT_M),
            switch_off_date,
            row: row.number,
        };
        let operator = row.text(&OPERATOR).unwrap_or_default().to_owned();
        match index_of.get(&id) {
            None => {
                index_of.insert(id.clone(), (sites.len(), row.number));
                sites.push(Site { id, operator, position, cells: vec![cell] });
            }
            Some(&(index, first)) => {
                let site = &mut sites[index];
                let apart_m = site.position.distance_m(position);
                if apart_m > 100.0 {
                    let message = format!(
                        "lies {apart_m:.0} m from the same site in row {first}; cells of a site stand within 100 m"
                    );
                    row.fault(&SITE_ID, &id, &message);
                } else if site.operator != operator {
                    let message = format!("has operator {operator:?} here and {:?} in row {first}", site.operator);
                    row.fault(&SITE_ID, &id, &message);
                } else {
                    site.cells.push(cell);
                }
            }
        }
    });
    let mut defaulted: Vec<_> = defaulted.into_iter().collect();
    defaulted.sort_unstable();
    for (field, count) in defaulted {
        let message = format!("is not stated for {count} cell(s); the default of the technology was taken");
        problems.push(Problem::warning(&table.file, message).in_field(field));
    }
    if table.is_empty() {
        problems.push(Problem::warning(&table.file, "has no rows; the study has no sites"));
    }
    if unnamed > 0 {
        let message = format!("is not stated for {unnamed} cell(s); cells at the same place make a site");
        problems.push(Problem::warning(&table.file, message).in_field("site_id"));
    }
    if inactive > 0 {
        problems
            .push(Problem::warning(&table.file, format!("{inactive} cell(s) are not in service and were left out")));
    }
    sites
}
