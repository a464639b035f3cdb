//! The shape of the land: mosaics of elevation rasters, and profiles along geodesics.
//!
//! In: elevation files in any coordinate system. Out: a [`Terrain`] window in memory that gives bilinear heights and
//! profiles. A missing height stays missing (NaN, `None`, a count), never 0 m.

mod area;
mod clutter;
mod dem;
mod locator;
mod profile;
mod resample;
mod zones;

pub use clutter::{WORLD_COVER, clutter_heights, read_land_cover, read_population, world_cover_heights};
pub use dem::Dem;
pub use locator::Locator;
pub use profile::{MissingTerrain, Terrain, Way};
pub use zones::read_zones;
