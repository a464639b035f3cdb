//! Elevation rasters as they come: other systems, other resolutions, archives, points and areas.
#![allow(clippy::unwrap_used)]

mod common;

use common::shared;
use notspot::geodesy::{BoundingBox, LonLat};
use notspot::terrain::{Dem, Terrain};
use std::path::{Path, PathBuf};
use std::process::Command;

fn open(files: &[&Path]) -> Dem {
    let named: Vec<(PathBuf, String)> = files.iter().map(|f| (f.to_path_buf(), f.display().to_string())).collect();
    Dem::open(&named).unwrap()
}

fn whole(files: &[&Path]) -> Terrain {
    let dem = open(files);
    dem.window(dem.bounds()).unwrap()
}

fn must(program: &str, arguments: &[&dyn AsRef<std::ffi::OsStr>]) {
    let output = Command::new(program).args(arguments.iter().map(AsRef::as_ref)).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_utm_raster_and_its_warp_to_degrees_give_the_same_profiles() {
    let Some(utm) = shared("data/terrain/srtm_bigtujunga30m_utm11.tif") else { return };
    let folder = tempfile::tempdir().unwrap();
    let degrees = folder.path().join("degrees.tif");
    // One second, the pixel of SRTM: gdalwarp's own choice here, 1.13″, smooths ridges and gives 1.01 m.
    let second = (1.0_f64 / 3600.0).to_string();
    must(
        "gdalwarp",
        &[
            &"-q",
            &"-t_srs",
            &"EPSG:4326",
            &"-tr",
            &second,
            &second,
            &"-r",
            &"bilinear",
            &"-ot",
            &"Float32",
            &utm,
            &degrees,
        ],
    );
    let (utm, degrees) = (whole(&[&utm]), whole(&[&degrees]));
    let corner = |i: u32, j: u32| LonLat::new(-118.33 + 0.34 * f64::from(i) / 8.0, 34.24 + 0.15 * f64::from(j) / 8.0);
    let (mut sum, mut count, mut most) = (0.0, 0, 0.0_f64);
    for (a, b) in (0..8).flat_map(|i| (0..8).map(move |j| (i, j))) {
        let (from, to) = (corner(a, b), corner((3 * a + 5) % 8, (5 * b + 3) % 8));
        if from == to {
            continue;
        }
        let (one, two) = (utm.profile(from, to, 30.0).unwrap(), degrees.profile(from, to, 30.0).unwrap());
        for (x, y) in one.terrain_amsl_m().iter().zip(two.terrain_amsl_m()) {
            sum += (x - y).powi(2);
            count += 1;
            most = most.max((x - y).abs());
        }
    }
    let rms = (sum / f64::from(count)).sqrt();
    eprintln!("{count} heights: RMS {rms:.3} m, at most {most:.2} m");
    assert!(count > 10_000 && rms < 1.0, "RMS {rms} m over {count} heights");
}

#[test]
fn a_tile_of_srtm_has_its_heights_on_whole_seconds_in_an_archive_too() {
    let Some(tile) = shared("data/terrain/N00E010.hgt") else { return };
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("N00E010.SRTMGL3.hgt.zip");
    must("python3", &[&"-m", &"zipfile", &"-c", &archive, &tile]);
    let bytes = std::fs::read(&tile).unwrap();
    for terrain in [whole(&[&tile]), whole(&[&archive])] {
        // 1201 × 1201 big-endian heights, rows from the north; the first stands at 10° E, 1° N exactly.
        for (row, column) in [(0_usize, 0_usize), (600, 600), (17, 1100), (1200, 1200)] {
            let at = 2 * (row * 1201 + column);
            let height = f64::from(i16::from_be_bytes([bytes[at], bytes[at + 1]]));
            let place = LonLat::new(10.0 + column as f64 / 1200.0, 1.0 - row as f64 / 1200.0);
            let found = terrain.height_m(place).unwrap();
            assert!((found - height).abs() < 0.01, "row {row}, column {column}: {found} m, the file has {height} m");
        }
    }
}

/// A plane over longitude and latitude, which every correct interpolation gives back.
fn plane(p: LonLat) -> f64 {
    500.0 + 2_000.0 * (p.lon_deg - 106.0) + 3_000.0 * (p.lat_deg - 22.0)
}

/// The plane as an ESRI ASCII grid of `n` × `n` pixels of `step` degrees.
fn write_plane(path: &Path, west: f64, south: f64, n: usize, step: f64) {
    let mut text =
        format!("ncols {n}\nnrows {n}\nxllcorner {west}\nyllcorner {south}\ncellsize {step}\nNODATA_value -9999\n");
    for row in 0..n {
        let lat = south + (n as f64 - row as f64 - 0.5) * step;
        let heights = (0..n).map(|column| plane(LonLat::new(west + (column as f64 + 0.5) * step, lat)));
        text += &heights.map(|h| format!("{h:.4}")).collect::<Vec<_>>().join(" ");
        text.push('\n');
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn tiles_of_all_kinds_join_without_a_seam() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let second = 1.0 / 3600.0;
    // one second in the west as area, three seconds in the east as point, UTM across the seam in the north
    write_plane(&at("fine.asc"), 106.0, 22.0, 360, second);
    write_plane(&at("coarse.asc"), 106.1, 22.0, 120, 3.0 * second);
    write_plane(&at("north.asc"), 106.0, 22.098, 360, second);
    for (from, to, kind) in
        [("fine.asc", "fine.tif", "Area"), ("coarse.asc", "coarse.tif", "Point"), ("north.asc", "north.tif", "Area")]
    {
        let kind = format!("AREA_OR_POINT={kind}");
        must(
            "gdal_translate",
            &[&"-q", &"-a_srs", &"EPSG:4326", &"-ot", &"Float32", &"-mo", &kind, &at(from), &at(to)],
        );
    }
    must("gdalwarp", &[&"-q", &"-t_srs", &"EPSG:9210", &"-r", &"bilinear", &at("north.tif"), &at("vn2000.tif")]);
    must(
        "gdalbuildvrt",
        &[&"-q", &"-resolution", &"highest", &"-r", &"bilinear", &at("both.vrt"), &at("fine.tif"), &at("coarse.tif")],
    );
    must("python3", &[&"-m", &"zipfile", &"-c", &at("fine.zip"), &at("fine.tif")]);

    let inside =
        |west, south, east, north| BoundingBox { west_deg: west, south_deg: south, east_deg: east, north_deg: north };
    let south = inside(106.002, 22.002, 106.198, 22.098);
    let all = inside(106.002, 22.002, 106.098, 22.19);
    let cases: [(&str, Vec<&str>, BoundingBox); 4] = [
        ("1″ and 3″", vec!["fine.tif", "coarse.tif"], south),
        ("VRT", vec!["both.vrt"], south),
        ("archive", vec!["fine.zip", "coarse.tif"], south),
        ("degrees and VN-2000", vec!["fine.tif", "vn2000.tif"], all),
    ];
    for (name, files, bounds) in cases {
        let files: Vec<PathBuf> = files.into_iter().map(at).collect();
        let terrain = whole(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
        assert!(terrain.warnings.is_empty());
        let mut most = 0.0_f64;
        for (i, j) in (0..40).flat_map(|i| (0..40).map(move |j| (f64::from(i) / 39.0, f64::from(j) / 39.0))) {
            let place = LonLat::new(
                bounds.west_deg + i * (bounds.east_deg - bounds.west_deg),
                bounds.south_deg + j * (bounds.north_deg - bounds.south_deg),
            );
            let height = terrain.height_m(place).unwrap_or_else(|| panic!("{name}: no height at {place:?}"));
            most = most.max((height - plane(place)).abs());
        }
        eprintln!("{name}: at most {most:.3} m");
        assert!(most < 0.25, "{name}: {most} m off"); // the plane rises 0.08 m a second east and north
    }
}

#[test]
fn an_archive_without_or_with_two_rasters_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("a.txt"), "a").unwrap();
    write_plane(&at("a.asc"), 106.0, 22.0, 3, 0.1);
    write_plane(&at("b.asc"), 106.0, 22.0, 3, 0.1);
    must("python3", &[&"-m", &"zipfile", &"-c", &at("none.zip"), &at("a.txt")]);
    must("python3", &[&"-m", &"zipfile", &"-c", &at("two.zip"), &at("a.asc"), &at("b.asc")]);
    std::fs::write(at("broken.zip"), "PK no archive").unwrap();
    for (file, says) in [
        ("none.zip", "holds no file that is read"),
        ("two.zip", "holds several files: a.asc, b.asc"),
        ("broken.zip", "cannot be read as a zip archive"),
    ] {
        let problems = Dem::open(&[(at(file), file.to_owned())]).unwrap_err().to_string();
        assert!(problems.contains(says), "{problems}");
    }
}
