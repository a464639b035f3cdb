//! Microwave hops: what rain, multipath, gases and terrain do to a fixed link between two masts.
//!
//! In: a [`Hop`] with the climate along it and a fade margin. Out: how long the fade is deeper than the margin, in the worst
//! month and in the year, and the availability that is left. [`fresnel`] checks the path over its profile. Rain and multipath by Rec.
//! ITU-R P.530-18, rain's specific attenuation by P.838-3, gases by P.676-13.
//!
//! The digital maps of rain rate (P.837), refractivity gradient (P.453) and geoclimatic factor (P.530) are not shipped:
//! their values are inputs without defaults. For orientation, P.837-7 has R₀.₀₁ = 84, 79 and 89 mm/h at Hà Giang, Mường Nhé
//! and Hà Nội; see [`multipath`] for dN₁.

pub mod fresnel;
pub mod gas;
mod gas_lines;
pub mod multipath;
pub mod rain;

use super::validity::{self, Limit, Quantity, Validity};
use super::{Polarization, PropagationError, Trace};
use gas::Air;
use multipath::{FadingClimate, FadingHop, average_year_percent, worst_month_percent};
use rain::RainFading;

/// Name in messages.
const ID: &str = "microwave hop";
const RAIN: &str = "Rec. ITU-R P.530-18 §2.4.1";
const VALIDITY: Validity = &[
    Limit::refuse(Quantity::FrequencyMhz, [1000.0, 100_000.0], RAIN),
    Limit::warn(Quantity::FrequencyMhz, [1000.0, 45_000.0], "Rec. ITU-R P.530-18 §2.3.1"),
    Limit::warn(Quantity::DistanceKm, [0.0, 60.0], RAIN),
];
/// Multipath fading need not be calculated up to this length, km (§2.3).
const NO_MULTIPATH_KM: f64 = 5.0;

/// A fixed link between two masts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hop {
    /// Frequency, length and antenna heights.
    pub path: FadingHop,
    /// Polarisation.
    pub polarization: Polarization,
    /// Latitude of its middle, degrees north.
    pub latitude_deg: f64,
    /// Refractive climate.
    pub climate: FadingClimate,
    /// Rain rate R₀.₀₁ exceeded for 0.01 % of an average year, one-minute integration, mm/h (Rec. ITU-R P.837).
    pub rain_rate_001_mm_per_h: f64,
    /// Air along the path.
    pub air: Air,
}

/// How often a hop fades by more than its margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Availability {
    /// Gaseous attenuation, dB: always there, so it belongs to the unfaded level that the margin counts from.
    pub gas_db: f64,
    /// Multipath, % of the average worst month.
    pub multipath_worst_month_percent: f64,
    /// Multipath, % of the average year.
    pub multipath_year_percent: f64,
    /// Rain, % of the average year; 0.001 and 1 mean "no more than" and "no less than".
    pub rain_year_percent: f64,
    /// 100 % less both parts of the year, which do not come together: multipath needs still air.
    pub availability_year_percent: f64,
    /// Ranges left.
    pub warnings: Vec<String>,
}

