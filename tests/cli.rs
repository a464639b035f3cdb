//! The real binary: every exit code, messages that name file, row and field, and nothing half-written.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of, notspot};
use serde_json::Value;

fn check(study: &SmallStudy) -> (i32, String) {
    let output = notspot().arg("check").arg(study.path("study.toml")).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_sound_study_passes_its_check() {
    let (code, text) = check(&SmallStudy::new());
    assert_eq!(code, 0, "{text}");
    assert!(text.ends_with("0 error(s), 0 warning(s)\n"), "{text}");
}

/// What is changed in a study, and what the message must hold.
struct Fault {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    says: &'static [&'static str],
}

const FAULTS: &[Fault] = &[
    Fault {
        file: "villages.csv",
        from: ",106.0",
        to: ",103.0",
        says: &["3 of 3 villages lie off the terrain", "is the coordinate system right"],
    },
    Fault {
        file: "sites.csv",
        from: "900,0.2",
        to: "7200,0.2",
        says: &["sites.csv, row 2", "frequency_mhz = 7200 is outside 30–6000 MHz for p1812"],
    },
    Fault {
        file: "study.toml",
        from: "villages =",
        to: "vilages =",
        says: &["study.toml, row 8, inputs.vilages", "did you mean \"villages\"?"],
    },
    Fault { file: "study.toml", from: "villages =", to: "vilages =", says: &["inputs.villages: is missing"] },
    Fault {
        file: "study.toml",
        from: "synthetic = true",
        to: "synthetic = 1",
        says: &["row 2, synthetic: is a whole number; true or false is needed"],
    },
    Fault { file: "study.toml", from: "\"vi\"", to: "\"fr\"", says: &["language = \"fr\"", "vi, en"] },
    Fault { file: "study.toml", from: "2026-01-01", to: "2026-02-30", says: &["date = \"2026-02-30\"", "YYYY-MM-DD"] },
    Fault { file: "study.toml", from: "terrain.asc", to: "nowhere.tif", says: &["nowhere.tif: file does not exist"] },
    Fault {
        file: "study.toml",
        from: "\"villages.csv\"",
        to: "\"villages.docx\"",
        says: &["villages.docx: file does not exist"],
    },
    Fault {
        file: "study.toml",
        from: "villages = \"villages.csv\"",
        to: "villages = { fille = \"villages.csv\", csr = \"EPSG:9210\" }",
        says: &[
            "inputs.villages.fille: is no key of the study file; known here: crs, encoding, file, layer (did you mean \"file\"?)",
            "inputs.villages.csr: is no key",
            "inputs.villages.file: is missing",
        ],
    },
    Fault {
        file: "study.toml",
        from: "villages = \"villages.csv\"",
        to: "villages = 3",
        says: &["inputs.villages: is a whole number; a text in quotes or a table is needed"],
    },
    Fault {
        file: "study.toml",
        from: "villages = \"villages.csv\"",
        to: "villages = { file = \"villages.csv\", crs = \"EPSG:99999999\" }",
        says: &["villages.csv, crs = \"EPSG:99999999\": is no coordinate reference system"],
    },
    Fault { file: "study.toml", from: "name = \"Small\"", to: "name = Small", says: &["study.toml, row 1"] },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[service]\nrequired_probability = 9.0\nbody_loss_db = -1.0\n[inputs]",
        says: &["service.required_probability = \"9\": is outside 0.5 to 0.99", "service.body_loss_db = \"-1\""],
    },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[propagation]\nmodel = \"fre-space\"\n[inputs]",
        says: &["did you mean \"free-space\"?"],
    },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[planning]\nobjective = \"most-people-budget\"\n[inputs]",
        says: &["planning.budget_million_vnd: is missing"],
    },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[planning]\nobjective = \"least-coast\"\n[inputs]",
        says: &["did you mean \"least-cost\"?"],
    },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[planning.costs]\nsite = -5\n[inputs]",
        says: &["planning.costs.site = \"-5\""],
    },
    Fault { file: "villages.csv", from: "id,name", to: "id,nom", says: &["villages.csv, name: column is missing"] },
    Fault {
        file: "villages.csv",
        from: "V2,",
        to: "V1,",
        says: &["villages.csv, row 3, id = \"V1\": is already used in row 2"],
    },
    Fault { file: "villages.csv", from: "106.058", to: "NaN", says: &["villages.csv, row 3, lon = \"NaN\""] },
    Fault { file: "villages.csv", from: "106.058", to: "inf", says: &["row 3, lon = \"inf\""] },
    Fault { file: "villages.csv", from: "106.058", to: "1x", says: &["row 3, lon = \"1x\": is not a number"] },
    Fault { file: "villages.csv", from: "106.058,22.550", to: "106.058,", says: &["row 3, lat"] },
    Fault { file: "villages.csv", from: "300,70", to: "-300,70", says: &["row 3, population = \"-300\""] },
    Fault {
        file: "villages.csv",
        from: "300,70",
        to: "300.5,70",
        says: &["row 3, population = \"300.5\": is not a whole number"],
    },
    Fault {
        file: "villages.csv",
        from: "yes,no,no,\n",
        to: "yes,maybe,no,\n",
        says: &["row 3, reported_signal = \"maybe\": must be yes, no or unknown"],
    },
    Fault {
        file: "villages.csv",
        from: "400,100,yes,yes,yes,80",
        to: "400,100,yes,yes,yes,180",
        says: &["row 2, fixed_broadband_households = \"180\": is more than the 100 households"],
    },
    Fault {
        file: "villages.csv",
        from: "yes,no,no,\n",
        to: "yes,no,no\n",
        says: &["villages.csv, row 3: has 10 value(s), the header has 11"],
    },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[coverage]\nradius_km = { LTE = 10 }\n[inputs]",
        says: &["coverage.radius_km.GSM: is missing; sites.csv has GSM cells"],
    },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[planning]\nservice = \"broadband\"\n[service]\nbroadband_threshold_dbm = {}\n[inputs]",
        says: &["service.broadband_threshold_dbm: asks for nothing of any technology, so none gives broadband"],
    },
    Fault {
        file: "villages.csv",
        from: "lon,lat",
        to: "lon,lattt",
        says: &["villages.csv, lat: column is missing", "did you mean \"lattt\"?", "1 error(s)"],
    },
    Fault {
        file: "villages.csv",
        from: "Xã Một",
        to: "Xã\0Một",
        says: &["villages.csv: is no text that is recognised: it holds zero bytes"],
    },
    Fault {
        file: "sites.csv",
        from: "LTE,1800",
        to: "WiMAX,1800",
        says: &["sites.csv, row 3, technology = \"WiMAX\": must be GSM, UMTS, LTE or NR"],
    },
    Fault {
        file: "sites.csv",
        from: "30,GSM",
        to: "0,GSM",
        says: &["sites.csv, row 2, height_m = \"0\": is outside 1 to 500"],
    },
    Fault {
        file: "sites.csv",
        from: "S1,Operator A,22.550,106.020,30,LTE",
        to: "S1,Operator A,22.560,106.020,30,LTE",
        says: &[
            "row 2, site_id = \"S1\": lies 554 m from the middle of the site's cells; they stand within 100 m of it",
        ],
    },
    Fault {
        file: "sites.csv",
        from: "S1,Operator A,22.550,106.020,30,LTE",
        to: "S2,Operator A,23.550,106.020,30,LTE",
        says: &["sites.csv, row 3, lon, lat: \"S2\" at 106.02000 E, 23.55000 N has no terrain height"],
    },
    Fault { file: "sites.csv", from: "52,active", to: "52,maybe", says: &["row 3, status = \"maybe\""] },
    Fault { file: "terrain.asc", from: "ncols 100", to: "ncols -100", says: &["terrain.asc: "] },
];

