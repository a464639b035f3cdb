//! The villages with their communes and places, and what the survey's list says of them.
//!
//! In: the tables of villages, of the survey, the gazetteer, old commune names and settled names. Out: villages with a place,
//! the name of their commune of today, and the survey's answers; and the list of all names that were matched. A name that is not
//! matched for sure is reported by [`NameMatches::report_open`].

use super::commune_areas::CommuneAreas;
use super::commune_names::CommuneNames;
use super::config::{Inputs, SurveyMeaning};
use super::matching::{MatchQuality, Named, Outcome, Settlement, assign};
use super::name_matches::{FoundPlace, MatchResult, NameList, NameMatch, NameMatches, OpenMatch, Settlements};
use super::survey::{self, PlaceName};
use super::tally::Tally;
use super::village::{self, Village, VillageTable};
use super::{Commune, gazetteer};
use crate::io::{Table, TableSource};
use crate::problem::{Problem, Problems};
use std::collections::HashMap;
use std::rc::Rc;

/// The tables that names come from.
#[derive(Debug, Default)]
pub(super) struct NameTables {
    pub(super) villages: Option<Table>,
    pub(super) survey: Option<Table>,
    pub(super) gazetteer: Option<Table>,
    pub(super) name_matches: Option<Table>,
    pub(super) commune_mapping: Option<Table>,
}

/// A village may lie so far outside its stated commune before the layer of communes is believed instead, m.
const BORDER_M: f64 = 200.0;

/// The villages, and the names that were matched on the way.
pub(super) fn read(
    tables: &NameTables,
    communes: &[Commune],
    survey_lists: Option<SurveyMeaning>,
    problems: &mut Problems,
) -> (Vec<Village>, NameMatches) {
    let mut known = KnownCommunes::new(communes, tables.commune_mapping.as_ref(), problems);
    let mut settlements =
        tables.name_matches.as_ref().map_or_else(Settlements::default, |t| Settlements::read(t, problems));
    let mut matches = Vec::new();
    let Some(table) = &tables.villages else { return (Vec::new(), NameMatches::new(matches)) };
    let mut read = village::read(table, tables.gazetteer.is_some(), problems);
    let mut stated: Vec<Rc<[usize]>> = Vec::with_capacity(read.villages.len());
    for (village, district) in read.villages.iter().zip(&read.districts) {
        stated.push(known.stated(&village.commune, district, village.row));
    }
    known.warn_unknown(&table.file, problems);
    if let Some(gazetteer) = tables.gazetteer.as_ref().filter(|_| !read.unplaced.is_empty()) {
        let found = place_villages(&mut read, &stated, gazetteer, &mut known, &mut settlements, problems);
        warn_of_quality(&found, &table.file, problems);
        let mut is_placed = read.villages.iter().map(|v| v.position.is_valid()).collect::<Vec<_>>().into_iter();
        stated.retain(|_| is_placed.next().unwrap_or(true));
        read.villages.retain(|v| v.position.is_valid());
        matches.extend(found);
    }
    let mut villages = read.villages;
    known.settle(&mut villages, &mut stated, &table.file, problems);
    if let Some(table) = &tables.survey {
        let rows = survey::read(table, survey_lists, problems);
        let named: Vec<Named> = rows.iter().map(|row| known.named(&row.place, None)).collect();
        known.warn_unknown(&table.file, problems);
        let places: Vec<Named> = villages
            .iter()
            .zip(&stated)
            .map(|(v, communes)| Named::new(&v.name, communes.to_vec(), Some(v.position)))
            .collect();
        let found = Search {
            list: NameList::Survey,
            rows: rows.iter().map(|row| row.place.clone()).collect(),
            named,
            places: villages.iter().map(found_village).collect(),
            named_places: places,
        };
        let (found, village_of) = found.run(&mut settlements, problems);
        warn_of_quality(&found, &table.file, problems);
        for (row, quality) in village_of.iter().flatten() {
            let earlier = villages[*row].survey_match;
            villages[*row].survey_match = earlier.max(Some(*quality));
        }
        let meant = rows.iter().zip(&village_of).filter_map(|(row, found)| Some((row, found.as_ref()?.0)));
        survey::apply(&mut villages, meant, &table.file, problems);
        matches.extend(found);
    }
    settlements.warn_unused(problems);
    (villages, NameMatches::new(matches))
}

/// The file of a list, as the study names it.
pub(super) fn file_of(inputs: &Inputs, list: NameList) -> String {
    match list {
        NameList::Survey => inputs.survey.as_ref().map_or("survey", TableSource::name).to_owned(),
        NameList::Villages => inputs.villages.name().to_owned(),
    }
}

fn found_village(village: &Village) -> FoundPlace {
    FoundPlace { id: village.id.clone(), name: village.name.clone(), commune: village.commune.clone() }
}

