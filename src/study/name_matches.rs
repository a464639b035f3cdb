//! The list of name matches: what `notspot match` writes, a person edits and the study then names.

use super::columns::Column;
use super::matching::{MatchQuality, Settlement};
use super::rows::Rows;
use super::survey::PlaceName;
use crate::io::{Table, without_formula};
use crate::problem::{Problem, Problems, did_you_mean};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use unicode_normalization::UnicodeNormalization;

/// Every name that was looked for, what was found, and what a person said. Those that need a person come first, then the least sure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NameMatches {
    /// `notspot/matches/1`.
    pub schema: &'static str,
    /// How many rows ended how.
    pub counts: BTreeMap<&'static str, usize>,
    /// The rows.
    pub rows: Vec<NameMatch>,
}

/// Which table a name stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameList {
    /// The survey's list; its rows mean villages.
    Survey,
    /// The villages' table; its rows without coordinates mean places of the gazetteer.
    Villages,
}

impl NameList {
    fn name(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Villages => "villages",
        }
    }
}

/// One name and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NameMatch {
    /// The table it stands in.
    pub list: NameList,
    /// Its row there.
    pub row: usize,
    /// Its id there; empty when there is none.
    pub id: String,
    /// The name as it stands there.
    pub name: String,
    /// The commune as it stands there.
    pub commune: String,
    /// The district as it stands there.
    pub district: String,
    /// How it ended.
    #[serde(rename = "match")]
    pub result: MatchResult,
    /// The place that is meant.
    pub found: Option<FoundPlace>,
    /// Places to choose from where none was found for sure, the likeliest first.
    pub candidates: Vec<FoundPlace>,
    /// What a person said: the id of a place, `ignore`, or nothing.
    pub settle: String,
}

/// How the search for a name ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", untagged)]
pub enum MatchResult {
    /// A place was found.
    Found(MatchQuality),
    /// It was not.
    Open(OpenMatch),
}

/// Why a name has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenMatch {
    /// A person said to leave it out.
    Ignored,
    /// Several places are as close, or several rows want the same.
    Ambiguous,
    /// No place is close enough.
    Unmatched,
}

impl MatchResult {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Found(quality) => quality.name(),
            Self::Open(OpenMatch::Ignored) => "ignored",
            Self::Open(OpenMatch::Ambiguous) => "ambiguous",
            Self::Open(OpenMatch::Unmatched) => "unmatched",
        }
    }

    /// Whether a person has to settle it.
    pub fn needs_a_person(self) -> bool {
        matches!(self, Self::Open(OpenMatch::Ambiguous | OpenMatch::Unmatched))
    }
}

/// A place that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FoundPlace {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its commune of today; empty when not known.
    pub commune: String,
}

impl std::fmt::Display for FoundPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.id, self.name)?;
        if self.commune.is_empty() { Ok(()) } else { write!(f, " ({})", self.commune) }
    }
}

const LIST: Column = Column::required("list", &[]);
const ID: Column = Column::optional("id", &[]);
const NAME: Column = Column::required("name", &[]);
const COMMUNE: Column = Column::optional("commune", &[]);
const DISTRICT: Column = Column::optional("district", &[]);
const SETTLE: Column = Column::required("settle", &[]);

/// The word that leaves a row out.
const IGNORE: &str = "ignore";

impl NameMatches {
    pub(super) fn new(mut rows: Vec<NameMatch>) -> Self {
        rows.sort_by_key(|m| (!m.result.needs_a_person(), std::cmp::Reverse(m.result), m.list, m.row));
        let mut counts = BTreeMap::new();
        rows.iter().for_each(|m| *counts.entry(m.result.name()).or_default() += 1);
        Self { schema: "notspot/matches/1", counts, rows }
    }

    /// Reports every row that a person has to settle as an error; `file_of` names the file of a list.
    pub(super) fn report_open(&self, file_of: impl Fn(NameList) -> String, problems: &mut Problems) {
        for list in [NameList::Survey, NameList::Villages] {
            let mut open: Vec<&NameMatch> =
                self.rows.iter().filter(|m| m.list == list && m.result.needs_a_person()).collect();
            open.sort_by_key(|m| m.row);
            let file = file_of(list);
            let what = if list == NameList::Survey { "village" } else { "place of the gazetteer" };
            for row in &open {
                let commune =
                    if row.commune.is_empty() { String::new() } else { format!(" in commune {:?}", row.commune) };
                let message = match row.result {
                    MatchResult::Open(OpenMatch::Ambiguous) => {
                        format!("could be more than one {what}{commune}, or other rows mean the same one")
                    }
                    _ => format!("matches no {what}{commune}"),
                };
                let mut problem = Problem::error(&file, message).at_row(row.row).in_field("name").with_value(&row.name);
                let candidates: Vec<String> = row.candidates.iter().map(ToString::to_string).collect();
                problem.suggestion = (!candidates.is_empty()).then(|| format!("candidates: {}", candidates.join("; ")));
                problems.push(problem);
            }
            if !open.is_empty() {
                let message = format!("{} name(s) have to be settled by a person", open.len());
                let how = "notspot match STUDY -o matches.csv lists them; write an id or ignore into its column settle, \
                           and name the file as inputs.name_matches";
                problems.push(Problem::error(&file, message).suggest(how));
            }
        }
    }