#[test]
fn every_fault_is_named_and_leaves_no_output() {
    for fault in FAULTS {
        let study = SmallStudy::new();
        study.edit(fault.file, fault.from, fault.to);
        let (code, text) = check(&study);
        assert_eq!(code, 2, "{} → {}: {text}", fault.from, fault.to);
        for words in fault.says {
            assert!(text.contains(words), "{} → {}\nexpected {words}\ngot {text}", fault.from, fault.to);
        }
        let out = study.path("out");
        let run = notspot().arg("run").arg(study.path("study.toml")).arg("-o").arg(&out).output().unwrap();
        let message = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{message}");
        assert!(run.stdout.is_empty());
        assert!(!out.exists());
        let hidden = std::fs::read_dir(study.folder.path()).unwrap().count();
        assert_eq!(hidden, 5, "nothing is left beside the five files of the study");
    }
}

/// What is changed in a study, and the warning that must come; the check still passes.
const WARNINGS: &[Fault] = &[
    Fault {
        file: "villages.csv",
        from: "reported_broadband",
        to: "dan_so",
        says: &["dan_so: column is not read; it means the same as \"population\""],
    },
    Fault {
        file: "villages.csv",
        from: "reported_signal",
        to: "reported_sigal",
        says: &["reported_sigal: column is not read", "did you mean \"reported_signal\"?"],
    },
    Fault { file: "sites.csv", from: "eirp_dbm", to: "power", says: &["power: is read as dBm"] },
    Fault {
        file: "study.toml",
        from: "[inputs]",
        to: "[propagation]\nmodel = \"tr38901-uma\"\n[inputs]",
        says: &["coverage.radius_km.LTE: distance_km = 15 is outside 0.01–5 km for tr38901-uma"],
    },
    Fault {
        file: "sites.csv",
        from: "site_id,operator,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,antenna,feeder_loss_db,eirp_dbm,status\nS1,Operator A,22.550,106.020,30,GSM,900,0.2,omni,0,50,active\nS1,Operator A,22.550,106.020,30,LTE,1800,20,omni,0,52,active\n",
        to: "lat,lon,radio_type,antenna_height\n22.550,106.020,GSM,30\n22.550,106.020,LTE,30\n",
        says: &["site_id: is not stated for 2 cell(s)", "eirp_dbm: is not stated for 2 cell(s)"],
    },
    Fault { file: "sites.csv", from: "900,0.2", to: "26000,0.2", says: &["sites.csv, row 2: frequency_mhz = 26000"] },
    Fault {
        file: "sites.csv",
        from: "antenna,feeder_loss_db,eirp_dbm,status\n",
        to: "remarks,feeder_loss_db,eirp_dbm,azimuth_deg\n",
        says: &["antenna: is not known for 2 cell(s) with an azimuth; the built-in pattern sector-65"],
    },
    Fault { file: "villages.csv", from: "400,100", to: ",", says: &["population: is not stated for 1 village(s)"] },
    Fault { file: "terrain.asc", from: "NODATA_value -9999", to: "NODATA_value -8888", says: &[] },
];

