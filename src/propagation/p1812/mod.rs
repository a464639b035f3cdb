//! Rec. ITU-R P.1812-8: terrestrial paths from 30 MHz to 6 GHz, over land and sea, for any time and any share of places.
//!
//! In: a link and a profile with clutter and zones. Out: the basic transmission loss not exceeded for p % of the time and
//! p_L % of the places at the receiver. It joins line of sight, diffraction, troposcatter, and ducting with layer
//! reflection. Valid from 0.25 to 3,000 km; a shorter path is given its free-space loss with a warning.

mod climate;
mod coast;
mod enhancement;
mod horizon;
mod variability;

pub use climate::Climate;
pub use coast::{Coasts, to_sea_km};
pub use enhancement::{Ducting, troposcatter_loss_db};
pub(super) use horizon::mrad;
pub use horizon::{DuctingHeights, Horizons, ducting_heights, horizons};
pub use variability::{inverse_normal, location_sigma_db};

use super::diffraction::{Ends, SmoothMethod, delta_bullington};
use super::earth::{BETA0_EFFECTIVE_RADIUS_KM, free_space_loss_db, median_effective_radius_km, wavelength_m};
use super::smooth_earth;
use super::spherical_earth::Wave;
use super::{
    Limit, Link, ModelEntry, Outside, Parameter, ParameterKind, Parameters, Prediction, Profile, PropagationError,
    PropagationModel, Quantity, Radial, RadialReceiver, Trace, Validity, Zone, building_entry, radial,
};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: "p1812",
    summary: "point-to-area prediction over terrain for any time and place: diffraction, ducting and troposcatter together",
    reference: "Rec. ITU-R P.1812-8",
    needs_profile: true,
    needs_latitude: true,
    uses_clutter: true,
    uses_zones: true,
    validity: VALIDITY,
    parameters: PARAMETERS,
    build: |parameters| Ok(Box::new(P1812Model::from_parameters(parameters)?)),
};

const SECTION_1: &str = "Rec. ITU-R P.1812-8 §1";
/// Below this distance the method does not hold, km (§1).
pub(super) const SHORTEST_KM: f64 = 0.25;
const VALIDITY: Validity = &[
    Limit { quantity: Quantity::FrequencyMhz, min: 30.0, max: 6000.0, outside: Outside::Error, source: SECTION_1 },
    Limit {
        quantity: Quantity::DistanceKm,
        min: SHORTEST_KM,
        max: f64::INFINITY,
        outside: Outside::Warning,
        source: "Rec. ITU-R P.1812-8 §1; free space is taken below",
    },
    Limit { quantity: Quantity::DistanceKm, min: 0.0, max: 3000.0, outside: Outside::Error, source: SECTION_1 },
    Limit { quantity: Quantity::TxHeightAglM, min: 0.0, max: 3000.0, outside: Outside::Warning, source: SECTION_1 },
    Limit { quantity: Quantity::RxHeightAglM, min: 0.0, max: 3000.0, outside: Outside::Warning, source: SECTION_1 },
];

const fn number(
    name: &'static str,
    unit: &'static str,
    summary: &'static str,
    default: f64,
    min: f64,
    max: f64,
) -> Parameter {
    Parameter { name, unit, summary, kind: ParameterKind::Number { default: Some(default), min, max } }
}

const fn coast_distance(name: &'static str, summary: &'static str) -> Parameter {
    Parameter { name, unit: "km", summary, kind: ParameterKind::Number { default: None, min: 0.0, max: 20_000.0 } }
}

