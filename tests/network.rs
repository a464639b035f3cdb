//! A network of sectors, carriers and operators: what rasters, villages and statistics say of it.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of, notspot};
use gdal::{Dataset, Metadata};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const HEADER: &str = "site_id,operator,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm,antenna,azimuth_deg,electrical_tilt_deg";

/// Two sites of one operator with three sectors each, one of another, over ground that is nearly flat.
const CELLS: [&str; 8] = [
    "A1,Nhà mạng Đỏ,22.550,106.020,40,LTE,1800,20,60,sector-65,0,4",
    "A1,Nhà mạng Đỏ,22.550,106.020,40,LTE,1800,20,60,sector-65,120,4",
    "A1,Nhà mạng Đỏ,22.550,106.020,40,LTE,1800,20,60,sector-65,240,4",
    "A2,Nhà mạng Đỏ,22.560,106.080,40,LTE,1800,20,60,sector-65,60,2",
    "A2,Nhà mạng Đỏ,22.560,106.080,40,LTE,1800,20,60,sector-65,180,2",
    "A2,Nhà mạng Đỏ,22.560,106.080,40,LTE,1800,20,60,sector-65,300,2",
    "A2,Nhà mạng Đỏ,22.560,106.080,40,GSM,900,0.2,55,,,",
    "B1,B,22.530,106.050,30,LTE,1800,15,45,,,",
];

fn study(cells: &[&str]) -> SmallStudy {
    let study = SmallStudy::new();
    let flat = vec!["200"; 100].join(" ") + "\n";
    let header = "ncols 100\nnrows 100\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\nNODATA_value -9999\n";
    study.write("terrain.asc", &(header.to_owned() + &flat.repeat(100)));
    study.write("sites.csv", &format!("{HEADER}\n{}\n", cells.join("\n")));
    study
}

fn coverage(study: &SmallStudy, name: &str, flags: &[&str]) -> (BTreeMap<String, Vec<u8>>, Value) {
    let out = study.path(name);
    let mut command = notspot();
    command.arg("coverage").arg(study.path("study.toml")).arg("-o").arg(&out).arg("--json").args(flags);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files = files_of(&out);
    files.remove("run.json");
    (files, serde_json::from_slice(&output.stdout).unwrap())
}

fn raster(study: &SmallStudy, file: &str) -> Vec<f64> {
    let dataset = Dataset::open(study.path(file)).unwrap();
    dataset.rasterband(1).unwrap().read_as::<f64>((0, 0), (100, 100), (100, 100), None).unwrap().data().to_vec()
}

fn at(raster: &[f64], lon: f64, lat: f64) -> f64 {
    raster[((22.6 - lat) / 0.001) as usize * 100 + ((lon - 106.0) / 0.001) as usize]
}

