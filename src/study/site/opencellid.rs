//! OpenCelliD tables: cells with the middle of the places where phones heard them.
//!
//! Such a position is no mast: see docs/decisions/0004-opencellid-cells.md. Rows that cannot be used are dropped, and counted with the reason
//! and the first of them; a crowd-sourced table of a country always has some.

use super::power::{
    DEFAULT_HEIGHT_M, default_eirp_dbm, default_feeder_loss_db, default_frequency_mhz, default_gain_dbi,
};
use super::{Cell, OMNI, Site};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::{Kind, Problem, Problems};
use crate::radio::{Duplex, Technology};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Columns of an OpenCelliD table, by their place in it.
#[derive(Debug)]
pub(super) struct Columns {
    radio: usize,
    mcc: usize,
    net: usize,
    area: usize,
    cell: usize,
    lon: usize,
    lat: usize,
    samples: Option<usize>,
}

/// A position from fewer samples is where one phone was, and says nothing of the cell's own.
const FEWEST_SAMPLES: f64 = 2.0;
/// Positions this near to 0° N, 0° E are no positions, degrees.
const NULL_ISLAND_DEG: f64 = 0.01;
/// Cell numbers that phones report when they do not know it: all bits of the GSM, and of the UMTS and LTE number set.
const UNKNOWN_CELLS: [u64; 2] = [0xffff, 0x0fff_ffff];
/// Bits of an LTE cell number that tell the cells of one eNodeB apart (3GPP TS 36.300 §8.2).
const CELL_BITS: u32 = 8;

/// Operators of Vietnam by mobile network code (ITU-T E.212).
const VIETNAM: (u64, [(u64, &str); 6]) =
    (452, [(1, "MobiFone"), (2, "VinaPhone"), (4, "Viettel"), (5, "Vietnamobile"), (6, "Viettel"), (7, "Gtel")]);

/// The columns of a table that is OpenCelliD's, also with the names that other tools give them.
pub(super) fn columns(table: &Table) -> Option<Columns> {
    let find = |names: &[&str]| {
        table.columns.iter().position(|column| names.iter().any(|name| column.trim().eq_ignore_ascii_case(name)))
    };
    if super::inventory::states_more(table) {
        return None; // an operator's own table that has the networks' numbers too
    }
    Some(Columns {
        radio: find(&["radio", "radio_type", "technology"])?,
        mcc: find(&["mcc"])?,
        net: find(&["net", "mnc"])?,
        area: find(&["area", "tac", "lac"])?,
        cell: find(&["cell", "cid", "ci", "cellid", "cell_id"])?,
        lon: find(&["lon", "longitude"])?,
        lat: find(&["lat", "latitude"])?,
        samples: find(&["samples", "sam"]),
    })
}

/// A row that can be used.
struct Measured {
    technology: Technology,
    mcc: u64,
    net: u64,
    area: u64,
    cell: u64,
    position: LonLat,
    samples: f64,
    row: usize,
}

/// Sites of an OpenCelliD table: the cells of an LTE eNodeB at the mean of their positions, every other cell by itself.
pub(super) fn read(table: &Table, columns: &Columns, problems: &mut Problems) -> Vec<Site> {
    let mut dropped: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    let mut seen = HashSet::new();
    let mut measured = Vec::new();
    for row in 0..table.len() {
        let read = read_row(table, columns, row).and_then(|m| {
            let first = seen.insert((m.technology, m.mcc, m.net, m.area, m.cell));
            if first { Ok(m) } else { Err("are listed again") }
        });
        match read {
            Ok(row) => measured.push(row),
            Err(reason) => dropped.entry(reason).or_insert((0, table.row_number(row))).0 += 1,
        }
    }
    for (reason, (count, first_row)) in dropped {
        let message = format!("{count} cell(s) {reason}; they were left out, this is the first");
        problems.push(Problem::warning(&table.file, message).at_row(first_row).of_kind(Kind::Dropped, count));
    }
    if measured.is_empty() {
        problems.push(Problem::warning(&table.file, "has no cells that can be used; the study has no sites"));
        return Vec::new();
    }
    let message = format!(
        "is an OpenCelliD table: the {} cell(s) stand where phones heard them, not at their masts; frequency, bandwidth, EIRP and \
         antenna height are the defaults of their technology",
        measured.len()
    );
    problems.push(Problem::warning(&table.file, message).of_kind(Kind::Assumed, measured.len()));
    sites(measured)
}

