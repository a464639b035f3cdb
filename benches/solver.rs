//! The planning solver's stages: reading an instance, and a province-like least-cost plan without the exact phase.

use criterion::{Criterion, criterion_group, criterion_main};
use notspot::planning::instance;
use notspot::planning::solver::{Control, Objective, SolveOptions, solve};
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
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
