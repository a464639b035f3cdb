//! Covering with backhaul: agreement with brute force, Steiner trees with known optima, repeatability, and the command.

#![allow(clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::shared;
use notspot::planning::solver::{
    Arc, Backhaul, Control, Covering, Csr, Node, Objective, Solution, SolveOptions, Status, solve_joint,
};
use notspot::planning::verify;
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Joint {
    covering: Covering,
    backhaul: Backhaul,
}

impl Joint {
    fn solve(&self, objective: &Objective, options: &SolveOptions) -> Solution {
        solve_joint(&self.covering, &self.backhaul, objective, options, &Control::default()).unwrap()
    }
}

/// A small random problem: sometimes places that stand already, free sites and hops, relays, attachments, a hop limit.
fn small_problem() -> impl Strategy<Value = Joint> {
    (1usize..7, 1usize..7, any::<bool>(), 1u32..3).prop_flat_map(|(candidates, demands, whole, roots)| {
        let amount = move |least: u32| {
            (least..30u32, 0.0..1.0f64).prop_map(move |(a, b)| f64::from(a) + if whole { 0.0 } else { b })
        };
        let (n, m) = (candidates as u32, demands as u32);
        let covers = prop::collection::vec(prop::collection::btree_set(0..m, 0..=demands.min(3)), candidates);
        let fixed = prop::collection::btree_set(0..n, 0..=candidates / 3);
        let attached = prop::collection::btree_set(0..n, 0..=candidates * 2 / 3);
        let arcs = prop::collection::vec((0..roots + n, 0..n, amount(0)), 1..15);
        let hops = prop::option::of(1u32..5);
        let costs = prop::collection::vec(amount(0), candidates);
        (costs, prop::collection::vec(amount(0), demands), covers, fixed, attached, arcs, hops).prop_map(
            move |(costs, weights, covers, fixed, attached, arcs, max_hops)| {
                let rows: Vec<Vec<u32>> = covers.into_iter().map(|s| s.into_iter().collect()).collect();
                let fixed = fixed.into_iter().collect();
                let covering = Covering::new(costs, weights, Csr::from_rows(rows), fixed).unwrap();
                let node = |k: u32| if k < roots { Node::Root(k) } else { Node::Candidate(k - roots) };
                let hops = |to| u32::from(!attached.contains(&to));
                let arcs = arcs.into_iter().map(|(from, to, cost)| Arc { from: node(from), to, cost, hops: hops(to) });
                let leaves = |from| matches!(from, Node::Candidate(j) if attached.contains(&j));
                let arcs = arcs.filter(|a| a.from != Node::Candidate(a.to) && !leaves(a.from)).collect();
                Joint { covering, backhaul: Backhaul { roots, arcs, max_hops } }
            },
        )
    })
}

/// The optimum by trying, for each candidate, to leave it or to build it on each of its arcs.
fn brute_force(joint: &Joint, objective: &Objective) -> Option<f64> {
    let (problem, arcs) = (&joint.covering, &joint.backhaul.arcs);
    let n = problem.candidates();
    let stands = |j: u32| problem.fixed().contains(&j);
    let choices: Vec<Vec<Option<usize>>> = (0..n as u32)
        .map(|j| {
            let into = (0..arcs.len()).filter(|&a| arcs[a].to == j && !stands(j)).map(Some);
            std::iter::once(None).chain(into).collect()
        })
        .collect();
    let mut pick = vec![0usize; n];
    let mut best: Option<f64> = None;
    loop {
        let arc: Vec<Option<usize>> = pick.iter().zip(&choices).map(|(&k, c)| c[k]).collect();
        if let Some(value) = value_of(joint, objective, &arc) {
            let better: fn(f64, f64) -> f64 = if *objective == Objective::LeastCost { f64::min } else { f64::max };
            best = Some(best.map_or(value, |b| better(b, value)));
        }
        let Some(k) = (0..n).find(|&k| pick[k] + 1 < choices[k].len()) else { return best };
        pick[..k].fill(0);
        pick[k] += 1;
    }
}

