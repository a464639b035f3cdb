//! Public outputs hold no confidential value, in whatever form.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of, notspot};
use serde_json::Value;
use std::collections::BTreeMap;

/// The site's true values: with so many digits, no other number looks like them.
const LAT: f64 = 22.547819;
const LON: f64 = 106.021367;
const EIRP: f64 = 53.731;
const HEIGHT: f64 = 31.377;

/// The small study with a site whose values are unmistakable, a cell that is off, and a column that is not used.
fn study(confidential: &str) -> SmallStudy {
    let study = SmallStudy::new();
    study.write(
        "sites.csv",
        &format!(
            "operator,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm,status,azimuth_deg\n\
             Operator Secret,{LAT},{LON},{HEIGHT},GSM,927.3,0.2,{EIRP},active,77\n\
             Operator Secret,{LAT},{LON},{HEIGHT},LTE,1843.7,20,{EIRP},active,78\n\
             Operator Secret,{LAT},{LON},{HEIGHT},LTE,1843.7,20,{EIRP},off,79\n"
        ),
    );
    let text = std::fs::read_to_string(study.path("study.toml")).unwrap();
    study.write("study.toml", &(text + confidential));
    study
}

fn run(study: &SmallStudy, command: &str, flags: &[&str]) -> (BTreeMap<String, Vec<u8>>, String) {
    let out = study.path("out");
    let output = notspot().arg(command).arg(study.path("study.toml")).arg("-o").arg(&out).args(flags).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let mut files = files_of(&out);
    for (name, bytes) in files.clone().into_iter().filter(|(name, _)| name.ends_with(".tif")) {
        let dataset = gdal::Dataset::open(out.join(&name)).unwrap();
        let values = dataset.rasterband(1).unwrap().read_band_as::<f64>().unwrap();
        let plain = values.data().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        files.insert(name + " (pixels)", [bytes, plain].concat());
    }
    (files, stderr)
}

/// A position as files may write it.
fn degrees(value: f64) -> Vec<Vec<u8>> {
    forms(value, 4)
}

/// A power or height as files may write it.
fn number(value: f64) -> Vec<Vec<u8>> {
    forms(value, 2)
}

/// A number as files may write it: as bytes, and as text with `least` decimals and up to two more, point or comma, rounded
/// or cut off. With fewer decimals it would look like the numbers of villages nearby.
fn forms(value: f64, least: usize) -> Vec<Vec<u8>> {
    let mut forms = vec![
        value.to_le_bytes().to_vec(),
        value.to_be_bytes().to_vec(),
        (value as f32).to_le_bytes().to_vec(),
        (value as f32).to_be_bytes().to_vec(),
    ];
    let whole = format!("{value:.9}");
    let point = whole.find('.').unwrap();
    forms.push(whole.as_bytes()[..=point + least].to_vec());
    for decimals in least..=least + 2 {
        let text = format!("{value:.decimals$}");
        forms.push(text.replace('.', ",").into_bytes());
        forms.push(text.into_bytes());
    }
    forms
}

/// Names of the files that hold a form of a value.
fn holding(files: &BTreeMap<String, Vec<u8>>, forms: &[Vec<u8>]) -> Vec<String> {
    let holds = |bytes: &[u8]| forms.iter().any(|form| bytes.windows(form.len()).any(|part| part == form.as_slice()));
    files.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name.clone()).collect()
}

#[test]
fn the_whole_folder_holds_no_confidential_value() {
    let fields = "[confidential]\nfields = [\"sites.position\", \"sites.power\", \"sites.height\", \"sites.operator\", \
                  \"sites.frequency\", \"sites.id\"]\n";
    let study = study(fields);
    let secrets = [
        degrees(LAT),
        degrees(LON),
        number(EIRP),
        number(HEIGHT),
        forms(1843.7, 1),
        forms(927.3, 1),
        vec![b"Operator Secret".into()],
    ];
    let (open, _) = run(&study, "run", &[]);
    for secret in &secrets[..4] {
        assert!(!holding(&open, secret).is_empty(), "the search finds what is there");
    }
    let (public, _) = run(&study, "run", &["--public"]);
    for secret in &secrets {
        assert_eq!(holding(&public, secret), [""; 0], "{:?}", String::from_utf8_lossy(&secret[secret.len() - 1]));
    }
    let names: Vec<&str> = public.keys().map(String::as_str).collect();
    for gone in
        ["geojson/sites.geojson", "geojson/cells.geojson", "coverage/level_lte.tif", "coverage/best_server_lte.tif"]
    {
        assert!(!names.contains(&gone), "{names:?}");
    }
    for there in ["geojson/villages.geojson", "coverage/signal_status.tif", "plan.json", "report.html", "notspot.gpkg"]
    {
        assert!(names.contains(&there), "{names:?}");
    }
    let record: Value = serde_json::from_slice(&public["run.json"]).unwrap();
    assert_eq!(record["public"]["stated"], true);
    assert_eq!(record["public"]["fields"].as_array().unwrap().len(), 6);
    let text = String::from_utf8(public["villages.csv"].clone()).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let first: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
    for column in ["server_1_site", "server_1_level_dbm", "server_1_distance_km", "signal_margin_db"] {
        let at = header.iter().position(|name| *name == column).unwrap();
        assert_eq!(first[at], "", "{column}");
    }
    let plan = String::from_utf8(public["plan.json"].clone()).unwrap();
    assert!(!plan.contains("network_distance_m"), "distances to the network find a site by trilateration");
}

