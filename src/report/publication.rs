//! Outputs that may be published: the results without what the study marks as confidential.
//!
//! In: a study and its [`Results`]. Out: the same with the confidential values themselves gone, so that no output, present or
//! future, can write them. `docs/decisions/0005-public-outputs.md` says what would give a value away and therefore goes too.
//! Predictions, dead zones and plans are those of the full data.

use super::Results;
use crate::coverage::CoverageRasters;
use crate::geodesy::{BoundingBox, LonLat, METERS_PER_DEGREE};
use crate::grid::Grid;
use crate::planning::backhaul::{LinkKind, RootKind};
use crate::planning::{Candidate, LinkStart, Outcome, Plan};
use crate::service::Outlook;
use crate::study::{Confidential, ConfidentialField, Site, Study};
use ndarray::{Array2, s};
use schemars::JsonSchema;
use serde::Serialize;

/// Side of the blocks of the status raster where the study names no grid, km.
const BLOCK_KM: f64 = 1.0;

/// Size of the cells to whose middle sites that get more cells are moved where positions are left out, km.
const UPGRADE_GRID_KM: f64 = 5.0;

/// Costs that hold the distance to a site are rounded to this, million VND.
const COST_STEP: f64 = 100.0;

/// Probabilities are rounded to this where levels are confidential.
const PROBABILITY_STEP: f64 = 0.1;

/// What a public run kept back.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Publication {
    /// What is confidential.
    #[serde(flatten)]
    pub confidential: Confidential,
    /// Whether the study says so; otherwise the default list was taken.
    pub stated: bool,
    /// What the outputs lack or hold only coarsely, in words.
    pub consequences: Vec<&'static str>,
}

