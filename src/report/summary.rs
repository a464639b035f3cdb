//! The figures of a run in one place: for the terminal, `--json` and `run.json`.

use super::i18n::Catalogue;
use super::{Results, gap_words};
use crate::coverage::{AreaStatistics, CoverageStatistics};
use crate::geodesy::LonLat;
use crate::planning::{Outcome, PlanStatus, PlannedYear};
use crate::radio::Technology;
use crate::service::{Assessment, Gap, Help, Reason, Status, VillageService, reference_threshold, sensitivity_at};
use crate::study::{Language, ServiceKind, Study, Survey, Village};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// The figures of a run.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// `notspot/summary/1`.
    pub schema: &'static str,
    /// Whether the data is made up.
    pub synthetic: bool,
    /// Villages of the study.
    pub villages: usize,
    /// Sites in service.
    pub sites: usize,
    /// Cells in service.
    pub cells: usize,
    /// Village signal, when it was asked for.
    pub signal: Option<ServiceSummary>,
    /// Village broadband, when it was asked for.
    pub broadband: Option<ServiceSummary>,
    /// How the villages without each service depend on the threshold; empty when they were not asked for.
    pub sensitivity: Vec<SensitivitySummary>,
    /// Dead zones of the planned service.
    pub gaps: usize,
    /// Each of them, most people first.
    pub dead_zones: Vec<GapSummary>,
    /// Land by signal status.
    pub area: Option<AreaStatistics>,
    /// Land and people by status of both services, by operator and commune.
    pub statistics: Option<CoverageStatistics>,
    /// Receivers computed for the rasters, all cells together.
    pub receivers: Option<u64>,
    /// Pixels of the rasters without a terrain height; `unknown_km2` and the status raster say where it matters.
    pub missing_terrain: Option<usize>,
    /// The plan, when it was asked for.
    pub plan: Option<PlanSummary>,
    /// Warnings about the inputs.
    pub warnings: usize,
}

/// Villages by status of one service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ServiceSummary {
    /// Predicted Served.
    pub served: usize,
    /// Predicted Marginal.
    pub marginal: usize,
    /// Predicted Unserved.
    pub unserved: usize,
    /// Terrain missing.
    pub unknown: usize,
    /// Surveyed "no".
    pub surveyed_no: usize,
    /// Surveyed "no" and predicted other than Served.
    pub surveyed_no_predicted_gap: usize,
    /// Surveyed "yes".
    pub surveyed_yes: usize,
    /// Surveyed "yes" and predicted Served.
    pub surveyed_yes_predicted_served: usize,
    /// Villages that count as dead zones.
    pub gap_villages: usize,
    /// People in them.
    pub gap_people: u64,
}

/// Villages without a service when its threshold moves, at the study's required probability; `sensitivity.csv` has every step and probability.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct SensitivitySummary {
    /// The service.
    pub service: ServiceKind,
    /// The study's required probability.
    pub required_probability: f64,
    /// The technology with the most cells among those with a threshold for the service.
    pub technology: Option<Technology>,
    /// That threshold, dBm.
    pub threshold_dbm: Option<f64>,
    /// A step for each shift of 5 dB, from the laxest to the strictest.
    pub steps: Vec<SensitivityStep>,
}

/// Villages without a service at one shift of its threshold.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct SensitivityStep {
    /// What the service needs more than the study asks for, dB.
    pub threshold_shift_db: i32,
    /// By the prediction alone.
    pub villages_predicted: usize,
    /// People in them.
    pub people_predicted: u64,
    /// By the survey, and by the prediction where nothing was surveyed.
    pub villages_survey_first: usize,
    /// People in them.
    pub people_survey_first: u64,
}

/// Shifts of thresholds that the summary names, dB.
const SUMMARY_SHIFTS_DB: [i32; 5] = [-10, -5, 0, 5, 10];

fn sensitivity_summaries(results: &Results<'_>) -> Vec<SensitivitySummary> {
    let required_probability = results.study.config.service.required_probability;
    let of_service = |service| {
        let at = |survey_wins, shift_db| {
            sensitivity_at(&results.sensitivity, service, survey_wins, required_probability, shift_db)
        };
        let step = |shift_db| {
            let (predicted, survey_first) = at(false, shift_db).zip(at(true, shift_db))?;
            Some(SensitivityStep {
                threshold_shift_db: shift_db,
                villages_predicted: predicted.villages,
                people_predicted: predicted.people,
                villages_survey_first: survey_first.villages,
                people_survey_first: survey_first.people,
            })
        };
        let reference = reference_threshold(results.study, service);
        let steps: Vec<SensitivityStep> = SUMMARY_SHIFTS_DB.into_iter().filter_map(step).collect();
        (!steps.is_empty()).then_some(SensitivitySummary {
            service,
            required_probability,
            technology: reference.map(|(technology, _)| technology),
            threshold_dbm: reference.map(|(_, dbm)| dbm),
            steps,
        })
    };
    ServiceKind::ALL.into_iter().filter_map(of_service).collect()
}

