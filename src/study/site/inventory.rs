//! Inventories: one row a cell, in the columns of docs/inputs-sites.md. Four of them are enough: lat, lon, radio_type and
//! antenna_height; what else a cell has is then taken from its technology, and counted.

use super::power::{DEFAULT_HEIGHT_M, OMNI_GAIN_DBI, default_eirp_dbm, default_frequency_mhz, default_gain_dbi};
use super::{ASSUMED_SECTOR, ASSUMED_TILTED_SECTOR, Cell, OMNI, Site, operator, streams};
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use crate::radio::{BUILT_IN_ANTENNAS, Band, Duplex, Technology};
use crate::study::antenna::{self, Antenna};
use crate::study::columns::{Column, has_any};
use crate::study::rows::{Row, Rows};
use std::collections::{BTreeMap, HashMap};

const SITE_ID: Column = Column::optional("site_id", &["site", "id", "bts", "bts_id", "site_name", "ma_tram", "tram"]);
const CELL_ID: Column =
    Column::optional("cell_id", &["cell", "cell_name", "sector", "sector_id", "cgi", "eci", "ecgi", "nci", "ma_cell"]);
const OPERATOR: Column = Column::optional("operator", &["carrier", "provider", "nha_mang", "doanh_nghiep"]);
const TECHNOLOGY: Column = Column::required("technology", &["radio", "radio_type", "tech", "rat", "cong_nghe"]);
const HEIGHT: Column = Column::optional(
    "height_m",
    &["antenna_height", "height", "antenna_height_m", "do_cao_anten", "chieu_cao_anten", "do_cao"],
);
const FREQUENCY: Column = Column::optional("frequency_mhz", &["frequency", "freq_mhz", "freq", "tan_so"]);
const BAND: Column = Column::optional("band", &["frequency_band", "freq_band", "bang_tan"]);
const BANDWIDTH: Column = Column::optional("bandwidth_mhz", &["bandwidth", "bw_mhz", "bw", "bang_thong"]);
const POWER: Column =
    Column::optional("power_dbm", &["power", "tx_power", "tx_power_dbm", "cong_suat", "cong_suat_dbm"]);
const EIRP: Column = Column::optional("eirp_dbm", &["eirp"]);
const ANTENNA: Column =
    Column::optional("antenna", &["antenna_type", "antenna_model", "pattern", "anten", "loai_anten"]);
const AZIMUTH: Column = Column::optional("azimuth_deg", &["azimuth", "bearing", "goc_phuong_vi", "phuong_vi"]);
const MECHANICAL_TILT: Column =
    Column::optional("mechanical_tilt_deg", &["mechanical_tilt", "m_tilt", "mtilt", "goc_ngang_co", "tilt_co"]);
const ELECTRICAL_TILT: Column = Column::optional(
    "electrical_tilt_deg",
    &["electrical_tilt", "e_tilt", "etilt", "ret", "goc_ngang_dien", "tilt_dien"],
);
const FEEDER: Column = Column::optional("feeder_loss_db", &["feeder_loss", "suy_hao_feeder", "suy_hao_phi_do"]);
const MIMO: Column = Column::optional("mimo", &["mimo_layers", "layers", "tx_rx", "txrx"]);
const LOAD: Column = Column::optional("load", &["cell_load", "prb_load", "tai", "ty_le_tai"]);
const STATUS: Column = Column::optional("status", &["state", "trang_thai"]);
const SWITCH_OFF: Column = Column::optional("switch_off_date", &["switch_off", "ngay_tat_song"]);

/// Whether a table has a column that only an inventory has: sites, heights, frequencies, powers, antennas.
pub(super) fn states_more(table: &Table) -> bool {
    has_any(table, &[SITE_ID, HEIGHT, FREQUENCY, BAND, POWER, EIRP, ANTENNA, AZIMUTH])
}

