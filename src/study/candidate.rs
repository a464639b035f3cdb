//! Candidate sites that somebody gives.

use super::columns::Column;
use super::matching::plain;
use super::rows::Rows;
use super::village::{Survey, survey};
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
    /// Where its power comes from; `None` when not stated.
    pub power: Option<SitePower>,
    /// Who owns the land or the mast; `None` when not stated.
    pub owner: Option<String>,
    /// Whether a mast stands there.
    pub existing_tower: bool,
    /// Row of the table.
    pub row: usize,
}

/// Where a site's power comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SitePower {
    /// There is a line.
    Grid,
    /// The sun, with batteries.
    Solar,
    /// There is none, and it must be brought.
    None,
}

impl SitePower {
    /// Words that tables use, in lower case without marks.
    const WORDS: [(Self, &'static [&'static str]); 3] = [
        (Self::Grid, &["grid", "mains", "yes", "luoi", "luoi dien", "dien luoi", "co"]),
        (Self::Solar, &["solar", "mat troi", "dien mat troi"]),
        (Self::None, &["none", "no", "khong", "chua co", "khong co"]),
    ];

    /// Reads a word.
    fn parse(text: &str) -> Option<Self> {
        let word = plain(&text.trim().to_lowercase());
        Self::WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(power, _)| *power)
    }
}

const ID: Column = Column::required("id", &["candidate", "candidate_id", "site_id"]);
const HEIGHT: Column = Column::optional("height_m", &["antenna_height", "height"]);
const COST: Column = Column::optional("cost", &["cost_million_vnd"]);
const POWER: Column = Column::optional("power", &["power_source", "nguon_dien"]);
const OWNER: Column = Column::optional("owner", &["operator", "chu_so_huu"]);
const EXISTING_TOWER: Column = Column::optional("existing_tower", &["tower", "existing_mast", "cot_co_san"]);

/// Candidates of a table; faulty rows are reported and left out.
pub fn read(table: &Table, problems: &mut Problems) -> Vec<GivenCandidate> {
    let Some(rows) = Rows::open(table, &[ID, HEIGHT, COST, POWER, OWNER, EXISTING_TOWER], problems) else {
        return Vec::new();
    };
    if !rows.have_positions(problems) {
        return Vec::new();
    }
    let mut candidates = Vec::with_capacity(table.len());
    let mut first_row_of: HashMap<String, usize> = HashMap::new();
    rows.for_each(problems, |mut row| {
        let id = row.required_text(&ID);
        let position = row.position();
        let height_agl_m = row.number(&HEIGHT, 1.0, 500.0);
        let cost = row.number(&COST, 0.0, 1e9);
        let power = row.text(&POWER).and_then(|text| {
            let power = SitePower::parse(text);
            if power.is_none() {
                row.fault(&POWER, text, "is no source of power; use grid, solar or none, or leave it empty");
            }
            power
        });
        let owner = row.text(&OWNER).map(str::to_owned);
        let existing_tower = survey(&mut row, &EXISTING_TOWER) == Survey::Yes;
        if let Some(id) = &id
            && let Some(first) = first_row_of.insert(id.clone(), row.number)
        {
            row.fault(&ID, id, &format!("is already used in row {first}; ids must be unique"));
        }
        if row.is_faulty() {
            return;
        }
        if let (Some(id), Some(position)) = (id, position) {
            let row = row.number;
            candidates.push(GivenCandidate { id, position, height_agl_m, cost, power, owner, existing_tower, row });
        }
    });
    candidates
}