impl fmt::Display for SensitivitySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |step: &SensitivityStep| match (self.technology, self.threshold_dbm) {
            (Some(technology), Some(dbm)) => {
                format!("{} at {technology} {} dBm", step.villages_predicted, dbm + f64::from(step.threshold_shift_db))
            }
            _ => format!("{} at {:+} dB", step.villages_predicted, step.threshold_shift_db),
        };
        let percent = 100.0 * self.required_probability;
        if self.technology.is_none()
            && let Some(step) = self.steps.first()
        {
            let count = step.villages_predicted;
            return write!(
                f,
                "villages without by prediction at {percent} %: {count}; the study states no level that could move"
            );
        }
        let steps: Vec<String> = self.steps.iter().map(at).collect();
        write!(f, "villages without by prediction at {percent} %: {}", steps.join(", "))
    }
}

/// A dead zone.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct GapSummary {
    /// `G1`, `G2` …
    pub id: String,
    /// Names of its villages, each with its id and commune.
    pub villages: Vec<GapVillage>,
    /// People in it.
    pub people: u64,
    /// Households in it; a quarter of the people where they are not stated.
    pub households: u64,
    /// Villages in it that are known to have no electricity.
    pub villages_without_electricity: usize,
    /// Where it lies.
    pub center: LonLat,
    /// Land without the service around its villages, km²; absent without rasters.
    pub not_spot_km2: Option<f64>,
    /// Why most of its people have no service.
    pub reason: Reason,
    /// What would help.
    pub remedy: Help,
    /// The site that the remedy is about.
    pub remedy_site: Option<String>,
    /// What that site lacks, dB.
    pub remedy_lacks_db: Option<f64>,
    /// Reason and remedy as a sentence in English.
    pub advice: String,
}

/// A village of a dead zone.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct GapVillage {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its commune; empty when not stated.
    pub commune: String,
}

impl GapSummary {
    fn of(gap: &Gap, study: &Study) -> Self {
        let texts = Catalogue::new(Language::En);
        let village = |&v: &usize| {
            let Village { id, name, commune, .. } = &study.villages[v];
            GapVillage { id: id.clone(), name: name.clone(), commune: commune.clone() }
        };
        Self {
            id: gap.id.clone(),
            villages: gap.villages.iter().map(village).collect(),
            people: gap.people,
            households: gap.households,
            villages_without_electricity: gap.without_electricity,
            center: gap.center,
            not_spot_km2: gap.land.as_ref().map(|land| land.area_km2),
            reason: gap.reason,
            remedy: gap.remedy.help,
            remedy_site: gap.remedy.site.map(|site| study.sites[site].id.clone()),
            remedy_lacks_db: gap.remedy.lacks_db,
            advice: format!("{}. {}", gap_words::reason(gap, texts), gap_words::remedy(gap, study, texts)),
        }
    }
}

impl fmt::Display for GapSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<4} {:.4} N, {:.4} E: ", self.id, self.center.lat_deg, self.center.lon_deg)?;
        write!(
            f,
            "{} people, about {} households in {} village(s)",
            self.people,
            self.households,
            self.villages.len()
        )?;
        if let Some(km2) = self.not_spot_km2 {
            write!(f, ", {km2:.1} km² without it")?;
        }
        writeln!(f, "\n     {}", self.advice)?;
        for GapVillage { id, name, commune } in &self.villages {
            let commune = if commune.is_empty() { String::new() } else { format!(", {commune}") };
            writeln!(f, "     - {name}{commune} ({id})")?;
        }
        Ok(())
    }
}

