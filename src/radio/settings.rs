//! The `[radio]` section of a study: what decides both directions of a radio link besides the cell itself.
//!
//! Every number has a default with its source; docs/radio.md says in which formula it stands.

use super::Technology;
use crate::propagation::building_entry::{self, Building};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Handsets, receivers and margins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Radio {
    /// Share of a carrier in use, 0 to 0.95: it interferes with other cells by this share and has the rest free. A cell's own `load` outranks
    /// it. 0.5 as in 47 CFR § 1.7004(c)(3).
    pub load: f64,
    /// Noise figure of handsets, dB: 9 in 3GPP TR 36.942.
    pub handset_noise_figure_db: f64,
    /// Noise figure of base stations, dB: 5 in 3GPP TR 36.942.
    pub base_noise_figure_db: f64,
    /// Loss in leaves round the receiver, dB, in both directions. 0: land cover stands in the path loss already.
    pub foliage_loss_db: f64,
    /// Loss into a car, dB: 9 in 3GPP TR 38.901 V16.1 §7.4.3.2, with a standard deviation of 5 dB.
    pub in_car_loss_db: f64,
    /// Kind of buildings in which `service.environment = "indoor"` is looked at.
    pub building: BuildingKind,
    /// Standard deviation of the model's error, dB, to which the variation with location of Rec. ITU-R P.1812-8 §4.8 is added. 6.7 makes
    /// 7.0 dB in all at 900 MHz on pixels of 100 m.
    pub model_error_db: f64,
    /// Share of the time in which time-division carriers send down, 0.1 to 0.9: those of bands 38, 40, 41, 77, 78 and 79; of cells that name no band,
    /// 2300–2400, 2496–2620 and above 3300 MHz.
    pub tdd_downlink_share: f64,
    /// GSM with EDGE.
    pub gsm: Gsm,
    /// UMTS with HSPA.
    pub umts: Umts,
    /// LTE.
    pub lte: Ofdma,
    /// NR.
    pub nr: Ofdma,
}

impl Default for Radio {
    fn default() -> Self {
        Self {
            load: 0.5,
            handset_noise_figure_db: 9.0,
            base_noise_figure_db: 5.0,
            foliage_loss_db: 0.0,
            in_car_loss_db: 9.0,
            building: BuildingKind::default(),
            model_error_db: 6.7,
            tdd_downlink_share: 0.75,
            gsm: Gsm::default(),
            umts: Umts::default(),
            lte: Ofdma::default(),
            nr: Ofdma::default(),
        }
    }
}

/// Kinds of buildings of Rec. ITU-R P.2109.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BuildingKind {
    /// Without particular insulation.
    #[default]
    Traditional,
    /// With metallised glass or foil-backed panels.
    ThermallyEfficient,
}

impl BuildingKind {
    /// The word that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Traditional => "traditional",
            Self::ThermallyEfficient => "thermally-efficient",
        }
    }
}

/// Where the handset is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// In the open.
    #[default]
    Outdoor,
    /// In a car.
    InCar,
    /// In a building.
    Indoor,
}

impl Environment {
    /// The word that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outdoor => "outdoor",
            Self::InCar => "in-car",
            Self::Indoor => "indoor",
        }
    }
}

/// Standard deviation of the loss into a car, dB (3GPP TR 38.901 V16.1 §7.4.3.2).
const IN_CAR_SIGMA_DB: f64 = 5.0;
/// Share of buildings one standard deviation above the median, percent.
const ONE_SIGMA_PERCENT: f64 = 84.134_474_6;

impl Radio {
    /// Median loss on the way in and its standard deviation, dB, at a frequency. Indoors by Rec. ITU-R P.2109-2 at an elevation of 0°,
    /// its deviation from the median to the 84th percentile.
    pub fn entry_loss_db(&self, environment: Environment, frequency_mhz: f64) -> (f64, f64) {
        match environment {
            Environment::Outdoor => (0.0, 0.0),
            Environment::InCar => (self.in_car_loss_db, IN_CAR_SIGMA_DB),
            Environment::Indoor => {
                let building = match self.building {
                    BuildingKind::Traditional => Building::Traditional,
                    BuildingKind::ThermallyEfficient => Building::ThermallyEfficient,
                };
                let loss_db = |percent| building_entry::loss_db(frequency_mhz / 1000.0, building, 0.0, percent);
                (loss_db(50.0), loss_db(ONE_SIGMA_PERCENT) - loss_db(50.0))
            }
        }
    }

    /// Power of a technology's handsets at a frequency, dBm.
    pub fn handset_power_dbm(&self, technology: Technology, frequency_mhz: f64) -> f64 {
        match technology {
            Technology::Gsm if frequency_mhz < 1000.0 => self.gsm.handset_power_below_1ghz_dbm,
            Technology::Gsm => self.gsm.handset_power_above_1ghz_dbm,
            Technology::Umts => self.umts.handset_power_dbm,
            Technology::Lte => self.lte.handset_power_dbm,
            Technology::Nr => self.nr.handset_power_dbm,
        }
    }