#[test]
fn sectors_look_where_they_are_turned_and_disturb_one_another() {
    let study = study(&CELLS);
    let (files, summary) = coverage(&study, "out", &["--cells-of", "A1"]);
    for file in [
        "coverage/signal_status_nha_mang_do.tif",
        "coverage/signal_status_b.tif",
        "coverage/operators_served.tif",
        "coverage/sinr_lte.tif",
        "coverage/throughput_down.tif",
        "coverage/cells/a1_1_lte.tif",
        "coverage/cells/a1_3_lte.tif",
        "statistics.csv",
    ] {
        assert!(files.contains_key(file), "{file} is missing: {:?}", files.keys());
    }
    assert!(!files.contains_key("coverage/sinr_gsm.tif"), "no interference of GSM without a frequency plan");

    // the serving cells north, south-east and south-west of A1 are its three sectors, and it is theirs at 1 km
    let servers = raster(&study, "out/coverage/best_server_lte.tif");
    let place = |azimuth: f64| {
        let (east, north) = (azimuth.to_radians().sin() * 0.0097, azimuth.to_radians().cos() * 0.009);
        (106.0205 + east, 22.5505 + north)
    };
    for (azimuth, cell) in [(0.0, 1.0), (120.0, 2.0), (240.0, 3.0), (330.0, 1.0), (90.0, 2.0), (200.0, 3.0)] {
        let (lon, lat) = place(azimuth);
        assert_eq!(at(&servers, lon, lat), cell, "towards {azimuth}");
    }
    // in the boresight the others of the mast are 30 dB weaker; between two sectors they are equally strong, and both
    // cells have half of the resources in use: SINR about 3 dB
    let sinr = raster(&study, "out/coverage/sinr_lte.tif");
    let of = |azimuth: f64| {
        let (lon, lat) = place(azimuth);
        at(&sinr, lon, lat)
    };
    assert!((2.0..4.5).contains(&of(60.0)), "{}", of(60.0));
    assert!(of(0.0) > 15.0, "{}", of(0.0));
    // a user finds half of 20 MHz
    let down = raster(&study, "out/coverage/throughput_down.tif");
    assert!(down.iter().copied().fold(0.0, f64::max) <= 100.0);
    // the sectors' own rasters hold what the network's hold
    let own = Dataset::open(study.path("out/coverage/cells/a1_1_lte.tif")).unwrap();
    let transform = own.geo_transform().unwrap();
    let (lon, lat) = place(0.0);
    let pixel = (((lon - transform[0]) / transform[1]) as isize, ((lat - transform[3]) / transform[5]) as isize);
    let level = own.rasterband(1).unwrap().read_as::<f64>(pixel, (1, 1), (1, 1), None).unwrap().data()[0];
    assert_eq!(level, at(&raster(&study, "out/coverage/level_lte.tif"), lon, lat));

    // a level says at whose ear it is
    let levels = Dataset::open(study.path("out/coverage/level_lte.tif")).unwrap();
    let about = levels.rasterband(1).unwrap().description().unwrap();
    assert_eq!(about, "Largest RSRP of LTE, at a handset (outdoor): body and foliage, 3 dB, are taken off");
    assert!(own.rasterband(1).unwrap().description().unwrap().ends_with("body and foliage, 3 dB, are taken off"));
    assert_eq!(levels.metadata_item("BODY_LOSS_DB", "").as_deref(), Some("3"));

    let statistics = &summary["statistics"];
    let km2 = |value: &Value| value.as_f64().unwrap();
    let whole = km2(&statistics["signal"]["served_km2"]);
    let operators = statistics["operators"].as_array().unwrap();
    assert_eq!(operators[0]["operator"], "B");
    for operator in operators {
        assert!(km2(&operator["signal"]["served_km2"]) <= whole + 1e-9);
    }
    let spots = &statistics["not_spots"];
    let sum = ["total_km2", "partial_km2", "none_km2"].map(|key| km2(&spots[key])).iter().sum::<f64>();
    let signal = &statistics["signal"];
    let all = ["served_km2", "marginal_km2", "unserved_km2"].map(|key| km2(&signal[key])).iter().sum::<f64>();
    assert!((sum - all).abs() < 1e-6, "{sum} {all}");
    assert!((km2(&spots["partial_km2"]) + km2(&spots["none_km2"]) - whole).abs() < 1e-6, "some operator serves");
}

#[test]
fn rasters_do_not_depend_on_the_order_of_cells_and_on_threads() {
    // two operators on one mast are equally strong everywhere, with others of the one beside them
    let mut cells = CELLS.to_vec();
    cells.extend(["C1,C,22.530,106.050,30,LTE,1800,15,45,,,", "B2,B,22.590,106.030,30,LTE,1800,15,50,,,"]);
    let first = study(&cells);
    let (first_files, _) = coverage(&first, "out", &["--threads", "1"]);
    cells.reverse();
    let second = study(&cells);
    let (second_files, _) = coverage(&second, "out", &["--threads", "8"]);
    for (name, bytes) in &first_files {
        assert!(*bytes == second_files[name], "{name} differs");
    }
    assert!(first_files.contains_key("coverage/best_server_lte.tif"));
}

#[test]
fn rasters_number_cells_as_the_layer_does() {
    let first = study(&CELLS);
    let mut twice = CELLS.to_vec();
    twice.insert(1, CELLS[0]);
    twice.push(CELLS[6]);
    let second = study(&twice);
    let all = |study: &SmallStudy| {
        let command = notspot().arg("run").arg(study.path("study.toml")).arg("-o").arg(study.path("out")).output();
        assert!(command.unwrap().status.success());
        files_of(&study.path("out"))
    };
    let (once, twice) = (all(&first), all(&second));
    for (name, bytes) in once.iter().filter(|(name, _)| name.contains("best_server") || name.contains("cells")) {
        assert!(*bytes == twice[name], "{name} differs");
    }
    let cells: Value = serde_json::from_slice(&once["geojson/cells.geojson"]).unwrap();
    let cells: Vec<&Value> = cells["features"].as_array().unwrap().iter().map(|f| &f["properties"]).collect();
    assert_eq!(cells.len(), CELLS.len());
    let numbers: Vec<i64> = cells.iter().map(|cell| cell["cell"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=8).collect::<Vec<i64>>());
    let strongest = at(&raster(&first, "out/coverage/best_server_gsm.tif"), 106.0805, 22.5605);
    let of = &cells[strongest as usize - 1];
    assert_eq!((&of["site_id"], &of["technology"]), (&Value::from("A2"), &Value::from("GSM")));
}

