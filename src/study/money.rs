//! What of a study file says what things cost, and over which years money comes.

use super::Planning;
use crate::problem::{Problem, Problems};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Costs in million VND. The defaults add up to the public figures for mountain provinces: a BTS at 500 to 1,000, transmission about 500 per
/// km. How a site's sum is divided, operation, power, satellite links and households' connections are assumptions, to be replaced by one's own figures.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Costs {
    /// Ground, foundation, cabinet and installation of a new site.
    pub site: f64,
    /// Mast of a new site, per metre of its height.
    pub tower_per_m: f64,
    /// Radio equipment of a configuration that states no cost of its own.
    pub radio: f64,
    /// New fibre, per km of cable.
    pub fibre_per_km: f64,
    /// Both ends of a microwave hop.
    pub microwave_hop: f64,
    /// Track from the nearest road, per km.
    pub access_per_km: f64,
    /// Operation of a new site in a year: rent, watch, repair, transmission; power is counted by itself.
    pub operation_per_year: f64,
    /// Upkeep of new fibre in a year besides that, per km of cable.
    pub fibre_km_per_year: f64,
    /// Upkeep and spectrum of a microwave hop in a year besides that.
    pub microwave_hop_per_year: f64,
    /// Terminal of a satellite link to a site.
    pub satellite_link: f64,
    /// Its capacity in a year. In geostationary orbit VNPT asked 186.5 a month for 2 Mbit/s of one's own in both directions (Sài Gòn Giải Phóng, 2023); the
    /// default assumes 20 a month for a business plan in low orbit.
    pub satellite_link_per_year: f64,
    /// Fibre to the village: from its distribution point to a household, with the household's terminal and its part of the exchange.
    pub fibre_household: f64,
    /// What a newly served person brings in a year; nothing is counted when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue_per_person_year: Option<f64>,
    /// Interest by which later years count less, 0 to 0.5.
    pub discount_rate: f64,
    /// Years of operation that present values count, 1 to 50.
    pub horizon_years: u32,
    /// What the plan keeps small, and budgets are compared with.
    pub basis: CostBasis,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            site: 250.0,
            tower_per_m: 5.0,
            radio: 250.0,
            fibre_per_km: 500.0,
            microwave_hop: 400.0,
            access_per_km: 100.0,
            operation_per_year: 60.0,
            fibre_km_per_year: 0.0,
            microwave_hop_per_year: 0.0,
            satellite_link: 100.0,
            satellite_link_per_year: 240.0,
            fibre_household: 5.0,
            revenue_per_person_year: None,
            discount_rate: 0.08,
            horizon_years: 10,
            basis: CostBasis::Investment,
        }
    }
}

impl Costs {
    /// What 1 a year over the horizon is worth when the site is built: Σ (1 + r)⁻ᵗ for t = 1 to the horizon.
    pub fn annuity(&self) -> f64 {
        (1..=self.horizon_years).map(|t| (1.0 + self.discount_rate).powi(-(t as i32))).sum()
    }

    /// Cost of an investment with yearly operation on the study's basis, million VND.
    pub fn on_basis(&self, investment: f64, per_year: f64) -> f64 {
        match self.basis {
            CostBasis::Investment => investment,
            CostBasis::PresentValue => investment + per_year * self.annuity(),
        }
    }
}

/// What counts as cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CostBasis {
    /// Building alone.
    #[default]
    Investment,
    /// Building, and operation over the horizon at its present value.
    PresentValue,
}

/// Power of new sites, costs in million VND. Assumptions, to be replaced by one's own figures.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Power {
    /// Medium-voltage line from the nearest village with electricity or line of `inputs.power_lines`, per km.
    pub grid_per_km: f64,
    /// Transformer and connection at its end.
    pub grid_connection: f64,
    /// Longest line that is built, km.
    pub max_grid_km: f64,
    /// Electricity from the grid in a year.
    pub grid_per_year: f64,
    /// Solar panels with battery for a site.
    pub solar: f64,
    /// Their upkeep in a year, batteries included.
    pub solar_per_year: f64,
    /// Whether a site may wait for the grid to arrive at a village (`electricity_year`), where that is cheaper than to begin with.
    pub wait_for_grid: bool,
}

