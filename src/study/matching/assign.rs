//! One place for each row: the closest first, and only where nothing else is as close.

use super::grade::{FUZZY_FROM_LETTERS, Grade, grade};
use super::{MatchQuality, Named};
use crate::geodesy::LonLat;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::study) enum Outcome {
    /// This place is meant.
    Matched(usize, MatchQuality),
    /// Several are as close, or another row wants the same.
    Ambiguous(Vec<usize>),
    /// None is close enough; these are the nearest in spelling.
    Unmatched(Vec<usize>),
    /// A person said to leave the row out.
    Ignored,
}

/// What a person said about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::study) enum Settlement {
    /// This place is meant.
    Place(usize),
    /// Leave it out.
    Ignore,
}

impl Settlement {
    fn place(&self) -> Option<usize> {
        match *self {
            Self::Place(place) => Some(place),
            Self::Ignore => None,
        }
    }
}

/// A place of the same name counts as close to a commune up to this distance from the commune's nearest place, km.
const NEAR_KM: f64 = 5.0;
/// Candidates that a person is shown.
const MOST_SUGGESTIONS: usize = 3;
/// Similarity of keys (Jaro–Winkler, 0 to 1) from which a place is worth showing.
const WORTH_SHOWING: f64 = 0.8;

/// A place that a row may mean.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    place: usize,
    grade: Grade,
}

/// Finds the place of each row. Rows that a person settled have their places first; the others take places in their own communes,
/// the closest names before all others, then places of the same name close by. Independent of the order of rows.
pub(in crate::study) fn assign(
    rows: &[Named],
    places: &[Named],
    settled: impl Fn(usize) -> Option<Settlement>,
) -> Vec<Outcome> {
    let index = Index::new(places);
    let settled: Vec<Option<Settlement>> = (0..rows.len()).map(settled).collect();
    let given: HashSet<usize> = settled.iter().flatten().filter_map(Settlement::place).collect();
    let mut search = Search::new(rows, places);
    for (row, said) in settled.iter().enumerate() {
        match said {
            Some(Settlement::Place(place)) => search.accept(row, *place, MatchQuality::Settled),
            Some(Settlement::Ignore) => search.outcomes[row] = Some(Outcome::Ignored),
            None => {}
        }
    }
    // A row whose place a person gave to another does not move to the next best one: it is asked about anew.
    let unsettled = if given.is_empty() { Vec::new() } else { Search::new(rows, places).run(&index) };
    for (row, outcome) in unsettled.into_iter().enumerate().filter(|(row, _)| settled[*row].is_none()) {
        if let Outcome::Matched(place, _) = outcome
            && given.contains(&place)
        {
            let others = index.suggestions(&rows[row], places, &[]).into_iter().filter(|&other| other != place);
            let candidates = std::iter::once(place).chain(others).take(MOST_SUGGESTIONS).collect();
            search.outcomes[row] = Some(Outcome::Ambiguous(candidates));
        }
    }
    search.run(&index)
}

struct Search<'a> {
    rows: &'a [Named],
    places: &'a [Named],
    taken: Vec<bool>,
    outcomes: Vec<Option<Outcome>>,
}

impl<'a> Search<'a> {
    fn new(rows: &'a [Named], places: &'a [Named]) -> Self {
        Self { rows, places, taken: vec![false; places.len()], outcomes: vec![None; rows.len()] }
    }

    /// Finds the places of the rows that have no outcome yet.
    fn run(mut self, index: &Index) -> Vec<Outcome> {
        let Self { rows, places, .. } = self;
        let mut inside: Vec<Vec<Candidate>> = vec![Vec::new(); rows.len()];
        let mut outside: Vec<Vec<Candidate>> = vec![Vec::new(); rows.len()];
        for (r, row) in rows.iter().enumerate().filter(|(r, _)| self.outcomes[*r].is_none()) {
            let (in_commune, others): (Vec<_>, Vec<_>) =
                index.same_key(row).into_iter().partition(|&p| row.shares_commune(&places[p]));
            inside[r] = self.graded(r, in_commune);
            if inside[r].is_empty() {
                let near = index.one_letter_off(row).into_iter().filter(|&p| row.shares_commune(&places[p])).collect();
                inside[r] = self.graded(r, near);
            }
            if inside[r].is_empty() {
                outside[r] = self.graded(r, others);
            }
        }
        self.resolve(&inside, None);
        for (r, candidates) in outside.iter_mut().enumerate() {
            candidates.retain(|c| index.is_close(&rows[r], &places[c.place], places));
        }
        self.resolve(&outside, Some(MatchQuality::Elsewhere));
        let finish = |(r, outcome): (usize, Option<Outcome>)| {
            outcome.unwrap_or_else(|| Outcome::Unmatched(index.suggestions(&rows[r], places, &inside[r])))
        };
        self.outcomes.into_iter().enumerate().map(finish).collect()
    }

