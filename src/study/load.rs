//! Reads a study and everything it names.

use super::calibration::{self, PredictionIdentity};
use super::checks::{check_cells, check_heights, warn_of_twins};
use super::inputs::{InputFile, Inputs, finished};
use super::land::{drop_excluded, drop_foreign_villages, mark_foreign, read_areas, read_lines};
use super::naming::{self, NameTables};
use super::parse::parse_into;
use super::planned::check_planned;
use super::position::check_swapped;
use super::refractivity::{MapFile, fill_from_maps};
use super::silent::warn_of_silent;
use super::village::fill_people;
use super::zones::follow_zones;
use super::{Antenna, Commune, GivenCandidate, NameMatches, Site, StudyFile, Village};
use super::{antenna, candidate, commune, counted_twice, measured, site};
use crate::geodesy::{BoundingBox, LonLat};
use crate::grid::Grid;
use crate::io::{Table, TableSource, rasterize, read_table};
use crate::problem::{Kind, Problem, Problems};
use crate::propagation::Model;
use crate::radio::{Correction, Technology};
use crate::terrain::{Dem, Terrain, clutter_heights, read_land_cover, read_population, read_zones};
use geo::{LineString, MultiPolygon};
use ndarray::Array2;
use std::path::{Path, PathBuf};

/// A study with its inputs, validated.
pub struct Study {
    /// The study file.
    pub config: StudyFile,
    /// Its villages.
    pub villages: Vec<Village>,
    /// Its sites with the cells that are in service on the study's date.
    pub sites: Vec<Site>,
    /// Antenna patterns that cells name: the built-in ones, then those of files.
    pub antennas: Vec<Antenna>,
    /// Communes; empty when the study names none.
    pub communes: Vec<Commune>,
    /// Roads; empty when the study names none.
    pub roads: Vec<LineString<f64>>,
    /// Power lines, WGS 84 degrees.
    pub power_lines: Vec<LineString<f64>>,
    /// Candidates; `None` when they are to be generated.
    pub candidates: Option<Vec<GivenCandidate>>,
    /// Terrain of the study area and as far as its cells and candidates reach.
    pub terrain: Terrain,
    /// In which commune the pixels of the terrain lie, `[row, column]`: its place among them from 1, 0 in none.
    pub commune_of: Array2<u16>,
    /// Which pixels of the terrain lie in the communes, `[row, column]`; all of them without communes.
    pub inside: Array2<bool>,
    /// Which pixels of the terrain lie outside the study's country; `None` when it names none.
    pub abroad: Option<Array2<bool>>,
    /// On which pixels of the terrain nothing may be built; `None` when the study names no exclusions.
    pub excluded: Option<Array2<bool>>,
    /// Land-cover class of the terrain's pixels, 0 where it is not known; `None` when the study names none.
    pub land_cover: Option<Grid<u8>>,
    /// People on the terrain's pixels; `None` when the study names no raster.
    pub population: Option<Grid<f32>>,
    /// The propagation model.
    pub model: Model,
    /// What measurements say of its losses; empty when the study names no calibration.
    pub correction: Correction,
    /// What was dropped, defaulted or noticed.
    pub warnings: Problems,
    /// All input files.
    pub inputs: Vec<InputFile>,
}

impl Study {
    /// Box around all villages and sites.
    pub fn bounds(&self) -> Option<BoundingBox> {
        bounds_of(&self.villages, &self.sites)
    }

    /// Land-cover class at a place; 0 where none is known.
    pub fn class_at(&self, place: LonLat) -> u8 {
        let class = self.land_cover.as_ref().zip(self.terrain.pixel_of(place));
        class.map_or(0, |(classes, pixel)| classes.values[pixel])
    }

