//! The planning solver's stages: reading an instance, a province-like least-cost plan without the exact phase, and covering
//! with backhaul.

use criterion::{Criterion, criterion_group, criterion_main};
use notspot::planning::instance;
use notspot::planning::solver::{
    Arc, Backhaul, Control, Covering, Csr, Node, Objective, Rules, SolveOptions, solve, solve_joint,
};
use std::fmt::Write;
use std::hint::black_box;

/// An instance text on a plane: `candidates` discs over `demands` points, the same every time.
fn text(candidates: usize, demands: usize) -> String {
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let points: Vec<(f64, f64)> = (0..demands).map(|_| (random(), random())).collect();
    let ids: Vec<String> = (0..demands).map(|i| format!("{{\"id\":\"v{i}\",\"weight\":{}}}", 20 + i % 700)).collect();
    let mut text = format!("{{\"schema\":\"{}\",\"demands\":[{}],\"candidates\":[", instance::SCHEMA, ids.join(","));
    for j in 0..candidates {
        let (x, y, reach, cost) =
            (random(), random(), 0.04 + 0.06 * random(), (600.0 + 600.0 * random()).round() / 10.0);
        let near = points.iter().enumerate().filter(|(_, p)| (p.0 - x).hypot(p.1 - y) < reach);
        let covers: Vec<String> = near.map(|(i, _)| format!("\"v{i}\"")).collect();
        let comma = if j > 0 { "," } else { "" };
        let _ = write!(text, "{comma}{{\"id\":\"s{j}\",\"cost\":{cost},\"covers\":[{}]}}", covers.join(","));
    }
    text + "],\"objective\":{\"minimize\":\"cost\",\"cover\":\"all\"}}"
}

fn stages(c: &mut Criterion) {
    let text = text(2_000, 800);
    c.bench_function("solver/read", |b| b.iter(|| instance::read(black_box(text.as_bytes()), "bench")));
    let Ok(problem) = instance::read(text.as_bytes(), "bench") else { return };
    let options = SolveOptions { heuristic: true, allow_uncoverable: true, ..SolveOptions::default() };
    let mut group = c.benchmark_group("solver");
    group.sample_size(10);
    group.bench_function("least cost, heuristic", |b| {
        b.iter(|| solve(black_box(&problem.covering), &Objective::LeastCost, &options, &Control::default()));
    });
    group.bench_function("most weight with 20 sites, heuristic", |b| {
        let objective = Objective::MostWeightSites { max_sites: 20 };
        b.iter(|| solve(black_box(&problem.covering), &objective, &options, &Control::default()));
    });
    let (covering, backhaul) = masts(150, 60);
    let one_of = Rules { one_of: (0..150).map(|m| vec![150 + 2 * m, 151 + 2 * m]).collect(), ..Rules::default() };
    for (name, rules) in
        [("joint, least cost", Rules::default()), ("joint, least cost, one configuration a mast", one_of)]
    {
        let options = SolveOptions { allow_uncoverable: true, ..SolveOptions::default() };
        group.bench_function(name, |b| {
            let objective = Objective::LeastCost;
            b.iter(|| solve_joint(black_box(&covering), &backhaul, &rules, &objective, &options, &Control::default()));
        });
    }
    group.finish();
}

/// Masts on a plane that reach villages by one of two attached configurations, hops between near masts, at most 4 of them.
fn masts(masts: u32, villages: u32) -> (Covering, Backhaul) {
    let mut state = 7u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut points = |n: u32| (0..n).map(|_| (random(), random())).collect::<Vec<(f64, f64)>>();
    let (sites, people) = (points(masts), points(villages));
    let distance = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
    let near = |p, reach: f64| (0..villages).filter(|&i| distance(p, people[i as usize]) < reach).collect::<Vec<u32>>();
    let mut rows = vec![Vec::new(); sites.len()];
    let mut costs: Vec<f64> = sites.iter().map(|p| (40.0 + 40.0 * p.1).round()).collect();
    let mut arcs = Vec::new();
    for (m, &p) in sites.iter().enumerate() {
        for (reach, cost) in [(0.08, 20.0), (0.13, 45.0)] {
            arcs.push(Arc { from: Node::Candidate(m as u32), to: costs.len() as u32, cost: 0.0, hops: 0 });
            costs.push(cost);
            rows.push(near(p, reach));
        }
        let mut hop = |from, q| {
            if distance(p, q) < 0.2 {
                arcs.push(Arc { from, to: m as u32, cost: (12.0 + 60.0 * distance(p, q)).round(), hops: 1 });
            }
        };
        hop(Node::Root(0), (0.3, 0.3));
        hop(Node::Root(0), (0.7, 0.7));
        sites.iter().enumerate().filter(|s| s.0 != m).for_each(|(k, &q)| hop(Node::Candidate(k as u32), q));
    }
    let weights = vec![1.0; villages as usize];
    let covering = Covering::new(costs, weights, Csr::from_rows(rows), Vec::new()).unwrap_or_else(|e| panic!("{e}"));
    (covering, Backhaul { roots: 1, arcs, max_hops: Some(4) })
}

criterion_group!(benches, stages);
criterion_main!(benches);
