//! The link budget of a cell in both directions, and what its data channel carries.

use super::settings::noise_dbm;
use super::shadowing::shadowing_sigma_db;
use super::{Duplex, Environment, Radio, Shannon, Spectrum, Technology};
use crate::units::{Db, Dbm};

/// What of a cell stands in its link budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellRadio {
    /// Technology.
    pub technology: Technology,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Carrier bandwidth, MHz.
    pub bandwidth_mhz: f64,
    /// How its directions share the spectrum.
    pub duplex: Duplex,
    /// EIRP of the whole carrier at its peak, dBm.
    pub eirp_dbm: f64,
    /// Gain of the antenna at its peak, dBi; it receives what handsets send.
    pub antenna_gain_dbi: f64,
    /// Loss between antenna and receiver, dB.
    pub feeder_loss_db: f64,
    /// Streams that it can send at once, 1 to 4.
    pub layers: u8,
    /// Share of the carrier in use, 0 to 1; `None`: that of the study.
    pub load: Option<f64>,
}

impl CellRadio {
    /// Level that a handset measures after a loss, of the path and of what stands around the user: EIRP of the carrier, less what the measured
    /// quantity lies below it, less the loss.
    ///
    /// level = EIRP − Δ(technology, bandwidth) − L
    pub fn level(&self, loss: Db) -> Dbm {
        Dbm(self.eirp_dbm) - self.spectrum().level_below_total() - loss
    }

    /// Its carrier.
    pub fn spectrum(&self) -> Spectrum {
        let Self { technology, frequency_mhz, bandwidth_mhz, duplex, .. } = *self;
        Spectrum { technology, frequency_mhz, bandwidth_mhz, duplex }
    }
}

/// Under which conditions handsets use a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions<'a> {
    /// Handsets, receivers and margins.
    pub radio: &'a Radio,
    /// Where the handset is.
    pub environment: Environment,
    /// Loss by the user's body, dB.
    pub body_loss_db: f64,
    /// Standard deviation of the level round its prediction outdoors, dB, when stated; the spread on the way in is added to it.
    pub stated_sigma_db: Option<f64>,
    /// Size of a pixel, m.
    pub pixel_size_m: f64,
}

/// The link budget of a cell: everything but the path. A path has a loss L, in which its antenna's attenuation in the path's direction
/// counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellBudget {
    /// Technology.
    pub technology: Technology,
    /// Level that handsets report at L = 0, dBm.
    pub level_at_zero_loss_dbm: f64,
    /// What stands around the user, dB: body, foliage, vehicle or walls.
    pub around_user_db: f64,
    /// By how much the least uplink bearer reaches the base station at L = 0, dB.
    pub uplink_margin_at_zero_loss_db: f64,
    /// Standard deviation of level and margin round the prediction, dB.
    pub sigma_db: f64,
    /// Share of the carrier in use, 0 to 1.
    pub load: f64,
    /// Noise of a handset in what the level is the power of, dBm.
    pub noise_dbm: f64,
    downlink: DataChannel,
    uplink: DataChannel,
    layers: u8,
    /// Narrowest part of the carrier that one user may have to itself, MHz.
    narrowest_uplink_mhz: f64,
    /// Power of a handset at the base station's receiver at L = 0, dBm.
    uplink_at_zero_loss_dbm: f64,
    /// Noise of the base station in a megahertz with what other users add, dBm.
    uplink_noise_dbm_per_mhz: f64,
}

/// Bandwidth that one user finds, and what a hertz of it carries.
#[derive(Debug, Clone, Copy, PartialEq)]
struct DataChannel {
    /// Occupied bandwidth, MHz.
    bandwidth_mhz: f64,
    /// Share of it, or of the time, that one user finds, 0 to 1.
    share: f64,
    efficiency: Shannon,
}

impl DataChannel {
    fn mbps(&self, bit_s_hz: f64) -> f64 {
        bit_s_hz * self.bandwidth_mhz * self.share
    }

    /// Spectral efficiency that a throughput needs; infinite where there is nothing free.
    fn bit_s_hz(&self, mbps: f64) -> f64 {
        mbps / (self.bandwidth_mhz * self.share)
    }
}

