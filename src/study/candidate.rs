//! Candidate sites that somebody gives.

use super::columns::Column;
use super::rows::Rows;
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::Problems;
use std::collections::HashMap;

/// A place where a site could be built.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenCandidate {
    /// Unique id.
    pub id: String,
    /// Where.
    pub position: LonLat,
    /// Antenna above ground, m; the study's new site when not stated.
    pub height_agl_m: Option<f64>,
    /// Whole cost, million VND; the study's costs when not stated.
    pub cost: Option<f64>,
    /// Row of the table.
    pub row: usize,
}

const ID: Column = Column::required("id", &["candidate", "candidate_id", "site_id"]);
const HEIGHT: Column = Column::optional("height_m", &["antenna_height", "height"]);
const COST: Column = Column::optional("cost", &["cost_million_vnd"]);

/// Candidates of a table; faulty rows are reported and left out.
pub fn read(table: &Table, problems: &mut Problems) -> Vec<GivenCandidate> {
    let Some(rows) = Rows::open(table, &[ID, HEIGHT, COST], problems) else { return Vec::new() };
    if !rows.have_positions(problems) {
        return Vec::new();
    }
    rows.warn_unused(&["power", "owner", "existing_tower"], "the plan prices a new site alike everywhere", problems);
    let mut candidates = Vec::with_capacity(table.len());
    let mut first_row_of: HashMap<String, usize> = HashMap::new();
    rows.for_each(problems, |mut row| {
        let id = row.required_text(&ID);
        let position = row.position();
        let height_agl_m = row.number(&HEIGHT, 1.0, 500.0);
        let cost = row.number(&COST, 0.0, 1e9);
        if let Some(id) = &id
            && let Some(first) = first_row_of.insert(id.clone(), row.number)
        {
            row.fault(&ID, id, &format!("is already used in row {first}; ids must be unique"));
        }
        if row.is_faulty() {
            return;
        }
        if let (Some(id), Some(position)) = (id, position) {
            candidates.push(GivenCandidate { id, position, height_agl_m, cost, row: row.number });
        }
    });
    candidates
}
