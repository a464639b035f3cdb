//! What is wrong between one input of a study and another.

use super::planned::check_links;
use super::{Cell, GivenCandidate, Site, StudyFile, Village};
use crate::geodesy::LonLat;
use crate::io::TableSource;
use crate::problem::{Kind, Problem, Problems, Severity};
use crate::propagation::{Link, Model, Polarization};
use crate::radio::Technology;
use crate::terrain::Terrain;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the model is valid for every cell, given candidate and planned cell.
pub(super) fn check_cells(
    model: &Model,
    config: &StudyFile,
    sites: &[Site],
    candidates: Option<&[GivenCandidate]>,
    file: &str,
    problems: &mut Problems,
) {
    let mut links = Links { model, rx_height_agl_m: config.propagation.receiver_height_m, warned: BTreeMap::new() };
    for site in sites {
        for cell in &site.cells {
            let at = Problem::error(config.inputs.sites.name(), format!("site \"{}\": ", site.id)).at_row(cell.row);
            links.check(cell.frequency_mhz, cell.height_agl_m, site.position.lat_deg, at, problems);
        }
    }
    check_links(&mut links, config, candidates, file, problems);
    links.tell(problems);
    let configurations = config.planning.configurations();
    let planned = configurations.iter().flat_map(|c| &c.cells).map(|c| c.technology);
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
}

/// Checks links against the validity of a model; what it merely warns of is told once, with how often.
pub(super) struct Links<'a> {
    model: &'a Model,
    rx_height_agl_m: f64,
    warned: BTreeMap<String, (Problem, usize)>,
}

impl Links<'_> {
    /// Checks a link from a place of that latitude, degrees; `at` says where it is stated.
    pub(super) fn check(
        &mut self,
        frequency_mhz: f64,
        tx_height_agl_m: f64,
        latitude_deg: f64,
        at: Problem,
        problems: &mut Problems,
    ) {
        let link = Link {
            frequency_mhz,
            polarization: Polarization::Vertical,
            tx_height_agl_m,
            rx_height_agl_m: self.rx_height_agl_m,
            path_center_latitude_deg: latitude_deg,
        };
        match self.model.check_link(&link) {
            Err(error) => problems.push(Problem { message: format!("{}{error}", at.message), ..at }),
            Ok(warnings) => {
                for warning in warnings {
                    let first = Problem { severity: Severity::Warning, message: warning.clone(), ..at.clone() };
                    self.warned.entry(warning).or_insert((first, 0)).1 += 1;
                }
            }
        }
    }

    fn tell(self, problems: &mut Problems) {
        for (_, (mut problem, count)) in self.warned {
            if count > 1 {
                problem.message = format!("{} ({count} cells, this is the first)", problem.message);
            }
            problems.push(problem.of_kind(Kind::Noticed, count));
        }
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