impl Hop {
    /// Availability of the hop with a flat fade margin of `margin_db` below the unfaded level; every quantity goes to `trace`.
    ///
    /// # Errors
    /// Values that no hop has (not finite, not positive, a latitude beyond the poles) and frequencies outside 1–100 GHz.
    pub fn availability(&self, margin_db: f64, trace: &mut Trace) -> Result<Availability, PropagationError> {
        let mut warnings = self.check(margin_db)?;
        let FadingHop { f_ghz, d_km, .. } = self.path;
        let gas_db = gas::path_attenuation_db(f_ghz, d_km, self.air);
        trace.record("A_gas", "P.676-13 §2.1", gas_db, "dB");
        trace.record("epsilon_p", "§2.3.1", self.path.inclination_mrad(), "mrad");
        let p_0_percent = self.path.occurrence_percent(self.climate);
        trace.record("p_0", "§2.3.2", p_0_percent, "%");
        let delta_g_db = self.path.year_conversion_db(self.latitude_deg);
        trace.record("delta_G", "§2.3.4", delta_g_db, "dB");
        let (month_percent, multipath_year_percent) = if d_km <= NO_MULTIPATH_KM {
            (0.0, 0.0)
        } else {
            if f_ghz < 15.0 / d_km {
                warnings.push(format!("{f_ghz} GHz is below 15/d = {:.2} GHz (§2.3.1)", 15.0 / d_km));
            }
            (worst_month_percent(p_0_percent, margin_db), average_year_percent(p_0_percent, delta_g_db, margin_db))
        };
        trace.record("p_w", "§2.3.2", month_percent, "%");
        trace.record("p_multipath", "§2.3.4", multipath_year_percent, "%");
        let rain = RainFading::new(f_ghz, self.polarization, d_km, self.rain_rate_001_mm_per_h);
        trace.record("gamma_R", "P.838-3 (1)", rain.gamma_r_db_per_km, "dB/km");
        trace.record("d_eff", "§2.4.1", rain.d_eff_km, "km");
        trace.record("A_0.01", "§2.4.1", rain.a_001_db, "dB");
        let rain_year_percent = rain.percent_exceeding(margin_db);
        trace.record("p_rain", "§2.4.1", rain_year_percent, "%");
        if rain_year_percent == *rain::PERCENT.start() || rain_year_percent == *rain::PERCENT.end() {
            let bound = if rain_year_percent < 0.01 { "no more" } else { "no less" };
            warnings
                .push(format!("rain exceeds the margin for {bound} than {rain_year_percent} % of the year ({RAIN})"));
        }
        let availability_year_percent = 100.0 - rain_year_percent - multipath_year_percent;
        trace.record("availability", "", availability_year_percent, "%");
        Ok(Availability {
            gas_db,
            multipath_worst_month_percent: month_percent,
            multipath_year_percent,
            rain_year_percent,
            availability_year_percent,
            warnings,
        })
    }

