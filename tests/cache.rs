//! The path-loss cache through the real binary: whatever it holds, outputs are those of a run without it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Ten sites on 16 × 16 km, two of them at one place, with 2 km around each; the terrain that is read ends with them.
fn study() -> SmallStudy {
    let study = SmallStudy::new();
    let mut grid = String::from("ncols 160\nnrows 160\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\n");
    for row in 0..160 {
        let height = |column| 300.0 + 150.0 * (f64::from(row) / 17.0).sin() + 200.0 * (f64::from(column) / 23.0).cos();
        let heights: Vec<String> = (0..160).map(|column| format!("{:.0}", height(column))).collect();
        grid += &(heights.join(" ") + "\n");
    }
    study.write("terrain.asc", &grid);
    let mut sites = String::from("site_id,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm\n");
    for i in 0..10 {
        let place = i.min(8);
        let (lat, lon) = (22.55 + 0.006 * f64::from(place * 7 % 10), 106.05 + 0.006 * f64::from(place));
        // three sectors and another technology on one height and frequency share a matrix, another band has its own
        for cell in ["GSM,900,0.2,40", "GSM,900,0.2,41", "LTE,900,10,43", "LTE,1800,20,46"] {
            sites += &format!("S{i},{lat:.4},{lon:.4},30,{cell}\n");
        }
    }
    study.write("sites.csv", &sites);
    study.edit("study.toml", "[inputs]", "[coverage]\nradius_km = { GSM = 2.0, LTE = 1.5 }\n\n[inputs]");
    study
}

/// Matrices of the study: two bands at each of nine places.
const MATRICES: u64 = 18;

fn command(study: &SmallStudy, name: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("notspot"));
    command.arg("coverage").arg(study.path("study.toml")).arg("-o").arg(study.path(name)).args(flags);
    command.env("NOTSPOT_CACHE", cache(study)).env_remove("NOTSPOT_CACHE_SIZE");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn cache(study: &SmallStudy) -> PathBuf {
    study.path("cache/notspot")
}

/// The files of a run but for `run.json`, its counts of computed and cached matrices, and what it said.
struct Run {
    files: BTreeMap<String, Vec<u8>>,
    computed: u64,
    from_cache: u64,
    said: String,
}