fn read_row(table: &Table, columns: &Columns, row: usize) -> Result<Measured, &'static str> {
    let text = |column: usize| table.value(row, column).unwrap_or_default();
    let degrees = |column: usize| {
        let text = text(column);
        if table.decimal_comma { text.replace(',', ".").parse::<f64>().ok() } else { text.parse::<f64>().ok() }
    };
    let whole =
        |column: usize| text(column).parse::<u64>().map_err(|_| "have an mcc, net, area or cell that is no number");
    let technology =
        Technology::parse(text(columns.radio)).ok_or("have a radio other than GSM, UMTS, LTE and NR, such as CDMA")?;
    let position = degrees(columns.lon).zip(degrees(columns.lat)).map(|(lon, lat)| LonLat::new(lon, lat));
    let position = position.filter(|p| p.is_valid()).ok_or("have no position on the earth")?;
    if position.lon_deg.abs() < NULL_ISLAND_DEG && position.lat_deg.abs() < NULL_ISLAND_DEG {
        return Err("lie at 0 N, 0 E, which stands for no position");
    }
    let (mcc, net) = (whole(columns.mcc)?, whole(columns.net)?);
    let (area, cell) = (whole(columns.area)?, whole(columns.cell)?);
    if cell == 0 || UNKNOWN_CELLS.contains(&cell) {
        return Err("have a cell number that stands for an unknown cell (0, 65535, 268435455)");
    }
    let samples = columns.samples.map_or(FEWEST_SAMPLES, |column| degrees(column).unwrap_or(0.0));
    if !samples.is_finite() || samples < FEWEST_SAMPLES {
        return Err("were heard fewer than 2 times");
    }
    Ok(Measured { technology, mcc, net, area, cell, position, samples, row: table.row_number(row) })
}

fn operator(mcc: u64, net: u64) -> String {
    let (country, networks) = VIETNAM;
    match networks.iter().find(|&&(code, _)| mcc == country && code == net) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("{mcc}-{net:02}"),
    }
}

/// Sites in the order of the table.
fn sites(measured: Vec<Measured>) -> Vec<Site> {
    let mut groups: Vec<(String, Vec<Measured>)> = Vec::new();
    let mut index_of: HashMap<String, usize> = HashMap::new();
    for m in measured {
        let network = format!("{} {}-{:02}", m.technology, m.mcc, m.net);
        let id = match m.technology {
            Technology::Lte => format!("{network}-eNB{}", m.cell >> CELL_BITS),
            _ => format!("{network}-{}-{}", m.area, m.cell),
        };
        let index = *index_of.entry(id.clone()).or_insert_with(|| {
            groups.push((id, Vec::new()));
            groups.len() - 1
        });
        groups[index].1.push(m);
    }
    groups.into_iter().filter_map(|(id, measured)| site(id, measured)).collect()
}

/// The site of some cells.
fn site(id: String, mut measured: Vec<Measured>) -> Option<Site> {
    let cells = measured.iter().map(cell).collect();
    measured.sort_unstable_by_key(|m| (m.area, m.cell));
    let first = measured.first()?;
    let operator = operator(first.mcc, first.net);
    Some(Site { id, operator, position: mean_position(&measured), is_foreign: false, cells })
}

/// Mean of positions weighted by their samples, to bits that depend on the order of the cells alone.
fn mean_position(measured: &[Measured]) -> LonLat {
    let (mut lon_deg, mut lat_deg, mut samples) = (0.0, 0.0, 0.0);
    for m in measured {
        samples += m.samples;
        let share = m.samples / samples;
        lon_deg += (m.position.lon_deg - lon_deg) * share;
        lat_deg += (m.position.lat_deg - lat_deg) * share;
    }
    LonLat::new(lon_deg, lat_deg)
}

