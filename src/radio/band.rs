//! Frequency bands: what people call them, and the carrier frequency they stand for.
//!
//! In: a band as tables write it (`B3`, `n78`, `900`, `DCS1800`). Out: its range and the middle of its downlink. Sources: 3GPP
//! TS 36.101 Table 5.5-1 (E-UTRA), TS 38.101-1 Table 5.2-1 (NR below 7.125 GHz), TS 45.005 clause 2 (GSM); UMTS bands have the
//! numbers of E-UTRA (TS 25.101 Table 5.0). The bands are those in use in Vietnam and its neighbours.

use super::Technology;
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
    /// How LTE and NR share it between the directions.
    pub duplex: Duplex,
}

/// How the two directions of a carrier share the spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplex {
    /// Each has a frequency of its own.
    Frequency,
    /// They have the same in turn.
    Time,
}

const fn paired(number: u32, lowest_mhz: f64, downlink_mhz: (f64, f64)) -> Band {
    Band { number, lowest_mhz, downlink_mhz, duplex: Duplex::Frequency }
}

const fn unpaired(number: u32, range_mhz: (f64, f64)) -> Band {
    Band { number, lowest_mhz: range_mhz.0, downlink_mhz: range_mhz, duplex: Duplex::Time }
}

/// The bands, by number.
static BANDS: [Band; 14] = [
    paired(1, 1920.0, (2110.0, 2170.0)),
    paired(2, 1850.0, (1930.0, 1990.0)),
    paired(3, 1710.0, (1805.0, 1880.0)),
    paired(5, 824.0, (869.0, 894.0)),
    paired(7, 2500.0, (2620.0, 2690.0)),
    paired(8, 880.0, (925.0, 960.0)),
    paired(20, 791.0, (791.0, 821.0)),
    paired(28, 703.0, (758.0, 803.0)),
    unpaired(38, (2570.0, 2620.0)),
    unpaired(40, (2300.0, 2400.0)),
    unpaired(41, (2496.0, 2690.0)),
    unpaired(77, (3300.0, 4200.0)),
    unpaired(78, (3300.0, 3800.0)),
    unpaired(79, (4400.0, 5000.0)),
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

/// Where LTE and NR share a frequency between the directions, as far as a frequency alone can say, MHz: bands 40, 38 and 41 below band 7's
/// downlink, and all bands in use above 3300, millimetre waves included.
const TIME_DIVISION_MHZ: [(f64, f64); 3] = [(2300.0, 2400.0), (2496.0, 2620.0), (3300.0, f64::INFINITY)];

impl Duplex {
    /// That of a carrier: of its band where it is known, else as its downlink frequency suggests. GSM and UMTS have pairs of frequencies.
    pub fn of(technology: Technology, frequency_mhz: f64, band: Option<&Band>) -> Self {
        if matches!(technology, Technology::Gsm | Technology::Umts) {
            return Self::Frequency;
        }
        let in_turn = || TIME_DIVISION_MHZ.iter().any(|&(low, high)| (low..high).contains(&frequency_mhz));
        band.map_or_else(|| if in_turn() { Self::Time } else { Self::Frequency }, |band| band.duplex)
    }
}

/// The number in the name of a band.
fn number_in(text: &str) -> Option<u32> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
    let plain = plain.strip_suffix("MHZ").unwrap_or(&plain);
    PREFIXES.iter().find_map(|prefix| plain.strip_prefix(prefix)).unwrap_or(plain).parse().ok()
}

/// The band that a round frequency stands for.
fn nickname(number: u32) -> Option<u32> {
    NICKNAMES.iter().find(|(name, _)| *name == number).map(|&(_, band)| band)
}

impl Band {
    /// The band that a text names, in any case: `B3`, `n3`, `band 3`, `3`, `1800`, `1800 MHz`, `DCS1800`, `LTE-1800`.
    pub fn parse(text: &str) -> Option<&'static Self> {
        let number = number_in(text)?;
        let number = nickname(number).unwrap_or(number);
        BANDS.iter().find(|band| band.number == number)
    }

    /// Whether a text names a band by its number, and not by a round frequency, which several bands can have: 2600 is 7 as well as 41.
    pub fn is_number(text: &str) -> bool {
        number_in(text).is_some_and(|number| nickname(number).is_none())
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
    fn a_band_says_how_its_directions_share_it_and_else_the_frequency_does() {
        use Technology::{Gsm, Lte, Nr, Umts};
        let band = |text| Band::parse(text);
        for (technology, mhz, band, expected) in [
            (Lte, 2655.0, None, Duplex::Frequency),
            (Lte, 2655.0, band("B41"), Duplex::Time),
            (Lte, 2610.0, None, Duplex::Time),
            (Lte, 806.0, band("B20"), Duplex::Frequency),
            (Nr, 780.5, band("n28"), Duplex::Frequency),
            (Nr, 3550.0, band("n78"), Duplex::Time),
            (Nr, 26_500.0, None, Duplex::Time),
            (Gsm, 2350.0, None, Duplex::Frequency),
            (Umts, 3500.0, None, Duplex::Frequency),
        ] {
            assert_eq!(Duplex::of(technology, mhz, band), expected, "{technology} {mhz}");
        }
        assert!(Band::is_number("B7") && Band::is_number("n41") && Band::is_number("28"));
        assert!(!Band::is_number("2600") && !Band::is_number("LTE-1800") && !Band::is_number("UHF"));
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
