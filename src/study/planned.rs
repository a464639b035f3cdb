//! What is wrong with the cells that new sites may carry, and between them and other inputs.

use super::antenna::{Antenna, find};
use super::checks::Links;
use super::{GivenCandidate, NewCell, ServiceKind, Site, StudyFile};
use crate::io::TableSource;
use crate::problem::{Problem, Problems, did_you_mean};
use crate::radio::Technology;

/// Checks the planned cells at all their heights, and at those of the given candidates.
pub(super) fn check_links(
    links: &mut Links<'_>,
    config: &StudyFile,
    candidates: Option<&[GivenCandidate]>,
    file: &str,
    problems: &mut Problems,
) {
    for (index, configuration) in config.planning.configurations().iter().enumerate() {
        let key = config.planning.configuration_key(index);
        for (i, cell) in configuration.cells.iter().enumerate() {
            for &height_m in &configuration.heights_m {
                let at = Problem::error(file, "").in_field(format!("{key}.cells[{i}]"));
                links.check(cell.frequency_mhz, height_m, 0.0, at, problems);
            }
            for candidate in candidates.unwrap_or_default() {
                let Some(height_m) = candidate.height_agl_m else { continue };
                let file = config.inputs.candidates.as_ref().map_or("candidates", TableSource::name);
                let at = Problem::error(file, format!("candidate \"{}\": ", candidate.id)).at_row(candidate.row);
                links.check(cell.frequency_mhz, height_m, candidate.position.lat_deg, at, problems);
            }
        }
    }
}

/// Reports an operator that has no sites, antennas of planned cells that do not exist or have a direction that nothing turns, and a plan whose cells
/// cannot serve.
pub(super) fn check_planned(
    config: &StudyFile,
    antennas: &[Antenna],
    sites: &[Site],
    file: &str,
    problems: &mut Problems,
) {
    if let Some(operator) = &config.planning.operator {
        let fault = |message: &str| Problem::error(file, message).in_field("planning.operator").with_value(operator);
        let own = || sites.iter().filter(|site| !site.is_foreign).map(|site| site.operator.as_str());
        if own().all(|known| known != operator) {
            let suggestion = did_you_mean(operator, own());
            problems.push(Problem { suggestion, ..fault("is no operator of the table of sites") });
        }
        if config.planning.service != ServiceKind::Signal {
            problems.push(fault("goes with planning.service = \"signal\": broadband is not assessed by operator"));
        }
    }
    let configurations = config.planning.configurations();
    for (index, configuration) in configurations.iter().enumerate() {
        let key = config.planning.configuration_key(index);
        for (i, cell) in configuration.cells.iter().enumerate() {
            if !cell.radio().spectrum().has_channel_bandwidth() {
                let message = format!(
                    "is no channel of {}; the next narrower one was taken: carriers that are used together are cells of their own",
                    cell.technology
                );
                let problem = Problem::warning(file, message).in_field(format!("{key}.cells[{i}].bandwidth_mhz"));
                problems.push(problem.with_value(cell.bandwidth_mhz));
            }
            let Some(name) = &cell.antenna else { continue };
            let (message, suggestion) = match find(antennas, name) {
                Err(fault) => fault,
                Ok(antenna) if configuration.sectors == 0 && antennas[antenna].pattern.is_directional() => (
                    "has a direction, and without sectors nothing turns it".to_owned(),
                    Some("state sectors".to_owned()),
                ),
                Ok(_) => continue,
            };
            let field = format!("{key}.cells[{i}].antenna");
            problems.push(Problem { suggestion, ..Problem::error(file, message).in_field(field).with_value(name) });
        }
    }
    let service = config.planning.service;
    let serves = |cell: &NewCell| {
        let technology = cell.technology;
        config.coverage.radius_km.contains_key(&technology) && config.service.requirement(service, technology).is_some()
    };
    if Technology::ALL.into_iter().all(|technology| config.service.requirement(service, technology).is_none()) {
        let message = format!("asks for nothing of any technology, so none gives {}", service.name());
        let hint = "state a level for at least one technology, or leave the key out";
        let field = format!("service.{}_threshold_dbm", service.name());
        problems.push(Problem::error(file, message).in_field(field).suggest(hint));
    } else if !configurations.iter().flat_map(|configuration| &configuration.cells).any(serves) {
        let needed = match service {
            ServiceKind::Signal => "signal threshold",
            ServiceKind::Broadband => "broadband threshold or throughput",
        };
        let message = format!("no cell has a technology with a radius and a {needed}; a new site would serve nobody");
        let stated = !config.planning.configurations.is_empty();
        let field = if stated { "planning.configurations" } else { "planning.new_site.cells" };
        problems.push(Problem::error(file, message).in_field(field));
    }
}