impl Publication {
    /// What a study keeps back.
    pub fn of(study: &Study) -> Self {
        let stated = study.config.confidential.clone();
        let mut publication =
            Self { stated: stated.is_some(), confidential: stated.unwrap_or_default(), consequences: Vec::new() };
        let hides = |field| publication.confidential.holds(field);
        let says = [
            (
                publication.hides_positions(),
                "no servers of villages, outlines of land without service, best-server rasters and distances to the network",
            ),
            (publication.hides_positions(), "the status raster is the most frequent status of blocks"),
            (
                publication.hides_positions(),
                "costs of single sites are rounded to 100 million VND, without their parts",
            ),
            (
                publication.hides_positions(),
                "sites that get more cells stand in the middle of cells of 5 km, or of position_grid_km",
            ),
            (publication.hides_positions() && !publication.shows_sites(), "no layers sites and cells"),
            (
                publication.hides_levels(),
                "no rasters of level, probability, servers, operators and throughput, no levels, margins and obstacles",
            ),
            (publication.hides_levels(), "probabilities are rounded to 0.1"),
            (hides(ConfidentialField::Id), "sites are numbered"),
            (hides(ConfidentialField::Operator), "no operators"),
            (hides(ConfidentialField::Power), "no powers of sites"),
            (hides(ConfidentialField::Height), "no antenna heights of sites"),
            (hides(ConfidentialField::Frequency), "no frequencies and bandwidths of sites"),
            (hides(ConfidentialField::Antenna), "no antennas, azimuths and tilts of sites"),
            (true, "warnings about the table of sites name no rows and values"),
        ];
        publication.consequences = says.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text).collect();
        publication
    }

    /// Whether positions of sites must not be found.
    fn hides_positions(&self) -> bool {
        self.confidential.holds(ConfidentialField::Position)
    }

    /// Whether levels must not be found: they hold position, power, height, and where antennas look.
    fn hides_levels(&self) -> bool {
        use ConfidentialField::{Antenna, Height, Position, Power};
        [Position, Power, Height, Antenna].into_iter().any(|field| self.confidential.holds(field))
    }

    /// Whether layers of sites are written: with their positions, or with coarse ones.
    pub(super) fn shows_sites(&self) -> bool {
        !self.hides_positions() || self.confidential.position_grid_km.is_some()
    }

    /// Whether the levels of a site's cells may be written under its id.
    pub fn shows_cells(&self) -> bool {
        !self.hides_levels() && !self.confidential.holds(ConfidentialField::Id)
    }

    /// Whether sites can stand on a map.
    pub(super) fn shows_site_positions(&self) -> bool {
        !self.hides_positions()
    }

    /// Takes the confidential values out of a study.
    pub fn withhold(&self, study: &mut Study) {
        let confidential = &self.confidential;
        study.warnings.withhold(study.config.inputs.sites.name());
        if confidential.holds(ConfidentialField::Antenna) {
            let files: Vec<String> =
                study.inputs.iter().filter(|input| input.role == "antenna").map(|input| input.file.clone()).collect();
            files.iter().for_each(|file| study.warnings.withhold(file));
            Self::withhold_antennas(study);
        }
        if confidential.holds(ConfidentialField::Operator) {
            study.config.planning.operator = None;
        }
        for (index, site) in study.sites.iter_mut().enumerate() {
            let names_hidden =
                is_of_place(&site.id) && (self.hides_positions() || confidential.holds(ConfidentialField::Operator));
            if confidential.holds(ConfidentialField::Id) || names_hidden {
                site.id = format!("site {}", index + 1);
            }
            if confidential.holds(ConfidentialField::Operator) {
                site.operator.clear();
            }
            if self.hides_positions() {
                site.position = match confidential.position_grid_km {
                    Some(grid_km) => coarse(site.position, grid_km),
                    None => LonLat { lon_deg: f64::NAN, lat_deg: f64::NAN },
                };
            }
            self.withhold_cells(site);
        }
    }

    /// Takes the names of antenna files out: they are those of the antennas.
    fn withhold_antennas(study: &mut Study) {
        study.config.inputs.antennas.clear();
        for (index, input) in study.inputs.iter_mut().filter(|input| input.role == "antenna").enumerate() {
            (input.file, input.sha256) = (format!("antenna {}", index + 1), None);
        }
    }

    fn withhold_cells(&self, site: &mut Site) {
        for cell in &mut site.cells {
            if self.confidential.holds(ConfidentialField::Id) {
                cell.id = None;
            }
            if self.confidential.holds(ConfidentialField::Power) {
                (cell.eirp_dbm, cell.power_dbm, cell.feeder_loss_db) = (f64::NAN, None, f64::NAN);
            }
            if self.confidential.holds(ConfidentialField::Height) {
                cell.height_agl_m = f64::NAN;
            }
            if self.confidential.holds(ConfidentialField::Frequency) {
                (cell.frequency_mhz, cell.bandwidth_mhz) = (f64::NAN, f64::NAN);
            }
            if self.confidential.holds(ConfidentialField::Antenna) {
                // the first antenna of every study is the built-in one that says nothing
                (cell.antenna, cell.antenna_gain_dbi, cell.azimuth_deg) = (0, f64::NAN, None);
                (cell.mechanical_tilt_deg, cell.electrical_tilt_deg) = (f64::NAN, f64::NAN);
            }
        }
    }

    /// Takes what gives confidential values away out of results whose study was withheld, and marks them as public.
    pub fn publish(self, results: &mut Results<'_>) {
        if let Some(coverage) = &mut results.coverage {
            self.publish_coverage(results.study, coverage);
        }
        if self.hides_levels() {
            results.cells.clear();
            if let Some(statistics) = &mut results.statistics {
                (statistics.not_spots, statistics.spill_km2) = (None, None);
            }
        }
        for gap in &mut results.gaps {
            gap.remedy.lacks_db = gap.remedy.lacks_db.filter(|_| !self.hides_levels());
            if self.hides_positions() {
                (gap.remedy.site, gap.land) = (None, None);
            }
        }
        let services = results.services.iter_mut().flatten();
        for service in services.filter(|_| self.hides_levels()) {
            for assessment in [&mut service.signal, &mut service.broadband] {
                (assessment.margin_db, assessment.outlook) = (None, Outlook::default());
                let round = |p: f64| (p / PROBABILITY_STEP).round() * PROBABILITY_STEP;
                assessment.probability = assessment.probability.map(round);
                for server in &mut assessment.servers {
                    (server.level_dbm, server.down_margin_db, server.up_margin_db) = (f64::NAN, f64::NAN, f64::NAN);
                    (server.excess_db, server.obstacle) = (f64::NAN, None);
                }
                if self.hides_positions() {
                    assessment.servers.clear();
                }
            }
            service.throughput_mbps = None;
        }
        if self.confidential.holds(ConfidentialField::Operator) {
            results.services.iter_mut().flatten().for_each(|service| service.operators.clear());
            if let Some(statistics) = &mut results.statistics {
                statistics.operators.clear();
                statistics.not_spots = None;
            }
        }
        if let Some(plan) = &mut results.plan {
            if self.hides_positions() {
                publish_links(plan);
            }
            plan.candidates.iter_mut().for_each(|candidate| self.publish_upgrade(candidate));
        }
        results.publication = Some(self);
    }

    /// Takes what is confidential of a site that stands out of the candidate that adds cells to its mast.
    fn publish_upgrade(&self, candidate: &mut Candidate) {
        if candidate.origin.standing_site().is_none() {
            return;
        }
        if self.hides_positions() {
            candidate.position =
                coarse(candidate.position, self.confidential.position_grid_km.unwrap_or(UPGRADE_GRID_KM));
            (candidate.terrain_amsl_m, candidate.slope_deg, candidate.road_distance_m) = (f64::NAN, None, None);
        }
        if self.confidential.holds(ConfidentialField::Height) {
            candidate.height_agl_m = f64::NAN;
        }
    }

    fn publish_coverage(&self, study: &Study, coverage: &mut CoverageRasters) {
        if self.hides_levels() {
            coverage.technologies.clear();
            coverage.quality = None;
            coverage.border_spill_db = None;
        }
        let hides_operators = self.confidential.holds(ConfidentialField::Operator);
        if self.hides_levels() || hides_operators {
            coverage.operators.clear();
        }
        if self.hides_positions() {
            let reach_km = study.config.coverage.radius_km.values().copied().fold(1.0, f64::max);
            let villages = BoundingBox::around(study.villages.iter().map(|v| v.position));
            if let Some(bounds) = villages {
                let bounds = bounds.expanded(reach_km * 1000.0);
                cut(&mut coverage.signal_status, study, bounds);
                cut(&mut coverage.broadband_status, study, bounds);
            }
            let block_m = self.confidential.position_grid_km.unwrap_or(BLOCK_KM) * 1000.0;
            let pixels = (block_m / study.terrain.pixel_size_m).ceil().max(1.0) as usize;
            coarsen(&mut coverage.signal_status.values, pixels);
            coarsen(&mut coverage.broadband_status.values, pixels);
        }
    }
}

