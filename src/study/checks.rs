//! What is wrong between one input of a study and another.

use super::{Cell, GivenCandidate, ServiceKind, Site, StudyFile, Village};
use crate::geodesy::LonLat;
use crate::io::TableSource;
use crate::problem::{Kind, Problem, Problems, Severity};
use crate::propagation::{Link, Model, Polarization};
use crate::radio::Technology;
use crate::terrain::Terrain;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the model is valid for every cell, given candidate and cell of a new site. What a model merely warns of is told once.
pub(super) fn check_cells(
    model: &Model,
    config: &StudyFile,
    sites: &[Site],
    candidates: Option<&[GivenCandidate]>,
    file: &str,
    problems: &mut Problems,
) {
    let link = |frequency_mhz, tx_height_agl_m, latitude| Link {
        frequency_mhz,
        polarization: Polarization::Vertical,
        tx_height_agl_m,
        rx_height_agl_m: config.propagation.receiver_height_m,
        path_center_latitude_deg: latitude,
    };
    let mut warned: BTreeMap<String, (Problem, usize)> = BTreeMap::new();
    let mut check = |link: Link, at: Problem| match model.check_link(&link) {
        Err(error) => problems.push(Problem { message: format!("{}{error}", at.message), ..at }),
        Ok(warnings) => {
            for warning in warnings {
                let first = Problem { severity: Severity::Warning, message: warning.clone(), ..at.clone() };
                warned.entry(warning).or_insert((first, 0)).1 += 1;
            }
        }
    };
    for site in sites {
        for cell in &site.cells {
            let at = Problem::error(config.inputs.sites.name(), format!("site \"{}\": ", site.id)).at_row(cell.row);
            check(link(cell.frequency_mhz, cell.height_agl_m, site.position.lat_deg), at);
        }
    }
    let new_site = &config.planning.new_site;
    for (i, cell) in new_site.cells.iter().enumerate() {
        let at = Problem::error(file, "").in_field(format!("planning.new_site.cells[{i}]"));
        check(link(cell.frequency_mhz, new_site.height_m, 0.0), at);
        for candidate in candidates.unwrap_or_default() {
            let file = config.inputs.candidates.as_ref().map_or("candidates", TableSource::name);
            let at = Problem::error(file, format!("candidate \"{}\": ", candidate.id)).at_row(candidate.row);
            let height_m = candidate.height_agl_m.unwrap_or(new_site.height_m);
            check(link(cell.frequency_mhz, height_m, candidate.position.lat_deg), at);
        }
    }
    for (_, (mut problem, count)) in warned {
        if count > 1 {
            problem.message = format!("{} ({count} cells, this is the first)", problem.message);
        }
        problems.push(problem.of_kind(Kind::Noticed, count));
    }
    let planned = new_site.cells.iter().map(|c| c.technology);
    for technology in sites.iter().flat_map(|s| &s.cells).map(|c| c.technology).chain(planned).collect::<BTreeSet<_>>()
    {
        let Some(&radius_km) = config.coverage.radius_km.get(&technology) else { continue };
        let at = |problem: Problem| problem.in_field(format!("coverage.radius_km.{technology}"));
        match model.check_distance(radius_km) {
            Ok(warnings) => warnings.into_iter().for_each(|w| problems.push(at(Problem::warning(file, w)))),
            Err(error) => problems.push(at(Problem::error(file, error.to_string()))),
        }
    }
    let in_use =
        Technology::ALL.into_iter().filter(|t| sites.iter().flat_map(|s| &s.cells).any(|c| c.technology == *t));
    for technology in in_use.filter(|t| !config.coverage.radius_km.contains_key(t)) {
        let message = format!("is missing; {} has {technology} cells", config.inputs.sites);
        problems.push(Problem::error(file, message).in_field(format!("coverage.radius_km.{technology}")));
    }
    let service = config.planning.service;
    let serves =
        |t: &Technology| config.coverage.radius_km.contains_key(t) && config.service.requirement(service, *t).is_some();
    if !new_site.cells.iter().any(|c| serves(&c.technology)) {
        let needed = match service {
            ServiceKind::Signal => "signal threshold",
            ServiceKind::Broadband => "broadband threshold or throughput",
        };
        let message = format!("no cell has a technology with a radius and a {needed}; a new site would serve nobody");
        problems.push(Problem::error(file, message).in_field("planning.new_site.cells"));
    }
}

/// Reports sites, villages and candidates where the terrain has no height.
pub(super) fn check_heights(
    terrain: &Terrain,
    config: &StudyFile,
    villages: &[Village],
    sites: &[Site],
    candidates: Option<&[GivenCandidate]>,
    problems: &mut Problems,
) {
    let mut unreached = |file: &str, row: Option<usize>, id: &str, position: LonLat, stops: bool| {
        if terrain.height_m(position).is_some() {
            return;
        }
        let message = format!(
            "\"{id}\" at {:.5} E, {:.5} N has no terrain height; the terrain files do not reach it or have a void there",
            position.lon_deg, position.lat_deg
        );
        let mut problem = if stops { Problem::error(file, message) } else { Problem::warning(file, message) };
        problem.row = row;
        problems.push(problem.in_field("lon, lat"));
    };
    for site in sites {
        unreached(config.inputs.sites.name(), site.cells.first().map(|c| c.row), &site.id, site.position, true);
    }
    for village in villages {
        unreached(config.inputs.villages.name(), Some(village.row), &village.id, village.position, false);
    }
    let lost = villages.iter().filter(|v| !terrain.reaches(v.position)).count();
    for candidate in candidates.unwrap_or_default() {
        let file = config.inputs.candidates.as_ref().map_or("candidates", TableSource::name);
        unreached(file, Some(candidate.row), &candidate.id, candidate.position, true);
    }
    if 2 * lost > villages.len() {
        let message = format!("{lost} of {} villages lie off the terrain", villages.len());
        let problem = Problem::error(config.inputs.villages.name(), message).in_field("lon, lat");
        problems.push(problem.suggest(
            "is the coordinate system right (crs = \"EPSG:…\"), and do the terrain files cover the province?",
        ));
    }
}

/// Warns of cells that radiate as another of their site does; of measured ones it is known that nothing tells them apart.
pub(super) fn warn_of_twins(sites: &[Site], config: &StudyFile, measured: bool, problems: &mut Problems) {
    let twins = |site: &Site| {
        let again = |&(index, cell): &(usize, &Cell)| {
            site.cells[..index].iter().any(|other| cell.radiation() == other.radiation())
        };
        site.cells.iter().enumerate().filter(again).count()
    };
    let count: usize = if measured { 0 } else { sites.iter().map(twins).sum() };
    if count > 0 {
        let message = format!(
            "{count} cell(s) radiate exactly as another of their site; those count once (sectors need an azimuth)"
        );
        problems.push(Problem::warning(config.inputs.sites.name(), message).of_kind(Kind::Noticed, count));
    }
}
