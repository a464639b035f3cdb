//! The list of models: the one place where a model is entered, and the checked way to call one.

use super::parameters::Parameters;
use super::validity::{self, Validity};
use super::{
    Link, Parameter, Prediction, Profile, PropagationError, PropagationModel, Radial, RadialReceiver, Trace, cost231,
    delta_bullington, ehata, free_space, hata, itm, p1812, tr38901,
};
use crate::problem::did_you_mean;
use crate::propagation::terminal_clutter::TerminalClutter;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// Registry of models: a model is one file and one line here.
pub static MODELS: &[ModelEntry] = &[
    p1812::ENTRY,
    itm::ENTRY,
    delta_bullington::ENTRY,
    free_space::ENTRY,
    hata::ENTRY,
    cost231::ENTRY,
    ehata::ENTRY,
    tr38901::rma::ENTRY,
    tr38901::uma::ENTRY,
];

/// The model that is used where none is named.
pub const DEFAULT_MODEL: &str = "p1812";

/// Builds a model from checked parameters.
pub type Builder = fn(&Parameters) -> Result<Box<dyn PropagationModel>, PropagationError>;

/// One model as the command line, the study file, the web page, the tests and the benches see it.
#[derive(Debug, Serialize)]
pub struct ModelEntry {
    /// Id used everywhere: `delta-bullington`.
    pub id: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Source with edition.
    pub reference: &'static str,
    /// Whether it looks at the terrain between the ends; otherwise a distance is enough. A model may need less with other
    /// parameters than the defaults: [`Model::needs_profile`].
    pub needs_profile: bool,
    /// Whether it needs the latitude of the path's centre.
    pub needs_latitude: bool,
    /// Whether clutter on the profile changes its loss.
    pub uses_clutter: bool,
    /// Whether the radio-climatic zones of the profile change its loss.
    pub uses_zones: bool,
    /// Where it is valid.
    pub validity: Validity,
    /// Its parameters with defaults.
    pub parameters: &'static [Parameter],
    /// Builds it from checked parameters; [`Model::build`] does the checking.
    #[serde(skip)]
    pub build: Builder,
}

/// The entry of a model.
///
/// # Errors
/// No model has this id; the message suggests a close one or lists all.
pub fn find_model(id: &str) -> Result<&'static ModelEntry, PropagationError> {
    MODELS.iter().find(|m| m.id == id).ok_or_else(|| {
        let hint = did_you_mean(id, MODELS.iter().map(|m| m.id))
            .unwrap_or_else(|| format!("there are {}", MODELS.iter().map(|m| m.id).collect::<Vec<_>>().join(", ")));
        PropagationError::UnknownModel { id: id.into(), hint }
    })
}

/// A model with its parameters, behind the checks of its validity.
pub struct Model {
    entry: &'static ModelEntry,
    parameters: Parameters,
    model: Box<dyn PropagationModel>,
    terminal_clutter: Option<TerminalClutter>,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("id", &self.entry.id).field("parameters", &self.parameters).finish()
    }
}

impl Model {
    /// Builds a model by id; parameters that are not given take their defaults.
    ///
    /// ```
    /// # fn main() -> Result<(), notspot::propagation::PropagationError> {
    /// use notspot::propagation::{Link, Model, Polarization, Profile, Trace};
    /// let model = Model::build("delta-bullington", &serde_json::Map::new())?;
    /// let link = Link {
    ///     frequency_mhz: 900.0,
    ///     polarization: Polarization::Vertical,
    ///     tx_height_agl_m: 30.0,
    ///     rx_height_agl_m: 1.5,
    ///     path_center_latitude_deg: 22.7,
    /// };
    /// let profile = Profile::bare(vec![0.0, 2.0, 5.0], vec![500.0, 620.0, 480.0])?;
    /// let prediction = model.predict(&link, &profile, &mut Trace::off())?;
    /// assert!(prediction.loss_db > 120.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An unknown id; parameters that are unknown, of the wrong type or out of range.
    pub fn build(id: &str, given: &Map<String, Value>) -> Result<Self, PropagationError> {
        let entry = find_model(id)?;
        let parameters = Parameters::check(entry.id, entry.parameters, given)?;
        let model = (entry.build)(&parameters)?;
        let terminal_clutter = TerminalClutter::from_parameters(entry.id, &parameters)?;
        Ok(Self { entry, parameters, model, terminal_clutter })
    }

    /// Whether it adds the loss of clutter around the receiver, so that profiles must be bare.
    pub fn adds_terminal_clutter(&self) -> bool {
        self.terminal_clutter.is_some()
    }