    /// What measurements say of the loss of a path of a technology to a place, dB; the loss itself without a calibration.
    pub fn corrected_loss_db(&self, technology: Technology, place: LonLat, loss_db: f64) -> f64 {
        match self.correction.of(technology) {
            Some(correction) => correction.corrected_loss_db(self.class_at(place), loss_db),
            None => loss_db,
        }
    }
}

fn bounds_of(villages: &[Village], sites: &[Site]) -> Option<BoundingBox> {
    BoundingBox::around(villages.iter().map(|v| v.position).chain(sites.iter().map(|s| s.position)))
}

/// Reads and validates a study.
///
/// # Errors
/// Every problem of every file at once.
pub fn load(path: &Path) -> Result<Study, Problems> {
    load_changed(path, |_| ())
}

/// The same without the calibration that the study names: what a new one is fitted to.
///
/// # Errors
/// Every problem of every file at once.
pub fn load_uncalibrated(path: &Path) -> Result<Study, Problems> {
    load_changed(path, |config| config.propagation.calibration = None)
}

/// Reads a study whose file is changed before it is followed.
fn load_changed(path: &Path, change: impl FnOnce(&mut StudyFile)) -> Result<Study, Problems> {
    let mut problems = Problems::default();
    let file = file_name(path);
    let mut config = read_study_file(path, &file, &mut problems)?;
    change(&mut config);
    let folder = path.parent().unwrap_or(Path::new(""));
    // the inputs are hashed while they are read
    let (study, files) = rayon::scope(|scope| {
        let mut inputs = Inputs::new(folder, scope);
        inputs.add("study", &file, Some(path.to_owned()));
        (read_inputs(config, &file, &mut inputs, &mut problems), inputs.into_files())
    });
    let inputs = finished(files, study.as_ref(), &mut problems);
    let warnings = problems.into_warnings()?;
    match study {
        Some(study) => Ok(Study { warnings, inputs, ..study }),
        None => Err(Problem::error(file, "has no terrain or no model").into()),
    }
}

