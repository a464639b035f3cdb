//! Path losses of a study's transmitters: from the cache where everything that they depend on is the same, else computed.
//!
//! A loss depends on the place, height and frequency of the transmitter, on the model and its parameters, the receiver's height, the
//! radius, the way of sampling, the terrain, clutter and zones around, and the program that computes it. It does not depend on what is
//! radiated there: sectors, powers and technologies share it. The terrain enters by a hash of each of its blocks, worked out once
//! a run, so that a change far away leaves a transmitter's losses valid.

use super::blocks::{Blocks, Window};
use super::fan::reach_in_pixels;
use super::matrix::LossMatrix;
use super::{SweepMode, Transmitter, site_loss};
use crate::io::{CacheFault, CacheFolder, sha256_of_parts, sha256_of_program};
use crate::progress::Progress;
use crate::propagation::Model;
use crate::terrain::Terrain;
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a key starts with; the digit is the version of its meaning and of [`LossMatrix::to_bytes`].
const FORMAT: &str = "notspot path loss 1";

/// Pixels that a calculation may look beyond those within the radius: the neighbours of the last samples.
const MARGIN: isize = 8;

mod between;

pub use between::{Mast, PlaceLosses};

/// Where a run's path losses came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MatrixCounts {
    /// Matrices of one transmitter that were computed.
    pub computed: usize,
    /// Matrices that came from the path-loss cache.
    pub from_cache: usize,
}

/// The path losses of a terrain and model.
pub(super) struct PathLosses<'a> {
    terrain: &'a Terrain,
    model: &'a Model,
    rx_height_agl_m: f64,
    mode: SweepMode,
    cache: Option<(&'a CacheFolder, Blocks<'a>)>,
    progress: &'a Progress,
    computed: AtomicUsize,
    from_cache: AtomicUsize,
    /// Whether it has been told that the cache cannot be used, or is full.
    told: AtomicBool,
}

impl<'a> PathLosses<'a> {
    pub(super) fn new(
        terrain: &'a Terrain,
        model: &'a Model,
        rx_height_agl_m: f64,
        mode: SweepMode,
        cache: Option<&'a CacheFolder>,
        progress: &'a Progress,
    ) -> Self {
        let cache = cache.map(|folder| (folder, Blocks::of(terrain)));
        let (computed, from_cache, told) = Default::default();
        Self { terrain, model, rx_height_agl_m, mode, cache, progress, computed, from_cache, told }
    }

    /// How many matrices there were so far.
    pub(super) fn counts(&self) -> MatrixCounts {
        let load = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        MatrixCounts { computed: load(&self.computed), from_cache: load(&self.from_cache) }
    }

    /// Whether the losses within a radius can reach into some rows.
    pub(super) fn reaches(&self, transmitter: &Transmitter, radius_m: f64, rows: &Range<usize>) -> bool {
        let window = self.window(transmitter, radius_m);
        window.is_some_and(|(reached, _)| reached.start < rows.end && rows.start < reached.end)
    }

    /// Losses within a radius; `None` when no pixel lies there.
    pub(super) fn around(&self, transmitter: &Transmitter, radius_m: f64) -> Option<LossMatrix> {
        let window = self.window(transmitter, radius_m)?;
        let terrain = || self.terrain.part(window.0.clone(), window.1.clone());
        let mut matrix = match &self.cache {
            None => self.computed(&terrain(), transmitter, radius_m)?,
            Some((folder, blocks)) => {
                let key = self.key(blocks, &window, transmitter, radius_m);
                let size = (window.0.len(), window.1.len());
                if let Some(kept) = self.kept(folder, &key, |bytes| LossMatrix::from_bytes(bytes, size)) {
                    self.from_cache.fetch_add(1, Ordering::Relaxed);
                    kept
                } else {
                    let matrix = self.computed(&terrain(), transmitter, radius_m)?;
                    self.keep(folder, &key, &matrix.to_bytes());
                    matrix
                }
            }
        };
        matrix.origin.0 += window.0.start;
        matrix.origin.1 += window.1.start;
        Some(matrix)
    }

