//! Checks a plan against its covering problem, whoever made it; shares no code with the solver's algorithms.
//!
//! In: the problem, what was to be optimised, and what the plan claims. Out: sentences that say what is wrong, none when
//! the plan stands. Optimality is not checked, only that the plan is what it says it is.

mod assign;
mod backhaul;
mod rules;

pub(crate) use backhaul::connectable;
pub(crate) use rules::usable;

use super::solver::{Assignment, Backhaul, Covering, Hop, Node, Objective, Rules};

/// Relative difference that is allowed between a stated and a recomputed amount.
const TOLERANCE: f64 = 1e-6;

/// What a plan says, by number.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claim<'a> {
    /// Chosen candidates; the fixed ones may be left out.
    pub chosen: &'a [u32],
    /// Chosen hops.
    pub hops: &'a [Hop],
    /// Who serves whom, if the plan says so; worked out where capacities or floors need it.
    pub assignments: Option<&'a [Assignment]>,
    /// The objective that it states, if it does.
    pub objective: Option<f64>,
    /// Demands that need no cover where they are [`uncoverable`].
    pub excused: &'a [u32],
}

/// Names for the sentences.
pub struct Names<'a> {
    /// Name of a candidate.
    pub candidate: &'a dyn Fn(u32) -> String,
    /// Name of a demand.
    pub demand: &'a dyn Fn(u32) -> String,
    /// Name of a root.
    pub root: &'a dyn Fn(u32) -> String,
    /// Name of a group with a least share, by its number in the rules.
    pub share: &'a dyn Fn(u32) -> String,
}

impl Names<'_> {
    /// Numbers as names.
    pub const NUMBERS: Names<'static> = Names {
        candidate: &|j| format!("candidate number {j}"),
        demand: &|i| format!("demand number {i}"),
        root: &|r| format!("root number {r}"),
        share: &|k| format!("share number {k}"),
    };

    fn node(&self, node: Node) -> String {
        match node {
            Node::Root(r) => (self.root)(r),
            Node::Candidate(j) => (self.candidate)(j),
        }
    }
}

/// Demands that cannot be served even if they were the only ones: too few places have a candidate that serves them, can
/// carry their load, may be chosen (not forbidden, and covering enough for its floor) and, with backhaul, can be connected
/// through such candidates. Increasing.
pub fn uncoverable(problem: &Covering, backhaul: Option<&Backhaul>, rules: &Rules) -> Vec<u32> {
    let usable = usable(problem, rules);
    let usable = backhaul.map_or_else(|| usable.clone(), |b| connectable(problem, b, &usable));
    (0..problem.demands() as u32).filter(|&i| !rules::can_serve(problem, rules, i, &usable)).collect()
}

