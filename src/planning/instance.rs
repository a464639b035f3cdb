//! A bare covering instance, `notspot/instance/1`: read, checked, numbered.
//!
//! In: a JSON document, plain or gzip. Out: an [`Instance`], names beside the [`Covering`] that the solver works on, or
//! all faults of the document at once. Nothing here decides what to build.

mod ids;
mod rows;
mod rules;

use crate::planning::solver::{Arc, ArcError, Backhaul, Covering, Csr, Node, Objective, Rules};
use crate::problem::{Problem, Problems, did_you_mean};
use ids::IdMap;
pub use rows::{ArcRow, BackhaulRow, CandidateRow, DemandRow, Id, InstanceFile, ObjectiveRow, RulesRow, ShareRow};
use std::borrow::Cow;
use std::io::Read;

/// The schema name that every instance carries.
pub const SCHEMA: &str = "notspot/instance/1";

/// A packed instance may unpack to as much as this: ten million candidates of 200 bytes, and no more than memory holds.
const MOST_BYTES: u64 = 2 << 30;

/// More faults than this are counted, not listed.
const MOST_LISTED: usize = 200;

/// A checked instance: names by number, and the numbers' model.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The instance's own name, when it has one.
    pub name: Option<String>,
    /// Name of each demand.
    pub demands: Vec<String>,
    /// Name of each candidate.
    pub candidates: Vec<String>,
    /// Name of each place that is connected already.
    pub roots: Vec<String>,
    /// Costs, weights, who covers whom, what stands already.
    pub covering: Covering,
    /// What to optimise.
    pub objective: Objective,
    /// The hops that connect sites to roots, when connectivity is part of the problem.
    pub backhaul: Option<Backhaul>,
    /// Rules beyond covering.
    pub rules: Rules,
    /// Name of each group with a least share.
    pub shares: Vec<String>,
}

/// Reads and checks an instance; `bytes` is JSON or gzip of JSON (told by its first bytes), `file` names it in messages.
///
/// # Errors
/// Every fault found: file, field path, value and what is allowed. A document that is not JSON of this shape gives one.
pub fn read(bytes: &[u8], file: &str) -> Result<Instance, Problems> {
    let text: Cow<'_, [u8]> = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = Vec::with_capacity(bytes.len().saturating_mul(5));
        flate2::read::MultiGzDecoder::new(bytes)
            .take(MOST_BYTES + 1)
            .read_to_end(&mut text)
            .map_err(|e| Problem::error(file, format!("is not a readable gzip file: {e}")))?;
        if text.len() as u64 > MOST_BYTES {
            return Err(Problem::error(file, format!("holds more than {MOST_BYTES} bytes unpacked")).into());
        }
        text.into()
    } else {
        bytes.into()
    };
    let text = std::str::from_utf8(&text).map_err(|e| Problem::error(file, format!("is not UTF-8 text: {e}")))?;
    let parsed: InstanceFile<'_> =
        serde_json::from_str(text).map_err(|e| Problem::error(file, format!("is not a {SCHEMA} document: {e}")))?;
    check(&parsed, file)
}

/// Collects faults, counting those beyond the list.
struct Faults<'f> {
    file: &'f str,
    problems: Problems,
    unlisted: usize,
}

impl Faults<'_> {
    fn add(&mut self, field: impl FnOnce() -> String, value: Option<String>, message: &str, hint: Option<String>) {
        if self.problems.len() >= MOST_LISTED {
            self.unlisted += 1;
            return;
        }
        let mut problem = Problem::error(self.file, message).in_field(field());
        problem.value = value;
        problem.suggestion = hint;
        self.problems.push(problem);
    }

    fn number(&mut self, x: f64, field: impl FnOnce() -> String) {
        if !(x.is_finite() && x >= 0.0) {
            self.add(field, Some(x.to_string()), "must be a finite number of 0 or more", None);
        }
    }

    fn finish(mut self) -> Result<(), Problems> {
        if self.unlisted > 0 {
            self.problems.push(Problem::error(self.file, format!("{} more faults are not listed", self.unlisted)));
        }
        self.problems.into_warnings().map(drop)
    }
}

