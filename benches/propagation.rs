//! Receivers per second of the radial sweep of every model, over mountains, gentle hills and flat ground.
//!
//! A radial has 667 samples 30 m apart (20 km) and half as many receivers, which stand between samples. One core.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use notspot::propagation::{Link, MODELS, Model, Polarization, Profile, Radial, RadialReceiver, Trace, Zone};
use std::hint::black_box;

const SAMPLES: usize = 667;
const SPACING_KM: f64 = 0.03;
const RADIALS: u64 = 32;

struct Ground {
    distance_km: Vec<f64>,
    terrain_amsl_m: Vec<f64>,
    clutter_m: Vec<f64>,
    receivers: Vec<RadialReceiver>,
}

/// A repeatable stream of numbers in −1..1 (splitmix64).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

impl Ground {
    /// Ridges of several wavelengths, `relief_m` high in all, with rough detail.
    fn new(relief_m: f64, seed: u64) -> Self {
        let mut random = noise(seed);
        let waves: Vec<(f64, f64, f64)> = (0..7)
            .map(|octave| {
                let wavelength_km = 12.0 / 2.0_f64.powi(octave) * (1.0 + 0.2 * random());
                (relief_m * 0.5_f64.powi(octave), wavelength_km, std::f64::consts::PI * random())
            })
            .collect();
        let mut height = |d: f64| {
            let ridges: f64 = waves.iter().map(|(a, w, phase)| a * (std::f64::consts::TAU * d / w + phase).sin()).sum();
            900.0 + ridges + 0.01 * relief_m * random()
        };
        let distance_km: Vec<f64> = (0..SAMPLES).map(|i| i as f64 * SPACING_KM).collect();
        let terrain_amsl_m: Vec<f64> = distance_km.iter().map(|&d| height(d)).collect();
        let receivers = (0..SAMPLES / 2)
            .map(|i| {
                let (k, part) = (2 * i + 1, 0.5);
                let (before, after) = (terrain_amsl_m[k], terrain_amsl_m[(k + 1).min(SAMPLES - 1)]);
                let distance_km = (k as f64 + part) * SPACING_KM;
                RadialReceiver { distance_km, terrain_amsl_m: before + part * (after - before), zone: Zone::Inland }
            })
            .collect();
        Self { distance_km, terrain_amsl_m, clutter_m: vec![0.0; SAMPLES], receivers }
    }

    fn radial(&self) -> Radial<'_> {
        Radial {
            distance_km: &self.distance_km,
            terrain_amsl_m: &self.terrain_amsl_m,
            clutter_m: &self.clutter_m,
            zone: None,
            own_place_km: SPACING_KM / 2.0,
        }
    }
}

fn link() -> Link {
    Link {
        frequency_mhz: 900.0,
        polarization: Polarization::Vertical,
        tx_height_agl_m: 40.0,
        rx_height_agl_m: 1.5,
        path_center_latitude_deg: 22.7,
    }
}

fn sweep(c: &mut Criterion) {
    for (name, relief_m) in [("mountains", 400.0), ("hills", 15.0), ("flat", 0.0)] {
        let radials: Vec<Ground> = (0..RADIALS).map(|seed| Ground::new(relief_m, seed)).collect();
        let receivers: usize = radials.iter().map(|r| r.receivers.len()).sum();
        let mut group = c.benchmark_group(format!("sweep/{name}"));
        group.throughput(Throughput::Elements(receivers as u64));
        for entry in MODELS {
            let Ok(model) = Model::build(entry.id, &serde_json::Map::new()) else { continue };
            let mut losses_db = vec![0.0; SAMPLES];
            group.bench_function(BenchmarkId::from_parameter(entry.id), |b| {
                b.iter(|| {
                    for ground in &radials {
                        let losses_db = &mut losses_db[..ground.receivers.len()];
                        model.sweep(&link(), ground.radial(), &ground.receivers, losses_db);
                        black_box(losses_db);
                    }
                });
            });
        }
        group.finish();
    }
}

fn path(c: &mut Criterion) {
    let ground = Ground::new(400.0, 1);
    let Ok(profile) = Profile::bare(ground.distance_km, ground.terrain_amsl_m) else { return };
    let mut group = c.benchmark_group("path");
    for entry in MODELS {
        let Ok(model) = Model::build(entry.id, &serde_json::Map::new()) else { continue };
        group.bench_function(BenchmarkId::from_parameter(entry.id), |b| {
            b.iter(|| model.predict(&link(), black_box(&profile), &mut Trace::off()));
        });
    }
    group.finish();
}

criterion_group!(benches, sweep, path);
criterion_main!(benches);