/// What is wrong with a plan.
pub fn check(
    problem: &Covering,
    backhaul: Option<&Backhaul>,
    rules: &Rules,
    objective: &Objective,
    claim: &Claim<'_>,
    names: &Names<'_>,
) -> Vec<String> {
    let &Claim { chosen, hops, objective: claimed, excused, .. } = claim;
    let (candidate, demand) = (names.candidate, names.demand);
    let mut faults = Vec::new();
    let mut times = vec![0usize; problem.candidates()];
    for &j in chosen {
        match times.get_mut(j as usize) {
            Some(times) => *times += 1,
            None => faults.push(format!("{} is chosen but does not exist", candidate(j))),
        }
    }
    for (j, &times) in times.iter().enumerate().filter(|&(_, &t)| t > 1) {
        faults.push(format!("{} is chosen {times} times", candidate(j as u32)));
    }
    // Candidates that stand already serve whether the plan repeats them or not, and use up nothing.
    let mut stands = vec![false; problem.candidates()];
    problem.fixed().iter().for_each(|&j| stands[j as usize] = true);
    let mut active: Vec<bool> = times.iter().map(|&t| t > 0).collect();
    let attached = backhaul.map(|b| b.attached(problem.candidates())).unwrap_or_default();
    let mut new_sites = 0usize;
    let mut cost = 0.0;
    for (j, _) in times.iter().enumerate().filter(|&(_, &t)| t > 0) {
        if !stands[j] {
            new_sites += usize::from(!attached.get(j).copied().unwrap_or(false));
            cost += problem.costs()[j];
        }
    }
    problem.fixed().iter().for_each(|&j| active[j as usize] = true);
    match backhaul {
        Some(backhaul) => cost += backhaul::check(problem, backhaul, &active, hops, names, &mut faults),
        None if hops.is_empty() => {}
        None => faults.push(format!("{} arcs are chosen, but the instance has no backhaul", hops.len())),
    }
    let served = rules::check(problem, rules, objective, &active, claim, names, &mut faults);
    let mut weight = 0.0;
    let mut missed = Vec::new();
    for i in 0..problem.demands() as u32 {
        if served[i as usize] {
            weight += problem.weights()[i as usize];
        } else {
            missed.push(i);
        }
    }
    let value = match *objective {
        Objective::LeastCost => {
            let hopeless = if missed.is_empty() { Vec::new() } else { uncoverable(problem, backhaul, rules) };
            for &i in &missed {
                if !(excused.contains(&i) && hopeless.binary_search(&i).is_ok()) {
                    faults.push(format!("{} is not covered", demand(i)));
                }
            }
            cost
        }
        Objective::MostWeightSites { max_sites } => {
            if new_sites > max_sites as usize {
                faults.push(format!("{new_sites} sites are chosen, {max_sites} are allowed"));
            }
            weight
        }
        Objective::MostWeightBudget { budget } => {
            if cost > budget + 1e-9 * budget.max(1.0) {
                faults.push(format!("the plan costs {cost}, the budget is {budget}"));
            }
            weight
        }
    };
    if let Some(claimed) = claimed
        && (claimed.is_nan() || (claimed - value).abs() > TOLERANCE * value.abs().max(1.0))
    {
        faults.push(format!("the plan states an objective of {claimed}, but its own is {value}"));
    }
    faults
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::planning::solver::{Arc, Csr};

    fn check(p: &Covering, o: &Objective, chosen: &[u32], objective: Option<f64>, excused: &[u32]) -> Vec<String> {
        let claim = Claim { chosen, objective, excused, ..Claim::default() };
        super::check(p, None, &Rules::default(), o, &claim, &Names::NUMBERS)
    }

    fn problem() -> Covering {
        let covers = Csr::from_rows([vec![0], vec![1], vec![0, 1]]);
        Covering::new(vec![1.0, 2.0, 4.0], vec![10.0, 20.0, 5.0], covers, vec![1]).unwrap()
    }

    #[test]
    fn right_plans_pass() {
        assert!(check(&problem(), &Objective::LeastCost, &[0, 1], Some(1.0), &[2]).is_empty());
        assert!(check(&problem(), &Objective::LeastCost, &[0], Some(1.0), &[2]).is_empty(), "fixed may be implied");
        let sites = Objective::MostWeightSites { max_sites: 1 };
        assert!(check(&problem(), &sites, &[0, 1], Some(30.0), &[]).is_empty());
        assert!(check(&problem(), &Objective::MostWeightBudget { budget: 0.0 }, &[1], Some(20.0), &[]).is_empty());
    }

    #[test]
    fn every_kind_of_fault_is_found() {
        let p = problem();
        let least = Objective::LeastCost;
        let says =
            |faults: Vec<String>, what: &str| assert!(faults.iter().any(|f| f.contains(what)), "{what}: {faults:?}");
        says(check(&p, &least, &[0, 0], None, &[2]), "2 times");
        says(check(&p, &least, &[9], None, &[2]), "does not exist");
        says(check(&p, &least, &[], None, &[2]), "demand number 0 is not covered");
        says(check(&p, &least, &[0], None, &[]), "demand number 2 is not covered");
        says(check(&p, &least, &[], None, &[0, 2]), "demand number 0 is not covered");
        says(check(&p, &least, &[0], Some(2.0), &[2]), "states an objective");
        says(check(&p, &least, &[0], Some(f64::NAN), &[2]), "states an objective");
        says(check(&p, &Objective::MostWeightSites { max_sites: 1 }, &[0, 2], None, &[]), "2 sites are chosen");
        says(check(&p, &Objective::MostWeightBudget { budget: 4.5 }, &[0, 2], None, &[]), "the plan costs 5");
    }

    /// r0 → 0 → 2 → 3, r0 → 2 dear; 1 stands and leads to 3.
    fn hops() -> (Covering, Backhaul) {
        let covers = Csr::from_rows([vec![], vec![], vec![0], vec![1]]);
        let problem = Covering::new(vec![1.0, 9.0, 2.0, 4.0], vec![10.0, 20.0], covers, vec![1]).unwrap();
        let arc = |from, to, cost| Arc { from, to, cost, hops: 1 };
        let arcs = vec![
            arc(Node::Root(0), 0, 5.0),
            arc(Node::Root(0), 0, 1.0),
            arc(Node::Candidate(0), 2, 1.0),
            arc(Node::Candidate(2), 3, 1.0),
            arc(Node::Candidate(3), 2, 1.0),
            arc(Node::Candidate(1), 3, 8.0),
        ];
        (problem, Backhaul { roots: 1, arcs, max_hops: Some(2) })
    }

    #[test]
    fn attachments_are_neither_hops_nor_sites() {
        use Node::{Candidate, Root};
        // r0 → 0 (a mast), to which 1 is attached; 2 is attached to r0.
        let covers = Csr::from_rows([vec![], vec![0], vec![1]]);
        let problem = Covering::new(vec![4.0, 2.0, 1.0], vec![10.0, 20.0], covers, vec![]).unwrap();
        let arc = |from, to, hops| Arc { from, to, cost: 1.0, hops };
        let arcs = vec![arc(Root(0), 0, 1), arc(Candidate(0), 1, 0), arc(Root(0), 2, 0)];
        let backhaul = Backhaul { roots: 1, arcs, max_hops: Some(1) };
        let check = |objective, chosen: &[u32], hops: &[(Node, u32)], value| {
            let hops: Vec<Hop> = hops.iter().map(|&(from, to)| Hop { from, to }).collect();
            let claim = Claim { chosen, hops: &hops, objective: Some(value), ..Claim::default() };
            super::check(&problem, Some(&backhaul), &Rules::default(), &objective, &claim, &Names::NUMBERS)
        };
        let all = [(Root(0), 0), (Candidate(0), 1), (Root(0), 2)];
        assert_eq!(check(Objective::LeastCost, &[0, 1, 2], &all, 10.0), [""; 0], "candidates 7, arcs 3");
        assert_eq!(check(Objective::MostWeightSites { max_sites: 1 }, &[0, 1, 2], &all, 30.0), [""; 0]);
        assert_eq!(check(Objective::MostWeightSites { max_sites: 0 }, &[2], &all[2..], 20.0), [""; 0]);
        let without_mast = check(Objective::LeastCost, &[1, 2], &all[1..], 5.0);
        assert!(without_mast.iter().any(|f| f.contains("starts at a place that is not chosen")), "{without_mast:?}");
        assert_eq!(uncoverable(&problem, Some(&backhaul), &Rules::default()), [0u32; 0]);
    }

    fn joint(chosen: &[u32], hops: &[(Node, u32)], objective: Option<f64>) -> Vec<String> {
        let (problem, backhaul) = self::hops();
        let hops: Vec<Hop> = hops.iter().map(|&(from, to)| Hop { from, to }).collect();
        let claim = Claim { chosen, hops: &hops, objective, ..Claim::default() };
        super::check(&problem, Some(&backhaul), &Rules::default(), &Objective::LeastCost, &claim, &Names::NUMBERS)
    }

    #[test]
    fn hops_are_followed_to_a_root() {
        use Node::{Candidate, Root};
        let first = [(Root(0), 0), (Candidate(0), 2)];
        let right = [first[0], first[1], (Candidate(1), 3)];
        assert_eq!(joint(&[0, 2, 3], &right, Some(17.0)), [""; 0], "sites 7, hops 1 + 1 + 8");
        let says = |faults: Vec<String>, what: &str| {
            assert!(faults.iter().any(|f| f.contains(what)), "{what}: {faults:?}");
        };
        says(joint(&[0, 2, 3], &right, Some(7.0)), "states an objective");
        says(
            joint(&[0, 2, 3], &[first[0], first[1], (Candidate(2), 3)], None),
            "number 3 is 3 hops from a root, 2 are",
        );
        says(joint(&[0, 2, 3], &first, None), "number 3 has no hop to it");
        says(joint(&[2, 3], &[(Candidate(2), 3), (Candidate(3), 2)], None), "go round");
        says(joint(&[2, 3], &[(Candidate(0), 2), (Candidate(1), 3)], None), "starts at a place that is not chosen");
        says(joint(&[2, 3], &[(Root(0), 2), (Candidate(1), 3)], None), "is not an arc");
        says(joint(&[0, 2], &right, None), "ends at a place that is not chosen");
        says(joint(&[0, 2, 3], &[first[0], first[0], first[1], right[2]], None), "more than one hop");
        says(joint(&[2, 3], &[(Candidate(0), 2), (Candidate(3), 2), (Candidate(2), 3)], None), "more than one hop");
        let (problem, mut backhaul) = self::hops();
        assert_eq!(uncoverable(&problem, Some(&backhaul), &Rules::default()), [0u32; 0]);
        backhaul.max_hops = Some(1);
        assert_eq!(uncoverable(&problem, Some(&backhaul), &Rules::default()), [0]);
    }
}
