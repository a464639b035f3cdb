//! `notspot` plans the end of mobile and broadband dead zones.
//!
//! It loads villages, terrain and mobile sites, predicts who is covered and how well, and works out which sites to build,
//! in which order and at what cost, so that no village stays without signal. The stages run in one direction:
//! study → terrain → propagation → radio → coverage → service → planning → report, and [`pipeline`] calls them in order.

pub mod calibration;
pub mod cli;
pub mod coverage;
pub mod geodesy;
pub mod grid;
pub mod index;
pub mod io;
pub mod pipeline;
pub mod planning;
pub mod problem;
pub mod progress;
pub mod propagation;
pub mod radio;
pub mod report;
pub mod service;
pub mod study;
pub mod terrain;
pub mod units;

/// The README's example compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