/// Numbers names, with a fault for each empty or repeated one.
fn number_names<'a>(
    list: &str,
    key: &str,
    names: impl ExactSizeIterator<Item = &'a str>,
    faults: &mut Faults<'_>,
) -> IdMap<'a> {
    let mut map = IdMap::with_capacity(names.len());
    for (k, name) in names.enumerate() {
        if name.is_empty() {
            faults.add(|| format!("{list}[{k}]{key}"), Some(String::new()), "must not be empty", None);
        }
        if let Err(first) = map.insert(name) {
            let message = format!("must be named once, and {list}[{first}] has the same name");
            faults.add(|| format!("{list}[{k}]{key}"), Some(name.into()), &message, None);
        }
    }
    map
}

/// All checks that the JSON shape does not make, and the numbering.
fn check(parsed: &InstanceFile<'_>, file: &str) -> Result<Instance, Problems> {
    let mut faults = Faults { file, problems: Problems::default(), unlisted: 0 };
    let f = &mut faults;
    match parsed.schema.as_ref().map(Id::as_str) {
        Some(SCHEMA) => {}
        Some(other) => f.add(|| "schema".into(), Some(other.into()), &format!("must be \"{SCHEMA}\""), None),
        None => f.add(|| "schema".into(), None, &format!("is missing; it must be \"{SCHEMA}\""), None),
    }
    let objective = check_objective(parsed.objective.as_ref(), f);
    let demands = number_names("demands", ".id", parsed.demands.iter().map(|d| d.id.as_str()), f);
    let candidates = number_names("candidates", ".id", parsed.candidates.iter().map(|c| c.id.as_str()), f);
    let mut weights = Vec::with_capacity(parsed.demands.len());
    for (i, demand) in parsed.demands.iter().enumerate() {
        f.number(demand.weight, || format!("demands[{i}].weight"));
        weights.push(demand.weight);
    }
    let mut costs = Vec::with_capacity(parsed.candidates.len());
    let mut covers = Csr::with_capacity(costs.len(), parsed.candidates.iter().map(|c| c.covers.len()).sum());
    let mut seen_in = vec![u32::MAX; weights.len()];
    for (j, candidate) in parsed.candidates.iter().enumerate() {
        f.number(candidate.cost, || format!("candidates[{j}].cost"));
        costs.push(candidate.cost);
        covers.push_row(candidate.covers.iter().enumerate().filter_map(|(k, name)| {
            let field = || format!("candidates[{j}].covers[{k}]");
            let Some(i) = demands.get(name.as_str()) else {
                let hint = nearest(name.as_str(), demands.names());
                f.add(field, Some(name.as_str().into()), "must be the id of a demand", hint);
                return None;
            };
            // A repeated demand name was reported above and has fewer numbers than rows.
            if std::mem::replace(seen_in.get_mut(i as usize)?, j as u32) == j as u32 {
                f.add(field, Some(name.as_str().into()), "must be listed once for a candidate", None);
                return None;
            }
            Some(i)
        }));
    }
    let fixed_names = number_names("fixed", "", parsed.fixed.iter().map(Id::as_str), f);
    let fixed = fixed_names.names().iter().enumerate().filter_map(|(k, name)| {
        let number = candidates.get(name);
        if number.is_none() {
            let hint = nearest(name, candidates.names());
            f.add(|| format!("fixed[{k}]"), Some((*name).into()), "must be the id of a candidate", hint);
        }
        number
    });
    let fixed: Vec<u32> = fixed.collect();
    let mut roots = Vec::new();
    let backhaul = parsed.backhaul.as_ref().map(|b| check_backhaul(b, &candidates, &mut roots, f));
    let (rules, shares) = rules::check(parsed, &demands, &candidates, f);
    faults.finish()?;
    let objective = objective.ok_or_else(|| Problem::error(file, "has no objective"))?;
    let covering = Covering::new(costs, weights, covers, fixed).map_err(|e| Problem::error(file, e.to_string()))?;
    let owned = |names: &[&str]| names.iter().map(|&s| s.to_owned()).collect();
    Ok(Instance {
        name: parsed.name.as_ref().map(|n| n.as_str().to_owned()),
        demands: owned(demands.names()),
        candidates: owned(candidates.names()),
        roots,
        covering,
        objective,
        backhaul,
        rules,
        shares,
    })
}

