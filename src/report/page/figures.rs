//! The lead, the key figures, and how survey and prediction compare.

use super::Writer;
use super::villages::DisagreementView;
use crate::planning::Outcome;
use crate::service::{Assessment, Status, VillageService};
use crate::study::Survey;
use serde::Serialize;

/// A number that stands out.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    value: String,
    label: String,
    note: String,
    /// `bad`, `good` or empty.
    tone: &'static str,
}

/// Villages and people by predicted status.
#[derive(Debug, Serialize)]
pub(super) struct StatusTable {
    services: Vec<ServiceStatus>,
}

#[derive(Debug, Serialize)]
struct ServiceStatus {
    title: String,
    rows: Vec<StatusRow>,
}

#[derive(Debug, Serialize)]
struct StatusRow {
    status: &'static str,
    label: String,
    villages: String,
    people: String,
    /// Share of villages, percent, for a bar.
    width: String,
    share: String,
}

/// Surveyed against predicted status of one service.
#[derive(Debug, Serialize)]
pub(super) struct Confusion {
    title: String,
    columns: Vec<String>,
    rows: Vec<ConfusionRow>,
    note: String,
    list_title: String,
    villages: Vec<DisagreementView>,
}

#[derive(Debug, Serialize)]
struct ConfusionRow {
    label: String,
    cells: Vec<ConfusionCell>,
    total: String,
}

#[derive(Debug, Serialize)]
struct ConfusionCell {
    count: String,
    /// Whether survey and prediction contradict one another here.
    differs: bool,
}