/// Gives villages without coordinates the place of the gazetteer that has their name. Those that are left have no valid position.
fn place_villages(
    read: &mut VillageTable,
    stated: &[Rc<[usize]>],
    table: &Table,
    known: &mut KnownCommunes,
    settlements: &mut Settlements,
    problems: &mut Problems,
) -> Vec<NameMatch> {
    let places = gazetteer::read(table, problems);
    let named_places: Vec<Named> = places.iter().map(|(place, at)| known.named(place, Some(*at))).collect();
    known.warn_unknown(&table.file, problems);
    let row = |&v: &usize| {
        let village = &read.villages[v];
        let (id, name, commune) = (village.id.clone(), village.name.clone(), village.commune.clone());
        PlaceName { id, name, commune, district: read.districts[v].clone(), row: village.row }
    };
    let search = Search {
        list: NameList::Villages,
        rows: read.unplaced.iter().map(row).collect(),
        named: read.unplaced.iter().map(|&v| Named::new(&read.villages[v].name, stated[v].to_vec(), None)).collect(),
        places: places
            .iter()
            .map(|(p, _)| FoundPlace { id: p.id.clone(), name: p.name.clone(), commune: p.commune.clone() })
            .collect(),
        named_places,
    };
    let (matches, place_of) = search.run(settlements, problems);
    for (&v, found) in read.unplaced.iter().zip(place_of) {
        if let Some((place, quality)) = found {
            read.villages[v].position = places[place].1;
            read.villages[v].place_match = Some(quality);
        }
    }
    matches
}

/// A list of names and the places that they may mean.
struct Search {
    list: NameList,
    rows: Vec<PlaceName>,
    named: Vec<Named>,
    places: Vec<FoundPlace>,
    named_places: Vec<Named>,
}

/// For each row the number of its place, and how sure that is.
type PlaceOf = Vec<Option<(usize, MatchQuality)>>;

impl Search {
    fn run(self, settlements: &mut Settlements, problems: &mut Problems) -> (Vec<NameMatch>, PlaceOf) {
        let number_of: HashMap<&str, usize> =
            self.places.iter().enumerate().map(|(i, place)| (place.id.as_str(), i)).collect();
        let settled: Vec<Option<(String, Settlement)>> =
            self.rows.iter().map(|row| settlements.of(self.list, row, &number_of, problems)).collect();
        let outcomes = assign(&self.named, &self.named_places, |row| settled[row].as_ref().map(|(_, said)| *said));
        let show = |places: &[usize]| places.iter().map(|&p| self.places[p].clone()).collect();
        let (mut matches, mut place_of) = (Vec::with_capacity(outcomes.len()), Vec::with_capacity(outcomes.len()));
        for ((row, outcome), settled) in self.rows.iter().zip(outcomes).zip(settled) {
            let (result, found, candidates) = match &outcome {
                Outcome::Matched(place, quality) => {
                    (MatchResult::Found(*quality), Some(self.places[*place].clone()), Vec::new())
                }
                Outcome::Ambiguous(places) => (MatchResult::Open(OpenMatch::Ambiguous), None, show(places)),
                Outcome::Unmatched(places) => (MatchResult::Open(OpenMatch::Unmatched), None, show(places)),
                Outcome::Ignored => (MatchResult::Open(OpenMatch::Ignored), None, Vec::new()),
            };
            place_of.push(match outcome {
                Outcome::Matched(place, quality) => Some((place, quality)),
                _ => None,
            });
            let PlaceName { id, name, commune, district, row } = row.clone();
            let settle = settled.map_or_else(String::new, |(said, _)| said);
            let list = self.list;
            matches.push(NameMatch { list, row, id, name, commune, district, result, found, candidates, settle });
        }
        (matches, place_of)
    }
}

/// One warning with the count of each quality, and one with examples of the matches that are the least sure.
fn warn_of_quality(matches: &[NameMatch], file: &str, problems: &mut Problems) {
    let count = |result| matches.iter().filter(|m| m.result == result).count();
    let exact = count(MatchResult::Found(MatchQuality::Exact));
    if exact == matches.len() {
        return;
    }
    let results = MatchQuality::ALL.into_iter().map(MatchResult::Found).chain([MatchResult::Open(OpenMatch::Ignored)]);
    let counts: Vec<String> = results
        .map(|result| (count(result), result))
        .filter(|(count, _)| *count > 0)
        .map(|(count, result)| format!("{count} {}", result.name()))
        .collect();
    let found = matches.iter().filter(|m| m.found.is_some()).count();
    let message = format!("{found} of {} name(s) were matched: {}", matches.len(), counts.join(", "));
    problems.push(Problem::warning(file, message).in_field("name"));
    let mut unsure = Tally::default();
    for m in matches {
        if let (MatchResult::Found(quality @ (MatchQuality::Fuzzy | MatchQuality::Elsewhere)), Some(found)) =
            (m.result, &m.found)
        {
            unsure.add(m.row, || format!("{:?} → {found}, {}", m.name, quality.name()));
        }
    }
    unsure.warn(file, "name", "match(es) are worth a look; notspot match lists all", problems);
}

