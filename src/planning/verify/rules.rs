//! The part of the check that looks at rules beyond covering: which demands count as served, and is every rule kept?

use super::{Claim, Names, assign};
use crate::planning::solver::rules::within;
use crate::planning::solver::{Assignment, Covering, Least, Objective, Rules};
use std::borrow::Cow;
use std::collections::HashSet;

/// Whether each candidate may be chosen, as far as it alone can tell: it is not forbidden, and what it covers reaches its
/// floor. What stands already is always there.
pub(crate) fn usable(problem: &Covering, rules: &Rules) -> Vec<bool> {
    let covered = |j: u32| problem.covers(j).iter().map(|&i| problem.weights()[i as usize]).sum::<f64>();
    let mut usable: Vec<bool> =
        (0..problem.candidates() as u32).map(|j| within(rules.floor(j), covered(j).max(0.0))).collect();
    rules.forbidden.iter().for_each(|&j| usable[j as usize] = false);
    problem.fixed().iter().for_each(|&j| usable[j as usize] = true);
    usable
}

/// Whether the marked candidates could serve a demand, if it were the only one.
pub(super) fn can_serve(problem: &Covering, rules: &Rules, demand: u32, marked: &[bool]) -> bool {
    let able = |&&j: &&u32| marked[j as usize] && within(rules.load(demand), rules.capacity(j));
    if rules.need(demand) == 1 {
        return problem.servers(demand).iter().any(|j| able(&j));
    }
    let places: HashSet<u32> = problem.servers(demand).iter().filter(able).map(|&j| rules.place(j)).collect();
    places.len() >= rules.need(demand) as usize
}

/// Which demands count as served, and what is wrong by the rules; `active` marks the chosen and the fixed candidates.
pub(super) fn check(
    problem: &Covering,
    rules: &Rules,
    objective: &Objective,
    active: &[bool],
    claim: &Claim<'_>,
    names: &Names<'_>,
    faults: &mut Vec<String>,
) -> Vec<bool> {
    let candidate = names.candidate;
    let is_active = |j: u32| active.get(j as usize).copied().unwrap_or(false);
    for &j in rules.forced.iter().filter(|&&j| !is_active(j)) {
        faults.push(format!("{} must be chosen and is not", candidate(j)));
    }
    for &j in rules.forbidden.iter().filter(|&&j| is_active(j)) {
        faults.push(format!("{} must not be chosen and is", candidate(j)));
    }
    for group in &rules.one_of {
        let chosen: Vec<String> = group.iter().filter(|&&j| is_active(j)).map(|&j| candidate(j)).collect();
        if chosen.len() > 1 {
            faults.push(format!("{} are chosen, but only one of them may be", chosen.join(" and ")));
        }
    }
    let assignments: Cow<'_, [Assignment]> = match claim.assignments {
        Some(given) => given.into(),
        None if rules.assigns() => {
            let found = assign::find(problem, rules, objective, active);
            if found.is_none() {
                faults.push("no assignments are given, and none keeps the capacities, floors and shares".into());
            }
            found.unwrap_or_default().into()
        }
        None => Cow::Borrowed(&[]),
    };
    let by_assignment = check_assignments(problem, rules, &is_active, &assignments, names, faults);
    let served: Vec<bool> = if rules.assigns() {
        (0..problem.demands()).map(|i| by_assignment[i].len() >= rules.need(i as u32) as usize).collect()
    } else {
        (0..problem.demands() as u32).map(|i| can_serve(problem, rules, i, active)).collect()
    };
    for (k, share) in rules.shares.iter().enumerate() {
        let met = share.demands.iter().filter(|&&i| served[i as usize]);
        match share.least {
            Least::Count(least) => {
                let count = met.count();
                if count < least as usize {
                    faults.push(format!(
                        "{}: {count} of its demands are served, {least} must be",
                        (names.share)(k as u32)
                    ));
                }
            }
            Least::Weight(least) => {
                let weight = met.map(|&i| problem.weights()[i as usize]).fold(0.0, |sum, w| sum + w);
                if !within(least, weight) {
                    faults
                        .push(format!("{}: a weight of {weight} is served, {least} must be", (names.share)(k as u32)));
                }
            }
        }
    }
    served
}

/// The places to which each demand is assigned, and what is wrong with the assignments.
fn check_assignments(
    problem: &Covering,
    rules: &Rules,
    is_active: &dyn Fn(u32) -> bool,
    assignments: &[Assignment],
    names: &Names<'_>,
    faults: &mut Vec<String>,
) -> Vec<Vec<u32>> {
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); problem.demands()];
    let (mut load, mut weight) = (vec![0.0; problem.candidates()], vec![0.0; problem.candidates()]);
    for &Assignment { demand: i, candidate: j } in assignments {
        let shown = || format!("the assignment of {} to {}", (names.demand)(i), (names.candidate)(j));
        if i as usize >= problem.demands() || j as usize >= problem.candidates() {
            faults.push(format!("{} names what does not exist", shown()));
            continue;
        }
        if !is_active(j) {
            faults.push(format!("{} is to a candidate that is not chosen", shown()));
        }
        if problem.covers(j).binary_search(&i).is_err() {
            faults.push(format!("{} is to a candidate that does not serve it", shown()));
        }
        if places[i as usize].contains(&rules.place(j)) {
            faults.push(format!("{} is the second one to the same place", shown()));
            continue;
        }
        places[i as usize].push(rules.place(j));
        load[j as usize] += rules.load(i);
        weight[j as usize] += problem.weights()[i as usize];
    }
    for (i, places) in places.iter().enumerate() {
        let (i, assigned) = (i as u32, places.len());
        if assigned != 0 && assigned != rules.need(i) as usize {
            faults.push(format!("{} is assigned {assigned} times instead of {}", (names.demand)(i), rules.need(i)));
        }
    }
    for j in 0..problem.candidates() as u32 {
        let (load, weight) = (load[j as usize], weight[j as usize]);
        if !within(load, rules.capacity(j)) {
            faults.push(format!("{} carries {load}, it can carry {}", (names.candidate)(j), rules.capacity(j)));
        }
        let is_new = is_active(j) && problem.fixed().binary_search(&j).is_err();
        if is_new && !within(rules.floor(j), weight) {
            faults.push(format!(
                "a weight of {weight} is assigned to {}, the least is {}",
                (names.candidate)(j),
                rules.floor(j)
            ));
        }
    }
    places
}
