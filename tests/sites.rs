//! Sites and cells as people have them: inventories with every column, with four, and OpenCelliD.

mod common;

use common::{SmallStudy, shared};
use notspot::geodesy::LonLat;
use notspot::radio::{AttenuationTable, Orientation};
use notspot::study::{Cell, Study, load};

const HEADER: &str = "site_id,operator,lat,lon,height_m,technology,frequency_mhz,band,bandwidth_mhz,power_dbm,eirp_dbm,antenna,\
                      azimuth_deg,mechanical_tilt_deg,electrical_tilt_deg,feeder_loss_db,status,switch_off_date\n";

fn problems_of(study: &SmallStudy) -> Vec<String> {
    match load(&study.path("study.toml")) {
        Ok(study) => study.warnings.iter().map(ToString::to_string).collect(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn loaded(study: &SmallStudy) -> Study {
    load(&study.path("study.toml")).unwrap_or_else(|problems| panic!("{problems}"))
}

fn with_rows(rows: &str) -> SmallStudy {
    let study = SmallStudy::new();
    study.write("sites.csv", &format!("{HEADER}{rows}"));
    study
}

/// A sector with a gain of 15 dBd, 17.15 dBi.
fn msi(name: &str) -> String {
    let cut = |width: f64| -> String {
        let off = |a: i32| f64::from((a + 180) % 360 - 180);
        (0..360).map(|a| format!("{a} {:.2}\n", (12.0 * (off(a) / width).powi(2)).min(25.0))).collect()
    };
    format!("NAME {name}\nFREQUENCY 1800\nGAIN 15\nHORIZONTAL 360\n{}VERTICAL 360\n{}", cut(65.0), cut(7.0))
}

fn with_antennas(rows: &str) -> SmallStudy {
    let study = with_rows(rows);
    std::fs::create_dir(study.path("antennas")).expect("a writable folder");
    study.write("antennas/k742.msi", &msi("Kathrein 742"));
    study.edit("study.toml", "sites = \"sites.csv\"\n", "sites = \"sites.csv\"\nantennas = [\"antennas/\"]\n");
    study
}

#[test]
fn a_row_with_every_column_keeps_what_it_states() {
    let study = with_antennas("S1,A,22.55,106.02,30,4G,,B3,20,46,,k742.msi,120,2,4,3,active,2030-01-01\n");
    let study = loaded(&study);
    let expected = Cell {
        id: None,
        technology: notspot::radio::Technology::Lte,
        frequency_mhz: 1842.5,
        bandwidth_mhz: 20.0,
        duplex: notspot::radio::Duplex::Frequency,
        eirp_dbm: 46.0 - 3.0 + 15.0 + 2.15,
        power_dbm: Some(46.0),
        feeder_loss_db: 3.0,
        height_agl_m: 30.0,
        antenna: 3,
        antenna_gain_dbi: 17.15,
        azimuth_deg: Some(120.0),
        mechanical_tilt_deg: 2.0,
        electrical_tilt_deg: 4.0,
        layers: 2,
        load: None,
        switch_off_date: Some("2030-01-01".into()),
        row: 2,
    };
    assert_eq!(study.sites[0].cells, [expected]);
    assert!(study.inputs.iter().any(|i| i.role == "antenna" && i.file == "antennas/k742.msi"));
    let warnings: Vec<String> = study.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn wrong_rows_say_what_is_wrong_and_what_is_allowed() {
    for (row, expected) in [
        (
            "S1,A,22.55,106.02,30,LTE,,B3,20,46,,k743,,,,,,",
            "row 2, antenna = \"k743\": is no antenna of the study (inputs.antennas), nor built in (omni, sector-65, sector-70); did you mean \"k742\"?",
        ),
        ("S1,A,22.55,106.02,30,LTE,1800,,20,46,,,400,,,,,", "azimuth_deg = \"400\": is outside 0 to 360"),
        ("S1,A,22.55,106.02,30,LTE,1800,,20,46,,,,95,,,,", "mechanical_tilt_deg = \"95\": is outside -90 to 90"),
        ("S1,A,22.55,106.02,30,LTE,1800,,20,46,,,,,-91,,,", "electrical_tilt_deg = \"-91\": is outside -90 to 90"),
        ("S1,A,22.55,106.02,30,LTE,1800,,0,46,,,,,,,,", "bandwidth_mhz = \"0\": is outside 0.1 to 2000"),
        (
            "S1,A,22.55,106.02,30,LTE,1800,B8,20,46,,,,,,,,",
            "band = \"B8\": is 880 to 960 MHz, and frequency_mhz is 1800",
        ),
        ("S1,A,22.55,106.02,30,LTE,,B33,20,46,,,,,,,,", "band = \"B33\": is no band that is known here"),
        ("S1,A,22.55,106.02,30,CDMA,1800,,20,46,,,,,,,,", "technology = \"CDMA\": must be GSM, UMTS, LTE or NR"),
        (
            "S1,A,22.55,106.02,30,LTE,,B3,20,46,,sector65,,,,,,",
            "row 2, antenna = \"sector65\": is no antenna of the study (inputs.antennas), nor built in (omni, sector-65, sector-70); \
             did you mean \"sector-65\"?",
        ),
        (
            "S1,A,22.55,106.02,30,LTE,1800,,20,15,62,,,,,,,",
            "eirp_dbm = \"62\": is 50.0 dB over power_dbm less feeder_loss_db",
        ),
        ("S1,A,22.55,106.02,0,LTE,1800,,20,46,,,,,,,,", "height_m = \"0\": is outside 1 to 500"),
        ("S1,A,22.55,106.02,30,LTE,1800,,20,460,,,,,,,,", "power_dbm = \"460\": is outside -30 to 100"),
        ("S1,A,22.55,106.02,30,LTE,1800,,20,46,,,,,,,maybe,", "status = \"maybe\": must be active"),
        (
            "S1,A,22.55,106.02,30,LTE,1800,,20,46,,,,,,,,12/31/2027",
            "switch_off_date = \"12/31/2027\": has the month first; dates are read as dd/mm/yyyy: write 31/12/2027",
        ),
        ("S1,A,26.13,106.02,30,LTE,1800,,20,46,,,,,,,,", "\"S1\" at 106.02000 E, 26.13000 N has no terrain height"),
    ] {
        let found = problems_of(&with_antennas(&format!("{row}\n")));
        assert!(found.iter().any(|p| p.starts_with("error") && p.contains(expected)), "{row}: {found:?}");
    }
}

#[test]
fn antennas_are_built_in_assumed_or_alike_in_all_directions() {
    let study = loaded(&with_antennas(
        "S1,A,22.55,106.02,30,LTE,,900,10,46,,Sector-70,0,,6,2,,\nS1,A,22.55,106.02,30,LTE,,900,10,46,,,120,,,2,,\n\
         S1,A,22.55,106.02,30,LTE,,900,10,46,,,,,,2,,\nS1,A,22.55,106.02,30,LTE,,900,10,46,,omni,,,,2,,\n\
         S1,A,22.55,106.02,30,LTE,,900,10,46,,k742,,,,2,,\n\
         S1,A,22.55,106.02,30,LTE,,900,10,46,,,120,,4,2,,\n",
    ));
    let cells = &study.sites[0].cells;
    let antennas: Vec<&str> = cells.iter().map(|cell| study.antenna(cell).stem.as_str()).collect();
    assert_eq!(antennas, ["sector-70", "sector-65", "omni", "omni", "omni", "sector-70"]);
    assert_eq!(cells.iter().map(|c| c.antenna_gain_dbi).collect::<Vec<_>>(), [15.0, 15.0, 15.0, 11.0, 17.15, 15.0]);
    let warnings: Vec<String> = study.warnings.iter().map(ToString::to_string).collect();
    for expected in [
        "antenna: is not known for 1 cell(s) with an azimuth; the built-in pattern sector-65 was taken (3GPP TR 38.901)",
        "azimuth_deg: is not stated for 1 cell(s) whose antenna has a direction; they are taken to radiate alike",
        "antenna: is not stated, nor in inputs.antennas, for 4 cell(s); a gain of 15 dBi below 1 GHz",
        "antenna: is not known for 1 cell(s) with an azimuth and a tilt; the built-in pattern sector-70 was taken (3GPP TR 36.814)",
    ] {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:?}");
    }
    // 60° beside its boresight the assumed sector is 12·(60/65)² = 10.2 dB down
    let beside = study.antenna(&cells[1]).pattern.attenuation_db(180.0, 0.0, &cells[1].orientation());
    assert!((beside - 10.225).abs() < 1e-3, "{beside}");
    // where a tilt is stated the beam is 10° high: at the horizon 12·(4/10)² = 1.92 dB are lost, of 65° it would be 0.05
    let above = study.antenna(&cells[5]).pattern.attenuation_db(120.0, 0.0, &cells[5].orientation());
    assert!((above - 1.92).abs() < 1e-9, "{above}");
}

#[test]
fn a_tilt_that_only_the_antenna_file_states_stays() {
    let study = with_antennas(
        "S1,A,22.55,106.02,30,LTE,,1800,10,46,,k742_06t,0,,,2,,\nS1,A,22.55,106.02,30,LTE,,1800,20,46,,k742_06t,0,,2,2,,\n",
    );
    let of_lobe = |tilt: i32| {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let plain = msi("K742 06T").replace("GAIN", "ELECTRICAL_TILT 6\nGAIN");
        let (head, vertical) = plain.split_once("VERTICAL 360\n").expect("a vertical cut");
        let losses: Vec<String> =
            lines(vertical).iter().filter_map(|l| Some(l.split_once(' ')?.1.to_owned())).collect();
        let turned = (0..360i32).map(|a| format!("{a} {}\n", losses[(a - tilt).rem_euclid(360) as usize]));
        format!("{head}VERTICAL 360\n{}", turned.collect::<String>())
    };
    study.write("antennas/k742_06t.msi", &of_lobe(6));
    let loaded_study = loaded(&study);
    let cells = &loaded_study.sites[0].cells;
    assert_eq!(cells.iter().map(|c| c.electrical_tilt_deg).collect::<Vec<_>>(), [6.0, 2.0]);
    let at = |cell: &Cell, depression| {
        loaded_study.antenna(cell).pattern.attenuation_db(0.0, depression, &cell.orientation())
    };
    assert_eq!([at(&cells[0], 6.0), at(&cells[1], 2.0)], [0.0, 0.0]);
    // 12·(6/7)² dB at the horizon
    assert!((at(&cells[0], 0.0) - 8.82).abs() < 1e-9, "{}", at(&cells[0], 0.0));
    let warnings: Vec<String> = loaded_study.warnings.iter().map(ToString::to_string).collect();
    assert!(!warnings.iter().any(|w| w.contains("lobe")), "a lobe at the stated tilt is as it should be: {warnings:?}");
    study.write("antennas/k742_06t.msi", &of_lobe(0));
    let expected = "VERTICAL: main lobe is at 0 degrees; it is expected within 3 of 6 and nowhere else";
    assert!(problems_of(&study).iter().any(|w| w.contains(expected)), "{:?}", problems_of(&study));
}

#[test]
fn what_the_uplink_takes_by_default_is_counted_and_a_gain_follows_from_both_powers() {
    // EIRP alone; both powers without an antenna: 62 − 46 + 2 = 18 dBi; both with one: its own gain
    let study = loaded(&with_antennas(
        "S1,A,22.55,106.02,30,LTE,,900,10,,60,,,,,,,\nS1,A,22.55,106.02,30,LTE,,900,10,46,60.5,,120,,,2,,\n\
         S1,A,22.55,106.02,30,LTE,,900,10,46,60,k742,120,,,2,,\nS1,A,22.55,106.02,30,LTE,,900,10,,,,,,,,,\n",
    ));
    let cells = &study.sites[0].cells;
    assert_eq!(cells.iter().map(|c| c.antenna_gain_dbi).collect::<Vec<_>>(), [15.0, 16.5, 17.15, 15.0]);
    let warnings: Vec<String> = study.warnings.iter().map(ToString::to_string).collect();
    for expected in [
        "antenna: is not stated, nor in inputs.antennas, for 2 cell(s); a gain of 15 dBi below 1 GHz",
        "feeder_loss_db: is not stated for 2 cell(s); 3 dB was taken",
        "antenna: is not known for 1 cell(s) with eirp_dbm and power_dbm; its gain was taken as their difference",
        "power_dbm: is stated besides eirp_dbm for 1 cell(s); eirp_dbm was taken",
        "eirp_dbm: is not stated for 1 cell(s)",
    ] {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:?}");
    }
}

#[test]
fn what_is_taken_of_nr_and_how_directions_share_a_band_depends_on_the_band() {
    use notspot::radio::Duplex::{Frequency, Time};
    let row =
        |technology: &str, mhz: &str, band: &str| format!("S1,A,22.55,106.02,30,{technology},{mhz},{band},,,,,,,,,,\n");
    let rows = [
        (row("NR", "", "n28"), (10.0, 58.0, 2, Frequency)),
        (row("NR", "", "n3"), (20.0, 61.0, 2, Frequency)),
        (row("NR", "", "n78"), (100.0, 72.0, 4, Time)),
        (row("NR", "", ""), (100.0, 72.0, 4, Time)),
        (row("LTE", "2655", "B41"), (10.0, 61.0, 2, Time)),
        (row("LTE", "2655", "2600"), (10.0, 61.0, 2, Frequency)),
        (row("LTE", "", "2600"), (10.0, 61.0, 2, Time)),
        (row("LTE", "", "B7"), (10.0, 61.0, 2, Frequency)),
        (row("LTE", "", "B20"), (10.0, 58.0, 2, Frequency)),
    ];
    let study = loaded(&with_rows(&rows.iter().map(|(row, _)| row.as_str()).collect::<String>()));
    for (cell, (row, expected)) in study.sites[0].cells.iter().zip(rows) {
        assert_eq!((cell.bandwidth_mhz, cell.eirp_dbm, cell.layers, cell.duplex), expected, "{row}");
    }
}

#[test]
fn the_order_of_rows_moves_no_site_and_what_strays_is_told_of() {
    let row = |lat: &str, lon: &str, azimuth: &str| format!("S1,A,{lat},{lon},30,LTE,1800,,20,,60,,{azimuth},,,0,,\n");
    let rows =
        [row("22.55000", "106.02000", "0"), row("22.55030", "106.02010", "120"), row("22.55001", "106.02050", "240")];
    let position = |order: [usize; 3]| loaded(&with_rows(&order.map(|i| rows[i].clone()).concat())).sites[0].position;
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        assert_eq!(position(order), LonLat::new(106.0201, 22.55001), "{order:?}");
    }
    // 0.00029° of latitude are 32 m, 0.0004° of longitude 41 m
    let found = problems_of(&with_rows(&rows.concat()));
    let expected = "lat, lon: of 3 cell(s) is up to 41 m from the middle of their site's cells";
    assert!(found.iter().any(|w| w.starts_with("warning") && w.contains(expected)), "{found:?}");
    let same = problems_of(&with_rows(&[rows[0].clone(), rows[0].replace(",0,,,0", ",90,,,0")].concat()));
    assert!(!same.iter().any(|w| w.contains("middle")), "{same:?}");
    for order in [[0, 1], [1, 0]] {
        let far = [row("22.55000", "106.02000", "0"), row("22.55300", "106.02000", "120")];
        let found = problems_of(&with_rows(&order.map(|i| far[i].clone()).concat()));
        let expected =
            "site_id = \"S1\": lies 166 m from the middle of the site's cells; they stand within 100 m of it";
        assert!(found.iter().any(|w| w.starts_with("error") && w.contains(expected)), "{found:?}");
    }
}

#[test]
fn operators_without_site_ids_share_a_mast() {
    let study = loaded(&with_rows(
        ",Viettel,22.55,106.02,30,LTE,1800,,20,,60,,,,,0,,\n,VNPT,22.55,106.02,40,LTE,1800,,20,,60,,,,,0,,\n\
         ,Viettel,22.55,106.02,30,GSM,900,,0.2,,58,,,,,0,,\n,,22.55,106.02,30,LTE,2100,,20,,60,,,,,0,,\n",
    ));
    let sites: Vec<(&str, &str, usize)> =
        study.sites.iter().map(|s| (s.id.as_str(), s.operator.as_str(), s.cells.len())).collect();
    let place = "22.55000,106.02000";
    let expected =
        [(format!("{place} Viettel"), "Viettel", 2), (format!("{place} VNPT"), "VNPT", 1), (place.to_owned(), "", 1)];
    assert!(sites.iter().zip(&expected).all(|(a, b)| *a == (b.0.as_str(), b.1, b.2)), "{sites:?}");
    assert_eq!(sites.len(), 3);
}

#[test]
fn a_gain_may_be_stated_and_what_does_not_fit_a_cell_is_counted() {
    let study = with_antennas("");
    let header =
        "lat,lon,technology,frequency_mhz,bandwidth_mhz,eirp_dbm,feeder_loss_db,antenna,antenna_gain_dbi,azimuth_deg\n";
    study.write(
        "sites.csv",
        &format!(
            "{header}22.55,106.02,LTE,1842.5,40,61,0,,17.5,\n22.55,106.02,LTE,1842.5,20,61,0,k742,18,0\n\
             22.55,106.02,LTE,2140,12,61,0,k742,19,120\n22.55,106.02,NR,3550,100,72,0,omni,24,\n"
        ),
    );
    let gains: Vec<f64> = loaded(&study).sites[0].cells.iter().map(|c| c.antenna_gain_dbi).collect();
    assert_eq!(gains, [17.5, 18.0, 19.0, 24.0]);
    let found = problems_of(&study);
    for expected in [
        // 17.15 dBi and 1800 MHz are the file's
        "antenna_gain_dbi: of 1 cell(s) is more than 1 dB from the gain in the antenna's file",
        "antenna: of 1 cell(s) has a pattern for another frequency, more than 10 % away",
        "bandwidth_mhz: is no channel of its technology for 2 cell(s)",
    ] {
        assert!(found.iter().any(|w| w.starts_with("warning") && w.contains(expected)), "{expected}: {found:?}");
    }
    assert!(!found.iter().any(|w| w.contains("a gain of 15 dBi")), "{found:?}");
    study.write("sites.csv", &format!("{header}22.55,106.02,LTE,1842.5,20,61,0,,40,\n"));
    let expected = "antenna_gain_dbi = \"40\": is outside 0 to 35";
    assert!(problems_of(&study).iter().any(|w| w.contains(expected)));
}

#[test]
fn carriers_that_overlap_without_being_alike_are_told_of() {
    let row = |operator: &str, mhz: &str, bandwidth: &str| {
        let site = format!("S{operator}{mhz}{bandwidth}");
        format!("{site},{operator},22.55,106.02,30,LTE,{mhz},,{bandwidth},,60,,,,,,,\n")
    };
    let told = |rows: &[String]| -> Vec<String> {
        problems_of(&with_rows(&rows.concat())).into_iter().filter(|w| w.contains("overlap without")).collect()
    };
    let found =
        told(&[row("A", "1842.5", ""), row("A", "1842.5", "20"), row("A", "1852.4", "10"), row("B", "1842.5", "15")]);
    let expected = "bandwidth_mhz: LTE carriers of A overlap without being alike (1 cell(s) on 10 MHz at 1842.5 MHz with 1 cell(s) on 20 MHz at \
                    1842.5 MHz; 1 cell(s) on 20 MHz at 1842.5 MHz with 1 cell(s) on 10 MHz at 1852.4 MHz)";
    assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
    // side by side: 10 MHz hold 50 blocks, 9 MHz
    assert_eq!(told(&[row("A", "1842.5", "10"), row("A", "1852.4", "10"), row("A", "1842.5", "10")]), [""; 0]);
}

#[test]
fn a_file_named_like_a_built_in_antenna_is_refused() {
    let study = with_antennas("S1,A,22.55,106.02,30,LTE,1800,,20,46,,,,,,,,\n");
    study.write("antennas/Omni.msi", &msi("X"));
    let found = problems_of(&study);
    let expected = "antennas/Omni.msi: has the name of the built-in antenna \"omni\"";
    assert!(found.iter().any(|p| p.starts_with("error") && p.contains(expected)), "{found:?}");
}

#[test]
fn streams_and_load_are_read_and_checked() {
    let study = SmallStudy::new();
    let table = |mimo: &str, load: &str| {
        study.write("sites.csv", &format!("lat,lon,technology,MIMO,load\n22.55,106.02,LTE,{mimo},{load}\n"));
    };
    table("4T4R", "0.3");
    let cell = loaded(&study).sites[0].cells[0].clone();
    assert_eq!((cell.layers, cell.load), (4, Some(0.3)));
    table("", "");
    let cell = loaded(&study).sites[0].cells[0].clone();
    assert_eq!((cell.layers, cell.load), (2, None));
    for (mimo, load, expected) in [
        ("3x3", "", "mimo = \"3x3\": is no number of streams; 1, 2, 4 or 8"),
        ("2", "50", "load = \"50\": is outside 0 to 1"),
    ] {
        table(mimo, load);
        let found = problems_of(&study);
        assert!(found.iter().any(|p| p.starts_with("error") && p.contains(expected)), "{found:?}");
    }
}

#[test]
fn a_cell_switched_off_by_the_date_of_the_study_is_left_out_and_counted() {
    let study = with_rows(
        "S1,A,22.55,106.02,30,GSM,900,,0.2,,50,,,,,,,2025-12-31\nS1,A,22.55,106.02,30,LTE,1800,,20,,60,,,,,,,2026-01-02\n\
         S2,A,22.56,106.03,30,UMTS,2100,,5,,60,,,,,,,2026-01-01\n",
    );
    let found = problems_of(&study);
    assert!(
        found.iter().any(|p| p.contains("2 cell(s) are switched off by 2026-01-01 and were left out")),
        "{found:?}"
    );
    let study = loaded(&study);
    assert_eq!((study.sites.len(), study.sites[0].cells.len()), (1, 1));
}

#[test]
fn power_without_an_antenna_takes_a_default_gain_and_says_so() {
    let study = loaded(&with_rows(
        "S1,A,22.55,106.02,30,GSM,,900,0.2,43,,,,,,2,,\nS1,A,22.55,106.02,30,LTE,,1800,20,46,,K1,,,,,,\n\
         S1,A,22.55,106.02,30,LTE,,2100,20,46,60,,,,,,,\nS2,A,22.56,106.02,30,LTE,,2100,20,46,60,,,,,,off,\n",
    ));
    let eirp: Vec<f64> = study.sites[0].cells.iter().map(|c| c.eirp_dbm).collect();
    assert_eq!(eirp, [43.0 - 2.0 + 15.0, 46.0 - 3.0 + 18.0, 60.0]);
    let warnings: Vec<String> = study.warnings.iter().map(ToString::to_string).collect();
    for expected in [
        "antenna: is not stated, nor in inputs.antennas, for 2 cell(s); a gain of 15 dBi below 1 GHz",
        "feeder_loss_db: is not stated for 2 cell(s); 3 dB was taken",
        "antenna: is named for 1 cell(s), and the study names no inputs.antennas",
        "antenna: is not known for 1 cell(s) with eirp_dbm and power_dbm; its gain was taken as their difference",
        "status: says that 1 cell(s) are not in service",
    ] {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:?}");
    }
}