impl CellBudget {
    /// The budget of a cell.
    ///
    /// level(0) = EIRP − Δ − L_body − L_foliage − L_entry; margin(0) = P_handset − L_body − L_foliage − L_entry + G − L_feeder − S, with the
    /// sensitivity S of the least bearer. Where the directions take turns the bearer has a share u of the time, in which it sends its data on 1/u of the
    /// bandwidth at the same SINR: S rises by −10·log u.
    pub fn of(cell: &CellRadio, conditions: &Conditions<'_>) -> Self {
        let CellRadio { technology, frequency_mhz, duplex, .. } = *cell;
        let spectrum = cell.spectrum();
        let radio = conditions.radio;
        let (entry_db, entry_sigma_db) = radio.entry_loss_db(conditions.environment, frequency_mhz);
        let around_user_db = conditions.body_loss_db + radio.foliage_loss_db + entry_db;
        let uplink_at_zero_loss_dbm = radio.handset_power_dbm(technology, frequency_mhz) - around_user_db
            + cell.antenna_gain_dbi
            - cell.feeder_loss_db;
        let outdoors_db = conditions
            .stated_sigma_db
            .unwrap_or_else(|| shadowing_sigma_db(frequency_mhz, conditions.pixel_size_m, radio.model_error_db));
        let load = cell.load.unwrap_or(radio.load);
        let [down, up] = radio.efficiencies(technology);
        let [down_share, up_share] = match duplex {
            Duplex::Frequency => [1.0, 1.0],
            Duplex::Time => [radio.tdd_downlink_share, 1.0 - radio.tdd_downlink_share],
        };
        let channel = |efficiency, time_share: f64| DataChannel {
            bandwidth_mhz: spectrum.occupied_bandwidth_mhz(),
            share: (1.0 - load) * time_share,
            efficiency,
        };
        let sensitivity_dbm = radio.base_sensitivity_dbm(technology) - 10.0 * up_share.log10();
        // UMTS reports its pilot, and data has the whole carrier: the noise of 3.84 MHz is taken as far down as the pilot is, so that the ratio is
        // the carrier's
        let pilot_db = if technology == Technology::Umts { spectrum.level_below_total().0 } else { 0.0 };
        Self {
            technology,
            level_at_zero_loss_dbm: cell.level(Db(around_user_db)).0,
            around_user_db,
            uplink_margin_at_zero_loss_db: uplink_at_zero_loss_dbm - sensitivity_dbm,
            sigma_db: outdoors_db.hypot(entry_sigma_db),
            load,
            noise_dbm: noise_dbm(spectrum.measured_bandwidth_mhz(), radio.handset_noise_figure_db) - pilot_db,
            downlink: channel(down, down_share),
            uplink: channel(up, up_share),
            layers: cell.layers.max(1),
            narrowest_uplink_mhz: spectrum.narrowest_uplink_mhz(),
            uplink_at_zero_loss_dbm,
            uplink_noise_dbm_per_mhz: noise_dbm(1.0, radio.base_noise_figure_db)
                + radio.uplink_noise_rise_db(technology),
        }
    }

    /// Level that handsets report at a loss, dBm.
    #[inline]
    pub fn level_dbm(&self, loss_db: f64) -> f64 {
        self.level_at_zero_loss_dbm - loss_db
    }

    /// Margin of a service that needs a level, dB: that of the weaker direction.
    #[inline]
    pub fn margin_db(&self, loss_db: f64, threshold_dbm: f64) -> f64 {
        self.margin_at_zero_loss_db(threshold_dbm) - loss_db
    }

    /// The same at L = 0: min(level(0) − threshold, margin(0)).
    pub fn margin_at_zero_loss_db(&self, threshold_dbm: f64) -> f64 {
        (self.level_at_zero_loss_dbm - threshold_dbm).min(self.uplink_margin_at_zero_loss_db)
    }

    /// What the cell adds to the interference of others where its level is this, mW: load · 10^(level/10).
    #[inline]
    pub fn interference_mw(&self, level_dbm: f64) -> f64 {
        self.load * 10f64.powf(level_dbm / 10.0)
    }

