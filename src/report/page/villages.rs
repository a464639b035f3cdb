//! The villages without the service, one by one, and the dead zones they form.

use super::Writer;
use crate::planning::{CheapestWay, Outcome, Plan};
use crate::report::gap_words;
use crate::service::{Assessment, Server, VillageService};
use crate::study::{ServiceKind, Survey};
use serde::Serialize;

/// A village without the service.
#[derive(Debug, Serialize)]
pub(super) struct VillageView {
    name: String,
    id: String,
    commune: String,
    people: String,
    survey: String,
    prediction: String,
    probability: String,
    /// What stands in the way to the best site.
    way: String,
    /// How much of its footprint is served.
    footprint: String,
    electricity: String,
    solution: String,
    /// `fixed`, `left` or `open`.
    outcome: &'static str,
    share: String,
}

/// A village where survey and prediction contradict one another.
#[derive(Debug, Serialize)]
pub(super) struct DisagreementView {
    name: String,
    id: String,
    commune: String,
    survey: String,
    prediction: String,
    /// Probability, margin and level.
    numbers: [NumberView; 3],
    server: String,
}

#[derive(Debug, Serialize)]
struct NumberView {
    label: String,
    /// Empty where it is not known.
    value: String,
}

/// What stands nearer to a village than this is no ridge, m.
const NEAR_M: f64 = 300.0;

/// A dead zone.
#[derive(Debug, Serialize)]
pub(super) struct GapView {
    id: String,
    villages: String,
    people: String,
    households: String,
    no_electricity: String,
    /// Empty without rasters.
    land: String,
    center: String,
    reason: String,
    remedy: String,
    names: Vec<String>,
}

