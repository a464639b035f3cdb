//! The map of the report: a picture of the land with its coverage, and symbols to lay over it.
//!
//! In: [`Results`]. Out: a PNG (hillshade, signal status, communes, roads) and the place of every symbol on it, in pixels.
//! The picture is drawn in an equirectangular projection that is true to scale at its middle latitude.

mod frame;
mod picture;
mod relief;

pub(super) use frame::Frame;
pub(super) use picture::draw;

use crate::io::WriteCause;

/// A drawn map.
pub(super) struct MapPicture {
    /// The picture.
    pub(super) png: Vec<u8>,
    /// Where things lie on it.
    pub(super) frame: Frame,
}

/// A picture that could not be made.
pub(super) fn failed(what: &str) -> WriteCause {
    WriteCause::Content(format!("the map could not be drawn: {what}"))
}
