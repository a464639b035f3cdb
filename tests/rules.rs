//! Rules beyond covering: agreement with brute force, conflicts, rules that do not bind, the curve of cost against weight,
//! and the command.

#![allow(clippy::unwrap_used)]

#[path = "common/joint.rs"]
#[allow(dead_code)]
mod problems;

use assert_cmd::Command;
use notspot::planning::solver::{
    Arc, Assignment, Backhaul, Control, Covering, Csr, Least, Node, Objective, RuleName, Rules, Share, Solution,
    SolveOptions, Status, pareto, solve_joint, solve_with,
};
use notspot::planning::verify::{self, Claim, Names};
use problems::{Built, Joint, better_of, for_each_tree, small_problem};
use proptest::prelude::*;

fn solve(joint: &Joint, rules: &Rules, objective: &Objective, options: &SolveOptions) -> Solution {
    solve_joint(&joint.covering, &joint.backhaul, rules, objective, options, &Control::default()).unwrap()
}

/// Which kinds of rules a problem gets.
#[derive(Debug, Clone, Copy)]
struct Kinds {
    choice: bool,
    redundancy: bool,
    shares: bool,
    capacity: bool,
    floor: bool,
}

/// Rules that often bind and sometimes exclude each other.
fn small_rules(candidates: usize, demands: usize, kinds: Kinds) -> impl Strategy<Value = Rules> {
    let (n, m) = (candidates as u32, demands as u32);
    let some = |on: bool, most: usize| if on { most } else { 0 };
    let choice = prop::collection::btree_set(0..n, 0..=some(kinds.choice, candidates / 3));
    let forbidden = prop::collection::btree_set(0..n, 0..=some(kinds.choice, candidates / 4));
    let one_of = prop::collection::vec(prop::collection::btree_set(0..n, 0..=candidates), 0..=some(kinds.choice, 2));
    let redundancy = prop::collection::vec(1..=1 + u32::from(kinds.redundancy), some(kinds.redundancy, demands));
    let places = prop::collection::vec(0..n, some(kinds.redundancy, candidates));
    let least = prop_oneof![(0..60u32).prop_map(|w| Least::Weight(f64::from(w))), (0..4u32).prop_map(Least::Count)];
    let share = (prop::collection::btree_set(0..m, 1..=demands), least)
        .prop_map(|(demands, least)| Share { demands: demands.into_iter().collect(), least });
    let shares = prop::collection::vec(share, 0..=some(kinds.shares, 2));
    let capacity = prop_oneof![Just(f64::INFINITY), (0..12u32).prop_map(f64::from)];
    let capacities = prop::collection::vec(capacity, some(kinds.capacity, candidates));
    let loads = prop::collection::vec((0..8u32).prop_map(f64::from), some(kinds.capacity, demands));
    let floor = prop_oneof![Just(0.0), (0..40u32).prop_map(f64::from)];
    let floors = prop::collection::vec(floor, some(kinds.floor, candidates));
    ((choice, forbidden, one_of), (redundancy, places), shares, (capacities, loads, floors)).prop_map(
        |((forced, forbidden, one_of), (redundancy, places), shares, (capacities, loads, floors))| Rules {
            forced: forced.into_iter().collect(),
            forbidden: forbidden.into_iter().collect(),
            one_of: one_of.into_iter().map(|group| group.into_iter().collect()).collect(),
            redundancy,
            places,
            shares,
            capacities,
            loads,
            floors,
        },
    )
}

fn problem_with_rules(kinds: impl Strategy<Value = Kinds>) -> impl Strategy<Value = (Joint, Rules)> {
    (small_problem(6), kinds).prop_flat_map(|(joint, kinds)| {
        let rules = small_rules(joint.covering.candidates(), joint.covering.demands(), kinds);
        (Just(joint), rules)
    })
}