    /// The part of the grid on which a calculation works. Its corner, counted in the pixels of the whole mosaic, depends on the
    /// transmitter alone unless the grid ends before.
    fn window(&self, transmitter: &Transmitter, radius_m: f64) -> Option<Window> {
        let terrain = self.terrain;
        let reach = reach_in_pixels(terrain, transmitter.position, radius_m)?;
        let (x, y) = terrain.locator.locate(transmitter.position);
        let center = terrain.frame.row_column(x, y);
        let span = |center: f64, reach: f64, first: isize, count: usize| {
            let low = (center - reach).floor() as isize - MARGIN - first;
            let high = (center + reach).ceil() as isize + MARGIN + 1 - first;
            let range = low.clamp(0, count as isize) as usize..high.clamp(0, count as isize) as usize;
            (!range.is_empty()).then_some(range)
        };
        let (first_row, first_column) = terrain.first_pixel;
        let rows = span(center.0, reach.0, first_row, terrain.grid.rows())?;
        Some((rows, span(center.1, reach.1, first_column, terrain.grid.columns())?))
    }

    fn computed(&self, part: &Terrain, transmitter: &Transmitter, radius_m: f64) -> Option<LossMatrix> {
        let loss = site_loss(part, self.model, transmitter, self.rx_height_agl_m, radius_m, self.mode)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        Some(LossMatrix::of(&loss))
    }

    /// What is kept under a key, made of its bytes.
    fn kept<T>(&self, folder: &CacheFolder, key: &str, of_bytes: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        match folder.get(key) {
            Ok(None) => {}
            Ok(Some(bytes)) => match of_bytes(&bytes) {
                Some(kept) => return Some(kept),
                None => self.progress.detail(&format!("path-loss cache: {key} makes no losses; it is computed again")),
            },
            Err(fault @ CacheFault::Damaged(_)) => {
                self.progress.detail(&format!("path-loss cache: {fault}; it is computed again"));
            }
            Err(fault @ CacheFault::Unreadable { .. }) => self.tell_unusable(&fault),
        }
        None
    }

    fn keep(&self, folder: &CacheFolder, key: &str, bytes: &[u8]) {
        if self.told.load(Ordering::Relaxed) {
            return;
        }
        match folder.put(key, bytes) {
            Ok(true) => {}
            Ok(false) if self.told.swap(true, Ordering::Relaxed) => {}
            Ok(false) => self.progress.detail("path-loss cache: this run fills it; what follows is not kept"),
            Err(error) => self.tell_unusable(&format!("{}: {error}", folder.path().display())),
        }
    }

    /// Says once that the run goes on without the cache.
    fn tell_unusable(&self, why: &dyn std::fmt::Display) {
        if !self.told.swap(true, Ordering::Relaxed) {
            self.progress.note(&format!("the path-loss cache cannot be used, the run goes on without: {why}"));
        }
    }

    /// SHA-256 of everything that decides the losses within a radius.
    fn key(&self, blocks: &Blocks<'_>, window: &Window, transmitter: &Transmitter, radius_m: f64) -> String {
        // Debug output of numbers gives all their digits, and a field that is added to one of these types is in the key.
        let of = [
            FORMAT.to_owned(),
            format!("{transmitter:?} {:?}", transmitter.link(self.rx_height_agl_m)),
            format!("radius {radius_m:?} m, {:?}", self.mode),
        ];
        self.key_of(blocks, window, &of)
    }

