//! Commands, flags and output places.

use super::case::Case;

/// A command, and what is said of it; `terrain.asc` and `study.toml` are those of the small study.
const COMMANDS: &[(&str, &str)] = &[
    ("", "Usage"),
    ("frobnicate", "unrecognized subcommand 'frobnicate'"),
    ("chek study.toml", "similar subcommand"),
    ("run", "STUDY"),
    ("run study.toml", "--output"),
    ("run study.toml -o", "a value is required"),
    ("run study.toml -o out more", "unexpected argument 'more'"),
    ("run study.toml -o out --theads 2", "--threads"),
    ("run study.toml -o out --threads two", "invalid value 'two'"),
    ("run study.toml -o study.toml", "study.toml: is a file; choose a folder"),
    ("run study.toml -o .", "would be lost; choose a new or empty folder"),
    ("run study.toml -o villages.csv/out", "villages.csv"),
    ("run . -o out", "cannot be read: Is a directory (os error 21) (name the study: ./study.toml)"),
    ("check .", "name the study: ./study.toml"),
    ("check nowhere.toml", "nowhere.toml: cannot be read"),
    ("check villages.csv", "villages.csv, row 1"),
    ("check terrain.asc", "terrain.asc, row 1"),
    ("new .", "is not empty"),
    ("new study.toml", "study.toml: is a file; choose a folder"),
    ("new study.toml/x", "study.toml/x"),
    ("man study.toml", "study.toml: is a file; choose a folder"),
    ("completions klingon", "klingon"),
    ("solve i.json --gap -1", "must be a finite number"),
    ("solve i.json --gap NaN", "must be a finite number"),
    ("solve i.json --time-limit inf", "must be a finite number"),
    ("solve i.json --seed -1", "invalid value '-1'"),
    ("solve", "<INSTANCE>"),
    ("verify a.json", "<INSTANCE>"),
    ("models extra", "unexpected argument"),
    ("coverage -o x.tif", "STUDY"),
    ("coverage study.toml --site 22.55,106.02 -o x.tif", "cannot be used with"),
    ("coverage --site 22.55 -o x.tif", "write LAT,LON in degrees"),
    ("coverage --site 106.02,22.55 -o x.tif", "latitude is −90 to 90"),
    ("coverage --site NaN,NaN -o x.tif", "latitude is"),
    ("coverage --site 22.55,106.02 -o x.tif", "--dem: is missing"),
    ("coverage --site 22.55;106.02 -o x.tif", "write LAT,LON in degrees"),
    ("coverage --site 106.02,22.55 -o x.tif", "the latitude comes first: 22.55,106.02"),
    ("cache prune --max-size foo", "is no size; write it such as 500MB or 4GiB"),
    ("calibrate study.toml --measurements m.csv -o out --min-distance -1", "write a number from 0 to 50 km"),
    ("calibrate study.toml --measurements m.csv -o out --block-km -1", "write a number from 0.05 to 100 km"),
    (
        "link --distance 1 --model free-space --frequency 900 --tx-height 30 --rx-height 2 --param terminal_clutter=none \
      --param terminal_clutter=none",
        "--param: gives terminal_clutter twice",
    ),
];

/// Flags of one transmitter beside sound ones, and what is said of them.
const TRANSMITTERS: &[(&str, &str)] = &[
    ("--frequency 900 --tx-height 30 --rx-height 1.5", "--radius: is missing"),
    ("--frequency 900 --tx-height 30 --radius 1", "--rx-height: is missing"),
    ("--frequency 900 --tx-height 0 --rx-height 1.5 --radius 1", "--tx-height = \"0\""),
    ("--frequency NaN --tx-height 30 --rx-height 1.5 --radius 1", "--frequency = \"NaN\""),
    ("--frequency inf --tx-height 30 --rx-height 1.5 --radius 1", "--frequency = \"inf\""),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1e9", "--radius = \"1000000000\""),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius -1", "--radius = \"-1\""),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --model none", "none"),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1km", "invalid value '1km'"),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --param time_percent", "is not NAME=VALUE"),
    (
        "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --param time_percent=60",
        "--param: parameter time_percent: 60 is not allowed",
    ),
    (
        "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --param time_percent=10 --param time_percent=50",
        "--param: gives time_percent twice: 10 and 50",
    ),
    (
        "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 101 --model hata",
        "--radius: distance_km = 101 is outside 0–100 km for hata",
    ),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius 0.05", "--radius: holds no pixel's centre"),
    ("--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --param tiem=1", "--param: parameter tiem"),
    (
        "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --clutter nowhere.tif",
        "nowhere.tif: file does not exist",
    ),
    (
        "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1 --clutter terrain.asc",
        "gives no pixel of the study area a class",
    ),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = COMMANDS.iter().map(|(command, says)| Case::command(command, &[says])).collect();
    cases[0].arguments.clear();
    for (flags, says) in TRANSMITTERS {
        let command = format!("coverage --site 22.55,106.02 --dem terrain.asc -o x.tif {flags}");
        cases.push(Case::command(&command, &[says]));
    }
    let sound = "--frequency 900 --tx-height 30 --rx-height 1.5 --radius 1";
    for (place, says) in [
        ("--site 22.55,106.02 --dem terrain.asc -o x.png", "name a .tif file"),
        ("--site 22.55,106.02 --dem terrain.asc -o no/x.tif", "lies in a folder that does not exist"),
        ("--site 22.55,106.02 --dem villages.csv -o x.tif", "villages.csv: holds no raster band"),
        ("--site 22.55,106.02 --dem nowhere.tif -o x.tif", "nowhere.tif: file does not exist"),
        ("--site 22.55,106.5 --dem terrain.asc -o x.tif", "terrain.asc: the terrain covers"),
        ("--site -22.55,-106.02 --dem terrain.asc -o x.tif", "terrain.asc: the terrain covers"),
        ("--site 90,0 --dem terrain.asc -o x.tif", "terrain.asc: the terrain covers"),
    ] {
        cases.push(Case::command(&format!("coverage {place} {sound}"), &[says]));
    }
    for (output, code, says) in
        [("", 2, "--output"), ("out/..", 2, "is no name"), ("/proc/none/out", 1, "/proc/none: cannot be made")]
    {
        let mut case = Case::command("run study.toml -o", &[says]).code(code);
        case.name = format!("run study.toml -o {output:?}");
        case.arguments.push(output.to_owned());
        cases.push(case);
    }
    let long = "x".repeat(300);
    cases.push(Case::command(&format!("run study.toml -o {long}"), &["name"]));
    cases.push(Case::command(&format!("check {long}.toml"), &["cannot be read"]));
    cases
}
