//! The planning solver: known optima, agreement with brute force, properties, and the command's exit codes.

#![allow(clippy::unwrap_used)]

mod common;

use assert_cmd::Command;
use common::shared;
use notspot::planning::solver::{Control, Covering, Csr, Objective, Solution, SolveOptions, Status, solve};
use proptest::prelude::*;

/// OR-Library set covering: rows, columns, the costs, then for each row how many columns cover it and which (from 1).
fn read_scp(text: &str) -> (Vec<f64>, Vec<Vec<u32>>) {
    let mut numbers = text.split_whitespace().map(|t| t.parse::<usize>().unwrap());
    let mut next = || numbers.next().unwrap();
    let (rows, columns) = (next(), next());
    let costs = (0..columns).map(|_| next() as f64).collect();
    let servers = (0..rows).map(|_| (0..next()).map(|_| next() as u32 - 1).collect()).collect();
    (costs, servers)
}

fn least_cost(problem: &Covering) -> Solution {
    solve(problem, &Objective::LeastCost, &SolveOptions::default(), &Control::default()).unwrap()
}

#[test]
fn or_library_optima_are_proven() {
    let Some(folder) = shared("golden/covering") else { return };
    let optima = [
        ("scp41", 429.0),
        ("scp42", 512.0),
        ("scp43", 516.0),
        ("scp44", 494.0),
        ("scp45", 512.0),
        ("scp46", 560.0),
        ("scp47", 430.0),
        ("scp48", 492.0),
        ("scp49", 641.0),
        ("scp410", 514.0),
        ("scp51", 253.0),
        ("scpa1", 253.0),
    ];
    for (name, optimum) in optima {
        let text = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
        let (costs, servers) = read_scp(&text);
        let covers = Csr::from_rows(&servers).transpose(costs.len());
        let problem = Covering::new(costs, vec![1.0; servers.len()], covers, vec![]).unwrap();
        let solution = least_cost(&problem);
        assert_eq!((solution.status, solution.objective), (Status::Optimal, Some(optimum)), "{name}");
        assert!((solution.bound.unwrap() - optimum).abs() <= 1e-6 * optimum, "{name}");
    }
}

/// A small random problem: whole or fractional amounts, sometimes free candidates, fixed ones, empty sets.
fn small_problem() -> impl Strategy<Value = Covering> {
    (1usize..10, 1usize..13, any::<bool>()).prop_flat_map(|(candidates, demands, whole)| {
        let amount = move |least: u32| {
            (least..30u32, 0.0..1.0f64).prop_map(move |(a, b)| f64::from(a) + if whole { 0.0 } else { b })
        };
        (
            prop::collection::vec(amount(0), candidates),
            prop::collection::vec(amount(0), demands),
            prop::collection::vec(prop::collection::btree_set(0..demands as u32, 0..=demands.min(6)), candidates),
            prop::collection::btree_set(0..candidates as u32, 0..=candidates.min(2) / 2),
        )
            .prop_map(|(costs, weights, sets, fixed)| {
                let rows: Vec<Vec<u32>> = sets.into_iter().map(|s| s.into_iter().collect()).collect();
                Covering::new(costs, weights, Csr::from_rows(rows), fixed.into_iter().collect()).unwrap()
            })
    })
}

/// The optimum by trying every subset; `None` when no subset will do.
fn brute_force(problem: &Covering, objective: &Objective) -> Option<f64> {
    let n = problem.candidates() as u32;
    let mut best: Option<f64> = None;
    for subset in 0u32..1 << n {
        let chosen: Vec<u32> = (0..n).filter(|j| subset >> j & 1 == 1).collect();
        if !problem.fixed().iter().all(|j| chosen.contains(j)) {
            continue;
        }
        let served = |i: u32| problem.servers(i).iter().any(|j| chosen.contains(j));
        let cost: f64 = chosen.iter().map(|&j| problem.costs()[j as usize]).sum();
        let weight: f64 =
            (0..problem.demands() as u32).filter(|&i| served(i)).map(|i| problem.weights()[i as usize]).sum();
        let (allowed, value, better): (bool, f64, fn(f64, f64) -> f64) = match *objective {
            Objective::LeastCost => ((0..problem.demands() as u32).all(served), cost, f64::min),
            Objective::MostWeightSites { max_sites } => {
                (chosen.len() - problem.fixed().len() <= max_sites as usize, weight, f64::max)
            }
            Objective::MostWeightBudget { budget } => (cost <= budget + 1e-9 * budget.max(1.0), weight, f64::max),
        };
        if allowed {
            best = Some(best.map_or(value, |b| better(b, value)));
        }
    }
    best
}

