//! The survey's list of villages: names without coordinates, and what is reported of them.

use super::columns::Column;
use super::config::SurveyMeaning;
use super::rows::Rows;
use super::village::{self, Survey, Village};
use crate::io::Table;
use crate::problem::{Problem, Problems};
use crate::study::tally::Tally;

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SurveyRow {
    pub(super) place: PlaceName,
    signal: Survey,
    broadband: Survey,
    electricity: Survey,
    population: Option<u32>,
    households: Option<u32>,
}

/// How a table names a place; the row is the table's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceName {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) commune: String,
    pub(super) district: String,
    pub(super) row: usize,
}

const ID: Column = Column::optional("id", &["village_id", "code", "ma", "stt", "no"]);

/// Rows of a survey's list; faulty rows are reported and left out.
pub(super) fn read(table: &Table, meaning: Option<SurveyMeaning>, problems: &mut Problems) -> Vec<SurveyRow> {
    use village::{BROADBAND, COMMUNE, DISTRICT, ELECTRICITY, HOUSEHOLDS, MOST_PEOPLE, NAME, POPULATION, SIGNAL};
    let columns = [ID, NAME, COMMUNE, DISTRICT, POPULATION, HOUSEHOLDS, ELECTRICITY, SIGNAL, BROADBAND];
    let Some(rows) = Rows::open(table, &columns, problems) else { return Vec::new() };
    let states = rows.has(&SIGNAL) || rows.has(&BROADBAND);
    let (signal, broadband) = meaning.unwrap_or_default().statuses();
    if !states && meaning.is_none() {
        let message = format!(
            "has neither reported_signal nor reported_broadband: its {} row(s) are taken as villages without signal",
            table.len()
        );
        problems.push(Problem::warning(&table.file, message).suggest("say so with inputs.survey_lists"));
    }
    let mut list: Vec<SurveyRow> = Vec::with_capacity(table.len());
    rows.for_each(problems, |mut row| {
        let name = row.required_text(&NAME);
        let population = row.integer(&POPULATION, 0.0, MOST_PEOPLE);
        let households = row.integer(&HOUSEHOLDS, 0.0, MOST_PEOPLE);
        let [electricity, stated_signal, stated_broadband] =
            [ELECTRICITY, SIGNAL, BROADBAND].map(|column| village::survey(&mut row, &column));
        if row.is_faulty() {
            return;
        }
        let Some(name) = name else { return };
        let text = |column| row.text(column).unwrap_or_default().to_owned();
        let place =
            PlaceName { id: text(&ID), name, commune: text(&COMMUNE), district: text(&DISTRICT), row: row.number };
        let (signal, broadband) = if states { (stated_signal, stated_broadband) } else { (signal, broadband) };
        list.push(SurveyRow { place, signal, broadband, electricity, population, households });
    });
    if table.is_empty() {
        problems.push(Problem::warning(&table.file, "has no rows; the survey says nothing"));
    }
    without_repeats(list, &table.file, problems)
}

/// Leaves out rows that say the same as an earlier one in every column.
fn without_repeats(list: Vec<SurveyRow>, file: &str, problems: &mut Problems) -> Vec<SurveyRow> {
    let mut repeats = Tally::default();
    let mut first_of: std::collections::HashMap<(String, String, String, String), usize> = Default::default();
    let mut kept: Vec<SurveyRow> = Vec::with_capacity(list.len());
    for row in list {
        let place = &row.place;
        let key = (place.id.clone(), place.name.clone(), place.commune.clone(), place.district.clone());
        match first_of.get(&key).map(|&at| &kept[at]) {
            Some(first) if (SurveyRow { place: first.place.clone(), ..row.clone() }) == *first => {
                let (name, earlier) = (&place.name, first.place.row);
                repeats.add(place.row, || format!("{name:?} as in row {earlier}"));
            }
            _ => {
                first_of.insert(key, kept.len());
                kept.push(row);
            }
        }
    }
    repeats.warn(file, "name", "row(s) repeat an earlier one and were left out", problems);
    kept
}

/// Writes what the survey states over what the villages' table says. Where several rows mean one village, "no" outranks "yes", and
/// people and households stay as they are.
pub(super) fn apply<'a>(
    villages: &mut [Village],
    rows: impl Iterator<Item = (&'a SurveyRow, usize)>,
    file: &str,
    problems: &mut Problems,
) {
    let mut rows_of: std::collections::BTreeMap<usize, Vec<&SurveyRow>> = Default::default();
    rows.for_each(|(row, village)| rows_of.entry(village).or_default().push(row));
    let mut conflicts = Tally::default();
    for (index, rows) in rows_of {
        let village = &mut villages[index];
        let (id, first) = (village.id.clone(), rows[0].place.row);
        for (field, of, stated) in [
            ("reported_signal", (|r| r.signal) as fn(&SurveyRow) -> Survey, &mut village.reported_signal),
            ("reported_broadband", |r| r.broadband, &mut village.reported_broadband),
            ("has_electricity", |r| r.electricity, &mut village.electricity),
        ] {
            let said = |answer| rows.iter().any(|r| of(r) == answer);
            let surveyed = match (said(Survey::No), said(Survey::Yes)) {
                (true, _) => Survey::No,
                (false, true) => Survey::Yes,
                (false, false) => continue,
            };
            if *stated != Survey::Unknown && *stated != surveyed {
                let (before, now) = (stated.name(), surveyed.name());
                conflicts.add(first, || format!("{id} has {field} {before} in the villages' table, {now} here"));
            }
            *stated = surveyed;
        }
        if let [row] = rows[..] {
            village.population = row.population.or(village.population);
            village.households = row.households.or(village.households);
        }
    }
    conflicts.warn(
        file,
        "reported_signal",
        "answer(s) contradict the villages' table; the survey's were taken",
        problems,
    );
}
