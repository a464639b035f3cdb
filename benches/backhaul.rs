//! Backhaul: links to a mast on high ground beside every village of the demo study.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use notspot::planning::backhaul::{Mast, backhaul_network};
use notspot::progress::Progress;
use notspot::study::{self, Study};
use std::hint::black_box;
use std::path::Path;

/// The highest pixel within eight of each village.
fn masts(study: &Study) -> Vec<Mast> {
    let grid = &study.terrain.grid;
    let mast = |pixel: (usize, usize)| {
        let around = |at: usize, end: usize| at.saturating_sub(8)..(at + 9).min(end);
        let pixels = around(pixel.0, grid.rows()).flat_map(|r| around(pixel.1, grid.columns()).map(move |c| (r, c)));
        let (row, column) = pixels.max_by(|&a, &b| grid.values[a].total_cmp(&grid.values[b]))?;
        let (x, y) = grid.transform.center(row as f64, column as f64);
        Some(Mast { position: study.terrain.locator.position(x, y), height_agl_m: 42.0 })
    };
    study.villages.iter().filter_map(|village| study.terrain.pixel_of(village.position)).filter_map(mast).collect()
}

fn links(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/study.toml");
    let mut study = study::load(&path).expect("the demo study is sound");
    let masts = masts(&study);
    let mut group = c.benchmark_group("backhaul");
    group.sample_size(10);
    group.throughput(Throughput::Elements(masts.len() as u64));
    group.bench_function("all operators", |b| {
        b.iter(|| backhaul_network(black_box(&study), &masts, &Progress::default()));
    });
    study.config.planning.backhaul.operators = vec!["Operator D".into()];
    group.bench_function("one operator", |b| {
        b.iter(|| backhaul_network(black_box(&study), &masts, &Progress::default()));
    });
    group.finish();
}

criterion_group!(benches, links);
criterion_main!(benches);
