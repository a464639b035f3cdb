//! Whether a microwave hop can be built between two masts, and with which equipment.
//!
//! In: two masts, the terrain, what the study asks of a hop. Out: a [`MicrowaveHop`] with the first band of the list that is clear,
//! carries a site and is available enough; or why there is none.

use super::Mast;
use super::sight::{ClearPath, Sight, look};
use crate::geodesy::LonLat;
use crate::propagation::earth::{free_space_loss_db, wavelength_m};
use crate::propagation::microwave::Hop;
use crate::propagation::microwave::gas::{Air, dry_air_db_per_km, water_vapour_db_per_km};
use crate::propagation::microwave::multipath::{FadingClimate, FadingHop};
use crate::propagation::{Polarization, Trace};
use crate::study::{BackhaulSettings, Microwave, MicrowaveBand};
use crate::terrain::Terrain;
use serde::{Deserialize, Serialize};

/// Vertical: rain takes less of it.
const POLARIZATION: Polarization = Polarization::Vertical;

/// A microwave hop that can be built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MicrowaveHop {
    /// Length along the ground, m.
    pub length_m: f64,
    /// Frequency, GHz.
    pub frequency_ghz: f64,
    /// Diameter of the dishes, m.
    pub dish_m: f64,
    /// What it carries in each direction, Mbit/s.
    pub capacity_mbps: f64,
    /// The tightest point under the first rule; `None` where no terrain point lies between the masts.
    pub tightest: Option<Tightest>,
    /// Fade margin in the clear, dB.
    pub margin_db: f64,
    /// Availability over an average year, % (Rec. ITU-R P.530-18).
    pub availability_percent: f64,
}

/// Where a hop comes closest to the ground or what stands on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tightest {
    /// Distance from the hop's start, m.
    pub distance_m: f64,
    /// Clearance, in radii of the first Fresnel zone.
    pub clearance_f1: f64,
}

/// What became of the pairs of masts that were looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopTally {
    /// A hop can be built.
    pub possible: usize,
    /// Terrain or clutter stands in the way.
    pub blocked: usize,
    /// Nothing known stands in the way, but terrain is missing on it.
    pub terrain_missing: usize,
    /// The path is clear, but no band that is clear and carries a site is available enough.
    pub unavailable: usize,
}

impl HopTally {
    /// Pairs that were looked at.
    pub fn looked_at(&self) -> usize {
        self.possible + self.blocked + self.terrain_missing + self.unavailable
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            possible: self.possible + other.possible,
            blocked: self.blocked + other.blocked,
            terrain_missing: self.terrain_missing + other.terrain_missing,
            unavailable: self.unavailable + other.unavailable,
        }
    }
}

/// What hops are planned with.
pub(super) struct Planner<'a> {
    terrain: &'a Terrain,
    microwave: &'a Microwave,
    /// Bands that carry a site.
    bands: Vec<Band>,
    highest_ghz: f64,
}

struct Band {
    equipment: MicrowaveBand,
    dish_gain_dbi: f64,
    gas_db_per_km: f64,
}

impl<'a> Planner<'a> {
    pub(super) fn new(terrain: &'a Terrain, settings: &'a BackhaulSettings) -> Self {
        let carries = |band: &&MicrowaveBand| band.capacity_mbps >= settings.site_mbps;
        let bands: Vec<Band> = settings.microwave.bands.iter().filter(carries).map(|&band| Band::new(band)).collect();
        let highest_ghz = bands.iter().map(|band| band.equipment.frequency_ghz).fold(0.0, f64::max);
        Self { terrain, microwave: &settings.microwave, bands, highest_ghz }
    }

    /// Longest hop, m; 0 where no band carries a site.
    pub(super) fn reach_m(&self) -> f64 {
        if self.bands.is_empty() { 0.0 } else { 1000.0 * self.microwave.max_hop_km }
    }

    /// The hop from one mast to another that stands elsewhere, counted in `tally`. It is the same in both directions.
    pub(super) fn hop(&self, from: Mast, to: Mast, tally: &mut HopTally) -> Option<MicrowaveHop> {
        // Looked at from the western end (of these the southern, then the lower), so that both directions take the same points.
        let key = |mast: Mast| (mast.position.lon_deg, mast.position.lat_deg, mast.height_agl_m);
        let is_turned = key(to) < key(from);
        let (west, east) = if is_turned { (to, from) } else { (from, to) };
        let count = match look(self.terrain, west, east, &self.microwave.clearance, self.highest_ghz) {
            Sight::Blocked => &mut tally.blocked,
            Sight::Unknown => &mut tally.terrain_missing,
            Sight::Clear(path) => match self.bands.iter().find_map(|band| self.over(&path, west, east, band)) {
                None => &mut tally.unavailable,
                Some(mut hop) => {
                    tally.possible += 1;
                    if let Some(tightest) = hop.tightest.as_mut().filter(|_| is_turned) {
                        tightest.distance_m = hop.length_m - tightest.distance_m;
                    }
                    return Some(hop);
                }
            },
        };
        *count += 1;
        None
    }

