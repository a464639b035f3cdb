//! GSM, UMTS, LTE and NR: which quantity a handset measures, and how much of the carrier's power it is.

use super::Duplex;
use crate::units::Db;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A radio access technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Technology {
    /// 2G.
    Gsm,
    /// 3G.
    Umts,
    /// 4G.
    Lte,
    /// 5G.
    Nr,
}

/// LTE transmission bandwidth: channel bandwidth in MHz and resource blocks (3GPP TS 36.101, Table 5.6-1).
const LTE_RESOURCE_BLOCKS: [(f64, f64); 6] =
    [(1.4, 6.0), (3.0, 15.0), (5.0, 25.0), (10.0, 50.0), (15.0, 75.0), (20.0, 100.0)];

/// NR transmission bandwidth at 15 kHz subcarrier spacing, of bands with paired frequencies (3GPP TS 38.101-1, Table 5.3.2-1).
const NR_RESOURCE_BLOCKS_15_KHZ: [(f64, f64); 10] = [
    (5.0, 25.0),
    (10.0, 52.0),
    (15.0, 79.0),
    (20.0, 106.0),
    (25.0, 133.0),
    (30.0, 160.0),
    (35.0, 188.0),
    (40.0, 216.0),
    (45.0, 242.0),
    (50.0, 270.0),
];

/// The same at 30 kHz, of bands whose directions take turns (ibid.).
const NR_RESOURCE_BLOCKS_30_KHZ: [(f64, f64); 15] = [
    (5.0, 11.0),
    (10.0, 24.0),
    (15.0, 38.0),
    (20.0, 51.0),
    (25.0, 65.0),
    (30.0, 78.0),
    (35.0, 92.0),
    (40.0, 106.0),
    (45.0, 119.0),
    (50.0, 133.0),
    (60.0, 162.0),
    (70.0, 189.0),
    (80.0, 217.0),
    (90.0, 245.0),
    (100.0, 273.0),
];

/// Carrier spacing of GSM, MHz.
const GSM_CARRIER_MHZ: f64 = 0.2;
/// Chip rate of UMTS, MHz.
const UMTS_CHIP_RATE_MHZ: f64 = 3.84;
/// From here on NR has many antennas at both ends, MHz: cells with arrays where directions take turns, handsets with four receivers on n7, n38, n41
/// and n77 to n79 (3GPP TS 38.101-1 §7.2).
const MANY_ANTENNAS_FROM_MHZ: f64 = 2496.0;

/// Power of the UMTS pilot channel CPICH below the carrier's total: the usual 10 %.
const CPICH_BELOW_TOTAL: Db = Db(10.0);

impl Technology {
    /// All technologies, oldest first.
    pub const ALL: [Technology; 4] = [Self::Gsm, Self::Umts, Self::Lte, Self::Nr];

    /// Whether cells on the same carrier disturb one another in a way that is known: of GSM's that takes a frequency plan.
    pub fn is_disturbed(self) -> bool {
        self != Self::Gsm
    }

