//! Free space: what a path loses by distance alone (Rec. ITU-R P.525-4; Rec. ITU-R P.1812-8 §4.2).
//!
//! In: frequency, distance and the two antennas' heights above sea level, which make the slant distance. Out: the smallest
//! loss that a path can have. Terrain between the ends is ignored.

use super::earth::free_space_loss_db;
use super::{
    Limit, Link, ModelEntry, Outside, Prediction, Profile, PropagationError, PropagationModel, Quantity, Radial,
    RadialReceiver, Trace, Validity, radial, terminal_clutter,
};

/// Entry of the registry.
pub(super) const ENTRY: ModelEntry = ModelEntry {
    id: "free-space",
    summary: "free-space loss over the slant distance between the antennas; terrain is ignored",
    reference: "Rec. ITU-R P.525-4; Rec. ITU-R P.1812-8 §4.2, Eq. (8)",
    needs_profile: false,
    needs_latitude: false,
    uses_clutter: false,
    uses_zones: false,
    validity: VALIDITY,
    parameters: &terminal_clutter::PARAMETERS,
    build: |_| Ok(Box::new(FreeSpaceModel)),
};

const VALIDITY: Validity = &[Limit {
    quantity: Quantity::FrequencyMhz,
    min: 0.003,
    max: 3_000_000.0,
    outside: Outside::Error,
    source: "radio waves, Radio Regulations No. 1.5",
}];

/// Free-space basic transmission loss.
#[derive(Debug, Clone, Copy, Default)]
pub struct FreeSpaceModel;

impl PropagationModel for FreeSpaceModel {
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
        let (h_ts_amsl_m, h_rs_amsl_m) = (h_0 + link.tx_height_agl_m, h_n + link.rx_height_agl_m);
        let d_km = profile.path_length_km();
        trace.record("d", "", d_km, "km");
        let loss_db = free_space_loss_db(link.frequency_mhz / 1000.0, d_km, h_ts_amsl_m, h_rs_amsl_m);
        trace.record("L_bfs", "(8)", loss_db, "dB");
        Ok(Prediction { loss_db, warnings: Vec::new() })
    }

    fn sweep(&self, link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        radial::sweep_free_space(link, radial, receivers, losses_db);
    }
}