    /// The list as a table for spreadsheets: CSV with commas, UTF-8 with a byte order mark.
    pub fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
        table.write_record([
            "list",
            "row",
            "id",
            "name",
            "commune",
            "district",
            "match",
            "found_id",
            "found_name",
            "found_commune",
            "candidates",
            "settle",
        ])?;
        for m in &self.rows {
            let found = |of: fn(&FoundPlace) -> &String| m.found.as_ref().map_or("", |place| of(place));
            let candidates: Vec<String> = m.candidates.iter().map(ToString::to_string).collect();
            let row = m.row.to_string();
            let (candidates, result) = (candidates.join("; "), m.result.name());
            let cells = [
                m.list.name(),
                &row,
                &m.id,
                &m.name,
                &m.commune,
                &m.district,
                result,
                found(|p| &p.id),
                found(|p| &p.name),
                found(|p| &p.commune),
                &candidates,
                &m.settle,
            ];
            table.write_record(cells.map(without_formula))?;
        }
        table.into_inner().map_err(|e| e.into_error().into())
    }
}

/// What a person said, by the row's texts.
#[derive(Debug, Default)]
pub(super) struct Settlements {
    file: String,
    said: HashMap<(NameList, [String; 4]), Said>,
}

#[derive(Debug)]
struct Said {
    settle: String,
    row: usize,
    is_used: bool,
}

impl Settlements {
    /// Reads the table that a person edited.
    pub(super) fn read(table: &Table, problems: &mut Problems) -> Self {
        let mut settlements = Self { file: table.file.clone(), said: HashMap::new() };
        let columns = [LIST, ID, NAME, COMMUNE, DISTRICT, SETTLE];
        let Some(rows) = Rows::open(table, &columns, problems) else { return settlements };
        rows.for_each(problems, |mut row| {
            let list = match row.text(&LIST) {
                Some("survey") => NameList::Survey,
                Some("villages") => NameList::Villages,
                other => {
                    let value = other.unwrap_or_default().to_owned();
                    return row.fault(&LIST, &value, "must be survey or villages");
                }
            };
            let Some(settle) = row.text(&SETTLE).map(str::to_owned) else { return };
            let key = key([ID, NAME, COMMUNE, DISTRICT].map(|column| row.text(&column).unwrap_or_default()));
            let said = Said { settle, row: row.number, is_used: false };
            if let Some(first) = settlements.said.get(&(list, key.clone())).filter(|s| s.settle != said.settle) {
                let message = format!("is {:?} for the same name in row {}", first.settle, first.row);
                row.fault(&SETTLE, &said.settle, &message);
            }
            settlements.said.insert((list, key), said);
        });
        settlements
    }

    /// What a person said about a row: the text, and what it means where `number_of` knows the id.
    pub(super) fn of(
        &mut self,
        list: NameList,
        place: &PlaceName,
        number_of: &HashMap<&str, usize>,
        problems: &mut Problems,
    ) -> Option<(String, Settlement)> {
        let key = key([&place.id, &place.name, &place.commune, &place.district]);
        let said = self.said.get_mut(&(list, key))?;
        said.is_used = true;
        if said.settle.eq_ignore_ascii_case(IGNORE) {
            return Some((said.settle.clone(), Settlement::Ignore));
        }
        let number = number_of.get(said.settle.as_str());
        if number.is_none() {
            let what = if list == NameList::Survey { "village" } else { "place of the gazetteer" };
            let mut problem = Problem::error(&self.file, format!("is the id of no {what}; an id or ignore is allowed"))
                .at_row(said.row)
                .in_field("settle")
                .with_value(&said.settle);
            problem.suggestion = did_you_mean(&said.settle, number_of.keys().copied());
            problems.push(problem);
        }
        number.map(|&number| (said.settle.clone(), Settlement::Place(number)))
    }

    /// Warns about what was said of rows that are not there.
    pub(super) fn warn_unused(&self, problems: &mut Problems) {
        let mut unused: Vec<usize> = self.said.values().filter(|s| !s.is_used).map(|s| s.row).collect();
        unused.sort_unstable();
        if let Some(first) = unused.first() {
            let message = format!(
                "{} settled name(s) stand in no list and were not used, the first in row {first}",
                unused.len()
            );
            problems.push(Problem::warning(&self.file, message).in_field("settle"));
        }
    }
}

/// A row's texts as they are compared: spreadsheets change composition and drop leading zeros and apostrophes.
fn key(texts: [&str; 4]) -> [String; 4] {
    texts.map(|text| text.trim().trim_start_matches(['\'', '0']).nfc().collect::<String>().to_lowercase())
}