/// The value of a plan given by the arc to each candidate; `None` when it is not allowed.
fn value_of(joint: &Joint, objective: &Objective, arc: &[Option<usize>]) -> Option<f64> {
    let (problem, arcs) = (&joint.covering, &joint.backhaul.arcs);
    let built = |j: u32| arc[j as usize].is_some() || problem.fixed().contains(&j);
    let mut cost = 0.0;
    for j in 0..arc.len() as u32 {
        let Some(a) = arc[j as usize] else { continue };
        cost += arcs[a].cost + problem.costs()[j as usize];
        let (mut at, mut hops) = (j, 0);
        while let Some(a) = arc[at as usize] {
            hops += arcs[a].hops;
            if hops > joint.backhaul.max_hops.unwrap_or(arc.len() as u32) {
                return None;
            }
            match arcs[a].from {
                Node::Root(_) => break,
                Node::Candidate(k) if built(k) => at = k,
                Node::Candidate(_) => return None,
            }
        }
    }
    let served = |i: u32| problem.servers(i).iter().any(|&j| built(j));
    let weight = || (0..problem.demands() as u32).filter(|&i| served(i)).map(|i| problem.weights()[i as usize]).sum();
    let sites: usize = arc.iter().flatten().map(|&a| arcs[a].hops as usize).sum();
    match *objective {
        Objective::LeastCost => (0..problem.demands() as u32).all(served).then_some(cost),
        Objective::MostWeightSites { max_sites } => (sites <= max_sites as usize).then(weight),
        Objective::MostWeightBudget { budget } => (cost <= budget + 1e-9 * budget.max(1.0)).then(weight),
    }
}

fn agrees(joint: &Joint, objective: Objective, seed: u64) -> Result<(), TestCaseError> {
    let optimum = brute_force(joint, &objective);
    for heuristic in [false, true] {
        let options = SolveOptions { heuristic, seed, ..SolveOptions::default() };
        let solution = joint.solve(&objective, &options);
        let Some(optimum) = optimum else {
            prop_assert_eq!(solution.status, Status::Infeasible);
            prop_assert_eq!(solution.uncoverable, verify::uncoverable(&joint.covering, Some(&joint.backhaul)));
            continue;
        };
        let (value, bound) = (solution.objective.unwrap(), solution.bound.unwrap());
        let slack = 1e-9 * optimum.max(1.0);
        let (low, high) = if objective == Objective::LeastCost { (bound, value) } else { (value, bound) };
        prop_assert!(low <= optimum + slack && optimum <= high + slack, "{low} ≤ {optimum} ≤ {high}");
        if solution.status == Status::Optimal {
            prop_assert!((value - optimum).abs() <= 1e-6 * optimum.max(1.0), "{value} is not {optimum}");
        }
        prop_assert!(heuristic || solution.status == Status::Optimal, "{solution:?}, optimum {optimum}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn least_cost_agrees_with_brute_force(joint in small_problem(), seed in 0u64..5) {
        agrees(&joint, Objective::LeastCost, seed)?;
    }

    #[test]
    fn most_weight_with_sites_agrees_with_brute_force(joint in small_problem(), max_sites in 0u32..5, seed in 0u64..5) {
        agrees(&joint, Objective::MostWeightSites { max_sites }, seed)?;
    }

    #[test]
    fn most_weight_with_a_budget_agrees_with_brute_force(joint in small_problem(), budget in 0.0..150.0f64, seed in 0u64..5) {
        agrees(&joint, Objective::MostWeightBudget { budget }, seed)?;
        agrees(&joint, Objective::MostWeightBudget { budget: budget.round() }, seed)?;
    }
}

/// A SteinLib graph as pure backhaul: the first terminal is the root, every other one a village that only its node serves.
fn read_steinlib(text: &str) -> Joint {
    let (mut edges, mut terminals, mut nodes) = (Vec::new(), Vec::new(), 0u32);
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or_default();
        let mut number = || words.next().unwrap().parse::<u32>().unwrap();
        match word {
            "Nodes" => nodes = number(),
            "E" => edges.push((number() - 1, number() - 1, f64::from(number()))),
            "T" => terminals.push(number() - 1),
            _ => {}
        }
    }
    let villages = &terminals[1..];
    let serves = |p: u32| villages.iter().position(|&t| t == p).map(|i| vec![i as u32]).unwrap_or_default();
    let rows: Vec<Vec<u32>> = (0..nodes).map(serves).collect();
    let covering =
        Covering::new(vec![0.0; nodes as usize], vec![1.0; villages.len()], Csr::from_rows(rows), vec![]).unwrap();
    let node = |p: u32| if p == terminals[0] { Node::Root(0) } else { Node::Candidate(p) };
    let both = edges.iter().flat_map(|&(a, b, cost)| [(a, b, cost), (b, a, cost)]);
    let arcs =
        both.filter(|a| a.1 != terminals[0]).map(|(a, to, cost)| Arc { from: node(a), to, cost, hops: 1 }).collect();
    Joint { covering, backhaul: Backhaul { roots: 1, arcs, max_hops: None } }
}

