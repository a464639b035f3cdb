//! Losses of the paths from one place to many villages: the cells of existing sites and of candidates take the same way.

use super::{Transmitter, point_loss};
use crate::geodesy::LonLat;
use crate::radio::{Technology, received_level};
use crate::study::Study;
use crate::units::{Db, Dbm};

/// A carrier to be evaluated at a village.
#[derive(Debug, Clone, Copy)]
pub struct Carrier {
    /// Where it is radiated from.
    pub transmitter: Transmitter,
    /// Technology.
    pub technology: Technology,
    /// Bandwidth, MHz.
    pub bandwidth_mhz: f64,
    /// EIRP of the whole carrier, dBm.
    pub eirp_dbm: f64,
}

/// Level of each carrier at a village, dBm; `None` where terrain is missing on the way. Carriers of one height and frequency share
/// their path.
pub fn levels_at(study: &Study, carriers: &[Carrier], village: LonLat, spacing_m: f64) -> Vec<Option<f64>> {
    let config = &study.config;
    let rx_height = config.propagation.receiver_height_m;
    let mut known: Vec<(Transmitter, Option<f64>)> = Vec::new();
    carriers
        .iter()
        .map(|carrier| {
            let shared = known.iter().find(|(t, _)| *t == carrier.transmitter).map(|&(_, loss)| loss);
            let loss = shared.unwrap_or_else(|| {
                let loss =
                    point_loss(&study.terrain, &study.model, &carrier.transmitter, village, rx_height, spacing_m);
                known.push((carrier.transmitter, loss));
                loss
            })?;
            let body_loss = Db(config.service.body_loss_db);
            let eirp = Dbm(carrier.eirp_dbm);
            Some(received_level(eirp, carrier.technology, carrier.bandwidth_mhz, Db(loss), body_loss).0)
        })
        .collect()
}