    /// How much other users raise the noise at a base station, dB.
    pub fn uplink_noise_rise_db(&self, technology: Technology) -> f64 {
        match technology {
            Technology::Gsm => 0.0,
            Technology::Umts => self.umts.uplink_noise_rise_db,
            Technology::Lte => self.lte.uplink_noise_rise_db,
            Technology::Nr => self.nr.uplink_noise_rise_db,
        }
    }

    /// Power that the least service needs at the base station's receiver when it may send all the time, other users counted, dBm.
    pub fn base_sensitivity_dbm(&self, technology: Technology) -> f64 {
        match technology {
            Technology::Gsm => self.gsm.base_sensitivity_dbm,
            Technology::Umts => self.umts.base_sensitivity_dbm + self.umts.uplink_noise_rise_db,
            Technology::Lte => self.lte.edge_sensitivity_dbm(self.base_noise_figure_db),
            Technology::Nr => self.nr.edge_sensitivity_dbm(self.base_noise_figure_db),
        }
    }

    /// Spectral efficiency of a technology, downlink and uplink.
    pub fn efficiencies(&self, technology: Technology) -> [Shannon; 2] {
        match technology {
            Technology::Gsm => [self.gsm.downlink, self.gsm.uplink],
            Technology::Umts => [self.umts.downlink, self.umts.uplink],
            Technology::Lte => [self.lte.downlink, self.lte.uplink],
            Technology::Nr => [self.nr.downlink, self.nr.uplink],
        }
    }
}

/// GSM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gsm {
    /// Power of handsets below 1 GHz, dBm: 33, class 4 (3GPP TS 45.005 §4.1.1).
    pub handset_power_below_1ghz_dbm: f64,
    /// Power of handsets above 1 GHz, dBm: 30, class 1 (ibid.).
    pub handset_power_above_1ghz_dbm: f64,
    /// Level that a base station needs, dBm. 3GPP TS 45.005 §6.2 asks for -104 of a single receiver; -110 is what receivers with two branches
    /// are planned with.
    pub base_sensitivity_dbm: f64,
    /// Downlink data: the EDGE bound of four of eight time slots, 4 · 59.2 kbit/s on 200 kHz (3GPP TS 43.064, MCS-9).
    pub downlink: Shannon,
    /// Uplink data: one time slot.
    pub uplink: Shannon,
}

impl Default for Gsm {
    fn default() -> Self {
        Self {
            handset_power_below_1ghz_dbm: 33.0,
            handset_power_above_1ghz_dbm: 30.0,
            base_sensitivity_dbm: -110.0,
            downlink: Shannon { alpha: 0.3, least_sinr_db: 5.0, most_bit_s_hz: 1.184 },
            uplink: Shannon { alpha: 0.05, least_sinr_db: 5.0, most_bit_s_hz: 0.296 },
        }
    }
}

/// UMTS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Umts {
    /// Power of handsets, dBm: 24, class 3; class 4 has 21 (3GPP TS 25.101 Table 6.1).
    pub handset_power_dbm: f64,
    /// Power that a base station needs of a voice bearer of 12.2 kbit/s in an empty cell, dBm: -121 (3GPP TS 25.104 Table 7.1).
    pub base_sensitivity_dbm: f64,
    /// How much other users raise the noise at the base station, dB: 3 at half load, −10·log(1 − 0.5).
    pub uplink_noise_rise_db: f64,
    /// Downlink data: at most HSDPA category 10, 14.4 Mbit/s on 3.84 MHz (3GPP TS 25.306 Table 5.1a); α as for LTE, an assumption.
    pub downlink: Shannon,
    /// Uplink data: at most HSUPA category 6, 5.76 Mbit/s (ibid., Table 5.1g).
    pub uplink: Shannon,
}

impl Default for Umts {
    fn default() -> Self {
        Self {
            handset_power_dbm: 24.0,
            base_sensitivity_dbm: -121.0,
            uplink_noise_rise_db: 3.0,
            downlink: Shannon { alpha: 0.6, least_sinr_db: -10.0, most_bit_s_hz: 3.75 },
            uplink: Shannon { alpha: 0.4, least_sinr_db: -10.0, most_bit_s_hz: 1.5 },
        }
    }
}

