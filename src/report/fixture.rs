//! A small made-up study with results of every kind, for the tests of this module.

use super::Results;
use crate::coverage::{
    AreaStatistics, CommuneStatistics, CoverageRasters, CoverageStatistics, MatrixCounts, NotSpots, OperatorCoverage,
    OperatorStatistics, QualityLayers, TechnologyCoverage,
};
use crate::geodesy::LonLat;
use crate::grid::{GeoTransform, Grid};
use crate::io::crs_of_epsg;
use crate::planning::backhaul::{FibreRoute, LinkKind, MicrowaveHop, Root, RootKind, Tightest};
use crate::planning::{
    Candidate, CheapestWay, LeftOutReason, LinkStart, Money, Origin, Outcome, Plan, PlanStatus, PlannedLink,
    PlannedRadio, PlannedSite, PlannedYear, PlannedYears, PowerSource, PowerSupply, RankedCandidate, SiteCost,
};
use crate::problem::Problem;
use crate::propagation::Model;
use crate::radio::Technology;
use crate::service::{
    Assessment, FootprintService, Margin, Obstacle, Outlook, Server, Status, VillageService, find_gaps, is_gap,
    sensitivity,
};
use crate::study::{Cell, Commune, Language, Site, Study, StudyFile, Survey, Village};
use crate::terrain::{Locator, Terrain};
use geo::{MultiPolygon, line_string, polygon};
use ndarray::Array2;

const CONFIG: &str = r#"
name = "Cao Bằng <demo> & thử nghiệm"
synthetic = true
date = "2026-01-01"
[inputs]
terrain = ["terrain.tif"]
villages = "villages.csv"
sites = "sites.csv"
[propagation]
model = "free-space"
"#;

fn terrain() -> Terrain {
    let height = |(r, c): (usize, usize)| {
        if r > 55 && c > 52 {
            return f32::NAN;
        }
        let (x, y) = (c as f32 / 9.0, r as f32 / 8.0);
        600.0 + 260.0 * (x.sin() * y.cos()) + 90.0 * (2.7 * x + y).sin()
    };
    let crs = crs_of_epsg(4326).unwrap();
    let transform = GeoTransform { west: 106.0, north: 22.62, pixel_width: 0.002, pixel_height: 0.002 };
    let locator = Locator::new(&crs, &transform, (60, 60)).unwrap();
    let grid = Grid { values: Array2::from_shape_fn((60, 60), height), transform, crs };
    Terrain {
        grid,
        frame: transform,
        first_pixel: (0, 0),
        locator,
        pixel_size_m: 205.0,
        clutter_m: None,
        zones: None,
        warnings: Vec::new(),
    }
}

fn village(id: &str, name: &str, lon_deg: f64, lat_deg: f64, population: u32, signal: Survey) -> Village {
    Village {
        id: id.into(),
        name: name.into(),
        commune: "Xã Quảng Lâm".into(),
        position: LonLat { lon_deg, lat_deg },
        population: Some(population),
        households: Some(population / 4),
        electricity: if population < 100 { Survey::No } else { Survey::Yes },
        reported_signal: signal,
        ..Village::named(name)
    }
}