#[test]
fn what_is_assumed_or_unused_is_said() {
    for warning in WARNINGS {
        let study = SmallStudy::new();
        study.edit(warning.file, warning.from, warning.to);
        if warning.to.contains("26000") {
            study.edit("study.toml", "[inputs]", "[propagation]\nmodel = \"delta-bullington\"\n[inputs]");
        }
        if warning.to.contains("azimuth_deg") {
            study.edit("sites.csv", "50,active", "50,120");
            study.edit("sites.csv", "52,active", "52,240");
        }
        if warning.to.contains("400,100") || warning.to == "," {
            study.edit("villages.csv", "yes,yes,yes,80", "yes,yes,yes,");
        }
        let (code, text) = check(&study);
        assert_eq!(code, 0, "{} → {}: {text}", warning.from, warning.to);
        for words in warning.says {
            assert!(text.contains(words), "{} → {}\nexpected {words}\ngot {text}", warning.from, warning.to);
        }
    }
}

#[test]
fn a_table_may_state_its_system_and_encoding() {
    let study = SmallStudy::new();
    // V2 at 106.058 E, 22.550 N, in UTM 48N (gdaltransform)
    study.write("villages.csv", "id,name,x,y,population\nV2,Bản Đông,608785.93,2494091.51,300\n");
    let stated = "villages = { file = \"villages.csv\", crs = \"EPSG:32648\", encoding = \"utf-8\" }";
    study.edit("study.toml", "villages = \"villages.csv\"", stated);
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    assert!(text.ends_with("0 error(s), 0 warning(s)\n"), "{text}");
    study.edit("study.toml", "EPSG:32648", "EPSG:32649");
    let (_, text) = check(&study);
    assert!(text.contains("\"V2\" at 112"), "{text}");
}