/// A cell with what is usual of its technology.
fn cell(m: &Measured) -> Cell {
    let frequency_mhz = default_frequency_mhz(m.technology);
    let duplex = Duplex::of(m.technology, frequency_mhz, None);
    Cell {
        id: Some(format!("{}-{:02}-{}-{}", m.mcc, m.net, m.area, m.cell)),
        technology: m.technology,
        frequency_mhz,
        bandwidth_mhz: m.technology.default_bandwidth_mhz(frequency_mhz, duplex),
        duplex,
        eirp_dbm: default_eirp_dbm(m.technology, frequency_mhz, duplex),
        power_dbm: None,
        feeder_loss_db: default_feeder_loss_db(m.technology, frequency_mhz, duplex),
        height_agl_m: DEFAULT_HEIGHT_M,
        antenna: OMNI,
        antenna_gain_dbi: default_gain_dbi(frequency_mhz),
        azimuth_deg: None,
        mechanical_tilt_deg: 0.0,
        electrical_tilt_deg: 0.0,
        layers: m.technology.default_layers(frequency_mhz),
        load: None,
        switch_off_date: None,
        row: m.row,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(rows: &str) -> (Vec<Site>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("radio,mcc,net,area,cell,unit,lon,lat,range,samples\n{rows}");
        std::fs::write(folder.path().join("cells.csv"), text).unwrap();
        let mut problems = Problems::default();
        let table = crate::io::read_table(&"cells.csv".into(), folder.path(), &mut problems).unwrap();
        let sites = read(&table, &columns(&table).unwrap(), &mut problems);
        (sites, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_inventory_that_has_the_networks_numbers_too_stays_an_inventory() {
        let recognised = |header: &str| {
            let text = format!("{header}\n").into_bytes();
            let table = crate::io::parse_csv(text, &"cells.csv".into(), &mut Problems::default()).unwrap();
            columns(&table).is_some()
        };
        assert!(recognised("radio,mcc,net,area,cell,unit,lon,lat,range,samples"));
        for own in ["site_id", "do_cao_anten", "power_dbm", "band", "azimuth"] {
            assert!(!recognised(&format!("radio,mcc,mnc,lac,cell_id,lon,lat,{own}")), "{own}");
        }
    }

    #[test]
    fn cells_of_an_enodeb_stand_at_the_mean_of_their_positions() {
        let (sites, _) = read_text(
            "LTE,452,4,7,2561,0,106.00,22.50,1000,10\nLTE,452,4,7,2562,0,106.04,22.54,1000,30\n\
             GSM,452,1,7,2561,0,106.10,22.50,1000,10\nUMTS,651,2,7,2562,0,106.10,22.50,1000,10\n",
        );
        let ids: Vec<&str> = sites.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["LTE 452-04-eNB10", "GSM 452-01-7-2561", "UMTS 651-02-7-2562"]);
        assert_eq!(sites.iter().map(|s| s.operator.as_str()).collect::<Vec<_>>(), ["Viettel", "MobiFone", "651-02"]);
        assert!((sites[0].position.lon_deg - 106.03).abs() < 1e-9 && (sites[0].position.lat_deg - 22.53).abs() < 1e-9);
        assert_eq!(sites[0].cells.len(), 2);
    }

    #[test]
    fn the_order_of_the_table_moves_no_site_by_a_bit() {
        let rows = ["2561,0,106.00,22.51", "2562,0,106.07,22.54", "2563,0,106.03,22.53", "2564,0,106.01,22.57"];
        let samples = [3, 7, 11, 13];
        let row = |i: usize| format!("LTE,452,4,7,{},1000,{}\n", rows[i], samples[i]);
        let position = |order: [usize; 4]| read_text(&order.map(row).concat()).0[0].position;
        let first = position([0, 1, 2, 3]);
        for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1], [0, 2, 1, 3]] {
            let other = position(order);
            assert_eq!(first.lon_deg.to_bits(), other.lon_deg.to_bits(), "{order:?}");
            assert_eq!(first.lat_deg.to_bits(), other.lat_deg.to_bits(), "{order:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_counted_with_its_reason_and_first_row() {
        let (sites, problems) = read_text(
            "GSM,452,1,7,11,0,106.1,22.5,1000,10\nGSM,452,1,7,11,0,106.1,22.5,1000,10\nCDMA,452,1,7,12,0,106.1,22.5,1000,10\n\
             GSM,452,1,7,13,0,0,0,1000,10\nGSM,452,1,7,14,0,x,22.5,1000,10\nGSM,452,1,7,65535,0,106.1,22.5,1000,10\n\
             GSM,452,1,7,15,0,106.1,22.5,1000,1\nGSM,452,,7,16,0,106.1,22.5,1000,10\nGSM,452,1,7,17,0,106.1,122.5,1000,10\n",
        );
        assert_eq!(sites.len(), 1);
        for expected in [
            "row 3: 1 cell(s) are listed again",
            "row 4: 1 cell(s) have a radio other",
            "row 5: 1 cell(s) lie at 0 N, 0 E",
            "row 6: 2 cell(s) have no position on the earth",
            "row 7: 1 cell(s) have a cell number",
            "row 8: 1 cell(s) were heard fewer",
            "row 9: 1 cell(s) have an mcc",
        ] {
            assert!(problems.iter().any(|p| p.contains(expected)), "{expected}: {problems:?}");
        }
        assert_eq!(problems.len(), 8);
    }
}
