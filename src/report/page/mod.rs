//! The page's content in the words and numbers of the study's language, ready for the template.

mod figures;
mod map;
mod method;
mod plan;
mod quality;
mod sensitivity;
mod villages;

use super::i18n::{Catalogue, Numbers};
use super::{Lookup, Results, software};
use crate::geodesy::LonLat;
use crate::io::WriteCause;
use crate::service::{Assessment, is_unknown};
use crate::study::{ServiceKind, Village};
use serde::Serialize;

pub(super) use map::MapView;

/// All that `report.html` says.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    language: &'static str,
    study: String,
    data_of: String,
    synthetic: bool,
    survey_rule: &'static str,
    public_note: String,
    lacking: &'static str,
    lead: Vec<String>,
    unknown_note: String,
    figures: Vec<figures::Figure>,
    statuses: Option<figures::StatusTable>,
    confusions: Vec<figures::Confusion>,
    sensitivities: Vec<sensitivity::SensitivityView>,
    map: Option<MapView>,
    plan: Option<plan::PlanView>,
    gap_list_title: &'static str,
    village_list: Option<Vec<villages::VillageView>>,
    gaps: Vec<villages::GapView>,
    gaps_note: String,
    quality: quality::Quality,
    method: Vec<method::Fact>,
    made_by: String,
}

/// What every part of the page needs.
struct Writer<'a> {
    results: &'a Results<'a>,
    lookup: Lookup,
    texts: Catalogue,
    numbers: Numbers,
    lacking: &'static str,
}

/// The page of the results.
pub(super) fn page(results: &Results<'_>) -> Result<Page, WriteCause> {
    let config = &results.study.config;
    let writer = Writer::new(results);
    let (texts, numbers) = (writer.texts, writer.numbers);
    let text = |key: &'static str| texts.find(key).unwrap_or(key);
    let gap_list_title = match config.planning.service {
        ServiceKind::Signal => "gap_list_signal",
        ServiceKind::Broadband => "gap_list_broadband",
    };
    let link_km = numbers.short(config.gaps.link_distance_km, 1);
    Ok(Page {
        language: texts.tag(),
        study: config.name.clone(),
        data_of: texts.fill("data_of", &[("date", &writer.date(&config.date))]),
        synthetic: config.synthetic,
        survey_rule: text(if config.service.survey_wins { "survey_wins" } else { "survey_loses" }),
        public_note: writer.public_note(),
        lacking: writer.lacking,
        lead: writer.lead(),
        unknown_note: writer.unknown_note(),
        figures: writer.figures(),
        statuses: writer.statuses(),
        confusions: writer.confusions(),
        sensitivities: writer.sensitivities(),
        map: writer.map()?,
        plan: writer.plan(),
        gap_list_title: text(gap_list_title),
        village_list: writer.village_list(),
        gaps: writer.gaps(),
        gaps_note: texts.fill("gaps_note", &[("lacking", writer.lacking), ("km", &link_km)]),
        quality: writer.quality(),
        method: writer.method(),
        made_by: texts.fill("made_by", &[("software", &software())]),
    })
}

impl<'a> Writer<'a> {
    fn new(results: &'a Results<'a>) -> Self {
        let texts = Catalogue::new(results.study.config.language);
        let lacking = match results.study.config.planning.service {
            ServiceKind::Signal => "lacking_signal",
            ServiceKind::Broadband => "lacking_broadband",
        };
        let lacking = texts.find(lacking).unwrap_or(lacking);
        Self { results, lookup: Lookup::new(results), texts, numbers: texts.numbers(), lacking }
    }
}

impl Writer<'_> {
    fn int(&self, number: impl TryInto<i64>) -> String {
        self.numbers.decimal(number.try_into().unwrap_or(i64::MAX) as f64, 0)
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.fill(key, values)
    }

    /// What a public edition leaves out; empty for any other.
    fn public_note(&self) -> String {
        let Some(publication) = &self.results.publication else { return String::new() };
        let fields = publication.confidential.fields.iter();
        let names: Vec<&str> = fields.map(|field| self.texts.text(field.name())).collect();
        self.fill("public_note", &[("fields", &names.join(", "))])
    }

    /// A date as the language writes it: 31/12/2026 in Vietnamese.
    fn date(&self, iso: &str) -> String {
        match iso.split('-').collect::<Vec<_>>().as_slice() {
            [year, month, day] if self.texts.tag() == "vi" => format!("{day}/{month}/{year}"),
            _ => iso.to_owned(),
        }
    }

    /// Latitude and longitude, as maps on phones take them: always with a decimal point.
    fn position(p: LonLat) -> String {
        format!("{:.5}, {:.5}", p.lat_deg, p.lon_deg)
    }

    /// Villages without the service that is planned for: indices in the study, ascending.
    fn gap_villages(&self) -> Vec<usize> {
        let count = self.results.study.villages.len();
        (0..count).filter(|&v| self.planned_service(v).is_some_and(|a| a.is_gap)).collect()
    }

    /// Villages of which nothing is known, by neither prediction nor survey.
    fn unknown_villages(&self) -> Vec<usize> {
        let count = self.results.study.villages.len();
        (0..count).filter(|&v| self.is_unknown(v)).collect()
    }

    /// Whether nothing is known of a village.
    fn is_unknown(&self, village: usize) -> bool {
        let survey_wins = self.results.study.config.service.survey_wins;
        self.planned_service(village).is_some_and(|a| is_unknown(a.predicted, a.surveyed, survey_wins))
    }

    /// How many villages nothing is known of; empty where there are none.
    fn unknown_note(&self) -> String {
        let unknown = self.unknown_villages();
        if unknown.is_empty() {
            return String::new();
        }
        let (n, people) = (self.int(unknown.len()), self.int(self.people(&unknown)));
        self.fill("lead_unknown", &[("n", &n), ("people", &people)])
    }

    /// The assessment of the service that is planned for.
    fn planned_service(&self, village: usize) -> Option<&Assessment> {
        let service = self.results.services.as_ref()?.get(village)?;
        Some(service.of(self.results.study.config.planning.service))
    }

    fn village(&self, index: usize) -> &Village {
        &self.results.study.villages[index]
    }

    fn people(&self, villages: &[usize]) -> u64 {
        villages.iter().map(|&v| u64::from(self.village(v).people())).sum()
    }
}
