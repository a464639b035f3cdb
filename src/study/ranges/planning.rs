//! Ranges of what a study file says of planning.

use super::Number;
use crate::planning::objective::find_objective;
use crate::problem::{Problem, Problems};
use crate::study::{NewCell, Planning};

/// Most sectors of a site.
const MOST_SECTORS: f64 = 6.0;
/// Heights of masts, m.
const HEIGHT_M: [f64; 2] = [1.0, 500.0];
/// Costs, million VND.
const COST: [f64; 2] = [0.0, 1e9];

/// Numbers with what is allowed.
pub(super) fn numbers(planning: &Planning) -> Vec<Number> {
    let number = |field: &str, value, range, unit| Number(format!("planning.{field}"), value, range, unit);
    let Planning { candidates, new_site, .. } = planning;
    let vnd = " million VND";
    let mut numbers = vec![
        number("gap", planning.gap, [0.0, 1.0], ""),
        number("candidates.search_radius_km", candidates.search_radius_km, [0.1, 50.0], " km"),
        number("candidates.hilltop_radius_m", candidates.hilltop_radius_m, [1.0, 5_000.0], " m"),
        number("candidates.spacing_m", candidates.spacing_m, [1.0, 20_000.0], " m"),
        number("candidates.max_road_distance_km", candidates.max_road_distance_km, [0.0, 1_000.0], " km"),
        number("candidates.max_slope_deg", candidates.max_slope_deg, [0.0, 90.0], "°"),
        number("candidates.max_candidates", f64::from(candidates.max_candidates), [1.0, 1e6], ""),
        number("candidates.relays", f64::from(candidates.relays), [0.0, 10_000.0], ""),
        number("new_site.height_m", new_site.height_m, HEIGHT_M, " m"),
    ];
    let heights = |field: &str, heights_m: &[f64]| {
        let one = |(i, &height_m): (usize, &f64)| number(&format!("{field}.heights_m[{i}]"), height_m, HEIGHT_M, " m");
        heights_m.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    numbers.extend(heights("new_site", &new_site.heights_m));
    numbers.extend(cells("planning.new_site", &new_site.cells));
    for (i, configuration) in planning.configurations.iter().enumerate() {
        let field = format!("configurations[{i}]");
        numbers.extend(heights(&field, &configuration.heights_m));
        numbers.extend(cells(&format!("planning.{field}"), &configuration.cells));
        let sectors = f64::from(configuration.sectors);
        numbers.push(number(&format!("{field}.sectors"), sectors, [0.0, MOST_SECTORS], ""));
        if let Some(cost) = configuration.cost_million_vnd {
            numbers.push(number(&format!("{field}.cost_million_vnd"), cost, COST, vnd));
        }
    }
    if let Some(probability) = planning.required_probability {
        numbers.push(number("required_probability", probability, [0.5, 0.99], ""));
    }
    if let Some(budget) = planning.budget_million_vnd {
        numbers.push(number("budget_million_vnd", budget, [0.0, 1e12], vnd));
    }
    numbers
}

fn cells(field: &str, cells: &[NewCell]) -> Vec<Number> {
    let one = |(i, cell): (usize, &NewCell)| {
        let field = |name: &str| format!("{field}.cells[{i}].{name}");
        [
            Number(field("frequency_mhz"), cell.frequency_mhz, [30.0, 100_000.0], " MHz"),
            Number(field("bandwidth_mhz"), cell.bandwidth_mhz, [0.1, 2_000.0], " MHz"),
            Number(field("eirp_dbm"), cell.eirp_dbm, [-30.0, 100.0], " dBm"),
        ]
    };
    cells.iter().enumerate().flat_map(one).collect()
}

/// Reports an objective that does not exist, configurations without cells, without a name or with that of another.
pub(super) fn check(planning: &Planning, file: &str, problems: &mut Problems) {
    if let Err(problem) = find_objective(planning, file) {
        problems.push(problem);
    }
    for (i, configuration) in planning.configurations().iter().enumerate() {
        let field = planning.configuration_key(i);
        if configuration.cells.is_empty() {
            let message = "is empty; a new site needs at least one cell";
            problems.push(Problem::error(file, message).in_field(format!("{field}.cells")));
        }
        let name = configuration.name.trim();
        let fault = match planning.configurations.iter().position(|other| other.name.trim() == name) {
            _ if name.is_empty() => "is empty; every configuration has a name".to_owned(),
            Some(first) if first < i => format!("is the name of planning.configurations[{first}] already"),
            _ => continue,
        };
        problems.push(Problem::error(file, fault).in_field(format!("{field}.name")).with_value(name));
    }
}
