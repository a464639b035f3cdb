//! The whole output folder of a small study.

use super::*;
use crate::service::Status;
use crate::study::{Language, Survey};
use std::collections::BTreeMap;
use std::fs;

/// All files of an output folder by their relative names.
fn files(results: &Results<'_>) -> BTreeMap<String, Vec<u8>> {
    let parent = tempfile::tempdir().unwrap();
    let staging = Staging::new(&parent.path().join("out")).unwrap();
    write_layers(results, &staging).unwrap();
    write_tables(results, &staging).unwrap();
    write_statistics(results, &staging).unwrap();
    write_rasters(results, &staging).unwrap();
    write_plan(results, &staging).unwrap();
    write_report(results, &staging).unwrap();
    if let Ok(kept) = std::env::var("NOTSPOT_TEST_OUT") {
        let language = Catalogue::new(results.study.config.language).tag();
        let name = format!("{kept}/{language}-{}.html", if results.plan.is_some() { "full" } else { "bare" });
        fs::copy(staging.path().join("report.html"), name).unwrap();
    }
    let mut found = BTreeMap::new();
    let mut folders = vec![staging.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(staging.path()).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_folder_is_complete_and_the_same_on_every_run() {
    let study = fixture::study(Language::Vi);
    let results = fixture::results(&study);
    let first = files(&results);
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    let layers = [
        "candidates",
        "cells",
        "gap_land",
        "communes",
        "gaps",
        "plan_hops",
        "plan_sites",
        "plan_ways",
        "sites",
        "villages",
    ];
    for layer in layers {
        assert!(first.contains_key(&format!("geojson/{layer}.geojson")), "{names:?}");
    }
    let rasters = [
        "signal_status",
        "signal_status_nha_mang_a",
        "signal_status_nha_mang_b",
        "signal_probability",
        "operators_served",
        "servers",
        "broadband_status",
        "throughput_down",
        "throughput_up",
        "level_gsm",
        "level_lte",
        "sinr_lte",
        "best_server_gsm",
        "best_server_lte",
    ];
    for raster in rasters {
        assert!(first.contains_key(&format!("coverage/{raster}.tif")), "{names:?}");
        assert!(first.contains_key(&format!("coverage/{raster}.qml")), "{names:?}");
    }
    // and notspot.gpkg, six tables, a workbook, plan.json, report.html
    assert_eq!(first.len(), layers.len() + 2 * rasters.len() + 10, "{names:?}");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let second = pool.install(|| files(&results));
    for (name, bytes) in &first {
        assert!(second.get(name) == Some(bytes), "{name} differs between two runs");
    }
}

#[test]
fn tables_hold_every_figure() {
    let study = fixture::study(Language::Vi);
    let files = files(&fixture::results(&study));
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let villages = text("villages.csv");
    assert_eq!(villages.lines().count(), 6);
    assert!(villages.starts_with("id,name,commune,lon,lat,population,households,people,priority,has_electricity,"));
    assert!(villages.contains(
        "V003,'=Xóm Tổng Chảo,Xã Quảng Lâm,106.075000,22.575000,64,16,64,1.00,no,,unserved,0.120,-7.6,no,yes,"
    ));
    assert!(villages.contains("S1,Nhà mạng A,LTE,-101.3,3.0,1.23,200,"));
    assert!(villages.contains("S1,Nhà mạng A,LTE,-101.3,3.0,1.23,200,0.83,812,46.2,5.66,"));
    let disagreements = text("disagreements.csv");
    let lines: Vec<&str> = disagreements.lines().collect();
    assert_eq!(
        lines,
        [
            "service,id,name,commune,lon,lat,people,surveyed,predicted,probability,margin_db,server_site,server_operator,\
             server_technology,server_level_dbm,server_distance_km,is_synthetic",
            "signal,V002,Xóm <b>Lũng & Mật</b>,Xã Quảng Lâm,106.070000,22.570000,210,no,served,0.930,8.6,S1,Nhà mạng A,LTE,\
             -101.3,1.23,yes"
        ]
    );
    let sensitivity = text("sensitivity.csv");
    assert_eq!(sensitivity.lines().count(), 1 + 2 * 2 * 6 * 41);
    assert!(sensitivity.starts_with(
        "service,survey_wins,required_probability,threshold_shift_db,threshold_gsm_dbm,threshold_umts_dbm,threshold_lte_dbm,\
         threshold_nr_dbm,villages_without,people_without,villages_unknown,is_synthetic\n"
    ));
    assert!(sensitivity.contains("\nsignal,no,0.900,0,-100.0,-108.0,-115.0,-115.0,"), "{sensitivity}");
    let ranking = text("ranking.csv");
    let mut lines = ranking.lines();
    assert_eq!(
        lines.next(),
        Some(
            "rank,candidate_id,origin,lon,lat,people,villages,cost_million_vnd,cost_mast_million_vnd,\
             cost_access_million_vnd,weight_per_billion_vnd,terrain_amsl_m,height_agl_m,slope_deg,road_distance_m,\
             network_distance_m,is_planned,build_order,is_synthetic"
        )
    );
    assert_eq!(
        lines.next(),
        Some("1,C2,hilltop,106.092000,22.543000,1480,1,1200.0,700.0,,1233.3,812.4,42.0,12.0,,3210,yes,1,yes")
    );
    assert!(lines.nth(1).is_some_and(|line| line.starts_with("3,C3,") && line.ends_with(",no,,yes")));
    assert_eq!(
        text("bill_of_quantities.csv"),
        "year,item,unit,quantity,cost_million_vnd,is_synthetic\n\
         2026,fibre,km,6.40,150.0,yes\n\
         2026,mast 42 m,piece,1.00,700.0,yes\n\
         2026,radio new-site,set,1.00,250.0,yes\n\
         2026,solar set with battery,piece,1.00,100.0,yes\n\
         2027,mast 42 m,piece,1.00,700.0,yes\n\
         2027,\"microwave hop 15 GHz, dishes 0.6 m\",hop,1.00,300.5,yes\n\
         2027,radio new-site,set,1.00,250.0,yes\n\
         2027,solar set with battery,piece,1.00,100.0,yes\n"
    );
}

#[test]
fn statistics_tell_of_an_operator_what_is_known_of_it() {
    let mut study = fixture::study(Language::Vi);
    (study.villages[4].population, study.villages[4].households) = (Some(85), None);
    let mut results = fixture::results(&study);
    results.services.iter_mut().flatten().skip(1).for_each(|service| service.operators.clear());
    let text = String::from_utf8(files(&results)["statistics.csv"].clone()).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let cells = |column: &str| {
        let place = rows[0].iter().position(|name| *name == column).unwrap();
        rows[1..].iter().map(|row| row[place]).collect::<Vec<_>>()
    };
    // the whole, two operators, a commune
    assert_eq!(cells("operator"), ["", "Nhà mạng A", "Nhà mạng B", ""]);
    assert_eq!(cells("commune")[..3], ["(all)"; 3]);
    assert_eq!(cells("villages"), ["5", "5", "5", "5"]);
    assert_eq!(cells("signal_served_villages"), ["2", "1", "0", "2"]);
    assert_eq!(cells("signal_served_people"), ["530", "320", "0", "530"]);
    assert_eq!(cells("signal_unserved_villages"), ["1", "", "", "1"]);
    assert_eq!(cells("broadband_unserved_villages"), ["5", "", "", "5"]);
    assert_eq!(cells("broadband_served_km2"), ["20.00", "", "", "20.00"]);
    // 85 people in households that are not stated
    assert_eq!(cells("signal_unknown_households"), ["22", "", "", "22"]);
}

#[test]
fn villages_of_which_nothing_is_known_are_not_served() {
    let mut study = fixture::study(Language::En);
    study.villages[4].reported_signal = Survey::Unknown;
    let html = |results: &Results<'_>| String::from_utf8(files(results).remove("report.html").unwrap()).unwrap();
    let mut results = fixture::results(&study);
    results.plan = None;
    let note = "Of 1 village (85 people) nothing is known";
    let page = html(&results);
    assert!(page.contains(note));
    assert_eq!(page.matches("<use href=\"#unknown\"").count(), 1);
    assert!(page.contains("Village of which nothing is known"));
    for assessment in results.services.iter_mut().flatten().map(|service| &mut service.signal) {
        if assessment.predicted != Status::Unknown {
            (assessment.predicted, assessment.is_gap) = (Status::Served, false);
        }
    }
    results.gaps.clear();
    let page = html(&results);
    assert!(page.contains("4 of the 5 villages of the study are served.") && page.contains(note));
    assert!(!page.contains("All 5 villages"));
}

#[test]
fn the_plan_is_a_document_with_every_outcome() {
    let study = fixture::study(Language::En);
    let files = files(&fixture::results(&study));
    let plan: PlanDocument = serde_json::from_slice(&files["plan.json"]).unwrap();
    assert_eq!((plan.schema.as_str(), plan.gap_villages, plan.newly_served_villages), (PLAN_SCHEMA, 4, 3));
    assert_eq!((plan.gap_people, plan.newly_served_people), (1_839, 1_754));
    assert_eq!(plan.cost_million_vnd, 2_550.5);
    assert_eq!(plan.sites[0].id, "C2");
    assert_eq!(plan.sites[1].newly_served, ["V002", "V003"]);
    let share: f64 = plan.villages.iter().filter_map(|v| v.cost_share_million_vnd).sum();
    assert!((share - plan.cost_million_vnd).abs() < 1e-9);
    let left = plan.villages.last().unwrap();
    let cheapest = left.cheapest.as_ref().unwrap();
    assert_eq!((left.outcome.as_str(), &cheapest.candidates[..]), ("limits", &["C3".to_owned()][..]));
    assert!(schemars::schema_for!(PlanDocument).to_value().is_object());
}

#[test]
fn the_report_speaks_both_languages_escapes_names_and_asks_for_nothing() {
    for (language, words) in [
        (
            Language::Vi,
            ["DỮ LIỆU TỔNG HỢP", "4 thôn, xóm chưa có sóng", "1.839 người", "2,55\u{a0}tỷ đồng", "lang=\"vi\""],
        ),
        (
            Language::En,
            ["SYNTHETIC DATA", "4 are without signal", "1,839 people", "2.55\u{a0}billion VND", "lang=\"en\""],
        ),
    ] {
        let study = fixture::study(language);
        let html = String::from_utf8(files(&fixture::results(&study)).remove("report.html").unwrap()).unwrap();
        for word in words {
            assert!(html.contains(word), "{word}");
        }
        assert!(html.contains("Xóm &lt;b&gt;Lũng &amp; Mật&lt;"), "names are escaped");
        assert!(!html.contains("<b>Lũng"));
        assert!(!html.contains("http://") && !html.contains("https://"), "nothing is loaded");
        assert!(html.len() < 6_000_000);
    }
}

#[test]
fn absent_stages_leave_their_sections_out() {
    let study = fixture::study(Language::Vi);
    let files = files(&fixture::bare_results(&study));
    assert!(!files.contains_key("plan.json") && !files.contains_key("ranking.csv"));
    assert!(!files.keys().any(|name| name.starts_with("coverage/")));
    let html = String::from_utf8(files["report.html"].clone()).unwrap();
    for section in ["id=\"plan\"", "id=\"villages\"", "id=\"gaps\"", "id=\"status\""] {
        assert!(!html.contains(section), "{section}");
    }
    assert!(html.contains("id=\"method\"") && html.contains("id=\"map\""));
    let villages = String::from_utf8(files["villages.csv"].clone()).unwrap();
    assert!(villages.lines().next().is_some_and(|header| header.contains(",signal_status,")));
}
