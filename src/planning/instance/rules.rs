//! Rules of an instance: checked, numbered.

use super::ids::IdMap;
use super::{CandidateRow, DemandRow, Faults, Id, InstanceFile, ShareRow, nearest, number_names};
use crate::planning::solver::{Least, Rules, Share};
use std::collections::HashMap;

/// The rules of a document and the names of the shares.
pub(super) fn check(
    parsed: &InstanceFile<'_>,
    demands: &IdMap<'_>,
    candidates: &IdMap<'_>,
    f: &mut Faults<'_>,
) -> (Rules, Vec<String>) {
    let mut rules = of_demands(&parsed.demands, f);
    of_candidates(&parsed.candidates, &mut rules, f);
    if !rules.capacities.is_empty() {
        for (i, _) in parsed.demands.iter().enumerate().filter(|d| d.1.load.is_none()) {
            f.add(|| format!("demands[{i}].load"), None, "is missing, and a candidate has a capacity", None);
        }
    }
    let Some(row) = &parsed.rules else { return (rules, Vec::new()) };
    let mut candidate_list = |list: &[Id<'_>], path: &str| numbers(list, path, candidates, "candidate", f);
    rules.forced = candidate_list(&row.forced, "rules.forced");
    rules.forbidden = candidate_list(&row.forbidden, "rules.forbidden");
    let groups = row.one_of.iter().enumerate();
    rules.one_of = groups.map(|(k, group)| candidate_list(group, &format!("rules.one_of[{k}]"))).collect();
    let names = number_names("rules.shares", ".id", row.shares.iter().map(|s| s.id.as_str()), f);
    for (k, share) in row.shares.iter().enumerate() {
        let list = numbers(&share.demands, &format!("rules.shares[{k}].demands"), demands, "demand", f);
        rules.shares.extend(least(share, k, f).map(|least| Share { demands: list, least }));
    }
    (rules, names.names().iter().map(|&name| name.to_owned()).collect())
}

fn of_demands(rows: &[DemandRow<'_>], f: &mut Faults<'_>) -> Rules {
    let mut rules = Rules::default();
    for (i, row) in rows.iter().enumerate() {
        if row.redundancy == Some(0) {
            f.add(|| format!("demands[{i}].redundancy"), Some("0".into()), "must be 1 or more", None);
        }
        row.load.iter().for_each(|&load| f.number(load, || format!("demands[{i}].load")));
    }
    if rows.iter().any(|row| row.redundancy.is_some()) {
        rules.redundancy = rows.iter().map(|row| row.redundancy.unwrap_or(1)).collect();
    }
    if rows.iter().any(|row| row.load.is_some()) {
        rules.loads = rows.iter().map(|row| row.load.unwrap_or(0.0)).collect();
    }
    rules
}

fn of_candidates(rows: &[CandidateRow<'_>], rules: &mut Rules, f: &mut Faults<'_>) {
    for (j, row) in rows.iter().enumerate() {
        row.capacity.iter().for_each(|&x| f.number(x, || format!("candidates[{j}].capacity")));
        row.floor.iter().for_each(|&x| f.number(x, || format!("candidates[{j}].floor")));
        if row.place.as_ref().is_some_and(|place| place.as_str().is_empty()) {
            f.add(|| format!("candidates[{j}].place"), Some(String::new()), "must not be empty", None);
        }
    }
    if rows.iter().any(|row| row.capacity.is_some()) {
        rules.capacities = rows.iter().map(|row| row.capacity.unwrap_or(f64::INFINITY)).collect();
    }
    if rows.iter().any(|row| row.floor.is_some()) {
        rules.floors = rows.iter().map(|row| row.floor.unwrap_or(0.0)).collect();
    }
    if rows.iter().any(|row| row.place.is_some()) {
        // A place goes by the number of its first candidate.
        let mut first: HashMap<String, u32> = HashMap::new();
        let place = |(j, row): (usize, &CandidateRow<'_>)| match &row.place {
            Some(place) => *first.entry(place.as_str().to_owned()).or_insert(j as u32),
            None => j as u32,
        };
        rules.places = rows.iter().enumerate().map(place).collect();
    }
}

/// The numbers of named things, with a fault for each that is unknown or repeated.
fn numbers(list: &[Id<'_>], path: &str, known: &IdMap<'_>, what: &str, f: &mut Faults<'_>) -> Vec<u32> {
    let names = number_names(path, "", list.iter().map(Id::as_str), f);
    let number = |(k, name): (usize, &&str)| {
        let number = known.get(name);
        if number.is_none() {
            let message = format!("must be the id of a {what}");
            f.add(|| format!("{path}[{k}]"), Some((*name).into()), &message, nearest(name, known.names()));
        }
        number
    };
    names.names().iter().enumerate().filter_map(number).collect()
}

fn least(row: &ShareRow<'_>, k: usize, f: &mut Faults<'_>) -> Option<Least> {
    match (row.least_weight, row.least_count) {
        (Some(weight), None) => {
            f.number(weight, || format!("rules.shares[{k}].least_weight"));
            Some(Least::Weight(weight))
        }
        (None, Some(count)) => Some(Least::Count(count)),
        _ => {
            let message = "must have either least_weight or least_count";
            f.add(|| format!("rules.shares[{k}]"), Some(row.id.as_str().into()), message, None);
            None
        }
    }
}