const IN_SERVICE: [&str; 12] = [
    "active",
    "on",
    "on-air",
    "on air",
    "in service",
    "operational",
    "đang hoạt động",
    "dang hoat dong",
    "hoạt động",
    "hoat dong",
    "đang phát sóng",
    "dang phat song",
];
const NOT_IN_SERVICE: [&str; 12] = [
    "planned",
    "off",
    "off-air",
    "inactive",
    "decommissioned",
    "quy hoạch",
    "quy hoach",
    "dự kiến",
    "du kien",
    "ngừng hoạt động",
    "ngung hoat dong",
    "tắt",
];

/// Gains of antennas of sites, dBi; beyond, EIRP and power are not of the same carrier.
const LEAST_GAIN_DBI: f64 = 0.0;
const MOST_GAIN_DBI: f64 = 35.0;

/// What was taken, left out or set aside, with how many cells it concerns.
#[derive(Default)]
struct Counts {
    defaulted: BTreeMap<&'static str, usize>,
    unnamed: usize,
    inactive: usize,
    both_powers: usize,
    unresolved_antennas: usize,
    assumed_sectors: usize,
    assumed_tilted_sectors: usize,
    derived_gains: usize,
    unknown_directions: usize,
    dates_in_either_order: usize,
}

/// Sites of an inventory; faulty rows are reported and left out, cells that are not in service dropped.
pub(super) fn read(table: &Table, antennas: &[Antenna], problems: &mut Problems) -> Vec<Site> {
    let columns = [
        SITE_ID,
        CELL_ID,
        OPERATOR,
        TECHNOLOGY,
        HEIGHT,
        FREQUENCY,
        BAND,
        BANDWIDTH,
        POWER,
        EIRP,
        ANTENNA,
        AZIMUTH,
        MECHANICAL_TILT,
        ELECTRICAL_TILT,
        FEEDER,
        MIMO,
        LOAD,
        STATUS,
        SWITCH_OFF,
    ];
    let Some(rows) = Rows::open(table, &columns, problems) else { return Vec::new() };
    if let Some(header) = rows.header(&POWER).filter(|header| !header.to_lowercase().contains("dbm")) {
        let message = "is read as dBm, the whole carrier before the feeder; name the column power_dbm if that is right";
        problems.push(Problem::warning(&table.file, message).in_field(header));
    }
    if !rows.have_positions(problems) {
        return Vec::new();
    }
    let mut counts = Counts::default();
    let mut sites: Vec<Site> = Vec::new();
    let mut index_of: HashMap<String, (usize, usize)> = HashMap::new();
    rows.for_each(problems, |mut row| {
        let id = row.text(&SITE_ID).map(str::to_owned);
        let position = row.position();
        let active = is_active(&mut row);
        let mut row_counts = Counts::default();
        let cell = read_cell(&mut row, antennas, &mut row_counts);
        if row.is_faulty() {
            return;
        }
        let (Some(cell), Some(position)) = (cell, position) else { return };
        if !active {
            counts.inactive += 1;
            return;
        }
        let id = id.unwrap_or_else(|| {
            counts.unnamed += 1;
            format!("{:.5},{:.5}", position.lat_deg, position.lon_deg)
        });
        let operator = row.text(&OPERATOR).unwrap_or_default().to_owned();
        match index_of.get(&id) {
            None => {
                index_of.insert(id.clone(), (sites.len(), row.number));
                sites.push(Site { id, operator, position, is_foreign: false, cells: vec![cell] });
            }
            Some(&(index, first)) => {
                let site = &mut sites[index];
                let apart_m = site.position.distance_m(position);
                if apart_m > 100.0 {
                    let message = format!(
                        "lies {apart_m:.0} m from the same site in row {first}; cells of a site stand within 100 m"
                    );
                    row.fault(&SITE_ID, &id, &message);
                } else if site.operator != operator {
                    let message = format!("has operator {operator:?} here and {:?} in row {first}", site.operator);
                    row.fault(&SITE_ID, &id, &message);
                } else {
                    site.cells.push(cell);
                }
            }
        }
        if !row.is_faulty() {
            counts.add(row_counts);
        }
    });
    counts.report(table, problems);
    operator::check_spelling(&sites, &table.file, problems);
    sites
}

