//! The spectrum of a cell: how much of its carrier holds users' data, and how much of its power is what a handset measures.

use super::{Duplex, Technology};
use crate::units::Db;

/// The carrier of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spectrum {
    /// Technology.
    pub technology: Technology,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Channel bandwidth, MHz.
    pub bandwidth_mhz: f64,
    /// How its directions share it.
    pub duplex: Duplex,
}

/// Subcarrier spacing and transmission bandwidths of LTE or NR.
struct Grid {
    /// Subcarrier spacing, MHz.
    subcarrier_mhz: f64,
    /// Channel bandwidth, MHz, and resource blocks of 12 subcarriers in it.
    resource_blocks: &'static [(f64, f64)],
}

/// 3GPP TS 36.101, Table 5.6-1.
const LTE: Grid = Grid {
    subcarrier_mhz: 0.015,
    resource_blocks: &[(1.4, 6.0), (3.0, 15.0), (5.0, 25.0), (10.0, 50.0), (15.0, 75.0), (20.0, 100.0)],
};

/// NR where frequencies are paired: the usual spacing of its synchronisation signals (3GPP TS 38.101-1, Tables 5.3.2-1 and 5.4.3.3-1).
const NR_PAIRED: Grid = Grid {
    subcarrier_mhz: 0.015,
    resource_blocks: &[
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
    ],
};

/// NR where directions take turns (ibid.).
const NR_UNPAIRED: Grid = Grid {
    subcarrier_mhz: 0.03,
    resource_blocks: &[
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
    ],
};

/// NR on millimetre waves, 24.25 to 52.6 GHz (3GPP TS 38.101-2, Table 5.3.2-1).
const NR_MILLIMETRE: Grid =
    Grid { subcarrier_mhz: 0.12, resource_blocks: &[(50.0, 32.0), (100.0, 66.0), (200.0, 132.0), (400.0, 264.0)] };

/// Where NR's frequency range 2 begins, MHz (3GPP TS 38.101-2, Table 5.1-1).
const MILLIMETRE_FROM_MHZ: f64 = 24_250.0;
/// Carrier spacing of GSM, MHz (3GPP TS 45.005 §2).
const GSM_CARRIER_MHZ: f64 = 0.2;
/// Chip rate of UMTS, MHz, and its channel spacing (3GPP TS 25.104 §5.4.1).
const UMTS_CHIP_RATE_MHZ: f64 = 3.84;
const UMTS_SPACING_MHZ: f64 = 5.0;
/// Power of the UMTS pilot channel CPICH below the carrier's total: the usual 10 %.
const CPICH_BELOW_TOTAL: Db = Db(10.0);

impl Spectrum {
    /// The grid of LTE and NR; `None` for GSM and UMTS.
    fn grid(&self) -> Option<&'static Grid> {
        match (self.technology, self.duplex) {
            (Technology::Gsm | Technology::Umts, _) => None,
            (Technology::Lte, _) => Some(&LTE),
            (Technology::Nr, _) if self.frequency_mhz >= MILLIMETRE_FROM_MHZ => Some(&NR_MILLIMETRE),
            (Technology::Nr, Duplex::Time) => Some(&NR_UNPAIRED),
            (Technology::Nr, Duplex::Frequency) => Some(&NR_PAIRED),
        }
    }

    /// Whether the technology has channels of this bandwidth: those of the tables, 0.2 MHz of GSM, the chip rate to the channel spacing of UMTS.
    /// Wider ones are several carriers.
    pub fn has_channel_bandwidth(&self) -> bool {
        match self.grid() {
            Some(grid) => grid.resource_blocks.iter().any(|&(width, _)| width == self.bandwidth_mhz),
            None if self.technology == Technology::Gsm => self.bandwidth_mhz == GSM_CARRIER_MHZ,
            None => (UMTS_CHIP_RATE_MHZ..=UMTS_SPACING_MHZ).contains(&self.bandwidth_mhz),
        }
    }

    /// Bandwidth that carries users' data, MHz: LTE and NR's resource blocks of 12 subcarriers, UMTS's chip rate, GSM's carrier.
    pub fn occupied_bandwidth_mhz(&self) -> f64 {
        match self.grid() {
            Some(grid) => 12.0 * grid.subcarrier_mhz * grid.blocks(self.bandwidth_mhz),
            None => self.measured_bandwidth_mhz(),
        }
    }

    /// Narrowest part of a carrier that one user may have to itself in the uplink, MHz: a resource block of LTE and NR, all of GSM's
    /// carrier; UMTS spreads what is slower, which needs as little power as a narrower carrier would.
    pub(super) fn narrowest_uplink_mhz(&self) -> f64 {
        match self.grid() {
            Some(grid) => 12.0 * grid.subcarrier_mhz,
            None if self.technology == Technology::Gsm => GSM_CARRIER_MHZ,
            None => 0.0,
        }
    }

    /// Bandwidth of what the measured quantity is the power of, MHz, for its noise: the carrier of GSM and UMTS, one resource element.
    pub(super) fn measured_bandwidth_mhz(&self) -> f64 {
        match self.grid() {
            Some(grid) => grid.subcarrier_mhz,
            None if self.technology == Technology::Gsm => GSM_CARRIER_MHZ,
            None => UMTS_CHIP_RATE_MHZ,
        }
    }

    /// How far the measured quantity lies below the carrier's total power: GSM measures the whole carrier, UMTS its pilot
    /// channel, LTE and NR one resource element of 12 per resource block (3GPP TS 36.214 §5.1.1, TS 38.215 §5.1.1).
    /// Bandwidths between the standard ones take the next smaller; below the smallest, the smallest.
    pub fn level_below_total(&self) -> Db {
        match self.grid() {
            Some(grid) => Db(10.0 * (12.0 * grid.blocks(self.bandwidth_mhz)).log10()),
            None if self.technology == Technology::Gsm => Db(0.0),
            None => CPICH_BELOW_TOTAL,
        }
    }
}