/// Reads what a study names; its `warnings` and `inputs` are left empty.
fn read_inputs(config: StudyFile, file: &str, inputs: &mut Inputs<'_, '_>, problems: &mut Problems) -> Option<Study> {
    let folder = inputs.folder;
    let terrain_files: Vec<_> =
        config.inputs.terrain.iter().map(|name| (inputs.raster("terrain", name), name.clone())).collect();
    let dem = Dem::open(&terrain_files).map_err(|found| problems.append(found)).ok();
    let antenna_names = config.inputs.antennas.iter();
    let antenna_files: Vec<_> =
        antenna_names.flat_map(|name| antenna::files(&folder.join(name), name, problems)).collect();
    antenna_files.iter().for_each(|(path, name)| inputs.add("antenna", name, Some(path.clone())));
    let antennas = antenna::read(&antenna_files, problems);
    let mut table = |role: &'static str, source: &TableSource, problems: &mut Problems| -> Option<Table> {
        for (name, path) in source.other_files(folder) {
            inputs.add(role, &name, Some(path));
        }
        inputs.add(role, source.name(), source.file(folder));
        let table = read_table(source, folder, problems);
        inputs.describe_last(table.as_ref());
        table
    };
    let (communes, mut villages, matches) = read_villages(&config, &mut table, problems);
    matches.report_open(|list| naming::file_of(&config.inputs, list), problems);
    let sites = table("sites", &config.inputs.sites, problems);
    let site::SiteTable { mut sites, measured } =
        sites.map_or_else(Default::default, |t| site::read(&t, &antennas, problems));
    let mut optional = |role, source: &Option<TableSource>, problems: &mut Problems| {
        source.as_ref().and_then(|source| table(role, source, problems))
    };
    let mut lines = |role, source| {
        let table = optional(role, source, problems);
        table.map_or_else(Vec::new, |t| read_lines(&t, problems))
    };
    let roads = lines("roads", &config.inputs.roads);
    let power_lines = lines("power_lines", &config.inputs.power_lines);
    let country = optional("country", &config.inputs.country, problems);
    let country = country.map(|t| read_areas(&t, problems));
    let candidates = optional("candidates", &config.inputs.candidates, problems);
    let mut candidates = candidates.map(|t| candidate::read(&t, problems));
    let exclusions = optional("exclusions", &config.inputs.exclusions, problems);
    let exclusions = exclusions.map(|t| read_areas(&t, problems));
    if let Some((exclusions, candidates)) = exclusions.as_ref().zip(candidates.as_mut()) {
        let file = config.inputs.candidates.as_ref().map_or("candidates", TableSource::name);
        drop_excluded(candidates, exclusions, file, problems);
    }

    switch_off(&mut sites, &config, problems);
    if let Some(country) = &country {
        mark_foreign(&mut sites, country, config.inputs.sites.name(), problems);
        drop_foreign_villages(&mut villages, country, config.inputs.villages.name(), problems);
    }
    warn_of_twins(&sites, &config, measured, problems);
    let operators = &config.planning.backhaul.operators;
    site::check_operators(operators, "planning.backhaul.operators", &sites, file, problems);
    site::warn_of_overlaps(&sites, config.inputs.sites.name(), problems);
    if measured {
        measured::drop_far(&mut sites, &config, &villages, &communes, problems);
    }
    let mut map = |role, name: &Option<String>| {
        name.as_ref().map(|name| {
            inputs.add(role, name, Some(folder.join(name)));
            (folder.join(name), name.clone())
        })
    };
    let maps = (map("delta_n_map", &config.propagation.delta_n_map), map("n0_map", &config.propagation.n0_map));
    let model = build_model(&config, maps, bounds_of(&villages, &sites), file, problems);
    if let Some(model) = &model {
        check_cells(model, &config, &sites, candidates.as_deref(), file, problems);
    }
    warn_of_silent(&config, &sites, file, problems);
    check_planned(&config, &antennas, &sites, file, problems);
    let mut terrain = dem.and_then(|dem| read_terrain(&dem, &config, &villages, &sites, problems));
    if let Some(terrain) = &terrain {
        if measured {
            measured::drop_off_terrain(&mut sites, config.inputs.sites.name(), terrain, problems);
        }
        check_heights(terrain, &config, &villages, &sites, candidates.as_deref(), problems);
    }
    let mut draw = |areas: &mut dyn Iterator<Item = &MultiPolygon<f64>>, source: &Option<TableSource>, role| {
        let drawn = rasterize(&terrain.as_ref()?.grid, areas);
        let file = source.as_ref().map_or(role, TableSource::name);
        drawn.map_err(|e| problems.push(Problem::error(file, format!("cannot be drawn on the terrain: {e}")))).ok()
    };
    let commune_of = draw(&mut communes.iter().map(|c| &c.area), &config.inputs.communes, "communes");
    let inside = commune_of.as_ref().map(|of| of.mapv(|number| communes.is_empty() || number > 0));
    let abroad = draw(&mut country.iter(), &config.inputs.country, "country").filter(|_| country.is_some());
    let abroad = abroad.map(|own| own.mapv(|number| number == 0));
    let excluded =
        draw(&mut exclusions.iter(), &config.inputs.exclusions, "exclusions").filter(|_| exclusions.is_some());
    let excluded = excluded.map(|numbers| numbers.mapv(|number| number > 0));
    let inside = inside.map(|mut inside| {
        abroad.iter().for_each(|abroad| inside.zip_mut_with(abroad, |inside, abroad| *inside &= !abroad));
        inside
    });
    let land_cover: Vec<_> =
        config.inputs.land_cover.iter().map(|name| (inputs.raster("land_cover", name), name.clone())).collect();
    let heights_m = config.clutter.heights_by_code();
    let land_cover = terrain.as_mut().filter(|_| !land_cover.is_empty()).map(|terrain| {
        let classes = read_land_cover(
            &land_cover,
            &terrain.grid,
            &heights_m,
            ["inputs.land_cover", "clutter.heights_m"],
            problems,
        );
        terrain.clutter_m = Some(clutter_heights(&classes, &heights_m));
        classes
    });
    if let Some(model) = model.as_ref().filter(|model| land_cover.is_some() && !model.entry().uses_clutter) {
        let message = format!("has no effect on losses: {} does not look at clutter", model.entry().id);
        problems.push(Problem::warning(file, message).in_field("inputs.land_cover"));
    }
    if let Some(model) = &model {
        counted_twice::check(model, &config, land_cover.is_some(), file, problems);
    }
    let zones: Vec<_> = config.inputs.zones.iter().map(|name| (inputs.raster("zones", name), name.clone())).collect();
    if let Some(terrain) = terrain.as_mut().filter(|_| !zones.is_empty()) {
        terrain.zones = read_zones(&zones, &terrain.grid, "inputs.zones", problems);
    }
    let population = config.inputs.population.as_ref().map(|name| (inputs.raster("population", name), name.clone()));
    let population = population
        .zip(terrain.as_ref().zip(inside.as_ref()))
        .and_then(|(file, (terrain, inside))| read_population(&file, &terrain.grid, inside, problems));
    let people = terrain.as_ref().zip(population.as_ref());
    fill_people(&mut villages, people, config.inputs.villages.name(), problems);
    let mut study = Study {
        terrain: terrain?,
        commune_of: commune_of?,
        inside: inside?,
        abroad,
        excluded,
        model: model?,
        correction: Correction::default(),
        config,
        villages,
        sites,
        antennas,
        communes,
        roads,
        power_lines,
        candidates,
        land_cover,
        population,
        warnings: Problems::default(),
        inputs: Vec::new(),
    };
    if let Some(name) = study.config.propagation.calibration.clone() {
        let path = folder.join(&name);
        inputs.add("calibration", &name, Some(path.clone()));
        study.correction = calibration::read(&path, &name, &PredictionIdentity::of(&study), problems);
        let technologies = study.sites.iter().flat_map(|site| &site.cells).map(|cell| cell.technology);
        calibration::warn_without_effect(&study.correction, technologies.collect(), &name, problems);
    }
    Some(study)
}