#[test]
fn a_cell_that_is_listed_twice_counts_once() {
    let (once, of_once) = coverage(&study(&CELLS), "out", &[]);
    let mut cells = CELLS.to_vec();
    cells.push(CELLS[7]);
    let twice = study(&cells);
    let (rasters, summary) = coverage(&twice, "out", &[]);
    for (name, bytes) in &once {
        assert!(*bytes == rasters[name], "{name} differs");
    }
    let warnings = |summary: &Value| summary["warnings"].as_u64().expect("a number");
    assert_eq!(warnings(&summary), warnings(&of_once) + 1);
    // whatever stands between them, and whichever way an antenna looks that looks everywhere
    let of = |cells: &[&str]| coverage(&study(cells), "out", &[]).0;
    let sector = |antenna: &str, azimuth: u32| format!("A1,A,22.550,106.020,40,LTE,1800,20,60,{antenna},{azimuth},");
    let (a, b, c) = (sector("sector-65", 360), sector("sector-70", 0), sector("sector-65", 0));
    let (once, twice) = (of(&[&a, &b]), of(&[&a, &b, &c]));
    for (name, bytes) in &once {
        assert!(*bytes == twice[name], "{name} differs");
    }
    let omni = [0, 120, 240].map(|azimuth| sector("omni", azimuth));
    let (once, thrice) = (of(&[&omni[0]]), of(&[&omni[0], &omni[1], &omni[2]]));
    assert!(once["coverage/sinr_lte.tif"] == thrice["coverage/sinr_lte.tif"]);
}

#[test]
fn a_handset_that_is_too_weak_decides() {
    let served = |extra: &str| {
        let study = study(&["G,X,22.550,106.020,30,LTE,900,10,60,,,"]);
        study.edit("study.toml", "[inputs]", &format!("{extra}\n[inputs]"));
        coverage(&study, "out", &[]).1["area"]["served_km2"].as_f64().unwrap()
    };
    let usual = served("");
    let weak = served("[radio]\nbase_noise_figure_db = 15.0\n[radio.lte]\nhandset_power_dbm = 0.0");
    assert!(weak < 0.5 * usual, "{usual} {weak}");
}

#[test]
fn there_is_no_throughput_where_there_is_no_service() {
    let study = study(&["G,X,22.550,106.020,30,LTE,900,10,60,,,"]);
    study.edit(
        "study.toml",
        "[inputs]",
        "[service]\nsignal_threshold_dbm = { LTE = -60.0 }\nbroadband_threshold_dbm = {}\n[inputs]",
    );
    coverage(&study, "out", &[]);
    let (level, down) =
        (raster(&study, "out/coverage/level_lte.tif"), raster(&study, "out/coverage/throughput_down.tif"));
    for (level, down) in level.iter().zip(&down) {
        assert_eq!(*level >= -60.0, down.is_finite(), "{level} dBm {down} Mbit/s");
    }
    assert!(down.iter().any(|down| down.is_finite()) && down.iter().any(|down| down.is_nan()));
}

#[test]
fn the_fastest_uplink_need_not_be_of_the_cell_with_the_fastest_downlink() {
    let lte = "L,X,22.550,106.020,30,LTE,800,20,60,,,";
    let alone = study(&[lte]);
    coverage(&alone, "out", &[]);
    let with_nr = study(&[lte, "N,Y,22.550,106.020,30,NR,3500,100,72,,,"]);
    coverage(&with_nr, "out", &[]);
    let both =
        |study: &SmallStudy| ["down", "up"].map(|way| raster(study, &format!("out/coverage/throughput_{way}.tif")));
    let ([down, up], [most_down, most_up]) = (both(&alone), both(&with_nr));
    assert!(up.iter().zip(&most_up).all(|(up, most)| up.is_nan() || most >= up), "a further cell takes nothing away");
    let split = (0..down.len()).filter(|&i| most_down[i] > down[i] && most_up[i] == up[i]).count();
    assert!(split > 0, "the new carrier is faster down and slower up somewhere");
}

