//! Frequency bands: what people call them, and the carrier frequency they stand for.
//!
//! In: a band as tables write it (`B3`, `n78`, `900`, `DCS1800`). Out: its range and the middle of its downlink. Sources: 3GPP
//! TS 36.101 Table 5.5-1 (E-UTRA), TS 38.101-1 Table 5.2-1 (NR below 7.125 GHz), TS 45.005 clause 2 (GSM); UMTS bands have the
//! numbers of E-UTRA (TS 25.101 Table 5.0). The bands are those in use in Vietnam and its neighbours.

use crate::problem::did_you_mean;

/// A frequency band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Number of 3GPP: 3 for B3 and n3.
    pub number: u32,
    /// Lower edge of the uplink, or of the band where both directions share it, MHz.
    pub lowest_mhz: f64,
    /// Downlink, MHz.
    pub downlink_mhz: (f64, f64),
}

const fn band(number: u32, lowest_mhz: f64, downlink_mhz: (f64, f64)) -> Band {
    Band { number, lowest_mhz, downlink_mhz }
}

/// The bands, by number.
static BANDS: [Band; 14] = [
    band(1, 1920.0, (2110.0, 2170.0)),
    band(2, 1850.0, (1930.0, 1990.0)),
    band(3, 1710.0, (1805.0, 1880.0)),
    band(5, 824.0, (869.0, 894.0)),
    band(7, 2500.0, (2620.0, 2690.0)),
    band(8, 880.0, (925.0, 960.0)),
    band(20, 791.0, (791.0, 821.0)),
    band(28, 703.0, (758.0, 803.0)),
    band(38, 2570.0, (2570.0, 2620.0)),
    band(40, 2300.0, (2300.0, 2400.0)),
    band(41, 2496.0, (2496.0, 2690.0)),
    band(77, 3300.0, (3300.0, 4200.0)),
    band(78, 3300.0, (3300.0, 3800.0)),
    band(79, 4400.0, (4400.0, 5000.0)),
];

/// Round frequencies that stand for a band. 2600 is band 41, as licensed in Vietnam; 3500 is n78.
const NICKNAMES: [(u32, u32); 13] = [
    (700, 28),
    (800, 20),
    (850, 5),
    (900, 8),
    (1800, 3),
    (1900, 2),
    (2100, 1),
    (2300, 40),
    (2500, 41),
    (2600, 41),
    (3500, 78),
    (3700, 77),
    (3800, 77),
];

/// What people write before the number.
const PREFIXES: [&str; 13] = ["EGSM", "GSM", "DCS", "PCS", "UMTS", "WCDMA", "LTE", "BAND", "NR", "B", "N", "L", "U"];

/// A stated frequency may lie this share outside its band: people round carriers (700 for band 28).
const ROUNDING: f64 = 0.01;

/// Where both directions share a frequency, MHz: bands 40, 38 and 41 below band 7's downlink, 77 to 79.
const TIME_DIVISION_MHZ: [(f64, f64); 3] = [(2300.0, 2400.0), (2496.0, 2620.0), (3300.0, 5000.0)];

/// Whether carriers of LTE or NR at a downlink frequency send and receive in turn.
pub(super) fn is_time_division(frequency_mhz: f64) -> bool {
    TIME_DIVISION_MHZ.iter().any(|&(low, high)| (low..high).contains(&frequency_mhz))
}

impl Band {
    /// The band that a text names, in any case: `B3`, `n3`, `band 3`, `3`, `1800`, `1800 MHz`, `DCS1800`, `LTE-1800`.
    pub fn parse(text: &str) -> Option<&'static Self> {
        let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
        let plain = plain.strip_suffix("MHZ").unwrap_or(&plain);
        let digits = PREFIXES.iter().find_map(|prefix| plain.strip_prefix(prefix)).unwrap_or(plain);
        let number: u32 = digits.parse().ok()?;
        let number = NICKNAMES.iter().find(|(name, _)| *name == number).map_or(number, |&(_, band)| band);
        BANDS.iter().find(|band| band.number == number)
    }

    /// "did you mean …?" for a text that names no band.
    pub fn suggestion(text: &str) -> Option<String> {
        let names: Vec<String> = BANDS.iter().map(|b| format!("B{}", b.number)).collect();
        let rounds: Vec<String> = NICKNAMES.iter().map(|(name, _)| name.to_string()).collect();
        did_you_mean(text, names.iter().chain(&rounds).map(String::as_str))
    }

    /// What tables may write.
    pub fn allowed() -> String {
        let numbers: Vec<String> = BANDS.iter().map(|b| b.number.to_string()).collect();
        let rounds: Vec<String> = NICKNAMES.iter().map(|(name, _)| name.to_string()).collect();
        format!("B or n with {}; or {}", numbers.join(", "), rounds.join(", "))
    }

    /// Middle of the downlink, MHz.
    pub fn center_mhz(&self) -> f64 {
        (self.downlink_mhz.0 + self.downlink_mhz.1) / 2.0
    }

    /// Whether a carrier of this frequency can belong to the band.
    pub fn holds(&self, frequency_mhz: f64) -> bool {
        let highest = self.downlink_mhz.1 * (1.0 + ROUNDING);
        (self.lowest_mhz * (1.0 - ROUNDING)..=highest).contains(&frequency_mhz)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bands_are_read_as_people_write_them() {
        for (text, number, center_mhz) in [
            ("B1", 1, 2140.0),
            ("n78", 78, 3550.0),
            ("Band 28", 28, 780.5),
            ("900", 8, 942.5),
            ("1800 MHz", 3, 1842.5),
            ("DCS1800", 3, 1842.5),
            ("LTE-2600", 41, 2593.0),
            ("40", 40, 2350.0),
            ("l850", 5, 881.5),
        ] {
            let band = Band::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((band.number, band.center_mhz()), (number, center_mhz), "{text}");
        }
        for text in ["", "B", "B99", "950", "UHF", "99999999999999"] {
            assert_eq!(Band::parse(text), None, "{text}");
        }
        assert_eq!(Band::suggestion("B33").as_deref(), Some("did you mean \"B3\"?"));
    }

    #[test]
    fn every_round_frequency_lies_in_its_band() {
        for (name, number) in NICKNAMES {
            let band = Band::parse(&name.to_string()).unwrap();
            assert_eq!(band.number, number);
            assert!(band.holds(f64::from(name)), "{name}");
        }
        let band8 = Band::parse("B8").unwrap();
        assert!(band8.holds(900.0) && band8.holds(942.6) && !band8.holds(1800.0) && !band8.holds(850.0));
    }
}