/// The plan's figures.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PlanSummary {
    /// Objective.
    pub objective: &'static str,
    /// How the optimisation ended.
    pub status: PlanStatus,
    /// Value of the objective.
    pub value: f64,
    /// What no plan can beat.
    pub bound: f64,
    /// Relative gap between them.
    pub gap: f64,
    /// Masts to build or use.
    pub sites: usize,
    /// What everything costs to build, million VND.
    pub cost_million_vnd: f64,
    /// What it costs in a year, million VND.
    pub yearly_cost_million_vnd: f64,
    /// Net present value, million VND, where the study states a revenue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present_value_million_vnd: Option<f64>,
    /// Villages newly served.
    pub villages_served: usize,
    /// People newly served.
    pub people_served: u64,
    /// Villages among them that are served by ways of their own: fibre, repeater, satellite.
    pub villages_own_way: usize,
    /// Villages that stay without service, by reason.
    pub villages_left: BTreeMap<&'static str, usize>,
    /// The years, where the plan is phased.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<YearSummary>,
    /// Rules and limits that cannot hold together, where there is no plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<String>,
}

/// One year of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct YearSummary {
    /// The year.
    pub year: u16,
    /// What is built in it, million VND.
    pub spent_million_vnd: f64,
    /// Villages newly served in it.
    pub villages: usize,
    /// People in them.
    pub people: u64,
}

impl Summary {
    /// The figures of a run.
    pub fn of(results: &Results<'_>) -> Self {
        let study = results.study;
        let service = |pick: fn(&VillageService) -> &Assessment| {
            results.services.as_ref().map(|services| {
                let mut summary = ServiceSummary::default();
                for (service, village) in services.iter().zip(&study.villages) {
                    summary.count(pick(service), village.people());
                }
                summary
            })
        };
        Self {
            schema: "notspot/summary/1",
            synthetic: study.config.synthetic,
            villages: study.villages.len(),
            sites: study.sites.len(),
            cells: study.sites.iter().map(|s| s.cells.len()).sum(),
            signal: service(|s| &s.signal),
            broadband: service(|s| &s.broadband),
            sensitivity: sensitivity_summaries(results),
            gaps: results.gaps.len(),
            dead_zones: results.gaps.iter().map(|gap| GapSummary::of(gap, results.study)).collect(),
            area: results.statistics.as_ref().map(|s| s.signal),
            statistics: results.statistics.clone(),
            receivers: results.coverage.as_ref().map(|c| c.receivers),
            missing_terrain: results.coverage.as_ref().map(|c| c.missing_terrain),
            plan: plan_summary(results),
            warnings: study.warnings.len(),
        }
    }
}

impl ServiceSummary {
    fn count(&mut self, assessment: &Assessment, people: u32) {
        match assessment.predicted {
            Status::Served => self.served += 1,
            Status::Marginal => self.marginal += 1,
            Status::Unserved => self.unserved += 1,
            Status::Unknown => self.unknown += 1,
        }
        let served = assessment.predicted == Status::Served;
        match assessment.surveyed {
            Survey::No => {
                self.surveyed_no += 1;
                self.surveyed_no_predicted_gap += usize::from(!served);
            }
            Survey::Yes => {
                self.surveyed_yes += 1;
                self.surveyed_yes_predicted_served += usize::from(served);
            }
            Survey::Unknown => {}
        }
        if assessment.is_gap {
            self.gap_villages += 1;
            self.gap_people += u64::from(people);
        }
    }
}

fn plan_summary(results: &Results<'_>) -> Option<PlanSummary> {
    let plan = results.plan.as_ref()?;
    let served = || plan.outcomes.iter().filter(|(_, outcome)| outcome.is_served());
    let mut villages_left = BTreeMap::new();
    for (_, outcome) in plan.outcomes.iter().filter(|(_, outcome)| !outcome.is_served()) {
        *villages_left.entry(outcome.name()).or_default() += 1;
    }
    let year = |year: &PlannedYear| YearSummary {
        year: year.year,
        spent_million_vnd: year.spent_million_vnd,
        villages: year.villages,
        people: year.people,
    };
    Some(PlanSummary {
        objective: plan.objective,
        status: plan.status,
        value: plan.value,
        bound: plan.bound,
        gap: plan.gap,
        sites: plan.built().count(),
        cost_million_vnd: plan.investment(),
        yearly_cost_million_vnd: plan.yearly_cost(),
        present_value_million_vnd: plan.present_value(),
        villages_served: served().count(),
        people_served: served().map(|&(v, _)| u64::from(results.study.villages[v].people())).sum(),
        villages_own_way: served().filter(|(_, outcome)| matches!(outcome, Outcome::OwnWay { .. })).count(),
        villages_left,
        years: plan.years.iter().flat_map(|years| years.years.iter().map(year)).collect(),
        conflict: plan.conflict.clone(),
    })
}