/// One of the two services: its name in keys, and where it stands.
type ServiceOf = (&'static str, fn(&VillageService) -> &Assessment);

const SERVICES: [ServiceOf; 2] = [("signal", |s| &s.signal), ("broadband", |s| &s.broadband)];

impl Writer<'_> {
    /// The page in a few sentences.
    pub(super) fn lead(&self) -> Vec<String> {
        let results = self.results;
        if results.services.is_none() {
            return Vec::new();
        }
        let mut lead = self.lead_of_gaps();
        lead.extend(Some(self.unknown_note()).filter(|note| !note.is_empty()));
        lead
    }

    /// How many villages lack the service, and what the plan does for them.
    fn lead_of_gaps(&self) -> Vec<String> {
        let results = self.results;
        let all = self.int(results.study.villages.len());
        let gaps = self.gap_villages();
        if gaps.is_empty() {
            let known = results.study.villages.len() - self.unknown_villages().len();
            let key = if known == results.study.villages.len() { "lead_no_gaps" } else { "lead_no_known_gaps" };
            return vec![self.fill(key, &[("all", &all), ("known", &self.int(known))])];
        }
        let (n, people) = (self.int(gaps.len()), self.int(self.people(&gaps)));
        let mut lead =
            vec![self.fill("lead_gaps", &[("all", &all), ("n", &n), ("lacking", self.lacking), ("people", &people)])];
        let Some(plan) = &results.plan else { return lead };
        let (fixed, left) = self.fixed_and_left();
        let (sites, cost) = (self.int(plan.built().count()), self.numbers.money(plan.investment()));
        let (n, people) = (self.int(fixed.len()), self.int(self.people(&fixed)));
        lead.push(self.fill("lead_plan", &[("sites", &sites), ("cost", &cost), ("n", &n), ("people", &people)]));
        if left.is_empty() {
            lead.push(self.fill("lead_none_left", &[("lacking", self.lacking)]));
        } else {
            let (n, people) = (self.int(left.len()), self.int(self.people(&left)));
            lead.push(self.fill("lead_rest", &[("n", &n), ("people", &people)]));
        }
        lead
    }

    /// Villages that the plan newly serves, and those it does not.
    fn fixed_and_left(&self) -> (Vec<usize>, Vec<usize>) {
        let served = |&v: &usize| self.lookup.outcome_of[v].as_ref().is_some_and(Outcome::is_served);
        self.gap_villages().into_iter().partition(served)
    }

    /// The figures that stand out.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let results = self.results;
        let figure = |value: String, label: &str, note: String, tone| Figure {
            label: self.fill(label, &[("lacking", self.lacking), ("n", &value)]),
            value,
            note,
            tone,
        };
        let everyone: Vec<usize> = (0..results.study.villages.len()).collect();
        let people = |key: &str, list: &[usize]| self.fill(key, &[("n", &self.int(self.people(list)))]);
        let mut figures =
            vec![figure(self.int(everyone.len()), "figure_villages", people("figure_people_all", &everyone), "")];
        if results.services.is_some() {
            let gaps = self.gap_villages();
            figures.push(figure(self.int(gaps.len()), "figure_gaps", people("figure_people", &gaps), "bad"));
            let unknown = self.unknown_villages();
            if !unknown.is_empty() {
                figures.push(figure(self.int(unknown.len()), "figure_unknown", people("figure_people", &unknown), ""));
            }
        }
        if let Some(area) = results.statistics.as_ref().map(|s| s.signal) {
            let all = area.served_km2 + area.marginal_km2 + area.unserved_km2 + area.unknown_km2;
            if all > 0.0 {
                let (served, of) = (self.numbers.decimal(area.served_km2, 0), self.numbers.decimal(all, 0));
                let note = self.fill("figure_land_note", &[("served", &served), ("all", &of)]);
                figures.push(figure(self.numbers.percent(area.served_km2 / all, 1), "figure_land", note, ""));
            }
        }
        if let Some(people) =
            results.statistics.as_ref().and_then(|s| s.signal.people).filter(|people| people.total() > 0.0)
        {
            let (served, of) = (self.numbers.decimal(people.served, 0), self.numbers.decimal(people.total(), 0));
            let note = self.fill("figure_covered_people_note", &[("served", &served), ("all", &of)]);
            let share = self.numbers.percent(people.served / people.total(), 1);
            figures.push(figure(share, "figure_covered_people", note, ""));
        }
        if let Some(plan) = &results.plan {
            let (fixed, left) = self.fixed_and_left();
            let each = plan.investment() / fixed.len().max(1) as f64;
            let note = match fixed.len() {
                0 => String::new(),
                _ => self.fill("figure_cost_note", &[("cost", &self.numbers.money(each))]),
            };
            figures.push(figure(self.int(fixed.len()), "figure_fixed", people("figure_people", &fixed), "good"));
            figures.push(figure(self.int(left.len()), "figure_left", people("figure_people", &left), ""));
            let label = self.fill("figure_cost", &[("sites", &self.int(plan.built().count()))]);
            figures.push(Figure { value: self.numbers.money(plan.investment()), label, note, tone: "" });
        }
        figures
    }

    /// Villages and people by predicted status; `None` without the service stage.
    pub(super) fn statuses(&self) -> Option<StatusTable> {
        let services = self.results.services.as_ref()?;
        let tables = SERVICES.iter().map(|&(name, of)| {
            let rows = Status::ALL.into_iter().map(|status| {
                let list: Vec<usize> =
                    services.iter().enumerate().filter(|(_, s)| of(s).predicted == status).map(|(v, _)| v).collect();
                let share = list.len() as f64 / services.len().max(1) as f64;
                StatusRow {
                    status: status.name(),
                    label: self.texts.text(&format!("{name}_{}", status.name())).to_owned(),
                    villages: self.int(list.len()),
                    people: self.int(self.people(&list)),
                    width: format!("{:.1}", share * 100.0),
                    share: self.numbers.percent(share, 1),
                }
            });
            ServiceStatus { title: self.texts.text(name).to_owned(), rows: rows.collect() }
        });
        Some(StatusTable { services: tables.collect() })
    }

    /// Survey against prediction, for each service that somebody surveyed.
    pub(super) fn confusions(&self) -> Vec<Confusion> {
        let Some(services) = &self.results.services else { return Vec::new() };
        let surveyed = |of: &fn(&VillageService) -> &Assessment| {
            services.iter().any(|service| of(service).surveyed != Survey::Unknown)
        };
        let tables = SERVICES.iter().filter(|(_, of)| surveyed(of));
        tables.map(|&(name, of)| self.confusion(name, of, services)).collect()
    }

    fn confusion(&self, name: &str, of: fn(&VillageService) -> &Assessment, services: &[VillageService]) -> Confusion {
        let assessments: Vec<&Assessment> = services.iter().map(of).collect();
        let count = |survey: Survey, status: Option<Status>| {
            let same = |a: &&&Assessment| a.surveyed == survey && status.is_none_or(|s| a.predicted == s);
            assessments.iter().filter(same).count()
        };
        let differs = |survey: Survey, status: Status| {
            matches!((survey, status), (Survey::Yes, Status::Unserved) | (Survey::No, Status::Served))
        };
        let rows = [Survey::Yes, Survey::No, Survey::Unknown].map(|survey| ConfusionRow {
            label: self.texts.text(&format!("survey_{}", survey.name())).to_owned(),
            cells: Status::ALL
                .map(|status| {
                    let count = count(survey, Some(status));
                    ConfusionCell { count: self.int(count), differs: count > 0 && differs(survey, status) }
                })
                .into(),
            total: self.int(count(survey, None)),
        });
        let optimistic = count(Survey::No, Some(Status::Served));
        let pessimistic = count(Survey::Yes, Some(Status::Unserved));
        let note = self.fill(
            "confusion_note",
            &[
                ("n", &self.int(optimistic + pessimistic)),
                ("all", &self.int(count(Survey::Yes, None) + count(Survey::No, None))),
                ("optimistic", &self.int(optimistic)),
                ("pessimistic", &self.int(pessimistic)),
            ],
        );
        Confusion {
            title: self.texts.text(&format!("confusion_{name}")).to_owned(),
            columns: Status::ALL.map(|s| self.texts.text(&format!("{name}_{}", s.name())).to_owned()).into(),
            rows: rows.into(),
            note,
            list_title: self.fill("disagreements", &[("n", &self.int(optimistic + pessimistic))]),
            villages: self.disagreements(of, name),
        }
    }
}
