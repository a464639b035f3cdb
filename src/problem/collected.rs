//! Faults gathered from all inputs, alike ones together, so that a table with a million faulty rows stays a short list.

use super::{Kind, Problem, Severity};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;

/// How many problems of a group are kept whole; of further ones the rows and the number are kept.
const KEPT: usize = 20;

/// After so many groups, problems of a file go together whatever their messages say.
const MOST_GROUPS: usize = 2_000;

/// Rows of a file as ranges, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct RowRanges(Vec<[u32; 2]>);

impl RowRanges {
    fn push(&mut self, row: usize) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match self.0.last_mut() {
            Some([_, last]) if row == *last => {}
            Some([_, last]) if row == last.saturating_add(1) => *last = row,
            _ => self.0.push([row, row]),
        }
    }

    /// First and last row of each range, ascending, without rows named by `without`.
    pub fn sorted(&self, without: &[usize]) -> Vec<[u32; 2]> {
        let mut ranges = self.0.clone();
        for &row in without {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            let Some(at) = ranges.iter().position(|&[first, last]| (first..=last).contains(&row)) else { continue };
            let [first, last] = ranges.swap_remove(at);
            let parts = [(first < row).then(|| [first, row - 1]), (row < last).then(|| [row + 1, last])];
            ranges.extend(parts.into_iter().flatten());
        }
        ranges.sort_unstable();
        ranges
    }
}

/// Problems of one file that differ only in row, value, and the numbers and quoted words of their message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProblemGroup {
    /// Whether it stops the work.
    pub severity: Severity,
    /// What became of the values.
    pub kind: Kind,
    /// The file, as the study names it.
    pub file: String,
    /// Column or key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The message of the first.
    pub message: String,
    /// Number of problems, exact.
    pub problems: usize,
    /// Number of rows or values they are about, exact.
    pub count: usize,
    /// The rows, as pairs of the first and the last of a range.
    pub rows: RowRanges,
    /// The first problems, whole.
    #[serde(skip)]
    pub examples: Vec<Problem>,
}

/// All faults found so far, in the order of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    groups: Vec<ProblemGroup>,
    group_of: HashMap<String, usize>,
}

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        let index = self.group_for(&problem);
        let group = &mut self.groups[index];
        group.problems += 1;
        group.count += problem.count;
        if let Some(row) = problem.row {
            group.rows.push(row);
        }
        if group.examples.len() < KEPT {
            group.examples.push(problem);
        }
    }

    /// The group of a problem; an empty one is made where there is none.
    fn group_for(&mut self, problem: &Problem) -> usize {
        let mut key = key(problem);
        if self.groups.len() >= MOST_GROUPS && !self.group_of.contains_key(&key) {
            key = format!("{:?}\0{:?}\0{}", problem.severity, problem.kind, problem.file);
        }
        let next = self.groups.len();
        let index = *self.group_of.entry(key).or_insert(next);
        if index == next {
            self.groups.push(ProblemGroup {
                severity: problem.severity,
                kind: problem.kind,
                file: problem.file.clone(),
                field: problem.field.clone(),
                message: problem.message.clone(),
                problems: 0,
                count: 0,
                rows: RowRanges::default(),
                examples: Vec::new(),
            });
        }
        index
    }

    /// Adds all problems of another collection.
    pub fn append(&mut self, other: Problems) {
        for mut group in other.groups {
            let Some(first) = group.examples.first() else { continue };
            let index = self.group_for(first);
            let own = &mut self.groups[index];
            own.problems += group.problems;
            own.count += group.count;
            own.rows.0.append(&mut group.rows.0);
            group.examples.truncate(KEPT.saturating_sub(own.examples.len()));
            own.examples.append(&mut group.examples);
        }
    }

    /// Keeps of the problems of a file only what they are about and how many there are: no rows, values and messages.
    pub fn withhold(&mut self, file: &str) {
        for group in self.groups.iter_mut().filter(|group| group.file == file) {
            group.message = "details are not published".to_owned();
            group.rows = RowRanges::default();
            let summary = Problem {
                severity: group.severity,
                field: group.field.clone(),
                ..Problem::error(file, &group.message).of_kind(group.kind, group.count)
            };
            group.examples = vec![summary];
        }
    }

    /// Groups by file in the order of the inputs, errors before warnings, else as they were found.
    pub fn groups(&self) -> Vec<&ProblemGroup> {
        let mut file_order: HashMap<&str, usize> = HashMap::new();
        for group in &self.groups {
            let next = file_order.len();
            file_order.entry(&group.file).or_insert(next);
        }
        let mut groups: Vec<&ProblemGroup> = self.groups.iter().collect();
        groups.sort_by_key(|group| (file_order[group.file.as_str()], group.severity));
        groups
    }

    /// The problems that are kept whole: all of small groups, the first of large ones.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.groups.iter().flat_map(|group| &group.examples)
    }

    /// How many there are, exact.
    pub fn len(&self) -> usize {
        self.groups.iter().map(|g| g.problems).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many of them are errors, exact.
    pub fn error_count(&self) -> usize {
        self.count_of(Severity::Error)
    }

    /// How many of them are warnings, exact.
    pub fn warning_count(&self) -> usize {
        self.count_of(Severity::Warning)
    }

    fn count_of(&self, severity: Severity) -> usize {
        self.groups.iter().filter(|g| g.severity == severity).map(|g| g.problems).sum()
    }

    /// The same as an error when one of them stops the work; otherwise they are warnings alone.
    pub fn into_warnings(self) -> Result<Problems, Problems> {
        if self.error_count() > 0 { Err(self) } else { Ok(self) }
    }
}