    fn accept(&mut self, row: usize, place: usize, quality: MatchQuality) {
        self.taken[place] = true;
        self.outcomes[row] = Some(Outcome::Matched(place, quality));
    }

    fn graded(&self, row: usize, places: Vec<usize>) -> Vec<Candidate> {
        let graded = |place| Some(Candidate { place, grade: grade(&self.rows[row], &self.places[place])? });
        let mut candidates: Vec<Candidate> = places.into_iter().filter_map(graded).collect();
        candidates.sort_unstable_by_key(|c| (c.grade.cost, c.place));
        candidates
    }

    /// Goes through the costs in ascending order. At each, a row takes a place when it is the only free one for the row and the row
    /// is the only one that wants it (not better than Variant where other places of the commune have nearly that name); what then still wants or is wanted at this cost is left to a person.
    fn resolve(&mut self, candidates: &[Vec<Candidate>], quality: Option<MatchQuality>) {
        let mut rows_at: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (row, list) in candidates.iter().enumerate() {
            for candidate in list {
                let rows = rows_at.entry(candidate.grade.cost).or_default();
                if rows.last() != Some(&row) {
                    rows.push(row);
                }
            }
        }
        for (cost, rows) in rows_at {
            let at_cost = |row: usize| candidates[row].iter().filter(move |c| c.grade.cost == cost);
            loop {
                let mut wanted: BTreeMap<usize, usize> = BTreeMap::new();
                let open: Vec<(usize, Vec<Candidate>)> = rows
                    .iter()
                    .filter(|&&row| self.outcomes[row].is_none())
                    .map(|&row| (row, at_cost(row).filter(|c| !self.taken[c.place]).copied().collect()))
                    .collect();
                open.iter().flat_map(|(_, list)| list).for_each(|c| *wanted.entry(c.place).or_default() += 1);
                let mut changed = false;
                for (row, list) in &open {
                    let [only] = list[..] else { continue };
                    // A slip of the pen must not be explained by what others have left over.
                    let is_alone = candidates[*row].len() == 1;
                    let quality = quality.unwrap_or(only.grade.quality);
                    let quality = if is_alone { quality } else { quality.max(MatchQuality::Variant) };
                    if wanted[&only.place] == 1 && (is_alone || quality < MatchQuality::Fuzzy) {
                        self.accept(*row, only.place, quality);
                        changed = true;
                    }
                }
                if changed {
                    continue;
                }
                for (row, list) in open.into_iter().filter(|(_, list)| !list.is_empty()) {
                    list.iter().for_each(|c| self.taken[c.place] = true);
                    self.outcomes[row] = Some(Outcome::Ambiguous(list.iter().map(|c| c.place).collect()));
                }
                break;
            }
        }
    }
}

/// Places by their keys, and by their keys with one letter less.
struct Index {
    by_key: HashMap<String, Vec<usize>>,
    by_shortened: HashMap<u64, Vec<usize>>,
    by_commune: HashMap<usize, Vec<usize>>,
}

impl Index {
    fn new(places: &[Named]) -> Self {
        let mut index = Self { by_key: HashMap::new(), by_shortened: HashMap::new(), by_commune: HashMap::new() };
        for (p, place) in places.iter().enumerate() {
            for form in &place.forms {
                index.by_key.entry(form.key.clone()).or_default().push(p);
                if !form.is_part {
                    shortened(&form.key).for_each(|hash| index.by_shortened.entry(hash).or_default().push(p));
                }
            }
            place.communes.iter().for_each(|&c| index.by_commune.entry(c).or_default().push(p));
        }
        index
    }

