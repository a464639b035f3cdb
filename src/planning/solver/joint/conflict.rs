//! Which rules and limits exclude each other: what stays when each that is not needed for the conflict has been left out
//! (deletion filter: Chinneck & Dravnieks, ORSA J. Comput. 3 (1991) 157–168).

use super::super::rules::RuleName;
use super::super::{Backhaul, Control, Covering, Objective, Rules, SolveOptions, Status};
use std::mem::discriminant;

/// More names of one kind than this stay together.
const MOST_NAMES: usize = 40;

/// Rules and limits without any one of which there would be a plan, as far as that is proven. Empty when there is no plan
/// without rules either.
pub(super) fn find(
    problem: &Covering,
    backhaul: &Backhaul,
    rules: &Rules,
    objective: &Objective,
    options: &SolveOptions,
    control: &Control<'_>,
) -> Vec<RuleName> {
    let options = SolveOptions { gap: f64::INFINITY, heuristic: false, ..*options };
    let excludes_all = |kept: &[RuleName]| {
        let (backhaul, rules, objective) = only(kept, backhaul, rules, objective);
        let silent = control.silent();
        let tried = super::attempt(problem, &backhaul, &rules, &objective, &[], &options, &silent);
        !control.stop() && tried.is_ok_and(|solution| solution.status == Status::Infeasible)
    };
    let mut names = all(backhaul, rules, objective);
    let mut kinds = names.clone();
    kinds.dedup_by_key(|name| discriminant(name));
    for kind in kinds {
        let others: Vec<RuleName> = names.iter().copied().filter(|n| discriminant(n) != discriminant(&kind)).collect();
        if excludes_all(&others) {
            names = others;
        }
    }
    for name in names.clone() {
        let alike = names.iter().filter(|n| discriminant(*n) == discriminant(&name)).count();
        if alike > 1 && alike <= MOST_NAMES {
            let others: Vec<RuleName> = names.iter().copied().filter(|&n| n != name).collect();
            if excludes_all(&others) {
                names = others;
            }
        }
    }
    names
}

/// Every rule and limit, those of one kind together.
fn all(backhaul: &Backhaul, rules: &Rules, objective: &Objective) -> Vec<RuleName> {
    let numbered = |list: usize, name: fn(u32) -> RuleName| (0..list as u32).map(name);
    let mut names: Vec<RuleName> = rules.forced.iter().map(|&j| RuleName::Forced(j)).collect();
    names.extend(rules.forbidden.iter().map(|&j| RuleName::Forbidden(j)));
    names.extend(numbered(rules.one_of.len(), RuleName::OneOf));
    names.extend(numbered(rules.shares.len(), RuleName::Share));
    let limit = match objective {
        Objective::LeastCost => None,
        Objective::MostWeightSites { .. } => Some(RuleName::MaxSites),
        Objective::MostWeightBudget { .. } => Some(RuleName::Budget),
    };
    let flags = [
        (rules.redundancy.iter().any(|&r| r > 1), RuleName::Redundancy),
        (rules.capacities.iter().any(|c| c.is_finite()), RuleName::Capacity),
        (rules.floors.iter().any(|&f| f > 0.0), RuleName::Floor),
        (backhaul.max_hops.is_some(), RuleName::MaxHops),
    ];
    names.extend(flags.into_iter().filter(|f| f.0).map(|f| f.1).chain(limit));
    names
}

/// The problem with these rules and limits alone.
fn only(kept: &[RuleName], backhaul: &Backhaul, rules: &Rules, objective: &Objective) -> (Backhaul, Rules, Objective) {
    let has = |name: RuleName| kept.contains(&name);
    let keep = |list: &[u32], name: fn(u32) -> RuleName| list.iter().copied().filter(|&j| has(name(j))).collect();
    let places = |n: usize, name: fn(u32) -> RuleName| (0..n).filter(move |&k| kept.contains(&name(k as u32)));
    let reduced = Rules {
        forced: keep(&rules.forced, RuleName::Forced),
        forbidden: keep(&rules.forbidden, RuleName::Forbidden),
        one_of: places(rules.one_of.len(), RuleName::OneOf).map(|k| rules.one_of[k].clone()).collect(),
        shares: places(rules.shares.len(), RuleName::Share).map(|k| rules.shares[k].clone()).collect(),
        redundancy: if has(RuleName::Redundancy) { rules.redundancy.clone() } else { Vec::new() },
        capacities: if has(RuleName::Capacity) { rules.capacities.clone() } else { Vec::new() },
        floors: if has(RuleName::Floor) { rules.floors.clone() } else { Vec::new() },
        ..rules.clone()
    };
    let max_hops = backhaul.max_hops.filter(|_| has(RuleName::MaxHops));
    let objective = match *objective {
        Objective::MostWeightSites { .. } if !has(RuleName::MaxSites) => {
            Objective::MostWeightSites { max_sites: u32::MAX }
        }
        Objective::MostWeightBudget { .. } if !has(RuleName::Budget) => {
            Objective::MostWeightBudget { budget: f64::MAX }
        }
        other => other,
    };
    (Backhaul { max_hops, ..backhaul.clone() }, reduced, objective)
}
