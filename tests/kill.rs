//! A run that is killed at any moment, meets a full disk or a folder it may not write, or another run on the same outputs:
//! the outputs are whole or untouched, and `--resume` ends with the bytes of an undisturbed run.
//!
//! `NOTSPOT_KILLS=100 cargo test --test kill -- --nocapture` kills a hundred times.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of};
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

type Files = BTreeMap<String, Vec<u8>>;

/// A study that a debug build computes in about a second, with work in every stage.
fn study() -> SmallStudy {
    let study = SmallStudy::new();
    let mut grid =
        String::from("ncols 160\nnrows 160\nxllcorner 106.0\nyllcorner 22.5\ncellsize 0.001\nNODATA_value -9999\n");
    for row in 0..160 {
        let height =
            |column: i32| 300.0 + 150.0 * (f64::from(row) / 17.0).sin() + 200.0 * (f64::from(column) / 23.0).cos();
        let heights: Vec<String> = (0..160).map(|column| format!("{:.0}", height(column))).collect();
        grid += &(heights.join(" ") + "\n");
    }
    study.write("terrain.asc", &grid);
    let mut sites = String::from("site_id,lat,lon,height_m,technology,frequency_mhz,bandwidth_mhz,eirp_dbm\n");
    for i in 0..28 {
        let (lat, lon) = (22.51 + 0.14 * f64::from(i * 11 % 28) / 28.0, 106.01 + 0.14 * f64::from(i) / 28.0);
        sites += &format!("S{i},{lat:.4},{lon:.4},30,GSM,900,0.2,30\nS{i},{lat:.4},{lon:.4},30,LTE,1800,20,36\n");
    }
    study.write("sites.csv", &sites);
    let mut villages = String::from("id,name,commune,lon,lat,population\n");
    for i in 0..200 {
        let (lat, lon) = (22.51 + 0.14 * f64::from(i * 71 % 200) / 200.0, 106.01 + 0.14 * f64::from(i) / 200.0);
        villages += &format!("V{i},Bản {i},Xã {},{lon:.4},{lat:.4},{}\n", i % 7, 50 + i);
    }
    study.write("villages.csv", &villages);
    study
}

fn command(study: &SmallStudy, name: &str, out: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("notspot"));
    command.arg("run").arg(study.path(name)).arg("-o").arg(out).args(flags);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).env("NOTSPOT_CACHE", study.path("cache"));
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn finish(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stderr(&output)
}

/// The files of an output folder but for `run.json`, which holds times.
fn results(out: &Path) -> Files {
    let mut files = files_of(out);
    assert!(files.remove("run.json").is_some());
    files
}

fn assert_same(found: &Files, expected: &Files) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in expected {
        assert!(found[name] == *bytes, "{name} differs");
    }
}

/// What lies beside the output folder under its hidden name.
fn hidden(out: &Path) -> PathBuf {
    out.with_file_name(format!(".{}.notspot", out.file_name().unwrap().to_string_lossy()))
}

/// The same numbers every time.
struct Random(u64);

