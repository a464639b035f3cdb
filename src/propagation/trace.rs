//! The intermediate quantities of an evaluation, for tests and for people who ask why.

use serde::{Deserialize, Serialize};

/// One intermediate quantity of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TraceStep {
    /// Symbol as the model's source writes it: `L_bulla`.
    pub symbol: String,
    /// Equation number in that source: `(21)`; empty for an input.
    pub equation: String,
    /// Value.
    pub value: f64,
    /// Unit of the value: `dB`, `m`, `km`; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
}

/// Collects intermediate quantities when somebody asks for them, and costs a branch when nobody does.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<TraceStep>>);

impl Trace {
    /// A trace that records nothing.
    pub fn off() -> Self {
        Self(None)
    }

    /// A trace that records every step.
    pub fn on() -> Self {
        Self(Some(Vec::new()))
    }

    /// Notes a quantity. Values that are not finite (an empty maximum) are left out, as JSON has no word for them.
    pub fn record(&mut self, symbol: &str, equation: &str, value: f64, unit: &str) {
        if let Some(steps) = &mut self.0
            && value.is_finite()
        {
            steps.push(TraceStep { symbol: symbol.into(), equation: equation.into(), value, unit: unit.into() });
        }
    }

    /// What was recorded, in the order of evaluation.
    pub fn into_steps(self) -> Vec<TraceStep> {
        self.0.unwrap_or_default()
    }
}