/// What problems of a group have in common.
fn key(problem: &Problem) -> String {
    let field = problem.field.as_deref().unwrap_or_default();
    let pattern = pattern(&problem.message);
    format!("{:?}\0{:?}\0{}\0{field}\0{pattern}", problem.severity, problem.kind, problem.file)
}

/// A message without its numbers and its quoted words.
fn pattern(message: &str) -> String {
    let mut pattern = String::with_capacity(message.len());
    let mut quoted = false;
    for c in message.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '0'..='9' => {
                if !pattern.ends_with('#') {
                    pattern.push('#');
                }
            }
            '.' if pattern.ends_with('#') => {}
            c => pattern.push(c),
        }
    }
    pattern
}

impl Extend<Problem> for Problems {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<T: IntoIterator<Item = Problem>>(problems: T) -> Self {
        let mut all = Self::default();
        all.extend(problems);
        all
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::from_iter([problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        let kept = self.iter().count();
        if self.len() > kept { write!(f, "\nand {} more", self.len() - kept) } else { Ok(()) }
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(row: usize, value: &str) -> Problem {
        Problem::error("v.csv", format!("is already used in row {}", row - 1))
            .at_row(row)
            .in_field("id")
            .with_value(value)
    }

    #[test]
    fn a_hundred_thousand_faults_are_one_short_group_with_exact_counts() {
        let mut problems = Problems::default();
        for row in 2..100_002 {
            problems.push(fault(row, "x"));
        }
        problems.push(fault(200_000, "y"));
        problems.push(Problem::warning("v.csv", "\"A\" was left out").of_kind(Kind::Dropped, 7));
        problems.push(Problem::warning("v.csv", "\"B b\" was left out").of_kind(Kind::Dropped, 2));
        assert_eq!((problems.error_count(), problems.warning_count()), (100_001, 2));
        let groups = problems.groups();
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].examples.len(), KEPT);
        assert_eq!(groups[0].rows.sorted(&[]), [[2, 100_001], [200_000, 200_000]]);
        assert_eq!(groups[0].rows.sorted(&[2, 5, 200_000]), [[3, 4], [6, 100_001]]);
        assert_eq!(groups[1].count, 9);
        let mut more = Problems::from(fault(1, "z"));
        more.append(problems.clone());
        assert_eq!((more.error_count(), more.warning_count()), (100_002, 2));
        assert_eq!(more.groups()[0].rows.sorted(&[]).last(), Some(&[200_000, 200_000]));
    }

    #[test]
    fn many_different_messages_do_not_make_many_groups() {
        let words = |n: usize| (0..12).map(|bit| if n >> bit & 1 == 1 { 'a' } else { 'b' }).collect::<String>();
        let problems: Problems = (0..4_096).map(|n| Problem::error("f", words(n))).collect();
        assert_eq!(problems.error_count(), 4_096);
        assert_eq!(problems.groups().len(), MOST_GROUPS + 1);
    }

    #[test]
    fn files_keep_their_order_and_errors_come_first() {
        let problems: Problems =
            [Problem::warning("b", "one"), Problem::error("a", "two"), Problem::error("b", "three")]
                .into_iter()
                .collect();
        let order: Vec<&str> = problems.groups().iter().map(|g| g.message.as_str()).collect();
        assert_eq!(order, ["three", "one", "two"]);
    }
}
