//! Plans of studies through the real binary: money, links, years, rules, fallbacks and reasons hold together in `plan.json`.
#![allow(clippy::unwrap_used)]

mod common;

use common::{SmallStudy, notspot};
use notspot::report::{PlanDocument, SiteDocument};

/// The plan of a small study with more lines in its study file; exit code, stderr, and the plan where there is one.
fn plan(study: &SmallStudy, more: &str) -> (Option<i32>, String, Option<PlanDocument>) {
    study.edit("study.toml", "[inputs]", &format!("{more}\n[inputs]"));
    let out = study.path("out");
    let output = notspot().arg("plan").arg(study.path("study.toml")).arg("-o").arg(&out).output().unwrap();
    let text = std::fs::read(out.join("plan.json")).ok();
    let plan = text.map(|text| serde_json::from_slice(&text).unwrap());
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), plan)
}

fn total(site: &SiteDocument) -> f64 {
    let cost = &site.cost_million_vnd;
    cost.mast + cost.access + cost.power + cost.radio + cost.link
}

#[test]
fn a_plan_adds_up() {
    let (code, stderr, plan) = plan(
        &SmallStudy::new(),
        "[planning.costs]\nrevenue_per_person_year = 0.4\ndiscount_rate = 0.0\nhorizon_years = 10",
    );
    let plan = plan.unwrap();
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!((plan.gap_villages, plan.newly_served_villages, plan.newly_served_people), (2, 2, 500));
    let sum: f64 = plan.sites.iter().map(total).sum();
    assert!((sum - plan.cost_million_vnd).abs() < 1e-9 && (sum - plan.value).abs() < 1e-6 * sum, "{plan:#?}");
    assert!((plan.value - plan.bound).abs() <= 1e-6 * plan.value, "proven");
    for site in &plan.sites {
        let cost = &site.cost_million_vnd;
        assert!((cost.total - total(site)).abs() < 1e-9);
        let earned = 10.0 * (0.4 * site.newly_served_people as f64 - cost.yearly) - cost.total;
        assert!((cost.present_value.unwrap() - earned).abs() < 1e-6);
        assert!((cost.subsidy.unwrap() - (-earned).max(0.0)).abs() < 1e-6);
        let link = site.link.as_ref().unwrap();
        assert!(link.from.is_some() && link.length_m.unwrap() > 0.0, "{link:?}");
        assert!(link.clearance_f1.is_none_or(|clear| clear >= 0.6), "{link:?}");
    }
    assert!(plan.villages.iter().all(|v| v.outcome == "served_by_plan" && v.probability.unwrap() >= 0.9));
    assert!(plan.sites.iter().all(|site| site.replacement_million_vnd.is_some_and(|more| more >= 0.0)));
}

#[test]
fn forced_and_forbidden_candidates_are_kept_to() {
    let best = plan(&SmallStudy::new(), "").2.unwrap();
    let id = &best.sites[0].id;
    let other = plan(&SmallStudy::new(), &format!("[planning.rules]\nforbidden = [\"{id}\"]")).2.unwrap();
    assert!(other.sites.iter().all(|site| site.id != *id) && other.value >= best.value - 1e-6, "{other:#?}");
    let at_most = best.cost_million_vnd + best.sites[0].replacement_million_vnd.unwrap();
    assert!(other.cost_million_vnd <= at_most + 1e-6, "the price of a replacement is an upper bound");
    let forced = &other.sites[0].id;
    let both = plan(&SmallStudy::new(), &format!("[planning.rules]\nforced = [\"{id}\", \"{forced}\"]")).2.unwrap();
    let has = |id: &String| both.sites.iter().any(|site| site.id == *id);
    assert!(has(id) && has(forced) && both.value >= best.value - 1e-6);
}

#[test]
fn rules_that_cannot_hold_are_named() {
    let (code, stderr, _) = plan(&SmallStudy::new(), "[planning.rules]\nforced = [\"C99999\"]");
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("planning.rules.forced = \"C99999\": is none of the"), "{stderr}");
    let (code, stderr, _) = plan(&SmallStudy::new(), "[planning.rules]\nforced = [\"C1\"]\nforbidden = [\"C1\"]");
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("forced and forbidden at once"), "{stderr}");
    let limits = "[planning]\nobjective = \"most-people-budget\"\nbudget_million_vnd = 10.0\n[planning.rules]\ncommune_share = 1.0";
    let (code, stderr, plan) = plan(&SmallStudy::new(), limits);
    assert_eq!(code, Some(3), "{stderr}");
    let conflict = plan.unwrap().conflict.join("; ");
    assert!(conflict.contains("a budget of 10 million VND") && conflict.contains("commune_share = 1 in"), "{conflict}");
    let (code, stderr, _) = self::plan(&SmallStudy::new(), "[planning.costs]\nsite = -1.0");
    assert_eq!(code, Some(2), "{stderr}");
}

#[test]
fn years_keep_their_budgets_and_say_what_is_left() {
    let years = |budgets: &str| {
        let phases = format!("[planning.phases]\nyears = [2026, 2027]\nbudgets_million_vnd = {budgets}");
        plan(&SmallStudy::new(), &phases).2.unwrap()
    };
    let free = plan(&SmallStudy::new(), "").2.unwrap();
    let all = years("[0.0, 100000.0]");
    let phases = all.phases.as_ref().unwrap();
    assert!(phases.proven && phases.years[0].spent_million_vnd == 0.0);
    assert!((phases.years[1].spent_million_vnd - free.cost_million_vnd).abs() < 1e-6);
    assert!(all.villages.iter().all(|village| village.year == Some(2027)));
    let none = years("[1.0, 1.0]");
    assert_eq!((none.cost_million_vnd, none.newly_served_villages), (0.0, 0));
    assert!(none.sites.iter().all(|site| !site.affordable && site.year.is_none()));
    assert!(none.villages.iter().all(|village| village.outcome == "years_end"), "{:#?}", none.villages);
    assert!(none.villages.iter().all(|village| village.cheapest.as_ref().unwrap().cost_million_vnd > 0.0));
}

#[test]
fn fallbacks_are_an_alternative_where_the_study_says_so() {
    let cheap = "[planning.fallback]\nwhen = \"alternative\"\nsatellite = 1.0\nrepeater = 2.0";
    let plan = plan(&SmallStudy::new(), cheap).2.unwrap();
    assert!(plan.sites.is_empty() && plan.ways.len() == 2 && plan.cost_million_vnd == 2.0, "{plan:#?}");
    assert!(plan.villages.iter().all(|village| village.way.as_deref() == Some("satellite")));
}

#[test]
fn electricity_comes_from_the_grid_where_that_is_cheaper() {
    let source = |more: &str| {
        plan(&SmallStudy::new(), more).2.unwrap().sites.iter().map(|s| s.power.clone()).collect::<Vec<_>>()
    };
    let sun = source("[planning.power]\nsolar = 0.0");
    assert!(!sun.is_empty() && sun.iter().all(|power| power == "solar"), "{sun:?}");
    let grid = source("[planning.power]\nsolar = 100000.0\nmax_grid_km = 100.0\ngrid_per_km = 1.0");
    assert!(!grid.is_empty() && grid.iter().all(|power| power == "grid"), "{grid:?}");
}
