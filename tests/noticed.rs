//! What is used as it stands and told of: warnings of studies and of single transmitters, and what must not be told.
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, notspot};
use serde_json::Value;

const STUDY_SITES: &str = "sites = \"sites.csv\"\n";

/// What `notspot check` says of a study that it accepts.
fn checked(study: &SmallStudy) -> String {
    let output = notspot().arg("check").arg(study.path("study.toml")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

/// The small study with lines added below its inputs.
fn with(lines: &str) -> SmallStudy {
    let study = SmallStudy::new();
    study.edit("study.toml", STUDY_SITES, &format!("{STUDY_SITES}{lines}\n"));
    study
}

fn square([west, south, east, north]: [f64; 4], name: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"name\":\"{name}\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":\
         [[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"
    )
}

fn squares(of: &[([f64; 4], &str)]) -> String {
    let all: Vec<String> = of.iter().map(|(corners, name)| square(*corners, name)).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","))
}

/// Runs `coverage` for one transmitter on the small study's terrain; what it says on stderr, and the document.
fn covered(study: &SmallStudy, flags: &[&str]) -> (String, Value) {
    let mut command = notspot();
    command.current_dir(study.folder.path()).args(["coverage", "--json", "--dem", "terrain.asc", "-o", "loss.tif"]);
    let output = command
        .args(["--site", "22.55,106.05", "--frequency", "900", "--tx-height", "30", "--rx-height", "1.5"])
        .args(flags)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    (said, serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn distances_outside_a_models_range_are_told_of() {
    let study = SmallStudy::new();
    for (model, radius, parts) in [
        ("hata", "4", &["distance_km = 0.07", "is outside 1–20 km for hata"][..]),
        ("tr38901-uma", "5.2", &["distance_km = 5.2 is outside 0.01–5 km for tr38901-uma"]),
        ("p1812", "3", &["is outside 0.25–∞ km for p1812 (Rec. ITU-R P.1812-8 §1; free space is taken below)"]),
    ] {
        let (said, document) = covered(&study, &["--model", model, "--radius", radius]);
        let warnings = document["warnings"].to_string();
        assert!(parts.iter().all(|part| said.contains(part) && warnings.contains(part)), "{model}: {said}{warnings}");
    }
    let (said, document) = covered(&study, &["--model", "delta-bullington", "--radius", "3"]);
    assert!(said.is_empty() && document["warnings"] == serde_json::json!([]), "{said}{document}");
}

#[test]
fn a_circle_that_leaves_the_terrain_is_told_of_with_its_share() {
    // 5.1 km to the east and west edge, 5.5 km to the others
    let study = SmallStudy::new();
    let (said, _) = covered(&study, &["--model", "free-space", "--radius", "5"]);
    assert!(!said.contains("of the circle"), "{said}");
    // 10.28 by 11.08 km of a circle of 314.2 km²: 63.8 % lie outside
    let (said, document) = covered(&study, &["--model", "free-space", "--radius", "10"]);
    let share: f64 = said.split(" %").next().unwrap().parse().unwrap();
    assert!((share - 63.8).abs() < 0.5, "{said}");
    assert!(document["warnings"][0].as_str().unwrap().contains("of the circle lies off the elevation rasters"));
}

#[test]
fn extended_hata_gives_every_pixel_its_own_profile() {
    let study = SmallStudy::new();
    let losses = |name: &str, flags: &[&str]| {
        let flags = [&["--model", "ehata", "--radius", "4.5", "--frequency", "1800"][..], flags].concat();
        let mut command = notspot();
        command.current_dir(study.folder.path()).args(["coverage", "--dem", "terrain.asc", "-o", name]);
        command.args(["--site", "22.55,106.048", "--tx-height", "30", "--rx-height", "1.5"]).args(flags);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (std::fs::read(study.path(name)).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (exact, _) = losses("exact.tif", &["--exact"]);
    assert!(losses("standard.tif", &[]).0 == exact);
    let (fine, said) = losses("fine.tif", &["--quality", "fine"]);
    assert!(fine == exact && said.contains("--quality has no effect: ehata takes a profile of its own"), "{said}");
}

#[test]
fn the_parts_of_a_mosaic_are_not_written_over() {
    let study = SmallStudy::new();
    let run = |dem: &str, output: &str| {
        let mut command = notspot();
        command.current_dir(study.folder.path()).args(["coverage", "--dem", dem, "-o", output, "--radius", "1"]);
        let output = command
            .args(["--site", "22.55,106.05", "--frequency", "900", "--tx-height", "30", "--rx-height", "1.5"])
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // a raster of losses stands for one of heights
    assert_eq!(run("terrain.asc", "part.tif").0, Some(0));
    let mosaic = |part: &str| {
        format!(
            "<VRTDataset rasterXSize=\"20\" rasterYSize=\"18\"><SRS>EPSG:4326</SRS><GeoTransform>106.04,0.001,0,22.559,0,-0.001\
             </GeoTransform><VRTRasterBand dataType=\"Float32\" band=\"1\"><SimpleSource><SourceFilename relativeToVRT=\"1\">{part}\
             </SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
        )
    };
    study.write("inner.vrt", &mosaic("part.tif"));
    study.write("outer.vrt", &mosaic("inner.vrt"));
    let before = std::fs::read(study.path("part.tif")).unwrap();
    for dem in ["inner.vrt", "outer.vrt"] {
        let (code, said) = run(dem, "part.tif");
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(&format!("--output: is a part of {dem} (--dem); it would be lost")), "{said}");
    }
    assert!(std::fs::read(study.path("part.tif")).unwrap() == before);
}

#[test]
fn clutter_that_cannot_be_read_is_one_fault_of_its_flag() {
    let study = SmallStudy::new();
    let mut command = notspot();
    command.current_dir(study.folder.path()).args(["coverage", "--dem", "terrain.asc", "-o", "x.tif", "--radius", "1"]);
    command.args(["--site", "22.55,106.05", "--frequency", "900", "--tx-height", "30", "--rx-height", "1.5"]);
    let output = command.args(["--clutter", "nowhere.tif"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("1 error(s), 0 warning(s)") && !said.contains("inputs.land_cover"), "{said}");
}

#[test]
fn a_technology_without_a_level_is_told_of_and_may_be_meant() {
    let said = checked(&with("[service]\nsignal_threshold_dbm = { LTE = -110 }"));
    let expected = "service.signal_threshold_dbm: states nothing for GSM: the 1 GSM cell(s) give no signal";
    assert!(said.contains(expected) && said.contains("or GSM = 0 where that is meant"), "{said}");
    let said = checked(&with("[service]\nsignal_threshold_dbm = { LTE = -110, GSM = 0 }"));
    assert!(!said.contains("states nothing"), "{said}");
    let said = checked(&with("[service]\nbroadband_threshold_dbm = { NR = -105 }"));
    assert!(said.contains("states nothing for LTE: the 1 LTE cell(s) give no broadband"), "{said}");
    // throughputs take the place of levels
    let said = checked(&with("[service]\nbroadband_threshold_dbm = {}\nbroadband_down_mbps = { LTE = 2 }"));
    assert!(!said.contains("states nothing"), "{said}");
}

#[test]
fn communes_of_one_name_are_one_and_overlaps_are_told_of() {
    let study = with("communes = \"communes.geojson\"");
    let (west, east) = ([106.0, 22.5, 106.05, 22.6], [106.05, 22.5, 106.1, 22.6]);
    study.write("communes.geojson", &squares(&[(west, "Xã Một"), (east, "xã  Một")]));
    let said = checked(&study);
    assert!(said.contains("has the name of row 1; both count as one commune"), "{said}");
    let loaded = notspot::study::load(&study.path("study.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.communes.len(), 1);
    assert!(loaded.inside.iter().all(|&inside| inside));

    study.write("communes.geojson", &squares(&[([106.0, 22.5, 106.06, 22.6], "Xã Một"), (east, "Xã Hai")]));
    let said = checked(&study);
    assert!(said.contains("\"Xã Một\" and \"Xã Hai\" overlap by"), "{said}");
    study.write("communes.geojson", &squares(&[(west, "Xã Một"), (east, "Xã Hai")]));
    assert!(!checked(&study).contains("overlap"), "common edges are none");
}

#[test]
fn villages_abroad_are_left_out_and_those_at_the_border_kept() {
    // V2 at 106.058 lies 0.8 km outside, V3 at 106.060 1.03 km
    let study = with("country = \"country.geojson\"");
    study.write("country.geojson", &squares(&[([105.0, 22.0, 106.05, 23.0], "A")]));
    let said = checked(&study);
    assert!(said.contains("\"V2\" lies 822 m outside inputs.country and is kept"), "{said}");
    assert!(said.contains("\"V3\" lies 1027 m outside inputs.country and is left out"), "{said}");
    let loaded = notspot::study::load(&study.path("study.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    let ids: Vec<&str> = loaded.villages.iter().map(|village| village.id.as_str()).collect();
    assert_eq!(ids, ["V1", "V2"]);
    let said = checked(&with("[coverage]\nborder_limit_dbm = { LTE = -100 }"));
    assert!(said.contains("coverage.border_limit_dbm: has no effect: without inputs.country"), "{said}");
}

#[test]
fn operators_that_differ_in_capitals_or_spaces_alone_are_told_of() {
    let study = SmallStudy::new();
    let text = std::fs::read_to_string(study.path("sites.csv")).unwrap();
    study.write("sites.csv", &(text + "S2,operator  a,22.551,106.021,30,LTE,1800,20,omni,0,52,active\n"));
    let said = checked(&study);
    assert!(said.contains("row 4, operator = \"operator  a\": differs in capitals or spaces alone"), "{said}");
    assert!(said.contains("write \"Operator A\" if it is the same"), "{said}");
    study.edit("sites.csv", "operator  a", "Operator B");
    assert!(!checked(&study).contains("differs in capitals"));
}
