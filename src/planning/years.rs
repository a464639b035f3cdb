//! In which year each part of a plan is built.

use super::build::Demand;
use super::plan::LinkStart;
use super::plan::{PlannedSite, PlannedWay, PlannedYear, PlannedYears};
use super::power::PowerSource;
use super::solver::Programme as Works;
use super::solver::{Control, Wish, Work, schedule};
use crate::study::Phases;

/// Most nodes of the search for the best schedule; it ends earlier with a proof.
const MOST_NODES: i32 = 20_000;

/// What is built when, by site and by way.
pub(super) struct Years {
    pub(super) sites: Vec<Option<u16>>,
    pub(super) ways: Vec<Option<u16>>,
    pub(super) summary: PlannedYears,
}

/// Spreads sites and ways over the study's years. `serves` gives for each demand the sites and the ways that serve it.
pub(super) fn spread(
    phases: &Phases,
    sites: &[PlannedSite],
    ways: &[PlannedWay],
    demands: &[Demand],
    serves: &[(Vec<usize>, Vec<usize>)],
    control: &Control<'_>,
) -> Years {
    let index_of = |year: u16| phases.years.partition_point(|&y| y < year);
    let mut works: Vec<Work> = Vec::with_capacity(sites.len() + ways.len());
    for site in sites {
        let earliest = match site.power.source {
            PowerSource::Grid { from_year: Some(year), .. } => index_of(year),
            _ => 0,
        };
        let after = match site.link.as_ref().map(|link| &link.from) {
            Some(LinkStart::Site(before)) => Some(*before),
            _ => None,
        };
        works.push(Work { cost: site.money.investment(), after, earliest });
    }
    works.extend(ways.iter().map(|way| Work { cost: way.money.investment(), after: None, earliest: 0 }));
    let wishes: Vec<Wish> = demands
        .iter()
        .zip(serves)
        .map(|(demand, (by_sites, by_ways))| {
            let works = by_sites.iter().copied().chain(by_ways.iter().map(|way| sites.len() + way)).collect();
            Wish { weight: demand.weight, from: 0, works }
        })
        .collect();
    let budgets = &phases.budgets_million_vnd;
    let found = schedule(&Works { works: &works, wishes: &wishes, budgets }, Some(MOST_NODES), control);
    let mut years: Vec<PlannedYear> = phases
        .years
        .iter()
        .zip(budgets)
        .map(|(&year, &budget_million_vnd)| PlannedYear {
            year,
            budget_million_vnd,
            spent_million_vnd: 0.0,
            villages: 0,
            people: 0,
        })
        .collect();
    for (work, year) in works.iter().zip(&found.years) {
        if let Some(year) = year {
            years[*year].spent_million_vnd += work.cost;
        }
    }
    for (demand, wish) in demands.iter().zip(&wishes) {
        if let Some(year) = wish.works.iter().filter_map(|&work| found.years[work]).min() {
            years[year].villages += 1;
            years[year].people += demand.people;
        }
    }
    let mut named = found.years.iter().map(|year| year.map(|year| phases.years[year]));
    let by_site = named.by_ref().take(sites.len()).collect();
    Years {
        sites: by_site,
        ways: named.collect(),
        summary: PlannedYears { years, value: found.value, bound: found.bound, is_proven: found.is_proven },
    }
}
