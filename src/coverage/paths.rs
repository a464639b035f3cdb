//! Losses of the paths from one place to many receivers: what stands at the same height with the same frequency takes the same way.

use super::{Transmitter, point_loss};
use crate::geodesy::LonLat;
use crate::study::Study;

/// Path loss from each transmitter to a receiver, dB, as the model predicts it ([`Study::corrected_loss_db`] corrects it); `None` where terrain is missing on the way. Equal transmitters share their path.
pub fn losses_at(study: &Study, transmitters: &[Transmitter], receiver: LonLat) -> Vec<Option<f64>> {
    let rx_height = study.config.propagation.receiver_height_m;
    let spacing_m = study.terrain.pixel_size_m;
    let mut known: Vec<(Transmitter, Option<f64>)> = Vec::new();
    let loss = |transmitter: &Transmitter| {
        if let Some((_, loss)) = known.iter().find(|(t, _)| t == transmitter) {
            return *loss;
        }
        let loss = point_loss(&study.terrain, &study.model, transmitter, receiver, rx_height, spacing_m);
        known.push((*transmitter, loss));
        loss
    };
    transmitters.iter().map(loss).collect()
}
