//! What villages receive and why they do not: the village table, obstacles, footprints, dead zones, sensitivity.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, notspot};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Row = BTreeMap<String, String>;

fn run(study: &SmallStudy, command: &str, flags: &[&str]) -> (Value, PathBuf) {
    let out = study.path(&format!("out-{command}{}", flags.concat()));
    let output =
        notspot().arg(command).arg(study.path("study.toml")).arg("-o").arg(&out).arg("--json").args(flags).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), out)
}

fn rows(path: &Path) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, field: &str) -> f64 {
    row[field].parse().unwrap_or_else(|_| panic!("{field} is {:?}", row[field]))
}

/// `UPDATE_GOLDEN=1 cargo test --test service` writes the table anew.
#[test]
fn the_village_table_is_the_golden_one() {
    let study = SmallStudy::new();
    let (_, out) = run(&study, "run", &[]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/villages.csv");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::copy(out.join("villages.csv"), &path).unwrap();
    }
    let header = |path: &Path| csv::Reader::from_path(path).unwrap().headers().unwrap().clone();
    assert_eq!(header(&out.join("villages.csv")), header(&path));
    let (found, golden) = (rows(&out.join("villages.csv")), rows(&path));
    assert_eq!(found.len(), golden.len());
    for (found, golden) in found.iter().zip(&golden) {
        for (field, expected) in golden {
            let text = &found[field];
            let same = match (text.parse::<f64>(), expected.parse::<f64>()) {
                // the last place that the table shows may round the other way elsewhere
                (Ok(found), Ok(expected)) => {
                    let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
                    (found - expected).abs()
                        < 1.5 * 0.1f64.powi(decimals as i32) * f64::from(u8::from(decimals > 0)) + 1e-9
                }
                _ => text == expected,
            };
            assert!(same, "{} {field}: {text:?} in place of {expected:?}", golden["id"]);
        }
    }
}

#[test]
fn the_ridge_is_the_obstacle() {
    let study = SmallStudy::new();
    let (_, out) = run(&study, "gaps", &[]);
    let villages = rows(&out.join("villages.csv"));
    // the ridge of 600 m runs along 106.05 E, 0.008° west of V2: 823 m at 22.55° N; the site stands at 200 m
    let v2 = &villages[1];
    assert!((number(v2, "server_1_obstacle_km") - 0.823).abs() < 0.12, "{v2:?}");
    assert!((number(v2, "server_1_obstacle_amsl_m") - 590.0).abs() < 11.0, "{v2:?}");
    // the line rises from 230 m to 248.5 m, as the village stands at 247 m on the ridge's foot; near the ridge it is at 245 m
    let above_m = number(v2, "server_1_obstacle_amsl_m") - 245.0;
    assert!((number(v2, "server_1_obstacle_above_line_m") - above_m).abs() < 2.0, "{v2:?}");
    assert!(number(v2, "server_1_obstacle_nu") > 10.0, "{v2:?}");
    assert_eq!(villages[0]["server_1_obstacle_km"], "", "V1 is in sight of the site");
    let html = {
        let (_, out) = run(&study, "report", &[]);
        std::fs::read_to_string(out.join("report.html")).unwrap()
    };
    assert!(html.contains("bị che bởi đỉnh cao") && html.contains("cao hơn tia"), "the list says what blocks");
}