    /// Name as tables write it: `GSM`, `UMTS`, `LTE`, `NR`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm => "GSM",
            Self::Umts => "UMTS",
            Self::Lte => "LTE",
            Self::Nr => "NR",
        }
    }

    /// Reads a name as tables write it, with the usual other spellings (2G, HSPA+, LTE-A, 5G-NR, GSM900 …), in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let generation = ["GSM900", "GSM1800", "DCS1800", "UMTS900", "UMTS2100"].contains(&plain.as_str());
        let plain = if generation { plain.trim_end_matches(|c: char| c.is_ascii_digit()) } else { &plain };
        match plain {
            "GSM" | "2G" | "DCS" | "EGSM" | "GPRS" | "EDGE" | "GERAN" => Some(Self::Gsm),
            "UMTS" | "3G" | "WCDMA" | "HSPA" | "HSDPA" | "HSUPA" | "UTRA" | "UTRAN" => Some(Self::Umts),
            "LTE" | "4G" | "LTEA" | "LTEFDD" | "LTETDD" | "FDDLTE" | "TDDLTE" | "TDLTE" | "EUTRA" | "EUTRAN" => {
                Some(Self::Lte)
            }
            "NR" | "5G" | "5GNR" | "NR5G" | "NEWRADIO" | "5GSA" | "5GNSA" => Some(Self::Nr),
            _ => None,
        }
    }

    /// Quantity that handsets report: RxLev, RSCP, RSRP or SS-RSRP.
    pub fn level_name(self) -> &'static str {
        match self {
            Self::Gsm => "RxLev",
            Self::Umts => "RSCP",
            Self::Lte => "RSRP",
            Self::Nr => "SS-RSRP",
        }
    }

    /// Whether its cells usually have large arrays: NR from 2496 MHz where the directions take turns (n41, n77 to n79).
    pub fn has_arrays(self, frequency_mhz: f64, duplex: Duplex) -> bool {
        self == Self::Nr && frequency_mhz >= MANY_ANTENNAS_FROM_MHZ && duplex == Duplex::Time
    }

    /// Usual carrier bandwidth, MHz, for inventories that do not say. NR's bands below have a few tens of MHz for all operators.
    pub fn default_bandwidth_mhz(self, frequency_mhz: f64, duplex: Duplex) -> f64 {
        match self {
            Self::Gsm => 0.2,
            Self::Umts => 5.0,
            Self::Lte => 10.0,
            Self::Nr if self.has_arrays(frequency_mhz, duplex) => 100.0,
            Self::Nr if frequency_mhz < 1000.0 => 10.0,
            Self::Nr => 20.0,
        }
    }

    /// Bandwidth that carries users' data, MHz: LTE and NR's resource blocks of 12 subcarriers, UMTS's chip rate, GSM's carrier.
    pub fn occupied_bandwidth_mhz(self, bandwidth_mhz: f64, duplex: Duplex) -> f64 {
        match self {
            Self::Gsm => GSM_CARRIER_MHZ,
            Self::Umts => UMTS_CHIP_RATE_MHZ,
            Self::Lte | Self::Nr => 12.0 * self.subcarrier_mhz(duplex) * self.resource_blocks(bandwidth_mhz, duplex),
        }
    }

    /// Narrowest part of a carrier that one user may have to itself in the uplink, MHz: a resource block of LTE and NR, all of GSM's
    /// carrier; UMTS spreads what is slower, which needs as little power as a narrower carrier would.
    pub(super) fn narrowest_uplink_mhz(self, duplex: Duplex) -> f64 {
        match self {
            Self::Gsm => GSM_CARRIER_MHZ,
            Self::Umts => 0.0,
            Self::Lte | Self::Nr => 12.0 * self.subcarrier_mhz(duplex),
        }
    }

    /// Bandwidth of what the measured quantity is the power of, MHz, for its noise: the carrier of GSM and UMTS, one resource element.
    pub(super) fn measured_bandwidth_mhz(self, duplex: Duplex) -> f64 {
        match self {
            Self::Gsm => GSM_CARRIER_MHZ,
            Self::Umts => UMTS_CHIP_RATE_MHZ,
            Self::Lte | Self::Nr => self.subcarrier_mhz(duplex),
        }
    }

    /// Streams that a cell sends at once where an inventory does not say: 2 for LTE and NR, and 4 for NR from 2496 MHz, as handsets must receive
    /// (3GPP TS 36.306, TS 38.101-1 §7.2).
    pub fn default_layers(self, frequency_mhz: f64) -> u8 {
        match self {
            Self::Gsm | Self::Umts => 1,
            Self::Nr if frequency_mhz >= MANY_ANTENNAS_FROM_MHZ => 4,
            Self::Lte | Self::Nr => 2,
        }
    }

    /// How far the measured quantity lies below the carrier's total power: GSM measures the whole carrier, UMTS its pilot
    /// channel, LTE and NR one resource element of 12 per resource block (3GPP TS 36.214 §5.1.1, TS 38.215 §5.1.1).
    /// Bandwidths between the standard ones take the next smaller; below the smallest, the smallest.
    pub fn level_below_total(self, bandwidth_mhz: f64, duplex: Duplex) -> Db {
        match self {
            Self::Gsm => Db(0.0),
            Self::Umts => CPICH_BELOW_TOTAL,
            Self::Lte | Self::Nr => Db(10.0 * (12.0 * self.resource_blocks(bandwidth_mhz, duplex)).log10()),
        }
    }

    /// Subcarrier spacing of LTE and NR, MHz. NR's is that of its synchronisation signals: 15 kHz where frequencies are paired, 30 kHz where directions
    /// take turns (3GPP TS 38.101-1, Table 5.4.3.3-1, the usual one of bands with both).
    fn subcarrier_mhz(self, duplex: Duplex) -> f64 {
        match (self, duplex) {
            (Self::Nr, Duplex::Time) => 0.03,
            _ => 0.015,
        }
    }

    /// Resource blocks of LTE and NR.
    fn resource_blocks(self, bandwidth_mhz: f64, duplex: Duplex) -> f64 {
        let table = match (self, duplex) {
            (Self::Nr, Duplex::Time) => &NR_RESOURCE_BLOCKS_30_KHZ[..],
            (Self::Nr, Duplex::Frequency) => &NR_RESOURCE_BLOCKS_15_KHZ,
            _ => &LTE_RESOURCE_BLOCKS,
        };
        table.iter().take_while(|&&(width, _)| width <= bandwidth_mhz).last().unwrap_or(&table[0]).1
    }
}