const PARAMETERS: &[Parameter] = &[
    number("time_percent", "%", "time p for which the loss is not exceeded", 50.0, 1.0, 50.0),
    number("location_percent", "%", "places p_L at the receiver for which the loss is not exceeded", 50.0, 1.0, 99.0),
    number("sigma_location_db", "dB", "standard deviation of location variability σ_L at the receiver", 0.0, 0.0, 30.0),
    number("delta_n", "N-units/km", "mean lapse rate of refractivity in the lowest kilometre ΔN", 45.0, 0.0, 150.0),
    number("n0", "N-units", "sea-level surface refractivity N₀", 325.0, 200.0, 500.0),
    coast_distance(
        "coast_distance_tx_km",
        "distance of the transmitter over land from the coast along the path; 0 at sea",
    ),
    coast_distance(
        "coast_distance_rx_km",
        "distance of the receiver over land from the coast along the path; 0 at sea",
    ),
    Parameter::choice(
        "coast_distances",
        "those that are not given: 500 km, or to the first and last sea on the path (which rasters of zones ask for); 0 at sea",
        &["far", "path"],
    ),
    Parameter {
        name: "smooth_bullington",
        unit: "",
        summary: "Bullington loss of the smooth path: on the profile's points, or in closed form (Attachment 4)",
        kind: ParameterKind::Choice { default: Some("profile"), choices: &["profile", "attachment-4"] },
    },
    Parameter {
        name: "building",
        unit: "",
        summary: "building that the receiver is in (Rec. ITU-R P.2109-2)",
        kind: ParameterKind::Choice { default: Some("none"), choices: &["none", "traditional", "thermally-efficient"] },
    },
    number("building_percent", "%", "buildings whose entry loss is not exceeded", 50.0, 0.1, 99.9),
];

/// η of Eq. (60).
const ETA: f64 = 2.5;

/// Rec. ITU-R P.1812-8 with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct P1812Model {
    /// Time p for which the loss is not exceeded, 1 to 50 %.
    pub time_percent: f64,
    /// Places p_L for which the loss is not exceeded, 1 to 99 %.
    pub location_percent: f64,
    /// Standard deviation of location variability σ_L, dB.
    pub sigma_location_db: f64,
    /// Mean lapse rate of refractivity ΔN, N-units/km.
    pub delta_n: f64,
    /// Sea-level surface refractivity N₀, N-units.
    pub n0: f64,
    /// Distances of transmitter and receiver from the coast along the path d_ct and d_cr.
    pub coasts: Coasts,
    /// How the smooth path's Bullington loss is found.
    pub smooth: SmoothMethod,
    /// Building around the receiver and the share of such buildings whose loss is not exceeded, %.
    pub building: Option<(building_entry::Building, f64)>,
}

impl P1812Model {
    fn from_parameters(parameters: &Parameters) -> Result<Self, PropagationError> {
        let building = building_entry::Building::from_id(parameters.choice("building")?);
        let building_percent = parameters.number("building_percent")?;
        Ok(Self {
            time_percent: parameters.number("time_percent")?,
            location_percent: parameters.number("location_percent")?,
            sigma_location_db: parameters.number("sigma_location_db")?,
            delta_n: parameters.number("delta_n")?,
            n0: parameters.number("n0")?,
            coasts: Coasts {
                given_km: ["coast_distance_tx_km", "coast_distance_rx_km"].map(|name| parameters.optional_number(name)),
                along_path: parameters.choice("coast_distances")? == "path",
            },
            smooth: match parameters.choice("smooth_bullington")? {
                "attachment-4" => SmoothMethod::ClosedForm,
                _ => SmoothMethod::Profile,
            },
            building: building.map(|b| (b, building_percent)),
        })
    }

    /// L_loc outdoors on land, dB (§4.8, Eq. (67a)).
    pub(super) fn location_loss_db(&self) -> f64 {
        // L_loc = −I(p_L/100)·σ_L
        -inverse_normal(self.location_percent / 100.0) * self.sigma_location_db
    }

