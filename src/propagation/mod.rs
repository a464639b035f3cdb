//! How much a signal loses on its way: one trait, one registry, one file per model.
//!
//! In: a [`Link`] (frequency, polarisation, antenna heights) and a [`Profile`] (terrain along the path). Out: basic
//! transmission loss in dB with warnings. Nothing here knows files, sites or villages, so a profile typed by hand tests it.
//! Each model states its own range of validity; a path outside it is an error or a warning, never a silent number.

pub mod building_entry;
pub mod cost231;
mod delta_bullington;
pub mod diffraction;
pub(crate) mod dispatch;
pub mod earth;
pub mod ehata;
mod empirical;
mod free_space;
pub mod hata;
pub mod itm;
pub mod microwave;
pub mod p1812;
mod parameters;
mod profile;
mod radial;
mod registry;
pub mod sight;
pub mod smooth_earth;
pub mod spherical_earth;
pub mod terminal_clutter;
pub mod tr38901;
mod trace;
mod validity;
pub(crate) mod vector_math;

pub use delta_bullington::DeltaBullingtonModel;
pub use free_space::FreeSpaceModel;
pub use parameters::{Parameter, ParameterKind, Parameters};
pub use profile::{Profile, ProfileError, Zone};
pub use registry::{Builder, DEFAULT_MODEL, MODELS, Model, ModelEntry, find_model};
pub use trace::{Trace, TraceStep};
pub use validity::{Limit, Outside, Quantity, Validity};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Polarisation of the transmitted wave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Polarization {
    /// Electric field horizontal.
    Horizontal,
    /// Electric field vertical, as mobile networks use.
    #[default]
    Vertical,
}

/// What a model needs to know of a radio link besides the profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Link {
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Polarisation.
    #[serde(default)]
    pub polarization: Polarization,
    /// Transmitting antenna above ground, m.
    pub tx_height_agl_m: f64,
    /// Receiving antenna above ground, m.
    pub rx_height_agl_m: f64,
    /// Latitude of the path's centre, degrees north; climate parameters of some models depend on it.
    pub path_center_latitude_deg: f64,
}

/// A model's answer for one path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Prediction {
    /// Basic transmission loss, dB.
    pub loss_db: f64,
    /// What the reader of the number should know: ranges left, simplifications.
    pub warnings: Vec<String>,
}

/// Why a model gives no loss.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PropagationError {
    /// The profile cannot be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A value of the link or a parameter is outside what the model allows.
    #[error("{field} = {value} is outside {allowed} for {model}")]
    OutOfRange {
        /// Field of the link or parameter.
        field: &'static str,
        /// Value given.
        value: f64,
        /// Range with its unit.
        allowed: String,
        /// Model id.
        model: &'static str,
    },
    /// A parameter has the wrong type or name.
    #[error("parameter {field}: {message}")]
    Parameter {
        /// Name of the parameter.
        field: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// No model has this id.
    #[error("model {id:?} is not known; {hint}")]
    UnknownModel {
        /// Id given.
        id: String,
        /// A close id, or all of them.
        hint: String,
    },
    /// The model looks at terrain and was given a distance only.
    #[error("{model} needs a profile; a distance alone is not enough")]
    ProfileNeeded {
        /// Model id.
        model: &'static str,
    },
    /// The arithmetic left the range of numbers: heights or distances that no path on Earth has.
    #[error("{model} gives no finite loss for this link; heights or distances are beyond reason")]
    NotFinite {
        /// Model id.
        model: &'static str,
    },
    /// Several faults at once, at least two.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<PropagationError>),
}

impl PropagationError {
    /// No error, one error, or several as one.
    fn gather(mut faults: Vec<Self>) -> Option<Self> {
        if faults.len() > 1 { Some(Self::Several(faults)) } else { faults.pop() }
    }
}

/// Terrain along one bearing from a transmitter, for evaluating many receivers in one outward walk.
///
/// Sample 0 lies at the transmitter (distance 0); distances increase strictly; all slices have the same length.
#[derive(Debug, Clone, Copy)]
pub struct Radial<'a> {
    /// Distance of each sample from the transmitter, km.
    pub distance_km: &'a [f64],
    /// Terrain height of each sample above sea level, m; finite up to the farthest receiver.
    pub terrain_amsl_m: &'a [f64],
    /// Height of clutter above the terrain at each sample, m.
    pub clutter_m: &'a [f64],
    /// Radio-climatic zone of each sample; `None` where all samples and receivers are inland.
    pub zone: Option<&'a [Zone]>,
    /// Samples within this distance of a receiver, km, are the receiver's own place and no points of its profile. Half a sample
    /// spacing for receivers that lie beside the radial: a sample at the foot of the receiver's mast but half a pixel up
    /// the slope would stand as a wall before it. At least 10 cm: single precision holds that much to 0.001 dB.
    pub own_place_km: f64,
}

/// A receiver on (or beside) a radial.
#[derive(Debug, Clone, Copy)]
pub struct RadialReceiver {
    /// Distance from the transmitter, km, positive.
    pub distance_km: f64,
    /// Terrain height at the receiver above sea level, m; finite.
    pub terrain_amsl_m: f64,
    /// Radio-climatic zone of the receiver's place; looked at on a radial with zones only.
    pub zone: Zone,
}

/// A propagation model with its parameters.
pub trait PropagationModel: Send + Sync {
    /// Loss of one path, evaluated plainly as the model's source writes it. This is the reference that faster forms are
    /// tested against. [`Model::predict`] checks validity first.
    fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError>;

    /// Whether a distance takes the place of a profile with these parameters, although the model's entry asks for one.
    fn distance_is_enough(&self) -> bool {
        false
    }

    /// How many radials an area calculation takes for each pixel of the outer edge at standard quality: more for a model whose loss
    /// changes much from one place to the next. Finer qualities double it.
    fn radials_per_pixel(&self) -> f64 {
        1.0
    }

    /// Whether an area calculation gives every receiver a profile of its own, of equal steps on its own line: for a model that a profile a
    /// little beside it, or its last step, throws from one case to another.
    fn takes_own_profiles(&self) -> bool {
        false
    }

    /// Loss of many receivers along one radial, in dB, in the order of `receivers`, which is by increasing distance.
    ///
    /// Receiver r has the profile made of all samples of the radial that lie before it (nearer by more than
    /// [`Radial::own_place_km`]) and the receiver itself as the last point, and its loss equals
    /// [`PropagationModel::predict`] on that profile; a model that takes equally spaced points only puts it on equal steps
    /// first. The link and the model's validity have been checked by the caller. The default evaluates each path on its own; models
    /// that can share work between receivers override it.
    fn sweep(&self, link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        for (receiver, loss_db) in receivers.iter().zip(losses_db) {
            let profile = Profile::of_radial(radial, *receiver);
            *loss_db = self.predict(link, &profile, &mut Trace::off()).map_or(f64::NAN, |p| p.loss_db);
        }
    }
}
