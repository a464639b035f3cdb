//! Operators whose name may be misspelt.

use super::Site;
use crate::problem::{Problem, Problems, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// Names that at least this many cells have are taken to be right.
const FREQUENT: usize = 5;

/// Warns of operators that differ in capitals and spaces alone, and of one that one cell names and that is nearly one that many cells name.
pub(super) fn check_spelling(sites: &[Site], file: &str, problems: &mut Problems) {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for site in sites.iter().filter(|site| !site.operator.is_empty()) {
        for cell in &site.cells {
            counts.entry(&site.operator).or_insert((0, cell.row)).0 += 1;
        }
    }
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    counts.keys().for_each(|name| alike.entry(letters(name)).or_default().push(name));
    let is_doubled = |name: &str| alike.get(&letters(name)).is_some_and(|names| names.len() > 1);
    for names in alike.values().filter(|names| names.len() > 1) {
        let usual = names.iter().copied().max_by_key(|name| (counts[name].0, std::cmp::Reverse(counts[name].1)));
        for name in names.iter().filter(|name| Some(**name) != usual) {
            let message = "differs in capitals or spaces alone from another; it counts as an operator of its own";
            let problem = Problem::warning(file, message).at_row(counts[name].1).in_field("operator").with_value(name);
            problems.push(problem.suggest(format!("write \"{}\" if it is the same", usual.unwrap_or_default())));
        }
    }
    for (name, &(count, row)) in &counts {
        if count > 1 || is_doubled(name) {
            continue;
        }
        let frequent = counts.iter().filter(|(other, (count, _))| *count >= FREQUENT && !differ_in_label(name, other));
        if let Some(suggestion) = did_you_mean(name, frequent.map(|(other, _)| *other)) {
            let message = "stands once, and nearly so many times; it counts as an operator of its own";
            let problem = Problem::warning(file, message).at_row(row).in_field("operator").with_value(name);
            problems.push(problem.suggest(suggestion));
        }
    }
}

/// Reports operators that a study names and that have no site.
pub(in crate::study) fn check_operators(
    names: &[String],
    field: &str,
    sites: &[Site],
    file: &str,
    problems: &mut Problems,
) {
    let known: BTreeSet<&str> = sites.iter().map(|site| site.operator.as_str()).collect();
    for (i, name) in names.iter().enumerate().filter(|(_, name)| !known.contains(name.as_str())) {
        let problem = Problem::error(file, "has no site in service").in_field(format!("{field}[{i}]")).with_value(name);
        problems.push(match did_you_mean(name, known.iter().copied()) {
            Some(suggestion) => problem.suggest(suggestion),
            None => problem,
        });
    }
}

/// The letters of a name, small and without spaces.
fn letters(name: &str) -> String {
    name.nfc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Whether two names differ in a short last word alone, as "Operator A" and "Operator B" do.
fn differ_in_label(a: &str, b: &str) -> bool {
    match (a.rsplit_once(' '), b.rsplit_once(' ')) {
        (Some((a, a_label)), Some((b, b_label))) => a == b && a_label.len() <= 2 && b_label.len() <= 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::differ_in_label;

    #[test]
    fn labels_are_no_misspellings() {
        assert!(differ_in_label("Operator A", "Operator B"));
        assert!(!differ_in_label("Viettel", "Vietel"));
    }
}
