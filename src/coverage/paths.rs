//! Paths from one place to many receivers: what stands at the same height with the same frequency takes the same way.

use super::Transmitter;
use super::sweep::point_path;
use crate::geodesy::LonLat;
use crate::propagation::earth::free_space_loss_db;
use crate::propagation::sight::{Edge, main_edge};
use crate::propagation::{Link, Profile};
use crate::study::Study;

/// A path as the model has it and as the eye sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeenPath {
    /// Loss as the model predicts it, dB.
    pub(super) loss_db: f64,
    /// Loss in free space, dB.
    pub(super) free_space_db: f64,
    /// The point that blocks most or comes closest.
    pub(super) main_edge: Option<Edge>,
}

/// Path from each transmitter to a receiver as the model predicts it ([`Study::corrected_loss_db`] corrects it), with what stands in its way over an
/// Earth of the effective radius `a_e_km`; `None` where terrain is missing. Equal transmitters share their path.
pub(super) fn paths_at(
    study: &Study,
    transmitters: &[Transmitter],
    receiver: LonLat,
    a_e_km: f64,
) -> Vec<Option<SeenPath>> {
    let look = |link: &Link, profile: &Profile| {
        let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
        let (h_ts, h_rs) = (h_0 + link.tx_height_agl_m, h_n + link.rx_height_agl_m);
        let free_space_db = free_space_loss_db(link.frequency_mhz / 1000.0, profile.path_length_km(), h_ts, h_rs);
        (free_space_db, main_edge(link, profile, a_e_km))
    };
    let seen = |(loss_db, (free_space_db, main_edge))| SeenPath { loss_db, free_space_db, main_edge };
    along(study, transmitters, receiver, look).into_iter().map(|path| path.map(seen)).collect()
}

/// Loss and whatever `look` sees on each path.
fn along<T: Copy>(
    study: &Study,
    transmitters: &[Transmitter],
    receiver: LonLat,
    look: impl Fn(&Link, &Profile) -> T,
) -> Vec<Option<(f64, T)>> {
    let rx_height = study.config.propagation.receiver_height_m;
    let spacing_m = study.terrain.pixel_size_m;
    let mut known: Vec<(Transmitter, Option<(f64, T)>)> = Vec::new();
    let path = |transmitter: &Transmitter| {
        if let Some((_, path)) = known.iter().find(|(t, _)| t == transmitter) {
            return *path;
        }
        let path = point_path(&study.terrain, &study.model, transmitter, receiver, rx_height, spacing_m, &look);
        known.push((*transmitter, path));
        path
    };
    transmitters.iter().map(path).collect()
}
