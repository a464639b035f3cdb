//! Inventories: one row a cell, in the columns of docs/inputs-sites.md. Four of them are enough: lat, lon, radio_type and
//! antenna_height; what else a cell has is then taken from its technology, and counted.

mod cell;
mod counts;
mod gathering;

use super::{Site, operator};
use crate::io::Table;
use crate::problem::{Problem, Problems};
use crate::study::antenna::Antenna;
use crate::study::columns::{Column, has_any};
use crate::study::rows::{Row, Rows};
use counts::Counts;
use gathering::Gathering;

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
const GAIN: Column =
    Column::optional("antenna_gain_dbi", &["antenna_gain", "gain_dbi", "gain", "tang_ich", "do_loi", "do_loi_anten"]);
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
        GAIN,
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
    let mut gathering = Gathering::default();
    rows.for_each(problems, |mut row| {
        let id = row.text(&SITE_ID).map(str::to_owned);
        let position = row.position();
        let active = is_active(&mut row);
        let mut row_counts = Counts::default();
        let cell = cell::read(&mut row, antennas, &mut row_counts);
        if row.is_faulty() {
            return;
        }
        let (Some(cell), Some(position)) = (cell, position) else { return };
        if !active {
            counts.inactive += 1;
            return;
        }
        counts.unnamed += usize::from(id.is_none());
        gathering.add(&mut row, id, position, cell);
        if !row.is_faulty() {
            counts.add(row_counts);
        }
    });
    counts.report(table, problems);
    let sites = gathering.into_sites(&table.file, problems);
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