/// Whether an id was made of a position, and of an operator behind it.
fn is_of_place(id: &str) -> bool {
    let is_number = |text: Option<&str>| text.is_some_and(|text| text.parse::<f64>().is_ok());
    id.split_once(',')
        .is_some_and(|(lat, rest)| is_number(Some(lat.trim())) && is_number(rest.split_whitespace().next()))
}

/// The middle of the grid cell in which a position lies. Cells are `grid_km` high and about as wide.
fn coarse(position: LonLat, grid_km: f64) -> LonLat {
    let middle = |degrees: f64, step: f64| ((degrees / step).floor() + 0.5) * step;
    let lat_step = grid_km * 1000.0 / METERS_PER_DEGREE;
    let lat_deg = middle(position.lat_deg, lat_step);
    let lon_step = lat_step / lat_deg.to_radians().cos().max(0.01);
    LonLat { lon_deg: middle(position.lon_deg, lon_step), lat_deg }
}

/// Cuts a raster to a box: its extent would give away how far the outermost sites lie.
fn cut(raster: &mut Grid<u8>, study: &Study, bounds: BoundingBox) {
    let corners = [
        LonLat { lon_deg: bounds.west_deg, lat_deg: bounds.north_deg },
        LonLat { lon_deg: bounds.east_deg, lat_deg: bounds.north_deg },
        LonLat { lon_deg: bounds.west_deg, lat_deg: bounds.south_deg },
        LonLat { lon_deg: bounds.east_deg, lat_deg: bounds.south_deg },
    ];
    let at = corners.map(|corner| {
        let (x, y) = study.terrain.locator.locate(corner);
        raster.transform.row_column(x, y)
    });
    let range = |of: fn(&(f64, f64)) -> f64, size: usize| {
        let first = at.iter().map(of).fold(f64::INFINITY, f64::min).floor().max(0.0) as usize;
        let end = at.iter().map(of).fold(0.0, f64::max).ceil().max(0.0) as usize + 1;
        first.min(size)..end.min(size)
    };
    let (rows, columns) = (range(|p| p.0, raster.rows()), range(|p| p.1, raster.columns()));
    if rows.is_empty() || columns.is_empty() {
        return;
    }
    raster.transform = raster.transform.window(rows.start as isize, columns.start as isize);
    raster.values = raster.values.slice(s![rows, columns]).to_owned();
}

/// Gives every block of pixels its most frequent code; the lower of two equally frequent ones.
fn coarsen(codes: &mut Array2<u8>, pixels: usize) {
    let (rows, columns) = codes.dim();
    for row in (0..rows).step_by(pixels) {
        for column in (0..columns).step_by(pixels) {
            let mut block = codes.slice_mut(s![row..(row + pixels).min(rows), column..(column + pixels).min(columns)]);
            let mut counts = [0usize; 256];
            block.iter().for_each(|&code| counts[usize::from(code)] += 1);
            let most = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count).map_or(0, |(code, _)| code);
            block.fill(u8::try_from(most).unwrap_or(u8::MAX));
        }
    }
}

