//! Measurements of signal: drive tests and crowd-sourced samples, one row a sample, in the columns of docs/calibration.md.

use super::columns::Column;
use super::date::{Date, parse_date};
use super::rows::{Row, Rows};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use crate::radio::Technology;
use chrono::DateTime;
use std::collections::HashMap;

const LOSS: Column =
    Column::optional("loss_db", &["path_loss_db", "path_loss", "loss", "pl_db", "suy_hao_db", "suy_hao"]);
const LEVEL: Column =
    Column::optional("level_dbm", &["level", "signal_dbm", "signal", "muc_thu_dbm", "muc_thu", "cuong_do_tin_hieu"]);
const CELL: Column =
    Column::optional("cell", &["cell_id", "cellid", "cid", "cell_name", "ci", "cgi", "eci", "ecgi", "nci", "ma_cell"]);
const SITE: Column = Column::optional("site_id", &["site", "bts", "bts_id", "site_name", "ma_tram", "tram"]);
const OPERATOR: Column = Column::optional("operator", &["carrier", "provider", "nha_mang", "doanh_nghiep"]);
const TECHNOLOGY: Column = Column::optional("technology", &["radio", "radio_type", "tech", "rat", "cong_nghe"]);
const FREQUENCY: Column = Column::optional("frequency_mhz", &["frequency", "freq_mhz", "freq", "tan_so"]);
const HEIGHT: Column = Column::optional("height_m", &["height", "antenna_height_m", "do_cao_m", "do_cao"]);
const TIME: Column = Column::optional("time", &["timestamp", "datetime", "date_time", "measured_at", "thoi_gian"]);
const MCC: Column = Column::optional("mcc", &[]);
const NET: Column = Column::optional("net", &["mnc"]);
const AREA: Column = Column::optional("area", &["lac", "tac"]);

/// Columns of the level that a technology's handsets report, with what they say of the technology.
const LEVELS: [(Column, Option<Technology>); 5] = [
    (Column::optional("rsrp_dbm", &["rsrp", "lte_rsrp"]), Some(Technology::Lte)),
    (Column::optional("ss_rsrp_dbm", &["ss_rsrp", "nr_rsrp", "nr_ss_rsrp"]), Some(Technology::Nr)),
    (Column::optional("rscp_dbm", &["rscp", "cpich_rscp"]), Some(Technology::Umts)),
    (RXLEV, Some(Technology::Gsm)),
    (LEVEL, None),
];
const RXLEV: Column = Column::optional("rxlev_dbm", &["rxlev", "rx_level", "rxlev_full", "rxlev_sub"]);

/// Levels that a receiver can report, dBm.
const LEVEL_DBM: [f64; 2] = [-160.0, -10.0];
/// Losses that a path can have, dB.
const LOSS_DB: [f64; 2] = [20.0, 300.0];

/// What a sample was measured from, as far as its row says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Heard {
    /// Cell, as the inventory or OpenCelliD (`mcc-net-area-cell`) names it.
    pub cell: Option<String>,
    /// Site, as the inventory names it.
    pub site: Option<String>,
    /// Operator.
    pub operator: Option<String>,
    /// Technology.
    pub technology: Option<Technology>,
    /// Carrier frequency, kHz.
    pub frequency_khz: Option<u64>,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measured {
    /// Level of the quantity that the technology's handsets report, dBm.
    Level(f64),
    /// Basic transmission loss, dB: between isotropic antennas, the pattern of the cell's antenna taken out.
    Loss(f64),
}

/// A sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// Where it was taken.
    pub position: LonLat,
    /// What was measured.
    pub measured: Measured,
    /// Of what: a place among [`Measurements::heard`].
    pub heard: usize,
    /// Receiving antenna above ground, m; `None`: that of the study.
    pub height_agl_m: Option<f64>,
    /// Row of the table.
    pub row: usize,
}

/// The samples of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measurements {
    /// What was heard, each once.
    pub heard: Vec<Heard>,
    /// The samples, in the order of the table.
    pub samples: Vec<Measurement>,
}

/// Days within which samples are taken, first and last included; an end that is absent is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Period {
    /// First day, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub until: Option<String>,
}

impl Period {
    /// Whether every day is in it, so that times do not matter.
    fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a day, `YYYY-MM-DD`, is in it.
    fn holds(&self, day: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= day) && self.until.as_deref().is_none_or(|until| day <= until)
    }
}

