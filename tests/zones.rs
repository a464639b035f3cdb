//! Rasters of radio-climatic zones, from files to losses.
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, notspot};
use notspot::coverage::{Quality, SweepMode, Transmitter, site_loss};
use notspot::geodesy::LonLat;
use notspot::propagation::{Model, Zone};
use notspot::study::{Study, follow_zones, load};
use serde_json::{Map, Value, json};

const WGS84: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],\
                     UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]";

/// Two rows and two columns of 0.05° over the terrain of the small study.
const QUARTERS: &str = "ncols 2\nnrows 2\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.05\nNODATA_value -9999\n";

fn write_zones(study: &SmallStudy, name: &str, header: &str, rows: &str) {
    study.write(&format!("{name}.asc"), &format!("{header}{rows}\n"));
    study.write(&format!("{name}.prj"), WGS84);
}

/// A study on which rasters of zones are named.
fn study_with(names: &str) -> SmallStudy {
    let study = SmallStudy::new();
    study.edit("study.toml", "sites = \"sites.csv\"\n", &format!("sites = \"sites.csv\"\nzones = {names}\n"));
    study
}

fn loaded(study: &SmallStudy) -> Study {
    load(&study.path("study.toml")).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn zones_come_from_the_nearest_pixel_and_earlier_files_win() {
    let study = study_with("[\"a.asc\", \"b.asc\"]");
    write_zones(&study, "a", QUARTERS, "1 3\n-9999 4");
    write_zones(&study, "b", QUARTERS, "4 4\n1 -9999");
    let loaded = loaded(&study);
    let zones = loaded.terrain.zones.as_ref().expect("zones");
    let at = [[0, 0], [49, 49], [49, 50], [50, 0], [99, 99]].map(|at| zones[at]);
    assert_eq!(at, [Zone::Sea, Zone::Sea, Zone::Coastal, Zone::Sea, Zone::Inland]);
    assert!(loaded.warnings.iter().all(|w| !w.to_string().contains("zone")), "{}", loaded.warnings);
    assert!(loaded.inputs.iter().any(|input| input.role == "zones" && input.sha256.is_some()));
    assert_eq!(loaded.model.parameters().values()["coast_distances"], "path");

    write_zones(&study, "b", QUARTERS, "4 4\n-9999 -9999");
    let zones = self::loaded(&study);
    let warned =
        zones.warnings.iter().any(|w| w.to_string().contains("2500 of 10000 pixel(s) of the terrain have no zone"));
    assert!(warned, "{}", zones.warnings);
}

#[test]
fn codes_that_are_none_are_named_with_their_pixel() {
    for (rows, says) in [
        ("1 3\n4 2", "zones.asc, inputs.zones = \"2\": row 1, column 1 (from 0) is no zone"),
        ("0 3\n4 4", "zones.asc, inputs.zones = \"0\": row 0, column 0 (from 0) is no zone"),
        ("1 1.5\n4 4", "zones.asc, inputs.zones = \"1.5\": row 0, column 1 (from 0) is no zone"),
        ("-9999 -9999\n-9999 -9999", "gives no pixel of the study area a zone"),
    ] {
        let study = study_with("[\"zones.asc\"]");
        write_zones(&study, "zones", QUARTERS, rows);
        let problems = load(&study.path("study.toml")).err().expect("a fault").to_string();
        assert!(problems.contains(says), "{says}: {problems}");
        let check = notspot().arg("check").arg(study.path("study.toml")).output().unwrap();
        assert_eq!(check.status.code(), Some(2), "{rows}");
    }
}

#[test]
fn a_model_that_does_not_look_at_zones_is_a_warning() {
    let study = study_with("[\"zones.asc\"]");
    write_zones(&study, "zones", QUARTERS, "1 3\n4 4");
    study.edit("study.toml", "[inputs]", "[propagation]\nmodel = \"itm\"\n\n[inputs]");
    let warnings = loaded(&study).warnings;
    assert!(warnings.iter().any(|w| w.to_string().contains("itm does not look at zones")), "{warnings}");
}

fn p1812(parameters: Value) -> Model {
    let Value::Object(mut given) = parameters else { panic!("no object") };
    assert!(follow_zones("p1812", &mut given, "", "").is_none());
    Model::build("p1812", &given).unwrap()
}

/// Losses of the pixels from 1 to 4 km, with shared radials and with their own profiles. Nearer ones have too few samples on the way to agree.
fn both_ways(study: &Study, model: &Model) -> Vec<(f32, f32)> {
    let transmitter =
        Transmitter { position: LonLat::new(106.037_3, 22.563_7), height_agl_m: 5.0, frequency_mhz: 100.0 };
    let terrain = &study.terrain;
    let [swept, exact] = [SweepMode::Radial(Quality::Finest), SweepMode::Exact]
        .map(|mode| site_loss(terrain, model, &transmitter, 1.5, 4_000.0, mode).unwrap());
    let is_far = |(row, column): (usize, usize)| {
        let (row, column) = (row + exact.origin.0, column + exact.origin.1);
        let (x, y) = terrain.grid.transform.center(row as f64, column as f64);
        terrain.locator.position(x, y).distance_m(transmitter.position) > 1_000.0
    };
    let pixels = swept.loss_db.indexed_iter().zip(&exact.loss_db);
    pixels
        .filter(|((at, _), exact)| exact.is_finite() && is_far(*at))
        .map(|((_, &swept), &exact)| (swept, exact))
        .collect()
}

/// Flat ground, where radials and exact profiles have the same heights: what differs is the zones.
#[test]
fn an_area_has_the_losses_of_exact_profiles_in_its_zones() {
    let study = study_with("[\"zones.asc\"]");
    let flat = format!("{}\n", ["2"; 100].join(" ")).repeat(100);
    study.write(
        "terrain.asc",
        &format!("ncols 100\nnrows 100\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\n{flat}"),
    );
    for time_percent in [50.0, 10.0, 1.0] {
        let model = p1812(json!({ "time_percent": time_percent }));
        let mut medians = Vec::new();
        for rows in ["4 4\n4 4", "3 3\n3 3", "1 1\n1 1", "1 3\n1 4"] {
            write_zones(&study, "zones", QUARTERS, rows);
            let losses = both_ways(&loaded(&study), &model);
            assert!(losses.len() > 4_000);
            let mut apart: Vec<f32> = losses.iter().map(|(swept, exact)| (swept - exact).abs()).collect();
            apart.sort_by(f32::total_cmp);
            let (largest, mixed) = (apart[apart.len() - 1], rows == "1 3\n1 4");
            // Where a radial passes a coast half a pixel beside the exact path, ω differs, and with it what diffraction costs.
            let (typical, most) = (apart[apart.len() / 2], if mixed { apart[apart.len() * 99 / 100] } else { largest });
            let allowed_db = if mixed { [0.01, 1.5] } else { [0.002, 0.02] };
            assert!(typical < allowed_db[0] && most < allowed_db[1], "{rows} at {time_percent} %: {typical} {most} dB");
            let mut exact: Vec<f32> = losses.iter().map(|(_, exact)| *exact).collect();
            exact.sort_by(f32::total_cmp);
            medians.push(exact[exact.len() / 2]);
        }
        let [inland, coastal, sea, _] = medians[..] else { panic!() };
        // Low antennas at 100 MHz: what the ground conducts is worth several dB.
        assert!(sea < inland - 3.0 && coastal <= inland, "{time_percent} %: {medians:?}");
    }
}

#[test]
fn link_and_coverage_take_zones() {
    let study = SmallStudy::new();
    write_zones(&study, "zones", QUARTERS, "1 1\n1 1");
    let answer = |arguments: &[&str]| -> Value {
        let path = |name: &str| study.path(name).display().to_string();
        let arguments =
            arguments.iter().map(|a| if a.ends_with(".asc") || a.ends_with(".tif") { path(a) } else { (*a).into() });
        let output = notspot().args(arguments).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    };
    let numbers = ["--frequency", "100", "--tx-height", "3", "--rx-height", "1.5", "--json", "--dem", "terrain.asc"];
    let link = ["link", "--from", "22.55,106.005", "--to", "22.55,106.03", "--trace"];
    let at_sea = answer(&[&link[..], &numbers, &["--zones", "zones.asc"]].concat());
    let inland = answer(&[&link[..], &numbers].concat());
    let step = |answer: &Value, symbol: &str| {
        let trace: &Vec<Value> = answer["trace"].as_array().unwrap();
        trace.iter().find(|step| step["symbol"] == symbol).unwrap()["value"].as_f64().unwrap()
    };
    assert_eq!(["omega", "d_tm", "d_ct", "d_cr"].map(|symbol| step(&at_sea, symbol)), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(["omega", "d_ct"].map(|symbol| step(&inland, symbol)), [0.0, 500.0]);
    let loss_db = |answer: &Value| answer["loss_db"].as_f64().unwrap();
    assert!(loss_db(&at_sea) < loss_db(&inland) - 3.0, "{} {}", loss_db(&at_sea), loss_db(&inland));

    let site = ["coverage", "--site", "22.55,106.02", "--radius", "3"];
    let out = |name: &'static str| ["-o", name];
    answer(&[&site[..], &numbers, &["--zones", "zones.asc"], &out("sea.tif")].concat());
    answer(&[&site[..], &numbers, &out("land.tif")].concat());
    assert_ne!(std::fs::read(study.path("sea.tif")).unwrap(), std::fs::read(study.path("land.tif")).unwrap());

    write_zones(&study, "zones", QUARTERS, "7 1\n7 1");
    for command in [&site[..], &link[..5]] {
        let mut command: Vec<String> = [command, &numbers[..7]].concat().into_iter().map(str::to_owned).collect();
        command.extend(["--dem".into(), study.path("terrain.asc").display().to_string()]);
        command.extend(["--zones".into(), study.path("zones.asc").display().to_string()]);
        if command[0] == "coverage" {
            command.extend(["-o".into(), study.path("x.tif").display().to_string()]);
        }
        let output = notspot().args(&command).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("--zones = \"7\"") && stderr.contains("column 0 (from 0)"), "{stderr}");
    }
}

#[test]
fn without_zones_nothing_changes() {
    let mut given = Map::new();
    assert!(follow_zones("free-space", &mut given, "study.toml", "inputs.zones").is_some() && given.is_empty());
    let study = loaded(&SmallStudy::new());
    assert!(study.terrain.zones.is_none());
    assert_eq!(study.model.parameters().values()["coast_distances"], "far");
}
