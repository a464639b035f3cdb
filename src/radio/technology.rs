//! GSM, UMTS, LTE and NR: how people write them, which quantity a handset measures, and what is usual of their cells.

use super::Duplex;
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

/// From here on NR has many antennas at both ends, MHz: cells with arrays where directions take turns, handsets with four receivers on n7, n38, n41
/// and n77 to n79 (3GPP TS 38.101-1 §7.2).
const MANY_ANTENNAS_FROM_MHZ: f64 = 2496.0;

impl Technology {
    /// All technologies, oldest first.
    pub const ALL: [Technology; 4] = [Self::Gsm, Self::Umts, Self::Lte, Self::Nr];

    /// Schema of the keys of a table by technology.
    pub(crate) fn key_schema() -> serde_json::Value {
        serde_json::json!({ "enum": Self::ALL.map(Self::name) })
    }

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

    /// Streams that a cell sends at once where an inventory does not say: 2 for LTE and NR, and 4 for NR from 2496 MHz, as handsets must receive
    /// (3GPP TS 36.306, TS 38.101-1 §7.2).
    pub fn default_layers(self, frequency_mhz: f64) -> u8 {
        match self {
            Self::Gsm | Self::Umts => 1,
            Self::Nr if frequency_mhz >= MANY_ANTENNAS_FROM_MHZ => 4,
            Self::Lte | Self::Nr => 2,
        }
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
