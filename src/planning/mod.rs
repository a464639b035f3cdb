//! Which sites to build: candidates, coverage matrix, optimisation, plan.

pub mod instance;
pub mod solver;
pub mod verify;