/// The villages' table, and what the check says of it.
const TABLES: &[(&str, &str, &[&str])] = &[
    (
        "id;name;lon;lat;population\nV1;a;106,03;22,55;1.234\nV2;b;106.058;22.550;1 200\n",
        "",
        &["0 error(s), 0 warning(s)"],
    ),
    ("id,name,lon,lat,population\nV1,a,\"106°01'48\"\"E\",22°33'N,1234\n", "", &["0 error(s), 0 warning(s)"]),
    (
        "id;name;lon;lat;population;priority\nV1;a;106,03;22,55;12.000;1.234\n",
        "",
        &["population = \"12.000\": may mean 12000 or 12"],
    ),
    ("id,name,lon,lat,population\nV1,a,\"106,03\",22.55,3\n", "", &["lon = \"106,03\": is not a number"]),
    (
        "id,name,lon,lat,population\nV1,a,106.03,22.55,\"3,5\"\n",
        "",
        &["has a decimal comma, which is read only", "write 3.5"],
    ),
    (
        "id,name,lon,lat,population\nV1,a,22.55,106.03,3\n",
        "",
        &["row 2, lat = \"106.03\": is outside -90 to 90; lon and lat look swapped"],
    ),
    ("id,name,lon,lat,population\nV1,a,22°33'N,106°2'E,3\n", "", &["has the direction of the other coordinate"]),
    (
        "id,name,x,y,population\nV1,a,528000.5,2494000,3\n",
        "",
        &["looks like metres of VN-2000 or UTM: state crs = \"EPSG:9210\""],
    ),
    ("id,name,x,y,population\nV1,a,2494000,528000,3\n", "EPSG:9210", &["name the columns northing and easting"]),
    ("id,name,northing,easting,population\nV1,a,2494589.98,528601.93,3\n", "EPSG:9210", &["0 error(s), 0 warning(s)"]),
    ("id,name,lon,lat,population\nV1,a,0,0,3\n", "", &["marks a missing position"]),
    (
        "id,name,lon,lat,population\nV1,a,fog,22.55,3\n",
        "",
        &["lon = \"fog\": is not a number or an angle; write 106.2561 or 106°15'22\"E"],
    ),
];

#[test]
fn numbers_and_coordinates_are_read_or_named() {
    for (table, crs, says) in TABLES {
        let study = SmallStudy::new();
        study.write("villages.csv", table);
        let stated = format!("villages = {{ file = \"villages.csv\", crs = \"{crs}\" }}");
        if !crs.is_empty() {
            study.edit("study.toml", "villages = \"villages.csv\"", &stated);
        }
        let (_, text) = check(&study);
        for part in *says {
            assert!(text.contains(part), "{table}\nsays\n{text}\nwithout {part:?}");
        }
    }
}

#[test]
fn heights_that_cannot_be_are_missing_and_named() {
    let study = SmallStudy::new();
    study.edit("terrain.asc", "NODATA_value -9999", "NODATA_value -8888");
    let text = std::fs::read_to_string(study.path("terrain.asc")).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[20] = lines[20].replacen("200", "-9999", 2);
    study.write("terrain.asc", &(lines.join("\n") + "\n"));
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    let words = "terrain.asc = \"-9999\": 2 pixel(s) have heights outside -500 to 9000 m and count as missing";
    assert!(text.contains(words), "{text}");
}

