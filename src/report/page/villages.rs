//! The villages without the service, one by one, and the dead zones they form.

use super::Writer;
use crate::planning::Outcome;
use crate::service::Assessment;
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
    electricity: String,
    solution: String,
    /// `fixed`, `left` or `open`.
    outcome: &'static str,
    share: String,
}

/// A dead zone.
#[derive(Debug, Serialize)]
pub(super) struct GapView {
    id: String,
    villages: String,
    people: String,
    center: String,
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
            electricity: match village.electricity {
                Survey::Unknown => or_dash(""),
                known => self.survey(known),
            },
            solution: self.solution(index),
            outcome: match self.lookup.outcome_of[index] {
                Some(Outcome::ServedBy(_)) => "fixed",
                Some(_) => "left",
                None => "open",
            },
            share: or_dash(&self.lookup.cost_share[index].map(|m| self.numbers.money(m)).unwrap_or_default()),
        }
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
            Some(Outcome::ServedBy(site)) => {
                let site = &plan.sites[*site];
                let order = self.fill("order_n", &[("n", &self.int(site.order))]);
                self.fill("fixed_by", &[("site", &plan.candidates[site.candidate].id), ("order", &order)])
            }
            Some(Outcome::TerrainMissing) => self.texts.text("why_terrain_missing").to_owned(),
            Some(Outcome::NoCandidate) => self.texts.text("why_no_candidate").to_owned(),
            Some(Outcome::LeftOut { cheapest }) => {
                let candidate = &plan.candidates[*cheapest];
                let cost = self.numbers.money(candidate.cost.total);
                self.fill("why_left_out", &[("site", &candidate.id), ("cost", &cost)])
            }
            None => self.texts.text("why_no_plan").to_owned(),
        }
    }

    /// The dead zones.
    pub(super) fn gaps(&self) -> Vec<GapView> {
        let view = |gap: &crate::service::Gap| GapView {
            id: gap.id.clone(),
            villages: self.int(gap.villages.len()),
            people: self.int(gap.people),
            center: Self::position(gap.center),
            names: gap.villages.iter().map(|&v| self.village(v).name.clone()).collect(),
        };
        self.results.gaps.iter().map(view).collect()
    }
}