/// LTE or NR.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ofdma {
    /// Power of handsets, dBm: 23, class 3 (3GPP TS 36.101 Table 6.2.2-1, TS 38.101-1 Table 6.2.1-1); 26 is class 2 on n41, n77 and n78.
    pub handset_power_dbm: f64,
    /// How much users of other cells raise the noise at the base station, dB: 1 (Holma & Toskala, "LTE for UMTS", uplink budget).
    pub uplink_noise_rise_db: f64,
    /// Bandwidth of the least uplink bearer, MHz: two resource blocks of 15 kHz, or one of 30 kHz, for 64 kbit/s all the time (ibid.).
    pub edge_bandwidth_mhz: f64,
    /// SINR that it needs at the base station, dB (ibid.).
    pub edge_sinr_db: f64,
    /// Downlink data: 3GPP TR 36.942 Annex A.
    pub downlink: Shannon,
    /// Uplink data: the same annex.
    pub uplink: Shannon,
}

impl Default for Ofdma {
    fn default() -> Self {
        Self {
            handset_power_dbm: 23.0,
            uplink_noise_rise_db: 1.0,
            edge_bandwidth_mhz: 0.36,
            edge_sinr_db: -7.0,
            downlink: Shannon { alpha: 0.6, least_sinr_db: -10.0, most_bit_s_hz: 4.4 },
            uplink: Shannon { alpha: 0.4, least_sinr_db: -10.0, most_bit_s_hz: 2.0 },
        }
    }
}

impl Ofdma {
    /// kTB + noise figure + noise rise + SINR of the least uplink bearer, dBm.
    fn edge_sensitivity_dbm(&self, noise_figure_db: f64) -> f64 {
        noise_dbm(self.edge_bandwidth_mhz, noise_figure_db) + self.uplink_noise_rise_db + self.edge_sinr_db
    }
}

/// The truncated Shannon bound of 3GPP TR 36.942 Annex A: bit/s/Hz = 0 below `least_sinr_db`, else α·log₂(1 + SINR), at most `most_bit_s_hz`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shannon {
    /// Share of Shannon's bound that is reached, 0.01 to 1.
    pub alpha: f64,
    /// SINR below which nothing is received, dB.
    pub least_sinr_db: f64,
    /// Most that the densest modulation carries, bit/s/Hz and stream.
    pub most_bit_s_hz: f64,
}

impl Shannon {
    /// Spectral efficiency at an SINR, bit/s/Hz.
    pub fn bit_s_hz(&self, sinr_db: f64) -> f64 {
        if sinr_db >= self.least_sinr_db {
            (self.alpha * (1.0 + 10f64.powf(sinr_db / 10.0)).log2()).min(self.most_bit_s_hz)
        } else {
            0.0
        }
    }

    /// SINR that a spectral efficiency needs, dB; `None` where the densest modulation does not carry it.
    pub fn needed_sinr_db(&self, bit_s_hz: f64) -> Option<f64> {
        let needed_db = 10.0 * ((bit_s_hz / self.alpha).exp2() - 1.0).log10();
        (bit_s_hz <= self.most_bit_s_hz).then_some(needed_db.max(self.least_sinr_db))
    }
}

/// Thermal noise at 290 K, dBm in a hertz.
const NOISE_DBM_PER_HZ: f64 = -174.0;

/// Noise in a bandwidth with a receiver's noise figure, dBm: −174 + 10·log B + NF.
pub(super) fn noise_dbm(bandwidth_mhz: f64, noise_figure_db: f64) -> f64 {
    NOISE_DBM_PER_HZ + 10.0 * (bandwidth_mhz * 1e6).log10() + noise_figure_db
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truncated_shannon_bound_by_hand() {
        let lte = Radio::default().lte.downlink;
        // TR 36.942 Annex A: 0.6·log₂(1 + 10) = 2.0757 at 10 dB; 22 dB reach 4.39; nothing below −10 dB.
        assert!((lte.bit_s_hz(10.0) - 2.075_659).abs() < 1e-6);
        assert!((lte.bit_s_hz(22.0) - 4.390_4).abs() < 1e-3);
        assert_eq!((lte.bit_s_hz(30.0), lte.bit_s_hz(-10.1)), (4.4, 0.0));
        assert!((lte.needed_sinr_db(2.075_659).unwrap() - 10.0).abs() < 1e-5);
        assert_eq!((lte.needed_sinr_db(0.01), lte.needed_sinr_db(4.5)), (Some(-10.0), None));
    }

    #[test]
    fn the_way_in_costs_what_the_sources_say() {
        let radio = Radio::default();
        assert_eq!(radio.entry_loss_db(Environment::Outdoor, 900.0), (0.0, 0.0));
        assert_eq!(radio.entry_loss_db(Environment::InCar, 900.0), (9.0, 5.0));
        // P.2109-2, traditional, 1 GHz: the median of building_entry's test; at F⁻¹ = 1 A = 22.24, B = 13.6, C = −3:
        // 10·log(167.494 + 22.909 + 0.501) = 22.808 dB, 8.495 dB more.
        let (median, sigma) = radio.entry_loss_db(Environment::Indoor, 1000.0);
        assert!((median - 14.312_9).abs() < 1e-3 && (sigma - 8.495).abs() < 2e-3, "{median} {sigma}");
    }
}