    fn check(&self, margin_db: f64) -> Result<Vec<String>, PropagationError> {
        let (path, mut faults) = (&self.path, Vec::new());
        let mut require = |field, value: f64, holds: bool, allowed: &str| {
            if !(value.is_finite() && holds) {
                faults.push(PropagationError::OutOfRange { field, value, allowed: allowed.into(), model: ID });
            }
        };
        require("frequency_ghz", path.f_ghz, path.f_ghz > 0.0, "positive frequencies");
        require("distance_km", path.d_km, path.d_km > 0.0, "positive distances");
        for height_amsl_m in path.antennas_amsl_m {
            require("antenna_amsl_m", height_amsl_m, height_amsl_m.abs() < 20_000.0, "−20000–20000 m");
        }
        require("latitude_deg", self.latitude_deg, self.latitude_deg.abs() <= 90.0, "−90–90 degrees");
        let rate = self.rain_rate_001_mm_per_h;
        require("rain_rate_001_mm_per_h", rate, rate > 0.0 && rate <= 300.0, "0–300 mm/h, above 0");
        require("margin_db", margin_db, margin_db >= 0.0, "margins from 0 dB");
        match self.climate {
            FadingClimate::P530v17 { dn1, terrain_roughness_m } => {
                require("dn1", dn1, (-2000.0..=0.0).contains(&dn1), "−2000–0 N-units/km");
                require("terrain_roughness_m", terrain_roughness_m, terrain_roughness_m >= 1.0, "1 m and more");
            }
            FadingClimate::P530v18 { log_k, dn75, mean_terrain_amsl_m } => {
                require("log_k", log_k, (-10.0..=0.0).contains(&log_k), "−10–0");
                require("dn75", dn75, (0.0..=500.0).contains(&dn75), "0–500 N-units");
                require("mean_terrain_amsl_m", mean_terrain_amsl_m, mean_terrain_amsl_m.abs() < 20_000.0, "±20000 m");
            }
        }
        let Air { dry_pressure_hpa, vapour_g_per_m3, temperature_k } = self.air;
        require("dry_pressure_hpa", dry_pressure_hpa, dry_pressure_hpa > 0.0, "positive pressures");
        require("vapour_g_per_m3", vapour_g_per_m3, vapour_g_per_m3 >= 0.0, "densities from 0");
        require("temperature_k", temperature_k, temperature_k > 0.0, "positive temperatures");
        if let Some(error) = PropagationError::gather(faults) {
            return Err(error);
        }
        validity::check(ID, VALIDITY, |quantity| match quantity {
            Quantity::FrequencyMhz => Some(1000.0 * path.f_ghz),
            Quantity::DistanceKm => Some(path.d_km),
            Quantity::TxHeightAglM | Quantity::RxHeightAglM => None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HOP: Hop = Hop {
        path: FadingHop { f_ghz: 7.5, d_km: 30.0, antennas_amsl_m: [800.0, 1100.0] },
        polarization: Polarization::Vertical,
        latitude_deg: 22.8,
        climate: FadingClimate::P530v17 { dn1: -191.0, terrain_roughness_m: 451.0 },
        rain_rate_001_mm_per_h: 84.0,
        air: Air::STANDARD,
    };

    fn at(margin_db: f64) -> Availability {
        HOP.availability(margin_db, &mut Trace::off()).unwrap()
    }

    #[test]
    fn more_margin_is_more_availability_and_the_parts_add_up() {
        let (low, high) = (at(10.0), at(25.0));
        assert!(low.availability_year_percent < high.availability_year_percent, "{low:?} {high:?}");
        assert_eq!(high.availability_year_percent, 100.0 - high.rain_year_percent - high.multipath_year_percent);
        assert!(high.multipath_year_percent < high.multipath_worst_month_percent);
    }

    #[test]
    fn a_short_hop_has_no_multipath_and_the_trace_has_every_step() {
        let hop = Hop { path: FadingHop { d_km: 4.0, ..HOP.path }, ..HOP };
        let mut trace = Trace::on();
        let result = hop.availability(20.0, &mut trace).unwrap();
        assert_eq!((result.multipath_worst_month_percent, result.multipath_year_percent), (0.0, 0.0));
        let symbols: Vec<_> = trace.into_steps().into_iter().map(|s| s.symbol).collect();
        for symbol in ["A_gas", "p_0", "delta_G", "p_w", "gamma_R", "A_0.01", "p_rain", "availability"] {
            assert!(symbols.iter().any(|s| s == symbol), "{symbol} {symbols:?}");
        }
    }

    #[test]
    fn what_no_hop_has_is_an_error_that_names_the_field() {
        let message = |hop: Hop| hop.availability(20.0, &mut Trace::off()).unwrap_err().to_string();
        let path = |change: fn(&mut FadingHop)| {
            let mut hop = HOP;
            change(&mut hop.path);
            message(hop)
        };
        assert!(path(|p| p.f_ghz = 0.0).starts_with("frequency_ghz = 0 is outside"));
        assert!(path(|p| p.d_km = f64::NAN).starts_with("distance_km = NaN is outside"));
        assert!(path(|p| p.f_ghz = 120.0).starts_with("frequency_mhz = 120000 is outside 1000–100000 MHz"));
        assert!(message(Hop { rain_rate_001_mm_per_h: 0.0, ..HOP }).starts_with("rain_rate_001_mm_per_h = 0"));
        let long = Hop { path: FadingHop { d_km: 70.0, ..HOP.path }, ..HOP };
        let warnings = long.availability(20.0, &mut Trace::off()).unwrap().warnings;
        assert!(warnings[0].starts_with("distance_km = 70 is outside 0–60 km"), "{warnings:?}");
    }
}
