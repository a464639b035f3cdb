//! The list of models: the one place where a model is entered.

use super::{Link, PropagationError, PropagationModel};

/// Registry of models.
pub static MODELS: &[ModelEntry] = &[];

/// One model as the command line, the study file, the web page, the tests and the benches see it.
pub struct ModelEntry {
    /// Id used everywhere: `delta-bullington`.
    pub id: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Source with edition.
    pub reference: &'static str,
    /// Where it is valid.
    pub validity: Validity,
    /// Its parameters with defaults.
    pub parameters: &'static [Parameter],
    /// Builds it from checked parameters.
    pub build: fn(&Parameters) -> Result<Box<dyn PropagationModel>, PropagationError>,
}

/// Ranges outside which a model does not hold.
pub struct Validity {}

/// One parameter of a model.
pub struct Parameter {
    /// Name.
    pub name: &'static str,
    /// Kind with default and range.
    pub kind: ParameterKind,
}

/// What values a parameter takes.
pub enum ParameterKind {}

/// Checked parameters of a model.
pub struct Parameters {}

/// The entry of a model.
pub fn find_model(id: &str) -> Option<&'static ModelEntry> {
    MODELS.iter().find(|m| m.id == id)
}

#[allow(dead_code)]
fn _unused(_: &Link) {}

/// A built model.
pub struct Model {
    model: Box<dyn PropagationModel>,
}

impl Model {
    /// Builds.
    pub fn build(id: &str, _parameters: &serde_json::Map<String, serde_json::Value>) -> Result<Self, PropagationError> {
        Err(PropagationError::Parameter { field: id.into(), message: "no".into() })
    }
    /// Checks.
    pub fn check_link(&self, _link: &Link) -> Result<(), PropagationError> {
        Ok(())
    }
    /// Predicts.
    pub fn predict(
        &self,
        link: &Link,
        profile: &super::Profile,
        trace: &mut super::Trace,
    ) -> Result<super::Prediction, PropagationError> {
        self.model.predict(link, profile, trace)
    }
    /// Sweeps.
    pub fn sweep(&self, link: &Link, radial: super::Radial<'_>, receivers: &[super::RadialReceiver], out: &mut [f64]) {
        self.model.sweep(link, radial, receivers, out)
    }
}