/// Takes where the network stands out of what the plan builds: distances to it, links from its sites and their cost.
fn publish_links(plan: &mut Plan) {
    let round = |cost: f64| if cost > 0.0 { (cost / COST_STEP).round().max(1.0) * COST_STEP } else { cost };
    for ranked in &mut plan.ranking {
        if let Some(cost) = ranked.cost_million_vnd.as_mut().filter(|cost| **cost > 0.0) {
            ranked.weight_per_cost *= *cost / round(*cost);
            *cost = round(*cost);
        }
    }
    plan.candidates.iter_mut().for_each(|candidate| candidate.network_distance_m = None);
    for site in &mut plan.sites {
        site.replacement_million_vnd = site.replacement_million_vnd.map(round);
        let Some(link) = &mut site.link else { continue };
        if !matches!(&link.from, LinkStart::Root(root) if matches!(root.kind, RootKind::ExistingSite(_))) {
            continue;
        }
        link.from = LinkStart::Withheld;
        (link.cost_million_vnd, site.money.link) = (round(link.cost_million_vnd), round(site.money.link));
        match &mut link.kind {
            LinkKind::Microwave(hop) => {
                (hop.length_m, hop.margin_db, hop.availability_percent) = (f64::NAN, f64::NAN, f64::NAN);
                hop.tightest = None;
            }
            LinkKind::Fibre(fibre) => (fibre.length_m, fibre.route) = (f64::NAN, Vec::new()),
            LinkKind::Satellite { .. } => {}
        }
    }
    for (_, outcome) in &mut plan.outcomes {
        if let Outcome::LeftOut { cheapest, .. } = outcome {
            cheapest.cost_million_vnd = round(cheapest.cost_million_vnd);
        }
    }
    if plan.objective == "least-cost" {
        (plan.value, plan.bound) = (round_down(plan.value), round_down(plan.bound));
    }
}

fn round_down(cost: f64) -> f64 {
    (cost / COST_STEP).floor() * COST_STEP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::Origin;

    #[test]
    fn positions_move_to_the_middle_of_their_cell() {
        let site = LonLat { lon_deg: 106.0213, lat_deg: 22.5537 };
        let moved = coarse(site, 5.0);
        assert!(moved.distance_m(site) < 2_500.0 * 2f64.sqrt() + 50.0);
        let beside = LonLat { lon_deg: 106.0214, lat_deg: 22.5538 };
        assert_eq!(coarse(beside, 5.0), moved);
        assert_eq!(coarse(moved, 5.0), moved, "the middle stays");
    }

    #[test]
    fn masts_that_stand_are_hidden_where_more_cells_are_planned_there() {
        let publication = |fields: &[ConfidentialField]| Publication {
            confidential: Confidential { fields: fields.to_vec(), position_grid_km: None },
            stated: true,
            consequences: Vec::new(),
        };
        let results_study = crate::report::fixture::study(crate::study::Language::En);
        let planned =
            crate::report::fixture::results(&results_study).plan.map(|plan| plan.candidates[0].clone()).unwrap();
        for origin in [Origin::Upgrade { site: 0 }, Origin::Share { site: 0 }, Origin::Hilltop] {
            let mut candidate = Candidate { origin, ..planned.clone() };
            publication(&[ConfidentialField::Position, ConfidentialField::Height]).publish_upgrade(&mut candidate);
            if origin == Origin::Hilltop {
                assert_eq!(candidate, Candidate { origin, ..planned.clone() });
                continue;
            }
            assert_eq!(candidate.position, coarse(planned.position, UPGRADE_GRID_KM));
            assert!(candidate.terrain_amsl_m.is_nan() && candidate.height_agl_m.is_nan());
            assert_eq!((candidate.slope_deg, candidate.road_distance_m), (None, None));
        }
        let mut candidate = Candidate { origin: Origin::Upgrade { site: 0 }, ..planned.clone() };
        publication(&[ConfidentialField::Power]).publish_upgrade(&mut candidate);
        assert_eq!(candidate.position, planned.position);
    }

    #[test]
    fn blocks_take_their_most_frequent_code() {
        let mut codes = ndarray::array![[3, 3, 1], [1, 3, 0], [2, 1, 0]];
        coarsen(&mut codes, 2);
        assert_eq!(codes, ndarray::array![[3, 3, 0], [3, 3, 0], [1, 1, 0]]);
    }

    #[test]
    fn ids_made_of_positions_are_noticed() {
        assert!(is_of_place("22.55370,106.02130") && is_of_place("22.55370,106.02130 Operator A"));
        assert!(!is_of_place("CB-001,2a") && !is_of_place("S1") && !is_of_place("22.5,"));
    }
}