    /// The hop with one band's equipment, where that is available enough. What is clear at the highest frequency need not be at this one.
    fn over(&self, path: &ClearPath, west: Mast, east: Mast, band: &Band) -> Option<MicrowaveHop> {
        let MicrowaveBand { frequency_ghz, dish_m, capacity_mbps, .. } = band.equipment;
        if path.edges_at(frequency_ghz).any(|(rule, edge)| edge.clearance() < rule.free_share) {
            return None;
        }
        let margin_db = band.margin_db(path);
        let hop = Hop {
            path: FadingHop { f_ghz: frequency_ghz, d_km: path.length_km, antennas_amsl_m: path.antennas_amsl_m },
            polarization: POLARIZATION,
            latitude_deg: middle(west.position, east.position).lat_deg,
            climate: FadingClimate::P530v17 {
                dn1: self.microwave.dn1,
                terrain_roughness_m: self.microwave.terrain_roughness_m,
            },
            rain_rate_001_mm_per_h: self.microwave.rain_rate_mm_per_h,
            air: Air::LOW_LATITUDE,
        };
        // A margin below 0 is among the values that are refused.
        let availability = hop.availability(margin_db, &mut Trace::off()).ok()?;
        let availability_percent = availability.availability_year_percent;
        let tightest = path
            .edges_at(frequency_ghz)
            .next()
            .map(|(_, edge)| Tightest { distance_m: 1000.0 * edge.distance_km, clearance_f1: edge.clearance() });
        (availability_percent >= self.microwave.availability_percent).then_some(MicrowaveHop {
            length_m: 1000.0 * path.length_km,
            frequency_ghz,
            dish_m,
            capacity_mbps,
            tightest,
            margin_db,
            availability_percent,
        })
    }
}

impl Band {
    fn new(equipment: MicrowaveBand) -> Self {
        let (f_ghz, air) = (equipment.frequency_ghz, Air::LOW_LATITUDE);
        Self {
            equipment,
            // G_max = 20·log(D/λ) + 7.7                                    (Rec. ITU-R F.699-8 recommends 4)
            dish_gain_dbi: 20.0 * (equipment.dish_m / wavelength_m(f_ghz)).log10() + 7.7,
            gas_db_per_km: dry_air_db_per_km(f_ghz, air) + water_vapour_db_per_km(f_ghz, air),
        }
    }

    /// How far the level in the clear lies above the threshold, dB.
    fn margin_db(&self, path: &ClearPath) -> f64 {
        let MicrowaveBand { frequency_ghz, power_dbm, threshold_dbm, .. } = self.equipment;
        let [h_1, h_2] = path.antennas_amsl_m;
        let loss_db = free_space_loss_db(frequency_ghz, path.length_km, h_1, h_2) + self.gas_db_per_km * path.length_km;
        power_dbm + 2.0 * self.dish_gain_dbi - loss_db - threshold_dbm
    }
}

