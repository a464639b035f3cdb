//! Villages: where people live, and what the survey says of them.

use super::columns::Column;
use super::matching::MatchQuality;
use super::rows::Rows;
use crate::geodesy::LonLat;
use crate::grid::Grid;
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems, did_you_mean};
use crate::terrain::Terrain;
use geo::{Geometry, MultiPolygon};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a survey says: yes, no, or nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Survey {
    /// Reported to have it.
    Yes,
    /// Reported not to have it.
    No,
    /// Not surveyed.
    #[default]
    Unknown,
}

impl Survey {
    /// The word that tables use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// A village.
#[derive(Debug, Clone, PartialEq)]
pub struct Village {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of its commune of today; empty when the table has none.
    pub commune: String,
    /// Name of its commune in the table, where that is another.
    pub commune_stated: Option<String>,
    /// Where it lies: the centroid of its footprint where it has one.
    pub position: LonLat,
    /// The land it covers, WGS 84 degrees; `None` where its table has a point.
    pub footprint: Option<MultiPolygon<f64>>,
    /// People; `None` when not stated.
    pub population: Option<u32>,
    /// Households; `None` when not stated.
    pub households: Option<u32>,
    /// Whether it has electricity.
    pub electricity: Survey,
    /// Whether it is reported to have a mobile signal.
    pub reported_signal: Survey,
    /// Whether it is reported to have broadband.
    pub reported_broadband: Survey,
    /// Households with fixed broadband; `None` when not stated.
    pub fixed_broadband_households: Option<u32>,
    /// Weight among villages of the same population, 1 unless stated.
    pub priority: f64,
    /// Year in which the grid arrives, where it is not there yet and that is known.
    pub electricity_year: Option<u16>,
    /// What it has, such as a school or a clinic, in small letters.
    pub facilities: Vec<String>,
    /// How sure the survey's row is this village; `None` when it is not on the survey's list.
    pub survey_match: Option<MatchQuality>,
    /// How sure the gazetteer's place is this village; `None` when the table has the coordinates.
    pub place_match: Option<MatchQuality>,
    /// Row of the table.
    pub row: usize,
}

impl Village {
    /// A village of which nothing but its name is known, for tests.
    #[cfg(test)]
    pub(crate) fn named(name: &str) -> Self {
        Self {
            id: name.into(),
            name: name.into(),
            commune: String::new(),
            commune_stated: None,
            position: LonLat::new(106.0, 22.5),
            footprint: None,
            population: None,
            households: None,
            electricity: Survey::Unknown,
            reported_signal: Survey::Unknown,
            reported_broadband: Survey::Unknown,
            fixed_broadband_households: None,
            priority: 1.0,
            electricity_year: None,
            facilities: Vec::new(),
            survey_match: None,
            place_match: None,
            row: 2,
        }
    }

    /// People for planning: the population, else four per household, else 1 so that no village counts for nothing because
    /// its table says nothing; a table that says 0 means it.
    pub fn people(&self) -> u32 {
        self.population.or(self.households.map(|h| h.saturating_mul(4))).unwrap_or(1)
    }

    /// Households where they are counted: as stated, else a quarter of the people.
    pub fn counted_households(&self) -> u32 {
        self.households.unwrap_or_else(|| self.people().div_ceil(4))
    }