#[test]
fn steinlib_optima_are_proven() {
    let Some(folder) = shared("golden/covering/steinlib") else { return };
    let optima = [82.0, 83.0, 138.0, 59.0, 61.0, 122.0, 111.0, 104.0, 220.0];
    for (k, optimum) in optima.into_iter().enumerate() {
        let name = format!("b0{}.stp", k + 1);
        let joint = read_steinlib(&std::fs::read_to_string(folder.join(&name)).unwrap());
        let solution = joint.solve(&Objective::LeastCost, &SolveOptions::default());
        assert_eq!((solution.status, solution.objective), (Status::Optimal, Some(optimum)), "{name}");
        assert!((solution.bound.unwrap() - optimum).abs() <= 1e-6 * optimum, "{name}");
    }
}

/// Villages and candidates on a plane, hops between near ones, three roots; the same for a seed.
fn plane(candidates: usize, demands: usize, max_hops: Option<u32>, seed: u64) -> Joint {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut points = |n: usize| (0..n).map(|_| (random(), random())).collect::<Vec<(f64, f64)>>();
    let (villages, sites, roots) = (points(demands), points(candidates), points(3));
    let costs = points(candidates).iter().map(|p| (60.0 + 60.0 * p.0).round()).collect();
    let weights = points(demands).iter().map(|p| (20.0 + 500.0 * p.0).round()).collect();
    let distance = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
    let near = |&p: &(f64, f64)| (0..demands as u32).filter(|&i| distance(p, villages[i as usize]) < 0.12).collect();
    let rows: Vec<Vec<u32>> = sites.iter().map(near).collect();
    let mut arcs = Vec::new();
    for (to, &p) in sites.iter().enumerate() {
        let from_roots = roots.iter().enumerate().map(|(r, &q)| (Node::Root(r as u32), distance(p, q)));
        let from_sites = sites.iter().enumerate().filter(|s| s.0 != to);
        let from_sites = from_sites.map(|(j, &q)| (Node::Candidate(j as u32), distance(p, q)));
        let short = from_roots.chain(from_sites).filter(|a| a.1 < 0.18);
        arcs.extend(short.map(|(from, d)| Arc { from, to: to as u32, cost: (12.0 + 100.0 * d).round(), hops: 1 }));
    }
    let covering = Covering::new(costs, weights, Csr::from_rows(rows), vec![]).unwrap();
    Joint { covering, backhaul: Backhaul { roots: 3, arcs, max_hops } }
}

#[test]
fn runs_repeat_do_not_depend_on_threads_and_bound_each_other() {
    for (joint, objective) in [
        (plane(120, 40, Some(5), 7), Objective::LeastCost),
        (plane(120, 40, None, 8), Objective::LeastCost),
        (plane(120, 40, Some(4), 9), Objective::MostWeightSites { max_sites: 12 }),
        (plane(120, 40, None, 3), Objective::MostWeightBudget { budget: 1_100.0 }),
    ] {
        let options = SolveOptions { allow_uncoverable: true, seed: 3, ..SolveOptions::default() };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| joint.solve(&objective, &options))
        };
        let (one, eight) = (run(1), run(8));
        assert_eq!(one, eight);
        assert_eq!(one.status, Status::Optimal, "{objective:?}");
        let rough = joint.solve(&objective, &SolveOptions { heuristic: true, ..options });
        let (exact, rough, bound) = (one.objective.unwrap(), rough.objective.unwrap(), rough.bound.unwrap());
        let (low, high) = if objective == Objective::LeastCost { (bound, rough) } else { (rough, bound) };
        assert!(low <= exact + 1e-6 && exact <= high + 1e-6, "{low} ≤ {exact} ≤ {high}");
        let other = joint.solve(&objective, &SolveOptions { seed: 4, ..options });
        assert!((other.objective.unwrap() - exact).abs() <= 1e-6 * exact, "another seed, another optimum");
    }
}

