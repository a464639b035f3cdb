//! What a cell radiates, and what is taken where an inventory does not say.

use crate::radio::{Duplex, Technology};

/// Antenna height taken when a table has none, m: a rural macro site in Report ITU-R M.2292-0, Tables 2 and 3.
pub(super) const DEFAULT_HEIGHT_M: f64 = 30.0;

/// Frequency taken when a table has none, MHz: the band that carries a technology's rural coverage.
pub(super) fn default_frequency_mhz(technology: Technology) -> f64 {
    match technology {
        Technology::Gsm => 900.0,
        Technology::Umts => 2100.0,
        Technology::Lte => 1800.0,
        Technology::Nr => 3500.0,
    }
}

/// EIRP of a carrier taken when a table has neither it nor a power, dBm: 58 below 1 GHz and 61 above as in Report ITU-R M.2292-0 Tables 2 and 3 (a
/// rural macro cell, 46 dBm − 3 dB and the gain), 59 and 60 for GSM and UMTS carriers, and 72 for the beam to one user of an NR array.
pub(super) fn default_eirp_dbm(technology: Technology, frequency_mhz: f64, duplex: Duplex) -> f64 {
    match technology {
        Technology::Gsm => 59.0,
        Technology::Umts => 60.0,
        Technology::Nr if technology.has_arrays(frequency_mhz, duplex) => 72.0,
        Technology::Lte | Technology::Nr => {
            46.0 - default_feeder_loss_db(technology, frequency_mhz, duplex) + default_gain_dbi(frequency_mhz)
        }
    }
}

/// Loss between transmitter and antenna taken when a table has none, dB: 3 as in Report ITU-R M.2292-0, Tables 2 to 4, on which the default EIRP
/// counts too; 0 of NR arrays, whose radios are in the antenna.
pub(super) fn default_feeder_loss_db(technology: Technology, frequency_mhz: f64, duplex: Duplex) -> f64 {
    if technology.has_arrays(frequency_mhz, duplex) { 0.0 } else { 3.0 }
}

/// Gain of the built-in omnidirectional antenna where a cell names it, dBi: 11, a collinear of 9 dBd, the usual largest.
pub(super) const OMNI_GAIN_DBI: f64 = 11.0;

/// Gain of an antenna that is not given, dBi: 15 below 1 GHz and 18 above (Report ITU-R M.2292-0, Tables 2 to 4, rural macro).
pub(in crate::study) fn default_gain_dbi(frequency_mhz: f64) -> f64 {
    if frequency_mhz < 1000.0 { 15.0 } else { 18.0 }
}
