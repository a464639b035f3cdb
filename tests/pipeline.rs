//! Study to outputs on a small study, on real terrain where it is at hand, and with different numbers of threads.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of, notspot, shared};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

fn run(command: &str, study: &Path, out: &Path, flags: &[&str]) -> Value {
    let output = notspot().arg(command).arg(study).arg("-o").arg(out).arg("--json").args(flags).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_villages_behind_the_ridge_get_a_site() {
    let study = SmallStudy::new();
    let out = study.path("out");
    let summary = run("run", &study.path("study.toml"), &out, &[]);
    assert_eq!(summary["villages"], 3);
    assert_eq!(summary["signal"]["served"], 1, "{summary:#}");
    assert_eq!(summary["signal"]["gap_villages"], 2);
    assert_eq!(summary["signal"]["gap_people"], 500);
    assert_eq!(summary["signal"]["surveyed_no_predicted_gap"], 2);
    assert_eq!(summary["gaps"], 1, "the two lie within 3 km of one another");
    assert_eq!(summary["plan"]["status"], "optimal");
    assert_eq!(summary["plan"]["sites"], 1, "one site can serve both");
    assert_eq!(summary["plan"]["people_served"], 500);

    let villages = rows(&out.join("villages.csv"));
    let ids: Vec<&str> = villages.iter().map(|v| v["id"].as_str()).collect();
    assert_eq!(ids, ["V1", "V2", "V3"]);
    assert_eq!(villages[2]["name"], "Xóm <b>Khuổi</b>, & bạn");
    assert_eq!(villages[0]["signal_status"], "served");
    assert_eq!(villages[0]["server_1_site"], "S1");
    assert_eq!(villages[1]["signal_status"], "unserved");
    assert_eq!(villages[0]["broadband_status"], "served", "80 of 100 households have fixed broadband");

    let plan: Value = serde_json::from_slice(&std::fs::read(out.join("plan.json")).unwrap()).unwrap();
    assert_eq!(plan["schema"], "notspot/plan/1");
    assert_eq!(plan["status"], "optimal");
    let ranking = rows(&out.join("ranking.csv"));
    assert!(!ranking.is_empty());
    assert!(!std::fs::read_to_string(out.join("report.html")).unwrap().contains("<b>Khuổi"), "names are escaped");
}

#[test]
fn a_dead_zone_of_broadband_is_explained_by_the_cells_that_give_it() {
    let study = SmallStudy::new();
    study.edit("study.toml", "[inputs]", "[planning]\nservice = \"broadband\"\n[inputs]");
    let out = study.path("out");
    let summary = run("run", &study.path("study.toml"), &out, &[]);
    // GSM is the stronger signal in V2 and V3, but gives no broadband; LTE of the same mast does, and the ridge keeps it away
    let zones = summary["dead_zones"].as_array().unwrap();
    assert_eq!((zones.len(), &zones[0]["reason"]), (1, &Value::from("terrain")), "{summary:#}");
    let villages = rows(&out.join("villages.csv"));
    assert_eq!(villages[1]["server_1_technology"], "GSM");
    let html = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(html.contains("Đường tới trạm S1"), "the way to the LTE cell is told");
    let lacking = rows(&out.join("disagreements.csv"));
    assert!(lacking.iter().filter(|v| v["service"] == "broadband").all(|v| v["server_technology"] == "LTE"));
}

#[test]
fn outputs_do_not_depend_on_the_number_of_threads() {
    let study = SmallStudy::new();
    let outputs = |name: &str, threads: &str| {
        let out = study.path(name);
        run("run", &study.path("study.toml"), &out, &["--threads", threads]);
        let mut files = files_of(&out);
        assert!(files.remove("run.json").is_some());
        files
    };
    let one = outputs("one", "1");
    let eight = outputs("eight", "8");
    assert_eq!(one.keys().collect::<Vec<_>>(), eight.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(*bytes == eight[name], "{name} differs");
    }
    for name in ["notspot.gpkg", "villages.csv", "ranking.csv", "plan.json", "report.html", "geojson/villages.geojson"]
    {
        assert!(one.contains_key(name), "{name} is missing: {:?}", one.keys());
    }
    assert!(one.keys().any(|k| k.starts_with("coverage/") && k.ends_with(".tif")));
}

#[test]
fn missing_terrain_stays_unknown() {
    let study = SmallStudy::new();
    // a void column between the site and the eastern villages
    let text = std::fs::read_to_string(study.path("terrain.asc")).unwrap();
    let holed: String = text
        .lines()
        .enumerate()
        .map(|(i, line)| {
            let mut cells: Vec<&str> = line.split(' ').collect();
            if i >= 6 {
                cells[45] = "-9999";
            }
            cells.join(" ") + "\n"
        })
        .collect();
    study.write("terrain.asc", &holed);
    let out = study.path("out");
    let summary = run("gaps", &study.path("study.toml"), &out, &[]);
    assert_eq!(summary["signal"]["unknown"], 2, "{summary:#}");
    assert_eq!(summary["signal"]["served"], 1);
    let villages = rows(&out.join("villages.csv"));
    assert_eq!(villages[1]["signal_status"], "unknown");
    assert_eq!(villages[1]["signal_probability"], "");
    let coverage = run("coverage", &study.path("study.toml"), &study.path("cov"), &[]);
    assert!(coverage["area"]["unknown_km2"].as_f64().unwrap() > 1.0, "{coverage:#}");
}

#[test]
fn what_is_unknown_is_no_dead_zone_unless_the_survey_says_so() {
    let study = SmallStudy::new();
    study.edit("villages.csv", "yes,no,no,\n", "yes,unknown,no,\n");
    let text = std::fs::read_to_string(study.path("terrain.asc")).unwrap();
    // no terrain at all within 4 km east of the ridge: no candidate has a way to V2 and V3 either
    let voids = |(i, line): (usize, &str)| {
        let cell = |(column, value): (usize, &str)| {
            (if i >= 6 && (45..=70).contains(&column) { "-9999" } else { value }).to_owned()
        };
        line.split(' ').enumerate().map(cell).collect::<Vec<_>>().join(" ") + "\n"
    };
    study.write("terrain.asc", &text.lines().enumerate().map(voids).collect::<String>());
    study.edit("study.toml", "[inputs]", "[planning.fallback]\nwhen = \"never\"\n[inputs]");
    let out = study.path("out");
    let output = notspot().arg("plan").arg(study.path("study.toml")).arg("-o").arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let villages = rows(&out.join("villages.csv"));
    let of = |field: &str| villages.iter().map(|v| v[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("signal_status"), ["served", "unknown", "unknown"]);
    assert_eq!(of("signal_gap"), ["no", "no", "yes"], "V3 is surveyed as without signal");
    assert_eq!(of("outcome"), ["", "", "terrain_missing"]);
}

#[test]
fn priority_counts_in_the_ranking_as_in_the_objective() {
    let study = SmallStudy::new();
    study.edit("villages.csv", "fixed_broadband_households\n", "fixed_broadband_households,priority\n");
    study.edit("villages.csv", "yes,yes,yes,80\n", "yes,yes,yes,80,1\n");
    study.edit("villages.csv", "yes,no,no,\n", "yes,no,no,,1\n");
    study.edit("villages.csv", "no,no,no,0\n", "no,no,no,0,10\n");
    study.edit("study.toml", "[inputs]", "[planning]\nobjective = \"most-people-sites\"\nmax_sites = 1\n[inputs]");
    let summary = run("plan", &study.path("study.toml"), &study.path("out"), &[]);
    assert_eq!(summary["plan"]["value"], 300.0 + 10.0 * 200.0);
    assert_eq!(summary["plan"]["people_served"], 500);
    let best = &rows(&study.path("out/ranking.csv"))[0];
    let number = |field: &str| best[field].parse::<f64>().unwrap();
    let expected = 2300.0 / number("cost_million_vnd") * 1000.0;
    assert!((number("weight_per_billion_vnd") - expected).abs() < 0.01 * expected, "{best:?}");
}

#[test]
fn every_pixel_of_a_coarse_projected_raster_is_a_receiver() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("utm.asc");
    let mut grid = String::from("ncols 120\nnrows 120\nxllcorner 580000\nyllcorner 2490000\ncellsize 300\n");
    grid.push_str(&format!("{}\n", ["500"; 120].join(" ")).repeat(120));
    std::fs::write(&path, grid).unwrap();
    let crs = gdal::spatial_ref::SpatialRef::from_epsg(32648).unwrap();
    std::fs::write(folder.path().join("utm.prj"), crs.to_wkt().unwrap()).unwrap();
    for radius_km in [3.0, 8.0, 14.0] {
        let output = notspot()
            .args("coverage --json --site 22.67,105.95 --frequency 900 --tx-height 30 --rx-height 1.5".split(' '))
            .arg(format!("--radius={radius_km}"))
            .arg("--dem")
            .arg(&path)
            .arg("-o")
            .arg(folder.path().join("loss.tif"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let expected = std::f64::consts::PI * radius_km * radius_km / 0.09;
        let share = answer["receivers"].as_f64().unwrap() / expected;
        assert!((share - 1.0).abs() < 0.02, "{radius_km} km: {share} of the pixels");
    }
}

#[test]
fn one_transmitter_takes_parameters_and_clutter() {
    let study = SmallStudy::new();
    let forest = std::fs::read_to_string(study.path("terrain.asc")).unwrap();
    let forest: Vec<String> = forest
        .lines()
        .enumerate()
        .map(|(i, line)| if i < 6 { line.to_owned() } else { ["10"; 100].join(" ") })
        .collect();
    study.write("forest.asc", &forest.join("\n"));
    std::fs::copy(study.path("terrain.prj"), study.path("forest.prj")).unwrap();
    let losses_db = |flags: &str| {
        let out = study.path("loss.tif");
        let numbers = "--site 22.55,106.02 --frequency 900 --tx-height 30 --rx-height 1.5 --radius 2 -q";
        let mut command = notspot();
        command.arg("coverage").args(numbers.split(' ')).arg("--dem").arg(study.path("terrain.asc"));
        let flags = flags.split(' ').filter(|flag| !flag.is_empty());
        command.args(flags.map(|flag| flag.replace("forest.asc", &study.path("forest.asc").display().to_string())));
        command.arg("-o").arg(&out).assert().success();
        let raster = gdal::Dataset::open(&out).unwrap();
        let values = raster.rasterband(1).unwrap().read_band_as::<f32>().unwrap().data().to_vec();
        values.into_iter().filter(|loss_db| loss_db.is_finite()).map(f64::from).collect::<Vec<_>>()
    };
    let plain = losses_db("");
    // σ·1.28155 more for nine places of ten
    let sure = losses_db("--param location_percent=90 --param sigma_location_db=5");
    let more = plain.iter().zip(&sure).filter(|(a, b)| (*b - *a - 6.408).abs() < 0.01).count();
    assert!(more > plain.len() * 9 / 10, "{more} of {}", plain.len());
    let wooded = losses_db("--clutter forest.asc");
    let mean_db = |losses_db: &[f64]| losses_db.iter().sum::<f64>() / losses_db.len() as f64;
    assert!(mean_db(&wooded) > mean_db(&plain) + 3.0, "{} {}", mean_db(&wooded), mean_db(&plain));
    // A model that does not look at clutter says so and gives what it gives without.
    assert_eq!(losses_db("--model free-space --clutter forest.asc"), losses_db("--model free-space"));
}

#[test]
fn objectives_with_limits_leave_villages_out_and_say_so() {
    let study = SmallStudy::new();
    study.edit(
        "study.toml",
        "[inputs]",
        "[planning]\nobjective = \"most-people-budget\"\nbudget_million_vnd = 10.0\n[inputs]",
    );
    let summary = run("plan", &study.path("study.toml"), &study.path("out"), &[]);
    assert_eq!(summary["plan"]["sites"], 0);
    assert_eq!(summary["plan"]["villages_left"]["limits"], 2);
    study.edit(
        "study.toml",
        "\"most-people-budget\"\nbudget_million_vnd = 10.0",
        "\"most-people-sites\"\nmax_sites = 1",
    );
    let summary = run("plan", &study.path("study.toml"), &study.path("out"), &[]);
    assert_eq!(summary["plan"]["people_served"], 500);
}

#[test]
fn candidates_that_reach_nobody_are_no_plan() {
    let study = SmallStudy::new();
    study.write("candidates.csv", "id,lat,lon,height_m,cost\nX1,22.55,106.005,10,500\n");
    let inputs = "[planning.fallback]\nwhen = \"never\"\n[inputs]\ncandidates = \"candidates.csv\"";
    study.edit("study.toml", "[inputs]", inputs);
    let output = notspot().arg("plan").arg(study.path("study.toml")).arg("-o").arg(study.path("out")).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(study.path("out/plan.json").exists());
    // with fallbacks every village has a price
    study.edit("study.toml", "\"never\"", "\"last-resort\"");
    let summary = run("plan", &study.path("study.toml"), &study.path("out"), &[]);
    let plan = &summary["plan"];
    assert_eq!(
        (&plan["sites"], &plan["villages_served"], &plan["villages_own_way"]),
        (&0.into(), &2.into(), &2.into())
    );
}

#[test]
fn a_study_on_real_terrain_in_degrees() {
    let Some(tile) = shared("data/terrain/bavarian_alps_SRTMGL1.tif") else { return };
    let size = gdal::Dataset::open(&tile).unwrap().raster_size();
    if size != (2045, 958) {
        let why = format!("{} is {size:?} pixels and not the tile that its SOURCES.md describes", tile.display());
        return common::skipped(&why);
    }
    let study = SmallStudy::new();
    let tile = tile.display().to_string();
    study.edit("study.toml", "terrain.asc", &tile);
    study.write(
        "villages.csv",
        "id,name,lon,lat,population,reported_signal\nA,Tegernsee,11.758,47.713,4000,yes\nB,Valepp,11.89,47.62,40,no\n",
    );
    study.write(
        "sites.csv",
        "site_id,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm\nT,47.716,11.77,30,LTE,800,10,60\n",
    );
    let summary = run("run", &study.path("study.toml"), &study.path("out"), &[]);
    assert_eq!(summary["signal"]["served"], 1, "{summary:#}");
    let villages = rows(&study.path("out/villages.csv"));
    assert_eq!(villages[0]["signal_status"], "served");
    assert_ne!(villages[1]["signal_status"], "served", "Valepp lies behind the mountains, 13 km away");
    assert_eq!(summary["plan"]["people_served"], 40);
}

#[test]
fn the_real_communes_bound_the_study() {
    let Some(communes) = shared("data/boundaries/cao_bang_2025_56_communes.geojson") else { return };
    let study = SmallStudy::new();
    let terrain = common::demo().join("terrain.tif");
    study.edit("study.toml", "terrain.asc", &terrain.display().to_string());
    study.edit("study.toml", "[inputs]", &format!("[inputs]\ncommunes = \"{}\"", communes.display()));
    let loaded = notspot::study::load(&study.path("study.toml")).unwrap();
    assert_eq!(loaded.communes.len(), 56);
    assert!(loaded.communes.iter().any(|c| c.name == "Thục Phán"));
    // The window holds the small study's villages and 15 km around them: some of it lies across the border.
    let inside = loaded.inside.iter().filter(|&&i| i).count() as f64 / loaded.inside.len() as f64;
    assert!((0.5..0.99).contains(&inside), "{inside}");
}

#[test]
fn an_hgt_tile_and_a_projected_tile_are_terrain() {
    // The tile at 3″ is rain forest, flat but for the noise of treetops: neighbouring profiles differ there.
    for (tile, site, most_median_db) in [
        ("data/terrain/N00E010.hgt", "0.45,10.40", 0.4),
        ("data/terrain/srtm_bigtujunga30m_utm11.tif", "34.30,-118.15", 0.1),
    ] {
        let Some(path) = shared(tile) else { return };
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("loss.tif");
        let loss = |exact: bool| -> (Value, Vec<f32>) {
            let mut command = notspot();
            let numbers = "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 4";
            command.args(["coverage", "--json"]).args(numbers.split(' '));
            command.arg(format!("--site={site}")).arg("--dem").arg(&path).arg("-o").arg(&out);
            if exact {
                command.arg("--exact");
            }
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{tile}: {}", String::from_utf8_lossy(&output.stderr));
            let band = gdal::Dataset::open(&out).unwrap();
            let values = band.rasterband(1).unwrap().read_band_as::<f32>().unwrap().data().to_vec();
            (serde_json::from_slice(&output.stdout).unwrap(), values)
        };
        let (fast_answer, fast) = loss(false);
        let (exact_answer, exact) = loss(true);
        assert_eq!(fast_answer["receivers"], exact_answer["receivers"], "{tile}");
        assert!(fast_answer["receivers"].as_u64().unwrap() > 4_000, "{tile}");
        let pairs = fast.iter().zip(&exact).filter(|(a, b)| a.is_finite() && b.is_finite());
        let mut errors: Vec<f32> = pairs.map(|(a, b)| a - b).collect();
        let bias = errors.iter().sum::<f32>() / errors.len() as f32;
        errors.iter_mut().for_each(|e| *e = e.abs());
        errors.sort_by(f32::total_cmp);
        let median = errors[errors.len() / 2];
        assert!(bias.abs() < 0.1 && median < most_median_db, "{tile}: bias {bias} dB, median {median} dB");
    }
}