fn is_active(row: &mut Row<'_>) -> bool {
    let Some(text) = row.text(&STATUS) else { return true };
    let word = text.to_lowercase();
    if IN_SERVICE.contains(&word.as_str()) {
        return true;
    }
    if !NOT_IN_SERVICE.contains(&word.as_str()) {
        row.fault(&STATUS, text, "must be active, planned, off, inactive or decommissioned");
    }
    false
}

/// The cell of a row; `None` when something is faulty (then reported).
fn read_cell(row: &mut Row<'_>, antennas: &[Antenna], counts: &mut Counts) -> Option<Cell> {
    let technology = technology(row);
    let height = row.number(&HEIGHT, 1.0, 500.0);
    let (frequency, band) = frequency(row);
    let bandwidth = row.number(&BANDWIDTH, 0.1, 2_000.0);
    let power_dbm = row.number(&POWER, -30.0, 100.0);
    let eirp = row.number(&EIRP, -30.0, 100.0);
    let azimuth_deg = row.number(&AZIMUTH, 0.0, 360.0);
    let mechanical_tilt = row.number(&MECHANICAL_TILT, -90.0, 90.0);
    let electrical_tilt = row.number(&ELECTRICAL_TILT, -90.0, 90.0);
    let feeder_loss = row.number(&FEEDER, 0.0, 60.0);
    let layers = streams(row);
    let load = row.number(&LOAD, 0.0, 1.0);
    let named = antenna(row, antennas, counts);
    let switch_off_date = row.date(&SWITCH_OFF);
    counts.dates_in_either_order += usize::from(switch_off_date.as_ref().is_some_and(|date| date.is_either_order));
    let technology = technology.filter(|_| !row.is_faulty())?;
    let frequency_mhz = frequency.unwrap_or_else(|| counts.take("frequency_mhz", default_frequency_mhz(technology)));
    let duplex = Duplex::of(technology, frequency_mhz, band);
    let tilted = mechanical_tilt.is_some() || electrical_tilt.is_some();
    let antenna = match (named, azimuth_deg) {
        (Some(index), None) if antennas[index].pattern.is_directional() => {
            counts.unknown_directions += 1;
            OMNI
        }
        (Some(index), _) => index,
        // who states a tilt has a beam that is narrow enough for it to matter; of an unknown tilt nothing is made
        (None, Some(_)) if tilted => {
            counts.assumed_tilted_sectors += 1;
            ASSUMED_TILTED_SECTOR
        }
        (None, Some(_)) => {
            counts.assumed_sectors += 1;
            ASSUMED_SECTOR
        }
        (None, None) => OMNI,
    };
    let stated_gain_dbi = named.and_then(|index| match index {
        OMNI => Some(OMNI_GAIN_DBI),
        _ => antennas[index].pattern.gain_dbi,
    });
    // gain and feeder stand in the uplink, also where the EIRP is stated
    let feeder_loss_db = feeder_loss.unwrap_or_else(|| counts.take("feeder_loss_db", 0.0));
    let antenna_gain_dbi = match (stated_gain_dbi, eirp, power_dbm) {
        (Some(gain_dbi), Some(_), Some(_)) => {
            counts.both_powers += 1;
            gain_dbi
        }
        (Some(gain_dbi), ..) => gain_dbi,
        (None, Some(eirp), Some(power)) => {
            counts.derived_gains += 1;
            derived_gain_dbi(row, eirp, power - feeder_loss_db)?
        }
        (None, ..) => counts.take("antenna", default_gain_dbi(frequency_mhz)),
    };
    let radiated = eirp.or_else(|| Some(power_dbm? - feeder_loss_db + antenna_gain_dbi));
    let eirp_dbm =
        radiated.unwrap_or_else(|| counts.take("eirp_dbm", default_eirp_dbm(technology, frequency_mhz, duplex)));
    let own_tilt = antennas.get(antenna).and_then(|antenna| antenna.pattern.electrical_tilt_deg);
    Some(Cell {
        id: row.text(&CELL_ID).map(str::to_owned),
        technology,
        frequency_mhz,
        bandwidth_mhz: bandwidth
            .unwrap_or_else(|| counts.take("bandwidth_mhz", technology.default_bandwidth_mhz(frequency_mhz, duplex))),
        duplex,
        eirp_dbm,
        power_dbm,
        feeder_loss_db,
        height_agl_m: height.unwrap_or_else(|| counts.take("height_m", DEFAULT_HEIGHT_M)),
        antenna,
        antenna_gain_dbi,
        azimuth_deg,
        mechanical_tilt_deg: mechanical_tilt.unwrap_or(0.0),
        electrical_tilt_deg: electrical_tilt.or(own_tilt).unwrap_or(0.0),
        layers: layers.unwrap_or(technology.default_layers(frequency_mhz)),
        load,
        switch_off_date: switch_off_date.map(|date| date.iso),
        row: row.number,
    })
}