fn agrees(problem: &Covering, objective: Objective, seed: u64) -> Result<(), TestCaseError> {
    let optimum = brute_force(problem, &objective);
    for heuristic in [false, true] {
        let options = SolveOptions { heuristic, seed, ..SolveOptions::default() };
        let solution = solve(problem, &objective, &options, &Control::default()).unwrap();
        let Some(optimum) = optimum else {
            prop_assert_eq!(solution.status, Status::Infeasible);
            prop_assert_eq!(solution.uncoverable, problem.uncoverable());
            continue;
        };
        let (value, bound) = (solution.objective.unwrap(), solution.bound.unwrap());
        let slack = 1e-9 * optimum.max(1.0);
        let minimize = objective == Objective::LeastCost;
        let (low, high) = if minimize { (bound, value) } else { (value, bound) };
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
    fn least_cost_agrees_with_brute_force(problem in small_problem(), seed in 0u64..5) {
        agrees(&problem, Objective::LeastCost, seed)?;
    }

    #[test]
    fn most_weight_with_sites_agrees_with_brute_force(problem in small_problem(), max_sites in 0u32..6, seed in 0u64..5) {
        agrees(&problem, Objective::MostWeightSites { max_sites }, seed)?;
    }

    #[test]
    fn most_weight_with_a_budget_agrees_with_brute_force(problem in small_problem(), budget in 0.0..120.0f64, seed in 0u64..5) {
        agrees(&problem, Objective::MostWeightBudget { budget }, seed)?;
        agrees(&problem, Objective::MostWeightBudget { budget: budget.round() }, seed)?;
    }

    #[test]
    fn another_candidate_never_hurts(problem in small_problem(), cost in 0.0..20.0f64, max_sites in 0u32..5) {
        let mut rows: Vec<Vec<u32>> = (0..problem.candidates() as u32).map(|j| problem.covers(j).to_vec()).collect();
        rows.push((0..problem.demands() as u32).filter(|i| i % 2 == 0).collect());
        let costs = problem.costs().iter().copied().chain([cost]).collect();
        let more = Covering::new(costs, problem.weights().to_vec(), Csr::from_rows(rows), problem.fixed().to_vec()).unwrap();
        let value = |p: &Covering, o| solve(p, &o, &SolveOptions::default(), &Control::default()).unwrap().objective;
        let sites = Objective::MostWeightSites { max_sites };
        prop_assert!(value(&more, sites).unwrap() >= value(&problem, sites).unwrap() - 1e-6);
        if let Some(before) = value(&problem, Objective::LeastCost) {
            prop_assert!(value(&more, Objective::LeastCost).unwrap() <= before + 1e-6);
        }
    }
}

/// A middling problem on a plane, the same for a seed.
fn plane(candidates: usize, demands: usize, seed: u64) -> Covering {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let points: Vec<(f64, f64)> = (0..demands).map(|_| (random(), random())).collect();
    let mut costs = Vec::new();
    let rows: Vec<Vec<u32>> = (0..candidates)
        .map(|_| {
            let (x, y, reach) = (random(), random(), 0.05 + 0.1 * random());
            costs.push((60.0 + 60.0 * random()).round());
            let near = |&i: &u32| (points[i as usize].0 - x).hypot(points[i as usize].1 - y) < reach;
            (0..demands as u32).filter(near).collect()
        })
        .collect();
    let weights = (0..demands).map(|_| (20.0 + 500.0 * random()).round()).collect();
    Covering::new(costs, weights, Csr::from_rows(rows), vec![]).unwrap()
}

#[test]
fn runs_repeat_and_do_not_depend_on_threads() {
    let problem = plane(300, 200, 7);
    let objectives = [
        Objective::LeastCost,
        Objective::MostWeightSites { max_sites: 9 },
        Objective::MostWeightBudget { budget: 700.0 },
    ];
    for objective in objectives {
        let options = SolveOptions { allow_uncoverable: true, seed: 3, ..SolveOptions::default() };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| solve(&problem, &objective, &options, &Control::default()).unwrap())
        };
        let (one, eight) = (run(1), run(8));
        assert_eq!(one, eight);
        assert_eq!(one.status, Status::Optimal, "{objective:?}");
        let heuristic = SolveOptions { heuristic: true, ..options };
        let rough = solve(&problem, &objective, &heuristic, &Control::default()).unwrap();
        let (exact, rough, bound) = (one.objective.unwrap(), rough.objective.unwrap(), rough.bound.unwrap());
        let (low, high) = if objective == Objective::LeastCost { (bound, rough) } else { (rough, bound) };
        assert!(low <= exact + 1e-6 && exact <= high + 1e-6, "{low} ≤ {exact} ≤ {high}");
        assert!((rough - exact).abs() <= 0.05 * exact, "{rough} is far from {exact}");
    }
}

