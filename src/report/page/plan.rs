//! What to build, in which order, and how sure it is that nothing better exists.

use super::Writer;
use crate::planning::{Plan, PlanStatus, PlannedSite};
use serde::Serialize;

/// The plan on the page.
#[derive(Debug, Serialize)]
pub(super) struct PlanView {
    proof: String,
    limits: Vec<String>,
    sites: Vec<SiteView>,
    total: String,
}

#[derive(Debug, Serialize)]
struct SiteView {
    order: usize,
    id: String,
    position: String,
    height: String,
    cost: String,
    parts: String,
    villages: String,
    people: String,
    names: Vec<String>,
    only_here: String,
}

impl Writer<'_> {
    /// The plan; `None` without one.
    pub(super) fn plan(&self) -> Option<PlanView> {
        let plan = self.results.plan.as_ref()?;
        let planning = &self.results.study.config.planning;
        let mut limits = Vec::new();
        if plan.objective.ends_with("budget")
            && let Some(budget) = planning.budget_million_vnd
        {
            limits.push(self.fill("limit_budget", &[("cost", &self.numbers.money(budget))]));
        }
        if plan.objective.ends_with("sites")
            && let Some(sites) = planning.max_sites
        {
            limits.push(self.fill("limit_sites", &[("n", &self.int(sites))]));
        }
        let sites = plan.sites.iter().map(|site| self.site(plan, site)).collect();
        Some(PlanView { proof: self.proof(plan), limits, sites, total: self.numbers.money(plan.cost()) })
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
        let cost = &candidate.cost;
        let names = |list: &[usize]| -> Vec<String> { list.iter().map(|&v| self.village(v).name.clone()).collect() };
        let only_here = match site.only_here.len() {
            0 => self.texts.text("not_known").to_owned(),
            n if n > 1 && site.only_here == site.newly_served => self.fill("all_of_them", &[("n", &self.int(n))]),
            _ => names(&site.only_here).join(", "),
        };
        let parts = cost.parts.map(|parts| {
            let access =
                parts.access.map_or_else(|| self.texts.text("not_known").to_owned(), |a| self.numbers.money(a));
            let (site, transmission) = (self.numbers.money(parts.site), self.numbers.money(parts.transmission));
            self.fill("cost_parts", &[("site", &site), ("transmission", &transmission), ("access", &access)])
        });
        SiteView {
            order: site.order,
            id: candidate.id.clone(),
            position: Self::position(candidate.position),
            height: match candidate.terrain_amsl_m {
                hidden if hidden.is_nan() => self.texts.text("not_known").to_owned(),
                height_m => format!("{}\u{a0}m", self.numbers.decimal(height_m, 0)),
            },
            cost: self.numbers.money(cost.total),
            parts: parts.unwrap_or_default(),
            villages: self.int(site.newly_served.len()),
            people: self.int(self.people(&site.newly_served)),
            names: names(&site.newly_served),
            only_here,
        }
    }
}