impl Default for Power {
    fn default() -> Self {
        Self {
            grid_per_km: 400.0,
            grid_connection: 50.0,
            max_grid_km: 5.0,
            grid_per_year: 25.0,
            solar: 250.0,
            solar_per_year: 20.0,
            wait_for_grid: false,
        }
    }
}

/// The years of a programme.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Phases {
    /// The years, increasing, for example 2026 to 2030; nothing is phased when empty.
    pub years: Vec<u16>,
    /// Money that each of them brings, million VND; what is left of it may be spent later.
    pub budgets_million_vnd: Vec<f64>,
}

/// Ways to serve single villages that no site serves, and satellite links of sites (`planning.backhaul`), costs in million VND. Assumptions, to be replaced by one's own figures.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Fallback {
    /// When they are used.
    pub when: FallbackUse,
    /// Satellite terminal with community Wi-Fi.
    pub satellite: f64,
    /// Its subscription and upkeep in a year.
    pub satellite_per_year: f64,
    /// Repeater at a village that a signal reaches weakly.
    pub repeater: f64,
    /// Its upkeep in a year.
    pub repeater_per_year: f64,
    /// How far the level may be below what the service needs for a repeater to help, dB, 0 to 60.
    pub repeater_lifts_db: f64,
}

impl Default for Fallback {
    fn default() -> Self {
        Self {
            when: FallbackUse::LastResort,
            satellite: 150.0,
            satellite_per_year: 40.0,
            repeater: 100.0,
            repeater_per_year: 15.0,
            repeater_lifts_db: 20.0,
        }
    }
}

/// When a village is given a fallback.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FallbackUse {
    /// Where no candidate that can be connected serves it; satellite links for masts that nothing on the ground connects.
    #[default]
    LastResort,
    /// Wherever it is cheaper than what serves the village otherwise.
    Alternative,
    /// Never; a price is stated for what stays without service.
    Never,
}

/// What a plan must keep to besides its objective.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Candidates that must be built, by id.
    pub forced: Vec<String>,
    /// Candidates that must not be built, by id.
    pub forbidden: Vec<String>,
    /// Newly served people without whom no site is worth building.
    pub least_people_per_site: f64,
    /// Sites that must serve a village for it to count as served, 1 to 3.
    pub servers_per_village: u32,
    /// Share of the villages without service that must be served in every commune, 0 to 1.
    pub commune_share: f64,
    /// Traffic of a person in the busy hour that a site must carry, Mbit/s; no limit when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busy_hour_mbps_per_person: Option<f64>,
    /// Traffic down that a cell carries on average over its users, bit/s in each Hz of its bandwidth, 0.1 to 20. The default is of the order of
    /// what 3GPP's evaluations give for LTE in large cells with two streams (TR 36.814 annex A).
    pub cell_bit_s_hz: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            forced: Vec::new(),
            forbidden: Vec::new(),
            least_people_per_site: 0.0,
            servers_per_village: 1,
            commune_share: 0.0,
            busy_hour_mbps_per_person: None,
            cell_bit_s_hz: 1.5,
        }
    }
}

/// What a village counts for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WeightUnit {
    /// Its people.
    #[default]
    People,
    /// Its households.
    Households,
    /// One, whatever its size.
    Villages,
}