impl fmt::Display for Technology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_signals_carry_their_share_of_the_power() {
        // 10 MHz LTE: 50 resource blocks, 600 subcarriers: 27.78 dB; 20 MHz: 30.79 dB. NR on 100 MHz in turns: 273 blocks, 35.15 dB; on 20 MHz 51
        // blocks of 30 kHz, 27.87 dB, and with paired frequencies 106 of 15 kHz, 31.05 dB.
        let of = |technology: Technology, mhz, duplex| technology.level_below_total(mhz, duplex).0;
        for (technology, mhz, duplex, expected) in [
            (Technology::Lte, 10.0, Duplex::Frequency, 27.782),
            (Technology::Lte, 20.0, Duplex::Time, 30.792),
            (Technology::Nr, 100.0, Duplex::Time, 35.154),
            (Technology::Nr, 20.0, Duplex::Time, 27.868),
            (Technology::Nr, 20.0, Duplex::Frequency, 31.045),
            (Technology::Gsm, 0.2, Duplex::Frequency, 0.0),
            (Technology::Umts, 5.0, Duplex::Frequency, 10.0),
        ] {
            assert!((of(technology, mhz, duplex) - expected).abs() < 1e-3, "{technology} {mhz} {duplex:?}");
        }
        assert!((Technology::Nr.occupied_bandwidth_mhz(20.0, Duplex::Frequency) - 19.08).abs() < 1e-9);
        assert!((Technology::Nr.occupied_bandwidth_mhz(20.0, Duplex::Time) - 18.36).abs() < 1e-9);
    }

    #[test]
    fn what_is_usual_of_nr_depends_on_the_band() {
        let usual =
            |mhz, duplex| (Technology::Nr.default_bandwidth_mhz(mhz, duplex), Technology::Nr.default_layers(mhz));
        assert_eq!(usual(780.5, Duplex::Frequency), (10.0, 2)); // n28
        assert_eq!(usual(1842.5, Duplex::Frequency), (20.0, 2)); // n3
        assert_eq!(usual(2350.0, Duplex::Time), (20.0, 2)); // n40
        assert_eq!(usual(2655.0, Duplex::Frequency), (20.0, 4)); // n7
        assert_eq!(usual(2593.0, Duplex::Time), (100.0, 4)); // n41
        assert_eq!(usual(3550.0, Duplex::Time), (100.0, 4)); // n78
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        assert_eq!(Technology::parse(" lte "), Some(Technology::Lte));
        for (text, technology) in [
            ("5G-NR", Technology::Nr),
            ("HSPA+", Technology::Umts),
            ("GSM 900", Technology::Gsm),
            ("lte-a", Technology::Lte),
        ] {
            assert_eq!(Technology::parse(text), Some(technology), "{text}");
        }
        assert_eq!(Technology::parse("2G/3G"), None);
        assert_eq!(Technology::parse("WiMAX"), None);
    }
}