/// A close name, looked for only where that is quick.
fn nearest(name: &str, names: &[&str]) -> Option<String> {
    if names.len() > 2000 { None } else { did_you_mean(name, names.iter().copied()) }
}

const OBJECTIVES: &str = "must be {\"minimize\":\"cost\",\"cover\":\"all\"}, {\"maximize\":\"weight\",\"max_sites\":N} \
                          or {\"maximize\":\"weight\",\"budget\":B}";

fn check_objective(row: Option<&ObjectiveRow<'_>>, f: &mut Faults<'_>) -> Option<Objective> {
    let Some(row) = row else {
        f.add(|| "objective".into(), None, &format!("is missing; it {OBJECTIVES}"), None);
        return None;
    };
    let word = |id: &Option<Id<'_>>| id.as_ref().map(|w| w.as_str().to_owned());
    let (minimize, cover, maximize) = (word(&row.minimize), word(&row.cover), word(&row.maximize));
    let found = match (minimize.as_deref(), cover.as_deref(), maximize.as_deref(), row.max_sites, row.budget) {
        (Some("cost"), Some("all"), None, None, None) => Some(Objective::LeastCost),
        (None, None, Some("weight"), Some(max_sites), None) => Some(Objective::MostWeightSites { max_sites }),
        (None, None, Some("weight"), None, Some(budget)) => {
            f.number(budget, || "objective.budget".into());
            Some(Objective::MostWeightBudget { budget })
        }
        _ => None,
    };
    if found.is_none() {
        let shown = [("minimize", minimize), ("cover", cover), ("maximize", maximize)]
            .into_iter()
            .filter_map(|(k, v)| v.map(|v| format!("{k}: {v}")))
            .chain(row.max_sites.map(|n| format!("max_sites: {n}")))
            .chain(row.budget.map(|b| format!("budget: {b}")));
        let shown = shown.collect::<Vec<_>>().join(", ");
        f.add(|| "objective".into(), Some(shown), OBJECTIVES, None);
    }
    found
}