/// "1 village", "2 villages".
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.synthetic { "  (synthetic data)" } else { "" };
        let [villages, sites, cells] =
            [(self.villages, "village"), (self.sites, "site"), (self.cells, "cell")].map(|(n, word)| counted(n, word));
        writeln!(f, "{villages}, {sites}, {cells}{mark}")?;
        for (name, service) in [("signal", &self.signal), ("broadband", &self.broadband)] {
            if let Some(s) = service {
                writeln!(
                    f,
                    "{name:<10} predicted: {} served, {} marginal, {} unserved, {} unknown",
                    s.served, s.marginal, s.unserved, s.unknown
                )?;
                writeln!(
                    f,
                    "           surveyed: {} of {} \"no\" and {} of {} \"yes\" agree with the prediction",
                    s.surveyed_no_predicted_gap, s.surveyed_no, s.surveyed_yes_predicted_served, s.surveyed_yes
                )?;
                writeln!(f, "           dead zone: {}, {} people", counted(s.gap_villages, "village"), s.gap_people)?;
                if let Some(sensitivity) = self.sensitivity.iter().find(|s| s.service.name() == name) {
                    writeln!(f, "           {sensitivity}")?;
                }
            }
        }
        if let Some(area) = &self.area {
            writeln!(
                f,
                "land       {:.0} km² served, {:.0} marginal, {:.0} unserved, {:.0} unknown",
                area.served_km2, area.marginal_km2, area.unserved_km2, area.unknown_km2
            )?;
        }
        if let Some(statistics) = &self.statistics {
            writeln!(
                f,
                "           {:.0} km² to be expected by probability; mobile broadband on {:.0} km²",
                statistics.expected_signal_km2, statistics.broadband.served_km2
            )?;
            for of in &statistics.operators {
                let name = if of.operator.is_empty() { "operator not stated" } else { &of.operator };
                writeln!(f, "           {name}: {:.0} km² served", of.signal.served_km2)?;
            }
            if let Some(spots) = &statistics.not_spots {
                writeln!(
                    f,
                    "           {:.0} km² served by all operators, {:.0} by some, {:.0} by none",
                    spots.none_km2, spots.partial_km2, spots.total_km2
                )?;
            }
            if let Some(spill_km2) = statistics.spill_km2 {
                writeln!(f, "           {spill_km2:.0} km² abroad above the limit")?;
            }
        }
        if let Some(people) = self.area.and_then(|area| area.people) {
            writeln!(
                f,
                "people     {:.0} in served pixels, {:.0} marginal, {:.0} unserved, {:.0} unknown (population raster)",
                people.served, people.marginal, people.unserved, people.unknown
            )?;
        }
        if let Some(plan) = &self.plan {
            let proof = match plan.status {
                PlanStatus::Optimal => "proven best".to_owned(),
                PlanStatus::Feasible => format!("within {:.2} % of the best possible", plan.gap * 100.0),
                PlanStatus::Infeasible => "no plan exists".to_owned(),
                PlanStatus::NothingToDo => "nothing to build".to_owned(),
            };
            writeln!(
                f,
                "plan       {} ({proof}): {} for {:.0} million VND, {} and {} people newly served",
                plan.objective,
                counted(plan.sites, "site"),
                plan.cost_million_vnd,
                counted(plan.villages_served, "village"),
                plan.people_served
            )?;
            if plan.villages_own_way > 0 {
                writeln!(
                    f,
                    "           {} of them by fibre, repeater or satellite of their own",
                    plan.villages_own_way
                )?;
            }
            if plan.yearly_cost_million_vnd > 0.0 {
                write!(f, "           {:.0} million VND a year to operate", plan.yearly_cost_million_vnd)?;
                match plan.present_value_million_vnd {
                    Some(value) => writeln!(f, "; net present value {value:.0} million VND")?,
                    None => writeln!(f)?,
                }
            }
            for year in &plan.years {
                writeln!(
                    f,
                    "           {}: {:.0} million VND, {}, {} people",
                    year.year,
                    year.spent_million_vnd,
                    counted(year.villages, "village"),
                    year.people
                )?;
            }
            for (reason, count) in &plan.villages_left {
                writeln!(
                    f,
                    "           {} without a solution: {}",
                    counted(*count, "village"),
                    reason.replace('_', " ")
                )?;
            }
            for conflict in &plan.conflict {
                writeln!(f, "           cannot hold: {conflict}")?;
            }
        }
        if self.warnings > 0 {
            writeln!(f, "{} warning(s) about the inputs; notspot check lists them", self.warnings)?;
        }
        Ok(())
    }
}