    /// SHA-256 of what losses are `of`, of program, model and its parameters, and of the terrain in a window.
    fn key_of(&self, blocks: &Blocks<'_>, window: &Window, of: &[String]) -> String {
        let terrain = self.terrain;
        let (row, column) = (window.0.start as isize, window.1.start as isize);
        let transform = terrain.frame.window(terrain.first_pixel.0 + row, terrain.first_pixel.1 + column);
        let size = (window.0.len(), window.1.len());
        // Where its corners lie stands for the coordinate system and for how PROJ transforms it.
        let corners = [(0, 0), (0, size.1), (size.0, 0), size].map(|(row, column)| {
            let (x, y) = transform.center(row as f64, column as f64);
            terrain.locator.position(x, y)
        });
        let parameters = serde_json::Value::Object(self.model.parameters().values().clone());
        let text = [
            format!("program {} on {}", sha256_of_program(), processor()),
            format!("model {} {parameters}", self.model.entry().id),
            format!("{transform:?} {size:?} {corners:?}, profiles every {:?} m", terrain.pixel_size_m),
            format!("clutter {}, zones {}", terrain.clutter_m.is_some(), terrain.zones.is_some()),
        ];
        let hashes = blocks.hashes(window);
        let parts = of.iter().chain(&text).map(String::as_str).chain(hashes.iter().map(AsRef::as_ref));
        sha256_of_parts(parts.flat_map(|part| [part, "\n"]))
    }
}

