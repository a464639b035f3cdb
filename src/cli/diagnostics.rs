//! Problems of the inputs as people read them: grouped, with the line of the file and a mark under the value.
//!
//! ```text
//! error: villages.csv, row 3, population = "-300": is outside 0 to 10000000
//!    3 | V2,Bản Đông,Xã Một,106.058,22.550,-300,70,yes
//!      |                                   ^^^^
//!      = also row 7, population = "-2"
//!      = and 312 more rows: 15, 18, 20–44, …
//!
//! 314 error(s), 0 warning(s)
//! ```
//!
//! The first line of a group is the problem's own one-line form. Colour is used on a terminal unless `NO_COLOR` is set.

mod source;

pub(super) use source::Source;

use crate::problem::{Problem, ProblemGroup, Problems, Severity};
use std::fmt::Write;
use std::io::IsTerminal;

/// Problems of a group that are named one by one.
const NAMED: usize = 3;

/// Ranges of rows that are listed of the others.
const MOST_RANGES: usize = 12;

/// The escape sequences of a terminal that shows colours, or none.
struct Colors {
    error: &'static str,
    warning: &'static str,
    mark: &'static str,
    end: &'static str,
}

impl Colors {
    fn of(stream: &impl IsTerminal) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if stream.is_terminal() && !plain {
            Self { error: "\u{1b}[1;31m", warning: "\u{1b}[1;33m", mark: "\u{1b}[34m", end: "\u{1b}[0m" }
        } else {
            Self { error: "", warning: "", mark: "", end: "" }
        }
    }
}

/// All problems and the line that sums them up, for a stream that may be a terminal.
pub(super) fn render(problems: &Problems, source: &Source, stream: &impl IsTerminal) -> String {
    let colors = Colors::of(stream);
    let mut text = String::new();
    for group in problems.groups() {
        group_text(group, source, &colors, &mut text);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let (errors, warnings) = (problems.error_count(), problems.warning_count());
    text + &format!("{errors} error(s), {warnings} warning(s)\n")
}

fn group_text(group: &ProblemGroup, source: &Source, colors: &Colors, text: &mut String) {
    let Some(first) = group.examples.first() else { return };
    let Colors { mark, end, .. } = colors;
    let color = match group.severity {
        Severity::Error => colors.error,
        Severity::Warning => colors.warning,
    };
    let (severity, message) = (group.severity.to_string(), first.to_string());
    let message = message.strip_prefix(&severity).unwrap_or(&message);
    let mut lines = vec![format!("{color}{severity}{end}{message}")];
    let line = source.line(first);
    let width = line.as_ref().map_or(5, |line| line.number.to_string().len().max(5));
    if let Some(line) = line {
        lines.push(format!("{mark}{:>width$} |{end} {}", line.number, line.text));
        if let Some((from, length)) = line.mark {
            lines.push(format!("{mark}{:>width$} |{end} {}{color}{}{end}", "", " ".repeat(from), "^".repeat(length)));
        }
    }
    let named = &group.examples[..group.examples.len().min(NAMED)];
    for problem in &named[1..] {
        lines.push(format!("{mark}{:>width$} ={end} also {}", "", also(problem, first)));
    }
    if group.problems > named.len() {
        lines.push(format!("{mark}{:>width$} ={end} and {}", "", others(group, named)));
    }
    for line in lines {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{line}");
    }
}

/// Another problem of a group, without the file that was named; its message where it differs.
fn also(problem: &Problem, first: &Problem) -> String {
    let place = problem.place();
    let place = place.strip_prefix(&problem.file).unwrap_or(&place).trim_start_matches(", ");
    let place = if place.is_empty() { "once more" } else { place };
    if problem.message == first.message { place.to_owned() } else { format!("{place}: {}", problem.message) }
}

/// "312 more rows: 15, 18, 20–44, …"
fn others(group: &ProblemGroup, named: &[Problem]) -> String {
    let more = group.problems - named.len();
    let rows: Vec<usize> = named.iter().filter_map(|problem| problem.row).collect();
    let ranges = group.rows.sorted(&rows);
    if ranges.is_empty() {
        return format!("{more} more");
    }
    let mut listed: Vec<String> = ranges
        .iter()
        .take(MOST_RANGES)
        .map(|[first, last]| if first == last { first.to_string() } else { format!("{first}–{last}") })
        .collect();
    if ranges.len() > MOST_RANGES {
        listed.push("…".to_owned());
    }
    format!("{more} more {}: {}", if more == 1 { "row" } else { "rows" }, listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Renders without a terminal.
    fn plain(problems: &Problems, folder: &std::path::Path) -> String {
        let file = tempfile::tempfile().unwrap();
        render(problems, &Source::of_study(&folder.join("study.toml")), &file)
    }

    #[test]
    fn problems_are_grouped_and_marked_in_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let rows: String = (2..40).map(|row| format!("V{row},\"Bản Đông, Tây\",-3\n")).collect();
        std::fs::write(folder.path().join("villages.csv"), format!("id,ten,dan_so\n{rows}")).unwrap();
        std::fs::write(folder.path().join("study.toml"), "[service]\nbody_loss_db = -1.0\n").unwrap();
        let fault = |row: usize| {
            Problem::error("villages.csv", "is outside 0 to 9").at_row(row).in_field("population").with_value("-3")
        };
        let mut problems: Problems = (2..6).chain([9]).chain(12..40).map(fault).collect();
        let message = "is outside 0 to 40 dB";
        let fault = Problem::error("study.toml", message).in_field("service.body_loss_db").with_value("-1");
        problems.push(fault.suggest("write 1.0"));
        assert_eq!(
            plain(&problems, folder.path()),
            "error: villages.csv, row 2, population = \"-3\": is outside 0 to 9\n    \
             2 | V2,\"Bản Đông, Tây\",-3\n      \
               |                    ^^\n      \
               = also row 3, population = \"-3\"\n      \
               = also row 4, population = \"-3\"\n      \
               = and 30 more rows: 5, 9, 12–39\n\
             error: study.toml, service.body_loss_db = \"-1\": is outside 0 to 40 dB (write 1.0)\n    \
             2 | body_loss_db = -1.0\n      \
               |                ^^^^\n\
             \n34 error(s), 0 warning(s)\n"
        );
    }

    #[test]
    fn nothing_wrong_is_one_line() {
        assert_eq!(plain(&Problems::default(), std::path::Path::new("/nowhere")), "0 error(s), 0 warning(s)\n");
    }
}