/// The gain that an EIRP has over the power at the antenna, dBi; a fault where no antenna has it.
fn derived_gain_dbi(row: &mut Row<'_>, eirp_dbm: f64, at_antenna_dbm: f64) -> Option<f64> {
    let gain_dbi = eirp_dbm - at_antenna_dbm;
    if (LEAST_GAIN_DBI..=MOST_GAIN_DBI).contains(&gain_dbi) {
        return Some(gain_dbi);
    }
    let message = format!(
        "is {gain_dbi:.1} dB over power_dbm less feeder_loss_db; the gain of an antenna is {LEAST_GAIN_DBI} to {MOST_GAIN_DBI} dBi: both \
         are of the whole carrier"
    );
    row.fault(&EIRP, &eirp_dbm, &message);
    None
}

fn technology(row: &mut Row<'_>) -> Option<Technology> {
    let text = row.required_text(&TECHNOLOGY)?;
    let technology = Technology::parse(&text);
    if technology.is_none() {
        row.fault(&TECHNOLOGY, &text, "must be GSM, UMTS, LTE or NR (also 2G to 5G), one row for each");
    }
    technology
}

/// The stated frequency, else the middle of the stated band's downlink, and the band where it is sure; reported when they contradict one another.
fn frequency(row: &mut Row<'_>) -> (Option<f64>, Option<&'static Band>) {
    let frequency = row.number(&FREQUENCY, 30.0, 100_000.0);
    let Some(text) = row.text(&BAND) else { return (frequency, None) };
    let Some(band) = Band::parse(text) else {
        let hint = Band::suggestion(text).map_or(String::new(), |hint| format!("; {hint}"));
        row.fault(&BAND, text, &format!("is no band that is known here: {}{hint}", Band::allowed()));
        return (None, None);
    };
    match frequency {
        Some(mhz) if !band.holds(mhz) => {
            let (low, high) = (band.lowest_mhz, band.downlink_mhz.1);
            row.fault(
                &BAND,
                text,
                &format!("is {low} to {high} MHz, and frequency_mhz is {mhz}; one of them is wrong"),
            );
            (None, None)
        }
        Some(mhz) => (Some(mhz), Some(band).filter(|_| Band::is_number(text))),
        None => (Some(band.center_mhz()), Some(band)),
    }
}

fn antenna(row: &mut Row<'_>, antennas: &[Antenna], counts: &mut Counts) -> Option<usize> {
    let name = row.text(&ANTENNA)?;
    match antenna::find(antennas, name) {
        Ok(index) => Some(index),
        Err(_) if antennas.len() <= BUILT_IN_ANTENNAS.len() => {
            counts.unresolved_antennas += 1;
            None
        }
        Err((message, suggestion)) => {
            let hint = suggestion.map_or(String::new(), |hint| format!("; {hint}"));
            row.fault(&ANTENNA, name, &format!("{message}{hint}"));
            None
        }
    }
}

