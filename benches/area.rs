//! Profile extraction, one-site coverage and the coverage matrix, on the demo study.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use notspot::coverage::{SweepMode, Transmitter, cover_network, site_loss};
use notspot::geodesy::LonLat;
use notspot::planning::{Candidate, Origin, SiteCost, coverage_matrix};
use notspot::progress::Progress;
use notspot::radio::Technology;
use notspot::study::{self, Cell, Study, Survey};
use std::hint::black_box;
use std::path::Path;

fn demo() -> Study {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/study.toml");
    study::load(&path).expect("the demo study is sound")
}

fn profile(c: &mut Criterion) {
    let study = demo();
    let spacing_m = study.terrain.pixel_size_m;
    let (from, to) = (LonLat::new(106.0, 22.6), LonLat::new(106.13, 22.71));
    let points = study.terrain.profile(from, to, spacing_m).expect("terrain on the way").len();
    let mut group = c.benchmark_group("profile");
    group.throughput(Throughput::Elements(points as u64));
    group.bench_function("18 km at 3″", |b| {
        b.iter(|| study.terrain.profile(black_box(from), black_box(to), spacing_m));
    });
    group.finish();
}

fn one_site(c: &mut Criterion) {
    let study = demo();
    let transmitter = Transmitter { position: LonLat::new(106.05, 22.74), height_agl_m: 30.0, frequency_mhz: 900.0 };
    let sweep = |radius_m, mode| site_loss(&study.terrain, &study.model, &transmitter, 1.5, radius_m, mode);
    let mut group = c.benchmark_group("site");
    group.sample_size(20);
    for (name, radius_m, mode) in
        [("radial, 15 km", 15_000.0, SweepMode::default()), ("exact, 5 km", 5_000.0, SweepMode::Exact)]
    {
        let receivers = sweep(radius_m, mode).expect("terrain around").receivers;
        group.throughput(Throughput::Elements(receivers as u64));
        group.bench_function(name, |b| b.iter(|| sweep(black_box(radius_m), mode)));
    }
    group.finish();
}

fn matrix(c: &mut Criterion) {
    let study = demo();
    let dark: Vec<usize> =
        (0..study.villages.len()).filter(|&v| study.villages[v].reported_signal == Survey::No).collect();
    let candidates: Vec<Candidate> = dark
        .iter()
        .map(|&v| Candidate {
            id: study.villages[v].id.clone(),
            position: study.villages[v].position,
            terrain_amsl_m: 0.0,
            height_agl_m: 42.0,
            origin: Origin::Given,
            place: v,
            configurations: vec![0],
            has_mast: false,
            power: None,
            owner: None,
            slope_deg: None,
            network_distance_m: None,
            road_distance_m: None,
            cost: SiteCost::default(),
        })
        .collect();
    let mut group = c.benchmark_group("matrix");
    group.sample_size(10);
    group.throughput(Throughput::Elements(candidates.len() as u64));
    group.bench_function("138 × 138", |b| {
        b.iter(|| coverage_matrix(&study, black_box(&candidates), &dark, None, &Progress::default()));
    });
    group.finish();
}

/// The first sites of the demo with so many sectors each.
fn with_sectors(sectors: usize) -> Study {
    let mut study = demo();
    study.sites.truncate(40);
    for site in &mut study.sites {
        let cell = Cell { technology: Technology::Lte, antenna: 1, ..site.cells[0].clone() };
        let sector = |k| Cell { azimuth_deg: Some(360.0 * k as f64 / sectors as f64), ..cell.clone() };
        site.cells = (0..sectors).map(sector).collect();
    }
    study
}

fn network(c: &mut Criterion) {
    let mut group = c.benchmark_group("network of 40 sites");
    group.sample_size(10);
    for sectors in [3, 6] {
        let study = with_sectors(sectors);
        group.bench_function(format!("{sectors} sectors"), |b| {
            b.iter(|| cover_network(black_box(&study), None, &Progress::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, profile, one_site, network, matrix);
criterion_main!(benches);