#[test]
fn cancelling_gives_a_plan_with_its_bound() {
    let problem = plane(400, 300, 3);
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let control = Control { cancel: Some(&cancel), ..Control::default() };
    let options = SolveOptions { allow_uncoverable: true, ..SolveOptions::default() };
    let solution = solve(&problem, &Objective::LeastCost, &options, &control).unwrap();
    assert!(solution.bound.unwrap() <= solution.objective.unwrap());
}

const SMALL: &str = r#"{"schema":"notspot/instance/1","demands":[{"id":"v1","weight":5},{"id":"v2","weight":7}],
    "candidates":[{"id":"s1","cost":2,"covers":["v1"]},{"id":"s2","cost":2.5,"covers":["v1","v2"]}],
    "objective":{"minimize":"cost","cover":"all"}}"#;

fn notspot() -> Command {
    Command::cargo_bin("notspot").unwrap()
}

fn answer(output: &std::process::Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn solve_prints_the_answer_and_verify_accepts_it() {
    let folder = tempfile::tempdir().unwrap();
    let (instance, plan) = (folder.path().join("i.json.gz"), folder.path().join("p.json"));
    let mut gz = flate2::write::GzEncoder::new(std::fs::File::create(&instance).unwrap(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gz, SMALL.as_bytes()).unwrap();
    gz.finish().unwrap();
    let output = notspot().arg("solve").arg(&instance).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let json = answer(&output);
    assert_eq!(json["schema"], "notspot/solution/1");
    assert_eq!((&json["status"], &json["objective"], &json["bound"]), (&"optimal".into(), &2.5.into(), &2.5.into()));
    assert_eq!(
        (&json["chosen"], &json["arcs"], &json["gap"]),
        (&serde_json::json!(["s2"]), &serde_json::json!([]), &0.0.into())
    );
    std::fs::write(&plan, &output.stdout).unwrap();
    notspot().arg("verify").arg(&plan).arg(&instance).assert().code(0);
    std::fs::write(&plan, r#"{"chosen":["s1","s1","x"],"objective":9,"status":"optimal","bound":1}"#).unwrap();
    let wrong = notspot().args(["verify", "--json"]).arg(&plan).arg(&instance).output().unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    let verdict = answer(&wrong);
    assert_eq!(verdict["valid"], false);
    assert_eq!(verdict["faults"].as_array().unwrap().len(), 5, "{verdict}");
    std::fs::write(&plan, "[]").unwrap();
    notspot().arg("verify").arg(&plan).arg(&instance).assert().code(2);
}

#[test]
fn standard_input_and_budgets() {
    let text = SMALL.replace(r#"{"minimize":"cost","cover":"all"}"#, r#"{"maximize":"weight","budget":2.4}"#);
    let output = notspot().args(["solve", "-", "--threads", "1"]).write_stdin(text).output().unwrap();
    assert_eq!((output.status.code(), &answer(&output)["objective"]), (Some(0), &5.0.into()));
}

#[test]
fn what_nothing_serves_is_named_with_exit_code_3() {
    let text = SMALL.replace(r#""covers":["v1","v2"]"#, r#""covers":["v1"]"#);
    let output = notspot().args(["solve", "-"]).write_stdin(text.clone()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let json = answer(&output);
    assert_eq!((&json["status"], &json["uncoverable"]), (&"infeasible".into(), &serde_json::json!(["v2"])));
    assert!(String::from_utf8_lossy(&output.stderr).contains("v2"));
    let output = notspot().args(["solve", "-", "--allow-uncoverable"]).write_stdin(text).output().unwrap();
    assert_eq!((output.status.code(), &answer(&output)["objective"]), (Some(0), &2.0.into()));
}

#[test]
fn bad_input_has_exit_code_2_and_says_where() {
    let cases = [
        (SMALL.replace("\"cost\":2,", "\"cost\":-2,"), "candidates[0].cost"),
        (SMALL.replace("[\"v1\",\"v2\"]", "[\"v1\",\"v3\"]"), "candidates[1].covers[1]"),
        (SMALL.replace("\"s2\"", "\"s1\""), "candidates[1].id"),
        (SMALL.replace("instance/1", "instance/2"), "schema"),
        (SMALL.replace("\"weight\":5", "\"weight\":1e999"), "out of range"),
        (SMALL.replace("\"weight\":5", "\"wait\":5"), "unknown field `wait`"),
        (SMALL.replace("\"cover\":\"all\"", "\"cover\":\"most\""), "objective"),
        ("{".into(), "EOF"),
    ];
    for (text, place) in cases {
        let output = notspot().args(["solve", "-"]).write_stdin(text).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{place}: {stderr}");
        assert!(stderr.contains(place), "{place} is not in: {stderr}");
        assert!(output.stdout.is_empty());
    }
    notspot().args(["solve", "/nowhere/at/all.json"]).assert().code(2);
    notspot().args(["solve", "-", "--gap", "-1"]).assert().code(2);
}
