//! GSM, UMTS, LTE and NR: which quantity a handset measures, and how much of the carrier's power it is.

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

/// NR transmission bandwidth below 6 GHz at 30 kHz subcarrier spacing (3GPP TS 38.101-1, Table 5.3.2-1).
const NR_RESOURCE_BLOCKS: [(f64, f64); 13] = [
    (5.0, 11.0),
    (10.0, 24.0),
    (15.0, 38.0),
    (20.0, 51.0),
    (25.0, 65.0),
    (30.0, 78.0),
    (40.0, 106.0),
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
/// Subcarrier spacing of LTE, MHz.
const LTE_SUBCARRIER_MHZ: f64 = 0.015;
/// Subcarrier spacing of NR, MHz.
const NR_SUBCARRIER_MHZ: f64 = 0.03;

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

    /// Usual carrier bandwidth, MHz, for inventories that do not say.
    pub fn default_bandwidth_mhz(self) -> f64 {
        match self {
            Self::Gsm => 0.2,
            Self::Umts => 5.0,
            Self::Lte => 10.0,
            Self::Nr => 100.0,
        }
    }

    /// Bandwidth that carries users' data, MHz: LTE and NR's resource blocks of 12 subcarriers, UMTS's chip rate, GSM's carrier.
    pub fn occupied_bandwidth_mhz(self, bandwidth_mhz: f64) -> f64 {
        match self {
            Self::Gsm => GSM_CARRIER_MHZ,
            Self::Umts => UMTS_CHIP_RATE_MHZ,
            Self::Lte => 12.0 * LTE_SUBCARRIER_MHZ * resource_blocks(&LTE_RESOURCE_BLOCKS, bandwidth_mhz),
            Self::Nr => 12.0 * NR_SUBCARRIER_MHZ * resource_blocks(&NR_RESOURCE_BLOCKS, bandwidth_mhz),
        }
    }

    /// Narrowest part of a carrier that one user may have to itself in the uplink, MHz: a resource block of LTE and NR, all of GSM's
    /// carrier; UMTS spreads what is slower, which needs as little power as a narrower carrier would.
    pub(super) fn narrowest_uplink_mhz(self) -> f64 {
        match self {
            Self::Gsm => GSM_CARRIER_MHZ,
            Self::Umts => 0.0,
            Self::Lte => 12.0 * LTE_SUBCARRIER_MHZ,
            Self::Nr => 12.0 * NR_SUBCARRIER_MHZ,
        }
    }

    /// Bandwidth of what the measured quantity is the power of, MHz, for its noise: the carrier of GSM and UMTS, one resource element.
    pub(super) fn measured_bandwidth_mhz(self) -> f64 {
        match self {
            Self::Gsm => GSM_CARRIER_MHZ,
            Self::Umts => UMTS_CHIP_RATE_MHZ,
            Self::Lte => LTE_SUBCARRIER_MHZ,
            Self::Nr => NR_SUBCARRIER_MHZ,
        }
    }

    /// Streams that a cell sends at once where an inventory does not say: 2 for LTE and 4 for NR, as handsets must receive
    /// (3GPP TS 36.306, TS 38.101-1 §7.2).
    pub fn default_layers(self) -> u8 {
        match self {
            Self::Gsm | Self::Umts => 1,
            Self::Lte => 2,
            Self::Nr => 4,
        }
    }

    /// How far the measured quantity lies below the carrier's total power: GSM measures the whole carrier, UMTS its pilot
    /// channel, LTE and NR one resource element of 12 per resource block (3GPP TS 36.214 §5.1.1, TS 38.215 §5.1.1).
    /// Bandwidths between the standard ones take the next smaller; below the smallest, the smallest.
    pub fn level_below_total(self, bandwidth_mhz: f64) -> Db {
        let blocks = match self {
            Self::Gsm => return Db(0.0),
            Self::Umts => return CPICH_BELOW_TOTAL,
            Self::Lte => resource_blocks(&LTE_RESOURCE_BLOCKS, bandwidth_mhz),
            Self::Nr => resource_blocks(&NR_RESOURCE_BLOCKS, bandwidth_mhz),
        };
        Db(10.0 * (12.0 * blocks).log10())
    }
}

fn resource_blocks(table: &[(f64, f64)], bandwidth_mhz: f64) -> f64 {
    table.iter().take_while(|&&(width, _)| width <= bandwidth_mhz).last().unwrap_or(&table[0]).1
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
        // 10 MHz LTE: 50 resource blocks, 600 subcarriers: 27.78 dB; 20 MHz: 30.79 dB; NR 100 MHz: 273 blocks, 35.15 dB.
        assert!((Technology::Lte.level_below_total(10.0).0 - 27.782).abs() < 1e-3);
        assert!((Technology::Lte.level_below_total(20.0).0 - 30.792).abs() < 1e-3);
        assert!((Technology::Nr.level_below_total(100.0).0 - 35.154).abs() < 1e-3);
        assert_eq!(Technology::Gsm.level_below_total(0.2), Db(0.0));
        assert_eq!(Technology::Umts.level_below_total(5.0), Db(10.0));
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