    fn same_key(&self, row: &Named) -> Vec<usize> {
        sorted(row.forms.iter().filter_map(|form| self.by_key.get(&form.key)).flatten())
    }

    /// Two keys that are one letter off share one of their shortened forms.
    fn one_letter_off(&self, row: &Named) -> Vec<usize> {
        let hashes = row.forms.iter().filter(|form| !form.is_part).flat_map(|form| shortened(&form.key));
        sorted(hashes.filter_map(|hash| self.by_shortened.get(&hash)).flatten())
    }

    /// Whether a place outside a row's communes may be meant: close to one of them, or one side does not state any.
    fn is_close(&self, row: &Named, place: &Named, places: &[Named]) -> bool {
        if row.communes.is_empty() || place.communes.is_empty() {
            return true;
        }
        let Some(position) = place.position else { return false };
        let members = row.communes.iter().filter_map(|c| self.by_commune.get(c)).flatten();
        members.filter_map(|&m| places[m].position).any(|other| rough_km(position, other) <= NEAR_KM)
    }

    /// The nearest in spelling: of the row's communes, else of the same name anywhere.
    fn suggestions(&self, row: &Named, places: &[Named], inside: &[Candidate]) -> Vec<usize> {
        if !inside.is_empty() {
            return inside.iter().take(MOST_SUGGESTIONS).map(|c| c.place).collect();
        }
        let similarity = |p: usize| {
            let pairs = row.forms.iter().flat_map(|a| places[p].forms.iter().map(move |b| (a, b)));
            pairs.map(|(a, b)| strsim::jaro_winkler(&a.key, &b.key)).fold(0.0, f64::max)
        };
        let members = sorted(row.communes.iter().filter_map(|c| self.by_commune.get(c)).flatten());
        let mut close: Vec<(f64, usize)> =
            members.into_iter().map(|p| (similarity(p), p)).filter(|&(s, _)| s >= WORTH_SHOWING).collect();
        close.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        close.into_iter().map(|(_, p)| p).chain(self.same_key(row)).take(MOST_SUGGESTIONS).collect()
    }
}

