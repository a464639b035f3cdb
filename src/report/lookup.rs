//! From a village or candidate to what the results say of it.

use super::Results;
use crate::planning::Outcome;

/// Answers by index, so that every output asks once.
pub(super) struct Lookup {
    /// Index in [`Results::gaps`] of each village.
    pub(super) gap_of: Vec<Option<usize>>,
    /// What becomes of each village.
    pub(super) outcome_of: Vec<Option<Outcome>>,
    /// Each village's share of the cost of the site that newly serves it, by people, or the cost of its own way, million VND.
    pub(super) cost_share: Vec<Option<f64>>,
    /// Place of each candidate in the ranking, from 0.
    pub(super) rank_of: Vec<Option<usize>>,
    /// Index in [`crate::planning::Plan::sites`] of each candidate.
    pub(super) planned_of: Vec<Option<usize>>,
}

impl Lookup {
    pub(super) fn new(results: &Results<'_>) -> Self {
        let villages = &results.study.villages;
        let mut lookup = Self {
            gap_of: vec![None; villages.len()],
            outcome_of: vec![None; villages.len()],
            cost_share: vec![None; villages.len()],
            rank_of: Vec::new(),
            planned_of: Vec::new(),
        };
        for (index, gap) in results.gaps.iter().enumerate() {
            for &village in &gap.villages {
                lookup.gap_of[village] = Some(index);
            }
        }
        let Some(plan) = &results.plan else { return lookup };
        lookup.rank_of = vec![None; plan.candidates.len()];
        lookup.planned_of = vec![None; plan.candidates.len()];
        for (rank, ranked) in plan.ranking.iter().enumerate() {
            lookup.rank_of[ranked.candidate] = Some(rank);
        }
        for (village, outcome) in &plan.outcomes {
            lookup.outcome_of[*village] = Some(outcome.clone());
        }
        for (index, site) in plan.sites.iter().enumerate() {
            lookup.planned_of[site.candidate] = Some(index);
            let people = |v: usize| f64::from(villages[v].people());
            let all: f64 = site.newly_served.iter().map(|&v| people(v)).sum();
            for &village in &site.newly_served {
                let share = if all > 0.0 { people(village) / all } else { 1.0 / site.newly_served.len() as f64 };
                lookup.cost_share[village] = Some(site.money.investment() * share);
            }
        }
        for (village, outcome) in &plan.outcomes {
            if let Outcome::OwnWay { way } = outcome {
                lookup.cost_share[*village] = Some(plan.ways[*way].money.investment());
            }
        }
        lookup
    }
}