/// Samples of a table that were taken in a period; faulty rows are reported and left out. Times are looked at where the period has an end.
pub fn read(table: &Table, period: &Period, problems: &mut Problems) -> Measurements {
    let mut measurements = Measurements::default();
    let others = [LOSS, CELL, SITE, OPERATOR, TECHNOLOGY, FREQUENCY, HEIGHT, TIME, MCC, NET, AREA];
    let columns: Vec<Column> = LEVELS.iter().map(|(column, _)| *column).chain(others).collect();
    let Some(rows) = Rows::open(table, &columns, problems) else { return measurements };
    let measured = || LEVELS.iter().map(|(column, _)| column).chain([&LOSS]);
    if !measured().any(|column| rows.has(column)) {
        let names: Vec<&str> = measured().map(Column::name).collect();
        let message = format!("column is missing; one of {} is needed", names.join(", "));
        problems.push(Problem::error(&table.file, message).in_field(LOSS.name()));
        return measurements;
    }
    if !rows.have_positions(problems) {
        return measurements;
    }
    if !period.is_open() && !rows.has(&TIME) {
        let message = "column is missing; days were asked for, and it says when samples were taken";
        problems.push(Problem::error(&table.file, message).in_field(TIME.name()));
        return measurements;
    }
    let (mut outside, mut in_either_order) = (0, 0);
    let mut index_of: HashMap<Heard, usize> = HashMap::new();
    let mut both = 0;
    rows.for_each(problems, |mut row| {
        let position = row.position();
        let height_agl_m = row.number(&HEIGHT, 0.1, 500.0);
        let (value, by_column, states_both) = value(&mut row);
        let heard = heard(&mut row, by_column);
        let day = if period.is_open() { None } else { day(&mut row) };
        if row.is_faulty() {
            return;
        }
        in_either_order += usize::from(day.as_ref().is_some_and(|day| day.is_either_order));
        if day.is_some_and(|day| !period.holds(&day.iso)) {
            outside += 1;
            return;
        }
        let (Some(position), Some(measured)) = (position, value) else { return };
        both += usize::from(states_both);
        let next = index_of.len();
        let index = *index_of.entry(heard).or_insert(next);
        measurements.samples.push(Measurement { position, measured, heard: index, height_agl_m, row: row.number });
    });
    let mut heard: Vec<(Heard, usize)> = index_of.into_iter().collect();
    heard.sort_unstable_by_key(|(_, index)| *index);
    measurements.heard = heard.into_iter().map(|(heard, _)| heard).collect();
    if both > 0 {
        let message = format!("{both} row(s) state a level and a loss; the loss was taken");
        problems.push(Problem::warning(&table.file, message).in_field(LOSS.name()).of_kind(Kind::Noticed, both));
    }
    for (count, kind, message) in [
        (outside, Kind::Dropped, "row(s) were measured on other days than those asked for; they were left out"),
        (
            in_either_order,
            Kind::Assumed,
            "row(s) could have the day or the month first; the day was taken to stand first",
        ),
    ] {
        if count > 0 {
            let problem = Problem::warning(&table.file, format!("{count} {message}")).in_field(TIME.name());
            problems.push(problem.of_kind(kind, count));
        }
    }
    if table.is_empty() {
        problems.push(Problem::error(&table.file, "has no rows; at least one measurement is needed"));
    }
    measurements
}

/// The day on which a row was measured: of a date with or without an hour, or of seconds or milliseconds since 1970 (UTC).
fn day(row: &mut Row<'_>) -> Option<Date> {
    let Some(text) = row.text(&TIME) else {
        row.fault(&TIME, "", "is empty; days were asked for");
        return None;
    };
    let seconds = match text.len() {
        10 | 13 => text.parse::<i64>().ok().map(|number| if text.len() == 13 { number / 1000 } else { number }),
        _ => None,
    };
    if let Some(instant) = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
        return Some(Date { iso: instant.format("%Y-%m-%d").to_string(), is_either_order: false });
    }
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    parse_date(date).map_err(|message| row.fault(&TIME, text, &message)).ok()
}