    /// Its entry in the registry.
    pub fn entry(&self) -> &'static ModelEntry {
        self.entry
    }

    /// All its parameters, defaults filled in.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Whether this model, with its parameters, needs the terrain between the ends.
    pub fn needs_profile(&self) -> bool {
        self.entry.needs_profile && !self.model.distance_is_enough()
    }

    /// Radials for each pixel of the outer edge at standard quality: [`PropagationModel::radials_per_pixel`].
    pub fn radials_per_pixel(&self) -> f64 {
        self.model.radials_per_pixel()
    }

    /// Whether an area calculation gives every receiver a profile of its own: [`PropagationModel::takes_own_profiles`].
    pub fn takes_own_profiles(&self) -> bool {
        self.model.takes_own_profiles()
    }

    /// Checks everything about a link but its length; area work does this once for all receivers.
    ///
    /// # Errors
    /// Values that no model can use (a frequency of 0, an antenna below ground, a latitude beyond the poles) and values
    /// outside the model's ranges where the model gives no loss. What is merely outside the tested range is a warning.
    pub fn check_link(&self, link: &Link) -> Result<Vec<String>, PropagationError> {
        let mut warnings = validity::check_link(self.entry.id, self.entry.validity, link)?;
        if let Some(clutter) = &self.terminal_clutter {
            warnings.extend(validity::check_link(clutter.id(), clutter.validity(), link)?);
        }
        Ok(warnings)
    }

    /// Checks the length of a path, km. Errors and warnings as [`Model::check_link`].
    pub fn check_distance(&self, distance_km: f64) -> Result<Vec<String>, PropagationError> {
        let mut warnings = validity::check_distance(self.entry.id, self.entry.validity, distance_km)?;
        if let Some(clutter) = &self.terminal_clutter {
            warnings.extend(validity::check_distance(clutter.id(), clutter.validity(), distance_km)?);
        }
        Ok(warnings)
    }

    /// Basic transmission loss of one path, with the warnings of the checks and of the model.
    ///
    /// # Errors
    /// As [`Model::check_link`] and [`Model::check_distance`], what the model itself refuses, and terminal clutter loss over a
    /// profile that has clutter of its own.
    pub fn predict(&self, link: &Link, profile: &Profile, trace: &mut Trace) -> Result<Prediction, PropagationError> {
        let mut warnings = self.check_link(link)?;
        warnings.extend(self.check_distance(profile.path_length_km())?);
        let mut prediction = match &self.terminal_clutter {
            None => self.model.predict(link, profile, trace)?,
            Some(clutter) => {
                clutter.refuse_clutter_in(profile.clutter_m())?;
                let mut prediction = self.model.predict(&clutter.link_above_clutter(link), profile, trace)?;
                prediction.loss_db += clutter.loss_db(link, profile.path_length_km());
                trace.record("A_clutter", clutter.equation(), clutter.loss_db(link, profile.path_length_km()), "dB");
                trace.record("L_b with clutter", "", prediction.loss_db, "dB");
                prediction
            }
        };
        warnings.append(&mut prediction.warnings);
        if !prediction.loss_db.is_finite() {
            return Err(PropagationError::NotFinite { model: self.entry.id });
        }
        Ok(Prediction { loss_db: prediction.loss_db, warnings })
    }

    /// Basic transmission loss over `distance_km` of flat ground, for models that do not look at terrain.
    ///
    /// # Errors
    /// A model that needs a profile; as [`Model::predict`] otherwise.
    pub fn predict_distance(
        &self,
        link: &Link,
        distance_km: f64,
        trace: &mut Trace,
    ) -> Result<Prediction, PropagationError> {
        if self.needs_profile() {
            return Err(PropagationError::ProfileNeeded { model: self.entry.id });
        }
        self.check_distance(distance_km)?;
        self.predict(link, &Profile::bare(vec![0.0, distance_km], vec![0.0, 0.0])?, trace)
    }

    /// Losses along one radial, as [`PropagationModel::sweep`]. Call [`Model::check_link`] and, for the nearest and the
    /// farthest receiver, [`Model::check_distance`] first.
    pub fn sweep(&self, link: &Link, radial: Radial<'_>, receivers: &[RadialReceiver], losses_db: &mut [f64]) {
        let Some(clutter) = &self.terminal_clutter else {
            self.model.sweep(link, radial, receivers, losses_db);
            return;
        };
        if clutter.refuse_clutter_in(radial.clutter_m).is_err() {
            losses_db.fill(f64::NAN);
            return;
        }
        self.model.sweep(&clutter.link_above_clutter(link), radial, receivers, losses_db);
        for (receiver, loss_db) in receivers.iter().zip(losses_db) {
            *loss_db += clutter.loss_db(link, receiver.distance_km);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Outside, Polarization, Quantity};
    use serde_json::json;

    fn link(frequency_mhz: f64) -> Link {
        Link {
            frequency_mhz,
            polarization: Polarization::Vertical,
            tx_height_agl_m: 30.0,
            rx_height_agl_m: 1.5,
            path_center_latitude_deg: 22.0,
        }
    }

    fn build(id: &str) -> Model {
        Model::build(id, &Map::new()).unwrap()
    }

    #[test]
    fn every_entry_is_complete_and_builds_from_its_defaults() {
        for entry in MODELS {
            assert!(entry.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", entry.id);
            assert_eq!(MODELS.iter().filter(|m| m.id == entry.id).count(), 1, "{}", entry.id);
            assert!(!entry.summary.is_empty() && !entry.reference.is_empty(), "{}", entry.id);
            assert!(entry.validity.iter().all(|l| l.min < l.max && !l.source.is_empty()), "{}", entry.id);
            assert_eq!(build(entry.id).entry().id, entry.id);
            // Its own defaults are inside its own ranges.
            let defaults = build(entry.id).parameters().values().clone();
            assert!(Model::build(entry.id, &defaults).is_ok(), "{}", entry.id);
        }
        assert!(find_model(DEFAULT_MODEL).is_ok());
    }

    #[test]
    fn every_entry_keeps_its_promises_on_a_short_flat_path() {
        let flat = Profile::bare((0..20).map(|i| f64::from(i) * 0.1).collect(), vec![100.0; 20]).unwrap();
        for entry in MODELS {
            // A profile decides line of sight, a distance cannot; given, the two are the same.
            let given = entry.parameters.iter().find(|p| p.name == "los").map(|p| (p.name.into(), json!("los")));
            let model = Model::build(entry.id, &given.into_iter().collect()).unwrap();
            let with_profile = model.predict(&link(900.0), &flat, &mut Trace::off()).unwrap();
            assert!((60.0..200.0).contains(&with_profile.loss_db), "{} {with_profile:?}", entry.id);
            let with_distance = model.predict_distance(&link(900.0), 1.9, &mut Trace::off());
            if entry.needs_profile {
                let needed = PropagationError::ProfileNeeded { model: entry.id };
                assert_eq!(with_distance, Err(needed), "{}", entry.id);
            } else {
                assert!((with_distance.unwrap().loss_db - with_profile.loss_db).abs() < 1e-9, "{}", entry.id);
            }
            let mut trace = Trace::on();
            model.predict(&link(900.0), &flat, &mut trace).unwrap();
            let steps = trace.into_steps();
            assert!(steps.last().is_some_and(|s| s.value == with_profile.loss_db), "{} {steps:?}", entry.id);
        }
    }

    #[test]
    fn every_limit_of_every_entry_is_enforced() {
        for entry in MODELS {
            let model = build(entry.id);
            for limit in entry.validity {
                for value in [limit.min - limit.min.abs() * 1e-6 - 1e-9, limit.max * (1.0 + 1e-6)] {
                    let mut link = link(900.0);
                    let result = match limit.quantity {
                        Quantity::DistanceKm => model.check_distance(value),
                        Quantity::FrequencyMhz => {
                            link.frequency_mhz = value;
                            model.check_link(&link)
                        }
                        Quantity::TxHeightAglM => {
                            link.tx_height_agl_m = value;
                            model.check_link(&link)
                        }
                        Quantity::RxHeightAglM => {
                            link.rx_height_agl_m = value;
                            model.check_link(&link)
                        }
                    };
                    match limit.outside {
                        Outside::Error => assert!(result.is_err(), "{} {limit:?} {value}", entry.id),
                        Outside::Warning => {
                            assert!(result.map_or(true, |w| !w.is_empty()), "{} {limit:?} {value}", entry.id);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_loss_is_always_a_number() {
        for entry in MODELS.iter().filter(|m| !m.needs_profile) {
            let beyond = Link { tx_height_agl_m: 1e200, ..link(900.0) };
            let result = build(entry.id).predict_distance(&beyond, 1.0, &mut Trace::off());
            assert!(result.is_err(), "{} {result:?}", entry.id);
        }
    }

    #[test]
    fn a_misspelt_id_gets_a_suggestion() {
        let message = |id: &str| Model::build(id, &Map::new()).unwrap_err().to_string();
        assert_eq!(message("freespace"), "model \"freespace\" is not known; did you mean \"free-space\"?");
        assert!(message("zzz").contains("there are p1812, itm, delta-bullington, free-space"));
    }

    #[test]
    fn parameters_reach_the_model() {
        let Value::Object(given) = json!({"delta_n": 100}) else { unreachable!() };
        let d_km: Vec<_> = (0..200).map(|i| f64::from(i) * 0.5).collect();
        let flat = Profile::bare(d_km, vec![0.0; 200]).unwrap();
        let loss_db = |model: Model| model.predict(&link(900.0), &flat, &mut Trace::off()).unwrap().loss_db;
        let more_refraction_db = loss_db(Model::build("delta-bullington", &given).unwrap());
        assert!(more_refraction_db < loss_db(build("delta-bullington")) - 5.0);
    }
}
