//! The cell of a row: what it states, and what is taken where it does not.

use super::counts::Counts;
use super::{
    ANTENNA, AZIMUTH, BAND, BANDWIDTH, CELL_ID, EIRP, ELECTRICAL_TILT, FEEDER, FREQUENCY, GAIN, HEIGHT, LOAD,
    MECHANICAL_TILT, MIMO, POWER, SWITCH_OFF, TECHNOLOGY,
};
use crate::radio::{AntennaPattern, BUILT_IN_ANTENNAS, Band, Duplex, Spectrum, Technology};
use crate::study::antenna::{self, ASSUMED_SECTOR, ASSUMED_TILTED_SECTOR, Antenna, OMNI};
use crate::study::rows::Row;
use crate::study::site::power::{
    DEFAULT_HEIGHT_M, OMNI_GAIN_DBI, default_eirp_dbm, default_feeder_loss_db, default_frequency_mhz, default_gain_dbi,
};
use crate::study::site::{Cell, streams};

/// Gains of antennas of sites, dBi; beyond, EIRP and power are not of the same carrier.
const LEAST_GAIN_DBI: f64 = 0.0;
const MOST_GAIN_DBI: f64 = 35.0;

/// Gains that differ less are taken to be the same, dB.
const SAME_GAIN_DB: f64 = 1.0;
/// A pattern holds for frequencies this near to its own, as a share of them.
const SAME_PATTERN: f64 = 0.1;

/// The cell of a row; `None` when something is faulty (then reported).
pub(super) fn read(row: &mut Row<'_>, antennas: &[Antenna], counts: &mut Counts) -> Option<Cell> {
    let technology = technology(row);
    let height = row.number(&HEIGHT, 1.0, 500.0);
    let (frequency, band) = frequency(row);
    let bandwidth = row.number(&BANDWIDTH, 0.1, 2_000.0);
    let power_dbm = row.number(&POWER, -30.0, 100.0);
    let eirp = row.number(&EIRP, -30.0, 100.0);
    let gain = row.number(&GAIN, LEAST_GAIN_DBI, MOST_GAIN_DBI);
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
    let gain_of_antenna = named.and_then(|index| match index {
        OMNI => Some(OMNI_GAIN_DBI),
        _ => antennas[index].pattern.gain_dbi,
    });
    let differs = |(stated, of_file): (f64, f64)| (stated - of_file).abs() > SAME_GAIN_DB;
    counts.other_gains += usize::from(gain.zip(gain_of_antenna.filter(|_| named != Some(OMNI))).is_some_and(differs));
    counts.other_frequencies +=
        usize::from(named.is_some_and(|index| !holds_at(&antennas[index].pattern, frequency_mhz)));
    let stated_gain_dbi = gain.or(gain_of_antenna);
    // gain and feeder stand in the uplink, also where the EIRP is stated
    let feeder_loss_db = feeder_loss
        .unwrap_or_else(|| counts.take("feeder_loss_db", default_feeder_loss_db(technology, frequency_mhz, duplex)));
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
    let bandwidth_mhz = bandwidth
        .unwrap_or_else(|| counts.take("bandwidth_mhz", technology.default_bandwidth_mhz(frequency_mhz, duplex)));
    let spectrum = Spectrum { technology, frequency_mhz, bandwidth_mhz, duplex };
    counts.odd_bandwidths += usize::from(!spectrum.has_channel_bandwidth());
    let own_tilt = antennas.get(antenna).and_then(|antenna| antenna.pattern.electrical_tilt_deg);
    Some(Cell {
        id: row.text(&CELL_ID).map(str::to_owned),
        technology,
        frequency_mhz,
        bandwidth_mhz,
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

/// Whether a pattern was measured near a frequency, as far as it says.
fn holds_at(pattern: &AntennaPattern, frequency_mhz: f64) -> bool {
    pattern
        .frequency_range_mhz
        .is_none_or(|[low, high]| (low * (1.0 - SAME_PATTERN)..=high * (1.0 + SAME_PATTERN)).contains(&frequency_mhz))
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