fn sorted<'a>(places: impl Iterator<Item = &'a usize>) -> Vec<usize> {
    let mut list: Vec<usize> = places.copied().collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// Hashes of a key and of the key without each of its letters; none for keys too short for slips.
fn shortened(key: &str) -> impl Iterator<Item = u64> {
    let hash = |text: &str| {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    };
    let long_enough = key.chars().count() + 1 >= FUZZY_FROM_LETTERS;
    let without = key.char_indices().map(move |(i, c)| hash(&[&key[..i], &key[i + c.len_utf8()..]].concat()));
    std::iter::once(hash(key)).chain(without).filter(move |_| long_enough).collect::<Vec<_>>().into_iter()
}

/// Distance on a sphere for places close to one another, km.
fn rough_km(a: LonLat, b: LonLat) -> f64 {
    const KM_PER_DEGREE: f64 = 111.2;
    let east = (a.lon_deg - b.lon_deg) * a.lat_deg.to_radians().cos();
    KM_PER_DEGREE * east.hypot(a.lat_deg - b.lat_deg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(list: &[(&str, usize)]) -> Vec<Named> {
        // Communes lie 0.5° apart.
        let position = |commune: usize| LonLat::new(105.0 + 0.5 * commune as f64, 22.5);
        list.iter().map(|&(name, commune)| Named::new(name, vec![commune], Some(position(commune)))).collect()
    }

    fn outcomes(rows: &[(&str, usize)], places: &[(&str, usize)]) -> Vec<Outcome> {
        assign(&named(rows), &named(places), |_| None)
    }

    use MatchQuality::{Accents, Elsewhere, Exact, Fuzzy, Settled, Variant};
    use Outcome::{Ambiguous, Matched, Unmatched};

    #[test]
    fn the_closest_wins_and_leaves_the_rest_to_others() {
        let places = [("Xóm Nà Lủng", 0), ("Xóm Nà Lũng", 0), ("Bản Khuổi Vài", 0), ("Xóm Nà Lủng", 1)];
        let found = outcomes(&[("Na Lung", 0), ("Xóm Nà Lủng", 0), ("Xóm Khuổi Vàii", 0), ("xom na lung", 1)], &places);
        assert_eq!(found, [Matched(1, Variant), Matched(0, Variant), Matched(2, Fuzzy), Matched(3, Accents)]);
    }

    #[test]
    fn what_two_could_be_is_left_to_a_person() {
        let places = [("Xóm Nà Lủng", 0), ("Xóm Nà Lũng", 0), ("Xóm Pác Bó", 0)];
        assert_eq!(outcomes(&[("Xóm Na Lung", 0)], &places), [Ambiguous(vec![0, 1])]);
        assert_eq!(
            outcomes(&[("Xóm Pác Bó", 0), ("Xóm Pác Bó", 0), ("Pác Bó", 0)], &places),
            [Ambiguous(vec![2]), Ambiguous(vec![2]), Unmatched(vec![2])]
        );
    }

    #[test]
    fn a_slip_is_no_excuse_when_the_right_place_is_taken() {
        let places = [("Xóm Nà Lủng", 0), ("Xóm Nà Tủng", 0)];
        let found = outcomes(&[("Xóm Nà Lủng", 0), ("Xóm Nà Rủng", 0)], &places);
        assert_eq!(found, [Matched(0, Exact), Ambiguous(vec![1])]);
    }

    #[test]
    fn another_commune_only_when_it_is_close_or_not_stated() {
        assert_eq!(outcomes(&[("Xóm Nà Lủng", 0)], &[("Xóm Nà Lủng", 1), ("Pác Bó", 0)]), [Unmatched(vec![0])]);
        let near = [
            Named::new("Xóm Nà Lủng", vec![1], Some(LonLat::new(105.04, 22.5))),
            Named::new("Pác Bó", vec![0], Some(LonLat::new(105.0, 22.5))),
        ];
        let rows = named(&[("Xóm Nà Lủng", 0)]);
        assert_eq!(assign(&rows, &near, |_| None), [Matched(0, Elsewhere)]);
        let unstated = [Named::new("Na Lung", Vec::new(), None)];
        assert_eq!(assign(&unstated, &near, |_| None), [Matched(0, Elsewhere)]);
        let twice = named(&[("Xóm Nà Lủng", 1), ("Xóm Nà Lủng", 2)]);
        assert_eq!(assign(&unstated, &twice, |_| None), [Ambiguous(vec![0, 1])]);
    }

    #[test]
    fn what_a_person_settled_stands() {
        let (rows, places) = (named(&[("A B C", 0), ("Nà Lủng", 0), ("D", 0)]), named(&[("Nà Lủng", 0)]));
        let settled = |row| match row {
            0 => Some(Settlement::Place(0)),
            2 => Some(Settlement::Ignore),
            _ => None,
        };
        assert_eq!(assign(&rows, &places, settled), [Matched(0, Settled), Ambiguous(vec![0]), Outcome::Ignored]);
    }

    #[test]
    fn a_row_whose_place_was_settled_to_another_is_asked_about_anew() {
        let places = named(&[("Xóm Nà Lủng", 0), ("Xóm Nà Lũng", 0), ("Pác Bó", 0)]);
        let rows = named(&[("Xóm Mới", 0), ("Xóm Nà Lủng", 0), ("Pác Bó", 0)]);
        let settle = |to: [Option<usize>; 3]| assign(&rows, &places, |row| to[row].map(Settlement::Place));
        let free = settle([None, None, None]);
        assert_eq!(free[1..], [Matched(0, Variant), Matched(2, Exact)]);
        assert_eq!(settle([Some(0), None, None]), [Matched(0, Settled), Ambiguous(vec![0, 1]), Matched(2, Exact)]);
        assert_eq!(settle([Some(0), Some(1), None])[1], Matched(1, Settled));
        assert_eq!(settle([Some(0), Some(0), None])[1], Matched(0, Settled), "merged hamlets");
        // What a person confirms changes nothing for others.
        assert_eq!(settle([None, Some(0), None])[2], Matched(2, Exact));
        assert_eq!(settle([Some(1), None, None])[1], Matched(0, Variant));
    }
}