/// Communes by name and by place.
struct KnownCommunes {
    names: CommuneNames,
    areas: Option<CommuneAreas>,
    found: HashMap<(String, String), Rc<[usize]>>,
    unknown: Tally,
}

impl KnownCommunes {
    fn new(communes: &[Commune], mapping: Option<&Table>, problems: &mut Problems) -> Self {
        let areas = (!communes.is_empty()).then(|| CommuneAreas::new(communes));
        let names = CommuneNames::new(communes, mapping, problems);
        Self { names, areas, found: HashMap::new(), unknown: Tally::default() }
    }

    /// Communes that a row may mean by what it states; none when it states nothing, or a name that nobody knows.
    fn stated(&mut self, commune: &str, district: &str, row: usize) -> Rc<[usize]> {
        let key = (commune.to_owned(), district.to_owned());
        let found = match self.found.get(&key) {
            Some(found) => found.clone(),
            None => {
                let district = (!district.is_empty()).then_some(district);
                let mut found = match district {
                    Some(district) if commune.is_empty() => self.names.of_district(district),
                    _ => self.names.find(commune, district),
                };
                if found.is_empty() && !commune.is_empty() && !self.names.is_closed {
                    found.push(self.names.learn(commune));
                }
                self.found.entry(key).or_insert(found.into()).clone()
            }
        };
        if found.is_empty() && !commune.is_empty() {
            let names = &self.names;
            self.unknown.add(row, || match names.suggestion(commune) {
                Some(suggestion) => format!("{commune:?}, {suggestion}"),
                None => format!("{commune:?}"),
            });
        }
        found
    }

    fn warn_unknown(&mut self, file: &str, problems: &mut Problems) {
        let unknown = std::mem::take(&mut self.unknown);
        unknown.warn(
            file,
            "commune",
            "name(s) of communes are neither in the layer of communes nor in the mapping",
            problems,
        );
    }

    /// A name with the communes that it states, or else the one that it lies in.
    fn named(&mut self, place: &PlaceName, at: Option<crate::geodesy::LonLat>) -> Named {
        let mut communes = self.stated(&place.commune, &place.district, place.row).to_vec();
        if communes.is_empty() {
            communes.extend(at.and_then(|at| self.areas.as_ref()?.at(at)));
        }
        Named::new(&place.name, communes, at)
    }

    /// Gives each village the name of its commune of today, by its stated name and by the layer of communes. What is meant is added
    /// to `stated`.
    fn settle(&self, villages: &mut [Village], stated: &mut [Rc<[usize]>], file: &str, problems: &mut Problems) {
        if !self.names.is_closed {
            return;
        }
        let [mut joined, mut contradicting, mut outside, mut several] = std::array::from_fn(|_| Tally::default());
        for (village, stated) in villages.iter_mut().zip(stated) {
            let at = self.areas.as_ref().and_then(|areas| areas.at(village.position));
            let beside = |c: &&usize| {
                self.areas.as_ref().is_some_and(|a| a.outline_distance_m(**c, village.position) <= BORDER_M)
            };
            let name = |c: usize| &self.names.names[c];
            let commune = match (at, &stated[..]) {
                (Some(at), states) if states.contains(&at) => Some(at),
                (Some(at), []) => {
                    if village.commune.is_empty() {
                        joined.add(village.row, || format!("{} lies in {}", village.id, name(at)));
                    }
                    Some(at)
                }
                (Some(at), states) => states.iter().find(beside).copied().or_else(|| {
                    contradicting.add(village.row, || {
                        format!("{} is said to be in {} and lies in {}", village.id, village.commune, name(at))
                    });
                    Some(at)
                }),
                (None, states) => {
                    if self.areas.is_some() && !states.iter().any(|c| beside(&c)) {
                        outside.add(village.row, || village.id.clone());
                    }
                    match states {
                        [only] => Some(*only),
                        [] => None,
                        states => {
                            let named = self.names.today(&village.commune).filter(|c| states.contains(c));
                            if named.is_none() {
                                several.add(village.row, || format!("{:?} of {}", village.commune, village.id));
                            }
                            named
                        }
                    }
                }
            };
            let Some(commune) = commune else { continue };
            if village.commune != *name(commune) {
                let before = std::mem::replace(&mut village.commune, name(commune).clone());
                village.commune_stated = (!before.is_empty()).then_some(before);
            }
            if !stated.contains(&commune) {
                *stated = stated.iter().copied().chain([commune]).collect();
            }
        }
        joined.warn(file, "commune", "village(s) without a commune got the one that they lie in", problems);
        contradicting.warn(
            file,
            "commune",
            "village(s) lie in another commune than stated; where they lie was taken",
            problems,
        );
        outside.warn(file, "lon, lat", "village(s) lie in no commune of the layer", problems);
        several.warn(
            file,
            "commune",
            "name(s) mean several communes of today and were left as they are; a district or a layer of communes decides",
            problems,
        );
    }
}
