//! `notspot link`: profiles, batch lines, flags.

use super::case::Case;

/// The rest of a sound command around a profile.
const LINK: &str = "link --profile p.csv --frequency 900 --tx-height 30 --rx-height 1.5";

/// A profile, and what is said of it.
const PROFILES: &[(&[u8], &str)] = &[
    (b"", "p.csv"),
    (b"\n", "p.csv"),
    (b"distance_km,terrain_amsl_m\n", "p.csv: profile has 0 point(s); at least 2 are needed"),
    (b"distance_km,terrain_amsl_m\n0,1\n", "p.csv: profile has 1 point(s)"),
    (b"distance_km\n0\n1\n", "p.csv, terrain_amsl_m: column is missing; the file has: distance_km"),
    (b"a,b\n0,1\n1,2\n", "p.csv, distance_km: column is missing"),
    (b"distance_km,terrain_amsl_m,distance_km\n0,1,0\n1,2,1\n", "p.csv, row 1, distance_km"),
    (b"distance_km,terrain_amsl_m\n0,1\n1,x\n", "p.csv, row 3, terrain_amsl_m = \"x\": is not a number"),
    (b"distance_km,terrain_amsl_m\n0,1\n1\n", "p.csv, row 3"),
    (b"distance_km,terrain_amsl_m\n0,1\n1,2,3\n", "p.csv, row 3"),
    (b"distance_km,terrain_amsl_m\n0,1\n1,\n", "p.csv, row 3, terrain_amsl_m = \"\""),
    (b"distance_km,terrain_amsl_m\n1,1\n2,2\n", "p.csv, row 2, distance_km = \"1\": the first distance must be 0"),
    (b"distance_km,terrain_amsl_m\n0,1\n0,2\n", "p.csv, row 3, distance_km = \"0\""),
    (b"distance_km,terrain_amsl_m\n0,1\n2,2\n1,2\n", "p.csv, row 4, distance_km = \"1\""),
    (b"distance_km,terrain_amsl_m\n0,1\nNaN,2\n", "p.csv, row 3, distance_km = \"NaN\""),
    (b"distance_km,terrain_amsl_m\n0,1\ninf,2\n", "p.csv, row 3, distance_km = \"inf\""),
    (
        b"distance_km,terrain_amsl_m\n0,1\n1,1e999\n",
        "p.csv, row 3, terrain_amsl_m = \"1e999\": is outside -20000 to 20000",
    ),
    (b"distance_km,terrain_amsl_m\n0,1\n1,-30000\n", "p.csv, row 3, terrain_amsl_m = \"-30000\""),
    (b"distance_km,terrain_amsl_m,clutter_m\n0,1,0\n1,2,-5\n", "p.csv, row 3, clutter_m = \"-5\""),
    (
        b"distance_km,terrain_amsl_m,clutter_m\n0,1,0\n1,2,1e4\n",
        "p.csv, row 3, clutter_m = \"1e4\": is outside 0 to 1000",
    ),
    (b"distance_km,terrain_amsl_m,zone\n0,1,\n1,2,lake\n", "p.csv, row 3, zone = \"lake\": zone is sea"),
    (b"distance_km,terrain_amsl_m\n0,1\n1,\"2\n", "p.csv, row 3: a quotation mark is not closed"),
    (b"distance_km,terrain_amsl_m\n0,1\n1e6,2\n", "distance_km = 1000000 is outside"),
    (b"distance_km,terrain_amsl_m\n0,\xff\n1,2\n", "p.csv"),
    (b"\xff\xfed\x00", "p.csv"),
    (b"distance_km,terrain_amsl_m\n0,1\x00\n1,2\n", "p.csv"),
];

/// Flags after a sound profile, and what is said of them.
const FLAGS: &[(&str, &str)] = &[
    ("--model nonsense", "nonsense"),
    ("--model=", "--model"),
    ("--param delta_n", "is not NAME=VALUE"),
    ("--param delta_n=", "parameter delta_n"),
    ("--param =45", "parameter"),
    ("--param delta_n=NaN", "parameter delta_n: \"NaN\" is not allowed"),
    ("--param delta_n=1e999", "parameter delta_n"),
    ("--param delta_n=-1", "parameter delta_n: -1 is not allowed"),
    ("--param delta_n=[1,2]", "parameter delta_n: [1,2] is not allowed"),
    ("--param delta=45", "has no such parameter"),
    ("--latitude 91", "path_center_latitude_deg = 91"),
    ("--latitude NaN", "path_center_latitude_deg = NaN"),
    ("--polarization diagonal", "diagonal"),
    ("--distance 5", "cannot be used with"),
    ("--batch", "cannot be used with"),
    ("--from 22.5,106.0", "--dem"),
    ("--frequency 1800", "cannot be used multiple times"),
    ("--threads 0", "0"),
    ("--threads -1", "-1"),
    ("--threads 99999", "99999"),
];

