//! `notspot calibrate` from measurements to a corrected study, on made-up measurements whose truth is known and on a real drive test.
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of, notspot, shared};
use notspot::coverage::{Transmitter, cover_network, point_loss};
use notspot::geodesy::LonLat;
use notspot::progress::Progress;
use notspot::radio::Technology;
use notspot::service::assess;
use notspot::study::{Calibration, NoCorrection, load, load_uncalibrated};
use std::fmt::Write;
use std::sync::Arc;

/// Pseudo-random numbers from 0 to 1, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// The bias of the measured world, dB.
const BIAS_DB: f64 = 7.0;

/// The small study, built-up land in its north and grass in its south (without height, so that losses stay), and LTE samples of its site
/// that have so much more loss than predicted, 3 dB of noise, and one gross error in twenty. With
/// them come rows that must be left out, and a few GSM samples, too few for a correction.
fn measured(bias_db: impl Fn(LonLat) -> f64) -> SmallStudy {
    let small = SmallStudy::new();
    let rows: Vec<String> = (0..100).map(|row| [if row < 50 { "50" } else { "30" }; 100].join(" ")).collect();
    let head = "ncols 100\nnrows 100\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\nNODATA_value 0\n";
    small.write("cover.asc", &format!("{head}{}\n", rows.join("\n")));
    std::fs::copy(small.path("terrain.prj"), small.path("cover.prj")).unwrap();
    let cover = "[clutter]\nheights_m = { \"50\" = 0.0, \"30\" = 0.0 }\n[inputs]\nland_cover = [\"cover.asc\"]";
    small.edit("study.toml", "[inputs]", cover);
    let study = load(&small.path("study.toml")).unwrap();
    let site = &study.sites[0];
    let mut random = Random(11);
    let mut table = String::from("lon,lat,rsrp_dbm,rxlev_dbm,site_id,cell,technology,operator,height_m\n");
    for i in 0..420 {
        let place = LonLat::new(106.002 + 0.094 * random.next(), 22.504 + 0.09 * random.next());
        let cell = site.cells.iter().find(|c| c.technology == Technology::Lte).unwrap();
        let transmitter =
            Transmitter { position: site.position, height_agl_m: cell.height_agl_m, frequency_mhz: cell.frequency_mhz };
        let loss_db =
            point_loss(&study.terrain, &study.model, &transmitter, place, 1.5, study.terrain.pixel_size_m).unwrap();
        let gross_db = if i % 20 == 7 { 40.0 } else { 0.0 };
        let measured_db = loss_db + bias_db(place) + 3.0 * random.normal() + gross_db;
        // 20 MHz LTE: 100 resource blocks, 1,200 subcarriers, 30.79 dB below the carrier's 52 dBm
        let rsrp_dbm = (52.0 - 30.792 - measured_db).max(-160.0);
        let named = if i % 3 == 0 { ",," } else { "S1,,LTE" };
        writeln!(table, "{:.6},{:.6},{rsrp_dbm:.2},,{named},,", place.lon_deg, place.lat_deg).unwrap();
    }
    for i in 0..20 {
        writeln!(table, "106.03{i:02},22.55,,-70,S1,,GSM,,").unwrap();
    }
    table += "106.05,22.55,-90,,S9,,,,\n106.05,22.55,-90,,,S1-1,,,\n106.05,22.55,-90,,S1,,NR,,\n106.05,22.55,-90,,,,,Operator B,\n\
              105.0,22.55,-90,,S1,,,,\n106.0201,22.55,-60,,S1,,,,\n";
    small.write("m.csv", &table);
    small
}

fn calibrate(small: &SmallStudy, out: &str, more: &[&str]) -> Calibration {
    let command = ["calibrate", "study.toml", "--measurements", "m.csv", "--json", "-o", out];
    let output = notspot().current_dir(small.folder.path()).args(command).args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, std::fs::read_to_string(small.path(out).join("calibration.json")).unwrap());
    Calibration::parse(printed.as_bytes(), "stdout").unwrap()
}