/// The numbers of these sections with the range and unit of each.
pub(super) fn numbers(planning: &Planning) -> Vec<(String, f64, [f64; 2], &'static str)> {
    let Planning { costs, power, fallback, rules, .. } = planning;
    let money = |value| (value, [0.0, 1e9], " million VND");
    let listed = [
        ("costs.site", money(costs.site)),
        ("costs.tower_per_m", money(costs.tower_per_m)),
        ("costs.radio", money(costs.radio)),
        ("costs.fibre_per_km", money(costs.fibre_per_km)),
        ("costs.microwave_hop", money(costs.microwave_hop)),
        ("costs.access_per_km", money(costs.access_per_km)),
        ("costs.operation_per_year", money(costs.operation_per_year)),
        ("costs.fibre_km_per_year", money(costs.fibre_km_per_year)),
        ("costs.microwave_hop_per_year", money(costs.microwave_hop_per_year)),
        ("costs.satellite_link", money(costs.satellite_link)),
        ("costs.satellite_link_per_year", money(costs.satellite_link_per_year)),
        ("costs.fibre_household", money(costs.fibre_household)),
        ("costs.revenue_per_person_year", money(costs.revenue_per_person_year.unwrap_or(0.0))),
        ("costs.discount_rate", (costs.discount_rate, [0.0, 0.5], "")),
        ("costs.horizon_years", (f64::from(costs.horizon_years), [1.0, 50.0], " years")),
        ("power.grid_per_km", money(power.grid_per_km)),
        ("power.grid_connection", money(power.grid_connection)),
        ("power.max_grid_km", (power.max_grid_km, [0.0, 1000.0], " km")),
        ("power.grid_per_year", money(power.grid_per_year)),
        ("power.solar", money(power.solar)),
        ("power.solar_per_year", money(power.solar_per_year)),
        ("fallback.satellite", money(fallback.satellite)),
        ("fallback.satellite_per_year", money(fallback.satellite_per_year)),
        ("fallback.repeater", money(fallback.repeater)),
        ("fallback.repeater_per_year", money(fallback.repeater_per_year)),
        ("fallback.repeater_lifts_db", (fallback.repeater_lifts_db, [0.0, 60.0], " dB")),
        ("rules.least_people_per_site", (rules.least_people_per_site, [0.0, 1e7], " people")),
        ("rules.servers_per_village", (f64::from(rules.servers_per_village), [1.0, 3.0], "")),
        ("rules.commune_share", (rules.commune_share, [0.0, 1.0], "")),
        ("rules.cell_bit_s_hz", (rules.cell_bit_s_hz, [0.1, 20.0], " bit/s/Hz")),
        ("rules.busy_hour_mbps_per_person", (rules.busy_hour_mbps_per_person.unwrap_or(0.0), [0.0, 1000.0], " Mbit/s")),
    ];
    let field = |name: &str| format!("planning.{name}");
    let mut numbers: Vec<_> =
        listed.into_iter().map(|(name, (value, range, unit))| (field(name), value, range, unit)).collect();
    for (name, &factor) in &planning.facility_weights {
        numbers.push((field(&format!("facility_weights.{name}")), factor, [0.0, 1000.0], ""));
    }
    for (i, &budget) in planning.phases.budgets_million_vnd.iter().enumerate() {
        numbers.push((field(&format!("phases.budgets_million_vnd[{i}]")), budget, [0.0, 1e12], " million VND"));
    }
    numbers
}

/// Reports years that do not follow one another, budgets that are not theirs, and candidates both forced and forbidden.
pub(super) fn check(planning: &Planning, file: &str, problems: &mut Problems) {
    let Phases { years, budgets_million_vnd } = &planning.phases;
    if let Some(pair) = years.windows(2).find(|pair| pair[0] >= pair[1]) {
        let message = format!("has {} after {}; years must increase", pair[1], pair[0]);
        problems.push(Problem::error(file, message).in_field("planning.phases.years"));
    }
    if let Some(year) = years.iter().find(|year| !(1900..=2200).contains(*year)) {
        let problem = Problem::error(file, "is outside 1900 to 2200").in_field("planning.phases.years");
        problems.push(problem.with_value(year));
    }
    if years.len() != budgets_million_vnd.len() {
        let message =
            format!("has {} budgets for {} years; one for each is needed", budgets_million_vnd.len(), years.len());
        problems.push(Problem::error(file, message).in_field("planning.phases.budgets_million_vnd"));
    }
    let Rules { forced, forbidden, .. } = &planning.rules;
    for id in forced.iter().filter(|id| forbidden.contains(id)) {
        let problem = Problem::error(file, "is forced and forbidden at once").in_field("planning.rules.forbidden");
        problems.push(problem.with_value(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn present_values() {
        let mut costs = Costs { discount_rate: 0.1, horizon_years: 2, ..Costs::default() };
        // 1/1.1 + 1/1.21
        assert!((costs.annuity() - 1.735_537_190_082_645).abs() < 1e-12);
        assert_eq!(costs.on_basis(100.0, 10.0), 100.0);
        costs.basis = CostBasis::PresentValue;
        assert!((costs.on_basis(100.0, 10.0) - 117.355_371_900_826).abs() < 1e-9);
        costs.discount_rate = 0.0;
        assert_eq!(costs.annuity(), 2.0);
    }
}