    /// The outdoor loss L_b at the receiver for p % of time and p_L % of places (§4.1 to §4.9).
    fn outdoor_loss_db(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> f64 {
        let (d_km, h_amsl_m) = (profile.distance_km(), profile.terrain_amsl_m());
        let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
        let (h_ts_amsl_m, h_rs_amsl_m) = (h_0 + link.tx_height_agl_m, h_n + link.rx_height_agl_m);
        let d = profile.path_length_km();
        let f_ghz = link.frequency_mhz / 1000.0;
        let omega = profile.sea_fraction();
        let wave = Wave { f_ghz, polarization: link.polarization, omega };
        trace.record("d", "", d, "km");
        trace.record("h_ts", "", h_ts_amsl_m, "m");
        trace.record("h_rs", "", h_rs_amsl_m, "m");
        trace.record("omega", "", omega, "");
        let l_bfs_db = free_space_loss_db(f_ghz, d, h_ts_amsl_m, h_rs_amsl_m);
        if d < SHORTEST_KM {
            trace.record("L_bfs", "(8)", l_bfs_db, "dB");
            return l_bfs_db;
        }

        let a_e_km = median_effective_radius_km(self.delta_n);
        trace.record("a_e", "(7a)", a_e_km, "km");
        let climate = Climate::of(profile, link.path_center_latitude_deg);
        trace.record("d_tm", "§3.3", climate.d_tm_km, "km");
        trace.record("d_lm", "§3.3", climate.d_lm_km, "km");
        trace.record("beta_0", "(5)", climate.beta0_percent, "%");
        let d_c_km = self.coasts.distances_km(to_sea_km(profile));
        trace.record("d_ct", "§4.5", d_c_km[0], "km");
        trace.record("d_cr", "§4.5", d_c_km[1], "km");
        let horizons = horizons(d_km, h_amsl_m, h_ts_amsl_m, h_rs_amsl_m, a_e_km, wavelength_m(f_ghz));
        trace.record("theta_t", "(79)", horizons.theta_t_mrad, "mrad");
        trace.record("theta_r", if horizons.line_of_sight { "(82a)" } else { "(82)" }, horizons.theta_r_mrad, "mrad");
        trace.record("theta", "(84)", horizons.theta_mrad, "mrad");
        trace.record("d_lt", "(80)", horizons.d_lt_km, "km");
        trace.record("d_lr", if horizons.line_of_sight { "(83a)" } else { "(83)" }, horizons.d_lr_km, "km");
        let fit = smooth_earth::fit(d_km, h_amsl_m);
        trace.record("h_st", "(87)", fit.h_st_amsl_m, "m");
        trace.record("h_sr", "(88)", fit.h_sr_amsl_m, "m");
        let obstruction = smooth_earth::obstruction(d_km, h_amsl_m, h_ts_amsl_m, h_rs_amsl_m);
        trace.record("h_obs", "(89a)", obstruction.h_obs_m, "m");
        let smooth = smooth_earth::diffraction_heights(fit, obstruction, h_0, h_n);
        trace.record("h_std", "(91)", smooth.h_std_amsl_m, "m");
        trace.record("h_srd", "(91)", smooth.h_srd_amsl_m, "m");
        let heights = ducting_heights(d_km, h_amsl_m, fit, &horizons, link.tx_height_agl_m, link.rx_height_agl_m);
        trace.record("h_te", "(94a)", heights.h_te_m, "m");
        trace.record("h_re", "(94b)", heights.h_re_m, "m");
        trace.record("h_m", "(95)", heights.h_m_m, "m");

        trace.record("L_bfs", "(8)", l_bfs_db, "dB");
        let ends = Ends { h_ts_amsl_m, h_rs_amsl_m, smooth };
        let l_d50_db = delta_bullington(profile, ends, a_e_km, wave, self.smooth, trace).l_d_db;
        // At 50 % of the time the loss at β₀ has no part in the result (§4.3.5).
        let l_dbeta_db = if self.time_percent < 50.0 {
            delta_bullington(profile, ends, BETA0_EFFECTIVE_RADIUS_KM, wave, self.smooth, trace).l_d_db
        } else {
            l_d50_db
        };
        trace.record("L_d50", "(39)", l_d50_db, "dB");
        trace.record("L_dbeta", "(39)", l_dbeta_db, "dB");
        let ducting = Ducting {
            f_ghz,
            d_km: d,
            p_percent: self.time_percent,
            omega,
            a_e_km,
            h_s_amsl_m: [h_ts_amsl_m, h_rs_amsl_m],
            d_c_km,
        };
        let l_ba_db = ducting.loss_db(&horizons, &heights, &climate);
        let l_bs_db = troposcatter_loss_db(f_ghz, d, horizons.theta_mrad, self.n0, self.time_percent);
        let losses = Losses { l_bfs_db, l_d50_db, l_dbeta_db, l_ba_db, l_bs_db };
        let (l_b0p_db, l_bc_db) = losses.combine(d, omega, &horizons, climate.beta0_percent, self.time_percent, trace);
        let over_sea = profile.zone().last() == Some(&Zone::Sea);
        let l_loc_db = if over_sea { 0.0 } else { self.location_loss_db() };
        trace.record("L_loc", "(67a)", l_loc_db, "dB");
        // L_b = max(L_b0p, L_bc + L_loc)                                                            (69)
        let l_b_db = l_b0p_db.max(l_bc_db + l_loc_db);
        trace.record("L_b", "(69)", l_b_db, "dB");
        l_b_db
    }
}

/// Losses of the single mechanisms, dB.
#[derive(Debug, Clone, Copy)]
pub(super) struct Losses {
    pub(super) l_bfs_db: f64,
    pub(super) l_d50_db: f64,
    pub(super) l_dbeta_db: f64,
    pub(super) l_ba_db: f64,
    pub(super) l_bs_db: f64,
}

impl Losses {
    /// L_b0p (Eq. (10)) and the loss of all mechanisms together L_bc (Eq. (63)), dB: §4.2, §4.3.5 and §4.6.
    pub(super) fn combine(
        &self,
        d_km: f64,
        omega: f64,
        horizons: &Horizons,
        beta0_percent: f64,
        p_percent: f64,
        trace: &mut Trace,
    ) -> (f64, f64) {
        // E_sp = 2.6·{1 − exp[−0.1(d_lt + d_lr)]}·log(p/50), E_sβ likewise with β₀                 (9a, 9b)
        let multipath_db = 2.6 * (1.0 - (-0.1 * (horizons.d_lt_km + horizons.d_lr_km)).exp());
        // L_b0p = L_bfs + E_sp, L_b0β = L_bfs + E_sβ                                              (10, 11)
        let l_b0p_db = self.l_bfs_db + multipath_db * (p_percent / 50.0).log10();
        let l_b0beta_db = self.l_bfs_db + multipath_db * (beta0_percent / 50.0).log10();
        trace.record("L_b0p", "(10)", l_b0p_db, "dB");
        trace.record("L_b0beta", "(11)", l_b0beta_db, "dB");
        // F_i = I(p/100) / I(β₀/100) for p above β₀, else 1                                         (40)
        let f_i = if p_percent > beta0_percent {
            inverse_normal(p_percent / 100.0) / inverse_normal(beta0_percent / 100.0)
        } else {
            1.0
        };
        trace.record("F_i", "(40)", f_i, "");
        // L_dp = L_d50 + F_i·(L_dβ − L_d50)                                                        (41)
        let l_dp_db = self.l_d50_db + f_i * (self.l_dbeta_db - self.l_d50_db);
        trace.record("L_dp", "(41)", l_dp_db, "dB");
        // L_bd50 = L_bfs + L_d50, L_bd = L_b0p + L_dp                                             (42, 43)
        let (l_bd50_db, l_bd_db) = (self.l_bfs_db + self.l_d50_db, l_b0p_db + l_dp_db);
        trace.record("L_bd50", "(42)", l_bd50_db, "dB");
        trace.record("L_bd", "(43)", l_bd_db, "dB");
        // F_j = 1 − 0.5·{1 + tanh[3·0.8·(θ − 0.3)/0.3]}                                             (57)
        let f_j = 1.0 - 0.5 * (1.0 + (3.0 * 0.8 * (horizons.theta_mrad - 0.3) / 0.3).tanh());
        // F_k = 1 − 0.5·{1 + tanh[3·0.5·(d − 20)/20]}                                               (58)
        let f_k = 1.0 - 0.5 * (1.0 + (3.0 * 0.5 * (d_km - 20.0) / 20.0).tanh());
        trace.record("F_j", "(57)", f_j, "");
        trace.record("F_k", "(58)", f_k, "");
        // L_minb0p = L_b0p + (1 − ω)·L_dp below β₀, L_bd50 + [L_b0β + (1 − ω)·L_dp − L_bd50]·F_i above     (59)
        let over_land_db = (1.0 - omega) * l_dp_db;
        let l_minb0p_db = if p_percent < beta0_percent {
            l_b0p_db + over_land_db
        } else {
            l_bd50_db + (l_b0beta_db + over_land_db - l_bd50_db) * f_i
        };
        trace.record("L_minb0p", "(59)", l_minb0p_db, "dB");
        trace.record("L_ba", "(46)", self.l_ba_db, "dB");
        // L_minbap = η·ln[exp(L_ba/η) + exp(L_b0p/η)], written so that nothing overflows              (60)
        let (low, high) = if self.l_ba_db < l_b0p_db { (self.l_ba_db, l_b0p_db) } else { (l_b0p_db, self.l_ba_db) };
        let l_minbap_db = high + ETA * ((low - high) / ETA).exp().ln_1p();
        trace.record("L_minbap", "(60)", l_minbap_db, "dB");
        // L_bda = L_bd where L_minbap > L_bd, else L_minbap + (L_bd − L_minbap)·F_k                     (61)
        let l_bda_db = if l_minbap_db > l_bd_db { l_bd_db } else { l_minbap_db + (l_bd_db - l_minbap_db) * f_k };
        trace.record("L_bda", "(61)", l_bda_db, "dB");
        // L_bam = L_bda + (L_minb0p − L_bda)·F_j                                                    (62)
        let l_bam_db = l_bda_db + (l_minb0p_db - l_bda_db) * f_j;
        trace.record("L_bam", "(62)", l_bam_db, "dB");
        trace.record("L_bs", "(44)", self.l_bs_db, "dB");
        // L_bc = −5·log(10^(−0.2·L_bs) + 10^(−0.2·L_bam)), written so that nothing underflows           (63)
        let (low, high) = if self.l_bs_db < l_bam_db { (self.l_bs_db, l_bam_db) } else { (l_bam_db, self.l_bs_db) };
        let l_bc_db = low - 5.0 * (1.0 + 10f64.powf(-0.2 * (high - low))).log10();
        trace.record("L_bc", "(63)", l_bc_db, "dB");
        (l_b0p_db, l_bc_db)
    }
}

impl PropagationModel for P1812Model {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let mut loss_db = self.outdoor_loss_db(link, profile, trace);
        if let Some((building, percent)) = self.building {
            let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
            let rise_m = h_0 + link.tx_height_agl_m - h_n - link.rx_height_agl_m;
            let elevation_deg = building_entry::elevation_deg(rise_m, profile.path_length_km());
            let entry_db = building_entry::loss_db(link.frequency_mhz / 1000.0, building, elevation_deg, percent);
            trace.record("L_BEL", "P.2109-2 (1)", entry_db, "dB");
            loss_db += entry_db;
            trace.record("L_b indoors", "(69)", loss_db, "dB");
        }
        let mut warnings = Vec::new();
        if profile.len() < 3 {
            warnings.push("the profile has no points between its ends; terrain and clutter were not looked at".into());
        }
        Ok(Prediction { loss_db, warnings })
    }

    fn sweep(&self, link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        radial::sweep_p1812(self, link, radial, receivers, losses_db);
        if let Some((building, percent)) = self.building {
            let h_ts_amsl_m = radial.terrain_amsl_m[0] + link.tx_height_agl_m;
            for (receiver, loss_db) in receivers.iter().zip(losses_db) {
                let rise_m = h_ts_amsl_m - receiver.terrain_amsl_m - link.rx_height_agl_m;
                let elevation_deg = building_entry::elevation_deg(rise_m, receiver.distance_km);
                *loss_db += building_entry::loss_db(link.frequency_mhz / 1000.0, building, elevation_deg, percent);
            }
        }
    }
}