#[test]
fn geometry_outranks_columns_and_disagreement_is_told() {
    let study = SmallStudy::new();
    let feature = |id: &str, lon: f64, extra: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}","name":"{id}"{extra}}},"geometry":{{"type":"Point","coordinates":[{lon},22.55]}}}}"#
        )
    };
    let features = [feature("A", 106.03, r#","lon":106.04,"lat":22.55"#), feature("B", 106.06, "")].join(",");
    study.write("villages.geojson", &format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#));
    study.edit("study.toml", "villages.csv", "villages.geojson");
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("villages.geojson, row 1, geometry: lies 1029 m from the stated coordinates"), "{text}");
    let loaded = notspot::study::load(&study.path("study.toml")).unwrap();
    assert!((loaded.villages[0].position.lon_deg - 106.03).abs() < 1e-9);
}

#[test]
fn a_misspelt_key_does_not_hide_the_faults_of_tables() {
    let study = SmallStudy::new();
    study.edit("study.toml", "synthetic = true", "synthetik = true");
    study.edit("villages.csv", "V2,", "V1,");
    let (code, text) = check(&study);
    assert_eq!(code, 2);
    assert!(text.contains("did you mean \"synthetic\"?") && text.contains("is already used in row 2"), "{text}");
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let study = SmallStudy::new();
    study.edit("villages.csv", "106.058", "200");
    study.edit("villages.csv", "V3,", "V1,");
    study.edit("sites.csv", "LTE,1800", "LTE,7e9");
    study.edit("study.toml", "\"Small\"", "\"Small\"\n");
    let output = notspot().args(["check", "--json"]).arg(study.path("study.toml")).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["schema"], "notspot/check/1");
    assert_eq!(answer["errors"], 3, "{answer}");
    let files: Vec<&str> = answer["problems"].as_array().unwrap().iter().map(|p| p["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["villages.csv", "villages.csv", "sites.csv"]);
    assert_eq!(answer["problems"][0]["row"], 3);
    assert_eq!(answer["problems"][0]["field"], "lon");
    assert_eq!(answer["problems"][0]["value"], "200");
}

#[test]
fn a_new_study_is_complete_but_for_its_terrain() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("mine");
    notspot().arg("new").arg(&dir).assert().success();
    let output = notspot().arg("check").arg(dir.join("study.toml")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("terrain.tif: file does not exist"), "{text}");
    assert!(text.ends_with("1 error(s), 0 warning(s)\n"), "{text}");
    notspot().arg("new").arg(&dir).assert().code(2);
}

#[test]
fn the_template_states_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("mine");
    notspot().arg("new").arg(&dir).assert().success();
    let text = std::fs::read_to_string(dir.join("study.toml")).unwrap();
    let needed = |line: &str| {
        let key = line.trim_start_matches("# ");
        // keys that have no default, and optional files
        ![
            "communes =",
            "survey =",
            "survey_lists =",
            "gazetteer =",
            "name_matches =",
            "commune_mapping =",
            "roads =",
            "power_lines =",
            "antennas =",
            "land_cover =",
            "zones =",
            "population =",
            "delta_n_map =",
            "n0_map =",
            "calibration =",
            "candidates = \"",
            "exclusions =",
            "operator =",
            "facility_weights",
            "revenue_per_person_year",
            "years =",
            "budgets_million_vnd",
            "busy_hour_mbps_per_person",
            "generate =",
            "upgrades =",
            "required_probability = 0.9         # from which a new site",
            "heights_m = [",
            "budget_million_vnd",
            "max_sites",
            "operators =",
            "site_spare_mbps",
            "commune_mast_m",
            "position_grid_km",
            "preset",
            "shadowing_sigma_db",
            "broadband_down_mbps",
            "broadband_up_mbps",
        ]
        .iter()
        .any(|k| key.starts_with(k))
    };
    let uncommented: String = text
        .lines()
        .filter(|line| needed(line))
        .map(|line| match line.strip_prefix("# ") {
            Some(key) if key.split_once(" = ").is_some_and(|(k, _)| !k.contains(' ')) => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let parse = |text: &str| toml::from_str::<notspot::study::StudyFile>(text).unwrap();
    let json = |study: &notspot::study::StudyFile| serde_json::to_value(study).unwrap();
    let mut stated = json(&parse(&uncommented));
    assert_eq!(stated["propagation"]["parameters"]["delta_n"], 45.0);
    stated["propagation"]["parameters"] = serde_json::json!({});
    assert_eq!(stated, json(&parse(&text)));
}

#[test]
fn outputs_replace_only_outputs() {
    let study = SmallStudy::new();
    let gaps = |out: &std::path::Path| {
        notspot().arg("gaps").arg(study.path("study.toml")).arg("-o").arg(out).output().unwrap().status.code().unwrap()
    };
    let out = study.path("out");
    assert_eq!((gaps(&out), gaps(&out)), (0, 0));
    let before = files_of(&out);
    assert!(before.contains_key("run.json") && before.contains_key("villages.csv"));
    study.edit("villages.csv", "V2,", "V1,");
    assert_eq!(gaps(&out), 2);
    assert_eq!(files_of(&out), before, "a failed run leaves the earlier outputs");
    study.edit("villages.csv", "V1,Bản Đông", "V2,Bản Đông");
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    assert_eq!(gaps(&out), 2, "a file that no run wrote would be lost");
    std::fs::remove_file(out.join("notes.txt")).unwrap();
    assert_eq!(gaps(&out), 0);
    let mine = study.path("mine");
    std::fs::create_dir(&mine).unwrap();
    std::fs::write(mine.join("thesis.txt"), "x").unwrap();
    assert_eq!(gaps(&mine), 2);
    assert_eq!(files_of(&mine).len(), 1);
}

#[test]
fn usage_errors_are_2_and_help_is_0() {
    for arguments in
        [&["frobnicate"][..], &[], &["run"], &["check"], &["coverage", "-o", "x.tif"], &["--threads", "0", "models"]]
    {
        notspot().args(arguments).assert().code(2);
    }
    for arguments in [&["--help"][..], &["--version"], &["formats"], &["formats", "--json"], &["completions", "bash"]] {
        notspot().args(arguments).assert().success();
    }
    let missing = notspot().args(["check", "no-such-study.toml"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stdout).contains("no-such-study.toml: cannot be read"));
}

#[test]
fn one_transmitter_needs_all_its_numbers() {
    let study = SmallStudy::new();
    let run = |change: &[(&str, &str)]| {
        let mut arguments = vec![
            ("--site", "22.55,106.02"),
            ("--frequency", "900"),
            ("--tx-height", "30"),
            ("--rx-height", "1.5"),
            ("--radius", "3"),
        ];
        for &(name, value) in change {
            match arguments.iter_mut().find(|(n, _)| *n == name) {
                Some(argument) => argument.1 = value,
                None => arguments.push((name, value)),
            }
        }
        let out = study.path("loss.tif");
        let mut command = notspot();
        command.args(["coverage", "--json", "--dem"]).arg(study.path("terrain.asc")).arg("-o").arg(&out);
        arguments.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
            command.arg(format!("{name}={value}"));
        });
        let output = command.output().unwrap();
        let written = std::fs::remove_file(&out).is_ok();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
            written,
        )
    };
    let (code, stdout, stderr, written) = run(&[]);
    assert_eq!((code, written), (0, true), "{stderr}");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    // π·(3 km)² over pixels of 0.001°: 110.74 m × 102.8 m at 22.55° N, less what lies west of the raster
    assert!((2_200..2_500).contains(&answer["receivers"].as_u64().unwrap()), "{answer}");
    assert_eq!(answer["missing_terrain"], 0);
    for (out, says) in [
        ("terrain.asc", "is no GeoTIFF"),
        ("", "is no GeoTIFF"),
        ("no/such/folder/loss.tif", "lies in a folder that does not exist"),
        ("folder.tif", "is a folder; name a file"),
        ("link.tif", "is no regular file"),
        ("input.tif", "is one of the rasters of --dem; it would be lost"),
    ] {
        let _ = std::fs::create_dir(study.path("folder.tif"));
        let _ = std::os::unix::fs::symlink(study.path("elsewhere.tif"), study.path("link.tif"));
        let input = common::demo().join("terrain.tif");
        let _ = std::fs::copy(&input, study.path("input.tif"));
        let before = std::fs::read(study.path("input.tif")).unwrap();
        let numbers = "--json --site 22.55,106.02 --frequency 900 --tx-height 30 --rx-height 1.5 --radius 3";
        let output = notspot()
            .arg("coverage")
            .args(numbers.split(' '))
            .arg("--dem")
            .arg(study.path("input.tif"))
            .arg("-o")
            .arg(study.path(out))
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{out}: {stderr}");
        assert!(stderr.contains(says), "{out}: {stderr}");
        assert_eq!(std::fs::read(study.path("input.tif")).unwrap(), before);
    }
    for (change, says) in [
        (("--frequency", ""), "--frequency: is missing"),
        (("--frequency", "0"), "--frequency = \"0\""),
        (("--radius", "-1"), "--radius = \"-1\""),
        (("--site", "22.55,109.0"), "not"),
        (("--model", "p9999"), "p9999"),
    ] {
        let (code, _, stderr, written) = run(&[change]);
        assert_eq!((code, written), (2, false), "{change:?} {stderr}");
        assert!(stderr.contains(says), "{change:?} {stderr}");
    }
}