#[test]
fn a_known_bias_is_found_and_corrects_the_study() {
    let small = measured(|_| BIAS_DB);
    let calibration = calibrate(&small, "out", &["--threads", "8"]);
    let [gsm, lte] = &calibration.technologies[..] else { panic!("{calibration:?}") };
    assert_eq!((gsm.technology, gsm.none_because), (Technology::Gsm, Some(NoCorrection::TooFewPlaces)));
    let correction = lte.correction.as_ref().unwrap();
    assert!((correction.bias_db - BIAS_DB).abs() < 0.7, "{correction:?}");
    assert_eq!((correction.slope, correction.bias_by_class_db.len()), (0.0, 0));
    assert!(lte.before.bias_db < -8.0, "the mean is drawn away by the gross errors: {:?}", lte.before);
    assert!(lte.cross_validated.unwrap().rmse_db < lte.before.rmse_db);

    let record = &calibration.measurements;
    assert_eq!((record.samples, record.used), (446, record.matched_by.values().sum()));
    assert!(record.matched_by["best_server"] > 100 && record.matched_by["site"] > 250, "{:?}", record.matched_by);
    let reasons = &record.unmatched;
    assert_eq!((reasons["unknown_cell"], reasons["other_carrier"], reasons["nothing_in_reach"]), (2, 1, 1));
    assert_eq!(reasons["no_prediction"], 1);
    assert!(reasons["too_near"] >= 1);
    assert_eq!(record.used + reasons.values().sum::<usize>(), record.samples, "every sample is accounted for");
    let listed = std::fs::read_to_string(small.path("out/unmatched.csv")).unwrap();
    assert_eq!(listed.lines().count(), 1 + reasons.values().sum::<usize>());
    assert!(listed.contains("445") && listed.contains("no_prediction"), "{listed}");

    // the same bytes with another number of threads, the record of the run apart
    let names: Vec<String> = files_of(&small.path("out")).into_keys().collect();
    let charts =
        ["predicted-measured-before", "predicted-measured-after", "error-distance-before", "error-distance-after"];
    for name in charts.iter().chain(&["error-histogram"]).map(|chart| format!("plots/{chart}.svg")) {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for name in ["calibration.html", "residuals.csv", "residuals.gpkg", "geojson/residuals.geojson", "run.json"] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
    calibrate(&small, "again", &["--threads", "1"]);
    let (first, second) = (files_of(&small.path("out")), files_of(&small.path("again")));
    let differing: Vec<_> =
        first.iter().filter(|(name, bytes)| second.get(*name) != Some(bytes)).map(|f| f.0).collect();
    assert_eq!(differing, ["run.json"]);

    // it corrects the study that names it, and a new calibration does not look at it
    small.edit("study.toml", "[inputs]", "[propagation]\ncalibration = \"out/calibration.json\"\n[inputs]");
    let study = load(&small.path("study.toml")).unwrap();
    let place = LonLat::new(106.06, 22.55);
    assert_eq!(study.corrected_loss_db(Technology::Lte, place, 120.0), 120.0 + correction.bias_db);
    assert_eq!(study.corrected_loss_db(Technology::Gsm, place, 120.0), 120.0);
    assert!(study.inputs.iter().any(|input| input.role == "calibration" && input.sha256.is_some()));
    assert_eq!(calibrate(&small, "again", &[]), calibration);
    rasters_and_villages_shift(&small, [correction.bias_db; 2]);

    // predictions that it was not fitted to are refused
    small.edit("study.toml", "[propagation]", "[propagation]\nparameters = { delta_n = 50 }");
    let output = notspot().current_dir(small.folder.path()).args(["check", "study.toml"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("was fitted to other predictions: its parameter delta_n was 45.0 and is 50"), "{said}");
    small.edit("study.toml", "parameters = { delta_n = 50 }", "model = \"delta-bullington\"");
    let output = notspot().current_dir(small.folder.path()).args(["check", "study.toml"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("the model was p1812 and is delta-bullington here"), "{said}");
}

#[test]
fn classes_of_land_cover_have_their_own_bias() {
    let small = measured(|place| if place.lat_deg > 22.55 { 12.0 } else { -3.0 });
    let calibration = calibrate(&small, "out", &[]);
    let correction = calibration.technologies[1].correction.as_ref().unwrap();
    let of = |class: u8| correction.bias_by_class_db[&class];
    assert!((of(50) - 12.0).abs() < 0.9 && (of(30) + 3.0).abs() < 0.9 && correction.slope == 0.0, "{correction:?}");
    small.edit("study.toml", "[clutter]", "[propagation]\ncalibration = \"out/calibration.json\"\n[clutter]");
    rasters_and_villages_shift(&small, [of(50), of(30)]);
}

/// The levels of LTE are lower by the biases of the north and the south, those of GSM what they were.
fn rasters_and_villages_shift(small: &SmallStudy, biases_db: [f64; 2]) {
    let progress = Progress::new(false, false, Arc::default());
    let path = small.path("study.toml");
    let (plain, corrected) = (load_uncalibrated(&path).unwrap(), load(&path).unwrap());
    let rasters = [&plain, &corrected].map(|study| cover_network(study, None, &progress).unwrap());
    let mut compared = 0;
    for (before, after) in rasters[0].technologies.iter().zip(&rasters[1].technologies) {
        let is_lte = before.technology == Technology::Lte;
        for ((pixel, before), after) in before.level_dbm.values.indexed_iter().zip(&after.level_dbm.values) {
            let shift = if is_lte { biases_db[usize::from(pixel.0 >= 50)] as f32 } else { 0.0 };
            assert_eq!(before.is_nan(), after.is_nan());
            assert!(before.is_nan() || (before - after - shift).abs() < 0.011, "{before} {after} {shift}");
            compared += usize::from(before.is_finite());
        }
    }
    assert!(compared > 15_000, "{compared} pixels");
    let services = [&plain, &corrected].map(|study| assess(study, &progress).unwrap());
    let level = |index: usize, village: usize| services[index][village].signal.servers[0].level_dbm;
    for (village, before) in services[0].iter().enumerate() {
        let server = &before.signal.servers[0];
        let technology = plain.sites[server.site].cells[server.cell].technology;
        let same_cell = services[1][village].signal.servers[0].cell == server.cell;
        let south = usize::from(plain.villages[village].position.lat_deg < 22.55);
        let shift = if technology == Technology::Lte { biases_db[south] } else { 0.0 };
        assert!(!same_cell || (level(0, village) - level(1, village) - shift).abs() < 1e-9, "village {village}");
    }
}

/// The small study with two sectors of one frequency, one of another, and the samples of a table.
fn sectors(samples: &str) -> (SmallStudy, Calibration, Vec<Vec<String>>) {
    let small = SmallStudy::new();
    small.write(
        "sites.csv",
        "site_id,cell_id,operator,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm,antenna,azimuth_deg\n\
         S1,North,Operator A,22.550,106.020,30,LTE,1800,20,60,sector-65,0\nS1,South,Operator A,22.550,106.020,30,LTE,1800,20,60,sector-65,180\n\
         S1,Low,Operator A,22.550,106.020,30,LTE,900,10,60,omni,\n",
    );
    small.write("m.csv", samples);
    let calibration = calibrate(&small, "out", &[]);
    let text = std::fs::read_to_string(small.path("out/residuals.csv")).unwrap();
    let fields = |line: &str| line.split(',').map(str::to_owned).collect();
    (small, calibration, text.lines().map(fields).collect())
}

#[test]
fn samples_find_their_sector_and_slow_driving_does_not_weigh_more() {
    let mut table = String::from("lon,lat,rsrp_dbm,cell,site_id,frequency_mhz\n");
    for i in 0..30 {
        // a car that waits: thirty samples on one pixel, one of them far off, and one on the next
        writeln!(table, "106.0205,22.5655,{},,S1,1805", if i == 0 { -140.0 } else { -90.0 - f64::from(i) / 100.0 })
            .unwrap();
    }
    table += "106.0205,22.5665,-95,,S1,1805\n106.0205,22.5355,-95,,S1,1805\n106.0205,22.5355,-96,NORTH,,\n106.0205,22.5355,-97,,,915\n";
    let (_, calibration, rows) = sectors(&table);
    let place = |cell: &str| -> Vec<_> { rows.iter().filter(|row| row[3] == cell).collect() };
    // technology, operator, site_id, cell_id, lon, lat, frequency, azimuth, matched_by, distance, height, class, samples, first_row, measured
    let north = place("North");
    assert_eq!(north.len(), 2, "two places north of the site; behind the antenna no sample counts: {rows:?}");
    assert_eq!(calibration.measurements.unmatched, [("outside_beam".into(), 1)].into());
    let samples: Vec<(&str, &str)> = north.iter().map(|row| (row[8].as_str(), row[12].as_str())).collect();
    assert!(samples.contains(&("site", "30")) && samples.contains(&("site", "1")), "{samples:?}");
    // straight ahead the antenna takes nothing beside its vertical cut: EIRP 60 − 30.79 − the median −90.155
    let waiting = north.iter().find(|row| row[12] == "30").unwrap();
    let measured_db: f64 = waiting[14].parse().unwrap();
    assert!((measured_db - (60.0 - 30.792 + 90.155)).abs() < 0.3, "{measured_db}");
    assert_eq!(place("South").len(), 1, "the sector that looks there: {rows:?}");
    let low = place("Low");
    assert_eq!((low.len(), low[0][8].as_str()), (1, "best_server"), "the cell nearest in frequency: {rows:?}");
    assert_eq!(calibration.measurements.matched_by, [("best_server".into(), 1), ("site".into(), 32)].into());
    assert_eq!(calibration.technologies[0].none_because, Some(NoCorrection::TooFewPlaces));
}

#[test]
fn samples_that_were_matched_in_two_ways_are_one_place_and_count_each_for_itself() {
    let header = "lon,lat,rsrp_dbm,cell,site_id,frequency_mhz\n";
    // three on one pixel at its corner that name their cell, one in the opposite corner that names its site alone
    let corner = |cell: &str| format!("106.0201,22.5651,-90,{cell},S1,1805\n").repeat(3);
    let (_, calibration, rows) = sectors(&format!("{header}{}106.0209,22.5659,-94,,S1,1805\n", corner("North")));
    assert_eq!(calibration.measurements.matched_by, [("cell".into(), 3), ("site".into(), 1)].into());
    assert_eq!((rows.len(), rows[1][8].as_str(), rows[1][12].as_str()), (2, "cell+site", "4"), "{rows:?}");
    // matched in one way they are the same place with the same losses
    let (_, _, alike) = sectors(&format!("{header}{}106.0209,22.5659,-94,North,S1,1805\n", corner("North")));
    assert_eq!(alike[1][8], "cell");
    for column in [4, 5, 9, 14, 15] {
        assert_eq!(rows[1][column], alike[1][column], "column {column}");
    }
    // the prediction is that of the middle, not of the first samples
    let (_, _, first) = sectors(&format!("{header}{}", corner("North")));
    assert_ne!(rows[1][15], first[1][15]);
}

#[test]
fn coordinates_of_measurements_may_be_in_any_system() {
    // 106.0205 E, 22.5655 N in UTM 48N
    let (small, degrees, _) = sectors("lon,lat,rsrp_dbm,site_id\n106.0205,22.5655,-90,S1\n");
    small.write("m.csv", "easting,northing,rsrp_dbm,site_id\n604918.07,2495780.62,-90,S1\n");
    let metres = calibrate(&small, "out", &["--crs", "EPSG:32648"]);
    let rmse = |calibration: &Calibration| calibration.technologies[0].before.rmse_db;
    assert!((rmse(&degrees) - rmse(&metres)).abs() < 0.2, "{} {}", rmse(&degrees), rmse(&metres));
}

#[test]
fn candidates_are_judged_by_corrected_losses() {
    let small = measured(|_| BIAS_DB);
    calibrate(&small, "out", &[]);
    small.write("candidates.csv", "id,lat,lon,height_m,cost\nC1,22.553,106.075,30,900\n");
    let inputs = "[planning.fallback]\nwhen = \"never\"\n[inputs]\ncandidates = \"candidates.csv\"";
    small.edit("study.toml", "[inputs]", inputs);
    let served = |small: &SmallStudy| {
        let output = notspot()
            .current_dir(small.folder.path())
            .args(["plan", "study.toml", "--json", "-o", "plan", "--no-cache"])
            .output()
            .unwrap();
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        summary["plan"]["villages_served"].as_u64()
    };
    let before = served(&small);
    // a correction of 60 dB, as no measurement gives it, leaves the candidate nobody to serve
    let text = std::fs::read_to_string(small.path("out/calibration.json")).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    document["technologies"][1]["correction"]["bias_db"] = 60.into();
    small.write("c.json", &document.to_string());
    small.edit("study.toml", "[inputs]", "[propagation]\ncalibration = \"c.json\"\n[inputs]");
    let after = served(&small);
    assert!(before > Some(0) && after < before, "{before:?} {after:?}");
}

/// Frame of the drive test: west, south, columns, rows, size of a pixel, degrees.
const RECIFE: (f64, f64, usize, usize, f64) = (-34.916, -8.086, 70, 58, 0.0005);

/// A study of the four GSM 1800 cells of the drive test in Recife. Terrain is the inverse-distance mean of the heights in its table.
fn recife(model: &str) -> Option<SmallStudy> {
    let folder = shared("data/measurements/svr_pathloss_gsm")?;
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap().replace('"', "");
    let small = SmallStudy::new();
    let mut heights: Vec<[f64; 3]> = Vec::new();
    let mut sites = String::from("site_id,cell_id,lat,lon,height_m,technology,frequency_mhz,eirp_dbm\n");
    for line in read("BTSs_Data.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(';').collect();
        let number = |i: usize| fields[i].parse::<f64>().unwrap();
        // longitudes of three of them lack a place: −3.489272 stands for −34.89272
        let lon = if number(3) > -10.0 { 10.0 * number(3) } else { number(3) };
        // GSM 1800 downlink of a channel number (3GPP TS 45.005 §2)
        let mhz = 1805.2 + 0.2 * (number(6) - 512.0);
        writeln!(sites, "{0},{0},{1},{lon},{2},GSM,{mhz:.1},{3}", fields[0], fields[2], fields[1], fields[9]).unwrap();
        heights.push([lon, number(2), number(4)]);
    }
    let mut table = String::from("lat,lon,loss_db,cell\n");
    for (row, line) in read("measurements.csv").lines().skip(1).enumerate() {
        let fields: Vec<&str> = line.split(',').collect();
        writeln!(table, "{},{},{},{}", fields[0], fields[1], fields[3], fields[11]).unwrap();
        if row % 40 == 0 {
            heights.push([1, 0, 2].map(|i| fields[i].parse().unwrap()));
        }
    }
    let (west, south, columns, rows, size) = RECIFE;
    let mut grid = format!("ncols {columns}\nnrows {rows}\nxllcorner {west}\nyllcorner {south}\ncellsize {size}\n");
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (west + (column as f64 + 0.5) * size, south + ((rows - row) as f64 - 0.5) * size);
            let weight = |p: &[f64; 3]| ((p[0] - x).powi(2) + (p[1] - y).powi(2) + 1e-8).powi(-2);
            let (sum, weights) = heights.iter().fold((0.0, 0.0), |(s, w), p| (s + weight(p) * p[2], w + weight(p)));
            write!(grid, "{:.1} ", sum / weights).unwrap();
        }
        grid.push('\n');
    }
    small.write("terrain.asc", &grid);
    small.write("sites.csv", &sites);
    small.write("villages.csv", "id,name,lon,lat\nV1,Recife,-34.895,-8.072\n");
    small.write("m.csv", &table);
    small.edit(
        "study.toml",
        "[inputs]",
        &format!("[propagation]\nmodel = \"{model}\"\n[coverage]\nradius_km = {{ GSM = 4.0, LTE = 4.0 }}\n[inputs]"),
    );
    Some(small)
}

#[test]
fn the_drive_test_takes_the_bias_out() {
    let Some(small) = recife("p1812") else { return };
    let calibration = calibrate(&small, "out", &["--block-km", "0.25"]);
    let record = &calibration.measurements;
    assert_eq!(record.samples, 9308);
    assert_eq!(record.used + record.unmatched.values().sum::<usize>(), 9308);
    let gsm = &calibration.technologies[0];
    let cross = gsm.cross_validated.unwrap();
    // bare ground: 36 dB of buildings are missing, and what is left is the spread of the measurements
    assert!((30.0..40.0).contains(&gsm.correction.as_ref().unwrap().bias_db), "{gsm:?}");
    assert!(gsm.before.rmse_db > 30.0 && cross.rmse_db < 12.0 && cross.bias_db.abs() < 2.0, "{gsm:?}");
    assert!(cross.rmse_db > 0.9 * gsm.measured_standard_deviation_db, "no skill beyond the mean: {gsm:?}");
}

#[test]
fn measurements_that_do_not_follow_the_prediction_are_told_of() {
    let small = measured(|_| BIAS_DB);
    let mut random = Random(5);
    let text = std::fs::read_to_string(small.path("m.csv")).unwrap();
    let mut lines = text.lines();
    let mut table = format!("{}\n", lines.next().unwrap());
    for line in lines.filter(|line| line.contains(",,S1,,LTE") || line.ends_with(",,,,,,")) {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[2] = format!("{:.1}", -50.0 + 4.0 * random.next());
        table += &(cells.join(",") + "\n");
    }
    small.write("m.csv", &table);
    let command = ["calibrate", "study.toml", "--measurements", "m.csv", "-o", "out"];
    let output = notspot().current_dir(small.folder.path()).args(command).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the slope of LTE is at its limit of -0.95"), "{said}");
    assert!(said.contains("corrected losses of LTE are more than 3 dB below free space at"), "{said}");
}

#[test]
fn a_calibration_without_effect_is_told_of() {
    let small = measured(|_| BIAS_DB);
    calibrate(&small, "out", &[]);
    small.edit("study.toml", "[clutter]", "[propagation]\ncalibration = \"out/calibration.json\"\n[clutter]");
    let checked = || {
        let output = notspot().arg("check").arg(small.path("study.toml")).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(!checked().contains("propagation.calibration"), "{}", checked());
    let file = small.path("out/calibration.json");
    let mut calibration: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let technologies = calibration["technologies"].as_array_mut().unwrap();
    technologies.retain(|entry| entry["technology"] == "LTE");
    technologies[0]["technology"] = "NR".into();
    std::fs::write(&file, calibration.to_string()).unwrap();
    assert!(checked().contains("corrects NR only, of which the study has no cells; losses stay"), "{}", checked());
    calibration["technologies"] = serde_json::json!([]);
    std::fs::write(&file, calibration.to_string()).unwrap();
    assert!(checked().contains("corrects nothing: its measurements bore no correction out"), "{}", checked());
}
