//! Land cover and population on the terrain's pixels, from files to the summary.

mod common;

use common::{SmallStudy, shared};
use notspot::coverage::land_cover_shares;
use notspot::progress::Progress;
use notspot::study::{Study, load};
use notspot::{pipeline, report};
use std::sync::Arc;

const WGS84: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],\
                     UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]";

/// Writes an ESRI ASCII grid with its system.
fn write_grid(study: &SmallStudy, name: &str, header: &str, rows: &[Vec<String>]) {
    let text: String = rows.iter().map(|row| row.join(" ") + "\n").collect();
    study.write(&format!("{name}.asc"), &format!("{header}NODATA_value -9999\n{text}"));
    study.write(&format!("{name}.prj"), WGS84);
}

fn name_input(study: &SmallStudy, line: &str) {
    study.edit("study.toml", "sites = \"sites.csv\"\n", &format!("sites = \"sites.csv\"\n{line}\n"));
}

fn texts(problems: &notspot::problem::Problems) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn loaded(study: &SmallStudy) -> Study {
    load(&study.path("study.toml")).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn people_are_counted_once_whatever_the_pixel_size() {
    let study = SmallStudy::new();
    // 7 × 7 pixels of 1/60° whose edges fall between those of the terrain (0.001°); they reach past it on all sides.
    let rows: Vec<Vec<String>> = (0..7)
        .map(|r| {
            (0..7).map(|c| if (r, c) == (6, 6) { "-9999".into() } else { format!("{}", 100 + 10 * r + c) }).collect()
        })
        .collect();
    let header = "ncols 7\nnrows 7\nxllcorner 105.99\nyllcorner 22.49\ncellsize 0.0166666666666667\n";
    write_grid(&study, "people", header, &rows);
    name_input(&study, "population = \"people.asc\"");
    let loaded = loaded(&study);
    let population = loaded.population.as_ref().expect("a population grid");
    // A pixel well inside keeps its people: row 3, column 3 of the file, 133 people, covers 106.04 to 106.0567 E, 22.5567 to 22.54 N.
    let grid = &loaded.terrain.grid;
    let (mut inside, mut all) = (0.0, 0.0);
    for ((row, column), &people) in population.values.indexed_iter() {
        let (x, y) = grid.transform.center(row as f64, column as f64);
        all += f64::from(people);
        if (106.04..106.056_7).contains(&x) && (22.54..22.556_7).contains(&y) {
            inside += f64::from(people);
        }
    }
    assert!((inside - 133.0).abs() < 133.0 * 0.07, "{inside}: whole pixels of the terrain, 16 or 17 of 16.67");
    // The terrain covers 106.0–106.1 E, 22.5–22.6 N: the sum over the file, each pixel weighted by its share in that box.
    let share = |i: usize, low: f64| {
        let (a, b) = (low + i as f64 / 60.0, low + (i + 1) as f64 / 60.0);
        let origin = low + 0.01;
        ((b.min(origin + 0.1) - a.max(origin)).max(0.0)) * 60.0
    };
    let expected: f64 = (0..7)
        .flat_map(|r| (0..7).map(move |c| (r, c)))
        .filter(|&at| at != (6, 6))
        .map(|(r, c)| (100 + 10 * r + c) as f64 * share(6 - r, 22.49) * share(c, 105.99))
        .sum();
    assert!((all - expected).abs() < expected * 0.02, "{all} {expected}");

    let progress = Progress::new(false, false, Arc::default());
    let results = pipeline::compute(&loaded, pipeline::Goal::Coverage, None, &progress).expect("coverage");
    let summary = report::Summary::of(&results);
    let people = summary.area.and_then(|a| a.people).expect("people by status");
    assert!((people.total() - all).abs() < 0.01, "{people:?}");
    assert!(people.served > 0.0 && people.unserved > 0.0, "{people:?}");
}

#[test]
fn faults_of_population_are_named() {
    let study = SmallStudy::new();
    let header = |west: f64| format!("ncols 2\nnrows 2\nxllcorner {west}\nyllcorner 22.5\ncellsize 0.05\n");
    let rows = |first: &str| vec![vec![first.to_owned(), "5".into()], vec!["5".into(), "5".into()]];
    name_input(&study, "population = \"people.asc\"");
    write_grid(&study, "people", &header(106.0), &rows("-200"));
    let warnings = texts(&loaded(&study).warnings);
    for expected in
        ["people.asc = \"-200\": 1 pixel(s) are negative", "inputs.population: has no value at 2500 pixel(s)"]
    {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:?}");
    }
    write_grid(&study, "people", &header(50.0), &rows("5"));
    let problems = load(&study.path("study.toml")).err().expect("a fault");
    assert!(problems.to_string().contains("has no people counts in the study area"), "{problems}");
}

#[test]
fn classes_come_from_the_nearest_pixel_and_unlisted_codes_are_counted() {
    let study = SmallStudy::new();
    let rows = [["10", "50"], ["0", "11"]].map(|row| row.map(str::to_owned).to_vec());
    write_grid(&study, "cover", "ncols 2\nnrows 2\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.05\n", &rows);
    name_input(&study, "land_cover = [\"cover.asc\"]");
    let loaded = loaded(&study);
    let classes = &loaded.land_cover.as_ref().expect("classes").values;
    assert_eq!(
        [classes[[0, 0]], classes[[49, 49]], classes[[49, 50]], classes[[50, 0]], classes[[99, 99]]],
        [10, 10, 50, 0, 0]
    );
    let warnings = texts(&loaded.warnings);
    for expected in [
        "2500 pixel(s) of the terrain have 1 class code(s) without a height and count as unknown: 11 (2500)",
        "5000 of 10000 pixel(s)",
    ] {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:?}");
    }
    study.edit("study.toml", "[inputs]", "[clutter]\nheights_m = { \"x\" = 5.0, \"11\" = -1.0 }\n\n[inputs]");
    let problems = load(&study.path("study.toml")).err().expect("a fault").to_string();
    assert!(problems.contains("clutter.heights_m = \"x\": is no class code"), "{problems}");
    assert!(problems.contains("clutter.heights_m.11 = \"-1\": is outside 0 to 100 m"), "{problems}");
}

/// Pixels by class as `gdalwarp -ovr NONE -et 0 -r near -te 6.68004 0.27004 6.78004 0.37004 -tr 0.001 0.001` gives them.
#[test]
fn a_real_worldcover_tile_is_read() {
    let Some(tile) = shared("data/landcover/ESA_WorldCover_10m_2021_v200_N00E006_Map.tif") else { return };
    let study = SmallStudy::new();
    let flat = vec![vec!["50".to_owned(); 100]; 100];
    let header = "ncols 100\nnrows 100\nxllcorner 6.68004\nyllcorner 0.27004\ncellsize 0.001\n";
    write_grid(&study, "terrain", header, &flat);
    study.write("villages.csv", "id,name,lon,lat\nV1,A,6.72,0.33\n");
    study.write("sites.csv", "lat,lon,radio_type,antenna_height\n0.33,6.73,4G,30\n");
    name_input(&study, &format!("land_cover = [{tile:?}]"));
    let loaded = loaded(&study);
    let pixels = land_cover_shares(&loaded).into_iter().map(|(class, share)| (class, (share * 1e4).round() as u32));
    assert_eq!(pixels.collect::<Vec<_>>(), [(10, 4855), (30, 286), (40, 2), (50, 822), (60, 8), (80, 4026), (90, 1)]);
    assert!(!texts(&loaded.warnings).iter().any(|w| w.contains("class")), "{:?}", loaded.warnings);
}