impl Writer<'_> {
    /// The villages without the service by commune and name; `None` without the service stage.
    pub(super) fn village_list(&self) -> Option<Vec<VillageView>> {
        self.results.services.as_ref()?;
        let mut gaps = self.gap_villages();
        gaps.sort_by(|&a, &b| {
            let key = |v: usize| (&self.village(v).commune, &self.village(v).name, v);
            key(a).cmp(&key(b))
        });
        Some(gaps.into_iter().filter_map(|v| Some(self.village_view(v, self.planned_service(v)?))).collect())
    }

    fn village_view(&self, index: usize, assessment: &Assessment) -> VillageView {
        let village = self.village(index);
        let or_dash = |text: &str| if text.is_empty() { self.texts.text("not_known") } else { text }.to_owned();
        VillageView {
            name: village.name.clone(),
            id: village.id.clone(),
            commune: or_dash(&village.commune),
            people: self.int(village.people()),
            survey: self.survey(assessment.surveyed),
            prediction: self.prediction(assessment),
            probability: self.probability(assessment),
            way: self.way(assessment),
            footprint: self.footprint(index),
            electricity: match village.electricity {
                Survey::Unknown => or_dash(""),
                known => self.survey(known),
            },
            solution: self.solution(index),
            outcome: match &self.lookup.outcome_of[index] {
                Some(outcome) if outcome.is_served() => "fixed",
                Some(_) => "left",
                None => "open",
            },
            share: or_dash(&self.lookup.cost_share[index].map(|m| self.numbers.money(m)).unwrap_or_default()),
        }
    }

    /// What stands in the way to the best site; empty in editions that do not name sites.
    fn way(&self, assessment: &Assessment) -> String {
        let Some(server) = assessment.servers.first() else {
            let is_public = self.results.publication.is_some();
            return if is_public { String::new() } else { self.texts.text("way_no_site").to_owned() };
        };
        let site = &self.results.study.sites[server.site].id;
        let km = self.distance(server.distance_m);
        let Some(obstacle) = &server.obstacle else {
            let is_known = server.excess_db.is_finite();
            return if is_known { self.fill("way_clear", &[("site", site), ("km", &km)]) } else { String::new() };
        };
        let key = match (obstacle.above_line_m >= 0.0, obstacle.distance_m >= NEAR_M) {
            (true, true) => "way_blocked",
            (true, false) => "way_blocked_near",
            (false, _) => "way_grazed",
        };
        let values = [
            ("site", site.as_str()),
            ("km", &km),
            ("top", &self.numbers.decimal(obstacle.top_amsl_m, 0)),
            ("d", &self.distance(obstacle.distance_m)),
            ("m", &self.numbers.decimal(obstacle.above_line_m.abs(), 0)),
        ];
        self.fill(key, &values)
    }

    /// How much of a village's land is served; empty without a footprint.
    fn footprint(&self, index: usize) -> String {
        let services = self.results.services.as_ref();
        let Some(footprint) = services.and_then(|all| all.get(index)?.footprint) else { return String::new() };
        let [signal, broadband] = [footprint.signal, footprint.broadband].map(|share| self.numbers.percent(share, 0));
        self.fill("footprint_share", &[("signal", &signal), ("broadband", &broadband)])
    }

    /// "3.4 km", or "120 m" below one kilometre.
    fn distance(&self, distance_m: f64) -> String {
        match distance_m < 1000.0 {
            true => format!("{}\u{a0}m", self.numbers.decimal((distance_m / 10.0).round() * 10.0, 0)),
            false => format!("{}\u{a0}km", self.numbers.decimal(distance_m / 1000.0, 1)),
        }
    }

    /// The villages where survey and prediction contradict one another.
    pub(super) fn disagreements(&self, of: fn(&VillageService) -> &Assessment, names: &str) -> Vec<DisagreementView> {
        let services = self.results.services.as_deref().unwrap_or_default();
        let contradicting = services.iter().enumerate().filter(|(_, service)| of(service).contradicts_survey());
        let view = |(index, service): (usize, &VillageService)| {
            let (village, assessment) = (self.village(index), of(service));
            let db = |db: f64| format!("{}\u{a0}dB", self.numbers.short(db, 1));
            let number = |label: &str, value: Option<String>| NumberView {
                label: self.texts.text(label).to_owned(),
                value: value.unwrap_or_default(),
            };
            let server = assessment.servers.first();
            let level = server.map(|s| s.level_dbm).filter(|level_dbm| level_dbm.is_finite());
            DisagreementView {
                name: village.name.clone(),
                id: village.id.clone(),
                commune: village.commune.clone(),
                survey: self.survey(assessment.surveyed),
                prediction: self.texts.text(&format!("{names}_{}", assessment.predicted.name())).to_owned(),
                numbers: [
                    number("probability_column", assessment.probability.map(|p| self.numbers.percent(p, 0))),
                    number("margin", assessment.margin_db.map(db)),
                    number("level", level.map(|dbm| format!("{}\u{a0}dBm", self.numbers.decimal(dbm, 0)))),
                ],
                server: server.map(|server| self.server(server)).unwrap_or_default(),
            }
        };
        contradicting.map(view).collect()
    }

    /// "S1, LTE, operator".
    fn server(&self, server: &Server) -> String {
        let site = &self.results.study.sites[server.site];
        let technology = site.cells[server.cell].technology.name();
        let parts = [site.id.as_str(), technology, &site.operator];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The survey's answer.
    pub(super) fn survey(&self, survey: Survey) -> String {
        self.texts.text(&format!("survey_{}", survey.name())).to_owned()
    }

    /// The predicted status of the service that is planned for.
    pub(super) fn prediction(&self, assessment: &Assessment) -> String {
        let service = match self.results.study.config.planning.service {
            ServiceKind::Signal => "signal",
            ServiceKind::Broadband => "broadband",
        };
        self.texts.text(&format!("{service}_{}", assessment.predicted.name())).to_owned()
    }

    /// "probability 63 %"; empty when unknown.
    pub(super) fn probability(&self, assessment: &Assessment) -> String {
        let text = |p| self.fill("probability", &[("p", &self.numbers.percent(p, 0))]);
        assessment.probability.map(text).unwrap_or_default()
    }

    /// Which site fixes a village, or why none does.
    pub(super) fn solution(&self, index: usize) -> String {
        let Some(plan) = &self.results.plan else { return self.texts.text("why_no_plan").to_owned() };
        match &self.lookup.outcome_of[index] {
            Some(Outcome::ServedBy { site, .. }) => {
                let site = &plan.sites[*site];
                let order = self.fill("order_n", &[("n", &self.int(site.order))]);
                let fixed = self.fill("fixed_by", &[("site", &plan.candidates[site.candidate].id), ("order", &order)]);
                self.in_year(fixed, site.year)
            }
            Some(Outcome::OwnWay { way }) => {
                let way = &plan.ways[*way];
                let cost = self.numbers.money(way.money.investment());
                let served = self.fill(&format!("own_way_{}", way.way.kind.name()), &[("cost", &cost)]);
                self.in_year(served, way.year)
            }
            Some(Outcome::LeftOut { reason, cheapest }) => {
                let why = self.texts.text(&format!("why_{}", reason.name())).to_owned();
                format!("{why}; {}", self.cheapest(plan, cheapest))
            }
            None => self.texts.text("why_no_plan").to_owned(),
        }
    }

    /// With the year in which it comes, where the plan is phased.
    fn in_year(&self, text: String, year: Option<u16>) -> String {
        let with_year = |year: u16| self.fill("in_year", &[("text", &text), ("year", &year.to_string())]);
        year.map_or_else(|| text.clone(), with_year)
    }

    /// The cheapest way to serve a village that is left out.
    fn cheapest(&self, plan: &Plan, cheapest: &CheapestWay) -> String {
        let cost = self.numbers.money(cheapest.cost_million_vnd);
        match &cheapest.own {
            Some(own) => self.fill(&format!("cheapest_{}", own.name()), &[("cost", &cost)]),
            None => {
                let ids: Vec<&str> = cheapest.candidates.iter().map(|&c| plan.candidates[c].id.as_str()).collect();
                self.fill("cheapest_sites", &[("sites", &ids.join(", ")), ("cost", &cost)])
            }
        }
    }

    /// The dead zones.
    pub(super) fn gaps(&self) -> Vec<GapView> {
        let view = |gap: &crate::service::Gap| GapView {
            id: gap.id.clone(),
            villages: self.int(gap.villages.len()),
            people: self.int(gap.people),
            households: self.int(gap.households as i64),
            no_electricity: self.int(gap.without_electricity),
            land: gap
                .land
                .as_ref()
                .map(|l| format!("{}\u{a0}km²", self.numbers.decimal(l.area_km2, 1)))
                .unwrap_or_default(),
            center: Self::position(gap.center),
            reason: gap_words::reason(gap, self.texts),
            remedy: gap_words::remedy(gap, self.results.study, self.texts),
            names: gap.villages.iter().map(|&v| self.village(v).name.clone()).collect(),
        };
        self.results.gaps.iter().map(view).collect()
    }
}