fn finish(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn finished(study: &SmallStudy, name: &str, output: &Output) -> Run {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files = files_of(&study.path(name));
    let record: Value = serde_json::from_slice(&files.remove("run.json").unwrap()).unwrap();
    let count = |name: &str| record["path_loss_matrices"][name].as_u64().unwrap();
    let (computed, from_cache) = (count("computed"), count("from_cache"));
    assert_eq!(computed + from_cache, MATRICES);
    Run { files, computed, from_cache, said: String::from_utf8_lossy(&output.stderr).into_owned() }
}

fn run(study: &SmallStudy, name: &str, flags: &[&str]) -> Run {
    finished(study, name, &finish(&mut command(study, name, flags)))
}

fn assert_same(found: &Run, expected: &Run) {
    assert_eq!(found.files.keys().collect::<Vec<_>>(), expected.files.keys().collect::<Vec<_>>());
    for (name, bytes) in &expected.files {
        assert!(found.files[name] == *bytes, "{name} differs");
    }
}

fn entries(study: &SmallStudy) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(cache(study)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn cache_command(study: &SmallStudy, words: &[&str]) -> Value {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("notspot"));
    command.arg("cache").args(words).arg("--json").env("NOTSPOT_CACHE", cache(study));
    serde_json::from_slice(&finish(&mut command).stdout).unwrap()
}

#[test]
fn a_warm_run_equals_a_cold_one_and_a_changed_site_is_computed_alone() {
    let study = study();
    let without = run(&study, "without", &["--no-cache"]);
    assert!(!cache(&study).exists(), "--no-cache writes nothing");
    let cold = run(&study, "cold", &["--threads", "1"]);
    let warm = run(&study, "warm", &["--threads", "8"]);
    assert_eq!([cold.computed, warm.computed, warm.from_cache], [MATRICES, 0, MATRICES]);
    assert_same(&cold, &without);
    assert_same(&warm, &without);
    assert_eq!(run(&study, "without", &["--no-cache"]).from_cache, 0, "--no-cache reads nothing");

    // powers and technologies are no part of a loss, heights are
    study.edit("sites.csv", "S3,22.5560,106.0680,30,LTE,900,10,43", "S3,22.5560,106.0680,30,GSM,900,0.2,50");
    assert_eq!(run(&study, "warm", &[]).computed, 0);
    study.edit("sites.csv", "S3,22.5560,106.0680,30", "S3,22.5560,106.0680,42");
    let changed = run(&study, "warm", &[]);
    assert_eq!(changed.computed, 2, "both bands of the site");
    assert_same(&changed, &run(&study, "without", &["--no-cache"]));

    // the westernmost site moves, and with it the window of terrain that is read
    study.edit("sites.csv", "106.0500", "106.0410");
    let moved = run(&study, "warm", &[]);
    assert_eq!(moved.computed, 2, "the others are the same wherever the window begins");
    assert_same(&moved, &run(&study, "without", &["--no-cache"]));
}

#[test]
fn damaged_entries_are_computed_again() {
    let study = study();
    let cold = run(&study, "cold", &[]);
    let files = entries(&study);
    assert_eq!(files.len() as u64, MATRICES);
    let bytes = std::fs::read(&files[0]).unwrap();
    std::fs::write(&files[0], &bytes[..bytes.len() / 2]).unwrap();
    let mut bytes = std::fs::read(&files[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&files[1], &bytes).unwrap();
    std::fs::write(&files[2], "").unwrap();
    std::fs::copy(&files[3], &files[4]).unwrap();
    let warm = run(&study, "warm", &["-v"]);
    assert_eq!(warm.computed, 4);
    assert_same(&warm, &cold);
    for file in [0, 1, 2, 4] {
        let message = format!("path-loss cache: {}: is damaged; it is computed again", files[file].display());
        assert!(warm.said.contains(&message), "{message}: {}", warm.said);
    }
    std::fs::write(&files[5], "x").unwrap();
    let warm = run(&study, "warm", &[]);
    assert_eq!((warm.computed, warm.said.as_str()), (1, ""), "told with -v only, and mended the first time");
}

#[test]
fn two_processes_share_it() {
    let study = study();
    let without = run(&study, "without", &["--no-cache"]);
    let children = ["a", "b", "c"].map(|name| (name, command(&study, name, &["-v"]).spawn().unwrap()));
    let runs = children.map(|(name, child)| finished(&study, name, &child.wait_with_output().unwrap()));
    for run in &runs {
        assert_same(run, &without);
        assert!(!run.said.contains("path-loss cache"), "{}", run.said);
    }
    let last = run(&study, "last", &[]);
    assert_eq!(last.computed, 0);
    assert_same(&last, &without);
}

#[test]
fn its_size_is_bounded() {
    let study = study();
    let cold = run(&study, "cold", &[]);
    let listed = cache_command(&study, &["list"]);
    let (count, all) = (listed["entries"].as_array().unwrap().len() as u64, listed["bytes"].as_u64().unwrap());
    assert_eq!((count, listed["schema"].as_str()), (MATRICES, Some("notspot/cache/1")));
    assert_eq!(listed["folder"].as_str(), cache(&study).to_str());
    assert!(listed["entries"][0]["age_seconds"].as_u64().unwrap() < 600, "{listed}");

    // half of it is pruned; a limit of that size then holds, and what fits still serves
    let half = (all / 2).to_string();
    let pruned = cache_command(&study, &["prune", "--max-size", &half]);
    let left = pruned["bytes"].as_u64().unwrap();
    assert!(left <= all / 2 && left + pruned["removed"]["bytes"].as_u64().unwrap() == all, "{pruned}");
    study.edit("study.toml", "GSM = 2.0", "GSM = 1.9");
    let limited = |name| {
        let output = finish(command(&study, name, &["-v"]).env("NOTSPOT_CACHE_SIZE", &half));
        assert!(cache_command(&study, &["list"])["bytes"].as_u64().unwrap() <= all / 2);
        finished(&study, name, &output)
    };
    let first = limited("limited");
    assert!(first.said.contains("this run fills it"), "{}", first.said);
    assert!(limited("limited").from_cache > 0);

    let mut list = Command::new(assert_cmd::cargo::cargo_bin("notspot"));
    let listed = finish(list.args(["cache", "list", "-v"]).env("NOTSPOT_CACHE", cache(&study)));
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(text.contains(&format!("folder     {}\n", cache(&study).display())), "{text}");
    assert!(text.contains("KiB of 10.0 GiB\n") && text.contains(" ago\n"), "{text}");

    let cleared = cache_command(&study, &["clear"]);
    assert_eq!((cleared["bytes"].as_u64(), cleared["entries"].as_array().map(Vec::len)), (Some(0), Some(0)));
    assert!(entries(&study).is_empty());
    study.edit("study.toml", "GSM = 1.9", "GSM = 2.0");
    let again = run(&study, "again", &[]);
    assert_eq!(again.computed, MATRICES);
    assert_same(&again, &cold);

    let output = command(&study, "bad", &[]).env("NOTSPOT_CACHE_SIZE", "much").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("NOTSPOT_CACHE_SIZE = \"much\": is no size"), "{said}");
}

#[test]
fn a_folder_that_cannot_be_used_is_told_once_and_stops_nothing() {
    let study = study();
    let without = run(&study, "without", &["--no-cache"]);
    let file = study.path("study.toml");
    for place in [&file, &file.join("cache")] {
        let run = finished(&study, "out", &finish(command(&study, "out", &[]).env("NOTSPOT_CACHE", place)));
        assert_same(&run, &without);
        assert_eq!(
            run.said.matches("the path-loss cache cannot be used, the run goes on without").count(),
            1,
            "{}",
            run.said
        );
    }
}

/// A cache that others filled and that may only be read.
#[test]
#[cfg(unix)]
fn a_folder_that_may_only_be_read_is_read() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    let study = study();
    let cold = run(&study, "cold", &[]);
    let mode = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    mode(study.folder.path(), 0o777);
    mode(&study.path("cache"), 0o755);
    std::fs::remove_file(&entries(&study)[0]).unwrap();
    entries(&study).iter().for_each(|file| mode(file, 0o444));
    mode(&cache(&study), 0o555);
    let mut warm = command(&study, "warm", &[]);
    if rustix::process::geteuid().is_root() {
        warm.uid(65_534); // root may write everywhere
    }
    let output = match warm.output() {
        Ok(output) => output,
        Err(error) => return common::skipped(&format!("another user cannot start the program: {error}")),
    };
    let warm = finished(&study, "warm", &output);
    mode(&cache(&study), 0o755);
    assert_eq!(warm.computed, 1);
    assert_same(&warm, &cold);
    assert_eq!(warm.said.matches("the path-loss cache cannot be used").count(), 1, "{}", warm.said);
}