/// What a row measured, the technology that its column belongs to, and whether it states a loss and a level.
fn value(row: &mut Row<'_>) -> (Option<Measured>, Option<(Column, Technology)>, bool) {
    let loss = row.number(&LOSS, LOSS_DB[0], LOSS_DB[1]);
    let stated: Vec<_> = LEVELS.iter().filter(|(column, _)| row.text(column).is_some()).collect();
    if let [first, second, ..] = stated[..] {
        let text = row.text(&second.0).unwrap_or_default();
        row.fault(&second.0, text, &format!("stands beside {}; a row has one level", first.0.name()));
    }
    let level = stated.first().and_then(|(column, _)| level(row, column));
    let of_column = stated.first().and_then(|(column, technology)| Some((*column, (*technology)?)));
    let measured = match (loss, level) {
        (Some(loss_db), _) => Some(Measured::Loss(loss_db)),
        (None, level) => level.map(Measured::Level),
    };
    if measured.is_none() && !row.is_faulty() {
        row.fault(&LOSS, "", "is empty, and there is no level; one of them is needed");
    }
    (measured, of_column, loss.is_some() && level.is_some())
}

fn level(row: &mut Row<'_>, column: &Column) -> Option<f64> {
    let text = row.text(column).unwrap_or_default();
    let code = text.parse::<u8>().ok().filter(|&code| column.name() == RXLEV.name() && code <= 63);
    match code {
        Some(code) => {
            let dbm = i16::from(code) - 110;
            row.fault(column, text, &format!("looks like a code of 3GPP TS 45.008; write dBm: code − 110, here {dbm}"));
            None
        }
        None => row.number(column, LEVEL_DBM[0], LEVEL_DBM[1]),
    }
}

