//! What to build, in which order and year, and how sure it is that nothing better exists.

use super::Writer;
use crate::planning::backhaul::LinkKind;
use crate::planning::{Plan, PlanStatus, PlannedSite, PlannedYear, PlannedYears, PowerSource};
use serde::Serialize;

/// The plan on the page.
#[derive(Debug, Serialize)]
pub(super) struct PlanView {
    proof: String,
    limits: Vec<String>,
    sites: Vec<SiteView>,
    total: String,
    yearly: String,
    ways: String,
    phases: Option<PhasesView>,
}

#[derive(Debug, Serialize)]
struct PhasesView {
    years: Vec<YearView>,
    proof: String,
}

#[derive(Debug, Serialize)]
struct YearView {
    year: String,
    budget: String,
    spent: String,
    villages: String,
    people: String,
}

#[derive(Debug, Serialize)]
struct SiteView {
    order: usize,
    year: String,
    id: String,
    position: String,
    height: String,
    carries: String,
    link: String,
    power: String,
    cost: String,
    parts: String,
    villages: String,
    people: String,
    names: Vec<String>,
    only_here: String,
    replacement: String,
}

impl Writer<'_> {
    /// The plan; `None` without one.
    pub(super) fn plan(&self) -> Option<PlanView> {
        let plan = self.results.plan.as_ref()?;
        let planning = &self.results.study.config.planning;
        let mut limits = Vec::new();
        if plan.objective.ends_with("budget")
            && let Some(budget) = planning.budget()
        {
            limits.push(self.fill("limit_budget", &[("cost", &self.numbers.money(budget))]));
        }
        if plan.objective.ends_with("sites")
            && let Some(sites) = planning.max_sites
        {
            limits.push(self.fill("limit_sites", &[("n", &self.int(sites))]));
        }
        if !plan.conflict.is_empty() {
            limits.push(self.fill("conflict", &[("list", &plan.conflict.join("; "))]));
        }
        Some(PlanView {
            proof: self.proof(plan),
            limits,
            sites: plan.sites.iter().map(|site| self.site(plan, site)).collect(),
            total: self.numbers.money(plan.investment()),
            yearly: self.fill("yearly_cost", &[("cost", &self.numbers.money(plan.yearly_cost()))]),
            ways: self.own_ways(plan),
            phases: plan.years.as_ref().map(|years| self.phases(years)),
        })
    }

    /// How many villages have ways of their own, by kind; empty where none has.
    fn own_ways(&self, plan: &Plan) -> String {
        let built = || plan.ways.iter().filter(|way| way.is_affordable);
        let of_kind = |kind: &&str| built().filter(|way| way.way.kind.name() == *kind).count();
        let kinds = ["fibre", "repeater", "satellite"].into_iter().filter(|kind| of_kind(kind) > 0);
        let list: Vec<String> =
            kinds.map(|kind| self.fill(&format!("way_{kind}_n"), &[("n", &self.int(of_kind(&kind)))])).collect();
        match built().count() {
            0 => String::new(),
            n => self.fill("own_ways", &[("n", &self.int(n)), ("list", &list.join(", "))]),
        }
    }

    fn phases(&self, years: &PlannedYears) -> PhasesView {
        let view = |year: &PlannedYear| YearView {
            year: year.year.to_string(),
            budget: self.numbers.money(year.budget_million_vnd),
            spent: self.numbers.money(year.spent_million_vnd),
            villages: self.int(year.villages),
            people: self.int(i64::try_from(year.people).unwrap_or(i64::MAX)),
        };
        let gap = (years.bound - years.value) / years.value.max(1.0);
        let proof = if years.is_proven {
            self.texts.text("phases_proven").to_owned()
        } else {
            self.fill("phases_not_proven", &[("gap", &self.numbers.percent(gap, 2))])
        };
        PhasesView { years: years.years.iter().map(view).collect(), proof }
    }

    fn proof(&self, plan: &Plan) -> String {
        let is_cost = plan.objective == "least-cost";
        let figure = |value: f64| if is_cost { self.numbers.money(value) } else { self.numbers.decimal(value, 0) };
        let key = match (plan.status, is_cost) {
            (PlanStatus::NothingToDo, _) => "plan_nothing",
            (PlanStatus::Infeasible, _) => "proof_infeasible",
            (PlanStatus::Optimal, true) => "proof_optimal_cost",
            (PlanStatus::Optimal, false) => "proof_optimal_people",
            (PlanStatus::Feasible, true) => "proof_feasible_cost",
            (PlanStatus::Feasible, false) => "proof_feasible_people",
        };
        let values = [
            ("n", self.int(plan.candidates.len())),
            ("value", figure(plan.value)),
            ("bound", figure(plan.bound)),
            ("gap", self.numbers.percent(plan.gap, 2)),
        ];
        self.fill(key, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    fn site(&self, plan: &Plan, site: &PlannedSite) -> SiteView {
        let candidate = &plan.candidates[site.candidate];
        let names = |list: &[usize]| -> Vec<String> { list.iter().map(|&v| self.village(v).name.clone()).collect() };
        let only_here = match site.only_here.len() {
            0 => self.texts.text("not_known").to_owned(),
            n if n > 1 && site.only_here == site.newly_served => self.fill("all_of_them", &[("n", &self.int(n))]),
            _ => names(&site.only_here).join(", "),
        };
        let money = &site.money;
        let parts = [
            ("mast", money.mast),
            ("radio", money.radio),
            ("power", money.power),
            ("link", money.link),
            ("access", money.access),
        ];
        let parts = parts.map(|(name, cost)| (name, self.numbers.money(cost)));
        SiteView {
            order: site.order,
            year: self.year(plan, site),
            id: candidate.id.clone(),
            position: Self::position(candidate.position),
            height: format!("{}\u{a0}m", self.numbers.decimal(candidate.terrain_amsl_m, 0)),
            carries: self.carries(site),
            link: self.link(plan, site),
            power: self.power(site.power.source),
            cost: self.numbers.money(money.investment()),
            parts: self.fill("cost_parts", &parts.each_ref().map(|(name, cost)| (*name, cost.as_str()))),
            villages: self.int(site.newly_served.len()),
            people: self.int(self.people(&site.newly_served)),
            names: names(&site.newly_served),
            only_here,
            replacement: match site.replacement_million_vnd {
                _ if site.only_here.is_empty() => String::new(),
                Some(cost) => self.fill("replaced_for", &[("cost", &self.numbers.money(cost))]),
                None => self.texts.text("not_replaced").to_owned(),
            },
        }
    }

    /// The year in which a site is built; empty where nothing is phased.
    fn year(&self, plan: &Plan, site: &PlannedSite) -> String {
        match site.year {
            Some(year) => year.to_string(),
            None if plan.years.is_some() => self.texts.text("not_affordable").to_owned(),
            None => String::new(),
        }
    }

    fn carries(&self, site: &PlannedSite) -> String {
        let configurations = self.results.study.config.planning.configurations();
        let names: Vec<&str> =
            site.radios.iter().map(|radio| configurations[radio.configuration].name.as_str()).collect();
        if names.is_empty() { self.texts.text("relay").to_owned() } else { names.join(", ") }
    }

    fn link(&self, plan: &Plan, site: &PlannedSite) -> String {
        let Some(link) = &site.link else { return self.texts.text("link_present").to_owned() };
        let from = plan.start_of(link).unwrap_or(self.texts.text("not_known"));
        let km = |length_m: f64| self.numbers.decimal(length_m / 1000.0, 1);
        match &link.kind {
            LinkKind::Microwave(hop) => self.fill("link_microwave", &[("km", &km(hop.length_m)), ("from", from)]),
            LinkKind::Fibre(fibre) => self.fill("link_fibre", &[("km", &km(fibre.length_m)), ("from", from)]),
            LinkKind::Satellite { .. } => self.texts.text("link_satellite").to_owned(),
        }
    }

    fn power(&self, source: PowerSource) -> String {
        match source {
            PowerSource::Present => self.texts.text("power_present").to_owned(),
            PowerSource::Grid { line_m, .. } if line_m >= 50.0 => {
                self.fill("power_grid_line", &[("km", &self.numbers.decimal(line_m / 1000.0, 1))])
            }
            PowerSource::Grid { .. } => self.texts.text("power_grid").to_owned(),
            PowerSource::Solar => self.texts.text("power_solar").to_owned(),
        }
    }
}