#[test]
fn without_a_section_positions_and_powers_are_kept_back_and_it_is_said() {
    let study = study("");
    for command in ["run", "coverage", "gaps", "plan", "report"] {
        let (files, stderr) = run(&study, command, &["--public"]);
        for secret in [degrees(LAT), degrees(LON), number(EIRP)] {
            assert_eq!(holding(&files, &secret), [""; 0], "{command}");
        }
        assert!(stderr.contains("no [confidential] section"), "{stderr}");
        let record: Value = serde_json::from_slice(&files["run.json"]).unwrap();
        assert_eq!(record["public"]["fields"], serde_json::json!(["sites.position", "sites.power"]));
        assert_eq!(record["public"]["stated"], false);
    }
}

#[test]
fn positions_can_be_made_coarse() {
    let study = study("[confidential]\nfields = [\"sites.position\"]\nposition_grid_km = 5.0\n");
    let (files, _) = run(&study, "run", &["--public"]);
    for secret in [degrees(LAT), degrees(LON)] {
        assert_eq!(holding(&files, &secret), [""; 0]);
    }
    let sites: Value = serde_json::from_slice(&files["geojson/sites.geojson"]).unwrap();
    let position = &sites["features"][0]["geometry"]["coordinates"];
    let (lon, lat) = (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
    assert!((lon - LON).abs() < 0.03 && (lat - LAT).abs() < 0.03, "{position}");
    assert_eq!(sites["features"][0]["properties"]["id"], "site 1", "the id was made of the position");
    let cells = String::from_utf8(files["geojson/cells.geojson"].clone()).unwrap();
    assert!(cells.contains("53.7"), "power is not confidential here");
}

#[test]
fn the_outermost_site_does_not_show_in_the_extent() {
    let study = study("[coverage]\nradius_km = { GSM = 1.0, LTE = 1.0 }\n");
    let extent = |flags: &[&str]| {
        run(&study, "coverage", flags);
        let dataset = gdal::Dataset::open(study.path("out/coverage/signal_status.tif")).unwrap();
        (dataset.raster_size(), dataset.geo_transform().unwrap())
    };
    let here = extent(&["--public"]);
    let full = extent(&[]);
    assert!(here.0.0 < full.0.0, "the site lies farther out than the villages");
    study.edit("sites.csv", "22.547819,106.021367", "22.547819,106.011");
    let moved = extent(&["--public"]);
    assert_eq!(moved.0, here.0);
    assert!(moved.1.iter().zip(here.1).all(|(a, b)| (a - b).abs() < 1e-9), "{moved:?} {here:?}");
}

#[test]
fn the_record_of_a_run_is_complete() {
    let study = study("");
    let (files, _) = run(&study, "run", &[]);
    let record: Value = serde_json::from_slice(&files["run.json"]).unwrap();
    assert_eq!(record["schema"], "notspot/run/1");
    assert!(record["public"].is_null());
    let input = |role: &str| record["inputs"].as_array().unwrap().iter().find(|i| i["role"] == role).unwrap().clone();
    let villages = input("villages");
    assert_eq!((&villages["rows"], &villages["used"], &villages["format"]), (&3.into(), &3.into(), &"csv".into()));
    let size = std::fs::metadata(study.path("villages.csv")).unwrap().len();
    assert_eq!(villages["bytes"], size);
    assert_eq!(villages["sha256"].as_str().unwrap().len(), 64);
    assert_eq!((&input("sites")["rows"], &input("sites")["used"]), (&3.into(), &2.into()));
    assert_eq!(input("terrain")["raster_size"], serde_json::json!([100, 100]));
    assert_eq!(input("terrain")["crs"], "EPSG:4326");
    assert_eq!(record["quality"]["dropped"], 1, "one cell is off: {}", record["warnings"]);
    assert_eq!(record["quality"]["assumed"], 4, "ids of sites, antennas of cells with an azimuth");
    assert_eq!(record["study"]["radio"]["load"], 0.5);
    assert_eq!(record["study"]["service"]["environment"], "outdoor");
    let model = &record["model_metadata"];
    assert_eq!(model["tool_name"], "notspot");
    assert_eq!(model["cell_edge_probability"], 0.9);
    assert_eq!(model["cells"][0]["frequencies_mhz"], serde_json::json!([927.3]));
    assert!(model["model_parameters"].is_object() && record["solver_seed"].is_u64());
    assert!(record["libraries"]["gdal"].is_string() && record["libraries"]["proj"].is_string());
}
