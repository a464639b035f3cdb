//! Tables of measurements, and calibrations that a study names.

use super::case::Case;

/// A table of measurements, and what is said of it.
const TABLES: &[(&[u8], &str)] = &[
    (b"", "m.csv: is empty"),
    (b"lon,lat,rsrp_dbm\n", "m.csv: has no rows; at least one measurement is needed"),
    (b"lon,lat\n106.03,22.55\n", "m.csv, loss_db: column is missing; one of rsrp_dbm"),
    (b"lon,rsrp_dbm\n106.03,-90\n", "m.csv, lat: column is missing"),
    (b"lon,lat,rsrp_dbm\n106.03,22.55,\n", "m.csv, row 2, loss_db = \"\": is empty, and there is no level"),
    (b"lon,lat,rsrp_dbm\n106.03,22.55,-90 dBm\n", "row 2, rsrp_dbm = \"-90 dBm\": is not a number"),
    (b"lon,lat,rsrp_dbm\n106.03,22.55,NaN\n", "row 2, rsrp_dbm = \"NaN\""),
    (b"lon,lat,rsrp_dbm\n106.03,22.55,90\n", "row 2, rsrp_dbm = \"90\": is outside -160 to -10"),
    (b"lon,lat,rxlev\n106.03,22.55,34\n", "row 2, rxlev_dbm = \"34\": looks like a code of 3GPP TS 45.008"),
    (b"lon,lat,loss_db\n106.03,22.55,-120\n", "row 2, loss_db = \"-120\": is outside 20 to 300"),
    (b"lon,lat,rsrp_dbm,rscp_dbm\n106.03,22.55,-90,-90\n", "row 2, rscp_dbm = \"-90\": stands beside rsrp_dbm"),
    (
        b"lon,lat,rscp_dbm,rat\n106.03,22.55,-90,LTE\n",
        "row 2, rscp_dbm = \"-90\": is a level of UMTS, and technology is LTE",
    ),
    (b"lon,lat,level_dbm,rat\n106.03,22.55,-90,6G\n", "row 2, technology = \"6G\": must be GSM, UMTS, LTE or NR"),
    (b"lon,lat,rsrp_dbm,frequency_mhz\n106.03,22.55,-90,1\n", "row 2, frequency_mhz = \"1\": is outside 30 to 100000"),
    (b"lon,lat,rsrp_dbm,height_m\n106.03,22.55,-90,-1\n", "row 2, height_m = \"-1\": is outside 0.1 to 500"),
    (b"lon,lat,rsrp_dbm\n0,0,-90\n", "row 2, lon = \"0\": and lat are 0, which marks a missing position"),
    (b"lon,lat,rsrp_dbm\n6.1e5,2.49e6,-90\n", "row 2, lon = \"6.1e5\": is outside -180 to 180"),
    (
        b"lon,lat,rsrp_dbm,site_id\n106.03,22.55,-90,S9\n",
        "m.csv: none of its samples has a cell of the study and a prediction: unknown_cell 1",
    ),
    (
        b"lon,lat,rsrp_dbm\n10.0,50.0,-90\n",
        "none of its samples has a cell of the study and a prediction: no_prediction 1",
    ),
];

/// A calibration, and what is said of it.
const CALIBRATIONS: &[(&str, &str)] = &[
    ("", "c.json, row 1: is no calibration"),
    ("{\"schema\": \"notspot/plan/1\"}", "c.json, row 1: is no calibration: missing field"),
    ("[[[[", "c.json, row 1: is no calibration"),
];

const CALIBRATE: &str = "calibrate study.toml --measurements m.csv -o out";

pub(crate) fn cases() -> Vec<Case> {
    let table = |(bytes, says): &(&[u8], &str)| {
        let name = format!("measurements: {:?}", String::from_utf8_lossy(bytes));
        Case { name, ..Case::command(CALIBRATE, &[says]) }.with("m.csv", *bytes)
    };
    let calibration = |(text, says): &(&str, &str)| {
        Case::edit("study.toml", "[inputs]", "[propagation]\ncalibration = \"c.json\"\n[inputs]", &[says])
            .with("c.json", *text)
    };
    let absent = Case::edit(
        "study.toml",
        "[inputs]",
        "[propagation]\ncalibration = \"c.json\"\n[inputs]",
        &["c.json: cannot be read"],
    );
    let same: String = (0..60).map(|i| format!("106.0{},22.5{},-90\n", 20 + i, 20 + i)).collect();
    let stuck = Case::command(CALIBRATE, &["m.csv: all 60 samples are equal within 0.0 dB; a receiver that moves"])
        .with("m.csv", format!("lon,lat,level_dbm\n{same}"));
    let commands = [
        Case { name: "measurements: a receiver that is stuck".into(), ..stuck },
        Case::command(CALIBRATE, &["m.csv: file does not exist"]),
        Case::command(&format!("{CALIBRATE} --folds 2"), &["--folds"]),
        Case::command(&format!("{CALIBRATE} --block-km 0"), &["write a number from 0.05 to 100 km"]),
        Case::command(&format!("{CALIBRATE} --receiver-loss NaN"), &["write a number from -40 to 60 dB"]),
        Case::command(&format!("{CALIBRATE} --min-distance 99"), &["write a number from 0 to 50 km"]),
        Case::command("calibrate study.toml -o out", &["--measurements"]),
    ];
    TABLES.iter().map(table).chain(CALIBRATIONS.iter().map(calibration)).chain([absent]).chain(commands).collect()
}