#[test]
fn a_void_before_one_operator_leaves_the_others_known() {
    let study = study(&["Y1,Y,22.550,106.010,30,LTE,900,10,60,,,", "X1,X,22.550,106.090,30,LTE,900,10,-20,,,"]);
    let text = std::fs::read_to_string(study.path("terrain.asc")).unwrap();
    let holed = text.lines().enumerate().map(|(i, line)| {
        let cell =
            |(column, value): (usize, &str)| if i >= 6 && column == 30 { "-9999".into() } else { value.to_owned() };
        line.split(' ').enumerate().map(cell).collect::<Vec<_>>().join(" ") + "\n"
    });
    study.write("terrain.asc", &holed.collect::<String>());
    let found = |out: &str| {
        coverage(&study, out, &[]);
        let value = |file: &str| at(&raster(&study, &format!("{out}/coverage/{file}.tif")), 106.0605, 22.5505);
        ["signal_status", "signal_status_y", "signal_status_x", "operators_served"].map(value)
    };
    assert_eq!(found("out"), [0.0, 0.0, 1.0, 255.0]);

    // of an operator behind the void it is not known whether it serves, whatever the other does
    study.edit("sites.csv", "LTE,900,10,-20", "LTE,900,10,60");
    assert_eq!(found("both"), [3.0, 0.0, 3.0, 255.0]);
}

#[test]
fn foreign_signal_is_not_credited_and_spill_is_mapped() {
    let cells = ["V,X,22.550,106.020,30,LTE,900,10,50,,,", "F,X,22.550,106.090,30,LTE,900,10,60,,,"];
    let study = study(&cells);
    let country = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\
                   \"Polygon\",\"coordinates\":[[[105.9,22.4],[106.05,22.4],[106.05,22.7],[105.9,22.7],[105.9,22.4]]]}}]}";
    study.write("country.geojson", country);
    study.edit("study.toml", "[inputs]\n", "[inputs]\ncountry = \"country.geojson\"\n");
    study.edit("study.toml", "[inputs]", "[coverage]\nborder_limit_dbm = { LTE = -90.0 }\n[inputs]");
    let (files, summary) = coverage(&study, "out", &[]);
    assert!(files.contains_key("coverage/border_spill.tif"));
    let servers = raster(&study, "out/coverage/best_server_lte.tif");
    assert!(servers.iter().all(|&number| number == 0.0 || number == 1.0), "the foreign cell serves nobody");
    let (spill, level) =
        (raster(&study, "out/coverage/border_spill.tif"), raster(&study, "out/coverage/level_lte.tif"));
    for (pixel, (spill, level)) in spill.iter().zip(&level).enumerate() {
        let abroad = pixel % 100 >= 50;
        assert_eq!(spill.is_nan(), !abroad || level.is_nan(), "{pixel}");
        // 3 dB of the user's body
        assert!(spill.is_nan() || (spill - (level + 3.0 + 90.0)).abs() < 1e-4);
    }
    let expected = spill.iter().filter(|spill| **spill > 0.0).count() as f64 * 0.01136;
    let found = summary["statistics"]["spill_km2"].as_f64().unwrap();
    assert!(expected > 1.0 && (found / expected - 1.0).abs() < 0.02, "{found} {expected}");
    // the limit is for an antenna in the open, whatever stands around the study's users
    study.edit("study.toml", "[inputs]\n", "[service]\nenvironment = \"indoor\"\nbody_loss_db = 12.0\n[inputs]\n");
    let (_, indoors) = coverage(&study, "indoors", &[]);
    let indoors = indoors["statistics"]["spill_km2"].as_f64().unwrap();
    assert!((indoors / found - 1.0).abs() < 0.2, "{indoors} {found}");
    // land abroad is not counted
    let land = ["served_km2", "marginal_km2", "unserved_km2", "unknown_km2"];
    let land: f64 = land.iter().map(|key| summary["statistics"]["signal"][key].as_f64().unwrap()).sum();
    assert!((land / (5_000.0 * 0.01136) - 1.0).abs() < 0.02, "{land}");
    let check = notspot().arg("check").arg(study.path("study.toml")).output().unwrap();
    assert!(String::from_utf8_lossy(&check.stdout).contains("1 site(s) stand outside inputs.country"));
}

#[test]
fn an_unknown_site_is_named_with_what_may_be_meant() {
    let study = study(&CELLS);
    let output = notspot()
        .arg("coverage")
        .arg(study.path("study.toml"))
        .args(["-o", study.path("out").to_str().unwrap(), "--cells-of", "A9"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("--cells-of = \"A9\"") && stderr.contains("did you mean"), "{stderr}");
    assert!(!Path::new(&study.path("out")).exists());
}