fn middle(a: LonLat, b: LonLat) -> LonLat {
    LonLat::new((a.lon_deg + b.lon_deg) / 2.0, (a.lat_deg + b.lat_deg) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::backhaul::fixture::{flat, rough};
    use proptest::prelude::*;

    fn mast(x: f64, y: f64, height_agl_m: f64) -> Mast {
        Mast { position: LonLat::new(106.0 + x, 22.6 - y), height_agl_m }
    }

    fn east(from: Mast, d_m: f64) -> Mast {
        Mast { position: from.position.destination(90.0, d_m), ..from }
    }

    fn planned(
        terrain: &Terrain,
        settings: &BackhaulSettings,
        from: Mast,
        to: Mast,
    ) -> (Option<MicrowaveHop>, HopTally) {
        let mut tally = HopTally::default();
        (Planner::new(terrain, settings).hop(from, to, &mut tally), tally)
    }

    #[test]
    fn the_margin_by_hand() {
        // 10 km at 7.5 GHz: 92.4 + 20·log 7.5 + 20 = 129.901 dB of free space; dishes of 1.8 m have 20·log(1.8·7.5/0.2998) + 7.7 = 40.770 dBi.
        let band = BackhaulSettings::default().microwave.bands[2];
        assert_eq!((band.frequency_ghz, band.dish_m), (7.5, 1.8));
        let band = Band::new(band);
        assert!((band.dish_gain_dbi - 40.770).abs() < 1e-3, "{}", band.dish_gain_dbi);
        let path = ClearPath { antennas_amsl_m: [100.0, 100.0], length_km: 10.0, tightest: Vec::new() };
        let gas_db = 10.0 * band.gas_db_per_km;
        assert!((0.1..0.3).contains(&gas_db), "P.676: about 0.02 dB/km of humid air at 7.5 GHz, {gas_db}");
        // 26 + 2·40.770 − 129.901 − gas + 63.5
        assert!((band.margin_db(&path) - (41.139 - gas_db)).abs() < 2e-3, "{}", band.margin_db(&path));
    }

    #[test]
    fn longer_hops_and_heavier_rain_take_lower_bands_and_then_none() {
        let terrain = flat(100.0);
        let mut settings = BackhaulSettings::default();
        settings.microwave.max_hop_km = 60.0;
        let from = mast(0.0, 0.05, 200.0);
        let band = |settings: &BackhaulSettings, d_m| {
            planned(&terrain, settings, from, east(from, d_m)).0.map(|hop| hop.frequency_ghz)
        };
        let bands: Vec<f64> = (1..=20).filter_map(|km| band(&settings, 1000.0 * f64::from(km))).collect();
        assert_eq!(bands.len(), 20);
        assert!(bands.is_sorted_by(|a, b| a >= b) && bands[0] == 23.0 && bands[19] < 23.0, "{bands:?}");
        settings.microwave.rain_rate_mm_per_h = 250.0;
        settings.microwave.bands.truncate(1);
        let (hop, tally) = planned(&terrain, &settings, from, east(from, 20_000.0));
        assert_eq!((hop, tally), (None, HopTally { unavailable: 1, ..HopTally::default() }));
    }

    #[test]
    fn availability_falls_with_length_and_rain() {
        let terrain = flat(100.0);
        let mut settings = BackhaulSettings::default();
        settings.microwave.bands.truncate(1);
        settings.microwave.availability_percent = 90.0;
        let from = mast(0.0, 0.05, 200.0);
        let mut at = |rain: f64, km: f64| {
            settings.microwave.rain_rate_mm_per_h = rain;
            planned(&terrain, &settings, from, east(from, 1000.0 * km)).0.map(|hop| hop.availability_percent)
        };
        let by_length: Vec<f64> = (3..=12).filter_map(|km| at(84.0, f64::from(km))).collect();
        assert!(by_length.len() == 10 && by_length.is_sorted_by(|a, b| a > b), "{by_length:?}");
        let by_rain: Vec<f64> = (4..=12).filter_map(|tens| at(10.0 * f64::from(tens), 8.0)).collect();
        assert!(by_rain.len() == 9 && by_rain.is_sorted_by(|a, b| a > b), "{by_rain:?}");
    }

    #[test]
    fn a_site_that_needs_more_than_any_band_carries_reaches_nothing() {
        let reach_m = |site_mbps| {
            Planner::new(&flat(0.0), &BackhaulSettings { site_mbps, ..BackhaulSettings::default() }).reach_m()
        };
        assert_eq!((reach_m(350.0), reach_m(351.0)), (30_000.0, 0.0));
    }

    proptest! {
        #[test]
        fn a_hop_is_the_same_in_both_directions(
            seed in any::<u64>(), relief_m in 5.0..200.0_f64,
            ends in ((0.0..0.2_f64, 0.0..0.1_f64), (0.0..0.2_f64, 0.0..0.1_f64)), heights in (10.0..120.0_f64, 10.0..120.0_f64),
        ) {
            let (terrain, settings) = (rough(seed, relief_m, 0.001), BackhaulSettings::default());
            let (from, to) = (mast(ends.0.0, ends.0.1, heights.0), mast(ends.1.0, ends.1.1, heights.1));
            let (there, tally) = planned(&terrain, &settings, from, to);
            let (mut back, back_tally) = planned(&terrain, &settings, to, from);
            prop_assert_eq!(tally, back_tally);
            if let Some(hop) = &mut back
                && let (Some(a), Some(b)) = (there.as_ref().and_then(|hop| hop.tightest), &mut hop.tightest)
            {
                prop_assert!((a.distance_m + b.distance_m - hop.length_m).abs() < 1e-6);
                b.distance_m = a.distance_m;
            }
            prop_assert_eq!(there, back);
        }
    }
}