#[test]
fn a_dead_zone_has_a_reason_a_remedy_and_land() {
    let study = SmallStudy::new();
    let (summary, out) = run(&study, "gaps", &[]);
    let zone = &summary["dead_zones"][0];
    assert_eq!((zone["reason"].as_str(), zone["people"].as_u64()), (Some("terrain"), Some(500)), "{zone:#}");
    assert_eq!((zone["households"].as_u64(), zone["villages_without_electricity"].as_u64()), (Some(120), Some(1)));
    assert_eq!((zone["remedy"].as_str(), &zone["not_spot_km2"]), (Some("high_ground"), &Value::Null));
    assert!(zone["advice"].as_str().unwrap().contains("1 of 2 villages has no electricity"), "{zone:#}");
    assert!(!out.join("coverage").exists(), "gaps alone compute no rasters");

    let (summary, out) = run(&study, "run", &[]);
    let km2 = summary["dead_zones"][0]["not_spot_km2"].as_f64().unwrap();
    // 1.5 km around two villages 0.7 km apart: 7.07 to 9.2 km², less what the ridge's west side has
    assert!((4.0..9.2).contains(&km2), "{km2}");
    let land: Value = serde_json::from_slice(&std::fs::read(out.join("geojson/gap_land.geojson")).unwrap()).unwrap();
    assert_eq!(land["features"][0]["properties"]["gap"], "G1");
    let polygon = land["features"][0]["geometry"]["coordinates"][0][0].as_array().unwrap();
    assert!(polygon.len() > 8 && polygon.len() < 400, "{} corners", polygon.len());
    let corner = |point: &Value| (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
    for (lon, lat) in polygon.iter().map(corner) {
        assert!((106.04..106.08).contains(&lon) && (22.53..22.575).contains(&lat), "{lon} {lat}");
    }

    let text = notspot().arg("gaps").arg(study.path("study.toml")).arg("-o").arg(study.path("text")).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("G1 ") && text.contains("- Bản Đông, Xã Một (V2)") && text.contains("Terrain blocks the way")
    );
    assert!(text.contains("villages without by prediction at 90 %: "), "{text}");
}

#[test]
fn public_outputs_name_no_site_in_obstacles_and_remedies() {
    let study = SmallStudy::new();
    let (summary, out) = run(&study, "run", &["--public"]);
    assert_eq!(summary["dead_zones"][0]["remedy_site"], Value::Null);
    assert_eq!(summary["dead_zones"][0]["not_spot_km2"], Value::Null);
    for village in rows(&out.join("villages.csv")) {
        assert!(village.iter().all(|(field, value)| !field.starts_with("server_") || value.is_empty()), "{village:?}");
    }
    let html = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(!html.contains("S1"), "no site is named");
}

#[test]
fn the_survey_wins_in_planning_unless_the_study_says_otherwise() {
    let study = SmallStudy::new();
    study.edit("villages.csv", "100,yes,yes,yes,80", "100,yes,no,yes,80");
    study.edit("study.toml", "[inputs]", "[gaps]\nlink_distance_km = 1.0\n[inputs]");
    let (summary, out) = run(&study, "gaps", &[]);
    assert_eq!(summary["signal"]["gap_villages"], 3);
    let disagreements = rows(&out.join("disagreements.csv"));
    assert_eq!(disagreements.len(), 1);
    let of = |field: &str| disagreements[0][field].as_str();
    assert_eq!([of("service"), of("id"), of("surveyed"), of("predicted")], ["signal", "V1", "no", "served"]);
    assert_eq!((of("server_site"), of("server_operator")), ("S1", "Operator A"));
    assert!(number(&disagreements[0], "probability") > 0.9 && number(&disagreements[0], "server_level_dbm") > -90.0);
    let zone = summary["dead_zones"].as_array().unwrap().iter().find(|z| z["villages"][0]["id"] == "V1").unwrap();
    assert_eq!((zone["reason"].as_str(), zone["remedy"].as_str()), (Some("unexplained"), Some("measure")));
    assert_eq!(zone["remedy_site"], "S1");
    study.edit("study.toml", "[inputs]", "[service]\nsurvey_wins = false\n[inputs]");
    let (summary, _) = run(&study, "plan", &[]);
    assert_eq!(summary["signal"]["gap_villages"], 2);
    assert_eq!(summary["plan"]["people_served"], 500, "V1 is predicted to have a signal and is not planned for");
}