#[test]
fn fewer_hops_never_help() {
    let value = |hops| {
        let joint = plane(80, 30, hops, 11);
        joint.solve(&Objective::MostWeightSites { max_sites: 8 }, &SolveOptions::default()).objective.unwrap()
    };
    let values = [Some(1), Some(2), Some(3), Some(6), None].map(value);
    assert!(values.is_sorted(), "{values:?}");
    assert!(values[0] < values[4], "{values:?}");
}

#[test]
fn cancelling_gives_a_plan_with_its_bound() {
    let joint = plane(150, 60, Some(5), 5);
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let control = Control { cancel: Some(&cancel), ..Control::default() };
    let options = SolveOptions { allow_uncoverable: true, ..SolveOptions::default() };
    let solution = solve_joint(&joint.covering, &joint.backhaul, &Objective::LeastCost, &options, &control).unwrap();
    assert!(solution.bound.unwrap() <= solution.objective.unwrap());
}

/// s1 serves v1 and hangs on r1 only through s2; s3 stands already and reaches s1 dearly.
const SMALL: &str = r#"{"schema":"notspot/instance/1","demands":[{"id":"v1","weight":5},{"id":"v2","weight":7}],
    "candidates":[{"id":"s1","cost":2,"covers":["v1"]},{"id":"s2","cost":1,"covers":[]},{"id":"s3","cost":4,"covers":["v2"]}],
    "fixed":["s3"],"objective":{"minimize":"cost","cover":"all"},
    "backhaul":{"roots":["r1"],"arcs":[{"from":"r1","to":"s2","cost":1},{"from":"s2","to":"s1","cost":1},
    {"from":"s3","to":"s1","cost":9}],"max_hops":2}}"#;

fn solve_text(text: &str, arguments: &[&str]) -> (Option<i32>, serde_json::Value) {
    let mut command = Command::cargo_bin("notspot").unwrap();
    let output = command.args(["solve", "-"]).args(arguments).write_stdin(text).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn the_command_prints_hops_and_verify_accepts_them() {
    let (code, json) = solve_text(SMALL, &[]);
    assert_eq!(
        (code, &json["objective"], &json["chosen"]),
        (Some(0), &5.0.into(), &serde_json::json!(["s1", "s2", "s3"]))
    );
    assert_eq!(json["arcs"], serde_json::json!([{"from":"s2","to":"s1"},{"from":"r1","to":"s2"}]));
    let folder = tempfile::tempdir().unwrap();
    let (instance, plan) = (folder.path().join("i.json"), folder.path().join("p.json"));
    std::fs::write(&instance, SMALL).unwrap();
    std::fs::write(&plan, json.to_string()).unwrap();
    let verify = || Command::cargo_bin("notspot").unwrap().arg("verify").arg(&plan).arg(&instance).assert();
    verify().code(0);
    std::fs::write(&plan, r#"{"chosen":["s1","s3"],"arcs":[{"from":"s2","to":"s1"}]}"#).unwrap();
    verify().code(1);
    std::fs::write(&plan, r#"{"chosen":["s1","s3"],"arcs":[{"from":"s3","to":"s1"}],"objective":11}"#).unwrap();
    verify().code(0);
    let (_, one_hop) = solve_text(&SMALL.replace("\"max_hops\":2", "\"max_hops\":1"), &[]);
    assert_eq!(one_hop["objective"], 11.0);
    let cut_off = SMALL.replace(r#"{"from":"s3","to":"s1","cost":9}"#, r#"{"from":"s1","to":"s2","cost":9}"#);
    let cut_off = cut_off.replace("\"max_hops\":2", "\"max_hops\":1");
    let (code, json) = solve_text(&cut_off, &[]);
    assert_eq!(
        (code, &json["status"], &json["uncoverable"]),
        (Some(3), &"infeasible".into(), &serde_json::json!(["v1"]))
    );
    let (code, json) = solve_text(&cut_off, &["--allow-uncoverable"]);
    assert_eq!((code, &json["objective"], &json["chosen"]), (Some(0), &0.0.into(), &serde_json::json!(["s3"])));
}