#[test]
fn maps_of_the_itu_give_the_refractivity() {
    let study = SmallStudy::new();
    let map = |value: &str| format!("{}\n", vec![value; 241].join(" ")).repeat(121);
    study.write("DN50.TXT", &map("61.5"));
    study.write("N050.TXT", &map("340"));
    let link = |extra: &[&str]| {
        let [dem, delta_n, n0] = ["terrain.asc", "DN50.TXT", "N050.TXT"].map(|name| study.path(name));
        let mut command = notspot();
        command.arg("link").arg("--dem").arg(dem).arg("--delta-n-map").arg(delta_n).arg("--n0-map").arg(n0);
        command.args(["--from", "22.55,106.02", "--to", "22.55,106.08", "--frequency", "900"]);
        command.args(["--tx-height", "30", "--rx-height", "1.5", "--json"]).args(extra).output().unwrap()
    };
    let answer: Value = serde_json::from_slice(&link(&[]).stdout).unwrap();
    assert_eq!((&answer["parameters"]["delta_n"], &answer["parameters"]["n0"]), (&61.5.into(), &340.0.into()));
    let refused = link(&["--param", "delta_n=45"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("leave one of them out"));
    // The study names them too.
    study.edit(
        "study.toml",
        "[inputs]",
        "[propagation]\ndelta_n_map = \"DN50.TXT\"\nn0_map = \"none.txt\"\n\n[inputs]",
    );
    let (code, text) = check(&study);
    assert!(code == 2 && text.contains("none.txt: cannot be read"), "{text}");
}

#[test]
fn a_new_study_is_told_as_json_where_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let output = notspot().arg("new").arg(folder.path().join("mine")).arg("--json").output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(answer["study"].as_str().is_some_and(|file| std::path::Path::new(file).is_file()), "{answer}");
}