    /// SINR of the data channel, dB: S/(Σ load·I + N), all in the bandwidth of the measured quantity. `others_mw` is the sum of
    /// [`Self::interference_mw`] of the other cells on the carrier. GSM cells do not count as interference: which of them share a
    /// frequency only a frequency plan says.
    #[inline]
    pub fn sinr_db(&self, level_dbm: f64, others_mw: f64) -> f64 {
        let others_mw = if self.technology.is_disturbed() { others_mw } else { 0.0 };
        level_dbm - 10.0 * (others_mw + 10f64.powf(self.noise_dbm / 10.0)).log10()
    }

    /// Throughput down at an SINR, Mbit/s: the most that any number of streams gives, among which the power is shared.
    pub fn down_mbps(&self, sinr_db: f64) -> f64 {
        let of = |streams: u8| f64::from(streams) * self.downlink.efficiency.bit_s_hz(split_db(sinr_db, streams));
        self.downlink.mbps((1..=self.layers).map(of).fold(0.0, f64::max))
    }

    /// SINR that a throughput down needs, dB; `None` where the cell cannot give it.
    pub fn needed_sinr_db(&self, down_mbps: f64) -> Option<f64> {
        let bit_s_hz = self.downlink.bit_s_hz(down_mbps);
        let of = |streams: u8| {
            let needed_db = self.downlink.efficiency.needed_sinr_db(bit_s_hz / f64::from(streams))?;
            Some(needed_db - split_db(0.0, streams))
        };
        (1..=self.layers).filter_map(of).min_by(f64::total_cmp)
    }

    /// Throughput up at a loss, Mbit/s. A handset that is too weak for the whole carrier puts its power into as much of it as leaves
    /// the least SINR.
    pub fn up_mbps(&self, loss_db: f64) -> f64 {
        let Shannon { least_sinr_db, .. } = self.uplink.efficiency;
        let power_dbm = self.uplink_at_zero_loss_dbm - loss_db;
        let widest_mhz = 10f64.powf((power_dbm - self.uplink_noise_dbm_per_mhz - least_sinr_db) / 10.0);
        if widest_mhz < self.narrowest_uplink_mhz {
            return 0.0;
        }
        if widest_mhz < self.uplink.bandwidth_mhz {
            return widest_mhz * self.uplink.share * self.uplink.efficiency.bit_s_hz(least_sinr_db);
        }
        let noise_dbm = self.uplink_noise_dbm_per_mhz + 10.0 * self.uplink.bandwidth_mhz.log10();
        self.uplink.mbps(self.uplink.efficiency.bit_s_hz(power_dbm - noise_dbm))
    }

    /// By how much a throughput up is reached at L = 0, dB; `None` where the cell cannot give it. The loss at which it is just reached.
    pub fn uplink_margin_for_db(&self, up_mbps: f64) -> Option<f64> {
        let Shannon { least_sinr_db, .. } = self.uplink.efficiency;
        let needed_db = self.uplink.efficiency.needed_sinr_db(self.uplink.bit_s_hz(up_mbps))?;
        let at_least = self.uplink.share * self.uplink.efficiency.bit_s_hz(least_sinr_db);
        let width_mhz = if needed_db > least_sinr_db {
            self.uplink.bandwidth_mhz
        } else {
            (up_mbps / at_least).max(self.narrowest_uplink_mhz)
        };
        let needed_dbm = self.uplink_noise_dbm_per_mhz + 10.0 * width_mhz.log10() + needed_db;
        Some(self.uplink_at_zero_loss_dbm - needed_dbm)
    }
}

/// What a service needs of a cell; what is absent is not asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Requirement {
    /// Lowest level, dBm, of the quantity that the technology measures.
    pub threshold_dbm: Option<f64>,
    /// Throughput down, Mbit/s.
    pub down_mbps: Option<f64>,
    /// Throughput up, Mbit/s.
    pub up_mbps: Option<f64>,
}

/// SINR of each of some streams that share the power, dB.
fn split_db(sinr_db: f64, streams: u8) -> f64 {
    sinr_db - 10.0 * f64::from(streams).log10()
}

#[cfg(test)]
mod tests;