/// Numbers the hops; `names` takes the roots' names.
fn check_backhaul(
    row: &BackhaulRow<'_>,
    candidates: &IdMap<'_>,
    names: &mut Vec<String>,
    f: &mut Faults<'_>,
) -> Backhaul {
    let roots = number_names("backhaul.roots", "", row.roots.iter().map(Id::as_str), f);
    if row.max_hops == Some(0) {
        f.add(|| "backhaul.max_hops".into(), Some("0".into()), "must be 1 or more, or absent for any number", None);
    }
    let mut arcs = Vec::with_capacity(row.arcs.len());
    let mut numbers = Vec::with_capacity(row.arcs.len());
    for (k, arc) in row.arcs.iter().enumerate() {
        f.number(arc.cost, || format!("backhaul.arcs[{k}].cost"));
        let from = arc.from.as_str();
        let from_node = roots.get(from).map(Node::Root).or_else(|| candidates.get(from).map(Node::Candidate));
        if from_node.is_none() {
            let message = "must be the id of a root or a candidate";
            f.add(|| format!("backhaul.arcs[{k}].from"), Some(from.into()), message, nearest(from, candidates.names()));
        }
        let to = candidates.get(arc.to.as_str());
        if to.is_none() {
            let hint = nearest(arc.to.as_str(), candidates.names());
            let value = Some(arc.to.as_str().into());
            f.add(|| format!("backhaul.arcs[{k}].to"), value, "must be the id of a candidate", hint);
        }
        if from_node.is_some() && from_node == to.map(Node::Candidate) {
            f.add(|| format!("backhaul.arcs[{k}]"), Some(from.into()), "must join two different places", None);
        }
        if arc.hops > 1 {
            let message = "must be 1 for a hop or 0 for an attachment";
            f.add(|| format!("backhaul.arcs[{k}].hops"), Some(arc.hops.to_string()), message, None);
        }
        if let (Some(from), Some(to)) = (from_node, to) {
            arcs.push(Arc { from, to, cost: arc.cost, hops: arc.hops });
            numbers.push(k);
        }
    }
    *names = roots.names().iter().map(|&s| s.to_owned()).collect();
    let backhaul = Backhaul { roots: names.len() as u32, arcs, max_hops: row.max_hops };
    for fault in backhaul.faults(candidates.names().len()) {
        let (arc, end, message) = match fault {
            ArcError::LeavesAttachment { arc, .. } => {
                (arc, "from", "must not be attached to a place by an arc of 0 hops")
            }
            ArcError::HopToAttachment { arc, .. } => {
                (arc, "hops", "must be 0, as in another arc to the same candidate")
            }
            ArcError::Ends { .. } | ArcError::Cost { .. } | ArcError::Hops { .. } => continue, // named above
        };
        let (k, row) = (numbers[arc], &row.arcs[numbers[arc]]);
        let value = if end == "from" { row.from.as_str().to_owned() } else { row.hops.to_string() };
        f.add(|| format!("backhaul.arcs[{k}].{end}"), Some(value), message, None);
    }
    backhaul
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"schema":"notspot/instance/1","demands":[{"id":"v1","weight":3},{"id":"v2"}],
        "candidates":[{"id":"s1","cost":1.5,"covers":["v2","v1"]},{"id":"s\u0030","cost":9,"covers":[]}],
        "fixed":["s0"],"objective":{"minimize":"cost","cover":"all"},
        "backhaul":{"roots":["r1"],"arcs":[{"from":"r1","to":"s1","cost":3.0}],"max_hops":5}}"#;

    #[test]
    fn a_good_document_is_numbered_and_backhaul_is_kept() {
        let instance = read(GOOD.as_bytes(), "a.json").unwrap();
        assert_eq!(instance.candidates, ["s1", "s0"], "escapes in names are decoded");
        assert_eq!(instance.covering.covers(0), [0, 1]);
        assert_eq!(instance.covering.weights(), [3.0, 1.0]);
        assert_eq!(instance.covering.costs(), [1.5, 0.0], "what stands already costs nothing");
        assert_eq!(instance.backhaul.unwrap().arcs, [Arc { from: Node::Root(0), to: 0, cost: 3.0, hops: 1 }]);
    }

    #[test]
    fn all_faults_are_gathered_with_their_place() {
        let text = r#"{"demands":[{"id":"v1","weight":-3},{"id":"v1"},{"id":""}],
            "candidates":[{"id":"s1","cost":-1,"covers":["v9","v1","v1"]},{"id":"s1","cost":2,"covers":[]}],
            "fixed":["x","x"],"objective":{"maximize":"weight"},
            "backhaul":{"roots":[],"arcs":[{"from":"q","to":"s1","cost":1},{"from":"s1","to":"s1","cost":1}],"max_hops":0}}"#;
        let fields: Vec<String> =
            read(text.as_bytes(), "a.json").unwrap_err().iter().filter_map(|p| p.field.clone()).collect();
        for expected in [
            "schema",
            "objective",
            "demands[0].weight",
            "demands[1].id",
            "demands[2].id",
            "candidates[0].cost",
            "candidates[1].id",
            "candidates[0].covers[0]",
            "candidates[0].covers[2]",
            "fixed[0]",
            "fixed[1]",
            "backhaul.arcs[0].from",
            "backhaul.arcs[1]",
            "backhaul.max_hops",
        ] {
            assert!(fields.iter().any(|f| f == expected), "{expected} is not among {fields:?}");
        }
        assert_eq!(fields.len(), 14);
    }

    #[test]
    fn documents_of_another_shape_are_refused() {
        for text in [
            "",
            "[]",
            "{\"schema\":\"notspot/instance/1\",\"surprise\":1}",
            "{\"demands\":[{\"id\":7}]}",
            "\u{1f}\u{8b}",
        ] {
            assert!(read(text.as_bytes(), "a.json").is_err(), "{text}");
        }
        assert!(read(&[0x1f, 0x8b, 1, 2, 3], "a.json.gz").unwrap_err().to_string().contains("gzip"));
        assert!(read(&[0xff, 0xfe], "a.json").unwrap_err().to_string().contains("UTF-8"));
    }
}