/// The study: five villages, one of them with a name that tries to be markup.
pub(super) fn study(language: Language) -> Study {
    let mut config: StudyFile = toml::from_str(CONFIG).unwrap();
    config.language = language;
    let area = polygon![(x: 106.01, y: 22.51), (x: 106.11, y: 22.515), (x: 106.105, y: 22.61), (x: 106.02, y: 22.605)];
    let cell = |technology, frequency_mhz| Cell {
        id: None,
        technology,
        frequency_mhz,
        bandwidth_mhz: 10.0,
        duplex: crate::radio::Duplex::Frequency,
        eirp_dbm: 60.0,
        power_dbm: None,
        feeder_loss_db: 0.0,
        height_agl_m: 36.0,
        antenna: 0,
        antenna_gain_dbi: 15.0,
        azimuth_deg: None,
        mechanical_tilt_deg: 0.0,
        electrical_tilt_deg: 0.0,
        layers: 1,
        load: None,
        switch_off_date: None,
        row: 2,
    };
    Study {
        config,
        villages: vec![
            village("V001", "Xóm Nà Hù", 106.03, 22.53, 320, Survey::Yes),
            village("V002", "Xóm <b>Lũng & Mật</b>", 106.07, 22.57, 210, Survey::No),
            village("V003", "=Xóm Tổng Chảo", 106.075, 22.575, 64, Survey::No),
            village("V004", "Xóm Phiêng Mường", 106.09, 22.54, 1_480, Survey::Unknown),
            village("V005", "Xóm Khau Cà", 106.04, 22.595, 85, Survey::No),
        ],
        sites: vec![Site {
            id: "S1".into(),
            operator: "Nhà mạng A".into(),
            position: LonLat::new(106.035, 22.535),
            is_foreign: false,
            cells: vec![cell(Technology::Gsm, 900.0), cell(Technology::Lte, 1800.0)],
        }],
        antennas: crate::study::Antenna::built_in(),
        communes: vec![Commune {
            name: "Xã Quảng Lâm".into(),
            area: MultiPolygon::new(vec![area]),
            seat: LonLat::new(106.035, 22.535),
            has_fibre: true,
        }],
        power_lines: Vec::new(),
        roads: vec![
            line_string![(x: 106.0, y: 22.52), (x: 106.035, y: 22.536), (x: 106.08, y: 22.55), (x: 106.12, y: 22.6)],
        ],
        candidates: None,
        terrain: terrain(),
        commune_of: Array2::from_elem((60, 60), 1),
        inside: Array2::from_elem((60, 60), true),
        abroad: None,
        excluded: None,
        land_cover: None,
        population: None,
        correction: crate::radio::Correction::default(),
        model: Model::build("free-space", &serde_json::Map::new()).unwrap(),
        warnings: Problem::warning("villages.csv", "population is not stated for 1 village(s)").at_row(4).into(),
        inputs: Vec::new(),
    }
}

fn server(margin_db: f64) -> Server {
    Server {
        site: 0,
        cell: 1,
        level_dbm: -101.26,
        down_margin_db: margin_db,
        up_margin_db: margin_db + 2.0,
        sigma_db: 7.0,
        excess_db: 21.0,
        obstacle: Some(Obstacle {
            position: LonLat::new(106.031, 22.537),
            distance_m: 834.4,
            top_amsl_m: 811.6,
            above_line_m: 46.2,
            nu: 5.66,
        }),
        distance_m: 1_234.0,
        azimuth_deg: 200.4,
    }
}

fn assessment(predicted: Status, probability: Option<f64>, surveyed: Survey) -> Assessment {
    let is_gap = is_gap(predicted, surveyed, true);
    let margin_db = probability.map(|p| 20.0 * (p - 0.5));
    let margins = margin_db
        .map(|margin_db| Margin { level_db: margin_db, rest_db: f64::INFINITY, sigma_db: 7.0 })
        .into_iter()
        .collect();
    let outlook = Outlook { margins, terrain_missing: predicted == Status::Unknown, fixed: false };
    Assessment { predicted, probability, margin_db, surveyed, is_gap, servers: vec![server(3.0)], outlook }
}

fn services(study: &Study) -> Vec<VillageService> {
    let predicted = [
        (Status::Served, Some(0.987)),
        (Status::Served, Some(0.93)),
        (Status::Unserved, Some(0.12)),
        (Status::Marginal, Some(0.61)),
        (Status::Unknown, None),
    ];
    let service = |(village, (status, probability)): (&Village, (Status, Option<f64>))| VillageService {
        signal: assessment(status, probability, village.reported_signal),
        broadband: assessment(Status::Unserved, Some(0.02), Survey::Unknown),
        operators: vec!["Nhà mạng A".into()],
        throughput_mbps: Some((12.5, 1.25)),
        footprint: Some(FootprintService { signal: 0.625, broadband: 0.0 }),
    };
    study.villages.iter().zip(predicted).map(service).collect()
}