impl Grid {
    /// Resource blocks of a channel.
    fn blocks(&self, bandwidth_mhz: f64) -> f64 {
        let fits = self.resource_blocks.iter().take_while(|&&(width, _)| width <= bandwidth_mhz).last();
        fits.unwrap_or(&self.resource_blocks[0]).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(technology: Technology, frequency_mhz: f64, bandwidth_mhz: f64, duplex: Duplex) -> Spectrum {
        Spectrum { technology, frequency_mhz, bandwidth_mhz, duplex }
    }

    #[test]
    fn reference_signals_carry_their_share_of_the_power() {
        // 10 MHz LTE: 50 resource blocks, 600 subcarriers: 27.78 dB; 20 MHz: 30.79 dB. NR on 100 MHz in turns: 273 blocks, 35.15 dB; on 20 MHz 51
        // blocks of 30 kHz, 27.87 dB, and with paired frequencies 106 of 15 kHz, 31.05 dB; on 200 MHz at 26 GHz 132 of 120 kHz, 32.00 dB.
        for (technology, frequency_mhz, mhz, duplex, expected) in [
            (Technology::Lte, 1842.5, 10.0, Duplex::Frequency, 27.782),
            (Technology::Lte, 2350.0, 20.0, Duplex::Time, 30.792),
            (Technology::Nr, 3550.0, 100.0, Duplex::Time, 35.154),
            (Technology::Nr, 3550.0, 20.0, Duplex::Time, 27.868),
            (Technology::Nr, 1842.5, 20.0, Duplex::Frequency, 31.045),
            (Technology::Nr, 26_000.0, 200.0, Duplex::Time, 31.998),
            (Technology::Gsm, 942.5, 0.2, Duplex::Frequency, 0.0),
            (Technology::Umts, 2140.0, 5.0, Duplex::Frequency, 10.0),
        ] {
            let found = spectrum(technology, frequency_mhz, mhz, duplex).level_below_total().0;
            assert!((found - expected).abs() < 1e-3, "{technology} {mhz} {duplex:?}: {found}");
        }
    }

    #[test]
    fn users_have_the_resource_blocks() {
        for (frequency_mhz, mhz, duplex, expected) in [
            (1842.5, 20.0, Duplex::Frequency, 19.08),
            (3550.0, 20.0, Duplex::Time, 18.36),
            (26_000.0, 200.0, Duplex::Time, 190.08),
            (26_000.0, 400.0, Duplex::Time, 380.16),
        ] {
            let found = spectrum(Technology::Nr, frequency_mhz, mhz, duplex).occupied_bandwidth_mhz();
            assert!((found - expected).abs() < 1e-9, "{frequency_mhz} {mhz}: {found}");
        }
    }

    #[test]
    fn bandwidths_that_no_channel_has_are_known() {
        use Duplex::{Frequency, Time};
        use Technology::{Gsm, Lte, Nr, Umts};
        for (technology, frequency_mhz, mhz, duplex, expected) in [
            (Lte, 1842.5, 15.0, Frequency, true),
            (Lte, 1842.5, 40.0, Frequency, false),
            (Lte, 1842.5, 12.0, Frequency, false),
            (Nr, 1842.5, 60.0, Frequency, false),
            (Nr, 3550.0, 60.0, Time, true),
            (Nr, 3550.0, 200.0, Time, false),
            (Nr, 26_000.0, 200.0, Time, true),
            (Gsm, 942.5, 0.2, Frequency, true),
            (Gsm, 942.5, 5.0, Frequency, false),
            (Umts, 2140.0, 3.84, Frequency, true),
            (Umts, 2140.0, 10.0, Frequency, false),
        ] {
            let found = spectrum(technology, frequency_mhz, mhz, duplex).has_channel_bandwidth();
            assert_eq!(found, expected, "{technology} {frequency_mhz} {mhz}");
        }
    }
}
