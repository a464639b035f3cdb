//! What several test programs share.
#![allow(dead_code, unreachable_pub)] // each program uses its own part

use assert_cmd::Command;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The real binary, with a path-loss cache of its own.
pub fn notspot() -> Command {
    let mut command = Command::cargo_bin("notspot").expect("the binary is built with the tests");
    command.env("NOTSPOT_CACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache")).env("NOTSPOT_CACHE_SIZE", "100MB");
    command
}

/// Folder of the demo study.
pub fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo")
}

/// A file of the shared reference data, where it is present; otherwise the test says so and is skipped.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("NOTSPOT_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!("{} is not there (set NOTSPOT_SHARED)", path.display()));
    None
}

/// Says why a test is skipped: with `--nocapture`, and in the list that `make test` shows at its end.
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
    let list =
        std::fs::OpenOptions::new().create(true).append(true).open(concat!(env!("CARGO_TARGET_TMPDIR"), "/skipped"));
    let _ = list.and_then(|mut list| writeln!(list, "{why}")); // the test goes on where it cannot be written
}

/// Every file under a folder with its bytes, by relative path.
pub fn files_of(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).expect("a readable file"));
            }
        }
    }
    files
}

/// A small study that is made here: a ridge between two villages and one site, terrain written as ESRI ASCII grid.
pub struct SmallStudy {
    pub folder: tempfile::TempDir,
}

impl SmallStudy {
    /// Frame 106.0–106.1 E, 22.5–22.6 N at 0.001°; a 300 m ridge runs north–south at 106.05 E. Villages V1 (west, near the
    /// site) and V2, V3 (east, in its shadow).
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let study = Self { folder };
        let mut grid =
            String::from("ncols 100\nnrows 100\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\nNODATA_value -9999\n");
        for _ in 0..100 {
            let row: Vec<String> = (0..100)
                .map(|column| {
                    let from_ridge = (f64::from(column) + 0.5 - 50.0).abs();
                    format!("{}", (200.0 + 400.0 * (-from_ridge * from_ridge / 30.0).exp()).round())
                })
                .collect();
            grid.push_str(&row.join(" "));
            grid.push('\n');
        }
        study.write("terrain.asc", &grid);
        study.write("terrain.prj", "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]");
        study.write(
            "villages.csv",
            "id,name,commune,lon,lat,population,households,has_electricity,reported_signal,reported_broadband,fixed_broadband_households\n\
             V1,Bản Tây,Xã Một,106.030,22.550,400,100,yes,yes,yes,80\n\
             V2,Bản Đông,Xã Một,106.058,22.550,300,70,yes,no,no,\n\
             V3,\"Xóm <b>Khuổi</b>, & bạn\",Xã Hai,106.060,22.556,200,50,no,no,no,0\n",
        );
        study.write(
            "sites.csv",
            "site_id,operator,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,antenna,feeder_loss_db,eirp_dbm,status\n\
             S1,Operator A,22.550,106.020,30,GSM,900,0.2,omni,0,50,active\n\
             S1,Operator A,22.550,106.020,30,LTE,1800,20,omni,0,52,active\n",
        );
        study.write(
            "study.toml",
            "name = \"Small\"\nsynthetic = true\ndate = \"2026-01-01\"\nlanguage = \"vi\"\n\n[inputs]\n\
             terrain = [\"terrain.asc\"]\nvillages = \"villages.csv\"\nsites = \"sites.csv\"\n",
        );
        study
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a writable folder");
    }

    /// Replaces text in one of its files; the text must be there.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).expect("a file of the study");
        assert!(text.contains(from), "{name} holds no {from:?}");
        self.write(name, &text.replace(from, to));
    }
}