/// What of the processor decides which form of the arithmetic runs; their last digits may differ.
fn processor() -> String {
    #[cfg(target_arch = "x86_64")]
    let features = [
        ("avx2", is_x86_feature_detected!("avx2")),
        ("fma", is_x86_feature_detected!("fma")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let features: [(&str, bool); 0] = [];
    let present = features.into_iter().filter(|(_, present)| *present).map(|(name, _)| format!("+{name}"));
    [std::env::consts::ARCH.to_owned()].into_iter().chain(present).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use crate::coverage::matrix::tests::loss_db;
    use crate::geodesy::LonLat;
    use crate::grid::{GeoTransform, Grid};
    use crate::io::crs_of_epsg;
    use crate::propagation::Zone;
    use crate::terrain::Locator;
    use ndarray::Array2;
    use serde_json::json;
    use std::collections::BTreeSet;

    /// Hills of 100 m pixels around 106° E, 22.5° N, in degrees or UTM, with a void and a wood.
    pub(in crate::coverage) fn terrain(epsg: u32) -> Terrain {
        let crs = crs_of_epsg(epsg).unwrap();
        let frame = match epsg {
            4326 => GeoTransform { west: 106.0, north: 22.6, pixel_width: 0.001, pixel_height: 0.001 },
            _ => GeoTransform { west: 602_345.6, north: 2_499_876.5, pixel_width: 100.0, pixel_height: 100.0 },
        };
        let height = |(r, c): (usize, usize)| {
            let (x, y) = (c as f32 / 9.0, r as f32 / 7.0);
            let void = (60..63).contains(&r) && (95..97).contains(&c);
            if void { f32::NAN } else { 500.0 + 180.0 * (x.sin() * y.cos()) + 60.0 * (2.7 * x + y).sin() }
        };
        let size = (220, 240);
        let wood = |(r, c): (usize, usize)| if (r / 6 + c / 5) % 3 == 0 { 15.0 } else { 0.0 };
        let lake = |(r, c): (usize, usize)| if r < 40 || (90..140).contains(&c) { Zone::Sea } else { Zone::Coastal };
        Terrain {
            grid: Grid { values: Array2::from_shape_fn(size, height), transform: frame, crs: crs.clone() },
            frame,
            first_pixel: (0, 0),
            locator: Locator::new(&crs, &frame, size).unwrap(),
            pixel_size_m: 100.0,
            clutter_m: Some(Array2::from_shape_fn(size, wood)),
            zones: Some(Array2::from_shape_fn(size, lake)),
            warnings: Vec::new(),
        }
    }

    /// What a study whose window begins and ends elsewhere reads.
    fn other_window(whole: &Terrain) -> Terrain {
        let part = whole.part(37..205, 11..222);
        let locator = Locator::new(&part.grid.crs, &part.grid.transform, part.grid.values.dim()).unwrap();
        Terrain { locator, ..part }
    }

    fn at(terrain: &Terrain, row: f64, column: f64) -> Transmitter {
        let (x, y) = terrain.frame.center(row, column);
        Transmitter { position: terrain.locator.position(x, y), height_agl_m: 30.0, frequency_mhz: 900.0 }
    }

    fn model(id: &str, parameters: serde_json::Value) -> Model {
        Model::build(id, parameters.as_object().unwrap()).unwrap()
    }

    fn losses<'a>(
        terrain: &'a Terrain,
        model: &'a Model,
        cache: Option<&'a CacheFolder>,
        progress: &'a Progress,
    ) -> PathLosses<'a> {
        PathLosses::new(terrain, model, 1.5, SweepMode::default(), cache, progress)
    }

    const RADIUS_M: f64 = 3_000.0;

    #[test]
    fn losses_are_those_of_the_whole_terrain_and_do_not_depend_on_its_window() {
        let (model, progress) = (model("delta-bullington", json!({})), Progress::default());
        for epsg in [4326, 32648] {
            let whole = terrain(epsg);
            let other = other_window(&whole);
            for (row, column) in [(100.3, 110.8), (80.0, 100.0), (130.9, 150.2)] {
                let transmitter = at(&whole, row, column);
                let plain = site_loss(&whole, &model, &transmitter, 1.5, RADIUS_M, SweepMode::default()).unwrap();
                let plain = LossMatrix::of(&plain);
                let matrix = losses(&whole, &model, None, &progress).around(&transmitter, RADIUS_M).unwrap();
                assert_eq!((plain.origin, plain.missing), (matrix.origin, matrix.missing));
                assert_eq!(plain.receivers, matrix.receivers);
                for (a, b) in plain.codes().iter().zip(matrix.codes()) {
                    let (a, b) = (loss_db(*a), loss_db(*b));
                    assert!(a == b || (a - b).abs() < 0.011, "EPSG:{epsg} {row} {column}: {a} {b}");
                }
                let mut again = losses(&other, &model, None, &progress).around(&transmitter, RADIUS_M).unwrap();
                again.origin = (again.origin.0 + 37, again.origin.1 + 11);
                assert_eq!(again, matrix, "EPSG:{epsg} {row} {column}");
            }
        }
    }

    #[test]
    fn a_kept_matrix_serves_another_window_and_is_the_computed_one() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CacheFolder::new(folder.path().join("cache"), 1 << 30);
        let (model, progress) = (model("delta-bullington", json!({})), Progress::default());
        let whole = terrain(4326);
        let transmitter = at(&whole, 80.0, 100.0);
        let first = losses(&whole, &model, Some(&cache), &progress);
        let computed = first.around(&transmitter, RADIUS_M).unwrap();
        assert!(computed.missing > 0, "some are behind the void");
        assert_eq!(first.counts(), MatrixCounts { computed: 1, from_cache: 0 });
        let other = other_window(&whole);
        let second = losses(&other, &model, Some(&cache), &progress);
        let mut kept = second.around(&transmitter, RADIUS_M).unwrap();
        kept.origin = (kept.origin.0 + 37, kept.origin.1 + 11);
        assert_eq!(kept, computed);
        assert_eq!(second.counts(), MatrixCounts { computed: 0, from_cache: 1 });
    }

    #[test]
    fn the_key_changes_with_everything_that_matters_and_with_nothing_else() {
        let progress = Progress::default();
        let cache = CacheFolder::new("/nowhere".into(), 0);
        let key = |terrain: &Terrain, model: &Model, rx_m: f64, mode, transmitter: &Transmitter, radius_m: f64| {
            let losses = PathLosses::new(terrain, model, rx_m, mode, Some(&cache), &progress);
            let window = losses.window(transmitter, radius_m).unwrap();
            losses.key(&losses.cache.as_ref().unwrap().1, &window, transmitter, radius_m)
        };
        let whole = terrain(4326);
        let site = at(&whole, 100.0, 110.0);
        let (p1812, radial) = (model("p1812", json!({})), SweepMode::default());
        let base = key(&whole, &p1812, 1.5, radial, &site, RADIUS_M);

        let mut keys = BTreeSet::from([base.clone()]);
        let mut differs = |what: &str, other: String| assert!(keys.insert(other), "{what} does not change the key");
        // the transmitter
        let moved = |lon, lat| LonLat::new(site.position.lon_deg + lon, site.position.lat_deg + lat);
        differs(
            "longitude",
            key(&whole, &p1812, 1.5, radial, &Transmitter { position: moved(1e-9, 0.0), ..site }, RADIUS_M),
        );
        differs(
            "latitude",
            key(&whole, &p1812, 1.5, radial, &Transmitter { position: moved(0.0, 1e-9), ..site }, RADIUS_M),
        );
        differs("height", key(&whole, &p1812, 1.5, radial, &Transmitter { height_agl_m: 30.001, ..site }, RADIUS_M));
        differs("frequency", key(&whole, &p1812, 1.5, radial, &Transmitter { frequency_mhz: 900.1, ..site }, RADIUS_M));
        // the receivers
        differs("receiver height", key(&whole, &p1812, 1.6, radial, &site, RADIUS_M));
        differs("radius", key(&whole, &p1812, 1.5, radial, &site, RADIUS_M + 1e-6));
        differs("sampling", key(&whole, &p1812, 1.5, SweepMode::Exact, &site, RADIUS_M));
        // the model and each of its parameters
        for entry in crate::propagation::MODELS.iter().filter(|entry| entry.id != "p1812") {
            differs(entry.id, key(&whole, &model(entry.id, json!({})), 1.5, radial, &site, RADIUS_M));
        }
        for parameters in [
            json!({"time_percent": 10}),
            json!({"delta_n": 46}),
            json!({"location_percent": 90, "sigma_location_db": 5}),
        ] {
            let name = parameters.to_string();
            differs(&name, key(&whole, &model("p1812", parameters), 1.5, radial, &site, RADIUS_M));
        }
        // the terrain: a height, clutter, its absence, a pixel's size and place, the spacing of profiles, the coordinate system
        let changed = |change: fn(&mut Terrain)| {
            let mut changed = whole.clone();
            change(&mut changed);
            changed
        };
        let terrains: [(&str, Terrain); 10] = [
            ("height", changed(|t| t.grid.values[[95, 120]] += 0.25)),
            ("void", changed(|t| t.grid.values[[95, 120]] = f32::NAN)),
            ("clutter", changed(|t| t.clutter_m.as_mut().unwrap()[[95, 120]] += 1.0)),
            ("bare", changed(|t| t.clutter_m = None)),
            ("zone", changed(|t| t.zones.as_mut().unwrap()[[95, 120]] = Zone::Inland)),
            ("all inland", changed(|t| t.zones = None)),
            ("pixel width", changed(|t| t.frame.pixel_width *= 1.000_001)),
            ("pixel height", changed(|t| t.frame.pixel_height *= 1.000_001)),
            ("place", changed(|t| t.frame.west += 1e-9)),
            ("spacing", changed(|t| t.pixel_size_m = 99.0)),
        ];
        for (what, other) in terrains {
            differs(what, key(&other, &p1812, 1.5, radial, &site, RADIUS_M));
        }
        let utm = terrain(32648);
        let far = Transmitter { position: at(&utm, 100.0, 110.0).position, ..site };
        differs("coordinate system", key(&utm, &p1812, 1.5, radial, &far, RADIUS_M));

        // nothing else: parameters that are written out, the window of the study, terrain beyond the radius
        let written_out = model("p1812", serde_json::Value::Object(p1812.parameters().values().clone()));
        assert_eq!(key(&whole, &written_out, 1.5, radial, &site, RADIUS_M), base);
        assert_eq!(key(&other_window(&whole), &p1812, 1.5, radial, &site, RADIUS_M), base);
        let far = changed(|t| t.grid.values[[200, 10]] += 50.0);
        assert_eq!(key(&far, &p1812, 1.5, radial, &site, RADIUS_M), base);
    }
}