fn any_kinds() -> impl Strategy<Value = Kinds> {
    let bit = any::<bool>;
    (bit(), bit(), bit(), bit(), bit()).prop_map(|(choice, redundancy, shares, capacity, floor)| Kinds {
        choice,
        redundancy,
        shares,
        capacity,
        floor,
    })
}

fn within(amount: f64, limit: f64) -> bool {
    amount <= limit + 1e-6 * limit.abs().max(1.0)
}

/// Brute force over the assignments of what is built.
struct Service<'a> {
    joint: &'a Joint,
    rules: &'a Rules,
    built: &'a Built,
    /// Demands that must be served.
    wanted: &'a [bool],
    load: Vec<f64>,
    weight: Vec<f64>,
    served: Vec<bool>,
    best: Option<f64>,
}

impl Service<'_> {
    /// The most weight over all ways to serve from demand `i` on; `None` where no way keeps the rules.
    fn search(&mut self, i: u32) {
        let problem = &self.joint.covering;
        if i as usize == problem.demands() {
            if self.keeps_floors_and_shares() {
                let served = (0..problem.demands()).filter(|&i| self.served[i]);
                let weight: f64 = served.map(|i| problem.weights()[i]).sum();
                self.best = Some(self.best.map_or(weight, |best| best.max(weight)));
            }
            return;
        }
        let own: Vec<u32> = problem.servers(i).iter().copied().filter(|&j| self.built.there[j as usize]).collect();
        for set in 0..1u32 << own.len() {
            let chosen: Vec<u32> = (0..own.len()).filter(|&k| set >> k & 1 == 1).map(|k| own[k]).collect();
            let mut places: Vec<u32> = chosen.iter().map(|&j| self.rules.place(j)).collect();
            places.sort_unstable();
            places.dedup();
            let need = self.rules.need(i) as usize;
            if places.len() != chosen.len() || (chosen.len() != need && !chosen.is_empty()) {
                continue;
            }
            if chosen.is_empty() && self.wanted[i as usize] {
                continue;
            }
            self.put(i, &chosen, 1.0);
            if chosen.iter().all(|&j| within(self.load[j as usize], self.rules.capacity(j))) {
                self.served[i as usize] = !chosen.is_empty();
                self.search(i + 1);
            }
            self.put(i, &chosen, -1.0);
        }
    }

    fn put(&mut self, i: u32, chosen: &[u32], sign: f64) {
        for &j in chosen {
            self.load[j as usize] += sign * self.rules.load(i);
            self.weight[j as usize] += sign * self.joint.covering.weights()[i as usize];
        }
    }

    fn keeps_floors_and_shares(&self) -> bool {
        let problem = &self.joint.covering;
        let new = |j: &u32| self.built.there[*j as usize] && !problem.fixed().contains(j);
        let mut new_sites = (0..problem.candidates() as u32).filter(new);
        let assigns = self.rules.assigns();
        new_sites.all(|j| !assigns || within(self.rules.floor(j), self.weight[j as usize]))
            && self.rules.shares.iter().all(|share| {
                let met = share.demands.iter().filter(|&&i| self.served[i as usize]);
                match share.least {
                    Least::Count(least) => met.count() >= least as usize,
                    Least::Weight(least) => within(least, met.map(|&i| problem.weights()[i as usize]).sum()),
                }
            })
    }
}

/// The optimum by trying everything that can be built and every assignment.
fn brute_force(joint: &Joint, rules: &Rules, objective: &Objective) -> Option<f64> {
    let problem = &joint.covering;
    let least_cost = *objective == Objective::LeastCost;
    let wanted = vec![least_cost; problem.demands()];
    let mut best: Option<f64> = None;
    for_each_tree(joint, |built| {
        let there = |j: &u32| built.there[*j as usize];
        let keeps = rules.forced.iter().all(there)
            && !rules.forbidden.iter().any(there)
            && rules.one_of.iter().all(|group| group.iter().filter(|j| there(j)).count() <= 1);
        if !keeps || !built.is_allowed(objective) {
            return;
        }
        let (n, m) = (problem.candidates(), problem.demands());
        let (load, weight) = (vec![0.0; n], vec![0.0; n]);
        let served = vec![false; m];
        let mut service = Service { joint, rules, built, wanted: &wanted, load, weight, served, best: None };
        service.search(0);
        if let Some(weight) = service.best {
            best = better_of(objective, best, if least_cost { built.cost } else { weight });
        }
    });
    best
}