/// The numbers of a link over a sound profile, and what is said of them.
const NUMBERS: &[(&str, &str)] = &[
    ("--frequency 0 --tx-height 30 --rx-height 1.5", "frequency_mhz = 0 is outside"),
    ("--frequency NaN --tx-height 30 --rx-height 1.5", "frequency_mhz = NaN"),
    ("--frequency inf --tx-height 30 --rx-height 1.5", "frequency_mhz = inf"),
    ("--frequency 1e300 --tx-height 30 --rx-height 1.5", "frequency_mhz"),
    ("--frequency 900MHz --tx-height 30 --rx-height 1.5", "invalid value '900MHz'"),
    ("--frequency 900 --tx-height -30 --rx-height 1.5", "tx_height_agl_m = -30"),
    ("--frequency 900 --tx-height 30 --rx-height 0", "rx_height_agl_m = 0"),
    ("--frequency -900 --tx-height 30 --rx-height 1.5", "frequency_mhz = -900 is outside"),
    ("--frequency 900 --tx-height 30", "--rx-height"),
    ("--tx-height 30 --rx-height 1.5", "--frequency"),
];

/// A line of the batch, and the error that answers it.
const LINES: &[(&str, &str)] = &[
    ("{", "not JSON: EOF"),
    ("hello", "not JSON"),
    ("42", "one JSON object, not a number"),
    ("\"a\"", "one JSON object, not a string"),
    ("null", "one JSON object, not null"),
    ("[{}]", "one JSON object, not an array"),
    ("{}", "is missing"),
    ("{}{}", "not JSON: trailing characters"),
    ("{\"id\":1,}", "not JSON: trailing comma"),
    ("{'id':1}", "not JSON"),
    ("{\"path_center_latitude_deg\":22,\"frequency_mhz\":NaN}", "not JSON"),
    ("{\"path_center_latitude_deg\":22,\"frequency_mhz\":1e999}", "number out of range"),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":-900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"profile\":{\"distance_km\":[0,1],\"terrain_amsl_m\":[1,1]}}",
        "frequency_mhz = -900 is outside",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1e308,\"model\":\"free-space\",\"distance_km\":1}",
        "loss",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"model\":\"free-space\",\"distance_km\":-1}",
        "distance_km = -1 is outside",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"model\":\"free-space\",\"distance_km\":[1]}",
        "distance_km: invalid type",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"profile\":[]}",
        "profile: invalid type",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"profile\":{}}",
        "profile.distance_km is missing",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"profile\":{\"distance_km\":[],\"terrain_amsl_m\":[]}}",
        "profile has 0 point(s)",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"profile\":{\"distance_km\":[0,null],\"terrain_amsl_m\":[1,1]}}",
        "profile.distance_km: invalid type: null",
    ),
    (
        "{\"path_center_latitude_deg\":22,\"frequency_mhz\":900,\"tx_height_agl_m\":30,\"rx_height_agl_m\":1.5,\"profile\":{\"distance_km\":[0,1],\"terrain_amsl_m\":[1,1],\"zone\":[\"inland\",\"lake\"]}}",
        "profile.zone: unknown variant `lake`",
    ),
    ("{\"model\":7}", "model: invalid type"),
    ("{\"model\":\"\"}", "model \\\"\\\" is not known"),
    ("{\"params\":[]}", "params: invalid type"),
    ("{\"params\":{\"x\":1}}", "parameter x"),
    ("{\"id\":\"\u{0}\",\"x\":1}", "not JSON: control character"),
    ("{\"id\":\"a\",\"id\":\"b\",\"x\":1}", "id is given twice"),
];

pub(crate) fn cases() -> Vec<Case> {
    let flat: &[u8] = b"distance_km,terrain_amsl_m\n0,1\n2,9\n5,1\n";
    let mut cases: Vec<Case> = Vec::new();
    for (profile, says) in PROFILES {
        let name = format!("profile {:?}", String::from_utf8_lossy(profile));
        cases.push(Case { name, ..Case::command(&format!("{LINK} --latitude 22.7"), &[says]) }.with("p.csv", *profile));
    }
    for (flags, says) in FLAGS {
        cases.push(Case::command(&format!("{LINK} {flags}"), &[says]).with("p.csv", flat));
    }
    for (numbers, says) in NUMBERS {
        cases.push(
            Case::command(&format!("link --profile p.csv --latitude 22.7 {numbers}"), &[says]).with("p.csv", flat),
        );
    }
    for (line, says) in LINES {
        let case = Case::command("link --batch", &["\"error\":", says]).code(1);
        cases.push(Case { name: format!("batch {line}"), stdin: line.as_bytes().to_vec(), ..case });
    }
    for (name, stdin, says) in [
        ("a batch line that is not UTF-8", b"{\"id\":\"\xff\"}".to_vec(), "not JSON"),
        ("a batch line of lists in lists", "[".repeat(1_000_000).into_bytes(), "recursion limit"),
        ("a batch line of 10 MB", format!("{{\"id\":\"{}\"", "x".repeat(10_000_000)).into_bytes(), "not JSON: EOF"),
        ("a gzip for a batch", b"\x1f\x8b\x08\x00\x00".to_vec(), "not JSON"),
    ] {
        let case = Case::command("link --batch", &["\"id\":null,\"error\":", says]).code(1);
        cases.push(Case { name: name.into(), stdin, ..case });
    }
    cases.push(Case::command(LINK, &["p.csv: file does not exist"]));
    cases.push(Case::command(LINK, &["p.csv: cannot be read"]).with_folder("p.csv"));
    cases
}
