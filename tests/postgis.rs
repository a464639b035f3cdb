//! Villages in a real PostgreSQL with PostGIS, started here on loopback and stopped again. Skipped where it is not installed.
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, files_of, notspot, skipped};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PASSWORD: &str = "s3cret-of-the-test";

/// A server in a temporary folder; stopped when dropped.
struct Server {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Server {
    /// Starts a server with a user `planner` who may only read; `None` with a message where that cannot be done.
    fn start() -> Option<Self> {
        let Some(bin) = newest("/usr/lib/postgresql", "bin/initdb").map(|file| file.parent().unwrap().to_owned())
        else {
            skipped("PostgreSQL is not installed (apt-get install postgresql postgresql-postgis)");
            return None;
        };
        if newest("/usr/share/postgresql", "extension/postgis.control").is_none() {
            skipped("PostGIS is not installed (apt-get install postgresql-postgis)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, bin, port };
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(server.folder.path()).status().unwrap().success());
        }
        std::fs::write(server.folder.path().join("password"), PASSWORD).unwrap();
        let data = server.data();
        let password_file = server.folder.path().join("password");
        let password_file = password_file.to_str().unwrap();
        server.must(
            "initdb",
            &["-D", &data, "-U", "keeper", "-A", "scram-sha-256", "--pwfile", password_file, "-E", "UTF8"],
        );
        let options = format!("-p {} -h 127.0.0.1 -k {} -F", server.port, server.folder.path().display());
        let log = server.folder.path().join("log");
        server.must("pg_ctl", &["-D", &data, "-o", &options, "-l", log.to_str().unwrap(), "-w", "start"]);
        server.sql(&format!(
            "CREATE EXTENSION postgis;
             CREATE TABLE villages (gid int PRIMARY KEY, id text, name text, population int, reported_signal text, place geometry(Point, 3405));
             INSERT INTO villages VALUES
               (3, 'V3', 'Xóm Khuổi', 200, 'no', ST_Transform(ST_SetSRID(ST_Point(106.060, 22.556), 4326), 3405)),
               (1, 'V1', 'Bản Tây', 400, 'yes', ST_Transform(ST_SetSRID(ST_Point(106.030, 22.550), 4326), 3405)),
               (2, 'V2', 'Bản Đông', 300, 'no', ST_Transform(ST_SetSRID(ST_Point(106.058, 22.550), 4326), 3405));
             CREATE TABLE other (id text, place geometry(Point, 4326));
             INSERT INTO other VALUES ('x', ST_SetSRID(ST_Point(106, 22), 4326));
             CREATE USER planner PASSWORD '{PASSWORD}';
             GRANT SELECT ON ALL TABLES IN SCHEMA public TO planner;"
        ));
        Some(server)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    /// Runs a program of PostgreSQL, which refuses to serve as root.
    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).current_dir(self.folder.path()).env("PGPASSWORD", PASSWORD).output().unwrap()
    }

    fn must(&self, program: &str, arguments: &[&str]) {
        let output = self.run(program, arguments);
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn sql(&self, text: &str) {
        let port = self.port.to_string();
        self.must(
            "psql",
            &[
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                "keeper",
                "-d",
                "postgres",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                text,
            ],
        );
    }

    fn connection(&self, password: &str) -> String {
        format!("PG:host=127.0.0.1 port={} dbname=postgres user=planner password={password}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The file below the last of a folder's subfolders that has it.
fn newest(folder: &str, file: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir(Path::new(folder)).ok()?.flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join(file)).filter(|path| path.exists()).collect();
    found.sort();
    found.pop()
}

fn check(study: &SmallStudy) -> (i32, String) {
    let output = notspot().arg("check").arg(study.path("study.toml")).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn villages_come_from_a_database_and_its_password_stays_secret() {
    let Some(server) = Server::start() else { return };
    let study = SmallStudy::new();
    let connection = server.connection(PASSWORD);
    study.edit("study.toml", "\"villages.csv\"", &format!("\"{connection}|layername=villages\""));
    let (code, text) = check(&study);
    assert_eq!(code, 0, "{text}");
    assert!(text.ends_with("0 error(s), 0 warning(s)\n"), "{text}");

    let out = study.path("out");
    notspot()
        .arg("gaps")
        .arg(study.path("study.toml"))
        .arg("-o")
        .arg(&out)
        .args(["-q", "--no-progress"])
        .assert()
        .success();
    let files = files_of(&out);
    for (name, bytes) in &files {
        assert!(!bytes.windows(PASSWORD.len()).any(|w| w == PASSWORD.as_bytes()), "{name} holds the password");
    }
    let table = String::from_utf8(files["villages.csv"].clone()).unwrap();
    let names: Vec<&str> = ["Bản Tây", "Bản Đông", "Xóm Khuổi"].into_iter().filter(|n| table.contains(n)).collect();
    assert_eq!(names.len(), 3, "{table}");
    assert!(String::from_utf8(files["run.json"].clone()).unwrap().contains("password=***"));

    // several layers, a wrong layer, a wrong password, no server: each is named, without the password
    for (from, to, says) in [
        ("|layername=villages", "", "has several layers: "),
        ("password=***\"", "password=***|layername=towns\"", "has no layer \"towns\""),
        ("|layername=towns", "|layername=villages", "0 error(s)"),
    ] {
        study.edit("study.toml", &from.replace("***", PASSWORD), &to.replace("***", PASSWORD));
        let (_, text) = check(&study);
        assert!(text.contains(says) && !text.contains(PASSWORD), "{text}");
    }
    study.edit("study.toml", PASSWORD, "wr0ng-password");
    let (code, text) = check(&study);
    assert!(code == 2 && text.contains("password=***") && !text.contains("wr0ng-password"), "{text}");
    drop(server);
    let (code, text) = check(&study);
    assert!(code == 2 && text.contains("cannot be read") && !text.contains("wr0ng-password"), "{text}");
}