fn agrees(joint: &Joint, rules: &Rules, objective: Objective, seed: u64) -> Result<(), TestCaseError> {
    let optimum = brute_force(joint, rules, &objective);
    for heuristic in [false, true] {
        let options = SolveOptions { heuristic, seed, ..SolveOptions::default() };
        let solution = solve(joint, rules, &objective, &options);
        let (Some(value), Some(bound)) = (solution.objective, solution.bound) else {
            let possible = heuristic && solution.status == Status::NoPlan;
            prop_assert!(
                possible || (solution.status == Status::Infeasible && optimum.is_none()),
                "{solution:?} {optimum:?}"
            );
            continue;
        };
        prop_assert!(optimum.is_some(), "{solution:?}");
        let optimum = optimum.unwrap_or_default();
        let slack = 1e-6 * optimum.max(1.0);
        let (low, high) = if objective == Objective::LeastCost { (bound, value) } else { (value, bound) };
        prop_assert!(low <= optimum + slack && optimum <= high + slack, "{low} ≤ {optimum} ≤ {high}, {solution:?}");
        if solution.status == Status::Optimal {
            prop_assert!((value - optimum).abs() <= slack, "{value} is not {optimum}");
        }
        prop_assert!(heuristic || solution.status == Status::Optimal, "{solution:?}, optimum {optimum}");
        // Assignments that are left out are found by the verifier.
        let claim = Claim {
            chosen: &solution.chosen,
            hops: &solution.hops,
            assignments: None,
            objective: Some(value),
            excused: &solution.uncoverable,
        };
        let (problem, backhaul) = (&joint.covering, Some(&joint.backhaul));
        let faults = verify::check(problem, backhaul, rules, &objective, &claim, &Names::NUMBERS);
        prop_assert!(heuristic || faults.is_empty(), "{faults:?}, {solution:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn least_cost_agrees_with_brute_force((joint, rules) in problem_with_rules(any_kinds()), seed in 0u64..5) {
        agrees(&joint, &rules, Objective::LeastCost, seed)?;
    }

    #[test]
    fn most_weight_with_sites_agrees_with_brute_force(
        (joint, rules) in problem_with_rules(any_kinds()), max_sites in 0u32..5, seed in 0u64..5
    ) {
        agrees(&joint, &rules, Objective::MostWeightSites { max_sites }, seed)?;
    }

    #[test]
    fn most_weight_with_a_budget_agrees_with_brute_force(
        (joint, rules) in problem_with_rules(any_kinds()), budget in 0.0..150.0f64, seed in 0u64..5
    ) {
        agrees(&joint, &rules, Objective::MostWeightBudget { budget }, seed)?;
    }

    #[test]
    fn rules_that_do_not_bind_change_nothing(joint in small_problem(7), max_sites in 0u32..5) {
        let (n, m) = (joint.covering.candidates(), joint.covering.demands());
        let idle = Rules {
            one_of: (0..n as u32).map(|j| vec![j]).collect(),
            shares: vec![Share { demands: (0..m as u32).collect(), least: Least::Count(0) }],
            capacities: vec![1e3; n],
            loads: vec![1.0; m],
            ..Rules::default()
        };
        for objective in [Objective::LeastCost, Objective::MostWeightSites { max_sites }] {
            let options = SolveOptions::default();
            let bare = solve(&joint, &Rules::default(), &objective, &options);
            let ruled = solve(&joint, &idle, &objective, &options);
            prop_assert_eq!((bare.status, &bare.uncoverable), (ruled.status, &ruled.uncoverable));
            if let (Some(a), Some(b)) = (bare.objective, ruled.objective) {
                prop_assert!((a - b).abs() <= 1e-6 * a.max(1.0), "{a} and {b}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Everything in a conflict is needed for it.
    #[test]
    fn conflicts_exclude_all_plans_and_are_irreducible(
        (joint, rules) in problem_with_rules(any_kinds()), max_sites in 0u32..2
    ) {
        let objective = Objective::MostWeightSites { max_sites };
        let solution = solve(&joint, &rules, &objective, &SolveOptions::default());
        prop_assert_eq!(solution.status == Status::Infeasible, brute_force(&joint, &rules, &objective).is_none());
        if solution.status == Status::Infeasible {
            let conflict = solution.conflict;
            prop_assert!(!conflict.is_empty(), "without rules, building nothing is a plan");
            let (joint_of, rules_of, objective_of) = keep(&joint, &rules, max_sites, &conflict);
            prop_assert!(brute_force(&joint_of, &rules_of, &objective_of).is_none(), "{conflict:?}");
            for left_out in &conflict {
                let others: Vec<RuleName> = conflict.iter().copied().filter(|name| name != left_out).collect();
                let (joint, rules, objective) = keep(&joint, &rules, max_sites, &others);
                prop_assert!(brute_force(&joint, &rules, &objective).is_some(), "{left_out:?} of {conflict:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_point_of_the_curve_is_the_optimum_of_its_budget(
        (joint, rules) in problem_with_rules(any_kinds()), steps in 1u32..5
    ) {
        let (covering, backhaul) = (&joint.covering, Some(&joint.backhaul));
        let points = pareto(covering, backhaul, &rules, steps, &SolveOptions::default(), &Control::default()).unwrap();
        prop_assert_eq!(points[0].budget, 0.0);
        let mut last = f64::NEG_INFINITY;
        for point in &points {
            let optimum = brute_force(&joint, &rules, &Objective::MostWeightBudget { budget: point.budget });
            let solution = &point.solution;
            prop_assert_eq!(solution.objective.is_some(), optimum.is_some(), "{:?}", point);
            let Some(optimum) = optimum else { continue };
            let (value, bound) = (solution.objective.unwrap(), solution.bound.unwrap());
            prop_assert!((value - optimum).abs() <= 1e-6 * optimum.max(1.0), "{optimum}: {point:?}");
            prop_assert!(solution.status == Status::Optimal && (bound - value).abs() <= 1e-6 * value.max(1.0));
            prop_assert!(point.cost.unwrap() <= point.budget * (1.0 + 1e-9) + 1e-9 && value >= last);
            last = value;
        }
        if let Some(full) = solve(&joint, &rules, &Objective::LeastCost, &SolveOptions::default()).objective {
            prop_assert_eq!(points.len(), if full > 0.0 { steps as usize + 1 } else { 1 });
            let end = points.last().unwrap();
            let everything: f64 = covering.weights().iter().sum();
            prop_assert!((end.budget - full).abs() <= 1e-6 * full.max(1.0));
            prop_assert!((end.solution.objective.unwrap() - everything).abs() <= 1e-6 * everything.max(1.0));
        }
    }
}

#[test]
fn a_curve_without_backhaul_and_one_that_is_stopped() {
    let (covering, backhaul) = three_sites();
    let run = |backhaul, control: &Control<'_>, options: &SolveOptions| {
        pareto(&covering, backhaul, &Rules::default(), 5, options, control).unwrap()
    };
    let points = run(None, &Control::default(), &SolveOptions::default());
    let curve: Vec<(f64, f64)> = points.iter().map(|p| (p.cost.unwrap(), p.solution.objective.unwrap())).collect();
    assert_eq!(points.iter().map(|p| p.budget).collect::<Vec<_>>(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(curve, [(0.0, 0.0), (1.0, 20.0), (1.0, 20.0), (1.0, 20.0), (1.0, 20.0), (5.0, 30.0)]);
    let few = SolveOptions { nodes: Some(1), ..SolveOptions::default() };
    assert_eq!(run(Some(&backhaul), &Control::default(), &few).len(), 6);
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let stopped = Control { cancel: Some(&cancel), ..Control::default() };
    assert!(run(Some(&backhaul), &stopped, &SolveOptions::default()).is_empty());
}

/// The problem with these rules and limits alone.
fn keep(joint: &Joint, rules: &Rules, max_sites: u32, names: &[RuleName]) -> (Joint, Rules, Objective) {
    let has = |name: RuleName| names.contains(&name);
    let mut joint = joint.clone();
    let mut rules = rules.clone();
    rules.forced.retain(|&j| has(RuleName::Forced(j)));
    rules.forbidden.retain(|&j| has(RuleName::Forbidden(j)));
    let mut k = 0..;
    rules.one_of.retain(|_| has(RuleName::OneOf(k.next().unwrap())));
    let mut k = 0..;
    rules.shares.retain(|_| has(RuleName::Share(k.next().unwrap())));
    if !has(RuleName::Redundancy) {
        rules.redundancy.clear();
    }
    if !has(RuleName::Capacity) {
        rules.capacities.clear();
    }
    if !has(RuleName::Floor) {
        rules.floors.clear();
    }
    if !has(RuleName::MaxHops) {
        joint.backhaul.max_hops = None;
    }
    let max_sites = if has(RuleName::MaxSites) { max_sites } else { u32::MAX };
    (joint, rules, Objective::MostWeightSites { max_sites })
}

/// Three sites on one root; 0 and 1 serve both villages, 2 the second alone.
fn three_sites() -> (Covering, Backhaul) {
    let covers = Csr::from_rows([vec![0, 1], vec![0, 1], vec![1]]);
    let covering = Covering::new(vec![5.0, 6.0, 1.0], vec![10.0, 20.0], covers, vec![]).unwrap();
    let arcs = (0..3).map(|to| Arc { from: Node::Root(0), to, cost: 1.0, hops: 1 }).collect();
    (covering, Backhaul { roots: 1, arcs, max_hops: Some(1) })
}

#[test]
fn each_rule_changes_the_plan_as_it_says() {
    let (covering, backhaul) = three_sites();
    let least = |rules: &Rules| {
        let (objective, options) = (Objective::LeastCost, SolveOptions::default());
        let solution = solve_joint(&covering, &backhaul, rules, &objective, &options, &Control::default()).unwrap();
        assert_eq!(solution.status, Status::Optimal, "{rules:?}");
        (solution.objective.unwrap(), solution.chosen, solution.assignments)
    };
    let none = Rules::default();
    assert_eq!(least(&none), (6.0, vec![0], vec![]));
    assert_eq!(least(&Rules { forbidden: vec![0], ..none.clone() }), (7.0, vec![1], vec![]));
    assert_eq!(least(&Rules { forced: vec![1], ..none.clone() }), (7.0, vec![1], vec![]));
    let by = |demand, candidate| Assignment { demand, candidate };
    let twice = Rules { redundancy: vec![1, 2], ..none.clone() };
    assert_eq!(least(&twice), (8.0, vec![0, 2], vec![by(0, 0), by(1, 0), by(1, 2)]));
    let same_mast = Rules { places: vec![0, 1, 0], ..twice };
    assert_eq!(least(&same_mast).1, [1, 2], "0 and 2 stand on one mast");
    let narrow = Rules { capacities: vec![3.0, 3.0, 3.0], loads: vec![2.0, 2.0], ..none.clone() };
    assert_eq!(least(&narrow), (8.0, vec![0, 2], vec![by(0, 0), by(1, 2)]));
    let either = Rules { one_of: vec![vec![0, 2]], ..narrow };
    assert_eq!(least(&either), (9.0, vec![1, 2], vec![by(0, 1), by(1, 2)]));
    let busy = Rules { floors: vec![0.0, 15.0, 0.0], forced: vec![1, 2], ..none };
    assert_eq!(least(&busy), (9.0, vec![1, 2], vec![by(0, 1), by(1, 1)]), "1 needs both villages");
}

#[test]
fn shares_outrank_weight_and_conflicts_are_named() {
    let (covering, backhaul) = three_sites();
    let most = |rules: &Rules, budget| {
        let (objective, options) = (Objective::MostWeightBudget { budget }, SolveOptions::default());
        solve_joint(&covering, &backhaul, rules, &objective, &options, &Control::default()).unwrap()
    };
    let rules = Rules::default();
    assert_eq!(most(&rules, 2.0).chosen, [2]);
    let share = |least| Share { demands: vec![0], least };
    let fair = Rules { shares: vec![share(Least::Count(1))], ..rules.clone() };
    let refused = most(&fair, 2.0);
    assert_eq!((refused.status, refused.conflict), (Status::Infeasible, vec![RuleName::Share(0), RuleName::Budget]));
    assert_eq!(most(&fair, 6.0).chosen, [0]);
    let heavy = Rules { shares: vec![share(Least::Weight(11.0))], ..rules.clone() };
    assert_eq!(most(&heavy, 100.0).conflict, [RuleName::Share(0)], "the village has a weight of 10");
    let both = Rules { forced: vec![1], forbidden: vec![0, 1], ..rules };
    assert_eq!(most(&both, 100.0).conflict, [RuleName::Forced(1), RuleName::Forbidden(1)]);
}

#[test]
fn rules_without_backhaul() {
    let (covering, _) = three_sites();
    let rules = Rules { redundancy: vec![2, 2], ..Rules::default() };
    let options = SolveOptions::default();
    let solution = solve_with(&covering, None, &rules, &Objective::LeastCost, &options, &Control::default()).unwrap();
    assert_eq!((solution.objective, solution.chosen, solution.hops), (Some(11.0), vec![0, 1], vec![]));
}

#[test]
fn rules_that_do_not_fit_the_problem_are_refused() {
    let (covering, backhaul) = three_sites();
    let rules = Rules {
        forced: vec![3],
        one_of: vec![vec![1, 1]],
        redundancy: vec![0],
        floors: vec![-1.0, 0.0, f64::NAN],
        ..Rules::default()
    };
    let (objective, options) = (Objective::LeastCost, SolveOptions::default());
    let error = solve_joint(&covering, &backhaul, &rules, &objective, &options, &Control::default()).unwrap_err();
    for part in ["number 3 does not exist", "number 1 is named twice", "1 redundancies for 2", "is 0", "floor -1"] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
}

/// Two masts of two configurations each on one root; v2 needs two masts, and a can carry one village alone.
const SMALL: &str = r#"{"schema":"notspot/instance/1",
    "demands":[{"id":"v1","weight":5,"load":2},{"id":"v2","weight":7,"load":3,"redundancy":2}],
    "candidates":[{"id":"mast1","cost":2,"covers":[]},{"id":"mast2","cost":2,"covers":[]},
    {"id":"a","cost":1,"covers":["v1","v2"],"place":"mast1","capacity":3},{"id":"b","cost":9,"covers":["v1","v2"],"place":"mast1"},
    {"id":"c","cost":2,"covers":["v1","v2"],"place":"mast2","floor":7}],
    "objective":{"minimize":"cost","cover":"all"},
    "backhaul":{"roots":["r"],"arcs":[{"from":"r","to":"mast1","cost":1},{"from":"mast1","to":"mast2","cost":1},
    {"from":"mast1","to":"a","cost":0,"hops":0},{"from":"mast1","to":"b","cost":0,"hops":0},
    {"from":"mast2","to":"c","cost":0,"hops":0}],"max_hops":2},
    "rules":{"one_of":[["a","b"]],"shares":[{"id":"commune","demands":["v1","v2"],"least_count":2}]}}"#;

fn run(arguments: &[&str], text: &str) -> (Option<i32>, serde_json::Value, String) {
    let output = Command::cargo_bin("notspot").unwrap().args(arguments).write_stdin(text).output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), json, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_command_solves_explains_and_verifies() {
    let (code, json, errors) = run(&["solve", "-"], SMALL);
    assert_eq!((code, &json["objective"]), (Some(0), &9.0.into()), "masts 4, hops 2, a and c 3: {errors}");
    let pair = |demand: &str, candidate: &str| serde_json::json!({"demand": demand, "candidate": candidate});
    assert_eq!(json["assignments"], serde_json::json!([pair("v1", "c"), pair("v2", "a"), pair("v2", "c")]));
    let folder = tempfile::tempdir().unwrap();
    let (instance, plan) = (folder.path().join("i.json"), folder.path().join("p.json"));
    std::fs::write(&instance, SMALL).unwrap();
    let faults = |plan_json: serde_json::Value| -> Vec<String> {
        std::fs::write(&plan, plan_json.to_string()).unwrap();
        let (_, json, errors) = run(&["verify", "--json", plan.to_str().unwrap(), instance.to_str().unwrap()], "");
        let faults = json["faults"].as_array().unwrap_or_else(|| panic!("{errors}"));
        faults.iter().map(|f| f.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(faults(json.clone()), [""; 0]);
    let with = |key: &str, value: serde_json::Value| {
        let mut changed = json.clone();
        changed[key] = value;
        changed
    };
    assert_eq!(faults(with("assignments", serde_json::Value::Null)), [""; 0], "they can be found");
    let says = |plan, what: &str| {
        let faults = faults(plan);
        assert!(faults.iter().any(|f| f.contains(what)), "{what}: {faults:?}");
    };
    let all = |list: &[(&str, &str)]| serde_json::json!(list.iter().map(|p| pair(p.0, p.1)).collect::<Vec<_>>());
    says(with("assignments", all(&[("v1", "a"), ("v2", "a"), ("v2", "c")])), "\"a\" carries 5, it can carry 3");
    says(with("assignments", all(&[("v1", "a"), ("v2", "c")])), "\"v2\" is assigned 1 times instead of 2");
    says(with("assignments", all(&[("v1", "c"), ("v2", "a"), ("v2", "b")])), "is to a candidate that is not chosen");
    says(with("assignments", all(&[("v1", "c"), ("v2", "a"), ("v2", "b")])), "the second one to the same place");
    says(with("assignments", all(&[("v1", "c")])), "a weight of 5 is assigned to \"c\", the least is 7");
    says(with("assignments", all(&[("v1", "c")])), "\"commune\": 1 of its demands are served, 2 must be");
    says(with("assignments", all(&[("v1", "mast1")])), "is to a candidate that does not serve it");
    let mut both = json.clone();
    both["chosen"] = serde_json::json!(["mast1", "mast2", "a", "b", "c"]);
    says(both, "\"a\" and \"b\" are chosen, but only one of them may be");
    let text = SMALL.replace("\"one_of\":[[\"a\",\"b\"]]", "\"forced\":[\"b\"],\"forbidden\":[\"c\"]");
    let (code, json, errors) = run(&["solve", "-", "--allow-uncoverable"], &text);
    assert_eq!((code, &json["status"]), (Some(3), &"infeasible".into()), "{errors}");
    let conflict = serde_json::json!([{"rule": "shares", "of": ["commune"]}, {"rule": "redundancy"}]);
    assert!(json["conflict"] == conflict || errors.contains("exclude each other"), "{json} {errors}");
}