    /// Share of households with fixed broadband; `None` when not stated.
    pub fn fixed_broadband_share(&self) -> Option<f64> {
        match (self.fixed_broadband_households, self.households) {
            (Some(fixed), Some(households)) if households > 0 => Some(f64::from(fixed) / f64::from(households)),
            _ => None,
        }
    }
}

const ID: Column = Column::required("id", &["village_id", "code", "ma", "gid"]);
pub(super) const NAME: Column = Column::required("name", &["village", "village_name", "ten", "ten_thon"]);
pub(super) const COMMUNE: Column = Column::optional("commune", &["commune_name", "xa", "ward"]);
pub(super) const DISTRICT: Column = Column::optional("district", &["huyen", "old_district", "quan_huyen"]);
pub(super) const POPULATION: Column = Column::optional("population", &["people", "pop", "dan_so"]);
pub(super) const HOUSEHOLDS: Column = Column::optional("households", &["hh", "so_ho"]);
pub(super) const ELECTRICITY: Column = Column::optional("has_electricity", &["electricity", "co_dien"]);
pub(super) const SIGNAL: Column = Column::optional("reported_signal", &["signal"]);
pub(super) const BROADBAND: Column = Column::optional("reported_broadband", &["broadband"]);
const FIXED: Column = Column::optional("fixed_broadband_households", &["fixed_households"]);
const PRIORITY: Column = Column::optional("priority", &["weight"]);
const ELECTRICITY_YEAR: Column = Column::optional("electricity_year", &["grid_year", "nam_co_dien"]);
const FACILITIES: Column = Column::optional("facilities", &["services", "cong_trinh"]);

pub(super) const MOST_PEOPLE: f64 = 10_000_000.0;

/// Villages as their table has them.
#[derive(Debug, Default)]
pub(super) struct VillageTable {
    /// The villages; where one has no coordinates, its position is not a number until [`super::naming`] finds its place.
    pub(super) villages: Vec<Village>,
    /// District of each, empty when not stated.
    pub(super) districts: Vec<String>,
    /// Indices of the villages without coordinates.
    pub(super) unplaced: Vec<usize>,
}

/// Villages of a table with coordinates; faulty rows are reported and left out.
pub fn read_placed(table: &Table, problems: &mut Problems) -> Vec<Village> {
    read(table, false, problems).villages
}

/// Villages of a table; faulty rows are reported and left out. Coordinates must be there unless `may_lack_places`.
pub(super) fn read(table: &Table, may_lack_places: bool, problems: &mut Problems) -> VillageTable {
    let columns = [
        ID,
        NAME,
        COMMUNE,
        DISTRICT,
        POPULATION,
        HOUSEHOLDS,
        ELECTRICITY,
        SIGNAL,
        BROADBAND,
        FIXED,
        PRIORITY,
        ELECTRICITY_YEAR,
        FACILITIES,
    ];
    let Some(rows) = Rows::open(table, &columns, problems) else { return VillageTable::default() };
    if !may_lack_places && !rows.have_positions(problems) {
        return VillageTable::default();
    }
    let mut read = VillageTable::default();
    read.villages.reserve(table.len());
    let mut first_row_of: HashMap<String, usize> = HashMap::new();
    rows.for_each(problems, |mut row| {
        let id = row.required_text(&ID);
        let name = row.required_text(&NAME);
        let is_unplaced = may_lack_places && !row.has_position();
        let position = if is_unplaced { Some(LonLat::new(f64::NAN, f64::NAN)) } else { row.position() };
        let footprint = row.geometry().and_then(footprint);
        let population = row.integer(&POPULATION, 0.0, MOST_PEOPLE);
        let households = row.integer(&HOUSEHOLDS, 0.0, MOST_PEOPLE);
        let fixed = row.integer(&FIXED, 0.0, MOST_PEOPLE);
        let priority = row.number(&PRIORITY, 0.0, 1000.0).unwrap_or(1.0);
        let electricity_year = row.integer(&ELECTRICITY_YEAR, 1900.0, 2200.0).map(|year| year as u16);
        let facilities = row.text(&FACILITIES).unwrap_or_default().split([',', ';', '|']);
        let facilities = facilities.map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
        if let (Some(fixed), Some(households)) = (fixed, households)
            && fixed > households
        {
            row.fault(&FIXED, &fixed.to_string(), &format!("is more than the {households} households of the village"));
        }
        let survey = [ELECTRICITY, SIGNAL, BROADBAND].map(|column| survey(&mut row, &column));
        if let Some(id) = &id
            && let Some(first) = first_row_of.insert(id.clone(), row.number)
        {
            row.fault(&ID, id, &format!("is already used in row {first}; ids must be unique"));
        }
        if row.is_faulty() {
            return;
        }
        let (Some(id), Some(name), Some(position)) = (id, name, position) else { return };
        if is_unplaced {
            read.unplaced.push(read.villages.len());
        }
        read.districts.push(row.text(&DISTRICT).unwrap_or_default().to_owned());
        read.villages.push(Village {
            id,
            name,
            commune: row.text(&COMMUNE).unwrap_or_default().to_owned(),
            position,
            footprint,
            population,
            households,
            electricity: survey[0],
            reported_signal: survey[1],
            reported_broadband: survey[2],
            fixed_broadband_households: fixed,
            priority,
            electricity_year,
            facilities,
            commune_stated: None,
            survey_match: None,
            place_match: None,
            row: row.number,
        });
    });
    if table.is_empty() {
        problems.push(Problem::error(&table.file, "has no rows; at least one village is needed"));
    }
    read
}

/// The land of a geometry.
fn footprint(geometry: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match geometry {
        Geometry::Polygon(area) => Some(MultiPolygon::new(vec![area.clone()])),
        Geometry::MultiPolygon(areas) => Some(areas.clone()),
        _ => None,
    }
}

/// Gives villages whose table states neither people nor households those that a raster has inside their footprint, and tells how many have
/// none of all that. `people` are the raster's on the terrain's pixels.
pub(super) fn fill_people(
    villages: &mut [Village],
    people: Option<(&Terrain, &Grid<f32>)>,
    file: &str,
    problems: &mut Problems,
) {
    let (mut filled, mut unpeopled) = (0, 0);
    for village in villages.iter_mut().filter(|v| v.population.is_none() && v.households.is_none()) {
        let inside = village.footprint.as_ref().zip(people).map(|(footprint, (terrain, people))| {
            let pixels = terrain.pixels_of(footprint, village.position);
            pixels.into_iter().map(|pixel| f64::from(people.values[pixel])).sum::<f64>()
        });
        village.population = inside.map(|people| people.round() as u32).filter(|people| *people > 0);
        *if village.population.is_some() { &mut filled } else { &mut unpeopled } += 1;
    }
    let mut tell = |count: usize, message: String| {
        if count > 0 {
            problems.push(Problem::warning(file, message).in_field("population").of_kind(Kind::Assumed, count));
        }
    };
    let from_raster = "nor are households; the people of inputs.population inside its footprint were taken for each";
    tell(filled, format!("is not stated for {filled} village(s), {from_raster}"));
    tell(unpeopled, format!("is not stated for {unpeopled} village(s), nor are households; each counts as one person"));
}

/// Yes, no or unknown in a column; anything else is reported.
pub(super) fn survey(row: &mut super::rows::Row<'_>, column: &Column) -> Survey {
    let Some(text) = row.text(column) else { return Survey::Unknown };
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "có" | "co" => Survey::Yes,
        "no" | "n" | "false" | "0" | "không" | "khong" => Survey::No,
        "unknown" | "?" | "na" | "n/a" => Survey::Unknown,
        other => {
            let hint = did_you_mean(other, ["yes", "no", "unknown"]).map_or(String::new(), |s| format!("; {s}"));
            row.fault(column, &text.to_owned(), &format!("must be yes, no or unknown{hint}"));
            Survey::Unknown
        }
    }
}