#[test]
fn four_columns_are_enough_and_vietnamese_ones_too() {
    let study = SmallStudy::new();
    study.write(
        "sites.csv",
        "lat,lon,radio_type,antenna_height\n22.55,106.02,4G,45\n22.55,106.02,2G,45\n22.56,106.03,5G-NR,\n",
    );
    let four = loaded(&study);
    assert_eq!(four.sites.iter().map(|s| s.cells.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(four.sites[1].cells[0].height_agl_m, 30.0);
    let found = problems_of(&study);
    for expected in ["eirp_dbm: is not stated for 3 cell(s)", "height_m: is not stated for 1 cell(s); 30 m was taken"] {
        assert!(found.iter().any(|w| w.contains(expected)), "{expected}: {found:?}");
    }
    study.write(
        "sites.csv",
        "ma_tram;nha_mang;kinh_do;vi_do;do_cao_anten;cong_nghe;bang_tan;cong_suat;goc_phuong_vi;trang_thai\n\
         CB1;Viettel;106,02;22,55;42;LTE;1800;46;120;Đang hoạt động\n",
    );
    let study = loaded(&study);
    let cell = &study.sites[0].cells[0];
    assert_eq!((study.sites[0].id.as_str(), study.sites[0].operator.as_str()), ("CB1", "Viettel"));
    assert_eq!((cell.frequency_mhz, cell.height_agl_m, cell.eirp_dbm), (1842.5, 42.0, 46.0 - 3.0 + 18.0));
    assert_eq!(cell.azimuth_deg, Some(120.0));
}

#[test]
fn a_table_with_a_title_one_column_of_coordinates_and_vietnamese_dates_is_read() {
    let study = SmallStudy::new();
    study.write(
        "sites.csv",
        "DANH SÁCH TRẠM BTS TỈNH CAO BẰNG;;;\n;;;\nMã trạm;Toạ độ;Công nghệ;Ngày tắt sóng\n\
         CB1;22,55 106,02;2G;31/12/2030\nCB2;22°33'00\"B, 106°01'48\"Đ;3G;05/06/2030\nCB3;106.02E 22.55N;4G;\n",
    );
    let warnings = problems_of(&study);
    for expected in [
        "sites.csv, row 1 = \"DANH SÁCH TRẠM BTS TỈNH CAO BẰNG\": stands alone above the header and was left out",
        "switch_off_date: of 1 cell(s) could have the day or the month first; the day was taken to stand first",
    ] {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:#?}");
    }
    let study = loaded(&study);
    for (site, (lon_deg, switch_off)) in
        study.sites.iter().zip([(106.02, Some("2030-12-31")), (106.03, Some("2030-06-05")), (106.02, None)])
    {
        assert!(site.position.distance_m(LonLat::new(lon_deg, 22.55)) < 0.01, "{site:?}");
        assert_eq!(site.cells[0].switch_off_date.as_deref(), switch_off, "{}", site.id);
    }
    assert_eq!(study.sites.len(), 3);
}

#[test]
fn an_operator_that_stands_once_with_another_spelling_is_noticed() {
    let rows: String = (0..6)
        .map(|i| {
            format!("S{i},{},22.55,106.02,30,LTE,1800,,20,,60,,,,,,,\n", if i == 3 { "Vietel" } else { "Viettel" })
        })
        .collect();
    let found = problems_of(&with_rows(&rows));
    let expected = "row 5, operator = \"Vietel\": stands once, and nearly so many times";
    assert!(found.iter().any(|p| p.contains(expected) && p.contains("did you mean \"Viettel\"?")), "{found:?}");
    assert!(!problems_of(&with_rows(&rows.replace("Vietel", "MobiFone"))).iter().any(|p| p.contains("operator")));
}

/// A study of Lesotho on flat terrain that does not reach its western edge.
fn lesotho() -> Option<SmallStudy> {
    let table = shared("data/cells/lesotho_mcc651_opencellid.csv")?;
    let study = SmallStudy::new();
    let row = vec!["1600"; 56].join(" ") + "\n";
    let header = "ncols 56\nnrows 40\nxllcorner 27.2\nyllcorner -30.5\ncellsize 0.05\nNODATA_value -9999\n";
    study.write("terrain.asc", &format!("{header}{}", row.repeat(40)));
    study.write(
        "villages.csv",
        "id,name,lon,lat\nV1,Maseru,27.48,-29.31\nV2,Mokhotlong,29.07,-29.29\nV3,Quthing,27.70,-30.40\n\
         V4,Butha-Buthe,28.25,-28.77\nV5,Mafeteng,27.24,-29.82\n",
    );
    std::fs::copy(table, study.path("sites.csv")).expect("a writable folder");
    Some(study)
}

/// The expected counts were found apart from this code, with a few lines of Python over the table.
#[test]
fn the_lesotho_table_says_what_was_dropped_and_why() {
    let Some(study) = lesotho() else { return };
    let study = loaded(&study);
    let warnings: Vec<String> = study.warnings.iter().map(ToString::to_string).collect();
    for expected in [
        "sites.csv, row 786: 1 cell(s) have a cell number that stands for an unknown cell (0, 65535, 268435455)",
        "sites.csv, row 7: 953 cell(s) were heard fewer than 2 times; they were left out, this is the first",
        "OpenCelliD table: the 982 cell(s) stand where phones heard them",
        "39 cell(s) lie more than 15 km outside the box around the villages and communes",
        "2 cell(s) have no terrain height",
    ] {
        assert!(warnings.iter().any(|w| w.contains(expected)), "{expected}: {warnings:#?}");
    }
    let cells: usize = study.sites.iter().map(|s| s.cells.len()).sum();
    assert_eq!((study.sites.len(), cells), (899, 941));
}

/// An omnidirectional antenna: its vertical cut is as strong at its back, 184°, as at 1°, which is told of.
#[test]
fn a_real_antenna_file_is_read() {
    let Some(file) = shared("data/antenna/anonymous_2450MHz.msi") else { return };
    let bytes = std::fs::read(file).expect("a readable file");
    let (pattern, warnings) = notspot::radio::AntennaPattern::parse_msi(&bytes, "a.msi", "a").expect("a pattern");
    assert_eq!((pattern.name.as_str(), pattern.frequency_range_mhz), ("Anonymous-12345", Some([2450.0; 2])));
    assert!(pattern.gain_dbi.is_some_and(|gain| (gain - (7.69 + 2.15)).abs() < 1e-9));
    assert!((pattern.attenuation_horizontal(334.0) - 0.05).abs() < 1e-12);
    assert!((pattern.attenuation_vertical(8.5) - (0.44 + 0.63) / 2.0).abs() < 1e-12);
    // alike all round, and 6.87 dB down 24° below the horizon, as its vertical cut says
    assert!(!pattern.is_directional() && !pattern.is_omni());
    assert!((pattern.attenuation_db(0.0, 24.0, &Orientation::default()) - 6.87).abs() < 1e-9);
    let table = AttenuationTable::new(&pattern);
    for (azimuth, depression) in [(0.0, 1.0), (0.0, 24.0), (90.0, 10.0), (180.0, 24.0), (300.0, -15.0)] {
        let direct = pattern.attenuation_db(azimuth, depression, &Orientation::default());
        let looked_up = f64::from(table.attenuation_db(azimuth as f32, depression as f32, &Orientation::default()));
        // nodes every 0.18° cut the corners of the file's whole degrees off
        assert!((looked_up - direct).abs() < 0.05, "{azimuth} {depression}: {looked_up} {direct}");
    }
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("VERTICAL: main lobe is at 184 and 1 degrees; it is expected within 3 of 0"),
        "{warnings:?}"
    );
}