#[test]
fn sensitivity_moves_the_count_with_the_threshold() {
    let study = SmallStudy::new();
    let (summary, out) = run(&study, "gaps", &[]);
    let all = rows(&out.join("sensitivity.csv"));
    assert_eq!(all.len(), 2 * 2 * 6 * 41);
    let without = |service: &str, survey: &str, p: &str, shift: &str| {
        let same = |r: &&Row| {
            (r["service"].as_str(), r["survey_wins"].as_str()) == (service, survey)
                && (r["required_probability"].as_str(), r["threshold_shift_db"].as_str()) == (p, shift)
        };
        number(all.iter().find(same).unwrap(), "villages_without")
    };
    assert_eq!(without("signal", "no", "0.900", "0"), 2.0);
    assert_eq!(without("signal", "yes", "0.500", "-20"), 2.0, "the survey does not move with the threshold");
    for service in ["signal", "broadband"] {
        for p in ["0.500", "0.990"] {
            let counts: Vec<f64> = (-20..=20).map(|db: i32| without(service, "no", p, &db.to_string())).collect();
            assert!(counts.windows(2).all(|pair| pair[0] <= pair[1]), "{service} {p}: {counts:?}");
        }
        assert!(without(service, "no", "0.990", "0") >= without(service, "no", "0.500", "0"));
    }
    let signal = &summary["sensitivity"][0];
    assert_eq!((signal["service"].as_str(), signal["threshold_dbm"].as_f64()), (Some("signal"), Some(-115.0)));
    assert_eq!((&signal["technology"], signal["steps"].as_array().unwrap().len()), (&Value::from("LTE"), 5));
}

/// Villages as squares of 0.004° round their points, V3 without people and households.
fn with_footprints(study: &SmallStudy) {
    let square = |id: &str, lon: f64, people: &str| {
        let (w, e, s, n) = (lon - 0.002, lon + 0.002, 22.548, 22.552);
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\",\"name\":\"{id}\"{people}}},\"geometry\":{{\"type\":\
             \"Polygon\",\"coordinates\":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}"
        )
    };
    let features = [
        square("V1", 106.03, ",\"population\":400"),
        square("V2", 106.051, ",\"population\":300"),
        square("V3", 106.07, ""),
    ];
    study.write(
        "villages.geojson",
        &format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",")),
    );
    study.edit("study.toml", "villages.csv", "villages.geojson");
    let rows = format!("{}\n", ["2"; 100].join(" ")).repeat(100);
    let header = "ncols 100\nnrows 100\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\nNODATA_value -9999\n";
    study.write("people.asc", &format!("{header}{rows}"));
    std::fs::copy(study.path("terrain.prj"), study.path("people.prj")).unwrap();
    study.edit("study.toml", "[inputs]\n", "[inputs]\npopulation = \"people.asc\"\n");
}

#[test]
fn footprints_have_shares_and_take_people_from_a_raster() {
    let study = SmallStudy::new();
    with_footprints(&study);
    let (_, out) = run(&study, "run", &[]);
    let villages = rows(&out.join("villages.csv"));
    // 4 by 4 pixels of two people each
    assert_eq!((villages[2]["population"].as_str(), villages[2]["people"].as_str()), ("32", "32"));
    assert_eq!(villages[0]["population"], "400", "what the table states stays");
    let share = |village: usize| number(&villages[village], "footprint_signal_share");
    assert_eq!(share(0), 1.0);
    assert!(share(1) > 0.0 && share(1) < 1.0, "V2 lies across the ridge: {}", share(1));
    assert_eq!(share(2), 0.0);
    let (_, out) = run(&study, "gaps", &[]);
    let sampled = rows(&out.join("villages.csv"));
    assert_eq!(number(&sampled[0], "footprint_signal_share"), 1.0);
    let (of_nine, of_pixels) = (number(&sampled[1], "footprint_signal_share"), share(1));
    assert!((of_nine - of_pixels).abs() < 0.35, "{of_nine} of nine profiles, {of_pixels} of the pixels");
    let check = notspot().arg("check").arg(study.path("study.toml")).output().unwrap();
    let text = String::from_utf8_lossy(&check.stdout).into_owned() + &String::from_utf8_lossy(&check.stderr);
    assert!(
        text.contains("is not stated for 1 village(s), nor are households; the people of inputs.population"),
        "{text}"
    );
}