/// Finds what the names of a study mean, without its terrain and sites; what is not matched for sure is no error here.
///
/// # Errors
/// Every problem of the files that are read, and a study that has no names to match.
pub fn match_names(path: &Path) -> Result<NameMatches, Problems> {
    let mut problems = Problems::default();
    let file = file_name(path);
    let config = read_study_file(path, &file, &mut problems)?;
    if config.inputs.survey.is_none() && config.inputs.gazetteer.is_none() {
        let message = "names neither a survey nor a gazetteer; there are no names to match";
        problems.push(Problem::error(&file, message).in_field("inputs"));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut table =
        |_: &'static str, source: &TableSource, problems: &mut Problems| read_table(source, folder, problems);
    let (_, _, matches) = read_villages(&config, &mut table, &mut problems);
    problems.into_warnings()?;
    Ok(matches)
}

/// The table of settled names that a study names; `None` when it names none or cannot be read.
pub fn name_matches_file(path: &Path) -> Option<PathBuf> {
    let config = read_study_file(path, &file_name(path), &mut Problems::default()).ok()?;
    config.inputs.name_matches?.file(path.parent()?)
}

/// The usual name of a study file, as `notspot new` writes it.
const STUDY_FILE: &str = "study.toml";

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// Communes, and the villages with their places, communes and the survey's answers. `table` reads the table of a role.
fn read_villages(
    config: &StudyFile,
    table: &mut impl FnMut(&'static str, &TableSource, &mut Problems) -> Option<Table>,
    problems: &mut Problems,
) -> (Vec<Commune>, Vec<Village>, NameMatches) {
    let names = &config.inputs;
    let villages = table("villages", &names.villages, problems);
    let mut optional = |role, source: &Option<TableSource>, problems: &mut Problems| {
        source.as_ref().and_then(|source| table(role, source, problems))
    };
    let tables = NameTables {
        villages,
        survey: optional("survey", &names.survey, problems),
        gazetteer: optional("gazetteer", &names.gazetteer, problems),
        name_matches: optional("name_matches", &names.name_matches, problems),
        commune_mapping: optional("commune_mapping", &names.commune_mapping, problems),
    };
    let communes = optional("communes", &names.communes, problems);
    let communes = communes.map_or_else(Vec::new, |t| commune::read(&t, problems));
    let (villages, matches) = naming::read(&tables, &communes, names.survey_lists, problems);
    (communes, villages, matches)
}

/// Reads the study file and checks it by itself.
fn read_study_file(path: &Path, file: &str, problems: &mut Problems) -> Result<StudyFile, Problems> {
    let bytes = std::fs::read(path).map_err(|e| {
        let problem = Problem::error(file, format!("cannot be read: {e}"));
        let within = path.join(STUDY_FILE);
        if within.is_file() { problem.suggest(format!("name the study: {}", within.display())) } else { problem }
    })?;
    parse_into(&bytes, file, problems)
}

/// Drops cells that are off on the study's date and sites that are left without cells.
fn switch_off(sites: &mut Vec<Site>, config: &StudyFile, problems: &mut Problems) {
    let mut off = 0;
    for site in sites.iter_mut() {
        let before = site.cells.len();
        site.cells.retain(|cell| cell.switch_off_date.as_ref().is_none_or(|date| *date > config.date));
        off += before - site.cells.len();
    }
    sites.retain(|site| !site.cells.is_empty());
    if off > 0 {
        let message = format!("{off} cell(s) are switched off by {} and were left out", config.date);
        problems.push(Problem::warning(config.inputs.sites.name(), message).of_kind(Kind::Dropped, off));
    }
}

/// The model with its parameters; those that maps give are taken in the middle of the study.
fn build_model(
    config: &StudyFile,
    (delta_n, n0): (Option<MapFile>, Option<MapFile>),
    bounds: Option<BoundingBox>,
    file: &str,
    problems: &mut Problems,
) -> Option<Model> {
    let mut parameters = config.propagation.parameters.clone().into_iter().collect();
    let id = &config.propagation.model;
    if !config.inputs.zones.is_empty() {
        problems.extend(follow_zones(id, &mut parameters, file, "inputs.zones"));
    }
    if let Some(bounds) = bounds {
        let filled = fill_from_maps(id, &mut parameters, delta_n.as_ref(), n0.as_ref(), bounds.center());
        filled.map_err(|found| problems.append(found)).ok()?;
    }
    Model::build(id, &parameters)
        .map_err(|error| problems.push(Problem::error(file, error.to_string()).in_field("propagation")))
        .ok()
}

fn read_terrain(
    dem: &Dem,
    config: &StudyFile,
    villages: &[Village],
    sites: &[Site],
    problems: &mut Problems,
) -> Option<Terrain> {
    let places = [
        (config.inputs.villages.name(), villages.iter().map(|v| v.position).collect::<Vec<_>>()),
        (config.inputs.sites.name(), sites.iter().map(|s| s.position).collect()),
    ];
    for (file, positions) in places {
        if let Err(problem) = check_swapped(file, positions.into_iter(), dem.bounds()) {
            problems.push(problem);
            return None;
        }
    }
    let bounds = bounds_of(villages, sites)?;
    let reach_km = config.coverage.radius_km.values().copied().fold(1.0, f64::max);
    let terrain = dem.window(bounds.expanded(reach_km * 1000.0)).map_err(|p| problems.push(p)).ok()?;
    problems.extend(terrain.warnings.iter().cloned());
    Some(terrain)
}