impl Random {
    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[test]
fn killed_at_any_moment_the_outputs_are_whole_and_a_resumed_run_ends_the_same() {
    let kills: usize = std::env::var("NOTSPOT_KILLS").map_or(8, |n| n.parse().unwrap());
    let study = study();
    let reference = study.path("reference");
    let start = Instant::now();
    finish(command(&study, "study.toml", &reference, &[]));
    let duration = start.elapsed();
    let expected = results(&reference);

    // the outputs of an earlier study stand where the killed runs write
    let text = std::fs::read_to_string(study.path("study.toml")).unwrap();
    study.write("earlier.toml", &text.replace("\"Small\"", "\"Earlier\""));
    let out = study.path("out");
    let mut random = Random(0x5eed_cafe_f00d_0001);
    let (mut killed, mut finished, mut continued, mut resume) = (0, 0, 0, false);
    finish(command(&study, "earlier.toml", &out, &["--no-progress"]));
    let mut before = Some(files_of(&out));
    // at least one of them must have found something to continue
    while killed < kills || continued == 0 {
        assert!(killed < 10 * kills, "none of {killed} killed runs was continued");
        let flags: &[&str] = if resume { &["--resume"] } else { &[] };
        // some meet the path losses that those before them kept
        if random.next() < 0.8 {
            let _ = std::fs::remove_dir_all(study.path("cache"));
        }
        let mut child = command(&study, "study.toml", &out, flags).spawn().unwrap();
        let whole = wait_and_kill(&mut child, duration.mul_f64(LONGEST * random.next()));
        let said = stderr(&child.wait_with_output().unwrap());
        continued += usize::from(said.contains("continuing the interrupted run"));
        if out.exists() && before.as_ref() != Some(&files_of(&out)) {
            assert_same(&results(&out), &expected);
            finished += 1;
            resume = false;
            // now and then from nothing, now and then over earlier outputs
            std::fs::remove_dir_all(&out).unwrap();
            before = None;
        } else {
            assert!(!whole, "a run that ended well has put its outputs in place: {said}");
            assert_eq!(out.exists(), before.is_some());
            resume = true;
        }
        killed += usize::from(!whole);
    }
    let said = finish(command(&study, "study.toml", &out, &["--resume"]));
    assert_same(&results(&out), &expected);
    assert!(!hidden(&out).exists(), "nothing stays behind: {said}");

    // whatever the killed ones left in the path-loss cache is whole or swept
    let said = finish(command(&study, "study.toml", &out, &["-v"]));
    assert!(!said.contains("path-loss cache"), "{said}");
    assert_same(&results(&out), &expected);
    let mut prune = Command::new(assert_cmd::cargo::cargo_bin("notspot"));
    assert!(prune.args(["cache", "prune", "-q"]).env("NOTSPOT_CACHE", study.path("cache")).status().unwrap().success());
    let names = std::fs::read_dir(study.path("cache")).unwrap().map(|e| e.unwrap().file_name());
    assert!(names.into_iter().all(|name| name.to_string_lossy().ends_with(".loss")));
    println!(
        "{killed} kills, {continued} runs continued an earlier one, {finished} finished between, {duration:.1?} undisturbed"
    );
}

/// Kills come after at most this share of an undisturbed run: a continued one takes less.
const LONGEST: f64 = 0.8;

/// Kills a run after a time; true when it had ended by itself, well.
fn wait_and_kill(child: &mut Child, after: Duration) -> bool {
    let deadline = Instant::now() + after;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(status.success() || status.signal() == Some(9), "{status}");
    status.success()
}

/// Interrupts a run as Ctrl-C does as soon as it has kept something of its coverage.
fn interrupt(study: &SmallStudy, out: &Path) -> String {
    let mut child = command(study, "study.toml", out, &["--threads", "1", "--no-cache"]).spawn().unwrap();
    let kept = hidden(out).join("coverage.checkpoint");
    while !kept.exists() {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before it kept anything");
        std::thread::sleep(Duration::from_millis(5));
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(!out.exists());
    stderr(&output)
}

#[test]
fn an_interrupted_run_is_continued_only_where_nothing_has_changed() {
    let study = study();
    let out = study.path("out");
    let said = interrupt(&study, &out);
    assert!(said.contains("--resume continues"), "{said}");

    // a second run on the same outputs is refused while the first one works
    let mut first = command(&study, "study.toml", &out, &["--resume"]).spawn().unwrap();
    while !hidden(&out).join("lock").exists() || !study.path(".out.notspot").read_dir().unwrap().any(is_partial) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let refused = command(&study, "study.toml", &out, &[]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("another notspot is writing there"), "{}", stderr(&refused));
    assert!(first.wait().unwrap().success());
    let said = stderr(&first.wait_with_output().unwrap());
    assert!(said.contains("continuing the interrupted run"), "{said}");
    let whole = results(&out);

    // changed inputs, damaged checkpoints, and no --resume start afresh and say so
    std::fs::remove_dir_all(&out).unwrap();
    interrupt(&study, &out);
    study.edit("villages.csv", "Bản 12,", "Bản Mới,");
    let said = finish(command(&study, "study.toml", &out, &["--resume"]));
    assert!(said.contains("starting afresh: changed since the interrupted run: villages.csv (villages)"), "{said}");
    assert!(results(&out)["villages.csv"] != whole["villages.csv"]);
    study.edit("villages.csv", "Bản Mới,", "Bản 12,");

    std::fs::remove_dir_all(&out).unwrap();
    interrupt(&study, &out);
    let checkpoint = hidden(&out).join("coverage.checkpoint");
    let bytes = std::fs::read(&checkpoint).unwrap();
    std::fs::write(&checkpoint, &bytes[..bytes.len() / 2]).unwrap();
    let said = finish(command(&study, "study.toml", &out, &["--resume"]));
    assert!(said.contains("the checkpoint \"coverage\" cannot be used: it is damaged"), "{said}");
    assert_same(&results(&out), &whole);
    assert!(!hidden(&out).exists());
}

fn is_partial(entry: std::io::Result<std::fs::DirEntry>) -> bool {
    entry.is_ok_and(|e| e.file_name().to_string_lossy().starts_with("partial-"))
}

#[test]
fn a_full_disk_leaves_the_earlier_outputs() {
    let study = SmallStudy::new();
    let out = study.path("out");
    finish(command(&study, "study.toml", &out, &[]));
    let before = files_of(&out);
    // blocks of 512 bytes that a file may have, as on a disk that is full after them
    for blocks in ["1", "20", "100"] {
        let mut limited = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let run = command(&study, "study.toml", &out, &[]);
        limited.arg("-c").arg(script).arg("sh").arg(run.get_program()).args(run.get_args());
        let output = limited.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{blocks}: {}", stderr(&output));
        assert!(stderr(&output).contains("cannot be written"), "{blocks}: {}", stderr(&output));
        assert!(files_of(&out) == before, "{blocks}: the earlier outputs changed");
    }
    finish(command(&study, "study.toml", &out, &[]));
    assert_same(&results(&out), &{
        let mut files = before;
        files.remove("run.json");
        files
    });
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    let study = SmallStudy::new();
    let mode = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    mode(study.folder.path(), 0o755);
    let closed = study.path("closed");
    std::fs::create_dir(&closed).unwrap();
    mode(&closed, 0o555);
    let mut run = command(&study, "study.toml", &closed.join("out"), &[]);
    if rustix::process::geteuid().is_root() {
        run.uid(NOBODY); // root may write everywhere
    }
    let output = match run.output() {
        Ok(output) => output,
        Err(error) => return common::skipped(&format!("another user cannot start the program: {error}")),
    };
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("closed/.out.notspot: cannot be used to work in"), "{}", stderr(&output));
    assert_eq!(std::fs::read_dir(&closed).unwrap().count(), 0);
}

/// The user without rights.
const NOBODY: u32 = 65_534;

#[test]
fn an_interrupted_coverage_of_one_transmitter_says_so() {
    let study = study();
    // own profiles for a million pixels, which takes far longer than the signal
    let terrain = common::demo().join("terrain.tif").display().to_string();
    for (signal, json) in [(rustix::process::Signal::INT, false), (rustix::process::Signal::TERM, true)] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("notspot"));
        command.current_dir(study.folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.args(["coverage", "--exact", "--threads", "1", "--dem", &terrain, "-o", "loss.tif", "--radius", "60"]);
        command.args(["--site", "22.66,106.1", "--frequency", "900", "--tx-height", "30", "--rx-height", "1.5"]);
        command.args(json.then_some("--json"));
        let child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(1_500));
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert_eq!(stderr(&output), "interrupted; nothing was written\n");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected = "\"error\": \"interrupted; nothing was written\"";
        assert!(
            if json { told.contains("notspot/error/1") && told.contains(expected) } else { told.is_empty() },
            "{told}"
        );
        assert!(!study.path("loss.tif").exists());
    }
}