fn coverage(terrain: &Terrain) -> CoverageRasters {
    let level = |(r, c): (usize, usize)| {
        let d = ((r as f32 - 42.0).powi(2) + (c as f32 - 17.0).powi(2)).sqrt();
        if d > 30.0 { f32::NAN } else { -62.0 - 1.9 * d }
    };
    let levels = Grid { values: Array2::from_shape_fn((60, 60), level), ..terrain.grid.clone() };
    let mut status = terrain.grid.filled_like(1u8);
    for ((index, code), height) in status.values.indexed_iter_mut().zip(&terrain.grid.values) {
        let level = levels.values[index];
        *code = if height.is_nan() {
            0
        } else if level > -92.0 {
            3
        } else if level > -105.0 {
            2
        } else {
            1
        };
    }
    let server = |number: u32| Grid {
        values: levels.values.mapv(|v| if v.is_nan() { 0 } else { number }),
        transform: levels.transform,
        crs: levels.crs.clone(),
    };
    let technologies = vec![
        TechnologyCoverage {
            technology: Technology::Gsm,
            level_dbm: levels.clone(),
            best_server: server(1),
            sinr_db: None,
        },
        TechnologyCoverage {
            technology: Technology::Lte,
            level_dbm: levels.clone(),
            best_server: server(2),
            sinr_db: Some(Grid { values: levels.values.mapv(|level| level + 90.0), ..levels.clone() }),
        },
    ];
    CoverageRasters {
        technologies,
        operators: ["Nhà mạng A", "Nhà mạng B"]
            .map(|operator| OperatorCoverage { operator: operator.into(), signal_status: status.clone() })
            .into(),
        broadband_status: status.clone(),
        quality: Some(QualityLayers {
            signal_probability: Grid { values: status.values.mapv(|code| code * 30), ..status.clone() },
            operators_served: Grid { values: status.values.mapv(|code| 2 * u8::from(code == 3)), ..status.clone() },
            servers: status.clone(),
            throughput_down_mbps: levels.clone(),
            throughput_up_mbps: levels.clone(),
        }),
        signal_status: status,
        border_spill_db: None,
        receivers: 1,
        matrices: MatrixCounts::default(),
        missing_terrain: 28,
    }
}

fn candidate(id: &str, lon_deg: f64, lat_deg: f64, total: f64) -> Candidate {
    Candidate {
        id: id.into(),
        position: LonLat { lon_deg, lat_deg },
        terrain_amsl_m: 812.4,
        height_agl_m: 42.0,
        origin: Origin::Hilltop,
        place: 0,
        configurations: vec![0],
        has_mast: false,
        power: None,
        owner: None,
        slope_deg: Some(12.0),
        network_distance_m: Some(3_210.0),
        road_distance_m: None,
        cost: SiteCost { mast: total - 500.0, access: None, is_given: false },
    }
}

fn planned(
    candidate: usize,
    order: usize,
    link: Option<PlannedLink>,
    newly_served: &[usize],
    only_here: &[usize],
) -> PlannedSite {
    let link_cost = link.as_ref().map_or(0.0, |link| link.cost_million_vnd);
    let power = PowerSupply { source: PowerSource::Solar, cost_million_vnd: 100.0, yearly_cost_million_vnd: 10.0 };
    PlannedSite {
        candidate,
        order,
        year: Some(2025 + order as u16),
        is_affordable: true,
        link,
        radios: vec![PlannedRadio { configuration: 0, sectors: Vec::new() }],
        power,
        money: Money {
            mast: 700.0,
            power: 100.0,
            radio: 250.0,
            link: link_cost,
            yearly_cost: 80.0,
            ..Money::default()
        },
        newly_served: newly_served.to_vec(),
        only_here: only_here.to_vec(),
        replacement_million_vnd: Some(640.0),
    }
}

