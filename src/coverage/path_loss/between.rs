//! Path losses from many masts to one place, each on a profile of its own, and kept as those of areas are.

use super::{FORMAT, PathLosses};
use crate::coverage::matrix::{LARGEST, STEPS_PER_DB};
use crate::coverage::sweep::point_profile;
use crate::coverage::{SweepMode, Transmitter};
use crate::geodesy::LonLat;
use crate::io::CacheFolder;
use crate::progress::Progress;
use crate::propagation::Trace;
use crate::study::Study;
use crate::terrain::Terrain;

/// A place from which antennas radiate at several heights and frequencies.
#[derive(Debug, Clone, PartialEq)]
pub struct Mast {
    /// Where it stands.
    pub position: LonLat,
    /// Height above ground, m, and carrier frequency, MHz, of each antenna.
    pub antennas: Vec<(f64, f64)>,
}

/// Code of a path that has no loss, because terrain is missing on the way or the model does not allow it.
const NO_LOSS: u16 = u16::MAX;

/// Path losses of a study from masts to places.
pub struct PlaceLosses<'a>(PathLosses<'a>);

impl<'a> PlaceLosses<'a> {
    /// The path losses of a study; what `cache` holds is not computed again.
    pub fn new(study: &'a Study, cache: Option<&'a CacheFolder>, progress: &'a Progress) -> Self {
        let rx_height_m = study.config.propagation.receiver_height_m;
        Self(PathLosses::new(&study.terrain, &study.model, rx_height_m, SweepMode::Exact, cache, progress))
    }

    /// Loss from each antenna of each mast to a place, in their order, dB, rounded to 0.01 dB; `None` where terrain is missing on the way or the
    /// model does not allow the path.
    pub fn to(&self, place: LonLat, masts: &[Mast]) -> Vec<Option<f64>> {
        let losses = &self.0;
        let reach_m = masts.iter().map(|mast| mast.position.distance_m(place)).fold(0.0, f64::max);
        let center = Transmitter { position: place, height_agl_m: losses.rx_height_agl_m, frequency_mhz: f64::NAN };
        let paths: usize = masts.iter().map(|mast| mast.antennas.len()).sum();
        let Some(window) = losses.window(&center, reach_m) else { return vec![None; paths] };
        let part = || losses.terrain.part(window.0.clone(), window.1.clone());
        let codes = match &losses.cache {
            None => self.computed(&part(), place, masts),
            Some((folder, blocks)) => {
                let mut of =
                    vec![format!("{FORMAT} between places"), format!("{place:?} {:?}", losses.rx_height_agl_m)];
                of.extend(masts.iter().map(|mast| format!("{mast:?}")));
                let key = losses.key_of(blocks, &window, &of);
                losses.kept(folder, &key, |bytes| from_bytes(bytes, paths)).unwrap_or_else(|| {
                    let codes = self.computed(&part(), place, masts);
                    losses.keep(folder, &key, &to_bytes(&codes));
                    codes
                })
            }
        };
        let loss_db = |code| (code != NO_LOSS).then(|| f64::from(code) / f64::from(STEPS_PER_DB));
        codes.into_iter().map(loss_db).collect()
    }

    /// Losses in hundredths of a decibel. The antennas of a mast share its profile.
    fn computed(&self, terrain: &Terrain, place: LonLat, masts: &[Mast]) -> Vec<u16> {
        let PathLosses { model, rx_height_agl_m, .. } = self.0;
        let of_mast = |mast: &Mast| {
            let position = mast.position;
            let profile = point_profile(terrain, position, place, terrain.pixel_size_m);
            let code = |&(height_agl_m, frequency_mhz): &(f64, f64)| {
                let link = Transmitter { position, height_agl_m, frequency_mhz }.link(rx_height_agl_m);
                let prediction = profile.as_ref().and_then(|p| model.predict(&link, p, &mut Trace::off()).ok());
                let steps = |loss_db: f64| (loss_db * f64::from(STEPS_PER_DB)).round().clamp(0.0, f64::from(LARGEST));
                prediction.map_or(NO_LOSS, |prediction| steps(prediction.loss_db) as u16)
            };
            mast.antennas.iter().map(code).collect::<Vec<u16>>()
        };
        masts.iter().flat_map(of_mast).collect()
    }
}

fn to_bytes(codes: &[u16]) -> Vec<u8> {
    codes.iter().flat_map(|code| code.to_le_bytes()).collect()
}

/// The codes of these bytes; `None` when they are not as many.
fn from_bytes(bytes: &[u8], count: usize) -> Option<Vec<u16>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    (rest.is_empty() && pairs.len() == count).then(|| pairs.iter().map(|&pair| u16::from_le_bytes(pair)).collect())
}