fn heard(row: &mut Row<'_>, by_column: Option<(Column, Technology)>) -> Heard {
    let owned = |row: &Row<'_>, column: &Column| row.text(column).map(str::to_owned);
    let mut technology = row.text(&TECHNOLOGY).and_then(|text| {
        let technology = Technology::parse(text);
        if technology.is_none() {
            row.fault(&TECHNOLOGY, text, "must be GSM, UMTS, LTE or NR (also 2G to 5G)");
        }
        technology
    });
    match (technology, by_column) {
        // tables of both technologies write the RSRP of NR into the same column
        (Some(Technology::Nr), Some((_, Technology::Lte))) => {}
        (Some(stated), Some((column, own))) if stated != own => {
            let text = row.text(&column).unwrap_or_default();
            row.fault(&column, text, &format!("is a level of {own}, and technology is {stated}"));
        }
        (None, Some((_, own))) => technology = Some(own),
        _ => {}
    }
    let network = [MCC, NET, AREA].map(|column| row.text(&column).and_then(|text| text.parse::<u32>().ok()));
    let cell = owned(row, &CELL).map(|cell| match network {
        [Some(mcc), Some(net), Some(area)] => format!("{mcc}-{net:02}-{area}-{cell}"),
        _ => cell,
    });
    Heard {
        cell,
        site: owned(row, &SITE),
        operator: owned(row, &OPERATOR),
        technology,
        frequency_khz: row.number(&FREQUENCY, 30.0, 100_000.0).map(|mhz| (mhz * 1000.0).round() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::parse_csv;

    fn read_text(text: &str) -> (Measurements, Vec<String>) {
        read_days(text, &Period::default())
    }

    fn read_days(text: &str, period: &Period) -> (Measurements, Vec<String>) {
        let mut problems = Problems::default();
        let table = parse_csv(text.as_bytes().to_vec(), &"m.csv".into(), &mut problems).unwrap();
        let measurements = read(&table, period, &mut problems);
        (measurements, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn levels_are_of_their_technology_and_losses_of_none() {
        let (found, problems) = read_text(
            "Kinh độ,vĩ độ,RSRP,RxLev,rscp_dbm,Suy hao,rat,ma_tram,freq,height\n106.1,22.5,-95.5,,,,,S1,1800,\n\
             106.1,22.5,-80,,,,NR,S1,3500,1.8\n106.1,22.5,,-71,,,,,,\n106.1,22.5,,,-90,,UMTS,,,\n106.1,22.5,,,,120,,S1,1800,\n\
             106.1,22.5,-95,,,120,,S1,1800,\n",
        );
        let technologies: Vec<_> = found.samples.iter().map(|s| found.heard[s.heard].technology).collect();
        use Technology::{Gsm, Lte, Nr, Umts};
        assert_eq!(technologies, [Some(Lte), Some(Nr), Some(Gsm), Some(Umts), None, Some(Lte)]);
        assert_eq!(found.samples[0].measured, Measured::Level(-95.5));
        assert_eq!(found.samples[5].measured, Measured::Loss(120.0));
        assert_eq!(found.samples[0].heard, found.samples[5].heard, "heard the same");
        assert_eq!((found.samples[1].height_agl_m, found.heard[0].frequency_khz), (Some(1.8), Some(1_800_000)));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("1 row(s) state a level and a loss"), "{problems:?}");
    }

    #[test]
    fn samples_of_other_days_are_left_out_and_counted() {
        let times = [
            "2025-11-02 23:59",
            "2025-11-03T00:00:00Z",
            "04/11/2025 10:22",
            "1762300800",
            "1762300800000",
            "2025-11-06",
        ];
        let rows = times.map(|time| format!("106.1,22.5,-90,{time}\n")).concat();
        let days = |from: Option<&str>, until: Option<&str>| {
            let period = Period { from: from.map(str::to_owned), until: until.map(str::to_owned) };
            let (found, problems) = read_days(&format!("lon,lat,rsrp_dbm,time\n{rows}"), &period);
            (found.samples.iter().map(|sample| sample.row).collect::<Vec<_>>(), problems)
        };
        // 1762300800 is 5 November 2025, 00:00 UTC
        let (rows, problems) = days(Some("2025-11-03"), Some("2025-11-05"));
        assert_eq!(rows, [3, 4, 5, 6]);
        assert!(problems.iter().any(|p| p.contains("time: 2 row(s) were measured on other days")), "{problems:?}");
        assert!(
            problems.iter().any(|p| p.contains("time: 1 row(s) could have the day or the month first")),
            "{problems:?}"
        );
        assert_eq!(days(Some("2025-11-06"), None).0, [7]);
        assert_eq!(days(None, None), (vec![2, 3, 4, 5, 6, 7], Vec::new()));
        let period = Period { from: Some("2025-11-03".into()), until: None };
        for (text, expected) in [
            ("lon,lat,rsrp_dbm\n106.1,22.5,-90\n", "m.csv, time: column is missing"),
            ("lon,lat,rsrp_dbm,time\n106.1,22.5,-90,noon\n", "row 2, time = \"noon\": is not a date"),
            ("lon,lat,rsrp_dbm,time\n106.1,22.5,-90,\n", "row 2, time = \"\": is empty"),
        ] {
            let (found, problems) = read_days(text, &period);
            assert!(found.samples.is_empty() && problems.iter().any(|p| p.contains(expected)), "{problems:?}");
        }
    }

    #[test]
    fn cells_of_opencellid_are_named_by_all_four_numbers() {
        let (found, _) =
            read_text("mcc,net,area,cell,lon,lat,signal\n452,4,7,2561,106.1,22.5,-90\n452,4,,2561,106.1,22.5,-90\n");
        assert_eq!(found.heard[0].cell.as_deref(), Some("452-04-7-2561"));
        assert_eq!(found.heard[1].cell.as_deref(), Some("2561"));
    }

    #[test]
    fn faults_name_row_field_and_value() {
        for (row, says) in [
            ("106.1,22.5,20,,,,", "m.csv, row 2, rsrp_dbm = \"20\": is outside -160 to -10"),
            (
                "106.1,22.5,,47,,,",
                "row 2, rxlev_dbm = \"47\": looks like a code of 3GPP TS 45.008; write dBm: code − 110, here -63",
            ),
            ("106.1,22.5,,,5,,", "row 2, loss_db = \"5\": is outside 20 to 300"),
            ("106.1,22.5,,,,,", "row 2, loss_db = \"\": is empty, and there is no level"),
            ("106.1,22.5,-90,-80,,,", "row 2, rxlev_dbm = \"-80\": stands beside rsrp_dbm"),
            ("106.1,22.5,-90,,,GSM,", "row 2, rsrp_dbm = \"-90\": is a level of LTE, and technology is GSM"),
            ("106.1,22.5,-90,,,WiMAX,", "row 2, technology = \"WiMAX\": must be GSM"),
            ("106.1,22.5,-90,,,,0", "row 2, height_m = \"0\": is outside 0.1 to 500"),
            ("106.1,122.5,-90,,,,", "row 2, lat = \"122.5\""),
            (",,-90,,,,", "row 2, geometry: there is no position"),
        ] {
            let (found, problems) =
                read_text(&format!("lon,lat,rsrp_dbm,rxlev_dbm,loss_db,technology,height_m\n{row}\n"));
            assert!(found.samples.is_empty() && problems.iter().any(|p| p.contains(says)), "{row}: {problems:?}");
        }
        let (_, problems) = read_text("lon,lat,technology\n106.1,22.5,LTE\n");
        assert!(
            problems[0].contains("m.csv, loss_db: column is missing; one of rsrp_dbm, ss_rsrp_dbm"),
            "{problems:?}"
        );
    }
}