fn plan() -> Plan {
    let ranked = |candidate, people, villages, cost| RankedCandidate {
        candidate,
        people,
        villages,
        cost_million_vnd: Some(cost),
        weight_per_cost: people as f64 / cost,
    };
    let link =
        |from, kind, cost_million_vnd| PlannedLink { from, kind, cost_million_vnd, yearly_cost_million_vnd: 10.0 };
    let route = vec![LonLat::new(106.035, 22.535), LonLat::new(106.092, 22.543)];
    let root = Root {
        id: "S1".into(),
        position: route[0],
        kind: RootKind::ExistingSite(0),
        height_agl_m: Some(42.0),
        has_fibre: true,
        spare_mbps: None,
    };
    let fibre = link(LinkStart::Root(root), LinkKind::Fibre(FibreRoute { length_m: 6_400.0, route }), 150.0);
    let hop = MicrowaveHop {
        length_m: 3_800.0,
        frequency_ghz: 15.0,
        dish_m: 0.6,
        capacity_mbps: 400.0,
        tightest: Some(Tightest { distance_m: 1_200.0, clearance_f1: 0.83 }),
        margin_db: 31.0,
        availability_percent: 99.991,
    };
    let year = |year, villages, people| PlannedYear {
        year,
        budget_million_vnd: 2_000.0,
        spent_million_vnd: 1_200.5,
        villages,
        people,
    };
    let years = vec![year(2026, 1, 1_480), year(2027, 2, 274)];
    Plan {
        objective: "most-people-budget",
        status: PlanStatus::Optimal,
        value: 1_754.0,
        bound: 1_754.0,
        gap: 0.0,
        conflict: Vec::new(),
        candidates: vec![
            candidate("C1", 106.072, 22.572, 1_350.5),
            candidate("C2", 106.092, 22.543, 1_200.0),
            candidate("C3", 106.041, 22.6, 9_000.0),
        ],
        sites: vec![
            planned(1, 1, Some(fibre), &[3], &[3]),
            planned(0, 2, Some(link(LinkStart::Site(0), LinkKind::Microwave(hop), 300.5)), &[1, 2], &[]),
        ],
        ways: Vec::new(),
        years: Some(PlannedYears { years, value: 3_234.0, bound: 3_234.0, is_proven: true }),
        ranking: vec![ranked(1, 1_480, 1, 1_200.0), ranked(0, 274, 2, 1_350.5), ranked(2, 85, 1, 9_000.0)],
        outcomes: vec![
            (1, Outcome::ServedBy { site: 1, probability: 0.97 }),
            (2, Outcome::ServedBy { site: 1, probability: 0.93 }),
            (3, Outcome::ServedBy { site: 0, probability: 0.99 }),
            (
                4,
                Outcome::LeftOut {
                    reason: LeftOutReason::Limits,
                    cheapest: CheapestWay { candidates: vec![2], own: None, cost_million_vnd: 9_000.0 },
                },
            ),
        ],
        notes: Vec::new(),
    }
}

fn statistics() -> CoverageStatistics {
    let signal =
        AreaStatistics { served_km2: 40.3, marginal_km2: 22.0, unserved_km2: 60.7, unknown_km2: 1.0, people: None };
    let broadband = AreaStatistics { served_km2: 20.0, marginal_km2: 10.0, unserved_km2: 93.0, ..signal };
    CoverageStatistics {
        signal,
        broadband,
        expected_signal_km2: 55.5,
        operators: ["Nhà mạng A", "Nhà mạng B"]
            .map(|operator| OperatorStatistics { operator: operator.into(), signal })
            .into(),
        not_spots: Some(NotSpots { total_km2: 60.7, partial_km2: 30.0, none_km2: 32.3 }),
        communes: vec![CommuneStatistics { signal, broadband }],
        spill_km2: None,
    }
}

/// Results of every stage.
pub(super) fn results(study: &Study) -> Results<'_> {
    let services = services(study);
    let dark: Vec<usize> = (0..services.len()).filter(|&v| services[v].signal.is_gap).collect();
    let rasters = coverage(&study.terrain);
    Results {
        study,
        statistics: Some(statistics()),
        numbered_cells: vec![(0, 0), (0, 1)],
        cells: Vec::new(),
        gaps: find_gaps(study, &services, &dark, Some(&rasters)),
        coverage: Some(rasters),
        sensitivity: sensitivity(&study.villages, &services, 0.9),
        services: Some(services),
        plan: Some(plan()),
        publication: None,
    }
}

/// Results of a study whose later stages were not asked for.
pub(super) fn bare_results(study: &Study) -> Results<'_> {
    Results::nothing_of(study)
}
