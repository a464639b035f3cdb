//! Covering with backhaul: agreement with brute force, Steiner trees with known optima, repeatability, and the command.

#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/joint.rs"]
mod problems;

use assert_cmd::Command;
use common::shared;
use notspot::planning::solver::{
    Arc, Backhaul, Control, Covering, Csr, Node, Objective, Rules, Solution, SolveOptions, Status, solve_joint,
};
use notspot::planning::verify;
use problems::{Joint, better_of, for_each_tree, small_problem};
use proptest::prelude::*;

fn solve_bare(joint: &Joint, objective: &Objective, options: &SolveOptions) -> Solution {
    let (rules, control) = (Rules::default(), Control::default());
    solve_joint(&joint.covering, &joint.backhaul, &rules, objective, options, &control).unwrap()
}

/// The optimum by trying everything that can be built.
fn brute_force(joint: &Joint, objective: &Objective) -> Option<f64> {
    let problem = &joint.covering;
    let mut best: Option<f64> = None;
    for_each_tree(joint, |built| {
        let served = |i: &u32| problem.servers(*i).iter().any(|&j| built.there[j as usize]);
        let demands = || 0..problem.demands() as u32;
        if !built.is_allowed(objective) {
            return;
        }
        if *objective == Objective::LeastCost {
            if demands().all(|i| served(&i)) {
                best = better_of(objective, best, built.cost);
            }
        } else {
            let weight = demands().filter(served).map(|i| problem.weights()[i as usize]).sum();
            best = better_of(objective, best, weight);
        }
    });
    best
}

fn agrees(joint: &Joint, objective: Objective, seed: u64) -> Result<(), TestCaseError> {
    let optimum = brute_force(joint, &objective);
    for heuristic in [false, true] {
        let options = SolveOptions { heuristic, seed, ..SolveOptions::default() };
        let solution = solve_bare(joint, &objective, &options);
        let Some(optimum) = optimum else {
            prop_assert_eq!(solution.status, Status::Infeasible);
            prop_assert_eq!(
                solution.uncoverable,
                verify::uncoverable(&joint.covering, Some(&joint.backhaul), &Rules::default())
            );
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
    fn least_cost_agrees_with_brute_force(joint in small_problem(7), seed in 0u64..5) {
        agrees(&joint, Objective::LeastCost, seed)?;
    }

    #[test]
    fn most_weight_with_sites_agrees_with_brute_force(joint in small_problem(7), max_sites in 0u32..5, seed in 0u64..5) {
        agrees(&joint, Objective::MostWeightSites { max_sites }, seed)?;
    }

    #[test]
    fn most_weight_with_a_budget_agrees_with_brute_force(joint in small_problem(7), budget in 0.0..150.0f64, seed in 0u64..5) {
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
        let solution = solve_bare(&joint, &Objective::LeastCost, &SolveOptions::default());
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
            pool.install(|| solve_bare(&joint, &objective, &options))
        };
        let (one, eight) = (run(1), run(8));
        assert_eq!(one, eight);
        assert_eq!(one.status, Status::Optimal, "{objective:?}");
        let rough = solve_bare(&joint, &objective, &SolveOptions { heuristic: true, ..options });
        let (exact, rough, bound) = (one.objective.unwrap(), rough.objective.unwrap(), rough.bound.unwrap());
        let (low, high) = if objective == Objective::LeastCost { (bound, rough) } else { (rough, bound) };
        assert!(low <= exact + 1e-6 && exact <= high + 1e-6, "{low} ≤ {exact} ≤ {high}");
        let other = solve_bare(&joint, &objective, &SolveOptions { seed: 4, ..options });
        assert!((other.objective.unwrap() - exact).abs() <= 1e-6 * exact, "another seed, another optimum");
    }
}

#[test]
fn fewer_hops_never_help() {
    let value = |hops| {
        let joint = plane(80, 30, hops, 11);
        solve_bare(&joint, &Objective::MostWeightSites { max_sites: 8 }, &SolveOptions::default()).objective.unwrap()
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
    let (rules, objective) = (Rules::default(), Objective::LeastCost);
    let solution = solve_joint(&joint.covering, &joint.backhaul, &rules, &objective, &options, &control).unwrap();
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

/// A problem as the command reads it.
fn as_text(joint: &Joint) -> String {
    let problem = &joint.covering;
    let names = |list: &[u32]| list.iter().map(|i| format!("v{i}")).collect::<Vec<_>>();
    let demand = |i| serde_json::json!({"id": format!("v{i}"), "weight": problem.weights()[i]});
    let candidate = |j| serde_json::json!({"id": format!("s{j}"), "cost": problem.costs()[j], "covers": names(problem.covers(j as u32))});
    let from = |node| match node {
        Node::Root(r) => format!("r{r}"),
        Node::Candidate(j) => format!("s{j}"),
    };
    let arc = |a: &Arc| serde_json::json!({"from": from(a.from), "to": format!("s{}", a.to), "cost": a.cost});
    serde_json::json!({
        "schema": "notspot/instance/1",
        "demands": (0..problem.demands()).map(demand).collect::<Vec<_>>(),
        "candidates": (0..problem.candidates()).map(candidate).collect::<Vec<_>>(),
        "objective": {"minimize": "cost", "cover": "all"},
        "backhaul": {
            "roots": (0..joint.backhaul.roots).map(|r| format!("r{r}")).collect::<Vec<_>>(),
            "arcs": joint.backhaul.arcs.iter().map(arc).collect::<Vec<_>>(),
            "max_hops": joint.backhaul.max_hops,
        },
    })
    .to_string()
}

#[test]
fn a_time_limit_and_an_interruption_give_the_best_plan_with_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let instance = folder.path().join("i.json");
    std::fs::write(&instance, as_text(&plane(900, 300, Some(6), 2))).unwrap();
    let sound = |output: &std::process::Output| {
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{errors}");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let (objective, bound) = (json["objective"].as_f64().unwrap(), json["bound"].as_f64().unwrap());
        assert!(0.0 <= bound && bound <= objective, "{bound} {objective}");
        std::fs::write(folder.path().join("p.json"), json.to_string()).unwrap();
        let mut verify = Command::cargo_bin("notspot").unwrap();
        verify
            .arg("verify")
            .arg(folder.path().join("p.json"))
            .arg(&instance)
            .arg("--allow-uncoverable")
            .assert()
            .code(0);
    };
    let command = |more: &[&str]| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("notspot"));
        command.arg("solve").arg(&instance).arg("--allow-uncoverable").args(more);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        command
    };
    sound(&command(&["--time-limit", "1"]).output().unwrap());
    let child = command(&[]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    // Where it has finished by now, there is nobody left to tell.
    let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT);
    sound(&child.wait_with_output().unwrap());
}