/// Whatever the command and whatever fails: exactly one JSON document that says so.
#[test]
fn a_failure_is_one_json_document_whatever_the_command() {
    let study = SmallStudy::new();
    study.edit("villages.csv", "106.058", "200");
    study.write("other", "");
    study.write("p.csv", "distance_km,terrain_amsl_m\n0,x\n1,2\n");
    let link = "--frequency 900 --tx-height 30 --rx-height 1.5";
    for (command, says) in [
        ("check study.toml", "lon"),
        ("check none.toml", "cannot be read"),
        ("run study.toml -o out", "villages.csv, row 3, lon = \"200\""),
        ("coverage study.toml -o out", "lon"),
        ("gaps study.toml -o out", "lon"),
        ("plan study.toml -o out", "lon"),
        ("report study.toml -o out", "lon"),
        ("run none.toml -o out", "none.toml: cannot be read"),
        ("match study.toml", "there are no names to match"),
        ("new .", "is not empty"),
        ("new other", "is a file"),
        ("solve none.json", "none.json: cannot be read"),
        ("verify none.json none.json", "none.json: cannot be read"),
        (&format!("link --profile p.csv {link} --latitude 22"), "row 2, terrain_amsl_m = \"x\": is not a number"),
        (&format!("link --profile none.csv {link}"), "none.csv: file does not exist"),
        (&format!("link --distance 8 {link} --model hata --param x=1"), "x"),
        (&format!("coverage --site 22.5,106 --dem none.tif {link} --radius 3 -o l.tif"), "none.tif"),
        (&format!("link --distance eight {link}"), "invalid value 'eight'"),
        ("run", "required arguments"),
        ("rum study.toml", "unrecognized subcommand 'rum'"),
        ("check study.toml --threads 0", "invalid value '0'"),
        ("cache prune --max-size much", "much"),
        ("man other", "is a file"),
    ] {
        let output =
            notspot().args(command.split(' ')).arg("--json").current_dir(study.folder.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{command}: {e}: {text}"));
        let code = output.status.code().unwrap();
        assert!(code == 1 || code == 2, "{command}: {code}");
        if answer["schema"] == "notspot/check/1" {
            assert!(answer["errors"].as_u64() > Some(0), "{command}");
        } else {
            assert_eq!(
                (&answer["schema"], &answer["exit_code"]),
                (&"notspot/error/1".into(), &code.into()),
                "{command}"
            );
            assert!(answer["error"].as_str().unwrap().contains(says), "{command}: {text}");
            assert!(!output.stderr.is_empty(), "{command} says nothing to people");
        }
    }
    let help = notspot().args(["run", "--json", "--help"]).output().unwrap();
    assert!(help.status.success() && !help.stdout.starts_with(b"{"));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_inputs() {
    let study = SmallStudy::new();
    let made = std::process::Command::new("mkfifo").arg(study.path("pipe.csv")).status().unwrap();
    assert!(made.success());
    for name in ["zero.csv", "zero.tif", "zero.gpkg"] {
        std::os::unix::fs::symlink("/dev/zero", study.path(name)).unwrap();
    }
    let text = std::fs::read_to_string(study.path("study.toml")).unwrap();
    for (from, to, file) in [
        ("villages.csv", "pipe.csv", "pipe.csv"),
        ("sites.csv", "zero.csv", "zero.csv"),
        ("sites.csv", "zero.gpkg", "zero.gpkg"),
        ("terrain.asc", "zero.tif", "zero.tif"),
    ] {
        study.write("study.toml", &text.replace(from, to));
        let mut command = notspot();
        let output = command.arg("check").arg(study.path("study.toml")).timeout(std::time::Duration::from_secs(20));
        let output = output.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() == Some(2) && text.contains(&format!("{file}: is a pipe or a device")), "{text}");
    }
}

#[test]
fn an_empty_list_of_confidential_fields_is_noticed() {
    let study = SmallStudy::new();
    let text = std::fs::read_to_string(study.path("study.toml")).unwrap();
    study.write("study.toml", &format!("{text}\n[confidential]\nfields = []\n"));
    let (code, text) = check(&study);
    assert!(code == 0 && text.contains("confidential.fields: is empty: a public run withholds nothing"), "{text}");
    let mut command = notspot();
    command.arg("gaps").arg(study.path("study.toml")).arg("--public").arg("-o").arg(study.path("out"));
    let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(said.contains("confidential.fields is empty: nothing of the sites is kept back"), "{said}");
}