/// Streams that the cell can send at once.
fn streams(row: &mut Row<'_>) -> Option<u8> {
    let text = row.text(&MIMO)?;
    let streams = streams::parse(text);
    if streams.is_none() {
        row.fault(&MIMO, text, "is no number of streams; 1, 2, 4 or 8 is allowed, also as 2x2 or 4T4R");
    }
    streams
}

impl Counts {
    /// Counts a default and gives it back.
    fn take(&mut self, field: &'static str, value: f64) -> f64 {
        *self.defaulted.entry(field).or_default() += 1;
        value
    }

    fn add(&mut self, other: Self) {
        for (field, count) in other.defaulted {
            *self.defaulted.entry(field).or_default() += count;
        }
        self.both_powers += other.both_powers;
        self.unresolved_antennas += other.unresolved_antennas;
        self.assumed_sectors += other.assumed_sectors;
        self.assumed_tilted_sectors += other.assumed_tilted_sectors;
        self.derived_gains += other.derived_gains;
        self.unknown_directions += other.unknown_directions;
        self.dates_in_either_order += other.dates_in_either_order;
    }

    fn report(self, table: &Table, problems: &mut Problems) {
        let mut warn = |field: &str, message: String, kind: Kind, count: usize| {
            let problem = Problem::warning(&table.file, message).of_kind(kind, count);
            problems.push(if field.is_empty() { problem } else { problem.in_field(field) });
        };
        if table.is_empty() {
            warn("", "has no rows; the study has no sites".into(), Kind::Noticed, 1);
        }
        for (field, count) in self.defaulted {
            let taken = match field {
                "antenna" => "a gain of 15 dBi below 1 GHz and 18 dBi above was taken (Report ITU-R M.2292)".to_owned(),
                "feeder_loss_db" => "0 dB was taken".to_owned(),
                "height_m" => format!("{DEFAULT_HEIGHT_M} m was taken"),
                _ => "the default of its technology and frequency was taken".to_owned(),
            };
            let gain = if field == "antenna" { ", nor in inputs.antennas," } else { "" };
            warn(field, format!("is not stated{gain} for {count} cell(s); {taken}"), Kind::Defaulted, count);
        }
        for (field, kind, count, what) in [
            (
                "site_id",
                Kind::Assumed,
                self.unnamed,
                "is not stated for {} cell(s); cells at the same place make a site",
            ),
            (
                "power_dbm",
                Kind::Dropped,
                self.both_powers,
                "is stated besides eirp_dbm for {} cell(s); eirp_dbm was taken",
            ),
            (
                "antenna",
                Kind::Noticed,
                self.unresolved_antennas,
                "is named for {} cell(s), and the study names no inputs.antennas; the pattern is not known",
            ),
            (
                "antenna",
                Kind::Assumed,
                self.assumed_sectors,
                "is not known for {} cell(s) with an azimuth; the built-in pattern sector-65 was taken (3GPP TR 38.901)",
            ),
            (
                "antenna",
                Kind::Assumed,
                self.assumed_tilted_sectors,
                "is not known for {} cell(s) with an azimuth and a tilt; the built-in pattern sector-70 was taken (3GPP TR 36.814)",
            ),
            (
                "antenna",
                Kind::Assumed,
                self.derived_gains,
                "is not known for {} cell(s) with eirp_dbm and power_dbm; its gain was taken as their difference and the feeder's loss",
            ),
            (
                "azimuth_deg",
                Kind::Assumed,
                self.unknown_directions,
                "is not stated for {} cell(s) whose antenna has a direction; they are taken to radiate alike in all directions",
            ),
            (
                "switch_off_date",
                Kind::Assumed,
                self.dates_in_either_order,
                "of {} cell(s) could have the day or the month first; the day was taken to stand first (dd/mm/yyyy)",
            ),
            ("status", Kind::Dropped, self.inactive, "says that {} cell(s) are not in service; they were left out"),
        ] {
            if count > 0 {
                warn(field, what.replace("{}", &count.to_string()), kind, count);
            }
        }
    }
}
